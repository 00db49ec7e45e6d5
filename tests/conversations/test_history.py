"""What happened to a report is read whole by the team, however much it is."""

from __future__ import annotations

from functools import partial

from actions import casework, team_card
from actions import report_words as words
from handlers import casework as taps
from tests.conversations.conftest import Town
from tests.conversations.test_casework import more
from tests.conversations.test_kept_from_others import acts
from tests.conversations.test_report import stored, tells


async def test_a_long_history_is_leafed_through_with_every_word(small_town: Town) -> None:
    marta, rosa = await small_town.gestora("Marta"), await small_town.neighbour("Rosa")
    code = await tells(rosa)
    number = (await stored(small_town, code)).id or 0
    notes = [f"Nota {n}: " + "llamar a la empresa " * 45 + f"fin {n}." for n in range(5)]
    for note in notes:
        await acts(small_town, marta, partial(casework.note, report_id=number, said=note))
    await more(marta, code, team_card.HISTORY)
    pages = [marta.last.text]
    assert marta.reads(taps.LATEST) not in marta.last.buttons
    sent = len(marta.person.inbox)
    while marta.reads(taps.EARLIER) in marta.last.buttons:
        await marta.taps(taps.EARLIER)
        pages.append(marta.last.text)
    assert len(pages) == 2 and len(marta.person.inbox) == sent
    # The oldest is on the last page, and each page reads downwards.
    whole = "".join(reversed(pages))
    found = [whole.index(note) for note in notes]
    assert found == sorted(found) and max(map(len, pages)) < 4096
    assert marta.reads(words.STATES["received"]) in pages[-1]
    await marta.taps(taps.LATEST)
    assert marta.last.text == pages[0]
