//! A platform with sellers, and short words for what happens in it.

use fundroute::accounts::{Actor, CapabilityStatus, LossBearer};
use fundroute::ids::{
    AccountId, ApplicationFeeId, ChargeId, ObjectId, PaymentId, PayoutId, RefundId, TransferId, TransferReversalId,
};
use fundroute::journal::{AnomalyReason, FactOutcome, ParkedState, Record};
use fundroute::ledger::{BalanceTransaction, LedgerAccount};
use fundroute::money::{Currency, Rate};
use fundroute::payouts::{Payout, SetDebitNegativeBalances};
use fundroute::prelude::*;
use fundroute::routing::NewTransferReversal;
use fundroute::rulebook::{Capability, Price, Vetting};
use fundroute::simulator::World;

/// The Monday on which every story starts.
pub(crate) fn monday() -> Timestamp {
    utc(2026, 11, 2)
}

/// The rules of the field, and prices of the house's own where no price is published. Accounts are vetted elsewhere: what they are
/// asked for has tests of its own. They hold what their country lets them without a bank account for it, so that their balances stay.
pub(crate) fn rules() -> Rulebook {
    let free = |country, method, currency| Price::new(country, method, currency, Rate::ZERO, 0);
    Rulebook::standard()
        .with_vetting(Vetting::ByHost)
        .with_unbanked_settlement(true)
        .with_price(free(DE, PaymentMethod::Card, EUR))
        .and_then(|book| book.with_price(free(DE, PaymentMethod::SepaDebit, EUR)))
        .and_then(|book| book.with_price(free(Country::HU, PaymentMethod::Card, Currency::HUF)))
        .unwrap()
}

/// A platform, and the world around it.
#[derive(Clone)]
pub(crate) struct Shop {
    pub(crate) platform: Platform,
    pub(crate) world: World,
    /// The platform's own account.
    pub(crate) house: AccountId,
    asked: u32,
}

impl Shop {
    /// A platform in the United States, on a Monday.
    pub(crate) fn open() -> Self {
        Self::open_in(US)
    }

    pub(crate) fn open_in(country: Country) -> Self {
        Self::open_by(country, rules())
    }

    pub(crate) fn open_by(country: Country, rules: Rulebook) -> Self {
        Self::open_on(monday(), country, rules)
    }

    pub(crate) fn open_on(day: Timestamp, country: Country, rules: Rulebook) -> Self {
        Self::around(Platform::new(NewPlatform::in_country(country), rules, day).unwrap())
    }

    pub(crate) fn around(platform: Platform) -> Self {
        let house = platform.id();
        Self { platform, world: World::new(), house, asked: 0 }
    }

    /// A request key that was not used before.
    pub(crate) fn key(&mut self) -> String {
        self.asked += 1;
        format!("request-{}", self.asked)
    }

    /// A seller that may do what it asked for, but has no bank account: its balance stays where it is.
    pub(crate) fn seller(&mut self, account: NewAccount) -> AccountId {
        let key = self.key();
        let id = self.platform.accounts().create(&key, account).unwrap().answer;
        self.world.settle(&mut self.platform).unwrap();
        let capabilities = self.platform.account(id).unwrap().capabilities();
        assert!(capabilities.iter().all(|state| state.status() == CapabilityStatus::Active));
        id
    }

    /// A seller with a bank account that takes every payout.
    pub(crate) fn banked(&mut self, account: NewAccount) -> AccountId {
        self.world.onboard(&mut self.platform, account).unwrap()
    }

    /// A seller with the bank account of this number.
    pub(crate) fn banked_at(&mut self, account: NewAccount, number: &str) -> AccountId {
        self.world.onboard_with_bank(&mut self.platform, account, number).unwrap()
    }

