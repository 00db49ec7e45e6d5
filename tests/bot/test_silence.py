"""Nobody's data and no token is in what the bot logs or shows of itself, at any level."""

from __future__ import annotations

import logging
import traceback

import pytest

from actions import report_words
from tests.conversations.conftest import TOKEN, Town
from tests.conversations.test_report import at_the_review, code_in, head

OURS = ("aiogram", "apscheduler", "cabildo", "httpx", "root", "sqlalchemy", "telegram")
NAME = "Rosalinda Inconfundible"
STORY = "Las palabras de esta vecina no son de nadie más."


async def test_a_conversation_leaves_no_trace_in_the_log(
    small_town: Town, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    marta = await small_town.gestora("Marta")
    rosa = await small_town.neighbour(NAME)
    await at_the_review(rosa, STORY)
    await rosa.taps("✅ Send the report")
    code = code_in(rosa.last.text)
    await marta.taps("Start work", marta.find(report_words.HEADING, **head(marta, code)))

    # Something goes wrong in the middle, with all of it at hand.
    apply = small_town.house._apply

    async def fails(held: object) -> bool:
        raise ValueError(f"{held!r}")

    small_town.house.intake._apply = fails
    held = small_town.house.intake
    rosa.person.says(STORY)
    while not any("failed" in record.getMessage() for record in caplog.records):
        await small_town._handed_over()
    small_town.house.intake._apply = apply
    await small_town.quiet()
    assert held.aside == 0

    place = small_town.places()[0]
    shown = [
        record.getMessage() + "".join(traceback.format_exception(*record.exc_info))
        if record.exc_info
        else record.getMessage()
        for record in caplog.records
        if record.name.partition(".")[0] in OURS
    ]
    house = small_town.house
    shown += [repr(one) for one in (house, house.courier, house.settings, house.intake)]
    assert len(shown) > 5
    secrets = (
        TOKEN,
        TOKEN.partition(":")[2],
        "a secret for the ballots",
        NAME,
        STORY,
        str(place["latitude"]),
        str(place["longitude"]),
    )
    leaks = [(secret, line[:300]) for line in shown for secret in secrets if secret in line]
    assert leaks == []
