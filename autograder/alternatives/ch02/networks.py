"""Right answers of chapter 2, notebooks 5 to 10, in other styles."""

from __future__ import annotations

from autograder.catalogue import Alternative

_NOTEBOOK_5 = [
    Alternative(
        exercise="ch02/neuron",
        name="where",
        description="Products summed over the last dimension, then torch.where.",
        code="""def neuron(x, weights, bias):
    return torch.where((x * weights).sum(dim=-1) + bias >= 0, 1, 0)
""",
    ),
    Alternative(
        exercise="ch02/neuron",
        name="heaviside",
        description="einsum and torch.heaviside, floating-point answers.",
        code="""def neuron(x, weights, bias):
    scores = torch.einsum("...d,d->...", x, weights) + bias
    return torch.heaviside(scores, torch.ones_like(scores))
""",
    ),
    Alternative(
        exercise="ch02/neuron",
        name="plain-python",
        description="Loops over lists, one point by recursion.",
        code="""def neuron(x, weights, bias):
    if x.dim() > 1:
        return torch.stack([neuron(point, weights, bias) for point in x])
    total = bias
    for value, weight in zip(x.tolist(), weights.tolist()):
        total += value * weight
    return torch.tensor(int(total >= 0))
""",
    ),
    Alternative(
        exercise="ch02/neuron",
        name="true-and-false",
        description="A tensor of True and False, the threshold on the other side.",
        code="""def neuron(x, weights, bias):
    return torch.matmul(x, weights) >= -bias
""",
    ),
    Alternative(
        exercise="ch02/perceptron",
        name="constant-input",
        description="The bias as the weight of an input that is always 1.",
        code="""class Perceptron:
    def __init__(self, n_inputs, learning_rate=1.0):
        self.w = torch.zeros(n_inputs + 1)
        self.rate = learning_rate

    def _wide(self, x):
        return torch.cat([x, torch.ones(*x.shape[:-1], 1)], dim=-1)

    def score(self, x):
        return self._wide(x) @ self.w

    def predict(self, x):
        return torch.where(self.score(x) >= 0, 1, 0)

    def learn(self, x, target):
        answer = self.predict(x).item()
        if answer == target:
            return False
        step = self.rate * self._wide(x)
        self.w = self.w + step if target == 1 else self.w - step
        return True

    def fit(self, x, targets, epochs):
        history = []
        while len(history) < epochs and 0 not in history:
            history.append(0)
            for i in range(len(x)):
                if self.learn(x[i], targets[i]):
                    history[-1] += 1
        return history
""",
    ),
    Alternative(
        exercise="ch02/perceptron",
        name="numpy",
        description="numpy inside; arrays and numpy numbers come out.",
        code="""import numpy as np


class Perceptron:
    def __init__(self, n_inputs, learning_rate=1.0):
        self.w, self.b, self.lr = np.zeros(n_inputs), 0.0, learning_rate

    def score(self, x):
        return np.asarray(x) @ self.w + self.b

    def predict(self, x):
        return np.where(self.score(x) >= 0, 1, 0)

    def learn(self, x, target):
        e = float(target) - self.predict(x)
        self.w += self.lr * e * np.asarray(x)
        self.b += self.lr * e
        return e != 0

    def fit(self, x, targets, epochs):
        counts = []
        for _ in range(epochs):
            counts.append(np.sum([self.learn(a, b) for a, b in zip(x, targets)]))
            if counts[-1] == 0:
                return counts
        return counts
""",
    ),
    Alternative(
        exercise="ch02/perceptron",
        name="parameters-in-place",
        description="nn.Linear as the store of weights and bias, changed in place without a graph.",
        code="""class Perceptron:
    def __init__(self, n_inputs, learning_rate=1.0):
        self.layer = torch.nn.Linear(n_inputs, 1).requires_grad_(False)
        self.layer.weight.zero_()
        self.layer.bias.zero_()
        self.learning_rate = learning_rate

    def score(self, x):
        return self.layer(x).squeeze(-1)

    def predict(self, x):
        return (self.score(x) >= 0).int()

    def learn(self, x, target):
        error = target - self.predict(x)
        self.layer.weight.add_(self.learning_rate * error * x)
        self.layer.bias.add_(self.learning_rate * error)
        return bool(error)

    def fit(self, x, targets, epochs):
        mistakes = []
        for epoch in range(epochs):
            wrong = 0
            for point, target in zip(x, targets):
                wrong += self.learn(point, target)
            mistakes.append(wrong)
            if not wrong:
                break
        return mistakes
""",
    ),
]

