"""What an unkind hand-in might try, without doing harm: each case with the points that its answers honestly deserve.

A hand-in has three exercises: `double` (2 points), `batches` (2) and `Counter` (3). A case replaces the cell of the first or the second; the
cell of the third is always right, so that what one exercise costs another is seen. In the code, @CANARY@ is a file with a secret text, @BOOK@
a table of marks, @PORT@ the number of a port on which somebody listens, @MARK@ a number by which a process is known.
"""

from __future__ import annotations

import textwrap
from dataclasses import dataclass

RIGHT = "def double(number):\n    return number + number\n"
WRONG = "def double(number):\n    return 0\n"
BATCHES = "def batches(count):\n    for number in range(count):\n        yield number\n"
COUNTER = "class Counter:\n    def __init__(self):\n        self.calls = 0\n\n    def __call__(self):\n        self.calls += 1\n        return self.calls\n"

ALL, FIRST_LOST, SECOND_LOST = (2.0, 2.0, 3.0), (0.0, 2.0, 3.0), (2.0, 0.0, 3.0)
NOTHING = (0.0, 0.0, 0.0)


@dataclass(frozen=True)
class Case:
    """One hand-in.

    Attributes:
        family: what it is about.
        name: what it tries.
        double, batches: the cells of the first two exercises.
        deserves: points for each of the three exercises.
    """

    family: str
    name: str
    double: str = RIGHT
    batches: str = BATCHES
    deserves: tuple[float, float, float] = ALL

    @property
    def id(self) -> str:
        return f"{self.family}: {self.name}"


def tries(code: str, after: str = RIGHT) -> str:
    """A cell that tries something, whatever comes of it, and then gives an answer."""
    return f"try:\n{textwrap.indent(textwrap.dedent(code).strip(), '    ')}\nexcept BaseException as error:\n    print(type(error).__name__)\n\n{after}"


def returns(code: str) -> str:
    """A `double` with another body; the value that it returns is called `value`."""
    return f"def double(number):\n{textwrap.indent(textwrap.dedent(code).strip(), '    ')}\n    return value\n"


def forges(reply: str, blob: str = "b''") -> str:
    """A right answer, in a process that answers calls of it with another reply."""
    return f"""
import sys
serve = next(module for name, module in sys.modules.items() if name.endswith("worker.serve"))
honest = serve.Worker._answer

def answer(self, header, blob):
    reply, data = honest(self, header, blob)
    if header["op"] == "call" and getattr(self._objects.get(header["fields"]["target"]["id"]), "__name__", "") == "double":
        return {reply}, {blob}
    return reply, data

serve.Worker._answer = answer
{RIGHT}"""


