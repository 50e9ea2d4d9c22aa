"""Answers to exercise 1 of 01_instruction_data: format_prompt."""

from __future__ import annotations

from functools import partial

from autograder.answers import Alternative, made_in

ALTERNATIVES = [
    Alternative(
        name="sums-of-texts",
        description="Three texts added up, the middle one perhaps empty, as in the book.",
        code="""def format_prompt(instruction, input_text="", language="en"):
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
""",
    ),
    Alternative(
        name="list-of-sections",
        description="A dictionary of layouts, pairs of heading and text, joined.",
        code="""LAYOUTS = {
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
""",
    ),
    Alternative(
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
        name="match-and-generator",
        description="match, and a generator of the parts.",
        code="""def format_prompt(instruction, input_text="", language="en"):
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
""",
    ),
]

_RIGHT = """LAYOUTS = {
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
"""

_mistake = partial(made_in, _RIGHT, see="01_instruction_data: Exercise 1: format_prompt")

_IF_INPUT = '    if input_text.strip():\n        sections.append(f"### {second}:\\n{input_text}")\n'
MISTAKES = [
    _mistake(
        "empty-input-printed",
        "Your prompt has the heading of the input even when there is none. An empty input leaves out its whole section.",
        (_IF_INPUT, '    sections.append(f"### {second}:\\n{input_text}")\n'),
    ),
    _mistake(
        "white-space-is-an-input",
        "Your function takes an input of blanks or line breaks for a text. Compare `input_text.strip()`, not "
        "`input_text`, with the empty text.",
        ("if input_text.strip():", "if input_text:"),
    ),
    _mistake(
        "no-input",
        "Your prompt never holds the input: the model is told what to do, and not with what.",
        (_IF_INPUT, ""),
    ),
    _mistake(
        "no-response-heading",
        "Your prompt ends before the heading of the response, so the model does not know that it is its turn.",
        ('    sections.append(f"### {last}:\\n")\n', ""),
    ),
    _mistake(
        "no-line-break-at-the-end",
        "After the heading of the response comes one line break, and yours is missing. In training the answer stands on "
        "the next line: other tokens.",
        ('sections.append(f"### {last}:\\n")', 'sections.append(f"### {last}:")'),
    ),
    _mistake(
        "blank-at-the-end",
        "Your prompt ends with a blank after the last colon where the layout has a line break. The model then has to go "
        "on from a token that it was not trained on.",
        ('sections.append(f"### {last}:\\n")', 'sections.append(f"### {last}: ")'),
    ),
    _mistake(
        "heading-drifts",
        "Your last heading is another word than the layout's. A model knows only the heading that it was trained with, "
        "so training and use must have the same one.",
        ('"Instruction", "Input", "Response"', '"Instruction", "Input", "Answer"'),
    ),
    _mistake(
        "portuguese-heading-drifts",
        "One of your Portuguese headings is not that of the layout: it says Instrução, Entrada, Resposta, with their "
        "accents.",
        ('"Instrução", "Entrada", "Resposta"', '"Instrucao", "Entrada", "Resposta"'),
    ),
    _mistake(
        "english-headings",
        "With pt-BR your sentence is Portuguese and the headings are English. Both belong to the language.",
        ('"Instrução", "Entrada", "Resposta"', '"Instruction", "Input", "Response"'),
    ),
    _mistake(
        "always-english",
        "Your function does not look at `language`: the Portuguese layout never comes.",
        ('    if language not in LAYOUTS:\n        raise ValueError(f"no layout for {language}")\n', ""),
        ("LAYOUTS[language]", 'LAYOUTS["en"]'),
    ),
    _mistake(
        "unknown-language-is-english",
        "A language without a layout becomes English without a word. Raise a `ValueError`, so that somebody notices.",
        ('    if language not in LAYOUTS:\n        raise ValueError(f"no layout for {language}")\n', ""),
        ("LAYOUTS[language]", 'LAYOUTS.get(language, LAYOUTS["en"])'),
    ),
    _mistake(
        "key-error",
        "A language without a layout raises a KeyError in your code. The docstring promises a `ValueError`.",
        ('    if language not in LAYOUTS:\n        raise ValueError(f"no layout for {language}")\n', ""),
    ),
    _mistake(
        "one-line-break-between-parts",
        "Your parts follow each other without an empty line. Between two parts stand two line breaks.",
        ('"\\n\\n".join', '"\\n".join'),
    ),
    _mistake(
        "text-beside-the-heading",
        "Your texts stand on the line of their heading. After the colon comes a line break.",
        ("{first}:\\n{instruction}", "{first}: {instruction}"),
        ("{second}:\\n{input_text}", "{second}: {input_text}"),
    ),
    _mistake(
        "no-sentence",
        "Your prompt begins with the first heading. The layout begins with a sentence.",
        ("sections = [sentence, ", "sections = ["),
    ),
    _mistake(
        "input-first",
        "Your input stands above the instruction; the layout has the instruction first.",
        ('    sections = [sentence, f"### {first}:\\n{instruction}"]\n', "    sections = [sentence]\n"),
        (
            '    sections.append(f"### {last}:\\n")\n',
            '    sections.append(f"### {first}:\\n{instruction}")\n    sections.append(f"### {last}:\\n")\n',
        ),
    ),
    _mistake(
        "formatted-twice",
        "Your function calls `format` on a text that holds the user's words already, so braces in them are taken for "
        "places to fill. Put the words in last.",
        (
            '"\\n\\n".join(sections)',
            '"\\n\\n".join(sections).format(instruction=instruction, input=input_text)',
        ),
    ),
    _mistake(
        "lower-case",
        "Your function changes the instruction's letters. Texts are put in as they are.",
        ("{first}:\\n{instruction}", "{first}:\\n{instruction.lower()}"),
    ),
]
