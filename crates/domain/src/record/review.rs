//! What a person must look at before a record becomes public, and what remains when one thing was looked at.
//!
//! Serves 行政处罚法 art. 五十一 with 山东省社会信用条例 art. 十三 (simple procedure stays out), and arts. 二十 and 四十二
//! (no natural person's number is ever shown). A judge asks it for every row, a reviewer for one record.

use super::personal;
use super::value::decimal;
use crate::catalog::{Disclosure, Field, FieldType, Role, Version};

/// The penalty may have been imposed by simple procedure, and nothing says which procedure it was.
pub const MAYBE_SIMPLE_PROCEDURE: &str = "maybe_simple_procedure";
/// A public field carries an identity or telephone number.
pub const PERSONAL_NUMBER: &str = "personal_number";

/// Begin of the names of the code lists that say whether an act stands.
pub const ACT_STATE: &str = "act_state";
/// Their group of what stands no longer.
pub const REVOKED: &str = "revoked";

/// Fines up to this, in millionths of 10,000 yuan, may be imposed on the spot: 3,000 yuan.
const ON_THE_SPOT_MAX: i64 = 300_000;

/// Only a warning, or a fine up to 3,000 yuan and nothing else, while nothing says which procedure.
#[must_use]
pub fn may_be_simple_procedure(kinds: &str, fine: &str, procedure: &str) -> bool {
    let fine = decimal(fine);
    let small = |fine: i64| fine <= ON_THE_SPOT_MAX;
    procedure.is_empty()
        && match only_kind(kinds) {
            Some("警告") => fine.is_none_or(small),
            Some("罚款") => fine.is_some_and(small),
            _ => false,
        }
}

/// Whether a text says that the procedure was the simple one (行政处罚法 art. 五十一). Spaces and marks that nobody sees may stand between the signs of a word.
#[must_use]
pub fn says_simple_procedure(text: &str) -> bool {
    if !text.contains(['简', '簡', '当', '當']) {
        return false;
    }
    let is_seen = |c: &char| !c.is_whitespace() && !personal::is_invisible(*c);
    let text: String = text.chars().filter(is_seen).collect();
    let denied = |at: usize| {
        let before = text.get(..at).unwrap_or_default();
        before.ends_with('非') || before.ends_with("不适用") || before.ends_with("未适用")
    };
    ["简易", "簡易", "当场", "當場"].iter().any(|word| text.match_indices(word).any(|(at, _)| !denied(at)))
}

/// The kind of a penalty of one kind, however often it is named.
fn only_kind(kinds: &str) -> Option<&str> {
    let mut named = kinds.split([';', '；', '、', ',', '，']).map(str::trim).filter(|kind| !kind.is_empty());
    let first = named.next()?;
    named.all(|kind| kind == first).then_some(first)
}

/// Codes of public fields that carry an identity or telephone number, whole or split over two of them. `value` gives what would become
/// public. In a number of a registration only a whole identity number counts: the old tax number of a one-person business may be its
/// owner's.
pub fn personal_fields<'v>(version: &Version, value: impl Fn(&str) -> &'v str) -> Vec<String> {
    if version.disclosure != Disclosure::Public {
        return Vec::new();
    }
    let texts = version.fields.iter().filter(|field| field.public && field.kind == FieldType::Text);
    let texts: Vec<(&Field, &str)> =
        texts.map(|field| (field, value(&field.code))).filter(|(_, text)| !text.is_empty()).collect();
    let written: Vec<Written<'_>> = texts.iter().map(|(field, text)| Written::of(field, text)).collect();
    let is_found = |at: usize| written.get(at).is_some_and(|one| one.carries(&written, at));
    let found = texts.iter().enumerate().filter(|(at, _)| is_found(*at));
    found.map(|(_, (field, _))| field.code.clone()).collect()
}

/// A text that would become public.
#[derive(Clone, Copy, Debug)]
pub(super) struct Written<'t> {
    text: &'t str,
    /// A number of a registration is a run of digits by nature.
    is_of_registration: bool,
}

impl<'t> Written<'t> {
    pub(super) fn of(field: &Field, text: &'t str) -> Self {
        Self { text, is_of_registration: field.is_number_of_registration() }
    }

