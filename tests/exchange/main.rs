//! Money that becomes money of another currency: at which rate, in whose books, and who carries what the rate does in between.
#![expect(clippy::unwrap_used, reason = "a story that cannot go on has failed; its helpers may say so too")]
#![expect(clippy::panic, reason = "a story that cannot go on has failed")]
#![expect(clippy::arithmetic_side_effects, reason = "the amounts of a story are small")]

mod bill;
mod crossing;
mod debits;
mod destination;
mod direct;
mod held;
mod limits;
mod rates;
mod settles;
mod told;
mod transfers;

use fundroute::ids::{AccountId, PaymentId, RefundId, TransferId, TransferReversalId};
use fundroute::ledger::{BalanceTransaction, LedgerAccount};
use fundroute::money::{Currency, Rate};
use fundroute::prelude::*;
use fundroute::routing::{NewTransferReversal, SetExchangeRate};
use fundroute::rulebook::{ConversionFee, Price, Table, Vetting};
use fundroute::simulator::World;

const CA: Country = Country::CA;
const SG: Country = Country::SG;
const CAD: Currency = Currency::CAD;
const SGD: Currency = Currency::SGD;
const KRW: Currency = Currency::KRW;

const fn cad(minor: i64) -> Money {
    Money::new(minor, CAD)
}

const fn eur(minor: i64) -> Money {
    Money::new(minor, EUR)
}

const fn sgd(minor: i64) -> Money {
    Money::new(minor, SGD)
}

/// The same rules, without a fee for conversions.
fn free() -> Rulebook {
    let none = |country| ConversionFee::new(Rate::ZERO).in_country(country);
    [US, DE, GB, CA].into_iter().fold(rules(), |book, country| book.with_conversion_fee(none(country)).unwrap())
}

/// The rules of the field, with prices where none is published, and a conversion fee of 2 % everywhere.
fn rules() -> Rulebook {
    let price = |country, method, currency, percent: &str, fixed| {
        Price::new(country, method, currency, percent.parse::<Rate>().unwrap(), fixed)
    };
    let prices = [
        price(CA, PaymentMethod::Card, CAD, "2.9 %", 30),
        price(DE, PaymentMethod::Card, EUR, "0 %", 0),
        price(GB, PaymentMethod::Card, GBP, "0 %", 0),
        price(GB, PaymentMethod::Card, EUR, "0 %", 0),
        price(DE, PaymentMethod::SepaDebit, EUR, "0 %", 35),
        price(US, PaymentMethod::SepaDebit, USD, "0 %", 35),
    ];
    let mut rules = Rulebook::standard().with_vetting(Vetting::ByHost);
    // The recordings of charges on behalf of accounts in Canada are of a time when they were open to platforms in the United States.
    let row = "self_serve,US,CA,full,cross_border,0%,destination destination_on_behalf_of separate separate_on_behalf_of top_up,us";
    let head = "era,platform,account,agreement,lane,fee,flows,source";
    rules.read(Table::CrossBorder, &format!("{head}\n{row}\n")).unwrap();
    let rules = prices.into_iter().fold(rules, |book, price| book.with_price(price).unwrap());
    let rules = rules.with_settlement_across_regions(true);
    rules.with_conversion_fee(ConversionFee::new("2 %".parse().unwrap()).in_country(US)).unwrap()
}

/// A platform, the world around it, and short words for what happens.
#[derive(Clone)]
struct Desk {
    platform: Platform,
    world: World,
    house: AccountId,
    keys: u32,
}

impl Desk {
    /// A platform in the United States.
    fn open() -> Self {
        Self::open_in(US, rules())
    }

    fn open_in(country: Country, rules: Rulebook) -> Self {
        let platform = Platform::new(NewPlatform::in_country(country), rules, utc(2026, 11, 2)).unwrap();
        let house = platform.id();
        Self { platform, world: World::new(), house, keys: 0 }
    }

    fn key(&mut self) -> String {
        self.keys += 1;
        format!("key-{}", self.keys)
    }

    /// Carries a request of the platform out.
    fn ask(&mut self, command: Command) -> Result<fundroute::journal::Answer, Error> {
        let key = self.key();
        self.platform.handle(Request::new(key, command)).map(|decided| decided.answer)
    }

