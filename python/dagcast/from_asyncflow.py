"""Programs of RADICAL AsyncFlow."""

from __future__ import annotations

import asyncio
import concurrent.futures
import functools
import inspect
import random
from typing import Any, Callable, Dict, List, Mapping, Optional, Tuple

from .dag import Durations, Task, workflow_of
from .dry import Recorder, Unknown, recorded, tasks_in
from .program import DagcastError
from .workflow import Workflow

_ORDERS = 6                             # dry runs, each with another order in which tasks end


class _Future(asyncio.Future):                                                     # type: ignore[type-arg]
    dagcast_task: int


class _Engine:
    """Stands for a WorkflowEngine in one dry run: tasks end one at a time, by `order`, each as soon as the program waits."""

    def __init__(self, durations: Durations, results: Mapping[str, Any], choose: Callable[[int], int]) -> None:
        self.tasks: List[Task] = []
        self.keys: List[Any] = []       # names a submission the same in every dry run
        self.ended = 0
        self._durations, self._results, self._choose = durations, results, choose
        self._open: List[_Future] = []
        self._times: Dict[Any, int] = {}

    def function_task(self, function: Optional[Callable[..., Any]] = None, **_: Any) -> Any:
        return self.function_task if function is None else self._decorate(function)

    executable_task = prompt_task = function_task

    def block(self, function: Callable[..., Any]) -> Callable[..., Any]:
        """A block is a coroutine of its own, which starts once its arguments are there; its tasks are recorded, it is no task itself."""
        async def body(args: Tuple[Any, ...], kwargs: Dict[str, Any]) -> Any:
            return await function(*[await _value(each) for each in args], **{key: await _value(each) for key, each in kwargs.items()})

        @functools.wraps(function)
        def start(*args: Any, **kwargs: Any) -> "asyncio.Task[Any]":
            return asyncio.ensure_future(body(args, kwargs))
        return start

    async def shutdown(self, *_: Any, **__: Any) -> None:
        return None

    def _decorate(self, function: Callable[..., Any]) -> Callable[..., Any]:
        def submit(*args: Any, **kwargs: Any) -> Any:
            asked = {**described, **(kwargs.get("task_description") or {})}
            if any(_is_block(each) for each in (*args, *kwargs.values())):
                return asyncio.ensure_future(after_blocks(asked, args, kwargs))
            return self._submit(function.__name__, asked, args, kwargs)

        async def after_blocks(asked: Dict[str, Any], args: Tuple[Any, ...], kwargs: Dict[str, Any]) -> Any:
            args = tuple([await each if _is_block(each) else each for each in args])
            kwargs = {key: await each if _is_block(each) else each for key, each in kwargs.items()}
            return await self._submit(function.__name__, asked, args, kwargs)

        described = _described(function)
        return functools.wraps(function)(submit)

    def _submit(self, name: str, options: Dict[str, Any], args: Tuple[Any, ...], kwargs: Dict[str, Any]) -> _Future:
        number = len(self.tasks)
        given = tasks_in(args) | tasks_in(kwargs)
        self.tasks.append(recorded(name, _demand(options), self.ended | given, self._durations, name, args, kwargs))
        self.keys.append(self._key(name, args, kwargs))
        future = _Future()
        future.dagcast_task = number
        self._open.append(future)
        return future

    def _key(self, name: str, args: Any, kwargs: Any) -> Any:
        def word(value: Any) -> Any:
            task = getattr(value, "dagcast_task", None)
            if isinstance(task, int):
                return self.keys[task]
            if isinstance(value, dict):
                return tuple(sorted((str(key), word(each)) for key, each in value.items()))
            if isinstance(value, (list, tuple)):
                return tuple(word(each) for each in value)
            return value if isinstance(value, (str, bytes, int, float, bool, type(None))) else type(value).__name__
        plain = (name, word(args), word(kwargs))
        self._times[plain] = self._times.get(plain, 0) + 1
        return (*plain, self._times[plain])

    def end_one(self) -> bool:
        """Ends one of the submitted tasks; False: there is none."""
        if not self._open:
            return False
        future = self._open.pop(self._choose(len(self._open)))
        number = future.dagcast_task
        self.ended |= 1 << number
        name = self.tasks[number].name
        if not future.cancelled():
            future.set_result(self._results.get(name, Unknown(number, name)))
        return True


