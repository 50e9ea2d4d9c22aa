"""Answers to exercise 3 of 02_measuring_a_language_model: quiz."""

from __future__ import annotations

from functools import partial

from autograder.answers import Alternative, made_in

ALTERNATIVES = [
    Alternative(
        name="form-filled-in",
        description="The form of the release with letters in it, capitals and brackets included.",
        code="""def quiz() -> dict[str, str]:
    answers = {
        "q1": "C",
        "q2": "a)",
        "q3": "(d)",
        "q4": "b",
        "q5": " B ",
        "q6": "d.",
        "q7": "A",
        "q8": "c",
    }
    return answers
""",
    ),
    Alternative(
        name="zip",
        description="A word of eight letters, zipped with the names of the questions.",
        code="""def quiz():
    return {f"q{number}": letter for number, letter in enumerate("cadbbdac", start=1)}
""",
    ),
    Alternative(
        name="keywords",
        description="dict with keywords.",
        code="""def quiz():
    return dict(q1="c", q2="a", q3="d", q4="b", q5="b", q6="d", q7="a", q8="c")
""",
    ),
]

_RIGHT = """def quiz():
    return {
        "q1": "c",
        "q2": "a",
        "q3": "d",
        "q4": "b",
        "q5": "b",
        "q6": "d",
        "q7": "a",
        "q8": "c",
    }
"""

# What to think about again, for every wrong answer to a question; the test's own message is about the option.
_POINTERS = {
    "q1": (
        "c",
        "01_what_is_a_language_model: Guess the next word",
        "Think again about question 1: what comes out of the formula at the beginning of notebook 1, and for how many words?",
    ),
    "q2": (
        "a",
        "01_what_is_a_language_model: Exercise 2: from counts to probabilities",
        "Think again about question 2: what are the numerator and the denominator of the fraction in this case?",
    ),
    "q3": (
        "d",
        "01_what_is_a_language_model: GPT and BERT",
        "Think again about question 3: which side of the text does each family see while it learns?",
    ),
    "q4": (
        "b",
        "01_what_is_a_language_model: Why transformers?",
        "Think again about question 4: what two drawbacks did recurrent networks have, and how does attention end them?",
    ),
    "q5": (
        "b",
        "01_what_is_a_language_model: Three stages",
        "Think again about question 5: what does *self-supervised* mean, and what is asked of the model in pre-training?",
    ),
    "q6": (
        "d",
        "02_measuring_a_language_model: A model that learns by heart",
        "Think again about question 6: perplexity is a mean per token. Are the tokens of the two models the same?",
    ),
    "q7": (
        "a",
        "02_measuring_a_language_model: Scores for what a model writes",
        "Think again about question 7: what does the score compare, and what does it never look at?",
    ),
    "q8": (
        "c",
        "02_measuring_a_language_model: Risks and limits",
        "Think again about question 8: what is the goal in training, the true text or the likely one?",
    ),
}

_mistake = partial(made_in, _RIGHT, see="02_measuring_a_language_model: Exercise 3: quiz")

MISTAKES = [
    *(
        _mistake(
            f"{question}-{wrong}",
            explanation,
            (f'"{question}": "{right}"', f'"{question}": "{wrong}"'),
            see=where,
        )
        for question, (right, where, explanation) in _POINTERS.items()
        for wrong in "abcd"
        if wrong != right
    ),
    _mistake(
        "one-question-left-out",
        "One of the questions has no answer. Write a letter for each; a guess costs nothing.",
        ('"q5": "b"', '"q5": ""'),
    ),
    _mistake(
        "words-for-letters",
        "Your answers are words. Write the letter that stands before the answer: a, b, c or d.",
        ('"q1": "c"', '"q1": "a probability for each token"'),
        ('"q2": "a"', '"q2": "0"'),
        ('"q3": "d"', '"q3": "BERT"'),
        ('"q4": "b"', '"q4": "attention"'),
        ('"q5": "b"', '"q5": "the text itself"'),
        ('"q6": "d"', '"q6": "cannot tell"'),
        ('"q7": "a"', '"q7": "shared words"'),
        ('"q8": "c"', '"q8": "plausibly"'),
    ),
    _mistake(
        "a-list-of-letters",
        "Your function returns a list. The form is a dictionary, so that each letter has the name of its question.",
        ("return {", "return list({"),
        ('"q8": "c",\n    }', '"q8": "c",\n    }.values())'),
    ),
]
