"""What becomes of every column that can point at a person or hold what they said, once they erase
themselves. Nothing is left out: a column without a rule fails the tests.

The rules are carried out in storage/erasing.py; what is emptied only under a condition is emptied
there by hand, row by row of what was theirs. Their name in what others wrote goes by
storage/unnaming.py.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import JSON, BigInteger, Column, Float, String, Table
from sqlalchemy.types import TypeDecorator, TypeEngine

GONE: Final = "gone"
NAMELESS: Final = "nameless"
EMPTIED: Final = "emptied"
KEPT: Final = "kept"
"""The row goes; the row stays and points at nobody; what stands there goes; it stays as it is."""


@dataclass(frozen=True, slots=True)
class Rule:
    """What is `done` to a column, and why where that is not plain."""

    done: str
    why: str = ""


_GONE, _NAMELESS = Rule(GONE), Rule(NAMELESS)
_WORD = Rule(KEPT, "one of a few words of the program")
_TEAM = Rule(KEPT, "an act of the town, made for everybody")
_TELEGRAMS = Rule(KEPT, "Telegram's number of a group or a message, not of a person")

RULES: Final[dict[str, dict[str, Rule]]] = {
    "person": {
        "telegram_id": _GONE,
        "name": _GONE,
        "language": _GONE,
        "pseudonym": _GONE,
        "ban_reason": _GONE,
        "digest": _GONE,
    },
    "role": {
        "person_id": _GONE,
        "role": _WORD,
        "given_by": _NAMELESS,
    },
    "invite": {
        "hash": Rule(KEPT, "the hash of a random secret; one not used yet goes with its maker"),
        "role": _WORD,
        "made_by": _NAMELESS,
        "used_by": _NAMELESS,
    },
    "conversation": {
        "chat_id": _GONE,
        "active": _GONE,
        "parked": _GONE,
    },
    "membership": {"person_id": _GONE},
    "attendance": {"person_id": _GONE, "answer": _GONE},
    "follow": {
        "person_id": _GONE,
        "kind": _GONE,
        "latitude": _GONE,
        "longitude": _GONE,
        "cell": _GONE,
        "label": _GONE,
    },
    "notice": {"person_id": _GONE},
    "support": {"person_id": _GONE},
    "verdict": {
        "person_id": _NAMELESS,
        "answer": Rule(KEPT, "yes, no or not sure still counts; nobody can tell whose it was"),
        "why": Rule(EMPTIED),
    },
    "report": {
        "code": Rule(KEPT, "a number"),
        "person_id": _NAMELESS,
        "words": Rule(EMPTIED),
        "voice": Rule(EMPTIED),
        "attributes": Rule(EMPTIED),
        "address": Rule(EMPTIED, "typed by them: it may say whose house it is"),
        "latitude": Rule(EMPTIED, "of a private or hidden report; a public one's place is public"),
        "longitude": Rule(EMPTIED, "as the latitude"),
        "cell": Rule(EMPTIED, "as the latitude"),
        "state": _WORD,
        "fixed_by": _WORD,
        "closed_as": _WORD,
        "responsible": _TEAM,
        "assignee_id": _NAMELESS,
    },
    "report_photo": {
        "person_id": Rule(GONE, "but the team's photos of its work, which stay without a name"),
        "file_id": _GONE,
        "unique_id": _GONE,
        "kind": _WORD,
        "moment": _WORD,
    },
    "report_event": {
        "person_id": _NAMELESS,
        "kind": _WORD,
        "before": Rule(EMPTIED, "a state; of an assignment a person's number, which goes"),
        "after": Rule(EMPTIED, "as before"),
        "words": Rule(EMPTIED, "what they said; what the team answered stays, without their name"),
        "closed_as": _WORD,
        "responsible": _TEAM,
    },
    "redaction": {
        "author_id": _GONE,
        "original": _GONE,
        "made_by": _NAMELESS,
    },
    "working_group": {
        "key": _TEAM,
        "name": _TEAM,
        "theme": _TEAM,
        "purpose": _TEAM,
        "telegram_id": _TELEGRAMS,
    },
    "meeting": {
        "called_by": _NAMELESS,
        "title": _TEAM,
        "starts_local": Rule(KEPT, "a moment"),
        "place": _TEAM,
        "latitude": _TEAM,
        "longitude": _TEAM,
    },
    "vote": {
        "key": _TEAM,
        "question": _TEAM,
        "audience": _TEAM,
        "secret_mark": Rule(KEPT, "knows the secret again, and nobody"),
        "result": Rule(KEPT, "numbers"),
        "made_by": _NAMELESS,
    },
    "call": {
        "made_by": Rule(NAMELESS, "one that was never sent goes"),
        "words": _TEAM,
        "photo": _TEAM,
        "audience": _TEAM,
        "state": _WORD,
    },
    "call_recipient": {
        "person_id": Rule(NAMELESS, "a call's numbers still add up"),
        "letter_id": Rule(KEPT, "a letter whose chat is emptied"),
        "skipped": _WORD,
    },
    "letter": {
        "id": Rule(KEPT, "a number of ours"),
        "chat_id": Rule(GONE, "a call's letter stays for its numbers, to no chat"),
        "dedupe": _GONE,
        "edits": _GONE,
        "body": Rule(EMPTIED, "also where a letter to somebody else is about them"),
        "language": _GONE,
        "not_before": Rule(KEPT, "a moment"),
        "claimed": Rule(KEPT, "a moment"),
        "settled": Rule(KEPT, "a moment"),
        "message_id": _TELEGRAMS,
        "verdict": _WORD,
    },
    "card": {
        "chat_id": _GONE,
        "subject": _WORD,
        "letter_id": _GONE,
    },
    "due": {
        "key": Rule(GONE, "what was to be done for them; others' keys hold numbers"),
        "kind": _WORD,
        "facts": Rule(EMPTIED, "what they had written to a group and did not leave"),
        "outcome": _WORD,
    },
    "inbox": {
        "update_id": Rule(KEPT, "Telegram's number of an update"),
        "lane": Rule(EMPTIED, "piece by piece, within seconds"),
        "kind": _WORD,
        "tap": Rule(KEPT, "Telegram's number of a tap"),
        "payload": Rule(EMPTIED, "piece by piece, within seconds"),
        "received": Rule(KEPT, "a moment"),
        "error": Rule(KEPT, "the kind of a failure, never its words"),
    },
    "audit": {
        "person_id": _NAMELESS,
        "action": _WORD,
        "subject": Rule(EMPTIED, "where it is about them"),
        "facts": Rule(EMPTIED, "where it is about them; numbers and states otherwise"),
    },
    "staff_group": {
        "chat_id": _TELEGRAMS,
        "title": _TEAM,
        "linked_by": _NAMELESS,
    },
}
"""By table and column: every key to a person, every text, every long number, every coordinate."""

NOBODYS: Final[dict[str, str]] = {
    "town": "the town's file",
    "territory": "the town's file",
    "category": "the town's file",
    "vote_option": "what a vote offers to everybody",
    "ballot": "secret: no row of it can be linked to who cast it, so none can be found to erase",
    "lease": "which process works now",
}
"""Tables that hold nothing of anybody, and why."""

OWN_CHAT: Final = (
    ("letter", "chat_id"),
    ("card", "chat_id"),
    ("conversation", "chat_id"),
    ("inbox", "lane"),
)
"""Where a person's Telegram number stands as the number of their chat."""

