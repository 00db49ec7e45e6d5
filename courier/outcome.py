"""What is written down about a letter after a try: decided here, applied in one transaction.

An uncertain reply is sent again, since silence is a dead end, a bounded number of times; an
uncertain reminder or call is not. What changes nothing when repeated is simply repeated.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlmodel import Session

from courier.sender import ASKS, REPEATABLE, Sent
from courier.verdict import Fate, Verdict
from courier.window import Pick
from storage import delivery, group, inbox, letter, person, staff
from storage.letter import FAILED, OWED, SENT, UNCERTAIN, Lane

# Machine seconds before the next try; the last one goes on, for about a day in all.
PAUSES = (1.0, 5.0, 30.0, 60.0)
MOST_ATTEMPTS = 1440
MOST_UNSURE = 3
_UNSURE = "unsure:"


@dataclass(frozen=True, slots=True)
class Mark:
    """A letter's new state (OWED: again, `wait` seconds from now) and what goes with it."""

    pick: Pick
    state: int
    verdict: str = ""
    wait: float = 0.0
    message_id: int | None = None
    # Where the message went, which may be another chat by now.
    chat_id: int = 0
    # The letter whose message is now this one's.
    stands_for: int | None = None
    gone: bool = False
    moved_to: int | None = None
    answer: dict[str, Any] | None = None


def pause(attempts: int) -> float:
    """Seconds to wait after so many tries."""
    return PAUSES[min(max(attempts, 1), len(PAUSES)) - 1]


def again(pick: Pick, row: dict[str, Any], verdict: str, wait: float) -> Mark:
    """The letter is owed once more; how often it was unsure is not forgotten."""
    before = row.get("verdict") or ""
    return Mark(pick, OWED, before if before.startswith(_UNSURE) else verdict, wait)


def decide(pick: Pick, row: dict[str, Any], verdict: Verdict, sent: Sent | None) -> Mark:
    """What becomes of a claimed letter (a row of delivery.claim) after one try."""
    body = row["body"] or {}
    kind = body.get("kind")
    asks = kind in ASKS
    if verdict.fate is Fate.SENT:
        sent = sent or Sent()
        return Mark(
            pick,
            SENT,
            message_id=sent.message_id,
            chat_id=row["chat_id"],
            stands_for=row["edits"] if sent.instead else None,
            answer={"about": body["about"], **sent.answer} if sent.answer else None,
        )
    if verdict.fate is Fate.AGAIN and not (asks and verdict.moved_to):
        return _later(pick, row, verdict)
    if verdict.fate is Fate.UNSURE:
        if kind in REPEATABLE:
            return _later(pick, row, verdict)
        times = _times_unsure(row)
        if row["lane"] != Lane.REPLY or times >= MOST_UNSURE:
            return Mark(pick, UNCERTAIN, verdict.name)
        return Mark(pick, OWED, f"{_UNSURE}{times + 1}", pause(times + 1))
    return _failed(pick, body, verdict.name, gone=verdict.gone and not asks)


def _later(pick: Pick, row: dict[str, Any], verdict: Verdict) -> Mark:
    if verdict.moved_to is not None:
        return Mark(pick, OWED, verdict.name, moved_to=verdict.moved_to)
    if row["attempts"] >= MOST_ATTEMPTS:
        return _failed(pick, row["body"] or {}, "too_late")
    if verdict.seconds:
        return again(pick, row, verdict.name, verdict.seconds)
    # While the line is down the courier itself waits, and this letter is the first to be tried.
    return again(pick, row, verdict.name, 0.0 if verdict.line else pause(row["attempts"]))


def _failed(pick: Pick, body: dict[str, Any], name: str, *, gone: bool = False) -> Mark:
    answer = None
    if body.get("kind") in ASKS:
        answer = {"about": body["about"], "error": name}
    return Mark(pick, FAILED, name, gone=gone and pick.chat_id > 0, answer=answer)


def _times_unsure(row: dict[str, Any]) -> int:
    before = row.get("verdict") or ""
    return int(before.removeprefix(_UNSURE)) if before.startswith(_UNSURE) else 0


def write(session: Session, marks: Sequence[Mark], at: float) -> None:
    """Apply marks, at machine time `at` (epoch s), in the caller's transaction. An answer that a
    letter asked for goes into the inbox in the same one."""
    sent = [(m.pick.letter_id, m.message_id, m.chat_id) for m in marks if m.state == SENT]
    if sent:
        delivery.mark_sent(session, sent, at)
    settled = [(m.pick.letter_id, m.state, m.verdict) for m in marks if m.state in _SETTLED]
    if settled:
        delivery.mark_settled(session, settled, at)
    retried = [(m.pick.letter_id, at + m.wait, m.verdict) for m in marks if m.state == OWED]
    if retried:
        delivery.mark_again(session, retried, at)
    stand_ins = [
        (m.stands_for, m.message_id, m.chat_id)
        for m in marks
        if m.stands_for is not None and m.message_id is not None
    ]
    if stand_ins:
        delivery.stand_in(session, stand_ins)
    gone = [m.pick.chat_id for m in marks if m.gone]
    if gone:
        person.mark_unreachable(session, gone)
    for mark in marks:
        if mark.moved_to is not None:
            letter.move_chat(session, mark.pick.chat_id, mark.moved_to)
            group.move_telegram(session, mark.pick.chat_id, mark.moved_to)
            staff.move(session, mark.pick.chat_id, mark.moved_to)
    answers = [
        inbox.Arrival(
            # Telegram's own numbers are positive: a letter's answer never meets one.
            update_id=-mark.pick.letter_id,
            lane=mark.pick.chat_id,
            kind="answer",
            tap=None,
            payload={"answer": mark.answer},
        )
        for mark in marks
        if mark.answer is not None
    ]
    if answers:
        inbox.keep(session, answers, at)


_SETTLED = (FAILED, UNCERTAIN)


def recover(session: Session, at: float) -> dict[str, int]:
    """After a crash: what was under way is owed again, or uncertain. Returns how many of each.

    A reply that was under way too often (it may be what ends the process) is uncertain too.
    """
    owed, uncertain = [], []
    for row in delivery.left_sending(session):
        times = _times_unsure(row)
        if (row["body"] or {}).get("kind") in REPEATABLE:
            owed.append((row["id"], 0.0, row["verdict"] or "crash"))
        elif row["lane"] == Lane.REPLY and times < MOST_UNSURE:
            owed.append((row["id"], 0.0, f"{_UNSURE}{times + 1}"))
        else:
            uncertain.append((row["id"], UNCERTAIN, "crash"))
    if owed:
        delivery.mark_again(session, owed, at)
    if uncertain:
        delivery.mark_settled(session, uncertain, at)
    return {"again": len(owed), "uncertain": len(uncertain)}
