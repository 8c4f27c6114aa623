#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Tables of a study, as Markdown: what study.py has made in OUT.

    table.py CONDITIONS.ini OUT [--data NAME]...

For each data set a table with a line for each condition, mean over seeds and, behind it, their
standard deviation, in per cent; then the floors; then, for each condition with `against = OTHER` in
CONDITIONS.ini, the mean over seeds of the difference (same seed, same pictures) with the 95 % interval of
Student's t over the seeds.
"""
import argparse
import json
import math
import pathlib

from study import read_conditions

MEASURES = (('linear', 'linear', 'accuracy'), ('macro recall', 'linear', 'macro_recall'),
            ('kNN', 'knn', 'accuracy'), ('P@10', 'retrieval', 'p_at_10_other_subject'),
            ('mAP', 'retrieval', 'map_other_subject'))
# Student's t, 97.5 %, by degrees of freedom.
T = {1: 12.706, 2: 4.303, 3: 3.182, 4: 2.776, 5: 2.571, 6: 2.447, 7: 2.365, 8: 2.306, 9: 2.262}


def load(out, names):
    found = {}
    for name in names:
        for path in out.glob(f'{name}-*.json'):
            if path.stem[len(name) + 1:].isdigit():
                found[name, int(path.stem[len(name) + 1:])] = json.loads(path.read_text(encoding='utf-8'))
    return found


def value(result, data, contender, measure):
    scores = result.get('scores', {}).get(data, {}).get(contender, {}).get(measure[1], {})
    number = scores.get(measure[2])
    return None if number is None else 100 * number


def mean(values):
    return sum(values) / len(values)


def spread(values):
    middle = mean(values)
    return math.sqrt(sum((v - middle) ** 2 for v in values) / (len(values) - 1)) if len(values) > 1 else math.nan


def cell(values):
    values = [v for v in values if v is not None]
    if not values:
        return '–'
    return f'{mean(values):.1f}' + (f' ± {spread(values):.1f}' if len(values) > 1 else '')


def difference(values):
    if len(values) < 2:
        return f'{mean(values):+.1f}' if values else '–'
    half = T[len(values) - 1] * spread(values) / math.sqrt(len(values))
    return f'{mean(values):+.1f} ({mean(values) - half:+.1f} … {mean(values) + half:+.1f})'


def row(cells):
    return '| ' + ' | '.join(cells) + ' |'


def print_table(found, conditions, data):
    seeds = {name: sorted(s for n, s in found if n == name) for name in conditions}
    print(row(['', 'seeds', 'minutes', *(m[0] for m in MEASURES)]))
    print(row(['---'] * (3 + len(MEASURES))))
    for name in conditions:
        results = [found[name, s] for s in seeds[name] if data in found[name, s].get('scores', {})]
        if not results:
            continue
        minutes = mean([r['train']['seconds'] / 60 for r in results])
        print(row([name, str(len(results)), f'{minutes:.0f}',
                   *(cell([value(r, data, 'trained', m) for r in results]) for m in MEASURES)]))
    first = next(iter(conditions))
    results = [found[first, s] for s in seeds[first] if data in found[first, s].get('scores', {})]
    for contender, label in (('random_init', 'random init'), ('pixels', 'pixels')):
        print(row([label, str(len(results)), '',
                   *(cell([value(r, data, contender, m) for r in results]) for m in MEASURES)]))
    if results:
        print(row(['majority', '', '', f'{100 * results[0]["scores"][data]["majority"]:.1f}',
                   *[''] * (len(MEASURES) - 1)]))


def print_differences(found, conditions, data):
    pairs = [(name, own['against']) for name, own in conditions.items() if own['against']]
    if not pairs:
        return
    print()
    print(row(['difference', 'seeds', *(m[0] for m in MEASURES)]))
    print(row(['---'] * (2 + len(MEASURES))))
    for name, other in pairs:
        shared = sorted({s for n, s in found if n == name} & {s for n, s in found if n == other})
        cells = []
        for m in MEASURES:
            both = [(value(found[name, s], data, 'trained', m), value(found[other, s], data, 'trained', m))
                    for s in shared]
            cells.append(difference([a - b for a, b in both if a is not None and b is not None]))
        if shared:
            print(row([f'{name} − {other}', str(len(shared)), *cells]))


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument('conditions')
    parser.add_argument('out', type=pathlib.Path)
    parser.add_argument('--data', action='append')
    args = parser.parse_args()
    conditions = read_conditions(args.conditions)
    found = load(args.out, conditions)
    for data in args.data or sorted({d for r in found.values() for d in r.get('scores', {})}):
        print(f'\n### {data}\n')
        print_table(found, conditions, data)
        print_differences(found, conditions, data)


if __name__ == '__main__':
    main()
