//! Facts about disputes and fraud warnings, alone and among those of their charge.

use fundroute::payments::{
    Charge, DisputeCase, DisputeChange, DisputeChanged, DisputeOpened, DisputeReason, FraudType, FraudWarned,
    NamedDispute,
};
use fundroute::rulebook::CardBrand;

use super::*;

/// The courses that a dispute may take, each without contradiction: what sort of case it is, and what happens, in its order.
fn course(number: u8, amount: Money, respond_by: Timestamp) -> (DisputeCase, Vec<DisputeChange>) {
    use DisputeCase::{Chargeback, Inquiry, Resolution};
    use DisputeChange::{
        Appealed, Escalated, FundsReinstated, FundsWithdrawn, InquiryClosed, Lost, PartlyWon, Prevented, Won,
    };

    let part = PartlyWon { amount: Money::new(amount.minor() / 2, amount.currency()) };
    let (appealed, escalated) = (Appealed { respond_by }, Escalated { respond_by: Some(respond_by) });
    match number % 10 {
        0 => (Chargeback, vec![FundsWithdrawn, Won]),
        1 => (Chargeback, vec![FundsWithdrawn, Lost, Won]),
        2 => (Inquiry, vec![escalated, FundsWithdrawn, Lost]),
        3 => (Inquiry, vec![InquiryClosed]),
        4 => (Chargeback, vec![FundsWithdrawn, Won, FundsReinstated, appealed, Lost]),
        5 => (Chargeback, vec![FundsWithdrawn, Lost, part]),
        6 => (Resolution, vec![FundsWithdrawn]),
        7 => (Inquiry, vec![FundsWithdrawn, FundsReinstated, Prevented]),
        8 => (Chargeback, vec![FundsWithdrawn, Lost, appealed, Won]),
        _ => (Inquiry, vec![escalated, FundsWithdrawn, FundsReinstated]),
    }
}

/// What happened to one charge, whether or not it is known yet that its money was taken: two disputes of it at most, some of whose
/// turns are told twice with other times, and warnings.
pub(super) fn about_dispute(stage: &Stage, charge: &Charge, roll: (u8, u8, u32, u32)) -> Vec<(Timestamp, Fact)> {
    let (what, how, early, late) = roll;
    let mut facts = Vec::new();
    let by_reference = how & 64 == 0;
    let outside = || Named::Reference(format!("outside-{}", charge.id()));
    let named = || if by_reference { outside() } else { Named::Id(charge.id()) };
    let times = |number: u32| past(stage, early.wrapping_mul(number.wrapping_mul(2_654_435_761) | 1) ^ late);
    for number in 0..=(what & 1) {
        let amount = Money::new((charge.amount().minor() / i64::from(number + 1)).max(2), charge.amount().currency());
        let reference = format!("dispute-{number}-{}", charge.id());
        let mut at: Vec<Timestamp> = (1..8).map(|turn| times(turn + 8 * u32::from(number))).collect();
        at.sort_unstable();
        let respond_by = stage.platform.now().plus_days(i64::from(how % 20) - 8).unwrap();
        let (case, changes) = course(how / 2 + 3 * number, amount, respond_by);
        let opened = DisputeOpened {
            charge: named(),
            reference: reference.clone(),
            amount,
            reason: DisputeReason::General,
            case,
            network: Some(CardBrand::Visa),
            respond_by: (what & 6 != 0).then_some(respond_by),
            settled: None,
        };
        facts.push((at[0], Fact::DisputeOpened(opened.clone())));
        if what & 8 == 0 {
            facts.push((times(77), Fact::DisputeOpened(opened)));
        }
        for (place, change) in changes.into_iter().enumerate() {
            let dispute = || NamedDispute::Reference(reference.clone());
            let fact = Fact::DisputeChanged(DisputeChanged { dispute: dispute(), change });
            facts.push((at[place + 1], fact.clone()));
            if what & 16 != 0 && !matches!(change, DisputeChange::FundsReinstated) {
                facts.push((at[place + 1].max(times(5)).min(at[place + 2]), fact));
            }
        }
    }
    for number in 0..(what >> 5) % 3 {
        let warned = FraudWarned {
            charge: named(),
            reference: format!("warning-{number}-{}", charge.id()),
            fraud_type: FraudType::Misc,
        };
        facts.push((times(100 + u32::from(number)), Fact::FraudWarned(warned.clone())));
        facts.push((times(200 + u32::from(number)), Fact::FraudWarned(warned)));
    }
    facts
}

