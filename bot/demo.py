"""The demo: a fictional town in a browser, the real bot, and a simulated Telegram between them.

Everything is on this machine: no token, no network, a database of its own that begins anew each
time. The bot is a process apart, so that it can be killed and started again like a real one.
"""

from __future__ import annotations

import asyncio
import os
import secrets
import signal
import socket
import sys
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import typer
from sqlmodel import select

from actions.town import set_up
from actions.townplan import TownPlan
from bot import past, townfile
from bot.settings import PREFIX, WrongSetting
from simulator.server import Simulator
from storage import schema
from storage.database import Database
from storage.group import Membership, WorkingGroup
from storage.person import GESTOR, LEADER, Person, Role
from storage.staff import StaffGroup
from storage.town import Territory
from storage.turn import Turn
from storage.writer import Writer

ROOT = Path(__file__).parents[1]
FOLDER = Path(".cabildo")
TOKEN = "1000001:demo"  # noqa: S105 (the simulator's, it opens nothing)
PORTS_TRIED = 50
LED_GROUP = "parque-central"
BEFORE = timedelta(days=130)
"""For so long whoever is at work already has been: longer than the past that is told."""


@dataclass(frozen=True, slots=True)
class Neighbour:
    """Somebody of the demo. `role` is what they are in town; `lives` the key of their barrio."""

    id: int
    first_name: str
    last_name: str
    username: str
    language: str
    role: str | None = None
    lives: str | None = None


VECINA = Neighbour(501, "Rosa", "Medina", "rosa_medina", "es")
LEADER_OF_PARK = Neighbour(502, "Julián", "Ortiz", "julian_ortiz", "es", LEADER, "centro")
GESTORA = Neighbour(503, "Marta", "Salas", "marta_salas", "es", GESTOR, "centro")
OTHER_VECINA = Neighbour(504, "Carmen", "Ruiz", "carmen_ruiz", "es")
OTHER_GESTORA = Neighbour(505, "Lucía", "Vargas", "lucia_vargas", "es", GESTOR, "centro")
PEOPLE = (VECINA, LEADER_OF_PARK, GESTORA, OTHER_VECINA, OTHER_GESTORA)
STAFF_TITLE = "Equipo de Villa Ceiba"


@dataclass(frozen=True, slots=True)
class Groups:
    """Telegram's numbers of the demo's groups: the park's and the team's."""

    park: int
    staff: int


