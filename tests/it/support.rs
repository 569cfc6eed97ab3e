//! What a person who answers sellers sees and does: the summary of an account, actions with a name and a reason, payouts sent again.

use fundroute::accounts::{Actor, SetPause};
use fundroute::ids::{AccountId, ObjectId, PayoutId};
use fundroute::journal::{Changes, FactOutcome};
use fundroute::payments::{
    DebitFailure, DeclineCode, DisputeCase, DisputeChange, DisputeOpened, DisputeReason, FraudType, Named,
    RefundFailure,
};
use fundroute::payouts::{NewReserveHold, NewReserveRelease, PayoutError, PayoutSchedule, PayoutStatus, ResendPayout};
use fundroute::prelude::*;
use fundroute::rulebook::{FailureOf, TurnOf};
use fundroute::simulator::{INSUFFICIENT_FUNDS, NEVER_ANSWERS};
use fundroute::tools::{Agent, Attribution, AttributionError, HeldBy, SupportAction};

use crate::shop::Shop;

fn sam() -> Attribution {
    Attribution::staff("s-17", "the parcel never came, ticket 4711")
}

/// A seller who was paid 50.00 by the schedule on Wednesday, to a bank account of which nothing is heard.
fn paid_out() -> (Shop, AccountId, PayoutId) {
    let mut shop = Shop::open();
    let jo = shop.banked_at(NewAccount::express(US), NEVER_ANSWERS);
    shop.sell(NewPayment::card(usd(50_00)).destination(jo));
    shop.until(utc(2026, 11, 4).at(12, 0));
    let payout = shop.payouts(jo).first().unwrap().id();
    (shop, jo, payout)
}

/// Who refunded this and why is told by the refund, by the payment's story, by the account, and by a replay of the journal.
#[test]
fn who_refunded_this_and_why() {
    let mut shop = Shop::open();
    let jo = shop.banked(NewAccount::express(US));
    let sale = shop.sell(NewPayment::card(usd(100_00)).destination(jo));
    let sam = sam();
    let back = NewRefund::of(sale).amount(usd(25_00)).reverse_transfer();
    let decided = shop.platform.attributed_to(&sam).refunds().create("back", back.clone()).unwrap();
    let refund = decided.answer;
    let known = shop.platform.support_actions(refund).unwrap();
    assert_eq!((known.len(), known[0].by(), known[0].reason()), (1, &sam.by, &*sam.reason));
    assert_eq!((known[0].command(), known[0].object(), known[0].account()), ("create_refund", refund.into(), None));
    assert_eq!(shop.platform.support_actions(jo).unwrap(), known);
    assert_eq!(shop.platform.support_actions(sale).unwrap(), Vec::<&SupportAction>::new());
    let story = shop.platform.story(sale).unwrap();
    assert_eq!(story.done, [known[0].clone()]);
    assert!(story.to_string().contains("create_refund"), "{story}");
    let timeline = shop.platform.timeline(jo).unwrap();
    let of_refund: Vec<_> = timeline.iter().filter(|happening| !happening.done.is_empty()).collect();
    assert_eq!((of_refund.len(), &of_refund[0].because[0]), (1, &refund.into()));

    // Somebody else sends it again: it is the same refund, and Sam's.
    let kim = Attribution::new(Agent::System, "a repeat");
    let again = shop.platform.attributed_to(&kim).refunds().create("back", back).unwrap();
    assert_eq!((again.answer, again.changes.is_empty()), (refund, true));
    assert_eq!(shop.platform.support_actions(refund).unwrap()[0].by(), &sam.by);
    shop.sound();
}

/// What nobody gave a reason for takes no room for one: the journal of a plain charge is as long as before.
#[test]
fn what_has_no_reason_takes_no_room() {
    let decide = |attribution: Option<Attribution>| {
        let shop = Shop::open();
        let mut request = Request::new("order", Command::CreatePayment(NewPayment::card(usd(10_00))));
        request.attribution = attribution;
        shop.platform.decide(&request).unwrap().changes
    };
    let (plain, told) = (decide(None), decide(Some(sam())));
    let without = |changes: &Changes| {
        let mut rest = changes.clone();
        rest.records.pop();
        rest
    };
    assert_eq!(without(&told), plain, "it is one row more, the last, and nothing else");
    let bytes = |changes: &Changes| serde_json::to_vec(changes).unwrap();
    assert!(!String::from_utf8(bytes(&plain)).unwrap().contains("attribution"));
    let read: Changes = serde_json::from_slice(&bytes(&told)).unwrap();
    assert_eq!(read, told);
}

