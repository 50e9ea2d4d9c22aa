"""Answers to exercise 6 of 05_a_real_assistant: answer."""

from __future__ import annotations

from functools import partial

from autograder.answers import Alternative, made_in

ALTERNATIVES = [
    Alternative(
        name="prompt-first",
        description="The prompt is read before the loop, and the next token's logits at its end.",
        code="""@torch.no_grad()
def answer(model, ids, max_new_tokens, end_id, choose=None):
    if max_new_tokens == 0:
        return
    caches = [dict() for _ in range(len(model.layers))]
    pick = choose or (lambda logits: logits.argmax(dim=-1, keepdim=True))
    logits = model(torch.tensor([ids]), caches)
    count = 0
    while True:
        token = pick(logits[:, -1, :])
        if token.item() == end_id:
            break
        yield token.item()
        count += 1
        if count == max_new_tokens:
            break
        logits = model(token.view(1, 1), caches)
""",
    ),
    Alternative(
        name="takewhile",
        description="An endless generator of tokens, cut by islice and takewhile.",
        code="""from itertools import islice, takewhile


def answer(model, ids, max_new_tokens, end_id, choose=None):
    def tokens():
        caches = [{} for _ in model.layers]
        new = torch.tensor(ids).unsqueeze(0)
        while True:
            with torch.no_grad():
                scores = model(new, caches)[:, -1]
            new = (scores.topk(1).indices if choose is None else choose(scores)).reshape(1, 1)
            yield int(new)

    return takewhile(lambda token: token != end_id, islice(tokens(), max_new_tokens))
""",
    ),
    Alternative(
        name="class-with-next",
        description="An iterator as a class, with __next__.",
        code="""class Stream:
    def __init__(self, model, ids, most, end_id, choose):
        self.model, self.new, self.left, self.end_id, self.choose = model, ids, most, end_id, choose
        self.caches = [{} for _ in model.layers]

    def __iter__(self):
        return self

    @torch.inference_mode()
    def __next__(self):
        if self.left <= 0:
            raise StopIteration
        logits = self.model(torch.tensor(self.new)[None, :], self.caches)[0, -1]
        token = logits.max(dim=0).indices.item() if self.choose is None else int(self.choose(logits[None]))
        if token == self.end_id:
            self.left = 0
            raise StopIteration
        self.left -= 1
        self.new = [token]
        return token


def answer(model, ids, max_new_tokens, end_id, choose=None):
    return Stream(model, ids, max_new_tokens, end_id, choose)
""",
    ),
    Alternative(
        name="what-is-not-read",
        description="One list of all ids, of which the model reads what is behind a mark.",
        code="""@torch.no_grad()
def answer(model, ids, max_new_tokens, end_id, choose=None):
    every = ids[:]
    caches = []
    for _ in model.layers:
        caches.append({})
    read = 0
    while len(every) < len(ids) + max_new_tokens:
        logits = model(torch.tensor(every[read:])[None], caches)[:, -1]
        read = len(every)
        every.append(int(torch.argmax(logits)) if choose is None else choose(logits).item())
        if every[-1] == end_id:
            return
        yield every[-1]
""",
    ),
]

_RIGHT = """@torch.no_grad()
def answer(model, ids, max_new_tokens, end_id, choose=None):
    caches = [{} for _ in model.layers]
    unread = list(ids)
    for _ in range(max_new_tokens):
        logits = model(torch.tensor([unread]), caches)[:, -1]
        chosen = logits.argmax(dim=-1) if choose is None else choose(logits)
        token = int(chosen)
        if token == end_id:
            return
        yield token
        unread = [token]
"""

_mistake = partial(made_in, _RIGHT, see="05_a_real_assistant: Exercise 6: answer")

