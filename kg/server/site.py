"""Everything else that a browser asks for: pages of the explorer, its static files, entities as RDF."""

from __future__ import annotations

import gzip
import mimetypes
from dataclasses import dataclass
from functools import lru_cache
from hashlib import blake2b
from pathlib import Path
from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import Response

import kg.pages
from kg.pages.answer import LANGUAGES
from kg.server.incoming import (
    FORM,
    MULTIPART,
    Params,
    Refused,
    body_of,
    content_type,
    fields_of,
    one,
    params_of,
    response,
)
from kg.server.negotiation import HTML, choose
from kg.server.pool import Died, Pool
from kg.server.protocol import ask, takes_gzip
from kg.server.reader import NOTHING
from kg.server.wire import Job, Kind, Reply

BASE = "https://w3id.org/geopol"  # what stands before the path in our IRIs
STATIC = Path(kg.pages.__file__).parent / "static"
RESOURCES = ("/id/", "/article/")
COOKIE = "kg-lang"
YEAR = 31_536_000  # seconds
READ = "/read"
POSTED = ("/editor", READ)  # pages that take a form


@dataclass(frozen=True, slots=True)
class Site:
    """Pages and what they are made of."""

    pool: Pool
    readers: Pool  # of pasted articles

    async def page(self, request: Request) -> Response:
        """A page by a worker; for an entity, claim or article RDF where that is asked for."""
        path = request.scope["path"]
        params = params_of(request.scope["query_string"], "address")
        if request.method == "POST" and path in POSTED:
            params = [*params, *await _form(request)]
        elif request.method not in ("GET", "HEAD"):
            raise Refused(405, f"{request.method} is not understood here; use GET", Allow="GET, HEAD")
        if path.startswith(RESOURCES):
            found = choose("resource", request.headers.get("accept", ""), one(params, "format"))
            if found is None:
                raise Refused(406, "this is to be had as HTML, Turtle, N-Triples, JSON-LD, RDF/XML, TriG or N-Quads")
            if found[0] != HTML:
                iri = BASE + quote(path, safe="/:~-._%")
                job = Job("resource", iri, found[0].name, found[1], gzip=takes_gzip(request))
                return response(await ask(self.pool, job), Vary="Accept, Accept-Encoding")
        return await self._html(request, path, params)

    async def _html(self, request: Request, path: str, params: Params) -> Response:
        lang, method = language(request, params), request.method
        kind: Kind = "page" if path != READ else "read" if method == "POST" else "form"
        job = Job(kind, path, params=dict(params), lang=lang, method=method, gzip=takes_gzip(request))
        if kind == "form":
            self.readers.begin_soon(NOTHING)  # somebody is about to paste an article
        reply = await (self._read(job) if kind == "read" else ask(self.pool, job))
        answer = response(reply, Vary="Accept, Accept-Encoding, Accept-Language, Cookie")
        if one(params, "lang") in LANGUAGES:
            answer.set_cookie(COOKIE, lang, max_age=YEAR, samesite="lax", httponly=True)
        return answer

    async def _read(self, job: Job) -> Reply:
        try:
            await self.readers.begin(NOTHING)
        except (Died, TimeoutError, OSError) as error:
            raise Refused(503, "the reader of articles does not start; see the log", Retry_After="5") from error
        return await ask(self.readers, job)

    async def static(self, request: Request) -> Response:
        """A file of the explorer; for good where its address names its content by `?v=`."""
        if request.method not in ("GET", "HEAD"):
            raise Refused(405, "files are only read here; use GET", Allow="GET, HEAD")
        file = (STATIC / request.path_params["path"]).resolve()
        if not file.is_relative_to(STATIC) or not file.is_file():
            raise Refused(404, "no such file here")
        body, packed, digest = _content(file, file.stat().st_mtime_ns)
        forever = one(params_of(request.scope["query_string"], "address"), "v") == digest
        headers = {
            "Cache-Control": f"public, max-age={YEAR}, immutable" if forever else "no-cache",
            "Content-Type": _type(file),
            "ETag": f'"{digest}"',
            "Vary": "Accept-Encoding",
        }
        if packed and takes_gzip(request):
            return Response(packed, headers={**headers, "Content-Encoding": "gzip"})
        return Response(body, headers=headers)


def language(request: Request, params: Params) -> str:
    """The language of the page: the parameter, else the cookie, else what the browser prefers, else English."""
    for wish in (one(params, "lang"), request.cookies.get(COOKIE, "")):
        if wish in LANGUAGES:
            return wish
    best, quality = LANGUAGES[0], 0.0
    for part in request.headers.get("accept-language", "").lower().split(","):
        tag, _, weight = part.strip().partition(";q=")
        try:
            value = float(weight or 1)
        except ValueError:
            continue
        if tag.split("-")[0] in LANGUAGES and value > quality:
            best, quality = tag.split("-")[0], value
    return best


async def _form(request: Request) -> Params:
    """The fields of a form, also of one that brings a file; the file's content is the value of its field."""
    media_type, charset = content_type(request)
    if charset not in ("", "utf-8", "utf8") or media_type not in (FORM, MULTIPART):
        raise Refused(415, f"a form is sent as {FORM} or {MULTIPART} in UTF-8")
    body = await body_of(request)
    if media_type == FORM:
        return params_of(body, "form")
    return fields_of(request.headers["content-type"], body)


@lru_cache(maxsize=256)
def _content(file: Path, _changed: int) -> tuple[bytes, bytes, str]:
    """The file, the file compressed (empty where that gains nothing), and the name of its content."""
    body = file.read_bytes()
    packed = gzip.compress(body, 9, mtime=0)
    return body, packed if len(packed) < len(body) * 0.9 else b"", blake2b(body, digest_size=8).hexdigest()


def _type(file: Path) -> str:
    found = mimetypes.guess_type(file.name)[0] or "application/octet-stream"
    text = found.startswith("text/") or found in ("application/javascript", "application/json", "image/svg+xml")
    return f"{found}; charset=utf-8" if text else found
