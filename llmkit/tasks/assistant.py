"""An assistant made from the shipped checkpoint: prompts, instruction tuning, files, and answers as a stream of text."""

from __future__ import annotations

import json
import random
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from hashlib import sha256
from pathlib import Path
from typing import Any

import torch

from llmkit import data, tokenizer
from llmkit.data.sets import Row
from llmkit.errors import WeightsError
from llmkit.i18n import gettext as _
from llmkit.long_steps import progress, training_progress
from llmkit.models.decoding import generate, stream, texts
from llmkit.models.gpt import GPTModel
from llmkit.models.weights import load_mini, save_mini
from llmkit.tasks.prompts import TEMPLATES as TEMPLATES
from llmkit.tasks.prompts import Template as Template
from llmkit.tasks.prompts import prompt_language
from llmkit.tasks.variations import Variations
from llmkit.training.losses import IGNORED
from llmkit.training.recipe import adamw, autocast
from llmkit.training.schedule import warmup_cosine
from llmkit.training.shared_prefix import answer_loss as answer_loss

# The recipe; benchmarks/instruction_tuning.py measures its results.
EPOCHS, BATCH, PEAK, WARMUP = 14, 16, 1e-3, 0.1
LONGEST_ANSWER = 24  # tokens; the longest in the data set has 13
# Called after each step with its number (from 1), its batch's loss and the tokens read in it; True asks to stop.
# `TrainingMonitor.on_step` of llmkit.views.training is one.
OnStep = Callable[[int, float, int], bool | None]


class Assistant:
    """A model tuned to answer, and the layout of its requests.

    Args:
        model: put into evaluation mode. It reads ids of `llmkit.tokenizer("llmkit-8k")`.
        lang: the template's language, such as "pt-BR"; by default the one of `llmkit.start`. English, which is said once,
            where there is no template.

    Attributes:
        epochs: for how long `train` was asked to tune it; None where that is unknown, as in a file.
    """

    def __init__(self, model: GPTModel, lang: str | None = None) -> None:
        self.model, self.lang = model.eval(), lang if lang in TEMPLATES else prompt_language(lang)
        self.template = TEMPLATES[self.lang]
        self.epochs: float | None = None
        self._encoding = tokenizer("llmkit-8k")

    def respond(
        self,
        instruction: str,
        input: str = "",
        *,
        max_new_tokens: int = LONGEST_ANSWER,
        temperature: float = 0.0,
        top_p: float | None = None,
        generator: torch.Generator | None = None,
    ) -> Iterator[str]:
        """Answers piece by piece, as the tokens come, up to the end-of-text token.

        Args:
            instruction: what is to be done.
            input: the text to do it with; may be empty.
            max_new_tokens: the answer is cut off there.
            temperature: 0 takes the most probable token; see `llmkit.models.decoding.choose`.
            top_p: see there.
            generator: see there; on the model's device.

        Yields:
            Pieces of text, which joined are the answer. No piece ends inside a character.

        Raises:
            ValueError: no instruction, or the request leaves no room for an answer.
        """
        ids = self._read(instruction, input)
        room = min(max_new_tokens, self.model.cfg["context_length"] - ids.shape[1])
        tokens = stream(self.model, ids, room, temperature=temperature, top_p=top_p, generator=generator)
        yield from texts(tokens, self._encoding, self._encoding.eot_token)

    def answer(self, instruction: str, input: str = "", **options: Any) -> str:
        """The whole of `respond` as one text, stripped."""
        return "".join(self.respond(instruction, input, **options)).strip()

    def answers(self, rows: Sequence[Row], batch_size: int = 64) -> list[str]:
        """The most probable answer to each row's instruction and input, many at a time.

        Requests with the same number of tokens are read together, so that none needs padding. A line shows the progress.

        Raises:
            Stopped: someone interrupted it.
        """
        with progress(_("Answering"), len(rows), delay=0 if len(rows) > batch_size else None) as bar:
            return self._answers(rows, batch_size, bar.update)

    def _answers(self, rows: Sequence[Row], batch_size: int, done: Callable[[int], object]) -> list[str]:
        by_length: dict[int, list[int]] = {}
        read = [self._read(row["instruction"], row.get("input", "")) for row in rows]
        for number, ids in enumerate(read):
            by_length.setdefault(ids.shape[1], []).append(number)
        found = [""] * len(rows)
        end = self._encoding.eot_token
        # Small and large groups in turn: a row of a small one takes longer, and together they tell how long the rest will take.
        groups = deque(sorted(by_length.items(), key=lambda group: len(group[1])))
        while groups:
            length, numbers = groups.popleft() if len(groups) % 2 else groups.pop()
            room = min(LONGEST_ANSWER, self.model.cfg["context_length"] - length)
            for start in range(0, len(numbers), batch_size):
                part = numbers[start : start + batch_size]
                whole = generate(self.model, torch.cat([read[number] for number in part]), room, eos_id=end)
                for number, ids in zip(part, whole[:, length:].tolist(), strict=True):
                    kept = ids[: ids.index(end)] if end in ids else ids
                    found[number] = self._encoding.decode(kept).strip()
                done(len(part))
        return found

    def save(self, file: str | Path) -> None:
        """Writes weights (float16), configuration and language as safetensors, for `load`."""
        save_mini(self.model, Path(file), lang=self.lang)

    def example(self, row: Row) -> tuple[list[int], int]:
        """A row to train on: the ids of request, answer and end-of-text, and how many of them belong to the request."""
        asked = self._encoding.encode_ordinary(self.template.prompt(row["instruction"], row.get("input", "")))
        said = [*self._encoding.encode_ordinary(row["output"]), self._encoding.eot_token]
        ids = (asked + said)[: self.model.cfg["context_length"] + 1]
        return ids, min(len(asked), len(ids))

    def _read(self, instruction: str, input: str) -> torch.Tensor:
        """The request's ids, (1, tokens)."""
        if not instruction.strip():
            raise ValueError(_("the instruction is empty: say what is to be done"))
        ids = self._encoding.encode_ordinary(self.template.prompt(instruction, input))
        most = self.model.cfg["context_length"]
        if len(ids) >= most:
            told = _("the request has {count} tokens, and the model reads at most {most}: make it shorter")
            raise ValueError(told.format(count=len(ids), most=most - 1))
        return torch.tensor([ids], device=self.model.tok_emb.weight.device)


