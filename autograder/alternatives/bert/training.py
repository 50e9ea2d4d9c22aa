"""Right answers in other styles: the loss of covered words, a training step, evaluation, filling gaps."""

from __future__ import annotations

from autograder.catalogue import Alternative

_LOSS = [
    Alternative(
        exercise="bert/mlm-loss",
        name="ignore-index",
        description="F.cross_entropy with its ignore_index on a transposed tensor; the empty case by a sum.",
        code="""def mlm_loss(logits, labels):
    total = F.cross_entropy(logits.transpose(1, 2), labels, ignore_index=-100, reduction="sum")
    return total / (labels != -100).sum().clamp(min=1)
""",
    ),
    Alternative(
        exercise="bert/mlm-loss",
        name="gather-and-weights",
        description="Log-softmax and gather at all places, weighted by 0 and 1.",
        code="""def mlm_loss(logits, labels):
    weights = labels.ne(-100).to(logits.dtype)
    log_p = logits - logits.logsumexp(dim=-1, keepdim=True)
    picked = log_p.gather(-1, labels.clamp(min=0).unsqueeze(-1)).squeeze(-1)
    return -(picked * weights).sum() / max(weights.sum(), torch.tensor(1.0))
""",
    ),
    Alternative(
        exercise="bert/mlm-loss",
        name="one-hot-product",
        description="Places by nonzero, a product with one-hot vectors.",
        code="""def mlm_loss(logits, labels):
    rows, places = (labels != -100).nonzero(as_tuple=True)
    if rows.numel() == 0:
        return torch.zeros((), dtype=logits.dtype)
    said = F.log_softmax(logits[rows, places], -1)
    true = F.one_hot(labels[rows, places], logits.shape[-1])
    return -(said * true).sum(-1).mean()
""",
    ),
]

_STEP = [
    Alternative(
        exercise="bert/mlm-train-step",
        name="cleared-at-the-end",
        description="Two backward passes whose gradients add up; cleared before and after.",
        code="""def train_step(model, optimizer, batch):
    model.train(True)
    optimizer.zero_grad(set_to_none=True)
    words, follows = model(batch[0], batch[1])
    one = nn.CrossEntropyLoss(ignore_index=-100)(words.reshape(-1, words.shape[-1]), batch[2].reshape(-1))
    two = nn.CrossEntropyLoss()(follows, batch[3])
    one.backward(retain_graph=True)
    two.backward()
    optimizer.step()
    optimizer.zero_grad()
    return float(one) + float(two)
""",
    ),
    Alternative(
        exercise="bert/mlm-train-step",
        name="masked-selection",
        description="Labelled places picked by a mask, losses by log-softmax, gradients of the model cleared.",
        code="""def train_step(model, optimizer, batch):
    ids, segments, labels, is_next = batch
    if not model.training:
        model.train()
    said, follows = model(ids, segments)
    asked = labels >= 0
    p = said[asked].log_softmax(-1).gather(1, labels[asked][:, None])
    q = follows.log_softmax(-1)[range(len(is_next)), is_next]
    loss = -(p.mean() + q.mean())
    model.zero_grad()
    loss.backward()
    optimizer.step()
    return loss.detach().item()
""",
    ),
    Alternative(
        exercise="bert/mlm-train-step",
        name="gradients-by-autograd",
        description="torch.autograd.grad, the gradients put in place by hand.",
        code="""def train_step(model, optimizer, batch):
    ids, segments, labels, is_next = batch
    model.train()
    outputs = model(ids, segments)
    losses = [
        F.cross_entropy(outputs[0].transpose(-1, -2), labels),
        F.nll_loss(torch.log_softmax(outputs[1], dim=1), is_next),
    ]
    total = torch.stack(losses).sum()
    parameters = [p for p in model.parameters() if p.requires_grad]
    for parameter, gradient in zip(parameters, torch.autograd.grad(total, parameters, allow_unused=True)):
        parameter.grad = gradient
    optimizer.step()
    return total.item()
""",
    ),
]

