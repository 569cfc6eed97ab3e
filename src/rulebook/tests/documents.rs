//! Files of documents.

use super::super::*;

use Check::{AddressDocument, BankOwnership, CompanyDocument, Document};
use RequirementErrorCode as Code;

const HEAD: &str = "check,purposes,types,max_bytes,max_pixels,months,source";

fn today() -> chrono::NaiveDate {
    "2026-11-22".parse().unwrap()
}

fn passport() -> DocumentFile {
    DocumentFile::new(FilePurpose::IdentityDocument, FileType::Png, 10_485_760).pixels(8_000, 8_000)
}

/// docs.stripe.com/connect/handling-api-verification (2024): JPEG and PNG, of addresses and companies PDF too.
#[test]
fn which_files_show_what() {
    let book = Rulebook::standard();
    for check in Check::ALL {
        let rule = book.document_rule(check);
        let is_document = matches!(check, AddressDocument | BankOwnership | CompanyDocument | Document);
        assert_eq!(rule.is_some(), is_document, "{check}");
        let Some(rule) = rule else {
            assert_eq!(book.check_document(check, &passport(), today()), Err(Code::VerificationDocumentInvalid));
            continue;
        };
        assert_eq!((rule.max_bytes(), rule.max_pixels()), (10 << 20, 8_000));
        assert_eq!(rule.months(), (check == AddressDocument).then_some(6));
        assert_eq!(rule.types().contains(&FileType::Pdf), check != Document, "{check}");
        assert!(!rule.purposes().is_empty());
    }
}

#[test]
fn what_is_wrong_with_a_file() {
    let book = Rulebook::standard();
    let check = |file: DocumentFile| book.check_document(Document, &file, today());
    assert_eq!(check(passport()), Ok(()), "as large as it may be");
    let file = passport();
    for (file, code) in [
        (DocumentFile { purpose: FilePurpose::AdditionalVerification, ..file }, Code::VerificationDocumentInvalid),
        (DocumentFile { file_type: FileType::Pdf, ..file }, Code::VerificationDocumentTypeNotSupported),
        (DocumentFile { bytes: 10_485_761, ..file }, Code::VerificationDocumentTooLarge),
        (file.pixels(8_001, 1), Code::VerificationDocumentTooLarge),
        (file.pixels(1, 8_001), Code::VerificationDocumentTooLarge),
        (DocumentFile { bytes: 0, ..file }, Code::VerificationDocumentCorrupt),
        (DocumentFile { password_protected: true, ..file }, Code::VerificationDocumentNotReadable),
        (DocumentFile { greyscale: true, ..file }, Code::VerificationDocumentFailedGreyscale),
    ] {
        assert_eq!(check(file), Err(code), "{file:?}");
    }
    // A bill is no older than six months, to the day; of a passport that is no matter.
    let old = passport().issued("2026-05-21".parse().unwrap());
    let bill = |day: &str| book.check_document(AddressDocument, &old.issued(day.parse().unwrap()), today());
    assert_eq!((bill("2026-05-22"), bill("2026-05-21")), (Ok(()), Err(Code::VerificationDocumentExpired)));
    assert_eq!(check(old), Ok(()));
}

#[test]
fn a_host_has_rows_of_its_own_and_bad_ones_are_refused() {
    let mut book = Rulebook::standard();
    book.read(Table::DocumentFiles, &format!("{HEAD}\ndocument,identity_document,pdf,5,9,,ours\n")).unwrap();
    let rule = book.document_rule(Document).unwrap();
    assert_eq!((rule.types(), rule.max_bytes(), rule.source().page()), (&[FileType::Pdf][..], 5, "ours"));
    assert!(book.document_rule(AddressDocument).is_some());
    for (row, expected) in [
        ("document,,pdf,5,9,,us", "no file could"),
        ("document,identity_document,,5,9,,us", "no file could"),
        ("document,identity_document,pdf,0,9,,us", "no file could"),
        ("document,identity_document,pdf,5,0,,us", "no file could"),
        ("document,identity_document,gif,5,9,,us", "`gif` is not a type of file"),
        ("document,holiday,pdf,5,9,,us", "`holiday` is not a purpose of a file"),
    ] {
        let error = Rulebook::standard().read(Table::DocumentFiles, &format!("{HEAD}\n{row}\n")).unwrap_err();
        assert!(error.to_string().contains(expected), "{error}");
    }
}
