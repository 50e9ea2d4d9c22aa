"""Known mistakes of chapter 7's responses: generating, extracting, saving."""

from __future__ import annotations

from autograder.catalogue import Mistake, made_in

# --- generate_response ---------------------------------------------------------------------------------------------

_GENERATE_RIGHT = """@torch.no_grad()
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


def _generate(name: str, explanation: str, *changes: tuple[str, str], base: str = _GENERATE_RIGHT) -> Mistake:
    see = "04_responses: Exercise 1: generate_response"
    return made_in(base, "ch07/generate-response", name, explanation, *changes, see=see)


_GENERATES = [
    _generate(
        "never-stops",
        "You never look whether the end-of-text was chosen, so the answer runs on to its greatest length. Stop at `end_id`.",
        ("        if idx_next.item() == end_id:\n            break\n", ""),
    ),
    _generate(
        "end-of-text-kept",
        "You stop at the end-of-text, but only after putting it behind the answer. Look before you append: it is no part of the answer.",
        ("        if idx_next.item() == end_id:\n            break\n        idx = torch.cat((idx, idx_next), dim=1)\n",
         "        idx = torch.cat((idx, idx_next), dim=1)\n        if idx_next.item() == end_id:\n            break\n"),
    ),
    _generate(
        "prompt-returned-too",
        "You give back the prompt together with the answer. Only the new ids are wanted: those from the prompt's length on.",
        ("idx[0, start:]", "idx[0]"),
    ),
    _generate(
        "first-tokens-kept",
        "Your window keeps the first `context_length` tokens, so the model never sees the end of a long prompt, nor its own "
        "words. Keep the last ones: `[-context_length:]`.",
        ("idx[:, -context_length:]", "idx[:, :context_length]"),
    ),
    _generate(
        "no-window",
        "Your model gets all tokens, however many there are. It reads `context_length` at most: keep the last ones.",
        ("idx_cond = idx[:, -context_length:]", "idx_cond = idx"),
    ),
    _generate(
        "prompt-cropped-once",
        "You shorten the prompt once, before the loop. The answer makes the text longer with every token: the window must move "
        "along, in the loop.",
        ("    for _ in range", "    idx = idx[:, -context_length:]\n    start = idx.shape[1]\n    for _ in range"),
        ("idx_cond = idx[:, -context_length:]", "idx_cond = idx"),
    ),
    _generate(
        "answer-cut-from-the-window",
        "You keep the window in place of all ids. As soon as it moves, the prompt's length no longer says where the answer begins.",
        ("idx_cond = idx[:, -context_length:]", "idx = idx_cond = idx[:, -context_length:]"),
    ),
    _generate(
        "first-position",
        "You read the logits of the first position. The next token is told by the last one: `[:, -1]`.",
        ("logits[:, -1, :]", "logits[:, 0, :]"),
    ),
    _generate(
        "choose-ignored",
        "You always take the most probable token. When `choose` is given, it chooses.",
        ("        if choose is None:\n            idx_next = torch.argmax(logits, dim=-1, keepdim=True)\n        else:\n"
         "            idx_next = choose(logits)\n",
         "        idx_next = torch.argmax(logits, dim=-1, keepdim=True)\n"),
    ),
    _generate(
        "choose-gets-probabilities",
        "You apply a softmax before `choose`. It wants the logits as they are; temperature and softmax are its own business.",
        ("choose(logits)", "choose(logits.softmax(dim=-1))"),
    ),
    _generate(
        "choose-asked-twice",
        "You call `choose` twice for one token: once to look whether it is the end, once to take it. It draws at random, so the "
        "two may differ. Call it once and keep what it gives.",
        ("        if idx_next.item() == end_id:",
         "        if (idx_next if choose is None else choose(logits)).item() == end_id:"),
    ),
    _generate(
        "dropout-on",
        "Your model may still be in training mode, where dropout makes its answers worse, and different each time. Call "
        "`model.eval()` first.",
        ("    model.eval()\n", ""),
    ),
    _generate(
        "end-in-the-prompt",
        "You look for the end-of-text among all ids. When it stands in the prompt, your answer is over before it begins. Look at "
        "the chosen token only.",
        ("        if idx_next.item() == end_id:\n            break\n        idx = torch.cat((idx, idx_next), dim=1)\n",
         "        if end_id in idx:\n            break\n        idx = torch.cat((idx, idx_next), dim=1)\n"),
    ),
    _generate(
        "cut-after-the-prompts-end",
        "You cut at the first end-of-text of the whole text, and it may stand in the prompt. Cut the new ids only.",
        ("        if idx_next.item() == end_id:\n            break\n", ""),
        ("    return idx[0, start:].tolist()",
         "    ids = idx[0].tolist()\n    return ids[start : ids.index(end_id)] if end_id in ids else ids[start:]"),
    ),
    _generate(
        "callers-list-grows",
        "You append to the caller's own list: `ids = prompt_ids` makes no copy. Write `list(prompt_ids)`.",
        ("ids = list(prompt_ids)", "ids = prompt_ids"),
        base=_LISTS_RIGHT,
    ),
    _generate(
        "prompt-counts-as-new",
        "`max_new_tokens` counts the new tokens only; you count the prompt's tokens too, so long prompts get short answers.",
        ("while len(answer) < max_new_tokens", "while len(ids) < max_new_tokens"),
        base=_LISTS_RIGHT,
    ),
    _generate(
        "one-too-many",
        "You give one token more than `max_new_tokens`: `<=` goes round once too often.",
        ("while len(answer) < max_new_tokens", "while len(answer) <= max_new_tokens"),
        base=_LISTS_RIGHT,
    ),
    _generate(
        "model-forgets-the-answer",
        "You never put the new token behind the ids that the model reads, so it chooses the same token again and again.",
        ("        ids.append(token)\n", ""),
        base=_LISTS_RIGHT,
    ),
]  # fmt: skip

# --- extract_response ----------------------------------------------------------------------------------------------

_EXTRACT_RIGHT = """def extract_response(text, prompt):
    if not text.startswith(prompt):
        raise ValueError("another prompt")
    answer = text[len(prompt):]
    answer = answer.split(END_OF_TEXT, 1)[0]
    answer = answer.strip()
    if not prompt.strip().endswith(tuple(HEADERS)):
        for header in HEADERS:
            if answer.startswith(header):
                answer = answer[len(header):].strip()
                break
    return answer
