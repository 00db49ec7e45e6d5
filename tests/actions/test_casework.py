"""What the team does with a report: moved, closed, given away, answered, shown; and who hears."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from sqlmodel import select

from actions import (
    casework,
    overtaken,
    report_cards,
    report_history,
    reports,
    roles,
    team_card,
)
from actions import report_words as words
from actions.act import Act, Refused
from civic import lifecycle
from civic.lifecycle import CLOSED, CLOSINGS, DUPLICATE, FIXED, HIDDEN, NOT_RESPONSIBLE, STATES
from storage.card import chats_of
from storage.person import roles_of
from storage.report import AFTER, Report, ReportPhoto, photos
from storage.report_event import ANSWER, ASSIGNED, NOTE, PRIVACY, QUESTION, STATE, ReportEvent
from storage.turn import Turn
from tests.actions.casework_stage import Office, office
from tests.actions.stage import Stage, keys, reason, taps

PHOTO = {"file_id": "F1", "unique_id": "U1", "kind": "photo"}


@pytest.fixture
def town(stage: Stage) -> Office:
    """Two gestores and two neighbours."""
    return office(stage)


def kept_in(turn: Turn, report: int) -> Report:
    """A report, to be changed."""
    found = turn.session.get(Report, report)
    assert found is not None
    return found


def move(town: Office, who: int, report: int, after: str, **values: Any) -> None:
    """Move a report, with a reason where one is needed."""
    said = "Ya no existe." if lifecycle.needs_reason(after) else None
    town.stage.act(who, lambda act: casework.move(act, report, after, said, **values))


@pytest.mark.parametrize("before", STATES)
@pytest.mark.parametrize("after", STATES)
def test_every_move_of_the_table_and_no_other(town: Office, before: str, after: str) -> None:
    report = town.report(town.rosa)
    town.joins(town.ana, report)

    def put(turn: Turn) -> None:
        kept_in(turn, report).state = before

    town.stage.turn(put)
    legal = lifecycle.may_move(before, after, lifecycle.GESTOR)
    if not legal:
        with pytest.raises(Refused) as refused:
            move(town, town.marta, report, after)
        assert reason(refused) == casework.MOVED_ALREADY
        assert town.see(report).state == before
        return
    move(town, town.marta, report, after)
    assert town.see(report).state == after
    # When, who, from, to; and everybody whom it concerns hears of it.
    event = town.events(report, STATE)[-1]
    assert (event.before, event.after) == (before, after)
    assert event.person_id == town.stage.id_of(town.marta)
    for person in (town.rosa, town.ana):
        assert words.CHANGED[after] in town.told(person)
    assert words.CHANGED[after] not in town.told(town.marta)


@pytest.mark.parametrize("how", [c for c in CLOSINGS if c != DUPLICATE])
def test_each_closing_says_why(town: Office, how: str) -> None:
    report = town.report(town.rosa)
    move(town, town.marta, report, CLOSED, closed_as=how, responsible="Empresa de Luz")
    kept = town.see(report)
    assert kept.closed_as == how
    assert kept.responsible == ("Empresa de Luz" if how == NOT_RESPONSIBLE else None)
    told = town.told(town.rosa)
    assert {words.CHANGED[CLOSED], words.WHY_CLOSED[how], words.REASON} <= told
    card = town.stage.act(town.marta, lambda act: team_card.card(act, town.see(report)))
    assert words.CLOSED_AS[how] in keys(card["text"])
    # Opened again, none of it holds any more.
    move(town, town.luis, report, lifecycle.REOPENED)
    kept = town.see(report)
    assert (kept.state, kept.closed_as, kept.responsible) == (lifecycle.REOPENED, None, None)


def test_no_closing_without_a_reason(town: Office) -> None:
    report = town.report(town.rosa)
    with pytest.raises(Refused) as refused:
        town.stage.act(town.marta, lambda act: casework.move(act, report, CLOSED))
    assert reason(refused) == casework.NEEDS_REASON
    assert town.see(report).state == lifecycle.RECEIVED


def test_what_opens_again_has_its_whole_term(town: Office) -> None:
    report = town.report(town.rosa)
    first = town.see(report).due_at
    assert first is not None
    move(town, town.marta, report, FIXED)
    assert town.see(report).fixed_by == lifecycle.BODY
    town.stage.clock.now += timedelta(days=60)
    move(town, town.marta, report, lifecycle.REOPENED)
    again = town.see(report).due_at
    assert again is not None and again > town.stage.clock.now


def test_an_old_button_moves_nothing_that_has_moved_on(town: Office) -> None:
    report = town.report(town.rosa)
    move(town, town.luis, report, "confirmed", before="received")
    with pytest.raises(Refused) as refused:
        move(town, town.marta, report, "planned", before="received")
    assert reason(refused) == casework.MOVED_ALREADY
    assert town.see(report).state == "confirmed"


def assign(town: Office, who: int, report: int, holder: int, to: int) -> None:
    town.stage.act(who, lambda act: casework.assign(act, report, holder, to))


def test_two_who_take_it_at_once(town: Office) -> None:
    report = town.report(town.rosa)
    marta, luis = town.stage.id_of(town.marta), town.stage.id_of(town.luis)
    assign(town, town.marta, report, 0, marta)
    with pytest.raises(Refused) as refused:
        assign(town, town.luis, report, 0, luis)
    assert reason(refused) == casework.HAS_CHANGED_HANDS
    assert town.see(report).assignee_id == marta
    # Who sees that Marta has it may take it over; Marta hears so.
    town.stage.all_leaves()
    assign(town, town.luis, report, marta, luis)
    assert casework.TAKEN_OVER in town.told(town.marta)
    events = town.events(report, ASSIGNED)
    assert [(e.before, e.after) for e in events] == [
        (None, str(marta)),
        (str(marta), str(luis)),
    ]


def test_given_to_a_colleague_who_hears_and_sees_the_card(town: Office) -> None:
    report = town.report(town.rosa)
    luis = town.stage.id_of(town.luis)
    town.stage.all_leaves()
    assign(town, town.marta, report, 0, luis)
    sent = town.stage.letters(town.luis)
    said = [casework.GIVEN in keys(letter["text"]) for letter in sent]
    assert said.count(True) == 1
    assert any(tap.startswith("r:answer") for tap in taps(sent[said.index(True) + 1]))
    assign(town, town.luis, report, luis, 0)
    assert town.see(report).assignee_id is None
    with pytest.raises(Refused) as refused:
        assign(town, town.marta, report, luis, 0)
    assert reason(refused) == casework.NOBODY_HAS_IT


@pytest.mark.parametrize("whom", ["rosa", "nobody", "removed"])
def test_given_to_nobody_who_is_not_of_the_team(town: Office, whom: str) -> None:
    report = town.report(town.rosa)
    person = {"rosa": town.stage.id_of(town.rosa), "nobody": 10**6}.get(whom)
    if person is None:
        person = town.stage.id_of(town.luis)
        town.ends_role(town.luis)
    with pytest.raises(Refused) as refused:
        assign(town, town.marta, report, 0, person)
    assert reason(refused) == casework.NO_COLLEAGUE
    assert town.see(report).assignee_id is None


def test_what_a_gestor_leaves_behind_is_everybodys_again(town: Office) -> None:
    mine = [town.report(town.rosa, f"El poste {n} está apagado.") for n in range(3)]
    ended = town.report(town.rosa, "Ya está arreglado, gracias.")
    luis = town.stage.id_of(town.luis)
    for report in (*mine, ended):
        assign(town, town.marta, report, 0, luis)
    move(town, town.marta, ended, FIXED)
    (role,) = town.stage.read(lambda session: roles_of(session, luis))
    town.stage.act(town.stage.admin, lambda act: roles.end(act, role.id or 0))
    town.stage.beat()
    assert [town.see(report).assignee_id for report in mine] == [None] * 3
    assert town.see(ended).assignee_id == luis
    # And what happens from now on is not shown to him.
    town.stage.all_leaves()
    before = len(town.stage.letters(town.luis))
    move(town, town.marta, mine[0], "confirmed")
    assert len(town.stage.letters(town.luis)) == before


def test_a_note_is_read_by_the_team_alone(town: Office) -> None:
    report = town.report(town.rosa)
    town.joins(town.ana, report)
    town.stage.all_leaves()
    before = [len(town.stage.letters(who)) for who in (town.rosa, town.ana)]
    town.stage.act(town.marta, lambda act: casework.note(act, report, "Preguntar a Luz."))
    assert [len(town.stage.letters(who)) for who in (town.rosa, town.ana)] == before
    assert town.events(report, NOTE)[0].words == "Preguntar a Luz."
    card = town.stage.act(town.luis, lambda act: team_card.card(act, town.see(report)))
    assert "Preguntar a Luz." in str(card["text"])


def test_a_photo_of_the_work_goes_with_the_news(town: Office) -> None:
    report = town.report(town.rosa)
    town.joins(town.ana, report)
    town.stage.all_leaves()
    town.stage.act(
        town.marta, lambda act: casework.add_after(act, report, [PHOTO], "Quedó con luz nueva.")
    )
    for person in (town.rosa, town.ana):
        news = town.stage.letters(person)[-1]
        assert news["photo"] == "F1" and "Quedó con luz nueva." in str(news["text"])
    kept = town.stage.read(lambda session: photos(session, report))
    assert [(photo.moment, photo.file_id) for photo in kept] == [(AFTER, "F1")]
    assert len(town.events(report, ANSWER)) == 1
    with pytest.raises(Refused):
        town.stage.act(town.marta, lambda act: casework.add_after(act, report, []))


def test_made_private_by_the_team_and_public_again(town: Office) -> None:
    report = town.report(town.rosa)
    town.stage.act(town.marta, lambda act: casework.set_private(act, report, True))
    assert town.see(report).private
    assert casework.PRIVATE_NOW in town.told(town.rosa)
    assert taps(town.stage.letters(town.rosa)[-1])[0].startswith("m:r:")
    town.stage.act(town.luis, lambda act: casework.set_private(act, report, False))
    assert not town.see(report).private
    assert [(e.before, e.after) for e in town.events(report, PRIVACY)] == [
        ("public", "private"),
        ("private", "public"),
    ]


@pytest.mark.parametrize("written", [True, False])
def test_what_the_neighbour_wants_private_stays_private(town: Office, written: bool) -> None:
    report = town.report(town.rosa)
    rosa = town.stage.id_of(town.rosa)

    def hers(turn: Turn) -> None:
        session = turn.session
        kept_in(turn, report).private = True
        if written:
            session.add(
                ReportEvent(
                    report_id=report,
                    person_id=rosa,
                    kind=PRIVACY,
                    after="private",
                    created_at=town.stage.clock(),
                )
            )

    town.stage.turn(hers)
    with pytest.raises(Refused) as refused:
        town.stage.act(town.marta, lambda act: casework.set_private(act, report, False))
    assert reason(refused) == casework.THEIR_WISH
    assert town.see(report).private


def test_nobody_is_asked_about_a_report_without_anybody_behind_it(town: Office) -> None:
    report = town.report(town.rosa)

    def forgotten(turn: Turn) -> None:
        kept_in(turn, report).person_id = None

    town.stage.turn(forgotten)
    with pytest.raises(Refused) as refused:
        town.stage.act(town.marta, lambda act: casework.ask(act, report, "¿Dónde queda?"))
    assert reason(refused) == casework.NOBODY_TO_ASK


def test_every_face_of_the_card_fits_a_button(town: Office) -> None:
    for _ in range(20):
        office(town.stage)
    report = town.report(town.rosa)
    for state in STATES:

        def put(turn: Turn, state: str = state) -> None:
            kept_in(turn, report).state = state

        town.stage.turn(put)
        faces = town.stage.act(
            town.marta,
            lambda act: [
                team_card.main_face(town.see(report), 1),
                team_card.rarer_face(act, town.see(report)),
                *(team_card.colleagues_face(act, town.see(report), page) for page in (0, 1, 99)),
            ],
        )
        for face in faces:
            assert all(1 <= len(row) <= 2 for row in face)
            assert sum(map(len, face)) <= 14
        labels = [keys(b["label"]) for row in faces[0] for b in row]
        assert ({team_card.TAKE} in labels) == (state in lifecycle.OPEN)
        assert ({words.MOVES[HIDDEN]} in labels) is False


def test_a_long_report_leaves_room_on_its_card(town: Office) -> None:
    report = town.report(town.rosa, "palabra " * 120)
    for _ in range(6):
        town.stage.act(town.marta, lambda act: casework.answer(act, report, "respuesta " * 90))
    card = town.stage.act(town.marta, lambda act: team_card.card(act, town.see(report)))
    assert len(str(card["text"])) < 8000
    shown = [part for part in card["text"]["lines"] if "respuesta" in str(part)]
    assert len(shown) == team_card.LINES


def test_the_photos_of_who_is_of_the_team_no_more_are_not_asked_for(town: Office) -> None:
    """A card stands where it was sent; only chats of the team are brought up to date."""
    report = town.report(town.rosa)
    chats = town.stage.read(lambda session: set(chats_of(session, f"report:{report}")))
    assert {town.marta, town.luis} <= chats
    town.ends_role(town.luis)
    team = town.stage.act(town.marta, report_cards.of_the_team)
    assert town.luis not in team and town.marta in team


def test_a_photo_that_was_taken_out_is_not_among_them(town: Office) -> None:
    report = town.report(town.rosa, photos=[PHOTO])

    def hide(turn: Turn) -> None:
        for photo in photos(turn.session, report):
            photo.hidden = True

    town.stage.turn(hide)
    assert town.stage.read(lambda session: photos(session, report)) == []
    assert len(town.stage.read(lambda session: session.exec(select(ReportPhoto)).all())) == 1


def test_two_who_write_at_once_and_the_second_has_not_seen_the_first(town: Office) -> None:
    report = town.report(town.rosa)

    def seen(who: int) -> int:
        return town.stage.act(who, lambda act: overtaken.newest(act, reports.get(act, report)))

    before = seen(town.luis)
    town.stage.act(
        town.marta, lambda act: casework.answer(act, report, "Vamos mañana.", seen=before)
    )
    # Her own words are no surprise to her; his are refused until he has read hers.
    town.stage.act(town.marta, lambda act: casework.ask(act, report, "¿Cuál poste?", seen=before))
    heard = len(town.events(report, ANSWER)), len(town.events(report, QUESTION))
    late: list[Callable[[Act], Report]] = [
        lambda act: casework.answer(act, report, "Ya fuimos.", seen=before),
        lambda act: casework.ask(act, report, "¿Cuál?", seen=before),
    ]
    for words_of_his in late:
        with pytest.raises(Refused) as refused:
            town.stage.act(town.luis, words_of_his)
        assert refused.value.for_now
        assert {overtaken.MEANWHILE, overtaken.STILL_HERE} <= keys(refused.value.reason)
    assert (len(town.events(report, ANSWER)), len(town.events(report, QUESTION))) == heard
    now = seen(town.luis)
    town.stage.act(town.luis, lambda act: casework.answer(act, report, "Ya fuimos.", seen=now))
    assert [event.words for event in town.events(report, ANSWER)] == ["Vamos mañana.", "Ya fuimos."]
    # A note for the team overtakes nobody.
    now = seen(town.marta)
    town.stage.act(town.luis, lambda act: casework.note(act, report, "Llamar."))
    town.stage.act(town.marta, lambda act: casework.answer(act, report, "Gracias.", seen=now))


def test_a_crowd_that_joined_hides_nothing_of_the_history(town: Office) -> None:
    report = town.report(town.rosa)
    town.stage.act(town.marta, lambda act: casework.note(act, report, "Llamar a la empresa."))
    for number in range(report_history.A_PAGE + 5):
        town.joins(town.stage.person(f"Vecina {number}"), report)
    told, earlier = town.stage.act(
        town.luis, lambda act: report_history.page(act, reports.get(act, report), None)
    )
    assert "Llamar a la empresa." in str(told) and earlier is None
