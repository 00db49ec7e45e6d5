"""Calls in chat: written by a flow, seen exactly as received, sent or discarded, and stopped."""

from __future__ import annotations

from typing import Any

from aiogram import F, Router
from aiogram.types import CallbackQuery

import locales
from actions import audiences, calls
from actions.act import GESTOR, Act, Refused, require
from actions.buttons import CallTap
from flows.call import Call as CallFlow
from flows.phrase import N_, say
from flows.values import Picture
from handlers.desk import Desk
from handlers.doors import door, number_in
from handlers.registration import About, Ending, Handed, register
from handlers.talk import Talk
from handlers.votes import link_to
from storage.vote import Vote

router = Router(name="calls")

SENDING = N_("It is on its way.")
STOPPED = N_("Stopped: only what was on its way still leaves.")
VOTE_OVER = N_("That vote has closed already.")
COME_AND_VOTE = N_("🗳 {question}\n\nIt is decided together. Vote here: {link}")


def hand_audiences(act: Act, about: About) -> Handed:
    return Handed(lists={"audiences": audiences.options(act)})


def finish_call(act: Act, about: About, record: CallFlow) -> Ending:
    pictures: tuple[Picture, ...] = tuple(record.photo or ())
    picture = pictures[0] if pictures else None
    calls.compose(
        act,
        said=record.text,
        photo=picture.file_id if picture else None,
        as_file=picture is not None and picture.kind == "document",
        audience=record.audience,
    )
    return Ending(silent=True)


register(CallFlow, finish_call, hand_audiences, GESTOR)


@door("call")
def open_call(act: Act, chat_id: int, about: str) -> None:
    """Write a call; "v3" begins one that announces the vote 3."""
    require(act, GESTOR)
    prefilled: dict[str, Any] | None = None
    vote = act.session.get(Vote, number_in(about[1:])) if about.startswith("v") else None
    if vote is not None:
        if vote.closed_at is not None:
            raise Refused(say(VOTE_OVER))
        invitation = say(COME_AND_VOTE, question=vote.question, link=link_to(act, vote))
        # A call has one text for all: the town's language.
        text = locales.sentence(invitation, act.town.language, act.town.zone, markup=False)
        prefilled = {"text": text, "audience": audiences.value_of(vote.audience)}
    Talk(act, chat_id).begin("call", prefilled=prefilled)


@router.callback_query(CallTap.filter(F.do == "send"))
async def send(query: CallbackQuery, callback_data: CallTap, desk: Desk) -> None:
    def work(act: Act) -> None:
        calls.send(act, callback_data.call)
        act.turn.answer(say(SENDING))

    await desk.write(work)


@router.callback_query(CallTap.filter(F.do == "discard"))
async def discard(query: CallbackQuery, callback_data: CallTap, desk: Desk) -> None:
    await desk.write(lambda act: calls.discard(act, callback_data.call))


@router.callback_query(CallTap.filter(F.do == "stop"))
async def stop(query: CallbackQuery, callback_data: CallTap, desk: Desk) -> None:
    def work(act: Act) -> None:
        calls.stop(act, callback_data.call)
        act.turn.answer(say(STOPPED), alert=True)

    await desk.write(work)
