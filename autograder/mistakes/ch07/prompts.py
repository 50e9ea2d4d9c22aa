"""Known mistakes of chapter 7: the prompt, the dataset of instructions, the split by instruction."""

from __future__ import annotations

from autograder.catalogue import Mistake, made_in

# --- format_prompt -------------------------------------------------------------------------------------------------

_PROMPT_RIGHT = '''LAYOUTS = {
    "en": [
        "Below is an instruction that describes a task. Write a response that appropriately completes the request.",
        "Instruction", "Input", "Response",
    ],
    "pt-BR": [
        "A seguir há uma instrução que descreve uma tarefa. Escreva uma resposta que atenda ao pedido.",
        "Instrução", "Entrada", "Resposta",
    ],
}


def format_prompt(instruction, input_text="", language="en"):
    if language not in LAYOUTS:
        raise ValueError(f"no layout for {language}")
    sentence, first, second, last = LAYOUTS[language]
    sections = [sentence, f"### {first}:\\n{instruction}"]
    if input_text.strip():
        sections.append(f"### {second}:\\n{input_text}")
    sections.append(f"### {last}:\\n")
    return "\\n\\n".join(sections)
'''


def _prompt(name: str, explanation: str, *changes: tuple[str, str]) -> Mistake:
    see = "01_instruction_data: Exercise 1: format_prompt"
    return made_in(_PROMPT_RIGHT, "ch07/format-prompt", name, explanation, *changes, see=see)


_IF_INPUT = '    if input_text.strip():\n        sections.append(f"### {second}:\\n{input_text}")\n'
_PROMPT = [
    _prompt(
        "empty-input-printed",
        "Your prompt has the heading of the input even when there is none. An empty input leaves out its whole section.",
        (_IF_INPUT, '    sections.append(f"### {second}:\\n{input_text}")\n'),
    ),
    _prompt(
        "white-space-is-an-input",
        "Your function takes an input of blanks or line breaks for a text. Compare `input_text.strip()`, not "
        "`input_text`, with the empty text.",
        ("if input_text.strip():", "if input_text:"),
    ),
    _prompt(
        "no-input",
        "Your prompt never holds the input: the model is told what to do, and not with what.",
        (_IF_INPUT, ""),
    ),
    _prompt(
        "no-response-heading",
        "Your prompt ends before the heading of the response, so the model does not know that it is its turn.",
        ('    sections.append(f"### {last}:\\n")\n', ""),
    ),
    _prompt(
        "no-line-break-at-the-end",
        "After the heading of the response comes one line break, and yours is missing. In training the answer stands on "
        "the next line: other tokens.",
        ('sections.append(f"### {last}:\\n")', 'sections.append(f"### {last}:")'),
    ),
    _prompt(
        "blank-at-the-end",
        "Your prompt ends with a blank after the last colon where the layout has a line break. The model then has to go "
        "on from a token that it was not trained on.",
        ('sections.append(f"### {last}:\\n")', 'sections.append(f"### {last}: ")'),
    ),
    _prompt(
        "heading-drifts",
        "Your last heading is another word than the layout's. A model knows only the heading that it was trained with, "
        "so training and use must have the same one.",
        ('"Instruction", "Input", "Response"', '"Instruction", "Input", "Answer"'),
    ),
    _prompt(
        "portuguese-heading-drifts",
        "One of your Portuguese headings is not that of the layout: it says Instrução, Entrada, Resposta, with their "
        "accents.",
        ('"Instrução", "Entrada", "Resposta"', '"Instrucao", "Entrada", "Resposta"'),
    ),
    _prompt(
        "english-headings",
        "With pt-BR your sentence is Portuguese and the headings are English. Both belong to the language.",
        ('"Instrução", "Entrada", "Resposta"', '"Instruction", "Input", "Response"'),
    ),
    _prompt(
        "always-english",
        "Your function does not look at `language`: the Portuguese layout never comes.",
        ("    if language not in LAYOUTS:\n        raise ValueError(f\"no layout for {language}\")\n", ""),
        ("LAYOUTS[language]", 'LAYOUTS["en"]'),
    ),
    _prompt(
        "unknown-language-is-english",
        "A language without a layout becomes English without a word. Raise a `ValueError`, so that somebody notices.",
        ("    if language not in LAYOUTS:\n        raise ValueError(f\"no layout for {language}\")\n", ""),
        ("LAYOUTS[language]", 'LAYOUTS.get(language, LAYOUTS["en"])'),
    ),
    _prompt(
        "key-error",
        "A language without a layout raises a KeyError in your code. The docstring promises a `ValueError`.",
        ("    if language not in LAYOUTS:\n        raise ValueError(f\"no layout for {language}\")\n", ""),
    ),
    _prompt(
        "one-line-break-between-parts",
        "Your parts follow each other without an empty line. Between two parts stand two line breaks.",
        ('"\\n\\n".join', '"\\n".join'),
    ),
    _prompt(
        "text-beside-the-heading",
        "Your texts stand on the line of their heading. After the colon comes a line break.",
        ("{first}:\\n{instruction}", "{first}: {instruction}"),
        ("{second}:\\n{input_text}", "{second}: {input_text}"),
    ),
    _prompt(
        "no-sentence",
        "Your prompt begins with the first heading. The layout begins with a sentence.",
        ("sections = [sentence, ", "sections = ["),
    ),
    _prompt(
        "input-first",
        "Your input stands above the instruction; the layout has the instruction first.",
        ('    sections = [sentence, f"### {first}:\\n{instruction}"]\n', "    sections = [sentence]\n"),
        (
            '    sections.append(f"### {last}:\\n")\n',
            '    sections.append(f"### {first}:\\n{instruction}")\n    sections.append(f"### {last}:\\n")\n',
        ),
    ),
    _prompt(
        "formatted-twice",
        "Your function calls `format` on a text that holds the user's words already, so braces in them are taken for "
        "places to fill. Put the words in last.",
        (
            '"\\n\\n".join(sections)',
            '"\\n\\n".join(sections).format(instruction=instruction, input=input_text)',
        ),
    ),
    _prompt(
        "lower-case",
        "Your function changes the instruction's letters. Texts are put in as they are.",
        ("{first}:\\n{instruction}", "{first}:\\n{instruction.lower()}"),
    ),
]  # fmt: skip

