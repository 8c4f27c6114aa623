#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Golden fields of painted warps, in NumPy and double precision, from the formulas of
engine/image/cw-strokes.h, pixel by pixel. The dabs and frames are those of tests/unit/test-warp-painted.c.

Writes strokes.f32 (float32, little-endian) beside itself: [2, 3, 48, 48, 2], in each of the frames what is
painted by the first three dabs, by six and by all.
"""
import os

import numpy as np

HERE = os.path.dirname(os.path.abspath(__file__))
SIZE = 48

DABS = [
    ("push", 0.34, 0.775, 0.16, 0.05, -0.06),
    ("pinch", 0.62, 0.4, 0.2, 0.6),
    ("swirl", 0.5, 0.55, 0.25, 1.2),
    ("push", 0.9, 0.12, 0.3, 0.12, -0.1),
    ("pinch", 0.4, 0.7, 0.18, -0.7),
    ("smooth", 0.45, 0.65, 0.3, 0.8),
    ("swirl", 0.2, 0.3, 0.15, -2.0),
    ("smooth", 0.97, 0.06, 0.2, 1.0),
]

# Rows: x, y of the origin, of a unit across, of a unit down.
FRAMES = [
    [(0, 0), (48, 0), (0, 48)],
    # Turned, sheared a little, and mirrored.
    [(44.0, 3.5), (-34.0, 9.0), (11.0, 38.0)],
]


def sample(u, x, y):
    """Bilinear between the centres of pixels, the border repeated."""
    x, y = np.clip(x - 0.5, 0, SIZE - 1), np.clip(y - 0.5, 0, SIZE - 1)
    i, j = min(int(x), SIZE - 2), min(int(y), SIZE - 2)
    a, b = x - i, y - j
    return ((1 - a) * (1 - b) * u[j, i] + a * (1 - b) * u[j, i + 1]
            + (1 - a) * b * u[j + 1, i] + a * b * u[j + 1, i + 1])


def mean_around(u, i, j, half):
    rows = slice(max(j - half, 0), min(j + half, SIZE - 1) + 1)
    columns = slice(max(i - half, 0), min(i + half, SIZE - 1) + 1)
    return u[rows, columns].mean(axis=(0, 1))


def paint(u, dab, frame):
    kind, x, y, radius = dab[:4]
    origin, across, down = (np.array(row, dtype=float) for row in frame)
    area = across[0] * down[1] - across[1] * down[0]
    centre = origin + x * across + y * down
    radius = max(radius * np.sqrt(abs(area)), 1)
    v = dab[4] * across + dab[5] * down if kind == "push" else np.zeros(2)
    out = u.copy()
    for j in range(SIZE):
        for i in range(SIZE):
            p = np.array([i + 0.5, j + 0.5])
            e = p - centre - v
            if e @ e >= radius * radius:
                continue
            q = (1 - e @ e / radius ** 2) ** 2
            if kind == "smooth":
                mean = mean_around(u, i, j, max(1, int(radius / 2 + 0.5)))
                out[j, i] = u[j, i] + dab[4] * q * (mean - u[j, i])
                continue
            if kind == "push":
                d = -v * q
            elif kind == "pinch":
                d = dab[4] * q * e
            else:
                angle = -2 * np.arctan(q * np.tan(dab[4] / 2)) * np.sign(area)
                turn = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
                d = turn @ e - e
            out[j, i] = d + sample(u, *(p + d))
    return out


fields = []
for frame in FRAMES:
    u = np.zeros((SIZE, SIZE, 2))
    for n, dab in enumerate(DABS, 1):
        u = paint(u, dab, frame)
        if n in (3, 6, len(DABS)):
            fields.append(u)
np.asarray(fields, dtype="<f4").tofile(os.path.join(HERE, "strokes.f32"))
