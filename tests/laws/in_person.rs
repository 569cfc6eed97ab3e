//! Everything that anybody can ask of readers, and the world can tell of them: sensible, senseless and contradicting. The laws hold at
//! every step, a partial platform decides what a whole one does, and no payment is at two readers.

mod reach;

use std::collections::{BTreeMap, BTreeSet};

use fundroute::accounts::{Actor, Scope};
use fundroute::ids::{AccountId, ChargeId, Family, LocationId, ObjectId, PaymentId, ReaderId, RefundId};
use fundroute::journal::{Changes, Fact, Instruction, Outcome, Record, Report};
use fundroute::ledger::LedgerAccount;
use fundroute::money::Currency;
use fundroute::payments::{
    CancelPayment, CapturePayment, CardRefund, Charge, ChargeAuthorized, ChargeFailed, ChargeState, ChargeSucceeded,
    ConfirmPayment, DeclineCode, Flow, ManualCapture, NewPayment, PaymentCard, PaymentInstruction, ReaderFailure,
    RefundCanceled, RefundFailed, RefundFailure, RefundSucceeded, RefundTraced, RefundUnderWay,
};
use fundroute::prelude::*;
use fundroute::rulebook::{CardBrand, Price, Vetting};
use fundroute::simulator::World;
use fundroute::terminal::{
    Address, CancelReaderAction, Cart, DeviceType, NewConnectionToken, NewLocation, NewReader, ReaderActionCanceled,
    ReaderActionFailed, ReaderActionSucceeded, ReaderActionUpdated, ReaderCardSaved, ReaderSeen, ReaderStatus,
    ReaderTask, SavedCard, StartReaderAction, TerminalCommand, TerminalFact, UpdateLocation, UpdateReader,
};
use proptest::prelude::*;

use crate::everything::{Draw, by_worker, difference, nothing_is_lost};

const CAD: Currency = Currency::CAD;

const fn cad(minor: i64) -> Money {
    Money::new(minor, CAD)
}

/// A platform in Canada with three accounts, and places and readers of the platform and of the account with a full dashboard.
fn opened() -> (Platform, World) {
    let by = |method, percent: &str, fixed| Price::new(Country::CA, method, CAD, percent.parse().unwrap(), fixed);
    let mut book = Rulebook::standard().with_vetting(Vetting::ByHost);
    for (method, percent, fixed) in [
        (PaymentMethod::Card, "2.9%", 30),
        (PaymentMethod::CardPresent, "2.7%", 5),
        (PaymentMethod::InteracPresent, "0%", 15),
    ] {
        book = book.with_price(by(method, percent, fixed)).unwrap();
    }
    let now = utc(2026, 11, 2).at(12, 0);
    let mut platform = Platform::new(NewPlatform::in_country(Country::CA), book, now).unwrap();
    let mut world = World::new();
    for new in [NewAccount::express(Country::CA), NewAccount::standard(Country::CA), NewAccount::express(Country::CA)] {
        world.onboard(&mut platform, new).unwrap();
    }
    let flo = accounts(&platform)[2];
    for (number, on) in [(0, None), (1, Some(flo))] {
        let mut ask = |name: &str, command| {
            let request = Request::new(format!("{name} {number}"), Command::Terminal(command));
            let request = if let Some(account) = on { request.acting_as(account) } else { request };
            platform.handle(request).unwrap().answer
        };
        let fundroute::journal::Answer::Location(place) = ask("place", TerminalCommand::CreateLocation(place())) else {
            panic!("a place is answered with its id")
        };
        for reader in ["one", "other"] {
            ask(reader, TerminalCommand::RegisterReader(NewReader::new(place, DeviceType::StripeS700)));
        }
    }
    (platform, world)
}

fn place() -> NewLocation {
    let address = Address::new(Country::CA, "92 Front Street E", "M5E 1C4").city("Toronto").state("ON");
    NewLocation::new("Stall", address)
}

