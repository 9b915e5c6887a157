"""Figures for Prometheus: how many requests of which route, how long they took, and how it stands
with what waits.  Off until the installation has a token for it."""

import hmac
import logging
import os
import time
from collections.abc import Iterator

from fastapi import APIRouter, Request, Response
from prometheus_client import CollectorRegistry, Counter, Histogram, generate_latest
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.exposition import CONTENT_TYPE_PLAIN_0_0_4
from prometheus_client.multiprocess import MultiProcessCollector
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from matcher.errors import SignInNeeded, UnknownId
from matcher.web.desk import Desk, DeskDep
from matcher.web.rules import PREFIX, action_of, route_of

router = APIRouter(tags=["metrics"])
BOUNDS = (0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)  # seconds
OTHER = "other"
log = logging.getLogger("matcher.web.requests")


@router.get("/metrics", response_class=Response)
def metrics(desk: DeskDep, request: Request) -> Response:
    """In the text format of Prometheus, for who has the token of `service.metrics_token`."""
    wanted = desk.settings.service.metrics_token
    if not wanted:
        raise UnknownId("没有开放指标(service.metrics_token 未设)。")
    sent = request.headers.get("Authorization", "").partition(" ")[2].strip()
    if not hmac.compare_digest(sent.encode(), wanted.encode()):
        raise SignInNeeded("指标的口令不对。")
    meter: Meter = request.app.state.meter
    return Response(generate_latest(meter.told()), media_type=CONTENT_TYPE_PLAIN_0_0_4)


class Meter:
    """Of one app; several processes of a service count together, in files of a folder that the
    library's variable names."""

    def __init__(self, desk: Desk) -> None:
        self.registry, self._standing = CollectorRegistry(), _Standing(desk)
        labels = ("method", "route")
        self.requests = Counter(
            "patmatch_requests", "Requests answered", (*labels, "status"), registry=self.registry
        )
        self.seconds = Histogram(
            "patmatch_request_seconds", "How long answers took", labels, buckets=BOUNDS,
            registry=self.registry,
        )  # fmt: skip

    def told(self) -> CollectorRegistry:
        """All that is counted."""
        if not os.environ.get("PROMETHEUS_MULTIPROC_DIR"):
            every = self.registry
        else:
            every = CollectorRegistry()
            MultiProcessCollector(every)  # type: ignore[no-untyped-call]
        found = CollectorRegistry()
        for collector in (every, self._standing):
            found.register(collector)
        return found


class _Standing:
    """Looked up when asked."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def collect(self) -> Iterator[GaugeMetricFamily]:
        """As of now."""
        store, library = self._desk.matcher.store, self._desk.matcher.library
        records = GaugeMetricFamily("patmatch_records", "Records in the index", labels=["side"])
        records.add_metric(["patents"], library.patents.columns.count)
        records.add_metric(["needs"], library.needs.columns.count)
        yield records
        yield GaugeMetricFamily(
            "patmatch_behind", "Records changed since the index was built",
            value=self._desk.matcher.behind,
        )  # fmt: skip
        for name, told, counts in (
            ("patmatch_jobs", "Jobs by state", store.jobs.counts()),
            ("patmatch_outbox", "Letters and webhooks by state", store.outbox.counts()),
        ):
            family = GaugeMetricFamily(name, told, labels=["state"])
            for state, count in counts.items():
                family.add_metric([state], count)
            yield family


class Metering:
    """Around everything: counts each request under its route, and writes one line of it that names
    the route alone, never an address, which may hold a name or a token."""

    def __init__(self, app: ASGIApp, *, meter: Meter) -> None:
        self._app, self._meter = app, meter

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        began, status = time.perf_counter(), 500

        async def noted(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        try:
            await self._app(scope, receive, noted)
        finally:
            took = time.perf_counter() - began
            path = route_of(scope)
            method = scope["method"]
            known = action_of(method, path) is not None
            route = path.removeprefix(PREFIX) if known else OTHER
            method = method if known else OTHER
            self._meter.requests.labels(method, route, str(status)).inc()
            self._meter.seconds.labels(method, route).observe(took)
            log.info("%s %s %d %.0f ms", method, route, status, took * 1000)
