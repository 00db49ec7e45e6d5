"""A small plain aiogram bot for the page's tests: its answers tell what it got."""

from __future__ import annotations

from aiogram import Bot, Dispatcher, F
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.telegram import TelegramAPIServer
from aiogram.filters import Command, CommandObject, CommandStart
from aiogram.types import (
    BotCommand,
    CallbackQuery,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    KeyboardButton,
    Message,
    ReplyKeyboardMarkup,
    ReplyKeyboardRemove,
)

TOKEN = "7001:browser"
USERNAME = "PlazaBot"
NAME = "Plaza"


def _buttons() -> InlineKeyboardMarkup:
    row = [
        InlineKeyboardButton(text="Aviso", callback_data="toast"),
        InlineKeyboardButton(text="Alerta", callback_data="alert"),
    ]
    return InlineKeyboardMarkup(
        inline_keyboard=[
            row,
            [InlineKeyboardButton(text="Cambiar", callback_data="edit")],
            [InlineKeyboardButton(text="Otra vez", url=f"https://t.me/{USERNAME}?start=otra")],
        ]
    )


def make_dispatcher() -> Dispatcher:
    """The handlers, made anew: a router belongs to one dispatcher."""
    dispatcher = Dispatcher()

    @dispatcher.message(CommandStart())
    async def start(message: Message, command: CommandObject) -> None:
        given = f" ({command.args})" if command.args else ""
        await message.answer(
            f"<b>Hola</b>{given}, <i>elige</i>: &lt;script&gt; 🏛️ <u>ya</u> "
            "<tg-spoiler>secreto</tg-spoiler> y usa /teclado",
            parse_mode="HTML",
            reply_markup=_buttons(),
        )

    @dispatcher.message(Command("teclado"))
    async def keyboard(message: Message) -> None:
        await message.answer(
            "¿Dónde?",
            reply_markup=ReplyKeyboardMarkup(
                keyboard=[
                    [KeyboardButton(text="Mi lugar", request_location=True)],
                    [KeyboardButton(text="Mi número", request_contact=True)],
                    [KeyboardButton(text="Nada")],
                ],
                resize_keyboard=True,
                one_time_keyboard=True,
                input_field_placeholder="Escribe una dirección",
            ),
        )

    @dispatcher.message(Command("quitar"))
    async def remove(message: Message) -> None:
        await message.answer("Quitado", reply_markup=ReplyKeyboardRemove())

    @dispatcher.message(Command("borrar"))
    async def erase(message: Message) -> None:
        sent = await message.answer("Esto se borra")
        await sent.delete()
        await message.answer("Borrado")

    @dispatcher.message(Command("encuesta"))
    async def poll(message: Message) -> None:
        await message.answer_poll("¿Plaza o calle?", ["Plaza", "Calle"])

    @dispatcher.message(F.location)
    async def place(message: Message) -> None:
        assert message.location is not None
        await message.answer(
            f"Lugar {message.location.latitude:.3f} {message.location.longitude:.3f}"
        )

    @dispatcher.message(F.photo)
    async def photo(message: Message) -> None:
        assert message.photo is not None
        best = message.photo[-1]
        await message.answer(f"Foto {best.width}x{best.height} {message.caption or ''}".strip())

    @dispatcher.message(F.voice)
    async def voice(message: Message) -> None:
        assert message.voice is not None
        await message.answer(f"Voz de {message.voice.duration} s")

    @dispatcher.message(F.document)
    async def document(message: Message) -> None:
        assert message.document is not None
        await message.answer(f"Archivo {message.document.file_name}")

    @dispatcher.message(F.contact)
    async def contact(message: Message) -> None:
        assert message.contact is not None
        await message.answer(f"Contacto {message.contact.first_name}")

    @dispatcher.message(F.sticker)
    async def sticker(message: Message) -> None:
        await message.answer("Sticker")

    @dispatcher.message(F.text)
    async def text(message: Message) -> None:
        said = f"Dijiste: {message.text}"
        if message.reply_to_message is not None:
            said += f" (sobre {message.reply_to_message.text})"
        if message.forward_origin is not None:
            said += " (reenviado)"
        await message.answer(said)

    @dispatcher.edited_message(F.text)
    async def edited(message: Message) -> None:
        await message.answer(f"Corregiste: {message.text}")

    @dispatcher.callback_query(F.data == "toast")
    async def toast(query: CallbackQuery) -> None:
        await query.answer("Un aviso corto")

    @dispatcher.callback_query(F.data == "alert")
    async def alert(query: CallbackQuery) -> None:
        await query.answer("Una alerta que se cierra", show_alert=True)

    @dispatcher.callback_query(F.data == "edit")
    async def edit(query: CallbackQuery) -> None:
        assert isinstance(query.message, Message)
        await query.message.edit_text("Ya cambió")
        await query.answer()

    return dispatcher


def make_bot(url: str) -> Bot:
    """The bot, on a simulator's address."""
    return Bot(TOKEN, session=AiohttpSession(api=TelegramAPIServer.from_base(url)))


async def introduce(bot: Bot) -> None:
    """What the bot says of itself before anybody starts it."""
    await bot.set_my_commands([BotCommand(command="teclado", description="Muestra botones")])
    await bot.set_my_commands(
        [BotCommand(command="teclado", description="Show buttons")], language_code="en"
    )
    await bot.set_my_description("Una plaza para conversar.")
