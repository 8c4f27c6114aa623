#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Exact search beside faiss: the same vectors, alternating, medians of at least seven rounds.

Arguments: the program contrawarp, then options. faiss comes from the interpreter that runs this
(pip: faiss-cpu) and, where it is importable, from Debian's python3-faiss as a second column. Prints
one JSON object with milliseconds per query; skips (77) where neither is there. Ends with 1 where the
answers differ.
"""
import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time

DEBIAN = "/usr/bin/python3"
# Two sums of the same products in another order: a pair closer than this may change places.
TOLERANCE = 1e-5


def serve(folder, k, threads):
    """The peer's process: loads once, then searches whenever it reads a line."""
    import faiss
    import numpy as np

    faiss.omp_set_num_threads(threads)
    x = np.load(os.path.join(folder, "vectors.npy"))
    q = np.load(os.path.join(folder, "queries.npy"))
    q /= np.linalg.norm(q, axis=1, keepdims=True)
    index = faiss.IndexFlatIP(x.shape[1])
    index.add(x)
    scores, rows = index.search(q, k)
    np.save(os.path.join(folder, "peer-rows.npy"), rows)
    np.save(os.path.join(folder, "peer-scores.npy"), scores)
    print(faiss.__version__, flush=True)
    for _ in sys.stdin:
        start = time.perf_counter()
        index.search(q, k)
        print(1e3 * (time.perf_counter() - start) / len(q), flush=True)


class Peer:
    def __init__(self, interpreter, folder, options):
        environment = dict(os.environ, OMP_NUM_THREADS=str(options.threads),
                           OPENBLAS_NUM_THREADS=str(options.threads))
        self.process = subprocess.Popen(
            [interpreter, __file__, "--serve", folder, "-k", str(options.k), "--threads",
             str(options.threads)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
            env=environment)
        self.version = self.process.stdout.readline().strip()

    def time(self):
        self.process.stdin.write("\n")
        self.process.stdin.flush()
        return float(self.process.stdout.readline())

    def close(self):
        self.process.stdin.close()
        self.process.wait()


def has_faiss(interpreter):
    probe = "import faiss, numpy"
    return os.path.exists(interpreter) and subprocess.run(
        [interpreter, "-c", probe], capture_output=True).returncode == 0


def run_ours(options, n_queries, folder=None):
    command = [options.contrawarp, "bench", "search", "--n", str(options.n), "--dim",
               str(options.dim), "--k", str(options.k), "--queries", str(n_queries), "--threads",
               str(options.threads), "--runs", "3" if n_queries < 10 else "1", "--json"]
    if folder is not None:
        command += ["--save", folder]
    output = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout
    return json.loads(output)["milliseconds_per_query"]


def answers_agree(folder):
    import numpy as np

    def load(name):
        return np.load(os.path.join(folder, name + ".npy"))

    ours, scores = load("rows").astype(np.int64), load("scores")
    theirs, their_scores = load("peer-rows"), load("peer-scores")
    if np.abs(scores - their_scores).max() > TOLERANCE:
        return False
    # Other rows only where a score is as good as tied with the last.
    for a, b, s in zip(ours, theirs, scores):
        index = {row: place for place, row in enumerate(a)}
        for place, row in enumerate(b):
            at = index.get(row, len(a) - 1)
            if abs(s[at] - s[place]) > TOLERANCE:
                return False
    return True


def summary(times):
    return {"median": round(statistics.median(times), 4), "least": round(min(times), 4),
            "most": round(max(times), 4)}


def compare(options, n_queries, interpreters):
    with tempfile.TemporaryDirectory() as folder:
        run_ours(options, n_queries, folder)
        peers, agree = {}, True
        for name, interpreter in interpreters.items():
            peers[name] = Peer(interpreter, folder, options)
            agree = agree and answers_agree(folder)
        times = {name: [] for name in ["contrawarp", *peers]}
        for _ in range(options.rounds):
            times["contrawarp"].append(run_ours(options, n_queries))
            for name, peer in peers.items():
                times[name].append(peer.time())
        for peer in peers.values():
            peer.close()
    result = {"queries": n_queries, "same_answer": agree}
    for name, values in times.items():
        result[name] = summary(values)
        if name != "contrawarp":
            result[name]["version"] = peers[name].version
            # How many times as long as ours theirs takes.
            result[name]["ratio"] = round(
                statistics.median(values) / statistics.median(times["contrawarp"]), 3)
    return result


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("contrawarp", nargs="?")
    parser.add_argument("--serve", help=argparse.SUPPRESS)
    parser.add_argument("--n", type=int, default=100000)
    parser.add_argument("--dim", type=int, default=512)
    parser.add_argument("-k", type=int, default=50)
    parser.add_argument("--queries", default="1,1000")
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--threads", type=int, default=os.cpu_count())
    options = parser.parse_args()
    if options.serve:
        serve(options.serve, options.k, options.threads)
        return 0
    interpreters = {}
    if has_faiss(sys.executable):
        interpreters["faiss"] = sys.executable
    if os.path.realpath(sys.executable) != os.path.realpath(DEBIAN) and has_faiss(DEBIAN):
        interpreters["faiss_debian"] = DEBIAN
    if not interpreters:
        print("skipped: no faiss (pip install faiss-cpu, or python3-faiss)")
        return 77
    results = [compare(options, int(n), interpreters) for n in options.queries.split(",")]
    print(json.dumps({"n": options.n, "dim": options.dim, "k": options.k,
                      "threads": options.threads, "rounds": options.rounds,
                      "milliseconds_per_query": results}, indent=2))
    return 0 if all(r["same_answer"] for r in results) else 1


sys.exit(main())
