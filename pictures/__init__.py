"""Pictures: plain data goes in, a PNG comes out, drawn in a process of its own."""

from __future__ import annotations

from pictures.studio import DrawingFailed, Studio

__all__ = ["DrawingFailed", "Studio"]
