"""Erasing in the middle of everything: others go on, numbers add up, nothing names the person."""

from __future__ import annotations

from typing import Any

import pytest
from sqlmodel import select

from actions import (
    aftermath,
    bans,
    casework,
    exports,
    groups,
    own_reports,
    people,
    personal_data,
    pseudonyms,
    redacting,
    report_cards,
    reports,
)
from actions.act import Act, Refused, system_act
from flows.phrase import say
from handlers.talk import Talk
from storage import card as cards
from storage import delivery, parcel, redaction, unnaming
from storage.call import Call, CallRecipient
from storage.conversation import Conversation
from storage.due import Due
from storage.letter import DROPPED, OWED, Lane, Letter
from storage.person import GESTOR, Invite, Role, by_telegram
from storage.personal import AFTERMATH
from storage.personal_rows import rows_of
from storage.redaction import Redaction
from storage.report import Report
from storage.report_event import ADDITION, ANSWER, ASSIGNED, NOTE, ReportEvent
from storage.turn import Turn
from tests.actions.casework_stage import Office
from tests.actions.stage import Stage, keys, reason

NAME = "Xiomara Zzyzx"


@pytest.fixture
def town(stage: Stage) -> Office:
    office = Office(stage)
    office.marta = stage.person("Marta Quux")
    office.luis = stage.person("Luis")
    office.rosa = stage.person(NAME)
    office.ana = stage.person("Ana")
    roles = [
        Role(person_id=stage.id_of(who), role=GESTOR, given_at=stage.clock())
        for who in (office.marta, office.luis)
    ]
    stage.turn(lambda turn: turn.session.add_all(roles))
    return office


def erase(town: Office, who: int) -> None:
    town.stage.act(who, personal_data.erase)
    town.stage.beat()


def bodies(town: Office, who: int) -> str:
    return str(town.stage.letters(who))


def test_the_public_fact_stays_and_the_rest_goes(town: Office) -> None:
    public = town.report(town.rosa, address="Frente a mi casa")
    private = town.report(town.rosa, "Es secreto, por favor.")
    town.stage.turn(
        lambda turn: setattr(turn.session.get_one(type(town.see(1)), private), "private", True)
    )
    town.joins(town.ana, public)
    other = town.report(town.ana, "Un bache en la avenida.")
    town.joins(town.rosa, other)
    erase(town, town.rosa)
    kept = town.see(public)
    assert (kept.person_id, kept.words, kept.address, kept.attributes) == (None, None, None, {})
    assert (kept.latitude, kept.longitude) == (4.6, -74.1) and kept.cell is not None
    assert (kept.state, kept.supports) == ("received", 1)
    hidden = town.see(private)
    assert (hidden.words, hidden.latitude, hidden.longitude, hidden.cell) == (None,) * 4
    # A support ends with whoever gave it.
    assert town.see(other).supports == 0


def test_what_they_were_let_go_of_is_theirs_still(town: Office) -> None:
    report = town.report(town.rosa, "El vecino Pérez rompió el poste.", address="Frente a mi casa")
    other = town.report(town.ana, "Un bache en la avenida.")
    for number in (report, other):
        town.joins(town.luis, number)
    town.stage.act(town.rosa, lambda act: own_reports.withdraw(act, report))
    town.stage.act(town.ana, lambda act: own_reports.withdraw(act, other))
    assert town.see(report).person_id is None
    mine = town.stage.act(
        town.rosa, lambda act: rows_of(act.session, act.my_id, town.rosa, "es")[0]["report"]
    )
    assert [row["words"] for row in mine] == ["El vecino Pérez rompió el poste."]
    town.stage.act(town.marta, lambda act: redacting.redact(act, report, "w", "Se rompió."))
    erase(town, town.rosa)
    kept = town.see(report)
    assert (kept.person_id, kept.words, kept.address) == (None, None, None)
    assert town.stage.read(lambda session: redaction.of_report(session, report)) == []
    assert town.see(other).words == "Un bache en la avenida."


