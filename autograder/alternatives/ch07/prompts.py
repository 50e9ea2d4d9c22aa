"""Right answers in other styles of chapter 7: the prompt, the dataset of instructions, the split by instruction."""

from __future__ import annotations

from autograder.catalogue import Alternative

_PROMPT = [
    Alternative(
        exercise="ch07/format-prompt",
        name="sums-of-texts",
        description="Three texts added up, the middle one perhaps empty, as in the book.",
        code='''def format_prompt(instruction, input_text="", language="en"):
    if language not in ("en", "pt-BR"):
        raise ValueError(language)
    english = language == "en"
    instruction_text = (
        ("Below is an instruction that describes a task. "
         "Write a response that appropriately completes the request." if english else
         "A seguir há uma instrução que descreve uma tarefa. Escreva uma resposta que atenda ao pedido.")
        + ("\\n\\n### Instruction:\\n" if english else "\\n\\n### Instrução:\\n") + instruction
    )
    heading = "Input" if english else "Entrada"
    middle = f"\\n\\n### {heading}:\\n{input_text}" if input_text and not input_text.isspace() else ""
    return instruction_text + middle + ("\\n\\n### Response:\\n" if english else "\\n\\n### Resposta:\\n")
''',
    ),
    Alternative(
        exercise="ch07/format-prompt",
        name="list-of-sections",
        description="A dictionary of layouts, pairs of heading and text, joined.",
        code='''LAYOUTS = {
    "en": ("Below is an instruction that describes a task. Write a response that appropriately completes the request.",
           "Instruction", "Input", "Response"),
    "pt-BR": ("A seguir há uma instrução que descreve uma tarefa. Escreva uma resposta que atenda ao pedido.",
              "Instrução", "Entrada", "Resposta"),
}


def format_prompt(instruction, input_text="", language="en"):
    try:
        sentence, *heads = LAYOUTS[language]
    except KeyError:
        raise ValueError("language should be one of " + ", ".join(LAYOUTS)) from None
    texts = [instruction, input_text, ""]
    kept = [k for k in range(3) if k != 1 or len(input_text.split()) > 0]
    return "\\n\\n".join([sentence] + ["### " + heads[k] + ":\\n" + texts[k] for k in kept])
''',
    ),
    Alternative(
        exercise="ch07/format-prompt",
        name="whole-templates",
        description="Four whole templates, each filled by one call of str.format.",
        code='''TEMPLATES = {
    ("en", True): """Below is an instruction that describes a task. Write a response that appropriately completes the request.

### Instruction:
{instruction}

### Input:
{input}

### Response:
""",
    ("en", False): """Below is an instruction that describes a task. Write a response that appropriately completes the request.

### Instruction:
{instruction}

### Response:
""",
    ("pt-BR", True): """A seguir há uma instrução que descreve uma tarefa. Escreva uma resposta que atenda ao pedido.

### Instrução:
{instruction}

### Entrada:
{input}

### Resposta:
""",
    ("pt-BR", False): """A seguir há uma instrução que descreve uma tarefa. Escreva uma resposta que atenda ao pedido.

### Instrução:
{instruction}

### Resposta:
""",
}


def format_prompt(instruction, input_text="", language="en"):
    key = (language, input_text.strip() != "")
    if key not in TEMPLATES:
        raise ValueError(f"unknown language: {language}")
    return TEMPLATES[key].format(instruction=instruction, input=input_text)
''',
    ),
    Alternative(
        exercise="ch07/format-prompt",
        name="match-and-generator",
        description="match, and a generator of the parts.",
        code='''def format_prompt(instruction, input_text="", language="en"):
    match language:
        case "en":
            opening = "Below is an instruction that describes a task. "
            opening += "Write a response that appropriately completes the request."
            words = "Instruction Input Response".split()
        case "pt-BR":
            opening = "A seguir há uma instrução que descreve uma tarefa. "
            opening += "Escreva uma resposta que atenda ao pedido."
            words = "Instrução Entrada Resposta".split()
        case _:
            raise ValueError("only en and pt-BR")

    def parts():
        yield opening
        for word, text in zip(words, (instruction, input_text, None)):
            if text is None:
                yield "### %s:\\n" % word
            elif word == words[0] or text.strip(" \\t\\r\\n"):
                yield "### %s:\\n%s" % (word, text)

    return (2 * "\\n").join(parts())
''',
    ),
]

