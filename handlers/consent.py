"""Consent: asked before the first thing is kept, and what was about to be done goes on after it."""

from __future__ import annotations

import re

from aiogram import Router
from aiogram.types import CallbackQuery

from actions import people
from actions.act import Act
from actions.buttons import Consent
from flows.phrase import N_, say
from handlers.desk import Desk
from handlers.doors import open_door
from handlers.half_done import half_done
from handlers.menu import BACK, menu_item
from handlers.talk import Talk
from storage import parcel

router = Router(name="consent")

CONSENT_ASK = N_("Before we keep anything you tell us, please read this:")
CONSENT_QUESTION = N_("Do you agree?")
AGREE, DECLINE = N_("I agree"), N_("Not now")
AGREED = N_("Thank you. You can change your mind whenever you like.")
DECLINED = N_("That is fine: nothing was kept. You may go on looking round.")
TEXT_CHANGED = N_("The text has changed since: please read it again.")


def ask_consent(act: Act, then: str, *, reply_to: int | None = None) -> None:
    """Show the privacy text with its two answers, remembering what they were about to do, and
    under which message of theirs it stands."""
    town = act.town
    text = {"lines": [say(CONSENT_ASK), "", people.privacy_card(act), "", say(CONSENT_QUESTION)]}

    def tap(yes: bool) -> str:
        return Consent(yes=yes, version=town.privacy_version, then=carried(then)).pack()

    rows = [[parcel.button(say(AGREE), tap(True)), parcel.button(say(DECLINE), tap(False))]]
    asked = parcel.message(text, rows)
    if reply_to is not None:
        asked["reply_to"] = reply_to
    act.turn.owe(act.actor.telegram_id, asked)


def agrees(act: Act, tapped: Consent, *, reply_to: int | None = None) -> bool:
    """Whether somebody who tapped "I agree" has agreed to the text as it is now, and is told so;
    else they are shown it again, remembering the same."""
    if not act.agreed() and not people.agree(act, tapped.version):
        act.turn.answer(say(TEXT_CHANGED))
        ask_consent(act, tapped.then, reply_to=reply_to)
        return False
    act.turn.answer(say(AGREED))
    return True


def carried(then: str) -> str:
    """What a button can carry of what they were about to do: its door alone, where the rest may
    not travel (typed words, too long)."""
    if re.fullmatch(r"[A-Za-z0-9_-]{0,40}", then):
        return then
    name = then.partition("-")[0]
    return name if re.fullmatch(r"[a-z0-9]{1,40}", name) else ""


@router.callback_query(Consent.filter())
async def consent(query: CallbackQuery, callback_data: Consent, desk: Desk) -> None:
    def work(act: Act) -> None:
        if not callback_data.yes:
            act.turn.owe(desk.user_id, parcel.message(say(DECLINED), [[menu_item(BACK, "menu")]]))
            return
        had_agreed = act.agreed()
        if not agrees(act, callback_data) or had_agreed:
            return
        left = Talk(act, desk.user_id).left
        if not callback_data.then and left is not None:
            # The text changed while they were filling something in: it is all there.
            act.turn.owe(desk.user_id, half_done(left))
            return
        open_door(act, desk.user_id, callback_data.then or "menu")

    await desk.write(work)
