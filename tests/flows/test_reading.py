"""What people write is read as they meant it, or not at all."""

from __future__ import annotations

from datetime import date, datetime, time
from zoneinfo import ZoneInfo

import pytest

from flows.calendar import months, read_date
from flows.characters import clean, length, trim
from flows.context import Context
from flows.given import Typed
from flows.hours import read_time
from flows.matching import find, near
from flows.numbers import read_number
from flows.question import Answered, Refused
from flows.questions import ask_when
from flows.spec import question_of
from flows.tokens import base36, code, read
from tests.flows.english import spell
from tests.flows.person import NOW, context

LABELS = ["Alumbrado público", "🕳 Bache", "Agua potable", "Agua de lluvia", "Áreas verdes"]


@pytest.mark.parametrize(
    ("text", "position"),
    [
        ("alumbrado PUBLICO", 0),
        ("alum", 0),
        ("público", 0),
        ("bache", 1),
        ("🕳 Bache", 1),
        ("agua", None),
        ("agua p", 2),
        ("lluvia", 3),
        ("areas", 4),
        ("2", 1),
        ("0", None),
        ("6", None),
        ("", None),
        ("a", None),
        ("x" * 9999, None),
    ],
)
def test_an_option_is_found_by_name_number_or_beginning(text: str, position: int | None) -> None:
    assert find(text, LABELS) == position


def test_a_near_miss_is_offered_and_a_far_one_is_not() -> None:
    assert near("alumbrdo publico", LABELS) == 0
    assert near("hola", LABELS) is None


def test_labels_that_are_numbers_or_emoji_win_over_positions() -> None:
    assert find("2", ["5", "2", "1"]) == 1
    assert find("👍", ["👎", "👍"]) == 1


@pytest.mark.parametrize(
    ("text", "decimals", "value"),
    [
        ("12", 0, 12),
        ("1.200", 0, 1200),
        ("1 200", 0, 1200),
        ("1,200,300", 0, 1200300),
        ("1.5", 0, None),
        ("1.5", 1, 1.5),
        ("1,5", 1, 1.5),
        ("1.250,5", 1, 1250.5),
        ("1,250.5", 1, 1250.5),
        ("-3", 0, -3),
        ("−3", 0, -3),
        ("٣٤", 0, 34),
        ("3 dogs", 0, None),
        ("", 0, None),
        ("²", 0, None),
        ("9" * 40, 0, None),
        ("1..5", 1, None),
        ("1.2.3,4", 1, None),
        ("1,23.4", 1, None),
        ("1.200,300.5", 1, None),
        ("1.200,3,5", 1, None),
        ("1'234,5", 1, 1234.5),
        ("12.345.678,9", 1, 12345678.9),
    ],
)
def test_numbers_are_read_in_every_writing(text: str, decimals: int, value: float | None) -> None:
    assert read_number(text, decimals) == value


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("18:30", time(18, 30)),
        ("18h30", time(18, 30)),
        ("18.30", time(18, 30)),
        ("1830", time(18, 30)),
        ("6:30 pm", time(18, 30)),
        ("6 p. m.", time(18)),
        ("12 am", time(0)),
        ("12pm", time(12)),
        ("7", time(7)),
        ("18 horas", time(18)),
        ("24:00", None),
        ("18:60", None),
        ("13 pm", None),
        ("soon", None),
    ],
)
def test_hours_are_read_in_every_writing(text: str, value: time | None) -> None:
    assert read_time(text) == value


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("2026-05-20", date(2026, 5, 20)),
        ("20/5/2026", date(2026, 5, 20)),
        ("20-5-26", date(2026, 5, 20)),
        ("20/5", date(2026, 5, 20)),
        ("3/5", date(2027, 5, 3)),
        ("29/2", None),
        ("today", date(2026, 5, 4)),
        ("Tomorrow", date(2026, 5, 5)),
        ("Friday", date(2026, 5, 8)),
        ("next monday", date(2026, 5, 11)),
        ("20 May", date(2026, 5, 20)),
        ("May 20 2027", date(2027, 5, 20)),
        ("1 jan", date(2027, 1, 1)),
        ("1 ju", None),
        ("31/2", None),
        ("99/99", None),
        ("soon", None),
    ],
)
def test_days_are_read_in_every_writing(text: str, value: date | None) -> None:
    assert read_date(text, NOW.date(), date(2027, 5, 4), context()) == value


def test_a_calendar_shows_whole_weeks_and_only_days_that_may_be_chosen() -> None:
    sunday_first = Context(NOW, {}, spell, first_weekday=6)
    rows = months(date(2026, 5, 1), date(2026, 5, 4), date(2026, 5, 20), sunday_first, lambda c: c)
    assert [spell(button.label) for button in rows[1]] == list("SMTWTFS")
    weeks = rows[2:-1]
    assert all(len(week) == 7 for week in weeks)
    days = [button.token for week in weeks for button in week if button.token != "_"]
    assert days == [f"d2026-05-{day:02d}" for day in range(4, 21)]
    assert [button.token for button in rows[0]] == ["_", "_", "_"]


def test_an_hour_the_clocks_skip_is_refused() -> None:
    now = datetime(2026, 9, 1, 12, tzinfo=ZoneInfo("America/Santiago"))
    around = Context(now, {}, spell)
    question = ask_when("When?", first=0)
    part = {"day": "2026-09-06"}
    assert isinstance(question.tapped("t0030", part, around), Refused)
    assert isinstance(question.tapped("t0130", part, around), Answered)


def test_text_is_data_and_only_what_cannot_be_seen_is_taken_out() -> None:
    assert clean(" a\x00b\r\n\r\n\r\n\r\nc\ud800 ") == "ab\n\nc"
    assert clean("cafe\u0301") == "café"
    assert clean("\u200b\u2060 \ufeff") == ""
    assert clean("مرحبا {x} <b>") == "مرحبا {x} <b>"
    assert clean("👨‍👩‍👧") == "👨‍👩‍👧"
    assert length("a👍") == 3
    assert trim("👍" * 10, 9) == "👍👍👍👍…"
    assert length(trim("👍a" * 4000, 3000)) <= 3000


def test_tokens_tell_what_they_carry() -> None:
    assert code("light") == "light"
    assert code("Ñandú/7").startswith("~") and len(code("Ñandú/7")) <= 8
    assert base36(0) == "0" and base36(36 * 36 + 35) == "10z"
    assert read("s1.place.=a.b") is not None
    for broken in ("", "s1", "s1.", "s1..", ".a.b", "s1.a.", "..."):
        assert read(broken) is None


def test_a_number_without_a_limit_of_its_own_is_told_of_none() -> None:
    height = {"es": "¿Qué altura?", "en": "How high?"}
    asked = question_of({"key": "height", "text": height, "kind": "number"})
    hint = asked.ask({}, context(), str).hint
    assert spell(hint) == "Write the number in digits."
    assert asked.take(Typed("12", 1), {}, context()) == Answered(12)
    for beyond in ("-1", "9999999999"):
        refused = asked.take(Typed(beyond, 1), {}, context())
        assert isinstance(refused, Refused)
        assert spell(refused.why) == "That number is too big, or below zero. Please check it."
    # What a draft holds from before is an answer still.
    assert asked.fits(999_999_999, context()) and asked.shape() == ["Number", 0]
