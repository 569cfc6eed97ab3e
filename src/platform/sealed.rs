//! What is handed in behind tokens, and what is known of files.

use std::collections::BTreeMap;

use super::onboarding::{action_of, is_derived, shown};
use super::{Error, Transaction};
use crate::accounts::{Account, AccountError, Action, InquiryName, Sealed};
use crate::rulebook::{DocumentFile, FieldFormat, FieldRule, Subject};

/// Fields and their values, by name.
type Fields = BTreeMap<Box<str>, String>;

impl<'a> Transaction<'a> {
    /// What is known of a field of these subjects that can be given.
    pub(super) fn field_rule(&self, subjects: &[Subject], field: &str) -> Result<&'a FieldRule, AccountError> {
        // RULE: what the processor wants to know about a business is not answered by way of the API
        // (docs.stripe.com/connect/handle-verification-updates, 2024).
        if field.parse::<InquiryName>().is_ok() {
            return Err(AccountError::AnsweredOnPage);
        }
        let rule = match field.strip_prefix("individual.") {
            Some(own) if subjects.contains(&Subject::Account) => self.rulebook.field(Subject::Person, own),
            Some(_) | None => subjects.iter().find_map(|subject| self.rulebook.field(*subject, field)),
        };
        rule.filter(|_| !is_derived(field)).ok_or_else(|| AccountError::UnknownField(shown(field).into()))
    }

    /// That the files among these fields are as documents have to be, as far as anything is known of them.
    pub(super) fn check_files(
        &self,
        subjects: &[Subject],
        fields: &Fields,
        files: &BTreeMap<Box<str>, DocumentFile>,
    ) -> Result<(), AccountError> {
        for (field, file) in files {
            let rule = self.field_rule(subjects, field)?;
            let check = rule.verified_by().filter(|_| rule.format() == FieldFormat::File && fields.contains_key(field));
            let check = check.ok_or_else(|| AccountError::NoFile(field.clone()))?;
            let verdict = self.rulebook.check_document(check, file, self.now.date());
            verdict.map_err(|code| AccountError::FieldInvalid { field: field.clone(), code })?;
        }
        Ok(())
    }

    /// That what is behind a token is what tokens are for, that it may be given, and that the token was not used before: it is from now on.
    // RULE: a token is good once, and gives data about the legal entity or a person and that the terms were accepted, nothing else; data
    // about persons of a company come in tokens of their own (docs.stripe.com/connect/account-tokens, 2024). What a rule goes by, such as
    // what sort of business it is, has to be told beside it, because nobody here can look into a token.
    pub(super) fn unseal(
        &mut self,
        account: &Account,
        subjects: &[Subject],
        (fields, sealed): (&Fields, &Sealed),
    ) -> Result<(), Error> {
        if sealed.fields.is_empty() {
            return Err(AccountError::NothingToChange.into());
        }
        if sealed.token.is_of_person() != (subjects == [Subject::Person]) {
            return Err(AccountError::TokenOfAnotherKind.into());
        }
        for field in &sealed.fields {
            let rule = self.field_rule(subjects, field)?;
            let is_of_tokens = matches!(action_of(field), Action::WritePersonal | Action::AcceptTerms);
            if !is_of_tokens || is_told_beside(rule) || fields.contains_key(field) {
                return Err(AccountError::NotInToken(field.clone()).into());
            }
            self.permit(account, action_of(field))?;
        }
        let name = self.reference_of("token", sealed.token.as_str()).name;
        if self.reference(name)?.is_some() {
            return Err(AccountError::TokenUsed.into());
        }
        self.put_reference(name, Some(account.id().into()))
    }

    /// That these fields may be told in the open where a platform must not have data about persons in its hands.
    pub(super) fn may_tell(
        &mut self,
        account: &Account,
        subjects: &[Subject],
        fields: &Fields,
        is_beside_token: bool,
    ) -> Result<(), Error> {
        for field in fields.keys() {
            self.permit(account, action_of(field))?;
            let is_free = is_beside_token && self.field_rule(subjects, field).is_ok_and(is_told_beside);
            if matches!(action_of(field), Action::WritePersonal | Action::AcceptTerms) && !is_free {
                self.need_no_token(account.id())?;
            }
        }
        Ok(())
    }
}

/// Whether rules go by the value of a field, so that it has to be known here.
const fn is_told_beside(rule: &FieldRule) -> bool {
    matches!(rule.format(), FieldFormat::BusinessType | FieldFormat::CompanyStructure)
}