    /// The bank of whoever owes is not debited: the debt stays as it is.
    pub(crate) fn spare_bank(&mut self, account: AccountId) {
        let set = SetDebitNegativeBalances { account, debit: false };
        let request = Request::new(self.key(), Command::SetDebitNegativeBalances(set));
        // Where the platform has no say, the holder has.
        let request = match self.platform.account(account).unwrap().may_owe() {
            true => request,
            false => request.by(Actor::Holder, account),
        };
        self.platform.handle(request).unwrap();
    }

    /// Gives a seller another bank account, in its own country and currency.
    pub(crate) fn new_bank(&mut self, seller: AccountId, number: &str) {
        let account = self.platform.account(seller).unwrap();
        let (country, currency) = (account.country(), account.default_currency());
        self.world.add_bank(&mut self.platform, seller, country, currency, number).unwrap();
    }

    /// Asks for a payment on the platform, and does not wait for the world.
    pub(crate) fn order(&mut self, payment: NewPayment) -> PaymentId {
        let key = self.key();
        self.platform.payments().create(&key, payment).unwrap().answer
    }

    /// Asks for a payment on a seller's account, and does not wait for the world.
    pub(crate) fn order_as(&mut self, seller: AccountId, payment: NewPayment) -> PaymentId {
        let key = self.key();
        self.platform.acting_as(seller).unwrap().payments().create(&key, payment).unwrap().answer
    }

    /// A payment on the platform; the world takes the money if it can do so at once.
    pub(crate) fn sell(&mut self, payment: NewPayment) -> PaymentId {
        let id = self.order(payment);
        self.settle();
        id
    }

    /// A direct charge; the world takes the money if it can do so at once.
    pub(crate) fn sell_as(&mut self, seller: AccountId, payment: NewPayment) -> PaymentId {
        let id = self.order_as(seller, payment);
        self.settle();
        id
    }

    pub(crate) fn refund(&mut self, refund: NewRefund) -> Result<RefundId, Error> {
        let key = self.key();
        self.platform.refunds().create(&key, refund).map(|decided| decided.answer)
    }

    pub(crate) fn refund_as(&mut self, seller: AccountId, refund: NewRefund) -> Result<RefundId, Error> {
        let key = self.key();
        self.platform.acting_as(seller)?.refunds().create(&key, refund).map(|decided| decided.answer)
    }

    pub(crate) fn transfer(&mut self, transfer: NewTransfer) -> Result<TransferId, Error> {
        let key = self.key();
        self.platform.transfers().create(&key, transfer).map(|decided| decided.answer)
    }

    pub(crate) fn reverse(&mut self, reversal: NewTransferReversal) -> Result<TransferReversalId, Error> {
        let key = self.key();
        self.platform.transfers().reverse_part(&key, reversal).map(|decided| decided.answer)
    }

    pub(crate) fn pay_out(&mut self, seller: AccountId, amount: Money) -> Result<PayoutId, Error> {
        let key = self.key();
        self.platform.acting_as(seller)?.payouts().create(&key, amount).map(|decided| decided.answer)
    }

    /// The world says that a charge succeeded, now.
    pub(crate) fn taken(&mut self, charge: ChargeId, amount: Money) -> FactOutcome {
        let (id, now) = (self.key(), self.platform.now());
        self.platform.payments().record_succeeded(&id, now, charge, amount).unwrap().answer
    }

    /// Lets the world do what it is asked to do now.
    pub(crate) fn settle(&mut self) {
        self.world.settle(&mut self.platform).unwrap();
    }

    /// Lets days pass.
    pub(crate) fn wait(&mut self, number: i64) {
        self.world.advance(&mut self.platform, days(number)).unwrap();
    }

    /// Lets the time pass up to a moment.
    pub(crate) fn until(&mut self, moment: Timestamp) {
        self.world.advance_to(&mut self.platform, moment).unwrap();
    }

    fn currency(&self, account: AccountId) -> Currency {
        self.platform.account(account).unwrap().default_currency()
    }

