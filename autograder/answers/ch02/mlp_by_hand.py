"""Answers to exercise 3 of 06_multilayer_perceptron: a multilayer perceptron."""

from __future__ import annotations

from functools import partial

from autograder.answers import Alternative, Equivalent, made_in

ALTERNATIVES = [
    Alternative(
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

_RIGHT = """class MLP:
    def __init__(self, d_in, d_hidden, d_out):
        self.W1 = torch.randn(d_in, d_hidden) / math.sqrt(d_in)
        self.b1 = torch.zeros(d_hidden)
        self.W2 = torch.randn(d_hidden, d_out) / math.sqrt(d_hidden)
        self.b2 = torch.zeros(d_out)

    def forward(self, x):
        self.x = x
        self.z = x @ self.W1 + self.b1
        self.h = torch.tanh(self.z)
        return self.h @ self.W2 + self.b2

    def backward(self, grad_logits):
        self.dW2 = self.h.T @ grad_logits
        self.db2 = grad_logits.sum(dim=0)
        dh = grad_logits @ self.W2.T
        dz = dh * (1 - self.h**2)
        self.dW1 = self.x.T @ dz
        self.db1 = dz.sum(dim=0)
        return dz @ self.W1.T

    def parameters(self):
        return [self.W1, self.b1, self.W2, self.b2]

    def gradients(self):
        return [self.dW1, self.db1, self.dW2, self.db2]

    def step(self, learning_rate):
        for parameter, gradient in zip(self.parameters(), self.gradients()):
            parameter -= learning_rate * gradient
"""

_mistake = partial(made_in, _RIGHT, see="06_multilayer_perceptron: Exercise 3: a multilayer perceptron")

MISTAKES = [
    _mistake(
        "no-bias",
        "Your layers have no biases. Each of the two adds its own, and there are four parameters.",
        ("@ self.W1 + self.b1", "@ self.W1"),
        ("@ self.W2 + self.b2", "@ self.W2"),
        ("[self.W1, self.b1, self.W2, self.b2]", "[self.W1, self.W2]"),
        ("[self.dW1, self.db1, self.dW2, self.db2]", "[self.dW1, self.dW2]"),
    ),
    _mistake(
        "hidden-bias-forgotten",
        "Your hidden layer has a bias but does not add it. While it is zero nobody notices; after a step it matters.",
        ("@ self.W1 + self.b1", "@ self.W1"),
    ),
    _mistake(
        "output-bias-forgotten",
        "Your output layer has a bias but does not add it. While it is zero nobody notices; after a step it matters.",
        ("@ self.W2 + self.b2", "@ self.W2"),
    ),
    _mistake(
        "slope-forgotten",
        "Your backward forgets the slope of tanh. Between the hidden layer's output and its sum, multiply by 1 - H².",
        ("dz = dh * (1 - self.h**2)", "dz = dh"),
    ),
    _mistake(
        "tanh-twice",
        "Your slope takes tanh of H, which is tanh of Z already. The slope is 1 - H², or 1 - tanh(Z)².",
        ("1 - self.h**2", "1 - torch.tanh(self.h) ** 2"),
    ),
    _mistake(
        "slope-of-the-sum",
        "Your slope is 1 - Z². It is 1 - tanh(Z)², which is 1 - H².",
        ("1 - self.h**2", "1 - self.z**2"),
    ),
    _mistake(
        "slope-of-the-sigmoid",
        "Your slope is H(1 - H), that of the sigmoid. The hidden neurons are tanh, with slope 1 - H².",
        ("(1 - self.h**2)", "self.h * (1 - self.h)"),
    ),
    _mistake(
        "sigmoid-for-tanh",
        "Your hidden neurons are sigmoids. The exercise asks for tanh, between -1 and 1.",
        ("torch.tanh(self.z)", "torch.sigmoid(self.z)"),
        ("(1 - self.h**2)", "self.h * (1 - self.h)"),
    ),
    _mistake(
        "no-curve",
        "Your hidden layer has no tanh, so both layers together are one straight layer.",
        ("torch.tanh(self.z)", "self.z"),
        ("dz = dh * (1 - self.h**2)", "dz = dh"),
    ),
    _mistake(
        "probabilities-for-logits",
        "Your forward applies a sigmoid at the end. It should return logits: the loss turns them into probabilities.",
        ("return self.h @ self.W2 + self.b2", "return torch.sigmoid(self.h @ self.W2 + self.b2)"),
    ),
    _mistake(
        "output-weight-from-the-sum",
        "Your gradient of the output weight uses Z. The output layer's input is H, so it is H transposed times the "
        "gradient.",
        ("self.h.T @ grad_logits", "self.z.T @ grad_logits"),
    ),
    _mistake(
        "averaged-again",
        "Your gradients are divided by the number of points. The mean belongs to the loss, and its gradient brings it along.",
        ("self.h.T @ grad_logits", "self.h.T @ grad_logits / len(grad_logits)"),
        ("self.x.T @ dz", "self.x.T @ dz / len(dz)"),
    ),
    _mistake(
        "bias-gradients-averaged",
        "Your bias gradients are means over the points. Each point adds its part: they are sums.",
        ("grad_logits.sum(dim=0)", "grad_logits.mean(dim=0)"),
        ("dz.sum(dim=0)", "dz.mean(dim=0)"),
    ),
    _mistake(
        "hidden-bias-before-the-slope",
        "Your gradient of the hidden bias leaves out the slope of tanh. It is the sum of the gradient of Z, not of H.",
        ("dz.sum(dim=0)", "dh.sum(dim=0)"),
    ),
    _mistake(
        "gradient-of-the-hidden-layer-returned",
        "Your backward returns the gradient of the hidden sums. One more step, back through the first weight, leads to x.",
        ("return dz @ self.W1.T", "return dz"),
    ),
    _mistake(
        "nothing-returned",
        "Your backward returns nothing. It should return the gradient with respect to x, so that layers before could learn.",
        ("        return dz @ self.W1.T\n", ""),
    ),
    _mistake(
        "gradients-add-up",
        "Your gradients are added to those of an earlier backward. Here each backward replaces them.",
        ("        self.b2 = torch.zeros(d_out)\n", "        self.b2 = torch.zeros(d_out)\n        self.dW2 = 0\n"),
        ("self.dW2 = self.h.T", "self.dW2 = self.dW2 + self.h.T"),
    ),
    _mistake(
        "uphill",
        "Your step adds the gradient, so the loss grows. Downhill is minus the gradient.",
        ("parameter -= learning_rate", "parameter += learning_rate"),
    ),
    _mistake(
        "learning-rate-ignored",
        "Your step ignores the learning rate: each parameter moves by the learning rate times its gradient.",
        ("learning_rate * gradient", "gradient"),
    ),
    _mistake(
        "step-on-copies",
        "Your step computes new values and throws them away: `parameter = ...` gives a name to a new tensor. Change the "
        "tensor in place, or assign to the attribute.",
        ("parameter -= learning_rate * gradient", "parameter = parameter - learning_rate * gradient"),
    ),
    _mistake(
        "biases-never-learn",
        "Your step moves the weights only. The biases learn too.",
        ("in zip(self.parameters(), self.gradients())", "in zip(self.parameters()[::2], self.gradients()[::2])"),
    ),
    _mistake(
        "gradients-in-another-order",
        "Your lists of parameters and gradients have different orders, so each parameter moves by another one's gradient.",
        ("[self.dW1, self.db1, self.dW2, self.db2]", "[self.dW2, self.db2, self.dW1, self.db1]"),
        ("        for parameter, gradient in zip(self.parameters(), self.gradients()):\n", ""),
        (
            "            parameter -= learning_rate * gradient\n",
            "        self.W1 -= learning_rate * self.dW1\n        self.b1 -= learning_rate * self.db1\n"
            "        self.W2 -= learning_rate * self.dW2\n        self.b2 -= learning_rate * self.db2\n",
        ),
    ),
    _mistake(
        "zeros-at-the-start",
        "Your weights start at zero, so all hidden neurons get the same gradients and stay twins for ever. Start them at random.",
        ("torch.randn(d_in, d_hidden)", "torch.zeros(d_in, d_hidden)"),
        ("torch.randn(d_hidden, d_out)", "torch.zeros(d_hidden, d_out)"),
    ),
    _mistake(
        "ones-at-the-start",
        "Your hidden weights all start with the same value, so all hidden neurons learn the same. Start them at random.",
        ("torch.randn(d_in, d_hidden)", "torch.ones(d_in, d_hidden)"),
    ),
    _mistake(
        "weights-updated-on-the-way-back",
        "Your backward changes the output weight before it has gone back through it. First all gradients, then, in "
        "`step`, all changes.",
        ("        dh = grad", "        self.W2 = self.W2 - 0.1 * self.dW2\n        dh = grad"),
    ),
]

EQUIVALENTS = [
    Equivalent(
        "self.W1, self.b1 = (torch.randn(d_in, d_hidden) / math.sqrt(d_in), torch.zeros(d_hidden))",
        "/ → *",
        "How large the random weights are at the start is left to the student, as long as hidden neurons differ.",
    ),
    Equivalent(
        "self.W2, self.b2 = (torch.randn(d_hidden, d_out) / math.sqrt(d_hidden), torch.zeros(d_out))",
        "/ → *",
        "How large the random weights are at the start is left to the student, as long as hidden neurons differ.",
    ),
]
