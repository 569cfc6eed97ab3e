//! What commands say about persons: kept apart from the journal, and known again when a key comes back.

use std::borrow::Cow;

use crate::accounts::{Authorize, Information, NewExternalAccount, NewPerson, UpdateExternalAccount};
use crate::ids::ObjectId;
use crate::journal::{Digest, PersonalData, PersonalWrite, RequestError, RequestRow};

use crate::tools::tax::TaxDetails;

use super::transaction::Transaction;
use super::{Command, encoded};

/// A command that says something about persons.
enum Telling<'a> {
    NewBank(&'a NewExternalAccount),
    Bank(&'a UpdateExternalAccount),
    NewPerson(&'a NewPerson),
    Information(&'a Information),
    Authorize(&'a Authorize),
    Tax(&'a TaxDetails),
}

impl Telling<'_> {
    /// What it says about a person, a company or a bank account, as it is kept; nothing if it does not speak of it.
    fn about(&self, of: ObjectId) -> Option<PersonalData> {
        let values = match self {
            Self::NewBank(new) => return Some(PersonalData::Bank(new.details())),
            Self::Bank(update) => return update.details().map(PersonalData::Bank),
            Self::NewPerson(person) => person.values(),
            Self::Information(told) => told.values_of(of),
            Self::Authorize(wish) => wish.filled_in(),
            Self::Tax(details) => details.values().clone(),
        };
        if values.0.is_empty() { None } else { Some(PersonalData::Values(values)) }
    }
}

impl Command {
    fn telling(&self) -> Option<Telling<'_>> {
        match self {
            Self::AddExternalAccount(new) => Some(Telling::NewBank(new)),
            Self::UpdateExternalAccount(update) => Some(Telling::Bank(update)),
            Self::CreatePerson(person) => Some(Telling::NewPerson(person)),
            Self::ProvideInformation(told) => Some(Telling::Information(told)),
            Self::Authorize(wish) | Self::DenyAuthorization(wish) => Some(Telling::Authorize(wish)),
            Self::Tax(command) => command.details().map(Telling::Tax),
            Self::AcceptDispute(_)
            | Self::CancelPayment(_)
            | Self::CancelPayout(_)
            | Self::CancelTopUp(_)
            | Self::CapturePayment(_)
            | Self::CancelRefund(_)
            | Self::CloseAccount(_)
            | Self::CloseAnomaly(_)
            | Self::ConfirmPayment(_)
            | Self::UpdatePayment(_)
            | Self::CreateAccount(_)
            | Self::CreatePayment(_)
            | Self::CreatePayout(_)
            | Self::CreateRefund(_)
            | Self::CreateTopUp(_)
            | Self::CreateTransfer(_)
            | Self::DeleteExternalAccount(_)
            | Self::DeletePerson(_)
            | Self::Erase(_)
            | Self::IncrementAuthorization(_)
            | Self::Pricing(_)
            | Self::RefundApplicationFee(_)
            | Self::ReassessAccount(_)
            | Self::RejectAccount(_)
            | Self::RequestCapability(_)
            | Self::ResendPayout(_)
            | Self::Reserve(_)
            | Self::ReturnTransfer(_)
            | Self::ReverseTransfer(_)
            | Self::Risk(_)
            | Self::SetDebitNegativeBalances(_)
            | Self::SetDelayDays(_)
            | Self::SetExchangeRate(_)
            | Self::SetInstantPrice(_)
            | Self::SetPause(_)
            | Self::ReversePayout(_)
            | Self::SetPayoutSchedule(_)
            | Self::SubmitEvidence(_)
            | Self::Terminal(_)
            | Self::Timing(_)
            | Self::UnrejectAccount(_)
            | Self::UpdatePlatform(_)
            | Self::UpdateTopUp(_)
            | Self::ClaimAccountSession(_)
            | Self::CreateAccountLink(_)
            | Self::CreateAccountSession(_)
            | Self::CreateLoginLink(_)
            | Self::Deauthorize(_)
            | Self::ExchangeCode(_)
            | Self::LeaveAccountLink(_)
            | Self::RegisterApplication(_)
            | Self::UseLoginLink(_)
            | Self::VisitAccountLink(_) => None,
        }
    }

    /// The same command without data about persons, for what is written into the journal about it.
    pub(super) fn without_personal(&self) -> Cow<'_, Self> {
        match self.telling() {
            Some(Telling::NewBank(new)) => Cow::Owned(Self::AddExternalAccount(new.without_personal())),
            Some(Telling::Bank(update)) => Cow::Owned(Self::UpdateExternalAccount(update.without_personal())),
            Some(Telling::NewPerson(person)) => Cow::Owned(Self::CreatePerson(person.without_values())),
            Some(Telling::Information(told)) => Cow::Owned(Self::ProvideInformation(told.without_values())),
            Some(Telling::Authorize(wish)) if wish.prefill.0.is_empty() => Cow::Borrowed(self),
            Some(Telling::Authorize(wish)) => {
                let (wish, is_denied) = (wish.without_values(), matches!(self, Self::DenyAuthorization(_)));
                Cow::Owned(if is_denied { Self::DenyAuthorization(wish) } else { Self::Authorize(wish) })
            }
            Some(Telling::Tax(_)) => {
                let Self::Tax(command) = self else { return Cow::Borrowed(self) };
                Cow::Owned(Self::Tax(Box::new(command.without_values())))
            }
            None => Cow::Borrowed(self),
        }
    }
}

impl Transaction<'_> {
    /// Whether a command says something else about persons than it did under the same key before, as far as that is still known:
    /// of somebody who was forgotten it may say anything.
    pub(super) fn says_otherwise(&self, key: &str, command: &Command, row: &RequestRow) -> Result<bool, RequestError> {
        let (Some(telling), Some(family)) = (command.telling(), row.answer.personal()) else { return Ok(false) };
        for (of, known) in self.state.personal.said(family, row.name) {
            if let Some(data) = telling.about(*of)
                && digest_of(key, &data)? != *known
            {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// Keeps what the request said about persons, under its key.
    pub(super) fn remember_said(&mut self, key: &str) -> Result<(), RequestError> {
        let Some(request) = self.changes.request.map(|row| row.name) else { return Ok(()) };
        for place in 0..self.changes.personal.len() {
            let Some(write) = self.changes.personal.get(place).filter(|write| write.data != PersonalData::Erased)
            else {
                continue;
            };
            let (of, values) = (write.of, digest_of(key, &write.data)?);
            self.changes.personal.push(PersonalWrite { of, data: PersonalData::Said { request, values } });
        }
        Ok(())
    }
}

fn digest_of(key: &str, data: &PersonalData) -> Result<Digest, RequestError> {
    encoded(data, |bytes| Digest::of_values(key, bytes))
}