_FILES = {
    "reads a file by its path": "print(open('@CANARY@').read())",
    "writes a file by its path": "open('@CANARY@', 'w').write('changed')",
    "appends to a file": "open('@CANARY@', 'a').write('changed')",
    "follows a link of its own": "import os; os.symlink('@CANARY@', '/tmp/l'); print(open('/tmp/l').read())",
    "makes a hard link": "import os; os.link('@CANARY@', '/tmp/h'); print(open('/tmp/h').read())",
    "renames a file": "import os; os.rename('@CANARY@', '@CANARY@.old')",
    "deletes a file": "import os; os.unlink('@CANARY@')",
    "changes rights": "import os; os.chmod('@CANARY@', 0)",
    "truncates a file": "import os; os.truncate('@CANARY@', 0)",
    "lists the folder": "import os; print(os.listdir(os.path.dirname('@CANARY@')))",
    "looks through another process's root": "print(open('/proc/1/root@CANARY@').read())",
    "looks through its parent's folder": "import os; print(open(f'/proc/{os.getppid()}/cwd/../@CANARY@').read())",
    "reads with a shell": "import subprocess; print(subprocess.run(['cat', '@CANARY@'], capture_output=True, text=True).stdout)",
    "maps the file": "import mmap; f = open('@CANARY@'); print(mmap.mmap(f.fileno(), 0, prot=1)[:])",
    "reads the environment": "import os; print(dict(os.environ))",
    "reads its parent's environment": "import os; print(open(f'/proc/{os.getppid()}/environ').read())",
    "reads the first process's memory map": "print(open('/proc/1/maps').read()[:200])",
    "reads the passwords": "print(open('/etc/shadow').read())",
    "changes the course's package": "import llmkit; open(llmkit.__file__, 'a').write('# changed')",
    "changes the worker": "open('/course/lib/worker/wire.py', 'a').write('# changed')",
    "changes a library": "import numpy; open(numpy.__file__, 'a').write('# changed')",
    "leaves the root": "import os; os.chroot('/tmp'); os.chdir('/')",
    "makes a device": "import os, stat; os.mknod('/tmp/mem', 0o600 | stat.S_IFCHR, os.makedev(1, 1)); print(open('/tmp/mem', 'rb').read(9))",
    "mounts": "import ctypes; print(ctypes.CDLL(None).mount(b'none', b'/tmp', b'tmpfs', 0, None))",
    "fills its scratch space": "with open('/tmp/big', 'wb') as f:\n    for _ in range(300): f.write(bytes(1 << 20))",
    "makes many files": "for n in range(2000): open(f'/tmp/{n}', 'w').close()",
    "leaves something for the next": "for f in '/tmp', '/dev/shm', '/content': open(f + '/left', 'w').write('for you')",
    "looks for what the last one left": "import os; print([open(f + '/left').read() for f in ('/tmp', '/dev/shm', '/content') if os.path.exists(f + '/left')])",
    "writes to every descriptor": "import os\nfor n in range(10, 256):\n    try: os.write(n, b'x')\n    except OSError: pass",
}
_BOOK = {
    "raises its marks": "import sqlite3; c = sqlite3.connect('@BOOK@'); c.execute('update marks set points = 100'); c.commit()",
    "makes a new gradebook": "import sqlite3; c = sqlite3.connect('@BOOK@'); c.execute('create table more (x)'); c.commit()",
    "deletes the gradebook": "import os; os.unlink('@BOOK@')",
    "replaces the gradebook": "import os; open('/tmp/new', 'w').close(); os.replace('/tmp/new', '@BOOK@')",
    "goes up from where it is": "import os\nfor n in range(9):\n    p = '../' * n + '@BOOK@'\n    if os.path.exists(p): open(p, 'a').write('x')",
}
_NETWORK = {
    "connects by TCP": "import socket; socket.create_connection(('127.0.0.1', @PORT@), 1).send(b'x')",
    "sends by UDP": "import socket; socket.socket(socket.AF_INET, socket.SOCK_DGRAM).sendto(b'x', ('127.0.0.1', @PORT@))",
    "connects by its name": "import socket; socket.create_connection(('localhost', @PORT@), 1)",
    "connects by IPv6": "import socket; socket.create_connection(('::1', @PORT@), 1)",
    "asks by HTTP": "import urllib.request; print(urllib.request.urlopen('http://127.0.0.1:@PORT@/', timeout=1).read())",
    "connects from a shell": "import subprocess; subprocess.run(['bash', '-c', 'echo x > /dev/tcp/127.0.0.1/@PORT@'], capture_output=True)",
    "takes the port itself": "import socket; s = socket.create_server(('127.0.0.1', @PORT@)); s.close()",
    "opens a raw socket": "import socket; socket.socket(socket.AF_INET, socket.SOCK_RAW, socket.IPPROTO_ICMP)",
    "looks up a name": "import socket; print(socket.getaddrinfo('example.org', 80))",
    "connects to an abstract socket": "import socket; socket.socket(socket.AF_UNIX).connect('\\0guard-@PORT@')",
}
_PROCESSES = {
    "looks at all processes": "import os; print(len([n for n in os.listdir('/proc') if n.isdigit()]) <= 3)",
    "asks which processes there are": "import os\nfor n in range(1, 400):\n    try: os.kill(n, 0)\n    except OSError: pass",
    "leaves a process": "import subprocess; subprocess.Popen(['sleep', '@MARK@'])",
    "leaves one in a session of its own": "import subprocess; subprocess.Popen(['sleep', '@MARK@'], start_new_session=True)",
    "leaves a grandchild": "import os\nif os.fork() == 0:\n    os.setsid()\n    if os.fork() == 0: os.execvp('sleep', ['sleep', '@MARK@'])\n    os._exit(0)",
    "leaves one by a shell": "import os; os.system('nohup sleep @MARK@ >/dev/null 2>&1 &')",
    "leaves a thread": "import threading, time; threading.Thread(target=time.sleep, args=(60,), daemon=True).start()",
    "works at its end": "import atexit; atexit.register(lambda: open('@CANARY@', 'a').write('x'))",
    "traces its parent": "import ctypes, os; print(ctypes.CDLL(None).ptrace(16, os.getppid(), 0, 0))",
    "takes a higher priority": "import os; os.setpriority(os.PRIO_PROCESS, 0, -10)",
    "becomes root": "import os; os.setuid(0)",
    "makes a namespace": "import ctypes; print(ctypes.CDLL(None).unshare(0x10000000))",
    "uses up its processes": "import os, time\nfor _ in range(100):\n    if os.fork() == 0:\n        time.sleep(1)\n        os._exit(0)",
}
_MEMORY = {
    "asks for too much": "a = bytearray(5 << 30)",
    "asks for many descriptors": "held = [open('/dev/null') for _ in range(500)]\n",
    "makes memory that nothing counts": "import os; os.ftruncate(os.memfd_create('x'), 1 << 30)",
    "prints without end": "for _ in range(200_000): print('x' * 50)",
    "shows pictures without end": "from IPython.display import Image, display\nfor _ in range(300): display(Image(bytes(10_000), format='png'))",
    "recurses without end": "f = lambda: f()\nf()",
    "shows an enormous page": "from IPython.display import HTML, display\ndisplay(HTML('<b>x</b>' * 1_000_000))",
}
_WRONG_ALL_THE_SAME = {
    "prints the marks": "print('2.0'); print('✓ two becomes four')",
    "shows a score as a result": "from IPython.display import display; display(2.0)",
    "replaces the checks": "import llmkit.testing as t; t.assert_equal = t.assert_close = lambda *a, **k: None",
    "replaces the list of checks": "import llmkit.testing as t; t.Checks = lambda **k: None",
    "replaces the probes": "from llmkit.testing import probes; probes.PROBES.clear()",
    "replaces torch's comparisons": "import torch; torch.equal = torch.allclose = lambda *a, **k: True",
    "replaces functions of Python": "import builtins; builtins.abs = lambda x: 0; builtins.all = lambda x: True; builtins.isinstance = lambda *a: True",
    "replaces the random numbers": "import random; random.random = lambda: 0.5; random.seed = lambda *a: None",
    "replaces JSON": "import json; json.dumps = lambda *a, **k: '4'",
    "defines what tests use": "check = Checks = assert_equal = testing = lambda *a, **k: None",
    "defines what tests are called": "__test__ = True\nscore = points = earned = 2.0",
    "replaces IPython": "get_ipython().run_cell = lambda *a, **k: None",
    "takes the module's place": "import sys; sys.modules['llmkit.testing'] = sys.modules['math']",
    "looks at the stack": "import sys\nf = sys._getframe()\nwhile f:\n    f.f_globals.get('marks', []) and f.f_globals['marks'].clear()\n    f = f.f_back",
    "looks for marks in memory": "import gc\nfor o in gc.get_objects():\n    if type(o).__name__ in ('Checks', 'CellMark', 'Report'): o.__dict__.update(earned=2.0, fraction=1.0)",
    "traces every call": "import sys; sys.settrace(lambda *a: None); sys.setprofile(lambda *a: None)",
    "catches the alarm": "import signal; signal.signal(signal.SIGALRM, signal.SIG_IGN)",
}
# What these take away, their own process needs to answer at all.
_BREAK_THEMSELVES = ("replaces the probes", "replaces IPython", "takes the module's place")
_VALUES = {
    "not a number": "value = float('nan')",
    "equal to everything": "class Same:\n    __eq__ = lambda self, other: True\n    __hash__ = None\nvalue = Same()",
    "a number equal to everything": "class Same(int):\n    __eq__ = lambda self, other: True\n    __hash__ = int.__hash__\nvalue = Same(0)",
    "a tensor equal to everything": "import torch\nclass Same(torch.Tensor):\n    __eq__ = lambda self, other: True\nvalue = torch.zeros(()).as_subclass(Same)",
    "a class that says that it is another": "class Lies:\n    __class__ = int\n    __int__ = __index__ = lambda self: 4\nvalue = Lies()",
    "a property that raises": "class Raises:\n    __class__ = property(lambda self: 1 / 0)\nvalue = Raises()",
    "whole numbers with one hash": "value = {n * (2**61 - 1) for n in range(1, 500)}",
    "keys with one hash": "value = {n * (2**61 - 1): n for n in range(1, 500)}",
    "a list that holds itself": "value = []\nvalue.append(value)",
    "deeper than is allowed": "value = 4\nfor _ in range(500): value = [value]",
    "a long list": "value = list(range(1_000_000))",
    "a large tensor": "import torch\nvalue = torch.zeros(20 << 20)",
    "many empty lists": "value = [[] for _ in range(290_000)]",
    "a number of many digits": "value = 10**5000",
    "half of a surrogate pair": "value = '\\ud800'",
    "characters that control a terminal": "value = '\\x1b[2J\\x9b2J\\u202e'",
    "a long text": "value = 'x' * 10_000_000",
    "a generator": "value = (n for n in iter(int, 1))",
    "a module": "import os\nvalue = os",
    "a class without a name": "value = type('\\x1b[2J\\ud800', (), {})()",
    "negative zero as a text": "value = '-0'",
    "nothing": "value = None",
}
_ERRORS = {
    "a long text": "raise ValueError('x' * 10_000_000)",
    "a text that cannot be read": "class Odd(Exception):\n    __str__ = __repr__ = lambda self: 1 / 0\nraise Odd",
    "a name that cannot be written": "raise type('\\ud800\\x1b[2J', (Exception,), {})('\\ud800\\x1b[2J')",
    "the end of an iteration": "raise StopIteration(4)",
    "several at once": "raise ExceptionGroup('many', [ValueError(n) for n in range(50)])",
    "the end of the program": "raise SystemExit(0)",
    "an interruption": "raise KeyboardInterrupt",
    "the end of a generator": "raise GeneratorExit",
    "something that is no Exception": "raise BaseException('x')",
    "the grader's own words": "raise type('TimeIsUp', (Exception,), {})('the notebook used all of its 300 s')",
    "a chain without end": "error = ValueError('x')\nerror.__cause__ = error\nraise error",
    "a class with many parents": "kind = Exception\nfor n in range(60): kind = type(f'E{n}', (kind,), {})\nraise kind('x')",
    "memory": "raise MemoryError",
    "a warning": "raise DeprecationWarning('x')",
    "an assertion": "raise AssertionError('4 == 4')",
}
_ENDS = {
    "leaves in its cell": "import os; os._exit(0)",
    "becomes another program": "import os; os.execv('/bin/true', ['true'])",
    "aborts": "import os; os.abort()",
    "writes where nothing is": "import ctypes; ctypes.string_at(0)",
    "holds shared memory": "import mmap\nm = mmap.mmap(-1, 1500 << 20)\nfor n in range(0, len(m), 4096): m[n] = 1\nimport time; time.sleep(3)",
    "closes every descriptor": "import os; os.closerange(3, 256)",
    "says that the sandbox could not start": '@SAY@\nsay(b\'{"ok": false, "sandbox": "no namespaces"}\')',
    "says that it is ready": "@SAY@\nsay(b'{\"ready\": true}')",
    "says that all is well": '@SAY@\nsay(b\'{"ok": true, "outputs": [], "error": null, "events": []}\' * 2)',
    "says nonsense": "@SAY@\nfor n in fds: os.write(n, bytes(range(256)))",
    "announces more than there is": "@SAY@\nfor n in fds: os.write(n, b'\\xff' * 8)",
    "says half of a message": "@SAY@\nfor n in fds: os.write(n, b'\\0\\0\\0\\x09\\0\\0\\0\\0{')\nos._exit(0)",
}
_SAY = """import os, struct
fds = [n for n in range(3, 256) if os.path.exists(f'/proc/self/fd/{n}') and 'socket' in os.readlink(f'/proc/self/fd/{n}')]
def say(data):
    for n in fds: os.write(n, struct.pack('>II', len(data), 0) + data)
"""
_FORGED = {
    "nothing": "{}",
    "ok as a number": "{'ok': 1, 'value': 4}",
    "ok without a value": "{'ok': True}",
    "a bare list": "{'ok': True, 'value': [4]}",
    "no error": "{'ok': False}",
    "an error that is a number": "{'ok': False, 'error': 5}",
    "an error with a number for classes": "{'ok': False, 'error': {'ename': 'E', 'evalue': '', 'mro': 5, 'theirs': True, 'line': None, 'function': '', 'at': None, 'module': '', 'traceback': []}}",
    "an error without text": "{'ok': False, 'error': {'ename': None, 'theirs': True}}",
    "the sandbox's failure": "{'ok': False, 'sandbox': 'no namespaces'}",
    "that it is ready": "{'ready': True}",
    "arguments that are a number": "{'ok': True, 'value': 4, 'changed': 7}",
    "arguments of another shape": "{'ok': True, 'value': 4, 'changed': {'!': 'l', 'v': [1, 2]}}",
    "a kept text": "{'ok': True, 'value': 4, 'kept': 'x'}",
    "a handle below zero": "{'ok': True, 'value': {'!': 'h', 'id': -1, 'kind': 'int'}}",
    "a handle that is a text": "{'ok': True, 'value': {'!': 'h', 'id': '1', 'kind': 'int'}}",
    "a handle without end": "{'ok': True, 'value': {'!': 'h', 'id': 2**70, 'kind': 'int'}}",
    "a handle of nothing": "{'ok': True, 'value': {'!': 'h', 'id': 10**6, 'kind': ['x']}}",
    "a pickle": "{'ok': True, 'value': {'!': 'p', 'v': 'gASVBAAAAAAAAABLBC4='}}",
    "a tag that there is not": "{'ok': True, 'value': {'!': ['x'], 'v': 4}}",
    "whole numbers with one hash": "{'ok': True, 'value': {'!': 's', 'v': [{'!': 'i', 'v': hex(n * (2**61 - 1))} for n in range(1, 3000)]}}",
    "plain numbers with one hash": "{'ok': True, 'value': {'!': 's', 'v': [n * (2**61 - 1) for n in range(1, 3000)]}}",
    "many parts": "{'ok': True, 'value': {'!': 'l', 'v': [0] * 450_000}}",
    "a long text": "{'ok': True, 'value': 'x' * (3 << 20)}",
    "a tensor of many dimensions": "{'ok': True, 'value': {'!': 'T', 'dtype': 'float32', 'shape': [2**52] * 1000, 'at': [0, 0]}}",
    "a tensor that is cut off": "{'ok': True, 'value': {'!': 'T', 'dtype': 'float32', 'shape': [9], 'at': [0, 36]}}",
    "one block for many tensors": "{'ok': True, 'value': {'!': 'l', 'v': [{'!': 'T', 'dtype': 'uint8', 'shape': [1 << 20], 'at': [0, 1 << 20]}] * 1000}}|bytes(1 << 20)",
    "an array of objects": "{'ok': True, 'value': {'!': 'N', 'dtype': 'O', 'shape': [1], 'at': [0, 8]}}|bytes(8)",
    "an attribute of torch": "{'ok': True, 'value': {'!': 'dtype', 'v': 'load'}}",
    "a number of many digits": "{'ok': True, 'value': {'!': 'i', 'v': '0x' + 'f' * 100_000}}",
    "time that it did not take": "{'ok': False, 'late': True}",
}
_ITERATORS = {
    "numbers without end": "import itertools\ndef batches(count):\n    return itertools.count()",
    "tensors without end": "import torch\ndef batches(count):\n    while True: yield torch.zeros(1 << 18)",
    "large tensors without end": "import torch\ndef batches(count):\n    while True: yield torch.zeros(7 << 20)",
    "lists without end": "def batches(count):\n    while True: yield [[]] * 50_000",
    "an iterator that is none": "class Odd:\n    def __iter__(self): return self\ndef batches(count):\n    return Odd()",
    "an error on the way": "def batches(count):\n    yield 0\n    raise RuntimeError('later')",
    "the end of the process": "def batches(count):\n    yield 0\n    import os; os._exit(0)",
    "a loop on the way": "def batches(count):\n    yield 0\n    while True: pass",
    "a length that it has not": "class Odd(list):\n    def __len__(self): return 10**9\ndef batches(count):\n    return Odd()",
    "tuples of one hash": "def batches(count):\n    for n in range(200): yield (n * (2**61 - 1), 1)",
}  # fmt: skip
_SHOWN = {
    "a script": "from IPython.display import HTML, display; display(HTML('<script>alert(1)</script>'))",
    "an event": "from IPython.display import HTML, display; display(HTML('<img src=x onerror=alert(1)>'))",
    "a link with a script": "from IPython.display import HTML, display; display(HTML('<a href=\"javascript:alert(1)\">x</a>'))",
    "JavaScript": "from IPython.display import Javascript, display; display(Javascript('alert(1)'))",
    "an SVG": "from IPython.display import SVG, display; display(SVG('<svg xmlns=\"http://www.w3.org/2000/svg\"><script>alert(1)</script></svg>'))",
    "a frame": "from IPython.display import IFrame, display; display(IFrame('http://127.0.0.1:@PORT@', 9, 9))",
    "Markdown": "from IPython.display import Markdown, display; display(Markdown('<script>alert(1)</script>'))",
    "a formula that is a link": "from IPython.display import HTML, display; display(HTML('$\\\\href{javascript:alert(1)}{x}$'))",
    "a form": "from IPython.display import HTML, display; display(HTML('<form action=\"http://127.0.0.1:@PORT@\"><input></form>'))",
    "many kinds at once": "from IPython.display import display; display({'application/json': {}, 'text/html': '<script>1</script>', 'text/plain': 'x', 'x/y': 'z'}, raw=True)",
    "control characters": "print('\\x1b]0;title\\x07\\x1b[2J\\x9b2J')",
}  # fmt: skip
_SLOW = {
    "loops in its cell": Case("time", "loops in its cell", "while True:\n    pass\n", deserves=FIRST_LOST),
    "loops in a call": Case("time", "loops in a call", returns("while True: pass\nvalue = 4"), deserves=FIRST_LOST),
    "does not hear the alarm": Case(
        "time",
        "does not hear the alarm",
        returns("import signal, time\nsignal.setitimer(signal.ITIMER_REAL, 0)\nwhile True: time.sleep(1)\nvalue = 4"),
        deserves=FIRST_LOST,
    ),
    "catches everything": Case(
        "time",
        "catches everything",
        returns("while True:\n    try:\n        while True: pass\n    except BaseException:\n        pass\nvalue = 4"),
        deserves=FIRST_LOST,
    ),
}


