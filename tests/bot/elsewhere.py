"""A server that is something else than what a setting says it is."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from aiohttp import web


@asynccontextmanager
async def something_else(status: int, says: str) -> AsyncIterator[str]:
    """The address of a server that answers everything alike."""

    async def answer(_: web.Request) -> web.Response:
        return web.Response(status=status, text=says, content_type="application/json")

    app = web.Application()
    app.router.add_route("*", "/{way:.*}", answer)
    runner = web.AppRunner(app)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    try:
        yield f"http://127.0.0.1:{runner.addresses[0][1]}"
    finally:
        await runner.cleanup()
