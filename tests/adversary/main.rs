//! What somebody would try who wants this money lost: each test says what holds all the same.
#![expect(clippy::unwrap_used, reason = "a story that cannot go on has failed; its helpers may say so too")]
#![expect(clippy::panic, reason = "an answer of another kind is a failure of its own")]
#![expect(clippy::arithmetic_side_effects, reason = "the amounts of a story are small")]
#![expect(clippy::integer_division, reason = "a part of an amount is any that is no more")]

mod accounts;
mod hostile;
mod orders;
mod others;
mod plans;
mod pulled_back;
mod readers;
mod recipients;
mod terms;
mod turned_away;

use std::collections::BTreeMap;

use fundroute::accounts::{Actor, CloseAccount, RejectAccount, RejectReason, Scope};
use fundroute::ids::{AccountId, ChargeId, LocationId, ObjectId, PaymentId, ReaderId, RefundId};
use fundroute::journal::{
    AnomalyReason, Answer, Changes, Fact, FactOutcome, Instruction, ParkedState, Record, Report, Snapshot,
};
use fundroute::money::{Currency, Rate};
use fundroute::payments::{
    ActionCompleted, ActionRequired, AuthorizationIncremented, CancelPayment, CaptureFailed, CapturePayment,
    ChargeAuthorized, ChargeCaptured, ChargeFailed, ChargeFailure, ChargeSubmitted, ChargeSucceeded, ConfirmPayment,
    DebitFailure, DeclineCode, IncrementAuthorization, IncrementDeclined, ManualCapture, Named, NextAction,
    PaymentCard, PaymentError, PaymentInstruction, PaymentStatus, ReaderFailure, RefundCanceled, RefundFailed,
    RefundFailure, RefundStatus, RefundSucceeded, UpdatePayment,
};
use fundroute::platform::Identity;
use fundroute::prelude::*;
use fundroute::rulebook::{CardBrand, Price, Vetting};
use fundroute::simulator::World;
use fundroute::terminal::{
    Address, CancelReaderAction, Cart, DeviceType, NewLocation, NewReader, ReaderActionCanceled, ReaderActionFailed,
    ReaderActionSucceeded, ReaderActionUpdated, ReaderTask, StartReaderAction, TerminalCommand, TerminalFact,
};

const CA: Country = Country::CA;
const CAD: Currency = Currency::CAD;

const fn cad(minor: i64) -> Money {
    Money::new(minor, CAD)
}

fn book() -> Rulebook {
    let by = |country, method, currency| Price::new(country, method, currency, Rate::ZERO, 10);
    let mut book = Rulebook::standard().with_vetting(Vetting::ByHost);
    for (country, method, currency) in [
        (CA, PaymentMethod::CardPresent, CAD),
        (CA, PaymentMethod::Card, CAD),
        (CA, PaymentMethod::InteracPresent, CAD),
        (DE, PaymentMethod::Card, EUR),
        (DE, PaymentMethod::SepaDebit, EUR),
    ] {
        book = book.with_price(by(country, method, currency)).unwrap();
    }
    book
}

/// A platform of which every step is decided by a worker that knows nothing as well, and by replay again.
#[derive(Clone)]
struct Rig {
    platform: Platform,
    start: Snapshot,
    started: Timestamp,
    journal: Vec<Changes>,
    jo: AccountId,
    flo: AccountId,
    keys: u32,
}

impl Rig {
    fn open(country: Country, book: Rulebook) -> Self {
        let mut platform = Platform::new(NewPlatform::in_country(country), book, utc(2026, 11, 2).at(9, 0)).unwrap();
        let mut world = World::new();
        let jo = world.onboard(&mut platform, NewAccount::express(country)).unwrap();
        let flo = world.onboard(&mut platform, NewAccount::standard(country)).unwrap();
        world.settle(&mut platform).unwrap();
        let (start, started) = (platform.snapshot(), platform.now());
        Self { platform, start, started, journal: Vec::new(), jo, flo, keys: 0 }
    }

