"""Where others' letters and jobs mention somebody: found by names, words and files, and taken out.

A text too short to be anybody's alone is looked for nowhere.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import orjson
from sqlalchemy import String, cast, delete, literal_column, or_, select, update
from sqlmodel import Session

from storage import due, report
from storage.card import CARDS
from storage.letter import OWED, SENDING
from storage.letter import TABLE as LETTERS

TEAM_EVENTS = (
    report.ANSWER,
    report.QUESTION,
    report.NOTE,
    report.ASSIGNED,
    report.EXPECTED,
    report.MERGED,
    report.REDACTED,
    report.PRIVACY,
)
"""What only the team does: its words are the town's."""

INSTEAD = "…"
"""Stands where somebody's name was in another's words."""

SHORTEST_WORDS = 8
MOST_NEEDLES = 60

REPORTS: Any = report.Report.__table__  # type: ignore[attr-defined]
PHOTOS: Any = report.ReportPhoto.__table__  # type: ignore[attr-defined]
EVENTS: Any = report.ReportEvent.__table__  # type: ignore[attr-defined]
DUE: Any = due.Due.__table__  # type: ignore[attr-defined]


def needles(session: Session, person_id: int, names: Sequence[str]) -> list[str]:
    """By what a letter to somebody else is known to be about them: names, words, files."""
    connection = session.connection()
    found: list[str] = []
    mine = connection.execute(
        select(REPORTS.c.words, REPORTS.c.voice, REPORTS.c.address)
        .where(REPORTS.c.person_id == person_id)
        .order_by(REPORTS.c.id.desc())
        .limit(MOST_NEEDLES)
    )
    for words, voice, address in mine:
        found += [text for text in (words, address) if text]
        found += [voice["file_id"]] if voice else []
    found += connection.scalars(
        select(PHOTOS.c.file_id)
        .where(PHOTOS.c.person_id == person_id, PHOTOS.c.moment != report.AFTER)
        .order_by(PHOTOS.c.id.desc())
        .limit(MOST_NEEDLES)
    )
    found += connection.scalars(
        select(EVENTS.c.words)
        .where(
            EVENTS.c.person_id == person_id,
            EVENTS.c.words.is_not(None),
            EVENTS.c.kind.not_in(TEAM_EVENTS),
        )
        .order_by(EVENTS.c.id.desc())
        .limit(MOST_NEEDLES)
    )
    said = [words for words in dict.fromkeys(found) if len(words) >= SHORTEST_WORDS]
    return [*names, *said]


def take_out(session: Session, wanted: Sequence[str], telegram_id: int) -> None:
    """Letters to others that have not left, and what is still to be made of them: one that only
    hands on a file or a link of theirs goes, of another their name and words go."""
    connection = session.connection()
    texts = [orjson.dumps(needle).decode()[1:-1] for needle in wanted]
    for few in pieces(texts, 20):
        facts = cast(DUE.c.facts, String)
        for row in connection.execute(
            select(DUE.c.id, DUE.c.facts).where(
                DUE.c.done_at.is_(None), or_(*(facts.contains(t, autoescape=True) for t in few))
            )
        ).all():
            rewritten = _without(row.facts, wanted)
            connection.execute(update(DUE).where(DUE.c.id == row.id).values(facts=rewritten))
    texts.append(f'"person":{telegram_id}')
    body = cast(LETTERS.c.body, String)
    for few in pieces(texts, 20):
        rows = connection.execute(
            select(LETTERS.c.id, LETTERS.c.body).where(
                # In the words of the index of what is open.
                LETTERS.c.state <= literal_column(str(SENDING)),
                LETTERS.c.state == OWED,
                LETTERS.c.call_id.is_(None),
                LETTERS.c.chat_id != telegram_id,
                or_(*(body.contains(text, autoescape=True) for text in few)),
            )
        ).all()
        for row in rows:
            here = {row.body.get(name) for name in ("photo", "voice", "document", "person")}
            here |= set(row.body.get("photos", ()))
            if here & {*wanted, telegram_id}:
                connection.execute(delete(LETTERS).where(LETTERS.c.id == row.id))
                connection.execute(delete(CARDS).where(CARDS.c.letter_id == row.id))
            else:
                connection.execute(
                    update(LETTERS)
                    .where(LETTERS.c.id == row.id)
                    .values(body=_without(row.body, wanted))
                )


_OURS = frozenset({"kind", "key", "plural", "data", "url", "date", "time", "style"})
"""What in a letter is the program's own word, or a button's: never what somebody said."""


def _without(value: Any, wanted: Sequence[str]) -> Any:
    """The same JSON, needles replaced in every text that is a value."""
    if isinstance(value, dict):
        return {
            name: part if name in _OURS else _without(part, wanted) for name, part in value.items()
        }
    if isinstance(value, list):
        return [_without(part, wanted) for part in value]
    if isinstance(value, str):
        for needle in wanted:
            value = value.replace(needle, INSTEAD)
    return value


def pieces(values: Sequence[Any], most: int = 500) -> Iterator[Sequence[Any]]:
    """So many at a time: a database takes only so many values in one statement."""
    for start in range(0, len(values), most):
        yield values[start : start + most]
