"""A plain aiogram bot, with its own polling and its own FSM, holds a conversation here."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest
from aiogram import Bot, Dispatcher, F
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.telegram import TelegramAPIServer
from aiogram.exceptions import TelegramBadRequest, TelegramForbiddenError, TelegramRetryAfter
from aiogram.filters import Command, CommandStart
from aiogram.filters.command import CommandObject
from aiogram.fsm.context import FSMContext
from aiogram.fsm.state import State, StatesGroup
from aiogram.types import (
    BufferedInputFile,
    CallbackQuery,
    ChatJoinRequest,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    KeyboardButton,
    MediaUnion,
    Message,
    ReplyKeyboardMarkup,
    ReplyKeyboardRemove,
)

from simulator import Person, Simulator
from simulator.samples import picture
from tests.simulator.conftest import TOKEN


class Report(StatesGroup):
    """The questions of the little bot."""

    words = State()
    place = State()
    photo = State()


def dispatcher() -> Dispatcher:
    """What the little bot does."""
    dp = Dispatcher()

    @dp.message(CommandStart())
    async def start(message: Message, command: CommandObject, state: FSMContext) -> None:
        await state.set_state(Report.words)
        button = InlineKeyboardButton(text="Cancelar", callback_data="cancel")
        await message.answer(
            f"<b>Hola</b> {command.args or ''}. ¿Qué pasa?",
            parse_mode="HTML",
            reply_markup=InlineKeyboardMarkup(inline_keyboard=[[button]]),
        )

    @dp.message(Command("album"))
    async def album(message: Message, bot: Bot) -> None:
        from aiogram.utils.media_group import MediaGroupBuilder

        builder = MediaGroupBuilder(caption="dos")
        for number in range(2):
            builder.add_photo(BufferedInputFile(picture("tree", number), f"{number}.png"))
        # The builder's list is of fewer kinds than may be sent, so it is no list of all of them.
        media: list[MediaUnion] = [*builder.build()]
        await message.answer_media_group(media)

    @dp.callback_query(F.data == "cancel")
    async def cancel(query: CallbackQuery, state: FSMContext) -> None:
        await state.clear()
        await query.answer("Cancelado", show_alert=True)
        assert isinstance(query.message, Message)
        await query.message.edit_text("Nada guardado.")

    @dp.message(Report.words, F.text)
    async def words(message: Message, state: FSMContext) -> None:
        await state.update_data(words=message.text)
        await state.set_state(Report.place)
        key = KeyboardButton(text="Mi lugar", request_location=True)
        await message.answer("¿Dónde?", reply_markup=ReplyKeyboardMarkup(keyboard=[[key]]))

    @dp.message(Report.place, F.location)
    async def place(message: Message, state: FSMContext) -> None:
        await state.set_state(Report.photo)
        await message.answer("¿Una foto?", reply_markup=ReplyKeyboardRemove())

    @dp.message(Report.photo, F.photo)
    async def photo(message: Message, state: FSMContext, bot: Bot) -> None:
        assert message.photo
        content = await bot.download(message.photo[-1])
        assert content is not None
        data = await state.get_data()
        await state.clear()
        size = len(content.read())
        await message.answer_photo(
            message.photo[-1].file_id, caption=f"Recibido: {data['words']} ({size} bytes)"
        )

    @dp.message(Report.words)
    @dp.message(Report.place)
    @dp.message(Report.photo)
    async def other(message: Message) -> None:
        await message.reply("Eso no sirve aquí.")

    @dp.edited_message()
    async def edited(message: Message) -> None:
        await message.answer(f"Corregido: {message.text}")

    @dp.chat_join_request()
    async def asked(request: ChatJoinRequest, bot: Bot) -> None:
        await bot.send_message(request.user_chat_id, "Bienvenida")
        await request.approve()

    return dp


@pytest.fixture
async def bot(sim: Simulator) -> AsyncIterator[Bot]:
    """The little bot, polling."""
    made = Bot(TOKEN, session=AiohttpSession(api=TelegramAPIServer.from_base(sim.url)))
    dp = dispatcher()
    polling = asyncio.create_task(dp.start_polling(made, handle_signals=False))
    yield made
    await dp.stop_polling()
    await polling
    await made.session.close()


async def test_a_whole_conversation(sim: Simulator, bot: Bot) -> None:
    """https://core.telegram.org/bots/api#getting-updates"""
    ana = sim.person("Ana")
    ana.starts("r17")
    hello = await ana.hears("Hola r17")
    assert [entity["type"] for entity in hello.entities] == ["bold"]
    assert hello.buttons == ["Cancelar"]
    ana.sends_sticker()
    reply = await ana.hears("no sirve")
    assert reply.data["reply_to_message"]["sticker"]
    said = ana.says("Un hueco")
    await ana.hears("¿Dónde?")
    ana.edits(said, "Un hueco enorme")
    await ana.hears("Corregido: Un hueco enorme")
    ana.presses("Mi lugar", 4.6, -74.1)
    await ana.hears("¿Una foto?")
    assert ana.keys() == []
    ana.sends_photo(content=picture("pothole"))
    done = await ana.hears("Recibido: Un hueco")
    assert f"({len(picture('pothole'))} bytes)" in done.text
    assert done.kind == "photo"
    ana.says("/album")
    assert (await ana.hears("dos")).data["media_group_id"]
    assert sim.violations == []


async def test_taps_toasts_and_edits(sim: Simulator, bot: Bot) -> None:
    """https://core.telegram.org/bots/api#callbackquery"""
    ana = sim.person("Ana")
    ana.starts()
    await ana.hears("Hola")
    ana.taps("Cancelar")
    await ana.is_toasted("Cancelado")
    edited = await ana.hears("Nada guardado.")
    assert edited.buttons == []
    assert len(ana.inbox) == 2


async def test_errors_have_the_classes_aiogram_gives_telegrams(
    sim: Simulator, bot: Bot, rosa: Person
) -> None:
    """https://core.telegram.org/bots/api#making-requests"""
    await rosa.hears("Hola")
    rosa.blocks()
    with pytest.raises(TelegramForbiddenError, match="bot was blocked by the user"):
        await bot.send_message(rosa.id, "x")
    rosa.unblocks()
    with pytest.raises(TelegramBadRequest, match="can't parse entities"):
        await bot.send_message(rosa.id, "<x>", parse_mode="HTML")
    sim.faults.add(kind="too_many", retry_after=3, count=1)
    with pytest.raises(TelegramRetryAfter) as caught:
        await bot.get_me()
    assert caught.value.retry_after == 3


async def test_groups_and_requests_to_join(sim: Simulator, bot: Bot, rosa: Person) -> None:
    """https://core.telegram.org/bots/api#chatjoinrequest"""
    group = sim.group("Mesa", admins=[rosa], bot_admin=True, supergroup=True)
    link = await bot.create_chat_invite_link(group.id, creates_join_request=True)
    ana = sim.person("Ana")
    assert ana.joins(link.invite_link) is False
    await ana.hears("Bienvenida")
    async with asyncio.timeout(3):
        while not group.inside(ana.id):  # noqa: ASYNC110
            await asyncio.sleep(0.01)
    member = await bot.get_chat_member(group.id, ana.id)
    assert member.status == "member"
    admins = await bot.get_chat_administrators(group.id)
    assert len(admins) == 2
    chat = await bot.get_chat(group.id)
    assert chat.title == "Mesa"
