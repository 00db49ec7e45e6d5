"""A bench runs by its name and by its file, and says honestly what it measured."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

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
