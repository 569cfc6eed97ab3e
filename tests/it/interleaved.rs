//! What happens between `decide` and `apply`: somebody else is faster, the night falls, the process dies.
//!
//! Changes stand only if nothing that they were decided on has changed. Each story decides, lets something else happen, and
//! applies: either the outcome is that of some order of the two, or the changes are stale and leave no trace.

use fundroute::accounts::{CapabilityReviewed, CapabilityStatus, NewExternalAccount};
use fundroute::calendar::Recurrence;
use fundroute::ids::{AccountId, PaymentId};
use fundroute::journal::{Changes, Deadline, DeadlineKind, Fact, FactOutcome, Instruction, Report, Snapshot};
use fundroute::payments::{ChargeSubmitted, ChargeSucceeded, Named, PaymentInstruction};
use fundroute::payouts::{PayoutFailed, PayoutSchedule, SetPayoutSchedule};
use fundroute::prelude::*;
use fundroute::rulebook::Capability;
use fundroute::simulator::NEVER_ANSWERS;

use crate::shop::{Shop, monday, rules};

/// The success of a payment that was asked for, as the provider reports it.
fn success(shop: &Shop, id: &str, payment: PaymentId) -> Report {
    let charge = shop.platform.charge_of(payment).unwrap();
    let fact = ChargeSucceeded::of(charge.id(), charge.amount());
    Report::new(id, charge.created(), Fact::ChargeSucceeded(fact))
}

fn stale(shop: &mut Shop, changes: &Changes) {
    let before = shop.platform.snapshot();
    let refused = shop.platform.apply(changes);
    assert!(matches!(refused, Err(Error::Stale(_))), "{refused:?}");
    assert_eq!(shop.platform.snapshot(), before, "stale changes leave no trace");
    shop.sound();
}

/// Whoever has money available that can be paid has a run ahead.
fn woken(shop: &Shop, account: AccountId) {
    let available = shop.platform.balance(account, USD).unwrap().available;
    assert!(available <= 0 || shop.platform.next_payout(account, USD).is_some(), "{available} is never paid out");
}

#[test]
fn a_success_that_was_on_its_way_over_the_night_is_decided_again() {
    let mut shop = Shop::open();
    let jo = shop.banked(NewAccount::express(US));
    let first = shop.sell(NewPayment::card(usd(100_00)).destination(jo));
    let late = shop.order(NewPayment::card(usd(30_00)).destination(jo).token(NEVER_ANSWERS));
    shop.sound();
    let report = success(&shop, "late", late);

    shop.platform.advance_to(utc(2026, 11, 3).at(23, 59)).unwrap();
    let slow = shop.platform.decide_fact(&report).unwrap().changes;
    shop.until(utc(2026, 11, 4).at(1, 0));
    let paid = shop.payouts(jo);
    assert_eq!(paid.len(), 1, "the night paid {first} out");
    stale(&mut shop, &slow);

    // Decided again it is available at once, and leaves with the next run, under an id of its own.
    assert_eq!(shop.platform.record(&report).unwrap().answer, FactOutcome::Applied);
    woken(&shop, jo);
    shop.wait(3);
    let payouts = shop.payouts(jo);
    assert_eq!(payouts.len(), 2);
    assert_ne!(payouts[0].id(), payouts[1].id());
    assert_eq!((shop.paid_out(jo), shop.in_transit(jo)), (130_00, 0));
}