/// The platform's own account, and then the connected ones.
fn accounts(platform: &Platform) -> Vec<AccountId> {
    platform
        .records()
        .filter_map(|record| if let Record::Account(account) = record { Some(account.id()) } else { None })
        .collect()
}

fn readers(platform: &Platform) -> Vec<ReaderId> {
    platform
        .records()
        .filter_map(|record| if let Record::Reader(reader) = record { Some(reader.id()) } else { None })
        .collect()
}

fn places(platform: &Platform) -> Vec<LocationId> {
    platform
        .records()
        .filter_map(|record| if let Record::Location(place) = record { Some(place.id()) } else { None })
        .collect()
}

fn payments(platform: &Platform) -> Vec<PaymentId> {
    platform
        .records()
        .filter_map(|record| if let Record::Payment(payment) = record { Some(payment.id()) } else { None })
        .collect()
}

fn charges(platform: &Platform) -> Vec<ChargeId> {
    platform
        .records()
        .filter_map(|record| if let Record::Charge(charge) = record { Some(charge.id()) } else { None })
        .collect()
}

fn refunds(platform: &Platform) -> Vec<RefundId> {
    platform
        .records()
        .filter_map(|record| if let Record::Refund(refund) = record { Some(refund.id()) } else { None })
        .collect()
}

/// One of them, mostly a late one; now and then one that is not there.
fn pick<T: Copy>(draw: &mut Draw, all: &[T], nobody: T) -> T {
    if all.is_empty() || draw.below(40) == 0 {
        return nobody;
    }
    let from = if draw.toss() { all.len().saturating_sub(4) } else { 0 };
    draw.one_of(&all[from..]).unwrap_or(nobody)
}

fn a_payment(draw: &mut Draw, platform: &Platform) -> PaymentId {
    pick(draw, &payments(platform), PaymentId::from_host([9; 14]))
}

fn a_reader(draw: &mut Draw, platform: &Platform) -> ReaderId {
    pick(draw, &readers(platform), ReaderId::from_host([9; 14]))
}

fn owner_of(platform: &Platform, payment: PaymentId) -> Option<AccountId> {
    match platform.payment(payment).ok()?.flow() {
        Flow::Direct { account, .. } => Some(*account),
        Flow::Destination { .. } | Flow::Separate => None,
    }
}

/// For whom something of an owner is asked: mostly for the owner.
fn on(draw: &mut Draw, platform: &Platform, owner: Option<AccountId>) -> Option<AccountId> {
    let right = owner.filter(|owner| *owner != platform.id());
    if draw.below(15) == 0 { draw.one_of(&accounts(platform)) } else { right }
}

fn pay(draw: &mut Draw, platform: &Platform) -> (Command, Option<AccountId>) {
    let everyone = accounts(platform);
    let methods = [PaymentMethod::CardPresent, PaymentMethod::InteracPresent, PaymentMethod::Card];
    let method = methods[draw.below(5).min(2)];
    let amount = cad([20_00, 7_77, 1_00, 3_33, 0][draw.below(5)]);
    let mut order = NewPayment::by(if draw.below(3) > 0 { PaymentMethod::InteracPresent } else { method }, amount);
    if draw.toss() {
        order = NewPayment::by(method, amount);
        if draw.toss() {
            order = order.capture_later(ManualCapture::new().incremental());
        }
    }
    let fee = cad(amount.minor() / 7);
    match draw.below(4) {
        0 => (Command::CreatePayment(order.application_fee(fee)), Some(everyone[2])),
        1 => (Command::CreatePayment(order), None),
        2 => (Command::CreatePayment(order.destination(everyone[1]).application_fee(fee)), None),
        _ => (Command::CreatePayment(order.destination(everyone[3]).transfer_amount(fee)), None),
    }
}

