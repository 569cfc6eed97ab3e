//! Faults that real platforms shipped, each by the name of the fault: here it cannot happen.

use std::collections::BTreeMap;

use chrono::{TimeDelta, Weekday};
use fundroute::accounts::{CapabilityReviewed, CapabilityStatus};
use fundroute::calendar::{BankCalendar, Recurrence};
use fundroute::ids::{AccountId, PaymentId};
use fundroute::journal::{Changes, Fact, FactOutcome, Outcome, Report};
use fundroute::money::{Currency, MoneyError, Rate, Rounding, Spare, Split, jpy};
use fundroute::payments::{
    ChargeSubmitted, ChargeSucceeded, DisputeCase, DisputeChange, DisputeChanged, DisputeStatus, NamedDispute,
    PaymentError, RefundSucceeded,
};
use fundroute::payouts::{PayoutFailed, PayoutPaid, PayoutSchedule, PayoutSubmitted};
use fundroute::prelude::*;
use fundroute::routing::RoutingError;
use fundroute::rulebook::{Capability, Price, RulebookError, Table};
use proptest::prelude::*;

use crate::disputes::{Contested, opened};
use crate::shop::{Shop, monday, rules};

mod payouts;
mod refunds;

fn split(weights: &[u64], spare: Spare) -> Split {
    Split::new(weights.to_vec(), spare).unwrap()
}

fn minors(parts: &[Money]) -> Vec<i64> {
    parts.iter().map(|part| part.minor()).collect()
}

/// 10.02 shared 20:80 by rounding each part gave 2.00 and 8.01.
#[test]
fn bug_01_two_shares_rounded_separately_do_not_add_up() {
    let twenty_eighty = split(&[20, 80], Spare::Last);
    assert_eq!(twenty_eighty.allocate(usd(10_02)).unwrap(), [usd(2_00), usd(8_02)]);

    let mut shop = Shop::open();
    let (jo, bo) = (shop.seller(NewAccount::express(US)), shop.seller(NewAccount::express(US)));
    let sale = shop.sell(NewPayment::card(usd(10_02)));
    for (seller, part) in [jo, bo].into_iter().zip(twenty_eighty.allocate(usd(10_02)).unwrap()) {
        shop.transfer(NewTransfer::to(seller, part).from_payment(sale)).unwrap();
    }
    assert_eq!((shop.pending(jo), shop.pending(bo), shop.pending(shop.house)), (2_00, 8_02, -59));
    let one_more = shop.transfer(NewTransfer::to(jo, usd(1)).from_payment(sale));
    let refused = RoutingError::SourceExceeded { payment: sale, asked: usd(1), left: usd(0) };
    assert_eq!(one_more, Err(refused.into()));
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 128, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn bug_01_parts_sum_to_the_whole_for_any_amount_and_weights(
        amount in -1_000_000_i64..1_000_000,
        weights in prop::collection::vec(0_u64..1_000, 1..6),
        spare in prop::sample::select(vec![Spare::First, Spare::Last, Spare::Largest]),
    ) {
        prop_assume!(weights.iter().any(|weight| *weight > 0));
        let parts = minors(&split(&weights, spare).allocate(usd(amount)).unwrap());
        prop_assert_eq!(parts.iter().sum::<i64>(), amount);
        for (part, weight) in parts.iter().zip(&weights) {
            prop_assert!(*weight > 0 || *part == 0);
        }
    }

    #[test]
    fn bug_04_any_partial_refunds_that_end_in_full_end_exactly(
        fee in 1_i64..=100_00,
        cuts in prop::collection::vec(1_i64..40_00, 0..6),
    ) {
        let mut shop = Shop::open();
        let jo = shop.seller(NewAccount::express(US));
        let sale = shop.sell(NewPayment::card(usd(100_00)).destination(jo).application_fee(usd(fee)));
        let back = NewRefund::of(sale).reverse_transfer().refund_application_fee();
        let mut left = 100_00;
        for cut in cuts.into_iter().filter(|cut| *cut < 100_00) {
            if cut < left {
                left -= cut;
                shop.refund(back.clone().amount(usd(cut))).unwrap();
            }
        }
        shop.refund(back).unwrap();
        prop_assert_eq!(shop.reversals(sale).iter().sum::<i64>(), 100_00);
        prop_assert_eq!(shop.fee_refunds(sale).iter().sum::<i64>(), fee);
        prop_assert!(shop.fee_refunds(sale).iter().all(|part| *part > 0));
        prop_assert_eq!((shop.pending(jo), shop.pending(shop.house)), (0, -3_20));
    }
}

