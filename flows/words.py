"""Every button has words: its own label, and others that mean the same, comma by comma."""

from __future__ import annotations

from functools import lru_cache
from typing import NamedTuple

from flows.context import Context
from flows.matching import plain
from flows.phrase import N_, Phrase


class Words(NamedTuple):
    """A button's label, and what may be typed instead: catalogue keys."""

    label: str
    typed: str

    @property
    def phrase(self) -> Phrase:
        """The label."""
        return {"key": self.label}


BACK = Words(N_("⬅️ Back"), N_("back, go back, previous"))
SKIP = Words(N_("Skip"), N_("skip, skip it"))
CANCEL = Words(N_("✖️ Cancel"), N_("cancel, quit"))
YES = Words(N_("Yes"), N_("yes, y, ok, sure"))
NO = Words(N_("No"), N_("no, n, nope"))
DONE = Words(N_("Done"), N_("done, ready, finish"))
CHANGE = Words(N_("✏️ Change something"), N_("change, edit, correct"))
KEEP = Words(N_("Leave it as it is"), N_("leave it, keep, keep it"))
REMOVE = Words(N_("Remove this answer"), N_("remove, take it out"))
REVIEW = Words(N_("⬅️ Back to the summary"), N_("summary, back"))
DISCARD = Words(N_("Discard"), N_("discard it, delete, throw it away"))
GO_ON = Words(N_("Go on"), N_("continue, go on with it"))
KEEP_OUTSIDE = Words(N_("Keep this place"), N_("keep, keep it, it is right, yes"))
SEND = Words(N_("Send"), N_("send it"))
TODAY = Words(N_("Today"), N_("today"))
YESTERDAY = Words(N_("Yesterday"), N_("yesterday"))
TOMORROW = Words(N_("Tomorrow"), N_("tomorrow"))

# Longer messages are never one of these words: a story is not read for them.
LONGEST_WORD = 32


@lru_cache(maxsize=512)
def _split(label: str, typed: str) -> frozenset[str]:
    return frozenset(plain(word) for word in (label, *typed.split(",")))


def means(text: str, words: Words, context: Context) -> bool:
    """Whether the whole text is one of these words in the person's language."""
    if len(text) > LONGEST_WORD:
        return False
    spell = context.spell
    return plain(text) in _split(spell({"key": words.label}), spell({"key": words.typed}))