fn refund(draw: &mut Draw, platform: &Platform) -> NewRefund {
    let payment = a_payment(draw, platform);
    let charge = platform.charge_of(payment).ok();
    let mut back = NewRefund::of(payment);
    if draw.toss() {
        let left = charge.map_or(10_00, |charge| charge.refundable().minor());
        back = back.amount(cad(left / 3 + 1));
    }
    let (has_transfer, has_fee) =
        charge.map_or((false, false), |charge| (charge.transfer().is_some(), charge.application_fee().is_some()));
    let back =
        if has_transfer { if draw.toss() { back.keep_transfer() } else { back.reverse_transfer() } } else { back };
    match (has_fee, back.transfer) {
        (true, Some(fundroute::payments::WhoBears::Charged)) => back.keep_application_fee(),
        (true, _) => back.refund_application_fee(),
        (false, _) => back,
    }
}

fn start(draw: &mut Draw, platform: &Platform) -> (Command, Option<AccountId>) {
    let payment = a_payment(draw, platform);
    let reader = a_reader(draw, platform);
    // Mostly a reader of whose payment it is.
    let owner = owner_of(platform, payment).unwrap_or(platform.id());
    let fitting: Vec<ReaderId> = readers(platform)
        .into_iter()
        .filter(|id| platform.reader(*id).is_ok_and(|reader| reader.owner() == owner))
        .collect();
    let reader = if draw.below(5) == 0 { reader } else { draw.one_of(&fitting).unwrap_or(reader) };
    let task = match draw.below(13) {
        0..=4 => ReaderTask::ProcessPaymentIntent(payment),
        5 => ReaderTask::CollectPaymentMethod(payment),
        6 => {
            let collected = platform.reader(reader).ok().and_then(fundroute::terminal::Reader::collected);
            ReaderTask::ConfirmPaymentIntent(collected.map_or(payment, |(payment, _)| payment))
        }
        7..=9 => ReaderTask::RefundPayment(refund(draw, platform)),
        10 => ReaderTask::ProcessSetupIntent("season".repeat(draw.below(60))),
        11 => ReaderTask::SetReaderDisplay(Cart::of(cad(1)).line("Honey", cad(1), 1)),
        _ => ReaderTask::CollectInputs("x".repeat(draw.below(400))),
    };
    let owner = platform.reader(reader).ok().map(fundroute::terminal::Reader::owner);
    let command = TerminalCommand::StartReaderAction(StartReaderAction { reader, task });
    (Command::Terminal(command), on(draw, platform, owner))
}

fn manage(draw: &mut Draw, platform: &Platform) -> (Command, Option<AccountId>) {
    let reader = a_reader(draw, platform);
    let location = pick(draw, &places(platform), LocationId::from_host([9; 14]));
    let of_reader = platform.reader(reader).ok().map(fundroute::terminal::Reader::owner);
    let of_place = platform.location(location).ok().map(fundroute::terminal::Location::owner);
    let (command, owner) = match draw.below(12) {
        0 => (TerminalCommand::CreateLocation(place()), of_place),
        1 => (TerminalCommand::UpdateLocation(UpdateLocation::new(location).display_name("New")), of_place),
        2 if draw.below(8) == 0 => (TerminalCommand::DeleteLocation(location), of_place),
        3 => (TerminalCommand::RegisterReader(NewReader::new(location, DeviceType::StripeM2)), of_place),
        4 => (TerminalCommand::UpdateReader(UpdateReader { reader, label: "x".repeat(draw.below(400)) }), of_reader),
        5 if draw.below(4) == 0 => (TerminalCommand::DeleteReader(reader), of_reader),
        6 => (TerminalCommand::CreateConnectionToken(NewConnectionToken::at(location)), of_place),
        _ => (TerminalCommand::CancelReaderAction(CancelReaderAction { reader }), of_reader),
    };
    (Command::Terminal(command), on(draw, platform, owner))
}

