"""Answers to exercise 2 of 01_instruction_data: InstructionDataset."""

from __future__ import annotations

from functools import partial

from autograder.answers import Alternative, made_in

ALTERNATIVES = [
    Alternative(
        name="tensors",
        description="Tensors of ids and of lengths, made once; truncation by slicing tensors.",
        code="""class InstructionDataset(Dataset):
    def __init__(self, rows, tokenizer, max_length, language="en"):
        super().__init__()
        prompts = [tokenizer.encode(course_prompt(r["instruction"], r["input"], language)) for r in rows]
        answers = [tokenizer.encode(r["output"]) for r in rows]
        self.ids = [
            torch.tensor(p + a + [tokenizer.eot_token], dtype=torch.long)[:max_length] for p, a in zip(prompts, answers)
        ]
        self.lengths = torch.tensor([len(p) for p in prompts]).clamp(max=max_length)

    def __len__(self):
        return len(self.ids)

    def __getitem__(self, index):
        return self.ids[index], self.lengths[index]
""",
    ),
    Alternative(
        name="end-as-text",
        description="The whole text encoded at once, end-of-text among it as a special token; items are dictionaries.",
        code="""class InstructionDataset(Dataset):
    def __init__(self, rows, tokenizer, max_length, language="en"):
        self.data = []
        for entry in rows:
            prompt = course_prompt(entry["instruction"], entry["input"], language)
            whole = tokenizer.encode(prompt + entry["output"] + "<|endoftext|>", allowed_special={"<|endoftext|>"})
            while len(whole) > max_length:
                whole.pop()
            part = len(tokenizer.encode(prompt))
            self.data.append({"ids": whole, "prompt_length": part if part < len(whole) else len(whole)})

    def __getitem__(self, index):
        return self.data[index]

    def __len__(self):
        return len(self.data)
""",
    ),
    Alternative(
        name="batch-encoding",
        description="encode_ordinary_batch for all texts; one flat list of ids with the places where rows begin.",
        code="""class InstructionDataset(Dataset):
    def __init__(self, rows, tokenizer, max_length, language="en"):
        asked = tokenizer.encode_ordinary_batch(
            [course_prompt(row["instruction"], row["input"], language) for row in rows], num_threads=1
        )
        said = tokenizer.encode_ordinary_batch([row["output"] for row in rows], num_threads=1)
        self.flat, self.places = [], []
        for a, s in zip(asked, said):
            begin = len(self.flat)
            self.flat.extend([*a, *s, tokenizer.eot_token][:max_length])
            self.places.append((begin, len(self.flat), min(len(a), len(self.flat) - begin)))

    def __len__(self):
        return len(self.places)

    def __getitem__(self, index):
        begin, end, length = self.places[index]
        return self.flat[begin:end], length
""",
    ),
    Alternative(
        name="list-itself",
        description="A subclass that is a list.",
        code="""class InstructionDataset(list, Dataset):
    def __init__(self, rows, tokenizer, max_length, language="en"):
        def item(row):
            question = tokenizer.encode_ordinary(course_prompt(row["instruction"], row["input"], language))
            ids = (question + tokenizer.encode_ordinary(row["output"]) + [tokenizer.eot_token])[0:max_length]
            return [ids, len(question[:max_length])]

        super().__init__(map(item, rows))
""",
    ),
]

_RIGHT = """class InstructionDataset(Dataset):
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
"""

_mistake = partial(made_in, _RIGHT, see="01_instruction_data: Exercise 2: InstructionDataset")

