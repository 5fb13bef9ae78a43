"""A mail server on this machine for tests: takes what comes by SMTP and keeps each message, read by another program than ours.

    mail_server.py FOLDER [PORT]

A message becomes FOLDER/NUMBER-RECIPIENT.json, written whole or not at all: sender, recipient, subject, id and text as a mail reader
decodes them, and the message as it came. Recipients in FOLDER/refused are refused for good (550), those in FOLDER/later for now
(451), one a line. Says on which port it listens once it does, and ends with its input.
"""

import asyncio
import email
import email.policy
import json
import pathlib
import sys

from aiosmtpd.smtp import SMTP


class Keeper:
    def __init__(self, folder):
        self.folder = folder
        folder.mkdir(parents=True, exist_ok=True)
        self.kept = len(list(folder.glob("*.json")))

    def names(self, list_of, address):
        file = self.folder / list_of
        return file.exists() and address in file.read_text(encoding="utf-8").split()

    async def handle_RCPT(self, server, session, envelope, address, options):
        if self.names("refused", address):
            return "550 5.1.1 no such mailbox"
        if self.names("later", address):
            return "451 4.2.1 not now"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):
        message = email.message_from_bytes(envelope.content, policy=email.policy.default)
        for address in envelope.rcpt_tos:
            self.kept += 1
            told = {
                "from": envelope.mail_from,
                "to": address,
                "subject": message["subject"],
                "id": message["message-id"],
                "text": message.get_content(),
                "raw": envelope.content.decode("utf-8", "replace"),
            }
            draft = self.folder / f"{self.kept:06}-{address}.part"
            draft.write_text(json.dumps(told, ensure_ascii=False), encoding="utf-8")
            draft.rename(self.folder / f"{self.kept:06}-{address}.json")
        return "250 kept"


async def serve(folder, port):
    loop = asyncio.get_running_loop()
    keeper = Keeper(folder)
    server = await loop.create_server(lambda: SMTP(keeper, hostname="localhost"), "127.0.0.1", port)
    print(f"listening on {server.sockets[0].getsockname()[1]}", flush=True)
    # Whoever started it has gone when nothing more can be read.
    await loop.run_in_executor(None, sys.stdin.read)
    server.close()


if __name__ == "__main__":
    asyncio.run(serve(pathlib.Path(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else 0))
