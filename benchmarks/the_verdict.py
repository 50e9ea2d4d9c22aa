"""Pre-trains GPT-2's 124M configuration on The Verdict as "Build a Large Language Model (From Scratch)" does, and compares the losses.

    python benchmarks/the_verdict.py                          # ten epochs; a quarter of an hour on two idle processor cores
    python benchmarks/the_verdict.py --epochs 1               # what a tenth of it costs
    python benchmarks/the_verdict.py --data FOLDER            # or SHARED_DATA=FOLDER

The folder holds the-verdict.txt and tiktoken_cache/; without the option it is shared/data beside the checkout. Context 256,
batches of 2, dropout 0.1, untied head, no qkv bias, PyTorch's default initialisation, AdamW with rate 4e-4 and decay 0.1, seed 123.
Expected: an initial loss of about 10.99 nats per token; after ten epochs a training loss under 1 and a validation loss
between 6 and 7, which was lower after four or five: the model learns the story by heart. The book prints 0.57 and 6.37 after ten
epochs, over five batches; here all windows are measured, and random numbers are drawn in another order.
"""

from __future__ import annotations

import argparse
import os
import sys
import time
from pathlib import Path

import torch
from torch import Tensor, nn

from llmkit import tokenizer
from llmkit.models.gpt import GPTModel, config
from llmkit.training.losses import loss_of

CONTEXT, BATCH, SEED = 256, 2, 123
BESIDE = Path(__file__).resolve().parents[2] / "shared" / "data"


def windows(ids: Tensor) -> tuple[Tensor, Tensor]:
    """Windows without overlap, and the same windows one token later, each (windows, CONTEXT)."""
    count = (len(ids) - 1) // CONTEXT
    return ids[: count * CONTEXT].view(count, CONTEXT), ids[1 : count * CONTEXT + 1].view(count, CONTEXT)


def text_loss(model: GPTModel, text: tuple[Tensor, Tensor]) -> float:
    """Mean loss over all windows, in evaluation mode."""
    model.eval()
    with torch.no_grad():
        rows = zip(text[0].split(BATCH), text[1].split(BATCH), strict=True)
        total = sum(loss_of(model, inputs, targets).item() * len(inputs) for inputs, targets in rows)
    model.train()
    return total / len(text[0])


def fresh_model(device: str) -> GPTModel:
    """The model with PyTorch's default initialisation of nn.Embedding and nn.Linear."""
    torch.manual_seed(SEED)
    model = GPTModel(config("124M", context_length=CONTEXT))
    for module in model.modules():
        if isinstance(module, (nn.Embedding, nn.Linear)):
            module.reset_parameters()
    return model.to(device).train()


def report(what: str, value: float, low: float, high: float) -> bool:
    """Prints a result beside its band."""
    inside = low <= value <= high
    print(f"{'ok ' if inside else 'NOT'} {what}: {value:.3f} (expected {low:g} to {high:g})", flush=True)
    return inside


def main(arguments: list[str]) -> int:
    """Runs the benchmark; 0 if everything measured lies in its band."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--data", type=Path, default=Path(os.environ.get("SHARED_DATA", BESIDE)))
    parser.add_argument("--device", default="cuda" if torch.cuda.is_available() else "cpu")
    parser.add_argument("--epochs", type=int, default=10)
    options = parser.parse_args(arguments)
    file = options.data / "the-verdict.txt"
    if not file.is_file():
        print(f"there is no {file}: name the folder with --data or SHARED_DATA", file=sys.stderr)
        return 2
    os.environ.setdefault("TIKTOKEN_CACHE_DIR", str(options.data / "tiktoken_cache"))
    encoding = tokenizer("gpt2", strict=True)
    text = file.read_text(encoding="utf-8")
    border = int(0.9 * len(text))
    halves = [torch.tensor(encoding.encode(part)) for part in (text[:border], text[border:])]
    training, validation = (windows(ids.to(options.device)) for ids in halves)
    print(
        f"{len(halves[0]) + len(halves[1]):,} tokens; windows: {len(training[0])} and {len(validation[0])}", flush=True
    )
    model = fresh_model(options.device)
    good = report("initial training loss", text_loss(model, training), 10.9, 11.1)
    good &= report("initial validation loss", text_loss(model, validation), 10.9, 11.1)
    optimizer = torch.optim.AdamW(model.parameters(), lr=4e-4, weight_decay=0.1)
    order, losses = torch.Generator().manual_seed(SEED), []
    started, cpu, steps = time.perf_counter(), time.process_time(), 0
    for epoch in range(1, options.epochs + 1):
        # An incomplete last batch is dropped, as by the book's loader.
        for rows in torch.randperm(len(training[0]), generator=order).split(BATCH):
            if len(rows) < BATCH:
                continue
            optimizer.zero_grad()
            loss_of(model, training[0][rows], training[1][rows]).backward()
            optimizer.step()
            steps += 1
        losses.append((text_loss(model, training), text_loss(model, validation)))
        took = time.perf_counter() - started
        print(
            f"epoch {epoch:2}: training {losses[-1][0]:.3f}, validation {losses[-1][1]:.3f}; {took:.0f} s, "
            f"{took / epoch * (options.epochs - epoch):.0f} s left",
            flush=True,
        )
    device = torch.cuda.get_device_name() if options.device == "cuda" else f"{torch.get_num_threads()} threads"
    spent = time.process_time() - cpu
    print(f"{steps} steps in {time.perf_counter() - started:.0f} s, {spent:.0f} s of processor time, on {device}")
    if options.epochs < 10:
        return 0 if good else 1
    good &= report("training loss at the end", losses[-1][0], 0.0, 1.0)
    good &= report("validation loss at the end", losses[-1][1], 6.0, 7.0)
    best = min(range(len(losses)), key=lambda epoch: losses[epoch][1])
    good &= report("epochs until the best validation loss", best + 1, 2, 7)
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
