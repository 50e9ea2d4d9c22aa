"""Answers to exercise 1 of 05_evaluation: score_by_task."""

from __future__ import annotations

from functools import partial

from autograder.answers import Alternative, made_in

ALTERNATIVES = [
    Alternative(
        name="running-sums",
        description="Sums in one pass; precision and recall written out.",
        code="""def score_by_task(entries, responses):
    if len(entries) != len(responses):
        raise ValueError("not as many responses as entries")
    totals = {}
    for entry, response in zip(entries, responses):
        right = words(entry["output"])
        exact, f1 = 0, 0.0
        if response is not None:
            said = words(response)
            exact = int(said == right)
            common = sum((Counter(said) & Counter(right)).values())
            if not said and not right:
                f1 = 1.0
            elif common > 0:
                precision = common / len(said)
                recall = common / len(right)
                f1 = 2 * precision * recall / (precision + recall)
        for name in (entry["task"], "all"):
            row = totals.setdefault(name, [0, 0, 0.0])
            row[0] += 1
            row[1] += exact
            row[2] += f1
    return {name: {"count": n, "exact": e / n, "f1": f / n} for name, (n, e, f) in totals.items()}
""",
    ),
    Alternative(
        name="pandas-like",
        description="Columns first, then a mean for each name; common words crossed out of a list.",
        code="""def score_by_task(entries, responses):
    if len(list(entries)) - len(list(responses)):
        raise ValueError("responses are missing")

    def f1(said, right):
        left = list(right)
        for word in said:
            if word in left:
                left.remove(word)
        common = len(right) - len(left)
        return 2 * common / max(1, len(said) + len(right)) if said or right else 1.0

    tasks = [entry["task"] for entry in entries]
    pairs = [None if r is None else (words(r), words(e["output"])) for e, r in zip(entries, responses)]
    exact = [pair is not None and pair[0] == pair[1] for pair in pairs]
    overlap = [0.0 if pair is None else f1(*pair) for pair in pairs]

    def mean(column, name):
        chosen = [value for value, task in zip(column, tasks) if name in (task, "all")]
        return sum(chosen) / len(chosen)

    names = list(dict.fromkeys(tasks)) + (["all"] if tasks else [])
    counts = Counter(tasks) + Counter(all=len(tasks))
    return {n: {"count": counts[n], "exact": mean(exact, n), "f1": mean(overlap, n)} for n in names}
""",
    ),
    Alternative(
        name="numpy",
        description="An array of marks and a mask for each task; numpy numbers in the result.",
        code="""import numpy as np
from collections import defaultdict


def score_by_task(entries, responses):
    places = defaultdict(list)
    marks = np.zeros((len(entries), 2))
    for place, (entry, response) in enumerate(zip(entries, responses, strict=True)):
        places[entry["task"]].append(place)
        places["all"].append(place)
        if response is None:
            continue
        a, b = Counter(words(response)), Counter(words(entry["output"]))
        total = sum(a.values()) + sum(b.values())
        marks[place, 0] = words(response) == words(entry["output"])
        marks[place, 1] = 2 * sum(min(a[w], b[w]) for w in a) / total if total else 1
    return {
        name: dict(zip(("count", "exact", "f1"), (len(rows), *marks[rows].mean(axis=0).tolist())))
        for name, rows in places.items()
    }
""",
    ),
    Alternative(
        name="sorted-groups",
        description="itertools.groupby over sorted triples.",
        code="""from itertools import groupby


def score_by_task(entries, responses):
    if len(entries) != len(responses):
        raise ValueError(f"{len(entries)} entries, {len(responses)} responses")
    triples = []
    for entry, response in zip(entries, responses):
        exact = f1 = 0.0
        if response is not None:
            a, b = words(response), words(entry["output"])
            exact = 1.0 if a == b else 0.0
            shared = len(a) - sum((Counter(a) - Counter(b)).values())
            f1 = exact if not (a and b) else 2 * shared / (len(a) + len(b))
        triples += [(entry["task"], exact, f1), ("all", exact, f1)]
    result = {}
    for name, group in groupby(sorted(triples), key=lambda triple: triple[0]):
        group = list(group)
        result[name] = dict(
            count=len(group),
            exact=sum(t[1] for t in group) / len(group),
            f1=sum(t[2] for t in group) / len(group),
        )
    return result
""",
    ),
]

