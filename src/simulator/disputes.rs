//! Payers and banks that want their money back.

use super::World;
use crate::calendar::Timestamp;
use crate::ids::{ChargeId, DisputeId};
use crate::journal::Fact;
use crate::money::Money;
use crate::payments::{
    DisputeCase, DisputeChange, DisputeChanged, DisputeOpened, DisputeReason, DisputeStatus, FraudType, FraudWarned,
};
use crate::platform::Platform;
use crate::rulebook::CardBrand;

/// The token of a card whose payments are disputed as fraudulent (docs.stripe.com/testing, 2026).
pub const DISPUTED: &str = "pm_card_createDispute";
/// The token of a card whose payments are disputed because nothing came (docs.stripe.com/testing, 2026).
pub const DISPUTED_NOT_RECEIVED: &str = "pm_card_createDisputeProductNotReceived";
/// The token of a card whose bank asks about its payments (docs.stripe.com/testing, 2026).
pub const INQUIRED: &str = "pm_card_createDisputeInquiry";
/// The token of a card whose bank warns of fraud (docs.stripe.com/testing, 2026).
pub const WARNED: &str = "pm_card_createIssuerFraudRecord";
/// Evidence that wins (docs.stripe.com/testing, 2026).
pub const WINNING_EVIDENCE: &str = "winning_evidence";
/// Evidence that loses (docs.stripe.com/testing, 2026).
pub const LOSING_EVIDENCE: &str = "losing_evidence";
/// Evidence upon which an inquiry becomes a chargeback (docs.stripe.com/testing, 2026).
pub const ESCALATING_EVIDENCE: &str = "escalate_inquiry_evidence";

/// Until when a dispute can be answered in this world.
// RULE: in test mode a little more than nine days after it was opened (recorded exchanges, 2023-2025).
fn respond_by(at: Timestamp) -> Timestamp {
    at.midnight().plus_days(10).unwrap_or(Timestamp::MAX)
}

impl World {
    /// What comes of a payment that was taken, as its card's token says.
    pub(super) fn object(&mut self, token: &str, charge: ChargeId, amount: Money, at: Timestamp) {
        let (case, reason) = match token {
            DISPUTED => (DisputeCase::Chargeback, DisputeReason::Fraudulent),
            DISPUTED_NOT_RECEIVED => (DisputeCase::Chargeback, DisputeReason::ProductNotReceived),
            INQUIRED => (DisputeCase::Inquiry, DisputeReason::Fraudulent),
            WARNED => {
                let reference = format!("world-warning-{charge}");
                let fraud_type = FraudType::MadeWithStolenCard;
                return self.will(at, Fact::FraudWarned(FraudWarned { charge: charge.into(), reference, fraud_type }));
            }
            _ => return,
        };
        let reference = format!("world-dispute-{charge}");
        let opened = DisputeOpened {
            charge: charge.into(),
            reference: reference.clone(),
            amount,
            reason,
            case,
            network: Some(CardBrand::Visa),
            respond_by: Some(respond_by(at)),
            settled: None,
        };
        self.will(at, Fact::DisputeOpened(opened));
        if case == DisputeCase::Chargeback {
            let (dispute, change) = (reference.as_str().into(), DisputeChange::FundsWithdrawn);
            self.will(at, Fact::DisputeChanged(DisputeChanged { dispute, change }));
        }
    }

