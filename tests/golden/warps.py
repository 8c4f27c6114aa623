#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Golden fields of the warp families, in NumPy and double precision, from the formulas: the bilinear
grid, the Gaussian lattice, the thin-plate spline, moving least squares and muscles. The control records are
those of tests/unit/test-warp.c; a field is [14, 20, 2], backward displacements in pixels.

Writes warps-*.f32 (float32, little-endian) beside itself.
"""
import os

import numpy as np

HERE = os.path.dirname(os.path.abspath(__file__))
W, H = 20, 14

J, I = np.meshgrid(np.arange(H), np.arange(W), indexing="ij")
PIXELS = np.stack([I + 0.5, J + 0.5], axis=-1)  # [h, w, 2]

# x, y, dx, dy
CONTROLS = np.array([(3.2, 2.1, 0.7, -0.4), (15.7, 3.4, -0.9, 0.3), (9.1, 7.3, 1.2, 0.8),
                     (4.6, 11.2, 0, 0), (17.3, 12.1, -0.5, -1.1), (11.8, 1.7, 0.2, 0.6)])
# dx, dy of the nodes
NODES = np.array([(0.5, -0.3), (-1.2, 0.4), (0.8, 0.9), (0.1, -0.7), (1.4, 0.2), (-0.6, -1.0),
                  (0.3, 0.6), (-0.9, 1.1), (0.7, -0.2)]).reshape(3, 3, 2)
SIGMA = 4.5
# How far the skin around each of the controls goes along.
REACHES = np.array([5.0, 4.0, 6.5, 3.0, 4.5, 3.5])


def save(name, array):
    np.asarray(array, dtype="<f4").tofile(os.path.join(HERE, "warps-" + name + ".f32"))


def grid():
    """Hat functions: the nodes inside a grid of 4 x 4 cells, the border at rest."""
    out = np.zeros((H, W, 2))
    for j in range(3):
        for i in range(3):
            u = np.abs(PIXELS[..., 0] * 4 / W - (i + 1))
            v = np.abs(PIXELS[..., 1] * 4 / H - (j + 1))
            hat = np.maximum(1 - u, 0) * np.maximum(1 - v, 0)
            out -= hat[..., None] * NODES[j, i]
    return out


def elastic():
    out = np.zeros((H, W, 2))
    for j in range(3):
        for i in range(3):
            r2 = ((PIXELS - (i * W / 2, j * H / 2)) ** 2).sum(-1)
            out -= np.exp(-r2 / (2 * SIGMA ** 2))[..., None] * NODES[j, i]
    return out


def tps_kernel(a, b):
    r2 = ((a[..., None, :] - b) ** 2).sum(-1)
    return np.where(r2 > 0, r2 * np.log(np.where(r2 > 0, r2, 1)), 0)


def thin_plate_spline():
    """In pixels, natural logarithm."""
    p, d = CONTROLS[:, :2], CONTROLS[:, 2:]
    n = len(p)
    affine = np.hstack([np.ones((n, 1)), p])
    system = np.block([[tps_kernel(p, p), affine], [affine.T, np.zeros((3, 3))]])
    c = np.linalg.solve(system, np.vstack([-d, np.zeros((3, 2))]))
    return tps_kernel(PIXELS, p) @ c[:n] + c[n] + PIXELS @ c[n + 1:]


def moving_least_squares(kind, alpha):
    """Weighted Procrustes at each pixel, from the displaced handles to the original ones."""
    q = CONTROLS[:, :2] + CONTROLS[:, 2:]
    p = CONTROLS[:, :2]
    out = np.zeros((H, W, 2))
    for j in range(H):
        for i in range(W):
            v = PIXELS[j, i]
            w = ((q - v) ** 2).sum(-1) ** -alpha
            q0, p0 = w @ q / w.sum(), w @ p / w.sum()
            a, b = (q - q0) * np.sqrt(w)[:, None], (p - p0) * np.sqrt(w)[:, None]
            if kind == "affine":
                m = np.linalg.lstsq(a, b, rcond=None)[0]
            else:
                u, s, vt = np.linalg.svd(a.T @ b)
                flip = np.diag([1, np.sign(np.linalg.det(u @ vt))])
                m = u @ flip @ vt
                if kind == "similarity":
                    m = m * (s @ np.diag(flip)) / (a ** 2).sum()
            out[j, i] = (v - q0) @ m + p0 - v
    return out


def muscle():
    """What a landmark has been moved to shows what was there; displacements add up."""
    out = np.zeros((H, W, 2))
    for (x, y, dx, dy), reach in zip(CONTROLS, REACHES):
        r2 = ((PIXELS - (x + dx, y + dy)) ** 2).sum(-1) / reach ** 2
        out -= np.where(r2 < 1, (1 - r2) ** 2, 0)[..., None] * (dx, dy)
    return out


save("random-grid", grid())
save("elastic", elastic())
save("thin-plate-spline", thin_plate_spline())
save("moving-least-squares", [moving_least_squares(kind, alpha)
                              for kind in ("affine", "similarity", "rigid") for alpha in (1, 2.5)])
save("muscle", muscle())
