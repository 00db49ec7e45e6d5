"""How a meeting is told: to each member with their own answer, in the group's chat with the counts,
and to its leader with the names. Who answered what is for the leader's eyes only.
"""

from __future__ import annotations

from typing import Any

from actions.act import Act
from actions.buttons import GroupTap, MeetingTap
from civic.moments import DAY_BEFORE, HOUR_BEFORE
from flows.phrase import N_, Phrase, count, lines, listing, moment, say
from storage import card as cards
from storage import group as groups
from storage import parcel
from storage import person as people
from storage.group import ANSWERS, Meeting, WorkingGroup
from storage.parcel import Buttons, Parcel
from storage.person import Person

CALLED, MOVED, ELSEWHERE, CANCELLED = "called", "moved", "elsewhere", "cancelled"

NEWS = {
    CALLED: N_("📣 The group <b>{group}</b> calls a meeting."),
    MOVED: N_("🔁 A meeting of <b>{group}</b> is at another moment now."),
    ELSEWHERE: N_("🔁 A meeting of <b>{group}</b> is at another place now."),
    CANCELLED: N_("❌ A meeting of <b>{group}</b> was called off."),
    DAY_BEFORE: N_("⏰ Remember the meeting of <b>{group}</b>."),
    HOUR_BEFORE: N_("⏰ The meeting of <b>{group}</b> begins soon."),
}
A_MEETING = N_("👥 Meeting of <b>{group}</b>")
TITLE, WHEN, WHERE = N_("📅 <b>{title}</b>"), N_("🕒 {when}"), N_("📍 {place}")
OFF_TITLE = N_("📅 <s>{title}</s>")
ON_THE_MAP = N_("see the map")
ARE_YOU_COMING = N_("Are you coming?")
YOUR_ANSWER = N_("Your answer: {answer}. You can change it.")
ASK_AGAIN = N_("What you answered was for the other moment: please tell us again.")
WORDS = {"yes": N_("I am coming"), "maybe": N_("Maybe"), "no": N_("I cannot")}
LABELS = {"yes": N_("✅ I am coming"), "maybe": N_("🤔 Maybe"), "no": N_("❌ I cannot")}
CHOSEN = N_("👉 {answer}")
TALLY = N_("✅ {yes} · 🤔 {maybe} · ❌ {no}")
PLACE = N_("Place on the map")
IS_OFF = N_("❌ It was called off.")
IS_OVER = N_("It has begun already.")
COMING, PERHAPS, NOT_COMING = (
    N_("✅ Coming: {names}"),
    N_("🤔 Maybe: {names}"),
    N_("❌ No: {names}"),
)
NOBODY_YET = N_("Nobody has answered yet.")
MOVE, CALL_OFF = N_("🔁 Move it"), N_("❌ Call it off")
SURE = N_("Shall I call off “{title}” ({when}) and tell the members?")
YES_OFF, KEEP = N_("Yes, call it off"), N_("No, keep it")
BACK = N_("⬅️ Back to the group")

MOST_NAMES = 40
"""More names than these are told as a number: a message has its length."""


def heading(meeting: Meeting) -> list[Phrase]:
    """What it is about, when and where."""
    off = meeting.cancelled_at is not None
    parts = [
        say(OFF_TITLE if off else TITLE, title=meeting.title),
        say(WHEN, when=moment(meeting.starts_at)),
    ]
    if meeting.place:
        parts.append(say(WHERE, place=meeting.place))
    elif meeting.latitude is not None:
        parts.append(say(WHERE, place=say(ON_THE_MAP)))
    return parts


def for_member(
    act: Act, meeting: Meeting, group: WorkingGroup, answer: str | None, news: str | None = None
) -> Parcel:
    """A meeting as one member is told of it: the news, the meeting, and their own answer."""
    head = NEWS[news] if news else A_MEETING
    parts: list[Phrase] = [say(head, group=group.name), "", *heading(meeting)]
    if meeting.cancelled_at is not None:
        if news != CANCELLED:
            parts += ["", say(IS_OFF)]
        return parcel.message(lines(parts))
    if meeting.starts_at <= act.now:
        return parcel.message(lines([*parts, "", say(IS_OVER)]))
    if news == MOVED:
        parts += ["", say(ASK_AGAIN)]
    parts += ["", say(YOUR_ANSWER, answer=say(WORDS[answer])) if answer else say(ARE_YOU_COMING)]
    return parcel.message(lines(parts), answer_buttons(meeting, answer))


