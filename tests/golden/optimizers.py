#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Golden values of the optimizers: five steps of PyTorch's, and of LARS as BYOL's and Barlow Twins'
code has it, in double precision.

Writes optimizers.f32 beside this script. The net has conv.weight (108), conv.bias (4), norm.weight
(4), norm.bias (4), fc.weight (12), fc.bias (3), taken as flat vectors in this order. Contents:
start, five gradients, then for each case of CASES the weights after each of its five steps.
"""
import pathlib

import numpy as np
import torch

SIZES = {"conv.weight": 108, "conv.bias": 4, "norm.weight": 4, "norm.bias": 4, "fc.weight": 12,
         "fc.bias": 3}
DECAYED = {"conv.weight", "fc.weight"}
RATES = [0.01, 0.02, 0.03, 0.02, 0.005]


class Lars(torch.optim.Optimizer):
    """Parameters of one dimension are neither decayed nor adapted, unless their group decays."""

    def __init__(self, groups, trust, momentum):
        super().__init__(groups, {"trust": trust, "momentum": momentum})

    @torch.no_grad()
    def step(self):
        for group in self.param_groups:
            for p in group["params"]:
                d = p.grad.add(p, alpha=group["weight_decay"])
                if group["adapt"]:
                    length = torch.norm(d)
                    one = torch.ones_like(length)
                    weight = torch.norm(p)
                    d = d.mul(torch.where(weight > 0, torch.where(
                        length > 0, group["trust"] * weight / length, one), one))
                state = self.state[p]
                if "mu" not in state:
                    state["mu"] = torch.zeros_like(p)
                state["mu"].mul_(group["momentum"]).add_(d)
                p.add_(state["mu"], alpha=-group["lr"])


# Optimizer, and whether norms and biases are decayed too.
CASES = [
    (lambda groups: torch.optim.AdamW(groups, betas=(0.9, 0.99), eps=1e-6), False),
    (lambda groups: torch.optim.SGD(groups, lr=1, momentum=0.8), False),
    (lambda groups: torch.optim.SGD(groups, lr=1, momentum=0.8, nesterov=True), False),
    (lambda groups: Lars(groups, trust=0.02, momentum=0.8), False),
    (lambda groups: torch.optim.AdamW(groups, betas=(0.9, 0.99), eps=1e-6), True),
    (lambda groups: torch.optim.SGD(groups, lr=1, momentum=0.8), True),
    (lambda groups: Lars(groups, trust=0.02, momentum=0.8), True),
]
DECAY = 0.1


def main():
    rng = np.random.default_rng(20240608)
    total = sum(SIZES.values())
    start = rng.standard_normal(total).astype(np.float32)
    grads = (rng.standard_normal((5, total)) * 0.3).astype(np.float32)
    out = [start, grads.ravel()]
    splits = np.cumsum(list(SIZES.values()))[:-1]
    for make, decay_norms in CASES:
        params = {name: torch.nn.Parameter(torch.tensor(part, dtype=torch.float64))
                  for name, part in zip(SIZES, np.split(start, splits))}
        optimizer = make([
            {"params": [p for n, p in params.items() if n in DECAYED], "weight_decay": DECAY,
             "adapt": True},
            {"params": [p for n, p in params.items() if n not in DECAYED],
             "weight_decay": DECAY if decay_norms else 0, "adapt": False}])
        for rate, grad in zip(RATES, grads):
            for group in optimizer.param_groups:
                group["lr"] = rate
            for p, part in zip(params.values(), np.split(grad, splits)):
                p.grad = torch.tensor(part, dtype=torch.float64)
            optimizer.step()
            out.append(np.concatenate([p.detach().numpy() for p in params.values()]))
    np.concatenate(out).astype("<f4").tofile(pathlib.Path(__file__).with_suffix(".f32"))


main()
