//! What the world and the clock do.

use fundroute::payments::{ActionCompleted, ActionRequired, Capture, ChargeFailure};
use fundroute::payouts::TopUpFact;

use super::*;
use crate::ways::between;

impl Model {
    pub(super) fn hear(&mut self, report: &Report, changes: &Changes) {
        match &report.fact {
            Fact::CapabilityReviewed(review) => {
                // What an account never asked for it cannot be given.
                let holder = self.holders.get_mut(&review.account).unwrap();
                let Some(known) = holder.may_work.get_mut(&review.capability) else { return };
                if known.1 == CapabilityStatus::Pending || (report.at, review.status) > *known {
                    *known = (report.at, review.status);
                }
            }
            Fact::ChargeSubmitted(submitted) => self.submitted(&submitted.reference, submitted.charge, changes),
            Fact::ChargeSucceeded(success) => match self.charge(&success.charge) {
                Some(charge) => self.succeeded(charge, report.at, success.amount, changes),
                None => self.park(&success.charge, report),
            },
            Fact::ChargeFailed(failure) => match self.charge(&failure.charge) {
                Some(charge) => self.failed(charge, report.at, failure.failure),
                None => self.park(&failure.charge, report),
            },
            Fact::ActionRequired(ActionRequired { charge, .. }) | Fact::ActionCompleted(ActionCompleted { charge }) => {
                match self.charge(charge) {
                    Some(charge) => self.about_payer(charge, matches!(report.fact, Fact::ActionCompleted(_))),
                    None => self.park(charge, report),
                }
            }
            Fact::ChargeAuthorized(fact) => match self.charge(&fact.charge) {
                Some(charge) => self.authorized(charge, report, fact, changes),
                None => self.park(&fact.charge, report),
            },
            Fact::ChargeCaptured(fact) => match self.charge(&fact.charge) {
                Some(charge) => self.captured(charge, report, fact, changes),
                None => self.park(&fact.charge, report),
            },
            Fact::CaptureFailed(fact) => match self.charge(&fact.charge) {
                Some(charge) => self.capture_failed(charge, report, fact, changes),
                None => self.park(&fact.charge, report),
            },
            Fact::AuthorizationIncremented(fact) => match self.charge(&fact.charge) {
                Some(charge) => self.raised(charge, fact, changes),
                None => self.park(&fact.charge, report),
            },
            Fact::IncrementDeclined(fact) => match self.charge(&fact.charge) {
                Some(charge) => self.not_raised(charge, fact.attempt, changes),
                None => self.park(&fact.charge, report),
            },
            Fact::PayoutPaid(paid) => self.arrived(paid.payout),
            Fact::PayoutFailed(failed) => self.came_back(failed.payout, &failed.failure_code),
            Fact::PayoutCanceled(canceled) => self.called_off_outside(canceled.payout),
            Fact::RefundFailed(failed) => self.back_again(failed.refund),
            Fact::RefundCanceled(canceled) => self.back_again(canceled.refund),
            Fact::RefundSucceeded(succeeded) => self.taken_up(succeeded.refund),
            Fact::RefundUnderWay(under_way) => self.taken_up(under_way.refund),
            Fact::ChargeReversed(fact) => self.pulled_back(report, fact),
            Fact::DisputeOpened(fact) => self.dispute_opened(report, fact, changes),
            Fact::DisputeChanged(fact) => self.dispute_changed(report, &fact.dispute, fact.change),
            Fact::FraudWarned(warned) => {
                if self.charge(&warned.charge).is_none() {
                    self.park(&warned.charge, report);
                }
            }
            Fact::FundsReserved(fact) => self.processor_keeps(report.at, fact),
            Fact::TopUp(fact) => self.of_pull(report, fact, changes),
            Fact::PayoutSubmitted(_) | Fact::PayoutTraced(_) | Fact::RefundTraced(_) => {}
            fact => panic!("{fact:?} is new to the model"),
        }
    }

    fn arrived(&mut self, payout: PayoutId) {
        let wire = self.wires.get_mut(&payout).unwrap();
        if let Fate::UnderWay = wire.how {
            wire.how = Fate::Paid;
            let (account, currency, amount, reaches) = (wire.account, wire.currency, wire.amount, wire.reaches);
            self.pot(account, currency).in_transit -= amount;
            self.outside.entry(reaches.1).or_default().banks += reaches.0;
            self.exchange((amount, currency), reaches);
            if amount < 0 && !self.taken_back(payout) {
                self.bank_paid(payout);
            }
        } else {
            self.paid_after_all(payout);
        }
    }

