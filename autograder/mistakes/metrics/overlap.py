"""Known mistakes of the appendix on metrics, notebook 1: perplexity, exact match, F1, BLEU, ROUGE."""

from __future__ import annotations

from autograder.catalogue import Mistake, made_in

_NOTEBOOK = "01_overlap_metrics"

# --- perplexity ----------------------------------------------------------------------------------------------------

_PERPLEXITY_RIGHT = """def perplexity(log_probs, mask=None):
    if mask is None:
        mask = torch.ones_like(log_probs, dtype=torch.bool)
    chosen = log_probs[mask]
    if chosen.numel() == 0:
        raise ValueError("no token counts")
    return math.exp(-chosen.mean().item())
"""


def _perplexity(name: str, explanation: str, *changes: tuple[str, str]) -> Mistake:
    see = f"{_NOTEBOOK}: Exercise 1: perplexity"
    return made_in(_PERPLEXITY_RIGHT, "metrics/perplexity", name, explanation, *changes, see=see)


_PERPLEXITY = [
    _perplexity(
        "loss-and-not-perplexity",
        "You return the mean negative logarithm, which is the loss. The perplexity is its exponential.",
        ("math.exp(-chosen.mean().item())", "-chosen.mean().item()"),
    ),
    _perplexity(
        "sign-missing",
        "The minus sign is missing: your result is below 1, and a perplexity never is. It is the exponential of the "
        "*negative* mean.",
        ("math.exp(-chosen", "math.exp(chosen"),
    ),
    _perplexity(
        "two-for-e",
        "You raise 2 to the mean, which is right for bits. These logarithms are natural ones: raise e.",
        ("math.exp(-chosen.mean().item())", "2 ** -chosen.mean().item()"),
    ),
    _perplexity(
        "sum-for-mean",
        "You take the exponential of the sum, so longer texts look worse. Take the mean over the tokens that count.",
        ("chosen.mean()", "chosen.sum()"),
    ),
    _perplexity(
        "mean-of-inverse-probabilities",
        "You average 1 / p. One unlikely token then decides everything; average the logarithms, then take the exponential.",
        ("math.exp(-chosen.mean().item())", "torch.exp(-chosen).mean().item()"),
    ),
    _perplexity(
        "inverse-of-the-mean-probability",
        "You invert the mean of the probabilities. The perplexity is a geometric mean: average the logarithms.",
        ("math.exp(-chosen.mean().item())", "1 / torch.exp(chosen).mean().item()"),
    ),
    _perplexity(
        "mask-not-used",
        "You do not use the mask, so padding counts as if it were text.",
        ("log_probs[mask]", "log_probs.flatten()"),
    ),
    _perplexity(
        "mask-upside-down",
        "You measure what is masked out: True stands for a token that counts.",
        ("log_probs[mask]", "log_probs[~mask | mask.all()]"),
    ),
    _perplexity(
        "multiplied-by-the-mask",
        "You multiply by the mask. Where masked places hold -inf or NaN, 0 times that is NaN; choose the places that "
        "count, with `log_probs[mask]` or `torch.where`.",
        ("chosen = log_probs[mask]", "chosen = log_probs * mask"),
        ("if chosen.numel() == 0:", "if not mask.any():"),
        ("-chosen.mean().item()", "-(chosen.sum() / mask.sum()).item()"),
    ),
    _perplexity(
        "divided-by-all-places",
        "You divide the sum by the number of all places, padding included. Divide by the number of tokens that count.",
        ("-chosen.mean().item()", "-chosen.sum().item() / log_probs.numel()"),
    ),
    _perplexity(
        "mean-of-the-rows",
        "You take the perplexity of each row and then their mean. One mean of the logarithms over all tokens that count, "
        "then one exponential.",
        ("    return math.exp(-chosen.mean().item())\n",
         "    rows = [r[m] for r, m in zip(log_probs.reshape(-1, log_probs.shape[-1]), mask.reshape(-1, mask.shape[-1]))]\n"
         "    each = [math.exp(-row.mean().item()) for row in rows if len(row)]\n"
         "    return sum(each) / len(each)\n"),
    ),
    _perplexity(
        "every-row-the-same-weight",
        "You average each row first and then the rows, so a token of a short text weighs more. All tokens that count weigh "
        "the same.",
        ("    return math.exp(-chosen.mean().item())\n",
         "    rows = [r[m] for r, m in zip(log_probs.reshape(-1, log_probs.shape[-1]), mask.reshape(-1, mask.shape[-1]))]\n"
         "    each = [row.mean().item() for row in rows if len(row)]\n"
         "    return math.exp(-sum(each) / len(each))\n"),
    ),
    _perplexity(
        "nothing-gives-nan",
        "Where no token counts you return NaN. There is no mean then: raise `ValueError`.",
        ("    if chosen.numel() == 0:\n        raise ValueError(\"no token counts\")\n", ""),
    ),
    _perplexity(
        "minus-infinity-left-out",
        "You leave out logarithms that are -inf. A token that counts and had probability 0 makes the perplexity infinite.",
        ("log_probs[mask]", "log_probs[mask & torch.isfinite(log_probs)]"),
    ),
    _perplexity(
        "written-into-the-input",
        "You write into the caller's tensor. Choose the places that count, or work on a copy.",
        ("    chosen = log_probs[mask]\n", "    log_probs[~mask] = 0\n    chosen = log_probs[mask]\n    log_probs.neg_().neg_()\n"),
    ),
]  # fmt: skip