_NOTEBOOK_6 = [
    Alternative(
        exercise="ch02/binary-cross-entropy",
        name="torch-loss",
        description="The library's loss; the gradient by the formula.",
        code="""def binary_cross_entropy(logits, targets):
    loss = F.binary_cross_entropy_with_logits(logits, targets.float())
    return loss, (1 / (1 + torch.exp(-logits)) - targets) / logits.numel()
""",
    ),
    Alternative(
        exercise="ch02/binary-cross-entropy",
        name="log-sigmoid",
        description="The two logarithms of the likelihood, each by logsigmoid.",
        code="""def binary_cross_entropy(logits, targets):
    likelihood = torch.where(targets > 0, F.logsigmoid(logits), F.logsigmoid(-logits))
    gradient = torch.where(targets > 0, -torch.sigmoid(-logits), torch.sigmoid(logits))
    return -likelihood.mean(), gradient / logits.shape[0]
""",
    ),
    Alternative(
        exercise="ch02/binary-cross-entropy",
        name="two-class-softmax",
        description="As two classes, of which class 0 has the logit zero.",
        code="""def binary_cross_entropy(logits, targets):
    both = torch.stack([torch.zeros_like(logits), logits], dim=1)
    loss = F.cross_entropy(both, targets.long())
    gradient = (both.softmax(dim=1) - F.one_hot(targets.long(), 2))[:, 1] / len(both)
    return loss, gradient
""",
    ),
    Alternative(
        exercise="ch02/binary-cross-entropy",
        name="loop",
        description="Point by point in plain Python.",
        code="""def binary_cross_entropy(logits, targets):
    losses, slopes = [], []
    for s, t in zip(logits.tolist(), targets.tolist()):
        sign = 1 if t == 1 else -1
        margin = sign * s
        losses.append(max(-margin, 0) + math.log1p(math.exp(-abs(margin))))
        wrong = math.exp(-margin) / (1 + math.exp(-margin)) if margin > 0 else 1 / (1 + math.exp(margin))
        slopes.append(-sign * wrong / len(logits))
    return torch.tensor(sum(losses) / len(losses)), torch.tensor(slopes)
""",
    ),
    Alternative(
        exercise="ch02/linear-backward",
        name="einsum",
        description="Three einsums.",
        code="""def linear_backward(grad_output, x, weight):
    return (
        torch.einsum("no,io->ni", grad_output, weight),
        torch.einsum("ni,no->io", x, grad_output),
        torch.einsum("no->o", grad_output),
    )
""",
    ),
    Alternative(
        exercise="ch02/linear-backward",
        name="outer-products",
        description="A sum of outer products over the points.",
        code="""def linear_backward(grad_output, x, weight):
    grad_weight, grad_bias = torch.zeros_like(weight), torch.zeros(weight.shape[1])
    grad_x = torch.zeros_like(x)
    for i in range(len(x)):
        grad_weight += torch.outer(x[i], grad_output[i])
        grad_bias += grad_output[i]
        grad_x[i] = weight @ grad_output[i]
    return grad_x, grad_weight, grad_bias
""",
    ),
    Alternative(
        exercise="ch02/linear-backward",
        name="turned-over-products",
        description="The same products, turned over twice; a list comes back.",
        code="""def linear_backward(grad_output, x, weight):
    ones = torch.ones(1, len(x))
    return [(weight @ grad_output.T).T, (grad_output.T @ x).T, (ones @ grad_output).flatten()]
""",
    ),
    Alternative(
        exercise="ch02/mlp-by-hand",
        name="linear-layout",
        description="Matrices stored as (out, in), a dictionary of parameters, another order in the lists.",
        code="""class MLP:
    def __init__(self, d_in, d_hidden, d_out):
        self.p = {
            "out.w": (torch.rand(d_out, d_hidden) - 0.5),
            "out.b": torch.zeros(d_out),
            "in.w": (torch.rand(d_hidden, d_in) - 0.5),
            "in.b": torch.rand(d_hidden),
        }
        self.g = {}

    def forward(self, x):
        h = torch.tanh(x @ self.p["in.w"].T + self.p["in.b"])
        self.seen = x, h
        return h @ self.p["out.w"].T + self.p["out.b"]

    def backward(self, grad_logits):
        x, h = self.seen
        dz = (grad_logits @ self.p["out.w"]) * (1 - h * h)
        self.g = {
            "out.w": grad_logits.T @ h,
            "out.b": grad_logits.sum(0),
            "in.w": dz.T @ x,
            "in.b": dz.sum(0),
        }
        return dz @ self.p["in.w"]

    def parameters(self):
        return list(self.p.values())

    def gradients(self):
        return [self.g[name] for name in self.p]

    def step(self, learning_rate):
        self.p = {name: value - learning_rate * self.g[name] for name, value in self.p.items()}
""",
    ),
    Alternative(
        exercise="ch02/mlp-by-hand",
        name="numpy",
        description="numpy inside, arrays come out.",
        code="""import numpy as np


class MLP:
    def __init__(self, d_in, d_hidden, d_out):
        rng = np.random.default_rng(0)
        self.params = [
            rng.normal(size=(d_in, d_hidden)),
            np.zeros(d_hidden),
            rng.normal(size=(d_hidden, d_out)),
            np.zeros(d_out),
        ]
        self.grads = [np.zeros_like(p) for p in self.params]

    def forward(self, x):
        W1, b1, W2, b2 = self.params
        self.x = np.asarray(x, dtype=np.float64)
        self.h = np.tanh(self.x @ W1 + b1)
        return self.h @ W2 + b2

    def backward(self, grad_logits):
        G = np.asarray(grad_logits, dtype=np.float64)
        W1, b1, W2, b2 = self.params
        D = G @ W2.T / np.cosh(np.arctanh(np.clip(self.h, -1 + 1e-16, 1 - 1e-16))) ** 2
        self.grads = [self.x.T @ D, D.sum(axis=0), self.h.T @ G, G.sum(axis=0)]
        return D @ W1.T

    def parameters(self):
        return self.params

    def gradients(self):
        return self.grads

    def step(self, learning_rate):
        for p, g in zip(self.params, self.grads):
            p -= learning_rate * g
""",
    ),
    Alternative(
        exercise="ch02/mlp-by-hand",
        name="layers",
        description="A small class for each layer, each with its own forward and backward.",
        code="""class Layer:
    def __init__(self, rows, columns):
        self.weight = torch.randn(rows, columns) * 0.5
        self.bias = torch.zeros(1, columns)

    def forward(self, x):
        self.x = x
        return torch.matmul(x, self.weight) + self.bias

    def backward(self, g):
        self.weight_grad = torch.matmul(self.x.T, g)
        self.bias_grad = g.sum(dim=0, keepdim=True)
        return torch.matmul(g, self.weight.T)


class MLP:
    def __init__(self, d_in, d_hidden, d_out):
        self.layers = [Layer(d_in, d_hidden), Layer(d_hidden, d_out)]

    def forward(self, x):
        self.h = torch.tanh(self.layers[0].forward(x))
        return self.layers[1].forward(self.h)

    def backward(self, grad_logits):
        slope = 1 - torch.square(self.h)
        return self.layers[0].backward(self.layers[1].backward(grad_logits) * slope)

    def parameters(self):
        return [p for layer in self.layers for p in (layer.weight, layer.bias)]

    def gradients(self):
        return [g for layer in self.layers for g in (layer.weight_grad, layer.bias_grad)]

    def step(self, learning_rate):
        for layer in self.layers:
            layer.weight = layer.weight - learning_rate * layer.weight_grad
            layer.bias = layer.bias - learning_rate * layer.bias_grad
""",
    ),
]

