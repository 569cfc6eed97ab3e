//! A bank account's number, of which no more than the last four characters are ever shown.

use std::borrow::Borrow;
use std::fmt;

/// A number that prints as its last four characters.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Number(Box<str>);

impl Number {
    pub(super) fn new(number: String) -> Self {
        Self(number.into())
    }

    pub(super) fn as_str(&self) -> &str {
        &self.0
    }
}

impl Borrow<str> for Number {
    fn borrow(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Number {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let start = self.0.char_indices().rev().nth(3).map_or(0, |(start, _)| start);
        write!(f, "…{}", self.0.get(start..).unwrap_or_default())
    }
}

/// A number without the blanks and hyphens that people type between its characters, in upper case.
///
/// `None` where something else stands in it, where it begins or ends with a hyphen, or where two follow each other.
pub(super) fn plain(typed: &str) -> Option<String> {
    let mut plain = String::with_capacity(typed.len());
    let mut after_hyphen = true;
    for character in typed.trim().chars() {
        match character {
            '-' if after_hyphen => return None,
            '-' => after_hyphen = true,
            _ if character.is_whitespace() => {}
            _ if character.is_ascii_alphanumeric() => {
                plain.push(character.to_ascii_uppercase());
                after_hyphen = false;
            }
            _ => return None,
        }
    }
    (!after_hyphen).then_some(plain)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_more_than_the_last_four_are_shown() {
        for (number, shown) in [("000123456789", "…6789"), ("6789", "…6789"), ("é12", "…é12"), ("", "…")] {
            assert_eq!(format!("{:?}", Number::new(number.to_owned())), shown);
        }
    }

    #[test]
    fn blanks_and_hyphens_stand_between_characters_only() {
        let table = [
            ("10-88-00", Some("108800")),
            (" de89 3704 0044\u{a0}0532 0130 00 ", Some("DE89370400440532013000")),
            ("1 - 2", Some("12")),
            ("-1", None),
            ("1-", None),
            ("1--2", None),
            ("1 - - 2", None),
            ("1.2", None),
            ("١٢", None),
            ("", None),
            ("-", None),
        ];
        for (typed, expected) in table {
            assert_eq!(plain(typed).as_deref(), expected, "{typed}");
        }
    }
}