def train(
    rows: Sequence[Row],
    lang: str | None = None,
    *,
    epochs: float = EPOCHS,
    batch_size: int = BATCH,
    peak: float = PEAK,
    seed: int = 0,
    device: torch.device | str = "cpu",
    on_step: OnStep | None = None,
) -> Assistant:
    """Tunes the shipped checkpoint on instructions; the loss counts only the answers' tokens.

    Args:
        rows: with instruction, input and output, as `llmkit.data.rows("instructions", split="train")` returns them.
        lang: see `Assistant`.
        epochs: how often each row is read.
        batch_size: rows in a batch; a batch's rows are of similar length, so there is little padding.
        peak: highest learning rate; it rises during the first tenth of the steps, then falls along a cosine.
        seed: seed of the rows' order and variations, see `batches`.
        device: where to train it.
        on_step: called after each step; by default a line shows the progress.

    Returns:
        The assistant, as far as it was trained if `on_step` asked to stop.

    Raises:
        Stopped: someone interrupted it, and there is no `on_step`.
    """
    steps = number_of_steps(len(rows), epochs, batch_size)
    if on_step is None:
        with training_progress(_("Tuning the assistant"), steps) as bar:
            tuned = _trained(rows, lang, steps, batch_size, peak, seed, device, bar.on_step)
    else:
        tuned = _trained(rows, lang, steps, batch_size, peak, seed, device, on_step)
    tuned.epochs = epochs
    return tuned


def _trained(
    rows: Sequence[Row],
    lang: str | None,
    steps: int,
    batch_size: int,
    peak: float,
    seed: int,
    device: torch.device | str,
    on_step: OnStep,
) -> Assistant:
    found = Assistant(load_mini(device=device), lang)
    model = found.model.train()
    optimizer = adamw(model, peak)
    held_out = [row for row in data.rows("instructions", found.lang) if row["split"] != "train"]
    stream_of_batches = batches(found, rows, batch_size, seed, held_out=held_out)
    for step in range(steps):
        inputs, targets = (part.to(device) for part in next(stream_of_batches))
        for group in optimizer.param_groups:
            group["lr"] = warmup_cosine(step, steps, int(WARMUP * steps), peak)
        optimizer.zero_grad()
        with autocast(device):
            loss = answer_loss(model, inputs, targets)
        loss.backward()  # type: ignore[no-untyped-call]
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step()
        if on_step(step + 1, loss.item(), inputs.numel()):
            break
    model.eval()
    return found


def number_of_steps(rows: int, epochs: float = EPOCHS, batch_size: int = BATCH) -> int:
    """How many steps `train` takes."""
    return max(1, round(epochs * rows / batch_size))


