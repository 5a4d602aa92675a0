"""The graph over HTTP: serve."""

from __future__ import annotations

import ipaddress
import logging
import os
import sys
from pathlib import Path

import click

from kg.commands.options import folder_argument, say, talk


@click.command()
@click.option("--store", required=True, metavar="DIR", type=folder_argument, envvar="KG_STORE",
              help="Folder of the store; also from KG_STORE.")  # fmt: skip
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen at.")
@click.option("--port", default=8000, show_default=True, type=click.IntRange(0, 65535), help="0 for any that is free.")
@click.option("--workers", type=click.IntRange(1, 256), help="Queries answered at once; as many as cores, at least 4.")
@click.option("--timeout", default=30.0, show_default=True, type=click.FloatRange(0.1, 3600),
              help="Seconds after which a query is stopped.")  # fmt: skip
@click.option("--memory", default=1024, show_default=True, type=click.IntRange(64), help="MB that one query may take.")
@click.option("--rows", default=500_000, show_default=True, type=click.IntRange(1), help="Rows of one answer.")
@click.option("--size", default=64, show_default=True, type=click.IntRange(1, 2048), help="MB of one answer.")
@click.option("--token-file", type=folder_argument, metavar="FILE",
              help="Holds the token to ask for; also from KG_TOKEN. Needed beyond this machine.")  # fmt: skip
@click.option("--allowed-host", "hosts", multiple=True, metavar="NAME",
              help="Name under which the server is asked, for instance behind a proxy; '*' for any.")  # fmt: skip
@click.option("--cors", "origins", multiple=True, metavar="ORIGIN",
              help="Pages that may read the endpoint, as https://example.org; '*' for all.")  # fmt: skip
@click.option("--log-format", type=click.Choice(["text", "json"]), default="text", show_default=True,
              help="json: one object a line on stderr, also for each request.")  # fmt: skip
@talk
def serve(
    store: Path,
    host: str,
    port: int,
    workers: int | None,
    timeout: float,
    memory: int,
    rows: int,
    size: int,
    token_file: Path | None,
    hosts: tuple[str, ...],
    origins: tuple[str, ...],
    log_format: str,
) -> None:
    """Serve a store over HTTP: SPARQL at /sparql, the explorer at /.

    Only reads; `kg build` may go on meanwhile, and what it has written is served without a restart.

    \b
    kg serve --store news.kg
    kg serve --store news.kg --port 8080 --timeout 10
    kg serve --store news.kg --host 0.0.0.0 --token-file token.txt --allowed-host graph.example.org
    """
    token = _token(token_file)
    if not token and not _is_loopback(host):
        raise click.UsageError(f"--host {host}: others could read the store; give a token by --token-file or KG_TOKEN")
    if str(store).startswith(("http:", "https:")):
        raise click.UsageError("--store: an address; kg serves a folder, what is behind that address serves itself")

    from kg.server.app import Settings, serve
    from kg.server.shield import JsonLines

    if log_format == "json":
        log = logging.getLogger("kg")
        log.handlers = [logging.StreamHandler(sys.stderr)]
        log.handlers[0].setFormatter(JsonLines())
        log.setLevel(logging.INFO)
    count = workers or max(4, len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else 4)
    settings = Settings(store, host, port, count, timeout, memory, rows, size, token, hosts, origins)
    serve(settings, lambda address: say(f"serving {store} at {address}, SPARQL at {address}sparql; Ctrl-C stops"))


def _token(file: Path | None) -> str | None:
    """The token of the file or the environment; wrong usage where the file has none."""
    if file is None:
        return os.environ.get("KG_TOKEN") or None
    try:
        token = file.read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise click.UsageError(f"--token-file {file}: cannot be read ({error})") from error
    if len(token) < 16:
        raise click.UsageError(f"--token-file {file}: holds {len(token)} characters; a token has 16 or more")
    return token


def _is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
