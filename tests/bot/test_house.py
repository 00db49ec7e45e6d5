"""A house starts only where it may, says why when it may not, and leaves nothing half-done."""

from __future__ import annotations

import asyncio
import os
import signal
import socket
import sys
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from sqlmodel import select

from bot import holder, house
from bot.house import LEASE, House
from bot.listener import ALLOWED_UPDATES
from bot.settings import Settings, WrongSetting
from courier.limits import Limits
from handlers import dispatcher
from simulator.person import Person
from simulator.seen import Seen
from simulator.server import Simulator
from storage import lease, letter
from storage.database import Database
from storage.inbox import Inbox
from storage.lease import Lease
from tests.conversations.conftest import TOKEN, Town, settings_for

ROOT = Path(__file__).parents[2]


def made(url: str, sim: Simulator, **more: Any) -> House:
    """A house that is not started yet."""
    settings = settings_for(url, sim.url)
    return House(settings.model_copy(update=more), limits=Limits.off())


@asynccontextmanager
async def running(url: str, sim: Simulator, **more: Any) -> AsyncIterator[House]:
    """A house that is started, and stopped at the end."""
    one = made(url, sim, **more)
    try:
        await one.start()
        yield one
    finally:
        await one.stop()


def free_port() -> int:
    with socket.socket() as trial:
        trial.bind(("127.0.0.1", 0))
        return int(trial.getsockname()[1])


def leave_lease(url: str, name: str, until: float) -> None:
    """The lease that a process left behind."""
    database = Database(url)
    with database.begin() as session:
        session.add(Lease(name=LEASE, holder=name, until=until))
    database.close()


async def held_by(url: str) -> str | None:
    database = Database(url)
    with database.read() as session:
        row = session.get(Lease, LEASE)
        name = row.holder if row else None
    database.close()
    return name


async def until(true: Any, seconds: float = 10.0) -> None:
    """Wait until something is so."""
    async with asyncio.timeout(seconds):
        while not true():  # noqa: ASYNC110
            await asyncio.sleep(0.01)


def answers(person: Person) -> list[Seen]:
    """What the bot has said to somebody."""
    return [seen for seen in person.inbox if seen.data["from"]["is_bot"]]


# who may start


async def test_without_a_town_it_says_how_to_set_one_up(sqlite_url: str, sim: Simulator) -> None:
    one = made(sqlite_url, sim)
    with pytest.raises(WrongSetting, match="cabildo town"):
        await one.start()
    await one.stop()
    assert await held_by(sqlite_url) is None


async def test_without_a_token_it_says_so(sqlite_url: str) -> None:
    with pytest.raises(WrongSetting, match="CABILDO_TOKEN"):
        House(Settings(database_url=sqlite_url))


async def test_a_token_that_telegram_does_not_know(small_url: str, sim: Simulator) -> None:
    one = made(small_url, sim, token=Settings(token="1:never").token)
    with pytest.raises(WrongSetting, match="CABILDO_TOKEN") as refused:
        await one.start()
    await one.stop()
    assert "1:never" not in str(refused.value)


async def test_an_address_where_nobody_answers_yet(small_url: str) -> None:
    port = free_port()
    one = House(settings_for(small_url, f"http://127.0.0.1:{port}"), limits=Limits.off())
    starting = asyncio.create_task(one.start())
    await asyncio.sleep(0.3)
    assert not starting.done()
    async with Simulator(port=port) as sim:
        sim.add_bot(TOKEN, "villaceiba_bot", "Villa Ceiba")
        await asyncio.wait_for(starting, 20)
        rosa = sim.person("Rosa")
        rosa.starts()
        await until(lambda: answers(rosa))
        await one.stop()


