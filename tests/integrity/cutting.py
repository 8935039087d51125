"""A proxy before PostgreSQL that can lose the reply to a COMMIT, or the COMMIT itself, as a failing network does."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

COMMIT = b"commit;"


class Cutting:
    """`cut` is the number of commits still to lose: "reply" after the server has done it, "request" before it hears of it."""

    def __init__(self) -> None:
        self.losing = ""
        self.left = 0
        self.lost = 0
        self._ways: set[asyncio.Task[None]] = set()

    def lose(self, what: str, times: int = 1) -> None:
        """Lose this part of the next commits."""
        self.losing, self.left = what, times

    async def serve(self, target: Path, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One client's connection, both ways, until it ends or is cut."""
        server_reader, server_writer = await asyncio.open_unix_connection(str(target))
        cut = asyncio.Event()
        ways = [
            asyncio.ensure_future(self._to_server(reader, server_writer, cut)),
            asyncio.ensure_future(self._to_client(server_reader, writer, cut)),
        ]
        try:
            await asyncio.wait(ways, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for way in ways:
                way.cancel()
            await asyncio.gather(*ways, return_exceptions=True)
            for end in (writer, server_writer):
                end.close()
                with contextlib.suppress(OSError):
                    await end.wait_closed()

    async def _to_server(self, reader: asyncio.StreamReader, server: asyncio.StreamWriter, cut: asyncio.Event) -> None:
        while data := await reader.read(65536):
            if self.left and COMMIT in data:
                self.left -= 1
                self.lost += 1
                if self.losing == "request":
                    return
                cut.set()
            server.write(data)
            await server.drain()

    async def _to_client(self, server: asyncio.StreamReader, writer: asyncio.StreamWriter, cut: asyncio.Event) -> None:
        while data := await server.read(65536):
            if cut.is_set():
                return
            writer.write(data)
            await writer.drain()


@asynccontextmanager
async def cutting(url: str, directory: Path) -> "AsyncIterator[tuple[Cutting, str]]":
    """A proxy to the database at `url`, and the address that leads through it."""
    parts = urlsplit(url)
    target = Path(parse_qs(parts.query)["host"][0]) / ".s.PGSQL.5432"
    proxy = Cutting()
    server = await asyncio.start_unix_server(
        lambda reader, writer: proxy.serve(target, reader, writer), str(directory / ".s.PGSQL.5432")
    )
    async with server:
        yield (
            proxy,
            url.replace(parse_qs(parts.query)["host"][0].replace("/", "%2F"), str(directory)).replace(
                str(target.parent), str(directory)
            ),
        )
