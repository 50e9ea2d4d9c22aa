"""Answers to exercise 3 of 07_mlp_in_pytorch: a training loop."""

from __future__ import annotations

from functools import partial

from autograder.answers import Alternative, made_in

ALTERNATIVES = [
    Alternative(
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

_RIGHT = """def train(model, x, targets, epochs, learning_rate):
    optimizer = torch.optim.SGD(model.parameters(), lr=learning_rate)
    model.train()
    losses = []
    for epoch in range(epochs):
        logits = model(x)
        loss = F.cross_entropy(logits, targets)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    return losses
"""

_mistake = partial(made_in, _RIGHT, see="07_mlp_in_pytorch: Exercise 3: a training loop")

MISTAKES = [
    _mistake(
        "no-zero-grad",
        "Your loop never clears the gradients, so each step also repeats all steps before it. Call `zero_grad()` in each step.",
        ("        optimizer.zero_grad()\n", ""),
    ),
    _mistake(
        "zero-grad-too-late",
        "Your loop clears the gradients between `backward` and `step`, so the step has nothing to go by and the model never changes.",
        (
            "        optimizer.zero_grad()\n        loss.backward()\n",
            "        loss.backward()\n        optimizer.zero_grad()\n",
        ),
    ),
    _mistake(
        "no-step",
        "Your loop never calls `optimizer.step()`, so no parameter changes.",
        ("        optimizer.step()\n", ""),
    ),
    _mistake(
        "no-backward",
        "Your loop never calls `loss.backward()`, so there are no gradients to step along.",
        ("        loss.backward()\n", ""),
    ),
    _mistake(
        "step-before-backward",
        "Your loop steps before `backward`, along the gradients of the step before, which are cleared already. The "
        "order is zero_grad, backward, step.",
        ("        loss.backward()\n        optimizer.step()\n", "        optimizer.step()\n        loss.backward()\n"),
    ),
    _mistake(
        "forward-only-once",
        "Your loop computes the logits once, before the loop, so the loss never follows the parameters and `backward` "
        "finds its graph used up. The forward pass belongs into each step.",
        ("        logits = model(x)\n", ""),
        ("    losses = []\n", "    losses = []\n    logits = model(x)\n"),
    ),
    _mistake(
        "loss-after-the-step",
        "Your list holds the losses after each step. It should begin with the loss of the untouched model.",
        ("losses.append(loss.item())", "losses.append(F.cross_entropy(model(x), targets).item())"),
    ),
    _mistake(
        "last-loss-only",
        "Your function returns the last loss. It should return the list of all.",
        ("return losses", "return losses[-1]"),
    ),
    _mistake(
        "tensors-in-the-list",
        "Your list holds tensors, each with its whole graph. `loss.item()` is the plain number.",
        ("loss.item()", "loss"),
    ),
    _mistake(
        "adam",
        "Your optimiser is Adam. The exercise asks for plain gradient descent, `torch.optim.SGD`, whose steps can be checked by hand.",
        ("torch.optim.SGD", "torch.optim.Adam"),
    ),
    _mistake(
        "momentum",
        "Your gradient descent has momentum; the exercise asks for none.",
        ("lr=learning_rate", "lr=learning_rate, momentum=0.9"),
    ),
    _mistake(
        "learning-rate-ignored",
        "Your optimiser has a fixed learning rate. Give it the one that the function was given.",
        ("lr=learning_rate", "lr=0.1"),
    ),
    _mistake(
        "sum-for-mean",
        "Your loss is the sum over the points, so steps grow with the data. Take the mean, which is the default.",
        ("F.cross_entropy(logits, targets)", 'F.cross_entropy(logits, targets, reduction="sum")'),
    ),
    _mistake(
        "softmax-before-the-loss",
        "Your loop takes the softmax before the loss. `F.cross_entropy` wants logits and takes the softmax itself.",
        ("F.cross_entropy(logits, targets)", "F.cross_entropy(torch.softmax(logits, dim=-1), targets)"),
    ),
    _mistake(
        "left-in-evaluation-mode",
        "Your function trains the model in whatever mode it is. Call `model.train()` first, so that layers such as dropout take part.",
        ("    model.train()\n", ""),
    ),
    _mistake(
        "evaluation-mode",
        "Your function trains in evaluation mode, where layers such as dropout are off. Call `model.train()`.",
        ("model.train()", "model.eval()"),
    ),
    _mistake(
        "returns-too-early",
        "Your `return` stands inside the loop, so there is only one step. Move it out by one level.",
        ("    return losses", "        return losses"),
    ),
    _mistake(
        "one-epoch-too-many",
        "Your loop runs once more than `epochs` says.",
        ("range(epochs)", "range(epochs + 1)"),
    ),
    _mistake(
        "uphill",
        "Your steps go uphill: the loss that is differentiated has the wrong sign.",
        ("loss.backward()", "(-loss).backward()"),
    ),
]
