"""What was made private is between whoever told it and the team, also for those who had joined."""

from __future__ import annotations

from functools import partial
from typing import Any

import pytest

from actions import casework, own_reports, quiet, reports, verdicts
from actions.act import Refused
from storage.report_event import PRIVACY, last_events
from storage.support import NO, YES
from tests.actions.stage import Stage, keys, reason
from tests.actions.test_follow_ups import Street, due_after, tells


@pytest.fixture
def street(stage: Stage) -> Street:
    """A lamp that was fixed, and that three others had joined."""
    made = Street(stage)
    made.fixes()
    return made


def make_private(street: Street) -> None:
    street.stage.act(street.marta, lambda act: casework.set_private(act, street.report, True))


def test_only_whoever_told_it_is_asked(street: Street) -> None:
    make_private(street)
    street.weeks_go_by()
    assert [len(street.asked(who)) for who in street.everybody] == [1, 0, 0, 0]
    assert street.says(street.rosa, YES) == "thanks"


def test_whoever_joined_is_not_asked_late(street: Street) -> None:
    for who in street.everybody:
        street.stage.act(who, lambda act: quiet.set_hours(act, 11, 15))
    street.stage.walk(street.stage.clock.now + due_after())
    make_private(street)
    street.stage.clock.forward(hours=3)
    street.stage.beat()
    assert [len(street.asked(who)) for who in street.everybody] == [1, 0, 0, 0]


def test_whoever_joined_neither_judges_nor_shows_it(street: Street) -> None:
    street.weeks_go_by()
    joined, other = street.others[:2]
    street.says(joined, YES)
    make_private(street)
    photos: list[dict[str, Any]] = [{"file_id": "a", "unique_id": "a", "kind": "photo"}]
    with pytest.raises(Refused) as refused:
        street.says(other, NO)
    assert reason(refused) == reports.NO_SUCH_REPORT
    with pytest.raises(Refused):
        street.stage.act(joined, lambda act: verdicts.add_evidence(act, street.report, 0, photos))


@pytest.mark.parametrize("hidden", [False, True])
def test_whoever_joined_may_leave_it(street: Street, hidden: bool) -> None:
    if hidden:
        street.stage.act(street.marta, lambda act: casework.move(act, street.report, "hidden"))
    else:
        make_private(street)
    ana, stranger = street.others[0], street.stage.person("Eva")
    street.stage.act(ana, lambda act: reports.unsupport(act, street.report))
    assert street.kept().supports == 2
    # To whoever has not joined it there is none.
    for who in (ana, stranger):
        with pytest.raises(Refused) as refused:
            street.stage.act(who, lambda act: reports.unsupport(act, street.report))
        assert reason(refused) == reports.NO_SUCH_REPORT
    assert street.kept().supports == 2
    assert street.asked(ana) == [] and not keys(street.stage.letters(stranger))


def test_who_told_it_changes_who_sees_it_from_what_to_what(stage: Stage) -> None:
    rosa = stage.person("Rosa")
    report = tells(stage, rosa)
    for private in (True, False):
        stage.act(rosa, partial(own_reports.set_private, report_id=report, private=private))
    found = stage.read(lambda session: last_events(session, report, (PRIVACY,), 2))
    assert [(one.before, one.after) for one in found] == [
        ("private", "public"),
        ("public", "private"),
    ]
