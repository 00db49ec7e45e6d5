"""A leader is invited, calls a meeting and sees who comes; a neighbour joins, answers and is
reminded; the meeting moves and is called off. All of it in chat."""

from __future__ import annotations

from datetime import timedelta

import pytest

from actions import group_words, groups, meeting_words, roles
from actions.act import NOT_YOURS
from handlers import groups as group_desk
from handlers import meetings as desk
from handlers import menu
from handlers import roles as role_desk
from handlers.consent import CONSENT_ASK
from tests.conversations.conftest import Town
from tests.conversations.talker import Talker

pytestmark = pytest.mark.asyncio(loop_scope="module")

RIVER = "Mesa del Río Sereno"
ROADS = "Caminos seguros a la escuela"
PARK = "Amigos del Parque Central"


def on(street: Town, days: int) -> str:
    """A day some days from now as people write it."""
    return f"{street.clock.now() + timedelta(days=days):%d/%m}"


async def invited(gestora: Talker, leader: Talker, group: str) -> None:
    """The gestora makes a link, the other opens it."""
    await gestora.says("/invitar")
    await gestora.taps(role_desk.A_LEADER)
    await gestora.taps(group)
    link = next(word for word in gestora.last.text.split() if word.startswith("https://t.me/"))
    await leader.does("follows", link)


async def joined(talker: Talker, group: str) -> None:
    """Join a group from the list."""
    await talker.says("/grupos")
    await talker.taps(group)
    await talker.taps(group_words.JOIN)
    await talker.taps("🙌 Yes, count me in")


async def called(leader: Talker, what: str, when: str, where: str = "La ceiba grande") -> None:
    """Call a meeting from the tools."""
    await leader.says("/liderar")
    await leader.taps(group_words.CALL_MEETING)
    await leader.says(what)
    await leader.says(when)
    await leader.says(where)
    await leader.taps("📣 Call the meeting")


@pytest.mark.parametrize("language", ["es", "en", "pt-br"])
async def test_a_meeting_from_the_invitation_to_the_last_reminder(
    street: Town, language: str
) -> None:
    group = {"es": RIVER, "en": ROADS, "pt-br": PARK}[language]
    gloria = await street.gestora("Gloria")
    rosa, ana = street.talker("Rosa", language), await street.neighbour("Ana", language)
    await invited(gloria, rosa, group)
    # Whoever opens an invitation agrees to the privacy text first, and then has the role.
    rosa.told(CONSENT_ASK)
    await rosa.taps("I agree")
    rosa.told(role_desk.NOW_LEADER, group=group, name="Rosa")
    gloria.find(roles.ACCEPTED, person="Rosa", role=gloria.reads(roles.LEADER_NAME, group=group))

    await joined(ana, group)
    ana.told("Welcome to <b>{group}</b>!", group=group)
    await called(rosa, "Limpieza del río", f"{on(street, 10)} 18:30")
    rosa.told("Done. I am telling the members, and will remind them the day and the hour before.")
    await street.jump(seconds=1)
    ana.find(meeting_words.NEWS["called"], group=group)
    assert "18:30" in ana.last.text or "6:30" in ana.last.text

    await ana.taps(meeting_words.LABELS["yes"])
    ana.shown(desk.NOTED["yes"])
    ana.told(meeting_words.YOUR_ANSWER, answer=ana.reads(meeting_words.WORDS["yes"]))
    await rosa.taps(desk.WHO_COMES)
    rosa.told(meeting_words.COMING, names="Ana")
    # Tapped again and again, it is said once and the card stays.
    before = len(ana.person.inbox)
    for _ in range(5):
        await ana.taps(meeting_words.LABELS["maybe"])
    assert len(ana.person.inbox) == before
    assert rosa.reads(meeting_words.PERHAPS, names="Ana") in rosa.last.text

    await rosa.taps(meeting_words.MOVE)
    await rosa.says(f"{on(street, 11)} 9:00")
    await rosa.does("presses", rosa.reads("Skip"))
    await rosa.taps("📣 Move the meeting")
    await street.jump(seconds=1)
    ana.find(meeting_words.NEWS["moved"], group=group)
    assert "La ceiba grande" in ana.last.text

    await street.jump(days=12)
    reminders = [
        seen.text
        for seen in ana.person.inbox
        if any(
            ana.reads(meeting_words.NEWS[name], group=group) in seen.text for name in ("24h", "1h")
        )
    ]
    assert len(reminders) == 2
    # A button of a meeting that is over says so.
    await ana.taps(meeting_words.LABELS["yes"])
    ana.shown("That meeting has begun already.")


