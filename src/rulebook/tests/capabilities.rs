//! What capabilities need and open.

use super::super::*;

use Capability::{BoletoPayments, CardPayments, IndiaInternationalPayments, LegacyPayments, Transfers};
use Country::{IN, US};

const HEAD: &str = "capability,family,needs,permanent,payments,agreements,countries,source";

fn all() -> [CapabilityRule; Capability::ALL.len()] {
    let book = Rulebook::standard();
    Capability::ALL.map(|capability| book.capability(capability).clone())
}

#[test]
fn every_capability_has_a_row_with_a_source() {
    let rows = Table::Capabilities.standard().lines().filter(|line| !line.starts_with('#')).skip(1).count();
    assert_eq!((all().len(), rows), (68, 68));
    for (rule, capability) in all().iter().zip(Capability::ALL) {
        assert_eq!(rule.capability(), capability);
        assert!(!rule.source().page().is_empty() && rule.source().year().is_some(), "{capability}");
    }
}

#[test]
fn families() {
    use CapabilityFamily::{BankDebit, BankTransfer, Core, Money, Other, Regional, Tax};
    let count = |family| all().iter().filter(|rule| rule.family() == family).count();
    let counts = [Core, Tax, Money, Regional, BankDebit, BankTransfer, Other].map(count);
    assert_eq!(counts, [3, 2, 4, 4, 6, 6, 43]);
}

#[test]
fn what_capabilities_need_and_open() {
    for rule in all() {
        let capability = rule.capability();
        let needs: &[Capability] = if capability == CardPayments { &[Transfers] } else { &[] };
        assert_eq!(rule.needs(), needs, "{capability}");
        assert_eq!(rule.is_permanent(), capability == LegacyPayments, "{capability}");
        let transfers = matches!(capability, Transfers | Capability::CryptoTransfers);
        assert_eq!(rule.is_open_under(ServiceAgreement::Recipient), transfers, "{capability}");
        assert!(rule.is_open_under(ServiceAgreement::Full), "{capability}");
        assert!(!rule.is_open_to(Country::Unspecified), "{capability}");
        let brings: &[Capability] = if capability == LegacyPayments { &[CardPayments, Transfers] } else { &[] };
        assert_eq!((rule.brings(Country::CA), rule.brings(US)), (brings, &[][..]), "{capability}");
        // A payment method is named after what it takes; one other name ends like that.
        let method = capability.as_str().ends_with("_payments") && capability != IndiaInternationalPayments;
        assert_eq!(rule.takes_payments(), method, "{capability}");
    }
    let book = Rulebook::standard();
    let india = book.capability(IndiaInternationalPayments);
    assert!(india.is_open_to(IN) && !india.is_open_to(US) && book.capability(BoletoPayments).is_open_to(US));
    for method in PaymentMethod::ALL {
        let needed = book.payment_method(method).capability();
        assert!(needed.is_none_or(|needed| book.capability(needed).takes_payments()), "{method}");
    }
}

#[test]
fn a_book_cannot_begin_without_a_capability() {
    let csv: Vec<&str> =
        Table::Capabilities.standard().lines().filter(|line| !line.starts_with("zip_payments")).collect();
    let error = super::super::edit::read_capabilities(&csv.join("\n")).unwrap_err();
    assert_eq!(error.to_string(), "capabilities.csv, line 1: no row for `zip_payments`");
}

#[test]
fn a_host_changes_one_capability() {
    let mut book = Rulebook::standard();
    let row = "transfers,core,,yes,no,full,US,ours";
    book.read(Table::Capabilities, &format!("{HEAD}\n{row}\n")).unwrap();
    let transfers = book.capability(Transfers);
    assert!(transfers.is_permanent() && !transfers.is_open_under(ServiceAgreement::Recipient));
    assert_eq!(transfers.source().page(), "ours");
    assert_eq!(book.capability(CardPayments), Rulebook::standard().capability(CardPayments));
}

#[test]
fn rows_that_contradict_themselves_are_refused() {
    for (row, expected) in [
        ("transfers,core,transfers,no,no,full,,us", "does not need itself"),
        ("transfers,core,,no,no,,,us", "no agreement"),
        ("transfers,core,,no,no,full full,,us", "twice"),
        ("transfers,core,wings,no,no,full,,us", "`wings` is not a capability"),
        ("transfers,nuts,,no,no,full,,us", "`nuts` is not a family of capabilities"),
        ("transfers,core,,no,no,full,ZZ,us", "`ZZ` is not a country"),
    ] {
        let error = Rulebook::standard().read(Table::Capabilities, &format!("{HEAD}\n{row}\n")).unwrap_err();
        assert!(error.to_string().contains(expected), "{error}");
    }
    for (row, expected) in [
        ("transfers,core,,no,no,full,,us,transfers,CA", "does not bring itself"),
        ("transfers,core,,no,no,full,,us,treasury,", "in some countries"),
        ("transfers,core,,no,no,full,,us,,CA", "in some countries"),
    ] {
        let text = format!("{HEAD},brings,brings_in\n{row}\n");
        let error = Rulebook::standard().read(Table::Capabilities, &text).unwrap_err();
        assert!(error.to_string().contains(expected), "{error}");
    }
}
