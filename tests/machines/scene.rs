//! A platform in a known position, and short words to move it on.

use chrono::TimeDelta;
use fundroute::accounts::{Actor, NewAccount, NewExternalAccount};
use fundroute::calendar::{Timestamp, days, utc};
use fundroute::ids::{AccountId, AnomalyId, ChargeId, PaymentId, PayoutId};
use fundroute::journal::{Fact, FactOutcome, Report};
use fundroute::money::{Currency, Money, usd};
use fundroute::payments::{ChargeFailed, ChargeFailure, ChargeSucceeded, DeclineCode, Named, NewPayment};
use fundroute::payouts::{PayoutSchedule, SetDebitNegativeBalances, SetPayoutSchedule};
use fundroute::platform::{Command, Error, NewPlatform, Platform, Request};
use fundroute::routing::NewTransfer;
use fundroute::rulebook::{Capability, Country, Rulebook, Vetting};
use fundroute::simulator::World;

/// What one step came to.
pub(crate) type Step = Result<FactOutcome, Error>;

/// Noon of a Monday without holidays around it.
pub(crate) fn noon() -> Timestamp {
    utc(2026, 11, 2).at(12, 0)
}

/// Some hours before the clock: in time for a fact that is told late.
pub(crate) fn before(platform: &Platform, hours: i64) -> Timestamp {
    platform.now().checked_add(-TimeDelta::hours(hours)).unwrap()
}

/// A platform with one seller of each dashboard, all reviewed, with bank accounts, paid out by hand.
#[derive(Clone, Debug)]
pub(crate) struct Scene {
    pub(crate) platform: Platform,
    pub(crate) express: AccountId,
    pub(crate) standard: AccountId,
    pub(crate) steps: u32,
}

impl Scene {
    pub(crate) fn us() -> Self {
        Self::of(Country::US)
    }

    pub(crate) fn of(country: Country) -> Self {
        Self::by(country, Rulebook::standard().with_vetting(Vetting::ByHost))
    }

    /// A platform in the United States whose accounts are asked for everything that the rules want to know.
    pub(crate) fn vetted() -> Self {
        Self::by(Country::US, Rulebook::standard())
    }

    pub(crate) fn by(country: Country, rulebook: Rulebook) -> Self {
        Self::on(NewPlatform::in_country(country), rulebook)
    }

    /// A platform in the United States that may not debit accounts below zero.
    pub(crate) fn without_reserves() -> Self {
        let new = NewPlatform::in_country(Country::US).without_connect_reserves();
        Self::on(new, Rulebook::standard().with_vetting(Vetting::ByHost))
    }

    fn on(new: NewPlatform, rulebook: Rulebook) -> Self {
        let country = new.country;
        let mut platform = Platform::new(new, rulebook, noon()).unwrap();
        let mut world = World::new();
        let mut express = NewAccount::express(country).request(Capability::UsBankAccountAchPayments);
        if country == Country::BR {
            express = NewAccount::express(country).request(Capability::BoletoPayments);
        }
        let express = world.onboard(&mut platform, express).unwrap();
        let standard = world.onboard(&mut platform, NewAccount::standard(country)).unwrap();
        let mut scene = Self { platform, express, standard, steps: 0 };
        scene.bank(scene.platform.id());
        scene
    }

    /// A key that was not used before.
    pub(crate) fn key(&mut self) -> String {
        self.steps += 1;
        format!("step-{}", self.steps)
    }

    /// The platform's own currency.
    pub(crate) fn currency(&self) -> Currency {
        self.platform.account(self.platform.id()).unwrap().default_currency()
    }

    pub(crate) fn money(&self, minor: i64) -> Money {
        Money::new(minor, self.currency())
    }

    /// Carries a command out that must succeed.
    pub(crate) fn ask(&mut self, on: Option<AccountId>, command: Command) -> fundroute::journal::Answer {
        let key = self.key();
        ask(&mut self.platform, &key, on, command).unwrap()
    }

    /// Tells a fact that must be taken up.
    pub(crate) fn tell(&mut self, fact: Fact) -> FactOutcome {
        let (key, at) = (self.key(), self.platform.now());
        tell(&mut self.platform, &key, at, fact).unwrap()
    }

    /// Gives an account a bank account in its own country that takes every payout.
    pub(crate) fn bank(&mut self, account: AccountId) {
        let key = self.key();
        let owner = self.platform.account(account).unwrap();
        let (country, currency) = (owner.country(), owner.default_currency());
        let format = self.platform.rulebook().bank_format(country, currency).cloned();
        let number = format.as_ref().and_then(|format| format.test_account()).unwrap_or("000123456789");
        let mut bank = NewExternalAccount::bank(account, country, currency, number).default_for_currency();
        if let Some(routing) = format.as_ref().and_then(|format| format.test_routing()) {
            bank = bank.routing(routing);
        }
        self.platform.accounts().add_external_account(&key, bank).unwrap();
    }

