"""Answers to exercise 5 of 04_decoding: generate."""

from __future__ import annotations

from functools import partial

from autograder.answers import Alternative, made_in

ALTERNATIVES = [
    Alternative(
        name="decorator",
        description="no_grad as a decorator, try and finally, a return from inside the loop.",
        code="""@torch.no_grad()
def generate(model, idx, max_new_tokens, context_length, choose, eos_id=None):
    training = model.training
    model.eval()
    active = torch.ones(idx.shape[0], 1, dtype=torch.bool)
    try:
        for _ in range(max_new_tokens):
            logits = model(idx[:, -context_length:])[:, -1, :]
            new = choose(logits)
            if eos_id is not None:
                new = new * active + eos_id * ~active
                active = active & (new != eos_id)
            idx = torch.cat((idx, new), dim=1)
            if not active.any():
                return idx
        return idx
    finally:
        model.train(training)
""",
    ),
    Alternative(
        name="buffer",
        description="A tensor of the largest size filled with eos_id, cut in the end.",
        code="""def generate(model, idx, max_new_tokens, context_length, choose, eos_id=None):
    mode = model.training
    model.eval()
    B, T = idx.shape
    text = torch.full((B, T + max_new_tokens), 0 if eos_id is None else eos_id, dtype=idx.dtype)
    text[:, :T] = idx
    running = torch.ones(B, dtype=torch.bool)
    end = T
    with torch.inference_mode():
        while end < T + max_new_tokens and running.any():
            new = choose(model(text[:, max(0, end - context_length):end])[:, -1]).squeeze(1)
            text[running, end] = new[running]
            if eos_id is not None:
                running &= new != eos_id
            end += 1
    model.train(mode)
    return text[:, :end].clone()
""",
    ),
    Alternative(
        name="only-the-running-rows",
        description="Only rows that have not ended go through the model; texts as lists.",
        code="""def generate(model, idx, max_new_tokens, context_length, choose, eos_id=None):
    was_training = model.training
    model.eval()
    texts = idx.tolist()
    alive = list(range(len(texts)))
    with torch.no_grad():
        for _ in range(max_new_tokens):
            if not alive:
                break
            window = torch.tensor([texts[row][-context_length:] for row in alive])
            chosen = choose(model(window)[:, -1]).flatten().tolist()
            for row, token in zip(list(alive), chosen):
                texts[row].append(token)
                if token == eos_id:
                    alive.remove(row)
    model.train(was_training)
    longest = max(len(text) for text in texts)
    return torch.tensor([text + [eos_id] * (longest - len(text)) for text in texts])
""",
    ),
    Alternative(
        name="generator-function",
        description="An inner generator gives the columns; a set of the rows that have ended.",
        code="""def generate(model, idx, max_new_tokens, context_length, choose, eos_id=None):
    def columns():
        text, ended = idx, set()
        for _ in range(max_new_tokens):
            with torch.no_grad():
                new = choose(model(text[:, -context_length:])[:, -1]).clone()
            for row in ended:
                new[row] = eos_id
            yield new
            text = torch.hstack([text, new])
            if eos_id is not None:
                ended.update(row for row in range(len(new)) if new[row].item() == eos_id)
            if len(ended) == len(idx):
                return

    before = model.training
    model.eval()
    result = torch.cat([idx, *columns()], dim=1)
    if before:
        model.train()
    return result
""",
    ),
]

_RIGHT = """def generate(model, idx, max_new_tokens, context_length, choose, eos_id=None):
    was_training = model.training
    model.eval()
    finished = torch.zeros(idx.shape[0], 1, dtype=torch.bool)
    for _ in range(max_new_tokens):
        idx_cond = idx[:, -context_length:]
        with torch.no_grad():
            logits = model(idx_cond)
        logits = logits[:, -1, :]
        idx_next = choose(logits)
        if eos_id is not None:
            idx_next = idx_next.masked_fill(finished, eos_id)
            finished = finished | (idx_next == eos_id)
        idx = torch.cat((idx, idx_next), dim=1)
        if eos_id is not None and finished.all():
            break
    model.train(was_training)
    return idx
"""

_mistake = partial(made_in, _RIGHT, see="04_decoding: Exercise 5: generate")

