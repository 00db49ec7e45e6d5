"""A local Telegram: a Bot API server that runs any bot, with people who can be told what to do.

`Simulator` is the server, `Person` one of its people in the same process, `Phone` the same verbs
over HTTP, `serve` the command's way in.
"""

from simulator.errors import ActError, ApiError
from simulator.person import Person
from simulator.phone import Phone
from simulator.seen import Seen
from simulator.server import Process, Simulator
from simulator.standalone import serve

__all__ = ["ActError", "ApiError", "Person", "Phone", "Process", "Seen", "Simulator", "serve"]
