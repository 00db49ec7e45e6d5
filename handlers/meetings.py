"""Meetings in chat: called and moved by a flow, answered with a tap, looked at by who leads."""

from __future__ import annotations

from aiogram import F, Router
from aiogram.types import CallbackQuery

from actions import groups, meetings
from actions import meeting_words as words
from actions.act import CITIZEN, LEADER, Act, Refused, require
from actions.buttons import GroupTap, MeetingTap
from flows.meeting import Meeting
from flows.move_meeting import MoveMeeting
from flows.phrase import N_, lines, moment, say
from flows.values import Place
from handlers.desk import WRITE_FIRST, Desk
from handlers.groups import BACK_TO_TOOLS, hand_led
from handlers.registration import About, Ending, Handed, register
from handlers.talk import Talk
from storage import group as stored
from storage import parcel
from storage.group import ANSWERS, WorkingGroup
from storage.letter import Lane
from storage.parcel import Buttons

router = Router(name="meetings")

SHOWN = 8
NOTED = {
    "yes": N_("Noted: you are coming."),
    "maybe": N_("Noted: you may come."),
    "no": N_("Noted: you are not coming."),
}
TO_COME = N_("<b>{group}</b>: meetings to come")
NONE_TO_COME = N_("<b>{group}</b>: no meeting is planned.")
ONE = N_("{when} · {title}")
WHO_COMES = N_("👥 Who comes")
CALLED_OFF = N_("Called off. The members are being told.")
SHOWN_ALREADY = N_("The place is a little further up.")
A_PLACE = N_("Meeting of {group}")


def place_of(act: Act, place: Place | None) -> dict[str, str | float | None]:
    """A flow's place as an action takes it; a bare point is named after its part of town."""
    if place is None:
        return {"place": None, "latitude": None, "longitude": None}
    name = place.words or place.label
    if name is None and place.latitude is not None and place.longitude is not None:
        territory = act.town.atlas.locate(place.latitude, place.longitude)
        name = territory.name if territory else None
    return {"place": name, "latitude": place.latitude, "longitude": place.longitude}


def finish_meeting(act: Act, about: About, record: Meeting) -> Ending:
    meeting = meetings.call(
        act,
        int(record.group),
        title=record.what,
        starts_local=record.when.isoformat(timespec="minutes"),
        **place_of(act, record.where),  # type: ignore[arg-type]
    )
    return Ending(buttons=who_button(meeting.id or 0))


def hand_move(act: Act, about: About) -> Handed:
    # Refuses nobody: whose role has ended must still be able to leave the form.
    meeting = act.session.get(stored.Meeting, about["meeting"])
    return Handed(params={"meeting": meeting.title if meeting is not None else ""})


def finish_move(act: Act, about: About, record: MoveMeeting) -> Ending:
    meeting = meetings.move(
        act,
        about["meeting"],
        starts_local=record.when.isoformat(timespec="minutes"),
        **place_of(act, record.where),  # type: ignore[arg-type]
    )
    return Ending(buttons=who_button(meeting.id or 0))


def who_button(meeting_id: int) -> Buttons:
    """The way to see who comes."""
    return [[words.tap(WHO_COMES, "who", meeting_id)]]


register(Meeting, finish_meeting, hand_led, LEADER)
register(MoveMeeting, finish_move, hand_move, LEADER)


@router.callback_query(GroupTap.filter(F.do == "call"))
async def call(query: CallbackQuery, callback_data: GroupTap, desk: Desk) -> None:
    def work(act: Act) -> None:
        require(act, LEADER)
        group = groups.led(act, callback_data.group)
        Talk(act, desk.user_id).begin("meeting", {}, {"group": str(group.id)})

    await desk.write(work, then="lead")


@router.callback_query(GroupTap.filter(F.do == "meetings"))
async def to_come(query: CallbackQuery, callback_data: GroupTap, desk: Desk) -> None:
    def work(act: Act) -> None:
        require(act, LEADER)
        group = groups.led(act, callback_data.group)
        act.turn.owe(desk.user_id, upcoming(act, group))

    await desk.write(work, then="lead")


def upcoming(act: Act, group: WorkingGroup) -> parcel.Parcel:
    """A group's next meetings, each a button to who comes."""
    assert group.id is not None
    found = stored.upcoming(act.session, group.id, act.now, SHOWN)
    back = [
        parcel.button(say(BACK_TO_TOOLS), GroupTap(do="lead", group=group.id).pack()),
    ]
    if not found:
        return parcel.message(say(NONE_TO_COME, group=group.name), [back])
    rows: Buttons = [
        [
            parcel.button(
                say(ONE, when=moment(meeting.starts_at, "short"), title=meeting.title),
                MeetingTap(do="who", meeting=meeting.id or 0).pack(),
            )
        ]
        for meeting in found
    ]
    return parcel.message(lines([say(TO_COME, group=group.name)]), [*rows, back])


