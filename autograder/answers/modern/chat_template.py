"""Answers to exercise 2 of 05_a_real_assistant: chat_ids."""

from __future__ import annotations

from functools import partial

from autograder.answers import Alternative, made_in

ALTERNATIVES = [
    Alternative(
        name="append-and-extend",
        description="A list that grows, part by part, and a flag for the system message.",
        code="""def chat_ids(messages, encode, start_id, end_id):
    ids = []

    def add(role, content):
        ids.append(start_id)
        ids.extend(encode(role + "\\n" + content))
        ids.append(end_id)
        ids.extend(encode("\\n"))

    if not messages[0]["role"] == "system":
        add("system", SYSTEM)
    for message in messages:
        add(message["role"], message["content"])
    ids.append(start_id)
    ids.extend(encode("assistant\\n"))
    return ids
""",
    ),
    Alternative(
        name="comprehension",
        description="One comprehension over the messages, the default in front by or.",
        code="""def chat_ids(messages, encode, start_id, end_id):
    first = [] if messages[0]["role"] == "system" else [{"role": "system", "content": SYSTEM}]
    texts = ["{role}\\n{content}".format(**message) for message in first + messages]
    line_break = list(encode("\\n"))
    turns = [[start_id] + list(encode(text)) + [end_id] + line_break for text in texts]
    return sum(turns, []) + [start_id] + list(encode("assistant\\n"))
""",
    ),
    Alternative(
        name="chain",
        description="itertools.chain over all parts, with the header as one more.",
        code="""from itertools import chain


def chat_ids(messages, encode, start_id, end_id):
    talk = list(messages)
    if talk[0]["role"] != "system":
        talk.insert(0, dict(role="system", content=SYSTEM))
    bodies = ("\\n".join((one["role"], one["content"])) for one in talk)
    turns = ((start_id, *encode(body), end_id, *encode("\\n")) for body in bodies)
    return list(chain(*turns, (start_id,), encode("assistant\\n")))
""",
    ),
    Alternative(
        name="recursive",
        description="The first message, and the rest by recursion.",
        code="""def chat_ids(messages, encode, start_id, end_id):
    def rest(number):
        if number == len(messages):
            return [start_id] + encode("assistant\\n")
        return turn(**messages[number]) + rest(number + 1)

    def turn(role, content):
        return [start_id] + encode(f"{role}\\n{content}") + [end_id] + encode("\\n")

    opening = [] if messages[0]["role"] == "system" else turn("system", SYSTEM)
    return opening + rest(0)
""",
    ),
]

_RIGHT = """def chat_ids(messages, encode, start_id, end_id):
    if messages[0]["role"] != "system":
        messages = [{"role": "system", "content": SYSTEM}, *messages]
    ids = []
    for message in messages:
        role, content = message["role"], message["content"]
        ids.append(start_id)
        ids.extend(encode(role + "\\n" + content))
        ids.append(end_id)
        ids.extend(encode("\\n"))
    ids.append(start_id)
    ids.extend(encode("assistant\\n"))
    return ids
"""

_mistake = partial(made_in, _RIGHT, see="05_a_real_assistant: Exercise 2: chat_ids")

_HEADER = '    ids.append(start_id)\n    ids.extend(encode("assistant\\n"))\n    return ids\n'
_DEFAULT = (
    '    if messages[0]["role"] != "system":\n        messages = [{"role": "system", "content": SYSTEM}, *messages]\n'
)

MISTAKES = [
    _mistake(
        "no-default-system-message",
        "Where there is no system message, the default one is missing. The model never saw a conversation without.",
        (_DEFAULT, ""),
    ),
    _mistake(
        "always-the-default",
        "You put the default in front of every conversation, also of one that has a system message.",
        (_DEFAULT, '    messages = [{"role": "system", "content": SYSTEM}, *messages]\n'),
    ),
    _mistake(
        "any-system-message-will-do",
        "You look for a system message anywhere in the conversation. The *first* message decides.",
        ('if messages[0]["role"] != "system":', 'if all(one["role"] != "system" for one in messages):'),
    ),
    _mistake(
        "line-break-after-the-end-forgotten",
        'After the end of a message a line break is missing: `encode("\\n")`.',
        ('        ids.extend(encode("\\n"))\n', ""),
    ),
    _mistake(
        "header-forgotten",
        "The header of the answer is missing at the end. Without it the model may go on with anybody's turn.",
        (_HEADER, "    return ids\n"),
    ),
    _mistake(
        "header-without-line-break",
        "The header of the answer ends with a line break, like the role of every message.",
        ('encode("assistant\\n")', 'encode("assistant")'),
    ),
    _mistake(
        "header-ended",
        "You end the answer before it has begun: after its header there is no end token.",
        ("    return ids\n", '    return ids + [end_id] + list(encode("\\n"))\n'),
    ),
    _mistake(
        "marks-as-text",
        "You write the marks as text, and the function for ordinary text makes ordinary tokens of them. Put in their ids.",
        ("        ids.append(start_id)\n        ids", '        ids.extend(encode("<|im_start|>"))\n        ids'),
        ("        ids.append(end_id)\n", '        ids.extend(encode("<|im_end|>"))\n'),
        (_HEADER, '    ids.extend(encode("<|im_start|>assistant\\n"))\n    return ids\n'),
    ),
    _mistake(
        "role-without-line-break",
        "Between the role and the content there is a line break.",
        ('encode(role + "\\n" + content)', 'encode(role + " " + content)'),
    ),
    _mistake(
        "role-forgotten",
        "Each message begins with the role of its author.",
        ('encode(role + "\\n" + content)', "encode(content)"),
    ),
    _mistake(
        "content-stripped",
        "You strip the content. It is encoded as it is; in a program, spaces and line breaks matter.",
        ('"\\n" + content)', '"\\n" + content.strip())'),
    ),
    _mistake(
        "encoded-in-parts",
        "You encode role and content separately. Together they may give other tokens, such as one for two line breaks in a row.",
        ('encode(role + "\\n" + content)', 'encode(role + "\\n") + encode(content)'),
    ),
    _mistake(
        "messages-changed",
        "You put the default into the list that you were given, and the caller finds it there. Make a new list.",
        (
            '        messages = [{"role": "system", "content": SYSTEM}, *messages]\n',
            '        messages.insert(0, {"role": "system", "content": SYSTEM})\n',
        ),
    ),
    _mistake(
        "marks-of-users-removed",
        "You remove marks that a user has typed. There is no need: encoded as ordinary text they do no harm, and people write about them.",
        (
            'message["role"], message["content"]\n',
            'message["role"], message["content"].replace("<|im_start|>", "").replace("<|im_end|>", "")\n',
        ),
    ),
    _mistake(
        "last-message-only",
        "Only the last message is there. The model remembers nothing: it has to read the whole conversation each time.",
        ("for message in messages:", "for message in [*messages[:1], messages[-1]]:"),
    ),
]
