"""Answers to exercise 2 of 04_generation: generate_greedy."""

from __future__ import annotations

from functools import partial

from autograder.answers import Alternative, in_other_choices, made_in

ALTERNATIVES = [
    Alternative(
        name="decorator",
        description="no_grad as a decorator, the softmax before the arg-max, as in the book; finally.",
        code="""@torch.no_grad()
def generate_greedy(model, idx, max_new_tokens, context_length):
    training = model.training
    model.eval()
    try:
        for _ in range(max_new_tokens):
            logits = model(idx[:, -context_length:])
            probas = torch.softmax(logits[:, -1, :], dim=-1)
            idx = torch.cat((idx, torch.argmax(probas, dim=-1, keepdim=True)), dim=1)
        return idx
    finally:
        if training:
            model.train()
""",
    ),
    Alternative(
        name="buffer",
        description="A tensor of the final size that is filled, in inference mode.",
        code="""def generate_greedy(model, idx, max_new_tokens, context_length):
    B, T = idx.shape
    text = torch.zeros(B, T + max_new_tokens, dtype=idx.dtype, device=idx.device)
    text[:, :T] = idx
    mode = model.training
    model.train(False)
    with torch.inference_mode():
        for end in range(T, T + max_new_tokens):
            text[:, end] = model(text[:, max(0, end - context_length):end])[:, -1].max(dim=-1).indices
    model.train(mode)
    return text
""",
    ),
    Alternative(
        name="recursion",
        description="One step and then itself.",
        code="""def generate_greedy(model, idx, max_new_tokens, context_length):
    if max_new_tokens == 0:
        return idx
    before = model.training
    with torch.no_grad():
        best = model.eval()(idx[:, -context_length:]).topk(1, dim=-1).indices[:, -1]
    model.train(before)
    return generate_greedy(model, torch.hstack([idx, best]), max_new_tokens - 1, context_length)
""",
    ),
    Alternative(
        name="list-of-columns",
        description="A list of columns, stacked for each step, no_grad around the call only.",
        code="""def generate_greedy(model, idx, max_new_tokens, context_length):
    was_training = model.training
    model.eval()
    columns = list(idx.unbind(dim=1))
    while len(columns) < idx.shape[1] + max_new_tokens:
        window = torch.stack(columns[-context_length:], dim=1)
        with torch.no_grad():
            logits = model(window)
        columns.append(torch.argmax(logits[:, -1], dim=-1))
    if was_training:
        model.train()
    return torch.stack(columns, dim=1)
""",
    ),
    Alternative(
        name="row-by-row",
        description="Each row by itself, as a Python list; gradients switched off and on again.",
        code="""def generate_greedy(model, idx, max_new_tokens, context_length):
    mode, recording = model.training, torch.is_grad_enabled()
    model.eval()
    torch.set_grad_enabled(False)
    rows = []
    for row in idx.tolist():
        for _ in range(max_new_tokens):
            logits = model(torch.tensor([row[-context_length:]]))[0, -1]
            row.append(int(logits.argmax()))
        rows.append(row)
    torch.set_grad_enabled(recording)
    model.train(mode)
    return torch.tensor(rows, dtype=idx.dtype)
""",
    ),
]

_RIGHT = """def generate_greedy(model, idx, max_new_tokens, context_length):
    was_training = model.training
    model.eval()
    for _ in range(max_new_tokens):
        idx_cond = idx[:, -context_length:]
        with torch.no_grad():
            logits = model(idx_cond)
        logits = logits[:, -1, :]
        idx_next = torch.argmax(logits, dim=-1, keepdim=True)
        idx = torch.cat((idx, idx_next), dim=1)
    model.train(was_training)
    return idx
"""

_mistake = partial(made_in, _RIGHT, see="04_generation: Exercise 2: generate_greedy")

