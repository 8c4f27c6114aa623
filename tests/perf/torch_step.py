#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""The PyTorch side of step_peers.py: one configuration in a process of its own.

    torch_step.py '{"mode": "byol", "encoder": "resnet18", "size": 64, "batch": 64, "threads": 2,
                    "channels_last": true, "adamw": "fused", "workers": 1}'

Builds and warms up, prints a line with what it is, and then answers each line read from standard
input, "STEPS UNTIMED": UNTIMED steps, then STEPS steps by the clock; prints their seconds. At the
end of the input it prints its peak memory. All lines are JSON objects.
"""
import json
import os
import resource
import sys
import time

import numpy as np
import torch
import torch.nn.functional as F
import torchvision

import torch_views

CLASSES = 8
TEMPERATURE, NEGATIVE_TAU, MOMENTUM = 0.2, 0.2, 0.99


def make_encoder(name):
    net = getattr(torchvision.models, name)()
    dim = net.fc.in_features
    net.fc = torch.nn.Identity()
    return net, dim


def make_head(n_in, hidden, n_out):
    return torch.nn.Sequential(torch.nn.Linear(n_in, hidden), torch.nn.BatchNorm1d(hidden),
                               torch.nn.ReLU(inplace=True), torch.nn.Linear(hidden, n_out))


def make_adamw(parameters, kind):
    """Weight decay leaves norms and biases alone, as in Contrawarp."""
    parameters = list(parameters)
    groups = [{"params": [p for p in parameters if p.dim() > 1], "weight_decay": 0.05},
              {"params": [p for p in parameters if p.dim() <= 1], "weight_decay": 0.0}]
    return torch.optim.AdamW(groups, lr=1e-3, **{kind: True} if kind != "plain" else {})


def negative_term(positive, negative):
    """InfoNCE with one warp negative of the same image, by cosines."""
    return F.softplus((negative - positive) / NEGATIVE_TAU).mean()


def simclr_loss(z, n):
    u = F.normalize(z)
    logits = u[:2 * n] @ u[:2 * n].t() / TEMPERATURE
    logits.fill_diagonal_(float("-inf"))
    partner = torch.arange(2 * n).roll(n)
    anchor = u[:n]
    return F.cross_entropy(logits, partner) + negative_term((anchor * u[n:2 * n]).sum(1),
                                                            (anchor * u[2 * n:]).sum(1))


def byol_loss(q, t, n):
    u, t = F.normalize(q), F.normalize(t)
    base = 2 - (u[:n] * t[n:]).sum(1).mean() - (u[n:2 * n] * t[:n]).sum(1).mean()
    return base + negative_term((u[n:2 * n] * t[:n]).sum(1), (u[2 * n:] * t[:n]).sum(1))


class Plain:
    """Forward, and with mode "supervised" cross-entropy, backward and AdamW, on one batch."""

    def __init__(self, config):
        self.train = config["mode"] == "supervised"
        net, dim = make_encoder(config["encoder"])
        net.fc = torch.nn.Linear(dim, CLASSES)
        x = torch.randn(config["batch"], 3, config["size"], config["size"])
        self.labels = torch.arange(config["batch"]) % CLASSES
        if config["channels_last"]:
            net = net.to(memory_format=torch.channels_last)
            x = x.contiguous(memory_format=torch.channels_last)
        self.net, self.x = net.train(self.train), x
        self.optimizer = make_adamw(net.parameters(), config["adamw"]) if self.train else None

    def step(self):
        if not self.train:
            with torch.inference_mode():
                self.net(self.x)
            return
        self.optimizer.zero_grad(set_to_none=True)
        F.cross_entropy(self.net(self.x), self.labels).backward()
        self.optimizer.step()


class Full:
    """Views on the fly; two views and one warp negative of each image through the encoder as one
    batch; objective, backward, AdamW; with mode "byol" the target network and its update."""

    def __init__(self, config):
        self.byol, self.n = config["mode"] == "byol", config["batch"]
        self.format = torch.channels_last if config["channels_last"] else torch.contiguous_format
        self.loader = torch_views.make_loader(config["size"], config["batch"], config["workers"])
        self.batches = iter(self.loader)
        encoder, dim = make_encoder(config["encoder"])
        self.online = torch.nn.Sequential(encoder, make_head(dim, 512, 128))
        self.target = None
        if self.byol:
            encoder, _ = make_encoder(config["encoder"])
            self.target = torch.nn.Sequential(encoder, make_head(dim, 512, 128))
            self.target.load_state_dict(self.online.state_dict())
            self.target.requires_grad_(False).to(memory_format=self.format)
            self.moving = (list(self.target.parameters()), list(self.online.parameters()))
            self.online.append(make_head(128, 512, 128))
        self.online.to(memory_format=self.format)
        self.optimizer = make_adamw(self.online.parameters(), config["adamw"])

    def next_batch(self):
        try:
            return next(self.batches)
        except StopIteration:
            self.batches = iter(self.loader)
            return next(self.batches)

    def step(self):
        x = self.next_batch().contiguous(memory_format=self.format)
        self.optimizer.zero_grad(set_to_none=True)
        z = self.online(x)
        if self.byol:
            with torch.no_grad():
                t = self.target(x[:2 * self.n])
            loss = byol_loss(z, t, self.n)
        else:
            loss = simclr_loss(z, self.n)
        loss.backward()
        self.optimizer.step()
        if self.byol:
            with torch.no_grad():
                torch._foreach_mul_(self.moving[0], MOMENTUM)
                torch._foreach_add_(self.moving[0], self.moving[1], alpha=1 - MOMENTUM)


class Gemm:
    """A product of two squares of 2048, by torch and by NumPy: the machine's peak."""

    def __init__(self, config):
        self.numpy = config["by"] == "numpy"
        self.a = torch.randn(2048, 2048)
        self.b, self.out = torch.randn(2048, 2048), torch.empty(2048, 2048)

    def step(self):
        if self.numpy:
            np.matmul(self.a.numpy(), self.b.numpy(), out=self.out.numpy())
        else:
            torch.matmul(self.a, self.b, out=self.out)


