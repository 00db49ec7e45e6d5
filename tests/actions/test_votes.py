"""One eligible person, one ballot, counted as it closes; whose it is cannot be told afterwards."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import text
from sqlmodel import select

import jobs
from actions import audiences, vote_words, votes
from actions.act import NOT_YOURS, Act, Refused, actor_of, system_act
from civic import ballot
from pictures import vote_result
from storage import METADATA
from storage import vote as stored
from storage.conversation import TABLE as CONVERSATIONS
from storage.database import Database
from storage.due import Due
from storage.letter import Lane
from storage.person import GESTOR, Person, Role
from storage.town import Territory
from storage.vote import Ballot, Vote
from tests.actions.stage import ADMIN_ID, Stage, keys, reason
from tests.conftest import TownClock

SECRET = b"the ballots of these tests, nobody else's"
FRIDAY = datetime.fromisoformat("2026-05-08T18:00")


@pytest.fixture
def town(stage: Stage) -> Stage:
    """The demo's town with a secret for its ballots."""
    stage.world.secret = SECRET
    return stage


def gestor(stage: Stage, name: str = "Elena") -> int:
    """Somebody new who is a gestor."""
    number = stage.person(name)
    role = Role(person_id=stage.id_of(number), role=GESTOR, given_at=stage.clock())
    stage.turn(lambda turn: turn.session.add(role))
    return number


def barrios(stage: Stage) -> tuple[int, int, int]:
    """A comuna, a barrio of it, and a barrio of another."""
    rows = stage.read(lambda session: list(session.exec(select(Territory))))
    inside = next(t for t in rows if t.parent_id is not None)
    outside = next(t for t in rows if t.parent_id not in (None, inside.parent_id))
    assert inside.parent_id and inside.id and outside.id
    return inside.parent_id, inside.id, outside.id


def compose(stage: Stage, who: int, **values: Any) -> int:
    """An open vote; its number."""
    told: dict[str, Any] = {
        "question": "¿Qué pintamos?",
        "options": ["La plaza", "La escuela", "El puente"],
        "at_most": 2,
        "audience": "all",
        "closes": FRIDAY,
        **values,
    }
    made = stage.act(who, lambda act: votes.compose(act, **told).id)
    assert made is not None
    return made


def options(stage: Stage, vote: int) -> list[int]:
    """The numbers of a vote's options."""
    return stage.read(lambda session: [o.id or 0 for o in stored.options(session, vote)])


def cast(stage: Stage, who: int, vote: int, *places: int) -> None:
    """Vote for the options at these places."""
    numbers = options(stage, vote)
    stage.act(who, lambda act: votes.cast(act, vote, [numbers[p] for p in places]))


def ballots(stage: Stage, vote: int) -> list[Ballot]:
    """Every ballot of a vote."""
    return stage.read(
        lambda session: list(session.exec(select(Ballot).where(Ballot.vote_id == vote)))
    )


def the_vote(stage: Stage, vote: int) -> Vote:
    """A vote as it is kept."""
    found = stage.read(lambda session: session.get(Vote, vote))
    assert found is not None
    return found


def rows(stage: Stage) -> dict[str, list[str]]:
    """Every row of every table, as text."""
    return stage.read(
        lambda session: {
            table.name: [str(tuple(row)) for row in session.connection().execute(table.select())]
            for table in METADATA.sorted_tables
        }
    )


def test_a_changed_ballot_replaces_the_one_before(town: Stage) -> None:
    vote = compose(town, gestor(town))
    rosa = town.person("Rosa")
    cast(town, rosa, vote, 0)
    first = ballots(town, vote)
    cast(town, rosa, vote, 1, 2)
    second = ballots(town, vote)
    assert len(first) == len(second) == 1
    assert second[0].choices == sorted(options(town, vote)[1:])
    # Nothing tells that it was changed: the row is a new one.
    assert first[0].id != second[0].id
    assert first[0].voter == second[0].voter == ballot.voter_key(SECRET, vote, rosa)
    present = town.act(rosa, lambda act: votes.present_ballot(act, vote))
    assert present == second[0].choices


def test_the_same_person_has_another_mark_in_another_vote(town: Stage) -> None:
    elena, rosa = gestor(town), town.person("Rosa")
    marks = []
    for question in ("¿Qué pintamos?", "¿Qué plantamos?"):
        vote = compose(town, elena, question=question)
        cast(town, rosa, vote, 0)
        marks.append(ballots(town, vote)[0].voter)
    assert marks[0] != marks[1]


