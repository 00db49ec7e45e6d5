"""What the team does with a report: taken, moved, answered, asked about.

Whoever told it and whoever joined it hear of every change; the team's cards follow. Where a button
names what it was shown with, two who press at once do not undo one another: the first wins, the
other is told and sees the card as it is.
"""

from __future__ import annotations

from typing import Any

from actions import overtaken, report_history, report_views, team_card
from actions import report_words as words
from actions.act import GESTOR, SYSTEM, Act, Refused, action
from actions.bundles import look
from actions.report_cards import refresh, show
from actions.report_events import move as put
from actions.report_events import record
from actions.report_news import tell, tell_reporter
from actions.reports import get
from civic import lifecycle
from flows.phrase import N_, Phrase, lines, say
from storage import casework as stored
from storage import due, parcel, report_event
from storage.person import Person
from storage.report import AFTER, PHOTO, Report, ReportPhoto
from storage.report_event import ANSWER, ASSIGNED, NOTE, PRIVACY, QUESTION

OPEN = lifecycle.OPEN
needs_reason = lifecycle.needs_reason

MOVED_ALREADY = N_("That was done already, or can no longer be done: see the card.")
NEEDS_REASON = N_("Closing a report needs a reason that the neighbour can read.")
NOBODY_TO_ASK = N_("Nobody can be asked: this report has no neighbour behind it any more.")
HAS_CHANGED_HANDS = N_("It has changed hands meanwhile: {person} looks after it.")
NOBODY_HAS_IT = N_("It has changed hands meanwhile: nobody looks after it now.")
NO_COLLEAGUE = N_("That person is not of the team any more. Please choose somebody else.")
GIVEN = N_("👤 {person} has given you report <b>{code}</b> ({category}).")
TAKEN_OVER = N_("👤 {person} now looks after report <b>{code}</b> ({category}).")
THEIR_WISH = N_("Whoever told it wants it private: only they can make it public.")
PRIVATE_NOW = N_("Only you and the team see your report <b>{code}</b> ({category}) from now on.")
PUBLIC_NOW = N_(
    "Everybody may see your report <b>{code}</b> ({category}) again, without your name."
)
NO_PHOTO = N_("A photo is needed.")
SEEN_WORK = N_("📸 The team sends a photo of the work: report <b>{code}</b> ({category}).")
PRIVATE, PUBLIC = "private", "public"
RELEASE = "release"
"""The due row of somebody who is of the team no more; its subject is the person."""


@action(GESTOR)
def movable(
    act: Act, report_id: int, after: str, before: str | None = None, seen: int | None = None
) -> Report:
    """A report that may go into a state now; `before` is the state that a button was shown with,
    `seen` what a form was opened on (actions.overtaken), of which the words are still there.

    Raises Refused for what was moved meanwhile, its cards brought up to date.
    """
    report = get(act, report_id)
    stale = before is not None and before != report.state
    if stale or not lifecycle.may_move(report.state, after, lifecycle.GESTOR):
        refresh(act, report)
        raise overtaken.too_late(act, report, seen) or Refused(say(MOVED_ALREADY))
    overtaken.look_again(act, report, seen)
    return report


@action(GESTOR)
def move(
    act: Act,
    report_id: int,
    after: str,
    reason: str | None = None,
    *,
    before: str | None = None,
    seen: int | None = None,
    closed_as: str = lifecycle.NO_ACTION,
    responsible: str | None = None,
    shown: Phrase | None = None,
) -> Report:
    """Move a report to another state; closing carries a reason. Two at once: one wins.

    before, seen: as movable() takes them. closed_as: one of lifecycle.CLOSINGS but duplicate, which
    is merging's; responsible: whose it is when it is not ours. shown: the reason as people read it,
    where it is in several languages.
    """
    report = movable(act, report_id, after, before, seen)
    if lifecycle.needs_reason(after) and not reason:
        raise Refused(say(NEEDS_REASON))
    event = put(act, report, after, reason, closed_as=closed_as, responsible=responsible)
    act.audit("move", f"report:{report_id}", before=event.before, after=after)
    told: list[Phrase] = [say(words.CHANGED[after], **words.head(act, report))]
    if after == lifecycle.CLOSED:
        told.append(say(words.WHY_CLOSED[closed_as], **words.closing_values(act, report)))
    if reason:
        told.append(say(words.REASON, words=shown or reason))
    tell(act, report, event, lines(told))
    refresh(act, report)
    if after == lifecycle.HIDDEN:
        report_views.turn_over(act, report)
    return report


@action(GESTOR)
def answer(
    act: Act, report_id: int, said: str, shown: Phrase | None = None, *, seen: int | None = None
) -> Report:
    """Answer whoever told it, in words that anybody may read.

    shown: the same as people read it, where it is in several languages. seen: what whoever answers
    had seen of it (actions.overtaken).
    """
    report = get(act, report_id)
    overtaken.look_again(act, report, seen)
    event = record(act, report, ANSWER, said=said)
    act.audit("answer", f"report:{report_id}")
    told = [say(words.ANSWER, **words.head(act, report)), say(words.QUOTE, words=shown or said)]
    tell(act, report, event, lines(told))
    refresh(act, report)
    return report


@action(GESTOR)
def ask(act: Act, report_id: int, said: str, *, seen: int | None = None) -> Report:
    """Ask whoever told it for more; their reply joins the report. seen: as answer() takes it."""
    report = get(act, report_id)
    if report.person_id is None:
        raise Refused(say(NOBODY_TO_ASK))
    overtaken.look_again(act, report, seen)
    record(act, report, QUESTION, said=said)
    act.audit("ask", f"report:{report_id}")
    tell_reporter(
        act,
        report,
        lines([say(words.ASK, **words.head(act, report)), say(words.QUOTE, words=said)]),
        words.reply_button(report),
    )
    refresh(act, report)
    return report


