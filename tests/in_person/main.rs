//! Payments in person: at a stall of the platform, and in a shop of an account's own.
#![expect(clippy::unwrap_used, reason = "a story that cannot go on has failed; its helpers may say so too")]
#![expect(clippy::arithmetic_side_effects, reason = "the amounts of a story are small")]

mod facts;
mod late;
mod open;
mod owners;
mod places;
mod planned;
mod refunds;
mod refused;
mod setups;
mod unknown;

use fundroute::ids::{AccountId, ChargeId, LocationId, PaymentId, ReaderId, RefundId};
use fundroute::journal::{Fact, FactOutcome, Instruction, Report};
use fundroute::money::Currency;
use fundroute::payments::{
    CapturePayment, Charge, IncrementAuthorization, ManualCapture, PaymentIntent, PaymentStatus,
};
use fundroute::prelude::*;
use fundroute::rulebook::{Price, Trade, Vetting};
use fundroute::simulator::{DECLINED, World};
use fundroute::terminal::{
    Address, Cart, DeviceType, NewLocation, NewReader, ReaderAction, ReaderActionStatus, ReaderInstruction, ReaderTask,
};

const CA: Country = Country::CA;
const CAD: Currency = Currency::CAD;

const fn cad(minor: i64) -> Money {
    Money::new(minor, CAD)
}

/// The rules, with the prices that this host has agreed in Canada: 2.7 % and 0.05 of a card, 0.15 of Interac.
fn rules() -> Rulebook {
    let by = |method, percent: &str, fixed| Price::new(CA, method, CAD, percent.parse().unwrap(), fixed);
    let book = Rulebook::standard().with_vetting(Vetting::ByHost);
    let book = book.with_price(by(PaymentMethod::CardPresent, "2.7%", 5)).unwrap();
    let book = book.with_price(by(PaymentMethod::Card, "2.9%", 30)).unwrap();
    book.with_price(by(PaymentMethod::InteracPresent, "0%", 15)).unwrap()
}

fn toronto() -> Address {
    Address::new(CA, "92 Front Street E", "M5E 1C4").city("Toronto").state("ON")
}

/// A platform in Canada with a stall and a reader of its own, an express seller, and a standard one with a shop and a reader.
#[derive(Clone)]
struct Market {
    platform: Platform,
    world: World,
    jo: AccountId,
    flo: AccountId,
    stall: LocationId,
    reader: ReaderId,
    flos: ReaderId,
    keys: u32,
}

impl Market {
    fn open() -> Self {
        Self::with(None)
    }

    /// One whose reader at the stall behaves as this serial number says.
    fn with(serial: Option<&str>) -> Self {
        Self::by(rules(), serial)
    }

    fn by(rules: Rulebook, serial: Option<&str>) -> Self {
        let mut platform = Platform::new(NewPlatform::in_country(CA), rules, utc(2026, 11, 2)).unwrap();
        let mut world = World::new();
        let jo = world.onboard(&mut platform, NewAccount::express(CA)).unwrap();
        let flo = world.onboard(&mut platform, NewAccount::standard(CA)).unwrap();
        let stall = platform.locations().create("stall", NewLocation::new("Jo's stall", toronto())).unwrap().answer;
        let mut new = NewReader::new(stall, DeviceType::SimulatedWiseposE).label("stall 7");
        new.serial_number = serial.map(str::to_owned);
        let reader = platform.readers().register("reader", new).unwrap().answer;
        let mut flos = platform.acting_as(flo).unwrap();
        let shop = flos.locations().create("shop", NewLocation::new("Flo's", toronto())).unwrap().answer;
        let till = NewReader::new(shop, DeviceType::SimulatedStripeS700);
        let till = flos.readers().register("till", till).unwrap().answer;
        Self { platform, world, jo, flo, stall, reader, flos: till, keys: 0 }
    }

    fn key(&mut self) -> String {
        self.keys += 1;
        format!("key-{}", self.keys)
    }

    /// Another reader at the stall.
    fn another_reader(&mut self) -> ReaderId {
        let (key, stall) = (self.key(), self.stall);
        self.platform.readers().register(&key, NewReader::new(stall, DeviceType::BbposWiseposE)).unwrap().answer
    }

    /// A payment of 20.00 to the express seller with a commission of 2.00.
    fn order(&mut self, method: PaymentMethod) -> PaymentId {
        self.pay(NewPayment::by(method, cad(20_00)).application_fee(cad(2_00)))
    }

    /// A payment to the express seller.
    fn pay(&mut self, order: NewPayment) -> PaymentId {
        let (key, jo) = (self.key(), self.jo);
        self.platform.payments().create(&key, order.destination(jo)).unwrap().answer
    }

    fn start(&mut self, reader: ReaderId, task: ReaderTask) -> Result<ReaderId, Error> {
        let key = self.key();
        self.platform.readers().start(&key, reader, task).map(|decided| decided.answer)
    }

