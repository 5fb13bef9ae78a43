"""A small synthetic province in which every operation finds something to do: accounts invited, suspended and bound, batches,
proposals of every kind, an incident, an investigation, a webhook. What was made is told to schemathesis as examples."""

import datetime
import json
import os
import pathlib
import subprocess
import sys
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import requests

ORGANISATIONS = 30
KEYS = 8
SPARE_SESSIONS = 2
WAIT_SECONDS_MAX = 120
LOOKS_THAT_OPEN_AN_INCIDENT = 101
PASSWORD = "Contract-of-2026-shines"
# A file as short as one can be.
PDF = "%PDF-1.7\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"
# One penalty of the unit in which clerk, approving officer and key are, in the form of the national standard.
PENALTY = (
    "CF_XDR_MC,CF_XDR_LB,CF_XDR_SHXYM,CF_WSH,CF_WFXW,CF_SY,CF_YJ,CF_CFLB,CF_NR,CF_NR_FK,CF_JDRQ,CF_CFJG,CF_CFJGDM,CF_SJLY,"
    "CF_SJLYDM\n{name},法人及非法人组织,{uscc},{number},未标注日期,事实,依据,罚款,罚款五万元,5,2026-04-10,{unit_name},{unit},"
    "{unit_name},{unit}\n"
)


class Receiver(ThreadingHTTPServer):
    """Stands for a department that wants its webhook: it answers each challenge."""

    daemon_threads = True

    def __init__(self):
        super().__init__(("127.0.0.1", 0), Answering)
        threading.Thread(target=self.serve_forever, daemon=True).start()
        self.address = f"http://127.0.0.1:{self.server_port}/changes"


class Answering(BaseHTTPRequestHandler):
    def do_POST(self):
        said = json.loads(self.rfile.read(int(self.headers.get("content-length", 0))))
        body = str(said.get("challenge", "")).encode()
        self.send_response(200)
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


