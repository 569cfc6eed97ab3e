//! The two forms of an outside name: text held inline, and sixteen bytes.

use std::hash::{Hash, Hasher};

use crate::workload::{account_id, account_key, charge_id, charge_key, digits, scramble, success_id, success_key};

use super::journal::{Bytes, Reader};

/// A name of an account, charge, fact or payout.
pub(crate) trait Ident: Copy + Eq + Hash + Bytes {
    /// The name of an account.
    fn account(number: u32) -> Self;
    /// The name of a charge.
    fn charge(number: u32) -> Self;
    /// The name of the fact that a charge succeeded.
    fn success(charge: u32) -> Self;
    /// A name for a new payout.
    fn payout(number: u32) -> Self;
}

/// Text of up to 31 bytes, without allocation; the last byte is the length.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) struct Text([u8; 32]);

impl Text {
    /// Holds a text.
    pub(crate) fn new(text: &str) -> Self {
        Self::of(text.as_bytes())
    }

    fn of(text: &[u8]) -> Self {
        let mut bytes = [0; 32];
        bytes[..text.len()].copy_from_slice(text);
        bytes[31] = u8::try_from(text.len()).expect("at most 31 bytes");
        Self(bytes)
    }
}

impl Hash for Text {
    fn hash<H: Hasher>(&self, state: &mut H) {
        state.write(&self.0);
    }
}

impl Bytes for Text {
    fn write(&self, out: &mut Vec<u8>) {
        let length = self.0[31];
        out.push(length);
        out.extend_from_slice(&self.0[..usize::from(length)]);
    }

    fn read(reader: &mut Reader<'_>) -> Self {
        let length = reader.byte();
        Self::of(reader.take(usize::from(length)))
    }
}

impl Ident for Text {
    fn account(number: u32) -> Self {
        Self::new(&account_key(number))
    }

    fn charge(number: u32) -> Self {
        Self::new(&charge_key(number))
    }

    fn success(charge: u32) -> Self {
        Self::new(&success_key(charge))
    }

    fn payout(number: u32) -> Self {
        let mut text = *b"po_------------------------";
        digits(u64::from(number), &mut text[3..]);
        Self::of(&text)
    }
}

impl Bytes for u128 {
    fn write(&self, out: &mut Vec<u8>) {
        out.extend_from_slice(&self.to_le_bytes());
    }

    fn read(reader: &mut Reader<'_>) -> Self {
        Self::from_le_bytes(reader.take(16).try_into().expect("sixteen were taken"))
    }
}

impl Ident for u128 {
    fn account(number: u32) -> Self {
        account_id(number)
    }

    fn charge(number: u32) -> Self {
        charge_id(number)
    }

    fn success(charge: u32) -> Self {
        success_id(charge)
    }

    fn payout(number: u32) -> Self {
        let high = scramble(u64::from(number));
        (Self::from(high) << 64) | Self::from(scramble(!high))
    }
}
