"""How a working group is told: in a list, on its own page, and in what its members are sent."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from actions.act import Act
from actions.buttons import GroupTap, MeetingTap, Menu
from flows.phrase import N_, Phrase, count, lines, moment, say
from storage import group as groups
from storage import parcel
from storage.group import Meeting, WorkingGroup
from storage.parcel import Buttons, Parcel

# Themes a town begins with; a group keeps the word on the left, or one of the town's own.
THEMES: Mapping[str, str] = {
    "water": N_("Water and environment"),
    "parks": N_("Parks and sport"),
    "mobility": N_("Getting around"),
    "safety": N_("Safety and living together"),
    "culture": N_("Culture and festivities"),
    "children": N_("Children and young people"),
    "health": N_("Health and care"),
}

NAME = N_("👥 <b>{group}</b>")
THEME, THEME_PLACE = N_("🏷 {theme}"), N_("🏷 {theme} · {place}")
NEXT = N_("📅 Next meeting: {when}")
NEXT_TITLE = N_("📅 Next meeting: <b>{title}</b>, {when}")
NO_MEETING = N_("📅 No meeting is planned yet.")
HINT_NEXT = N_("{purpose} Next meeting: {when}.")
NOBODY_YET = N_("🙋 Nobody yet: be the first.")
YOU_ARE_IN = N_("✅ You are in this group.")
JOIN, LEAVE = N_("🙌 Join"), N_("Leave the group")
CHAT, LEAD = N_("💬 Enter its chat"), N_("🧭 Lead this group")
SEE_MEETING = N_("📅 Are you coming?")
ALL_GROUPS = N_("⬅️ All groups")
CALL_MEETING, MEETINGS = N_("📣 Call a meeting"), N_("📅 Meetings")
WRITE, MEMBERS = N_("✍️ Write to the members"), N_("👥 Members")
LED = N_("<b>{group}</b>\nWhat would you like to do?")
HAS_CHAT = N_("💬 It has a Telegram group.")
NO_CHAT = N_(
    "💬 It has no Telegram group yet. To link one, add me there and write /vincular in it."
)
WRITTEN = N_("✍️ {leader} writes to the group <b>{group}</b>:")
QUOTE = N_("“{words}”")
OPEN_GROUP = N_("See the group")
LINK_IS_HERE = N_(
    "Here is your own link into the chat of <b>{group}</b>. It works once, and only for you."
)
ENTER = N_("Enter the chat")
NO_LINK = N_(
    "You are in the group <b>{group}</b>, but I could not make a link into its chat. "
    "Whoever leads it knows, and will add you."
)
NO_LINK_LEADER = N_(
    "{person} joined <b>{group}</b>, but I could not make a link into its Telegram group. "
    "Please make me an administrator there who may invite people, or add the person yourself."
)
CHAT_LOST = N_(
    "I am no longer in the Telegram group of <b>{group}</b>, so nobody gets a link into it. "
    "To link it again, add me there and write /vincular in it."
)


def theme(group: WorkingGroup) -> Phrase:
    """A group's theme as people see it."""
    return theme_name(group.theme)


def theme_name(word: str) -> Phrase:
    """A theme by the word that is kept."""
    return say(THEMES[word]) if word in THEMES else word


def about(act: Act, group: WorkingGroup) -> Phrase:
    """A group's theme and, where it is for a part of town, which."""
    place = act.town.territory(group.territory_id)
    if place is None:
        return say(THEME, theme=theme(group))
    return say(THEME_PLACE, theme=theme(group), place=place.name)


def in_list(
    act: Act, group: WorkingGroup, size: int, meeting: Meeting | None, *, member: bool
) -> Phrase:
    """A group in a list: a paragraph of what it is, how many are in it and when it meets."""
    parts: list[Phrase] = [
        say(NAME, group=group.name),
        about(act, group),
        group.purpose,
        people(size),
    ]
    if meeting is not None:
        parts.append(say(NEXT, when=moment(meeting.starts_at)))
    if member:
        parts.append(say(YOU_ARE_IN))
    return lines([*parts, ""])


def people(size: int) -> Phrase:
    """How many are in a group."""
    if not size:
        return say(NOBODY_YET)
    return count("🙋 {count} person", "🙋 {count} people", size)


def hint(group: WorkingGroup, meeting: Meeting | None) -> Phrase:
    """What somebody who is choosing should know of a group."""
    if meeting is None:
        return group.purpose
    return say(HINT_NEXT, purpose=group.purpose, when=moment(meeting.starts_at))


def page(act: Act, group: WorkingGroup, *, member: bool) -> Parcel:
    """A group's own page, for who is in it and for who is not."""
    assert group.id is not None
    size = groups.sizes(act.session, [group.id]).get(group.id, 0)
    meeting = next(iter(groups.upcoming(act.session, group.id, act.now, 1)), None)
    parts: list[Phrase] = [say(NAME, group=group.name), about(act, group), "", group.purpose, ""]
    parts.append(people(size))
    if meeting is None:
        parts.append(say(NO_MEETING))
    else:
        parts.append(say(NEXT_TITLE, title=meeting.title, when=moment(meeting.starts_at)))
    if member:
        parts += ["", say(YOU_ARE_IN)]
    return parcel.message(lines(parts), page_buttons(act, group, meeting, member=member))


def page_buttons(
    act: Act, group: WorkingGroup, meeting: Meeting | None, *, member: bool
) -> Buttons:
    """What can be done on a group's page."""
    assert group.id is not None
    rows: Buttons = []
    if not member:
        rows.append([tap(JOIN, "join", group.id)])
    elif meeting is not None and meeting.id is not None:
        shows = MeetingTap(do="show", meeting=meeting.id).pack()
        rows.append([parcel.button(say(SEE_MEETING), shows)])
    if member and group.telegram_id is not None:
        rows.append([tap(CHAT, "chat", group.id)])
    if act.leads(group.id):
        rows.append([tap(LEAD, "lead", group.id)])
    if member:
        rows.append([tap(LEAVE, "leave", group.id)])
    rows.append([parcel.button(say(ALL_GROUPS), Menu(what="groups").pack())])
    return rows


def tools(act: Act, group: WorkingGroup) -> Parcel:
    """A leader's tools for one group."""
    assert group.id is not None
    size = groups.sizes(act.session, [group.id]).get(group.id, 0)
    text = lines(
        [
            say(LED, group=group.name),
            "",
            people(size),
            say(HAS_CHAT if group.telegram_id is not None else NO_CHAT),
        ]
    )
    rows: Buttons = [
        [tap(CALL_MEETING, "call", group.id), tap(MEETINGS, "meetings", group.id)],
        [tap(WRITE, "write", group.id), tap(MEMBERS, "members", group.id)],
    ]
    return parcel.message(text, rows)


def tap(label: str, do: str, group_id: int) -> dict[str, Any]:
    """A button of a group."""
    return parcel.button(say(label), GroupTap(do=do, group=group_id).pack())


def open_button(group_id: int) -> Buttons:
    """The way to a group's page."""
    return [[parcel.button(say(OPEN_GROUP), Menu(what="group", about=str(group_id)).pack())]]
