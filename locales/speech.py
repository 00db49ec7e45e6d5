"""Speech: the one place where a phrase (keys and values, plain JSON) becomes a sentence.

Values are escaped here and nowhere else, and are never read as markup or as more holes.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

from babel.lists import format_list

from locales import days, markup
from locales.languages import LANGUAGES, match
from locales.messages import Message, MissingText, catalogue, cut, missing
from locales.numbers import number

__all__ = ["MissingText", "sentence"]

_NOTHING: Mapping[str, Any] = {}
# Letters written right to left, and the marks that turn the direction of what follows.
_RIGHT_TO_LEFT = re.compile("[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufeff\U00010800-\U00010fff]")
_TURNS = re.compile("[\u200e\u200f\u202a-\u202e\u2066-\u2069]")
_Y_BEFORE_I = re.compile(r"^h?[ií](?![aeou])", re.IGNORECASE)


def sentence(
    phrase: Any, language: str, zone: str | ZoneInfo = "UTC", *, markup: bool = True
) -> str:
    """A phrase as a sentence in `language`, moments on the clock of `zone`.

    With `markup` it is HTML for Telegram: tags of the catalogues are kept, every value is
    escaped. Without, it is plain text for buttons, toasts and terminals: no tags, no escapes.
    A text that is missing falls back to Spanish, then to its key; in strict mode (`strict()`)
    it raises MissingText.
    """
    return _speak(phrase, _voice(language, markup), zone)


@dataclass(slots=True)
class _Voice:
    """A language, as HTML or as plain text, with its messages already cut."""

    language: str
    html: bool
    cut: dict[str, Message] = field(default_factory=dict)
    forms: dict[str, tuple[Message, ...]] = field(default_factory=dict)


@lru_cache(maxsize=2 * len(LANGUAGES))
def _known_voice(language: str, html: bool) -> _Voice:
    said = catalogue(language)
    return _Voice(
        language,
        html,
        {key: cut(text, html=html) for key, text in said.singular.items()},
        {key: tuple(cut(text, html=html) for text in texts) for key, texts in said.plural.items()},
    )


@lru_cache(maxsize=1024)
def _voice(language: str, html: bool) -> _Voice:
    return _known_voice(match(language), html)


def _speak(phrase: Any, voice: _Voice, zone: str | ZoneInfo) -> str:
    if isinstance(phrase, str):
        return markup.escape(phrase) if voice.html else phrase
    if isinstance(phrase, dict):
        if "key" in phrase:
            return _say(phrase, voice, zone)
        return _other(phrase, voice, zone)
    if isinstance(phrase, int | float) and not isinstance(phrase, bool):
        return number(phrase, voice.language)
    missing("no phrase", type(phrase).__name__)
    return ""


def _say(phrase: dict[str, Any], voice: _Voice, zone: str | ZoneInfo) -> str:
    key: str = phrase["key"]
    values: Mapping[str, Any] = phrase.get("values") or _NOTHING
    if "plural" in phrase:
        amount = phrase["count"]
        values = {**values, "count": amount}
        message = _form(key, phrase["plural"], amount, voice)
    else:
        message = voice.cut.get(key) or _fallback(key, voice)
    if not message.holes:
        return message.first
    parts = [message.first]
    for hole in message.holes:
        value = values.get(hole.name)
        if isinstance(value, str) and not hole.in_tag:
            parts.append(_data(value, voice.html))
        elif value is not None:
            parts.append(
                _inside_tag(value, voice, zone) if hole.in_tag else _speak(value, voice, zone)
            )
        else:
            missing("no value for " + hole.name, key)
        parts.append(hole.then)
    return "".join(parts)


def _data(value: str, html: bool) -> str:
    if not value.isascii() and (_RIGHT_TO_LEFT.search(value) or _TURNS.search(value)):
        # Isolated, a name in Arabic or Hebrew cannot reorder the sentence around it.
        value = f"\u2068{_TURNS.sub('', value)}\u2069"
    return markup.escape(value) if html else value


def _inside_tag(value: Any, voice: _Voice, zone: str | ZoneInfo) -> str:
    return markup.escape(_speak(value, _known_voice(voice.language, False), zone))


def _fallback(key: str, voice: _Voice) -> Message:
    missing(f"no text in {voice.language}", key)
    found = _known_voice(LANGUAGES[0], voice.html).cut.get(key)
    return found or cut(key, html=voice.html)


def _form(key: str, plural: str, amount: float, voice: _Voice) -> Message:
    for each in (voice, _known_voice(LANGUAGES[0], voice.html)):
        forms = each.forms.get(key)
        if forms:
            return forms[min(catalogue(each.language).form(amount), len(forms) - 1)]
        missing(f"no plural in {each.language}", key)
    return cut(key if amount == 1 else plural, html=voice.html)


def _other(phrase: dict[str, Any], voice: _Voice, zone: str | ZoneInfo) -> str:
    if "names" in phrase:
        return _speak(_name(phrase["names"], voice.language), voice, zone)
    if "date" in phrase:
        text = days.day(phrase["date"], phrase.get("style", "long"), voice.language)
    elif "time" in phrase:
        text = days.moment(phrase["time"], phrase.get("style", "long"), voice.language, zone)
    elif "lines" in phrase:
        return "\n".join([_speak(part, voice, zone) for part in phrase["lines"]])
    elif "row" in phrase:
        return " ".join(filter(None, [_speak(part, voice, zone) for part in phrase["row"]]))
    elif "list" in phrase:
        return _listing([_speak(part, voice, zone) for part in phrase["list"]], voice.language)
    else:
        missing("no phrase", "/".join(sorted(map(str, phrase))))
        return ""
    return markup.escape(text) if voice.html else text


def _name(by_language: Mapping[str, str], language: str) -> str:
    for wanted in (language, language.partition("_")[0], LANGUAGES[0]):
        if by_language.get(wanted):
            return by_language[wanted]
    for wanted in sorted(by_language):
        if by_language[wanted]:
            return by_language[wanted]
    missing("no name in any language", language)
    return ""


def _listing(parts: list[str], language: str) -> str:
    if language == "es" and len(parts) > 1 and _Y_BEFORE_I.match(parts[-1]):
        # "agua e internet": CLDR's pattern knows only "y".
        return f"{', '.join(parts[:-1])} e {parts[-1]}"
    return format_list(parts, locale=language)