class _BlockingEngine:
    """The same for a program without coroutines, which asks for `.result()`."""

    def __init__(self, recorder: Recorder) -> None:
        self._recorder = recorder

    def function_task(self, function: Optional[Callable[..., Any]] = None, **_: Any) -> Any:
        if function is None:
            return self.function_task
        described = _described(function)

        @functools.wraps(function)
        def submit(*args: Any, **kwargs: Any) -> Any:
            asked = {**described, **(kwargs.get("task_description") or {})}
            return self._recorder.submit(function.__name__, _demand(asked), args, kwargs)
        return submit

    executable_task = prompt_task = function_task

    def shutdown(self, *_: Any, **__: Any) -> None:
        return None


def _described(function: Callable[..., Any]) -> Dict[str, Any]:
    """The task description that a task's function has as a default."""
    usual = inspect.signature(function).parameters.get("task_description")
    return usual.default if usual and isinstance(usual.default, dict) else {}


def _is_block(value: Any) -> bool:
    return isinstance(value, asyncio.Future) and not hasattr(value, "dagcast_task")


async def _value(value: Any) -> Any:
    return await value if isinstance(value, asyncio.Future) else value


def _demand(asked: Mapping[str, Any]) -> Dict[str, Any]:
    """Of a RADICAL task description."""
    demand: Dict[str, Any] = {"cores": int(asked.get("cores_per_rank") or 1)}
    if (asked.get("ranks") or 1) != 1:
        demand["ranks"] = int(asked["ranks"])
    gpus = asked.get("gpus_per_rank") or 0
    if gpus:
        demand["gpus"] = int(gpus) if float(gpus).is_integer() else gpus
    if asked.get("mem_per_rank"):
        demand["memory_mib"] = int(asked["mem_per_rank"])
    return demand


async def _drive(main: Callable[..., Any], engine: _Engine, args: Tuple[Any, ...], kwargs: Dict[str, Any]) -> None:
    program = asyncio.ensure_future(main(engine, *args, **kwargs))
    idle = 0
    while not program.done():
        await asyncio.sleep(0)
        ready = len(getattr(asyncio.get_running_loop(), "_ready", ()))
        idle = 0 if ready else idle + 1
        if idle < 3:
            continue
        idle = 0
        if not engine.end_one():
            await asyncio.sleep(0.005)  # the program waits for something of its own
    await program


def _run(main: Callable[..., Any], engine: _Engine, args: Tuple[Any, ...], kwargs: Dict[str, Any]) -> _Engine:
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        asyncio.run(_drive(main, engine, args, kwargs))
    else:                               # a notebook's own loop: another thread has a loop of its own
        with concurrent.futures.ThreadPoolExecutor(1) as other:
            other.submit(asyncio.run, _drive(main, engine, args, kwargs)).result()
    return engine


def _orders() -> List[Callable[[int], int]]:
    drawn = random.Random(1)
    return [lambda n: 0, lambda n: n - 1, *[lambda n: drawn.randrange(n)] * (_ORDERS - 2)]


def _keep_common(first: _Engine, other: _Engine) -> None:
    """A task comes after those that have ended before it in every dry run, whatever the order in which tasks end."""
    if set(first.keys) != set(other.keys):
        raise DagcastError("from_asyncflow: which tasks are submitted depends on the order in which tasks end; the workflow has no one graph")
    here = {key: i for i, key in enumerate(first.keys)}
    for i, key in enumerate(other.keys):
        mask, before = other.tasks[i].before, 0
        while mask:
            low = mask & -mask
            before |= 1 << here[other.keys[low.bit_length() - 1]]
            mask ^= low
        first.tasks[here[key]].before &= before


def from_asyncflow(main: Callable[..., Any], *args: Any, durations: Durations = None, results: Optional[Mapping[str, Any]] = None,
                   name: str = "asyncflow", **kwargs: Any) -> Workflow:
    """The workflow that `await main(flow, *args, **kwargs)` would submit to an AsyncFlow WorkflowEngine: dry runs, AsyncFlow is not imported.

    `main` gets a stand-in of the engine, with its decorators (function_task, executable_task, block), whose tasks return at once.
    A task comes after the tasks whose futures or results it is given, and after those that the program has awaited before it submits
    it: the program is run several times, with tasks ending in other orders, to tell what it waits for. `durations`: one for all, a
    dictionary by name of task, or a function of (name, args, kwargs). Where the program decides on a result, `results` gives it:
    {"task": value}. A `main` without coroutines is run once: its tasks' futures have `.result()`.
    """
    known = results or {}
    if not inspect.iscoroutinefunction(main):
        recorder = Recorder(durations, known)
        main(_BlockingEngine(recorder), *args, **kwargs)
        return workflow_of(name, recorder.tasks)
    engines = [_run(main, _Engine(durations, known, choose), args, kwargs) for choose in _orders()]
    for other in engines[1:]:
        _keep_common(engines[0], other)
    return workflow_of(name, engines[0].tasks)
