//! What the money should be, computed a second time, from the accepted commands and the facts alone, as dumb as can be.
//!
//! It shares ids and [`Money`] with the crate, and takes from the changes no more than the ids of what was created.

use std::collections::{BTreeMap, BTreeSet};

use fundroute::accounts::{CapabilityStatus, Dashboard, FeePayer, LossBearer, PayoutMethod, RequirementCollector};
use fundroute::ids::{
    AccountId, ApplicationFeeId, ChargeId, DisputeId, ExternalAccountId, ObjectId, ParkedFactId, PaymentId, PayoutId,
    RefundId, ReserveHoldId, ReservePlanId, TopUpId, TransferId,
};
use fundroute::journal::{Answer, Changes, Fact, FactOutcome, Record, Report};
use fundroute::money::{Currency, Rate};
use fundroute::payments::{
    ChargeFailure, ChargeState, ConfirmPayment, Named, NewPayment, NewRefund, UpdatePayment, WhoBears,
};
use fundroute::payouts::{NewPayout, PayoutSchedule};
use fundroute::prelude::*;
use fundroute::routing::{NewApplicationFeeRefund, NewTransferReturn, NewTransferReversal};
use fundroute::rulebook::{Capability, ServiceAgreement};

mod arrivals;
mod bank_debits;
mod bill;
mod captures;
mod debts;
mod disputes;
mod exchange;
mod instant;
mod payout_reversals;
pub(crate) mod plans;
mod refunds;
mod resends;
mod reserves;
mod reversals;
mod shares;
mod submissions;
mod top_ups;
mod world;

use crate::rules::{self, Rules};
use crate::stage::{Act, Came};
use crate::ways::{Way, coin_of, through};

type Purse = (AccountId, Currency);

/// What an owner holds in one currency.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Pot {
    pub(crate) pending: BTreeMap<Timestamp, i128>,
    pub(crate) available: i128,
    pub(crate) in_transit: i128,
    pub(crate) reserved: i128,
}

/// What came in, was kept, and went out, in one currency.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Outside {
    pub(crate) payers: i128,
    pub(crate) fees: i128,
    pub(crate) banks: i128,
    pub(crate) disputes: i128,
    pub(crate) exchange: i128,
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
    /// Whether what is sent to it takes a day more.
    is_recipient: bool,
    may_work: BTreeMap<Capability, (Timestamp, CapabilityStatus)>,
    banks: BTreeMap<Currency, ExternalAccountId>,
    schedule: PayoutSchedule,
    /// Whether its bank is debited for what it owes.
    is_debited: bool,
    /// Whether a small debt is let be.
    is_tolerated: bool,
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

/// What the world was asked for.
#[derive(Clone, Copy, Debug)]
struct Attempt {
    charge: ChargeId,
    method: PaymentMethod,
    at: Timestamp,
    amount: Money,
    /// Whether the host called it off while it was under way.
    is_void: bool,
    ways: exchange::Ways,
}

#[derive(Clone, Debug)]
pub(crate) struct Sale {
    order: NewPayment,
    owner: AccountId,
    attempts: Vec<Attempt>,
    called_off: bool,
    /// What is held ready of it, where it is captured later and was authorized.
    held: Option<captures::Held>,
    /// What was taken of it.
    pub(crate) total: i128,
    /// What the processor took of it.
    pub(crate) processor: i128,
    /// The attempt that paid it.
    paid_by: Option<ChargeId>,
    /// When the first of its money becomes available.
    first: Option<Timestamp>,
    /// When its money becomes available, once it was taken.
    pub(crate) taken: Option<Timestamp>,
    pub(crate) refunded: i128,
    /// Transfers out of it, less what was reversed.
    pub(crate) transferred: i128,
    transfer: Option<TransferId>,
    fee: Option<ApplicationFeeId>,
    /// Who gets what of it by its plan.
    pub(crate) shared: plans::Shared,
    /// What refunds have asked to be pulled back for, and what was.
    pulled: (i128, i128),
    returned: (i128, i128),
    /// What is held back of it on the account that it is booked on.
    hold: Option<ReserveHoldId>,
}

impl Sale {
    /// How what it brings is converted, by its last attempt.
    fn ways(&self) -> exchange::Ways {
        self.attempts.last().expect("nothing was tried").ways
    }

    /// What was taken of it, where it is booked.
    pub(crate) fn settled(&self) -> i128 {
        through(self.ways().booked, self.total)
    }

    /// Whether more of it can be taken.
    fn goes_on(&self) -> bool {
        self.held.as_ref().is_some_and(|held| held.is_open)
    }
}

