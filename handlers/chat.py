"""What people send between buttons: an answer to the flow that is open, something to tell, or a
way back to the menu.

Anything a chat can carry gets an answer; what is no question of ours is never a dead end.
"""

from __future__ import annotations

from aiogram import Router
from aiogram.types import CallbackQuery, ChatMemberUpdated, Message

from actions.act import Act
from actions.buttons import FlowTap
from flows.given import Edited
from flows.phrase import N_, say
from handlers.asked import ask_if_answer, replied
from handlers.desk import Desk
from handlers.half_done import half_done
from handlers.menu import menu
from handlers.messages import given_of, is_service
from handlers.offers import offer
from handlers.shapes import COMMAND, NO_COMMAND, PRIVATE
from handlers.talk import OLD_BUTTON, Talk
from storage.letter import Lane

router = Router(name="chat")
lost = Router(name="lost")
"""What nobody else has taken."""

NOT_UNDERSTOOD = N_("I did not understand that. These are the things I can do:")
UNKNOWN_COMMAND = N_("I do not know that command. These are the things I can do:")
SORRY = N_(
    "Something went wrong on our side with what you just sent. The team knows. Please try again."
)


@router.callback_query(FlowTap.filter())
async def tapped(query: CallbackQuery, callback_data: FlowTap, desk: Desk) -> None:
    await desk.write(lambda act: Talk(act, desk.user_id).tap(callback_data.token))


@lost.callback_query()
async def unknown_button(query: CallbackQuery, desk: Desk) -> None:
    """A button no handler takes: forged, or of a version long gone."""
    await desk.write(lambda act: act.turn.answer(say(OLD_BUTTON)))


@lost.message(PRIVATE, COMMAND)
async def unknown_command(message: Message, desk: Desk) -> None:
    def work(act: Act) -> None:
        answer = menu(act, greet=False)
        answer["text"] = say(UNKNOWN_COMMAND)
        act.turn.owe(desk.chat_id, answer)

    await desk.write(work)


@router.message(PRIVATE, NO_COMMAND)
async def said(message: Message, desk: Desk) -> None:
    if is_service(message):
        return
    given = given_of(message)

    def work(act: Act) -> None:
        talk = Talk(act, desk.chat_id)
        if replied(act, talk, message.reply_to_message, given) or talk.give(given):
            return
        if ask_if_answer(act, given) or offer(act, desk.chat_id, given):
            return
        if talk.left is not None:
            act.turn.owe(desk.chat_id, half_done(talk.left))
            return
        answer = menu(act, greet=False)
        answer["text"] = say(NOT_UNDERSTOOD)
        if message.media_group_id is None:
            act.turn.owe(desk.chat_id, answer)
        else:
            # Ten photos at once that nobody asked for are answered once.
            album = f"album:{desk.chat_id}:{message.media_group_id}"
            act.turn.owe_once(desk.chat_id, answer, dedupe=album, lane=Lane.REPLY)

    await desk.write(work)


@router.edited_message(PRIVATE)
async def edited(message: Message, desk: Desk) -> None:
    given = Edited(given_of(message))
    await desk.write(lambda act: Talk(act, desk.chat_id).give(given))


@router.my_chat_member(PRIVATE)
async def reach(update: ChatMemberUpdated, desk: Desk) -> None:
    """Blocked or unblocked: known at once, so that no call waits for a refusal."""
    reachable = update.new_chat_member.status not in {"kicked", "left"}

    def work(act: Act) -> None:
        if act.actor.person is not None:
            act.actor.person.reachable = reachable
            act.session.flush()

    await desk.write(work)
