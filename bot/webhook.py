"""A webhook answers Telegram only after the update is in the inbox, committed.

The port is open before the house says that it listens. A call that comes before what was left over
is back in its lanes waits for that: Telegram's order holds.
"""

from __future__ import annotations

import asyncio
import hmac
from functools import partial
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import orjson
from aiogram.exceptions import TelegramBadRequest
from aiohttp import web

from bot import ports
from bot.listener import ALLOWED_UPDATES

if TYPE_CHECKING:
    from bot.house import House

SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"  # noqa: S105 (a header's name)
LARGEST = 4 * 1024 * 1024


async def open_(house: House) -> web.AppRunner | None:
    """Answer on the settings' host and port, where they name an address. Raises WrongSetting.

    A request without the secret is refused before it is read.
    """
    settings = house.settings
    if settings.webhook_url is None:
        return None
    secret = _secret(house)

    async def called(request: web.Request) -> web.Response:
        given = request.headers.get(SECRET_HEADER, "")
        if not hmac.compare_digest(given.encode(), secret.encode()):
            return web.Response(status=403)
        try:
            update = orjson.loads(await request.read())
            int(update["update_id"])
        except (ValueError, TypeError, KeyError):
            return web.Response(status=400)
        await house.recovered.wait()
        await house.intake.room()
        await house.intake.accept([update])
        return web.Response()

    app = web.Application(client_max_size=LARGEST)
    app.router.add_post(urlsplit(settings.webhook_url).path or "/", called)
    return await ports.serve(
        app,
        settings.webhook_host,
        settings.webhook_port,
        "CABILDO_WEBHOOK_PORT",
        "CABILDO_WEBHOOK_HOST",
    )


async def listen(house: House) -> None:
    """Tell Telegram to call; until cancelled. Raises RuntimeError where it refuses to."""
    url = house.settings.webhook_url
    assert url is not None
    try:
        await house.patiently(
            partial(
                house.bot.set_webhook,
                url,
                secret_token=_secret(house),
                allowed_updates=ALLOWED_UPDATES,
            )
        )
    except TelegramBadRequest as error:
        raise RuntimeError(f"CABILDO_WEBHOOK_URL is refused by Telegram: {error.message}") from None
    await asyncio.Event().wait()


def _secret(house: House) -> str:
    secret = house.settings.webhook_secret
    assert secret is not None
    return secret.get_secret_value()
