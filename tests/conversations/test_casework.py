"""The team works on a report from its card: every verb, in one message that is edited in place."""

from __future__ import annotations

import pytest

from actions import bans, casework, merging, redacting, report_history, team_card
from actions import report_words as words
from actions.act import NOT_YOURS
from handlers import bans as bans_list
from handlers import casework as taps
from handlers import originals
from simulator.seen import Seen
from storage.person import by_telegram, roles_of
from storage.turn import Turn
from tests.conversations.conftest import ADMIN, Town
from tests.conversations.talker import Talker
from tests.conversations.test_report import SEND, STORY, code_in, head, stored, tells

pytestmark = pytest.mark.asyncio(loop_scope="module")


def card_of(who: Talker, code: str) -> Seen:
    """Somebody's card of a report, the newest that stands."""
    first = who.reads(words.HEADING, **head(who, code))
    return next(
        seen
        for seen in reversed(who.person.inbox)
        if seen.text.startswith(first) and seen.kind == "text" and seen.rows
    )


async def more(who: Talker, code: str, button: str) -> None:
    """Press one of the rarer buttons."""
    card = card_of(who, code)
    await who.taps(team_card.MORE, card)
    await who.taps(button, card_of(who, code))


async def test_a_case_from_hand_to_hand(street: Town) -> None:
    marta, luis = await street.gestora("Marta"), await street.gestora("Luis", "en")
    rosa = await street.neighbour("Rosa")
    code = await tells(rosa)
    card = card_of(marta, code)
    assert STORY in card.text and marta.reads(team_card.NOBODY_YET) in card.text
    await marta.taps(team_card.TAKE, card)
    marta.shown(taps.DONE)
    here = card_of(marta, code)
    assert here.id == card.id and "👤 Marta" in here.text
    assert marta.reads(team_card.TAKE) not in here.buttons

    # The rarer verbs are on the same message, and there is a way back.
    await marta.taps(team_card.MORE, here)
    rarer = card_of(marta, code)
    assert rarer.id == card.id and marta.reads(words.MOVES["confirmed"]) not in rarer.buttons
    await marta.taps(team_card.BACK, rarer)
    assert card_of(marta, code).buttons == here.buttons

    await more(marta, code, team_card.ASSIGN)
    await marta.taps("Luis", card_of(marta, code))
    assert "👤 Luis" in card_of(marta, code).text
    luis.find(casework.GIVEN, person="Marta", **head(luis, code))
    assert "👤 Luis" in card_of(luis, code).text

    # A note is for the team.
    before = rosa.texts
    await more(luis, code, team_card.NOTE)
    await luis.says("Preguntar a la empresa de luz.")
    luis.told("Done. The note is on the card.")
    await luis.taps(taps.TO_CARD)
    assert "Preguntar a la empresa de luz." in luis.last.text
    assert "Preguntar a la empresa de luz." in card_of(marta, code).text
    assert rosa.texts == before

    # What happened is told in order, with who did it.
    await more(luis, code, team_card.HISTORY)
    told = luis.find(taps.HISTORY_OF, **head(luis, code)).text
    assert told.index(luis.reads(report_history.TOOK)) < told.index("Preguntar a la empresa")
    assert "Marta" in told and luis.reads(report_history.TELLER) in told


async def test_a_photo_of_the_work(street: Town) -> None:
    marta, rosa = await street.gestora("Marta"), await street.neighbour("Rosa")
    code = await tells(rosa)
    await more(marta, code, team_card.AFTER_BUTTON)
    await marta.does("sends_photo")
    await marta.taps("Done")
    await marta.says("Lámpara nueva.")
    await marta.taps("Send")
    news = rosa.find(casework.SEEN_WORK, **head(rosa, code))
    assert news.kind == "photo" and "Lámpara nueva." in news.text
    card = card_of(marta, code)
    assert marta.reads(team_card.AFTER_PHOTO) in card.text
    await marta.taps("Photos", card)
    assert [seen.kind for seen in marta.heard()] == ["photo", "photo"]
    assert len({seen.text for seen in marta.heard()}) == 2