# --- exact match ---------------------------------------------------------------------------------------------------

_EXACT_RIGHT = """def exact_match(prediction, answers, articles=()):
    def norm(text):
        text = unicodedata.normalize("NFC", text)
        text = text.lower()
        text = "".join(c for c in text if unicodedata.category(c)[0] != "P")
        words = [w for w in text.split() if w not in articles]
        return " ".join(words)

    return float(any(norm(prediction) == norm(answer) for answer in answers))
"""


def _exact(name: str, explanation: str, *changes: tuple[str, str]) -> Mistake:
    see = f"{_NOTEBOOK}: Exercise 2: exact_match"
    return made_in(_EXACT_RIGHT, "metrics/exact-match", name, explanation, *changes, see=see)


_EXACT = [
    _exact(
        "accents-deleted",
        "You decompose the text and throw the accents away. They stay: in Portuguese é and e are two words.",
        ("unicodedata.normalize(\"NFC\", text)",
         "\"\".join(c for c in unicodedata.normalize(\"NFD\", text) if not unicodedata.combining(c))"),
    ),
    _exact(
        "ascii-only",
        "You keep ASCII only, which deletes every letter with an accent. Keep all letters.",
        ("unicodedata.normalize(\"NFC\", text)", "text.encode(\"ascii\", \"ignore\").decode()"),
    ),
    _exact(
        "a-to-z-only",
        "You keep a to z and digits only, which cuts words at their accents. Delete what is punctuation and nothing else.",
        ("unicodedata.category(c)[0] != \"P\"", "c in \"abcdefghijklmnopqrstuvwxyz0123456789\" or c.isspace()"),
    ),
    _exact(
        "forms-not-made-equal",
        "You do not bring the text to one form, so a composed and a decomposed ã are different for you. Use "
        "`unicodedata.normalize(\"NFC\", text)`.",
        ("        text = unicodedata.normalize(\"NFC\", text)\n", ""),
    ),
    _exact(
        "marks-deleted-with-the-punctuation",
        "You keep letters, digits and blanks of a decomposed text; the accents are signs of their own there, and go. Use "
        "NFC, and delete only what is punctuation.",
        ("\"NFC\"", "\"NFD\""),
        ("unicodedata.category(c)[0] != \"P\"", "c.isalnum() or c.isspace()"),
    ),
    _exact(
        "case-counts",
        "You do not bring the texts to lower case.",
        ("        text = text.lower()\n", ""),
    ),
    _exact(
        "ascii-punctuation",
        "You delete the punctuation of a keyboard only. There is more: dashes, round quotes, «». Ask "
        "`unicodedata.category(sign)`, which begins with P for all of it.",
        ("unicodedata.category(c)[0] != \"P\"", "c not in \"!\\\"#$%&'()*+,-./:;<=>?@[\\\\]^_`{|}~\""),
    ),
    _exact(
        "blank-for-punctuation",
        "You put a blank in the place of punctuation, so guarda-chuva becomes two words. Nothing takes its place.",
        ("\"\".join(c for c in text if unicodedata.category(c)[0] != \"P\")",
         "\"\".join(\" \" if unicodedata.category(c)[0] == \"P\" else c for c in text)"),
    ),
    _exact(
        "punctuation-at-the-ends-only",
        "You delete punctuation at the ends of the text only. Delete it everywhere.",
        ("\"\".join(c for c in text if unicodedata.category(c)[0] != \"P\")", "text.strip(\" .,;:!?-\\\"'()[]—–“”‘’…«»¿¡/*\")"),
    ),
    _exact(
        "punctuation-kept",
        "You do not delete punctuation.",
        ("        text = \"\".join(c for c in text if unicodedata.category(c)[0] != \"P\")\n", ""),
    ),
    _exact(
        "blanks-only-at-the-ends",
        "You strip white space at the ends only. Inside, any number of blanks and line ends is one blank.",
        ("text.split() if", "text.strip().split(\" \") if"),
    ),
    _exact(
        "all-blanks-deleted",
        "You join the words without a blank, so \"red boat\" and \"redboat\" are equal.",
        ("\" \".join(words)", "\"\".join(words)"),
    ),
    _exact(
        "articles-inside-words",
        "You delete the letters of the articles everywhere, also inside words. An article is left out only where it stands "
        "as a whole word.",
        ("        words = [w for w in text.split() if w not in articles]\n",
         "        for article in articles:\n            text = text.replace(article, \"\")\n        words = text.split()\n"),
    ),
    _exact(
        "articles-before-a-blank",
        "You delete every article with a blank after it, so the end of a word goes too and an article at the end stays. "
        "Compare whole words.",
        ("        words = [w for w in text.split() if w not in articles]\n",
         "        for article in articles:\n            text = text.replace(article + \" \", \"\")\n        words = text.split()\n"),
    ),
    _exact(
        "english-articles",
        "You always leave out a, an and the. Articles depend on the language: leave out those of the argument, and none "
        "without it.",
        ("not in articles", "not in (\"a\", \"an\", \"the\")"),
    ),
    _exact(
        "articles-stay",
        "You do not leave out the articles that the caller names.",
        (" if w not in articles", ""),
    ),
    _exact(
        "articles-before-the-rest",
        "You leave out articles before lower case and punctuation are done, so `The` and `the,` stay. Do it last.",
        ("        text = text.lower()\n", "        text = \" \".join(w for w in text.split() if w not in articles).lower()\n"),
        (" if w not in articles]", "]"),
    ),
    _exact(
        "first-answer-only",
        "You compare with the first answer only. One of all the right answers is enough.",
        ("in answers))", "in answers[:1]))"),
    ),
    _exact(
        "all-answers",
        "You ask the prediction to equal all the right answers. One is enough.",
        ("any(", "all("),
    ),
    _exact(
        "answers-as-they-are",
        "You normalise the prediction and not the answers. Both sides need it.",
        ("== norm(answer)", "== answer"),
    ),
    _exact(
        "part-of-the-answer",
        "You ask whether the answer stands somewhere in the prediction. They have to be equal.",
        ("norm(prediction) == norm(answer)", "norm(answer) in norm(prediction)"),
    ),
    _exact(
        "same-words-in-any-order",
        "You compare sets of words. Order and repetition count.",
        ("\" \".join(words)", "set(words)"),
    ),
    _exact(
        "nothing-to-return",
        "You compute the result and do not return it.",
        ("    return float(", "    result = float("),
    ),
]  # fmt: skip