    /// What an account has pending in its own currency.
    pub(crate) fn pending(&self, account: AccountId) -> i128 {
        self.platform.balance(account, self.currency(account)).unwrap().pending
    }

    /// What an account has available in its own currency.
    pub(crate) fn available(&self, account: AccountId) -> i128 {
        self.platform.balance(account, self.currency(account)).unwrap().available
    }

    /// What an account has available in its own currency, with what of it is set aside for the debts of others.
    pub(crate) fn own(&self, account: AccountId) -> i128 {
        let balance = self.platform.balance(account, self.currency(account)).unwrap();
        balance.available + balance.connect_reserved
    }

    /// What an account has on the way to its bank.
    pub(crate) fn in_transit(&self, account: AccountId) -> i128 {
        self.platform.balance(account, self.currency(account)).unwrap().in_transit
    }

    /// What an account's bank got and kept.
    pub(crate) fn paid_out(&self, account: AccountId) -> i128 {
        self.platform.statement(account).unwrap().paid_out(self.currency(account))
    }

    /// What the processor has charged, in dollars.
    pub(crate) fn processor_fees(&self) -> i128 {
        self.platform.outside(LedgerAccount::Fees, USD)
    }

    pub(crate) fn transactions(&self, account: AccountId) -> Vec<BalanceTransaction> {
        self.platform.statement(account).unwrap().lines
    }

    /// An account's balance transactions as `type amount - fee = net (reporting category)`.
    pub(crate) fn lines(&self, account: AccountId) -> Vec<String> {
        let show = |line: &BalanceTransaction| {
            let category = serde_json::to_value(line.reporting_category).unwrap();
            let category = category.as_str().unwrap();
            format!("{} {} - {} = {} ({category})", line.kind, line.amount, line.fee, line.net)
        };
        self.transactions(account).iter().map(show).collect()
    }

    /// Checks what accounts have pending now, and have available once everything has settled.
    pub(crate) fn ends(&mut self, expected: &[(AccountId, i128)]) {
        for (account, figure) in expected {
            assert_eq!((self.pending(*account), self.own(*account)), (*figure, 0), "of {account}, before");
        }
        self.wait(7);
        for (account, figure) in expected {
            assert_eq!((self.pending(*account), self.own(*account)), (0, *figure), "of {account}, after");
        }
        self.sound();
    }

    /// Checks the books by adding all of them up again.
    pub(crate) fn sound(&self) {
        assert_eq!(self.platform.audit(), []);
        assert!(self.platform.trial_balances().iter().all(|currency| currency.balances()));
        for (account, currency) in self.platform.balances() {
            let aside =
                if account == self.house { self.owed_by_accounts(currency) + self.covered(currency) } else { 0 };
            assert_eq!(
                self.platform.balance(account, currency).unwrap().connect_reserved,
                aside,
                "{account} in {currency}"
            );
        }
    }

    /// What stays set aside in a currency after debits of banks.
    fn covered(&self, currency: Currency) -> i128 {
        let payouts = self.platform.records().filter_map(|record| {
            let Record::Payout(payout) = record else { return None };
            payout.covered()
        });
        payouts.filter(|(cover, _)| cover.currency() == currency).map(|(cover, _)| i128::from(cover.minor())).sum()
    }

    /// What the accounts owe in a currency for whose losses the platform answers.
    fn owed_by_accounts(&self, currency: Currency) -> i128 {
        let is_borne = |account| {
            let controller = self.platform.account(account).unwrap().controller();
            controller.is_some_and(|controller| controller.losses == LossBearer::Application)
        };
        let borne =
            self.platform.balances().into_iter().filter(|(account, coin)| *coin == currency && is_borne(*account));
        borne.map(|(account, _)| (-self.platform.balance(account, currency).unwrap().available).max(0)).sum()
    }

