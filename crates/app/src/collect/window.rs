//! A window of a file: as many rows as fit a bound in bytes, judged, dated, packed and sorted by (code, identity).
//!
//! Rows and not bytes would not bound memory. Sorting is worth more than half of the speed of writing.

use super::clocks::Clocks;
use super::rejects::is_returned;
use super::seen::{Mark, Perhaps, Seen};
use super::source::Rows;
use super::table::{Defect, RawRow};
use credence_domain::canonical::{Writer, write_string};
use credence_domain::catalog::codes::Codes;
use credence_domain::catalog::{Disclosure, Field, Role};
use credence_domain::record::content::{Content, Frame};
use credence_domain::record::judgement::{Fact, Judgement, Note, Reject};
use credence_domain::record::review::{PERSONAL_NUMBER, personal_fields};
use credence_domain::record::text::original_cell;
use credence_domain::record::value::{day_number, push_date};
use credence_domain::record::{Judge, content};
use credence_store::arrival::{self, Incoming};
use credence_store::batch::{Counts, Rejected};
use credence_store::body::{Packer, Parcel};
use credence_store::change::Registration;
use encoding_rs::Encoding;
use jiff::civil::Date;
use sha2::{Digest, Sha256};

/// Bytes of text in a window.
pub const WINDOW_BYTES: usize = 32 << 20;

/// One window, ready to be written.
#[derive(Debug, Default)]
pub struct Window {
    /// Facts in order of (code, identity), none twice; those that replace a record stand behind the others.
    pub facts: Vec<Incoming>,
    /// Rows that are none, or that repeat a row with other content.
    pub rejected: Vec<Rejected>,
    /// What is already decided: rows read, rejected, unchanged because they repeat a row.
    pub counts: Counts,
    /// Bytes of the file read so far.
    pub bytes: u64,
}

/// Makes windows of a file.
pub struct Windows<'r> {
    /// The rows.
    pub rows: Rows,
    /// How rows are judged.
    pub judge: Judge<'r>,
    /// How they are dated.
    pub clocks: Clocks<'r>,
    /// Texts of the codes.
    pub codes: &'r Codes,
    /// Encoding of the file.
    pub encoding: &'static Encoding,
    /// The header's cells, to tell a repeated header.
    pub header: Vec<String>,
    /// The file is one of our rejects files, mended: the apostrophes that made its cells harmless are taken away.
    returned: bool,
    /// Day of receipt.
    pub received_on: Date,
    /// Why the whole batch must wait; empty when it need not.
    pub batch_hold: &'static str,
    /// Who sends.
    source: String,
    /// Field indices in ascending order of their codes.
    order: Vec<usize>,
    seen: Seen,
    perhaps: Perhaps,
    /// Rows of the window under way that may repeat an earlier one, by line.
    kept: Vec<(u32, Vec<u8>)>,
    packer: Packer,
    packs_ahead: bool,
    ended: bool,
    bytes: u64,
}

impl<'r> Windows<'r> {
    /// Begins at the first row.
    ///
    /// # Errors
    /// When the packer cannot be set up.
    #[allow(clippy::too_many_arguments, reason = "one place builds it, each part is named there")]
    pub fn new(
        rows: Rows,
        judge: Judge<'r>,
        clocks: Clocks<'r>,
        codes: &'r Codes,
        encoding: &'static Encoding,
        header: Vec<String>,
        received_on: Date,
        batch_hold: &'static str,
    ) -> credence_store::Result<Self> {
        let source = judge.sender().to_string();
        let fields = &judge.version().fields;
        let mut order: Vec<usize> = (0..fields.len()).collect();
        order.sort_by(|a, b| fields.get(*a).map(|f| &f.code).cmp(&fields.get(*b).map(|f| &f.code)));
        let returned = is_returned(&header);
        Ok(Self {
            rows,
            judge,
            clocks,
            codes,
            encoding,
            header,
            returned,
            received_on,
            batch_hold,
            source,
            order,
            seen: Seen::default(),
            perhaps: Perhaps::default(),
            kept: Vec::new(),
            packer: Packer::new()?,
            packs_ahead: true,
            ended: false,
            bytes: 0,
        })
    }

