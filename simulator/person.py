"""A person with a phone: everything they can do in a chat, each a verb, at once and in memory.

`chat` is the one a verb acts in: the private chat with the first bot unless the person was
looked at somewhere else with `at`. A verb Telegram would not let them do raises ActError.
"""

from __future__ import annotations

from typing import Any

from simulator.chats import Chat, Group, Private, Stored
from simulator.ear import Ear, Listening
from simulator.entities import cut, units
from simulator.errors import ActError
from simulator.membership import depart, enter, set_status, standing, use_link
from simulator.methods.links import primary_link
from simulator.methods.moving import content_of, origin_of
from simulator.methods.sending import MOST_TEXT, shallow
from simulator.people import Bot, User
from simulator.samples import picture, tone
from simulator.seen import Seen
from simulator.spans import detect
from simulator.world import SERVICE, World

Json = dict[str, Any]
Which = Seen | int | None


class Person(Listening):
    """Acts on the simulated Telegram as one user."""

    def __init__(self, world: World, user: User, ear: Ear, chat: str | None = None) -> None:
        self.world = world
        self.user = user
        self._where = chat
        super().__init__(ear, self.chat.key if chat or world.bots else "", user.id)

    @property
    def id(self) -> int:
        """Their Telegram id."""
        return self.user.id

    @property
    def chat(self) -> Private | Group:
        """Where they are."""
        chat = self.world.chat_for(self.user.id, self._where)
        assert isinstance(chat, (Private, Group))
        return chat

    def at(self, place: Group | int | str | Bot) -> Person:
        """The same person in another chat: a group (or its id), or another bot."""
        if isinstance(place, Bot):
            name = f"bot:{place.id}"
        elif isinstance(place, Group):
            name = place.key
        else:
            name = str(place)
        return Person(self.world, self.user, self._ear, name)

    # reading

    @property
    def inbox(self) -> list[Seen]:
        """The messages of the chat, oldest first, own ones included."""
        return [Seen(stored.data) for stored in self.chat.messages.values() if not stored.deleted]

    @property
    def last(self) -> Seen:
        """The newest message somebody else wrote; LookupError when there is none."""
        for stored in reversed(self.chat.messages.values()):
            if not stored.deleted and stored.author != self.id:
                return Seen(stored.data)
        raise LookupError("nobody has written here")

    def buttons(self) -> list[str]:
        """The labels of the newest message that has buttons; empty when none has."""
        for seen in reversed(self.inbox):
            if seen.rows:
                return seen.buttons
        return []

    def keys(self) -> list[str]:
        """The labels of the reply keyboard shown."""
        rows = (self.chat.keyboards.get(self.id) or {}).get("keyboard", [])
        return [key if isinstance(key, str) else key["text"] for row in rows for key in row]

    # saying

    def starts(self, payload: str = "") -> Seen:
        """Press Start (again), perhaps through a deep link; lets a blocked bot write again."""
        chat = self.chat
        if not isinstance(chat, Private):
            raise ActError("Start is a button of a private chat.")
        if len(payload) > 64 or not all(
            c.isascii() and (c.isalnum() or c in "_-") for c in payload
        ):
            raise ActError("A deep link's payload is up to 64 of A-Z, a-z, 0-9, _ and -.")
        self._able()
        standing(self.world, chat, blocked=False)
        chat.started = True
        return self._send(_words(f"/start {payload}".strip()))

    def says(self, text: str, reply_to: Which = None) -> Seen:
        """Write a message; a long one is split every 4,096 characters, as Telegram's apps do."""
        text = text.strip()
        if not text:
            raise ActError("An empty message cannot be sent.")
        sent: Seen | None = None
        for start in range(0, units(text), MOST_TEXT):
            part = cut(text, start, start + MOST_TEXT)
            content = _words(part)
            if reply_to is not None:
                content["reply_to_message"] = shallow(self._find(reply_to).data)
            sent = self._send(content)
        assert sent is not None
        return sent

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

    def shares_place(
        self, latitude: float, longitude: float, live_period: int | None = None
    ) -> Seen:
        """Send a location, in degrees; with `live_period` (seconds) a live one."""
        return self._send({"location": _place(latitude, longitude, live_period)})

    def moves(self, message: Which, latitude: float, longitude: float) -> Seen:
        """A live location goes on: the message is edited."""
        stored = self._own(message)
        location = stored.data.get("location", {})
        if "live_period" not in location:
            raise ActError("Only a live location moves.")
        place = _place(latitude, longitude, location["live_period"])
        self.mark()
        self.world.change(self.chat, stored, {**stored.data, "location": place})
        return Seen(stored.data)

    def sends_venue(
        self, latitude: float, longitude: float, title: str = "Plaza", address: str = ""
    ) -> Seen:
        """Send a place with a name."""
        place = _place(latitude, longitude, None)
        venue = {"location": place, "title": title, "address": address}
        return self._send({"location": place, "venue": venue})

    def sends_photo(
        self,
        count: int = 1,
        caption: str | None = None,
        *,
        sample: str = "streetlight",
        content: bytes | list[bytes] | None = None,
    ) -> Seen:
        """Send a photo, or an album of `count`; `content` is one file or several (PNG, JPEG)."""
        if isinstance(content, bytes):
            content = [content]
        pictures = content or [picture(sample, number) for number in range(max(1, count))]
        if len(pictures) > 10:
            raise ActError("An album holds at most 10 photos.")
        group = {"media_group_id": self._album()} if len(pictures) > 1 else {}
        sent: Seen | None = None
        for number, photo in enumerate(pictures):
            words = _caption(caption) if number == 0 else {}
            sent = self._send({**group, "photo": self.world.files.photo(photo), **words})
        assert sent is not None
        return sent

    def sends_voice(self, duration: int = 3, content: bytes | None = None) -> Seen:
        """Send a voice note of so many seconds."""
        sound = tone(duration) if content is None else content
        mime = "audio/wav" if sound[:4] == b"RIFF" else "audio/ogg"
        file = self.world.files.store("voice", sound, mime=mime, name="voice.ogg")
        voice = {
            "file_id": file.file_id, "file_unique_id": file.unique_id, "duration": duration,
            "mime_type": "audio/ogg", "file_size": file.size,
        }  # fmt: skip
        file.info["duration"] = duration
        return self._send({"voice": voice})

    def sends_document(
        self,
        name: str = "document.pdf",
        *,
        size: int | None = None,
        mime: str | None = None,
        content: bytes = b"%PDF-1.4\n",
        caption: str | None = None,
    ) -> Seen:
        """Send a file; `size` in bytes may be greater than the content, for a large one."""
        import mimetypes

        kind = mime or mimetypes.guess_type(name)[0] or "application/octet-stream"
        file = self.world.files.store("document", content, mime=kind, name=name, size=size)
        document = {
            "file_id": file.file_id, "file_unique_id": file.unique_id, "file_name": name,
            "mime_type": kind, "file_size": file.size,
        }  # fmt: skip
        return self._send({"document": document, **_caption(caption)})

    def sends_sticker(self, emoji: str = "👍") -> Seen:
        """Send a sticker."""
        file = self.world.files.store(
            "sticker", picture("wall", 0, 160), mime="image/png", name="sticker.webp"
        )
        sticker = {
            "file_id": file.file_id, "file_unique_id": file.unique_id, "type": "regular",
            "width": 512, "height": 512, "is_animated": False, "is_video": False, "emoji": emoji,
            "file_size": file.size,
        }  # fmt: skip
        return self._send({"sticker": sticker})

    def sends_contact(self, phone_number: str = "", first_name: str = "") -> Seen:
        """Send a contact; their own unless told otherwise."""
        if first_name:
            contact: Json = {"phone_number": phone_number or "5550100", "first_name": first_name}
        else:
            contact = {
                "phone_number": phone_number or f"555{self.id:06d}",
                "first_name": self.user.first_name, "user_id": self.id,
            }  # fmt: skip
        return self._send({"contact": contact})

    def forwards(self, message: Which, from_chat: str | None = None) -> Seen:
        """Forward a message here; `from_chat` names the chat it is in (default: this one)."""
        source = self.world.chat_for(self.id, from_chat) if from_chat else self.chat
        stored = self._find(message, source)
        if stored.protected or any(key in stored.data for key in SERVICE):
            raise ActError("This message cannot be forwarded.")
        return self._send({**content_of(stored.data), "forward_origin": origin_of(stored)})

    def edits(self, message: Which, text: str) -> Seen:
        """Change the text (or the caption) of a message of their own."""
        stored = self._own(message)
        text = text.strip()
        if "text" in stored.data:
            if not text:
                raise ActError("An empty message cannot be sent.")
            words, drop = _words(text), ("text", "entities")
        elif any(kind in stored.data for kind in ("photo", "document", "voice")):
            words, drop = _caption(text), ("caption", "caption_entities")
        else:
            raise ActError("This message cannot be edited.")
        data = {key: value for key, value in stored.data.items() if key not in drop}
        self.mark()
        self.world.change(self.chat, stored, {**data, **words})
        return Seen(stored.data)

    def deletes(self, message: Which) -> None:
        """Delete a message; the bot is not told."""
        stored = self._find(message)
        chat = self.chat
        mine = stored.author == self.id or isinstance(chat, Private)
        if not mine and isinstance(chat, Group) and not chat.admin(self.id):
            raise ActError("Only administrators delete what others wrote.")
        self.world.remove(chat, stored)

    # buttons and polls

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

    # standing

    def blocks(self) -> None:
        """Block the bot."""
        standing(self.world, self._private(), blocked=True)

    def unblocks(self) -> None:
        """Let the bot write again."""
        standing(self.world, self._private(), blocked=False)

    def deactivates(self) -> None:
        """Delete the account; nobody is told."""
        self.user.deactivated = True
        self.world.events.tell("people", people=[self.id])

    def joins(self, link: str | None = None, *, chat: int | str | None = None) -> bool:
        """Go into a group by invite link, or (as if a member added them) by its id.

        True when they are in, False when they have to wait for an answer.
        """
        self._able()
        self.mark()
        if link is not None:
            return use_link(self.world, self.user, link)[1]
        group = self._group(chat)
        if not group.inside(self.id):
            enter(self.world, group, self.id)
        return True

    def leaves(self) -> None:
        """Leave the group they are in."""
        group = self._group(None)
        if not group.inside(self.id):
            raise ActError("They are not in this group.")
        depart(self.world, group, self.id)

    def adds_bot(self, bot: int | None = None, *, chat: int | str | None = None) -> None:
        """Add a bot (the first one) to a group."""
        group = self._group(chat)
        number = bot or next(iter(self.world.bots))
        if not group.inside(self.id):
            raise ActError("They are not in this group.")
        enter(self.world, group, number, actor=self.user)

    def removes_bot(self, bot: int | None = None, *, chat: int | str | None = None) -> None:
        """Remove a bot from a group they administer."""
        self.removes(bot or next(iter(self.world.bots)), chat=chat)

    def removes(self, user_id: int, *, chat: int | str | None = None) -> None:
        """Remove somebody from a group they administer."""
        group = self._group(chat)
        if not group.admin(self.id):
            raise ActError("Only administrators remove people.")
        depart(self.world, group, user_id, actor=self.user)

    def promotes(self, user_id: int | None = None, *, chat: int | str | None = None) -> None:
        """Make somebody (the first bot) an administrator of a group they own or administer."""
        group = self._group(chat)
        number = user_id or next(iter(self.world.bots))
        if not group.admin(self.id):
            raise ActError("Only administrators promote people.")
        if not group.inside(number):
            raise ActError("They are not in this group.")
        set_status(self.world, group, number, "administrator", actor=self.user.face)

    def demotes(self, user_id: int | None = None, *, chat: int | str | None = None) -> None:
        """Make an administrator a plain member again."""
        group = self._group(chat)
        number = user_id or next(iter(self.world.bots))
        if not group.admin(self.id):
            raise ActError("Only administrators demote people.")
        set_status(self.world, group, number, "member", actor=self.user.face)

    def anonymous(self, on: bool = True) -> None:
        """Write as the group (administrators only), or as themselves again."""
        group = self._group(None)
        if not group.admin(self.id):
            raise ActError("Only administrators write anonymously.")
        group.members[self.id].anonymous = on
        self.world.events.tell("chats", people=self.world.viewers(group))

    def invites(self) -> str:
        """A new primary invite link of a group they administer."""
        group = self._group(None)
        if not group.admin(self.id):
            raise ActError("Only administrators make invite links.")
        return primary_link(group, self.user.face).link

    # within

    def _able(self) -> None:
        if self.user.deactivated:
            raise ActError("This account was deleted.")

    def _send(self, content: Json) -> Seen:
        chat = self.chat
        self._able()
        if isinstance(chat, Private):
            if chat.blocked:
                raise ActError("They have blocked this bot: unblock it first.")
            if not chat.started:
                raise ActError("They have to press Start first.")
        elif chat.migrated_to is not None:
            raise ActError("This group became a supergroup: write there.")
        elif not chat.inside(self.id):
            raise ActError("They are not in this group.")
        self.mark()
        return Seen(self.world.post(chat, content, user=self.user).data)

    def _private(self) -> Private:
        chat = self.chat
        if not isinstance(chat, Private):
            raise ActError("Only a private chat can be blocked.")
        return chat

    def _group(self, chat: int | str | None) -> Group:
        found: Chat = self.chat if chat is None else self.world.chat_for(self.id, str(chat))
        if not isinstance(found, Group):
            raise ActError("That is done in a group.")
        return found

    def _find(self, message: Which, chat: Chat | None = None) -> Stored:
        where = self.chat if chat is None else chat
        number = message.id if isinstance(message, Seen) else message
        stored = where.last() if number is None else where.messages.get(number)
        if stored is None or stored.deleted:
            raise ActError("There is no such message.")
        return stored

    def _own(self, message: Which) -> Stored:
        if message is None:
            own = [s for s in self.chat.messages.values() if s.author == self.id and not s.deleted]
            if not own:
                raise ActError("They have written nothing here.")
            return own[-1]
        stored = self._find(message)
        if stored.author != self.id:
            raise ActError("Only one's own messages can be edited.")
        return stored

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

    def _album(self) -> str:
        return str(14_000_000_000_000_000 + self.world.events.seq)


def _words(text: str) -> Json:
    entities = detect(text, [])
    return {"text": text, "entities": entities} if entities else {"text": text}


def _caption(text: str | None) -> Json:
    if not text:
        return {}
    if units(text) > 1024:
        raise ActError("A caption holds at most 1,024 characters.")
    entities = detect(text, [])
    return {"caption": text, "caption_entities": entities} if entities else {"caption": text}


def _place(latitude: float, longitude: float, live: int | None) -> Json:
    if not (-90 <= latitude <= 90 and -180 <= longitude <= 180):
        raise ActError("Latitude is between -90 and 90, longitude between -180 and 180.")
    place: Json = {"latitude": latitude, "longitude": longitude}
    if live is not None:
        place["live_period"] = live
        place["horizontal_accuracy"] = 15.0
    return place
