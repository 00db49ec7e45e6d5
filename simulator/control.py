"""The control API under /sim and the page: what a browser, a test or another program may ask.

Answers are JSON; a request that cannot be done answers 400 {"error": "a sentence"}.
"""

from __future__ import annotations

import asyncio
import binascii
import contextlib
import inspect
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

from aiohttp import web

from simulator.answers import body_of, decoded, line_of, query_of, reply, sentence_of, static
from simulator.clock import moment_of
from simulator.errors import ActError
from simulator.person import Person
from simulator.seen import Seen
from simulator.views import Views

if TYPE_CHECKING:
    from simulator.server import Simulator

Json = dict[str, Any]
Handler = Callable[[web.BaseRequest, list[str]], Awaitable[Any]]

HEARTBEAT = 15.0

VERBS = frozenset(
    {
        "starts", "says", "taps", "presses", "shares_place", "moves", "sends_venue", "sends_photo",
        "sends_voice", "sends_document", "sends_sticker", "sends_contact", "forwards", "edits",
        "deletes", "blocks", "unblocks", "deactivates", "joins", "leaves", "votes_poll",
        "adds_bot", "removes_bot", "removes", "promotes", "demotes", "anonymous", "invites",
        "follows",
    }
)  # fmt: skip
SIGNATURES = {verb: inspect.signature(getattr(Person, verb)) for verb in VERBS}
_ALIASES = {"message_id": "message", "bytes": "content", "base64": "content", "from": "from_chat"}
_OWN_CHAT = frozenset({"joins", "adds_bot", "removes_bot", "removes", "promotes", "demotes"})


