"""made_up_loops.py DAGCAST FIRST LAST - random workflows of loops of known lengths, run by dagcast; does `import` find these loops?

Lanes run side by side, or are spawned by a stage of an earlier one; each is some stages once, a loop of 1 to 4 stages, some stages
once. Each run is read as six kinds of trace: the simulated timeline; tables whose names have numbers, ids, or both behind a
prefix; sessions of RADICAL-Pilot with uids that tell lanes and stages, and with EnTK's pipelines. Loops are those of at least three
iterations: [[stages, times], ...]. Prints what was misread, and how many were read; exit status 1 if any was misread."""
import csv
import json
import os
import random
import shutil
import subprocess
import sys

WORDS = ["md", "relax2", "train", "dock-fast", "score_v3", "fold", "select", "mix", "qc", "prep", "rank1", "embed", "dft", "mesh", "solve"]


def make(rng):
    """Lanes of stages (name, tasks, cores, duration), each with the part that repeats."""
    words = rng.sample(WORDS, len(WORDS))
    lanes = []
    for k in range(rng.randint(1, 3)):
        before, period, after = rng.randint(0, 2), rng.randint(1, 4 if k == 0 else 2), rng.randint(0, 1)
        stages = [dict(name=words.pop(), tasks=rng.choice([1, 2, 3, 8]), cores=rng.randint(1, 8),
                       mean=rng.choice([20, 60, 200]) * rng.uniform(0.8, 1.2)) for _ in range(before + period + after)]
        lanes.append(dict(stages=stages, first=before, period=period, times=rng.choice([1, 2, 3, 4, 5, 7, 12]),
                          spawned=k > 0 and rng.random() < 0.5))
        if len(words) < 7:
            break
    return lanes


def workflow(lanes):
    sets, loops = [], []
    for k, lane in enumerate(lanes):
        parent = lanes[k - 1]["stages"][0]["name"] if lane["spawned"] and lanes[k - 1]["first"] > 0 else None
        for i, stage in enumerate(lane["stages"]):
            sets.append({"name": stage["name"], "tasks": stage["tasks"], "cores": stage["cores"],
                         "duration": {"distribution": "lognormal", "mean": stage["mean"], "sd": 0.04 * stage["mean"]}})
            if parent:
                sets[-1]["after"] = [parent]
            parent = stage["name"]
        inside = [s["name"] for s in lane["stages"][lane["first"]:lane["first"] + lane["period"]]]
        loops.append({"name": "loop%d" % k, "sets": inside, "decision_time": 0.5,
                      "stop": {"after": {"distribution": "constant", "value": lane["times"]}}})
    return {"name": "made-up", "task_sets": sets, "loops": loops}


def truth(lanes):
    return sorted([lane["period"], lane["times"]] for lane in lanes if lane["times"] >= 3)


def tasks_of(lanes):
    """Tasks of run.csv by submission, each with its lane, the number of its stage in it, and its iteration."""
    place, tasks = {}, []
    for k, lane in enumerate(lanes):
        for i, stage in enumerate(lane["stages"]):
            place[stage["name"]] = (k, i)
    for row in csv.DictReader(open("run.csv")):
        if row["status"] != "done":
            continue
        name, dot, number = row["set"].rpartition(".")
        if name not in place:
            name, number = row["set"], "1"
        k, i = place[name]
        lane = lanes[k]
        step = i + ((int(number) - 1) * lane["period"] if lane["first"] <= i < lane["first"] + lane["period"] else
                    (lane["times"] - 1) * lane["period"] if i >= lane["first"] + lane["period"] else 0)
        tasks.append(dict(name=name, lane=k, stage=i, step=step, times={c: float(row[c]) for c in (
            "submitted_s", "scheduled_s", "started_s", "stopped_s", "freed_s")}, cores=lane["stages"][i]["cores"],
            node=row["nodes"], slots=row["cores"]))
    return sorted(tasks, key=lambda t: (t["times"]["submitted_s"], t["lane"], t["step"]))


def tables(tasks, ids):
    names = {"numbers": lambda t, i: "%s_%05d" % (t["name"], i), "ids": lambda t, i: "%s-%08x" % (t["name"], ids.getrandbits(32)),
             "prefixed": lambda t, i: "%s/%s.%d" % ("run7", t["name"], i)}
    for kind, name_of in names.items():
        with open(kind + ".csv", "w", newline="") as f:
            out = csv.writer(f)
            out.writerow(["name", "submit", "start", "end", "cores", "node"])
            for i, t in enumerate(tasks):
                s = t["times"]
                out.writerow([name_of(t, i), "%.3f" % s["submitted_s"], "%.3f" % s["started_s"], "%.3f" % s["stopped_s"],
                              t["cores"], t["node"]])


