//! Tiny worlds: every order of a few steps over two accounts.
//!
//! After every step the books must balance and what was refused must have left no trace. And every outcome that makes
//! the world interesting must have come up in at least one order, or the search has not been where it should.

use std::collections::BTreeSet;

use fundroute::calendar::Timestamp;
use fundroute::ids::{AccountId, PaymentId, TransferId};
use fundroute::journal::{Changes, Fact, FactOutcome, Record, Report};
use fundroute::money::usd;
use fundroute::payments::{
    CancelPayment, ChargeReversed, ChargeSubmitted, ConfirmPayment, DisputeCase, DisputeChange, Named, NewPayment,
    NewRefund, RefundFailed, RefundFailure, RefundSucceeded,
};
use fundroute::payouts::{NewPayout, PayoutFailed, PayoutPaid, PayoutSubmitted};
use fundroute::platform::{Command, Error, Platform, Request};
use fundroute::routing::{NewTransfer, NewTransferReversal};
use fundroute::rulebook::{PaymentMethod, Rulebook};

use crate::scene::{Scene, failed, reason, succeeded};

/// What the steps of a world are about.
#[derive(Clone, Copy)]
struct Cast {
    seller: AccountId,
    sale: PaymentId,
}

/// What a step does; nothing where there is nothing that it could be about yet.
type Act = fn(&mut Platform, Cast, &mut Vec<Changes>) -> Result<Option<FactOutcome>, Error>;