#[test]
fn a_credit_and_what_makes_it_payable_do_not_miss_each_other() {
    let bank =
        |jo| Command::AddExternalAccount(NewExternalAccount::bank(jo, US, USD, "000123456789").routing("110000000"));
    let daily = |account| {
        let schedule = PayoutSchedule::Automatic(Recurrence::Daily);
        Command::SetPayoutSchedule(SetPayoutSchedule { account, schedule })
    };
    let meanwhile: [(&str, &dyn Fn(AccountId) -> Command); 2] = [("a bank account", &bank), ("a schedule", &daily)];
    for (name, command) in meanwhile {
        let (mut shop, jo) = with_money();
        if name == "a schedule" {
            let manual = PayoutSchedule::Manual;
            shop.platform.payouts().set_schedule("manual", jo, manual).unwrap();
            shop.new_bank(jo, "000123456789");
        }
        let credit = Request::new("credit", Command::CreateTransfer(NewTransfer::to(jo, usd(40_00))));
        let payable = Request::new("payable", command(jo));
        for credit_first in [true, false] {
            let mut shop = shop.clone();
            let decided = [&credit, &payable].map(|request| shop.platform.decide(request).unwrap().changes);
            let [first, second] = if credit_first { [0, 1] } else { [1, 0] };
            shop.platform.apply(&decided[first]).unwrap();
            if shop.platform.apply(&decided[second]).is_err() {
                let request = [&credit, &payable][second];
                shop.platform.handle(request.clone()).unwrap();
            }
            woken(&shop, jo);
        }
    }
}

/// A platform with money of its own and a seller without a bank account.
fn with_money() -> (Shop, AccountId) {
    let mut shop = Shop::open();
    let jo = shop.seller(NewAccount::express(US));
    shop.sell(NewPayment::card(usd(500_00)));
    shop.until(utc(2026, 11, 5));
    (shop, jo)
}

#[test]
fn a_credit_that_counts_on_the_next_run_is_decided_again_when_that_has_left() {
    let (mut shop, jo) = with_money();
    shop.new_bank(jo, "000123456789");
    shop.transfer(NewTransfer::to(jo, usd(40_00))).unwrap();
    let credit = Request::new("credit", Command::CreateTransfer(NewTransfer::to(jo, usd(10_00))));
    let slow = shop.platform.decide(&credit).unwrap().changes;
    shop.until(utc(2026, 11, 6).at(1, 0));
    assert_eq!(shop.paid_out(jo), 40_00);
    stale(&mut shop, &slow);
    shop.platform.handle(credit).unwrap();
    woken(&shop, jo);
}

#[test]
fn a_run_that_finds_too_little_looks_again_when_more_has_come() {
    let limits = fundroute::rulebook::PayoutLimits::new(100_00, 1).unwrap();
    let mut shop = Shop::open_by(US, rules().with_payout_limits(US, USD, limits).unwrap());
    let jo = shop.banked(NewAccount::express(US));
    shop.sell(NewPayment::card(usd(500_00)));
    shop.until(utc(2026, 11, 5));
    shop.transfer(NewTransfer::to(jo, usd(50_00))).unwrap();
    let more = Request::new("more", Command::CreateTransfer(NewTransfer::to(jo, usd(70_00))));
    let more = shop.platform.decide(&more).unwrap().changes;
    let run = shop.platform.decide_next(utc(2026, 11, 6)).unwrap().unwrap();
    assert!(run.entries.is_empty(), "50.00 are below the minimum");
    shop.platform.apply(&more).unwrap();
    stale(&mut shop, &run);
    shop.until(utc(2026, 11, 7));
    assert_eq!(shop.paid_out(jo), 120_00);
}

#[test]
fn two_credits_that_lift_a_debt_together_do_not_miss_it() {
    let mut shop = Shop::open();
    let jo = shop.banked(NewAccount::express(US));
    let sale = shop.sell(NewPayment::card(usd(100_00)).destination(jo));
    shop.sell(NewPayment::card(usd(900_00)));
    shop.until(utc(2026, 11, 5).at(9, 0));
    let transfer = shop.transfer_of(sale);
    shop.platform.transfers().reverse("take back", transfer).unwrap();
    assert_eq!(shop.available(jo), -100_00);
    let credits = [usd(50_00), usd(80_00)].map(|amount| {
        let key = format!("credit-{amount}");
        Request::new(key, Command::CreateTransfer(NewTransfer::to(jo, amount)))
    });
    let decided = credits.each_ref().map(|request| shop.platform.decide(request).unwrap().changes);
    shop.platform.apply(&decided[0]).unwrap();
    stale(&mut shop, &decided[1]);
    shop.platform.handle(credits[1].clone()).unwrap();
    assert_eq!(shop.available(jo), 30_00);
    woken(&shop, jo);
}

