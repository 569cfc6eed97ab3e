use super::{AccountError, CheckOutcome, CheckStatus, Given, Profile};
use crate::rulebook::{BusinessType, Check, Country, FieldFormat, FieldRule, Rulebook, Subject};

/// What was given about one subject so far, against which is held what is given now.
///
/// Only which fields were given and what came of checking them is looked at, never a value: those can be erased, and nobody decides
/// otherwise for that.
pub(crate) struct Record<'a, 'b> {
    pub(crate) book: &'b Rulebook,
    pub(crate) subjects: &'static [Subject],
    pub(crate) given: &'a Given,
}

impl<'b> Record<'_, 'b> {
    fn rule(&self, field: &str) -> Option<&'b FieldRule> {
        self.subjects.iter().find_map(|subject| self.book.field(*subject, field))
    }

    /// That none of these fields is one that cannot be changed any more; `prefix` is what lists of requirements put before them.
    // RULE: docs.stripe.com/connect/update-verified-information (2024). As nobody compares values, giving the same one again is
    // refused too (our own reading).
    pub(crate) fn check_locked<'f>(
        &self,
        country: Country,
        prefix: &str,
        fields: impl IntoIterator<Item = &'f str>,
    ) -> Result<(), AccountError> {
        let set = self.book.requirement_set(country);
        let is_locked = |field: &str| set.locked_fields().any(|known| known.strip_prefix(prefix) == Some(field));
        match fields.into_iter().find(|field| is_locked(field) && self.was_verified(field)) {
            Some(field) => Err(AccountError::FieldLocked(format!("{prefix}{field}").into())),
            None => Ok(()),
        }
    }

    /// That none of these fields takes the place of a document after the company was verified.
    // RULE: documents cannot be replaced once the company is verified (docs.stripe.com/connect/update-verified-information, 2024);
    // one that was not given yet, or has failed, can be given.
    pub(crate) fn check_documents<'f>(
        &self,
        profile: &Profile,
        fields: impl IntoIterator<Item = &'f str>,
    ) -> Result<(), AccountError> {
        let is_company = match profile.business_type() {
            Some(BusinessType::Company | BusinessType::GovernmentEntity | BusinessType::NonProfit) => true,
            Some(BusinessType::Individual) | None => false,
        };
        if !is_company || !self.is_verified() {
            return Ok(());
        }
        let is_replaced = |field: &&str| self.given.has(field) && self.rule(field).is_some_and(is_company_document);
        match fields.into_iter().find(is_replaced) {
            Some(field) => Err(AccountError::DocumentLocked(field.into())),
            None => Ok(()),
        }
    }

    /// What has to be given anew because these fields are changed.
    pub(crate) fn renewed_by<'f>(&self, fields: impl IntoIterator<Item = &'f str>) -> Vec<&'b str> {
        let rules = fields.into_iter().filter_map(|field| self.rule(field));
        rules.filter(|rule| self.is_proven(rule)).flat_map(FieldRule::renews).collect()
    }

    /// Whether everything that was given and is verified by the outside world is true, and there is something.
    fn is_verified(&self) -> bool {
        let about_company = |rule: &&FieldRule| !matches!(rule.verified_by(), None | Some(Check::BankOwnership));
        let mut rules = self.given.fields().filter_map(|(field, _)| self.rule(field)).filter(about_company).peekable();
        rules.peek().is_some() && rules.all(|rule| self.is_proven(rule))
    }

    /// Whether everything that a check is about was proven to be true.
    pub(crate) fn all_proven(&self, check: Check) -> bool {
        let rules = self.given.fields().filter_map(|(field, _)| self.rule(field));
        let mut checked = rules.filter(|rule| rule.verified_by() == Some(check)).peekable();
        checked.peek().is_some() && checked.all(|rule| self.is_proven(rule))
    }

    /// Whether what was given for a field is true: by its own check, or by what was given in its place.
    fn is_proven(&self, rule: &FieldRule) -> bool {
        if !self.given.has(rule.path()) {
            return false;
        }
        let Some(check) = rule.verified_by() else { return false };
        let Some(state) = self.given.check(check) else { return false };
        match &state.status {
            CheckStatus::Pending => false,
            CheckStatus::Concluded(CheckOutcome::Verified) => true,
            CheckStatus::Concluded(CheckOutcome::Failed { .. }) => {
                !self.must_be_given_again(check, rule.path()) || self.is_replaced(rule)
            }
        }
    }

    fn must_be_given_again(&self, check: Check, field: &str) -> bool {
        let is_checked = |field: &str| self.rule(field).and_then(FieldRule::verified_by) == Some(check);
        self.given.is_to_be_given_again(check, field, is_checked)
    }

    /// Whether what was given in the place of a field is true.
    fn is_replaced(&self, rule: &FieldRule) -> bool {
        let substitute = rule.alternative().filter(|path| self.given.vouches(path, rule.path()));
        let other = substitute.and_then(|path| self.rule(path));
        let other = other.and_then(FieldRule::verified_by).filter(|check| Some(*check) != rule.verified_by());
        other.and_then(|check| self.given.check(check)).is_some_and(super::CheckState::is_verified)
    }

    /// Whether a field was found true, and was not found wrong since; while what is checked together with it is looked at anew, it
    /// counts as true.
    fn was_verified(&self, field: &str) -> bool {
        let Some(rule) = self.rule(field).filter(|rule| self.given.has(rule.path())) else { return false };
        let Some(check) = rule.verified_by() else { return false };
        let Some(state) = self.given.check(check) else { return false };
        match &state.status {
            CheckStatus::Pending => state.grace_until.is_some(),
            CheckStatus::Concluded(CheckOutcome::Verified) => true,
            CheckStatus::Concluded(CheckOutcome::Failed { .. }) if self.must_be_given_again(check, field) => {
                self.is_replaced(rule)
            }
            CheckStatus::Concluded(CheckOutcome::Failed { .. }) => state.grace_until.is_some(),
        }
    }
}

const fn is_company_document(rule: &FieldRule) -> bool {
    match rule.verified_by() {
        Some(Check::CompanyDocument | Check::AddressDocument) => is_file(rule),
        Some(
            Check::Address | Check::BankOwnership | Check::Document | Check::Identity | Check::Registry | Check::TaxId,
        )
        | None => false,
    }
}

const fn is_file(rule: &FieldRule) -> bool {
    matches!(rule.format(), FieldFormat::File)
}

/// That a person does not show one file as the document that says who they are and as the one that says where they live.
// RULE: docs.stripe.com/connect/handling-api-verification (2024). Files that were given one after the other are not compared: their
// names are data about persons, which not everybody who decides has.
pub(crate) fn check_files(book: &Rulebook, fields: &[(&str, &str)]) -> Result<(), AccountError> {
    let files = |check: Check| {
        let rule = move |field: &str| book.field(Subject::Person, field).filter(|rule| is_file(rule));
        let shows = move |field: &str| rule(field).is_some_and(|rule| rule.verified_by() == Some(check));
        // What is behind a token nobody here can compare.
        fields.iter().filter(move |(field, name)| shows(field) && name.starts_with("file_"))
    };
    for (identity, file) in files(Check::Document) {
        if let Some((address, _)) = files(Check::AddressDocument).find(|(_, other)| other == file) {
            return Err(AccountError::SameFile { identity: (*identity).into(), address: (*address).into() });
        }
    }
    Ok(())
}
