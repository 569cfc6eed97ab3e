//! Money of accounts that is held back.

use fundroute::calendar::{Timestamp, days};
use fundroute::ids::{AccountId, PaymentId, ReserveHoldId, ReservePlanId};
use fundroute::journal::{Answer, Changes, Fact, Record};
use fundroute::money::{Currency, Money, Rate, eur, usd};
use fundroute::payments::{ChargeReversed, DisputeCase, NewPayment, NewRefund};
use fundroute::payouts::{
    DisableReservePlan, NewReserveHold, NewReservePlan, NewReserveRelease, ReserveCommand, ReserveHoldState,
};
use fundroute::platform::{Command, Error, Platform, Request};
use fundroute::routing::{NewTransfer, NewTransferReversal};

use crate::grid::{Cell, Did, Machine, did, told};
use crate::grid_disputes::{changed, opened};
use crate::scene::{Scene, advance, ask, noon, succeeded, tell};
use crate::shapes::{check, variant};

fn quarter() -> Rate {
    Rate::from_basis_points(25_00)
}

pub(crate) fn rolling(account: AccountId) -> ReserveCommand {
    ReserveCommand::CreatePlan(NewReservePlan::rolling(account, quarter(), 30))
}

pub(crate) fn fixed(account: AccountId, now: Timestamp) -> ReserveCommand {
    ReserveCommand::CreatePlan(NewReservePlan::fixed(account, quarter(), now.plus_days(20).unwrap()))
}

fn manual(account: AccountId) -> ReserveCommand {
    ReserveCommand::CreatePlan(NewReservePlan::manual(account, quarter()))
}

pub(crate) fn disable(plan: ReservePlanId) -> ReserveCommand {
    ReserveCommand::DisablePlan(DisableReservePlan { plan })
}

pub(crate) fn hold(account: AccountId, amount: Money) -> ReserveCommand {
    ReserveCommand::Hold(NewReserveHold::of(account, amount))
}

pub(crate) fn release(hold: ReserveHoldId, amount: Option<Money>) -> ReserveCommand {
    ReserveCommand::Release(NewReserveRelease { hold, amount })
}

fn planned(scene: &mut Scene, command: ReserveCommand) -> ReservePlanId {
    let Answer::ReservePlan(plan) = scene.ask(None, Command::Reserve(command)) else {
        panic!("a plan is answered with its id")
    };
    plan
}

fn reserved(platform: &Platform, account: AccountId) -> i128 {
    platform.balance(account, Currency::USD).unwrap().risk_reserved
}

/// The plan, its account, and another account of the platform.
type PlanIds = (ReservePlanId, AccountId, AccountId);

fn plan_state(platform: &Platform, (plan, account, _): PlanIds) -> String {
    format!("{} ({} in reserve)", platform.reserve_plan(plan).unwrap().status(), reserved(platform, account))
}

/// A plan that holds a quarter back of a direct charge of 100.00, and what happened to it since.
fn plan(command: impl Fn(AccountId, Timestamp) -> ReserveCommand, ends: bool, wait: i64) -> (Platform, PlanIds) {
    let mut scene = Scene::us();
    scene.by_hand(scene.express);
    let (express, now) = (scene.express, scene.platform.now());
    let plan = planned(&mut scene, command(express, now));
    scene.sale(Some(express), NewPayment::card(usd(100_00)));
    if ends {
        scene.ask(None, Command::Reserve(disable(plan)));
    }
    scene.wait(wait);
    let standard = scene.standard;
    (scene.platform, (plan, express, standard))
}

