//! What is refused, and that it loses nothing.

use fundroute::ErrorKind;
use fundroute::ids::TaxFormId;
use fundroute::journal::Snapshot;
use fundroute::prelude::*;
use fundroute::rulebook::{TaxFormType, TaxIncome, UsState};
use fundroute::tools::tax::{NewTaxForm, TaxCommand, TaxDetails, TaxError, TaxFigures, TaxLevel, TaxPayee};

use crate::shop::{Shop, figures, full, in_state, worker};

use TaxFormType::{EuDac7, Us1099K, Us1099Misc};

fn refused(shop: &mut Shop, command: TaxCommand) -> Error {
    let before: Snapshot = shop.platform.snapshot();
    let request = Request::new("refused", Command::Tax(Box::new(command)));
    let error = shop.platform.handle(request).unwrap_err();
    assert_eq!(shop.platform.snapshot(), before, "{error}");
    error
}

fn new(figures: TaxFigures) -> NewTaxForm {
    NewTaxForm::of(Us1099K, 2024, worker(1), figures)
}

#[test]
fn figures_that_cannot_be() {
    let mut shop = Shop::open(utc(2025, 1, 20));
    let one = figures(1, 1);
    let huge = TaxFigures::of(usd(i64::MAX), 1);
    let invalid = [
        new(figures(-1, 1)),
        new(one.card_not_present(-1)),
        new(one.card_not_present(1_01)),
        new(one.by_month([1; 12])),
        new(one.by_month([i64::MAX; 12])),
        new(one.withheld(-1, 0)),
        new(one.withheld(1_00, 1)),
        new(huge.withheld(i64::MAX, i64::MAX)),
        new(one.with(TaxIncome::Royalties, 1)),
    ];
    for new in invalid {
        let error = refused(&mut shop, TaxCommand::Create(new.clone()));
        assert!(matches!(error, Error::Tax(TaxError::FiguresInvalid(_))), "{new:?}: {error}");
    }
    let large = NewTaxForm { form: Us1099Misc, ..new(huge.with(TaxIncome::Royalties, 1)) };
    assert_eq!(refused(&mut shop, TaxCommand::Create(large)), TaxError::FiguresTooLarge.into());
    let euros = TaxError::WrongCurrency { form: Us1099K, currency: EUR };
    assert_eq!(refused(&mut shop, TaxCommand::Create(new(TaxFigures::of(eur(1), 1)))), euros.into());
    let dollars = TaxFigures::of(usd(1), 1);
    let abroad = NewTaxForm { form: EuDac7, ..new(dollars) };
    assert_eq!(
        refused(&mut shop, TaxCommand::Create(abroad)),
        TaxError::WrongCurrency { form: EuDac7, currency: USD }.into()
    );
    // The largest that can be is taken, alone and in company, until the sum does not fit.
    shop.create(new(huge).taxpayer("rich"));
    let too_much = NewTaxForm { payee: worker(2), ..new(figures(1, 1)).taxpayer("rich") };
    assert_eq!(refused(&mut shop, TaxCommand::Create(too_much)), TaxError::FiguresTooLarge.into());
}

