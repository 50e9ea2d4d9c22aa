"""Answers to exercise 1 of 04_responses: generate_response."""

from __future__ import annotations

from functools import partial

from autograder.answers import Alternative, Equivalent, made_in

ALTERNATIVES = [
    Alternative(
        name="one-tensor",
        description="A tensor of all ids that grows by torch.cat, cut at the end.",
        code="""@torch.no_grad()
def generate_response(model, prompt_ids, max_new_tokens, context_length, end_id, choose=None):
    model.eval()
    idx = torch.tensor(prompt_ids, device=next(model.parameters()).device)[None]
    for _ in range(max_new_tokens):
        logits = model(idx[:, -context_length:])[:, -1, :]
        if choose:
            idx_next = choose(logits)
        else:
            idx_next = torch.argmax(logits, dim=-1, keepdim=True)
        if idx_next == end_id:
            break
        idx = torch.cat((idx, idx_next), dim=1)
    return idx[0].tolist()[len(prompt_ids):]
""",
    ),
    Alternative(
        name="generator-function",
        description="An endless generator of tokens, with takewhile and islice.",
        code="""from itertools import islice, takewhile


@torch.no_grad()
def generate_response(model, prompt_ids, max_new_tokens, context_length, end_id, choose=None):
    def tokens():
        ids = list(prompt_ids)
        while True:
            logits = model.eval()(torch.tensor(ids[-context_length:]).view(1, -1))[:, -1]
            ids.append(int((choose or (lambda row: row.topk(1).indices))(logits)))
            yield ids[-1]

    return list(takewhile(lambda token: token != end_id, islice(tokens(), max_new_tokens)))
""",
    ),
    Alternative(
        name="deque",
        description="A window that forgets by itself, a while loop, and the model put back into its mode.",
        code="""from collections import deque


@torch.no_grad()
def generate_response(model, prompt_ids, max_new_tokens, context_length, end_id, choose=None):
    was_training = model.training
    model.eval()
    try:
        window, answer = deque(prompt_ids, maxlen=context_length), []
        while len(answer) < max_new_tokens:
            scores = model(torch.tensor(list(window)).unsqueeze(0))[0, -1]
            token = scores.max(0).indices.item() if choose is None else choose(scores.unsqueeze(0)).item()
            if token == end_id:
                return answer
            window.append(token)
            answer.append(token)
        return answer
    finally:
        model.train(was_training)
""",
    ),
    Alternative(
        name="recursive",
        description="One token, and the rest by recursion.",
        code="""def generate_response(model, prompt_ids, max_new_tokens, context_length, end_id, choose=None):
    if max_new_tokens == 0:
        return []
    model.eval()
    with torch.inference_mode():
        logits = model(torch.tensor([prompt_ids[max(0, len(prompt_ids) - context_length):]]))[:, -1]
        token = (torch.argmax(logits, 1, keepdim=True) if choose is None else choose(logits)).item()
    if token == end_id:
        return []
    rest = generate_response(model, prompt_ids + [token], max_new_tokens - 1, context_length, end_id, choose)
    return [token] + rest
""",
    ),
]

_RIGHT = """@torch.no_grad()
def generate_response(model, prompt_ids, max_new_tokens, context_length, end_id, choose=None):
    model.eval()
    idx = torch.tensor(prompt_ids).unsqueeze(0)
    start = idx.shape[1]
    for _ in range(max_new_tokens):
        idx_cond = idx[:, -context_length:]
        logits = model(idx_cond)
        logits = logits[:, -1, :]
        if choose is None:
            idx_next = torch.argmax(logits, dim=-1, keepdim=True)
        else:
            idx_next = choose(logits)
        if idx_next.item() == end_id:
            break
        idx = torch.cat((idx, idx_next), dim=1)
    return idx[0, start:].tolist()
"""

_LISTS_RIGHT = """@torch.no_grad()
def generate_response(model, prompt_ids, max_new_tokens, context_length, end_id, choose=None):
    model.eval()
    ids = list(prompt_ids)
    answer = []
    while len(answer) < max_new_tokens:
        logits = model(torch.tensor([ids[-context_length:]]))[:, -1]
        token = int(logits.argmax() if choose is None else choose(logits))
        if token == end_id:
            break
        ids.append(token)
        answer.append(token)
    return answer
"""

_SEE = "04_responses: Exercise 1: generate_response"
_mistake = partial(made_in, _RIGHT, see=_SEE)
_lists_mistake = partial(made_in, _LISTS_RIGHT, see=_SEE)