#[test]
fn reserve_plans() {
    let about = "A plan that holds back a quarter of each charge, after a direct charge of 100.00.";
    let mut machine = Machine::new("reserve_plan", about, plan_state);
    let of = |command: fn(AccountId) -> ReserveCommand| move |account, _| command(account);
    machine.row("active (2500 in reserve), rolling", plan(of(rolling), false, 0));
    machine.row("active (0 in reserve), rolling, later", plan(of(rolling), false, 40));
    machine.row("active (2500 in reserve), with an end", plan(ending, false, 0));
    machine.row("expired (2500 in reserve), with an end", plan(ending, false, 11));
    machine.row("expired (0 in reserve), with an end, later", plan(ending, false, 40));
    machine.row("active (2500 in reserve), fixed", plan(fixed, false, 0));
    machine.row("expired (0 in reserve), fixed", plan(fixed, false, 22));
    machine.row("active (2500 in reserve), by hand", plan(of(manual), false, 100));
    machine.row("disabled (2500 in reserve), just now", plan(of(rolling), true, 0));
    machine.row("disabled (0 in reserve)", plan(of(rolling), true, 1));
    let asks = |command: Command, on: Option<AccountId>, platform: &mut Platform| did(ask(platform, "x", on, command));
    machine.column("disable", move |platform, (plan, ..)| asks(Command::Reserve(disable(plan)), None, platform));
    machine.column("disable for the account", move |platform, (plan, account, _)| {
        asks(Command::Reserve(disable(plan)), Some(account), platform)
    });
    machine.column("disable for another", move |platform, (plan, _, other)| {
        asks(Command::Reserve(disable(plan)), Some(other), platform)
    });
    machine.column("another plan", move |platform, (_, account, _)| {
        asks(Command::Reserve(rolling(account)), None, platform)
    });
    machine.column("one for dollars, and a sale", |platform, (_, account, _)| {
        let tenth = NewReservePlan::manual(account, Rate::from_basis_points(10_00)).in_currency(Currency::USD);
        ask(platform, "x", None, Command::Reserve(ReserveCommand::CreatePlan(tenth)))?;
        sale(platform, account)
    });
    machine.column("a sale", |platform, (_, account, _)| sale(platform, account));
    machine.column("a microsecond passes", |platform, _| {
        let soon = platform.now().checked_add(chrono::TimeDelta::microseconds(1)).unwrap();
        platform.advance_to(soon).map(|_| Did::Done)
    });
    machine.column("181 days pass", |platform, _| advance(platform, 181).map(|()| Did::Done));
    machine.check();
}

fn ending(account: AccountId, now: Timestamp) -> ReserveCommand {
    let plan = NewReservePlan::rolling(account, quarter(), 30).expires_on(now.plus_days(10).unwrap());
    ReserveCommand::CreatePlan(plan)
}

fn sale(platform: &mut Platform, account: AccountId) -> Cell {
    let payment = Command::CreatePayment(NewPayment::card(usd(100_00)));
    let Answer::Payment(sale) = ask(platform, "sale", Some(account), payment)? else { return Ok(Did::Nothing) };
    let charge = platform.payment(sale).unwrap().latest_charge().unwrap();
    told(tell(platform, "sold", platform.now(), succeeded(charge, usd(100_00))))
}

/// The hold, the payment and the plan that it is of, if it is, and the account.
type HoldIds = (ReserveHoldId, Option<PaymentId>, Option<ReservePlanId>, AccountId);

fn hold_state(platform: &Platform, (hold, _, _, account): HoldIds) -> String {
    let held = platform.balance(account, Currency::USD).unwrap();
    let status = platform.reserve_hold(hold).unwrap().status();
    format!("{status} (pending {} available {} reserve {})", held.pending, held.available, held.risk_reserved)
}

/// How money came to the account.
#[derive(Clone, Copy)]
enum Way {
    /// By a direct charge, by an ACH debit.
    Direct,
    /// By a destination charge.
    Destination,
    /// By a transfer out of what the platform has.
    Transfer,
    /// Of what it has, by itself.
    Alone,
}

#[derive(Clone, Copy)]
enum Step {
    Days(i64),
    Release(Option<i64>),
    Refund(i64),
    Disable,
}

