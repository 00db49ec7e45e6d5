"""Who hears what: at once, after quiet hours, or with what they follow; never twice."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import insert
from sqlmodel import select

import jobs
from actions import additions, bundles, casework, follows, people, quiet, report_news, reports
from actions import report_words as words
from actions.act import Refused, system_act
from civic.lifecycle import CLOSED, HIDDEN, IN_PROGRESS
from storage.follow import CATEGORY, TERRITORY, Follow, Notice
from storage.letter import TABLE, Lane
from storage.parcel import message
from storage.person import GESTOR, Person, Role
from storage.report import Report
from storage.support import Support
from storage.town import Category, Territory
from tests.actions.stage import Stage, keys, taps
from tests.actions.test_follow_ups import tells

# The town's main square.
HERE = {"latitude": 7.087797, "longitude": -74.703358}
OTHER = "Otra cosa"


class Street:
    """A gestora, Rosa who told of a lamp at noon, and Ana who follows what they say."""

    def __init__(self, stage: Stage) -> None:
        self.stage = stage
        self.marta, self.rosa, self.ana = (stage.person(n) for n in ("Marta", "Rosa", "Ana"))
        role = Role(person_id=stage.id_of(self.marta), role=GESTOR, given_at=stage.clock())
        stage.turn(lambda turn: turn.session.add(role))

    def tells(self, **told: Any) -> int:
        """Rosa tells of something."""
        return tells(self.stage, self.rosa, **told)

    def moves(self, report: int, after: str = IN_PROGRESS, why: str | None = None) -> None:
        """The gestora moves it on."""
        self.stage.act(self.marta, lambda act: casework.move(act, report, after, why))

    def answers(self, report: int, said: str = "Vamos mañana") -> None:
        """The gestora answers."""
        self.stage.act(self.marta, lambda act: casework.answer(act, report, said))

    def follows(self, kind: str, about: int, who: int | None = None) -> bool:
        """Ana begins to follow, or ends it."""
        return self.stage.act(who or self.ana, lambda act: follows.turn(act, kind, about))

    def heard(self, who: int) -> list[dict[str, Any]]:
        """What was owed to somebody, but for the team's cards."""
        return [b for b in self.stage.letters(who) if b and b["kind"] == "message"]

    def bundles(self, who: int) -> list[dict[str, Any]]:
        """The bundles owed to somebody."""
        return [b for b in self.heard(who) if bundles.MEANWHILE in keys(b["text"])]

    def code(self, report: int) -> str:
        """What people quote."""
        found = self.stage.read(lambda session: session.get(Report, report))
        assert found is not None
        return found.code

    def category(self, key: str) -> int:
        """The number of a category."""
        return self._number(Category, key)

    def territory(self, key: str) -> int:
        """The number of a territory."""
        return self._number(Territory, key)

    def _number(self, table: Any, key: str) -> int:
        query = select(table.id).where(table.key == key)
        return int(self.stage.read(lambda session: session.exec(query).one()))


@pytest.fixture
def street(stage: Stage) -> Street:
    return Street(stage)


def test_who_told_it_and_who_joined_hear_at_once_and_the_doer_does_not(street: Street) -> None:
    report = street.tells()
    street.stage.act(street.ana, lambda act: reports.support(act, report))
    before = len(street.heard(street.marta))
    street.moves(report)
    for who in (street.rosa, street.ana):
        (body,) = street.heard(who)
        assert words.CHANGED[IN_PROGRESS] in keys(body["text"])
        assert taps(body) == [f"m:r:{street.code(report)[2:]}"]
    assert not any(
        words.CHANGED[IN_PROGRESS] in keys(b["text"]) for b in street.heard(street.marta)[before:]
    )
    # What she does herself nobody tells her; the other hears it.
    street.stage.act(
        street.rosa, lambda act: additions.add(act, report, said="Otra", voice=None, photos=[])
    )
    assert (len(street.heard(street.rosa)), len(street.heard(street.ana))) == (1, 2)


def test_who_wants_no_news_hears_nothing_but_a_question_to_them(street: Street) -> None:
    report = street.tells()
    street.stage.act(street.rosa, lambda act: people.set_news(act, False))
    street.moves(report)
    street.answers(report)
    assert street.heard(street.rosa) == []
    street.stage.act(street.marta, lambda act: casework.ask(act, report, "¿Qué poste?"))
    assert len(street.heard(street.rosa)) == 1


