"""Metrics for Prometheus: what the tables say, and how long this process takes to answer."""

import time
from collections.abc import Callable, Iterable
from hmac import compare_digest
from typing import Final

from prometheus_client import CollectorRegistry, Histogram, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from web.ports import MetricFacts

METRICS: Final = "/metrics"
TOKEN_NEEDED: Final = "A token is needed.\n"  # noqa: S105 - says so, and is none
SECONDS: Final = (0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)
UNKNOWN: Final = "unknown"  # an address that is none of ours: there are any number of those


def may_read(given: str, token: str) -> bool:
    """Whether what was *given* as ``Authorization`` carries the token."""
    return compare_digest(given.encode(), f"Bearer {token}".encode())


class Metrics:
    """Of one process; what it counts itself is its own, the rest is the same everywhere."""

    def __init__(self, facts: Callable[[], MetricFacts]) -> None:
        self._registry = CollectorRegistry()
        self.latency = Histogram(
            "countersign_http_request_duration_seconds",
            "How long answers took, in this process.",
            ("method", "route", "status"),
            buckets=SECONDS,
            registry=self._registry,
        )
        self._registry.register(_FromTheTables(facts))

    def text(self) -> bytes:
        return generate_latest(self._registry)


class MeasuresAnswers:
    """Notes how long each answer took, by the form of its address and not by the address."""

    def __init__(self, app: ASGIApp, *, metrics: Metrics) -> None:
        self._app = app
        self._latency = metrics.latency

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        began, status = time.perf_counter(), 500

        async def send_noted(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        try:
            await self._app(scope, receive, send_noted)
        finally:
            took = time.perf_counter() - began
            self._latency.labels(scope["method"], _route(scope), f"{status // 100}xx").observe(took)


def _route(scope: Scope) -> str:
    path = getattr(scope.get("route"), "path", None)
    return UNKNOWN if path is None else f"{scope.get('root_path', '')}{path}"


class _FromTheTables(Collector):
    def __init__(self, facts: Callable[[], MetricFacts]) -> None:
        self._facts = facts

    def describe(self) -> Iterable[Metric]:
        """Nothing is asked before somebody looks."""
        return ()

    def collect(self) -> Iterable[Metric]:
        facts = self._facts()
        yield _by("emails", "Emails by state.", "state", facts.emails)
        yield _by("webhook_deliveries", "Webhook deliveries by state.", "state", facts.webhooks)
        yield _one("events_waiting", "Events nobody was told of yet.", facts.events_waiting)
        yield _one(
            "oldest_unsent_age_seconds", "Age of the oldest email that waits.", facts.oldest_age
        )
        yield _one("workers", "Workers that are alive; only PostgreSQL knows.", facts.workers)
        yield _one("sending_suspended", "1: a copied or restored database.", facts.suspended)
        yield _counter("emails_sent", "Letters the mail server took.", facts.sent)
        yield _counter("emails_refused", "Emails given up as refused.", facts.refused)
        yield _counted("decisions", "Answers to requests.", "kind", facts.decisions)
        yield _counted("runs", "How often each run was begun.", "run", facts.runs)
        ages = "Since each run was last finished."
        yield _by("run_age_seconds", ages, "run", facts.run_ages)


def _one(name: str, about: str, value: float | None) -> Metric:
    family = GaugeMetricFamily(f"countersign_{name}", about)
    if value is not None:
        family.add_metric([], value)
    return family


def _by(name: str, about: str, label: str, values: dict[str, float]) -> Metric:
    family = GaugeMetricFamily(f"countersign_{name}", about, labels=[label])
    for key, value in sorted(values.items()):
        family.add_metric([key], value)
    return family


def _counter(name: str, about: str, value: float) -> Metric:
    family = CounterMetricFamily(f"countersign_{name}", about)
    family.add_metric([], value)
    return family


def _counted(name: str, about: str, label: str, values: dict[str, float]) -> Metric:
    family = CounterMetricFamily(f"countersign_{name}", about, labels=[label])
    for key, value in sorted(values.items()):
        family.add_metric([key], value)
    return family