# --- F1 ------------------------------------------------------------------------------------------------------------

_F1_RIGHT = """def f1(prediction, answers, articles=()):
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


def _f1(name: str, explanation: str, *changes: tuple[str, str]) -> Mistake:
    see = f"{_NOTEBOOK}: Exercise 3: f1"
    return made_in(_F1_RIGHT, "metrics/f1", name, explanation, *changes, see=see)


_F1 = [
    _f1(
        "recall-for-f1",
        "You return the recall. A prediction that says everything has recall 1; F1 is the harmonic mean of precision and "
        "recall.",
        ("2 * p * r / (p + r)", "r"),
    ),
    _f1(
        "precision-for-f1",
        "You return the precision. F1 is the harmonic mean of precision and recall.",
        ("2 * p * r / (p + r)", "p"),
    ),
    _f1(
        "plain-mean",
        "You take the plain mean of precision and recall. F1 is their harmonic mean, 2 P R / (P + R).",
        ("2 * p * r / (p + r)", "(p + r) / 2"),
    ),
    _f1(
        "geometric-mean",
        "You take the geometric mean of precision and recall. F1 is their harmonic mean, 2 P R / (P + R).",
        ("2 * p * r / (p + r)", "math.sqrt(p * r)"),
    ),
    _f1(
        "two-forgotten",
        "The factor 2 is missing: equal texts have F1 = 1.",
        ("2 * p * r", "p * r"),
    ),
    _f1(
        "sets-for-multisets",
        "You count different words. A word that occurs twice on both sides is shared twice: use `Counter`, not `set`.",
        ("sum((Counter(a) & Counter(b)).values())", "len(set(a) & set(b))"),
        ("shared / len(a)", "shared / len(set(a))"),
        ("shared / len(b)", "shared / len(set(b))"),
    ),
    _f1(
        "shared-words-as-a-set",
        "You count each shared word once, and all words for the lengths. A word that occurs twice on both sides is shared "
        "twice.",
        ("sum((Counter(a) & Counter(b)).values())", "len(set(a) & set(b))"),
    ),
    _f1(
        "not-clipped",
        "You count every word of the prediction that occurs in the answer, however often. A word is shared as often as it "
        "occurs on both sides.",
        ("sum((Counter(a) & Counter(b)).values())", "sum(word in b for word in a)"),
    ),
    _f1(
        "keys-counted",
        "`len` of a Counter is the number of different words. Add up its values.",
        ("sum((Counter(a) & Counter(b)).values())", "len(Counter(a) & Counter(b))"),
    ),
    _f1(
        "union-for-intersection",
        "`|` takes the larger count of each word. Shared words are the smaller count: `&`.",
        ("Counter(a) & Counter(b)", "Counter(a) | Counter(b)"),
    ),
    _f1(
        "jaccard",
        "You divide the shared words by all words of both. That is the Jaccard index; F1 is 2 P R / (P + R).",
        ("2 * p * r / (p + r)", "shared / (len(a) + len(b) - shared)"),
    ),
    _f1(
        "divided-by-zero",
        "Where nothing is shared, precision and recall are both 0 and you divide by their sum. F1 is 0 then.",
        ("        if shared == 0:\n            return 0.0\n", ""),
    ),
    _f1(
        "empty-is-wrong",
        "Two texts that are both empty after normalisation are equal, and F1 is 1.",
        ("return float(a == b)", "return 0.0"),
    ),
    _f1(
        "empty-is-right",
        "You give 1 where one of the texts is empty. It is 1 only if both are.",
        ("return float(a == b)", "return 1.0"),
    ),
    _f1(
        "empty-not-thought-of",
        "You do not treat empty texts. Two empty ones are equal, F1 is 1; one empty beside another gives 0.",
        ("        if not a or not b:\n            return float(a == b)\n", ""),
    ),
    _f1(
        "first-answer-only",
        "You compare with the first answer only. Of several right answers the best F1 counts.",
        ("in answers)", "in answers[:1])"),
    ),
    _f1(
        "mean-over-answers",
        "You take the mean over the right answers. The best one counts.",
        ("max(score(answer) for answer in answers)", "sum(score(answer) for answer in answers) / len(answers)"),
    ),
    _f1(
        "answers-thrown-together",
        "You pour all right answers into one. Compare with each, and take the best.",
        ("max(score(answer) for answer in answers)", "score(\" \".join(answers))"),
    ),
    _f1(
        "blanks-only",
        "You cut at white space only, so case and punctuation make words different. Use `answer_words`.",
        ("a = answer_words(prediction, articles)", "a = prediction.split()"),
        ("b = answer_words(answer, articles)", "b = answer.split()"),
    ),
    _f1(
        "articles-stay",
        "You do not pass the articles on to `answer_words`.",
        ("answer_words(prediction, articles)", "answer_words(prediction)"),
        ("answer_words(answer, articles)", "answer_words(answer)"),
    ),
    _f1(
        "accents-deleted",
        "You throw accents away, so avó and avô are the same word for you. Accents stay.",
        ("        if not a or not b:\n",
         "        plain = lambda w: \"\".join(c for c in unicodedata.normalize(\"NFD\", w) if not unicodedata.combining(c))\n"
         "        a, b = [plain(w) for w in a], [plain(w) for w in b]\n"
         "        if not a or not b:\n"),
    ),
    _f1(
        "letters-for-words",
        "You compare letters. The units are words.",
        ("answer_words(prediction, articles)", "\"\".join(answer_words(prediction, articles))"),
        ("answer_words(answer, articles)", "\"\".join(answer_words(answer, articles))"),
    ),
]  # fmt: skip

# --- BLEU ----------------------------------------------------------------------------------------------------------

_BLEU_RIGHT = """def bleu(candidates, references, max_n=4, smooth=False):
    match, total = [0] * (max_n + 1), [0] * (max_n + 1)
    c_len = r_len = 0
    for cand, refs in zip(candidates, references):
        c_len += len(cand)
        r_len += min((abs(len(r) - len(cand)), len(r)) for r in refs)[1]
        for n in range(1, max_n + 1):
            have = Counter(ngrams(cand, n))
            limit = Counter()
            for r in refs:
                limit = limit | Counter(ngrams(r, n))
            match[n] += sum((have & limit).values())
            total[n] += sum(have.values())
    logs = 0.0
    for n in range(1, max_n + 1):
        add = 1 if smooth and n > 1 else 0
        if match[n] + add == 0:
            return 0.0
        logs += math.log((match[n] + add) / (total[n] + add))
    bp = 1.0 if c_len >= r_len else math.exp(1 - r_len / c_len)
    return bp * math.exp(logs / max_n)
