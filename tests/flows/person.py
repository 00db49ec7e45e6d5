"""A person in a conversation: acts as people do, and the state goes through JSON at every turn."""

from __future__ import annotations

import itertools
import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from flows import given
from flows.context import Context, HandedList, Option
from flows.declare import Flow
from flows.engine import advance, begin, resume
from flows.phrase import Phrase
from flows.turn import LONGEST_TOKEN, Finished, Message, Turn
from tests.flows.english import spell

NOW = datetime(2026, 5, 4, 12, 0, tzinfo=ZoneInfo("America/Lima"))

CATEGORIES = [
    Option(value, {"names": {"es": es, "en": en}})
    for value, es, en in (
        ("light", "Alumbrado", "Street light"),
        ("pothole", "Bache", "Pothole"),
        ("rubbish", "Basura", "Rubbish"),
        ("water", "Agua", "Water leak"),
    )
]


def locate(latitude: float, longitude: float) -> Phrase | None:
    """Two barrios side by side on a square of one degree."""
    if not (-13 <= latitude <= -12 and -77 <= longitude <= -76):
        return None
    return "San Roque" if longitude < -76.5 else "La Merced"


def context(
    lists: Mapping[str, HandedList] | None = None, params: Mapping[str, Any] | None = None
) -> Context:
    """A town with categories; more lists by name."""
    every: dict[str, HandedList] = {
        "categories": CATEGORIES,
        "barrios": [],
        "nearby": [],
        **(lists or {}),
    }
    return Context(NOW, every, spell, locate, params or {})


