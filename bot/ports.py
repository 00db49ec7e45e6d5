"""A port is taken before we say that we listen; where it cannot be, its setting is named."""

from __future__ import annotations

import errno
import os
import socket

from aiohttp import web

from bot.settings import WrongSetting

PATIENCE_S = 5.0
"""For so long a call that is being answered keeps a house from closing."""


async def serve(
    app: web.Application, host: str, port: int, port_setting: str, host_setting: str | None = None
) -> web.AppRunner:
    """Answer on a port until the runner is cleaned up.

    Raises WrongSetting, with the name of whichever of the two settings is at fault.
    """
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=PATIENCE_S)
    await runner.setup()
    try:
        await web.TCPSite(runner, host, port).start()
    except (OSError, UnicodeError) as error:
        await runner.cleanup()
        setting = host_setting if host_setting and _is_the_hosts(error) else port_setting
        raise WrongSetting(
            f"{setting} is wrong: {host}:{port} cannot be listened on ({_why(error)})."
        ) from None
    return runner


def _is_the_hosts(error: Exception) -> bool:
    if isinstance(error, socket.gaierror | UnicodeError):
        return True
    return isinstance(error, OSError) and error.errno == errno.EADDRNOTAVAIL


def _why(error: Exception) -> str:
    if isinstance(error, UnicodeError):
        return "no such name"
    assert isinstance(error, OSError)
    # asyncio says it at length, with the address once more.
    known = None if isinstance(error, socket.gaierror) else error.errno
    words = os.strerror(known) if known else error.strerror or "no such name"
    return f"{words[0].lower()}{words[1:]}"
