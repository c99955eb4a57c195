"""Workflows, written in Python; docs/formats.md describes each field."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, Dict, Iterable, List, Sequence, Union

from .distributions import Duration


class TaskSet:
    """Tasks of one kind; made by Workflow.task_set()."""

    def __init__(self, name: str, fields: Dict[str, Any]) -> None:
        self.name = name
        self.fields = fields

    def __repr__(self) -> str:
        return f"TaskSet({self.name!r}, tasks={self.fields.get('tasks', 1)})"


class Pipeline:
    """Stages in order; made by Workflow.pipeline()."""

    def __init__(self, name: str, fields: Dict[str, Any]) -> None:
        self.name = name
        self.fields = fields

    def __repr__(self) -> str:
        return f"Pipeline({self.name!r}, stages={self.fields['stages']})"


After = Union[str, TaskSet, Dict[str, Any]]


def _name(item: Any) -> Any:
    return item.name if isinstance(item, (TaskSet, Pipeline)) else item


def _parent(item: After) -> Any:
    return {**item, "set": _name(item["set"])} if isinstance(item, dict) else _name(item)


class Workflow:
    """A workflow: task sets, dependencies between them, and pipelines.

    Further fields of a workflow (`session_sd`, `on_failure`, `source`) are keywords of the constructor, those of a task set
    (`ranks`, `memory_mib`, `release`, `retries`, `command` ...) keywords of task_set(). dagcast checks them when it reads the workflow.
    """

    def __init__(self, name: str = "workflow", *, iterations: Any = None, **fields: Any) -> None:
        self.name = name
        self.fields = fields if iterations is None else {**fields, "iterations": iterations}
        self.task_sets: List[TaskSet] = []
        self.pipelines: List[Pipeline] = []

    def task_set(self, name: str, *, tasks: int = 1, duration: Duration | None = None, durations: Sequence[float] | None = None,
                 after: Iterable[After] | After = (), **fields: Any) -> TaskSet:
        """Adds `tasks` tasks that each take `duration` (or one of `durations` each), after all tasks of the sets in `after`.

        An element of `after` may be {"set": parent, "kind": "each"}: task i waits for task i only; see docs/formats.md.
        """
        if (duration is None) == (durations is None):
            raise ValueError(f"task set {name!r}: give duration, or durations")
        own: Dict[str, Any] = {"name": name, "tasks": len(durations) if durations is not None else tasks, **fields}
        if durations is None:
            own["duration"] = duration
        else:
            own["durations"] = list(durations)
        parents = [after] if isinstance(after, (str, TaskSet, dict)) else list(after)
        if parents:
            own["after"] = [_parent(parent) for parent in parents]
        made = TaskSet(name, own)
        self.task_sets.append(made)
        return made

    def pipeline(self, name: str, stages: Iterable[Iterable[Union[str, TaskSet]]], after: Iterable[Union[str, Pipeline]] = ()) -> Pipeline:
        """Adds a pipeline: lists of task sets, one a stage. Without pipelines dagcast derives them from the dependencies."""
        own: Dict[str, Any] = {"name": name, "stages": [[_name(each) for each in stage] for stage in stages]}
        before = [_name(each) for each in after]
        if before:
            own["after"] = before
        made = Pipeline(name, own)
        self.pipelines.append(made)
        return made

    def to_dict(self) -> Dict[str, Any]:
        """The workflow as in its file."""
        out: Dict[str, Any] = {"name": self.name, **self.fields, "task_sets": [each.fields for each in self.task_sets]}
        if self.pipelines:
            out["pipelines"] = [each.fields for each in self.pipelines]
        return out

    def to_json(self) -> str:
        return json.dumps(self.to_dict(), indent=1)

    def save(self, path: Union[str, Path]) -> None:
        Path(path).write_text(self.to_json() + "\n", encoding="utf-8")

    def __repr__(self) -> str:
        tasks = sum(each.fields["tasks"] for each in self.task_sets)
        return f"Workflow({self.name!r}: {len(self.task_sets)} task sets, {tasks} tasks)"
