#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Golden values of engine/image, in NumPy and double precision: the composed gather, the colour
jitter, solarise, posterise, erasing and perspective after torchvision's formulas, the Gaussian
blur, noise, JPEG, side light and the local translation warp.

Writes image-*.f32 (float32, little-endian) beside itself. With --check and torchvision installed it
also compares with torchvision's own (and JPEG with Pillow's).
"""
import math
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


# ---- the other transforms; values as in test-pipeline.c ----

def solarise(x, threshold):
    return np.where(x >= threshold, 1 - x, x)


def posterise(x, bits):
    levels = 2 ** bits
    return np.clip(np.floor(x * levels), 0, levels - 1) / levels


def light(x, strength, direction):
    """The gain from 1 - strength to 1 + strength over the pixels, along the direction."""
    n = x.shape[0]
    t = np.linspace(-1, 1, n)
    dx, dy = math.cos(math.radians(direction)), math.sin(math.radians(direction))
    gain = 1 + strength * (t[None] * dx + t[:, None] * dy) / (abs(dx) + abs(dy))
    return np.clip(x * gain[..., None], 0, 1)


def philox(counter, key):
    """Philox 4x32-10 of Salmon et al. 2011 in Python's own integers."""
    c, k = list(counter), list(key)
    for _ in range(10):
        p0, p1 = 0xD2511F53 * c[0], 0xCD9E8D57 * c[2]
        c = [p1 >> 32 ^ c[1] ^ k[0], p1 & 0xFFFFFFFF, p0 >> 32 ^ c[3] ^ k[1], p0 & 0xFFFFFFFF]
        k = [(k[0] + 0x9E3779B9) & 0xFFFFFFFF, (k[1] + 0xBB67AE85) & 0xFFFFFFFF]
    return c


def quantile(u):
    """The standard normal's, by bisection on math.erfc."""
    low, high = -9.0, 9.0
    for _ in range(80):
        middle = (low + high) / 2
        if math.erfc(-middle / math.sqrt(2)) / 2 < u:
            low = middle
        else:
            high = middle
    return (low + high) / 2


