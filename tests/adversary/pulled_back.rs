//! Debits that banks pull back, among refunds, disputes, transfers and payouts of the same money.

use fundroute::ids::TransferId;
use fundroute::payments::{ChargeReversed, DisputeChange, DisputeOpened};
use fundroute::routing::{NewApplicationFeeRefund, NewTransferReversal};

use super::*;

fn pulled(charge: impl Into<Named>, amount: Money) -> Fact {
    Fact::ChargeReversed(ChargeReversed::of(charge, amount))
}

fn disputed(charge: ChargeId, name: &str, amount: Money) -> Fact {
    Fact::DisputeOpened(DisputeOpened {
        charge: charge.into(),
        reference: name.to_owned(),
        amount,
        reason: fundroute::payments::DisputeReason::DebitNotAuthorized,
        case: fundroute::payments::DisputeCase::Chargeback,
        network: None,
        respond_by: None,
        settled: None,
    })
}

fn changed(name: &str, change: DisputeChange) -> Fact {
    Fact::DisputeChanged(fundroute::payments::DisputeChanged { dispute: name.into(), change })
}

/// A debit of 100.00 for another account, of which 1.00 is the platform's, and settled; the platform has next to nothing left.
fn sold(is_drained: bool) -> (Rig, PaymentId, ChargeId) {
    let mut rig = Rig::open(DE, book());
    let (jo, flo) = (rig.jo, rig.flo);
    let order = NewPayment::by(PaymentMethod::SepaDebit, eur(100_00)).destination(jo).application_fee(eur(1_00));
    let sale = rig.pay(order);
    let charge = rig.charge(sale);
    rig.tell(took(charge, eur(100_00)));
    rig.wait(days(20));
    if is_drained {
        let left = rig.platform.balance(rig.house(), EUR).unwrap().available;
        let left = eur(i64::try_from(left).unwrap());
        rig.run(Command::CreateTransfer(NewTransfer::to(flo, left))).unwrap();
    }
    (rig, sale, charge)
}

fn refund(rig: &mut Rig, refund: NewRefund) -> RefundId {
    let Answer::Refund(id) = rig.run(Command::CreateRefund(refund)).unwrap().answer else { panic!() };
    id
}

#[test]
fn orders_around_a_refund_that_waits() {
    let (mut rig, sale, charge) = sold(true);
    let back = NewRefund::of(sale).amount(eur(40_00)).keep_transfer().keep_application_fee();
    let waiting = refund(&mut rig, back.clone());
    let second = refund(&mut rig, back.amount(eur(7_00)));
    assert!(rig.platform.refund(waiting).unwrap().is_waiting());
    rig.wait(days(1));
    let facts = vec![
        (23, disputed(charge, "du_1", eur(60_00))),
        (22, changed("du_1", DisputeChange::FundsWithdrawn)),
        (21, pulled(charge, eur(100_00))),
        (20, pulled(charge, eur(30_00))),
        (19, Fact::RefundFailed(RefundFailed { refund: waiting, reason: RefundFailure::Declined })),
        (18, Fact::RefundCanceled(RefundCanceled { refund: second })),
    ];
    let end = all_orders_agree(&rig, facts);
    assert_eq!(end.platform.charge(charge).unwrap().reversed(), eur(40_00));
    assert_eq!(end.total(end.house(), EUR), -100_00 - 15_00);
}

#[test]
fn orders_around_a_refund_on_its_way() {
    let (mut rig, sale, charge) = sold(false);
    let jo = rig.jo;
    rig.run(Command::CreateTransfer(NewTransfer::to(jo, eur(50)))).unwrap();
    let back = NewRefund::of(sale).amount(eur(30_00)).reverse_transfer().refund_application_fee();
    let under_way = refund(&mut rig, back);
    rig.wait(days(1));
    let facts = vec![
        (23, disputed(charge, "du_1", eur(100_00))),
        (22, changed("du_1", DisputeChange::FundsWithdrawn)),
        (21, changed("du_1", DisputeChange::Won)),
        (20, pulled(charge, eur(100_00))),
        (19, Fact::RefundSucceeded(RefundSucceeded { refund: under_way })),
        (18, Fact::RefundFailed(RefundFailed { refund: under_way, reason: RefundFailure::Declined })),
    ];
    let end = all_orders_agree(&rig, facts);
    let charge = end.platform.charge(charge).unwrap();
    assert_eq!(
        (charge.reversed(), charge.refundable(), charge.captured().unwrap().refunded()),
        (eur(100_00), eur(0), 0)
    );
}

#[test]
fn orders_of_two_disputes_that_share_what_was_pulled_back() {
    let (mut rig, _, charge) = sold(false);
    rig.wait(days(1));
    let facts = vec![
        (23, disputed(charge, "du_1", eur(70_00))),
        (22, changed("du_1", DisputeChange::FundsWithdrawn)),
        (21, disputed(charge, "du_2", eur(70_00))),
        (20, changed("du_2", DisputeChange::FundsWithdrawn)),
        (19, changed("du_2", DisputeChange::PartlyWon { amount: eur(69_99) })),
        (18, pulled(charge, eur(99_99))),
    ];
    let end = all_orders_agree(&rig, facts);
    assert_eq!(end.platform.charge(charge).unwrap().reversed(), eur(99_99 - 70_01));
}

