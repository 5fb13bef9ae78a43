//! Papers as files over HTTP: handed in by whoever brings papers to a case, cited, and saved by those alone who may see the case.

use crate::openapi::{compare, document};
use crate::people::{OTHER, People, ask};
use crate::register::{AUTHORITY, Answer, KNOWN, PENALTIES, UNREGISTERED};
use crate::workbench::{browser, place};
use axum::body::Body;
use axum::http::{Method, Request, StatusCode};
use credence_domain::access::Role;
use credence_domain::paper::FILE_MAX_BYTES;
use credence_testkit::paper::{jpeg, pdf, png};
use serde_json::{Value, json};

async fn hand_in(people: &People, role: Role, (query, kind): (&str, &str), content: Vec<u8>) -> Answer {
    let request = Request::post(format!("/api/v1/papers?{query}")).header("content-type", kind);
    let request = match people.token(role) {
        Some(token) => request.header("authorization", format!("Bearer {token}")),
        None => request,
    };
    people.register.ask(request.body(Body::from(content)).unwrap()).await
}

async fn save(people: &People, role: Role, digest: &str, uscc: &str) -> Answer {
    let request = Request::get(format!("/api/v1/papers/{digest}?uscc={uscc}"));
    let request = match people.token(role) {
        Some(token) => request.header("authorization", format!("Bearer {token}")),
        None => request,
    };
    people.register.ask(request.body(Body::empty()).unwrap()).await
}

fn code(answer: &Answer) -> String {
    let told: Value = serde_json::from_str(&answer.text).unwrap();
    told["code"].as_str().unwrap_or_default().to_owned()
}

/// A register in which penalties of the people's unit and of another may be repaired today.
fn people() -> People {
    let people = People::new();
    let older = PENALTIES.replace("〔2026〕", "〔2023〕").replace("2026-04-1", "2026-01-1");
    people.register.send(AUTHORITY, &older);
    people.register.send(OTHER, &older.replace("〔2023〕", "〔2022〕").replace(AUTHORITY, OTHER));
    people
}

/// Public penalties of the known organisation by number, and the clauses of the letter.
async fn applicable(people: &People, number: &str) -> (String, Vec<Value>) {
    let address = format!("/api/v1/organisations/{KNOWN}/records?limit=100");
    let (_, found) = ask(people, Role::Public, Method::GET, &address, Value::Null).await;
    let record = found["items"].as_array().unwrap().iter().find(|one| one["document_number"] == number).unwrap();
    let id = record["id"].as_str().unwrap().to_owned();
    let address = format!("/api/v1/repair-notices/{id}");
    let (_, notice) = ask(people, Role::Public, Method::GET, &address, Value::Null).await;
    (id, notice["clauses"].as_array().unwrap().iter().map(|one| one["code"].clone()).collect())
}

fn block<T>(work: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(work)
}

async fn looks(people: &People) -> Vec<(String, String)> {
    let address = format!("/api/v1/organisations/{KNOWN}/access");
    let (_, looks) = ask(people, Role::Organisation, Method::GET, &address, Value::Null).await;
    let text = |one: &Value, key: &str| one[key].as_str().unwrap_or_default().to_owned();
    let items = looks["items"].as_array().unwrap_or_else(|| panic!("{looks}")).iter();
    items.map(|one| (text(one, "what"), text(one, "case_number"))).filter(|(what, _)| what == "paper").collect()
}

