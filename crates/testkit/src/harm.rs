//! Harm done to a copy of a register on PostgreSQL for a drill: one byte of one place is another, and is put back. On SQLite the
//! file itself is harmed.
//!
//! The places are every column of the schema but those of which `verify` says nothing ([`crate::columns`]).

use crate::columns::{speaking, unverified};
use crate::province::Chance;
use postgres::error::SqlState;
use postgres::{Client, Error, NoTls, Row};

/// A column in which a change is to be found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Spot {
    /// Its table.
    pub table: String,
    /// Its name.
    pub column: String,
    kind: Kind,
    /// The type to which what is put there is cast.
    cast: &'static str,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Bytes,
    Text,
    Number,
}

/// How often another byte is tried where the database itself refuses the changed value.
const TRIES: usize = 16;

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
    Number(i64),
}

impl Hand {
    /// Reaches into a copy.
    ///
    /// # Errors
    /// When there is none.
    pub fn at(address: &str) -> Result<Self, Error> {
        Client::connect(address, NoTls).map(Self)
    }

    /// Every column of the schema in which a change is to be found, in order of tables.
    ///
    /// # Errors
    /// Whatever the database says.
    pub fn spots(&mut self) -> Result<Vec<Spot>, Error> {
        let (mut spots, unverified) = (Vec::new(), unverified());
        let columns = "select table_name::text, column_name::text, data_type::text from information_schema.columns
                       where table_schema = current_schema() order by table_name, ordinal_position";
        for row in self.0.query(columns, &[])? {
            let (table, column): (String, String) = (row.try_get(0)?, row.try_get(1)?);
            let (kind, cast) = match row.try_get::<_, String>(2)?.as_str() {
                "bytea" => (Kind::Bytes, "bytea"),
                "smallint" => (Kind::Number, "int2"),
                "integer" => (Kind::Number, "int4"),
                "bigint" => (Kind::Number, "int8"),
                _ => (Kind::Text, "text"),
            };
            if !unverified.contains_key(format!("{table}.{column}").as_str()) {
                spots.push(Spot { table, column, kind, cast });
            }
        }
        Ok(spots)
    }

    /// Changes one byte of one row's place, both by chance; nothing where no row has it, or the database takes no other.
    ///
    /// # Errors
    /// Whatever the database says.
    pub fn harm(&mut self, spot: &Spot, chance: &mut Chance) -> Result<Option<Harm>, Error> {
        let Spot { table, column, kind, .. } = spot;
        let (has, read) = match kind {
            Kind::Number => (format!("{column} is not null"), format!("{column}::int8")),
            _ => (format!("length({column}) > 0"), column.clone()),
        };
        let has = format!("{has} and {}", speaking(table));
        let count: i64 = self.0.query_one(&format!("select count(*) from {table} where {has}"), &[])?.try_get(0)?;
        let Ok(rows @ 1..) = usize::try_from(count) else { return Ok(None) };
        let chosen = format!(
            "select ctid::text, {read} from {table} where {has} order by ctid offset {} limit 1",
            chance.below(rows)
        );
        let found = self.0.query_one(&chosen, &[])?;
        let (held, row) = (held(&found, *kind)?, found.try_get::<_, String>(0)?);
        for _ in 0..TRIES {
            let Some(other) = changed(&held, chance) else { return Ok(None) };
            match self.put(spot, &row, &other) {
                Ok(row) => return Ok(Some(Harm { spot: spot.clone(), row, held })),
                // A check or a key of the database: such a change cannot be made by SQL at all.
                Err(error) if is_refused(&error) => {}
                Err(error) => return Err(error),
            }
        }
        Ok(None)
    }

    /// Puts back what a place held.
    ///
    /// # Errors
    /// Whatever the database says.
    pub fn mend(&mut self, harm: &Harm) -> Result<(), Error> {
        self.put(&harm.spot, &harm.row, &harm.held).map(drop)
    }

    fn put(&mut self, Spot { table, column, cast, kind }: &Spot, row: &str, held: &Held) -> Result<String, Error> {
        let value = if *kind == Kind::Number { format!("$2::int8::{cast}") } else { "$2".to_owned() };
        let put = format!("update {table} set {column} = {value} where ctid = $1::text::tid returning ctid::text");
        let found = match held {
            Held::Bytes(bytes) => self.0.query_one(&put, &[&row, bytes])?,
            Held::Text(text) => self.0.query_one(&put, &[&row, text])?,
            Held::Number(number) => self.0.query_one(&put, &[&row, number])?,
        };
        found.try_get(0)
    }
}

/// Whether a check or a key of the database takes no such value.
fn is_refused(error: &Error) -> bool {
    let codes = [
        &SqlState::CHECK_VIOLATION,
        &SqlState::UNIQUE_VIOLATION,
        &SqlState::FOREIGN_KEY_VIOLATION,
        &SqlState::NUMERIC_VALUE_OUT_OF_RANGE,
    ];
    error.code().is_some_and(|code| codes.contains(&code))
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
            let mut bytes = text.clone().into_bytes();
            match chance.one(&places) {
                Some(at) => {
                    let one = bytes.get_mut(*at)?;
                    *one = match *one {
                        b'9' => b'0',
                        b'z' => b'a',
                        b'Z' => b'A',
                        other => other + 1,
                    };
                }
                // The last byte of a sign of several is another within its range.
                None => *bytes.last_mut().filter(|byte| **byte >= 0x80)? ^= 1,
            }
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
        assert!(changed(&Held::Text("[]".to_owned()), &mut chance).is_none());
        let Some(Held::Text(text)) = changed(&Held::Text("青禾市".to_owned()), &mut chance) else {
            panic!("a text")
        };
        assert!(text != "青禾市" && text.len() == "青禾市".len());
    }
}
