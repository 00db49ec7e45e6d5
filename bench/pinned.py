"""Run a module on one core: `python -m bench.pinned CORE MODULE ARGUMENTS...`."""

from __future__ import annotations

import runpy
import sys

from bench.common import pin

if __name__ == "__main__":
    pin(int(sys.argv[1]))
    module = sys.argv[2]
    sys.argv = sys.argv[2:]
    runpy.run_module(module, run_name="__main__", alter_sys=True)