#[test]
fn a_paper_is_handed_in_by_those_who_bring_papers_and_refused_with_what_to_do() {
    let people = people();
    block(async {
        let (mine, named) = (format!("uscc={KNOWN}"), format!("uscc={KNOWN}&name=%E5%87%AD%E8%AF%81.pdf"));
        let document = document();
        for (number, role) in
            [Role::Organisation, Role::Clerk, Role::Approver, Role::Window, Role::Reviewer, Role::Office]
                .into_iter()
                .enumerate()
        {
            let content = pdf(&format!("第{number}"));
            let made = hand_in(&people, role, (&named, "application/pdf"), content.clone()).await;
            assert_eq!(made.status, StatusCode::CREATED, "{role}: {}", made.text);
            let paper: Value = serde_json::from_str(&made.text).unwrap();
            compare(&document, &json!({ "$ref": "#/components/schemas/Paper" }), &paper, "paper");
            assert_eq!((&paper["name"], &paper["bytes"]), (&json!("凭证.pdf"), &json!(content.len())));
            let again = hand_in(&people, role, (&mine, "application/pdf"), content).await;
            assert_eq!((again.status, again.text), (StatusCode::OK, made.text));
            // Nobody reads what no case cites, not even who handed it in.
            assert_eq!(
                save(&people, role, paper["digest"].as_str().unwrap(), KNOWN).await.status,
                StatusCode::NOT_FOUND
            );
        }
        for (role, status) in [
            (Role::Public, StatusCode::UNAUTHORIZED),
            (Role::Auditor, StatusCode::FORBIDDEN),
            (Role::Partner, StatusCode::FORBIDDEN),
            (Role::Inspector, StatusCode::FORBIDDEN),
            (Role::SystemAdmin, StatusCode::FORBIDDEN),
            (Role::Key, StatusCode::FORBIDDEN),
        ] {
            let refused = hand_in(&people, role, (&mine, "application/pdf"), pdf("x")).await;
            assert_eq!(refused.status, status, "{role}: {}", refused.text);
        }
        let mut large = pdf("大");
        large.resize(FILE_MAX_BYTES + 1, b' ');
        for (query, kind, content, status, wanted) in [
            (mine.as_str(), "image/png", pdf("x"), 400, "paper_type_wrong"),
            (&format!("{mine}&name=x.png"), "application/pdf", pdf("x"), 400, "paper_type_wrong"),
            (&mine, "application/pdf", png("x"), 400, "paper_type_wrong"),
            (&mine, "application/pdf", b"<html>".to_vec(), 415, "paper_type_unknown"),
            (&mine, "text/html", pdf("x"), 415, "unsupported_media_type"),
            (&mine, "", pdf("x"), 400, "paper_type_wrong"),
            (&mine, "application/pdf", Vec::new(), 400, "paper_empty"),
            (&mine, "application/pdf", large, 413, "paper_too_large"),
            (&format!("{mine}&name=13900000000.pdf"), "application/pdf", pdf("x"), 400, "paper_name_wrong"),
            (&format!("uscc={UNREGISTERED}"), "application/pdf", pdf("x"), 403, "forbidden"),
            ("", "application/pdf", pdf("x"), 400, "bad_parameter"),
        ] {
            let refused = hand_in(&people, Role::Organisation, (query, kind), content).await;
            assert_eq!(
                (refused.status.as_u16(), code(&refused).as_str()),
                (status, wanted),
                "{query} {kind}: {}",
                refused.text
            );
            let told: Value = serde_json::from_str(&refused.text).unwrap();
            let detail = told["detail"].as_str().unwrap();
            assert!(detail.chars().count() > 8, "what to do is said: {detail}");
        }
        let nobody = hand_in(&people, Role::Clerk, ("uscc=91379900MA0TE7777X", "application/pdf"), pdf("x")).await;
        assert_eq!(nobody.status, StatusCode::NOT_FOUND);
    });
}

