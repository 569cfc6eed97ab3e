//! Recipients who have what is sent to them a day later, and debits that are pulled back, refunded and disputed in between.

use fundroute::payments::{ChargeReversed, DisputeChange, DisputeOpened};
use fundroute::routing::{NewApplicationFeeRefund, NewTransferReturn, NewTransferReversal};
use fundroute::rulebook::Table;
use proptest::prelude::*;

use super::*;

/// A platform in the United States that is paid in euros, and sends them to recipients in Germany.
fn rules() -> Rulebook {
    let by = |method| Price::new(US, method, EUR, Rate::ZERO, 10);
    let mut book = Rulebook::standard()
        .with_vetting(Vetting::ByHost)
        .with_unbanked_settlement(true)
        .with_settlement_currencies(US, &[USD, EUR])
        .and_then(|book| book.with_price(by(PaymentMethod::SepaDebit)))
        .and_then(|book| book.with_price(by(PaymentMethod::Card)))
        .unwrap();
    let head = "era,platform,account,agreement,lane,fee,flows,source";
    let row = "self_serve,US,DE,recipient,recipient,0%,destination separate top_up,us";
    book.read(Table::CrossBorder, &format!("{head}\n{row}\n")).unwrap();
    book
}

/// A rig whose first account is a recipient.
fn abroad() -> Rig {
    use fundroute::rulebook::Capability;
    let mut platform = Platform::new(NewPlatform::in_country(US), rules(), utc(2026, 11, 2).at(9, 0)).unwrap();
    let mut world = World::new();
    let jo = NewAccount::custom(DE).request(Capability::Transfers).recipient();
    let jo = world.onboard(&mut platform, jo).unwrap();
    let flo = world.onboard(&mut platform, NewAccount::standard(US)).unwrap();
    world.settle(&mut platform).unwrap();
    platform.payouts().set_schedule("by hand", jo, fundroute::payouts::PayoutSchedule::Manual).unwrap();
    let (start, started) = (platform.snapshot(), platform.now());
    Rig { platform, start, started, journal: Vec::new(), jo, flo, keys: 0 }
}

fn sold(rig: &mut Rig, minor: i64) -> (PaymentId, ChargeId) {
    let jo = rig.jo;
    let order = NewPayment::by(PaymentMethod::SepaDebit, eur(minor)).destination(jo).application_fee(eur(minor / 10));
    let sale = rig.pay(order);
    let charge = rig.charge(sale);
    rig.tell(took(charge, eur(minor)));
    (sale, charge)
}

fn date(rig: &Rig, charge: ChargeId) -> Timestamp {
    rig.platform.charge(charge).unwrap().captured().unwrap().available_on()
}

fn disputed(charge: ChargeId, amount: Money) -> Fact {
    Fact::DisputeOpened(DisputeOpened {
        charge: charge.into(),
        reference: format!("du-{charge}"),
        amount,
        reason: fundroute::payments::DisputeReason::DebitNotAuthorized,
        case: fundroute::payments::DisputeCase::Chargeback,
        network: None,
        respond_by: None,
        settled: None,
    })
}

fn changed(charge: ChargeId, change: DisputeChange) -> Fact {
    Fact::DisputeChanged(fundroute::payments::DisputeChanged {
        dispute: format!("du-{charge}").as_str().into(),
        change,
    })
}

#[test]
fn orders_in_between_end_the_same() {
    let mut rig = abroad();
    let (sale, charge) = sold(&mut rig, 100_00);
    rig.until(date(&rig, charge).checked_add(hours(2)).unwrap());
    let back = NewRefund::of(sale).amount(eur(40_00)).reverse_transfer().refund_application_fee();
    let Answer::Refund(refund) = rig.run(Command::CreateRefund(back)).unwrap().answer else { panic!() };
    let facts = vec![
        (9, Fact::ChargeReversed(ChargeReversed::of(charge, eur(100_00)))),
        (8, disputed(charge, eur(100_00))),
        (7, changed(charge, DisputeChange::FundsWithdrawn)),
        (6, Fact::RefundFailed(RefundFailed { refund, reason: RefundFailure::Declined })),
        (5, Fact::RefundSucceeded(RefundSucceeded { refund })),
    ];
    let end = all_orders_agree(&rig, facts);
    assert_eq!(end.total(end.jo, EUR), 90_00 - 36_00);
}

