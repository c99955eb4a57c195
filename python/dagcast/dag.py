"""From single tasks with their dependencies to task sets: what the dry runs of other systems' programs record."""

from __future__ import annotations

from typing import Any, Callable, Dict, FrozenSet, List, Mapping, Optional, Sequence, Tuple, Union

from .distributions import Duration
from .program import DagcastError
from .workflow import Workflow

Durations = Union[Duration, Mapping[str, Duration], Callable[..., Duration], None]


class Task:
    """A recorded task: what it needs, and the numbers of the tasks that it comes after (all of them earlier ones)."""

    __slots__ = ("name", "demand", "duration", "before")

    def __init__(self, name: str, demand: Dict[str, Any], duration: Duration, before: int = 0) -> None:
        self.name = name
        self.demand = demand
        self.duration = duration
        self.before = before            # a set of task numbers, as bits


def duration_of(durations: Durations, name: str, *about: Any) -> Optional[Duration]:
    """How long a task takes, by what the caller gave: for all, by name (or "*"), or a function of what is known of the task."""
    if callable(durations):
        return durations(*about)
    if isinstance(durations, Mapping) and "distribution" not in durations:
        return durations.get(name, durations.get("*"))
    return durations                                                             # type: ignore[return-value]


def bits(mask: int) -> List[int]:
    out = []
    while mask:
        low = mask & -mask
        out.append(low.bit_length() - 1)
        mask ^= low
    return out


def reduce(tasks: Sequence[Task]) -> List[int]:
    """Direct parents: without those that another parent comes after already. Closes `before` over all ancestors on the way."""
    parents = []
    for task in tasks:
        for each in bits(task.before):
            task.before |= tasks[each].before
        rest, direct = task.before, 0
        while rest:
            latest = rest.bit_length() - 1
            direct |= 1 << latest
            rest &= ~(tasks[latest].before | 1 << latest)
        parents.append(direct)
    return parents


def _freeze(value: Any) -> Any:
    if isinstance(value, dict):
        return tuple(sorted((key, _freeze(each)) for key, each in value.items()))
    return tuple(_freeze(each) for each in value) if isinstance(value, (list, tuple)) else value


def _group(tasks: Sequence[Task], parents: Sequence[int]) -> Tuple[List[List[int]], List[int]]:
    """Tasks of one name, demand, kind of duration and groups of parents are a group; in the order of their first tasks."""
    group_of: List[int] = []
    groups: List[List[int]] = []
    known: Dict[Any, int] = {}
    for i, task in enumerate(tasks):
        above: FrozenSet[int] = frozenset(group_of[parent] for parent in bits(parents[i]))
        number = isinstance(task.duration, (int, float))
        key = (task.name, _freeze(task.demand), number or _freeze(task.duration), above)
        at = known.setdefault(key, len(groups))
        if at == len(groups):
            groups.append([])
        groups[at].append(i)
        group_of.append(at)
    return groups, group_of


def _relation(parent_name: str, mine: List[int], theirs: List[int], parents: Sequence[int]) -> Any:
    """How the tasks of a group come after those of another: all, each, or by edges."""
    place = {task: k for k, task in enumerate(theirs)}
    edges = [[place[parent], k] for k, task in enumerate(mine) for parent in bits(parents[task]) if parent in place]
    if len(edges) == len(mine) * len(theirs):
        return parent_name
    if len(mine) == len(theirs) and edges == [[k, k] for k in range(len(mine))]:
        return {"set": parent_name, "kind": "each"}
    return {"set": parent_name, "kind": "edges", "edges": edges}


def workflow_of(name: str, tasks: Sequence[Task]) -> Workflow:
    """The workflow of recorded tasks."""
    if not tasks:
        raise DagcastError(f"{name}: no task was submitted")
    parents = reduce(tasks)
    groups, group_of = _group(tasks, parents)
    workflow = Workflow(name)
    names: List[str] = []
    used: Dict[str, int] = {}
    for group in groups:
        first = tasks[group[0]]
        used[first.name] = used.get(first.name, 0) + 1
        names.append(first.name if used[first.name] == 1 else f"{first.name}-{used[first.name]}")
        above = sorted({group_of[parent] for task in group for parent in bits(parents[task])})
        after = [_relation(names[each], group, groups[each], parents) for each in above]
        workflow.task_set(names[-1], tasks=len(group), after=after, **first.demand, **_durations(tasks, group))
    return workflow


def _durations(tasks: Sequence[Task], group: List[int]) -> Dict[str, Any]:
    values = [tasks[each].duration for each in group]
    return {"durations": values} if any(value != values[0] for value in values) else {"duration": values[0]}