"""
_FROM_THE_PROMPT = "    answer = text[len(prompt):]\n"
_OWN_HEADER = """    if not prompt.strip().endswith(tuple(HEADERS)):
        for header in HEADERS:
            if answer.startswith(header):
                answer = answer[len(header):].strip()
                break
"""


def _extract(name: str, explanation: str, *changes: tuple[str, str]) -> Mistake:
    see = "04_responses: Exercise 2: extract_response"
    return made_in(_EXTRACT_RIGHT, "ch07/extract-response", name, explanation, *changes, see=see)


_EXTRACTS = [
    _extract(
        "behind-the-first-header",
        "You take what stands behind the first header. When the user quotes the header, that is a piece of the request. Cut off "
        "the prompt by its length.",
        (_FROM_THE_PROMPT, "    header = next((h for h in HEADERS if h in text), '')\n"
                           "    answer = text.split(header, 1)[1] if header else text[len(prompt):]\n"),
    ),
    _extract(
        "behind-the-last-header",
        "You take what stands behind the last header. When the answer itself holds one, its beginning is lost. Cut off the "
        "prompt by its length.",
        (_FROM_THE_PROMPT, "    answer = text[len(prompt):]\n    for header in HEADERS:\n"
                           "        answer = answer.split(header)[-1]\n"),
    ),
    _extract(
        "headers-removed-everywhere",
        "You remove every header from the answer. One that the model wrote as part of its answer is to stay; only its own header "
        "at the very beginning goes.",
        (_OWN_HEADER, "    for header in HEADERS:\n        answer = answer.replace(header, '').strip()\n"),
    ),
    _extract(
        "prompt-removed-everywhere",
        "`replace` removes the prompt wherever it occurs, also inside the answer. It is to go from the beginning only: "
        "`text[len(prompt):]`.",
        (_FROM_THE_PROMPT, "    answer = text.replace(prompt, '')\n"),
    ),
    _extract(
        "prompt-kept",
        "You do not cut off the prompt: what comes back is the request with the answer.",
        (_FROM_THE_PROMPT, "    answer = text\n"),
    ),
    _extract(
        "english-only",
        "You know the English header only. The Portuguese template's header is `### Resposta:`; go through HEADERS.",
        ("endswith(tuple(HEADERS))", "endswith('### Response:')"),
        ("        for header in HEADERS:\n", "        for header in ('### Response:',):\n"),
    ),
    _extract(
        "own-header-kept",
        "Where the prompt holds no header and the model writes it itself, it is no part of the answer: remove it from the "
        "beginning.",
        (_OWN_HEADER, ""),
    ),
    _extract(
        "quoted-header-lost",
        "You remove a header at the answer's beginning also where the prompt ends with one already. Then it is the model's own "
        "words, and they stay.",
        ("    if not prompt.strip().endswith(tuple(HEADERS)):\n", "    if True:\n"),
    ),
    _extract(
        "header-anywhere-in-the-prompt",
        "You look whether a header stands anywhere in the prompt; the user may have written it. What matters is whether the "
        "prompt ends with one.",
        ("if not prompt.strip().endswith(tuple(HEADERS)):", "if not any(header in prompt for header in HEADERS):"),
    ),
    _extract(
        "white-space-behind-the-header",
        "You ask whether the prompt ends with a header without taking off the white space behind it: it usually ends with a new "
        "line, so you never see the header.",
        ("prompt.strip().endswith", "prompt.endswith"),
    ),
    _extract(
        "end-of-text-left",
        "Your answer still holds the end-of-text, or what follows it. The answer ends where the first one stands.",
        ("    answer = answer.split(END_OF_TEXT, 1)[0]\n", ""),
    ),
    _extract(
        "end-of-text-removed-only",
        "You delete the end-of-text and keep what stands behind it. What follows the first one is noise: cut there.",
        ("answer.split(END_OF_TEXT, 1)[0]", "answer.replace(END_OF_TEXT, '')"),
    ),
    _extract(
        "last-end-of-text",
        "You cut at the last end-of-text; between the first and the last there is padding, or noise.",
        ("answer.split(END_OF_TEXT, 1)[0]", "answer.rsplit(END_OF_TEXT, 1)[0]"),
    ),
    _extract(
        "end-of-text-in-the-request",
        "You cut the whole text at the first end-of-text, and the request may hold one. Cut off the prompt first.",
        (_FROM_THE_PROMPT, "    answer = text.split(END_OF_TEXT)[0][len(prompt):]\n"),
    ),
    _extract(
        "white-space-left",
        "Your answer has white space at its ends. `strip` takes it off.",
        ("    answer = answer.strip()\n", "    answer = answer.lstrip()\n"),
    ),
    _extract(
        "first-line-only",
        "You keep the answer's first line only. An answer may have several, and white space inside it stays.",
        ("    answer = answer.strip()\n", "    answer = answer.strip().split('\\n')[0]\n"),
    ),
    _extract(
        "white-space-squeezed",
        "You squeeze the white space inside the answer. Only that at its ends goes; line breaks may mean something.",
        ("    answer = answer.strip()\n", "    answer = ' '.join(answer.split())\n"),
    ),
    _extract(
        "other-prompt-not-noticed",
        "You do not look whether the text begins with the prompt. If it is another one, you cut somewhere in the middle and "
        "nobody notices: raise a ValueError.",
        ('    if not text.startswith(prompt):\n        raise ValueError("another prompt")\n', ""),
    ),
]  # fmt: skip

# --- save_responses ------------------------------------------------------------------------------------------------

_SAVE_RIGHT = """def save_responses(entries, respond, path):
    results = []
    try:
        for entry in entries:
            new = dict(entry)
            try:
                new["response"] = respond(entry)
            except Exception as e:
                new["response"] = None
                new["error"] = type(e).__name__ + ": " + str(e)
            results.append(new)
    finally:
        with open(path, "w", encoding="utf-8") as file:
            json.dump(results, file, ensure_ascii=False, indent=4)
    return results
