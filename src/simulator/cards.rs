//! What card networks and payers' banks say, by the documented test tokens.

use super::NEVER_ANSWERS;
use super::world::{World, later};
use crate::accounts::{InquiryChanged, InquiryName, InquiryState};
use crate::calendar::Timestamp;
use crate::ids::{ChargeId, PaymentId};
use crate::journal::Fact;
use crate::money::Money;
use crate::payments::{
    ActionCompleted, ActionRequired, ChargeAuthorized, ChargeCaptured, ChargeFailed, ChargeFailure, ChargeReversed,
    ChargeSucceeded, DebitFailure, DeclineCode, NextAction, PaymentCard,
};
use crate::platform::{Error, Platform};
use crate::rulebook::{CardBrand, CardFunding, Impact, Notification, PaymentMethod, Rulebook, TestOutcome};

/// The token of a card that is always refused (docs.stripe.com/testing, 2026).
pub const DECLINED: &str = "pm_card_chargeDeclined";
/// The token of a card with too little on it (docs.stripe.com/testing, 2026).
pub const INSUFFICIENT_FUNDS: &str = "pm_card_chargeDeclinedInsufficientFunds";
/// The token of a card whose holder has to show who they are (docs.stripe.com/testing, 2026):
/// [`World::complete_action`] and [`World::fail_action`] say what they do.
pub const AUTHENTICATION_REQUIRED: &str = "pm_card_authenticationRequired";
/// The token of a bank account whose debits come back (docs.stripe.com/testing, 2026).
pub const DEBIT_REFUSED: &str = "pm_usBankAccount_noAccount";
/// The token of a bank account whose debits are paid, and pulled back by its bank two days later.
pub const DEBIT_PULLED_BACK: &str = "pm_usBankAccount_pulledBack";
/// The token of a voucher that is paid as soon as it is handed out.
pub const PAYS_AT_ONCE: &str = "succeed_immediately";
/// The token of a card that is authorized, and of whose captures the world never says anything: a timeout.
pub const CAPTURE_NEVER_ANSWERS: &str = "pm_card_captureNeverAnswers";

impl World {
    /// The processor looks into the account that is paid with a card of this token, and stops its payouts meanwhile.
    // RULE: a direct charge, or one on behalf of the account, blocks its payouts (docs.stripe.com/connect/testing, 2026). That this is
    // something that the processor wants to know is our reading.
    pub(super) fn stop_payouts(&mut self, platform: &Platform, charge: ChargeId, token: Option<&str>) {
        let known = token.and_then(|token| platform.rulebook().test_token(token));
        if known.is_none_or(|known| *known.outcome() != TestOutcome::BlocksPayouts) {
            return;
        }
        let Ok(charge) = platform.charge(charge) else { return };
        let Ok(payment) = platform.payment(charge.payment()) else { return };
        let account = payment.on_behalf_of().unwrap_or(charge.owner());
        let inquiry = format!("{}{}.payouts.support", InquiryName::PREFIX, charge.id()).parse();
        let Some(inquiry) = inquiry.ok().filter(|_| account != platform.id()) else { return };
        let (state, impact) = (InquiryState::Open, Impact::Payouts);
        let asked = InquiryChanged { account, inquiry, state, impact, deadline: None };
        self.will(platform.now(), Fact::InquiryChanged(asked));
    }

    pub(super) fn charge(
        &mut self,
        rulebook: &Rulebook,
        (charge, amount, method): (ChargeId, Money, PaymentMethod),
        token: Option<&str>,
        now: Timestamp,
    ) {
        let token = token.unwrap_or_default();
        if token == NEVER_ANSWERS {
            return;
        }
        if token == AUTHENTICATION_REQUIRED {
            return self.will(now, Fact::ActionRequired(ActionRequired::of(charge, NextAction::Authenticate)));
        }
        let notification = rulebook.payment_method(method).notification();
        let at = match notification {
            Notification::Immediate => now,
            // RULE: a bank debit is confirmed or refused after up to four business days; this world takes four days
            // (docs.stripe.com/payments/ach-direct-debit, 2026).
            Notification::Delayed => later(now, 4),
            Notification::Voucher if token == PAYS_AT_ONCE => now,
            Notification::Voucher => return,
        };
        let fact = match refusal(token) {
            Some(failure) => Fact::ChargeFailed(ChargeFailed { charge: charge.into(), failure }),
            None => {
                let card = method.is_card().then(|| card(token));
                Fact::ChargeSucceeded(ChargeSucceeded { card, ..ChargeSucceeded::of(charge, amount) })
            }
        };
        let is_taken = matches!(fact, Fact::ChargeSucceeded(_));
        self.will(at, fact);
        if is_taken {
            self.object(token, charge, amount, at);
        }
        if is_taken && token == DEBIT_PULLED_BACK && notification == Notification::Delayed {
            let reversed = ChargeReversed::of(charge, amount).because(DebitFailure::InsufficientFunds);
            self.will(later(at, 2), Fact::ChargeReversed(reversed));
        }
    }

    pub(super) fn authorize(
        &mut self,
        (charge, amount, method): (ChargeId, Money, PaymentMethod),
        token: Option<&str>,
        now: Timestamp,
    ) {
        let token = token.unwrap_or_default();
        if token == NEVER_ANSWERS {
            return;
        }
        if token == AUTHENTICATION_REQUIRED {
            return self.will(now, Fact::ActionRequired(ActionRequired::of(charge, NextAction::Authenticate)));
        }
        let fact = match refusal(token) {
            Some(failure) => Fact::ChargeFailed(ChargeFailed { charge: charge.into(), failure }),
            None => {
                let card = method.is_card().then(|| card(token));
                Fact::ChargeAuthorized(ChargeAuthorized { card, ..ChargeAuthorized::of(charge, amount) })
            }
        };
        self.will(now, fact);
    }

