//! Money that the platform pulls from its own bank account (docs.stripe.com/connect/top-ups, 2025).

use fundroute::ids::{AccountId, ExternalAccountId, TopUpId};
use fundroute::journal::{FactOutcome, Instruction, Outcome, Record, Snapshot};
use fundroute::ledger::{EntryKind, LedgerAccount, LineKind, ReportingCategory};
use fundroute::payouts::{NewTopUp, PayoutSchedule, TopUpInstruction, TopUpState, TopUpStatus};
use fundroute::prelude::*;
use fundroute::routing::RoutingError;
use fundroute::rulebook::TopUpTerms;
use fundroute::simulator::{NEVER_ANSWERS, TOP_UP_PAID, TOP_UP_PULLED_BACK, TOP_UP_UNPAID};

use crate::shop::{Shop, events, root, rules};

mod facts;
mod refused;
mod words;

/// A shop whose own bank account has this number, and that is paid out by hand.
fn shop_at(number: &str) -> Shop {
    let mut shop = Shop::open();
    shop.new_bank(shop.house, number);
    let key = shop.key();
    shop.platform.payouts().set_schedule(&key, shop.house, PayoutSchedule::Manual).unwrap();
    shop
}

fn banked() -> Shop {
    shop_at("000123456789")
}

fn top_up(shop: &mut Shop, new: NewTopUp) -> Result<TopUpId, Error> {
    let key = shop.key();
    shop.platform.top_ups().create(&key, new).map(|decided| decided.answer)
}

fn status(shop: &Shop, id: TopUpId) -> TopUpStatus {
    shop.platform.top_up(id).unwrap().status()
}

fn bank_of(shop: &Shop, account: AccountId) -> ExternalAccountId {
    shop.platform.account(account).unwrap().bank_for(USD).unwrap()
}

fn succeeded(shop: &mut Shop, id: TopUpId) -> Decided<FactOutcome> {
    let (key, now) = (shop.key(), shop.platform.now());
    shop.platform.top_ups().record_succeeded(&key, now, id).unwrap()
}

fn reversed(shop: &mut Shop, id: TopUpId) -> Decided<FactOutcome> {
    let (key, now) = (shop.key(), shop.platform.now());
    shop.platform.top_ups().record_reversed(&key, now, id).unwrap()
}

/// A debit over ACH takes five to six bank days: asked for on Monday the 2nd, it is there on Tuesday the 10th. With it somebody is paid who
/// has never sold anything.
#[test]
fn example_a_recipient_is_paid_without_a_payment() {
    let mut shop = banked();
    let (house, jo) = (shop.house, shop.seller(NewAccount::express(US)));
    let bank = bank_of(&shop, house);
    let new = NewTopUp::of(usd(500_00)).statement_descriptor("Bonuses 11").group("bonuses").description("November");
    let decided = shop.platform.top_ups().create("november", new).unwrap();
    let (id, changes) = (decided.answer, decided.changes);
    assert!(id.to_string().starts_with("tu_"));
    assert_eq!((events(&changes), changes.entries.len()), (vec!["topup.created"], 0));
    assert_eq!((changes.events[0].account, changes.events[0].object), (None, id.into()));
    let debit = TopUpInstruction::Debit {
        top_up: id,
        source: bank,
        amount: usd(500_00),
        statement_descriptor: Some("Bonuses 11".into()),
    };
    assert_eq!(changes.instructions, [Instruction::TopUp(debit)]);
    let known = shop.platform.top_up(id).unwrap();
    assert_eq!((known.source(), known.amount(), known.created()), (bank, usd(500_00), shop.platform.now()));
    assert_eq!(known.expected_availability_date(), Some(utc(2026, 11, 10)));
    assert_eq!((known.statement_descriptor(), known.transfer_group()), (Some("Bonuses 11"), Some("bonuses")));
    assert_eq!((known.description(), known.failure_code()), (Some("November"), None));
    shop.until(utc(2026, 11, 9).at(23, 59));
    assert_eq!((status(&shop, id), shop.pending(house), shop.available(house)), (TopUpStatus::Pending, 0, 0));
    // A transfer that has to wait is refused, and nobody tries it again.
    let early = shop.transfer(NewTransfer::to(jo, usd(120_00))).unwrap_err();
    assert!(matches!(early, Error::Routing(RoutingError::InsufficientFunds { .. })), "{early:?}");
    shop.until(utc(2026, 11, 10));
    assert_eq!((status(&shop, id), shop.pending(house), shop.available(house)), (TopUpStatus::Succeeded, 0, 500_00));
    assert_eq!((shop.available(jo), shop.lines(house)), (0, vec!["topup 50000 - 0 = 50000 (topup)".to_owned()]));
    let line = shop.transactions(house).pop().unwrap();
    assert_eq!(
        (line.kind, line.source, line.reporting_category),
        (LineKind::TopUp, id.into(), ReportingCategory::TopUp)
    );
    assert_eq!((line.kind.name(), line.available_on), ("topup", utc(2026, 11, 10)));
    assert_eq!(shop.platform.outside(LedgerAccount::Banks, USD), -500_00);
    let step = shop.platform.explain(house, USD).unwrap().pop().unwrap();
    assert_eq!((step.entry, step.available, root(&step.because)), (EntryKind::TopUp, 500_00, id.into()));
    shop.transfer(NewTransfer::to(jo, usd(120_00)).group("bonuses")).unwrap();
    shop.new_bank(jo, "000123456789");
    shop.wait(5);
    assert_eq!((shop.paid_out(jo), shop.available(house)), (120_00, 380_00));
    // 500.00 came from the bank, and 120.00 went to another.
    assert_eq!(shop.platform.outside(LedgerAccount::Banks, USD), -380_00);
    assert_eq!(shop.platform.volume(house, USD), 0, "nothing was received in payments");
    shop.sound();
}

