#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Golden values of the objectives, from PyTorch's autograd in double precision.

Writes objectives.f32 beside this script: for objective in (simclr, byol), form in (none, hinge,
nce), K in (0, 1, 2), in this order: online [(2 + K) n, d], target [2 n, d], loss, base loss,
negative term, cos+, cos-, notices (NaN where there is none), gradient of the loss by online.
n = 5, d = 7, weight of the term 0.7, margin 0.3, both temperatures 0.2.
"""
import pathlib

import numpy as np
import torch
import torch.nn.functional as F

N, D = 5, 7
WEIGHT, MARGIN, TAU = 0.7, 0.3, 0.2
NAN = torch.tensor(float("nan"), dtype=torch.float64)


def simclr(views, target):
    """NT-Xent as a classification among the other 2n - 1 views; cosines of the projections."""
    z = F.normalize(torch.cat([views[0], views[1]]), dim=1)
    logits = z @ z.T / TAU
    logits.fill_diagonal_(float("-inf"))
    partner = torch.arange(2 * N).roll(N)
    base = F.cross_entropy(logits, partner)
    positive = F.cosine_similarity(views[0], views[1], dim=1)
    negatives = [F.cosine_similarity(views[0], v, dim=1) for v in views[2:]]
    return base, positive, negatives


def byol(views, target):
    """Mean of both directions of the squared distance on the unit sphere."""
    t0, t1 = target[:N], target[N:]

    def regression(q, t):
        return (F.normalize(q, dim=1) - F.normalize(t, dim=1)).square().sum(dim=1)

    base = 0.5 * (regression(views[0], t1) + regression(views[1], t0)).mean()
    positive = F.cosine_similarity(views[1], t0, dim=1)
    negatives = [F.cosine_similarity(v, t0, dim=1) for v in views[2:]]
    return base, positive, negatives


def negative_term(form, positive, negatives):
    negatives = torch.stack(negatives, dim=1)
    if form == "hinge":
        return F.relu(MARGIN + negatives - positive[:, None]).mean()
    logits = torch.cat([positive[:, None], negatives], dim=1) / TAU
    return F.cross_entropy(logits, torch.zeros(N, dtype=torch.long))


def main():
    rng = np.random.default_rng(20240607)
    out = []
    for objective in (simclr, byol):
        for form in ("none", "hinge", "nce"):
            for k in (0, 1, 2):
                rows = (2 + k) * N
                # Views of an image resemble each other; lengths differ.
                base = np.tile(rng.standard_normal((N, D)), (2 + k, 1))
                online = (base + 0.8 * rng.standard_normal((rows, D))) \
                    * rng.uniform(0.2, 3, (rows, 1))
                target = base[:2 * N] + 0.8 * rng.standard_normal((2 * N, D))
                online, target = online.astype(np.float32), target.astype(np.float32)

                x = torch.tensor(online, dtype=torch.float64, requires_grad=True)
                views = list(x.split(N))
                loss, positive, negatives = objective(
                    views, torch.tensor(target, dtype=torch.float64))
                base_loss, term, cosine, notices = loss, NAN, NAN, NAN
                if k > 0:
                    cosines = torch.stack(negatives, dim=1)
                    cosine = cosines.mean()
                    notices = (positive[:, None] > cosines).double().mean()
                    if form != "none":
                        term = negative_term(form, positive, negatives)
                        loss = loss + WEIGHT * term
                loss.backward()
                numbers = [v.item() for v in (loss, base_loss, term, positive.mean(), cosine,
                                              notices)]
                out += [online.ravel(), target.ravel(), np.float32(numbers),
                        x.grad.numpy().astype(np.float32).ravel()]
    np.concatenate(out).astype("<f4").tofile(pathlib.Path(__file__).with_suffix(".f32"))


main()
