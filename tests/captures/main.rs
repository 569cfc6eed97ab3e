//! Payments that are authorized first and captured later: in full, in part, in several parts, for more, or not at all.
#![expect(clippy::unwrap_used, reason = "a story that cannot go on has failed; its helpers may say so too")]
#![expect(clippy::arithmetic_side_effects, reason = "the amounts of a story are small")]

mod facts;
mod late;
mod parts;
mod refused;
mod seams;
mod unknown;
mod windows;

use fundroute::ids::{AccountId, ChargeId, PaymentId, RefundId};
use fundroute::journal::{Fact, FactOutcome, Report};
use fundroute::ledger::{LineKind, ReportingCategory};
use fundroute::payments::{CapturePayment, Charge, ChargeState, IncrementAuthorization, ManualCapture, PaymentIntent};
use fundroute::prelude::*;
use fundroute::rulebook::{Trade, Vetting};
use fundroute::simulator::World;

/// A platform in the United States, an express seller, and the world around them.
#[derive(Clone)]
struct Shop {
    platform: Platform,
    world: World,
    jo: AccountId,
    keys: u32,
}

impl Shop {
    fn open() -> Self {
        let rules = Rulebook::standard().with_vetting(Vetting::ByHost);
        let mut platform = Platform::new(NewPlatform::in_country(US), rules, utc(2026, 11, 2)).unwrap();
        let mut world = World::new();
        let jo = world.onboard(&mut platform, NewAccount::express(US)).unwrap();
        Self { platform, world, jo, keys: 0 }
    }

    fn key(&mut self) -> String {
        self.keys += 1;
        format!("key-{}", self.keys)
    }

    /// A payment that was authorized, if the world says so at once.
    fn hold(&mut self, payment: NewPayment) -> PaymentId {
        let key = self.key();
        let id = self.platform.payments().create(&key, payment).unwrap().answer;
        self.world.settle(&mut self.platform).unwrap();
        id
    }

    fn hold_as(&mut self, seller: AccountId, payment: NewPayment) -> PaymentId {
        let key = self.key();
        let id = self.platform.acting_as(seller).unwrap().payments().create(&key, payment).unwrap().answer;
        self.world.settle(&mut self.platform).unwrap();
        id
    }

    /// Asks for a capture, and does not wait for the world.
    fn ask(&mut self, capture: CapturePayment) -> Result<PaymentId, Error> {
        let key = self.key();
        self.platform.payments().capture(&key, capture).map(|decided| decided.answer)
    }

    fn capture(&mut self, capture: CapturePayment) -> Result<PaymentId, Error> {
        let id = self.ask(capture)?;
        self.world.settle(&mut self.platform)?;
        Ok(id)
    }

    fn raise(&mut self, increment: IncrementAuthorization) -> Result<PaymentId, Error> {
        let key = self.key();
        self.platform.payments().increment_authorization(&key, increment).map(|decided| decided.answer)
    }

    fn cancel(&mut self, payment: PaymentId) -> Result<PaymentId, Error> {
        let key = self.key();
        self.platform.payments().cancel(&key, payment).map(|decided| decided.answer)
    }

    fn refund(&mut self, refund: NewRefund) -> Result<RefundId, Error> {
        let key = self.key();
        self.platform.refunds().create(&key, refund).map(|decided| decided.answer)
    }

    fn tell(&mut self, fact: Fact) -> FactOutcome {
        let (key, now) = (self.key(), self.platform.now());
        self.platform.record(&Report::new(key, now, fact)).unwrap().answer
    }

    fn wait(&mut self, span: chrono::TimeDelta) {
        self.world.advance(&mut self.platform, span).unwrap();
    }

    fn payment(&self, id: PaymentId) -> &PaymentIntent {
        self.platform.payment(id).unwrap()
    }

    fn charge(&self, id: PaymentId) -> &Charge {
        self.platform.charge_of(id).unwrap()
    }

    fn charge_id(&self, id: PaymentId) -> ChargeId {
        self.charge(id).id()
    }

    fn status(&self, id: PaymentId) -> String {
        self.payment(id).status().to_string()
    }

    /// What can be captured of a payment, and what was received, in minor units.
    fn figures(&self, id: PaymentId) -> (i64, i64) {
        (self.payment(id).amount_capturable().minor(), self.payment(id).amount_received().minor())
    }

