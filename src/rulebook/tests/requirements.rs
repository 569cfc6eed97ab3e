//! What accounts are asked for, and how a host changes that.

use std::collections::BTreeSet;

use rust_decimal::Decimal;

use super::super::*;
use crate::money::{Currency, Money, usd};

use BusinessType::{Company, GovernmentEntity, Individual, NonProfit};
use Capability::{CardPayments, LegacyPayments, Transfers, UsBankAccountAchPayments};
use Country::{AE, AU, BR, CA, DE, GB, IN, JP, KE, KP, MX, NL, SG, TH, US};
use ServiceAgreement::{Full, Recipient};
use Stage::{Unprovided, Unverified};

const CARDS: [Capability; 2] = [CardPayments, Transfers];
const HEAD: &str = "set,entities,structures,capabilities,agreement,party,paths,stage,impact,amount,currency,days,since,\
                    from,after,confidence,source";

/// What is asked at once of an account, before anything is given, as lists of requirements name it.
fn at_once(
    country: Country,
    kind: BusinessType,
    structure: Option<CompanyStructure>,
    capabilities: &[Capability],
) -> Vec<String> {
    let book = Rulebook::standard();
    let asked = |rule: &&RequirementRule| {
        rule.applies(kind, structure, capabilities, Full)
            && (rule.stage(), rule.is_immediate(), rule.after(), rule.from()) == (Unprovided, true, None, None)
            && matches!(rule.party(), Party::Account | Party::Company | Party::Individual)
    };
    let mut items: Vec<String> = Vec::new();
    for rule in book.requirement_set(country).rules().filter(asked) {
        let field = book.field(rule.party().subject(), rule.path()).unwrap();
        let prefix = if rule.party() == Party::Individual { "individual." } else { "" };
        items.extend(field.items().map(|item| format!("{prefix}{item}")));
    }
    items.sort();
    items
}

/// What is asked of a person, at once or later, by path.
fn of_person(country: Country, party: Party, kind: BusinessType, immediate: bool) -> BTreeSet<String> {
    let book = Rulebook::standard();
    let asked = |rule: &&RequirementRule| {
        rule.applies(kind, None, &CARDS, Full)
            && (rule.party(), rule.stage(), rule.is_immediate()) == (party, Unprovided, immediate)
    };
    book.requirement_set(country).rules().filter(asked).map(|rule| rule.path().to_owned()).collect()
}

/// The limits on a field of a US company, or of its persons, with what stops.
fn us_limits(
    kind: BusinessType,
    capabilities: &[Capability],
    party: Party,
    path: &str,
    stage: Stage,
) -> Vec<(Impact, Limit)> {
    let book = Rulebook::standard();
    let about = |rule: &&RequirementRule| {
        rule.applies(kind, None, capabilities, Full)
            && (rule.party(), rule.path(), rule.stage()) == (party, path, stage)
    };
    book.requirement_set(US).rules().filter(about).map(|rule| (rule.impact(), rule.limit())).collect()
}

fn limit(amount: Option<Money>, days: Option<u16>) -> Limit {
    Limit { amount, time: days.map(|days| (days, Since::Created)), ..Limit::default() }
}

fn paths(words: &str) -> BTreeSet<String> {
    words.split_whitespace().map(str::to_owned).collect()
}

#[test]
fn every_row_is_read_and_names_its_source() {
    let rows = |table: Table| table.standard().lines().filter(|line| !line.starts_with('#')).skip(1).count();
    let book = Rulebook::standard();
    assert_eq!((book.0.requirements.len(), rows(Table::Requirements)), (394, 125));
    assert_eq!((book.0.requirement_sets.len(), rows(Table::RequirementSets)), (120, 121));
    for rule in book.0.requirements.values() {
        assert!(!rule.source().page().is_empty() && rule.source().year().is_some(), "{}", rule.path());
    }
    for country in book.countries().map(CountryRule::country).chain([Country::Unspecified]) {
        let set = book.requirement_set(country);
        assert!(!set.source().page().is_empty() && set.rules().count() > 0, "{country}");
        assert_eq!(set.sets().last(), Some("everywhere"), "{country}");
    }
}

