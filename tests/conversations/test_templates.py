"""The town's ready answers: offered after a move, in the form of an answer and of a closing, read
by each person in their own language."""

from __future__ import annotations

from actions import report_views
from actions import templates as ready
from actions.act import NOT_YOURS
from handlers import templates
from storage.report import by_code
from storage.turn import Turn
from tests.conversations.conftest import Town
from tests.conversations.test_report import tells

VISIT = {"es": "Vamos a mirar", "pt_BR": "Vamos olhar"}
VISIT_TEXT = {
    "es": "Gracias por contarnos. Vamos a ir a mirar",
    "pt_BR": "Obrigado por nos contar. Vamos olhar",
}


async def test_after_a_move_one_tap_sends_what_was_read(small_town: Town) -> None:
    town = small_town
    marta, rosa = await town.gestora("Marta"), await town.neighbour("Rosa")
    joao = await town.neighbour("João", "pt-br")
    code = await tells(rosa)
    await joao.starts(f"r-{code.partition('-')[2]}")
    await joao.taps(report_views.JOIN)
    await marta.says(f"/reporte {code}")
    await marta.taps("Confirm")
    offer = marta.last
    assert VISIT_TEXT["es"] in offer.text and "{" not in offer.text
    await marta.taps(templates.SEND_ONE, name=VISIT["es"])
    sent = next(seen for seen in marta.heard() if seen.id == offer.id)
    assert VISIT_TEXT["es"] in sent.text and sent.buttons == [marta.reads(templates.TO_CARD)]
    assert VISIT_TEXT["es"] in rosa.last.text
    assert VISIT_TEXT["pt_BR"] in joao.last.text
    # A second tap on the same button sends nothing again.
    before = rosa.texts.count(VISIT_TEXT["es"])
    report = await town.turn(lambda turn: _number(turn, code))
    name = ready.token({"key": "visita"})
    await marta.taps(data=f"e:send:{report}:{name}:confirmed")
    marta.shown(ready.SENT_ALREADY)
    assert rosa.texts.count(VISIT_TEXT["es"]) == before
    # What was ready for another moment of its life is not sent any more, nor by anybody else.
    await marta.taps(data=f"e:send:{report}:{name}:planned")
    marta.shown(ready.GONE)
    await marta.taps(data=f"e:send:{report}:00000000:confirmed")
    marta.shown(ready.GONE)
    await rosa.taps(data=f"e:send:{report}:{name}:confirmed")
    rosa.shown(NOT_YOURS)
    await rosa.taps(data=f"e:own:{report}::")
    rosa.shown(NOT_YOURS)


def _number(turn: Turn, code: str) -> int:
    report = by_code(turn.session, code)
    assert report is not None and report.id is not None
    return report.id


async def test_an_answer_is_chosen_or_written(small_town: Town) -> None:
    town = small_town
    marta, rosa = await town.gestora("Marta"), await town.neighbour("Rosa")
    code = await tells(rosa)
    await marta.says(f"/reporte {code}")
    await marta.taps("Answer")
    assert f"Recibimos su reporte {code}" in marta.last.text
    await marta.taps("Falta un dato")
    assert f"Recibimos su reporte {code}" in marta.last.text
    await marta.taps("Send")
    assert f"Hola, vecina o vecino. Recibimos su reporte {code}" in rosa.last.text
    await marta.says(f"/reporte {code}")
    await marta.taps("Answer")
    await marta.says("Ya vamos para allá.")
    await marta.taps("Send")
    assert "Ya vamos para allá." in rosa.last.text


async def test_a_closing_takes_a_ready_reason_with_whose_it_is(small_town: Town) -> None:
    town = small_town
    marta, rosa = await town.gestora("Marta"), await town.neighbour("Rosa")
    code = await tells(rosa)
    await marta.says(f"/reporte {code}")
    await marta.taps("Close, with a reason")
    await marta.taps("It is up to somebody else")
    await marta.taps("Somebody else", marta.last)
    await marta.says("Energía del Sur, 01 8000 111")
    assert "Le toca a: Energía del Sur" in marta.last.text
    await marta.taps("Le toca a otra entidad")
    await marta.taps("Send")
    assert "Le toca a: Energía del Sur, 01 8000 111" in rosa.last.text

    def kept(turn: Turn) -> tuple[str, str | None]:
        report = by_code(turn.session, code)
        assert report is not None
        return report.state, report.responsible

    assert await town.turn(kept) == ("closed", "Energía del Sur, 01 8000 111")


async def test_a_closing_that_is_up_to_nobody_else_takes_no_text_that_says_whose_it_is(
    small_town: Town,
) -> None:
    town = small_town
    marta, rosa = await town.gestora("Marta"), await town.neighbour("Rosa")
    code = await tells(rosa)
    await marta.says(f"/reporte {code}")
    await marta.taps("Close, with a reason")
    await marta.taps("Nothing more will be done")
    assert "Le toca a" not in marta.last.text
    assert "Le toca a otra entidad" not in marta.last.buttons
    await marta.says("El dueño lo arregla.")
    await marta.taps("Send")
    await marta.says(f"/reporte {code}")
    await marta.taps("Answer")
    assert "Le toca a otra entidad" not in marta.last.buttons
