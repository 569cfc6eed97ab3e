//! What banks tell of top-ups: early, late, twice, and of none that is known.

use fundroute::ids::TopUpId;
use fundroute::journal::{AnomalyReason, FactOutcome, Outcome};
use fundroute::payouts::{NewTopUp, TopUpState, TopUpStatus};
use fundroute::prelude::*;

use super::{banked, reversed, status, succeeded, top_up};
use crate::shop::{NOBODY, events};

/// Told under a reference that nobody knows, that it was pulled back: it waits for the one, and then for the success.
#[test]
fn it_is_told_by_reference_and_backwards() {
    let mut shop = banked();
    let id = top_up(&mut shop, NewTopUp::of(usd(500_00))).unwrap();
    let now = shop.platform.now();
    let told = shop.platform.top_ups().record_reversed("back", now, "trace-1").unwrap();
    assert!(matches!(told.answer, FactOutcome::Parked(_)));
    let told = shop.platform.top_ups().record_submitted("asked", now, id, "trace-1").unwrap();
    assert_eq!((told.answer, events(&told.changes)), (FactOutcome::Applied, vec![]));
    assert_eq!((shop.waiting(), status(&shop, id)), (1, TopUpStatus::Pending));
    let told = shop.platform.top_ups().record_succeeded("came", now, "trace-1").unwrap();
    assert_eq!(events(&told.changes), ["topup.succeeded", "topup.reversed"]);
    assert_eq!((shop.waiting(), status(&shop, id), shop.pending(shop.house)), (0, TopUpStatus::Reversed, 0));
    assert_eq!((shop.lines(shop.house).len(), shop.anomalies()), (2, vec![]));
    shop.sound();
}

/// A reference stands for one top-up, told once or twice; one top-up may have several.
#[test]
fn a_reference_stands_for_one_top_up() {
    let mut shop = banked();
    let [one, other] = [5_00, 7_00].map(|minor| top_up(&mut shop, NewTopUp::of(usd(minor))).unwrap());
    let now = shop.platform.now();
    let mut asked = |key: &str, id, reference: &str| {
        shop.platform.top_ups().record_submitted(key, now, id, reference).unwrap().answer
    };
    assert_eq!(asked("a", one, "trace-1"), FactOutcome::Applied);
    assert_eq!(asked("b", one, "trace-1"), FactOutcome::Stale);
    assert_eq!(asked("c", one, "trace-2"), FactOutcome::Applied);
    assert!(matches!(asked("d", other, "trace-1"), FactOutcome::Anomaly(_)));
    assert_eq!(shop.anomalies(), [AnomalyReason::ReferenceTaken]);
    shop.platform.top_ups().record_succeeded("e", now, "trace-2").unwrap();
    assert_eq!((status(&shop, one), status(&shop, other)), (TopUpStatus::Succeeded, TopUpStatus::Pending));
}

/// A charge's reference is none of a top-up's.
#[test]
fn references_are_of_one_kind() {
    let mut shop = banked();
    let sale = shop.order(NewPayment::by(PaymentMethod::UsBankAccount, usd(5_00)));
    let (charge, now) = (shop.charge_of(sale), shop.platform.now());
    shop.platform.payments().record_submitted("charge", now, charge, "trace-1").unwrap();
    let id = top_up(&mut shop, NewTopUp::of(usd(7_00))).unwrap();
    let told = shop.platform.top_ups().record_succeeded("early", now, "trace-1").unwrap();
    assert!(matches!(told.answer, FactOutcome::Parked(_)));
    shop.platform.top_ups().record_submitted("top-up", now, id, "trace-1").unwrap();
    assert_eq!((status(&shop, id), shop.status(sale).as_str()), (TopUpStatus::Succeeded, "processing"));
}

/// The same fact is told twice, and the same news under another id.
#[test]
fn money_comes_once() {
    let mut shop = banked();
    let id = top_up(&mut shop, NewTopUp::of(usd(500_00))).unwrap();
    shop.wait(1);
    let (now, before) = (shop.platform.now(), utc(2026, 11, 2).at(7, 0));
    for (key, at, expected) in [
        ("came", now, (FactOutcome::Applied, Outcome::Applied)),
        ("came", now, (FactOutcome::Applied, Outcome::Replayed)),
        ("came again", now, (FactOutcome::Stale, Outcome::Applied)),
        ("came earlier", before, (FactOutcome::Applied, Outcome::Applied)),
    ] {
        let told = shop.platform.top_ups().record_succeeded(key, at, id).unwrap();
        assert_eq!((told.answer, told.outcome), expected, "{key}");
    }
    let state = shop.platform.top_up(id).unwrap().state();
    assert_eq!(*state, TopUpState::Succeeded { succeeded_at: before }, "the earliest counts");
    let told = shop.platform.top_ups().record_failed("failed", now, id, "no_account").unwrap();
    assert_eq!(told.answer, FactOutcome::Stale, "the money did come");
    assert_eq!((shop.pending(shop.house), shop.lines(shop.house).len()), (500_00, 1));
    assert_eq!(reversed(&mut shop, id).answer, FactOutcome::Applied);
    assert_eq!(reversed(&mut shop, id).answer, FactOutcome::Stale);
    let told = shop.platform.top_ups().record_reversed("sooner", before, id).unwrap();
    assert_eq!((told.answer, events(&told.changes)), (FactOutcome::Applied, vec![]));
    assert_eq!((shop.pending(shop.house), shop.lines(shop.house).len()), (0, 2));
    shop.sound();
}