@router.callback_query(MeetingTap.filter(F.do.in_(set(ANSWERS))))
async def answer(query: CallbackQuery, callback_data: MeetingTap, desk: Desk) -> None:
    tapped = query.message.message_id if query.message is not None else None

    def work(act: Act) -> None:
        if not desk.private and not act.agreed():
            raise Refused(say(WRITE_FIRST, bot=act.world.username))
        meeting, group = meetings.answer(act, callback_data.meeting, callback_data.do)
        act.turn.answer(say(NOTED[callback_data.do]))
        if not desk.private or tapped is None:
            return
        given = stored.attendance(act.session, callback_data.meeting, act.my_id)
        assert given is not None
        told = words.for_member(act, meeting, group, given.answer)
        # The message that was tapped shows the answer, once for each change of mind.
        act.turn.owe_once(
            desk.user_id,
            parcel.as_edit(told, tapped),
            dedupe=f"answer:{given.id}:{tapped}:{given.answered_at.isoformat()}",
            lane=Lane.REPLY,
        )

    await desk.write(work, then="groups")


@router.callback_query(MeetingTap.filter(F.do == "show"))
async def show(query: CallbackQuery, callback_data: MeetingTap, desk: Desk) -> None:
    def work(act: Act) -> None:
        require(act, CITIZEN)
        meeting, group = meetings.get(act, callback_data.meeting)
        if not groups.is_member(act, meeting.group_id):
            raise Refused(say(meetings.NOT_IN_GROUP))
        given = stored.attendance(act.session, callback_data.meeting, act.my_id)
        said = given.answer if given else None
        act.turn.owe(desk.user_id, words.for_member(act, meeting, group, said))

    await desk.write(work, then="groups")


@router.callback_query(MeetingTap.filter(F.do == "place"))
async def place(query: CallbackQuery, callback_data: MeetingTap, desk: Desk) -> None:
    def work(act: Act) -> None:
        meeting, group = meetings.get(act, callback_data.meeting)
        here = group.telegram_id is not None and group.telegram_id == desk.chat_id
        if not here and not groups.is_member(act, meeting.group_id):
            # A forged tap, or somebody who has left.
            raise Refused(say(meetings.NOT_IN_GROUP))
        if meeting.latitude is None or meeting.longitude is None:
            return
        title = say(A_PLACE, group=group.name)
        venue = parcel.venue(
            meeting.latitude, meeting.longitude, title, meeting.place or act.town.name
        )
        # Asked for by many, a chat is shown the place once an hour.
        shown = act.turn.owe_once(
            desk.chat_id,
            venue,
            dedupe=f"place:{meeting.id}:{meeting.version}:{desk.chat_id}:{act.now:%Y-%m-%dT%H}",
            lane=Lane.REPLY,
        )
        if shown is None:
            act.turn.answer(say(SHOWN_ALREADY))

    await desk.write(work)


@router.callback_query(MeetingTap.filter(F.do == "who"))
async def who(query: CallbackQuery, callback_data: MeetingTap, desk: Desk) -> None:
    def work(act: Act) -> None:
        require(act, LEADER)
        meeting, group = meetings.led(act, callback_data.meeting)
        card = words.for_leader(act, meeting, group)
        act.turn.card(desk.user_id, words.leader_card(meeting), card, anew=True)

    await desk.write(work, then="lead")


@router.callback_query(MeetingTap.filter(F.do == "move"))
async def move(query: CallbackQuery, callback_data: MeetingTap, desk: Desk) -> None:
    def work(act: Act) -> None:
        require(act, LEADER)
        meeting, _ = meetings.led(act, callback_data.meeting)
        meetings.standing(act, meeting)
        Talk(act, desk.user_id).begin("move_meeting", {"meeting": meeting.id})

    await desk.write(work, then="lead")


@router.callback_query(MeetingTap.filter(F.do == "cancel"))
async def cancel(query: CallbackQuery, callback_data: MeetingTap, desk: Desk) -> None:
    def work(act: Act) -> None:
        require(act, LEADER)
        meeting, _ = meetings.led(act, callback_data.meeting)
        meetings.standing(act, meeting)
        act.turn.owe(desk.user_id, words.sure(meeting))

    await desk.write(work, then="lead")


@router.callback_query(MeetingTap.filter(F.do == "off"))
async def call_off(query: CallbackQuery, callback_data: MeetingTap, desk: Desk) -> None:
    tapped = query.message.message_id if query.message is not None else None

    def work(act: Act) -> None:
        meetings.cancel(act, callback_data.meeting)
        done = parcel.message(say(CALLED_OFF))
        act.turn.owe(desk.user_id, parcel.as_edit(done, tapped) if tapped else done)

    await desk.write(work, then="lead")
