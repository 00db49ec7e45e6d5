"""The courier speaks for the whole house: one token, one budget, one place that hears Telegram.

Letters are rows and leave only after their commit; what nobody must remember (answers to taps,
"typing...") is told here too, without a row.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable, Coroutine, Sequence
from typing import Any

from telegram import BotCommand
from telegram.error import TelegramError
from telegram.ext import ExtBot

import locales
from courier import rendering
from courier.delivery import Delivery
from courier.drawings import Drawings
from courier.heartbeat import Heartbeat
from courier.limits import TELEGRAM, Limiter, Limits, Ticket
from courier.request import AiohttpRequest
from courier.sender import Sender
from courier.window import Window
from pictures.studio import Studio
from storage.database import Database
from storage.writer import Owed, Writer

log = logging.getLogger("cabildo.courier")

Phrase = Any
# Telegram takes no larger file from a bot.
LARGEST_DOCUMENT = 50 * 1024 * 1024
_DESCRIPTION = 256


class Courier:
    """Delivers what is owed to Telegram, or to the Bot API server at `api_base`.

    `language()` and `zone()` are the town's, for groups and whoever has none; `on_answer` is
    called after an answer that a letter asked for was put into the inbox; `studio` draws pictures
    and `press` makes files; `tick` is awaited at least every real second while the courier runs
    (see Heartbeat). Hook `owed` to the writer's `on_owed`.
    """

    def __init__(
        self,
        *,
        token: str,
        api_base: str | None,
        database: Database,
        writer: Writer,
        language: Callable[[], str],
        zone: Callable[[], str],
        studio: Studio | None = None,
        press: Studio | None = None,
        limits: Limits = TELEGRAM,
        on_answer: Callable[[], None] | None = None,
        tick: Callable[[], Awaitable[float | None]] | None = None,
    ) -> None:
        _quieten()
        self._limiter = Limiter(limits)
        self._request = AiohttpRequest(connections=limits.per_second + 40)
        self._language = language
        self._zone = zone
        where: dict[str, Any] = {}
        if api_base is not None:
            base = api_base.rstrip("/")
            where = {"base_url": f"{base}/bot", "base_file_url": f"{base}/file/bot"}
        self._bot: ExtBot[Ticket] = ExtBot(
            token,
            request=self._request,
            # Never opened: this bot does not listen.
            get_updates_request=AiohttpRequest(1),
            rate_limiter=self._limiter,
            **where,
        )
        self._delivery = Delivery(
            sender=Sender(self._bot, Drawings(studio), press),
            limiter=self._limiter,
            window=Window(self._limiter.chat_free),
            database=database,
            writer=writer,
            language=language,
            zone=zone,
            on_answer=on_answer,
        )
        self._heartbeat = Heartbeat(self._bot, tick) if tick is not None else None
        self._asides: set[asyncio.Task[None]] = set()

    def __repr__(self) -> str:
        return "<Courier>"

    async def start(self) -> None:
        """Settle what a crash left under way, deliver what is owed, and begin to tick."""
        await self._request.initialize()
        await self._delivery.start()
        if self._heartbeat is not None:
            await self._heartbeat.start()

    async def stop(self) -> None:
        """No new claims and no more ticks; what is under way is answered and marked first.

        Call it before the writer is closed.
        """
        if self._heartbeat is not None:
            await self._heartbeat.stop()
        await self._delivery.stop()
        if self._asides:
            await asyncio.wait(list(self._asides), timeout=2.0)
        for aside in list(self._asides):
            aside.cancel()
        await self._request.shutdown()

    def owed(self, owed: Owed) -> None:
        """A commit has made letters owed: called in the loop, after it."""
        self._delivery.owed(owed)

    async def settle(self, timeout: float | None = None) -> bool:  # noqa: ASYNC109
        """Wait until nothing that could leave soon is owed or under way; False if it took
        longer than `timeout` machine seconds. A pause or retry of over 2 s is not waited for."""
        return await self._delivery.settle(timeout)

    def time_passed(self, seconds: float) -> None:
        """A clock that the Bot API server goes by too, the simulator's, was moved on by so much:
        what left before counts less against the limits now. No real server's clock jumps."""
        self._delivery.time_passed(seconds)

    # Without a row.

    async def answer_tap(
        self, query_id: str, text: Phrase | None, alert: bool, language: str
    ) -> None:
        """Answer a pressed button, with a toast where there is something to say. Never raises
        and does not wait for Telegram; too late is nobody's loss."""
        words = None
        if text is not None:
            try:
                words = rendering.plain(text, language, self._zone(), rendering.TOAST)
            except Exception as error:
                log.error("a toast cannot be made (%s)", type(error).__name__)
        self._aside(self._bot.answer_callback_query(query_id, text=words, show_alert=alert or None))

    async def chat_action(self, chat_id: int, action: str = "typing") -> None:
        """Show that something is being done. Never raises."""
        self._aside(self._bot.send_chat_action(chat_id, action))

    async def set_commands(self, commands: Sequence[tuple[str, Phrase]]) -> bool:
        """The menu of commands, (name, what it does), in every language; False if not now."""
        town = locales.match(self._language())
        menus: list[tuple[str | None, str]] = [(None, town)]
        # Telegram localises commands only by two letters.
        menus += [(language.partition("_")[0], language) for language in locales.LANGUAGES]
        try:
            for code, language in menus:
                await self._bot.set_my_commands(
                    [
                        BotCommand(
                            name, rendering.plain(what, language, self._zone(), _DESCRIPTION)
                        )
                        for name, what in commands
                    ],
                    language_code=code,
                )
        except TelegramError as error:
            log.warning("the commands could not be set (%s)", type(error).__name__)
            return False
        return True

    def _aside(self, question: Coroutine[Any, Any, Any]) -> None:
        async def ask() -> None:
            try:
                await question
            except TelegramError as error:
                log.info("not answered (%s)", type(error).__name__)

        task = asyncio.create_task(ask())
        self._asides.add(task)
        task.add_done_callback(self._asides.discard)

    # For /health: numbers only.

    @property
    def in_flight(self) -> int:
        """Letters under way."""
        return self._delivery.in_flight

    @property
    def paused_until(self) -> float:
        """When Telegram's pause, or the line's, ends: time.monotonic() seconds; past: none."""
        return max(self._limiter.paused_until, self._delivery.line.until)

    @property
    def stats(self) -> dict[str, int | float]:
        """Counts since the start, and how long nothing may leave yet."""
        counts = self._delivery.counts
        heartbeat = self._heartbeat
        return {
            "sent": counts.sent,
            "failed": counts.failed,
            "uncertain": counts.uncertain,
            "again": counts.again,
            "in_flight": self.in_flight,
            "pauses": self._limiter.pauses,
            "paused_s": round(max(0.0, self.paused_until - time.monotonic()), 1),
            "ticks": heartbeat.ticks if heartbeat else 0,
            "tick_failures": heartbeat.failures if heartbeat else 0,
        }


def _quieten() -> None:
    # At DEBUG python-telegram-bot writes every parameter it sends; APScheduler counts our ticks.
    for name, level in (("telegram", logging.INFO), ("apscheduler", logging.WARNING)):
        logger = logging.getLogger(name)
        if logger.level < level:
            logger.setLevel(level)
