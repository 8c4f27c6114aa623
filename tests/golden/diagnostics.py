#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Golden values of the diagnostics, from NumPy in double precision.

Writes diagnostics.f32 beside this script: for each (stream, n, dim, decay) of CASES: RankMe by singular value
decomposition, uniformity by pairwise distances, alignment of the rows with those of stream + 1, then margin and
AUC of [1 + 1 + 2, n, dim] features of stream + 2 by sorting. Column j of the rows is hashed() noise (see
resnet18.py) times decay^j.
"""
import pathlib

import numpy as np
from resnet18 import hashed

CASES = [(1, 12, 7, 1.0), (11, 7, 12, 1.0), (21, 40, 64, 0.8), (31, 64, 40, 0.5), (41, 2, 3, 1.0), (51, 300, 24, 0.9)]
MOST = 256


def rows(stream, n, dim, decay):
    scale = np.power(np.float32(decay), np.arange(dim)).astype(np.float32)
    return (hashed(stream, n * dim).reshape(n, dim) * scale).astype(np.float64)


def unit(x):
    return x / np.linalg.norm(x, axis=-1, keepdims=True)


def rank_me(x):
    p = np.linalg.svd(x, compute_uv=False)
    p = p / p.sum()
    return np.exp(-(p[p > 0] * np.log(p[p > 0])).sum())


def uniformity(x):
    x = unit(x)
    i, j = np.triu_indices(len(x), 1)
    return np.log(np.exp(-2 * np.square(x[i] - x[j]).sum(axis=1)).mean())


def auc(positive, negative):
    """Mann and Whitney: by the ranks of the positives among all."""
    ranks = np.argsort(np.argsort(np.concatenate([positive, negative]))) + 1
    n, m = len(positive), len(negative)
    return (ranks[:n].sum() - n * (n + 1) / 2) / (n * m)


def main():
    out = []
    for stream, n, dim, decay in CASES:
        a, b = rows(stream, n, dim, decay)[:MOST], rows(stream + 1, n, dim, decay)[:MOST]
        views = unit(rows(stream + 2, 4 * n, dim, decay).reshape(4, n, dim)[:, :MOST])
        cosines = (views[1:] * views[0]).sum(axis=2)
        out += [rank_me(a), uniformity(a), np.square(unit(a) - unit(b)).sum(axis=1).mean(),
                cosines[0].mean() - cosines[1:].mean(), auc(cosines[0], cosines[1:].ravel())]
    np.array(out, dtype="<f4").tofile(pathlib.Path(__file__).with_name("diagnostics.f32"))


if __name__ == "__main__":
    main()
