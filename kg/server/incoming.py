"""What stands in a request, read strictly: bodies of bounded size and time, UTF-8, parameters."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from email.message import Message
from email.parser import BytesParser
from typing import cast
from urllib.parse import parse_qsl

from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response

from kg.server.wire import Reply

MAX_BODY = 2_000_000  # bytes: the longest query and the longest article, percent-encoded
MAX_FIELDS = 1_000
BODY_TIME = 10.0  # seconds
FORM = "application/x-www-form-urlencoded"
MULTIPART = "multipart/form-data"
Params = Sequence[tuple[str, str]]


class Refused(Exception):
    """A request that is not answered: status, one sentence, and headers that go with it."""

    def __init__(self, status: int, words: str, **headers: str) -> None:
        super().__init__(words)
        self.status = status
        self.headers = {name.replace("_", "-"): value for name, value in headers.items()}


def params_of(encoded: bytes, where: str) -> Params:
    """Name and value of each field; Refused where they are not percent-encoded UTF-8."""
    if not encoded:
        return []
    try:
        return parse_qsl(encoded.decode("utf-8"), keep_blank_values=True, errors="strict", max_num_fields=MAX_FIELDS)
    except UnicodeDecodeError as error:
        raise Refused(400, f"the {where} is not UTF-8; encode it so") from error
    except ValueError as error:
        raise Refused(400, f"the {where} has more than {MAX_FIELDS} fields; send fewer") from error


def fields_of(media_type: str, body: bytes) -> Params:
    """Name and value of each part of a multipart form; Refused where it is none, or no UTF-8."""
    head = f"Content-Type: {media_type}\r\n\r\n".encode("latin-1", "replace")
    form = BytesParser().parsebytes(head + body)
    if not form.is_multipart():
        raise Refused(400, "the form has no parts; send multipart/form-data with its boundary")
    found = []
    for part in cast(list[Message], form.get_payload())[:MAX_FIELDS]:
        name, content = part.get_param("name", header="content-disposition"), part.get_payload(decode=True)
        try:
            if isinstance(name, str) and isinstance(content, bytes):
                found.append((name, content.decode("utf-8-sig")))
        except UnicodeDecodeError as error:
            raise Refused(400, f"the field '{name}' is not UTF-8; save the file so") from error
    return found


def values(params: Params, name: str) -> list[str]:
    return [value for key, value in params if key == name]


def one(params: Params, name: str, default: str = "") -> str:
    """The last value of that name."""
    return next(reversed(values(params, name)), default)


async def body_of(request: Request) -> bytes:
    """The whole body; Refused when it is too large or too slow.

    Somewhat too much is read to its end all the same: few clients hear an answer while they send.
    """
    too_large = Refused(413, f"the body has more than {MAX_BODY:,} bytes; send less", Connection="close")
    announced = request.headers.get("content-length", "0")
    if announced.isdecimal() and int(announced) > 5 * MAX_BODY:
        raise too_large
    body, size = bytearray(), 0
    try:
        async with asyncio.timeout(BODY_TIME):
            async for part in request.stream():
                size += len(part)
                if size <= MAX_BODY:
                    body += part
                elif size > 5 * MAX_BODY:
                    raise too_large
    except TimeoutError:
        raise Refused(408, f"the body took more than {BODY_TIME:.0f} s; send it faster", Connection="close") from None
    except ClientDisconnect:
        raise Refused(400, "the client left before its body was whole") from None
    if size > MAX_BODY:
        raise too_large
    return bytes(body)


def content_type(request: Request) -> tuple[str, str]:
    """Media type and charset of the body, in lower case; empty where none is told."""
    media, *params = request.headers.get("content-type", "").lower().split(";")
    for param in params:
        name, _, value = param.strip().partition("=")
        if name == "charset":
            return media.strip(), value.strip('"')
    return media.strip(), ""


def response(reply: Reply, **headers: str) -> Response:
    """A worker's reply for the client."""
    found = Response(reply.body, reply.status, media_type=None)
    found.headers["Content-Type"] = reply.media_type
    for name, value in (*reply.headers.items(), *headers.items()):
        found.headers[name.replace("_", "-")] = value
    return found
