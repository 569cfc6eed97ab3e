//! Payments that carry a plan: who may get a part, what is sent to each once the money is there, and what goes back of it.

use super::captures::{Booked, Taking};
use super::payments::needs;
use super::refund_draft::Draft;
use super::reserves::Incoming;
use super::transaction::Seen;
use super::{Error, Transaction};
use crate::accounts::{Access, Account, Action};
use crate::ids::{AccountId, TransferId, TransferReversalId};
use crate::journal::{AnomalyCause, AnomalyReason, Key, Told};
use crate::money::Money;
use crate::payments::{Charge, ChargeSplit, Flow, NewPayment, PaymentError, PaymentIntent};
use crate::payouts::HeldOf;
use crate::routing::{Conversion, PaymentPlan, RoutingEvent, Sent, SplitPlan, Transfer};
use crate::rulebook::{Capability, FundsFlow};

/// Among how many accounts one payment is split at most, besides the platform: our own choice, so that no entry is without end.
const MOST_RECIPIENTS: usize = 100;

/// What one recipient of a plan gets of a charge, in all.
struct Share {
    account: AccountId,
    transfer: TransferId,
    /// In minor units of the currency in which the charge is booked.
    part: i64,
    by: Option<Conversion>,
}

impl Transaction<'_> {
    /// Asks at once for everyone whom a new payment is about.
    pub(super) fn want_for_plan(&self, command: &NewPayment, parties: &[AccountId]) -> Result<(), Error> {
        let of_plan = match command.plan_in_force() {
            Some(PaymentPlan::Split(plan)) => plan.accounts(),
            Some(PaymentPlan::Commission(_)) | None => Vec::new(),
        };
        if of_plan.len() > MOST_RECIPIENTS {
            return Err(PaymentError::TooManyRecipients(MOST_RECIPIENTS).into());
        }
        let parties = parties.iter().chain(&of_plan);
        self.want(&parties.map(|account| Key::Family(account.family())).collect::<Vec<Key>>())
    }

    /// What has to be loaded of everybody who gets a part of a new payment by its plan.
    pub(super) fn keys_of_plan(&self, command: &NewPayment) -> Vec<Key> {
        let Some(PaymentPlan::Split(plan)) = command.plan_in_force() else { return Vec::new() };
        let currency = command.amount.currency();
        let recipients = self.recipients_of(plan).into_iter().take(MOST_RECIPIENTS);
        recipients.flat_map(|account| [Key::Family(account.family()), Key::Balance(account, currency)]).collect()
    }

    /// That a new payment's plan can be carried out, as far as is known by now.
    // RULE: the commission is in the currency of the payment (docs.stripe.com/connect/destination-charges, 2026), and a transfer out of a
    // payment in that in which it is booked (docs.stripe.com/connect/separate-charges-and-transfers, 2024).
    pub(super) fn check_new_plan(
        &mut self,
        command: &NewPayment,
        (on, owner, merchant): (Option<AccountId>, &Account, &Account),
    ) -> Result<(), Error> {
        let Some(plan) = command.plan_in_force() else { return Ok(()) };
        plan.check((on.or(command.destination), command.method), command.amount).map_err(PaymentError::from)?;
        let PaymentPlan::Split(plan) = plan else { return Ok(()) };
        self.check_recipients(plan, owner)?;
        let booked_in = self.settles(merchant, command.amount.currency());
        for account in self.recipients_of(plan) {
            let recipient = self.get::<Account>(account)?;
            self.inbound(&recipient, booked_in)?;
        }
        Ok(())
    }

    /// Everybody but the platform who gets a part by a plan.
    fn recipients_of(&self, plan: &SplitPlan) -> Vec<AccountId> {
        plan.accounts().into_iter().filter(|account| *account != self.platform).collect()
    }

    /// That everybody may get a part: each with a transfer out of the payment.
    pub(super) fn check_recipients(&mut self, plan: &SplitPlan, owner: &Account) -> Result<(), Error> {
        let accounts = self.recipients_of(plan);
        let mut volumes = Vec::with_capacity(accounts.len());
        self.want(&accounts.iter().map(|account| Key::Family(account.family())).collect::<Vec<Key>>())?;
        for account in &accounts {
            let recipient = self.get::<Account>(*account)?;
            volumes.push(Key::Balance(*account, recipient.default_currency()));
        }
        self.want(&volumes)?;
        for account in accounts {
            let recipient = self.get::<Account>(account)?;
            self.want_volume(&recipient)?;
            self.permit(&recipient, Action::Transfer)?;
            self.reaches(owner.country(), &recipient, &[FundsFlow::Separate])?;
            needs(&recipient, Capability::Transfers)?;
        }
        Ok(())
    }

    /// That parts can be named that go before the payment's plan: only the platform says what it takes.
    pub(super) fn may_name(&self, payment: &PaymentIntent, names_shares: bool) -> Result<(), Error> {
        match (payment.plan().filter(|_| names_shares), *payment.flow()) {
            (Some(_), Flow::Direct { account, .. }) => Ok(self.is_for_commission(account)?),
            (Some(_), Flow::Destination { .. } | Flow::Separate) | (None, _) => Ok(()),
        }
    }

    /// An attempt whose money a plan shares out, with how each part will be converted.
    pub(super) fn with_recipients(&mut self, charge: Charge, payment: &PaymentIntent) -> Result<Charge, Error> {
        let recipients = payment.split_plan().map_or(Vec::new(), |plan| self.recipients_of(plan));
        if recipients.is_empty() {
            return Ok(charge);
        }
        let mut converted = Vec::with_capacity(recipients.len());
        for account in recipients {
            let recipient = self.get::<Account>(account)?;
            converted.push((account, self.inbound(&recipient, charge.settlement_currency())?));
        }
        let charge = charge.with_split(ChargeSplit::among(converted));
        // What the world tells of it later is never refused.
        charge.check_split(charge.amount())?;
        Ok(charge)
    }

    /// What has to be loaded of everybody who gets a part of a charge.
    pub(super) fn keys_of_recipients(charge: &Charge) -> impl Iterator<Item = Key> + '_ {
        let recipients = charge.split().map_or([].as_slice(), ChargeSplit::recipients);
        recipients.iter().flat_map(|(account, by)| {
            let currency = by.map_or(charge.settlement_currency(), |by| by.to());
            [Key::Family(account.family()), Key::Balance(*account, currency)]
        })
    }

    /// Recipients of a charge who were closed since its plan was made: their parts stay with the platform, and a person has to see what
    /// becomes of them.
    // INVARIANT: no money is sent to an account that nothing ever leaves again.
    pub(super) fn closed_recipients(&mut self, report: Told<'_>, charge: &Charge) -> Result<Vec<AccountId>, Error> {
        let mut closed = Vec::new();
        for (account, _) in charge.split().map_or([].as_slice(), ChargeSplit::recipients) {
            if self.get::<Account>(*account)?.standing().access == Access::Closed {
                self.open_anomaly(AnomalyCause::Fact(report.to_report()), AnomalyReason::RecipientClosed);
                closed.push(*account);
            }
        }
        Ok(closed)
    }

    /// Sends everybody's part by the plan of a payment, of all that was taken by now, less what was sent before; tells how much it is this
    /// time. What no plan can share out stays with the platform.
    // RULE: transfers out of a payment are in the currency in which it is booked, come to no more than it, and are available with it
    // (docs.stripe.com/connect/separate-charges-and-transfers, 2024).
    pub(super) fn send_shares(
        &mut self,
        payment: &mut PaymentIntent,
        booked: &mut Booked,
        taking: &Taking,
    ) -> Result<i64, Error> {
        let Some((plan, split)) = payment.split_plan().zip(booked.charge.split()) else { return Ok(0) };
        let taken = Money::new(taking.total, booked.charge.amount().currency());
        let Ok(allotted) = plan.allot_taken(taken) else { return Ok(0) };
        let mut split = split.clone().grown(booked.charge.parts_of(&allotted)?);
        if !split.is_numbered() {
            let count = u16::try_from(split.recipients().len()).unwrap_or(u16::MAX);
            split = split.numbered(payment.bear_many(count)?);
        }
        booked.charge = booked.charge.clone().with_split(split.clone());
        let transfers: Vec<(AccountId, TransferId)> = booked.charge.split_transfers().collect();
        let mut sum = 0_i64;
        for ((account, transfer), (_, by)) in transfers.into_iter().zip(split.recipients()) {
            if !taking.closed.contains(&account) {
                let share = Share { account, transfer, part: split.part_of(account), by: *by };
                sum = sum.saturating_add(self.send_share(payment, booked, taking, &share)?);
            }
        }
        Ok(sum)
    }

    /// Sends what one recipient gets more than before; tells how much that is.
    fn send_share(
        &mut self,
        payment: &mut PaymentIntent,
        booked: &mut Booked,
        taking: &Taking,
        share: &Share,
    ) -> Result<i64, Error> {
        let known = self.find::<Transfer>(share.transfer)?.map(Seen::into_owned);
        let before = known.as_ref().map_or(0, |transfer| transfer.amount().minor());
        let sent = share.part.saturating_sub(before);
        if sent <= 0 {
            return Ok(0);
        }
        let currency = booked.charge.settlement_currency();
        let amount = Money::new(sent, currency);
        let received = Conversion::part_through(share.by, currency, (before, share.part))?;
        let recipient = self.get::<Account>(share.account)?;
        let dates = self.dates_to(&recipient, taking.date)?;
        let lines = Sent {
            from: self.platform,
            to: share.account,
            transfer: share.transfer,
            amount,
            received,
            processor_fee: 0,
            application_fee: 0,
            dates,
            now: self.now,
        };
        booked.lines.extend_from_slice(&lines.lines());
        Self::exchange(&mut booked.postings, amount, received)?;
        let hold = self.hold_of_share(payment, booked, taking, (&recipient, &lines, known.as_ref()))?;
        let (record, event) = match known.and_then(|known| known.grow(sent)) {
            Some(grown) => (grown, RoutingEvent::TransferUpdated),
            None => {
                let source = Some(booked.charge.id());
                let new = Transfer::new(share.transfer, share.account, amount, source, taking.at, dates);
                (new.converted(share.by)?.in_group(payment.transfer_group()), RoutingEvent::TransferCreated)
            }
        };
        self.put(match hold {
            Some(hold) => record.with_hold(hold),
            None => record,
        });
        self.event(event, share.transfer, None);
        Ok(sent)
    }

    /// Holds a part back of what comes to one recipient; tells with which hold.
    fn hold_of_share(
        &mut self,
        payment: &mut PaymentIntent,
        booked: &mut Booked,
        taking: &Taking,
        (recipient, sent, known): (&Account, &Sent, Option<&Transfer>),
    ) -> Result<Option<crate::ids::ReserveHoldId>, Error> {
        let (hold, plan) = (known.and_then(Transfer::hold), self.plan_of(recipient, sent.received.currency())?);
        if plan.is_none() && hold.is_none() {
            return Ok(None);
        }
        let incoming = Incoming {
            of: HeldOf::Transfer(sent.transfer),
            account: sent.to,
            currency: sent.received.currency(),
            plan,
            hold,
            gross: sent.received.minor(),
            net: sent.received.minor(),
            charged: taking.at,
            date: sent.dates.received,
        };
        let Some(held) = self.hold_back(&incoming, || Ok(payment.bear()?))? else { return Ok(None) };
        booked.lines.push(held.line);
        booked.postings.push(held.posting);
        Ok(Some(held.hold))
    }
}