    pub(super) fn charge(&self, named: &Named) -> Option<ChargeId> {
        match named {
            Named::Id(id) => Some(*id),
            Named::Reference(reference) => self.references.get(reference).copied(),
        }
    }

    pub(super) fn park(&mut self, named: &Named, report: &Report) {
        let Named::Reference(reference) = named else { return };
        self.wait_for(format!("charge {reference}"), report);
    }

    pub(super) fn wait_for(&mut self, what: String, report: &Report) {
        let until = self.waits_until.unwrap_or(self.now.plus_days(30).unwrap_or(Timestamp::MAX));
        self.waiting.push((until, what, report.clone()));
    }

    pub(super) fn submitted(&mut self, reference: &str, charge: ChargeId, changes: &Changes) {
        if self.references.contains_key(reference) {
            return;
        }
        self.references.insert(reference.to_owned(), charge);
        self.take_up(&format!("charge {reference}"), changes);
    }

    /// What has waited for something happens now, disputes and what was pulled back last; what has to wait for something else waits on.
    pub(super) fn take_up(&mut self, reference: &str, changes: &Changes) {
        let (mut ours, others): (Vec<_>, Vec<_>) =
            std::mem::take(&mut self.waiting).into_iter().partition(|(_, waits_for, _)| waits_for == reference);
        self.waiting = others;
        ours.sort_by_key(|(_, _, report)| {
            let is_last = matches!(
                report.fact,
                Fact::DisputeOpened(_) | Fact::ChargeReversed(_) | Fact::TopUp(TopUpFact::Reversed(_))
            );
            (is_last, report.at, self.parked.get(&report.id).copied())
        });
        for (until, _, report) in ours {
            let outer = self.waits_until.replace(until);
            self.hear(&report, changes);
            self.waits_until = outer;
        }
    }

    pub(super) fn succeeded(&mut self, charge: ChargeId, at: Timestamp, amount: Money, changes: &Changes) {
        let family = charge.family();
        let (id, sale) = self.sales.iter_mut().find(|(id, _)| id.family() == family).unwrap();
        let latest = *sale.attempts.last().unwrap();
        let later = sale.order.capture != Capture::Automatic;
        let is_asked =
            latest.charge == charge && !latest.is_void && amount == latest.amount && amount == sale.order.amount;
        if !is_asked || sale.taken.is_some() || sale.called_off || later {
            return;
        }
        let id = *id;
        let at = at.max(latest.at);
        self.book(id, (at, amount.minor().into()), changes);
        self.failures.remove(&charge);
        self.settle_failure(charge);
    }

    /// An attempt came to nothing; of several reasons the earliest holds.
    fn failed(&mut self, charge: ChargeId, at: Timestamp, failure: ChargeFailure) {
        let sale = self.sales.values().find(|sale| sale.attempts.iter().any(|known| known.charge == charge)).unwrap();
        let is_held = sale.held.is_some() && sale.attempts.last().unwrap().charge == charge;
        if sale.paid_by == Some(charge) || is_held {
            return;
        }
        let known = self.failures.entry(charge).or_insert((at, failure));
        // What was decided here gives way to what the world says.
        let is_ours = matches!(known.1, ChargeFailure::PaymentCanceled | ChargeFailure::PaymentExpired);
        *known = if is_ours { (at, failure) } else { (at, failure).min(*known) };
        self.settle_failure(charge);
    }

    /// Attempts that were called off, or ran out: a failure that is told of them later is no matter.
    pub(super) fn gave_up(&mut self, changes: &Changes) {
        for write in &changes.records {
            let Record::Charge(charge) = &write.record else { continue };
            let ChargeState::Failed { at, failure } = *charge.state() else { continue };
            if matches!(failure, ChargeFailure::PaymentCanceled | ChargeFailure::PaymentExpired) {
                self.failures.insert(charge.id(), (at, failure));
            }
            let attempts = self.sales.values_mut().flat_map(|sale| &mut sale.attempts);
            for attempt in attempts.filter(|attempt| attempt.charge == charge.id()) {
                attempt.is_void |= failure == ChargeFailure::PaymentCanceled;
            }
        }
    }

