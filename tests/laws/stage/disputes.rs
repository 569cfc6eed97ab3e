//! Disputes and fraud warnings: what the world tells of them, and how they are answered.

use fundroute::ids::DisputeId;
use fundroute::payments::{
    ChargeReversed, DisputeCase, DisputeChange, DisputeChanged, DisputeOpened, DisputeReason, FraudType, FraudWarned,
    NamedDispute, SubmitEvidence,
};
use fundroute::rulebook::CardBrand;

use super::*;
use crate::rules::is_known_later;
use crate::story::Sum;

/// The number of a dispute is its reason as well, by which the model knows it again.
pub(crate) fn number_of(reason: DisputeReason) -> usize {
    DisputeReason::ALL.iter().position(|known| *known == reason).unwrap()
}

const CASES: [DisputeCase; 10] = [
    DisputeCase::Inquiry,
    DisputeCase::Inquiry,
    DisputeCase::Inquiry,
    DisputeCase::Compliance,
    DisputeCase::Block,
    DisputeCase::Resolution,
    DisputeCase::Chargeback,
    DisputeCase::Chargeback,
    DisputeCase::Chargeback,
    DisputeCase::Chargeback,
];

impl Stage {
    fn dispute(&self, pick: Pick) -> DisputeId {
        let known = self.ids(|id| if let ObjectId::Dispute(id) = id { Some(id) } else { None });
        pick.of(&known).unwrap_or(DisputeId::from_host(NOBODY))
    }

    /// A charge that was paid, mostly.
    fn disputable(&self, pick: Pick) -> ChargeId {
        let all = self.ids(|id| if let ObjectId::Charge(id) = id { Some(id) } else { None });
        let is_paid = |id: &ChargeId| self.platform.charge(*id).is_ok_and(|charge| charge.captured().is_some());
        let paid: Vec<ChargeId> = all.iter().copied().filter(is_paid).collect();
        pick.likely(&paid, &all).unwrap_or(ChargeId::from_host(NOBODY))
    }

    /// A debit that was paid, mostly.
    fn debit_paid(&self, pick: Pick) -> ChargeId {
        let all = self.ids(|id| if let ObjectId::Charge(id) = id { Some(id) } else { None });
        let is_paid_debit = |id: &ChargeId| {
            let charge = self.platform.charge(*id);
            charge.is_ok_and(|charge| charge.captured().is_some() && is_known_later(charge.method()))
        };
        let paid: Vec<ChargeId> = all.iter().copied().filter(is_paid_debit).collect();
        pick.likely(&paid, &all).unwrap_or(ChargeId::from_host(NOBODY))
    }

    /// A dispute of that number.
    fn opened(&self, (pick, by): (Pick, By), number: u8, amount: Sum, case: u8) -> DisputeOpened {
        let id = self.disputable(pick);
        let charge = self.platform.charge(id).ok();
        let whole = charge.map_or(usd(10_00), Charge::amount);
        let created = charge.map_or(self.platform.now(), Charge::created).midnight();
        let days = [Some(9), Some(21), None, Some(40), Some(60)][usize::from(number % 5)];
        let networks = [Some(CardBrand::Visa), Some(CardBrand::AmericanExpress), None, Some(CardBrand::Mastercard)];
        let amount = amount.of(whole.minor().into());
        // The world may say what it takes of the account; mostly where that has another currency.
        let conversion = charge.and_then(Charge::conversion);
        let told = conversion.map_or(whole.currency(), |conversion| conversion.to());
        // At a rate that has an end.
        let parts = if amount % 4 == 0 { 4 } else { 1 };
        let quarters = Money::new((amount / parts).saturating_mul(i64::from(number)), told);
        let says = number % 3 == 1 && (conversion.is_some() || case % 10 == 9);
        DisputeOpened {
            charge: self.named(id, by),
            reference: format!("dispute-{number}"),
            amount: Money::new(amount, whole.currency()),
            reason: DisputeReason::ALL[usize::from(number)],
            case: CASES[usize::from(case % 10)],
            network: networks[usize::from(number % 4)],
            respond_by: days.map(|days| created.plus_days(days).unwrap_or(Timestamp::MAX)),
            settled: says.then_some(quarters),
        }
    }

