//! What the money should be, computed a second time, from the accepted commands and the facts alone, as dumb as can be.
//!
//! It shares ids and [`Money`] with the crate, and takes from the changes no more than the ids of what was created.

use std::collections::{BTreeMap, BTreeSet};

use fundroute::accounts::{CapabilityStatus, FeePayer, LossBearer, PayoutMethod};
use fundroute::ids::{
    AccountId, ApplicationFeeId, ChargeId, ExternalAccountId, ObjectId, PaymentId, PayoutId, TransferId,
};
use fundroute::journal::{Answer, Changes, Fact, Report};
use fundroute::money::Currency;
use fundroute::payments::{Named, NewPayment, NewRefund, WhoBears};
use fundroute::payouts::{NewPayout, PayoutSchedule};
use fundroute::prelude::*;
use fundroute::routing::{NewApplicationFeeRefund, NewTransferReversal};
use fundroute::rulebook::Capability;

use crate::rules::{self, Rules};
use crate::stage::{Act, Came};

type Purse = (AccountId, Currency);

/// What an owner holds in one currency.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Pot {
    pub(crate) pending: BTreeMap<Timestamp, i128>,
    pub(crate) available: i128,
    pub(crate) in_transit: i128,
}

/// What came in, was kept, and went out, in one currency.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Outside {
    pub(crate) payers: i128,
    pub(crate) fees: i128,
    pub(crate) banks: i128,
}

#[derive(Clone, Debug)]
struct Holder {
    country: Country,
    /// Whether the platform pays the processor for what is booked here.
    is_free: bool,
    /// Whether it pays the processor for its own payouts within minutes.
    pays_itself: bool,
    /// Whether the platform bears its losses.
    is_borne: bool,
    may_work: BTreeMap<Capability, (Timestamp, CapabilityStatus)>,
    banks: BTreeMap<Currency, ExternalAccountId>,
    schedule: PayoutSchedule,
}

impl Holder {
    /// Whether a capability is usable: cards and transfers, where both are asked for, are off together.
    fn can(&self, what: Capability) -> bool {
        let status = |what| self.may_work.get(&what).map(|(_, status)| *status);
        let pair = [status(Capability::CardPayments), status(Capability::Transfers)];
        let is_off = !pair.contains(&None) && pair.contains(&Some(CapabilityStatus::Inactive));
        let of_pair = matches!(what, Capability::CardPayments | Capability::Transfers);
        status(what) == Some(CapabilityStatus::Active) && !(of_pair && is_off)
    }
}

#[derive(Clone, Debug)]
pub(crate) struct Sale {
    order: NewPayment,
    owner: AccountId,
    attempts: Vec<(ChargeId, PaymentMethod, Timestamp)>,
    called_off: bool,
    /// When its money becomes available, once it was taken.
    pub(crate) taken: Option<Timestamp>,
    pub(crate) refunded: i128,
    /// Transfers out of it, less what was reversed.
    pub(crate) transferred: i128,
    transfer: Option<TransferId>,
    fee: Option<ApplicationFeeId>,
    /// What refunds have asked to be pulled back for, and what was.
    pulled: (i128, i128),
    returned: (i128, i128),
}

#[derive(Clone, Debug)]
pub(crate) struct Share {
    pub(crate) amount: i128,
    pub(crate) back: i128,
    account: AccountId,
    currency: Currency,
    pub(crate) source: Option<PaymentId>,
    date: Timestamp,
}

#[derive(Clone, Debug)]
struct Wire {
    account: AccountId,
    currency: Currency,
    amount: i128,
    fee: i128,
    bank: ExternalAccountId,
    how: Fate,
}

#[derive(Clone, Debug)]
enum Fate {
    UnderWay,
    Paid,
    Failed,
    Canceled,
}

/// An automatic payout: when, of what, and how much.
pub(crate) type Run = (Timestamp, AccountId, Currency, i128);

