"""What holds for every request: who may ask, what every answer carries, and that each is told in the log."""

from __future__ import annotations

import base64
import binascii
import hmac
import json
import logging
import time
from dataclasses import dataclass, field
from hashlib import blake2b
from typing import Any

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from kg.server.incoming import Refused

log = logging.getLogger(__name__)
OPEN = ("/health",)  # without a token
CROSS_ORIGIN = ("/sparql", "/store", "/id/", "/article/")
LOOPBACK = ("127.0.0.1", "localhost", "[::1]")
SECURITY = [
    (
        b"content-security-policy",
        b"default-src 'self'; script-src 'self'; style-src 'self'; img-src 'self' data:; object-src 'none'; "
        b"base-uri 'none'; frame-ancestors 'none'; form-action 'self'",
    ),
    (b"x-content-type-options", b"nosniff"),
    (b"x-frame-options", b"DENY"),
    (b"referrer-policy", b"same-origin"),
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"permissions-policy", b"camera=(), geolocation=(), microphone=()"),
]


@dataclass(slots=True)
class Shield:
    """Wraps the application: host, token, headers, entity tags, refusals, log."""

    app: ASGIApp
    hosts: frozenset[str]  # names under which we may be asked, without port; "*" for any
    token: str | None
    origins: frozenset[str]  # of pages elsewhere that may read here; "*" for any; loopback always
    observe: Any  # called with path, status and seconds
    digests: dict[str, bytes] = field(default_factory=dict)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        started = time.perf_counter()
        headers = Headers(scope=scope)
        answer = _Answer(scope, headers, send, self._cross_origin(scope, headers))
        try:
            self._admit(scope, headers)
            if scope["method"] == "OPTIONS":
                await answer.plain(204, "", self._preflight())
            else:
                await self.app(scope, receive, answer.send)
        except Refused as refused:
            await answer.plain(refused.status, f"{refused}\n", refused.headers)
        except Exception:
            log.exception("%s %s failed", scope["method"], scope["path"])
            if answer.status:
                raise
            await answer.plain(500, "the server failed at this; its log says why\n", {})
        seconds = time.perf_counter() - started
        self.observe(scope["path"], answer.status, seconds)
        log.info(
            "%s %s %d", scope["method"], scope["raw_path"].decode("latin-1"), answer.status,
            extra={"method": scope["method"], "path": scope["path"], "status": answer.status,
                   "seconds": round(seconds, 6), "bytes": answer.size, "client": (scope.get("client") or ("",))[0]},
        )  # fmt: skip

    def _admit(self, scope: Scope, headers: Headers) -> None:
        """Refuse a host that is not ours (a page elsewhere may have had its name point here) and a wrong token."""
        host = headers.get("host", "")
        name = host.rpartition(":")[0] if host.rpartition(":")[2].isdecimal() else host
        if "*" not in self.hosts and name.lower() not in self.hosts:
            raise Refused(421, f"this server does not go by the name '{name[:100]}'; see --allowed-host")
        if self.token and scope["path"] not in OPEN and not self._knows_token(headers.get("authorization", "")):
            challenge = 'Bearer realm="kg", Basic realm="kg", charset="UTF-8"'
            raise Refused(401, "this server asks for a token; send Authorization: Bearer …", WWW_Authenticate=challenge)

    def _knows_token(self, authorization: str) -> bool:
        """By `Bearer TOKEN`, or in a browser's dialogue as the password of any user."""
        scheme, _, given = authorization.partition(" ")
        if scheme.lower() == "basic":
            try:
                given = base64.b64decode(given, validate=True).decode().partition(":")[2]
            except (binascii.Error, UnicodeDecodeError):
                return False
        elif scheme.lower() != "bearer":
            return False
        assert self.token is not None
        return hmac.compare_digest(given.strip().encode(), self.token.encode())

    def _cross_origin(self, scope: Scope, headers: Headers) -> list[tuple[bytes, bytes]]:
        """Leave for a page elsewhere to read what a program may read, not what a person is shown."""
        if not scope["path"].startswith(CROSS_ORIGIN):
            return []
        if "*" in self.origins:
            return [(b"access-control-allow-origin", b"*")]
        origin = headers.get("origin", "")
        scheme, _, host = origin.partition("://")
        name = host.rpartition(":")[0] if host.rpartition(":")[2].isdecimal() else host
        vary = [(b"vary", b"Origin")]
        if origin in self.origins or (scheme in ("http", "https") and name in LOOPBACK):
            return [*vary, (b"access-control-allow-origin", origin.encode("latin-1", "replace"))]
        return vary

    def _preflight(self) -> dict[str, str]:
        return {
            "Allow": "GET, HEAD, POST, OPTIONS",
            "Access-Control-Allow-Methods": "GET, HEAD, POST, OPTIONS",
            "Access-Control-Allow-Headers": "Accept, Authorization, Content-Type, If-None-Match",
            "Access-Control-Max-Age": "86400",
        }


