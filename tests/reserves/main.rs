//! Money of accounts that is held back: plans, holds, what lets them go, and who has the money first.
#![expect(clippy::unwrap_used, reason = "a story that cannot go on has failed; its helpers may say so too")]
#![expect(clippy::arithmetic_side_effects, reason = "the amounts of a story are small")]

mod captures;
mod claims;
mod debts;
mod holds;
mod orders;
mod parts;
mod plans;
mod processor;
mod refused;

use fundroute::accounts::{CapabilityReviewed, CapabilityStatus};
use fundroute::ids::{AccountId, ChargeId, ObjectId, PaymentId, RefundId, ReserveHoldId, ReservePlanId};
use fundroute::journal::{Fact, FactOutcome, Record, Report};
use fundroute::money::Rate;
use fundroute::payments::{
    ChargeSucceeded, DisputeCase, DisputeChange, DisputeChanged, DisputeOpened, DisputeReason, NamedDispute,
};
use fundroute::payouts::{
    NewReserveHold, NewReservePlan, NewReserveRelease, PayoutSchedule, ReleaseReason, ReserveHold, ReserveRelease,
};
use fundroute::prelude::*;
use fundroute::rulebook::{Capability, PaymentMethod, Vetting};
use fundroute::simulator::World;

const ACH: PaymentMethod = PaymentMethod::UsBankAccount;

fn percent(number: u32) -> Rate {
    Rate::from_basis_points(number * 100)
}

/// A platform in the United States, and an express seller that is paid out by hand. The world says what a test has it say.
#[derive(Clone)]
struct Shop {
    platform: Platform,
    jo: AccountId,
    keys: u32,
}

impl Shop {
    fn open() -> Self {
        Self::by(NewPlatform::in_country(US))
    }

    fn by(new: NewPlatform) -> Self {
        Self::under(new, Rulebook::standard().with_vetting(Vetting::ByHost))
    }

    fn under(new: NewPlatform, rules: Rulebook) -> Self {
        let mut platform = Platform::new(new, rules, utc(2026, 11, 2).at(12, 0)).unwrap();
        let seller = NewAccount::express(US).request(Capability::UsBankAccountAchPayments);
        let jo = World::new().onboard(&mut platform, seller).unwrap();
        let mut shop = Self { platform, jo, keys: 0 };
        for account in [shop.platform.id(), jo] {
            let key = shop.key();
            shop.platform.payouts().set_schedule(&key, account, PayoutSchedule::Manual).unwrap();
        }
        shop
    }

    /// The same, with a plan that holds a quarter back for thirty days.
    fn with_plan() -> (Self, ReservePlanId) {
        let mut shop = Self::open();
        let plan = shop.plan(NewReservePlan::rolling(shop.jo, percent(25), 30));
        (shop, plan)
    }

    fn key(&mut self) -> String {
        self.keys += 1;
        format!("key-{}", self.keys)
    }

    /// One more account, which may do what it asks for.
    fn another(&mut self, account: NewAccount) -> AccountId {
        let key = self.key();
        let account = self.platform.accounts().create(&key, account).unwrap().answer;
        for state in self.platform.account(account).unwrap().capabilities().to_vec() {
            let (capability, status) = (state.capability(), CapabilityStatus::Active);
            self.tell(Fact::CapabilityReviewed(CapabilityReviewed { account, capability, status }));
        }
        account
    }

    fn plan(&mut self, plan: NewReservePlan) -> ReservePlanId {
        let key = self.key();
        self.platform.reserves().create_plan(&key, plan).unwrap().answer
    }

    fn hold(&mut self, hold: NewReserveHold) -> Result<ReserveHoldId, Error> {
        let key = self.key();
        self.platform.reserves().hold(&key, hold).map(|decided| decided.answer)
    }

    fn release(&mut self, release: NewReserveRelease) -> Result<ReserveRelease, Error> {
        let key = self.key();
        let id = self.platform.reserves().release(&key, release)?.answer;
        self.platform.reserve_release(id).cloned()
    }

