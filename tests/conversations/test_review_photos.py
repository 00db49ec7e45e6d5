"""Every photo of a report is shown, also when there are more than an album holds."""

from __future__ import annotations

import pytest

from actions.buttons import ReportTap
from storage.report import ReportPhoto, by_code, photos
from storage.turn import Turn
from tests.conversations.conftest import Town
from tests.conversations.test_report import tells


@pytest.mark.parametrize("number", [11, 12])
async def test_more_photos_than_an_album_holds(small_town: Town, number: int) -> None:
    marta, rosa = await small_town.gestora("Marta"), await small_town.neighbour("Rosa")
    code = await tells(rosa)

    def add(turn: Turn) -> int:
        report = by_code(turn.session, code)
        assert report is not None and report.id is not None
        (first,) = photos(turn.session, report.id)
        for _ in range(number - 1):
            turn.session.add(
                ReportPhoto(
                    report_id=report.id,
                    file_id=first.file_id,
                    unique_id=first.unique_id,
                    created_at=turn.now,
                )
            )
        return report.id

    report = await small_town.turn(add)
    await marta.taps(data=ReportTap(do="photos", report=report).pack())
    assert sum("photo" in seen.data for seen in marta.heard()) == number