/// One charge, warned of and disputed: taken up, succeeded, a warning, an inquiry that escalates, its money withdrawn, lost, and won
/// after all. All 5,040 orders of seven facts end the same, and so does each of them with any fact told again at the end.
#[test]
fn every_order_of_what_is_told_of_a_disputed_charge_ends_the_same() {
    for (country_of_fee, by_reference) in [(true, true), (false, false)] {
        let mut stage = plain();
        let jo = stage.accounts()[0];
        let sale = NewPayment::card(usd(20_00));
        let sale = if country_of_fee { sale.destination(jo).application_fee(usd(3_00)) } else { sale };
        let sale = stage.platform.payments().create("sale", sale).unwrap().answer;
        let charge = stage.platform.charge_of(sale).unwrap().id();
        stage.platform.advance_to(stage.platform.now().plus_days(3).unwrap()).unwrap();
        let now = stage.platform.now();
        let at = |hours: i64| now.checked_add(chrono::TimeDelta::hours(-hours)).unwrap();
        let named = if by_reference { Named::Reference("outside".to_owned()) } else { Named::Id(charge) };
        let opened = DisputeOpened {
            charge: named.clone(),
            reference: "du_1".to_owned(),
            amount: usd(20_00),
            reason: DisputeReason::Fraudulent,
            case: DisputeCase::Inquiry,
            network: Some(CardBrand::Visa),
            respond_by: Some(now.plus_days(4).unwrap()),
            settled: None,
        };
        let changed = |change| {
            let dispute = NamedDispute::Reference("du_1".to_owned());
            Fact::DisputeChanged(DisputeChanged { dispute, change })
        };
        let (reference, fraud_type) = ("issfr_1".to_owned(), FraudType::UnauthorizedUseOfCard);
        let facts = [
            (at(70), Fact::ChargeSubmitted(ChargeSubmitted { charge, reference: "outside".to_owned() })),
            (at(60), Fact::ChargeSucceeded(ChargeSucceeded::of(named.clone(), usd(20_00)))),
            (at(50), Fact::FraudWarned(FraudWarned { charge: named, reference, fraud_type })),
            (at(40), Fact::DisputeOpened(opened)),
            (at(30), changed(DisputeChange::FundsWithdrawn)),
            (at(20), changed(DisputeChange::Lost)),
            (at(10), changed(DisputeChange::Won)),
        ];
        let facts: Vec<Report> = facts
            .into_iter()
            .enumerate()
            .map(|(number, (at, fact))| Report::new(format!("f{number}"), at, fact))
            .collect();
        let until = now.plus_days(9).unwrap();
        let expected = told(&stage, &facts, until);
        let mut orders = 0;
        permutations(&facts, &mut Vec::new(), &mut |order| {
            // Each order with another fact told again, under an id of its own.
            let mut order = order.to_vec();
            let again = &facts[orders % facts.len()];
            order.push(Report { id: "again".to_owned(), ..again.clone() });
            orders += 1;
            let [once, later] = told(&stage, &order, until);
            let forget = |outcome: (BTreeMap<ObjectId, Record>, Pots)| {
                // That it was told again is an anomaly of the charge, which succeeds once.
                let (mut records, pots) = outcome;
                records.retain(|_, record| !matches!(record, Record::Anomaly(_)));
                (records, pots)
            };
            assert_eq!([forget(once), forget(later)], expected, "{order:#?}");
        });
        assert_eq!(orders, 5_040);
    }
}