_NOTEBOOK_7 = [
    Alternative(
        exercise="ch02/cross-entropy",
        name="torch-loss",
        description="The library's loss.",
        code="""def cross_entropy(logits, targets):
    return F.cross_entropy(logits, targets)
""",
    ),
    Alternative(
        exercise="ch02/cross-entropy",
        name="log-softmax-indexed",
        description="log_softmax, indexed by rows and classes.",
        code="""def cross_entropy(logits, targets):
    table = torch.log_softmax(logits, dim=1)
    return -table[torch.arange(len(table)), targets].mean()
""",
    ),
    Alternative(
        exercise="ch02/cross-entropy",
        name="one-hot",
        description="Exponentials after taking the largest logit off, and a product with one-hot rows.",
        code="""def cross_entropy(logits, targets):
    shifted = logits - logits.max(dim=1, keepdim=True).values
    log_sum = shifted.exp().sum(dim=1).log()
    true = (shifted * F.one_hot(targets, logits.shape[1])).sum(dim=1)
    return (log_sum - true).sum() / len(logits)
""",
    ),
    Alternative(
        exercise="ch02/cross-entropy",
        name="loop",
        description="Point by point.",
        code="""def cross_entropy(logits, targets):
    losses = []
    for row, target in zip(logits, targets):
        losses.append(torch.logsumexp(row, 0) - row[target])
    return torch.stack(losses).mean()
""",
    ),
    Alternative(
        exercise="ch02/mlp-in-pytorch",
        name="sequential",
        description="nn.Sequential with nn.ReLU.",
        code="""class MLP(nn.Module):
    def __init__(self, d_in, hidden, d_out):
        super().__init__()
        parts = []
        for width in hidden:
            parts += [nn.Linear(d_in, width), nn.ReLU()]
            d_in = width
        self.net = nn.Sequential(*parts, nn.Linear(d_in, d_out))

    def forward(self, x):
        return self.net(x)
""",
    ),
    Alternative(
        exercise="ch02/mlp-in-pytorch",
        name="parameters",
        description="Matrices and biases as nn.Parameter, (in, out), made from the last layer to the first.",
        code="""class MLP(nn.Module):
    def __init__(self, d_in, hidden, d_out):
        super().__init__()
        widths = [d_in, *hidden, d_out]
        self.count = len(widths) - 1
        for i in reversed(range(self.count)):
            setattr(self, f"bias{i}", nn.Parameter(torch.zeros(1, widths[i + 1])))
            setattr(self, f"matrix{i}", nn.Parameter(torch.randn(widths[i], widths[i + 1]) / math.sqrt(widths[i])))

    def forward(self, x):
        lead = x.shape[:-1]
        x = x.reshape(-1, x.shape[-1])
        for i in range(self.count):
            if i:
                x = x.clamp(min=0)
            x = x @ getattr(self, f"matrix{i}") + getattr(self, f"bias{i}")
        return x.reshape(*lead, -1)
""",
    ),
    Alternative(
        exercise="ch02/mlp-in-pytorch",
        name="recursive",
        description="A first layer and the rest, which is a smaller network.",
        code="""class MLP(nn.Module):
    def __init__(self, d_in, hidden, d_out):
        super().__init__()
        self.first = nn.Linear(d_in, hidden[0] if hidden else d_out)
        self.rest = MLP(hidden[0], hidden[1:], d_out) if hidden else None

    def forward(self, x):
        x = self.first(x)
        return x if self.rest is None else self.rest(F.relu(x))
""",
    ),
    Alternative(
        exercise="ch02/train",
        name="zero-grad-after",
        description="Gradients cleared after each step.",
        code="""def train(model, x, targets, epochs, learning_rate):
    criterion = nn.CrossEntropyLoss()
    opt = torch.optim.SGD(model.parameters(), learning_rate)
    model.train(True)
    history = [0.0] * epochs
    for i in range(epochs):
        loss = criterion(model(x), targets)
        history[i] = float(loss)
        loss.backward()
        opt.step()
        opt.zero_grad()
    return history
""",
    ),
    Alternative(
        exercise="ch02/train",
        name="by-hand",
        description="No optimiser: the parameters are changed under no_grad.",
        code="""def train(model, x, targets, epochs, learning_rate):
    model.train()
    losses = []
    while len(losses) < epochs:
        model.zero_grad()
        loss = -F.log_softmax(model(x), dim=1).gather(1, targets.unsqueeze(1)).mean()
        loss.backward()
        with torch.no_grad():
            for p in model.parameters():
                p -= learning_rate * p.grad
        losses.append(loss.detach().tolist())
    return losses
""",
    ),
    Alternative(
        exercise="ch02/train",
        name="autograd-grad",
        description="torch.autograd.grad in place of backward.",
        code="""def train(model, x, targets, epochs, learning_rate):
    model.train()
    weights, losses = list(model.parameters()), []
    for _ in range(epochs):
        loss = F.nll_loss(model(x).log_softmax(-1), targets)
        slopes = torch.autograd.grad(loss, weights)
        for weight, slope in zip(weights, slopes):
            weight.data.add_(slope, alpha=-learning_rate)
        losses.append(loss.item())
    return losses
""",
    ),
]

