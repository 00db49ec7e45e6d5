"""Which of the town's categories a text is about: a suggestion to somebody, never a choice."""

from __future__ import annotations

from actions.act import Act
from civic import suggestion
from storage.town import Category


def category_of(act: Act, text: str) -> Category | None:
    """The category that a text is about, by its words; None where that is not clear."""
    topics = [suggestion.topic(c.key, c.names, c.keywords) for c in act.town.categories]
    key = suggestion.suggest(text, topics)
    return next((c for c in act.town.categories if c.key == key), None)


def is_story(text: str) -> bool:
    """Whether a text is long enough to tell of something."""
    return suggestion.is_story(text)
