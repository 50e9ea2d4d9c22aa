"""The course's own spam classifier: a GPT's body under a small head, its training recipe and its file."""

from __future__ import annotations

import json
import math
import random
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Literal, cast

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from llmkit import data, runtime
from llmkit.errors import DataError, WeightsError
from llmkit.i18n import gettext as _
from llmkit.long_steps import progress, training_progress
from llmkit.models import weights
from llmkit.models.gpt import GPTModel
from llmkit.models.tokenizers import OWN, tokenizer
from llmkit.training.recipe import adamw, autocast
from llmkit.training.schedule import warmup_cosine

LABELS = ("ham", "spam")
LIMIT = 64  # tokens read of a message; the longest training message has fewer
BATCH = 100  # messages classified together
Position = Literal["first", "last real", "last column", "mean"]


def encode_batch(encoding: Any, texts: Sequence[str], limit: int = LIMIT) -> tuple[Tensor, Tensor]:
    """Texts as one padded batch, as wide as its longest text.

    Args:
        encoding: a tokenizer with encode_ordinary and eot_token, which is the padding.
        texts: any texts; long ones are truncated, an empty one becomes one padding token.
        limit: maximum number of tokens of a text.

    Returns:
        Ids (texts, tokens), and the number of real tokens of each, (texts,).
    """
    pad = encoding.eot_token
    found = [torch.tensor(encoding.encode_ordinary(text)[:limit] or [pad]) for text in texts]
    inputs = nn.utils.rnn.pad_sequence(found, batch_first=True, padding_value=pad)
    return inputs, torch.tensor([one.numel() for one in found])


def pooled(hidden: Tensor, lengths: Tensor, position: Position = "last real") -> Tensor:
    """One vector for each row of a padded batch.

    Args:
        hidden: a vector for each position, (batch, tokens, emb_dim).
        lengths: real tokens of each row, (batch,).
        position: which token's vector to take, or the mean over the real ones.

    Returns:
        (batch, emb_dim).
    """
    if position == "mean":
        real = (torch.arange(hidden.shape[1]) < lengths[:, None]).to(hidden)
        return torch.einsum("btd,bt->bd", hidden, real / lengths[:, None])
    where = {"first": torch.zeros_like(lengths), "last column": torch.full_like(lengths, hidden.shape[1] - 1)}
    return at(hidden, where.get(position, lengths - 1))


def at(values: Tensor, places: Tensor) -> Tensor:
    """Each row's entry at its own position: (batch, tokens, width), (batch,) → (batch, width)."""
    return values.take_along_dim(places[:, None, None], dim=1).squeeze(1)


def last_real(logits: Tensor, lengths: Tensor) -> Tensor:
    """Each row's logits at its last real token: (batch, tokens, classes), (batch,) → (batch, classes)."""
    return at(logits, lengths - 1)


def loss_of_batch(model: nn.Module, inputs: Tensor, lengths: Tensor, labels: Tensor) -> Tensor:
    """Mean cross-entropy of a padded batch, at the last real tokens.

    Args:
        model: maps ids (batch, tokens) to logits (batch, tokens, classes).
        inputs: ids.
        lengths: real tokens of each row.
        labels: classes, (batch,).

    Returns:
        A scalar in nats per message.
    """
    answers = last_real(model(inputs), lengths).float()
    return (answers.logsumexp(dim=-1) - answers.take_along_dim(labels[:, None], dim=-1)[:, 0]).mean()


def interval(right: int, count: int, z: float = 1.959964) -> tuple[float, float]:
    """The interval of Wilson (1927) for a share, given a number of right answers.

    E. B. Wilson, "Probable inference, the law of succession, and statistical inference", JASA 22. The bounds are the roots
    of (observed − p)² = z² p (1 − p) / count.

    Args:
        right: right answers, from 0 to count.
        count: all answers.
        z: quantile of the normal distribution; by default for 95%.

    Raises:
        ValueError: no answers, or more right answers than answers.
    """
    if not 0 <= right <= count or count < 1:
        raise ValueError(f"right should be from 0 to count, and count at least 1, not {right} and {count}")
    a, b, c = 1 + z**2 / count, -(2 * right + z**2) / count, (right / count) ** 2
    root = math.sqrt(max(0.0, b * b - 4 * a * c))
    return max(0.0, (-b - root) / (2 * a)), min(1.0, (-b + root) / (2 * a))