    /// What the partial refunds of a payment pulled back of its transfer, in their order.
    /// Why something could not be taken up.
    pub(crate) fn anomalies(&self) -> Vec<AnomalyReason> {
        let anomaly = |record: &Record| if let Record::Anomaly(anomaly) = record { Some(anomaly.reason) } else { None };
        self.platform.records().filter_map(anomaly).collect()
    }

    /// How many facts wait.
    pub(crate) fn waiting(&self) -> usize {
        let is_waiting = |state: &ParkedState| matches!(state, ParkedState::Waiting { .. });
        let waits = |record: &&Record| matches!(record, Record::ParkedFact(parked) if is_waiting(&parked.state));
        self.platform.records().filter(waits).count()
    }

    pub(crate) fn reversals(&self, payment: PaymentId) -> Vec<i64> {
        let of = |record: &Record| {
            let Record::TransferReversal(reversal) = record else { return None };
            Some(reversal.amount().minor())
        };
        self.platform.family(payment).filter_map(of).collect()
    }

    /// What was given back of a payment's commission, in order.
    pub(crate) fn fee_refunds(&self, payment: PaymentId) -> Vec<i64> {
        let of = |record: &Record| {
            let Record::ApplicationFeeRefund(refund) = record else { return None };
            Some(refund.amount().minor())
        };
        self.platform.family(payment).filter_map(of).collect()
    }

    /// The transfer that went with a destination charge.
    pub(crate) fn transfer_of(&self, payment: PaymentId) -> TransferId {
        self.platform.charge_of(payment).unwrap().transfer().unwrap()
    }

    /// The commission taken from a payment.
    pub(crate) fn fee_of(&self, payment: PaymentId) -> ApplicationFeeId {
        self.platform.charge_of(payment).unwrap().application_fee().unwrap()
    }

    /// The last attempt to collect a payment.
    pub(crate) fn charge_of(&self, payment: PaymentId) -> ChargeId {
        self.platform.payment(payment).unwrap().latest_charge().unwrap()
    }

    /// The day of an account that a moment belongs to.
    pub(crate) fn day_of(&self, account: AccountId, moment: Timestamp) -> String {
        let starts = self.platform.balance_settings(account).unwrap().starts_of_day();
        starts.at(moment).day_of(moment).to_string()
    }

    /// The state of a payment, by its name on the wire.
    pub(crate) fn status(&self, payment: PaymentId) -> String {
        self.platform.payment(payment).unwrap().status().to_string()
    }

    /// An account's payouts, oldest first.
    pub(crate) fn payouts(&self, account: AccountId) -> Vec<Payout> {
        let of = |record: &Record| {
            let Record::Payout(payout) = record else { return None };
            Some(payout.as_ref().clone())
        };
        self.platform.records().filter_map(of).filter(|payout| payout.account() == account).collect()
    }

    /// An account's payouts as `amount status created arrival`.
    pub(crate) fn payout_list(&self, account: AccountId) -> Vec<String> {
        let show = |payout: &Payout| {
            let (created, arrival) = (payout.created().date(), payout.arrival_date().date());
            format!("{} {} {created} {arrival}", payout.amount().minor(), payout.status())
        };
        self.payouts(account).iter().map(show).collect()
    }
}

/// A seller of every kind in the United States, and what it is called.
pub(crate) fn every_kind(country: Country) -> [(&'static str, NewAccount); 3] {
    let custom = NewAccount::custom(country).request(Capability::CardPayments).request(Capability::Transfers);
    [("standard", NewAccount::standard(country)), ("express", NewAccount::express(country)), ("custom", custom)]
}

/// The id that no object has.
pub(crate) const NOBODY: [u8; 14] = [9; 14];

/// The kinds of the events in what changed, by their names on the wire.
pub(crate) fn events(changes: &fundroute::journal::Changes) -> Vec<&'static str> {
    changes.events.iter().map(|event| event.kind.name()).collect()
}

/// The end of a chain of causes.
pub(crate) fn root(chain: &[ObjectId]) -> ObjectId {
    *chain.last().unwrap()
}
