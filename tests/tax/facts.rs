//! What authorities and carriers tell, in any order and any number of times.

use fundroute::calendar::hours;
use fundroute::ids::TaxFormId;
use fundroute::journal::{AnomalyReason, FactOutcome, Instruction};
use fundroute::prelude::*;
use fundroute::rulebook::{TaxFormType, UsState};
use fundroute::tools::tax::{
    FilingState, NewTaxForm, TaxDelivery, TaxDeliveryMethod, TaxDetails, TaxFact, TaxForm, TaxInstruction, TaxLevel,
    TinStatus,
};

use crate::shop::{Shop, figures, in_state, worker};

fn filing() -> (Shop, TaxFormId) {
    let mut shop = Shop::open(utc(2025, 1, 20));
    let form = shop.of_2024(1, figures(6_000, 10));
    shop.file(form);
    (shop, form)
}

/// Every order of some things.
fn orders<T: Clone>(things: &[T]) -> Vec<Vec<T>> {
    if things.is_empty() {
        return vec![Vec::new()];
    }
    (0..things.len())
        .flat_map(|first| {
            let mut others = things.to_vec();
            let thing = others.remove(first);
            orders(&others).into_iter().map(move |rest| [vec![thing.clone()], rest].concat())
        })
        .collect()
}

/// What a form is after some facts, each by the number of hours after it was filed, told in every order, and each again at the end.
fn converges(facts: &[(i64, TaxFact)]) -> TaxForm {
    let (shop, form) = filing();
    let start = shop.platform.now();
    let mut known: Option<TaxForm> = None;
    let numbered: Vec<(usize, &(i64, TaxFact))> = facts.iter().enumerate().collect();
    for order in orders(&numbered) {
        let mut shop = shop.clone();
        shop.platform.advance_to(start.plus_days(30).unwrap()).unwrap();
        for (number, (after, fact)) in order.iter().chain(&order) {
            let at = start.checked_add(hours(*after)).unwrap();
            shop.platform.tax_forms().record(&format!("fact-{number}"), at, fact.clone()).unwrap();
        }
        // The same things under other ids say nothing new.
        for (number, (after, fact)) in order.iter().rev() {
            let at = start.checked_add(hours(*after)).unwrap();
            let told = shop.platform.tax_forms().record(&format!("again-{number}"), at, fact.clone()).unwrap();
            assert_eq!(told.answer, FactOutcome::Stale);
        }
        let now = shop.form(form).clone();
        assert_eq!(known.get_or_insert(now.clone()), &now, "{order:?}");
    }
    known.unwrap()
}

fn form() -> TaxFormId {
    filing().1
}

#[test]
fn the_order_in_which_an_authority_answers_is_no_matter() {
    let (form, with) = (form(), TaxLevel::Country);
    let rejected = |reason: &str| TaxFact::Rejected { form, with, reason: reason.to_owned() };
    let facts = [
        (5, TaxFact::Filed { form, with }),
        (3, TaxFact::Filed { form, with }),
        (9, rejected("late")),
        (7, rejected("early")),
        (7, rejected("b, at the same time")),
    ];
    let start = utc(2025, 1, 20);
    let at = |after: i64| start.checked_add(hours(after)).unwrap();
    let state =
        FilingState::Rejected { filed_at: Some(at(3)), rejected_at: at(7), reason: "b, at the same time".into() };
    assert_eq!(converges(&facts).country().state(), &state);
    let taken = TaxFact::Accepted { form, with };
    let facts = [facts[0].clone(), facts[2].clone(), (20, taken.clone()), (30, taken)];
    let state = FilingState::Accepted { filed_at: Some(at(5)), accepted_at: at(20) };
    assert_eq!(converges(&facts).country().state(), &state, "what was taken is taken");
}

#[test]
fn the_order_in_which_a_delivery_is_told_of_is_no_matter() {
    let form = form();
    let failed = |reason: &str| TaxFact::DeliveryFailed { form, reason: reason.to_owned() };
    let under_way = TaxFact::DeliveryUnderWay { form };
    let facts = [(4, under_way.clone()), (2, under_way.clone()), (9, failed("late")), (8, failed("early"))];
    let TaxDelivery::Failed { reason, .. } = converges(&facts).delivery().clone() else { panic!("it failed") };
    assert_eq!(&*reason, "early");
    let arrived = TaxFact::Delivered { form };
    let facts = [(4, under_way), (9, failed("late")), (12, arrived.clone()), (11, arrived)];
    let known = converges(&facts);
    let delivered_at = utc(2025, 1, 20).at(11, 0);
    assert_eq!(known.delivery(), &TaxDelivery::Delivered { by: TaxDeliveryMethod::Post, delivered_at });
}

#[test]
fn the_latest_look_at_a_number_counts() {
    let form = form();
    let checked = |matches| TaxFact::TinChecked { form, matches };
    assert_eq!(
        converges(&[(1, checked(true)), (2, checked(false)), (3, checked(true))]).tin_status(),
        Some(TinStatus::Verified)
    );
    assert_eq!(
        converges(&[(1, checked(true)), (3, checked(false)), (3, checked(true))]).tin_status(),
        Some(TinStatus::Mismatch)
    );
}

