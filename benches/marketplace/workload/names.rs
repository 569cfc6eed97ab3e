//! The names by which the outside knows accounts, charges, requests and facts.
//!
//! Each comes as a number of 16 bytes and as text of the customary form: a prefix and base-62 digits.
//! Both look random and are functions of the object's number.

const ALPHABET: &[u8; 62] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
const DIGITS_A_WORD: usize = 8;

const ACCOUNT: u64 = 0x61 << 32;
const CHARGE: u64 = 0x63 << 32;
const REQUEST: u64 = 0x72 << 32;
const SUCCESS: u64 = 0x73 << 32;

/// Turns a counter into a word without visible pattern (the finalizer of splitmix64).
pub(crate) fn scramble(mut word: u64) -> u64 {
    word = (word ^ (word >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    word = (word ^ (word >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    word ^ (word >> 31)
}

/// Fills `text` with base-62 digits that depend on `seed`: the words that follow from it, each written
/// as a fraction.
pub(crate) fn digits(seed: u64, text: &mut [u8]) {
    let mut word = seed;
    for chunk in text.chunks_mut(DIGITS_A_WORD) {
        word = scramble(!word);
        let mut fraction = word;
        for digit in chunk {
            let shifted = u128::from(fraction) * 62;
            *digit = ALPHABET[(shifted >> 64) as usize];
            fraction = shifted as u64;
        }
    }
}

fn text<const DIGITS: usize>(prefix: &str, seed: u64) -> String {
    let mut written = [0; DIGITS];
    digits(seed, &mut written);
    let written = std::str::from_utf8(&written).expect("digits are ASCII");
    [prefix, written].concat()
}

fn wide(seed: u64) -> u128 {
    let high = scramble(seed);
    (u128::from(high) << 64) | u128::from(scramble(!high))
}

/// The 16 bytes of an account.
pub(crate) fn account_id(number: u32) -> u128 {
    wide(ACCOUNT | u64::from(number))
}

/// The text of an account: `acct_` and 16 digits.
pub(crate) fn account_key(number: u32) -> String {
    text::<16>("acct_", scramble(ACCOUNT | u64::from(number)))
}

/// The 16 bytes of a charge.
pub(crate) fn charge_id(number: u32) -> u128 {
    wide(CHARGE | u64::from(number))
}

/// The text of a charge: `ch_` and 24 digits.
pub(crate) fn charge_key(number: u32) -> String {
    text::<24>("ch_", scramble(CHARGE | u64::from(number)))
}

/// The 16 bytes of the fact that a charge succeeded.
pub(crate) fn success_id(charge: u32) -> u128 {
    wide(SUCCESS | u64::from(charge))
}

/// The text of the fact that a charge succeeded: `ev_` and 24 digits.
pub(crate) fn success_key(charge: u32) -> String {
    text::<24>("ev_", scramble(SUCCESS | u64::from(charge)))
}

/// The key of a request: `ik_` and 24 digits.
pub(crate) fn request_key(number: u32) -> String {
    text::<24>("ik_", scramble(REQUEST | u64::from(number)))
}