#[test]
fn a_paper_is_read_through_its_case_alone_and_each_look_but_the_organisations_own_is_in_the_journal() {
    let people = people();
    block(async {
        let query = format!("uscc={KNOWN}&name=%E7%BC%B4%E6%AC%BE%22%0D%E5%87%AD%E8%AF%81.pdf");
        let content = pdf("缴款凭证");
        let made = hand_in(&people, Role::Organisation, (&query, "application/pdf"), content.clone()).await;
        let digest = serde_json::from_str::<Value>(&made.text).unwrap()["digest"].as_str().unwrap().to_owned();
        let (record, clauses) = applicable(&people, "示罚〔2023〕1号").await;
        let apply = |papers: Value| {
            let asked = json!({"record": record, "rectified": "已缴清", "signed_on": "2026-05-13", "clauses": clauses, "papers": papers});
            ask(&people, Role::Organisation, Method::POST, "/api/v1/repairs", asked)
        };
        let paper = |digest: &str| json!({"kind": "proof", "number": "缴款书", "digest": digest, "file": true});
        let (status, problem) = apply(json!([paper(&"0".repeat(64))])).await;
        assert_eq!(
            (status, &problem["code"], &problem["field"]),
            (StatusCode::BAD_REQUEST, &json!("paper_unknown"), &json!("papers"))
        );
        let (status, problem) = apply(Value::from(vec![paper(&digest); 21])).await;
        assert_eq!((status, &problem["code"]), (StatusCode::BAD_REQUEST, &json!("paper_too_many")));
        let (status, repair) = apply(json!([paper(&digest)])).await;
        assert_eq!((status, &repair["files"][0]["digest"]), (StatusCode::CREATED, &json!(digest)), "{repair}");
        compare(&document(), &json!({ "$ref": "#/components/schemas/Repair" }), &repair, "repair");
        let number = repair["number"].as_str().unwrap().to_owned();
        assert_eq!(looks(&people).await, []);
        let readers = [Role::Organisation, Role::Clerk, Role::Approver, Role::Reviewer, Role::Office, Role::Auditor];
        for (seen, role) in readers.into_iter().enumerate() {
            let answer = save(&people, role, &digest, KNOWN).await;
            assert_eq!((answer.status, answer.text.as_bytes()), (StatusCode::OK, content.as_slice()), "{role}");
            assert_eq!(answer.header("content-type"), "application/pdf");
            assert_eq!(answer.header("x-content-type-options"), "nosniff");
            assert_eq!(answer.header("content-security-policy"), "sandbox; default-src 'none'");
            assert_eq!(answer.header("cache-control"), "no-store");
            let saved = answer.header("content-disposition");
            assert_eq!(
                saved,
                "attachment; filename=\"paper.pdf\"; filename*=UTF-8''%E7%BC%B4%E6%AC%BE%E5%87%AD%E8%AF%81.pdf"
            );
            let noted = looks(&people).await;
            assert_eq!(noted.len(), seen, "{role}: its own looks are not noted");
            assert!(noted.iter().all(|(_, case)| *case == number));
        }
        // The window works on objections and on no repair, whoever decides on lists on no repair either.
        for (role, status) in [
            (Role::Window, StatusCode::NOT_FOUND),
            (Role::Public, StatusCode::UNAUTHORIZED),
            (Role::Inspector, StatusCode::FORBIDDEN),
            (Role::ListDecider, StatusCode::NOT_FOUND),
            (Role::SecurityAdmin, StatusCode::FORBIDDEN),
            (Role::Key, StatusCode::FORBIDDEN),
        ] {
            assert_eq!(save(&people, role, &digest, KNOWN).await.status, status, "{role}");
        }
        for (digest, uscc) in
            [(digest.as_str(), UNREGISTERED), (&"0".repeat(64), KNOWN), ("x", KNOWN), (&digest.to_uppercase(), KNOWN)]
        {
            assert_eq!(save(&people, Role::Office, digest, uscc).await.status, StatusCode::NOT_FOUND, "{digest}");
        }
        // The unit that decides reads it; another, with no part in the case, does not: here the case of another unit.
        let made = hand_in(&people, Role::Organisation, (&format!("uscc={KNOWN}"), "image/jpeg"), jpeg("另案")).await;
        let theirs = serde_json::from_str::<Value>(&made.text).unwrap()["digest"].as_str().unwrap().to_owned();
        let (record, clauses) = applicable(&people, "示罚〔2022〕1号").await;
        let asked = json!({"record": record, "rectified": "已缴清", "signed_on": "2026-05-13", "clauses": clauses, "papers": [paper(&theirs)]});
        assert_eq!(
            ask(&people, Role::Organisation, Method::POST, "/api/v1/repairs", asked).await.0,
            StatusCode::CREATED
        );
        let before = looks(&people).await.len();
        assert_eq!(save(&people, Role::Organisation, &theirs, KNOWN).await.status, StatusCode::OK);
        assert_eq!(save(&people, Role::Office, &theirs, KNOWN).await.status, StatusCode::OK);
        for role in [Role::Clerk, Role::Approver] {
            assert_eq!(save(&people, role, &theirs, KNOWN).await.status, StatusCode::NOT_FOUND, "{role}");
        }
        assert_eq!(looks(&people).await.len(), before + 1, "nothing is noted where nothing is shown");
        // A paper of an objection is read by the window too.
        let evidence = json!([{"name": "收据", "digest": theirs, "file": true}]);
        let asked = json!({"matter": "objection", "record": applicable(&people, "示罚〔2026〕1号").await.0, "ground": "有误",
                           "contested": ["content"], "evidence": evidence});
        let (status, case) = ask(&people, Role::Organisation, Method::POST, "/api/v1/objections", asked).await;
        assert_eq!((status, &case["files"][0]["media_type"]), (StatusCode::CREATED, &json!("image/jpeg")), "{case}");
        compare(&document(), &json!({ "$ref": "#/components/schemas/Objection" }), &case, "objection");
        for role in [Role::Window, Role::Clerk, Role::Reviewer, Role::Auditor] {
            assert_eq!(save(&people, role, &theirs, KNOWN).await.status, StatusCode::OK, "{role}");
        }
    });
}

