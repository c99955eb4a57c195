"""The program's commands as functions."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import tempfile
import weakref
from pathlib import Path
from typing import Any, Dict, Iterator, List, Type, Union

from . import program
from .results import Comparison, Record, Result
from .workflow import Workflow

Operand = Union[str, "os.PathLike[str]", Workflow, Dict[str, Any], Result]


_PARTS = ("workflow", "platform", "middleware")          # files that a scenario or a study names


def _words(options: Dict[str, Any]) -> List[str]:
    """{"nodes": 16, "full": True, "change": ["nodes=8"]} as --nodes=16 --full --change=nodes=8."""
    words: List[str] = []
    for name, value in options.items():
        option = "--" + name.rstrip("_").replace("_", "-")
        if value is True:
            words.append(option)
        elif isinstance(value, (list, tuple)):
            words += [f"{option}={each}" for each in value]
        elif value is not None and value is not False:
            words.append(f"{option}={os.fspath(value) if isinstance(value, os.PathLike) else value}")
    return words


@contextlib.contextmanager
def _written(operands: tuple[Operand, ...], options: Dict[str, Any]) -> Iterator[tuple[List[str], List[str]]]:
    """Operands and options as words; what is no path yet lies in a file for as long as that takes."""
    with tempfile.TemporaryDirectory(prefix="dagcast-") as folder:
        n = 0

        def part(value: Any) -> Any:
            """Of a scenario or study: relative paths are meant from here, not from where it is written."""
            if isinstance(value, (str, os.PathLike)):
                return os.path.abspath(value) if os.path.isfile(value) else os.fspath(value)
            return os.fspath(path(value))

        def path(value: Any) -> Any:
            nonlocal n
            if isinstance(value, (Workflow, Record)):
                value = value.to_dict()
            if not isinstance(value, dict):
                return value
            value = {key: part(each) if key in _PARTS else each for key, each in value.items()}
            n += 1
            place = Path(folder) / f"{n}.json"
            place.write_text(json.dumps(value), encoding="utf-8")
            return place

        yield [os.fspath(path(each)) for each in operands], _words({name: path(value) for name, value in options.items()})


def _render(command: str, operands: tuple[Operand, ...], options: Dict[str, Any], form: str) -> str:
    """The same call again, printed for people: the same scenario and seed give the same figures."""
    with _written(operands, options) as (files, words):
        if form == "text":
            return program.call([command, *words, "--", *files])
        with tempfile.TemporaryDirectory(prefix="dagcast-") as folder:
            page = Path(folder) / "page.html"
            program.call([command, *words, f"--report={page}", "--", *files])
            return page.read_text(encoding="utf-8")


def _render_stored(data: Dict[str, Any], form: str) -> str:
    """Of what must not run twice."""
    with tempfile.TemporaryDirectory(prefix="dagcast-") as folder:
        stored, page = Path(folder) / "result.json", Path(folder) / "page.html"
        stored.write_text(json.dumps(data), encoding="utf-8")
        if form == "text":
            return stored.read_text(encoding="utf-8")
        program.call(["report", f"--output={page}", os.fspath(stored)])
        return page.read_text(encoding="utf-8")


def run(command: str, *operands: Operand, **options: Any) -> Result:
    """`dagcast COMMAND OPERANDS... --json`: any command that prints JSON.

    An operand, and an option that names a file (platform, middleware), may be a path, a Workflow, a dictionary in the file's format,
    or a result. Option True is a flag; of a list, each element is an option.
    """
    return _run(Result, command, operands, options)


def _run(kind: Type[Any], command: str, operands: tuple[Operand, ...], options: Dict[str, Any]) -> Any:
    with _written(operands, options) as (files, words):
        data = program.call_json([command, *words, "--", *files])
    if command == "execute":
        return kind(data, lambda form: _render_stored(data, form))
    return kind(data, lambda form: _render(command, operands, options, form))


def compare(workflow: Operand, **options: Any) -> Comparison:
    """Sequential, pipelined and asynchronous execution of a workflow: `compare(w, platform="summit", nodes=16, replicas=1000)`."""
    return _run(Comparison, "compare", (workflow,), options)


def simulate(workflow: Operand, **options: Any) -> Result:
    """One mode in detail: `simulate(w, platform="summit", mode="pipelined").makespan.mean`."""
    return run("simulate", workflow, **options)


def model(workflow: Operand, **options: Any) -> Result:
    """Closed forms, degrees of asynchronicity, bounds; nothing is simulated."""
    return run("model", workflow, **options)


def explain(workflow: Operand, **options: Any) -> Result:
    """Where the time goes, and what would change it."""
    return run("explain", workflow, **options)


def advise(workflow: Operand, **options: Any) -> Result:
    """Nodes, mode and walltime to ask for: `advise(w, platform="summit", nodes="1..64", deadline="30m").rows`."""
    return run("advise", workflow, **options)


def describe(what: Operand, **options: Any) -> Result:
    """What a workflow, platform or middleware says."""
    return run("describe", what, **options)


def sweep(study: Operand, **options: Any) -> Result:
    """Every point of a study (docs/commands.md): `.rows`. Without `store` the rows are kept as long as the result."""
    folder = None if "store" in options else Path(tempfile.mkdtemp(prefix="dagcast-"))
    store = folder / "store.sqlite" if folder else options.pop("store")
    result = run("sweep", study, store=store, **options)
    result._render = lambda form: _render("sweep", (), {"show": store}, form)
    if folder:
        weakref.finalize(result, shutil.rmtree, folder, ignore_errors=True)
    return result


def execute(workflow: Operand, **options: Any) -> Result:
    """Runs the workflow's tasks as processes of this machine, or as Slurm steps: `execute(w, run_dir="run1")`."""
    return run("execute", workflow, **options)


def import_session(path: Operand, **options: Any) -> Result:
    """What is in a recorded run: tasks, sets, stages, nodes, times, gaps."""
    return run("import", path, **options)


def validate(*sessions: Operand, **options: Any) -> Result:
    """Measured sessions against what the model says."""
    return run("validate", *sessions, **options)


def calibrate(*sessions: Operand, **options: Any) -> Result:
    """Fits a middleware profile on measured sessions: `calibrate("run1", output="here.json")`."""
    return run("calibrate", *sessions, **options)


def replay(session: Operand, **options: Any) -> Result:
    """Which scheduler explains a measured session: `replay("run1", change=["nodes=8"])`."""
    return run("replay", session, **options)


def report(*results: Operand, output: Union[str, "os.PathLike[str]"], **options: Any) -> str:
    """One page of several results; its path."""
    with _written(results, options) as (files, words):
        program.call(["report", *words, f"--output={os.fspath(output)}", "--", *files])
    return os.fspath(output)


def list_names(kind: str) -> Dict[str, str]:
    """Names that options accept, with a summary each: `list_names("platforms")`."""
    return {each["name"]: each["summary"] for each in program.call_json(["list", kind])[kind]}