    /// What an owner will have in dollars, pending or available.
    fn total(&self, owner: AccountId) -> i128 {
        let balance = self.platform.balance(owner, USD).unwrap();
        balance.pending + balance.available
    }

    fn house(&self) -> i128 {
        self.total(self.platform.id())
    }

    /// The balance transactions of an owner: kind, amount and fee.
    fn lines(&self, owner: AccountId) -> Vec<(LineKind, i64, i128)> {
        let lines = self.platform.statement(owner).unwrap().lines;
        lines.iter().map(|line| (line.kind, line.amount, line.fee)).collect()
    }
}

fn parcels(amount: Money) -> NewPayment {
    NewPayment::card(amount).capture_later(ManualCapture::new().multicapture())
}

fn dinner(amount: Money) -> NewPayment {
    NewPayment::card(amount).capture_later(ManualCapture::new().overcapture(Trade::Restaurant))
}

/// Nothing is booked with the authorization, everything with the capture.
#[test]
fn an_authorization_moves_no_money() {
    let mut shop = Shop::open();
    let order =
        shop.hold(NewPayment::card(usd(10_00)).destination(shop.jo).application_fee(usd(1_23)).manual_capture());
    assert_eq!((shop.status(order), shop.figures(order)), ("requires_capture".to_owned(), (10_00, 0)));
    assert_eq!(shop.charge(order).state(), &ChargeState::Authorized);
    assert_eq!((shop.house(), shop.total(shop.jo), shop.platform.entry_count()), (0, 0, 0));
    assert_eq!(shop.charge(order).refundable(), usd(0));

    shop.capture(CapturePayment::of(order)).unwrap();
    assert_eq!((shop.status(order), shop.figures(order)), ("succeeded".to_owned(), (0, 10_00)));
    assert_eq!((shop.house(), shop.total(shop.jo)), (64, 8_77));
    // It is worth what a payment that is taken at once is worth.
    let mut other = Shop::open();
    other.hold(NewPayment::card(usd(10_00)).destination(other.jo).application_fee(usd(1_23)));
    assert_eq!((shop.house(), shop.total(shop.jo)), (other.house(), other.total(other.jo)));
    assert_eq!(shop.lines(shop.platform.id()), other.lines(other.platform.id()));
    assert_eq!(shop.lines(shop.jo), other.lines(other.jo));
}

/// docs.stripe.com/payments/place-a-hold-on-a-payment-method (2024).
#[test]
fn example_w5_what_is_not_captured_is_released_at_once() {
    let mut shop = Shop::open();
    let order = shop.hold(NewPayment::card(usd(10_99)).manual_capture());
    shop.capture(CapturePayment::of(order).amount(usd(7_50))).unwrap();
    assert_eq!((shop.status(order), shop.figures(order)), ("succeeded".to_owned(), (0, 7_50)));
    let authorization = shop.charge(order).authorization().unwrap().clone();
    assert_eq!((authorization.amount(), authorization.amount() - authorization.taken()), (10_99, 3_49));
    // A charge of what was authorized and a reversal of the rest; the fee is on what was captured: 2.9 % and 0.30.
    let expected = [(LineKind::PartialCaptureReversal, -3_49, 0), (LineKind::Charge, 10_99, 52)];
    assert_eq!(shop.lines(shop.platform.id()), expected);
    assert_eq!((shop.house(), shop.charge(order).refundable()), (7_50 - 52, usd(7_50)));
    let lines = shop.platform.statement(shop.platform.id()).unwrap().lines;
    assert_eq!(lines[0].reporting_category, ReportingCategory::PartialCaptureReversal);
    assert_eq!(LineKind::PartialCaptureReversal.name(), "refund");
    assert_eq!(shop.platform.volume(shop.platform.id(), USD), 7_50);
}

/// docs.stripe.com/connect/platform-pricing-tools (2024): the base of a fee is what was captured.
#[test]
fn example_w17_the_processor_takes_its_fee_on_what_was_captured() {
    let mut shop = Shop::open();
    let order = shop.hold(NewPayment::card(usd(10_00)).manual_capture());
    shop.capture(CapturePayment::of(order).amount(usd(5_00))).unwrap();
    // 2.9 % of 5.00 and 0.30 is 0.445, a tie.
    assert_eq!(shop.charge(order).processor_fee(), 45);
    assert_eq!(shop.house(), 5_00 - 45);
}

