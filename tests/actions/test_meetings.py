"""A meeting is told at once, the day before and the hour before: once, at the town's wall time,
whatever happens in between to the bot, to the meeting or to the clock."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlmodel import select

from actions import groups, meeting_words, meetings, people
from actions.act import NOT_YOURS, Refused
from civic.moments import DAY_BEFORE, HOUR_BEFORE
from jobs.registry import PIECE
from storage import group as stored
from storage.database import Database
from storage.due import Due
from storage.group import Membership
from storage.letter import TABLE, Lane
from storage.person import Person
from storage.town import the_town
from storage.turn import Turn
from tests.actions.stage import Stage, keys, reason, taps
from tests.conftest import TownClock

WEDNESDAY = "2026-05-06T18:30"
"""Two days and some hours after the stage's Monday noon (town time is UTC-5)."""


def news(stage: Stage, person: int) -> list[str]:
    """The kinds of news about meetings that somebody is owed, in order."""
    known = {key: kind for kind, key in meeting_words.NEWS.items()}
    told = [known[key] for body in stage.letters(person) for key in keys(body) if key in known]
    return told


def test_members_are_told_at_once_the_day_before_and_the_hour_before(stage: Stage) -> None:
    group = stage.group()
    rosa, ana = stage.leader("Rosa", group), stage.member("Ana", group)
    meeting = stage.meeting(rosa, group, WEDNESDAY)
    stage.beat()
    assert news(stage, ana) == ["called"]
    told = stage.letters(ana)[-1]
    assert {f"g:{word}:{meeting}" for word in ("yes", "maybe", "no")} <= set(taps(told))
    assert "La ceiba" in str(told["text"])

    starts = datetime(2026, 5, 6, 23, 30, tzinfo=UTC)
    stage.walk(starts - timedelta(days=1, seconds=1))
    assert news(stage, ana) == ["called"]
    stage.walk(starts - timedelta(days=1))
    assert news(stage, ana) == ["called", DAY_BEFORE]
    stage.walk(starts - timedelta(hours=1, seconds=1))
    assert news(stage, ana) == ["called", DAY_BEFORE]
    stage.walk(starts + timedelta(days=30))
    assert news(stage, ana) == ["called", DAY_BEFORE, HOUR_BEFORE]
    lanes = stage.read(
        lambda session: set(
            session.connection().scalars(select(TABLE.c.lane).where(TABLE.c.chat_id == ana))
        )
    )
    assert lanes == {int(Lane.REMINDER)}


def test_a_jump_of_days_shows_both_reminders(stage: Stage) -> None:
    group = stage.group()
    rosa, ana = stage.leader("Rosa", group), stage.member("Ana", group)
    stage.meeting(rosa, group, WEDNESDAY)
    stage.walk(stage.clock.now + timedelta(days=3))
    assert news(stage, ana) == ["called", DAY_BEFORE, HOUR_BEFORE]


def test_who_answered_is_told_their_answer_and_a_no_is_left_in_peace(stage: Stage) -> None:
    group = stage.group()
    rosa = stage.leader("Rosa", group)
    ana, luis = stage.member("Ana", group), stage.member("Luis", group)
    meeting = stage.meeting(rosa, group, WEDNESDAY)
    stage.beat()
    stage.act(ana, lambda act: meetings.answer(act, meeting, "yes"))
    stage.act(luis, lambda act: meetings.answer(act, meeting, "no"))
    stage.walk(stage.clock.now + timedelta(days=3))
    assert news(stage, luis) == ["called"]
    reminder = stage.letters(ana)[-1]
    assert meeting_words.WORDS["yes"] in keys(reminder["text"])
    # It can still be changed there.
    assert f"g:no:{meeting}" in taps(reminder)