/// One debit, told to have failed twice and taken after all, then disputed, withdrawn and won; and one that is told to have failed, in
/// words that cost a fee and in words that do not. All 5,040 orders of what is told of both end the same.
#[test]
fn every_order_of_what_is_told_of_debits_ends_the_same() {
    let mut stage = plain();
    let jo = stage.accounts()[2];
    let mut debit = |key: &str| {
        let order = NewPayment::by(PaymentMethod::SepaDebit, eur(20_00));
        let sale = stage.platform.acting_as(jo).unwrap().payments().create(key, order).unwrap().answer;
        stage.platform.charge_of(sale).unwrap().id()
    };
    let (charge, other) = (debit("one"), debit("other"));
    stage.platform.advance_to(stage.platform.now().plus_days(3).unwrap()).unwrap();
    let now = stage.platform.now();
    let at = |hours: i64| now.checked_add(chrono::TimeDelta::hours(-hours)).unwrap();
    let opened = DisputeOpened {
        charge: charge.into(),
        reference: "du_1".to_owned(),
        amount: eur(20_00),
        reason: DisputeReason::DebitNotAuthorized,
        case: DisputeCase::Chargeback,
        network: None,
        respond_by: Some(now.plus_days(4).unwrap()),
        settled: None,
    };
    let changed = |change| {
        let dispute = NamedDispute::Reference("du_1".to_owned());
        Fact::DisputeChanged(DisputeChanged { dispute, change })
    };
    let failed =
        |charge: ChargeId, failure: ChargeFailure| Fact::ChargeFailed(ChargeFailed { charge: charge.into(), failure });
    let facts = [
        (at(60), failed(charge, DebitFailure::ReferToCustomer.into())),
        (at(50), Fact::ChargeSucceeded(ChargeSucceeded::of(charge, eur(20_00)))),
        (at(40), Fact::DisputeOpened(opened)),
        (at(30), changed(DisputeChange::FundsWithdrawn)),
        (at(20), changed(DisputeChange::Won)),
        (at(50), failed(other, DebitFailure::InsufficientFunds.into())),
        (at(60), failed(other, DeclineCode::GenericDecline.into())),
    ];
    let facts: Vec<Report> =
        facts.into_iter().enumerate().map(|(number, (at, fact))| Report::new(format!("f{number}"), at, fact)).collect();
    let until = now.plus_days(20).unwrap();
    let expected = told(&stage, &facts, until);
    let mut orders = 0;
    permutations(&facts, &mut Vec::new(), &mut |order| {
        orders += 1;
        assert_eq!(told(&stage, order, until), expected, "{order:#?}");
    });
    assert_eq!(orders, 5_040);
}

/// An inquiry whose money was taken, with a fee of the platform's, and that was settled before it was filed. Told in one order the fee is
/// taken and comes back, in the other it never is: a balance on which nothing is left is none.
#[test]
fn a_fee_that_was_taken_and_came_back_is_as_one_that_never_was() {
    let mut stage = Stage::played(&Story { rules: Rules { platform_pays: true, ..Rules::PLAIN }, steps: opening() });
    let jo = stage.accounts()[3];
    let sale = NewPayment::card(gbp(20_00));
    let sale = stage.platform.acting_as(jo).unwrap().payments().create("sale", sale).unwrap().answer;
    let charge = stage.platform.charge_of(sale).unwrap().id();
    stage.platform.advance_to(stage.platform.now().plus_days(3).unwrap()).unwrap();
    let now = stage.platform.now();
    let at = |hours: i64| now.checked_add(chrono::TimeDelta::hours(-hours)).unwrap();
    let opened = DisputeOpened {
        charge: charge.into(),
        reference: "du_1".to_owned(),
        amount: gbp(20_00),
        reason: DisputeReason::General,
        case: DisputeCase::Inquiry,
        network: Some(CardBrand::Visa),
        respond_by: None,
        settled: None,
    };
    let changed = |change| Fact::DisputeChanged(DisputeChanged { dispute: "du_1".into(), change });
    let facts = [
        (at(40), Fact::ChargeSucceeded(ChargeSucceeded::of(charge, gbp(20_00)))),
        (at(30), Fact::DisputeOpened(opened)),
        (at(20), changed(DisputeChange::FundsWithdrawn)),
        (at(10), changed(DisputeChange::Prevented)),
    ];
    let number = |(number, (at, fact))| Report::new(format!("f{number}"), at, fact);
    let facts: Vec<Report> = facts.into_iter().enumerate().map(number).collect();
    let until = now.plus_days(9).unwrap();
    let expected = told(&stage, &facts, until);
    let [(_, pots), _] = &expected;
    assert_eq!(pots.get(&(stage.platform.id(), Currency::GBP)), None);
    permutations(&facts, &mut Vec::new(), &mut |order| {
        assert_eq!(told(&stage, order, until), expected, "{order:#?}");
    });
}