/// A quarter of 100.00 that is held back.
fn held(way: Way, steps: &[Step]) -> (Platform, HoldIds) {
    let mut scene = Scene::us();
    scene.fund_seller();
    let seller = scene.express;
    let plan = (!matches!(way, Way::Alone)).then(|| planned(&mut scene, rolling(seller)));
    let ach = fundroute::rulebook::PaymentMethod::UsBankAccount;
    let sale = match way {
        Way::Direct => Some(scene.sale(Some(seller), NewPayment::by(ach, usd(100_00)))),
        Way::Destination => Some(scene.sale(None, NewPayment::card(usd(100_00)).destination(seller))),
        Way::Transfer => {
            scene.ask(None, Command::CreateTransfer(NewTransfer::to(seller, usd(100_00))));
            None
        }
        Way::Alone => {
            scene.ask(None, Command::Reserve(hold(seller, usd(25_00))));
            None
        }
    };
    let id_of = |record: &Record| if let Record::ReserveHold(hold) = record { Some(hold.id()) } else { None };
    let found = scene.platform.records().find_map(id_of);
    let hold = found.unwrap();
    for step in steps {
        match step {
            Step::Days(days) => scene.wait(*days),
            Step::Release(minor) => drop(scene.ask(None, Command::Reserve(release(hold, minor.map(usd))))),
            Step::Refund(minor) => {
                let on = matches!(way, Way::Direct).then_some(seller);
                scene.ask(on, Command::CreateRefund(refund(sale.unwrap(), way, *minor)));
            }
            Step::Disable => {
                scene.ask(None, Command::Reserve(disable(plan.unwrap())));
                scene.wait(1);
            }
        }
    }
    (scene.platform, (hold, sale, plan, seller))
}

fn refund(sale: PaymentId, way: Way, minor: i64) -> NewRefund {
    let refund = NewRefund::of(sale).amount(usd(minor));
    if matches!(way, Way::Destination) { refund.reverse_transfer() } else { refund }
}

fn hold_rows(machine: &mut Machine<HoldIds>) {
    use Step::{Days, Disable, Refund, Release};
    use Way::{Alone, Destination, Direct, Transfer};

    machine.row("held (pending 0 available 17500 reserve 2500), alone", held(Alone, &[]));
    machine
        .row("partly_released (pending 0 available 18500 reserve 1500), alone", held(Alone, &[Release(Some(10_00))]));
    machine.row("released (pending 0 available 20000 reserve 0), alone, by hand", held(Alone, &[Release(None)]));
    machine.row("released (pending 0 available 20000 reserve 0), alone, in time", held(Alone, &[Days(181)]));
    machine.row("held (pending 7420 available 20000 reserve 2500), of a debit", held(Direct, &[]));
    machine.row("held (pending 0 available 27420 reserve 2500), of a debit, settled", held(Direct, &[Days(10)]));
    machine
        .row("released (pending 9920 available 20000 reserve 0), of a debit, by hand", held(Direct, &[Release(None)]));
    machine.row("partly_released (pending 8420 available 20000 reserve 1500), of a debit", {
        held(Direct, &[Release(Some(10_00))])
    });
    machine.row("released (pending 0 available 29920 reserve 0), of a debit, in time", held(Direct, &[Days(32)]));
    machine.row("released (pending 0 available 29920 reserve 0), plan disabled", held(Direct, &[Days(10), Disable]));
    machine.row("consumed (pending 4920 available 20000 reserve 0), of a debit", held(Direct, &[Refund(50_00)]));
    machine.row("consumed (pending 0 available 24920 reserve 0), of a debit, settled", {
        held(Direct, &[Days(10), Refund(50_00)])
    });
    machine.row("held (pending 5420 available 20000 reserve 2500), of a debit, little refunded", {
        held(Direct, &[Refund(20_00)])
    });
    machine.row("held (pending 7500 available 20000 reserve 2500), of a destination charge", held(Destination, &[]));
    machine.row("consumed (pending 5000 available 20000 reserve 0), of a destination charge", {
        held(Destination, &[Refund(50_00)])
    });
    machine.row("held (pending 0 available 27500 reserve 2500), of a transfer", held(Transfer, &[]));
}