    /// Says what the middle of the market is.
    fn rate(&mut self, from: Currency, to: Currency, mid: &str) {
        self.ask(Command::SetExchangeRate(SetExchangeRate::new(from, to, mid.parse().unwrap()))).unwrap();
    }

    /// A seller without a bank account: what it gets stays where it is.
    fn seller(&mut self, account: NewAccount) -> AccountId {
        let key = self.key();
        let id = self.platform.accounts().create(&key, account).unwrap().answer;
        self.world.settle(&mut self.platform).unwrap();
        id
    }

    /// Has the platform hold so much, available.
    fn fund(&mut self, amount: Money) {
        let key = self.key();
        self.platform.payments().create(&key, NewPayment::card(amount)).unwrap();
        self.wait(7);
    }

    fn sell(&mut self, payment: NewPayment) -> PaymentId {
        let key = self.key();
        let id = self.platform.payments().create(&key, payment).unwrap().answer;
        self.world.settle(&mut self.platform).unwrap();
        id
    }

    fn sell_as(&mut self, seller: AccountId, payment: NewPayment) -> PaymentId {
        let key = self.key();
        let id = self.platform.acting_as(seller).unwrap().payments().create(&key, payment).unwrap().answer;
        self.world.settle(&mut self.platform).unwrap();
        id
    }

    fn refund(&mut self, refund: NewRefund) -> Result<RefundId, Error> {
        let key = self.key();
        let made = self.platform.refunds().create(&key, refund)?.answer;
        self.world.settle(&mut self.platform)?;
        Ok(made)
    }

    fn refund_as(&mut self, seller: AccountId, refund: NewRefund) -> Result<RefundId, Error> {
        let key = self.key();
        let made = self.platform.acting_as(seller)?.refunds().create(&key, refund)?.answer;
        self.world.settle(&mut self.platform)?;
        Ok(made)
    }

    fn transfer(&mut self, transfer: NewTransfer) -> Result<TransferId, Error> {
        let key = self.key();
        self.platform.transfers().create(&key, transfer).map(|decided| decided.answer)
    }

    fn reverse(&mut self, reversal: NewTransferReversal) -> Result<TransferReversalId, Error> {
        let key = self.key();
        self.platform.transfers().reverse_part(&key, reversal).map(|decided| decided.answer)
    }

    fn wait(&mut self, number: i64) {
        self.world.advance(&mut self.platform, days(number)).unwrap();
    }

    fn transactions(&self, account: AccountId) -> Vec<BalanceTransaction> {
        self.platform.statement(account).unwrap().lines
    }

    /// An account's balance transactions as `type amount - fee = net currency @ rate`, a rate with the six digits that the field shows.
    fn lines(&self, account: AccountId) -> Vec<String> {
        let show = |line: &BalanceTransaction| {
            let rate = line.exchange_rate.map(|rate| {
                let shown = rate.value().round_sf(6).unwrap().normalize();
                format!(" @ {shown}")
            });
            let (currency, rate) = (line.currency, rate.unwrap_or_default());
            format!("{} {} - {} = {} {currency}{rate}", line.kind, line.amount, line.fee, line.net)
        };
        self.transactions(account).iter().map(show).collect()
    }

    /// The newest of them.
    fn last(&self, account: AccountId) -> String {
        self.lines(account).last().unwrap().clone()
    }

    /// What an account has in a currency, pending and available.
    fn holds(&self, account: AccountId, currency: Currency) -> (i128, i128) {
        let balance = self.platform.balance(account, currency).unwrap();
        (balance.pending, balance.available)
    }

    /// The processor's open position in a currency: what it got for others, less what it gave.
    fn position(&self, currency: Currency) -> i128 {
        self.platform.outside(LedgerAccount::Exchange, currency)
    }

    /// Checks the books by adding all of them up again: every currency sums to zero by itself.
    fn sound(&self) {
        assert_eq!(self.platform.audit(), []);
        assert!(self.platform.trial_balances().iter().all(|currency| currency.balances()));
        let journal = self.platform.snapshot();
        let again = Platform::restore(self.platform.rulebook().clone(), journal.clone(), self.platform.now());
        assert_eq!(again.snapshot(), journal);
    }
}
