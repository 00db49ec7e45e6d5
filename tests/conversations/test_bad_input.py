"""Whatever a hostile or a clumsy hand sends gets a clear sentence or a quiet right thing.

What was given before is kept, nothing is set aside, and the conversation goes on to its end.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from simulator.samples import picture
from storage.report import photos
from tests.conversations.conftest import TOKEN, Town
from tests.conversations.talker import Talker
from tests.conversations.test_citizen import HALF_DONE, OLD
from tests.conversations.test_report import (
    LOCATION,
    SEND,
    STORY,
    at_the_review,
    code_in,
    it_is_another,
    stored,
    tells,
)

pytestmark = pytest.mark.asyncio(loop_scope="module")

LONG = "ñandú 😀 " * 625
"""5,000 characters."""

TEXTS = (
    LONG,
    "<b>negrita</b> <script>alert(1)</script> </b> & &lt; &amp; <a href='x'>",
    "{name} {code} {0} {} {{x}} %s %(x)s {",
    "مرحبا بالعالم \u202eotnom\u202c שלום",
    "👩‍👩‍👧‍👦🏳️‍🌈" * 30,
    "\u200b\u200b",
    "a",
    "/nosuchcommand",
    "/start_",
    "/misreportes a:b:c",
    "/misreportes " + "ñ" * 60,
    "/misreportes ²",
    "/grupos ٣",
    "/votar 99999999999999999999",
    "@villaceiba_bot",
    "-1",
    "999999999999999999999999",
    "1e309",
    "nan, nan",
    "91.0, 181.0",
    "'; DROP TABLE person; --",
    "\ud83d\ude00".encode("utf-16", "surrogatepass").decode("utf-16") * 4,
    "\u0301" * 200,
    "\n\n\n x \n\n",
)


async def album(rosa: Talker) -> None:
    """Ten photos that somebody else took, forwarded together."""
    ana = rosa.town.person("Ana")
    family = rosa.town.sim.group("Familia", [ana, rosa.person], bot=False)
    ana.at(family).sends_photo(10, "De la familia")
    photos = [seen for seen in rosa.person.at(family).inbox if seen.kind == "photo"]
    await rosa.does("forwards", photos, family.key)


async def forwarded(rosa: Talker) -> None:
    """A photo, forwarded."""
    await rosa.does("sends_photo", 1, "Mire esto <b>{x}</b>")
    mine = [seen for seen in rosa.person.inbox if seen.kind == "photo"][-1]
    await rosa.does("forwards", mine)


async def large(rosa: Talker) -> None:
    """More than a bot may fetch."""
    await rosa.does("sends_document", "plano.pdf", size=30 * 1024 * 1024)


async def large_picture(rosa: Talker) -> None:
    """A picture sent as a file, more than a bot may fetch."""
    await rosa.does("sends_document", "foto.jpg", size=30 * 1024 * 1024, mime="image/jpeg")


async def program(rosa: Talker) -> None:
    """A file that is no picture at all."""
    await rosa.does("sends_document", "virus.exe", mime="application/x-msdownload")


async def sticker(rosa: Talker) -> None:
    """A sticker."""
    await rosa.does("sends_sticker")


async def contact(rosa: Talker) -> None:
    """Somebody's number."""
    await rosa.does("sends_contact", "5550199", "Pedro")


async def voice(rosa: Talker) -> None:
    """An hour of talking."""
    await rosa.does("sends_voice", 3600)


async def at_sea(rosa: Talker) -> None:
    """A place where nobody lives."""
    await rosa.does("shares_place", 0.0, 0.0)


async def venue(rosa: Talker) -> None:
    """A place with a name, on the other side of the world."""
    await rosa.does("sends_venue", 35.68, 139.69, "東京 <b>", "{x}")


async def photo_with_words(rosa: Talker) -> None:
    """A photo with its story below."""
    await rosa.does("sends_photo", 1, "Está así <i>desde</i> ayer {hoy}")


