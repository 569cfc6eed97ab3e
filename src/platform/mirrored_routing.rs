//! Transfers and commissions that a provider made by itself, and what it took back of them.

use super::Transaction;
use super::mirrored::{Halt, in_range, part_of};
use crate::accounts::AccountError;
use crate::ids::{ApplicationFeeId, ApplicationFeeRefundId, ObjectId, TransferId, TransferReversalId};
use crate::journal::{AnomalyReason, Told};
use crate::ledger::EntryKind;
use crate::mirror::{FeeCollected, ProviderFee, ProviderFeeRefund, ProviderReversal, ProviderTransfer};
use crate::payments::{Charge, Flow, PaymentIntent};
use crate::routing::{
    ApplicationFee, ApplicationFeeRefund, Dates, FeeReturned, FeeSource, Returned, RoutingEvent, Sent, Transfer,
    TransferReversal,
};

/// The record has no room for one more object that is born of it.
fn full<E>(_why: E) -> Halt {
    Halt::Odd(AnomalyReason::TooMany)
}

impl Transaction<'_> {
    pub(super) fn provider_transfer(&mut self, report: Told<'_>, fact: &ProviderTransfer) -> Result<ObjectId, Halt> {
        let ProviderTransfer { amount, sent_on, received_on, .. } = *fact;
        let recipient = self.account_named(&fact.destination)?;
        self.want_moved(&[recipient], amount.currency())?;
        in_range(amount.minor(), 0)?;
        if recipient == self.platform {
            return Err(Halt::Odd(AnomalyReason::WrongParty));
        }
        let source = fact.charge.as_ref().map(|named| self.charge_told(named)).transpose()?;
        self.can_receive(recipient)?;
        let (id, charge) = match source {
            None => {
                let family = self.reference_of("provider_transfer", &fact.reference).family(report.at);
                (TransferId::of(family, 0), None)
            }
            Some(charge) => {
                if charge.owner() != self.platform {
                    return Err(Halt::Odd(AnomalyReason::WrongParty));
                }
                // Those before it may have been taken back, which may be told later: each by itself is no more than the charge.
                part_of(amount, charge.amount_captured())?;
                let mut payment = self.take::<PaymentIntent>(charge.payment())?;
                let id = TransferId::of(payment.id().family(), payment.bear().map_err(full)?);
                let is_for = matches!(*payment.flow(), Flow::Destination { account, .. } if account == recipient);
                let own = (is_for && charge.transfer().is_none()).then_some(id);
                let next = charge.sent(amount.minor(), own).ok_or(Halt::Odd(AnomalyReason::OutOfRange))?;
                self.put(payment);
                self.put(next);
                (id, Some(charge.id()))
            }
        };
        let dates = Dates { sent: sent_on, received: received_on };
        let sent = Sent {
            from: self.platform,
            to: recipient,
            transfer: id,
            amount,
            received: amount,
            processor_fee: 0,
            application_fee: 0,
            dates,
            now: self.now,
        };
        self.post(EntryKind::Transfer, id, &sent.lines(), &[])?;
        self.put(Transfer::new(id, recipient, amount, charge, report.at, dates));
        self.event(RoutingEvent::TransferCreated, id, None);
        Ok(id.into())
    }

    pub(super) fn provider_reversal(&mut self, report: Told<'_>, fact: &ProviderReversal) -> Result<ObjectId, Halt> {
        let ProviderReversal { amount, taken_on, returned_on, .. } = *fact;
        let known = self.named_by_provider("provider_transfer", &fact.transfer)?;
        let ObjectId::Transfer(transfer) = known else { return Err(Halt::Odd(AnomalyReason::ReferenceTaken)) };
        let transfer = self.take::<Transfer>(transfer)?;
        let (to, from) = (self.platform, transfer.destination());
        self.want_moved(&[from], amount.currency())?;
        part_of(amount, transfer.amount())?;
        let next = transfer.reverse(amount.minor()).map_err(|_| Halt::Odd(AnomalyReason::AmountDiffers))?;
        let (next, ordinal) = match transfer.source() {
            None => next.bear().ok_or(AccountError::FamilyFull(from)).map_err(full)?,
            Some(source) => {
                let charge = self.get::<Charge>(source)?;
                let mut payment = self.take::<PaymentIntent>(charge.payment())?;
                let ordinal = payment.bear().map_err(full)?;
                let less = charge.sent(amount.minor().saturating_neg(), None);
                self.put(less.ok_or(Halt::Odd(AnomalyReason::OutOfRange))?);
                self.put(payment);
                (next, ordinal)
            }
        };
        let id = TransferReversalId::of(transfer.id().family(), ordinal);
        let dates = Dates { sent: returned_on, received: taken_on };
        let returned = Returned { to, from, reversal: id, amount, taken: amount, dates, now: self.now };
        self.post(EntryKind::TransferReversal, id, &returned.lines(), &[])?;
        self.put(TransferReversal::new(id, transfer.id(), amount, None, report.at));
        self.put(next);
        self.event(RoutingEvent::TransferReversed, transfer.id(), None);
        Ok(id.into())
    }

    pub(super) fn provider_fee(&mut self, report: Told<'_>, fact: &ProviderFee) -> Result<ObjectId, Halt> {
        let ProviderFee { amount, paid_on, received_on, .. } = *fact;
        let payer = self.account_named(&fact.account)?;
        self.want_moved(&[payer], amount.currency())?;
        let charge = self.charge_told(&fact.charge)?;
        part_of(amount, charge.amount_captured())?;
        let mut payment = self.take::<PaymentIntent>(charge.payment())?;
        // RULE: the account of a direct charge pays it, or the recipient of a destination charge
        // (docs.stripe.com/connect/direct-charges and /destination-charges, 2026).
        let party = match *payment.flow() {
            Flow::Direct { account, .. } | Flow::Destination { account, .. } => Some(account),
            Flow::Separate => None,
        };
        if party != Some(payer) {
            return Err(Halt::Odd(AnomalyReason::WrongParty));
        }
        if charge.application_fee().is_some() {
            return Err(Halt::Odd(AnomalyReason::CommissionKnown));
        }
        let id = ApplicationFeeId::of(payment.id().family(), payment.bear().map_err(full)?);
        let next = charge.with_fee(id).ok_or(Halt::Odd(AnomalyReason::NotAsked))?;
        let platform = self.platform;
        let collected = FeeCollected { platform, payer, fee: id, amount, paid_on, received_on, now: self.now };
        self.post(EntryKind::ApplicationFee, id, &collected.lines(), &[])?;
        self.put(ApplicationFee::new(id, payer, FeeSource::Charge(charge.id()), amount, report.at));
        self.put(payment);
        self.put(next);
        self.event(RoutingEvent::ApplicationFeeCreated, id, None);
        Ok(id.into())
    }

    pub(super) fn provider_fee_refund(&mut self, report: Told<'_>, fact: &ProviderFeeRefund) -> Result<ObjectId, Halt> {
        let ProviderFeeRefund { amount, given_on, returned_on, .. } = *fact;
        let known = self.named_by_provider("provider_fee", &fact.fee)?;
        let ObjectId::ApplicationFee(fee) = known else { return Err(Halt::Odd(AnomalyReason::ReferenceTaken)) };
        let fee = self.take::<ApplicationFee>(fee)?;
        self.want_moved(&[fee.account()], amount.currency())?;
        part_of(amount, fee.amount())?;
        let next = fee.refund(amount.minor()).map_err(|_| Halt::Odd(AnomalyReason::AmountDiffers))?;
        let FeeSource::Charge(charge) = fee.source() else { return Err(Halt::Odd(AnomalyReason::ReferenceTaken)) };
        let payment = self.get::<Charge>(charge)?.payment();
        let mut payment = self.take::<PaymentIntent>(payment)?;
        let id = ApplicationFeeRefundId::of(payment.id().family(), payment.bear().map_err(full)?);
        let refund = ApplicationFeeRefund::new(id, fee.id(), amount, None, report.at);
        let (platform, to, now) = (self.platform, fee.account(), self.now);
        let tax = refund.tax_both_ways()?;
        let dates = Dates { sent: given_on, received: returned_on };
        let returned = FeeReturned { platform, to, refund: id, given: amount, back: amount, tax, dates, now };
        self.post(EntryKind::ApplicationFeeRefund, id, &returned.lines(), &[])?;
        self.put(refund);
        self.put(next);
        self.put(payment);
        self.event(RoutingEvent::ApplicationFeeRefunded, fee.id(), None);
        Ok(id.into())
    }
}
