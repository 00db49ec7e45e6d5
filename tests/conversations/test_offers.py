"""What somebody just writes, sends or says is offered as a report, and nothing is told twice."""

from __future__ import annotations

import pytest
from sqlmodel import select

from handlers import offers
from simulator.samples import picture
from storage.conversation import TABLE as CONVERSATIONS
from storage.person import Person
from storage.report import Report, ReportPhoto, photos
from tests.conversations.conftest import Town
from tests.conversations.talker import Talker
from tests.conversations.test_report import LOCATION, SEND, code_in, stored

STORY = "Hay un hueco enorme frente a la escuela"
ROADS = {"es": "🚧 Huecos y vías", "en": "🚧 Potholes and roads", "pt_BR": "🚧 Buracos e ruas"}
WHAT = "What is it about?"
WHERE = "Where is it?"
MENU = "What shall we do?"


async def nothing_kept(town: Town) -> None:
    """There is no report and nobody new."""
    reports = await town.turn(lambda turn: turn.session.exec(select(Report)).all())
    assert reports == []


async def to_the_end(rosa: Talker, *, photos: bool = False, hole: bool = True) -> str:
    """From where it is to the code. Of a hole its size is asked."""
    place = rosa.town.places()[2]
    await rosa.presses(LOCATION, place["latitude"], place["longitude"])
    if hole:
        await rosa.taps("Skip")
    await rosa.taps("Done" if photos else "Skip")
    await rosa.taps(SEND)
    return code_in(rosa.last.text)


@pytest.mark.parametrize("language", ["es", "en", "pt-br"])
async def test_a_text_becomes_a_report_of_what_it_is_about(small_town: Town, language: str) -> None:
    rosa = await small_town.neighbour("Rosa", language)
    await rosa.says(STORY)
    offered = rosa.told(offers.SHALL_I)
    assert ROADS[rosa.language] in offered.text
    await nothing_kept(small_town)
    await rosa.taps(offers.YES_ABOUT, category=ROADS[rosa.language])
    # Where it is: neither the words nor the category again.
    assert STORY not in rosa.last.text and rosa.reads(WHAT) not in rosa.last.text
    rosa.told(WHERE)
    report = await stored(small_town, await to_the_end(rosa))
    assert report.words == STORY
    # The same button again: it is in the report already, and a new one is begun at most.
    await rosa.taps(offers.YES_ABOUT, offered, category=ROADS[rosa.language])
    assert not rosa.untold()


async def test_somebody_new_is_asked_for_permission_and_nothing_is_lost(small_town: Town) -> None:
    ana = small_town.talker("Ana")
    await ana.starts()
    await ana.says(STORY)
    await ana.taps(offers.YES_ABOUT, category=ROADS["es"])
    ana.told("Before we keep anything you tell us, please read this:")
    people = await small_town.turn(lambda turn: turn.session.exec(select(Person)).all())
    assert people == []
    with small_town.house.database.read() as session:
        from sqlalchemy import text

        for table in ("conversation", "letter", "inbox"):
            rows = session.connection().execute(text(f"SELECT * FROM {table}")).all()
            assert not any("hueco enorme" in str(row) for row in rows), table
    await ana.taps("I agree")
    report = await stored(small_town, await to_the_end(ana))
    assert report.words == STORY


async def test_no_and_not_now(small_town: Town) -> None:
    ana = small_town.talker("Ana")
    await ana.starts()
    await ana.says(STORY)
    await ana.taps(offers.NO)
    ana.shown(offers.ALL_RIGHT)
    ana.told(MENU)
    await ana.says(STORY)
    await ana.taps(offers.OTHER)
    await ana.taps("Not now")
    assert ana.reads("⬅️ Menu") in ana.last.buttons
    await nothing_kept(small_town)


async def test_about_something_else_and_the_warning_comes_at_once(small_town: Town) -> None:
    rosa = await small_town.neighbour("Rosa")
    await rosa.says("Hay un cable caído echando chispas en la esquina")
    await rosa.taps(offers.OTHER)
    rosa.told(WHAT)
    await rosa.taps("Alumbrado")
    # Its own words were told already: the warning still comes.
    assert "no lo toque" in " ".join(seen.text for seen in rosa.heard())
    await rosa.says("/cancelar")
    await rosa.taps("Discard")

    await rosa.says("Otro poste apagado con un cable suelto")
    await rosa.taps(offers.YES_ABOUT, category="💡 Alumbrado público")
    assert "no lo toque" in " ".join(seen.text for seen in rosa.heard())
    await rosa.says("/cancelar")
    await rosa.taps("Discard")

    await rosa.says("/reportar")
    await rosa.taps("Alumbrado")
    assert "no lo toque" in rosa.last.text and "123" in rosa.last.text