    /// Has the reader at the stall take a payment, and lets the world answer.
    fn process(&mut self, payment: PaymentId) {
        self.start(self.reader, ReaderTask::ProcessPaymentIntent(payment)).unwrap();
        self.settle();
    }

    fn settle(&mut self) {
        self.world.settle(&mut self.platform).unwrap();
    }

    fn wait(&mut self, span: chrono::TimeDelta) {
        self.world.advance(&mut self.platform, span).unwrap();
    }

    fn tell(&mut self, fact: Fact) -> FactOutcome {
        let (key, now) = (self.key(), self.platform.now());
        self.platform.record(&Report::new(key, now, fact)).unwrap().answer
    }

    fn payment(&self, id: PaymentId) -> &PaymentIntent {
        self.platform.payment(id).unwrap()
    }

    fn status(&self, id: PaymentId) -> PaymentStatus {
        self.payment(id).status()
    }

    fn charge(&self, id: PaymentId) -> &Charge {
        self.platform.charge_of(id).unwrap()
    }

    fn charge_id(&self, id: PaymentId) -> ChargeId {
        self.payment(id).latest_charge().unwrap()
    }

    fn action(&self, reader: ReaderId) -> &ReaderAction {
        self.platform.reader(reader).unwrap().action().unwrap()
    }

    fn refund_of(&self, reader: ReaderId) -> RefundId {
        self.action(reader).kind().refund().unwrap()
    }

    /// What an owner will have in Canadian dollars, pending or available.
    fn total(&self, owner: AccountId) -> i128 {
        let balance = self.platform.balance(owner, CAD).unwrap();
        balance.pending + balance.available
    }

    fn house(&self) -> i128 {
        self.total(self.platform.id())
    }
}

/// Money comes with the reader's answer: nothing is asked of the world, and nothing booked, when the payment is created.
#[test]
fn example_a_reader_takes_a_destination_payment() {
    let mut market = Market::open();
    let order = market.order(PaymentMethod::InteracPresent);
    assert_eq!(market.status(order), PaymentStatus::RequiresPaymentMethod);
    assert_eq!((market.platform.instructions(), market.platform.charge_of(order).ok()), (vec![], None));
    market.start(market.reader, ReaderTask::ProcessPaymentIntent(order)).unwrap();
    let asked = market.platform.instructions();
    let [Instruction::Reader(ReaderInstruction::Act { reader, action: 1, what })] = &asked[..] else {
        panic!("{asked:?}")
    };
    assert_eq!(
        (*reader, what.as_str(), what.charge()),
        (market.reader, "process_payment_intent", Some(market.charge_id(order)))
    );
    assert_eq!(
        (market.status(order), market.payment(order).reader()),
        (PaymentStatus::Processing, Some(market.reader))
    );
    market.settle();
    assert_eq!((market.status(order), market.payment(order).reader()), (PaymentStatus::Succeeded, None));
    assert_eq!(market.action(market.reader).status(), ReaderActionStatus::Succeeded);
    // 20.00 of which 18.00 are the seller's; the processor takes 0.15 of the platform.
    assert_eq!((market.total(market.jo), market.house()), (18_00, 2_00 - 15));
    assert_eq!(market.platform.audit(), []);
}

/// A card that is declined is followed by another one: the same payment, another attempt, on any reader.
#[test]
fn example_a_declined_card_is_followed_by_another() {
    let mut market = Market::open();
    let order = market.pay(NewPayment::by(PaymentMethod::CardPresent, cad(20_00)).token(DECLINED));
    market.process(order);
    assert_eq!(market.status(order), PaymentStatus::RequiresPaymentMethod);
    assert_eq!(market.action(market.reader).failure_code(), Some("card_declined"));
    let (first, other) = (market.charge_id(order), market.another_reader());
    market.start(other, ReaderTask::ProcessPaymentIntent(order)).unwrap();
    assert_ne!(market.charge_id(order), first);
    market.settle();
    assert_eq!(market.action(other).failure_code(), Some("card_declined"));
    assert_eq!(market.platform.family(order).count(), 3);
    market.platform.payments().cancel("enough", order).unwrap();
    assert_eq!(market.status(order), PaymentStatus::Canceled);
}

#[test]
fn a_payment_that_no_reader_had_can_be_given_up() {
    let mut market = Market::open();
    let order = market.order(PaymentMethod::CardPresent);
    market.platform.payments().cancel("gone", order).unwrap();
    assert_eq!((market.status(order), market.platform.instructions()), (PaymentStatus::Canceled, vec![]));
}

