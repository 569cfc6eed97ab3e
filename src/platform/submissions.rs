//! Debits on their way: what payers' banks were asked for and have not answered.

use super::{Error, Transaction};
use crate::accounts::Account;
use crate::calendar::Timestamp;
use crate::ledger::{EntryKind, LedgerAccount, Lines};
use crate::money::Money;
use crate::payments::{Charge, ChargeState, PaymentIntent, PaymentStatus, Submitted};
use crate::rulebook::Notification;

impl Transaction<'_> {
    /// Books the difference between what of an attempt is on the balance as on its way and what has to be, by how the payment stands.
    /// What succeeds is booked with its success.
    // RULE: a payment that is known later is a pending `payment` at once, and a `payment_failure_refund` of the same size takes it off
    // where it fails (docs.stripe.com/reports/balance-transaction-types, 2024). That it is off the balance while its payer has
    // something to do, because no bank has been asked yet, is our reading.
    // INVARIANT: it follows from how the charge stands, and not from what was told before.
    pub(super) fn settle_submission(&mut self, payment: &PaymentIntent, charge: Charge) -> Result<Charge, Error> {
        let (due, known) = (self.submission_due(payment, &charge), charge.submitted());
        let more = due.saturating_sub(known.minor());
        if more == 0 {
            return Ok(charge);
        }
        self.want_parties(payment, &charge)?;
        let submitted = self.submitted(payment, &charge)?;
        let settled = charge.settled_part(known.minor(), due)?;
        let (kind, line) = match charge.state() {
            ChargeState::Failed { .. } => (EntryKind::PaymentFailure, submitted.failed(settled.minor())),
            ChargeState::Pending { .. }
            | ChargeState::Authorized
            | ChargeState::Released { .. }
            | ChargeState::Succeeded(_) => (EntryKind::Submission, submitted.line(settled.minor())),
        };
        let currency = known.currency();
        let mut postings = Self::exchanged(Money::new(more, currency), settled)?;
        postings.push(Self::posting(LedgerAccount::Payers, more.saturating_neg(), currency));
        self.post(kind, charge.id(), &[line], &postings)?;
        Ok(charge.with_submitted(due))
    }

    /// What of an attempt is on its way, in minor units.
    fn submission_due(&self, payment: &PaymentIntent, charge: &Charge) -> i64 {
        if charge.step().is_none() || payment.status() != PaymentStatus::Processing {
            return 0;
        }
        match self.rulebook.payment_method(charge.method()).notification() {
            Notification::Delayed => charge.amount().minor(),
            Notification::Immediate | Notification::Voucher => 0,
        }
    }

    /// Takes a charge of which money has come off its way, with a line that says so; tells how much it was, in minor units of its own
    /// currency.
    pub(super) fn arrived(
        &mut self,
        payment: &PaymentIntent,
        charge: &mut Charge,
        lines: &mut Lines,
    ) -> Result<i64, Error> {
        let on_its_way = charge.submitted().minor();
        if on_its_way != 0 {
            let settled = charge.settled(on_its_way)?.checked_neg()?;
            lines.push(self.submitted(payment, charge)?.line(settled.minor()));
            *charge = charge.clone().with_submitted(0);
        }
        Ok(on_its_way)
    }

    /// How a debit on its way is booked.
    fn submitted(&mut self, payment: &PaymentIntent, charge: &Charge) -> Result<Submitted, Error> {
        let merchant = self.merchant_of(payment, charge.owner());
        let merchant = self.get::<Account>(merchant)?;
        let available_on = self.available_on((charge.delay(), charge.created()), &merchant)?.unwrap_or(Timestamp::MAX);
        let currency = charge.settlement_currency();
        Ok(Submitted { owner: charge.owner(), charge: charge.id(), currency, available_on })
    }
}