fn request(draw: &mut Draw, platform: &Platform) -> Request {
    let (command, account) = match draw.below(16) {
        0..=3 => pay(draw, platform),
        4..=9 => start(draw, platform),
        10 | 11 => manage(draw, platform),
        choice => {
            let payment = a_payment(draw, platform);
            let command = match choice {
                12 => Command::CancelPayment(CancelPayment::of(payment)),
                13 => Command::ConfirmPayment(ConfirmPayment::by(PaymentMethod::Card, payment)),
                14 => Command::CapturePayment(CapturePayment::of(payment)),
                _ => Command::CreateRefund(refund(draw, platform)),
            };
            let named = if let Command::CreateRefund(refund) = &command { refund.payment } else { payment };
            (command, on(draw, platform, owner_of(platform, named)))
        }
    };
    let actor = match draw.below(12) {
        0 => Actor::Holder,
        1 => Actor::Extension(if draw.toss() { Scope::ReadOnly } else { Scope::ReadWrite }),
        _ => Actor::Platform,
    };
    Request {
        key: format!("asked {}", draw.below(1 << 40)),
        account,
        actor,
        extension: None,
        attribution: None,
        command,
    }
}

fn about_reader(draw: &mut Draw, platform: &Platform) -> Option<Fact> {
    let past = |record: &Record| match record {
        Record::PastAction(past) => Some((past.reader(), past.action().number())),
        _ => None,
    };
    let earlier: Vec<(ReaderId, u32)> = platform.records().filter_map(past).collect();
    let reader = draw.one_of(&readers(platform))?;
    let last = platform.reader(reader).ok()?.action().map_or(0, fundroute::terminal::ReaderAction::number);
    let (reader, action) = match draw.below(12) {
        0 => (reader, u32::try_from(draw.below(4)).unwrap()),
        1..=4 => draw.one_of(&earlier).unwrap_or((reader, last)),
        _ => (reader, last),
    };
    let failure = [
        ReaderFailure::CustomerCanceled.into(),
        ReaderFailure::ConnectionError.into(),
        ReaderFailure::Timeout.into(),
        DeclineCode::GenericDecline.into(),
        DeclineCode::InsufficientFunds.into(),
    ];
    let card = PaymentCard::of([CardBrand::Visa, CardBrand::Mastercard, CardBrand::Interac][draw.below(3)]);
    let is_setup = platform.reader_action(reader, action).is_ok_and(|action| action.kind().setup_intent().is_some());
    if draw.below(if is_setup { 2 } else { 40 }) == 0 {
        let token = "pm".repeat(if draw.below(9) == 0 { 128 } else { 1 + draw.below(3) });
        let saved = SavedCard { token, card: draw.toss().then_some(card) };
        return Some(Fact::Terminal(TerminalFact::CardSaved(ReaderCardSaved { reader, action, saved })));
    }
    Some(Fact::Terminal(match draw.below(10) {
        0..=3 => TerminalFact::ActionSucceeded(ReaderActionSucceeded { reader, action }),
        4 | 5 => {
            let message = draw.toss().then(|| "ü".repeat(draw.below(600)));
            TerminalFact::ActionFailed(ReaderActionFailed { reader, action, failure: failure[draw.below(5)], message })
        }
        6 | 7 => TerminalFact::ActionCanceled(ReaderActionCanceled { reader, action }),
        8 => TerminalFact::ActionUpdated(ReaderActionUpdated { reader, action, card }),
        _ => {
            let status = if draw.below(4) == 0 { ReaderStatus::Offline } else { ReaderStatus::Online };
            TerminalFact::Seen(ReaderSeen { reader, status })
        }
    }))
}

fn about_charge(draw: &mut Draw, platform: &Platform) -> Option<Fact> {
    let charge = platform.charge(pick(draw, &charges(platform), ChargeId::from_host([9; 14]))).ok()?;
    let is_manual = platform.payment(charge.payment()).ok()?.capture() != fundroute::payments::Capture::Automatic;
    let id = charge.id();
    if draw.below(4) == 0 {
        return Some(Fact::ChargeFailed(ChargeFailed { charge: id.into(), failure: DeclineCode::CallIssuer.into() }));
    }
    let amount = if draw.below(30) == 0 { cad(1) } else { charge.amount() };
    Some(if is_manual && draw.below(3) > 0 {
        Fact::ChargeAuthorized(ChargeAuthorized::of(id, amount))
    } else {
        Fact::ChargeSucceeded(ChargeSucceeded::of(id, amount))
    })
}

