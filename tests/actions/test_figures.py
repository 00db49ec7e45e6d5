"""Figures count what was told in a period, page after page, and only the team is told them."""

from __future__ import annotations

from datetime import datetime, timedelta
from itertools import count
from typing import Any

import pytest
from sqlalchemy import delete

from actions import figures, periods
from actions.act import NOT_YOURS, Refused
from civic.lifecycle import CLOSED, FIXED, HIDDEN, RECEIVED
from storage.person import GESTOR, Role
from storage.report import Report
from storage.turn import Turn
from tests.actions.stage import ADMIN_ID, Stage, keys, reason, taps
from tests.conftest import NOON

CODES = count(1)


def gestora(stage: Stage) -> int:
    """A gestora's Telegram number."""
    marta = stage.person("Marta")
    role = Role(person_id=stage.id_of(marta), role=GESTOR, given_at=stage.clock())
    stage.turn(lambda turn: turn.session.add(role))
    return marta


def told(stage: Stage, state: str, days: float, category: int = 1, **values: Any) -> None:
    """A report told so many days ago."""
    at = stage.clock() - timedelta(days=days)

    def add(turn: Turn) -> None:
        turn.session.add(
            Report(
                code=f"R-{next(CODES)}",
                category_id=category,
                words="x",
                state=state,
                created_at=at,
                changed_at=at,
                **values,
            )
        )

    stage.turn(add)


def fixed(stage: Stage, days: float, took: timedelta, category: int = 1, **values: Any) -> None:
    """A report told so many days ago, and fixed after a time."""
    at = stage.clock() - timedelta(days=days)
    told(stage, FIXED, days, category, fixed_at=at + took, **values)


def ask(stage: Stage, who: int, period: str) -> list[dict[str, Any]]:
    """What is owed to whoever asks for a period's figures, and for them alone."""
    before = len(stage.letters(who))
    stage.act(who, lambda act: figures.ask(act, who, period))
    return stage.letters(who)[before:]


def rows(letter: dict[str, Any]) -> list[tuple[int, int, int]]:
    """Told, fixed and confirmed of each row of a letter's picture."""
    return [(r["told"], r["fixed"], r["confirmed"]) for r in letter["picture"]["data"]["rows"]]


def test_a_period_s_figures(stage: Stage) -> None:
    marta = gestora(stage)
    told(stage, RECEIVED, 1)
    told(stage, HIDDEN, 1)
    told(stage, CLOSED, 2, category=2, territory_id=1)
    fixed(stage, 20, timedelta(hours=5))
    fixed(stage, 21, timedelta(days=3), neighbours_at=NOON)
    told(stage, RECEIVED, 40)
    categories, barrios = ask(stage, marta, "30")
    assert rows(categories) == [(3, 2, 1), (1, 0, 0)]
    assert rows(barrios) == [(3, 2, 1), (1, 0, 0)]
    assert {figures.TIMES, figures.NEIGHBOURS, periods.FROM_TO} <= keys(categories["text"])
    whole = categories["picture"]["data"]["whole"]
    assert (whole["half"]["count"], whole["most"]["count"]) == (5, 3)
    assert "m:figures:90" in taps(barrios) and "m:menu:" in taps(barrios)
    older, _ = ask(stage, marta, "90")
    assert rows(older)[0] == (4, 2, 1)
    # A word that names no period is the last 30 days.
    assert rows(ask(stage, marta, "zz")[0]) == rows(categories)


def test_the_year_begins_at_the_town_s_midnight(stage: Stage) -> None:
    marta = gestora(stage)
    midnight = datetime(2026, 1, 1, 5, tzinfo=NOON.tzinfo)
    told(stage, RECEIVED, (NOON - midnight) / timedelta(days=1))
    told(stage, RECEIVED, (NOON - midnight) / timedelta(days=1) + 0.0001)
    assert rows(ask(stage, marta, "year")[0]) == [(1, 0, 0)]
    assert rows(ask(stage, marta, "all")[0]) == [(2, 0, 0)]


def test_an_empty_period_is_said_in_words(stage: Stage) -> None:
    (only,) = ask(stage, gestora(stage), "30")
    assert figures.NONE in keys(only["text"]) and "picture" not in only and taps(only)


def test_many_rows_share_the_last(stage: Stage) -> None:
    marta = gestora(stage)

    def add(turn: Turn) -> None:
        from storage.town import Category

        for number in range(40):
            kind = Category(key=f"k{number}", names={"es": f"Asunto {number}"})
            turn.session.add(kind)
            turn.session.flush()
            for each in range(41 - number):
                turn.session.add(
                    Report(
                        code=f"R-{number}-{each}",
                        category_id=kind.id or 0,
                        words="x",
                        state=RECEIVED,
                        created_at=turn.now,
                        changed_at=turn.now,
                    )
                )

    stage.turn(add)
    categories, _ = ask(stage, marta, "30")
    shown = rows(categories)
    assert len(shown) == figures.MOST_BARS
    assert sum(row[0] for row in shown) == sum(range(2, 42))


def test_a_large_town_is_counted_page_after_page(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    marta = gestora(stage)
    for day in range(7):
        fixed(stage, day + 1, timedelta(hours=day))
        told(stage, RECEIVED, day + 1, category=2)
    whole = rows(ask(stage, marta, "30")[0])
    monkeypatch.setattr(figures, "A_PAGE", 3)
    (wait,) = ask(stage, marta, "30")
    assert keys(wait["text"]) == {figures.COUNTING}
    before = len(stage.letters(marta))
    stage.beat()
    categories, _ = stage.letters(marta)[before:]
    assert rows(categories) == whole == [(7, 7, 0), (7, 0, 0)]


def test_whoever_is_no_gestor_any_more_is_told_nothing(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    marta = gestora(stage)
    for day in range(4):
        told(stage, RECEIVED, day)
    monkeypatch.setattr(figures, "A_PAGE", 3)
    ask(stage, marta, "30")
    stage.turn(lambda turn: turn.session.connection().execute(delete(Role)))
    before = len(stage.letters(marta))
    stage.beat()
    assert stage.letters(marta)[before:] == []


def test_only_the_team_is_told(stage: Stage) -> None:
    with pytest.raises(Refused) as refused:
        ask(stage, stage.person("Rosa"), "30")
    assert reason(refused) == NOT_YOURS
    assert ask(stage, ADMIN_ID, "30")


@pytest.mark.parametrize(
    ("part", "whole", "percent"),
    [(0, 0, 0), (0, 9, 0), (1, 900, 1), (899, 900, 99), (9, 9, 100), (1, 3, 33)],
)
def test_a_share_is_never_more_than_it_is(part: int, whole: int, percent: int) -> None:
    assert figures.share(part, whole) == percent
