"""Files live in memory, each under a file_id that stands for one size of one thing.

A file may state a size greater than the bytes it holds: a large file is then made of zeros when
somebody downloads it, so that a test can send 3 GB without having them.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import Any

from simulator.errors import ApiError, bad
from simulator.samples import size_of
from simulator.schema import Upload

Json = dict[str, Any]

MOST_DOWNLOAD = 20 * 1024 * 1024
MOST_UPLOAD = 50 * 1024 * 1024
MOST_PHOTO = 10 * 1024 * 1024
_SIDES = (90, 320, 800, 1280)


@dataclass(slots=True)
class File:
    """One stored file; `size` in bytes, `info` the Bot API object's own fields."""

    file_id: str
    unique_id: str
    kind: str
    content: bytes
    size: int
    mime: str
    name: str
    path: str
    info: Json

    def read(self) -> bytes:
        """The bytes, filled up with zeros to the stated size."""
        return self.content + bytes(max(0, self.size - len(self.content)))


class Files:
    """Every file of the simulated Telegram."""

    def __init__(self) -> None:
        self._by_id: dict[str, File] = {}
        self._by_path: dict[str, File] = {}
        self._count = 0

    def __len__(self) -> int:
        return len(self._by_id)

    def store(
        self,
        kind: str,
        content: bytes,
        *,
        mime: str,
        name: str = "",
        size: int | None = None,
        unique: str = "",
        info: Json | None = None,
    ) -> File:
        """Keep a file; the same bytes of the same kind get the same file_unique_id."""
        self._count += 1
        suffix = name.rpartition(".")[2] if "." in name else mime.rpartition("/")[2]
        print_ = (
            unique
            or hashlib.sha256(
                kind.encode() + b"|" + str(size or 0).encode() + b"|" + content
            ).hexdigest()
        )
        file = File(
            file_id=f"{kind[:2].upper()}ACAgEAAx{self._count:08x}{print_[:24]}",
            unique_id=f"AQAD{print_[:12]}",
            kind=kind,
            content=content,
            size=len(content) if size is None else size,
            mime=mime,
            name=name,
            path=f"{kind}s/file_{self._count}.{suffix or 'bin'}",
            info={} if info is None else info,
        )
        self._by_id[file.file_id] = file
        self._by_path[file.path] = file
        return file

    def photo(self, content: bytes, *, mime: str = "image/png") -> list[Json]:
        """A photo's sizes as Telegram lists them, smallest first: PhotoSize objects.

        Every size holds the same bytes: Telegram scales pictures, the simulator only says so.
        """
        width, height = size_of(content) or (800, 600)
        longest = max(width, height)
        sides = [side for side in _SIDES if side < longest] + [min(longest, _SIDES[-1])]
        group = hashlib.sha256(content).hexdigest()
        sizes: list[Json] = []
        for side in dict.fromkeys(sides):
            scale = side / longest
            shape = {"width": round(width * scale) or 1, "height": round(height * scale) or 1}
            unique = hashlib.sha256(f"{group}{side}".encode()).hexdigest()
            file = self.store("photo", content, mime=mime, unique=unique, info={**shape})
            file.info["sizes"] = sizes
            sizes.append(
                {
                    "file_id": file.file_id,
                    "file_unique_id": file.unique_id,
                    "file_size": file.size,
                    **shape,
                }
            )
        return sizes

    def find(self, file_id: str) -> File | None:
        """The file, or None."""
        return self._by_id.get(file_id)

    def get(self, file_id: str) -> File:
        """The file; ApiError 400 for an identifier nobody was given."""
        file = self._by_id.get(file_id)
        if file is None:
            raise bad("wrong file_id or the file is temporarily unavailable")
        return file

    def at(self, path: str) -> File | None:
        """The file at a file_path."""
        return self._by_path.get(path)

    def given(self, kind: str, value: Any, files: dict[str, Upload]) -> Json | list[Json]:
        """What a bot sends: an upload, attach://name, or a file_id; the Bot API object for it.

        A URL is refused: the simulator fetches nothing from the network.
        """
        if isinstance(value, str) and value.startswith("attach://"):
            value = files.get(value[9:], value)
        if isinstance(value, Upload):
            return self._uploaded(kind, value)
        if isinstance(value, str) and value.startswith(("http://", "https://")):
            raise ApiError("Not Implemented: sending a file by URL is not modelled", 501)
        file = self._by_id.get(value) if isinstance(value, str) else None
        if file is None:
            raise bad("wrong remote file identifier specified: Wrong string length")
        if file.kind != kind:
            raise bad(f"can't use file of type {file.kind.title()} as {kind.title()}")
        if kind == "photo":
            sizes = file.info["sizes"]
            assert isinstance(sizes, list)
            return sizes
        return describe(file)

    def _uploaded(self, kind: str, upload: Upload) -> Json | list[Json]:
        size = len(upload.content)
        if size == 0:
            raise bad("file must be non-empty")
        if size > MOST_UPLOAD:
            raise ApiError("Request Entity Too Large", 413)
        if kind == "photo":
            if size > MOST_PHOTO:
                raise bad(
                    f"file of size {size} bytes is too big for a photo; the maximum size is"
                    f" {MOST_PHOTO} bytes"
                )
            shape = size_of(upload.content)
            if shape is None:
                raise bad("IMAGE_PROCESS_FAILED")
            if sum(shape) > 10_000 or max(shape) > 20 * min(shape):
                raise bad("PHOTO_INVALID_DIMENSIONS")
            return self.photo(upload.content, mime=upload.mime)
        return describe(
            self.store(
                kind,
                upload.content,
                mime=upload.mime,
                name=upload.name,
                info={"duration": 1} if kind in ("voice", "audio", "video") else {},
            )
        )


def describe(file: File) -> Json:
    """The Bot API object (Document, Voice, ...) of a stored file."""
    made: Json = {
        "file_id": file.file_id,
        "file_unique_id": file.unique_id,
        "file_size": file.size,
        **file.info,
    }
    if file.kind == "document" and file.name:
        made["file_name"] = file.name
    if file.kind in ("document", "voice", "audio", "video"):
        made["mime_type"] = file.mime
    return made
