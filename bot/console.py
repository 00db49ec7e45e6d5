"""What the commands of the console share: settings, the database and a turn of their own; what an
operator can set right ends in one sentence.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import TYPE_CHECKING, NoReturn

import typer

if TYPE_CHECKING:
    from bot.settings import Settings
    from storage.database import Database
    from storage.turn import Turn


def fail(sentence: str) -> NoReturn:
    """Say it, and end with exit code 2."""
    typer.echo(sentence, err=True)
    raise typer.Exit(2)


@contextmanager
def sentences() -> Iterator[None]:
    """Turn what an operator can set right into a sentence and exit code 2."""
    try:
        yield
    except KeyboardInterrupt:
        raise typer.Exit(130) from None
    except Exception as error:
        sentence = _sentence(error)
        if sentence is None:
            raise
        fail(sentence)


def _sentence(error: Exception) -> str | None:
    """What to tell about an error that is not a bug; None for one that is."""
    module, name = type(error).__module__, type(error).__name__
    if (module, name) in (
        ("bot.settings", "WrongSetting"),
        ("bot.townfile", "BadTownFile"),
        ("bot.placesfile", "BadPlaces"),
        ("actions.territories", "PlacesRefused"),
        ("actions.town", "TownRefused"),
        ("storage.schema", "NewerDatabase"),
    ):
        return str(error)
    if "storage.database" in sys.modules:
        from sqlalchemy.exc import DatabaseError

        from storage.database import is_outage

        # The bare kind is SQLite's for a file that is something else.
        if is_outage(error) or type(error) is DatabaseError:
            # The driver's own words may show a host and a user, never a password or a row.
            words = str(getattr(error, "orig", None) or "no answer").strip().splitlines()
            return f"CABILDO_DATABASE_URL: the database cannot be used ({words[0]})."
    return None


def settings_now() -> Settings:
    """The settings as they are now; says which names in the environment are none of ours."""
    from bot.settings import load

    settings = load()
    for name in settings.unknown:
        typer.echo(f"{name} is no setting of Cabildo: it is left aside.", err=True)
    return settings


def secrets(settings: Settings) -> list[str]:
    """What no log may show."""
    hidden = (settings.token, settings.secret, settings.webhook_secret)
    return [value.get_secret_value() for value in hidden if value is not None]


@contextmanager
def database_at(settings: Settings | None = None) -> Iterator[Database]:
    """The database of these settings, else of those there are now; closed at the end."""
    from storage.database import Database

    database = Database((settings or settings_now()).database_url)
    try:
        yield database
    finally:
        database.close()


@contextmanager
def a_turn(database: Database) -> Iterator[Turn]:
    """A short turn of the console's own. It owes no letters: the running bot numbers those."""
    from storage.turn import Ledger, Turn

    def none() -> int:
        raise RuntimeError("only the bot's writer owes letters")

    with database.begin() as session:
        now = datetime.now(UTC)
        turn = Turn(session, Ledger(none), now, now.timestamp())
        yield turn
        turn.flush()
