"""Which methods the Bot API has and what each may be given, read from aiogram's own classes.

Every call is checked here before anything happens: a required parameter that is missing or one
of the wrong type is refused; parameters Telegram does not know are ignored, as it ignores them.
"""

from __future__ import annotations

import types
import typing
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import aiogram.methods
import orjson
from aiogram.client.default import Default
from aiogram.methods import TelegramMethod
from aiogram.types import InputFile
from pydantic import ConfigDict, TypeAdapter, ValidationError

from simulator.errors import ApiError, bad
from simulator.markup import check_markup

Params = dict[str, Any]
Convert = Callable[[Any], Any]

_ABSENT: dict[str, str] = {
    "chat_id": "chat_id is empty",
    "text": "message text is empty",
    "message_id": "message identifier is not specified",
    "photo": "there is no photo in the request",
    "voice": "there is no voice in the request",
    "document": "there is no document in the request",
}


class Method:
    """One method: its name as Telegram writes it, its fields, and how to read them."""

    def __init__(self, model: type[TelegramMethod[Any]]) -> None:
        self.name: str = model.__api_method__
        self._fields: dict[str, Convert] = {}
        self._required: list[str] = []
        for name, field in model.model_fields.items():
            self._fields[name] = _reader(name, field.annotation)
            if field.is_required():
                self._required.append(name)

    @property
    def fields(self) -> frozenset[str]:
        """The names of the parameters the method knows."""
        return frozenset(self._fields)

    def read(self, given: Params) -> Params:
        """The known parameters, converted; ApiError 400 for a wrong or missing one."""
        params: Params = {}
        fields = self._fields
        for name, value in given.items():
            convert = fields.get(name)
            if convert is None or value is None:
                continue
            params[name] = convert(value)
        for name in self._required:
            if name not in params:
                raise bad(_ABSENT.get(name, f'parameter "{name}" is required'))
        return params


def _integer(name: str) -> Convert:
    def convert(value: Any) -> int:
        if type(value) is int:
            return value
        try:
            if isinstance(value, float) and value.is_integer():
                return int(value)
            if isinstance(value, str):
                return int(value)
        except ValueError:
            pass
        raise bad(f'parameter "{name}" must be of type Integer')

    return convert


def _number(name: str) -> Convert:
    def convert(value: Any) -> float:
        if type(value) in (int, float):
            return float(value)
        try:
            if isinstance(value, str):
                return float(value)
        except ValueError:
            pass
        raise bad(f'parameter "{name}" must be of type Float')

    return convert


def _boolean(name: str) -> Convert:
    def convert(value: Any) -> bool:
        if isinstance(value, bool):
            return value
        word = str(value).lower()
        if word in {"true", "1", "yes"}:
            return True
        if word in {"false", "0", "no", ""}:
            return False
        raise bad(f'parameter "{name}" must be of type Boolean')

    return convert


def _string(name: str) -> Convert:
    def convert(value: Any) -> str:
        if type(value) is str:
            try:
                value.encode()
            except UnicodeEncodeError:
                raise bad("strings must be encoded in UTF-8") from None
            return value
        if type(value) in (int, float):
            return str(value)
        raise bad(f'parameter "{name}" must be of type String')

    return convert


def _identifier(name: str) -> Convert:
    def convert(value: Any) -> int | str:
        if type(value) is int:
            return value
        if isinstance(value, str):
            word = value.strip()
            try:
                return int(word)
            except ValueError:
                if word:
                    return word
        raise bad(f"{name} is empty" if value == "" else "chat not found")

    return convert


def _file(name: str) -> Convert:
    def convert(value: Any) -> Any:
        if isinstance(value, (str, Upload)):
            return value
        raise bad(f'parameter "{name}" must be a file, a file_id or a URL')

    return convert


def _object(name: str, annotation: Any) -> Convert:
    adapter: list[TypeAdapter[Any]] = []

    def convert(value: Any) -> Any:
        if isinstance(value, str):
            try:
                value = orjson.loads(value)
            except orjson.JSONDecodeError as error:
                raise bad(f"can't parse {name} JSON object") from error
        if not adapter:
            adapter.append(_adapter(annotation))
        try:
            adapter[0].validate_python(value)
        except ValidationError as error:
            first = error.errors(include_url=False, include_input=False)[0]
            where = ".".join(str(part) for part in first["loc"][-2:])
            raise bad(f"can't parse {name}: {where} {first['msg']}".rstrip()) from None
        return value

    return convert


def _markup(name: str) -> Convert:
    def convert(value: Any) -> Any:
        if isinstance(value, str):
            if not value:
                return {}
            try:
                value = orjson.loads(value)
            except orjson.JSONDecodeError as error:
                raise bad("can't parse reply keyboard markup JSON object") from error
        return check_markup(value)

    return convert


def _adapter(annotation: Any) -> TypeAdapter[Any]:
    parts = tuple(part for part in _union(annotation) if part not in (Default, type(None)))
    kind: Any = parts[0] if len(parts) == 1 else typing.Union[parts]  # noqa: UP007
    if isinstance(kind, type) and not isinstance(kind, types.GenericAlias):
        return TypeAdapter(kind)
    return TypeAdapter(kind, config=ConfigDict(arbitrary_types_allowed=True))


def _union(annotation: Any) -> list[Any]:
    """The members of a union, through Annotated; a plain type is a union of one."""
    if hasattr(annotation, "__metadata__"):
        annotation = annotation.__origin__
    if typing.get_origin(annotation) in (typing.Union, types.UnionType):
        return [part for member in typing.get_args(annotation) for part in _union(member)]
    return [annotation]


def _reader(name: str, annotation: Any) -> Convert:
    parts = {part for part in _union(annotation) if isinstance(part, type)} - {
        Default,
        type(None),
    }
    if name == "reply_markup":
        return _markup(name)
    if InputFile in parts:
        return _file(name)
    if parts <= {int, datetime, timedelta} and int in parts:
        return _integer(name)
    if parts == {int, str}:
        return _identifier(name)
    for kind, make in ((bool, _boolean), (float, _number), (str, _string)):
        if parts == {kind}:
            return make(name)
    return _object(name, annotation)


class Upload:
    """A file that came with the request: its name, its type and its bytes."""

    __slots__ = ("content", "mime", "name")

    def __init__(self, name: str, mime: str, content: bytes) -> None:
        self.name = name
        self.mime = mime
        self.content = content

    def __repr__(self) -> str:
        return f"Upload({self.name!r}, {len(self.content)} bytes)"


def _table() -> dict[str, Method]:
    methods: dict[str, Method] = {}
    for name in aiogram.methods.__all__:
        model = getattr(aiogram.methods, name)
        if model is not TelegramMethod and issubclass(model, TelegramMethod):
            method = Method(model)
            methods[method.name.lower()] = method
    return methods


METHODS: dict[str, Method] = _table()
"""Lower-case name to method: names are not case-sensitive."""


def method_named(name: str) -> Method:
    """The method, or Telegram's 404."""
    method = METHODS.get(name.lower())
    if method is None:
        raise ApiError("Not Found", 404)
    return method
