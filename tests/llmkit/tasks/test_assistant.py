"""The assistant: its prompts, what it is trained on, files that come back as they were, answers as a stream."""

from __future__ import annotations

from itertools import islice
from pathlib import Path

import pytest
import torch
import torch.nn.functional as F

from llmkit import data, i18n, tokenizer
from llmkit.errors import Stopped, WeightsError
from llmkit.models.gpt import GPTModel, config
from llmkit.models.tokenizers import from_ranks
from llmkit.tasks import assistant as instruct
from llmkit.testing import probes

ROWS = [
    {"instruction": "Name a color.", "input": "", "output": "red", "task": "a"},
    {"instruction": "Which word comes first?", "input": "Jack has a hat.", "output": "Jack", "task": "b"},
    {"instruction": "Which word comes first?", "input": "The bear is at school now.", "output": "The", "task": "b"},
]


def small(**changes: object) -> GPTModel:
    torch.manual_seed(5)
    return GPTModel(
        config(
            vocab_size=8192,
            context_length=128,
            emb_dim=16,
            n_heads=2,
            n_layers=2,
            drop_rate=0.0,
            tie_weights=True,
            **changes,
        )
    )


class Scripted(torch.nn.Module):
    """Says these tokens, one after the other, whatever it reads."""

    def __init__(self, said: list[int], start: int) -> None:
        super().__init__()
        self.said, self.start = said, start

    def forward(self, ids: torch.Tensor) -> torch.Tensor:
        logits = torch.zeros(*ids.shape, 8192)
        logits[:, -1, self.said[ids.shape[1] - self.start]] = 1
        return logits


def test_the_layout_is_alpacas_and_an_empty_input_leaves_out_its_section() -> None:
    whole = instruct.TEMPLATES["en"].prompt("Name a color.", "red, blue")
    assert whole == (
        "Below is an instruction that describes a task. Write a response that appropriately completes the request.\n\n"
        "### Instruction:\nName a color.\n\n### Input:\nred, blue\n\n### Response:\n"
    )
    assert instruct.TEMPLATES["en"].prompt("Name a color.", " \n") == whole.replace("### Input:\nred, blue\n\n", "")
    assert (
        instruct.TEMPLATES["pt-BR"].prompt("Diga uma cor.").endswith("### Instrução:\nDiga uma cor.\n\n### Resposta:\n")
    )


def test_an_example_ends_with_end_of_text_and_knows_where_the_answer_begins() -> None:
    encoding = tokenizer("llmkit-8k")
    helper = instruct.Assistant(small(), "en")
    ids, start = helper.example(ROWS[1])
    assert encoding.decode(ids[:start]) == helper.template.prompt("Which word comes first?", "Jack has a hat.")
    assert encoding.decode(ids[start:-1]) == "Jack" and ids[-1] == encoding.eot_token
    long, start = helper.example({"instruction": "x " * 300, "input": "", "output": "y"})
    assert len(long) == 129 == start


def test_batches_count_answers_only_and_read_every_row_once_an_epoch() -> None:
    helper = instruct.Assistant(small(), "en")
    too_long = {"instruction": "x " * 300, "input": "", "output": "y"}
    inputs, targets = next(instruct.batches(helper, [*ROWS, too_long], batch_size=3))
    assert inputs.shape == targets.shape and len(inputs) == 3
    end = tokenizer("llmkit-8k").eot_token
    seen = {}
    for read, said in zip(inputs.tolist(), targets.tolist(), strict=True):
        counted = [token for token in said if token != -100]
        first = said.index(counted[0])
        assert read[first + 1 : first + len(counted)] == counted[:-1] and counted[-1] == end
        seen[tuple(counted)] = read[: first + 1]
    for ids, start in map(helper.example, ROWS):
        assert seen[tuple(ids[start:])] == ids[:start]
    one, other = (list(islice(instruct.batches(helper, ROWS, 1, seed=3), 9)) for _turn in range(2))
    assert all(torch.equal(a[0], b[0]) for a, b in zip(one, other, strict=True))
    assert len({tuple(inputs[0].tolist()) for inputs, _targets in one[:3]}) == 3
    with pytest.raises(ValueError, match="no row leaves room"):
        next(instruct.batches(helper, [too_long]))


