"""The console command tells what is wrong in one sentence, and starts without waiting."""

from __future__ import annotations

import asyncio
import re
import socket
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlmodel import select
from typer.testing import CliRunner, Result

from bot.cli import app
from simulator import Simulator
from storage import schema
from storage.audit import Audit
from storage.database import Database
from storage.person import Invite, hash_of
from storage.town import Town
from tests.bot.elsewhere import something_else

TOWN = """
name: San Roque
timezone: America/Bogota
language: es
emergency: "123"
privacy: {version: 1, text: {es: "Guardamos su reporte.", en: "We keep it.", pt_BR: "Guardamos."}}
territories: [Centro, El Prado]
categories:
  - {key: light, names: {es: Alumbrado, en: Lights, pt_BR: Luz}}
groups:
  - {key: parks, name: Parques, theme: verde, purpose: Cuidar los parques.}
"""


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder, where no .env of anybody's is."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


def cabildo(*words: str) -> Result:
    return CliRunner().invoke(app, words)


def refused(result: Result) -> str:
    """The one sentence of a command that refused to go on."""
    assert result.exit_code == 2, result.output
    assert isinstance(result.exception, SystemExit)
    lines = result.stderr.strip().splitlines()
    assert len(lines) == 1, result.output
    return str(lines[0])


def database(folder: Path) -> Database:
    return Database(f"sqlite:///{folder / 'cabildo.sqlite'}")


def test_help_loads_no_library_it_does_not_need() -> None:
    heavy = "aiogram telegram sqlalchemy sqlmodel matplotlib pydantic apscheduler shapely babel"
    code = f"import sys, bot.cli; print(*(set({heavy.split()}) & set(sys.modules)))"
    ended = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        check=True,
        cwd=Path(__file__).parents[2],
    )
    assert ended.stdout.strip() == ""
    told = cabildo("--help")
    for name in ("run", "demo", "simulator", "migrate", "town", "invite", "play"):
        assert re.search(rf"\b{name}\b", told.output)