@pytest.mark.parametrize("how", ["no_action", "not_responsible", "somebody_else", "not_needed"])
async def test_closed_and_the_neighbour_reads_why(lane: Town, how: str) -> None:
    marta, rosa = await lane.gestora("Marta"), await lane.neighbour("Rosa", "en")
    code = await tells(rosa)
    await marta.taps(words.MOVES["closed"], card_of(marta, code))
    labels = {
        "no_action": "Nothing more will be done",
        "not_responsible": "It is up to somebody else",
        "somebody_else": "It is up to somebody else",
        "not_needed": "It is no longer needed",
    }
    await marta.taps(labels[how])
    if how == "not_responsible":
        # The category's own body is the first that is proposed.
        body = marta.last.buttons[0]
        await marta.taps(body)
    elif how == "somebody_else":
        await marta.taps("Somebody else")
        body = "La Gobernación, 018000 111"
        await marta.says(body)
    await marta.says("Así lo decidió el comité.")
    await marta.taps("Send")
    marta.told("Done. The person who reported will read it.")
    read = rosa.find(words.CHANGED["closed"], **head(rosa, code)).text
    assert "Así lo decidió el comité." in read
    report = await stored(lane, code)
    kind = "not_responsible" if how == "somebody_else" else how
    assert (report.state, report.closed_as) == ("closed", kind)
    if kind == "not_responsible":
        assert report.responsible == body
        assert body in card_of(marta, code).text
        assert rosa.reads(words.WHY_CLOSED[kind], responsible=body) in read
    else:
        assert rosa.reads(words.WHY_CLOSED[kind]) in read


async def test_closed_as_a_duplicate_and_a_wrong_code_loses_nothing(street: Town) -> None:
    marta = await street.gestora("Marta")
    rosa, ana = await street.neighbour("Rosa"), await street.neighbour("Ana", "pt-br")
    first, second = await tells(rosa), await tells(ana, "A lâmpada da esquina não acende.")
    await marta.taps(words.MOVES["closed"], card_of(marta, second))
    await marta.taps("Another report tells the same")
    # It is near, so it is offered.
    assert first in marta.last.text
    await marta.says("R-99999")
    marta.told(merging.NO_SUCH_CODE, code="R-99999")
    await marta.says(second)
    marta.told(merging.ITSELF)
    await marta.says(first.lower())
    await marta.taps("Send")
    read = ana.find(words.CHANGED["closed"], **head(ana, second)).text
    assert ana.reads(words.WHY_CLOSED["duplicate"], code=first) in read
    original = await stored(street, first)
    assert original.supports == 1
    assert marta.reads(report_history.SAME, code=second) in card_of(marta, first).text
    # Ana hears what becomes of the other one.
    await marta.taps(words.MOVES["planned"], card_of(marta, first))
    ana.find(words.CHANGED["planned"], **head(ana, first))


async def test_joined_to_another_from_the_rarer_buttons(lane: Town) -> None:
    marta, rosa = await lane.gestora("Marta"), await lane.neighbour("Rosa")
    ana = await lane.neighbour("Ana")
    first, second = await tells(rosa), await tells(ana, "La lámpara de la esquina no prende.")
    await more(marta, second, team_card.MERGE)
    await marta.says(first)
    await marta.taps("🔗 Join them")
    marta.told("Done. Everybody who waited for it will hear of <b>{code}</b>.", code=first)
    await marta.taps(taps.TO_CARD)
    assert first in marta.last.text and "🤝" in marta.last.text
    assert marta.reads(words.CLOSED_AS["duplicate"], code=first) in card_of(marta, second).text