#[test]
fn payees_and_taxpayers_that_cannot_be() {
    let mut shop = Shop::open(utc(2025, 1, 20));
    for taxpayer in ["", "  ", "000-12-3456", "123456789", "12-3456789", &"x".repeat(65)] {
        let new = new(figures(1, 1)).taxpayer(taxpayer);
        assert_eq!(refused(&mut shop, TaxCommand::Create(new)), TaxError::TaxpayerInvalid.into(), "{taxpayer}");
        let payee = TaxPayee::External(taxpayer.into());
        let consent = TaxCommand::Consent { payee: payee.clone(), paperless: true };
        assert_eq!(refused(&mut shop, consent), TaxError::PayeeInvalid.into());
        let form = NewTaxForm::of(Us1099K, 2024, payee, figures(1, 1));
        assert_eq!(refused(&mut shop, TaxCommand::Create(form)), TaxError::PayeeInvalid.into());
    }
    for year in [0, 1999, 3000, u16::MAX] {
        let new = NewTaxForm { tax_year: year, ..new(figures(1, 1)) };
        assert_eq!(refused(&mut shop, TaxCommand::Create(new)), TaxError::YearInvalid(year).into());
    }
    let long = full().name("x".repeat(201));
    for details in [full().name(" "), long, full().tin("")] {
        let error = refused(&mut shop, TaxCommand::Create(new(figures(1, 1)).details(details)));
        assert!(matches!(error, Error::Tax(TaxError::DetailInvalid(_))), "{error}");
    }
    let stray: TaxDetails = serde_json::from_str(r#"{"values":{"shoe size":"44"},"state":null}"#).unwrap();
    let error = refused(&mut shop, TaxCommand::Create(new(figures(1, 1)).details(stray)));
    assert_eq!(error, TaxError::DetailInvalid("shoe size".to_owned()).into());
    let house = shop.platform.id();
    let consent = TaxCommand::Consent { payee: house.into(), paperless: true };
    assert!(matches!(refused(&mut shop, consent), Error::Account(_)));
}

#[test]
fn one_form_for_a_type_a_year_and_a_payee() {
    let mut shop = Shop::open(utc(2025, 1, 20));
    let form = shop.create(new(figures(1, 1)));
    assert_eq!(refused(&mut shop, TaxCommand::Create(new(figures(2, 1)))), TaxError::FormExists(form).into());
    let jo = shop.jo;
    let own = NewTaxForm { payee: jo.into(), ..new(figures(1, 1)) };
    let of_account = shop.create(own);
    // Somebody else's reference that looks like an account is somebody else.
    let alike = NewTaxForm { payee: TaxPayee::External(jo.to_string().into()), ..new(figures(1, 1)) };
    assert_ne!(shop.create(alike), of_account);
}

#[test]
fn nothing_is_filed_before_its_time() {
    let mut shop = Shop::open(utc(2024, 1, 9).at(23, 59));
    let of = |year, number| {
        let new = NewTaxForm::of(Us1099K, year, worker(number), figures(30_000, 300));
        new.details(full())
    };
    let (past, current) = (shop.create(of(2023, 1)), shop.create(of(2024, 2)));
    let file = |form| TaxCommand::File { form, with: TaxLevel::Country };
    assert_eq!(refused(&mut shop, file(past)), TaxError::NotYet(utc(2024, 1, 10)).into());
    assert_eq!(refused(&mut shop, file(current)), TaxError::NotYet(utc(2025, 1, 1)).into());
    shop.platform.advance_to(utc(2024, 1, 10)).unwrap();
    shop.file(past);
    // Long after the last day it is filed all the same: late is better than never.
    shop.platform.advance_to(utc(2029, 1, 1)).unwrap();
    shop.file(current);
}

/// docs.stripe.com/connect/tax-reporting (2024).
#[test]
fn what_is_known_of_payees_changes_forms_until_15_february() {
    let mut shop = Shop::open(utc(2024, 2, 15).at(12, 0));
    let form = shop.create(NewTaxForm::of(Us1099K, 2023, worker(1), figures(30_000, 300)));
    let describe = |overwrite| TaxCommand::Describe { form, details: full(), overwrite };
    shop.platform.tax_forms().describe("name", form, TaxDetails::new().name("Jo")).unwrap();
    shop.platform.advance_to(utc(2024, 2, 16)).unwrap();
    assert_eq!(refused(&mut shop, describe(false)), TaxError::IdentityClosed(utc(2024, 2, 16)).into());
    shop.platform.tax_forms().overwrite("all", form, full()).unwrap();
    assert_eq!(shop.filed(form)[0], "ready");
    let nothing = TaxCommand::Describe { form, details: TaxDetails::new(), overwrite: true };
    assert_eq!(refused(&mut shop, nothing), TaxError::NothingToChange.into());
}

#[test]
fn what_is_not_ready_or_not_there() {
    let mut shop = Shop::open(utc(2025, 1, 20));
    let (with, state) = (TaxLevel::Country, TaxLevel::State);
    let low = shop.of_2024(1, figures(1, 1));
    let error = refused(&mut shop, TaxCommand::File { form: low, with });
    assert_eq!(error.to_string(), format!("tax form `{low}` is will_not_file with the country and cannot be filed"));
    assert_eq!(error.kind(), ErrorKind::Refused);
    let stateless = shop.create(NewTaxForm::of(Us1099K, 2024, worker(2), figures(6_000, 1)));
    assert_eq!(
        refused(&mut shop, TaxCommand::File { form: stateless, with: state }),
        TaxError::NoState(stateless).into()
    );
    assert_eq!(
        refused(&mut shop, TaxCommand::Override { form: stateless, with: state, file: Some(true) }),
        TaxError::NoState(stateless).into()
    );
    let new = NewTaxForm::of(Us1099K, 2023, worker(3), figures(30_000, 300));
    let plain = shop.create(new.clone().details(in_state(UsState::Ma)));
    assert_eq!(refused(&mut shop, TaxCommand::Export { form: plain }), TaxError::FileInstead(plain).into());
    let withheld = NewTaxForm { payee: worker(4), figures: figures(30_000, 300).withheld(0, 1_00), ..new };
    let withheld = shop.create(withheld.details(in_state(UsState::Ma)));
    assert_eq!(
        refused(&mut shop, TaxCommand::File { form: withheld, with: state }),
        TaxError::ExportInstead(withheld).into()
    );
    let nobody = TaxFormId::from_host([1; 14]);
    for command in [TaxCommand::File { form: nobody, with }, TaxCommand::Export { form: nobody }] {
        assert_eq!(refused(&mut shop, command), Error::NotFound(nobody.into()));
    }
}

/// Forms are the platform's: no account, holder or extension has a say.
#[test]
fn only_the_platform_makes_forms() {
    let mut shop = Shop::open(utc(2025, 1, 20));
    let jo = shop.jo;
    let command = || Command::Tax(Box::new(TaxCommand::Create(new(figures(1, 1)))));
    let before = shop.platform.snapshot();
    let as_account = Request::new("a", command()).acting_as(jo);
    assert_eq!(shop.platform.handle(as_account).map(drop), Err(Error::NotForAccounts(jo)));
    let holder = Request::new("b", command()).by(fundroute::accounts::Actor::Holder, jo);
    assert_eq!(shop.platform.handle(holder).map(drop), Err(Error::NotForAccounts(jo)));
    assert_eq!(shop.platform.snapshot(), before);
}
