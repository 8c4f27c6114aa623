#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Golden values of the objectives, from PyTorch's autograd in double precision.

Writes objectives.f32 beside this script. First what all cases are given, for n = 5, d = 7: online
[4 n, d], target [4 n, d], queue [6, d] (unit rows), labels [n]. A case with K warp negatives has the
first (2 + K) n rows. Then for every case of cases() loss, base loss, negative term, cos+, cos-, notices (NaN
where there is none) and the gradient of the loss by online [(2 + K) n, d].

Weight of the term 0.7, margin 0.3, all temperatures 0.2, smoothing 0.1; else the defaults of the papers:
VICReg 25, 25, 1; Barlow Twins lambda 0.0051, scale 0.024.
"""
import pathlib

import numpy as np
import torch
import torch.nn.functional as F

N, D, Q = 5, 7, 6
WEIGHT, MARGIN, TAU, SMOOTHING = 0.7, 0.3, 0.2, 0.1
NAN = torch.tensor(float("nan"), dtype=torch.float64)
LABELS = [2, -1, 0, 6, 2]


def simclr(views, target, queue):
    """NT-Xent as a classification among the other 2n - 1 views."""
    z = F.normalize(torch.cat([views[0], views[1]]), dim=1)
    logits = z @ z.T / TAU
    logits.fill_diagonal_(float("-inf"))
    partner = torch.arange(2 * N).roll(N)
    return F.cross_entropy(logits, partner)


def simclr_own(views, target, queue):
    """The same on the first half of the dimensions; the second is the negatives'."""
    return simclr([v[:, :D // 2] for v in views], target, queue)


def byol(views, target, queue):
    """Mean of both directions of the squared distance on the unit sphere."""
    def regression(q, t):
        return (F.normalize(q, dim=1) - F.normalize(t, dim=1)).square().sum(dim=1)

    return 0.5 * (regression(views[0], target[1]) + regression(views[1], target[0])).mean()


def byol_own(views, target, queue):
    return byol([v[:, :D // 2] for v in views], [t[:, :D // 2] for t in target], queue)


def moco(views, target, queue):
    """MoCo's algorithm 1, both ways."""
    def one_way(q, k):
        q, k = F.normalize(q, dim=1), F.normalize(k, dim=1)
        positive = torch.einsum("nc,nc->n", [q, k]).unsqueeze(-1)
        negative = torch.einsum("nc,ck->nk", [q, queue.T])
        logits = torch.cat([positive, negative], dim=1) / TAU
        return F.cross_entropy(logits, torch.zeros(N, dtype=torch.long))

    return (one_way(views[0], target[1]) + one_way(views[1], target[0])) / 2


def simsiam(views, target, queue):
    """SimSiam's algorithm 1, with z given."""
    def distance(p, z):
        return -(F.normalize(p, dim=1) * F.normalize(z, dim=1)).sum(dim=1).mean()

    return distance(views[0], target[1]) / 2 + distance(views[1], target[0]) / 2


def vicreg(views, target, queue):
    """As main_vicreg.py of its authors."""
    x, y = views[0], views[1]
    invariance = F.mse_loss(x, y)
    x, y = x - x.mean(dim=0), y - y.mean(dim=0)
    std_x, std_y = torch.sqrt(x.var(dim=0) + 0.0001), torch.sqrt(y.var(dim=0) + 0.0001)
    variance = F.relu(1 - std_x).mean() / 2 + F.relu(1 - std_y).mean() / 2
    off = ~torch.eye(D, dtype=torch.bool)
    covariance = sum((torch.cov(z.T)[off] ** 2).sum() / D for z in (x, y))
    return 25 * invariance + 25 * variance + 1 * covariance


def barlow_twins(views, target, queue):
    """As main.py of its authors, with BatchNorm1d (affine=False)."""
    norm = torch.nn.BatchNorm1d(D, affine=False).double()
    c = norm(views[0]).T @ norm(views[1]) / N
    on = (torch.diagonal(c) - 1).pow(2).sum()
    off = c[~torch.eye(D, dtype=torch.bool)].pow(2).sum()
    return 0.024 * (on + 0.0051 * off)


def supervised(views, target, queue):
    labels = torch.tensor(LABELS + LABELS)
    return F.cross_entropy(torch.cat([views[0], views[1]]), labels, ignore_index=-1,
                           label_smoothing=SMOOTHING)


def triples(branch, views, target):
    """Anchor, positive, warped views."""
    if branch == "own":
        return triples(None, [v[:, D // 2:] for v in views], target)
    if branch == "own both":
        return triples("both", [v[:, D // 2:] for v in views], [t[:, D // 2:] for t in target])
    inside = (views[0], views[1], views[2:])
    online = (target[0], views[1], views[2:])
    to_target = (views[0], target[1], target[2:])
    return {None: [inside], "online": [online], "target": [to_target],
            "both": [online, to_target]}[branch]


def negative_term(form, pick, anchor, positive, negatives):
    anchor, positive = F.normalize(anchor, dim=1), F.normalize(positive, dim=1)
    cos_positive = (anchor * positive).sum(dim=1, keepdim=True)
    cosines = torch.stack([(anchor * F.normalize(v, dim=1)).sum(dim=1) for v in negatives], dim=1)
    if pick == "hardest":
        cosines = cosines.max(dim=1, keepdim=True).values
    if form == "hinge":
        return F.relu(cosines - (1 - MARGIN)).mean()
    if form == "triplet":
        return F.relu(MARGIN + cosines - cos_positive).mean()
    if form == "nce":
        logits = torch.cat([cos_positive, cosines], dim=1) / TAU
        return F.cross_entropy(logits, torch.zeros(N, dtype=torch.long))
    logits = torch.cat([anchor @ positive.T, cosines], dim=1) / TAU
    return F.cross_entropy(logits, torch.arange(N))


def cases():
    """Objective, form, branch, pick, K."""
    with_target = (byol, moco, simsiam)
    for objective in (simclr, byol, moco, simsiam, vicreg, barlow_twins):
        branches = ("online", "target", "both") if objective in with_target else (None,)
        for k in (0, 1, 2):
            yield objective, "none", branches[0], "all", k
        for form in ("hinge", "triplet", "nce", "nce-batch"):
            for branch in branches:
                for pick, k in (("all", 1), ("all", 2), ("hardest", 2)):
                    yield objective, form, branch, pick, k
    yield supervised, "none", None, "all", 0
    for form in ("triplet", "nce", "nce-batch"):
        yield simclr_own, form, "own", "all", 2
        yield byol_own, form, "own both", "all", 2


def cosine_of(a, b):
    return F.cosine_similarity(a, b, dim=1)


def evaluate(online, target, queue, objective, form, branch, pick, k):
    x = torch.tensor(online[:(2 + k) * N], dtype=torch.float64, requires_grad=True)
    views = list(x.split(N))
    targets = list(torch.tensor(target[:(2 + k) * N], dtype=torch.float64).split(N))
    base = objective(views, targets, torch.tensor(queue, dtype=torch.float64))
    loss, term, cosine, notices = base, NAN, NAN, NAN
    comparisons = triples(branch, views, targets)
    positive = torch.stack([cosine_of(a, p) for a, p, _ in comparisons])
    if k > 0:
        cosines = torch.stack([torch.stack([cosine_of(a, v) for v in w]) for a, _, w in comparisons])
        cosine = cosines.mean()
        notices = (positive[:, None] > cosines).double().mean()
        if form != "none":
            term = sum(negative_term(form, pick, *c) for c in comparisons) / len(comparisons)
            loss = base + WEIGHT * term
    loss.backward()
    numbers = [v.item() for v in (loss, base, term, positive.mean(), cosine, notices)]
    return [np.float32(numbers), x.grad.numpy().astype(np.float32).ravel()]


def main():
    rng = np.random.default_rng(20240607)
    # Views of an image resemble each other; lengths differ.
    faces = np.tile(rng.standard_normal((N, D)), (4, 1))
    online, target = ((faces + 0.8 * rng.standard_normal((4 * N, D)))
                      * rng.uniform(0.2, 3, (4 * N, 1)) for _ in range(2))
    queue = rng.standard_normal((Q, D))
    queue /= np.linalg.norm(queue, axis=1, keepdims=True)
    online, target, queue = (x.astype(np.float32) for x in (online, target, queue))
    out = [online.ravel(), target.ravel(), queue.ravel(), np.float32(LABELS)]
    for case in cases():
        out += evaluate(online, target, queue, *case)
    np.concatenate(out).astype("<f4").tofile(pathlib.Path(__file__).with_suffix(".f32"))


main()
