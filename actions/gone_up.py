"""What has gone up since the last morning, for each of the team under the heading that is theirs.

Whoever looks after a report hears first; where nobody does, all gestores. Where there is no gestor
the admins stand in for them, and the other way round.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import TypeAlias

from actions import report_words as words
from actions import team_card, terms
from actions.act import Act
from actions.buttons import ReportTap
from actions.deadlines import ADMINS, ASSIGNEE, LATE, TAKEN
from flows.phrase import N_, Phrase, day, say
from storage import late, parcel
from storage import person as people
from storage.parcel import Buttons
from storage.report import Report

SHOWN = 8
"""Reports named one by one under a heading; the rest is in the queue."""

YOURS = N_("⏰ The time for these reports of yours has run out:")
NOBODYS = N_("⏰ The time for these reports has run out, and nobody looks after them yet:")
UNTOUCHED = N_("⏰ The time for these reports has run out, and nobody has done anything since:")
FOR_ADMINS = N_("❗ The time for these reports has run out, and the team has left them untouched:")
HEADINGS = (FOR_ADMINS, YOURS, NOBODYS, UNTOUCHED)
"""In their order in a letter."""
ONE = N_("• <b>{code}</b> · {category} · until {day}")
AND_MORE = N_("… and {count} more.")
SEE = N_("See {code}")

Sections: TypeAlias = Mapping[str, Sequence[Report]]
"""Reports by the heading under which somebody reads of them."""


def since(act: Act, moment: datetime) -> dict[int, Sections]:
    """What took a step after a moment and still waits, by the number of who is to read of it."""
    admins = [person.id or 0 for person in team_card.admins(act)]
    gestores = [p.id or 0 for p in people.holders(act.session, people.GESTOR)] or admins
    everybody = {one.id for one in team_card.colleagues(act)}
    found: dict[int, dict[str, list[Report]]] = {}
    for report, outcome in late.gone_up(act.session, LATE, moment, list(TAKEN.values())):
        if not terms.is_over(act, report):
            continue
        if outcome == TAKEN[ASSIGNEE] and report.assignee_id in everybody:
            who, heading = [report.assignee_id or 0], YOURS
        elif outcome == TAKEN[ASSIGNEE]:
            who, heading = gestores, NOBODYS
        elif outcome == TAKEN[ADMINS] and admins:
            who, heading = admins, FOR_ADMINS
        else:
            who, heading = gestores, UNTOUCHED
        for person in who:
            found.setdefault(person, {}).setdefault(heading, []).append(report)
    return dict(found)


def told(act: Act, sections: Sections) -> tuple[list[Phrase], Buttons]:
    """The paragraphs of a letter about what went up, and the ways to what they name."""
    text: list[Phrase] = []
    sees = []
    for heading in HEADINGS:
        reports = sections.get(heading, ())
        if not reports:
            continue
        text += ["", say(heading)]
        for report in reports[:SHOWN]:
            last = terms.last_day(act, report) or act.now.date()
            text.append(say(ONE, day=day(last, "medium"), **words.head(act, report)))
            tap = ReportTap(do="card", report=report.id or 0).pack()
            sees.append(parcel.button(say(SEE, code=report.code), tap))
        if len(reports) > SHOWN:
            text.append(say(AND_MORE, count=len(reports) - SHOWN))
    return text, team_card.pairs(sees)