def test_quiet_hours_end_in_one_bundle(street: Street) -> None:
    report = street.tells()
    street.stage.act(street.rosa, lambda act: quiet.set_hours(act, 11, 15))
    street.moves(report)
    street.answers(report, "Vamos mañana temprano")
    street.stage.act(street.marta, lambda act: casework.ask(act, report, "¿Qué poste?"))
    street.stage.walk(street.stage.clock.now + timedelta(hours=2, minutes=59))
    assert street.heard(street.rosa) == []
    street.stage.walk(street.stage.clock.now + timedelta(hours=20))
    (body,) = street.heard(street.rosa)
    said = keys(body["text"])
    assert {bundles.MEANWHILE, bundles.YOURS, words.STATES[IN_PROGRESS], bundles.ASKED} <= said
    assert "Vamos mañana temprano" in str(body["text"])
    assert f"m:r:{street.code(report)[2:]}" in taps(body)
    assert f"m:more:{report}" in taps(body) and "m:menu:" in taps(body)
    assert street.stage.letters(street.rosa, Lane.REMINDER) == [body]
    assert street.stage.read(lambda session: session.exec(select(Notice)).all()) == []


def test_whoever_ends_their_quiet_hours_need_not_wait(street: Street) -> None:
    report = street.tells()
    street.stage.act(street.rosa, lambda act: quiet.set_hours(act, 11, 9))
    street.moves(report)
    street.stage.act(street.rosa, lambda act: quiet.set_hours(act, None, None))
    street.stage.walk(street.stage.clock.now + timedelta(hours=1))
    assert len(street.bundles(street.rosa)) == 1
    street.stage.walk(street.stage.clock.now + timedelta(days=2))
    assert len(street.bundles(street.rosa)) == 1


def test_whoever_begins_to_be_quiet_is_not_woken_by_what_was_gathered(street: Street) -> None:
    street.follows(CATEGORY, street.category("alumbrado"))
    street.tells()
    street.stage.beat()
    street.stage.act(street.ana, lambda act: quiet.set_hours(act, 12, 16))
    street.stage.walk(street.stage.clock.now + timedelta(hours=3))
    assert street.bundles(street.ana) == []
    street.stage.walk(street.stage.clock.now + timedelta(hours=1))
    assert len(street.bundles(street.ana)) == 1


def test_what_is_followed_comes_in_one_bundle_at_the_full_hour(street: Street) -> None:
    street.stage.clock.forward(minutes=10)
    assert street.follows(CATEGORY, street.category("alumbrado"))
    first, second = street.tells(), street.tells(said="Otro poste apagado, lejos", address="K 9")
    street.tells(category="vias", said="Un hueco enorme en la calle")
    street.moves(first)
    street.stage.walk(street.stage.clock.now + timedelta(minutes=49))
    assert street.heard(street.ana) == []
    street.stage.walk(street.stage.clock.now + timedelta(minutes=1))
    (body,) = street.bundles(street.ana)
    assert {bundles.FOLLOWED, bundles.NEW, words.STATES[IN_PROGRESS]} <= keys(body["text"])
    assert bundles.YOURS not in keys(body["text"])
    # Where it is in their words is theirs to erase, and this cannot be taken back.
    assert words.NO_PLACE in keys(body["text"]) and "K 9" not in str(body["text"])
    codes = [street.code(number)[2:] for number in (first, second)]
    assert [tap for tap in taps(body) if tap.startswith("m:r:")] == [f"m:r:{c}" for c in codes]
    street.stage.walk(street.stage.clock.now + timedelta(days=1))
    assert len(street.bundles(street.ana)) == 1


@pytest.mark.parametrize("level", [0, 1])
def test_a_territory_is_followed_with_what_is_below_it(street: Street, level: int) -> None:
    town = street.stage.read(lambda session: street.stage.world.town(session))
    barrio = next(t for t in town.territories if t.parent_id is not None and t.outline)
    assert barrio.id is not None
    path = town.atlas.path(barrio.id)
    street.follows(TERRITORY, path[-1 - level].id)
    street.tells(address=barrio.name)
    street.stage.walk(street.stage.clock.now + timedelta(hours=1))
    assert len(street.bundles(street.ana)) == 1