def test_an_answer_can_be_changed_and_is_counted_once(stage: Stage) -> None:
    group = stage.group()
    rosa, ana = stage.leader("Rosa", group), stage.member("Ana", group)
    meeting = stage.meeting(rosa, group, WEDNESDAY)
    for word in ("yes", "yes", "maybe", "no", "yes", "yes"):
        stage.act(ana, lambda act, word=word: meetings.answer(act, meeting, word))  # type: ignore[misc]
    tally = stage.read(lambda session: stored.tally(session, meeting))
    assert tally == {"yes": 1, "maybe": 0, "no": 0}
    # A tap that changes nothing is no change.
    assert [row.facts["answer"] for row in stage.audited("answer")] == ["yes", "maybe", "no", "yes"]


def test_who_may_not_answer(stage: Stage) -> None:
    group = stage.group()
    rosa, stranger = stage.leader("Rosa", group), stage.person("Eva")
    ana = stage.member("Ana", group)
    meeting = stage.meeting(rosa, group, WEDNESDAY)
    with pytest.raises(Refused) as told:
        stage.act(stranger, lambda act: meetings.answer(act, meeting, "yes"))
    assert reason(told) == meetings.NOT_IN_GROUP
    with pytest.raises(Refused) as told:
        stage.act(12345, lambda act: meetings.answer(act, meeting, "yes"))
    assert told.value.needs_consent
    with pytest.raises(Refused):
        stage.act(ana, lambda act: meetings.answer(act, meeting, "perhaps"))
    with pytest.raises(Refused):
        stage.act(ana, lambda act: meetings.answer(act, 10**6, "yes"))
    stage.clock.now = datetime(2026, 5, 6, 23, 30, tzinfo=UTC)
    with pytest.raises(Refused) as told:
        stage.act(ana, lambda act: meetings.answer(act, meeting, "yes"))
    assert reason(told) == meetings.BEGUN
    assert stage.read(lambda session: stored.tally(session, meeting))["yes"] == 0


def test_only_its_own_leaders_and_gestores_lead_a_group(stage: Stage) -> None:
    group, other = stage.group(), stage.group("parque-central")
    rosa, luis = stage.leader("Rosa", group), stage.leader("Luis", other)
    ana = stage.member("Ana", group)
    meeting = stage.meeting(rosa, group, WEDNESDAY)
    for who in (ana, luis):
        for attempt in (
            lambda who=who: stage.meeting(who, group, WEDNESDAY),
            lambda who=who: stage.act(
                who, lambda act: meetings.move(act, meeting, starts_local="2026-05-07T10:00")
            ),
            lambda who=who: stage.act(who, lambda act: meetings.cancel(act, meeting)),
        ):
            with pytest.raises(Refused) as told:
                attempt()
            assert reason(told) == NOT_YOURS
    kept = stage.the_meeting(meeting)
    assert (kept.version, kept.cancelled_at, kept.starts_local) == (1, None, WEDNESDAY)
    stage.meeting(stage.admin, group, WEDNESDAY)


def test_a_moved_meeting_is_told_to_all_and_reminded_of_at_its_new_hour(stage: Stage) -> None:
    group = stage.group()
    rosa = stage.leader("Rosa", group)
    ana, luis = stage.member("Ana", group), stage.member("Luis", group)
    meeting = stage.meeting(rosa, group, WEDNESDAY)
    stage.beat()
    stage.all_leaves()
    stage.act(ana, lambda act: meetings.answer(act, meeting, "yes"))
    stage.act(luis, lambda act: meetings.answer(act, meeting, "no"))
    stage.act(rosa, lambda act: meetings.move(act, meeting, starts_local="2026-05-09T10:00"))
    stage.beat()
    # Who could not come on Wednesday may on Saturday: everybody is asked anew.
    assert news(stage, luis) == news(stage, ana) == ["called", "moved"]
    assert not any(stage.read(lambda session: stored.tally(session, meeting)).values())
    stage.walk(datetime(2026, 5, 7, 12, 0, tzinfo=UTC))
    assert news(stage, ana) == ["called", "moved"]
    stage.walk(datetime(2026, 5, 20, 12, 0, tzinfo=UTC))
    assert news(stage, ana) == ["called", "moved", DAY_BEFORE, HOUR_BEFORE]
    assert stage.outcomes("meeting_reminder").count("cancelled") == 2
    assert stage.the_meeting(meeting).place == "La ceiba"


