#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Weights both ways between torchvision and us: what torchvision has, written as safetensors by a few
lines, gives the same features here; what we export loads there with strict=True, the classifier apart.

Argument: the program contrawarp. Needs torch, torchvision and its Pillow, not the safetensors package;
skips (77) where they are not there.
"""
import json
import os
import struct
import subprocess
import sys
import tempfile

try:
    import numpy as np
    import torch
    import torchvision
    from PIL import Image
except ImportError as error:
    print(f"skipped: {error}")
    sys.exit(77)

# Float32 in another order of summation; features are of the order of 1.
TOLERANCE = 1e-4
SIZE = 224
MEAN, STD = [0.485, 0.456, 0.406], [0.229, 0.224, 0.225]
DTYPES = {"F32": np.dtype("<f4"), "I64": np.dtype("<i8")}
NAMES = {dtype: name for name, dtype in DTYPES.items()}


def save_safetensors(tensors, path):
    header, data = {}, b""
    for name, tensor in tensors.items():
        values = tensor.detach().numpy()
        values = values.astype(values.dtype.newbyteorder("<"), order="C")
        begin, data = len(data), data + values.tobytes()
        header[name] = {"dtype": NAMES[values.dtype], "shape": list(values.shape),
                        "data_offsets": [begin, len(data)]}
    text = json.dumps(header).encode()
    with open(path, "wb") as file:
        file.write(struct.pack("<Q", len(text)) + text + data)


def load_safetensors(path):
    with open(path, "rb") as file:
        data = file.read()
    (size,) = struct.unpack("<Q", data[:8])
    header = json.loads(data[8:8 + size])
    header.pop("__metadata__")
    tensors = {}
    for name, entry in header.items():
        begin, end = entry["data_offsets"]
        values = np.frombuffer(data[8 + size + begin:8 + size + end], DTYPES[entry["dtype"]])
        tensors[name] = torch.from_numpy(values.reshape(entry["shape"]).copy())
    return tensors


def make_model(name):
    torch.manual_seed(3)
    model = getattr(torchvision.models, name)()
    # Statistics as after training: means that are not 0, variances that are not 1.
    for module in model.modules():
        if isinstance(module, torch.nn.BatchNorm2d):
            module.running_mean.uniform_(-0.2, 0.2)
            module.running_var.uniform_(0.5, 2)
            module.num_batches_tracked.fill_(1000)
    return model.eval()


def make_pictures(folder):
    rng = np.random.default_rng(5)
    pictures = rng.integers(0, 256, (3, SIZE, SIZE, 3), dtype=np.uint8)
    os.mkdir(folder)
    for i, picture in enumerate(pictures):
        Image.fromarray(picture).save(os.path.join(folder, f"{i}.png"))
    x = (torch.from_numpy(pictures).float() / 255 - torch.tensor(MEAN)) / torch.tensor(STD)
    return x.permute(0, 3, 1, 2).contiguous()


def check(program, name, x, folder):
    model = make_model(name)
    theirs, ours = os.path.join(folder, "theirs.safetensors"), os.path.join(folder, "ours.safetensors")
    save_safetensors(model.state_dict(), theirs)

    subprocess.run([program, "embed", "--no-cache", "--model", theirs, os.path.join(folder, "pictures"), "-o",
                    os.path.join(folder, "e.npy")], check=True, stdout=subprocess.DEVNULL)
    features = np.load(os.path.join(folder, "e.npy"))
    model.fc = torch.nn.Identity()
    with torch.no_grad():
        want = model(x).numpy()
    off = np.abs(want - features).max()
    print(f"{name}: features up to {np.abs(want).max():.3g}, off by {off:.3g}")
    assert off <= TOLERANCE * max(1, np.abs(want).max())

    subprocess.run([program, "export", "--model", theirs, "--to", "safetensors", "-o", ours],
                   check=True, stdout=subprocess.DEVNULL)
    tensors = load_safetensors(ours)
    again = getattr(torchvision.models, name)()
    again.fc = torch.nn.Identity()
    again.load_state_dict(tensors, strict=True)
    for key, value in model.state_dict().items():
        assert key.endswith("num_batches_tracked") or torch.equal(tensors[key], value), key


def main():
    with tempfile.TemporaryDirectory() as folder:
        x = make_pictures(os.path.join(folder, "pictures"))
        for name in ("resnet18", "resnet34", "resnet50"):
            check(sys.argv[1], name, x, folder)


main()