#[test]
fn every_rule_can_be_met() {
    let book = Rulebook::standard();
    for country in book.countries().map(CountryRule::country) {
        let set = book.requirement_set(country);
        for rule in set.rules() {
            let field = book.field(rule.party().subject(), rule.path()).unwrap();
            let verified = rule.stage() == Unprovided || field.verified_by().is_some();
            assert!(verified, "{country}: `{}` must be verified, but nothing does that", rule.path());
            let asked = |path: &str| set.rules().any(|first| (first.party(), first.path()) == (Party::Account, path));
            assert!(rule.after().is_none_or(asked), "{country}: `{}` waits for what is not asked", rule.path());
            // What is verified has to be asked for first.
            let given = |first: &RequirementRule| {
                (first.party(), first.path(), first.stage()) == (rule.party(), rule.path(), Unprovided)
            };
            assert!(set.rules().any(given), "{country}: `{}` of {} is never asked for", rule.path(), rule.party());
        }
    }
}

// RULE: what a US company owes first (docs.stripe.com/connect/testing-verification, 2024).
#[test]
fn a_us_company_begins_as_documented() {
    let documented = "business_profile.mcc business_profile.url business_type company.address.city company.address.line1 \
                      company.address.postal_code company.address.state company.name company.phone company.tax_id \
                      external_account relationship.owner relationship.representative tos_acceptance.date tos_acceptance.ip";
    let documented: Vec<&str> = documented.split_whitespace().collect();
    assert_eq!(at_once(US, Company, None, &CARDS), documented);
    assert_eq!(at_once(US, Company, Some(CompanyStructure::PrivateCorporation), &CARDS), documented);
    let without_owner: Vec<&str> = documented.iter().copied().filter(|item| *item != "relationship.owner").collect();
    for structure in [
        CompanyStructure::PublicCompany,
        CompanyStructure::PublicCorporation,
        CompanyStructure::PublicPartnership,
        CompanyStructure::SingleMemberLlc,
        CompanyStructure::SoleProprietorship,
    ] {
        assert_eq!(at_once(US, Company, Some(structure), &CARDS), without_owner, "{structure}");
    }
    for kind in [NonProfit, GovernmentEntity] {
        assert_eq!(at_once(US, kind, None, &CARDS), without_owner, "{kind}");
    }
    // An account that only receives transfers has no profile to show.
    let profile = |item: &&&str| !item.starts_with("business_profile");
    let for_transfers: Vec<&str> = documented.iter().filter(profile).copied().collect();
    assert_eq!(at_once(US, Company, None, &[Transfers]), for_transfers);
    assert_eq!(at_once(US, Company, None, &[UsBankAccountAchPayments]), documented);
}

#[test]
fn a_us_individual_begins_as_documented() {
    let documented = "business_profile.mcc business_profile.url business_type external_account individual.address.city \
                      individual.address.line1 individual.address.postal_code individual.address.state \
                      individual.dob.day individual.dob.month individual.dob.year individual.email \
                      individual.first_name individual.last_name individual.phone individual.ssn_last_4 \
                      tos_acceptance.date tos_acceptance.ip";
    let documented: Vec<&str> = documented.split_whitespace().collect();
    assert_eq!(at_once(US, Individual, None, &CARDS), documented);
}

#[test]
fn persons_of_a_us_company() {
    let representative = "address.city address.line1 address.postal_code address.state dob email first_name last_name \
                          phone relationship.executive relationship.title ssn_last_4";
    assert_eq!(of_person(US, Party::Representative, Company, true), paths(representative));
    assert!(!of_person(US, Party::Representative, NonProfit, true).contains("relationship.executive"));
    assert_eq!(of_person(US, Party::Owner, Company, true), paths("email first_name last_name"));
    let later = "address.city address.line1 address.postal_code address.state dob id_number phone ssn_last_4";
    assert_eq!(of_person(US, Party::Owner, Company, false), paths(later));
    assert!(of_person(US, Party::Director, Company, true).is_empty());
    assert_eq!(of_person(US, Party::Representative, Company, false), paths(""));
    assert_eq!(of_person(US, Party::Representative, GovernmentEntity, false), paths("id_number"));
    let provided = |rule: &&RequirementRule| rule.path() == "company.owners_provided";
    let book = Rulebook::standard();
    let rule = book.requirement_set(US).rules().find(provided).unwrap();
    assert_eq!((rule.after(), rule.is_immediate()), (Some("relationship.owner"), true));
}