class BotProcess:
    """The bot as a process of its own; `changed` is told when it starts or ends.

    `settings` are all it is told: whoever shows the demo may run a town of their own from here, and
    neither its token nor its webhook is the demo's. It works in the folder of its `log`.
    """

    def __init__(self, settings: dict[str, str], log: Path) -> None:
        self._environment = _environment(settings)
        self._log = log
        self._process: asyncio.subprocess.Process | None = None
        self._watch: asyncio.Task[None] | None = None
        self.changed: Callable[[], None] = lambda: None

    @property
    def running(self) -> bool:
        """Whether the process lives."""
        return self._process is not None and self._process.returncode is None

    async def start(self) -> None:
        """Start it, if it does not run already."""
        if self.running:
            return
        with self._log.open("ab") as log:
            self._process = await asyncio.create_subprocess_exec(
                sys.executable,
                "-m",
                "bot.cli",
                "run",
                env=self._environment,
                # The folder one is in may hold a .env.
                cwd=self._log.parent,
                stdin=asyncio.subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        self._watch = asyncio.create_task(self._wait(self._process))
        self.changed()

    async def kill(self) -> None:
        """End it at once, as a power cut would."""
        if self._process is not None and self.running:
            self._process.kill()
            await self._process.wait()
        self.changed()

    async def stop(self) -> None:
        """Ask it to end, as an operator would."""
        if self._process is None or not self.running:
            return
        with suppress(ProcessLookupError):
            self._process.send_signal(signal.SIGTERM)
        try:
            await asyncio.wait_for(self._process.wait(), 15)
        except TimeoutError:
            await self.kill()

    async def _wait(self, process: asyncio.subprocess.Process) -> None:
        await process.wait()
        self.changed()


def _environment(settings: dict[str, str]) -> dict[str, str]:
    others = {n: value for n, value in os.environ.items() if not n.upper().startswith(PREFIX)}
    paths = [str(ROOT), *filter(None, [others.get("PYTHONPATH")])]
    return {**others, "PYTHONPATH": os.pathsep.join(paths), **settings}


def main(port: int = 8000, *, open_: Callable[[str], None] | None = None) -> None:
    """Show the demo until it is interrupted; `open_` is told the page's address once it stands."""
    try:
        found = free_port(port)
    except OSError as error:
        raise WrongSetting(f"--port: {error}.") from None
    FOLDER.mkdir(exist_ok=True)
    _begin_anew(FOLDER / "demo.sqlite")
    log = FOLDER / "demo.log"
    log.write_bytes(b"")
    asyncio.run(_demo(found, log, open_))


async def _demo(port: int, log: Path, opened: Callable[[str], None] | None) -> None:
    url = f"sqlite:///{(FOLDER / 'demo.sqlite').absolute()}"
    plan = townfile.plan_of(townfile.read(townfile.DEMO))
    sim = Simulator(
        port=port,
        timezone=plan.timezone,
        map=townfile.demo_map(),
        places=townfile.demo_places(),
        rate_limits=True,
    )
    bot = BotProcess(settings(url, f"http://127.0.0.1:{port}"), log)
    sim.process = bot
    bot.changed = sim.process_changed
    sim.add_bot(TOKEN, "villaceiba_bot", "Villa Ceiba")
    for neighbour in PEOPLE:
        sim.person(
            neighbour.first_name,
            last_name=neighbour.last_name,
            username=neighbour.username,
            language_code=neighbour.language,
            id=neighbour.id,
        )
    leader = sim.someone(LEADER_OF_PARK.id)
    group = sim.group(
        "Amigos del Parque Central",
        [sim.someone(GESTORA.id)],
        [leader],
        bot=True,
        bot_admin=True,
        supergroup=True,
    )
    staff = sim.group(
        STAFF_TITLE,
        [sim.someone(OTHER_GESTORA.id)],
        [sim.someone(GESTORA.id)],
        bot=True,
        bot_admin=True,
        supergroup=True,
    )
    async with sim:
        await prepare(url, plan, Groups(group.id, staff.id), lambda line: typer.echo(line))
        # These know the bot already: its greeting is in their phones.
        for known in (LEADER_OF_PARK, GESTORA, OTHER_GESTORA):
            sim.someone(known.id).starts()
        typer.echo("Starting the bot...")
        await bot.start()
        await _until_listening(sim, bot, log)
        typer.echo(f"\n  Villa Ceiba is open:  {sim.url}\n\n  Ctrl-C ends it.")
        if opened is not None:
            opened(sim.url)
        stop = asyncio.Event()
        for name in (signal.SIGINT, signal.SIGTERM):
            asyncio.get_running_loop().add_signal_handler(name, stop.set)
        await stop.wait()
        typer.echo("Closing...")
        await bot.stop()


def settings(url: str, simulator: str) -> dict[str, str]:
    """The bot's environment: its database and the simulator that it talks to. Marta administers it,
    so that what only an administrator sees can be seen, too."""
    return {
        "CABILDO_TOKEN": TOKEN,
        "CABILDO_API_BASE": simulator,
        "CABILDO_CLOCK": simulator,
        "CABILDO_DATABASE_URL": url,
        "CABILDO_ADMINS": str(GESTORA.id),
        "CABILDO_SECRET": secrets.token_urlsafe(24),
    }


async def prepare(url: str, plan: TownPlan, groups: Groups, tell: Callable[[str], None]) -> None:
    """Fill an empty database: the town, its people and their roles, some months of reports."""
    database = Database(url)
    tell("Building the tables...")
    await asyncio.to_thread(schema.upgrade, database)
    writer = Writer(database, lambda: datetime.now(UTC))
    writer.start()
    tell(f"Setting up {plan.name}...")
    await writer.write(lambda turn: set_up(turn, plan))
    await writer.write(lambda turn: welcome(turn, groups))
    tell("Writing some months of past reports...")
    await past.write_all(writer, tell)
    await writer.close()
    database.close()


def welcome(turn: Turn, groups: Groups) -> None:
    """The leader and the gestoras are at work already; the vecinas are new."""
    session = turn.session
    session.add(StaffGroup(chat_id=groups.staff, title=STAFF_TITLE, linked_at=turn.now))
    table = session.exec(select(WorkingGroup).where(WorkingGroup.key == LED_GROUP)).one()
    table.telegram_id = groups.park
    for neighbour in PEOPLE:
        if neighbour.role is None:
            continue
        home = session.exec(select(Territory).where(Territory.key == neighbour.lives)).first()
        person = Person(
            telegram_id=neighbour.id,
            name=neighbour.first_name,
            language=neighbour.language,
            privacy_version=1,
            agreed_at=turn.now - BEFORE,
            created_at=turn.now - BEFORE,
            territory_id=home.id if home else None,
        )
        session.add(person)
        session.flush()
        assert person.id is not None
        assert table.id is not None
        leads = neighbour.role == LEADER
        session.add(
            Role(
                person_id=person.id,
                role=neighbour.role,
                group_id=table.id if leads else None,
                given_at=turn.now,
            )
        )
        if leads:
            session.add(Membership(group_id=table.id, person_id=person.id, joined_at=turn.now))
    session.flush()


def free_port(first: int) -> int:
    """The first port from `first` on that nobody listens on. Raises OSError when none is free."""
    last = min(first + PORTS_TRIED - 1, 65535)
    for port in range(first, last + 1):
        with socket.socket() as trial:
            trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                trial.bind(("127.0.0.1", port))
            except OSError:
                continue
            return port
    raise OSError(f"no free port from {first} to {last}")


def _begin_anew(file: Path) -> None:
    for ending in ("", "-wal", "-shm"):
        Path(f"{file}{ending}").unlink(missing_ok=True)


def _tail(log: Path) -> str:
    return log.read_text("utf-8", "replace")[-2000:]


async def _until_listening(sim: Simulator, bot: BotProcess, log: Path) -> None:
    for _ in range(1200):
        if any(outbox.polling for outbox in sim.world.outboxes.values()):
            return
        if not bot.running:
            typer.echo(_tail(log))
            raise SystemExit("The bot did not start: see above.")
        await asyncio.sleep(0.05)
    raise SystemExit("The bot takes too long to start: see .cabildo/demo.log.")
