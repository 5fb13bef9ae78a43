"""What is really there, as examples in the interface document and as words that schemathesis mixes among what it makes up."""

import json

from register import PASSWORD


def fill(document, known):
    """Puts examples into a document: for bodies one or more, for parameters values that lead somewhere."""
    for (method, path), bodies in of_bodies(known).items():
        content = document["paths"][path][method]["requestBody"]["content"]
        for kind, media in content.items():
            if path == "/api/v1/batches":
                bodies = letters(known["letter"], kind)
            media["examples"] = named(bodies)
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            for parameter in operation.get("parameters", []):
                if values := of_parameter(known, method, path, parameter["name"]):
                    parameter["examples"] = named(values)


def named(values):
    return {f"real{number}": {"value": value} for number, value in enumerate(values)}


def letters(text, kind):
    """A department's file in a form in which it may be sent."""
    rows = [line.split(",") for line in text.splitlines()]
    forms = {
        "text/csv": text,
        "text/tab-separated-values": "\n".join("\t".join(row) for row in rows),
        "application/x-ndjson": "\n".join(json.dumps(dict(zip(rows[0], row)), ensure_ascii=False) for row in rows[1:]),
    }
    return [forms.get(kind, "PK\u0003\u0004")]


def of_bodies(known):
    """Bodies by operation. `@password`, `@secret`, `@code` and `@mail` are those of whoever asks (hooks.py)."""
    reason = {"reason": "契约"}
    made = {"role": "clerk", "holder": "契约样例", "unit": known["unit"], "reason": "契约"}
    delegation = {"uscc": known["bound"], "account": "contract-representative", "through_on": known["next_year"]}
    deputy = {"deputy": "contract-active", "from_on": known["today"], "through_on": known["next_year"], "reason": "契约"}
    delivery = {"mode": "direct", "on": known["today"], "proof": "送达回证"}
    return {
        ("post", "/api/v1/batches"): [],
        ("post", "/api/v1/sessions"): [{"account": "contract-active", "password": PASSWORD}],
        ("post", "/api/v1/invitations"): known["invited"],
        ("post", "/api/v1/account/password"): [{"old": "@password", "new": "Another-of-2026-shines"}],
        ("put", "/api/v1/account/second-factor"): [{"secret": "@secret", "code": "@code"}],
        ("delete", "/api/v1/account/second-factor"): [{"code": "@code"}],
        ("put", "/api/v1/account/mail"): [{"address": "@mail"}],
        ("post", "/api/v1/account/organisations"): [{"code": known["binding_code"]}],
        ("post", "/api/v1/account/delegations"): [delegation],
        ("post", "/api/v1/editions"): [
            {"files": {"codes.toml": text}, "overlay": True, "reason": "契约"} for text in known["codes"]
        ],
        ("post", "/api/v1/keys"): [
            {"source": known["unit"], "expires_on": known["next_year"], "items": ["penalty"], "actions": ["send_batch"], "reason": "契约"}
        ],
        ("post", "/api/v1/keys/{number}/revocation"): [reason],
        ("post", "/api/v1/consents"): [{"to": unit, "item": "penalty", "reason": "契约"} for unit in known["units"]],
        ("post", "/api/v1/consents/{number}/end"): [reason],
        ("post", "/api/v1/accounts"): [
            {"account": f"contract-new-{number}", "staff_number": f"C-{number}", **made} for number in range(3)
        ],
        ("post", "/api/v1/accounts/{account}/reset"): [reason],
        ("post", "/api/v1/accounts/{account}/suspension"): [reason],
        ("post", "/api/v1/accounts/{account}/resumption"): [reason],
        ("post", "/api/v1/accounts/{account}/end"): [reason, {"reason": "契约", "successor": "contract-active"}],
        ("post", "/api/v1/accounts/{account}/deputy"): [deputy, {"deputy": None, "reason": "契约"}],
        ("post", "/api/v1/representatives"): [
            {"account": "contract-another", "holder": "契约代表人", "uscc": known["subject"]}
        ],
        ("post", "/api/v1/representatives/{account}/end"): [{"uscc": known["subject"], "reason": "契约"}],
        ("post", "/api/v1/proposals/{id}/answer"): [{"approve": True}, {"approve": False, "reason": "契约"}],
        ("post", "/api/v1/batches/{id}/withdrawal"): [reason],
        ("post", "/api/v1/conflicts/merge"): [known["conflict"]],
        ("post", "/api/v1/organisations/{uscc}/erasures"): [
            {"record": record, "clause": "court_order", "reason": "契约：生效裁判"} for record in known["erasable"][:2]
        ],
        ("post", "/api/v1/incidents/{id}/step"): [
            {"step": "take"},
            {"step": "hand_over", "finding": "契约", "handed_to": "纪检"},
            {"step": "close", "finding": "契约"},
        ],
        ("post", "/api/v1/listings"): [known["listing"]],
        ("post", "/api/v1/listings/{number}/steps"): [
            {"act": "serve", "delivery": delivery},
            {"act": "state", "on": known["today"], "text": "契约", "proof": "申辩书"},
            {"act": "state", "on": known["today"], "text": "契约", "papers": [{"name": "申辩书", "digest": "ab" * 32}]},
            {"act": "withdraw", "reason": "契约"},
        ],
        ("post", "/api/v1/measures-in-force"): [
            # The unit regulates the market and revoked a licence: the bar after that is its own, that of bidders is not.
            {"measure": measure, "behaviour": behaviour, "record": known["listing"]["records"][0], "unit": known["unit"]}
            for measure, behaviour in [("h1_011", "food_licence_revoked"), ("bidding_bar", "bid_rigging")]
        ],
        ("post", "/api/v1/measures-in-force/{number}/steps"): [
            {"act": "acknowledge"},
            {"act": "report", "done_on": known["today"], "done": "carried_out", "effect": "契约"},
            {"act": "complain", "text": "契约"},
            {"act": "lift", "note": "契约"},
        ],
        ("post", "/api/v1/repairs"): [
            {**known["repair"], "record": record, "channel": channel, "reference": reference}
            for record in known["repairable"][1:]
            for channel, reference in [("", ""), ("paper", f"契约{record[:8]}")]
        ]
        + [
            {
                "record": known["repairable"][-1],
                "channel": channel,
                "reference": reference,
                "plan": {
                    "kind": "settlement",
                    "applicant": "enterprise",
                    "approved": {"court": "契约法院", "number": "契约1号", "made_on": known["today"]},
                },
            }
            for channel, reference in [("", ""), ("paper", "契约乙")]
        ],
        ("post", "/api/v1/repairs/{number}/steps"): [
            {"act": "push", "opinion": "契约"},
            {"act": "accept"},
            {"act": "withdraw", "reason": "契约"},
            {"act": "serve", "delivery": {"mode": "direct", "on": known["today"], "proof": "契约"}},
            {"act": "file_remedy", "filed": {"kind": "litigation", "number": "契约1号", "body": "契约法院", "on": known["today"]}},
            {"act": "propose_revocation", "fault": "false_papers", "facts": "契约"},
            {"act": "serve_revocation", "delivery": {"mode": "direct", "on": known["today"], "proof": "契约"}},
            {"act": "state", "text": "契约", "on": known["today"], "reference": "契约"},
            {"act": "drop_revocation", "reason": "契约"},
        ],
        ("post", "/api/v1/queue/assignments"): [
            # To nobody in particular: that takes no account of the role's own unit to be known here.
            {"kind": "listing", "number": number, "reason": "契约"} for number in known["listings"]
        ] + [{"kind": "officer", "number": number, "reason": "契约"} for number in known["officers"]],
        # A text is a file as it is: one of the four kinds can be written so.
        ("post", "/api/v1/papers"): [f"{known['pdf']}% 契约", "MZ"],
        ("post", "/api/v1/objections"): [known["objection"], {**known["objection"], "matter": "complaint", "contested": ["handling"]}],
        ("post", "/api/v1/objections/{number}/steps"): [
            {"act": "push"},
            {"act": "check", "found": "unfounded", "text": "契约"},
            {"act": "serve", "delivery": delivery},
            {"act": "withdraw", "reason": "契约"},
        ],
        ("post", "/api/v1/reviews"): [
            {"step": "release", "records": [record], "reason": "契约：经核实适用普通程序", "secrecy_review": "契约"}
            for record in known["held"][:6]
        ] + [
            {"step": "withhold", "record": known["repairable"][0], "fields": ["CF_SY"], "ground": "privacy", "clause": "政府信息公开条例 十五", "reason": "契约"},
            {"step": "disclose", "record": known["repairable"][0], "fields": ["CF_SY"], "reason": "契约"},
        ],
        ("post", "/api/v1/claims"): [
            {**known["claim"], "record": record, "fields": [field], "claimant": known["bound"]}
            for record in known["repairable"][1:6]
            for field in ("CF_SY", "CF_NR")
        ],
        ("post", "/api/v1/claims/{number}/steps"): [
            {"step": "seek", "third_party": "契约研究院", "reason": "契约"},
            {"step": "hear", "opinion": "objects", "reason": "契约"},
            {"step": "reject", "reason": "契约"},
        ],
        ("post", "/api/v1/national/{platform}/again"): [{"record": record} for record in known["refused_there"]],
        ("post", "/api/v1/national/{platform}/differences"): [
            {"record": record, "keep": "ours", "reason": "契约：已核对"} for record in known["differing"]
        ],
        ("post", "/api/v1/officers"): [known["person"]],
        ("post", "/api/v1/officers/terms"): [known["office"]],
        ("post", "/api/v1/officers/duties"): [
            {"listing": known["person"]["listing"], "unit": known["unit"], "because": because}
            for because in ("official", "state_enterprise")
        ],
        ("post", "/api/v1/officers/{number}/steps"): [
            {"act": "serve", "delivery": delivery},
            {"act": "leave", "through_on": known["today"], "evidence": "免职文件"},
            {"act": "withdraw", "reason": "契约"},
        ],
        ("post", "/api/v1/investigations/end"): [{"case": known["case"], "reason": "契约"}],
        ("post", "/api/v1/webhooks"): [
            {"url": known["receiver"]},
            {"url": known["receiver"], "item": "penalty", "after": 0},
        ],
        ("post", "/api/v1/webhooks/{webhook}/pause"): [reason],
        ("post", "/api/v1/webhooks/{webhook}/resume"): [{}, {"after": 1}],
    }


