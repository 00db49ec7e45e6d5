"""A group's meetings: called, moved, called off, answered, and reminded of at local wall time.

What was agreed on is the hour the town's clock shows; everything that has a moment is a due row
that names the version it is for, so a reminder of the old hour finds out that it is one.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from actions import groups, quiet
from actions import meeting_words as words
from actions.act import CITIZEN, LEADER, SYSTEM, Act, Refused, action
from actions.meeting_hours import REMINDER, reminder_key
from civic import moments
from flows.phrase import N_, say
from storage import card as cards
from storage import due, letter, parcel
from storage import group as stored
from storage.group import ANSWERS, Attendance, Meeting, WorkingGroup

NO_SUCH_MEETING = N_("There is no such meeting.")
PAST = N_("That hour has already passed. Please choose a later one.")
CALLED_OFF = N_("That meeting was called off.")
BEGUN = N_("That meeting has begun already.")
NOT_IN_GROUP = N_("This meeting is for who is in the group. You can join it with /grupos.")

WAITS = (words.CALLED, moments.DAY_BEFORE)
"""What waits for the end of quiet hours: neither a change nor the last hour does."""
TOO_LATE, NOT_ANY_MORE, NEXT_SPEAKS = "too late", "not any more", "the next one speaks"


def get(act: Act, meeting_id: int) -> tuple[Meeting, WorkingGroup]:
    """A meeting and its group. Raises Refused when there is none."""
    meeting = act.session.get(Meeting, meeting_id)
    if meeting is None:
        raise Refused(say(NO_SUCH_MEETING))
    group = act.session.get(WorkingGroup, meeting.group_id)
    if group is None:
        raise Refused(say(NO_SUCH_MEETING))
    return meeting, group


def led(act: Act, meeting_id: int) -> tuple[Meeting, WorkingGroup]:
    """A meeting of a group that whoever acts may lead. Raises Refused for any other."""
    meeting, _ = get(act, meeting_id)
    return meeting, groups.led(act, meeting.group_id)


def standing(act: Act, meeting: Meeting) -> None:
    """Raise Refused unless a meeting is still to come."""
    if meeting.cancelled_at is not None:
        raise Refused(say(CALLED_OFF))
    if meeting.starts_at <= act.now:
        raise Refused(say(BEGUN))


@action(LEADER)
def call(
    act: Act,
    group_id: int,
    *,
    title: str,
    starts_local: str,
    place: str | None,
    latitude: float | None = None,
    longitude: float | None = None,
) -> Meeting:
    """Call a meeting at wall time ("2026-05-01T18:30"); members are told and reminded."""
    group = groups.led(act, group_id)
    starts_at = moments.to_utc(starts_local, act.town.zone)
    if starts_at <= act.now:
        raise Refused(say(PAST))
    meeting = Meeting(
        group_id=group_id,
        called_by=act.my_id,
        title=title,
        starts_local=starts_local,
        starts_at=starts_at,
        place=place,
        latitude=latitude,
        longitude=longitude,
        created_at=act.now,
    )
    act.session.add(meeting)
    act.session.flush()
    act.audit("call_meeting", f"meeting:{meeting.id}", group=group_id, starts=starts_local)
    _plan(act, meeting, words.CALLED)
    if group.telegram_id is not None:
        card = words.for_chat(act, meeting, group, words.CALLED)
        act.turn.card(group.telegram_id, words.chat_card(meeting), card)
    return meeting


@action(LEADER)
def move(
    act: Act,
    meeting_id: int,
    *,
    starts_local: str,
    place: str | None = None,
    latitude: float | None = None,
    longitude: float | None = None,
) -> Meeting:
    """Move a meeting to another moment, another place, or both; a place of None stays.

    At another moment nobody has answered yet: who could come on Monday may not on Tuesday.
    """
    meeting, group = led(act, meeting_id)
    standing(act, meeting)
    starts_at = moments.to_utc(starts_local, act.town.zone)
    if starts_at <= act.now:
        raise Refused(say(PAST))
    news = words.MOVED if starts_local != meeting.starts_local else words.ELSEWHERE
    meeting.starts_local, meeting.starts_at = starts_local, starts_at
    if place is not None or latitude is not None:
        meeting.place, meeting.latitude, meeting.longitude = place, latitude, longitude
    meeting.version += 1
    if news == words.MOVED:
        stored.forget_answers(act.session, meeting_id)
    act.session.flush()
    act.audit("move_meeting", f"meeting:{meeting_id}", starts=starts_local)
    _change(act, meeting, group, news)
    return meeting


@action(LEADER)
def cancel(act: Act, meeting_id: int) -> Meeting:
    """Call a meeting off; everybody hears of it, also who was not coming."""
    meeting, group = led(act, meeting_id)
    standing(act, meeting)
    meeting.cancelled_at = act.now
    meeting.version += 1
    act.session.flush()
    act.audit("cancel_meeting", f"meeting:{meeting_id}")
    _change(act, meeting, group, words.CANCELLED)
    return meeting


@action(CITIZEN)
def answer(act: Act, meeting_id: int, word: str) -> tuple[Meeting, WorkingGroup]:
    """Say whether one comes: "yes", "maybe" or "no"; it can be changed until it begins."""
    meeting, group = get(act, meeting_id)
    if word not in ANSWERS:
        raise Refused(say(NO_SUCH_MEETING))
    if stored.membership(act.session, meeting.group_id, act.my_id) is None:
        raise Refused(say(NOT_IN_GROUP))
    standing(act, meeting)
    given = stored.attendance(act.session, meeting_id, act.my_id)
    if given is not None and given.answer == word:
        return meeting, group
    if given is None:
        given = Attendance(
            meeting_id=meeting_id, person_id=act.my_id, answer=word, answered_at=act.now
        )
        act.session.add(given)
    given.answer, given.answered_at = word, act.now
    act.session.flush()
    act.audit("answer", f"meeting:{meeting_id}", answer=word)
    words.refresh(act, meeting, group)
    return meeting, group


@action(SYSTEM)
def tell(
    act: Act,
    meeting_id: int,
    version: int,
    news: str,
    after: int,
    most: int,
    people: Sequence[int] | None = None,
) -> tuple[str, int | None, int]:
    """Tell a piece of the members, or `people` among them, what was called, moved or called off.

    Returns what became of it, where to go on, and how many letters are owed.
    """
    meeting = act.session.get(Meeting, meeting_id)
    if meeting is None or meeting.version != version:
        return NOT_ANY_MORE, None, 0
    if news != words.CANCELLED and meeting.starts_at <= act.now:
        return TOO_LATE, None, 0
    go_on, wrote = _owe(act, meeting, news, after, most, people, reminder=False)
    return "told", go_on, wrote


@action(SYSTEM)
def remind(
    act: Act,
    meeting_id: int,
    version: int,
    name: str,
    after: int,
    most: int,
    people: Sequence[int] | None = None,
) -> tuple[str, int | None, int]:
    """Remind a piece of the members, or `people` among them ("24h" or "1h" before), but for who is
    not coming.

    One that comes late (the bot was down) is still sent while the meeting has not begun, unless
    the last one is due as well: two at once say nothing more than one.
    """
    meeting = act.session.get(Meeting, meeting_id)
    if meeting is None or meeting.version != version or meeting.cancelled_at is not None:
        return NOT_ANY_MORE, None, 0
    if meeting.starts_at <= act.now:
        return TOO_LATE, None, 0
    if name == moments.DAY_BEFORE and act.now >= meeting.starts_at - timedelta(hours=1):
        return NEXT_SPEAKS, None, 0
    go_on, wrote = _owe(act, meeting, name, after, most, people, reminder=True)
    return "reminded", go_on, wrote


def _owe(
    act: Act,
    meeting: Meeting,
    news: str,
    after: int,
    most: int,
    people: Sequence[int] | None,
    *,
    reminder: bool,
) -> tuple[int | None, int]:
    group = act.session.get(WorkingGroup, meeting.group_id)
    if group is None or meeting.id is None:
        return None, 0
    go_on = None
    if people is None:
        found, go_on = groups.recipients(act, meeting.group_id, after, most)
    else:
        found = groups.still(act, meeting.group_id, people)
    if news in WAITS:
        asleep = _put_off(act, meeting, news, [p.telegram_id for p in found])
        found = [p for p in found if p.telegram_id not in asleep]
    given = stored.answers(act.session, meeting.id, [p.id for p in found if p.id is not None])
    told = []
    for person in found:
        said = given.get(person.id or 0)
        if reminder and (said == "no" or not person.reminders):
            continue
        told.append(
            (
                person.telegram_id,
                f"meeting:{meeting.id}:{meeting.version}:{news}:{person.id}",
                words.for_member(act, meeting, group, said, news),
            )
        )
    return go_on, groups.owe_new(act, told)


def _put_off(act: Act, meeting: Meeting, news: str, chats: Sequence[int]) -> set[int]:
    """Plan it for whoever is quiet now and hears of it early enough when they no longer are; whom
    that was."""
    last = meeting.starts_at - timedelta(hours=1)
    asleep = {chat: one for chat, one in quiet.until(act, chats).items() if one[1] < last}
    kind, name = ("meeting_told", "news") if news == words.CALLED else (REMINDER, "name")
    for at in {at for _, at in asleep.values()}:
        people = sorted(number for number, when in asleep.values() if when == at)
        due.plan(
            act.session,
            f"{kind}:{meeting.id}:{meeting.version}:{news}:{at.isoformat()}:{people[0]}",
            kind,
            meeting.id or 0,
            at,
            version=meeting.version,
            people=people,
            **{name: news},
        )
    return set(asleep)


def _plan(act: Act, meeting: Meeting, news: str) -> None:
    assert meeting.id is not None
    key = f"{meeting.id}:{meeting.version}"
    facts = {"version": meeting.version}
    due.plan(
        act.session,
        f"meeting_told:{key}",
        "meeting_told",
        meeting.id,
        act.now,
        news=news,
        **facts,
    )
    if meeting.cancelled_at is not None:
        return
    for name, at in moments.reminders(meeting.starts_local, act.town.zone, act.now):
        due.plan(
            act.session,
            reminder_key(meeting, name),
            REMINDER,
            meeting.id,
            at,
            name=name,
            **facts,
        )


def _change(act: Act, meeting: Meeting, group: WorkingGroup, news: str) -> None:
    """Everything of the version before is called off; the new one is told, and reminded of."""
    assert meeting.id is not None
    due.cancel(act.session, REMINDER, meeting.id, act.now)
    due.cancel(act.session, "meeting_told", meeting.id, act.now)
    # Whoever was not told yet hears only how it is now.
    act.turn.flush()
    letter.drop_named(act.session, f"meeting:{meeting.id}:{meeting.version - 1}:", act.turn.machine)
    _plan(act, meeting, news)
    words.refresh(act, meeting, group)
    if group.telegram_id is not None:
        _announce(act, meeting, group, group.telegram_id, news)


def _announce(act: Act, meeting: Meeting, group: WorkingGroup, chat_id: int, news: str) -> None:
    """In the group's chat a change is a new message, and the old card loses its buttons."""
    subject = words.chat_card(meeting)
    card = words.for_chat(act, meeting, group, news)
    carrier = cards.letter_of(act.session, chat_id, subject)
    if carrier is not None:
        act.turn.replace(chat_id, carrier, parcel.message(card["text"]))
    act.turn.card(chat_id, subject, card, anew=True)
