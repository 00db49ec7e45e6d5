"""What is done with a report: told, moved, answered, asked about, and judged by who told it.

Whoever told it hears of every change; whoever looks after it has one card, always up to date.
"""

from __future__ import annotations

from typing import Any

from actions import report_words as words
from actions.act import CITIZEN, GESTOR, SYSTEM, Act, Refused, action
from actions.buttons import ReportTap
from civic import lifecycle, moments
from civic.lifecycle import FIXED, RECEIVED
from flows.phrase import N_, Phrase, say
from storage import due, letter, parcel
from storage import person as people
from storage import report as reports
from storage.letter import Lane
from storage.person import Person
from storage.report import VOICE, Report, ReportEvent, ReportPhoto

OPEN = lifecycle.OPEN
needs_reason = lifecycle.needs_reason

DIGEST_PIECE = 50
"""The most cards one transaction writes for a digest."""

NO_SUCH_CATEGORY = N_("That category is no longer on the list. Please begin again with /reportar.")
NO_SUCH_REPORT = N_("There is no such report.")
MOVED_ALREADY = N_("That was done already, or can no longer be done: see the card.")
NEEDS_REASON = N_("Closing a report needs a reason that the neighbour can read.")
NOBODY_TO_ASK = N_("Nobody can be asked: this report has no neighbour behind it any more.")
JUDGED = N_("Thank you: we had your answer already.")


def code_of(number: int) -> str:
    """The code people quote: short enough to be dictated over the telephone."""
    return f"R-{1000 + number}"


@action(CITIZEN)
def file(
    act: Act,
    *,
    category: str,
    said: str | None,
    voice: dict[str, Any] | None,
    latitude: float | None,
    longitude: float | None,
    address: str | None,
    photos: list[dict[str, Any]],
) -> Report:
    """Keep a report; its barrio follows from the point. Gestores get their cards."""
    kind = next((c for c in act.town.categories if c.key == category), None)
    if kind is None or kind.id is None:
        raise Refused(say(NO_SUCH_CATEGORY))
    place = None
    if latitude is not None and longitude is not None:
        place = act.town.atlas.locate(latitude, longitude)
    elif address:
        place = act.town.atlas.named(address)
    report = Report(
        code="",
        person_id=act.my_id,
        category_id=kind.id,
        territory_id=place.id if place else None,
        words=said,
        voice=voice,
        latitude=latitude,
        longitude=longitude,
        address=address,
        state=RECEIVED,
        created_at=act.now,
        changed_at=act.now,
    )
    # The code comes from the number, which the database gives.
    report.code = f"+{act.my_id}-{act.turn.machine}"
    act.session.add(report)
    act.session.flush()
    assert report.id is not None
    report.code = code_of(report.id)
    for photo in photos:
        act.session.add(
            ReportPhoto(report_id=report.id, person_id=act.my_id, created_at=act.now, **photo)
        )
    _event(act, report, "state", after=RECEIVED)
    act.session.flush()
    act.audit("file", f"report:{report.id}", category=category)
    _tell_gestores(act, report)
    return report


@action(GESTOR)
def move(act: Act, report_id: int, after: str, reason: str | None = None) -> Report:
    """Move a report to another state; closing carries a reason. Two at once: one wins."""
    report = get(act, report_id)
    if not lifecycle.may_move(report.state, after, lifecycle.GESTOR):
        refresh(act, report)
        raise Refused(say(MOVED_ALREADY))
    if lifecycle.needs_reason(after) and not reason:
        raise Refused(say(NEEDS_REASON))
    _move(act, report, after, reason)
    told: list[Phrase] = [say(words.CHANGED[after], **words.head(act, report))]
    if reason:
        told.append(say(words.REASON, words=reason))
    tell_reporter(act, report, {"lines": told})
    refresh(act, report)
    return report


