"""The front door: welcome, menu, help, language, consent and what people want to be told."""

from __future__ import annotations

from aiogram import F, Router
from aiogram.filters import Command, CommandObject, CommandStart
from aiogram.types import CallbackQuery, Message

import locales
from actions import people
from actions.act import Act
from actions.buttons import Consent, Draft, Language, Menu, Page, Wish
from flows.phrase import N_, Phrase, say
from handlers.desk import Desk
from handlers.doors import door, open_door
from handlers.talk import Talk, half_done
from storage import parcel
from storage.parcel import Buttons, Parcel

router = Router(name="start")
PRIVATE = F.chat.type == "private"

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
INVITE = N_("✉️ Invite")
HELP_TEXT = N_(
    "<b>How it works</b>\n"
    "/reportar: tell us of a problem, with a place and photos\n"
    "/misreportes: what became of yours\n"
    "/grupos: working groups and their meetings\n"
    "/votar: open votes\n"
    "/avisos: what you want to be told\n"
    "/idioma: another language\n"
    "/cancelar: leave what you are filling in"
)
EMERGENCY = N_("🚨 In an emergency do not write here: call <b>{number}</b>.")
CONTACT = N_("☎️ {name}: {phone}")
CHOOSE_LANGUAGE = N_("In which language shall we talk?")
LANGUAGE_SET = N_("Done: from now on we talk in English.")
CONSENT_ASK = N_("Before we keep anything you tell us, please read this:")
CONSENT_QUESTION = N_("Do you agree?")
AGREE, DECLINE = N_("I agree"), N_("Not now")
AGREED = N_("Thank you. You can change your mind whenever you like.")
DECLINED = N_("That is fine: nothing was kept. You may go on looking round.")
TEXT_CHANGED = N_("The text has changed since: please read it again.")
NOTHING_OPEN = N_("There is nothing to cancel.")
NOTICES_TEXT = N_("<b>What we tell you</b>\nTap to change it.")
CALLS_ON, CALLS_OFF = N_("✅ Calls to take part"), N_("⬜ Calls to take part")
REMINDERS_ON, REMINDERS_OFF = N_("✅ Reminders of meetings"), N_("⬜ Reminders of meetings")
MY_PLACE, NO_PLACE = N_("🏠 My barrio: {place}"), N_("🏠 Tell us your barrio")
CHOOSE_PLACE = N_("Which is your barrio? Calls and votes of your barrio will reach you.")
NO_BARRIO = N_("I would rather not say")
CALLS_STOPPED = N_("Done: no more calls. You can have them back with /avisos.")
SAVED = N_("Saved.")
DIGESTS = {
    "now": N_("New reports: at once"),
    "hourly": N_("New reports: every hour"),
    "daily": N_("New reports: every morning"),
}
NEXT_DIGEST = {"now": "hourly", "hourly": "daily", "daily": "now"}
OWN_NAMES = {"es": "Español", "en": "English", "pt_BR": "Português"}
BACK = N_("⬅️ Menu")
PLACES_A_PAGE = 12
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
        rows.append([menu_item(INVITE, "invite")])
        text.append(say(STAFF_TEXT))
    return parcel.message({"lines": text}, rows)


@door("menu")
def open_menu(act: Act, chat_id: int, about: str) -> None:
    act.turn.owe(chat_id, menu(act, greet=False))


@door("help")
def open_help(act: Act, chat_id: int, about: str) -> None:
    town = act.town
    parts: list[Phrase] = [say(HELP_TEXT)]
    if town.emergency:
        parts.append(say(EMERGENCY, number=town.emergency))
    parts += [
        say(CONTACT, name={"names": contact["name"]}, phone=contact["phone"])
        for contact in town.contacts
    ]
    act.turn.owe(chat_id, parcel.message({"lines": parts}, [[menu_item(BACK, "menu")]]))


@door("language")
def open_language(act: Act, chat_id: int, about: str) -> None:
    rows = [
        [parcel.button(OWN_NAMES[code], Language(code=code).pack())] for code in locales.LANGUAGES
    ]
    act.turn.owe(chat_id, parcel.message(say(CHOOSE_LANGUAGE), rows))


