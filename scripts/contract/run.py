"""The interface against its document: schemathesis over the whole of it, every request in every role.

    run.py PROGRAM [ROLE...]

Each role has a register of its own, a copy of one small province (register.py), so that what one does is nothing to the
others. Fails on a 5xx, on a status, type, header or member that the document does not name, on a wrong request that is taken,
on a success that the matrix of roles and routes denies, on a stranger who is let in, and on an operation at which nobody
succeeded. CONTRACT_KEEP=FOLDER keeps what was made. A run makes the same requests each time (SEED).
"""

import collections
import copy
import datetime
import json
import os
import pathlib
import shutil
import signal
import subprocess
import sys
import tempfile
import time

import examples
import objects
import register

HERE = pathlib.Path(__file__).resolve().parent
REPOSITORY = HERE.parent.parent
DOCUMENT = REPOSITORY / "crates/web/openapi.json"
MATRIX = REPOSITORY / "crates/web/tests/role_matrix.txt"
SEED = 20261129
CHECKS = (
    "not_a_server_error",
    "status_code_conformance",
    "content_type_conformance",
    "response_schema_conformance",
    "response_headers_conformance",
    "negative_data_rejection",
    "unsupported_method",
    "allow_header_conformance",
)
# Whoever brings a token that nobody gave out.
STRANGER = "stranger"
STRANGERS_TOKEN = "session_" + "0" * 64
EXAMPLES = 6
# Two cores: half of the roles each.
HALVES = 2
SECONDS_MAX = 600

# What nobody can do here, and why.
NEVER_DONE = {
    ("get", "/api/v1/log/cosigned"): "no witness is told",
}


def matrix():
    """The reviewed file: role, method and path of the document to `allow`, `deny` or `own`."""
    cells = {}
    for line in MATRIX.read_text(encoding="utf-8").splitlines():
        if line.startswith(("GET", "POST", "PUT", "DELETE")):
            method, path, *words = line.split()
            for word in words:
                role, says = word.split("=")
                cells[role, method.lower(), path.replace("{*", "{")] = says
    return cells


def closed(document):
    """The document, read strictly: a member of an answer that it does not name is a fault."""
    document = copy.deepcopy(document)
    for schema in document["components"]["schemas"].values():
        if "properties" in schema:
            schema.setdefault("additionalProperties", False)
    # Everybody brings his own token, and what it opens is said by the matrix.
    for methods in document["paths"].values():
        for operation in methods.values():
            operation.pop("security", None)
    content = document["paths"]["/api/v1/changes"]["get"]["responses"]["200"]["content"]
    lines, events = content["application/x-ndjson"], content["text/event-stream"]
    # hooks.py reads the lines as a list, and schemathesis a stream of events one by one.
    lines["schema"] = {"type": "array", "items": lines["schema"]}
    event = {"event": {"enum": ["message", "position"]}, "id": {"type": "string"}, "data": {"type": "string"}}
    events["schema"] = {"type": "object", "properties": event, "required": ["data"], "additionalProperties": False}
    return document


def configuration(base, known):
    def text(value):
        return json.dumps(value, ensure_ascii=False)

    lines = [
        f"base-url = {text(base)}",
        f"hooks = {text(str(HERE / 'hooks.py'))}",
        f"seed = {SEED}",
        "request-timeout = 20",
        "max-stream-events = 3",
        "continue-on-failure = true",
        'suppress-health-check = ["all"]',
        "warnings = false",
        "[dictionaries.words]",
        f"values = {text(examples.words(known))}",
        "[dictionaries.numbers]",
        f"values = {text(examples.NUMBERS)}",
        "[generation]",
        f"max-examples = {EXAMPLES}",
        "no-shrink = true",
        'database = "none"',
        "[generation.dictionaries]",
        'string = { dictionary = "words", probability = 0.3 }',
        'integer = { dictionary = "numbers", probability = 0.3 }',
        "[checks]",
        "enabled = false",
        # An address is put in order before what it asks is read.
        "negative_data_rejection.expected-statuses = [308, 400, 401, 403, 404, 405, 406, 409, 410, 413, 415, 422, 429]",
        "[phases]",
        "stateful.enabled = false",
        # A connection that goes on is read for a moment.
        "[[operations]]",
        'include-path = "/api/v1/changes"',
        "request-timeout = 1",
    ]
    return "\n".join(lines) + "\n"