/// What goes back of parts.
impl Transaction<'_> {
    /// That parts can be pulled back from everybody who has one.
    pub(super) fn permits_pulling_shares(&mut self, charge: &Charge) -> Result<(), Error> {
        for (_, transfer) in charge.split_transfers() {
            if let Some(transfer) = self.find::<Transfer>(transfer)? {
                self.permits_pulling(transfer.destination())?;
            }
        }
        Ok(())
    }

    /// Whether something else went back of the parts than refunds have asked for.
    pub(super) fn shares_are_apart(&mut self, charge: &Charge) -> Result<bool, Error> {
        for (account, transfer) in charge.split_transfers() {
            let reversed = self.find::<Transfer>(transfer)?.map(|transfer| transfer.amount_reversed().minor());
            let returned = charge.split().map_or(0, |split| split.returned_by(account));
            if reversed.is_some_and(|reversed| reversed != returned) {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// Takes everybody's share of a refund back out of their transfers, as the plan has cut it.
    // RULE: what a reversal by hand has taken already is not asked for again: each part is capped at what is left of its transfer
    // (recorded exchange, 2023-2025, of a transfer with its charge).
    pub(super) fn pull_back_shares(&mut self, draft: &mut Draft) -> Result<(), Error> {
        let shares;
        (draft.charge, shares) = draft.charge.pull_back_shares(draft.amount.minor())?;
        let transfers: Vec<(AccountId, TransferId)> = draft.charge.split_transfers().collect();
        let mut parts: Vec<(Transfer, TransferReversalId, i64)> = Vec::with_capacity(shares.len());
        for ((_, share), (_, transfer)) in shares.into_iter().zip(transfers) {
            let Some(transfer) = self.find::<Transfer>(transfer)?.map(Seen::into_owned) else { continue };
            let part = share.min(transfer.left());
            if part > 0 {
                let id = TransferReversalId::of(draft.payment.id().family(), draft.payment.bear()?);
                parts.push((transfer, id, part));
            }
        }
        let mut sum = 0_i64;
        for (transfer, id, part) in parts {
            self.pull_back_part(draft, &transfer, (id, part))?;
            sum = sum.saturating_add(part);
        }
        draft.charge = draft.charge.clone().transferred_back(sum);
        Ok(())
    }
}
