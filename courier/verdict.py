"""A failure knows its own fate: one place reads what Telegram, or the line, answered.

A verdict's name is ours and of a fixed list; Telegram's own text may quote somebody's words and
is never kept or logged.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from telegram.error import (
    BadRequest,
    ChatMigrated,
    Conflict,
    EndPointNotFound,
    Forbidden,
    InvalidToken,
    NetworkError,
    TelegramError,
)

from courier.request import TooMany, Unanswered, Unsent


class Fate(Enum):
    """What becomes of a letter."""

    SENT = "sent"
    # Telegram surely did not take it: the same letter is tried again.
    AGAIN = "again"
    # Telegram may have taken it: its lane and kind decide.
    UNSURE = "unsure"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Verdict:
    """`name` says why; `seconds` is Telegram's own wait; `moved_to` a group's new number;
    `gone` that this person cannot be reached any more; `line` that nobody's letter would leave
    now: it is not this one's fault."""

    fate: Fate
    name: str
    seconds: float = 0.0
    moved_to: int | None = None
    gone: bool = False
    line: bool = False


SENT = Verdict(Fate.SENT, "sent")

# Telegram's words (lower case) and our names for them, looked for in this order.
_FORBIDDEN = (
    ("blocked by the user", "blocked", True),
    ("user is deactivated", "deactivated", True),
    ("initiate conversation", "never_started", True),
    ("kicked", "kicked", False),
    ("not a member", "not_a_member", False),
    ("group chat was deleted", "group_closed", False),
    ("not enough rights", "no_rights", False),
)
_REFUSED = (
    ("chat not found", "chat_not_found", True),
    ("user not found", "chat_not_found", True),
    ("peer_id_invalid", "chat_not_found", True),
    ("user_is_blocked", "blocked", True),
    ("input_user_deactivated", "deactivated", True),
    ("user is deactivated", "deactivated", True),
    ("kicked", "kicked", False),
    ("group chat was deactivated", "group_closed", False),
    ("chat_write_forbidden", "no_rights", False),
    ("have no rights", "no_rights", False),
    ("not enough rights", "no_rights", False),
    ("need administrator rights", "no_rights", False),
    ("chat_admin_required", "no_rights", False),
    ("message is too long", "too_long", False),
    ("caption is too long", "too_long", False),
    ("text is empty", "empty", False),
    ("can't parse entities", "bad_markup", False),
    ("button_", "bad_button", False),
    ("file identifier", "bad_file", False),
    ("file_id", "bad_file", False),
    ("file is too big", "bad_file", False),
    ("image_process_failed", "bad_file", False),
    ("voice_messages_forbidden", "voice_forbidden", False),
    ("topic_closed", "topic_closed", False),
)
_UNCHANGED = ("message is not modified",)
_EDIT_GONE = (
    "message to edit not found",
    "message can't be edited",
    "message_id_invalid",
    "message not found",
)

_DECIDED = ("hide_requester_missing", "user_already_participant")


def judge(error: BaseException) -> Verdict:
    """What an error of a send means for the letter."""
    if isinstance(error, TooMany):
        return Verdict(Fate.AGAIN, "too_many", seconds=error.seconds)
    if isinstance(error, ChatMigrated):
        return Verdict(Fate.AGAIN, "migrated", moved_to=error.new_chat_id)
    if isinstance(error, Unsent):
        return Verdict(Fate.AGAIN, "no_connection", line=True)
    if isinstance(error, Unanswered):
        return Verdict(Fate.UNSURE, error.name)
    if isinstance(error, InvalidToken | EndPointNotFound):
        return Verdict(Fate.AGAIN, "token_refused", line=True)
    if isinstance(error, Forbidden):
        return _named(error, _FORBIDDEN, "forbidden")
    if isinstance(error, BadRequest):
        text = str(error).lower()
        if any(words in text for words in _UNCHANGED):
            return SENT
        return _named(error, _REFUSED, "refused")
    if isinstance(error, Conflict):
        return Verdict(Fate.AGAIN, "conflict")
    if isinstance(error, NetworkError):
        # Any other status: above all 413, a body that no retry makes smaller.
        return Verdict(Fate.FAILED, "refused")
    if isinstance(error, TelegramError):
        return Verdict(Fate.UNSURE, "bad_answer")
    return Verdict(Fate.FAILED, "cannot_be_made")


def _named(
    error: TelegramError, known: tuple[tuple[str, str, bool], ...], otherwise: str
) -> Verdict:
    text = str(error).lower()
    for words, name, gone in known:
        if words in text:
            return Verdict(Fate.FAILED, name, gone=gone)
    return Verdict(Fate.FAILED, otherwise)


def edit_is_gone(error: BaseException) -> bool:
    """Whether the message to be edited is not there (any more), or too old."""
    return isinstance(error, BadRequest) and any(w in str(error).lower() for w in _EDIT_GONE)


def join_is_decided(error: BaseException) -> bool:
    """Whether nobody waits at the door: they are in already, or somebody else has decided."""
    return isinstance(error, BadRequest) and any(w in str(error).lower() for w in _DECIDED)


def has_no_text(error: BaseException) -> bool:
    """Whether the message to be edited has a caption where we edited a text."""
    return isinstance(error, BadRequest) and "no text in the message" in str(error).lower()
