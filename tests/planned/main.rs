//! Payments that carry a plan: the commission is worked out, or the money shared out, once it is there.
#![expect(clippy::unwrap_used, reason = "a story that cannot go on has failed; its helpers may say so too")]
#![expect(clippy::arithmetic_side_effects, reason = "the amounts of a story are small")]

mod commissions;
mod given_back;
mod parts;
mod refused;
mod schemes;
mod splits;
mod taxes;

use fundroute::ids::{AccountId, ChargeId, PaymentId, RefundId, TransferId};
use fundroute::journal::{AnomalyReason, Fact, FactOutcome, Record, Report};
use fundroute::money::Rate;
use fundroute::payments::{CapturePayment, Charge, ManualCapture, WhoBears};
use fundroute::prelude::*;
use fundroute::routing::{Excess, Fee, FeePlan, SplitPlan, SplitPlanBuilder, When};
use fundroute::rulebook::Vetting;
use fundroute::simulator::World;

/// A platform in the United States, three express sellers, and the world around them.
#[derive(Clone)]
struct Shop {
    platform: Platform,
    world: World,
    house: AccountId,
    ann: AccountId,
    ben: AccountId,
    courier: AccountId,
    keys: u32,
}

impl Shop {
    fn open() -> Self {
        let rules = Rulebook::standard().without_bank_debits(US, USD).with_vetting(Vetting::ByHost);
        let mut platform = Platform::new(NewPlatform::in_country(US), rules, utc(2026, 11, 2)).unwrap();
        let mut world = World::new();
        let [ann, ben, courier] = [1, 2, 3].map(|_| world.onboard(&mut platform, NewAccount::express(US)).unwrap());
        let house = platform.id();
        Self { platform, world, house, ann, ben, courier, keys: 0 }
    }

    fn key(&mut self) -> String {
        self.keys += 1;
        format!("key-{}", self.keys)
    }

    fn try_pay(&mut self, payment: NewPayment) -> Result<PaymentId, Error> {
        let key = self.key();
        self.platform.payments().create(&key, payment).map(|decided| decided.answer)
    }

    fn pay(&mut self, payment: NewPayment) -> PaymentId {
        let id = self.try_pay(payment).unwrap();
        self.world.settle(&mut self.platform).unwrap();
        id
    }

    fn try_pay_as(&mut self, seller: AccountId, payment: NewPayment) -> Result<PaymentId, Error> {
        let key = self.key();
        self.platform.acting_as(seller)?.payments().create(&key, payment).map(|decided| decided.answer)
    }

    fn capture(&mut self, capture: CapturePayment) -> Result<PaymentId, Error> {
        let key = self.key();
        let id = self.platform.payments().capture(&key, capture).map(|decided| decided.answer)?;
        self.world.settle(&mut self.platform)?;
        Ok(id)
    }

    fn refund(&mut self, refund: NewRefund) -> Result<RefundId, Error> {
        let key = self.key();
        self.platform.refunds().create(&key, refund).map(|decided| decided.answer)
    }

    fn tell(&mut self, fact: Fact) -> FactOutcome {
        let (key, now) = (self.key(), self.platform.now());
        self.platform.record(&Report::new(key, now, fact)).unwrap().answer
    }

    fn wait(&mut self, number: i64) {
        self.world.advance(&mut self.platform, days(number)).unwrap();
    }

    fn charge(&self, id: PaymentId) -> &Charge {
        self.platform.charge_of(id).unwrap()
    }

    fn charge_id(&self, id: PaymentId) -> ChargeId {
        self.platform.payment(id).unwrap().latest_charge().unwrap()
    }

    /// What an owner will have in dollars, pending or available.
    fn total(&self, owner: AccountId) -> i128 {
        let balance = self.platform.balance(owner, USD).unwrap();
        balance.pending + balance.available
    }

    /// The same of Ann, Ben and the courier.
    fn totals(&self) -> [i128; 3] {
        [self.ann, self.ben, self.courier].map(|account| self.total(account))
    }

    fn transfer_to(&self, payment: PaymentId, account: AccountId) -> TransferId {
        self.charge(payment).split_transfers().find(|(known, _)| *known == account).unwrap().1
    }

    fn anomalies(&self) -> Vec<AnomalyReason> {
        let anomaly = |record: &Record| if let Record::Anomaly(anomaly) = record { Some(anomaly.reason) } else { None };
        self.platform.records().filter_map(anomaly).collect()
    }

    /// The courier gets 5.00, the platform a tenth, Ann a third, and Ben what is left.
    fn cart(&self) -> SplitPlan {
        self.parts(Excess::Refuse).build().unwrap()
    }

    fn parts(&self, excess: Excess) -> SplitPlanBuilder {
        SplitPlan::builder(excess)
            .amount(self.courier, usd(5_00))
            .share(self.house, rate("10 %"))
            .share(self.ann, rate("33.3 %"))
            .rest(self.ben)
    }

    fn sound(&self) {
        assert_eq!(self.platform.audit(), []);
        let bytes = postcard::to_allocvec(&self.platform.snapshot()).unwrap();
        let rules = Rulebook::standard().with_vetting(Vetting::ByHost);
        let again = Platform::restore(rules, postcard::from_bytes(&bytes).unwrap(), self.platform.now());
        assert_eq!(again.audit(), []);
        assert_eq!(postcard::to_allocvec(&again.snapshot()).unwrap(), bytes);
        let text = serde_json::to_string(&self.platform.snapshot()).unwrap();
        let read: fundroute::journal::Snapshot = serde_json::from_str(&text).unwrap();
        assert_eq!(postcard::to_allocvec(&read).unwrap(), bytes);
    }

    /// A seller that takes payments on an account of its own.
    fn full(&mut self) -> AccountId {
        self.world.onboard(&mut self.platform, NewAccount::standard(US)).unwrap()
    }
}

fn rate(text: &str) -> Rate {
    text.parse().unwrap()
}

/// A tenth of every sale, and 0.30 in dollars, but no less than 1.00.
fn tenth(excess: Excess) -> FeePlan {
    FeePlan::builder(excess)
        .rule(When::always(), Fee::percent(rate("10 %")))
        .rule(When::always().currency(USD), Fee::percent(rate("10 %")).plus(usd(30)).at_least(usd(1_00)))
        .build()
        .unwrap()
}

fn parcels(amount: fundroute::money::Money) -> NewPayment {
    NewPayment::card(amount).capture_later(ManualCapture::new().multicapture())
}

/// A refund of so much that takes everybody's share back.
fn back(payment: PaymentId, amount: i64) -> NewRefund {
    let mut refund = NewRefund::of(payment).amount(usd(amount));
    refund.transfer = Some(WhoBears::Recipient);
    refund
}
