//! How the content of a record is kept: both canonical halves and what belongs to neither, packed with a numbered
//! dictionary that is kept for ever.
//!
//! Before packing: three parts, each a length (varint) and its bytes: the public half; the other half's `content`
//! member (`{…}`, without the frame that changes with the state); the notes (provenance columns and quality notes,
//! not part of any commitment). Packed: the dictionary's number (one byte, 0 = none), then a zstd frame.

use crate::{Result, StoreError};
use std::borrow::Cow;
use zstd::bulk::{Compressor, Decompressor};

/// Dictionary 1: the keys and phrases that recur in records. Raw bytes, never edited; a better one gets a new number.
const DICTIONARY_1: &[u8] = include_bytes!("dictionary-1.txt");
/// Dictionary 2: trained by zstd on bodies of every item of the synthetic province (4,000 organisations, 2,771 bodies,
/// 32 KiB, level 1), so it knows the keys of all items and brings the tables that a body is too short to pay for. Never
/// edited.
const DICTIONARY_2: &[u8] = include_bytes!("dictionary-2.zdict");
/// The dictionary with which bodies are packed now.
const NEWEST: u8 = 2;
/// Below zero literals are not coded by Huffman: a body is too short for a table of its own to pay. A tenth more bytes
/// for a third less time.
const LEVEL: i32 = -1;
/// No body grows beyond this when unpacked: a row is at most one megabyte when it comes in.
const LARGEST: usize = 16 << 20;
/// An unpacker keeps no more room than this.
const KEPT: usize = 1 << 20;

/// The parts of a body.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Body {
    /// Canonical bytes of the public half.
    pub public: String,
    /// The `content` object of the other half.
    pub other_content: String,
    /// Provenance and notes as JSON; empty when there are none.
    pub notes: String,
}

/// The parts of a body where they were unpacked.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Parts<'b> {
    /// Canonical bytes of the public half.
    pub public: &'b str,
    /// The `content` object of the other half.
    pub other_content: &'b str,
    /// Provenance and notes as JSON; empty when there are none.
    pub notes: &'b str,
}

/// A body on its way into the register: packed ahead by whoever made it, or loose, where it is likely that nothing new came
/// and packing would be for nothing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Parcel {
    /// As it is kept.
    Packed(Box<[u8]>),
    /// The public half and the notes; the other half travels beside it.
    Loose {
        /// Canonical bytes of the public half.
        public: Box<str>,
        /// Provenance and notes as JSON.
        notes: Box<str>,
    },
}

impl Parcel {
    /// As it is kept.
    ///
    /// # Errors
    /// When zstd fails.
    pub fn packed(&self, other_content: &str, packer: &mut Packer) -> Result<Cow<'_, [u8]>> {
        match self {
            Self::Packed(bytes) => Ok(Cow::Borrowed(bytes)),
            Self::Loose { public, notes } => Ok(Cow::Owned(packer.pack(public, other_content, notes)?.into_vec())),
        }
    }

    /// Its parts.
    ///
    /// # Errors
    /// [`StoreError::Inconsistent`] when it is damaged.
    pub fn body(&self, other_content: &str, unpacker: &mut Unpacker) -> Result<Body> {
        match self {
            Self::Packed(bytes) => unpacker.unpack(bytes),
            Self::Loose { public, notes } => Ok(Body {
                public: public.to_string(),
                other_content: other_content.to_owned(),
                notes: notes.to_string(),
            }),
        }
    }
}

/// Packs bodies; one a thread.
pub struct Packer {
    compressor: Compressor<'static>,
    plain: Vec<u8>,
    packed: Vec<u8>,
}

impl std::fmt::Debug for Packer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Packer")
    }
}

impl Packer {
    /// A packer with the newest dictionary.
    ///
    /// # Errors
    /// When zstd cannot be set up.
    pub fn new() -> Result<Self> {
        let compressor = Compressor::with_dictionary(LEVEL, DICTIONARY_2)?;
        Ok(Self { compressor, plain: Vec::with_capacity(4096), packed: Vec::with_capacity(4096) })
    }

    /// Packs one body.
    ///
    /// # Errors
    /// When zstd fails.
    pub fn pack(&mut self, public: &str, other_content: &str, notes: &str) -> Result<Box<[u8]>> {
        self.plain.clear();
        for part in [public, other_content, notes] {
            push_length(&mut self.plain, part.len());
            self.plain.extend_from_slice(part.as_bytes());
        }
        let bound = zstd::zstd_safe::compress_bound(self.plain.len());
        self.packed.resize(bound + 1, 0);
        let (number, frame) = self.packed.split_at_mut(1);
        number.fill(NEWEST);
        let length = self.compressor.compress_to_buffer(&self.plain, frame)?;
        Ok(self.packed.get(..=length).unwrap_or_default().into())
    }
}

