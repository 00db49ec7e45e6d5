"""Was it fixed? Everybody concerned is asked once a repair, and heard."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from sqlmodel import select

from actions import casework, follow_ups, gone_up, own_reports, people, quiet, reports, verdicts
from actions import report_words as words
from actions.act import Act, Refused, system_act
from civic.lifecycle import FIXED, RECEIVED
from storage import due, tray
from storage.letter import Lane
from storage.person import GESTOR, Role
from storage.report import EVIDENCE, Report, ReportPhoto
from storage.report_event import VERDICT, ReportEvent
from storage.support import NO, UNSURE, YES, Verdict
from storage.tray import Wanted
from tests.actions.stage import Stage, keys, reason, taps

WEEKS = {"days": 28, "hours": 1}


class Street:
    """A gestora, a vecina whose lamp was fixed, and others who had joined her."""

    def __init__(self, stage: Stage, others: int = 3) -> None:
        self.stage = stage
        self.marta, self.rosa = stage.person("Marta"), stage.person("Rosa")
        role = Role(person_id=stage.id_of(self.marta), role=GESTOR, given_at=stage.clock())
        stage.turn(lambda turn: turn.session.add(role))
        self.report = tells(stage, self.rosa)
        self.others = [stage.person(f"Vecina {number}") for number in range(others)]
        for other in self.others:
            stage.act(other, lambda act: reports.support(act, self.report))

    @property
    def everybody(self) -> list[int]:
        """Whoever told it and whoever joined."""
        return [self.rosa, *self.others]

    def fixes(self) -> None:
        """The gestora marks it as fixed; the question is due 28 days later."""
        self.stage.act(self.marta, lambda act: casework.move(act, self.report, FIXED))

    def asked(self, who: int) -> list[dict[str, Any]]:
        """The questions owed to somebody."""
        found = self.stage.letters(who)
        return [body for body in found if follow_ups.QUESTION in keys(body["text"])]

    def says(self, who: int, answer: str, asking: int = 0) -> str:
        """Answer the question."""
        return self.stage.act(who, lambda act: verdicts.judge(act, self.report, asking, answer))

    def kept(self) -> Report:
        """The report as it is now."""
        found = self.stage.read(lambda session: session.get(Report, self.report))
        assert found is not None
        return found

    def weeks_go_by(self) -> None:
        """Until after the question is due."""
        self.stage.walk(self.stage.clock.now + due_after())


def due_after() -> timedelta:
    return timedelta(**WEEKS)


def tells(stage: Stage, who: int, **told: Any) -> int:
    values: dict[str, Any] = {
        "category": "alumbrado",
        "said": "Un poste apagado en la esquina",
        "voice": None,
        "latitude": None,
        "longitude": None,
        "address": "Calle 5",
        "photos": [],
        **told,
    }
    number = stage.act(who, lambda act: reports.file(act, **values).id)
    assert number is not None
    return number


@pytest.fixture
def street(stage: Stage) -> Street:
    made = Street(stage)
    made.fixes()
    return made


def test_everybody_is_asked_once(street: Street) -> None:
    street.stage.walk(street.stage.clock.now + due_after() / 2)
    assert not any(street.asked(who) for who in street.everybody)
    street.weeks_go_by()
    street.weeks_go_by()
    assert [len(street.asked(who)) for who in street.everybody] == [1, 1, 1, 1]
    assert street.asked(street.marta) == []
    (body,) = street.asked(street.rosa)
    assert taps(body) == [f"v:{answer}:{street.report}:0" for answer in (YES, NO, UNSURE)]
    assert street.stage.outcomes("follow_up") == ["asked"]


@pytest.mark.parametrize("awake", [True, False])
def test_what_was_told_is_quoted_to_nobody_but_whoever_told_it(stage: Stage, awake: bool) -> None:
    street = Street(stage, others=2)
    story, address = "Un poste apagado en la esquina", "Calle 5"
    for who in () if awake else street.everybody:
        stage.act(who, lambda act: quiet.set_hours(act, 11, 15))
    street.fixes()
    stage.walk(stage.clock.now + due_after() + timedelta(hours=4))
    (body,) = street.asked(street.rosa)
    assert story in str(body["text"]) and address in str(body["text"])
    code = street.kept().code
    for who in street.others:
        (body,) = street.asked(who)
        assert code in str(body["text"]) and words.NO_PLACE in keys(body["text"])
        assert story not in str(body) and address not in str(body)
        # What it was about can be looked at where it stands.
        assert taps(body)[-1] == f"m:r:{code[2:]}"


def test_whoever_joined_reads_its_barrio(stage: Stage) -> None:
    street = Street(stage, others=0)
    street.report = tells(stage, street.rosa, address="Calle 5, casa azul, Centro")
    street.others = [stage.person("Ana")]
    stage.act(street.others[0], lambda act: reports.support(act, street.report))
    street.fixes()
    street.weeks_go_by()
    (body,) = street.asked(street.others[0])
    assert "Centro" in str(body["text"]) and "casa azul" not in str(body)


def test_in_pieces_nobody_is_left_out_or_asked_twice(stage: Stage) -> None:
    street = Street(stage, others=7)
    street.fixes()
    stage.walk(stage.clock.now)
    stage.clock.forward(**WEEKS)
    progress, pieces = 0, 0

    def piece(at: int) -> Any:
        return stage.turn(lambda turn: ask(stage, turn, {street.report: at}, most=3))

    while True:
        done = piece(progress)
        pieces += 1
        go_on, wrote = done.get(street.report, (progress, 0))
        assert wrote <= 3
        if go_on is None:
            break
        progress = go_on
    assert pieces >= 3
    assert [len(street.asked(who)) for who in street.everybody] == [1] * 8


def ask(stage: Stage, turn: Any, asked: dict[int, int], most: int) -> Any:
    return follow_ups.ask(system_act(turn, stage.world), asked, most)


def test_several_reports_share_a_piece(stage: Stage) -> None:
    first, second = Street(stage, others=2), Street(stage, others=2)
    asked = {first.report: 0, second.report: 0, 99_999: 0}
    for street in (first, second):
        street.fixes()
    stage.clock.forward(**WEEKS)
    for _ in range(6):
        done = stage.turn(lambda turn: ask(stage, turn, asked, most=2))
        for number, (go_on, _) in done.items():
            if go_on is None:
                del asked[number]
            else:
                asked[number] = go_on
        if not asked:
            break
    assert asked == {}
    for street in (first, second):
        assert [len(street.asked(who)) for who in street.everybody] == [1, 1, 1]


def test_who_does_not_want_to_be_asked(street: Street) -> None:
    street.stage.act(street.rosa, lambda act: people.set_follow_ups(act, False))
    street.weeks_go_by()
    assert [len(street.asked(who)) for who in street.everybody] == [0, 1, 1, 1]


def test_whoever_said_so_herself_is_not_asked(stage: Stage) -> None:
    street = Street(stage, others=1)
    stage.act(street.rosa, lambda act: own_reports.mended(act, street.report))
    street.weeks_go_by()
    assert [len(street.asked(who)) for who in street.everybody] == [0, 1]


def test_quiet_hours_put_the_question_off(street: Street) -> None:
    # It was fixed at noon, so it is asked at noon.
    street.stage.act(street.rosa, lambda act: quiet.set_hours(act, 11, 15))
    at = street.stage.clock.now + due_after()
    street.stage.walk(at)
    assert [len(street.asked(who)) for who in street.everybody] == [0, 1, 1, 1]
    street.stage.clock.forward(hours=3)
    street.stage.beat()
    assert len(street.asked(street.rosa)) == 1
    street.weeks_go_by()
    assert len(street.asked(street.rosa)) == 1


def test_whoever_left_it_meanwhile_is_not_asked_late(street: Street) -> None:
    left, stays = street.others[:2]
    for who in (left, stays, street.rosa):
        street.stage.act(who, lambda act: quiet.set_hours(act, 11, 15))
    street.stage.walk(street.stage.clock.now + due_after())
    street.stage.act(left, lambda act: reports.unsupport(act, street.report))
    street.stage.clock.forward(hours=3)
    street.stage.beat()
    assert [len(street.asked(who)) for who in (street.rosa, left, stays)] == [1, 0, 1]


def bans_one(street: Street, who: int, days: int) -> None:
    """Somebody may not write for so many days from now on."""

    def ban(act: Act) -> None:
        act.me.banned_until = act.now + timedelta(days=days)

    street.stage.act(who, ban)


def test_whoever_may_not_answer_then_is_not_asked(street: Street) -> None:
    banned, over = street.others[:2]
    for who, days in ((street.rosa, 100), (banned, 29), (over, 28)):
        bans_one(street, who, days)
    street.weeks_go_by()
    assert [len(street.asked(who)) for who in street.everybody] == [0, 0, 1, 1]
    # Nor when the ban is over.
    street.stage.walk(street.stage.clock.now + timedelta(days=100))
    assert [len(street.asked(who)) for who in street.everybody] == [0, 0, 1, 1]


def test_whoever_is_banned_in_their_quiet_hours_is_not_asked_late(street: Street) -> None:
    banned, stays = street.others[:2]
    for who in (banned, stays):
        street.stage.act(who, lambda act: quiet.set_hours(act, 11, 15))
    street.stage.walk(street.stage.clock.now + due_after())
    bans_one(street, banned, 1)
    street.stage.clock.forward(hours=3)
    street.stage.beat()
    assert [len(street.asked(who)) for who in (banned, stays)] == [0, 1]


def test_not_asked_late_when_it_is_open_again(street: Street) -> None:
    street.stage.act(street.rosa, lambda act: quiet.set_hours(act, 11, 15))
    street.stage.walk(street.stage.clock.now + due_after())
    street.says(street.others[0], NO)
    street.stage.clock.forward(hours=3)
    street.stage.beat()
    assert street.asked(street.rosa) == []


def test_the_first_no_reopens_and_the_next_is_for_the_gestora(street: Street) -> None:
    street.weeks_go_by()
    assert street.says(street.others[0], NO) == "reopen"
    assert street.kept().state == RECEIVED
    told = street.stage.letters(street.rosa)[-1]
    assert {words.CHANGED[RECEIVED], verdicts.NOT_FIXED} <= keys(told["text"])
    # Another's answer to the same question comes too late to change anything.
    for answer in (YES, NO):
        with pytest.raises(Refused) as refused:
            street.says(street.rosa, answer)
        assert reason(refused) == verdicts.OPEN_AGAIN
    street.fixes()
    street.weeks_go_by()
    assert [len(street.asked(who)) for who in street.everybody] == [2, 2, 2, 2]
    assert street.says(street.rosa, NO, asking=1) == "ask_gestor"
    assert street.says(street.others[1], NO, asking=1) == "ask_gestor"
    assert (street.kept().state, street.kept().reopened) == (FIXED, 1)
    assert len(kept(street, Verdict)) == 3


def test_a_gestora_who_opened_it_again_has_not_used_up_the_neighbours_no(street: Street) -> None:
    street.stage.act(street.marta, lambda act: casework.move(act, street.report, RECEIVED))
    street.fixes()
    street.weeks_go_by()
    assert street.says(street.rosa, NO, asking=1) == "reopen"


def test_one_answer_each_but_who_was_not_sure_may_be(street: Street) -> None:
    street.weeks_go_by()
    assert street.says(street.rosa, UNSURE) == "unsure"
    with pytest.raises(Refused) as refused:
        street.says(street.rosa, UNSURE)
    assert reason(refused) == verdicts.JUDGED
    assert street.says(street.rosa, YES) == "thanks"
    for answer in (YES, NO, UNSURE):
        with pytest.raises(Refused):
            street.says(street.rosa, answer)
    assert [verdict.answer for verdict in kept(street, Verdict)] == [YES]


def test_three_people_confirm_it_and_everybody_hears_so_once(street: Street) -> None:
    street.weeks_go_by()
    first, second, third = street.everybody[:3]
    street.says(first, YES)
    street.says(second, YES)
    assert street.kept().neighbours_at is None
    street.says(third, YES)
    assert street.kept().neighbours_at == street.stage.clock()
    street.says(street.others[2], YES)

    def heard(who: int) -> int:
        return sum(verdicts.SURELY in keys(b["text"]) for b in street.stage.letters(who))

    assert [heard(who) for who in street.everybody] == [1, 1, 0, 1]


@pytest.mark.parametrize("answer", ["maybe", "", "yes "])
def test_a_forged_answer(street: Street, answer: str) -> None:
    with pytest.raises(Refused):
        street.says(street.rosa, answer)
    assert kept(street, Verdict) == []


def test_only_those_concerned_and_only_about_this_repair(street: Street) -> None:
    stranger = street.stage.person("Ana")
    for who, asking in ((stranger, 0), (street.marta, 0), (street.rosa, 1), (street.rosa, 7)):
        with pytest.raises(Refused):
            street.says(who, NO, asking)
    street.stage.act(street.marta, lambda act: casework.move(act, street.report, "in_progress"))
    with pytest.raises(Refused) as refused:
        street.says(street.rosa, NO)
    assert reason(refused) == verdicts.OPEN_AGAIN
    assert kept(street, Verdict) == []


def test_why_it_is_not_and_photos_of_it(street: Street) -> None:
    street.weeks_go_by()
    street.says(street.rosa, NO)
    photo = {"file_id": "a", "unique_id": "a", "kind": "photo"}
    voice = {"file_id": "v", "seconds": 3}
    street.stage.act(
        street.rosa,
        lambda act: verdicts.add_why(
            act, street.report, 0, said="Sigue apagado", voice=voice, photos=[photo]
        ),
    )
    (event,) = [e for e in kept(street, ReportEvent) if e.kind == VERDICT]
    assert event.words == "Sigue apagado"
    assert [v.why for v in kept(street, Verdict)] == ["Sigue apagado"]
    found = kept(street, ReportPhoto)
    assert [(p.kind, p.moment) for p in found] == [("photo", EVIDENCE), ("voice", EVIDENCE)]


def test_evidence_only_from_who_has_answered_and_not_without_end(street: Street) -> None:
    photos = [{"file_id": "a", "unique_id": "a", "kind": "photo"}] * 3

    def shows(act: Act) -> Report:
        return verdicts.add_evidence(act, street.report, 0, photos)

    street.weeks_go_by()
    refused(street, street.rosa, shows)
    street.says(street.rosa, YES)
    street.stage.act(street.rosa, shows)
    street.stage.act(street.rosa, shows)
    refused(street, street.rosa, shows)
    refused(street, street.others[0], shows)
    assert len(kept(street, ReportPhoto)) == verdicts.MOST_EVIDENCE


def refused(street: Street, who: int, work: Callable[[Act], object]) -> None:
    with pytest.raises(Refused):
        street.stage.act(who, work)


def kept(street: Street, table: Any) -> list[Any]:
    """All rows of a table, in order."""
    return street.stage.read(lambda session: list(session.exec(select(table).order_by(table.id))))


def test_a_row_that_is_due_twice_asks_once(street: Street) -> None:
    stage = street.stage
    stage.turn(lambda turn: due.plan(turn.session, "again", "follow_up", street.report, turn.now))
    street.weeks_go_by()
    assert [len(street.asked(who)) for who in street.everybody] == [1, 1, 1, 1]
    assert stage.letters(street.rosa, Lane.REMINDER)


def test_of_a_place_outside_our_territory_the_question_says_so(stage: Stage) -> None:
    street = Street(stage, others=1)
    at_sea = {"latitude": 0.0, "longitude": 0.0, "address": None, "outside": True}
    street.report = tells(stage, street.rosa, **at_sea)
    street.fixes()
    street.weeks_go_by()
    (body,) = street.asked(street.rosa)
    assert words.OUTSIDE in keys(body["text"])


def test_a_second_no_waits_for_a_decision_and_goes_up_until_there_is_one(street: Street) -> None:
    stage = street.stage
    street.weeks_go_by()
    street.says(street.others[0], NO)
    street.fixes()
    street.weeks_go_by()

    def waiting() -> int:
        wanted = Wanted(states=(FIXED,), denied=True)
        return stage.read(lambda session: tray.how_many(session, wanted))

    def mornings_of_marta() -> list[set[str]]:
        return [keys(body["text"]) for body in stage.letters(street.marta, Lane.REMINDER)]

    assert waiting() == 0
    street.says(street.rosa, NO, asking=1)
    asked_at = stage.clock.now
    assert waiting() == 1
    stage.walk(asked_at + timedelta(days=4))
    told = mornings_of_marta()
    decide = "❗ {count} report waits for a decision: not fixed, they say again"
    assert any(decide in keys_ for keys_ in told)
    assert any({gone_up.NOBODYS, gone_up.YOURS} & keys_ for keys_ in told)
    # Another's No changes nothing of when it goes up.
    street.says(street.others[1], NO, asking=1)
    stage.walk(asked_at + timedelta(days=8))
    assert any(gone_up.UNTOUCHED in keys_ for keys_ in mornings_of_marta())
    answer = "Fue otra tubería: haga un reporte nuevo, por favor."
    stage.act(street.marta, lambda act: casework.answer(act, street.report, answer))
    assert waiting() == 0
    before = len(mornings_of_marta())
    stage.walk(asked_at + timedelta(days=30))
    later = set().union(*mornings_of_marta()[before:], set())
    assert not later & {decide, *gone_up.HEADINGS}