def test_their_name_goes_from_what_others_wrote_about_it(town: Office) -> None:
    report = town.report(town.rosa)
    said = f"Estimada {NAME.upper()}: gracias, {NAME}. Llamamos a Xiomara."
    town.stage.act(town.marta, lambda act: casework.answer(act, report, said))
    erase(town, town.rosa)
    (answer,) = town.events(report, ANSWER)
    # Of a report that was theirs, whoever is called by one of their names is them.
    assert answer.words == "Estimada …: gracias, …. Llamamos a …."


def test_their_name_goes_from_what_others_wrote_anywhere(town: Office) -> None:
    stage = town.stage
    theirs = town.report(town.rosa)
    stage.act(town.marta, lambda act: casework.answer(act, theirs, f"Gracias, {NAME}."))
    (answer,) = town.events(theirs, ANSWER)
    stage.act(town.marta, lambda act: redacting.redact(act, theirs, f"e{answer.id}"))
    other = town.report(town.ana, f"Según {NAME} el poste cae.", address=f"Casa de {NAME}")
    stage.act(town.marta, lambda act: casework.note(act, other, f"{NAME.lower()} dijo lo mismo."))
    stage.act(town.marta, lambda act: redacting.redact(act, other, "w", "El poste cae."))
    joined = town.report(town.ana, "Otra cosa, lejos de ahí.")
    town.joins(town.rosa, joined)
    stage.act(town.luis, lambda act: casework.note(act, joined, f"Avisar a {NAME}."))
    stage.act(town.rosa, lambda act: pseudonyms.set_pseudonym(act, "Luz"))
    stage.act(town.marta, lambda act: casework.answer(act, joined, "Luz, no hay luz."))
    far = town.report(town.ana, "La señora Luz dice que Xiomara vio caer el poste.")
    erase(town, town.rosa)
    rows = stage.read(
        lambda session: [
            *session.exec(select(Redaction.original)),
            *session.exec(select(ReportEvent.words)),
            *session.exec(select(Report.words)),
            *session.exec(select(Report.address)),
        ]
    )
    assert "zzyzx" not in str(rows).lower()
    assert "Según … el poste cae." in rows and "Casa de …" in rows
    assert "… dijo lo mismo." in rows and "Avisar a …." in rows
    # A word that is a name as well: theirs in what they joined, and where it is written as a name.
    assert "…, no hay luz." in rows
    assert town.see(far).words == "La señora Luz dice que Xiomara vio caer el poste."
    # Whoever has another's report on their screen sees it without the name.
    assert NAME not in bodies(town, town.marta) and NAME not in bodies(town, town.luis)


def test_their_name_goes_from_what_others_have_half_written(town: Office) -> None:
    stage = town.stage

    def half_written() -> str:
        return str(stage.read(lambda session: session.exec(select(Conversation)).all()))

    said = {"details": f"Dice {NAME} que el poste no prende."}
    stage.act(town.ana, lambda act: Talk(act, town.ana).begin("report", prefilled=said))
    assert NAME in half_written()
    erase(town, town.rosa)
    assert NAME not in half_written() and "Dice … que el poste no prende." in half_written()


@pytest.mark.parametrize("name", ["Rosa Martínez", "rosa  martinez"])
def test_a_name_is_found_however_it_is_written(town: Office, name: str) -> None:
    rosa = town.stage.person(name)
    other = town.report(town.ana, "Dice ROSA MARTINEZ; y rosa\nmartínez; no Rosa Martínezcua.")
    erase(town, rosa)
    assert town.see(other).words == "Dice …; y …; no Rosa Martínezcua."


