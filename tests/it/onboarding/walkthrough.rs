use fundroute::accounts::{AccountError, DisabledReason, Information, Phase, Relationship};
use fundroute::prelude::*;
use fundroute::rulebook::{AccountKind, BusinessType, Capability, PersonRole, Table};

use super::{Desk, names, owner, refused};

const OF_A_REPRESENTATIVE: [&str; 14] = [
    "address.city",
    "address.line1",
    "address.postal_code",
    "address.state",
    "dob.day",
    "dob.month",
    "dob.year",
    "email",
    "first_name",
    "last_name",
    "phone",
    "relationship.executive",
    "relationship.title",
    "ssn_last_4",
];

/// docs.stripe.com/connect/testing-verification (2024): a US company, from its first list to its last owner.
#[test]
fn a_company_in_the_united_states_step_by_step() {
    let mut desk = Desk::open();
    let oak = desk.custom(US, BusinessType::Company);
    let first = desk.asked(oak);
    let terms_and_bank = ["external_account", "tos_acceptance.date", "tos_acceptance.ip"];
    let mut expected = vec![
        "business_profile.mcc",
        "business_profile.url",
        "company.address.city",
        "company.address.line1",
        "company.address.postal_code",
        "company.address.state",
        "company.name",
        "company.phone",
        "company.tax_id",
        "relationship.owner",
        "relationship.representative",
    ];
    expected.extend(terms_and_bank);
    expected.sort_unstable();
    assert_eq!(names(&first.currently_due), expected);
    assert_eq!(first.past_due, first.currently_due, "nothing of it can wait");

    // The representative is somebody, and more is asked of them.
    let jo = desk.person(oak, Relationship::of([PersonRole::Representative]));
    let asked = desk.asked(oak);
    let own = format!("{jo}.");
    let of_jo: Vec<&str> = names(&asked.currently_due).into_iter().filter_map(|path| path.strip_prefix(&own)).collect();
    assert_eq!(of_jo, OF_A_REPRESENTATIVE);
    assert!(!names(&asked.currently_due).contains(&"relationship.representative"));

    // After an owner of 80 %, the platform still has to say that this is everybody.
    desk.person(oak, owner(80));
    let asked = desk.asked(oak);
    assert!(names(&asked.currently_due).contains(&"company.owners_provided"));
    assert!(!names(&asked.currently_due).contains(&"relationship.owner"));
    desk.give(Information::about(oak).set("company.owners_provided", "true")).unwrap();
    assert!(!names(&desk.asked(oak).currently_due).contains(&"company.owners_provided"));

    // Everything given, it is being looked at; everything true, it is open but for payouts, which want a bank account.
    for _ in 0..4 {
        desk.give_all_but(oak, &[]);
    }
    let ready = desk.platform.readiness(oak).unwrap();
    assert_eq!(names(&ready.blocked_by), ["external_account"]);
    assert!(!ready.waiting_for.is_empty() && !ready.charges_enabled);
    desk.settle();
    let ready = desk.platform.readiness(oak).unwrap();
    assert_eq!((ready.phase, ready.charges_enabled, ready.payouts_enabled), (Phase::Restricted, true, false));
    assert_eq!(ready.disabled_reason, Some(DisabledReason::RequirementsPastDue));
    let number = desk.platform.rulebook().bank_format(US, USD).and_then(|format| format.test_account()).unwrap();
    let number = number.to_owned();
    desk.world.add_bank(&mut desk.platform, oak, US, USD, &number).unwrap();
    let ready = desk.platform.readiness(oak).unwrap();
    assert_eq!((ready.phase, ready.disabled_reason), (Phase::Ready, None));
}