@pytest.mark.parametrize("rows", [1, 4])
def test_the_loss_is_that_of_the_whole_model(rows: int) -> None:
    model = small().double()
    inputs, targets = torch.randint(8192, (rows, 30)), torch.full((rows, 30), -100)
    inputs[:, :12] = inputs[:1, :12]
    targets[:, 25:28] = torch.randint(8192, (rows, 3))
    wanted = F.cross_entropy(model(inputs).flatten(0, 1), targets.flatten())
    slopes = torch.autograd.grad(wanted, list(model.parameters()))
    found = instruct.answer_loss(model, inputs, targets)
    assert found.item() == pytest.approx(wanted.item(), rel=1e-5)
    for one, other in zip(torch.autograd.grad(found, list(model.parameters())), slopes, strict=True):
        assert torch.allclose(one, other, atol=1e-6)
    other_module = torch.nn.Sequential(torch.nn.Embedding(9, 4), torch.nn.Linear(4, 9))
    ids, said = torch.tensor([[1, 2, 3]]), torch.tensor([[-100, 5, 6]])
    expected = F.cross_entropy(other_module(ids)[0, 1:], said[0, 1:])
    assert instruct.answer_loss(other_module, ids, said).item() == pytest.approx(expected.item())


def test_where_nothing_counts_the_loss_is_zero_with_gradients_of_zero() -> None:
    model = small()
    loss = instruct.answer_loss(model, torch.ones(2, 9, dtype=torch.long), torch.full((2, 9), -100))
    loss.backward()  # type: ignore[no-untyped-call]
    assert loss.item() == 0 and all(p.grad is None or not p.grad.any() for p in model.parameters())


def test_training_learns_three_rows_by_heart_and_stops_when_told() -> None:
    told: list[tuple[int, float, int]] = []
    helper = instruct.train(ROWS, "en", epochs=30, batch_size=3, on_step=lambda *about: told.append(about))
    assert [step for step, _loss, _tokens in told] == list(range(1, 31)) and told[-1][1] < told[0][1]
    assert helper.answers(ROWS) == ["red", "Jack", "The"] and not helper.model.training
    assert helper.answer("Name a color.") == "red"
    calls: list[int] = []
    instruct.train(ROWS, "en", epochs=30, batch_size=3, on_step=lambda step, *_about: calls.append(step) or step == 2)
    assert calls == [1, 2]


def test_a_file_gives_the_assistant_back(tmp_path: Path) -> None:
    helper = instruct.Assistant(small(), "pt-BR")
    helper.save(tmp_path / "mine.safetensors")
    again = instruct.load(tmp_path / "mine.safetensors")
    assert again.lang == "pt-BR" and again.template is instruct.TEMPLATES["pt-BR"] and not again.model.training
    assert again.model.out_head.weight is again.model.tok_emb.weight
    for one, other in zip(again.model.parameters(), helper.model.parameters(), strict=True):
        assert torch.equal(one, other.half().float())


def test_files_that_hold_no_assistant_are_refused(tmp_path: Path) -> None:
    from llmkit.models.weights import save_mini

    with pytest.raises(WeightsError, match=r"there is no .*none\.safetensors.*Assistant"):
        instruct.load(tmp_path / "none.safetensors")
    (tmp_path / "cut.safetensors").write_bytes(b"\x10\0\0\0\0\0\0\0{")
    with pytest.raises(WeightsError, match=r"cut\.safetensors is damaged"):
        instruct.load(tmp_path / "cut.safetensors")
    save_mini(small(), tmp_path / "plain.safetensors")
    with pytest.raises(WeightsError, match=r"plain\.safetensors is not an assistant"):
        instruct.load(tmp_path / "plain.safetensors")
    other = small()
    other.cfg["n_layers"] = 3
    save_mini(other, tmp_path / "misfit.safetensors", lang="en")
    with pytest.raises(WeightsError, match=r"misfit\.safetensors: the weights do not fit"):
        instruct.load(tmp_path / "misfit.safetensors")


