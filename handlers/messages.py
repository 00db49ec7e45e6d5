"""A message as the flows know it, free of Telegram; and which messages nobody wrote."""

from __future__ import annotations

from aiogram.enums import ContentType
from aiogram.types import Message

from flows.given import Content, Document, Located, Other, Photo, Typed, Voice


def given_of(message: Message) -> Content:
    """A message as the flows know it, free of Telegram."""
    number = message.message_id
    if message.text is not None:
        return Typed(message.text, number)
    if message.venue is not None:
        spot = message.venue.location
        return Located(spot.latitude, spot.longitude, number, title=message.venue.title)
    if message.location is not None:
        spot = message.location
        return Located(spot.latitude, spot.longitude, number, live=bool(spot.live_period))
    if message.photo:
        # The largest size is the evidence; the smallest is for a list.
        largest = max(message.photo, key=lambda size: size.width * size.height)
        return Photo(
            largest.file_id,
            largest.file_unique_id,
            number,
            message.media_group_id,
            message.caption,
        )
    if message.voice is not None:
        return Voice(
            message.voice.file_id,
            message.voice.file_unique_id,
            message.voice.duration,
            number,
            message.caption,
        )
    if message.document is not None:
        paper = message.document
        return Document(
            paper.file_id,
            paper.file_unique_id,
            paper.file_name or "",
            paper.file_size or 0,
            paper.mime_type or "",
            number,
            message.media_group_id,
            message.caption,
        )
    return Other(_kind(message), number)


def is_service(message: Message) -> bool:
    """A message nobody wrote: pinned, joined, title changed. It asks for no answer."""
    return _kind(message) in _SERVICE


def _kind(message: Message) -> str:
    # The name itself: an enumeration's str() is another.
    return ContentType(message.content_type).value


_SERVICE = {
    "pinned_message",
    "new_chat_members",
    "left_chat_member",
    "new_chat_title",
    "new_chat_photo",
    "delete_chat_photo",
    "group_chat_created",
    "supergroup_chat_created",
    "migrate_to_chat_id",
    "migrate_from_chat_id",
    "message_auto_delete_timer_changed",
    "write_access_allowed",
}
