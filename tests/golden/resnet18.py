#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""ResNet-18 as torchvision has it, on 4 pictures of 32 px: features, gradients and five steps of
AdamW and SGD, in double. Writes resnet18.bin beside itself, float32 in this order:

    features after a forward with batch statistics                     4 * 512
    loss                                                               1
    per parameter tensor, in torchvision's order: norm of its gradient,
        then up to 48 of its elements (sample)
    per optimizer: losses of five steps                                5
                   features 0, 16, 32 ... with the running statistics
                   after them                                          128

Weights and pictures are hashes of their index (hashed), so that both sides can make them. With
--check it also prints how far PyTorch's own float32 is from this.
"""
import math
import pathlib
import sys

import numpy as np
import torch
import torchvision

BATCH, SIZE, SAMPLES = 4, 32, 48


def hashed(stream, n):
    """n values in [-0.5, 0.5), exact in float32."""
    x = np.arange(n, dtype=np.uint32) * np.uint32(0x9E3779B1) + np.uint32(
        (stream * 0x85EBCA77 + 1) & 0xFFFFFFFF)
    x ^= x >> np.uint32(16)
    x *= np.uint32(0x7FEB352D)
    x ^= x >> np.uint32(15)
    x *= np.uint32(0x846CA68B)
    x ^= x >> np.uint32(16)
    return (x >> np.uint32(8)).astype(np.float32) * np.float32(2.0 ** -24) - np.float32(0.5)


def fill(net):
    """Every parameter of a residual net, from its number alone."""
    with torch.no_grad():
        for stream, p in enumerate(net.parameters()):
            u = hashed(stream, p.numel())
            if p.dim() == 4:
                # Uniform, with the variance of He's initialisation (fan out).
                fan_out = p.shape[0] * p.shape[2] * p.shape[3]
                values = u * np.float32(math.sqrt(24.0 / fan_out))
            elif stream % 3 == 1:
                values = np.float32(1) + np.float32(0.5) * u
            else:
                values = np.float32(0.5) * u
            p.copy_(torch.from_numpy(values).view(p.shape))


def make_net(dtype):
    net = torchvision.models.resnet18()
    net.fc = torch.nn.Identity()
    fill(net)
    return net.to(dtype).train()


def make_data(dtype):
    x = np.float32(4) * hashed(1000, BATCH * SIZE * SIZE * 3)
    x = torch.from_numpy(x).view(BATCH, SIZE, SIZE, 3).permute(0, 3, 1, 2)
    target = torch.from_numpy(np.float32(2) * hashed(1001, BATCH * 512)).view(BATCH, 512)
    return x.to(dtype).contiguous(), target.to(dtype)


def loss_of(features, target):
    return 0.5 * ((features - target) ** 2).sum() / BATCH


def sample(t):
    flat = t.detach().reshape(-1)
    stride = max(1, flat.numel() // SAMPLES)
    # Not the same tap of the kernels every time.
    stride += stride % 3 == 0
    return flat[::stride][:SAMPLES]


def trace(dtype):
    out, names = [], []
    net = make_net(dtype)
    x, target = make_data(dtype)
    features = net(x)
    loss = loss_of(features, target)
    loss.backward()
    out += [("features", features.detach().reshape(-1)), ("loss", loss.detach().reshape(-1))]
    for name, p in net.named_parameters():
        out.append(("norm " + name, p.grad.norm().reshape(-1)))
        out.append(("sample " + name, sample(p.grad)))

    # Small steps: norms over the four values of layer4 make float32 diverge from double otherwise.
    for optimizer in ("adamw", "sgd"):
        net = make_net(dtype)
        if optimizer == "adamw":
            step = torch.optim.AdamW(net.parameters(), lr=5e-6, betas=(0.9, 0.999), eps=1e-8,
                                     weight_decay=0.05)
        else:
            step = torch.optim.SGD(net.parameters(), lr=2e-7, momentum=0.9, weight_decay=1e-4)
        losses = []
        for _ in range(5):
            step.zero_grad()
            loss = loss_of(net(x), target)
            loss.backward()
            step.step()
            losses.append(float(loss))
        net.eval()
        with torch.no_grad():
            features = net(x).reshape(-1)[::16]
        out += [(optimizer + " losses", torch.tensor(losses)), (optimizer + " eval", features)]
    return out


def main():
    torch.set_num_threads(1)
    want = trace(torch.float64)
    data = np.concatenate([t.numpy().astype("<f4") for _, t in want])
    data.tofile(pathlib.Path(__file__).with_suffix(".bin"))
    print(len(data), "numbers")
    if "--check" in sys.argv:
        for (name, a), (_, b) in zip(want, trace(torch.float32)):
            error = float((a.double() - b.double()).norm() / a.double().norm())
            if not name.startswith("norm") and (error > 1e-5 or "sample" not in name):
                print(f"{name}: {error:.2g} {a[:5].tolist() if 'losses' in name else ''}")


if __name__ == "__main__":
    main()