// RULE: the limits documented for the United States (docs.stripe.com/connect/required-verification-information, 2024).
#[test]
fn us_limits_are_as_documented() {
    let tax_id =
        |capabilities: &[Capability]| us_limits(Company, capabilities, Party::Company, "company.tax_id", Unverified);
    let charges = (Impact::Charges, limit(Some(usd(1_500_00)), Some(30)));
    let payouts = (Impact::Payouts, limit(None, Some(30)));
    assert_eq!(tax_id(&CARDS), [charges, payouts]);
    assert_eq!(tax_id(&[LegacyPayments]), [payouts]);
    assert_eq!(tax_id(&[Transfers]), [(Impact::Payouts, limit(Some(usd(10_000_00)), None))]);

    let cards = |kind, party, path: &str| us_limits(kind, &CARDS, party, path, Unverified);
    for (kind, party, prefix) in [(Company, Party::Company, "company."), (Individual, Party::Individual, "")] {
        for part in ["city", "state", "postal_code"] {
            let path = format!("{prefix}address.{part}");
            assert_eq!(cards(kind, party, &path), [(Impact::Charges, Limit::default())], "{path}");
        }
        assert_eq!(cards(kind, party, &format!("{prefix}address.line1")), [payouts]);
    }
    for path in ["id_number", "ssn_last_4"] {
        let owners = [
            (Impact::Charges, limit(Some(usd(1_000_000_00)), None)),
            (Impact::Payouts, limit(Some(usd(750_000_00)), None)),
        ];
        assert_eq!(cards(Company, Party::Owner, path), owners, "{path}");
    }
    let whole = [(Impact::Both, limit(Some(usd(500_000_00)), None))];
    assert_eq!(us_limits(Company, &CARDS, Party::Owner, "id_number", Unprovided), whole);
    assert_eq!(us_limits(Individual, &CARDS, Party::Individual, "id_number", Unprovided), whole);
    assert_eq!(us_limits(NonProfit, &CARDS, Party::Representative, "id_number", Unprovided), whole);
}

#[test]
fn what_other_countries_ask_for() {
    let company = |country| at_once(country, Company, None, &CARDS);
    let has = |items: &[String], item: &str| items.iter().any(|known| known == item);
    for country in [DE, GB, SG, CA] {
        assert!(has(&company(country), "relationship.director"), "{country}");
    }
    assert!(!has(&company(US), "relationship.director") && !has(&company(KE), "relationship.director"));
    assert!(has(&company(GB), "relationship.executive") && !has(&company(DE), "relationship.executive"));
    assert!(has(&company(DE), "company.tax_id_registrar") && !has(&company(NL), "company.tax_id_registrar"));
    for (country, state) in [(CA, true), (AU, true), (BR, true), (GB, false), (DE, false), (SG, false)] {
        assert_eq!(has(&company(country), "company.address.state"), state, "{country}");
        let individual = at_once(country, Individual, None, &CARDS);
        assert_eq!(has(&individual, "individual.address.state"), state, "{country}");
    }
    let japan = at_once(JP, Individual, None, &CARDS);
    for item in ["first_name_kana", "last_name_kanji", "address_kana.postal_code", "verification.document"] {
        assert!(has(&japan, &format!("individual.{item}")), "{item}");
    }
    assert!(!has(&japan, "individual.first_name") && !has(&company(JP), "relationship.owner"));
    assert!(has(&company(JP), "settings.payments.statement_descriptor_kana"));
    assert!(has(&company(IN), "company.registration_number") && !has(&company(IN), "company.export_purpose_code"));
    let abroad = [CardPayments, Transfers, Capability::IndiaInternationalPayments];
    assert!(has(&at_once(IN, Company, None, &abroad), "company.export_purpose_code"));
    assert!(has(&at_once(BR, Individual, None, &CARDS), "individual.political_exposure"));
    assert!(of_person(SG, Party::Representative, Company, true).contains("verification.proof_of_liveness"));
    assert!(of_person(AE, Party::Representative, Company, true).contains("documents.passport"));
    assert!(has(&company(AE), "documents.company_memorandum_of_association"));
    let book = Rulebook::standard();
    let licence = |rule: &&RequirementRule| (rule.path(), rule.stage()) == ("documents.company_license", Unverified);
    let rule = book.requirement_set(AE).rules().find(licence).unwrap();
    assert_eq!((rule.impact(), rule.is_immediate()), (Impact::Charges, true));
}

