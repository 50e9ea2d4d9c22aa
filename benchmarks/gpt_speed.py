"""Tokens per second of training and of generation: llmkit.models.gpt, transformers' GPT-2 and a plain GPT, same sizes, same run.

Run as `make bench-gpt`. Prints medians of interleaved rounds and ratios; needs transformers.
"""

from __future__ import annotations

import argparse
import os
import statistics
import time
from collections.abc import Callable
from contextlib import nullcontext

os.environ["HF_HUB_OFFLINE"] = "1"

import torch
import torch.nn.functional as F
from plain_gpt import PlainGPT
from plain_gpt import generate as plain_generate
from torch import Tensor
from transformers import GPT2Config, GPT2LMHeadModel

from llmkit import runtime
from llmkit.models.decoding import generate
from llmkit.models.gpt import GPTModel
from llmkit.training.losses import loss_of
from llmkit.training.recipe import adamw, autocast

SIZES = {
    "5.9M": {"vocab_size": 4096, "context_length": 256, "emb_dim": 256, "n_heads": 8, "n_layers": 6},
    "shipped checkpoint": {"vocab_size": 8192, "context_length": 256, "emb_dim": 256, "n_heads": 8, "n_layers": 6},
    "124M": {"vocab_size": 50257, "context_length": 1024, "emb_dim": 768, "n_heads": 12, "n_layers": 12},
}
Step = Callable[[Tensor, Tensor], None]


def hugging_face(cfg: dict, dropout: float) -> GPT2LMHeadModel:
    """Transformers' model of the same size."""
    return GPT2LMHeadModel(
        GPT2Config(
            vocab_size=cfg["vocab_size"],
            n_positions=cfg["context_length"],
            n_embd=cfg["emb_dim"],
            n_head=cfg["n_heads"],
            n_layer=cfg["n_layers"],
            resid_pdrop=dropout,
            embd_pdrop=dropout,
            attn_pdrop=dropout,
            bos_token_id=0,
            eos_token_id=None,
        )
    )


def training_steps(cfg: dict, device: str, dropout: float, mixed: bool) -> dict[str, Step]:
    """One training step for each model, with its usual optimiser."""
    full = cfg | {"drop_rate": dropout, "qkv_bias": True}
    ours, plain = GPTModel(full | {"tie_weights": True}).to(device).train(), PlainGPT(full).to(device).train()
    theirs = hugging_face(cfg, dropout).to(device).train()
    # The head is the embedding in all three, so that all three have the same parameters.
    plain.head.weight = plain.tokens.weight
    counts = {sum(p.numel() for p in model.parameters()) for model in (ours, plain, theirs)}
    assert len(counts) == 1, counts
    optimizers = {
        "llmkit": adamw(ours, 1e-4),
        "transformers": torch.optim.AdamW(theirs.parameters(), lr=1e-4),
        "plain": torch.optim.AdamW(plain.parameters(), lr=1e-4),
    }

    def step(name: str, loss: Callable[[Tensor, Tensor], Tensor]) -> Step:
        def run(inputs: Tensor, targets: Tensor) -> None:
            optimizers[name].zero_grad()
            with autocast(device) if mixed else nullcontext():
                value = loss(inputs, targets)
            value.backward()
            optimizers[name].step()

        return run

    return {
        "llmkit": step("llmkit", lambda x, y: loss_of(ours, x, y)),
        "transformers": step("transformers", lambda x, y: F.cross_entropy(theirs(x).logits.flatten(0, 1), y.flatten())),
        "plain": step("plain", lambda x, y: F.cross_entropy(plain(x).flatten(0, 1), y.flatten())),
    }


def seconds(run: Callable[[], object], device: str) -> float:
    """Wall-clock time of one run."""
    if device == "cuda":
        torch.cuda.synchronize()
    start = time.perf_counter()
    run()
    if device == "cuda":
        torch.cuda.synchronize()
    return time.perf_counter() - start


def compare(runs: dict[str, Callable[[], object]], rounds: int, device: str) -> dict[str, float]:
    """Median seconds of each, over interleaved rounds, after one to warm up."""
    times: dict[str, list[float]] = {name: [] for name in runs}
    for number in range(rounds + 1):
        for name, run in runs.items():
            taken = seconds(run, device)
            if number:
                times[name].append(taken)
    return {name: statistics.median(values) for name, values in times.items()}


def main() -> None:
    """Measures and prints."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--size", choices=SIZES, default="5.9M")
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--batch", type=int, default=8)
    parser.add_argument("--new-tokens", type=int, default=256)
    parser.add_argument("--dropout", type=float, default=0.0)
    parser.add_argument("--device", default="cuda" if torch.cuda.is_available() else "cpu")
    options = parser.parse_args()
    cfg, device = SIZES[options.size], options.device
    torch.manual_seed(0)
    length = min(256, cfg["context_length"])
    inputs, targets = torch.randint(cfg["vocab_size"], (2, options.batch, length), device=device)
    print(f"{options.size}, {device}, {torch.get_num_threads()} threads, torch {torch.__version__}")

    for mixed in (False, True) if runtime.has_bf16(device) else (False,):
        steps = training_steps(cfg, device, options.dropout, mixed)
        taken = compare(
            {name: lambda step=step: step(inputs, targets) for name, step in steps.items()}, options.rounds, device
        )
        precision = "bfloat16 autocast for all three" if mixed else "float32"
        print(f"training, batch {options.batch} x {length} tokens, dropout {options.dropout}, {precision}:")
        for name, value in taken.items():
            print(f"  {name:14s}{inputs.numel() / value:10.0f} tokens/s")
        faster = min(("transformers", "plain"), key=taken.__getitem__)
        print(f"  ratio llmkit / {faster} (the faster of the two): {taken[faster] / taken['llmkit']:.2f}")

    new = options.new_tokens
    full = cfg | {"drop_rate": 0.0, "qkv_bias": True, "context_length": max(cfg["context_length"], new + 8)}
    ours, plain = GPTModel(full | {"tie_weights": True}).to(device).eval(), PlainGPT(full).to(device).eval()
    theirs = hugging_face(full, 0.0).to(device).eval()
    prompt = inputs[:1, :8]
    runs = {
        "llmkit": lambda: generate(ours, prompt, new),
        "transformers": lambda: theirs.generate(
            prompt,
            attention_mask=torch.ones_like(prompt),
            max_new_tokens=new,
            min_new_tokens=new,
            do_sample=False,
            use_cache=True,
        ),
        "plain": lambda: plain_generate(plain, prompt, new),
    }
    taken = compare(runs, max(3, options.rounds // 2), device)
    print(f"greedy generation of {new} tokens after a prompt of 8:")
    for name, value in taken.items():
        print(f"  {name:14s}{new / value:10.0f} tokens/s")
    for name in ("plain", "transformers"):
        print(f"  ratio llmkit / {name}: {taken[name] / taken['llmkit']:.2f}")


if __name__ == "__main__":
    main()
