"""Tests of python/dagcast against the program in $DAGCAST; other systems' objects are stand-ins of their shapes."""

import asyncio
import os
import sys
import tempfile
import unittest
import warnings
from pathlib import Path
from types import SimpleNamespace
from unittest import mock

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "python"))
import dagcast  # noqa: E402
from dagcast.dag import Task, bits, reduce  # noqa: E402

SUMMIT = {"platform": "summit", "nodes": 16}


def sets(workflow):
    return {each.name: each.fields for each in workflow.task_sets}


def ddmd():
    w = dagcast.Workflow("ddmd", iterations=3)
    sim = w.task_set("simulation", tasks=96, threads=4, gpus=1, duration=dagcast.normal(340, sd=0.005))
    agg = w.task_set("aggregation", tasks=16, threads=32, duration=85, after=[sim])
    train = w.task_set("training", threads=4, gpus=1, duration=62.5, after=agg)
    w.task_set("inference", tasks=96, threads=16, gpus=1, duration=37.5, after=[train])
    return w


class Program(unittest.TestCase):
    def test_same_figures_as_the_command_line(self):
        ours = dagcast.compare(ddmd(), **SUMMIT, replicas=5)
        theirs = dagcast.compare(ROOT / "examples" / "ddmd.json", **SUMMIT, replicas=5)
        self.assertEqual(ours.modes.to_dict(), theirs.modes.to_dict())
        self.assertEqual(ours.asynchronous.makespan.mean, ours["modes"]["asynchronous"]["makespan"]["mean"])
        self.assertAlmostEqual(ours.sequential.closed_form, 3 * (340 + 85 + 62.5 + 37.5))
        self.assertAlmostEqual(ours.improvement("pipelined"), 1 - ours.pipelined.makespan.mean / ours.sequential.makespan.mean)
        self.assertIn(ours.best, ("pipelined", "asynchronous"))
        self.assertIn("ddmd", dir(ours) and ours.workflow.name)

    def test_each_command(self):
        w = ddmd()
        self.assertGreater(dagcast.simulate(w, **SUMMIT, mode="pipelined", replicas=5).makespan.mean, 1134)
        self.assertEqual(dagcast.model(w, **SUMMIT).workflow.tasks, 627)
        self.assertEqual(dagcast.describe(w).workflow.name, "ddmd")
        self.assertTrue(dagcast.explain(w, **SUMMIT, replicas=2).parts)
        self.assertEqual({row.nodes for row in dagcast.advise(w, platform="summit", nodes="1,2", replicas=200).rows}, {1, 2})
        self.assertIn("summit", dagcast.list_names("platforms"))
        for workflow in (os.path.relpath(ROOT / "examples" / "chain.json"), ROOT / "examples" / "chain.json", w):
            study = {"name": "s", "workflow": workflow, "platform": "summit", "replicas": 2, "grid": {"nodes": [2, 3]}}
            rows = dagcast.sweep(study)
            self.assertEqual(len(rows.rows), 2)
            self.assertIn("makespan", rows.text)
        self.assertRegex(dagcast.version(), r"^\d+\.\d+\.\d+$")

    def test_a_run_is_executed_once_and_read(self):
        w = dagcast.Workflow("quick")
        w.task_set("a", tasks=3, duration=0.01)
        with tempfile.TemporaryDirectory() as folder:
            here = Path(folder) / "run"
            done = dagcast.execute(w, run_dir=here, quiet=True)
            self.assertIn("<html", done.html)
            self.assertEqual(dagcast.import_session(here).to_dict()["command"], "import")
            self.assertEqual(dagcast.replay(here).to_dict()["command"], "replay")

    def test_dictionaries_are_files(self):
        platform = {"name": "p", "nodes": [{"count": 2, "cores": 8}]}
        c = dagcast.compare({"name": "w", "task_sets": [{"name": "a", "tasks": 32, "duration": 10}]}, platform=platform, replicas=1)
        self.assertEqual(c.sequential.makespan.mean, 20)

    def test_refusals_are_sentences(self):
        with self.assertRaisesRegex(dagcast.DagcastError, "unknown option '--nodez'; did you mean '--nodes'"):
            dagcast.compare(ddmd(), nodez=3)
        with self.assertRaisesRegex(dagcast.DagcastError, "did you mean 'summit'"):
            dagcast.compare(ddmd(), platform="sumit")
        with self.assertRaisesRegex(dagcast.DagcastError, "No such file"):
            dagcast.compare("--help", platform="summit")         # a name that looks like an option is a file
        with self.assertRaisesRegex(AttributeError, "there are: .*modes"):
            dagcast.compare(ddmd(), **SUMMIT, replicas=1).modez
        with mock.patch.dict(os.environ, {"DAGCAST": "/nowhere/dagcast"}), self.assertRaisesRegex(dagcast.DagcastError, "/nowhere/dagcast"):
            dagcast.version()

    def test_notebooks_show_the_report(self):
        c = dagcast.compare(ddmd(), **SUMMIT, replicas=2)
        page = c._repr_html_()
        self.assertTrue(page.startswith("<iframe srcdoc=") and page.endswith("</iframe>"))
        self.assertEqual(page.count("<"), 2)                     # all of the page is within the attribute
        self.assertIn("<svg", c.html)
        self.assertIn("asynchronous", str(c))

    def test_builder(self):
        w = dagcast.Workflow("w", session_sd=0.1)
        a = w.task_set("a", durations=[1, 2, 3], memory_mib="1 GiB")
        b = w.task_set("b", tasks=3, duration="1m", after={"set": a, "kind": "each"}, release=4)
        first = w.pipeline("p", [[a], [b]])
        c = w.task_set("c", duration=1)
        w.pipeline("q", [[c]], after=[first])
        self.assertEqual(w.to_dict()["task_sets"][1]["after"], [{"set": "a", "kind": "each"}])
        with tempfile.TemporaryDirectory() as folder:
            w.save(Path(folder) / "w.json")
            self.assertEqual(dagcast.describe(Path(folder) / "w.json").workflow.tasks, 7)
        with self.assertRaises(ValueError):
            w.task_set("d")


