"""One turn of the house: what was read, what is owed and the moment, all in one transaction.

A turn touches only its session, so it can run again from the start; what it owes and what it
wants done right after the commit are thrown away with it when it fails.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Executable
from sqlmodel import Session

from flows.phrase import N_, Phrase, say
from storage import card as cards
from storage import delivery
from storage import letter as letters
from storage.letter import Lane
from storage.parcel import Parcel, as_edit, message

FURTHER_DOWN = N_("⬇️ You will find this further down.")


@dataclass(slots=True)
class Ledger:
    """What a transaction has gathered so far; the writer owns one a batch."""

    next_letter: Callable[[], int]
    pending: list[dict[str, Any]] = field(default_factory=list)
    flushed: list[dict[str, Any]] = field(default_factory=list)
    replaced: list[int] = field(default_factory=list)
    done: list[int] = field(default_factory=list)
    # Statements that several turns of the batch run, each with its row: run once, with all rows.
    shared: dict[Executable, list[dict[str, Any]]] = field(default_factory=dict)


@dataclass(slots=True)
class Toast:
    """The short answer to a tap, shown over the chat and remembered by nobody."""

    text: Phrase
    alert: bool = False


class Turn:
    """The session, the moment (town time, aware UTC) and the letters owed.

    `machine` is the machine's time in epoch seconds, for pacing only. `again` is true when the
    database failed while this turn was being committed: it may have been applied already, and
    whoever would mind looks first.
    """

    __slots__ = ("_ledger", "again", "language", "machine", "now", "session", "toast")

    def __init__(
        self,
        session: Session,
        ledger: Ledger,
        now: datetime,
        machine: float,
        *,
        again: bool = False,
    ) -> None:
        self.session = session
        self.now = now
        self.machine = machine
        self.again = again
        self.toast: Toast | None = None
        # The language of whoever speaks, for people we do not know yet.
        self.language: str | None = None
        self._ledger = ledger

    def owe(
        self,
        chat_id: int,
        parcel: Parcel,
        *,
        lane: Lane = Lane.REPLY,
        dedupe: str | None = None,
        edits: int | None = None,
        call_id: int | None = None,
    ) -> int:
        """Owe one message; returns the letter's number. `dedupe` must be new (see owe_once).

        A group's is in the town's language, whoever speaks there.
        """
        number = self._ledger.next_letter()
        self._ledger.pending.append(
            {
                "id": number,
                "chat_id": chat_id,
                "lane": int(lane),
                "state": letters.OWED,
                "dedupe": dedupe,
                "edits": edits,
                "call_id": call_id,
                "body": parcel,
                "language": self.language if chat_id > 0 else None,
                "attempts": 0,
                "not_before": 0.0,
            }
        )
        return number

    def owe_once(
        self, chat_id: int, parcel: Parcel, *, dedupe: str, lane: Lane = Lane.REMINDER
    ) -> int | None:
        """Owe a message unless one with this key was owed before; None when it was."""
        self.flush()
        if letters.known_dedupes(self.session, [dedupe]):
            return None
        return self.owe(chat_id, parcel, lane=lane, dedupe=dedupe)

    def card(
        self,
        chat_id: int,
        subject: str,
        parcel: Parcel,
        *,
        anew: bool = False,
        lane: Lane = Lane.REPLY,
    ) -> int:
        """Bring a card up to date: edit the message that stands, or send the first one.

        While the newest version has not left, its body is replaced and nothing more is owed.
        `anew` sends a new message at the bottom of the chat, which carries the card from then on.
        What is about something ("report:12") stands once in a chat: the message that carried it
        says that it is further down.
        """
        self.flush()
        carrier = cards.letter_of(self.session, chat_id, subject)
        if carrier is None or anew:
            number = self.owe(chat_id, parcel, lane=lane)
            cards.point(self.session, chat_id, subject, number)
            if carrier is not None and ":" in subject:
                self._leave_behind(chat_id, carrier)
            return number
        number = self.replace(chat_id, carrier, parcel, lane=lane)
        if number != carrier:
            # The one that carried it never arrived: a new message does from now on.
            cards.point(self.session, chat_id, subject, number)
        return number

    def _leave_behind(self, chat_id: int, letter_id: int) -> None:
        """A message carries its card no more: what it said is not left standing twice."""
        standing = letters.by_id(self.session, letter_id)
        if standing is None:
            return
        if standing["state"] == letters.OWED:
            delivery.mark_settled(
                self.session, [(letter_id, letters.DROPPED, "replaced")], self.machine
            )
        elif standing["state"] in (letters.SENDING, letters.SENT):
            self.owe(chat_id, as_edit(message(say(FURTHER_DOWN)), or_nothing=True), edits=letter_id)

    def replace(
        self, chat_id: int, letter_id: int, parcel: Parcel, *, lane: Lane = Lane.REPLY
    ) -> int:
        """Put this in place of what a letter said, left or not; returns the carrier."""
        self.flush()
        if letters.replace_body(self.session, letter_id, parcel):
            self._ledger.replaced.append(letter_id)
            return letter_id
        edit = as_edit(parcel)
        waiting = letters.owed_edit(self.session, chat_id, letter_id)
        if waiting is not None and letters.replace_body(self.session, waiting, edit):
            self._ledger.replaced.append(waiting)
            return letter_id
        standing = letters.by_id(self.session, letter_id)
        if standing is None or standing["state"] in (
            letters.FAILED,
            letters.UNCERTAIN,
            letters.DROPPED,
        ):
            return self.owe(chat_id, parcel, lane=lane)
        self.owe(chat_id, edit, edits=letter_id, lane=lane)
        return letter_id

    def owes(self, chat_id: int) -> bool:
        """Whether this batch owes a chat anything so far: a message or an edit of one."""
        ledger = self._ledger
        return any(row["chat_id"] == chat_id for row in (*ledger.pending, *ledger.flushed))

    def answer(self, text: Phrase, *, alert: bool = False) -> None:
        """What the tapped button answers, right after the commit."""
        self.toast = Toast(text, alert)

    def share(self, statement: Executable, row: dict[str, Any]) -> None:
        """Run a statement together with other turns' rows, before the commit or at a flush.

        For what every turn writes and hardly one of the same batch reads: one call for all costs
        a fraction of one for each. Whoever reads such rows asks `waits` first.
        """
        self._ledger.shared.setdefault(statement, []).append(row)

    def waits(self, statement: Executable, name: str, value: Any) -> bool:
        """Whether a turn of this batch, this one or another, has shared such a row: who reads it
        calls `flush` first."""
        return any(row[name] == value for row in self._ledger.shared.get(statement, ()))

    def flush(self) -> None:
        """Write what is owed so far, so that this transaction can read it."""
        self.session.flush()
        for statement, rows in self._ledger.shared.items():
            self.session.connection().execute(statement, rows)
        self._ledger.shared.clear()
        if self._ledger.pending:
            letters.insert(self.session, self._ledger.pending)
            self._ledger.flushed.extend(self._ledger.pending)
            self._ledger.pending = []

    def done(self, update_id: int) -> None:
        """This turn applies that update: marked in the same transaction."""
        self._ledger.done.append(update_id)
