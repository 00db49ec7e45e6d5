"""No token reaches the log, whatever carries it there."""

from __future__ import annotations

import logging

import pytest

from bot.logs import Masked

TOKEN = "123456789:AAFakeFakeFakeFakeFakeFakeFakeFakeFak"


def line(message: str, *, secrets: list[str], error: BaseException | None = None) -> str:
    record = logging.LogRecord("x", logging.ERROR, __file__, 1, message, None, None)
    if error is not None:
        record.exc_info = (type(error), error, error.__traceback__)
    return Masked(secrets).format(record)


def test_a_token_in_an_address_is_masked() -> None:
    shown = line(f"POST https://api.telegram.org/bot{TOKEN}/getMe", secrets=[])
    assert TOKEN not in shown and "bot[hidden]/getMe" in shown


def test_a_short_token_that_we_know_is_masked() -> None:
    assert "1:AA" not in line("asked bot1:AA/getMe", secrets=["1:AA", ""])


def test_a_token_in_a_traceback_is_masked() -> None:
    with pytest.raises(ValueError) as raised:
        raise ValueError(f"http://127.0.0.1/bot{TOKEN}/x")
    shown = line("failed", secrets=[], error=raised.value)
    assert "Traceback" in shown and TOKEN not in shown
