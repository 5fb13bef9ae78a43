//! Review and claims over HTTP: what waits is seen by whoever looks at it and by nobody else, decided with a reason, public from then on;
//! an organisation claims for itself, a third party is heard, and a person decides.

use crate::openapi::{compare, document};
use crate::people::{People, ask};
use crate::register::{AUTHORITY, KNOWN, PENALTIES, UNREGISTERED as OTHER};
use crate::workbench::{block, browser, place};
use axum::http::{Method, StatusCode};
use credence_domain::access::Role;
use serde_json::{Value, json};

/// Penalties that wait: one that may be of simple procedure, one that shows a telephone number.
fn send_what_waits(people: &People) {
    let (head, own) = (PENALTIES.lines().next().unwrap(), PENALTIES.lines().nth(1).unwrap());
    let small = own.replace("示罚〔2026〕1号", "示审〔2026〕1号").replace(",罚款五万元,5,", ",罚款三千元,0.3,");
    let phone = own.replace("示罚〔2026〕1号", "示审〔2026〕2号").replace("\"事实,一\"", "联系电话13800138000");
    let rows = format!("{head}\n{small}\n{phone}\n");
    people.register.send(AUTHORITY, &rows);
}

async fn read(people: &People, role: Role, address: &str) -> Value {
    let (status, found) = ask(people, role, Method::GET, address, Value::Null).await;
    assert_eq!(status, StatusCode::OK, "{role} {address}: {found}");
    found
}

async fn shown(people: &People, number: &str) -> bool {
    let address = format!("/api/v1/organisations/{KNOWN}/records?limit=100");
    let found = read(people, Role::Public, &address).await;
    found["items"].as_array().unwrap().iter().any(|one| one["document_number"] == number)
}

