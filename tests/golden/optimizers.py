#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Golden values of the optimizers: five steps of PyTorch's in double precision.

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
CASES = [
    lambda groups: torch.optim.AdamW(groups, betas=(0.9, 0.99), eps=1e-6),
    lambda groups: torch.optim.SGD(groups, lr=1, momentum=0.8),
    lambda groups: torch.optim.SGD(groups, lr=1, momentum=0.8, nesterov=True),
]
DECAY = 0.1


def main():
    rng = np.random.default_rng(20240608)
    total = sum(SIZES.values())
    start = rng.standard_normal(total).astype(np.float32)
    grads = (rng.standard_normal((5, total)) * 0.3).astype(np.float32)
    out = [start, grads.ravel()]
    splits = np.cumsum(list(SIZES.values()))[:-1]
    for make in CASES:
        params = {name: torch.nn.Parameter(torch.tensor(part, dtype=torch.float64))
                  for name, part in zip(SIZES, np.split(start, splits))}
        optimizer = make([
            {"params": [p for n, p in params.items() if n in DECAYED], "weight_decay": DECAY},
            {"params": [p for n, p in params.items() if n not in DECAYED], "weight_decay": 0}])
        for rate, grad in zip(RATES, grads):
            for group in optimizer.param_groups:
                group["lr"] = rate
            for p, part in zip(params.values(), np.split(grad, splits)):
                p.grad = torch.tensor(part, dtype=torch.float64)
            optimizer.step()
            out.append(np.concatenate([p.detach().numpy() for p in params.values()]))
    np.concatenate(out).astype("<f4").tofile(pathlib.Path(__file__).with_suffix(".f32"))


main()
