"""/cifras: a period's figures in words and pictures, for the team."""

from __future__ import annotations

from actions import figures
from actions.act import Act
from handlers.doors import door


@door("figures")
def open_figures(act: Act, chat_id: int, about: str) -> None:
    """The last 30 days, or the period that a button names."""
    figures.ask(act, chat_id, about)
