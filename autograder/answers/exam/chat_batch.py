"""Answers to exercise 5 of the exam: chat_batch."""

from __future__ import annotations

from functools import partial

from autograder.answers import Alternative, made_in

ALTERNATIVES = [
    Alternative(
        name="flags",
        description="Flags say what is learned; tensors that are filled row by row.",
        code="""def chat_batch(conversations):
    rows = []
    for turns in conversations:
        ids, flags = [], []
        for who, words in turns:
            ids.append({"user": VARIANT_user_id, "assistant": VARIANT_assistant_id}[who])
            flags.append(False)
            for word in words:
                ids.append(word)
                flags.append(who == "assistant")
            ids.append(VARIANT_end_id)
            flags.append(who == "assistant")
        rows.append((ids, flags))
    width = min(VARIANT_most, max(len(ids) for ids, _ in rows) - 1)
    inputs = torch.full((len(rows), width), VARIANT_end_id)
    targets = torch.full((len(rows), width), -100)
    for number, (ids, flags) in enumerate(rows):
        n = min(len(ids) - 1, width)
        inputs[number, :n] = torch.tensor(ids[:n])
        targets[number, :n] = torch.where(torch.tensor(flags[1 : n + 1]), torch.tensor(ids[1 : n + 1]), -100)
    return inputs, targets
""",
    ),
    Alternative(
        name="pad-sequence",
        description="pad_sequence fills up; then everything is cut.",
        code="""from torch.nn.utils.rnn import pad_sequence


def chat_batch(conversations):
    xs, ys = [], []
    for conversation in conversations:
        pairs = []
        for speaker, said in conversation:
            mine = speaker == "assistant"
            pairs.append((VARIANT_assistant_id if mine else VARIANT_user_id, -100))
            pairs += [(token, token if mine else -100) for token in [*said, VARIANT_end_id]]
        ids, labels = zip(*pairs)
        xs.append(torch.tensor(ids[:-1]))
        ys.append(torch.tensor(labels[1:]))
    x = pad_sequence(xs, batch_first=True, padding_value=VARIANT_end_id)
    y = pad_sequence(ys, batch_first=True, padding_value=-100)
    return x[:, :VARIANT_most], y[:, :VARIANT_most]
""",
    ),
    Alternative(
        name="generator",
        description="A generator of ids with their labels, and columns of zip_longest.",
        code="""from itertools import zip_longest


def _labelled(conversation):
    for speaker, said in conversation:
        learned = speaker == "assistant"
        yield (VARIANT_assistant_id if learned else VARIANT_user_id), False
        yield from ((token, learned) for token in said)
        yield VARIANT_end_id, learned


def chat_batch(conversations):
    rows = [list(_labelled(one)) for one in conversations]
    inputs = [[token for token, _ in row][:-1][:VARIANT_most] for row in rows]
    targets = [[token if learned else -100 for token, learned in row][1:][:VARIANT_most] for row in rows]
    x = list(zip(*zip_longest(*inputs, fillvalue=VARIANT_end_id)))
    y = list(zip(*zip_longest(*targets, fillvalue=-100)))
    return torch.tensor(x), torch.tensor(y)
""",
    ),
]

_RIGHT = """def chat_batch(conversations):
    inputs, targets = [], []
    for conversation in conversations:
        ids, learned = [], []
        for speaker, said in conversation:
            assistant = speaker == "assistant"
            ids += [VARIANT_assistant_id if assistant else VARIANT_user_id, *said, VARIANT_end_id]
            learned += [-100] + ([*said, VARIANT_end_id] if assistant else [-100] * (len(said) + 1))
        inputs.append(ids[:-1][:VARIANT_most])
        targets.append(learned[1:][:VARIANT_most])
    width = max(len(row) for row in inputs)
    return (
        torch.tensor([row + [VARIANT_end_id] * (width - len(row)) for row in inputs]),
        torch.tensor([row + [-100] * (width - len(row)) for row in targets]),
    )
"""

_mistake = partial(made_in, _RIGHT)

