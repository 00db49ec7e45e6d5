"""aiogram: the shape of an update decides which handler awaits its one write.

Order matters: answers to an open flow first, since they are most of what arrives; then commands
and buttons by their type; last what nobody has taken.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import TYPE_CHECKING, Any

from aiogram import Dispatcher

from actions.act import system_act
from actions.world import World
from flows.phrase import N_, Phrase, say
from handlers import (
    asked,
    bans,
    calls,
    casework,
    casework_forms,
    chat,
    consent,
    correcting,
    expected,
    exports,
    figures,
    follow_ups,
    follows,
    group_chats,
    groups,
    meetings,
    my_data,
    my_reports,
    notices,
    offers,
    originals,
    quiet_hours,
    reports,
    roles,
    staff_group,
    start,
    status,
    templates,
    tray,
    votes,
)
from storage import inbox, parcel
from storage.turn import Turn

if TYPE_CHECKING:
    from collections.abc import Sequence

COMMAND_MENU: Sequence[tuple[str, Phrase]] = (
    ("reportar", say(N_("Report a problem"))),
    ("misreportes", say(N_("What became of my reports"))),
    ("reporte", say(N_("What became of a report, by its code"))),
    ("grupos", say(N_("Working groups and meetings"))),
    ("votar", say(N_("Open votes"))),
    ("avisos", say(N_("What I want to be told"))),
    ("misdatos", say(N_("What you keep about me"))),
    ("ayuda", say(N_("Help and emergency number"))),
    ("idioma", say(N_("Language"))),
    ("cancelar", say(N_("Leave what I am filling in"))),
)
"""The commands Telegram shows, with what each does."""

ROUTED = (
    chat,
    start,
    offers,
    asked,
    consent,
    follows,
    quiet_hours,
    notices,
    reports,
    my_reports,
    follow_ups,
    casework,
    tray,
    correcting,
    expected,
    templates,
    bans,
    originals,
    groups,
    meetings,
    votes,
    calls,
    group_chats,
    staff_group,
    roles,
    exports,
    my_data,
)
"""In the order in which they are asked: what people do most comes first."""

# These open by their doors alone, or are forms that others open.
_ = (casework_forms, figures, status)


@cache
def dispatcher() -> Dispatcher:
    """The one dispatcher of this process: it holds no state, everything comes with the desk."""
    root = Dispatcher(disable_fsm=True)
    for module in ROUTED:
        root.include_router(module.router)
    root.include_router(chat.lost)
    return root


def give_up(world: World) -> Callable[[Any, Turn], None]:
    """What is said of an update that is set aside: to who sent it, and to the admins."""

    def say_sorry(held: Any, turn: Turn) -> None:
        if held.lane > 0:
            turn.owe(held.lane, parcel.message(say(chat.SORRY)))
        why = inbox.why_aside(turn.session, held.update_id)
        if why is not None:
            status.tell_admins(system_act(turn, world), *why)

    return say_sorry
