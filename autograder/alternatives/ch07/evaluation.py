"""Right answers of chapter 7's evaluation in other styles: marks by task, reading a judge's score."""

from __future__ import annotations

from autograder.catalogue import Alternative

_SCORES = [
    Alternative(
        exercise="ch07/score-by-task",
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
        exercise="ch07/score-by-task",
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
        exercise="ch07/score-by-task",
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
        exercise="ch07/score-by-task",
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

_PARSES = [
    Alternative(
        exercise="ch07/parse-score",
        name="three-ifs",
        description="The three ways one after the other, decoration removed by replace.",
        code=r'''def parse_score(answer):
    for sign in "*_`":
        answer = answer.replace(sign, "")
    alone = r"(?<![\w.,/-])(\d+)(?!\w|[.,]\d)"
    of_hundred = r"(?<![\w.,/-])(\d+)\s*(?:/|out of|de)\s*100(?!\d)"
    labelled = r"\b(?:score|nota)(?:[\s:=]|is\b|é\b)*" + alone + r"(?!\s*(?:/|out of|de)\s*\d)"
    numbers = re.findall(of_hundred, answer, re.IGNORECASE)
    if not numbers:
        numbers = re.findall(labelled, answer, re.IGNORECASE)
    if not numbers and len(re.findall(r"\d+", answer)) == 1:
        numbers = re.findall(alone, answer)
    if len(set(numbers)) != 1:
        return None
    score = int(numbers[0])
    if score < 0 or score > 100:
        return None
    return score
''',
    ),
    Alternative(
        exercise="ch07/parse-score",
        name="tokens",
        description="The text is cut at white space; numbers are looked at with the words around them.",
        code=r'''def parse_score(answer):
    text = answer.translate({ord(sign): None for sign in "*_`"}).casefold()
    text = re.sub(r"\s*/\s*", "/", re.sub(r"\s+out\s+of\s+|\s+de\s+(?=\d)", "/", text))
    pieces = re.sub(r"[:=]", " ", text).split()
    plain = [piece.strip("().!?;,\"'").rstrip("/") for piece in pieces]
    hundred, after = set(), set()
    for place, piece in enumerate(plain):
        top, slash, bottom = piece.partition("/")
        if slash and top.isdigit() and bottom == "100":
            hundred.add(int(top))
        before = [word for word in plain[:place] if word not in ("is", "é", "")]
        if piece.isdigit() and not slash and before and before[-1] in ("score", "nota"):
            after.add(int(piece))
    alone = set()
    if sum(1 for _ in re.finditer(r"\d+", text)) == 1:
        alone = {int(piece) for piece in plain if piece.isdigit()}
    for found in (hundred, after, alone):
        if found:
            return found.pop() if len(found) == 1 and min(found) <= 100 else None
    return None
''',
    ),
    Alternative(
        exercise="ch07/parse-score",
        name="one-pattern",
        description="finditer over all numbers, each sorted into a way by what stands around it.",
        code=r'''def parse_score(answer):
    clean = re.sub("[*_`]+", "", answer).lower()
    everything = re.findall("[0-9]+", clean)
    ways = {"hundred": [], "label": [], "alone": []}
    for match in re.finditer("[0-9]+", clean):
        before, behind = clean[:match.start()], clean[match.end():]
        if re.search(r"[\w.,/-]$", before):
            continue
        scale = re.match(r"\s*(?:/|out of\b|de\b)\s*([0-9]+)", behind)
        if scale:
            if scale[1] == "100":
                ways["hundred"].append(match[0])
            continue
        if re.match(r"\w|[.,][0-9]", behind):
            continue
        if re.search(r"\b(score|nota)([\s:=]|\b(is|é)\b)*$", before):
            ways["label"].append(match[0])
        if len(everything) == 1:
            ways["alone"].append(match[0])
    for numbers in ways.values():
        if numbers:
            different = set(map(int, numbers))
            return different.pop() if len(different) == 1 and max(different) in range(101) else None
    return None
''',
    ),
]

ALTERNATIVES: list[Alternative] = [*_SCORES, *_PARSES]