#[derive(Clone, Debug)]
pub(crate) struct Model {
    rules: Rules,
    platform: AccountId,
    now: Timestamp,
    pub(crate) pots: BTreeMap<Purse, Pot>,
    pub(crate) outside: BTreeMap<Currency, Outside>,
    holders: BTreeMap<AccountId, Holder>,
    broken_banks: BTreeSet<ExternalAccountId>,
    pub(crate) sales: BTreeMap<PaymentId, Sale>,
    pub(crate) transfers: BTreeMap<TransferId, Share>,
    /// The transfers that were taken from an account, and from which.
    debits: BTreeMap<TransferId, AccountId>,
    pub(crate) fees: BTreeMap<ApplicationFeeId, Share>,
    wires: BTreeMap<PayoutId, Wire>,
    references: BTreeMap<String, ChargeId>,
    waiting: Vec<(Timestamp, String, Report)>,
}

/// `part` of `whole` applied to `to`, to the nearest unit, ties up.
fn in_proportion(to: i128, part: i128, whole: i128) -> i128 {
    (2 * to * part + whole) / (2 * whole)
}

impl Model {
    pub(crate) fn new(rules: Rules, platform: AccountId, now: Timestamp) -> Self {
        let schedule = PayoutSchedule::Automatic(fundroute::calendar::Recurrence::Daily);
        let (may_work, banks) = (BTreeMap::new(), BTreeMap::new());
        let own = Holder { country: US, is_free: false, pays_itself: true, is_borne: false, may_work, banks, schedule };
        Self {
            rules,
            platform,
            now,
            pots: BTreeMap::new(),
            outside: BTreeMap::new(),
            holders: BTreeMap::from([(platform, own)]),
            broken_banks: BTreeSet::new(),
            sales: BTreeMap::new(),
            transfers: BTreeMap::new(),
            debits: BTreeMap::new(),
            fees: BTreeMap::new(),
            wires: BTreeMap::new(),
            references: BTreeMap::new(),
            waiting: Vec::new(),
        }
    }

    /// Follows what was accepted; tells which automatic payouts should have happened.
    pub(crate) fn follow(&mut self, act: &Act, came: &Came) -> Vec<Run> {
        if came.is_replay() {
            return Vec::new();
        }
        match (act, came) {
            (Act::Ask(request), Came::Answer(answer, _, changes)) => self.obey(request, *answer, changes),
            (Act::Tell(report), Came::News(_, _, changes)) => self.hear(report, changes),
            (Act::Wait(until), Came::Time(fired)) => return self.sleep(*until, fired),
            _ => panic!("{act:?} came to {came:?}"),
        }
        Vec::new()
    }

    fn pot(&mut self, account: AccountId, currency: Currency) -> &mut Pot {
        self.pots.entry((account, currency)).or_default()
    }

    pub(crate) const fn platform(&self) -> AccountId {
        self.platform
    }

    pub(crate) fn available(&self, account: AccountId, currency: Currency) -> i128 {
        self.pots.get(&(account, currency)).map_or(0, |pot| pot.available)
    }

    /// Moves an owner's money that is pending until `date`, or available if that has passed.
    fn put(&mut self, account: AccountId, currency: Currency, date: Timestamp, amount: i128) {
        let pending = date > self.now;
        let pot = self.pot(account, currency);
        let sum = if pending { pot.pending.entry(date).or_default() } else { &mut pot.available };
        *sum += amount;
        pot.pending.retain(|_, sum| *sum != 0);
    }

    /// A new account, which may do nothing yet.
    fn holder(&self, new: &NewAccount) -> Holder {
        let asked = new.capabilities.iter().map(|what| (*what, (self.now, CapabilityStatus::Pending)));
        Holder {
            country: new.country,
            is_free: new.controller.fees == FeePayer::Application,
            pays_itself: new.controller.fees == FeePayer::Account,
            is_borne: new.controller.losses == LossBearer::Application,
            may_work: asked.collect(),
            banks: BTreeMap::new(),
            schedule: PayoutSchedule::Automatic(fundroute::calendar::Recurrence::Daily),
        }
    }

