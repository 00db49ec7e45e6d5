"""The team's Telegram group: linked by a gestora, each report one card in it, every press asked for
its own right; it follows Telegram where the chat moves, and is let go of where we are put out."""

from __future__ import annotations

from functools import partial

from sqlmodel import select

from actions import casework, report_cards, roles, staff, staff_cards, team_card
from actions import report_words as words
from actions.act import NOT_YOURS
from handlers import desk
from handlers import group_chats as working
from handlers import roles as role_desk
from handlers import staff_group as team
from simulator.chats import Group
from simulator.people import ANONYMOUS_ADMIN
from storage import staff as staff_stored
from storage.card import chats_of
from storage.person import by_telegram, roles_of
from storage.report import by_code
from storage.staff import StaffGroup
from storage.turn import Turn
from tests.conversations.conftest import Town
from tests.conversations.talker import Talker
from tests.conversations.test_group_chat import RIVER, chat_of, linked, number_of
from tests.conversations.test_report import head, tells


async def staff_chats(town: Town) -> list[int]:
    """The numbers of the chats that are the team's."""
    return await town.turn(lambda turn: list(turn.session.exec(select(StaffGroup.chat_id))))


async def the_team(town: Town, marta: Talker, *others: Talker) -> Group:
    """A Telegram group of the gestora's, made the team's chat."""
    people = [other.person for other in others]
    group = town.sim.group("El equipo", people, admins=[marta.person], bot_admin=True)
    await town.quiet()
    there = marta.at(group)
    await there.says("/equipo")
    there.told(team.SHALL_I)
    await there.taps(team.YES_LINK)
    there.told(team.LINKED)
    assert await staff_chats(town) == [group.id]
    return group


async def test_each_report_is_one_card_there_with_the_same_buttons(small_town: Town) -> None:
    town = small_town
    marta, luz = await town.gestora("Marta"), await town.gestora("Luz")
    rosa = await town.neighbour("Rosa")
    group = await the_team(town, marta, luz)
    code = await tells(rosa)
    here, there = marta.at(group), luz.at(group)
    card = here.find(words.HEADING, **head(marta, code))
    await there.taps("Confirm", card)
    changed = here.find(words.HEADING, **head(marta, code))
    assert changed.id == card.id
    assert marta.reads(words.STATES["confirmed"]) in changed.text
    # What asks for words is asked in private, and a toast says so.
    await there.taps("Answer", changed)
    assert luz.person.toasts[-1] == luz.reads(desk.IN_PRIVATE)
    assert code in luz.last.text
    await luz.says("Vamos esta semana.")
    await luz.taps("Send")
    assert here.find(words.HEADING, **head(marta, code)).id == card.id
    # Both gestoras have one card each in private, and the team's chat one for all.
    chats = await town.turn(lambda turn: chats_of(turn.session, _subject(turn, code)))
    assert sorted(chats) == sorted([group.id, marta.id, luz.id])


def _subject(turn: Turn, code: str) -> str:
    report = by_code(turn.session, code)
    assert report is not None
    return f"report:{report.id}"


async def test_what_is_open_already_comes_too(small_town: Town) -> None:
    town = small_town
    marta, rosa = await town.gestora("Marta"), await town.neighbour("Rosa")
    before = await tells(rosa)
    group = await the_team(town, marta)
    await town.jump(seconds=1)
    card = marta.at(group).find(words.HEADING, **head(marta, before))
    await marta.at(group).taps("Confirm", card)
    changed = marta.at(group).find(words.HEADING, **head(marta, before))
    assert changed.id == card.id and marta.reads(words.STATES["confirmed"]) in changed.text


async def test_every_press_is_the_pressers_own(small_town: Town) -> None:
    town = small_town
    marta, rosa = await town.gestora("Marta"), await town.neighbour("Rosa")
    ana, luis = await town.neighbour("Ana"), town.talker("Luis")
    group = await the_team(town, marta, ana, luis)
    code = await tells(rosa)
    card = marta.at(group).find(words.HEADING, **head(marta, code))
    for verb in ("Confirm", "Answer"):
        await ana.at(group).taps(verb, card)
        assert ana.person.toasts[-1] == ana.reads(NOT_YOURS)
        # Somebody who has never written to the bot is told how to begin.
        await luis.at(group).taps(verb, card)
        assert "t.me/villaceiba_bot" in luis.person.toasts[-1]
    assert ana.reads("Confirm") in marta.at(group).find(words.HEADING, **head(marta, code)).buttons
    # A gestora who blocked the bot is told why nothing comes.
    await marta.does("blocks")
    await marta.at(group).taps("Answer", card)
    assert marta.person.toasts[-1] == marta.reads(desk.CANNOT_REACH, bot="villaceiba_bot")