# --- InstructionDataset --------------------------------------------------------------------------------------------

_DATASET_RIGHT = '''class InstructionDataset(Dataset):
    def __init__(self, rows, tokenizer, max_length, language="en"):
        self.pairs = []
        for row in rows:
            prompt_ids = tokenizer.encode(course_prompt(row["instruction"], row["input"], language))
            answer_ids = tokenizer.encode(row["output"])
            ids = prompt_ids + answer_ids + [tokenizer.eot_token]
            ids = ids[:max_length]
            self.pairs.append((ids, min(len(prompt_ids), len(ids))))

    def __len__(self):
        return len(self.pairs)

    def __getitem__(self, index):
        return self.pairs[index]
'''


def _dataset(name: str, explanation: str, *changes: tuple[str, str]) -> Mistake:
    see = "01_instruction_data: Exercise 2: InstructionDataset"
    return made_in(_DATASET_RIGHT, "ch07/instruction-dataset", name, explanation, *changes, see=see)


_DATASET = [
    _dataset(
        "no-end-of-text",
        "Your ids have no end-of-text behind the answer, so a model trained on them never learns to stop.",
        (" + [tokenizer.eot_token]", ""),
    ),
    _dataset(
        "not-cut",
        "Rows that are too long stay too long: keep the first `max_length` ids. The model's context has an end.",
        ("            ids = ids[:max_length]\n", ""),
    ),
    _dataset(
        "cut-before-the-end-of-text",
        "You cut the row and then add end-of-text, so a row can have `max_length` + 1 ids, and a cut answer looks as if "
        "it were over.",
        ("            ids = prompt_ids + answer_ids + [tokenizer.eot_token]\n", "            ids = prompt_ids + answer_ids\n"),
        ("ids = ids[:max_length]\n", "ids = ids[:max_length] + [tokenizer.eot_token]\n"),
    ),
    _dataset(
        "end-of-text-kept-when-cut",
        "A row that is cut still ends with end-of-text in your code. Its answer was not over; the end is cut off with it.",
        ("ids = ids[:max_length]\n", "ids = ids if len(ids) <= max_length else ids[: max_length - 1] + ids[-1:]\n"),
    ),
    _dataset(
        "cut-at-the-front",
        "You keep the last ids of a row that is too long. The first `max_length` stay.",
        ("ids = ids[:max_length]\n", "ids = ids[-max_length:]\n"),
    ),
    _dataset(
        "cut-one-too-early",
        "You keep one id fewer than `max_length` allows.",
        ("ids = ids[:max_length]\n", "ids = ids[: max_length - 1]\n"),
    ),
    _dataset(
        "prompt-length-not-cut",
        "When a row is cut within its prompt, your prompt length is larger than the number of ids. Take the smaller one.",
        ("min(len(prompt_ids), len(ids))", "len(prompt_ids)"),
    ),
    _dataset(
        "length-of-all-ids",
        "Your second number is the length of the whole row. It should say how many ids belong to the prompt.",
        ("min(len(prompt_ids), len(ids))", "len(ids)"),
    ),
    _dataset(
        "length-in-characters",
        "Your prompt length counts characters. It should count tokens: the ids of the encoded prompt.",
        (
            'tokenizer.encode(course_prompt(row["instruction"], row["input"], language))',
            'tokenizer.encode(text := course_prompt(row["instruction"], row["input"], language))',
        ),
        ("min(len(prompt_ids), len(ids))", "min(len(text), len(ids))"),
    ),
    _dataset(
        "prompt-length-off-by-one",
        "Your prompt length counts the first id of the answer too.",
        ("min(len(prompt_ids), len(ids))", "min(len(prompt_ids) + 1, len(ids))"),
    ),
    _dataset(
        "no-answer",
        "Your ids hold the prompt only: there is nothing to learn from. The row's output comes behind it.",
        ("prompt_ids + answer_ids", "prompt_ids"),
    ),
    _dataset(
        "blank-before-the-answer",
        "You put a blank in front of the answer. ` red` and `red` are different tokens, and after the prompt's line break "
        "the model must write the second.",
        ('tokenizer.encode(row["output"])', 'tokenizer.encode(" " + row["output"])'),
    ),
    _dataset(
        "heading-drifts",
        "Your training text is not the prompt that is used afterwards: the heading before the answer is another one. Take "
        "the prompt from one function everywhere.",
        (
            'course_prompt(row["instruction"], row["input"], language)',
            'course_prompt(row["instruction"], row["input"], language)[:-1] + " "',
        ),
    ),
    _dataset(
        "input-forgotten",
        "Your prompts leave the input out.",
        ('course_prompt(row["instruction"], row["input"], language)', 'course_prompt(row["instruction"], "", language)'),
    ),
    _dataset(
        "always-english",
        "Your prompts are English whatever `language` says.",
        ('row["input"], language)', 'row["input"], "en")'),
    ),
    _dataset(
        "another-tokenizers-end",
        "You wrote GPT-2's end-of-text, 50256, into the code. Each tokenizer has its own: `tokenizer.eot_token`.",
        ("[tokenizer.eot_token]", "[50256]"),
    ),
    _dataset(
        "encoded-again-and-again",
        "Your `__getitem__` encodes, so each epoch does the same work again. Encode once, in `__init__`.",
        (
            "        self.pairs = []\n        for row in rows:\n",
            "        self.rows, self.about = rows, (tokenizer, max_length, language)\n"
            "        [tokenizer.encode(row[\"output\"]) for row in rows]\n\n    def made(self, row):\n"
            "            tokenizer, max_length, language = self.about\n",
        ),
        ("self.pairs.append((ids, min(len(prompt_ids), len(ids))))", "return ids, min(len(prompt_ids), len(ids))"),
        ("len(self.pairs)", "len(self.rows)"),
        ("self.pairs[index]", "self.made(self.rows[index])"),
    ),
    _dataset(
        "only-the-last-row",
        "Your list is made anew for each row, so only the last one stays. Make it once, before the loop.",
        ("        self.pairs = []\n        for row in rows:\n", "        for row in rows:\n            self.pairs = []\n"),
    ),
]  # fmt: skip

