//! The notation in which tables say how a number is built.

use std::fmt;
use std::str::FromStr;

/// A number longer than this has no shape, which bounds the work.
const LONGEST: usize = 64;

/// How a number is built, part after part, written with blanks between the parts.
///
/// A part is a length and a class (`9n`: nine digits, `4a`: four letters, `8-11an`: eight to eleven letters or digits) or the
/// very characters between quotes (`'KR'`). In brackets (`[3an]`) it may be missing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Shape {
    parts: Box<[Part]>,
    text: Box<str>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
struct Part {
    characters: Characters,
    optional: bool,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Characters {
    /// From so many to so many of a class.
    Some { min: usize, max: usize, class: Class },
    /// These, in upper case.
    Exactly(Box<str>),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Class {
    Digits,
    Letters,
    LettersOrDigits,
}

impl Shape {
    /// Whether a text, in upper case, is built so from beginning to end.
    pub(super) fn matches(&self, text: &str) -> bool {
        if text.len() > LONGEST {
            return false;
        }
        // What may be left of the text once the parts so far have taken theirs.
        let mut rests = vec![text];
        for part in &self.parts {
            let mut next = if part.optional { rests.clone() } else { Vec::new() };
            for rest in rests {
                part.characters.take(rest, &mut next);
            }
            // Many ways to the same rest are one.
            next.sort_unstable_by_key(|rest| rest.len());
            next.dedup_by_key(|rest| rest.len());
            rests = next;
        }
        rests.iter().any(|rest| rest.is_empty())
    }
}

impl fmt::Display for Shape {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.text)
    }
}

impl Characters {
    /// Adds every rest that is left where these characters are taken from the front.
    fn take<'t>(&self, text: &'t str, rests: &mut Vec<&'t str>) {
        match self {
            Self::Exactly(expected) => rests.extend(text.strip_prefix(&**expected)),
            Self::Some { min, max, class } => {
                let fitting = text.bytes().take_while(|byte| class.contains(*byte)).take(*max).count();
                // INVARIANT: the class holds ASCII only, so every place up to `fitting` is between two characters.
                rests.extend((*min..=fitting).filter_map(|length| text.get(length..)));
            }
        }
    }
}

impl Class {
    const fn contains(self, byte: u8) -> bool {
        match self {
            Self::Digits => byte.is_ascii_digit(),
            Self::Letters => byte.is_ascii_uppercase(),
            Self::LettersOrDigits => byte.is_ascii_digit() || byte.is_ascii_uppercase(),
        }
    }
}

impl FromStr for Shape {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let parts: Box<[Part]> = text.split_whitespace().map(part).collect::<Result<_, String>>()?;
        if parts.is_empty() {
            return Err("a shape needs at least one part".to_owned());
        }
        let words: Vec<&str> = text.split_whitespace().collect();
        Ok(Self { parts, text: words.join(" ").into() })
    }
}

/// A part, which may be in brackets.
fn part(text: &str) -> Result<Part, String> {
    let inner = text.strip_prefix('[').and_then(|text| text.strip_suffix(']'));
    let refuse = || format!("`{text}` is no part of a shape such as `9n`, `8-11an`, `4a`, `'KR'` or `[3an]`");
    let characters = characters(inner.unwrap_or(text)).ok_or_else(refuse)?;
    Ok(Part { characters, optional: inner.is_some() })
}

fn characters(text: &str) -> Option<Characters> {
    if let Some(quoted) = text.strip_prefix('\'').and_then(|text| text.strip_suffix('\'')) {
        let fine = !quoted.is_empty() && quoted.bytes().all(|byte| Class::LettersOrDigits.contains(byte));
        return fine.then(|| Characters::Exactly(quoted.into()));
    }
    let (lengths, class) = if let Some(lengths) = text.strip_suffix("an") {
        (lengths, Class::LettersOrDigits)
    } else if let Some(lengths) = text.strip_suffix('n') {
        (lengths, Class::Digits)
    } else {
        (text.strip_suffix('a')?, Class::Letters)
    };
    let (min, max) = lengths.split_once('-').unwrap_or((lengths, lengths));
    let (min, max) = (min.parse().ok()?, max.parse().ok()?);
    (1 <= min && min <= max && max <= LONGEST).then_some(Characters::Some { min, max, class })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_shape_takes_what_it_says() {
        let table = [
            ("9n", "110000000", true),
            ("9n", "11000000", false),
            ("9n", "1100000000", false),
            ("9n", "11000000A", false),
            ("8-11an", "AAAAAGAG", true),
            ("8-11an", "AAAAAGAGXYZ0", false),
            ("4a 'KR' 2-5an", "SGSEKRSLXXX", true),
            ("4a 'KR' 2-5an", "SGSEKPSLXXX", false),
            ("4a 2a 2an [3an]", "ADABTRIS", true),
            ("4a 2a 2an [3an]", "ADABTRISXXX", true),
            ("4a 2a 2an [3an]", "ADABTRISX", false),
            // The parts share the characters so that all of them fit.
            ("8-11an 5n", "AAAAUZUZXXX00000", true),
            ("1-3n 2n", "123", true),
            ("1-3n 2n", "12", false),
            ("3a", "aaa", false),
            ("1-34an", "é", false),
        ];
        for (shape, text, expected) in table {
            assert_eq!(shape.parse::<Shape>().unwrap().matches(text), expected, "{shape} {text}");
        }
        assert_eq!(" 5n   3n ".parse::<Shape>().unwrap().to_string(), "5n 3n");
    }

    #[test]
    fn what_is_no_shape_is_refused() {
        for text in ["", "n", "9", "9x", "0n", "3-2n", "65n", "-2n", "''", "'kr'", "[3an", "3an]", "[]", "2-3-4n", "é"]
        {
            let error = text.parse::<Shape>().unwrap_err();
            assert!(error.contains("shape"), "{text}: {error}");
        }
    }

    proptest! {
        #[test]
        fn no_text_makes_a_shape_panic(notation in "[0-9an' \\[\\]KR-]{0,20}", text in "\\PC*") {
            if let Ok(shape) = notation.parse::<Shape>() {
                let _ = shape.matches(&text);
            }
        }
    }
}