def for_chat(act: Act, meeting: Meeting, group: WorkingGroup, news: str | None = None) -> Parcel:
    """A meeting's card in the group's own chat: how many, never who."""
    assert meeting.id is not None
    head = NEWS[news] if news else A_MEETING
    parts: list[Phrase] = [say(head, group=group.name), "", *heading(meeting), ""]
    if meeting.cancelled_at is not None:
        return parcel.message(lines([*parts, say(IS_OFF)]))
    parts.append(_tally(act, meeting.id))
    if meeting.starts_at <= act.now:
        return parcel.message(lines([*parts, say(IS_OVER)]))
    return parcel.message(lines([*parts, say(ARE_YOU_COMING)]), answer_buttons(meeting, None))


def for_leader(act: Act, meeting: Meeting, group: WorkingGroup) -> Parcel:
    """Who comes: numbers and names, with the leader's buttons while it is still to come."""
    assert meeting.id is not None
    tally = groups.tally(act.session, meeting.id)
    parts: list[Phrase] = [say(A_MEETING, group=group.name), "", *heading(meeting), ""]
    if not any(tally.values()):
        parts.append(say(NOBODY_YET))
    else:
        parts.append(_tally(act, meeting.id))
        for answer, sentence in zip(ANSWERS, (COMING, PERHAPS, NOT_COMING), strict=True):
            if tally[answer]:
                names: list[Phrase] = list(
                    groups.answered_names(act.session, meeting.id, answer, MOST_NAMES)
                )
                if tally[answer] > len(names):
                    names.append(count("{count} more", "{count} more", tally[answer] - len(names)))
                parts.append(say(sentence, names=listing(names)))
    back = [
        parcel.button(say(BACK), GroupTap(do="lead", group=meeting.group_id).pack()),
    ]
    if meeting.cancelled_at is not None:
        return parcel.message(lines([*parts, "", say(IS_OFF)]), [back])
    if meeting.starts_at <= act.now:
        return parcel.message(lines(parts), [back])
    return parcel.message(
        lines(parts),
        [[tap(MOVE, "move", meeting.id), tap(CALL_OFF, "cancel", meeting.id)], back],
    )


def sure(meeting: Meeting) -> Parcel:
    """Calling off is asked about once more: everybody is told."""
    assert meeting.id is not None
    return parcel.message(
        say(SURE, title=meeting.title, when=moment(meeting.starts_at)),
        [[tap(YES_OFF, "off", meeting.id), tap(KEEP, "who", meeting.id)]],
    )


def answer_buttons(meeting: Meeting, answer: str | None) -> Buttons:
    """The three answers, the one that was given marked, and the place where it is on the map."""
    assert meeting.id is not None
    rows: Buttons = [
        [
            parcel.button(
                say(CHOSEN, answer=say(LABELS[word])) if word == answer else say(LABELS[word]),
                MeetingTap(do=word, meeting=meeting.id).pack(),
            )
            for word in pair
        ]
        for pair in (("yes", "maybe"), ("no",))
    ]
    if meeting.latitude is not None:
        rows[-1].append(tap(PLACE, "place", meeting.id))
    return rows


def tap(label: str, do: str, meeting_id: int) -> dict[str, Any]:
    """A button of a meeting."""
    return parcel.button(say(label), MeetingTap(do=do, meeting=meeting_id).pack())


def chat_card(meeting: Meeting) -> str:
    """The name of a meeting's card in the group's chat."""
    return f"meeting:{meeting.id}"


def leader_card(meeting: Meeting) -> str:
    """The name of a meeting's card in a leader's chat."""
    return f"who:{meeting.id}"


def refresh(act: Act, meeting: Meeting, group: WorkingGroup) -> None:
    """Bring a meeting's cards up to date: the chat's, and those of whoever leads it still."""
    for chat_id in cards.chats_of(act.session, chat_card(meeting)):
        if chat_id == group.telegram_id:
            act.turn.card(chat_id, chat_card(meeting), for_chat(act, meeting, group))
    card: Parcel | None = None
    for chat_id in cards.chats_of(act.session, leader_card(meeting)):
        person = people.by_telegram(act.session, chat_id)
        # A role that has ended takes the names with it.
        if person is not None and may_lead(act, person, meeting.group_id):
            card = card or for_leader(act, meeting, group)
            act.turn.card(chat_id, leader_card(meeting), card)


def may_lead(act: Act, person: Person, group_id: int) -> bool:
    """Whether somebody leads this group or is in charge of all of them, now."""
    if person.telegram_id in act.world.admins:
        return True
    assert person.id is not None
    return any(
        role.role == people.GESTOR or (role.role == people.LEADER and role.group_id == group_id)
        for role in people.roles_of(act.session, person.id)
    )


def _tally(act: Act, meeting_id: int) -> Phrase:
    tally: dict[str, Phrase] = {**groups.tally(act.session, meeting_id)}
    return say(TALLY, **tally)