class Half:
    """One run of schemathesis for some roles, each on a register of its own, and for the public on which it learns."""

    def __init__(self, program, place, known, document, cells, roles):
        self.folder, self.servers = place, []
        place.mkdir()
        public, *others = [self.serve(program, known, role) for role in ["public", *roles]]
        operations = [(method, path) for path, methods in document["paths"].items() for method in methods]

        def says(role, operation):
            return cells.get((role, *operation), "allow" if cells.get(("public", *operation), "allow") != "deny" else "deny")

        def plan(role, base):
            account = known["accounts"].get(role, {})
            return {
                "role": role,
                "base": base,
                "account": account.get("account"),
                "password": account.get("password"),
                "tokens": [STRANGERS_TOKEN] if role == STRANGER else known["tokens"].get(role, []),
                "spare": known["spare"].get(role, []),
                "mail": str(known["mail"].folder),
                "beyond": [one for one in operations if says("public", one) == "deny" and says(role, one) != "deny"],
                "denied": [one for one in operations if says(role, one) == "deny"],
            }

        told = {
            "base": public,
            "checks": CHECKS,
            "roles": [plan(role, base) for role, base in zip(roles, others, strict=True)],
            "outcome": str(place / "outcome.json"),
        }
        document = closed(document)
        examples.fill(document, known)
        (place / "plan.json").write_text(json.dumps(told), encoding="utf-8")
        (place / "openapi.json").write_text(json.dumps(document, ensure_ascii=False), encoding="utf-8")
        (place / "schemathesis.toml").write_text(configuration(public, known), encoding="utf-8")
        self.output = open(place / "output.txt", "w", encoding="utf-8")
        command = pathlib.Path(sys.executable).parent / "schemathesis"
        line = [command, "--config-file", place / "schemathesis.toml", "run", place / "openapi.json", "--no-color"]
        # Custom checks are named here; those of CHECKS are called by hooks.py.
        line += ["--checks", "every_role"]
        environment = {**os.environ, "CONTRACT_PLAN": str(place / "plan.json"), "PYTHONDONTWRITEBYTECODE": "1"}
        self.process = subprocess.Popen(
            line, stdout=self.output, stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL, cwd=place, env=environment
        )

    def serve(self, program, known, role):
        folder = self.folder / role
        shutil.copytree(known["folder"], folder, ignore=shutil.ignore_patterns("files", "serve.log"))
        self.servers.append(register.Server(program, folder, known["mail"].address))
        return self.servers[-1].base

    def end(self):
        """What was answered, what was wrong with it, and why the run itself failed, if it did."""
        try:
            code = self.process.wait(timeout=SECONDS_MAX)
            why = f"schemathesis ended with {code}"
        except subprocess.TimeoutExpired:
            self.process.kill()
            code, why = self.process.wait(), f"did not end within {SECONDS_MAX} s"
        finally:
            self.stop()
        said = (self.folder / "output.txt").read_text(encoding="utf-8")
        outcome = self.folder / "outcome.json"
        if not outcome.exists():
            return [], [], f"{why}\n{said}"
        told = json.loads(outcome.read_text(encoding="utf-8"))
        return told["answered"], told["faults"], f"{why}\n{errors_in(said)}" if code else ""

    def stop(self):
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait()
        self.output.close()
        for server in self.servers:
            server.end()


def errors_in(said):
    start = min((said.index(mark) for mark in (" ERRORS ", " FAILURES ") if mark in said), default=0)
    return "\n".join(said[start:].split("= SUMMARY =")[0].splitlines()[:80])