    /// What a bank makes of the evidence; of any other than the documented words it never says anything.
    pub(super) fn judge(&mut self, platform: &Platform, dispute: DisputeId, evidence: &str) {
        let Ok(status) = platform.dispute(dispute).map(|dispute| dispute.status()) else { return };
        if !self.judged.insert((dispute, status)) {
            return;
        }
        let (now, is_inquiry) = (platform.now(), status == DisputeStatus::WarningUnderReview);
        let mut tell = |change| {
            self.will(now, Fact::DisputeChanged(DisputeChanged { dispute: dispute.into(), change }));
        };
        match evidence {
            WINNING_EVIDENCE | LOSING_EVIDENCE if is_inquiry => tell(DisputeChange::InquiryClosed),
            WINNING_EVIDENCE => tell(DisputeChange::Won),
            LOSING_EVIDENCE => tell(DisputeChange::Lost),
            ESCALATING_EVIDENCE if is_inquiry => {
                tell(DisputeChange::Escalated { respond_by: Some(respond_by(now)) });
                tell(DisputeChange::FundsWithdrawn);
            }
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::calendar::{days, utc};
    use crate::money::{Currency, usd};
    use crate::payments::{NewPayment, SubmitEvidence};
    use crate::platform::NewPlatform;
    use crate::rulebook::{Country, Rulebook};

    /// A payment of 20.00 with a card of this token, and what it leaves the platform with.
    fn sold(token: &str) -> (Platform, World, crate::ids::PaymentId) {
        let mut platform =
            Platform::new(NewPlatform::in_country(Country::US), Rulebook::standard(), utc(2026, 11, 2)).unwrap();
        let mut world = World::new();
        let sale = platform.payments().create("sale", NewPayment::card(usd(20_00)).token(token)).unwrap().answer;
        world.settle(&mut platform).unwrap();
        (platform, world, sale)
    }

    fn status(platform: &Platform, sale: crate::ids::PaymentId) -> DisputeStatus {
        platform.disputes_of(sale).unwrap().first().unwrap().status()
    }

    #[test]
    fn cards_whose_payments_are_disputed() {
        for (token, reason) in
            [(DISPUTED, DisputeReason::Fraudulent), (DISPUTED_NOT_RECEIVED, DisputeReason::ProductNotReceived)]
        {
            for (evidence, end, left) in [
                (WINNING_EVIDENCE, DisputeStatus::Won, 19_12 - 15_00),
                (LOSING_EVIDENCE, DisputeStatus::Lost, 19_12 - 50_00),
                ("silence", DisputeStatus::UnderReview, 19_12 - 50_00),
            ] {
                let (mut platform, mut world, sale) = sold(token);
                let dispute = platform.disputes_of(sale).unwrap().first().unwrap().id();
                assert_eq!(platform.dispute(dispute).unwrap().reason(), reason);
                assert_eq!(status(&platform, sale), DisputeStatus::NeedsResponse);
                platform.disputes().submit_evidence("answer", SubmitEvidence::new(dispute, evidence)).unwrap();
                world.settle(&mut platform).unwrap();
                assert_eq!(status(&platform, sale), end);
                assert_eq!(platform.balance(platform.id(), Currency::USD).unwrap().pending, left);
            }
        }
    }

    #[test]
    fn a_dispute_that_is_not_answered_is_lost() {
        let (mut platform, mut world, sale) = sold(DISPUTED);
        world.advance(&mut platform, days(9)).unwrap();
        assert_eq!(status(&platform, sale), DisputeStatus::NeedsResponse);
        world.advance(&mut platform, days(1)).unwrap();
        assert_eq!(status(&platform, sale), DisputeStatus::Lost);
    }

    #[test]
    fn a_card_whose_bank_asks_first() {
        for (evidence, end) in [
            (WINNING_EVIDENCE, DisputeStatus::WarningClosed),
            (LOSING_EVIDENCE, DisputeStatus::WarningClosed),
            (ESCALATING_EVIDENCE, DisputeStatus::NeedsResponse),
        ] {
            let (mut platform, mut world, sale) = sold(INQUIRED);
            assert_eq!(status(&platform, sale), DisputeStatus::WarningNeedsResponse);
            let dispute = platform.disputes_of(sale).unwrap().first().unwrap().id();
            platform.disputes().submit_evidence("answer", SubmitEvidence::new(dispute, evidence)).unwrap();
            world.settle(&mut platform).unwrap();
            assert_eq!(status(&platform, sale), end);
            if end == DisputeStatus::NeedsResponse {
                let again = SubmitEvidence::new(dispute, WINNING_EVIDENCE);
                platform.disputes().submit_evidence("again", again).unwrap();
                world.settle(&mut platform).unwrap();
                assert_eq!(status(&platform, sale), DisputeStatus::Won);
            }
        }
    }

    #[test]
    fn a_card_whose_bank_warns() {
        let (platform, _, sale) = sold(WARNED);
        assert_eq!(platform.disputes_of(sale).unwrap(), Vec::<&crate::payments::Dispute>::new());
        let warnings = platform.records().filter(|record| {
            matches!(record, crate::journal::Record::EarlyFraudWarning(known) if platform.is_actionable(known.id()) == Ok(true))
        });
        assert_eq!(warnings.count(), 1);
    }
}
