"""Right answers in other styles, chapter 5: the loss of tokens, batches and loaders, perplexity and bits per byte."""

from __future__ import annotations

from autograder.catalogue import Alternative

_TOKENS = [
    Alternative(
        exercise="ch05/token-losses",
        name="transposed-cross-entropy",
        description="F.cross_entropy with the classes in dimension 1.",
        code="""def token_losses(logits, targets):
    return F.cross_entropy(logits.permute(0, 2, 1), targets, reduction="none")
""",
    ),
    Alternative(
        exercise="ch05/token-losses",
        name="logsumexp-and-indices",
        description="The formula with logsumexp, and indexing with three tensors.",
        code="""def token_losses(logits, targets):
    B, T, _ = logits.shape
    rows = torch.arange(B)[:, None]
    places = torch.arange(T)[None, :]
    return logits.logsumexp(dim=2) - logits[rows, places, targets]
""",
    ),
    Alternative(
        exercise="ch05/token-losses",
        name="one-hot",
        description="The sum over the vocabulary with a one-hot table.",
        code="""def token_losses(logits, targets):
    true = F.one_hot(targets, logits.size(-1)).to(logits.dtype)
    return -(F.log_softmax(logits, -1) * true).sum(-1)
""",
    ),
    Alternative(
        exercise="ch05/token-losses",
        name="flat",
        description="Flattened to a table, log_softmax after the largest logit is taken away, shaped back.",
        code="""def token_losses(logits, targets):
    flat, ids = logits.reshape(-1, logits.shape[-1]), targets.reshape(-1)
    flat = flat - flat.max(dim=1, keepdim=True).values.detach()
    log_sum = torch.log(torch.exp(flat).sum(dim=1))
    return (log_sum - flat[range(len(ids)), ids]).view(targets.shape)
""",
    ),
    Alternative(
        exercise="ch05/token-losses",
        name="loops",
        description="A loop over texts, a distribution object of PyTorch for each.",
        code="""def token_losses(logits, targets):
    found = []
    for text, ids in zip(logits, targets):
        found.append(-torch.distributions.Categorical(logits=text).log_prob(ids))
    return torch.stack(found)
""",
    ),
]

_BATCH = [
    Alternative(
        exercise="ch05/loss-batch",
        name="nanogpt",
        description="view(-1, V) and view(-1), as in nanoGPT.",
        code="""def loss_batch(model, inputs, targets):
    logits = model(inputs)
    return F.cross_entropy(logits.view(-1, logits.size(-1)), targets.reshape(-1))
""",
    ),
    Alternative(
        exercise="ch05/loss-batch",
        name="transposed-logits",
        description="Classes in dimension 1, nothing flattened, the module form of the loss.",
        code="""def loss_batch(model, inputs, targets):
    criterion = nn.CrossEntropyLoss()
    return criterion(model(inputs).transpose(1, 2), targets)
""",
    ),
    Alternative(
        exercise="ch05/loss-batch",
        name="log-softmax-and-gather",
        description="The formula by hand.",
        code="""def loss_batch(model, inputs, targets):
    log_probs = F.log_softmax(model(inputs), dim=-1)
    return -torch.gather(log_probs, -1, targets[..., None]).mean()
""",
    ),
    Alternative(
        exercise="ch05/loss-batch",
        name="nll-loss",
        description="log_softmax and nll_loss, sum over tokens divided by their number.",
        code="""def loss_batch(model, inputs, targets):
    scores = torch.log_softmax(model(inputs), dim=2).permute(0, 2, 1)
    return F.nll_loss(scores, targets, reduction="sum") / targets.numel()
""",
    ),
]