def trained_from(
    model: GPTModel,
    rows: Sequence[data.Row],
    *,
    passes: float,
    peak: float = 1e-3,
    batch_size: int = 32,
    whole: bool = False,
    seed: int = 0,
    monitor: Any = None,
) -> GPTModel:
    """Fine-tunes a GPT to tell ham from spam, and returns it in evaluation mode.

    Args:
        model: its output head is replaced by one for two classes.
        rows: messages with "label" and "text".
        passes: how often each message is seen.
        peak: highest learning rate, between a warm-up and half a cosine.
        batch_size: messages in a step.
        whole: whether to train all weights, or only the last block, the final norm and the head.
        seed: seed of the head's initialisation and of the order.
        monitor: its on_step(step, loss, tokens) is called, and before it, if there is one, on_start(steps): see
            `llmkit.views.training`. By default a line shows the progress.

    Raises:
        Stopped: someone interrupted it, and there is no monitor.
    """
    steps = runtime.steps(max(1, round(passes * len(rows) / batch_size)))
    if monitor is None:
        with training_progress(_("Training the classifier"), steps) as bar:
            return _trained(model, rows, steps, peak, batch_size, whole, seed, bar)
    if hasattr(monitor, "on_start"):
        monitor.on_start(steps)
    return _trained(model, rows, steps, peak, batch_size, whole, seed, monitor)