    fn obey(&mut self, request: &Request, answer: Answer, changes: &Changes) {
        match (&request.command, answer) {
            (Command::CreateAccount(new), Answer::Account(id)) => {
                let holder = self.holder(new);
                self.holders.insert(id, holder);
            }
            (Command::AddExternalAccount(bank), Answer::ExternalAccount(id)) => {
                self.holders.get_mut(&bank.account).unwrap().banks.insert(bank.currency, id);
            }
            (Command::SetPayoutSchedule(set), _) => {
                self.holders.get_mut(&set.account).unwrap().schedule = set.schedule;
            }
            (Command::CreatePayment(new), Answer::Payment(id)) => {
                let owner = request.account.unwrap_or(self.platform);
                let reached = new.destination.is_none_or(|account| rules::is_reached(self.holders[&account].country));
                assert!(reached, "a destination charge crossed a closed border");
                let attempts = vec![(charge_in(changes), new.method, changes.at)];
                let sale = Sale {
                    order: new.clone(),
                    owner,
                    attempts,
                    called_off: false,
                    taken: None,
                    refunded: 0,
                    transferred: 0,
                    transfer: None,
                    fee: None,
                    pulled: (0, 0),
                    returned: (0, 0),
                };
                self.sales.insert(id, sale);
            }
            (Command::ConfirmPayment(again), _) => {
                let sale = self.sales.get_mut(&again.payment).unwrap();
                sale.attempts.push((charge_in(changes), again.method, changes.at));
            }
            (Command::CancelPayment(cancel), _) => self.sales.get_mut(&cancel.payment).unwrap().called_off = true,
            (Command::CreateRefund(refund), _) => self.refund(refund),
            (Command::CreateTransfer(debit), Answer::Transfer(id)) if debit.destination == self.platform => {
                self.debit(request.account.expect("a debit of nobody"), debit, id);
            }
            (Command::CreateTransfer(transfer), Answer::Transfer(id)) => self.transfer(transfer, id),
            (Command::ReverseTransfer(reversal), _) => self.reverse(reversal),
            (Command::RefundApplicationFee(refund), _) => self.refund_fee(refund),
            (Command::CreatePayout(new), Answer::Payout(id)) => {
                let account = request.account.unwrap_or(self.platform);
                let (currency, amount) = (new.amount.currency(), i128::from(new.amount.minor()));
                let fee = self.fee_of_payout(account, new);
                assert!(amount + fee <= self.available(account, currency), "a payout of more than there is");
                self.send(id, account, currency, (amount, fee));
            }
            (Command::CancelPayout(cancel), _) => {
                let wire = self.wires.get_mut(&cancel.payout).unwrap();
                assert!(matches!(wire.how, Fate::UnderWay), "a payout that left was called off");
                wire.how = Fate::Canceled;
                let (account, currency, amount, fee) = (wire.account, wire.currency, wire.amount, wire.fee);
                self.outside.entry(currency).or_default().fees -= fee;
                let pot = self.pot(account, currency);
                pot.in_transit -= amount;
                pot.available += amount + fee;
            }
            (Command::CloseAnomaly(_), _) => {}
            (command, answer) => panic!("{command:?} was answered {answer:?}"),
        }
    }

    /// What the processor takes from the account for a payout that was asked for.
    pub(crate) fn fee_of_payout(&self, account: AccountId, new: &NewPayout) -> i128 {
        let holder = &self.holders[&account];
        if new.method == PayoutMethod::Instant && holder.pays_itself {
            rules::instant_fee(holder.country, new.amount.minor().into())
        } else {
            0
        }
    }

    fn send(&mut self, id: PayoutId, account: AccountId, currency: Currency, (amount, fee): (i128, i128)) {
        let bank = self.holders[&account].banks[&currency];
        assert!(amount > 0 && !self.broken_banks.contains(&bank), "money sent to a bank account that returns it");
        self.wires.insert(id, Wire { account, currency, amount, fee, bank, how: Fate::UnderWay });
        self.outside.entry(currency).or_default().fees += fee;
        let pot = self.pot(account, currency);
        pot.available -= amount + fee;
        pot.in_transit += amount;
    }