    fn ca() -> Self {
        Self::open(CA, book())
    }

    fn key(&mut self) -> String {
        self.keys += 1;
        format!("k{}", self.keys)
    }

    fn worker<T>(&self, decide: impl Fn(&Platform) -> Result<T, Error>) -> Result<T, Error> {
        let who = Identity { platform: self.platform.id(), livemode: self.platform.livemode() };
        let mut part = Platform::partial(who, self.platform.rulebook().clone(), self.platform.now());
        for _ in 0..40 {
            match decide(&part) {
                Err(Error::NotLoaded(keys)) => part.load(keys.into_iter().map(|key| self.platform.look_up(key))),
                decided => return decided,
            }
        }
        panic!("a worker never has enough");
    }

    fn ask(&mut self, request: Request) -> Result<Decided<Answer>, Error> {
        let part = self.worker(|part| part.decide(&request));
        let before = self.platform.snapshot();
        let whole = self.platform.handle(request);
        match (&part, &whole) {
            (Ok(part), Ok(whole)) => assert_eq!(part, whole),
            (Err(part), Err(whole)) => assert_eq!(part, whole),
            _ => panic!("{part:?} against {whole:?}"),
        }
        match &whole {
            Ok(decided) => self.journal.push(decided.changes.clone()),
            Err(_) => assert_eq!(self.platform.snapshot(), before, "a refusal leaves a trace"),
        }
        whole
    }

    fn run(&mut self, command: Command) -> Result<Decided<Answer>, Error> {
        let key = self.key();
        self.ask(Request::new(key, command))
    }

    fn run_as(&mut self, account: AccountId, command: Command) -> Result<Decided<Answer>, Error> {
        let key = self.key();
        self.ask(Request::new(key, command).acting_as(account))
    }

    fn by(&mut self, actor: Actor, account: AccountId, command: Command) -> Result<Decided<Answer>, Error> {
        let key = self.key();
        self.ask(Request::new(key, command).by(actor, account))
    }

    fn record(&mut self, report: &Report) -> Decided<FactOutcome> {
        let part = self.worker(|part| part.decide_fact(report)).unwrap();
        let whole = self.platform.record(report).unwrap();
        assert_eq!(part, whole);
        self.journal.push(whole.changes.clone());
        whole
    }

    fn tell(&mut self, fact: Fact) -> FactOutcome {
        self.told(fact).answer
    }

    fn told(&mut self, fact: Fact) -> Decided<FactOutcome> {
        let (key, now) = (self.key(), self.platform.now());
        self.record(&Report::new(key, now, fact))
    }

    fn until(&mut self, moment: Timestamp) {
        self.journal.extend(self.platform.advance_to(moment).unwrap());
    }

    fn wait(&mut self, span: chrono::TimeDelta) {
        self.until(self.platform.now().checked_add(span).unwrap());
    }

    fn pay(&mut self, order: NewPayment) -> PaymentId {
        let Answer::Payment(id) = self.run(Command::CreatePayment(order)).unwrap().answer else { panic!() };
        id
    }

    fn pay_as(&mut self, account: AccountId, order: NewPayment) -> PaymentId {
        let Answer::Payment(id) = self.run_as(account, Command::CreatePayment(order)).unwrap().answer else { panic!() };
        id
    }

    fn confirm(&mut self, confirm: ConfirmPayment) -> Result<(), Error> {
        self.run(Command::ConfirmPayment(confirm)).map(drop)
    }

    fn update(&mut self, update: UpdatePayment) -> Result<(), Error> {
        self.run(Command::UpdatePayment(update)).map(drop)
    }

    fn cancel(&mut self, payment: PaymentId) -> Result<(), Error> {
        self.run(Command::CancelPayment(CancelPayment::of(payment))).map(drop)
    }

