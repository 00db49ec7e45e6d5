"""Somebody at their phone on the page: reads what the bot says, by the catalogue's own words."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path

from PIL import Image
from playwright.sync_api import Locator, Page, expect

import locales
from flows.phrase import Phrase
from tests.browser.conftest import PICTURES

ZONE = "America/Bogota"
SKIPPABLE = "<i>{hint} You may skip this.</i>"


def words(key: str, **values: Phrase) -> str:
    """A sentence as it is read in Spanish; what is no sentence of ours stays as it is."""
    try:
        return locales.sentence({"key": key, "values": values}, "es", ZONE, markup=False)
    except locales.MissingText:
        return key


def either(*texts: str) -> re.Pattern[str]:
    """What matches any of these, as they are written."""
    return re.compile("|".join(map(re.escape, texts)))


def _keep(picture: bytes, file: Path) -> None:
    """As a PNG of 256 colours, a third of the size: guides are read over a poor line, too."""
    with Image.open(BytesIO(picture)) as drawn:
        drawn.convert("RGB").quantize(256).save(file, optimize=True)


class Neighbour:
    """One phone of the page."""

    def __init__(self, page: Page, person: int) -> None:
        self.page = page
        self.phone = page.get_by_test_id(f"phone-{person}")

    def starts(self) -> None:
        """Press Start, which a phone offers before the first word."""
        self.phone.get_by_test_id("start").click()

    @contextmanager
    def sending(self) -> Iterator[None]:
        """Until what is sent stands in the chat: whatever was asked before is then further up."""
        mine = self.phone.locator('[data-testid=message][data-mine="yes"]')
        before = mine.count()
        yield
        expect(mine).not_to_have_count(before)

    def says(self, text: str) -> None:
        """Write and send."""
        field = self.phone.get_by_test_id("composer")
        with self.sending():
            field.fill(text)
            field.press("Enter")

    def hears(self, key: str, **values: Phrase) -> Locator:
        """The newest message of others that holds this sentence, once it is there."""
        found = self.phone.locator(
            '[data-testid=message][data-mine="no"]', has_text=words(key, **values)
        ).last
        expect(found).to_be_visible()
        return found

    def reads(self, key: str, **values: Phrase) -> Locator:
        """The message at the bottom, once it holds this sentence: older ones may say it, too."""
        found = self.phone.get_by_test_id("message").last
        expect(found).to_contain_text(words(key, **values))
        expect(found).to_have_attribute("data-mine", "no")
        return found

    def taps(self, key: str, at: Locator | None = None, **values: Phrase) -> None:
        """Press the newest button that says this, or the one of a message."""
        label = words(key, **values)
        inside = self.phone if at is None else at
        inside.get_by_test_id("inline-keyboard").get_by_role("button", name=label).last.click()

    def presses(self, key: str) -> None:
        """Press a key of the keyboard below."""
        self.phone.get_by_test_id("reply-keyboard").get_by_role("button", name=words(key)).click()

    def opens(self, chat: str) -> None:
        """Look into another of their chats."""
        self.phone.locator("nav.chats").get_by_role("button", name=chat).click()

    def sees(self, key: str, **values: Phrase) -> None:
        """A button that says this is there."""
        keys = self.phone.get_by_test_id("inline-keyboard")
        expect(keys.get_by_role("button", name=words(key, **values)).last).to_be_visible()

    def waits_for(self, *keys: str) -> str:
        """The text of the message at the bottom, once it is the bot's and says one of these."""
        any_of = either(*(words(key, hint="").strip() for key in keys))
        found = self.phone.locator(
            '[data-testid=message][data-mine="no"]:nth-last-child(1 of [data-testid=message])'
        )
        expect(found).to_have_text(any_of)
        return found.inner_text()

    def skips_to(self, key: str) -> None:
        """Skip what may be skipped until this is asked."""
        for _ in range(8):
            if words(key) in self.waits_for(key, SKIPPABLE):
                return
            messages = self.phone.get_by_test_id("message")
            before = messages.count()
            self.taps("Skip")
            expect(messages).not_to_have_count(before)

    def shares_spot(self, across: float, down: float) -> None:
        """Send a place, picked on the town's map as shares of its width and height."""
        self.presses("📍 Send my location")
        drawing = self.phone.get_by_test_id("town-map")
        box = drawing.bounding_box()
        assert box is not None
        drawing.click(position={"x": box["width"] * across, "y": box["height"] * down})
        with self.sending():
            self.phone.get_by_test_id("map-send").click()

    def keeps_picture(self, name: str, at: Locator | None = None) -> None:
        """A picture of this phone (of its end, or with a message in sight), where somebody asked
        for pictures."""
        if not PICTURES:
            return
        expect(self.phone.get_by_test_id("toast")).to_have_count(0)
        if at is None:
            # Photos that came in meanwhile have pushed the end away.
            self.phone.locator(".thread-scroll").evaluate("e => e.scrollTo(0, e.scrollHeight)")
        else:
            at.evaluate("e => e.scrollIntoView({block: 'center'})")
        self.page.wait_for_timeout(500)
        _keep(self.phone.screenshot(), Path(PICTURES, f"{name}.png"))

    def keeps_photo(self, name: str, at: Locator) -> None:
        """The photo of a message as it is when tapped, where somebody asked for pictures."""
        if not PICTURES:
            return
        at.click()
        opened = self.page.get_by_test_id("lightbox")
        url = opened.locator("img").evaluate("e => e.src")
        _keep(self.page.request.get(url).body(), Path(PICTURES, f"{name}.png"))
        opened.click(position={"x": 5, "y": 5})
        expect(opened).to_have_count(0)

    def sends_photo(self) -> None:
        """One of the sample photos, by the paper clip."""
        self.phone.get_by_test_id("attach").click()
        self.phone.get_by_test_id("attach_photo").click()
        with self.sending():
            self.phone.get_by_test_id("sheet-send").click()