/// Whatever is given back, by whom and when, in whatever parts: the recipient keeps nothing of what is back, and owes nothing.
#[derive(Clone, Debug)]
enum Step {
    Refund(u32, bool),
    Reverse(u32),
    Return(u32),
    Commission(u32),
    Fails(usize),
    Wait(u8),
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        3 => (any::<u32>(), any::<bool>()).prop_map(|(part, shares)| Step::Refund(part, shares)),
        1 => any::<u32>().prop_map(Step::Reverse),
        1 => any::<u32>().prop_map(Step::Return),
        1 => any::<u32>().prop_map(Step::Commission),
        1 => any::<usize>().prop_map(Step::Fails),
        3 => (0..60_u8).prop_map(Step::Wait),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(150))]

    #[test]
    fn a_recipient_gives_back_what_it_got_and_no_more(
        minor in 1_00..300_00_i64,
        days_before in 0..12_i64,
        steps in proptest::collection::vec(step(), 1..14),
    ) {
        let mut rig = abroad();
        let jo = rig.jo;
        // What the platform needs to give things back with.
        let float = rig.pay(NewPayment::card(eur(2_000_00)));
        let float = rig.charge(float);
        rig.tell(took(float, eur(2_000_00)));
        rig.wait(days(14));
        let (sale, charge) = sold(&mut rig, minor);
        rig.wait(days(days_before));
        let mut refunds = Vec::new();
        for step in steps {
            let known = rig.platform.charge(charge).unwrap().clone();
            let part = |whole: i64, part: u32| eur((i128::from(whole) * i128::from(part % 1_000) / 900).try_into().unwrap());
            let transfer = rig.platform.transfer(known.transfer().unwrap()).unwrap().clone();
            let got = match step {
                Step::Refund(share, shares) => {
                    let back = NewRefund::of(sale).amount(part(minor, share));
                    let back = if shares {
                        back.reverse_transfer().refund_application_fee()
                    } else {
                        back.keep_transfer().keep_application_fee()
                    };
                    rig.run(Command::CreateRefund(back))
                }
                Step::Reverse(share) => {
                    let back = NewTransferReversal::of(transfer.id()).amount(part(minor, share));
                    rig.run(Command::ReverseTransfer(back))
                }
                Step::Return(share) => {
                    let amount = Some(part(minor, share));
                    let back = NewTransferReturn { transfer: transfer.id(), amount };
                    rig.by(Actor::Holder, jo, Command::ReturnTransfer(back))
                }
                Step::Commission(share) => {
                    let fee = known.application_fee().unwrap();
                    rig.run(Command::RefundApplicationFee(NewApplicationFeeRefund::of(fee).amount(part(minor / 10, share))))
                }
                Step::Fails(which) if !refunds.is_empty() => {
                    let refund: RefundId = refunds[which % refunds.len()];
                    rig.tell(Fact::RefundFailed(RefundFailed { refund, reason: RefundFailure::Declined }));
                    continue;
                }
                Step::Fails(_) => continue,
                Step::Wait(time) => {
                    rig.wait(hours(time.into()));
                    continue;
                }
            };
            if let Ok(Decided { answer: Answer::Refund(refund), .. }) = got {
                refunds.push(refund);
            }
            let charge = rig.platform.charge(charge).unwrap();
            let transfer = rig.platform.transfer(transfer.id()).unwrap();
            let fee = rig.platform.application_fee(charge.application_fee().unwrap()).unwrap();
            let has = transfer.amount().minor() - transfer.amount_reversed().minor() - minor / 10 + fee.amount_refunded().minor();
            prop_assert_eq!(rig.total(jo, EUR), i128::from(has));
            let balance = rig.platform.balance(jo, EUR).unwrap();
            let pending = rig.platform.pending(jo, EUR);
            prop_assert!(balance.pending == 0 || balance.available == 0, "{:?}", balance);
            prop_assert!(pending.iter().all(|(on, _)| *on == transfer.available_on()), "{:?}", pending);
        }
        rig.sound();
        rig.wait(days(40));
        rig.sound();
    }
}

/// What was decided before a date and stored after it, while the money of that date has become available: it is turned away, or has
/// come to what it would have come to then.
#[test]
fn decisions_that_are_late_for_a_settlement_put_nothing_on_a_day_that_is_over() {
    let mut met = [0, 0];
    for (later, wait) in [(hours(-3), 5), (hours(-3), 30), (hours(3), 25)] {
        let mut rig = abroad();
        let jo = rig.jo;
        let float = rig.pay(NewPayment::card(eur(2_000_00)));
        let float = rig.charge(float);
        rig.tell(took(float, eur(2_000_00)));
        rig.wait(days(14));
        let (sale, charge) = sold(&mut rig, 100_00);
        rig.until(date(&rig, charge).checked_add(later).unwrap());
        let known = rig.platform.charge(charge).unwrap();
        let (transfer, fee) = (known.transfer().unwrap(), known.application_fee().unwrap());
        let back = NewRefund::of(sale).amount(eur(30_00));
        let asked = [
            Command::CreateRefund(back.clone().reverse_transfer().refund_application_fee()),
            Command::CreateRefund(back.keep_transfer().keep_application_fee()),
            Command::CreateTransfer(NewTransfer::to(jo, eur(1_00))),
            Command::ReverseTransfer(NewTransferReversal::of(transfer).amount(eur(9_00))),
            Command::RefundApplicationFee(NewApplicationFeeRefund::of(fee)),
        ];
        let told = [Fact::ChargeReversed(ChargeReversed::of(charge, eur(100_00))), disputed(charge, eur(80_00))];
        let now = rig.platform.now();
        let mut late: Vec<Changes> = Vec::new();
        for (number, command) in asked.into_iter().enumerate() {
            late.push(rig.platform.decide(&Request::new(format!("late-{number}"), command)).unwrap().changes);
        }
        for (number, fact) in told.into_iter().enumerate() {
            late.push(rig.platform.decide_fact(&Report::new(format!("late-{number}"), now, fact)).unwrap().changes);
        }
        for changes in late {
            let mut before = rig.platform.clone();
            before.apply(&changes).unwrap();
            let mut after = rig.platform.clone();
            after.advance_to(now.checked_add(hours(wait)).unwrap()).unwrap();
            match after.apply(&changes) {
                Err(Error::Stale(_)) => met[0] += 1,
                Err(error) => panic!("{error}"),
                Ok(()) => met[1] += 1,
            }
            assert_eq!(after.audit(), []);
            for platform in [&mut before, &mut after] {
                platform.advance_to(now.plus_days(40).unwrap()).unwrap();
                for (account, currency) in platform.balances() {
                    assert_eq!(platform.pending(account, currency), [], "left behind");
                }
                assert_eq!(platform.audit(), []);
            }
        }
    }
    assert!(met[0] > 3 && met[1] > 0, "{met:?}");
}
