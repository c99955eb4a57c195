"""Workflows of RADICAL-EnTK."""

from __future__ import annotations

import os
import warnings
from typing import Any, Callable, Dict, Iterable, List, Mapping, Optional, Tuple, Union

from .dag import Durations, duration_of
from .distributions import Duration
from .program import DagcastError
from .workflow import Workflow


def _number(reqs: Any, *names: str) -> float:
    """Of cpu_reqs and gpu_reqs, whose keys have changed: {'cpu_processes': 4} was {'processes': 4}."""
    for name in names:
        value = reqs.get(name) if isinstance(reqs, Mapping) else None
        if value is not None:
            return value
    return 0


def _demand(task: Any, slots: str) -> Dict[str, Any]:
    """EnTK from 1.20 on has attributes a rank; before, requirements of processes and threads. Values: as a task set's."""
    ranks = getattr(task, "ranks", None)
    if ranks is not None:
        ranks, cores = ranks or 1, getattr(task, "cores_per_rank", None) or 1
        gpus, memory = getattr(task, "gpus_per_rank", 0) or 0, getattr(task, "mem_per_rank", 0) or 0
    else:
        cpu, gpu = getattr(task, "cpu_reqs", None) or {}, getattr(task, "gpu_reqs", None) or {}
        ranks = _number(cpu, "cpu_processes", "processes") or 1
        cores = _number(cpu, "cpu_threads", "threads_per_process") or 1
        gpus, memory = _number(gpu, "gpu_processes", "processes"), 0
    demand: Dict[str, Any] = {slots: int(cores)}
    if ranks != 1:
        demand["ranks"] = int(ranks)
    if gpus:
        demand["gpus"] = int(gpus) if float(gpus).is_integer() else gpus
    if memory:
        demand["memory_mib"] = int(memory)
    return demand


def _slept(task: Any) -> Optional[float]:
    """Tasks that only sleep say how long."""
    arguments = getattr(task, "arguments", None) or []
    if os.path.basename(str(getattr(task, "executable", "") or "")) != "sleep" or len(arguments) != 1:
        return None
    try:
        return float(arguments[0])
    except ValueError:
        return None


def _of(item: Any, fallback: str) -> str:
    return str(getattr(item, "name", None) or getattr(item, "uid", None) or fallback)


def _ordered(tasks: Iterable[Any]) -> List[Any]:
    """EnTK keeps tasks in a set."""
    return tasks if isinstance(tasks, (list, tuple)) else sorted(tasks, key=lambda task: (_of(task, ""), str(getattr(task, "uid", ""))))


def _kind(task: Any, stage: str, durations: Durations, slots: str) -> Tuple[Any, Dict[str, Any], Duration]:
    demand, name = _demand(task, slots), _of(task, stage)
    duration = duration_of(durations, name, task)
    if duration is None and isinstance(durations, Mapping):
        duration = durations.get(stage)
    if duration is None:
        duration = _slept(task)
    if duration is None:
        raise DagcastError(f"task '{name}' of stage '{stage}': no duration; durations= takes a number for all, a dictionary by name of task "
                           "or stage, or a function of the task")
    shape = "number" if isinstance(duration, (int, float)) else repr(duration)
    return (tuple(sorted(demand.items())), shape), demand, duration


def _add_stage(workflow: Workflow, name: str, stage: Any, durations: Durations, slots: str) -> List[str]:
    """A task set for each kind of task in a stage; their names."""
    kinds: Dict[Any, Tuple[Dict[str, Any], List[Duration]]] = {}
    for task in _ordered(stage.tasks):
        key, demand, duration = _kind(task, _of(stage, name), durations, slots)
        kinds.setdefault(key, (demand, []))[1].append(duration)
    names = []
    for k, (demand, values) in enumerate(kinds.values()):
        names.append(name if len(kinds) == 1 else f"{name}-{k + 1}")
        if all(value == values[0] for value in values):
            workflow.task_set(names[-1], tasks=len(values), duration=values[0], **demand)
        else:
            workflow.task_set(names[-1], durations=values, **demand)                # type: ignore[arg-type]
    return names


def _unique(name: str, used: Dict[str, int]) -> str:
    used[name] = used.get(name, 0) + 1
    return name if used[name] == 1 else f"{name}-{used[name]}"


def from_entk(appmanager: Any, durations: Union[Durations, Callable[[Any], Duration]] = None, slots: str = "cores",
              name: str = "entk") -> Workflow:
    """The workflow of an EnTK AppManager (or a list of its pipelines), as it is now; nothing is run, EnTK is not imported.

    EnTK's tasks have no durations: `durations` is one for all, a dictionary by name of task or stage, or a function of the task.
    Tasks that run `sleep N` need none. `slots="threads"` where the resource schedules hardware threads (Summit with SMT). Pipelines, stages and demands are EnTK's. What `post_exec` would add at run time is not
    known before; a warning says so.
    """
    pipelines = getattr(appmanager, "workflow", appmanager)
    if pipelines is None or isinstance(pipelines, (str, bytes)) or not hasattr(pipelines, "__iter__"):
        raise DagcastError("from_entk: expected an AppManager with a workflow, or a list of pipelines")
    workflow, used = Workflow(name), {}
    for p, pipeline in enumerate(_ordered(pipelines)):
        own = _unique(_of(pipeline, f"pipeline-{p + 1}"), used)
        stages = []
        for s, stage in enumerate(pipeline.stages):
            stages.append(_add_stage(workflow, f"{own}/{_of(stage, f'stage-{s + 1}')}", stage, durations, slots))
            if getattr(stage, "post_exec", None):
                warnings.warn(f"stage '{_of(stage, str(s + 1))}' of '{own}' decides at run time what follows (post_exec): predicted as it is now",
                              stacklevel=2)
        workflow.pipeline(own, stages)
    if not workflow.task_sets:
        raise DagcastError("from_entk: the workflow has no tasks")
    return workflow
