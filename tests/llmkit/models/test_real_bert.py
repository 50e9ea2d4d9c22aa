"""Notebook 5 of the BERT appendix against the libraries: its tokenizer, and its vectors with MiniLM's weights."""

from __future__ import annotations

import re
import string
import unicodedata
from pathlib import Path
from typing import Any

import pytest
import torch
import torch.nn.functional as F
from torch import nn

from autograder.course.course import Course
from llmkit import data
from llmkit.errors import DataError
from llmkit.models import bert
from llmkit.tasks import bert_data

INPUTS = ("source/bert",)
LANGUAGES = ("en", "pt-BR")
ODD = [
    "", " ", "Não, moça: 5€!", "déjà vu... “so” – it's 東京タワー (Tokyo)!", "a\u200bb\tc\r\nd\u00a0e\u3000f", "x\u0301y \ufffd \x07z",
    "C++ <b>bold</b> $5 ~ ^_^ a|b `code`", "antidisestablishmentarianism " + "a" * 100 + " " + "b" * 101, "naïve ÉCOLE Ünïcödé ¿qué? ¡sí!",
    "한국어 텍스트", "12.345,67 m² 20°C ©2026 → ok", "##ing [MASK] [UNK]",
]  # fmt: skip


@pytest.fixture(scope="module")
def notebook() -> dict[str, Any]:
    """The names that the notebook's solutions define."""
    course = Course.discover()
    names: dict[str, Any] = {
        "string": string, "unicodedata": unicodedata, "torch": torch, "F": F, "nn": nn, "bert": bert
    }  # fmt: skip
    source = course.notebook(course.exercise("bert/basic-split"))
    wanted = {"ideographs", "basic-split", "word-piece", "mean-pooling", "load-bert-weights", "nearest-texts"}
    cells = {cell.id: cell.source for cell in source.nb.cells if cell.id in wanted}
    assert set(cells) == wanted
    for cell in cells.values():
        exec(cell, names)
    return names


def texts() -> list[str]:
    """Many texts in both languages, and odd ones."""
    found = list(ODD)
    for lang in LANGUAGES:
        found += [row["text"] for row in data.rows("messages", lang, split="test")]
        found += [row["text"] for row in data.rows("paraphrases", lang)]
    return found


def pieces(notebook: dict[str, Any], text: str, vocab: dict[str, int]) -> list[str]:
    return [piece for word in notebook["basic_split"](text) for piece in notebook["word_piece"](word, vocab)]


def small_vocabulary() -> list[str]:
    """Letters, marks, frequent words and their endings, from the course's texts: enough to cut words and to leave some unknown."""
    special = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"]
    letters = [*string.ascii_lowercase[:22], *string.digits, *string.punctuation, "東", "京"]
    words = [word for lang in LANGUAGES for word in bert_data.words_of(data.text("short-story", lang))[:600]]
    plain = [word for word in words if re.fullmatch("[a-z]+", word)]
    endings = [f"##{word[-size:]}" for word in plain for size in (1, 2, 3)]
    return list(dict.fromkeys([*special, *letters, *plain, *endings, *(f"##{letter}" for letter in letters)]))


def compare(notebook: dict[str, Any], file: Path) -> int:
    """How many pieces were compared; all are the library's."""
    tokenizers = pytest.importorskip("tokenizers")
    lines = file.read_text(encoding="utf-8").splitlines()
    vocab, total = {piece: number for number, piece in enumerate(lines)}, 0
    theirs = tokenizers.BertWordPieceTokenizer(str(file), lowercase=True)
    for text in texts():
        if "[" in text:  # the library looks for special tokens in the text itself
            continue
        found = pieces(notebook, text, vocab)
        assert found == theirs.encode(text, add_special_tokens=False).tokens, text
        total += len(found)
    return total


def test_the_tokenizer_is_berts(notebook: dict[str, Any], tmp_path: Path) -> None:
    file = tmp_path / "vocab.txt"
    file.write_text("\n".join(small_vocabulary()) + "\n", encoding="utf-8")
    assert compare(notebook, file) > 10_000


def real(name: str) -> Path:
    try:
        return data.path(name)
    except DataError as reason:
        pytest.skip(f"MiniLM cannot be had here: {reason}")


@pytest.mark.real_weights
def test_the_tokenizer_is_berts_with_the_real_vocabulary(notebook: dict[str, Any]) -> None:
    assert compare(notebook, real("minilm-vocabulary")) > 10_000


@pytest.mark.real_weights
def test_the_vectors_are_those_of_transformers(notebook: dict[str, Any]) -> None:
    transformers = pytest.importorskip("transformers")
    load_file = pytest.importorskip("safetensors.torch").load_file
    weights = load_file(real("minilm"))
    sizes = {"hidden_size": 384, "num_hidden_layers": 6, "num_attention_heads": 12, "intermediate_size": 1536}
    theirs = transformers.BertModel(transformers.BertConfig(**sizes)).eval()
    theirs.load_state_dict({name: value for name, value in weights.items() if "position_ids" not in name})
    cfg = bert.config(emb_dim=384, n_layers=6)
    ours = bert.BertModel(cfg).eval()
    notebook["load_bert_weights"](ours.embedding, list(ours.layers), weights)

    vocab = {
        piece: number for number, piece in enumerate(real("minilm-vocabulary").read_text(encoding="utf-8").splitlines())
    }
    some = [row["text"] for lang in LANGUAGES for row in data.rows("messages", lang, split="test")[:24]]
    rows = [torch.tensor([vocab[one] for one in ("[CLS]", *pieces(notebook, text, vocab), "[SEP]")]) for text in some]
    ids = nn.utils.rnn.pad_sequence(rows, batch_first=True)
    seen = ids != 0
    with torch.inference_mode():
        expected = theirs(input_ids=ids, attention_mask=seen.long())[0]
        found = ours.hidden(ids, torch.zeros_like(ids))
        pooled = notebook["mean_pooling"](found, seen)
        alone = torch.cat(
            [notebook["mean_pooling"](ours.hidden(row[None], 0 * row[None]), row[None] > 0) for row in rows]
        )
    assert (found - expected)[seen].abs().max() < 1e-4
    assert (pooled - alone).abs().max() < 1e-4  # padding changes nothing
    assert notebook["nearest_texts"](pooled[3], pooled, 1)[0][0] == 3
    assert (seen.sum(dim=1).unique().numel()) > 5  # texts of many lengths