    fn status(&self, payment: PaymentId) -> PaymentStatus {
        self.platform.payment(payment).unwrap().status()
    }

    fn charge(&self, payment: PaymentId) -> ChargeId {
        self.platform.payment(payment).unwrap().latest_charge().unwrap()
    }

    fn total(&self, owner: AccountId, currency: Currency) -> i128 {
        let balance = self.platform.balance(owner, currency).unwrap();
        balance.pending + balance.available
    }

    fn house(&self) -> AccountId {
        self.platform.id()
    }

    fn reasons(&self) -> Vec<AnomalyReason> {
        let of = |record: &Record| if let Record::Anomaly(anomaly) = record { Some(anomaly.reason) } else { None };
        self.platform.records().filter_map(of).collect()
    }

    fn stall(&mut self, on: Option<AccountId>) -> (LocationId, ReaderId) {
        let address = Address::new(CA, "92 Front Street E", "M5E 1C4").city("Toronto").state("ON");
        let place = Command::Terminal(TerminalCommand::CreateLocation(NewLocation::new("stall", address)));
        let answer = if let Some(on) = on { self.run_as(on, place) } else { self.run(place) }.unwrap().answer;
        let Answer::Location(place) = answer else { panic!() };
        (place, self.reader(on, place))
    }

    fn reader(&mut self, on: Option<AccountId>, place: LocationId) -> ReaderId {
        let new = NewReader::new(place, DeviceType::SimulatedWiseposE);
        let new = Command::Terminal(TerminalCommand::RegisterReader(new));
        let answer = if let Some(on) = on { self.run_as(on, new) } else { self.run(new) }.unwrap().answer;
        let Answer::Reader(reader) = answer else { panic!() };
        reader
    }

    fn start(&mut self, reader: ReaderId, task: ReaderTask) -> Result<u32, Error> {
        self.run(start(reader, task))?;
        Ok(self.platform.reader(reader).unwrap().action().unwrap().number())
    }

    fn process(&mut self, reader: ReaderId, payment: PaymentId) -> (ChargeId, u32) {
        let action = self.start(reader, ReaderTask::ProcessPaymentIntent(payment)).unwrap();
        (self.charge(payment), action)
    }

    /// The books add up, the journal gives the same again, and every record can be written and read.
    fn sound(&self) {
        assert_eq!(self.platform.audit(), []);
        assert!(self.platform.trial_balances().iter().all(|currency| currency.balances()));
        let mut again = Platform::restore(self.platform.rulebook().clone(), self.start.clone(), self.started);
        for changes in self.journal.iter().filter(|changes| !changes.is_empty()) {
            let bytes = postcard::to_stdvec(changes).unwrap();
            let read: Changes = postcard::from_bytes(&bytes).unwrap();
            let text = serde_json::to_string(&read).unwrap();
            let read: Changes = serde_json::from_str(&text).unwrap();
            assert_eq!(read, *changes);
            again.apply(&read).unwrap();
        }
        assert_eq!(again.snapshot(), self.platform.snapshot());
        let instructions = again.instructions();
        assert_eq!(instructions, self.platform.instructions());
    }
}

fn start(reader: ReaderId, task: ReaderTask) -> Command {
    Command::Terminal(TerminalCommand::StartReaderAction(StartReaderAction { reader, task }))
}

fn took(charge: impl Into<Named>, amount: Money) -> Fact {
    Fact::ChargeSucceeded(ChargeSucceeded::of(charge, amount))
}

fn held(charge: impl Into<Named>, amount: Money) -> Fact {
    Fact::ChargeAuthorized(ChargeAuthorized::of(charge, amount))
}

fn lost(charge: impl Into<Named>, failure: impl Into<ChargeFailure>) -> Fact {
    Fact::ChargeFailed(ChargeFailed { charge: charge.into(), failure: failure.into() })
}

