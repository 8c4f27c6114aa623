#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Contrawarp's steps beside the same steps in PyTorch, on the same cores, in turns.

    step_peers.py --python VENV/bin/python [--python LABEL=OTHER/python ...]
                  [--only supervised-64,byol-64] [--rounds 7] [--json OUT]
                  [--contrawarp BUILD/engine/cli/contrawarp] [--threads 2]

Of each case and each interpreter given: a short trial of the ways to do the step in PyTorch (fused
or foreach AdamW; 0, 1, 2 workers of the DataLoader), then rounds in which Contrawarp and PyTorch
with either memory format take turns. Medians; PyTorch's better memory format counts. See
README.md beside this file for what each line means.
"""
import argparse
import json
import os
import pathlib
import statistics
import subprocess
import sys
import time

HERE = pathlib.Path(__file__).resolve().parent
# name: mode, encoder, size, batch, steps per timing, least ratio
CASES = {
    "supervised-64": ("supervised", "resnet18", 64, 64, 4, 2.0),
    "supervised-112": ("supervised", "resnet18", 112, 32, 4, 1.7),
    "supervised-224": ("supervised", "resnet18", 224, 8, 4, 1.5),
    "infer-64": ("infer", "resnet18", 64, 64, 15, 2.0),
    "resnet50-112": ("supervised", "resnet50", 112, 16, 3, 1.3),
    "contrawarp-64": ("contrawarp", "resnet18", 64, 64, 3, 2.0),
    "byol-64": ("byol", "resnet18", 64, 64, 3, 2.0),
}


def is_full(mode):
    return mode in ("contrawarp", "byol")


class Failed(Exception):
    pass


class Peer:
    """One configuration of torch_step.py in a process of its own; silent between timings."""

    def __init__(self, python, **config):
        self.config = config
        self.process = subprocess.Popen(
            [python, str(HERE / "torch_step.py"), json.dumps(config)], text=True,
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=ENVIRONMENT)
        self.about = self.read()

    def read(self):
        line = self.process.stdout.readline()
        if line == "":
            raise Failed(f"{self.config}: ended with status {self.process.wait()}")
        return json.loads(line)

    def time(self, steps):
        """Seconds per step. A DataLoader is first brought out of the lead it gained in the pause."""
        untimed = 1 + (2 * self.config.get("workers", 0) + 1 if "workers" in self.config else 0)
        self.process.stdin.write(f"{steps} {untimed}\n")
        self.process.stdin.flush()
        return self.read()["seconds"] / steps

    def end(self):
        self.process.stdin.close()
        rest = self.read()
        self.process.wait()
        return rest


def time_ours(program, case, threads):
    mode, encoder, size, batch, steps, _ = case
    command = [program, "bench", "step", "--mode", mode, "--encoder", encoder, "--size", str(size),
               "--batch", str(batch), "--threads", str(threads), "--steps", str(steps),
               "--runs", "1", "--json"]
    done = subprocess.run(command, capture_output=True, text=True, env=ENVIRONMENT)
    if done.returncode != 0:
        raise Failed(done.stderr.strip() or f"status {done.returncode}")
    return json.loads(done.stdout)


def try_ways(python, base, mode):
    """The fastest of the ways, by a short trial of each: AdamW first, then workers."""
    ways = {"adamw": ["fused", "foreach"] if mode != "infer" else ["plain"]}
    if is_full(mode):
        ways["workers"] = [0, 1, 2]
    best, trials = {key: values[0] for key, values in ways.items()}, []
    for key, values in ways.items():
        seconds = {}
        for value in values if len(values) > 1 else []:
            way = {**best, key: value}
            try:
                peer = Peer(python, **base, **way, channels_last=True)
                seconds[value] = min(peer.time(2), peer.time(2))
                peer.end()
            except Failed:
                continue
            trials.append({**way, "seconds": seconds[value]})
        if seconds:
            best[key] = min(seconds, key=seconds.get)
        elif len(values) > 1:
            best[key] = "plain" if key == "adamw" else 0
    return best, trials


def start_peers(pythons, case, threads):
    mode, encoder, size, batch = case[:4]
    base = {"mode": mode, "encoder": encoder, "size": size, "batch": batch, "threads": threads}
    peers, trials = {}, {}
    for label, python in pythons.items():
        best, trials[label] = try_ways(python, base, mode)
        for channels_last in (True, False):
            name = label, "channels-last" if channels_last else "default"
            peers[name] = Peer(python, **base, **best, channels_last=channels_last, flop=True)
    return peers, trials


def summary(values):
    middle = statistics.median(values)
    return {"median": middle, "low": min(values), "high": max(values),
            "spread": (max(values) - min(values)) / middle, "values": values}


def run_case(name, options):
    case = CASES[name]
    steps, batch = case[4], case[3]
    peers, trials = start_peers(options.pythons, case, options.threads)
    gemm = start_gemm(options.pythons, options.threads)
    rates, gflops = {key: [] for key in peers}, {key: [] for key in gemm}
    ours, reports, failure = [], [], None
    for round_ in range(options.rounds):
        for key, peer in gemm.items():
            gflops[key].append(2 * 2048 ** 3 / peer.time(4) / 1e9)
        turns = [None, *peers]
        # Nobody always follows the same one.
        turns = turns[round_ % len(turns):] + turns[:round_ % len(turns)]
        for turn in turns:
            if turn is not None:
                rates[turn].append(batch / peers[turn].time(steps))
            elif failure is None:
                try:
                    reports.append(time_ours(options.contrawarp, case, options.threads))
                    ours.append(reports[-1]["images_per_second"])
                except Failed as error:
                    failure = str(error)
    result = {"case": name, "target": case[5], "trials": trials, "failure": failure, "peers": []}
    if ours:
        result["ours"] = {
            "images_per_second": summary(ours),
            "peak_rss_bytes": statistics.median(r["peak_rss_bytes"] for r in reports)}
        if is_full(case[0]):
            result["ours"]["data_wait_share"] = statistics.median(
                r["data_wait_share"] for r in reports)
    for (label, layout), peer in peers.items():
        result["peers"].append({"label": label, "memory_format": layout, **peer.about,
                                "config": peer.config,
                                "images_per_second": summary(rates[label, layout]), **peer.end()})
    for peer in gemm.values():
        peer.end()
    result["sgemm_gflops"] = {" ".join(key): summary(values) for key, values in gflops.items()}
    result["flop_per_image"] = step_flop(case, result["peers"][0]["flop"])
    return result


def step_flop(case, forward):
    """Per image, convolutions counted as direct, the gradient by the pixels included: three times
    the forward pass; of the full steps, all views and the target's."""
    return forward * {"supervised": 3, "infer": 1, "contrawarp": 9, "byol": 11}[case[0]]


