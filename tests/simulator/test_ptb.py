"""A plain python-telegram-bot Application holds a conversation here."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import pytest
from telegram import (
    Bot,
    BotCommand,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    InputMediaPhoto,
    KeyboardButton,
    ReplyKeyboardMarkup,
    ReplyKeyboardRemove,
    Update,
)
from telegram.error import BadRequest, ChatMigrated, Forbidden, RetryAfter
from telegram.ext import (
    Application,
    CallbackQueryHandler,
    CommandHandler,
    ContextTypes,
    ConversationHandler,
    MessageHandler,
    filters,
)

from simulator import Person, Simulator
from simulator.samples import picture
from tests.simulator.conftest import TOKEN

pytestmark = pytest.mark.filterwarnings(
    "ignore:If 'per_message=False'", "ignore:Deprecated since version v22.2"
)
WORDS, PLACE, PHOTO = range(3)
Context = ContextTypes.DEFAULT_TYPE


async def start(update: Update, context: Context) -> int:
    """The first question."""
    assert update.message
    button = InlineKeyboardButton("Cancelar", callback_data="cancel")
    await update.message.reply_html(
        f"<b>Hola</b> {' '.join(context.args or [])}. ¿Qué pasa?",
        reply_markup=InlineKeyboardMarkup([[button]]),
    )
    return WORDS


async def words(update: Update, context: Context) -> int:
    """The second."""
    assert update.message
    key = KeyboardButton("Mi lugar", request_location=True)
    await update.message.reply_text("¿Dónde?", reply_markup=ReplyKeyboardMarkup([[key]]))
    return PLACE


async def place(update: Update, context: Context) -> int:
    """The third."""
    assert update.message
    await update.message.reply_text("¿Una foto?", reply_markup=ReplyKeyboardRemove())
    return PHOTO


async def photo(update: Update, context: Context) -> int:
    """The end."""
    assert update.message
    file = await update.message.photo[-1].get_file()
    size = len(await file.download_as_bytearray())
    media = [InputMediaPhoto(picture("tree", n), caption=f"{size} bytes") for n in range(2)]
    await update.message.reply_media_group(media)
    return ConversationHandler.END


async def cancel(update: Update, context: Context) -> int:
    """A way out."""
    assert update.callback_query
    await update.callback_query.answer("Cancelado")
    await update.callback_query.edit_message_text("Nada guardado.")
    return ConversationHandler.END


@pytest.fixture
async def bot(sim: Simulator) -> AsyncIterator[Bot]:
    """The little bot, polling."""
    application: Application[Any, Any, Any, Any, Any, Any] = (
        Application.builder()
        .token(TOKEN)
        .base_url(f"{sim.url}/bot")
        .base_file_url(f"{sim.url}/file/bot")
        .build()
    )
    application.add_handler(
        ConversationHandler(
            [CommandHandler("start", start)],
            {
                WORDS: [MessageHandler(filters.TEXT & ~filters.COMMAND, words)],
                PLACE: [MessageHandler(filters.LOCATION, place)],
                PHOTO: [MessageHandler(filters.PHOTO, photo)],
            },
            [CallbackQueryHandler(cancel, "cancel")],
        )
    )
    await application.initialize()
    await application.start()
    assert application.updater is not None
    await application.updater.start_polling(poll_interval=0.0)
    yield application.bot
    await application.updater.stop()
    await application.stop()
    await application.shutdown()


async def test_a_whole_conversation(sim: Simulator, bot: Bot) -> None:
    """https://core.telegram.org/bots/api#getting-updates"""
    ana = sim.person("Ana")
    ana.starts("r17")
    assert (await ana.hears("Hola r17")).buttons == ["Cancelar"]
    ana.says("Un hueco")
    await ana.hears("¿Dónde?")
    ana.presses("Mi lugar", 4.6, -74.1)
    await ana.hears("¿Una foto?")
    ana.sends_photo(content=picture("pothole"))
    await ana.hears(f"{len(picture('pothole'))} bytes")
    ana.starts()
    await ana.hears("Hola")
    ana.taps("Cancelar")
    await ana.is_toasted("Cancelado")
    await ana.hears("Nada guardado.")
    assert sim.violations == []


async def test_errors_have_the_classes_the_library_gives_telegrams(
    sim: Simulator, bot: Bot, rosa: Person
) -> None:
    """https://core.telegram.org/bots/api#making-requests"""
    await rosa.hears("Hola")
    rosa.blocks()
    with pytest.raises(Forbidden, match="bot was blocked by the user"):
        await bot.send_message(rosa.id, "x")
    rosa.unblocks()
    with pytest.raises(BadRequest, match="Can't parse entities"):
        await bot.send_message(rosa.id, "<x>", parse_mode="HTML")
    group = sim.group("Mesa", [rosa])
    great = sim.migrate(group)
    with pytest.raises(ChatMigrated) as moved:
        await bot.send_message(group.id, "x")
    assert moved.value.new_chat_id == great.id
    sim.faults.add(kind="too_many", retry_after=3, count=1, method="sendMessage")
    with pytest.raises(RetryAfter):
        await bot.send_message(rosa.id, "x")


async def test_what_it_says_of_itself(sim: Simulator, bot: Bot, rosa: Person) -> None:
    """https://core.telegram.org/bots/api#setmycommands, #createchatinvitelink"""
    await bot.set_my_commands([BotCommand("voto", "Votar")], language_code="es")
    assert (await bot.get_my_commands(language_code="es"))[0].command == "voto"
    group = sim.group("Mesa", admins=[rosa], bot_admin=True)
    link = await bot.create_chat_invite_link(group.id, member_limit=1)
    assert link.member_limit == 1
    poll = await bot.send_poll(rosa.id, "¿?", ["a", "b"])
    assert poll.poll is not None
    assert [option.text for option in poll.poll.options] == ["a", "b"]
    info = await bot.get_webhook_info()
    assert info.url == ""
