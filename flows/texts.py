"""A text is taken as it was written, or refused with both numbers: the limit and its length."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flows.characters import clean, length, one_line
from flows.context import Context
from flows.given import Content, Typed, Voice
from flows.phrase import N_, Phrase, count, say
from flows.question import (
    Answered,
    Asked,
    Mark,
    Part,
    Question,
    Refused,
    Taken,
    unusable,
)
from flows.values import Recording

LONGEST_VOICE = 300


def too_long(text: str, longest: int) -> Refused | None:
    """The refusal of a text beyond its limit."""
    size = length(text)
    if size <= longest:
        return None
    return Refused(
        say(
            N_(
                "That is too long: {length} characters, and the limit is {most}. Please shorten it."
            ),
            length=size,
            most=longest,
        )
    )


def too_short(text: str, shortest: int) -> Refused | None:
    """The refusal of a text below its limit."""
    size = length(text)
    if size == 0:
        return Refused(say(N_("I cannot see any text there. Please write it again.")))
    if size >= shortest:
        return None
    return Refused(
        say(
            N_("That is a bit short: {length} characters, and I need at least {least}."),
            length=size,
            least=shortest,
        )
    )


def told_voice(seconds: int) -> Phrase:
    """A voice note in words."""
    return count("🎤 Voice note of {count} second", "🎤 Voice note of {count} seconds", seconds)


def is_voice(value: Any, longest: int) -> bool:
    """Whether a kept value is a voice note within its limit, in seconds."""
    return (
        isinstance(value, dict)
        and isinstance(value.get("voice"), str)
        and isinstance(value.get("seconds"), int)
        and 0 <= value["seconds"] <= longest
    )


def take_voice(given: Voice, longest: int) -> Taken:
    """A voice note as a JSON answer, unless it is too long."""
    if given.seconds > longest:
        return Refused(
            say(
                N_("That voice note lasts {length} seconds, and the limit is {most}."),
                length=given.seconds,
                most=longest,
            )
        )
    seconds = max(0, given.seconds)
    return Answered({"voice": given.file_id, "unique_id": given.unique_id, "seconds": seconds})


def recorded(value: Any) -> Recording:
    """A voice note as a record holds it."""
    return Recording(
        value["voice"], str(value.get("unique_id", "")), value["seconds"], value.get("words")
    )


@dataclass(frozen=True, kw_only=True)
class Words(Question):
    """A text of `shortest` to `longest` characters as Telegram counts them (UTF-16 units), or
    with `voice` a voice note: the answer is a string, or {"voice", "unique_id", "seconds"} and
    "words" where something was written with it.

    Of words that came before their turn and are no answer, the part holds "why", and as "draft"
    those that are too few: what is written next is added to them.
    """

    shortest: int = 1
    longest: int = 1000
    voice: bool = False
    longest_voice: int = LONGEST_VOICE

    def shape(self) -> list[Any]:
        """The kind; lengths are checked on each answer."""
        return ["Words"]

    def ask(self, part: Part, context: Context, mark: Mark) -> Asked:
        """No buttons of its own."""
        body: list[Phrase] = []
        if part.get("draft"):
            body.append(say(N_("So far: “{words}”"), words=one_line(part["draft"], 200)))
        if part.get("why"):
            body.append(say(N_("⚠️ {why}"), why=part["why"]))
        if self.voice:
            hint = say(
                N_("Write {least} to {most} characters, or record a voice note."),
                least=self.shortest,
                most=self.longest,
            )
        else:
            hint = say(
                N_("Write {least} to {most} characters."), least=self.shortest, most=self.longest
            )
        return Asked(self.hinted(hint), body)

    @property
    def listens(self) -> bool:
        """Words are words, whatever they come with."""
        return True

    def holds_words(self, given: Content) -> bool:
        """A voice note that is the answer, with what is written under it."""
        return self.voice and isinstance(given, Voice)

    def gathered(self, part: Part) -> bool:
        """What was too short stands above, in the chat."""
        return False

    def take(self, given: Content, part: Part, context: Context) -> Taken:
        """A text, or a voice note where one is welcome."""
        if isinstance(given, Voice) and self.voice:
            taken = take_voice(given, self.longest_voice)
            words = clean(given.caption or "")
            return self.joined(taken.value, words) if isinstance(taken, Answered) else taken
        if not isinstance(given, Typed):
            return unusable(given)
        text = clean(given.text)
        draft = part.get("draft", "")
        if draft and text and draft.casefold() not in text.casefold():
            text = f"{draft}\n{text}"
        refused = too_short(text, self.shortest) or too_long(text, self.longest)
        if refused is None:
            return Answered(text)
        return Refused(refused.why, {"draft": draft} if draft else {}) if part else refused

    def joined(self, value: Any, text: str) -> Taken:
        """The text with more below it, or the voice note with words."""
        before = value if isinstance(value, str) else value.get("words") or ""
        if not text or text in before:
            return Answered(value)
        together = f"{before}\n{text}" if before else text
        refused = too_long(together, self.longest)
        if refused is not None:
            return refused
        return Answered(together if isinstance(value, str) else {**value, "words": together})

    def tried(self, text: str, why: Phrase) -> Part:
        """Why, and what is too short, to go on from."""
        return {"why": why, **({"draft": text} if length(text) < self.shortest else {})}

    def fits(self, value: Any, context: Context) -> bool:
        """A text within its limits, or a voice note where one is welcome."""
        if isinstance(value, str):
            return self.shortest <= length(value) <= self.longest
        return self.voice and is_voice(value, self.longest_voice)

    def tell(self, value: Any, context: Context) -> Phrase:
        """The text itself, or how long the voice note is and what was written with it."""
        if isinstance(value, str):
            return value
        told = told_voice(value["seconds"])
        words = one_line(value.get("words") or "", 200)
        return say(N_("{what} “{words}”"), what=told, words=words) if words else told

    def record(self, value: Any) -> Any:
        """The text, or a Recording."""
        return value if isinstance(value, str) else recorded(value)


@dataclass(frozen=True, kw_only=True)
class Lines(Question):
    """Several short texts, one a line, no two the same; the answer is a list of strings."""

    at_least: int = 1
    at_most: int = 30
    longest: int = 80

    @property
    def nothing(self) -> Any:
        """No lines."""
        return ()

    def shape(self) -> list[Any]:
        """The kind; limits are checked on each answer."""
        return ["Lines"]

    def ask(self, part: Part, context: Context, mark: Mark) -> Asked:
        """No buttons of its own."""
        return Asked(
            self.hinted(
                say(
                    N_("Write {least} to {most}, each on a line of its own, in one message."),
                    least=self.at_least,
                    most=self.at_most,
                )
            )
        )

    def take(self, given: Content, part: Part, context: Context) -> Taken:
        """A text of several lines."""
        if not isinstance(given, Typed):
            return unusable(given)
        lines = [clean(line).lstrip("•-*– ").strip() for line in clean(given.text).split("\n")]
        lines = [line for line in lines if line]
        for line in lines:
            if length(line) > self.longest:
                return Refused(
                    say(
                        N_("This line is too long (the limit is {most} characters): {line}"),
                        most=self.longest,
                        line=one_line(line, 100),
                    )
                )
        seen: set[str] = set()
        for line in lines:
            if line.casefold() in seen:
                return Refused(say(N_("This line is there twice: {line}"), line=line))
            seen.add(line.casefold())
        if not self.at_least <= len(lines) <= self.at_most:
            return Refused(
                count(
                    "I read {count} line, and I need {least} to {most}.",
                    "I read {count} lines, and I need {least} to {most}.",
                    len(lines),
                    least=self.at_least,
                    most=self.at_most,
                )
            )
        return Answered(lines)

    def fits(self, value: Any, context: Context) -> bool:
        """As many lines as are wanted, none too long."""
        return (
            isinstance(value, list)
            and self.at_least <= len(value) <= self.at_most
            and all(isinstance(line, str) and length(line) <= self.longest for line in value)
        )

    def tell(self, value: Any, context: Context) -> Phrase:
        """The lines, numbered."""
        numbered: list[Phrase] = [
            say(N_("{number}. {line}"), number=i, line=line) for i, line in enumerate(value, 1)
        ]
        return {"lines": ["", *numbered]}

    def brief(self, value: Any, context: Context) -> Phrase:
        """How many lines."""
        return count("{count} line", "{count} lines", len(value))

    def record(self, value: Any) -> Any:
        """The lines as a tuple."""
        return tuple(value)
