"""``python -m bench.sink``: a mail server that takes everything and counts.

Prints the port of the mail server, and one on which it tells what it took. Of the letters it keeps
only the one that names a certain document, so that what two programs sent can be compared.
"""

import asyncio
import base64
import json

from bench.short_letter import number

KEPT = number(1).encode()
LIMIT = 64 << 20
HELLO = b"250-sink\r\n250-PIPELINING\r\n250-8BITMIME\r\n250-SMTPUTF8\r\n250 SIZE 100000000\r\n"


class Sink:
    def __init__(self) -> None:
        self.letters = self.bytes = self.connections = 0
        self.kept = b""

    async def converse(self, reader, writer) -> None:
        self.connections += 1
        writer.write(b"220 sink ESMTP\r\n")
        try:
            while line := await reader.readline():
                verb = line[:4].upper()
                if verb == b"EHLO":
                    writer.write(HELLO)
                elif verb == b"DATA":
                    writer.write(b"354 go on\r\n")
                    self.take(await reader.readuntil(b"\r\n.\r\n"))
                    writer.write(b"250 2.0.0 taken\r\n")
                elif verb == b"QUIT":
                    writer.write(b"221 2.0.0 bye\r\n")
                    break
                else:
                    writer.write(b"250 2.0.0 ok\r\n")
        except (ConnectionError, asyncio.IncompleteReadError):
            pass
        finally:
            writer.close()

    def take(self, letter: bytes) -> None:
        self.letters += 1
        self.bytes += len(letter)
        if KEPT in letter:
            self.kept = letter

    async def tell(self, _reader, writer) -> None:
        """And begin to count anew."""
        told = {"letters": self.letters, "bytes": self.bytes, "connections": self.connections}
        writer.write(json.dumps({**told, "kept": base64.b64encode(self.kept).decode()}).encode())
        self.__init__()  # type: ignore[misc]
        writer.close()


async def main() -> None:
    sink = Sink()
    mail = await asyncio.start_server(sink.converse, "127.0.0.1", 0, limit=LIMIT)
    telling = await asyncio.start_server(sink.tell, "127.0.0.1", 0)
    print(*(server.sockets[0].getsockname()[1] for server in (mail, telling)), flush=True)
    await asyncio.gather(mail.serve_forever(), telling.serve_forever())


if __name__ == "__main__":
    asyncio.run(main())
