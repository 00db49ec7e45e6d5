"""Numbers: written as the reader's language writes them, read as people type them."""

from __future__ import annotations

import re
import unicodedata
from decimal import Decimal
from functools import lru_cache

from babel.numbers import format_decimal, get_decimal_symbol, get_group_symbol

_NUMBER = re.compile(r"[+-]?\d+(?:[.,]\d+)*|[+-]?[.,]\d+")
_LONGEST = 40


@lru_cache(maxsize=4096)
def number(value: float, language: str) -> str:
    """A number in words of digits: 12.345,5 in Spanish, 12,345.5 in English."""
    if isinstance(value, int) and 0 <= value < 1000:
        return str(value)
    if language == "es" and abs(value) < 10_000:
        # Spanish groups from five digits on, which Babel does not know: 1234, then 12.345.
        return format_decimal(value, locale=language, group_separator=False)
    return format_decimal(value, locale=language)


def parse_number(text: str, language: str) -> Decimal:
    """A number somebody typed, whichever way they separate thousands and decimals.

    When both "." and "," stand in it the last one separates the decimals; when one stands in it
    several times it separates thousands; a single one that the language uses for thousands does
    so only before exactly three digits. ValueError when it is no number.
    """
    compact = "".join(text[: _LONGEST + 1].split()).replace("\u2212", "-").replace("'", "")
    digits = "".join(
        str(unicodedata.decimal(sign)) if sign.isdecimal() else sign for sign in compact
    )
    if len(digits) > _LONGEST or not _NUMBER.fullmatch(digits):
        raise ValueError("not a number")
    decimal = _decimal_separator(digits, language)
    for separator in ".,":
        if separator != decimal:
            digits = digits.replace(separator, "")
    return Decimal(digits.replace(decimal or ".", "."))


def _decimal_separator(digits: str, language: str) -> str | None:
    dots, commas = digits.count("."), digits.count(",")
    if dots and commas:
        last = "." if digits.rfind(".") > digits.rfind(",") else ","
        if digits.count(last) > 1:
            raise ValueError("not a number")
        return last
    if dots + commas != 1:
        return None
    separator = "." if dots else ","
    if separator == get_decimal_symbol(language):
        return separator
    before, after = digits.lstrip("+-").split(separator)
    groups = separator == get_group_symbol(language)
    if groups and len(after) == 3 and 1 <= len(before) <= 3 and before[0] != "0":
        return None
    return separator