    fn refund(&mut self, refund: &NewRefund) {
        let sale = self.sales.get_mut(&refund.payment).unwrap();
        let (total, currency) = (i128::from(sale.order.amount.minor()), sale.order.amount.currency());
        let amount = refund.amount.map_or(total - sale.refunded, |amount| amount.minor().into());
        sale.refunded += amount;
        assert!(amount > 0 && sale.refunded <= total, "more refunded than was paid");
        let (owner, date) = (sale.owner, sale.taken.expect("a refund of nothing"));
        let (mut pulled, mut returned) = (None, None);
        if let (Some(WhoBears::Recipient), Some(id)) = (refund.transfer, sale.transfer) {
            let transfer = self.transfers.get_mut(&id).unwrap();
            let part = next_part(&mut sale.pulled, amount, total, transfer);
            sale.transferred -= part;
            pulled = Some((transfer.account, part));
        }
        if let (Some(WhoBears::Recipient), Some(id)) = (refund.application_fee, sale.fee) {
            let fee = self.fees.get_mut(&id).unwrap();
            returned = Some((fee.account, next_part(&mut sale.returned, amount, total, fee)));
        }
        let platform = self.platform;
        self.put(owner, currency, date, -amount);
        self.outside.entry(currency).or_default().payers -= amount;
        if let Some((account, part)) = pulled {
            self.put(account, currency, date, -part);
            self.put(platform, currency, date, part);
        }
        if let Some((account, part)) = returned {
            self.put(platform, currency, date, -part);
            self.put(account, currency, date, part);
        }
    }

    fn transfer(&mut self, new: &NewTransfer, id: TransferId) {
        let (amount, currency) = (i128::from(new.amount.minor()), new.amount.currency());
        let mut date = self.now;
        if let Some(source) = new.source {
            let sale = self.sales.get_mut(&source).unwrap();
            let left = i128::from(sale.order.amount.minor()) - sale.transferred - sale.refunded;
            assert!(amount <= left, "a transfer of money that was given back, or sent elsewhere");
            sale.transferred += amount;
            date = sale.taken.expect("a transfer out of nothing");
            assert_eq!(sale.owner, self.platform, "a transfer out of somebody else's money");
            assert_eq!(sale.order.amount.currency(), currency);
        }
        assert!(rules::is_reached(self.holders[&new.destination].country), "money crossed a closed border");
        if date <= self.now {
            assert!(amount <= self.available(self.platform, currency), "a transfer of more than there is");
        }
        let share = Share { amount, back: 0, account: new.destination, currency, source: new.source, date };
        self.transfers.insert(id, share);
        self.put(self.platform, currency, date, -amount);
        self.put(new.destination, currency, date, amount);
    }

    /// What is taken from an account is there, is the platform's at once, and costs what the rules say.
    fn debit(&mut self, account: AccountId, new: &NewTransfer, id: TransferId) {
        let (amount, currency) = (i128::from(new.amount.minor()), new.amount.currency());
        assert!(amount <= self.available(account, currency), "a debit of more than there is");
        let holder = &self.holders[&account];
        assert!(holder.is_borne, "a debit of an account whose losses are the processor's");
        let most = rules::debits_from(holder.country).expect("a debit of an account in another region");
        assert!(new.source.is_none() && most.is_none_or(|most| amount <= most), "a debit of too much");
        let share = Share { amount, back: 0, account: self.platform, currency, source: None, date: self.now };
        self.transfers.insert(id, share);
        self.debits.insert(id, account);
        let fee = rules::debit_fee(new.amount.minor(), currency);
        self.put(account, currency, self.now, -amount);
        self.put(self.platform, currency, self.now, amount - fee);
        self.outside.entry(currency).or_default().fees += fee;
    }

    fn reverse(&mut self, reversal: &NewTransferReversal) {
        let share = self.transfers.get_mut(&reversal.transfer).unwrap();
        let amount = reversal.amount.map_or(share.amount - share.back, |amount| amount.minor().into());
        share.back += amount;
        assert!(amount > 0 && share.back <= share.amount, "more reversed than was sent");
        let Share { account, currency, source, date, .. } = *share;
        if let Some(sale) = source.and_then(|source| self.sales.get_mut(&source)) {
            sale.transferred -= amount;
        }
        let sender = self.debits.get(&reversal.transfer).copied().unwrap_or(self.platform);
        if sender != self.platform {
            assert!(amount <= self.available(account, currency), "a debit given back out of nothing");
        }
        self.put(account, currency, date, -amount);
        self.put(sender, currency, date, amount);
    }