"""


def _bleu(name: str, explanation: str, *changes: tuple[str, str]) -> Mistake:
    see = f"{_NOTEBOOK}: Exercise 4: bleu"
    return made_in(_BLEU_RIGHT, "metrics/bleu", name, explanation, *changes, see=see)


_CLOSEST = "min((abs(len(r) - len(cand)), len(r)) for r in refs)[1]"

_BLEU = [
    _bleu(
        "not-clipped",
        "Your counts are not clipped: an n-gram counts at most as often as it occurs in a reference.",
        ("sum((have & limit).values())", "sum(count for gram, count in have.items() if gram in limit)"),
    ),
    _bleu(
        "sets-of-ngrams",
        "You count different n-grams. They count as often as they occur, clipped to the reference.",
        ("have = Counter(ngrams(cand, n))", "have = Counter(set(ngrams(cand, n)))"),
    ),
    _bleu(
        "counts-of-references-added",
        "You add up the counts of the references. The limit is the largest count in one of them: `|`, not `+`.",
        ("limit = limit | Counter", "limit = limit + Counter"),
    ),
    _bleu(
        "in-all-references",
        "You ask an n-gram to be in all references. One is enough: the largest count of them is the limit.",
        ("limit = limit | Counter(ngrams(r, n))", "limit = (limit & Counter(ngrams(r, n))) if r is not refs[0] else Counter(ngrams(r, n))"),
    ),
    _bleu(
        "first-reference-only",
        "You look for n-grams in the first reference only.",
        ("for r in refs:\n", "for r in refs[:1]:\n"),
    ),
    _bleu(
        "shortest-reference",
        "Your reference length is the shortest. It is the one closest to the candidate's length.",
        (_CLOSEST, "min(len(r) for r in refs)"),
    ),
    _bleu(
        "longest-reference",
        "Your reference length is the longest. It is the one closest to the candidate's length.",
        (_CLOSEST, "max(len(r) for r in refs)"),
    ),
    _bleu(
        "length-of-the-first-reference",
        "Your reference length is that of the first reference. It is the one closest to the candidate's length.",
        (_CLOSEST, "len(refs[0])"),
    ),
    _bleu(
        "mean-reference-length",
        "Your reference length is the mean over the references. It is the one closest to the candidate's length.",
        (_CLOSEST, "sum(len(r) for r in refs) / len(refs)"),
    ),
    _bleu(
        "longer-of-two",
        "Of two references that are equally close in length you take the longer one. The shorter counts.",
        (_CLOSEST, "min((abs(len(r) - len(cand)), -len(r), len(r)) for r in refs)[2]"),
    ),
    _bleu(
        "first-of-two",
        "Of two references that are equally close in length you take the one that comes first. The shorter counts.",
        (_CLOSEST, "len(min(refs, key=lambda r: abs(len(r) - len(cand))))"),
    ),
    _bleu(
        "no-brevity-penalty",
        "The brevity penalty is missing: without it a single sure word is a perfect translation.",
        ("bp * math.exp(logs / max_n)", "math.exp(logs / max_n)"),
    ),
    _bleu(
        "penalty-upside-down",
        "Your brevity penalty has its fraction upside down: it is exp(1 - r / l).",
        ("1 - r_len / c_len", "1 - c_len / r_len"),
    ),
    _bleu(
        "penalty-for-long-ones",
        "Your penalty is for candidates that are too long. Precision sees to these; the penalty is for short ones.",
        ("c_len >= r_len", "c_len <= r_len"),
    ),
    _bleu(
        "penalty-always",
        "You apply exp(1 - r / l) to long candidates too, which rewards them. For l >= r the penalty is 1.",
        ("1.0 if c_len >= r_len else math.exp(1 - r_len / c_len)", "math.exp(1 - r_len / c_len)"),
    ),
    _bleu(
        "ratio-as-penalty",
        "Your penalty is the ratio of the lengths. It is exp(1 - r / l).",
        ("math.exp(1 - r_len / c_len)", "c_len / r_len"),
    ),
    _bleu(
        "plain-mean",
        "You take the plain mean of the precisions. It is the geometric mean, so that one bad precision is felt.",
        ("math.log((match[n] + add) / (total[n] + add))", "(match[n] + add) / (total[n] + add)"),
        ("math.exp(logs / max_n)", "logs / max_n"),
    ),
    _bleu(
        "root-forgotten",
        "You multiply the precisions and take no N-th root.",
        ("logs / max_n", "logs"),
    ),
    _bleu(
        "mean-of-sentences",
        "You compute BLEU for each sentence and take the mean. Matches, totals and lengths are summed over the corpus first.",
        ("def bleu(candidates, references, max_n=4, smooth=False):\n",
         "def bleu(candidates, references, max_n=4, smooth=False):\n"
         "    if len(candidates) > 1:\n"
         "        each = [bleu([c], [r], max_n, smooth) for c, r in zip(candidates, references)]\n"
         "        return sum(each) / len(each)\n"),
    ),
    _bleu(
        "zero-matches-crash",
        "You take the logarithm of 0 where nothing matches, or divide by zero where a text is too short. BLEU is 0 then.",
        ("        if match[n] + add == 0:\n            return 0.0\n", ""),
    ),
    _bleu(
        "zero-precisions-skipped",
        "You leave out the n without a match. A precision of 0 makes the geometric mean 0.",
        ("            return 0.0\n", "            continue\n"),
    ),
    _bleu(
        "small-number-for-zero",
        "You put a small number in the place of a precision of 0, which is a smoothing. Without `smooth` BLEU is 0.",
        ("        if match[n] + add == 0:\n            return 0.0\n", ""),
        ("math.log((match[n] + add) / (total[n] + add))", "math.log(max(match[n] + add, 0.1) / max(total[n] + add, 1))"),
        ("math.exp(1 - r_len / c_len)", "math.exp(1 - r_len / max(c_len, 1))"),
    ),
    _bleu(
        "smoothed-always",
        "You add one always. It is added only with `smooth=True`.",
        ("smooth and n > 1", "n > 1"),
    ),
    _bleu(
        "never-smoothed",
        "You do not use `smooth`: with it, one is added to the numerators and denominators for n >= 2.",
        ("1 if smooth and n > 1 else 0", "0"),
    ),
    _bleu(
        "smoothed-for-one-too",
        "You smooth the precision of single words too. One is added for n >= 2 only.",
        ("smooth and n > 1", "smooth"),
    ),
    _bleu(
        "only-the-numerator-smoothed",
        "You add one to the numerator only. Denominators get it too, so that a precision never exceeds 1.",
        ("total[n] + add", "max(total[n], 1)"),
    ),
    _bleu(
        "smoothed-for-each-sentence",
        "You add one for every sentence. It is added once, after the corpus has been summed up.",
        ("add = 1 if smooth and n > 1 else 0", "add = len(candidates) if smooth and n > 1 else 0"),
    ),
    _bleu(
        "always-four",
        "You always use n-grams up to 4. `max_n` says how long they get.",
        ("    match, total =", "    max_n = 4\n    match, total ="),
    ),
    _bleu(
        "longest-ngrams-only",
        "You use the longest n-grams only. BLEU is the geometric mean of the precisions for all n from 1 to N.",
        ("    logs = 0.0\n    for n in range(1, max_n + 1):", "    logs = 0.0\n    for n in [max_n] * max_n:"),
    ),
    _bleu(
        "one-n-too-few",
        "`range(1, max_n)` ends before `max_n`: the longest n-grams are missing.",
        ("    logs = 0.0\n    for n in range(1, max_n + 1):", "    logs = 0.0\n    for n in range(1, max_n):"),
    ),
    _bleu(
        "recall-for-precision",
        "You divide by the n-grams of the references. BLEU's denominators are those of the candidates.",
        ("total[n] += sum(have.values())", "total[n] += max(len(r) - n + 1 for r in refs) if have else 0"),
    ),
    _bleu(
        "hundred",
        "Your result goes to 100. Here all scores go from 0 to 1.",
        ("return bp *", "return 100 * bp *"),
    ),
    _bleu(
        "penalty-of-each-sentence",
        "Short sentences pay in your code even where others are long: the lengths are summed over the corpus, and one "
        "penalty is taken at the end.",
        ("    c_len = r_len = 0\n", "    c_len = r_len = 0\n    lost = 0.0\n"),
        ("        for n in range(1, max_n + 1):\n            have",
         "        near = min((abs(len(r) - len(cand)), len(r)) for r in refs)[1]\n"
         "        lost += min(0.0, 1 - near / max(len(cand), 1)) / len(candidates)\n"
         "        for n in range(1, max_n + 1):\n            have"),
        ("1.0 if c_len >= r_len else math.exp(1 - r_len / c_len)", "math.exp(lost)"),
        ("        r_len += " + _CLOSEST + "\n", ""),
    ),
]  # fmt: skip

# --- ROUGE-N -------------------------------------------------------------------------------------------------------

_ROUGE_N_RIGHT = """def rouge_n(candidate, reference, n):
    a = Counter(ngrams(candidate, n))
    b = Counter(ngrams(reference, n))
    shared = sum((a & b).values())
    if shared == 0:
        return 0.0, 0.0, 0.0
    p = shared / sum(a.values())
    r = shared / sum(b.values())
    f = 2 * p * r / (p + r)
    return p, r, f
