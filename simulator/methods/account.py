"""What a bot says of itself: commands, names, descriptions, menu button; and its webhook."""

from __future__ import annotations

import re
from typing import Any

from simulator.errors import bad
from simulator.methods.registry import Call, method
from simulator.updates import check_secret
from simulator.webhook import Webhook

Json = dict[str, Any]

_COMMAND = re.compile(r"[a-z0-9_]{1,32}")


@method("getMe")
def get_me(call: Call) -> Json:
    """https://core.telegram.org/bots/api#getme"""
    return call.bot.me()


def _scope(call: Call) -> str:
    scope = call.params.get("scope") or {"type": "default"}
    return ":".join(
        str(scope[key]) for key in ("type", "chat_id", "user_id") if scope.get(key) is not None
    )


def _language(call: Call) -> str:
    code = call.params.get("language_code") or ""
    if code and not re.fullmatch(r"[a-z]{2}", code):
        raise bad("language code is invalid" if len(code) != 2 else "LANG_CODE_INVALID")
    return code


@method("setMyCommands")
def set_my_commands(call: Call) -> bool:
    """https://core.telegram.org/bots/api#setmycommands"""
    commands = call.params["commands"]
    if len(commands) > 100:
        raise bad("BOT_COMMANDS_TOO_MUCH")
    for command in commands:
        if not _COMMAND.fullmatch(command["command"].removeprefix("/")):
            raise bad("BOT_COMMAND_INVALID")
        if not 1 <= len(command["description"]) <= 256:
            raise bad("BOT_COMMAND_DESCRIPTION_INVALID")
    call.bot.commands[(_scope(call), _language(call))] = [
        {"command": c["command"].removeprefix("/"), "description": c["description"]}
        for c in commands
    ]
    call.world.events.tell("commands", bot=call.bot.id)
    return True


@method("getMyCommands")
def get_my_commands(call: Call) -> list[Json]:
    """https://core.telegram.org/bots/api#getmycommands"""
    return call.bot.commands.get((_scope(call), _language(call)), [])


@method("deleteMyCommands")
def delete_my_commands(call: Call) -> bool:
    """https://core.telegram.org/bots/api#deletemycommands"""
    call.bot.commands.pop((_scope(call), _language(call)), None)
    call.world.events.tell("commands", bot=call.bot.id)
    return True


def _say(call: Call, field: str, kept: dict[str, str], most: int) -> bool:
    text = call.params.get(field) or ""
    if len(text) > most:
        raise bad(f"{field} is too long")
    language = _language(call)
    if text:
        kept[language] = text
    else:
        kept.pop(language, None)
    call.world.events.tell("commands", bot=call.bot.id)
    return True


def _said(call: Call, kept: dict[str, str]) -> str:
    return kept.get(_language(call)) or kept.get("", "")


@method("setMyName")
def set_my_name(call: Call) -> bool:
    """https://core.telegram.org/bots/api#setmyname"""
    done = _say(call, "name", call.bot.names, 64)
    call.bot.first_name = call.bot.names.get("", call.bot.first_name)
    return done


@method("getMyName")
def get_my_name(call: Call) -> Json:
    """https://core.telegram.org/bots/api#getmyname"""
    return {"name": _said(call, call.bot.names) or call.bot.first_name}


@method("setMyDescription")
def set_my_description(call: Call) -> bool:
    """https://core.telegram.org/bots/api#setmydescription"""
    return _say(call, "description", call.bot.descriptions, 512)


@method("getMyDescription")
def get_my_description(call: Call) -> Json:
    """https://core.telegram.org/bots/api#getmydescription"""
    return {"description": _said(call, call.bot.descriptions)}


@method("setMyShortDescription")
def set_my_short_description(call: Call) -> bool:
    """https://core.telegram.org/bots/api#setmyshortdescription"""
    return _say(call, "short_description", call.bot.short_descriptions, 120)


@method("getMyShortDescription")
def get_my_short_description(call: Call) -> Json:
    """https://core.telegram.org/bots/api#getmyshortdescription"""
    return {"short_description": _said(call, call.bot.short_descriptions)}


@method("setChatMenuButton")
def set_chat_menu_button(call: Call) -> bool:
    """https://core.telegram.org/bots/api#setchatmenubutton"""
    button = call.params.get("menu_button") or {"type": "default"}
    if button.get("type") not in ("commands", "web_app", "default"):
        raise bad("can't parse menu button: type is invalid")
    call.bot.menu_buttons[call.params.get("chat_id") or 0] = button
    call.world.events.tell("commands", bot=call.bot.id)
    return True


@method("getChatMenuButton")
def get_chat_menu_button(call: Call) -> Json:
    """https://core.telegram.org/bots/api#getchatmenubutton"""
    buttons = call.bot.menu_buttons
    default: Json = {"type": "commands"}
    return buttons.get(call.params.get("chat_id") or 0) or buttons.get(0) or default


@method("setWebhook")
def set_webhook(call: Call) -> bool:
    """https://core.telegram.org/bots/api#setwebhook (HTTP is allowed, as to a local server)"""
    params = call.params
    outbox = call.world.outboxes[call.bot.id]
    url = params.get("url") or ""
    if not url:
        return _no_webhook(call)
    if not re.match(r"https?://[^/\s]+", url):
        raise bad("bad webhook: invalid webhook URL specified")
    secret = params.get("secret_token") or ""
    check_secret(secret)
    connections = params.get("max_connections", 40)
    if not 1 <= connections <= 100:
        connections = min(max(connections, 1), 100)
    outbox.allow(params.get("allowed_updates"))
    if params.get("drop_pending_updates"):
        outbox.drop()
    bot = call.bot
    answered = call.world.webhook_answered

    async def reply(answer: Json) -> None:
        if answered is not None:
            await answered(bot, answer)

    def handed(number: int) -> None:
        if call.world.record.on:
            call.world.record.add("handed", bot=bot.id, update_id=number)

    outbox.set_webhook(
        Webhook(
            url,
            secret=secret,
            max_connections=connections,
            ip_address=params.get("ip_address") or "",
            certificate="certificate" in call.files or "certificate" in params,
            first_pause=call.world.webhook_pause,
            reply=reply,
            handed=handed,
        )
    )
    return True


@method("deleteWebhook")
def delete_webhook(call: Call) -> bool:
    """https://core.telegram.org/bots/api#deletewebhook"""
    return _no_webhook(call)


def _no_webhook(call: Call) -> bool:
    outbox = call.world.outboxes[call.bot.id]
    outbox.set_webhook(None)
    if call.params.get("drop_pending_updates"):
        outbox.drop()
    return True


@method("getWebhookInfo")
def get_webhook_info(call: Call) -> Json:
    """https://core.telegram.org/bots/api#getwebhookinfo"""
    outbox = call.world.outboxes[call.bot.id]
    made: Json = {"url": "", "has_custom_certificate": False}
    if outbox.webhook is not None:
        made = outbox.webhook.info()
    made["pending_update_count"] = outbox.pending
    made["allowed_updates"] = sorted(outbox.allowed)
    return made
