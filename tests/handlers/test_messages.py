"""Every kind of message is known by its name, and brings what was written with it.

What nobody wrote asks for no answer, and whatever somebody sent gets one, also what no library of
today has heard of.
"""

from __future__ import annotations

from typing import Any

import pytest
from aiogram.types import Message

from flows.captions import caption_of
from flows.given import Other
from handlers.messages import given_of, is_service

CHAT = {"id": 5, "type": "private"}
STICKER = {
    "file_id": "F", "file_unique_id": "U", "type": "regular", "width": 512, "height": 512,
    "is_animated": False, "is_video": False,
}  # fmt: skip


def message(**content: Any) -> Message:
    """A message of a private chat as Telegram sends it."""
    return Message.model_validate({"message_id": 7, "date": 1, "chat": CHAT, **content})


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        ({"sticker": STICKER}, "sticker"),
        ({"contact": {"phone_number": "5550100", "first_name": "Ana"}}, "contact"),
        ({"dice": {"emoji": "🎲", "value": 3}}, "dice"),
        ({"something_of_next_year": {"a": 1}}, "unknown"),
    ],
)
def test_what_somebody_sent_is_answered(content: dict[str, Any], kind: str) -> None:
    sent = message(**content)
    assert not is_service(sent)
    assert given_of(sent) == Other(kind, 7)


@pytest.mark.parametrize(
    "content",
    [
        {"pinned_message": {"message_id": 2, "date": 0, "chat": CHAT}},
        {"message_auto_delete_timer_changed": {"message_auto_delete_time": 86400}},
        {"write_access_allowed": {"from_request": True}},
    ],
)
def test_what_nobody_wrote_asks_for_no_answer(content: dict[str, Any]) -> None:
    assert is_service(message(**content))


FILE = {"file_id": "f", "file_unique_id": "u"}


@pytest.mark.parametrize(
    "content",
    [
        {"photo": [{**FILE, "width": 90, "height": 60}]},
        {"voice": {**FILE, "duration": 7}},
        {"document": {**FILE, "file_name": "a.jpg", "mime_type": "image/jpeg"}},
    ],
    ids=lambda content: next(iter(content)),
)
def test_a_caption_comes_with_it(content: dict[str, Any]) -> None:
    assert caption_of(given_of(message(caption=" A hole ", **content))) == "A hole"
