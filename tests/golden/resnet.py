#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Narrow ResNet-34 and ResNet-50 made of torchvision's blocks: features, loss and gradients in double.
Writes resnet34.bin and resnet50.bin beside itself, float32 in this order:

    features after a forward with batch statistics                     4 * dim
    loss                                                               1
    per parameter tensor, in torchvision's order: norm of its gradient,
        then up to 48 of its elements (sample)
    features with the running statistics after that forward            4 * dim

ResNet-34 has torchvision's stem and pictures of 40 px, ResNet-50 the stem for small pictures (3x3, no
pooling) and 20 px. Weights and pictures are hashes of their index, as in resnet18.py. With --check it
also prints how far PyTorch's own float32 is from this.
"""
import pathlib
import sys

import numpy as np
import torch
from torchvision.models import resnet

from resnet18 import BATCH, fill, hashed, loss_of, sample

LAYERS = [3, 4, 6, 3]
NETS = {
    "resnet34": (resnet.BasicBlock, 16, "imagenet", 40),
    "resnet50": (resnet.Bottleneck, 8, "small", 20),
}


def make_net(block, width, stem, dtype):
    net = resnet.ResNet(block, LAYERS)
    net.inplanes = width
    if stem == "small":
        net.conv1 = torch.nn.Conv2d(3, width, 3, stride=1, padding=1, bias=False)
        net.maxpool = torch.nn.Identity()
    else:
        net.conv1 = torch.nn.Conv2d(3, width, 7, stride=2, padding=3, bias=False)
    net.bn1 = torch.nn.BatchNorm2d(width)
    for stage, n in enumerate(LAYERS):
        layer = net._make_layer(block, width << stage, n, stride=1 if stage == 0 else 2)
        setattr(net, f"layer{stage + 1}", layer)
    net.fc = torch.nn.Identity()
    fill(net)
    return net.to(dtype).train()


def trace(name, dtype):
    block, width, stem, size = NETS[name]
    net = make_net(block, width, stem, dtype)
    dim = 8 * width * block.expansion
    x = torch.from_numpy(np.float32(4) * hashed(1000, BATCH * size * size * 3))
    x = x.view(BATCH, size, size, 3).permute(0, 3, 1, 2).to(dtype).contiguous()
    target = torch.from_numpy(np.float32(2) * hashed(1001, BATCH * dim)).view(BATCH, dim).to(dtype)
    features = net(x)
    loss = loss_of(features, target)
    loss.backward()
    out = [("features", features.detach().reshape(-1)), ("loss", loss.detach().reshape(-1))]
    for parameter, p in net.named_parameters():
        out.append(("norm " + parameter, p.grad.norm().reshape(-1)))
        out.append(("sample " + parameter, sample(p.grad)))
    net.eval()
    with torch.no_grad():
        out.append(("eval", net(x).reshape(-1)))
    return out


def main():
    torch.set_num_threads(1)
    for name in NETS:
        want = trace(name, torch.float64)
        data = np.concatenate([t.numpy().astype("<f4") for _, t in want])
        data.tofile(pathlib.Path(__file__).with_name(name + ".bin"))
        print(name, len(data), "numbers")
        if "--check" in sys.argv:
            for (what, a), (_, b) in zip(want, trace(name, torch.float32)):
                error = float((a.double() - b.double()).norm() / a.double().norm())
                if not what.startswith("norm") and (error > 3e-5 or "sample" not in what):
                    print(f"{what}: {error:.2g}")


main()
