"""What a person does with a message on the page reaches the bot, and its answer reaches them."""

from __future__ import annotations

import base64
import re
from pathlib import Path

from playwright.sync_api import Locator, Page, expect

from simulator.samples import picture
from tests.browser.conftest import PageOf
from tests.browser.stage import Stage


def phone_of(page: Page, person_id: int) -> Locator:
    return page.get_by_test_id(f"phone-{person_id}")


def started(stage: Stage, page_of: PageOf, **options: object) -> tuple[Page, Locator]:
    """Rosa's phone, after she pressed Start and heard the bot."""
    page = page_of(stage, people=[stage.rosa.id], **options)
    phone = phone_of(page, stage.rosa.id)
    phone.get_by_test_id("start").click()
    heard(phone, "Hola, elige")
    return page, phone


def heard(phone: Locator, text: str) -> Locator:
    """The newest message from others that holds `text`."""
    found = phone.locator('[data-testid=message][data-mine="no"]', has_text=text).last
    expect(found).to_be_visible()
    return found


def said(phone: Locator, text: str) -> Locator:
    found = phone.locator('[data-testid=message][data-mine="yes"]', has_text=text).last
    expect(found).to_be_visible()
    return found


def says(phone: Locator, text: str) -> None:
    phone.get_by_test_id("composer").fill(text)
    phone.get_by_test_id("composer").press("Enter")


def test_before_the_first_start_the_page_says_what_the_bot_does(
    stage: Stage, page_of: PageOf
) -> None:
    page = page_of(stage, people=[stage.rosa.id])
    phone = phone_of(page, stage.rosa.id)
    expect(phone.locator(".thread-list")).to_have_attribute(
        "data-about", "Una plaza para conversar."
    )
    expect(phone.get_by_test_id("composer")).to_have_count(0)
    phone.get_by_test_id("start").click()
    heard(phone, "Hola, elige")
    assert stage.texts(stage.rosa)[0] == "/start"


def test_entities_are_drawn_and_markup_in_the_text_stays_text(
    stage: Stage, page_of: PageOf
) -> None:
    _, phone = started(stage, page_of)
    message = heard(phone, "Hola")
    expect(message.locator("b")).to_have_text("Hola")
    expect(message.locator("i")).to_have_text("elige")
    # The emoji before it counts as two units: a wrong count would underline something else.
    expect(message.locator("u")).to_have_text("ya")
    assert "<script>" in message.inner_text()
    assert message.locator("script").count() == 0
    secret = message.locator(".spoiler")
    assert secret.evaluate("e => getComputedStyle(e).color") == "rgba(0, 0, 0, 0)"
    secret.click()
    assert secret.evaluate("e => getComputedStyle(e).color") != "rgba(0, 0, 0, 0)"
    message.get_by_role("button", name="/teclado").click()
    heard(phone, "¿Dónde?")


def test_what_somebody_types_is_never_markup(stage: Stage, page_of: PageOf) -> None:
    page, phone = started(stage, page_of)
    nasty = "<img src=x onerror=\"document.title='roto'\"> {llaves} & שלום"
    says(phone, nasty)
    heard(phone, f"Dijiste: {nasty}")
    assert phone.locator(".words img").count() == 0
    assert page.title() != "roto"


def test_a_tap_is_answered_with_a_toast_an_alert_or_a_changed_message(
    stage: Stage, page_of: PageOf
) -> None:
    _, phone = started(stage, page_of)
    phone.get_by_role("button", name="Aviso").click()
    expect(phone.get_by_test_id("toast")).to_have_text("Un aviso corto")
    expect(phone.locator(".inline-button.waiting")).to_have_count(0)
    phone.get_by_role("button", name="Alerta").click()
    expect(phone.get_by_test_id("alert")).to_contain_text("Una alerta que se cierra")
    phone.get_by_test_id("alert").get_by_role("button").click()
    expect(phone.get_by_test_id("alert")).to_have_count(0)
    phone.get_by_role("button", name="Cambiar").click()
    heard(phone, "Ya cambió")
    expect(phone.get_by_test_id("inline-keyboard")).to_have_count(0)


def test_a_deep_link_to_the_bot_starts_it_with_its_payload(stage: Stage, page_of: PageOf) -> None:
    _, phone = started(stage, page_of)
    phone.get_by_role("button", name="Otra vez").click()
    heard(phone, "Hola (otra)")


