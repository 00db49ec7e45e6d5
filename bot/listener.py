"""aiogram's Bot only listens: its session refuses whatever would speak."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

import aiohttp
import orjson
from aiogram import Bot
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.telegram import PRODUCTION, TelegramAPIServer
from aiogram.exceptions import ClientDecodeError, TelegramServerError
from aiogram.methods import (
    DeleteWebhook,
    GetMe,
    GetUpdates,
    Response,
    SetWebhook,
    TelegramMethod,
)

LISTENING = (GetUpdates, GetMe, SetWebhook, DeleteWebhook)
ALLOWED_UPDATES = [
    "message",
    "edited_message",
    "callback_query",
    "my_chat_member",
    "chat_join_request",
]


class Silent(RuntimeError):
    """Something tried to speak through the bot that only listens."""


class NoBotApi(RuntimeError):
    """What answers is no Bot API server."""


class ListeningError(RuntimeError):
    """Telegram refused to hand out updates; `code` is its error code."""

    def __init__(self, code: int, retry_after: float) -> None:
        super().__init__(f"Telegram answered {code}")
        self.code = code
        self.retry_after = retry_after


class ListeningSession(AiohttpSession):
    """Telegram's HTTP session for getUpdates, getMe and the webhook's methods, and nothing else."""

    async def make_request(
        self,
        bot: Bot,
        method: TelegramMethod[Any],
        timeout: int | None = None,  # noqa: ASYNC109 (aiogram's own signature)
    ) -> Any:
        if not isinstance(method, LISTENING):
            raise Silent(f"{type(method).__name__}: owe a letter instead")
        return await super().make_request(bot, method, timeout)

    def check_response(
        self, bot: Bot, method: TelegramMethod[Any], status_code: int, content: str
    ) -> Response[Any]:
        """What was answered. A page of something else is a passing trouble of Telegram's own
        server, or of one that fails; else raises NoBotApi."""
        try:
            said = orjson.loads(content)
            ok = said.get("ok") if isinstance(said, dict) else None
            if ok is True or (ok is False and isinstance(said.get("description"), str)):
                return super().check_response(bot, method, status_code, content)
        except (orjson.JSONDecodeError, ClientDecodeError):
            pass
        passing = status_code >= 500 and status_code != HTTPStatus.NOT_IMPLEMENTED
        if passing or self.api is PRODUCTION:
            raise TelegramServerError(method=method, message="no answer of a Bot API")
        raise NoBotApi("CABILDO_API_BASE is wrong: what answers there is no Bot API server.")

    async def updates(
        self, bot: Bot, offset: int | None, wait: int, most: int = 100
    ) -> list[dict[str, Any]]:
        """Updates as plain JSON, so that each is parsed once, after it is in the inbox.

        Raises ListeningError, aiohttp.ClientError or TimeoutError; no message carries the token.
        """
        session = await self.create_session()
        body: dict[str, Any] = {
            "timeout": wait,
            "limit": most,
            "allowed_updates": ALLOWED_UPDATES,
        }
        if offset is not None:
            body["offset"] = offset
        async with session.post(
            self.api.api_url(token=bot.token, method="getUpdates"),
            json=body,
            timeout=aiohttp.ClientTimeout(total=wait + 15),
        ) as answer:
            raw = await answer.read()
        try:
            data = orjson.loads(raw)
        except orjson.JSONDecodeError:
            raise ListeningError(answer.status, 1.0) from None
        if not data.get("ok"):
            pause = float(data.get("parameters", {}).get("retry_after", 1.0))
            raise ListeningError(int(data.get("error_code", answer.status)), pause)
        result: list[dict[str, Any]] = data["result"]
        return result


def listening_bot(token: str, api_base: str | None) -> tuple[Bot, ListeningSession]:
    """A Bot that can only listen. `api_base` is another Bot API server's address."""
    session = ListeningSession()
    if api_base:
        session.api = TelegramAPIServer.from_base(api_base.rstrip("/"))
    return Bot(token, session=session), session