#[test]
fn which_sets_hold_where() {
    let book = Rulebook::standard();
    let set = |country| book.requirement_set(country);
    let names = |country| set(country).sets().collect::<Vec<_>>();
    assert_eq!(names(US), ["us", "everywhere"]);
    assert_eq!(names(NL), ["eea", "common", "everywhere"]);
    assert_eq!((names(KE), names(KP)), (vec!["common", "everywhere"], vec!["common", "everywhere"]));
    assert_eq!((set(US).confidence(), set(KE).confidence()), (Confidence::High, Confidence::Low));
    assert!(set(US).admits(GovernmentEntity) && !set(DE).admits(GovernmentEntity));
    assert!(set(AE).admits(Company) && !set(AE).admits(Individual) && !set(AE).admits(NonProfit));
    let eea = book.countries().filter(|rule| rule.region() == Region::Eea);
    assert!(eea.map(CountryRule::country).all(|country| names(country).contains(&"eea")));
}

// RULE: thresholds of ownership (docs.stripe.com/connect/required-verification-information, 2024, and
// docs.stripe.com/connect/updated_requirements/sg, 2021).
#[test]
fn thresholds_of_ownership() {
    let book = Rulebook::standard();
    let owner =
        |country, percent: i64| book.requirement_set(country).owner_threshold().is_reached_by(Decimal::from(percent));
    for country in [US, DE, GB, CA, AE, TH] {
        assert!(owner(country, 25) && !owner(country, 24), "{country}");
    }
    for country in [MX, SG] {
        assert!(owner(country, 26) && !owner(country, 25), "{country}");
    }
    let singapore = book.requirement_set(SG).owner_threshold_if_nobody().unwrap();
    assert_eq!((singapore.percent(), singapore.is_inclusive()), (Decimal::TEN, false));
    assert_eq!(book.requirement_set(US).owner_threshold_if_nobody(), None);
}

#[test]
fn what_cannot_be_changed_once_it_was_verified() {
    let book = Rulebook::standard();
    let locked: Vec<_> =
        book.countries().filter(|rule| book.requirement_set(rule.country()).locked_fields().count() > 0).collect();
    assert_eq!(locked.iter().map(|rule| rule.country()).collect::<Vec<_>>(), [BR]);
    assert!(book.requirement_set(BR).locked_fields().eq(["company.tax_id", "individual.id_number"]));
}

#[test]
fn a_country_can_be_added_by_data_alone() {
    let mut book = Rulebook::standard();
    let countries = "code,name,availability,default_currency,settlement_currencies,region,source\n\
                     KP,Nowhere,ga,krw,krw,other,ours\n";
    book.read(Table::Countries, countries).unwrap();
    let fields = "subject,path,format,check,alternative,personal,test_value,documented,source\n\
                  account,documents.seal,file,company_document,,no,file_seal,no,ours\n";
    book.read(Table::Fields, fields).unwrap();
    let rules = format!(
        "{HEAD}\n\
         kp,company,*,*,*,account,documents.seal,unprovided,payouts,500000,krw,10,first_charge,2027-01-01,,high,ours\n"
    );
    book.read(Table::Requirements, &rules).unwrap();
    let sets = "country,sets,confidence,business_types,owners,source\nKP,kp everywhere,high,company,>50 else >5,ours\n";
    book.read(Table::RequirementSets, sets).unwrap();

    let set = book.requirement_set(KP);
    assert_eq!((set.name(), set.confidence(), set.source().page()), ("kp", Confidence::High, "ours"));
    assert!(set.admits(Company) && !set.admits(Individual));
    let seal = set.rules().find(|rule| rule.path() == "documents.seal").unwrap();
    assert_eq!((seal.set(), seal.confidence(), seal.impact()), ("kp", Confidence::High, Impact::Payouts));
    let krw = Currency::KRW;
    let expected =
        Limit { amount: Some(Money::new(500_000, krw)), time: Some((10, Since::FirstCharge)), ..Limit::default() };
    assert_eq!((seal.limit(), seal.is_immediate()), (expected, false));
    assert_eq!(seal.from(), Some("2027-01-01".parse().unwrap()));
    assert!(seal.applies(Company, None, &[Transfers], Recipient) && !seal.applies(NonProfit, None, &CARDS, Full));
    assert!(set.rules().any(|rule| rule.path() == "business_profile.mcc"));
    assert_eq!(Rulebook::standard().requirement_set(KP).name(), "common");
}

