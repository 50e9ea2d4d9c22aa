"""The instructions: generated as shipped, judged by their tasks' own checks, and tests that training has not seen."""

from __future__ import annotations

import json
import re
import sys
import unicodedata
from collections import Counter, defaultdict
from functools import cache
from pathlib import Path

import pytest

from data.instructions.__main__ import FOLDER, SPLITS, as_json, generate, key, main, most
from data.instructions.base import Task, normal
from data.instructions.tasks import KINDS, TASKS, check
from data.instructions.templates import wordings

Record = dict[str, str]
TESTS = ("test", "test_unseen")
each_language = pytest.mark.parametrize("lang", TASKS)
each_task = pytest.mark.parametrize(
    ("lang", "task"),
    [pytest.param(lang, task, id=f"{lang}-{name}") for lang in TASKS for name, task in TASKS[lang].items()],
)


@cache
def shipped(lang: str) -> tuple[Record, ...]:
    return tuple(json.loads((FOLDER / f"{lang}.json").read_text(encoding="utf-8")))


@cache
def of(lang: str, task: Task, *splits: str) -> list[Record]:
    """A task's records, of these splits or of all."""
    return [r for r in shipped(lang) if r["task"] == task.name and r["split"] in (splits or SPLITS)]


@each_language
def test_the_shipped_file_is_the_generated_one(lang: str) -> None:
    content = (FOLDER / f"{lang}.json").read_bytes().decode("utf-8")
    assert content == as_json(generate(lang))
    assert content.count("\n") == len(shipped(lang)) + 2 and "\\u" not in content


def test_the_command_tells_a_changed_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("data.instructions.__main__.FOLDER", tmp_path)
    monkeypatch.setattr(sys, "argv", ["instructions"])
    assert main() == 0
    monkeypatch.setattr(sys, "argv", ["instructions", "--check"])
    assert main() == 0
    file = tmp_path / "en.json"
    file.write_text(file.read_text(encoding="utf-8").replace("red", "rot", 1), encoding="utf-8")
    capsys.readouterr()
    assert main() == 1
    assert "en.json: differs; remedy:" in (told := capsys.readouterr().out) and "pt-BR.json: as generated" in told