def test_a_circle_is_followed_as_far_as_it_goes(street: Street) -> None:
    def circle(act: Any) -> Follow:
        return follows.follow_place(act, HERE["latitude"], HERE["longitude"], 500, "casa")

    street.stage.act(street.ana, circle)
    street.tells(address=None, latitude=HERE["latitude"] + 0.0044, longitude=HERE["longitude"])
    street.stage.walk(street.stage.clock.now + timedelta(hours=1))
    assert len(street.bundles(street.ana)) == 1
    street.tells(
        said="Otro", address=None, latitude=HERE["latitude"] + 0.0046, longitude=HERE["longitude"]
    )
    street.stage.walk(street.stage.clock.now + timedelta(hours=1))
    assert len(street.bundles(street.ana)) == 1


def test_followed_in_three_ways_and_told_once(street: Street) -> None:
    town = street.stage.read(lambda session: street.stage.world.town(session))
    barrio = town.atlas.locate(**HERE)
    assert barrio is not None
    street.follows(TERRITORY, barrio.id)
    street.follows(CATEGORY, street.category("alumbrado"))
    street.stage.act(
        street.ana,
        lambda act: follows.follow_place(act, HERE["latitude"], HERE["longitude"], 300, None),
    )
    report = street.tells(**HERE)
    street.stage.walk(street.stage.clock.now + timedelta(hours=1))
    (body,) = street.bundles(street.ana)
    assert str(body["text"]).count(street.code(report)) == 1


def test_who_is_concerned_does_not_hear_it_again_as_a_follower(street: Street) -> None:
    for who in (street.ana, street.rosa, street.marta):
        street.follows(CATEGORY, street.category("alumbrado"), who)
    report = street.tells()
    street.stage.act(street.ana, lambda act: reports.support(act, report))
    street.moves(report)
    street.stage.walk(street.stage.clock.now + timedelta(hours=1))
    assert street.bundles(street.rosa) == []
    assert len(street.heard(street.ana)) - len(street.bundles(street.ana)) == 1
    # The gestora hears of the new report, not of what she did with it.
    (hers,) = street.bundles(street.marta)
    assert bundles.NEW in keys(hers["text"])
    assert words.STATES[IN_PROGRESS] not in keys(hers["text"])


@pytest.mark.parametrize("how", ["private", "hidden", "unfollowed"])
def test_what_may_no_longer_be_told_is_left_out(street: Street, how: str) -> None:
    street.follows(CATEGORY, street.category("alumbrado"))
    report = street.tells()
    street.stage.beat()
    assert street.stage.read(lambda session: len(session.exec(select(Notice)).all())) == 1
    if how == "private":
        street.stage.act(street.marta, lambda act: casework.set_private(act, report, True))
    elif how == "hidden":
        street.moves(report, HIDDEN)
    else:
        assert not street.follows(CATEGORY, street.category("alumbrado"))
    street.stage.walk(street.stage.clock.now + timedelta(hours=2))
    assert street.heard(street.ana) == []
    assert street.stage.outcomes(bundles.NEWS) == ["nothing to tell"]


def test_a_private_report_is_nobody_elses(street: Street) -> None:
    street.follows(CATEGORY, street.category("alumbrado"))
    report = street.tells()
    street.stage.walk(street.stage.clock.now + timedelta(hours=1))
    street.stage.act(street.marta, lambda act: casework.set_private(act, report, True))
    street.moves(report)
    street.stage.walk(street.stage.clock.now + timedelta(hours=2))
    assert len(street.bundles(street.ana)) == 1


@pytest.mark.parametrize("quiet_ana", [False, True])
def test_what_the_team_keeps_to_itself_is_no_news_for_who_joined(
    street: Street, quiet_ana: bool
) -> None:
    report = street.tells()
    street.stage.act(street.ana, lambda act: reports.support(act, report))
    if quiet_ana:
        street.stage.act(street.ana, lambda act: quiet.set_hours(act, 9, 21))
    street.answers(report)
    street.stage.act(street.marta, lambda act: casework.set_private(act, report, True))
    street.moves(report)
    street.stage.walk(street.stage.clock.now + timedelta(days=1))
    # What was said before it was private, where it was told at once.
    assert len(street.heard(street.ana)) == (0 if quiet_ana else 1)
    assert len(street.heard(street.rosa)) == 3


