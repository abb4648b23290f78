"""The numbers of an installation in Prometheus's text format; for monitoring, never for the public."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from ipaddress import ip_address
from typing import Literal

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import BaseRoute, Route

from digest.pipeline.app import App
from digest.pipeline.vitals import Health, health_of

Labels = tuple[tuple[str, str], ...]
Samples = Iterator[tuple[Labels, float]]


@dataclass(frozen=True, slots=True)
class Metric:
    """One family of numbers."""

    kind: Literal["gauge", "counter"]
    about: str
    read: Callable[[Health], Samples]


def _one(number: float | None) -> Samples:
    if number is not None:
        yield (), number


def _at(moment: datetime | None) -> Samples:
    return _one(moment.timestamp() if moment else None)


def _by(label: str, numbers: Mapping[str, float]) -> Samples:
    for name, number in sorted(numbers.items()):
        yield ((label, name),), number


METRICS: dict[str, Metric] = {
    "broadsheet_up": Metric("gauge", "1 where the store answers.", lambda _h: _one(1)),
    "broadsheet_clock_tick_seconds": Metric(
        "gauge", "When the clock's process last looked, as a Unix time.", lambda h: _at(h.tick)
    ),
    "broadsheet_sender_look_seconds": Metric(
        "gauge", "When the process that sends last looked, as a Unix time.", lambda h: _at(h.look)
    ),
    "broadsheet_articles": Metric("gauge", "Articles in the store.", lambda h: _one(h.vitals.articles)),
    "broadsheet_source_checks_total": Metric(
        "counter",
        "Checks of each source.",
        lambda h: _by("source", {slug: each.checks for slug, each in h.vitals.sources.items()}),
    ),
    "broadsheet_source_failures_total": Metric(
        "counter",
        "Checks of each source that failed.",
        lambda h: _by("source", {slug: each.failed for slug, each in h.vitals.sources.items()}),
    ),
    "broadsheet_source_seconds_total": Metric(
        "counter",
        "Seconds spent on checks of each source.",
        lambda h: _by("source", {slug: each.seconds for slug, each in h.vitals.sources.items()}),
    ),
    "broadsheet_source_bytes_total": Metric(
        "counter",
        "Bytes read from each source, after decompression.",
        lambda h: _by("source", {slug: each.size for slug, each in h.vitals.sources.items()}),
    ),
    "broadsheet_source_failing": Metric(
        "gauge",
        "1 where the last check of a source failed.",
        lambda h: _by("source", {slug: float(each.last_status == "failed") for slug, each in h.vitals.sources.items()}),
    ),
    "broadsheet_editions": Metric(
        "gauge",
        "Editions by newsletter and state.",
        lambda h: (
            ((("newsletter", newsletter), ("state", state)), number)
            for (newsletter, state), number in sorted(h.vitals.editions.items())
        ),
    ),
    "broadsheet_edition_sent_seconds": Metric(
        "gauge",
        "When the last edition of each newsletter was sent, as a Unix time.",
        lambda h: _by("newsletter", {name: at.timestamp() for name, at in h.vitals.last_sent.items()}),
    ),
    "broadsheet_send_duration_seconds": Metric(
        "gauge",
        "How long the last finished send of each newsletter took, from its plan to its end.",
        lambda h: _by("newsletter", dict(h.vitals.last_took)),
    ),
    "broadsheet_next_run_seconds": Metric(
        "gauge",
        "When each newsletter is due next, as a Unix time.",
        lambda h: _by("newsletter", {name: at.timestamp() for name, at in h.next_runs.items()}),
    ),
    "broadsheet_deliveries_total": Metric(
        "counter", "Deliveries by what became of them.", lambda h: _by("place", dict(h.vitals.deliveries))
    ),
    "broadsheet_told_total": Metric(
        "counter", "Refusals, bounces and complaints, by kind.", lambda h: _by("kind", dict(h.vitals.told))
    ),
    "broadsheet_open_batches": Metric(
        "gauge", "Batches that are not finished: the queue's depth.", lambda h: _one(h.vitals.open_batches)
    ),
    "broadsheet_oldest_unsent_seconds": Metric(
        "gauge", "Age of the oldest send that is not finished.", lambda h: _one(h.oldest_unsent)
    ),
    "broadsheet_provider_answer_seconds": Metric(
        "gauge", "When the provider last answered, as a Unix time.", lambda h: _at(h.vitals.last_answer)
    ),
    "broadsheet_senders": Metric("gauge", "Processes that send now.", lambda h: _one(h.vitals.senders)),
    "broadsheet_subscribers": Metric(
        "gauge", "Confirmed subscribers of each list.", lambda h: _by("list", dict(h.subscribers))
    ),
}


def routes(app: App) -> list[BaseRoute]:
    """Return the route of the numbers."""

    def numbers(request: Request) -> Response:
        if not is_near(request):
            return PlainTextResponse("metrics are told to this machine and its network alone", status_code=403)
        return PlainTextResponse(text(health_of(app, app.clock())), media_type="text/plain; version=0.0.4")

    return [Route("/metrics", numbers)]


def is_near(request: Request) -> bool:
    """Return whether a request comes from a private network, and from no proxy that speaks for somebody else."""
    if "x-forwarded-for" in request.headers or "forwarded" in request.headers or request.client is None:
        return False
    try:
        address = ip_address(request.client.host)
    except ValueError:
        return False
    return address.is_private or address.is_loopback


def text(health: Health) -> str:
    """Return every family in the text format 0.0.4."""
    lines = []
    for name, metric in METRICS.items():
        lines += [f"# HELP {name} {metric.about}", f"# TYPE {name} {metric.kind}"]
        lines += [f"{name}{_labels(labels)} {number:.17g}" for labels, number in metric.read(health)]
    return "\n".join(lines) + "\n"


def _labels(labels: Labels) -> str:
    quoted = (f'{name}="{_escaped(value)}"' for name, value in labels)
    return f"{{{','.join(quoted)}}}" if labels else ""


def _escaped(value: str) -> str:
    return value.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
