//! What the world tells of the captures of payments that carry a plan.

use fundroute::payments::{CaptureFailed, ChargeAuthorized, ChargeCaptured, ManualCapture};
use fundroute::routing::PaymentPlan;

use super::*;
use crate::terms;

/// A payment with a plan, of which three captures are told; the first of them seemed to have failed. All orders of that end the same.
#[test]
fn every_order_of_what_is_told_of_planned_captures_ends_the_same() {
    let stage = plain();
    let accounts = stage.accounts();
    let parties = [stage.platform.id(), accounts[0], accounts[5], accounts[2]];
    // One that falls to nothing leaves its record where there was something of it first.
    let fees = (0..10).filter(|number| *number != 7).map(|number| PaymentPlan::from(terms::fee_plan(number, USD)));
    let splits = (0..6).map(|number| PaymentPlan::from(terms::split_plan(number, &parties, USD)));
    for plan in fees.chain(splits) {
        for amounts in [[33_33, 21_02, 45_66], [1, 7, 99_93], [59_99, 1, 40_01], [5_50, 3_25, 91_26]] {
            let mut stage = stage.clone();
            let whole = usd(amounts.iter().sum());
            let mut order = NewPayment::card(whole).capture_later(ManualCapture::new().multicapture());
            if let PaymentPlan::Commission(_) = plan {
                order = order.destination(accounts[0]);
            }
            let sale =
                stage.platform.payments().create("sale", NewPayment { plan: Some(Box::new(plan.clone())), ..order });
            let Ok(sale) = sale else { continue };
            let charge = stage.platform.charge_of(sale.answer).unwrap().id();
            let now = stage.platform.now();
            let mut held = ChargeAuthorized::of(charge, whole);
            held.multicapture = Some(true);
            let held = Report::new("held", now, Fact::ChargeAuthorized(held));
            stage.platform.record(&held).unwrap();
            let captured = |number: u8| {
                let amount = usd(amounts[usize::from(number) - 1]);
                Fact::ChargeCaptured(ChargeCaptured {
                    charge: charge.into(),
                    capture: number,
                    amount,
                    is_final: number == 3,
                })
            };
            let failure = DeclineCode::ProcessingError.into();
            let failed = Fact::CaptureFailed(CaptureFailed { charge: charge.into(), capture: 1, failure });
            let facts = [failed, captured(1), captured(2), captured(3)];
            let number = |(number, fact)| Report::new(format!("f{number}"), now, fact);
            let facts: Vec<Report> = facts.into_iter().enumerate().map(number).collect();
            let until = now.plus_days(30).unwrap();
            let expected = told(&stage, &facts, until);
            let nothing: Vec<String> = Vec::new();
            permutations(&facts, &mut Vec::new(), &mut |order| {
                let [once, later] = told(&stage, order, until);
                assert_eq!(differences(&expected[0], &once), nothing, "{plan:?} {amounts:?} {order:#?}");
                assert_eq!(differences(&expected[1], &later), nothing, "{plan:?} {amounts:?} {order:#?}");
            });
        }
    }
}
