"""Figures count what was told in a period, page after page, and only the team is told them."""

from __future__ import annotations

from collections import Counter
from datetime import datetime, timedelta
from itertools import count
from typing import Any

import pytest
from sqlalchemy import delete

from actions import figures, periods
from actions.act import NOT_YOURS, Refused
from actions.world import World
from civic.figures import Tally
from civic.lifecycle import CLOSED, DUPLICATE, FIXED, HIDDEN, NOT_NEEDED, RECEIVED
from courier.rendering import CAPTION, html, length
from flows.phrase import Phrase, lines, say
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


def rows(letter: dict[str, Any]) -> list[tuple[int, int]]:
    """Told, and fixed of those, in each row of a letter's picture."""
    return [(r["told"], r["fixed"]) for r in letter["picture"]["data"]["rows"]]


def whole(letter: dict[str, Any]) -> dict[str, Any]:
    """All of it, as a letter's picture has it."""
    return dict(letter["picture"]["data"]["whole"])


def values(letter: dict[str, Any], key: str) -> dict[str, Any]:
    """What a letter says in one of its sentences."""
    (found,) = (line["values"] for line in letter["text"]["lines"] if line and line["key"] == key)
    return dict(found)


def test_a_period_s_figures(stage: Stage) -> None:
    marta = gestora(stage)
    told(stage, RECEIVED, 1)
    told(stage, HIDDEN, 1)
    told(stage, CLOSED, 2, category=2, territory_id=1)
    fixed(stage, 20, timedelta(hours=5))
    fixed(stage, 21, timedelta(days=3))
    told(stage, RECEIVED, 40)
    categories, barrios = ask(stage, marta, "30")
    assert rows(categories) == rows(barrios) == [(3, 2), (1, 0)]
    assert {figures.TIMES, figures.NOT_ASKED, periods.FROM_TO} <= keys(categories["text"])
    times = whole(categories)
    assert (times["half"]["count"], times["most"]["count"]) == (5, 3)
    assert "m:figures:90" in taps(barrios) and "m:menu:" in taps(barrios)
    older, _ = ask(stage, marta, "90")
    assert rows(older)[0] == (4, 2)
    # A word that names no period is the last 30 days.
    assert rows(ask(stage, marta, "zz")[0]) == rows(categories)


def test_the_year_begins_at_the_town_s_midnight(stage: Stage) -> None:
    marta = gestora(stage)
    midnight = datetime(2026, 1, 1, 5, tzinfo=NOON.tzinfo)
    told(stage, RECEIVED, (NOON - midnight) / timedelta(days=1))
    told(stage, RECEIVED, (NOON - midnight) / timedelta(days=1) + 0.0001)
    assert rows(ask(stage, marta, "year")[0]) == [(1, 0)]
    assert rows(ask(stage, marta, "all")[0]) == [(2, 0)]


def test_a_slow_repair_counts_when_it_is_done(stage: Stage) -> None:
    marta = gestora(stage)
    # Told within these days and fixed at once; and told long before, fixed within these days.
    fixed(stage, 10, timedelta(hours=2))
    for days in (200, 120, 90):
        fixed(stage, days, timedelta(days=days - 5.5))
    fixed(stage, 200, timedelta(days=2))
    letter, _ = ask(stage, marta, "30")
    assert rows(letter) == [(1, 1)]
    # Days that were begun are whole ones.
    assert (whole(letter)["half"]["count"], whole(letter)["most"]["count"]) == (85, 195)


def test_repairs_of_what_was_told_before_are_figures_too(stage: Stage) -> None:
    marta = gestora(stage)
    fixed(stage, 60, timedelta(days=58))
    letter, _ = ask(stage, marta, "30")
    assert rows(letter) == [(0, 0)] and figures.TIMES in keys(letter["text"])
    assert figures.OPEN_CLOSED not in keys(letter["text"])


def test_the_share_is_of_those_that_neighbours_were_asked_about(stage: Stage) -> None:
    marta = gestora(stage)
    for days, at in ((29, NOON), (29, None), (28.1, None), (27.9, None), (3, None)):
        fixed(stage, days, timedelta(), neighbours_at=at)
    letter, _ = ask(stage, marta, "30")
    assert values(letter, figures.NEIGHBOURS) == {"share": 33, "confirmed": 1, "asked": 3}
    assert values(letter, figures.NOT_ASKED) == {"count": 2}
    assert (whole(letter)["confirmed"], whole(letter)["asked"]) == (1, 3)