#[test]
fn a_more_particular_rule_takes_the_place_of_the_general_one_for_its_business_types() {
    let mut book = Rulebook::standard();
    let rules = format!(
        "{HEAD}\n\
         low,*,*,*,*,company,company.name company.phone,unprovided,both,,,,,,,high,ours\n\
         low,*,*,*,*,company,company.name,unprovided,payouts,,,9,created,,,high,ours\n\
         low,*,*,*,*,company,company.name,unverified,both,,,1,created,,,high,ours\n\
         high,company,private_company,*,*,company,company.name,unprovided,charges,,,7,created,,,high,ours\n"
    );
    book.read(Table::Requirements, &rules).unwrap();
    let sets = "country,sets,confidence,business_types,owners,source\n*,high low,high,company non_profit,>=10,ours\n";
    book.read(Table::RequirementSets, sets).unwrap();
    let about = |kind, structure, path: &str, stage| -> Vec<(String, Impact)> {
        let set = book.requirement_set(KP);
        let rules = set
            .rules()
            .filter(|rule| rule.applies(kind, structure, &[], Full) && (rule.path(), rule.stage()) == (path, stage));
        rules.map(|rule| (rule.set().to_owned(), rule.impact())).collect()
    };
    let low = |impact| ("low".to_owned(), impact);
    // A company has the particular rule, or none where that one is not for its structure: the general ones are gone.
    assert_eq!(about(Company, None, "company.name", Unprovided), [("high".to_owned(), Impact::Charges)]);
    let public = Some(CompanyStructure::PublicCompany);
    assert_eq!(about(Company, public, "company.name", Unprovided), []);
    // Other business types, fields and stages keep them, both of them.
    let both = [low(Impact::Both), low(Impact::Payouts)];
    assert_eq!(about(NonProfit, None, "company.name", Unprovided), both);
    assert_eq!(about(Company, None, "company.phone", Unprovided), [low(Impact::Both)]);
    assert_eq!(about(Company, None, "company.name", Unverified), [low(Impact::Both)]);

    // Read again with another limit, a rule stays one rule.
    let again = format!("{HEAD}\nlow,*,*,*,*,company,company.phone,unprovided,both,,,3,created,,,high,ours\n");
    book.read(Table::Requirements, &again).unwrap();
    let phone: Vec<_> = book
        .requirement_set(KP)
        .rules()
        .filter(|rule| rule.path() == "company.phone")
        .map(RequirementRule::limit)
        .collect();
    assert_eq!(phone, [Limit { time: Some((3, Since::Created)), ..Limit::default() }]);
}

#[test]
fn whom_a_rule_is_for() {
    let mut book = Rulebook::standard();
    let rules = format!(
        "{HEAD}\n\
         x,company,public_company llc,*,recipient,company,company.name,unprovided,both,,,,,,,high,ours\n\
         x,*,*,payments,*,account,business_profile.name,unprovided,both,,,,,,,high,ours\n\
         x,*,*,transfers !payments,*,account,business_profile.url,unprovided,both,,,,,,,high,ours\n\
         x,*,*,*,*,legal_guardian,first_name,unprovided,both,,,,,,,high,ours\n"
    );
    book.read(Table::Requirements, &rules).unwrap();
    let row = "country,sets,confidence,business_types,owners,source\nUS,x,high,company,>=25,ours\n";
    book.read(Table::RequirementSets, row).unwrap();
    let set = book.requirement_set(US);
    let rule = |path: &str| set.rules().find(|rule| rule.path() == path).unwrap();
    let (name, profile, url) = (rule("company.name"), rule("business_profile.name"), rule("business_profile.url"));
    assert!(name.applies(Company, Some(CompanyStructure::Llc), &[], Recipient));
    assert!(!name.applies(Company, Some(CompanyStructure::Llc), &[], Full));
    assert!(!name.applies(Company, None, &[], Recipient) && !name.applies(NonProfit, None, &[], Recipient));
    assert!(profile.applies(Individual, None, &CARDS, Full) && !profile.applies(Individual, None, &[Transfers], Full));
    assert!(url.applies(Individual, None, &[Transfers], Full) && !url.applies(Individual, None, &CARDS, Full));
    assert!(!url.applies(Individual, None, &[], Full));
    assert!(rule("first_name").applies(Individual, None, &[], Full));
    assert_eq!((name.party().role(), rule("first_name").party().role()), (None, Some(PersonRole::LegalGuardian)));
}

