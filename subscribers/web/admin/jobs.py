"""Work that takes longer than a page: done in a thread, watched on a page; knows no work."""

from __future__ import annotations

import secrets
from collections import OrderedDict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from threading import Lock, Thread
from typing import Literal

#: So many are remembered; the oldest finished one is forgotten first.
_MOST = 50


@dataclass(slots=True)
class Job:
    """One piece of work and how far it is."""

    title: str
    back: str  #: the page to go on to
    who: str  #: the account that began it
    id: str = field(default_factory=lambda: secrets.token_urlsafe(9))
    state: Literal["running", "done", "failed"] = "running"
    done: int = 0
    total: int = 0  #: 0 while nobody knows
    says: str = ""


#: Tells how far it is: done, of how many (0 where unknown), in words.
Step = tuple[int, int, str]


class Jobs:
    """What is being done, and what was done lately; forgotten when the process ends."""

    def __init__(self) -> None:
        self._jobs: OrderedDict[str, Job] = OrderedDict()
        self._lock = Lock()

    def start(self, title: str, back: str, who: str, work: Callable[[], Iterator[Step]]) -> Job:
        """Begin a piece of work in a thread of its own."""
        job = Job(title, back, who)
        with self._lock:
            self._jobs[job.id] = job
            ended = [each.id for each in self._jobs.values() if each.state != "running"]
            for old in ended[: max(0, len(self._jobs) - _MOST)]:
                del self._jobs[old]
        Thread(target=_carry_out, args=(job, work), name=f"job {title}", daemon=True).start()
        return job

    def get(self, number: str) -> Job | None:
        """Return a piece of work, None where it is not known any more."""
        return self._jobs.get(number)


def _carry_out(job: Job, work: Callable[[], Iterator[Step]]) -> None:
    try:
        for job.done, job.total, job.says in work():
            pass
        job.state = "done"
    except Exception as fault:
        # Nobody waits for this thread: what went wrong is told on the page that watches it.
        job.says, job.state = f"{fault}" or type(fault).__name__, "failed"
