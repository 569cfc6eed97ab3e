//! What the world tells.

use super::*;

impl Stage {
    pub(super) fn fact(&self, step: &Step) -> Option<(Fact, i64)> {
        Some(match step {
            Step::Review { who, capability, status, ago } => (self.review(*who, *capability, *status), *ago),
            Step::Submitted { charge, misnamed, ago } => {
                let charge = self.charge(*charge, false);
                let own = self.reference(charge);
                let reference = misnamed.map_or(own, |number| format!("reference-{number}"));
                (Fact::ChargeSubmitted(ChargeSubmitted { charge, reference }), *ago)
            }
            Step::Succeeded { charge, open, by, amount, ago } => {
                let charge = self.charge(*charge, *open);
                let whole = self.platform.charge(charge).map_or(usd(10_00), Charge::amount);
                let amount = Money::new(amount.of(whole.minor().into()), whole.currency());
                (Fact::ChargeSucceeded(ChargeSucceeded::of(self.named(charge, *by), amount)), *ago)
            }
            Step::Failed { charge, open, by, why, ago } => {
                let id = self.charge(*charge, *open);
                // Debits fail as debits do, mostly.
                let is_card = self.platform.charge(id).is_ok_and(|charge| charge.method().is_card());
                let card = [
                    ChargeFailure::Card(DeclineCode::GenericDecline),
                    ChargeFailure::Card(DeclineCode::InsufficientFunds),
                    ChargeFailure::Debit(DebitFailure::AccountClosed),
                    ChargeFailure::Card(DeclineCode::ExpiredCard),
                    ChargeFailure::Card(DeclineCode::ProcessingError),
                ];
                let debit = [
                    ChargeFailure::Debit(DebitFailure::AccountClosed),
                    ChargeFailure::Debit(DebitFailure::InsufficientFunds),
                    ChargeFailure::Debit(DebitFailure::ReferToCustomer),
                    ChargeFailure::Card(DeclineCode::GenericDecline),
                    ChargeFailure::Debit(DebitFailure::DebitDisputed),
                ];
                let failure = if is_card { card } else { debit }[usize::from(*why % 5)];
                let charge = self.named(id, *by);
                (Fact::ChargeFailed(ChargeFailed { charge, failure }), *ago)
            }
            Step::OfPayer { charge, open, by, what, ago } => {
                let later = |charge: &Charge| matches!(charge.state(), ChargeState::Pending { .. });
                let held = self.held(*charge, *open, later);
                let id = if what & 1 == 1 { held } else { self.charge(*charge, *open) };
                (about_payer(self.named(id, *by), *what >> 1, self.platform.now()), *ago)
            }
            Step::AboutRefund { refund, what, ago } => {
                let refund = refund.of(&self.refunds()).unwrap_or(RefundId::from_host(NOBODY));
                (about_refund(refund, *what), *ago)
            }
            Step::PayoutSubmitted { payout, ago } => {
                (Fact::PayoutSubmitted(PayoutSubmitted { payout: self.payout(*payout) }), *ago)
            }
            Step::PayoutPaid { payout, ago } => (Fact::PayoutPaid(PayoutPaid { payout: self.payout(*payout) }), *ago),
            Step::PayoutFailed { payout, code, ago } => {
                let failure_code = FAILURE_CODES[usize::from(*code % 4)].to_owned();
                (Fact::PayoutFailed(PayoutFailed { payout: self.payout(*payout), failure_code }), *ago)
            }
            Step::PayoutCanceled { payout, ago } => {
                (Fact::PayoutCanceled(PayoutCanceled { payout: self.payout(*payout) }), *ago)
            }
            Step::PayoutTraced { payout, trace, ago } => (about_trace(self.payout(*payout), *trace), *ago),
            Step::Kept { who, number, amount, coin, ago } => (self.kept(*who, *number, *amount, *coin), *ago),
            Step::AboutTopUp { .. } => return self.about_top_up(step),
            Step::AboutTax { .. } => return self.about_tax(step),
            _ => return self.about_captures(step).or_else(|| self.news_of_dispute(step)),
        })
    }

    pub(super) fn review(&self, who: Pick, capability: u8, status: u8) -> Fact {
        let account = self.account(who);
        let own: Vec<Capability> = self.platform.account(account).map_or_else(
            |_| Vec::new(),
            |account| account.capabilities().iter().map(|state| state.capability()).collect(),
        );
        let capability = match capability {
            0..8 if !own.is_empty() => own[usize::from(capability) % own.len()],
            other => CAPABILITIES[usize::from(other) % CAPABILITIES.len()],
        };
        let status = if status < 4 { CapabilityStatus::Active } else { CapabilityStatus::Inactive };
        Fact::CapabilityReviewed(CapabilityReviewed { account, capability, status })
    }
}

/// What the world may say about a refund.
/// What the payer of an attempt has to do or has done; now and then with an end that is near, or past.
pub(crate) fn about_payer(charge: Named, what: u8, now: Timestamp) -> Fact {
    let action =
        [NextAction::Authenticate, NextAction::Redirect, NextAction::VerifyMicrodeposits][usize::from(what % 3)];
    let end = now.checked_add(TimeDelta::hours(i64::from(what) - 20)).ok();
    match what / 3 % 4 {
        0 => Fact::ActionRequired(ActionRequired::of(charge, action)),
        1 => Fact::ActionRequired(ActionRequired { charge, action, expires_at: end }),
        _ => Fact::ActionCompleted(ActionCompleted { charge }),
    }
}

/// By which id a bank finds a payout: one of two, one that says nothing, or none.
pub(crate) fn about_trace(payout: PayoutId, which: u8) -> Fact {
    let trace_id = [Some("trace"), Some("another trace"), Some(""), None][usize::from(which % 4)];
    Fact::PayoutTraced(PayoutTraced { payout, trace_id: trace_id.map(str::to_owned) })
}

pub(crate) fn about_refund(refund: RefundId, what: u8) -> Fact {
    let reasons = RefundFailure::ALL;
    match what % 11 {
        9 => Fact::RefundTraced(RefundTraced { refund, shows_as: CardRefund::Refund }),
        10 => Fact::RefundTraced(RefundTraced { refund, shows_as: CardRefund::Reversal }),
        0..=2 => Fact::RefundSucceeded(RefundSucceeded { refund }),
        3 | 4 => Fact::RefundUnderWay(RefundUnderWay { refund }),
        5 => Fact::RefundCanceled(RefundCanceled { refund }),
        other => Fact::RefundFailed(RefundFailed { refund, reason: reasons[usize::from(other) % reasons.len()] }),
    }
}
