//! What readers and the cards that are presented to them do.

use chrono::TimeDelta;

use super::cards::{card, refusal};
use super::{NEVER_ANSWERS, World};
use crate::ids::{ChargeId, PaymentId, ReaderId};
use crate::journal::Fact;
use crate::money::Money;
use crate::payments::{
    Capture, ChargeAuthorized, ChargeFailed, ChargeFailure, ChargeSucceeded, PaymentCard, ReaderFailure,
    RefundSucceeded,
};
use crate::platform::Platform;
use crate::rulebook::{CardBrand, CardFunding, Country, PaymentMethod};
use crate::terminal::{
    ReaderActionCanceled, ReaderActionFailed, ReaderActionKind, ReaderActionSucceeded, ReaderActionUpdated,
    ReaderCardSaved, ReaderInstruction, ReaderSeen, ReaderStatus, SavedCard, TerminalFact,
};

/// The serial number of a reader in which something is broken.
pub const READER_BROKEN: &str = "simulated-hardware-fault";
/// The serial number of a reader that loses its connection after the card was charged, the money given back, or the card saved; the
/// last of which is known an hour later.
pub const READER_LOSES_CONNECTION: &str = "simulated-connection-error";
/// The serial number of a reader that cannot be reached.
pub const READER_OFFLINE: &str = "simulated-offline";
/// The serial number of a reader that does not answer in time, and has charged nothing, which is known an hour later.
pub const READER_TIMES_OUT: &str = "simulated-timeout";

/// After which time it is known what a reader has not told.
const CLARITY: TimeDelta = TimeDelta::hours(1);

impl World {
    /// A reader does what it is asked to, as its serial number and the token of the payment say.
    pub(super) fn at_reader(&mut self, platform: &Platform, instruction: &ReaderInstruction) {
        let now = platform.now();
        match instruction {
            ReaderInstruction::CancelAction { reader, action } => {
                let (reader, action) = (*reader, *action);
                let canceled = TerminalFact::ActionCanceled(ReaderActionCanceled { reader, action });
                self.will(now, Fact::Terminal(canceled));
            }
            ReaderInstruction::Act { reader, action, what } => {
                let serial = platform.reader(*reader).ok().and_then(|reader| reader.serial_number());
                let failure = match serial.unwrap_or_default() {
                    NEVER_ANSWERS => return,
                    READER_BROKEN => Some(ReaderFailure::HardwareFault),
                    READER_LOSES_CONNECTION => Some(ReaderFailure::ConnectionError),
                    READER_OFFLINE => Some(ReaderFailure::Offline),
                    READER_TIMES_OUT => Some(ReaderFailure::Timeout),
                    _ => None,
                };
                match failure {
                    Some(failure) => self.fails(platform, (*reader, *action), what, failure),
                    None => self.acts(platform, (*reader, *action), what),
                }
            }
        }
    }

    /// A reader tells that it has not done something, whether or not it has.
    fn fails(
        &mut self,
        platform: &Platform,
        (reader, action): (ReaderId, u32),
        what: &ReaderActionKind,
        failure: ReaderFailure,
    ) {
        let now = platform.now();
        let later = now.checked_add(CLARITY).unwrap_or(now);
        if failure == ReaderFailure::Offline {
            let status = ReaderStatus::Offline;
            self.will(now, Fact::Terminal(TerminalFact::Seen(ReaderSeen { reader, status })));
        }
        let failed = ReaderActionFailed { reader, action, failure: failure.into(), message: None };
        self.will(now, Fact::Terminal(TerminalFact::ActionFailed(failed)));
        if failure == ReaderFailure::ConnectionError {
            let refused = self.charges(platform, what);
            if what.setup_intent().is_some() && refused.is_none() {
                self.will(later, Fact::Terminal(saves(reader, action, what)));
            }
        }
        if failure == ReaderFailure::Timeout {
            match what.charge() {
                Some(charge) => {
                    let failed = ChargeFailed { charge: charge.into(), failure: failure.into() };
                    self.will(later, Fact::ChargeFailed(failed));
                }
                None => {
                    let canceled = TerminalFact::ActionCanceled(ReaderActionCanceled { reader, action });
                    self.will(later, Fact::Terminal(canceled));
                }
            }
        }
    }

