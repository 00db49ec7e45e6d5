"""One conversation in one turn: what is relevant now, where it stands, and where it goes next.
It never says anything; screen.py does."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from flows.context import Context
from flows.declare import Flow
from flows.lists import Made, with_lists
from flows.question import Mark, Part, Question
from flows.state import REVIEW, State
from flows.tokens import base36, code

# Where a flow without a review stands after its last answer.
END = "!end"


class Talk:
    """A flow, the state of one conversation, and the context of this turn."""

    def __init__(self, flow: Flow, state: State, context: Context) -> None:
        self.flow = flow
        self.state = state
        self.context = with_lists(context, flow, state)
        # Whether this turn came to the question asked, and does not merely say it once more.
        self.arrived = False
        # The names of what matters, until an answer changes.
        self._relevant: Sequence[str] | None = None

    @property
    def question(self) -> Question | None:
        """The question asked; None at the review and the list of changes."""
        return self.flow.questions.get(self.state.at)

    @property
    def part(self) -> Part:
        """What is half given to the question asked."""
        return self.state.parts.get(self.state.at, {})

    def relevant(self) -> Sequence[str]:
        """Names of the questions that matter with these answers, in order."""
        if not self.flow.conditional:
            return self.flow.names
        if self._relevant is None:
            self._relevant = self._walk()
        return self._relevant

    def _walk(self) -> Sequence[str]:
        names: list[str] = []
        before: dict[str, Any] = {}
        answers = self.state.answers
        for name, question in self.flow.path(answers).items():
            if question.when is not None and not question.when(before):
                continue
            if question.skip_empty and name not in answers and self._passed(name, names, before):
                continue
            names.append(name)
            if name in answers:
                before[name] = answers[name]
        return names

    def _passed(self, name: str, names: Sequence[str], before: Mapping[str, Any]) -> bool:
        """Whether a question that needs options has none, or its list cannot be made yet.

        A list made from the answers waits for all of those before it; found empty once, it is
        not made again until the end.
        """
        question, passed = self.flow.questions[name], self.state.passed
        lists = self.context.lists
        if not (isinstance(lists, Made) and any(map(lists.waits, question.lists))):
            return not question.offers(self.context)
        if name in passed or len(names) > len(before):
            return True
        if question.offers(self.context):
            return False
        passed.append(name)
        return True

    def counted(self) -> Sequence[str]:
        """The relevant questions that are asked here: not those answered beforehand."""
        prefilled = self.state.prefilled
        if not prefilled:
            return self.relevant()
        return [name for name in self.relevant() if name not in prefilled]

    def before(self, name: str) -> dict[str, Any]:
        """The answers to the relevant questions other than this one."""
        answers = self.state.answers
        return {n: answers[n] for n in self.relevant() if n in answers and n != name}

    def mark(self, name: str) -> Mark:
        """What turns a choice of this question into a token."""
        start = f"{self.state.serial}.{name}."
        return lambda choice: start + choice

    def move(self, where: str) -> str:
        """The token of a move, good for this step."""
        return f"{self.state.serial}.!{base36(self.state.step)}.{where}"

    def move_to(self, name: str) -> str:
        """The token that opens one answer for a change."""
        return self.move("~" + code(name))

    def go(self, at: str, *, changing: bool = False) -> None:
        """Stand elsewhere: buttons of this step become old ones."""
        state = self.state
        self.arrived = True
        state.at = at
        state.step += 1
        state.changing = changing
        state.leaving = False
        state.refused = None
        value = state.answers.get(at)
        if value is not None and at not in state.parts:
            seed = self.flow.questions[at].seed(value)
            if seed:
                state.parts[at] = seed

    def keep(self, name: str, value: Any, message: int | None) -> None:
        """Keep an answer (None: skipped), and drop those it makes irrelevant."""
        state = self.state
        state.answers[name] = value
        self._relevant = None
        state.parts.pop(name, None)
        if message is None:
            state.sources.pop(name, None)
        else:
            state.sources[name] = message
        self.prune()

    def prune(self) -> None:
        """Forget what belongs to questions that no longer matter."""
        relevant = self.relevant()
        state = self.state
        for kept in (state.answers, state.sources, state.parts):
            for name in [n for n in kept if n not in relevant]:
                del kept[name]
                self._relevant = None

    def complaint(self, name: str, value: Any) -> Any:
        """What the question's own check says of an answer; None if it is content."""
        check = self.flow.questions[name].check
        return check(value, self.before(name), self.context) if check else None

    def settle(self) -> bool:
        """Go to the first question without an answer, else to the review or the end.

        Answers are looked at once more before the review: a list may have changed, a day may
        have passed. True if one no longer holds and is asked again.
        """
        self.prune()
        relevant = self.relevant()
        answers = self.state.answers
        questions = self.flow.questions
        if any(name in answers and questions[name].closes(answers[name]) for name in relevant):
            # Nothing more is asked, and nothing that was given early is lost.
            for name in (n for n in relevant if n not in answers and n in self.state.parts):
                value = questions[name].so_far(self.state.parts[name])
                if value is not None:
                    answers[name] = value
            self.go(END)
            return False
        missing = self.missing()
        if missing is None and self.state.passed:
            self.state.passed = []
            self._relevant = None
            relevant = self.relevant()
            missing = self.missing()
        if missing is not None:
            self.go(missing)
            return False
        for name in relevant:
            value = answers[name]
            question = questions[name]
            if question.skip_empty and not question.offers(self.context):
                self._drop(name)
                return self.settle()
            if value is None:
                holds = question.optional
            else:
                holds = question.fits(value, self.context) and not self.complaint(name, value)
            if not holds:
                self._drop(name)
                self.go(name)
                return True
        self.go(REVIEW if self.flow.review else END)
        return False

    def missing(self) -> str | None:
        """The first question that matters and has no answer."""
        return next((name for name in self.relevant() if name not in self.state.answers), None)

    def _drop(self, name: str) -> None:
        """Forget an answer that no longer holds."""
        del self.state.answers[name]
        self._relevant = None
        self.state.sources.pop(name, None)
        if name in self.state.prefilled:
            self.state.prefilled.remove(name)

    def progress(self) -> tuple[int, int]:
        """Which of the relevant questions this is, from 1, and how many there are."""
        counted = self.counted()
        at = self.state.at
        number = counted.index(at) + 1 if at in counted else max(1, len(counted))
        return number, max(1, len(counted))

    def begun(self) -> bool:
        """Whether the person has given anything that they would lose."""
        state = self.state
        answered = (n for n, value in state.answers.items() if value is not None)
        return any(n not in state.prefilled or n in state.sources for n in answered) or any(
            self.flow.questions[name].gathered(part)
            for name, part in state.parts.items()
            if name in self.flow.questions
        )