def test_each_category_has_its_own_days_until_it_is_asked(stage: Stage) -> None:
    marta = gestora(stage)

    def after_a_week(turn: Turn) -> None:
        from storage.town import Category, the_town

        category, town = turn.session.get(Category, 2), the_town(turn.session)
        assert category and town
        category.follow_up_days = 7
        town.version += 1

    stage.turn(after_a_week)
    stage.world = World(admins=stage.world.admins)
    fixed(stage, 8, timedelta(), neighbours_at=NOON)
    fixed(stage, 8, timedelta(), category=2, neighbours_at=NOON)
    letter, _ = ask(stage, marta, "30")
    assert values(letter, figures.NEIGHBOURS) == {"share": 100, "confirmed": 1, "asked": 1}


def test_nothing_of_this_time_is_asked_about_yet(stage: Stage) -> None:
    marta = gestora(stage)
    fixed(stage, 3, timedelta(hours=1))
    letter, _ = ask(stage, marta, "30")
    assert values(letter, figures.NOT_ASKED) == {"count": 1}
    assert figures.NEIGHBOURS not in keys(letter["text"])


def test_what_tells_the_same_as_another_is_told_once(stage: Stage) -> None:
    marta = gestora(stage)
    told(stage, RECEIVED, 2)
    told(stage, CLOSED, 1, closed_as=DUPLICATE)
    told(stage, CLOSED, 1, closed_as=NOT_NEEDED)
    letter, _ = ask(stage, marta, "30")
    assert rows(letter) == [(2, 0)]
    assert values(letter, figures.OPEN_CLOSED) == {"fixed": 0, "share": 0, "open": 1, "closed": 1}


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


@pytest.mark.parametrize("language", ["es", "en", "pt_BR"])
def test_the_words_fit_under_a_picture(language: str) -> None:
    tally = Tally(12345, 8123, 1234, 6789, 4567, Counter({24 * 40 + 5: 9000, 24 * 140: 900}))
    named: list[tuple[Phrase, Tally]] = [("💡 Alumbrado público y semáforos", tally)] * 12
    head: list[Phrase] = [say(figures.TITLE, town="Villa Ceiba del Río Grande")]
    head.append(
        say(periods.FROM_TO, first="28 de noviembre de 2026", last="30 de diciembre de 2026")
    )
    text = lines([*head, "", *figures.summary(tally), "", say(figures.BY_CATEGORY)])
    told = lines([text, *figures._rows(named)])
    assert length(html(told, language, "America/Bogota")) <= CAPTION


def test_a_large_town_is_counted_page_after_page(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    marta = gestora(stage)
    for day in range(7):
        fixed(stage, day + 1, timedelta(hours=day))
        told(stage, RECEIVED, day + 1, category=2)
    at_once = ask(stage, marta, "30")[0]
    monkeypatch.setattr(figures, "A_PAGE", 3)
    (wait,) = ask(stage, marta, "30")
    assert keys(wait["text"]) == {figures.COUNTING}
    before = len(stage.letters(marta))
    stage.beat()
    categories, _ = stage.letters(marta)[before:]
    assert rows(categories) == [(7, 7), (7, 0)]
    assert categories == at_once


def test_one_count_at_a_time(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    marta, lucia = gestora(stage), gestora(stage)
    for day in range(4):
        told(stage, RECEIVED, day)
    monkeypatch.setattr(figures, "A_PAGE", 3)
    ask(stage, marta, "30")
    for period in ("30", "90", "all"):
        with pytest.raises(Refused) as refused:
            ask(stage, marta, period)
        assert reason(refused) == figures.ONE_AT_A_TIME
    # Whoever else asks does not wait for her.
    assert keys(ask(stage, lucia, "90")[0]["text"]) == {figures.COUNTING}
    stage.beat()
    assert keys(ask(stage, marta, "90")[0]["text"]) == {figures.COUNTING}


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