@pytest.mark.parametrize("wrong", ["none", "too many", "another vote's", "unknown"])
def test_a_ballot_that_is_none_is_refused(town: Stage, wrong: str) -> None:
    elena, rosa = gestor(town), town.person("Rosa")
    vote = compose(town, elena)
    another = compose(town, elena, question="¿Qué plantamos?")
    choices = {
        "none": [],
        "too many": options(town, vote),
        "another vote's": options(town, another)[:1],
        "unknown": [10**6],
    }[wrong]
    with pytest.raises(Refused) as refused:
        town.act(rosa, lambda act: votes.cast(act, vote, choices))
    assert reason(refused) == votes.NOT_ON_THE_LIST
    assert not ballots(town, vote)


def test_who_may_vote_is_read_in_the_turn(town: Stage) -> None:
    comuna, barrio, elsewhere = barrios(town)
    elena = gestor(town)
    vote = compose(town, elena, audience=f"t-{comuna}")
    inside = town.person("Ana", territory_id=barrio)
    outside = town.person("Luis", territory_id=elsewhere)
    nowhere = town.person("Eva")
    cast(town, inside, vote, 0)
    with pytest.raises(Refused) as refused:
        cast(town, outside, vote, 0)
    assert reason(refused) == votes.NOT_FOR_YOU
    with pytest.raises(Refused) as refused:
        cast(town, nowhere, vote, 0)
    assert reason(refused) == votes.SAY_YOUR_BARRIO

    # She moves away: what she may do now is what counts.
    def move(turn: Any) -> None:
        person = turn.session.get(Person, town.id_of(inside))
        person.territory_id = elsewhere

    town.turn(move)
    with pytest.raises(Refused):
        cast(town, inside, vote, 1)
    assert len(ballots(town, vote)) == 1


def test_a_groups_vote_is_its_members(town: Stage) -> None:
    group = town.group()
    ana, luis = town.member("Ana", group), town.person("Luis")
    vote = compose(town, gestor(town), audience=f"g-{group}")
    cast(town, ana, vote, 0)
    with pytest.raises(Refused):
        cast(town, luis, vote, 0)
    seen = town.act(ana, lambda act: [v.id for v, voted in votes.open_for_me(act) if voted])
    assert seen == [vote]
    hidden = town.act(luis, lambda act: [v.id for v, _ in votes.open_for_me(act)])
    assert vote not in hidden


def test_only_gestores_open_votes_and_only_sound_ones(town: Stage) -> None:
    rosa, elena = town.person("Rosa"), gestor(town)
    with pytest.raises(Refused) as refused:
        compose(town, rosa)
    assert reason(refused) == NOT_YOURS
    soon = town.clock().astimezone(town.zone).replace(tzinfo=None) + timedelta(minutes=10)
    for values, key in (
        ({"closes": soon}, votes.TOO_SOON),
        ({"options": ["La plaza", "La plaza"]}, votes.TOO_FEW),
        ({"at_most": 4}, votes.TOO_MANY),
        ({"audience": "t-100000"}, audiences.NO_SUCH_AUDIENCE),
        ({"audience": "g-x"}, audiences.NO_SUCH_AUDIENCE),
    ):
        with pytest.raises(Refused) as refused:
            compose(town, elena, **values)
        assert reason(refused) == key
    town.world.secret = None
    with pytest.raises(Refused) as refused:
        compose(town, elena)
    assert reason(refused) == votes.CANNOT_OPEN


def test_a_vote_closes_at_the_towns_hour_and_tells_its_result(town: Stage) -> None:
    elena = gestor(town)
    vote = compose(town, elena)
    people = [town.person(f"P{n}") for n in range(4)]
    muted = town.person("Muda", calls=False)
    gone = town.person("Ida", reachable=False)
    for who, places in zip(people, [(0, 1), (0,), (0, 2), (1,)], strict=True):
        cast(town, who, vote, *places)
    closes = FRIDAY.replace(tzinfo=town.zone)
    town.walk(closes - timedelta(seconds=1))
    assert the_vote(town, vote).closed_at is None
    town.walk(closes)
    closed = the_vote(town, vote)
    assert closed.closed_at == closes
    numbers = options(town, vote)
    assert closed.result == {
        "ballots": 4,
        "void": 0,
        "totals": [[numbers[0], 3], [numbers[1], 2], [numbers[2], 1]],
        "winners": [numbers[0]],
        # Admin, Elena, the four, and the two who are not written to.
        "eligible": 8,
    }
    told = [
        body
        for who in [*people, elena, town.admin]
        for body in town.letters(who, Lane.REMINDER)
        if body and "picture" in body
    ]
    assert len(told) == 6
    assert all(body == told[0] for body in told)
    assert not town.letters(muted, Lane.REMINDER) and not town.letters(gone, Lane.REMINDER)
    assert {vote_words.WINNER, vote_words.CLOSED} <= keys(told[0]["text"])
    data = told[0]["picture"]["data"]
    assert [o["votes"] for o in data["options"]] == [3, 2, 1]
    assert vote_result.draw(data, "es").startswith(b"\x89PNG")
    # Again changes nothing.
    assert not town.turn(lambda turn: votes.close(system_act(turn, town.world), vote))
    with pytest.raises(Refused) as refused:
        cast(town, people[0], vote, 1)
    assert reason(refused) == votes.OVER