def _all() -> list[Case]:
    cases = [
        Case(family, name, tries(code))
        for family, codes in (
            ("files", _FILES), ("gradebook", _BOOK), ("network", _NETWORK), ("processes", _PROCESSES), ("memory", _MEMORY), ("pages", _SHOWN),
        )
        for name, code in codes.items()
    ]  # fmt: skip
    cases += [
        Case("pretends", name, tries(code, WRONG), deserves=NOTHING if name in _BREAK_THEMSELVES else FIRST_LOST)
        for name, code in _WRONG_ALL_THE_SAME.items()
    ]
    cases += [Case("values", name, returns(code), deserves=FIRST_LOST) for name, code in _VALUES.items()]
    cases += [
        Case("errors", name, returns(f"{code}\nvalue = 4"), deserves=FIRST_LOST) for name, code in _ERRORS.items()
    ]
    cases += [
        Case("ends", name, f"{code.replace('@SAY@', _SAY)}\n{RIGHT}", deserves=FIRST_LOST)
        for name, code in _ENDS.items()
    ]
    cases += [Case("forged", name, forges(*reply.split("|")), deserves=FIRST_LOST) for name, reply in _FORGED.items()]
    cases += [Case("iterators", name, batches=code, deserves=SECOND_LOST) for name, code in _ITERATORS.items()]
    return [*cases, *_SLOW.values()]


CASES = _all()
HONEST = Case("honest", "right answers")