MISTAKES = [
    _mistake(
        "never-stops",
        "You never look whether the end-of-text was chosen, so the answer runs on to its greatest length. Stop at `end_id`.",
        ("        if idx_next.item() == end_id:\n            break\n", ""),
    ),
    _mistake(
        "end-of-text-kept",
        "You stop at the end-of-text, but only after putting it behind the answer. Look before you append: it is no part of the answer.",
        (
            "        if idx_next.item() == end_id:\n            break\n        idx = torch.cat((idx, idx_next), dim=1)\n",
            "        idx = torch.cat((idx, idx_next), dim=1)\n        if idx_next.item() == end_id:\n            break\n",
        ),
    ),
    _mistake(
        "prompt-returned-too",
        "You give back the prompt together with the answer. Only the new ids are wanted: those from the prompt's length on.",
        ("idx[0, start:]", "idx[0]"),
    ),
    _mistake(
        "first-tokens-kept",
        "Your window keeps the first `context_length` tokens, so the model never sees the end of a long prompt, nor its own "
        "words. Keep the last ones: `[-context_length:]`.",
        ("idx[:, -context_length:]", "idx[:, :context_length]"),
    ),
    _mistake(
        "no-window",
        "Your model gets all tokens, however many there are. It reads `context_length` at most: keep the last ones.",
        ("idx_cond = idx[:, -context_length:]", "idx_cond = idx"),
    ),
    _mistake(
        "prompt-cropped-once",
        "You shorten the prompt once, before the loop. The answer makes the text longer with every token: the window must move "
        "along, in the loop.",
        ("    for _ in range", "    idx = idx[:, -context_length:]\n    start = idx.shape[1]\n    for _ in range"),
        ("idx_cond = idx[:, -context_length:]", "idx_cond = idx"),
    ),
    _mistake(
        "answer-cut-from-the-window",
        "You keep the window in place of all ids. As soon as it moves, the prompt's length no longer says where the answer begins.",
        ("idx_cond = idx[:, -context_length:]", "idx = idx_cond = idx[:, -context_length:]"),
    ),
    _mistake(
        "first-position",
        "You read the logits of the first position. The next token is told by the last one: `[:, -1]`.",
        ("logits[:, -1, :]", "logits[:, 0, :]"),
    ),
    _mistake(
        "choose-ignored",
        "You always take the most probable token. When `choose` is given, it chooses.",
        (
            "        if choose is None:\n            idx_next = torch.argmax(logits, dim=-1, keepdim=True)\n        else:\n"
            "            idx_next = choose(logits)\n",
            "        idx_next = torch.argmax(logits, dim=-1, keepdim=True)\n",
        ),
    ),
    _mistake(
        "choose-gets-probabilities",
        "You apply a softmax before `choose`. It wants the logits as they are; temperature and softmax are its own business.",
        ("choose(logits)", "choose(logits.softmax(dim=-1))"),
    ),
    _mistake(
        "choose-asked-twice",
        "You call `choose` twice for one token: once to look whether it is the end, once to take it. It draws at random, so the "
        "two may differ. Call it once and keep what it gives.",
        (
            "        if idx_next.item() == end_id:",
            "        if (idx_next if choose is None else choose(logits)).item() == end_id:",
        ),
    ),
    _mistake(
        "dropout-on",
        "Your model may still be in training mode, where dropout makes its answers worse, and different each time. Call "
        "`model.eval()` first.",
        ("    model.eval()\n", ""),
    ),
    _mistake(
        "end-in-the-prompt",
        "You look for the end-of-text among all ids. When it stands in the prompt, your answer is over before it begins. Look at "
        "the chosen token only.",
        (
            "        if idx_next.item() == end_id:\n            break\n        idx = torch.cat((idx, idx_next), dim=1)\n",
            "        if end_id in idx:\n            break\n        idx = torch.cat((idx, idx_next), dim=1)\n",
        ),
    ),
    _mistake(
        "cut-after-the-prompts-end",
        "You cut at the first end-of-text of the whole text, and it may stand in the prompt. Cut the new ids only.",
        ("        if idx_next.item() == end_id:\n            break\n", ""),
        (
            "    return idx[0, start:].tolist()",
            "    ids = idx[0].tolist()\n    return ids[start : ids.index(end_id)] if end_id in ids else ids[start:]",
        ),
    ),
    _lists_mistake(
        "callers-list-grows",
        "You append to the caller's own list: `ids = prompt_ids` makes no copy. Write `list(prompt_ids)`.",
        ("ids = list(prompt_ids)", "ids = prompt_ids"),
    ),
    _lists_mistake(
        "prompt-counts-as-new",
        "`max_new_tokens` counts the new tokens only; you count the prompt's tokens too, so long prompts get short answers.",
        ("while len(answer) < max_new_tokens", "while len(ids) < max_new_tokens"),
    ),
    _lists_mistake(
        "one-too-many",
        "You give one token more than `max_new_tokens`: `<=` goes round once too often.",
        ("while len(answer) < max_new_tokens", "while len(answer) <= max_new_tokens"),
    ),
    _lists_mistake(
        "model-forgets-the-answer",
        "You never put the new token behind the ids that the model reads, so it chooses the same token again and again.",
        ("        ids.append(token)\n", ""),
    ),
]

EQUIVALENTS = [
    Equivalent(
        "logits = model(torch.tensor([window], device=device))[:, -1]",
        "keyword device dropped",
        "On a CPU there is one device only.",
    ),
    Equivalent(
        "chosen = logits.argmax(dim=-1) if choose is None else choose(logits)",
        "keyword dim dropped",
        "There is one row of logits, so its greatest is the greatest of all.",
    ),
    Equivalent(
        "chosen = logits.argmax(dim=-1) if choose is None else choose(logits)",
        "- dropped",
        "There is one row of logits, so its greatest is the greatest of all.",
    ),
]