async def test_the_rarer_buttons_open_in_private_and_leave_everybodys_card_alone(
    small_town: Town,
) -> None:
    town = small_town
    marta, luz = await town.gestora("Marta"), await town.gestora("Luz")
    rosa = await town.neighbour("Rosa")
    group = await the_team(town, marta, luz)
    code = await tells(rosa)
    here = luz.at(group)
    card = here.find(words.HEADING, **head(luz, code))
    for button in (team_card.MORE, "r:assign:1:", "r:back:1:"):
        if button.startswith("r:"):
            await here.taps(data=button, message=card)
        else:
            await here.taps(button, card)
        assert luz.person.toasts[-1] == luz.reads(desk.IN_PRIVATE)
        assert here.find(words.HEADING, **head(luz, code)).buttons == card.buttons
        assert luz.last.text.startswith(luz.reads(words.HEADING, **head(luz, code)))
    await here.taps(team_card.MORE, card)
    await luz.taps(team_card.ASSIGN, luz.last)
    await luz.taps("Marta", luz.last)
    assert "👤 Marta" in here.find(words.HEADING, **head(luz, code)).text
    # Who cannot be written to is told how to change that.
    await luz.does("blocks")
    await here.taps(team_card.MORE, card)
    assert luz.person.toasts[-1] == luz.reads(desk.CANNOT_REACH, bot="villaceiba_bot")


async def test_hiding_asks_once_before_anybody_is_told(small_town: Town) -> None:
    town = small_town
    marta, rosa = await town.gestora("Marta"), await town.neighbour("Rosa")
    code = await tells(rosa)
    told = rosa.texts
    for answer in (team_card.NO_HIDE, team_card.YES_HIDE):
        card = marta.find(words.HEADING, **head(marta, code))
        await marta.taps(team_card.MORE, card)
        await marta.taps("Hide", marta.find(words.HEADING, **head(marta, code)))
        marta.told(team_card.SURE_HIDE)
        assert rosa.texts == told
        await marta.taps(answer)
        if answer == team_card.NO_HIDE:
            assert rosa.texts == told
            await marta.taps(team_card.BACK)
    rosa.find(words.CHANGED["hidden"], **head(rosa, code))
    # Asked of what has moved on meanwhile, nothing is hidden.
    await marta.taps(data="r:hide:1:received")
    marta.shown(casework.MOVED_ALREADY)


VERBS = ("move:1:received.confirmed", "move:1:received.hidden", "take:1:0", "give:1:0.1",
         "assign:1:", "privacy:1:private", "answer:1:", "ask:1:", "note:1:", "after:1:",
         "expected:1:", "merge:1:", "redact:1:", "ban:1:", "lift:1:", "hide:1:received",
         "history:1:", "originals:1:", "photos:1:", "place:1:", "card:1:", "more:1:",
         "back:1:")  # fmt: skip


async def test_whoever_is_not_of_the_team_gets_nothing_out_of_its_chat(small_town: Town) -> None:
    town = small_town
    marta, rosa = await town.gestora("Marta"), await town.neighbour("Rosa")
    ana, luis = await town.neighbour("Ana"), town.talker("Luis")
    eva = await town.leader("Eva", await number_of(town, RIVER))
    nora = await town.neighbour("Nora")
    group = await the_team(town, marta, ana, luis, eva, nora)
    code = await tells(rosa)
    # Who has left may still have the card on their screen.
    await nora.at(group).does("leaves")
    card = marta.at(group).find(words.HEADING, **head(marta, code))
    heard = rosa.texts
    for who in (ana, luis, eva, nora, rosa):
        there, private = who.at(group), who.texts
        for verb in VERBS:
            await there.taps(data=f"r:{verb}", message=card)
            no = desk.WRITE_FIRST if who is luis else NOT_YOURS
            assert there.toasted() == [who.reads(no, bot="villaceiba_bot")], verb
        for tap in ("s:ask:1", "s:off:1", "s:link:0"):
            await there.taps(data=tap, message=card)
        assert who.texts == private
    same = marta.at(group).find(words.HEADING, **head(marta, code))
    assert (same.text, same.buttons) == (card.text, card.buttons)
    assert rosa.texts == heard and await staff_chats(town) == [group.id]


