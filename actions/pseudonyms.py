"""How others see who told a report: a name of their own choosing that nobody takes for the town's
or its team's, and that the team can take back."""

from __future__ import annotations

from actions import quiet, team_card, town_names
from actions.act import CITIZEN, GESTOR, Act, Refused, action
from actions.report_cards import refresh
from actions.reports import get, not_banned
from flows.phrase import N_, say
from storage import parcel
from storage.person import Person
from storage.report import Report

TAKEN = N_(
    "Your neighbours could take that name for the town's or its team's. Please choose another one."
)
NONE_THERE = N_("Whoever told it has no name of their own choosing now.")
TOLD = N_(
    "The team has taken back the name under which your neighbours saw your reports. They see “a "
    "neighbour” now. You can choose another name in /misreportes."
)


@action(CITIZEN)
def set_pseudonym(act: Act, name: str | None) -> None:
    """How others see who told a report; None: "a neighbour"."""
    if name is not None:
        not_banned(act)
        team = [one.name for one in team_card.colleagues(act)]
        if town_names.speaks_for_the_town(act, name, team):
            raise Refused(say(TAKEN))
    act.me.pseudonym = name
    act.session.flush()
    act.audit("set_pseudonym", f"person:{act.my_id}", set=name is not None)


@action(GESTOR)
def take_back(act: Act, report_id: int) -> Report:
    """Whoever told this report is "a neighbour" again to others; they are told so."""
    report = get(act, report_id)
    person = teller(act, report)
    if person is None or person.pseudonym is None:
        refresh(act, report)
        raise Refused(say(NONE_THERE))
    person.pseudonym = None
    act.session.flush()
    act.audit("take_pseudonym", f"person:{person.id}", report=report_id)
    key = f"pseudonym:{person.id}:{act.now.isoformat()}"
    quiet.owe(act, [(person.telegram_id, key, parcel.message(say(TOLD)))])
    refresh(act, report)
    return report


def teller(act: Act, report: Report) -> Person | None:
    """Who told a report, while they are known."""
    return act.session.get(Person, report.person_id) if report.person_id is not None else None