#[derive(Clone, Debug)]
pub(crate) struct Share {
    pub(crate) amount: i128,
    pub(crate) back: i128,
    /// What of a commission is tax, and what of that went back.
    pub(crate) tax: (i128, i128),
    account: AccountId,
    currency: Currency,
    pub(crate) source: Option<PaymentId>,
    date: Timestamp,
    /// What is held back of it on the account that got it.
    hold: Option<ReserveHoldId>,
    /// What it is for the account, and of a commission for the platform.
    theirs: Way,
    ours: Way,
}

impl Share {
    /// Nothing yet, of that owner and in that currency.
    const fn new((account, currency): Purse, date: Timestamp, (theirs, ours): (Way, Way)) -> Self {
        Self { amount: 0, back: 0, tax: (0, 0), account, currency, source: None, date, hold: None, theirs, ours }
    }

    /// The account, in the currency that it has of it.
    fn purse(&self) -> Purse {
        (self.account, coin_of(self.theirs, self.currency))
    }
}

#[derive(Clone, Debug)]
struct Wire {
    account: AccountId,
    currency: Currency,
    amount: i128,
    fee: i128,
    bank: ExternalAccountId,
    made: Timestamp,
    /// What its bank gets of it, or gives.
    reaches: (i128, Currency),
    /// Whether it went within minutes.
    is_instant: bool,
    /// What was lent by pending days, if it went within minutes.
    lent: Vec<(Timestamp, i128)>,
    /// What it takes back, and what takes it back.
    original: Option<PayoutId>,
    reversal: Option<PayoutId>,
    /// What it was sent again as last.
    resent: Option<PayoutId>,
    how: Fate,
}

impl Wire {
    fn new(account: AccountId, currency: Currency, (amount, fee): (i128, i128), bank: ExternalAccountId) -> Self {
        let (original, reversal) = (None, None);
        let reaches = (amount, currency);
        Self {
            account,
            currency,
            amount,
            fee,
            bank,
            made: Timestamp::MIN,
            reaches,
            is_instant: false,
            lent: Vec::new(),
            original,
            reversal,
            resent: None,
            how: Fate::UnderWay,
        }
    }
}

#[derive(Clone, Debug)]
enum Fate {
    UnderWay,
    Paid,
    Failed,
    Canceled,
    /// By the processor.
    CalledOff,
}

/// An automatic payout: when, of what, and how much.
pub(crate) type Run = (Timestamp, AccountId, Currency, i128);

#[derive(Clone, Debug)]
pub(crate) struct Model {
    rules: Rules,
    platform: AccountId,
    now: Timestamp,
    /// What so many units of one currency are of another, in hundred-thousandths.
    rates: BTreeMap<(Currency, Currency), i128>,
    pub(crate) pots: BTreeMap<Purse, Pot>,
    pub(crate) outside: BTreeMap<Currency, Outside>,
    holders: BTreeMap<AccountId, Holder>,
    broken_banks: BTreeSet<ExternalAccountId>,
    pub(crate) sales: BTreeMap<PaymentId, Sale>,
    pub(crate) transfers: BTreeMap<TransferId, Share>,
    /// The transfers that were taken from an account, and from which.
    debits: BTreeMap<TransferId, AccountId>,
    pub(crate) fees: BTreeMap<ApplicationFeeId, Share>,
    /// What has been taken as tax on commissions, less what went back of it, on its lines.
    pub(crate) taxes: BTreeMap<Purse, i128>,
    backs: BTreeMap<RefundId, refunds::Back>,
    queues: BTreeMap<Purse, refunds::Queue>,
    /// Since when balances have been below zero.
    below: BTreeMap<Purse, Timestamp>,
    /// Until when the platform does not cover a debt for which a bank has been asked.
    postponed: BTreeMap<Purse, Timestamp>,
    /// How balances stood when they were looked at last.
    stood: BTreeMap<Purse, i128>,
    asked: BTreeMap<Purse, bank_debits::Asked>,
    /// How often banks have not paid.
    unpaid: BTreeMap<ExternalAccountId, u8>,
    /// What stays set aside after banks have paid, and until when.
    covers: BTreeMap<PayoutId, (Timestamp, Currency, i128)>,
    is_asleep: bool,
    wires: BTreeMap<PayoutId, Wire>,
    /// When payouts are expected, as is told of them, and on which day.
    expected: BTreeMap<PayoutId, (Timestamp, i64)>,
    /// How many that were asked for reach the bank on the same day.
    same_days: BTreeMap<(AccountId, Currency, i64), u8>,
    /// What payouts of accounts have cost since the month began.
    bill: bill::Bill,
    /// What the platform takes of payouts within minutes: so many percent, and so much besides.
    prices: BTreeMap<Currency, (i128, i128)>,
    plans: BTreeMap<ReservePlanId, reserves::Plan>,
    kept: BTreeMap<ReserveHoldId, reserves::Kept>,
    /// What the processor keeps in each reserve of its own, of whom and since when.
    with_processor: BTreeMap<String, (Purse, Timestamp, i128)>,
    references: BTreeMap<String, ChargeId>,
    pub(crate) quarrels: BTreeMap<String, disputes::Quarrel>,
    dispute_ids: BTreeMap<DisputeId, String>,
    /// The sales that payers' banks have pulled back.
    pulled_back: BTreeMap<PaymentId, reversals::PulledBack>,
    /// Why attempts failed, and what the processor took for it.
    failures: BTreeMap<ChargeId, (Timestamp, ChargeFailure)>,
    failure_fees: BTreeMap<ChargeId, i128>,
    /// How far payers have got with what is theirs, of attempts of which anything was told.
    payers: BTreeMap<ChargeId, submissions::Payer>,
    /// What was asked of the platform's own bank, and under which references.
    pulls: BTreeMap<TopUpId, top_ups::Pull>,
    pull_references: BTreeMap<String, TopUpId>,
    /// Until when the fact waits that is being taken up.
    waits_until: Option<Timestamp>,
    waiting: Vec<(Timestamp, String, Report)>,
    /// As what each fact that had to wait was kept: of those that happened together the first one is taken up first.
    parked: BTreeMap<String, ParkedFactId>,
}

