"""What a forked worker gives up before it sees a line of the student's code: namespaces, privileges, resources, system calls."""

from __future__ import annotations

import ctypes
import errno
import os
import platform
import resource
import struct
from typing import Any

_LIBC = ctypes.CDLL(None, use_errno=True)

NEW_NS, NEW_IPC, NEW_PID, NEW_NET, NEW_UTS = 0x00020000, 0x08000000, 0x20000000, 0x40000000, 0x04000000
NEW_USER = 0x10000000
_MS_RDONLY, _MS_NOSUID, _MS_NODEV, _MS_NOEXEC, _MS_REMOUNT, _MS_BIND, _MS_REC, _MS_PRIVATE = (
    1,
    2,
    4,
    8,
    32,
    4096,
    16384,
    1 << 18,
)
_MS_RELATIME = 1 << 21
_PR_SET_PDEATHSIG, _PR_CAPBSET_DROP, _PR_SET_SECCOMP, _PR_SET_NO_NEW_PRIVS, _PR_SET_DUMPABLE = 1, 24, 22, 38, 4
USERS = range(61184, 65520)  # that exist only while a process does, as systemd has it


def _check(result: int, what: str) -> None:
    if result != 0:
        number = ctypes.get_errno()
        raise OSError(number, f"{what}: {os.strerror(number)}")


def unshare(flags: int) -> None:
    """Moves this process (and, for pids, its children) into new namespaces."""
    _check(_LIBC.unshare(flags), "unshare")


def mount_private(target: str, megabytes: int) -> None:
    """Covers a folder with an empty memory file system of a given size (0: read-only and empty)."""
    flags = _MS_NOSUID | _MS_NODEV | (_MS_RDONLY if megabytes == 0 else 0)
    options = f"size={max(megabytes, 1)}m,mode=1777".encode()
    _check(_LIBC.mount(b"tmpfs", target.encode(), b"tmpfs", flags, options), f"mount {target}")


def own_file_systems(scratch_megabytes: int) -> None:
    """Private /tmp, /dev/shm, /content (as in Colab) and /proc, so that a worker sees nothing of others and leaves nothing for them."""
    _check(_LIBC.mount(b"none", b"/", None, _MS_REC | _MS_PRIVATE, None), "mount / private")
    mount_private("/tmp", scratch_megabytes)
    mount_private("/dev/shm", scratch_megabytes)
    mount_private("/content", scratch_megabytes)
    # A mount inherited from an outer user namespace must keep all its flags.
    had = os.statvfs("/dev").f_flag
    kept = had & (_MS_NOSUID | _MS_NODEV | _MS_NOEXEC) | (_MS_RELATIME if had & os.ST_RELATIME else 0)
    _check(_LIBC.mount(None, b"/dev", None, _MS_REMOUNT | _MS_BIND | _MS_RDONLY | kept, None), "remount /dev")
    flags = _MS_NOSUID | _MS_NODEV | _MS_NOEXEC
    if _LIBC.mount(b"proc", b"/proc", b"proc", flags, None) != 0:
        # Some kernels refuse a fresh /proc in a nested namespace; an empty one hides the other workers as well.
        mount_private("/proc", 0)


def close_descriptors(*kept: int) -> None:
    """Closes every descriptor but 0, 1, 2 and those given: what processes share is a way from one student to the next."""
    first = 3
    for number in sorted(kept):
        os.closerange(first, number)
        first = number + 1
    os.closerange(first, os.sysconf("SC_OPEN_MAX"))


def die_with_parent() -> None:
    """The kernel kills this process as soon as its parent ends."""
    _LIBC.prctl(_PR_SET_PDEATHSIG, 9, 0, 0, 0)


def limit_resources(limits: dict[str, int]) -> None:
    """Sets hard limits: memory in bytes, cpu in seconds, processes, file size in bytes; no core files."""
    resource.setrlimit(resource.RLIMIT_DATA, (limits["memory"],) * 2)
    resource.setrlimit(resource.RLIMIT_CPU, (limits["cpu"], limits["cpu"] + 2))
    resource.setrlimit(resource.RLIMIT_NPROC, (limits["processes"],) * 2)
    resource.setrlimit(resource.RLIMIT_FSIZE, (limits["file"],) * 2)
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_NOFILE, (256, 256))


def drop_privileges() -> None:
    """Becomes a user of its own if root, and gives up every capability for good.

    The kernel counts processes by user: workers that shared one would use up each other's limit.
    """
    for capability in range(64):
        _LIBC.prctl(_PR_CAPBSET_DROP, capability, 0, 0, 0)
    if os.getuid() == 0 and _maps_more_than_one_user():
        user = USERS[int.from_bytes(os.urandom(4)) % len(USERS)]
        os.setgroups([])
        os.setresgid(user, user, user)
        os.setresuid(user, user, user)
    header = struct.pack("Ii", 0x20080522, 0)  # _LINUX_CAPABILITY_VERSION_3, this process
    _check(_LIBC.capset(header, struct.pack("6I", 0, 0, 0, 0, 0, 0)), "capset")
    _check(_LIBC.prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0), "no_new_privs")


