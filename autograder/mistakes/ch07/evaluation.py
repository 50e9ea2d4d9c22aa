"""Known mistakes of chapter 7's evaluation: marks by task, reading a judge's score."""

from __future__ import annotations

from autograder.catalogue import Mistake, made_in

# --- score_by_task -------------------------------------------------------------------------------------------------

_MARKS_RIGHT = """def score_by_task(entries, responses):
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


def _marks(name: str, explanation: str, *changes: tuple[str, str]) -> Mistake:
    see = "05_evaluation: Exercise 1: score_by_task"
    return made_in(_MARKS_RIGHT, "ch07/score-by-task", name, explanation, *changes, see=see)


_SCORES = [
    _marks(
        "sets-of-words",
        "You compare sets, in which each word stands once. A word that stands twice in both texts counts twice: compare counts.",
        (_COMMON, "common = len(set(said) & set(right))"),
    ),
    _marks(
        "sets-everywhere",
        "Your F1 works on sets of words, so repeated words do not count. Compare counts: `Counter(a) & Counter(b)`.",
        ("            said = words(response)\n", "            said = words(response)\n            a, b = set(said), set(right)\n"),
        (_COMMON, "common = len(a & b)"),
        ("common / len(said)", "common / len(a)"),
        ("common / len(right)", "common / len(b)"),
    ),
    _marks(
        "unclipped",
        "A word of the response counts each time it stands there, although the right answer has it once. Take the smaller of the "
        "two counts.",
        (_COMMON, "common = sum(word in right for word in said)"),
    ),
    _marks(
        "recall-for-f1",
        "Your F1 is the recall: the share of the right answer that was said. Then a response with many words too many gets full "
        "marks. F1 needs the precision too.",
        (_F1, "f1 = recall"),
    ),
    _marks(
        "precision-for-f1",
        "Your F1 is the precision: the share of the response that is right. Then one right word gets full marks. F1 needs the "
        "recall too.",
        (_F1, "f1 = precision"),
    ),
    _marks(
        "arithmetic-mean",
        "You take the ordinary mean of precision and recall. F1 is the harmonic one: 2PR/(P+R).",
        (_F1, "f1 = (precision + recall) / 2"),
    ),
    _marks(
        "no-common-word-divides-by-zero",
        "Without a common word, precision and recall are 0 and your formula divides by zero. Then F1 is 0; or use 2g/(n+m).",
        ("elif common > 0:", "else:"),
    ),
    _marks(
        "both-empty-is-wrong",
        "Two texts without words are the same: F1 is 1 there, and you give 0.",
        ("                f1 = 1.0\n", "                f1 = 0.0\n"),
    ),
    _marks(
        "part-is-exact",
        "You count a response as exact when the right answer stands somewhere in it. Exact match wants the same words and no "
        "other.",
        ("exact = int(said == right)", 'exact = int(" ".join(right) in " ".join(said))'),
    ),
    _marks(
        "exact-without-order",
        "Your exact match does not look at the order of the words. Compare the lists themselves.",
        ("exact = int(said == right)", "exact = int(sorted(said) == sorted(right))"),
    ),
    _marks(
        "exact-by-characters",
        "Your exact match compares the raw texts. Capitals, punctuation and white space should not count: compare `words` of "
        "both.",
        ("exact = int(said == right)", 'exact = int(response == entry["output"])'),
    ),
    _marks(
        "capitals-count",
        "You split the texts yourself, so capitals and punctuation count. Use `words`.",
        ('words(entry["output"])', 'entry["output"].split()'),
        ("words(response)", "response.split()"),
    ),
    _marks(
        "accents-lost",
        "You drop the accents, and then *avó* and *avô* are the same. Accents are part of the word.",
        ('words(entry["output"])', 'words(entry["output"].encode("ascii", "ignore").decode())'),
        ("words(response)", 'words(response.encode("ascii", "ignore").decode())'),
    ),
    _marks(
        "letters-for-words",
        "You count characters in common and not words: `words(...)` gives a list, and you joined it to a text.",
        ("            said = words(response)\n", '            said = " ".join(words(response))\n'),
        ('words(entry["output"])', '" ".join(words(entry["output"]))'),
    ),
    _marks(
        "failures-left-out",
        "Responses that failed are missing from your count, so a model that fails at what is difficult looks better. They count "
        "as wrong.",
        ("        exact, f1 = 0, 0.0\n", "        exact, f1 = 0, 0.0\n        if response is None:\n            continue\n"),
    ),
    _marks(
        "failure-breaks",
        "A response that is None ends your run with an error. It counts as wrong: both marks are 0.",
        ("        if response is not None:\n", "        if True:\n"),
    ),
    _marks(
        "failure-as-empty-text",
        "You treat a failed response as an empty text. Where the right answer has no words either, it then counts as right; a "
        "failure never does.",
        ("        if response is not None:\n            said = words(response)\n",
         '        if True:\n            said = words(response or "")\n'),
    ),
    _marks(
        "empty-response-as-failure",
        "`if response` is false for an empty text too. An empty response is an answer; only None is a failure.",
        ("if response is not None:", "if response:"),
    ),
    _marks(
        "mean-of-means",
        "Your \"all\" is the mean of the tasks' means. It should be the mean over all entries, in which a task with more entries "
        "weighs more.",
        (_RETURN,
         '    found = {name: {"count": n, "exact": e / n, "f1": f / n} for name, (n, e, f) in totals.items()}\n'
         '    tasks = [row for name, row in found.items() if name != "all"]\n'
         '    if tasks:\n'
         '        found["all"]["exact"] = sum(row["exact"] for row in tasks) / len(tasks)\n'
         '        found["all"]["f1"] = sum(row["f1"] for row in tasks) / len(tasks)\n'
         "    return found\n"),
    ),
    _marks(
        "sums-for-means",
        "You give sums and not means: divide by the number of entries of the task.",
        ('"exact": e / n, "f1": f / n', '"exact": e, "f1": f'),
    ),
    _marks(
        "divided-by-all",
        "You divide every task's sum by the number of all entries. Each task has its own number.",
        ('"exact": e / n, "f1": f / n', '"exact": e / len(entries), "f1": f / len(entries)'),
    ),
    _marks(
        "last-entry-only",
        "Each entry writes over the marks of the one before it, so only the last one of a task counts. Add them up.",
        ("            row[1] += exact\n            row[2] += f1\n", "            row[1] = exact * row[0]\n            row[2] = f1 * row[0]\n"),
    ),
    _marks(
        "all-missing",
        "The marks of all entries together, under \"all\", are missing.",
        ('for name in (entry["task"], "all"):', 'for name in (entry["task"],):'),
    ),
    _marks(
        "percent",
        "Your marks go from 0 to 100. They should go from 0 to 1.",
        ('"exact": e / n, "f1": f / n', '"exact": 100 * e / n, "f1": 100 * f / n'),
    ),
    _marks(
        "lost-responses-not-noticed",
        "With too few responses your function goes on as if nothing were missing, because `zip` stops at the shorter list. Raise "
        "a ValueError.",
        ('    if len(entries) != len(responses):\n        raise ValueError("not as many responses as entries")\n', ""),
    ),
]  # fmt: skip

# --- parse_score ---------------------------------------------------------------------------------------------------

_PARSE_RIGHT = r"""def parse_score(answer):
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
"""
_BODY = _PARSE_RIGHT.split("answer):\n", 1)[1]
_OF_HUNDRED = "    numbers = re.findall(of_hundred, answer, re.IGNORECASE)\n    if not numbers:\n"
_ALONE = '    if not numbers and len(re.findall(r"\\d+", answer)) == 1:\n'


def _parse(name: str, explanation: str, *changes: tuple[str, str]) -> Mistake:
    see = "05_evaluation: Exercise 2: parse_score"
    return made_in(_PARSE_RIGHT, "ch07/parse-score", name, explanation, *changes, see=see)


_PARSES = [
    _parse(
        "first-number",
        "You take the first number of the text. In `2 of 3 animals are right. Score: 66` that is the 2. Take a number only when "
        "it is clear which one is meant.",
        (_BODY, r"""    match = re.search(r"\d+", answer)
    if match is None:
        return None
    score = int(match.group())
    return score if score <= 100 else None
