"""What the libraries built at the start stays for good: the collector need not walk through it.

Walking it again and again took a third of the processor time of a turn (1.9 ms with, 1.3 without).
"""

from __future__ import annotations

import gc

# Objects made since the last look, before the youngest, the middle, all are looked through.
LOOK_AFTER = (20_000, 10, 10)


def settle() -> None:
    """Leave what there is now to the end of the process: when the libraries are there, since a
    look through them in the middle of the start takes a quarter of a second, and when the bot
    stands.

    For a process that is nothing but the bot: a test's leftovers would never be found. Imports
    and the start leave next to nothing to collect, and to look for it would hold everybody up who
    spoke, and all that came due, while the bot was down.
    """
    gc.freeze()
    gc.set_threshold(*LOOK_AFTER)
