"""Settings from the environment or `.env`; a wrong one stops the start with a sentence naming it.

The sentence never holds the value of a setting that may be secret: the token, the secrets and the
database's address (it may carry a password) are left out of every message and `repr`.
"""

from __future__ import annotations

import difflib
import os
import re
from collections.abc import Iterable
from pathlib import Path
from typing import Annotated, Any
from urllib.parse import urlsplit

from dotenv import dotenv_values
from pydantic import Field, SecretStr, ValidationError, field_validator, model_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from bot.formparts import Zone
from locales.languages import LANGUAGES
from storage.database import BadDatabaseURL, Database

PREFIX = "CABILDO_"
# Read elsewhere, before there are settings.
ALSO_KNOWN = frozenset({"CABILDO_STRICT_TEXT"})
# The ports that Telegram calls a webhook on (https://core.telegram.org/bots/api#setwebhook).
WEBHOOK_PORTS = (443, 80, 88, 8443)
SHORTEST_SECRET = 16

Port = Annotated[int, Field(ge=1, le=65535)]


class WrongSetting(ValueError):
    """A setting cannot be used; the message is one sentence that names it."""


class Settings(BaseSettings):
    """What one process of the bot was told.

    `admins` are Telegram ids. `timezone` and `language` are a town's whose file names
    none. `secret` keys the ballots: without it nobody can vote. `clock` is the address of a
    simulator whose clock the bot follows. `unknown` are CABILDO_ names that mean nothing to us.
    """

    model_config = SettingsConfigDict(
        env_prefix=PREFIX,
        env_ignore_empty=True,
        env_file_encoding="utf-8",
        extra="ignore",
        frozen=True,
        str_strip_whitespace=True,
    )

    token: SecretStr | None = None
    api_base: str | None = None
    database_url: str = Field(default="sqlite:///cabildo.sqlite", repr=False)
    admins: Annotated[frozenset[int], NoDecode] = frozenset()
    timezone: Zone | None = None
    language: str = LANGUAGES[0]
    secret: SecretStr | None = None
    clock: str | None = None
    webhook_url: str | None = None
    webhook_secret: SecretStr | None = None
    webhook_host: str = "127.0.0.1"
    webhook_port: Port = 8080
    health_port: Port | None = None

    unknown: tuple[str, ...] = ()

    @field_validator("token")
    @classmethod
    def _token(cls, value: SecretStr | None) -> SecretStr | None:
        if not _matches(value, r"[0-9]+:[A-Za-z0-9_-]+"):
            raise ValueError("is not a bot's token: copy it as @BotFather gave it")
        return value

    @field_validator("api_base", "clock")
    @classmethod
    def _address(cls, value: str | None) -> str | None:
        return None if value is None else _checked_address(value, ("http", "https")).rstrip("/")

    @field_validator("database_url")
    @classmethod
    def _database(cls, value: str) -> str:
        try:
            database = Database(value)
        except BadDatabaseURL as error:
            raise ValueError(f"cannot be used: {error}") from None
        database.close()
        if database.is_sqlite:
            file = database.url.database
            if not file or file == ":memory:":
                raise ValueError("must name a file, such as sqlite:///cabildo.sqlite")
            if not Path(file).absolute().parent.is_dir():
                raise ValueError("names a file in a folder that does not exist")
        return value

    @field_validator("admins", mode="before")
    @classmethod
    def _admins(cls, value: Any) -> Any:
        if not isinstance(value, str):
            return value
        words = [word.strip() for word in value.split(",") if word.strip()]
        if not all(re.fullmatch(r"[0-9]{1,18}", word) for word in words):
            raise ValueError("must be Telegram ids separated by commas, such as 123456,234567")
        return frozenset(int(word) for word in words)

    @field_validator("language")
    @classmethod
    def _language(cls, value: str) -> str:
        for language in LANGUAGES:
            if value.replace("-", "_").lower() == language.lower():
                return language
        raise ValueError(f"{value!r} is none of {', '.join(LANGUAGES)}")

    @field_validator("secret")
    @classmethod
    def _secret(cls, value: SecretStr | None) -> SecretStr | None:
        if value is not None and len(value.get_secret_value()) < SHORTEST_SECRET:
            raise ValueError(f"must have at least {SHORTEST_SECRET} characters")
        return value

    @field_validator("webhook_url")
    @classmethod
    def _webhook_url(cls, value: str | None) -> str | None:
        if value is None:
            return None
        port = urlsplit(_checked_address(value, ("https",))).port or 443
        if port not in WEBHOOK_PORTS:
            known = ", ".join(map(str, WEBHOOK_PORTS))
            raise ValueError(f"has port {port}, and Telegram only calls {known}")
        return value

    @field_validator("webhook_host")
    @classmethod
    def _host(cls, value: str) -> str:
        # None at all would be every address of this machine.
        if not value:
            raise ValueError("must be an address of this machine, such as 127.0.0.1")
        return value

    @field_validator("webhook_secret")
    @classmethod
    def _webhook_secret(cls, value: SecretStr | None) -> SecretStr | None:
        if not _matches(value, r"[A-Za-z0-9_-]{16,256}"):
            raise ValueError("must be 16 to 256 letters, digits, _ or - (Telegram allows no other)")
        return value

    @model_validator(mode="after")
    def _webhook_is_guarded(self) -> Settings:
        if self.webhook_url and not self.webhook_secret:
            raise ValueError(
                "CABILDO_WEBHOOK_URL needs CABILDO_WEBHOOK_SECRET: "
                "without it anybody could pretend to be Telegram."
            )
        return self