    /// Whether the next window's contents are packed as they are judged, or only by who finds them new.
    pub fn pack_ahead(&mut self, ahead: bool) {
        self.packs_ahead = ahead;
    }

    /// The next window; `None` at the end.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn next_window(&mut self) -> crate::Result<Option<Window>> {
        if self.ended {
            return Ok(None);
        }
        let mut window = Window::default();
        let mut marks = Vec::new();
        let mut taken = 0;
        while taken < WINDOW_BYTES {
            let Some(row) = self.rows.next_row()? else {
                self.ended = true;
                break;
            };
            taken += row.text.len() + 1;
            window.counts.read += 1;
            self.take_row(&row, &mut window, &mut marks)?;
        }
        self.bytes += taken as u64;
        window.bytes = self.bytes;
        if window.counts.read == 0 {
            return Ok(None);
        }
        self.drop_repeated(&mut window, &marks)?;
        // Keys are compared many times and facts are large: the keys are sorted, then the facts are moved once.
        window.facts.sort_by_cached_key(|a| (!a.replaces.is_empty(), a.uscc, a.identity));
        Ok(Some(window))
    }

    fn take_row(&mut self, row: &RawRow, window: &mut Window, marks: &mut Vec<Mark>) -> crate::Result<()> {
        let faults = self.faults(row);
        let rejects = match self.unreadable(row) {
            Some(reject) => vec![reject],
            None if !faults.is_empty() => faults,
            None => {
                let cells: Vec<&str> =
                    if self.returned { row.cells().map(original_cell).collect() } else { row.cells().collect() };
                match self.judge.judge(&cells) {
                    Judgement::Rejected(rejects) => rejects,
                    Judgement::Accepted(fact) => {
                        let (incoming, mark) = self.incoming(row.line, &fact)?;
                        // What may repeat an earlier row is kept as it stands until it is known.
                        if self.perhaps.insert(mark.identity) {
                            self.kept.push((row.line, self.rows.original_bytes(row, self.encoding)));
                        }
                        window.facts.push(incoming);
                        marks.push(mark);
                        return Ok(());
                    }
                }
            }
        };
        window.counts.rejected += 1;
        window.rejected.push(self.rejected(row, &rejects));
        Ok(())
    }

    fn unreadable(&self, row: &RawRow) -> Option<Reject> {
        let reject = |code, detail| Some(Reject { code, field: String::new(), detail });
        match row.defect {
            Some(Defect::Encoding(offset)) => reject("bad_encoding", format!("文件第{offset}字节处")),
            Some(Defect::OtherEncoding) => {
                reject("bad_encoding", format!("本行是UTF-8，而文件是{}", self.encoding.name().to_uppercase()))
            }
            Some(Defect::TooLong) => reject("row_too_long", String::new()),
            Some(Defect::Quote) => reject("unbalanced_quote", String::new()),
            Some(Defect::NoObject) => reject("json_invalid", String::new()),
            None if row.len() < self.header.len()
                || row.cells().skip(self.header.len()).any(|cell| !cell.trim().is_empty()) =>
            {
                reject("column_count", format!("表头{}列，本行{}列", self.header.len(), row.len()))
            }
            None if row.cells().take(self.header.len()).map(str::trim).eq(self.header.iter().map(String::as_str)) => {
                reject("header_repeated", String::new())
            }
            None => None,
        }
    }

    /// Cells whose form is wrong: a fault in a column that is not used is none.
    fn faults(&self, row: &RawRow) -> Vec<Reject> {
        let fields = &self.judge.version().fields;
        let of = |column| (0..fields.len()).find(|at| self.judge.column_of(*at) == Some(column));
        let found = row.faults.iter().filter_map(|fault| Some((fault, fields.get(of(fault.column)?)?)));
        found.map(|(f, field)| Reject { code: f.code, field: field.code.clone(), detail: f.detail.clone() }).collect()
    }

    /// The sender's own header for a field code, so that he finds the column.
    fn header_of(&self, field: &str) -> String {
        let fields = &self.judge.version().fields;
        let at = fields.iter().position(|f| f.code == field);
        let column = at.and_then(|at| self.judge.column_of(at));
        column.and_then(|c| self.header.get(c)).map_or_else(|| field.to_owned(), Clone::clone)
    }

    fn rejected(&mut self, row: &RawRow, rejects: &[Reject]) -> Rejected {
        let reasons: Vec<String> = rejects
            .iter()
            .map(|reject| {
                let text = self.codes.reject_text(reject.code);
                if reject.detail.is_empty() { text.to_owned() } else { format!("{text}（{}）", reject.detail) }
            })
            .collect();
        let first = rejects.first();
        Rejected {
            line: row.line,
            field: first
                .map(|reject| reject.field.as_str())
                .filter(|f| !f.is_empty())
                .map_or_else(String::new, |f| self.header_of(f)),
            code: first.map_or("", |reject| reject.code).to_owned(),
            reason: reasons.join("；"),
            raw: self.rows.original_bytes(row, self.encoding),
        }
    }

    fn incoming(&mut self, line: u32, fact: &Fact<'_>) -> crate::Result<(Incoming, Mark)> {
        let version = self.judge.version();
        let disclosed = version.disclosure == Disclosure::Public;
        let identity = fact.identity.to_string();
        let fields = self.order.iter().filter_map(|at| {
            let (field, value) = (version.fields.get(*at)?, fact.values.get(*at)?);
            (!is_provenance(field)).then_some((field.code.as_str(), &**value, disclosed && field.public))
        });
        let frame = Frame { item: &self.judge.item().code, uscc: fact.uscc.as_str(), identity: &identity };
        let Content { public, other } = content::Content::build(frame, fields);
        let public_digest: [u8; 32] = Sha256::digest(public.as_bytes()).into();
        let hold = if fact.hold.is_empty() { self.batch_hold } else { fact.hold };
        let other_digest = arrival::new_digest(&other, hold, &self.source);
        let notes = notes(&self.judge, fact);
        let body = if self.packs_ahead {
            Parcel::Packed(self.packer.pack(&public, &other, &notes)?)
        } else {
            Parcel::Loose { public: public.into(), notes: notes.into() }
        };
        let dates = self.clocks.decide(fact.authority.as_str(), fact.decided_on, self.received_on, |role| {
            self.judge.value(&fact.values, role)
        });
        let value = |role| self.judge.value(&fact.values, role);
        let mut aliases = Vec::new();
        for (kind, role) in
            [("registration_number", Role::OldRegistrationNumber), ("organisation_code", Role::OrganisationCode)]
        {
            let alias = value(role);
            if !alias.is_empty() && alias.replace('-', "") != fact.uscc.organisation_code() {
                aliases.push((kind, alias.into()));
            }
        }
        let registration = (version.act_kind == "registration").then(|| {
            Box::new(Registration {
                status: value(Role::Status).to_owned(),
                area: value(Role::Area).to_owned(),
                kind: value(Role::OrganisationType).to_owned(),
                established_on: credence_domain::record::value::date(value(Role::EstablishedOn)).map(day_number),
            })
        });
        // What waits is told from the content alone, so equal contents have equal digests of both halves.
        let content = first_u32(&public_digest) ^ first_u32(&other_digest);
        let mark = Mark { identity: first_u64(&fact.identity.0), line, content };
        let incoming = Incoming {
            line,
            uscc: fact.uscc,
            identity: fact.identity,
            name: (&*fact.name).into(),
            authority: fact.authority,
            decided_on: day_number(fact.decided_on.unwrap_or(self.received_on)),
            hold,
            dates,
            public_digest,
            other_digest: Some(other_digest),
            other_content: other.into(),
            body,
            registration,
            aliases,
            replaces: value(Role::Replaces).into(),
            redacted: (fact.hold == PERSONAL_NUMBER).then(|| Box::new(self.redacted(frame, fact))),
        };
        Ok((incoming, mark))
    }

    /// What a row would be, had a reviewer taken its personal numbers out of what is public (`crate::review::redact`).
    fn redacted(&self, frame: Frame<'_>, fact: &Fact<'_>) -> ([u8; 32], Box<str>) {
        let version = self.judge.version();
        let at = |code: &str| version.fields.iter().position(|field| field.code == code);
        let value = |code: &str| at(code).and_then(|at| fact.values.get(at)).map_or("", |value| &**value);
        let taken = personal_fields(version, value);
        let fields = self.order.iter().filter_map(|at| {
            let field = version.fields.get(*at)?;
            let public = field.public && !taken.contains(&field.code);
            (!is_provenance(field)).then(|| (field.code.as_str(), value(&field.code), public))
        });
        let Content { public, other } = content::Content::build(frame, fields);
        (Sha256::digest(public.as_bytes()).into(), other.into())
    }

    fn drop_repeated(&mut self, window: &mut Window, marks: &[Mark]) -> std::io::Result<()> {
        let may_repeat = |line: u32| self.kept.binary_search_by_key(&line, |(kept, _)| *kept).is_ok();
        let mut repeats = self.seen.take(marks, may_repeat)?.into_iter();
        let mut kept = Vec::with_capacity(window.facts.len());
        for fact in window.facts.drain(..) {
            match repeats.next().flatten() {
                None => kept.push(fact),
                Some(repeats) if repeats.equal => window.counts.unchanged += 1,
                Some(repeats) => {
                    window.counts.rejected += 1;
                    let text = self.codes.reject_text("duplicate_in_file");
                    window.rejected.push(Rejected {
                        line: fact.line,
                        field: String::new(),
                        code: "duplicate_in_file".to_owned(),
                        reason: format!("{text}（第{}行与第{}行）", repeats.first_line, fact.line),
                        raw: self
                            .kept
                            .iter()
                            .find(|(line, _)| *line == fact.line)
                            .map_or_else(Vec::new, |k| k.1.clone()),
                    });
                }
            }
        }
        self.kept.clear();
        window.facts = kept;
        Ok(())
    }
}