def normals(seed, n):
    words = [w for b in range((n + 3) // 4) for w in philox([b, 8 << 24, 0, 0], [seed, 0])][:n]
    return np.array([quantile(((w >> 8) + 0.5) / 2 ** 24) for w in words])


def noise(x, sd, seed, grey):
    if grey:
        z = normals(seed, x.shape[0] * x.shape[1]).reshape(x.shape[0], x.shape[1], 1)
    else:
        z = normals(seed, x.size).reshape(x.shape)
    return np.clip(x + sd * z, 0, 1)


def erase(x, left, top, w, h, seed, fill):
    out, n = x.copy(), x.shape[0]
    rows = slice(math.floor(top * n + 0.5), math.floor((top + h) * n + 0.5))
    columns = slice(math.floor(left * n + 0.5), math.floor((left + w) * n + 0.5))
    hole = out[rows, columns].shape
    if fill == "noise":
        z = normals(seed, int(np.prod(hole))).reshape(hole)
        out[rows, columns] = np.clip(0.5 + 0.25 * z, 0, 1)
    else:
        out[rows, columns] = 0.5 if fill == "grey" else x.mean((0, 1))
    return out


def perspective(insets):
    """Backward matrix on the unit square: eight equations from four corners, as torchvision's
    _get_perspective_coeffs() sets them up."""
    a, b, c, d, e, f, g, h = insets
    shown = [(a, b), (1 - c, d), (1 - e, 1 - f), (g, 1 - h)]
    rows, right = [], []
    for (x, y), (u, v) in zip(shown, [(0, 0), (1, 0), (1, 1), (0, 1)]):
        rows += [[x, y, 1, 0, 0, 0, -u * x, -u * y], [0, 0, 0, x, y, 1, -v * x, -v * y]]
        right += [u, v]
    return np.append(np.linalg.solve(rows, right), 1)


# ITU-T T.81, tables K.1 and K.2.
LUMA = """16 11 10 16 24 40 51 61  12 12 14 19 26 58 60 55  14 13 16 24 40 57 69 56
14 17 22 29 51 87 80 62  18 22 37 56 68 109 103 77  24 35 55 64 81 104 113 92
49 64 78 87 103 121 120 101  72 92 95 98 112 100 103 99"""
CHROMA = """17 18 24 47 99 99 99 99  18 21 26 66 99 99 99 99  24 26 56 99 99 99 99 99
47 66 99 99 99 99 99 99 """ + "99 " * 32


def steps(table, quality):
    scale = 5000 // quality if quality < 50 else 200 - 2 * quality
    base = np.array([int(v) for v in table.split()]).reshape(8, 8)
    return np.clip((base * scale + 50) // 100, 1, 255)


def jpeg(x, quality):
    n = x.shape[0]
    side = (n + 7) // 8 * 8
    rgb = 255 * np.pad(x, [(0, side - n), (0, side - n), (0, 0)], mode="edge")
    y = rgb @ np.array([0.299, 0.587, 0.114])
    planes = [y - 128, (rgb[..., 2] - y) / 1.772, (rgb[..., 0] - y) / 1.402]
    k = np.arange(8)
    scale = np.where(k == 0, 8 ** -0.5, 0.5)[:, None]
    dct = np.cos((2 * k[None] + 1) * k[:, None] * np.pi / 16) * scale
    for p, step in zip(planes, [steps(LUMA, quality)] + 2 * [steps(CHROMA, quality)]):
        for i in range(0, side, 8):
            for j in range(0, side, 8):
                q = dct @ p[i:i + 8, j:j + 8] @ dct.T / step
                # A coefficient in the middle between two steps would be a matter of rounding.
                assert np.abs(q - np.floor(q) - 0.5).min() > 2e-5
                p[i:i + 8, j:j + 8] = dct.T @ (np.round(q) * step) @ dct
    y, blue, red = planes[0] + 128, planes[1], planes[2]
    r, b = y + 1.402 * red, y + 1.772 * blue
    out = np.stack([r, (y - 0.299 * r - 0.114 * b) / 0.587, b], axis=-1)
    return np.clip(out / 255, 0, 1)[:n, :n]


SOLARISE, POSTERISE = (0.5, 0.75), (1, 3, 8)
LIGHTS = [(0.3, 0), (0.8, 135), (1, 250)]
NOISES = [(0.1, 7, False), (0.3, 16777215, True)]
HOLES = [(0.2, 0.4, 0.3, 0.45, 5, fill) for fill in ("grey", "mean", "noise")]
TILTS = [(0, 0, 0, 0, 0, 0, 0, 0), (0.1, 0.05, 0.2, 0, 0.03, 0.12, 0.07, 0.25),
         (0.325, 0.325, 0, 0.3, 0.1, 0.2, 0.3, 0), (0.1, 0, 0.1, 0, 0, 0, 0, 0)]
QUALITIES = (10, 50, 85, 100)


def others():
    x = np.fromfile(os.path.join(HERE, "image-colour-in.f32"), "<f4").reshape(16, 16, 3)
    wide = (picture(21, 21, 3) / 255).astype(np.float32)
    # A threshold is met exactly or not at all, in float as in double.
    save("solarise", np.stack([solarise(x, threshold) for threshold in SOLARISE]))
    save("posterise", np.stack([posterise(x, bits) for bits in POSTERISE]))
    x, wide = x.astype(np.float64), wide.astype(np.float64)
    save("lighting", np.stack([light(x, *values) for values in LIGHTS]))
    save("noise", np.stack([noise(x, *values) for values in NOISES]))
    save("erasing", np.stack([erase(x, *values) for values in HOLES]))
    save("perspective", np.stack([perspective(values) for values in TILTS]))
    save("jpeg", np.stack([jpeg(wide, quality) for quality in QUALITIES]))
    if "--check" in sys.argv:
        check_others(x, wide)


def check_others(x, wide):
    import io

    import torch
    from PIL import Image
    from torchvision.transforms import functional as F, v2

    def report(what, a, b):
        print(what, "differs by", np.abs(a - b).max())

    t = torch.from_numpy(x).permute(2, 0, 1)
    for threshold in SOLARISE:
        report("solarise", F.solarize(t, threshold).permute(1, 2, 0).numpy(),
               solarise(x, threshold))
    for bits in POSTERISE:
        report("posterise", v2.functional.posterize(t, bits).permute(1, 2, 0).numpy(),
               posterise(x, bits))
    left, top, w, h = 3, 6, 5, 8
    report("erasing", F.erase(t, top, left, h, w, torch.tensor(0.5)).permute(1, 2, 0).numpy(),
           erase(x, *HOLES[0]))
    for values in TILTS:
        a, b, c, d, e, f, g, h = values
        theirs = F._get_perspective_coeffs([(0, 0), (1, 0), (1, 1), (0, 1)],
                                           [(a, b), (1 - c, d), (1 - e, 1 - f), (g, 1 - h)])
        report("perspective", np.append(theirs, 1), perspective(values))
    for quality in QUALITIES:
        file = io.BytesIO()
        Image.fromarray(np.round(wide * 255).astype(np.uint8)).save(file, "JPEG", quality=quality,
                                                                    subsampling=0)
        # Pillow rounds between the stages, so that single coefficients come out one step away.
        off = np.abs(np.asarray(Image.open(file), float) - 255 * jpeg(wide, quality))
        print("jpeg", quality, "differs by", off.mean(), "of 255 on average,", off.max(), "at most")


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
others()
warp()
