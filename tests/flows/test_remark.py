"""What an option says of itself is said at once, however it came to be chosen."""

from __future__ import annotations

import json
from typing import Any

from flows import engine
from flows.context import Option
from flows.declare import flow, flow_of
from flows.given import Tap, Typed
from flows.questions import ask_text, choose
from tests.flows.person import context

DANGER = "Do not touch the cable"


@flow("remarking", title="Remark", review="Send?")
class Remarking:
    """Two choices, one of them dangerous."""

    what: str = choose(
        "What?", options=[Option("cable", "Cable", remark=DANGER), Option("bin", "Bin")]
    )
    more: str = ask_text("More?")


FLOW = flow_of[Remarking]


def said(turn: Any) -> bool:
    """Whether the remark was made."""
    return DANGER in json.dumps([message.text for message in turn.messages])


def test_said_when_tapped_written_prefilled_and_changed() -> None:
    here = context()
    begun = engine.begin(FLOW, here, "s")
    assert not said(begun)
    tapped = engine.advance(FLOW, begun.state, Tap("s.what.=cable"), here)
    assert said(tapped)
    assert said(engine.advance(FLOW, begun.state, Typed("cable", 1), here))
    assert not said(engine.advance(FLOW, begun.state, Typed("bin", 1), here))
    assert said(engine.begin(FLOW, here, "s", {"what": "cable"}))
    # Said once: the next question does not say it again.
    after = engine.advance(FLOW, tapped.state, Typed("It hangs low", 2), here)
    assert not said(after)
    # Chosen instead of another at the review, where no answer is told by itself.
    bins = engine.advance(FLOW, begun.state, Typed("bin", 1), here)
    review = engine.advance(FLOW, bins.state, Typed("It hangs low", 2), here)
    changing = engine.advance(FLOW, review.state, Typed("change", 3), here)
    changing = engine.advance(FLOW, changing.state, Typed("What?", 4), here)
    assert said(engine.advance(FLOW, changing.state, Typed("cable", 5), here))