DORMANT: Final = "dormant"
"""The kind of the due row that forgets whoever was not seen for long."""

AFTERMATH: Final = "aftermath"
"""The kind of the due row that clears up after somebody was erased."""

JOBS_ABOUT: Final[dict[str, str]] = {
    "digest": "person",
    "figures": "person",
    DORMANT: "person",
    AFTERMATH: "person",
    "export": "person",
    "follow_up_later": "person",
    "held": "person",
    "draft_later": "person",
    "morning": "person",
    "news": "person",
    "ban_ends": "person",
    "dormant_scan": "nobody",
    "kept_ban": "nobody",
    "turn_over": "nobody",
    "follow_up": "report",
    "late": "report",
    "release": "person",
    "news_spreading": "event",
    "news_telling": "event",
    "group_write": "group",
    "staff_cards": "staff_group",
    "meeting_told": "meeting",
    "meeting_reminder": "meeting",
    "vote_close": "vote",
    "vote_tell": "vote",
    "call_roll": "call",
}
"""By kind of due row: what its subject is the number of."""

PERSONAL_JOBS: Final = tuple(
    kind for kind, about in JOBS_ABOUT.items() if about == "person" and kind != AFTERMATH
)

NO_CHAT: Final = 0
"""The chat that nobody has: what is kept for its numbers was once to somebody."""


def to_person(column: Column[Any]) -> bool:
    """Whether a column points at a person."""
    return any(key.column.table.name == "person" for key in column.foreign_keys)


def needs_rule(column: Column[Any]) -> bool:
    """Whether a column can point at a person or hold what they said or where they are."""
    return to_person(column) or isinstance(plain(column), String | JSON | BigInteger | Float)


def plain(column: Column[Any]) -> TypeEngine[Any]:
    """A column's type as the database has it, without what SQLModel puts round it."""
    kind = column.type
    return kind.impl_instance if isinstance(kind, TypeDecorator) else kind


def undeclared(table: Table) -> list[str]:
    """The columns of a table that need a rule and have none."""
    if table.name in NOBODYS:
        return [column.name for column in table.columns if to_person(column)]
    declared = RULES.get(table.name, {})
    return [c.name for c in table.columns if needs_rule(c) and c.name not in declared]