#[test]
fn orders_around_a_debit_that_seemed_to_fail() {
    let mut rig = Rig::open(DE, book());
    let jo = rig.jo;
    let order = NewPayment::by(PaymentMethod::SepaDebit, eur(100_00)).destination(jo).application_fee(eur(1_00));
    let sale = rig.pay(order);
    let charge = rig.charge(sale);
    rig.wait(days(1));
    let outside = || Named::Reference("outside".to_owned());
    let facts = vec![
        (23, lost(charge, DebitFailure::InsufficientFunds)),
        (22, Fact::ChargeSubmitted(ChargeSubmitted { charge, reference: "outside".to_owned() })),
        (21, took(charge, eur(100_00))),
        (20, pulled(outside(), eur(100_00))),
        (19, pulled(charge, eur(100_01))),
        (18, disputed(charge, "du_1", eur(1))),
    ];
    let end = all_orders_agree(&rig, facts);
    assert_eq!(end.platform.charge(charge).unwrap().reversed(), eur(100_00));
    assert_eq!(end.reasons(), [AnomalyReason::AmountDiffers]);
}

/// What can be decided about one sale, by anybody.
fn moves(rig: &mut Rig, sale: PaymentId, charge: ChargeId, open: RefundId) -> Vec<Act> {
    let transfer: TransferId = rig.platform.charge(charge).unwrap().transfer().unwrap();
    let fee = rig.platform.charge(charge).unwrap().application_fee().unwrap();
    let (jo, now) = (rig.jo, rig.platform.now());
    let back = NewRefund::of(sale).amount(eur(20_00));
    let asked = [
        Command::CreateRefund(back.clone().reverse_transfer().refund_application_fee()),
        Command::CreateRefund(back.keep_transfer().keep_application_fee()),
        Command::CreateTransfer(NewTransfer::to(jo, eur(60))),
        Command::ReverseTransfer(NewTransferReversal::of(transfer).amount(eur(90_00))),
        Command::RefundApplicationFee(NewApplicationFeeRefund::of(fee)),
        Command::CreatePayout(fundroute::payouts::NewPayout::of(eur(50))),
    ];
    let told = [
        pulled(charge, eur(100_00)),
        pulled(charge, eur(55_00)),
        disputed(charge, "du_2", eur(80_00)),
        changed("du_1", DisputeChange::FundsWithdrawn),
        changed("du_1", DisputeChange::Lost),
        Fact::RefundFailed(RefundFailed { refund: open, reason: RefundFailure::Declined }),
        Fact::RefundSucceeded(RefundSucceeded { refund: open }),
    ];
    let asked = asked.into_iter().map(|command| Act::Ask(Request::new(rig.key(), command)));
    let mut acts: Vec<Act> = asked.collect();
    for (number, fact) in told.into_iter().enumerate() {
        acts.push(Act::Tell(Report::new(format!("told-{number}"), now, fact)));
    }
    acts
}

#[derive(Clone, Debug)]
enum Act {
    Ask(Request),
    Tell(Report),
}

impl Act {
    fn decide(&self, platform: &Platform) -> Option<Changes> {
        match self {
            Self::Ask(request) => platform.decide(request).ok().map(|decided| decided.changes),
            Self::Tell(report) => Some(platform.decide_fact(report).unwrap().changes),
        }
    }
}

fn pots(platform: &Platform) -> Pots {
    outcome(platform).1
}

/// Two workers decide at once, and store one after the other: the second one is turned away, or comes to what it would have come to
/// had it decided after the first.
#[test]
fn two_workers_who_decide_at_once_come_to_the_same_as_one() {
    let mut met = [0, 0, 0];
    for waits in [false, true] {
        let (mut rig, sale, charge) = sold(waits);
        let back = NewRefund::of(sale).amount(eur(10_00)).keep_transfer().keep_application_fee();
        if !waits {
            let flo = rig.flo;
            let more = rig.pay(NewPayment::by(PaymentMethod::SepaDebit, eur(500_00)));
            let more = rig.charge(more);
            rig.tell(took(more, eur(500_00)));
            rig.wait(days(20));
            rig.run(Command::CreateTransfer(NewTransfer::to(flo, eur(400_00)))).unwrap();
        }
        let open = refund(&mut rig, back);
        assert_eq!(rig.platform.refund(open).unwrap().is_waiting(), waits);
        rig.tell(disputed(charge, "du_1", eur(10_00)));
        let acts = moves(&mut rig, sale, charge, open);
        for (one, first) in acts.iter().enumerate() {
            for (other, second) in acts.iter().enumerate().filter(|(other, _)| *other != one) {
                let base = &rig.platform;
                let (Some(first_changes), Some(late)) = (first.decide(base), second.decide(base)) else { continue };
                let mut after = base.clone();
                after.apply(&first_changes).unwrap();
                let mut serial = after.clone();
                let again = second.decide(&serial);
                match after.apply(&late) {
                    Err(Error::Stale(_)) => met[0] += 1,
                    Err(error) => panic!("{error}"),
                    Ok(()) => {
                        let Some(again) = again else { panic!("{first:?} then {second:?}, refused by itself") };
                        serial.apply(&again).unwrap();
                        met[1] += 1;
                        assert_eq!(pots(&after), pots(&serial), "{one} {other}: {first:?} then {second:?}");
                        assert_eq!(after.audit(), []);
                        for platform in [&mut after, &mut serial] {
                            platform.advance_to(base.now().plus_days(40).unwrap()).unwrap();
                        }
                        assert_eq!(pots(&after), pots(&serial), "later, {one} {other}: {first:?} then {second:?}");
                    }
                }
                met[2] += 1;
            }
        }
    }
    assert!(met[0] > 20 && met[1] > 20, "{met:?}");
}