_LOADER = [
    Alternative(
        exercise="ch05/loss-loader",
        name="sums-of-losses",
        description="islice, inference_mode, sums instead of means, the mode put back in any case.",
        code="""from itertools import islice


def loss_loader(model, loader, n_batches=None):
    mode = model.training
    sums, sizes = [], []
    try:
        model.eval()
        with torch.inference_mode():
            for inputs, targets in islice(loader, n_batches):
                logits = model(inputs)
                loss = F.cross_entropy(logits.transpose(1, 2), targets, reduction="sum")
                sums.append(float(loss))
                sizes.append(targets.numel())
    finally:
        model.train(mode)
    if not sizes:
        raise ValueError("empty")
    return sum(sums) / sum(sizes)
""",
    ),
    Alternative(
        exercise="ch05/loss-loader",
        name="all-tokens-in-a-row",
        description="Decorated with no_grad; all losses in one tensor, and its mean.",
        code="""@torch.no_grad()
def loss_loader(model, loader, n_batches=None):
    was_training = model.training
    model.eval()
    losses = []
    for number, batch in enumerate(loader, start=1):
        if n_batches is not None and number > n_batches:
            break
        inputs, targets = batch
        log_probs = model(inputs).log_softmax(-1)
        losses.append(-log_probs.gather(-1, targets.unsqueeze(-1)).flatten())
    if was_training:
        model.train()
    if len(losses) == 0:
        raise ValueError("the loader gave no batch")
    return torch.cat(losses).mean().item()
""",
    ),
    Alternative(
        exercise="ch05/loss-loader",
        name="book-like",
        description="min(n_batches, len(loader)) first, the error before any work, a helper for one batch.",
        code="""def calc_loss_batch(model, inputs, targets):
    logits = model(inputs)
    return F.cross_entropy(logits.flatten(0, 1), targets.flatten())


def loss_loader(model, loader, n_batches=None):
    if len(loader) == 0 or n_batches == 0:
        raise ValueError("no batches")
    n_batches = len(loader) if n_batches is None else min(n_batches, len(loader))
    mode, total_loss, total_tokens = model.training, 0.0, 0
    model.eval()
    for i, (input_batch, target_batch) in enumerate(loader):
        if i < n_batches:
            with torch.no_grad():
                loss = calc_loss_batch(model, input_batch, target_batch)
            n = target_batch.shape[0] * target_batch.shape[1]
            total_loss += loss.item() * n
            total_tokens += n
        else:
            break
    model.train(mode)
    return total_loss / total_tokens
""",
    ),
    Alternative(
        exercise="ch05/loss-loader",
        name="running-mean",
        description="A running mean that each batch moves by its share; the batches taken with next.",
        code="""def loss_loader(model, loader, n_batches=None):
    before = model.training
    model.train(False)
    batches, mean, seen, read = iter(loader), 0.0, 0, 0
    with torch.no_grad():
        while n_batches is None or read < n_batches:
            pair = next(batches, None)
            if pair is None:
                break
            loss, size = loss_of(model, *pair).item(), pair[1].numel()
            seen += size
            mean += (loss - mean) * size / seen
            read += 1
    model.train(before)
    if read == 0:
        raise ValueError("nothing to average")
    return mean
""",
    ),
]

_BITS = [
    Alternative(
        exercise="ch05/perplexity-and-bits",
        name="torch",
        description="Tensors of torch in place of plain numbers.",
        code="""def perplexity(loss):
    return torch.exp(torch.tensor(loss, dtype=torch.float64))


def bits_per_byte(loss, n_tokens, text):
    size = len(bytes(text, "utf-8"))
    return torch.tensor(loss / math.log(2), dtype=torch.float64) * n_tokens / size
""",
    ),
    Alternative(
        exercise="ch05/perplexity-and-bits",
        name="logarithm-of-e",
        description="A power of e; nats times log2(e); bytes counted character by character.",
        code="""def perplexity(loss):
    return math.e**loss


def bits_per_byte(loss, n_tokens, text):
    n_bytes = sum(len(sign.encode()) for sign in text)
    return loss * math.log2(math.e) * (n_tokens / n_bytes)
""",
    ),
    Alternative(
        exercise="ch05/perplexity-and-bits",
        name="through-the-perplexity",
        description="Bits as the logarithm of the perplexity to base 2.",
        code="""def perplexity(loss):
    bits = loss / math.log(2)
    return 2**bits


def bits_per_byte(loss, n_tokens, text):
    bits_per_token = math.log2(perplexity(loss))
    tokens_per_byte = n_tokens / len(bytearray(text.encode()))
    return bits_per_token * tokens_per_byte
""",
    ),
]

ALTERNATIVES: list[Alternative] = [*_TOKENS, *_BATCH, *_LOADER, *_BITS]
