"""The menu: everything this person can do here, as it stands now, and the way back to it."""

from __future__ import annotations

from actions.act import Act
from actions.buttons import Menu, Page
from flows.phrase import N_, Phrase, say
from handlers.doors import door
from storage import parcel
from storage.parcel import Buttons, Parcel

WELCOME = N_("Hello{name}! I am the neighbours' assistant of <b>{town}</b>.")
WHAT_I_DO = N_(
    "You can report a problem, join a working group and vote, right here. What shall we do?"
)
MENU_TEXT = N_("What shall we do?")
STAFF_TEXT = N_("You also have the team's tools below.")
LEADER_TEXT = N_("You lead a group: its tools are below.")
REPORT, MY_REPORTS = N_("📣 Report a problem"), N_("🗂 My reports")
GROUPS, VOTES = N_("👥 Working groups"), N_("🗳 Votes")
NOTICES, HELP = N_("🔔 Notices"), N_("ℹ️ Help")
MY_GROUPS, TRAY = N_("🧭 My groups to lead"), N_("📥 Open reports")
NEW_CALL, NEW_VOTE, NEW_GROUP = N_("📢 New call"), N_("🗳 New vote"), N_("👥 New group")
INVITE, FIGURES = N_("✉️ Invite"), N_("📊 Figures")
BACK = N_("⬅️ Menu")
PREVIOUS, FOLLOWING = N_("◀️ Previous"), N_("Next ▶️")


def menu_item(label: str, what: str, about: str = "") -> dict[str, object]:
    """A button that opens a door."""
    return parcel.button(say(label), Menu(what=what, about=about).pack())


def menu(act: Act, *, greet: bool) -> Parcel:
    """Everything this person can do here, as it stands now."""
    rows: Buttons = [
        [menu_item(REPORT, "report"), menu_item(MY_REPORTS, "mine")],
        [menu_item(GROUPS, "groups"), menu_item(VOTES, "votes")],
        [menu_item(NOTICES, "notices"), menu_item(HELP, "help")],
    ]
    text: list[Phrase] = [say(MENU_TEXT)]
    if greet:
        name = f", {act.actor.name}" if act.actor.name else ""
        welcome = act.town.welcome
        text = [say(WELCOME, name=name, town=act.town.name)]
        text.append({"names": welcome} if welcome else say(WHAT_I_DO))
    if act.led_groups():
        rows.append([menu_item(MY_GROUPS, "lead")])
        text.append(say(LEADER_TEXT))
    if act.is_gestor():
        rows.append([menu_item(TRAY, "tray"), menu_item(NEW_CALL, "call")])
        rows.append([menu_item(NEW_VOTE, "newvote"), menu_item(NEW_GROUP, "newgroup")])
        rows.append([menu_item(INVITE, "invite"), menu_item(FIGURES, "figures")])
        text.append(say(STAFF_TEXT))
    return parcel.message({"lines": text}, rows)


def turn_page(what: str, number: int, pages: int) -> list[dict[str, object]]:
    """The buttons to the pages on either side, where there are any."""
    row: list[dict[str, object]] = []
    if number > 0:
        row.append(parcel.button(say(PREVIOUS), Page(what=what, number=number - 1).pack()))
    if number < pages - 1:
        row.append(parcel.button(say(FOLLOWING), Page(what=what, number=number + 1).pack()))
    return row


@door("menu")
def open_menu(act: Act, chat_id: int, about: str) -> None:
    act.turn.owe(chat_id, menu(act, greet=False))