fn about_refund(draw: &mut Draw, platform: &Platform) -> Option<Fact> {
    let refund = draw.one_of(&refunds(platform))?;
    Some(match draw.below(8) {
        0..=4 => Fact::RefundSucceeded(RefundSucceeded { refund }),
        5 if draw.below(2) == 0 => Fact::RefundTraced(RefundTraced { refund, shows_as: CardRefund::Refund }),
        5 => Fact::RefundUnderWay(RefundUnderWay { refund }),
        6 => Fact::RefundFailed(RefundFailed { refund, reason: RefundFailure::Unknown }),
        _ => Fact::RefundCanceled(RefundCanceled { refund }),
    })
}

fn report(draw: &mut Draw, platform: &Platform) -> Option<Report> {
    let fact = match draw.below(8) {
        0..=3 => about_reader(draw, platform)?,
        4..=6 => about_charge(draw, platform)?,
        _ => about_refund(draw, platform)?,
    };
    let ago = i64::try_from(draw.below(1 << 22)).unwrap() * 1_000;
    let at = Timestamp::from_micros(platform.now().micros() - ago).unwrap();
    Some(Report::new(format!("told {}", draw.below(1 << 40)), at, fact))
}

fn ask(platform: &mut Platform, draw: &mut Draw, journal: &mut Vec<Changes>) {
    let request = request(draw, platform);
    let whole = platform.decide(&request);
    assert_eq!(by_worker(platform, platform.now(), |worker| worker.decide(&request)), whole, "{request:?}");
    let other = self::request(draw, platform);
    if let Ok(ours) = &whole
        && other.key != request.key
        && let Ok(theirs) = platform.decide(&other)
    {
        nothing_is_lost(platform, &ours.changes, &theirs.changes, |after| {
            assert!(after.handle(other.clone()).is_ok(), "{other:?}");
        });
    }
    let before = platform.snapshot();
    match platform.handle(request) {
        Ok(decided) => journal.push(decided.changes),
        Err(_) => assert!(platform.snapshot() == before, "a refusal left a trace"),
    }
}

fn tell(platform: &mut Platform, draw: &mut Draw, journal: &mut Vec<Changes>) {
    let Some(report) = report(draw, platform) else { return };
    let whole = platform.decide_fact(&report);
    assert_eq!(by_worker(platform, platform.now(), |worker| worker.decide_fact(&report)), whole, "{report:?}");
    let other = request(draw, platform);
    if let (Ok(fact), Ok(asked)) = (&whole, platform.decide(&other)) {
        nothing_is_lost(platform, &fact.changes, &asked.changes, |after| drop(after.handle(other.clone()).unwrap()));
        nothing_is_lost(platform, &asked.changes, &fact.changes, |after| drop(after.record(&report).unwrap()));
    }
    journal.push(platform.record(&report).unwrap().changes);
}

/// What one success is about. Of two different moments of it the first told stays, as is documented; and of several refunds of one
/// payment the shares are cut in the order in which they are booked.
fn once(fact: &Fact) -> Option<(Family, u8)> {
    match fact {
        Fact::ChargeSucceeded(ChargeSucceeded { charge: fundroute::payments::Named::Id(charge), .. }) => {
            Some((charge.family(), 0))
        }
        Fact::ChargeAuthorized(told) => match told.charge {
            fundroute::payments::Named::Id(charge) => Some((charge.family(), 1)),
            fundroute::payments::Named::Reference(_) => None,
        },
        _ => None,
    }
}

fn refund_in(fact: &Fact) -> Option<RefundId> {
    match fact {
        Fact::RefundSucceeded(told) => Some(told.refund),
        Fact::RefundTraced(told) => Some(told.refund),
        Fact::RefundUnderWay(told) => Some(told.refund),
        Fact::RefundFailed(told) => Some(told.refund),
        Fact::RefundCanceled(told) => Some(told.refund),
        _ => None,
    }
}