/// Told to have failed, and then to have come: it came. Of several failures the earliest counts.
#[test]
fn it_failed_and_came_after_all() {
    let mut shop = banked();
    let id = top_up(&mut shop, NewTopUp::of(usd(500_00))).unwrap();
    shop.wait(1);
    let (now, before) = (shop.platform.now(), utc(2026, 11, 2).at(7, 0));
    let told = shop.platform.top_ups().record_failed("failed", now, id, "no_account").unwrap();
    assert_eq!(events(&told.changes), ["topup.failed"]);
    let told = shop.platform.top_ups().record_failed("sooner", before, id, "account_closed").unwrap();
    assert_eq!((told.answer, events(&told.changes)), (FactOutcome::Applied, vec![]));
    assert_eq!(shop.platform.top_up(id).unwrap().failure_code(), Some("account_closed"));
    let told = shop.platform.top_ups().record_failed("later", now, id, "no_account").unwrap();
    assert_eq!((told.answer, shop.platform.instructions().len()), (FactOutcome::Stale, 0));
    let told = succeeded(&mut shop, id);
    assert_eq!((events(&told.changes), status(&shop, id)), (vec!["topup.succeeded"], TopUpStatus::Succeeded));
    assert_eq!((shop.pending(shop.house), shop.anomalies()), (500_00, vec![]));
    shop.sound();
}

/// Called off a moment too late: the bank pays all the same. That is an anomaly, and the money is on no balance.
#[test]
fn the_bank_was_faster_than_the_cancellation() {
    let mut shop = banked();
    let id = top_up(&mut shop, NewTopUp::of(usd(500_00))).unwrap();
    let now = shop.platform.now();
    shop.platform.top_ups().record_submitted("asked", now, id, "trace-1").unwrap();
    shop.platform.top_ups().cancel("cancel", id).unwrap();
    for told in [succeeded(&mut shop, id), reversed(&mut shop, id)] {
        assert!(matches!(told.answer, FactOutcome::Anomaly(_)), "{:?}", told.answer);
        assert_eq!((events(&told.changes), told.changes.entries.len()), (vec!["anomaly.opened"], 0));
    }
    assert_eq!(shop.anomalies(), [AnomalyReason::TopUpCanceled; 2]);
    let told = shop.platform.top_ups().record_failed("failed", now, "trace-1", "no_account").unwrap();
    assert_eq!(told.answer, FactOutcome::Stale);
    assert_eq!((status(&shop, id), shop.pending(shop.house)), (TopUpStatus::Canceled, 0));
    shop.sound();
}

/// What was never paid is not pulled back: it waits, and is given up.
#[test]
fn a_reversal_of_what_never_came_is_given_up() {
    let mut shop = banked();
    let id = top_up(&mut shop, NewTopUp::of(usd(500_00))).unwrap();
    let now = shop.platform.now();
    shop.platform.top_ups().record_failed("failed", now, id, "no_account").unwrap();
    assert!(matches!(reversed(&mut shop, id).answer, FactOutcome::Parked(_)));
    let told = shop.platform.top_ups().record_succeeded("nobody's", now, "trace-9").unwrap();
    assert!(matches!(told.answer, FactOutcome::Parked(_)));
    shop.wait(31);
    assert_eq!((shop.waiting(), shop.anomalies()), (0, vec![AnomalyReason::UnknownReference; 2]));
    assert_eq!((status(&shop, id), shop.lines(shop.house).len()), (TopUpStatus::Failed, 0));
    shop.sound();
}

#[test]
fn of_a_top_up_that_is_not_there() {
    let mut shop = banked();
    let (nobody, now) = (TopUpId::from_host(NOBODY), shop.platform.now());
    let before = shop.platform.snapshot();
    let told = [
        shop.platform.top_ups().record_submitted("a", now, nobody, "trace-1"),
        shop.platform.top_ups().record_succeeded("b", now, nobody),
        shop.platform.top_ups().record_failed("c", now, nobody, "no_account"),
        shop.platform.top_ups().record_reversed("d", now, nobody),
    ];
    for told in told {
        assert_eq!(told.unwrap_err(), Error::NotFound(nobody.into()));
    }
    assert_eq!(shop.platform.snapshot(), before);
}