    /// What the processor takes for an attempt that failed, from whoever pays its fees, or gives back.
    fn settle_failure(&mut self, charge: ChargeId) {
        let sale = self.sales.values().find(|sale| sale.attempts.iter().any(|known| known.charge == charge)).unwrap();
        let Attempt { method, ways, .. } = *sale.attempts.iter().find(|known| known.charge == charge).unwrap();
        let (owner, currency) = (sale.owner, ways.booked_in());
        let due = match self.failures.get(&charge) {
            Some((_, ChargeFailure::Debit(_))) => rules::failure_fee(method, currency),
            Some(_) | None => 0,
        };
        let taken = self.failure_fees.insert(charge, due).unwrap_or(0);
        let payer = if self.holders[&owner].is_free { self.platform } else { owner };
        self.outside.entry(currency).or_default().fees += due - taken;
        self.put(payer, currency, self.now, taken - due);
        self.see_funds();
    }

    /// Money of a sale was taken, `total` in all: everyone's part grows to what that total brings.
    pub(super) fn book(&mut self, id: PaymentId, (at, total): (Timestamp, i128), changes: &Changes) {
        let sale = self.sales.get_mut(&id).unwrap();
        let (family, coin, ways) = (id.family(), sale.order.amount.currency(), sale.ways());
        let (owner, before, booked_in) = (sale.owner, sale.total, ways.booked_in());
        let Attempt { charge, method, .. } = *sale.attempts.last().unwrap();
        let merchant = sale.order.on_behalf_of.unwrap_or(owner);
        let (country, is_free) = (self.holders[&merchant].country, self.holders[&owner].is_free);
        let date = rules::available_on(country, method, at);
        let settled = i64::try_from(through(ways.booked, total)).unwrap();
        let processor = rules::processor_fee(country, method, settled, booked_in);
        let more_processor = processor - sale.processor;
        for born in changes.records.iter().map(|write| write.record.id()).filter(|id| id.family() == family) {
            match born {
                ObjectId::Transfer(id) if sale.order.destination.is_some() => sale.transfer = Some(id),
                ObjectId::ApplicationFee(id) => sale.fee = Some(id),
                _ => {}
            }
        }
        assert_eq!(sale.transfer.is_some(), sale.order.destination.is_some());
        sale.first.get_or_insert(date);
        sale.taken = Some(sale.taken.map_or(date, |before| before.max(date)));
        sale.paid_by = Some(charge);
        (sale.total, sale.processor) = (total, processor);
        let came = between(ways.booked, before, total);
        self.outside.entry(coin).or_default().payers += total - before;
        self.outside.entry(booked_in).or_default().fees += more_processor;
        self.exchange((total - before, coin), (came, booked_in));
        self.put(owner, booked_in, date, came);
        self.put(if is_free { self.platform } else { owner }, booked_in, date, -more_processor);
        let sent = self.send_share(id, date);
        self.send_shares(id, (at, date), changes);
        let paid = self.keep_commission(id, date);
        if owner != self.platform {
            let net = came - paid - if is_free { 0 } else { more_processor };
            let (source, purse) = (charge.into(), (owner, booked_in));
            let incoming = reserves::Incoming { source, purse, gross: came, net, charged: at, date };
            let hold = self.keep(self.sales[&id].hold, &incoming, changes);
            self.sales.get_mut(&id).unwrap().hold = hold;
        }
        if let Some(transfer) = self.sales[&id].transfer {
            let share = &self.transfers[&transfer];
            let (known, purse, source) = (share.hold, share.purse(), transfer.into());
            let (net, date) = (sent - paid, self.reached(purse.0, date));
            let incoming = reserves::Incoming { source, purse, gross: sent, net, charged: at, date };
            let hold = self.keep(known, &incoming, changes);
            self.transfers.get_mut(&transfer).unwrap().hold = hold;
        }
        self.take_up(&format!("success {charge}"), changes);
    }