def test_a_place_is_chosen_on_the_map_for_a_reply_button(stage: Stage, page_of: PageOf) -> None:
    _page, phone = started(stage, page_of)
    says(phone, "/teclado")
    expect(phone.get_by_test_id("composer")).to_have_attribute(
        "placeholder", "Escribe una dirección"
    )
    phone.get_by_test_id("reply-keyboard").get_by_role("button", name="Mi lugar").click()
    send = phone.get_by_test_id("map-send")
    expect(send).to_be_disabled()
    drawing = phone.get_by_test_id("town-map")
    box = drawing.bounding_box()
    assert box is not None
    drawing.click(position={"x": box["width"] * 0.7, "y": box["height"] * 0.25})
    expect(phone.locator(".map-said")).to_have_text("La Ribera")
    send.click()
    # The upper right quarter of the square town.
    answer = heard(phone, "Lugar").inner_text()
    found = re.search(r"Lugar (\S+) (\S+)", answer)
    assert found is not None
    assert -34.60 < float(found[1]) < -34.59
    assert -58.40 < float(found[2]) < -58.39
    expect(phone.get_by_test_id("place")).to_contain_text("La Ribera")
    expect(phone.get_by_test_id("reply-keyboard")).to_be_hidden()


def test_a_place_can_be_chosen_with_the_keyboard_or_by_name(stage: Stage, page_of: PageOf) -> None:
    page, phone = started(stage, page_of)
    phone.get_by_test_id("attach").click()
    phone.get_by_test_id("attach_place").click()
    drawing = phone.get_by_test_id("town-map")
    drawing.focus()
    for key in ("Enter", "ArrowLeft", "ArrowLeft", "ArrowDown", "ArrowDown"):
        page.keyboard.press(key)
    expect(phone.locator(".map-said")).to_have_text("Centro")
    phone.get_by_role("button", name="Plaza Mayor").click()
    phone.get_by_test_id("map-send-venue").click()
    heard(phone, "Lugar -34.602 -58.398")
    expect(phone.get_by_test_id("place")).to_contain_text("Plaza Mayor")


def test_sample_photos_go_as_one_or_as_an_album(stage: Stage, page_of: PageOf) -> None:
    page, phone = started(stage, page_of)
    phone.get_by_test_id("attach").click()
    phone.get_by_test_id("attach_photo").click()
    sheet = phone.get_by_test_id("sheet")
    sheet.get_by_role("radio", name=re.compile("Bache")).check()
    sheet.get_by_label("¿Cuántas?").fill("3")
    sheet.get_by_label("Texto de la foto").fill("así está")
    phone.get_by_test_id("sheet-send").click()
    heard(phone, "así está")
    album = said(phone, "así está")
    expect(album.get_by_test_id("photo")).to_have_count(3)
    album.get_by_test_id("photo").first.click()
    large = page.get_by_test_id("lightbox").locator("img")
    expect(large).to_be_visible()
    page.wait_for_function("document.querySelector('.lightbox img').naturalWidth > 100")
    page.keyboard.press("Escape")
    expect(page.get_by_test_id("lightbox")).to_have_count(0)


def test_photos_and_files_from_the_disk_are_sent(
    stage: Stage, page_of: PageOf, tmp_path: Path
) -> None:
    image = tmp_path / "foto.png"
    image.write_bytes(picture("tree", 0, 320))
    note = tmp_path / "acta.txt"
    note.write_text("acta")
    page, phone = started(stage, page_of)
    phone.get_by_test_id("attach").click()
    with page.expect_file_chooser() as chooser:
        phone.get_by_test_id("attach_photo_file").click()
    chooser.value.set_files(image)
    heard(phone, "Foto 320x240")
    phone.get_by_test_id("attach").click()
    with page.expect_file_chooser() as chooser:
        phone.get_by_test_id("attach_document_file").click()
    chooser.value.set_files(note)
    heard(phone, "Archivo acta.txt")
    expect(phone.get_by_test_id("document")).to_contain_text("acta.txt")
    link = phone.get_by_test_id("document").get_attribute("href")
    assert link is not None
    body = page.evaluate("async (link) => btoa(await (await fetch(link)).text())", link)
    assert base64.b64decode(body) == b"acta"


def test_voice_sticker_and_contact(stage: Stage, page_of: PageOf) -> None:
    _page, phone = started(stage, page_of)
    phone.get_by_test_id("attach").click()
    phone.get_by_test_id("attach_voice").click()
    phone.get_by_test_id("sheet").get_by_role("spinbutton").fill("4")
    phone.get_by_test_id("sheet-send").click()
    heard(phone, "Voz de 4 s")
    player = phone.get_by_test_id("voice")
    expect(player).to_contain_text("0:04")
    player.get_by_role("button", name="Escuchar").click()
    expect(player.get_by_role("button", name="Pausar")).to_be_visible()
    for item in ("attach_sticker", "attach_contact"):
        phone.get_by_test_id("attach").click()
        phone.get_by_test_id(item).click()
    heard(phone, "Sticker")
    heard(phone, "Contacto Rosa")
    expect(phone.get_by_test_id("sticker")).to_be_visible()
    expect(phone.get_by_test_id("contact")).to_contain_text("Rosa")