#[test]
fn a_fact_is_not_parked_while_its_reference_becomes_known() {
    for park_first in [true, false] {
        let mut shop = Shop::open();
        let sale = shop.platform.payments().create("sale", NewPayment::card(usd(20_00))).unwrap().answer;
        let charge = shop.platform.charge_of(sale).unwrap().id();
        let told = ChargeSucceeded::of(Named::Reference("ch_theirs".to_owned()), usd(20_00));
        let reports = [
            Report::new("success", monday(), Fact::ChargeSucceeded(told)),
            Report::new(
                "submitted",
                monday(),
                Fact::ChargeSubmitted(ChargeSubmitted { charge, reference: "ch_theirs".to_owned() }),
            ),
        ];
        let decided = reports.each_ref().map(|report| shop.platform.decide_fact(report).unwrap().changes);
        let [first, second] = if park_first { [0, 1] } else { [1, 0] };
        shop.platform.apply(&decided[first]).unwrap();
        stale(&mut shop, &decided[second]);
        shop.platform.record(&reports[second]).unwrap();
        assert_eq!(shop.status(sale), "succeeded");
    }
}

#[test]
fn one_reference_is_bound_to_one_charge() {
    let mut shop = Shop::open();
    let reports = ["one", "two"].map(|key| {
        let sale = shop.platform.payments().create(key, NewPayment::card(usd(20_00))).unwrap().answer;
        let charge = shop.platform.charge_of(sale).unwrap().id();
        let fact = ChargeSubmitted { charge, reference: "ch_theirs".to_owned() };
        Report::new(key, monday(), Fact::ChargeSubmitted(fact))
    });
    let decided = reports.each_ref().map(|report| shop.platform.decide_fact(report).unwrap().changes);
    shop.platform.apply(&decided[0]).unwrap();
    stale(&mut shop, &decided[1]);
    let outcome = shop.platform.record(&reports[1]).unwrap().answer;
    assert!(matches!(outcome, FactOutcome::Anomaly(_)));
}

#[test]
fn one_id_of_the_hosts_choosing_names_one_object_of_any_kind() {
    let mut shop = Shop::open();
    let (account, payment) = (AccountId::from_host([7; 14]), PaymentId::from_host([7; 14]));
    let requests = [
        Request::new("account", Command::CreateAccount(NewAccount::express(US).with_id(account))),
        Request::new("payment", Command::CreatePayment(NewPayment::card(usd(5_00)).with_id(payment))),
    ];
    let decided = requests.each_ref().map(|request| shop.platform.decide(request).unwrap().changes);
    shop.platform.apply(&decided[0]).unwrap();
    stale(&mut shop, &decided[1]);
    assert!(shop.platform.account(account).is_ok());
    assert_eq!(shop.platform.handle(requests[1].clone()), Err(Error::IdTaken(payment.into())));
}

#[test]
fn a_key_that_is_fresh_at_once_does_not_replace_what_it_made() {
    let rules = rules().with_request_retention(days(0));
    let mut shop = Shop::open_by(US, rules);
    let sale = shop.platform.payments().create("sale", NewPayment::card(usd(20_00))).unwrap().answer;
    let again = shop.platform.payments().create("sale", NewPayment::card(usd(30_00)));
    assert!(matches!(again, Err(Error::Stale(_))), "{again:?}");
    assert_eq!(shop.platform.payment(sale).unwrap().amount(), usd(20_00));
}

#[test]
fn nothing_happens_before_its_time() {
    let mut shop = Shop::open();
    shop.sell(NewPayment::card(usd(100_00)));
    let due = Deadline { due: utc(2026, 11, 4), what: DeadlineKind::Settle(shop.house, USD) };
    let early = shop.platform.decide_due(due);
    assert_eq!(early, Err(Error::NotDue { deadline: due, clock: shop.platform.now() }));
    let never = Deadline { due: monday(), what: DeadlineKind::Settle(shop.house, EUR) };
    assert!(shop.platform.decide_due(never).unwrap().is_empty(), "what is not due any more changes nothing");
}

