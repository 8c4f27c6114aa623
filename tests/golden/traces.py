#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Traces of 100 training steps in PyTorch, in double: narrow ResNet-18s with projector (and
predictor and target network), 2 views and 1 warp negative of each of 8 images through the encoder
as one batch. Writes traces.bin beside itself; float32, for each case of CASES, in this order:

    losses of 100 steps                                               100
    per parameter of the online net, sorted by name: norm of its
        gradient at step 1, then 32 sums of its elements with signs
        + and - (sketch)                                              33 each

The sums stand for the whole gradient: the mean of the squared differences of two gradients' sums is,
but for chance, the squared norm of their difference. Weights, pictures and signs are hashes of
their index (hashed in resnet18.py), so that both sides can make them. With --check it also prints
how far PyTorch's own float32 is from this.
"""
import math
import pathlib
import sys

import numpy as np
import torch
import torch.nn.functional as F
from torch import nn
from torchvision.models.resnet import BasicBlock

from resnet18 import hashed

STEPS, BATCH, PER_EPOCH, SKETCH = 100, 8, 10, 32
WARMUP, MOMENTUM, TAU = 10, 0.99, 0.5
# objective, optimizer, learning rate, stem, side, width.
#
# At the default rates such a trace cannot be compared: with 8 images a step PyTorch's own float32
# is 5 % (AdamW) and 17 % (SGD) from its double within 20 steps. So the rates and temperatures are
# gentle, and the last norm of each block begins small. The weights still move the loss by 20 to 100
# times the tolerance within the steps that are checked.
CASES = [
    ("byol", "adamw", 5e-5, "imagenet", 64, 16),
    ("byol", "sgd", 1e-5, "imagenet", 64, 16),
    ("simclr", "adamw", 5e-5, "imagenet", 64, 16),
    ("simclr", "sgd", 1e-5, "imagenet", 64, 16),
    ("byol", "sgd", 1e-5, "small", 16, 8),
    ("simclr", "adamw", 5e-5, "small", 32, 8),
]


def fnv(name):
    h = 2166136261
    for byte in name.encode():
        h = (h ^ byte) * 16777619 & 0xFFFFFFFF
    return h


def coarse(stream, n):
    """hashed() with 16 bits, so that sums of a few are exact in float32."""
    return np.floor(hashed(stream, n) * np.float32(65536)) / np.float32(65536)


class Encoder(nn.Module):
    """torchvision's ResNet-18 with another width, and with a 3x3 stem if asked."""

    def __init__(self, stem, width):
        super().__init__()
        small = stem == "small"
        self.conv1 = nn.Conv2d(3, width, *((3, 1, 1) if small else (7, 2, 3)), bias=False)
        self.bn1 = nn.BatchNorm2d(width)
        self.pool = nn.Identity() if small else nn.MaxPool2d(3, 2, 1)
        c = width
        for stage in range(4):
            k, stride, blocks = width << stage, 1 if stage == 0 else 2, []
            for block in range(2):
                down = None
                if block == 0 and stage > 0:
                    down = nn.Sequential(nn.Conv2d(c, k, 1, 2, bias=False), nn.BatchNorm2d(k))
                blocks.append(BasicBlock(c, k, stride if block == 0 else 1, down))
                c = k
            setattr(self, f"layer{stage + 1}", nn.Sequential(*blocks))

    def forward(self, x):
        x = self.pool(F.relu(self.bn1(self.conv1(x))))
        for stage in range(4):
            x = getattr(self, f"layer{stage + 1}")(x)
        return x.mean((2, 3))


def head(n_in, hidden, n_out):
    return nn.Sequential(nn.Linear(n_in, hidden), nn.BatchNorm1d(hidden), nn.ReLU(),
                         nn.Linear(hidden, n_out))


class Branch(nn.Module):
    def __init__(self, stem, width, predictor):
        super().__init__()
        self.encoder = Encoder(stem, width)
        self.projector = head(8 * width, 64, 32)
        if predictor:
            self.predictor = head(32, 48, 32)

    def forward(self, x):
        z = self.projector(self.encoder(x))
        return self.predictor(z) if hasattr(self, "predictor") else z

    def named(self):
        """Parameters by Contrawarp's names."""
        return {name.removeprefix("encoder."): p for name, p in self.named_parameters()}


def initial(name, p):
    u = hashed(fnv(name), p.numel())
    if p.dim() == 4:
        return u * np.float32(math.sqrt(24.0 / (p.shape[0] * p.shape[2] * p.shape[3])))
    if p.dim() == 2:
        return u * np.float32(2 / math.sqrt(p.shape[1]))
    values = np.float32(1 if name.endswith(".weight") else 0) + np.float32(0.5) * u
    return values * np.float32(0.125) if name.endswith(".bn2.weight") else values


def make_branch(dtype, stem, width, predictor):
    branch = Branch(stem, width, predictor)
    with torch.no_grad():
        for name, p in branch.named().items():
            p.copy_(torch.from_numpy(initial(name, p)).view(p.shape))
    return branch.to(dtype).train()