class Control:
    """Answers everything that is not the Bot API."""

    def __init__(self, sim: Simulator) -> None:
        self.sim = sim
        self.world = sim.world
        self.views = Views(sim)
        self._routes: dict[tuple[str, str], Handler] = {
            ("GET", "health"): self._health,
            ("GET", "state"): self._state,
            ("GET", "people"): self._person,
            ("GET", "files"): self._file,
            ("GET", "events"): self._events,
            ("GET", "record"): self._record,
            ("GET", "violations"): self._violations,
            ("GET", "clock"): self._clock,
            ("GET", "faults"): self._get_faults,
            ("POST", "act"): self._act,
            ("POST", "people"): self._add_person,
            ("POST", "groups"): self._groups,
            ("POST", "bots"): self._add_bot,
            ("POST", "clock"): self._set_clock,
            ("POST", "faults"): self._faults,
            ("POST", "settings"): self._settings,
            ("POST", "process"): self._process,
        }

    async def handle(self, request: web.BaseRequest, path: str) -> web.StreamResponse:
        """Route a request by its path."""
        parts = [unquote(part) for part in path.split("/") if part]
        if not parts or parts[0] == "page":
            return static(parts[1:])
        if parts[0] != "sim" or len(parts) < 2:
            return reply({"error": "There is nothing here."}, 404)
        handler = self._routes.get((request.method, parts[1]))
        if handler is None:
            return reply({"error": "There is nothing here."}, 404)
        try:
            made = await handler(request, parts[2:])
        except (ActError, ValueError, LookupError, TypeError, binascii.Error) as error:
            return reply({"error": sentence_of(error)}, 400)
        return made if isinstance(made, web.StreamResponse) else reply(made)

    # reading

    async def _health(self, request: web.BaseRequest, rest: list[str]) -> Json:
        return {"ok": True, "bots": len(self.world.bots), "people": len(self.world.users)}

    async def _state(self, request: web.BaseRequest, rest: list[str]) -> Json:
        return self.views.state()

    async def _person(self, request: web.BaseRequest, rest: list[str]) -> Any:
        if len(rest) != 2 or int(rest[0]) not in self.world.users:
            raise LookupError("There is no such person.")
        number = int(rest[0])
        if rest[1] == "chats":
            return self.views.chats(number)
        if rest[1] == "messages":
            query = query_of(request)
            return self.views.messages(
                number,
                query.get("chat"),
                int(query.get("limit", 100)),
                int(query["before"]) if query.get("before") else None,
            )
        raise LookupError("There is nothing here.")

    async def _file(self, request: web.BaseRequest, rest: list[str]) -> web.Response:
        file = self.world.files.find(rest[0]) if rest else None
        if file is None:
            return reply({"error": "There is no such file."}, 404)
        return web.Response(body=file.read(), content_type=file.mime,
                            headers={"X-Content-Type-Options": "nosniff"})  # fmt: skip

    async def _record(self, request: web.BaseRequest, rest: list[str]) -> list[Json]:
        query = query_of(request)
        return self.sim.record.after(
            int(query.get("after", 0)), query.get("kind"), int(query.get("limit", 100_000))
        )

    async def _violations(self, request: web.BaseRequest, rest: list[str]) -> list[Json]:
        return self.sim.record.violations

    async def _clock(self, request: web.BaseRequest, rest: list[str]) -> Json:
        query = query_of(request)
        wait = min(float(query.get("wait", 0)), 60.0)
        if wait > 0:
            return await self.sim.clock.wait(wait, walker=query.get("walker") == "1")
        return self.sim.clock.state()

    async def _get_faults(self, request: web.BaseRequest, rest: list[str]) -> list[Json]:
        return self.world.faults.describe()

    async def _events(self, request: web.BaseRequest, rest: list[str]) -> web.StreamResponse:
        query = query_of(request)
        events = self.world.events
        header = request.headers.get("Last-Event-ID", "")
        seq = int(header or query.get("after") or events.seq)
        response = web.StreamResponse(
            headers={
                "Content-Type": "text/event-stream",
                "Cache-Control": "no-store",
                "X-Accel-Buffering": "no",
            }
        )
        await response.prepare(request)
        await response.write(b"retry: 1000\n\n")
        with contextlib.suppress(ConnectionError):
            while True:
                if news := events.after(seq):
                    seq = news[-1]["seq"]
                    await response.write(b"".join(map(line_of, news)))
                if events.seq == seq:
                    try:
                        async with asyncio.timeout(HEARTBEAT):
                            await events.wait()
                    except TimeoutError:
                        await response.write(b": still here\n\n")
        return response

    # doing

    async def _act(self, request: web.BaseRequest, rest: list[str]) -> Any:
        body = await body_of(request, anything=True)
        if isinstance(body, dict):
            return self.act(body)
        answers: list[Json] = []
        for one in body:
            try:
                answers.append(self.act(one))
            except (ActError, ValueError, LookupError, TypeError, AttributeError) as error:
                answers.append({"error": sentence_of(error)})
        return answers

    def act(self, body: Json) -> Json:
        """Let a person do something: {"person", "do", "chat"?, ...}; ActError when they cannot."""
        given = {_ALIASES.get(key, key): value for key, value in body.items()}
        number = given.pop("person", None)
        verb = given.pop("do", None)
        if number is None or int(number) not in self.world.users:
            raise ActError(f"There is no person {number}.")
        if verb not in VERBS:
            raise ActError(f"Nobody can do {verb!r}.")
        person = self.sim.passer_by(int(number))
        chat = given.pop("chat", None)
        if chat is not None and verb in _OWN_CHAT:
            given["chat"] = chat
        elif chat is not None:
            person = person.at(chat)
        if "content" in given:
            given["content"] = decoded(given["content"])
        if "text" in given and verb not in ("says", "presses", "edits"):
            given["label"] = given.pop("text")
        doing = getattr(Person, verb)
        try:
            SIGNATURES[verb].bind(person, **given)
        except TypeError as error:
            raise ActError(f"{verb}: {error}.") from None
        self.world.last_update = None
        result = doing(person, **given)
        answer: Json = {"ok": True, "update_id": self.world.last_update}
        if isinstance(result, Seen):
            answer["message_id"] = result.id
        elif isinstance(result, bool):
            answer["joined"] = result
        elif isinstance(result, str):
            answer["link"] = result
        return answer

    async def _add_person(self, request: web.BaseRequest, rest: list[str]) -> Json:
        body = await body_of(request)
        name = str(body.get("first_name", "")).strip()
        if not name:
            raise ActError("A person needs a first name.")
        person = self.sim.person(
            name[:64],
            last_name=str(body.get("last_name") or "")[:64],
            username=str(body.get("username") or "")[:32],
            language_code=body.get("language_code", "es"),
            id=body.get("id"),
        )
        return self.views.person_state(person.id)

    async def _add_bot(self, request: web.BaseRequest, rest: list[str]) -> Json:
        body = await body_of(request)
        bot = self.sim.add_bot(
            str(body.get("token", "")),
            str(body.get("username", "test_bot")),
            str(body.get("first_name", "Bot")),
            reads_groups=bool(body.get("reads_groups")),
        )
        return self.views.bot_state(bot.id)

    async def _groups(self, request: web.BaseRequest, rest: list[str]) -> Json:
        body = await body_of(request)
        if rest:
            group = self.world.groups.get(int(rest[0]))
            if group is None or rest[1:] != ["migrate"]:
                raise LookupError("There is no such group.")
            return self.views.group_state(self.sim.migrate(group))
        title = str(body.get("title", "")).strip()
        if not title:
            raise ActError("A group needs a title.")
        made = self.sim.group(
            title[:128],
            members=[int(number) for number in body.get("members", [])],
            admins=[int(number) for number in body.get("admins", [])],
            bot=bool(body.get("bot", True)),
            bot_admin=bool(body.get("bot_admin", False)),
            supergroup=bool(body.get("supergroup", False)),
        )
        return self.views.group_state(made)

    async def _set_clock(self, request: web.BaseRequest, rest: list[str]) -> Json:
        body = await body_of(request)
        if rest == ["jump"]:
            self.sim.clock.jump(float(body.get("seconds", 0)))
        elif rest == ["walk"]:
            now = body.get("now")
            self.sim.clock.walk(None if now is None else moment_of(str(now)))
        else:
            raise LookupError("There is nothing here.")
        return self.sim.clock.state()

    async def _faults(self, request: web.BaseRequest, rest: list[str]) -> Json:
        body = await body_of(request, anything=True)
        if isinstance(body, dict):
            self.world.faults.set(body.get("faults", []), body.get("seed"))
        else:
            self.world.faults.set(body)
        return {"faults": self.world.faults.describe()}

    async def _settings(self, request: web.BaseRequest, rest: list[str]) -> Json:
        body = await body_of(request)
        known = {"rate_limits", "record", "query_life", "join_window"}
        if unknown := sorted(set(body) - known):
            raise ActError(f"There is no setting {unknown[0]!r}.")
        if "rate_limits" in body:
            self.sim.rate_limits = bool(body["rate_limits"])
        if "record" in body:
            self.sim.record.level = str(body["record"])
        if "query_life" in body:
            self.world.query_life = float(body["query_life"])
        if "join_window" in body:
            self.world.join_window = float(body["join_window"])
        return {
            "rate_limits": self.sim.rate_limits,
            "record": self.sim.record.level,
            "query_life": self.world.query_life,
            "join_window": self.world.join_window,
        }

    async def _process(self, request: web.BaseRequest, rest: list[str]) -> Json:
        body = await body_of(request)
        process = self.sim.process
        if process is None:
            raise ActError("The simulator does not hold the bot's process.")
        if body.get("do") == "kill":
            await process.kill()
            self.sim.clock.leave()
        elif body.get("do") == "start":
            await process.start()
        else:
            raise ActError('A process can be told "kill" or "start".')
        self.sim.process_changed()
        return {"running": process.running}