/// A reason that cannot be kept is refused before anything else is looked at, and what is refused leaves no reason behind.
#[test]
fn reasons_that_cannot_be_kept() {
    let mut shop = Shop::open();
    let invalid = |reason: String| Attribution::staff("s-17", reason);
    let before = shop.platform.snapshot();
    for bad in ["".to_owned(), "  ".to_owned(), "a\nb".to_owned(), "x".repeat(501), "\u{0}".to_owned()] {
        let told = invalid(bad);
        let refused = shop.platform.attributed_to(&told).payments().create("order", NewPayment::card(usd(10_00)));
        assert_eq!(refused.map(|done| done.answer), Err(AttributionError::ReasonInvalid.into()));
    }
    for bad in ["".to_owned(), "x".repeat(256), "a\tb".to_owned()] {
        let told = Attribution::staff(bad, "fine");
        let refused = shop.platform.attributed_to(&told).payments().create("order", NewPayment::card(usd(10_00)));
        assert_eq!(refused.map(|done| done.answer), Err(AttributionError::StaffIdInvalid.into()));
    }
    let sam = sam();
    let refused = shop.platform.attributed_to(&sam).payments().create("order", NewPayment::card(usd(-1)));
    assert!(refused.is_err());
    assert_eq!(shop.platform.snapshot(), before);
    let longest = Attribution::staff("é".repeat(255), "é".repeat(500));
    assert_eq!(longest.check(), Ok(()));
}

/// Ordinary commands, done for a reason: a hold is let go, payouts go on, an anomaly is closed, and each is found by what it was done to.
#[test]
fn everything_can_be_done_for_a_reason() {
    let (mut shop, jo, payout) = paid_out();
    let sam = sam();
    shop.sell(NewPayment::card(usd(80_00)).destination(jo));
    shop.platform.payouts().set_schedule("by hand", jo, PayoutSchedule::Manual).unwrap();
    shop.wait(5);
    let hold = NewReserveHold::of(jo, usd(30_00));
    let hold = shop.platform.attributed_to(&sam).reserves().hold("hold", hold).unwrap().answer;
    let told = shop.platform.account_summary(jo).unwrap();
    assert_eq!((told.balances[0].held_back[0].by, told.balances[0].held_back[0].amount), (HeldBy::Hold(hold), 30_00));
    let release = NewReserveRelease { hold, amount: None };
    let release = shop.platform.attributed_to(&sam).reserves().release("let go", release).unwrap().answer;
    let stop = |payouts| Command::SetPause(SetPause { account: jo, payments: None, payouts: Some(payouts) });
    for (key, stopped) in [("stop", true), ("go on", false)] {
        let request = Request::new(key, stop(stopped)).attributed_to(sam.clone());
        shop.platform.handle(request).unwrap();
    }
    let now = shop.platform.now();
    shop.platform.payouts().record_paid("arrived", now, payout).unwrap();
    let by_hand = shop.pay_out(jo, usd(10_00)).unwrap();
    shop.platform.acting_as(jo).unwrap().payouts().cancel("no", by_hand).unwrap();
    let odd = shop.platform.payouts().record_paid("after all", now, by_hand).unwrap().answer;
    let FactOutcome::Anomaly(anomaly) = odd else { panic!("{odd:?}") };
    shop.platform.attributed_to(&sam).anomalies().close("seen", anomaly).unwrap();

    let words = |of: ObjectId| -> Vec<String> {
        let known = shop.platform.support_actions(of).unwrap();
        known.into_iter().map(|done| done.command().to_owned()).collect()
    };
    assert_eq!(words(hold.into()), ["create_reserve_hold"]);
    assert_eq!(words(release.into()), ["release_reserve_hold"]);
    assert_eq!(words(anomaly.into()), ["close_anomaly"]);
    let mut all = words(jo.into());
    all.sort_unstable();
    assert_eq!(all, ["create_reserve_hold", "release_reserve_hold", "set_pause", "set_pause"]);
    shop.sound();
}

