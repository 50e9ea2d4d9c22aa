"""Batches for BERT: cleaning, rows, neighbours and strangers, masks by 80, 10 and 10."""

from __future__ import annotations

from itertools import islice

import pytest
import torch

from llmkit.i18n import using
from llmkit.models import bert
from llmkit.tasks import bert_data


def made_up(stories: int = 30, sentences: int = 9) -> list[bert_data.Document]:
    """Stories whose words say where they stand."""
    return [[[f"s{s}", f"n{n}", "a", "b"] for n in range(sentences)] for s in range(stories)]


@pytest.mark.parametrize("lang", ["en", "pt-BR"])
def test_stories_are_sentences_of_words_in_lower_case(lang: str) -> None:
    stories = bert_data.documents(lang, most=50)
    words = {word for story in stories for sentence in story for word in sentence}
    assert len(stories) == 50 and all(sentence for story in stories for sentence in story)
    assert all(word == word.lower() and not set(word) & set('.,!?"—:') for word in words)
    if lang == "pt-BR":
        assert any(set(word) & set("ãçéó") for word in words)


def test_documents_follow_the_language_of_the_notebook() -> None:
    with using("pt-BR"):
        assert bert_data.documents(most=3) == bert_data.documents("pt-BR", most=3)


def test_the_vocabulary_begins_with_the_special_tokens() -> None:
    vocab = bert_data.vocabulary([[["b", "a", "b"], ["c", "b", "a"]]])
    assert list(vocab) == [*bert.SPECIALS, "b", "a", "c"] and list(vocab.values()) == list(range(8))


def test_words_of_keeps_special_tokens() -> None:
    assert bert_data.words_of("The DOG's [MASK], guarda-chuva.") == ["the", "dog's", "[MASK]", "guarda-chuva"]
    assert bert_data.words_of("a[MASK]b") == ["a", "[MASK]", "b"]


def test_a_row_has_marks_segments_and_padding() -> None:
    assert bert_data.pair_row([5, 6], [7], 8) == ([2, 5, 6, 3, 7, 3, 0, 0], [0, 0, 0, 0, 1, 1, 0, 0])
    assert bert_data.pair_row([5, 6, 7, 8], [9, 10], 7)[0] == [2, 5, 6, 3, 9, 10, 3]
    assert bert_data.pair_row([5, 6], [9, 10], 6)[0] == [2, 5, 6, 3, 9, 3]


def test_half_are_neighbours_and_strangers_come_from_elsewhere() -> None:
    stories = made_up()
    vocab = bert_data.vocabulary(stories)
    names = list(vocab)
    labels = []
    for batch in islice(bert_data.Batches(stories, vocab, batch_size=48, length=16, seed=3), 25):
        whole = torch.where(batch.labels != bert.IGNORED, batch.labels, batch.ids)
        for row, label in zip(whole.tolist(), batch.is_next.tolist(), strict=True):
            first, second = [names[row[i]] for i in (1, 2)], [names[row[i]] for i in (6, 7)]
            labels.append(label)
            if label:
                assert first[0] == second[0] and int(second[1][1:]) == int(first[1][1:]) + 1
            else:
                assert first[0] != second[0]
    share = sum(labels) / len(labels)  # of 1,200: standard deviation 1.4 %
    assert 0.4 < share < 0.6


def test_masks_follow_80_10_10() -> None:
    stories = made_up()
    vocab = bert_data.vocabulary(stories)
    counts = torch.zeros(3)
    words = 0
    for batch in islice(bert_data.Batches(stories, vocab, batch_size=64, length=12, seed=4), 60):
        chosen = batch.labels != bert.IGNORED
        whole = torch.where(chosen, batch.labels, batch.ids)
        assert (whole[chosen] >= 5).all() and chosen.any(dim=1).all()
        seen = batch.ids[chosen]
        counts += torch.tensor([(seen == bert.MASK).sum(), (seen == batch.labels[chosen]).sum(), len(seen)])
        words += int((whole >= 5).sum())
    # 8 words in a row: 15 % of them, and one more where there was none.
    wanted = (8 * 0.15 + 0.85**8) / 8
    assert counts[2] / words == pytest.approx(wanted, abs=0.012)
    assert counts[0] / counts[2] == pytest.approx(0.8, abs=0.035)
    assert counts[1] / counts[2] == pytest.approx(0.1 + 0.1 / (len(vocab) - 5), abs=0.03)


def test_the_same_seed_gives_the_same_batches_and_each_pass_other_masks() -> None:
    stories = made_up(4, 5)
    vocab = bert_data.vocabulary(stories)
    made = [bert_data.Batches(stories, vocab, batch_size=16, length=12, seed=seed) for seed in (1, 1, 2)]
    first, again, other = ([batch.ids for batch in islice(batches, 3)] for batches in made)
    assert len(made[0]) == 1
    assert all(map(torch.equal, first, again)) and not any(map(torch.equal, first, other))
    assert not torch.equal(first[0], first[1])