MISTAKES = [
    _mistake(
        "user-learned-too",
        "Your model learns what the user says, too. Only what the assistant says is learned.",
        (
            "[-100] + ([*said, VARIANT_end_id] if assistant else [-100] * (len(said) + 1))",
            "[-100] + [*said, VARIANT_end_id]",
        ),
    ),
    _mistake(
        "everything-learned",
        "Nothing is left out of your targets: what the user says, and the ids of the speakers, are not learned.",
        (
            "[-100] + ([*said, VARIANT_end_id] if assistant else [-100] * (len(said) + 1))",
            "[VARIANT_assistant_id if assistant else VARIANT_user_id, *said, VARIANT_end_id]",
        ),
    ),
    _mistake(
        "speaker-learned",
        "Your model learns the id that says that the assistant speaks. The program writes it, so it is not learned.",
        (
            "learned += [-100] + ([*said, VARIANT_end_id] if assistant",
            "learned += ([VARIANT_assistant_id, *said, VARIANT_end_id] if assistant",
        ),
        ("else [-100] * (len(said) + 1))", "else [-100] * (len(said) + 2))"),
    ),
    _mistake(
        "end-not-learned",
        "Your model never learns to end its answer: the end id of the assistant's turns is a target.",
        ("[*said, VARIANT_end_id] if assistant", "[*said, -100] if assistant"),
    ),
    _mistake(
        "end-of-the-user-learned",
        "Your model learns the end id of the user's turns. Only the ends of the assistant's turns are learned.",
        ("[-100] * (len(said) + 1))", "[-100] * len(said) + [VARIANT_end_id])"),
    ),
    _mistake(
        "roles-exchanged",
        "You learn what the user says, and leave out what the assistant says.",
        ("[*said, VARIANT_end_id] if assistant else", "[*said, VARIANT_end_id] if not assistant else"),
    ),
    _mistake(
        "speakers-exchanged",
        "You have exchanged the ids of the two speakers.",
        (
            "VARIANT_assistant_id if assistant else VARIANT_user_id",
            "VARIANT_user_id if assistant else VARIANT_assistant_id",
        ),
    ),
    _mistake(
        "not-shifted",
        "Your targets stand at the places of the inputs. At each place the target is the next id.",
        ("learned[1:][:VARIANT_most]", "learned[:-1][:VARIANT_most]"),
    ),
    _mistake(
        "shifted-twice",
        "Your targets are two places ahead of the inputs: one is right.",
        ("targets.append(learned[1:][:VARIANT_most])", "targets.append([*learned[2:], -100][:VARIANT_most])"),
    ),
    _mistake(
        "end-only-once",
        "Only your last turn has an end id. Each turn has one.",
        (
            "            ids += [VARIANT_assistant_id if assistant else VARIANT_user_id, *said, VARIANT_end_id]\n",
            "            ids += [VARIANT_assistant_id if assistant else VARIANT_user_id, *said]\n",
        ),
        (
            "([*said, VARIANT_end_id] if assistant else [-100] * (len(said) + 1))\n",
            "(said if assistant else [-100] * len(said))\n",
        ),
        (
            "        inputs.append(ids[:-1]",
            "        ids, learned = [*ids, VARIANT_end_id], [*learned, VARIANT_end_id if assistant else -100]\n        inputs.append(ids[:-1]",
        ),
    ),
    _mistake(
        "not-cut",
        "Your rows may be longer than they should: cut inputs and targets.",
        ("ids[:-1][:VARIANT_most]", "ids[:-1]"),
        ("learned[1:][:VARIANT_most]", "learned[1:]"),
    ),
    _mistake(
        "cut-to-the-last",
        "You keep the last places of a long conversation: the first ones are kept.",
        ("ids[:-1][:VARIANT_most]", "ids[:-1][-VARIANT_most:]"),
        ("learned[1:][:VARIANT_most]", "learned[1:][-VARIANT_most:]"),
    ),
    _mistake(
        "cut-before-the-shift",
        "You cut the row before you make inputs and targets of it, so that one place is lost.",
        ("ids[:-1][:VARIANT_most]", "ids[:VARIANT_most][:-1]"),
        ("learned[1:][:VARIANT_most]", "learned[:VARIANT_most][1:]"),
    ),
    _mistake(
        "filled-on-the-left",
        "You fill up on the left: the filling belongs on the right.",
        ("row + [VARIANT_end_id] * (width - len(row))", "[VARIANT_end_id] * (width - len(row)) + row"),
        ("row + [-100] * (width - len(row))", "[-100] * (width - len(row)) + row"),
    ),
    _mistake(
        "filling-learned",
        "Your model learns the filling: its targets are -100.",
        ("row + [-100] * (width - len(row))", "row + [VARIANT_end_id] * (width - len(row))"),
    ),
    _mistake(
        "inputs-filled-with-minus-100",
        "Your inputs are filled up with -100, which is no id. The end id fills them.",
        ("row + [VARIANT_end_id] * (width - len(row))", "row + [-100] * (width - len(row))"),
    ),
    _mistake(
        "every-end-masked",
        "You leave out every target that is the end id, or an id of a speaker, even where the assistant says it.",
        (
            "([*said, VARIANT_end_id] if assistant",
            "([-100 if one in (VARIANT_user_id, VARIANT_assistant_id, VARIANT_end_id) else one for one in said] + [VARIANT_end_id] if assistant",
        ),
    ),
]
