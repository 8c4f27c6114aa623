# SPDX-License-Identifier: MIT
"""Contrawarp's default views for a torch DataLoader: crop, flip, affine and local warp composed into
one grid_sample; colour jitter, grey, blur. A whole batch is made at once, which is several times as
fast as picture by picture. The values drawn differ from Contrawarp's, their distributions do not."""
import math

import torch
import torch.nn.functional as F

POINTS = torch.tensor([
    (.16, .305), (.27, .265), (.40, .29), (.60, .29), (.73, .265), (.84, .305), (.21, .40),
    (.305, .375), (.395, .41), (.605, .41), (.695, .375), (.79, .40), (.50, .43), (.50, .60),
    (.42, .625), (.58, .625), (.34, .775), (.50, .735), (.66, .775), (.50, .835), (.21, .62),
    (.79, .62), (.29, .91), (.71, .91)])
PUSHES = 3
LUMA = torch.tensor([0.299, 0.587, 0.114]).view(1, 3, 1, 1)


def uniform(n, low, high):
    return low + (high - low) * torch.rand(n)


def matrices(rows):
    """[n, 3, 3] of rows of scalars and [n]."""
    n = max(v.numel() for row in rows for v in row if torch.is_tensor(v))
    rows = [[v if torch.is_tensor(v) else torch.full((n,), float(v)) for v in row] for row in rows]
    return torch.stack([torch.stack(row, 1) for row in rows], 1)


def draw_matrices(n):
    """Backward maps from the view to the picture, both with sides of 1."""
    area = uniform(n, 0.6, 1)
    ratio = torch.exp(uniform(n, math.log(0.9), math.log(1.11)))
    w, h = torch.sqrt(area * ratio), torch.sqrt(area / ratio)
    fit = 1 / torch.clamp(torch.maximum(w, h), min=1)
    w, h = w * fit, h * fit
    crop = matrices([[w, 0, torch.rand(n) * (1 - w)], [0, h, torch.rand(n) * (1 - h)], [0, 0, 1]])
    flips = torch.rand(n) < 0.5
    flip = matrices([[torch.where(flips, -1.0, 1.0), 0, torch.where(flips, 1.0, 0.0)],
                     [0, 1, 0], [0, 0, 1]])
    fires = (torch.rand(n) < 0.8).float()
    angle = fires * uniform(n, -8, 8) * math.pi / 180
    shear = torch.tan(fires * uniform(n, -3, 3) * math.pi / 180)
    scale = 1 + fires * uniform(n, -0.05, 0.05)
    c, s = torch.cos(angle) * scale, torch.sin(angle) * scale
    there = matrices([[1, 0, 0.5 + fires * uniform(n, -0.03, 0.03)],
                      [0, 1, 0.5 + fires * uniform(n, -0.03, 0.03)], [0, 0, 1]])
    turn = matrices([[c, shear * c - s, 0], [s, shear * s + c, 0], [0, 0, 1]])
    back = matrices([[torch.ones(n), 0, -0.5], [0, 1, -0.5], [0, 0, 1]])
    return crop @ flip @ torch.inverse(there @ turn @ back)


class Warp:
    """Three local translations one after the other, their affine part removed."""

    def __init__(self, size):
        at = (torch.arange(size) + 0.5) / size
        y, x = torch.meshgrid(at, at, indexing="ij")
        self.at = torch.stack([x, y], -1).view(1, -1, 2)
        basis = torch.cat([self.at[0], torch.ones(size * size, 1)], 1)
        self.basis, self.solve = basis, torch.linalg.pinv(basis)

    @staticmethod
    def ratio2(share):
        """The larger drag whose centre moves by this share of the radius."""
        low, high = torch.full_like(share, 1 / math.sqrt(3)), torch.full_like(share, 64.0)
        for _ in range(30):
            middle = 0.5 * (low + high)
            far = middle > share * (1 + middle ** 2) ** 2
            low, high = torch.where(far, middle, low), torch.where(far, high, middle)
        return low ** 2

    def draw(self, to_picture):
        n = len(to_picture)
        picked = torch.rand(n, len(POINTS)).argsort(1)[:, :PUSHES]
        inverse = torch.inverse(to_picture)
        centre = POINTS[picked] @ inverse[:, :2, :2].transpose(1, 2) + inverse[:, None, :2, 2]
        centre = (centre + uniform((n, PUSHES, 2), -0.03, 0.03)).clamp_(0, 1)
        angle, length = uniform((n, PUSHES), 0, 2 * math.pi), uniform((n, PUSHES), 0.07, 0.1)
        push = torch.stack([torch.cos(angle), torch.sin(angle)], -1) * length[..., None]
        radius = uniform((n, PUSHES), 0.32, 0.4)
        ratio2 = self.ratio2(length / radius)
        field = torch.zeros(n, self.at.shape[1], 2)
        for k in range(PUSHES - 1, -1, -1):
            off = self.at + field - centre[:, None, k]
            inside = (1 - (off ** 2).sum(-1) / radius[:, None, k] ** 2).clamp_(min=0)
            t = inside * (1 + ratio2[:, None, k]) / (inside + ratio2[:, None, k])
            field -= (t * t)[..., None] * push[:, None, k]
        field -= self.basis @ (self.solve @ field)
        most = field.norm(dim=-1).amax(1)
        return field * torch.clamp(0.02 / most.clamp(min=1e-6), min=1)[:, None, None]