/// 7 % of 1.00 came to 8 cents, and 1.1 % of 10.00 to 12, by a floating percentage rounded up.
#[test]
fn bug_02_a_floating_percentage_rounded_up_overcharges() {
    for (percent, amount, exact) in [("7%", 1_00, 7), ("1.1%", 10_00, 11), ("2.9%", 5_00, 15)] {
        let rate: Rate = percent.parse().unwrap();
        assert_eq!(rate.of(usd(amount), Rounding::NearestTiesAway).unwrap(), usd(exact), "{percent} of {amount}");
    }
    let seven = Price::new(US, PaymentMethod::Card, USD, "7%".parse().unwrap(), 0);
    let mut shop = Shop::open_by(US, rules().with_price(seven).unwrap());
    shop.sell(NewPayment::card(usd(1_00)));
    assert_eq!(shop.lines(shop.house), ["charge 100 - 7 = 93 (charge)"]);
}

#[test]
fn bug_03_fractions_of_a_minor_unit_reach_the_books() {
    for (text, currency) in [("15.75", Currency::JPY), ("0.1575", USD), ("5.1245", Currency::KWD), ("1.000", EUR)] {
        let refused = Money::parse_major(text, currency);
        assert_eq!(refused, Err(MoneyError::FractionalMinorUnit { text: text.to_owned(), currency }));
    }
    assert_eq!(Money::parse_major("15", Currency::JPY), Ok(jpy(15)));
    assert!(serde_json::from_str::<Money>(r#"{"minor":1575,"currency":"USD"}"#).is_ok_and(|read| read == usd(15_75)));
    for damaged in [r#"{"minor":15.75,"currency":"USD"}"#, r#"{"minor":"15.75","currency":"USD"}"#] {
        assert!(serde_json::from_str::<Money>(damaged).is_err(), "{damaged}");
    }
}

/// A commission of 10.33 given back over 33.33, 33.33 and 33.34 came to 10.32; a share of 95.33 over seven parts to 95.32.
#[test]
fn bug_04_partial_refunds_leave_a_residue() {
    let thirds: &[i64] = &[33_33, 33_33, 33_34];
    let sevenths: &[i64] = &[14_28, 14_28, 14_28, 14_29, 14_29, 14_29, 14_29];
    for (fee, cuts) in [(10_33, thirds), (95_33, sevenths)] {
        let mut shop = Shop::open();
        let jo = shop.seller(NewAccount::express(US));
        let sale = shop.sell(NewPayment::card(usd(100_00)).destination(jo).application_fee(usd(fee)));
        for cut in cuts {
            let back = NewRefund::of(sale).amount(usd(*cut)).reverse_transfer().refund_application_fee();
            shop.refund(back).unwrap();
        }
        assert_eq!(shop.fee_refunds(sale).iter().sum::<i64>(), fee);
        assert_eq!(shop.platform.charge_of(sale).unwrap().refundable(), usd(0));
        shop.ends(&[(jo, 0), (shop.house, -3_20)]);
    }
}

#[test]
fn bug_05_a_refund_forgets_the_transfer_or_the_commission() {
    let mut shop = Shop::open();
    let jo = shop.seller(NewAccount::express(US));
    let sale = shop.sell(NewPayment::card(usd(100_00)).destination(jo).application_fee(usd(10_00)));
    let before = shop.platform.snapshot();
    assert_eq!(shop.refund(NewRefund::of(sale)), Err(PaymentError::TransferBearerMissing(sale).into()));
    let half_said = NewRefund::of(sale).reverse_transfer();
    assert_eq!(shop.refund(half_said), Err(PaymentError::FeeBearerMissing(sale).into()));
    assert_eq!(shop.platform.snapshot(), before);
    shop.refund(NewRefund::of(sale).reverse_transfer().refund_application_fee()).unwrap();
    shop.ends(&[(jo, 0), (shop.house, -3_20)]);
}

#[test]
fn bug_05_a_commission_that_was_never_taken_is_given_back() {
    let mut shop = Shop::open();
    let (jo, al) = (shop.seller(NewAccount::express(US)), shop.seller(NewAccount::standard(US)));
    // A commission of zero, on either kind of charge, is no commission.
    let sale = shop.sell(NewPayment::card(usd(100_00)).destination(jo).application_fee(usd(0)));
    shop.refund(NewRefund::of(sale).reverse_transfer().refund_application_fee()).unwrap();
    assert!(shop.fee_refunds(sale).is_empty());
    let direct = shop.sell_as(al, NewPayment::card(usd(100_00)).application_fee(usd(0)));
    let asked = shop.refund_as(al, NewRefund::of(direct).refund_application_fee());
    assert_eq!(asked, Err(PaymentError::NoFee(direct).into()));
    // A share that rounds to nothing books nothing: 1 % of 0.49.
    let small = shop.sell(NewPayment::card(usd(100_00)).destination(jo).application_fee(usd(1_00)));
    shop.refund(NewRefund::of(small).amount(usd(49)).reverse_transfer().refund_application_fee()).unwrap();
    assert!(shop.fee_refunds(small).is_empty());
    assert_eq!(shop.reversals(small), [49]);
    shop.sound();
}

/// Tells a fact so many times, and checks that it counts once.
fn tell(platform: &mut Platform, times: usize, report: &Report) -> FactOutcome {
    let first = platform.record(report).unwrap();
    assert_eq!(first.outcome, Outcome::Applied);
    for _ in 1..times {
        let again = platform.record(report).unwrap();
        assert_eq!((again.answer, again.outcome), (first.answer, Outcome::Replayed));
        assert!(again.changes.is_empty() && again.changes.events.is_empty());
    }
    first.answer
}

/// A story of every kind of fact, each told so many times.
fn everything_told(times: usize) -> Platform {
    let mut shop = Shop::open();
    let platform = &mut shop.platform;
    let asks = NewAccount::custom(US).request(Capability::UsBankAccountAchPayments);
    let jo = platform.accounts().create("jo", asks).unwrap().answer;
    let (capability, status) = (Capability::UsBankAccountAchPayments, CapabilityStatus::Active);
    let reviewed = Fact::CapabilityReviewed(CapabilityReviewed { account: jo, capability, status });
    tell(platform, times, &Report::new("reviewed", monday(), reviewed));
    let bank = fundroute::accounts::NewExternalAccount::bank(jo, US, USD, "000123456789").routing("110000000");
    platform.accounts().add_external_account("bank", bank).unwrap();
    let debit = NewPayment::by(PaymentMethod::UsBankAccount, usd(100_00));
    let sale = platform.acting_as(jo).unwrap().payments().create("sale", debit).unwrap().answer;
    let charge = platform.payment(sale).unwrap().latest_charge().unwrap();
    let submitted = Fact::ChargeSubmitted(ChargeSubmitted { charge, reference: "py_1".to_owned() });
    tell(platform, times, &Report::new("submitted", monday(), submitted));
    let succeeded = Fact::ChargeSucceeded(ChargeSucceeded::of(charge, usd(100_00)));
    tell(platform, times, &Report::new("succeeded", monday(), succeeded));
    let back = NewRefund::of(sale).amount(usd(40_00));
    let refund = platform.acting_as(jo).unwrap().refunds().create("back", back).unwrap().answer;
    let refunded = Fact::RefundSucceeded(RefundSucceeded { refund });
    tell(platform, times, &Report::new("refunded", monday(), refunded));
    platform.advance_to(utc(2026, 11, 9)).unwrap();
    let payout = shop.payouts(jo).pop().unwrap().id();
    let (platform, at) = (&mut shop.platform, utc(2026, 11, 9));
    tell(platform, times, &Report::new("submitted-2", at, Fact::PayoutSubmitted(PayoutSubmitted { payout })));
    tell(platform, times, &Report::new("paid", at, Fact::PayoutPaid(PayoutPaid { payout })));
    let failed = PayoutFailed { payout, failure_code: "no_account".to_owned() };
    tell(platform, times, &Report::new("failed", at, Fact::PayoutFailed(failed)));
    // 100.00 less 0.80 less 40.00, paid out and returned.
    assert_eq!(shop.available(jo), 59_20);
    shop.sound();
    shop.platform
}

#[test]
fn bug_11_the_same_event_is_applied_twice() {
    let once = everything_told(1).snapshot();
    assert_eq!(everything_told(2).snapshot(), once);
    assert_eq!(everything_told(3).snapshot(), once);
}

/// The same thing told under another id, as by two channels, moves no money either.
#[test]
fn bug_11_the_same_event_comes_under_two_ids() {
    let mut shop = Shop::open();
    let jo = shop.banked(NewAccount::express(US));
    let sale = shop.sell(NewPayment::card(usd(100_00)).destination(jo).application_fee(usd(10_00)));
    let charge = shop.charge_of(sale);
    let entries = shop.platform.entry_count();
    assert!(matches!(shop.taken(charge, usd(100_00)), FactOutcome::Anomaly(_)));
    assert_eq!((shop.pending(jo), shop.platform.entry_count()), (90_00, entries));
    shop.wait(2);
    let payout = shop.payouts(jo).pop().unwrap().id();
    assert_eq!((shop.paid_out(jo), shop.in_transit(jo)), (90_00, 0));
    let at = shop.platform.now();
    let again = shop.platform.payouts().record_paid("other-channel", at, payout).unwrap();
    assert_eq!((again.answer, shop.paid_out(jo), shop.in_transit(jo)), (FactOutcome::Stale, 90_00, 0));
    for channel in ["bank-file", "webhook"] {
        shop.platform.payouts().record_failed(channel, at, payout, "account_closed").unwrap();
        assert_eq!((shop.available(jo), shop.paid_out(jo)), (90_00, 0), "{channel}");
    }
}

#[test]
fn bug_08_a_dispute_and_a_refund_debit_the_seller_twice() {
    let mut shop = Shop::open();
    let jo = shop.seller(NewAccount::standard(US));
    shop.sell_as(jo, NewPayment::card(usd(100_00)));
    let sale = shop.sell_as(jo, NewPayment::card(usd(10_00)));
    let refundable = |shop: &Shop| shop.platform.charge_of(sale).unwrap().refundable();
    // What can be refunded is what was captured, less what was refunded, less what is disputed.
    shop.refund_as(jo, NewRefund::of(sale).amount(usd(3_00))).unwrap();
    shop.chargeback(sale, "du_1", usd(5_00));
    assert_eq!(refundable(&shop), usd(2_00));
    let twice = shop.refund_as(jo, NewRefund::of(sale).amount(usd(7_00))).unwrap_err();
    assert_eq!(twice.code(), Some("charge_disputed"));
    shop.refund_as(jo, NewRefund::of(sale).amount(usd(1_00))).unwrap();
    // Lost, the money is gone for good, once.
    shop.happens("du_1", DisputeChange::Lost);
    assert_eq!(refundable(&shop), usd(1_00));
    // A win nets the withdrawal, and makes the charge refundable again, up to what is left.
    let before = shop.pending(jo);
    shop.happens("du_1", DisputeChange::Won);
    assert_eq!((refundable(&shop), shop.pending(jo)), (usd(6_00), before + 5_00));
    shop.refund_as(jo, NewRefund::of(sale)).unwrap();
    let again = shop.refund_as(jo, NewRefund::of(sale).amount(usd(1))).unwrap_err();
    assert_eq!(again.code(), Some("charge_already_refunded"));
    shop.sound();
}

/// What the world tells of one dispute, in its true order.
fn news_of_a_dispute(shop: &Shop, sale: PaymentId) -> Vec<Report> {
    let at = |hours: i64| shop.platform.now().checked_add(-TimeDelta::hours(hours)).unwrap();
    let opened = opened(shop, sale, "du_1", usd(10_00), DisputeCase::Inquiry);
    let respond_by = Some(shop.respond_by());
    let changes = [
        DisputeChange::Escalated { respond_by },
        DisputeChange::FundsWithdrawn,
        DisputeChange::Lost,
        DisputeChange::Won,
    ];
    let dispute = || NamedDispute::Reference("du_1".to_owned());
    let changes = changes.map(|change| Fact::DisputeChanged(DisputeChanged { dispute: dispute(), change }));
    let facts = std::iter::once(Fact::DisputeOpened(opened)).chain(changes);
    let told = facts.zip(0..).map(|(fact, number)| Report::new(format!("news-{number}"), at(20 - number), fact));
    told.collect()
}

#[test]
fn bug_10_late_and_reordered_events_of_a_dispute_regress_its_state() {
    let mut shop = Shop::open();
    let sale = shop.sell(NewPayment::card(usd(10_00)));
    shop.wait(2);
    let news = news_of_a_dispute(&shop, sale);
    let mut ends = Vec::new();
    for shift in 0..news.len() {
        for backwards in [false, true] {
            let mut shop = shop.clone();
            let mut order = news.clone();
            order.rotate_left(shift);
            if backwards {
                order.reverse();
            }
            for report in &order {
                shop.platform.record(report).unwrap();
            }
            shop.sound();
            let dispute = shop.platform.disputes_of(sale).unwrap().first().copied().cloned().unwrap();
            assert_eq!(dispute.status(), DisputeStatus::Won);
            ends.push((dispute, shop.pending(shop.house), shop.available(shop.house)));
        }
    }
    assert!(ends.windows(2).all(|pair| matches!(pair, [one, other] if one == other)), "{ends:#?}");
}

#[test]
fn bug_11_the_same_news_of_a_dispute_are_applied_twice() {
    let mut shop = Shop::open();
    let sale = shop.sell(NewPayment::card(usd(10_00)));
    shop.wait(2);
    let news = news_of_a_dispute(&shop, sale);
    let told = |times: usize, fresh_ids: bool| {
        let mut shop = shop.clone();
        for report in &news {
            for time in 0..times {
                let id = if fresh_ids { format!("{}-{time}", report.id) } else { report.id.clone() };
                let outcome = shop.platform.record(&Report { id, ..report.clone() }).unwrap().answer;
                assert!(time == 0 || !fresh_ids || outcome == FactOutcome::Stale, "{outcome:?}");
            }
        }
        let dispute = shop.platform.disputes_of(sale).unwrap().first().copied().cloned().unwrap();
        (dispute, shop.pending(shop.house), shop.available(shop.house), shop.lines(shop.house))
    };
    let once = told(1, false);
    assert_eq!([told(2, false), told(3, false), told(3, true)], [once.clone(), once.clone(), once]);
}

#[test]
fn bug_12_a_transfer_leaves_before_its_money_has_settled() {
    let mut shop = Shop::open();
    let jo = shop.seller(NewAccount::express(US));
    let sale = shop.sell(NewPayment::card(usd(100_00)));
    // Not tied to the sale, it needs money that is there now.
    let short = RoutingError::InsufficientFunds { account: shop.house, currency: USD, available: 0, needed: 70_00 };
    assert_eq!(shop.transfer(NewTransfer::to(jo, usd(70_00))), Err(short.into()));
    // Tied to it, it becomes available with it, and not before.
    let tied = shop.transfer(NewTransfer::to(jo, usd(70_00)).from_payment(sale)).unwrap();
    assert_eq!(shop.platform.transfer(tied).unwrap().available_on(), utc(2026, 11, 4));
    assert_eq!(shop.platform.pending(jo, USD), [(utc(2026, 11, 4), 70_00)]);
    shop.until(utc(2026, 11, 3).at(23, 59));
    assert_eq!((shop.pending(jo), shop.available(jo)), (70_00, 0));
    shop.until(utc(2026, 11, 4));
    assert_eq!((shop.pending(jo), shop.available(jo), shop.available(shop.house)), (0, 70_00, 26_80));
    // What is left may now be sent without a tie, to the last cent.
    shop.transfer(NewTransfer::to(jo, usd(26_80))).unwrap();
    assert_eq!(shop.available(jo), 96_80);
    assert!(shop.transfer(NewTransfer::to(jo, usd(1))).is_err());
}

#[test]
fn bug_12_a_transfer_is_in_another_currency_than_its_source() {
    let mut shop = Shop::open();
    let jo = shop.seller(NewAccount::express(US));
    let hans = shop.seller(NewAccount::express(DE));
    let sale = shop.sell(NewPayment::card(usd(100_00)));
    let unset = RoutingError::NoExchangeRate { from: EUR, to: USD };
    assert_eq!(shop.transfer(NewTransfer::to(jo, eur(70_00)).from_payment(sale)), Err(unset.into()));
    let other = RoutingError::WrongCurrency { given: EUR, needed: USD };
    assert_eq!(shop.transfer(NewTransfer::to(hans, eur(70_00)).from_payment(sale)), Err(other.into()));
    let unset = RoutingError::NoExchangeRate { from: USD, to: EUR };
    assert_eq!(shop.transfer(NewTransfer::to(hans, usd(70_00)).from_payment(sale)), Err(unset.into()));
}

/// Sellers on every schedule, with money that settles over weeks; holidays on a Thursday, over Christmas and at New Year.
fn busy_autumn() -> (Shop, Vec<AccountId>) {
    let closed = [(2026, 11, 26), (2026, 12, 25), (2027, 1, 1)].map(|(year, month, day)| utc(year, month, day).date());
    let banks = BankCalendar::weekends_only().with_holidays(closed);
    let mut shop = Shop::open_by(US, rules().with_calendar(US, banks).unwrap());
    let schedules = [
        Recurrence::Daily,
        Recurrence::weekly([Weekday::Thu, Weekday::Fri]).unwrap(),
        Recurrence::monthly([15, 31]).unwrap(),
    ];
    let mut sellers = Vec::new();
    for schedule in schedules {
        let debits = NewAccount::express(US).request(Capability::UsBankAccountAchPayments);
        let seller = shop.banked(debits);
        let key = shop.key();
        shop.platform.payouts().set_schedule(&key, seller, PayoutSchedule::Automatic(schedule)).unwrap();
        sellers.push(seller);
    }
    for day in [2, 6, 7, 18, 24] {
        shop.until(utc(2026, 11, day).at(23, 0));
        for seller in &sellers {
            shop.sell_as(*seller, NewPayment::card(usd(20_00)));
            shop.sell_as(*seller, NewPayment::by(PaymentMethod::UsBankAccount, usd(30_00)));
        }
    }
    shop.until(utc(2026, 11, 28).at(23, 0));
    (shop, sellers)
}

fn advance(shop: &mut Shop, step: TimeDelta) -> Vec<Changes> {
    let end = utc(2027, 3, 1);
    let mut journal = Vec::new();
    while shop.platform.now() < end {
        let next = shop.platform.now().checked_add(step).unwrap().min(end);
        journal.extend(shop.platform.advance_to(next).unwrap());
    }
    journal
}

#[test]
fn bug_15_a_schedule_skips_when_the_clock_jumps() {
    let ((mut jump, sellers), (mut daily, _), (mut odd, _)) = (busy_autumn(), busy_autumn(), busy_autumn());
    let in_one = advance(&mut jump, days(365));
    assert_eq!(advance(&mut daily, days(1)), in_one);
    assert_eq!(advance(&mut odd, hours(11)), in_one);
    for seller in sellers {
        assert!(jump.payouts(seller).len() > 1);
        assert_eq!(jump.payout_list(seller), daily.payout_list(seller));
        assert_eq!((jump.available(seller), jump.pending(seller)), (0, 0));
    }
}

/// Days begin at midnight UTC: a sale at eleven at night belongs to its day. Runs on closed days wait (daily) or arrive
/// on the next open day (weekly, monthly) (docs.stripe.com/payouts, 2026).
#[test]
fn bug_15_a_schedule_runs_on_the_wrong_day() {
    let (mut shop, sellers) = busy_autumn();
    shop.until(utc(2027, 1, 20));
    let lists: Vec<_> = sellers.iter().map(|seller| shop.payout_list(*seller)).collect();
    let card = 20_00 - 88;
    let debit = 30_00 - 24;
    let both = card + debit;
    let line = |amount: i64, created: &str, arrival: &str| format!("{amount} paid {created} {arrival}");
    let daily = [
        line(card, "2026-11-04", "2026-11-04"),  // sold on Monday at 23:00
        line(card, "2026-11-10", "2026-11-10"),  // sold on Friday at 23:00
        line(card, "2026-11-11", "2026-11-11"),  // sold on Saturday: counts as Monday
        line(debit, "2026-11-12", "2026-11-12"), // debited on Monday, taken on Friday
        line(debit, "2026-11-16", "2026-11-16"),
        line(debit, "2026-11-17", "2026-11-17"),
        line(card, "2026-11-20", "2026-11-20"),
        line(card, "2026-11-27", "2026-11-27"), // Thursday the 26th is closed
        line(debit, "2026-11-30", "2026-11-30"),
        line(debit, "2026-12-04", "2026-12-04"), // taken on Saturday the 28th
    ];
    assert_eq!(lists.first().unwrap().len(), daily.len(), "{lists:#?}");
    assert_eq!(lists.first().unwrap(), &daily);
    let weekly = [
        line(card, "2026-11-05", "2026-11-05"),
        line(card * 2 + debit, "2026-11-12", "2026-11-12"),
        line(debit * 2, "2026-11-19", "2026-11-19"),
        line(card, "2026-11-20", "2026-11-20"),
        line(card, "2026-11-27", "2026-11-27"),
        line(debit, "2026-12-03", "2026-12-03"),
        line(debit, "2026-12-04", "2026-12-04"),
    ];
    assert_eq!(lists.get(1).unwrap(), &weekly);
    let monthly = [
        line(card * 3 + debit, "2026-11-15", "2026-11-16"), // a Sunday
        line(both * 2 + debit, "2026-11-30", "2026-11-30"), // the 31st of a month of thirty days
        line(debit, "2026-12-15", "2026-12-15"),
    ];
    assert_eq!(lists.get(2).unwrap(), &monthly);
}

#[test]
fn bug_16_a_leftover_unit_is_given_by_accident() {
    // 1.01 shared equally: the odd cent goes where the split says, every time.
    for _ in 0..50 {
        assert_eq!(minors(&split(&[50, 50], Spare::First).allocate(usd(1_01)).unwrap()), [51, 50]);
        assert_eq!(minors(&split(&[50, 50], Spare::Last).allocate(usd(1_01)).unwrap()), [50, 51]);
        assert_eq!(minors(&split(&[50, 50], Spare::To(1)).allocate(usd(1_01)).unwrap()), [50, 51]);
    }
    // A weight of zero gets nothing, least of all a leftover.
    assert_eq!(minors(&split(&[0, 1, 1, 0], Spare::First).allocate(usd(3)).unwrap()), [0, 2, 1, 0]);
    assert_eq!(minors(&split(&[0, 1, 1, 0], Spare::Last).allocate(usd(3)).unwrap()), [0, 1, 2, 0]);
    assert_eq!(Split::new(vec![0, 1], Spare::To(0)), Err(MoneyError::SpareWithoutWeight(0)));
    // Where rounding down costs each a different part, the order in which they are named does not matter.
    let parties = [("ada", 50_u64), ("bo", 30), ("cy", 17)];
    let expected = BTreeMap::from([("ada", 52), ("bo", 31), ("cy", 18)]);
    for order in [[0, 1, 2], [0, 2, 1], [1, 0, 2], [1, 2, 0], [2, 0, 1], [2, 1, 0]] {
        let named: Vec<_> = order.iter().filter_map(|place: &usize| parties.get(*place)).collect();
        let weights: Vec<u64> = named.iter().map(|(_, weight)| *weight).collect();
        let parts = minors(&split(&weights, Spare::Largest).allocate(usd(1_01)).unwrap());
        let shares: BTreeMap<_, _> = named.iter().map(|(name, _)| *name).zip(parts).collect();
        assert_eq!(shares, expected, "{order:?}");
    }
}

#[test]
fn bug_17_the_commission_exceeds_what_is_there() {
    let mut shop = Shop::open();
    let jo = shop.seller(NewAccount::express(US));
    // More than the payment is refused.
    let too_much = NewPayment::card(usd(10_00)).application_fee(usd(10_01));
    let key = shop.key();
    let refused = shop.platform.acting_as(jo).unwrap().payments().create(&key, too_much);
    let error = PaymentError::FeeExceedsAmount { fee: usd(10_01), amount: usd(10_00) };
    assert_eq!(refused.map(|decided| decided.answer), Err(error.into()));
    // All of it is taken: the seller owes the processor's fee, and says so.
    shop.sell_as(jo, NewPayment::card(usd(10_00)).application_fee(usd(10_00)));
    assert_eq!(shop.lines(jo), ["charge 1000 - 1059 = -59 (charge)"]);
    shop.ends(&[(jo, -59), (shop.house, 10_00)]);
}

#[test]
fn bug_17_a_commission_vanishes_in_a_rule_that_makes_no_sense() {
    for nonsense in ["NaN", "", "-1%", "inf", "1e3%", "0.00000000001%"] {
        assert!(nonsense.parse::<Rate>().is_err(), "{nonsense}");
    }
    let negative = Price::new(US, PaymentMethod::Card, USD, Rate::ZERO, -1);
    let crossed = Price::new(US, PaymentMethod::Card, USD, Rate::ZERO, 0).at_least(6).at_most(5);
    for price in [negative, crossed] {
        let refused = Rulebook::standard().with_price(price);
        assert!(matches!(refused, Err(RulebookError::Invalid { table: Table::Prices, .. })));
    }
    // What is not priced is not free.
    let mut shop = Shop::open_by(DE, Rulebook::standard());
    let asked = shop.platform.payments().create("order-1", NewPayment::card(eur(10_00)));
    assert!(matches!(asked, Err(Error::Rulebook(RulebookError::UnknownPrice { .. }))));
}