#[test]
fn what_waits_is_decided_by_reviewers_with_a_reason_and_public_from_then_on() {
    let people = People::new();
    send_what_waits(&people);
    let (base, document) = ("/api/v1/reviews", document());
    let schema = |name: &str| json!({ "$ref": format!("#/components/schemas/{name}") });
    block(async {
        let found = read(&people, Role::Reviewer, &format!("{base}?limit=100")).await;
        compare(&document, &schema("HeldPage"), &found, "held");
        let of = |number: &str| {
            let held = found["items"].as_array().unwrap().iter().find(|one| one["document_number"] == number);
            held.unwrap_or_else(|| panic!("{number} waits: {found}")).clone()
        };
        let (small, phone) = (of("示审〔2026〕1号"), of("示审〔2026〕2号"));
        assert_eq!((&small["hold"], &phone["hold"]), (&json!("maybe_simple_procedure"), &json!("personal_number")));
        assert_eq!(phone["fields"], json!(["CF_SY"]));
        assert!(!found.to_string().contains("13800138000"), "codes of fields, never what they say");
        // In pages, and of one reason.
        let one = read(&people, Role::Office, &format!("{base}?limit=1")).await;
        let next = one["next"].as_str().unwrap();
        let two = read(&people, Role::Office, &format!("{base}?limit=100&cursor={next}")).await;
        let mut both = one["items"].as_array().unwrap().clone();
        both.extend(two["items"].as_array().unwrap().clone());
        assert_eq!(json!(both), found["items"]);
        let numbers = read(&people, Role::Office, &format!("{base}?hold=personal_number")).await;
        assert!(numbers["items"].as_array().unwrap().iter().all(|one| one["hold"] == "personal_number"));
        for wrong in ["hold=because", "cursor=00", "limit=0"] {
            let (status, _) = ask(&people, Role::Office, Method::GET, &format!("{base}?{wrong}"), Value::Null).await;
            assert_eq!(status, StatusCode::BAD_REQUEST, "{wrong}");
        }
        // It stands in the queue of whoever may decide.
        let queue = read(&people, Role::Reviewer, "/api/v1/queue?kind=held&limit=100").await;
        let task = queue["items"].as_array().unwrap().iter().find(|task| task["number"] == small["id"]).unwrap();
        assert_eq!((&task["may_take"], &task["uscc"]), (&json!(true), &json!(KNOWN)));

        let decide = |role, body: Value| ask(&people, role, Method::POST, base, body);
        let release = |records: Value, reason: &str| json!({ "step": "release", "records": records, "reason": reason });
        let record = |one: &Value| format!("{KNOWN}/{}", one["id"].as_str().unwrap());
        let ordinary = "经核实适用普通程序";
        for role in [Role::Clerk, Role::Organisation, Role::Auditor, Role::Window] {
            let (status, _) = decide(role, release(json!([small["id"]]), ordinary)).await;
            assert_eq!(status, StatusCode::FORBIDDEN, "{role}");
        }
        for (body, code) in [
            (release(json!([small["id"]]), " "), "reason_missing"),
            (release(json!([small["id"]]), "已核对"), "procedure_not_stated"),
            (release(json!([record(&phone)]), ordinary), "redaction_needed"),
            (release(json!([]), ordinary), "bad_parameter"),
            (release(json!(["x"]), ordinary), "bad_parameter"),
            (
                json!({ "step": "redact", "record": record(&phone), "field": "CF_NR", "reason": "保护" }),
                "no_personal_number",
            ),
            (
                json!({ "step": "withhold", "record": record(&phone), "fields": ["CF_NR"], "ground": "privacy", "clause": "x", "reason": "保护" }),
                "clause_needed",
            ),
            (
                json!({ "step": "disclose", "record": record(&phone), "fields": ["CF_NR"], "reason": "公开" }),
                "not_withheld",
            ),
        ] {
            let (status, problem) = decide(Role::Reviewer, body.clone()).await;
            assert_eq!((status, &problem["code"]), (StatusCode::BAD_REQUEST, &json!(code)), "{body}: {problem}");
        }
        let (status, _) =
            decide(Role::Reviewer, release(json!([format!("{OTHER}/{}", small["id"].as_str().unwrap())]), ordinary))
                .await;
        assert_eq!(status, StatusCode::NOT_FOUND, "another organisation has no such record");
        assert!(!shown(&people, "示审〔2026〕1号").await && !shown(&people, "示审〔2026〕2号").await);

        let (status, done) = decide(Role::Reviewer, release(json!([record(&small)]), ordinary)).await;
        assert_eq!((status, &done["released"], &done["still_held"]), (StatusCode::OK, &json!(1), &json!(0)), "{done}");
        compare(&document, &schema("Reviewed"), &done, "reviewed");
        assert!(shown(&people, "示审〔2026〕1号").await);
        let (status, problem) = decide(Role::Reviewer, release(json!([small["id"]]), ordinary)).await;
        assert_eq!((status, &problem["code"]), (StatusCode::BAD_REQUEST, &json!("not_held")));

        // By the page: the number is taken out, and the record becomes public.
        let reviewer = browser(&people, Role::Reviewer);
        let page = reviewer.get("/workbench/reviews?hold=personal_number").await;
        assert!(
            page.text.contains("示审〔2026〕2号") && page.text.contains("遮蔽") && !page.text.contains("13800138000")
        );
        let place_of = record(&phone);
        let wrong = reviewer
            .form("/workbench/reviews", &[("step", "release"), ("record", &place_of), ("reason", ordinary)])
            .await;
        assert_eq!(wrong.status, StatusCode::BAD_REQUEST);
        assert!(
            wrong.text.contains("请先遮蔽字段 CF_SY") && wrong.text.contains(&format!("value=\"{ordinary}\"")),
            "{}",
            wrong.text
        );
        let form = [("step", "redact"), ("record", place_of.as_str()), ("fields", "CF_SY"), ("reason", "遮蔽电话")];
        let to = place(&reviewer.form("/workbench/reviews", &form).await);
        assert_eq!(to, "/workbench/reviews?hold=&done=public");
        assert!(reviewer.get(&to).await.text.contains("已放行，自今日起公示"));
        assert!(shown(&people, "示审〔2026〕2号").await);
        let public = read(&people, Role::Public, &format!("/api/v1/organisations/{KNOWN}/records?limit=100")).await;
        assert!(!public.to_string().contains("13800138000"));
        // A field that is kept from the public by a clause, and disclosed again.
        let withheld = [
            ("step", "withhold"),
            ("record", place_of.as_str()),
            ("fields", "CF_NR"),
            ("ground", "commercial_secret"),
            ("clause", "政府信息公开条例 十五"),
            ("reason", "涉及配方"),
        ];
        assert_eq!(reviewer.form("/workbench/reviews", &withheld).await.status, StatusCode::SEE_OTHER);
        let of_phone = || async {
            let found = read(&people, Role::Public, &format!("/api/v1/organisations/{KNOWN}/records?limit=100")).await;
            found["items"].as_array().unwrap().iter().find(|one| one["id"] == phone["id"]).unwrap().clone()
        };
        assert!(of_phone().await["content"].get("CF_NR").is_none());
        // What is withheld is not withheld again on another ground, by a review or by a claim.
        let other = json!({ "step": "withhold", "record": place_of, "fields": ["CF_NR"], "ground": "privacy", "clause": "条例 四十二", "reason": "又一次" });
        assert_eq!(decide(Role::Reviewer, other).await.1["code"], "already_withheld");
        let claim = json!({ "record": phone["id"], "fields": ["CF_NR"], "reason": "配方" });
        let (_, problem) = ask(&people, Role::Organisation, Method::POST, "/api/v1/claims", claim).await;
        assert_eq!(problem["code"], "already_withheld");
        for (name, value) in [("clause", "条例\u{0} 十五"), ("reason", "a\nb"), ("clause", &"条".repeat(99))] {
            let mut body = json!({ "step": "withhold", "record": place_of, "fields": ["CF_SY"], "ground": "privacy", "clause": "条例 十五", "reason": "试" });
            body[name] = json!(if name == "clause" { format!("{value} 十五") } else { value.to_owned() });
            assert_eq!(decide(Role::Reviewer, body).await.0, StatusCode::BAD_REQUEST, "{name}");
        }
        let again = json!({ "step": "disclose", "record": place_of, "fields": ["CF_NR"], "reason": "期限已过" });
        assert_eq!(decide(Role::Office, again).await.0, StatusCode::OK);
        assert_eq!(of_phone().await["content"]["CF_NR"], "罚款五万元");
    });
}

