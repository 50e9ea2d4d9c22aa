"""Answers to exercise 4 of 04_byte_pair_encoding: encode."""

from __future__ import annotations

from functools import partial

from autograder.answers import Alternative, in_other_choices, made_in

ALTERNATIVES = [
    Alternative(
        name="one-pass",
        description="All merges once, in order.",
        code="""def bpe_encode(text, merges):
    ids = []
    vocabulary = {bytes([i]): i for i in range(256)}
    vocabulary.update({a + b: 256 + i for i, (a, b) in enumerate(merges)})
    for piece in pre_tokenize(text):
        parts = [bytes([b]) for b in piece.encode()]
        for a, b in merges:
            i = 0
            while i < len(parts) - 1:
                if parts[i] == a and parts[i + 1] == b:
                    parts[i : i + 2] = [a + b]
                i += 1
        ids += [vocabulary[part] for part in parts]
    return ids
""",
    ),
    Alternative(
        name="lowest-rank-one-place",
        description="Merges one place at a time, the leftmost of the lowest rank, in numbers.",
        code="""def bpe_encode(text, merges):
    token_id = {bytes([i]): i for i in range(256)}
    ranks = {}
    for rank, (left, right) in enumerate(merges):
        ranks[token_id[left], token_id[right]] = 256 + rank
        token_id[left + right] = 256 + rank
    result = []
    for piece in pre_tokenize(text):
        ids = list(piece.encode("utf-8"))
        while len(ids) >= 2:
            rank, place = min((ranks.get((ids[i], ids[i + 1]), math.inf), i) for i in range(len(ids) - 1))
            if rank == math.inf:
                break
            ids[place : place + 2] = [rank]
        result.extend(ids)
    return result
""",
    ),
    Alternative(
        name="cached-words",
        description="A helper function for one pre-token, whose results are kept.",
        code="""from functools import cache

def bpe_encode(text: str, merges: list[tuple[bytes, bytes]]) -> list[int]:
    rank_of = {pair: rank for rank, pair in enumerate(merges)}

    @cache
    def parts_of(piece: str) -> tuple[bytes, ...]:
        parts = tuple(bytes([b]) for b in piece.encode("utf-8"))
        while True:
            ranked = [(rank_of[pair], pair) for pair in zip(parts, parts[1:]) if pair in rank_of]
            if not ranked:
                return parts
            pair, new = min(ranked)[1], []
            for part in parts:
                if new and new[-1] == pair[0] and part == pair[1]:
                    new[-1] = pair[0] + pair[1]
                else:
                    new.append(part)
            parts = tuple(new)

    tokens = [bytes([b]) for b in range(256)] + [a + b for a, b in merges]
    ids = {token: number for number, token in enumerate(tokens)}
    return [ids[part] for piece in pre_tokenize(text) for part in parts_of(piece)]
""",
    ),
]

_RIGHT = """def bpe_encode(text, merges):
    numbers = {bytes([value]): value for value in range(256)}
    for k, (left, right) in enumerate(merges):
        numbers[left + right] = 256 + k
    ids = []
    for word in pre_tokenize(text):
        symbols = [bytes([value]) for value in word.encode("utf-8")]
        for pair in merges:
            new, place = [], 0
            while place < len(symbols):
                if tuple(symbols[place : place + 2]) == pair:
                    new.append(pair[0] + pair[1])
                    place += 2
                else:
                    new.append(symbols[place])
                    place += 1
            symbols = new
        ids.extend(numbers[symbol] for symbol in symbols)
    return ids
"""
_ENCODE_LOOP = """            new, place = [], 0
            while place < len(symbols):
                if tuple(symbols[place : place + 2]) == pair:
                    new.append(pair[0] + pair[1])
                    place += 2
                else:
                    new.append(symbols[place])
                    place += 1
            symbols = new
"""

_mistake = partial(made_in, _RIGHT, see="04_byte_pair_encoding: Exercise 4: encode")