impl Model {
    pub(crate) fn new(rules: Rules, platform: AccountId, now: Timestamp) -> Self {
        let schedule = PayoutSchedule::Automatic(fundroute::calendar::Recurrence::Daily);
        let (may_work, banks) = (BTreeMap::new(), BTreeMap::new());
        let own = Holder {
            country: US,
            is_free: false,
            pays_itself: true,
            is_borne: false,
            is_recipient: false,
            may_work,
            banks,
            schedule,
            is_debited: true,
            is_tolerated: true,
        };
        Self {
            rules,
            platform,
            now,
            rates: BTreeMap::new(),
            pots: BTreeMap::new(),
            outside: BTreeMap::new(),
            holders: BTreeMap::from([(platform, own)]),
            broken_banks: BTreeSet::new(),
            sales: BTreeMap::new(),
            transfers: BTreeMap::new(),
            debits: BTreeMap::new(),
            fees: BTreeMap::new(),
            taxes: BTreeMap::new(),
            backs: BTreeMap::new(),
            queues: BTreeMap::new(),
            below: BTreeMap::new(),
            postponed: BTreeMap::new(),
            stood: BTreeMap::new(),
            asked: BTreeMap::new(),
            unpaid: BTreeMap::new(),
            covers: BTreeMap::new(),
            is_asleep: false,
            wires: BTreeMap::new(),
            expected: BTreeMap::new(),
            same_days: BTreeMap::new(),
            bill: bill::Bill::default(),
            prices: BTreeMap::new(),
            plans: BTreeMap::new(),
            kept: BTreeMap::new(),
            with_processor: BTreeMap::new(),
            references: BTreeMap::new(),
            quarrels: BTreeMap::new(),
            dispute_ids: BTreeMap::new(),
            pulled_back: BTreeMap::new(),
            failures: BTreeMap::new(),
            failure_fees: BTreeMap::new(),
            payers: BTreeMap::new(),
            pulls: BTreeMap::new(),
            pull_references: BTreeMap::new(),
            waits_until: None,
            waiting: Vec::new(),
            parked: BTreeMap::new(),
        }
    }

    /// Follows what was accepted; tells which automatic payouts should have happened.
    pub(crate) fn follow(&mut self, act: &Act, came: &Came) -> Vec<Run> {
        if came.is_replay() {
            return Vec::new();
        }
        match (act, came) {
            (Act::Ask(request), Came::Answer(answer, _, changes)) => {
                self.obey(request, *answer, changes);
                self.gave_up(changes);
            }
            (Act::Tell(report), Came::News(outcome, _, changes)) => {
                if let FactOutcome::Parked(id) = outcome {
                    self.parked.insert(report.id.clone(), *id);
                }
                self.name_disputes(changes);
                self.hear(report, changes);
            }
            (Act::Wait(until), Came::Time(fired)) => {
                fired.iter().for_each(|changes| self.gave_up(changes));
                return self.sleep(*until, fired);
            }
            _ => panic!("{act:?} came to {came:?}"),
        }
        self.see_funds();
        self.note_falls();
        Vec::new()
    }

