//! What was accepted is corrected, what was rejected is replaced (docs.stripe.com/connect/correct-tax-forms, 2024).

use fundroute::ids::TaxFormId;
use fundroute::journal::FactOutcome;
use fundroute::prelude::*;
use fundroute::rulebook::{TaxFormType, UsState};
use fundroute::tools::tax::{
    NewTaxForm, TaxBasis, TaxCorrection, TaxDetails, TaxError, TaxFact, TaxFigures, TaxFormRole, TaxLevel,
};

use crate::shop::{Shop, figures, full, in_state, worker};

fn accepted() -> (Shop, TaxFormId) {
    let mut shop = Shop::open(utc(2025, 1, 20));
    let form = shop.of_2024(1, figures(6_000, 10));
    shop.file(form);
    shop.accept(form);
    (shop, form)
}

fn correct(shop: &mut Shop, form: TaxFormId, correction: TaxCorrection) -> Result<TaxFormId, Error> {
    let key = shop.key();
    shop.platform.tax_forms().correct(&key, form, correction).map(|decided| decided.answer)
}

#[test]
fn totals_are_corrected_with_one_corrected_form() {
    let (mut shop, form) = accepted();
    let corrected = correct(&mut shop, form, TaxCorrection::Totals(figures(10, 1))).unwrap();
    assert_eq!(shop.form(form).corrected_by(), Some(corrected));
    let known = shop.form(corrected);
    assert_eq!(
        (known.role(), known.corrects(), known.figures()),
        (TaxFormRole::CorrectedTotals, Some(form), &figures(10, 1))
    );
    assert_eq!((known.details_of(), known.form_type(), known.payee()), (form, TaxFormType::Us1099K, &worker(1)));
    assert_eq!((shop.filed(corrected)[0], known.country().basis()), ("ready", TaxBasis::Follows), "below any limit");
    assert_eq!((shop.filed(form)[0], shop.form(form).figures()), ("accepted", &figures(6_000, 10)), "as it was filed");
    // The next correction is of the last form, once that was accepted.
    let followed = TaxError::Followed { form, by: corrected };
    assert_eq!(correct(&mut shop, form, TaxCorrection::Totals(figures(20, 1))), Err(followed.into()));
    let early = correct(&mut shop, corrected, TaxCorrection::Totals(figures(20, 1)));
    assert_eq!(early, Err(TaxError::NotAccepted(corrected).into()));
    shop.file(corrected);
    shop.accept(corrected);
    let last = correct(&mut shop, corrected, TaxCorrection::Totals(figures(20, 1))).unwrap();
    assert_eq!(shop.form(last).figures().gross(), 20_00);
    let same = correct(&mut shop, last, TaxCorrection::Totals(figures(20, 1)));
    assert_eq!(same, Err(TaxError::NotAccepted(last).into()));
}

#[test]
fn a_payee_is_corrected_with_a_zero_form_and_a_new_one() {
    let (mut shop, form) = accepted();
    let right =
        TaxDetails::new().name("Mo Roe").tin("000-98-7654").address("2 Side St", "Austin", UsState::Tx, "78702");
    let zero = correct(&mut shop, form, TaxCorrection::Payee(right.clone())).unwrap();
    let known = shop.form(zero);
    assert_eq!(
        (known.role(), known.figures(), known.details_of()),
        (TaxFormRole::CorrectedPayee, &TaxFigures::zero(USD), form)
    );
    assert_eq!(shop.form(form).corrected_by(), Some(zero));
    let new = shop.form(form).reissued_as().unwrap();
    let known = shop.form(new);
    assert_eq!(
        (known.role(), known.figures(), known.corrects()),
        (TaxFormRole::Reissued, &figures(6_000, 10), Some(form))
    );
    assert_eq!(shop.platform.information(known.details_of()), Some(right.values()));
    assert_eq!((shop.filed(zero)[0], shop.filed(new)[0]), ("ready", "ready"));
    // What is reported in the end is what was reported at first.
    let in_force: i64 = [zero, new].iter().map(|form| shop.form(*form).figures().gross()).sum();
    assert_eq!(in_force, shop.form(form).figures().gross());
    // Neither can be made one of both.
    for form in [zero, new] {
        let again = shop.platform.tax_forms().refresh("x", form, figures(1, 1)).map(drop);
        assert_eq!(again, Err(TaxError::Fixed(form).into()));
    }
    assert_eq!(shop.platform.tax_forms().describe("x", zero, full()).map(drop), Err(TaxError::Fixed(zero).into()));
    shop.platform.tax_forms().describe("x", new, TaxDetails::new().name("Mo R. Roe")).unwrap();
    shop.file(zero);
    shop.accept(zero);
    let off = correct(&mut shop, zero, TaxCorrection::Totals(figures(1, 1)));
    assert_eq!(off, Err(TaxError::Fixed(zero).into()), "there is nothing on it to correct");
}