async def test_photos_and_voices(small_town: Town) -> None:
    rosa = await small_town.neighbour("Rosa")
    await rosa.does("sends_photo", 1, "Este bache lleva un mes así")
    await rosa.taps(offers.YES_ABOUT, category=ROADS["es"])
    report = await stored(small_town, await to_the_end(rosa, photos=True))
    assert report.words == "Este bache lleva un mes así"
    photos = await small_town.turn(lambda turn: turn.session.exec(select(ReportPhoto)).all())
    assert len(photos) == 1

    await rosa.does("sends_voice", 6)
    await rosa.taps(offers.YES)
    await rosa.taps("Basura")
    report = await stored(small_town, await to_the_end(rosa, hole=False))
    assert report.voice and report.voice["seconds"] == 6


async def kept_photos(town: Town) -> list[ReportPhoto]:
    """The photos of every report."""
    return await town.turn(lambda turn: list(turn.session.exec(select(ReportPhoto)).all()))


async def test_an_album_is_offered_whole(small_town: Town) -> None:
    rosa = await small_town.neighbour("Rosa")
    await rosa.does("sends_photo", 3, STORY)
    assert len({seen.data["message_id"] for seen in rosa.heard()}) == 1
    assert "3" in rosa.told(offers.SHALL_I).text
    await rosa.taps(offers.YES_ABOUT, category=ROADS["es"])
    rosa.told("<b>{title}</b>", title=rosa.reads("Report a problem"))
    assert STORY not in rosa.last.text
    report = await stored(small_town, await three_photos(rosa))
    assert report.words == STORY
    photos = await kept_photos(small_town)
    assert len(photos) == 3 and len({photo.unique_id for photo in photos}) == 3


async def three_photos(rosa: Talker) -> str:
    """From where it is to the code: there are photos enough, and they are not asked for."""
    place = rosa.town.places()[2]
    await rosa.presses(LOCATION, place["latitude"], place["longitude"])
    await rosa.taps("Skip")
    await rosa.taps(SEND)
    return code_in(rosa.last.text)


async def test_more_photos_than_there_is_room_for_are_told_of(small_town: Town) -> None:
    rosa = await small_town.neighbour("Rosa")
    await rosa.does("sends_photo", 6)
    assert len({seen.data["message_id"] for seen in rosa.heard()}) == 1
    offered = rosa.told(offers.SHALL_I)
    assert "Guardé las primeras 3 fotos" in offered.text
    await rosa.taps(offers.YES)
    await rosa.taps("Huecos")
    await rosa.says(STORY)
    await stored(small_town, await three_photos(rosa))
    assert len(await kept_photos(small_town)) == 3
    # The same button again begins another report at most, and takes nothing away from it.
    await rosa.taps(offers.NO, offered)
    assert len(await kept_photos(small_town)) == 3


async def test_a_declined_album_leaves_nothing_behind(small_town: Town) -> None:
    rosa = await small_town.neighbour("Rosa")
    await rosa.does("sends_photo", 3, STORY)
    await rosa.taps(offers.NO)
    rosa.shown(offers.ALL_RIGHT)
    with small_town.house.database.read() as session:
        (row,) = session.connection().execute(select(CONVERSATIONS)).all()
    assert not row.parked and not row.active and not row.open


async def test_of_somebody_new_no_album_is_kept(small_town: Town) -> None:
    ana = small_town.talker("Ana")
    await ana.starts()
    await ana.does("sends_photo", 3)
    assert sum(ana.reads(offers.SHALL_I) in seen.text for seen in ana.heard()) == 1
    ana.told(offers.ONE_OF_MANY)
    with small_town.house.database.read() as session:
        assert not session.connection().execute(select(CONVERSATIONS)).all()


async def test_what_is_no_telling_leads_to_the_menu(small_town: Town) -> None:
    rosa = await small_town.neighbour("Rosa")
    for text in ("hola", "gracias", "buenos días", "??", "😀😀😀😀😀", "-1"):
        await rosa.says(text)
        rosa.told("I did not understand that. These are the things I can do:")
    await rosa.says("bache")
    rosa.told(offers.SHALL_I)
    # Too short to be all of it: the words are asked for.
    await rosa.taps(offers.YES_ABOUT, category=ROADS["es"])
    rosa.told("Tell us in your own words what is happening.")


async def test_a_code_alone_asks_for_that_report(small_town: Town) -> None:
    rosa, ana = await small_town.neighbour("Rosa"), await small_town.neighbour("Ana")
    await rosa.says(STORY)
    await rosa.taps(offers.OTHER)
    await rosa.taps("Basura")
    code = await to_the_end(rosa)
    await ana.says(code.lower())
    assert STORY in ana.last.text and "Rosa" not in ana.last.text


