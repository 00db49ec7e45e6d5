"""A message as a person sees it: its words, its buttons, its pictures."""

from __future__ import annotations

from typing import Any

Json = dict[str, Any]


class Seen:
    """A Bot API Message with shortcuts; it does not change when the message is edited later."""

    __slots__ = ("data",)

    def __init__(self, data: Json) -> None:
        self.data = data

    @property
    def id(self) -> int:
        """Its number in the chat."""
        number = self.data["message_id"]
        assert isinstance(number, int)
        return number

    @property
    def text(self) -> str:
        """Its text or caption, without formatting."""
        return str(self.data.get("text") or self.data.get("caption") or "")

    @property
    def entities(self) -> list[Json]:
        """The formatting of `text`."""
        return list(self.data.get("entities") or self.data.get("caption_entities") or [])

    @property
    def rows(self) -> list[list[Json]]:
        """The rows of its inline keyboard."""
        return list(self.data.get("reply_markup", {}).get("inline_keyboard", []))

    @property
    def buttons(self) -> list[str]:
        """The labels of its inline keyboard, row after row."""
        return [button["text"] for row in self.rows for button in row]

    @property
    def kind(self) -> str:
        """text, photo, voice, document, location, venue, contact, poll, sticker or service."""
        for kind in ("text", "photo", "voice", "document", "venue", "location", "contact", "poll",
                     "sticker"):  # fmt: skip
            if kind in self.data:
                return kind
        return "service"

    def find(self, label: str) -> Json | None:
        """The button with that label, or the only one whose label contains it."""
        buttons = [button for row in self.rows for button in row]
        for button in buttons:
            if button["text"] == label:
                return dict(button)
        close = [button for button in buttons if label.lower() in button["text"].lower()]
        return dict(close[0]) if len(close) == 1 else None

    def __contains__(self, part: str) -> bool:
        return part in self.text

    def __repr__(self) -> str:
        shown = self.text if len(self.text) <= 120 else self.text[:117] + "..."
        return f"<{self.id} {self.kind} {shown!r} {self.buttons}>"