def act_on(message: Locator, action: str) -> None:
    message.get_by_test_id("message-menu").click()
    message.page.get_by_test_id(f"action-{action}").click()


def test_own_messages_are_edited_answered_forwarded_and_deleted(
    stage: Stage, page_of: PageOf
) -> None:
    _page, phone = started(stage, page_of)
    says(phone, "La farola no prende")
    heard(phone, "Dijiste: La farola no prende")
    act_on(said(phone, "La farola no prende"), "edit")
    expect(phone.get_by_test_id("composer")).to_have_value("La farola no prende")
    says(phone, "La farola parpadea")
    heard(phone, "Corregiste: La farola parpadea")
    mine = said(phone, "La farola parpadea")
    expect(mine).to_contain_text("editado")

    act_on(mine, "forward")
    phone.get_by_test_id("sheet").get_by_role("button", name="Plaza").click()
    heard(phone, "Dijiste: La farola parpadea (reenviado)")

    act_on(mine, "reply")
    says(phone, "sigue igual")
    heard(phone, "Dijiste: sigue igual (sobre La farola parpadea)")
    expect(said(phone, "sigue igual").locator(".quote")).to_contain_text("La farola parpadea")

    act_on(said(phone, "sigue igual"), "delete")
    expect(
        phone.locator('[data-testid=message][data-mine="yes"]', has_text="sigue igual")
    ).to_have_count(0)


def test_a_poll_is_voted_in(stage: Stage, page_of: PageOf) -> None:
    _, phone = started(stage, page_of)
    says(phone, "/encuesta")
    phone.get_by_test_id("poll-option-1").click()
    poll = phone.get_by_test_id("poll")
    expect(poll).to_contain_text("1 voto")
    expect(poll.get_by_test_id("poll-option-1")).to_contain_text("100 %")
    poll.get_by_role("button", name="Quitar mi voto").click()
    expect(poll).to_contain_text("0 votos")


def test_a_message_the_bot_deletes_goes_away(stage: Stage, page_of: PageOf) -> None:
    _, phone = started(stage, page_of)
    says(phone, "/borrar")
    heard(phone, "Borrado")
    expect(phone.get_by_text("Esto se borra")).to_have_count(0)


def test_commands_come_in_the_language_of_the_persons_phone(stage: Stage, page_of: PageOf) -> None:
    page = page_of(stage, people=[stage.rosa.id, stage.mary.id])
    for person, words in ((stage.rosa, "Muestra botones"), (stage.mary, "Show buttons")):
        phone = phone_of(page, person.id)
        phone.get_by_test_id("start").click()
        heard(phone, "Hola")
        phone.get_by_test_id("commands").click()
        expect(phone.get_by_test_id("action-command-teclado")).to_contain_text(words)
        phone.get_by_test_id("action-command-teclado").click()
        heard(phone, "¿Dónde?")


def test_a_blocked_bot_can_be_unblocked(stage: Stage, page_of: PageOf) -> None:
    _, phone = started(stage, page_of)
    phone.get_by_test_id("phone-menu").click()
    phone.get_by_test_id("action-block").click()
    expect(phone.get_by_test_id("unblock")).to_be_visible()
    phone.get_by_test_id("unblock").click()
    says(phone, "ya volví")
    heard(phone, "Dijiste: ya volví")


def test_many_messages_keep_the_last_in_view_until_the_reader_scrolls_up(
    stage: Stage, page_of: PageOf
) -> None:
    page, phone = started(stage, page_of)

    def many() -> None:
        for number in range(90):
            stage.rosa.says(f"mensaje {number}")

    stage.do(many)
    heard(phone, "Dijiste: mensaje 89")
    scroller = phone.locator(".thread-scroll")
    below = "e => e.scrollHeight - e.scrollTop - e.clientHeight"
    page.wait_for_function(
        "() => { const e = document.querySelector('.thread-scroll');"
        " return e.scrollHeight - e.scrollTop - e.clientHeight < 5 }"
    )
    scroller.evaluate("e => { e.scrollTop = 900 }")
    expect(phone.get_by_role("button", name="Ir al último mensaje")).to_be_visible()
    stage.do(lambda: stage.rosa.says("otro más"))
    heard_last = phone.locator("[data-testid=message]", has_text="Dijiste: otro más")
    expect(heard_last).to_have_count(1)
    assert scroller.evaluate(below) > 500
    # A page that is opened later loads what is older when it is scrolled to.
    page.reload()
    phone.locator("[data-testid=message]", has_text="Dijiste: otro más").wait_for()
    assert phone.get_by_text("mensaje 0", exact=True).count() == 0
    for _ in range(8):
        scroller.evaluate("e => { e.scrollTop = 0 }")
        page.wait_for_timeout(250)
    expect(phone.get_by_text("mensaje 0", exact=True)).to_have_count(1)
