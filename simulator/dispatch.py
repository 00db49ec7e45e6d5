"""One call, from name to answer: found, checked, limited, done, recorded; faults strike."""

from __future__ import annotations

import asyncio
import time
from typing import Any

from simulator.errors import ApiError, bad, missing
from simulator.faults import CALL_FAULTS
from simulator.limits import COUNTED
from simulator.methods import MODELLED, Call
from simulator.methods.unmodelled import refuse
from simulator.people import Bot
from simulator.schema import Upload, method_named
from simulator.world import World

Json = dict[str, Any]

INNOCENT = (
    "not modified", "query is too old", "message to edit not found", "message to delete not found",
    "group chat was upgraded", "file is too big", "message can't be deleted",
    "HIDE_REQUESTER_MISSING", "USER_ALREADY_PARTICIPANT",
)  # fmt: skip
"""400s that can happen to a correct bot (somebody was faster); the others break a limit."""


class Dropped(Exception):
    """The connection is to be cut instead of an answer."""


class BadGateway(Exception):
    """502 with an HTML body, as a proxy would answer."""


class Dispatcher:
    """Calls on behalf of bots."""

    def __init__(self, world: World) -> None:
        self.world = world
        world.webhook_answered = self._from_webhook

    async def call(
        self, bot: Bot, name: str, given: Json, files: dict[str, Upload]
    ) -> tuple[int, Any]:
        """HTTP status and JSON body. Dropped and BadGateway stand for no such answer."""
        world = self.world
        record = world.record
        entry: Json | None = None
        try:
            method = method_named(name)
        except ApiError as error:
            record.counts[f"? {error.code}"] += 1
            record.violation("unknown method", method=name, bot=bot.id)
            return error.code, error.body()
        name = method.name
        low = name.lower()
        if record.on and low != "getupdates":
            entry = record.add(
                "call", bot=bot.id, method=name, chat=given.get("chat_id"), status=None
            )
            if record.full:
                entry["params"] = given
        drop = None
        if world.faults:
            drop = await self._strike(bot, low, given, entry)
        try:
            params = method.read({**given, **files} if files else given)
            if low == "getupdates":
                result: Any = await world.outboxes[bot.id].get(
                    params.get("offset", 0),
                    params.get("limit", 100),
                    params.get("timeout", 0),
                    params.get("allowed_updates"),
                )
            else:
                doing = MODELLED.get(low)
                if doing is None:
                    raise missing(name)
                refuse(low, params)
                call = Call(world, bot, params, files)
                if low in COUNTED:
                    self._limit(call, low)
                result = doing(call)
            status, body = 200, {"ok": True, "result": result}
        except ApiError as error:
            status, body = error.code, error.body()
            self._judge(bot, name, given, error)
        except Exception as error:
            if entry is not None:
                entry.update(status=500, error=repr(error))
            record.counts[f"{name} 500"] += 1
            raise
        record.counts[f"{name} {status}"] += 1
        if entry is not None:
            entry["status"] = status
            entry["done"] = time.monotonic()
            if status != 200:
                entry["description"] = body["description"]
            elif type(result) is dict and "message_id" in result:
                entry["message_id"] = result["message_id"]
        if drop is not None:
            if entry is not None:
                entry["answered"] = False
            if drop == "drop_after":
                raise Dropped
            if drop == "bad_gateway_after":
                raise BadGateway
        return status, body

    async def _strike(self, bot: Bot, low: str, given: Json, entry: Json | None) -> str | None:
        """Faults before the call; what is to happen after it."""
        chat = given.get("chat_id")
        number = int(chat) if isinstance(chat, (int, str)) and _is_number(chat) else None
        after = None
        for fault in self.world.faults.strike(CALL_FAULTS, low, number):
            if entry is not None:
                entry.setdefault("faults", []).append(fault.kind)
            if fault.kind == "delay":
                await asyncio.sleep(fault.ms / 1000)
            elif fault.kind == "drop_after":
                after = "drop_after"
            else:
                status = {"drop_before": 0, "error_500": 500, "bad_gateway": 502, "too_many": 429}
                self.world.record.counts[f"fault {fault.kind}"] += 1
                if entry is not None:
                    entry.update(status=status[fault.kind], injected=True, done=time.monotonic())
                if fault.kind == "drop_before":
                    raise Dropped
                if fault.kind == "bad_gateway":
                    raise BadGateway
                if fault.kind == "too_many":
                    if fault.pauses:
                        self.world.limits[bot.id].pause(fault.retry_after)
                    raise Injected(
                        ApiError(
                            f"Too Many Requests: retry after {fault.retry_after}", 429,
                            retry_after=fault.retry_after,
                        )
                    )  # fmt: skip
                raise Injected(ApiError("Internal Server Error", 500))
        return after

    def _limit(self, call: Call, low: str) -> None:
        limits = self.world.limits[call.bot.id]
        if limits.idle:
            return
        chat = call.params.get("chat_id")
        cost = len(call.params.get("media", ())) if low == "sendmediagroup" else 1
        limits.check(low, chat if isinstance(chat, int) else 0, cost)

    def _judge(self, bot: Bot, name: str, given: Json, error: ApiError) -> None:
        if error.code in (400, 404, 413, 501) and not any(
            words in error.description for words in INNOCENT
        ):
            self.world.record.violation(
                "refused", bot=bot.id, method=name, chat=given.get("chat_id"),
                code=error.code, description=error.description,
            )  # fmt: skip

    async def _from_webhook(self, bot: Bot, answer: Json) -> None:
        name = str(answer.pop("method"))
        try:
            await self.call(bot, name, answer, {})
        except (Dropped, BadGateway, Injected):
            return


class Injected(Exception):
    """A refusal made on demand, before anything was looked at."""

    def __init__(self, error: ApiError) -> None:
        super().__init__(error.description)
        self.error = error


def _is_number(value: int | str) -> bool:
    return isinstance(value, int) or value.lstrip("-").isdigit()


__all__ = ["BadGateway", "Dispatcher", "Dropped", "Injected", "bad"]
