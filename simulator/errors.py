"""What goes wrong, said once: a refusal in Telegram's words, or a person's impossible act."""

from __future__ import annotations

from typing import Any


class ApiError(Exception):
    """A method call refused as the Bot API refuses it: code, description, parameters."""

    def __init__(
        self,
        description: str,
        code: int = 400,
        *,
        retry_after: int | None = None,
        migrate_to: int | None = None,
    ) -> None:
        super().__init__(description)
        self.code = code
        self.description = description
        self.retry_after = retry_after
        self.migrate_to = migrate_to

    def body(self) -> dict[str, Any]:
        """The JSON object Telegram answers with."""
        body: dict[str, Any] = {
            "ok": False,
            "error_code": self.code,
            "description": self.description,
        }
        parameters: dict[str, int] = {}
        if self.retry_after is not None:
            parameters["retry_after"] = self.retry_after
        if self.migrate_to is not None:
            parameters["migrate_to_chat_id"] = self.migrate_to
        if parameters:
            body["parameters"] = parameters
        return body


class ActError(Exception):
    """Something a person cannot do in Telegram (press a button that is not there, and so on)."""


def bad(reason: str) -> ApiError:
    """400, with Telegram's prefix."""
    return ApiError(f"Bad Request: {reason}")


def forbidden(reason: str) -> ApiError:
    """403, with Telegram's prefix."""
    return ApiError(f"Forbidden: {reason}", 403)


def flood(seconds: int) -> ApiError:
    """429: nothing may be sent for that many seconds of machine time."""
    return ApiError(f"Too Many Requests: retry after {seconds}", 429, retry_after=seconds)


def missing(what: str) -> ApiError:
    """501: the simulator knows this exists in Telegram and does not pretend to do it."""
    return ApiError(f"Not Implemented: {what} is not modelled by the simulator", 501)
