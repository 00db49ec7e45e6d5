"""A letter is one message owed to one chat; what becomes of it is always written down.

owed -> sending -> sent | failed | uncertain; or owed -> dropped (stopped before it left).
A letter holds keys, values and buttons; its body is emptied once it is sent.
"""

from __future__ import annotations

from collections.abc import Sequence
from enum import IntEnum
from functools import lru_cache
from typing import Any

from sqlalchemy import JSON as Json
from sqlalchemy import (
    BigInteger,
    Column,
    Index,
    Integer,
    Select,
    and_,
    bindparam,
    func,
    literal_column,
    or_,
    select,
    update,
)
from sqlmodel import Field, Session, SQLModel, col

from storage import card
from storage.database import BIG_KEY

OWED, SENDING, SENT, FAILED, UNCERTAIN, DROPPED = range(6)
STATE_NAMES = ("owed", "sending", "sent", "failed", "uncertain", "dropped")


class Lane(IntEnum):
    """Who leaves first when the token's budget is short."""

    REPLY = 0
    REMINDER = 1
    CALL = 2


class Letter(SQLModel, table=True):
    """`not_before`, `claimed`, `settled` are machine time (epoch s); `body` is a parcel."""

    __tablename__ = "letter"
    __table_args__ = (
        Index(
            "letter_open",
            "lane",
            "id",
            sqlite_where=Column("state") <= SENDING,
            postgresql_where=Column("state") <= SENDING,
        ),
        Index("letter_chat", "chat_id", "id"),
        Index("letter_call", "call_id", "state"),
    )

    id: int = Field(sa_column=Column(BIG_KEY, primary_key=True, autoincrement=False))
    chat_id: int = Field(sa_column=Column(BigInteger, nullable=False))
    lane: int = Field(default=Lane.REPLY)
    state: int = OWED
    # Never owed twice: a reminder's or a call's own name for this recipient.
    dedupe: str | None = Field(default=None, unique=True)
    # An edit names the letter whose message it replaces.
    edits: int | None = Field(default=None, sa_column=Column(BigInteger, nullable=True))
    call_id: int | None = Field(default=None, sa_column=Column(Integer, nullable=True))
    body: dict[str, Any] | None = Field(
        default=None, sa_column=Column(Json(none_as_null=True), nullable=True)
    )
    # Used when the recipient is nobody we know yet; a known person's own language wins.
    language: str | None = None
    attempts: int = 0
    not_before: float = 0.0
    claimed: float | None = None
    settled: float | None = None
    message_id: int | None = Field(default=None, sa_column=Column(BigInteger, nullable=True))
    # A verdict's name, never Telegram's text with somebody's words in it.
    verdict: str | None = None


TABLE = Letter.__table__  # type: ignore[attr-defined]

# What has not left yet, in the very words of the partial index: a bound value would hide it.
_OPEN = TABLE.c.state <= literal_column(str(SENDING))


def last_id(session: Session) -> int:
    """The highest letter number so far; the one writer counts on from it."""
    return session.connection().scalar(select(func.coalesce(func.max(TABLE.c.id), 0))) or 0


def insert(session: Session, rows: Sequence[dict[str, Any]]) -> None:
    """Store owed letters; rows have every column of a new letter (see Turn.owe)."""
    session.connection().execute(TABLE.insert(), rows)


def known_dedupes(session: Session, keys: Sequence[str]) -> set[str]:
    """Which of these were owed already."""
    return set(session.connection().scalars(select(TABLE.c.dedupe).where(TABLE.c.dedupe.in_(keys))))


_CLAIM = (
    update(TABLE)
    .where(TABLE.c.id == bindparam("row"), TABLE.c.state == OWED)
    .values(state=SENDING, claimed=bindparam("at"), attempts=TABLE.c.attempts + 1)
)
_COLUMNS = (
    TABLE.c.id,
    TABLE.c.chat_id,
    TABLE.c.lane,
    TABLE.c.state,
    TABLE.c.edits,
    TABLE.c.body,
    TABLE.c.language,
    TABLE.c.attempts,
    TABLE.c.not_before,
)


