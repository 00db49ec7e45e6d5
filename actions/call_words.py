"""How a call is told: to who receives it, and to who sent it, whose numbers always add up."""

from __future__ import annotations

from dataclasses import dataclass, field

from actions import audiences
from actions.act import Act
from actions.buttons import CallTap, Menu, Wish
from civic.audience import MUTED, NOT_AGREED, UNREACHABLE
from flows.phrase import N_, Phrase, count, lines, moment, say
from storage import parcel
from storage.call import AS_FILE, FINISHED, SENDING, STOPPED, Call
from storage.parcel import Parcel

SIGNED = N_("📢 {town}")
NO_MORE, MENU = N_("🔕 No more notices"), N_("Menu")
PREVIEW = N_("☝️ This is exactly what people will receive.")
FOR = N_("For: {audience}")
SEND, DISCARD, STOP = N_("📢 Send it"), N_("🗑 Discard it"), N_("✋ Stop")
STATES = {
    SENDING: N_("📢 Sending your call"),
    STOPPED: N_("✋ Your call was stopped"),
    FINISHED: N_("✅ Your call has ended"),
}
STOPPING = N_("✋ Stopping your call: only what was on its way still leaves")
ABOUT = N_("“{words}”")
BAR = N_("{bar} {percent}%")
SENT, LEFT = N_("Sent: {number}"), N_("Still to leave: {number}")
FAILED, UNCERTAIN = N_("Not delivered: {number}"), N_("Perhaps received: {number}")
SKIPPED, NOT_SENT = N_("Not written to: {number}"), N_("Stopped in time: {number}")
TOTAL = N_("In all: {number}")
REASON = N_("• {reason}: {number}")
STARTED, ENDED = N_("Begun on {when}"), N_("Ended on {when}")
DISCARDED = N_("Discarded: nobody was written to.")
ANOTHER_REASON = N_("another reason")
BLOCKED = N_("they blocked the bot")
NOT_REACHED = N_("Telegram no longer reaches them")
NOT_TAKEN = N_("Telegram did not take the message")
REASONS = {
    MUTED: N_("they want no notices"),
    UNREACHABLE: NOT_REACHED,
    NOT_AGREED: N_("they have not agreed to the privacy text"),
    "blocked": BLOCKED,
    "deactivated": N_("their account was closed"),
    "never_started": N_("they never wrote to the bot"),
    "chat_not_found": NOT_REACHED,
    "kicked": BLOCKED,
    "forbidden": BLOCKED,
    "bad_file": N_("the photo is no longer there"),
    "refused": NOT_TAKEN,
    "too_long": NOT_TAKEN,
    "cannot_be_made": NOT_TAKEN,
    "too_late": N_("it was tried for a day"),
}

CELLS = 10


@dataclass(slots=True)
class Tally:
    """What became of a call's people; `left` are still to leave, `waiting` not yet on the roll."""

    total: int = 0
    sent: int = 0
    uncertain: int = 0
    stopped: int = 0
    left: int = 0
    waiting: int = 0
    failed: dict[str, int] = field(default_factory=dict)
    skipped: dict[str, int] = field(default_factory=dict)

    @property
    def settled(self) -> int:
        """How many have had their last word."""
        ended = self.sent + self.uncertain + self.stopped
        return ended + sum(self.failed.values()) + sum(self.skipped.values())


def letter(act: Act, call: Call) -> Parcel:
    """The call as everybody receives it, and as it is previewed: one and the same."""
    file = call.photo or ""
    return parcel.message(
        lines([call.words, "", say(SIGNED, town=act.town.name)]),
        [
            [
                parcel.button(say(NO_MORE), Wish(what="nocalls", value="1").pack()),
                parcel.button(say(MENU), Menu(what="menu").pack()),
            ]
        ],
        photo=None if file.startswith(AS_FILE) else file,
        document=file.removeprefix(AS_FILE) if file.startswith(AS_FILE) else None,
    )


def control(act: Act, call: Call, willing: int, skipped: dict[str, int]) -> Parcel:
    """Under the preview: whom it would reach, whom not and why, and the last word."""
    assert call.id is not None
    parts: list[Phrase] = [
        say(PREVIEW),
        say(FOR, audience=audiences.describe(act, call.audience)),
        count(
            "<b>{count}</b> person will receive it.",
            "<b>{count}</b> people will receive it.",
            willing,
        ),
    ]
    if skipped:
        parts.append(say(SKIPPED, number=sum(skipped.values())))
        parts += _reasons(skipped)
    return parcel.message(
        lines(parts),
        [
            [
                parcel.button(say(SEND), CallTap(do="send", call=call.id).pack()),
                parcel.button(say(DISCARD), CallTap(do="discard", call=call.id).pack()),
            ]
        ],
    )


def status(act: Act, call: Call, tally: Tally) -> Parcel:
    """The one message that tells how a call goes; it is edited in place until it has ended."""
    assert call.id is not None
    state = STATES[call.state]
    if call.state == STOPPED and call.ended_at is None:
        state = STOPPING
    parts: list[Phrase] = [
        say(state),
        say(ABOUT, words=_short(call.words)),
        say(FOR, audience=audiences.describe(act, call.audience)),
        bar(tally.settled, tally.total),
        "",
        say(SENT, number=tally.sent),
    ]
    for key, number in (
        (UNCERTAIN, tally.uncertain),
        (LEFT, tally.left + tally.waiting),
        (NOT_SENT, tally.stopped),
    ):
        if number:
            parts.append(say(key, number=number))
    for key, reasons in ((FAILED, tally.failed), (SKIPPED, tally.skipped)):
        if reasons:
            parts.append(say(key, number=sum(reasons.values())))
            parts += _reasons(reasons)
    parts.append(say(TOTAL, number=tally.total))
    if call.ended_at is not None:
        parts += ["", say(ENDED, when=moment(call.ended_at))]
    elif call.started_at is not None:
        parts += ["", say(STARTED, when=moment(call.started_at))]
    buttons = None
    if call.state == SENDING and call.ended_at is None:
        buttons = [[parcel.button(say(STOP), CallTap(do="stop", call=call.id).pack())]]
    return parcel.message(lines(parts), buttons)


def bar(done: int, total: int) -> Phrase:
    """How far something is, drawn: ▓▓▓▓▓░░░░░ 52%; full only when nothing is left."""
    percent = 100 if total <= 0 else min(100, 100 * done // total)
    full = CELLS * percent // 100
    return say(BAR, bar="▓" * full + "░" * (CELLS - full), percent=percent)


def _reasons(reasons: dict[str, int]) -> list[Phrase]:
    merged: dict[str, int] = {}
    for name, number in reasons.items():
        key = REASONS.get(name, ANOTHER_REASON)
        merged[key] = merged.get(key, 0) + number
    ranked = sorted(merged.items(), key=lambda item: (-item[1], item[0]))
    return [say(REASON, reason=say(key), number=number) for key, number in ranked]


def _short(words: str, most: int = 80) -> str:
    one_line = " ".join(words.split())
    return one_line if len(one_line) <= most else one_line[: most - 1].rstrip() + "…"
