"""The server put together: a snapshot, its workers, the routes, and a loop that looks for builds."""

from __future__ import annotations

import asyncio
import logging
import signal
import socket
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType
from typing import Any

import uvicorn
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route, Router

from kg.errors import StoreError
from kg.server import reader
from kg.server.metrics import metrics_of
from kg.server.pool import Died, Pool
from kg.server.protocol import Endpoint
from kg.server.shield import LOOPBACK, Shield
from kg.server.site import Site
from kg.server.snapshot import Snapshot, state_of, take
from kg.server.worker import Bounds

log = logging.getLogger(__name__)
LOOK = 1.0  # seconds between looks at the store
CONNECTIONS = 1_000  # open at once; more are answered 503
KEEP_ALIVE = 5  # seconds
SILENCE = 5  # seconds in which a client must send or take something
ANY = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"]


@dataclass(frozen=True, slots=True)
class Settings:
    """What the user may choose."""

    store: Path
    host: str = "127.0.0.1"
    port: int = 8000  # 0 for any that is free
    workers: int = 2
    timeout: float = 30.0  # seconds
    memory: int = 1024  # MB for each worker
    rows: int = 500_000
    size: int = 64  # MB
    token: str | None = None
    allowed_hosts: tuple[str, ...] = ()
    origins: tuple[str, ...] = ()


def serve(settings: Settings, ready: Callable[[str], None]) -> None:
    """Serve until SIGTERM or SIGINT; requests under way are finished. StoreError where it cannot start."""
    listening = _listen(settings)
    with listening:
        host, port = listening.getsockname()[:2]
        address = f"http://{f'[{host}]' if ':' in host else host}:{port}/"
        snapshot = take(settings.store)
        app = application(settings, pools_of(settings), snapshot, lambda: ready(address))
        config = uvicorn.Config(
            app,
            log_config=None,
            access_log=False,
            server_header=False,
            proxy_headers=False,
            ws="none",
            limit_concurrency=CONNECTIONS,
            timeout_keep_alive=KEEP_ALIVE,
            timeout_graceful_shutdown=int(settings.timeout) + 1,
            timeout_notify=SILENCE,
        )
        server = uvicorn.Server(config)
        config.callback_notify = Sweep(server)
        before = {name: signal.signal(name, _ignore) for name in (signal.SIGTERM, signal.SIGINT)}
        try:
            server.run(sockets=[listening])
        finally:
            snapshot.remove()  # where the application never began
            for name, handler in before.items():
                signal.signal(name, handler)
        if not server.started:
            raise StoreError(f"{settings.store}: the server did not start; its log says why")


@dataclass(slots=True)
class Sweep:
    """Hangs up on clients that say nothing or take nothing: uvicorn waits for them for ever."""

    server: uvicorn.Server
    seen: dict[Any, tuple[int, int]] = field(default_factory=dict)

    async def __call__(self) -> None:
        """Called every SILENCE seconds; a connection must have moved on since the last time."""
        before, self.seen = self.seen, {}
        for connection in list(self.server.server_state.connections):
            cycle, transport = getattr(connection, "cycle", None), connection.transport
            unsent = transport.get_write_buffer_size()
            if cycle is not None and not cycle.response_complete and not unsent:
                continue  # we are the slow one, or wait for a body that has its own deadline
            mark = (id(cycle), unsent)
            if before.get(connection) == mark:
                transport.abort()
            else:
                self.seen[connection] = mark


def _ignore(_signal: int, _frame: FrameType | None) -> None:
    """uvicorn raises the signal again when it has ended; that it came was enough."""


def _listen(settings: Settings) -> socket.socket:
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    try:
        return socket.create_server((settings.host, settings.port), family=family, backlog=2048)
    except (OSError, OverflowError) as error:
        raise StoreError(
            f"{settings.host}:{settings.port}: cannot listen there ({error}); choose another --port or --host"
        ) from error


def pools_of(settings: Settings) -> tuple[Pool, Pool]:
    """Workers over the store, and readers of pasted articles; none is started yet."""
    bounds = Bounds(settings.memory, settings.timeout, settings.rows, settings.size << 20)
    return Pool(settings.workers, bounds), Pool(1, bounds, reader.main)


def application(settings: Settings, pools: tuple[Pool, Pool], snapshot: Snapshot, ready: Callable[[], None]) -> Shield:
    """The ASGI application; its start starts the workers, its end ends them."""
    pool, readers = pools

    @asynccontextmanager
    async def lifespan(_app: object) -> AsyncIterator[None]:
        await pool.serve(snapshot)
        watching = asyncio.create_task(watch(settings.store, pool))
        ready()
        yield
        watching.cancel()
        with suppress(asyncio.CancelledError):
            await watching
        await asyncio.gather(pool.close(), readers.close())

    async def health(_request: Request) -> Response:
        state = pool.snapshot.state if pool.snapshot else ""
        well = pool.workers > 0
        return JSONResponse({"status": "ok" if well else "no workers", "snapshot": state}, 200 if well else 503)

    async def figures(_request: Request) -> Response:
        body, media_type = metrics.text()
        return Response(body, media_type=media_type)

    metrics = metrics_of(pool)
    endpoint, site = Endpoint(pool), Site(pool, readers)
    routes = [
        Route("/sparql", endpoint.sparql, methods=ANY),
        Route("/sparql/", endpoint.sparql, methods=ANY),
        Route("/store", endpoint.store, methods=ANY),
        Route("/health", health),
        Route("/metrics", figures),
        Route("/static/{path:path}", site.static, methods=ANY),
        Route("/{path:path}", site.page, methods=ANY),
    ]
    names = {*LOOPBACK, settings.host.lower(), f"[{settings.host.lower()}]", *map(str.lower, settings.allowed_hosts)}
    return Shield(
        Router(routes, redirect_slashes=False, lifespan=lifespan),
        frozenset(names),
        settings.token,
        frozenset(settings.origins),
        metrics.observe,
    )


async def watch(store: Path, pool: Pool) -> None:
    """Take a new snapshot whenever the store has changed and nobody writes to it any more."""
    assert pool.snapshot is not None
    served = seen = pool.snapshot.state
    while True:
        await asyncio.sleep(LOOK)
        try:
            now = state_of(store)
            if now == served or now != seen:  # unchanged, or still changing
                seen = now
                continue
            snapshot = await asyncio.to_thread(take, store)
        except (StoreError, OSError) as error:
            log.info("the snapshot of before is served on: %s", error)
            continue
        try:
            await pool.serve(snapshot)
            served = seen = snapshot.state
            log.info("serving the store as it is since its last change (%s)", snapshot.state)
        except (Died, TimeoutError, OSError) as error:
            log.error("the new snapshot cannot be served, that of before is served on: %r", error)
            await asyncio.to_thread(snapshot.remove)