struct Tiny {
    steps: Vec<(&'static str, Act)>,
    start: Platform,
    cast: Cast,
    reached: BTreeSet<String>,
    orders: usize,
}

impl Tiny {
    fn new(scene: Scene, sale: PaymentId, steps: Vec<(&'static str, Act)>) -> Self {
        let cast = Cast { seller: scene.express, sale };
        Self { steps, start: scene.platform, cast, reached: BTreeSet::new(), orders: 0 }
    }

    /// Tries every order, and says which outcomes came up.
    fn search(mut self, goals: &[&str]) {
        let places: Vec<usize> = (0..self.steps.len()).collect();
        self.descend(&self.start.clone(), &places, &mut Vec::new(), &mut Vec::new());
        assert_eq!(self.orders, (1..=self.steps.len()).product::<usize>());
        let missed: Vec<_> = goals.iter().filter(|goal| !self.reached.contains(**goal)).collect();
        assert!(missed.is_empty(), "no order reaches {missed:?}, only {:#?}", self.reached);
    }

    fn descend(&mut self, before: &Platform, left: &[usize], path: &mut Vec<&'static str>, journal: &mut Vec<Changes>) {
        if left.is_empty() {
            self.orders += 1;
            self.replay(before, path, journal);
            return;
        }
        for place in left {
            let (name, act) = self.steps.get(*place).copied().unwrap();
            let mut after = before.clone();
            let length = journal.len();
            path.push(name);
            let outcome = act(&mut after, self.cast, journal);
            self.note(before, &after, outcome, path);
            let rest: Vec<usize> = left.iter().copied().filter(|other| other != place).collect();
            self.descend(&after, &rest, path, journal);
            path.pop();
            journal.truncate(length);
        }
    }

    fn note(
        &mut self,
        before: &Platform,
        after: &Platform,
        outcome: Result<Option<FactOutcome>, Error>,
        path: &[&str],
    ) {
        assert_eq!(after.audit(), [], "{path:?}");
        assert!(after.trial_balances().iter().all(|sheet| sheet.balances()), "{path:?}");
        let step = path.last().copied().unwrap_or_default();
        match outcome {
            Ok(None) => assert_eq!(before.snapshot(), after.snapshot(), "{path:?}"),
            Ok(Some(FactOutcome::Anomaly(id))) => {
                self.reached.insert(format!("anomaly: {}", reason(after, id)));
            }
            Ok(Some(FactOutcome::Stale)) => {
                self.reached.insert(format!("{step}: stale"));
            }
            Ok(Some(FactOutcome::Parked(_))) => {
                self.reached.insert(format!("{step}: parked"));
            }
            Ok(Some(FactOutcome::Applied)) => {
                self.reached.insert(format!("{step}: done"));
            }
            Err(error) => {
                assert_eq!(before.snapshot(), after.snapshot(), "{path:?}: {error}");
                assert_eq!(before.now(), after.now(), "{path:?}");
                self.reached.insert(format!("{step}: {}", error.code().unwrap_or("refused")));
            }
        }
        self.observe(after);
    }

    fn observe(&mut self, platform: &Platform) {
        let currency = usd(0).currency();
        for (owner, name) in [(self.cast.seller, "seller"), (platform.id(), "platform")] {
            let balance = platform.balance(owner, currency).unwrap();
            if balance.available < 0 {
                self.reached.insert(format!("{name} owes"));
            }
            if balance.pending < 0 {
                self.reached.insert(format!("{name} has less than nothing pending"));
            }
        }
        for record in platform.records() {
            if let Record::Payout(payout) = record {
                self.reached.insert(format!("payout {}", payout.status()));
            } else if let Record::Refund(refund) = record {
                self.reached.insert(format!("refund {}", refund.status()));
                if let Some(reason) = refund.pending_reason() {
                    self.reached.insert(format!("refund pending: {reason}"));
                }
            } else if let Record::Payment(payment) = record {
                self.reached.insert(format!("payment {}", payment.status()));
            }
        }
        if platform.parked_facts_given_up() {
            self.reached.insert("a fact is given up".to_owned());
        }
    }

    /// What happened since the start, told again, leads to the same place.
    fn replay(&self, end: &Platform, path: &[&str], journal: &[Changes]) {
        let mut again = Platform::restore(Rulebook::standard(), self.start.snapshot(), self.start.now());
        for changes in journal {
            again.apply(changes).unwrap();
        }
        assert_eq!(again.snapshot(), end.snapshot(), "{path:?}");
        assert!(again.deadlines().eq(end.deadlines()), "{path:?}");
    }
}

trait GivenUp {
    fn parked_facts_given_up(&self) -> bool;
}

impl GivenUp for Platform {
    fn parked_facts_given_up(&self) -> bool {
        let up = fundroute::journal::ParkedState::GivenUp;
        self.records().any(|record| matches!(record, Record::ParkedFact(parked) if parked.state == up))
    }
}

fn run(
    platform: &mut Platform,
    journal: &mut Vec<Changes>,
    (key, on): (&str, Option<AccountId>),
    command: Command,
) -> Result<Option<FactOutcome>, Error> {
    let request = Request::new(key, command);
    let request = if let Some(account) = on { request.acting_as(account) } else { request };
    journal.push(platform.handle(request)?.changes);
    Ok(Some(FactOutcome::Applied))
}

fn hear(
    platform: &mut Platform,
    journal: &mut Vec<Changes>,
    id: &str,
    fact: Fact,
) -> Result<Option<FactOutcome>, Error> {
    let decided = platform.record(&Report::new(id, platform.now(), fact))?;
    journal.push(decided.changes);
    Ok(Some(decided.answer))
}

fn pass(platform: &mut Platform, journal: &mut Vec<Changes>, days: i64) -> Result<Option<FactOutcome>, Error> {
    let until: Timestamp = platform.now().plus_days(days)?;
    journal.extend(platform.advance_to(until)?);
    Ok(Some(FactOutcome::Applied))
}

/// The newest payout of the seller.
fn payout(platform: &Platform, seller: AccountId) -> Option<fundroute::ids::PayoutId> {
    let payouts =
        platform.records().filter_map(|record| if let Record::Payout(payout) = record { Some(payout) } else { None });
    payouts.filter(|payout| payout.account() == seller).last().map(|payout| payout.id())
}

/// The transfer out of the sale.
fn transfer(platform: &Platform, sale: PaymentId) -> Option<TransferId> {
    platform
        .family(sale)
        .find_map(|record| if let Record::Transfer(transfer) = record { Some(transfer.id()) } else { None })
}

const SUCCEED: Act = |platform, cast, journal| {
    let payment = platform.payment(cast.sale)?;
    let (charge, amount) = (payment.latest_charge().unwrap(), payment.amount());
    hear(platform, journal, "succeed", succeeded(charge, amount))
};

const WEEK: Act = |platform, _, journal| pass(platform, journal, 7);

const REVERSE: Act = |platform, cast, journal| match transfer(platform, cast.sale) {
    Some(transfer) => {
        let reversal = NewTransferReversal::of(transfer).amount(usd(60_00));
        run(platform, journal, ("reverse", None), Command::ReverseTransfer(reversal))
    }
    None => Ok(None),
};

const BANK_PAYS: Act = |platform, cast, journal| match payout(platform, cast.seller) {
    Some(payout) => hear(platform, journal, "paid", Fact::PayoutPaid(PayoutPaid { payout })),
    None => Ok(None),
};

const BANK_RETURNS: Act = |platform, cast, journal| match payout(platform, cast.seller) {
    Some(payout) => {
        let failure_code = "account_closed".to_owned();
        hear(platform, journal, "returned", Fact::PayoutFailed(PayoutFailed { payout, failure_code }))
    }
    None => Ok(None),
};

#[test]
fn a_destination_charge_its_refund_and_the_sellers_payout() {
    let mut scene = Scene::us();
    scene.by_hand(scene.platform.id());
    let order = NewPayment::card(usd(100_00)).destination(scene.express).application_fee(usd(10_00));
    let sale = scene.start(None, order);
    let refund: Act = |platform, cast, journal| {
        let refund = NewRefund::of(cast.sale).amount(usd(50_00)).reverse_transfer().refund_application_fee();
        run(platform, journal, ("refund", None), Command::CreateRefund(refund))
    };
    let steps = vec![
        ("succeed", SUCCEED),
        ("refund", refund),
        ("reverse", REVERSE),
        ("week", WEEK),
        ("bank pays", BANK_PAYS),
        ("bank returns", BANK_RETURNS),
    ];
    Tiny::new(scene, sale, steps).search(&[
        "payment succeeded",
        "refund: charge_not_refundable",
        "refund: done",
        "reverse: refused",
        "payout pending",
        "payout paid",
        "payout failed",
        "seller owes",
        "bank pays: stale",
        "seller has less than nothing pending",
    ]);
}

#[test]
fn a_payment_shared_by_hand_and_a_payout_called_off() {
    let mut scene = Scene::us();
    scene.by_hand(scene.platform.id());
    scene.by_hand(scene.express);
    let sale = scene.sale(None, NewPayment::card(usd(100_00)));
    let share: Act = |platform, cast, journal| {
        let transfer = NewTransfer::to(cast.seller, usd(70_00)).from_payment(cast.sale);
        run(platform, journal, ("share", None), Command::CreateTransfer(transfer))
    };
    let refund: Act = |platform, cast, journal| {
        run(platform, journal, ("refund", None), Command::CreateRefund(NewRefund::of(cast.sale)))
    };
    let pay: Act = |platform, cast, journal| {
        run(platform, journal, ("pay", Some(cast.seller)), Command::CreatePayout(NewPayout::of(usd(50_00))))
    };
    let cancel: Act = |platform, cast, journal| match payout(platform, cast.seller) {
        Some(payout) => {
            let cancel = Command::CancelPayout(fundroute::payouts::CancelPayout { payout });
            run(platform, journal, ("cancel", Some(cast.seller)), cancel)
        }
        None => Ok(None),
    };
    let steps = [
        ("share", share),
        ("refund", refund),
        ("reverse", REVERSE),
        ("week", WEEK),
        ("pay", pay),
        ("cancel", cancel),
        ("bank pays", BANK_PAYS),
    ];
    // One more than six would be seven times the work: leave out one of the last two in turn.
    for without in ["cancel", "bank pays"] {
        let steps = steps.iter().copied().filter(|(name, _)| *name != without).collect();
        let mut goals =
            vec!["share: done", "refund pending: insufficient_funds", "pay: balance_insufficient", "seller owes"];
        goals.push(if without == "cancel" { "payout paid" } else { "payout canceled" });
        goals.push("platform has less than nothing pending");
        Tiny::new(scene.clone(), sale, steps).search(&goals);
    }
}

#[test]
fn news_of_one_payment_in_every_order() {
    let mut scene = Scene::us();
    scene.by_hand(scene.platform.id());
    let sale = scene.start(None, NewPayment::card(usd(100_00)));
    let submit: Act = |platform, cast, journal| {
        let charge = platform.payment(cast.sale)?.latest_charge().unwrap();
        let fact = ChargeSubmitted { charge, reference: "outside".to_owned() };
        hear(platform, journal, "submit", Fact::ChargeSubmitted(fact))
    };
    let by_reference: Act = |platform, _, journal| {
        hear(platform, journal, "named", succeeded(Named::Reference("outside".to_owned()), usd(100_00)))
    };
    let fail: Act = |platform, cast, journal| {
        let charge = platform.payment(cast.sale)?.latest_charge().unwrap();
        hear(platform, journal, "fail", failed(charge))
    };
    let confirm: Act = |platform, cast, journal| {
        let again = ConfirmPayment::by(PaymentMethod::Card, cast.sale);
        run(platform, journal, ("confirm", None), Command::ConfirmPayment(again))
    };
    let cancel: Act = |platform, cast, journal| {
        run(platform, journal, ("cancel", None), Command::CancelPayment(CancelPayment::of(cast.sale)))
    };
    let month: Act = |platform, _, journal| pass(platform, journal, 31);
    let steps = vec![
        ("submit", submit),
        ("named", by_reference),
        ("fail", fail),
        ("confirm", confirm),
        ("cancel", cancel),
        ("month", month),
    ];
    Tiny::new(scene, sale, steps).search(&[
        "payment succeeded",
        "payment canceled",
        "payment requires_payment_method",
        "named: parked",
        "fail: stale",
        "cancel: payment_intent_unexpected_state",
        "confirm: payment_intent_unexpected_state",
        "anomaly: PaymentCanceled",
        "anomaly: Superseded",
        "a fact is given up",
    ]);
}

#[test]
fn a_direct_charge_its_commission_and_a_payout_that_comes_back() {
    let mut scene = Scene::us();
    let seller = scene.express;
    scene.by_hand(seller);
    let order = NewPayment::card(usd(100_00)).application_fee(usd(10_00));
    let sale = scene.start(Some(seller), order);
    let refund: Act = |platform, cast, journal| {
        let refund = NewRefund::of(cast.sale).amount(usd(50_00)).refund_application_fee();
        run(platform, journal, ("refund", Some(cast.seller)), Command::CreateRefund(refund))
    };
    let pay: Act = |platform, cast, journal| {
        run(platform, journal, ("pay", Some(cast.seller)), Command::CreatePayout(NewPayout::of(usd(86_80))))
    };
    let submitted: Act = |platform, cast, journal| match payout(platform, cast.seller) {
        Some(payout) => hear(platform, journal, "sent", Fact::PayoutSubmitted(PayoutSubmitted { payout })),
        None => Ok(None),
    };
    let steps = vec![
        ("succeed", SUCCEED),
        ("refund", refund),
        ("week", WEEK),
        ("pay", pay),
        ("sent", submitted),
        ("bank returns", BANK_RETURNS),
    ];
    Tiny::new(scene, sale, steps).search(&[
        "refund: balance_insufficient",
        "refund: done",
        "refund succeeded",
        "pay: balance_insufficient",
        "pay: done",
        "payout in_transit",
        "payout failed",
        "sent: stale",
    ]);
}

#[test]
fn a_debit_that_is_pulled_back_and_what_else_becomes_of_it() {
    let mut scene = Scene::us();
    scene.by_hand(scene.platform.id());
    scene.by_hand(scene.express);
    let sale = scene.start(None, NewPayment::by(PaymentMethod::UsBankAccount, usd(100_00)));
    let back: Act = |platform, cast, journal| {
        let charge = platform.payment(cast.sale)?.latest_charge().unwrap();
        hear(platform, journal, "back", Fact::ChargeReversed(ChargeReversed::of(charge, usd(80_00))))
    };
    let refund: Act = |platform, cast, journal| {
        let refund = NewRefund::of(cast.sale).amount(usd(50_00));
        run(platform, journal, ("refund", None), Command::CreateRefund(refund))
    };
    let send: Act = |platform, cast, journal| {
        let transfer = NewTransfer::to(cast.seller, usd(70_00)).from_payment(cast.sale);
        run(platform, journal, ("send", None), Command::CreateTransfer(transfer))
    };
    let disputed: Act = |platform, cast, journal| {
        let fact = crate::grid_disputes::opened(platform, cast.sale, DisputeCase::Chargeback);
        hear(platform, journal, "disputed", fact)
    };
    let withdrawn: Act = |platform, _, journal| {
        hear(platform, journal, "withdrawn", crate::grid_disputes::changed(DisputeChange::FundsWithdrawn))
    };
    let steps = [
        ("succeed", SUCCEED),
        ("back", back),
        ("refund", refund),
        ("send", send),
        ("week", WEEK),
        ("disputed", disputed),
        ("withdrawn", withdrawn),
    ];
    // As above: one less at a time.
    for without in ["send", "week"] {
        let steps = steps.iter().copied().filter(|(name, _)| *name != without).collect();
        let mut goals = vec![
            "back: parked",
            "back: done",
            "disputed: parked",
            "withdrawn: done",
            "refund: done",
            "refund: charge_disputed",
            "refund: charge_not_refundable",
        ];
        goals.extend(match without {
            "send" => ["platform owes", "refund pending: processing"],
            _ => ["send: done", "platform has less than nothing pending"],
        });
        Tiny::new(scene.clone(), sale, steps).search(&goals);
    }
}

/// The newest refund of the sale.
fn last_refund(platform: &Platform, sale: PaymentId) -> Option<fundroute::ids::RefundId> {
    let refund = |record: &Record| if let Record::Refund(refund) = record { Some(refund.id()) } else { None };
    platform.family(sale).filter_map(refund).last()
}

#[test]
fn a_refund_that_waits_and_comes_back_and_is_made_again() {
    let mut scene = Scene::us();
    scene.by_hand(scene.platform.id());
    scene.by_hand(scene.express);
    let sale = scene.sale(None, NewPayment::card(usd(100_00)).destination(scene.express));
    scene.wait(7);
    let refund: Act = |platform, cast, journal| {
        let refund = NewRefund::of(cast.sale).amount(usd(50_00)).keep_transfer();
        run(platform, journal, ("refund", None), Command::CreateRefund(refund))
    };
    let again: Act = |platform, cast, journal| {
        let refund = NewRefund::of(cast.sale).amount(usd(50_00)).reverse_transfer();
        run(platform, journal, ("again", None), Command::CreateRefund(refund))
    };
    let arrives: Act = |platform, cast, journal| match last_refund(platform, cast.sale) {
        Some(refund) => hear(platform, journal, "arrives", Fact::RefundSucceeded(RefundSucceeded { refund })),
        None => Ok(None),
    };
    let fails: Act = |platform, cast, journal| match last_refund(platform, cast.sale) {
        Some(refund) => {
            let reason = RefundFailure::Declined;
            hear(platform, journal, "fails", Fact::RefundFailed(RefundFailed { refund, reason }))
        }
        None => Ok(None),
    };
    let steps = vec![
        ("refund", refund),
        ("again", again),
        ("reverse", REVERSE),
        ("month", |platform, _, journal| pass(platform, journal, 31)),
        ("arrives", arrives),
        ("fails", fails),
    ];
    Tiny::new(scene, sale, steps).search(&[
        "refund pending: insufficient_funds",
        "refund succeeded",
        "refund failed",
        "anomaly: RefundNotAsked",
        "arrives: done",
        "fails: done",
        "again: done",
        "fails: stale",
        "platform owes",
    ]);
}
