"""What schemathesis is told about this interface. It makes up requests as the public; here each of them is sent in every role
too, to the register of that role, and each answer is held against the document. What is wrong is written down for run.py."""

import atexit
import base64
import collections
import hashlib
import hmac
import json
import os
import pathlib
import re
import struct
import threading
import time
import urllib.parse
from concurrent.futures import ThreadPoolExecutor

import requests
import schemathesis
from schemathesis.checks import CHECKS
from schemathesis.core.transport import Response

with open(os.environ["CONTRACT_PLAN"], encoding="utf-8") as file:
    PLAN = json.load(file)

STREAM = ("get", "/api/v1/changes")
STREAM_EVERY, STREAM_SECONDS, STREAM_BYTES_MAX = 12, 0.3, 4096
# What ends the session that asks is asked with another one.
ENDS_A_SESSION = ("delete", "/api/v1/sessions/{number}")
# Each try costs a hash that is made to be slow.
SLOW = {("post", "/api/v1/sessions"), ("post", "/api/v1/invitations"), ("post", "/api/v1/account/password")}
# Requests a role and operation: where it may do more than the public it is sent them all.
PUBLIC_MAX, DENIED_MAX, SLOW_MAX = 12, 5, 4
REQUEST_SECONDS_MAX = 60


def operation_of(case):
    return case.operation.method.lower(), case.operation.path


class Asker:
    """A role, what it brings, and the register on which it works."""

    def __init__(self, plan):
        self.role, self.base = plan["role"], plan["base"]
        self.account, self.password = plan.get("account"), plan.get("password")
        self.tokens, self.spare = list(plan["tokens"]), list(plan.get("spare", []))
        self.beyond = {tuple(operation) for operation in plan["beyond"]}
        self.denied = {tuple(operation) for operation in plan["denied"]}
        self.mail, self.address = pathlib.Path(plan["mail"]), f"{self.role}@contract.example"
        self.secret, self.sent = "", collections.Counter()
        self.session = requests.Session()
        self.session.trust_env = False

    def takes(self, operation):
        """Whether one more request of an operation tells anything new in this role."""
        most = DENIED_MAX if operation in self.denied else None if operation in self.beyond else PUBLIC_MAX
        if operation in SLOW and self.role != "public":
            most = min(most or SLOW_MAX, SLOW_MAX)
        self.sent[operation] += 1
        return most is None or self.sent[operation] <= most

    def token(self, operation):
        """What to ask with; keys take turns, for each has a quota of its own."""
        if operation == ENDS_A_SESSION and self.account:
            return self.spare.pop() if self.spare else self.begin()
        return self.tokens[self.sent.total() % len(self.tokens)] if self.tokens else None

    def drop_second_factor(self):
        """Gives up at once what would ask for a code at the next sign-in: a code opens once."""
        for later in (0, 30):
            request = requests.Request("DELETE", f"{self.base}/api/v1/account/second-factor", json={"code": code_of(self.secret, later)})
            request.headers["Authorization"] = f"Bearer {self.tokens[0]}"
            answer = send(self.session, request.prepare())
            ANSWERED[(self.role, "delete", "/api/v1/account/second-factor", answer.status_code)] += 1
            if answer.status_code == 204:
                return
        raise AssertionError(f"{self.role} cannot give up the second factor: {answer.status_code} {answer.content.decode()}")

    def confirm_mail(self):
        """Brings at once the code that came by mail: another one takes its place."""
        came = sorted(self.mail.glob(f"*-{self.address}.json"))
        told = json.loads(came[-1].read_text(encoding="utf-8"))["text"] if came else ""
        if not (code := re.search("确认码：([0-9A-Z-]+)", told)):
            return
        path = "/api/v1/account/mail/confirmation"
        request = requests.Request("POST", self.base + path, json={"code": code[1]})
        request.headers["Authorization"] = f"Bearer {self.tokens[0]}"
        ANSWERED[(self.role, "post", path, send(self.session, request.prepare()).status_code)] += 1

    def begin(self):
        """Signs in."""
        credentials = {"account": self.account, "password": self.password}
        answer = self.session.post(f"{self.base}/api/v1/sessions", json=credentials, timeout=REQUEST_SECONDS_MAX)
        assert answer.status_code == 201, f"{self.role} cannot sign in again: {answer.status_code} {answer.text}"
        return answer.json()["token"]

    def own(self, request):
        """The same request, to the register of this role."""
        request = request.copy()
        request.url = self.base + request.url[len(BASE):]
        if isinstance(request.body, bytes) and b"@" in request.body:
            body = request.body.replace(b"@password", (self.password or "").encode())
            body = body.replace(b"@mail", self.address.encode())
            request.body = body.replace(b"@secret", self.secret.encode()).replace(b"@code", code_of(self.secret).encode())
            request.headers["Content-Length"] = str(len(request.body))
        return request

    def ask(self, operation, request):
        request = self.own(request)
        token = self.token(operation)
        if token:
            request.headers["Authorization"] = f"Bearer {token}"
        response = send(self.session, request)
        self.follow(operation, response, token)
        return response

    def follow(self, operation, response, token):
        """Follows what the role has done to its own account."""
        status = response.status_code
        if operation == ("post", "/api/v1/account/second-factor") and status == 201:
            self.secret = json.loads(response.content)["secret"]
        elif operation == ("put", "/api/v1/account/second-factor") and status == 204:
            self.drop_second_factor()
        elif operation == ("put", "/api/v1/account/mail") and status == 200:
            self.confirm_mail()
        elif operation == ("post", "/api/v1/account/password") and status == 204:
            self.password, self.spare = json.loads(response.request.body)["new"], []
            self.tokens = [self.begin()]
        elif status == 401 and self.account and token in self.tokens and json.loads(response.content)["code"] == "unauthorised":
            self.tokens = [self.begin()]


