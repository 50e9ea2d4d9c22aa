"""Answers to exercise 3 of 01_overlap_metrics: f1."""

from __future__ import annotations

from functools import partial

from autograder.answers import Alternative, made_in

ALTERNATIVES = [
    Alternative(
        name="sum-of-both-lengths",
        description="The short formula 2 s / (m + k), a max over a generator.",
        code="""def f1(prediction, answers, articles=()):
    def one(answer):
        a, b = answer_words(prediction, articles), answer_words(answer, articles)
        if not a and not b:
            return 1.0
        return 2 * (Counter(a) & Counter(b)).total() / (len(a) + len(b))

    return max(one(answer) for answer in answers)
""",
    ),
    Alternative(
        name="crossing-out",
        description="No Counter: each shared word is removed from a copy of the other list.",
        code="""def f1(prediction, answers, articles=()):
    scores = []
    for answer in answers:
        left = answer_words(prediction, articles)
        rest = answer_words(answer, articles)
        size = len(rest)
        if len(left) == 0 or size == 0:
            scores.append(1.0 if len(left) == size else 0.0)
            continue
        same = 0
        for word in left:
            if word in rest:
                rest.remove(word)
                same += 1
        if same == 0:
            scores.append(0.0)
        else:
            p = same / len(left)
            r = same / size
            scores.append(2 / (1 / p + 1 / r))
    return max(scores)
""",
    ),
    Alternative(
        name="sorted-merge",
        description="Both lists sorted and walked through together.",
        code="""def f1(prediction, answers, articles=()):
    best = 0.0
    a = sorted(answer_words(prediction, articles))
    for answer in answers:
        b = sorted(answer_words(answer, articles))
        i = j = s = 0
        while i < len(a) and j < len(b):
            if a[i] == b[j]:
                s, i, j = s + 1, i + 1, j + 1
            elif a[i] < b[j]:
                i += 1
            else:
                j += 1
        best = max(best, 2 * s / (len(a) + len(b)) if a or b else 1.0)
    return best
""",
    ),
    Alternative(
        name="own-normalisation",
        description="Does the four steps itself; minimum of counts over the words of both.",
        code="""def f1(prediction, answers, articles=()):
    def cut(text):
        text = unicodedata.normalize("NFC", text).lower()
        text = "".join(c for c in text if unicodedata.category(c)[0] != "P")
        return [w for w in text.split() if w not in articles]

    def score(a, b):
        if not a or not b:
            return float(a == b)
        n = sum(min(a.count(w), b.count(w)) for w in set(a) | set(b))
        if n == 0:
            return 0.0
        precision, recall = n / len(a), n / len(b)
        return (2 * precision * recall) / (precision + recall)

    return max(score(cut(prediction), cut(answer)) for answer in answers)
""",
    ),
]

_RIGHT = """def f1(prediction, answers, articles=()):
    def score(answer):
        a = answer_words(prediction, articles)
        b = answer_words(answer, articles)
        if not a or not b:
            return float(a == b)
        shared = sum((Counter(a) & Counter(b)).values())
        if shared == 0:
            return 0.0
        p = shared / len(a)
        r = shared / len(b)
        return 2 * p * r / (p + r)

    return max(score(answer) for answer in answers)
"""

_mistake = partial(made_in, _RIGHT, see="01_overlap_metrics: Exercise 3: f1")

