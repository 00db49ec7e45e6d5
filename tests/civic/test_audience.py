"""Civic audience: what is one, who is in it, and why somebody is skipped."""

from __future__ import annotations

from typing import Any

import pytest

from civic.audience import (
    MUTED,
    NOT_AGREED,
    UNREACHABLE,
    Audience,
    BadAudience,
    Listener,
    includes,
    parse,
    skip_reason,
)


@pytest.mark.parametrize(
    "value", [{"kind": "all"}, {"kind": "territory", "id": 3}, {"kind": "group", "id": 9}]
)
def test_round_trip(value: dict[str, Any]) -> None:
    assert parse(value).as_json() == value


@pytest.mark.parametrize(
    "value",
    [
        None,
        "all",
        [],
        {},
        {"kind": "everybody"},
        {"kind": "all", "id": 1},
        {"kind": "group"},
        {"kind": "group", "id": None},
        {"kind": "group", "id": "9"},
        {"kind": "group", "id": True},
        {"kind": "group", "id": 0},
        {"kind": "territory", "id": 1, "extra": 2},
    ],
)
def test_what_is_no_audience(value: Any) -> None:
    with pytest.raises(BadAudience):
        parse(value)


def test_who_is_in_it() -> None:
    rosa: dict[str, Any] = {"territory_id": 5, "group_ids": {1, 2}}
    nowhere: dict[str, Any] = {"territory_id": None, "group_ids": set()}
    assert includes(Audience("all"), **rosa)
    assert includes(Audience("all"), **nowhere)
    assert includes(Audience("territory", 5), **rosa)
    assert includes(Audience("territory", 3), below={3, 4, 5}, **rosa)
    assert not includes(Audience("territory", 3), below={3, 4}, **rosa)
    assert not includes(Audience("territory", 3), below={3, 4}, **nowhere)
    assert includes(Audience("group", 2), **rosa)
    assert not includes(Audience("group", 3), **rosa)


@pytest.mark.parametrize(
    ("version", "reachable", "calls", "reason"),
    [
        (1, True, True, None),
        (None, True, True, NOT_AGREED),
        (None, False, False, NOT_AGREED),
        (1, True, False, MUTED),
        (1, False, False, MUTED),
        (1, False, True, UNREACHABLE),
    ],
)
def test_why_somebody_is_skipped(
    version: int | None, reachable: bool, calls: bool, reason: str | None
) -> None:
    assert skip_reason(Listener(version, reachable, calls)) == reason