def test_a_wrong_setting_stops_every_command(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CABILDO_TIMEZONE", "Macondo")
    for words in (["run"], ["migrate"], ["invite", "gestor"]):
        assert refused(cabildo(*words)).startswith("CABILDO_TIMEZONE ")


def test_run_without_a_token_says_where_to_get_one() -> None:
    assert refused(cabildo("run")).startswith("CABILDO_TOKEN is not set")


def test_run_without_a_town_says_how_to_set_one_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CABILDO_TOKEN", "1:AA")
    assert "cabildo town" in refused(cabildo("run"))


def test_a_strange_name_is_pointed_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CABILDO_COLOUR", "blue")
    result = cabildo("migrate")
    assert result.exit_code == 0
    assert "CABILDO_COLOUR is no setting" in result.stderr


def test_migrate(folder: Path) -> None:
    assert f"from nothing to {schema.head()}" in cabildo("migrate").stdout
    assert "up to date" in cabildo("migrate").stdout
    assert schema.is_current(database(folder))


def test_migrate_refuses_a_newer_database(folder: Path) -> None:
    cabildo("migrate")
    made = database(folder)
    with made.begin() as session:
        session.connection().exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")
    assert "newer version" in refused(cabildo("migrate"))


def test_a_database_that_does_not_answer_is_told_without_its_password(
    monkeypatch: pytest.MonkeyPatch, folder: Path
) -> None:
    monkeypatch.setenv("CABILDO_DATABASE_URL", f"postgresql://u:p4ssword@/d?host={folder}")
    sentence = refused(cabildo("migrate"))
    assert sentence.startswith("CABILDO_DATABASE_URL") and "p4ssword" not in sentence


def test_a_file_that_is_no_database_is_told(folder: Path) -> None:
    (folder / "cabildo.sqlite").write_text("this is a shopping list\n" * 200)
    assert refused(cabildo("migrate")).startswith("CABILDO_DATABASE_URL")


def test_town_twice_is_harmless(folder: Path) -> None:
    file = folder / "town.yaml"
    file.write_text(TOWN)
    first = cabildo("town", str(file))
    assert first.exit_code == 0, first.output
    assert "San Roque: done." in first.stdout and "territories: 2 new" in first.stdout
    again = cabildo("town", str(file)).stdout
    assert "nothing has changed" in again and "No holiday lies in the coming 12 months" in again
    with database(folder).read() as session:
        assert session.exec(select(Town.name)).one() == "San Roque"


def test_a_town_without_zone_or_language_has_the_settings(
    monkeypatch: pytest.MonkeyPatch, folder: Path
) -> None:
    file = folder / "town.yaml"
    file.write_text(re.sub(r"(?m)^(timezone|language): .*\n", "", TOWN))
    assert refused(cabildo("town", str(file))) == "town.yaml: timezone: is missing"
    monkeypatch.setenv("CABILDO_TIMEZONE", "America/Asuncion")
    monkeypatch.setenv("CABILDO_LANGUAGE", "pt-BR")
    assert cabildo("town", str(file)).exit_code == 0
    with database(folder).read() as session:
        town = session.exec(select(Town)).one()
        assert (town.timezone, town.language) == ("America/Asuncion", "pt_BR")
    # What the file says is the town's own.
    file.write_text(TOWN)
    assert cabildo("town", str(file)).exit_code == 0
    with database(folder).read() as session:
        town = session.exec(select(Town)).one()
        assert (town.timezone, town.language) == ("America/Bogota", "es")


@pytest.mark.parametrize("broken", ["name: [", "", "name: San Roque\ncolour: blue\n"])
def test_a_wrong_town_file_is_named(folder: Path, broken: str) -> None:
    file = folder / "town.yaml"
    file.write_text(broken)
    assert "town.yaml" in refused(cabildo("town", str(file)))
    assert "town.yaml" in refused(cabildo("town", str(folder / "missing" / "town.yaml")))


def test_an_invitation_keeps_only_the_hash(folder: Path) -> None:
    before = datetime.now(UTC)
    result = cabildo("invite", "gestor")
    assert result.exit_code == 0, result.output
    found = re.search(r"/start role-([0-9a-f]{32})$", result.stdout.strip())
    assert found
    with database(folder).read() as session:
        row = session.exec(select(Invite)).one()
        assert row.hash == hash_of(found[1])
        assert row.role == "gestor" and row.used_at is None and row.made_by is None
        assert timedelta(days=6, hours=23) < row.expires_at - before < timedelta(days=7, minutes=1)
        audit = session.exec(select(Audit)).one()
        assert (audit.action, audit.facts) == ("make_invite", {"role": "gestor"})
    assert found[1].encode() not in (folder / "cabildo.sqlite").read_bytes()


def test_a_leader_needs_a_group(folder: Path) -> None:
    assert "there are no working groups yet" in refused(cabildo("invite", "leader"))
    (folder / "town.yaml").write_text(TOWN)
    cabildo("town", str(folder / "town.yaml"))
    assert "parks (Parques)" in refused(cabildo("invite", "leader"))
    assert "'roads'" in refused(cabildo("invite", "leader", "--group", "roads"))
    assert "--group" in refused(cabildo("invite", "gestor", "--group", "parks"))
    for said in ("parks", "parques"):
        assert "role-" in cabildo("invite", "leader", "--group", said).stdout
    with database(folder).read() as session:
        assert {row.role for row in session.exec(select(Invite))} == {"leader"}
        assert len({row.group_id for row in session.exec(select(Invite))} - {None}) == 1


async def test_with_a_token_the_invitation_is_a_link(monkeypatch: pytest.MonkeyPatch) -> None:
    async with Simulator(port=0) as sim:
        sim.add_bot("1:AA", "san_roque_bot", "San Roque")
        monkeypatch.setenv("CABILDO_TOKEN", "1:AA")
        monkeypatch.setenv("CABILDO_API_BASE", sim.url)
        result = await asyncio.to_thread(cabildo, "invite", "gestor")
        assert re.match(r"https://t\.me/san_roque_bot\?start=role-[0-9a-f]{32}\n", result.stdout)
        monkeypatch.setenv("CABILDO_TOKEN", "2:revoked")
        result = await asyncio.to_thread(cabildo, "invite", "gestor")
        assert "/start role-" in result.stdout and "2:revoked" not in result.output


async def test_an_invitation_where_no_bot_api_answers(monkeypatch: pytest.MonkeyPatch) -> None:
    async with something_else(200, "<html>A shop</html>") as url:
        monkeypatch.setenv("CABILDO_TOKEN", "1:AA")
        monkeypatch.setenv("CABILDO_API_BASE", url)
        result = await asyncio.to_thread(cabildo, "invite", "gestor")
    assert "/start role-" in result.stdout and "CABILDO_API_BASE is wrong" in result.stderr


@pytest.mark.parametrize(
    ("words", "named"),
    [
        (["simulator", "--token", "abc", "--port", "0"], "--token"),
        (["simulator", "--token", "1:A", "--token", "1:B", "--port", "0"], "--token"),
        (["simulator", "--port", "99999"], "--port"),
        (["simulator", "--port", "-1"], "--port"),
        (["demo", "--port", "99999"], "--port"),
        (["demo", "--port", "0"], "--port"),
    ],
)
def test_a_wrong_option_is_named(words: list[str], named: str) -> None:
    result = cabildo(*words)
    assert result.exit_code == 2 and isinstance(result.exception, SystemExit)
    assert named in result.stderr


def test_a_demo_without_a_free_port_says_so() -> None:
    with socket.socket() as held:
        held.bind(("127.0.0.1", 65535))
        held.listen()
        assert "--port: no free port" in refused(cabildo("demo", "--port", "65535"))


def test_a_flow_is_played_and_a_strange_one_named() -> None:
    assert "report" in refused(cabildo("play", "nothing"))
    played = CliRunner().invoke(app, ["play", "report", "--language", "en"], input="\n")
    assert played.exception is None or isinstance(played.exception, SystemExit), played.output
    assert "What is it about?" in played.output