def test_what_no_longer_holds_does_not_leave(stage: Stage) -> None:
    group = stage.group()
    rosa, ana = stage.leader("Rosa", group), stage.member("Ana", group)
    meeting = stage.meeting(rosa, group, WEDNESDAY)
    other = stage.meeting(rosa, group, WEDNESDAY)
    stage.beat()

    def owed() -> list[str | None]:
        query = select(TABLE.c.dedupe).where(TABLE.c.chat_id == ana, TABLE.c.state == 0)
        return stage.read(lambda session: list(session.connection().scalars(query)))

    assert len(owed()) == 2
    stage.act(rosa, lambda act: meetings.move(act, meeting, starts_local="2026-05-09T10:00"))
    person = stage.id_of(ana)
    assert owed() == [f"meeting:{other}:1:called:{person}"]
    stage.beat()
    assert owed()[-1] == f"meeting:{meeting}:2:moved:{person}" and len(owed()) == 2


def test_another_place_keeps_the_answers(stage: Stage) -> None:
    group = stage.group()
    rosa, ana = stage.leader("Rosa", group), stage.member("Ana", group)
    meeting = stage.meeting(rosa, group, WEDNESDAY)
    stage.act(ana, lambda act: meetings.answer(act, meeting, "yes"))
    stage.act(
        rosa,
        lambda act: meetings.move(act, meeting, starts_local=WEDNESDAY, place="La escuela"),
    )
    stage.walk(stage.clock.now + timedelta(days=3))
    # It was moved before anybody was told of it: one message is enough.
    assert news(stage, ana) == ["elsewhere", DAY_BEFORE, HOUR_BEFORE]
    assert "La escuela" in str(stage.letters(ana)[-1]["text"])
    assert stage.read(lambda session: stored.tally(session, meeting))["yes"] == 1


def test_a_meeting_called_off_is_told_to_all_and_never_reminded_of(stage: Stage) -> None:
    group = stage.group()
    rosa, luis = stage.leader("Rosa", group), stage.member("Luis", group)
    meeting = stage.meeting(rosa, group, WEDNESDAY)
    stage.beat()
    stage.all_leaves()
    stage.act(luis, lambda act: meetings.answer(act, meeting, "no"))
    stage.act(rosa, lambda act: meetings.cancel(act, meeting))
    stage.walk(stage.clock.now + timedelta(days=5))
    assert news(stage, luis) == ["called", "cancelled"]
    assert "buttons" not in stage.letters(luis)[-1]
    for attempt in (
        lambda act: meetings.cancel(act, meeting),
        lambda act: meetings.move(act, meeting, starts_local="2026-06-09T10:00"),
        lambda act: meetings.answer(act, meeting, "yes"),
    ):
        with pytest.raises(Refused) as told:
            stage.act(rosa, attempt)
        assert reason(told) == meetings.CALLED_OFF


def test_reminders_respect_what_people_want_and_can_get(stage: Stage) -> None:
    group = stage.group()
    rosa = stage.leader("Rosa", group)
    muted, blocked = stage.member("Ana", group), stage.member("Luis", group)
    gone = stage.member("Eva", group)
    stage.act(muted, lambda act: people.set_reminders(act, False))
    stage.turn(
        lambda turn: setattr(turn.session.get(Person, stage.id_of(blocked)), "reachable", False)
    )
    stage.meeting(rosa, group, WEDNESDAY)
    stage.beat()
    stage.act(gone, lambda act: groups.leave(act, group))
    stage.walk(stage.clock.now + timedelta(days=3))
    # That there is a meeting is news; only its reminders can be turned off.
    assert news(stage, muted) == ["called"]
    assert news(stage, blocked) == []
    assert news(stage, gone) == ["called"]