def test_the_command_counts(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr(sys, "argv", ["instructions", "--report"])
    assert main() == 0
    assert capsys.readouterr().out.count("of 3,672 records") == 2


@each_task
def test_every_task_has_its_share_of_every_split(lang: str, task: Task) -> None:
    assert Counter(record["split"] for record in of(lang, task)) == SPLITS


@each_language
def test_counts(lang: str) -> None:
    assert len(KINDS) == len(TASKS[lang]) >= 18
    assert {record["task"] for record in shipped(lang)} == set(TASKS[lang])
    assert sum(kind.look_up for kind in KINDS) <= 4
    counts = Counter(record["split"] for record in shipped(lang))
    assert (counts["train"], counts["validation"], counts["test"], counts["test_unseen"]) == (2700, 216, 378, 378)


@each_language
def test_form(lang: str) -> None:
    for record in shipped(lang):
        assert list(record) == ["instruction", "input", "output", "task", "split"]
        assert re.fullmatch(r"[^\W_a-zà-ú].*[.?!]", record["instruction"]) or record["instruction"].startswith('"')
        assert 1 <= len(record["output"].split()) <= 12, record
        for value in record.values():
            assert value == value.strip() and unicodedata.is_normalized("NFC", value)
            assert not re.search(r"\s\s|[{}\n\t]|\s[.,?!]", value), record
    if lang == "en":
        assert as_json(list(shipped(lang))).isascii()


@each_task
def test_every_output_is_right_and_other_answers_are_wrong(lang: str, task: Task) -> None:
    records = of(lang, task)
    judged = 0
    for place, record in enumerate(records):
        assert check(lang, record, record["output"]), record
        assert check(lang, record, record["output"].upper() + " ") and not check(lang, record, "")
        # Another record's answer, one that begins otherwise: what may be said in two ways begins alike.
        start = normal(record["output"])[:3]
        others = (other["output"] for other in records[place:] + records[:place])
        wrong = next(other for other in others if normal(other)[:3] != start)
        if task.name == "pick_kind" and sorted(wrong.split(", ")) == sorted(record["output"].split(", ")):
            continue  # the same words in another order
        assert not check(lang, record, wrong), (record, wrong)
        judged += 1
    assert judged > 130


@each_language
def test_near_misses_are_wrong(lang: str) -> None:
    for name in ("negative", "question", "replace", "past", "join", "order", "category", "pick_kind"):
        for record in of(lang, TASKS[lang][name]):
            assert not check(lang, record, record["input"]), record
    for record in of(lang, TASKS[lang]["question"]):
        assert not check(lang, record, record["output"].replace("?", ".")), record
    for name in ("list_sentence", "count", "bigger"):
        for record in of(lang, TASKS[lang][name]):
            assert not check(lang, record, record["output"][:-2]), record


def test_answers_that_may_be_said_in_two_ways() -> None:
    def ask(task: str, instruction: str, given: str) -> Record:
        return {"task": task, "instruction": instruction, "input": given}

    deny = ask("negative", "Deny what the sentence says.", "Leo has a red ball.")
    assert check("en", deny, "Leo doesn't have a red ball") and not check("en", deny, "Leo has not a red ball.")
    joined = ask("join", 'Join the two sentences with "and".', "Leo sang a song. Tim drew a house.")
    assert check("en", joined, "Leo sang a song, and Tim drew a house.")
    assert not check("en", joined, "Tim drew a house and Leo sang a song.")
    colour = ask("colour", "De que cor é a bola?", "Ana tem uma bola vermelha. Rita tem um boné preto.")
    assert (
        check("pt-BR", colour, "vermelha")
        and check("pt-BR", colour, "Vermelho.")
        and not check("pt-BR", colour, "preto")
    )
    picked = ask("pick_kind", "Write only the animals.", "hen, ball, dog, cake")
    assert check("en", picked, "dog, hen") and not check("en", picked, "hen")
    thanks = ask("polite", "Como você responde para Ana?", 'Ana diz: "Obrigada!"')
    assert check("pt-BR", thanks, "De nada, Ana!") and check("pt-BR", thanks, "Por nada.")
    with pytest.raises(ValueError, match="has no such instruction: 'Sing!'"):
        check("en", ask("polite", "Sing!", ""), "La")


@each_language
def test_no_input_occurs_twice(lang: str) -> None:
    """Not even with its words in another order, and not in another task or split."""
    inputs = Counter(key(record["input"]) for record in shipped(lang) if record["input"])
    assert not [text for text, times in inputs.items() if times > 1]
    asked = Counter((record["instruction"], record["input"]) for record in shipped(lang))
    assert max(asked.values()) == 1
    assert {r["task"] for r in shipped(lang) if not r["input"]} == {kind.name for kind in KINDS if kind.look_up}


@each_task
def test_look_up_tests_ask_what_training_told(lang: str, task: Task) -> None:
    train = {record["output"] for record in of(lang, task, "train")}
    if task.look_up:
        assert {record["output"] for record in of(lang, task, *TESTS)} <= train


@each_task
def test_wordings(lang: str, task: Task) -> None:
    wording = task.wording
    assert len(wording.train) >= 8 and len(wording.unseen) >= 4
    # Bare of slots and signs they still differ, within the task and between the splits.
    bare = [re.sub(r"\W|\{.*?\}", "", template.text).casefold() for template in wording.train + wording.unseen]
    assert len(set(bare)) == len(bare)
    for split, templates in {"train": wording.train, "test": wording.train, "test_unseen": wording.unseen}.items():
        texts = [record["instruction"] for record in of(lang, task, split)]
        assert all(any(template.match(text) is not None for text in texts) for template in templates)
    for record in of(lang, task):
        read = [
            template for template in wording.train + wording.unseen if template.match(record["instruction"]) is not None
        ]
        assert len(read) == 1, (record, read)
    for record in of(lang, task, "test_unseen"):
        assert all(template.match(record["instruction"]) is None for template in wording.train), record


@each_language
def test_unseen_instructions_never_occur_in_training(lang: str) -> None:
    train = {record["instruction"] for record in shipped(lang) if record["split"] != "test_unseen"}
    assert not train & {record["instruction"] for record in shipped(lang) if record["split"] == "test_unseen"}


@each_task
def test_no_answer_can_be_guessed(lang: str, task: Task) -> None:
    for split, wanted in SPLITS.items():
        (_, times), *_ = Counter(record["output"] for record in of(lang, task, split)).most_common(1)
        assert times <= most(task, wanted)
    (_, times), *_ = Counter(record["output"] for record in of(lang, task)).most_common(1)
    assert times / len(of(lang, task)) <= (0.52 if task.closed else 0.22)


@each_language
def test_yes_and_no_do_not_depend_on_which_child_is_asked_for(lang: str) -> None:
    places: dict[str, Counter[bool]] = defaultdict(Counter)
    for record in of(lang, TASKS[lang]["yes_no"]):
        first = record["input"].split()[0]
        places[record["output"]][first in re.findall(r"\w+", record["instruction"])] += 1
    for answer, counts in places.items():
        assert min(counts.values()) > 0.35 * counts.total(), (answer, counts)


def test_a_table_without_a_task_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "table.txt"
    file.write_text("# words\nWhat is it?\n", encoding="utf-8")
    with pytest.raises(ValueError, match=r"table\.txt, line 2: .* Remedy"):
        wordings(file)


@each_language
def test_datasheet_states_the_true_counts(lang: str) -> None:
    datasheet = (FOLDER / "DATASHEET.md").read_text(encoding="utf-8")
    counts = Counter(record["split"] for record in shipped(lang))
    text = (FOLDER / f"{lang}.json").read_bytes()
    row = [f"`{lang}.json`", *(f"{counts[split]:,}" for split in SPLITS), f"{len(shipped(lang)):,}", f"{len(text):,}"]
    assert " | ".join(row) in datasheet, f"DATASHEET.md should have: {' | '.join(row)}"
    for name in TASKS[lang]:
        assert f"`{name}`" in datasheet, f"DATASHEET.md does not tell of {name}"