@action(GESTOR)
def note(act: Act, report_id: int, said: str) -> Report:
    """Write down something that only the team reads."""
    report = get(act, report_id)
    record(act, report, NOTE, said=said)
    act.audit("note", f"report:{report_id}")
    refresh(act, report)
    return report


@action(GESTOR)
def assign(act: Act, report_id: int, holder: int, person_id: int) -> Report:
    """Give a report to somebody of the team (0: to nobody), taken from `holder` (0: from nobody).

    Whoever gets it sees its card; whoever had it hears who has it now.
    """
    report = get(act, report_id)
    if (report.assignee_id or 0) != holder:
        refresh(act, report)
        if report.assignee_id is None:
            raise Refused(say(NOBODY_HAS_IT))
        person = report_history.name(act, report.assignee_id)
        raise Refused(say(HAS_CHANGED_HANDS, person=person))
    if person_id and person_id not in {one.id for one in team_card.colleagues(act)}:
        raise Refused(say(NO_COLLEAGUE))
    if holder == person_id:
        refresh(act, report)
        return report
    before, after = report.assignee_id, person_id or None
    report.assignee_id = after
    record(act, report, ASSIGNED, before=_number(before), after=_number(after))
    act.audit("assign", f"report:{report_id}", before=before, after=after)
    _tell_colleague(act, report, after, GIVEN)
    _tell_colleague(act, report, before, TAKEN_OVER if after is not None else None)
    refresh(act, report)
    return report


def _number(person_id: int | None) -> str | None:
    return str(person_id) if person_id is not None else None


def _tell_colleague(act: Act, report: Report, person_id: int | None, key: str | None) -> None:
    """Say to somebody else of the team that a report has changed hands."""
    if person_id is None or person_id == act.my_id or key is None:
        return
    person = act.session.get(Person, person_id)
    if person is None or person_id not in {one.id for one in team_card.colleagues(act)}:
        return
    holder = report_history.name(act, report.assignee_id if key == TAKEN_OVER else act.my_id)
    text = say(key, person=holder, **words.head(act, report))
    act.turn.owe(person.telegram_id, parcel.message(text))
    if key == GIVEN:
        show(act, report, person.telegram_id)


@action(GESTOR)
def add_after(
    act: Act, report_id: int, photos: list[dict[str, Any]], said: str | None = None
) -> Report:
    """Add photos of the work; they are shown to those who wait, with the words."""
    if not photos:
        raise Refused(say(NO_PHOTO))
    report = get(act, report_id)
    for photo in photos:
        act.session.add(
            ReportPhoto(
                report_id=report_id,
                person_id=act.my_id,
                moment=AFTER,
                created_at=act.now,
                **photo,
            )
        )
    event = record(act, report, ANSWER, after=AFTER, said=said)
    act.audit("add_after", f"report:{report_id}", photos=len(photos))
    told = [say(SEEN_WORK, **words.head(act, report))]
    if said:
        told.append(say(words.QUOTE, words=said))
    # One goes with the news, the others are behind its button.
    first = next((photo["file_id"] for photo in photos if photo.get("kind") == PHOTO), None)
    tell(act, report, event, lines(told), photo=first)
    refresh(act, report)
    return report


@action(GESTOR)
def set_private(act: Act, report_id: int, private: bool) -> Report:
    """Show a report to the team and whoever told it alone, or to everybody again.

    What whoever told it wanted private is not made public by anybody else.
    """
    report = get(act, report_id)
    if report.private == private:
        refresh(act, report)
        return report
    if not private:
        last = report_event.last_events(act.session, report_id, (PRIVACY,), 1)
        if not last or last[0].person_id == report.person_id:
            raise Refused(say(THEIR_WISH))
    report.private = private
    before, after = (PUBLIC, PRIVATE) if private else (PRIVATE, PUBLIC)
    record(act, report, PRIVACY, before=before, after=after)
    act.audit("set_private", f"report:{report_id}", private=private)
    if report.person_id != act.my_id:
        key = PRIVATE_NOW if private else PUBLIC_NOW
        tell_reporter(act, report, say(key, **words.head(act, report)), look(report))
    refresh(act, report)
    if private:
        report_views.turn_over(act, report)
    return report


@action(SYSTEM)
def release(act: Act, person_id: int, most: int) -> int:
    """Whoever is of the team no more looks after nothing open: the next reports, at most `most`,
    are everybody's again; how many."""
    if person_id in {one.id for one in team_card.colleagues(act)}:
        return 0
    left = stored.assigned_open(act.session, person_id, OPEN, most)
    for report in left:
        report.assignee_id = None
        record(act, report, ASSIGNED, before=str(person_id))
        act.audit("assign", f"report:{report.id}", before=person_id, after=None)
        refresh(act, report)
    return len(left)


@action(SYSTEM)
def release_strangers(act: Act) -> int:
    """Have what somebody looks after who is of the team no more be everybody's again (an admin whom
    the settings no longer name); of how many people."""
    team = {one.id for one in team_card.colleagues(act)}
    strangers = [number for number in stored.assignees(act.session) if number not in team]
    for number in strangers:
        due.plan(act.session, f"{RELEASE}:{number}:{act.now.isoformat()}", RELEASE, number, act.now)
    return len(strangers)