def blocks(stream, side):
    """[side, side, 3]: 4 x 4 squares of one colour each."""
    colours = coarse(stream, 48).reshape(4, 4, 3)
    return colours.repeat(side // 4, 0).repeat(side // 4, 1)


def make_pixels(step, side):
    """[3n, 3, side, side]: each view is its image, which comes again each epoch, blocks of its own
    and some noise."""
    views = []
    for view in range(3):
        for i in range(BATCH):
            own = (step * 3 + view) * BATCH + i
            views.append(np.float32(2) * blocks(10000 + step % PER_EPOCH * BATCH + i, side)
                         + blocks(20000 + own, side)
                         + np.float32(0.5) * coarse(30000 + own, side * side * 3)
                         .reshape(side, side, 3))
    return torch.from_numpy(np.stack(views)).permute(0, 3, 1, 2).contiguous()


def loss_of(objective, z, target):
    n = BATCH
    u = F.normalize(z)
    if objective == "byol":
        t = F.normalize(target)
        base = 2 - (u[:n] * t[n:]).sum(1).mean() - (u[n:2 * n] * t[:n]).sum(1).mean()
        positive, negative = (u[n:2 * n] * t[:n]).sum(1), (u[2 * n:] * t[:n]).sum(1)
    else:
        logits = u[:2 * n] @ u[:2 * n].T / TAU
        logits = logits.masked_fill(torch.eye(2 * n, dtype=torch.bool), float("-inf"))
        base = F.cross_entropy(logits, torch.arange(2 * n).roll(n))
        positive, negative = (u[:n] * u[n:2 * n]).sum(1), (u[:n] * u[2 * n:]).sum(1)
    return base + F.softplus((negative - positive) / TAU).mean()


def learning_rate(step):
    if step < WARMUP:
        return (step + 1) / (WARMUP + 1)
    return 0.5 * (1 + math.cos(math.pi * (step - WARMUP) / (STEPS - WARMUP)))


def make_optimizer(kind, params):
    params = list(params)
    decay = 0.05 if kind == "adamw" else 1e-4
    groups = [{"params": [p for p in params if p.dim() > 1], "weight_decay": decay},
              {"params": [p for p in params if p.dim() <= 1], "weight_decay": 0}]
    if kind == "adamw":
        return torch.optim.AdamW(groups, betas=(0.9, 0.999), eps=1e-8)
    return torch.optim.SGD(groups, lr=1, momentum=0.9)


def sketch(name, gradient):
    flat = gradient.detach().double().reshape(-1).numpy()
    signs = np.sign(hashed(fnv(name) ^ 0x5A5A5A5A, SKETCH * flat.size) + 2.0 ** -25)
    return [np.linalg.norm(flat), *(signs.reshape(SKETCH, -1) @ flat)]


def trace(dtype, objective, optimizer, rate, stem, side, width):
    byol = objective == "byol"
    online = make_branch(dtype, stem, width, byol)
    target = make_branch(dtype, stem, width, False).requires_grad_(False) if byol else None
    stepper = make_optimizer(optimizer, online.parameters())
    losses, gradients = [], []
    for step in range(STEPS):
        for group in stepper.param_groups:
            group["lr"] = rate * learning_rate(step)
        x = make_pixels(step, side).to(dtype)
        stepper.zero_grad()
        loss = loss_of(objective, online(x), target(x[:2 * BATCH]) if byol else None)
        loss.backward()
        if step == 0:
            for name, p in sorted(online.named().items()):
                gradients += sketch(name, p.grad)
        stepper.step()
        if byol:
            m = 1 - (1 - MOMENTUM) * (math.cos(math.pi * step / STEPS) + 1) / 2
            for name, p in target.named().items():
                p.mul_(m).add_(online.named()[name].detach(), alpha=1 - m)
        losses.append(loss.item())
    return np.array(losses), np.array(gradients)


def check(case, losses, gradients):
    own_losses, own_gradients = trace(torch.float32, *case)
    still, _ = trace(torch.float32, *case[:2], 0, *case[3:])
    off, moved = np.abs(own_losses / losses - 1), np.abs(still / losses - 1)
    print(case, "losses", losses[[0, 19, 49, 99]].round(4))
    print("  without any steps they would differ by", moved[[5, 10, 19, 49, 99]].round(5))
    print("  float32 is off by at most", *(f"{off[a:b].max():.1e} in steps {a + 1}-{b}"
                                           for a, b in ((0, 20), (20, 50), (50, 100))), sep="  ")
    a, b = gradients.reshape(-1, 1 + SKETCH), own_gradients.reshape(-1, 1 + SKETCH)
    error = np.sqrt(((a - b)[:, 1:] ** 2).mean(1)) / (a[:, 0] + 1e-30)
    print("  gradients, by parameter:", np.sort(error)[-6:])


def main():
    torch.set_num_threads(1)
    out = []
    for case in CASES:
        losses, gradients = trace(torch.float64, *case)
        out += [losses, gradients]
        if "--check" in sys.argv:
            check(case, losses, gradients)
    data = np.concatenate(out).astype("<f4")
    data.tofile(pathlib.Path(__file__).with_suffix(".bin"))
    print(len(data), "numbers")


if __name__ == "__main__":
    main()
