"""A vecina reports a broken street light, and hears what becomes of it."""

from __future__ import annotations

import os

from tests.conversations.conftest import Town


def show(person: object) -> None:
    """Print the chat as it stands (CABILDO tests run with -s and SHOW=1)."""
    if os.environ.get("SHOW"):
        for seen in person.inbox:  # type: ignore[attr-defined]
            print("---", seen.author if hasattr(seen, "author") else "", seen.text, seen.buttons)


async def test_a_report_from_start_to_code(town: Town) -> None:
    rosa = town.person("Rosa")
    rosa.starts()
    await town.quiet()
    rosa.taps("Reportar")
    await town.quiet()
    rosa.taps("Sí, estoy de acuerdo")
    await town.quiet()
    rosa.taps(rosa.buttons()[0])
    await town.quiet()
    rosa.says("El poste de la esquina está apagado desde el lunes.")
    await town.quiet()
    place = town.places()[0]
    rosa.presses("ubicación", latitude=place["latitude"], longitude=place["longitude"])
    await town.quiet()
    rosa.sends_photo()
    await town.quiet()
    show(rosa)
    rosa.taps("Listo")
    await town.quiet()
    rosa.taps("Enviar")
    await town.quiet()
    show(rosa)
    assert "R-1001" in rosa.last.text