"""
_TRY_ONE = """            try:
                new["response"] = respond(entry)
            except Exception as e:
                new["response"] = None
                new["error"] = type(e).__name__ + ": " + str(e)
            results.append(new)
"""


def _save(name: str, explanation: str, *changes: tuple[str, str]) -> Mistake:
    see = "04_responses: Exercise 3: save_responses"
    return made_in(_SAVE_RIGHT, "ch07/save-responses", name, explanation, *changes, see=see)


_SAVES = [
    _save(
        "one-failure-ends-all",
        "An exception of one answer ends your whole run. Put a `try` around the call of `respond`, inside the loop.",
        (_TRY_ONE, '            new["response"] = respond(entry)\n            results.append(new)\n'),
    ),
    _save(
        "try-around-the-loop",
        "Your `try` stands around the loop: the first failure ends it, and the entries after it are never asked. It belongs "
        "inside the loop.",
        (_TRY_ONE, '            new["response"] = respond(entry)\n            results.append(new)\n'),
        ("    finally:\n", '    except Exception as e:\n        results.append({**entry, "response": None, "error": '
                          'f"{type(e).__name__}: {e}"})\n    finally:\n'),
    ),
    _save(
        "failures-left-out",
        "Entries that failed are missing from your file. They belong in it, with `None` and the error, or nobody knows that "
        "they are missing.",
        ('                new["response"] = None\n                new["error"] = type(e).__name__ + ": " + str(e)\n',
         "                continue\n"),
    ),
    _save(
        "failure-as-empty-text",
        "You write an empty text where an answer failed. A model may give an empty answer; a failure is `None`.",
        ('new["response"] = None', 'new["response"] = ""'),
    ),
    _save(
        "error-as-the-answer",
        "You write the error's text into the response, where it looks like an answer of the model's. The response is `None`, and "
        "the error has a key of its own.",
        ('                new["response"] = None\n                new["error"] = type(e).__name__ + ": " + str(e)\n',
         '                new["response"] = type(e).__name__ + ": " + str(e)\n'),
    ),
    _save(
        "error-not-told",
        "Your file says that an answer failed and not why. Put the exception's class and text under \"error\".",
        ('                new["error"] = type(e).__name__ + ": " + str(e)\n', ""),
    ),
    _save(
        "class-not-told",
        "Your \"error\" holds the exception's text without the name of its class. Some texts are empty or say little: write both.",
        ('type(e).__name__ + ": " + str(e)', "str(e)"),
    ),
    _save(
        "accents-escaped",
        "Your file holds `\\u00e7` where a `ç` should stand. Tell `json` so: `ensure_ascii=False`.",
        ("ensure_ascii=False, ", ""),
    ),
    _save(
        "accents-dropped",
        "Your file is written as ASCII, and letters with accents are lost. Name the encoding `utf-8`.",
        ('encoding="utf-8"', 'encoding="ascii", errors="ignore"'),
    ),
    _save(
        "latin-1",
        "Your file is written in Latin-1, which few programs expect and which lacks most of the world's letters. JSON is UTF-8.",
        ('encoding="utf-8"', 'encoding="latin-1", errors="replace"'),
    ),
    _save(
        "lost-when-stopped",
        "When someone stops the run, your file is never written, and all answers are lost. Write it in a `finally`, or after each "
        "entry.",
        ("    try:\n        for entry", "    if True:\n        for entry"),
        ("    finally:\n", "    if True:\n"),
    ),
    _save(
        "cannot-be-stopped",
        "Your `except` catches KeyboardInterrupt as well, so nobody can stop the run. Catch `Exception`.",
        ("except Exception as e", "except BaseException as e"),
    ),
    _save(
        "stop-swallowed",
        "You catch the stop and go on as if all were well. The caller must hear of it: let KeyboardInterrupt out after the file "
        "is written.",
        ("    finally:\n", "    except KeyboardInterrupt:\n        pass\n    if True:\n"),
    ),
    _save(
        "callers-entries-changed",
        "You write the answers into the caller's own dictionaries. Make new ones: `dict(entry)` or `{**entry}`.",
        ("new = dict(entry)", "new = entry"),
    ),
    _save(
        "keys-lost",
        "You keep some keys of the entry and lose the others, such as its task. All of them stay.",
        ("new = dict(entry)", 'new = {"instruction": entry["instruction"], "input": entry["input"]}'),
    ),
    _save(
        "not-json",
        "Your file holds Python's way of writing a list, with single quotes and None. Write it with `json`.",
        ("json.dump(results, file, ensure_ascii=False, indent=4)", "file.write(str(results))"),
    ),
    _save(
        "appended-to-the-old-file",
        "You append to the file that is there. Two JSON lists in one file cannot be read: open it with `\"w\"`.",
        ('open(path, "w"', 'open(path, "a"'),
    ),
    _save(
        "one-long-line",
        "Your JSON stands on one long line. With `indent=2` a person can read it too.",
        (", indent=4", ""),
    ),
    _save(
        "nothing-returned",
        "You write the file and give back nothing. Return the list of records too.",
        ("    return results\n", ""),
    ),
    _save(
        "asked-again-after-a-failure",
        "You ask a second time after a failure. Each entry is asked once; who wants to try again can do so in `respond`.",
        ('                new["response"] = None\n',
         '                try:\n                    respond(entry)\n                except Exception:\n                    pass\n'
         '                new["response"] = None\n'),
    ),
]  # fmt: skip

MISTAKES: list[Mistake] = [*_GENERATES, *_EXTRACTS, *_SAVES]
