//! The requirements, in the order of the founding document, then of the law that came after it.

mod access_journal;
mod account_kept;
mod act_header;
mod act_root;
mod areas_kept;
mod authority_known;
mod batch_counted;
mod batch_state;
mod case_head;
mod checkpoint;
mod commitment;
mod consent_given;
mod counters_agree;
mod deadline;
mod decision_served;
mod directory_kept;
mod ended_there_not_public;
mod erased;
mod evaluation_kept;
mod held_not_public;
mod identity;
mod key_hashed;
mod letter_kept;
mod letter_number;
mod list_item;
mod listing_anew;
mod listing_decided_apart;
mod listing_record;
mod listing_removed;
mod listing_served;
mod log;
mod log_key_kept;
mod mark_kept;
mod measure_cause;
mod measure_listed;
mod name_kept;
mod name_on_file;
mod natural_person;
mod notice_made;
mod number;
mod number_sealed;
mod objection_corrected;
mod objection_decided;
mod objection_marked;
mod officer_decided;
mod officer_linked;
mod officer_person;
mod officer_told;
mod package_number;
mod paper_handed;
mod paper_kept;
mod period;
mod personal_number;
mod proposal_kept;
mod published_fields;
mod record_kept;
mod repair_ends;
mod repair_found;
mod repair_lawful;
mod repair_revoked;
mod repair_shielded;
mod review_recorded;
mod rights_apart;
mod rulebook;
mod second_factor_sealed;
mod simple_procedure;
mod subject_code;
mod subject_kept;
mod unit_number;
mod version_kept;
mod webhook_told;
mod withheld;

use super::Tally;
use super::case::{Case, Reading};
use credence_store::connection::Connection;

/// How a requirement is checked.
#[derive(Clone, Copy)]
pub enum Check {
    /// Record by record.
    Record(fn(&Case<'_>, &mut Tally)),
    /// Over everything at once.
    Whole(fn(&mut Connection, &Reading, &mut Tally) -> credence_store::Result<()>),
    /// Record by record, then over the rest.
    Both(fn(&Case<'_>, &mut Tally), fn(&mut Connection, &Reading, &mut Tally) -> credence_store::Result<()>),
}

/// One requirement with its source in law.
#[derive(Clone, Copy)]
pub struct Requirement {
    /// Stable id.
    pub id: &'static str,
    /// Exact title or number of the text.
    pub source: &'static str,
    /// Article numeral.
    pub article: &'static str,
    /// What it demands.
    pub demand: &'static str,
    /// How it is checked.
    pub check: Check,
}

/// The founding document.
const FOUNDING: &str = "鲁信用办〔2019〕8号";
/// The provincial regulation.
const REGULATION: &str = "山东省社会信用条例";

/// Every requirement.
#[must_use]
pub fn all() -> Vec<Requirement> {
    vec![
        list_item::REQUIREMENT,
        record_kept::REQUIREMENT,
        subject_code::REQUIREMENT,
        identity::REQUIREMENT,
        authority_known::REQUIREMENT,
        areas_kept::REQUIREMENT,
        directory_kept::REQUIREMENT,
        consent_given::REQUIREMENT,
        name_on_file::REQUIREMENT,
        subject_kept::REQUIREMENT,
        name_kept::REQUIREMENT,
        deadline::REQUIREMENT,
        held_not_public::REQUIREMENT,
        batch_state::REQUIREMENT,
        batch_counted::REQUIREMENT,
        package_number::REQUIREMENT,
        published_fields::REQUIREMENT,
        period::REQUIREMENT,
        version_kept::REQUIREMENT,
        counters_agree::REQUIREMENT,
        evaluation_kept::REQUIREMENT,
        ended_there_not_public::REQUIREMENT,
        listing_served::REQUIREMENT,
        listing_anew::REQUIREMENT,
        officer_linked::REQUIREMENT,
        officer_decided::REQUIREMENT,
        officer_told::REQUIREMENT,
        listing_decided_apart::REQUIREMENT,
        listing_record::REQUIREMENT,
        listing_removed::REQUIREMENT,
        case_head::REQUIREMENT,
        letter_number::REQUIREMENT,
        letter_kept::REQUIREMENT,
        measure_listed::REQUIREMENT,
        measure_cause::REQUIREMENT,
        repair_lawful::REQUIREMENT,
        repair_found::REQUIREMENT,
        repair_revoked::REQUIREMENT,
        repair_shielded::REQUIREMENT,
        repair_ends::REQUIREMENT,
        objection_marked::REQUIREMENT,
        mark_kept::REQUIREMENT,
        objection_decided::REQUIREMENT,
        objection_corrected::REQUIREMENT,
        decision_served::REQUIREMENT,
        paper_kept::REQUIREMENT,
        paper_handed::REQUIREMENT,
        notice_made::REQUIREMENT,
        access_journal::REQUIREMENT,
        rulebook::REQUIREMENT,
        unit_number::REQUIREMENT,
        commitment::REQUIREMENT,
        act_root::REQUIREMENT,
        act_header::REQUIREMENT,
        number::REQUIREMENT,
        log::REQUIREMENT,
        checkpoint::REQUIREMENT,
        log_key_kept::REQUIREMENT,
        key_hashed::REQUIREMENT,
        webhook_told::REQUIREMENT,
        rights_apart::REQUIREMENT,
        account_kept::REQUIREMENT,
        proposal_kept::REQUIREMENT,
        second_factor_sealed::REQUIREMENT,
        simple_procedure::REQUIREMENT,
        review_recorded::REQUIREMENT,
        natural_person::REQUIREMENT,
        personal_number::REQUIREMENT,
        number_sealed::REQUIREMENT,
        officer_person::REQUIREMENT,
        withheld::REQUIREMENT,
        erased::REQUIREMENT,
    ]
}
