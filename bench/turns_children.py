"""The bots that the turns bench compares, each a process on one core.

Each says one line when it listens, answers `settle` once nothing is left to do, and ends with its
input.
"""

from __future__ import annotations

import asyncio
import json
import sys
import tempfile
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from pydantic import SecretStr

from bench.common import answer
from bench.stub import FIRST_CHAT

TOKEN = "7000000001:AAbenchAAbenchAAbenchAAbenchAAbenchA"  # noqa: S105
UNDER_WAY = 64

Settle = Callable[[], Coroutine[Any, Any, Any]]


async def _nothing() -> None:
    return None


async def _obey(settle: Settle) -> None:
    """Say that the bot listens, then answer the bench's lines until there are no more."""
    answer(ready=True)
    loop = asyncio.get_running_loop()
    reader = asyncio.StreamReader()
    await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), sys.stdin)
    while line := await reader.readline():
        if json.loads(line)["do"] == "settle":
            await settle()
        answer(done=True)


@asynccontextmanager
async def house(folder: str, url: str, chats: int) -> AsyncIterator[Any]:
    """The real bot, whole, on a fresh SQLite file, where everybody has agreed already."""
    from datetime import UTC, datetime

    from actions.town import set_up
    from bot import memory, townfile
    from bot.house import House
    from bot.settings import Settings
    from courier.limits import Limits
    from storage import schema
    from storage.database import Database
    from storage.person import Person
    from storage.turn import Turn
    from storage.writer import Writer

    address = f"sqlite:///{Path(folder) / 'bench.sqlite'}"
    database = Database(address)
    schema.upgrade(database)
    writer = Writer(database, lambda: datetime.now(UTC))
    writer.start()
    plan = townfile.plan_of(townfile.read(townfile.DEMO))

    def fill(turn: Turn) -> None:
        set_up(turn, plan)
        for number in range(FIRST_CHAT, FIRST_CHAT + chats):
            person = Person(
                telegram_id=number,
                name="V",
                language="es",
                privacy_version=plan.privacy_version,
                agreed_at=turn.now,
                created_at=turn.now,
            )
            turn.session.add(person)

    await writer.write(fill)
    await writer.close()
    database.close()
    settings = Settings(token=SecretStr(TOKEN), api_base=url, database_url=address)
    bot = House(settings, limits=Limits.off(UNDER_WAY))
    await bot.start()
    memory.settle()
    yield bot
    await bot.stop()


async def cabildo(url: str, chats: int) -> None:
    """The whole house, as it runs for a town, with Telegram's limits off."""
    with tempfile.TemporaryDirectory() as folder:
        async with house(folder, url, chats) as bot:
            await _obey(bot.settle)


async def aiogram(url: str, chats: int) -> None:
    """aiogram's echo bot from its own documentation, on its own polling."""
    from aiogram import Bot, Dispatcher
    from aiogram.client.session.aiohttp import AiohttpSession
    from aiogram.client.telegram import TelegramAPIServer
    from aiogram.types import Message

    session = AiohttpSession(api=TelegramAPIServer.from_base(url), limit=UNDER_WAY)
    dispatcher = Dispatcher()

    @dispatcher.message()
    async def echo(message: Message) -> None:
        await message.answer(message.text or "")

    bot = Bot(TOKEN, session=session)
    polling = asyncio.create_task(dispatcher.start_polling(bot, handle_signals=False))
    await _obey(_nothing)
    await dispatcher.stop_polling()
    await polling


async def ptb(url: str, chats: int) -> None:
    """python-telegram-bot's echo bot, updates side by side, with connections enough for them."""
    from telegram import Update
    from telegram.ext import Application, ContextTypes, MessageHandler, filters

    async def echo(update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
        assert update.message is not None
        await update.message.reply_text(update.message.text or "", do_quote=False)

    application = (
        Application.builder()
        .token(TOKEN)
        .base_url(f"{url}/bot")
        .concurrent_updates(UNDER_WAY)
        .connection_pool_size(UNDER_WAY)
        .pool_timeout(60)
        .build()
    )
    application.add_handler(MessageHandler(filters.TEXT, echo))
    async with application:
        await application.start()
        assert application.updater is not None
        await application.updater.start_polling()
        await _obey(_nothing)
        await application.updater.stop()
        await application.stop()


def main(arguments: list[str]) -> None:
    """`python -m bench.turns_children NAME URL CHATS`"""
    name, url, chats = arguments
    plays = {"cabildo": cabildo, "aiogram": aiogram, "ptb": ptb}
    asyncio.run(plays[name](url, int(chats)))


if __name__ == "__main__":
    main(sys.argv[1:])