def of_parameter(known, method, path, name):
    """Values of a parameter of an operation; none where any will do."""
    last = path.rsplit("/", 1)[-1]
    accounts = {"suspension": "active", "resumption": "suspended", "end": "ending"}
    account = f"contract-{accounts.get(last, 'deputy')}"
    if path.startswith("/api/v1/representatives"):
        account = "contract-representative"
    organisations = [known["bound"], known["subject"], *known["organisations"]]
    if path.startswith("/api/v1/papers"):
        organisations = [known["bound"]]
    elif path.startswith("/api/v1/units/"):
        organisations = known["units"]
    elif last == "erasures":
        organisations = [known["subject"]]
    ids = known["batches"][1:] if last == "withdrawal" else known["batches"]
    if "/proposals/" in path:
        ids = known["proposals"]
    elif "/incidents/" in path:
        ids = [known["incident"]]
    numbers = ["current", known["other_session"]]
    if "/notices/" in path:
        numbers = known["notices"]
    elif "/keys/" in path:
        numbers = known["keys"]
    elif "/consents/" in path:
        numbers = known["consents"]
    elif "/listings/" in path:
        numbers = known["listings"]
    elif "/measures-in-force/" in path:
        numbers = known["measures"]
    elif "/officers/" in path:
        numbers = known["officers"]
    elif "/claims/" in path:
        numbers = known["claims"]
    elif "/objections/" in path:
        numbers = known["objections"]
    elif "/repairs/" in path:
        numbers = known["repairs"]
    return {
        "uscc": organisations,
        "id": ids,
        "item": known["items"],
        "area": known["areas"],
        "platform": ["credit_china"],
        "code": ["market_regulation", "finance"] if "/lists/" in path else ["bidding_bar", "wage_list_restrictions"],
        "record": known["repairable"],
        "account": [account],
        "number": numbers,
        "digest": known["editions"] if "/editions/" in path else known["papers"],
        "act": known["acts"],
        "path": ["0/000.p/1", "entries/000.p/1", "0/000"],
        "webhook": known["webhooks"][2:] if method == "delete" else known["webhooks"],
        "q": known["names"],
        # In turn with the other parameters: the largest number together with the unit that reads.
        "after": [0, -1, 2**63 - 1] if method == "get" else [],
        "purpose": ["self", "audit", "supervision", "data_quality", "approval"],
        "case": [known["case"]],
        "month": [known["today"][:7]],
        "authority": [known["unit"]],
        "state": {"/api/v1/proposals": ["open", "approved"], "/api/v1/listings": ["proposed"], "/api/v1/measures-in-force": ["running"], "/api/v1/repairs": ["applied"], "/api/v1/objections": ["filed"], "/api/v1/officers": ["proposed", "in_office"]}.get(path, []),
        "kind": {"/api/v1/officers": ["term", "case", "duty"], "/api/v1/queue": ["listing", "measure"]}.get(path, []),
        "light": ["no_clock", "late"],
        "whose": ["unit", "mine"],
        "operation": ["i"] if path == "/api/v1/batches" else [],
    }.get(name, [])


# Numbers at which programs break.
NUMBERS = [-(2**63), -1, 0, 1, 2**31, 2**53, 2**63 - 1]


def words(known):
    """Words of the register, none wrong everywhere and few right anywhere, and some that have broken programs before."""
    found = [known["bound"], known["subject"], *known["organisations"], *known["units"], *known["areas"], *known["items"]]
    found += [*known["batches"], *known["records"], *known["acts"], *known["proposals"], *known["webhooks"]]
    found += [*known["listings"], *known["measures"], *known["repairs"], *known["objections"], *known["claims"], *known["officers"], known["incident"], known["case"], known["today"], known["next_year"], known["receiver"], "https://127.0.0.1/"]
    found += [f"contract-{name}" for name in ("active", "suspended", "ending", "deputy", "representative")]
    found += ["supervision", "approval", "court_order", "take", "current", "契约", "@password", "@secret", "@code"]
    found += ["2026-11-29T00:00:00", "20261129", "2026-02-30", "9999-12-31", "-1", "1e9", "null", "%00", "\u202e"]
    found += ["a" * 5000, "../..", "' or 1=1 --", "<b>"]
    return sorted(set(found))
