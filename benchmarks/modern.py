"""Tokens per second and memory of SmolLM2-135M: llmkit in four precisions, transformers in two, and llama.cpp, same weights, same run.

Run as `make bench-modern`. Each contender is a process of its own; rounds are interleaved, so that a busy moment meets all of
them. llama.cpp is built from the package index into a temporary folder, which takes some minutes; `--peers transformers` leaves it out.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from itertools import islice
from pathlib import Path

THREADS = 2
LLAMA_CPP = "llama-cpp-python==0.3.36"
TEXT = """The sea covers most of our planet, and most of what lives there has never been seen by anyone. Near the coast the water is
shallow and warm, plants grow on the ground, and small fish hide between them. Far out it is dark and cold, and only few animals can
stand the pressure. Ships have crossed it for thousands of years, first along the coast, later by the stars, and today more than fifty
thousand of them are on their way at any moment. What they carry is almost everything that people buy: food, clothes, machines, oil. In a
storm the largest of them is still a small thing, and the sailors know it. They watch the sky in the morning, as their grandfathers did,
and they speak little about it in the evening. Children who grow up in a harbour learn early what a change of the wind means."""

Generate = Callable[[Sequence[int], int], list[int]]
Logits = Callable[[Sequence[int]], "object"]


def ours(kind: str, weights: Path) -> tuple[Generate, Logits]:
    """llmkit.models.llama; kind is "float32", "bfloat16", "int8" or "int4"."""
    import torch

    from llmkit.models import generate, load_smollm2

    torch.set_num_threads(THREADS)
    few = kind.startswith("int")
    model = load_smollm2(quantised=kind, path=weights) if few else load_smollm2(getattr(torch, kind), path=weights)

    def run(prompt: Sequence[int], new: int) -> list[int]:
        return generate(model, torch.tensor([prompt]), new)[0, len(prompt) :].tolist()

    def logits(ids: Sequence[int]) -> torch.Tensor:
        with torch.no_grad():
            return model(torch.tensor([ids]))[0].float()

    return run, logits


def transformers_peer(kind: str, folder: Path) -> tuple[Generate, Logits]:
    """Transformers' Llama from a folder with the same, dequantised weights."""
    os.environ["HF_HUB_OFFLINE"] = "1"
    import torch
    from transformers import AutoModelForCausalLM

    torch.set_num_threads(THREADS)
    model = AutoModelForCausalLM.from_pretrained(folder, dtype=getattr(torch, kind)).eval()

    def run(prompt: Sequence[int], new: int) -> list[int]:
        ids = torch.tensor([prompt])
        options = {"attention_mask": torch.ones_like(ids), "max_new_tokens": new, "min_new_tokens": new}
        return model.generate(ids, do_sample=False, use_cache=True, **options)[0, len(prompt) :].tolist()

    def logits(ids: Sequence[int]) -> torch.Tensor:
        with torch.no_grad():
            return model(torch.tensor([ids])).logits[0].float()

    return run, logits


def llama_cpp(weights: Path) -> tuple[Generate, Logits | None]:
    """llama.cpp, which multiplies the file's 4-bit blocks with activations of 8 bits."""
    from llama_cpp import Llama

    model = Llama(str(weights), n_ctx=512, n_threads=THREADS, n_threads_batch=THREADS, verbose=False)

    def run(prompt: Sequence[int], new: int) -> list[int]:
        return list(islice(model.generate(list(prompt), temp=0.0, repeat_penalty=1.0), new))

    return run, None


def serve(name: str, weights: Path, folder: Path) -> None:
    """A contender's process: answers each line of standard input with a line of JSON."""
    library, _space, kind = name.partition(" ")
    logits: Logits | None
    if library == "llmkit":
        run, logits = ours(kind, weights)
    elif library == "transformers":
        run, logits = transformers_peer(kind, folder)
    else:
        run, logits = llama_cpp(weights)
    for line in sys.stdin:
        asked = json.loads(line)
        if "score" in asked:
            answer = score(logits, asked["score"]) if logits else {}
        else:
            began = time.perf_counter()
            ids = run(asked["prompt"], asked["new"])
            answer = {"seconds": time.perf_counter() - began, "ids": ids}
        answer["megabytes"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        print("answer " + json.dumps(answer), flush=True)


def score(logits: Logits, ids: Sequence[int]) -> dict[str, object]:
    """Loss in nats per token, and each position's most probable token."""
    import torch
    import torch.nn.functional as F

    found = logits(ids)
    assert isinstance(found, torch.Tensor)
    loss = F.cross_entropy(found[:-1], torch.tensor(ids[1:]))
    return {"loss": loss.item(), "best": found.argmax(dim=-1).tolist()}


class Contender:
    """A process that serves one library in one precision."""

    def __init__(self, name: str, python: str, weights: Path, folder: Path) -> None:
        self.name = name
        command = [python, __file__, "--serve", name, "--weights", str(weights), "--folder", str(folder)]
        environment = os.environ | {"OMP_NUM_THREADS": str(THREADS)}
        self._process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=environment
        )
        self.seconds: list[float] = []
        self.answer: dict = {}

    def ask(self, **asked: object) -> dict:
        """Its answer."""
        assert self._process.stdin and self._process.stdout
        self._process.stdin.write(json.dumps(asked) + "\n")
        self._process.stdin.flush()
        for line in self._process.stdout:
            if line.startswith("answer "):
                self.answer = json.loads(line.removeprefix("answer "))
                return self.answer
        raise RuntimeError(f"{self.name} ended")

    def end(self) -> None:
        """Lets it go."""
        assert self._process.stdin
        self._process.stdin.close()
        self._process.wait()