async def test_called_off_is_asked_about_once_more_and_told(street: Town) -> None:
    gloria, ana = await street.gestora("Gilma"), await street.neighbour("Ana")
    await gloria.says("/menu")
    await gloria.taps(menu.NEW_GROUP)
    name = f"Huerta {gloria.id}"
    await gloria.says(name)
    await gloria.taps("Culture and festivities")
    await gloria.taps("Skip")
    await gloria.says("Sembramos juntas en el lote de la esquina.")
    await gloria.taps("✅ Create the group")
    gloria.told("The group <b>{group}</b> is ready.", group=name)
    await ana.starts("groups")
    while not any(name in row for row in ana.last.buttons):
        await ana.taps(menu.FOLLOWING)
    await ana.taps(name)
    await ana.taps(group_words.JOIN)
    await ana.taps("🙌 Yes, count me in")

    await gloria.says("/liderar")
    while not any(name in row for row in gloria.last.buttons):
        await gloria.taps(menu.FOLLOWING)
    await gloria.taps(name)
    await gloria.taps(group_words.CALL_MEETING)
    for said in ("Siembra", f"{on(street, 5)} 10:00", "El lote"):
        await gloria.says(said)
    await gloria.taps("📣 Call the meeting")
    await street.jump(seconds=1)
    ana.find(meeting_words.NEWS["called"], group=name)
    await gloria.taps(desk.WHO_COMES)
    await gloria.taps(meeting_words.CALL_OFF)
    await gloria.taps(meeting_words.KEEP)
    await street.jump(seconds=1)
    assert ana.reads(meeting_words.NEWS["cancelled"], group=name) not in ana.texts
    await gloria.taps(meeting_words.CALL_OFF)
    await gloria.taps(meeting_words.YES_OFF)
    await street.jump(seconds=1)
    ana.find(meeting_words.NEWS["cancelled"], group=name)

    await gloria.says("/liderar")
    while not any(name in row for row in gloria.last.buttons):
        await gloria.taps(menu.FOLLOWING)
    await gloria.taps(name)
    await gloria.taps(group_words.MEMBERS)
    assert "Ana" in gloria.last.text
    await gloria.taps(group_desk.BACK_TO_TOOLS)
    await gloria.taps(group_words.WRITE)
    await gloria.says("Gracias a todas <b>por</b> venir {hoy}.")
    await gloria.taps("Send")
    await street.jump(seconds=1)
    assert "Gracias a todas <b>por</b> venir {hoy}." in ana.last.text
    await ana.taps(group_words.OPEN_GROUP)
    await ana.taps(group_words.LEAVE)
    ana.told(group_desk.LEFT, group=name)
    await ana.does("taps", data="k:leave:1", forged=True)
    ana.shown(groups.NOT_IN_IT)


async def test_a_look_round_needs_no_consent_but_joining_does(street: Town) -> None:
    eva = street.talker("Eva")
    await eva.starts("groups")
    eva.told(group_desk.GROUPS)
    await eva.taps(group_desk.BY_THEME)
    await eva.taps("Movilidad")
    assert ROADS in eva.last.text and RIVER not in eva.last.text
    await eva.taps(ROADS)
    await eva.taps(group_words.JOIN)
    eva.told(CONSENT_ASK)
    await eva.taps("I agree")
    # What they were about to do goes on.
    await eva.taps("🙌 Yes, count me in")
    eva.told("Welcome to <b>{group}</b>!", group=ROADS)


async def test_what_is_not_theirs_is_refused(street: Town) -> None:
    eva = await street.neighbour("Eva")
    for payload in ("lead", "invite", "roles", "newgroup", "lead-1"):
        await eva.starts(payload)
        eva.told(NOT_YOURS)
    for data in ("k:lead:1", "k:call:1", "k:write:1", "k:members:1", "g:who:1", "g:off:1",
                 "g:cancel:1", "g:move:1", "o:gestor:0", "o:leader:1", "o:end:1", "o:ask:1",
                 "p:roles:0", "p:lead:0", "p:leaders:0", "p:members-1:0"):  # fmt: skip
        await eva.taps(data=data)
        eva.shown(NOT_YOURS)
    for payload in ("group-999", "group-x", "group-", "join-999", "role-", "role-x" * 8):
        await eva.starts(payload)
        assert eva.heard()
    for data in ("g:yes:99999", "g:perhaps:1", "k:leave:99999", "k:nothing:1", "p:groups-zz:99"):
        await eva.taps(data=data)
        assert not eva.untold()


async def test_a_role_is_listed_and_ended(street: Town) -> None:
    gloria, luz = await street.gestora("Gloria"), await street.gestora("Luz")
    await gloria.says("/roles")
    label = gloria.reads(role_desk.ONE, person="Luz", role=gloria.reads(roles.GESTOR_NAME))
    while label not in gloria.last.buttons:
        await gloria.taps(menu.FOLLOWING)
    await gloria.taps(label)
    gloria.told(role_desk.END_IT, person="Luz", role=gloria.reads(roles.GESTOR_NAME))
    await gloria.taps(role_desk.YES_END)
    luz.find(roles.ENDED, role=luz.reads(roles.GESTOR_NAME))
    await luz.says("/roles")
    luz.told(NOT_YOURS)