def best_peer(result, label):
    of_label = [p for p in result["peers"] if p["label"] == label]
    return max(of_label, key=lambda p: p["images_per_second"]["median"])


def start_gemm(pythons, threads):
    """Products of 2048^3 by each interpreter's torch and NumPy: what they reach at best is the
    machine's peak. In the same rounds as the steps, as other load on the machine hits both."""
    peers = {}
    for label, python in pythons.items():
        for by in ("torch", "numpy"):
            try:
                peers[label, by] = Peer(python, mode="gemm", by=by, threads=threads)
            except Failed:
                continue
    return peers


def cpu_model():
    with open("/proc/cpuinfo", encoding="utf-8", errors="replace") as lines:
        for line in lines:
            if line.startswith("model name"):
                return line.split(":", 1)[1].strip()
    return "unknown"


def cell(rate):
    return f"{rate['median']:.1f} ({rate['low']:.1f}-{rate['high']:.1f})"


def print_table(report):
    labels = list(report["interpreters"])
    print(f"\n{report['cpu']}, {report['threads']} threads\n")
    columns = ["case", "contrawarp images/s"]
    for label in labels:
        columns += [f"{label} images/s", "ratio"]
    columns += ["target", "of sgemm peak, ours", "theirs", "peak MiB, ours", "theirs", "ratio",
                "waiting for data"]
    print("| " + " | ".join(columns) + " |\n" + "|---" * len(columns) + "|")
    for result in report["cases"]:
        print(row(result, labels))
    print("\nsgemm 2048^3, GFLOP/s: " + "; ".join(
        f"{result['case']}: " + ", ".join(f"{by} {value['median']:.0f}" for by, value
                                          in result["sgemm_gflops"].items())
        for result in report["cases"]))
    for result in report["cases"]:
        if result["failure"]:
            print(f"{result['case']}: contrawarp: {result['failure']}")


