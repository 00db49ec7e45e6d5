"""What a person presses: keys, buttons, links and the options of a poll."""

from __future__ import annotations

from simulator.belonging import Belonging
from simulator.chats import Stored
from simulator.errors import ActError
from simulator.seen import Seen
from simulator.somebody import Json, Which
from simulator.talking import Talking


class Pressing(Talking, Belonging):
    """Verbs that answer what a bot offers."""

    def presses(
        self, text: str, latitude: float | None = None, longitude: float | None = None
    ) -> Seen:
        """Press a key of the reply keyboard; one that asks for a place needs coordinates."""
        chat = self.chat
        markup = chat.keyboards.get(self.id)
        keys = [key if isinstance(key, dict) else {"text": key}
                for row in (markup or {}).get("keyboard", []) for key in row]  # fmt: skip
        found = [key for key in keys if key["text"] == text]
        found = found or [key for key in keys if text.lower() in key["text"].lower()]
        if len(found) != 1:
            raise ActError(f"There is no key {text!r} but {[key['text'] for key in keys]}.")
        key = found[0]
        if key.get("request_location") and (latitude is None or longitude is None):
            raise ActError("This key sends a place: give latitude and longitude.")
        if markup is not None and markup.get("one_time_keyboard"):
            chat.keyboards.pop(self.id, None)
            self.world.events.tell(
                "reply_keyboard", person=self.id, chat=chat.key, reply_keyboard=None
            )
        if key.get("request_location"):
            assert latitude is not None and longitude is not None
            return self.shares_place(latitude, longitude)
        if key.get("request_contact"):
            return self.sends_contact()
        return self.says(key["text"])

    def taps(
        self,
        label: str | None = None,
        message: Which = None,
        *,
        data: str | None = None,
        row: int | None = None,
        column: int | None = None,
        forged: bool = False,
    ) -> Seen | None:
        """Press an inline button, by label (or a part only one has), by data, or by position.

        Without a message, the newest one that has such a button. A link to the bot itself is
        followed (start) as is an invite link. `forged` sends `data` no button holds. Returns
        the message of a followed link, None for a callback.
        """
        stored, button = self._button(label, message, data, row, column, forged)
        url = button.get("url")
        if url is not None:
            return self.follows(str(url))
        if "callback_data" not in button:
            raise ActError("This kind of button is not modelled.")
        bot = self.world.bots.get(stored.author)
        if bot is None:
            raise ActError("Only a bot's message has buttons.")
        self._able()
        self.mark()
        self.world.tap(self.chat, self.user, stored, bot, button["callback_data"])
        return None

    def follows(self, url: str) -> Seen | None:
        """Open a link: t.me/<bot>?start=<payload> or an invite link; others do nothing."""
        _, _, rest = url.partition("://")
        host, _, path = (rest or url).partition("/")
        if host.lower() not in ("t.me", "telegram.me"):
            return None
        if path.startswith(("+", "joinchat/")):
            self.joins(f"https://t.me/+{path.removeprefix('joinchat/').removeprefix('+')}")
            return None
        name, _, query = path.partition("?")
        for bot in self.world.bots.values():
            if bot.username.lower() == name.lower():
                payload = query.partition("start=")[2].partition("&")[0]
                return self.at(bot).starts(payload)
        return None

    def votes_poll(self, message: Which, options: list[int]) -> None:
        """Choose options of a native poll by index; an empty list takes the vote back."""
        stored = self._find(message)
        poll = self.world.polls.get(stored.data.get("poll", {}).get("id", ""))
        if poll is None:
            raise ActError("This message is no poll.")
        data = poll.data
        if data["is_closed"]:
            raise ActError("This poll is closed.")
        if any(not 0 <= option < len(data["options"]) for option in options):
            raise ActError("This poll has no such option.")
        if len(options) > 1 and not data["allows_multiple_answers"]:
            raise ActError("This poll takes one answer.")
        if self.id in poll.choices and not data["allows_revoting"]:
            raise ActError("This poll does not let anybody change their vote.")
        if options:
            poll.choices[self.id] = sorted(set(options))
        else:
            poll.choices.pop(self.id, None)
        counts = [sum(number in c for c in poll.choices.values())
                  for number in range(len(data["options"]))]  # fmt: skip
        poll.data = {
            **data,
            "options": [{**option, "voter_count": count}
                        for option, count in zip(data["options"], counts, strict=True)],
            "total_voter_count": len(poll.choices),
        }  # fmt: skip
        bot = self.world.bots[poll.bot]
        self.mark()
        self.world.change(self.chat, stored, {**stored.data, "poll": poll.data}, date=False)
        if not poll.anonymous:
            self.world.tell(
                bot,
                "poll_answer",
                {
                    "poll_id": data["id"], "user": self.user.face,
                    "option_ids": sorted(set(options)),
                    "option_persistent_ids": [str(o) for o in sorted(set(options))],
                },
                self.id,
            )  # fmt: skip
        self.world.tell(bot, "poll", poll.data, None)

    def _button(
        self,
        label: str | None,
        message: Which,
        data: str | None,
        row: int | None,
        column: int | None,
        forged: bool,
    ) -> tuple[Stored, Json]:
        if message is not None:
            candidates = [self._find(message)]
        else:
            candidates = [s for s in reversed(self.chat.messages.values()) if not s.deleted]
        if forged and data is not None:
            stored = next((s for s in candidates if s.author in self.world.bots), None)
            if stored is None:
                raise ActError("The bot has written nothing here.")
            return stored, {"text": "", "callback_data": data}
        for stored in candidates:
            seen = Seen(stored.data)
            if not seen.rows:
                continue
            if row is not None and column is not None:
                if row < len(seen.rows) and column < len(seen.rows[row]):
                    return stored, seen.rows[row][column]
                break
            buttons = [button for line in seen.rows for button in line]
            if data is not None:
                exact = [b for b in buttons if b.get("callback_data") == data]
                if exact:
                    return stored, exact[0]
            elif label is not None and (found := seen.find(label)) is not None:
                return stored, found
        raise ActError(
            f"There is no button {label or data or (row, column)!r}, only {self.buttons()}."
        )
