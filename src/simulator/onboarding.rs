//! Holders who give what they are asked for, and the world that checks it.

use std::collections::BTreeMap;

use super::World;
use crate::accounts::{
    CheckOutcome, Information, InformationChecked, NewPerson, Relationship, RequirementCollector, RequirementPath,
    Values,
};
use crate::calendar::Timestamp;
use crate::ids::{AccountId, ObjectId, PersonId};
use crate::journal::Fact;
use crate::platform::{Command, Error, Platform, Request};
use crate::rulebook::{BusinessType, Check, FieldFormat, PersonRole, RequirementErrorCode, Subject};

/// A number of a person, or of a business, that nobody knows (docs.stripe.com/connect/testing, 2024).
pub const UNKNOWN_NUMBER: &str = "111111111";
/// A date of birth under which nobody is known; a name of this crate's own world.
pub const UNKNOWN_BIRTH: &str = "1910-10-10";
/// A street where nobody of that name lives (docs.stripe.com/connect/testing, 2024).
pub const UNKNOWN_ADDRESS: &str = "address_no_match";
/// A document that cannot be read; a name of this crate's own world.
pub const UNREADABLE_DOCUMENT: &str = "file_identity_document_failed";

/// The most rounds of asking and giving that an account can take; only a rulebook that asks for what it refuses takes more.
const MOST_ROUNDS: usize = 8;

impl World {
    /// The holder of an account gives everything that the account is asked for, now or ever, but a bank account; the world
    /// checks it. An individual, unless the account says otherwise or its country admits companies only.
    ///
    /// # Errors
    /// As [`Accounts::provide`](crate::platform::Accounts::provide).
    pub fn complete(&mut self, platform: &mut Platform, account: AccountId) -> Result<(), Error> {
        self.settle(platform)?;
        for _ in 0..MOST_ROUNDS {
            for request in self.answers(platform, account)? {
                platform.handle(request)?;
            }
            self.settle(platform)?;
        }
        Ok(())
    }

    /// What the holder of an account answers to what it is asked for at this moment, now or ever, but a bank account. More may be
    /// asked for in return, such as the name of a person that was added. For hosts that keep the
    /// [`Changes`](crate::journal::Changes), instead of [`complete`](Self::complete).
    ///
    /// # Errors
    /// [`Error::NotFound`] where there is no such account.
    pub fn answers(&mut self, platform: &Platform, account: AccountId) -> Result<Vec<Request>, Error> {
        let asked = platform.requirements(account)?.eventually_due;
        let missing: Vec<RequirementPath> =
            asked.into_iter().filter(|path| path.as_str() != "external_account").collect();
        let mut requests = Vec::new();
        for command in answers(platform, account, &missing)? {
            let key = format!("world-answer-{}", self.next_number());
            requests.push(as_holder(platform, account, Request::new(key, command))?);
        }
        Ok(requests)
    }

    /// What the world finds out about something that was given.
    pub(super) fn verify(&mut self, platform: &Platform, subject: ObjectId, check: Check, revision: u32) {
        let account = AccountId::of(subject.family(), 0);
        let person = if let ObjectId::Person(person) = subject { Some(person) } else { None };
        let outcome = platform.information(subject).map_or(CheckOutcome::Verified, |values| found_out(values, check));
        let fact = InformationChecked { account, person, check, revision, outcome };
        self.will(platform.now(), Fact::InformationChecked(fact));
    }
}

/// Holders speak for themselves where the processor collects what is asked for, or the platform must not know it.
pub(super) fn as_holder(platform: &Platform, account: AccountId, request: Request) -> Result<Request, Error> {
    let controller = platform.account(account)?.controller();
    let home = platform.account(platform.id())?.country();
    let needs_token = platform.rulebook().country(home)?.account_tokens();
    Ok(match controller.map(|controller| controller.requirements) {
        Some(RequirementCollector::Application) if needs_token => request.by(crate::accounts::Actor::Holder, account),
        Some(RequirementCollector::Processor) => request.by(crate::accounts::Actor::Holder, account),
        Some(RequirementCollector::Application) | None => request,
    })
}

/// A moment in seconds, or now where that is earlier: nobody has agreed to anything at a time that has not come.
fn by_now(moment: &str, now: Timestamp) -> String {
    let now = now.micros().div_euclid(1_000_000);
    moment.parse().map_or(now, |moment: i64| moment.min(now)).to_string()
}

