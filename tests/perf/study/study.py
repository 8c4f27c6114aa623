#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Trains and scores the conditions of a study, some at a time, and goes on where it was stopped.

    study.py CONDITIONS.ini --data DIR --out DIR [--score NAME=DIR]... [--seeds 1,2,3] [--jobs 2]

CONDITIONS.ini has a section [base] with `preset` and settings for `--set`, and one section for each
condition with the settings that differ (`from = OTHER` begins with that one's). Each condition and seed
becomes a run OUT/NAME-SEED, which keeps its scores, and a file OUT/NAME-SEED.json: "train", what the
training said, and "scores", what `contrawarp evaluate --json` said of each data set named by --score (by
default the one that it was trained on, as "data"). What is there is not made again.

    contrawarp run compare OUT/ONE-? OUT/OTHER-?

prints the tables: means and spreads over the seeds, floors, and differences with their intervals.
"""
import argparse
import configparser
import json
import pathlib
import queue
import subprocess
import sys
import threading
import time

OWN = ('preset', 'protocol')


def read_conditions(path):
    parser = configparser.ConfigParser(delimiters=('=',), comment_prefixes=('#',))
    parser.optionxform = str
    parser.read_string(pathlib.Path(path).read_text(encoding='utf-8'))
    found = {}
    for name in parser.sections():
        own = dict(parser[name])
        parent = own.get('from', 'base' if name != 'base' else None)
        found[name] = {**(found[parent] if parent else {}), **own}
        found[name].pop('from', None)
    found.pop('base')
    return found


def run(command):
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode != 0:
        raise RuntimeError(f'{" ".join(command)}\n{done.stderr.strip()}')
    return json.loads(done.stdout)


def train(program, settings, seed, data, folder, threads):
    command = [program, 'train', '--json', '--run', str(folder), '--threads', str(threads)]
    if folder.exists():
        shown = run([program, 'run', 'show', '--json', str(folder)])
        return shown if shown['state'] == 'finished' else run(command + ['--resume'])
    command.insert(2, settings['preset'])
    command += ['--set', f'experiment.seed={seed}', '--set', f'data.location={data}']
    for key, value in settings.items():
        if key not in OWN:
            command += ['--set', f'{key}={value}']
    return run(command)


def make(program, name, settings, seed, args):
    folder, result = args.out / f'{name}-{seed}', args.out / f'{name}-{seed}.json'
    found = json.loads(result.read_text(encoding='utf-8')) if result.exists() else {}
    found.setdefault('condition', name)
    found.setdefault('seed', seed)
    missing = [n for n in args.score if n not in found.get('scores', {})]
    if 'train' in found and not missing:
        return 'there already'
    began = time.monotonic()
    if 'train' not in found:
        found['train'] = train(program, settings, seed, args.data, folder, args.threads)
        save(found, result)
    for where in missing:
        found.setdefault('scores', {})[where] = run(
            [program, 'evaluate', '--json', '--model', str(folder), '--seed', str(seed), '--protocol',
             settings.get('protocol', 'linear,knn,retrieval'), args.score[where]])
        save(found, result)
    return f'{time.monotonic() - began:.0f} s'


def save(found, result):
    partial = result.with_suffix('.part')
    partial.write_text(json.dumps(found), encoding='utf-8')
    partial.rename(result)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument('conditions')
    parser.add_argument('--data', required=True)
    parser.add_argument('--out', required=True, type=pathlib.Path)
    parser.add_argument('--score', action='append', default=[], metavar='NAME=DIR')
    parser.add_argument('--seeds', default='1,2,3')
    parser.add_argument('--jobs', type=int, default=2, help='runs at a time')
    parser.add_argument('--threads', type=int, default=1, help='of each run')
    parser.add_argument('--only', help='comma-separated conditions')
    parser.add_argument('--program', default='contrawarp')
    args = parser.parse_args()

    args.score = dict(s.split('=', 1) for s in args.score) or {'data': args.data}
    conditions = read_conditions(args.conditions)
    names = args.only.split(',') if args.only else list(conditions)
    args.out.mkdir(parents=True, exist_ok=True)
    work = queue.Queue()
    for seed in args.seeds.split(','):
        for name in names:
            work.put((name, int(seed)))
    failed = []

    def worker():
        while True:
            try:
                name, seed = work.get_nowait()
            except queue.Empty:
                return
            try:
                said = make(args.program, name, conditions[name], seed, args)
            except RuntimeError as error:
                said = f'failed: {error}'
                failed.append(name)
            print(f'{name} {seed}: {said}', flush=True)

    threads = [threading.Thread(target=worker) for _ in range(args.jobs)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    sys.exit(1 if failed else 0)


if __name__ == '__main__':
    main()