"""


def _rouge_n(name: str, explanation: str, *changes: tuple[str, str]) -> Mistake:
    see = f"{_NOTEBOOK}: Exercise 5: rouge_n"
    return made_in(_ROUGE_N_RIGHT, "metrics/rouge-n", name, explanation, *changes, see=see)


_ROUGE_N = [
    _rouge_n(
        "precision-and-recall-swapped",
        "Precision and recall have changed places: precision divides by the n-grams of the candidate.",
        ("return p, r, f", "return r, p, f"),
    ),
    _rouge_n(
        "recall-for-f",
        "The third number is F, the harmonic mean of precision and recall. Yours is the recall.",
        ("return p, r, f", "return p, r, r"),
    ),
    _rouge_n(
        "plain-mean",
        "Your F is the plain mean of precision and recall. It is the harmonic one, 2 P R / (P + R).",
        ("2 * p * r / (p + r)", "(p + r) / 2"),
    ),
    _rouge_n(
        "sets-for-multisets",
        "You count different n-grams. An n-gram that both texts have twice is shared twice.",
        ("Counter(ngrams(candidate, n))", "Counter(set(ngrams(candidate, n)))"),
        ("Counter(ngrams(reference, n))", "Counter(set(ngrams(reference, n)))"),
    ),
    _rouge_n(
        "shared-as-a-set",
        "You count each shared n-gram once. One that both texts have twice is shared twice: add up the values of the "
        "counter.",
        ("sum((a & b).values())", "len(a & b)"),
    ),
    _rouge_n(
        "not-clipped",
        "You count every n-gram of the candidate that the reference has, however often. It is shared as often as both have "
        "it.",
        ("sum((a & b).values())", "sum(count for gram, count in a.items() if gram in b)"),
    ),
    _rouge_n(
        "clipped-on-the-wrong-side",
        "You count every n-gram of the reference that the candidate has. It is shared as often as both have it.",
        ("sum((a & b).values())", "sum(count for gram, count in b.items() if gram in a)"),
    ),
    _rouge_n(
        "divided-by-different-ngrams",
        "You divide by the number of different n-grams, which `len` of a counter gives. Divide by all of them.",
        ("sum(a.values())", "len(a)"),
        ("sum(b.values())", "len(b)"),
    ),
    _rouge_n(
        "divided-by-tokens",
        "You divide by the number of tokens. A text of l tokens has l - n + 1 n-grams.",
        ("sum(a.values())", "len(candidate)"),
        ("sum(b.values())", "len(reference)"),
    ),
    _rouge_n(
        "last-ngram-missing",
        "Your n-grams end one too early: a text of l tokens has l - n + 1 of them, so the last one starts at l - n.",
        ("ngrams(candidate, n)", "[tuple(candidate[i:i + n]) for i in range(len(candidate) - n)]"),
        ("ngrams(reference, n)", "[tuple(reference[i:i + n]) for i in range(len(reference) - n)]"),
    ),
    _rouge_n(
        "short-ngrams-at-the-end",
        "Your slices at the end of a text are shorter than n, and count as n-grams. There are only l - n + 1.",
        ("ngrams(candidate, n)", "[tuple(candidate[i:i + n]) for i in range(len(candidate))]"),
        ("ngrams(reference, n)", "[tuple(reference[i:i + n]) for i in range(len(reference))]"),
    ),
    _rouge_n(
        "without-overlap",
        "You cut the text into pieces side by side. n-grams overlap: one begins at every token.",
        ("ngrams(candidate, n)", "ngrams(candidate, n)[::n]"),
        ("ngrams(reference, n)", "ngrams(reference, n)[::n]"),
    ),
    _rouge_n(
        "glued-tokens",
        "You glue the tokens of an n-gram together, so a + bc and ab + c look the same. Use tuples, or a separator.",
        ("Counter(ngrams(candidate, n))", "Counter(map(\"\".join, ngrams(candidate, n)))"),
        ("Counter(ngrams(reference, n))", "Counter(map(\"\".join, ngrams(reference, n)))"),
    ),
    _rouge_n(
        "order-lost",
        "You sort the tokens of an n-gram, so \"a b\" and \"b a\" are the same for you. Their order counts.",
        ("Counter(ngrams(candidate, n))", "Counter(tuple(sorted(g)) for g in ngrams(candidate, n))"),
        ("Counter(ngrams(reference, n))", "Counter(tuple(sorted(g)) for g in ngrams(reference, n))"),
    ),
    _rouge_n(
        "single-words-always",
        "You count single words whatever n is.",
        ("ngrams(candidate, n)", "ngrams(candidate, 1)"),
        ("ngrams(reference, n)", "ngrams(reference, 1)"),
    ),
    _rouge_n(
        "up-to-n",
        "You count n-grams of all lengths up to n. ROUGE-N looks at one length.",
        ("ngrams(candidate, n)", "[g for k in range(1, n + 1) for g in ngrams(candidate, k)]"),
        ("ngrams(reference, n)", "[g for k in range(1, n + 1) for g in ngrams(reference, k)]"),
    ),
    _rouge_n(
        "divided-by-zero",
        "Where nothing is shared, or a text is shorter than n, you divide by zero. The numbers are 0 then.",
        ("    if shared == 0:\n        return 0.0, 0.0, 0.0\n", ""),
    ),
    _rouge_n(
        "f-only",
        "You return one number. All three are asked for: precision, recall, F.",
        ("return p, r, f", "return f"),
    ),
    _rouge_n(
        "accents-deleted",
        "You throw accents away. Tokens are compared as they are.",
        ("    a = Counter",
         "    plain = lambda w: \"\".join(c for c in unicodedata.normalize(\"NFD\", w) if not unicodedata.combining(c))\n"
         "    candidate, reference = [plain(w) for w in candidate], [plain(w) for w in reference]\n"
         "    a = Counter"),
    ),
]  # fmt: skip

# --- ROUGE-L -------------------------------------------------------------------------------------------------------

_ROUGE_L_RIGHT = """def rouge_l(candidate, reference):
    m, k = len(candidate), len(reference)
    L = [[0] * (k + 1) for _ in range(m + 1)]
    for i in range(1, m + 1):
        for j in range(1, k + 1):
            if candidate[i - 1] == reference[j - 1]:
                L[i][j] = L[i - 1][j - 1] + 1
            else:
                L[i][j] = max(L[i - 1][j], L[i][j - 1])
    s = L[m][k]
    if s == 0:
        return 0.0, 0.0, 0.0
    p, r = s / m, s / k
    return p, r, 2 * p * r / (p + r)