/// Every country of the rulebook, with every sort of business that it admits, under each kind of account.
#[test]
fn every_country_admits_somebody() {
    let book = Rulebook::standard();
    let mut ready = 0;
    for country in book.countries().map(fundroute::rulebook::CountryRule::country) {
        for business_type in BusinessType::ALL {
            if !book.requirement_set(country).admits(business_type) {
                continue;
            }
            let mut desk = Desk::open();
            let id = desk.ready(NewAccount::express(country).business_type(business_type));
            assert!(desk.asked(id).eventually_due.is_empty(), "{country:?} {business_type}");
            ready += 1;
        }
    }
    assert!(ready > 122, "{ready}");
}

/// A country that nobody had thought of is added by rows of data alone, and a seller there comes to be paid.
#[test]
fn a_country_is_added_without_code() {
    let mut rules = Rulebook::standard();
    let country = "code,name,availability,default_currency,settlement_currencies,region,agreements,source\n\
                   AQ,Antarctica,preview,usd,usd,other,full,our own\n";
    let asked = "set,entities,structures,capabilities,agreement,party,paths,stage,impact,amount,currency,days,since,from,after,\
                 confidence,source\n\
                 ice,*,*,*,*,account,documents.proof_of_address,unprovided,both,,,,,,,high,our own\n";
    let set = "country,sets,confidence,business_types,owners,source\n\
               AQ,ice everywhere,high,individual,>=25,our own\n";
    let bank =
        "country,currency,fields,routing,account,test_account,source\nAQ,usd,account_number,,6n,123456,our own\n";
    rules.read(Table::Countries, country).unwrap();
    rules.read(Table::Requirements, asked).unwrap();
    rules.read(Table::RequirementSets, set).unwrap();
    let lane = "era,platform,account,agreement,lane,fee,flows,source\n\
                self_serve,US,AQ,full,cross_border,0%,destination,our own\n";
    rules.read(Table::BankFormats, bank).unwrap();
    rules.read(Table::CrossBorder, lane).unwrap();
    let mut desk = Desk::open_by(rules);
    let kai = desk.ready(NewAccount::express(Country::AQ).business_type(BusinessType::Individual));
    let profile = desk.platform.account(kai).unwrap().profile();
    assert!(desk.platform.profile(profile).unwrap().given().has("documents.proof_of_address"));
    desk.platform.transfers().create("first", NewTransfer::to(kai, usd(1_00))).unwrap_err();
    let sale = NewPayment::card(usd(10_00)).destination(kai);
    desk.platform.payments().create("sale", sale).unwrap();
    desk.world.advance(&mut desk.platform, days(9)).unwrap();
    assert_eq!(desk.platform.statement(kai).unwrap().paid_out(USD), 10_00);
}

/// docs.stripe.com/connect/standard-accounts, /express-accounts and /custom-accounts (2024): an account is in the platform's country
/// unless another one is named, and one that only the platform sees names its country.
#[test]
fn an_account_is_in_the_country_of_its_platform_unless_it_says_otherwise() {
    for home in [US, DE, Country::JP] {
        let mut desk = Desk::open();
        desk.platform =
            Platform::new(NewPlatform::in_country(home), Rulebook::standard(), crate::shop::monday()).unwrap();
        for kind in [AccountKind::Standard, AccountKind::Express] {
            let own = desk.create(NewAccount::at_home(kind));
            let named =
                if kind == AccountKind::Standard { NewAccount::standard(home) } else { NewAccount::express(home) };
            let named = desk.create(named);
            let [own, named] = [own, named].map(|id| desk.platform.account(id).unwrap());
            assert_eq!((own.country(), own.kind()), (home, Some(kind)));
            assert_eq!((own.default_currency(), own.capabilities()), (named.default_currency(), named.capabilities()));
        }
        let ready = desk.ready(NewAccount::at_home(AccountKind::Express));
        assert_eq!(desk.platform.account(ready).unwrap().country(), home);
        let nowhere = NewAccount::at_home(AccountKind::Custom).request(Capability::Transfers);
        let answer = desk.platform.accounts().create("nowhere", nowhere).map(|decided| decided.answer);
        assert_eq!(refused(answer), AccountError::CountryMissing);
    }
}
