"""What is sent is kept by Telegram's ids and never opened here: the same photo twice is one, and
what is too many or too heavy is refused with the limit."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flows import words
from flows.characters import clean, one_line
from flows.context import Context
from flows.given import Content, Document, Photo, Typed, Voice
from flows.phrase import N_, Phrase, count, say
from flows.question import (
    Answered,
    Asked,
    Going,
    Mark,
    Part,
    Question,
    Refused,
    Taken,
    unusable,
)
from flows.texts import LONGEST_VOICE, is_voice, recorded, take_voice, told_voice
from flows.turn import Button
from flows.values import Paper, Picture

MEGABYTE = 1_000_000
# Telegram hands a bot no file larger than this (getFile).
LARGEST = 20


def too_heavy(size: int, megabytes: int) -> Refused | None:
    """The refusal of a file beyond its limit."""
    if size <= megabytes * MEGABYTE:
        return None
    return Refused(
        say(
            N_("That file weighs {size} MB, and the limit is {most} MB."),
            size=-(-size // MEGABYTE),
            most=megabytes,
        )
    )


def is_image(given: Content) -> bool:
    """A photo, or a photo sent as a file."""
    return isinstance(given, Photo) or (
        isinstance(given, Document) and given.mime.lower().startswith("image/")
    )


@dataclass(frozen=True, kw_only=True)
class Photos(Question):
    """Up to `at_most` photos, sent one by one or as an album; the answer is a list of
    {"file_id", "unique_id"} ("kind": "document" where one was sent as a file)."""

    at_most: int = 3
    at_least: int = 1

    @property
    def nothing(self) -> Any:
        """No photos."""
        return ()

    def shape(self) -> list[Any]:
        """The kind; how many is checked on each answer."""
        return ["Photos"]

    def welcomes(self, given: Content) -> bool:
        """A photo is a photo, whenever it comes."""
        return is_image(given)

    def seed(self, value: Any) -> Part:
        """The photos of the present answer, to which more may be added."""
        return {"photos": list(value)}

    def so_far(self, part: Part) -> Any:
        """The photos there are, if they are enough."""
        taken = self.done(part)
        return taken.value if isinstance(taken, Answered) else None

    def ask(self, part: Part, context: Context, mark: Mark) -> Asked:
        """How many there are, and the way to have enough."""
        have = len(part.get("photos", ()))
        if not have:
            hint = count("Send {count} photo.", "Send up to {count} photos.", self.at_most)
            return Asked(self.hinted(hint))
        body: list[Phrase] = [
            count(
                "📷 {count} of {most} photos",
                "📷 {count} of {most} photos",
                have,
                most=self.at_most,
            )
        ]
        buttons = [
            Button(words.DONE.phrase, mark(".")),
            Button(say(N_("Remove photos")), mark("0")),
        ]
        hint = (
            say(N_("Send another photo, or tap Done."))
            if have < self.at_most
            else say(N_("Tap Done, or remove the photos to send others."))
        )
        return Asked(hint, body, [buttons])

    def tapped(self, choice: str, part: Part, context: Context) -> Taken:
        """Done, or start again without photos."""
        if choice == "0":
            return Going({})
        return self.done(part)

    def done(self, part: Part) -> Taken:
        """The photos as the answer, if they are enough."""
        photos = part.get("photos", [])
        if len(photos) < max(1, self.at_least):
            return Refused(
                count(
                    "Please send at least {count} photo.",
                    "Please send at least {count} photos.",
                    max(1, self.at_least),
                )
            )
        return Answered(photos)

    def take(self, given: Content, part: Part, context: Context) -> Taken:
        """A photo more; the last one there is room for is the answer."""
        if isinstance(given, Typed):
            if part.get("photos") and words.means(given.text, words.DONE, context):
                return self.done(part)
            return unusable(given)
        if not isinstance(given, Photo | Document) or not is_image(given):
            return unusable(given)
        refused = too_heavy(given.size, LARGEST) if isinstance(given, Document) else None
        if refused:
            return refused
        photos = list(part.get("photos", ()))
        if any(photo["unique_id"] == given.unique_id for photo in photos):
            return Going(part)
        if len(photos) >= self.at_most:
            return Refused(self.kept())
        kind = {"kind": "document"} if isinstance(given, Document) else {}
        photos.append({"file_id": given.file_id, "unique_id": given.unique_id, **kind})
        return Answered(photos) if len(photos) == self.at_most else Going({"photos": photos})

    def kept(self) -> Phrase:
        """What is said of those beyond the limit."""
        return count(
            "I kept the first photo; there is no room for more.",
            "I kept the first {count} photos; there is no room for more.",
            self.at_most,
        )

    def fits(self, value: Any, context: Context) -> bool:
        """Photos, not too many."""
        return (
            isinstance(value, list)
            and 1 <= len(value) <= self.at_most
            and all(isinstance(photo, dict) and "file_id" in photo for photo in value)
        )

    def tell(self, value: Any, context: Context) -> Phrase:
        """How many."""
        return count("📷 {count} photo", "📷 {count} photos", len(value))

    def record(self, value: Any) -> Any:
        """Pictures, as a tuple."""
        return tuple(
            Picture(photo["file_id"], photo.get("unique_id", ""), photo.get("kind", "photo"))
            for photo in value
        )


@dataclass(frozen=True, kw_only=True)
class Voiced(Question):
    """A voice note of at most `longest` seconds: {"voice", "unique_id", "seconds"}."""

    longest: int = LONGEST_VOICE

    def ask(self, part: Part, context: Context, mark: Mark) -> Asked:
        """No buttons of its own."""
        hint = say(N_("Record a voice note of up to {most} seconds."), most=self.longest)
        return Asked(self.hinted(hint))

    def take(self, given: Content, part: Part, context: Context) -> Taken:
        """A voice note."""
        return take_voice(given, self.longest) if isinstance(given, Voice) else unusable(given)

    def fits(self, value: Any, context: Context) -> bool:
        """A voice note within its limit."""
        return is_voice(value, self.longest)

    def tell(self, value: Any, context: Context) -> Phrase:
        """How long it is."""
        return told_voice(value["seconds"])

    def record(self, value: Any) -> Any:
        """A Recording."""
        return recorded(value)


@dataclass(frozen=True, kw_only=True)
class Attached(Question):
    """A file of at most `megabytes`: {"file_id", "unique_id", "name", "size", "mime"}."""

    megabytes: int = LARGEST

    def ask(self, part: Part, context: Context, mark: Mark) -> Asked:
        """No buttons of its own."""
        hint = say(N_("Send a file with 📎, up to {most} MB."), most=self.megabytes)
        return Asked(self.hinted(hint))

    def take(self, given: Content, part: Part, context: Context) -> Taken:
        """A file that is not too heavy."""
        if not isinstance(given, Document):
            return unusable(given)
        return too_heavy(given.size, self.megabytes) or Answered(
            {
                "file_id": given.file_id,
                "unique_id": given.unique_id,
                "name": clean(given.name)[:200],
                "size": given.size,
                "mime": clean(given.mime)[:100],
            }
        )

    def fits(self, value: Any, context: Context) -> bool:
        """A file within its limit."""
        return (
            isinstance(value, dict)
            and isinstance(value.get("file_id"), str)
            and isinstance(value.get("size"), int)
            and value["size"] <= self.megabytes * MEGABYTE
        )

    def tell(self, value: Any, context: Context) -> Phrase:
        """Its name."""
        named = one_line(value["name"], 100)
        return say(N_("📎 {name}"), name=named) if named else say(N_("📎 A file"))

    def record(self, value: Any) -> Any:
        """A Paper."""
        return Paper(
            value["file_id"],
            str(value.get("unique_id", "")),
            str(value.get("name", "")),
            value["size"],
            str(value.get("mime", "")),
        )