    /// The recipient's part of a sale grows to what its total brings; tells by how much, in the recipient's currency.
    fn send_share(&mut self, id: PaymentId, date: Timestamp) -> i128 {
        let sale = &self.sales[&id];
        let (Some(account), Some(transfer)) = (sale.order.destination, sale.transfer) else { return 0 };
        let (ways, owner) = (sale.ways(), sale.owner);
        let part = sale.order.transfer_amount.map_or(sale.total, |part| sale.total.min(part.minor().into()));
        let (sent, currency) = (through(ways.booked, part), ways.booked_in());
        let (source, theirs) = (Some(id), ways.onward);
        let new = Share { source, ..Share::new((account, currency), date, (theirs, None)) };
        let share = self.transfers.entry(transfer).or_insert(new);
        let before = std::mem::replace(&mut share.amount, sent);
        let (got, purse) = (between(theirs, before, sent), share.purse());
        self.sales.get_mut(&id).unwrap().transferred += sent - before;
        self.put(owner, currency, date, before - sent);
        self.put(account, purse.1, self.reached(account, date), got);
        self.exchange((sent - before, currency), (got, purse.1));
        got
    }

    /// The commission on a sale grows to what its total brings; tells by how much, in the currency of the account that pays it.
    fn keep_commission(&mut self, id: PaymentId, date: Timestamp) -> i128 {
        let sale = &self.sales[&id];
        let known = sale.fee.and_then(|fee| self.fees.get(&fee));
        let (commission, tax) = self.commission(sale, known);
        let Some(fee) = sale.fee else {
            assert_eq!(commission, 0, "a commission was not kept: {sale:?}");
            return 0;
        };
        let (ways, first) = (sale.ways(), sale.first.unwrap());
        let (account, currency, source) = (sale.order.destination.unwrap_or(sale.owner), ways.coin, Some(id));
        let (theirs, ours) = (ways.paid(), ways.kept);
        let new = Share { source, ..Share::new((account, currency), first, (theirs, ours)) };
        let share = self.fees.entry(fee).or_insert(new);
        let taxed = std::mem::replace(&mut share.tax.0, tax);
        let before = std::mem::replace(&mut share.amount, commission);
        let (purse, ours) = (share.purse(), share.ours);
        let paid = between(share.theirs, before, commission);
        let (kept, kept_in) = (between(ours, before, commission), coin_of(ours, currency));
        let (tax_paid, tax_kept) = (between(share.theirs, taxed, tax), between(ours, taxed, tax));
        *self.taxes.entry(purse).or_default() -= tax_paid;
        *self.taxes.entry((self.platform, kept_in)).or_default() += tax_kept;
        self.put(account, purse.1, self.reached(account, date), -paid);
        self.put(self.platform, kept_in, date, kept);
        self.exchange((paid, purse.1), (kept, kept_in));
        paid
    }

    pub(super) fn came_back(&mut self, payout: PayoutId, code: &str) {
        let wire = &self.wires[&payout];
        match &wire.how {
            Fate::Canceled if wire.original.is_some() => return self.unpaid_after_all(payout, code),
            Fate::Canceled => return,
            Fate::UnderWay | Fate::Paid | Fate::Failed | Fate::CalledOff => {}
        }
        self.bank_failed(payout, rules::breaks_bank(code));
        self.brought_back(payout, Fate::Failed);
    }

    /// The processor calls off what it was to send: where a bank has said that it came back, that is known better.
    fn called_off_outside(&mut self, payout: PayoutId) {
        let wire = self.wires.get_mut(&payout).unwrap();
        match &wire.how {
            Fate::Canceled if wire.original.is_some() => {
                wire.how = Fate::CalledOff;
                let purse = (wire.account, wire.currency);
                self.plan_debit(purse);
            }
            Fate::UnderWay | Fate::Paid => self.brought_back(payout, Fate::CalledOff),
            Fate::Canceled | Fate::Failed | Fate::CalledOff => {}
        }
    }