async def test_who_presses_as_the_group_itself_is_nobody(small_town: Town) -> None:
    town = small_town
    marta, rosa = await town.gestora("Marta"), await town.neighbour("Rosa")
    group = await the_team(town, marta)
    code = await tells(rosa)
    card = marta.at(group).find(words.HEADING, **head(marta, code))
    # Telegram says who an anonymous administrator is when they press: it is herself.
    await marta.at(group).does("anonymous")
    await marta.at(group).taps(team_card.TAKE, card)
    card = marta.at(group).find(words.HEADING, **head(marta, code))
    assert "👤 Marta" in card.text
    # Should it ever say that it was the group, nothing is done.
    for number, verb in enumerate(VERBS):
        tap = {"id": f"{number}", "from": ANONYMOUS_ADMIN, "chat_instance": "c",
               "message": card.data, "data": f"r:{verb}"}  # fmt: skip
        await town.house.intake.accept([{"update_id": 900_000_000 + number, "callback_query": tap}])
    await town.quiet()
    # These taps were invented here: Telegram does not know them.
    town.sim.violations[:] = [v for v in town.sim.violations if "query" not in str(v).lower()]
    same = marta.at(group).find(words.HEADING, **head(marta, code))
    assert (same.text, same.buttons) == (card.text, card.buttons)
    report = await town.turn(lambda turn: by_code(turn.session, code))
    assert report is not None and report.state == "received"


async def test_who_may_make_a_chat_the_teams(small_town: Town) -> None:
    town = small_town
    marta, ana = await town.gestora("Marta"), await town.neighbour("Ana")
    rosa = await town.leader("Rosa", await number_of(town, RIVER))
    group = town.sim.group("Un chat", [ana.person], admins=[marta.person, rosa.person])
    await town.quiet()
    await ana.at(group).says("/equipo")
    assert ana.reads(NOT_YOURS) in ana.at(group).last.text
    await rosa.at(group).says("/equipo")
    assert rosa.reads(NOT_YOURS) in rosa.at(group).last.text
    # Who writes as the group is asked to write as themselves.
    await marta.at(group).does("anonymous")
    await marta.at(group).says("/equipo")
    assert marta.reads(desk.AS_YOURSELF) in marta.at(group).last.text
    await marta.at(group).does("anonymous", False)
    await marta.at(group).says("/equipo")
    question = marta.at(group).last
    await ana.at(group).taps(team.YES_LINK, question)
    assert ana.person.toasts[-1] == ana.reads(NOT_YOURS)
    assert await staff_chats(town) == []
    await marta.at(group).taps(team.NO_LINK, question)
    assert marta.reads(team.NOT_NOW) in marta.at(group).last.text
    # Not from a private chat, where there is no group to link.
    await marta.taps(data="s:link:0")
    assert await staff_chats(town) == []


async def test_a_working_groups_chat_is_not_the_teams_and_the_other_way_round(
    small_town: Town,
) -> None:
    town = small_town
    marta = await town.gestora("Marta")
    rosa = await town.leader("Rosa", await number_of(town, RIVER))
    theirs = await linked(town, rosa, RIVER)
    await marta.at(theirs).does("joins", chat=theirs.id)
    await marta.at(theirs).says("/equipo")
    assert marta.reads(staff.A_WORKING_GROUP, group=RIVER) in marta.at(theirs).last.text
    await marta.at(theirs).taps(data="s:link:0")
    assert await staff_chats(town) == []
    ours = await the_team(town, marta)
    await marta.at(ours).says("/vincular")
    await marta.at(ours).taps(RIVER)
    assert marta.person.toasts[-1] == marta.reads(staff.THE_TEAMS)
    assert await chat_of(town, RIVER) == theirs.id


async def test_telegram_moves_the_chat_and_the_cards_go_along(small_town: Town) -> None:
    town = small_town
    marta, rosa = await town.gestora("Marta"), await town.neighbour("Rosa")
    group = await the_team(town, marta)
    code = await tells(rosa)
    bigger = town.sim.migrate(group)
    await town.quiet()
    assert await staff_chats(town) == [bigger.id]
    chats = await town.turn(lambda turn: chats_of(turn.session, _subject(turn, code)))
    assert bigger.id in chats and group.id not in chats
    second = await tells(rosa, "Otro poste apagado, en la esquina del mercado.")
    there = marta.at(bigger)
    await there.taps("Confirm", there.find(words.HEADING, **head(marta, second)))
    there.told(words.STATES["confirmed"])