MISTAKES = [
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
        "crop-once",
        "You crop the prompt once, before the loop, so that the text grows beyond the context again, and the prompt's "
        "beginning is lost. Crop what the model gets, in every step.",
        ("    for _ in", "    idx = idx[:, -context_length:]\n    for _ in"),
        ("idx[:, -context_length:]\n        with", "idx\n        with"),
    ),
    _mistake(
        "result-cropped",
        "You crop the text itself, so the result loses its beginning. Crop only what the model gets, under another name.",
        ("        idx_cond = idx[:, -context_length:]\n", "        idx = idx[:, -context_length:]\n"),
        ("model(idx_cond)", "model(idx)"),
    ),
    _mistake(
        "one-token-too-few",
        "Your window has one token less than the context: the model may read `context_length` tokens.",
        ("idx[:, -context_length:]", "idx[:, -max(1, context_length - 1):]"),
    ),
    _mistake(
        "only-the-newest-token",
        "After the first step you give the model the newest token only. Without a cache it remembers nothing: it has to read "
        "the text again, in every step.",
        ("    for _ in", "    for step in"),
        ("idx_cond = idx[:, -context_length:]", "idx_cond = idx[:, -context_length:] if step == 0 else idx[:, -1:]"),
    ),
    _mistake(
        "only-the-last-token",
        "You give the model the last token only. It reads the text up to there, at most `context_length` tokens of it.",
        ("idx[:, -context_length:]", "idx[:, -1:]"),
    ),
    _mistake(
        "always-the-prompt",
        "You give the model the prompt in every step, so that it never sees what it has written.",
        ("    for _ in", "    prompt = idx\n    for _ in"),
        ("idx[:, -context_length:]", "prompt[:, -context_length:]"),
    ),
    _mistake(
        "first-position",
        "You take the logits of the first position. Those of the last one rate what comes next: index -1.",
        ("logits[:, -1, :]", "logits[:, 0, :]"),
    ),
    _mistake(
        "one-token-for-all-rows",
        "Your arg-max runs over the whole batch, and all rows get the same token. Each row has its own: `dim=-1`.",
        ("torch.argmax(logits, dim=-1, keepdim=True)", "(logits.argmax() % logits.shape[-1]).expand(len(idx), 1)"),
    ),
    _mistake(
        "first-row-for-all",
        "Every row gets the token of the first row. Each row has its own most probable token.",
        ("torch.argmax(logits, dim=-1, keepdim=True)", "torch.argmax(logits[0]).expand(len(idx), 1)"),
    ),
    _mistake(
        "arg-max-over-the-batch",
        "Your arg-max runs over the rows of the batch. It runs over the vocabulary, the last dimension.",
        (
            "torch.argmax(logits, dim=-1, keepdim=True)",
            "torch.argmax(logits, dim=0, keepdim=True)[:, :1].expand(len(idx), 1)",
        ),
    ),
    _mistake(
        "drawn-at-random",
        "You draw the next token at random. Greedy generation takes the most probable one.",
        ("torch.argmax(logits, dim=-1, keepdim=True)", "torch.multinomial(torch.softmax(logits, dim=-1), 1)"),
    ),
    _mistake(
        "least-probable",
        "You take the least probable token. It is the largest logit that is wanted.",
        ("torch.argmax(", "torch.argmin("),
    ),
    _mistake(
        "dimension-lost",
        "Your new tokens have the shape (B), and `torch.cat` wants (B, 1): use `keepdim=True`.",
        ("dim=-1, keepdim=True", "dim=-1"),
    ),
    _mistake(
        "put-in-front",
        "You put the new token in front of the text. It goes behind.",
        ("(idx, idx_next)", "(idx_next, idx)"),
    ),
    _mistake(
        "appended-as-rows",
        "You append the new tokens as further rows of the batch. They belong behind each row: `dim=1`.",
        ("torch.cat((idx, idx_next), dim=1)", "torch.cat((idx, idx_next.expand(-1, idx.shape[1])), dim=0)"),
    ),
    _mistake(
        "without-the-prompt",
        "You return the new tokens alone. The result begins with the prompt.",
        ("    for _ in", "    length = idx.shape[1]\n    for _ in"),
        ("return idx", "return idx[:, length:]"),
    ),
    _mistake(
        "one-too-many",
        "You append one token too many: `max_new_tokens` of them are wanted.",
        ("range(max_new_tokens)", "range(max_new_tokens + 1)"),
    ),
    _mistake(
        "at-least-one",
        "You append a token even when none is wanted: with `max_new_tokens=0` the prompt comes back as it is.",
        ("range(max_new_tokens)", "range(max(1, max_new_tokens))"),
    ),
    _mistake(
        "filled-up-to",
        "You take `max_new_tokens` for the length of the whole result. It is the number of tokens that are added.",
        ("range(max_new_tokens)", "range(max_new_tokens - idx.shape[1])"),
    ),
    _mistake(
        "returns-too-early",
        "Your `return` stands inside the loop, so that it ends after one step.",
        (
            "    model.train(was_training)\n    return idx\n",
            "        model.train(was_training)\n        return idx\n    return idx\n",
        ),
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
        "always-to-training-mode",
        "You leave the model in training mode even when it came in evaluation mode. Remember `model.training` before you "
        "change it.",
        ("model.train(was_training)", "model.train()"),
    ),
    _mistake(
        "mode-read-too-late",
        "In the end your model is in evaluation mode, whatever mode it came in. Read `model.training` before `model.eval()`, and put that "
        "mode back at the end.",
        (
            "    was_training = model.training\n    model.eval()\n",
            "    model.eval()\n    was_training = model.training\n",
        ),
    ),
    _mistake(
        "gradients-recorded",
        "PyTorch records gradients while you generate, and keeps every step in memory. Use `torch.no_grad()`.",
        ("        with torch.no_grad():\n            logits = model(idx_cond)\n", "        logits = model(idx_cond)\n"),
    ),
    _mistake(
        "prompt-overwritten",
        "You move the window by writing into it, and it is a piece of the caller's tensor: a slice shares its memory. Make new "
        "tensors.",
        (
            "        idx = torch.cat((idx, idx_next), dim=1)\n",
            "        idx = torch.cat((idx, idx_next), dim=1)\n        idx_cond[:, -1:] = idx_next\n",
        ),
    ),
]

# What comes back when the loop does not run at all.
MISTAKES = in_other_choices(
    MISTAKES,
    (
        "        model.train(was_training)\n        return idx\n    return idx\n",
        "        model.train(was_training)\n        return idx\n",
    ),
)