#[test]
fn bad_rows_are_refused_with_the_line_and_the_reason() {
    for (row, expected) in [
        ("x,*,*,*,*,account,moon,unprovided,both,,,,,,,high,us", "`moon` is not a field of fields.csv"),
        ("x,*,*,*,*,individual,company.name,unprovided,both,,,,,,,high,us", "`company.name` is not a field"),
        ("x,*,*,*,*,account,,unprovided,both,,,,,,,high,us", "at least one field"),
        ("x,company,*,*,*,individual,dob,unprovided,both,,,,,,,high,us", "`company` cannot have a party `individual`"),
        ("x,individual company,*,*,*,owner,dob,unprovided,both,,,,,,,high,us", "cannot have a party `owner`"),
        ("x,*,,*,*,account,business_type,unprovided,both,,,,,,,high,us", "`*` is everything"),
        ("x,*,*,card_payments payments,*,account,business_type,unprovided,both,,,,,,,high,us", "twice"),
        ("x,*,*,*,verbal,account,business_type,unprovided,both,,,,,,,high,us", "`verbal` is not a service agreement"),
        ("x,*,*,*,*,account,business_type,unprovided,both,5,,,,,,high,us", "an amount"),
        ("x,*,*,*,*,account,business_type,unprovided,both,0,usd,,,,,high,us", "an amount"),
        ("x,*,*,*,*,account,business_type,unprovided,both,5,zzz,,,,,high,us", "`zzz`"),
        ("x,*,*,*,*,account,business_type,unprovided,both,,,5,,,,high,us", "days"),
        ("x,*,*,*,*,account,business_type,unprovided,both,,,0,created,,,high,us", "days"),
        ("x,*,*,*,*,account,business_type,unprovided,both,,,,,soon,,high,us", "`soon` is not a day"),
        ("x,*,*,*,*,account,business_type,unprovided,both,,,,,,moon,high,us", "`moon` is not a field"),
        ("a b,*,*,*,*,account,business_type,unprovided,both,,,,,,,high,us", "without blanks"),
        ("x,*,*,*,*,account,business_type business_type,unprovided,both,,,,,,,high,us", "another row"),
    ] {
        let error = Rulebook::standard().read(Table::Requirements, &format!("{HEAD}\n{row}\n")).unwrap_err();
        assert!(error.to_string().starts_with("requirements.csv, line 2: "), "{error}");
        assert!(error.to_string().contains(expected), "{row}: {error}");
    }
    let head = "country,sets,confidence,business_types,owners,source";
    for (row, expected) in [
        ("US,usa,high,company,>=25,us", "no rule is of a set `usa`"),
        ("US,,high,company,>=25,us", "at least one set"),
        ("US,us,high,,>=25,us", "one business type"),
        ("US,us,high,company,25,us", "`25` is not a bound"),
        ("US,us,high,company,>=125,us", "`>=125` is not a bound"),
        ("US,us,high,company,>25 else few,us", "`few` is not a bound"),
        ("KP,us,high,company,>=25,us", "the rulebook has no country `KP`"),
    ] {
        let error = Rulebook::standard().read(Table::RequirementSets, &format!("{head}\n{row}\n")).unwrap_err();
        assert!(error.to_string().contains(expected), "{row}: {error}");
    }
}
