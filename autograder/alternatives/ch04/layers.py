"""Right answers of chapter 4 in other styles: LayerNorm, GELU, the feed-forward network, shortcuts."""

from __future__ import annotations

from autograder.catalogue import Alternative

_NORM = [
    Alternative(
        exercise="ch04/layer-norm",
        name="var",
        description="mean and var with unbiased=False, as in the book.",
        code="""class LayerNorm(nn.Module):
    def __init__(self, emb_dim):
        super().__init__()
        self.eps = 1e-5
        self.scale = nn.Parameter(torch.ones(emb_dim))
        self.shift = nn.Parameter(torch.zeros(emb_dim))

    def forward(self, x):
        mean = x.mean(dim=-1, keepdim=True)
        var = x.var(dim=-1, keepdim=True, unbiased=False)
        norm_x = (x - mean) / torch.sqrt(var + self.eps)
        return self.scale * norm_x + self.shift
""",
    ),
    Alternative(
        exercise="ch04/layer-norm",
        name="shift-first",
        description="Bias before weight, var_mean, rsqrt, addcmul.",
        code="""class LayerNorm(nn.Module):
    def __init__(self, emb_dim):
        super().__init__()
        self.bias = nn.Parameter(torch.zeros(emb_dim))
        self.weight = nn.Parameter(torch.ones(emb_dim))

    def forward(self, x):
        v, m = torch.var_mean(x, -1, correction=0, keepdim=True)
        return torch.addcmul(self.bias, self.weight, (x - m) * torch.rsqrt(v + 1e-5))
""",
    ),
    Alternative(
        exercise="ch04/layer-norm",
        name="one-parameter",
        description="Scale and shift as the rows of one parameter, with a random start; E[x²] - E[x]².",
        code="""class LayerNorm(nn.Module):
    def __init__(self, emb_dim):
        super().__init__()
        self.gb = nn.Parameter(torch.randn(2, emb_dim))

    def forward(self, x):
        gamma, beta = self.gb
        mu = x.sum(-1, keepdim=True) / x.shape[-1]
        var = ((x * x).mean(-1, keepdim=True) - mu**2).clamp(min=0)
        return gamma * (x - mu) * (var + 1e-5) ** -0.5 + beta
""",
    ),
    Alternative(
        exercise="ch04/layer-norm",
        name="layer-norm-of-torch",
        description="F.layer_norm on one's own parameters.",
        code="""class LayerNorm(nn.Module):
    def __init__(self, emb_dim):
        super().__init__()
        self.gain = nn.Parameter(torch.full((emb_dim,), 0.5))
        self.offset = nn.Parameter(torch.full((emb_dim,), 0.1))

    def forward(self, x):
        return F.layer_norm(x, self.gain.shape, self.gain, self.offset, 1e-5)
""",
    ),
    Alternative(
        exercise="ch04/layer-norm",
        name="buffer",
        description="The 1e-5 in a buffer.",
        code="""class LayerNorm(nn.Module):
    def __init__(self, emb_dim):
        super().__init__()
        self.register_buffer("eps", torch.tensor(1e-5))
        self.gain, self.bias = nn.Parameter(torch.rand(emb_dim)), nn.Parameter(torch.rand(emb_dim))

    def forward(self, x):
        z = x - x.mean(-1, True)
        return z / (z.pow(2).mean(-1, True) + self.eps).sqrt() * self.gain + self.bias
""",
    ),
    Alternative(
        exercise="ch04/layer-norm",
        name="einsum",
        description="Mean and variance as products with a vector of 1/D.",
        code="""class LayerNorm(nn.Module):
    def __init__(self, emb_dim):
        super().__init__()
        self.g = nn.Parameter(torch.ones(emb_dim))
        self.b = nn.Parameter(torch.zeros(emb_dim))
        self.emb_dim = emb_dim

    def forward(self, x):
        centred = x - (torch.einsum("...d->...", x) / self.emb_dim)[..., None]
        var = torch.einsum("...d,...d->...", centred, centred) / self.emb_dim
        return centred / (var + 1e-5).sqrt().unsqueeze(-1) * self.g + self.b
""",
    ),
]

_GELU = [
    Alternative(
        exercise="ch04/gelu",
        name="error-function",
        description="The exact formula.",
        code="""class GELU(nn.Module):
    def __init__(self):
        super().__init__()

    def forward(self, x):
        return x * (1 + torch.erf(x / 2**0.5)) / 2
""",
    ),
    Alternative(
        exercise="ch04/gelu",
        name="tensor-constants",
        description="The tanh formula with the root as a float32 tensor, as in the book.",
        code="""class GELU(nn.Module):
    def __init__(self):
        super().__init__()

    def forward(self, x):
        return 0.5 * x * (1 + torch.tanh(
            torch.sqrt(torch.tensor(2.0 / torch.pi)) *
            (x + 0.044715 * torch.pow(x, 3))
        ))
""",
    ),
    Alternative(
        exercise="ch04/gelu",
        name="sigmoid",
        description="The tanh as a sigmoid: (1 + tanh u) / 2 is the sigmoid of 2 u; Horner's scheme.",
        code="""class GELU(nn.Module):
    def forward(self, x):
        u = 0.7978845608028654 * x * (1 + 0.044715 * x * x)
        return x * torch.sigmoid(2 * u)
""",
    ),
    Alternative(
        exercise="ch04/gelu",
        name="normal-distribution",
        description="The distribution function from torch.special.",
        code="""class GELU(nn.Module):
    def forward(self, x):
        return x * torch.special.ndtr(x)
""",
    ),
]