async def test_the_new_chat_alone_says_where_it_came_from(small_town: Town) -> None:
    town = small_town
    marta, rosa = await town.gestora("Marta"), await town.neighbour("Rosa")
    group = await the_team(town, marta)
    bigger = town.sim.group("El equipo", [marta.person], bot_admin=True, supergroup=True)
    town.sim.world.post(bigger, {"migrate_from_chat_id": group.id}, user=marta.person.user)
    await town.quiet()
    assert await staff_chats(town) == [bigger.id]
    code = await tells(rosa)
    assert code in marta.at(bigger).texts


async def test_an_old_card_takes_nobody_elses_place_where_messages_are_numbered_anew(
    small_town: Town,
) -> None:
    town = small_town
    marta, rosa = await town.gestora("Marta"), await town.neighbour("Rosa")
    group = await the_team(town, marta)
    first = await tells(rosa)
    before = marta.at(group).find(words.HEADING, **head(marta, first))
    bigger = town.sim.migrate(group)
    await town.quiet()
    there = marta.at(bigger)
    # The old card's own number is another one's in the new chat.
    assert bigger.last_message_id < before.id
    bigger.last_message_id = before.id - 1
    second = await tells(rosa, "Otro poste apagado, en la esquina del mercado.")
    card = there.find(words.HEADING, **head(marta, second))
    assert card.id == before.id
    await marta.taps("Confirm", marta.find(words.HEADING, **head(marta, first)))
    assert there.find(words.HEADING, **head(marta, second)).id == card.id
    anew = there.find(words.HEADING, **head(marta, first))
    assert anew.id > card.id
    # From then on that one is kept up to date.
    await marta.taps("Look into it", marta.find(words.HEADING, **head(marta, first)))
    assert there.find(words.HEADING, **head(marta, first)).id == anew.id
    assert marta.reads(words.STATES["investigating"]) in there.texts


async def test_put_out_of_the_chat_the_admins_hear_once(small_town: Town) -> None:
    town = small_town
    marta, rosa = await town.gestora("Marta"), await town.neighbour("Rosa")
    admin = await town.neighbour("Ada", id=900)
    group = await the_team(town, marta)
    await marta.at(group).does("removes_bot")
    assert await staff_chats(town) == []
    assert admin.texts.count(admin.reads(staff.LOST, title="El equipo")) == 1
    # Reports are told all the same, and nothing is sent where we are not.
    assert await tells(rosa)
    await marta.at(group).does("adds_bot")
    assert marta.reads(working.HELLO) in marta.at(group).last.text
    await marta.at(group).says("/equipo")
    await marta.at(group).taps(team.YES_LINK)
    assert await staff_chats(town) == [group.id]


async def test_unlinked_in_the_chat_or_in_private_nothing_more_comes(small_town: Town) -> None:
    town = small_town
    marta, rosa = await town.gestora("Marta"), await town.neighbour("Rosa")
    await marta.says("/equipo")
    marta.told(team.NONE_YET)
    group = await the_team(town, marta)
    there = marta.at(group)
    code = await tells(rosa)
    await there.says("/equipo")
    await there.taps(team.UNLINK)
    await there.taps(team.NO_STOP)
    there.told(team.IS_LINKED)
    await there.taps(team.UNLINK)
    await there.taps(team.YES_STOP)
    assert await staff_chats(town) == []
    card = there.find(words.HEADING, **head(marta, code))
    await marta.taps("Confirm", marta.find(words.HEADING, **head(marta, code)))
    stale = there.find(words.HEADING, **head(marta, code))
    assert stale.text == card.text
    # What is asked for there is shown to whoever asks, and to nobody else.
    assert not stale.rows
    await there.taps(data="r:more:1:", message=stale)
    assert marta.find(report_cards.NOT_THERE).text
    assert marta.reads(words.STATES["confirmed"]) in marta.last.text
    stale = there.find(words.HEADING, **head(marta, code))
    assert stale.text == card.text and not stale.rows
    second = await tells(rosa, "Otro poste apagado, en la esquina del mercado.")
    assert second not in there.texts
    # Again, and ended from the private chat.
    await there.says("/equipo")
    await there.taps(team.YES_LINK)
    await marta.says("/equipo")
    await marta.taps(team.END_ONE, title="El equipo")
    await marta.taps(team.YES_STOP)
    assert await staff_chats(town) == []
    marta.told(team.UNLINKED, title="El equipo")


