"""How the house itself is doing, for its admins: numbers and kinds of failures, nobody's words."""

from __future__ import annotations

from actions.act import ADMIN, Act, require
from flows.phrase import N_, Phrase, count, say
from handlers.doors import door
from handlers.menu import BACK, menu_item
from storage import inbox, parcel
from storage.letter import Lane

STATUS = N_("<b>How the bot is doing</b>")
NOTHING_ASIDE = N_("✅ Every message that arrived was attended to.")
ROW = N_("• {kind}: {error} (number {update})")
SET_ASIDE = N_(
    "⚠️ A message could not be attended to and was set aside: {kind}, {error}. "
    "Whoever sent it was told. See /estado."
)
MOST_SHOWN = 15


@door("status")
def open_status(act: Act, chat_id: int, about: str) -> None:
    require(act, ADMIN)
    act.turn.owe(chat_id, status(act))


def status(act: Act) -> parcel.Parcel:
    """What was set aside, the newest first."""
    rows = inbox.set_aside_rows(act.session, 1000)
    parts: list[Phrase] = [say(STATUS)]
    if not rows:
        parts.append(say(NOTHING_ASIDE))
    else:
        parts.append(
            count(
                N_("⚠️ {count} message was set aside:"),
                N_("⚠️ {count} messages were set aside:"),
                len(rows),
            )
        )
    parts += [
        say(ROW, kind=kind, error=error or "", update=str(number))
        for number, kind, error in rows[:MOST_SHOWN]
    ]
    return parcel.message({"lines": parts}, [[menu_item(BACK, "menu")]])


def tell_admins(act: Act, kind: str, error: str) -> None:
    """Tell every admin that something was set aside, once an hour for the same kind of failure."""
    hour = act.now.strftime("%Y%m%d%H")
    for admin in sorted(act.world.admins):
        act.turn.owe_once(
            admin,
            parcel.message(say(SET_ASIDE, kind=kind, error=error)),
            dedupe=f"aside:{admin}:{kind}:{error}:{hour}",
            lane=Lane.REMINDER,
        )