/// A transfer that brought the money, if one did.
fn transfer_of(platform: &Platform, hold: ReserveHoldId) -> Option<fundroute::ids::TransferId> {
    let source = platform.reserve_hold(hold).unwrap().source()?;
    if let fundroute::ids::ObjectId::Transfer(transfer) = source { Some(transfer) } else { None }
}

fn give_back(platform: &mut Platform, (_, sale, _, seller): HoldIds, minor: i64) -> Cell {
    let Some(sale) = sale else { return Ok(Did::Nothing) };
    let is_direct = platform.charge_of(sale).unwrap().owner() == seller;
    let (on, way) = if is_direct { (Some(seller), Way::Direct) } else { (None, Way::Destination) };
    did(ask(platform, "x", on, Command::CreateRefund(refund(sale, way, minor))))
}

fn reverse(platform: &mut Platform, (hold, ..): HoldIds, minor: i64) -> Cell {
    let Some(transfer) = transfer_of(platform, hold) else { return Ok(Did::Nothing) };
    let reversal = NewTransferReversal::of(transfer).amount(usd(minor));
    did(ask(platform, "x", None, Command::ReverseTransfer(reversal)))
}

#[test]
fn reserve_holds() {
    let about =
        "A quarter of 100.00 that is held back for 30 days, of an account that has 200.00 besides; a debit costs 0.80.";
    let mut machine = Machine::new("reserve_hold", about, hold_state);
    hold_rows(&mut machine);
    let asks = |command: ReserveCommand, on: Option<AccountId>, platform: &mut Platform| {
        did(ask(platform, "x", on, Command::Reserve(command)))
    };
    machine.column("release", move |platform, (hold, ..)| asks(release(hold, None), None, platform));
    for (name, amount) in
        [("10.00", usd(10_00)), ("25.01", usd(25_01)), ("nothing", usd(0)), ("euros", eur(1_00)), ("less", usd(-1))]
    {
        let name = format!("release {name}").leak();
        machine.column(name, move |platform, (hold, ..)| asks(release(hold, Some(amount)), None, platform));
    }
    machine.column("release for the account", move |platform, (hold, _, _, seller)| {
        asks(release(hold, None), Some(seller), platform)
    });
    machine.column("refund 50.00", |platform, ids| give_back(platform, ids, 50_00));
    machine.column("refund 20.00", |platform, ids| give_back(platform, ids, 20_00));
    machine.column("reverse 50.00", |platform, ids| reverse(platform, ids, 50_00));
    machine.column("reverse 20.00", |platform, ids| reverse(platform, ids, 20_00));
    machine.column("dispute 100.00", |platform, (_, sale, ..)| {
        let Some(sale) = sale else { return Ok(Did::Nothing) };
        tell(platform, "x", platform.now(), opened(platform, sale, DisputeCase::Chargeback))?;
        told(tell(platform, "y", platform.now(), changed(fundroute::payments::DisputeChange::FundsWithdrawn)))
    });
    machine.column("pulled back", |platform, (_, sale, ..)| {
        let Some(sale) = sale else { return Ok(Did::Nothing) };
        let charge = platform.payment(sale).unwrap().latest_charge().unwrap().into();
        let fact = Fact::ChargeReversed(ChargeReversed { charge, amount: usd(100_00), failure: None });
        told(tell(platform, "x", platform.now(), fact))
    });
    machine.column("disable the plan, a day", move |platform, (_, _, plan, _)| {
        let Some(plan) = plan else { return Ok(Did::Nothing) };
        asks(disable(plan), None, platform)?;
        advance(platform, 1).map(|()| Did::Done)
    });
    machine.column("31 days pass", |platform, _| advance(platform, 31).map(|()| Did::Done));
    machine.column("180 days pass", |platform, _| advance(platform, 180).map(|()| Did::Done));
    machine.check();
}

