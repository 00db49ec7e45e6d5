"""How the control API reads requests and words answers; nothing here knows what is asked."""

from __future__ import annotations

import base64
import mimetypes
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

import orjson
from aiohttp import web

from simulator.errors import ActError

Json = dict[str, Any]

PAGE = Path(__file__).parent / "page"


def sentence_of(error: Exception) -> str:
    """What went wrong, for whoever asked."""
    text = str(error.args[0]) if error.args else ""
    return text if text else "That cannot be done."


def reply(body: Any, status: int = 200) -> web.Response:
    """A JSON answer."""
    return web.Response(
        body=orjson.dumps(body, option=orjson.OPT_NON_STR_KEYS, default=str),
        status=status,
        headers={"Content-Type": "application/json", "Cache-Control": "no-store"},
    )


def line_of(event: Json) -> bytes:
    """An event as text/event-stream has it."""
    body = orjson.dumps(event, option=orjson.OPT_NON_STR_KEYS)
    return b"id: %d\ndata: %b\n\n" % (event["seq"], body)


def query_of(request: web.BaseRequest) -> dict[str, str]:
    """The query string; of repeated names the last counts."""
    _, _, query = request.raw_path.partition("?")
    return {key: values[-1] for key, values in parse_qs(query).items()}


async def body_of(request: web.BaseRequest, *, anything: bool = False) -> Any:
    """The JSON object (or `anything`: also a list) of a request; ActError when it is none."""
    raw = await request.read()
    try:
        body = orjson.loads(raw) if raw else {}
    except orjson.JSONDecodeError:
        raise ActError("The body is no JSON.") from None
    if not isinstance(body, dict) and not (anything and isinstance(body, list)):
        raise ActError("The body is a JSON object.")
    return body


def decoded(value: Any) -> bytes | list[bytes]:
    """Base64, one or several."""
    if isinstance(value, list):
        return [base64.b64decode(item) for item in value]
    return base64.b64decode(value)


def static(parts: list[str]) -> web.StreamResponse:
    """A file of the page, and never one outside it."""
    path = PAGE.joinpath(*(parts or ["index.html"])).resolve()
    if not path.is_relative_to(PAGE.resolve()) or not path.is_file():
        return reply({"error": "There is no such page."}, 404)
    kind = mimetypes.guess_type(path.name)[0] or "application/octet-stream"
    return web.FileResponse(path, headers={"Content-Type": kind, "Cache-Control": "no-cache"})
