#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""Writes selection.bin: label-free scores of features by NumPy (made with 1.24), in double.

float32, in this order: the number of cases; for each: n, dim, anchors [n, dim], positives, negatives, then
RankMe of the anchors, alignment of anchors and positives, uniformity of the anchors, margin AUC. Cases:
more rows than columns, fewer, four directions only (rank 4), a row of zeros among them. Then m, two lists
of m values with ties, their Spearman correlation.
"""
import numpy as np

rng = np.random.default_rng(11)


def unit(a):
    norm = np.linalg.norm(a, axis=1, keepdims=True)
    return np.divide(a, norm, out=np.zeros_like(a), where=norm > 0)


def scores(a, p, q):
    a, p, q = (v.astype(np.float64) for v in (a, p, q))
    s = np.linalg.svd(a, compute_uv=False)
    s = np.concatenate([s, np.zeros(min(a.shape) - len(s))])
    share = s / s.sum() + 1e-7
    rankme = np.exp(-(share * np.log(share)).sum())
    a, p, q = unit(a), unit(p), unit(q)
    alignment = ((a - p) ** 2).sum(1).mean()
    rows, columns = np.triu_indices(len(a), 1)
    uniformity = np.log(np.exp(-2 * ((a[rows] - a[columns]) ** 2).sum(1)).mean())
    near, far = (a * p).sum(1), (a * q).sum(1)
    return [rankme, alignment, uniformity, ((near > far) + 0.5 * (near == far)).mean()]


def ranks(v):
    values, inverse, counts = np.unique(v, return_inverse=True, return_counts=True)
    last = np.cumsum(counts)
    return (last - (counts - 1) / 2)[inverse]


out = [[4]]
for n, dim, rank in ((60, 16, 16), (10, 24, 24), (80, 32, 4), (33, 5, 5)):
    a = rng.standard_normal((n, rank)) @ rng.standard_normal((rank, dim)) + 0.5
    if rank == 4:
        a -= 0.5
    p = a + 0.6 * rng.standard_normal((n, dim))
    q = a + 0.9 * rng.standard_normal((n, dim))
    if dim == 5:
        a[7] = 0
    a, p, q = (v.astype(np.float32) for v in (a, p, q))
    out += [[n, dim], a, p, q, scores(a, p, q)]
x = np.array([3, 1, 4, 1, 5, 9, 2, 6, 5, 3.5], dtype=np.float32)
y = np.array([2, 7, 1, 8, 2, 8, 1, 8, 2, 8.5], dtype=np.float32)
rx, ry = ranks(x), ranks(y)
out += [[len(x)], x, y, [np.corrcoef(rx, ry)[0, 1]]]
np.concatenate([np.asarray(v, dtype='<f4').ravel() for v in out]).tofile('selection.bin')