@pytest.mark.parametrize("quiet_ana", [False, True])
def test_who_joined_hears_that_it_was_hidden_with_no_button_to_it(
    street: Street, quiet_ana: bool
) -> None:
    report = street.tells()
    street.stage.act(street.ana, lambda act: reports.support(act, report))
    if quiet_ana:
        street.stage.act(street.ana, lambda act: quiet.set_hours(act, 9, 21))
    street.moves(report, HIDDEN)
    street.answers(report)
    street.stage.walk(street.stage.clock.now + timedelta(days=1))
    (told,) = street.heard(street.ana)
    assert taps(told)
    assert not [data for data in taps(told) if data.startswith("m:r:")]
    assert any(data.startswith("m:r:") for data in taps(street.heard(street.rosa)[-1]))


def moved_for_a_crowd(street: Street, monkeypatch: pytest.MonkeyPatch) -> int:
    """What Ana has joined is moved, and so many have that a job tells them."""
    monkeypatch.setattr(report_news, "AT_ONCE", 0)
    report = street.tells()
    street.stage.act(street.ana, lambda act: reports.support(act, report))
    street.moves(report)
    return report


def test_a_crowd_hears_no_more_of_what_was_made_private_meanwhile(
    street: Street, monkeypatch: pytest.MonkeyPatch
) -> None:
    report = moved_for_a_crowd(street, monkeypatch)
    street.stage.act(street.marta, lambda act: casework.set_private(act, report, True))
    street.stage.walk(street.stage.clock.now + timedelta(hours=1))
    assert street.heard(street.ana) == []


def test_nothing_older_than_a_week(street: Street) -> None:
    street.follows(CATEGORY, street.category("alumbrado"))
    street.tells()
    street.stage.beat()
    # The bot was down for a week.
    street.stage.clock.forward(days=7, minutes=1)
    street.stage.beat()
    assert street.bundles(street.ana) == []
    assert street.stage.outcomes(bundles.NEWS) == ["nothing to tell"]
    assert street.stage.read(lambda session: session.exec(select(Notice)).all()) == []


def test_what_was_gathered_late_is_as_old_as_it_is(street: Street) -> None:
    street.follows(CATEGORY, street.category("alumbrado"))
    street.tells()
    # The bot was down before it could gather it.
    street.stage.clock.forward(days=9)
    street.moves(street.tells(said="Otro poste apagado"))
    street.stage.walk(street.stage.clock.now + timedelta(hours=1))
    (body,) = street.bundles(street.ana)
    assert len([tap for tap in taps(body) if tap.startswith("m:r:")]) == 1


def test_a_crowd_is_told_nothing_older_than_a_week(
    street: Street, monkeypatch: pytest.MonkeyPatch
) -> None:
    moved_for_a_crowd(street, monkeypatch)
    street.stage.clock.forward(days=7, minutes=1)
    street.stage.beat()
    told = set().union(*(keys(body["text"]) for body in street.heard(street.ana)))
    assert words.CHANGED[IN_PROGRESS] not in told


def test_news_that_could_not_leave_for_a_week_leave_no_more(street: Street) -> None:
    """Neither a letter about one thing nor a bundle; what is younger, or no news, does leave."""
    street.follows(CATEGORY, street.category("alumbrado"))
    old = street.tells()
    street.moves(old)
    street.stage.walk(street.stage.clock.now + timedelta(hours=1))
    street.stage.turn(lambda turn: turn.owe_once(street.rosa, message(OTHER), dedupe="other:1"))
    street.stage.clock.forward(days=6)
    street.answers(old, "Va mañana")
    street.stage.clock.forward(days=1, minutes=1)

    def drop() -> int:
        return street.stage.turn(
            lambda turn: report_news.drop_old(system_act(turn, street.stage.world))
        )

    assert drop() == 2 and drop() == 0
    rosa = [str(body["text"]) for body in street.heard(street.rosa)]
    assert any("Va mañana" in text for text in rosa) and any(OTHER in text for text in rosa)
    assert not any(words.CHANGED[IN_PROGRESS] in text for text in rosa)
    assert not any(street.bundles(street.ana))