    /// The money of a payout is back, unless it was before.
    fn brought_back(&mut self, payout: PayoutId, how: Fate) {
        let wire = self.wires.get_mut(&payout).unwrap();
        let (account, currency, amount, reaches) = (wire.account, wire.currency, wire.amount, wire.reaches);
        let under_way = match std::mem::replace(&mut wire.how, how) {
            Fate::UnderWay => true,
            Fate::Paid => false,
            Fate::Failed | Fate::Canceled | Fate::CalledOff => return,
        };
        self.less_active(payout);
        let pot = self.pot(account, currency);
        // What a bank was asked for was not there yet.
        if amount > 0 || !under_way {
            pot.available += amount;
        }
        if under_way {
            pot.in_transit -= amount;
        } else {
            self.outside.entry(reaches.1).or_default().banks -= reaches.0;
            self.exchange(reaches, (amount, currency));
        }
        if amount < 0 && under_way {
            self.answered_by_bank((account, currency), payout);
        }
        self.nothing_to_take_back(payout);
        self.given_back(payout, amount);
        self.covers.remove(&payout);
    }

    /// Day by day: pending money becomes available, and on its days a schedule pays out all that there is.
    pub(super) fn sleep(&mut self, until: Timestamp, fired: &[Changes]) -> Vec<Run> {
        self.is_asleep = true;
        let mut runs = Vec::new();
        let mut born = payouts_in(fired);
        loop {
            let day = rules::day(self.now) + 1;
            let midnight = Some(rules::midnight(day)).filter(|midnight| *midnight <= until);
            // At the very end more may happen at the same moment.
            if self.now < until {
                self.note_debts();
            }
            let others = [
                self.next_expiry(until),
                self.next_about_refunds(until),
                self.next_lapse(until),
                self.next_of_reserves(until),
                self.next_collection(until),
            ];
            let Some(next) = midnight.into_iter().chain(others.into_iter().flatten()).min() else { break };
            self.now = next;
            if midnight == Some(next) {
                self.settle();
            }
            self.expire();
            self.time_for_refunds();
            self.quarrels_lapse();
            self.time_for_reserves();
            self.covers.retain(|_, (until, ..)| *until > next);
            self.see_funds();
            if midnight == Some(next) {
                runs.extend(self.ask_banks(&mut born));
            }
            self.collect_debts();
            let Some(midnight) = midnight.filter(|midnight| *midnight == next) else { continue };
            for (account, currency) in self.pots.keys().copied().collect::<Vec<_>>() {
                let Some(amount) = self.run(account, currency, day) else { continue };
                runs.push((midnight, account, currency, amount));
                if let Some(id) = born.remove(&(midnight, account, currency)) {
                    self.send(id, account, currency, (amount, 0));
                    self.expected_of_run(id);
                }
            }
            self.take_bill(midnight);
        }
        self.is_asleep = false;
        self.now = until;
        self.waiting.retain(|(limit, _, _)| *limit > until);
        runs
    }

    /// Pending money whose day has come becomes available.
    fn settle(&mut self) {
        let midnight = self.now;
        for purse in self.pots.keys().copied().collect::<Vec<_>>() {
            let pot = self.pots.get_mut(&purse).unwrap();
            let due: i128 = pot.pending.iter().filter(|(date, _)| **date <= midnight).map(|(_, sum)| sum).sum();
            pot.pending.retain(|date, _| *date > midnight);
            pot.available += due;
            self.see_funds();
        }
    }

    /// What the schedule sends to the bank on a day.
    pub(super) fn run(&self, account: AccountId, currency: Currency, day: i64) -> Option<i128> {
        let holder = &self.holders[&account];
        let enabled = account == self.platform || holder.may_work.keys().any(|what| holder.can(*what));
        let bank = holder.banks.get(&currency).filter(|bank| !self.broken_banks.contains(bank));
        if !enabled
            || bank.is_none()
            || !rules::runs_on(holder.schedule, currency, day)
            || self.is_waited_for((account, currency))
        {
            return None;
        }
        let (least, step) = self.rules.payout_limits(holder.country, currency);
        let amount = self.available(account, currency).max(0);
        let amount = amount - amount % step;
        (amount >= least && amount > 0).then_some(amount)
    }
}

fn payouts_in(fired: &[Changes]) -> BTreeMap<(Timestamp, AccountId, Currency), PayoutId> {
    use fundroute::journal::Record;

    let records = fired.iter().flat_map(|changes| &changes.records);
    let payouts =
        records.filter_map(|write| if let Record::Payout(payout) = &write.record { Some(payout) } else { None });
    payouts.map(|payout| ((payout.created(), payout.account(), payout.amount().currency()), payout.id())).collect()
}