    fn tell(&mut self, fact: Fact) -> FactOutcome {
        let (key, now) = (self.key(), self.platform.now());
        self.platform.record(&Report::new(key, now, fact)).unwrap().answer
    }

    fn start(&mut self, on: Option<AccountId>, payment: NewPayment) -> PaymentId {
        let key = self.key();
        match on {
            Some(account) => self.platform.acting_as(account).unwrap().payments().create(&key, payment),
            None => self.platform.payments().create(&key, payment),
        }
        .unwrap()
        .answer
    }

    /// A payment whose money was taken.
    fn sell(&mut self, on: Option<AccountId>, payment: NewPayment) -> PaymentId {
        let amount = payment.amount;
        let sale = self.start(on, payment);
        let charge = self.charge(sale);
        assert_eq!(self.tell(Fact::ChargeSucceeded(ChargeSucceeded::of(charge, amount))), FactOutcome::Applied);
        sale
    }

    /// A direct charge, by card.
    fn direct(&mut self, minor: i64) -> PaymentId {
        self.sell(Some(self.jo), NewPayment::card(usd(minor)))
    }

    fn refund(&mut self, on: Option<AccountId>, refund: NewRefund) -> Result<RefundId, Error> {
        let key = self.key();
        match on {
            Some(account) => self.platform.acting_as(account)?.refunds().create(&key, refund),
            None => self.platform.refunds().create(&key, refund),
        }
        .map(|decided| decided.answer)
    }

    fn charge(&self, payment: PaymentId) -> ChargeId {
        self.platform.payment(payment).unwrap().latest_charge().unwrap()
    }

    /// What is held back of a payment.
    fn held(&self, payment: PaymentId) -> &ReserveHold {
        let hold = self.platform.charge_of(payment).unwrap().hold().unwrap();
        self.platform.reserve_hold(hold).unwrap()
    }

    /// What is let go, in the order in which it was: how much, why and for whom.
    fn releases(&self) -> Vec<(i64, ReleaseReason, Option<ObjectId>)> {
        let of = |record: &Record| {
            let Record::ReserveRelease(known) = record else { return None };
            Some((known.amount().minor(), known.reason(), known.source_transaction()))
        };
        self.platform.records().filter_map(of).collect()
    }

    /// What the seller has pending, available and in reserve.
    fn purse(&self) -> (i128, i128, i128) {
        let balance = self.platform.balance(self.jo, USD).unwrap();
        (balance.pending, balance.available, balance.risk_reserved)
    }

    fn wait(&mut self, number: i64) {
        let until = self.platform.now().plus_days(number).unwrap();
        self.platform.advance_to(until).unwrap();
    }

    /// Lets what follows from the last step happen.
    fn a_moment(&mut self) -> usize {
        let soon = self.platform.now().checked_add(chrono::TimeDelta::microseconds(1)).unwrap();
        self.platform.advance_to(soon).unwrap().len()
    }

    fn sound(&self) {
        assert_eq!(self.platform.audit(), []);
        assert!(self.platform.trial_balances().iter().all(|sheet| sheet.balances()));
    }

    fn opened(&self, sale: PaymentId, reference: &str, minor: i64) -> Fact {
        Fact::DisputeOpened(DisputeOpened {
            charge: self.charge(sale).into(),
            reference: reference.to_owned(),
            amount: usd(minor),
            settled: None,
            reason: DisputeReason::Fraudulent,
            case: DisputeCase::Chargeback,
            network: None,
            respond_by: None,
        })
    }

    fn dispute(&mut self, sale: PaymentId, reference: &str, minor: i64) {
        self.tell(self.opened(sale, reference, minor));
        self.tell(changed(reference, DisputeChange::FundsWithdrawn));
    }
}

fn changed(reference: &str, change: DisputeChange) -> Fact {
    Fact::DisputeChanged(DisputeChanged { dispute: NamedDispute::Reference(reference.to_owned()), change })
}
