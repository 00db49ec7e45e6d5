"""Where others' letters and jobs mention somebody: found by names, words and files, and taken out.

A text too short to be anybody's alone is looked for nowhere. What is on its way may come back and
leave again: it is rewritten as if it had not left.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import orjson
from sqlalchemy import (
    ColumnElement,
    String,
    cast,
    delete,
    func,
    literal_column,
    or_,
    select,
    update,
)
from sqlmodel import Session

from civic import naming
from storage import due, report, report_event
from storage.card import CARDS
from storage.letter import OWED, SENDING
from storage.letter import TABLE as LETTERS
from storage.personal import AFTERMATH

TEAM_EVENTS = (
    report_event.ANSWER,
    report_event.QUESTION,
    report_event.NOTE,
    report_event.ASSIGNED,
    report_event.EXPECTED,
    report_event.MERGED,
    report_event.REDACTED,
    report_event.PRIVACY,
    report_event.CATEGORIZED,
    report_event.LOCATED,
)
"""What only the team does: its words are the town's."""

INSTEAD = "…"
"""Stands where somebody's name was in another's words."""

SHORTEST_WORDS = 8
MOST_NEEDLES = 1000
"""Of their newest reports, pictures and events each."""

REPORTS: Any = report.Report.__table__  # type: ignore[attr-defined]
PHOTOS: Any = report.ReportPhoto.__table__  # type: ignore[attr-defined]
EVENTS: Any = report_event.ReportEvent.__table__  # type: ignore[attr-defined]
DUE: Any = due.Due.__table__  # type: ignore[attr-defined]


_OURS = frozenset({"kind", "key", "plural", "data", "url", "date", "time", "style"})
"""What in a letter is the program's own word, or a button's: never what somebody said."""


@dataclass(frozen=True, slots=True)
class Needles:
    """By what something is known to be about somebody: their names, and what they gave."""

    names: Sequence[str]
    said: Sequence[str]

    def missing(self, value: Any) -> Any:
        """The same JSON without them, in every text that is a value."""
        return self._without(value, naming.pattern(self.names))

    def _without(self, value: Any, found: re.Pattern[str] | None) -> Any:
        if isinstance(value, dict):
            return {
                name: part if name in _OURS else self._without(part, found)
                for name, part in value.items()
            }
        if isinstance(value, list):
            return [self._without(part, found) for part in value]
        if not isinstance(value, str):
            return value
        if value in self.names:
            return INSTEAD
        # First what they said, which may hold their name.
        for needle in self.said:
            value = value.replace(needle, INSTEAD)
        return found.sub(INSTEAD, value) if found is not None else value

    def in_text(self, text: Any) -> list[ColumnElement[bool]]:
        """Conditions each of which may hold where JSON, as text, has one of them."""
        found = [func.lower(text).like(naming.roughly(name)) for name in self.names]
        return found + [
            text.contains(orjson.dumps(needle).decode()[1:-1], autoescape=True)
            for needle in self.said
        ]


def needles(session: Session, person_id: int, names: Sequence[str]) -> Needles:
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
    return Needles(names, said)


def take_out(session: Session, wanted: Needles, telegram_id: int) -> None:
    """Letters to others that have not arrived, and what is still to be made of them: one that only
    hands on a file or a link of theirs goes, of another their name and words go."""
    connection = session.connection()
    for few in pieces(wanted.in_text(cast(DUE.c.facts, String)), 20):
        # What clears up after somebody else has to know their names until it is done.
        others = DUE.c.kind != AFTERMATH
        query = select(DUE.c.id, DUE.c.facts).where(DUE.c.done_at.is_(None), others, or_(*few))
        for row in connection.execute(query).all():
            rewritten = wanted.missing(row.facts)
            connection.execute(update(DUE).where(DUE.c.id == row.id).values(facts=rewritten))
    body = cast(LETTERS.c.body, String)
    link = body.contains(f'"person":{telegram_id}', autoescape=True)
    for few in pieces([*wanted.in_text(body), link], 20):
        rows = connection.execute(
            select(LETTERS.c.id, LETTERS.c.body).where(
                # In the words of the index of what is open.
                LETTERS.c.state <= literal_column(str(SENDING)),
                LETTERS.c.state.in_((OWED, SENDING)),
                LETTERS.c.call_id.is_(None),
                LETTERS.c.chat_id != telegram_id,
                or_(*few),
            )
        ).all()
        for row in rows:
            here = {row.body.get(name) for name in ("photo", "voice", "document", "person")}
            here |= set(row.body.get("photos", ()))
            if here & {*wanted.said, telegram_id}:
                connection.execute(delete(LETTERS).where(LETTERS.c.id == row.id))
                connection.execute(delete(CARDS).where(CARDS.c.letter_id == row.id))
            else:
                connection.execute(
                    update(LETTERS)
                    .where(LETTERS.c.id == row.id)
                    .values(body=wanted.missing(row.body))
                )


def pieces(values: Sequence[Any], most: int = 500) -> Iterator[Sequence[Any]]:
    """So many at a time: a database takes only so many values in one statement."""
    for start in range(0, len(values), most):
        yield values[start : start + most]