def radical(folder, tasks, identify):
    """RADICAL-Pilot 1.33: descriptions, the client's profile, the agent's, one of each task."""
    zero, rows, client, described, count = 1.7e9, [], [], [], {}
    os.makedirs(folder + "/pilot.0000", exist_ok=True)
    for t in tasks:
        uid, name = identify(t, count)
        s = {k: zero + v for k, v in t["times"].items()}
        slots = [int(x) for part in t["slots"].split() for x in range(int(part.split("-")[0]), int(part.split("-")[-1]) + 1)]
        described.append({"uid": uid, "name": name, "state": "DONE", "description": {
            "name": name, "ranks": 1, "cores_per_rank": t["cores"], "gpus_per_rank": 0},
            "slots": {"ranks": [{"node_name": t["node"], "node_id": t["node"], "core_map": [slots], "gpu_map": []}]}})
        client += [(s["submitted_s"], "advance", "tmgr.0000", uid, "TMGR_SCHEDULING_PENDING"),
                   (s["freed_s"] + 0.2, "advance", "tmgr.0000", uid, "DONE")]
        rows += [(s["scheduled_s"], "schedule_ok", "agent_scheduling.0000", uid, ""),
                 (s["started_s"] - 0.01, "task_run_start", "agent_executing.0000", uid, ""),
                 (s["stopped_s"] + 0.01, "task_run_stop", "agent_executing.0000", uid, ""),
                 (s["freed_s"], "unschedule_stop", "agent_scheduling.0000", uid, "")]
        os.makedirs("%s/pilot.0000/%s" % (folder, uid), exist_ok=True)
        with open("%s/pilot.0000/%s/%s.prof" % (folder, uid, uid), "w") as f:
            f.write("#time,event,comp,thread,uid,state,msg\n%.7f,rank_start,,M,%s,,\n%.7f,rank_stop,,M,%s,,\n" % (
                s["started_s"], uid, s["stopped_s"], uid))
    json.dump({"pilot": [{}], "task": described}, open(folder + "/rp.session.made.up.json", "w"))
    for path, events in (("tmgr.0000.prof", client), ("pilot.0000/agent_0.prof", rows)):
        with open(folder + "/" + path, "w") as f:
            f.write("#time,event,comp,thread,uid,state,msg\n")
            for time_s, event, component, uid, state in sorted(events):
                f.write("%.7f,%s,%s,M,%s,%s,\n" % (time_s, event, component, uid, state))


def of_lane(t, count):
    """IMPRESS' uids: a stage keeps its number in each iteration."""
    prefix = "p%d.%d" % (t["lane"] + 1, t["stage"] + 1)
    count[prefix] = count.get(prefix, -1) + 1
    return "%s.%06d" % (prefix, count[prefix]), "%s.%d" % (t["name"], count[prefix])


def of_entk(t, count):
    count[""] = count.get("", -1) + 1
    stage = "stage.%04d" % (100 * t["lane"] + t["step"])
    return "task.%06d" % count[""], "task.%04d,%s.%d,%s,%s,pipeline.%04d,None" % (count[""], t["name"], count[""], stage, t["name"],
                                                                                   t["lane"])


def dagcast(*arguments):
    done = subprocess.run([sys.argv[1], *arguments], capture_output=True, text=True)
    if done.returncode:
        sys.exit("dagcast %s: %s" % (" ".join(arguments), done.stderr))
    return done.stdout


def misread(seed):
    rng = random.Random(seed)
    lanes = make(rng)
    json.dump(workflow(lanes), open("workflow.json", "w"))
    dagcast("simulate", "workflow.json", "-p", "./p.json", "--mode", "asynchronous", "--replicas", "1", "--timeline", "run.csv")
    tasks = tasks_of(lanes)
    tables(tasks, rng)
    for folder, identify in (("lanes", of_lane), ("entk", of_entk)):
        shutil.rmtree(folder, ignore_errors=True)
        radical(folder, tasks, identify)
    wrong = 0
    for trace in TRACES:
        found = sorted([l["stages"], l["times"]] for l in json.loads(dagcast("import", trace, "--json")).get("loops", []))
        if found != truth(lanes):
            print("seed %d as %s: %s, not %s" % (seed, trace, found, truth(lanes)))
            wrong += 1
    return wrong


TRACES = ["run.csv", "numbers.csv", "ids.csv", "prefixed.csv", "lanes", "entk"]
json.dump({"nodes": [{"cores": 256}]}, open("p.json", "w"))
seeds = range(int(sys.argv[2]), int(sys.argv[3]) + 1)
wrong = sum(misread(seed) for seed in seeds)
print("%d of %d read right" % (len(seeds) * len(TRACES) - wrong, len(seeds) * len(TRACES)))
sys.exit(wrong > 0)