THINGS: tuple[Callable[[Talker], Awaitable[None]], ...] = (
    album, forwarded, large, large_picture, program, sticker, contact, voice, at_sea, venue,
    photo_with_words,
)  # fmt: skip


async def everything(rosa: Talker) -> None:
    """Send all of it; each gets an answer."""
    for text in TEXTS:
        await rosa.says(text)
        assert not rosa.untold(), text
    for thing in THINGS:
        await thing(rosa)
        assert not rosa.untold(), thing.__name__


async def to_details(rosa: Talker) -> None:
    await rosa.says("/reportar")
    await rosa.taps("Basura")


async def to_place(rosa: Talker) -> None:
    await to_details(rosa)
    await rosa.says(STORY)


async def to_photos(rosa: Talker) -> None:
    await to_place(rosa)
    await rosa.says("Calle 5 con 8, Centro")
    await it_is_another(rosa)


async def nowhere(rosa: Talker) -> None:
    """No conversation is open."""


async def to_report(rosa: Talker) -> None:
    await rosa.says("/reportar")


@pytest.mark.parametrize(
    "where", [nowhere, to_report, to_details, to_place, to_photos, at_the_review]
)
async def test_everything_everywhere(
    lane: Town, where: Callable[[Talker], Awaitable[None]]
) -> None:
    rosa = await lane.neighbour("Rosa <b>{x}</b>")
    await where(rosa)
    await everything(rosa)
    # After all of that, a report can still be made.
    await rosa.says("/cancelar")
    if rosa.reads("Discard") in rosa.last.buttons:
        await rosa.taps("Discard", rosa.last)
    assert code_in(await tells(rosa))


@pytest.mark.parametrize("language", ["es", "en", "pt-br"])
async def test_everything_from_somebody_who_has_not_agreed(lane: Town, language: str) -> None:
    rosa = lane.talker("Rosa", language)
    await rosa.starts()
    await everything(rosa)
    for command in ("/reportar", "/misreportes x:y", "/votar 1:2", "/bandeja ñññ", "/grupos 😀"):
        await rosa.says(command)
        assert not rosa.untold()
    await rosa.says("/reportar 😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀:😀😀😀😀😀")
    await rosa.taps("I agree")
    rosa.told("What is it about?")


async def test_what_was_given_is_kept(lane: Town) -> None:
    rosa = await lane.neighbour("Rosa")
    await to_place(rosa)
    for thing in (sticker, contact, at_sea, large, voice):
        await thing(rosa)
    await rosa.says("Calle 5 con 8, Centro")
    await rosa.says("esto no es una foto")
    await sticker(rosa)
    await rosa.does("sends_photo", 2)
    await rosa.taps("Done")
    review = rosa.told("Shall I send it?").text
    assert STORY in review and "Calle 5 con 8, Centro" in review and "2 fotos" in review


async def test_hostile_words_arrive_as_they_were_written(lane: Town) -> None:
    marta, rosa = await lane.gestora("Marta"), await lane.neighbour("Rosa")
    for text in TEXTS[1:5]:
        code = await tells(rosa, text)
        assert (await stored(lane, code)).words == text.strip()
        # Marks that would turn the rest of the card round are left out where it is shown.
        shown = text.strip().replace("\u202e", "").replace("\u202c", "")
        assert shown in marta.find(code).text


async def test_a_story_of_5000_characters(lane: Town) -> None:
    rosa = await lane.neighbour("Rosa")
    await to_details(rosa)
    await rosa.says(LONG)
    assert any("1000" in seen.text for seen in rosa.heard())
    await rosa.says(STORY)
    rosa.told("Where is it?")