def ask_consent(act: Act, then: str) -> None:
    """Show the privacy text with its two answers, remembering what they were about to do."""
    town = act.town
    text = {"lines": [say(CONSENT_ASK), "", people.privacy_card(act), "", say(CONSENT_QUESTION)]}

    def tap(yes: bool) -> str:
        return Consent(yes=yes, version=town.privacy_version, then=then[:40]).pack()

    rows = [[parcel.button(say(AGREE), tap(True)), parcel.button(say(DECLINE), tap(False))]]
    act.turn.owe(act.actor.telegram_id, parcel.message(text, rows))


def notices(act: Act) -> Parcel:
    """What this person is told, each with its switch."""
    me = act.me
    place = act.town.territory(me.territory_id)
    rows: Buttons = [
        [
            parcel.button(
                say(CALLS_ON if me.calls else CALLS_OFF),
                Wish(what="calls", value="0" if me.calls else "1").pack(),
            )
        ],
        [
            parcel.button(
                say(REMINDERS_ON if me.reminders else REMINDERS_OFF),
                Wish(what="reminders", value="0" if me.reminders else "1").pack(),
            )
        ],
        [
            parcel.button(
                say(MY_PLACE, place=place.name) if place else say(NO_PLACE),
                Page(what="place", number=0).pack(),
            )
        ],
    ]
    if act.is_gestor():
        rows.append(
            [
                parcel.button(
                    say(DIGESTS[me.digest]),
                    Wish(what="digest", value=NEXT_DIGEST[me.digest]).pack(),
                )
            ]
        )
    rows.append([menu_item(BACK, "menu")])
    return parcel.message(say(NOTICES_TEXT), rows)


