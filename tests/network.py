"""No test leaves this machine: whatever tries is refused, and its test fails for having tried."""

from __future__ import annotations

import ipaddress
import socket
from typing import Any

import pytest


class LeftTheMachine(OSError):
    """A connection or a name look-up that is not for this machine."""


def is_here(host: object) -> bool:
    """Whether a host, as sockets are given it, is this machine."""
    if host is None:
        return True
    name = host.decode() if isinstance(host, bytes) else str(host)
    if name in ("", "localhost"):
        return True
    try:
        return ipaddress.ip_address(name.partition("%")[0]).is_loopback
    except ValueError:
        return False


def guard(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Refuse connections and look-ups that leave this machine; returns the list of attempts."""
    attempts: list[str] = []

    def check(host: object) -> None:
        if not is_here(host):
            attempts.append(str(host))
            raise LeftTheMachine(f"a test tried to reach {host}")

    def checked(name: str) -> Any:
        original = getattr(socket.socket, name)

        def call(self: socket.socket, *arguments: Any) -> Any:
            address = arguments[-1] if name == "sendto" else arguments[0]
            if self.family in (socket.AF_INET, socket.AF_INET6) and isinstance(address, tuple):
                check(address[0])
            return original(self, *arguments)

        return call

    # Python's own sockets, which asyncio uses too; drivers written in C do not pass here.
    for name in ("connect", "connect_ex", "sendto"):
        monkeypatch.setattr(socket.socket, name, checked(name))
    look_up = socket.getaddrinfo

    def getaddrinfo(host: Any, *arguments: Any, **options: Any) -> Any:
        check(host)
        return look_up(host, *arguments, **options)

    monkeypatch.setattr(socket, "getaddrinfo", getaddrinfo)
    return attempts
