//! Rows on their own: judged, dated, digested and packed. Nothing here knows another row, so two threads take halves of a
//! block.

use super::asking::{Asking, taking_back};
use super::clocks::Clocks;
use super::rejects::{LACKING, is_returned};
use super::sealing::Sealing;
use super::seen::Mark;
use super::table::{Defect, RawRow};
use credence_domain::canonical::{Writer, write_string};
use credence_domain::catalog::{Disclosure, Field, Role};
use credence_domain::record::content::{Content, Frame};
use credence_domain::record::judgement::{Fact, Judgement, Note, Reject};
use credence_domain::record::review::{PERSONAL_NUMBER, personal_fields};
use credence_domain::record::text::original_cell;
use credence_domain::record::value::day_number;
use credence_domain::record::{Judge, Operation, content};
use credence_store::arrival::{self, Incoming};
use credence_store::body::{Packer, Parcel};
use credence_store::change::Registration;
use credence_store::secret::Owner;
use encoding_rs::Encoding;
use jiff::civil::Date;
use sha2::{Digest, Sha256};

/// What a spreadsheet shows in the place of a value that it could not compute.
const ERROR_VALUES: [&str; 8] = ["#N/A", "#REF!", "#VALUE!", "#DIV/0!", "#NAME?", "#NUM!", "#NULL!", "#GETTING_DATA"];

/// What the rows of one file have in common.
pub struct Reading<'r> {
    /// How rows are judged.
    pub judge: Judge<'r>,
    /// Encoding of the file.
    pub encoding: &'static Encoding,
    /// The header's cells, to tell a repeated header.
    pub header: Vec<String>,
    /// Day of receipt.
    pub received_on: Date,
    /// Why the whole batch must wait; empty when it need not.
    batch_hold: &'static str,
    /// The file is one of our rejects files, mended.
    returned: bool,
    /// It is a text: the apostrophes that made its cells harmless are taken away. Other forms bear none of ours.
    is_text: bool,
    /// Who sends.
    source: String,
    /// Field indices in ascending order of their codes.
    order: Vec<usize>,
    /// Indices of the fields whose values are sealed.
    secret: Vec<usize>,
    /// Whether contents are packed as they are judged, or only by who finds them new.
    pub packs_ahead: bool,
    /// What is asked to be done with each row's record.
    asking: Asking,
}

/// What became of a row.
pub enum Judged {
    /// A fact, and how to tell that another row repeats it.
    Fact(Box<Incoming>, Mark),
    /// The reasons why it is none.
    Rejected(Vec<Reject>),
}

/// What one thread needs for itself.
pub struct Desk<'r> {
    clocks: Clocks<'r>,
    packer: Packer,
    sealing: Sealing,
}

impl<'r> Desk<'r> {
    /// A desk with its clocks.
    ///
    /// # Errors
    /// When the packer cannot be set up.
    pub fn new(clocks: Clocks<'r>, sealing: Sealing) -> credence_store::Result<Self> {
        Ok(Self { clocks, packer: Packer::new()?, sealing })
    }

    /// Judges one row.
    ///
    /// # Errors
    /// When packing fails.
    pub fn judge(&mut self, reading: &Reading<'r>, row: &RawRow) -> credence_store::Result<Judged> {
        if let Some(reject) = reading.unreadable(row) {
            return Ok(Judged::Rejected(vec![reject]));
        }
        let faults = reading.faults(row);
        if !faults.is_empty() {
            return Ok(Judged::Rejected(faults));
        }
        let cells: Vec<&str> = if reading.returned && reading.is_text {
            row.cells().map(original_cell).collect()
        } else {
            row.cells().collect()
        };
        let instruction = match reading.asking.of(&cells) {
            Ok(instruction) => instruction,
            Err(reject) => return Ok(Judged::Rejected(vec![reject])),
        };
        if let Some(instruction) = instruction.as_ref().filter(|asked| asked.operation == Operation::Withdraw) {
            return Ok(match reading.judge.key(&cells) {
                Ok(key) => taking_back(key, row.line, instruction.clone()),
                Err(rejects) => Judged::Rejected(rejects),
            });
        }
        match reading.judge.judge(&cells) {
            Judgement::Rejected(rejects) => Ok(Judged::Rejected(rejects)),
            Judgement::Accepted(fact) => {
                let (mut incoming, mut mark) = self.incoming(reading, row.line, &fact)?;
                // The same content under another operation repeats nothing: it contradicts.
                mark.content ^= instruction.as_ref().map_or(0, |asked| asked.operation as u32 + 1);
                incoming.instruction = instruction.map(Box::new);
                Ok(Judged::Fact(Box::new(incoming), mark))
            }
        }
    }

