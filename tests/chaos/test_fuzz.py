"""A little of what `make fuzz` sends: nobody gains anything, and the judge sees what it must."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from bench import fuzz
from bench.fuzz_inputs import KINDS, TEMPLATES, inputs
from bench.fuzz_judge import crashes, escalations, standing, watched

from actions import exports
from actions.act import Act, Refused, actor_of
from actions.world import World
from storage import inbox
from storage.database import Database
from storage.person import GESTOR, Role
from storage.report import by_code
from storage.turn import Turn
from tests.conftest import NOON, in_turn


async def test_nobody_gains_anything(tmp_path: Path) -> None:
    told = await fuzz.fuzz(f"sqlite:///{tmp_path / 'fuzz.sqlite'}", 250, seed=7)
    assert told.escalations == [] and told.crashes == []
    assert told.unanswered == 0 and told.taps > 100 and told.malformed and told.waits


def test_the_same_seed_makes_the_same_inputs() -> None:
    made = [list(inputs(3, 3000, [1, 2])) for _ in range(2)]
    assert made[0] == made[1] and made[0] != list(inputs(4, 3000, [1, 2]))
    taps = [one.data for one in made[0] if one.kind == "tap"]
    assert all(1 <= len(data.encode()) <= 64 for data in taps)
    assert {kind.__prefix__ for kind in KINDS} <= {data.partition(":")[0] for data in taps}
    updates = [one.update for one in made[0] if one.update is not None]
    assert {kind.partition(" ")[0] for kind in TEMPLATES} == {kind for kind, _ in updates}
    assert json.loads(json.dumps(updates)) and "WHO" not in json.dumps(updates)


@pytest.fixture
def town(tmp_path: Path) -> Database:
    """The town that is fuzzed, before anything has come."""
    url = f"sqlite:///{tmp_path / 'fuzz.sqlite'}"
    fuzz.found_town(url)
    return Database(url)


def test_the_judge_sees_a_role_and_a_state_that_were_not_theirs(town: Database) -> None:
    with town.read() as session:
        before = standing(session, {7})
        assert escalations(before, standing(session, {7})) == []
    with town.begin() as session:
        session.add(Role(person_id=7, role=GESTOR, given_at=NOON))
        report = by_code(session, "R-1001")
        assert report is not None
        report.state = "closed"
        # Whoever joins a report adds to a count: that is anybody's to do.
        report.supports = 1
    with town.read() as session:
        found = escalations(before, standing(session, {7}))
    assert [one.split(":")[0] for one in found] == ["report", "report", "role"]
    town.close()


def test_the_judge_sees_who_was_let_through(town: Database) -> None:
    def ask(who: int) -> None:
        def work(turn: Turn) -> None:
            act = Act(turn, actor_of(turn.session, who, "x", "es"), World())
            exports.ask(act, exports.Choice(), "csv")

        in_turn(town, NOON, work)

    forger = fuzz.FIRST_FORGER + 1
    with watched({forger}) as passed:
        with pytest.raises(Refused):
            ask(forger)
        ask(fuzz.GESTORA)
        assert passed == []
    with watched({forger, fuzz.GESTORA}) as passed, pytest.raises(Refused):
        # One file at a time: she was let through all the same.
        ask(fuzz.GESTORA)
    assert passed == [f"{fuzz.GESTORA} was let through as gestor"]
    town.close()


def test_the_judge_sees_what_failed_although_it_was_well_formed(town: Database) -> None:
    with town.begin() as session:
        arrivals = [inbox.Arrival(n, 1, "message", None, {}) for n in (1, 2, 3)]
        inbox.keep(session, arrivals, 0.0)
        inbox.set_aside(session, 1, "ValidationError")
        inbox.set_aside(session, 2, "KeyError")
        inbox.set_aside(session, 3, "ValidationError")
    with town.read() as session:
        assert crashes(session, {1, 2}) == ["message 2: KeyError", "message 3: ValidationError"]
    town.close()