def test_what_many_say_and_what_is_the_towns_is_nobodys_name(town: Office) -> None:
    stage = town.stage
    crowd = [
        ReportEvent(
            report_id=town.report(town.ana), kind=NOTE, words="Calle Quinta, otra vez.",
            created_at=stage.clock(),
        )
    ]  # fmt: skip
    crowd += [
        ReportEvent(**crowd[0].model_dump(exclude={"id"})) for _ in range(unnaming.MOST_ELSEWHERE)
    ]
    stage.turn(lambda turn: turn.session.add_all(crowd))
    ours = town.report(town.ana, "En Villa Ceiba no hay luz.")
    for name in ("Calle Quinta", "Villa Ceiba", "Ana"):
        erase(town, stage.person(name))
    assert town.see(ours).words == "En Villa Ceiba no hay luz."
    assert {event.words for event in town.events(1, NOTE)} == {"Calle Quinta, otra vez."}


def test_two_who_go_at_once_are_both_forgotten(town: Office) -> None:
    stage = town.stage
    other = town.report(town.ana, f"Según {NAME} el poste cae.")
    namesake = stage.person("Xiomara")
    stage.act(town.rosa, personal_data.erase)
    stage.act(namesake, personal_data.erase)
    stage.beat()
    assert town.see(other).words == "Según … el poste cae."


def test_a_letter_that_comes_back_does_not_name_them(town: Office) -> None:
    stage = town.stage
    about = say("✅ {person} is in.", person=NAME)
    manana = parcel.message(say("✅ {person} is in.", person="Mañana"))
    number = stage.turn(lambda turn: turn.owe(town.ana, parcel.message(about)))
    other = stage.turn(lambda turn: turn.owe(town.ana, manana))
    stage.turn(lambda turn: delivery.claim(turn.session, [number], 1.0))
    erase(town, town.rosa)
    # A name inside another word is not theirs.
    erase(town, stage.person("ana"))
    stage.turn(lambda turn: delivery.mark_again(turn.session, [(number, 9.0, "timeout")], 2.0))
    rows = stage.read(lambda session: {row.id: row for row in session.exec(select(Letter))})
    assert rows[number].state == OWED and NAME not in str(rows[number].body)
    assert rows[other].body == manana


