"""Figures for Prometheus: requests by kind of address, workers, and the snapshot that is served."""

from __future__ import annotations

from dataclasses import dataclass, field

from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from prometheus_client.metrics_core import CounterMetricFamily
from prometheus_client.process_collector import ProcessCollector
from prometheus_client.registry import Collector

from kg.server.pool import Pool

BUCKETS = (0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 30, 60)  # seconds
KINDS = ("sparql", "store", "id", "article", "static", "health", "metrics")


class Workers(Collector):
    """What a pool counts itself."""

    def __init__(self, pool: Pool) -> None:
        self.pool = pool

    def collect(self) -> list[CounterMetricFamily]:
        """The counts as they are now."""
        counts = self.pool.counts
        return [
            CounterMetricFamily("kg_workers_started", "Worker processes started", counts.started),
            CounterMetricFamily("kg_workers_timed_out", "Workers killed at the deadline", counts.timed_out),
            CounterMetricFamily("kg_workers_died", "Workers that ended by themselves", counts.died),
            CounterMetricFamily("kg_jobs_refused", "Jobs for which no worker was free", counts.refused),
        ]


@dataclass(slots=True)
class Metrics:
    """Counts every request; `text` is what Prometheus reads."""

    requests: Counter
    seconds: Histogram
    registry: CollectorRegistry
    _known: dict[tuple[str, int], Counter] = field(default_factory=dict)
    _timed: dict[str, Histogram] = field(default_factory=dict)

    def observe(self, path: str, status: int, seconds: float) -> None:
        """Count one request."""
        kind = path.split("/", 2)[1]
        kind = kind if kind in KINDS else "page"
        counter = self._known.get((kind, status))
        if counter is None:
            counter = self._known[kind, status] = self.requests.labels(kind, str(status))
            self._timed[kind] = self.seconds.labels(kind)
        counter.inc()
        self._timed[kind].observe(seconds)

    def text(self) -> tuple[bytes, str]:
        """All figures and their media type."""
        return generate_latest(self.registry), CONTENT_TYPE_LATEST


def metrics_of(pool: Pool) -> Metrics:
    """Metrics of a server that answers by that pool."""
    registry = CollectorRegistry()
    registry.register(Workers(pool))
    ProcessCollector(registry=registry)
    gauges = {
        "kg_running": ("Jobs under way", lambda: pool.running),
        "kg_waiting": ("Jobs that wait for a worker", lambda: pool.waiting),
        "kg_workers": ("Worker processes, one of them to spare", lambda: pool.workers),
        "kg_snapshot_seconds": (
            "When the snapshot that is served was taken, in seconds since 1970",
            lambda: pool.snapshot.taken if pool.snapshot else 0.0,
        ),
    }
    for name, (words, value) in gauges.items():
        Gauge(name, words, registry=registry).set_function(value)
    return Metrics(
        Counter("kg_requests", "Requests answered", ("kind", "status"), registry=registry),
        Histogram("kg_request_seconds", "Seconds to an answer", ("kind",), registry=registry, buckets=BUCKETS),
        registry,
    )
