//! The workbench as a browser meets it: forms without JavaScript, a cookie, a page after each.

use crate::people::People;
use crate::register::{Answer, KNOWN, PENALTIES, Register};
use axum::body::Body;
use axum::http::{Request, StatusCode};
use credence_app::batch::Intake;
use credence_domain::access::Role;
use std::sync::Arc;

pub fn block<T>(work: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(work)
}

/// A browser in which somebody has signed in.
pub struct Browser<'p> {
    register: &'p Register,
    token: String,
}

impl Browser<'_> {
    pub async fn get(&self, address: &str) -> Answer {
        let request = Request::get(address).header("cookie", format!("credence_session={}", self.token));
        self.register.ask(request.body(Body::empty()).unwrap()).await
    }

    pub async fn post(&self, address: &str, kind: &str, body: impl Into<Body>) -> Answer {
        let request = Request::post(address)
            .header("cookie", format!("credence_session={}", self.token))
            .header("sec-fetch-site", "same-origin")
            .header("content-type", kind);
        self.register.ask(request.body(body.into()).unwrap()).await
    }

    pub async fn form(&self, address: &str, pairs: &[(&str, &str)]) -> Answer {
        let body = serde_urlencoded::to_string(pairs).unwrap();
        self.post(address, "application/x-www-form-urlencoded", body).await
    }

    /// Sends a file by the page's own form.
    async fn upload(&self, name: &str, text: &str) -> Answer {
        let part = |head: &str, body: &str| format!("--x\r\nContent-Disposition: form-data; {head}\r\n\r\n{body}\r\n");
        let file = format!("name=\"file\"; filename=\"{name}\"");
        let body = part("name=\"item\"", "") + &part("name=\"secrecy_review\"", "审查员") + &part(&file, text);
        self.post("/workbench/upload", "multipart/form-data; boundary=x", body + "--x--\r\n").await
    }
}

fn people() -> (People, Arc<Intake>) {
    let mut people = People::new();
    let (register, intake) = people.register.with_intake();
    people.register = register;
    (people, intake)
}

/// The same after signing in again.
pub fn browser_again(people: &People, role: Role) -> Browser<'_> {
    let (account, password) = people.passwords[&role].clone();
    let service = people.register.service();
    let desk = credence_app::desk::Desk::open(&service).unwrap();
    let credentials = credence_app::account::Credentials { account, password, code: None };
    Browser { register: &people.register, token: service.sign_in(&desk, &credentials, "suite").unwrap().token }
}

pub fn browser(people: &People, role: Role) -> Browser<'_> {
    Browser { register: &people.register, token: people.token(role).unwrap().to_owned() }
}

/// Where a form leads.
pub fn place(answer: &Answer) -> String {
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text);
    answer.header("location").to_owned()
}