class Person:
    """Holds a phone: the messages there, and the conversation's state as the JSON text it is."""

    def __init__(self, flow: Flow, around: Context | None = None, **begun: Any) -> None:
        self.flow = flow
        self.context = around or context()
        self.numbers = itertools.count(100)
        self.log: list[str] = []
        self.messages: list[Message] = []
        self.keyboard: list[str] = []
        self.stored = "null"
        self.turn = Turn(None)
        self.sent = 0
        self.hears(begin(flow, self.context, "s1", **begun))

    @property
    def state(self) -> Any:
        """The state as it was stored."""
        return json.loads(self.stored)

    @property
    def last(self) -> Message:
        """The newest message."""
        return self.messages[-1]

    @property
    def text(self) -> str:
        """What the newest message says."""
        return spell(self.last.text)

    @property
    def finished(self) -> Finished:
        """The outcome, which must be a finished one."""
        assert isinstance(self.turn.outcome, Finished), self.turn
        return self.turn.outcome

    @property
    def toast(self) -> str | None:
        """What was said over the chat."""
        return None if self.turn.toast is None else spell(self.turn.toast)

    def hears(self, turn: Turn) -> Turn:
        """Take a turn in: check what must hold of every turn, write it down, store the state."""
        self.turn = turn
        self.stored = json.dumps(turn.state)
        assert (turn.state is None) == (turn.outcome is not None)
        for message in turn.messages:
            self.check(message)
            if message.replaces:
                self.messages.pop()
            else:
                next(self.numbers)
            self.messages.append(message)
            if message.keys is not None:
                self.keyboard = [spell(key.label) for row in message.keys for key in row]
            elif message.clears_keys:
                self.keyboard = []
            self.log.append(picture(message))
        if turn.toast is not None:
            assert len(spell(turn.toast)) <= 200
            self.log.append(f"(toast) {spell(turn.toast)}")
        if not turn.messages and turn.toast is None and turn.outcome is None:
            self.log.append("(quiet)")
        if turn.outcome is not None:
            answers = getattr(turn.outcome, "answers", None)
            self.log.append(f"== {type(turn.outcome).__name__} {json.dumps(answers, indent=1)}")
            assert not self.keyboard, "a keyboard was left behind"
        return turn

    def check(self, message: Message) -> None:
        """Telegram's limits, and ours."""
        text = spell(message.text)
        assert text.strip()
        assert len(text.encode("utf-16-le")) // 2 <= 4096
        assert not (message.buttons and message.keys)
        assert not (message.pictures and (message.replaces or message.clears_keys))
        assert not (message.clears_keys and (message.buttons or message.replaces))
        assert not (message.buttons and self.keyboard and not self.state.get("keys"))
        assert sum(map(len, message.buttons)) <= 100
        seen = set()
        for row in message.buttons:
            assert 1 <= len(row) <= 8
            for button in row:
                assert spell(button.label).strip()
                assert button.token and button.token.isascii()
                assert len(button.token) <= LONGEST_TOKEN
                seen.add(button.token)

    def does(self, act: given.Given, said: str) -> Turn:
        """One turn."""
        self.log.append(f"> {said}")
        return self.hears(advance(self.flow, self.state, act, self.context))

    def token(self, label: str, message: Message | None = None) -> str:
        """The token of the button with this label."""
        buttons = [button for row in (message or self.last).buttons for button in row]
        for button in buttons:
            if label in spell(button.label):
                assert button.token
                return button.token
        raise AssertionError(f"no button {label!r} in {[spell(b.label) for b in buttons]}")

    def taps(self, label: str, message: Message | None = None) -> Turn:
        """Press the button with this label."""
        return self.does(given.Tap(self.token(label, message)), f"[{label}]")

    def presses(self, token: str) -> Turn:
        """Press a button by its token."""
        return self.does(given.Tap(token), f"[token {token}]")

    def says(self, text: str) -> int:
        """Write a message; gives its number."""
        number = next(self.numbers)
        self.does(given.Typed(text, number), text if len(text) < 200 else f"{text[:40]}...")
        return number

    def edits(self, number: int, text: str) -> Turn:
        """Edit a message."""
        return self.does(given.Edited(given.Typed(text, number)), f"(edit) {text}")

    def shares(self, latitude: float, longitude: float, **more: Any) -> int:
        """Share a location."""
        number = next(self.numbers)
        place = given.Located(latitude, longitude, number, **more)
        self.does(place, f"(location {latitude} {longitude})")
        return number

    def replaces_photo(self, number: int, name: str) -> Turn:
        """Put another photo in the place of the one a message brought."""
        photo = given.Photo(f"file-{name}", f"u-{name}", number)
        return self.does(given.Edited(photo), f"(edit) (photo {name})")

    def sends_photo(self, name: str = "p", album: str | None = None) -> Turn:
        """Send a photo."""
        photo = given.Photo(f"file-{name}", f"u-{name}", next(self.numbers), album)
        return self.does(photo, f"(photo {name}{f' of album {album}' if album else ''})")

    def sends_voice(self, seconds: int = 12) -> Turn:
        """Send a voice note."""
        return self.does(given.Voice("voice", "uv", seconds, next(self.numbers)), "(voice note)")

    def sends_document(self, mime: str = "application/pdf", size: int = 1000) -> Turn:
        """Send a file."""
        number = next(self.numbers)
        file = given.Document("doc", "ud", "plan.pdf", size, mime, number)
        return self.does(file, f"(file {mime})")

    def sends_other(self, kind: str) -> Turn:
        """Send a sticker, a contact..."""
        return self.does(given.Other(kind, next(self.numbers)), f"({kind})")

    def goes(self, where: Any) -> Turn:
        """Give a command."""
        return self.does(given.Go(where), f"/{where}")

    def comes_back(self) -> Turn:
        """Take the conversation up after a while."""
        self.log.append("> (comes back)")
        return self.hears(resume(self.flow, self.state, self.context))


def picture(message: Message) -> str:
    """A message as text: its marks, its words, its buttons or keys."""
    marks = "".join(
        f"({mark}) "
        for mark, on in (("in place", message.replaces), ("keys away", message.clears_keys))
        if on
    )
    drawn = []
    if message.pictures is not None:
        named = spell(message.pictures.caption)
        drawn.append(f"(photos {' '.join(message.pictures.photos)})\n{named}")
    drawn.append(marks + spell(message.text, markup=True))
    drawn += [" ".join(f"[{spell(b.label)}]" for b in row) for row in message.buttons]
    drawn += [" ".join(f"<{spell(k.label)}>" for k in row) for row in message.keys or []]
    return "\n".join(drawn)
