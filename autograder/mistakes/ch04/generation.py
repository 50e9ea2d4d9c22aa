"""Known mistakes of chapter 4: the table of next tokens, greedy generation."""

from __future__ import annotations

from autograder.catalogue import Mistake, made_in

# --- next_token_table ----------------------------------------------------------------------------------------------

_TABLE_RIGHT = """def next_token_table(model, idx, k):
    logits = model(idx)
    last = logits[0, -1]
    probs = torch.softmax(last, dim=-1)
    values, places = torch.topk(probs, min(k, probs.shape[-1]))
    return [(place.item(), value.item()) for value, place in zip(values, places)]
"""


def _table(name: str, explanation: str, *changes: tuple[str, str]) -> Mistake:
    see = "04_generation: Exercise 1: a table of next tokens"
    return made_in(_TABLE_RIGHT, "ch04/next-token-table", name, explanation, *changes, see=see)


_TABLE = [
    _table(
        "first-position",
        "You read the row of the first position, which rates what follows the first token. The last row rates what follows "
        "the text: index -1.",
        ("logits[0, -1]", "logits[0, 0]"),
    ),
    _table(
        "one-before-the-last",
        "You read the row before the last one, which rates the text's last token. What follows it stands in the last row: "
        "index -1.",
        ("logits[0, -1]", "logits[0, max(0, logits.shape[1] - 2)]"),
    ),
    _table(
        "mean-over-positions",
        "You average the rows of all positions. Only the last one rates what follows the text.",
        ("logits[0, -1]", "logits[0].mean(dim=0)"),
    ),
    _table(
        "softmax-over-positions",
        "Your softmax runs over the positions, so that each token competes with itself. It runs over the vocabulary: "
        "`dim=-1`.",
        ("    last = logits[0, -1]\n    probs = torch.softmax(last, dim=-1)\n",
         "    probs = torch.softmax(logits[0], dim=0)[-1]\n"),
    ),
    _table(
        "logits-for-probabilities",
        "You list logits. Turn the row into probabilities with a softmax.",
        ("torch.softmax(last, dim=-1)", "last"),
    ),
    _table(
        "log-probabilities",
        "You list logarithms of probabilities, which are negative. Use the softmax, or take the exponential of what you have.",
        ("torch.softmax(last, dim=-1)", "torch.log_softmax(last, dim=-1)"),
    ),
    _table(
        "sigmoid",
        "You turn each logit into a probability by itself, with a sigmoid, so that they do not sum to 1 over the vocabulary. "
        "Tokens compete: use the softmax.",
        ("torch.softmax(last, dim=-1)", "torch.sigmoid(last)"),
    ),
    _table(
        "softmax-over-the-chosen",
        "Your softmax runs over the k chosen tokens only, which hands them the share of all others. Take it over the whole "
        "vocabulary, then choose.",
        ("    probs = torch.softmax(last, dim=-1)\n    values, places = torch.topk(probs, min(k, probs.shape[-1]))\n",
         "    values, places = torch.topk(last, min(k, last.shape[-1]))\n    values = torch.softmax(values, dim=-1)\n"),
    ),
    _table(
        "made-to-sum-to-one",
        "You divide the k probabilities by their sum. They are shares of the whole vocabulary, and the rest belongs to the "
        "tokens that are not shown.",
        ("    return [", "    values = values / values.sum()\n    return ["),
    ),
    _table(
        "exponentials-without-care",
        "You take exponentials of the logits themselves, which overflow when these are large, and vanish when they are very "
        "negative. Subtract the largest logit first, as `torch.softmax` does.",
        ("torch.softmax(last, dim=-1)", "last.exp() / last.exp().sum()"),
    ),
    _table(
        "no-division",
        "Your exponentials are not divided by their sum, so they are no probabilities.",
        ("torch.softmax(last, dim=-1)", "(last - last.max()).exp()"),
    ),
    _table(
        "pairs-swapped",
        "Your pairs begin with the probability. The id comes first.",
        ("(place.item(), value.item())", "(value.item(), place.item())"),
    ),
    _table(
        "rank-for-id",
        "You number the tokens by their rank. The id is the token's place in the vocabulary, which `topk` gives as its second "
        "result.",
        ("[(place.item(), value.item()) for value, place in zip(values, places)]",
         "[(rank, value.item()) for rank, value in enumerate(values)]"),
    ),
    _table(
        "least-probable-first",
        "Your table begins with the smallest of the k probabilities. The most probable token comes first.",
        ("zip(values, places)", "zip(values.flip(0), places.flip(0))"),
    ),
    _table(
        "the-least-probable",
        "You list the least probable tokens. A sort goes upwards unless it is told otherwise: `descending=True`, or take its "
        "end.",
        ("torch.topk(probs, min(k, probs.shape[-1]))", "torch.topk(probs, min(k, probs.shape[-1]), largest=False)"),
    ),
    _table(
        "too-long-table-crashes",
        "When k is larger than the vocabulary, your `topk` raises an error. The table then has all tokens: limit k.",
        ("min(k, probs.shape[-1])", "k"),
    ),
    _table(
        "tensors-in-the-table",
        "Your table holds tensors. Turn them into plain numbers, with `.item()` or `.tolist()`.",
        ("(place.item(), value.item())", "(place, value)"),
    ),
    _table(
        "percent",
        "Your probabilities are in percent. They are to lie between 0 and 1.",
        ("value.item())", "100 * value.item())"),
    ),
]  # fmt: skip