@dataclass(slots=True)
class _Answer:
    """One answer on its way out."""

    scope: Scope
    asked: Headers
    out: Send
    extra: list[tuple[bytes, bytes]]
    status: int = 0
    size: int = 0
    start: Message | None = None

    async def send(self, message: Message) -> None:
        """Bodies come whole, so the entity tag can be made of the first part."""
        if message["type"] == "http.response.start":
            self.start = message
            self.status = message["status"]
            return
        body = message.get("body", b"")
        if self.start is not None:
            start, self.start = self.start, None
            if self._tag(start, body):
                body = b""
            start["headers"] = [*start["headers"], *SECURITY, *self.extra]
            await self.out(start)
        self.size += len(body)
        await self.out({**message, "body": body})

    def _tag(self, start: Message, body: bytes) -> bool:
        """Give a good answer the name of its content; true when the client has it already."""
        if start["status"] != 200 or self.scope["method"] not in ("GET", "HEAD"):
            return False
        names = dict(start["headers"])
        tag = names.get(b"etag")
        if tag is None:
            tag = b'"%s"' % blake2b(body + names.get(b"content-type", b""), digest_size=8).hexdigest().encode()
            start["headers"].append((b"etag", tag))
            if b"cache-control" not in names:
                start["headers"].append((b"cache-control", b"no-cache"))
        wanted = self.asked.get("if-none-match", "")
        if tag.decode() not in [one.strip().removeprefix("W/") for one in wanted.split(",")]:
            return False
        start["status"] = self.status = 304
        start["headers"] = [pair for pair in start["headers"] if pair[0] not in (b"content-length", b"content-type")]
        return True

    async def plain(self, status: int, words: str, headers: dict[str, str]) -> None:
        """A status and one sentence."""
        self.start, self.status, body = None, status, words.encode()
        lines = {"Content-Type": "text/plain; charset=utf-8", "Content-Length": str(len(body)), **headers}
        if status == 204:
            del lines["Content-Length"], lines["Content-Type"]
        encoded = [(name.lower().encode(), value.encode("latin-1", "replace")) for name, value in lines.items()]
        start = {"type": "http.response.start", "status": status, "headers": [*encoded, *SECURITY, *self.extra]}
        await self.out(start)
        self.size += len(body)
        await self.out({"type": "http.response.body", "body": body})


class JsonLines(logging.Formatter):
    """One JSON object a line: time, level, message, and what else is known of a request."""

    FIELDS = ("method", "path", "status", "seconds", "bytes", "client")

    def format(self, record: logging.LogRecord) -> str:
        found: dict[str, Any] = {
            "time": time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(record.created)) + f".{int(record.msecs):03}Z",
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
        }
        found |= {name: getattr(record, name) for name in self.FIELDS if hasattr(record, name)}
        if record.exc_info:
            found["traceback"] = self.formatException(record.exc_info)
        return json.dumps(found, ensure_ascii=False)
