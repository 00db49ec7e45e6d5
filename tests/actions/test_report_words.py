"""What was told is told on whole: a voice note, and what was written with it."""

from __future__ import annotations

from actions import report_words
from locales import sentence
from storage.report import Report
from tests.conftest import NOON


def test_a_voice_note_and_what_was_written_with_it() -> None:
    report = Report(
        code="R-1",
        person_id=1,
        category_id=1,
        words="Se oye el agua bajo la calle",
        voice={"file_id": "v", "seconds": 6},
        state="received",
        created_at=NOON,
        changed_at=NOON,
    )
    told = sentence(report_words.what(report), "es", "UTC", markup=False)
    assert "6 s" in told and "Se oye el agua bajo la calle" in told
    report.words = None
    assert "agua" not in sentence(report_words.what(report), "es", "UTC", markup=False)