#[test]
fn money_is_not_taken_before_it_was_asked_for() {
    let mut shop = Shop::open();
    let sale = shop.platform.payments().create("sale", NewPayment::card(usd(100_00))).unwrap().answer;
    let charge = shop.platform.charge_of(sale).unwrap().id();
    // Seconds, read as milliseconds.
    let told = shop.platform.payments().record_succeeded("success", utc(1970, 1, 21), charge, usd(100_00));
    assert_eq!(told.unwrap().answer, FactOutcome::Applied);
    assert_eq!((shop.available(shop.house), shop.pending(shop.house)), (0, 96_80));
    assert_eq!(shop.platform.pending(shop.house, USD), [(utc(2026, 11, 4), 96_80)]);
}

#[test]
fn a_refund_is_asked_for_until_the_world_says_that_it_was_made() {
    let mut shop = Shop::open();
    let sale = shop.sell(NewPayment::card(usd(20_00)));
    let refund = shop.platform.refunds().create("back", NewRefund::of(sale)).unwrap().answer;
    let restored = |shop: &Shop| {
        let bytes = postcard::to_stdvec(&shop.platform.snapshot()).unwrap();
        let snapshot: Snapshot = postcard::from_bytes(&bytes).unwrap();
        Platform::restore(rules(), snapshot, shop.platform.now())
    };
    // A card's refund shows as succeeded, and is still to be carried out after a crash.
    let asked = restored(&shop).instructions();
    assert!(
        matches!(asked[..], [Instruction::Payment(PaymentInstruction::Refund { refund: id, .. })] if id == refund),
        "{asked:?}"
    );
    shop.platform.refunds().record_succeeded("made", monday(), refund).unwrap();
    assert_eq!(restored(&shop).instructions(), []);
}

#[test]
fn a_platform_restored_late_catches_up_before_it_goes_on() {
    let mut shop = Shop::open();
    let jo = shop.banked(NewAccount::express(US));
    shop.sell(NewPayment::card(usd(100_00)).destination(jo));
    let mut restored = Platform::restore(rules(), shop.platform.snapshot(), utc(2026, 11, 20));
    assert_eq!(restored.now(), utc(2026, 11, 4), "what is due first has not happened yet");
    restored.advance_to(utc(2026, 11, 20)).unwrap();
    shop.platform.advance_to(utc(2026, 11, 20)).unwrap();
    assert_eq!(restored.snapshot(), shop.platform.snapshot());
}

#[test]
fn a_damaged_balance_is_no_endless_night() {
    let mut shop = Shop::open();
    shop.sell(NewPayment::card(usd(100_00)));
    let on = utc(2026, 11, 4);
    for pending in [vec![(on, 5), (on, -5), (on, 7)], vec![(on, i128::MAX)], vec![(on, i128::MIN)], vec![(on, 0)]] {
        let mut snapshot = shop.platform.snapshot();
        snapshot.balances[0].pending = pending;
        let mut damaged = Platform::restore(rules(), snapshot, monday());
        damaged.advance_to(utc(2026, 12, 1)).unwrap();
        assert_eq!(damaged.next_deadline(), None);
        assert!(!damaged.audit().is_empty(), "the audit sees the damage");
    }
}

