//! Debits that payers' banks pull back after they had paid, without a dispute.

use super::{Error, Transaction};
use crate::ids::{ChargeId, ObjectId};
use crate::journal::{AnomalyReason, EventKind, FactOutcome, Key, Told};
use crate::ledger::{EntryKind, LedgerAccount};
use crate::money::Money;
use crate::payments::{Charge, ChargeReversed, Contest, PaymentEvent, Reversed};
use crate::payouts::Claim;
use crate::rulebook::Notification;

impl Transaction<'_> {
    /// Takes up that a payer's bank has pulled a charge back. Told before its success, it waits for that.
    // RULE: of a debit a bank may pull back what it had paid (docs.stripe.com/reports/balance-transaction-types, 2024). That this is a
    // matter of the methods whose success is known later, and that the earliest of several tellings holds, is our reading.
    pub(super) fn charge_reversed(
        &mut self,
        report: Told<'_>,
        id: ChargeId,
        fact: &ChargeReversed,
    ) -> Result<FactOutcome, Error> {
        let charge = self.take::<Charge>(id)?;
        match self.rulebook.payment_method(charge.method()).notification() {
            Notification::Delayed => {}
            Notification::Immediate | Notification::Voucher => {
                return Ok(self.contradicts(report, AnomalyReason::NotReversible));
            }
        }
        if fact.amount.currency() != charge.amount().currency() || !fact.amount.is_positive() {
            return Ok(self.contradicts(report, AnomalyReason::AmountDiffers));
        }
        self.want(&[Key::Reference(self.success_of(id))])?;
        let contest = charge.contest();
        if charge.captured().is_none() {
            self.put(charge.with_contest(Contest { awaited: true, ..contest }));
            return self.park(report, self.success_of(id));
        }
        if fact.amount.minor() > charge.amount_captured().minor() {
            return Ok(self.contradicts(report, AnomalyReason::AmountDiffers));
        }
        self.want_disputed(&charge)?;
        // INVARIANT: every telling is a claim, whether or not another one holds, so that the order is no matter.
        let claim = Claim { amount: charge.settled(fact.amount.minor())?.minor(), by: id.into() };
        let Some(next) = charge.pulled_back(report.at, fact) else {
            let is_claimed = self.claim_charge(&charge, claim)?;
            return Ok(if is_claimed { FactOutcome::Applied } else { FactOutcome::Stale });
        };
        let next = self.settle_reversal(next)?;
        self.claim_charge(&next, claim)?;
        self.tell_reversal(&charge);
        self.put(next);
        // The payer has the money, or a part of it: as with a dispute, no refund goes out that has not yet.
        if charge.reversal().is_none() {
            self.end_waiting_refunds(id)?;
        }
        Ok(FactOutcome::Applied)
    }

    /// Books the difference between what of a charge is taken from the balance because it was pulled back and what has to be. It comes
    /// from where refunds and disputes take their money. The commission, the transfer and the processor's fee stay where they are.
    // A bank pulls a debit back once: what a dispute has taken is not taken a second time, whichever of the two is told first. That the
    // dispute goes first, for it has a fee, a course and an end, is our own choice.
    // INVARIANT: it follows from how the charge stands, and not from what was told before.
    pub(super) fn settle_reversal(&mut self, charge: Charge) -> Result<Charge, Error> {
        let (due, known) = (charge.reversal_due(), charge.reversed());
        let more = due.saturating_sub(known.minor());
        if more == 0 {
            return Ok(charge);
        }
        let reversed = Reversed {
            owner: charge.owner(),
            charge: charge.id(),
            currency: charge.settlement_currency(),
            available_on: charge.first_date().unwrap_or(self.now),
            now: self.now,
        };
        // At the rate of the charge: no page says at which. So what is pulled back in parts comes to the same.
        let (settled, currency) = (charge.settled_part(known.minor(), due)?, known.currency());
        let mut postings = Self::exchanged(settled, Money::new(more, currency))?;
        postings.push(Self::posting(LedgerAccount::Payers, more, currency));
        self.post(EntryKind::PaymentReversal, charge.id(), &[reversed.line(settled.minor())], &postings)?;
        self.tell_reversal(&charge);
        Ok(charge.with_reversed(due))
    }

    /// Tells of a charge that it was pulled back, or more of that, and each time that this moves money.
    // INVARIANT: as many events as movements, or one where nothing moves, however much is taken up at once.
    fn tell_reversal(&mut self, charge: &Charge) {
        let id = ObjectId::from(charge.id());
        let event = EventKind::from(PaymentEvent::ChargeUpdated);
        let moved = self.changes.entries.iter().filter(|entry| entry.kind() == EntryKind::PaymentReversal);
        let moved = moved.filter(|entry| entry.cause() == id).count();
        let told = self.changes.events.iter().filter(|told| told.kind == event && told.object == id).count();
        if told < moved.max(1) {
            self.event(event, id, Some(charge.owner()));
        }
    }
}