@lru_cache(maxsize=1)
def _claimable() -> Select[Any]:
    # Made once: putting it together costs more than running it does.
    from storage.person import TABLE as PEOPLE

    original = TABLE.alias("original")
    return (
        select(
            TABLE.c.id,
            TABLE.c.chat_id,
            TABLE.c.lane,
            TABLE.c.edits,
            TABLE.c.body,
            func.coalesce(PEOPLE.c.language, TABLE.c.language).label("language"),
            (TABLE.c.attempts + 1).label("attempts"),
            original.c.message_id.label("edits_message_id"),
            original.c.state.label("edits_state"),
            TABLE.c.verdict,
        )
        .select_from(
            TABLE.outerjoin(PEOPLE, PEOPLE.c.telegram_id == TABLE.c.chat_id).outerjoin(
                original, original.c.id == TABLE.c.edits
            )
        )
        .where(
            TABLE.c.id.in_(bindparam("ids", expanding=True)),
            # A claim whose commit was in doubt runs again and finds its own mark.
            or_(
                TABLE.c.state == OWED,
                and_(TABLE.c.state == SENDING, TABLE.c.claimed == bindparam("at")),
            ),
        )
        .order_by(TABLE.c.id)
    )


def claim(session: Session, ids: Sequence[int], at: float) -> list[dict[str, Any]]:
    """Move owed letters to sending; return those still owed, with what is needed to send them.

    Each row: id, chat_id, lane, edits, body, language (the recipient's, or the letter's hint, or
    None), attempts (this one included), edits_message_id and edits_state (of the letter whose
    message an edit replaces), verdict (of the try before).
    Commit before sending.
    """
    rows = session.connection().execute(_claimable(), {"ids": list(ids), "at": at})
    claimed = [dict(row._mapping) for row in rows]
    if claimed:
        session.connection().execute(_CLAIM, [{"row": c["id"], "at": at} for c in claimed])
    return claimed


_SENT = (
    update(TABLE)
    .where(TABLE.c.id == bindparam("row"))
    .values(
        state=SENT,
        message_id=bindparam("message"),
        settled=bindparam("at"),
        body=None,
        verdict=None,
    )
)
_SETTLED = (
    update(TABLE)
    .where(TABLE.c.id == bindparam("row"))
    .values(state=bindparam("to"), verdict=bindparam("why"), settled=bindparam("at"), body=None)
)
_AGAIN = (
    update(TABLE)
    .where(TABLE.c.id == bindparam("row"))
    .values(state=OWED, not_before=bindparam("when"), verdict=bindparam("why"))
)

_STAND_IN = (
    update(TABLE)
    # What became of a call's recipient stays as it was told.
    .where(TABLE.c.id == bindparam("row"), TABLE.c.call_id.is_(None))
    .values(state=SENT, message_id=bindparam("message"), body=None)
)


def mark_sent(session: Session, rows: Sequence[tuple[int, int | None]], at: float) -> None:
    """(letter id, message id) pairs that Telegram took; what they said is emptied."""
    session.connection().execute(
        _SENT, [{"row": letter, "message": message, "at": at} for letter, message in rows]
    )


def mark_settled(session: Session, rows: Sequence[tuple[int, int, str]], at: float) -> None:
    """(letter id, FAILED | UNCERTAIN | DROPPED, verdict's name): nothing more will be tried."""
    session.connection().execute(
        _SETTLED, [{"row": i, "to": state, "why": why, "at": at} for i, state, why in rows]
    )


