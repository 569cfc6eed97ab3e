//! What a bank shows beside a payout.

use super::PayoutError;

/// The most characters of a statement descriptor.
// RULE: docs.stripe.com/payouts/statement-descriptors (2026).
const LONGEST: usize = 22;
/// The most characters of a company entry description of the ACH network.
// RULE: docs.stripe.com/payouts/statement-descriptors (2026).
const LONGEST_ENTRY: usize = 10;

/// Whether a bank can show this text beside a payout.
// RULE: at most 22 characters (docs.stripe.com/payouts/statement-descriptors, 2026). Which ones no page says: that they are plain ones of ASCII,
// and one of them a letter, as for top-ups, is our own choice.
fn is_descriptor(text: &str) -> bool {
    let is_plain = |c: char| c.is_ascii() && !c.is_ascii_control();
    text.len() <= LONGEST && text.chars().all(is_plain) && text.chars().any(|c| c.is_ascii_alphabetic())
}

/// That a text, if there is one, can be shown beside a payout.
pub(crate) fn check_descriptor(text: Option<&str>) -> Result<(), PayoutError> {
    match text.filter(|text| !is_descriptor(text)) {
        Some(text) => Err(PayoutError::DescriptorInvalid(text.to_owned())),
        None => Ok(()),
    }
}

/// What a bank in the United States shows of a statement descriptor where the money comes through the ACH network: the first ten characters, as
/// the company entry description has no room for more.
///
/// ```
/// use fundroute::payouts::ach_entry_description;
///
/// assert_eq!(ach_entry_description("Rocket Rides weekly"), "Rocket Rid");
/// assert_eq!(ach_entry_description("Weekly pay by jo"), "Weekly pay");
/// assert_eq!(ach_entry_description("Jo"), "Jo");
/// ```
// RULE: docs.stripe.com/payouts/statement-descriptors (2026). That no blanks are left at its end is our own choice.
#[must_use]
pub fn ach_entry_description(statement_descriptor: &str) -> &str {
    let end = statement_descriptor.char_indices().nth(LONGEST_ENTRY).map_or(statement_descriptor.len(), |(at, _)| at);
    statement_descriptor.get(..end).unwrap_or(statement_descriptor).trim_end()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_descriptor_is_short_plain_and_has_a_letter() {
        let longest = "x".repeat(22);
        for text in ["a", "Rocket Rides", "No. 17/3 (weekly) *", longest.as_str()] {
            assert_eq!(check_descriptor(Some(text)), Ok(()), "{text}");
        }
        assert_eq!(check_descriptor(None), Ok(()));
        let longer = "x".repeat(23);
        for text in ["", " ", "2026-11", "a\nb", "Größe", "a\u{202e}b", longer.as_str()] {
            assert_eq!(check_descriptor(Some(text)), Err(PayoutError::DescriptorInvalid(text.to_owned())), "{text}");
        }
    }

    #[test]
    fn an_entry_description_has_ten_characters_at_most() {
        for (text, entry) in [
            ("", ""),
            ("0123456789", "0123456789"),
            ("0123456789a", "0123456789"),
            ("ab       c", "ab       c"),
            ("ab        c", "ab"),
            ("ÄÖÜäöüßéèêx", "ÄÖÜäöüßéèê"),
        ] {
            assert_eq!(ach_entry_description(text), entry);
        }
    }
}