def own_bytes(pid):
    """What only this process has in memory: pages shared with its parent are counted there."""
    with open(f"/proc/{pid}/smaps_rollup", encoding="ascii") as lines:
        return 1024 * sum(int(line.split()[1]) for line in lines if line.startswith("Private_"))


def count_flop(config):
    """Floating point operations of one image's forward pass, convolutions counted as direct."""
    net, dim = make_encoder(config["encoder"])
    total = [2 * dim * CLASSES]

    def hook(module, inputs, output):
        total[0] += 2 * output[0].numel() * module.weight[0].numel()

    for module in net.modules():
        if isinstance(module, torch.nn.Conv2d):
            module.register_forward_hook(hook)
    with torch.no_grad():
        net.eval()(torch.zeros(1, 3, config["size"], config["size"]))
    return total[0]


def say(**values):
    print(json.dumps(values), flush=True)


def main():
    config = json.loads(sys.argv[1])
    torch.manual_seed(1)
    torch.set_num_threads(config["threads"])
    bare = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    flop = count_flop(config) if config.get("flop") else None
    kind = {"gemm": Gemm, "supervised": Plain, "infer": Plain}.get(config["mode"], Full)
    work = kind(config)
    for _ in range(2):
        work.step()
    say(torch=torch.__version__, torchvision=torchvision.__version__, numpy=np.__version__,
        flop=flop, threads=torch.get_num_threads())
    workers = 0
    for line in sys.stdin:
        steps, untimed = map(int, line.split())
        for _ in range(untimed):
            work.step()
        start = time.perf_counter()
        for _ in range(steps):
            work.step()
        seconds = time.perf_counter() - start
        children = [w.pid for w in getattr(getattr(work, "batches", None), "_workers", [])]
        workers = max(workers, sum(own_bytes(pid) for pid in children))
        say(seconds=seconds)
    own = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    say(peak_rss_bytes=own + workers, own_bytes=own, worker_bytes=workers, import_bytes=bare)
    sys.stdout.flush()
    os._exit(0)


main()