def test_an_answer_is_streamed_in_whole_letters_and_ends_at_end_of_text(monkeypatch: pytest.MonkeyPatch) -> None:
    encoding = tokenizer("llmkit-8k")
    helper = instruct.Assistant(small(), "pt-BR")
    said = [
        *encoding.encode("não sei"),
        *[encoding.encode_single_token(bytes([b])) for b in "é".encode()],
        encoding.eot_token,
        7,
    ]
    start = len(encoding.encode(helper.template.prompt("Diga.")))
    script = Scripted(said, start)
    script.cfg = {"context_length": 128}  # type: ignore[assignment]
    real = instruct.stream
    monkeypatch.setattr(
        instruct, "stream", lambda _model, ids, room, **options: real(script, ids, room, context_length=128, **options)
    )
    pieces = list(helper.respond("Diga."))
    assert "".join(pieces) == "não seié" and pieces[-1] == "é" and len(pieces) > 2
    assert "".join(helper.respond("Diga.", max_new_tokens=1)) == encoding.decode(said[:1])


def test_requests_that_cannot_be_answered_are_refused() -> None:
    helper = instruct.Assistant(small(), "en")
    with pytest.raises(ValueError, match="instruction is empty"):
        helper.answer("  ", "text")
    with pytest.raises(ValueError, match="at most 127"):
        helper.answer("word " * 200)
    assert isinstance(helper.answer("<|endoftext|> is only text here", max_new_tokens=2), str)


def test_many_answers_at_once_are_those_one_by_one() -> None:
    helper = instruct.Assistant(small(), "en")
    rows = ROWS + data.rows("instructions", "en", split="test")[:5]
    alone = [helper.answer(row["instruction"], row["input"]) for row in rows]
    assert helper.answers(rows, batch_size=2) == alone


def test_the_language_is_that_of_the_course_when_it_is_not_given() -> None:
    with i18n.using("pt-BR"):
        assert instruct.Assistant(small()).lang == "pt-BR"


def test_the_courses_assistant_is_trained_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LLMKIT_CACHE", str(tmp_path / "cache"))
    made: list[str] = []

    def train(rows: object, lang: str, **_options: object) -> instruct.Assistant:
        made.append(lang)
        if len(made) == 1:
            raise Stopped
        return instruct.Assistant(small(), lang)

    monkeypatch.setattr(instruct, "train", train)
    with pytest.raises(Stopped):
        instruct.assistant("en")
    assert not (tmp_path / "cache").exists()
    first = instruct.assistant("en")
    assert instruct.assistant("en").lang == first.lang == "en" and made == ["en", "en"]
    assert instruct.cached("en") != instruct.cached("pt-BR")


def test_marks_by_task_are_in_alphabetical_order() -> None:
    assert instruct.right_by_task(ROWS[::-1], ["the", "Jack", "red"]) == {"a": (1, 1), "b": (1, 2)}


def test_the_probe_counts_texts_encoded_at_the_start_and_later() -> None:
    letters = from_ranks("letters", {bytes([number]): number for number in range(256)})

    class Once(list):  # type: ignore[type-arg]
        def __init__(self, rows: list[dict[str, str]], encoding: object, most: int) -> None:
            super().__init__(encoding.encode(row["output"])[:most] for row in rows)  # type: ignore[attr-defined]
            assert encoding.eot_token == 256  # type: ignore[attr-defined]

    class Lazy:
        def __init__(self, rows: list[dict[str, str]], encoding: object, most: int) -> None:
            self.rows, self.encoding = rows, encoding

        def __len__(self) -> int:
            return len(self.rows)

        def __getitem__(self, number: int) -> object:
            return self.encoding.encode_ordinary(self.rows[number]["output"])  # type: ignore[attr-defined]

    ids = [list(row["output"].encode())[:9] for row in ROWS]
    assert probes.encoded(Once, ROWS, letters, 9) == {"at_start": 3, "later": 0, "items": ids}
    late = [list(row["output"].encode())[::-1] for row in ROWS]
    assert probes.encoded(Lazy, ROWS, letters, 9) == {"at_start": 0, "later": 6, "items": late}
