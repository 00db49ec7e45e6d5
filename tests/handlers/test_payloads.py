"""What a button or a link carries is read without trust, and never too long to be carried."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from actions import exports, filters, periods
from actions.buttons import Consent, ExportTap
from handlers.consent import carried
from handlers.doors import number_in
from handlers.exports import QUESTIONS


@pytest.mark.parametrize("text", ["", "x", "-1", "1.0", "²", "٣", "1" * 10, " 1", "1e3", "+1"])
def test_what_is_no_number_of_a_row_is_none(text: str) -> None:
    assert number_in(text) == 0


def test_a_number_of_a_row() -> None:
    assert (number_in("7"), number_in("999999999")) == (7, 999999999)


@pytest.mark.parametrize(
    ("then", "kept"),
    [
        ("", ""),
        ("report", "report"),
        ("role-7d1536572059859a107c0c85d1f3919d", "role-7d1536572059859a107c0c85d1f3919d"),
        ("lang-pt_BR", "lang-pt_BR"),
        ("mine-a:b:c", "mine"),
        ("report-" + "ñ" * 40, "report"),
        ("r-" + "1" * 60, "r"),
        ("😀", ""),
    ],
)
def test_what_they_were_about_to_do_is_carried_as_far_as_it_fits(then: str, kept: str) -> None:
    assert carried(then) == kept


def test_every_choice_of_a_file_fits_in_a_button() -> None:
    longest = ExportTap(
        screen=max((*exports.FORMATS, *QUESTIONS, "choice"), key=len),
        state=max(exports.SHOWN, key=len),
        period=max(periods.PERIODS, key=len),
        category=999_999,
        territory=999_999,
        private=True,
        names=True,
        age=max(filters.AGES, key=len),
        whose=max(filters.WHOSE, key=len),
        joined=True,
        page=99,
    )
    assert len(longest.pack().encode()) <= 64
    assert ExportTap.unpack(longest.pack()) == longest


@given(st.text(max_size=80))
def test_a_consent_button_can_always_be_made(then: str) -> None:
    packed = Consent(yes=True, version=2**31 - 1, then=carried(then)).pack()
    assert len(packed.encode()) <= 64
    assert Consent.unpack(packed).then == carried(then)
