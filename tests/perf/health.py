#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Whether a training run that is ill is told from one that is well, and for the right reason.

Trains small encoders on generated faces for 200 steps each: runs with one cause injected (predictor removed,
target that follows at once, a hundredfold learning rate), which must be flagged with that cause, and runs of
several objectives, learning rates and seeds that must not be flagged at all.

    python3 tests/perf/health.py BUILD/engine/cli/contrawarp [--only TEXT] [--keep DIR]

Prints a line per run: what was flagged and when, and the measures that the thresholds of
engine/learn/cw-health.c stand between. --keep DIR leaves the runs there and takes those that are there
already as they are. Ends with 1 if any run was judged wrongly.
"""

import argparse
import json
import math
import os
import subprocess
import sys
import tempfile

STEPS = 200
BASE = {
    "data.location": "generated:faces?n=640&seed=1&size=48&per-subject=8",
    "view.size": "32",
    "encoder.width": "8",
    "heads.projector-hidden": "64",
    "heads.projector-out": "32",
    "heads.predictor-hidden": "64",
    "objective.negative": "none",
    "objective.negative-weight": "1",
    "optimizer.lr": "0.001",
    "schedule.batch": "32",
    "schedule.epochs": "10",
    "schedule.warmup": "1",
    "run.checkpoint-every": "100",
}
# The first key chooses the operations, whose parameters the others are.
BYOL = {"objective.type": "byol"}
SIMCLR = {"objective.type": "simclr"}
SGD = {"optimizer.type": "sgd", "optimizer.lr": "0.05"}
WARP = {"objective.negative": "nce"}
HINGE = {"objective.negative": "hinge"}


def lr(value):
    return {"optimizer.lr": str(value)}


def cases():
    """(name, cause that must be named or None, settings)"""
    for kind, negatives in (("", {}), ("-warp", WARP)):
        for seed in (1, 2, 3):
            at = f"{kind}-{seed}"
            yield f"byol{at} no predictor", "no-predictor", seed, {**BYOL, **negatives, "heads.predictor": "none"}
            yield f"byol{at} ema 0", "target-momentum", seed, {**BYOL, **negatives, "schedule.ema": "0"}
            if (seed % 2 == 0) == bool(negatives):
                yield f"byol{at} lr x 100", "learning-rate", seed, {**BYOL, **negatives, **lr(0.1)}
                yield f"simclr{at} lr x 100", "learning-rate", seed, {**SIMCLR, **negatives, **lr(0.2)}
                base = (BYOL, SIMCLR)[seed % 2]
                yield f"sgd{at} lr x 100", "learning-rate", seed, {**base, **negatives, **SGD, **lr(5)}
    seed = 10
    for base, name in ((SIMCLR, "simclr"), (BYOL, "byol")):
        for negatives, kind in (({}, ""), (WARP, "-warp")):
            for rate in (0.0005, 0.001, 0.002, 0.004):
                seed += 1
                yield f"{name}{kind} lr {rate}", None, seed, {**base, **negatives, **lr(rate)}
            seed += 1
            yield f"{name}{kind} sgd", None, seed, {**base, **negatives, **SGD}
    wide = {"encoder.width": "16", "schedule.batch": "64", "schedule.epochs": "20"}
    yield "simclr-hinge wide", None, 31, {**SIMCLR, **HINGE, **wide, **lr(0.002)}
    yield "byol-hinge wide", None, 32, {**BYOL, **HINGE, **wide}
    heavy = {**WARP, "objective.negative-weight": "10", "objective.negative-tau": "0.1"}
    yield "simclr heavy warp", None, 33, {**SIMCLR, **heavy, **lr(0.002)}
    yield "simclr heavy warp wide", None, 35, {**SIMCLR, **heavy, **wide, **lr(0.002)}
    # As the presets have it: a space of the warp negatives' own.
    own = {**WARP, "objective.negative-space": "own", "objective.negative-weight": "3", "objective.negative-tau": "0.1"}
    for seed in (41, 42, 43):
        yield f"simclr own {seed}", None, seed, {**SIMCLR, **own}
        yield f"byol own {seed}", None, seed, {**BYOL, **own, "objective.negative-warmup": "1"}
    # The views of a face part in that space, while the base loss is well.
    triplet = {**own, "objective.negative": "triplet", "objective.negative-margin": "1"}
    yield "byol own triplet", None, 44, {**BYOL, **triplet, **wide}
    yield "byol ema 0.996", None, 34, {**BYOL, **WARP, "schedule.ema": "0.996"}


def train(program, folder, seed, settings):
    keys = {**BASE, **settings, "experiment.seed": str(seed)}
    # Types first: they bring their own defaults.
    order = sorted(keys, key=lambda key: (not key.endswith(".type"), key))
    sets = [word for key in order for word in ("--set", f"{key}={keys[key]}")]
    # A run that diverges ends with an error; what it recorded tells why.
    subprocess.run([program, "train", "generated-demo", *sets, "--threads", "1", "--run", folder],
                   stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False)


def show(program, folder):
    out = subprocess.run([program, "run", "show", folder, "--json", "--metrics"], capture_output=True, check=True)
    return json.loads(out.stdout)


def mean_from(values, rate):
    mean = None
    for value in values:
        mean = value if mean is None else mean + rate * (value - mean)
        yield mean


def measure(records):
    """What the thresholds of engine/learn/cw-health.c are about."""
    def column(name):
        return [r[name] for r in records if r[name] is not None]

    spread, norms, ranks = column("projection_std"), column("weight_norm"), column("feature_rank")
    first = sum(spread[:10]) / 10
    return {
        "spread": min(list(mean_from(spread, 0.1))[10:], default=math.nan) / first,
        "growth": max(b / norms[max(i - 25, 0)] for i, b in enumerate(norms)),
        "rank": min(mean_from(ranks, 0.5)) / ranks[0],
        "dead": max(column("dead_features")),
        "cos": list(mean_from(column("cos_base"), 0.1))[-1],
    }


def judge(cause, flags):
    """Whether the flags are the ones that belong there."""
    if cause is None:
        return not flags
    # What the recipe already says is not what this is about: a removed predictor must be seen to collapse.
    level = "collapse" if cause == "no-predictor" else None
    return all(f["cause"] == cause for f in flags) and any(level in (None, f["level"]) for f in flags)


def describe(flags):
    return ", ".join(f"{f['cause']} ({f['level']}, step {f['step']})" for f in flags) or "-"


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("program")
    parser.add_argument("--only", default="", help="cases whose name contains this")
    parser.add_argument("--keep", help="folder for the runs")
    options = parser.parse_args()
    groups, n_wrong = {}, 0
    with tempfile.TemporaryDirectory() as temporary:
        for name, cause, seed, settings in cases():
            if options.only not in name:
                continue
            folder = os.path.join(options.keep or temporary, name.replace(" ", "-"))
            if not os.path.exists(folder):
                train(options.program, folder, seed, settings)
            run = show(options.program, folder)
            flags, values = run["health"]["flags"], measure(run["metrics"])
            right = judge(cause, flags)
            n_wrong += not right
            groups.setdefault(cause or "healthy", []).append(values)
            numbers = "  ".join(f"{key} {value:6.3f}" for key, value in values.items())
            print(f"{'ok   ' if right else 'WRONG'} {name:24}  {numbers}  {describe(flags)}", flush=True)
    print()
    for group, values in groups.items():
        ranges = "  ".join(f"{key} {min(v[key] for v in values):.3f}..{max(v[key] for v in values):.3f}"
                           for key in values[0])
        print(f"{group} ({len(values)}):  {ranges}")
    print(f"{n_wrong} wrong")
    return 1 if n_wrong else 0


if __name__ == "__main__":
    sys.exit(main())