def batches(
    assistant: Assistant,
    rows: Sequence[Row],
    batch_size: int = BATCH,
    seed: int = 0,
    *,
    held_out: Sequence[Row] = (),
) -> Iterator[tuple[torch.Tensor, torch.Tensor]]:
    """Endless inputs and targets, epoch after epoch; only the answers' tokens count.

    In each epoch every row has other names and things (see `llmkit.tasks.variations`), so that it does not help to learn rows
    by heart. Rows are shuffled, then sorted by length within pools of a dozen batches, to keep padding small.

    Args:
        assistant: its template and tokenizer make the tokens.
        rows: rows to train on; those whose request leaves no room for an answer are skipped.
        batch_size: rows in a batch; an epoch's last batch may have fewer.
        seed: seed of the order and the variations.
        held_out: test rows, whose inputs no variation may have.

    Yields:
        Inputs and targets, each (rows, tokens); a target that does not count is -100.
    """
    rng, pool, variations = random.Random(seed), 12 * batch_size, Variations(rows, held_out)
    while True:
        examples = [assistant.example(variations.vary(row, rng)) for row in rows]
        useful = [(ids, start) for ids, start in examples if start < len(ids)]
        if not useful:
            raise ValueError(_("no row leaves room for an answer"))
        rng.shuffle(useful)
        groups = []
        for begin in range(0, len(useful), pool):
            near = sorted(useful[begin : begin + pool], key=lambda example: len(example[0]))
            groups += [near[first : first + batch_size] for first in range(0, len(near), batch_size)]
        rng.shuffle(groups)
        yield from map(_batch, groups)


def _batch(examples: Sequence[tuple[list[int], int]]) -> tuple[torch.Tensor, torch.Tensor]:
    width = max(len(ids) for ids, _start in examples) - 1
    reads = [ids[:-1] + [0] * (width + 1 - len(ids)) for ids, _start in examples]
    says = [[IGNORED] * (start - 1) + ids[start:] + [IGNORED] * (width + 1 - len(ids)) for ids, start in examples]
    return torch.tensor(reads), torch.tensor(says)


def load(file: str | Path, *, device: torch.device | str = "cpu") -> Assistant:
    """Loads an assistant from a file written by `Assistant.save`.

    Raises:
        WeightsError: there is no such file, it is damaged, or it does not contain an assistant.
    """
    from safetensors import SafetensorError, safe_open

    file = Path(file)
    if not file.is_file():
        told = _("there is no {file}. Remedy: save one with llmkit.tasks.assistant.Assistant(model, lang).save(file)")
        raise WeightsError(told.format(file=file))
    try:
        with safe_open(file, framework="pt") as opened:
            about = opened.metadata() or {}
            tensors = {name: opened.get_tensor(name) for name in opened.keys()}  # noqa: SIM118, the file is not a dict
    except (SafetensorError, OSError) as error:
        told = _("{file} is damaged or cut off ({error}). Remedy: delete it and save it again")
        raise WeightsError(told.format(file=file, error=error)) from error
    if about.get("lang") not in TEMPLATES or "config" not in about:
        told = _("{file} is not an assistant: it does not say which template its model was trained with")
        raise WeightsError(told.format(file=file))
    model = GPTModel(json.loads(about["config"]))
    if model.cfg.get("tie_weights"):
        tensors["out_head.weight"] = tensors.get("tok_emb.weight", torch.empty(0))
    try:
        model.load_state_dict(tensors)
    except RuntimeError as error:
        told = _("{file}: the weights do not fit its own configuration ({error})")
        raise WeightsError(told.format(file=file, error=str(error).splitlines()[1].strip())) from error
    return Assistant(model.to(device), about["lang"])


def assistant(lang: str | None = None, *, device: torch.device | str = "cpu") -> Assistant:
    """The course's assistant: from the cache if it is there, otherwise trained (minutes on a CPU) and cached.

    Args:
        lang: see `llmkit.tasks.prompt_language`.
        device: where to put the model.

    Raises:
        Stopped: someone interrupted the training; nothing is cached.
    """
    lang = prompt_language(lang)
    file = cached(lang)
    if file.is_file():
        return load(file, device=device)
    trained = train(data.rows("instructions", lang, split="train"), lang, device=device)
    trained.save(file)
    return trained


def cached(lang: str | None = None) -> Path:
    """Where `assistant` keeps its file; its name changes with recipe, data and checkpoint."""
    from llmkit.data.download import cache

    lang = prompt_language(lang)
    made_of = data.find("mini-gpt").sha256, data.find("instructions", lang).sha256, EPOCHS, BATCH, PEAK, WARMUP
    return cache() / f"assistant-{lang}-{sha256(repr(made_of).encode()).hexdigest()[:8]}.safetensors"


def right_by_task(rows: Sequence[Row], answers: Sequence[str]) -> dict[str, tuple[int, int]]:
    """For each task in alphabetical order: the number of answers equal to the row's output, and of all answers."""
    found: dict[str, tuple[int, int]] = {}
    for row, answer in sorted(zip(rows, answers, strict=True), key=lambda pair: pair[0]["task"]):
        right, of = found.get(row["task"], (0, 0))
        found[row["task"]] = right + (answer == row["output"]), of + 1
    return found