    /// Whether it carries a number, whole or with one of the others.
    pub(super) fn carries(&self, all: &[Self], at: usize) -> bool {
        if self.is_of_registration {
            return personal::carries_whole_identity_number(self.text);
        }
        if personal::carries_personal_number(self.text) {
            return true;
        }
        let (ends, begins) = (personal::ends_in_a_digit(self.text), personal::begins_with_a_digit(self.text));
        (ends || begins)
            && all.iter().enumerate().any(|(place, other)| {
                let (before, after) = if place < at { (other.text, self.text) } else { (self.text, other.text) };
                place != at && !other.is_of_registration && personal::split_identity_number(before, after)
            })
    }
}

/// Why a record must still wait. `value` gives any field of it, `public` what would become public; `looked_at` is the hold
/// that a person has just dealt with.
pub fn remaining_hold<'v>(
    version: &Version,
    value: impl Fn(&str) -> &'v str,
    public: impl Fn(&str) -> &'v str,
    looked_at: &str,
) -> &'static str {
    let of = |role| version.field_of(role).map_or("", |(_, field)| value(&field.code));
    // A record that waits for its number was past the question of its procedure.
    let procedure_known =
        matches!(looked_at, MAYBE_SIMPLE_PROCEDURE | PERSONAL_NUMBER) || version.field_of(Role::PenaltyKinds).is_none();
    if !procedure_known && may_be_simple_procedure(of(Role::PenaltyKinds), of(Role::FineAmount), of(Role::Procedure)) {
        return MAYBE_SIMPLE_PROCEDURE;
    }
    if personal_fields(version, public).is_empty() { "" } else { PERSONAL_NUMBER }
}

/// A reason that states that the ordinary procedure was applied. In the part of a sentence that names it nothing may be denied: whoever
/// means it can say so without a negation.
#[must_use]
pub fn states_ordinary_procedure(reason: &str) -> bool {
    let parts = reason.split(['，', ',', '。', '；', ';', '、', '\n']);
    let naming = parts.filter(|part| ["普通程序", "一般程序"].iter().any(|word| part.contains(word)));
    let denies = |part: &str| ['未', '不', '没', '非', '无', '否', '别', '勿'].iter().any(|no| part.contains(*no));
    let mut named = naming.peekable();
    named.peek().is_some() && !named.any(denies)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_ordinary_procedure_is_stated_without_a_negation() {
        for said in ["经核实适用普通程序", "未见异常，适用普通程序", "本案为一般程序。"] {
            assert!(states_ordinary_procedure(said), "{said}");
        }
        for said in [
            "没有适用普通程序",
            "未经普通程序",
            "不是普通程序",
            "并未依普通程序办理",
            "非普通程序",
            "已核对",
            "适用普通程序，实为不适用普通程序",
        ] {
            assert!(!states_ordinary_procedure(said), "{said}");
        }
    }

    #[test]
    fn the_simple_procedure_is_named_whatever_stands_between_its_signs() {
        for said in ["适用简易程序", "简 易 程 序", "当\u{200b}场处罚", "簡易程序", "非简易，后当场"]
        {
            assert!(says_simple_procedure(said), "{said}");
        }
        for said in ["", "非简易程序", "不适用 简易程序", "普通程序", "简单", "当事人到场"] {
            assert!(!says_simple_procedure(said), "{said}");
        }
    }

    #[test]
    fn only_a_small_fine_or_a_warning_alone_may_be_simple_procedure() {
        for (kinds, fine, procedure, may) in [
            ("罚款", "0.3", "", true),
            ("罚款", "0.300001", "", false),
            ("警告", "", "", true),
            ("警告;罚款", "0.1", "", false),
            ("罚款;罚款", "0.1", "", true),
            ("警告；警告;", "", "", true),
            ("罚款", "0.1", "普通程序", false),
        ] {
            assert_eq!(may_be_simple_procedure(kinds, fine, procedure), may, "{kinds} {fine} {procedure}");
        }
    }

    #[test]
    fn a_reason_must_state_the_ordinary_procedure() {
        assert!(states_ordinary_procedure("经核对案卷，本案适用普通程序"));
        assert!(!states_ordinary_procedure("本案未适用普通程序"));
        assert!(!states_ordinary_procedure("没有问题"));
    }
}
