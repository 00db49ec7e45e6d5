"""How a request leaves: over aiohttp, and what went wrong says whether Telegram can have seen it.

Nothing here is logged and no error quotes the address: it carries the token.
"""

from __future__ import annotations

from typing import Any

import aiohttp
import orjson
from telegram.error import NetworkError, TelegramError
from telegram.request import BaseRequest, RequestData

CONNECT_S = 5.0
ANSWER_S = 20.0
UPLOAD_S = 60.0
CONNECTIONS = 100
# Shorter than any server's: a connection that the other side is closing looks like a lost answer.
KEEP_ALIVE_S = 10.0


class Unsent(NetworkError):
    """The request surely never reached Telegram: it may simply be sent again."""


class Unanswered(NetworkError):
    """Telegram may have applied the request; its answer did not come. `name` says what came."""

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.name = name


class TooMany(TelegramError):
    """Telegram asks us to be quiet for `seconds`; it did not apply the request."""

    def __init__(self, seconds: float) -> None:
        super().__init__("Too Many Requests")
        self.seconds = seconds


class AiohttpRequest(BaseRequest):
    """One client session with keep-alive; JSON bodies, multipart only where files go up.

    `connections` is how many requests may be under way at once.
    """

    __slots__ = ("_connections", "_session", "_timeout", "_uploading")

    def __init__(self, connections: int = CONNECTIONS) -> None:
        self._connections = connections
        self._session: aiohttp.ClientSession | None = None
        self._timeout = aiohttp.ClientTimeout(
            total=None, sock_connect=CONNECT_S, sock_read=ANSWER_S
        )
        self._uploading = aiohttp.ClientTimeout(
            total=None, sock_connect=CONNECT_S, sock_read=UPLOAD_S
        )

    @property
    def read_timeout(self) -> float | None:
        """Seconds without an answer after which it counts as lost."""
        return ANSWER_S

    async def initialize(self) -> None:
        """Open the session; a second call does nothing."""
        if self._session is None or self._session.closed:
            self._session = aiohttp.ClientSession(
                connector=aiohttp.TCPConnector(
                    limit=self._connections, keepalive_timeout=KEEP_ALIVE_S, ttl_dns_cache=60
                ),
                headers={"User-Agent": self.USER_AGENT},
                cookie_jar=aiohttp.DummyCookieJar(),
                auto_decompress=True,
            )

    async def shutdown(self) -> None:
        """Close the session."""
        session, self._session = self._session, None
        if session is not None:
            await session.close()

    @staticmethod
    def parse_json_payload(payload: bytes) -> Any:
        """Telegram's answer as Python data; an answer that is none counts as lost."""
        try:
            return orjson.loads(payload)
        except orjson.JSONDecodeError:
            raise Unanswered("bad_answer") from None

    async def do_request(
        self,
        url: str,
        method: str,
        request_data: RequestData | None = None,
        read_timeout: Any = BaseRequest.DEFAULT_NONE,
        write_timeout: Any = BaseRequest.DEFAULT_NONE,
        connect_timeout: Any = BaseRequest.DEFAULT_NONE,
        pool_timeout: Any = BaseRequest.DEFAULT_NONE,
    ) -> tuple[int, bytes]:
        """Send one request and return status and body.

        Only `read_timeout` (seconds) is heeded of the four. Raises Unsent, Unanswered, TooMany.
        """
        session = self._session
        if session is None:
            raise Unsent("closed")
        timeout = self._timeout
        body: dict[str, Any] = {}
        if request_data is not None and request_data.contains_files:
            body["data"] = _form(request_data)
            timeout = self._uploading
        elif request_data is not None:
            body["data"] = orjson.dumps(request_data.parameters)
            body["headers"] = {"Content-Type": "application/json"}
        if isinstance(read_timeout, int | float):
            timeout = aiohttp.ClientTimeout(
                total=None, sock_connect=CONNECT_S, sock_read=read_timeout
            )
        try:
            async with session.request(
                method, url, timeout=timeout, allow_redirects=False, **body
            ) as response:
                status, payload = response.status, await response.read()
        except (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError):
            raise Unsent("no_connection") from None
        except TimeoutError:
            raise Unanswered("timeout") from None
        except (aiohttp.ClientError, OSError):
            raise Unanswered("dropped") from None
        if status >= 400:
            _refuse(status, payload)
        return status, payload


def _form(request_data: RequestData) -> aiohttp.FormData:
    # Percent signs in a document's name would be shown to people as they are.
    form = aiohttp.FormData(quote_fields=False)
    for name, value in request_data.json_parameters.items():
        form.add_field(name, value)
    for name, (filename, content, kind) in request_data.multipart_data.items():
        form.add_field(name, content, filename=filename, content_type=kind)
    return form


def _refuse(status: int, payload: bytes) -> None:
    """Raise what python-telegram-bot would not tell apart; leave the rest to it."""
    if status >= 500:
        raise Unanswered("server_error") from None
    try:
        answer = orjson.loads(payload)
    except orjson.JSONDecodeError:
        answer = None
    if not isinstance(answer, dict):
        # Not Telegram speaking but something in between.
        raise Unanswered("bad_answer") from None
    if status == 429:
        seconds = (answer.get("parameters") or {}).get("retry_after", 1)
        raise TooMany(float(seconds))
