//! What banks answer that are asked for a top-up.

use super::world::{World, later};
use crate::accounts::AccountNumber;
use crate::ids::{ExternalAccountId, TopUpId};
use crate::journal::Fact;
use crate::payouts::{TopUpFact, TopUpFailed, TopUpInstruction, TopUpReversed, TopUpSucceeded};
use crate::platform::Platform;
use crate::rulebook::{Rulebook, TestOutcome, TestToken, TestTokenKind};

/// The token of a bank account that pays for top-ups (docs.stripe.com/connect/testing, 2026).
pub const TOP_UP_PAID: &str = "btok_us_verified";
/// The token of a bank account that has too little for any top-up (docs.stripe.com/connect/testing, 2026).
pub const TOP_UP_UNPAID: &str = "btok_us_verified_insufficientFunds";
/// A token of a bank account that pays for top-ups and pulls the money back two days later.
pub const TOP_UP_PULLED_BACK: &str = "top_up_pulled_back";

/// How many days after it has paid a bank pulls the money back.
const DAYS_UNTIL_PULLED_BACK: i64 = 2;

/// Whether a word stands for a bank account that is there to be debited.
pub(super) fn is_token(book: &Rulebook, number: &str) -> bool {
    number == TOP_UP_PULLED_BACK || source(book, number).is_some()
}

/// What becomes of a top-up from the bank account for which a word stands, if it is one of the documented ones.
fn source<'b>(book: &'b Rulebook, number: &str) -> Option<&'b TestOutcome> {
    let known = book.test_token(number).filter(|token| token.kind() == TestTokenKind::TopUpSource);
    known.map(TestToken::outcome)
}

impl World {
    /// A bank is asked for a top-up, or told that it is not wanted after all.
    pub(super) fn top_up(&mut self, platform: &Platform, instruction: &TopUpInstruction) {
        match instruction {
            TopUpInstruction::Debit { top_up, source, .. } => self.debit(platform, *top_up, *source),
            TopUpInstruction::Cancel { top_up } => {
                let named = (*top_up).into();
                self.forget(|fact| {
                    matches!(fact, Fact::TopUp(
                        TopUpFact::Succeeded(TopUpSucceeded { top_up })
                        | TopUpFact::Failed(TopUpFailed { top_up, .. })
                        | TopUpFact::Reversed(TopUpReversed { top_up })
                    ) if *top_up == named)
                });
            }
        }
    }

    /// The bank answers on the day on which the money is expected, or the next day where none is.
    fn debit(&mut self, platform: &Platform, id: TopUpId, source: ExternalAccountId) {
        let Ok(top_up) = platform.top_up(id) else { return };
        let now = platform.now();
        let at = top_up.expected_availability_date().unwrap_or_else(|| later(now, 1)).max(now);
        let number = platform.bank_details(source).and_then(|details| details.number.as_ref());
        let number = number.map_or("", AccountNumber::as_str);
        let failure = match self::source(platform.rulebook(), number) {
            Some(TestOutcome::Failed(code)) => Some(Some(code.to_string())),
            Some(_) => Some(None),
            None if number == TOP_UP_PULLED_BACK => Some(None),
            None => self.bank_says(platform, source),
        };
        let top_up = id.into();
        match failure {
            Some(Some(failure_code)) => {
                self.will(at, Fact::TopUp(TopUpFact::Failed(TopUpFailed { top_up, failure_code })));
            }
            Some(None) => {
                self.will(at, Fact::TopUp(TopUpFact::Succeeded(TopUpSucceeded { top_up })));
                if number == TOP_UP_PULLED_BACK {
                    let reversed = TopUpReversed { top_up: id.into() };
                    self.will(later(at, DAYS_UNTIL_PULLED_BACK), Fact::TopUp(TopUpFact::Reversed(reversed)));
                }
            }
            None => {}
        }
    }
}
