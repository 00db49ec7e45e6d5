"""What a citizen can ask of the house, and what becomes of what they leave half-finished."""

from __future__ import annotations

import pytest

from storage.person import by_telegram
from tests.conversations.conftest import Town
from tests.conversations.talker import Talker
from tests.conversations.test_report import LOCATION, SEND, STORY, code_in, tells

pytestmark = pytest.mark.asyncio(loop_scope="module")

HALF_DONE = "You left something half-finished: <b>{title}</b>. Shall we go on with it?"
GO_ON, DISCARD = "Go on", "Discard it"
OLD = "That button is from an earlier conversation. Use /menu to begin anew."
EXPIRED = "What you had left half-finished was let go after some days. Nothing of it was kept."
WHAT, HAPPENS = "What is it about?", "Tell us in your own words what is happening."


def half_done(rosa: Talker, title: str = "Report a problem") -> str:
    """The offer to go on, as this person reads it."""
    return rosa.reads(HALF_DONE, title=rosa.reads(title))


async def known(town: Town, talker: Talker) -> bool:
    """Whether anything is kept of this person."""
    found = await town.turn(lambda turn: by_telegram(turn.session, talker.id))
    return found is not None


async def test_nothing_is_kept_before_they_agree(street: Town) -> None:
    rosa = street.talker("Rosa")
    await rosa.starts()
    for command in ("/ayuda", "/idioma", "/menu", "/votar"):
        await rosa.says(command)
        assert not rosa.untold()
    assert not await known(street, rosa)
    await rosa.says("/reportar")
    await rosa.taps("Not now")
    rosa.told("That is fine: nothing was kept. You may go on looking round.")
    assert not await known(street, rosa)
    # Declined is not for ever, and what they were about to do is taken up.
    await rosa.says("/reportar")
    await rosa.taps("I agree")
    rosa.told(WHAT)
    assert await known(street, rosa)


async def test_help_has_the_emergency_number(street: Town) -> None:
    rosa = street.talker("Rosa")
    await rosa.starts()
    await rosa.taps("ℹ️ Help")
    said = rosa.told("🚨 In an emergency do not write here: call <b>{number}</b>.", number="123")
    assert "604 555 0132" in said.text
    await rosa.taps("⬅️ Menu")
    rosa.told("What shall we do?")


async def test_another_language_at_once_and_for_good(street: Town) -> None:
    rosa = await street.neighbour("Rosa")
    await rosa.says("/reportar")
    await rosa.says("/idioma")
    await rosa.taps("Português")
    street.languages[rosa.id] = "pt_BR"
    rosa.told("Done: from now on we talk in English.")
    assert rosa.last.text == half_done(rosa)
    await rosa.says("/misreportes")
    rosa.told("You have not told us of any problem yet.")
    # What was open goes on in the new language, from the old message too.
    await rosa.taps("Basura", rosa.find("¿De qué se trata?"))
    rosa.told(HAPPENS)


async def test_a_language_chosen_before_anything_is_kept(street: Town) -> None:
    rosa = street.talker("Rosa")
    await rosa.starts()
    await rosa.says("/idioma")
    await rosa.taps("English")
    assert not await known(street, rosa)
    street.languages[rosa.id] = "en"
    rosa.told("Before we keep anything you tell us, please read this:")
    await rosa.taps("I agree")
    rosa.told("Done: from now on we talk in English.")
    await rosa.says("/menu")
    rosa.told("What shall we do?")
    await rosa.starts("lang-zz")
    rosa.told("In which language shall we talk?")


async def test_dates_in_everybodys_language(street: Town) -> None:
    for language, said in (
        ("es", "Abierta hasta el lunes, 11 de mayo, 12:00"),
        ("en", "Open until Monday, May 11, 12:00"),
        ("pt-br", "Aberta até segunda-feira, 11 de maio, 12:00"),
    ):
        ana = street.talker("Ana", language)
        await ana.starts()
        await ana.taps("🗳 Votes")
        assert said in ana.last.text
        assert not await known(street, ana)


async def test_a_language_we_do_not_speak_and_none_at_all(street: Town) -> None:
    for code in ("fr", None):
        person = Talker(street, street.sim.person("Ana", language_code=code))
        await person.starts()
        assert "Villa Ceiba" in person.last.text and "asistente vecinal" in person.last.text


async def test_their_reports_page_by_page(street: Town) -> None:
    rosa = await street.neighbour("Rosa")
    codes = [await tells(rosa, f"{STORY} Van {number}.") for number in range(6)]
    await rosa.says("/misreportes")
    page = rosa.last
    assert codes[-1] in page.text and codes[0] not in page.text
    await rosa.taps("Next ▶️")
    assert rosa.heard()[-1].id == page.id
    assert codes[0] in rosa.heard()[-1].text and codes[-1] not in rosa.heard()[-1].text
    await rosa.taps("◀️ Previous")
    assert codes[-1] in rosa.heard()[-1].text
    await rosa.starts(codes[0].lower().replace("r-", "r-"))
    assert codes[0] in rosa.last.text
    ana = await street.neighbour("Ana")
    await ana.starts("r-" + codes[0][2:])
    assert codes[0] in ana.last.text and "Rosa" not in ana.last.text