/// Money that comes sooner than expected is pending until the date that was; what is told of it later comes at once.
#[test]
fn the_date_decides_from_when_on_the_money_can_be_used() {
    let mut shop = banked();
    let house = shop.house;
    let id = top_up(&mut shop, NewTopUp::of(usd(500_00))).unwrap();
    let decided = succeeded(&mut shop, id);
    assert_eq!((decided.answer, events(&decided.changes)), (FactOutcome::Applied, vec!["topup.succeeded"]));
    let line = shop.transactions(house).pop().unwrap();
    assert_eq!((line.kind, line.available_on), (LineKind::TopUp, utc(2026, 11, 10)));
    assert_eq!((shop.pending(house), shop.available(house)), (500_00, 0));
    shop.platform.advance_to(utc(2026, 11, 10)).unwrap();
    assert_eq!((shop.pending(house), shop.available(house)), (0, 500_00));
    let late = top_up(&mut shop, NewTopUp::of(usd(20_00))).unwrap();
    shop.platform.advance_to(utc(2026, 11, 25)).unwrap();
    succeeded(&mut shop, late);
    assert_eq!((shop.pending(house), shop.available(house)), (0, 520_00));
    shop.sound();
}

/// Where no page says how long banks take, nothing is expected, and the money is there when it comes.
#[test]
fn without_a_known_time_the_money_is_there_when_it_comes() {
    let mut shop = Shop::open_in(GB);
    shop.new_bank(shop.house, "00012345");
    let id = top_up(&mut shop, NewTopUp::of(gbp(70_00))).unwrap();
    assert_eq!(shop.platform.top_up(id).unwrap().expected_availability_date(), None);
    succeeded(&mut shop, id);
    assert_eq!((shop.pending(shop.house), shop.available(shop.house)), (0, 70_00));
    // The simulated bank pays the next day.
    let other = top_up(&mut shop, NewTopUp::of(gbp(5_00))).unwrap();
    shop.wait(1);
    assert_eq!(status(&shop, other), TopUpStatus::Succeeded);
    shop.sound();
}