def test_a_result_reaches_everybody_once_in_pieces(
    town: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("jobs.votes.PIECE", 2)
    vote = compose(town, gestor(town))
    people = [town.person(f"P{n}") for n in range(7)]
    town.walk(FRIDAY.replace(tzinfo=town.zone))
    for who in people:
        assert len([b for b in town.letters(who, Lane.REMINDER) if "picture" in b]) == 1
    assert the_vote(town, vote).result == {
        "ballots": 0,
        "void": 0,
        "totals": [[number, 0] for number in options(town, vote)],
        "winners": [],
        "eligible": 9,
    }
    told = keys(town.letters(people[0], Lane.REMINDER)[-1])
    assert vote_words.NOBODY_VOTED in told
    assert "{count} people voted" not in told


def test_a_ballot_received_before_closing_counts_and_one_after_does_not(town: Stage) -> None:
    """The closing waits for what reached the inbox before it; what came later is too late."""
    vote = compose(town, gestor(town))
    early, late = town.person("Temprana"), town.person("Tarde")
    numbers = options(town, vote)
    closes = FRIDAY.replace(tzinfo=town.zone)
    town.clock.now = closes + timedelta(seconds=2)
    asked: list[datetime] = []

    def held(row: Due) -> bool:
        asked.append(row.at)
        return True

    town.turn(lambda turn: jobs.scan(system_act(turn, town.world), held))
    assert asked == [closes] and the_vote(town, vote).closed_at is None

    def cast_received(who: int, received: datetime) -> None:
        def work(turn: Any) -> None:
            actor = actor_of(turn.session, who, "X", "es")
            votes.cast(Act(turn, actor, town.world, received), vote, numbers[:1])

        town.turn(work)

    cast_received(early, closes - timedelta(milliseconds=1))
    with pytest.raises(Refused) as refused:
        cast_received(late, closes)
    assert reason(refused) == votes.OVER
    town.beat()
    result = the_vote(town, vote).result
    assert result and result["ballots"] == 1


def test_without_its_secret_a_vote_stops_and_never_doubles(town: Stage) -> None:
    vote = compose(town, gestor(town))
    rosa = town.person("Rosa")
    cast(town, rosa, vote, 0)
    for lost in (None, b"another secret, long enough too"):
        town.world.secret = lost
        for _ in range(2):
            # As a handler does: what is owed before a refusal is kept with it.
            def refused(turn: Any) -> str:
                actor = actor_of(turn.session, rosa, "X", "es")
                with pytest.raises(Refused) as told:
                    votes.cast(Act(turn, actor, town.world), vote, options(town, vote)[:1])
                return reason(told)

            assert town.turn(refused) == votes.NO_SECRET
    warned = [b for b in town.letters(ADMIN_ID) if vote_words.SECRET_LOST in keys(b)]
    assert len(warned) == 1
    assert len(ballots(town, vote)) == 1
    town.world.secret = SECRET
    cast(town, rosa, vote, 1)
    assert [b.choices for b in ballots(town, vote)] == [options(town, vote)[1:2]]


def test_a_vote_of_the_towns_file_takes_its_mark_with_its_first_ballot(town: Stage) -> None:
    vote = town.read(lambda session: session.exec(select(Vote.id)).one())
    assert vote and the_vote(town, vote).secret_mark is None
    cast(town, town.person("Rosa"), vote, 0)
    assert the_vote(town, vote).secret_mark == ballot.secret_mark(SECRET, vote)
    closing = town.read(
        lambda session: session.exec(select(Due).where(Due.kind == stored.CLOSING)).one()
    )
    assert closing.subject == vote and closing.facts["waits"]
    assert closing.at == the_vote(town, vote).closes_at


def test_nothing_outside_the_ballots_tells_of_a_ballot(town: Stage) -> None:
    """The whole database before and after a ballot differs by that ballot alone."""
    vote = compose(town, gestor(town))
    rosa, luis = town.person("Rosa"), town.person("Luis")
    cast(town, luis, vote, 0)
    before = rows(town)
    cast(town, rosa, vote, 1)
    cast(town, rosa, vote, 2)
    after = rows(town)
    changed = {name for name in after if after[name] != before[name]}
    assert changed == {"ballot"}
    kept = next(b for b in ballots(town, vote) if b.choices == options(town, vote)[2:])
    # As a word: by chance its digits stand in a row's hex, too.
    assert str(rosa) not in re.findall(r"\w+", str(after["ballot"]))
    assert set(Ballot.model_fields) == {"id", "vote_id", "voter", "choices"}
    town.walk(FRIDAY.replace(tzinfo=town.zone))
    for name, found in rows(town).items():
        if name != "ballot":
            assert kept.id not in str(found) and kept.voter not in str(found)
    assert not town.audited("cast")


def test_ballots_on_postgresql_forget_the_transaction_they_came_in(
    postgres: Database, clock: TownClock
) -> None:
    """Rows remember which transaction wrote them, and in what place: mixing takes both away."""
    town = Stage(postgres, clock)
    town.world.secret = SECRET
    vote = compose(town, gestor(town))
    for n in range(12):
        cast(town, town.person(f"P{n}"), vote, n % 3)
    physical = text("SELECT voter, xmin::text FROM ballot WHERE vote_id = :vote ORDER BY ctid")

    def seen() -> list[tuple[str, str]]:
        return town.read(
            lambda session: [
                (row[0], row[1]) for row in session.connection().execute(physical, {"vote": vote})
            ]
        )

    before = seen()
    assert len({xmin for _, xmin in before}) == 12
    assert town.turn(lambda turn: stored.mix_open(turn.session)) == 1
    after = seen()
    assert len({xmin for _, xmin in after}) == 1
    assert {voter for voter, _ in after} == {voter for voter, _ in before}
    # One chance in 479 million that a random order is the same one.
    assert [voter for voter, _ in after] != [voter for voter, _ in before]
    assert town.turn(lambda turn: stored.mix_open(turn.session)) == 0


def test_drafts_of_a_ballot_are_let_go_when_the_vote_closes(town: Stage) -> None:
    vote = compose(town, gestor(town))
    rosa, luis = town.person("Rosa"), town.person("Luis")
    talk = {"serial": "1", "keys": True}
    draft = {"name": "vote", "about": {"vote": vote}, "talk": talk, "letter": None}
    report = {"name": "report", "about": {}, "talk": {"serial": "2"}, "letter": None}

    def half_done(turn: Any) -> None:
        common = {"open": True, "serial": 2, "touched": FRIDAY.replace(tzinfo=town.zone)}
        for chat_id, active, parked in ((rosa, draft, []), (luis, report, [draft])):
            turn.session.connection().execute(
                CONVERSATIONS.insert().values(
                    chat_id=chat_id, active=active, parked=parked, nudged=None, **common
                )
            )

    town.turn(half_done)
    town.walk(FRIDAY.replace(tzinfo=town.zone))
    kept = town.read(
        lambda session: {
            row.chat_id: (row.active, row.parked, row.open)
            for row in session.connection().execute(CONVERSATIONS.select())
        }
    )
    assert kept[rosa] == (None, [], False)
    assert kept[luis] == (report, [], True)
    for who in (rosa, luis):
        told = next(one for one in town.letters(who) if vote_words.TOO_LATE in keys(one))
        # A reply keyboard that stood for it goes with it.
        assert bool(told.get("clear_keys")) == (who == rosa)


def test_a_tie_names_all_who_share_it(town: Stage) -> None:
    vote = compose(town, gestor(town))
    for place_ in (0, 1):
        cast(town, town.person(f"P{place_}"), vote, place_)
    town.walk(FRIDAY.replace(tzinfo=town.zone))

    def told(turn: Any) -> set[str]:
        act = system_act(turn, town.world)
        return keys(vote_words.words(act, the_vote(town, vote)))

    found = town.turn(told)
    assert vote_words.TIED in found and vote_words.WINNER not in found


def test_a_long_ballots_result_fits_a_caption(town: Stage) -> None:
    many = [f"Opción {n} " + "x" * 68 for n in range(30)]
    vote = compose(town, gestor(town), question="¿" + "q" * 190 + "?", options=many)
    cast(town, town.person("Rosa"), vote, 29)
    town.walk(FRIDAY.replace(tzinfo=town.zone))

    def told(turn: Any) -> list[str]:
        phrase: Any = vote_words.words(system_act(turn, town.world), the_vote(town, vote))
        return [str(part.get("values", {})) for part in phrase["lines"] if part]

    lines = town.turn(told)
    assert sum(map(len, lines)) < 1500
    # The winner comes first among the options, though it was listed last.
    assert many[29] in lines[1]