def turn_hue(x, hue):
    """To HSV and back, the hue moved on."""
    most, which = x.max(1)
    least = x.min(1).values
    span = most - least
    r, g, b = ((most[:, None] - x) / (span[:, None] + (span[:, None] == 0).float())).unbind(1)
    h = torch.where(which == 0, b - g, torch.where(which == 1, 2 + r - b, 4 + g - r)) / 6
    h = (h + hue) % 1 * 6
    s = span / (most + (most == 0).float())
    k = (torch.tensor([5.0, 3.0, 1.0]).view(1, 3, 1, 1) + h[:, None]) % 6
    k = torch.minimum(k, 4 - k).clamp_(0, 1)
    return most[:, None] * (1 - s[:, None] * k)


class Colours:
    """Colour jitter, grey and blur: drawn once, applied to a view and its warp negative."""

    def __init__(self, n, size):
        self.jitter = (torch.rand(n) < 0.8).nonzero()[:, 0]
        m = len(self.jitter)
        self.factors = [uniform(m, 1 - a, 1 + a).view(-1, 1, 1, 1) for a in (0.4, 0.4, 0.2)]
        self.hue = uniform(m, -0.05, 0.05).view(-1, 1, 1)
        self.grey = (torch.rand(n) < 0.2).nonzero()[:, 0]
        self.blur = (torch.rand(n) < 0.3).nonzero()[:, 0]
        sigma = uniform(len(self.blur), 0.1, 1.5).view(-1, 1) * size / 48
        self.radius = math.ceil(4.5 * size / 48)
        kernel = torch.exp(-0.5 * (torch.arange(-self.radius, self.radius + 1) / sigma) ** 2)
        self.kernel = kernel / kernel.sum(1, keepdim=True)

    def change(self, x):
        brightness, contrast, saturation = self.factors
        x = (x * brightness).clamp_(0, 1)
        mean = (x * LUMA).sum(1, keepdim=True).mean((2, 3), keepdim=True)
        x = (mean + contrast * (x - mean)).clamp_(0, 1)
        grey = (x * LUMA).sum(1, keepdim=True)
        x = (grey + saturation * (x - grey)).clamp_(0, 1)
        return turn_hue(x, self.hue)

    def smooth(self, x):
        n, r = len(x), self.radius
        kernel = self.kernel.repeat_interleave(3, 0)
        x = F.pad(x, (r, r, r, r), mode="reflect").reshape(1, 3 * n, *(s + 2 * r for s in x.shape[2:]))
        x = F.conv2d(x, kernel.view(3 * n, 1, 1, -1), groups=3 * n)
        x = F.conv2d(x, kernel.view(3 * n, 1, -1, 1), groups=3 * n)
        return x.view(n, 3, *x.shape[2:])

    def apply(self, x):
        if len(self.jitter) > 0:
            x[self.jitter] = self.change(x[self.jitter])
        if len(self.grey) > 0:
            x[self.grey] = (x[self.grey] * LUMA).sum(1, keepdim=True).expand(-1, 3, -1, -1)
        if len(self.blur) > 0:
            x[self.blur] = self.smooth(x[self.blur])
        return x


class Views(torch.utils.data.Dataset):
    """Item: a list of indices; gives [3n, 3, size, size]: anchors, positives, warp negatives."""

    def __init__(self, pack, size):
        self.pack, self.size, self.warp = pack, size, Warp(size)

    def __len__(self):
        return len(self.pack)

    def sample(self, pictures, to_picture, field):
        at = self.warp.at if field is None else self.warp.at + field
        grid = at @ to_picture[:, :2, :2].transpose(1, 2) + to_picture[:, None, :2, 2]
        grid = (2 * grid - 1).view(len(pictures), self.size, self.size, 2)
        return F.grid_sample(pictures, grid, "bilinear", "border", align_corners=False)

    def __getitem__(self, indices):
        n = len(indices)
        pictures = self.pack[indices].permute(0, 3, 1, 2).float().div_(255)
        views = torch.empty(3 * n, 3, self.size, self.size)
        for v in range(2):
            to_picture, colours = draw_matrices(n), Colours(n, self.size)
            views[v * n:(v + 1) * n] = colours.apply(self.sample(pictures, to_picture, None))
        field = self.warp.draw(to_picture)
        views[2 * n:] = colours.apply(self.sample(pictures, to_picture, field))
        return views.sub_(0.5).div_(0.25)


def make_pack(n, side):
    """Decoded pictures, [n, side, side, 3] of bytes."""
    ramp = torch.arange(side).view(1, -1, 1, 1) * 3 + torch.arange(3 * side).view(1, 1, side, 3) * 2
    return ((ramp + torch.randint(0, 32, (n, side, side, 3))) % 256).to(torch.uint8)


def make_loader(size, batch, workers):
    views = Views(make_pack(8 * batch, 2 * size), size)
    order = torch.utils.data.RandomSampler(views, replacement=True, num_samples=1000000)
    batches = torch.utils.data.BatchSampler(order, batch, drop_last=True)
    return torch.utils.data.DataLoader(views, batch_size=None, sampler=batches,
                                       num_workers=workers)