def test_killed_before_the_commit_it_is_told_once_all_the_same(street: Street) -> None:
    street.follows(CATEGORY, street.category("alumbrado"))
    report = street.tells()
    street.stage.act(street.rosa, lambda act: quiet.set_hours(act, 11, 13))
    street.moves(report)

    def killed(turn: Any) -> None:
        jobs.scan(system_act(turn, street.stage.world))
        raise ConnectionError

    for _ in range(3):
        for _ in range(2):
            with pytest.raises(ConnectionError):
                street.stage.turn(killed)
        street.stage.beat()
        street.stage.clock.forward(hours=1)
    assert len(street.bundles(street.rosa)) == len(street.bundles(street.ana)) == 1


def test_a_long_bundle_is_cut_and_says_so(street: Street) -> None:
    street.follows(CATEGORY, street.category("alumbrado"))
    for number in range(bundles.MOST_REPORTS + 3):
        who = street.stage.person("Otra")
        tells(street.stage, who, said=f"El poste {number} no alumbra " + "nada " * 100)
    street.stage.walk(street.stage.clock.now + timedelta(hours=1))
    (body,) = street.bundles(street.ana)
    assert any(key.startswith("… and {count} report more: ") for key in keys(body["text"]))
    assert sum(tap.startswith("m:r:") for tap in taps(body)) == bundles.MOST_REPORTS
    assert len(str(body["text"])) < 8000


def test_many_who_joined_are_told_in_pieces_each_once(
    street: Street, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(report_news, "AT_ONCE", 3)
    report = street.tells()
    crowd = [street.stage.person("Vecina") for _ in range(7)]
    for who in crowd:
        street.stage.act(who, lambda act: reports.support(act, report))
    street.moves(report, CLOSED, "Ya no hace falta")
    assert len(street.heard(street.rosa)) == 1
    assert not any(street.heard(who) for who in crowd)
    street.stage.beat()
    street.stage.walk(street.stage.clock.now + timedelta(hours=1))
    assert [len(street.heard(who)) for who in crowd] == [1] * 7


def test_pieces_of_a_crowd(street: Street) -> None:
    """More than one piece of those who joined, and of those who follow: each hears it once."""
    many = 1100

    def fill(turn: Any) -> None:
        connection = turn.session.connection()
        people_ = [
            {
                "id": 1000 + n, "telegram_id": 10**7 + n, "name": "P", "language": "es",
                "privacy_version": 1, "created_at": turn.now, "calls": True, "reminders": True,
                "reachable": True, "digest": "now", "news": True, "follow_ups": True,
            }
            for n in range(2 * many)
        ]  # fmt: skip
        connection.execute(insert(Person), people_)
        lamps = street.category("alumbrado")
        joined = [
            {"report_id": report, "person_id": 1000 + n, "created_at": turn.now}
            for n in range(many)
        ]
        following = [
            {
                "person_id": 1000 + n,
                "kind": CATEGORY,
                "category_id": lamps,
                "created_at": turn.now,
            }
            # Some of those who joined follow it too.
            for n in range(many - 100, 2 * many)
        ]
        connection.execute(insert(Support), joined)
        connection.execute(insert(Follow), following)

    report = street.tells()
    street.stage.turn(fill)
    street.moves(report)
    street.stage.walk(street.stage.clock.now + timedelta(hours=1))
    chats = street.stage.read(
        lambda session: list(
            session.connection().scalars(
                TABLE.select().with_only_columns(TABLE.c.chat_id).where(TABLE.c.chat_id >= 10**7)
            )
        )
    )
    assert sorted(chats) == [10**7 + n for n in range(2 * many)]


@pytest.mark.parametrize("hours", [(7, 7), (24, 6), (None, 6), (21, None)])
def test_hours_that_are_none(street: Street, hours: tuple[int | None, int | None]) -> None:
    with pytest.raises(Refused):
        street.stage.act(street.ana, lambda act: quiet.set_hours(act, *hours))