/// A form as a browser sends it with files.
fn form(pairs: &[(&str, &str)], files: &[(&str, &str, &str, &[u8])]) -> Vec<u8> {
    let mut body = Vec::new();
    for (name, value) in pairs {
        body.extend(format!("--x\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n").bytes());
    }
    for (input, name, kind, content) in files {
        let head = format!(
            "--x\r\nContent-Disposition: form-data; name=\"{input}\"; filename=\"{name}\"\r\nContent-Type: {kind}\r\n\r\n"
        );
        body.extend([head.as_bytes(), content, b"\r\n"].concat());
    }
    body.extend(b"--x--\r\n");
    body
}

#[test]
fn forms_take_files_and_the_pages_of_cases_lead_to_them() {
    let people = people();
    block(async {
        const MULTIPART: &str = "multipart/form-data; boundary=x";
        let party = browser(&people, Role::Organisation);
        let (record, clauses) = applicable(&people, "示罚〔2023〕1号").await;
        let clauses: Vec<String> = clauses.iter().map(|code| format!("clause_{}", code.as_str().unwrap())).collect();
        let mut typed = vec![
            ("record", record.as_str()),
            ("rectified", "已缴清"),
            ("paper_kind", "proof"),
            ("paper_number", "缴款书"),
            ("paper_kind_2", "training"),
            ("paper_number_2", ""),
            ("signed_on", "2026-05-13"),
        ];
        typed.extend(clauses.iter().map(|clause| (clause.as_str(), "yes")));
        let page = party.get("/workbench/repairs").await.text;
        assert!(
            page.contains("enctype=\"multipart/form-data\"") && page.contains("accept=\".pdf,.jpg,.jpeg,.png,.ofd\""),
            "{page}"
        );
        let (proof, training) = (pdf("缴款"), png("培训"));
        let wrong = [("paper_file", "缴款.pdf", "application/pdf", training.as_slice())];
        let refused = party.post("/workbench/repairs", MULTIPART, form(&typed, &wrong)).await;
        assert_eq!(refused.status, StatusCode::BAD_REQUEST);
        assert!(refused.text.contains("文件内容与所声明的类型或者扩展名不符"), "{}", refused.text);
        let files = [
            ("paper_file", "缴款.pdf", "application/pdf", proof.as_slice()),
            ("paper_file_2", "培训.png", "image/png", &training),
            // An input in which nobody chose a file.
            ("paper_file_3", "", "application/octet-stream", b""),
        ];
        let case = place(&party.post("/workbench/repairs", MULTIPART, form(&typed, &files)).await);
        let page = party.get(&case).await.text;
        let links: Vec<&str> = page.split("href=\"").filter(|part| part.starts_with("/api/v1/papers/")).collect();
        assert_eq!(links.len(), 2, "{page}");
        assert!(
            page.contains("缴款书") && page.contains("培训.png"),
            "a file without a number is called by its name: {page}"
        );
        let address = links[0].split('"').next().unwrap().replace("&#38;", "&").replace("&amp;", "&");
        for role in [Role::Organisation, Role::Clerk] {
            let saved = browser(&people, role).get(&address).await;
            assert_eq!((saved.status, saved.text.as_bytes()), (StatusCode::OK, proof.as_slice()), "{role}");
        }
        // Without a file a form is taken as before, and the page says that there is none.
        let (record, _) = applicable(&people, "示罚〔2022〕1号").await;
        typed[0].1 = &record;
        let bare = place(&party.form("/workbench/repairs", &typed).await);
        assert!(party.get(&bare).await.text.contains("未上传文件"));
        // An objection with two files.
        let objected =
            [("matter", "objection"), ("record", &applicable(&people, "示罚〔2026〕1号").await.0), ("ground", "有误")];
        let evidence = [
            ("evidence", "收据.pdf", "application/pdf", proof.as_slice()),
            ("evidence", "照片.png", "image/png", &training),
        ];
        let case = place(&party.post("/workbench/objections", MULTIPART, form(&objected, &evidence)).await);
        let page = party.get(&case).await.text;
        assert_eq!(page.matches("href=\"/api/v1/papers/").count(), 2, "{page}");
        let six = vec![("evidence", "收据.pdf", "application/pdf", proof.as_slice()); 6];
        let many = party.post("/workbench/objections", MULTIPART, form(&objected, &six)).await;
        assert!(many.status == StatusCode::BAD_REQUEST && many.text.contains("一次最多上传5个文件"), "{}", many.text);
        let empty = vec![("a_field_without_anything_in_it", ""); 4_000];
        let endless = party.post("/workbench/objections", MULTIPART, form(&empty, &[])).await;
        assert!(
            endless.status == StatusCode::BAD_REQUEST && endless.text.contains("填写的内容过长"),
            "{}",
            endless.text
        );
        // What no page of ours sends is not taken.
        let broken = party.post("/workbench/objections", MULTIPART, "--x\r\nbroken").await;
        assert_eq!(broken.status, StatusCode::BAD_REQUEST);
    });
}