fn tell_in_two_orders(platform: &mut Platform, draw: &mut Draw, journal: &mut Vec<Changes>) {
    let mut reports: Vec<Report> = Vec::new();
    let (mut said, mut given) = (BTreeSet::new(), BTreeMap::new());
    for _ in 0..3 + draw.below(4) {
        let Some(report) = report(draw, platform) else { continue };
        let is_second = once(&report.fact).is_some_and(|what| !said.insert(what));
        let is_other =
            refund_in(&report.fact).is_some_and(|refund| *given.entry(refund.family()).or_insert(refund) != refund);
        if !is_second && !is_other && reports.iter().all(|known| known.id != report.id) {
            reports.push(report);
        }
    }
    let (mut one, mut other) = (platform.clone(), platform.clone());
    for report in &reports {
        journal.push(one.record(report).unwrap().changes);
    }
    for report in reports.iter().rev() {
        other.record(report).unwrap();
        assert_eq!(other.record(report).unwrap().outcome, Outcome::Replayed);
    }
    assert_eq!(difference(&one, &other), None, "{reports:#?}");
    assert_eq!(one.instructions(), other.instructions(), "{reports:#?}");
    *platform = one;
}

fn wait(platform: &mut Platform, world: &mut World, draw: &mut Draw, journal: &mut Vec<Changes>) {
    let hour = 3_600_000_000;
    let micros = draw.one_of(&[1, hour, 30 * hour, 24 * 4 * hour]).unwrap();
    let until = Timestamp::from_micros(platform.now().micros() + micros).unwrap();
    journal.extend(platform.advance_to(until).unwrap());
    if draw.below(2) == 0 {
        for instruction in platform.instructions() {
            world.answer(platform, &instruction);
        }
        while let Some(told) = world.tell(platform.now()) {
            journal.push(platform.record(&told).unwrap().changes);
        }
    }
}

/// What can be said of readers and payments at any time, computed anew.
fn invariants(platform: &Platform) {
    let mut busy: BTreeMap<PaymentId, Vec<ReaderId>> = BTreeMap::new();
    for id in readers(platform) {
        let action = platform.reader(id).unwrap().action().filter(|action| action.is_in_progress());
        if let Some(payment) = action.and_then(|action| action.kind().payment()) {
            busy.entry(payment).or_default().push(id);
        }
    }
    let mut out = 0;
    for id in payments(platform) {
        let at = busy.remove(&id).unwrap_or_default();
        assert!(at.len() <= 1, "{id} is at {at:?}");
        assert_eq!(platform.payment(id).unwrap().reader(), at.first().copied(), "{id}");
    }
    for id in charges(platform) {
        out -= i128::from(platform.charge(id).unwrap().amount_captured().minor());
    }
    for id in refunds(platform) {
        let refund = platform.refund(id).unwrap();
        if refund.booked_at().is_some() && !refund.is_over() {
            out += i128::from(refund.amount().minor());
        }
        let method = platform.charge(refund.charge()).map(Charge::method).unwrap();
        assert_eq!(refund.is_in_person(), method == PaymentMethod::InteracPresent, "{id}");
    }
    assert_eq!(platform.outside(LedgerAccount::Payers, CAD), out, "what payers gave and got");
    questions(platform);
}

/// What has no end and no reader works on is asked about, once, and nothing else is.
fn questions(platform: &Platform) {
    let mut at_work = BTreeSet::new();
    for id in readers(platform) {
        let action = platform.reader(id).unwrap().action().filter(|action| action.is_in_progress());
        let kind = action.map(fundroute::terminal::ReaderAction::kind);
        at_work.extend(kind.and_then(|kind| kind.charge()).map(ObjectId::from));
        at_work.extend(kind.and_then(|kind| kind.refund()).map(ObjectId::from));
    }
    let is_open = |id: &ChargeId| {
        let charge = platform.charge(*id).unwrap();
        charge.method().is_in_person() && matches!(charge.state(), ChargeState::Pending { .. })
    };
    let is_ungiven = |id: &RefundId| {
        let refund = platform.refund(*id).unwrap();
        refund.is_in_person() && !refund.is_over() && refund.confirmed_at().is_none()
    };
    let attempts = charges(platform).into_iter().filter(is_open).map(ObjectId::from);
    let open = attempts.chain(refunds(platform).into_iter().filter(is_ungiven).map(ObjectId::from));
    let mut open: Vec<ObjectId> = open.filter(|id| !at_work.contains(id)).collect();
    let asked = platform.instructions().into_iter().filter(is_question).map(|asked| asked.object());
    let mut asked: Vec<ObjectId> = asked.collect();
    open.sort();
    asked.sort();
    assert_eq!(asked, open, "what became of it");
}

