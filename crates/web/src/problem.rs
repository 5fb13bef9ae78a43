//! Errors on the wire: problem+json (RFC 9457) for programs, the same as a page for people (`portal::error`).
//!
//! Three kinds: a refusal says which rule and what to do; missing and hidden are the same; a fault shows an identifier
//! only and its detail goes to the log.

use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use credence_app::{AppError, Clock};
use serde::Serialize;
use std::sync::atomic::{AtomicU32, Ordering};

static FAULTS: AtomicU32 = AtomicU32::new(0);

/// An error as it is answered.
#[derive(Clone, Debug)]
pub(crate) struct Problem {
    pub(crate) status: StatusCode,
    /// Stable code.
    pub(crate) code: &'static str,
    /// What is wrong and what to do, in Chinese.
    pub(crate) detail: String,
    /// The parameter that is wrong; empty for the whole.
    pub(crate) field: String,
    /// Identifier of a fault in the log.
    pub(crate) instance: Option<String>,
    /// Seconds after which to try again.
    pub(crate) retry_after: Option<u32>,
}

/// The members of problem+json.
#[derive(Serialize)]
struct Wire<'a> {
    title: &'static str,
    status: u16,
    code: &'static str,
    detail: &'a str,
    #[serde(skip_serializing_if = "str::is_empty")]
    field: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    instance: Option<&'a str>,
}

fn title(status: StatusCode) -> &'static str {
    match status.as_u16() {
        400 => "请求有误",
        401 => "未提供有效凭证",
        403 => "无权办理",
        404 => "没有找到",
        405 => "不支持的请求方法",
        409 => "现在不能这样做",
        410 => "已不再提供",
        413 => "文件过大",
        415 => "不支持的文件格式",
        422 => "请求不能照办",
        429 => "请求过于频繁",
        503 => "暂时不能应答",
        _ => "系统故障",
    }
}

impl Problem {
    /// A problem with its code and text.
    pub(crate) fn new(status: StatusCode, code: &'static str, detail: impl Into<String>) -> Self {
        Self { status, code, detail: detail.into(), field: String::new(), instance: None, retry_after: None }
    }

    /// The status in Chinese.
    pub(crate) fn title(&self) -> &'static str {
        title(self.status)
    }

    /// Missing, or not for this reader: the same words for both.
    pub(crate) fn not_found() -> Self {
        Self::new(StatusCode::NOT_FOUND, "not_found", "没有这一内容，或者它今天不公开。")
    }

    /// A fault of ours: an identifier for people, the detail for the log.
    pub(crate) fn fault(detail: &dyn std::fmt::Display) -> Self {
        let number = FAULTS.fetch_add(1, Ordering::Relaxed);
        let instance = format!("{:x}-{number:x}", Clock::system().now_micros());
        tracing::error!(fault = %instance, %detail, "request failed");
        let text = format!("系统故障，故障编号 {instance}。请稍后再试；反映问题时请提供此编号。");
        Self { instance: Some(instance), ..Self::new(StatusCode::INTERNAL_SERVER_ERROR, "fault", text) }
    }
}