    fn refund_fee(&mut self, refund: &NewApplicationFeeRefund) {
        let share = self.fees.get_mut(&refund.fee).unwrap();
        let amount = refund.amount.map_or(share.amount - share.back, |amount| amount.minor().into());
        share.back += amount;
        assert!(amount > 0 && share.back <= share.amount, "more of a commission returned than was taken");
        let Share { account, currency, date, .. } = *share;
        self.put(self.platform, currency, date, -amount);
        self.put(account, currency, date, amount);
    }
}

/// The part of a share that goes with one more refund: of all that asked for it, less what was given, and what is left.
fn next_part((asked, given): &mut (i128, i128), amount: i128, total: i128, share: &mut Share) -> i128 {
    *asked += amount;
    let part = (in_proportion(share.amount, *asked, total) - *given).clamp(0, share.amount - share.back);
    *given += part;
    share.back += part;
    part
}

fn charge_in(changes: &Changes) -> ChargeId {
    let charge = |id| if let ObjectId::Charge(id) = id { Some(id) } else { None };
    changes.records.iter().find_map(|write| charge(write.record.id())).unwrap()
}

/// What the world and the clock do.
impl Model {
    fn hear(&mut self, report: &Report, changes: &Changes) {
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
            Fact::ChargeFailed(failure) => {
                if self.charge(&failure.charge).is_none() {
                    self.park(&failure.charge, report);
                }
            }
            Fact::PayoutPaid(paid) => {
                let wire = self.wires.get_mut(&paid.payout).unwrap();
                if let Fate::UnderWay = wire.how {
                    wire.how = Fate::Paid;
                    let (account, currency, amount) = (wire.account, wire.currency, wire.amount);
                    self.pot(account, currency).in_transit -= amount;
                    self.outside.entry(currency).or_default().banks += amount;
                }
            }
            Fact::PayoutFailed(failed) => self.came_back(failed.payout, &failed.failure_code),
            Fact::PayoutSubmitted(_) | Fact::RefundSucceeded(_) => {}
            fact => panic!("{fact:?} is new to the model"),
        }
    }

    fn charge(&self, named: &Named) -> Option<ChargeId> {
        match named {
            Named::Id(id) => Some(*id),
            Named::Reference(reference) => self.references.get(reference).copied(),
        }
    }

    fn park(&mut self, named: &Named, report: &Report) {
        let Named::Reference(reference) = named else { return };
        let until = self.now.plus_days(30).unwrap_or(Timestamp::MAX);
        self.waiting.push((until, reference.clone(), report.clone()));
    }

    fn submitted(&mut self, reference: &str, charge: ChargeId, changes: &Changes) {
        if self.references.contains_key(reference) {
            return;
        }
        self.references.insert(reference.to_owned(), charge);
        let (mut ours, others): (Vec<_>, Vec<_>) =
            std::mem::take(&mut self.waiting).into_iter().partition(|(_, waits_for, _)| waits_for == reference);
        self.waiting = others;
        ours.sort_by_key(|(_, _, report)| report.at);
        for (_, _, report) in ours {
            self.hear(&report, changes);
        }
    }

    fn succeeded(&mut self, charge: ChargeId, at: Timestamp, amount: Money, changes: &Changes) {
        let family = charge.family();
        let (id, sale) = self.sales.iter_mut().find(|(id, _)| id.family() == family).unwrap();
        let (latest, method, asked) = *sale.attempts.last().unwrap();
        if latest != charge || sale.taken.is_some() || sale.called_off || amount != sale.order.amount {
            return;
        }
        let (id, total, currency) = (*id, i128::from(amount.minor()), amount.currency());
        let (owner, order) = (sale.owner, sale.order.clone());
        let (country, is_free) = (self.holders[&owner].country, self.holders[&owner].is_free);
        let date = rules::available_on(country, method, at.max(asked));
        let processor = rules::processor_fee(country, method, amount.minor(), currency);
        let commission = order.application_fee.map_or(0, |fee| i128::from(fee.minor()));
        let payer = order.destination.unwrap_or(owner);
        let sent = order.transfer_amount.map_or(total, |sent| sent.minor().into());
        let born = changes.records.iter().map(|write| write.record.id()).filter(|id| id.family() == family);
        let (mut transfer, mut fee) = (None, None);
        for object in born {
            match object {
                ObjectId::Transfer(id) => transfer = Some(id),
                ObjectId::ApplicationFee(id) => fee = Some(id),
                _ => {}
            }
        }
        assert_eq!((transfer.is_some(), fee.is_some()), (order.destination.is_some(), commission > 0));
        sale.taken = Some(date);
        (sale.transfer, sale.fee) = (transfer, fee);
        let outside = self.outside.entry(currency).or_default();
        outside.payers += total;
        outside.fees += processor;
        self.put(owner, currency, date, total);
        self.put(if is_free { self.platform } else { owner }, currency, date, -processor);
        if let (Some(account), Some(transfer)) = (order.destination, transfer) {
            let share = Share { amount: sent, back: 0, account, currency, source: Some(id), date };
            self.transfers.insert(transfer, share);
            self.sales.get_mut(&id).unwrap().transferred = sent;
            self.put(owner, currency, date, -sent);
            self.put(account, currency, date, sent);
        }
        if let Some(fee) = fee {
            let share = Share { amount: commission, back: 0, account: payer, currency, source: Some(id), date };
            self.fees.insert(fee, share);
            self.put(payer, currency, date, -commission);
            self.put(self.platform, currency, date, commission);
        }
    }

    fn came_back(&mut self, payout: PayoutId, code: &str) {
        let wire = self.wires.get_mut(&payout).unwrap();
        let (account, currency, amount) = (wire.account, wire.currency, wire.amount);
        let under_way = match &wire.how {
            Fate::UnderWay => Some(true),
            Fate::Paid => Some(false),
            Fate::Failed => None,
            Fate::Canceled => return,
        };
        wire.how = Fate::Failed;
        if rules::breaks_bank(code) {
            self.broken_banks.insert(wire.bank);
        }
        if let Some(under_way) = under_way {
            let pot = self.pot(account, currency);
            pot.available += amount;
            if under_way {
                pot.in_transit -= amount;
            } else {
                self.outside.entry(currency).or_default().banks -= amount;
            }
        }
    }

    /// Day by day: pending money becomes available, and on its days a schedule pays out all that there is.
    fn sleep(&mut self, until: Timestamp, fired: &[Changes]) -> Vec<Run> {
        let mut runs = Vec::new();
        let mut born = payouts_in(fired);
        for day in rules::day(self.now) + 1..=rules::day(until) {
            let midnight = rules::midnight(day);
            self.now = midnight;
            for pot in self.pots.values_mut() {
                let due: i128 = pot.pending.iter().filter(|(date, _)| **date <= midnight).map(|(_, sum)| sum).sum();
                pot.pending.retain(|date, _| *date > midnight);
                pot.available += due;
            }
            for (account, currency) in self.pots.keys().copied().collect::<Vec<_>>() {
                let Some(amount) = self.run(account, currency, day) else { continue };
                runs.push((midnight, account, currency, amount));
                if let Some(id) = born.remove(&(midnight, account, currency)) {
                    self.send(id, account, currency, (amount, 0));
                }
            }
        }
        self.now = until;
        self.waiting.retain(|(limit, _, _)| *limit > until);
        runs
    }

    /// What the schedule sends to the bank on a day.
    fn run(&self, account: AccountId, currency: Currency, day: i64) -> Option<i128> {
        let holder = &self.holders[&account];
        let enabled = account == self.platform || holder.may_work.keys().any(|what| holder.can(*what));
        let bank = holder.banks.get(&currency).filter(|bank| !self.broken_banks.contains(bank));
        if !enabled || bank.is_none() || !rules::runs_on(holder.schedule, day) {
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