def _maps_more_than_one_user() -> bool:
    try:
        with open("/proc/self/uid_map") as lines:
            return sum(int(line.split()[2]) for line in lines) > 1
    except OSError:
        return False


# System calls that no exercise needs and that have been used to escape sandboxes, or make memory that nothing counts.
_REFUSED = {
    "x86_64": {
        "ptrace": 101, "mount": 165, "umount2": 166, "pivot_root": 155, "chroot": 161, "swapon": 167, "reboot": 169, "unshare": 272,
        "setns": 308, "keyctl": 250, "add_key": 248, "request_key": 249, "bpf": 321, "perf_event_open": 298, "userfaultfd": 323,
        "process_vm_readv": 310, "process_vm_writev": 311, "open_by_handle_at": 304, "init_module": 175, "finit_module": 313,
        "kexec_load": 246, "personality": 135, "io_uring_setup": 425, "fsopen": 430, "move_mount": 429, "open_tree": 428, "mount_setattr": 442,
        "memfd_create": 319, "memfd_secret": 447, "shmget": 29,
    },
    "aarch64": {
        "ptrace": 117, "mount": 40, "umount2": 39, "pivot_root": 41, "chroot": 51, "swapon": 224, "reboot": 142, "unshare": 97,
        "setns": 268, "keyctl": 219, "add_key": 217, "request_key": 218, "bpf": 280, "perf_event_open": 241, "userfaultfd": 282,
        "process_vm_readv": 270, "process_vm_writev": 271, "open_by_handle_at": 265, "init_module": 105, "finit_module": 273,
        "kexec_load": 104, "personality": 92, "io_uring_setup": 425, "fsopen": 430, "move_mount": 429, "open_tree": 428, "mount_setattr": 442,
        "memfd_create": 279, "memfd_secret": 447, "shmget": 194,
    },
}  # fmt: skip
_ARCHES: dict[str, dict[str, int]] = {
    "x86_64": {"audit": 0xC000003E, "clone": 56, "clone3": 435},
    "aarch64": {"audit": 0xC00000B7, "clone": 220, "clone3": 435},
}


class _Program(ctypes.Structure):
    _fields_ = [("length", ctypes.c_ushort), ("filter", ctypes.c_void_p)]


def filter_program(machine: str) -> bytes:
    """The seccomp filter as classic BPF: what the kernel does with each of the worker's system calls.

    Each line is (operation, lines to skip if true, lines to skip if false, number); a verdict ends the program. In words:

        calls of another processor?                kill the process
        the x32 table?                             refuse
        clone3?                                    say that this kernel has none, so that the C library uses clone
        clone, and its flags ask for a user        refuse; without that flag allow
          namespace?
        one of _REFUSED?                           refuse
        any other                                  allow
    """
    arch = _ARCHES[machine]
    refuse, unknown = 0x00050000 | errno.EPERM, 0x00050000 | errno.ENOSYS
    allow, kill = 0x7FFF0000, 0x80000000
    load, equal, bits, at_least, answer = 0x20, 0x15, 0x45, 0x35, 0x06
    # Offsets into what the kernel passes (struct seccomp_data).
    number, architecture, first_argument = 0, 4, 16
    code: list[tuple[int, int, int, int]] = [
        (load, 0, 0, architecture),
        (equal, 1, 0, arch["audit"]),
        (answer, 0, 0, kill),
        (load, 0, 0, number),
        (at_least, 0, 1, 0x40000000),
        (answer, 0, 0, refuse),
        # The flags of clone3 are in memory, which a filter cannot read.
        (equal, 0, 1, arch["clone3"]),
        (answer, 0, 0, unknown),
        (equal, 0, 4, arch["clone"]),
        (load, 0, 0, first_argument),
        (bits, 0, 1, NEW_USER),
        (answer, 0, 0, refuse),
        (answer, 0, 0, allow),
    ]
    for refused in sorted(_REFUSED[machine].values()):
        code += [(equal, 0, 1, refused), (answer, 0, 0, refuse)]
    code.append((answer, 0, 0, allow))
    return b"".join(struct.pack("HBBI", *line) for line in code)


def filter_system_calls() -> None:
    """Installs the filter for good; on an unknown processor the capabilities and limits must suffice."""
    machine = platform.machine()
    if machine not in _ARCHES:
        return
    raw = filter_program(machine)
    buffer = ctypes.create_string_buffer(raw, len(raw))
    program = _Program(len(raw) // 8, ctypes.cast(buffer, ctypes.c_void_p))
    _check(_LIBC.prctl(_PR_SET_SECCOMP, 2, ctypes.byref(program), 0, 0), "seccomp")


def confine(limits: dict[str, Any]) -> None:
    """The last step of a worker: no privileges, no dangerous calls, limits."""
    limit_resources(limits)
    drop_privileges()
    filter_system_calls()