MISTAKES = [
    _mistake(
        "no-pre-tokens",
        "Your `bpe_encode` runs over the text as one piece, so tokens cross the borders of words. Cut it with `pre_tokenize` first.",
        ("pre_tokenize(text)", "[text]"),
    ),
    _mistake(
        "spaces-lost",
        "Your `bpe_encode` cuts at white space and loses it. `pre_tokenize` keeps every space, tab and line end.",
        ("pre_tokenize(text)", "text.split()"),
    ),
    _mistake(
        "white-space-evened-out",
        "Your `bpe_encode` cuts at white space and puts one space before each word, so other white space is lost. `pre_tokenize` keeps all.",
        ("pre_tokenize(text)", '[(" " if i else "") + w for i, w in enumerate(text.split())]'),
    ),
    _mistake(
        "blank-pre-tokens-skipped",
        "Your `bpe_encode` skips pre-tokens that are white space only. Line ends and tabs have ids as well.",
        ("in pre_tokenize(text):", "in filter(str.strip, pre_tokenize(text)):"),
    ),
    _mistake(
        "last-merge-first",
        "Your `bpe_encode` replays the merges from the last to the first. What was learned first is merged first.",
        ("for pair in merges:", "for pair in reversed(merges):"),
    ),
    _mistake(
        "leftmost-first",
        "Your `bpe_encode` merges the pair that stands furthest left. Among the pairs of a word the one that was learned first has its turn.",
        (
            "        for pair in merges:\n" + _ENCODE_LOOP,
            "        place = 0\n        while place + 1 < len(symbols):\n"
            "            if tuple(symbols[place : place + 2]) in merges:\n"
            "                symbols[place : place + 2] = [symbols[place] + symbols[place + 1]]\n                place = 0\n"
            "            else:\n                place += 1\n",
        ),
    ),
    _mistake(
        "any-known-token",
        "Your `bpe_encode` merges two neighbours wherever their bytes together are a token, whatever pair made that token. Only a pair of "
        "the list is merged, and the one that was learned first has its turn first.",
        (
            "        for pair in merges:\n" + _ENCODE_LOOP,
            "        place = 0\n        while place + 1 < len(symbols):\n"
            "            if symbols[place] + symbols[place + 1] in numbers:\n"
            "                symbols[place : place + 2] = [symbols[place] + symbols[place + 1]]\n                place = 0\n"
            "            else:\n                place += 1\n",
        ),
    ),
    _mistake(
        "leftmost-in-each-pass",
        "Your `bpe_encode` goes through the word from left to right, merges every pair of the list that it meets, and begins again. Among "
        "the pairs of a word the one that was learned first has its turn.",
        (
            "        for pair in merges:\n" + _ENCODE_LOOP,
            "        before = None\n        while before != symbols:\n            before, place = list(symbols), 0\n"
            "            while place + 1 < len(symbols):\n"
            "                if tuple(symbols[place : place + 2]) in merges:\n"
            "                    symbols[place : place + 2] = [symbols[place] + symbols[place + 1]]\n"
            "                place += 1\n",
        ),
    ),
    _mistake(
        "longest-token",
        "Your `bpe_encode` takes the longest token that fits at each place. That is another method and gives other ids: replay the merges in order.",
        (
            "        for pair in merges:\n" + _ENCODE_LOOP,
            '        rest, symbols = b"".join(symbols), []\n        while rest:\n'
            "            length = max(n for n in range(1, len(rest) + 1) if rest[:n] in numbers)\n"
            "            symbols.append(rest[:length])\n            rest = rest[length:]\n",
        ),
    ),
    _mistake(
        "first-place-only",
        "Your `bpe_encode` merges each pair in its first place only. It is merged wherever it stands in the pre-token.",
        (
            "if tuple(symbols[place : place + 2]) == pair:",
            "if tuple(symbols[place : place + 2]) == pair and len(new) == place:",
        ),
    ),
    _mistake(
        "one-merge-per-word",
        "Your `bpe_encode` merges one pair per pre-token and stops. Go on until no pair is among the merges.",
        (
            "            symbols = new\n",
            "            if len(new) < len(symbols):\n                symbols = new\n                break\n",
        ),
    ),
    _mistake(
        "overlapping",
        "Your `bpe_encode` uses a symbol twice when it merges, so `a a a` becomes `aa aa`. After a merge go on by two places.",
        ("place += 2", "place += 1"),
    ),
    _mistake(
        "from-the-right",
        "Your `bpe_encode` merges from right to left, so `a a a` becomes `a aa`. The rule is from left to right.",
        (
            _ENCODE_LOOP,
            "            place = len(symbols) - 2\n            while place >= 0:\n"
            "                if tuple(symbols[place : place + 2]) == pair:\n"
            "                    symbols[place : place + 2] = [pair[0] + pair[1]]\n                    place -= 1\n"
            "                place -= 1\n",
        ),
    ),
    _mistake(
        "replaced-across-borders",
        "Your `bpe_encode` replaces in the text with marks between the symbols. The end of one symbol can look like the whole of another. "
        "Compare symbols.",
        (
            _ENCODE_LOOP,
            '            mark = b"\\x00"\n            symbols = mark.join(symbols).replace(mark.join(pair), pair[0] + pair[1]).split(mark)\n',
        ),
    ),
    _mistake(
        "characters-for-bytes",
        "Your `bpe_encode` begins with characters, and one that is no merge has no id. Begin with single bytes.",
        ('[bytes([value]) for value in word.encode("utf-8")]', "[sign.encode() for sign in word]"),
    ),
    _mistake(
        "accents-and-emoji-lost",
        "Your `bpe_encode` throws away what is no ASCII. Every character has bytes in UTF-8.",
        ('word.encode("utf-8")', 'word.encode("ascii", "ignore")'),
    ),
    _mistake(
        "latin-1",
        'Your `bpe_encode` takes code points for bytes. Characters become bytes by UTF-8: `word.encode("utf-8")`.',
        ('word.encode("utf-8")', 'word.encode("latin-1", "replace")'),
    ),
    _mistake(
        "ids-from-zero",
        "Your tokens are numbered from 0, where the single bytes are. The first merge makes token 256.",
        ("= 256 + k", "= k"),
    ),
    _mistake(
        "one-id-too-large",
        "Your tokens begin at 257. The bytes are 0 to 255, so the first merge makes token 256.",
        ("= 256 + k", "= 257 + k"),
    ),
    _mistake(
        "list-per-word",
        "Your result holds a list per pre-token. The ids of a text are one list: use `extend` and not `append`.",
        ("ids.extend(numbers[symbol] for symbol in symbols)", "ids.append([numbers[symbol] for symbol in symbols])"),
    ),
    _mistake(
        "tokens-for-ids",
        "Your result holds the tokens themselves. Look up the id of each.",
        ("numbers[symbol] for symbol", "symbol for symbol"),
    ),
]

# Merges one after the other, or at each step the one of those that are there.
MISTAKES = in_other_choices(
    MISTAKES,
    (
        "        for pair in reversed(merges):\n            new",
        "        while known := [pair for pair in zip(symbols, symbols[1:]) if pair in merges]:\n"
        "            pair = max(known, key=merges.index)\n            new",
    ),
)