async def test_switches_of_what_they_are_told(street: Town) -> None:
    rosa = await street.neighbour("Rosa")
    await rosa.says("/avisos")
    for on, off in (
        ("✅ Calls to take part", "⬜ Calls to take part"),
        ("✅ Reminders of meetings", "⬜ Reminders of meetings"),
    ):
        await rosa.taps(on)
        rosa.shown("Saved.")
        assert rosa.reads(off) in rosa.last.buttons
        await rosa.taps(off)
        assert rosa.reads(on) in rosa.last.buttons
    await rosa.taps("🏠 Tell us your barrio")
    rosa.told("Which is your barrio? Calls and votes of your barrio will reach you.")
    await rosa.taps("Centro")
    assert rosa.reads("🏠 My barrio: {place}", place="Centro") in rosa.last.buttons
    await rosa.taps("🏠 My barrio: {place}", place="Centro")
    await rosa.taps("I would rather not say")
    assert rosa.reads("🏠 Tell us your barrio") in rosa.last.buttons


async def test_reminded_after_an_hour_and_let_go_after_three_days(street: Town) -> None:
    rosa = await street.neighbour("Rosa")
    await rosa.says("/reportar")
    await rosa.taps("Basura")
    await street.jump(minutes=59)
    assert rosa.untold() or half_done(rosa) not in rosa.texts
    await street.jump(minutes=2)
    assert rosa.last.text == half_done(rosa)
    await street.jump(hours=10)
    assert rosa.texts.count(half_done(rosa)) == 1
    await rosa.taps(GO_ON)
    rosa.told(HAPPENS)
    await street.jump(days=2, hours=23)
    assert rosa.texts.count(half_done(rosa)) == 2
    assert rosa.reads(EXPIRED) not in rosa.texts
    await street.jump(hours=2)
    assert rosa.last.text == rosa.reads(EXPIRED)
    # Old buttons of it lead somewhere still.
    await rosa.taps(GO_ON)
    rosa.shown("That draft is no longer here.")


async def test_one_flow_parked_by_another_and_offered_again(street: Town) -> None:
    marta, rosa = await street.gestora("Marta"), await street.neighbour("Rosa")
    code = await tells(rosa)
    await marta.taps("Ask for more", marta.find(code))
    await marta.says("¿Dónde queda el poste?")
    await marta.taps("Send")
    await rosa.says("/reportar")
    await rosa.taps("Basura")
    await rosa.taps("Reply")
    assert "¿Dónde queda el poste?" in rosa.last.text
    await rosa.says("En la esquina de la iglesia, Centro")
    await rosa.taps("Skip")
    rosa.told("Thank you! I added it to report <b>{code}</b>.", code=code)
    assert rosa.last.text == half_done(rosa)
    await rosa.taps(GO_ON)
    rosa.told(HAPPENS)
    await rosa.says("/cancelar")
    await rosa.taps("Discard")
    assert rosa.told("Cancelled. Nothing was kept.").buttons == [rosa.reads("⬅️ Menu")]
    await rosa.says("/cancelar")
    rosa.told("There is nothing to cancel.")


async def test_start_in_the_middle_keeps_what_was_given(street: Town) -> None:
    rosa = await street.neighbour("Rosa")
    await rosa.says("/reportar")
    await rosa.taps("Basura")
    await rosa.starts()
    assert rosa.last.text == half_done(rosa)
    await rosa.taps(GO_ON)
    rosa.told(HAPPENS)
    # A link in the middle parks it, too.
    await rosa.starts("help")
    await rosa.says(STORY)
    await rosa.says("Calle 5 con 8, Centro")
    await rosa.taps("Skip")
    await rosa.taps(SEND)
    assert code_in(rosa.last.text)


async def test_deep_links(street: Town) -> None:
    rosa = street.talker("Rosa")
    await rosa.starts("report")
    await rosa.taps("I agree")
    rosa.told(WHAT)
    await rosa.taps("✖️ Cancel")
    for payload in ("nothing-of-the-kind", "x" * 64, "_-_", "menu-menu", "role-abc", "group-0"):
        await rosa.starts(payload)
        assert not rosa.untold(), payload


async def test_blocked_and_unblocked(street: Town) -> None:
    marta, rosa = await street.gestora("Marta"), await street.neighbour("Rosa")
    code = await tells(rosa)
    await rosa.does("blocks")
    await marta.taps("Confirm", marta.find(code))
    person = await street.turn(lambda turn: by_telegram(turn.session, rosa.id))
    assert person is not None and not person.reachable
    await rosa.does("unblocks")
    await rosa.starts()
    person = await street.turn(lambda turn: by_telegram(turn.session, rosa.id))
    assert person is not None and person.reachable
    await marta.taps("Start work")
    rosa_reads = rosa.reads("Work on report <b>{code}</b> ({category}) has begun.",
                            code=code, category="💡 Alumbrado público")  # fmt: skip
    assert rosa_reads in rosa.last.text


async def test_the_reply_keyboard_has_ways_out(street: Town) -> None:
    rosa = await street.neighbour("Rosa")
    await rosa.says("/reportar")
    await rosa.taps("Basura")
    await rosa.says(STORY)
    keys = rosa.person.keys()
    assert rosa.reads(LOCATION) in keys
    await rosa.says(rosa.reads("⬅️ Back"))
    rosa.told(HAPPENS)
    await rosa.says(STORY)
    await rosa.says(rosa.reads("✖️ Cancel"))
    await rosa.taps("Discard")
    rosa.told("Cancelled. Nothing was kept.")
    assert rosa.person.keys() == []
    # A message that takes a keyboard away carries no buttons: the menu comes below it.
    assert rosa.reads("📣 Report a problem") in rosa.last.buttons
