"""The simulator as a whole: one object, one port; the Bot API, the control API and the page.

`async with Simulator() as sim:` listens on a free port of 127.0.0.1; `sim.url` is the address to
give a bot as its API server.
"""

from __future__ import annotations

import asyncio
import contextlib
from datetime import datetime
from typing import Any, Protocol

from aiohttp import web

from simulator.chats import Group, Member
from simulator.clock import Clock
from simulator.control import Control
from simulator.dispatch import Dispatcher
from simulator.ear import Ear
from simulator.front import Front
from simulator.membership import enter, migrate, set_status
from simulator.people import Bot
from simulator.person import Person
from simulator.record import Record
from simulator.world import World

Json = dict[str, Any]

MOST_BODY = 60 * 1024 * 1024
"""Bytes of a request; Telegram itself refuses files over 50 MB."""


class Process(Protocol):
    """The bot's process, when the simulator's host can stop and start it."""

    @property
    def running(self) -> bool:
        """Is it alive?"""

    async def start(self) -> None:
        """Start it."""

    async def kill(self) -> None:
        """Kill it without a warning."""


class Simulator:
    """A local Telegram. Port 0 takes a free one; everything is kept in memory."""

    def __init__(
        self,
        host: str = "127.0.0.1",
        port: int = 0,
        *,
        start: datetime | None = None,
        map: Json | None = None,
        places: list[Json] | None = None,
        timezone: str | None = None,
        process: Process | None = None,
        rate_limits: bool = False,
        record: str = "full",
        keep: int = 1000,
        seed: int = 0,
    ) -> None:
        self._host = host
        self._port = port
        self.map = map
        # Whose clock the page shows; None: the reader's own.
        self.timezone = timezone
        self.places = places or []
        self.process = process
        self.record = Record(record)
        self.clock = Clock(start, self._clock_changed)
        self.world = World(self.clock, self.record, keep=keep, seed=seed)
        self.faults = self.world.faults
        self.dispatcher = Dispatcher(self.world)
        self._rate_limits = rate_limits
        self._front = Front(self.dispatcher)
        self._control = Control(self)
        self._ears: dict[int, Ear] = {}
        self._people: dict[int, Person] = {}
        self._runner: web.ServerRunner | None = None
        self._busy: set[asyncio.Task[Any]] = set()
        self.world.events.listen(self._hear)

    # the server

    async def __aenter__(self) -> Simulator:
        await self.start()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()

    async def start(self) -> None:
        """Begin to listen; OSError when the port is taken."""
        server = web.Server(
            self._handle,
            request_factory=_request,
            handler_cancellation=True,
            access_log=None,
        )
        self._runner = web.ServerRunner(server, handle_signals=False, shutdown_timeout=0.1)
        await self._runner.setup()
        site = web.TCPSite(self._runner, self._host, self._port)
        await site.start()
        address = self._runner.addresses[0]
        self._port = address[1]

    async def close(self) -> None:
        """Stop at once: open polls and streams are cut."""
        for outbox in self.world.outboxes.values():
            outbox.set_webhook(None)
        for task in list(self._busy):
            task.cancel()
        if self._busy:
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(1):
                    await asyncio.gather(*self._busy, return_exceptions=True)
        if self._runner is not None:
            await self._runner.cleanup()
            self._runner = None

    @property
    def url(self) -> str:
        """The base address, without a slash at its end."""
        return f"http://{self._host}:{self._port}"

    async def _handle(self, request: web.BaseRequest) -> web.StreamResponse:
        task = asyncio.current_task()
        assert task is not None
        self._busy.add(task)
        try:
            path, _, query = request.raw_path.partition("?")
            if path.startswith("/bot"):
                return await self._front.bot(request, path[4:], query)
            if path.startswith("/file/bot"):
                return await self._front.file(request, path[9:])
            return await self._control.handle(request, path)
        finally:
            self._busy.discard(task)

    # who there is

    def add_bot(
        self,
        token: str,
        username: str = "cabildo_bot",
        first_name: str = "Cabildo",
        *,
        reads_groups: bool = False,
    ) -> Bot:
        """A new bot; `reads_groups` is privacy mode switched off. ValueError for a bad token."""
        bot = self.world.add_bot(token, username, first_name, reads_groups=reads_groups)
        self.world.limits[bot.id].enforced = self._rate_limits
        return bot

    def person(
        self,
        first_name: str,
        *,
        last_name: str = "",
        username: str = "",
        language_code: str | None = "es",
        id: int | None = None,
    ) -> Person:
        """A new person."""
        user = self.world.add_user(
            first_name, last_name=last_name, username=username, language_code=language_code, id=id
        )
        return self.someone(user.id)

    def someone(self, user_id: int) -> Person:
        """The person with that id; KeyError when there is none."""
        person = self._people.get(user_id)
        if person is None:
            ear = self._ears.setdefault(user_id, Ear())
            person = Person(self.world, self.world.users[user_id], ear)
            self._people[user_id] = person
        return person

    def passer_by(self, user_id: int) -> Person:
        """The person with that id, for one act: nothing they hear is kept for later."""
        return self._people.get(user_id) or Person(self.world, self.world.users[user_id], Ear())

    def group(
        self,
        title: str,
        members: list[Person] | list[int] | None = None,
        admins: list[Person] | list[int] | None = None,
        *,
        bot: bool = True,
        bot_admin: bool = False,
        supergroup: bool = False,
        username: str = "",
    ) -> Group:
        """A new group; the first admin (or else member) owns it and, with `bot`, adds the bot."""
        admin_ids = [_id(person) for person in admins or []]
        ids = list(dict.fromkeys([*admin_ids, *(_id(person) for person in members or [])]))
        if not ids:
            raise ValueError("A group needs somebody in it.")
        unknown = [number for number in ids if number not in self.world.users]
        if unknown:
            raise ValueError(f"There is no person {unknown[0]}.")
        group = self.world.add_group(title, supergroup=supergroup, username=username)
        for number in ids:
            status = "administrator" if number in admin_ids else "member"
            group.members[number] = Member(number, status)
        group.members[ids[0]].status = "creator"
        owner = self.world.users[ids[0]]
        created = "supergroup_chat_created" if supergroup else "group_chat_created"
        self.world.post(group, {created: True}, user=owner)
        if bot and self.world.bots:
            number = next(iter(self.world.bots))
            enter(self.world, group, number, actor=owner)
            if bot_admin:
                set_status(self.world, group, number, "administrator", actor=owner.face)
        self.world.events.tell("chats", people=ids)
        return group

    def migrate(self, group: Group) -> Group:
        """Make a basic group a supergroup; the new one, with its new id."""
        return migrate(self.world, group)

    # settings

    @property
    def rate_limits(self) -> bool:
        """Are Telegram's rate limits enforced?"""
        return self._rate_limits

    @rate_limits.setter
    def rate_limits(self, on: bool) -> None:
        self._rate_limits = on
        for limits in self.world.limits.values():
            limits.enforced = on

    @property
    def violations(self) -> list[Json]:
        """What a correct bot never causes."""
        return self.record.violations

    def process_changed(self) -> None:
        """Tell the page that the bot's process was started or ended."""
        running = self.process is not None and self.process.running
        self.world.events.tell("process", running=running)

    def _clock_changed(self) -> None:
        self.world.clock_changed()

    def _hear(self, event: Json) -> None:
        if event["type"] in ("message", "edited", "callback_answer"):
            for number in event["people"]:
                ear = self._ears.get(number)
                if ear is not None:
                    ear.take(event)


def _id(person: Person | int) -> int:
    return person if isinstance(person, int) else person.id


def _request(*args: Any) -> web.BaseRequest:
    message, payload, protocol, writer, task = args
    return web.BaseRequest(
        message, payload, protocol, writer, task, asyncio.get_running_loop(),
        client_max_size=MOST_BODY,
    )  # fmt: skip
