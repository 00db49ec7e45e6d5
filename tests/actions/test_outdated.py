"""What stands on many screens is turned over in pieces, and what was opened since stays."""

from __future__ import annotations

from sqlmodel import select

from actions import outdated
from actions.buttons import Menu
from flows.phrase import say
from storage import parcel
from storage.due import Due
from storage.turn import Turn
from tests.actions.casework_stage import office
from tests.actions.stage import Stage, keys

SUBJECT = "view:1"
WAY = Menu(what="mine")
NOW = parcel.message(say("Menu"))


def opens(stage: Stage, people: list[int]) -> None:
    """Each of them has a card of it on their screen, and it has reached them."""

    def open_all(turn: Turn) -> None:
        for who in people:
            turn.card(who, SUBJECT, NOW, anew=True)

    stage.turn(open_all)
    stage.all_leaves()


def turned(stage: Stage, people: list[int]) -> list[int]:
    """Whose card says that it has changed."""
    return [
        who
        for who in people
        if any(outdated.OUTDATED in keys(body["text"]) for body in stage.letters(who))
    ]


def test_so_many_screens_are_turned_over_in_pieces(stage: Stage) -> None:
    people = [stage.person(f"V{number}") for number in range(outdated.AT_ONCE + 5)]
    opens(stage, people)
    stage.act(stage.admin, lambda act: outdated.turn_over(act, SUBJECT, WAY))
    assert len(turned(stage, people)) == outdated.AT_ONCE
    # Somebody opens it again in the meantime: they see how it is now.
    late = people[-1]
    assert late not in turned(stage, people)
    opens(stage, [late])
    stage.beat()
    assert turned(stage, people) == people[:-1]
    stage.beat()
    assert turned(stage, people) == people[:-1]


def test_of_those_who_joined_alone(stage: Stage) -> None:
    town = office(stage)
    report = town.report(town.rosa)
    people = [stage.person(f"V{number}") for number in range(outdated.AT_ONCE + 3)]
    others = [stage.person("Eva"), stage.person("Leo")]
    for who in people:
        town.joins(who, report)
    opens(stage, others + people)
    stage.act(stage.admin, lambda act: outdated.turn_over(act, SUBJECT, WAY, joined=report))
    assert len(turned(stage, people)) == outdated.AT_ONCE
    stage.beat()
    assert turned(stage, people) == people and turned(stage, others) == []
    (row,) = stage.read(lambda s: s.exec(select(Due).where(Due.kind == outdated.TURNING)).all())
    assert row.outcome == "turned over"