class Task_(SimpleNamespace):
    """Hashable, as EnTK's are."""
    __hash__ = object.__hash__


def entk(n=2):
    new = [Task_(name=f"sim{i}", executable="sleep", arguments=["340"], ranks=1, cores_per_rank=4, gpus_per_rank=1, mem_per_rank=0)
           for i in range(96)]
    old = [Task_(name=f"agg{i}", executable="agg", arguments=[], pre_exec=[], gpu_reqs={"gpu_processes": 0},
                 cpu_reqs={"cpu_processes": 2, "cpu_threads": 16}) for i in range(4)]
    stages = [SimpleNamespace(name="simulation", tasks=set(new), post_exec=None), SimpleNamespace(name="", uid="stage.7", tasks=set(old))]
    return SimpleNamespace(workflow=[SimpleNamespace(name=f"p{i}", uid=f"u{i}", stages=stages) for i in range(n)])


class EnTK(unittest.TestCase):
    def test_pipelines_stages_demands(self):
        w = dagcast.from_entk(entk(), durations={"stage.7": dagcast.lognormal(80, cv=0.1)})
        s = sets(w)
        self.assertEqual(list(s), ["p0/simulation", "p0/stage.7", "p1/simulation", "p1/stage.7"])
        self.assertEqual(s["p0/simulation"], {"name": "p0/simulation", "tasks": 96, "cores": 4, "gpus": 1, "duration": 340})
        self.assertEqual((s["p1/stage.7"]["ranks"], s["p1/stage.7"]["cores"], s["p1/stage.7"]["tasks"]), (2, 16, 4))
        threads = dagcast.from_entk(entk(1), durations=1, slots="threads")
        self.assertEqual(sets(threads)["p0/simulation"]["threads"], 4)
        self.assertEqual([p.fields["stages"] for p in w.pipelines][0], [["p0/simulation"], ["p0/stage.7"]])
        c = dagcast.compare(w, **SUMMIT, replicas=2)
        self.assertLessEqual(c.pipelined.makespan.mean, c.sequential.makespan.mean)
        self.assertGreater(c.pipelined.makespan.mean, 420)

    def test_functions_and_mixed_stages(self):
        app = entk(1)
        app.workflow[0].stages[1].tasks.add(Task_(name="odd", executable="x", cpu_reqs={"processes": 8, "threads_per_process": 1}, gpu_reqs={}))
        s = sets(dagcast.from_entk(app, durations=lambda task: 7.5 if task.name == "odd" else 30 + len(task.name)))
        self.assertEqual(s["p0/stage.7-2"]["ranks"] * s["p0/stage.7-2"]["cores"], 8)
        self.assertEqual(s["p0/simulation"]["durations"][:1], [34])

    def test_what_it_refuses_and_warns_of(self):
        with self.assertRaisesRegex(dagcast.DagcastError, "task 'agg0' of stage 'stage.7': no duration"):
            dagcast.from_entk(entk())
        with self.assertRaisesRegex(dagcast.DagcastError, "expected an AppManager"):
            dagcast.from_entk(SimpleNamespace(workflow=None))
        app = entk(1)
        app.workflow[0].stages[0].post_exec = print
        with warnings.catch_warnings(record=True) as seen:
            warnings.simplefilter("always")
            dagcast.from_entk(app, durations=1)
        self.assertIn("post_exec", str(seen[0].message))


