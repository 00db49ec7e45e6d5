"""The questions a flow may declare, one function each: `name: type = ask_...(text, ...)`.

Every one takes hint, short (its name in the review), optional, when (pure predicate over the
answers so far), check ((value, answers, context) -> complaint) and echo (value -> phrase).
Texts are catalogue keys marked with N_.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Unpack

from flows.choices import Choose, YesNo
from flows.context import Option
from flows.files import LARGEST, Attached, Photos, Voiced
from flows.hours import Clock
from flows.numbers import Number
from flows.phrase import N_
from flows.places import Where
from flows.question import Common, Text
from flows.texts import LONGEST_VOICE, Lines, Words
from flows.ticks import ChooseMany
from flows.times import Day, Moment

Options = str | Sequence[tuple[str, str]] | Sequence[Option]


def _options(given: Options) -> tuple[Option, ...] | str:
    if isinstance(given, str):
        return given
    return tuple(o if isinstance(o, Option) else Option(o[0], {"key": o[1]}) for o in given)


def choose(
    text: Text,
    *,
    options: Options,
    columns: int | None = None,
    skip_empty: bool = False,
    ends: Callable[[str], bool] | None = None,
    **common: Unpack[Common],
) -> Any:
    """One of `options`: (value, key) pairs, Options, or the name of a handed-in list.

    The answer and the record hold the option's value (str). skip_empty: neither asked, counted
    nor reviewed while the list is empty. ends: whether a value finishes the conversation at
    once, without further questions or a review; the record then has `None` for the rest.
    """
    return Choose(
        text=text,
        options=_options(options),
        columns=columns,
        skip_empty=skip_empty,
        ends=ends,
        **common,
    )


def choose_many(
    text: Text,
    *,
    options: Options,
    at_least: int = 0,
    at_most: int | str | None = None,
    columns: int | None = None,
    **common: Unpack[Common],
) -> Any:
    """Several of `options`; `at_most` is a number or the name of a param. tuple[str, ...]."""
    return ChooseMany(
        text=text,
        options=_options(options),
        at_least=at_least,
        at_most=at_most,
        columns=columns,
        **common,
    )


def ask_yes_no(
    text: Text, *, yes: str = N_("Yes"), no: str = N_("No"), **common: Unpack[Common]
) -> Any:
    """Yes or no, by these labels (catalogue keys). bool."""
    return YesNo(text=text, yes=yes, no=no, **common)


def ask_text(
    text: Text,
    *,
    shortest: int = 1,
    longest: int = 1000,
    voice: bool = False,
    longest_voice: int = LONGEST_VOICE,
    **common: Unpack[Common],
) -> Any:
    """A text, or with `voice` a voice note (seconds). str | Recording."""
    return Words(
        text=text,
        shortest=shortest,
        longest=longest,
        voice=voice,
        longest_voice=longest_voice,
        **common,
    )


def ask_lines(
    text: Text,
    *,
    at_least: int = 1,
    at_most: int = 30,
    longest: int = 80,
    **common: Unpack[Common],
) -> Any:
    """Several short texts, one a line. tuple[str, ...]."""
    return Lines(text=text, at_least=at_least, at_most=at_most, longest=longest, **common)


def ask_number(
    text: Text,
    *,
    least: int = 0,
    most: int | None = None,
    decimals: int = 0,
    unit: str | None = None,
    **common: Unpack[Common],
) -> Any:
    """A number (`most` None: without a limit of its own); `unit` is a catalogue key that holds
    {number}. int, or float with decimals."""
    return Number(text=text, least=least, most=most, decimals=decimals, unit=unit, **common)


def ask_place(
    text: Text,
    *,
    words: bool = True,
    anywhere: bool = False,
    outside: bool = False,
    **common: Unpack[Common],
) -> Any:
    """A shared location, or an address in words. Place.

    A point outside the territory is asked for again, unless `anywhere`; with `outside` the
    person may keep it all the same.
    """
    return Where(text=text, words=words, anywhere=anywhere, outside=outside, **common)


def ask_photos(text: Text, *, at_most: int = 3, **common: Unpack[Common]) -> Any:
    """One to `at_most` photos; with optional=True none will do. tuple[Picture, ...]."""
    return Photos(text=text, at_most=at_most, **common)


def ask_voice(text: Text, *, longest: int = LONGEST_VOICE, **common: Unpack[Common]) -> Any:
    """A voice note of at most `longest` seconds. Recording."""
    return Voiced(text=text, longest=longest, **common)


def ask_document(text: Text, *, megabytes: int = LARGEST, **common: Unpack[Common]) -> Any:
    """A file. Paper."""
    return Attached(text=text, megabytes=megabytes, **common)


def ask_date(text: Text, *, earliest: int = 0, latest: int = 365, **common: Unpack[Common]) -> Any:
    """A day, limits in days from today. date."""
    return Day(text=text, earliest=earliest, latest=latest, **common)


def ask_time(
    text: Text, *, first: int = 6, last: int = 22, step: int = 15, **common: Unpack[Common]
) -> Any:
    """An hour of the day; buttons from `first` to `last` o'clock, every `step` minutes. time."""
    return Clock(text=text, first=first, last=last, step=step, **common)


def ask_when(
    text: Text,
    *,
    latest: int = 365,
    first: int = 6,
    last: int = 22,
    step: int = 15,
    **common: Unpack[Common],
) -> Any:
    """A day and hour to come, at most `latest` days ahead. datetime on the town's clock."""
    return Moment(text=text, latest=latest, first=first, last=last, step=step, **common)
