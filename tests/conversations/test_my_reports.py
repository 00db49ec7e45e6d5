"""What people do with their own reports afterwards, and what others may see of them."""

from __future__ import annotations

from datetime import timedelta

from actions import (
    additions,
    casework,
    nearby,
    own_reports,
    pseudonyms,
    report_views,
    reports,
    team_card,
)
from actions import report_words as words
from actions.act import Act, actor_of
from handlers import casework as handling
from handlers import my_reports
from handlers import reports as telling
from storage.person import by_telegram
from storage.report import Report
from storage.turn import Turn
from tests.conversations.conftest import Town
from tests.conversations.talker import Talker
from tests.conversations.test_joining import corner, joined, reports_it, to_the_place
from tests.conversations.test_report import SEND, code_in, it_is_another, stored

STORY = "El columpio del parque está roto."


async def told(town: Town, rosa: Talker, story: str = STORY) -> str:
    """A report of hers in the park; its code."""
    return await reports_it(rosa, story, corner(town, 0), photo=True)


async def looks(who: Talker, code: str) -> str:
    """What somebody reads of a report by its code."""
    await who.says(f"/reporte {code}")
    return who.last.text


async def test_anybody_sees_a_report_by_its_code_and_nobody_who_told_it(small_town: Town) -> None:
    marta, rosa = await small_town.gestora("Marta"), await small_town.neighbour("Rosa Quispe")
    code = await told(small_town, rosa)
    await marta.taps("Confirm", marta.find(code))
    # Also somebody who has agreed to nothing yet.
    ana = small_town.talker("Ana", "pt-br")
    await ana.starts()
    for written in (code, code.lower(), code[2:], code.replace("-", " ")):
        await ana.says(f"/relato {written}")
        text = ana.last.text
        assert code in text and STORY in text and "Rosa" not in text and "Marta" not in text
    assert ana.reads(words.STATES["confirmed"]) in text
    assert ana.reads(report_views.NEIGHBOUR) in text
    await ana.taps(report_views.PHOTOS)
    assert ana.heard()[-1].kind == "photo"
    await ana.taps(report_views.PLACE, ana.find(STORY))
    assert ana.heard()[-1].kind == "venue"
    # Joining asks for permission first, and leads back to it.
    await ana.taps(report_views.JOIN, ana.find(STORY))
    await ana.taps("I agree")
    await ana.taps(report_views.JOIN)
    ana.shown(my_reports.NOW_JOINED)
    assert await joined(small_town, code) == 1
    assert ana.reads(report_views.JOINED) in ana.find(STORY).text
    await ana.taps(report_views.LEAVE)
    await ana.taps(report_views.NO)
    assert await joined(small_town, code) == 1
    await ana.taps(report_views.LEAVE)
    await ana.taps(report_views.YES["leave"])
    ana.shown(my_reports.NOW_LEFT)
    assert await joined(small_town, code) == 0

    for wrong in ("", "R-99999999", "R-", "hola", "R-1001x", "９９"):
        await ana.says(f"/reporte {wrong}")
        ana.told(my_reports.NOT_FOUND if wrong else my_reports.WHICH)