#[test]
fn what_is_told_of_a_number_that_is_no_more_says_nothing() {
    let mut shop = Shop::open(utc(2025, 1, 20));
    let form = shop.of_2024(1, figures(10, 1));
    let before = shop.platform.now();
    shop.platform.advance_to(utc(2025, 1, 22)).unwrap();
    shop.platform.tax_forms().overwrite("new", form, TaxDetails::new().tin("000-55-5555")).unwrap();
    assert_eq!(shop.form(form).tin_status(), Some(TinStatus::Overwritten));
    let told = shop.platform.tax_forms().record("old", before, TaxFact::TinChecked { form, matches: false }).unwrap();
    assert_eq!((told.answer, shop.form(form).tin_status()), (FactOutcome::Stale, Some(TinStatus::Overwritten)));
    shop.tell(TaxFact::TinChecked { form, matches: false });
    assert_eq!(shop.form(form).tin_status(), Some(TinStatus::Mismatch));
    assert_eq!(shop.filed(form)[0], "will_not_file", "no page says that a number has to match");
}

#[test]
fn nobody_answers_what_was_never_asked() {
    let mut shop = Shop::open(utc(2025, 1, 20));
    let form = shop.create(NewTaxForm::of(TaxFormType::Us1099K, 2024, worker(1), figures(6_000, 1)));
    let now = shop.platform.now();
    let (with, reason) = (TaxLevel::Country, "no".to_owned());
    let facts = [
        TaxFact::Accepted { form, with },
        TaxFact::Accepted { form, with: TaxLevel::State },
        TaxFact::Filed { form, with },
        TaxFact::Rejected { form, with, reason: reason.clone() },
        TaxFact::DeliveryUnderWay { form },
        TaxFact::Delivered { form },
        TaxFact::DeliveryFailed { form, reason },
        TaxFact::TinChecked { form, matches: true },
    ];
    let before = shop.form(form).clone();
    for (number, fact) in facts.into_iter().enumerate() {
        let told = shop.platform.tax_forms().record(&format!("fact-{number}"), now, fact.clone()).unwrap();
        let FactOutcome::Anomaly(anomaly) = told.answer else { panic!("{fact:?} came to {:?}", told.answer) };
        assert_eq!(shop.platform.anomaly(anomaly).unwrap().reason, AnomalyReason::NotAsked);
    }
    assert_eq!(shop.form(form), &before);
    let nobody = TaxFormId::from_host([1; 14]);
    let told = shop.platform.tax_forms().record("nobody", now, TaxFact::Delivered { form: nobody }).map(drop);
    assert_eq!(told, Err(Error::NotFound(nobody.into())));
}

/// docs.stripe.com/connect/deliver-tax-forms (2024): once, with the first filing; electronically with consent only.
#[test]
fn a_form_goes_to_its_payee_once() {
    let mut shop = Shop::open(utc(2025, 1, 20));
    shop.platform.tax_forms().set_consent("yes", worker(1), true).unwrap();
    let new = |number| {
        let new = NewTaxForm::of(TaxFormType::Us1099K, 2023, worker(number), figures(30_000, 300));
        new.details(in_state(UsState::Ma))
    };
    let (paperless, other) = (shop.create(new(1)), shop.create(new(2)));
    let asked = |shop: &mut Shop, form, with| {
        let key = shop.key();
        shop.platform.tax_forms().file(&key, form, with).unwrap().changes.instructions
    };
    let file = |form, with| Instruction::Tax(TaxInstruction::File { form, with });
    let deliver = |form, by| Instruction::Tax(TaxInstruction::Deliver { form, by });
    let (country, state) = (TaxLevel::Country, TaxLevel::State);
    let first = asked(&mut shop, paperless, state);
    assert_eq!(first, [file(paperless, state), deliver(paperless, TaxDeliveryMethod::Electronic)]);
    assert_eq!(asked(&mut shop, paperless, country), [file(paperless, country)], "it is out already");
    assert_eq!(asked(&mut shop, other, country)[1..], [deliver(other, TaxDeliveryMethod::Post)]);
    let open = shop.platform.instructions();
    assert_eq!(open.len(), 5, "three filings and two deliveries: {open:?}");

    // After a restart the same is asked again, of what was not answered.
    shop.tell(TaxFact::Delivered { form: paperless });
    shop.tell(TaxFact::Accepted { form: paperless, with: state });
    let restored = Platform::restore(shop.platform.rulebook().clone(), shop.platform.snapshot(), shop.platform.now());
    assert_eq!(restored.instructions(), shop.platform.instructions());
    assert_eq!(restored.instructions().len(), 3);

    shop.tell(TaxFact::DeliveryFailed { form: other, reason: "moved".to_owned() });
    shop.platform.tax_forms().set_consent("take it back", worker(1), false).unwrap();
    let again = shop.platform.tax_forms().deliver_again("again", other, TaxDeliveryMethod::Electronic).unwrap();
    assert_eq!(again.changes.instructions, [deliver(other, TaxDeliveryMethod::Electronic)]);
}