    pub(super) fn news_of_dispute(&self, step: &Step) -> Option<(Fact, i64)> {
        Some(match step {
            Step::Dispute { charge, number, amount, case, by, ago } => {
                let fact = self.opened((*charge, *by), *number, *amount, *case);
                // Of two that contradict each other it is clear which one was first.
                (Fact::DisputeOpened(fact), *ago + i64::from(self.count))
            }
            Step::Disputed { dispute, number, change, ago } => {
                let id = self.dispute(*dispute);
                let known = self.platform.dispute(id).ok();
                let dispute = match (number, known) {
                    (Some(number), _) => NamedDispute::Reference(format!("dispute-{number}")),
                    (None, Some(known)) if dispute.0 % 2 == 0 => {
                        NamedDispute::Reference(format!("dispute-{}", number_of(known.reason())))
                    }
                    (None, _) => NamedDispute::Id(id),
                };
                let whole = known.map_or(usd(10_00), |known| known.amount());
                let in_days = |days| self.platform.now().plus_days(days).unwrap_or(Timestamp::MAX);
                let change = match change {
                    0..=2 => DisputeChange::FundsWithdrawn,
                    4 | 5 => DisputeChange::Won,
                    6 => DisputeChange::Lost,
                    7 => DisputeChange::Escalated { respond_by: Some(in_days(7)) },
                    8 => DisputeChange::Escalated { respond_by: None },
                    3 | 9 | 14 => DisputeChange::InquiryClosed,
                    10 => DisputeChange::Prevented,
                    11 => DisputeChange::PartlyWon { amount: Money::new(whole.minor() / 3, whole.currency()) },
                    12 | 15 => DisputeChange::Appealed { respond_by: in_days(5) },
                    _ => DisputeChange::FundsReinstated,
                };
                (Fact::DisputeChanged(DisputeChanged { dispute, change }), *ago)
            }
            Step::PulledBack { charge, amount, why, by, ago } => {
                let id = self.debit_paid(*charge);
                let whole = self.platform.charge(id).map_or(usd(10_00), Charge::amount);
                let amount = Money::new(amount.of(whole.minor().into()), whole.currency());
                let fact = ChargeReversed::of(self.named(id, *by), amount);
                let reasons = DebitFailure::ALL;
                let reason = reasons.get(usize::from(*why % 16)).copied();
                (Fact::ChargeReversed(ChargeReversed { failure: reason, ..fact }), *ago)
            }
            Step::Warned { charge, number, by, ago } => {
                let charge = self.named(self.disputable(*charge), *by);
                let (reference, fraud_type) = (format!("warning-{number}"), FraudType::Misc);
                (Fact::FraudWarned(FraudWarned { charge, reference, fraud_type }), *ago)
            }
            _ => return None,
        })
    }

    pub(super) fn answer_dispute(&self, step: &Step) -> (Command, Option<AccountId>) {
        let owner = |id| {
            let charge = self.platform.dispute(id).ok()?.charge();
            Some(self.platform.charge(charge).ok()?.owner())
        };
        match step {
            Step::Answer { dispute, automated, acknowledged, on } => {
                let dispute = self.dispute(*dispute);
                let mut evidence = SubmitEvidence::new(dispute, format!("evidence-{}", self.count));
                (evidence.automated, evidence.fee_acknowledged) = (*automated, *acknowledged);
                (Command::SubmitEvidence(evidence), self.on(*on, owner(dispute)))
            }
            Step::GiveIn { dispute, on } => {
                let dispute = self.dispute(*dispute);
                (Command::AcceptDispute(dispute), self.on(*on, owner(dispute)))
            }
            _ => panic!("{step:?} answers nothing"),
        }
    }
}
