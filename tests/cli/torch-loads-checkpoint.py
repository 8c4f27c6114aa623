#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""A checkpoint of resnet18 loads into torchvision's as it is, and gives the same features.

Argument: the program test-checkpoint. Needs torch and torchvision, not the safetensors package; skips (77)
where they are not there.
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
except ImportError as error:
    print(f"skipped: {error}")
    sys.exit(77)

# Float32 in another order of summation; features are of the order of 1.
TOLERANCE = 1e-4
DTYPES = {"F32": np.dtype("<f4"), "I64": np.dtype("<i8"), "U8": np.dtype("u1")}


def load_safetensors(path):
    with open(path, "rb") as file:
        data = file.read()
    (size,) = struct.unpack("<Q", data[:8])
    assert size % 8 == 0, "the header is not padded"
    header = json.loads(data[8:8 + size].decode("utf-8"))
    metadata = header.pop("__metadata__")
    tensors = {}
    for name, entry in header.items():
        begin, end = entry["data_offsets"]
        values = np.frombuffer(data[8 + size + begin:8 + size + end], DTYPES[entry["dtype"]])
        tensors[name] = torch.from_numpy(values.reshape(entry["shape"]).copy())
    return tensors, metadata


def main():
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run([sys.argv[1], "--for-torch", folder], check=True)
        tensors, metadata = load_safetensors(os.path.join(folder, "resnet18.safetensors"))
        inputs = np.fromfile(os.path.join(folder, "inputs.f32"), "<f4")
        features = np.fromfile(os.path.join(folder, "features.f32"), "<f4").reshape(-1, 512)

    assert metadata["contrawarp.encoder"] == "resnet18", metadata
    size = int(metadata["contrawarp.size"])
    model = torchvision.models.resnet18()
    # strict=True apart from the classifier, which a representation does not have.
    result = model.load_state_dict(tensors, strict=False)
    assert set(result.missing_keys) == {"fc.weight", "fc.bias"}, result.missing_keys
    assert not result.unexpected_keys, result.unexpected_keys
    model.fc = torch.nn.Identity()
    model.eval()
    images = torch.from_numpy(inputs.reshape(-1, size, size, 3)).permute(0, 3, 1, 2).contiguous()
    with torch.no_grad():
        want = model(images).numpy()
    off = np.abs(want - features).max()
    print(f"features of {len(want)} pictures: largest {np.abs(want).max():.3g}, off by {off:.3g}")
    return 0 if off <= TOLERANCE else 1


sys.exit(main())
