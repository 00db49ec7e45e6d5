"""What every bench keeps: the bot on one core, the server on the other, and honest runs only.

A run whose server was busier than 80% of its core measured the server, not the bot: it is void.
"""

from __future__ import annotations

import contextlib
import json
import os
import platform
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any, TypeVar

ROOT = Path(__file__).parent.parent
VOID_ABOVE = 0.8
MOST_VOID = 3
_TICKS = os.sysconf("SC_CLK_TCK")

T = TypeVar("T")


def cores() -> tuple[int, int]:
    """The bot's core and the server's (the same one where there is no other)."""
    usable = sorted(os.sched_getaffinity(0))
    return usable[0], usable[-1]


def pin(core: int) -> None:
    """Keep this process, and every thread it has, on one core."""
    os.sched_setaffinity(0, {core})


def cpu_s(pid: int) -> float:
    """Processor seconds that a process has used so far, all threads, user and system."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / _TICKS


class Child:
    """A process of a bench on a core of its own, spoken to in lines of JSON."""

    def __init__(self, module: str, *arguments: str, core: int) -> None:
        # The core is set before the interpreter starts, so that every thread inherits it.
        self.process = subprocess.Popen(
            [sys.executable, "-m", "bench.pinned", str(core), module, *arguments],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def hears(self) -> Any:
        """The child's next line; RuntimeError when it has ended."""
        assert self.process.stdout is not None
        line = self.process.stdout.readline()
        if not line:
            raise RuntimeError(f"a child of the bench ended with {self.process.wait()}")
        return json.loads(line)

    def ask(self, **question: Any) -> Any:
        """Say one line, hear one."""
        assert self.process.stdin is not None
        self.process.stdin.write(json.dumps(question) + "\n")
        self.process.stdin.flush()
        return self.hears()

    def cpu_s(self) -> float:
        """Processor seconds used so far."""
        return cpu_s(self.process.pid)

    def end(self) -> None:
        """Close its input, upon which it ends; end it otherwise."""
        with contextlib.suppress(OSError):
            if self.process.stdin is not None:
                self.process.stdin.close()
        try:
            self.process.wait(5)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()


@contextlib.contextmanager
def child(module: str, *arguments: str, core: int) -> Iterator[Child]:
    """A child that is gone at the end."""
    started = Child(module, *arguments, core=core)
    try:
        yield started
    finally:
        started.end()


class Busy:
    """How busy a process kept its core while something ran."""

    def __init__(self, server: Child) -> None:
        self._server = server
        self._cpu = server.cpu_s()
        self._wall = time.monotonic()

    def share(self) -> float:
        """Its processor time as a share of the time that has passed."""
        wall = time.monotonic() - self._wall
        return (self._server.cpu_s() - self._cpu) / wall if wall > 0 else 0.0


def counted(run: Callable[[], tuple[T, float]]) -> tuple[T, float, int]:
    """What the first run that counts has told, how busy its server was, how many before it were
    void. `run` tells the first two. Ends the bench when MOST_VOID in a row were void."""
    for void in range(MOST_VOID):
        told, share = run()
        if share <= VOID_ABOVE:
            return told, share, void
        say(f"    void: the server was {share:.0%} busy")
    raise SystemExit("the server was the bottleneck in every run: nothing was measured")


def quartiles(values: Sequence[float]) -> tuple[float, float, float]:
    """First quartile, median, third quartile."""
    if len(values) == 1:
        return values[0], values[0], values[0]
    first, median, third = statistics.quantiles(values, n=4, method="inclusive")
    return first, median, third


def percentile(values: Sequence[float], share: float) -> float:
    """The value that so large a share of the others does not exceed."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


def commit() -> str:
    """What was measured: the commit, with a + where the tree had changes."""
    try:
        head = _git("rev-parse", "--short=12", "HEAD")
        return head + ("+" if _git("status", "--porcelain", "--untracked-files=no") else "")
    except (OSError, subprocess.CalledProcessError):
        return "unknown"


def _git(*arguments: str) -> str:
    command = ["git", *arguments]
    return subprocess.run(
        command, cwd=ROOT, check=True, capture_output=True, text=True
    ).stdout.strip()


def say(text: str) -> None:
    """Progress, beside the result."""
    print(text, file=sys.stderr, flush=True)


def answer(**line: Any) -> None:
    """One line from a child to its bench."""
    print(json.dumps(line), flush=True)


def result(
    bench: str,
    *,
    db: str,
    runs: int,
    void_runs: int | None = None,
    server_core_busy: float | None = None,
    **figures: Any,
) -> None:
    """The bench's last line. `server_core_busy` is the highest share of any counted run; it and
    `void_runs` are None where no server was measured."""
    print(
        json.dumps(
            {
                "bench": bench,
                "commit": commit(),
                "python": platform.python_version(),
                "cpus": len(os.sched_getaffinity(0)),
                "db": db,
                "runs": runs,
                "void_runs": void_runs,
                "server_core_busy": (
                    None if server_core_busy is None else round(server_core_busy, 3)
                ),
                **figures,
            }
        ),
        flush=True,
    )
