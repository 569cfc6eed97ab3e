use super::{TaxForms, pick};
use crate::calendar::Timestamp;
use crate::ids::{TaxConsentId, TaxFormId};
use crate::journal::{Fact, FactOutcome};
use crate::platform::{Command, Decided, Error};
use crate::tools::tax::{
    NewTaxForm, TaxCommand, TaxCorrection, TaxDeliveryMethod, TaxDetails, TaxFact, TaxFigures, TaxLevel, TaxPayee,
};

impl TaxForms<'_> {
    fn form(&mut self, key: &str, command: TaxCommand) -> Result<Decided<TaxFormId>, Error> {
        self.0.run(key, Command::Tax(Box::new(command)), pick!(TaxForm))
    }

    /// Makes a form: see [`NewTaxForm`].
    ///
    /// # Errors
    /// [`Error::NotFound`]; [`TaxError`](crate::tools::tax::TaxError): there is one already, it is the processor's to make, or what it says
    /// cannot be.
    pub fn create(&mut self, key: &str, form: NewTaxForm) -> Result<Decided<TaxFormId>, Error> {
        self.form(key, TaxCommand::Create(form))
    }

    /// Gives a form that nobody was asked to file yet the figures of today, and looks again whether it has to be filed, by the rules of
    /// today.
    ///
    /// # Errors
    /// [`Error::NotFound`]; [`TaxError`](crate::tools::tax::TaxError) of figures that cannot be, of a form that was filed, and of one that
    /// corrects another.
    pub fn refresh(&mut self, key: &str, form: TaxFormId, figures: TaxFigures) -> Result<Decided<TaxFormId>, Error> {
        self.form(key, TaxCommand::Refresh { form, figures })
    }

    /// Says more, or something else, of the payee of a form that nobody was asked to file yet. What is not named stays. Where the days of
    /// the year are known on which payees can no longer change what is known of them, only what [overwrites](Self::overwrite) it does.
    ///
    /// # Errors
    /// [`Error::NotFound`]; [`TaxError`](crate::tools::tax::TaxError) as of [`refresh`](Self::refresh), and after the last day.
    pub fn describe(&mut self, key: &str, form: TaxFormId, details: TaxDetails) -> Result<Decided<TaxFormId>, Error> {
        self.form(key, TaxCommand::Describe { form, details, overwrite: false })
    }

    /// Puts what the platform knows in the place of what the payee has said, at any time.
    ///
    /// # Errors
    /// [`Error::NotFound`]; [`TaxError`](crate::tools::tax::TaxError) as of [`refresh`](Self::refresh).
    pub fn overwrite(&mut self, key: &str, form: TaxFormId, details: TaxDetails) -> Result<Decided<TaxFormId>, Error> {
        self.form(key, TaxCommand::Describe { form, details, overwrite: true })
    }

    /// Has a form filed, or not, whatever the limits say; `None` lets them have their say again.
    ///
    /// # Errors
    /// [`Error::NotFound`]; [`TaxError`](crate::tools::tax::TaxError) of a form that was filed, or that follows one that was.
    pub fn override_limits(
        &mut self,
        key: &str,
        form: TaxFormId,
        with: TaxLevel,
        file: Option<bool>,
    ) -> Result<Decided<TaxFormId>, Error> {
        self.form(key, TaxCommand::Override { form, with, file })
    }

    /// Files a form that is ready. With its first filing it goes out to its payee.
    ///
    /// # Errors
    /// [`Error::NotFound`]; [`TaxError`](crate::tools::tax::TaxError) of a form that is not ready, or too early, or for which tax was
    /// withheld for the state.
    pub fn file(&mut self, key: &str, form: TaxFormId, with: TaxLevel) -> Result<Decided<TaxFormId>, Error> {
        self.form(key, TaxCommand::File { form, with })
    }

    /// Takes over the filing of a form with the state, for which tax was withheld.
    ///
    /// # Errors
    /// As [`file`](Self::file); and where nothing was withheld.
    pub fn export(&mut self, key: &str, form: TaxFormId) -> Result<Decided<TaxFormId>, Error> {
        self.form(key, TaxCommand::Export { form })
    }

    /// Brings a form to its payee again, after it did not arrive.
    ///
    /// # Errors
    /// [`Error::NotFound`]; [`TaxError::IllegalTransition`](crate::tools::tax::TaxError::IllegalTransition) otherwise.
    pub fn deliver_again(
        &mut self,
        key: &str,
        form: TaxFormId,
        by: TaxDeliveryMethod,
    ) -> Result<Decided<TaxFormId>, Error> {
        self.form(key, TaxCommand::DeliverAgain { form, by })
    }

    /// Corrects a form that was accepted, in its payee or in its totals. The answer is the corrected form; of a payee the one that takes
    /// the totals off, beside which there is the one that it was [reissued as](crate::tools::tax::TaxForm::reissued_as).
    ///
    /// # Errors
    /// [`Error::NotFound`]; [`TaxError`](crate::tools::tax::TaxError) of a form that was not accepted, or that was corrected before.
    pub fn correct(
        &mut self,
        key: &str,
        form: TaxFormId,
        correction: TaxCorrection,
    ) -> Result<Decided<TaxFormId>, Error> {
        self.form(key, TaxCommand::Correct { form, correction })
    }

    /// Makes a new form in the place of one that was rejected; other figures and other data of the payee where those were wrong.
    ///
    /// # Errors
    /// [`Error::NotFound`]; [`TaxError`](crate::tools::tax::TaxError) of a form that was not rejected, or is still being filed elsewhere.
    pub fn replace(
        &mut self,
        key: &str,
        form: TaxFormId,
        figures: Option<TaxFigures>,
        details: Option<TaxDetails>,
    ) -> Result<Decided<TaxFormId>, Error> {
        self.form(key, TaxCommand::Replace { form, figures, details })
    }

    /// Makes two forms of one, because the payee became somebody else on a day of the year; the answer is the second. The figures of both
    /// have to come to those of the one.
    ///
    /// # Errors
    /// [`Error::NotFound`]; [`TaxError`](crate::tools::tax::TaxError) of parts that do not come to the whole, of a form that was split or
    /// filed before, and too early.
    pub fn split(
        &mut self,
        key: &str,
        (form, on): (TaxFormId, Timestamp),
        [before, after]: [TaxFigures; 2],
        details: TaxDetails,
    ) -> Result<Decided<TaxFormId>, Error> {
        self.form(key, TaxCommand::Split { form, on, before, after, details })
    }

    /// Says whether a payee wants forms electronically. It counts for what goes out from then on.
    ///
    /// # Errors
    /// [`Error::NotFound`]; [`TaxError::PayeeInvalid`](crate::tools::tax::TaxError::PayeeInvalid).
    pub fn set_consent(
        &mut self,
        key: &str,
        payee: impl Into<TaxPayee>,
        paperless: bool,
    ) -> Result<Decided<TaxConsentId>, Error> {
        let command = TaxCommand::Consent { payee: payee.into(), paperless };
        self.0.run(key, Command::Tax(Box::new(command)), pick!(TaxConsent))
    }

    /// Records what became of a form: see [`TaxFact`].
    ///
    /// # Errors
    /// As [`record`](crate::Platform::record).
    pub fn record(&mut self, id: &str, at: Timestamp, fact: TaxFact) -> Result<Decided<FactOutcome>, Error> {
        self.0.record(id, at, Fact::Tax(fact))
    }
}