MISTAKES = [
    _mistake(
        "recall-for-f1",
        "You return the recall. A prediction that says everything has recall 1; F1 is the harmonic mean of precision and "
        "recall.",
        ("2 * p * r / (p + r)", "r"),
    ),
    _mistake(
        "precision-for-f1",
        "You return the precision. F1 is the harmonic mean of precision and recall.",
        ("2 * p * r / (p + r)", "p"),
    ),
    _mistake(
        "plain-mean",
        "You take the plain mean of precision and recall. F1 is their harmonic mean, 2 P R / (P + R).",
        ("2 * p * r / (p + r)", "(p + r) / 2"),
    ),
    _mistake(
        "geometric-mean",
        "You take the geometric mean of precision and recall. F1 is their harmonic mean, 2 P R / (P + R).",
        ("2 * p * r / (p + r)", "math.sqrt(p * r)"),
    ),
    _mistake(
        "two-forgotten",
        "The factor 2 is missing: equal texts have F1 = 1.",
        ("2 * p * r", "p * r"),
    ),
    _mistake(
        "sets-for-multisets",
        "You count different words. A word that occurs twice on both sides is shared twice: use `Counter`, not `set`.",
        ("sum((Counter(a) & Counter(b)).values())", "len(set(a) & set(b))"),
        ("shared / len(a)", "shared / len(set(a))"),
        ("shared / len(b)", "shared / len(set(b))"),
    ),
    _mistake(
        "shared-words-as-a-set",
        "You count each shared word once, and all words for the lengths. A word that occurs twice on both sides is shared "
        "twice.",
        ("sum((Counter(a) & Counter(b)).values())", "len(set(a) & set(b))"),
    ),
    _mistake(
        "not-clipped",
        "You count every word of the prediction that occurs in the answer, however often. A word is shared as often as it "
        "occurs on both sides.",
        ("sum((Counter(a) & Counter(b)).values())", "sum(word in b for word in a)"),
    ),
    _mistake(
        "keys-counted",
        "`len` of a Counter is the number of different words. Add up its values.",
        ("sum((Counter(a) & Counter(b)).values())", "len(Counter(a) & Counter(b))"),
    ),
    _mistake(
        "union-for-intersection",
        "`|` takes the larger count of each word. Shared words are the smaller count: `&`.",
        ("Counter(a) & Counter(b)", "Counter(a) | Counter(b)"),
    ),
    _mistake(
        "jaccard",
        "You divide the shared words by all words of both. That is the Jaccard index; F1 is 2 P R / (P + R).",
        ("2 * p * r / (p + r)", "shared / (len(a) + len(b) - shared)"),
    ),
    _mistake(
        "divided-by-zero",
        "Where nothing is shared, precision and recall are both 0 and you divide by their sum. F1 is 0 then.",
        ("        if shared == 0:\n            return 0.0\n", ""),
    ),
    _mistake(
        "empty-is-wrong",
        "Two texts that are both empty after normalisation are equal, and F1 is 1.",
        ("return float(a == b)", "return 0.0"),
    ),
    _mistake(
        "empty-is-right",
        "You give 1 where one of the texts is empty. It is 1 only if both are.",
        ("return float(a == b)", "return 1.0"),
    ),
    _mistake(
        "empty-not-thought-of",
        "You do not treat empty texts. Two empty ones are equal, F1 is 1; one empty beside another gives 0.",
        ("        if not a or not b:\n            return float(a == b)\n", ""),
    ),
    _mistake(
        "first-answer-only",
        "You compare with the first answer only. Of several right answers the best F1 counts.",
        ("in answers)", "in answers[:1])"),
    ),
    _mistake(
        "mean-over-answers",
        "You take the mean over the right answers. The best one counts.",
        ("max(score(answer) for answer in answers)", "sum(score(answer) for answer in answers) / len(answers)"),
    ),
    _mistake(
        "answers-thrown-together",
        "You pour all right answers into one. Compare with each, and take the best.",
        ("max(score(answer) for answer in answers)", 'score(" ".join(answers))'),
    ),
    _mistake(
        "blanks-only",
        "You cut at white space only, so case and punctuation make words different. Use `answer_words`.",
        ("a = answer_words(prediction, articles)", "a = prediction.split()"),
        ("b = answer_words(answer, articles)", "b = answer.split()"),
    ),
    _mistake(
        "articles-stay",
        "You do not pass the articles on to `answer_words`.",
        ("answer_words(prediction, articles)", "answer_words(prediction)"),
        ("answer_words(answer, articles)", "answer_words(answer)"),
    ),
    _mistake(
        "accents-deleted",
        "You throw accents away, so avó and avô are the same word for you. Accents stay.",
        (
            "        if not a or not b:\n",
            '        plain = lambda w: "".join(c for c in unicodedata.normalize("NFD", w) if not unicodedata.combining(c))\n'
            "        a, b = [plain(w) for w in a], [plain(w) for w in b]\n"
            "        if not a or not b:\n",
        ),
    ),
    _mistake(
        "letters-for-words",
        "You compare letters. The units are words.",
        ("answer_words(prediction, articles)", '"".join(answer_words(prediction, articles))'),
        ("answer_words(answer, articles)", '"".join(answer_words(answer, articles))'),
    ),
]