def places_page(act: Act, number: int) -> Parcel:
    """The barrios to choose from, a page of them; only the tree's leaves are barrios."""
    parents = {t.parent_id for t in act.town.territories}
    leaves = [t for t in act.town.territories if t.id not in parents]
    pages = max(1, -(-len(leaves) // PLACES_A_PAGE))
    number = min(max(number, 0), pages - 1)
    shown = leaves[number * PLACES_A_PAGE : (number + 1) * PLACES_A_PAGE]
    buttons = [parcel.button(t.name, Wish(what="place", value=str(t.id)).pack()) for t in shown]
    rows: Buttons = [buttons[i : i + 2] for i in range(0, len(buttons), 2)]
    if pages > 1:
        rows.append(turn_page("place", number, pages))
    rows.append([parcel.button(say(NO_BARRIO), Wish(what="place", value="0").pack())])
    return parcel.message(say(CHOOSE_PLACE), rows)


def turn_page(what: str, number: int, pages: int) -> list[dict[str, object]]:
    """The buttons to the pages on either side, where there are any."""
    row: list[dict[str, object]] = []
    if number > 0:
        row.append(parcel.button(say(PREVIOUS), Page(what=what, number=number - 1).pack()))
    if number < pages - 1:
        row.append(parcel.button(say(FOLLOWING), Page(what=what, number=number + 1).pack()))
    return row


@door("notices")
def open_notices(act: Act, chat_id: int, about: str) -> None:
    if not act.agreed():
        ask_consent(act, "notices")
        return
    act.turn.card(chat_id, "notices", notices(act), anew=True)


@router.message(CommandStart(), PRIVATE)
async def start(message: Message, desk: Desk, command: CommandObject) -> None:
    payload = (command.args or "").strip()[:64]

    def work(act: Act) -> None:
        if payload and payload.partition("-")[0] != "menu":
            open_door(act, desk.chat_id, payload)
            return
        act.turn.owe(desk.chat_id, menu(act, greet=True))
        talk = Talk(act, desk.chat_id)
        if talk.active is not None:
            act.turn.owe(desk.chat_id, half_done(talk.active))

    await desk.write(work, then=payload)


COMMANDS = {
    "menu": "menu",
    "ayuda": "help",
    "help": "help",
    "ajuda": "help",
    "idioma": "language",
    "language": "language",
    "avisos": "notices",
    "notices": "notices",
    "reportar": "report",
    "report": "report",
    "misreportes": "mine",
    "myreports": "mine",
    "meusrelatos": "mine",
    "grupos": "groups",
    "groups": "groups",
    "votar": "votes",
    "vote": "votes",
    "bandeja": "tray",
    "tray": "tray",
    "liderar": "lead",
    "invitar": "invite",
    "roles": "roles",
    "convocar": "call",
}
"""Every command that opens a door, in any of our languages."""


@router.message(Command(*COMMANDS), PRIVATE)
async def command(message: Message, desk: Desk, command: CommandObject) -> None:
    what = COMMANDS[command.command.lower()]
    about = (command.args or "").strip()[:40]
    payload = f"{what}-{about}" if about else what
    await desk.write(lambda act: open_door(act, desk.chat_id, payload), then=payload)


@router.message(Command("cancelar", "cancel"), PRIVATE)
async def cancel(message: Message, desk: Desk) -> None:
    def work(act: Act) -> None:
        if not Talk(act, desk.chat_id).go("cancel"):
            act.turn.owe(
                desk.chat_id, parcel.message(say(NOTHING_OPEN), [[menu_item(BACK, "menu")]])
            )

    await desk.write(work)


@router.callback_query(Menu.filter())
async def open_by_button(query: CallbackQuery, callback_data: Menu, desk: Desk) -> None:
    payload = f"{callback_data.what}-{callback_data.about}".rstrip("-")
    await desk.write(lambda act: open_door(act, desk.user_id, payload), then=payload)


@router.callback_query(Consent.filter())
async def consent(query: CallbackQuery, callback_data: Consent, desk: Desk) -> None:
    def work(act: Act) -> None:
        if not callback_data.yes:
            act.turn.owe(desk.user_id, parcel.message(say(DECLINED), [[menu_item(BACK, "menu")]]))
            return
        if act.agreed():
            act.turn.answer(say(SAVED))
            return
        if not people.agree(act, callback_data.version):
            act.turn.answer(say(TEXT_CHANGED))
            ask_consent(act, callback_data.then)
            return
        act.turn.answer(say(AGREED))
        open_door(act, desk.user_id, callback_data.then or "menu")

    await desk.write(work)


@router.callback_query(Language.filter())
async def language(query: CallbackQuery, callback_data: Language, desk: Desk) -> None:
    def work(act: Act) -> None:
        if callback_data.code not in locales.LANGUAGES:
            return
        people.choose_language(act, callback_data.code)
        act.turn.owe(desk.user_id, parcel.message(say(LANGUAGE_SET), [[menu_item(BACK, "menu")]]))

    await desk.write(work)


@router.callback_query(Draft.filter())
async def draft(query: CallbackQuery, callback_data: Draft, desk: Desk) -> None:
    def work(act: Act) -> None:
        talk = Talk(act, desk.user_id)
        if callback_data.do == "go_on":
            talk.go_on(callback_data.serial)
        else:
            talk.discard(callback_data.serial)

    await desk.write(work)


@router.callback_query(Page.filter(F.what == "place"))
async def page_of_places(query: CallbackQuery, callback_data: Page, desk: Desk) -> None:
    await desk.write(
        lambda act: act.turn.card(desk.user_id, "notices", places_page(act, callback_data.number))
    )


@router.callback_query(Wish.filter())
async def wish(query: CallbackQuery, callback_data: Wish, desk: Desk) -> None:
    def work(act: Act) -> None:
        wanted = callback_data.value == "1"
        if callback_data.what == "nocalls":
            # "No quiero más avisos" under a call: at once, whatever else is going on.
            people.set_calls(act, False)
            act.turn.answer(say(CALLS_STOPPED), alert=True)
            return
        if callback_data.what == "calls":
            people.set_calls(act, wanted)
        elif callback_data.what == "reminders":
            people.set_reminders(act, wanted)
        elif callback_data.what == "digest":
            people.set_digest(act, callback_data.value)
        elif callback_data.what == "place":
            number = int(callback_data.value) if callback_data.value.isdigit() else 0
            people.live_in(act, number or None)
        act.turn.answer(say(SAVED))
        act.turn.card(desk.user_id, "notices", notices(act))

    await desk.write(work, then="notices")


__all__ = ["ask_consent", "menu", "menu_item", "router", "turn_page"]
