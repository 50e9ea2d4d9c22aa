"""Answers to exercise 2 of 05_real_bert: the longest pieces of a word."""

from __future__ import annotations

from functools import partial

from autograder.answers import Alternative, made_in

ALTERNATIVES = [
    Alternative(
        name="recursive",
        description="The first piece, then the rest of the word by a call of the function inside.",
        code="""def word_piece(word, vocab):
    def rest_of(rest, sign):
        if not rest:
            return []
        for size in reversed(range(1, len(rest) + 1)):
            if sign + rest[:size] in vocab:
                after = rest_of(rest[size:], "##")
                return None if after is None else [sign + rest[:size], *after]
        return None

    found = rest_of(word, "") if len(word) <= 100 else None
    return found if found is not None else ["[UNK]"]
""",
    ),
    Alternative(
        name="growing-and-remembering",
        description="Ends tried from short to long; the last one that fits is kept.",
        code="""def word_piece(word, vocab):
    out = []
    i = 0
    while i < len(word) and len(word) < 101:
        best = 0
        for j in range(i + 1, len(word) + 1):
            piece = word[i:j] if i == 0 else "##" + word[i:j]
            if piece in vocab.keys():
                best = j
        if best == 0:
            return ["[UNK]"]
        out.append(("##" if out else "") + word[i:best])
        i = best
    return out or ["[UNK]"]
""",
    ),
    Alternative(
        name="eaten-from-the-left",
        description="The word loses its beginning; candidates lose their last letter. As in the original code of BERT, without its flags.",
        code="""def word_piece(word, vocab):
    pieces, left = (), word
    if len(word) > 100:
        left, pieces = "", ("[UNK]",)
    while left:
        piece = ("##" if pieces else "") + left
        shortest = len(piece) - len(left)
        while piece not in vocab:
            piece = piece[:-1]
            if len(piece) <= shortest:
                return ["[UNK]"]
        pieces = (*pieces, piece)
        left = left[len(piece) - shortest :]
    return pieces
""",
    ),
]

_RIGHT = """def word_piece(word, vocab):
    if len(word) > 100:
        return ["[UNK]"]
    pieces, start = [], 0
    while start < len(word):
        for end in range(len(word), start, -1):
            piece = word[start:end]
            if start > 0:
                piece = "##" + piece
            if piece in vocab:
                pieces.append(piece)
                start = end
                break
        else:
            return ["[UNK]"]
    return pieces
"""

_mistake = partial(made_in, _RIGHT, see="05_real_bert: Exercise 2: word_piece")

MISTAKES = [
    _mistake(
        "shortest-first",
        "You take the shortest piece that fits. The longest is wanted: try the ends from the last one backwards.",
        ("range(len(word), start, -1)", "range(start + 1, len(word) + 1)"),
    ),
    _mistake(
        "continued-without-sign",
        "You look for the later pieces without `##`. In the vocabulary a piece that continues a word has it in front.",
        ('            if start > 0:\n                piece = "##" + piece\n', ""),
    ),
    _mistake(
        "sign-not-returned",
        "You return the later pieces without their `##`. With it, it is another piece, with another id.",
        ("pieces.append(piece)", 'pieces.append(piece.removeprefix("##"))'),
    ),
    _mistake(
        "sign-on-the-first",
        "You look for the first piece with `##`, too. Only what continues a word has it.",
        ("            if start > 0:\n                piece", "            if True:\n                piece"),
    ),
    _mistake(
        "any-form-continues",
        "Where a piece with `##` is missing, you take the one without. A piece without `##` never continues a word.",
        (
            "            if piece in vocab:\n",
            '            if piece not in vocab:\n                piece = piece.removeprefix("##")\n            if piece in vocab:\n',
        ),
    ),
    _mistake(
        "pieces-before-unknown-kept",
        "You keep the pieces found before nothing fits, and put [UNK] behind them. The whole word becomes one [UNK].",
        ('        else:\n            return ["[UNK]"]', '        else:\n            return [*pieces, "[UNK]"]'),
    ),
    _mistake(
        "unknown-letters-skipped",
        "Where nothing fits, you put [UNK] for one letter and go on. The whole word becomes one [UNK].",
        (
            '        else:\n            return ["[UNK]"]',
            '        else:\n            pieces.append("[UNK]")\n            start += 1',
        ),
    ),
    _mistake(
        "unknown-dropped",
        "Where nothing fits, you return what has been found so far. The whole word becomes one [UNK].",
        ('        else:\n            return ["[UNK]"]', "        else:\n            return pieces"),
    ),
    _mistake(
        "step-taken-back",
        "Where nothing fits, you go back and try a shorter piece. Greedy means that no step is taken back.",
        (
            "    pieces, start = [], 0\n",
            "    def ways(start):\n        if start == len(word):\n            return []\n"
            "        for end in range(len(word), start, -1):\n"
            '            piece = ("##" if start else "") + word[start:end]\n'
            "            if piece in vocab:\n                after = ways(end)\n"
            "                if after is not None:\n                    return [piece, *after]\n        return None\n\n"
            '    if len(word) < 30:\n        return ways(0) or ["[UNK]"]\n    pieces, start = [], 0\n',
        ),
    ),
    _mistake(
        "no-limit",
        "A word of more than 100 characters is cut in your code. It becomes [UNK].",
        ('    if len(word) > 100:\n        return ["[UNK]"]\n', ""),
    ),
    _mistake(
        "limit-one-too-low",
        "A word of exactly 100 characters is [UNK] in your code. The limit is *more than* 100.",
        ("len(word) > 100", "len(word) >= 100"),
    ),
    _mistake(
        "cut-off-at-the-limit",
        "You cut a long word off at 100 characters. One of more than 100 becomes [UNK] as a whole.",
        ('        return ["[UNK]"]\n    pieces', "        word = word[:100]\n    pieces"),
    ),
    _mistake(
        "last-letter-lost",
        "Your ends never reach the end of the word: `range(len(word), start, -1)` begins with the whole rest.",
        ("range(len(word), start, -1)", "range(len(word) - 1, start, -1)"),
    ),
    _mistake(
        "single-letters-left-out",
        "Pieces of a single letter are never tried: the last end that `range` tries should be `start + 1`.",
        ("range(len(word), start, -1)", "range(len(word), start + 1, -1)"),
    ),
    _mistake(
        "ids-returned",
        "You return ids. The pieces themselves are wanted.",
        ("pieces.append(piece)", "pieces.append(vocab[piece])"),
    ),
    _mistake(
        "letters-when-unknown",
        "A word that is not in the vocabulary falls apart into letters in your code. The longest pieces are wanted.",
        (
            "    pieces, start = [], 0\n",
            '    if word not in vocab:\n        return [word[:1], *("##" + c for c in word[1:])]\n    pieces, start = [], 0\n',
        ),
    ),
    _mistake(
        "from-the-right",
        "You look for the longest *ending* first. Go from left to right: the longest beginning.",
        (
            "    pieces, start = [], 0\n",
            "    rest, found = len(word), []\n    while rest:\n        for begin in range(rest):\n"
            '            piece = ("##" if begin else "") + word[begin:rest]\n'
            "            if piece in vocab:\n                found.insert(0, piece)\n                rest = begin\n                break\n"
            '        else:\n            return ["[UNK]"]\n    return found\n    pieces, start = [], 0\n',
        ),
    ),
]
