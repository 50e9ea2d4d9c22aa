"""Answers to exercise 2 of 05_evaluation: parse_score."""

from __future__ import annotations

from functools import partial

from autograder.answers import Alternative, made_in

ALTERNATIVES = [
    Alternative(
        name="three-ifs",
        description="The three ways one after the other, decoration removed by replace.",
        code=r"""def parse_score(answer):
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
""",
    ),
    Alternative(
        name="tokens",
        description="The text is cut at white space; numbers are looked at with the words around them.",
        code=r"""def parse_score(answer):
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
""",
    ),
    Alternative(
        name="one-pattern",
        description="finditer over all numbers, each sorted into a way by what stands around it.",
        code=r"""def parse_score(answer):
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
""",
    ),
]

_RIGHT = r"""def parse_score(answer):
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
_BODY = _RIGHT.split("answer):\n", 1)[1]
_OF_HUNDRED = "    numbers = re.findall(of_hundred, answer, re.IGNORECASE)\n    if not numbers:\n"
_ALONE = '    if not numbers and len(re.findall(r"\\d+", answer)) == 1:\n'

_mistake = partial(made_in, _RIGHT, see="05_evaluation: Exercise 2: parse_score")

MISTAKES = [
    _mistake(
        "first-number",
        "You take the first number of the text. In `2 of 3 animals are right. Score: 66` that is the 2. Take a number only when "
        "it is clear which one is meant.",
        (
            _BODY,
            r"""    match = re.search(r"\d+", answer)
    if match is None:
        return None
    score = int(match.group())
    return score if score <= 100 else None
""",
        ),
    ),
    _mistake(
        "last-number",
        "You take the last number of the text. In `85/100` that is the 100: a full mark for everybody.",
        (
            _BODY,
            r"""    found = re.findall(r"\d+", answer)
    if not found:
        return None
    score = int(found[-1])
    return score if score <= 100 else None
""",
        ),
    ),
    _mistake(
        "largest-number",
        "You take the largest number that fits. In `85/100` that is the 100.",
        (
            _BODY,
            r"""    found = [int(one) for one in re.findall(r"\d+", answer) if int(one) <= 100]
    return max(found) if found else None
""",
        ),
    ),
    _mistake(
        "only-a-bare-number",
        "You accept a number that stands alone and nothing else. Judges say `Score: 85/100` or `I'd give it 90.`, and those are "
        "clear.",
        (
            _BODY,
            """    try:
        score = int(answer.strip())
    except ValueError:
        return None
    return score if 0 <= score <= 100 else None
""",
        ),
    ),
    _mistake(
        "all-digits-together",
        "You put all digits of the text together, so `85/100` becomes 85100 and `8/10` becomes 810.",
        (
            _BODY,
            """    digits = "".join(sign for sign in answer if sign.isdigit())
    return int(digits) if digits and int(digits) <= 100 else None
