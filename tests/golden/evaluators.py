#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""Writes evaluators.bin by scikit-learn (made with 1.9.1), SciPy and NumPy.

float32, in this order: n, m, dim, n_classes; features to fit [n, dim], labels, subjects; features to
score [m, dim], labels, subjects, sources (-1 = unknown); columns of the scored side [m, 3].
Retrieval, once with everybody, once without the query's person; the query itself, its copy and its
source are always barred: precision at 1, 5, 10, 20; share of queries that find their class among 1, 5,
10, 20; mean average precision.
Answers to the scored side [m]; their macro F1 and macro recall.
Ridge: targets to fit [n, 2], truth of the scored side [m, 2], number of l2; for each l2: l2, weights of
standardised features [2, dim], bias [2], predictions [m, 2], then for each target CCC, PCC, RMSE, SAGR.
Factors of similarity: partial rank correlation of cosine and closeness in the columns given the same
person, rank correlation over pairs of different persons, partial rank correlation of cosine and same
person given closeness, and what columns and person explain alone; then the same with pose and light beside them.
Row 3 of the scored side is a copy of row 5 of it.
"""
import numpy as np
from scipy.stats import pearsonr, rankdata, spearmanr
from sklearn.linear_model import Ridge
from sklearn.metrics import average_precision_score, f1_score, mean_squared_error, recall_score
from sklearn.preprocessing import StandardScaler

rng = np.random.default_rng(11)
n, m, dim, n_classes = 150, 64, 12, 4
faces = rng.standard_normal((n_classes, dim))
persons = rng.standard_normal((24, dim))


def draw(count, first_subject):
    labels = rng.choice(n_classes, count, p=[0.4, 0.3, 0.2, 0.1])
    subjects = rng.integers(first_subject, first_subject + 12, count)
    x = 0.8 * faces[labels] + 0.9 * persons[subjects] + rng.standard_normal((count, dim))
    return x.astype(np.float32), labels, subjects


x, y, s = draw(n, 0)
t, u, v = draw(m, 6)
t[3] = t[5]
w = np.where(rng.random(m) < 0.4, rng.integers(0, 10, m), -1)
columns = (np.eye(n_classes)[u][:, :3] * 0.7 + 0.2 * rng.standard_normal((m, 3))).astype(np.float32)
columns[:, 1] = 10 * columns[:, 1] + 4
out = [[n, m, dim, n_classes], x, y, s, t, u, v, w, columns]

unit = t.astype(np.float64) / np.linalg.norm(t.astype(np.float64), axis=1, keepdims=True)
cosine = unit @ unit.T


def copies(i, j):
    return {i, j} == {3, 5} or (w[i] >= 0 and w[i] == w[j])


for others_only in (False, True):
    precision, recall, ap = [], [], []
    for i in range(m):
        rows = [j for j in range(m) if j != i and not copies(i, j) and not (others_only and v[i] == v[j])]
        rows = np.array(rows)
        right = u[rows] == u[i]
        best = np.argsort(-cosine[i, rows], kind='stable')
        precision.append([right[best[:k]].mean() for k in (1, 5, 10, 20)])
        recall.append([right[best[:k]].any() for k in (1, 5, 10, 20)])
        # By place, not by cosine: scikit-learn takes ties (rows 3 and 5) for one place.
        ap.append(average_precision_score(right[best], -np.arange(len(best))))
    out += [np.mean(precision, axis=0), np.mean(recall, axis=0), [np.mean(ap)]]

answers = np.where(rng.random(m) < 0.6, u, rng.integers(0, n_classes, m))
out += [answers, [f1_score(u, answers, average='macro'), recall_score(u, answers, average='macro')]]


def ccc(a, b):
    return 2 * np.cov(a, b, bias=True)[0, 1] / (a.var() + b.var() + (a.mean() - b.mean()) ** 2)


mix = rng.standard_normal((dim, 2)) / np.sqrt(dim)
targets = (x @ mix + 0.4 * rng.standard_normal((n, 2)) + [0.3, -2]).astype(np.float32)
truth = (t @ mix + 0.4 * rng.standard_normal((m, 2)) + [0.3, -2]).astype(np.float32)
truth[7, 0] = 0
strengths = (1e-3, 0.1, 3.0)
out += [targets, truth, [len(strengths)]]
scaler = StandardScaler().fit(x.astype(np.float64))
for l2 in strengths:
    model = Ridge(alpha=l2 * n, solver='svd').fit(scaler.transform(x.astype(np.float64)), targets.astype(np.float64))
    p = model.predict(scaler.transform(t.astype(np.float64)))
    out += [[l2], model.coef_, model.intercept_, p]
    for k in range(2):
        a, b = p[:, k], truth[:, k].astype(np.float64)
        out.append([ccc(a, b), pearsonr(a, b)[0], mean_squared_error(b, a) ** 0.5, (np.sign(a) == np.sign(b)).mean()])

z = StandardScaler().fit_transform(columns.astype(np.float64))
pairs = [(i, j) for i in range(m) for j in range(i) if not copies(i, j)]
similar = np.array([cosine[i, j] for i, j in pairs])
close = np.array([-np.linalg.norm(z[i] - z[j]) for i, j in pairs])
same = np.array([float(v[i] == v[j]) for i, j in pairs])
rs, rc = rankdata(similar), rankdata(close)


def residual(a, *by):
    design = np.stack([np.ones_like(a), *by], axis=1)
    return a - design @ np.linalg.lstsq(design, a, rcond=None)[0]


def explained(*by):
    design = np.stack([np.ones_like(rs), *by], axis=1)
    rest = rs - design @ np.linalg.lstsq(design, rs, rcond=None)[0]
    return 1 - rest.var() / rs.var()


other = same == 0
out.append([pearsonr(residual(rs, same), residual(rc, same))[0], spearmanr(similar[other], close[other])[0],
            pearsonr(residual(rs, rc), residual(same, rc))[0], explained(rc, same) - explained(same),
            explained(rc, same) - explained(rc)])

# Each column a factor of its own: what the face does, its pose, the light.
ranks = [rankdata([-abs(z[i, c] - z[j, c]) for i, j in pairs]) for c in range(3)]
sides = [ranks[0], same, ranks[1], ranks[2]]
rest = [sides[:f] + sides[f + 1:] for f in range(4)]
out.append([pearsonr(residual(rs, *rest[f]), residual(sides[f], *rest[f]))[0] for f in range(4)])
out.append([explained(*sides) - explained(*rest[f]) for f in range(4)])
np.concatenate([np.asarray(a, dtype='<f4').ravel() for a in out]).tofile('evaluators.bin')
