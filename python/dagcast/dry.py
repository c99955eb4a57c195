"""Dry runs: tasks that are recorded in place of being run, and values that they would return."""

from __future__ import annotations

import concurrent.futures
import os
from typing import Any, Dict, Iterator, List, Mapping, Optional

from .dag import Durations, Task, duration_of
from .program import DagcastError


class Unknown:
    """Stands for a task's result: it may be handed on, indexed and called; a decision on it needs the real value."""

    def __init__(self, task: int, name: str) -> None:
        self.dagcast_task = task
        self._name = name

    def _same(self, *_: Any, **__: Any) -> "Unknown":
        return self

    def _decides(self, *_: Any) -> Any:
        raise DagcastError(f"the program decides on the result of '{self._name}', which a dry run does not have: "
                           f"results={{'{self._name}': VALUE}} gives it one")

    def __getattr__(self, name: str) -> "Unknown":
        if name.startswith("__"):
            raise AttributeError(name)
        return self

    def __iter__(self) -> Iterator[Any]:
        return self._decides()

    def __repr__(self) -> str:
        return f"<result of {self._name}>"

    __call__ = __getitem__ = __add__ = __radd__ = __sub__ = __rsub__ = __mul__ = __rmul__ = __truediv__ = __rtruediv__ = _same
    __neg__ = __pow__ = __mod__ = __floordiv__ = __abs__ = _same
    __bool__ = __len__ = __lt__ = __le__ = __gt__ = __ge__ = __int__ = __float__ = __index__ = __contains__ = _decides


def tasks_in(value: Any, depth: int = 8) -> int:
    """The tasks, as bits, whose results or futures an argument holds: within lists, tuples, sets and dictionaries too."""
    task = getattr(value, "dagcast_task", None) if not isinstance(value, type) else None
    if isinstance(task, int):
        return 1 << task
    if depth == 0 or isinstance(value, (str, bytes, int, float, os.PathLike)):
        return 0
    within: List[Any] = []
    if isinstance(value, dict):
        within = [*value.keys(), *value.values()]
    elif isinstance(value, (list, tuple, set, frozenset)):
        within = list(value)
    found = 0
    for each in within:
        found |= tasks_in(each, depth - 1)
    return found


def recorded(name: str, demand: Dict[str, Any], before: int, durations: Durations, *about: Any) -> Task:
    duration = duration_of(durations, name, *about)
    if duration is None:
        raise DagcastError(f"task '{name}': no duration; durations= takes a number for all, a dictionary by name, or a function of "
                           "(name, args, kwargs)")
    return Task(name, demand, duration, before)


class DryFuture(concurrent.futures.Future):                                        # type: ignore[type-arg]
    """Of a program that blocks: what it submits once it has asked for the result comes after the task."""

    def __init__(self, recorder: "Recorder", task: int, value: Any, outputs: List[Any]) -> None:
        super().__init__()
        self.dagcast_task = task
        self.outputs = outputs
        self._recorder = recorder
        self.set_result(value)

    def result(self, timeout: Optional[float] = None) -> Any:
        self._recorder.seen |= 1 << self.dagcast_task
        return super().result(timeout)

    def exception(self, timeout: Optional[float] = None) -> Any:
        self._recorder.seen |= 1 << self.dagcast_task
        return super().exception(timeout)


class Recorder:
    """The tasks that a program of one thread submits."""

    def __init__(self, durations: Durations, results: Mapping[str, Any]) -> None:
        self.tasks: List[Task] = []
        self.seen = 0                   # tasks whose results the program has asked for
        self._durations, self._results = durations, results

    def submit(self, name: str, demand: Dict[str, Any], args: Any, kwargs: Dict[str, Any]) -> DryFuture:
        number = len(self.tasks)
        before = self.seen | tasks_in(args) | tasks_in(kwargs)
        self.tasks.append(recorded(name, demand, before, self._durations, name, args, kwargs))
        unknown = Unknown(number, name)
        return DryFuture(self, number, self._results.get(name, unknown), [unknown for _ in kwargs.get("outputs") or []])