""",
        ),
    ),
    _mistake(
        "two-digits-of-three",
        "Your pattern takes at most two or three digits, so it finds a 15 in 150 or a 10 in 1000. Take the whole run of digits and "
        "then look at the range.",
        ('alone = r"(?<![\\w.,/-])(\\d+)(?!\\w|[.,]\\d)"', 'alone = r"(?<![\\w.,/-])(100|\\d{1,2})"'),
    ),
    _mistake(
        "range-not-checked",
        "Your score may be larger than 100. Out of range is `None`.",
        ("    if score < 0 or score > 100:\n        return None\n", ""),
    ),
    _mistake(
        "clamped",
        "You turn 150 into 100. A number out of range shows that the judge did not do what it was asked: `None`.",
        (
            "    if score < 0 or score > 100:\n        return None\n    return score\n",
            "    return max(0, min(100, score))\n",
        ),
    ),
    _mistake(
        "hundred-refused",
        "100 is a score too: the range includes both ends.",
        ("score > 100", "score >= 100"),
    ),
    _mistake(
        "zero-is-none",
        "0 is a score, and Python takes it for false. Ask `is None`.",
        ("    return score\n", "    return score or None\n"),
    ),
    _mistake(
        "scale-of-ten",
        "You read `Score: 8/10` as 8. Another scale follows, so it is no score out of 100.",
        (' + r"(?!\\s*(?:/|out of|de)\\s*\\d)"', ""),
    ),
    _mistake(
        "scale-multiplied",
        "You turn 8/10 into 80. The rule says that another scale is no score: the judge has not done what it was asked.",
        (
            "    if len(set(numbers)) != 1:\n",
            '    tenths = re.search(r"(?<![\\w.,/-])(\\d+)\\s*(?:/|out of|de)\\s*10(?!\\d)", answer)\n'
            "    if not numbers and tenths:\n        return 10 * int(tenths[1])\n    if len(set(numbers)) != 1:\n",
        ),
    ),
    _mistake(
        "thousand-is-a-hundred",
        "You read `85/1000` as 85 out of 100: behind the 100 there must be no further digit.",
        ("100(?!\\d)", "100"),
    ),
    _mistake(
        "decimals-cut",
        "You read 87.5 as 87, or as 5. A number with digits behind the point or comma is no whole number: `None`.",
        ('alone = r"(?<![\\w.,/-])(\\d+)(?!\\w|[.,]\\d)"', 'alone = r"(?<![\\w.,/-])(\\d+)"'),
        ('len(re.findall(r"\\d+", answer)) == 1', 'len(re.findall(r"[\\d.,]*\\d", answer)) == 1'),
    ),
    _mistake(
        "minus-not-seen",
        "You read -5 as 5. With a hyphen right before it, a number is no score.",
        ('alone = r"(?<![\\w.,/-])', 'alone = r"(?<![\\w.,/])'),
    ),
    _mistake(
        "part-of-a-word",
        "You read the 4 of GPT-4 or the 2 of 2nd as a score. A number must stand by itself.",
        ('alone = r"(?<![\\w.,/-])(\\d+)(?!\\w|[.,]\\d)"', 'alone = r"(?<![\\d.,/])(\\d+)(?!\\d|[.,]\\d)"'),
    ),
    _mistake(
        "first-of-two",
        "Two different numbers are found, and you take the first. Nobody knows which one is meant: `None`.",
        ("    if len(set(numbers)) != 1:\n", "    if not numbers:\n"),
    ),
    _mistake(
        "the-same-twice-is-doubt",
        "The same score said twice is clear. Compare the different numbers, not how many there are.",
        ("len(set(numbers)) != 1", "len(numbers) != 1"),
    ),
    _mistake(
        "unlabelled-among-others",
        "Without a label or a /100 you take one of several numbers. Only when the text has exactly one is it clear.",
        (_ALONE, "    if not numbers:\n"),
        ("        numbers = re.findall(alone, answer)\n", "        numbers = re.findall(alone, answer)[-1:]\n"),
    ),
    _mistake(
        "portuguese-not-known",
        "You know the English words only. A Portuguese judge writes `Nota: 85` and `85 de 100`.",
        ("(?:score|nota)", "score"),
        ("\\s*(?:/|out of|de)\\s*100", "\\s*(?:/|out of)\\s*100"),
    ),
    _mistake(
        "capitals-matter",
        "You find `score` and not `Score`. Compare without regard to capitals: `re.IGNORECASE`.",
        ("re.findall(labelled, answer, re.IGNORECASE)", "re.findall(labelled, answer)"),
    ),
    _mistake(
        "emphasis-in-the-way",
        "Stars between the word and the number, as in `**Nota:** 85` or `**85**/100`, keep you from seeing it. Remove `*`, `_` and "
        "backticks first.",
        ('    for sign in "*_`":\n        answer = answer.replace(sign, "")\n', ""),
    ),
    _mistake(
        "no-slash-hundred",
        "You do not know `85/100`, or you look for it too late: with other numbers in the text it must come first.",
        (_OF_HUNDRED, "    numbers = []\n    if not numbers:\n"),
    ),
    _mistake(
        "text-comes-back",
        "Your function gives the digits as a text. Give an int.",
        ("    return score\n", "    return numbers[0]\n"),
    ),
    _mistake(
        "minus-one-for-none",
        "Without a score you give a number such as 0 or -1, which ends up in somebody's mean. Give None.",
        ("    if len(set(numbers)) != 1:\n        return None\n", "    if len(set(numbers)) != 1:\n        return 0\n"),
    ),
]