"""),
    ),
    _parse(
        "last-number",
        "You take the last number of the text. In `85/100` that is the 100: a full mark for everybody.",
        (_BODY, r"""    found = re.findall(r"\d+", answer)
    if not found:
        return None
    score = int(found[-1])
    return score if score <= 100 else None
"""),
    ),
    _parse(
        "largest-number",
        "You take the largest number that fits. In `85/100` that is the 100.",
        (_BODY, r"""    found = [int(one) for one in re.findall(r"\d+", answer) if int(one) <= 100]
    return max(found) if found else None
"""),
    ),
    _parse(
        "only-a-bare-number",
        "You accept a number that stands alone and nothing else. Judges say `Score: 85/100` or `I'd give it 90.`, and those are "
        "clear.",
        (_BODY, """    try:
        score = int(answer.strip())
    except ValueError:
        return None
    return score if 0 <= score <= 100 else None
"""),
    ),
    _parse(
        "all-digits-together",
        "You put all digits of the text together, so `85/100` becomes 85100 and `8/10` becomes 810.",
        (_BODY, """    digits = "".join(sign for sign in answer if sign.isdigit())
    return int(digits) if digits and int(digits) <= 100 else None
"""),
    ),
    _parse(
        "two-digits-of-three",
        "Your pattern takes at most two or three digits, so it finds a 15 in 150 or a 10 in 1000. Take the whole run of digits and "
        "then look at the range.",
        ('alone = r"(?<![\\w.,/-])(\\d+)(?!\\w|[.,]\\d)"', 'alone = r"(?<![\\w.,/-])(100|\\d{1,2})"'),
    ),
    _parse(
        "range-not-checked",
        "Your score may be larger than 100. Out of range is `None`.",
        ("    if score < 0 or score > 100:\n        return None\n", ""),
    ),
    _parse(
        "clamped",
        "You turn 150 into 100. A number out of range shows that the judge did not do what it was asked: `None`.",
        ("    if score < 0 or score > 100:\n        return None\n    return score\n",
         "    return max(0, min(100, score))\n"),
    ),
    _parse(
        "hundred-refused",
        "100 is a score too: the range includes both ends.",
        ("score > 100", "score >= 100"),
    ),
    _parse(
        "zero-is-none",
        "0 is a score, and Python takes it for false. Ask `is None`.",
        ("    return score\n", "    return score or None\n"),
    ),
    _parse(
        "scale-of-ten",
        "You read `Score: 8/10` as 8. Another scale follows, so it is no score out of 100.",
        (' + r"(?!\\s*(?:/|out of|de)\\s*\\d)"', ""),
    ),
    _parse(
        "scale-multiplied",
        "You turn 8/10 into 80. The rule says that another scale is no score: the judge has not done what it was asked.",
        ("    if len(set(numbers)) != 1:\n",
         '    tenths = re.search(r"(?<![\\w.,/-])(\\d+)\\s*(?:/|out of|de)\\s*10(?!\\d)", answer)\n'
         "    if not numbers and tenths:\n        return 10 * int(tenths[1])\n    if len(set(numbers)) != 1:\n"),
    ),
    _parse(
        "thousand-is-a-hundred",
        "You read `85/1000` as 85 out of 100: behind the 100 there must be no further digit.",
        ("100(?!\\d)", "100"),
    ),
    _parse(
        "decimals-cut",
        "You read 87.5 as 87, or as 5. A number with digits behind the point or comma is no whole number: `None`.",
        ('alone = r"(?<![\\w.,/-])(\\d+)(?!\\w|[.,]\\d)"', 'alone = r"(?<![\\w.,/-])(\\d+)"'),
        ('len(re.findall(r"\\d+", answer)) == 1', 'len(re.findall(r"[\\d.,]*\\d", answer)) == 1'),
    ),
    _parse(
        "minus-not-seen",
        "You read -5 as 5. With a hyphen right before it, a number is no score.",
        ('alone = r"(?<![\\w.,/-])', 'alone = r"(?<![\\w.,/])'),
    ),
    _parse(
        "part-of-a-word",
        "You read the 4 of GPT-4 or the 2 of 2nd as a score. A number must stand by itself.",
        ('alone = r"(?<![\\w.,/-])(\\d+)(?!\\w|[.,]\\d)"', 'alone = r"(?<![\\d.,/])(\\d+)(?!\\d|[.,]\\d)"'),
    ),
    _parse(
        "first-of-two",
        "Two different numbers are found, and you take the first. Nobody knows which one is meant: `None`.",
        ("    if len(set(numbers)) != 1:\n", "    if not numbers:\n"),
    ),
    _parse(
        "the-same-twice-is-doubt",
        "The same score said twice is clear. Compare the different numbers, not how many there are.",
        ("len(set(numbers)) != 1", "len(numbers) != 1"),
    ),
    _parse(
        "unlabelled-among-others",
        "Without a label or a /100 you take one of several numbers. Only when the text has exactly one is it clear.",
        (_ALONE, "    if not numbers:\n"),
        ("        numbers = re.findall(alone, answer)\n", "        numbers = re.findall(alone, answer)[-1:]\n"),
    ),
    _parse(
        "portuguese-not-known",
        "You know the English words only. A Portuguese judge writes `Nota: 85` and `85 de 100`.",
        ("(?:score|nota)", "score"),
        ("\\s*(?:/|out of|de)\\s*100", "\\s*(?:/|out of)\\s*100"),
    ),
    _parse(
        "capitals-matter",
        "You find `score` and not `Score`. Compare without regard to capitals: `re.IGNORECASE`.",
        ("re.findall(labelled, answer, re.IGNORECASE)", "re.findall(labelled, answer)"),
    ),
    _parse(
        "emphasis-in-the-way",
        "Stars between the word and the number, as in `**Nota:** 85` or `**85**/100`, keep you from seeing it. Remove `*`, `_` and "
        "backticks first.",
        ('    for sign in "*_`":\n        answer = answer.replace(sign, "")\n', ""),
    ),
    _parse(
        "no-slash-hundred",
        "You do not know `85/100`, or you look for it too late: with other numbers in the text it must come first.",
        (_OF_HUNDRED, "    numbers = []\n    if not numbers:\n"),
    ),
    _parse(
        "text-comes-back",
        "Your function gives the digits as a text. Give an int.",
        ("    return score\n", "    return numbers[0]\n"),
    ),
    _parse(
        "minus-one-for-none",
        "Without a score you give a number such as 0 or -1, which ends up in somebody's mean. Give None.",
        ("    if len(set(numbers)) != 1:\n        return None\n", "    if len(set(numbers)) != 1:\n        return 0\n"),
    ),
]  # fmt: skip

MISTAKES: list[Mistake] = [*_SCORES, *_PARSES]