/// What a bank pulls back leaves the balance, whatever has become of the money.
#[test]
fn a_top_up_that_is_pulled_back_may_leave_the_platform_below_zero() {
    let mut shop = shop_at(TOP_UP_PULLED_BACK);
    let (house, jo) = (shop.house, shop.seller(NewAccount::express(US)));
    let id = top_up(&mut shop, NewTopUp::of(usd(500_00))).unwrap();
    shop.until(utc(2026, 11, 10));
    assert_eq!(shop.available(house), 500_00);
    shop.transfer(NewTransfer::to(jo, usd(120_00))).unwrap();
    shop.until(utc(2026, 11, 12));
    let state = shop.platform.top_up(id).unwrap().state();
    let (succeeded_at, reversed_at) = (utc(2026, 11, 10), utc(2026, 11, 12));
    assert_eq!(*state, TopUpState::Reversed { succeeded_at, reversed_at });
    assert_eq!((shop.available(house), shop.available(jo)), (-120_00, 120_00));
    assert_eq!(shop.lines(house).last().unwrap(), "topup_reversal -50000 - 0 = -50000 (topup_reversal)");
    let step = shop.platform.explain(house, USD).unwrap().pop().unwrap();
    assert_eq!((step.entry, step.available, root(&step.because)), (EntryKind::TopUpReversal, -500_00, id.into()));
    assert_eq!(shop.platform.outside(LedgerAccount::Banks, USD), 0);
    shop.sound();
}

/// Pulled back before the date, it nets inside what is pending.
#[test]
fn what_is_pulled_back_comes_from_where_it_went() {
    let mut shop = banked();
    let id = top_up(&mut shop, NewTopUp::of(usd(500_00))).unwrap();
    succeeded(&mut shop, id);
    let decided = reversed(&mut shop, id);
    assert_eq!((decided.answer, events(&decided.changes)), (FactOutcome::Applied, vec!["topup.reversed"]));
    assert_eq!((shop.pending(shop.house), shop.available(shop.house)), (0, 0));
    let line = shop.transactions(shop.house).pop().unwrap();
    assert_eq!((line.kind, line.available_on), (LineKind::TopUpReversal, utc(2026, 11, 10)));
    assert_eq!(line.reporting_category, ReportingCategory::TopUpReversal);
    shop.wait(20);
    assert_eq!((shop.pending(shop.house), shop.available(shop.house)), (0, 0));
    shop.sound();
}

/// The documented tokens, and the numbers of bank accounts that are not there (docs.stripe.com/connect/testing, 2026).
#[test]
fn banks_of_test_mode_pay_or_say_why_not() {
    let cases = [
        (TOP_UP_PAID, None),
        (TOP_UP_UNPAID, Some("insufficient_funds")),
        ("btok_us_verified_noAccount", Some("no_account")),
        ("btok_us_verified_accountClosed", Some("account_closed")),
        ("btok_us_verified_debitNotAuthorized", Some("debit_not_authorized")),
        ("btok_us_verified_invalidCurrency", Some("invalid_currency")),
        ("000111111113", Some("account_closed")),
    ];
    for (number, code) in cases {
        let mut shop = shop_at(number);
        let id = top_up(&mut shop, NewTopUp::of(usd(500_00))).unwrap();
        shop.wait(10);
        let known = shop.platform.top_up(id).unwrap();
        assert_eq!(known.failure_code(), code, "{number}");
        let expected = if code.is_none() { (TopUpStatus::Succeeded, 500_00) } else { (TopUpStatus::Failed, 0) };
        assert_eq!((known.status(), shop.available(shop.house)), expected, "{number}");
        // A debit that was not paid says nothing of payouts.
        assert!(shop.platform.external_account(bank_of(&shop, shop.house)).unwrap().is_usable());
        shop.sound();
    }
}

/// A bank that hears of a cancellation in time does not pay; one that does not hear of it does, on the day on which it was to.
#[test]
fn a_bank_has_to_hear_that_a_top_up_was_called_off() {
    for hears in [true, false] {
        let mut shop = banked();
        let id = top_up(&mut shop, NewTopUp::of(usd(500_00))).unwrap();
        shop.settle();
        let called_off = shop.platform.top_ups().cancel("cancel", id).unwrap().changes;
        for instruction in called_off.instructions.iter().filter(|_| hears) {
            shop.world.answer(&shop.platform, instruction);
        }
        shop.wait(10);
        let is_anomaly = |record: &&Record| matches!(record, Record::Anomaly(_));
        assert_eq!(shop.platform.records().filter(is_anomaly).count(), usize::from(!hears));
        assert_eq!((status(&shop, id), shop.available(shop.house)), (TopUpStatus::Canceled, 0));
    }
}