async def test_words_and_a_photo_are_taken_out(street: Town) -> None:
    marta, rosa = await street.gestora("Marta"), await street.neighbour("Rosa")
    admin = street.talker("Admin", id=ADMIN)
    await admin.starts("mine")
    if admin.reads("I agree") in admin.last.buttons:
        await admin.taps("I agree")
    code = await tells(rosa, "Pérez, el de la tienda, rompió el poste.")
    await more(marta, code, team_card.REDACT)
    await marta.taps("Pérez")
    await marta.says("Alguien rompió el poste.")
    await marta.taps("🖍 Take it out")
    marta.told("Done: it is taken out of <b>{code}</b>.", code=code)
    card = card_of(marta, code)
    assert "Alguien rompió el poste." in card.text and "Pérez" not in card.text
    rosa.find(redacting.TOLD, **head(rosa, code))

    await more(marta, code, team_card.REDACT)
    photo = next(label for label in marta.last.buttons if label.startswith("Foto"))
    await marta.taps(photo)
    await marta.taps("🖍 Take it out")
    card = card_of(marta, code)
    assert "📷" not in card.text and marta.reads(words.PHOTOS) not in card.buttons
    # The gestora is not offered what was taken out; the administrator is.
    await marta.taps(team_card.MORE, card)
    assert marta.reads(team_card.ORIGINALS) not in card_of(marta, code).buttons
    number = (await stored(street, code)).id
    await marta.taps(data=f"r:originals:{number}:")
    marta.shown(NOT_YOURS)
    await admin.taps(data=f"r:card:{number}:")
    await more(admin, code, team_card.ORIGINALS)
    told, photo_itself = admin.heard()[-2:]
    assert admin.reads(originals.TAKEN_OUT_OF, **head(admin, code)) in told.text
    assert "Pérez, el de la tienda" in told.text and photo_itself.kind == "photo"


async def test_banned_told_and_let_write_again(street: Town) -> None:
    marta, rosa = await street.gestora("Marta"), await street.neighbour("Rosa")
    code = await tells(rosa)
    await more(marta, code, team_card.BAN)
    await marta.taps(bans.TELLER)
    await marta.taps("A week")
    await marta.says("Insultos a la vecina.")
    await marta.taps("🚫 Ban")
    assert "Insultos a la vecina." in rosa.last.text
    assert "🚫" in card_of(marta, code).text
    await rosa.says("/reportar")
    if "Alumbrado" in "".join(rosa.last.buttons):
        await rosa.taps("Alumbrado")
        await rosa.says(STORY)
        await rosa.says("Calle 5 con 8, esquina")
        await rosa.taps("Skip")
        await rosa.taps("✅ Send the report")
    assert "Insultos a la vecina." in rosa.last.text
    await marta.says("/vetos")
    assert "Insultos a la vecina." in marta.told(bans_list.LIST).text
    await marta.taps(bans_list.LET_WRITE, person="Rosa")
    marta.shown(bans_list.LIFTED)
    rosa.find(bans.LIFTED)
    assert "🚫" not in card_of(marta, code).text
    await rosa.says("/bandeja")
    rosa.shown(NOT_YOURS)
    await rosa.says("/vetos")
    rosa.shown(NOT_YOURS)


async def test_the_card_ends_a_ban_too(lane: Town) -> None:
    marta, rosa = await lane.gestora("Marta"), await lane.neighbour("Rosa")
    code = await tells(rosa)
    await more(marta, code, team_card.BAN)
    await marta.taps(bans.TELLER)
    await marta.taps("A day")
    await marta.says("Insultos.")
    await marta.taps("🚫 Ban")
    await more(marta, code, team_card.LIFT)
    marta.shown(taps.LIFTED)
    assert "🚫" not in card_of(marta, code).text
    await marta.taps(data=f"r:lift:{(await stored(lane, code)).id}:")
    marta.shown(bans.NOT_BANNED)


async def test_private_hidden_and_shown_again(lane: Town) -> None:
    marta, rosa = await lane.gestora("Marta"), await lane.neighbour("Rosa")
    code = await tells(rosa)
    await more(marta, code, team_card.MAKE_PRIVATE)
    assert marta.reads(team_card.PRIVATE) in card_of(marta, code).text
    rosa.find(casework.PRIVATE_NOW, **head(rosa, code))
    await more(marta, code, team_card.MAKE_PUBLIC)
    assert marta.reads(team_card.PRIVATE) not in card_of(marta, code).text
    await more(marta, code, words.MOVES["hidden"])
    await marta.taps(team_card.YES_HIDE)
    assert (await stored(lane, code)).state == "hidden"
    rosa.find(words.CHANGED["hidden"], **head(rosa, code))
    await marta.taps(words.MOVES["received"], card_of(marta, code))
    assert (await stored(lane, code)).state == "received"


async def _ends(town: Town, who: Talker) -> None:
    def end(turn: Turn) -> None:
        person = by_telegram(turn.session, who.id)
        assert person is not None
        for role in roles_of(turn.session, person.id or 0):
            turn.session.delete(role)

    await town.turn(end)