#[test]
fn a_payee_of_whom_too_little_is_said_waits() {
    let (mut shop, form) = accepted();
    assert_eq!(
        correct(&mut shop, form, TaxCorrection::Payee(TaxDetails::new())),
        Err(TaxError::NothingToChange.into())
    );
    let zero = correct(&mut shop, form, TaxCorrection::Payee(TaxDetails::new().name("Mo"))).unwrap();
    let new = shop.form(form).reissued_as().unwrap();
    assert_eq!((shop.filed(zero)[0], shop.filed(new)[0]), ("ready", "needs_attention"));
    shop.platform.tax_forms().describe("more", new, in_state(UsState::Ca)).unwrap();
    assert_eq!(shop.filed(new), ["ready", "needs_attention"], "what California wants for 2024 is not known");
}

/// Where the first form was not filed there is nothing to correct, and the limits are held against what is right.
#[test]
fn a_correction_is_filed_where_its_totals_ask_for_it() {
    let mut shop = Shop::open(utc(2025, 1, 20));
    let new = |number, dollars| {
        let new = NewTaxForm::of(TaxFormType::Us1099K, 2023, worker(number), figures(dollars, 300));
        new.details(in_state(UsState::Ma))
    };
    for (number, (first, second, expected)) in
        (1..).zip([(30_000, 599, ["ready", "will_not_file"]), (30_000, 600, ["ready", "ready"])])
    {
        // The state's is ready, and was never sent.
        let form = shop.create(new(number, first));
        shop.file(form);
        shop.accept(form);
        assert_eq!(shop.filed(form), ["accepted", "ready"]);
        let corrected = correct(&mut shop, form, TaxCorrection::Totals(figures(second, 300))).unwrap();
        assert_eq!(shop.filed(corrected), expected);
        let key = shop.key();
        let with = TaxLevel::State;
        let late = shop.platform.tax_forms().file(&key, form, with).map(drop);
        assert_eq!(late, Err(TaxError::Followed { form, by: corrected }.into()), "what was wrong is not sent any more");
    }
    let form = shop.create(new(9, 30_000));
    shop.file(form);
    shop.accept(form);
    let zero = correct(&mut shop, form, TaxCorrection::Payee(in_state(UsState::Ma))).unwrap();
    assert_eq!(shop.filed(zero), ["ready", "will_not_file"], "there are no totals to take off in the state");
    let over = shop.platform.tax_forms().override_limits("no", zero, TaxLevel::State, Some(true)).map(drop);
    assert_eq!(over, Err(TaxError::Fixed(zero).into()));
    assert_eq!(shop.filed(shop.form(form).reissued_as().unwrap()), ["ready", "ready"]);
}

#[test]
fn a_correction_says_everything() {
    let (mut shop, form) = accepted();
    let unsaid = TaxCorrection::Totals(figures(1, 1).unconverted());
    let missing = Err(TaxError::FiguresInvalid("an exchange rate is missing").into());
    assert_eq!(correct(&mut shop, form, unsaid), missing, "nobody could add it later");
    let euros = TaxCorrection::Totals(TaxFigures::of(eur(1), 1));
    let other = TaxError::WrongCurrency { form: TaxFormType::Us1099K, currency: EUR };
    assert_eq!(correct(&mut shop, form, euros), Err(other.into()));
    let same = TaxCorrection::Totals(figures(6_000, 10));
    assert_eq!(correct(&mut shop, form, same), Err(TaxError::NothingToChange.into()));
}

