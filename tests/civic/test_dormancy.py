"""Months are the calendar's, and the warning comes thirty days before."""

from __future__ import annotations

from datetime import date

import pytest

from civic.dormancy import months_before, unseen_since


@pytest.mark.parametrize(
    ("day", "months", "before"),
    [
        (date(2026, 5, 4), 1, date(2026, 4, 4)),
        (date(2026, 3, 31), 1, date(2026, 2, 28)),
        (date(2028, 3, 30), 1, date(2028, 2, 29)),
        (date(2026, 1, 15), 1, date(2025, 12, 15)),
        (date(2026, 12, 31), 12, date(2025, 12, 31)),
        (date(2026, 5, 4), 24, date(2024, 5, 4)),
        (date(2026, 5, 31), 0, date(2026, 5, 31)),
    ],
)
def test_months_before(day: date, months: int, before: date) -> None:
    assert months_before(day, months) == before


def test_the_warning_is_thirty_days_before() -> None:
    # Seen on the 3rd of June 2024, forgotten two years later: told thirty days before.
    assert unseen_since(date(2026, 5, 4), 24) == date(2024, 6, 3)
    assert unseen_since(date(2026, 5, 3), 24) < date(2024, 6, 3)


def test_no_calendar_goes_back_so_far() -> None:
    with pytest.raises(ValueError):
        months_before(date(2026, 5, 4), 12 * 3000)
