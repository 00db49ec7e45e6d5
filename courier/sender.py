"""A parcel becomes calls of the Bot API: one kind of parcel, one function, and what came of it.

Only python-telegram-bot's public methods are used. Nothing here decides what a failure means.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass, replace
from typing import Any

from telegram import InputMediaPhoto
from telegram.constants import ParseMode
from telegram.error import TelegramError
from telegram.ext import ExtBot

from courier import rendering
from courier.drawings import Drawings
from courier.limits import Ticket
from courier.verdict import edit_is_gone, has_no_text, join_is_decided
from locales import N_
from pictures.studio import Studio

log = logging.getLogger("cabildo.courier")

Parcel = dict[str, Any]
# Names of the Bot API are case-insensitive, and python-telegram-bot lets no camel case through
# its generic call: building a Message of each answer would double what a letter costs.
SEND, EDIT = "sendmessage", "editmessagetext"
NO_FILE = N_("The file could not be made. Please ask for it again in a while.")
_NO_PREVIEW = {"is_disabled": True}
# Sent twice, these change nothing that anybody sees.
ASKS = frozenset({"invite_link", "member", "approve_join"})
"""What Telegram is asked to tell or to do: what the house must know of it comes back through the
inbox."""
REPEATABLE = frozenset({"edit", "strip"}) | ASKS


@dataclass(slots=True)
class Sent:
    """What Telegram gave back: a message's number, its photo's id, the answer to a question.

    `instead` is true when a new message took the place of the one to be edited.
    """

    message_id: int | None = None
    file_id: str | None = None
    answer: dict[str, str] | None = None
    instead: bool = False


@dataclass(frozen=True, slots=True)
class Errand:
    """One parcel to deliver: to the ticket's chat, in `language`, on the clock of `zone`.

    `number` is the letter's; `message_id` is what an edit is for, where the letter knows it.
    """

    ticket: Ticket
    parcel: Parcel
    language: str
    zone: str
    number: int = 0
    message_id: int | None = None

    def html(self, limit: int = rendering.TEXT) -> str:
        """What the parcel says."""
        return rendering.html(self.parcel["text"], self.language, self.zone, limit)

    def caption(self) -> str | None:
        """What the parcel says beside a file, if anything."""
        return self.html(rendering.CAPTION) if self.parcel.get("text") else None

    def plain(self, name: str, limit: int) -> str:
        """One of the parcel's phrases without markup."""
        return rendering.plain(self.parcel[name], self.language, self.zone, limit)

    def markup(self) -> rendering.Markup | None:
        """What stands under the message."""
        return rendering.markup(self.parcel, self.language, self.zone)

    def manner(self) -> dict[str, Any]:
        """Arguments common to all that sends a message."""
        manner: dict[str, Any] = {}
        markup = self.markup()
        if markup is not None:
            manner["reply_markup"] = markup
        if self.parcel.get("silent"):
            manner["disable_notification"] = True
        if self.parcel.get("reply_to"):
            manner["reply_parameters"] = {
                "message_id": self.parcel["reply_to"],
                "allow_sending_without_reply": True,
            }
        return manner


