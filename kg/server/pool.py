"""Worker processes: as many jobs at once as there are workers, one more kept warm, each killed at the deadline.

They are forked from a process that has everything loaded (forkserver), so that a new one is there in
milliseconds, also where many are killed at once.
"""

from __future__ import annotations

import asyncio
import logging
import signal
import socket
from collections import deque
from collections.abc import Callable, Coroutine
from dataclasses import dataclass, field
from multiprocessing import get_context
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Any, cast

from kg.server.snapshot import Snapshot
from kg.server.wire import LENGTHS, Job, Reply, pack_job, unpack_reply
from kg.server.worker import Bounds, main

log = logging.getLogger(__name__)
MAX_WAITING = 1_000  # jobs; more are refused at once
PATIENCE = 10.0  # seconds that a job waits for a worker, or as long as a job may take where that is more
START = 30.0  # seconds that a worker may take to start
AGAIN = 1.0  # seconds before a worker is started anew that did not start
PROCESSES = get_context("forkserver")
PROCESSES.set_forkserver_preload(["kg.server.warm"])


class Busy(Exception):
    """No worker was free in time."""


class TimedOut(Exception):
    """The worker was killed at the deadline."""


class Died(Exception):
    """The worker ended before it answered."""


class Channel(asyncio.Protocol):
    """Our end of the socket to one worker; one frame out, one frame in."""

    def __init__(self) -> None:
        self.buffer = bytearray()
        self.answer: asyncio.Future[Reply] | None = None
        self.transport: asyncio.Transport | None = None
        self.on_idle_loss: Callable[[], None] = lambda: None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = cast(asyncio.Transport, transport)

    def data_received(self, data: bytes) -> None:
        self.buffer += data
        if len(self.buffer) < LENGTHS.size:
            return
        head, body = LENGTHS.unpack_from(self.buffer)
        start, end = LENGTHS.size + head, LENGTHS.size + head + body
        if len(self.buffer) >= end and self.answer is not None and not self.answer.done():
            whole = bytes(self.buffer)
            self.buffer = bytearray()
            self.answer.set_result(unpack_reply(whole[LENGTHS.size : start], whole[start:end]))

    def connection_lost(self, exc: Exception | None) -> None:
        if self.answer is not None and not self.answer.done():
            self.answer.set_exception(Died())
        else:
            self.on_idle_loss()


@dataclass(eq=False, slots=True)
class Worker:
    """One process and the way to it."""

    process: BaseProcess
    channel: Channel
    snapshot: Snapshot
    jobs: int = 0
    timed_out: bool = False

    def ask(self, frame: bytes) -> asyncio.Future[Reply]:
        """Send a job; the future brings the reply, or Died."""
        channel = self.channel
        channel.answer = asyncio.get_running_loop().create_future()
        assert channel.transport is not None
        if channel.transport.is_closing():
            channel.answer.set_exception(Died())
        elif frame:
            channel.transport.write(frame)
        return channel.answer

    def expire(self) -> None:
        """The deadline has come."""
        self.timed_out = True
        self.process.kill()

    async def bury(self) -> int:
        """See the process out, killing it if need be; its exit status, negative for a signal."""
        if self.channel.transport is not None:
            self.channel.transport.close()
        self.process.kill()
        await asyncio.to_thread(self.process.join)
        return self.process.exitcode or 0


@dataclass(slots=True)
class Counts:
    """What happened to workers since the start, for the metrics."""

    started: int = 0
    timed_out: int = 0
    died: int = 0
    refused: int = 0


