"""Answers to exercise 2 of 04_responses: extract_response."""

from __future__ import annotations

from functools import partial

from autograder.answers import Alternative, made_in

ALTERNATIVES = [
    Alternative(
        name="partition",
        description="removeprefix and partition.",
        code="""def extract_response(text, prompt):
    rest = text.removeprefix(prompt)
    if len(rest) + len(prompt) != len(text):
        raise ValueError(f"the text begins with {text[:40]!r} and not with the prompt")
    answer, _, _ = rest.partition(END_OF_TEXT)
    answer = answer.strip()
    if any(prompt.rstrip().endswith(header) for header in HEADERS):
        return answer
    for header in HEADERS:
        shorter = answer.removeprefix(header)
        if shorter != answer:
            return shorter.strip()
    return answer
""",
    ),
    Alternative(
        name="regular-expression",
        description="One pattern, with the header optional where the prompt has none.",
        code="""import re


def extract_response(text, prompt):
    either = "(?:" + "|".join(map(re.escape, HEADERS)) + ")"
    has_header = re.search(either + r"\\s*\\Z", prompt)
    pattern = re.escape(prompt) + r"\\s*" + ("" if has_header else f"(?:{either})?") + r"\\s*(.*?)\\s*"
    match = re.match(pattern + f"(?:{re.escape(END_OF_TEXT)}.*)?" + r"\\Z", text, re.DOTALL)
    if match is None:
        raise ValueError("another prompt")
    return match[1]
""",
    ),
    Alternative(
        name="find",
        description="Positions and slices.",
        code="""def extract_response(text, prompt):
    if text[:len(prompt)] != prompt:
        raise ValueError("another prompt")
    begin, end = len(prompt), text.find(END_OF_TEXT, len(prompt))
    written = text[begin:end if end >= 0 else None].strip()
    known = any(prompt.rstrip()[-len(h):] == h for h in HEADERS)
    own = [h for h in HEADERS if not known and written.find(h) == 0]
    return written[len(own[0]):].strip() if own else written
""",
    ),
    Alternative(
        name="index",
        description="str.index raises the ValueError; the header is taken off the text before anything else.",
        code="""def extract_response(text, prompt):
    if text.find(prompt) != 0:
        raise ValueError(prompt)
    answer = (text[len(prompt):] + END_OF_TEXT)
    answer = answer[:answer.index(END_OF_TEXT)].strip()
    english, portuguese = HEADERS
    if prompt.rstrip().endswith((english, portuguese)):
        return answer
    if answer.startswith(english):
        answer = answer[len(english):]
    elif answer.startswith(portuguese):
        answer = answer[len(portuguese):]
    return answer.strip()
""",
    ),
]

_RIGHT = """def extract_response(text, prompt):
    if not text.startswith(prompt):
        raise ValueError("another prompt")
    answer = text[len(prompt):]
    answer = answer.split(END_OF_TEXT, 1)[0]
    answer = answer.strip()
    if not prompt.strip().endswith(tuple(HEADERS)):
        for header in HEADERS:
            if answer.startswith(header):
                answer = answer[len(header):].strip()
                break
    return answer
"""
_FROM_THE_PROMPT = "    answer = text[len(prompt):]\n"
_OWN_HEADER = """    if not prompt.strip().endswith(tuple(HEADERS)):
        for header in HEADERS:
            if answer.startswith(header):
                answer = answer[len(header):].strip()
                break
"""

_mistake = partial(made_in, _RIGHT, see="04_responses: Exercise 2: extract_response")

