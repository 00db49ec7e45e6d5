"""A JSON file that people can read: two spaces a level, letters as letters, what it is on top."""

from __future__ import annotations

import json
from typing import Any

import locales


def write(data: dict[str, Any], language: str) -> bytes:
    """UTF-8 JSON of {"about": phrase, "content": plain JSON}: `about` is said in `language` as the
    first field, the fields of `content` follow as they are.

    Raises KeyError and TypeError for data of another shape.
    """
    said = locales.sentence(data["about"], language, markup=False)
    file = {"about": said, **data["content"]}
    return json.dumps(file, ensure_ascii=False, indent=2).encode() + b"\n"