def published(weights: Path, folder: Path) -> None:
    """The same weights as a folder that transformers reads, in a process of its own: it takes memory that nobody else should have."""
    code = f"""
from transformers import LlamaConfig, LlamaForCausalLM
from llmkit.models import llama_weights
cfg, found = llama_weights({str(weights)!r})
model = LlamaForCausalLM(LlamaConfig(
    vocab_size=cfg["vocab_size"], hidden_size=cfg["emb_dim"], intermediate_size=cfg["hidden_dim"],
    num_hidden_layers=cfg["n_layers"], num_attention_heads=cfg["n_heads"], num_key_value_heads=cfg["n_kv_heads"],
    max_position_embeddings=cfg["context_length"], rms_norm_eps=cfg["norm_eps"], tie_word_embeddings=True,
    rope_parameters={{"rope_type": "default", "rope_theta": cfg["rope_base"]}}, bos_token_id=1, eos_token_id=2, pad_token_id=2,
))
model.load_state_dict(found | {{"lm_head.weight": found["model.embed_tokens.weight"]}})
model.save_pretrained({str(folder)!r})
"""
    subprocess.run([sys.executable, "-c", code], check=True)


def built(folder: Path) -> str:
    """A Python that has llama.cpp."""
    print(f"building {LLAMA_CPP} ...", flush=True)
    subprocess.run([sys.executable, "-m", "venv", folder], check=True)
    python = str(folder / "bin" / "python")
    subprocess.run([python, "-m", "pip", "install", "--quiet", LLAMA_CPP], check=True)
    return python


def main() -> None:
    """Measures and prints."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--prompt", type=int, default=64)
    parser.add_argument("--new", type=int, default=128)
    parser.add_argument(
        "--peers", nargs="*", choices=["transformers", "llama.cpp"], default=["transformers", "llama.cpp"]
    )
    parser.add_argument("--serve", help=argparse.SUPPRESS)
    parser.add_argument("--weights", type=Path, help="SmolLM2's GGUF file; by default the cached or downloaded one")
    parser.add_argument("--folder", type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.serve:
        serve(options.serve, options.weights, options.folder)
        return
    from llmkit import data

    weights = options.weights or Path(data.path("smollm2"))
    with tempfile.TemporaryDirectory() as temporary:
        measure(options, weights, Path(temporary))


def measure(options: argparse.Namespace, weights: Path, folder: Path) -> None:
    """All rounds, then the table."""
    from llmkit.models import smollm2_tokenizer

    names = [f"llmkit {kind}" for kind in ("float32", "bfloat16", "int8", "int4")]
    if "transformers" in options.peers:
        published(weights, folder / "published")
        names += ["transformers float32", "transformers bfloat16"]
    python = dict.fromkeys(names, sys.executable)
    if "llama.cpp" in options.peers:
        python["llama.cpp"] = built(folder / "llama-cpp")
    ids = smollm2_tokenizer().encode_ordinary(TEXT)
    prompt = ids[: options.prompt]
    contenders = {name: Contender(name, of, weights, folder / "published") for name, of in python.items()}
    for number in range(options.rounds + 1):
        for one in contenders.values():
            taken = one.ask(prompt=prompt, new=options.new)
            if number:
                one.seconds.append(taken["seconds"])
    megabytes = {name: one.answer["megabytes"] for name, one in contenders.items()}
    made = {name: one.answer["ids"] for name, one in contenders.items()}
    scores = {name: one.ask(score=ids) for name, one in contenders.items()}
    for one in contenders.values():
        one.end()
    report(options, contenders, megabytes, made, scores)


def report(options: argparse.Namespace, contenders: dict, megabytes: dict, made: dict, scores: dict) -> None:
    """Prints the table and the ratios."""
    speed = {name: options.new / statistics.median(one.seconds) for name, one in contenders.items()}
    best = scores["llmkit float32"]["best"]
    print(
        f"prompt {options.prompt}, {options.new} new tokens, {THREADS} threads, medians of {options.rounds} interleaved rounds"
    )
    print(f"{'':24s}{'tokens/s':>9s}{'peak MB':>9s}{'loss':>8s}{'same best token':>17s}")
    for name in contenders:
        found = scores[name]
        row = f"{name:24s}{speed[name]:9.1f}{megabytes[name]:9.0f}"
        if "loss" in found:
            same = sum(a == b for a, b in zip(found["best"], best, strict=True)) / len(best)
            row += f"{found['loss']:8.3f}{same:16.1%}"
        print(row)
    quantised = max(("llmkit int8", "llmkit int4"), key=speed.__getitem__)
    pairs = [("llmkit float32", "transformers float32"), ("llmkit bfloat16", "transformers bfloat16")]
    pairs += [(quantised, "transformers float32"), (quantised, "llama.cpp")]
    for mine, peer in pairs:
        if peer in speed:
            print(f"{mine} / {peer}: {speed[mine] / speed[peer]:.2f}")
    if "transformers float32" in speed:
        print(
            f"memory {quantised} / transformers float32: {megabytes[quantised] / megabytes['transformers float32']:.2f}"
        )
        pair = zip(made["llmkit float32"], made["transformers float32"], strict=True)
        print(f"same ids in float32: {sum(a == b for a, b in pair)} of {options.new}")


if __name__ == "__main__":
    main()