#[test]
fn signing_in_by_the_page_leads_on_and_the_cookie_is_kept_from_scripts() {
    let people = People::new();
    let (account, password) = people.passwords[&Role::Clerk].clone();
    block(async {
        let asked = people.register.get("/workbench/upload").await;
        assert_eq!(asked.status, StatusCode::UNAUTHORIZED);
        assert!(asked.text.contains(r#"name="next" value="/workbench/upload""#), "{}", asked.text);
        let form = |password: &str| {
            let next = "/workbench/upload";
            serde_urlencoded::to_string([("account", account.as_str()), ("password", password), ("next", next)])
                .unwrap()
        };
        let send = |body: String| {
            let request = Request::post("/sign-in").header("content-type", "application/x-www-form-urlencoded");
            people.register.ask(request.body(Body::from(body)).unwrap())
        };
        let wrong = send(form("Wrong-password-1")).await;
        assert_eq!(wrong.status, StatusCode::UNAUTHORIZED);
        assert!(wrong.text.contains("role=\"alert\"") && !wrong.text.contains("Wrong-password-1"));
        let right = send(form(&password)).await;
        assert_eq!(place(&right), "/workbench/upload");
        let cookie = right.header("set-cookie");
        assert!(cookie.starts_with("credence_session=session_") && cookie.contains("HttpOnly"), "{cookie}");
        assert!(cookie.contains("SameSite=Lax"), "{cookie}");
    });
}

#[test]
fn a_clerk_uploads_sees_the_mapping_mends_a_row_in_place_and_enters_a_single_record() {
    let (people, intake) = people();
    let clerk = browser(&people, Role::Clerk);
    let file = PENALTIES.replace("〔2026〕", "〔2023〕").replace("2026-04-13", "2026-13-01");
    let batch = block(async {
        assert_eq!(clerk.get("/workbench/upload").await.status, StatusCode::OK);
        let none = clerk.post("/workbench/upload", "multipart/form-data; boundary=x", "--x--\r\n").await;
        assert_eq!(none.status, StatusCode::BAD_REQUEST);
        place(&clerk.upload("处罚.csv", &file).await)
    });
    assert!(block(clerk.get(&batch)).text.contains("http-equiv=\"refresh\""));
    assert_eq!(intake.work_off().unwrap(), 1);
    let mended = block(async {
        let page = clerk.get(&batch).await;
        assert_eq!(page.status, StatusCode::OK, "{}", page.text);
        for said in ["CF_XDR_SHXYM", "date_invalid", "2026-13-01", "就地更正", "待放行"] {
            assert!(page.text.contains(said), "{said}: {}", page.text);
        }
        let mut cells: Vec<(String, String)> = Vec::new();
        for input in page.text.split("<input ").skip(1) {
            let value = |name: &str| {
                let text = input.split(&format!(" {name}=\"")).nth(1)?.split('"').next()?;
                Some(text.replace("&#60;", "<").replace("&#34;", "\"").replace("&#39;", "'").replace("&#38;", "&"))
            };
            let name = input.split("name=\"").nth(1).and_then(|rest| rest.split('"').next()).unwrap_or_default();
            if name.starts_with('c') && name[1..].parse::<usize>().is_ok() {
                cells.push((name.to_owned(), value("value").unwrap_or_default()));
            }
        }
        assert!(cells.len() >= 15, "{cells:?}");
        for (_, value) in &mut cells {
            if value == "2026-13-01" {
                "2026-04-13".clone_into(value);
            }
        }
        let pairs: Vec<(&str, &str)> = cells.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        place(&clerk.form(&format!("{batch}/mend"), &pairs).await)
    });
    assert_ne!(mended, batch);
    assert_eq!(intake.work_off().unwrap(), 1);
    let api = mended.replace("/workbench/", "/api/v1/");
    let counts = block(clerk.get(&api)).json();
    assert_eq!((&counts["read"], &counts["accepted"]), (&1.into(), &1.into()), "{counts}");

    let entered = block(async {
        let form = clerk.get("/workbench/entry?item=penalty").await;
        assert!(form.text.contains("name=\"CF_WSH\"") && form.text.contains("决定书文号"), "{}", form.text);
        let empty = clerk.form("/workbench/entry?item=penalty", &[("CF_WSH", " ")]).await;
        assert_eq!(empty.status, StatusCode::BAD_REQUEST);
        let pairs = [
            ("CF_XDR_MC", "云海岳泰机械制造有限公司"),
            ("CF_XDR_LB", "法人及非法人组织"),
            ("CF_XDR_SHXYM", KNOWN),
            ("CF_WSH", "示罚〔2026〕77号"),
            ("CF_WFXW", "未标注日期"),
            ("CF_SY", "事实"),
            ("CF_YJ", "依据"),
            ("CF_CFLB", "罚款"),
            ("CF_NR", "罚款五万元"),
            ("CF_NR_FK", "5"),
            ("CF_JDRQ", "2026-05-06"),
            ("CF_CFJG", "示范局"),
            ("CF_CFJGDM", crate::register::AUTHORITY),
            ("CF_SJLY", "示范局"),
            ("CF_SJLYDM", crate::register::AUTHORITY),
            ("secrecy_review", "审查员"),
        ];
        place(&clerk.form("/workbench/entry?item=penalty", &pairs).await)
    });
    assert_eq!(intake.work_off().unwrap(), 1);
    let counts = block(clerk.get(&entered.replace("/workbench/", "/api/v1/"))).json();
    assert_eq!((&counts["read"], &counts["accepted"]), (&1.into(), &1.into()), "{counts}");
    people.register.verify();
}

#[test]
fn two_people_withdraw_a_batch_by_the_pages() {
    let people = People::new();
    let (clerk, approver) = (browser(&people, Role::Clerk), browser(&people, Role::Approver));
    let batch = people.own_batch_of(Role::Clerk);
    block(async {
        let page = clerk.get(&format!("/workbench/batches/{batch}")).await;
        assert!(page.text.contains("提请撤回"), "{}", page.text);
        let asked = clerk.form(&format!("/workbench/batches/{batch}/withdrawal"), &[("reason", "整批报错")]).await;
        assert_eq!(place(&asked), "/workbench");
        assert!(clerk.get("/workbench").await.text.contains("由另一人复核"));
        let queue = approver.get("/workbench").await.text;
        let form = queue.split("action=\"/workbench/proposals/").nth(1).unwrap().split('"').next().unwrap().to_owned();
        let done =
            approver.form(&format!("/workbench/proposals/{form}"), &[("answer", "approve"), ("reason", "")]).await;
        assert_eq!(done.status, StatusCode::OK, "{}", done.text);
        assert!(clerk.get(&format!("/workbench/batches/{batch}")).await.text.contains("已撤回"));
        let foreign = clerk.get(&format!("/workbench/batches/{}", people.foreign_batch)).await;
        assert_eq!(foreign.status, StatusCode::FORBIDDEN);
    });
    people.register.verify();
}

#[test]
fn a_file_is_read_by_the_page_for_a_purpose_and_its_representative_sees_who_looked() {
    let people = People::new();
    let (window, own) = (browser(&people, Role::Window), browser(&people, Role::Organisation));
    block(async {
        assert_eq!(window.get("/workbench/file").await.status, StatusCode::OK);
        let without = window.form("/workbench/file", &[("uscc", KNOWN), ("purpose", "approval"), ("case", "")]).await;
        assert_eq!(without.status, StatusCode::BAD_REQUEST);
        assert!(without.text.contains("办件编号"));
        let read = [("uscc", KNOWN), ("purpose", "approval"), ("case", "办件-7")];
        let found = window.form("/workbench/file", &read).await;
        assert_eq!(found.status, StatusCode::OK, "{}", found.text);
        assert!(found.text.contains("示罚〔2026〕1号") && !found.text.contains("办件-7</td>"));
        let mine = own.form("/workbench/file", &[("uscc", KNOWN)]).await;
        assert_eq!(mine.status, StatusCode::OK, "{}", mine.text);
        assert!(mine.text.contains("办件-7</td>") && mine.text.contains("行政审批"), "{}", mine.text);
    });
}

#[test]
fn administrators_open_an_account_by_their_pages_each_with_half_of_the_invitation() {
    let people = People::new();
    let (system, security) = (browser(&people, Role::SystemAdmin), browser(&people, Role::SecurityAdmin));
    block(async {
        let pairs = [
            ("account", "page.clerk"),
            ("role", "clerk"),
            ("holder", "某报送员"),
            ("staff_number", "C-12"),
            ("unit", crate::register::AUTHORITY),
            ("reason", "新到岗"),
        ];
        let entered = system.form("/workbench/accounts", &pairs).await;
        assert_eq!(entered.status, StatusCode::OK, "{}", entered.text);
        let half = |text: &str, id: &str| {
            let rest = text.split(&format!("id=\"{id}\">")).nth(1).unwrap();
            rest.split('<').next().unwrap().to_owned()
        };
        let first = half(&entered.text, "first-half");
        let twice = system.form("/workbench/accounts", &pairs).await;
        assert_eq!(twice.status, StatusCode::BAD_REQUEST);
        assert_eq!(security.form("/workbench/accounts", &pairs).await.status, StatusCode::FORBIDDEN);
        let queue = security.get("/workbench").await.text;
        let form = queue.split("action=\"/workbench/proposals/").nth(1).unwrap().split('"').next().unwrap().to_owned();
        let granted = security.form(&format!("/workbench/proposals/{form}"), &[("answer", "approve")]).await;
        let second = half(&granted.text, "second-half");
        let pairs = [("first_half", first.as_str()), ("code", second.as_str()), ("password", "Xin-Baosongyuan-9")];
        let anyone = Browser { register: &people.register, token: String::new() };
        let taken = anyone.form("/invitation", &pairs).await;
        assert_eq!(taken.status, StatusCode::CREATED, "{}", taken.text);
        assert!(taken.text.contains("page.clerk"));
    });
    people.register.verify();
}
