"""A file holds what was asked for and no more, and names only for whoever may know them."""

from __future__ import annotations

from datetime import timedelta
from itertools import count
from pathlib import Path
from typing import Any
from unicodedata import category

import pytest
from sqlalchemy import delete
from sqlmodel import select

from actions import export_columns, exports
from actions.act import NOT_YOURS, Refused, system_act
from actions.exports import Choice
from civic.lifecycle import CLOSED, FIXED, HIDDEN, RECEIVED, STATES
from jobs.exports import forget_pieces
from locales import sentence
from papers.table import cells, columns
from storage import extract
from storage.due import Due
from storage.extract import PIECE
from storage.person import GESTOR, Role
from storage.report import Report, by_code
from storage.report_event import STATE, ReportEvent
from storage.town import Category, Territory
from storage.tray import SUPPORTED
from storage.turn import Turn
from tests.actions.stage import ADMIN_ID, Stage, keys, reason

CODES = count(1)
KEYS = [key for key, *_ in export_columns.COLUMNS]


def gestora(stage: Stage) -> int:
    """A gestora's Telegram number."""
    marta = stage.person("Marta")
    role = Role(person_id=stage.id_of(marta), role=GESTOR, given_at=stage.clock())
    stage.turn(lambda turn: turn.session.add(role))
    return marta


def told(stage: Stage, state: str = RECEIVED, **values: Any) -> str:
    """A report told yesterday; its code."""
    code = f"R-{next(CODES)}"
    at = stage.clock() - timedelta(days=values.pop("days", 1))
    facts = {
        "code": code, "category_id": 1, "words": "x", "state": state, "created_at": at,
        "changed_at": at, **values,
    }  # fmt: skip
    stage.turn(lambda turn: turn.session.add(Report(**facts)))
    return code


def file(stage: Stage, who: int, choice: Choice, kind: str = "xlsx") -> dict[str, Any]:
    """The letter that brings somebody the file they asked for."""
    before = len(stage.letters(who))
    stage.act(who, lambda act: exports.ask(act, choice, kind))
    stage.beat()
    (letter,) = stage.letters(who)[before:]
    return letter


def codes(letter: dict[str, Any]) -> list[str]:
    return [row[0] for row in letter["file"]["data"]["rows"]]


def cell(letter: dict[str, Any], key: str, at: int = 0) -> Any:
    data = letter["file"]["data"]
    return data["rows"][at][[c["key"] for c in data["columns"]].index(key)]


def no_pieces(stage: Stage) -> bool:
    return not stage.read(lambda s: s.exec(select(Due).where(Due.kind == PIECE)).all())


def test_every_fact_stands_under_its_heading(stage: Stage) -> None:
    marta, rosa = gestora(stage), stage.person("Rosa Melo")
    first = told(stage, days=3)
    number = stage.read(lambda s: s.exec(select(Report.id).where(Report.code == first)).one())
    code = told(
        stage, CLOSED, words="=1+1", latitude=4.5, longitude=-74.0, territory_id=1,
        address="Calle 5",
        attributes={"poste": "12", "luces": ["una", "dos"], "riego": False, "luz": True},
        closed_as="duplicate",
        duplicate_of=number, supports=3, reopened=1, outside=True, person_id=stage.id_of(rosa),
        expected_on=stage.clock().date(), due_at=stage.clock(), assignee_id=stage.id_of(marta),
    )  # fmt: skip
    letter = file(stage, marta, Choice())
    assert letter["file"]["kind"] == "xlsx" and codes(letter) == [first, code]
    data = letter["file"]["data"]
    assert [c["key"] for c in data["columns"]] == KEYS and data["zone"] == "America/Bogota"
    kind = stage.read(lambda s: s.get(Category, 1))
    barrio = stage.read(lambda s: s.get(Territory, 1))
    assert kind and barrio
    row = dict(zip(KEYS, data["rows"][1], strict=True))
    assert row["state"] == CLOSED and row["words"] == "=1+1" and row["address"] == "Calle 5"
    assert (row["category"], row["territory"]) == (kind.key, barrio.key)
    assert row["attributes"] == {
        f"{kind.key}.poste": "12", f"{kind.key}.luces": ["una", "dos"], f"{kind.key}.riego": False,
        f"{kind.key}.luz": True,
    }  # fmt: skip
    assert row["assignee"] == "Marta"
    assert (row["latitude"], row["longitude"], row["outside"]) == (4.5, -74.0, True)
    assert (row["closed_as"], row["original"], row["supports"]) == ("duplicate", first, 3)
    assert row["expected_on"] == "2026-05-04" and row["due_at"] == "2026-05-04T17:00:00+00:00"
    assert row["fixed_at"] is None and row["reopened"] == 1 and row["private"] is False
    for column in data["columns"]:
        if column["kind"] == "choice" and row[column["key"]] is not None:
            assert row[column["key"]] in column["choices"], column["key"]
    assert "Rosa" not in str(letter)