def mark_again(session: Session, rows: Sequence[tuple[int, float, str]], at: float) -> None:
    """(letter id, not before this machine time (epoch s), verdict's name): owed once more.

    But for a call's that was stopped, or muted by who it is for, while it was on its way: it is
    dropped at machine time `at` (epoch s).
    """
    from storage.call import STOPPED, Call
    from storage.person import TABLE as PEOPLE

    connection = session.connection()
    connection.execute(_AGAIN, [{"row": i, "when": when, "why": why} for i, when, why in rows])
    of_a_call = and_(
        TABLE.c.id.in_([row[0] for row in rows]),
        TABLE.c.call_id.is_not(None),
        TABLE.c.state == OWED,
    )
    stopped = select(col(Call.id)).where(col(Call.state) == STOPPED)
    muted = select(PEOPLE.c.telegram_id).where(
        PEOPLE.c.telegram_id == TABLE.c.chat_id, PEOPLE.c.calls.is_(False)
    )
    for why, gone in (("stopped", TABLE.c.call_id.in_(stopped)), ("muted", muted.exists())):
        connection.execute(
            update(TABLE)
            .where(of_a_call, gone)
            .values(state=DROPPED, verdict=why, settled=at, body=None)
        )


def open_rows(session: Session, lane: int, after: int, most: int) -> list[dict[str, Any]]:
    """Letters owed or left in sending, oldest first, from number `after` on: for a restart."""
    rows = session.connection().execute(
        select(*_COLUMNS)
        .where(TABLE.c.state <= SENDING, TABLE.c.lane == lane, TABLE.c.id > after)
        .order_by(TABLE.c.id)
        .limit(most)
    )
    return [dict(row._mapping) for row in rows]


def left_sending(session: Session) -> list[dict[str, Any]]:
    """Letters that were under way when the process ended: id, lane, body, verdict."""
    rows = session.connection().execute(
        select(TABLE.c.id, TABLE.c.lane, TABLE.c.body, TABLE.c.verdict)
        # Said twice, since SQLite takes the index of what is open only for its own condition.
        .where(TABLE.c.state <= SENDING, TABLE.c.state == SENDING)
        .order_by(TABLE.c.lane, TABLE.c.id)
    )
    return [dict(row._mapping) for row in rows]


def stand_in(session: Session, rows: Sequence[tuple[int, int]]) -> None:
    """(letter id, message id): the letter's message is gone, this one stands in its place."""
    session.connection().execute(
        _STAND_IN, [{"row": letter, "message": message} for letter, message in rows]
    )


def drop_call(session: Session, call_id: int, at: float) -> int:
    """Stop means stop: every letter of a call that has not left is dropped. Returns how many."""
    result = session.connection().execute(
        update(TABLE)
        .where(TABLE.c.call_id == call_id, TABLE.c.state == OWED)
        .values(state=DROPPED, verdict="stopped", settled=at, body=None)
    )
    return result.rowcount


def drop_calls_to(session: Session, chat_id: int, at: float) -> int:
    """They want no calls: those owed to this chat that have not left are dropped. How many."""
    result = session.connection().execute(
        update(TABLE)
        .where(
            TABLE.c.chat_id == chat_id,
            TABLE.c.call_id.is_not(None),
            TABLE.c.state == OWED,
        )
        .values(state=DROPPED, verdict="muted", settled=at, body=None)
    )
    return result.rowcount


def reasons(session: Session, call_id: int, state: int) -> dict[str, int]:
    """How many of a call's letters in a state carry each verdict's name."""
    rows = session.connection().execute(
        select(TABLE.c.verdict, func.count())
        .where(TABLE.c.call_id == call_id, TABLE.c.state == state)
        .group_by(TABLE.c.verdict)
    )
    return {str(verdict or ""): number for verdict, number in rows}


def drop_named(session: Session, prefix: str, at: float) -> int:
    """What has not left and whose dedupe key begins so is dropped: it no longer holds."""
    result = session.connection().execute(
        update(TABLE)
        .where(
            _OPEN,
            TABLE.c.state == OWED,
            TABLE.c.dedupe.startswith(prefix, autoescape=True),
        )
        .values(state=DROPPED, verdict="stopped", settled=at, body=None)
    )
    return result.rowcount


