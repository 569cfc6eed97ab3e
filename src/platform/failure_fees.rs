use super::{Error, Transaction};
use crate::accounts::{Account, ProcessorFee};
use crate::ledger::{EntryKind, Lines};
use crate::payments::{Charge, ChargeFailure, ChargeState, FailedDebit, PaymentIntent};
use crate::rulebook::MethodFees;

impl Transaction<'_> {
    /// Books what the processor takes because a debit failed, or gives it back where its money came after all.
    // RULE: a failed payment by a local method costs a fee, by the currency in which it settles (docs.stripe.com/payments/sepa-debit,
    // 2024), which whoever the controller says pays (docs.stripe.com/connect/direct-charges-fee-payer-behavior, 2026). That it is taken
    // out of what is available, in a line of its own, and comes back where the failure did not hold, is our reading.
    // INVARIANT: it follows from how the charge stands, and not from what was told before.
    pub(super) fn settle_failure_fee(&mut self, payment: &PaymentIntent, charge: Charge) -> Result<Charge, Error> {
        let (due, currency) = (self.failure_fee_due(&charge), charge.settlement_currency());
        let more = due.saturating_sub(charge.failure_fee().minor());
        if more == 0 {
            return Ok(charge);
        }
        self.want_parties(payment, &charge)?;
        let owner = self.get::<Account>(charge.owner())?;
        let payer = self.bears(payment, &owner, ProcessorFee::FailedLocalPayment);
        let failed = FailedDebit { payer, charge: charge.id(), currency, now: self.now };
        let mut lines = Lines::new();
        lines.extend(failed.fee(more));
        let postings: Vec<_> = Self::fee_of(more, currency).into_iter().collect();
        self.post(EntryKind::FailureFee, charge.id(), &lines, &postings)?;
        Ok(charge.with_failure_fee(due))
    }

    /// What the processor takes for an attempt as it stands, in minor units.
    fn failure_fee_due(&self, charge: &Charge) -> i64 {
        let (at, failure) = match *charge.state() {
            ChargeState::Failed { at, failure } => (at, failure),
            ChargeState::Pending { .. }
            | ChargeState::Authorized
            | ChargeState::Released { .. }
            | ChargeState::Succeeded(_) => return 0,
        };
        match failure {
            ChargeFailure::Debit(_) => {
                let fees = self.rulebook.method_fees(charge.method(), charge.settlement_currency(), at);
                fees.and_then(MethodFees::failure).map_or(0, |fee| fee.minor())
            }
            ChargeFailure::Card(_)
            | ChargeFailure::PaymentExpired
            | ChargeFailure::PaymentCanceled
            | ChargeFailure::Reader(_) => 0,
        }
    }
}