    fn incoming(
        &mut self,
        reading: &Reading<'r>,
        line: u32,
        fact: &Fact<'_>,
    ) -> credence_store::Result<(Incoming, Mark)> {
        let version = reading.judge.version();
        let disclosed = version.disclosure == Disclosure::Public;
        let identity = fact.identity.to_string();
        let fields = reading.order.iter().filter_map(|at| {
            let (field, value) = (version.fields.get(*at)?, fact.values.get(*at)?);
            (!is_provenance(field)).then_some((field.code.as_str(), &**value, disclosed && field.public))
        });
        let frame = Frame { item: &reading.judge.item().code, uscc: fact.uscc.as_str(), identity: &identity };
        let Content { public, other } = content::Content::build(frame, fields);
        let public_digest: [u8; 32] = Sha256::digest(public.as_bytes()).into();
        let hold = if fact.hold.is_empty() { reading.batch_hold } else { fact.hold };
        let other_digest = arrival::new_digest(&other, hold, &reading.source);
        let notes = notes(&reading.judge, fact);
        let secret = || reading.secret.iter().filter(|at| fact.values.get(**at).is_some_and(|value| !value.is_empty()));
        let sealed = match secret().next() {
            None => None,
            Some(_) => {
                let fields = secret().filter_map(|at| version.fields.get(*at)).map(|field| field.code.as_str());
                let owner = Owner { item: frame.item, uscc: frame.uscc, identity: &fact.identity };
                Some(self.sealing.seal(owner, &other, &fields.collect::<Vec<_>>())?)
            }
        };
        let body = if let Some((kept, _)) = &sealed {
            Parcel::Packed(self.packer.pack(&public, kept, &notes)?)
        } else if reading.packs_ahead {
            Parcel::Packed(self.packer.pack(&public, &other, &notes)?)
        } else {
            Parcel::Loose { public: public.into(), notes: notes.into() }
        };
        let dates = self.clocks.decide(fact.authority.as_str(), fact.decided_on, reading.received_on, |role| {
            reading.judge.value(&fact.values, role)
        });
        let value = |role| reading.judge.value(&fact.values, role);
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
        let decided_on = fact.decided_on.unwrap_or(reading.received_on);
        let authority_area = self.clocks.authority_area(fact.authority.as_str(), &reading.source, decided_on);
        let incoming = Incoming {
            line,
            uscc: fact.uscc,
            identity: fact.identity,
            name: (&*fact.name).into(),
            authority: fact.authority,
            authority_area,
            decided_on: day_number(decided_on),
            hold,
            dates,
            public_digest,
            other_digest: Some(other_digest),
            other_content: other.into(),
            body,
            registration,
            aliases,
            replaces: value(Role::Replaces).into(),
            secrets: sealed.and_then(|(_, secrets)| secrets).map(Box::new),
            redacted: (fact.hold == PERSONAL_NUMBER).then(|| Box::new(reading.redacted(frame, fact))),
            revoked: reading.judge.says_revoked(&fact.values),
            instruction: None,
        };
        Ok((incoming, mark))
    }
}

impl<'r> Reading<'r> {
    /// How the rows of a file are read.
    #[must_use]
    pub fn new(
        judge: Judge<'r>,
        encoding: &'static Encoding,
        header: Vec<String>,
        received_on: Date,
        (batch_hold, asking): (&'static str, Asking),
    ) -> Self {
        let fields = &judge.version().fields;
        let mut order: Vec<usize> = (0..fields.len()).collect();
        order.sort_by(|a, b| fields.get(*a).map(|f| &f.code).cmp(&fields.get(*b).map(|f| &f.code)));
        let secret = judge.version().secret_fields().map(|(at, _)| at).collect();
        let (source, returned) = (judge.sender().to_string(), is_returned(&header));
        let (packs_ahead, is_text) = (true, false);
        Self {
            judge,
            encoding,
            header,
            received_on,
            batch_hold,
            returned,
            is_text,
            source,
            order,
            secret,
            packs_ahead,
            asking,
        }
    }

    /// The same of a delimited text.
    #[must_use]
    pub fn of_text(self, is_text: bool) -> Self {
        Self { is_text, ..self }
    }

    fn unreadable(&self, row: &RawRow) -> Option<Reject> {
        let reject = |code, detail| Some(Reject { code, field: String::new(), detail });
        match row.defect {
            Some(Defect::Encoding(offset)) => reject("bad_encoding", format!("文件第{offset}字节处")),
            Some(Defect::OtherEncoding(offset)) => {
                let name = self.encoding.name().to_uppercase();
                reject("bad_encoding", format!("文件第{offset}字节处起本行是UTF-8，而文件是{name}"))
            }
            Some(Defect::TooLong) => reject("row_too_long", String::new()),
            Some(Defect::Quote) => reject("unbalanced_quote", String::new()),
            Some(Defect::NoObject) => reject("json_invalid", String::new()),
            None if row.len() < self.header.len()
                || row.cells().skip(self.header.len()).any(|cell| !cell.trim().is_empty()) =>
            {
                reject("column_count", format!("表头{}列，本行{}列", self.header.len(), row.len()))
            }
            None if self.returned && row.cells().any(|cell| cell.trim() == LACKING) => {
                reject("column_count", format!("本行有标着“{LACKING}”的格尚未补齐"))
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
        let told = found.map(|(f, field)| Reject { code: f.code, field: field.code.clone(), detail: f.detail.clone() });
        told.chain(self.error_values(row)).collect()
    }

    /// Error values that a spreadsheet left as texts.
    fn error_values(&self, row: &RawRow) -> Vec<Reject> {
        if memchr::memchr(b'#', row.all_cells().as_bytes()).is_none() {
            return Vec::new();
        }
        let found = self.judge.version().fields.iter().enumerate().filter_map(|(at, field)| {
            let column = self.judge.column_of(at)?;
            let (cell, told) = (row.cell(column).trim(), row.faults.iter().any(|fault| fault.column == column));
            let wrong = !told && ERROR_VALUES.contains(&cell);
            wrong.then(|| Reject { code: "cell_error", field: field.code.clone(), detail: cell.to_owned() })
        });
        found.collect()
    }

    /// What a row would be, had a reviewer taken its personal numbers out of what is public (`crate::review::redact`).
    fn redacted(&self, frame: Frame<'_>, fact: &Fact<'_>) -> (Box<str>, Box<str>) {
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
        (public.into(), other.into())
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