def main():
    program, *chosen = sys.argv[1:]
    # Whoever is told to end takes its servers along.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit("told to end"))
    program = str(pathlib.Path(program).resolve())
    cells, started = matrix(), time.monotonic()
    roles = chosen or [role for role in dict.fromkeys(role for role, _, _ in cells) if role != "public"] + [STRANGER]
    document = json.loads(DOCUMENT.read_text(encoding="utf-8"))
    with tempfile.TemporaryDirectory(prefix="contract-") as temporary:
        place = pathlib.Path(os.environ.get("CONTRACT_KEEP") or temporary)
        place.mkdir(parents=True, exist_ok=True)
        receiver, mail = register.Receiver(), register.MailServer(place / "mail")
        known = register.make(program, place / "province", receiver, mail)
        known.update(mail=mail)
        today = datetime.datetime.now(datetime.timezone(datetime.timedelta(hours=8))).date()
        known.update(folder=place / "province", today=str(today), next_year=str(today + datetime.timedelta(days=300)))
        if not chosen:
            wrong = foreign_numbers(program, place, known)
            if wrong:
                receiver.shutdown()
                mail.end()
                print("\n".join(wrong))
                return 1
        print(f"a province in {time.monotonic() - started:.0f} s", flush=True)
        halves = []
        try:
            for number in range(HALVES):
                some = roles[number::HALVES]
                if some:
                    halves.append(Half(program, place / str(number), known, document, cells, some))
            outcomes = [half.end() for half in halves]
        finally:
            for half in halves:
                half.stop()
            receiver.shutdown()
            mail.end()
    return judge(cells, outcomes, document, bool(chosen), time.monotonic() - started)


def foreign_numbers(program, place, known):
    """Cases of others by their numbers, on a register of their own: what is wrong, in words."""
    shutil.copytree(known["folder"], place / "objects", ignore=shutil.ignore_patterns("files", "serve.log"))
    server = register.Server(program, place / "objects", known["mail"].address)
    try:
        wrong, asked = objects.check(server.base, {role: tokens[0] for role, tokens in known["tokens"].items()})
    finally:
        server.end()
    print(f"{asked} cases asked for by number, {len(wrong)} faults", flush=True)
    return wrong


def judge(cells, outcomes, document, partly, seconds):
    """Says what is wrong, and returns the exit code."""
    answered, faults = collections.Counter(), {}
    wrong = [f"{why}" for _, _, why in outcomes if why]
    for counts, found, _ in outcomes:
        for role, method, path, status, count in counts:
            answered[role, method, path, status] += count
        for fault in found:
            key = (*fault["operation"], fault["status"], fault["what"])
            faults.setdefault(key, {**fault, "roles": []})["roles"] += fault["roles"]
    for fault in faults.values():
        wrong.append(told(fault))
    operations = {(method, path) for path, methods in document["paths"].items() for method in methods}
    done = set()
    for (role, method, path, status), count in sorted(answered.items()):
        name = f"{method.upper()} {path}"
        if 200 <= status < 300:
            done.add((method, path))
            if cells.get((role, method, path)) == "deny":
                wrong.append(f"{name} as {role}: {status} ({count} times), denied by {MATRIX.name}")
            if role == STRANGER:
                wrong.append(f"{name}: a stranger's token is taken with {status}")
    if not partly:
        wrong += [f"{method.upper()} {path}: nobody succeeded" for method, path in sorted(operations - done - set(NEVER_DONE))]
        wrong += [f"{method.upper()} {path}: is done after all" for method, path in sorted(set(NEVER_DONE) & done)]
    for role in dict.fromkeys(role for role, *_ in answered):
        kinds = collections.Counter()
        for (of, _, _, status), count in answered.items():
            if of == role:
                kinds[status // 100] += count
        print(f"{role}: {kinds.total()} requests,", ", ".join(f"{kind}xx {count}" for kind, count in sorted(kinds.items())))
    for line in wrong:
        print(f"\n{line}")
    print(f"\n{len(operations)} operations, {len(done)} of them done, {len(wrong)} faults, {seconds:.0f} s")
    return 1 if wrong else 0


def told(fault):
    method, path = fault["operation"]
    what = "\n    ".join(line for line in fault["what"].splitlines() if line.strip())
    roles = ", ".join(dict.fromkeys(fault["roles"]))
    return f"{method.upper()} {path} as {roles}: {fault['status']}\n    {what}\n    {fault['answer']}\n    {fault['curl']}"


if __name__ == "__main__":
    sys.exit(main())