def _trained(
    model: GPTModel,
    rows: Sequence[data.Row],
    steps: int,
    peak: float,
    batch_size: int,
    whole: bool,
    seed: int,
    monitor: Any,
) -> GPTModel:
    torch.manual_seed(seed)
    encoding = tokenizer(OWN)
    device = model.tok_emb.weight.device
    head = nn.Linear(model.cfg["emb_dim"], len(LABELS), device=device)
    nn.init.normal_(head.weight, std=0.02)
    model.out_head = head
    for name, parameter in model.named_parameters():
        last = name.startswith(("out_head", "final_norm", f"trf_blocks.{model.cfg['n_layers'] - 1}."))
        parameter.requires_grad = whole or last
    optimizer, chance, queue = adamw(model, peak), random.Random(seed), list[data.Row]()
    for step in range(steps):
        while len(queue) < batch_size:
            queue += chance.sample(list(rows), len(rows))
        batch, queue = queue[:batch_size], queue[batch_size:]
        inputs, lengths = encode_batch(encoding, [row["text"] for row in batch])
        wanted = torch.tensor([LABELS.index(row["label"]) for row in batch], device=device)
        for group in optimizer.param_groups:
            group["lr"] = warmup_cosine(step, steps, steps // 10, peak)
        model.train()
        with autocast(device):
            answers = head(at(model.hidden(inputs.to(device)), lengths.to(device) - 1))
        value = F.cross_entropy(answers.float(), wanted)
        optimizer.zero_grad(set_to_none=True)
        value.backward()  # type: ignore[no-untyped-call]
        nn.utils.clip_grad_norm_(model.parameters(), max_norm=1.0)
        optimizer.step()
        if monitor.on_step(step + 1, value.item(), int(lengths.sum())):
            break
    return model.eval()


def label_efficiency() -> dict[str, Any]:
    """What benchmarks/label_efficiency.py measured, by data set: seeds, test messages, and each model's curve by name.

    Raises:
        DataError: the file is missing.
    """
    file = data.SHIPPED / "label_efficiency" / "results.json"
    if not file.is_file():
        told = _("{place} is missing. Remedy: install llmkit again, or in a checkout: git checkout -- data")
        raise DataError(told.format(place=file))
    names = {
        "pre-trained": _("pre-trained, last block trained"),
        "pre-trained, all": _("pre-trained, all trained"),
        "random start": _("random start, all trained"),
        "words": _("bag of words"),
        "MiniLM": _("MiniLM's vectors, logistic regression"),
    }
    found = cast(dict[str, Any], json.loads(file.read_text(encoding="utf-8")))
    for results in found.values():
        results["curves"] = {names[model]: results["curves"][model] for model in names if model in results["curves"]}
    return found


class SpamClassifier:
    """A fine-tuned GPT that tells ham from spam, and which tokens mattered.

    Args:
        model: a GPT whose out_head has two rows, for ham and spam, and which reads ids of `llmkit.tokenizer("llmkit-8k")`.
        limit: maximum number of tokens read from the start of a message.
        about: notes for its file, such as the language.
    """

    def __init__(self, model: GPTModel, limit: int = LIMIT, about: dict[str, str] | None = None) -> None:
        self.model, self.limit, self.about = model.eval(), limit, dict(about or {})
        self.encoding = tokenizer(OWN)

    @torch.no_grad()
    def logits(self, texts: Sequence[str]) -> Tensor:
        """Logits of ham and spam for each text, (texts, 2), on the CPU.

        Raises:
            Stopped: someone interrupted it.
        """
        device = self.model.tok_emb.weight.device
        found = [torch.zeros(0, len(LABELS))]
        # No line for one batch: the pages and the widget classify one at each key.
        with progress(_("Classifying"), len(texts), delay=0 if len(texts) > BATCH else math.inf) as bar:
            for start in range(0, len(texts), BATCH):
                part = texts[start : start + BATCH]
                inputs, lengths = encode_batch(self.encoding, part, self.limit)
                hidden = self.model.hidden(inputs.to(device))
                found.append(self.model.out_head(at(hidden, lengths.to(device) - 1)).float().cpu())
                bar.update(len(part))
        return torch.cat(found)

    def probabilities(self, texts: Sequence[str]) -> list[float]:
        """The probability of spam for each text."""
        return cast(list[float], self.logits(texts).softmax(dim=-1)[:, 1].tolist())

    def predict(self, text: str) -> tuple[str, float, list[tuple[str, float]]]:
        """Classifies a message.

        Args:
            text: any text; only its first `limit` tokens are read.

        Returns:
            "ham" or "spam"; the probability of spam; each token that was read, with its importance: how much the
            probability of spam falls when this token is left out (below 0 where the token speaks for ham).
        """
        ids = self.encoding.encode_ordinary(text)[: self.limit]
        tokens = [self.encoding.decode_single_token_bytes(token).decode("utf-8", "replace") for token in ids]
        without = [self.encoding.decode(ids[:place] + ids[place + 1 :]) for place in range(len(ids))]
        probability, *others = self.probabilities([self.encoding.decode(ids), *without])
        importance = [(token, probability - other) for token, other in zip(tokens, others, strict=True)]
        return LABELS[probability > 0.5], probability, importance

    def save(self, file: str | Path) -> None:
        """Writes a safetensors file: weights in float16, configuration and notes in its metadata."""
        from safetensors.torch import save_file

        stored = {name: value.half().contiguous().cpu() for name, value in self.model.state_dict().items()}
        cfg = {key: value for key, value in self.model.cfg.items() if key != "tie_weights"}
        kept = {"config": json.dumps(cfg), "limit": str(self.limit), "labels": ",".join(LABELS), "tokenizer": OWN}
        weights.save_whole(lambda place: save_file(stored, place, self.about | kept), Path(file))

    @classmethod
    def load(cls, file: str | Path, device: torch.device | str = "cpu") -> SpamClassifier:
        """Reads what `save` wrote.

        Raises:
            WeightsError: the file is missing, damaged, or contains something else.
        """
        from safetensors import SafetensorError, safe_open

        try:
            with safe_open(file, framework="pt") as opened:
                notes = dict(opened.metadata() or {})
                model = GPTModel(json.loads(notes["config"]))
                model.out_head = nn.Linear(model.cfg["emb_dim"], len(LABELS))
                model.load_state_dict({name: opened.get_tensor(name).float() for name in opened.keys()})  # noqa: SIM118, the file is not a dict
            limit = int(notes["limit"])
        except (SafetensorError, OSError, KeyError, ValueError, RuntimeError) as error:
            told = _("{file} is not a readable spam classifier ({error}). Remedy: train one and save it again")
            raise WeightsError(told.format(file=file, error=error)) from error
        about = {key: value for key, value in notes.items() if key not in ("config", "limit", "labels", "tokenizer")}
        return cls(model.to(device), limit, about)


def train_spam_classifier(
    lang: str | None = None,
    *,
    everyday: bool = True,
    passes: float = 3,
    seed: int = 0,
    device: torch.device | str = "cpu",
    monitor: Any = None,
) -> SpamClassifier:
    """The course's recipe: the shipped checkpoint, fine-tuned on the shipped messages; a quarter of a minute on two idle cores.

    Args:
        lang: language of the messages; by default the notebook's.
        everyday: whether to train on the set "everyday" as well; without it, messages that people really write fool the classifier.
        passes: how often each training message is seen.
        seed: see `trained_from`.
        device: where it is trained and kept.
        monitor: see `trained_from`.
    """
    lang = data.find("messages", lang).language
    rows = data.rows("messages", lang, split="train")
    rows += data.rows("everyday", lang, split="train") if everyday else []
    model = trained_from(weights.load_mini(device=device), rows, passes=passes, seed=seed, monitor=monitor)
    about = {"lang": lang, "passes": f"{passes:g}", "seed": str(seed), "everyday": str(everyday)}
    return SpamClassifier(model, about=about)
