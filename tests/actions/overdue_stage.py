"""What the tests of deadlines and mornings begin with: an office, and what it was written to."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from actions import gone_up, mornings, reports
from actions.act import Act
from storage.letter import Lane
from storage.person import GESTOR, Role
from tests.actions.stage import Stage, keys

# Monday, 4 May 2026, at noon: five working days end on the 11th; the 18th is a holiday.
FIRST, SECOND, THIRD = "2026-05-12T08:00", "2026-05-14T08:00", "2026-05-19T08:00"


class Office:
    """Two gestoras, an admin and a vecina with reports of dark street lights."""

    def __init__(self, stage: Stage) -> None:
        self.stage = stage
        self.marta, self.luz = self.gestora("Marta"), self.gestora("Luz")
        self.rosa = stage.person("Rosa")
        self.number = 0

    def gestora(self, name: str) -> int:
        """Somebody new who is a gestora."""
        number = self.stage.person(name)
        role = Role(person_id=self.stage.id_of(number), role=GESTOR, given_at=self.stage.clock())
        self.stage.turn(lambda turn: turn.session.add(role))
        return number

    def tells(self, who: int | None = None) -> int:
        """A report of a street light, Rosa's or somebody else's; its number."""
        self.number += 1

        def tell(act: Act) -> int:
            report = reports.file(
                act,
                category="alumbrado",
                said=f"El poste número {self.number} de la cuadra está apagado.",
                voice=None,
                latitude=None,
                longitude=None,
                address=f"Calle {self.number}",
                photos=[],
            )
            assert report.id is not None
            return report.id

        return self.stage.act(who or self.rosa, tell)

    def walk(self, local: str) -> None:
        """Until the town's clock shows this."""
        when = datetime.fromisoformat(local).replace(tzinfo=self.stage.zone)
        self.stage.walk(when)

    def heard(self, who: int) -> list[tuple[str, int]]:
        """What somebody heard of overdue reports: its heading, and how many it names."""
        found: list[tuple[str, int]] = []
        for body in self.stage.letters(who, Lane.REMINDER):
            for line in body["text"]["lines"]:
                key = line.get("key") if isinstance(line, dict) else None
                if key in gone_up.HEADINGS:
                    found.append((str(key), 0))
                elif key == gone_up.ONE:
                    heading, named = found.pop()
                    found.append((heading, named + 1))
        return found


def letters(office: Office, who: int) -> list[dict[str, Any]]:
    """Everything that somebody was written to on mornings."""
    return office.stage.letters(who, Lane.REMINDER)


def greetings(office: Office, who: int) -> list[dict[str, Any]]:
    """The morning letters somebody got."""
    return [
        body
        for body in office.stage.letters(who, Lane.REMINDER)
        if mornings.GOOD_MORNING in keys(body["text"])
    ]
