"""Programs of Parsl."""

from __future__ import annotations

import functools
import inspect
from typing import Any, Callable, Dict, Mapping, Optional

from .dag import Durations, workflow_of
from .dry import Recorder, tasks_in
from .program import DagcastError
from .workflow import Workflow


def _demand(asked: Mapping[str, Any]) -> Dict[str, Any]:
    """Of a resource specification: cores, gpus and memory (MiB) of Work Queue, or ranks of MPI apps."""
    demand: Dict[str, Any] = {"cores": int(asked.get("cores") or 1)}
    ranks = asked.get("num_ranks") or (asked.get("num_nodes", 0) or 0) * (asked.get("ranks_per_node", 0) or 0)
    if ranks:
        demand["ranks"] = int(ranks)
    if asked.get("gpus"):
        demand["gpus"] = int(asked["gpus"])
    if asked.get("memory"):
        demand["memory_mib"] = int(asked["memory"])
    return demand


def _is_app(value: Any) -> bool:
    """An app of Parsl, by its shape: a callable of a class derived from one named AppBase, which keeps the function in `func`."""
    return callable(value) and callable(getattr(value, "func", None)) and any(each.__name__ == "AppBase" for each in type(value).__mro__)


def _usual(app: Any, name: str) -> Any:
    """The default of a parameter of an app's function."""
    parameter = inspect.signature(app.func).parameters.get(name)
    return None if parameter is None or parameter.default is inspect.Parameter.empty else parameter.default


def _stand_in(app: Any, recorder: Recorder) -> Callable[..., Any]:
    name = app.func.__name__

    @functools.wraps(app.func)
    def submit(*args: Any, **kwargs: Any) -> Any:
        asked = kwargs.get("parsl_resource_specification") or _usual(app, "parsl_resource_specification") or {}
        if not getattr(app, "join", False):
            return recorder.submit(name, _demand(asked), args, kwargs)
        seen = recorder.seen            # a join app is no task: its function submits others, once its arguments are there
        recorder.seen |= tasks_in(args) | tasks_in(kwargs)
        try:
            return app.func(*args, **kwargs)
        finally:
            recorder.seen = seen
    return submit


def from_parsl(main: Callable[..., Any], *args: Any, durations: Durations = None, results: Optional[Mapping[str, Any]] = None,
               apps: Optional[Mapping[str, Any]] = None, name: str = "parsl", **kwargs: Any) -> Workflow:
    """The workflow that `main(*args, **kwargs)` would submit to Parsl: a dry run, in which apps return at once. Parsl is not imported.

    Apps are found among the globals of `main`; further ones, as {"global name": app} of other modules, in `apps`. Dependencies are
    futures among arguments, and results that the program has waited for. `durations`: one for all, a dictionary by name of app, or a
    function of (name, args, kwargs). Where the program decides on a result, `results` gives it: {"app": value}.
    """
    space = getattr(main, "__globals__", None)
    if space is None:
        raise DagcastError("from_parsl: expected a function that submits apps")
    recorder = Recorder(durations, results or {})
    found = {key: value for key, value in space.items() if _is_app(value)}
    found.update(apps or {})
    if not found:
        raise DagcastError(f"from_parsl: no Parsl app among the globals of {getattr(main, '__name__', 'main')}(); name them in apps=")
    missing = object()
    kept = {key: space.get(key, missing) for key in found}
    try:
        space.update({key: _stand_in(app, recorder) for key, app in found.items()})
        main(*args, **kwargs)
    finally:
        for key, value in kept.items():
            if value is missing:
                del space[key]
            else:
                space[key] = value
    return workflow_of(name, recorder.tasks)