@pytest.mark.parametrize(
    ("wakes", "expected"),
    [
        (timedelta(hours=-5), [DAY_BEFORE, HOUR_BEFORE]),
        (timedelta(minutes=-30), [HOUR_BEFORE]),
        (timedelta(0), []),
        (timedelta(days=2), []),
    ],
)
def test_after_an_outage_late_reminders_are_sent_while_they_help(
    stage: Stage, wakes: timedelta, expected: list[str]
) -> None:
    group = stage.group()
    rosa, ana = stage.leader("Rosa", group), stage.member("Ana", group)
    stage.meeting(rosa, group, WEDNESDAY)
    stage.beat()
    starts = datetime(2026, 5, 6, 23, 30, tzinfo=UTC)
    # Nothing beats until then: the bot was down.
    stage.clock.now = starts + wakes
    stage.beat()
    stage.walk(starts + timedelta(days=3))
    assert news(stage, ana) == ["called", *expected]
    if not expected:
        assert stage.outcomes("meeting_reminder") == [meetings.TOO_LATE] * 2


def test_called_at_short_notice_only_what_is_still_to_come(stage: Stage) -> None:
    group = stage.group()
    rosa, ana = stage.leader("Rosa", group), stage.member("Ana", group)
    stage.meeting(rosa, group, "2026-05-04T15:00")
    stage.meeting(rosa, group, "2026-05-04T12:30")
    with pytest.raises(Refused) as told:
        stage.meeting(rosa, group, "2026-05-04T12:00")
    assert reason(told) == meetings.PAST
    stage.walk(stage.clock.now + timedelta(days=1))
    assert sorted(news(stage, ana)) == [HOUR_BEFORE, "called", "called"]


@pytest.mark.parametrize(
    ("zone", "starts_local", "now", "moments"),
    [
        # Clocks go forward on 29 March 2026 at 02:00, and back on 25 October 2026 at 03:00.
        (
            "Europe/Madrid",
            "2026-03-29T18:30",
            datetime(2026, 3, 20, 12, tzinfo=UTC),
            ["2026-03-28T17:30", "2026-03-29T15:30"],
        ),
        (
            "Europe/Madrid",
            "2026-10-25T18:30",
            datetime(2026, 10, 20, 12, tzinfo=UTC),
            ["2026-10-24T16:30", "2026-10-25T16:30"],
        ),
        # Chile's clocks go back on 4 April 2026 at midnight.
        (
            "America/Santiago",
            "2026-04-05T10:00",
            datetime(2026, 4, 1, 12, tzinfo=UTC),
            ["2026-04-04T13:00", "2026-04-05T13:00"],
        ),
    ],
)
def test_when_the_clocks_change_the_hour_on_the_wall_stays(
    database: Database,
    clock: TownClock,
    zone: str,
    starts_local: str,
    now: datetime,
    moments: list[str],
) -> None:
    clock.now = now
    stage = Stage(database, clock, timezone=zone)
    group = stage.group()
    rosa = stage.leader("Rosa", group)
    meeting = stage.meeting(rosa, group, starts_local)
    planned = stage.read(
        lambda session: sorted(
            session.exec(select(Due.at).where(Due.kind == "meeting_reminder")).all()
        )
    )
    assert [at.strftime("%Y-%m-%dT%H:%M") for at in planned] == moments
    kept = stage.the_meeting(meeting)
    shown = kept.starts_at.astimezone(stage.zone).strftime("%Y-%m-%dT%H:%M")
    assert shown == kept.starts_local == starts_local
    stage.walk(kept.starts_at)
    assert news(stage, rosa) == ["called", DAY_BEFORE, HOUR_BEFORE]


def test_a_large_group_is_told_in_pieces_each_member_once(sqlite: Database) -> None:
    clock = TownClock()
    stage = Stage(sqlite, clock)
    group = stage.group()
    rosa = stage.leader("Rosa", group)

    def crowd(turn: Turn) -> None:
        town = the_town(turn.session)
        assert town
        crowd = [
            Person(
                telegram_id=10**7 + n,
                name=f"P{n}",
                language="es",
                privacy_version=town.privacy_version,
                created_at=turn.now,
            )
            for n in range(2 * PIECE)
        ]
        turn.session.add_all(crowd)
        turn.session.flush()
        turn.session.add_all(
            Membership(group_id=group, person_id=p.id or 0, joined_at=turn.now) for p in crowd
        )

    stage.turn(crowd)
    stage.meeting(rosa, group, WEDNESDAY)
    import jobs
    from actions.act import system_act

    def owed() -> list[int]:
        return stage.read(
            lambda session: list(session.connection().scalars(select(TABLE.c.chat_id)))
        )

    written: list[int] = []
    while True:
        before = len(owed())
        if not stage.turn(lambda turn: jobs.scan(system_act(turn, stage.world))):
            break
        written.append(len(owed()) - before)
    assert max(written) <= PIECE and sum(written) == 2 * PIECE + 1
    assert len(set(owed())) == len(owed()) == 2 * PIECE + 1


