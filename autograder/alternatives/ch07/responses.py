"""Right answers of chapter 7's responses in other styles: generating, extracting, saving."""

from __future__ import annotations

from autograder.catalogue import Alternative

_GENERATES = [
    Alternative(
        exercise="ch07/generate-response",
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
        exercise="ch07/generate-response",
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
        exercise="ch07/generate-response",
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
        exercise="ch07/generate-response",
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

_EXTRACTS = [
    Alternative(
        exercise="ch07/extract-response",
        name="partition",
        description="removeprefix and partition.",
        code="""def extract_response(text, prompt):
    rest = text.removeprefix(prompt)
    if len(rest) + len(prompt) != len(text):
        raise ValueError(f"the text begins with {text[:40]!r} and not with the prompt")
    answer, _, _ = rest.partition(END_OF_TEXT)
    answer = answer.strip()
    if any(prompt.rstrip().endswith(header) for header in HEADERS):
        return answer
    for header in HEADERS:
        shorter = answer.removeprefix(header)
        if shorter != answer:
            return shorter.strip()
    return answer
""",
    ),
    Alternative(
        exercise="ch07/extract-response",
        name="regular-expression",
        description="One pattern, with the header optional where the prompt has none.",
        code="""import re


def extract_response(text, prompt):
    either = "(?:" + "|".join(map(re.escape, HEADERS)) + ")"
    has_header = re.search(either + r"\\s*\\Z", prompt)
    pattern = re.escape(prompt) + r"\\s*" + ("" if has_header else f"(?:{either})?") + r"\\s*(.*?)\\s*"
    match = re.match(pattern + f"(?:{re.escape(END_OF_TEXT)}.*)?" + r"\\Z", text, re.DOTALL)
    if match is None:
        raise ValueError("another prompt")
    return match[1]
""",
    ),
    Alternative(
        exercise="ch07/extract-response",
        name="find",
        description="Positions and slices.",
        code="""def extract_response(text, prompt):
    if text[:len(prompt)] != prompt:
        raise ValueError("another prompt")
    begin, end = len(prompt), text.find(END_OF_TEXT, len(prompt))
    written = text[begin:end if end >= 0 else None].strip()
    known = any(prompt.rstrip()[-len(h):] == h for h in HEADERS)
    own = [h for h in HEADERS if not known and written.find(h) == 0]
    return written[len(own[0]):].strip() if own else written
""",
    ),
    Alternative(
        exercise="ch07/extract-response",
        name="index",
        description="str.index raises the ValueError; the header is taken off the text before anything else.",
        code="""def extract_response(text, prompt):
    if text.find(prompt) != 0:
        raise ValueError(prompt)
    answer = (text[len(prompt):] + END_OF_TEXT)
    answer = answer[:answer.index(END_OF_TEXT)].strip()
    english, portuguese = HEADERS
    if prompt.rstrip().endswith((english, portuguese)):
        return answer
    if answer.startswith(english):
        answer = answer[len(english):]
    elif answer.startswith(portuguese):
        answer = answer[len(portuguese):]
    return answer.strip()
""",
    ),
]

_SAVES = [
    Alternative(
        exercise="ch07/save-responses",
        name="json-dump",
        description="open and json.dump in a finally.",
        code="""def save_responses(entries, respond, path):
    results = []
    try:
        for entry in entries:
            new = entry.copy()
            try:
                new["response"] = respond(new)
            except Exception as e:
                new.update(response=None, error=f"{e.__class__.__name__}: {e}")
            results.append(new)
    finally:
        with open(path, "w", encoding="utf-8") as file:
            json.dump(results, file, ensure_ascii=False, indent=4)
    return results
""",
    ),
    Alternative(
        exercise="ch07/save-responses",
        name="after-each-entry",
        description="The whole file anew after each entry, and once before.",
        code="""def save_responses(entries, respond, path):
    def attempt(entry):
        try:
            return {"response": respond(entry)}
        except Exception as error:
            return {"response": None, "error": type(error).__name__ + ": " + str(error)}

    def write():
        text = json.dumps(done, ensure_ascii=False, indent=1)
        Path(path).write_bytes(text.encode())

    done = []
    write()
    for entry in entries:
        done.append(entry | attempt(entry))
        write()
    return done
""",
    ),
    Alternative(
        exercise="ch07/save-responses",
        name="line-by-line",
        description="One record a line, the brackets by hand.",
        code="""def save_responses(entries, respond, path):
    kept = []
    with open(path, mode="w", encoding="utf8") as out:
        out.write("[")
        try:
            for number, entry in enumerate(entries):
                answer, trouble = None, {}
                try:
                    answer = respond(entry)
                except Exception as error:
                    trouble["error"] = "%s: %s" % (type(error).__name__, error)
                kept.append(dict(entry, response=answer, **trouble))
                out.write(("," if number else "") + "\\n" + json.dumps(kept[-1], ensure_ascii=False))
        finally:
            out.write("\\n]\\n")
    return kept
""",
    ),
    Alternative(
        exercise="ch07/save-responses",
        name="stopped",
        description="KeyboardInterrupt is kept and raised again after the file is written.",
        code="""def save_responses(entries, respond, path):
    records, stopped = [], None
    for entry in entries:
        record = {key: value for key, value in entry.items()}
        record.pop("error", None)
        try:
            record["response"] = respond(entry)
        except KeyboardInterrupt as stop:
            stopped = stop
            break
        except Exception as error:
            record["response"], record["error"] = None, f"{type(error).__name__}: {error}"
        records.append(record)
    Path(path).write_text(json.dumps(records, indent=2, ensure_ascii=False) + "\\n", encoding="utf-8")
    if stopped is not None:
        raise stopped
    return records
""",
    ),
]

ALTERNATIVES: list[Alternative] = [*_GENERATES, *_EXTRACTS, *_SAVES]