@action(GESTOR)
def answer(act: Act, report_id: int, said: str) -> Report:
    """Answer whoever told it, in words that anybody may read."""
    report = get(act, report_id)
    _event(act, report, "answer", said=said)
    act.audit("answer", f"report:{report_id}")
    tell_reporter(
        act,
        report,
        {
            "lines": [
                say(words.ANSWER, **words.head(act, report)),
                say(words.QUOTE, words=said),
            ]
        },
    )
    refresh(act, report)
    return report


@action(GESTOR)
def ask(act: Act, report_id: int, said: str) -> Report:
    """Ask whoever told it for more; their reply joins the report."""
    report = get(act, report_id)
    if report.person_id is None:
        raise Refused(say(NOBODY_TO_ASK))
    _event(act, report, "question", said=said)
    act.audit("ask", f"report:{report_id}")
    tell_reporter(
        act,
        report,
        {"lines": [say(words.ASK, **words.head(act, report)), say(words.QUOTE, words=said)]},
        words.reply_button(report),
    )
    refresh(act, report)
    return report


@action(CITIZEN)
def add(
    act: Act,
    report_id: int,
    *,
    said: str | None,
    voice: dict[str, Any] | None,
    photos: list[dict[str, Any]],
) -> Report:
    """Add words or photos to one's own report."""
    report = mine(act, report_id)
    assert report.id is not None
    _event(act, report, "addition", said=said)
    for photo in photos:
        act.session.add(
            ReportPhoto(report_id=report.id, person_id=act.my_id, created_at=act.now, **photo)
        )
    if voice is not None:
        # Beside what was told first, never in its place.
        act.session.add(
            ReportPhoto(
                report_id=report.id,
                person_id=act.my_id,
                created_at=act.now,
                file_id=voice["file_id"],
                unique_id=voice["file_id"],
                kind=VOICE,
            )
        )
    act.session.flush()
    act.audit("add", f"report:{report_id}", photos=len(photos))
    refresh(act, report, anew=True)
    return report


@action(CITIZEN)
def judge(act: Act, report_id: int, fixed: bool) -> str:
    """Answer "was it fixed?": thanks, reopened, or (a second No) for the gestora to decide."""
    report = mine(act, report_id)
    assert report.id is not None
    last = reports.last_events(act.session, report.id, ("verdict", "kept", "state"), 1)
    if report.state != FIXED or (last and last[0].kind != "state"):
        raise Refused(say(JUDGED))
    if fixed:
        _event(act, report, "kept")
        act.audit("judge", f"report:{report_id}", fixed=True)
        return "thanks"
    _event(act, report, "verdict")
    outcome = lifecycle.after_no(report.reopened)
    report.reopened += 1
    act.audit("judge", f"report:{report_id}", fixed=False)
    if outcome == "reopen":
        _move(act, report, lifecycle.REOPENED, None)
    act.session.flush()
    refresh(act, report, anew=True)
    return outcome


@action(SYSTEM)
def follow_up(act: Act, report_id: int) -> bool:
    """Ask whoever told it whether it was fixed; False when there is nothing to ask."""
    report = act.session.get(Report, report_id)
    if report is None or report.state != FIXED or report.person_id is None:
        return False
    assert report.id is not None
    assert report.fixed_at is not None
    person = act.session.get(Person, report.person_id)
    if person is None:
        return False
    buttons = [
        [
            parcel.button(
                say(words.YES_FIXED), ReportTap(do="verdict", report=report.id, word="yes").pack()
            ),
            parcel.button(
                say(words.NO_FIXED), ReportTap(do="verdict", report=report.id, word="no").pack()
            ),
        ]
    ]
    told = act.turn.owe_once(
        person.telegram_id,
        parcel.message(say(words.FOLLOW_UP, **words.head(act, report)), buttons),
        dedupe=f"follow_up:{report.id}:{report.fixed_at.isoformat()}",
        lane=Lane.REMINDER,
    )
    return told is not None


