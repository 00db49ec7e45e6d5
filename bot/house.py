"""The composition root: one object that wires listening, writing and speaking together.

Started in this order: writer, courier, lanes (what was left over first), listening. Stopped in the
opposite one, so that nothing is fetched that cannot be kept and nothing kept is half-sent.
"""

from __future__ import annotations

import asyncio
import logging
import signal
import time
from collections.abc import Awaitable, Callable
from contextlib import suppress
from datetime import datetime
from typing import Any, TypeVar

import aiohttp
from aiogram.exceptions import (
    TelegramNetworkError,
    TelegramNotFound,
    TelegramRetryAfter,
    TelegramServerError,
    TelegramUnauthorizedError,
)
from aiogram.types import Update, User
from aiogram.types.update import UpdateTypeLookupError
from aiohttp import web

import locales
from actions import report_news
from actions.act import system_act
from actions.world import NoTown, World
from bot import health, heartbeat, holder, logs, memory, webhook
from bot.clock import Clock, MachineClock, NoClock, SimulatedClock
from bot.intake import Held, Intake, Poller, parse
from bot.listener import ListeningError, NoBotApi, listening_bot
from bot.settings import Settings, WrongSetting
from courier.courier import LARGEST_DOCUMENT, Courier
from handlers import COMMAND_MENU, dispatcher, give_up
from handlers.answers import answered
from handlers.consent import ask_consent
from handlers.desk import Desk
from pictures import Studio
from storage import lease, schema
from storage.database import Database
from storage.writer import Writer

LEASE = "bot"
LEASE_SECONDS = 15.0
COMMANDS_AGAIN_S = 5.0

log = logging.getLogger("cabildo")
T = TypeVar("T")