fn captured(charge: ChargeId, capture: u8, amount: Money, is_final: bool) -> Fact {
    Fact::ChargeCaptured(ChargeCaptured { charge: charge.into(), capture, amount, is_final })
}

fn uncaptured(charge: ChargeId, capture: u8) -> Fact {
    Fact::CaptureFailed(CaptureFailed { charge: charge.into(), capture, failure: DeclineCode::ProcessingError.into() })
}

fn required(charge: ChargeId) -> Fact {
    Fact::ActionRequired(ActionRequired::of(charge, NextAction::Authenticate))
}

fn done(charge: ChargeId) -> Fact {
    Fact::ActionCompleted(ActionCompleted { charge: charge.into() })
}

fn ended(reader: ReaderId, action: u32) -> Fact {
    Fact::Terminal(TerminalFact::ActionSucceeded(ReaderActionSucceeded { reader, action }))
}

fn broke(reader: ReaderId, action: u32, failure: impl Into<ChargeFailure>) -> Fact {
    let message = None;
    Fact::Terminal(TerminalFact::ActionFailed(ReaderActionFailed { reader, action, failure: failure.into(), message }))
}

fn stopped(reader: ReaderId, action: u32) -> Fact {
    Fact::Terminal(TerminalFact::ActionCanceled(ReaderActionCanceled { reader, action }))
}

fn card(reader: ReaderId, action: u32) -> Fact {
    let card = PaymentCard::of(CardBrand::Visa);
    Fact::Terminal(TerminalFact::ActionUpdated(ReaderActionUpdated { reader, action, card }))
}

type Pots = Vec<(AccountId, i128, Vec<(Timestamp, i128)>)>;

fn outcome(platform: &Platform) -> (BTreeMap<ObjectId, Record>, Pots, Vec<Instruction>) {
    let waited = |record: &Record| matches!(record, Record::ParkedFact(parked) if parked.state == ParkedState::TakenUp);
    let records = platform.records().filter(|record| !waited(record)).map(|record| (record.id(), record.clone()));
    let pots = platform.balances().into_iter().map(|(account, currency)| {
        (account, platform.balance(account, currency).unwrap().available, platform.pending(account, currency))
    });
    (records.collect(), pots.collect(), platform.instructions())
}

fn orders<T: Clone>(items: &[T], taken: &mut Vec<T>, see: &mut impl FnMut(&[T])) {
    if items.is_empty() {
        see(taken);
    }
    for (place, item) in items.iter().enumerate() {
        let mut rest = items.to_vec();
        rest.remove(place);
        taken.push(item.clone());
        orders(&rest, taken, see);
        taken.pop();
    }
}

/// Tells every order of the facts, each twice, and checks that all end the same, at once and nine days later.
fn all_orders_agree(start: &Rig, facts: Vec<(i64, Fact)>) -> Rig {
    let told: Vec<Report> = facts
        .into_iter()
        .enumerate()
        .map(|(number, (ago, fact))| {
            let at = start.platform.now().checked_add(hours(-ago)).unwrap();
            Report::new(format!("fact-{number}"), at, fact)
        })
        .collect();
    let mut first = None;
    orders(&told, &mut Vec::new(), &mut |order| {
        let mut rig = start.clone();
        for report in order.iter().chain(order) {
            rig.record(report);
        }
        rig.sound();
        let at_once = outcome(&rig.platform);
        let mut later = rig.clone();
        for report in order {
            let again = Report::new(format!("{} again", report.id), report.at, report.fact.clone());
            rig.record(&again);
        }
        assert_eq!(outcome(&rig.platform).1, at_once.1, "told again by another name: {order:#?}");
        let end = later.clone();
        later.wait(days(9));
        let both = (at_once, outcome(&later.platform));
        match &first {
            Some((_, expected)) => assert_eq!(&both, expected, "{order:#?}"),
            None => first = Some((end, both)),
        }
    });
    first.unwrap().0
}