def test_a_file_that_is_being_made_is_made_without_them(
    town: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(exports, "A_PAGE", 1)
    stage = town.stage
    town.report(town.rosa, f"Soy {NAME} y el poste cae.")
    town.report(town.ana, "Otro poste, en la plaza.")
    asked = exports.Choice(names=True)
    stage.act(stage.admin, lambda act: exports.ask(act, asked, "csv"))

    def gather(turn: Turn) -> bool:
        row = turn.session.exec(select(Due).where(Due.kind == exports.KIND)).one()
        return exports.go_on(system_act(turn, stage.world), row)

    assert stage.turn(gather)
    assert NAME in stage.read(lambda session: str(session.exec(select(Due)).all()))
    erase(town, town.rosa)
    (body,) = [body for body in stage.letters(stage.admin) if body and "file" in body]
    assert len(body["file"]["data"]["rows"]) == 2
    assert NAME not in str(body) and "el poste cae" not in str(body)
    assert NAME not in stage.read(
        lambda session: str(session.exec(select(Due.facts).where(Due.kind != AFTERMATH)).all())
    )


def test_what_has_not_left_is_dropped_or_rewritten(town: Office) -> None:
    stage = town.stage
    report = town.report(town.rosa)
    rosa_id = stage.id_of(town.rosa)

    def owe(turn: Turn) -> list[int]:
        about = {"kind": "group_link", "group": 1, "person": rosa_id, "chat": -5}
        return [
            turn.owe(town.ana, parcel.message(say("✅ {person} is in.", person=NAME))),
            turn.owe(town.ana, parcel.message("Nothing of theirs.")),
            turn.owe(-5, parcel.invite_link(-5, town.rosa, about)),
            turn.owe(town.rosa, parcel.message("To them."), lane=Lane.REMINDER),
        ]

    named, innocent, link, theirs = stage.turn(owe)
    erase(town, town.rosa)
    rows = stage.read(lambda session: {row.id: row for row in session.exec(select(Letter))})
    assert NAME not in str(rows[named].body) and "…" in str(rows[named].body)
    assert keys(rows[named].body) == {"✅ {person} is in."}
    assert rows[innocent].body == parcel.message("Nothing of theirs.")
    assert link not in rows and theirs not in rows
    # The card in the gestora's chat says nothing of it, before it was ever sent.
    assert town.see(report).words is None
    assert "esquina" not in bodies(town, town.marta) and NAME not in bodies(town, town.marta)


def test_a_calls_numbers_still_add_up(town: Office) -> None:
    stage = town.stage
    ids = {who: stage.id_of(who) for who in (town.rosa, town.ana)}

    def call(turn: Turn) -> int:
        made = Call(words="Vengan", audience={"kind": "all"}, state="sending", created_at=turn.now)
        turn.session.add(made)
        turn.session.flush()
        assert made.id is not None
        for who, person_id in ids.items():
            number = turn.owe(
                who,
                parcel.message("Vengan"),
                lane=Lane.CALL,
                dedupe=f"call:{made.id}:{person_id}",
                call_id=made.id,
            )
            turn.session.add(CallRecipient(call_id=made.id, person_id=person_id, letter_id=number))
        return made.id

    number = stage.turn(call)
    erase(town, town.rosa)
    rows = stage.read(
        lambda session: session.exec(select(Letter).where(Letter.call_id == number)).all()
    )
    assert sorted((row.chat_id, row.state) for row in rows) == [(0, DROPPED), (town.ana, OWED)]
    people = stage.read(lambda session: session.exec(select(CallRecipient.person_id)).all())
    assert set(people) == {None, ids[town.ana]}


def test_a_letter_on_its_way_harms_nobody(town: Office) -> None:
    stage = town.stage
    number = stage.turn(lambda turn: turn.owe(town.rosa, parcel.message("x")))
    stage.turn(lambda turn: delivery.claim(turn.session, [number], 1.0))
    erase(town, town.rosa)
    # Its answer comes back: there is nothing to mark, and nothing to be sent again.
    stage.turn(lambda turn: delivery.mark_sent(turn.session, [(number, 5, town.rosa)], 2.0))
    stage.turn(lambda turn: delivery.mark_again(turn.session, [(number, 9.0, "timeout")], 2.0))
    assert stage.turn(lambda turn: delivery.claim(turn.session, [number], 10.0)) == []


def test_a_gestora_goes_and_her_work_stays(town: Office) -> None:
    stage = town.stage
    report = town.report(town.rosa)
    marta_id = stage.id_of(town.marta)
    stage.act(town.marta, lambda act: casework.assign(act, report, 0, marta_id))
    stage.act(town.marta, lambda act: casework.answer(act, report, "Vamos mañana. Marta Quux"))
    invite = Invite(hash="x", role=GESTOR, made_by=marta_id, expires_at=stage.clock())
    stage.turn(lambda turn: turn.session.add(invite))
    erase(town, town.marta)
    kept = town.see(report)
    assert (kept.assignee_id, kept.words is not None) == (None, True)
    (answer,) = town.events(report, ANSWER)
    assert (answer.words, answer.person_id) == ("Vamos mañana. …", None)
    # A number may be given again: no assignment may be somebody else's one day.
    assert {event.after for event in town.events(report, ASSIGNED)} <= {None, "0"}
    assert all(marta_id not in row.facts.values() for row in stage.audited("assign"))
    assert stage.read(lambda session: session.exec(select(Invite)).all()) == []
    # Her colleague's card does not name her, and she has none any more.
    assert "Marta" not in bodies(town, town.luis)
    assert report_cards.subject(kept) in str(
        stage.read(lambda session: session.exec(select(cards.Card.subject)).all())
    )
    assert (
        stage.read(lambda session: cards.letter_of(session, town.marta, report_cards.subject(kept)))
        is None
    )


def test_whoever_is_of_the_team_no_more_keeps_no_card(town: Office) -> None:
    town.report(town.rosa)
    town.ends_role(town.luis)
    erase(town, town.rosa)
    assert aftermath.TAKEN_BACK in town.told(town.luis)
    assert "esquina" not in bodies(town, town.luis)


def test_what_a_leader_had_begun_to_write_stops(town: Office) -> None:
    stage = town.stage
    group = stage.group()
    leader = stage.leader("Lidia Qux", group)
    for n in range(3):
        stage.member(f"M{n}", group)
    stage.act(leader, lambda act: groups.write(act, group, "Nos vemos el jueves."))
    stage.act(leader, personal_data.erase)
    stage.beat()
    (row,) = stage.read(
        lambda session: session.exec(select(Due).where(Due.kind == "group_write")).all()
    )
    assert (row.outcome, row.facts) == ("erased", {})


def test_additions_and_events_of_others_stay(town: Office) -> None:
    report = town.report(town.rosa)
    town.joins(town.ana, report)

    def add(act: Act, words: str) -> None:
        act.session.add(
            ReportEvent(
                report_id=report,
                person_id=act.my_id,
                kind=ADDITION,
                words=words,
                created_at=act.now,
            )
        )

    town.stage.act(town.ana, lambda act: add(act, "También en mi cuadra."))
    town.stage.act(town.rosa, lambda act: add(act, "Y de noche peor."))
    erase(town, town.rosa)
    assert [event.words for event in town.events(report, ADDITION)] == [
        "También en mi cuadra.",
        None,
    ]


def test_the_list_of_what_is_left_to_do_is_emptied(town: Office) -> None:
    stage = town.stage
    town.report(town.rosa)
    town.stage.act(town.rosa, personal_data.erase)
    stage.beat()

    def job() -> Any:
        return stage.read(
            lambda session: session.exec(select(Due).where(Due.kind == "aftermath")).one()
        )

    # The last letter has not left: it alone is waited for.
    assert job().done_at is None and job().facts["letters"]
    (last,) = stage.letters(town.rosa)
    assert personal_data.ERASED in keys(last["text"])
    stage.all_leaves()
    stage.clock.forward(seconds=5)
    stage.beat()
    assert job().facts == {} and job().done_at is not None
    assert stage.letters(town.rosa) == []
    assert stage.read(lambda session: by_telegram(session, town.rosa)) is None


@pytest.mark.parametrize("secret", [b"a secret of the tests", None])
def test_a_ban_outlives_whoever_flees_from_it(town: Office, secret: bytes | None) -> None:
    stage = town.stage
    stage.world.secret = secret
    report = town.report(town.rosa)
    stage.act(
        town.marta,
        lambda act: bans.ban(act, report, stage.id_of(town.rosa), 7, "Insultos a Periandro"),
    )
    erase(town, town.rosa)
    left = stage.read(lambda session: str(session.exec(select(Due)).all()))
    # Only the list of what is still to be done has the number, until the last letter has left.
    assert "Periandro" not in left and left.count(str(town.rosa)) <= 1

    def agree(act: Act) -> None:
        people.agree(act, act.town.privacy_version)

    stage.act(town.rosa, agree)
    person = stage.read(lambda session: by_telegram(session, town.rosa))
    assert person is not None and (person.banned_until is not None) == (secret is not None)
    if secret is None:
        return
    with pytest.raises(Refused) as refused:
        town.report(town.rosa, "Otra vez yo.")
    assert reason(refused) == reports.BANNED
    # Lifted is lifted, also for whoever goes and comes once more.
    stage.act(town.marta, lambda act: bans.lift(act, stage.id_of(town.rosa)))
    erase(town, town.rosa)
    stage.act(town.rosa, agree)
    assert town.report(town.rosa, "Gracias por dejarme volver.")
    # A ban that ends while they are gone leaves no mark.
    erase(town, town.rosa)
    stage.clock.forward(days=8)
    stage.beat()
    marks = stage.read(lambda session: session.exec(select(Due.key).where(Due.kind == "kept_ban")))
    assert all(len(key) < 30 for key in marks)
