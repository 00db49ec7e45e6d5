"""What every question knows: how to be asked, what to take, how to tell an answer. A question
holds no answer of its own: what is half given is its `part`, plain JSON handed in each time."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeAlias, TypedDict

from flows.characters import one_line
from flows.context import Context
from flows.given import Content
from flows.phrase import N_, Phrase, say
from flows.turn import Button, Key, Pictures

Part: TypeAlias = dict[str, Any]
Answers: TypeAlias = Mapping[str, Any]
Mark: TypeAlias = Callable[[str], str]
Text: TypeAlias = str | dict[str, Any] | Callable[[Context], Phrase]

LONGEST_ECHO = 80


@dataclass(frozen=True, slots=True)
class Answered:
    """The question has its answer: a JSON value, never None."""

    value: Any


@dataclass(frozen=True, slots=True)
class Going:
    """Something was taken, more may come: ask again with this part."""

    part: Part


@dataclass(frozen=True, slots=True)
class Refused:
    """Not an answer: why, in one sentence that says what to do."""

    why: Phrase
    part: Part | None = None


@dataclass(frozen=True, slots=True)
class Quiet:
    """Nothing to do and nothing to say."""


Taken: TypeAlias = Answered | Going | Refused | Quiet


@dataclass(frozen=True, slots=True)
class Asked:
    """How a question looks now: lines below it, what it accepts, its buttons or keys, and the
    photos that go before it where it is newly asked."""

    hint: Phrase
    body: list[Phrase] = field(default_factory=list)
    buttons: list[list[Button]] = field(default_factory=list)
    keys: list[list[Key]] | None = None
    pictures: Pictures | None = None


class Common(TypedDict, total=False):
    """What any question may be declared with."""

    hint: str
    short: str
    optional: bool
    when: Callable[[Answers], bool]
    check: Callable[[Any, Answers, Context], Phrase | None]
    echo: Callable[[Any], Phrase]


UNUSABLE: dict[str, str] = {
    "Typed": N_("I cannot use a text here."),
    "Located": N_("I cannot use a location here."),
    "Photo": N_("I cannot use a photo here."),
    "Voice": N_("I cannot use a voice note here."),
    "Document": N_("I cannot use a file here."),
    "sticker": N_("I cannot use a sticker here."),
    "contact": N_("I cannot use a contact here."),
    "video": N_("I cannot use a video here."),
    "": N_("I cannot use that here."),
}


NO_ROOM = N_("I could not keep the words that came with it: there is no room for them here.")


def unusable(given: Content) -> Refused:
    """The refusal of a kind of content the question does not take; the hint says what it does."""
    kind = getattr(given, "kind", type(given).__name__)
    return Refused(say(UNUSABLE.get(kind, UNUSABLE[""])))


@dataclass(frozen=True, kw_only=True)
class Question(ABC):
    """A question of a flow. `hint` and `short` are catalogue keys; `text` is one too, or a phrase,
    or makes one.

    when: whether it is asked, given the answers so far (pure; use .get).
    check: (value, answers so far, context) -> a complaint, or None.
    echo: how an answer is told; short: its name in the review.
    skip_empty: it is passed over while there is nothing to choose from.
    """

    text: Text
    hint: str | None = None
    short: str | None = None
    optional: bool = False
    when: Callable[[Answers], bool] | None = None
    check: Callable[[Any, Answers, Context], Phrase | None] | None = None
    echo: Callable[[Any], Phrase] | None = None
    skip_empty: bool = False

    @property
    def lists(self) -> frozenset[str]:
        """Names of the handed-in lists it needs."""
        return frozenset()

    @property
    def nothing(self) -> Any:
        """What the record holds when it was skipped or not asked."""
        return None

    def shape(self) -> list[Any]:
        """What decides whether an answer given before an edit of the flow still fits."""
        return [type(self).__name__]

    def says(self, context: Context) -> Phrase:
        """The question itself."""
        text = self.text
        if isinstance(text, str):
            return {"key": text}
        return text if isinstance(text, dict) else text(context)

    def label(self, context: Context) -> Phrase:
        """Its name in the review."""
        return {"key": self.short} if self.short else self.says(context)

    def hinted(self, hint: Phrase) -> Phrase:
        """The declared hint, or this one."""
        return {"key": self.hint} if self.hint else hint

    def offers(self, context: Context) -> bool:
        """Whether there is anything to choose from."""
        return True

    def closes(self, value: Any) -> bool:
        """Whether this answer ends the conversation at once, with what was given so far."""
        return False

    def remark(self, value: Any, context: Context) -> Phrase | None:
        """What must be said at once when this is the answer, if anything."""
        return None

    def seed(self, value: Any) -> Part:
        """The part to start from when the question is asked again with a present answer."""
        return {}

    def gathered(self, part: Part) -> bool:
        """Whether the part holds something the person would lose."""
        return bool(part)

    def so_far(self, part: Part) -> Any:
        """The answer that a half-given one comes to where nothing more is asked; None for none."""
        return None

    def welcomes(self, given: Content) -> bool:
        """Whether this can be taken before the question is asked, since it says what it is."""
        return False

    @property
    def listens(self) -> bool:
        """Whether words that come with a photo can be its answer."""
        return False

    def holds_words(self, given: Content) -> bool:
        """Whether what is written with this goes into the answer with it."""
        return False

    def joined(self, value: Any, text: str) -> Taken:
        """What a present answer becomes with more words added."""
        return Refused(say(NO_ROOM))

    def tried(self, text: str, why: Phrase) -> Part:
        """What is kept, until the question is asked, of words that are no answer yet."""
        return {}

    def claims(self, text: str, part: Part, context: Context) -> bool:
        """Whether this text is an answer even if it looks like "back" or "cancel"."""
        return False

    def tapped(self, choice: str, part: Part, context: Context) -> Taken:
        """What a press of one of its own buttons gives."""
        return Refused(say(N_("That button is no longer in use.")))

    @abstractmethod
    def ask(self, part: Part, context: Context, mark: Mark) -> Asked:
        """How it looks now. `mark` turns a choice into a button's token."""

    @abstractmethod
    def take(self, given: Content, part: Part, context: Context) -> Taken:
        """What a message gives."""

    @abstractmethod
    def fits(self, value: Any, context: Context) -> bool:
        """Whether a kept JSON value is still an answer."""

    @abstractmethod
    def tell(self, value: Any, context: Context) -> Phrase:
        """An answer in words, for the echo and the review."""

    def record(self, value: Any) -> Any:
        """A JSON answer as the record holds it."""
        return value

    def told(self, value: Any, context: Context) -> Phrase:
        """An answer in words; a skipped question has words too."""
        if value is None:
            return say(N_("(skipped)"))
        return self.echo(value) if self.echo else self.tell(value, context)

    def brief(self, value: Any, context: Context) -> Phrase:
        """An answer in a few words, for the echo."""
        told = self.told(value, context)
        return one_line(told, LONGEST_ECHO) if isinstance(told, str) else told


def pair_up(buttons: list[Button], columns: int) -> list[list[Button]]:
    """Buttons in rows of so many columns."""
    return [buttons[i : i + columns] for i in range(0, len(buttons), columns)]