_EVALUATE = [
    Alternative(
        exercise="bert/mlm-evaluate",
        name="tensors-collected",
        description="All answers are collected and joined; the mean comes at the end; mode put back in finally.",
        code="""@torch.no_grad()
def evaluate(model, batches):
    before = model.training
    try:
        model.eval()
        hits, agreements = [], []
        for ids, segments, labels, is_next in batches:
            words, follows = model(ids, segments)
            known = labels >= 0
            hits.append((words[known].argmax(-1) == labels[known]).float())
            agreements.append((follows.max(dim=1).indices == is_next).float())
        return torch.cat(hits).mean().item(), torch.cat(agreements).mean().item()
    finally:
        model.train(before)
""",
    ),
    Alternative(
        exercise="bert/mlm-evaluate",
        name="plain-loops",
        description="Place by place in plain Python; inference_mode; train or eval by an if.",
        code="""def evaluate(model, batches):
    training = model.training
    model.eval()
    words_right, words_all, rows_right, rows_all = 0, 0, 0, 0
    for batch in batches:
        with torch.inference_mode():
            said, follows = model(batch[0], batch[1])
        best = said.max(dim=-1)[1].tolist()
        for row, answers in enumerate(batch[2].tolist()):
            for place, answer in enumerate(answers):
                if answer != -100:
                    words_all += 1
                    if best[row][place] == answer:
                        words_right += 1
        says_yes = (follows[:, 1] > follows[:, 0]).tolist()
        rows_right += sum(bool(yes) == bool(true) for yes, true in zip(says_yes, batch[3].tolist()))
        rows_all += len(says_yes)
    if training:
        model.train()
    else:
        model.eval()
    return words_right / words_all, rows_right / rows_all
""",
    ),
    Alternative(
        exercise="bert/mlm-evaluate",
        name="weighted-means",
        description="Shares of the batches, weighted by their sizes.",
        code="""def evaluate(model, batches):
    mode = model.training
    model.train(False)
    shares, sizes = [], []
    with torch.no_grad():
        for ids, segments, labels, is_next in batches:
            words, follows = model(ids, segments)
            asked = (labels != -100).float()
            right = (words.argmax(2) == labels).float() * asked
            shares.append([right.sum() / asked.sum(), (follows.argmax(1) == is_next).float().mean()])
            sizes.append([asked.sum(), float(len(ids))])
    model.train(mode)
    shares, sizes = torch.tensor(shares), torch.tensor(sizes)
    return tuple(((shares * sizes).sum(0) / sizes.sum(0)).tolist())
""",
    ),
]

_PREDICT = [
    Alternative(
        exercise="bert/predict-mask",
        name="sorted-in-python",
        description="Softmax by hand over a dictionary of words, sorted in plain Python.",
        code="""@torch.no_grad()
def predict_mask(model, words, vocab, k=5):
    import math

    tokens = ["[CLS]"] + list(words) + ["[SEP]"]
    places = [t for t, token in enumerate(tokens) if token == "[MASK]"]
    if not places:
        raise ValueError("nothing to guess")
    model.eval()
    ids = torch.tensor([vocab[token] if token in vocab else 1 for token in tokens]).unsqueeze(0)
    scores, _follows = model(ids, ids * 0)
    answer = []
    for t in places:
        row = scores[0, t].tolist()
        powers = {word: math.exp(row[i] - max(row)) for word, i in vocab.items() if i > 4}
        total = sum(powers.values())
        best = sorted(powers, key=powers.get, reverse=True)[:k]
        answer.append([(word, powers[word] / total) for word in best])
    return answer
""",
    ),
    Alternative(
        exercise="bert/predict-mask",
        name="all-masks-at-once",
        description="Logits of all masks in one tensor, words in a list, inference_mode.",
        code="""def predict_mask(model, words, vocab, k=5):
    numbers = [2, *(vocab.get(word, 1) for word in words), 3]
    ids = torch.tensor(numbers)[None, :]
    where = ids[0] == 4
    if not where.any():
        raise ValueError("give me a [MASK]")
    names = sorted(vocab, key=vocab.get)[5:]
    model = model.eval()
    with torch.inference_mode():
        logits = model(ids, torch.zeros(1, len(numbers), dtype=torch.long))[0]
    values, places = torch.log_softmax(logits[0, where][:, 5:], dim=-1).exp().sort(dim=-1, descending=True)
    return [
        [(names[place], float(value)) for value, place in zip(row[:k], spots[:k].tolist())]
        for row, spots in zip(values, places)
    ]
""",
    ),
    Alternative(
        exercise="bert/predict-mask",
        name="special-tokens-far-down",
        description="Special logits lowered by a large number; a helper for one place; the mode put back.",
        code="""def best_words(logits, names, k):
    lowered = logits.clone()
    lowered[:5] -= 1e9
    chances = F.softmax(lowered, dim=0)
    order = torch.argsort(chances, descending=True)[:k]
    return [[names[int(i)], chances[i].item()] for i in order]


def predict_mask(model, words, vocab, k=5):
    count = words.count("[MASK]")
    if count < 1:
        raise ValueError(words)
    names = dict(zip(vocab.values(), vocab.keys()))
    ids = [vocab["[CLS]"]] + [vocab.get(w, vocab["[UNK]"]) for w in words] + [vocab["[SEP]"]]
    mode = model.training
    model.eval()
    with torch.no_grad():
        out = model(torch.LongTensor([ids]), torch.LongTensor([[0] * len(ids)]))[0]
    model.train(mode)
    return [best_words(out[0, t + 1], names, k) for t, w in enumerate(words) if w == "[MASK]"]
""",
    ),
]

ALTERNATIVES: list[Alternative] = [*_LOSS, *_STEP, *_EVALUATE, *_PREDICT]
