"""What the tests of casework begin with: a report by Rosa, and a team of two."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlmodel import col, select

from actions import reports
from actions.act import Act
from storage import person as people
from storage.person import GESTOR, Role
from storage.report import Report
from storage.report_event import ReportEvent
from storage.support import Support
from tests.actions.stage import Stage, keys

STORY = "El poste de la esquina está apagado."
POINT = (4.6, -74.1)


@dataclass
class Office:
    """A stage with a team: `marta` and `luis` are gestores, the others neighbours."""

    stage: Stage
    marta: int = 0
    luis: int = 0
    rosa: int = 0
    ana: int = 0

    def report(self, who: int, said: str = STORY, **values: Any) -> int:
        """A report by somebody; its number."""
        told: dict[str, Any] = {
            "category": "alumbrado",
            "said": said,
            "voice": None,
            "latitude": POINT[0],
            "longitude": POINT[1],
            "address": None,
            "photos": [],
        }
        made = self.stage.act(who, lambda act: reports.file(act, **{**told, **values}).id)
        assert made is not None
        return made

    def joins(self, who: int, report: int) -> None:
        """Somebody joins a report."""
        person = self.stage.id_of(who)

        def join(act: Act) -> None:
            act.session.add(Support(report_id=report, person_id=person, created_at=act.now))
            found = act.session.get(Report, report)
            assert found is not None
            found.supports += 1

        self.stage.act(who, join)

    def see(self, report: int) -> Report:
        """A report as it is kept."""
        found = self.stage.read(lambda session: session.get(Report, report))
        assert found is not None
        return found

    def code(self, report: int) -> str:
        """A report's code."""
        return self.see(report).code

    def events(self, report: int, kind: str) -> list[ReportEvent]:
        """What of a kind happened to a report, the oldest first."""
        return self.stage.read(
            lambda session: list(
                session.exec(
                    select(ReportEvent)
                    .where(ReportEvent.report_id == report, ReportEvent.kind == kind)
                    .order_by(col(ReportEvent.id))
                )
            )
        )

    def told(self, who: int) -> set[str]:
        """Every key in what somebody is owed."""
        return set().union(*(keys(body.get("text")) for body in self.stage.letters(who) if body))

    def ends_role(self, who: int) -> None:
        """Take somebody's roles away, as if a moment ago."""
        person = self.stage.id_of(who)

        def end(act: Act) -> None:
            for role in people.roles_of(act.session, person):
                act.session.delete(role)

        self.stage.act(self.stage.admin, end)


def office(stage: Stage) -> Office:
    """Two gestores, and two neighbours of whom nobody has told anything yet."""
    made = Office(stage)
    made.marta, made.luis = gestor(stage, "Marta"), gestor(stage, "Luis")
    made.rosa, made.ana = stage.person("Rosa"), stage.person("Ana")
    return made


def gestor(stage: Stage, name: str) -> int:
    """Somebody new who is a gestor."""
    number = stage.person(name)
    person = stage.id_of(number)
    role = Role(person_id=person, role=GESTOR, group_id=None, given_at=stage.clock())
    stage.turn(lambda turn: turn.session.add(role))
    return number
