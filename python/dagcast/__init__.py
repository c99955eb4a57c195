"""dagcast: how long a heterogeneous HPC workflow takes, and why.

    >>> import dagcast
    >>> w = dagcast.Workflow("ddmd", iterations=3)
    >>> sim = w.task_set("simulation", tasks=96, threads=4, gpus=1, duration=dagcast.normal(340, sd=17))
    >>> agg = w.task_set("aggregation", tasks=16, threads=32, duration=85, after=[sim])
    >>> c = dagcast.compare(w, platform="summit", nodes=16)
    >>> c.asynchronous.makespan.mean                                            # doctest: +SKIP
    1281.3

Every function runs the program `dagcast` ($DAGCAST, the one installed beside this package, or the one on PATH) and returns what it
prints as JSON, as objects: members are attributes, times are seconds. In a notebook a result shows itself with the pictures of its
report. Options are those of the command line, with underscores: `middleware="radical-entk"`, `walltime="30m"`, `replicas=1000`.
What the program refuses is a `DagcastError` with its sentence. Only the standard library is used.
"""

from .commands import (advise, calibrate, compare, describe, execute, explain, import_session, list_names, model, replay, report, run, simulate,
                       sweep, validate)
from .distributions import (constant, distribution, empirical, exponential, gamma, lognormal, normal, uniform, weibull)
from .from_asyncflow import from_asyncflow
from .from_entk import from_entk
from .from_parsl import from_parsl
from .program import DagcastError, version
from .results import Comparison, Record, Result
from .workflow import Pipeline, TaskSet, Workflow

__all__ = [
    "Comparison", "DagcastError", "Pipeline", "Record", "Result", "TaskSet", "Workflow",
    "advise", "calibrate", "compare", "constant", "describe", "distribution", "empirical", "execute", "explain", "exponential", "from_asyncflow",
    "from_entk", "from_parsl", "gamma", "import_session", "list_names", "lognormal", "model", "normal", "replay", "report", "run",
    "simulate", "sweep", "uniform", "validate", "version", "weibull",
]