# --- split_by_instruction ------------------------------------------------------------------------------------------

_SPLIT_RIGHT = '''def split_by_instruction(rows, test_share, seed):
    by_task = {}
    for row in rows:
        by_task.setdefault(row["task"], {})[row["instruction"]] = None
    rng = random.Random(seed)
    drawn = []
    for texts in by_task.values():
        k = len(texts)
        number = max(1, min(k - 1, round(test_share * k)))
        drawn.extend(rng.sample(list(texts), number))
    train = [row for row in rows if row["instruction"] not in drawn]
    test = [row for row in rows if row["instruction"] in drawn]
    return train, test
'''


def _split(name: str, explanation: str, *changes: tuple[str, str]) -> Mistake:
    see = "01_instruction_data: Exercise 3: a split without a leak"
    return made_in(_SPLIT_RIGHT, "ch07/split-by-instruction", name, explanation, *changes, see=see)


def _other_split(name: str, explanation: str, body: str) -> Mistake:
    see = "01_instruction_data: Exercise 3: a split without a leak"
    code = f"def split_by_instruction(rows, test_share, seed):\n{body}"
    return Mistake("ch07/split-by-instruction", name, explanation, code, see)


_SPLIT = [
    _other_split(
        "rows-at-random",
        "You deal out single rows, so the same instruction stands in training and test: the test then asks in words that "
        "were trained on. Deal out instructions.",
        """    mixed = random.Random(seed).sample(rows, len(rows))
    cut = round(test_share * len(rows))
    return mixed[cut:], mixed[:cut]
""",
    ),
    _other_split(
        "whole-tasks",
        "Your test holds whole tasks out. What was never trained cannot be known: each task needs instructions in both "
        "parts.",
        """    tasks = list(dict.fromkeys(row["task"] for row in rows))
    number = min(max(1, round(test_share * len(tasks))), len(tasks) - 1)
    held = random.Random(seed).sample(tasks, number)
    return [row for row in rows if row["task"] not in held], [row for row in rows if row["task"] in held]
""",
    ),
    _other_split(
        "all-tasks-in-one-pot",
        "You draw from all instructions together, so one task may lose most of its instructions and another none. Draw "
        "within each task.",
        """    texts = list(dict.fromkeys(row["instruction"] for row in rows))
    number = min(max(1, round(test_share * len(texts))), len(texts) - 1)
    held = random.Random(seed).sample(texts, number)
    return [row for row in rows if row["instruction"] not in held], [row for row in rows if row["instruction"] in held]
""",
    ),
    _other_split(
        "rows-at-random-within-the-task",
        "You split each task's rows, and the instructions still stand in both parts. Split each task's instructions.",
        """    rng = random.Random(seed)
    train, test = [], []
    for task in dict.fromkeys(row["task"] for row in rows):
        own = [row for row in rows if row["task"] == task]
        rng.shuffle(own)
        cut = round(test_share * len(own))
        train, test = train + own[cut:], test + own[:cut]
    return train, test
""",
    ),
    _split(
        "seed-ignored",
        "Your draw does not use `seed`, so every seed gives the same split.",
        ("random.Random(seed)", "random.Random(0)"),
    ),
    _split(
        "not-drawn",
        "You always hold the first instructions out. They should be drawn, and the seed decide.",
        ("rng.sample(list(texts), number)", "list(texts)[:number]"),
    ),
    _split(
        "without-a-seed",
        "Your generator starts differently each time, so nobody can repeat your split. Give it the seed.",
        ("random.Random(seed)", "random.Random()"),
    ),
    _split(
        "parts-swapped",
        "You return the test first. The training rows come first, and they are most of them.",
        ("return train, test", "return test, train"),
    ),
    _split(
        "test-rows-stay-in-training",
        "The test's rows are in your training part as well.",
        ('[row for row in rows if row["instruction"] not in drawn]', "list(rows)"),
    ),
    _split(
        "none-for-a-small-share",
        "With a small share a task may give the test nothing at all in your code. At least one instruction is held out.",
        ("max(1, min(k - 1, round(test_share * k)))", "min(k - 1, round(test_share * k))"),
    ),
    _split(
        "none-left-to-train",
        "With a large share a task may lose all its instructions to the test. At most k - 1 are held out.",
        ("max(1, min(k - 1, round(test_share * k)))", "max(1, round(test_share * k))"),
    ),
    _split(
        "rounded-down",
        "You round down. The number of instructions is rounded to the nearest whole number.",
        ("round(test_share * k)", "int(test_share * k)"),
    ),
    _split(
        "share-of-the-rows",
        "Your number is a share of the task's rows; it should be a share of its different instructions.",
        (
            "round(test_share * k)",
            'round(test_share * sum(row["instruction"] in texts for row in rows))',
        ),
    ),
    _split(
        "one-row-per-instruction",
        "Your test keeps one row of each instruction that is held out, and the others are lost.",
        ("    return train, test\n", '    test = list({row["instruction"]: row for row in test}.values())\n    return train, test\n'),
    ),
    _split(
        "always-one",
        "You hold out one instruction of each task, whatever `test_share` says.",
        ("max(1, min(k - 1, round(test_share * k)))", "1"),
    ),
    _split(
        "rows-changed",
        "Your function shuffles the list that it was given. That list is the caller's: work on a copy.",
        ("    by_task = {}\n", "    random.Random(seed).shuffle(rows)\n    rows.pop()\n    by_task = {}\n"),
    ),
]  # fmt: skip

MISTAKES: list[Mistake] = [*_PROMPT, *_DATASET, *_SPLIT]