/// Unpacks bodies; one a thread.
pub struct Unpacker {
    dictionary_1: Decompressor<'static>,
    dictionary_2: Decompressor<'static>,
    plain: Decompressor<'static>,
    bytes: Vec<u8>,
}

impl std::fmt::Debug for Unpacker {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Unpacker")
    }
}

impl Unpacker {
    /// An unpacker for every dictionary there ever was.
    ///
    /// # Errors
    /// When zstd cannot be set up.
    pub fn new() -> Result<Self> {
        Ok(Self {
            dictionary_1: Decompressor::with_dictionary(DICTIONARY_1)?,
            dictionary_2: Decompressor::with_dictionary(DICTIONARY_2)?,
            plain: Decompressor::new()?,
            bytes: Vec::new(),
        })
    }

    /// Unpacks one body.
    ///
    /// # Errors
    /// [`StoreError::Inconsistent`] when the bytes are damaged.
    pub fn unpack(&mut self, packed: &[u8]) -> Result<Body> {
        let Parts { public, other_content, notes } = self.parts(packed)?;
        Ok(Body { public: public.to_owned(), other_content: other_content.to_owned(), notes: notes.to_owned() })
    }

    /// The parts of one body, which stand until the next is unpacked.
    ///
    /// # Errors
    /// [`StoreError::Inconsistent`] when the bytes are damaged.
    pub fn parts(&mut self, packed: &[u8]) -> Result<Parts<'_>> {
        let damaged = || StoreError::Inconsistent("a record's content cannot be unpacked".to_owned());
        let (number, frame) = packed.split_first().ok_or_else(damaged)?;
        let decompressor = match number {
            0 => &mut self.plain,
            1 => &mut self.dictionary_1,
            2 => &mut self.dictionary_2,
            _ => return Err(damaged()),
        };
        let size = zstd::zstd_safe::get_frame_content_size(frame).ok().flatten().ok_or_else(damaged)?;
        let size = usize::try_from(size).ok().filter(|size| *size <= LARGEST).ok_or_else(damaged)?;
        self.bytes.clear();
        if self.bytes.capacity() > KEPT {
            self.bytes = Vec::new();
        }
        self.bytes.reserve(size);
        decompressor.decompress_to_buffer(frame, &mut self.bytes).map_err(|_| damaged())?;
        let mut rest = self.bytes.as_slice();
        let mut part = || -> Option<&str> {
            let length = take_length(&mut rest)?;
            let (head, tail) = rest.split_at_checked(length)?;
            rest = tail;
            std::str::from_utf8(head).ok()
        };
        let parts = Parts {
            public: part().ok_or_else(damaged)?,
            other_content: part().ok_or_else(damaged)?,
            notes: part().ok_or_else(damaged)?,
        };
        if rest.is_empty() { Ok(parts) } else { Err(damaged()) }
    }
}

fn push_length(out: &mut Vec<u8>, mut length: usize) {
    while length >= 0x80 {
        out.push((length & 0x7f) as u8 | 0x80);
        length >>= 7;
    }
    out.push(length as u8);
}

fn take_length(bytes: &mut &[u8]) -> Option<usize> {
    let mut length = 0usize;
    for shift in (0..35).step_by(7) {
        let (byte, rest) = bytes.split_first()?;
        *bytes = rest;
        length |= usize::from(byte & 0x7f) << shift;
        if byte & 0x80 == 0 {
            return Some(length);
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_an_older_dictionary_packed_is_still_read() {
        let plain = [&[2][..], b"{}", &[2], b"{}", &[0]].concat();
        let frame = Compressor::with_dictionary(LEVEL, DICTIONARY_1).unwrap().compress(&plain).unwrap();
        let body = Unpacker::new().unwrap().unpack(&[&[1][..], &frame].concat()).unwrap();
        assert_eq!(body, Body { public: "{}".to_owned(), other_content: "{}".to_owned(), notes: String::new() });
    }

    #[test]
    fn a_body_comes_back_as_it_went_in_and_damage_is_found() {
        let long = "违法事实".repeat(2000);
        let packed = Packer::new().unwrap().pack(&long, "{}", "").unwrap();
        let body = Unpacker::new().unwrap().unpack(&packed).unwrap();
        let loose = Parcel::Loose { public: long.as_str().into(), notes: "".into() };
        assert_eq!(loose.packed("{}", &mut Packer::new().unwrap()).unwrap(), &*packed);
        assert_eq!(loose.body("{}", &mut Unpacker::new().unwrap()).unwrap(), body);
        assert_eq!(body, Body { public: long, other_content: "{}".to_owned(), notes: String::new() });
        for at in 0..packed.len() {
            let mut flipped = packed.to_vec();
            flipped[at] ^= 1;
            assert_ne!(Unpacker::new().unwrap().unpack(&flipped).ok(), Some(body.clone()), "byte {at}");
        }
    }
}
