//! What the platform and the processor decide about accounts, whatever those have given.

use fundroute::accounts::{
    DisabledReason, InquiryChanged, InquiryState, PayoutsAction, Readiness, RejectAccount, RejectReason,
    RejectedByProcessor, Review, ReviewClosed, ReviewOpened, ReviewOutcome, UnrejectAccount,
};
use fundroute::ids::AccountId;
use fundroute::journal::{Fact, Report};
use fundroute::prelude::*;
use fundroute::rulebook::Impact;
use proptest::prelude::*;

use crate::stage::Act;

/// What is said about an account.
#[derive(Clone, Copy, Debug)]
pub(super) enum Word {
    Reject { is_paid: bool },
    Unreject,
    Opened(Review),
    Cleared,
    Confirmed,
    TurnedAway,
    Inquired { which: u8, state: InquiryState, impact: Impact, days: Option<u8> },
}

pub(super) fn word() -> impl Strategy<Value = Word> {
    let review = prop_oneof![Just(Review::UnderReview), Just(Review::Listed)];
    let state = prop_oneof![Just(InquiryState::Open), Just(InquiryState::Answered), Just(InquiryState::Closed)];
    let impact = prop_oneof![Just(Impact::Both), Just(Impact::Charges), Just(Impact::Payouts)];
    let inquiry = (0..2_u8, state, impact, proptest::option::of(0..30_u8));
    prop_oneof![
        2 => any::<bool>().prop_map(|is_paid| Word::Reject { is_paid }),
        3 => Just(Word::Unreject),
        2 => review.prop_map(Word::Opened),
        5 => Just(Word::Cleared),
        1 => Just(Word::Confirmed),
        1 => Just(Word::TurnedAway),
        6 => inquiry.prop_map(|(which, state, impact, days)| Word::Inquired { which, state, impact, days }),
    ]
}

pub(super) fn act(now: Timestamp, account: AccountId, number: usize, word: Word) -> Act {
    let ask = |command| Act::Ask(Request::new(format!("step-{number}"), command));
    let tell = |fact| Act::Tell(Report::new(format!("word-{number}"), now, fact));
    match word {
        Word::Reject { is_paid } => {
            let payouts = if is_paid { PayoutsAction::None } else { PayoutsAction::Pause };
            ask(Command::RejectAccount(RejectAccount { account, reason: RejectReason::FraudOther, payouts }))
        }
        Word::Unreject => ask(Command::UnrejectAccount(UnrejectAccount { account })),
        Word::Opened(review) => tell(Fact::ReviewOpened(ReviewOpened { account, review })),
        Word::Cleared => tell(Fact::ReviewClosed(ReviewClosed { account, outcome: ReviewOutcome::Cleared })),
        Word::Confirmed => {
            let outcome = ReviewOutcome::Rejected(RejectReason::FraudOther);
            tell(Fact::ReviewClosed(ReviewClosed { account, outcome }))
        }
        Word::TurnedAway => {
            tell(Fact::RejectedByProcessor(RejectedByProcessor { account, reason: RejectReason::Listed }))
        }
        Word::Inquired { which, state, impact, days } => {
            let inquiry = format!("interv_{which}.business_model_verification.form").parse().unwrap();
            let deadline = days.map(|days| now.plus_days(days.into()).unwrap());
            tell(Fact::InquiryChanged(InquiryChanged { account, inquiry, state, impact, deadline }))
        }
    }
}

/// What was decided about an account is the reason that it names, and stops what it has to; whether anything was.
pub(super) fn check(platform: &Platform, account: AccountId, ready: &Readiness) -> bool {
    let standing = platform.account(account).unwrap().standing();
    let reason = match (standing.rejection, standing.review) {
        (Some(rejection), _) => DisabledReason::Rejected(rejection.by, rejection.reason),
        (None, Some(Review::Listed)) => DisabledReason::Listed,
        (None, Some(Review::UnderReview)) => DisabledReason::UnderReview,
        (None, None) => return false,
    };
    assert_eq!(ready.disabled_reason, Some(reason));
    let stops_payouts = standing.review.is_some() || standing.rejection.is_some_and(|known| known.stops_payouts);
    assert!(!ready.charges_enabled, "{ready:?}");
    assert!(!stops_payouts || !ready.payouts_enabled, "{ready:?}");
    true
}