@dataclass(slots=True)
class Pool:
    """Gives each job to a free worker; replaces a worker that is lost, and all of them for a new snapshot."""

    size: int
    bounds: Bounds  # of one job
    target: Callable[[socket.socket, Path, Bounds], None] = main  # what a worker runs
    snapshot: Snapshot | None = None
    counts: Counts = field(default_factory=Counts)
    running: int = 0
    _idle: list[Worker] = field(default_factory=list)
    _all: set[Worker] = field(default_factory=set)
    _waiting: deque[asyncio.Future[Worker]] = field(default_factory=deque)
    _tasks: set[asyncio.Task[Any]] = field(default_factory=set)
    _starting: asyncio.Lock = field(default_factory=asyncio.Lock)
    _beginning: asyncio.Lock = field(default_factory=asyncio.Lock)
    _closed: bool = False

    @property
    def waiting(self) -> int:
        """Jobs that no worker has taken yet."""
        return len(self._waiting)

    @property
    def workers(self) -> int:
        """Processes that are there, one of them to spare."""
        return len(self._all)

    async def serve(self, snapshot: Snapshot) -> None:
        """Answer from this snapshot; workers of the one before end with the job they have."""
        fresh = await asyncio.gather(*(self._start(snapshot) for _ in range(self.size + 1)), return_exceptions=True)
        ready = [worker for worker in fresh if isinstance(worker, Worker)]
        if not ready:
            raise next(error for error in fresh if isinstance(error, BaseException))
        before, self.snapshot = self.snapshot, snapshot
        old, self._idle = self._idle, []
        for worker in ready:
            self._free(worker)
        for worker in old:
            self._later(self._end(worker))
        for _ in range(self.size + 1 - len(ready)):
            self._later(self._replace())
        if before is not None and not any(worker.snapshot is before for worker in self._all):
            await asyncio.to_thread(before.remove)

    async def begin(self, snapshot: Snapshot) -> None:
        """Serve, where that has not begun."""
        async with self._beginning:
            if self.snapshot is None and not self._closed:
                await self.serve(snapshot)

    def begin_soon(self, snapshot: Snapshot) -> None:
        """Begin without anybody waiting for it."""
        if self.snapshot is None:
            self._later(self.begin(snapshot))

    async def run(self, job: Job) -> Reply:
        """What a worker makes of the job; Busy, TimedOut or Died where none does."""
        frame = pack_job(job)
        worker = await self._take()
        deadline = asyncio.get_running_loop().call_later(self.bounds.timeout, worker.expire)
        try:
            reply = await worker.ask(frame)
        except Died:
            self._lost(worker, job)
            raise (TimedOut if worker.timed_out else Died) from None
        except asyncio.CancelledError:  # the client has gone: nobody waits for this any more
            self._lost(worker, job)
            raise
        finally:
            deadline.cancel()
            self.running -= 1
            self._call_next()
        worker.jobs += 1
        self._free(worker)
        return reply

    async def _take(self) -> Worker:
        """A free worker, after those who came before."""
        if self._idle and self.running < self.size and not self._waiting:
            self.running += 1
            return self._idle.pop()
        if len(self._waiting) >= MAX_WAITING or self._closed:
            self.counts.refused += 1
            raise Busy
        turn: asyncio.Future[Worker] = asyncio.get_running_loop().create_future()
        self._waiting.append(turn)
        try:
            async with asyncio.timeout(max(PATIENCE, self.bounds.timeout)):
                return await turn
        except (TimeoutError, asyncio.CancelledError) as error:
            if turn in self._waiting:
                self._waiting.remove(turn)
            elif turn.done() and not turn.cancelled():  # the worker came in the same moment
                self.running -= 1
                self._free(turn.result())
            if isinstance(error, asyncio.CancelledError):
                raise
            self.counts.refused += 1
            raise Busy from None

    def _call_next(self) -> None:
        while self._waiting and self._idle and self.running < self.size:
            turn = self._waiting.popleft()
            if not turn.done():
                self.running += 1
                turn.set_result(self._idle.pop())

    def _free(self, worker: Worker) -> None:
        if self._closed or worker.snapshot is not self.snapshot:
            self._later(self._end(worker))
            return
        self._idle.append(worker)
        self._call_next()

    def _lost(self, worker: Worker, job: Job) -> None:
        """Count it, tell it, and put another one in its place."""
        if worker.timed_out:
            self.counts.timed_out += 1
        else:
            self.counts.died += 1
        self._later(self._mourn(worker, job))
        if worker.snapshot is self.snapshot:
            self._later(self._replace())

    def _gone(self, worker: Worker) -> None:
        """A worker ended that had nothing to do."""
        if worker in self._idle and not self._closed:
            self._idle.remove(worker)
            self.counts.died += 1
            log.warning("a worker ended that was idle; another one takes its place")
            self._later(self._end(worker))
            self._later(self._replace())

    async def _mourn(self, worker: Worker, job: Job) -> None:
        status = await self._end(worker)
        why = "killed at the deadline" if worker.timed_out else _why(status)
        log.warning("a worker was %s by this %s: %s", why, job.kind, " ".join(job.text.split())[:500])

    async def _replace(self) -> None:
        while not self._closed and self.snapshot is not None:
            try:
                self._free(await self._start(self.snapshot))
                return
            except (Died, TimeoutError, OSError) as error:
                log.error("a worker did not start (%r); trying again", error)
                await asyncio.sleep(AGAIN)

    async def _start(self, snapshot: Snapshot) -> Worker:
        """A worker that has opened the snapshot."""
        ours, its = socket.socketpair()
        process = PROCESSES.Process(target=self.target, args=(its, snapshot.folder, self.bounds), daemon=True)
        try:
            async with self._starting:
                await asyncio.to_thread(process.start)
        except OSError:
            ours.close()
            raise
        finally:
            its.close()
        _, channel = await asyncio.get_running_loop().create_connection(Channel, sock=ours)
        worker = Worker(process, channel, snapshot)
        self._all.add(worker)
        try:
            async with asyncio.timeout(START):
                await worker.ask(b"")
        except BaseException:
            await self._end(worker)
            raise
        channel.on_idle_loss = lambda: self._gone(worker)
        self.counts.started += 1
        return worker

    async def _end(self, worker: Worker) -> int:
        status = await worker.bury()
        self._all.discard(worker)
        last = not any(other.snapshot is worker.snapshot for other in self._all)
        if last and worker.snapshot is not self.snapshot:
            await asyncio.to_thread(worker.snapshot.remove)
        return status

    def _later(self, work: Coroutine[Any, Any, Any]) -> None:
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def close(self) -> None:
        """End all workers and take the snapshot away."""
        self._closed = True
        for worker in list(self._all):
            worker.process.kill()
        await asyncio.gather(*(worker.bury() for worker in list(self._all)), return_exceptions=True)
        for task in list(self._tasks):
            task.cancel()
        if self.snapshot is not None:
            await asyncio.to_thread(self.snapshot.remove)


def _why(status: int) -> str:
    """How a process ended, in words: the memory limit shows as SIGABRT."""
    if status == -signal.SIGABRT:
        return "ended by its memory limit"
    if status < 0:
        return f"ended by {signal.Signals(-status).name}"
    return f"ended with status {status}"
