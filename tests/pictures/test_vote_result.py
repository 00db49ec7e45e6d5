"""The result of a vote can be drawn whatever people wrote, and never shows it as anything else."""

from __future__ import annotations

import io
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from matplotlib.image import imread

from pictures import vote_result
from pictures.lettering import clean, width, wrap


def result(options: list[tuple[Any, int]], **more: Any) -> dict[str, Any]:
    return {
        "question": "¿Qué arreglamos primero?",
        "options": [{"label": label, "votes": votes} for label, votes in options],
        "ballots": 100,
        "eligible": 400,
        "closed": "2026-03-05T18:30:00-05:00",
        "town": "Villa Esperanza",
        "zone": "America/Bogota",
        **more,
    }


def pixels(png: bytes) -> Any:
    return imread(io.BytesIO(png))


def longest_run(png: bytes, colour: str) -> int:
    """How many pixels of a colour stand in the fullest line below the strip on top."""
    wanted = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    same = (abs(pixels(png)[40:, :, :3] - wanted) < 0.01).all(axis=2)
    return int(same.sum(axis=1).max())


def test_equal_data_give_equal_bytes() -> None:
    data = result([("a", 60), ("b", 40)])
    assert vote_result.draw(data, "es") == vote_result.draw(data, "es")


@pytest.mark.parametrize(("options", "high"), [(1, 1080), (4, 1080), (12, 1700), (30, 3600)])
def test_the_picture_grows_with_the_options(options: int, high: int) -> None:
    drawn = pixels(vote_result.draw(result([(f"Propuesta {n}", n) for n in range(options)]), "es"))
    assert drawn.shape[1] == 1080
    assert high * 0.9 <= drawn.shape[0] <= high


def test_a_bar_is_as_long_as_its_share_of_the_ballots() -> None:
    png = vote_result.draw(result([("a", 50), ("b", 25)]), "es")
    whole = 1080 - 2 * 72
    assert longest_run(png, vote_result._WINNER) == pytest.approx(whole * 0.5, abs=8)
    assert longest_run(png, vote_result._OTHER) == pytest.approx(whole * 0.25, abs=8)


def test_without_ballots_nobody_wins() -> None:
    png = vote_result.draw(result([("a", 0), ("b", 0)], ballots=0, eligible=None), "es")
    assert longest_run(png, vote_result._WINNER) < 400  # the kicker's letters alone
    assert longest_run(png, vote_result._OTHER) == 0


def test_in_a_tie_all_that_lead_are_winners() -> None:
    tie = vote_result._rows(
        result([("a", 7), ("b", 9), ("c", 9)])["options"], 100, vote_result._SCALES[0], "es"
    )
    assert [(row.votes, row.wins) for row in tie] == [(9, True), (9, True), (7, False)]
    assert [line.text for line in vote_result._heading(result([]), tie, "en")][-1] == (
        "Tie between 2 options."
    )


def test_what_people_write_is_drawn_as_they_wrote_it(monkeypatch: pytest.MonkeyPatch) -> None:
    said: list[str] = []
    text = vote_result._Sheet._text

    def listen(self: Any, x: float, words: str, *rest: Any, **more: Any) -> None:
        said.append(words)
        text(self, x, words, *rest, **more)

    monkeypatch.setattr(vote_result._Sheet, "_text", listen)
    labels = ["$x^2$ $", "<b>Plaza</b> &amp;", "{braces} {0}", r"\frac{1}{2}", "100 % #1"]
    vote_result.draw(result([(label, 1) for label in labels], question="$a$ <i>?"), "es")
    assert set(labels) <= set(said)
    assert "$a$ <i>?" in said


def test_what_has_no_glyph_is_left_out_or_boxed() -> None:
    assert clean("Cancha 🏟️☂️ nueva 👩🏽‍🌾") == "Cancha ☂ nueva"
    assert clean("图书馆") == "□□□"
    assert clean("a\n\tb\u202e\x00c") == "a bc"
    assert clean("z" + "\u0301" * 50) == "ź\u0301\u0301"
    assert clean("🌳🌳") == ""
    # A sign that the font has, and that a telephone draws as an emoji, is left out like the others.
    assert clean("♿ Andenes") == "Andenes"
    options = result([("🌳", 1)])["options"]
    assert vote_result._rows(options, 9, vote_result._SCALES[0], "es")[0].label == ["Opción 1"]


def test_names_in_several_languages_and_small_shares() -> None:
    options = result([({"names": {"es": "Plaza", "en": "Square"}}, 1)])["options"]
    row = vote_result._rows(options, 1000, vote_result._SCALES[0], "en")[0]
    assert (row.label, row.figures) == (["Square"], ("1", "0.1%"))


@pytest.mark.parametrize(
    "data", [result([]), result([("a", -1)]), result([("a", 101)]), result([("a", 1)] * 101)]
)
def test_what_cannot_be_a_result_is_refused(data: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="option"):
        vote_result.draw(data, "es")


@given(text=st.text(max_size=200), room=st.integers(60, 900))
@settings(max_examples=60, deadline=None)
def test_lines_hold_the_width_and_lose_no_sign(text: str, room: int) -> None:
    cleaned = clean(text)
    lines = wrap(cleaned, 32, room, most=1000)
    assert all(width(line, 32) <= room or len(line) == 1 for line in lines)
    assert "".join(lines).replace(" ", "") == cleaned.replace(" ", "")
    assert len(wrap(cleaned, 32, room, most=2)) <= 2


@given(labels=st.lists(st.text(max_size=60), min_size=1, max_size=5), question=st.text())
@settings(max_examples=15, deadline=None)
def test_any_text_can_be_drawn(labels: list[str], question: str) -> None:
    data = result([(label, 1) for label in labels], question=question)
    assert vote_result.draw(data, "pt_BR").startswith(b"\x89PNG")
