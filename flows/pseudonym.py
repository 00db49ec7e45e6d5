"""How others see who told a report: a name of one's own choosing, or "a neighbour"."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from flows.context import Context
from flows.declare import flow
from flows.phrase import N_, Phrase, say
from flows.questions import ask_text

SHORTEST, LONGEST = 2, 40
_A_NAME = re.compile(r"[^\W_][\w .,'’()&-]*")
PLAIN = N_("Please use only letters, numbers and spaces, without links or signs.")


def _plain(value: str, _answers: Mapping[str, Any], _context: Context) -> Phrase | None:
    """A name, not an address or an advertisement."""
    return None if _A_NAME.fullmatch(value) and "www." not in value.lower() else say(PLAIN)


def _question(context: Context) -> Phrase:
    name = context.params["name"]
    if not name:
        return say(
            N_("Under which name may your neighbours see your reports? Yours is never shown.")
        )
    return say(
        N_("Your neighbours see your reports under <b>{name}</b>. Which name shall it be?"),
        name=name,
    )


@flow("pseudonym", title=N_("How others see you"))
class Pseudonym:
    """A name for others, or none. Params: name (the present one, or empty)."""

    name: str | None = ask_text(
        _question,
        hint=N_("Write a name of 2 to 40 letters, or skip to be shown as “a neighbour”."),
        short=N_("Name"),
        shortest=SHORTEST,
        longest=LONGEST,
        check=_plain,
        optional=True,
    )
