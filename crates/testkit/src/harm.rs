//! Harm done to a copy of a register on PostgreSQL for a drill: one byte of one place is another, and is put back. On SQLite the
//! file itself is harmed.
//!
//! The places are those of which `verify` says that it names whatever is changed there: facts, acts, steps, the log.

use crate::province::Chance;
use postgres::{Client, Error, NoTls, Row};

/// A column that holds what a proof covers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Spot {
    /// Its table.
    pub table: &'static str,
    /// Its name.
    pub column: &'static str,
    kind: Kind,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Bytes,
    Text,
    Number,
}

const fn spot(kind: Kind, table: &'static str, column: &'static str) -> Spot {
    Spot { table, column, kind }
}

/// Every kind of place.
pub const SPOTS: [Spot; 22] = [
    spot(Kind::Bytes, "record", "commitment"),
    spot(Kind::Bytes, "record", "salt"),
    spot(Kind::Bytes, "record", "salt2"),
    spot(Kind::Text, "record", "source"),
    spot(Kind::Number, "record", "through_on"),
    spot(Kind::Bytes, "record_content", "body"),
    spot(Kind::Bytes, "record_version", "commitment"),
    spot(Kind::Bytes, "record_source", "commitment"),
    spot(Kind::Text, "act", "header"),
    spot(Kind::Bytes, "act", "root"),
    spot(Kind::Bytes, "act", "salt"),
    spot(Kind::Bytes, "chunk", "commitments"),
    spot(Kind::Bytes, "log_leaf", "root"),
    spot(Kind::Bytes, "log_leaf", "act"),
    spot(Kind::Bytes, "log_tile", "hashes"),
    spot(Kind::Bytes, "log_tile", "inner_roots"),
    spot(Kind::Text, "log_checkpoint", "note"),
    spot(Kind::Text, "listing_step", "body"),
    spot(Kind::Text, "measure_step", "body"),
    spot(Kind::Text, "repair_step", "body"),
    spot(Kind::Text, "objection_step", "body"),
    spot(Kind::Text, "officer_step", "body"),
];

/// A hand inside the database.
pub struct Hand(Client);

impl std::fmt::Debug for Hand {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Hand(…)")
    }
}

/// What a place held before it was harmed.
#[derive(Clone, Debug)]
pub struct Harm {
    spot: Spot,
    row: String,
    held: Held,
}

#[derive(Clone, Debug)]
enum Held {
    Bytes(Vec<u8>),
    Text(String),
    Number(i32),
}

impl Hand {
    /// Reaches into a copy.
    ///
    /// # Errors
    /// When there is none.
    pub fn at(address: &str) -> Result<Self, Error> {
        Client::connect(address, NoTls).map(Self)
    }

    /// Changes one byte of one row's place, both by chance; nothing where no row has it.
    ///
    /// # Errors
    /// Whatever the database says.
    pub fn harm(&mut self, spot: &Spot, chance: &mut Chance) -> Result<Option<Harm>, Error> {
        let Spot { table, column, kind } = spot;
        let has = if *kind == Kind::Bytes { format!("length({column}) > 0") } else { format!("{column} is not null") };
        let count: i64 = self.0.query_one(&format!("select count(*) from {table} where {has}"), &[])?.try_get(0)?;
        let Ok(rows @ 1..) = usize::try_from(count) else { return Ok(None) };
        let chosen = format!(
            "select ctid::text, {column} from {table} where {has} order by ctid offset {} limit 1",
            chance.below(rows)
        );
        let found = self.0.query_one(&chosen, &[])?;
        let held = held(&found, *kind)?;
        let Some(other) = changed(&held, chance) else { return Ok(None) };
        let row = self.put(spot, &found.try_get::<_, String>(0)?, &other)?;
        Ok(Some(Harm { spot: *spot, row, held }))
    }

    /// Puts back what a place held.
    ///
    /// # Errors
    /// Whatever the database says.
    pub fn mend(&mut self, harm: &Harm) -> Result<(), Error> {
        self.put(&harm.spot, &harm.row, &harm.held).map(drop)
    }

    fn put(&mut self, Spot { table, column, .. }: &Spot, row: &str, held: &Held) -> Result<String, Error> {
        let put = format!("update {table} set {column} = $2 where ctid = $1::text::tid returning ctid::text");
        let found = match held {
            Held::Bytes(bytes) => self.0.query_one(&put, &[&row, bytes])?,
            Held::Text(text) => self.0.query_one(&put, &[&row, text])?,
            Held::Number(number) => self.0.query_one(&put, &[&row, number])?,
        };
        found.try_get(0)
    }
}

fn held(row: &Row, kind: Kind) -> Result<Held, Error> {
    Ok(match kind {
        Kind::Bytes => Held::Bytes(row.try_get(1)?),
        Kind::Text => Held::Text(row.try_get(1)?),
        Kind::Number => Held::Number(row.try_get(1)?),
    })
}

/// The same with one byte another, still of its kind; nothing where there is no byte to change.
fn changed(held: &Held, chance: &mut Chance) -> Option<Held> {
    Some(match held {
        Held::Number(number) => Held::Number(number ^ 1),
        Held::Bytes(bytes) => {
            let mut bytes = bytes.clone();
            let at = chance.below(bytes.len());
            *bytes.get_mut(at)? ^= 1 << chance.below(8);
            Held::Bytes(bytes)
        }
        Held::Text(text) => {
            let letters = text.bytes().enumerate().filter(|(_, byte)| byte.is_ascii_alphanumeric());
            let places: Vec<usize> = letters.map(|(at, _)| at).collect();
            let at = *chance.one(&places)?;
            let mut bytes = text.clone().into_bytes();
            let one = bytes.get_mut(at)?;
            *one = match *one {
                b'9' => b'0',
                b'z' => b'a',
                b'Z' => b'A',
                other => other + 1,
            };
            Held::Text(String::from_utf8(bytes).ok()?)
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_byte_is_another_and_everything_else_is_as_it_was() {
        let mut chance = Chance::new(5, "harm");
        for _ in 0..200 {
            let Some(Held::Text(text)) = changed(&Held::Text("示例 az9Z".to_owned()), &mut chance) else {
                panic!("a text")
            };
            let pairs = text.bytes().zip("示例 az9Z".bytes());
            assert_eq!((text.len(), pairs.filter(|(one, other)| one != other).count()), ("示例 az9Z".len(), 1));
            let Some(Held::Bytes(bytes)) = changed(&Held::Bytes(vec![7; 32]), &mut chance) else { panic!("bytes") };
            assert_eq!(bytes.iter().filter(|byte| **byte != 7).count(), 1);
        }
        assert!(changed(&Held::Bytes(Vec::new()), &mut chance).is_none());
        assert!(changed(&Held::Text("。".to_owned()), &mut chance).is_none());
    }
}
