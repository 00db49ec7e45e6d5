"""/health tells numbers and yes or no, never whose: from before Telegram is asked anything."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

from aiohttp import web

from bot import ports

if TYPE_CHECKING:
    from bot.house import House

STALE_S = 180.0
"""Without an answer from Telegram for so long nobody is heard. A fetch waits for 25 s, gives up
after 40, and is tried again after 15."""


def facts(house: House) -> dict[str, Any]:
    """Whether it hears and keeps what people say, and how it fares."""
    now, age = time.time(), None
    # Where Telegram calls us, nobody asks it.
    if house.listening_since is not None and not house.settings.webhook_url:
        heard = house.poller.last_answer if house.poller else None
        age = now - (heard or house.listening_since)
    return {
        "ok": house.listens and not house.writer.down and (age or 0.0) < STALE_S,
        "starting": house.listening_since is None,
        "database": "down" if house.writer.down else "up",
        "waiting": house.intake.waiting,
        "applied": house.intake.applied,
        "set_aside": house.intake.aside,
        "unhandled": house.intake.unhandled,
        "last_update_check_s": None if age is None else round(age, 1),
        **house.courier.stats,
        "uptime_s": round(now - house.started_at),
    }


async def open_(house: House) -> web.AppRunner | None:
    """Serve it where the settings say so: 200 while all is well, else 503. Raises WrongSetting."""
    port = house.settings.health_port
    if port is None:
        return None

    async def asked(request: web.Request) -> web.Response:
        told = facts(house)
        return web.json_response(told, status=200 if told["ok"] else 503)

    app = web.Application()
    app.router.add_get("/health", asked)
    return await ports.serve(app, "127.0.0.1", port, "CABILDO_HEALTH_PORT")