async def test_a_name_of_their_own(small_town: Town) -> None:
    rosa, ana = await small_town.neighbour("Rosa Quispe"), await small_town.neighbour("Ana")
    code = await told(small_town, rosa)
    await rosa.says("/misreportes")
    await rosa.taps(my_reports.CHANGE_NAME)
    for bad in ("x", "<b>Rosa</b>", "@rosa", "https://t.me/rosa", "www.rosa.co", "ñ" * 41, "😀😀"):
        await rosa.says(bad)
        assert rosa.reads("How others see you") not in rosa.last.text.split("\n")[0]
    await rosa.says("Alcaldía de Villa Ceiba")
    rosa.told(pseudonyms.TAKEN)
    await rosa.taps(my_reports.CHANGE_NAME)
    await rosa.says("Vecina del 5º piso")
    rosa.told(my_reports.NAME_KEPT, name="Vecina del 5º piso")
    assert "Vecina del 5º piso" in await looks(ana, code)
    await rosa.says("/misreportes")
    assert "Vecina del 5º piso" in rosa.last.text
    await rosa.taps(my_reports.CHANGE_NAME)
    await rosa.taps("Skip")
    rosa.told(my_reports.NAME_GONE)
    text = await looks(ana, code)
    assert "Vecina del 5º" not in text and ana.reads(report_views.NEIGHBOUR) in text
    marta = await small_town.gestora("Marta")
    await rosa.says("/misreportes")
    await rosa.taps(my_reports.CHANGE_NAME)
    await rosa.says("Un insulto")
    await marta.says(f"/reporte {code}")
    await marta.taps(team_card.MORE)
    await marta.taps(team_card.UNNAME, name="Un insulto")
    marta.shown(handling.UNNAMED)
    rosa.told(pseudonyms.TOLD)
    assert "insulto" not in await looks(ana, code)


async def test_words_and_photos_are_added_by_both(small_town: Town) -> None:
    marta, rosa = await small_town.gestora("Marta"), await small_town.neighbour("Rosa")
    ana, eva = await small_town.neighbour("Ana"), await small_town.neighbour("Eva")
    code = await told(small_town, rosa)
    await rosa.taps(telling.LOOK, code=code)
    await rosa.taps(report_views.ADD)
    rosa.told("What would you like to add to report <b>{code}</b>?", code=code)
    await rosa.says("Ayer se cayó una niña.")
    await rosa.does("sends_photo")
    await rosa.taps("Done")
    assert "Ayer se cayó una niña." in marta.last.text

    await looks(ana, code)
    await ana.taps(report_views.JOIN)
    await ana.taps(report_views.ADD)
    await ana.does("sends_voice", 5)
    await ana.taps("Skip")
    assert rosa.reads(additions.ADDED, code=code, category="🌳 Parques y canchas") in rosa.last.text
    # A voice is somebody's: the team hears it, neighbours do not.
    await looks(eva, code)
    assert "Ayer se cayó una niña." in eva.last.text
    await eva.taps(report_views.PHOTOS)
    assert not any(seen.kind == "voice" for seen in eva.heard())
    # Whoever neither told nor joined it adds nothing.
    number = (await stored(small_town, code)).id
    await eva.taps(data=f"n:add:{number}:")
    eva.shown("There is no such report.")


async def test_taken_back(small_town: Town) -> None:
    marta, rosa = await small_town.gestora("Marta"), await small_town.neighbour("Rosa")
    ana = await small_town.neighbour("Ana")
    code = await told(small_town, rosa)
    number = (await stored(small_town, code)).id
    for forged in ("withdraw", "mended", "private", "public"):
        await ana.taps(data=f"n:{forged}:{number}:yes")
        assert not ana.untold()
    assert (await stored(small_town, code)).state == "received"

    await rosa.says("/misreportes")
    await rosa.taps(telling.LOOK, code=code)
    await rosa.taps(report_views.WITHDRAW)
    rosa.told(report_views.SURE["withdraw"], code=code)
    await rosa.taps(report_views.NO)
    assert (await stored(small_town, code)).state == "received"
    await rosa.taps(report_views.WITHDRAW)
    await rosa.taps(report_views.YES["withdraw"])
    rosa.shown(my_reports.NOW_BACK)
    report = await stored(small_town, code)
    assert (report.state, report.closed_as) == ("closed", "not_needed")
    assert rosa.reads(words.CLOSED_AS["not_needed"]) in rosa.find(STORY).text
    assert marta.reads(words.CLOSED_AS["not_needed"]) in marta.find(STORY).text
    # Old buttons: said kindly, and nothing changes.
    for do in ("withdraw", "mended"):
        await rosa.taps(data=f"n:{do}:{number}:yes")
        rosa.shown(own_reports.DONE_ALREADY)
    eva = await small_town.neighbour("Eva")
    await eva.taps(data=f"n:join:{number}:")
    eva.shown(reports.NOT_OPEN)
    await eva.taps(data=f"n:nonsense:{number}:")
    assert not eva.untold()


