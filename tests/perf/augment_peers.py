#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""How fast views are made, beside what one would use instead.

    augment_peers.py CONTRAWARP [--rounds 7] [--size 112] [--seconds 1] [--json]

Alternates, round by round and in one process tree:

* `contrawarp bench augment`: crop, flip, affine, local warp and colour jitter on one thread;
* OpenCV and NumPy, the same steps one after the other as an elastic deformation is commonly written:
  crop and resize, affine, a smoothed random field through remap, colour jitter in HSV;
* OpenCV and NumPy with crop, affine and field composed into one remap by hand;
* `contrawarp bench loader` (views from a pack through the loader, one thread) and PyTorch's DataLoader
  with torchvision's transforms on a memory-mapped array, one worker.

Prints medians, the spread (least to most) and the ratios. A peer that is not installed is skipped with the
reason; neither is a dependency of anything but this script.
"""

import argparse
import json
import math
import os
import statistics
import subprocess
import sys
import tempfile
import time


def ours(arguments, what, key):
    out = subprocess.run([arguments.contrawarp, "bench", what, "--json"] + OURS[what](arguments),
                         check=True, capture_output=True, text=True)
    return json.loads(out.stdout)[key]


OURS = {
    "augment": lambda a: ["--size", str(a.size), "--threads", "1", "--runs", "1",
                          "--views", str(int(1500 * a.seconds))],
    "loader": lambda a: ["--size", str(a.loader_size), "--threads", "1", "--runs", "1",
                         "--batches", str(max(1, int(40 * a.seconds)))],
}


# The same ranges as contrawarp's defaults.
def draw(rng, size, source):
    area = rng.uniform(0.6, 1.0)
    ratio = math.exp(rng.uniform(math.log(0.9), math.log(1.11)))
    w = min(math.sqrt(area * ratio), 1.0) * source
    h = min(math.sqrt(area / ratio), 1.0) * source
    return {
        "box": (rng.uniform(0, source - w), rng.uniform(0, source - h), w, h),
        "flip": rng.random() < 0.5,
        "angle": rng.uniform(-8, 8),
        "scale": rng.uniform(0.95, 1.05),
        "shift": rng.uniform(-0.03, 0.03, 2) * size,
        "colour": rng.uniform([0.6, 0.6, 0.8, -0.05], [1.4, 1.4, 1.2, 0.05]),
    }


class OpenCV:
    def __init__(self, size, composed):
        import cv2
        import numpy

        cv2.setNumThreads(1)
        self.cv2, self.np, self.size, self.composed = cv2, numpy, size, composed
        self.rng = numpy.random.default_rng(1)
        side = 2 * size
        self.pictures = [self.rng.integers(0, 256, (side, side, 3), numpy.uint8) for _ in range(64)]
        grid = numpy.arange(size, dtype=numpy.float32)
        self.x, self.y = numpy.meshgrid(grid, grid)

    def field(self):
        """Elastic: white noise, smoothed, scaled to a largest displacement of 7 to 10 % of the side."""
        np, cv2, size = self.np, self.cv2, self.size
        noise = self.rng.standard_normal((size, size, 2), dtype=np.float32)
        d = cv2.GaussianBlur(noise, (0, 0), 0.1 * size)
        return d * (self.rng.uniform(0.07, 0.1) * size / np.abs(d).max())

    def affine(self, p):
        matrix = self.cv2.getRotationMatrix2D((self.size / 2, self.size / 2), p["angle"], p["scale"])
        matrix[:, 2] += p["shift"]
        return matrix

    def step_by_step(self, picture, p):
        cv2, size = self.cv2, self.size
        x, y, w, h = (int(v) for v in p["box"])
        view = cv2.resize(picture[y:y + h, x:x + w], (size, size), interpolation=cv2.INTER_LINEAR)
        if p["flip"]:
            view = cv2.flip(view, 1)
        view = cv2.warpAffine(view, self.affine(p), (size, size), borderMode=cv2.BORDER_REPLICATE)
        d = self.field()
        return cv2.remap(view, self.x + d[..., 0], self.y + d[..., 1], cv2.INTER_LINEAR,
                         borderMode=cv2.BORDER_REPLICATE)

    def in_one_map(self, picture, p):
        cv2, np, size = self.cv2, self.np, self.size
        x, y, w, h = p["box"]
        crop = np.array([[w / size, 0, x], [0, h / size, y], [0, 0, 1]])
        if p["flip"]:
            crop = crop @ np.array([[-1, 0, size - 1], [0, 1, 0], [0, 0, 1]])
        m = crop @ np.linalg.inv(np.vstack([self.affine(p), [0, 0, 1]]))
        m = m.astype(np.float32)
        d = self.field()
        u, v = self.x + d[..., 0], self.y + d[..., 1]
        return cv2.remap(picture, m[0, 0] * u + m[0, 1] * v + m[0, 2],
                         m[1, 0] * u + m[1, 1] * v + m[1, 2], cv2.INTER_LINEAR,
                         borderMode=cv2.BORDER_REPLICATE)

    def jitter(self, view, colour):
        cv2, np = self.cv2, self.np
        brightness, contrast, saturation, hue = (float(c) for c in colour)
        rgb = np.clip(view.astype(np.float32) * (brightness / 255), 0, 1)
        mean = float(cv2.cvtColor(rgb, cv2.COLOR_RGB2GRAY).mean())
        rgb = np.clip(rgb * contrast + (1 - contrast) * mean, 0, 1)
        grey = cv2.cvtColor(cv2.cvtColor(rgb, cv2.COLOR_RGB2GRAY), cv2.COLOR_GRAY2RGB)
        rgb = np.clip(cv2.addWeighted(rgb, saturation, grey, 1 - saturation, 0), 0, 1)
        hsv = cv2.cvtColor(rgb, cv2.COLOR_RGB2HSV)
        hsv[..., 0] = (hsv[..., 0] + 360 * hue) % 360
        return cv2.cvtColor(hsv, cv2.COLOR_HSV2RGB)

    def rate(self, seconds):
        place = self.in_one_map if self.composed else self.step_by_step
        start, n = time.perf_counter(), 0
        while time.perf_counter() - start < seconds:
            p = draw(self.rng, self.size, 2 * self.size)
            view = place(self.pictures[n % 64], p)
            view = (self.jitter(view, p["colour"]) - 0.5) * 4
            n += 1
        return n / (time.perf_counter() - start)


def torch_dataset(path, size):
    import numpy
    import torch
    from torchvision.transforms import v2

    class Views(torch.utils.data.Dataset):
        """Anchor, positive and a warped negative of each picture."""

        def __init__(self):
            self.pictures = numpy.load(path, mmap_mode="r")
            # Views of several items are alike in all that costs time.
            steps = [
                v2.RandomResizedCrop(size, (0.6, 1), (0.9, 1.11), antialias=False),
                v2.RandomHorizontalFlip(),
                v2.RandomAffine(8, (0.03, 0.03), (0.95, 1.05), 3,
                                interpolation=v2.InterpolationMode.BILINEAR),
            ]
            colour = [
                v2.RandomApply([v2.ColorJitter(0.4, 0.4, 0.2, 0.05)], 0.8),
                v2.RandomGrayscale(0.2),
                v2.RandomApply([v2.GaussianBlur(9, (0.1, 2.0))], 0.3),
                v2.ToDtype(torch.float32, scale=True),
                v2.Normalize([0.5] * 3, [0.25] * 3),
            ]
            self.plain = v2.Compose(steps + colour)
            self.warped = v2.Compose(steps + [v2.ElasticTransform(50.0, 5.0)] + colour)

        def __len__(self):
            return len(self.pictures)

        def __getitem__(self, i):
            picture = torch.from_numpy(numpy.array(self.pictures[i])).permute(2, 0, 1)
            return torch.stack([self.plain(picture), self.plain(picture), self.warped(picture)])

    return Views()


class DataLoader:
    def __init__(self, size):
        import numpy
        import torch
        import torchvision  # noqa: F401

        torch.set_num_threads(1)
        self.folder = tempfile.TemporaryDirectory()
        path = os.path.join(self.folder.name, "pictures.npy")
        rng = numpy.random.default_rng(1)
        numpy.save(path, rng.integers(0, 256, (1024, 2 * size, 2 * size, 3), numpy.uint8))
        self.loader = torch.utils.data.DataLoader(torch_dataset(path, size), batch_size=64,
                                                  shuffle=True, num_workers=1, prefetch_factor=4,
                                                  drop_last=True)

    def rate(self, seconds):
        # A worker of its own for each round: one that fills its queue meanwhile would slow down what
        # is measured next. The first batch pays for its start.
        batches = iter(self.loader)
        next(batches)
        start, n = time.perf_counter(), 0
        for batch in batches:
            n += batch.shape[0] * batch.shape[1]
            if time.perf_counter() - start >= seconds:
                break
        elapsed = time.perf_counter() - start
        del batches
        return n / elapsed


def prepare(name, make, skipped):
    try:
        return make()
    except ImportError as error:
        skipped[name] = str(error)
        return None


def summary(values):
    return {"median": statistics.median(values), "least": min(values), "most": max(values)}


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("contrawarp")
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--size", type=int, default=112, help="side of a view for augment")
    parser.add_argument("--loader-size", type=int, default=64, help="side of a view for the loader")
    parser.add_argument("--seconds", type=float, default=1.0, help="per measurement")
    parser.add_argument("--json", action="store_true")
    arguments = parser.parse_args()

    skipped = {}
    makers = {
        "opencv": lambda: OpenCV(arguments.size, False),
        "opencv-one-map": lambda: OpenCV(arguments.size, True),
        "dataloader": lambda: DataLoader(arguments.loader_size),
    }
    peers = {name: prepare(name, make, skipped) for name, make in makers.items()}
    measured = {"augment": lambda: ours(arguments, "augment", "images_per_second")}
    for name in ("opencv", "opencv-one-map"):
        if peers[name] is not None:
            measured[name] = lambda peer=peers[name]: peer.rate(arguments.seconds)
    measured["loader"] = lambda: ours(arguments, "loader", "views_per_second")
    if peers["dataloader"] is not None:
        measured["dataloader"] = lambda: peers["dataloader"].rate(2 * arguments.seconds)

    rates = {name: [] for name in measured}
    for _ in range(arguments.rounds):
        for name, measure in measured.items():
            rates[name].append(measure())

    result = {name: summary(values) for name, values in rates.items()}
    ratios = {}
    for name in peers:
        if name in result:
            mine = "loader" if name == "dataloader" else "augment"
            ratios[f"{mine} / {name}"] = result[mine]["median"] / result[name]["median"]
    if arguments.json:
        print(json.dumps({"rounds": arguments.rounds, "views_per_second": result, "ratios": ratios,
                          "skipped": skipped}, indent=2))
        return 0
    for name, s in result.items():
        print(f"{name:16} {s['median']:9.0f} views/s   ({s['least']:.0f} to {s['most']:.0f}, "
              f"{arguments.rounds} rounds)")
    for name, ratio in ratios.items():
        print(f"{name:24} {ratio:.1f} x")
    for name, reason in skipped.items():
        print(f"{name}: skipped: {reason}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