def load(env_file: Path | None = Path(".env")) -> Settings:
    """The settings of the environment, then of `env_file` where it exists.

    An empty value counts as not set. Raises WrongSetting for the first wrong one, and for a name
    that is nearly one of ours.
    """
    unknown = _unknown(env_file)
    try:
        return Settings(_env_file=env_file, unknown=unknown)
    except ValidationError as error:
        raise WrongSetting(_sentence(error)) from None


def _unknown(env_file: Path | None) -> tuple[str, ...]:
    """CABILDO_ names that are no setting; WrongSetting for one that looks like a slip."""
    found = set(os.environ)
    if env_file is not None and env_file.is_file():
        try:
            found.update(dotenv_values(env_file, interpolate=False))
        except (OSError, UnicodeDecodeError):
            raise WrongSetting(f"{env_file} cannot be read as UTF-8 text.") from None
    known = {f"{PREFIX}{name.upper()}" for name in Settings.model_fields if name != "unknown"}
    given = {name.upper() for name in found if name.upper().startswith(PREFIX)}
    unknown = sorted(given - known - ALSO_KNOWN)
    for name in unknown:
        near = difflib.get_close_matches(name, known, n=1, cutoff=0.85)
        if near:
            raise WrongSetting(f"{name} is not a setting: did you mean {near[0]}?")
    return tuple(unknown)


def _matches(secret: SecretStr | None, pattern: str) -> bool:
    """Whether a secret that is set, were it only to blanks, is as it must be."""
    return secret is None or re.fullmatch(pattern, secret.get_secret_value()) is not None


def _checked_address(value: str, schemes: Iterable[str]) -> str:
    try:
        parts = urlsplit(value)
        plain = not re.search(r"\s", value)
        whole = plain and parts.scheme in schemes and parts.hostname and parts.port != 0
    except ValueError:
        whole = False
    if not whole:
        wanted = " or ".join(f"{scheme}://" for scheme in schemes)
        raise ValueError(f"must be an address that starts with {wanted}")
    return value


def _sentence(error: ValidationError) -> str:
    # Only pydantic's message is used: its input would show the value.
    first = error.errors(include_url=False, include_context=False, include_input=False)[0]
    words = first["msg"].removeprefix("Value error, ")
    if not first["loc"]:
        return words
    name = PREFIX + str(first["loc"][0]).upper()
    return f"{name} {words[0].lower()}{words[1:]}.".replace("..", ".")
