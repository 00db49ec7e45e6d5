"""The language nearest to what Telegram says, and numbers as people type them."""

from __future__ import annotations

from decimal import Decimal

import pytest

from locales import LANGUAGES, match, parse_number
from locales.numbers import number


@pytest.mark.parametrize(
    ("code", "language"),
    [
        ("es", "es"),
        ("es-419", "es"),
        ("ES_mx", "es"),
        ("en-US", "en"),
        ("pt-br", "pt_BR"),
        ("pt", "pt_BR"),
        ("pt-PT", "pt_BR"),
        ("pt_BR", "pt_BR"),
        ("qu", "es"),
        ("e", "es"),
        ("", "es"),
        (None, "es"),
    ],
)
def test_match(code: str | None, language: str) -> None:
    assert match(code) == language


def test_match_falls_back_to_the_towns_language() -> None:
    assert match("qu", "pt_BR") == "pt_BR"


@pytest.mark.parametrize(
    ("text", "language", "value"),
    [
        ("12", "es", "12"),
        (" 1 234 ", "es", "1234"),
        ("1.234", "es", "1234"),
        ("1,234", "en", "1234"),
        ("1.234", "en", "1.234"),
        ("1,5", "es", "1.5"),
        ("1.5", "es", "1.5"),
        ("0.125", "es", "0.125"),
        ("1,5", "en", "1.5"),
        ("1.234.567,5", "es", "1234567.5"),
        ("1,234,567.5", "es", "1234567.5"),
        ("1.234.567", "en", "1234567"),
        ("-3", "es", "-3"),
        ("−3,5", "pt_BR", "-3.5"),
        (",5", "es", "0.5"),
        ("١٢", "es", "12"),
    ],
)
def test_parse_number(text: str, language: str, value: str) -> None:
    assert parse_number(text, language) == Decimal(value)


@pytest.mark.parametrize(
    "text", ["", "doce", "1e5", "NaN", "1,2,3.4.5", "1..2", "5 casas", "9" * 50, "²"]
)
def test_what_is_no_number(text: str) -> None:
    with pytest.raises(ValueError, match="not a number"):
        parse_number(text, "es")


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("value", [0, 7, 999, 1000, 12345, -1234, 0.5, 1234567.25])
def test_a_number_written_is_read_again(language: str, value: float) -> None:
    assert parse_number(number(value, language), language) == Decimal(str(value))