class AppBase:
    def __init__(self, func):
        self.func = func

    def __call__(self, *args, **kwargs):
        raise AssertionError("a dry run started an app")


class PythonApp(AppBase):
    pass


@PythonApp
def stage(i, outputs=(), parsl_resource_specification=None):
    pass


@PythonApp
def merge(inputs=()):
    pass


def diamonds(n):
    parts = [stage(i, outputs=["file"], parsl_resource_specification={"cores": 2, "gpus": 1, "memory": 512}) for i in range(n)]
    merged = merge(inputs=[part.outputs[0] for part in parts])
    total = merged.result()
    rest = [stage(total) for _ in range(3)]
    return [each.result() for each in rest]


class Parsl(unittest.TestCase):
    def test_dry_run(self):
        w = dagcast.from_parsl(diamonds, 5, durations={"stage": 10, "merge": 2})
        s = sets(w)
        self.assertEqual(list(s), ["stage", "merge", "stage-2"])
        self.assertEqual(s["stage"], {"name": "stage", "tasks": 5, "cores": 2, "gpus": 1, "memory_mib": 512, "duration": 10})
        self.assertEqual((s["merge"]["after"], s["stage-2"]["after"]), (["stage"], ["merge"]))
        self.assertEqual(dagcast.model(w, **SUMMIT).workflow.tasks, 9)
        self.assertIsInstance(stage, PythonApp)                  # put back

    def test_join_apps_are_what_they_submit(self):
        def main():
            fan(stage(0)).result()
        joins = PythonApp(lambda x: merge(inputs=[stage(x) for _ in range(3)]))
        joins.func.__name__, joins.join = "fan", True
        s = sets(dagcast.from_parsl(main, durations=1, apps={"fan": joins}))
        self.assertEqual({name: each.get("after") for name, each in s.items()}, {"stage": None, "stage-2": ["stage"], "merge": ["stage-2"]})
        self.assertNotIn("fan", globals())

    def test_control_flow_counts_and_decisions_need_results(self):
        def loop():
            while merge().result() < 3:
                stage(1).result()
        with self.assertRaisesRegex(dagcast.DagcastError, "decides on the result of 'merge'.*results="):
            dagcast.from_parsl(loop, durations=1)
        values = iter([1, 2, 3])
        s = sets(dagcast.from_parsl(loop, durations=1, results={"merge": type("R", (), {"__lt__": lambda self, other: next(values) < other})()}))
        self.assertEqual(list(s), ["merge", "stage", "merge-2", "stage-2", "merge-3"])
        self.assertEqual(s["merge-3"]["after"], ["stage-2"])
        self.assertIsInstance(merge, PythonApp)

    def test_refusals(self):
        with self.assertRaisesRegex(dagcast.DagcastError, "task 'stage': no duration"):
            dagcast.from_parsl(diamonds, 2, durations={"merge": 1})
        with self.assertRaisesRegex(dagcast.DagcastError, "no task was submitted"):
            dagcast.from_parsl(diamonds.__class__(compile("def f(): pass", "f", "exec").co_consts[0], globals()), durations=1)


