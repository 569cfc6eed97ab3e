//! Payments, refunds and payouts that a provider made by itself.

use chrono::TimeDelta;

use super::mirrored::{Halt, in_range, part_of};
use super::{Error, Transaction};
use crate::accounts::Account;
use crate::calendar::{Delay, Timestamp, days};
use crate::ids::{ChargeId, ObjectId, ParkedFactId, PaymentId, PayoutId, RefundId};
use crate::journal::{AnomalyReason, Digest, FactOutcome, Key, Told};
use crate::ledger::{EntryKind, LedgerAccount, Postings};
use crate::mirror::{
    PayoutFate, ProviderCharge, ProviderPayout, ProviderPayoutNews, ProviderRefund, ProviderRefundFailed,
};
use crate::payments::{
    Attempt, Charge, ChargeExchange, Contest, Flow, Heard, Legs, Named, NewPayment, NewRefund, PaymentEvent,
    PaymentIntent, Received, Refund, RefundFailed, RefundState, Refunded, Taken, Takes,
};
use crate::payouts::{
    Payout, PayoutCanceled, PayoutEvent, PayoutFailed, PayoutLine, PayoutPaid, PayoutTrigger, Plan, Silence,
};
use crate::routing::Share;

impl Transaction<'_> {
    pub(super) fn provider_charge(&mut self, report: Told<'_>, fact: &ProviderCharge) -> Result<ObjectId, Halt> {
        let ProviderCharge { amount, fee, available_on, method, .. } = *fact;
        let owner = self.account_named(&fact.account)?;
        let recipient = fact.destination.as_ref().map(|account| self.account_named(account)).transpose()?;
        self.want_moved(&[owner], amount.currency())?;
        self.can_receive(owner)?;
        in_range(amount.minor(), fee)?;
        let flow = match recipient {
            None if owner == self.platform => Flow::Separate,
            None => Flow::Direct { account: owner, application_fee: 0 },
            Some(account) if owner == self.platform && account != owner => {
                Flow::Destination { account, share: Share::Whole }
            }
            Some(_) => return Err(Halt::Odd(AnomalyReason::WrongParty)),
        };
        // Which of several facts is told first is no matter, so the id is made of the provider's reference.
        let family = self.reference_of("charge", &fact.reference).family(report.at);
        let command = NewPayment::by(method, amount);
        let mut payment = PaymentIntent::new(PaymentId::of(family, 0), &command, flow, report.at);
        payment.begin(None)?;
        let attempt = Attempt {
            id: payment.attempt()?,
            owner,
            amount,
            method,
            created: report.at,
            processor_fee: fee,
            delay: Delay::Calendar(0),
            exchange: ChargeExchange::default(),
        };
        let taken = Taken {
            at: report.at,
            available_on,
            total: amount.minor(),
            processor_fee: fee,
            transfer: None,
            transferred: 0,
            application_fee: None,
        };
        let charge = Charge::new(attempt).take(taken)?.told();
        let (id, payment) = (charge.id(), payment.succeed(method)?);
        let received = Received {
            owner,
            charge: id,
            method,
            amount: amount.minor(),
            let_go: 0,
            processor_fee: fee,
            application_fee: 0,
            currency: amount.currency(),
            available_on,
            now: self.now,
        };
        let payers = Self::posting(LedgerAccount::Payers, amount.minor().saturating_neg(), amount.currency());
        let postings: Postings = std::iter::once(payers).chain(Self::fee_of(fee, amount.currency())).collect();
        self.post(EntryKind::Charge, id, &[received.line()], &postings)?;
        self.event(PaymentEvent::Created, payment.id(), Some(owner));
        self.event(PaymentEvent::ChargeSucceeded, id, Some(owner));
        self.event(PaymentEvent::Succeeded, payment.id(), Some(owner));
        self.put(payment);
        self.put(charge);
        Ok(id.into())
    }

    /// The charge that a provider's fact names, once its money was taken, in one currency.
    pub(super) fn charge_told(&mut self, named: &Named) -> Result<Charge, Halt> {
        let id = self.named(named)?.map_err(Halt::Waits)?;
        let charge = self.take::<Charge>(id)?;
        self.want_moved(&[charge.owner()], charge.settlement_currency())?;
        if charge.captured().is_none() {
            let contest = charge.contest();
            self.put(charge.with_contest(Contest { awaited: true, ..contest }));
            return Err(Halt::Waits(self.success_of(id)));
        }
        if charge.conversion().is_some() {
            return Err(Halt::Odd(AnomalyReason::AmountDiffers));
        }
        Ok(charge)
    }

    /// Under what refunds wait for another one of the same charge to come to nothing.
    fn room_of(&self, charge: ChargeId) -> Digest {
        self.reference_of("room", &charge.to_string()).name
    }

    /// Under what it is kept which parked fact tells of a refund for which there is no room.
    fn without_room(&self, reference: &str) -> Digest {
        self.reference_of("without_room", reference).name
    }

    // INVARIANT: no more is given back than was taken. What the provider gives back beyond that, it does because another refund has come to
    // nothing, or this one has: it waits for word of that.
    pub(super) fn provider_refund(&mut self, report: Told<'_>, fact: &ProviderRefund) -> Result<ObjectId, Halt> {
        let ProviderRefund { amount, fee_returned, available_on, .. } = *fact;
        let charge = self.charge_told(&fact.charge)?;
        part_of(amount, charge.amount_captured())?;
        in_range(amount.minor(), fee_returned)?;
        let name = self.reference_of("provider_refund", &fact.reference).name;
        if amount.minor() > charge.left_to_give() && !self.is_awaited(name)? {
            let id = match report.parked {
                Some(id) => id,
                None => ParkedFactId::of(self.origin().family(self.now), 0),
            };
            self.put_reference(self.without_room(&fact.reference), Some(id.into()))?;
            return Err(Halt::Waits(self.room_of(charge.id())));
        }
        let mut payment = self.take::<PaymentIntent>(charge.payment())?;
        let ordinal = payment.bear().map_err(|_| Halt::Odd(AnomalyReason::TooMany))?;
        let next = charge.given_back(amount.minor()).ok_or(Halt::Odd(AnomalyReason::OutOfRange))?;
        let id = RefundId::of(payment.id().family(), ordinal);
        let takes = Takes { transfer: false, commission: false };
        let dates = (report.at, report.at);
        let refund = Refund::asked((id, charge.id()), amount, &NewRefund::of(payment.id()), takes, dates);
        let legs = Legs { processor_fee: fee_returned, ..Legs::default() };
        let refund = refund.booked(RefundState::Succeeded { at: report.at }, self.now, legs);
        let refund = if let Heard::Next(given) = refund.succeed(report.at) { given } else { refund };
        let refunded = Refunded {
            owner: charge.owner(),
            refund: id,
            method: charge.method(),
            amount: amount.minor(),
            processor_fee: fee_returned,
            currency: amount.currency(),
            available_on,
            now: self.now,
        };
        let payers = Self::posting(LedgerAccount::Payers, amount.minor(), amount.currency());
        let fee = Self::fee_of(fee_returned.saturating_neg(), amount.currency());
        let postings: Postings = std::iter::once(payers).chain(fee).collect();
        self.post(EntryKind::Refund, id, &[refunded.line()], &postings)?;
        self.event(PaymentEvent::ChargeRefunded, charge.id(), Some(charge.owner()));
        self.put(payment);
        self.put(refund);
        let is_refunded = next.is_refunded();
        self.put(next.clone());
        if is_refunded {
            self.refunded_in_full(&next, false)?;
        }
        Ok(id.into())
    }

    /// Takes up that a refund came to nothing: what waited for that has room.
    pub(super) fn provider_refund_failed(
        &mut self,
        report: Told<'_>,
        fact: &ProviderRefundFailed,
    ) -> Result<FactOutcome, Error> {
        let name = self.reference_of("provider_refund", &fact.refund).name;
        let Some(ObjectId::Refund(refund)) = self.reference(name)? else {
            let outcome = self.park(report, name)?;
            // The refund itself may wait, which would be for this. It is written as well, so that neither is parked unseen by the other.
            let waiting = self.without_room(&fact.refund);
            let known = self.reference(waiting)?;
            self.put_reference(waiting, known)?;
            if let Some(ObjectId::ParkedFact(parked)) = known {
                self.take_up_one(parked)?;
            }
            return Ok(outcome);
        };
        let failed = RefundFailed { refund, reason: fact.reason };
        let known = self.get::<Refund>(refund)?;
        let (charge, currency) = (known.charge(), known.amount_debited().currency());
        let owner = self.get::<Charge>(charge)?.owner();
        self.want_moved(&[owner], currency)?;
        let outcome = self.refund_failed(report, &failed)?;
        let room = self.room_of(charge);
        self.want(&[Key::Reference(room)])?;
        self.take_up(room)?;
        Ok(outcome)
    }

    pub(super) fn provider_payout(&mut self, report: Told<'_>, fact: &ProviderPayout) -> Result<ObjectId, Halt> {
        let ProviderPayout { amount, arrival_date, automatic, destination, .. } = *fact;
        let (id, currency) = (self.account_named(&fact.account)?, amount.currency());
        self.want_moved(&[id], currency)?;
        in_range(amount.minor(), 0)?;
        let account = self.get::<Account>(id)?;
        let bank = destination.or(account.bank_for(currency)).filter(|bank| bank.family() == id.family());
        let destination = bank.ok_or(Halt::Odd(AnomalyReason::BankUnknown))?;
        let next = self.now.checked_add(TimeDelta::microseconds(1)).unwrap_or(Timestamp::MAX);
        let over = arrival_date.checked_add(days(1)).unwrap_or(Timestamp::MAX).max(next);
        let family = self.reference_of("provider_payout", &fact.reference).family(report.at);
        let payout = Payout::new(Plan {
            id: PayoutId::of(family, 0),
            destination,
            amount,
            created: report.at,
            arrival_date,
            silence: Silence::Overdue(over),
            descriptor: Box::default(),
            has_trace: false,
            trigger: PayoutTrigger::Provider { automatic },
            instant: None,
            minimum: 0,
            arrives: None,
            resend_of: None,
        });
        let under_way = Self::posting(LedgerAccount::InTransit { owner: id }, amount.minor(), currency);
        let line = PayoutLine::Sent.of(&payout, self.now);
        self.post(EntryKind::Payout, payout.id(), &[line], &[under_way])?;
        self.event(PayoutEvent::Created, payout.id(), Some(id));
        let made = payout.id();
        self.put(payout);
        Ok(made.into())
    }

    /// Takes up what became of a payout.
    pub(super) fn provider_payout_news(
        &mut self,
        report: Told<'_>,
        news: &ProviderPayoutNews,
    ) -> Result<FactOutcome, Error> {
        let name = self.reference_of("provider_payout", &news.payout).name;
        let Some(ObjectId::Payout(payout)) = self.reference(name)? else { return self.park(report, name) };
        let known = self.get::<Payout>(payout)?;
        self.want_moved(&[known.account()], known.amount().currency())?;
        match &news.fate {
            PayoutFate::Paid => self.payout_paid(report, &PayoutPaid { payout }),
            PayoutFate::Failed { failure_code } => {
                self.payout_failed(report.at, &PayoutFailed { payout, failure_code: failure_code.clone() })
            }
            PayoutFate::Canceled => self.payout_canceled(report.at, PayoutCanceled { payout }),
        }
    }
}