async def test_a_forged_or_late_answer(small_town: Town) -> None:
    rosa = await small_town.neighbour("Rosa")
    await rosa.says(STORY)
    message = rosa.last
    for forged in ("t:yes:999", "t:yes:0", "t:nonsense:1", "t:other:2147483647"):
        await rosa.taps(data=forged, message=message)
        assert not rosa.untold(), forged
        await rosa.says("/cancelar")
        if rosa.reads("Discard") in rosa.last.buttons:
            await rosa.taps("Discard")
    # Under a message that answers none of hers there is nothing to take up: she tells it anew.
    await rosa.says("/menu")
    await rosa.taps(data="t:other:0", message=rosa.last)
    rosa.shown(offers.TELL_AGAIN)
    rosa.told(WHAT)


async def test_a_caption_at_the_question_is_the_answer(small_town: Town) -> None:
    rosa = await small_town.neighbour("Rosa")
    await rosa.says("/reportar")
    await rosa.taps("Huecos")
    await rosa.does("sends_document", "hueco.jpg", caption=STORY)
    rosa.told(WHERE)
    report = await stored(small_town, await to_the_end(rosa, photos=True))
    assert report.words == STORY
    photos = await small_town.turn(lambda turn: turn.session.exec(select(ReportPhoto)).all())
    assert [photo.kind for photo in photos] == ["document"]


async def test_a_file_told_of_underneath_is_offered_whole(small_town: Town) -> None:
    rosa = await small_town.neighbour("Rosa")
    await rosa.does("sends_document", "hueco.jpg", caption=STORY)
    await rosa.taps(offers.YES_ABOUT, category=ROADS["es"])
    rosa.told(WHERE)
    report = await stored(small_town, await to_the_end(rosa, photos=True))
    assert report.words == STORY


async def test_what_was_offered_and_does_not_fit_is_told_at_its_question(
    small_town: Town,
) -> None:
    rosa = await small_town.neighbour("Rosa")
    long = (STORY + ". ") * 40
    await rosa.says(long)
    mine = rosa.last.data["reply_to_message"]["message_id"]
    await rosa.taps(offers.YES_ABOUT, category=ROADS["es"])
    rosa.told("Tell us in your own words what is happening.")
    assert "1639" in rosa.last.text and "1000" in rosa.last.text
    # What she wrote stands above: shortened there, it is the answer.
    await rosa.does("edits", mine, STORY)
    rosa.told(WHERE)
    report = await stored(small_town, await to_the_end(rosa))
    assert report.words == STORY

    await rosa.does("sends_voice", 400)
    await rosa.taps(offers.YES)
    await rosa.taps("Basura")
    rosa.told(
        "That voice note lasts {length} seconds, and the limit is {most}.", length=400, most=300
    )


async def test_words_that_were_too_few_are_gone_on_from(small_town: Town) -> None:
    rosa = await small_town.neighbour("Rosa")
    await rosa.says("bache")
    await rosa.taps(offers.YES_ABOUT, category=ROADS["es"])
    rosa.told("So far: “{words}”", words="bache")
    await rosa.says("frente al mercado")
    report = await stored(small_town, await to_the_end(rosa))
    assert report.words == "bache\nfrente al mercado"


async def test_an_accepted_offer_is_something_to_lose(small_town: Town) -> None:
    rosa = await small_town.neighbour("Rosa")
    await rosa.says(STORY)
    await rosa.taps(offers.YES_ABOUT, category=ROADS["es"])
    # Another report begun meanwhile puts it aside.
    await rosa.says("/reportar")
    await rosa.says("/cancelar")
    await rosa.taps("Go on")
    rosa.told(WHERE)
    report = await stored(small_town, await to_the_end(rosa))
    assert report.words == STORY


async def test_a_photo_that_began_a_report_is_replaced_by_another(small_town: Town) -> None:
    """The wrong one was offered, and its message is edited later: the report has the right one."""
    rosa = await small_town.neighbour("Rosa")
    await rosa.does("sends_photo", sample="rubbish", caption=STORY)
    sent = [seen for seen in rosa.person.inbox if seen.kind == "photo"][-1]
    await rosa.taps(offers.YES_ABOUT, category=ROADS["es"])
    await rosa.does("edits", sent, content=picture("leak"))
    report = await stored(small_town, await to_the_end(rosa, photos=True))
    (kept,) = await small_town.turn(lambda turn: photos(turn.session, report.id or 0))
    now = next(seen for seen in rosa.person.inbox if seen.id == sent.id)
    assert kept.unique_id == now.data["photo"][-1]["file_unique_id"]
    assert kept.unique_id != sent.data["photo"][-1]["file_unique_id"]