async def test_a_live_location_and_its_steps(lane: Town) -> None:
    rosa = await lane.neighbour("Rosa")
    await to_place(rosa)
    place = lane.places()[0]
    await rosa.does("shares_place", place["latitude"], place["longitude"], 900)
    live = rosa.person.inbox[-1]
    live = next(s for s in reversed(rosa.person.inbox) if "location" in s.data)
    rosa.told("Do you have photos of it?")
    for step in range(3):
        await rosa.does("moves", live, place["latitude"] + step / 1e5, place["longitude"])
    await rosa.taps("Skip")
    await rosa.taps(SEND)
    report = await stored(lane, code_in(rosa.last.text))
    assert report.latitude is not None and report.territory_id is not None
    # It goes on moving when nobody asks any more.
    await rosa.does("moves", live, place["latitude"], place["longitude"] + 0.001)


async def test_ten_photos_at_once_are_one_answer(lane: Town) -> None:
    marta, rosa = await lane.gestora("Marta"), await lane.neighbour("Rosa")
    await to_photos(rosa)
    await album(rosa)
    assert "3 fotos" in rosa.told("Shall I send it?").text
    await rosa.taps(SEND)
    code = code_in(rosa.last.text)
    await marta.taps("Photos", marta.find(code))
    assert sum(seen.kind == "photo" for seen in marta.heard()) == 3


async def test_the_same_tap_thirty_times_in_a_second(lane: Town) -> None:
    marta, rosa = await lane.gestora("Marta"), await lane.neighbour("Rosa")
    await at_the_review(rosa)
    send = rosa.last
    before = len(rosa.person.inbox)
    for _ in range(30):
        rosa.person.taps(rosa.reads(SEND), send)
    await lane.quiet()
    lane.judge()
    thanks = rosa.person.inbox[before:]
    codes = {code_in(seen.text) for seen in thanks if "R-" in seen.text}
    assert len(codes) == 1 and len(thanks) == 1
    assert len(rosa.person.toasts) >= 30
    card = marta.find(codes.pop())
    for _ in range(30):
        marta.person.taps(marta.reads("Confirm"), card)
    await lane.quiet()
    lane.judge()
    assert rosa.texts.count(rosa.reads("was confirmed")) <= 1


async def test_an_hour_of_talking_is_refused_with_the_limit(lane: Town) -> None:
    rosa = await lane.neighbour("Rosa")
    await to_details(rosa)
    await voice(rosa)
    rosa.told(
        "That voice note lasts {length} seconds, and the limit is {most}.", length=3600, most=300
    )
    await rosa.says("/cancelar")


async def test_ten_photos_forwarded_together_are_one_answer(lane: Town) -> None:
    rosa = await lane.neighbour("Rosa")
    await to_photos(rosa)
    await album(rosa)
    # Three are kept; of the other seven it is said once that there is no room.
    rosa.told("Shall I send it?")
    assert "📷" in rosa.last.text
    await rosa.taps(SEND)
    assert code_in(rosa.last.text)


async def test_a_button_from_last_month(lane: Town) -> None:
    rosa = await lane.neighbour("Rosa")
    await to_details(rosa)
    question = rosa.last
    await lane.jump(days=31)
    await rosa.taps("✖️ Cancel", question)
    rosa.shown(OLD)
    await rosa.taps("Basura", rosa.find("What is it about?"))
    rosa.shown(OLD)


async def test_an_edit_of_what_is_no_answer_any_more(lane: Town) -> None:
    rosa = await lane.neighbour("Rosa")
    await to_photos(rosa)
    written = [s for s in rosa.person.inbox if s.text == STORY][-1]
    await rosa.does("edits", written, "x")
    await rosa.does("edits", written, STORY + " Y no hay luz.")
    await rosa.taps("Skip")
    assert "Y no hay luz." in rosa.told("Shall I send it?").text
    await rosa.taps(SEND)
    await rosa.does("edits", written, "Cambié de opinión del todo.")
    await rosa.says("hola")
    hello = [s for s in rosa.person.inbox if s.text == "hola"][-1]
    await rosa.does("edits", hello, "chao")