    /// A payer does what was asked of them: the attempt goes on, at once or when the host says so.
    ///
    /// # Errors
    /// [`Error::NotFound`] where there is no such payment, and [`PaymentError`](crate::payments::PaymentError) where nobody has tried to
    /// collect it.
    pub fn complete_action(&mut self, platform: &mut Platform, payment: PaymentId) -> Result<(), Error> {
        let charge = platform.charge_of(payment)?.id();
        self.will(platform.now(), Fact::ActionCompleted(ActionCompleted { charge: charge.into() }));
        self.settle(platform)
    }

    /// A payer does not do what was asked of them, or not well enough.
    ///
    /// # Errors
    /// As [`complete_action`](Self::complete_action).
    pub fn fail_action(&mut self, platform: &mut Platform, payment: PaymentId) -> Result<(), Error> {
        let charge = platform.charge_of(payment)?.id().into();
        let failure = DeclineCode::AuthenticationRequired.into();
        self.will(platform.now(), Fact::ChargeFailed(ChargeFailed { charge, failure }));
        self.settle(platform)
    }

    /// What becomes of an attempt whose payer has done what was theirs: it takes the money, or has it held ready.
    pub(super) fn go_on(&mut self, platform: &Platform, id: ChargeId) {
        let Ok(charge) = platform.charge(id) else { return };
        let Ok(payment) = platform.payment(charge.payment()) else { return };
        let card = charge.method().is_card().then(|| card(payment.token().unwrap_or_default()));
        let amount = charge.amount();
        let fact = if payment.captured_later().is_some() {
            Fact::ChargeAuthorized(ChargeAuthorized { card, ..ChargeAuthorized::of(id, amount) })
        } else {
            Fact::ChargeSucceeded(ChargeSucceeded { card, ..ChargeSucceeded::of(id, amount) })
        };
        self.will(platform.now(), fact);
    }

    pub(super) fn capture(&mut self, platform: &Platform, charge: ChargeId, taken: ChargeCaptured, now: Timestamp) {
        let payment = platform.charge(charge).and_then(|charge| platform.payment(charge.payment()));
        let token = payment.ok().and_then(|payment| payment.token());
        if token == Some(CAPTURE_NEVER_ANSWERS) {
            return;
        }
        let (is_first, amount) = (taken.capture == 1, taken.amount);
        self.will(now, Fact::ChargeCaptured(taken));
        if is_first {
            self.object(token.unwrap_or_default(), charge, amount, now);
        }
    }
}

/// The card that a test token stands for: Visa, unless it names another one.
// RULE: docs.stripe.com/testing (2026).
pub(super) fn card(token: &str) -> PaymentCard {
    let (brand, funding) = match token {
        "pm_card_amex" => (CardBrand::AmericanExpress, CardFunding::Credit),
        "pm_card_diners" => (CardBrand::DinersClub, CardFunding::Credit),
        "pm_card_discover" => (CardBrand::Discover, CardFunding::Credit),
        "pm_card_jcb" => (CardBrand::Jcb, CardFunding::Credit),
        "pm_card_mastercard" => (CardBrand::Mastercard, CardFunding::Credit),
        "pm_card_mastercard_debit" => (CardBrand::Mastercard, CardFunding::Debit),
        "pm_card_mastercard_prepaid" => (CardBrand::Mastercard, CardFunding::Prepaid),
        "pm_card_unionpay" => (CardBrand::UnionPay, CardFunding::Credit),
        "pm_card_visa_debit" => (CardBrand::Visa, CardFunding::Debit),
        _ => (CardBrand::Visa, CardFunding::Credit),
    };
    PaymentCard { brand, funding: Some(funding), country: None, wallet: None }
}

/// The documented reason for which a test token is refused.
// RULE: docs.stripe.com/testing (2026).
pub(super) fn refusal(token: &str) -> Option<ChargeFailure> {
    match token {
        DECLINED | "pm_card_visa_chargeDeclined" => Some(DeclineCode::GenericDecline.into()),
        INSUFFICIENT_FUNDS | "pm_card_visa_chargeDeclinedInsufficientFunds" => {
            Some(DeclineCode::InsufficientFunds.into())
        }
        "pm_card_chargeDeclinedExpiredCard" => Some(DeclineCode::ExpiredCard.into()),
        "pm_card_chargeDeclinedProcessingError" => Some(DeclineCode::ProcessingError.into()),
        "pm_card_visa_chargeDeclinedFraudulent" => Some(DeclineCode::Fraudulent.into()),
        "pm_card_visa_chargeDeclinedLostCard" => Some(DeclineCode::LostCard.into()),
        "pm_card_visa_chargeDeclinedStolenCard" => Some(DeclineCode::StolenCard.into()),
        "pm_card_chargeDeclinedIncorrectCvc" => Some(DeclineCode::IncorrectCvc.into()),
        DEBIT_REFUSED | "pm_usBankAccount_accountClosed" => Some(DebitFailure::AccountClosed.into()),
        "pm_usBankAccount_debitNotAuthorized" => Some(DebitFailure::DebitNotAuthorized.into()),
        "pm_usBankAccount_insufficientFunds" => Some(DebitFailure::InsufficientFunds.into()),
        _ => None,
    }
}
