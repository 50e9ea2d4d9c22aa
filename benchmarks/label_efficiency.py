"""How many labels does a spam classifier need? Small pre-trained GPT, random start, logistic regression on words and on MiniLM's vectors.

python benchmarks/label_efficiency.py --lang en                      # the shipped messages
python benchmarks/label_efficiency.py --data SMSSpamCollection.tsv   # real ones: lines of label, tab, text

For each number of labels and each seed, a balanced sample is drawn from the training messages, and each model learns from the same
sample. All are tested on the same messages. The interval is a bootstrap over both seeds and test messages. Results are added to a
JSON file, by default the one that chapter 6 draws. MiniLM's weights are fetched as by `llmkit data fetch minilm`.
"""

import argparse
import json
import random
import time
from collections.abc import Callable, Sequence
from functools import cache
from pathlib import Path
from typing import Any

import torch

from llmkit import data
from llmkit.models.gpt import GPTModel
from llmkit.models.weights import load_mini
from llmkit.tasks.baselines import bag_of_words, logistic_regression
from llmkit.tasks.classifier import LABELS, LIMIT, SpamClassifier, interval, trained_from

FILE = data.SHIPPED / "label_efficiency" / "results.json"
Rows = list[data.Row]
PIECES = 128  # of a message that MiniLM reads, [CLS] and [SEP] among them


def shipped(lang: str) -> tuple[Rows, Rows]:
    """Training and test messages that come with the course."""
    return data.rows("messages", lang, split="train"), data.rows("messages", lang, split="test")


def collected(file: Path) -> tuple[Rows, Rows]:
    """Messages from a file of label, tab, text: duplicates dropped, balanced, 500 of each class for training, the rest for testing.

    Raises:
        SystemExit: a line is not a labelled message, or there are too few messages.
    """
    unique: dict[str, data.Row] = {}
    for number, line in enumerate(file.read_text(encoding="utf-8").splitlines(), 1):
        label, tab, text = line.partition("\t")
        if label not in LABELS or not tab:
            raise SystemExit(f"{file}, line {number}: expected ham or spam, a tab and a text")
        unique.setdefault(" ".join(text.lower().split()), {"label": label, "text": text})
    chance = random.Random(0)
    classes = [[row for row in unique.values() if row["label"] == label] for label in LABELS]
    size = min(map(len, classes))
    if size < 600:
        raise SystemExit(f"{file}: {size} different messages of the smaller class are too few, 600 are needed")
    kept = [chance.sample(rows, size) for rows in classes]
    return [row for rows in kept for row in rows[:500]], [row for rows in kept for row in rows[500:]]