def drop_to(session: Session, chat_id: int, at: float) -> int:
    """A chat is to hear nothing more: what has not left for it is dropped. Returns how many."""
    result = session.connection().execute(
        update(TABLE)
        .where(TABLE.c.chat_id == chat_id, TABLE.c.state == OWED)
        .values(state=DROPPED, verdict="stopped", settled=at, body=None)
    )
    return result.rowcount


def outcomes(session: Session, call_id: int) -> dict[str, int]:
    """How many of a call's letters are in each state, by name."""
    rows = session.connection().execute(
        select(TABLE.c.state, func.count())
        .where(TABLE.c.call_id == call_id)
        .group_by(TABLE.c.state)
    )
    return {STATE_NAMES[state]: number for state, number in rows}


def by_id(session: Session, letter_id: int) -> dict[str, Any] | None:
    """A letter's id, state, chat_id and message_id."""
    row = (
        session.connection()
        .execute(
            select(TABLE.c.id, TABLE.c.state, TABLE.c.chat_id, TABLE.c.message_id).where(
                TABLE.c.id == letter_id
            )
        )
        .first()
    )
    return dict(row._mapping) if row else None


def replace_body(session: Session, letter_id: int, body: dict[str, Any]) -> bool:
    """Give an unsent letter its newest version; False when it has left already."""
    result = session.connection().execute(
        update(TABLE).where(TABLE.c.id == letter_id, TABLE.c.state == OWED).values(body=body)
    )
    return result.rowcount == 1


def owed_edit(session: Session, chat_id: int, letter_id: int) -> int | None:
    """The letter that is to edit this one's message and has not left yet, if there is one."""
    return session.connection().scalar(
        select(TABLE.c.id)
        # The chat's index leads to the few letters since; nothing else knows of edits.
        .where(
            TABLE.c.chat_id == chat_id,
            TABLE.c.id > letter_id,
            TABLE.c.edits == letter_id,
            TABLE.c.state == OWED,
        )
        .order_by(TABLE.c.id.desc())
        .limit(1)
    )


def last_shown(session: Session, chat_id: int, letter_id: int) -> tuple[bool, float]:
    """Of a card's letter and its edits: is one still to leave, and when was the last settled?

    Machine time (epoch s), 0.0 when none was.
    """
    rows = session.connection().execute(
        select(TABLE.c.state, TABLE.c.settled).where(
            TABLE.c.chat_id == chat_id,
            TABLE.c.id >= letter_id,
            or_(TABLE.c.id == letter_id, TABLE.c.edits == letter_id),
        )
    )
    found = [(state, settled) for state, settled in rows]
    return (
        any(state <= SENDING for state, _ in found),
        max((settled for _, settled in found if settled is not None), default=0.0),
    )


def move_chat(session: Session, old: int, new: int) -> None:
    """A group became a supergroup: its letters and cards go along, those not sent yet as well.

    There messages are numbered from 1 again. What has a number of before has none from now on, so
    that nothing new is taken for it: a card is sent anew when it next changes. Doing it twice is
    doing it once.
    """
    connection = session.connection()
    waiting = connection.execute(
        select(TABLE.c.id, TABLE.c.body).where(TABLE.c.chat_id == old, _OPEN)
    ).all()
    for row in waiting:
        named = {"reply_to", "message_id"} & set(row.body or ())
        if named:
            body = {name: value for name, value in row.body.items() if name not in named}
            connection.execute(update(TABLE).where(TABLE.c.id == row.id).values(body=body))
    connection.execute(
        update(TABLE).where(TABLE.c.chat_id == old).values(chat_id=new, message_id=None)
    )
    card.move(session, old, new)