    fn pot(&mut self, account: AccountId, currency: Currency) -> &mut Pot {
        self.pots.entry((account, currency)).or_default()
    }

    pub(crate) const fn platform(&self) -> AccountId {
        self.platform
    }

    /// What an owner can use: the platform without what it has to set aside.
    pub(crate) fn available(&self, account: AccountId, currency: Currency) -> i128 {
        let aside = if account == self.platform { self.set_aside(currency) } else { 0 };
        self.pots.get(&(account, currency)).map_or(0, |pot| pot.available) - aside
    }

    /// Moves an owner's money that is pending until `date`, or available if that has passed.
    fn put(&mut self, account: AccountId, currency: Currency, date: Timestamp, amount: i128) {
        let pending = date > self.now;
        let pot = self.pot(account, currency);
        let sum = if pending { pot.pending.entry(date).or_default() } else { &mut pot.available };
        *sum += amount;
        pot.pending.retain(|_, sum| *sum != 0);
    }

    /// When money that its sender has on a date is there for whom it is sent to.
    fn reached(&self, account: AccountId, date: Timestamp) -> Timestamp {
        let waits = self.holders.get(&account).is_some_and(|holder| holder.is_recipient);
        if waits { date.plus_days(1).unwrap() } else { date }
    }

    /// A new account, which may do nothing yet.
    fn holder(&self, new: &NewAccount) -> Holder {
        let asked = new.capabilities.iter().map(|what| (*what, (self.now, CapabilityStatus::Pending)));
        Holder {
            // Every platform here is in the United States.
            country: new.country.unwrap_or(US),
            is_free: new.controller.fees == FeePayer::Application,
            pays_itself: new.controller.fees == FeePayer::Account,
            is_borne: new.controller.losses == LossBearer::Application,
            is_recipient: new.agreement == ServiceAgreement::Recipient,
            may_work: asked.collect(),
            banks: BTreeMap::new(),
            schedule: PayoutSchedule::Automatic(fundroute::calendar::Recurrence::Daily),
            is_debited: new.controller.requirements == RequirementCollector::Processor,
            is_tolerated: new.controller.dashboard == Dashboard::Full,
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
                self.plan_debit((bank.account, bank.currency));
            }
            (Command::SetDebitNegativeBalances(set), _) => self.set_debits(set.account, set.debit),
            (Command::SetPayoutSchedule(set), _) => {
                self.holders.get_mut(&set.account).unwrap().schedule = set.schedule;
            }
            (Command::CreatePayment(new), Answer::Payment(id)) => {
                self.begin(id, request.account.unwrap_or(self.platform), new, changes);
            }
            (Command::ConfirmPayment(again), _) => self.try_again(again, changes),
            (Command::UpdatePayment(change), _) => self.change(change),
            (Command::CancelPayment(cancel), _) => self.let_go(cancel.payment),
            (Command::CapturePayment(capture), _) => self.ask_capture(capture),
            (Command::IncrementAuthorization(raise), _) => self.ask_raise(raise),
            (Command::CreateRefund(refund), Answer::Refund(id)) => self.refund(refund, id),
            (Command::CancelRefund(cancel), _) => self.back_again(cancel.refund),
            (Command::ReturnTransfer(back), _) => self.send_back(request.account, back),
            (Command::SubmitEvidence(evidence), _) => self.answered(evidence),
            (Command::AcceptDispute(dispute), _) => self.gave_in(*dispute),
            (Command::CreateTransfer(debit), Answer::Transfer(id)) if debit.destination == self.platform => {
                self.debit(request.account.expect("a debit of nobody"), debit, id);
            }
            (Command::CreateTransfer(transfer), Answer::Transfer(id)) => self.transfer(transfer, id, changes),
            (Command::ReverseTransfer(reversal), _) => self.reverse(reversal),
            (Command::RefundApplicationFee(refund), _) => self.refund_fee(refund),
            (Command::CreatePayout(new), Answer::Payout(id)) => {
                self.pay_by_hand(id, request.account.unwrap_or(self.platform), new, changes);
            }
            (Command::CancelPayout(cancel), _) => self.called_off(cancel.payout),
            (Command::ResendPayout(again), Answer::Payout(id)) => {
                self.resend(id, request.account.unwrap_or(self.platform), again.payout, changes);
            }
            (Command::ReversePayout(reverse), Answer::Payout(id)) => self.reverse_payout(id, reverse.payout),
            (Command::SetInstantPrice(set), _) => {
                self.prices.remove(&set.currency);
                let price = set.price.as_ref().map(|price| rules::price_of(set.currency, price));
                self.prices.extend(price.map(|price| (set.currency, price)));
            }
            (Command::CreateTopUp(new), Answer::TopUp(id)) => self.pull(id, new),
            (Command::CancelTopUp(cancel), _) => self.call_off_pull(*cancel),
            (Command::Reserve(command), answer) => self.reserve(command, answer),
            (Command::SetExchangeRate(set), _) => self.quote(set),
            (Command::CloseAnomaly(_), _) => {}
            (command, answer) => panic!("{command:?} was answered {answer:?}"),
        }
    }

    /// A payment is asked for.
    fn begin(&mut self, id: PaymentId, owner: AccountId, new: &NewPayment, changes: &Changes) {
        let reached = new.destination.is_none_or(|account| rules::is_reached(self.holders[&account].country));
        assert!(reached, "a destination charge crossed a closed border");
        if let Some(account) = new.on_behalf_of {
            assert!(owner == self.platform && account != owner && self.holders[&account].country == US);
            assert!(new.destination.is_none_or(|destination| destination == account));
        }
        let attempt = || {
            let (method, at) = (new.method.expect("a payment by no method"), changes.at);
            let ways = self.ways_of(new, owner);
            Attempt { charge: charge_in(changes), method, at, amount: new.amount, is_void: false, ways }
        };
        let attempts = Vec::from_iter(new.confirm.then(attempt));
        let order = plans::without_named(new.clone());
        let shared = attempts.last().map(|tried| self.shared(&order, tried.ways.booked_in())).unwrap_or_default();
        let sale = Sale {
            order,
            owner,
            attempts,
            called_off: false,
            held: None,
            paid_by: None,
            first: None,
            total: 0,
            processor: 0,
            taken: None,
            refunded: 0,
            transferred: 0,
            transfer: None,
            fee: None,
            shared,
            pulled: (0, 0),
            returned: (0, 0),
            hold: None,
        };
        self.sales.insert(id, sale);
    }

    /// A payment is tried, or goes on once its payer has done what was theirs.
    fn try_again(&mut self, again: &ConfirmPayment, changes: &Changes) {
        let sale = self.sales.get_mut(&again.payment).unwrap();
        sale.order.method = again.method.or(sale.order.method);
        let (charge, at) = (charge_in(changes), changes.at);
        if sale.attempts.last().is_some_and(|last| last.charge == charge) {
            self.payers.insert(charge, submissions::Payer::Confirmed);
            return;
        }
        let (method, amount) = (sale.order.method.unwrap(), sale.order.amount);
        let (order, owner) = (sale.order.clone(), sale.owner);
        let ways = self.ways_of(&order, owner);
        let attempt = Attempt { charge, method, at, amount, is_void: false, ways };
        let shared = self.shared(&order, ways.booked_in());
        let sale = self.sales.get_mut(&again.payment).unwrap();
        sale.attempts.push(attempt);
        sale.shared = shared;
    }

    /// A payment that nobody collects is changed.
    fn change(&mut self, change: &UpdatePayment) {
        let order = &mut self.sales.get_mut(&change.payment).unwrap().order;
        order.amount = change.amount.unwrap_or(order.amount);
        order.method = change.method.or(order.method);
        captures::with_parts(order, (change.application_fee, change.transfer_amount));
        let parts = [order.application_fee, order.transfer_amount].into_iter().flatten();
        assert!(parts.fold(0, |sum, part| sum + part.minor()) <= order.amount.minor(), "parts beyond the whole");
    }

    fn send(&mut self, id: PayoutId, account: AccountId, currency: Currency, (amount, fee): (i128, i128)) {
        let (bank, reaches) = self.way_out(account, currency, amount);
        assert!(amount > 0 && !self.broken_banks.contains(&bank), "money sent to a bank account that returns it");
        let wire = Wire { reaches, made: self.now, ..Wire::new(account, currency, (amount, fee), bank) };
        self.wires.insert(id, wire);
        self.counted(id, false);
        self.outside.entry(currency).or_default().fees += fee;
        let pot = self.pot(account, currency);
        pot.available -= amount + fee;
        pot.in_transit += amount;
    }
}

fn charge_in(changes: &Changes) -> ChargeId {
    let charge = |id| if let ObjectId::Charge(id) = id { Some(id) } else { None };
    changes.records.iter().filter_map(|write| charge(write.record.id())).max().unwrap()
}