MISTAKES = [
    _mistake(
        "behind-the-first-header",
        "You take what stands behind the first header. When the user quotes the header, that is a piece of the request. Cut off "
        "the prompt by its length.",
        (
            _FROM_THE_PROMPT,
            "    header = next((h for h in HEADERS if h in text), '')\n"
            "    answer = text.split(header, 1)[1] if header else text[len(prompt):]\n",
        ),
    ),
    _mistake(
        "behind-the-last-header",
        "You take what stands behind the last header. When the answer itself holds one, its beginning is lost. Cut off the "
        "prompt by its length.",
        (
            _FROM_THE_PROMPT,
            "    answer = text[len(prompt):]\n    for header in HEADERS:\n        answer = answer.split(header)[-1]\n",
        ),
    ),
    _mistake(
        "headers-removed-everywhere",
        "You remove every header from the answer. One that the model wrote as part of its answer is to stay; only its own header "
        "at the very beginning goes.",
        (_OWN_HEADER, "    for header in HEADERS:\n        answer = answer.replace(header, '').strip()\n"),
    ),
    _mistake(
        "prompt-removed-everywhere",
        "`replace` removes the prompt wherever it occurs, also inside the answer. It is to go from the beginning only: "
        "`text[len(prompt):]`.",
        (_FROM_THE_PROMPT, "    answer = text.replace(prompt, '')\n"),
    ),
    _mistake(
        "prompt-kept",
        "You do not cut off the prompt: what comes back is the request with the answer.",
        (_FROM_THE_PROMPT, "    answer = text\n"),
    ),
    _mistake(
        "english-only",
        "You know the English header only. The Portuguese template's header is `### Resposta:`; go through HEADERS.",
        ("endswith(tuple(HEADERS))", "endswith('### Response:')"),
        ("        for header in HEADERS:\n", "        for header in ('### Response:',):\n"),
    ),
    _mistake(
        "own-header-kept",
        "Where the prompt holds no header and the model writes it itself, it is no part of the answer: remove it from the "
        "beginning.",
        (_OWN_HEADER, ""),
    ),
    _mistake(
        "quoted-header-lost",
        "You remove a header at the answer's beginning also where the prompt ends with one already. Then it is the model's own "
        "words, and they stay.",
        ("    if not prompt.strip().endswith(tuple(HEADERS)):\n", "    if True:\n"),
    ),
    _mistake(
        "header-anywhere-in-the-prompt",
        "You look whether a header stands anywhere in the prompt; the user may have written it. What matters is whether the "
        "prompt ends with one.",
        ("if not prompt.strip().endswith(tuple(HEADERS)):", "if not any(header in prompt for header in HEADERS):"),
    ),
    _mistake(
        "white-space-behind-the-header",
        "You ask whether the prompt ends with a header without taking off the white space behind it: it usually ends with a new "
        "line, so you never see the header.",
        ("prompt.strip().endswith", "prompt.endswith"),
    ),
    _mistake(
        "end-of-text-left",
        "Your answer still holds the end-of-text, or what follows it. The answer ends where the first one stands.",
        ("    answer = answer.split(END_OF_TEXT, 1)[0]\n", ""),
    ),
    _mistake(
        "end-of-text-removed-only",
        "You delete the end-of-text and keep what stands behind it. What follows the first one is noise: cut there.",
        ("answer.split(END_OF_TEXT, 1)[0]", "answer.replace(END_OF_TEXT, '')"),
    ),
    _mistake(
        "last-end-of-text",
        "You cut at the last end-of-text; between the first and the last there is padding, or noise.",
        ("answer.split(END_OF_TEXT, 1)[0]", "answer.rsplit(END_OF_TEXT, 1)[0]"),
    ),
    _mistake(
        "end-of-text-in-the-request",
        "You cut the whole text at the first end-of-text, and the request may hold one. Cut off the prompt first.",
        (_FROM_THE_PROMPT, "    answer = text.split(END_OF_TEXT)[0][len(prompt):]\n"),
    ),
    _mistake(
        "white-space-left",
        "Your answer has white space at its ends. `strip` takes it off.",
        ("    answer = answer.strip()\n", "    answer = answer.lstrip()\n"),
    ),
    _mistake(
        "first-line-only",
        "You keep the answer's first line only. An answer may have several, and white space inside it stays.",
        ("    answer = answer.strip()\n", "    answer = answer.strip().split('\\n')[0]\n"),
    ),
    _mistake(
        "white-space-squeezed",
        "You squeeze the white space inside the answer. Only that at its ends goes; line breaks may mean something.",
        ("    answer = answer.strip()\n", "    answer = ' '.join(answer.split())\n"),
    ),
    _mistake(
        "other-prompt-not-noticed",
        "You do not look whether the text begins with the prompt. If it is another one, you cut somewhere in the middle and "
        "nobody notices: raise a ValueError.",
        ('    if not text.startswith(prompt):\n        raise ValueError("another prompt")\n', ""),
    ),
]
