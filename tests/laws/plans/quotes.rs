//! What a payment is quoted is what is booked of it, where all of it is taken at once.

use std::collections::BTreeMap;

use fundroute::ids::PaymentId;
use fundroute::journal::{Answer, Record};
use fundroute::payments::{NewPayment, PaymentError};
use fundroute::prelude::*;
use fundroute::routing::Planned;
use proptest::prelude::*;

use crate::stage::{Act, Came, Stage};
use crate::story::{Story, story};

/// What was quoted of a payment, and for how much by which method.
type Quotes = BTreeMap<PaymentId, (Planned, Money, Option<PaymentMethod>)>;

/// Every charge that was taken whole, once and by its plan, against its quote; how many there are.
fn check(stage: &Stage, quotes: &Quotes) -> u32 {
    let mut seen = 0;
    for record in stage.platform.records() {
        let Record::Charge(charge) = record else { continue };
        let payment = stage.platform.payment(charge.payment()).unwrap();
        let Some((quote, amount, method)) = quotes.get(&payment.id()).filter(|_| payment.plan().is_some()) else {
            continue;
        };
        let is_once = charge.authorization().is_none_or(|held| held.captures() == 1);
        if !is_once || charge.amount_captured() != *amount || method.is_none_or(|method| method != charge.method()) {
            continue;
        }
        seen += 1;
        match quote {
            Planned::Commission(quoted) => {
                assert_eq!(charge.commission(), Some(quoted), "{charge:?}");
                let fee = charge.application_fee().map(|id| stage.platform.application_fee(id).unwrap());
                let told = fee.map_or((0, 0), |fee| (fee.amount().minor(), fee.tax().minor()));
                assert_eq!(told, (quoted.collected().minor(), quoted.tax_collected().minor()), "{charge:?}");
            }
            Planned::Split(quoted) => {
                // Where nobody but the platform gets a part there is nothing to send.
                let Some(split) = charge.split() else { continue };
                let parts = split.parts().unwrap();
                assert_eq!(parts.whole(), charge.amount_settled(), "{charge:?}");
                assert!(charge.conversion().is_some() || parts == quoted, "{charge:?}");
            }
        }
    }
    seen
}

/// Plays a story and looks at every quote; tells how many there were.
pub(super) fn quoted(story: &Story) -> u32 {
    let mut stage = Stage::new(story.rules);
    let mut quotes = Quotes::new();
    for step in &story.steps {
        let act = stage.act(step);
        let order = |act: &Act| match act {
            Act::Ask(Request { command: Command::CreatePayment(new), account, .. }) => Some((new.clone(), *account)),
            _ => None,
        };
        let order: Option<(NewPayment, _)> = order(&act);
        match (stage.play(&act), order) {
            (Ok(Came::Answer(Answer::Payment(id), ..)), Some((order, on))) => {
                let quote = order.quote(on).expect("what cannot be quoted was taken");
                let quote = quote.map(|quote| (quote, order.amount, order.method));
                quotes.extend(quote.map(|quote| (id, quote)));
            }
            (Err(Error::Payment(PaymentError::Plan(refused))), Some((order, on))) if order.method.is_some() => {
                assert_eq!(order.quote(on), Err(PaymentError::Plan(refused)));
            }
            _ => {}
        }
    }
    check(&stage, &quotes)
}

proptest! {
    #![proptest_config(crate::cases(96))]

    #[test]
    fn what_is_quoted_is_what_is_booked(story in story(60..160)) {
        quoted(&story);
    }
}

#[test]
fn quotes_are_met() {
    use proptest::strategy::ValueTree;
    use proptest::test_runner::TestRunner;

    let mut runner = TestRunner::deterministic();
    let seen: u32 = (0..60).map(|_| quoted(&story(60..160).new_tree(&mut runner).unwrap().current())).sum();
    assert!(seen > 10, "{seen}");
}