def test_a_job_that_runs_again_owes_nothing_twice(stage: Stage) -> None:
    group = stage.group()
    rosa, ana = stage.leader("Rosa", group), stage.member("Ana", group)
    meeting = stage.meeting(rosa, group, WEDNESDAY)
    stage.beat()

    def once_more(turn: Turn) -> None:
        for row in turn.session.exec(select(Due).where(Due.kind == "meeting_told")):
            row.done_at, row.progress = None, 0

    stage.turn(once_more)
    stage.beat()
    assert news(stage, ana) == ["called"]
    assert stage.the_meeting(meeting).version == 1


def test_the_chat_has_a_card_with_counts_and_no_names(stage: Stage) -> None:
    group = stage.group()
    rosa, ana = stage.leader("Rosa", group), stage.member("Anacleta", group)
    chat = -100777

    def link(turn: Turn) -> None:
        found = turn.session.get(stored.WorkingGroup, group)
        assert found
        found.telegram_id = chat

    stage.turn(link)
    meeting = stage.meeting(rosa, group, WEDNESDAY)
    stage.act(ana, lambda act: meetings.answer(act, meeting, "yes"))
    cards = stage.letters(chat)
    assert len(cards) == 1
    tally: dict[str, Any] = next(
        part for part in cards[0]["text"]["lines"] if meeting_words.TALLY in keys(part)
    )
    assert tally["values"] == {"yes": 1, "maybe": 0, "no": 0}
    assert "Anacleta" not in str(cards)
    stage.act(rosa, lambda act: meetings.move(act, meeting, starts_local="2026-05-09T10:00"))
    stage.beat()
    # What had not left yet never does; the new card shows the new day and takes answers.
    cards = [card for card in stage.letters(chat) if card is not None]
    assert [bool(taps(card)) for card in cards] == [True]
    assert "2026-05-09" in str(cards[0])


def test_who_comes_is_for_leaders_while_they_lead(stage: Stage) -> None:
    group = stage.group()
    rosa, ana = stage.leader("Rosa", group), stage.member("Anacleta", group)
    meeting = stage.meeting(rosa, group, WEDNESDAY)

    def look(act: Any) -> None:
        found, its = meetings.led(act, meeting)
        card = meeting_words.for_leader(act, found, its)
        act.turn.card(rosa, meeting_words.leader_card(found), card)

    stage.act(rosa, look)
    assert "Anacleta" not in str(stage.letters(rosa, Lane.REPLY))
    stage.act(ana, lambda act: meetings.answer(act, meeting, "yes"))
    assert "Anacleta" in str(stage.letters(rosa, Lane.REPLY))
    with pytest.raises(Refused):
        stage.act(ana, look)

    from actions import roles
    from storage.person import Role

    role = stage.read(lambda session: session.exec(select(Role.id)).one())
    stage.act(stage.admin, lambda act: roles.end(act, role or 0))
    luis = stage.member("Luisiana", group)
    stage.act(luis, lambda act: meetings.answer(act, meeting, "yes"))
    assert "Luisiana" not in str(stage.letters(rosa))


def test_leaving_takes_the_answer_along(stage: Stage) -> None:
    group = stage.group()
    rosa, ana = stage.leader("Rosa", group), stage.member("Ana", group)
    meeting = stage.meeting(rosa, group, WEDNESDAY)
    stage.act(ana, lambda act: meetings.answer(act, meeting, "yes"))
    stage.act(ana, lambda act: groups.leave(act, group))
    assert stage.read(lambda session: stored.tally(session, meeting))["yes"] == 0