_DATASET = [
    Alternative(
        exercise="ch07/instruction-dataset",
        name="tensors",
        description="Tensors of ids and of lengths, made once; truncation by slicing tensors.",
        code='''class InstructionDataset(Dataset):
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
''',
    ),
    Alternative(
        exercise="ch07/instruction-dataset",
        name="end-as-text",
        description="The whole text encoded at once, end-of-text among it as a special token; items are dictionaries.",
        code='''class InstructionDataset(Dataset):
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
''',
    ),
    Alternative(
        exercise="ch07/instruction-dataset",
        name="batch-encoding",
        description="encode_ordinary_batch for all texts; one flat list of ids with the places where rows begin.",
        code='''class InstructionDataset(Dataset):
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
''',
    ),
    Alternative(
        exercise="ch07/instruction-dataset",
        name="list-itself",
        description="A subclass that is a list.",
        code='''class InstructionDataset(list, Dataset):
    def __init__(self, rows, tokenizer, max_length, language="en"):
        def item(row):
            question = tokenizer.encode_ordinary(course_prompt(row["instruction"], row["input"], language))
            ids = (question + tokenizer.encode_ordinary(row["output"]) + [tokenizer.eot_token])[0:max_length]
            return [ids, len(question[:max_length])]

        super().__init__(map(item, rows))
''',
    ),
]

_SPLIT = [
    Alternative(
        exercise="ch07/split-by-instruction",
        name="shuffle-and-cut",
        description="Sorted sets of instructions per task, shuffled and cut; one pass over the rows.",
        code='''def split_by_instruction(rows, test_share, seed):
    rng = random.Random(seed)
    held = set()
    for task in sorted({row["task"] for row in rows}):
        texts = sorted({row["instruction"] for row in rows if row["task"] == task})
        rng.shuffle(texts)
        n = int(test_share * len(texts) + 0.5)
        n = 1 if n < 1 else len(texts) - 1 if n >= len(texts) else n
        held.update(texts[:n])
    train, test = [], []
    for row in rows:
        (test if row["instruction"] in held else train).append(row)
    return train, test
''',
    ),
    Alternative(
        exercise="ch07/split-by-instruction",
        name="torch-permutation",
        description="A torch generator; groups of rows by task and instruction; the parts come out grouped.",
        code='''def split_by_instruction(rows, test_share, seed):
    generator = torch.Generator().manual_seed(seed)
    groups = {}
    for row in rows:
        groups.setdefault(row["task"], {}).setdefault(row["instruction"], []).append(row)
    train, test = [], []
    for by_text in groups.values():
        blocks = list(by_text.values())
        order = torch.randperm(len(blocks), generator=generator).tolist()
        number = min(len(blocks) - 1, max(1, round(len(blocks) * test_share)))
        for place, which in enumerate(order):
            (test if place < number else train).extend(blocks[which])
    return train, test
''',
    ),
    Alternative(
        exercise="ch07/split-by-instruction",
        name="hash-order",
        description="Instructions ordered by a checksum of seed and text; lists of copies.",
        code='''def split_by_instruction(rows, test_share, seed):
    from hashlib import md5

    def key(text):
        return md5(f"{seed}/{text}".encode()).hexdigest()

    held = {}
    for row in rows:
        held.setdefault(row["task"], set()).add(row["instruction"])
    for task, texts in held.items():
        number = sorted([1, round(test_share * len(texts)), len(texts) - 1])[1]
        held[task] = sorted(texts, key=key)[:number]
    test = [dict(row) for row in rows if row["instruction"] in held[row["task"]]]
    return [dict(row) for row in rows if row["instruction"] not in held[row["task"]]], test
''',
    ),
    Alternative(
        exercise="ch07/split-by-instruction",
        name="numpy",
        description="numpy's generator chooses without replacement.",
        code='''def split_by_instruction(rows, test_share, seed):
    import numpy as np

    rng = np.random.default_rng(seed)
    test_texts = []
    for task in dict.fromkeys(r["task"] for r in rows):
        texts = list(dict.fromkeys(r["instruction"] for r in rows if r["task"] == task))
        size = int(np.clip(np.rint(test_share * len(texts)), 1, len(texts) - 1))
        test_texts += [texts[i] for i in rng.choice(len(texts), size=size, replace=False)]
    is_test = [r["instruction"] in test_texts for r in rows]
    return [r for r, t in zip(rows, is_test) if not t], [r for r, t in zip(rows, is_test) if t]
''',
    ),
]

ALTERNATIVES: list[Alternative] = [*_PROMPT, *_DATASET, *_SPLIT]