#[test]
fn only_what_was_accepted_everywhere_is_corrected() {
    let mut shop = Shop::open(utc(2025, 1, 20));
    let new = NewTaxForm::of(TaxFormType::Us1099K, 2023, worker(1), figures(30_000, 300));
    let form = shop.create(new.details(in_state(UsState::Ma)));
    let totals = || TaxCorrection::Totals(figures(10, 1));
    assert_eq!(correct(&mut shop, form, totals()), Err(TaxError::NotAccepted(form).into()));
    shop.file(form);
    shop.platform.tax_forms().file("state", form, TaxLevel::State).unwrap();
    shop.accept(form);
    assert_eq!(
        correct(&mut shop, form, totals()),
        Err(TaxError::NotAccepted(form).into()),
        "the state has not answered"
    );
    let rejected = TaxFact::Rejected { form, with: TaxLevel::State, reason: "no number".to_owned() };
    shop.tell(rejected);
    assert_eq!(correct(&mut shop, form, totals()), Err(TaxError::NotAccepted(form).into()));
    // The state's is replaced; what the country has taken stands.
    let next = shop.platform.tax_forms().replace("again", form, None, None).unwrap().answer;
    assert_eq!((shop.filed(form), shop.filed(next)), (vec!["accepted", "rejected"], vec!["accepted", "ready"]));
    assert_eq!(shop.form(next).delivery().status().as_str(), "will_not_deliver", "the payee has it");
    shop.platform.tax_forms().file("state again", next, TaxLevel::State).unwrap();
    shop.tell(TaxFact::Accepted { form: next, with: TaxLevel::State });
    let corrected = correct(&mut shop, next, totals()).unwrap();
    assert_eq!(shop.filed(corrected), ["ready", "ready"], "wherever it was filed");
}

#[test]
fn what_was_rejected_is_replaced() {
    let mut shop = Shop::open(utc(2025, 1, 20));
    let form = shop.of_2024(1, figures(6_000, 10));
    let replace = |shop: &mut Shop, form, figures, details: Option<TaxDetails>| {
        let key = shop.key();
        shop.platform.tax_forms().replace(&key, form, figures, details).map(|decided| decided.answer)
    };
    assert_eq!(replace(&mut shop, form, None, None), Err(TaxError::NotRejected(form).into()));
    shop.file(form);
    shop.reject(form);
    let incomplete = replace(&mut shop, form, None, Some(TaxDetails::new().name("Jo")));
    assert_eq!(incomplete, Err(TaxError::DetailInvalid("tin".to_owned()).into()));
    let next = replace(&mut shop, form, Some(figures(7_000, 11)), Some(in_state(UsState::Tx))).unwrap();
    let known = shop.form(next);
    assert_eq!((known.replaces(), known.role(), known.corrects()), (Some(form), TaxFormRole::Original, None));
    assert_eq!((known.figures().gross(), known.details_of()), (7_000_00, next));
    assert_eq!((shop.filed(form)[0], shop.filed(next)[0]), ("rejected", "ready"));
    let followed = Err(TaxError::Followed { form, by: next }.into());
    assert_eq!(replace(&mut shop, form, None, None), followed);
    // That it was taken after all cannot be: then there would be two.
    let now = shop.platform.now();
    let late = TaxFact::Accepted { form, with: TaxLevel::Country };
    let told = shop.platform.tax_forms().record("late", now, late).unwrap().answer;
    let FactOutcome::Anomaly(anomaly) = told else { panic!("{told:?}") };
    assert_eq!(format!("{:?}", shop.platform.anomaly(anomaly).unwrap().reason), "Superseded");
    shop.file(next);
    shop.accept(next);
    let corrected = correct(&mut shop, next, TaxCorrection::Totals(figures(1, 1))).unwrap();
    // A correction that was rejected stays one of its kind.
    shop.file(corrected);
    shop.reject(corrected);
    let both = replace(&mut shop, corrected, None, Some(full()));
    assert_eq!(both, Err(TaxError::Fixed(corrected).into()));
    let again = replace(&mut shop, corrected, Some(figures(2, 1)), None).unwrap();
    let known = shop.form(again);
    assert_eq!(
        (known.role(), known.corrects(), known.figures().gross()),
        (TaxFormRole::CorrectedTotals, Some(next), 2_00)
    );
}