async def test_a_second_house_is_refused_in_a_sentence(
    town_url: str, sim: Simulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with running(town_url, sim) as first:
        # Renewed every 4 s: still held all the while that the second one waits.
        monkeypatch.setattr(house, "LEASE_SECONDS", 6.0)
        second = made(town_url, sim)
        with pytest.raises(WrongSetting, match="Another process already runs the bot"):
            await second.start()
        await second.stop()
        # The one that was refused has taken nothing from the one that runs.
        assert await held_by(town_url) == first.holder
        assert first.failed is not None and not first.failed.done()
        sim.person("Rosa").starts()
        await until(lambda: sim.record.calls("sendMessage"))


async def test_a_lease_that_nobody_renews_is_taken_over(
    town_url: str, sim: Simulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    leave_lease(town_url, "a machine far away", time.time() + 1.5)
    begun = time.monotonic()
    async with running(town_url, sim) as one:
        assert time.monotonic() - begun >= 1.0
        assert await held_by(town_url) == one.holder


async def test_a_process_of_this_machine_that_died_keeps_nobody_waiting(
    town_url: str, sim: Simulator
) -> None:
    dead = await asyncio.create_subprocess_exec(sys.executable, "-c", "pass")
    await dead.wait()
    here = holder.my_name()
    gone = here.replace(f"/{os.getpid()}/", f"/{dead.pid}/")
    assert holder.is_gone(gone) and not holder.is_gone(here)
    leave_lease(town_url, gone, time.time() + 3600)
    async with asyncio.timeout(10), running(town_url, sim) as one:
        assert await held_by(town_url) == one.holder


@pytest.mark.parametrize(
    "name", ["", "x", "another-machine/1/x", "/99999999/x", "//", f"{'9' * 40}/{'9' * 40}/x"]
)
def test_of_a_process_elsewhere_nothing_is_known(name: str) -> None:
    assert not holder.is_gone(name)
    room = holder.my_name().partition("/")[0]
    assert not holder.is_gone(f"{room}/not a number/x")
    assert not holder.is_gone(f"{room}/{'9' * 40}/x")
    assert not holder.is_gone(f"{room}/1/x")


async def test_a_house_whose_lease_was_taken_stops(town_url: str, sim: Simulator) -> None:
    async with running(town_url, sim) as one:
        assert one.failed is not None

        def steal(turn: Any) -> None:
            row = turn.session.get(Lease, LEASE)
            row.holder, row.until = "another", time.time() + 60

        await one.writer.write(steal)
        one.heart._renewed = 0.0
        await one.heart.beat()
        with pytest.raises(RuntimeError, match="took over"):
            await asyncio.wait_for(one.failed, 5)
    # It has not given back what is no longer its own.
    assert await held_by(town_url) == "another"


# what Telegram is asked for, and what it may answer while it listens


def test_telegram_is_asked_for_what_somebody_takes_and_nothing_else() -> None:
    assert set(ALLOWED_UPDATES) == set(dispatcher().resolve_used_update_types())


@pytest.mark.parametrize("fault", ["bad_gateway", "error_500", "too_many", "drop_before"])
async def test_trouble_that_passes_is_waited_out(
    small_town: Town, fault: str, caplog: pytest.LogCaptureFixture
) -> None:
    small_town.sim.faults.add(kind=fault, method="getUpdates", count=2, retry_after=1)
    rosa = small_town.person("Rosa")
    rosa.starts()
    await until(lambda: answers(rosa), 20)
    assert not small_town.house.failed or not small_town.house.failed.done()
    assert TOKEN not in caplog.text


async def test_another_poller_is_waited_out_too(small_town: Town) -> None:
    """409: https://core.telegram.org/bots/api#getupdates answers one caller at a time."""
    async with aiohttp.ClientSession() as session:
        for _ in range(3):
            url = f"{small_town.sim.url}/bot{TOKEN}/getUpdates"
            async with session.post(url, json={"timeout": 0, "offset": -1}) as answer:
                await answer.read()
    rosa = small_town.person("Rosa")
    rosa.starts()
    await until(lambda: answers(rosa), 20)


async def test_a_token_revoked_while_it_runs_stops_it_with_a_sentence(small_town: Town) -> None:
    from bot.listener import ListeningError

    async def revoked(*_: Any, **__: Any) -> Any:
        raise ListeningError(401, 1.0)

    small_town.house._session.updates = revoked  # type: ignore[method-assign]
    small_town.person("Rosa").starts()
    assert small_town.house.failed is not None
    with pytest.raises(RuntimeError, match="CABILDO_TOKEN is wrong or was revoked"):
        await asyncio.wait_for(asyncio.shield(small_town.house.failed), 10)


# how it ends


async def test_stopping_while_people_talk_loses_and_doubles_nothing(town: Town) -> None:
    people = [town.person(f"P{number}") for number in range(8)]
    for one in people:
        one.starts()
        one.says("/ayuda")
    await asyncio.sleep(0.05)
    await town.house.stop()
    for one in people:
        one.says("/menu")
    again = House(town.house.settings, clock=town.clock, limits=Limits.off())
    await again.start()
    town.house = again
    await town.quiet()
    for one in people:
        # A welcome, the help, the menu: each once, in that order.
        assert len(answers(one)) == 3, one.inbox
    with again.database.read() as session:
        states = session.exec(select(Inbox.state)).all()
        letters = session.connection().scalars(select(letter.TABLE.c.state)).all()
    assert set(states) == {1}
    assert set(letters) == {letter.SENT}
    town.judge()


async def test_stopping_gives_the_lease_back(town_url: str, sim: Simulator) -> None:
    async with running(town_url, sim):
        assert await held_by(town_url) is not None
    assert await held_by(town_url) is None


async def test_stopping_takes_no_long_poll_to_end(small_url: str, sim: Simulator) -> None:
    one = made(small_url, sim)
    await one.start()
    await until(lambda: any(outbox.polling for outbox in sim.world.outboxes.values()))
    begun = time.monotonic()
    await one.stop()
    assert time.monotonic() - begun < 3


async def test_a_process_ends_gracefully_when_it_is_asked_to(
    small_url: str, sim: Simulator, tmp_path: Path
) -> None:
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "bot.cli", "run",
        cwd=tmp_path,
        env={
            **os.environ,
            "PYTHONPATH": str(ROOT),
            "CABILDO_TOKEN": TOKEN,
            "CABILDO_API_BASE": sim.url,
            "CABILDO_DATABASE_URL": small_url,
        },
        stderr=asyncio.subprocess.PIPE,
    )  # fmt: skip
    await until(lambda: any(box.polling for box in sim.world.outboxes.values()), 60)
    process.send_signal(signal.SIGTERM)
    _, told = await asyncio.wait_for(process.communicate(), 20)
    assert process.returncode == 0, told
    assert TOKEN.encode() not in told and b"Traceback" not in told
    assert await held_by(small_url) is None


# /health


async def asked(port: int) -> tuple[int, dict[str, Any]]:
    async with aiohttp.ClientSession() as session:
        async with session.get(f"http://127.0.0.1:{port}/health") as answer:
            return answer.status, await answer.json()


async def test_health_is_numbers_and_no_names(small_url: str, sim: Simulator) -> None:
    port = free_port()
    async with running(small_url, sim, health_port=port) as one:
        rosa = sim.person("Rosa Inconfundible")
        rosa.starts()
        await until(lambda: answers(rosa))
        await one.settle()
        status, facts = await asked(port)
        assert status == 200 and facts["ok"] is True and facts["database"] == "up"
        assert facts["applied"] == 1 and facts["set_aside"] == facts["waiting"] == 0
        for name, value in facts.items():
            assert isinstance(value, int | float | bool) or value in ("up", "down", None), name
        assert 0 <= facts["last_update_check_s"] < 60

        for _ in range(5):
            one.writer.down = True
            status, facts = await asked(port)
            if one.writer.down:
                break
            # The heart has written meanwhile, and found the database well.
        assert (status, facts["ok"], facts["database"]) == (503, False, "down")
        one.writer.down = False
        assert (await asked(port))[0] == 200

        # A house that no longer listens is not well either, whatever its database says.
        assert one._listening is not None
        one._listening.cancel()
        await asyncio.wait([one._listening])
        assert (await asked(port))[0] == 503


async def test_health_tells_of_a_database_that_is_gone(
    small_url: str, sim: Simulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The database really fails: nobody has to tell the page so."""
    import sqlite3

    from sqlalchemy.exc import OperationalError

    port = free_port()
    async with running(small_url, sim, health_port=port) as one:
        broken = sqlite3.OperationalError("database or disk is full")
        broken.sqlite_errorcode = sqlite3.SQLITE_FULL
        real = one.writer._transaction

        def full(*_: Any, **__: Any) -> Any:
            raise OperationalError("x", None, broken)

        monkeypatch.setattr(one.writer, "_transaction", full)
        rosa = sim.person("Rosa")
        rosa.starts()
        await until(lambda: one.writer.down)
        assert (await asked(port))[0] == 503
        monkeypatch.setattr(one.writer, "_transaction", real)
        await until(lambda: answers(rosa))
        assert (await asked(port))[0] == 200


def test_the_lease_is_renewed_well_before_it_ends() -> None:
    assert house.LEASE_SECONDS >= 3 * 4
    assert lease.TABLE.name == "lease"