_NOTEBOOK_8 = [
    Alternative(
        exercise="ch02/one-hot",
        name="torch",
        description="F.one_hot, whose own error is turned into a ValueError.",
        code="""def one_hot(ids, vocab_size):
    if ((ids < 0) | (ids >= vocab_size)).any():
        raise ValueError("id outside the vocabulary")
    return F.one_hot(ids, num_classes=vocab_size).float()
""",
    ),
    Alternative(
        exercise="ch02/one-hot",
        name="comparison",
        description="Ids compared with a row of all ids.",
        code="""def one_hot(ids, vocab_size):
    table = (ids.unsqueeze(-1) == torch.arange(vocab_size)).to(torch.float32)
    if not bool((table.sum(dim=-1) == 1).all()):
        raise ValueError("there is an id that no word has")
    return table
""",
    ),
    Alternative(
        exercise="ch02/one-hot",
        name="scatter",
        description="Ones written into zeros.",
        code="""def one_hot(ids, vocab_size):
    for number in ids.flatten().tolist():
        if number not in range(vocab_size):
            raise ValueError(f"{number} is not in the vocabulary")
    result = torch.zeros(*ids.shape, vocab_size)
    return result.scatter_(-1, ids[..., None], 1.0)
""",
    ),
    Alternative(
        exercise="ch02/cbow-pairs",
        name="distances",
        description="Indices from place - window to place + window, those outside left out.",
        code="""def cbow_pairs(ids, window):
    if window <= 0:
        raise ValueError("window too small")
    result = []
    for i in range(len(ids)):
        context = []
        for j in range(i - window, i + window + 1):
            if j != i and 0 <= j < len(ids):
                context.append(ids[j])
        if len(context) > 0:
            result.append((context, ids[i]))
    return result
""",
    ),
    Alternative(
        exercise="ch02/cbow-pairs",
        name="padding",
        description="The text with None at both ends, cut into windows; tuples come out.",
        code="""def cbow_pairs(ids, window):
    if not window > 0:
        raise ValueError(window)
    padded = [None] * window + list(ids) + [None] * window
    pairs = []
    for i in range(len(ids)):
        part = padded[i : i + 2 * window + 1]
        centre = part.pop(window)
        pairs.append((tuple(word for word in part if word is not None), centre))
    return tuple(pair for pair in pairs if pair[0])
""",
    ),
    Alternative(
        exercise="ch02/cbow-pairs",
        name="generator",
        description="A generator behind the check, over a deque of what came before.",
        code="""from collections import deque


def cbow_pairs(ids, window):
    if window < 1:
        raise ValueError("at least one word to each side")

    def pairs():
        before = deque(maxlen=window)
        for i, centre in enumerate(ids):
            context = [*before, *ids[i + 1 : i + 1 + window]]
            if context:
                yield context, centre
            before.append(centre)

    return list(pairs())
""",
    ),
    Alternative(
        exercise="ch02/cbow-from-matrices",
        name="linear-layers",
        description="Two nn.Linear without bias; counts by bincount.",
        code="""class CBOW(nn.Module):
    def __init__(self, vocab_size, width):
        super().__init__()
        self.to_hidden = nn.Linear(vocab_size, width, bias=False)
        self.to_logits = nn.Linear(width, vocab_size, bias=False)
        self.size = vocab_size

    def forward(self, contexts):
        counts = torch.stack([torch.bincount(torch.tensor(c), minlength=self.size) for c in contexts])
        bags = counts / counts.sum(dim=1, keepdim=True)
        return self.to_logits(self.to_hidden(bags.to(self.to_hidden.weight.dtype)))
""",
    ),
    Alternative(
        exercise="ch02/cbow-from-matrices",
        name="rows",
        description="Rows of the matrix looked up and averaged, no one-hot vectors; float32 only, the answer matrix made first.",
        code="""class CBOW(nn.Module):
    def __init__(self, vocab_size, width):
        super().__init__()
        self.answers = nn.Parameter(torch.randn(vocab_size, width) * 0.1)
        self.vectors = nn.Parameter(torch.randn(vocab_size, width) * 0.1)

    def forward(self, contexts):
        hidden = torch.stack([self.vectors[context].mean(dim=0) for context in contexts])
        return torch.einsum("bd,vd->bv", hidden, self.answers)
""",
    ),
    Alternative(
        exercise="ch02/cbow-from-matrices",
        name="flat",
        description="All contexts in one long list, added up by index_add.",
        code="""class CBOW(nn.Module):
    def __init__(self, vocab_size, width):
        super().__init__()
        self.inner = nn.Parameter(torch.empty(vocab_size, width).uniform_(-1, 1))
        self.outer = nn.Parameter(torch.empty(width, vocab_size).uniform_(-1, 1))

    def forward(self, contexts):
        words = torch.tensor([word for context in contexts for word in context])
        owner = torch.tensor([number for number, context in enumerate(contexts) for _ in context])
        lengths = torch.tensor([[len(context)] for context in contexts])
        one_hot = torch.eye(self.inner.shape[0], dtype=self.inner.dtype)[words]
        bags = torch.zeros(len(contexts), self.inner.shape[0], dtype=self.inner.dtype)
        return bags.index_add(0, owner, one_hot) / lengths @ self.inner @ self.outer
""",
    ),
]