#[test]
fn a_claim_of_secrecy_goes_from_the_organisation_to_a_decision() {
    let people = People::new();
    let (base, document) = ("/api/v1/claims", document());
    let schema = |name: &str| json!({ "$ref": format!("#/components/schemas/{name}") });
    block(async {
        let records = read(&people, Role::Public, &format!("/api/v1/organisations/{KNOWN}/records?limit=100")).await;
        let penalty = records["items"].as_array().unwrap().iter().find(|one| one["item"] == "penalty").unwrap().clone();
        let asked = json!({ "record": penalty["id"], "fields": ["CF_SY"], "reason": "工艺参数未公开过" });
        let file = |role, body: Value| ask(&people, role, Method::POST, base, body);
        assert_eq!(file(Role::Clerk, asked.clone()).await.0, StatusCode::FORBIDDEN);
        assert_eq!(file(Role::Public, asked.clone()).await.0, StatusCode::UNAUTHORIZED);
        let with = |name: &str, value: Value| {
            let mut body = asked.clone();
            body[name] = value;
            body
        };
        for (role, body, code) in [
            (Role::Organisation, with("claimant", json!(OTHER)), "forbidden"),
            (Role::Organisation, with("fields", json!([])), "bad_parameter"),
            (Role::Organisation, with("fields", json!(["CF_XDR_MC"])), "field_not_withholdable"),
            (Role::Organisation, with("reason", json!(" ")), "reason_missing"),
            (Role::Office, asked.clone(), "bad_parameter"),
        ] {
            let (status, problem) = file(role, body.clone()).await;
            assert!(status.is_client_error() && problem["code"] == code, "{body}: {status} {problem}");
        }
        let (status, claim) = file(Role::Organisation, asked.clone()).await;
        assert_eq!((status, &claim["state"]), (StatusCode::CREATED, &json!("filed")), "{claim}");
        compare(&document, &schema("Claim"), &claim, "claim");
        assert_eq!(file(Role::Organisation, asked.clone()).await.1["code"], "claim_open");
        let number = claim["number"].as_str().unwrap().to_owned();
        let seen = read(&people, Role::Organisation, base).await;
        compare(&document, &schema("ClaimPage"), &seen, "claims");
        assert_eq!(seen["items"].as_array().unwrap().len(), 1);
        let (_, paper) = file(Role::Office, with("claimant", json!(OTHER))).await;
        let seen = read(&people, Role::Organisation, base).await;
        assert!(!seen.to_string().contains(paper["number"].as_str().unwrap()), "another's claim is not its business");

        let waits = |role| read(&people, role, "/api/v1/queue?kind=claim&limit=100");
        let step_of = |queue: &Value| {
            let found = queue["items"].as_array().unwrap().iter().find(|task| task["number"] == number.as_str());
            found.map(|task| task["step"].as_str().unwrap().to_owned())
        };
        assert_eq!(step_of(&waits(Role::Reviewer).await).as_deref(), Some("seek"));
        let steps = format!("{base}/{number}/steps");
        let step = |role, body: Value| ask(&people, role, Method::POST, &steps, body);
        assert_eq!(step(Role::Organisation, json!({ "step": "reject", "reason": "x" })).await.0, StatusCode::FORBIDDEN);
        let uphold = json!({ "step": "uphold", "clause": "政府信息公开条例 十五", "reason": "第三方未同意公开" });
        let (_, problem) = step(Role::Reviewer, uphold.clone()).await;
        assert_eq!(problem["code"], "opinion_not_sought");
        let reviewer = browser(&people, Role::Reviewer);
        let address = format!("/workbench/claims/{number}");
        let seek = [("step", "seek"), ("third_party", "示范配方研究院"), ("reason", "工艺由其提供")];
        assert_eq!(place(&reviewer.form(&address, &seek).await), "/workbench/claims");
        let queue = waits(Role::Reviewer).await;
        assert_eq!(step_of(&queue).as_deref(), Some("hear"));
        let (_, problem) = step(Role::Reviewer, uphold.clone()).await;
        assert_eq!(problem["code"], "opinion_awaited");
        let page = reviewer.form(&address, &[("step", "reject"), ("reason", "不等了")]).await;
        assert_eq!(page.status, StatusCode::BAD_REQUEST);
        assert!(page.text.contains("须待其答复"), "{}", page.text);
        let (status, _) = step(Role::Office, json!({ "step": "hear", "opinion": "objects", "reason": "来函" })).await;
        assert_eq!(status, StatusCode::OK);
        assert_eq!(step_of(&waits(Role::Reviewer).await).as_deref(), Some("decide"));
        let (status, claim) = step(Role::Reviewer, uphold).await;
        assert_eq!((status, &claim["state"]), (StatusCode::OK, &json!("upheld")), "{claim}");
        assert_eq!(step_of(&waits(Role::Reviewer).await), None);
        let records = read(&people, Role::Public, &format!("/api/v1/organisations/{KNOWN}/records?limit=100")).await;
        let after = records["items"].as_array().unwrap().iter().find(|one| one["id"] == penalty["id"]).unwrap();
        assert!(after["content"].get("CF_SY").is_none(), "{after}");
        let own = browser(&people, Role::Organisation);
        let page = own.get(&format!("/workbench/claims?record={}", penalty["id"].as_str().unwrap())).await;
        assert!(page.text.contains("成立，字段不予公开") && page.text.contains(penalty["id"].as_str().unwrap()));
        assert!(
            page.text.contains("示范配方研究院") && page.text.contains("不同意公开"),
            "what was said stays beside it"
        );
        assert!(page.text.contains("我的空间") && own.get("/workbench/own").await.text.contains("/workbench/claims"));
        // What was typed is there again when it is refused.
        let form =
            [("record", penalty["id"].as_str().unwrap()), ("fields", "CF_XDR_MC"), ("reason", "第一行\r\n第二行")];
        let page = own.form("/workbench/claims", &form).await;
        assert_eq!(page.status, StatusCode::BAD_REQUEST);
        assert!(page.text.contains("CF_XDR_MC") && page.text.contains("第二行"), "{}", page.text);
    });
}
