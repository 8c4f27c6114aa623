#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Golden values of engine/image, in NumPy and double precision: the composed gather, the colour
jitter after torchvision's formulas, the Gaussian blur and the local translation warp.

Writes image-*.f32 (float32, little-endian) beside itself. With --check and torchvision installed it
also compares its colour jitter with torchvision's own.
"""
import os
import sys

import numpy as np

HERE = os.path.dirname(os.path.abspath(__file__))


def save(name, array):
    np.asarray(array, dtype="<f4").tofile(os.path.join(HERE, "image-" + name + ".f32"))


# ---- the gather ----

def picture(w, h, c):
    """The same as make_picture() of test-pipeline.c."""
    y, x, k = np.meshgrid(np.arange(h), np.arange(w), np.arange(c), indexing="ij")
    return (7 * x + 11 * y + 29 * k + x * y // 3 + 40 * ((x // 5 + y // 4) % 3)) % 256


def bump(size):
    """The same as make_field() of test-pipeline.c: (dx, dy) of polynomials, up to a few pixels."""
    j, i = np.meshgrid(np.arange(size), np.arange(size), indexing="ij")
    u, v = i / size, j / size
    return np.stack([4 * u * (1 - v) - 1.5 * v, 6 * u * (1 - u) * v - 1], axis=-1)


def forward_affine(rotation, tx, ty, scale, shear):
    """Output point of an input point, in the unit square, by steps."""
    def go(p):
        x, y = (p[0] - 0.5) * scale, (p[1] - 0.5) * scale
        x = x + np.tan(np.radians(shear)) * y
        a = np.radians(rotation)
        x, y = np.cos(a) * x - np.sin(a) * y, np.sin(a) * x + np.cos(a) * y
        return np.array([x + 0.5 + tx, y + 0.5 + ty])
    return go


def backward_affine(*values):
    """Solved from three points of the forward map."""
    go = forward_affine(*values)
    origin, ex, ey = go((0, 0)), go((1, 0)), go((0, 1))
    inverse = np.linalg.inv(np.stack([ex - origin, ey - origin], axis=1))
    return lambda p: np.einsum("ij,...j->...i", inverse, p - origin)


def view(w, h, c, size, crop, flip, affine, field):
    """Crop, then flip, then affine; followed back from the view to the source."""
    j, i = np.meshgrid(np.arange(size), np.arange(size), indexing="ij")
    p = np.stack([i + 0.5, j + 0.5], axis=-1).astype(float)
    if field:
        p = p + bump(size)
    p = backward_affine(*affine)(p / size)
    if flip:
        p[..., 0] = 1 - p[..., 0]
    p = p * np.array(crop[2:]) + np.array(crop[:2])
    x = np.clip(p[..., 0] * w - 0.5, 0, w - 1)
    y = np.clip(p[..., 1] * h - 0.5, 0, h - 1)
    x0, y0 = np.floor(x).astype(int), np.floor(y).astype(int)
    x1, y1 = np.minimum(x0 + 1, w - 1), np.minimum(y0 + 1, h - 1)
    fx, fy = (x - x0)[..., None], (y - y0)[..., None]
    s = picture(w, h, c)
    out = ((1 - fy) * ((1 - fx) * s[y0, x0] + fx * s[y0, x1])
           + fy * ((1 - fx) * s[y1, x0] + fx * s[y1, x1])) / 255
    return np.broadcast_to(out, (size, size, 3))


def gather():
    crop, affine = (0.12, 0.2, 0.7, 0.6), (7, 0.02, -0.03, 1.04, 2)
    still = (0, 0, 0, 1, 0)
    save("view-grey", view(37, 53, 1, 24, crop, True, affine, False))
    save("view-rgb", view(61, 40, 3, 24, crop, False, affine, True))
    save("view-outside", view(30, 30, 3, 20, (0, 0, 1, 1), True, (-25, 0.1, 0.2, 0.6, 10), True))
    save("view-column", view(1, 9, 1, 8, (0, 0, 1, 1), False, still, False))
    save("view-row", view(9, 1, 3, 8, (0, 0, 1, 1), False, (30, 0, 0, 1, 0), False))


# ---- colour and filter ----

def luma(x):
    return (x @ np.array([0.2989, 0.587, 0.114]))[..., None]


def blend(a, b, factor):
    return np.clip(factor * a + (1 - factor) * b, 0, 1)


def rgb_to_hsv(x):
    r, g, b = x[..., 0], x[..., 1], x[..., 2]
    most, least = x.max(-1), x.min(-1)
    same = most == least
    chroma = most - least
    s = chroma / np.where(same, 1, most)
    d = np.where(same, 1, chroma)
    rc, gc, bc = (most - r) / d, (most - g) / d, (most - b) / d
    h = np.where(most == r, bc - gc, 0)
    h = h + np.where((most == g) & (most != r), 2 + rc - bc, 0)
    h = h + np.where((most != g) & (most != r), 4 + gc - rc, 0)
    return np.fmod(h / 6 + 1, 1), s, most


def hsv_to_rgb(h, s, v):
    i = np.floor(h * 6)
    f = h * 6 - i
    p, q, t = v * (1 - s), v * (1 - s * f), v * (1 - s * (1 - f))
    i = i.astype(int) % 6
    return np.stack([np.choose(i, [v, q, p, p, t, v]), np.choose(i, [t, v, v, q, p, p]),
                     np.choose(i, [p, p, t, v, v, q])], axis=-1)


def jitter(x, brightness, contrast, saturation, hue):
    x = np.clip(x * brightness, 0, 1)
    x = blend(x, luma(x).mean(), contrast)
    x = blend(x, luma(x), saturation)
    h, s, v = rgb_to_hsv(x)
    return hsv_to_rgb((h + hue) % 1, s, v)


JITTERS = [(1.3, 0.7, 1.2, 0.05), (0.6, 1.4, 0.8, -0.04), (1, 1, 1, 0.5), (1, 1, 1, -0.5),
           (1.25, 1, 0, 0.02), (1, 0, 1, 0)]


def blur(x, sigma):
    radius = int(np.ceil(3 * sigma))
    kernel = np.exp(-0.5 * (np.arange(-radius, radius + 1) / sigma) ** 2)
    kernel /= kernel.sum()
    for axis in (0, 1):
        pad = [(0, 0)] * 3
        pad[axis] = (radius, radius)
        y = np.pad(x, pad, mode="reflect")
        n = x.shape[axis]
        x = sum(w * np.take(y, np.arange(k, k + n), axis=axis) for k, w in enumerate(kernel))
    return x


def colour():
    rng = np.random.default_rng(5)
    x = rng.random((16, 16, 3)).astype(np.float32)
    # Ties of channels, greys, primaries and the ends of the range.
    corners = np.array([[a, b, c] for a in (0, 0.5, 1) for b in (0, 0.5, 1) for c in (0, 0.5, 1)])
    x.reshape(-1, 3)[:27] = corners
    save("colour-in", x)
    x = x.astype(np.float64)
    save("colour-jitter", np.stack([jitter(x, *values) for values in JITTERS]))
    save("blur", np.stack([blur(x, sigma * 16 / 48) for sigma in (0.3, 1.5, 3.0)]))
    if "--check" in sys.argv:
        check(x)


def check(x):
    import torch
    from torchvision.transforms import functional as F

    t = torch.from_numpy(x).permute(2, 0, 1)
    for values in JITTERS:
        y = F.adjust_brightness(t, values[0])
        y = F.adjust_contrast(y, values[1])
        y = F.adjust_saturation(y, values[2])
        y = F.adjust_hue(y, values[3]).permute(1, 2, 0).numpy()
        print("jitter", values, "differs from torchvision by", np.abs(y - jitter(x, *values)).max())


# ---- the local translation ----

def drag_of(displacement, radius):
    """The larger drag V whose W1 map moves the centre by the displacement: |V| / (1 + r^2)^2."""
    share = np.hypot(*displacement) / radius
    # share * (1 + r^2)^2 - r = 0
    roots = np.roots([share, 0, 2 * share, -1, share])
    roots = roots[np.abs(roots.imag) < 1e-9].real
    ratio = roots.max()
    return np.array(displacement) / np.hypot(*displacement) * ratio * radius


def local_translation(x, centre, drag, radius):
    d2 = ((x - centre) ** 2).sum(-1, keepdims=True)
    a = np.maximum(radius ** 2 - d2, 0)
    t = a / (a + (drag ** 2).sum())
    return x - t ** 2 * drag


# The same as in test-warp.c: x, y, dx, dy, radius.
PUSHES = [(7.5, 6.0, 1.5, -0.8, 7.0), (12.0, 13.0, -1.0, 1.2, 8.0), (9.0, 9.0, 0.3, 1.6, 6.5)]


def warp():
    size = 20
    j, i = np.meshgrid(np.arange(size), np.arange(size), indexing="ij")
    p = np.stack([i + 0.5, j + 0.5], axis=-1)
    # Pushed by the first, then the second, then the third: followed back from the last.
    x = p
    for px, py, dx, dy, radius in reversed(PUSHES):
        x = local_translation(x, np.array([px, py]), drag_of((dx, dy), radius), radius)
    save("warp", x - p)


gather()
colour()
warp()
