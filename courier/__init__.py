"""The courier: everything the bot says leaves here, within Telegram's limits, and is accounted."""

from __future__ import annotations

from courier.courier import LARGEST_DOCUMENT, Courier
from courier.limits import TELEGRAM, Limits

__all__ = ["LARGEST_DOCUMENT", "TELEGRAM", "Courier", "Limits"]
