//! What banks tell of debits for what accounts owe, among all else that is told.

use fundroute::payouts::NewPayout;
use fundroute::payouts::debt::BankDebit;
use fundroute::routing::NewTransferReversal;

use super::*;

/// A bank that was asked for 50.00, told to have been handed the debit, to have paid, twice, and not to have paid, or to have pulled it back,
/// twice; or that the processor has called it off, twice: all orders of these facts end the same, at once and a month later.
#[test]
fn every_order_of_what_is_told_of_the_debit_of_a_bank_ends_the_same() {
    for (is_paid, is_failed, code, is_canceled) in [
        (true, false, "", false),
        (true, true, "insufficient_funds", false),
        (true, true, "no_account", false),
        (false, true, "the_dog_ate_it", false),
        (false, false, "", true),
        (false, true, "insufficient_funds", true),
        (false, true, "no_account", true),
        (true, false, "", true),
    ] {
        let mut stage = plain();
        let float = Request::new("float", Command::CreatePayment(NewPayment::card(usd(500_00))));
        stage.play(&Act::Ask(float)).unwrap();
        let charge = stage.ids(|id| if let ObjectId::Charge(id) = id { Some(id) } else { None })[0];
        let now = stage.platform.now();
        stage.platform.payments().record_succeeded("float", now, charge, usd(500_00)).unwrap();
        stage.platform.advance_to(now.plus_days(10).unwrap()).unwrap();
        let jo = stage.accounts()[0];
        let sent = stage.platform.transfers().create("sent", NewTransfer::to(jo, usd(60_00))).unwrap().answer;
        let out = Request::new("out", Command::CreatePayout(NewPayout::of(usd(60_00)))).acting_as(jo);
        stage.platform.handle(out).unwrap();
        let back = NewTransferReversal::of(sent).amount(usd(50_00));
        stage.platform.handle(Request::new("back", Command::ReverseTransfer(back))).unwrap();
        stage.platform.advance_to(stage.platform.now().plus_days(5).unwrap()).unwrap();
        let BankDebit::UnderWay { payout } = stage.platform.bank_debit(jo, USD).unwrap() else { panic!("no debit") };
        let now = stage.platform.now();
        let at = |hours: i64| now.checked_add(chrono::TimeDelta::hours(-hours)).unwrap();
        let failed = |code: &str| Fact::PayoutFailed(PayoutFailed { payout, failure_code: code.to_owned() });
        let mut facts = vec![(at(40), Fact::PayoutSubmitted(PayoutSubmitted { payout }))];
        if is_paid {
            facts.extend([30, 31].map(|hours| (at(hours), Fact::PayoutPaid(PayoutPaid { payout }))));
        }
        if is_failed {
            facts.extend([(at(20), failed(code)), (at(21), failed(code))]);
        }
        if is_canceled {
            facts.extend([22, 25].map(|hours| (at(hours), Fact::PayoutCanceled(PayoutCanceled { payout }))));
        }
        let number = |(number, (at, fact))| Report::new(format!("f{number}"), at, fact);
        let facts: Vec<Report> = facts.into_iter().enumerate().map(number).collect();
        let until = now.plus_days(30).unwrap();
        let expected = told(&stage, &facts, until);
        permutations(&facts, &mut Vec::new(), &mut |order| {
            assert_eq!(told(&stage, order, until), expected, "{order:#?}");
        });
    }
}