/// Stored as text and read again after every step, a platform goes on as if nothing had been.
#[test]
fn a_restart_between_any_two_facts_changes_nothing() {
    let (mut rig, sale, charge) = sold(true);
    let waiting = refund(&mut rig, NewRefund::of(sale).amount(eur(40_00)).keep_transfer().keep_application_fee());
    let now = rig.platform.now();
    let facts = [
        pulled(Named::Reference("x".to_owned()), eur(3_00)),
        Fact::ChargeSubmitted(ChargeSubmitted { charge, reference: "x".to_owned() }),
        disputed(charge, "du_1", eur(60_00)),
        changed("du_1", DisputeChange::FundsWithdrawn),
        pulled(charge, eur(100_00)),
        Fact::RefundFailed(RefundFailed { refund: waiting, reason: RefundFailure::Declined }),
        changed("du_1", DisputeChange::Won),
    ];
    let mut other = rig.platform.clone();
    for (number, fact) in facts.into_iter().enumerate() {
        let text = serde_json::to_string(&other.snapshot()).unwrap();
        let read: Snapshot = serde_json::from_str(&text).unwrap();
        let bytes = postcard::to_stdvec(&read).unwrap();
        let read: Snapshot = postcard::from_bytes(&bytes).unwrap();
        other = Platform::restore(rig.platform.rulebook().clone(), read, other.now());
        let report = Report::new(format!("f{number}"), now, fact);
        assert_eq!(other.record(&report).unwrap(), rig.record(&report));
        let step = other.now().checked_add(hours(5 * i64::try_from(number).unwrap())).unwrap();
        other.advance_to(step).unwrap();
        rig.until(step);
        assert_eq!((other.snapshot(), other.instructions()), (rig.platform.snapshot(), rig.platform.instructions()));
    }
    rig.sound();
}

/// Refunds of two sales wait for one balance; the first one's sale is pulled back while money comes.
#[test]
fn orders_around_a_queue_whose_first_refund_is_ended() {
    let mut rig = Rig::open(DE, book());
    let flo = rig.flo;
    let mut sold = |minor| {
        let sale = rig.pay(NewPayment::by(PaymentMethod::SepaDebit, eur(minor)));
        let charge = rig.charge(sale);
        rig.tell(took(charge, eur(minor)));
        (sale, charge)
    };
    let [(first, pulled_from), (second, _), (third, _)] = [sold(100_00), sold(60_00), sold(200_00)];
    rig.wait(days(20));
    let given = refund(&mut rig, NewRefund::of(third).amount(eur(130_00)));
    let left = rig.platform.balance(rig.house(), EUR).unwrap().available;
    rig.run(Command::CreateTransfer(NewTransfer::to(flo, eur(i64::try_from(left).unwrap() - 10_00)))).unwrap();
    let waits = refund(&mut rig, NewRefund::of(first).amount(eur(40_00)));
    let behind = refund(&mut rig, NewRefund::of(second).amount(eur(5_00)));
    assert!([waits, behind].into_iter().all(|id| rig.platform.refund(id).unwrap().is_waiting()));
    rig.wait(hours(12));
    let facts = vec![
        (9, pulled(pulled_from, eur(100_00))),
        (8, Fact::RefundFailed(RefundFailed { refund: given, reason: RefundFailure::Declined })),
        (7, Fact::RefundFailed(RefundFailed { refund: waits, reason: RefundFailure::Declined })),
        (6, disputed(pulled_from, "du_1", eur(100_00))),
        (5, changed("du_1", DisputeChange::FundsWithdrawn)),
    ];
    let end = all_orders_agree(&rig, facts);
    let mut later = end.clone();
    later.wait(hours(1));
    assert!(later.platform.refund(behind).unwrap().booked_at().is_some(), "it was covered");
    assert_eq!(later.total(later.house(), EUR), 10_00 + 130_00 - 100_00 - 15_00 - 5_00);
}
