"""What the courier does to letters: they are claimed before they leave, and marked with what became
of them; after a restart, what was under way is found.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import BigInteger, and_, bindparam, case, func, or_, select, update
from sqlmodel import Session, col

from storage.call import STOPPED, Call
from storage.letter import DROPPED, OWED, SENDING, SENT, TABLE
from storage.person import TABLE as PEOPLE

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


_ORIGINAL = TABLE.alias("original")
_CLAIMABLE = (
    select(
        TABLE.c.id,
        TABLE.c.chat_id,
        TABLE.c.lane,
        TABLE.c.edits,
        TABLE.c.body,
        func.coalesce(PEOPLE.c.language, TABLE.c.language).label("language"),
        (TABLE.c.attempts + 1).label("attempts"),
        _ORIGINAL.c.message_id.label("edits_message_id"),
        _ORIGINAL.c.state.label("edits_state"),
        TABLE.c.verdict,
    )
    .select_from(
        TABLE.outerjoin(PEOPLE, PEOPLE.c.telegram_id == TABLE.c.chat_id).outerjoin(
            _ORIGINAL, _ORIGINAL.c.id == TABLE.c.edits
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
    rows = session.connection().execute(_CLAIMABLE, {"ids": list(ids), "at": at})
    claimed = [dict(row._mapping) for row in rows]
    if claimed:
        session.connection().execute(_CLAIM, [{"row": c["id"], "at": at} for c in claimed])
    return claimed


# A group may have become a supergroup while it was on its way: there the number is another's.
_ITS_NUMBER = case(
    (TABLE.c.chat_id == bindparam("chat", type_=BigInteger), bindparam("message", type_=BigInteger))
)
_SENT = (
    update(TABLE)
    .where(TABLE.c.id == bindparam("row"))
    .values(
        state=SENT,
        message_id=_ITS_NUMBER,
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
    .values(state=SENT, message_id=_ITS_NUMBER, body=None)
)


def mark_sent(session: Session, rows: Sequence[tuple[int, int | None, int]], at: float) -> None:
    """(letter id, message id, the chat it went to) of what Telegram took; what they said is
    emptied."""
    session.connection().execute(
        _SENT,
        [
            {"row": letter, "message": message, "chat": chat, "at": at}
            for letter, message, chat in rows
        ],
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


def stand_in(session: Session, rows: Sequence[tuple[int, int, int]]) -> None:
    """(letter id, message id, its chat): the letter's message is gone, this one stands in its
    place."""
    session.connection().execute(
        _STAND_IN,
        [{"row": letter, "message": message, "chat": chat} for letter, message, chat in rows],
    )