_NOTEBOOK_9 = [
    Alternative(
        exercise="ch02/context-windows",
        name="shifts",
        description="One column for each step, cut from the padded text.",
        code="""def context_windows(ids, window, pad):
    edge = torch.full((window,), pad, dtype=ids.dtype)
    text = torch.cat([edge, ids, edge])
    columns = [text[window + step : window + step + len(ids)] for step in range(-window, window + 1) if step != 0]
    return torch.stack(columns, dim=1)
""",
    ),
    Alternative(
        exercise="ch02/context-windows",
        name="index-table",
        description="A table of places; those outside the text are replaced.",
        code="""def context_windows(ids, window, pad):
    steps = torch.tensor([*range(-window, 0), *range(1, window + 1)])
    places = torch.arange(len(ids)).unsqueeze(1) + steps
    inside = (places >= 0) & (places < len(ids))
    return torch.where(inside, ids[places.clamp(0, len(ids) - 1)], pad)
""",
    ),
    Alternative(
        exercise="ch02/context-windows",
        name="lists",
        description="Slices of lists, filled up.",
        code="""def context_windows(ids, window, pad):
    text, rows = ids.tolist(), []
    for i in range(len(text)):
        left, right = text[max(i - window, 0) : i], text[i + 1 : i + 1 + window]
        rows.append([pad] * (window - len(left)) + left + right + [pad] * (window - len(right)))
    return torch.tensor(rows, dtype=ids.dtype)
""",
    ),
    Alternative(
        exercise="ch02/context-bags",
        name="masked-mean",
        description="One-hot vectors times a mask, divided by the mask's sum.",
        code="""def context_bags(contexts, vocab_size):
    real = (contexts != 0).float()
    vectors = torch.eye(vocab_size)[contexts] * real.unsqueeze(-1)
    return vectors.sum(1) / torch.maximum(real.sum(1, keepdim=True), torch.ones(1))
""",
    ),
    Alternative(
        exercise="ch02/context-bags",
        name="scatter",
        description="Shares added into zeros by scatter_add.",
        code="""def context_bags(contexts, vocab_size):
    mask = contexts.ne(0)
    shares = mask / mask.sum(dim=1, keepdim=True)
    bags = torch.zeros(len(contexts), vocab_size)
    return bags.scatter_add(1, contexts, shares.nan_to_num(0.0))
""",
    ),
    Alternative(
        exercise="ch02/context-bags",
        name="loops",
        description="Context by context, token by token.",
        code="""def context_bags(contexts, vocab_size):
    bags = torch.zeros(contexts.shape[0], vocab_size)
    for row, context in enumerate(contexts.tolist()):
        tokens = [token for token in context if token]
        for token in tokens:
            bags[row, token] += 1 / len(tokens)
    return bags
""",
    ),
    Alternative(
        exercise="ch02/minibatches",
        name="list",
        description="A list of batches by slices of the order.",
        code="""def minibatches(contexts, centres, batch_size, seed):
    source = torch.Generator()
    source.manual_seed(seed)
    order = torch.randperm(centres.shape[0], generator=source)
    return [
        (contexts[order[i : i + batch_size]], centres[order[i : i + batch_size]])
        for i in range(0, centres.shape[0], batch_size)
    ]
""",
    ),
    Alternative(
        exercise="ch02/minibatches",
        name="random-module",
        description="Python's own shuffle of a list of numbers.",
        code="""import random


def minibatches(contexts, centres, batch_size, seed):
    numbers = list(range(len(centres)))
    random.Random(seed).shuffle(numbers)
    while numbers:
        now, numbers = numbers[:batch_size], numbers[batch_size:]
        yield contexts[now], centres[now]
""",
    ),
    Alternative(
        exercise="ch02/minibatches",
        name="loader",
        description="PyTorch's DataLoader.",
        code="""from torch.utils.data import DataLoader, TensorDataset


def minibatches(contexts, centres, batch_size, seed):
    loader = DataLoader(
        TensorDataset(contexts, centres), batch_size, shuffle=True, generator=torch.Generator().manual_seed(seed)
    )
    return [tuple(batch) for batch in loader]
""",
    ),
]