/// Each with what it is called.
type Named<T> = Vec<(String, T)>;

fn written() -> Result<(Named<Record>, Named<Changes>), Error> {
    let mut scene = Scene::us();
    scene.fund_seller();
    let (seller, now) = (scene.express, scene.platform.now());
    let mut changes = Vec::new();
    let mut note = |name: &str, made: Changes| changes.push((name.to_owned(), made));
    let mut ask = |scene: &mut Scene, name: &str, command: ReserveCommand| {
        let decided = scene.platform.handle(Request::new(name, Command::Reserve(command)))?;
        note(name, decided.changes);
        Ok::<Answer, Error>(decided.answer)
    };
    let plan = NewReservePlan::rolling(seller, quarter(), 30).in_currency(Currency::USD).expires_on(now.plus_days(90)?);
    let Answer::ReservePlan(plan) = ask(&mut scene, "PlanCreated", ReserveCommand::CreatePlan(plan))? else {
        panic!("a plan is answered with its id")
    };
    let until = NewReserveHold::of(seller, usd(10_00)).release_after(now.plus_days(7)?);
    let Answer::ReserveHold(alone) = ask(&mut scene, "Held", ReserveCommand::Hold(until))? else {
        panic!("a hold is answered with its id")
    };
    ask(&mut scene, "Released", release(alone, Some(usd(4_00))))?;
    let sale = scene.sale(Some(seller), NewPayment::card(usd(100_00)));
    let back = scene.sale(Some(seller), NewPayment::card(usd(40_00)));
    scene.ask(Some(seller), Command::CreateRefund(NewRefund::of(back)));
    ask(&mut scene, "PlanDisabled", disable(plan))?;
    let let_go = scene.platform.advance_to(scene.platform.now().checked_add(days(1))?)?;
    changes.extend(let_go.into_iter().map(|changes| ("LetGo".to_owned(), changes)));
    let of = |record: &Record| {
        if let Record::ReservePlan(plan) = record {
            return Some(variant(plan.state()));
        }
        if let Record::ReserveHold(hold) = record {
            return Some(variant(hold.state()));
        }
        if let Record::ReserveRelease(release) = record { Some(variant(&release.reason())) } else { None }
    };
    let records = scene.platform.records().filter_map(|record| Some((of(record)?, record.clone()))).collect();
    let hold = scene.platform.charge_of(sale)?.hold().unwrap();
    assert!(matches!(scene.platform.reserve_hold(hold)?.state(), ReserveHoldState::Released { .. }));
    Ok((records, changes))
}

#[test]
fn how_reserves_are_written_down() {
    let (records, changes) = written().unwrap();
    let entries = changes.iter().filter_map(|(name, changes)| Some((name.clone(), changes.entries.first()?.clone())));
    check("reserve_entries", &entries.collect::<Vec<_>>());
    check("reserve_records", &records);
    check("reserve_changes", &changes);
    let account = AccountId::from_host([4; 14]);
    let commands = [
        ("CreatePlan: rolling", ending(account, noon())),
        ("CreatePlan: fixed", fixed(account, noon())),
        ("CreatePlan: by hand", manual(account)),
        ("DisablePlan", disable(account_plan(account))),
        ("Hold", hold(account, usd(5_00))),
        ("Release", release(ReserveHoldId::from_host([5; 14]), Some(usd(2_00)))),
    ];
    let named = commands.map(|(name, command)| (name.to_owned(), Request::new("key-1", Command::Reserve(command))));
    check("reserve_requests", &named);
}

fn account_plan(account: AccountId) -> ReservePlanId {
    ReservePlanId::from_host(account.family().bytes())
}