fn first_u64(bytes: &[u8]) -> u64 {
    bytes.iter().take(8).fold(0, |value, byte| value << 8 | u64::from(*byte))
}

fn first_u32(bytes: &[u8]) -> u32 {
    bytes.iter().take(4).fold(0, |value, byte| value << 8 | u32::from(*byte))
}

/// Columns that say who sent the row or what it replaces: part of no content.
fn is_provenance(field: &Field) -> bool {
    matches!(field.role, Some(Role::SourceName | Role::SourceUscc | Role::Replaces))
}

/// Provenance and notes as JSON: kept beside the content, part of no commitment.
fn notes(judge: &Judge<'_>, fact: &Fact<'_>) -> String {
    let fields = judge.version().fields.iter().zip(&fact.values);
    let provenance = fields.filter(|(field, value)| is_provenance(field) && !value.is_empty());
    let mut out = String::new();
    let mut separator = '{';
    if !fact.notes.is_empty() {
        out.push_str("{\"notes\":");
        separator = '[';
        for note in &fact.notes {
            out.push(separator);
            push_note(&mut out, note);
            separator = ',';
        }
        out.push(']');
    }
    let mut first = true;
    for (field, value) in provenance {
        if first {
            out.push(separator);
            out.push_str("\"provenance\":{");
        } else {
            out.push(',');
        }
        first = false;
        write_string(&mut out, &field.code);
        out.push(':');
        write_string(&mut out, value);
    }
    if !first {
        out.push('}');
    }
    if !out.is_empty() {
        out.push('}');
    }
    out
}

fn push_note(out: &mut String, note: &Note) {
    let mut object = Writer::object(out);
    object.text("code", note.code);
    object.text("field", &note.field);
    if !note.original.is_empty() {
        object.text("original", &note.original);
    }
    object.end();
}

/// A date as content holds it.
#[must_use]
pub fn iso(date: Date) -> String {
    let mut out = String::with_capacity(10);
    push_date(&mut out, date);
    out
}
