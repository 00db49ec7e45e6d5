"""A file of reports for the team: what was asked for and no more, gathered in pieces.

Who told a report is in it only for an administrator who asks for it, and that is written down.
Reports that are private are in it only where that is asked for, hidden ones only by themselves.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace
from datetime import datetime
from typing import Any

from actions import export_columns, filters, periods
from actions.act import ADMIN, GESTOR, NOT_YOURS, SYSTEM, Act, Refused, action
from actions.buttons import Menu
from actions.figures import is_team
from actions.filters import Filter
from actions.world import category_name
from flows.phrase import N_, Phrase, count, lines, say
from storage import due, extract, figures, parcel, tray
from storage.due import Due
from storage.person import Person

KIND = extract.KIND
FORMATS = {"xlsx": N_("Excel (XLSX)"), "csv": N_("CSV"), "geojson": N_("Map (GeoJSON)")}
MOST_ROWS = 20_000
A_PAGE = 1000
"""Reports looked at in one turn."""

SHOWN = {filters.ANY: N_("In any state"), "open": N_("Open"), **filters.STATES_OF}
"""The choices of states."""

ANY_CATEGORY, ANY_PLACE = N_("Any category"), N_("Any place")
JOINED_ONLY = N_("Only those that neighbours joined")
WITH_PRIVATE, WITH_NAMES = N_("With private reports"), N_("With the names of who told them")
ONE_AT_A_TIME = N_("Your last file is still being made. Please wait for it, and then ask again.")
NO_SUCH_FORMAT = N_("There is no such kind of file. Please choose again.")
NOTHING_FITS = N_("No report fits what you chose.")
CUT = N_("The file holds the first {most} only. Choose a shorter time to get the others.")
TITLE, FILE_NAME = N_("Reports"), N_("reports-{day}.{format}")
AGAIN, MENU = N_("📄 Another file"), N_("⬅️ Menu")


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice(Filter):
    """Which reports of a period; `private` and `names` say whether those are in it too."""

    state: str = filters.ANY
    period: str = periods.MONTH
    private: bool = False
    names: bool = False

    def known(self, act: Act) -> Choice:
        """The same with everything left open that the town does not know."""
        town = act.town
        return replace(
            self,
            state=self.state if self.state in SHOWN else filters.ANY,
            period=periods.period_of(self.period),
            category=self.category if town.category(self.category) else 0,
            territory=self.territory if town.territory(self.territory) else 0,
            age=self.age if filters.is_age(self.age) else "",
            whose=self.whose if self.whose in filters.WHOSE else "",
            names=self.names and act.is_admin(),
        )

    def spoken(self, act: Act) -> list[Phrase]:
        """What was chosen, a line each."""
        category = act.town.category(self.category)
        territory = act.town.territory(self.territory)
        told: list[Phrase] = [
            say(SHOWN[self.state]),
            periods.spoken(act, self.period, act.now),
            category_name(category) if category else say(ANY_CATEGORY),
            territory.name if territory else say(ANY_PLACE),
        ]
        if self.age:
            told.append(filters.age_told(self.age))
        if self.whose:
            told.append(say(filters.WHOSE[self.whose]))
        if self.order == tray.SUPPORTED:
            told.append(say(JOINED_ONLY))
        if self.private:
            told.append(say(WITH_PRIVATE))
        if self.names:
            told.append(say(WITH_NAMES))
        return told


@action(GESTOR)
def ask(act: Act, choice: Choice, kind: str) -> None:
    """Have a file made: it is sent to whoever asks, in their private chat. One at a time."""
    if kind not in FORMATS:
        raise Refused(say(NO_SUCH_FORMAT))
    if choice.names and not act.is_admin():
        raise Refused(say(NOT_YOURS))
    choice = choice.known(act)
    if due.waits(act.session, KIND, act.my_id):
        raise Refused(say(ONE_AT_A_TIME))
    due.plan(
        act.session,
        f"{KIND}:{act.my_id}:{act.turn.machine}",
        KIND,
        act.my_id,
        act.now,
        choice=asdict(choice),
        format=kind,
        since=periods.since(act, choice.period).isoformat(),
        until=act.now.isoformat(),
    )
    act.audit("export", f"person:{act.my_id}", format=kind, **asdict(choice))


@action(SYSTEM)
def go_on(act: Act, row: Due) -> bool:
    """Gather the next piece of a file; whether there is more. The last one sends it.

    Whoever may not have it any more by then gets nothing.
    """
    assert row.id is not None
    choice = Choice(**row.facts["choice"])
    person = act.session.get(Person, row.subject)
    if person is None or not is_team(act, person, ADMIN if choice.names else GESTOR):
        extract.gather(act.session, row.id)
        return False
    gathered = row.facts.get("gathered", {"since": row.facts["since"], "after": 0, "rows": 0})
    since = datetime.fromisoformat(gathered["since"])
    until = datetime.fromisoformat(row.facts["until"])
    page = figures.page(act.session, since, until, gathered["after"], A_PAGE)
    among = [told.id for told in page if choice.private or not told.private]
    fitting = tray.among(act.session, choice.wanted(act, row.subject), among)
    wanted = [number for number in among if number in fitting]
    so_far = gathered["rows"]
    cut = so_far + len(wanted) > MOST_ROWS
    wanted = wanted[: MOST_ROWS - so_far]
    if wanted:
        extract.keep(act.session, row.id, row.progress, _rows(act, choice, wanted), act.now)
    if len(page) == A_PAGE and not cut:
        gathered = {
            "since": page[-1].created_at.isoformat(),
            "after": page[-1].id,
            "rows": so_far + len(wanted),
        }
        row.facts = row.facts | {"gathered": gathered}
        return True
    _send(act, person, choice, row.facts["format"], extract.gather(act.session, row.id), cut=cut)
    return False


def _rows(act: Act, choice: Choice, numbers: list[int]) -> list[list[Any]]:
    found = extract.rows(act.session, numbers)
    # Who told a report is not even read where nobody may know it.
    whom = ("assignee_id", "person_id") if choice.names else ("assignee_id",)
    people = {row[who] for row in found for who in whom} - {None}
    known = extract.names(act.session, sorted(people))
    return [export_columns.row(act, row, known, with_names=choice.names) for row in found]


def _send(
    act: Act, person: Person, choice: Choice, kind: str, rows: list[Any], *, cut: bool
) -> None:
    buttons = [
        [
            parcel.button(say(AGAIN), Menu(what="export").pack()),
            parcel.button(say(MENU), Menu(what="menu").pack()),
        ]
    ]
    chosen = choice.spoken(act)
    if not rows:
        text = lines([say(NOTHING_FITS), "", *chosen])
        act.turn.owe(person.telegram_id, parcel.message(text, buttons))
        return
    told: list[Phrase] = [
        count("Your file holds {count} report.", "Your file holds {count} reports.", len(rows)),
        *chosen,
    ]
    if cut:
        told += ["", say(CUT, most=MOST_ROWS)]
    today = act.now.astimezone(act.town.zone).date().isoformat()
    act.turn.owe(
        person.telegram_id,
        parcel.message(
            lines(told),
            buttons,
            file={
                "kind": kind,
                "name": say(FILE_NAME, day=today, format=kind),
                "data": {
                    "title": say(TITLE),
                    "zone": act.town.timezone,
                    "columns": export_columns.columns(act, with_names=choice.names),
                    "rows": rows,
                },
            },
        ),
    )
