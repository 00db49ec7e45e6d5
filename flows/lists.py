"""A list may be handed in as the way to make it: it is made when a question needs it, from the
answers so far, and at most once a turn for the same answers."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from flows.context import Context, Option, options

if TYPE_CHECKING:
    from flows.declare import Flow
    from flows.state import State


class Made(Mapping[str, Sequence[Option]]):
    """The lists of one turn. What a question chooses itself does not change its own list."""

    def __init__(self, handed: Context, flow: Flow, state: State) -> None:
        self._handed = handed.lists
        self._flow = flow
        self._state = state
        self._made: dict[str, tuple[dict[str, Any], Sequence[Option]]] = {}

    def __getitem__(self, name: str) -> Sequence[Option]:
        handed = self._handed[name]
        if not callable(handed):
            return handed
        questions = self._flow.questions
        answers = {
            answered: value
            for answered, value in self._state.answers.items()
            if answered in questions and name not in questions[answered].lists
        }
        made = self._made.get(name)
        if made is None or made[0] != answers:
            made = self._made[name] = (answers, options(handed, dict(answers)))
        return made[1]

    def waits(self, name: str) -> bool:
        """Whether this list is made from the answers."""
        return callable(self._handed[name])

    def __iter__(self) -> Iterator[str]:
        return iter(self._handed)

    def __len__(self) -> int:
        return len(self._handed)


def with_lists(context: Context, flow: Flow, state: State) -> Context:
    """The context with lists that follow this conversation's answers; itself if none does."""
    if not any(map(callable, context.lists.values())):
        return context
    return replace(context, lists=Made(context, flow, state))