async def test_it_is_fixed_already(small_town: Town) -> None:
    marta, rosa = await small_town.gestora("Marta"), await small_town.neighbour("Rosa")
    code = await told(small_town, rosa)
    await rosa.taps(telling.LOOK, code=code)
    await rosa.taps(report_views.MENDED)
    await rosa.taps(report_views.YES["mended"])
    rosa.shown(my_reports.NOW_MENDED)
    report = await stored(small_town, code)
    assert (report.state, report.fixed_by) == ("fixed", "users")
    assert marta.reads(words.FIXED_BY_USERS) in marta.find(STORY).text


async def test_private_only_while_nobody_has_joined(small_town: Town) -> None:
    rosa, ana = await small_town.neighbour("Rosa"), await small_town.neighbour("Ana")
    code = await told(small_town, rosa)
    number = (await stored(small_town, code)).id
    await looks(ana, code)
    await ana.taps(report_views.JOIN)
    await rosa.taps(data=f"n:private:{number}:new")
    rosa.shown(own_reports.OTHERS_JOINED)
    assert not (await stored(small_town, code)).private
    # Her own is hers: she neither joins it nor leaves it.
    await rosa.taps(data=f"n:join:{number}:")
    rosa.shown(reports.YOUR_OWN)


async def test_what_the_team_made_private_stays_private(small_town: Town) -> None:
    marta, rosa = await small_town.gestora("Marta"), await small_town.neighbour("Rosa")
    code = await told(small_town, rosa)
    number = (await stored(small_town, code)).id or 0

    def hide(turn: Turn) -> None:
        act = Act(turn, actor_of(turn.session, marta.id, "Marta", "es"), small_town.house.world)
        casework.set_private(act, number, True)

    await small_town.turn(hide)
    await rosa.taps(data=f"n:public:{number}:")
    rosa.shown(own_reports.THE_TEAM_DID)
    assert (await stored(small_town, code)).private


async def test_a_flood_waits_and_loses_nothing(small_town: Town) -> None:
    rosa, ana = await small_town.neighbour("Rosa"), await small_town.neighbour("Ana")
    codes = [await reports_it(rosa, f"El columpio {n} está roto.", corner(small_town, 0))
             for n in range(8)]  # fmt: skip
    assert len(set(codes)) == 8
    await to_the_place(rosa, "El columpio nueve está roto.", corner(small_town, 1))
    if rosa.reads("Skip") not in rosa.last.buttons:
        await rosa.taps("No, it is another problem")
    await rosa.taps("Skip")
    review = rosa.last
    await rosa.taps(SEND)
    wait = rosa.reads(reports.TOO_MANY, when="|").partition("|")[0]
    assert any(wait in text for text in (*rosa.toasted(), *(s.text for s in rosa.heard())))
    # Nobody else is kept waiting.
    assert await told(small_town, ana)
    await small_town.jump(minutes=61)
    await rosa.taps(SEND, review)
    assert code_in(rosa.last.text) not in codes