async def test_a_gestora_removed_while_she_holds_the_card(lane: Town) -> None:
    marta, luis = await lane.gestora("Marta"), await lane.gestora("Luis")
    rosa = await lane.neighbour("Rosa")
    code = await tells(rosa)
    card = card_of(marta, code)
    await more(marta, code, team_card.NOTE)
    await _ends(lane, marta)
    held = [b["callback_data"] for row in card_of(marta, code).rows for b in row]
    held += [b["callback_data"] for row in card.rows for b in row]
    before = await stored(lane, code)
    for data in held:
        await marta.taps(data=data)
        marta.shown(NOT_YOURS)
    # The form she had open takes nothing either, and lets her go.
    await marta.says("Una nota que ya no es suya.")
    marta.shown(NOT_YOURS)
    after = await stored(lane, code)
    assert (before.state, before.assignee_id) == (after.state, after.assignee_id)
    assert "Una nota" not in card_of(luis, code).text
    # What happens from now on is not shown on the card she still has.
    was = card_of(marta, code).text
    await luis.taps(words.MOVES["planned"], card_of(luis, code))
    assert card_of(marta, code).text == was
    await marta.says("/menu")
    assert marta.reads("📥 Open reports") not in marta.last.buttons


async def test_two_take_it_at_once(street: Town) -> None:
    marta, luis = await street.gestora("Marta"), await street.gestora("Luis")
    rosa = await street.neighbour("Rosa")
    code = await tells(rosa)
    hers, his = card_of(marta, code), card_of(luis, code)
    marta.person.taps(marta.reads(team_card.TAKE), hers)
    luis.person.taps(luis.reads(team_card.TAKE), his)
    await street.quiet()
    street.judge()
    toasts = [marta.person.toasts[-1], luis.person.toasts[-1]]
    report = await stored(street, code)

    def holder(turn: Turn) -> int:
        person = by_telegram(turn.session, marta.id)
        return 0 if person is not None and person.id == report.assignee_id else 1

    won = await street.turn(holder)
    name = ("Marta", "Luis")[won]
    assert toasts[won] == marta.reads(taps.DONE)
    assert toasts[1 - won] == marta.reads(casework.HAS_CHANGED_HANDS, person=name)
    for who in (marta, luis):
        assert f"👤 {name}" in card_of(who, code).text


async def test_buttons_of_a_card_that_was_put_further_down(lane: Town) -> None:
    marta, rosa = await lane.gestora("Marta"), await lane.neighbour("Rosa")
    code = await tells(rosa)
    old = card_of(marta, code)
    number = (await stored(lane, code)).id
    await marta.taps(data=f"r:card:{number}:")
    fresh = card_of(marta, code)
    assert fresh.id != old.id
    # Pressed on the old message, the rarer buttons come where they can be seen.
    marta.person.taps(data=f"r:more:{number}:", message=old, forged=True)
    await lane.quiet()
    lane.judge()
    newest = card_of(marta, code)
    assert newest.id > fresh.id and marta.reads(team_card.NOTE) in newest.buttons


async def test_another_subject_and_a_barrio(street: Town) -> None:
    marta, rosa = await street.gestora("Marta"), await street.neighbour("Rosa")
    await rosa.says("/reportar")
    await rosa.taps("Parques")
    await rosa.says("El poste de la cancha está apagado.")
    await rosa.says("Detrás del mercado viejo")
    for _ in range(2):
        await rosa.taps("Skip")
    await rosa.taps(SEND)
    code = code_in(rosa.last.text)
    await marta.taps(team_card.MORE, marta.find(code))
    await marta.taps(team_card.CATEGORIZE, marta.find(code))
    marta.told("What is <b>{code}</b> about?", code=code)
    await marta.taps("Alumbrado")
    await marta.taps("🏷 Change the subject")
    assert "Alumbrado" in rosa.find("🏷 El equipo pasó").text
    await more(marta, code, team_card.LOCATE)
    await marta.says("la loma")
    marta.told("Done. The barrio is on the card.")
    card = card_of(marta, code)
    assert "La Loma" in card.text and "Alumbrado" in card.text