/// The card is read first, looked at, and charged then.
#[test]
fn example_a_card_is_collected_and_charged_later() {
    let mut market = Market::open();
    let order = market.order(PaymentMethod::CardPresent);
    let reader = market.reader;
    market.start(reader, ReaderTask::CollectPaymentMethod(order)).unwrap();
    assert_eq!(
        (market.status(order), market.payment(order).reader()),
        (PaymentStatus::RequiresPaymentMethod, Some(reader))
    );
    market.settle();
    assert_eq!(market.platform.reader(reader).unwrap().collected(), Some((order, cad(20_00))));
    assert!(market.action(reader).card().is_some() && market.platform.charge_of(order).is_err());
    // What is shown in between does not make it forget the card.
    let cart = Cart::of(cad(20_00)).line("Honey", cad(20_00), 1);
    market.start(reader, ReaderTask::SetReaderDisplay(cart)).unwrap();
    market.settle();
    market.start(reader, ReaderTask::ConfirmPaymentIntent(order)).unwrap();
    assert_eq!(market.platform.reader(reader).unwrap().collected(), None);
    market.settle();
    assert_eq!((market.status(order), market.total(market.jo)), (PaymentStatus::Succeeded, 18_00));
}

/// docs.stripe.com/terminal/features/refunds (2025): cards can be authorized first; what is not captured is let go.
#[test]
fn example_a_dinner_is_authorized_raised_and_captured_for_more() {
    let mut market = Market::open();
    let how = ManualCapture::new().incremental().overcapture(Trade::Restaurant).multicapture();
    let order = NewPayment::by(PaymentMethod::CardPresent, cad(20_00)).application_fee(cad(2_00));
    let order = market.pay(order.capture_later(how));
    market.process(order);
    assert_eq!((market.status(order), market.house()), (PaymentStatus::RequiresCapture, 0));
    let held = market.charge(order).authorization().unwrap().clone();
    assert!(!held.is_multicapture(), "several captures are for cards online");
    assert_eq!(held.capture_before(), market.platform.now().checked_add(hours(4 * 24 + 18)).unwrap());
    market.platform.payments().increment_authorization("more", IncrementAuthorization::to(order, cad(30_00))).unwrap();
    market.settle();
    market.platform.payments().capture("all", CapturePayment::of(order).amount(cad(25_00))).unwrap();
    market.settle();
    // 2.7 % of 25.00 and 0.05 is 0.725, a tie.
    assert_eq!(
        (market.status(order), market.total(market.jo), market.house()),
        (PaymentStatus::Succeeded, 23_00, 2_00 - 73)
    );
}

/// docs.stripe.com/payments/place-a-hold-on-a-payment-method (2026): two days for a card by Mastercard.
#[test]
fn what_is_not_captured_in_time_is_let_go() {
    let mut market = Market::open();
    let order = NewPayment::by(PaymentMethod::CardPresent, cad(20_00)).token("pm_card_mastercard").manual_capture();
    let order = market.pay(order);
    market.process(order);
    market.wait(hours(47));
    assert_eq!(market.status(order), PaymentStatus::RequiresCapture);
    market.wait(hours(2));
    assert_eq!(market.status(order), PaymentStatus::Canceled);
}

/// Some networks capture at once whatever was asked for; money that was taken is booked.
#[test]
fn a_card_of_a_single_message_network_is_captured_at_once() {
    let mut market = Market::open();
    let order = market.pay(NewPayment::by(PaymentMethod::CardPresent, cad(20_00)).manual_capture());
    market.start(market.reader, ReaderTask::ProcessPaymentIntent(order)).unwrap();
    let (charge, now) = (market.charge_id(order), market.platform.now());
    let told = market.platform.payments().record_succeeded("taken", now, charge, cad(20_00)).unwrap();
    assert_eq!((told.answer, market.status(order)), (FactOutcome::Applied, PaymentStatus::Succeeded));
    assert_eq!((market.payment(order).amount_received(), market.total(market.jo)), (cad(20_00), 20_00));
}

/// Anything that is only shown, asked or printed moves nothing, and tells nobody but where somebody answered.
#[test]
fn a_reader_shows_asks_and_prints() {
    let mut market = Market::open();
    let before = market.platform.entry_count();
    let cart = Cart::of(cad(20_00)).line("Honey", cad(10_00), 2).tax(cad(1_00));
    let tasks = [
        (ReaderTask::SetReaderDisplay(cart), "set_reader_display", 0),
        (ReaderTask::CollectInputs("form-7".to_owned()), "collect_inputs", 1),
        (ReaderTask::PrintContent("receipt-7".to_owned()), "print_content", 1),
    ];
    for (number, (task, name, events)) in tasks.into_iter().enumerate() {
        let reader = market.start(market.reader, task).unwrap();
        let action = u32::try_from(number).unwrap() + 1;
        assert_eq!((market.action(reader).kind().as_str(), market.action(reader).number()), (name, action));
        let (key, now) = (market.key(), market.platform.now());
        let told = market.platform.readers().record_action_succeeded(&key, now, (reader, action)).unwrap();
        assert_eq!((told.answer, told.changes.events.len()), (FactOutcome::Applied, events), "{name}");
    }
    assert_eq!(market.platform.entry_count(), before);
}