MISTAKES = [
    _mistake(
        "no-end-of-text",
        "Your ids have no end-of-text behind the answer, so a model trained on them never learns to stop.",
        (" + [tokenizer.eot_token]", ""),
    ),
    _mistake(
        "not-cut",
        "Rows that are too long stay too long: keep the first `max_length` ids. The model's context has an end.",
        ("            ids = ids[:max_length]\n", ""),
    ),
    _mistake(
        "cut-before-the-end-of-text",
        "You cut the row and then add end-of-text, so a row can have `max_length` + 1 ids, and a cut answer looks as if "
        "it were over.",
        (
            "            ids = prompt_ids + answer_ids + [tokenizer.eot_token]\n",
            "            ids = prompt_ids + answer_ids\n",
        ),
        ("ids = ids[:max_length]\n", "ids = ids[:max_length] + [tokenizer.eot_token]\n"),
    ),
    _mistake(
        "end-of-text-kept-when-cut",
        "A row that is cut still ends with end-of-text in your code. Its answer was not over; the end is cut off with it.",
        ("ids = ids[:max_length]\n", "ids = ids if len(ids) <= max_length else ids[: max_length - 1] + ids[-1:]\n"),
    ),
    _mistake(
        "cut-at-the-front",
        "You keep the last ids of a row that is too long. The first `max_length` stay.",
        ("ids = ids[:max_length]\n", "ids = ids[-max_length:]\n"),
    ),
    _mistake(
        "cut-one-too-early",
        "You keep one id fewer than `max_length` allows.",
        ("ids = ids[:max_length]\n", "ids = ids[: max_length - 1]\n"),
    ),
    _mistake(
        "prompt-length-not-cut",
        "When a row is cut within its prompt, your prompt length is larger than the number of ids. Take the smaller one.",
        ("min(len(prompt_ids), len(ids))", "len(prompt_ids)"),
    ),
    _mistake(
        "length-of-all-ids",
        "Your second number is the length of the whole row. It should say how many ids belong to the prompt.",
        ("min(len(prompt_ids), len(ids))", "len(ids)"),
    ),
    _mistake(
        "length-in-characters",
        "Your prompt length counts characters. It should count tokens: the ids of the encoded prompt.",
        (
            'tokenizer.encode(course_prompt(row["instruction"], row["input"], language))',
            'tokenizer.encode(text := course_prompt(row["instruction"], row["input"], language))',
        ),
        ("min(len(prompt_ids), len(ids))", "min(len(text), len(ids))"),
    ),
    _mistake(
        "prompt-length-off-by-one",
        "Your prompt length counts the first id of the answer too.",
        ("min(len(prompt_ids), len(ids))", "min(len(prompt_ids) + 1, len(ids))"),
    ),
    _mistake(
        "no-answer",
        "Your ids hold the prompt only: there is nothing to learn from. The row's output comes behind it.",
        ("prompt_ids + answer_ids", "prompt_ids"),
    ),
    _mistake(
        "blank-before-the-answer",
        "You put a blank in front of the answer. ` red` and `red` are different tokens, and after the prompt's line break "
        "the model must write the second.",
        ('tokenizer.encode(row["output"])', 'tokenizer.encode(" " + row["output"])'),
    ),
    _mistake(
        "heading-drifts",
        "Your training text is not the prompt that is used afterwards: the heading before the answer is another one. Take "
        "the prompt from one function everywhere.",
        (
            'course_prompt(row["instruction"], row["input"], language)',
            'course_prompt(row["instruction"], row["input"], language)[:-1] + " "',
        ),
    ),
    _mistake(
        "input-forgotten",
        "Your prompts leave the input out.",
        (
            'course_prompt(row["instruction"], row["input"], language)',
            'course_prompt(row["instruction"], "", language)',
        ),
    ),
    _mistake(
        "always-english",
        "Your prompts are English whatever `language` says.",
        ('row["input"], language)', 'row["input"], "en")'),
    ),
    _mistake(
        "another-tokenizers-end",
        "You wrote GPT-2's end-of-text, 50256, into the code. Each tokenizer has its own: `tokenizer.eot_token`.",
        ("[tokenizer.eot_token]", "[50256]"),
    ),
    _mistake(
        "encoded-again-and-again",
        "Your `__getitem__` encodes, so each epoch does the same work again. Encode once, in `__init__`.",
        (
            "        self.pairs = []\n        for row in rows:\n",
            "        self.rows, self.about = rows, (tokenizer, max_length, language)\n"
            '        [tokenizer.encode(row["output"]) for row in rows]\n\n    def made(self, row):\n'
            "            tokenizer, max_length, language = self.about\n",
        ),
        ("self.pairs.append((ids, min(len(prompt_ids), len(ids))))", "return ids, min(len(prompt_ids), len(ids))"),
        ("len(self.pairs)", "len(self.rows)"),
        ("self.pairs[index]", "self.made(self.rows[index])"),
    ),
    _mistake(
        "only-the-last-row",
        "Your list is made anew for each row, so only the last one stays. Make it once, before the loop.",
        (
            "        self.pairs = []\n        for row in rows:\n",
            "        for row in rows:\n            self.pairs = []\n",
        ),
    ),
]