/// Not knowing is a state: the bank is asked again after a restart, and never twice.
#[test]
fn what_no_bank_has_answered_is_outstanding_until_it_does() {
    let mut shop = shop_at(NEVER_ANSWERS);
    let id = top_up(&mut shop, NewTopUp::of(usd(500_00))).unwrap();
    shop.wait(60);
    assert_eq!((status(&shop, id), shop.platform.instructions().len()), (TopUpStatus::Pending, 1));
    let bytes = postcard::to_stdvec(&shop.platform.snapshot()).unwrap();
    let read: Snapshot = postcard::from_bytes(&bytes).unwrap();
    let restored = Platform::restore(rules(), read, shop.platform.now());
    assert_eq!(restored.instructions(), shop.platform.instructions());
    assert_eq!(restored.top_up(id).unwrap(), shop.platform.top_up(id).unwrap());
    assert!(
        matches!(restored.instructions()[..], [Instruction::TopUp(TopUpInstruction::Debit { top_up, .. })] if top_up == id)
    );
    succeeded(&mut shop, id);
    assert_eq!(shop.platform.instructions(), []);
    assert_eq!(shop.available(shop.house), 500_00);
}

/// Refunds that wait for money are carried out once it is there; whoever was refused has to ask again.
#[test]
fn refunds_that_wait_for_money_have_it() {
    let mut shop = banked();
    let house = shop.house;
    let sale = shop.sell(NewPayment::card(usd(100_00)));
    shop.wait(3);
    let key = shop.key();
    let available = i64::try_from(shop.available(house)).unwrap();
    shop.platform.payouts().create(&key, usd(available)).unwrap();
    let refund = shop.refund(NewRefund::of(sale)).unwrap();
    assert_eq!(shop.platform.refund(refund).unwrap().booked_at(), None);
    top_up(&mut shop, NewTopUp::of(usd(150_00))).unwrap();
    shop.wait(7);
    assert_eq!((shop.platform.refund(refund).unwrap().booked_at(), shop.available(house)), (None, 0));
    shop.wait(5);
    assert!(shop.platform.refund(refund).unwrap().booked_at().is_some());
    assert_eq!(shop.available(house), 50_00);
    shop.sound();
}

/// The same request is carried out once, also after the bank has answered.
#[test]
fn the_same_key_tops_up_once() {
    let mut shop = banked();
    let new = NewTopUp::of(usd(500_00));
    let first = shop.platform.top_ups().create("november", new.clone()).unwrap();
    shop.wait(10);
    let again = shop.platform.top_ups().create("november", new).unwrap();
    assert_eq!((again.answer, again.outcome), (first.answer, Outcome::Replayed));
    assert!(again.changes.is_empty());
    let other = shop.platform.top_ups().create("november", NewTopUp::of(usd(501_00))).unwrap_err();
    assert_eq!(other.code(), Some("idempotency_error"));
    assert_eq!(shop.available(shop.house), 500_00);
}

/// A platform that is paid out by itself sends what it pulled in back to its bank: the page says to be paid out by hand.
#[test]
fn a_schedule_sends_it_back_to_the_bank() {
    let mut shop = Shop::open();
    shop.new_bank(shop.house, "000123456789");
    top_up(&mut shop, NewTopUp::of(usd(500_00))).unwrap();
    shop.wait(14);
    assert_eq!((shop.available(shop.house), shop.paid_out(shop.house)), (0, 500_00));
    assert_eq!(shop.platform.outside(LedgerAccount::Banks, USD), 0);
    shop.sound();
}

/// A host that takes part where the field has a preview says so, with bounds of its own.
#[test]
fn a_host_has_terms_of_its_own() {
    let ours = TopUpTerms::new(DE, EUR).available_after(2).at_most(1_000_00);
    let mut shop = Shop::open_by(DE, rules().with_top_up_terms(ours).unwrap());
    let bank = fundroute::simulator::bank_account(shop.platform.rulebook(), shop.house, DE, EUR);
    shop.platform.accounts().add_external_account("bank", bank).unwrap();
    let id = top_up(&mut shop, NewTopUp::of(eur(1_000_00))).unwrap();
    assert_eq!(shop.platform.top_up(id).unwrap().expected_availability_date(), Some(utc(2026, 11, 4)));
    let above = top_up(&mut shop, NewTopUp::of(eur(1_000_01))).unwrap_err();
    assert_eq!(
        (above.code(), above.to_string()),
        (Some("amount_too_large"), "`1000.01 EUR` is above the largest top-up of `1000.00 EUR`".to_owned())
    );
}
