"""The console command `cabildo`: what is wrong is told in one sentence, never in a traceback.

Each command imports what it needs when it is called: `cabildo --help` must not wait seconds for
libraries that it does not use.
"""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bot.console import a_turn, database_at, fail, secrets, sentences, settings_now

if TYPE_CHECKING:
    from sqlmodel import Session

    from bot.settings import Settings

app = typer.Typer(
    name="cabildo",
    help="A Telegram bot for citizen participation. Settings: CABILDO_... or a file .env.",
    no_args_is_help=True,
    add_completion=False,
    # A traceback with everybody's variables in it is no way to tell that a word was misspelt.
    pretty_exceptions_enable=False,
)
territories = typer.Typer(help="The tree of places.", no_args_is_help=True)
app.add_typer(territories, name="territories")


class InvitedRole(StrEnum):
    """Who can be invited from the console."""

    GESTOR = "gestor"
    LEADER = "leader"


class Language(StrEnum):
    """The languages of the catalogues, which are not imported for the sake of --help."""

    ES = "es"
    EN = "en"
    PT_BR = "pt_BR"


@app.command()
def run() -> None:
    """Run the bot for a town until it is stopped (needs CABILDO_TOKEN)."""
    with sentences():
        settings = settings_now()
        if settings.token is None:
            fail(
                "CABILDO_TOKEN is not set: get a token from @BotFather, "
                "or see the bot without one with `cabildo demo`."
            )
        from bot import house, logs

        logs.set_up(secrets(settings))
        asyncio.run(house.run(settings))


@app.command()
def demo(
    port: Annotated[
        int,
        typer.Option(help="Where the page is; the next free one is taken.", min=1, max=65535),
    ] = 8000,
) -> None:
    """Show a town in a browser: phones in a simulated Telegram. Needs no token."""
    with sentences():
        from bot import demo as town

        town.main(port=port)


@app.command()
def simulator(
    port: Annotated[
        int, typer.Option(help="Where it listens; 0 takes a free one.", min=0, max=65535)
    ] = 8000,
    host: Annotated[str, typer.Option(help="On which address.")] = "127.0.0.1",
    token: Annotated[list[str] | None, typer.Option(help="A bot's token; may be repeated.")] = None,
    rate_limits: Annotated[bool, typer.Option(help="Keep to Telegram's rate limits.")] = False,
) -> None:
    """Run only the simulated Telegram, for any bot."""
    with sentences():
        from simulator.standalone import BadToken, serve

        try:
            asyncio.run(serve(host, port, tuple(token or ["1:AA"]), rate_limits=rate_limits))
        except OSError as error:
            fail(f"{host}:{port} cannot be listened on: {error.strerror or 'it is taken'}.")
        except BadToken as error:
            fail(f"--token: {error}")


@app.command()
def migrate() -> None:
    """Bring the database to the shape that this version needs (`run` does it too)."""
    with sentences(), database_at() as database:
        from storage import schema

        before = schema.current(database)
        schema.upgrade(database)
        after = schema.current(database)
    typer.echo(
        f"The database is up to date ({after})."
        if before == after
        else f"The database was brought from {before or 'nothing'} to {after}."
    )


@app.command()
def town(
    file: Annotated[Path, typer.Argument(help="The town's YAML file.", metavar="FILE.yaml")],
) -> None:
    """Set up the town from its file, or bring it up to date. The same file twice is harmless."""
    with sentences():
        from actions.town import set_up
        from bot.townfile import plan_of, read
        from civic.working_days import run_out

        settings = settings_now()
        plan = plan_of(read(file, settings.timezone, settings.language))
        with database_at(settings) as database:
            from storage import schema

            schema.upgrade(database)
            with a_turn(database) as turn:
                counts = set_up(turn, plan)
                without_holidays = run_out(turn.now.date(), plan.holidays)
    if without_holidays:
        typer.echo(
            "No holiday lies in the coming 12 months: deadlines count every weekday as a working "
            "day. Add the next year's to `holidays`."
        )
    if not counts.changed:
        typer.echo(f"{plan.name}: nothing has changed.")
        return
    typer.echo(f"{plan.name}: done.")
    for kind, tally in counts.by_kind().items():
        if tally:
            typer.echo(
                f"  {kind}: {tally.created} new, {tally.updated} changed, "
                f"{tally.retired} no longer offered"
            )


