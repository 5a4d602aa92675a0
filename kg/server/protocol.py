"""The SPARQL 1.1 Protocol for queries, and the Graph Store Protocol for reading."""

from __future__ import annotations

from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from kg.errors import QueryError
from kg.server.description import description
from kg.server.guard import TooLong, guard
from kg.server.incoming import FORM, Params, Refused, body_of, content_type, one, params_of, response, values
from kg.server.negotiation import HTML, OFFERED, accepts_gzip, choose
from kg.server.pool import Busy, Died, Pool, TimedOut
from kg.server.wire import Job, Reply

READS = "GET, HEAD, POST, OPTIONS"
QUERY = "application/sparql-query"
UPDATE = "application/sparql-update"


@dataclass(frozen=True, slots=True)
class Endpoint:
    """Answers at /sparql and /store by the workers of a pool."""

    pool: Pool

    async def sparql(self, request: Request) -> Response:
        """GET with a query, POST of a form, POST of a query; without a query, the service description."""
        if request.method == "POST":
            query, params = await _posted(request)
        elif request.method in ("GET", "HEAD"):
            params = params_of(request.scope["query_string"], "address")
            if not values(params, "query") and not values(params, "update"):
                return _described(request, params)
            query = _one_query(params)
        else:
            raise Refused(405, f"{request.method} is not understood here; use GET or POST", Allow=READS)
        try:
            form = guard(query)
        except TooLong as error:
            raise Refused(413, str(error)) from error
        except QueryError as error:
            raise Refused(400, str(error)) from error
        offer = "rows" if form in ("SELECT", "ASK") else "triples"
        chosen, media_type = _negotiated(request, params, offer)
        default, named = values(params, "default-graph-uri"), values(params, "named-graph-uri")
        job = Job(
            "query",
            query,
            chosen,
            media_type,
            dataset=(tuple(default), tuple(named)) if default or named else None,
            gzip=takes_gzip(request),
        )
        return response(await ask(self.pool, job), Vary="Accept, Accept-Encoding")

    async def store(self, request: Request) -> Response:
        """A named graph, the union of all (`?default`), or every quad."""
        if request.method not in ("GET", "HEAD"):
            raise Refused(405, "this store is only read here; use GET", Allow="GET, HEAD, OPTIONS")
        params = params_of(request.scope["query_string"], "address")
        graphs = values(params, "graph")
        if len(graphs) + len(values(params, "default")) > 1:
            raise Refused(400, "name one graph by graph=IRI, or ask for default")
        text = graphs[0] if graphs else "default" if values(params, "default") else ""
        if graphs and not text:
            raise Refused(400, "graph= names no graph; write graph=IRI, or default")
        chosen, media_type = _negotiated(request, params, "triples" if text else "quads")
        job = Job("graph", text, chosen, media_type, gzip=takes_gzip(request))
        return response(await ask(self.pool, job), Vary="Accept, Accept-Encoding")


async def ask(pool: Pool, job: Job) -> Reply:
    """The reply of a worker; Refused by 503 or 504 where none comes."""
    try:
        return await pool.run(job)
    except TimedOut:
        raise Refused(
            504, f"this took longer than {pool.bounds.timeout:g} s and was stopped; ask for less, for instance by LIMIT"
        ) from None
    except Died:
        raise Refused(
            503, "the worker ended over this, most likely for want of memory; ask for less", Retry_After="1"
        ) from None
    except Busy:
        raise Refused(503, "all workers are busy; ask again in a while", Retry_After="5") from None


def takes_gzip(request: Request) -> bool:
    """Whether the worker may compress; HEAD tells the length of what GET would send."""
    return accepts_gzip(request.headers.get("accept-encoding", ""))


async def _posted(request: Request) -> tuple[str, Params]:
    media_type, charset = content_type(request)
    params = params_of(request.scope["query_string"], "address")
    if media_type in (UPDATE,):
        raise Refused(403, "this endpoint only reads; changes come through `kg build`")
    if media_type not in (FORM, QUERY):
        raise Refused(415, f"a query is sent as {FORM} or {QUERY}, not as '{media_type}'")
    if charset not in ("", "utf-8", "utf8"):
        raise Refused(415, f"a query is sent in UTF-8, not in '{charset}'")
    body = await body_of(request)
    if media_type == FORM:
        fields = [*params, *params_of(body, "form")]
        return _one_query(fields), fields
    try:
        return body.decode("utf-8"), params
    except UnicodeDecodeError as error:
        raise Refused(400, "the query is not UTF-8; encode it so") from error


def _one_query(params: Params) -> str:
    if values(params, "update"):
        raise Refused(403, "this endpoint only reads; changes come through `kg build`")
    queries = values(params, "query")
    if len(queries) != 1:
        raise Refused(400, f"{len(queries) or 'no'} queries in one request; send one as query=…")
    return queries[0]


def _negotiated(request: Request, params: Params, offer: str) -> tuple[str, str]:
    wanted = one(params, "format")
    found = choose(offer, request.headers.get("accept", ""), wanted)
    if found is None:
        offered = ", ".join(form.media_types[0] for form in OFFERED[offer])
        asked = f"format={wanted}" if wanted else f"Accept: {request.headers.get('accept')}"
        raise Refused(406, f"{asked[:200]} is not to be had for this; there are {offered}")
    return found[0].name, found[1]


def _described(request: Request, params: Params) -> Response:
    """The service description; a browser is led to the editor."""
    best = choose("resource", request.headers.get("accept", "text/turtle"), one(params, "format"))
    if best is not None and best[0] == HTML and "text/html" in request.headers.get("accept", ""):
        return RedirectResponse("/editor", 303, headers={"Vary": "Accept"})
    form, media_type = _negotiated(request, params, "triples")
    address = str(request.url.replace(query="", fragment=""))
    return response(Reply(description(address, form), media_type=media_type), Vary="Accept")