fn is_question(asked: &Instruction) -> bool {
    let Instruction::Payment(asked) = asked else { return false };
    matches!(asked, PaymentInstruction::Retrieve { .. } | PaymentInstruction::RetrieveRefund { .. })
}

proptest! {
    #![proptest_config(crate::cases(40))]

    #[test]
    fn the_laws_hold_whatever_readers_do(steps in proptest::collection::vec(any::<u64>(), 40..160)) {
        let (mut platform, mut world) = opened();
        let (start, now) = (platform.snapshot(), platform.now());
        let mut journal = Vec::new();
        for (number, step) in steps.into_iter().enumerate() {
            let mut draw = Draw::of(step);
            match draw.below(20) {
                0 => wait(&mut platform, &mut world, &mut draw, &mut journal),
                1..=11 => ask(&mut platform, &mut draw, &mut journal),
                12..=16 => tell(&mut platform, &mut draw, &mut journal),
                _ => tell_in_two_orders(&mut platform, &mut draw, &mut journal),
            }
            invariants(&platform);
            if number % 20 == 0 {
                prop_assert_eq!(platform.audit(), []);
            }
        }
        prop_assert_eq!(platform.audit(), []);
        prop_assert!(platform.trial_balances().iter().all(|sheet| sheet.balances()));
        let mut again = Platform::restore(platform.rulebook().clone(), start, now);
        for changes in journal.iter().filter(|changes| !changes.is_empty()) {
            again.apply(changes).unwrap();
        }
        prop_assert_eq!(again.snapshot(), platform.snapshot());
        prop_assert_eq!(again.instructions(), platform.instructions());
        let bytes = postcard::to_stdvec(&platform.snapshot()).unwrap();
        let read = postcard::from_bytes(&bytes).unwrap();
        let restored = Platform::restore(platform.rulebook().clone(), read, platform.now());
        prop_assert_eq!(restored.snapshot(), platform.snapshot());
    }
}

/// One refund goes into the queue while another, which is covered, is booked: had it been asked for a moment later, it would have waited
/// as well.
#[test]
fn a_refund_does_not_overtake_one_that_begins_to_wait() {
    let (mut platform, mut world) = opened();
    let jo = accounts(&platform)[1];
    let mut sale = |key: &str, minor, fee| {
        let order = NewPayment::card(cad(minor)).destination(jo).application_fee(cad(fee));
        let sale = platform.payments().create(key, order).unwrap().answer;
        world.settle(&mut platform).unwrap();
        sale
    };
    let (large, small) = (sale("large", 20_00, 2_85), sale("small", 3_33, 47));
    world.advance(&mut platform, days(9)).unwrap();
    let large = NewRefund::of(large).amount(cad(6_67)).keep_transfer().keep_application_fee();
    let small = NewRefund::of(small).amount(cad(1_12)).reverse_transfer().refund_application_fee();
    let large = Request::new("back", Command::CreateRefund(large));
    let small = Request::new("back too", Command::CreateRefund(small));
    let (first, second) = (platform.decide(&large).unwrap(), platform.decide(&small).unwrap());
    nothing_is_lost(&platform, &first.changes, &second.changes, |after| drop(after.handle(small.clone()).unwrap()));
    platform.apply(&first.changes).unwrap();
    assert!(matches!(platform.apply(&second.changes), Err(Error::Stale(_))));
}
