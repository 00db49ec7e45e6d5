"""What a person says, shows, forwards, corrects and takes back."""

from __future__ import annotations

import mimetypes
from collections.abc import Sequence

from simulator.chats import Group, Private, Stored
from simulator.entities import cut, units
from simulator.errors import ActError
from simulator.membership import standing
from simulator.methods.moving import content_of, origin_of, together
from simulator.methods.sending import MOST_TEXT, shallow
from simulator.privacy import SERVICE
from simulator.samples import picture, tone
from simulator.seen import Seen
from simulator.somebody import Json, Somebody, Which, caption_of, place_of, words


class Talking(Somebody):
    """Verbs that put a message into the chat, or change one of their own."""

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
        return self._send(words(f"/start {payload}".strip()))

    def says(self, text: str, reply_to: Which = None) -> Seen:
        """Write a message; a long one is split every 4,096 characters, as Telegram's apps do."""
        text = text.strip()
        if not text:
            raise ActError("An empty message cannot be sent.")
        sent: Seen | None = None
        for start in range(0, units(text), MOST_TEXT):
            part = cut(text, start, start + MOST_TEXT)
            sent = self._send({**words(part), **self._replying(reply_to)})
        assert sent is not None
        return sent

    def shares_place(
        self, latitude: float, longitude: float, live_period: int | None = None
    ) -> Seen:
        """Send a location, in degrees; with `live_period` (seconds) a live one."""
        return self._send({"location": place_of(latitude, longitude, live_period)})

    def moves(self, message: Which, latitude: float, longitude: float) -> Seen:
        """A live location goes on: the message is edited."""
        stored = self._own(message)
        location = stored.data.get("location", {})
        if "live_period" not in location:
            raise ActError("Only a live location moves.")
        place = place_of(latitude, longitude, location["live_period"])
        self.mark()
        self.world.change(self.chat, stored, {**stored.data, "location": place})
        return Seen(stored.data)

    def sends_venue(
        self, latitude: float, longitude: float, title: str = "Plaza", address: str = ""
    ) -> Seen:
        """Send a place with a name."""
        place = place_of(latitude, longitude, None)
        venue = {"location": place, "title": title, "address": address}
        return self._send({"location": place, "venue": venue})

    def sends_photo(
        self,
        count: int = 1,
        caption: str | None = None,
        *,
        sample: str = "streetlight",
        content: bytes | list[bytes] | None = None,
        reply_to: Which = None,
    ) -> Seen:
        """Send a photo, or an album of `count`; `content` is one file or several (PNG, JPEG)."""
        if isinstance(content, bytes):
            content = [content]
        pictures = content or [picture(sample, number) for number in range(max(1, count))]
        if len(pictures) > 10:
            raise ActError("An album holds at most 10 photos.")
        group: Json = {"media_group_id": self._album()} if len(pictures) > 1 else {}
        group |= self._replying(reply_to)
        sent: Seen | None = None
        for number, photo in enumerate(pictures):
            said = caption_of(caption) if number == 0 else {}
            sent = self._send({**group, "photo": self.world.files.photo(photo), **said})
        assert sent is not None
        return sent

    def sends_voice(
        self, duration: int = 3, content: bytes | None = None, *, reply_to: Which = None
    ) -> Seen:
        """Send a voice note of so many seconds."""
        sound = tone(duration) if content is None else content
        mime = "audio/wav" if sound[:4] == b"RIFF" else "audio/ogg"
        file = self.world.files.store("voice", sound, mime=mime, name="voice.ogg")
        voice = {
            "file_id": file.file_id, "file_unique_id": file.unique_id, "duration": duration,
            "mime_type": "audio/ogg", "file_size": file.size,
        }  # fmt: skip
        file.info["duration"] = duration
        return self._send({"voice": voice, **self._replying(reply_to)})

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
        kind = mime or mimetypes.guess_type(name)[0] or "application/octet-stream"
        file = self.world.files.store("document", content, mime=kind, name=name, size=size)
        document = {
            "file_id": file.file_id, "file_unique_id": file.unique_id, "file_name": name,
            "mime_type": kind, "file_size": file.size,
        }  # fmt: skip
        return self._send({"document": document, **caption_of(caption)})

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

    def forwards(self, message: Which | Sequence[Seen | int], from_chat: str | None = None) -> Seen:
        """Forward a message here, or several at once; `from_chat` names the chat they are in
        (default: this one)."""
        source = self.world.chat_for(self.id, from_chat) if from_chat else self.chat
        chosen = message if isinstance(message, Sequence) else [message]
        found = [self._find(one, source) for one in chosen]
        if not found or any(s.protected or not SERVICE.isdisjoint(s.data) for s in found):
            raise ActError("This message cannot be forwarded.")
        sent: Seen | None = None
        for stored, album in zip(found, together(found, self.world.events.seq), strict=True):
            origin = {"forward_origin": origin_of(stored)}
            sent = self._send({**content_of(stored.data), **album, **origin})
        assert sent is not None
        return sent

    def edits(self, message: Which, text: str = "", *, content: bytes | None = None) -> Seen:
        """Change the text (or the caption) of a message of their own; or, with `content`, the photo
        it brought."""
        stored = self._own(message)
        text = text.strip()
        drop: tuple[str, ...]
        if content is not None:
            if "photo" not in stored.data:
                raise ActError("Only a photo can be replaced by another.")
            new: Json = {"photo": self.world.files.photo(content), **caption_of(text)}
            drop = ("caption", "caption_entities") if text else ()
            return self._changed(stored, new, drop)
        if "text" in stored.data:
            if not text:
                raise ActError("An empty message cannot be sent.")
            new, drop = words(text), ("text", "entities")
        elif any(kind in stored.data for kind in ("photo", "document", "voice")):
            new, drop = caption_of(text), ("caption", "caption_entities")
        else:
            raise ActError("This message cannot be edited.")
        return self._changed(stored, new, drop)

    def _changed(self, stored: Stored, new: Json, drop: tuple[str, ...]) -> Seen:
        data = {key: value for key, value in stored.data.items() if key not in drop}
        self.mark()
        self.world.change(self.chat, stored, {**data, **new})
        return Seen(stored.data)

    def deletes(self, message: Which) -> None:
        """Delete a message; the bot is not told."""
        stored = self._find(message)
        chat = self.chat
        mine = stored.author == self.id or isinstance(chat, Private)
        if not mine and isinstance(chat, Group) and not chat.admin(self.id):
            raise ActError("Only administrators delete what others wrote.")
        self.world.remove(chat, stored)

    def _replying(self, message: Which) -> Json:
        """What a reply to a message carries of it; nothing for what is no reply."""
        return {} if message is None else {"reply_to_message": shallow(self._find(message).data)}

    def _album(self) -> str:
        return str(14_000_000_000_000_000 + self.world.events.seq)
