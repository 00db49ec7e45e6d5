"""How long letters are kept: a piece at a time, in the order of their numbers, so that no citizen
waits while a long table is looked through.

Emptied they are when they are sent; here goes what is left of them: that a chat was written to.
"""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import delete, select
from sqlmodel import Session

from storage.card import CARDS
from storage.letter import SENDING, TABLE


@dataclass(frozen=True, slots=True)
class Until:
    """Machine time (epoch s) before which what was settled is let go.

    `keys` is for letters that must not be owed twice, `lists` for cards that only show a list (a
    menu's page): somebody who never agreed to anything may have looked at one.
    """

    letters: float
    keys: float
    lists: float


@dataclass(slots=True)
class Piece:
    """What a piece of the table came to; `last` is where the next begins, None after the end."""

    forgotten: int = 0
    last: int | None = None


def forget_letters(session: Session, until: Until, after: int, most: int) -> Piece:
    """Look at the `most` letters numbered above `after` and forget those nobody needs.

    A call's letters stay with its numbers, and a card's as long as it is kept up to date.
    """
    rows = (
        session.connection()
        .execute(
            select(
                TABLE.c.id,
                TABLE.c.state,
                TABLE.c.settled,
                TABLE.c.dedupe,
                TABLE.c.call_id,
                CARDS.c.id.label("card"),
                CARDS.c.subject,
            )
            .select_from(TABLE.outerjoin(CARDS, CARDS.c.letter_id == TABLE.c.id))
            .where(TABLE.c.id > after)
            .order_by(TABLE.c.id)
            .limit(most)
        )
        .all()
    )
    letters, cards = [], []
    for row in rows:
        if row.state <= SENDING or row.settled is None or row.call_id is not None:
            continue
        if row.card is not None:
            # What is about something ("report:12") is kept up to date as long as that is there.
            if ":" in row.subject or row.settled >= until.lists:
                continue
            cards.append(row.card)
        if row.settled < (until.keys if row.dedupe else until.letters):
            letters.append(row.id)
    connection = session.connection()
    if cards:
        connection.execute(delete(CARDS).where(CARDS.c.id.in_(cards)))
    if letters:
        connection.execute(delete(TABLE).where(TABLE.c.id.in_(letters)))
    return Piece(len(letters), rows[-1].id if len(rows) == most else None)
