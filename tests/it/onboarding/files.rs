//! Files of documents, as far as a host has looked at them.

use fundroute::accounts::{AccountError, Information, NewPerson, Relationship};
use fundroute::prelude::*;
use fundroute::rulebook::{BusinessType, DocumentFile, FilePurpose, FileType, PersonRole, RequirementErrorCode};

use super::{Desk, refused};

fn picture() -> DocumentFile {
    DocumentFile::new(FilePurpose::IdentityDocument, FileType::Jpeg, 2_000_000).pixels(3_000, 2_000)
}

/// docs.stripe.com/connect/handling-api-verification (2024): a file that cannot be a document is refused before anybody checks it.
#[test]
fn a_file_that_cannot_be_a_document_is_refused() {
    let mut desk = Desk::open();
    let oak = desk.custom(US, BusinessType::Company);
    let ada = desk.person(oak, Relationship::of([PersonRole::Representative]));
    let before = desk.platform.snapshot();
    let document = |file| Information::about_person(ada).attach("verification.document", "file_passport", file);
    let address = |file| Information::about_person(ada).attach("verification.additional_document", "file_bill", file);
    let (pdf, large) = (DocumentFile { file_type: FileType::Pdf, ..picture() }, picture().pixels(9_000, 10));
    let old = picture().issued("2026-05-01".parse().unwrap());
    for (told, field, code) in [
        (document(pdf), "verification.document", RequirementErrorCode::VerificationDocumentTypeNotSupported),
        (document(large), "verification.document", RequirementErrorCode::VerificationDocumentTooLarge),
        (address(old), "verification.additional_document", RequirementErrorCode::VerificationDocumentExpired),
    ] {
        let error = AccountError::FieldInvalid { field: field.into(), code };
        assert_eq!(refused(desk.give(told)), error);
    }
    let key = desk.key();
    let person =
        NewPerson::new(oak, Relationship::of([PersonRole::Owner])).attach("verification.document", "file_1", pdf);
    let answer = desk.platform.accounts().add_person(&key, person).map(|decided| decided.answer);
    let code = RequirementErrorCode::VerificationDocumentTypeNotSupported;
    assert_eq!(answer, Err(AccountError::FieldInvalid { field: "verification.document".into(), code }.into()));
    assert_eq!(desk.platform.snapshot(), before);

    desk.give(document(picture())).unwrap();
    desk.give(address(pdf)).unwrap();
    let license = DocumentFile { purpose: FilePurpose::AccountRequirement, ..pdf };
    desk.give(Information::about(oak).attach("documents.company_license", "file_license", license)).unwrap();
    let given = desk.platform.person(ada).unwrap().given();
    assert!(given.has("verification.document") && given.has("verification.additional_document"));
}

#[test]
fn what_is_no_file_is_not_described_as_one() {
    let mut desk = Desk::open();
    let jo = desk.custom(US, BusinessType::Individual);
    let mut nothing = Information::about(jo);
    nothing.files.insert("individual.verification.document".into(), picture());
    let error = AccountError::NoFile("individual.verification.document".into());
    assert_eq!(refused(desk.give(nothing)), error, "nothing was given");
    let name = Information::about(jo).attach("individual.first_name", "Jo", picture());
    assert_eq!(refused(desk.give(name)), AccountError::NoFile("individual.first_name".into()));
    let odd = Information::about(jo).set("individual.first_name", "Jo").attach("shoes", "file_1", picture());
    assert_eq!(refused(desk.give(odd)), AccountError::UnknownField("shoes".into()));
}