MISTAKES = [
    _mistake(
        "one-row-ends-all",
        "As soon as one row has ended, you stop for all of them. Go on until **all** rows have ended.",
        ("finished.all()", "finished.any()"),
    ),
    _mistake(
        "ends-when-all-end-at-once",
        "You stop only when all rows have the end-of-text token in the same step, and rows that have ended go on writing. "
        "Remember for each row that it has ended, and pad it.",
        (
            "            idx_next = idx_next.masked_fill(finished, eos_id)\n            finished = finished | (idx_next == eos_id)\n",
            "            finished = idx_next == eos_id\n",
        ),
    ),
    _mistake(
        "ended-rows-go-on",
        "Rows that have ended go on writing. From their end on they get nothing but `eos_id`.",
        ("            idx_next = idx_next.masked_fill(finished, eos_id)\n", ""),
    ),
    _mistake(
        "never-stops",
        "You go on until `max_new_tokens`, though all rows have ended. Leave the loop then.",
        ("        if eos_id is not None and finished.all():\n            break\n", ""),
    ),
    _mistake(
        "padded-with-zero",
        "You fill ended rows up with 0. They get `eos_id`.",
        (
            "            idx_next = idx_next.masked_fill(finished, eos_id)\n            finished = finished | (idx_next == eos_id)\n",
            "            idx_next = idx_next.masked_fill(finished, 0)\n            finished = finished | (idx_next == eos_id)\n",
        ),
    ),
    _mistake(
        "end-not-appended",
        "You stop before you have appended the last tokens, so the end-of-text token that ended the last row is missing.",
        (
            "        idx = torch.cat((idx, idx_next), dim=1)\n        if eos_id is not None and finished.all():\n            break\n",
            "        if eos_id is not None and finished.all():\n            break\n        idx = torch.cat((idx, idx_next), dim=1)\n",
        ),
    ),
    _mistake(
        "one-step-too-late",
        "You notice one step too late that all rows have ended, and append a column of padding.",
        ("        if eos_id is not None and finished.all():\n            break\n", ""),
        (
            "            idx_next = idx_next.masked_fill(finished, eos_id)\n",
            "            idx_next = idx_next.masked_fill(finished, eos_id)\n            if finished.all():\n"
            "                idx = torch.cat((idx, idx_next), dim=1)\n                break\n",
        ),
    ),
    _mistake(
        "end-noticed-late",
        "You look at the last token of each text before you choose the next one. In the first step that is the prompt's own, "
        "which ends nothing, and later the end is noticed one step too late. Look at the tokens just chosen.",
        (
            "            idx_next = idx_next.masked_fill(finished, eos_id)\n            finished = finished | (idx_next == eos_id)\n",
            "            finished = finished | (idx[:, -1:] == eos_id)\n            idx_next = idx_next.masked_fill(finished, eos_id)\n",
        ),
    ),
    _mistake(
        "end-in-the-prompt",
        "You look for the end-of-text token in the whole text, prompt included. Only tokens that the model has chosen end a "
        "row.",
        (
            "            finished = finished | (idx_next == eos_id)\n        idx = torch.cat((idx, idx_next), dim=1)\n",
            "        idx = torch.cat((idx, idx_next), dim=1)\n        if eos_id is not None:\n"
            "            finished = (idx == eos_id).any(dim=1, keepdim=True)\n",
        ),
    ),
    _mistake(
        "zero-is-no-end",
        "You ask `if eos_id`, which is false for token 0. Ask `if eos_id is not None`.",
        ("        if eos_id is not None:\n", "        if eos_id:\n"),
    ),
    _mistake(
        "first-row-decides",
        "You look at the first row alone to see whether the texts have ended. Each row ends by itself.",
        (
            "            finished = finished | (idx_next == eos_id)\n",
            "            finished = finished | (idx_next[0] == eos_id)\n",
        ),
    ),
    _mistake(
        "ended-rows-left-out",
        "You drop rows that have ended, and with them their texts. They stay in the batch, padded.",
        (
            "        idx = torch.cat((idx, idx_next), dim=1)\n",
            "        idx = torch.cat((idx, idx_next), dim=1)\n        if eos_id is not None and not finished.all():\n"
            "            idx, finished = idx[~finished[:, 0]], finished[~finished[:, 0]]\n",
        ),
    ),
    _mistake(
        "crop-to-the-first",
        "When the text is too long, you give the model its first tokens, so that it never sees how the text goes on. Give it "
        "the last ones: `idx[:, -context_length:]`.",
        ("idx[:, -context_length:]", "idx[:, :context_length]"),
    ),
    _mistake(
        "no-crop",
        "You give the model the whole text, however long it is. It can read `context_length` tokens: give it the last ones.",
        ("idx[:, -context_length:]", "idx"),
    ),
    _mistake(
        "result-cropped",
        "You crop the text itself, so the result loses its beginning. Crop only what the model gets, under another name.",
        ("        idx_cond = idx[:, -context_length:]\n", "        idx = idx[:, -context_length:]\n"),
        ("model(idx_cond)", "model(idx)"),
    ),
    _mistake(
        "only-the-newest-token",
        "After the first step you give the model the newest token only, as one does with a KV cache. This model has none: it "
        "has to read the text again, in every step.",
        ("    for _ in", "    for step in"),
        ("idx_cond = idx[:, -context_length:]", "idx_cond = idx[:, -context_length:] if step == 0 else idx[:, -1:]"),
    ),
    _mistake(
        "first-position",
        "You choose from the logits of the first position. Those of the last one rate what comes next: index -1.",
        ("logits[:, -1, :]", "logits[:, 0, :]"),
    ),
    _mistake(
        "choose-ignored",
        "You take the most probable token and never call `choose`. The caller decides how to choose.",
        ("choose(logits)", "logits.argmax(dim=-1, keepdim=True)"),
    ),
    _mistake(
        "probabilities-to-choose",
        "You hand probabilities to `choose`, which takes a softmax of its own, and a softmax of probabilities is nearly flat. "
        "Hand it the logits.",
        ("choose(logits)", "choose(torch.softmax(logits, dim=-1))"),
    ),
    _mistake(
        "chosen-once-for-all",
        "You choose for the first row, and all rows get its token. Hand `choose` all rows.",
        ("choose(logits)", "choose(logits[:1]).expand(len(idx), 1)"),
    ),
    _mistake(
        "without-the-prompt",
        "You return the new tokens alone. The result begins with the prompt.",
        ("    for _ in", "    length = idx.shape[1]\n    for _ in"),
        ("return idx", "return idx[:, length:]"),
    ),
    _mistake(
        "at-least-one",
        "You append a token even when none is wanted: with `max_new_tokens=0` the prompt comes back as it is.",
        ("range(max_new_tokens)", "range(max(1, max_new_tokens))"),
    ),
    _mistake(
        "dropout-left-on",
        "Your model generates in the mode in which it came. In training mode dropout is at work: call `model.eval()` first.",
        ("    model.eval()\n", ""),
    ),
    _mistake(
        "never-back",
        "You leave the model in evaluation mode. Put it back into the mode in which it came: `model.train(was_training)`.",
        ("    model.train(was_training)\n", ""),
    ),
    _mistake(
        "not-back-after-an-early-end",
        "When all rows end early, you return from inside the loop, and the model stays in evaluation mode. Leave the loop with "
        "`break`, or put the mode back before you return.",
        ("            break\n", "            return idx\n"),
    ),
    _mistake(
        "always-to-training-mode",
        "You leave the model in training mode even when it came in evaluation mode. Remember `model.training` before you "
        "change it.",
        ("model.train(was_training)", "model.train()"),
    ),
    _mistake(
        "gradients-recorded",
        "PyTorch records gradients while you generate, and keeps every step in memory. Use `torch.no_grad()`.",
        ("        with torch.no_grad():\n            logits = model(idx_cond)\n", "        logits = model(idx_cond)\n"),
    ),
    _mistake(
        "prompt-overwritten",
        "You write into the window that the model has read, and it is a piece of the caller's tensor: a slice shares its "
        "memory. Make new tensors.",
        (
            "        idx = torch.cat((idx, idx_next), dim=1)\n",
            "        idx = torch.cat((idx, idx_next), dim=1)\n        idx_cond[:, -1:] = idx_next\n",
        ),
    ),
]