class MailServer:
    """A mail server that keeps what comes in a folder."""

    def __init__(self, folder):
        self.folder = folder
        script = pathlib.Path(__file__).resolve().parent.parent / "mail_server.py"
        line = [sys.executable, "-B", script, folder]
        self.process = subprocess.Popen(line, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        said = self.process.stdout.readline()
        assert said.startswith("listening on "), f"the mail server did not begin: {said}"
        self.address = f"smtp://127.0.0.1:{said.split()[-1]}"

    def end(self):
        self.process.stdin.close()
        self.process.wait(timeout=20)


class Server:
    """A serving process on a register of its own, on a port that the system chose."""

    def __init__(self, program, folder, mail):
        self.folder = folder
        self.log = open(folder / "serve.log", "w+", encoding="utf-8")
        line = [program, "serve", "--database", f"sqlite:{folder}/credence.db", "--listen", "127.0.0.1:0", "--outbound-anywhere"]
        line += ["--smtp", mail, "--mail-from", "notice@contract.example", "--site", "https://contract.example"]
        self.process = subprocess.Popen(line, stdout=self.log, stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL)
        until = time.monotonic() + WAIT_SECONDS_MAX
        while True:
            said = (folder / "serve.log").read_text(encoding="utf-8")
            if "listening on " in said:
                break
            assert self.process.poll() is None and time.monotonic() < until, f"the server did not begin:\n{said}"
            time.sleep(0.02)
        self.base = said.split("listening on ", 1)[1].split()[0]

    def end(self):
        self.process.terminate()
        try:
            self.process.wait(timeout=20)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        self.log.close()


class Asking:
    """Requests in a role, each of which must succeed."""

    def __init__(self, base, role, token):
        self.base, self.role = base, role
        self.session = requests.Session()
        self.session.headers["Authorization"] = f"Bearer {token}"

    def ask(self, method, path, **more):
        answer = self.session.request(method, self.base + path, timeout=WAIT_SECONDS_MAX, **more)
        assert answer.ok, f"preparing, {self.role} {method} {path}: {answer.status_code} {answer.text}"
        return answer.json() if answer.content else None

    def get(self, path, **params):
        return self.ask("GET", path, params=params)

    def post(self, path, body=None):
        return self.ask("POST", path, json=body)


def make(program, folder, receiver, mail):
    """Makes the province below a folder and returns what is known of it."""
    run([program, "demo", "--organisations", str(ORGANISATIONS), "--no-serve", "--dir", folder])
    import_heavier(program, folder)
    accounts = {one["role"]: one for one in json.loads((folder / "accounts.json").read_text(encoding="utf-8"))}
    server = Server(program, folder, mail.address)
    try:
        known = prepare(server.base, accounts, receiver)
    finally:
        server.end()
    unit = known["unit"]
    run([program, "unit", "subscribe", "--database", f"sqlite:{folder}/credence.db", "--as", "contract", unit])
    issue = [program, "key", "issue", "--database", f"sqlite:{folder}/credence.db", "--source", unit]
    keys = [run(issue).split()[-1] for _ in range(KEYS)]
    known["tokens"]["key"] = keys
    return known


def import_heavier(program, folder):
    """Two decisions that revoked a licence and carried no case yet, made from one of the demonstration that did."""
    sent = sorted((folder / "files").glob("名单-云海市市场监督管理局-penalty-*.csv"))[-1]
    header, row = sent.read_bytes().decode("gb18030").splitlines()[:2]
    columns, today = header.split(","), datetime.datetime.now(datetime.timezone(datetime.timedelta(hours=8))).date()
    decided = (today - datetime.timedelta(days=5)).strftime("%Y/%m/%d")
    rows = []
    for number in (1, 2):
        said = dict(zip(columns, row.split(","), strict=True))
        said |= {"CF_WSH": f"云市监契约〔{today.year}〕{number}号", "CF_CFLB": "吊销许可证件", "CF_NR": "吊销许可证件"}
        said |= {"CF_NR_FK": "", "CF_JDRQ": decided}
        rows.append(",".join(said[column] for column in columns))
    made, unit = folder / "heavier.csv", dict(zip(columns, row.split(","), strict=True))["CF_SJLYDM"]
    made.write_bytes("\r\n".join([header, *rows, ""]).encode("gb18030"))
    run([program, "import", made, "--source", unit, "--database", f"sqlite:{folder}/credence.db"])


def run(line):
    done = subprocess.run(line, capture_output=True, text=True, timeout=WAIT_SECONDS_MAX, stdin=subprocess.DEVNULL)
    assert done.returncode == 0, f"{line}: {done.returncode}\n{done.stdout}{done.stderr}"
    return done.stdout


def prepare(base, accounts, receiver):
    """Does what a day brings, as the people whose work it is."""

    def sign_in(account, password):
        body = {"account": account, "password": password}
        answer = requests.post(f"{base}/api/v1/sessions", json=body, timeout=WAIT_SECONDS_MAX)
        assert answer.status_code == 201, f"{account}: {answer.status_code} {answer.text}"
        return answer.json()["token"]

    tokens = {role: [sign_in(one["account"], one["password"])] for role, one in accounts.items()}
    spare = {role: [sign_in(one["account"], one["password"]) for _ in range(SPARE_SESSIONS)] for role, one in accounts.items()}
    as_role = {role: Asking(base, role, token) for role, [token] in tokens.items()}
    office, clerk, approver = as_role["office"], as_role["clerk"], as_role["approver"]
    system, security = as_role["system_admin"], as_role["security_admin"]

    organisations = office.get("/api/v1/organisations", limit=100)["items"]
    [bound] = as_role["organisation"].get("/api/v1/account")["organisations"]
    mine = clerk.get("/api/v1/account")
    unit, unit_name = mine["unit"], mine["unit_name"]
    subject = next(one for one in organisations if one["uscc"] != bound and one["uscc"].startswith("91"))

    def penalty(number):
        text = PENALTY.format(name=subject["name"], uscc=subject["uscc"], number=number, unit=unit, unit_name=unit_name)
        return text

    def send(number):
        headers = {"content-type": "text/csv"}
        sent = clerk.ask("POST", "/api/v1/batches", params={"item": "penalty"}, data=penalty(number).encode(), headers=headers)
        until = time.monotonic() + WAIT_SECONDS_MAX
        while (batch := clerk.get(f"/api/v1/batches/{sent['batch']}"))["state"] in ("queued", "running"):
            assert time.monotonic() < until, batch
            time.sleep(0.02)
        assert batch["state"] in ("done", "held") and batch["accepted"] == 1, batch
        return batch["batch"]

    # The first that comes over HTTP waits for a person.
    batches = [send(f"示罚〔2026〕{number}号") for number in range(1, 5)]
    records = office.get(f"/api/v1/organisations/{subject['uscc']}/file", purpose="data_quality")["records"]

    def entered(name, role):
        body = {"account": name, "role": role, "holder": "契约样例", "staff_number": f"C-{name}", "unit": unit, "reason": "契约"}
        return system.post("/api/v1/accounts", body)

    def granted(name, role):
        made = entered(name, role)
        said = security.post(f"/api/v1/proposals/{made['proposal']}/answer", {"approve": True})
        return {"first_half": made["first_half"], "code": said["second_half"], "password": PASSWORD}

    def take_up(invited):
        answer = requests.post(f"{base}/api/v1/invitations", json=invited, timeout=WAIT_SECONDS_MAX)
        assert answer.status_code == 201, answer.text

    for name in ("contract-active", "contract-suspended", "contract-ending", "contract-deputy"):
        take_up(granted(name, "clerk"))
    invited = [granted(f"contract-invited-{number}", "clerk") for number in range(3)]
    system.post("/api/v1/accounts/contract-suspended/suspension", {"reason": "契约"})

    own = accounts["organisation"]["account"]
    # Of another organisation, so that the one whose representative asks can be delegated to him.
    asked = {"account": "contract-representative", "holder": "契约代表人", "uscc": subject["uscc"]}
    handed_out = office.post("/api/v1/representatives", asked)["code"]
    take_up({"first_half": "", "code": handed_out, "password": PASSWORD})
    code = office.post("/api/v1/representatives", {"account": own, "holder": "", "uscc": subject["uscc"]})["code"]

    conflict = office.get("/api/v1/conflicts")["items"][0]
    merge = {"uscc": conflict["uscc"], "name": conflict["sent"], "reason": "契约：核对后合并"}
    erasable = [record["id"] for record in records if record["item"] == "penalty"]
    erasure = {"record": erasable[0], "clause": "court_order", "reason": "契约：生效裁判"}
    proposals = [
        clerk.post(f"/api/v1/batches/{batches[0]}/withdrawal", {"reason": "契约：报错"})["id"],
        office.post(f"/api/v1/organisations/{subject['uscc']}/erasures", erasure)["id"],
        entered("contract-proposed", "clerk")["proposal"],
    ]

    inspector = as_role["inspector"]
    for _ in range(LOOKS_THAT_OPEN_AN_INCIDENT):
        inspector.get(f"/api/v1/organisations/{subject['uscc']}/file", purpose="supervision")
    incident = as_role["audit_admin"].get("/api/v1/incidents")["items"][0]["id"]
    auditor = as_role["auditor"]
    auditor.get(f"/api/v1/organisations/{subject['uscc']}/file", purpose="investigation", case="案2026-1")

    webhooks = [approver.post("/api/v1/webhooks", {"url": receiver.address})["id"] for _ in range(3)]
    approver.post(f"/api/v1/webhooks/{webhooks[1]}/pause", {"reason": "契约"})
    wait_for(lambda: requests.get(f"{base}/api/v1/bulk", timeout=WAIT_SECONDS_MAX).status_code == 200, "the daily file")
    public = office.get(f"/api/v1/organisations/{bound}/records")["items"]
    acts = [record["proof"]["act"] for record in public]
    # Cases about the heavier penalties of the clerk's own unit: one waits, the document of the other has carried none.
    listing_one, listing = (
        {"list": "market_regulation", "criterion": 3, "uscc": uscc, "unit": unit, "facts": "契约样例", "records": [record["id"]]}
        for uscc in dict.fromkeys([bound, *(one["uscc"] for one in organisations)])
        for record in office.get(f"/api/v1/organisations/{uscc}/records", limit=100)["items"]
        if record["item"] == "penalty" and record["authority"] == unit and "契约" in record["document_number"]
    )
    listings = [clerk.post("/api/v1/listings", listing_one)["number"]]
    objection = {"matter": "objection", "record": public[0]["id"], "ground": "契约样例", "contested": ["content"]}
    named, pdf = {"uscc": bound, "name": "契约.pdf"}, {"content-type": "application/pdf"}
    paper = as_role["organisation"].ask("POST", "/api/v1/papers", params=named, data=PDF.encode(), headers=pdf)
    cited = {**objection, "evidence": [{"name": "契约", "digest": paper["digest"], "file": True}]}
    china = office.get("/api/v1/national/credit_china")
    objections = [as_role["organisation"].post("/api/v1/objections", cited)["number"]]
    measures = [one["number"] for one in office.get("/api/v1/measures-in-force")["items"]][:4]
    # Records of the represented organisation and of others that may be repaired today, and one application for each of two.
    repairable = [
        record["id"]
        for uscc in [bound, *(one["uscc"] for one in organisations)]
        for record in office.get(f"/api/v1/organisations/{uscc}/records", limit=100)["items"]
        if record["item"] == "penalty" and requests.get(f"{base}/api/v1/repair-notices/{record['id']}", timeout=WAIT_SECONDS_MAX).json().get("eligible")
    ][:12]
    notice = requests.get(f"{base}/api/v1/repair-notices/{repairable[0]}", timeout=WAIT_SECONDS_MAX).json()
    repair = {
        "rectified": "契约：已整改并缴清罚款",
        "papers": [{"kind": paper["kind"], "number": "契约1"} for paper in notice["papers"]],
        "clauses": [clause["code"] for clause in notice["clauses"]],
        "signed_on": str(datetime.datetime.now(datetime.timezone(datetime.timedelta(hours=8))).date()),
    }
    application = {**repair, "record": repairable[0], "channel": "paper", "reference": "契约甲"}
    repairs = [office.post("/api/v1/repairs", application)["number"]]
    # What waits for a review, and claims of the represented organisation on records that it sees.
    held = [f"{one['uscc']}/{one['id']}" for one in office.get("/api/v1/reviews", limit=100)["items"]]
    claim = {"record": repairable[0], "fields": ["CF_SY"], "reason": "契约样例"}
    claims = [
        as_role["organisation"].post("/api/v1/claims", {**claim, "fields": [field]})["number"]
        for field in ("CF_SY", "CF_NR", "CF_YJ")
    ]
    # A listing of the clerk's own unit that stands, and a term of office in which the conduct lies.
    listed = next(one for one in clerk.get("/api/v1/listings", state="listed", limit=100)["items"] if one["list"] == "market_regulation")
    office_held = {
        "uscc": listed["uscc"], "unit": unit, "role": "principal", "name": "示甲一", "from_on": "2015-01-01", "evidence": "任免文件",
    }
    person = {
        "listing": listed["number"], "unit": unit, "conduct_from_on": "2019-01-01", "conduct_through_on": "2019-02-01",
        "facts": "契约样例", "ground": "named_in_record",
        "term": clerk.post("/api/v1/officers/terms", office_held)["number"],
    }
    spare_term = clerk.post("/api/v1/officers/terms", office_held)["number"]
    proposed = clerk.post("/api/v1/officers", {**person, "term": spare_term})["number"]
    officers = [proposed, clerk.post("/api/v1/officers/terms", office_held)["number"]]
    # The server makes notices by itself: of letters for representatives, of what is due for staff.
    wait_for(lambda: as_role["organisation"].get("/api/v1/account/notices")["items"], "a notice")
    notices = [as_role[role].get("/api/v1/account/notices")["items"] for role in ("organisation", "office", "reviewer")]
    wanted = system.post("/api/v1/keys", {"source": unit, "items": ["penalty"], "reason": "契约"})
    security.post(f"/api/v1/proposals/{wanted['id']}/answer", {"approve": True})
    # Editions that differ in a word, to be proposed.
    codes = (pathlib.Path(__file__).resolve().parents[2] / "rulebook" / "codes.toml").read_text(encoding="utf-8")
    assert "重复的表头行（请删除）" in codes, "the word that editions differ in is gone"
    codes = [codes.replace("重复的表头行（请删除）", f"重复的表头行（契约{number}）") for number in range(4)]
    consent = {"to": office.get("/api/v1/account")["unit"], "item": "permit", "reason": "契约"}
    consents = [approver.post("/api/v1/consents", consent)["number"]]
    return {
        "base": base,
        "consents": consents,
        "codes": codes,
        "editions": [one["digest"] for one in office.get("/api/v1/editions")["items"]],
        "keys": [key["number"] for key in system.get("/api/v1/keys")["items"]],
        "notices": [one["number"] for found in notices for one in found[:3]],
        "person": person,
        "office": office_held,
        "officers": officers,
        "tokens": tokens,
        "spare": spare,
        "accounts": accounts,
        "organisations": [one["uscc"] for one in organisations[:8]] + [organisations[-2]["uscc"]],
        "names": [one["name"] for one in organisations[:3]],
        "bound": bound,
        "subject": subject["uscc"],
        "unit": unit,
        "units": [unit, office.get("/api/v1/account")["unit"]],
        "areas": sorted({one["area"] for one in organisations}),
        "items": ["registration", "penalty", "permit", "evaluation_national"],
        "batches": batches,
        "letter": penalty("示罚〔2026〕9号"),
        "records": [record["id"] for record in records[:6]],
        "erasable": erasable[1:],
        "acts": acts[:4],
        "other_session": next(one["number"] for one in office.get("/api/v1/sessions")["items"] if not one["current"]),
        "invited": invited,
        "binding_code": code,
        "conflict": merge,
        "proposals": proposals,
        "incident": incident,
        "listing": listing,
        "objection": objection,
        "papers": [paper["digest"]],
        "pdf": PDF,
        "refused_there": [row["record"] for row in china["refused"]],
        "differing": [one["record"] for one in china["differences"]],
        "objections": objections,
        "listings": listings,
        "measures": measures,
        "repair": repair,
        "repairable": repairable,
        "repairs": repairs,
        "held": held,
        "claim": claim,
        "claims": claims,
        "case": "案2026-1",
        "webhooks": webhooks,
        "receiver": receiver.address,
    }


def wait_for(holds, what):
    until = time.monotonic() + WAIT_SECONDS_MAX
    while not holds():
        assert time.monotonic() < until, f"{what} did not come"
        time.sleep(0.05)


if __name__ == "__main__":
    import shutil

    place = pathlib.Path(sys.argv[2])
    shutil.rmtree(place, ignore_errors=True)
    started = time.monotonic()
    print(json.dumps(make(sys.argv[1], place, Receiver(), MailServer(place / "mail")), ensure_ascii=False, indent=1)[:3000])
    print(f"{time.monotonic() - started:.1f} s", os.times())
