"""The front door: /start with what a link names, every command, help, language, and drafts."""

from __future__ import annotations

from aiogram import Router
from aiogram.filters import Command, CommandObject, CommandStart
from aiogram.types import CallbackQuery, Message

import locales
from actions import people
from actions.act import Act
from actions.buttons import Draft, Language, Menu
from flows.phrase import N_, Phrase, say
from handlers.consent import ask_consent
from handlers.desk import Desk
from handlers.doors import door, open_door
from handlers.half_done import half_done
from handlers.menu import BACK, menu, menu_item
from handlers.shapes import PRIVATE
from handlers.talk import Talk
from storage import parcel

router = Router(name="start")

HELP_TEXT = N_(
    "<b>How it works</b>\n"
    "/reportar: tell us of a problem, with a place and photos\n"
    "/misreportes: what became of yours\n"
    "/reporte and a code: what became of any report\n"
    "/grupos: working groups and their meetings\n"
    "/votar: open votes\n"
    "/avisos: what you want to be told\n"
    "/misdatos: what we keep about you, to take out or erase\n"
    "/idioma: another language\n"
    "/cancelar: leave what you are filling in"
)
TEAM_HELP = N_(
    "<b>For the team</b>\n"
    "/bandeja: the queue of reports\n"
    "/equipo: the team's own chat\n"
    "/cifras: figures of a period\n"
    "/exportar: reports as a file\n"
    "/convocar: a call to take part\n"
    "/invitar: give somebody a role\n"
    "/roles: who has which role\n"
    "/vetos: who may not write"
)
EMERGENCY = N_("🚨 In an emergency do not write here: call <b>{number}</b>.")
CONTACT = N_("☎️ {name}: {phone}")
CHOOSE_LANGUAGE = N_("In which language shall we talk?")
LANGUAGE_SET = N_("Done: from now on we talk in English.")
NOTHING_OPEN = N_("There is nothing to cancel.")
OWN_NAMES = {"es": "Español", "en": "English", "pt_BR": "Português"}


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
    if act.is_gestor():
        parts += ["", say(TEAM_HELP)]
    act.turn.owe(chat_id, parcel.message({"lines": parts}, [[menu_item(BACK, "menu")]]))


@door("language")
def open_language(act: Act, chat_id: int, about: str) -> None:
    rows = [
        [parcel.button(OWN_NAMES[code], Language(code=code).pack())] for code in locales.LANGUAGES
    ]
    act.turn.owe(chat_id, parcel.message(say(CHOOSE_LANGUAGE), rows))


@router.message(CommandStart(ignore_case=True), PRIVATE)
async def start(message: Message, desk: Desk, command: CommandObject) -> None:
    payload = (command.args or "").strip()[:64]

    def work(act: Act) -> None:
        if payload and payload.partition("-")[0] != "menu":
            open_door(act, desk.chat_id, payload)
            return
        act.turn.owe(desk.chat_id, menu(act, greet=True))
        left = Talk(act, desk.chat_id).left
        if left is not None:
            act.turn.owe(desk.chat_id, half_done(left))

    await desk.write(work, then=payload)


COMMANDS = {
    "menu": "menu",
    "ayuda": "help",
    "help": "help",
    "ajuda": "help",
    "idioma": "language",
    "language": "language",
    "misdatos": "mydata",
    "mydata": "mydata",
    "meusdados": "mydata",
    "avisos": "notices",
    "notices": "notices",
    "reportar": "report",
    "report": "report",
    "reporte": "r",
    "relato": "r",
    "lookup": "r",
    "misreportes": "mine",
    "myreports": "mine",
    "meusrelatos": "mine",
    "grupos": "groups",
    "groups": "groups",
    "votar": "votes",
    "vote": "votes",
    "bandeja": "tray",
    "tray": "tray",
    "vetos": "bans",
    "bans": "bans",
    "liderar": "lead",
    "equipo": "team",
    "team": "team",
    "equipe": "team",
    "invitar": "invite",
    "invite": "invite",
    "convidar": "invite",
    "roles": "roles",
    "estado": "status",
    "status": "status",
    "convocar": "call",
    "exportar": "export",
    "export": "export",
    "cifras": "figures",
    "figures": "figures",
    "numeros": "figures",
}
"""Every command that opens a door, in any of our languages."""


@router.message(Command(*COMMANDS, ignore_case=True), PRIVATE)
async def command(message: Message, desk: Desk, command: CommandObject) -> None:
    what = COMMANDS[command.command.casefold()]
    about = (command.args or "").strip()[:40]
    payload = f"{what}-{about}" if about else what
    await desk.write(lambda act: open_door(act, desk.chat_id, payload), then=payload)


@router.message(Command("cancelar", "cancel", ignore_case=True), PRIVATE)
async def cancel(message: Message, desk: Desk) -> None:
    def work(act: Act) -> None:
        talk = Talk(act, desk.chat_id)
        if talk.go("cancel"):
            return
        nothing = parcel.message(say(NOTHING_OPEN), [[menu_item(BACK, "menu")]])
        act.turn.owe(desk.chat_id, half_done(talk.left) if talk.left else nothing)

    await desk.write(work)


@router.callback_query(Menu.filter())
async def open_by_button(query: CallbackQuery, callback_data: Menu, desk: Desk) -> None:
    payload = f"{callback_data.what}-{callback_data.about}".rstrip("-")
    await desk.write(lambda act: open_door(act, desk.user_id, payload), then=payload)


@door("lang")
def speak(act: Act, chat_id: int, code: str) -> None:
    """Another language from now on; what is open was asked in the other one, and is offered."""
    if code not in locales.LANGUAGES:
        open_language(act, chat_id, "")
        return
    people.choose_language(act, code)
    if act.actor.person_id is None:
        # To remember it is to keep something: permission is asked in the language they chose.
        ask_consent(act, f"lang-{code}")
        return
    act.turn.owe(chat_id, parcel.message(say(LANGUAGE_SET), [[menu_item(BACK, "menu")]]))
    left = Talk(act, chat_id).left
    if left is not None:
        act.turn.owe(chat_id, half_done(left))


@router.callback_query(Language.filter())
async def language(query: CallbackQuery, callback_data: Language, desk: Desk) -> None:
    await desk.write(lambda act: speak(act, desk.user_id, callback_data.code))


@router.callback_query(Draft.filter())
async def draft(query: CallbackQuery, callback_data: Draft, desk: Desk) -> None:
    def work(act: Act) -> None:
        talk = Talk(act, desk.user_id)
        if callback_data.do == "go_on":
            talk.go_on(callback_data.serial)
        else:
            talk.discard(callback_data.serial)

    await desk.write(work)