    /// Pays an account out only when asked to.
    pub(crate) fn by_hand(&mut self, account: AccountId) {
        let schedule = PayoutSchedule::Manual;
        self.ask(None, Command::SetPayoutSchedule(SetPayoutSchedule { account, schedule }));
    }

    /// The bank of whoever owes is not debited.
    pub(crate) fn spare_bank(&mut self, account: AccountId) {
        let set = Command::SetDebitNegativeBalances(SetDebitNegativeBalances { account, debit: false });
        let request = Request::new(self.key(), set);
        let request = match self.platform.account(account).unwrap().may_owe() {
            true => request,
            false => request.by(Actor::Holder, account),
        };
        self.platform.handle(request).unwrap();
    }

    /// Pays the platform out only when asked to, where its country allows that.
    pub(crate) fn by_hand_where_allowed(&mut self) {
        let country = self.platform.account(self.platform.id()).unwrap().country();
        if self.platform.rulebook().schedule_rule(country).allows_manual() {
            self.by_hand(self.platform.id());
        }
    }

    /// Starts a payment.
    pub(crate) fn start(&mut self, on: Option<AccountId>, payment: NewPayment) -> PaymentId {
        let key = self.key();
        match on {
            Some(account) => self.platform.acting_as(account).unwrap().payments().create(&key, payment),
            None => self.platform.payments().create(&key, payment),
        }
        .unwrap()
        .answer
    }

    pub(crate) fn charge(&self, payment: PaymentId) -> ChargeId {
        self.platform.payment(payment).unwrap().latest_charge().unwrap()
    }

    /// The money of a payment's last attempt is taken.
    pub(crate) fn succeed(&mut self, payment: PaymentId) {
        let (charge, amount) = (self.charge(payment), self.platform.payment(payment).unwrap().amount());
        self.tell(succeeded(charge, amount));
    }

    /// A payment's last attempt is refused.
    pub(crate) fn refuse(&mut self, payment: PaymentId) {
        let charge = self.charge(payment);
        self.tell(failed(charge));
    }

    /// A payment whose money was taken.
    pub(crate) fn sale(&mut self, on: Option<AccountId>, payment: NewPayment) -> PaymentId {
        let sale = self.start(on, payment);
        self.succeed(sale);
        sale
    }

    /// Lets days pass on the platform alone: the world says nothing.
    pub(crate) fn wait(&mut self, number: i64) {
        advance(&mut self.platform, number).unwrap();
    }

    /// Sees to it that the platform has money that it can move now.
    pub(crate) fn fund(&mut self) {
        self.by_hand_where_allowed();
        let sale = NewPayment::card(self.money(1_000_00));
        self.sale(None, sale);
        self.wait(if self.currency() == Currency::BRL { 31 } else { 3 });
    }

    /// Sees to it that the express seller has 200.00 that it can be paid, and is not paid by itself.
    pub(crate) fn fund_seller(&mut self) {
        self.fund();
        self.by_hand(self.express);
        let (key, money) = (self.key(), self.money(200_00));
        self.platform.transfers().create(&key, NewTransfer::to(self.express, money)).unwrap();
    }

    /// A payout of 100.00 to the express seller, asked for by hand.
    pub(crate) fn payout(&mut self) -> PayoutId {
        self.fund_seller();
        let (key, seller) = (self.key(), self.express);
        self.platform.acting_as(seller).unwrap().payouts().create(&key, usd(100_00)).unwrap().answer
    }
}

/// One command with its answer left out.
pub(crate) fn ask(
    platform: &mut Platform,
    key: &str,
    on: Option<AccountId>,
    command: Command,
) -> Result<fundroute::journal::Answer, Error> {
    let request = Request::new(key, command);
    let request = if let Some(account) = on { request.acting_as(account) } else { request };
    platform.handle(request).map(|decided| decided.answer)
}

/// One fact.
pub(crate) fn tell(platform: &mut Platform, id: &str, at: Timestamp, fact: Fact) -> Step {
    platform.record(&Report::new(id, at, fact)).map(|decided| decided.answer)
}

pub(crate) fn advance(platform: &mut Platform, number: i64) -> Result<(), Error> {
    let until = platform.now().checked_add(days(number))?;
    platform.advance_to(until).map(drop)
}

pub(crate) fn succeeded(charge: impl Into<Named>, amount: Money) -> Fact {
    Fact::ChargeSucceeded(ChargeSucceeded::of(charge, amount))
}

pub(crate) fn failed(charge: impl Into<Named>) -> Fact {
    Fact::ChargeFailed(ChargeFailed {
        charge: charge.into(),
        failure: ChargeFailure::Card(DeclineCode::GenericDecline),
    })
}

/// The reason of an anomaly, as a word.
pub(crate) fn reason(platform: &Platform, anomaly: AnomalyId) -> String {
    format!("{:?}", platform.anomaly(anomaly).unwrap().reason)
}
