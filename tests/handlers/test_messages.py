"""What was written with a photo, a voice note or a file reaches the flows with it."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from aiogram.types import Message

from flows.captions import caption_of
from handlers.messages import given_of

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
    message = Message.model_validate(
        {
            "message_id": 3,
            "date": datetime(2026, 5, 4, tzinfo=UTC),
            "chat": {"id": 1, "type": "private"},
            "caption": " A hole ",
            **content,
        }
    )
    assert caption_of(given_of(message)) == "A hole"
