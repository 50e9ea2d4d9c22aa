"""Answers to exercise 3 of 04_responses: save_responses."""

from __future__ import annotations

from functools import partial

from autograder.answers import Alternative, Equivalent, made_in

ALTERNATIVES = [
    Alternative(
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

_RIGHT = """def save_responses(entries, respond, path):
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

_mistake = partial(made_in, _RIGHT, see="04_responses: Exercise 3: save_responses")

MISTAKES = [
    _mistake(
        "one-failure-ends-all",
        "An exception of one answer ends your whole run. Put a `try` around the call of `respond`, inside the loop.",
        (_TRY_ONE, '            new["response"] = respond(entry)\n            results.append(new)\n'),
    ),
    _mistake(
        "try-around-the-loop",
        "Your `try` stands around the loop: the first failure ends it, and the entries after it are never asked. It belongs "
        "inside the loop.",
        (_TRY_ONE, '            new["response"] = respond(entry)\n            results.append(new)\n'),
        (
            "    finally:\n",
            '    except Exception as e:\n        results.append({**entry, "response": None, "error": '
            'f"{type(e).__name__}: {e}"})\n    finally:\n',
        ),
    ),
    _mistake(
        "failures-left-out",
        "Entries that failed are missing from your file. They belong in it, with `None` and the error, or nobody knows that "
        "they are missing.",
        (
            '                new["response"] = None\n                new["error"] = type(e).__name__ + ": " + str(e)\n',
            "                continue\n",
        ),
    ),
    _mistake(
        "failure-as-empty-text",
        "You write an empty text where an answer failed. A model may give an empty answer; a failure is `None`.",
        ('new["response"] = None', 'new["response"] = ""'),
    ),
    _mistake(
        "error-as-the-answer",
        "You write the error's text into the response, where it looks like an answer of the model's. The response is `None`, and "
        "the error has a key of its own.",
        (
            '                new["response"] = None\n                new["error"] = type(e).__name__ + ": " + str(e)\n',
            '                new["response"] = type(e).__name__ + ": " + str(e)\n',
        ),
    ),
    _mistake(
        "error-not-told",
        'Your file says that an answer failed and not why. Put the exception\'s class and text under "error".',
        ('                new["error"] = type(e).__name__ + ": " + str(e)\n', ""),
    ),
    _mistake(
        "class-not-told",
        'Your "error" holds the exception\'s text without the name of its class. Some texts are empty or say little: write both.',
        ('type(e).__name__ + ": " + str(e)', "str(e)"),
    ),
    _mistake(
        "accents-escaped",
        "Your file holds `\\u00e7` where a `ç` should stand. Tell `json` so: `ensure_ascii=False`.",
        ("ensure_ascii=False, ", ""),
    ),
    _mistake(
        "accents-dropped",
        "Your file is written as ASCII, and letters with accents are lost. Name the encoding `utf-8`.",
        ('encoding="utf-8"', 'encoding="ascii", errors="ignore"'),
    ),
    _mistake(
        "latin-1",
        "Your file is written in Latin-1, which few programs expect and which lacks most of the world's letters. JSON is UTF-8.",
        ('encoding="utf-8"', 'encoding="latin-1", errors="replace"'),
    ),
    _mistake(
        "lost-when-stopped",
        "When someone stops the run, your file is never written, and all answers are lost. Write it in a `finally`, or after each "
        "entry.",
        ("    try:\n        for entry", "    if True:\n        for entry"),
        ("    finally:\n", "    if True:\n"),
    ),
    _mistake(
        "cannot-be-stopped",
        "Your `except` catches KeyboardInterrupt as well, so nobody can stop the run. Catch `Exception`.",
        ("except Exception as e", "except BaseException as e"),
    ),
    _mistake(
        "stop-swallowed",
        "You catch the stop and go on as if all were well. The caller must hear of it: let KeyboardInterrupt out after the file "
        "is written.",
        ("    finally:\n", "    except KeyboardInterrupt:\n        pass\n    if True:\n"),
    ),
    _mistake(
        "callers-entries-changed",
        "You write the answers into the caller's own dictionaries. Make new ones: `dict(entry)` or `{**entry}`.",
        ("new = dict(entry)", "new = entry"),
    ),
    _mistake(
        "keys-lost",
        "You keep some keys of the entry and lose the others, such as its task. All of them stay.",
        ("new = dict(entry)", 'new = {"instruction": entry["instruction"], "input": entry["input"]}'),
    ),
    _mistake(
        "not-json",
        "Your file holds Python's way of writing a list, with single quotes and None. Write it with `json`.",
        ("json.dump(results, file, ensure_ascii=False, indent=4)", "file.write(str(results))"),
    ),
    _mistake(
        "appended-to-the-old-file",
        'You append to the file that is there. Two JSON lists in one file cannot be read: open it with `"w"`.',
        ('open(path, "w"', 'open(path, "a"'),
    ),
    _mistake(
        "one-long-line",
        "Your JSON stands on one long line. With `indent=2` a person can read it too.",
        (", indent=4", ""),
    ),
    _mistake(
        "nothing-returned",
        "You write the file and give back nothing. Return the list of records too.",
        ("    return results\n", ""),
    ),
    _mistake(
        "asked-again-after-a-failure",
        "You ask a second time after a failure. Each entry is asked once; who wants to try again can do so in `respond`.",
        (
            '                new["response"] = None\n',
            "                try:\n                    respond(entry)\n                except Exception:\n                    pass\n"
            '                new["response"] = None\n',
        ),
    ),
]

EQUIVALENTS = [
    Equivalent(
        "Path(path).write_text(json.dumps(records, ensure_ascii=False, indent=2), encoding='utf-8')",
        "keyword encoding dropped",
        "Where the tests run, the system's own encoding is UTF-8.",
    ),
    Equivalent(
        "Path(path).write_text(json.dumps(records, ensure_ascii=False, indent=2), encoding='utf-8')",
        "2 → 3",
        "The statement allows any indentation.",
    ),
    Equivalent(
        "Path(path).write_text(json.dumps(records, ensure_ascii=False, indent=2), encoding='utf-8')",
        "2 → 1",
        "The statement allows any indentation.",
    ),
]
