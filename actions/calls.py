"""A call for participation: every recipient ends sent, failed, skipped or uncertain, and they add
up. Stop means stop: only what is on its way still leaves.

The roll is written in pieces in order of person; each piece commits its letters with its rows, so
nobody is written to twice and nobody is forgotten, whenever the process ends.
"""

from __future__ import annotations

from actions import audiences
from actions import call_words as words
from actions.act import GESTOR, SYSTEM, Act, Refused, action
from actions.call_words import Tally
from flows.phrase import N_, say
from storage import call as calls
from storage import card as cards
from storage import due, parcel
from storage import letter as letters
from storage.call import AS_FILE, DRAFT, FINISHED, SENDING, STOPPED, Call
from storage.letter import Lane
from storage.person import Person

ROLL = "call_roll"
"""The kind of the due row that writes a call's roll."""
STOPPED_BEFORE = "stopped"
"""Why somebody whom the roll had not reached was not written to."""
PACE = 3.0
"""Machine seconds between two edits of a status message."""

NO_SUCH_CALL = N_("That call is no longer there.")
SENT_ALREADY = N_("That call was sent already.")
NOT_SENDING = N_("That call is not being sent any more.")
NO_WORDS = N_("A call needs some words.")


@action(GESTOR)
def compose(act: Act, *, said: str, photo: str | None, as_file: bool, audience: str) -> Call:
    """Keep a call as a draft and show it to who wrote it exactly as it will be received."""
    if not said.strip():
        raise Refused(say(NO_WORDS))
    whom = audiences.chosen(act, audience)
    call = Call(
        made_by=act.my_id,
        words=said,
        photo=AS_FILE + photo if photo and as_file else photo,
        audience=whom.as_json(),
        created_at=act.now,
    )
    act.session.add(call)
    act.session.flush()
    willing, skipped = audiences.tally(act, call.audience)
    chat_id = act.me.telegram_id
    act.turn.owe(chat_id, words.letter(act, call))
    act.turn.card(chat_id, subject(call), words.control(act, call, willing, skipped))
    act.audit("compose", f"call:{call.id}", willing=willing)
    return call


@action(GESTOR)
def send(act: Act, call_id: int) -> Call:
    """Send a call that was previewed; its roll is written by a job. Twice is once."""
    call = mine(act, call_id)
    if call.state != DRAFT:
        raise Refused(say(SENT_ALREADY))
    # Its group may have ended since the preview.
    audiences.chosen(act, audiences.value_of(call.audience))
    willing, skipped = audiences.tally(act, call.audience)
    call.state, call.started_at = SENDING, act.now
    call.total = willing + sum(skipped.values())
    act.session.flush()
    due.plan(act.session, f"{ROLL}:{call.id}", ROLL, call_id, act.now)
    act.audit("send", f"call:{call.id}", total=call.total)
    _show(act, call)
    return call


@action(GESTOR)
def discard(act: Act, call_id: int) -> None:
    """Let a draft go: nobody is written to, and nothing of it is kept."""
    call = mine(act, call_id)
    if call.state != DRAFT:
        raise Refused(say(SENT_ALREADY))
    act.turn.card(act.me.telegram_id, subject(call), parcel.message(say(words.DISCARDED)))
    act.session.delete(call)
    act.session.flush()
    act.audit("discard", f"call:{call_id}")


@action(GESTOR)
def stop(act: Act, call_id: int) -> Call:
    """Stop a call: only what is on its way still leaves. Any gestor may."""
    call = get(act, call_id)
    if call.state != SENDING or call.ended_at is not None:
        raise Refused(say(NOT_SENDING))
    call.state = STOPPED
    act.turn.flush()
    dropped = calls.drop_letters(act.session, call_id, act.turn.machine)
    act.session.flush()
    act.audit("stop", f"call:{call_id}", dropped=dropped)
    _show(act, call)
    return call


