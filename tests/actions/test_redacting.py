"""What is taken out is seen by nobody but administrators, who are written down."""

from __future__ import annotations

from typing import Any

import pytest

from actions import additions, casework, redacting, team_card
from actions.act import Refused
from storage import redaction
from storage.report import Report, photos
from storage.report_event import ADDITION, ANSWER, REDACTED
from storage.turn import Turn
from tests.actions.casework_stage import POINT, STORY, Office, office
from tests.actions.stage import Stage, keys, reason

PHOTO = {"file_id": "F1", "unique_id": "U1", "kind": "photo"}


@pytest.fixture
def town(stage: Stage) -> Office:
    """Two gestores and two neighbours."""
    return office(stage)


def take_out(town: Office, report: int, piece: str, instead: str | None = None) -> None:
    town.stage.act(town.marta, lambda act: redacting.redact(act, report, piece, instead))


def pieces(town: Office, report: int) -> dict[str, redacting.Piece]:
    """What can be taken out, by its name."""
    found = town.stage.act(town.marta, lambda act: redacting.pieces(act, town.see(report)))
    return {piece.key: piece for piece in found}


def card(town: Office, report: int) -> str:
    """What the team's card says."""
    return str(town.stage.act(town.luis, lambda act: team_card.card(act, town.see(report))))


def test_words_are_replaced_or_left_out_and_the_original_is_kept(town: Office) -> None:
    report = town.report(town.rosa, "El vecino Pérez rompió el poste.")
    town.stage.all_leaves()
    take_out(town, report, "w", "Alguien rompió el poste.")
    assert town.see(report).words == "Alguien rompió el poste."
    assert "Pérez" not in card(town, report)
    take_out(town, report, "w")
    assert town.see(report).words is None
    kept = town.stage.read(lambda session: redaction.of_report(session, report))
    assert [one.original for one in kept] == [
        "El vecino Pérez rompió el poste.",
        "Alguien rompió el poste.",
    ]
    rosa, marta = town.stage.id_of(town.rosa), town.stage.id_of(town.marta)
    assert [(one.author_id, one.made_by) for one in kept] == [(rosa, marta)] * 2
    assert len(town.events(report, REDACTED)) == 2
    assert redacting.TOLD in town.told(town.rosa)
    # It is there no more, so it cannot be taken out again.
    with pytest.raises(Refused) as refused:
        take_out(town, report, "w")
    assert reason(refused) == redacting.GONE
    audited = town.stage.audited("redact")
    assert len(audited) == 2 and "Pérez" not in str([row.facts for row in audited])


def test_one_photo_of_several(town: Office) -> None:
    second = {**PHOTO, "file_id": "F2", "unique_id": "U2"}
    report = town.report(town.rosa, photos=[PHOTO, second])
    first = next(key for key, piece in pieces(town, report).items() if piece.file_id == "F1")
    take_out(town, report, first)
    left = town.stage.read(lambda session: photos(session, report))
    assert [photo.file_id for photo in left] == ["F2"]
    assert first not in pieces(town, report)


def test_a_voice_note(town: Office) -> None:
    report = town.report(town.rosa, said=None, voice={"file_id": "V1", "seconds": 9})  # type: ignore[arg-type]
    take_out(town, report, "pv")
    kept = town.see(report)
    assert kept.voice is None and kept.words is None
    assert "V1" not in card(town, report)
    ((one, photo),) = town.stage.act(town.stage.admin, lambda act: redacting.originals(act, report))
    assert photo is not None and photo.file_id == "V1"
    assert one.author_id == town.stage.id_of(town.rosa)


def test_the_place_in_words_an_answer_and_what_was_added(town: Office) -> None:
    report = town.report(town.rosa, latitude=None, longitude=None, address="La casa de Pérez")

    def answered(turn: Turn) -> None:
        found = turn.session.get(Report, report)
        assert found is not None
        found.attributes = {"poste": "4471, de Pérez", "cuantas": 3}

    town.stage.turn(answered)
    added: dict[str, Any] = {"said": "Fue Pérez.", "voice": None, "photos": []}
    town.stage.act(town.rosa, lambda act: additions.add(act, report, **added))
    town.stage.act(town.marta, lambda act: casework.answer(act, report, "Hablamos con Pérez."))
    assert "Pérez" in card(town, report)
    event = town.events(report, ADDITION)[0]
    answer = town.events(report, ANSWER)[0]
    for piece in ("l", "aposte", f"e{event.id}", f"e{answer.id}"):
        assert piece in pieces(town, report)
        take_out(town, report, piece)
    assert "acuantas" not in pieces(town, report)
    assert "Pérez" not in card(town, report)
    assert town.see(report).attributes["cuantas"] == 3
    authors = [
        one.author_id
        for one in town.stage.read(lambda session: redaction.of_report(session, report))
    ]
    rosa, marta = town.stage.id_of(town.rosa), town.stage.id_of(town.marta)
    assert authors == [rosa, rosa, rosa, marta]


def test_the_point_on_the_map(town: Office) -> None:
    report = town.report(town.rosa)
    barrio = town.see(report).territory_id
    take_out(town, report, "pm")
    kept = town.see(report)
    assert (kept.latitude, kept.longitude, kept.cell) == (None, None, None)
    # The barrio is no more than anybody may know.
    assert kept.territory_id == barrio
    assert "pm" not in pieces(town, report)
    ((one, photo),) = town.stage.act(town.stage.admin, lambda act: redacting.originals(act, report))
    assert (one.original, photo) == (f"{POINT[0]}, {POINT[1]}", None)
    assert one.author_id == town.stage.id_of(town.rosa)


@pytest.mark.parametrize("piece", ["", "x", "w1", "p999", "e999", "pv", "anothing", "l"])
def test_what_is_not_there_is_not_taken_out(town: Office, piece: str) -> None:
    report = town.report(town.rosa)
    other = town.report(town.ana, "Otra cosa.", photos=[PHOTO])
    foreign = [key for key, piece_ in pieces(town, other).items() if piece_.file_id]
    for name in (piece, *foreign):
        with pytest.raises(Refused) as refused:
            take_out(town, report, name)
        assert reason(refused) == redacting.GONE
    assert town.see(report).words == STORY


def test_only_an_administrator_sees_the_originals_and_it_is_written_down(town: Office) -> None:
    report = town.report(town.rosa)
    with pytest.raises(Refused) as refused:
        town.stage.act(town.stage.admin, lambda act: redacting.originals(act, report))
    assert reason(refused) == redacting.NOTHING_TAKEN_OUT
    take_out(town, report, "w")
    for who in (town.marta, town.rosa):
        with pytest.raises(Refused):
            town.stage.act(who, lambda act: redacting.originals(act, report))
    assert town.stage.audited("see_originals") == []
    ((one, photo),) = town.stage.act(town.stage.admin, lambda act: redacting.originals(act, report))
    assert (one.original, photo) == (STORY, None)
    (row,) = town.stage.audited("see_originals")
    assert row.person_id == town.stage.id_of(town.stage.admin)
    # Only an administrator is offered it.
    for who, offered in ((town.marta, False), (town.stage.admin, True)):
        face = town.stage.act(who, lambda act: team_card.rarer_face(act, town.see(report)))
        labels = set().union(*(keys(b["label"]) for row_ in face for b in row_))
        assert (team_card.ORIGINALS in labels) == offered
