"""The HTTP side of the Bot API: /bot<token>/<method> and /file/bot<token>/<path>.

JSON, urlencoded and multipart bodies, and query strings, all end as one dictionary; nothing is
logged, since the address carries the token.
"""

from __future__ import annotations

import asyncio
from typing import Any
from urllib.parse import parse_qsl, unquote

import orjson
from aiohttp import web

from simulator.dispatch import BadGateway, Dispatcher, Dropped, Injected
from simulator.errors import ApiError
from simulator.schema import Upload

Json = dict[str, Any]

_HTML = b"<html>\r\n<head><title>502 Bad Gateway</title></head>\r\n<body>502</body>\r\n</html>\r\n"


class Front:
    """Answers bots."""

    def __init__(self, dispatcher: Dispatcher) -> None:
        self._dispatcher = dispatcher
        self._world = dispatcher.world

    async def bot(self, request: web.BaseRequest, path: str, query: str) -> web.StreamResponse:
        """`path` is what follows "/bot", still quoted."""
        token, _, name = path.partition("/")
        bot = self._world.tokens.get(unquote(token) if "%" in token else token)
        if bot is None:
            await request.read()
            return _answer(ApiError("Unauthorized", 401).body(), 401)
        try:
            given, files = await _read(request, query)
            status, body = await self._dispatcher.call(bot, name.rstrip("/"), given, files)
        except Dropped:
            return _cut(request)
        except BadGateway:
            return web.Response(body=_HTML, status=502, content_type="text/html")
        except Injected as fault:
            return _answer(fault.error.body(), fault.error.code)
        except ApiError as error:
            return _answer(error.body(), error.code)
        return _answer(body, status)

    async def file(self, request: web.BaseRequest, path: str) -> web.StreamResponse:
        """`path` is what follows "/file/bot"."""
        token, _, name = path.partition("/")
        bot = self._world.tokens.get(unquote(token))
        if bot is None:
            return _answer(ApiError("Unauthorized", 401).body(), 401)
        world = self._world
        if world.faults:
            from simulator.faults import CALL_FAULTS

            for fault in world.faults.strike(CALL_FAULTS, "file", None):
                if fault.kind == "delay":
                    await asyncio.sleep(fault.ms / 1000)
                elif fault.kind in ("drop_before", "drop_after"):
                    return _cut(request)
                else:
                    return _answer(ApiError("Internal Server Error", 500).body(), 500)
        file = world.files.at(unquote(name))
        if file is None:
            return _answer(ApiError("Not Found", 404).body(), 404)
        return web.Response(body=file.read(), content_type="application/octet-stream")


def _answer(body: Json, status: int) -> web.Response:
    return web.Response(
        body=orjson.dumps(body, option=orjson.OPT_NON_STR_KEYS),
        status=status,
        headers={"Content-Type": "application/json"},
    )


def _cut(request: web.BaseRequest) -> web.Response:
    """Close the connection without a word."""
    if request.transport is not None:
        request.transport.abort()
    response = web.Response()
    response.force_close()
    return response


async def _read(request: web.BaseRequest, query: str) -> tuple[Json, dict[str, Upload]]:
    given: Json = dict(parse_qsl(query, keep_blank_values=True)) if query else {}
    if not request.body_exists:
        return given, {}
    kind = request.headers.get("Content-Type", "").partition(";")[0].strip().lower()
    try:
        if kind == "application/json":
            body = await request.read()
            if body:
                parsed = orjson.loads(body)
                if not isinstance(parsed, dict):
                    raise ApiError("Bad Request: can't parse parameters: object expected")
                given.update(parsed)
            return given, {}
        if kind == "multipart/form-data":
            return await _multipart(request, given)
        if kind == "application/x-www-form-urlencoded":
            text = (await request.read()).decode()
            given.update(parse_qsl(text, keep_blank_values=True))
        else:
            await request.read()
    except web.HTTPRequestEntityTooLarge:
        raise ApiError("Request Entity Too Large", 413) from None
    except UnicodeDecodeError:
        raise ApiError("Bad Request: strings must be encoded in UTF-8") from None
    except orjson.JSONDecodeError:
        raise ApiError("Bad Request: can't parse parameters JSON object") from None
    return given, {}


async def _multipart(request: web.BaseRequest, given: Json) -> tuple[Json, dict[str, Upload]]:
    files: dict[str, Upload] = {}
    form = await request.post()
    for name, value in form.items():
        if isinstance(value, web.FileField):
            files[name] = Upload(value.filename, value.content_type, value.file.read())
        elif isinstance(value, (bytes, bytearray)):
            files[name] = Upload(name, "application/octet-stream", bytes(value))
        else:
            given[name] = value
    return given, files