"""

_TABLE = _ROUGE_L_RIGHT[_ROUGE_L_RIGHT.index("    L = [[0]") : _ROUGE_L_RIGHT.index("    if s == 0")]


def _rouge_l(name: str, explanation: str, *changes: tuple[str, str]) -> Mistake:
    see = f"{_NOTEBOOK}: Exercise 6: rouge_l"
    return made_in(_ROUGE_L_RIGHT, "metrics/rouge-l", name, explanation, *changes, see=see)


_ROUGE_L = [
    _rouge_l(
        "substring-for-subsequence",
        "You find the longest common *substring*: your table starts anew at 0 where words differ. A subsequence may have "
        "gaps: take the larger of the cells above and to the left.",
        ("max(L[i - 1][j], L[i][j - 1])", "0"),
        ("s = L[m][k]", "s = max(map(max, L))"),
    ),
    _rouge_l(
        "last-cell-of-substrings",
        "You put 0 where words differ, and everything found before is lost. Take the larger of the cells above and to the "
        "left.",
        ("max(L[i - 1][j], L[i][j - 1])", "0"),
    ),
    _rouge_l(
        "common-words-without-order",
        "You count shared words in any order, which is ROUGE-1. The words of a subsequence stand in the same order.",
        (_TABLE, "    s = sum((Counter(candidate) & Counter(reference)).values())\n"),
    ),
    _rouge_l(
        "greedy",
        "You take the first place where a word fits and go on from there. A long jump at the beginning can cost all that "
        "comes between; the table tries all ways.",
        (_TABLE,
         "    s = at = 0\n"
         "    for word in candidate:\n"
         "        if word in reference[at:]:\n"
         "            at = reference.index(word, at) + 1\n"
         "            s += 1\n"),
    ),
    _rouge_l(
        "difflib",
        "`difflib` finds matching blocks, the longest first, and these are not always the longest common subsequence. Fill "
        "the table.",
        (_TABLE,
         "    from difflib import SequenceMatcher\n\n"
         "    blocks = SequenceMatcher(None, candidate, reference, autojunk=False).get_matching_blocks()\n"
         "    s = sum(block.size for block in blocks)\n"),
    ),
    _rouge_l(
        "candidate-inside-reference",
        "You compare place by place: word 1 with word 1, word 2 with word 2. One word put in shifts everything.",
        (_TABLE, "    s = sum(x == y for x, y in zip(candidate, reference))\n"),
    ),
    _rouge_l(
        "no-diagonal",
        "Where words are equal you add 1 to the cell above, so one word of the reference is paired with several of the "
        "candidate. Add it to the cell above to the left.",
        ("L[i - 1][j - 1] + 1", "L[i - 1][j] + 1"),
    ),
    _rouge_l(
        "left-cell-for-diagonal",
        "Where words are equal you add 1 to the cell on the left, so one word of the candidate is paired with several of "
        "the reference. Add it to the cell above to the left.",
        ("L[i - 1][j - 1] + 1", "L[i][j - 1] + 1"),
    ),
    _rouge_l(
        "above-only",
        "Where words differ you look only at the cell above. Either of the two words can go: take the larger of above and "
        "left.",
        ("max(L[i - 1][j], L[i][j - 1])", "L[i - 1][j]"),
    ),
    _rouge_l(
        "left-only",
        "Where words differ you look only at the cell on the left. Either of the two words can go: take the larger of "
        "above and left.",
        ("max(L[i - 1][j], L[i][j - 1])", "L[i][j - 1]"),
    ),
    _rouge_l(
        "smaller-of-both",
        "You take the smaller of the cells above and to the left. It is the *longest* common subsequence: `max`.",
        ("max(L[i - 1][j], L[i][j - 1])", "min(L[i - 1][j], L[i][j - 1])"),
    ),
    _rouge_l(
        "rows-are-one-list",
        "`[[0] * k] * m` holds the same row m times, so a change of one changes all. Make each row anew.",
        ("[[0] * (k + 1) for _ in range(m + 1)]", "[[0] * (k + 1)] * (m + 1)"),
    ),
    _rouge_l(
        "last-words-left-out",
        "Your loops end one word too early: the last row and the last column belong to the last words.",
        ("range(1, m + 1)", "range(1, m)"),
        ("range(1, k + 1)", "range(1, k)"),
        ("s = L[m][k]", "s = max(map(max, L))"),
    ),
    _rouge_l(
        "exponential-recursion",
        "You compute the same cells again and again: the time doubles with every word. Keep what is computed, in a table "
        "or with a cache.",
        (_TABLE,
         "    def lcs(i, j):\n"
         "        if i == 0 or j == 0:\n"
         "            return 0\n"
         "        if candidate[i - 1] == reference[j - 1]:\n"
         "            return lcs(i - 1, j - 1) + 1\n"
         "        return max(lcs(i - 1, j), lcs(i, j - 1))\n\n"
         "    s = lcs(m, k)\n"),
    ),
    _rouge_l(
        "letters-for-words",
        "You compare letters: joined, the tokens lose their borders. The units are tokens.",
        ("    m, k = len", "    candidate, reference = \" \".join(candidate), \" \".join(reference)\n    m, k = len"),
    ),
    _rouge_l(
        "precision-and-recall-swapped",
        "Precision and recall have changed places: precision divides by the length of the candidate.",
        ("p, r = s / m, s / k", "p, r = s / k, s / m"),
    ),
    _rouge_l(
        "plain-mean",
        "Your F is the plain mean of precision and recall. It is the harmonic one, 2 P R / (P + R).",
        ("2 * p * r / (p + r)", "(p + r) / 2"),
    ),
    _rouge_l(
        "recall-for-f",
        "The third number is F, the harmonic mean of precision and recall. Yours is the recall.",
        ("2 * p * r / (p + r)", "r"),
    ),
    _rouge_l(
        "divided-by-zero",
        "Where nothing is shared or a text is empty you divide by zero. The numbers are 0 then.",
        ("    if s == 0:\n        return 0.0, 0.0, 0.0\n", ""),
    ),
    _rouge_l(
        "length-only",
        "You return the length of the subsequence. Divide it by the lengths of both texts: precision, recall, F.",
        ("return p, r, 2 * p * r / (p + r)", "return s"),
    ),
    _rouge_l(
        "accents-deleted",
        "You throw accents away. Tokens are compared as they are.",
        ("    m, k = len",
         "    plain = lambda w: \"\".join(c for c in unicodedata.normalize(\"NFD\", w) if not unicodedata.combining(c))\n"
         "    candidate, reference = [plain(w) for w in candidate], [plain(w) for w in reference]\n"
         "    m, k = len"),
    ),
]  # fmt: skip

MISTAKES: list[Mistake] = [*_PERPLEXITY, *_EXACT, *_F1, *_BLEU, *_ROUGE_N, *_ROUGE_L]