class House:
    """One bot for one town. `clock` and `limits` are given by tests and the demo."""

    def __init__(self, settings: Settings, *, clock: Clock | None = None, **courier: Any) -> None:
        if settings.token is None:
            raise WrongSetting("CABILDO_TOKEN is missing: get one from @BotFather.")
        self.settings = settings
        self.holder = holder.my_name()
        self.database = Database(settings.database_url)
        self.clock: Clock = clock or (
            SimulatedClock(settings.clock) if settings.clock else MachineClock()
        )
        self.world = World(
            admins=settings.admins,
            secret=settings.secret.get_secret_value().encode() if settings.secret else None,
        )
        self.writer = Writer(self.database, self.clock.now)
        token = settings.token.get_secret_value()
        self.bot, self._session = listening_bot(token, settings.api_base)
        self.studio = Studio()
        self.press = Studio(worker="papers.worker", largest=LARGEST_DOCUMENT)
        self.courier = Courier(
            token=token,
            api_base=settings.api_base,
            database=self.database,
            writer=self.writer,
            language=self._language,
            zone=self._zone,
            studio=self.studio,
            press=self.press,
            on_answer=self._answer_arrived,
            tick=self._tick,
            **courier,
        )
        self.intake = Intake(self.writer, self._apply, give_up(self.world))
        self.dispatcher = dispatcher()
        self.heart = heartbeat.Heart(self)
        self._tasks: set[asyncio.Future[None]] = set()
        self._listening: asyncio.Task[None] | None = None
        self._doors: list[web.AppRunner] = []
        self.recovered = asyncio.Event()
        self.poller: Poller | None = None
        self.listening_since: float | None = None
        self.started_at = time.time()
        self.failed: asyncio.Future[None] | None = None

    async def start(self) -> None:
        """Bring the schema up to date, take the lease, recover what was left over, listen.

        Raises WrongSetting with a sentence where something must be set right first.
        """
        if await asyncio.to_thread(schema.current, self.database) is not None:
            # Nobody changes the tables of a bot that is running.
            await self._take_lease()
        for open_ in (health.open_, webhook.open_):
            door = await open_(self)
            if door is not None:
                self._doors.append(door)
        await asyncio.to_thread(schema.upgrade, self.database)
        await self._take_lease()
        with self.database.read() as session:
            try:
                self.world.town(session)
            except NoTown:
                raise WrongSetting(
                    "This database has no town yet: run `cabildo town FILE.yaml` first."
                ) from None
        try:
            await self.clock.target()
        except NoClock:
            raise WrongSetting(
                "CABILDO_CLOCK is wrong: no simulator's clock answers there."
            ) from None
        self.writer.on_owed = self.courier.owed
        self.writer.start()
        self.world.username = await self._who_am_i()
        await self.writer.write(lambda turn: report_news.drop_old(system_act(turn, self.world)))
        await self.courier.start()
        self.spawn(self._tell_commands())
        self.failed = asyncio.get_running_loop().create_future()
        self._listening = asyncio.create_task(self._listen())
        self.listening_since = time.time()
        log.info("listening as @%s", self.world.username)

    async def stop(self) -> None:
        """Stop fetching, let turns and sends in flight end, give the lease back."""
        if self._listening is not None:
            self._listening.cancel()
            with suppress(asyncio.CancelledError):
                await self._listening
        for door in self._doors:
            await door.cleanup()
        await self.intake.stop()
        await self._hush()
        for task in list(self._tasks):
            task.cancel()
        await self._session.close()
        await self.studio.close()
        await self.press.close()
        await self.clock.close()
        with suppress(Exception):
            with self.database.begin() as session:
                lease.give_back(session, LEASE, self.holder)
        self.database.close()

    async def _hush(self) -> None:
        """Let the sends in flight end and be marked, where there is a database to mark them in."""
        stopping = asyncio.ensure_future(self.courier.stop())
        while not (self.writer.down or stopping.done()):
            await asyncio.wait({stopping}, timeout=1.0)
        # Who still waits for the writer hears that it is closed: the next start settles the rest.
        await self.writer.close()
        await stopping

    async def settle(self) -> None:
        """Wait until what was accepted is applied and what is owed has left."""
        await self.intake.settle()
        await self.courier.settle()

    def spawn(self, work: Awaitable[None]) -> None:
        """Something nobody must remember, done beside the turn."""
        task = asyncio.ensure_future(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    @property
    def listens(self) -> bool:
        """Whether what people say is heard."""
        return self._listening is not None and not self._listening.done()

    async def _who_am_i(self) -> str:
        """The bot's username."""

        async def ask() -> str:
            try:
                return (await self.bot.get_me()).username or ""
            except (TelegramUnauthorizedError, TelegramNotFound):
                raise WrongSetting(
                    "Telegram does not know this token: CABILDO_TOKEN is wrong or was revoked."
                ) from None
            except NoBotApi as error:
                raise WrongSetting(str(error)) from None

        return await self.patiently(ask, then=self._take_lease)

    async def _tell_commands(self) -> None:
        """Nobody waits for the menu of commands: it is asked for beside what is heard and said."""
        pause = COMMANDS_AGAIN_S
        while not await self.courier.set_commands(COMMAND_MENU):
            await asyncio.sleep(pause)
            pause = min(pause * 2, 600.0)

    async def patiently(
        self,
        ask: Callable[[], Awaitable[T]],
        then: Callable[[], Awaitable[None]] | None = None,
    ) -> T:
        """Ask Telegram until it answers: a town's line may be down when the machine starts.

        `then` is done after each pause. Raises what Telegram refuses for good.
        """
        pause = 1.0
        while True:
            try:
                return await ask()
            except (TelegramNetworkError, TelegramServerError, TelegramRetryAfter) as error:
                whom = "CABILDO_API_BASE" if self.settings.api_base else "Telegram"
                log.warning(
                    "%s cannot be reached (%s); again in %d s", whom, type(error).__name__, pause
                )
            await asyncio.sleep(pause)
            if then is not None:
                await then()
            pause = min(pause * 2, 30.0)

    async def _take_lease(self) -> None:
        def take() -> bool:
            with self.database.begin() as session:
                if lease.take(session, LEASE, self.holder, time.time(), LEASE_SECONDS):
                    return True
                other = session.get(lease.Lease, LEASE)
                if other is None or not holder.is_gone(other.holder):
                    return False
                lease.give_back(session, LEASE, other.holder)
                return lease.take(session, LEASE, self.holder, time.time(), LEASE_SECONDS)

        # A process that was killed leaves its lease behind. Where it cannot be known that it is
        # gone, the lease is free after its length.
        deadline = time.monotonic() + LEASE_SECONDS + 2
        while not await asyncio.to_thread(take):
            if time.monotonic() > deadline:
                raise WrongSetting(
                    "Another process already runs the bot on this database: stop it first."
                )
            await asyncio.sleep(0.5)

    async def _listen(self) -> None:
        try:
            await self.intake.recover()
            self.recovered.set()
            if self.settings.webhook_url:
                await webhook.listen(self)
                return
            await self.patiently(self.bot.delete_webhook)
            self.poller = Poller(
                lambda offset, wait: self._session.updates(self.bot, offset, wait),
                self.intake,
                _fatal,
            )
            await self.poller.run()
        except asyncio.CancelledError:
            raise
        except Exception as error:
            log.error("listening ended: %s", type(error).__name__)
            if not isinstance(error, RuntimeError):
                # Only a sentence of ours is shown: another's may hold an address or a value.
                error = RuntimeError(f"Listening has ended ({type(error).__name__}).")
            if self.failed is not None and not self.failed.done():
                self.failed.set_exception(error)

    async def _apply(self, held: Held) -> bool:
        answer = held.payload.get("answer")
        if answer is not None:
            await self.writer.write(lambda turn: self._answered(turn, held, answer))
            return True
        update = parse(self.bot, held.payload)
        try:
            _ = update.event_type
        except UpdateTypeLookupError:
            # A kind that is younger than this library: nobody takes it, and it is counted.
            return False
        desk = self._desk(update, held)
        await self.dispatcher.feed_update(self.bot, update, desk=desk)
        return desk.applied

    def _answered(self, turn: Any, held: Held, answer: dict[str, Any]) -> None:
        answered(system_act(turn, self.world), answer)
        turn.done(held.update_id)

    def _desk(self, update: Update, held: Held) -> Desk:
        event: Any = update.event
        user: User | None = getattr(event, "from_user", None) or getattr(event, "user", None)
        # An anonymous admin speaks as the group: the user beside it is nobody. So is a bot.
        if getattr(event, "sender_chat", None) is not None or (user is not None and user.is_bot):
            user = None
        return Desk(
            writer=self.writer,
            world=self.world,
            voice=self.courier,
            spawn=self.spawn,
            update_id=held.update_id,
            chat_id=held.lane,
            user_id=user.id if user else 0,
            name=user.first_name if user else "",
            language_code=user.language_code if user else None,
            query_id=update.callback_query.id if update.callback_query else None,
            attempt=held.attempts,
            received=held.received,
            received_at=held.at,
            ask_consent=ask_consent,
        )

    def _answer_arrived(self) -> None:
        self.spawn(self.intake.answers())

    async def _tick(self) -> float | None:
        return await self.heart.beat()

    def _language(self) -> str:
        town = self.world.known_town()
        return town.language if town else locales.LANGUAGES[0]

    def _zone(self) -> str:
        town = self.world.known_town()
        return town.timezone if town else "UTC"

    def now(self) -> datetime:
        """Town time."""
        return self.clock.now()


def _fatal(error: Exception) -> str | None:
    """What waiting will not mend, as a sentence; None for the rest."""
    if isinstance(error, ListeningError):
        if error.code == 401:
            return "Telegram does not know this token: CABILDO_TOKEN is wrong or was revoked."
        if error.code == 404:
            return "CABILDO_TOKEN or CABILDO_API_BASE is wrong: there is no such bot there."
    if isinstance(error, aiohttp.InvalidURL):
        return "CABILDO_API_BASE is not an address."
    return None


async def run(settings: Settings) -> None:
    """Run the bot until it is told to stop (SIGINT or SIGTERM), then end gracefully."""
    memory.settle()
    house = House(settings)
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    logs.quiet_loop(loop)
    for name in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(name, stop.set)
    waiting = asyncio.ensure_future(stop.wait())
    starting = asyncio.ensure_future(house.start())
    try:
        # Told to stop while it waits for Telegram or for another process: it stops.
        await asyncio.wait({starting, waiting}, return_when=asyncio.FIRST_COMPLETED)
        if not starting.done():
            starting.cancel()
            return
        starting.result()
        memory.settle()
        assert house.failed is not None
        ends: set[asyncio.Future[Any]] = {waiting, house.failed}
        await asyncio.wait(ends, return_when=asyncio.FIRST_COMPLETED)
        waiting.cancel()
        if house.failed.done():
            raise WrongSetting(str(house.failed.exception()))
    finally:
        await house.stop()