@action(SYSTEM)
def write_roll(act: Act, call_id: int, most: int) -> tuple[int | None, int]:
    """Write the next piece of a call's roll: where to go on (None: done), how many it wrote.

    Of a call that was stopped the rest is written too, each with that reason.
    """
    call = act.session.get(Call, call_id)
    if call is None or call.roll_done:
        return None, 0
    found = audiences.members(act, call.audience, call.roll_from, most)
    body = words.letter(act, call)
    rows: list[tuple[int, int | None, str | None]] = []
    for member in found:
        reason = member.skip()
        if call.state != SENDING:
            reason = reason or STOPPED_BEFORE
        letter_id = None
        if reason is None:
            letter_id = act.turn.owe(
                member.telegram_id,
                body,
                lane=Lane.CALL,
                dedupe=f"call:{call_id}:{member.person_id}",
                call_id=call_id,
            )
        rows.append((member.person_id, letter_id, reason))
    calls.write_roll(act.session, call_id, rows)
    if found:
        call.roll_from = found[-1].person_id
    if len(found) < most:
        call.roll_done = True
        call.total = calls.on_roll(act.session, call_id)
    act.session.flush()
    return (None if call.roll_done else call.roll_from), len(rows)


@action(SYSTEM)
def refresh(act: Act) -> int:
    """Bring the status of every call under way up to date, at its pace; how many changed."""
    going = calls.under_way(act.session)
    if going:
        # What this transaction owes already counts.
        act.turn.flush()
    changed = 0
    for call in going:
        outcomes = calls.outcomes(act.session, call.id or 0)
        if call.roll_done and not outcomes.get("owed") and not outcomes.get("sending"):
            if call.state == SENDING:
                call.state = FINISHED
            call.ended_at = act.now
            act.session.flush()
            numbers = tally(act, call)
            act.audit("end", f"call:{call.id}", total=numbers.total, sent=numbers.sent)
            _show(act, call)
            changed += 1
        elif _is_time(act, call):
            _show(act, call)
            changed += 1
    return changed


def tally(act: Act, call: Call) -> Tally:
    """What became of each of a call's people so far; the numbers add up to `total`."""
    assert call.id is not None
    outcomes = calls.outcomes(act.session, call.id)
    dropped = calls.reasons(act.session, call.id, letters.DROPPED)
    skipped = calls.skipped(act.session, call.id)
    stopped = dropped.pop("stopped", 0) + skipped.pop(STOPPED_BEFORE, 0)
    for reason, number in dropped.items():
        # Who asked for no more calls between the roll and the sending.
        skipped[reason] = skipped.get(reason, 0) + number
    found = Tally(
        sent=outcomes.get("sent", 0),
        uncertain=outcomes.get("uncertain", 0),
        stopped=stopped,
        left=outcomes.get("owed", 0) + outcomes.get("sending", 0),
        failed=calls.reasons(act.session, call.id, letters.FAILED)
        if outcomes.get("failed")
        else {},
        skipped=skipped,
    )
    counted = found.settled + found.left
    found.waiting = 0 if call.roll_done else max(0, call.total - counted)
    found.total = counted + found.waiting
    return found


def get(act: Act, call_id: int) -> Call:
    """A call by its number. Raises Refused when there is none."""
    # A forged tap may hold a number that no database can.
    call = act.session.get(Call, call_id) if 0 < call_id < 2**31 else None
    if call is None:
        raise Refused(say(NO_SUCH_CALL))
    return call


def mine(act: Act, call_id: int) -> Call:
    """A call that whoever acts wrote. Raises Refused for anybody else's."""
    call = get(act, call_id)
    if call.made_by != act.my_id:
        raise Refused(say(NO_SUCH_CALL))
    return call


def subject(call: Call) -> str:
    """The name of a call's card: its preview's buttons first, then its status."""
    return f"call:{call.id}"


def _show(act: Act, call: Call) -> None:
    maker = act.session.get(Person, call.made_by) if call.made_by else None
    if maker is not None:
        act.turn.flush()
        shown = words.status(act, call, tally(act, call))
        act.turn.card(maker.telegram_id, subject(call), shown)


def _is_time(act: Act, call: Call) -> bool:
    maker = act.session.get(Person, call.made_by) if call.made_by else None
    if maker is None:
        return False
    carrier = cards.letter_of(act.session, maker.telegram_id, subject(call))
    if carrier is None:
        return False
    waiting, last = letters.last_shown(act.session, maker.telegram_id, carrier)
    return not waiting and act.turn.machine - last >= PACE
