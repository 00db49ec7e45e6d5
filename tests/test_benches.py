"""A bench runs by its name and by its file, and says honestly what it measured."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from bench.common import VOID_ABOVE, counted, result

ROOT = Path(__file__).parents[1]
BENCHES = ("chaos", "courier", "due", "fuzz", "growth", "replay", "turns")

# As `python bench/NAME.py` begins: the file's own folder is first, and the rooms are nowhere.
AS_SCRIPTS = f"""
import runpy, sys
before = [path for path in sys.path if path not in ("", {str(ROOT)!r})]
for name in {BENCHES!r}:
    sys.path[:] = [{str(ROOT / "bench")!r}, *before]
    for module in [m for m in sys.modules if m.partition(".")[0] in ("bench", "tests")]:
        del sys.modules[module]
    runpy.run_path({str(ROOT / "bench")!r} + "/" + name + ".py", run_name="script")
"""


def test_every_bench_finds_the_rooms_as_a_script(tmp_path: Path) -> None:
    assert all((ROOT / "bench" / f"{name}.py").is_file() for name in BENCHES)
    ended = subprocess.run(
        [sys.executable, "-c", AS_SCRIPTS], cwd=tmp_path, capture_output=True, text=True
    )
    assert ended.returncode == 0, ended.stderr


def test_a_run_whose_server_was_too_busy_is_void_and_done_again() -> None:
    runs = iter([("first", VOID_ABOVE + 0.01), ("second", 0.95), ("third", VOID_ABOVE)])
    assert counted(lambda: next(runs)) == ("third", VOID_ABOVE, 2)
    with pytest.raises(SystemExit, match="nothing was measured"):
        counted(lambda: ("again", 1.0))


def test_what_was_not_measured_is_null(capsys: pytest.CaptureFixture[str]) -> None:
    result("chaos", db="sqlite", runs=1, kills=3)
    result("courier", db="sqlite", runs=1, void_runs=2, server_core_busy=0.12345)
    plain, measured = (json.loads(line) for line in capsys.readouterr().out.splitlines())
    assert plain["void_runs"] is None and plain["server_core_busy"] is None
    assert (measured["void_runs"], measured["server_core_busy"]) == (2, 0.123)