@pytest.mark.parametrize("language", ["es", "en", "pt_BR"])
def test_a_spreadsheet_s_words_have_no_emoji(stage: Stage, language: str) -> None:
    told(stage)
    letter = file(stage, gestora(stage), Choice())
    for column in letter["file"]["data"]["columns"]:
        for choice in column.get("choices", {}).values():
            words = sentence(choice, language)
            assert not any(category(sign) in ("So", "Mn", "Cf") for sign in words), words
    assert set(export_columns.STATES) == set(STATES)


def test_answers_stand_under_the_town_s_own_questions(stage: Stage) -> None:
    kinds = stage.read(lambda s: {c.key: c for c in s.exec(select(Category)).all()})
    told(stage, category_id=kinds["alumbrado"].id, attributes={"poste": "12", "lamparas": 2})
    told(stage, category_id=kinds["vias"].id, attributes={"tamano": "grande", "vieja": "x"})
    told(stage, category_id=kinds["agua"].id, attributes={"botando": True, "desde": "2026-05-01"})
    told(stage, attributes={})
    data = file(stage, gestora(stage), Choice())["file"]["data"]

    def said(language: str) -> list[Any]:
        read = columns(data, language)
        return [row[KEYS.index("attributes")] for row in cells(data, read)]

    assert said("es") == [
        "Si el poste tiene un número pintado, ¿cuál es? 12\n¿Cuántas lámparas están dañadas? 2",
        # A question that the category no longer asks is told by its key.
        "¿De qué tamaño es el hueco? Más grande que una llanta\nvias.vieja: x",
        "¿Se está botando agua en este momento? sí\n¿Desde qué día pasa? 2026-05-01",
        None,
    ]
    assert said("en")[1].startswith("How big is the hole? Bigger than a tyre")


def test_only_what_was_chosen(stage: Stage) -> None:
    marta = gestora(stage)
    plain, fixed = told(stage), told(stage, FIXED, fixed_at=stage.clock())
    private, hidden = told(stage, private=True), told(stage, HIDDEN)
    old, lamp = told(stage, days=40), told(stage, category_id=2)
    town = stage.read(lambda s: list(s.exec(select(Territory)).all()))
    child = next(t for t in town if t.parent_id is not None) if any(
        t.parent_id for t in town
    ) else town[0]  # fmt: skip
    there = told(stage, territory_id=child.id)

    def of(**chosen: Any) -> list[str]:
        return codes(file(stage, marta, Choice(**chosen)))

    assert of() == [plain, fixed, lamp, there]
    assert of(private=True) == [plain, fixed, private, lamp, there]
    assert of(state="hidden") == [hidden]
    assert of(state="fixed") == [fixed]
    assert of(state="open", category=2) == [lamp]
    assert of(period="90") == [old, plain, fixed, lamp, there]
    assert of(territory=child.parent_id or child.id or 0) == [there]
    # What the town does not know is left open.
    assert of(state="zz", category=999, territory=999, period="zz") == of()


def test_whatever_the_queue_shows_can_be_in_a_file(stage: Stage) -> None:
    marta, lucia = gestora(stage), gestora(stage)
    now, his = stage.clock(), stage.id_of(marta)
    late = told(stage, due_at=now - timedelta(days=1), assignee_id=his)
    done_late = told(stage, FIXED, due_at=now - timedelta(days=1), fixed_at=now)
    hers = told(stage, "planned", assignee_id=stage.id_of(lucia), supports=2)
    old = told(stage, days=20)
    back = told(stage, changed_at=now)

    def sent_back(turn: Turn) -> None:
        report = by_code(turn.session, back)
        assert report is not None and report.id is not None
        facts: dict[str, Any] = {"before": CLOSED, "after": RECEIVED, "created_at": now}
        turn.session.add(ReportEvent(report_id=report.id, kind=STATE, **facts))

    stage.turn(sent_back)

    def of(**chosen: Any) -> list[str]:
        return codes(file(stage, marta, Choice(**chosen)))

    assert of() == [old, late, done_late, hers, back]
    assert of(state="planned") == [hers]
    assert of(state="received") == [old, late, back]
    assert of(state="new") == [old, late]
    assert of(state="again") == [back]
    assert of(age="over") == [late]
    assert of(age="7") == [old]
    assert of(whose="mine") == [late]
    assert of(whose="free", state="open") == [old, back]
    assert of(order=SUPPORTED) == [hers]
    assert of(age="zz", whose="zz", order="zz") == of()


