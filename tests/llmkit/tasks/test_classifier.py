"""The course's spam classifier: batches, positions, intervals, training, its file, and the baselines beside it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import torch
import torch.nn.functional as F

from llmkit import data, i18n, tokenizer
from llmkit.errors import DataError, WeightsError
from llmkit.models.gpt import GPTModel, config
from llmkit.tasks import classifier
from llmkit.tasks.baselines import bag_of_words, logistic_regression

HAM = [f"hello {name}, see you at home" for name in ("anna", "ben", "carl", "dora")]
SPAM = [f"win {prize} now, send money" for prize in ("cash", "gold", "a car", "a trip")]
ROWS = [{"label": "ham", "text": text} for text in HAM] + [{"label": "spam", "text": text} for text in SPAM]


def small_gpt(layers: int = 2) -> GPTModel:
    torch.manual_seed(0)
    sizes = {"vocab_size": 8192, "context_length": 64, "emb_dim": 16, "n_heads": 2, "n_layers": layers}
    return GPTModel(config("124M", **sizes, drop_rate=0.0))


def test_a_batch_is_padded_cut_and_never_empty() -> None:
    encoding = tokenizer("llmkit-8k")
    inputs, lengths = classifier.encode_batch(encoding, ["", "hello there", "<|endoftext|> " * 40], limit=10)
    assert inputs.shape == (3, 10) and lengths.tolist()[::2] == [1, 10]
    assert inputs[0].tolist() == [encoding.eot_token] * 10
    assert inputs[1, : lengths[1]].tolist() == encoding.encode_ordinary("hello there")
    assert encoding.eot_token not in inputs[2].tolist()


def test_each_position_is_what_its_name_says() -> None:
    model = small_gpt().eval()
    inputs, lengths = classifier.encode_batch(tokenizer("llmkit-8k"), ["win", "hello there my friend"])
    hidden = model.hidden(inputs)
    for position, wanted in (
        ("first", hidden[:, 0]),
        ("last column", hidden[:, -1]),
        ("last real", torch.stack([hidden[0, lengths[0] - 1], hidden[1, lengths[1] - 1]])),
        ("mean", torch.stack([hidden[0, : lengths[0]].mean(dim=0), hidden[1, : lengths[1]].mean(dim=0)])),
    ):
        found = classifier.pooled(hidden, lengths, position)  # type: ignore[arg-type]
        torch.testing.assert_close(found, wanted.detach())


def test_the_interval_is_wilsons() -> None:
    assert classifier.interval(8, 10) == pytest.approx((0.4902, 0.9433), abs=1e-4)
    assert classifier.interval(0, 10)[0] == 0.0 and classifier.interval(10, 10)[1] == pytest.approx(1.0)
    for right, count in ((1, 0), (3, 2), (-1, 5)):
        with pytest.raises(ValueError, match="right should be"):
            classifier.interval(right, count)


def test_the_loss_is_the_cross_entropy_at_the_last_real_token() -> None:
    model = small_gpt()
    inputs, lengths = torch.randint(0, 8192, (3, 6)), torch.tensor([2, 6, 1])
    labels = torch.tensor([5, 0, 8191])
    chosen = model(inputs)[torch.arange(3), lengths - 1]
    torch.testing.assert_close(
        classifier.loss_of_batch(model, inputs, lengths, labels), F.cross_entropy(chosen, labels)
    )


def test_training_learns_and_leaves_the_frozen_parts_alone(tmp_path: Path) -> None:
    model = small_gpt()
    before = {name: values.clone() for name, values in model.state_dict().items()}
    model = classifier.trained_from(model, ROWS, passes=30, peak=2e-2, batch_size=4)
    now = {name: values for name, values in model.state_dict().items() if not name.startswith("out_head")}
    changed = {name for name, values in now.items() if not torch.equal(values, before[name])}
    assert changed and all(name.startswith(("trf_blocks.1.", "final_norm")) for name in changed)
    spam = classifier.SpamClassifier(model, about={"lang": "en"})
    label, probability, tokens = spam.predict(SPAM[0])
    assert label == "spam" and probability > 0.9 and spam.predict(HAM[0])[0] == "ham"
    assert "".join(token for token, _ in tokens) == SPAM[0]
    ids = spam.encoding.encode_ordinary(SPAM[0])
    assert tokens[0][1] == pytest.approx(probability - spam.probabilities([spam.encoding.decode(ids[1:])])[0], abs=1e-6)
    file = tmp_path / "spam.safetensors"
    spam.save(file)
    again = classifier.SpamClassifier.load(file)
    assert again.about == {"lang": "en"} and again.limit == spam.limit
    assert again.probabilities(HAM + SPAM) == pytest.approx(spam.probabilities(HAM + SPAM), abs=1e-2)


def test_an_empty_text_and_a_long_one_have_answers() -> None:
    spam = classifier.SpamClassifier(classifier.trained_from(small_gpt(1), ROWS, passes=1))
    assert spam.predict("")[2] == [] and 0 < spam.predict("")[1] < 1
    assert len(spam.predict("word " * 500)[2]) == spam.limit
    assert spam.probabilities([]) == []


@pytest.mark.parametrize("content", [b"", b"no safetensors", None])
def test_files_that_hold_no_classifier_are_refused(tmp_path: Path, content: bytes | None) -> None:
    file = tmp_path / "spam.safetensors"
    if content is not None:
        file.write_bytes(content)
    with pytest.raises(WeightsError, match="not a readable spam classifier"):
        classifier.SpamClassifier.load(file)


def test_a_pretrained_gpt_is_no_spam_classifier() -> None:
    with pytest.raises(WeightsError, match="not a readable spam classifier"):
        classifier.SpamClassifier.load(data.path("mini-gpt"))


def test_a_monitor_hears_of_each_step_and_can_stop() -> None:
    heard: list[tuple[int, float, int]] = []

    class Monitor:
        def on_step(self, step: int, loss: float, tokens: int) -> bool:
            heard.append((step, loss, tokens))
            return step == 2

    classifier.trained_from(small_gpt(1), ROWS, passes=10, batch_size=4, monitor=Monitor())
    assert [step for step, _, _ in heard] == [1, 2] and all(tokens > 4 for _, _, tokens in heard)


def test_the_courses_classifier_learns_everyday_messages_unless_told_otherwise(monkeypatch: pytest.MonkeyPatch) -> None:
    learnt: list[set[str]] = []

    def trained_from(model: GPTModel, rows: list[data.Row], **_options: object) -> GPTModel:
        learnt.append({row["text"] for row in rows})
        return model

    monkeypatch.setattr(classifier, "trained_from", trained_from)
    monkeypatch.setattr(classifier.weights, "load_mini", lambda device: small_gpt(1))
    for everyday in (True, False):
        found = classifier.train_spam_classifier("pt-BR", everyday=everyday)
        assert found.about["everyday"] == str(everyday)
    extra = {row["text"] for row in data.rows("everyday", "pt-BR", split="train")}
    assert learnt[0] - learnt[1] == extra and len(learnt[1]) == 2100
    assert not learnt[0] & {row["text"] for row in data.rows("everyday", "pt-BR", split="test")}


def test_the_measurements_of_label_efficiency_are_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(data, "SHIPPED", tmp_path)
    with pytest.raises(DataError, match="is missing"):
        classifier.label_efficiency()
    (tmp_path / "label_efficiency").mkdir()
    (tmp_path / "label_efficiency" / "results.json").write_text(
        json.dumps({"en": {"seeds": 3, "curves": {"words": [[50, 0.8]], "pre-trained": [[50, 0.9]]}}})
    )
    with i18n.using("pt-BR"):
        found = classifier.label_efficiency()["en"]
    assert found["seeds"] == 3
    assert list(found["curves"].items()) == [
        ("pré-treinado, último bloco treinado", [[50, 0.9]]),
        ("saco de palavras", [[50, 0.8]]),
    ]


def test_bags_of_words_know_words_and_runs_know_order() -> None:
    words = bag_of_words(HAM + SPAM, torch.tensor([0] * 4 + [1] * 4))
    assert words(["send money now", "see you, hello", "unheard"]).argmax(dim=1).tolist()[:2] == [1, 0]
    pairs = ["call us not them", "call them not us"]
    assert bag_of_words(pairs, torch.tensor([0, 1]))(pairs).softmax(dim=1)[0, 0] == pytest.approx(0.5, abs=1e-3)
    assert bag_of_words(pairs, torch.tensor([0, 1]), runs=2)(pairs).argmax(dim=1).tolist() == [0, 1]


def test_the_regression_finds_a_direction_whatever_its_scale() -> None:
    generator = torch.Generator().manual_seed(0)
    features = torch.randn(300, 5, generator=generator) * torch.tensor([1.0, 100.0, 0.01, 1.0, 1.0]) + 7
    labels = (features[:, 2] > 7).long()
    answer = logistic_regression(features[:200], labels[:200])
    assert (answer(features[200:]).argmax(dim=1) == labels[200:]).float().mean() > 0.95