    /// A reader does something, and tells what came of it.
    fn acts(&mut self, platform: &Platform, (reader, action): (ReaderId, u32), what: &ReaderActionKind) {
        let now = platform.now();
        if let ReaderActionKind::CollectPaymentMethod { payment, .. } = what {
            let card = presented(platform, *payment);
            let updated = TerminalFact::ActionUpdated(ReaderActionUpdated { reader, action, card });
            self.will(now, Fact::Terminal(updated));
        }
        let end = match self.charges(platform, what) {
            None if what.setup_intent().is_some() => saves(reader, action, what),
            None => TerminalFact::ActionSucceeded(ReaderActionSucceeded { reader, action }),
            Some(failure) => TerminalFact::ActionFailed(ReaderActionFailed { reader, action, failure, message: None }),
        };
        self.will(now, Fact::Terminal(end));
    }

    /// The money that an action moves, moves; tells why it does not, where the card is declined.
    fn charges(&mut self, platform: &Platform, what: &ReaderActionKind) -> Option<ChargeFailure> {
        let now = platform.now();
        match what {
            ReaderActionKind::ConfirmPaymentIntent { charge, amount, capture, .. }
            | ReaderActionKind::ProcessPaymentIntent { charge, amount, capture, .. } => {
                let (fact, failure) = charged(platform, (*charge, *amount), *capture);
                self.will(now, fact);
                failure
            }
            ReaderActionKind::RefundPayment { refund, .. } => {
                self.will(now, Fact::RefundSucceeded(RefundSucceeded { refund: *refund }));
                None
            }
            ReaderActionKind::ProcessSetupIntent { setup_intent } => refusal(setup_intent),
            ReaderActionKind::CollectInputs { .. }
            | ReaderActionKind::CollectPaymentMethod { .. }
            | ReaderActionKind::PrintContent { .. }
            | ReaderActionKind::SetReaderDisplay { .. } => None,
        }
    }
}

/// A card is saved. The host's name for its setup stands for the card that is presented, as the token of a payment does, and the card
/// can be charged online under that name.
fn saves(reader: ReaderId, action: u32, what: &ReaderActionKind) -> TerminalFact {
    let token = what.setup_intent().unwrap_or_default();
    TerminalFact::CardSaved(ReaderCardSaved { reader, action, saved: SavedCard::under(token).card(card(token)) })
}

/// What becomes of an attempt with the card that is presented.
fn charged(
    platform: &Platform,
    (charge, amount): (ChargeId, Money),
    capture: Capture,
) -> (Fact, Option<ChargeFailure>) {
    let payment = PaymentId::of(charge.family(), 0);
    let token = platform.payment(payment).ok().and_then(|payment| payment.token()).unwrap_or_default();
    if let Some(failure) = refusal(token) {
        return (Fact::ChargeFailed(ChargeFailed { charge: charge.into(), failure }), Some(failure));
    }
    let fact = match capture {
        Capture::Automatic => {
            Fact::ChargeSucceeded(ChargeSucceeded::of(charge, amount).card(presented(platform, payment)))
        }
        Capture::Manual(_) => {
            Fact::ChargeAuthorized(ChargeAuthorized::of(charge, amount).card(presented(platform, payment)))
        }
    };
    (fact, None)
}

/// The card that is presented for a payment.
fn presented(platform: &Platform, payment: PaymentId) -> PaymentCard {
    let Ok(payment) = platform.payment(payment) else { return PaymentCard::of(CardBrand::Unknown) };
    if payment.method() == Some(PaymentMethod::InteracPresent) {
        let card = PaymentCard::of(CardBrand::Interac);
        return PaymentCard { funding: Some(CardFunding::Debit), country: Some(Country::CA), ..card };
    }
    card(payment.token().unwrap_or_default())
}
