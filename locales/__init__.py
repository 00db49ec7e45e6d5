"""Words: a phrase goes in, a sentence in the reader's language comes out. Nothing else."""

from __future__ import annotations

from locales.languages import LANGUAGES, match
from locales.messages import N_, MissingText, load, strict
from locales.numbers import parse_number
from locales.speech import sentence

__all__ = [
    "LANGUAGES",
    "N_",
    "MissingText",
    "load",
    "match",
    "parse_number",
    "sentence",
    "strict",
]