/// Jo's bank account was closed. Jo gives another one, and Sam sends the payout there; the bank's word on the first one changes nothing.
#[test]
fn a_payout_is_sent_again_to_another_bank_account() {
    let (mut shop, jo, payout) = paid_out();
    shop.platform.payouts().set_schedule("by hand", jo, PayoutSchedule::Manual).unwrap();
    let now = shop.platform.now();
    shop.platform.payouts().record_failed("back", now, payout, "account_closed").unwrap();
    let told = shop.platform.account_summary(jo).unwrap();
    let failure = &told.failures[0];
    assert_eq!((failure.of, failure.object, failure.amount), (FailureOf::Payout, payout.into(), usd(50_00)));
    assert_eq!((failure.code.as_deref(), failure.who), (Some("account_closed"), Some(TurnOf::Holder)));
    assert_eq!(failure.meaning.as_deref(), Some("the bank account was closed"));
    assert!(told.to_string().contains("holder: correct the bank account or give another one"), "{told}");

    let sam = sam();
    let acting = |shop: &mut Shop, key: &str, command| {
        shop.platform.attributed_to(&sam).acting_as(jo).unwrap().payouts().resend(key, command).map(|done| done.answer)
    };
    let old = shop.platform.payout(payout).unwrap().destination();
    let errored = PayoutError::BankAccountErrored(old);
    assert_eq!(acting(&mut shop, "same", ResendPayout::of(payout)), Err(errored.into()));
    shop.new_bank(jo, NEVER_ANSWERS);
    let new = shop.platform.account(jo).unwrap().bank_for(USD).unwrap();
    assert_ne!(new, old);
    let again = acting(&mut shop, "again", ResendPayout::of(payout).to_default()).unwrap();
    let sent = shop.platform.payout(again).unwrap();
    assert_eq!((sent.destination(), sent.amount(), sent.resend_of()), (new, usd(50_00), Some(payout)));
    assert_eq!(sent.statement_descriptor(), shop.platform.payout(payout).unwrap().statement_descriptor());
    assert_eq!((shop.available(jo), shop.in_transit(jo)), (0, 50_00));

    // The first bank says after all that it has paid: it had sent the money back, and that stands.
    let late = shop.platform.payouts().record_paid("after all", now, payout).unwrap();
    assert_eq!(late.answer, FactOutcome::Stale);
    let now = shop.platform.now();
    shop.platform.payouts().record_paid("arrived", now, again).unwrap();
    assert_eq!((shop.available(jo), shop.paid_out(jo)), (0, 50_00));
    assert!(shop.platform.account_summary(jo).unwrap().failures[0].is_made_good);
    let already = PayoutError::AlreadyResent { payout, by: again };
    assert_eq!(acting(&mut shop, "once more", ResendPayout::of(payout).to_default()), Err(already.into()));
    assert_eq!(shop.platform.support_actions(again).unwrap()[0].command(), "resend_payout");
    shop.sound();
}

/// The schedule was faster, and has paid the money out by itself: there is nothing left to send again.
#[test]
fn a_payout_is_not_sent_again_after_the_schedule() {
    let (mut shop, jo, payout) = paid_out();
    let now = shop.platform.now();
    shop.platform.payouts().record_failed("back", now, payout, "insufficient_funds").unwrap();
    shop.wait(1);
    assert_eq!((shop.payouts(jo).len(), shop.available(jo)), (2, 0));
    let resend = Request::new("again", Command::ResendPayout(ResendPayout::of(payout))).acting_as(jo);
    let poor = PayoutError::InsufficientFunds { account: jo, available: 0, needed: usd(50_00) };
    assert_eq!(shop.platform.handle(resend).map(|done| done.answer), Err(poor.into()));
    // And where it was sent again first, the schedule finds nothing.
    let (mut shop, jo, payout) = paid_out();
    let now = shop.platform.now();
    shop.platform.payouts().record_failed("back", now, payout, "insufficient_funds").unwrap();
    let resend = Request::new("again", Command::ResendPayout(ResendPayout::of(payout))).acting_as(jo);
    shop.platform.handle(resend.clone()).unwrap();
    shop.platform.handle(resend).unwrap();
    shop.wait(3);
    assert_eq!((shop.payouts(jo).len(), shop.in_transit(jo)), (2, 50_00));
    shop.sound();
}