MISTAKES = [
    _mistake(
        "everything-again",
        "You give the model the whole text each time, although the caches hold it already: it reads everything twice and more, at wrong "
        "positions. After the prompt, give it the newest token only.",
        ("        unread = [token]\n", "        unread = [*unread, token]\n"),
    ),
    _mistake(
        "without-caches",
        "You compute the whole text anew for each token. The tokens are right, and a long answer takes for ever: use the caches.",
        ("[unread]), caches)", "[unread]))"),
        ("        unread = [token]\n", "        unread = [*unread, token]\n"),
    ),
    _mistake(
        "memory-lost",
        "You give the model one token and no caches, so that it has forgotten the prompt.",
        ("[unread]), caches)", "[unread]))"),
    ),
    _mistake(
        "new-caches-each-time",
        "You make new caches for each token, so that the model forgets what came before. Make them once, before the loop.",
        ("    caches = [{} for _ in model.layers]\n", ""),
        ("        logits = model", "        caches = [{} for _ in model.layers]\n        logits = model"),
    ),
    _mistake(
        "one-cache-for-all-layers",
        "`[{}] * n` is one dictionary, n times. Each layer needs a cache of its own.",
        ("[{} for _ in model.layers]", "[{}] * len(model.layers)"),
    ),
    _mistake(
        "end-yielded",
        "You yield the end token, too. It is not part of the answer: look at the token first.",
        (
            "        if token == end_id:\n            return\n        yield token\n",
            "        yield token\n        if token == end_id:\n            return\n",
        ),
    ),
    _mistake(
        "never-ends",
        "The end token does not end the answer. What a model writes after it is noise.",
        ("        if token == end_id:\n            return\n", ""),
    ),
    _mistake(
        "end-skipped",
        "You leave the end token out and go on. It ends the answer.",
        (
            "            return\n        yield token\n        unread = [token]\n",
            "            unread = [token]\n            continue\n        yield token\n        unread = [token]\n",
        ),
    ),
    _mistake(
        "end-in-the-prompt",
        "An end token in the prompt ends your answer. Each earlier message has one; only a token that was chosen counts.",
        ("        if token == end_id:\n", "        if token == end_id or end_id in ids:\n"),
    ),
    _mistake(
        "all-at-once",
        "You collect all tokens before the first one can be seen. Yield each as soon as it is chosen.",
        ("    unread = list(ids)\n", "    unread = list(ids)\n    tokens = []\n"),
        (
            "            return\n        yield token\n        unread = [token]\n",
            "            break\n        tokens.append(token)\n        unread = [token]\n    yield from tokens\n",
        ),
    ),
    _mistake(
        "a-list",
        "You return a list when the answer is complete. A generator hands each token on as soon as it is there: `yield`.",
        ("    unread = list(ids)\n", "    unread = list(ids)\n    tokens = []\n"),
        (
            "            return\n        yield token\n        unread = [token]\n",
            "            break\n        tokens.append(token)\n        unread = [token]\n    return tokens\n",
        ),
    ),
    _mistake(
        "one-step-ahead",
        "You compute the next token before you hand on the one that you have. Yield first, then compute.",
        ("    unread = list(ids)\n", "    unread = list(ids)\n    ready = None\n"),
        (
            "            return\n        yield token\n        unread = [token]\n",
            "            break\n        if ready is not None:\n            yield ready\n        ready = token\n        unread = [token]\n"
            "    if ready is not None:\n        yield ready\n",
        ),
    ),
    _mistake(
        "one-too-many",
        "There is one token more than `max_new_tokens`.",
        ("range(max_new_tokens)", "range(max_new_tokens + 1)"),
    ),
    _mistake(
        "prompt-counted",
        "You count the prompt among the new tokens.",
        ("range(max_new_tokens)", "range(max_new_tokens - len(ids))"),
    ),
    _mistake(
        "prompt-yielded",
        "You yield the prompt, too. Only new tokens are the answer.",
        ("    unread = list(ids)\n", "    unread = list(ids)\n    yield from ids\n"),
    ),
    _mistake(
        "first-position",
        "You read the logits of the first position. Those of the last one are about the next token.",
        ("[:, -1]", "[:, 0]"),
    ),
    _mistake(
        "least-probable",
        "You take the least probable token: `argmax`, not `argmin`.",
        ("logits.argmax(dim=-1)", "logits.argmin(dim=-1)"),
    ),
    _mistake(
        "choose-ignored",
        "You always take the most probable token, whatever `choose` says.",
        ("logits.argmax(dim=-1) if choose is None else choose(logits)", "logits.argmax(dim=-1)"),
    ),
    _mistake(
        "probabilities-to-choose",
        "`choose` gets probabilities in your function. It takes the logits as they are.",
        ("choose(logits)", "choose(logits.softmax(dim=-1))"),
    ),
    _mistake(
        "prompt-token-by-token",
        "You give the model the prompt token by token. It reads the whole prompt in one call, which is much faster.",
        (
            "    unread = list(ids)\n",
            "    for id in ids[:-1]:\n        model(torch.tensor([[id]]), caches)\n    unread = list(ids[-1:])\n",
        ),
    ),
]