#[test]
fn example_d10_a_commission_above_what_was_captured_is_capped() {
    let mut shop = Shop::open();
    let order =
        shop.hold(NewPayment::card(usd(10_00)).destination(shop.jo).application_fee(usd(7_00)).manual_capture());
    shop.capture(CapturePayment::of(order).amount(usd(6_00))).unwrap();
    let fee = shop.charge(order).application_fee().unwrap();
    assert_eq!(shop.platform.application_fee(fee).unwrap().amount(), usd(6_00));
    assert_eq!(shop.total(shop.jo), 0);
}

/// docs.stripe.com/payments/overcapture (2024).
#[test]
fn example_w7_more_than_was_authorized_is_captured() {
    let mut shop = Shop::open();
    let meal = shop.hold(dinner(usd(10_00)));
    assert_eq!(shop.charge(meal).authorization().unwrap().most_capturable(), 12_00);
    shop.capture(CapturePayment::of(meal).amount(usd(12_00))).unwrap();
    assert_eq!((shop.payment(meal).amount(), shop.payment(meal).amount_received()), (usd(12_00), usd(12_00)));
    let charge = shop.charge(meal);
    assert_eq!((charge.amount(), charge.authorization().unwrap().amount()), (usd(12_00), 10_00));
    assert_eq!(shop.lines(shop.platform.id()), [(LineKind::Charge, 12_00, 65)]);
    shop.refund(NewRefund::of(meal)).unwrap();
    assert_eq!(shop.house(), -65);
}

/// What a capture names goes before what the payment named.
#[test]
fn a_capture_changes_the_parts_of_others() {
    let mut shop = Shop::open();
    let jo = shop.jo;
    let order = shop.hold(NewPayment::card(usd(10_00)).destination(jo).transfer_amount(usd(8_00)).manual_capture());
    shop.capture(CapturePayment::of(order).amount(usd(6_00)).transfer_amount(usd(5_00))).unwrap();
    assert_eq!(shop.total(jo), 5_00);
    let order = shop.hold_as(jo, NewPayment::card(usd(10_00)).manual_capture());
    let key = shop.key();
    let capture = CapturePayment::of(order).application_fee(usd(2_00));
    shop.platform.acting_as(jo).unwrap().payments().capture(&key, capture).unwrap();
    shop.world.settle(&mut shop.platform).unwrap();
    assert_eq!(shop.total(jo), 5_00 + 10_00 - 59 - 2_00);
}

#[test]
fn every_instruction_is_in_the_list_of_what_the_world_has_not_answered() {
    use fundroute::journal::Instruction;
    use fundroute::payments::PaymentInstruction;

    let mut shop = Shop::open();
    let how = ManualCapture::new().incremental();
    let key = shop.key();
    let order = NewPayment::card(usd(10_00)).token("tok_1").capture_later(how);
    let decided = shop.platform.payments().create(&key, order).unwrap();
    let (order, charge) = (decided.answer, shop.charge_id(decided.answer));
    let (amount, method, token) = (usd(10_00), PaymentMethod::Card, Some("tok_1".into()));
    let ask = Instruction::Payment(PaymentInstruction::Authorize { charge, amount, method, token, how });
    assert_eq!((&decided.changes.instructions[..], shop.platform.instructions()), (&[ask.clone()][..], vec![ask]));
    shop.world.settle(&mut shop.platform).unwrap();
    assert_eq!(shop.platform.instructions(), []);

    shop.raise(IncrementAuthorization::to(order, usd(11_00))).unwrap();
    let raise = PaymentInstruction::IncrementAuthorization { charge, attempt: 1, amount: usd(11_00) };
    assert_eq!(shop.platform.instructions(), [Instruction::Payment(raise)]);
    shop.world.settle(&mut shop.platform).unwrap();
    shop.ask(CapturePayment::of(order)).unwrap();
    let take = PaymentInstruction::Capture { charge, capture: 1, amount: usd(11_00), is_final: true };
    assert_eq!(shop.platform.instructions(), [Instruction::Payment(take)]);
    shop.world.settle(&mut shop.platform).unwrap();
    assert_eq!((shop.platform.instructions(), shop.status(order)), (vec![], "succeeded".to_owned()));
}