async def test_sent_twice_is_one_report(small_town: Town) -> None:
    rosa, ana = await small_town.neighbour("Rosa"), await small_town.neighbour("Ana")

    async def writes(who: Talker, address: str, story: str = STORY, photos: int = 1) -> str:
        """A report whose place is in words, with some photos; the code it got."""
        await to_the_place(who, story, address)
        await it_is_another(who)
        await who.does("sends_photo", photos)
        await who.taps("Done")
        await who.taps(SEND)
        return code_in(who.last.text)

    first = await writes(rosa, "Calle 5 con 8, Centro")
    # Once more, with other photos: she is shown her own, and the photos are kept with it.
    await to_the_place(rosa, STORY, "calle 5, con 8. Centro")
    await rosa.does("sends_photo", 2)
    await rosa.taps(nearby.MINE, code=first)
    await looks(ana, first)
    assert "3 fotos" in ana.last.text
    # The same words of another place are another problem; so are others, and somebody else's.
    assert await writes(rosa, "Carrera 20, Centro") != first
    assert await writes(rosa, "Calle 5 con 8, Centro", STORY + " Otro más allá.") != first
    assert await writes(ana, "Calle 5 con 8, Centro") != first
    # What she has taken back is told anew.
    await looks(rosa, first)
    await rosa.taps(report_views.WITHDRAW)
    await rosa.taps(report_views.YES["withdraw"])
    again = await writes(rosa, "Calle 5 con 8, Centro")
    assert again != first and (await stored(small_town, again)).state == "received"
    await small_town.jump(minutes=11)
    assert await writes(rosa, "Calle 5 con 8, Centro") != again


async def test_another_problem_is_another_however_alike(small_town: Town) -> None:
    rosa = await small_town.neighbour("Rosa")
    first = await told(small_town, rosa)
    # She is asked whether it is the same, and says no.
    assert await told(small_town, rosa) != first


async def test_somebody_who_may_not_write_now_is_told_until_when(small_town: Town) -> None:
    rosa, ana = await small_town.neighbour("Rosa"), await small_town.neighbour("Ana")
    code, other = await told(small_town, rosa), await told(small_town, ana, STORY + " Otro.")
    number = (await stored(small_town, other)).id

    def ban(turn: Turn) -> None:
        person = by_telegram(turn.session, rosa.id)
        assert person is not None
        person.banned_until = turn.now + timedelta(days=3)
        person.ban_reason = "Insultos a quien atiende."

    await small_town.turn(ban)
    said = rosa.reads(reports.BANNED_BECAUSE, when="|", words="Insultos a quien atiende.")
    await rosa.says("/reportar")
    assert all(part in rosa.last.text for part in said.split("|"))
    await rosa.taps(data=f"n:join:{number}:")
    assert "Insultos a quien atiende." in "".join(rosa.toasted())
    assert await joined(small_town, other) == 0
    # Looking, and one's own data, stay theirs.
    assert STORY in await looks(rosa, code)
    await small_town.jump(days=3, minutes=1)
    assert await told(small_town, rosa, "El tobogán está roto y oxidado.")


async def test_a_report_of_a_category_that_is_gone(small_town: Town) -> None:
    rosa = await small_town.neighbour("Rosa")
    code = await told(small_town, rosa)

    def old(turn: Turn) -> None:
        report = turn.session.get(Report, int(code[2:]) - 1000)
        assert report is not None
        report.attributes = {"gone": "4471", "taken": None}

    await small_town.turn(old)
    assert "4471" in await looks(rosa, code)


async def test_the_whole_story_is_told_in_plain_words(small_town: Town) -> None:
    marta, rosa = await small_town.gestora("Marta"), await small_town.neighbour("Rosa", "en")
    ana = await small_town.neighbour("Ana", "pt-br")
    code = await told(small_town, rosa)
    number = (await stored(small_town, code)).id

    def looked_after(turn: Turn) -> None:
        act = Act(turn, actor_of(turn.session, marta.id, "Marta", "es"), small_town.house.world)
        assert number is not None
        casework.move(act, number, "confirmed")
        casework.answer(act, number, "El jueves va la cuadrilla.")
        casework.ask(act, number, "¿Cuál columpio?")

    await small_town.turn(looked_after)
    text = await looks(rosa, code)
    for line in (words.STATES["confirmed"], report_views.WHAT["answer"], report_views.HISTORY):
        assert rosa.reads(line) in text
    assert "El jueves va la cuadrilla." in text and "¿Cuál columpio?" in text
    # What she was asked is between her and the team; names of the team are nobody's.
    text = await looks(ana, code)
    assert "El jueves va la cuadrilla." in text
    assert "¿Cuál columpio?" not in text and "Marta" not in text
