"""Runs one function at a time in a process of its own, under limits; knows nothing of what the function does.

Reading hostile input can take any amount of time and memory. Here it takes a process that is ended instead of ours.
The process is kept between calls, because starting one costs more than most calls.
"""

from __future__ import annotations

import contextlib
import os
import pickle
import signal
import struct
import subprocess
import sys
import threading
from collections.abc import Callable
from dataclasses import dataclass
from types import TracebackType
from typing import IO, ParamSpec, Self, TypeVar

from digest.errors import BroadsheetError, SourceError

P = ParamSpec("P")
R = TypeVar("R")
#: What the process runs. Not ``-m``: then the classes of this module would have two names there.
_PROGRAM = f"import sys; from {__name__} import serve; serve(float(sys.argv[1]), int(sys.argv[2]))"
_HEAD = struct.Struct(">Q")
#: What the process inherits: enough to start Python, none of the secrets.
_ENVIRONMENT = ("PATH", "PYTHONPATH", "PYTHONHOME", "VIRTUAL_ENV", "LD_LIBRARY_PATH", "SYSTEMROOT", "LANG", "TMPDIR")


@dataclass(frozen=True, slots=True)
class Bounds:
    """What one call may cost."""

    cpu_seconds: float = 1.5  #: of processor time; 2 with what starting the process and handing over may take
    memory_mb: int = 300  #: of address space, Python's own included
    seconds: float = 20.0  #: by the clock, on a busy machine


class LimitPassed(SourceError):
    """reading it took more time or memory than is allowed"""


class Worker:
    """A process that runs functions under limits; started when first used, and again after it was ended."""

    def __init__(self, bounds: Bounds | None = None) -> None:
        self.bounds = bounds or Bounds()
        self._process: subprocess.Popen[bytes] | None = None
        self._lock = threading.Lock()

    def run(self, function: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
        """Return what a module's function returns there; raise its own error, or LimitPassed where it was ended.

        Function, arguments and result must be picklable. One call runs at a time; others wait.
        """
        call = pickle.dumps((function, args, kwargs), pickle.HIGHEST_PROTOCOL)
        with self._lock:
            answer = self._ask(call)
        if answer is None:
            raise LimitPassed(self._cause())
        is_good, value = pickle.loads(answer)  # noqa: S301 - written by our own process
        if is_good:
            return value  # type: ignore[no-any-return] # what the function returned over there
        raise value

    def close(self) -> None:
        """End the process."""
        if self._process:
            for pipe in (self._process.stdin, self._process.stdout):
                if pipe:
                    with contextlib.suppress(OSError):
                        pipe.close()
            self._process.kill()
            self._process.wait()
            self._process = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _ask(self, call: bytes) -> bytes | None:
        process = self._started()
        timer = threading.Timer(self.bounds.seconds, process.kill)
        timer.daemon = True
        timer.start()
        try:
            assert process.stdin  # noqa: S101 - opened as a pipe above
            assert process.stdout  # noqa: S101 - opened as a pipe above
            _write(process.stdin, call)
            return _read(process.stdout)
        except OSError:
            return None
        finally:
            timer.cancel()

    def _started(self) -> subprocess.Popen[bytes]:
        if self._process is None or self._process.poll() is not None:
            self.close()
            self._process = subprocess.Popen(
                [sys.executable, "-P", "-c", _PROGRAM, str(self.bounds.cpu_seconds), str(self.bounds.memory_mb)],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                env=_environment(),
            )
        return self._process

    def _cause(self) -> str:
        """Say why the process ended, and put it away."""
        status = self._process.wait() if self._process else 0
        self.close()
        if status == -signal.SIGPROF:
            return f"reading it took more than {self.bounds.cpu_seconds:g} s of processor time"
        if status == -signal.SIGKILL:
            return f"reading it took more than {self.bounds.seconds:g} s"
        return f"reading it took more than {self.bounds.memory_mb} MB"


class Workers:
    """The processes of a run, one for each set of bounds; those who read take turns at it."""

    def __init__(self) -> None:
        self._workers: dict[Bounds, Worker] = {}
        self._lock = threading.Lock()

    def of(self, bounds: Bounds) -> Worker:
        """Return the process that keeps to ``bounds``."""
        with self._lock:
            return self._workers.setdefault(bounds, Worker(bounds))

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for worker in self._workers.values():
            worker.close()


def _environment() -> dict[str, str]:
    """Return what the process needs of ours: a few names, and where modules lie, also inside a zip application."""
    kept = {name: os.environ[name] for name in _ENVIRONMENT if name in os.environ}
    return {**kept, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}


def _write(pipe: IO[bytes], message: bytes) -> None:
    pipe.write(_HEAD.pack(len(message)))
    pipe.write(message)
    pipe.flush()


def _read(pipe: IO[bytes]) -> bytes | None:
    head = pipe.read(_HEAD.size)
    if len(head) < _HEAD.size:
        return None
    size = _HEAD.unpack(head)[0]
    message = pipe.read(size)
    return message if len(message) == size else None


def serve(cpu_seconds: float, memory_mb: int) -> None:
    """Answer calls from stdin on stdout until stdin ends."""
    import resource  # only where there are such limits

    calls, answers = os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # whatever a library prints must not end up among the answers
    resource.setrlimit(resource.RLIMIT_AS, (memory_mb << 20, memory_mb << 20))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    while (call := _read(calls)) is not None:
        _write(answers, _answer(call, cpu_seconds, memory_mb))


def _answer(call: bytes, cpu_seconds: float, memory_mb: int) -> bytes:
    try:
        function, args, kwargs = pickle.loads(call)  # noqa: S301 - written by the process that started this one
        # Unlike RLIMIT_CPU this can be set anew for each call, and to less than a second; nothing catches it.
        signal.setitimer(signal.ITIMER_PROF, cpu_seconds)
        answer = True, function(*args, **kwargs)
        return pickle.dumps(answer, pickle.HIGHEST_PROTOCOL)
    except BroadsheetError as error:
        return pickle.dumps((False, error))
    except MemoryError:
        return pickle.dumps((False, LimitPassed(f"reading it took more than {memory_mb} MB")))
    except Exception as error:
        return pickle.dumps((False, SourceError(f"it could not be read ({type(error).__name__}: {error})"[:300])))
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
