"""A place is a point in the territory or words somebody can follow; either is enough."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from typing import Any

from flows import words
from flows.characters import clean, one_line
from flows.context import Context
from flows.given import Content, Located, Typed
from flows.phrase import N_, Phrase, say
from flows.question import Answered, Asked, Mark, Part, Question, Refused, Taken, unusable
from flows.texts import too_long, too_short
from flows.turn import Key
from flows.values import Place

_POINT = re.compile(r"\(?\s*(-?\d{1,2}(?:\.\d+)?)\s*[,;\s]\s*(-?\d{1,3}(?:\.\d+)?)\s*\)?", re.ASCII)


@dataclass(frozen=True, kw_only=True)
class Where(Question):
    """A shared location, or with `words` a written address of `shortest` to `longest` characters.

    The answer is {"latitude", "longitude", "label"?, "outside"?} or {"words"}. Points outside
    what the context can locate are refused, unless `anywhere`; with `outside` the last one
    refused waits in the part, and is the answer if the person says to keep it.
    """

    words: bool = True
    anywhere: bool = False
    outside: bool = False
    shortest: int = 4
    longest: int = 300

    def shape(self) -> list[Any]:
        """The kind."""
        return ["Where", self.words]

    def welcomes(self, given: Content) -> bool:
        """A location is the place, whenever it comes."""
        return isinstance(given, Located)

    def ask(self, part: Part, context: Context, mark: Mark) -> Asked:
        """A key, because Telegram shares a location only from the reply keyboard."""
        keys = [[Key(say(N_("📍 Send my location")), "location")]]
        if "outside" in part:
            keys.append([Key(words.KEEP_OUTSIDE.phrase)])
            hint = (
                N_(
                    "Send another place, or write the address. "
                    "If the one you sent is right, tap “{keep}”."
                )
                if self.words
                else N_("Send another place. If the one you sent is right, tap “{keep}”.")
            )
            return Asked(say(hint, keep=words.KEEP_OUTSIDE.phrase), keys=keys)
        hint = (
            N_("Tap “Send my location”, share a place with 📎, or write the address.")
            if self.words
            else N_("Tap “Send my location”, or share a place with 📎.")
        )
        return Asked(self.hinted({"key": hint}), keys=keys)

    def gathered(self, part: Part) -> bool:
        """A point that was refused need not be taken away before the question is skipped."""
        return False

    def claims(self, text: str, part: Part, context: Context) -> bool:
        """To keep a point outside is an answer."""
        return "outside" in part and words.means(text, words.KEEP_OUTSIDE, context)

    def take(self, given: Content, part: Part, context: Context) -> Taken:
        """A location, coordinates somebody copied, or words."""
        if isinstance(given, Located):
            return self.point(given.latitude, given.longitude, given.title, context)
        if not isinstance(given, Typed):
            return unusable(given)
        if "outside" in part and words.means(given.text, words.KEEP_OUTSIDE, context):
            return Answered({**part["outside"], "outside": True})
        text = clean(given.text)
        point = _POINT.fullmatch(text)
        if point and "." in text:
            return self.point(float(point[1]), float(point[2]), None, context)
        if not self.words:
            return Refused(say(N_("I need a location here, not a text.")))
        refused = too_short(text, self.shortest) or too_long(text, self.longest)
        return refused or Answered({"words": text})

    def point(
        self, latitude: float, longitude: float, title: str | None, context: Context
    ) -> Taken:
        """A point in degrees as an answer, if it is on Earth and in the territory."""
        if not on_earth(latitude, longitude):
            return Refused(say(N_("That location does not exist. Please send it again.")))
        value: dict[str, Any] = {"latitude": latitude, "longitude": longitude}
        label = clean(title)[:200] if title else ""
        if label:
            value["label"] = label
        if self.anywhere or not context.locate or context.locate(latitude, longitude) is not None:
            return Answered(value)
        if self.outside:
            return Refused(say(N_("That place is outside our territory.")), {"outside": value})
        if self.words:
            return Refused(
                say(N_("That place is outside our territory. Send another, or write it."))
            )
        return Refused(say(N_("That place is outside our territory. Please send another.")))

    def fits(self, value: Any, context: Context) -> bool:
        """A point on Earth, or words."""
        if not isinstance(value, dict):
            return False
        if "words" in value:
            return self.words and isinstance(value["words"], str)
        latitude, longitude = value.get("latitude"), value.get("longitude")
        numbers = (int, float)
        if value.get("outside") and not self.outside:
            return False
        if not isinstance(latitude, numbers) or not isinstance(longitude, numbers):
            return False
        return on_earth(latitude, longitude)

    def tell(self, value: Any, context: Context) -> Phrase:
        """The words, or the name of the territory."""
        if "words" in value:
            return one_line(value["words"], 300)
        named = context.locate and context.locate(value["latitude"], value["longitude"])
        if value.get("outside"):
            label = one_line(value.get("label", ""), 100)
            if not label:
                return say(N_("📍 A place outside our territory"))
            return say(N_("📍 {place} (outside our territory)"), place=label)
        if "label" in value:
            parts: list[Phrase] = [one_line(value["label"], 100)] + ([named] if named else [])
            return say(N_("📍 {place}"), place={"list": parts} if len(parts) > 1 else parts[0])
        return say(N_("📍 {place}"), place=named) if named else say(N_("📍 Location received"))

    def record(self, value: Any) -> Any:
        """A Place."""
        return Place(
            value.get("latitude"),
            value.get("longitude"),
            value.get("label"),
            value.get("words"),
            bool(value.get("outside")),
        )


def on_earth(latitude: float, longitude: float) -> bool:
    """Whether both are degrees of a point on Earth."""
    return (
        math.isfinite(latitude)
        and math.isfinite(longitude)
        and -90 <= latitude <= 90
        and -180 <= longitude <= 180
    )
