"""A flow with every kind of question, one of them conditional, and lists for the real flows."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, time
from typing import Any

from flows.context import Context, Option
from flows.declare import flow, flow_of
from flows.phrase import Phrase
from flows.questions import (
    ask_date,
    ask_document,
    ask_lines,
    ask_number,
    ask_photos,
    ask_place,
    ask_text,
    ask_time,
    ask_voice,
    ask_when,
    ask_yes_no,
    choose,
    choose_many,
)
from flows.values import Paper, Picture, Place, Recording

GROUPS = [Option(str(n), f"Group {n}", f"Purpose of {n}") for n in range(1, 21)]
LISTS = {
    "groups": GROUPS,
    "options": [Option(str(n), f"Option {n}") for n in range(1, 13)],
    "audiences": [Option("all", "Everybody"), Option("t:1", "Comuna 1"), Option("g:2", "Water")],
    "themes": [Option("water", "Water"), Option("parks", "Parks")],
    "territories": [Option(str(n), f"Barrio {n}") for n in range(1, 7)],
    "bodies": [Option("power", "Power company"), Option("other", "Somebody else")],
    "parts": [Option("w", "The words"), Option("p1", "Photo 1")],
    "people": [Option("1", "Rosa")],
    "ready": [Option("ready:visit", "A visit", "We will come and have a look.")],
}
PARAMS: dict[str, Any] = {
    "question": "Which work goes first?",
    "at_most": 2,
    "code": "R-7",
    "meeting": "The park",
    "name": "",
    "against": lambda code: None,
}


def no_sevens(value: int, answers: Mapping[str, Any], context: Context) -> Phrase | None:
    """A check that sees the answer."""
    return "No sevens, please." if value == 7 else None


@flow("sample", title="Sample", review="Send it?", done="Done")
class Sample:
    """Everything there is."""

    one: str = choose("One?", options=[("a", "Apple"), ("b", "Banana"), ("c", "Cancel")])
    many: tuple[str, ...] = choose_many("Many?", options="groups", at_most=3)
    sure: bool = ask_yes_no("Sure?")
    why: str | None = ask_text("Why not?", when=lambda a: a.get("sure") is False, longest=20)
    number: int = ask_number("How many?", most=50, check=no_sevens)
    weight: float = ask_number("How heavy?", decimals=1, optional=True)
    lines: tuple[str, ...] = ask_lines("Which?", at_least=2, at_most=4, longest=10)
    day: date = ask_date("Which day?", latest=60)
    hour: time = ask_time("Which hour?")
    moment: datetime = ask_when("When?", latest=60)
    place: Place = ask_place("Where?", words=False, anywhere=True)
    photos: tuple[Picture, ...] = ask_photos("Photos?", at_most=2, optional=True)
    voice: Recording = ask_voice("Voice?")
    paper: Paper = ask_document("Paper?", megabytes=5)


SAMPLE = flow_of[Sample]