#[test]
fn forms_of_a_listing_take_files_and_its_page_leads_to_them() {
    let people = people();
    people.register.appoint(AUTHORITY, "安全生产", "city");
    block(async {
        const MULTIPART: &str = "multipart/form-data; boundary=x";
        let (clerk, party) = (browser(&people, Role::Clerk), browser(&people, Role::Organisation));
        let record = format!("record:{}", applicable(&people, "示罚〔2026〕1号").await.0);
        let page = clerk.get(&format!("/workbench/listings?list=work_safety&uscc={KNOWN}")).await.text;
        assert!(page.contains("enctype=\"multipart/form-data\"") && page.contains("name=\"evidence\""), "{page}");
        // A scan is longer than what a form takes without files.
        let copy = pdf(&"scan ".repeat(700_000));
        let typed = [
            ("list", "work_safety"),
            ("criterion", "1"),
            ("uscc", KNOWN),
            ("facts", "性质恶劣（示例）"),
            (record.as_str(), "yes"),
        ];
        let files = [("evidence", "决定书.pdf", "application/pdf", copy.as_slice())];
        let case = place(&clerk.post("/workbench/listings", MULTIPART, form(&typed, &files)).await);
        let served = [
            ("form", "1"),
            ("delivery.mode", "direct"),
            ("delivery.on", "2026-05-13"),
            ("delivery.proof", "送达回证"),
            ("delivery.consent", ""),
        ];
        let receipt = jpeg("回证");
        let files = [("evidence", "送达回证.jpg", "image/jpeg", receipt.as_slice())];
        assert_eq!(place(&clerk.post(&case, MULTIPART, form(&served, &files)).await), case);
        let (said, photograph) = ([("form", "2"), ("on", "2026-05-13"), ("text", "已经整改")], png("整改"));
        let files = [("evidence", "整改.png", "image/png", photograph.as_slice())];
        assert_eq!(place(&party.post(&case, MULTIPART, form(&said, &files)).await), case);
        let page = party.get(&case).await.text;
        let links: Vec<&str> = page.split("href=\"").filter(|part| part.starts_with("/api/v1/papers/")).collect();
        assert_eq!(links.len(), 3, "{page}");
        let address = links[0].split('"').next().unwrap().replace("&#38;", "&").replace("&amp;", "&");
        for role in [Role::Organisation, Role::Clerk, Role::ListDecider, Role::Auditor] {
            let saved = browser(&people, role).get(&address).await;
            assert_eq!((saved.status, saved.text.as_bytes()), (StatusCode::OK, copy.as_slice()), "{role}");
        }
        // By program: what the document says of an answer, and a file that nobody handed in.
        let number = case.rsplit('/').next().unwrap();
        let address = format!("/api/v1/listings/{number}");
        let (_, found) = ask(&people, Role::Organisation, Method::GET, &address, Value::Null).await;
        compare(&document(), &json!({ "$ref": "#/components/schemas/Listing" }), &found, "listing");
        assert_eq!(found["files"].as_array().map(Vec::len), Some(3));
        let paper = json!({ "name": "无", "digest": "ab".repeat(32), "file": true });
        let state = json!({ "act": "state", "on": "2026-05-13", "text": "补充", "papers": [paper] });
        let steps = format!("{address}/steps");
        let (status, problem) = ask(&people, Role::Organisation, Method::POST, &steps, state).await;
        assert_eq!((status, &problem["code"]), (StatusCode::BAD_REQUEST, &json!("paper_unknown")));
    });
}