async def test_what_the_bot_said_is_deleted_under_its_hands(lane: Town) -> None:
    rosa = await lane.neighbour("Rosa")
    await to_photos(rosa)
    question = rosa.last
    rosa.person.deletes(question)
    await rosa.does("sends_photo", 1)
    assert not rosa.untold()
    await rosa.does("sends_photo", 1)
    await rosa.taps("Done")
    rosa.told("Shall I send it?")
    await rosa.says("/avisos")
    rosa.person.deletes(rosa.last)
    await rosa.says("/avisos")
    await rosa.taps("✅ Calls to take part")


async def test_blocked_in_the_middle_and_back(lane: Town) -> None:
    rosa = await lane.neighbour("Rosa")
    await to_details(rosa)
    rosa.person.says(STORY)
    rosa.person.blocks()
    await lane.quiet()
    lane.judge()
    rosa.person.unblocks()
    await rosa.starts()
    assert rosa.last.text == rosa.reads(HALF_DONE, title=rosa.reads("Report a problem"))
    await rosa.taps("Go on")
    rosa.told("Where is it?")
    place = lane.places()[1]
    await rosa.presses(LOCATION, place["latitude"], place["longitude"])
    await it_is_another(rosa)
    rosa.told("Do you have photos of it?")


async def test_an_account_that_is_deleted(lane: Town) -> None:
    marta, rosa = await lane.gestora("Marta"), await lane.neighbour("Rosa")
    code = await tells(rosa)
    rosa.person.deactivates()
    await marta.taps("Confirm", marta.find(code))
    marta.shown("Done.")


async def test_in_a_group_the_bot_keeps_quiet(lane: Town) -> None:
    rosa, ana = await lane.neighbour("Rosa"), lane.talker("Ana")
    group = lane.sim.group("Vecinas", admins=[rosa.person], members=[ana.person], bot_admin=True)
    await lane.quiet()
    here = rosa.at(group)
    for text in TEXTS[:8]:
        await here.says(text)
    for verb in ("sends_photo", "sends_sticker", "sends_contact", "sends_voice"):
        await here.does(verb)
    await here.does("shares_place", 1.0, 1.0)
    before = len(here.person.inbox)
    await here.says("hola a todas")
    assert len(here.person.inbox) == before + 1
    # As the group itself nobody is anybody.
    rosa.person.at(group).anonymous()
    for text in ("hola", "/start", "/reportar", "/bandeja", "/vincular", "/cancelar"):
        await here.says(text)
    await ana.at(group).says("/start")
    await ana.at(group).says("/vincular")
    group = lane.sim.migrate(group)
    await ana.at(group).says("hola")


RAW: tuple[dict[str, Any], ...] = (
    {"channel_post": {"message_id": 5, "date": 1, "chat": {"id": -1009, "type": "channel",
     "title": "C"}, "sender_chat": {"id": -1009, "type": "channel", "title": "C"}, "text": "x"}},
    {"edited_channel_post": {"message_id": 5, "date": 1, "chat": {"id": -1009, "type": "channel",
     "title": "C"}, "text": "y", "edit_date": 2}},
    {"message_reaction": {"chat": {"id": 77, "type": "private", "first_name": "Z"},
     "message_id": 3, "user": {"id": 77, "is_bot": False, "first_name": "Z"}, "date": 1,
     "old_reaction": [], "new_reaction": [{"type": "emoji", "emoji": "👍"}]}},
    {"inline_query": {"id": "1", "from": {"id": 77, "is_bot": False, "first_name": "Z"},
     "query": "q", "offset": ""}},
    {"poll": {"id": "9", "question": "q", "options": [], "total_voter_count": 0,
     "is_closed": True, "is_anonymous": True, "type": "regular",
     "allows_multiple_answers": False, "allows_revoting": False, "members_only": False}},
    {"callback_query": {"id": "8", "from": {"id": 77, "is_bot": False, "first_name": "Z"},
     "chat_instance": "c", "data": "f:abc"}},
    {"callback_query": {"id": "7", "from": {"id": 77, "is_bot": False, "first_name": "Z"},
     "chat_instance": "c", "game_short_name": "g"}},
    {"callback_query": {"id": "6", "from": {"id": 77, "is_bot": False, "first_name": "Z"},
     "chat_instance": "c", "data": "m:menu:", "message": {"message_id": 4, "date": 0,
     "chat": {"id": 77, "type": "private", "first_name": "Z"}}}},
    {"a_kind_of_next_year": {"x": 1}},
    {"message": {"message_id": 6, "date": 1, "chat": {"id": 77, "type": "private"},
     "from": {"id": 77, "is_bot": False, "first_name": "Z"}, "dice": {"emoji": "🎲", "value": 3}}},
    {"message": {"message_id": 7, "date": 1, "chat": {"id": -77, "type": "group", "title": "t"},
     "from": {"id": 1087968824, "is_bot": True, "first_name": "Group", "username":
     "GroupAnonymousBot"}, "sender_chat": {"id": -77, "type": "group", "title": "t"},
     "text": "/reportar"}},
    {"message": {"message_id": 8, "date": 1, "chat": {"id": 77, "type": "private"},
     "from": {"id": 77, "is_bot": False, "first_name": "Z"}, "text": "nul \x00 byte"}},
)  # fmt: skip


