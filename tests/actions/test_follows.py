"""What somebody may follow: places and subjects that are there, so many, in circles of a size."""

from __future__ import annotations

from functools import partial

import pytest
from sqlmodel import select

from actions import follows
from actions.act import Act, Refused
from storage.follow import CATEGORY, TERRITORY, Follow
from tests.actions.stage import Stage, reason
from tests.actions.test_news import Street


@pytest.fixture
def street(stage: Stage) -> Street:
    """Ana follows what she says."""
    return Street(stage)


def test_at_most_ten(street: Street) -> None:
    town = street.stage.read(lambda session: street.stage.world.town(session))
    numbers = [t.id for t in town.territories if t.id][: follows.MOST]
    for number in numbers:
        street.follows(TERRITORY, number)

    def follows_place(latitude: float) -> None:
        street.stage.act(
            street.ana, lambda act: follows.follow_place(act, latitude, -76.5, 100, None)
        )

    while len(street.stage.read(lambda s: s.exec(select(Follow)).all())) < follows.MOST:
        follows_place(3.4 + 0.01 * len(numbers))
        numbers.append(0)
    with pytest.raises(Refused):
        street.follows(CATEGORY, street.category("alumbrado"))
    # Another's are not hers to end; one of her own makes room.
    hers = street.stage.read(lambda s: s.exec(select(Follow)).first())
    assert hers is not None and hers.id is not None
    number = hers.id
    street.stage.act(street.rosa, lambda act: follows.drop(act, number))
    with pytest.raises(Refused):
        street.follows(CATEGORY, street.category("alumbrado"))
    street.stage.act(street.ana, lambda act: follows.drop(act, number))
    assert street.follows(CATEGORY, street.category("alumbrado"))


@pytest.mark.parametrize(("kind", "about"), [(TERRITORY, 0), (CATEGORY, 10**6), ("person", 1)])
def test_what_is_not_there_is_not_followed(street: Street, kind: str, about: int) -> None:
    with pytest.raises(Refused) as refused:
        street.follows(kind, about)
    assert reason(refused) == follows.GONE


@pytest.mark.parametrize("radius", [0, 99, 3001])
def test_a_circle_has_its_limits(street: Street, radius: int) -> None:
    with pytest.raises(Refused):
        street.stage.act(
            street.ana, lambda act: follows.follow_place(act, 3.4, -76.5, radius, None)
        )


def test_a_circle_made_wider_is_written_down(street: Street) -> None:
    def follow(act: Act, radius: int) -> None:
        follows.follow_place(act, 3.4, -76.5, radius, None)

    for radius in (300, 500):
        street.stage.act(street.ana, partial(follow, radius=radius))
    assert [row.facts["radius"] for row in street.stage.audited("follow")] == [300, 500]