def row(result, labels):
    ours = result.get("ours")
    peak = max(v["median"] for v in result["sgemm_gflops"].values())
    peers = [best_peer(result, label) for label in labels]
    gflop = result["flop_per_image"] / 1e9
    cells = [result["case"], cell(ours["images_per_second"]) if ours else "-"]
    for peer in peers:
        rate = peer["images_per_second"]
        cells.append(f"{cell(rate)} {peer['memory_format']}")
        cells.append(f"{ours['images_per_second']['median'] / rate['median']:.2f}" if ours else "-")
    cells.append(f">= {result['target']}")
    cells.append(f"{ours['images_per_second']['median'] * gflop / peak:.0%}" if ours else "-")
    cells.append(f"{peers[0]['images_per_second']['median'] * gflop / peak:.0%}")
    theirs = peers[0]["peak_rss_bytes"]
    cells.append(f"{ours['peak_rss_bytes'] / 2**20:.0f}" if ours else "-")
    cells.append(f"{theirs / 2**20:.0f}")
    cells.append(f"{ours['peak_rss_bytes'] / theirs:.2f}" if ours else "-")
    wait = ours.get("data_wait_share") if ours else None
    cells.append(f"{wait:.1%}" if wait is not None else "-")
    return "| " + " | ".join(cells) + " |"


def parse():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--python", action="append", default=[], metavar="[LABEL=]PYTHON",
                        help="interpreter with torch and torchvision (default: "
                             "$CONTRAWARP_PEER_PYTHON, else this one); again for a second column")
    parser.add_argument("--contrawarp", default=str(HERE.parents[1] / "build/engine/cli/contrawarp"))
    parser.add_argument("--only", help="cases, with commas between: " + ", ".join(CASES))
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--json", metavar="FILE", help="all numbers; what the file has of other "
                                                       "cases is kept")
    options = parser.parse_args()
    names = options.python or [os.environ.get("CONTRAWARP_PEER_PYTHON", sys.executable)]
    options.pythons = {}
    for i, name in enumerate(names):
        label, _, path = name.rpartition("=")
        options.pythons[label or ("PyTorch" if i == 0 else f"PyTorch {i + 1}")] = path
    options.cases = options.only.split(",") if options.only else list(CASES)
    unknown = [name for name in options.cases if name not in CASES]
    if unknown or options.rounds < 1:
        parser.error(f"no such case: {', '.join(unknown)}" if unknown else "--rounds: 1 or more")
    return options


def merge(report, path):
    """Cases measured before, in their order, the new ones instead of their old selves."""
    old = []
    if path and os.path.exists(path):
        with open(path, encoding="utf-8") as f:
            old = json.load(f)["cases"]
    found = {result["case"]: result for result in old + report["cases"]}
    report["cases"] = [found[name] for name in CASES if name in found]


def main():
    options = parse()
    for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
        ENVIRONMENT[name] = str(options.threads)
    report = {"cpu": cpu_model(), "threads": options.threads, "rounds": options.rounds,
              "when": time.strftime("%Y-%m-%d %H:%M"), "interpreters": list(options.pythons),
              "cases": []}
    for name in options.cases:
        try:
            report["cases"].append(run_case(name, options))
        except Failed as error:
            print(f"{name}: {error}", file=sys.stderr)
        # After each case: an interrupted run has lost one.
        merge(report, options.json)
        if options.json:
            with open(options.json, "w", encoding="utf-8") as f:
                json.dump(report, f, indent=1)
    print_table(report)


# What would choose other kernels than the processor has, or another number of threads, is not
# inherited.
ENVIRONMENT = {key: value for key, value in os.environ.items()
               if key not in ("OPENBLAS_CORETYPE", "ATEN_CPU_CAPABILITY", "ONEDNN_MAX_CPU_ISA",
                              "MKL_ENABLE_INSTRUCTIONS", "KMP_AFFINITY", "GOMP_CPU_AFFINITY")}
if __name__ == "__main__":
    main()