/// The holder of a dashboard sends what has failed again, by the same rules.
#[test]
fn a_holder_sends_a_payout_again() {
    let mut shop = Shop::open();
    let jo = shop.banked_at(NewAccount::standard(US), NEVER_ANSWERS);
    shop.sell_as(jo, NewPayment::card(usd(50_00)));
    shop.until(utc(2026, 11, 4).at(12, 0));
    let payout = shop.payouts(jo)[0].id();
    let now = shop.platform.now();
    shop.platform.payouts().record_failed("back", now, payout, "insufficient_funds").unwrap();
    let request = Request::new("again", Command::ResendPayout(ResendPayout::of(payout)));
    let denied = shop.platform.handle(request.clone().acting_as(jo)).unwrap_err();
    assert_eq!(denied.code(), Some("not_allowed_on_standard_account"));
    shop.platform.handle(request.by(Actor::Holder, jo)).unwrap();
    let again = shop.platform.payout(payout).unwrap().resent_as().unwrap();
    assert_eq!(shop.platform.payout(again).unwrap().status(), PayoutStatus::Pending);
    shop.sound();
}

/// The page on a seller to whom everything has happened.
#[test]
fn a_summary_reads_well() {
    let mut shop = Shop::open();
    let jo = shop.banked_at(NewAccount::express(US), NEVER_ANSWERS);
    shop.sell(NewPayment::card(usd(70_00)).destination(jo).token(INSUFFICIENT_FUNDS));
    let sale = shop.sell(NewPayment::card(usd(50_00)).destination(jo));
    let charge = shop.charge_of(sale);
    let now = shop.platform.now();
    let warned = FraudType::Misc;
    shop.platform.disputes().record_fraud_warning("warned", now, charge, "issfr", warned).unwrap();
    shop.until(utc(2026, 11, 4).at(12, 0));
    let told = shop.platform.account_summary(jo).unwrap();
    assert_eq!((told.warnings.len(), told.under_way.len(), told.disputes.len()), (1, 1, 0));
    let opened = DisputeOpened {
        charge: Named::Id(charge),
        reference: "dp".to_owned(),
        amount: usd(50_00),
        reason: DisputeReason::Fraudulent,
        case: DisputeCase::Chargeback,
        network: None,
        respond_by: Some(utc(2026, 11, 20)),
        settled: None,
    };
    let now = shop.platform.now();
    shop.platform.disputes().record_opened("opened", now, opened).unwrap();
    let told = shop.platform.account_summary(jo).unwrap();
    assert_eq!((told.warnings.len(), told.disputes.len()), (0, 1), "a warning is over once there is a dispute");
    let dispute = told.disputes[0].dispute;
    let (payout, attempt) = (shop.payouts(jo)[0].id(), told.failures[0].object);
    let expected = format!(
        "{jo} on 2026-11-04
takes payments: yes, is paid out: yes
capabilities
  card_payments                active
  transfers                    active
balances
  USD  available 0.00, pending 0.00, on its way to the bank 50.00
on the way to the bank
  {payout}  50.00 USD pending, expected on 2026-11-04
open disputes
  {dispute}  50.00 USD fraudulent, needs_response, evidence until 2026-11-20
last failures
  2026-11-02  {attempt} of 70.00 USD: insufficient_funds, there is too little on the card or bank account
    payer: pay with another method
"
    );
    assert_eq!(told.to_string(), expected);
    // The dispute is lost: the page is without it.
    let now = shop.platform.now();
    shop.platform.disputes().record_changed("lost", now, dispute, DisputeChange::Lost).unwrap();
    assert!(shop.platform.account_summary(jo).unwrap().disputes.is_empty());
}

/// Every failure code that the crate knows has an advice, but for those that say nothing about it.
#[test]
fn every_code_has_an_advice() {
    let book = Rulebook::standard();
    let known = |of, code: &str| book.failure_advice(of, code).is_some_and(|advice| !advice.what_to_do().is_empty());
    for code in DeclineCode::ALL {
        assert!(known(FailureOf::Payment, code.as_str()), "{code}");
    }
    for code in DebitFailure::ALL {
        assert!(known(FailureOf::Payment, code.as_str()), "{code}");
    }
    for code in RefundFailure::ALL {
        assert!(known(FailureOf::Refund, code.as_str()), "{code}");
    }
    for rule in book.payout_failures() {
        assert!(known(FailureOf::Payout, rule.code()), "{}", rule.code());
    }
    for advice in book.all_failure_advice() {
        let is_said = advice.meaning().is_some() || book.payout_failure(advice.code()).is_some();
        assert!(is_said, "nobody says what {} means", advice.code());
    }
}