def test_nothing_fits(stage: Stage) -> None:
    letter = file(stage, gestora(stage), Choice(state="closed"))
    assert exports.NOTHING_FITS in keys(letter["text"]) and "file" not in letter


def test_names_are_an_administrator_s_and_written_down(stage: Stage) -> None:
    marta, rosa = gestora(stage), stage.person("Rosa Melo")
    told(stage, person_id=stage.id_of(rosa))
    told(stage)
    with pytest.raises(Refused) as refused:
        stage.act(marta, lambda act: exports.ask(act, Choice(names=True), "csv"))
    assert reason(refused) == NOT_YOURS
    letter = file(stage, ADMIN_ID, Choice(names=True), "csv")
    assert [cell(letter, "reporter", at) for at in (0, 1)] == ["Rosa Melo", None]
    (noted,) = stage.audited("export")
    assert noted.facts["names"] is True and noted.person_id == stage.id_of(ADMIN_ID)


def test_nobody_else_gets_one(stage: Stage) -> None:
    for who in (stage.person("Rosa"), stage.leader("Lía", stage.group())):
        with pytest.raises(Refused) as refused:
            stage.act(who, lambda act: exports.ask(act, Choice(), "csv"))
        assert reason(refused) == NOT_YOURS
    with pytest.raises(Refused) as refused:
        stage.act(gestora(stage), lambda act: exports.ask(act, Choice(), "exe"))
    assert reason(refused) == exports.NO_SUCH_FORMAT
    assert stage.read(lambda s: s.exec(select(Due).where(Due.kind == "export")).all()) == []


def test_a_large_file_is_gathered_in_pieces(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    marta = gestora(stage)
    made = [told(stage) for _ in range(9)]
    monkeypatch.setattr(exports, "A_PAGE", 2)
    letter = file(stage, marta, Choice())
    assert codes(letter) == made and no_pieces(stage)
    assert exports.CUT not in keys(letter["text"])
    monkeypatch.setattr(exports, "MOST_ROWS", 5)
    letter = file(stage, marta, Choice())
    assert codes(letter) == made[:5] and exports.CUT in keys(letter["text"])
    # Exactly as many as a file takes: nothing was cut.
    monkeypatch.setattr(exports, "MOST_ROWS", 9)
    letter = file(stage, marta, Choice())
    assert codes(letter) == made and exports.CUT not in keys(letter["text"])


def test_one_file_at_a_time(stage: Stage) -> None:
    marta = gestora(stage)
    told(stage)
    stage.act(marta, lambda act: exports.ask(act, Choice(), "csv"))
    with pytest.raises(Refused) as refused:
        stage.act(marta, lambda act: exports.ask(act, Choice(), "csv"))
    assert reason(refused) == exports.ONE_AT_A_TIME
    stage.beat()
    assert codes(file(stage, marta, Choice(), "csv"))


def test_a_gestora_removed_meanwhile_gets_nothing(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    marta = gestora(stage)
    for _ in range(3):
        told(stage)
    monkeypatch.setattr(exports, "A_PAGE", 2)
    stage.act(marta, lambda act: exports.ask(act, Choice(), "csv"))

    def gather_one(turn: Turn) -> None:
        row = turn.session.exec(select(Due).where(Due.kind == "export")).one()
        assert exports.go_on(system_act(turn, stage.world), row)

    stage.turn(gather_one)
    assert not no_pieces(stage)
    stage.turn(lambda turn: turn.session.connection().execute(delete(Role)))
    stage.beat()
    assert stage.letters(marta) == [] and no_pieces(stage)


def test_pieces_that_nobody_waits_for_are_forgotten(stage: Stage) -> None:
    def left(turn: Turn) -> None:
        extract.keep(turn.session, 77, 0, [["R-1", "x"]], stage.clock() - timedelta(hours=2))
        extract.keep(turn.session, 78, 0, [["R-2", "x"]], stage.clock())

    stage.turn(left)
    stage.turn(lambda turn: forget_pieces(system_act(turn, stage.world)))
    (kept,) = stage.read(lambda s: s.exec(select(Due).where(Due.kind == PIECE)).all())
    assert kept.subject == 78


def test_every_column_is_documented() -> None:
    page = (Path(export_columns.__file__).parent.parent / "docs" / "exports.md").read_text()
    for key, kind, label, about in (*export_columns.COLUMNS, export_columns.REPORTER):
        kind = kind.replace("yes_no", "yes or no")
        assert f"| `{key}` | {label} | {kind} | {about} |" in page
