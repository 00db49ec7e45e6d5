"""Nobody's words reach the log, not even in an error that nobody waited for."""

from __future__ import annotations

import asyncio
import gc
import logging

import pytest

from bot.logs import Masked, quiet_loop

WORDS = "la lámpara de doña Rosa"


def test_a_traceback_says_where_and_not_what() -> None:
    try:
        raise ValueError(WORDS)
    except ValueError as error:
        record = logging.LogRecord("x", logging.ERROR, __file__, 1, "failed", None, None)
        record.exc_info = (type(error), error, error.__traceback__)
    shown = Masked().format(record)
    assert "test_review_logs" in shown and "ValueError" in shown
    # The line of code is there, what it held is not.
    assert WORDS not in shown


async def test_what_nobody_waited_for_is_told_by_its_kind(
    caplog: pytest.LogCaptureFixture,
) -> None:
    loop = asyncio.get_running_loop()
    quiet_loop(loop)

    async def fails() -> None:
        raise ValueError(WORDS)

    task = asyncio.ensure_future(fails())
    await asyncio.sleep(0.01)
    del task
    gc.collect()
    loop.set_exception_handler(None)
    assert "ValueError" in caplog.text and WORDS not in caplog.text