# --- generate_greedy -----------------------------------------------------------------------------------------------

_GREEDY_RIGHT = """def generate_greedy(model, idx, max_new_tokens, context_length):
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


def _greedy(name: str, explanation: str, *changes: tuple[str, str]) -> Mistake:
    see = "04_generation: Exercise 2: generate_greedy"
    return made_in(_GREEDY_RIGHT, "ch04/generate-greedy", name, explanation, *changes, see=see)


_GREEDY = [
    _greedy(
        "crop-to-the-first",
        "When the text is too long, you give the model its first tokens, so that it never sees how the text goes on. Give it "
        "the last ones: `idx[:, -context_length:]`.",
        ("idx[:, -context_length:]", "idx[:, :context_length]"),
    ),
    _greedy(
        "no-crop",
        "You give the model the whole text, however long it is. It can read `context_length` tokens: give it the last ones.",
        ("idx[:, -context_length:]", "idx"),
    ),
    _greedy(
        "crop-once",
        "You crop the prompt once, before the loop, so that the text grows beyond the context again, and the prompt's "
        "beginning is lost. Crop what the model gets, in every step.",
        ("    for _ in", "    idx = idx[:, -context_length:]\n    for _ in"),
        ("idx[:, -context_length:]\n        with", "idx\n        with"),
    ),
    _greedy(
        "result-cropped",
        "You crop the text itself, so the result loses its beginning. Crop only what the model gets, under another name.",
        ("        idx_cond = idx[:, -context_length:]\n", "        idx = idx[:, -context_length:]\n"),
        ("model(idx_cond)", "model(idx)"),
    ),
    _greedy(
        "one-token-too-few",
        "Your window has one token less than the context: the model may read `context_length` tokens.",
        ("idx[:, -context_length:]", "idx[:, -max(1, context_length - 1):]"),
    ),
    _greedy(
        "only-the-newest-token",
        "After the first step you give the model the newest token only. Without a cache it remembers nothing: it has to read "
        "the text again, in every step.",
        ("    for _ in", "    for step in"),
        ("idx_cond = idx[:, -context_length:]", "idx_cond = idx[:, -context_length:] if step == 0 else idx[:, -1:]"),
    ),
    _greedy(
        "only-the-last-token",
        "You give the model the last token only. It reads the text up to there, at most `context_length` tokens of it.",
        ("idx[:, -context_length:]", "idx[:, -1:]"),
    ),
    _greedy(
        "always-the-prompt",
        "You give the model the prompt in every step, so that it never sees what it has written.",
        ("    for _ in", "    prompt = idx\n    for _ in"),
        ("idx[:, -context_length:]", "prompt[:, -context_length:]"),
    ),
    _greedy(
        "first-position",
        "You take the logits of the first position. Those of the last one rate what comes next: index -1.",
        ("logits[:, -1, :]", "logits[:, 0, :]"),
    ),
    _greedy(
        "one-token-for-all-rows",
        "Your arg-max runs over the whole batch, and all rows get the same token. Each row has its own: `dim=-1`.",
        ("torch.argmax(logits, dim=-1, keepdim=True)", "(logits.argmax() % logits.shape[-1]).expand(len(idx), 1)"),
    ),
    _greedy(
        "first-row-for-all",
        "Every row gets the token of the first row. Each row has its own most probable token.",
        ("torch.argmax(logits, dim=-1, keepdim=True)", "torch.argmax(logits[0]).expand(len(idx), 1)"),
    ),
    _greedy(
        "arg-max-over-the-batch",
        "Your arg-max runs over the rows of the batch. It runs over the vocabulary, the last dimension.",
        ("torch.argmax(logits, dim=-1, keepdim=True)",
         "torch.argmax(logits, dim=0, keepdim=True)[:, :1].expand(len(idx), 1)"),
    ),
    _greedy(
        "drawn-at-random",
        "You draw the next token at random. Greedy generation takes the most probable one.",
        ("torch.argmax(logits, dim=-1, keepdim=True)", "torch.multinomial(torch.softmax(logits, dim=-1), 1)"),
    ),
    _greedy(
        "least-probable",
        "You take the least probable token. It is the largest logit that is wanted.",
        ("torch.argmax(", "torch.argmin("),
    ),
    _greedy(
        "dimension-lost",
        "Your new tokens have the shape (B), and `torch.cat` wants (B, 1): use `keepdim=True`.",
        ("dim=-1, keepdim=True", "dim=-1"),
    ),
    _greedy(
        "put-in-front",
        "You put the new token in front of the text. It goes behind.",
        ("(idx, idx_next)", "(idx_next, idx)"),
    ),
    _greedy(
        "appended-as-rows",
        "You append the new tokens as further rows of the batch. They belong behind each row: `dim=1`.",
        ("torch.cat((idx, idx_next), dim=1)", "torch.cat((idx, idx_next.expand(-1, idx.shape[1])), dim=0)"),
    ),
    _greedy(
        "without-the-prompt",
        "You return the new tokens alone. The result begins with the prompt.",
        ("    for _ in", "    length = idx.shape[1]\n    for _ in"),
        ("return idx", "return idx[:, length:]"),
    ),
    _greedy(
        "one-too-many",
        "You append one token too many: `max_new_tokens` of them are wanted.",
        ("range(max_new_tokens)", "range(max_new_tokens + 1)"),
    ),
    _greedy(
        "at-least-one",
        "You append a token even when none is wanted: with `max_new_tokens=0` the prompt comes back as it is.",
        ("range(max_new_tokens)", "range(max(1, max_new_tokens))"),
    ),
    _greedy(
        "filled-up-to",
        "You take `max_new_tokens` for the length of the whole result. It is the number of tokens that are added.",
        ("range(max_new_tokens)", "range(max_new_tokens - idx.shape[1])"),
    ),
    _greedy(
        "returns-too-early",
        "Your `return` stands inside the loop, so that it ends after one step.",
        ("    model.train(was_training)\n    return idx\n", "        model.train(was_training)\n        return idx\n    return idx\n"),
    ),
    _greedy(
        "dropout-left-on",
        "Your model generates in the mode in which it came. In training mode dropout is at work: call `model.eval()` first.",
        ("    model.eval()\n", ""),
    ),
    _greedy(
        "never-back",
        "You leave the model in evaluation mode. Put it back into the mode in which it came: `model.train(was_training)`.",
        ("    model.train(was_training)\n", ""),
    ),
    _greedy(
        "always-to-training-mode",
        "You leave the model in training mode even when it came in evaluation mode. Remember `model.training` before you "
        "change it.",
        ("model.train(was_training)", "model.train()"),
    ),
    _greedy(
        "mode-read-too-late",
        "You look at `model.training` after you have switched to evaluation mode, so it is always False.",
        ("    was_training = model.training\n    model.eval()\n", "    model.eval()\n    was_training = model.training\n"),
    ),
    _greedy(
        "gradients-recorded",
        "PyTorch records gradients while you generate, and keeps every step in memory. Use `torch.no_grad()`.",
        ("        with torch.no_grad():\n            logits = model(idx_cond)\n", "        logits = model(idx_cond)\n"),
    ),
    _greedy(
        "prompt-overwritten",
        "You move the window by writing into it, and it is a piece of the caller's tensor: a slice shares its memory. Make new "
        "tensors.",
        ("        idx = torch.cat((idx, idx_next), dim=1)\n",
         "        idx = torch.cat((idx, idx_next), dim=1)\n        idx_cond[:, -1:] = idx_next\n"),
    ),
]  # fmt: skip

MISTAKES: list[Mistake] = [*_TABLE, *_GREEDY]