@action(SYSTEM)
def digest(act: Act, person_id: int, first: int) -> int:
    """Give a gestor the next cards, at most DIGEST_PIECE, of what came from report `first` on;
    how many. What was waiting before they chose a digest stays in the tray."""
    person = act.session.get(Person, person_id)
    if person is None or not any(
        role.role == people.GESTOR for role in people.roles_of(act.session, person_id)
    ):
        return 0
    fresh = reports.without_card(act.session, person.telegram_id, first, DIGEST_PIECE)
    for report in fresh:
        act.turn.card(person.telegram_id, subject(report), words.card(act, report))
    return len(fresh)


def get(act: Act, report_id: int) -> Report:
    """A report by its number. Raises Refused when there is none."""
    report = act.session.get(Report, report_id)
    if report is None:
        raise Refused(say(NO_SUCH_REPORT))
    return report


def mine(act: Act, report_id: int) -> Report:
    """A report that this person told. Raises Refused for anybody else's."""
    report = act.session.get(Report, report_id)
    if report is None or report.person_id != act.my_id:
        raise Refused(say(NO_SUCH_REPORT))
    return report


def subject(report: Report) -> str:
    """The name of a report's card."""
    return f"report:{report.id}"


def refresh(act: Act, report: Report, *, anew: bool = False) -> None:
    """Bring every card of a report up to date; `anew` puts it at the bottom of those chats."""
    for chat_id in letter.card_chats(act.session, subject(report)):
        act.turn.card(chat_id, subject(report), words.card(act, report), anew=anew)


def show(act: Act, report: Report, chat_id: int) -> None:
    """Put a report's card at the bottom of a gestor's chat."""
    act.turn.card(chat_id, subject(report), words.card(act, report), anew=True)


def tell_reporter(
    act: Act, report: Report, text: Phrase, buttons: parcel.Buttons | None = None
) -> None:
    """Say something to whoever told it, if they are still known."""
    person = act.session.get(Person, report.person_id) if report.person_id else None
    if person is not None:
        act.turn.owe(person.telegram_id, parcel.message(text, buttons))


def _move(act: Act, report: Report, after: str, reason: str | None) -> None:
    assert report.id is not None
    before, report.state, report.changed_at = report.state, after, act.now
    _event(act, report, "state", before=before, after=after, said=reason)
    if before == FIXED:
        due.cancel(act.session, "follow_up", report.id, act.now)
    if after == FIXED:
        report.fixed_at = act.now
        category = act.town.category(report.category_id)
        days = category.follow_up_days if category and category.follow_up_days else None
        span = days or act.town.follow_up_days
        due.plan(
            act.session,
            f"follow_up:{report.id}:{act.now.isoformat()}",
            "follow_up",
            report.id,
            moments.days_later(act.now, span, act.town.zone),
        )
    act.session.flush()
    act.audit("move", f"report:{report.id}", before=before, after=after)


def _event(
    act: Act,
    report: Report,
    kind: str,
    *,
    before: str | None = None,
    after: str | None = None,
    said: str | None = None,
) -> None:
    assert report.id is not None
    act.session.add(
        ReportEvent(
            report_id=report.id,
            person_id=act.actor.person_id,
            kind=kind,
            before=before,
            after=after,
            words=said,
            created_at=act.now,
        )
    )
    act.session.flush()


def _tell_gestores(act: Act, report: Report) -> None:
    told: set[int] = set()
    for person in people.holders(act.session, people.GESTOR):
        told.add(person.telegram_id)
        at = moments.next_digest(person.digest, act.now, act.town.zone)
        if at is None:
            act.turn.card(person.telegram_id, subject(report), words.card(act, report))
        else:
            assert person.id is not None
            due.plan(
                act.session,
                f"digest:{person.id}:{at.isoformat()}",
                "digest",
                person.id,
                at,
                first=report.id,
            )
    if told:
        return
    # While there is no gestor, the admins who have agreed hear of what comes in.
    for admin in sorted(act.world.admins):
        if people.by_telegram(act.session, admin) is not None:
            act.turn.card(admin, subject(report), words.card(act, report))