def sample(rows: Rows, count: int, seed: int) -> Rows:
    """This many messages, half of each class."""
    chance = random.Random(seed)
    found = [
        row for label in LABELS for row in chance.sample([row for row in rows if row["label"] == label], count // 2)
    ]
    chance.shuffle(found)
    return found


@cache
def minilm() -> Callable[[Sequence[str]], torch.Tensor]:
    """A function from texts to MiniLM's vectors of length 1, (texts, 384): the mean over a text's tokens. Each text is read once."""
    from safetensors.torch import load_file
    from tokenizers import BertWordPieceTokenizer
    from transformers import BertConfig, BertModel

    sizes = {"hidden_size": 384, "num_hidden_layers": 6, "num_attention_heads": 12, "intermediate_size": 1536}
    model = BertModel(BertConfig(**sizes)).eval()
    weights = load_file(data.path("minilm"))
    weights.pop("embeddings.position_ids", None)
    model.load_state_dict(weights)
    cutter = BertWordPieceTokenizer(str(data.path("minilm-vocabulary")), lowercase=True)
    cutter.enable_truncation(PIECES)
    cutter.enable_padding()
    known: dict[str, torch.Tensor] = {}

    @torch.inference_mode()
    def vectors(texts: Sequence[str]) -> torch.Tensor:
        new = sorted({text for text in texts if text not in known}, key=len)
        for start in range(0, len(new), 32):
            rows = cutter.encode_batch(new[start : start + 32])
            ids, seen = (torch.tensor([getattr(row, part) for row in rows]) for part in ("ids", "attention_mask"))
            tokens = model(input_ids=ids, attention_mask=seen)[0]
            means = (tokens * seen[..., None]).sum(dim=1) / seen.sum(dim=1, keepdim=True)
            known.update(zip(new[start : start + 32], torch.nn.functional.normalize(means, dim=-1), strict=True))
        return torch.stack([known[text] for text in texts])

    return vectors


def right_answers(name: str, labelled: Rows, test: Rows, seed: int, least: int) -> torch.Tensor:
    """Whether a model trained on the labelled messages classifies each test message correctly; bool, (test,)."""
    texts, wanted = ([row["text"] for row in test], torch.tensor([LABELS.index(row["label"]) for row in test]))
    passes = max(3.0, least / len(labelled))
    classes = torch.tensor([LABELS.index(row["label"]) for row in labelled])
    if name == "words":
        logits = bag_of_words([row["text"] for row in labelled], classes)(texts)
    elif name == "MiniLM":
        # A copy, as the vectors come from inference mode and the fit records gradients.
        features = minilm()([row["text"] for row in labelled]).clone()
        logits = logistic_regression(features, classes)(minilm()(texts).clone())
    else:
        torch.manual_seed(seed)
        model = load_mini()
        if name == "random start":
            model = GPTModel(model.cfg)
        model = trained_from(model, labelled, passes=passes, whole=name != "pre-trained", seed=seed)
        logits = SpamClassifier(model).logits(texts)
    return logits.argmax(dim=-1) == wanted


def bootstrap(right: torch.Tensor, rounds: int = 4000) -> tuple[float, float]:
    """A 95 % interval of the mean of (seeds, test messages), both resampled with replacement."""
    seeds, messages = right.shape
    generator = torch.Generator().manual_seed(0)
    means = torch.empty(rounds)
    for number in range(rounds):
        some = right[torch.randint(seeds, (seeds,), generator=generator)].float().mean(dim=0)
        means[number] = some[torch.randint(messages, (messages,), generator=generator)].mean()
    low, high = means.quantile(torch.tensor([0.025, 0.975])).tolist()
    return low, high


def measured(model: str, train: Rows, test: Rows, count: int, options: argparse.Namespace) -> list[Any]:
    """One point: labels, mean accuracy over the seeds, the ends of its interval, the accuracy of each seed."""
    right = torch.stack(
        [right_answers(model, sample(train, count, seed), test, seed, options.least) for seed in range(options.seeds)]
    )
    share = float(right.float().mean())
    low, high = bootstrap(right)
    if share == 1:  # no errors: the bootstrap then has no spread, unlike Wilson's interval
        low, high = interval(len(test), len(test))
    by_seed = [round(float(one), 4) for one in right.float().mean(dim=1)]
    return [count, round(share, 4), round(low, 4), round(high, 4), by_seed]


def main() -> None:
    """Measures, prints a table and writes the results."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--lang", default="en", help="language of the shipped messages: en or pt-BR")
    parser.add_argument("--data", type=Path, help="a file of labelled messages, instead of the shipped ones")
    parser.add_argument("--counts", type=int, nargs="+", default=[50, 200, 1000], help="numbers of labels")
    parser.add_argument("--seeds", type=int, default=3)
    parser.add_argument("--least", type=int, default=1200, help="least number of messages seen in training")
    parser.add_argument("--out", type=Path, default=FILE)
    options = parser.parse_args()
    name = options.data.stem if options.data else options.lang
    train, test = collected(options.data) if options.data else shipped(options.lang)
    print(f"{name}: {len(train)} training messages, {len(test)} test messages, {options.seeds} seeds", flush=True)
    about = {
        "test_messages": len(test),
        "seeds": options.seeds,
        "least_messages_seen": options.least,
        "tokens_read": LIMIT,
    }
    began = time.process_time()
    for model in ("pre-trained", "pre-trained, all", "random start", "words", "MiniLM"):
        for count in options.counts:
            found = json.loads(options.out.read_text(encoding="utf-8")) if options.out.is_file() else {}
            entry = found.get(name, {})
            if {key: entry.get(key) for key in about} != about:
                entry = about | {"curves": {}}
            points = {point[0]: point for point in entry["curves"].get(model, [])}
            if count not in points:
                points[count] = measured(model, train, test, count, options)
            share, low, high, by_seed = points[count][1:]
            print(f"{model:>16} {count:5d} labels  {share:6.1%} [{low:.1%}, {high:.1%}]  seeds {by_seed}", flush=True)
            # Written after each point, so that an interrupted run can be continued.
            entry["curves"][model] = [points[number] for number in sorted(points)]
            options.out.parent.mkdir(parents=True, exist_ok=True)
            options.out.write_text(json.dumps(found | {name: entry}, indent=1, sort_keys=True) + "\n", encoding="utf-8")
    print(f"{options.out} ({time.process_time() - began:.0f} s of processor time)")


if __name__ == "__main__":
    main()
