"""The demo is a town of its own: nothing of one that is run from the same folder reaches it, and
somebody there administers it."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot import demo
from bot.demo import BotProcess
from bot.settings import load
from simulator.server import Simulator
from tests.bot.test_house import until
from tests.conversations.conftest import TOKEN

WEBHOOK = "https://villaceiba.example/telegram"
SECRET = "a-secret-of-Telegram-and-us"


async def test_its_bot_has_no_settings_but_its_own(
    small_url: str, sim: Simulator, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    town = tmp_path / "town"
    town.mkdir()
    monkeypatch.chdir(town)
    (town / ".env").write_text(f"CABILDO_WEBHOOK_URL={WEBHOOK}\nCABILDO_TIMEZONE=Macondo\n")
    monkeypatch.setenv("CABILDO_WEBHOOK_SECRET", SECRET)
    monkeypatch.setenv("cabildo_clock", "http://127.0.0.1:1")
    folder = town / "demo"
    folder.mkdir()
    bot = BotProcess(
        {"CABILDO_TOKEN": TOKEN, "CABILDO_API_BASE": sim.url, "CABILDO_DATABASE_URL": small_url},
        folder / "demo.log",
    )
    await bot.start()
    try:
        outboxes = sim.world.outboxes.values()
        await until(lambda: any(box.polling for box in outboxes) or not bot.running, 40)
        assert bot.running, (folder / "demo.log").read_text()
    finally:
        await bot.stop()
    assert sim.record.calls("setWebhook") == []
    told = (folder / "demo.log").read_text()
    assert "clock" not in told and "no setting" not in told


def test_a_gestora_of_the_demo_administers_it(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in demo.settings("sqlite:///x.sqlite", "http://127.0.0.1:8000").items():
        monkeypatch.setenv(name, value)
    assert load(None).admins == {demo.GESTORA.id}