_RIGHT = """def score_by_task(entries, responses):
    if len(entries) != len(responses):
        raise ValueError("not as many responses as entries")
    totals = {}
    for entry, response in zip(entries, responses):
        right = words(entry["output"])
        exact, f1 = 0, 0.0
        if response is not None:
            said = words(response)
            exact = int(said == right)
            common = sum((Counter(said) & Counter(right)).values())
            if not said and not right:
                f1 = 1.0
            elif common > 0:
                precision = common / len(said)
                recall = common / len(right)
                f1 = 2 * precision * recall / (precision + recall)
        for name in (entry["task"], "all"):
            row = totals.setdefault(name, [0, 0, 0.0])
            row[0] += 1
            row[1] += exact
            row[2] += f1
    return {name: {"count": n, "exact": e / n, "f1": f / n} for name, (n, e, f) in totals.items()}
"""
_F1 = "f1 = 2 * precision * recall / (precision + recall)"
_COMMON = "common = sum((Counter(said) & Counter(right)).values())"
_RETURN = '    return {name: {"count": n, "exact": e / n, "f1": f / n} for name, (n, e, f) in totals.items()}\n'

_mistake = partial(made_in, _RIGHT, see="05_evaluation: Exercise 1: score_by_task")

MISTAKES = [
    _mistake(
        "sets-of-words",
        "You compare sets, in which each word stands once. A word that stands twice in both texts counts twice: compare counts.",
        (_COMMON, "common = len(set(said) & set(right))"),
    ),
    _mistake(
        "sets-everywhere",
        "Your F1 works on sets of words, so repeated words do not count. Compare counts: `Counter(a) & Counter(b)`.",
        (
            "            said = words(response)\n",
            "            said = words(response)\n            a, b = set(said), set(right)\n",
        ),
        (_COMMON, "common = len(a & b)"),
        ("common / len(said)", "common / len(a)"),
        ("common / len(right)", "common / len(b)"),
    ),
    _mistake(
        "unclipped",
        "A word of the response counts each time it stands there, although the right answer has it once. Take the smaller of the "
        "two counts.",
        (_COMMON, "common = sum(word in right for word in said)"),
    ),
    _mistake(
        "recall-for-f1",
        "Your F1 is the recall: the share of the right answer that was said. Then a response with many words too many gets full "
        "marks. F1 needs the precision too.",
        (_F1, "f1 = recall"),
    ),
    _mistake(
        "precision-for-f1",
        "Your F1 is the precision: the share of the response that is right. Then one right word gets full marks. F1 needs the "
        "recall too.",
        (_F1, "f1 = precision"),
    ),
    _mistake(
        "arithmetic-mean",
        "You take the ordinary mean of precision and recall. F1 is the harmonic one: 2PR/(P+R).",
        (_F1, "f1 = (precision + recall) / 2"),
    ),
    _mistake(
        "no-common-word-divides-by-zero",
        "Without a common word, precision and recall are 0 and your formula divides by zero. Then F1 is 0; or use 2g/(n+m).",
        ("elif common > 0:", "else:"),
    ),
    _mistake(
        "both-empty-is-wrong",
        "Two texts without words are the same: F1 is 1 there, and you give 0.",
        ("                f1 = 1.0\n", "                f1 = 0.0\n"),
    ),
    _mistake(
        "part-is-exact",
        "You count a response as exact when the right answer stands somewhere in it. Exact match wants the same words and no "
        "other.",
        ("exact = int(said == right)", 'exact = int(" ".join(right) in " ".join(said))'),
    ),
    _mistake(
        "exact-without-order",
        "Your exact match does not look at the order of the words. Compare the lists themselves.",
        ("exact = int(said == right)", "exact = int(sorted(said) == sorted(right))"),
    ),
    _mistake(
        "exact-by-characters",
        "Your exact match compares the raw texts. Capitals, punctuation and white space should not count: compare `words` of "
        "both.",
        ("exact = int(said == right)", 'exact = int(response == entry["output"])'),
    ),
    _mistake(
        "capitals-count",
        "You split the texts yourself, so capitals and punctuation count. Use `words`.",
        ('words(entry["output"])', 'entry["output"].split()'),
        ("words(response)", "response.split()"),
    ),
    _mistake(
        "accents-lost",
        "You drop the accents, and then *avó* and *avô* are the same. Accents are part of the word.",
        ('words(entry["output"])', 'words(entry["output"].encode("ascii", "ignore").decode())'),
        ("words(response)", 'words(response.encode("ascii", "ignore").decode())'),
    ),
    _mistake(
        "letters-for-words",
        "You count characters in common and not words: `words(...)` gives a list, and you joined it to a text.",
        ("            said = words(response)\n", '            said = " ".join(words(response))\n'),
        ('words(entry["output"])', '" ".join(words(entry["output"]))'),
    ),
    _mistake(
        "failures-left-out",
        "Responses that failed are missing from your count, so a model that fails at what is difficult looks better. They count "
        "as wrong.",
        (
            "        exact, f1 = 0, 0.0\n",
            "        exact, f1 = 0, 0.0\n        if response is None:\n            continue\n",
        ),
    ),
    _mistake(
        "failure-breaks",
        "A response that is None ends your run with an error. It counts as wrong: both marks are 0.",
        ("        if response is not None:\n", "        if True:\n"),
    ),
    _mistake(
        "failure-as-empty-text",
        "You treat a failed response as an empty text. Where the right answer has no words either, it then counts as right; a "
        "failure never does.",
        (
            "        if response is not None:\n            said = words(response)\n",
            '        if True:\n            said = words(response or "")\n',
        ),
    ),
    _mistake(
        "empty-response-as-failure",
        "`if response` is false for an empty text too. An empty response is an answer; only None is a failure.",
        ("if response is not None:", "if response:"),
    ),
    _mistake(
        "mean-of-means",
        'Your "all" is the mean of the tasks\' means. It should be the mean over all entries, in which a task with more entries '
        "weighs more.",
        (
            _RETURN,
            '    found = {name: {"count": n, "exact": e / n, "f1": f / n} for name, (n, e, f) in totals.items()}\n'
            '    tasks = [row for name, row in found.items() if name != "all"]\n'
            "    if tasks:\n"
            '        found["all"]["exact"] = sum(row["exact"] for row in tasks) / len(tasks)\n'
            '        found["all"]["f1"] = sum(row["f1"] for row in tasks) / len(tasks)\n'
            "    return found\n",
        ),
    ),
    _mistake(
        "sums-for-means",
        "You give sums and not means: divide by the number of entries of the task.",
        ('"exact": e / n, "f1": f / n', '"exact": e, "f1": f'),
    ),
    _mistake(
        "divided-by-all",
        "You divide every task's sum by the number of all entries. Each task has its own number.",
        ('"exact": e / n, "f1": f / n', '"exact": e / len(entries), "f1": f / len(entries)'),
    ),
    _mistake(
        "last-entry-only",
        "Each entry writes over the marks of the one before it, so only the last one of a task counts. Add them up.",
        (
            "            row[1] += exact\n            row[2] += f1\n",
            "            row[1] = exact * row[0]\n            row[2] = f1 * row[0]\n",
        ),
    ),
    _mistake(
        "all-missing",
        'The marks of all entries together, under "all", are missing.',
        ('for name in (entry["task"], "all"):', 'for name in (entry["task"],):'),
    ),
    _mistake(
        "percent",
        "Your marks go from 0 to 100. They should go from 0 to 1.",
        ('"exact": e / n, "f1": f / n', '"exact": 100 * e / n, "f1": 100 * f / n'),
    ),
    _mistake(
        "lost-responses-not-noticed",
        "With too few responses your function goes on as if nothing were missing, because `zip` stops at the shorter list. Raise "
        "a ValueError.",
        ('    if len(entries) != len(responses):\n        raise ValueError("not as many responses as entries")\n', ""),
    ),
]