#[test]
fn a_balance_that_is_loaded_again_takes_the_place_of_what_was_known() {
    let mut shop = Shop::open();
    shop.sell(NewPayment::card(usd(100_00)));
    let who = fundroute::platform::Identity { platform: shop.house, livemode: false };
    let key = fundroute::journal::Key::Balance(shop.house, USD);
    let mut worker = Platform::partial(who, rules(), monday());
    worker.load([shop.platform.look_up(key)]);
    assert_eq!(worker.next_deadline(), Some(utc(2026, 11, 4)));
    shop.until(utc(2026, 11, 5));
    worker.load([shop.platform.look_up(key)]);
    assert_eq!(worker.next_deadline(), None);
    worker.advance_to(utc(2026, 12, 1)).unwrap();
    worker.load([fundroute::journal::Loaded::nothing(key)]);
    assert_eq!(worker.balance(shop.house, USD).unwrap().available, 0);
}

#[test]
fn the_journal_holds_no_more_of_a_bank_accounts_number_than_its_end() {
    let mut shop = Shop::open();
    let jo = shop.seller(NewAccount::express(US));
    let bank = |number: &str| {
        Request::new(
            "bank",
            Command::AddExternalAccount(NewExternalAccount::bank(jo, US, USD, number).routing("110000000")),
        )
    };
    let [one, other] =
        ["000123456789", "000999996789"].map(|number| shop.platform.decide(&bank(number)).unwrap().changes);
    assert_eq!(one.without_personal(), other.without_personal());
    assert!(!format!("{:?}", bank("000123456789")).contains("12345"), "nor does a log");
    shop.platform.handle(bank("000123456789")).unwrap();
    assert!(shop.platform.handle(bank("000999996789")).is_err(), "another number is another request");
    assert!(shop.platform.handle(bank("000123456789")).is_ok());
}

#[test]
fn a_review_and_a_credit_do_not_miss_each_other() {
    let mut shop = Shop::open();
    let jo = shop.banked(NewAccount::custom(US).request(Capability::Transfers));
    shop.sell(NewPayment::card(usd(100_00)).destination(jo));
    let (capability, status) = (Capability::Transfers, CapabilityStatus::Inactive);
    let fact = Fact::CapabilityReviewed(CapabilityReviewed { account: jo, capability, status });
    shop.platform.record(&Report::new("withdrawn", shop.platform.now(), fact)).unwrap();
    let settling = utc(2026, 11, 4);
    let review = Fact::CapabilityReviewed(CapabilityReviewed {
        account: jo,
        capability: Capability::Transfers,
        status: CapabilityStatus::Active,
    });
    let given = Report::new("given back", shop.platform.now().max(utc(2026, 11, 2).at(1, 0)), review);
    shop.platform.advance_to(settling.checked_add(-hours(1)).unwrap()).unwrap();
    let decided = shop.platform.decide_fact(&given).unwrap().changes;
    shop.platform.advance_to(settling).unwrap();
    if shop.platform.apply(&decided).is_err() {
        shop.platform.record(&given).unwrap();
    }
    woken(&shop, jo);
    shop.wait(3);
    assert_eq!(shop.paid_out(jo), 100_00);
}

/// A payout comes back while a refund takes the same money: in turn there is nothing to pay out, so no run is left behind for it.
#[test]
fn no_run_is_left_for_money_that_leaves_at_the_same_time() {
    let mut shop = Shop::open();
    let jo = shop.banked(NewAccount::express(US));
    let sale = shop.sell(NewPayment::card(usd(100_00)).destination(jo));
    shop.platform.advance_to(utc(2026, 11, 5)).unwrap();
    let payout = shop.payouts(jo)[0].id();
    let refund = Request::new("back", Command::CreateRefund(NewRefund::of(sale).reverse_transfer()));
    let failed = PayoutFailed { payout, failure_code: "insufficient_funds".to_owned() };
    let failed = Report::new("failed", shop.platform.now(), Fact::PayoutFailed(failed));
    let (first, second) = (shop.platform.decide(&refund).unwrap(), shop.platform.decide_fact(&failed).unwrap());
    shop.platform.apply(&first.changes).unwrap();
    assert!(matches!(shop.platform.apply(&second.changes), Err(Error::Stale(_))));
    shop.platform.record(&failed).unwrap();
    assert_eq!((shop.available(jo), shop.platform.next_payout(jo, USD)), (0, None));
    shop.sound();
}
