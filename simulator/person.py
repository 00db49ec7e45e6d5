"""A person with a phone: everything they can do in a chat, each a verb, at once and in memory.

`chat` is the one a verb acts in: the private chat with the first bot unless the person was
looked at somewhere else with `at`. A verb Telegram would not let them do raises ActError.
"""

from __future__ import annotations

from simulator.pressing import Pressing


class Person(Pressing):
    """Acts on the simulated Telegram as one user: talking, pressing, belonging, listening."""
