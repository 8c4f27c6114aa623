#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""Writes representation.f32: label-free statistics of features by NumPy, in double.

In this order: the number of cases; for each: n, dim, anchors [n, dim], positives, two warped views, then RankMe of
the anchors by singular value decomposition, alignment of anchors and positives, uniformity of the anchors by
pairwise distances, their feature std, and of anchors, positives and warped views the margin, the AUC by ranks
(Mann and Whitney) and the share of pairs of one image. Cases: more rows than columns, fewer, four directions only
(rank 4), a row of zeros among them, columns that fade, two rows. Then m, two lists of m values with ties, their
Spearman correlation.
"""
import pathlib

import numpy as np

CASES = ((60, 16, 16, 1.0), (10, 24, 24, 1.0), (80, 32, 4, 1.0), (33, 5, 5, 1.0), (40, 64, 40, 0.8), (64, 40, 40, 0.5),
         (2, 3, 3, 1.0))
WARPED = 2

rng = np.random.default_rng(11)


def unit(a):
    norm = np.linalg.norm(a, axis=-1, keepdims=True)
    return np.divide(a, norm, out=np.zeros_like(a), where=norm > 0)


def ranks(v):
    values, inverse, counts = np.unique(v, return_inverse=True, return_counts=True)
    last = np.cumsum(counts)
    return (last - (counts - 1) / 2)[inverse]


def auc(near, far):
    n, m = len(near), len(far)
    return (ranks(np.concatenate([near, far]))[:n].sum() - n * (n + 1) / 2) / (n * m)


def statistics(a, p, q):
    a, p, q = (v.astype(np.float64) for v in (a, p, q))
    s = np.linalg.svd(a, compute_uv=False)
    share = s / s.sum() + 1e-7
    rank_me = np.exp(-(share * np.log(share)).sum())
    a, p, q = unit(a), unit(p), unit(q)
    alignment = ((a - p) ** 2).sum(1).mean()
    rows, columns = np.triu_indices(len(a), 1)
    uniformity = np.log(np.exp(-2 * ((a[rows] - a[columns]) ** 2).sum(1)).mean())
    near, far = (a * p).sum(-1), (a * q).sum(-1)
    paired = ((near > far) + 0.5 * (near == far)).mean()
    return [rank_me, alignment, uniformity, a.std(axis=0).mean(), near.mean() - far.mean(), auc(near, far.ravel()),
            paired]


out = [[len(CASES)]]
for n, dim, rank, decay in CASES:
    a = rng.standard_normal((n, rank)) @ rng.standard_normal((rank, dim)) + 0.5
    if rank == 4:
        a -= 0.5
    p = a + 0.6 * rng.standard_normal((n, dim))
    q = a + 0.9 * rng.standard_normal((WARPED, n, dim))
    if dim == 5:
        a[7] = 0
    a, p, q = ((v * decay ** np.arange(dim)).astype(np.float32) for v in (a, p, q))
    out += [[n, dim], a, p, q, statistics(a, p, q)]
x = np.array([3, 1, 4, 1, 5, 9, 2, 6, 5, 3.5], dtype=np.float32)
y = np.array([2, 7, 1, 8, 2, 8, 1, 8, 2, 8.5], dtype=np.float32)
out += [[len(x)], x, y, [np.corrcoef(ranks(x), ranks(y))[0, 1]]]
path = pathlib.Path(__file__).with_name('representation.f32')
np.concatenate([np.asarray(v, dtype='<f4').ravel() for v in out]).tofile(path)