_FORWARD = [
    Alternative(
        exercise="ch04/feed-forward",
        name="own-names",
        description="Second layer created first, F.gelu, exact.",
        code="""class FeedForward(nn.Module):
    def __init__(self, cfg):
        super().__init__()
        d = cfg["emb_dim"]
        self.c_proj = nn.Linear(4 * d, d)
        self.c_fc = nn.Linear(d, 4 * d)

    def forward(self, x):
        x = self.c_fc(x)
        x = F.gelu(x)
        x = self.c_proj(x)
        return x
""",
    ),
    Alternative(
        exercise="ch04/feed-forward",
        name="parameters",
        description="nn.Parameter matrices and einsum; the second starts at zero.",
        code="""class FeedForward(nn.Module):
    def __init__(self, cfg):
        super().__init__()
        width, hidden = cfg["emb_dim"], cfg["emb_dim"] * 4
        self.w1 = nn.Parameter(0.02 * torch.randn(width, hidden))
        self.b1 = nn.Parameter(torch.zeros(hidden))
        self.w2 = nn.Parameter(torch.zeros(hidden, width))
        self.b2 = nn.Parameter(torch.zeros(width))

    def forward(self, x):
        h = F.gelu(torch.einsum("...i,ij->...j", x, self.w1) + self.b1, approximate="tanh")
        return torch.einsum("...j,ji->...i", h, self.w2) + self.b2
""",
    ),
    Alternative(
        exercise="ch04/feed-forward",
        name="own-gelu-module",
        description="nn.Sequential with a GELU written in the cell, the layers with GPT-2's start.",
        code="""class MyGelu(nn.Module):
    def forward(self, x):
        return 0.5 * x * (1.0 + torch.erf(x / math.sqrt(2.0)))


class FeedForward(nn.Module):
    def __init__(self, cfg):
        super().__init__()
        self.net = nn.Sequential(nn.Linear(cfg["emb_dim"], 4 * cfg["emb_dim"]), MyGelu())
        self.net.append(nn.Linear(4 * cfg["emb_dim"], cfg["emb_dim"]))
        for part in self.net:
            if isinstance(part, nn.Linear):
                nn.init.normal_(part.weight, std=0.02)
                nn.init.zeros_(part.bias)

    def forward(self, x):
        return self.net(x)
""",
    ),
    Alternative(
        exercise="ch04/feed-forward",
        name="subclass-of-sequential",
        description="A subclass of nn.Sequential without forward.",
        code="""class FeedForward(nn.Sequential):
    def __init__(self, cfg):
        n = cfg["emb_dim"]
        super().__init__(nn.Linear(n, n * 4), nn.GELU("tanh"), nn.Linear(n * 4, n))
""",
    ),
]

_DEEP = [
    Alternative(
        exercise="ch04/deep-network",
        name="sequential-layers",
        description="Each layer an nn.Sequential with its bend, as in the book; shapes compared.",
        code="""class DeepNetwork(nn.Module):
    def __init__(self, width, depth, use_shortcut):
        super().__init__()
        self.use_shortcut = use_shortcut
        self.layers = nn.ModuleList()
        for _ in range(depth):
            self.layers.append(nn.Sequential(nn.Linear(width, width), nn.GELU()))

    def forward(self, x):
        for layer in self.layers:
            layer_output = layer(x)
            if self.use_shortcut and x.shape == layer_output.shape:
                x = x + layer_output
            else:
                x = layer_output
        return x
""",
    ),
    Alternative(
        exercise="ch04/deep-network",
        name="residual-module",
        description="A module for one layer, an nn.Sequential of them, the shortcut as a factor.",
        code="""class Residual(nn.Module):
    def __init__(self, width, keep):
        super().__init__()
        self.linear, self.keep = nn.Linear(width, width), keep

    def forward(self, x):
        return self.keep * x + F.gelu(self.linear(x), approximate="tanh")


class DeepNetwork(nn.Module):
    def __init__(self, width, depth, use_shortcut):
        super().__init__()
        self.tower = nn.Sequential(*[Residual(width, float(use_shortcut)) for _ in range(depth)])

    def forward(self, x):
        return self.tower(x)
""",
    ),
    Alternative(
        exercise="ch04/deep-network",
        name="stacked-parameters",
        description="All weights in one parameter, all biases in another.",
        code="""class DeepNetwork(nn.Module):
    def __init__(self, width, depth, use_shortcut):
        super().__init__()
        self.b = nn.Parameter(torch.zeros(depth, width))
        self.w = nn.Parameter(torch.randn(depth, width, width) / width**0.5)
        self.shortcut = use_shortcut

    def forward(self, x):
        for w, b in zip(self.w, self.b):
            step = F.gelu(x @ w + b)
            x = step + x if self.shortcut else step
        return x
""",
    ),
    Alternative(
        exercise="ch04/deep-network",
        name="made-in-reverse",
        description="Layers registered by name, the last one first, orthogonal start.",
        code="""class DeepNetwork(nn.Module):
    def __init__(self, width, depth, use_shortcut):
        super().__init__()
        self.depth, self.use_shortcut, self.bend = depth, use_shortcut, nn.GELU(approximate="tanh")
        for number in reversed(range(depth)):
            layer = nn.Linear(width, width)
            nn.init.orthogonal_(layer.weight)
            self.add_module(f"layer{number}", layer)

    def forward(self, x):
        for number in range(self.depth):
            inside = x
            x = self.bend(getattr(self, f"layer{number}")(x))
            if self.use_shortcut:
                x = x + inside
        return x
""",
    ),
]

ALTERNATIVES: list[Alternative] = [*_NORM, *_GELU, *_FORWARD, *_DEEP]