async def test_updates_of_every_other_kind(lane: Town) -> None:
    zoe = lane.talker("Zoe", id=77)
    await zoe.starts()
    number = 900_000_000
    for raw in RAW:
        number += 1
        await lane.house.intake.accept([{"update_id": number, **raw}])
        await lane.house.settle()
    # The taps were invented here: Telegram does not know them.
    lane.sim.violations[:] = [v for v in lane.sim.violations if "query" not in str(v).lower()]
    lane.judge()
    assert not zoe.untold()


async def test_no_token_in_what_is_said(lane: Town) -> None:
    said = [str(entry.get("params")) for entry in lane.sim.record.calls()]
    assert said and not any(TOKEN in text for text in said)


async def test_what_is_new_to_us_and_what_nobody_wrote(lane: Town) -> None:
    """A kind of message of next year is answered; a pinned message is nobody's word."""
    rosa = await lane.neighbour("Rosa")
    await rosa.does("_send", {"something_of_next_year": {"a": 1}})
    rosa.told("I did not understand that. These are the things I can do:")
    await rosa.does(
        "_send",
        {
            "pinned_message": {
                "message_id": 1,
                "date": 0,
                "chat": {"id": rosa.id, "type": "private"},
            }
        },
    )
    assert rosa.untold()
    await rosa.says("/reportar")
    await rosa.does("sends_sticker")
    rosa.told("I cannot use a sticker here.")
    await rosa.says("/cancelar")


async def test_commands_in_capitals_are_the_same_commands(lane: Town) -> None:
    """A telephone begins a sentence with a capital letter."""
    rosa = await lane.neighbour("Rosa")
    await rosa.says("/Ayuda")
    assert "/misdatos" in rosa.last.text
    await rosa.says("/Start")
    assert "Villa Ceiba" in rosa.last.text
    await rosa.says("/REPORTAR")
    rosa.told("What is it about?")
    await rosa.says("/Cancelar")
    rosa.told("Cancelled. Nothing was kept.")


async def test_a_photo_replaced_by_another(lane: Town) -> None:
    """The wrong one was sent, and its message was edited: the report has the right one."""
    rosa = await lane.neighbour("Rosa")
    await to_photos(rosa)
    await rosa.does("sends_photo", sample="rubbish")
    sent = [seen for seen in rosa.person.inbox if seen.kind == "photo"][-1]
    await rosa.does("edits", sent, content=picture("leak"))
    assert "✓" in rosa.last.text
    await rosa.taps("Done")
    await rosa.taps(SEND)
    number = (await stored(lane, code_in(rosa.last.text))).id or 0
    (kept,) = await lane.turn(lambda turn: photos(turn.session, number))
    now = next(seen for seen in rosa.person.inbox if seen.id == sent.id)
    assert kept.unique_id == now.data["photo"][-1]["file_unique_id"]
    assert kept.unique_id != sent.data["photo"][-1]["file_unique_id"]