@territories.command("import")
def import_territories(
    file: Annotated[
        Path, typer.Argument(help="Drawn places.", metavar="FILE.geojson", dir_okay=False)
    ],
    name: Annotated[str, typer.Option(help="The property with a place's name.")],
    parent: Annotated[
        str | None, typer.Option(help="The property that names the place around it.")
    ] = None,
    key: Annotated[
        str | None, typer.Option(help="The property a place is known by, if not its name.")
    ] = None,
    kind: Annotated[str, typer.Option(help="What these places are.")] = "barrio",
    label: Annotated[str, typer.Option(help='What a place is called: "Comuna {}".')] = "{}",
    parent_kind: Annotated[str, typer.Option(help="What the places around them are.")] = "comuna",
    parent_label: Annotated[str, typer.Option(help='What those are called: "Comuna {}".')] = "{}",
) -> None:
    """Build the tree of places from an official file, or bring it up to date.

    What is not in the file stays. The same file twice is harmless.
    """
    with sentences():
        from pydantic import ValidationError

        from actions.territories import DrawnPlace, import_places
        from bot.placesfile import in_which_order, read_features
        from bot.townform import TerritoriesFile, sentence

        said = {
            "name": name,
            "parent": parent,
            "key": key,
            "kind": kind,
            "label": label,
            "parent_kind": parent_kind,
            "parent_label": parent_label,
        }
        try:
            source = TerritoriesFile.model_validate({"file": file.name, **said})
        except ValidationError as error:
            fail(f"--{sentence(error).replace('_', '-', 1)}.")
        features = read_features(file, source)
        drawn = [DrawnPlace(f.called, f.name, f.key, f.parent, f.outline) for f in features]
        with database_at() as database:
            from storage import schema
            from storage.town import the_town

            schema.upgrade(database)
            with a_turn(database) as turn:
                town = the_town(turn.session)
                if town is not None:
                    in_which_order(features, town.timezone)
                counts = import_places(
                    turn,
                    drawn,
                    kind=source.kind,
                    parent_kind=source.parent_kind,
                    parents=source.parent is not None,
                )
    changed = any(count.changed for count in counts)
    typer.echo(f"{file.name}: {'done' if changed else 'nothing has changed'}.")
    for what, count in zip((kind, parent_kind), counts, strict=True):
        if count.total:
            typer.echo(
                f"  {what}: {count.created} new, {count.updated} changed, "
                f"{count.unchanged} as before"
            )


@app.command()
def invite(
    role: Annotated[InvitedRole, typer.Argument(help="What the link makes of whoever opens it.")],
    group: Annotated[
        str | None, typer.Option(help="The leader's working group: its key or its name.")
    ] = None,
) -> None:
    """Make a link that gives a role once, within seven days."""
    with sentences():
        settings = settings_now()
        with database_at(settings) as database:
            from actions.invite import NoInvite, make_invite, payload_of
            from storage import schema

            schema.upgrade(database)
            with database.begin() as session:
                group_id = _group(session, role, group)
                try:
                    secret = make_invite(session, role.value, group_id, None, datetime.now(UTC))
                except NoInvite as error:
                    fail(f"No invitation was made: {error}.")
        payload = payload_of(secret)
        username = _username(settings)
    if username:
        typer.echo(f"https://t.me/{username}?start={payload}")
    else:
        typer.echo(f"Send this to the bot: /start {payload}")
    typer.echo("It works once, within seven days. It is shown nowhere again.", err=True)


@app.command()
def play(
    flow: Annotated[str, typer.Argument(help="The flow's name, such as report.")],
    language: Annotated[Language, typer.Option(help="The language to play it in.")] = Language.ES,
) -> None:
    """Play a guided flow in the terminal; nothing is kept."""
    with sentences():
        from bot.play import play as play_flow
        from flows.registry import FLOWS

        if flow not in FLOWS:
            fail(f"There is no flow {flow!r}: choose one of {', '.join(FLOWS)}.")
        play_flow(flow, language.value)


def main() -> None:
    """The console script."""
    app()


def _group(session: Session, role: InvitedRole, said: str | None) -> int | None:
    """The number of the group that was named on the command line."""
    from sqlmodel import col, select

    from storage.group import WorkingGroup

    groups = session.exec(
        select(WorkingGroup)
        .where(col(WorkingGroup.ended_at).is_(None))
        .order_by(col(WorkingGroup.name))
    ).all()
    if role is InvitedRole.GESTOR:
        if said is not None:
            fail("--group is for leaders: a gestor serves the whole town.")
        return None
    if said is not None:
        wanted = said.strip().casefold()
        for group in groups:
            if wanted in ((group.key or "").casefold(), group.name.casefold()):
                return group.id
    known = "; ".join(
        f"{group.key} ({group.name})" if group.key else group.name for group in groups
    )
    fail(
        ("--group is needed" if said is None else f"--group: there is no group {said!r}")
        + (f": choose one of {known}." if known else ": there are no working groups yet.")
    )


def _username(settings: Settings) -> str | None:
    """The bot's name, asked of Telegram; None without a token."""
    if settings.token is None:
        return None
    from aiogram.exceptions import TelegramAPIError
    from pydantic import SecretStr

    from bot.listener import NoBotApi, listening_bot

    async def ask(token: SecretStr) -> str | None:
        bot, session = listening_bot(token.get_secret_value(), settings.api_base)
        try:
            return (await bot.get_me()).username
        finally:
            await session.close()

    try:
        return asyncio.run(ask(settings.token))
    except NoBotApi as error:
        typer.echo(str(error), err=True)
        return None
    except (TelegramAPIError, OSError, TimeoutError) as error:
        typer.echo(f"Telegram did not say the bot's name ({type(error).__name__}).", err=True)
        return None


if __name__ == "__main__":
    main()
