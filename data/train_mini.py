"""Pre-trains the course's small GPT on the shipped texts in both languages, and reports how good it is.

python data/train_mini.py                  # writes data/mini/model.safetensors
python data/train_mini.py --steps 200      # a short try
python data/train_mini.py --report         # only loss, perplexity, bits per byte and samples of the shipped checkpoint

It can be resumed: with `--resume FILE` the state is saved every few minutes and read at the start.
"""

import argparse
import math
import time
from functools import partial
from pathlib import Path

import torch

from llmkit import data, tokenizer
from llmkit.models.decoding import generate
from llmkit.models.gpt import GPTModel, config
from llmkit.models.tokenizers import END_OF_TEXT, OWN
from llmkit.models.weights import load_mini, save_mini, save_whole
from llmkit.training.losses import loss_of
from llmkit.training.recipe import adamw, autocast, mean_loss, random_windows
from llmkit.training.schedule import warmup_cosine

FILE = Path(__file__).parent / "mini" / "model.safetensors"
LANGUAGES = ("en", "pt-BR")
CONFIG = config(
    vocab_size=8192, context_length=256, emb_dim=256, n_heads=8, n_layers=6, drop_rate=0.0, tie_weights=True
)
# The last twentieth of the stories is kept for validation.
HELD_OUT = 0.05
PEAK, LEAST, WARMUP = 2e-3, 1e-4, 200
STARTS = {
    "en": [
        "One morning,",
        "Once there was a girl",
        "It was a fine afternoon",
        "Every day after lunch,",
        "It was night,",
    ],
    "pt-BR": [
        "Certa manhã,",
        "Era uma vez uma menina",
        "Era uma bela tarde",
        "Todos os dias, depois do almoço,",
        "Era noite,",
    ],
}


def stories(lang: str) -> tuple[list[str], list[str]]:
    """The story world's stories: those to train on, and those held out."""
    found = [story.strip() for story in data.text("story-world", lang).split(END_OF_TEXT) if story.strip()]
    kept = int(len(found) * (1 - HELD_OUT))
    return found[:kept], found[kept:]


def training_texts() -> list[str]:
    """Stories, the short story's paragraphs, and the messages of the training split without their labels."""
    found = []
    for lang in LANGUAGES:
        found += stories(lang)[0]
        found += [row["text"] for row in data.rows("messages", lang, split="train")]
        found += [data.text("short-story", lang)]
    return found


def tokens_of(texts: list[str], device: torch.device) -> torch.Tensor:
    """All texts in a row, each after <|endoftext|>."""
    encoding = tokenizer(OWN)
    rows = encoding.encode_ordinary_batch(texts)
    return torch.tensor([token for row in rows for token in (encoding.eot_token, *row)], device=device)


def train(steps: int, batch_size: int, device: torch.device, resume: Path | None) -> GPTModel:
    """Trains from scratch, or from where `resume` stopped."""
    torch.manual_seed(0)
    model = GPTModel(CONFIG).to(device).train()
    optimizer = adamw(model, PEAK)
    generator = torch.Generator().manual_seed(0)
    first = 0
    if resume is not None and resume.is_file():
        state = torch.load(resume, map_location=device)
        model.load_state_dict(state["model"])
        optimizer.load_state_dict(state["optimizer"])
        generator.set_state(state["generator"].cpu())
        first = state["step"]
    texts = training_texts()
    order = torch.randperm(len(texts), generator=torch.Generator().manual_seed(0)).tolist()
    corpus = tokens_of([texts[place] for place in order], device)
    validation = {lang: tokens_of(stories(lang)[1][:150], device) for lang in LANGUAGES}
    length = CONFIG["context_length"]
    print(f"{sum(p.numel() for p in model.parameters()):,} parameters, {len(corpus):,} tokens, {device}", flush=True)
    windows = random_windows(corpus, batch_size, length, generator)
    start = saved = time.perf_counter()
    for step in range(first, steps):
        for group in optimizer.param_groups:
            group["lr"] = warmup_cosine(step, steps, WARMUP, PEAK, LEAST)
        inputs, targets = next(windows)
        optimizer.zero_grad()
        with autocast(device):
            loss = loss_of(model, inputs, targets)
        loss.backward()  # type: ignore[no-untyped-call]
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step()
        if step % 250 == 0 or step == steps - 1:
            seconds = time.perf_counter() - start
            with autocast(device):
                losses = " ".join(f"{lang} {mean_loss(model, tokens):.3f}" for lang, tokens in validation.items())
            rate = (step + 1 - first) * inputs.numel() / seconds
            print(
                f"step {step} loss {loss.item():.3f} validation {losses} {rate:.0f} tokens/s {seconds / 60:.1f} min",
                flush=True,
            )
        if resume is not None and time.perf_counter() - saved > 120:
            state = {"model": model.state_dict(), "optimizer": optimizer.state_dict()}
            save_whole(partial(torch.save, state | {"generator": generator.get_state(), "step": step + 1}), resume)
            saved = time.perf_counter()
    return model


def report(model: GPTModel) -> None:
    """Validation loss, perplexity and bits per byte, and five samples in each language."""
    encoding = tokenizer(OWN)
    device = model.tok_emb.weight.device
    for lang in LANGUAGES:
        held_out = stories(lang)[1]
        tokens = tokens_of(held_out, device)
        loss = mean_loss(model, tokens)
        # Bits per byte: all nats, over the bytes of the texts that they encode.
        size = sum(len(text.encode()) for text in held_out)
        bits = loss * (len(tokens) - 1) / math.log(2) / size
        print(
            f"{lang}: {loss:.3f} nats per token, perplexity {math.exp(loss):.2f}, {bits:.3f} bits per byte on {len(held_out)} held-out stories"
        )
        generator = torch.Generator(device).manual_seed(0)
        for text in STARTS[lang]:
            prompt = torch.tensor([[encoding.eot_token, *encoding.encode(text)]], device=device)
            new = generate(
                model, prompt, 150, eos_id=encoding.eot_token, temperature=0.8, top_p=0.95, generator=generator
            )
            print("  *", encoding.decode(new[0, 1:].tolist()).partition(END_OF_TEXT)[0].strip().replace("\n", " "))


def main() -> None:
    """Trains, writes and reports."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--steps", type=int, default=1800)
    parser.add_argument("--batch-size", type=int, default=24)
    parser.add_argument("--device", default="cuda" if torch.cuda.is_available() else "cpu")
    parser.add_argument("--resume", type=Path, help="file for the state of an unfinished training run")
    parser.add_argument("--out", type=Path, default=FILE)
    parser.add_argument("--report", action="store_true", help="train nothing, report on the shipped checkpoint")
    options = parser.parse_args()
    if options.report:
        report(load_mini(device=options.device))
        return
    model = train(options.steps, options.batch_size, torch.device(options.device), options.resume)
    options.out.parent.mkdir(parents=True, exist_ok=True)
    save_mini(model, options.out, steps=str(options.steps), batch_size=str(options.batch_size))
    report(model)


if __name__ == "__main__":
    main()