async def test_a_gestora_removed_presses_in_vain(small_town: Town) -> None:
    town = small_town
    marta, luz = await town.gestora("Marta"), await town.gestora("Luz")
    rosa = await town.neighbour("Rosa")
    group = await the_team(town, marta, luz)
    code = await tells(rosa)

    def end(turn: Turn) -> None:
        person = by_telegram(turn.session, luz.id)
        assert person is not None
        for role in roles_of(turn.session, person.id or 0):
            turn.session.delete(role)

    await town.turn(end)
    card = luz.at(group).find(words.HEADING, **head(luz, code))
    await luz.at(group).taps("Confirm", card)
    assert luz.person.toasts[-1] == luz.reads(NOT_YOURS)
    assert luz.reads("Confirm") in luz.at(group).find(words.HEADING, **head(luz, code)).buttons


async def test_whose_role_ends_is_to_be_taken_out_of_the_chat_too(small_town: Town) -> None:
    town = small_town
    marta, luz = await town.gestora("Marta"), await town.gestora("Luz")
    ines = await town.gestora("Inés")
    group = await the_team(town, marta, luz)
    there = marta.at(group)
    told = {name: there.reads(staff.STILL_THERE, person=name, title="El equipo")
            for name in ("Luz", "Inés")}  # fmt: skip
    await _ends_role(marta, "Luz")
    assert told["Luz"] in there.last.text and told["Luz"] in marta.texts
    assert told["Luz"] not in luz.texts
    # Who is not in it is no matter.
    await _ends_role(marta, "Inés")
    assert told["Inés"] not in there.texts and told["Inés"] not in marta.texts
    assert told["Inés"] not in ines.texts
    assert await town.turn(lambda turn: staff_stored.refusal(turn.session, group.id)) is None


async def _ends_role(who: Talker, name: str) -> None:
    await who.says("/roles")
    await who.taps(role_desk.ONE, person=name, role=who.reads(roles.GESTOR_NAME))
    await who.taps(role_desk.YES_END)


async def test_a_public_chat_is_not_made_the_teams(small_town: Town) -> None:
    town = small_town
    marta = await town.gestora("Marta")
    group = town.sim.group("Un chat", admins=[marta.person], bot_admin=True, supergroup=True)
    group.username = "plaza_central"
    await town.quiet()
    there = marta.at(group)
    await there.says("/equipo")
    assert there.reads(staff.IS_PUBLIC, name="plaza_central") in there.last.text
    # Nor by the button of a question that was asked before it was public.
    await there.taps(data="s:link:0")
    assert marta.person.toasts[-1] == marta.reads(staff.IS_PUBLIC, name="plaza_central")
    assert await staff_chats(town) == []


async def test_what_is_opened_again_comes_to_mind_under_its_one_card(small_town: Town) -> None:
    town = small_town
    marta, rosa = await town.gestora("Marta"), await town.neighbour("Rosa")
    before = await tells(rosa)
    await town.turn(partial(_fixed, before))
    group = await the_team(town, marta)
    there = marta.at(group)
    code = await tells(rosa, "Otro poste apagado, en la esquina del mercado.")
    card = there.find(words.HEADING, **head(marta, code))
    await town.turn(partial(_fixed, code))
    for one in (before, code):
        await marta.says(f"/reporte {one}")
        await marta.taps("Reopen")
    reminder = there.find(staff_cards.OPENED_AGAIN, **head(marta, code))
    assert reminder.data["reply_to_message"]["message_id"] == card.id
    # What was done with before the chat was linked has its first card there now.
    assert there.reads(staff_cards.OPENED_AGAIN, **head(marta, before)) not in there.texts
    assert there.reads("Confirm") in there.find(words.HEADING, **head(marta, before)).buttons


def _fixed(code: str, turn: Turn) -> None:
    report = by_code(turn.session, code)
    assert report is not None
    report.state = "fixed"
    turn.session.flush()


async def test_the_help_names_the_teams_commands_to_the_team_alone(small_town: Town) -> None:
    marta, rosa = await small_town.gestora("Marta"), await small_town.neighbour("Rosa")
    await marta.says("/ayuda")
    assert "/equipo" in marta.last.text and "/bandeja" in marta.last.text
    await rosa.says("/ayuda")
    assert "/equipo" not in rosa.last.text