/// What a holder answers, with the values that test mode takes.
fn answers(platform: &Platform, account: AccountId, missing: &[RequirementPath]) -> Result<Vec<Command>, Error> {
    let (book, country) = (platform.rulebook(), platform.account(account)?.country());
    let value = |subject: Subject, field: &str| {
        let rule = book.field(subject, field).or_else(|| book.field(subject, field.rsplit_once('.')?.0))?;
        let given = rule.test_value(country);
        let is_moment = rule.format() == FieldFormat::Timestamp;
        Some((Box::from(rule.path()), if is_moment { by_now(given, platform.now()) } else { given.to_owned() }))
    };
    let mut about = Information::about(account);
    let mut roles = Vec::new();
    let mut persons: BTreeMap<PersonId, Information> = BTreeMap::new();
    for path in missing.iter().map(RequirementPath::as_str) {
        if path == "business_type" {
            let individual = book.requirement_set(country).admits(BusinessType::Individual);
            about = about.business_type(if individual { BusinessType::Individual } else { BusinessType::Company });
        } else if let Some(role) = path.strip_prefix("relationship.").and_then(|role| role.parse::<PersonRole>().ok()) {
            roles.push(role);
        } else if let Some(field) = path.strip_prefix("individual.") {
            let known = value(Subject::Person, field);
            about.fields.extend(known.map(|(field, value)| (format!("individual.{field}").into(), value)));
        } else if let Some((Ok(person), field)) = path.split_once('.').map(|(id, field)| (id.parse(), field)) {
            let known = persons.entry(person).or_insert_with(|| Information::about_person(person));
            let now = platform.person(person)?.relationship();
            match field.strip_prefix("relationship.").map(str::parse::<PersonRole>) {
                Some(Ok(role)) => {
                    let now = known.relationship.as_ref().unwrap_or(now).clone();
                    known.relationship = Some(now.and(role));
                }
                _ if field == "relationship.percent_ownership" => known.relationship = Some(now.clone().owning(100)),
                Some(Err(_)) | None => known.fields.extend(value(Subject::Person, field)),
            }
        } else {
            about.fields.extend(value(Subject::Account, path).or_else(|| value(Subject::Company, path)));
        }
    }
    let mut commands = Vec::new();
    if !about.fields.is_empty() {
        commands.push(Command::ProvideInformation(about));
    }
    commands.extend(persons.into_values().map(Command::ProvideInformation));
    if !roles.is_empty() {
        let owns = roles.contains(&PersonRole::Owner);
        let relationship = Relationship::of(roles);
        let relationship = if owns { relationship.owning(100) } else { relationship };
        commands.push(Command::CreatePerson(NewPerson::new(account, relationship)));
    }
    Ok(commands)
}

/// What the documented test values lead to; everything else is true.
// RULE: docs.stripe.com/connect/testing (2024), and the names of this world's own.
fn found_out(values: &Values, check: Check) -> CheckOutcome {
    let fields: &[(&str, &str, RequirementErrorCode)] = match check {
        Check::Identity => &[
            ("id_number", UNKNOWN_NUMBER, RequirementErrorCode::VerificationFailedIdNumberMatch),
            ("ssn_last_4", "1111", RequirementErrorCode::VerificationFailedIdNumberMatch),
            ("dob", UNKNOWN_BIRTH, RequirementErrorCode::VerificationFailedKeyedIdentity),
        ],
        Check::Address => &[
            ("address.line1", UNKNOWN_ADDRESS, RequirementErrorCode::VerificationFailedResidentialAddress),
            ("company.address.line1", UNKNOWN_ADDRESS, RequirementErrorCode::InvalidStreetAddress),
        ],
        Check::TaxId => &[("company.tax_id", UNKNOWN_NUMBER, RequirementErrorCode::VerificationFailedTaxIdMatch)],
        Check::Document => {
            &[("verification.document", UNREADABLE_DOCUMENT, RequirementErrorCode::VerificationDocumentNotReadable)]
        }
        Check::AddressDocument => &[(
            "verification.additional_document",
            UNREADABLE_DOCUMENT,
            RequirementErrorCode::VerificationDocumentNotReadable,
        )],
        Check::CompanyDocument => &[(
            "company.verification.document",
            UNREADABLE_DOCUMENT,
            RequirementErrorCode::VerificationDocumentNotReadable,
        )],
        Check::BankOwnership => &[(
            "documents.bank_account_ownership_verification",
            UNREADABLE_DOCUMENT,
            RequirementErrorCode::VerificationDocumentNotReadable,
        )],
        Check::Registry => &[],
    };
    let bad = fields.iter().find(|(field, value, _)| values.get(field) == Some(value));
    bad.map_or(CheckOutcome::Verified, |(field, _, code)| CheckOutcome::Failed {
        code: *code,
        fields: vec![Box::from(*field)],
    })
}