class AsyncFlow(unittest.TestCase):
    @staticmethod
    async def campaign(flow, n):
        @flow.function_task
        async def sim(i, task_description={"gpus_per_rank": 1, "cores_per_rank": 3}):
            pass

        @flow.executable_task
        async def score(x):
            return "score"

        @flow.function_task
        async def train(*scores):
            pass

        for _ in range(2):
            scores = [score(sim(i)) for i in range(n)]
            await train(*scores)
        await flow.shutdown()

    def test_data_and_control(self):
        s = sets(dagcast.from_asyncflow(self.campaign, 4, durations={"sim": 10, "*": 2}))
        self.assertEqual(list(s), ["sim", "score", "train", "sim-2", "score-2", "train-2"])
        self.assertEqual((s["sim"]["gpus"], s["sim"]["cores"], s["sim"]["tasks"]), (1, 3, 4))
        self.assertEqual(s["score"]["after"], [{"set": "sim", "kind": "each"}])
        self.assertEqual((s["train"]["after"], s["sim-2"]["after"]), (["score"], ["train"]))

    def test_members_and_barriers_are_told_apart(self):
        async def members(flow, barrier):
            @flow.function_task
            async def a(i):
                pass

            @flow.function_task
            async def b(i):
                pass

            @flow.block
            async def member(i):
                await a(i)
                await b(i)
            if barrier:
                await asyncio.gather(*[a(i) for i in range(5)])
                await asyncio.gather(*[b(i) for i in range(5)])
            else:
                await asyncio.gather(*[member(i) for i in range(5)])
        free, bound = (sets(dagcast.from_asyncflow(members, barrier, durations=1)) for barrier in (False, True))
        self.assertEqual(free["b"]["after"], [{"set": "a", "kind": "each"}])
        self.assertEqual(bound["b"]["after"], ["a"])

        async def in_a_notebook():
            return dagcast.from_asyncflow(members, True, durations=1)
        self.assertEqual(sets(asyncio.run(in_a_notebook())), bound)

    def test_blocks(self):
        async def main(flow):
            @flow.function_task
            async def a(x):
                pass

            @flow.executable_task(service=False)
            async def b(x):
                pass

            @flow.block
            async def two(x):
                return await b(await b(x))
            first = a(1)
            await b(two(first))
        s = sets(dagcast.from_asyncflow(main, durations=1))
        self.assertEqual({name: each.get("after") for name, each in s.items()}, {"a": None, "b": ["a"], "b-2": ["b"], "b-3": ["b-2"]})

    def test_programs_without_coroutines(self):
        def main(flow, n):
            @flow.function_task
            def a(i, task_description={"ranks": 2}):
                pass

            @flow.executable_task
            def b(x):
                return "b"
            for each in [b(a(i)) for i in range(n)]:
                each.result()
            a(7)
        s = sets(dagcast.from_asyncflow(main, 3, durations=1))
        self.assertEqual((s["a"]["ranks"], s["b"]["after"], s["a-2"]["after"]), (2, [{"set": "a", "kind": "each"}], ["b"]))

    def test_refusals(self):
        with self.assertRaisesRegex(dagcast.DagcastError, "task 'train': no duration"):
            dagcast.from_asyncflow(self.campaign, 2, durations={"sim": 1, "score": 1})


class Reduction(unittest.TestCase):
    def test_against_reachability(self):
        """Direct parents reach the same ancestors, and none reaches another."""
        import random
        for seed in range(30):
            drawn = random.Random(seed)
            n = drawn.randrange(2, 25)
            tasks = [Task("t", {}, 1, sum(1 << j for j in range(i) if drawn.random() < 0.2)) for i in range(n)]
            above = []
            for task in tasks:
                reached = set(bits(task.before))
                for each in bits(task.before):
                    reached |= above[each]
                above.append(reached)
            direct = [set(bits(mask)) for mask in reduce(tasks)]
            for i in range(n):
                self.assertEqual(set().union(direct[i], *(above[j] for j in direct[i])), above[i])
                for j in direct[i]:
                    self.assertFalse(any(j in above[k] for k in direct[i]))


if __name__ == "__main__":
    unittest.main()