class Sender:
    """Delivers one errand at a time; every method may raise what the Bot API answers."""

    def __init__(self, bot: ExtBot[Ticket], drawings: Drawings, press: Studio | None) -> None:
        self._bot = bot
        self._drawings = drawings
        self._press = press

    async def send(self, errand: Errand) -> Sent:
        """Deliver. Raises TelegramError, or KeyError and the like for a malformed parcel."""
        match errand.parcel["kind"]:
            case "message":
                return await self._message(errand)
            case "edit":
                return await self._edit(errand)
            case "album":
                return await self._album(errand)
            case "venue":
                return await self._venue(errand)
            case "strip":
                return await self._strip(errand)
            case "invite_link":
                return await self._invite_link(errand)
            case "member":
                return await self._member(errand)
            case "approve_join":
                return await self._approve_join(errand)
            case unknown:
                raise KeyError(unknown)

    async def _message(self, errand: Errand, *, slot: bool = True) -> Sent:
        """`slot` False: the letter's own slot is spent, this call takes another."""
        parcel = errand.parcel
        if "picture" in parcel:
            return await self._picture(errand)
        if "file" in parcel:
            return await self._file(errand)
        for attachment in ("photo", "voice", "document"):
            if attachment in parcel:
                return await self._attached(errand, attachment, parcel[attachment])
        message: dict[str, Any] = await self._bot.do_api_request(
            SEND,
            {
                "chat_id": errand.ticket.chat_id,
                "text": errand.html(),
                "parse_mode": "HTML",
                "link_preview_options": _NO_PREVIEW,
                **errand.manner(),
            },
            rate_limit_args=errand.ticket if slot else None,
        )
        return Sent(message["message_id"])

    async def _attached(
        self, errand: Errand, attachment: str, file: str | bytes, name: str | None = None
    ) -> Sent:
        common: dict[str, Any] = {
            "chat_id": errand.ticket.chat_id,
            "caption": errand.caption(),
            "parse_mode": ParseMode.HTML,
            "rate_limit_args": errand.ticket,
            "api_kwargs": errand.manner(),
        }
        if attachment == "photo":
            message = await self._bot.send_photo(photo=file, **common)
        elif attachment == "voice":
            message = await self._bot.send_voice(voice=file, **common)
        else:
            message = await self._bot.send_document(document=file, filename=name, **common)
        photo = message.photo
        return Sent(message.message_id, file_id=photo[-1].file_id if photo else None)

    async def _picture(self, errand: Errand) -> Sent:
        picture = errand.parcel["picture"]
        drawing = self._drawings.of(picture, errand.language)
        async with drawing.first:
            if drawing.file_id is None:
                try:
                    png = await self._drawings.draw(drawing, picture, errand.language)
                except Exception as error:
                    # The words say the same: better without a picture than not at all.
                    log.error("a picture could not be drawn (%s)", type(error).__name__)
                    bare = {k: v for k, v in errand.parcel.items() if k != "picture"}
                    return await self._message(replace(errand, parcel=bare))
                sent = await self._attached(errand, "photo", png)
                if sent.file_id:
                    self._drawings.uploaded(drawing, sent.file_id)
                return sent
        return await self._attached(errand, "photo", drawing.file_id)

    async def _file(self, errand: Errand) -> Sent:
        file = errand.parcel["file"]
        name = rendering.plain(file["name"], errand.language, errand.zone, rendering.TITLE)
        try:
            if self._press is None:
                raise RuntimeError("no press: no file can be made")
            made = await self._press.draw(file["kind"], file["data"], errand.language)
        except Exception as error:
            # Words that announce a file would be wrong without one.
            log.error("a file could not be made (%s)", type(error).__name__)
            bare = {k: v for k, v in errand.parcel.items() if k != "file"}
            return await self._message(replace(errand, parcel=bare | {"text": {"key": NO_FILE}}))
        return await self._attached(errand, "document", made, name)

    async def _album(self, errand: Errand) -> Sent:
        caption = errand.caption()
        messages = await self._bot.send_media_group(
            chat_id=errand.ticket.chat_id,
            media=[
                InputMediaPhoto(
                    photo, caption=caption if at == 0 else None, parse_mode=ParseMode.HTML
                )
                for at, photo in enumerate(errand.parcel["photos"])
            ],
            rate_limit_args=errand.ticket,
            api_kwargs=errand.manner(),
        )
        return Sent(messages[0].message_id)

    async def _venue(self, errand: Errand) -> Sent:
        message = await self._bot.send_venue(
            chat_id=errand.ticket.chat_id,
            latitude=errand.parcel["latitude"],
            longitude=errand.parcel["longitude"],
            title=errand.plain("title", rendering.TITLE),
            address=errand.plain("address", rendering.TITLE),
            rate_limit_args=errand.ticket,
            api_kwargs=errand.manner(),
        )
        return Sent(message.message_id)

    async def _edit(self, errand: Errand) -> Sent:
        parcel, chat = errand.parcel, errand.ticket.chat_id
        message_id = parcel.get("message_id") or errand.message_id
        if message_id is None:
            if parcel.get("or_nothing"):
                return Sent()
            return await self._anew(errand, slot=True)
        buttons = parcel.get("buttons")
        standing: dict[str, Any] = {"chat_id": chat, "message_id": message_id}
        if buttons:
            standing["reply_markup"] = rendering.inline(buttons, errand.language, errand.zone)
        try:
            await self._bot.do_api_request(
                EDIT,
                {
                    **standing,
                    "text": errand.html(),
                    "parse_mode": "HTML",
                    "link_preview_options": _NO_PREVIEW,
                },
                rate_limit_args=errand.ticket,
            )
        except TelegramError as error:
            if edit_is_gone(error):
                if parcel.get("or_nothing"):
                    return Sent(message_id)
                return await self._anew(errand, slot=False)
            if not has_no_text(error):
                raise
            await self._bot.edit_message_caption(
                caption=errand.caption(), parse_mode=ParseMode.HTML, api_kwargs=standing
            )
        return Sent(message_id)

    async def _anew(self, errand: Errand, *, slot: bool) -> Sent:
        """What was to be edited is not there: silence would be worse than a new message."""
        sent = await self._message(errand, slot=slot)
        sent.instead = True
        return sent

    async def _strip(self, errand: Errand) -> Sent:
        message_id = errand.parcel.get("message_id") or errand.message_id
        if message_id is None:
            return Sent()
        try:
            await self._bot.edit_message_reply_markup(
                chat_id=errand.ticket.chat_id,
                message_id=message_id,
                rate_limit_args=errand.ticket,
            )
        except TelegramError as error:
            if not edit_is_gone(error):
                raise
        return Sent(message_id)

    async def _invite_link(self, errand: Errand) -> Sent:
        link = await self._bot.create_chat_invite_link(
            chat_id=errand.parcel["group"],
            member_limit=1,
            # Administrators see it in the group's list of links; it names nobody.
            name=f"#{errand.number}",
            rate_limit_args=errand.ticket,
        )
        return Sent(answer={"link": link.invite_link})

    async def _member(self, errand: Errand) -> Sent:
        member = await self._bot.get_chat_member(
            errand.parcel["group"], errand.parcel["person"], rate_limit_args=errand.ticket
        )
        return Sent(answer={"standing": str(member.status)})

    async def _approve_join(self, errand: Errand) -> Sent:
        try:
            await self._bot.approve_chat_join_request(
                chat_id=errand.parcel["group"],
                user_id=errand.parcel["person"],
                rate_limit_args=errand.ticket,
            )
        except TelegramError as error:
            if not join_is_decided(error):
                raise
        return Sent()
