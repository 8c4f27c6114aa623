#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""Writes linear.bin: multinomial logistic regression by scikit-learn (made with 1.2.1).

float32, in this order: n, m, dim, k, n_l2; features to fit [n, dim]; labels [n]; features to score
[m, dim]; labels that occur [k]; then for each l2: l2, weights for standardised features [dim, k],
bias [k], predicted labels [m], probability of each [m, k].
"""
import numpy as np
from sklearn.linear_model import LogisticRegression
from sklearn.preprocessing import StandardScaler

rng = np.random.default_rng(20240501)
n, m, dim = 260, 90, 12
classes = np.array([0, 2, 3, 7])  # others do not occur
shares = np.array([0.55, 0.25, 0.15, 0.05])


def draw(count):
    labels = rng.choice(4, count, p=shares)
    centres = np.linspace(-1, 1, 4 * dim).reshape(4, dim) * np.cos(np.arange(4 * dim)).reshape(4, dim)
    x = centres[labels] * 1.3 + rng.standard_normal((count, dim))
    # Correlated, of very different scales, off centre; the last one constant.
    x = x @ mix * scale + offset
    x[:, -1] = 3.25
    return x.astype(np.float32), labels


mix = np.eye(dim) + 0.6 * rng.standard_normal((dim, dim)) / np.sqrt(dim) + 0.4
scale = 10.0 ** np.linspace(-3, 2, dim)
offset = scale * rng.uniform(-5, 5, dim)
x, y = draw(n)
t, _ = draw(m)
out = [[n, m, dim, 4, 3], x, classes[y], t, classes]
scaler = StandardScaler().fit(x.astype(np.float64))
for l2 in (1e-3, 3e-2, 1.0):
    model = LogisticRegression(C=1 / (l2 * n), multi_class='multinomial', solver='lbfgs', tol=1e-7,
                               max_iter=10000).fit(scaler.transform(x), y)
    p = model.predict_proba(scaler.transform(t))
    assert np.sort(p, axis=1)[:, -1].min() - np.sort(p, axis=1)[:, -2].min() > 0
    # The free direction of the biases: their sum is 0, as a start from 0 leaves it.
    bias = model.intercept_ - model.intercept_.mean()
    out += [[l2], model.coef_.T, bias, classes[model.predict(scaler.transform(t))], p]
np.concatenate([np.asarray(a, dtype='<f4').ravel() for a in out]).tofile('linear.bin')