_NOTEBOOK_10 = [
    Alternative(
        exercise="ch02/cbow-with-embedding",
        name="mask",
        description="No padding_idx: a mask keeps the padding out.",
        code="""class CBOW(nn.Module):
    def __init__(self, vocab_size, width):
        super().__init__()
        self.to_logits = nn.Linear(width, vocab_size, bias=False)
        self.look_up = nn.Embedding(vocab_size, width)

    def forward(self, contexts):
        real = (contexts > 0).unsqueeze(-1)
        mean = (self.look_up(contexts) * real).sum(1) / real.sum(1).clamp(min=1)
        return self.to_logits(mean)
""",
    ),
    Alternative(
        exercise="ch02/cbow-with-embedding",
        name="embedding-bag",
        description="nn.EmbeddingBag with mode mean.",
        code="""class CBOW(nn.Module):
    def __init__(self, vocab_size, width):
        super().__init__()
        self.bag = nn.EmbeddingBag(vocab_size, width, mode="mean", padding_idx=0)
        self.out = nn.Parameter(torch.randn(width, vocab_size) * 0.1)

    def forward(self, contexts):
        return self.bag(contexts) @ self.out
""",
    ),
    Alternative(
        exercise="ch02/cbow-with-embedding",
        name="one-hot",
        description="Two matrices and the bag of one-hot vectors of notebook 9.",
        code="""class CBOW(nn.Module):
    def __init__(self, vocab_size, width):
        super().__init__()
        self.inner = nn.Parameter(torch.randn(vocab_size, width))
        self.outer = nn.Parameter(torch.randn(vocab_size, width))

    def forward(self, contexts):
        counts = F.one_hot(contexts, len(self.inner)).sum(dim=1).to(self.inner.dtype)
        counts[:, 0] = 0
        bags = counts / counts.sum(dim=1, keepdim=True).clamp(min=1)
        return bags @ self.inner @ self.outer.T
""",
    ),
    Alternative(
        exercise="ch02/cbow-with-embedding",
        name="loop",
        description="Context by context.",
        code="""class CBOW(nn.Module):
    def __init__(self, vocab_size, width):
        super().__init__()
        self.E = nn.Embedding(vocab_size, width)
        self.U = nn.Embedding(vocab_size, width)

    def forward(self, contexts):
        rows = []
        for context in contexts:
            tokens = context[context != 0]
            vectors = self.E(tokens)
            rows.append(vectors.mean(dim=0) if len(tokens) else self.E.weight.new_zeros(self.E.embedding_dim))
        return torch.einsum("bd,vd->bv", torch.stack(rows), self.U.weight)
""",
    ),
    Alternative(
        exercise="ch02/nearest-neighbours",
        name="topk",
        description="The word's own cosine set to minus infinity, then topk; a tensor comes back.",
        code="""def nearest_neighbours(vectors, index, k):
    similarity = F.cosine_similarity(vectors, vectors[index].unsqueeze(0), dim=1)
    similarity[index] = -math.inf
    return similarity.topk(min(k, len(vectors) - 1)).indices
""",
    ),
    Alternative(
        exercise="ch02/nearest-neighbours",
        name="sorted",
        description="Python's sorted with a key, in float64.",
        code="""def nearest_neighbours(vectors, index, k):
    table = vectors.double()
    lengths = table.norm(dim=1).clamp(min=1e-12)
    cosines = (table @ table[index] / lengths / lengths[index]).tolist()
    others = [word for word in range(len(table)) if word != index]
    return sorted(others, key=lambda word: cosines[word], reverse=True)[:k]
""",
    ),
    Alternative(
        exercise="ch02/nearest-neighbours",
        name="row-taken-out",
        description="The word's row is taken out before the comparison, and the indices behind it are put right; numpy.",
        code="""import numpy as np


def nearest_neighbours(vectors, index, k):
    rows = vectors.numpy()
    others = np.delete(np.arange(len(rows)), index)
    lengths = np.linalg.norm(rows[others], axis=1)
    scores = rows[others] @ rows[index] / np.where(lengths > 0, lengths, 1)
    return others[np.argsort(-scores)][:k].tolist()
""",
    ),
]

ALTERNATIVES: list[Alternative] = [
    *(*_NOTEBOOK_5, *_NOTEBOOK_6, *_NOTEBOOK_7),
    *(*_NOTEBOOK_8, *_NOTEBOOK_9, *_NOTEBOOK_10),
]
