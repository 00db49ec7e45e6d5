"""Which languages Cabildo speaks; the first is the one everybody falls back to.

A language stands here once its catalogue is complete: `python -m locales.catalogue check`
fails until then.
"""

from __future__ import annotations

from functools import lru_cache

LANGUAGES = ("es", "en", "pt_BR")


@lru_cache(maxsize=1024)
def match(code: str | None, default: str = LANGUAGES[0]) -> str:
    """The language of ours nearest to an IETF code such as Telegram's `language_code`.

    "pt-br", "pt" and "pt-PT" give "pt_BR"; "es-419" gives "es"; None, "" and a language we do
    not speak give `default`.
    """
    wanted = (code or "").strip().replace("-", "_").lower()
    for language in LANGUAGES:
        if language.lower() == wanted:
            return language
    base = wanted.partition("_")[0]
    for language in LANGUAGES:
        if base and language.partition("_")[0] == base:
            return language
    return default
