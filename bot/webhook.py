"""A webhook answers Telegram only after the update is in the inbox, committed."""

from __future__ import annotations

import asyncio
import hmac
from functools import partial
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import orjson
from aiohttp import web

from bot.listener import ALLOWED_UPDATES

if TYPE_CHECKING:
    from bot.house import House

SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"  # noqa: S105 (a header's name)
LARGEST = 4 * 1024 * 1024


async def open_(house: House) -> None:
    """Listen on the settings' host and port and tell Telegram to call; until cancelled.

    A request without the secret is refused before it is read.
    """
    settings = house.settings
    assert settings.webhook_url is not None
    assert settings.webhook_secret is not None
    secret = settings.webhook_secret.get_secret_value()

    async def called(request: web.Request) -> web.Response:
        given = request.headers.get(SECRET_HEADER, "")
        if not hmac.compare_digest(given.encode(), secret.encode()):
            return web.Response(status=403)
        try:
            update = orjson.loads(await request.read())
            int(update["update_id"])
        except (ValueError, TypeError, KeyError):
            return web.Response(status=400)
        await house.intake.room()
        await house.intake.accept([update])
        return web.Response()

    app = web.Application(client_max_size=LARGEST)
    app.router.add_post(urlsplit(settings.webhook_url).path or "/", called)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    try:
        await web.TCPSite(runner, settings.webhook_host, settings.webhook_port).start()
        await house.patiently(
            partial(
                house.bot.set_webhook,
                settings.webhook_url,
                secret_token=secret,
                allowed_updates=ALLOWED_UPDATES,
            )
        )
        await asyncio.Event().wait()
    finally:
        await runner.cleanup()