impl From<AppError> for Problem {
    fn from(error: AppError) -> Self {
        let busy = |code| {
            tracing::warn!(code, %error, "cannot answer now");
            let later = Self::new(StatusCode::SERVICE_UNAVAILABLE, code, "登记库暂时不能应答，请稍后再试。");
            Self { retry_after: Some(5), ..later }
        };
        match &error {
            AppError::NotFound => Self::not_found(),
            AppError::Refused { code, field, detail } => {
                let status = match *code {
                    "unauthorised" | "sign_in_refused" => StatusCode::UNAUTHORIZED,
                    "forbidden"
                    | "key_scope"
                    | "foreign_origin"
                    | "four_eyes"
                    | "own_account"
                    | "decider_is_proposer"
                    | "hearing_by_proposer"
                    | "deciding_organ_wrong"
                    | "remover_is_proposer"
                    | "remedy_by_filer"
                    | "waiver_by_proposer"
                    | "measure_wrong_body"
                    | "measure_same_person"
                    | "repair_wrong_unit"
                    | "repair_same_person"
                    | "repair_revocation_by_proposer"
                    | "measure_only_informs"
                    | "officer_wrong_unit"
                    | "objection_wrong_unit"
                    | "objection_same_person"
                    | "objection_involved" => StatusCode::FORBIDDEN,
                    "rejects_gone" | "not_yet_in_log" | "log_not_signed" => StatusCode::NOT_FOUND,
                    "position_too_old" | "bulk_replaced" => StatusCode::GONE,
                    "bulk_not_ready" => StatusCode::SERVICE_UNAVAILABLE,
                    "position_ahead" => StatusCode::CONFLICT,
                    "listing_state_wrong"
                    | "listing_removed"
                    | "listing_base_used"
                    | "removal_without_repair"
                    | "removal_without_objection"
                    | "base_document_stands"
                    | "listing_ended"
                    | "notice_not_served"
                    | "answer_period_running"
                    | "statement_open"
                    | "hearing_open"
                    | "hearing_not_called"
                    | "today_is_moved"
                    | "not_subscribed"
                    | "sequence_gap"
                    | "sequence_reused"
                    | "account_taken"
                    | "account_state"
                    | "already_proposed"
                    | "edition_in_force"
                    | "edition_base_moved"
                    | "already_answered"
                    | "hand_over_needed"
                    | "incident_state"
                    | "administrators_apart"
                    | "second_factor_set"
                    | "too_many_webhooks"
                    | "mail_code_often"
                    | "webhook_state"
                    | "listing_case"
                    | "repair_case"
                    | "repair_running"
                    | "repair_done"
                    | "repair_state_wrong"
                    | "repair_plan_running"
                    | "repair_plan_wrong"
                    | "repair_no_shield"
                    | "repair_ended"
                    | "repair_too_early"
                    | "repair_before_term_end"
                    | "repair_barred_after_fault"
                    | "repair_no_early_end"
                    | "repair_extended_twice"
                    | "repair_missing_named_twice"
                    | "repair_revocation_missing"
                    | "repair_revocation_running"
                    | "measure_running"
                    | "measure_state_wrong"
                    | "measure_ended"
                    | "measure_suspended"
                    | "measure_not_ended"
                    | "measure_acknowledged"
                    | "measure_not_acknowledged"
                    | "measure_lifted"
                    | "officer_listing_missing"
                    | "officer_listing_ended"
                    | "officer_listing_stayed"
                    | "officer_case_running"
                    | "officer_state_wrong"
                    | "officer_ended"
                    | "officer_term_closed"
                    | "officer_term_in_use"
                    | "officer_term_withdrawn"
                    | "officer_nothing_to_hand_over"
                    | "officer_duty_done"
                    | "officer_duty_repeated"
                    | "officer_person_erased"
                    | "objection_state_wrong"
                    | "objection_closed"
                    | "objection_open"
                    | "objection_accepted"
                    | "objection_not_accepted"
                    | "objection_extended"
                    | "objection_extension_late"
                    | "objection_not_checked"
                    | "objection_not_others"
                    | "objection_not_referred"
                    | "objection_appeal_late"
                    | "objection_appeal_instead"
                    | "objection_reply_standing"
                    | "objection_record_not_correctable"
                    | "paper_waiting_too_many"
                    | "not_refused" => StatusCode::CONFLICT,
                    "read_only" | "webhook_key_gone" | "mail_unavailable" | "mail_not_sent" => {
                        StatusCode::SERVICE_UNAVAILABLE
                    }
                    "too_large" | "paper_too_large" => StatusCode::PAYLOAD_TOO_LARGE,
                    "unsupported_media_type" | "paper_type_unknown" => StatusCode::UNSUPPORTED_MEDIA_TYPE,
                    "idempotency_key_reused" | "digest_differs" | "webhook_not_proven" => {
                        StatusCode::UNPROCESSABLE_ENTITY
                    }
                    _ => StatusCode::BAD_REQUEST,
                };
                Self { field: field.clone(), ..Self::new(status, code, detail.clone()) }
            }
            AppError::Store(_) => match error.code() {
                code @ "changed_meanwhile" => {
                    tracing::info!(%error, "two met");
                    Self::new(StatusCode::CONFLICT, code, "他人已先办理，请刷新后再看".to_owned())
                }
                code @ ("secret_key_missing"
                | "secret_keys_gone"
                | "secret_keys_other"
                | "secret_keys_exposed"
                | "secret_keys_bad") => {
                    tracing::error!(code, %error, "keys are not at hand");
                    let text = "证件号码和动态码的密钥缺失或无法使用，暂时不能办理；请系统管理员核对密钥文件。";
                    Self::new(StatusCode::SERVICE_UNAVAILABLE, code, text)
                }
                code @ ("database_in_use" | "database_newer" | "disk_full") => busy(code),
                _ => Self::fault(&error),
            },
            _ => Self::fault(&error),
        }
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let wire = Wire {
            title: self.title(),
            status: self.status.as_u16(),
            code: self.code,
            detail: &self.detail,
            field: &self.field,
            instance: self.instance.as_deref(),
        };
        let body = serde_json::to_vec(&wire).unwrap_or_default();
        let kind = HeaderValue::from_static("application/problem+json");
        let mut response = (self.status, [(header::CONTENT_TYPE, kind)], body).into_response();
        if self.status == StatusCode::UNAUTHORIZED {
            response.headers_mut().insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
        }
        say_when_to_retry(&mut response, self.retry_after);
        response
    }
}

/// Sets `Retry-After`.
pub(crate) fn say_when_to_retry(response: &mut Response, seconds: Option<u32>) {
    if let Some(seconds) = seconds {
        response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(seconds));
    }
}
