#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""Writes knn.bin: weighted nearest neighbours by scikit-learn (made with 1.2.1), retrieval by NumPy.

float32, in this order: n, m, dim, n_classes; features to fit [n, dim], labels, subjects; features to
score [m, dim], labels, subjects; then answers [m] for (k, temperature) = (20, 0.07), (1, 0.07),
(7, 0.5) with every fitted row allowed; answers for (20, 0.07) with the same subject barred; then p@10,
p@10 of other subjects, share of the same subject among 10, macro p@10; p@10 in the fitted rows.
Row 3 of the scored side is a copy of row 5 of it: barred as a neighbour.
"""
import numpy as np
from sklearn.neighbors import KNeighborsClassifier

rng = np.random.default_rng(7)
n, m, dim, n_classes = 180, 70, 16, 4


def draw(count, first_subject):
    labels = rng.choice(n_classes, count, p=[0.4, 0.3, 0.2, 0.1])
    subjects = rng.integers(first_subject, first_subject + 12, count)
    x = 0.7 * faces[labels] + 1.2 * persons[subjects] + rng.standard_normal((count, dim))
    return x.astype(np.float32), labels, subjects


faces = rng.standard_normal((n_classes, dim))
persons = rng.standard_normal((24, dim))
x, y, s = draw(n, 0)
t, u, v = draw(m, 6)  # half of the subjects are on both sides
t[3] = t[5]


def unit(a):
    a = a.astype(np.float64)
    return a / np.linalg.norm(a, axis=1, keepdims=True)


out = [[n, m, dim, n_classes], x, y, s, t, u, v]
for k, temperature in ((20, 0.07), (1, 0.07), (7, 0.5)):
    model = KNeighborsClassifier(k, metric='cosine', algorithm='brute',
                                 weights=lambda d: np.exp((1 - d) / temperature)).fit(x, y)
    out.append(model.predict(t))
answers = []
for i in range(m):
    allowed = s != v[i]
    model = KNeighborsClassifier(20, metric='cosine', algorithm='brute',
                                 weights=lambda d: np.exp((1 - d) / 0.07)).fit(x[allowed], y[allowed])
    answers.append(model.predict(t[i:i + 1])[0])
out.append(answers)

cosine = unit(t) @ unit(t).T


def hits(others_only):
    shares, same = [], []
    for i in range(m):
        allowed = np.ones(m, bool)
        allowed[i] = False
        if i in (3, 5):
            allowed[[3, 5]] = False
        if others_only:
            allowed &= v != v[i]
        rows = np.flatnonzero(allowed)
        best = rows[np.argsort(-cosine[i, rows], kind='stable')[:10]]
        shares.append((u[best] == u[i]).mean())
        same += list(v[best] == v[i])
    return np.array(shares), np.mean(same)


any_shares, same = hits(False)
other_shares, _ = hits(True)
fit_shares = [(y[np.argsort(-(unit(x) @ unit(t)[i]), kind='stable')[:10]] == u[i]).mean() for i in range(m)]
out.append([any_shares.mean(), other_shares.mean(), same,
            np.mean([any_shares[u == c].mean() for c in range(n_classes)]), np.mean(fit_shares)])
np.concatenate([np.asarray(a, dtype='<f4').ravel() for a in out]).tofile('knn.bin')