def send(session, request):
    """Sends a request; of an answer that goes on only the beginning is read."""
    started = time.monotonic()
    answer = session.send(request, stream=True, timeout=REQUEST_SECONDS_MAX, allow_redirects=False)
    if not answer.headers.get("content-type", "").startswith("text/event-stream"):
        answer.content
        return Response.from_requests(answer, verify=True)
    read = bytearray()

    def take():
        try:
            while len(read) < STREAM_BYTES_MAX and (piece := answer.raw.read1(STREAM_BYTES_MAX)):
                read.extend(piece)
        except Exception:
            pass

    reading = threading.Thread(target=take, daemon=True)
    reading.start()
    reading.join(STREAM_SECONDS)
    answer.close()
    headers = {name: [value] for name, value in answer.headers.items()}
    taken = time.monotonic() - started
    return Response(answer.status_code, headers, bytes(read), answer.request, taken, True, stream_cut_short=True)


def code_of(secret, later=0):
    """The six digits of a second factor now (RFC 6238)."""
    key = base64.b32decode(secret + "=" * (-len(secret) % 8))
    digest = hmac.new(key, struct.pack(">Q", (int(time.time()) + later) // 30), hashlib.sha1).digest()
    at = digest[-1] & 15
    return f"{(struct.unpack('>I', digest[at:at + 4])[0] & 0x7FFFFFFF) % 1_000_000:06}"


BASE = PLAN["base"]
ASKERS = [Asker(plan) for plan in PLAN["roles"]]
ANSWERED, FAULTS = collections.Counter(), {}
POOL = ThreadPoolExecutor(4)
streams = collections.Counter()


@schemathesis.hook
def before_call(context, case, kwargs):
    if operation_of(case) == STREAM:
        streams["asked"] += 1
        if streams["asked"] % STREAM_EVERY == 1:
            case.headers = {**(case.headers or {}), "Accept": "text/event-stream"}


@schemathesis.deserializer("application/x-ndjson")
def lines(ctx, response):
    return [json.loads(line) for line in response.content.decode().splitlines()]


@schemathesis.serializer(
    "application/x-ndjson",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "application/pdf",
    "image/jpeg",
    "image/png",
    "application/ofd",
)
def as_it_is(ctx, value):
    return value if isinstance(value, bytes) else str(value).encode()


@schemathesis.check
def every_role(ctx, response, case):
    """Asks the same in every role; never fails, run.py does."""
    operation = operation_of(case)
    checks = CHECKS.get_by_names(PLAN["checks"])
    chosen = [asker for asker in ASKERS if asker.takes(operation)]
    answers = POOL.map(lambda asker: (asker, asker.ask(operation, response.request)), chosen)
    for role, answer in [("public", response), *((asker.role, answer) for asker, answer in answers)]:
        ANSWERED[(role, *operation, answer.status_code)] += 1
        for check in checks:
            try:
                check(ctx, answer, case)
            except AssertionError as failure:
                note(role, operation, answer, failure)


def note(role, operation, answer, failure):
    for one in getattr(failure, "exceptions", [failure]):
        title = getattr(one, "title", type(one).__name__)
        key = (*operation, answer.status_code, title, str(one)[:120])
        found = FAULTS.setdefault(key, {"operation": operation, "status": answer.status_code, "roles": [], "what": str(one)})
        if role not in found["roles"]:
            found["roles"].append(role)
        found.setdefault("answer", answer.content[:600].decode(errors="replace"))
        found.setdefault("curl", curl(answer.request, role))


def curl(request, role):
    """The request as somebody types it."""

    def quoted(text):
        return "'" + text.replace("'", "'\\''") + "'"

    words = ["curl", "-X", request.method]
    for name, value in request.headers.items():
        value = value.decode(errors="replace") if isinstance(value, bytes) else value
        if name.lower() == "authorization":
            value = f"Bearer TOKEN_OF_{role.upper()}"
        if name.lower() in ("content-type", "authorization", "accept", "idempotency-key", "last-event-id") and value != "*/*":
            words += ["-H", quoted(f"{name}: {value}")]
    if request.body:
        body = request.body if isinstance(request.body, str) else bytes(request.body).decode(errors="replace")
        words += ["--data-raw", quoted(body[:1000])]
    address = urllib.parse.urlsplit(request.url)
    words.append(quoted(urllib.parse.urlunsplit(("http", "127.0.0.1:8080", *address[2:]))))
    return " ".join(words)


@atexit.register
def tell():
    told = {"answered": [[*key, count] for key, count in sorted(ANSWERED.items())], "faults": list(FAULTS.values())}
    with open(PLAN["outcome"], "w", encoding="utf-8") as file:
        json.dump(told, file, ensure_ascii=False)
