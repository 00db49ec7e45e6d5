"""What a button or a link carries is read without trust, and never too long to be carried."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from actions.buttons import Consent
from handlers.consent import carried
from handlers.doors import number_in


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


@given(st.text(max_size=80))
def test_a_consent_button_can_always_be_made(then: str) -> None:
    packed = Consent(yes=True, version=2**31 - 1, then=carried(then)).pack()
    assert len(packed.encode()) <= 64
    assert Consent.unpack(packed).then == carried(then)
