//! Tax forms: made, filed, delivered and corrected, and what is told of them.

use std::ops::Range;

use chrono::NaiveDate;

use super::{Error, Platform, Transaction};
use crate::accounts::{Account, FeePayer};
use crate::calendar::Timestamp;
use crate::ids::{AccountId, ObjectId, PaymentId, TaxConsentId, TaxFormId, TaxpayerYearId};
use crate::journal::{AnomalyReason, Answer, Digest, FactOutcome, Instruction, Key, Stored, Told};
use crate::ledger::Line;
use crate::money::{Currency, ExchangeRate};
use crate::tools::tax::{
    FilingStatus, NewTaxForm, TaxAmounts, TaxCommand, TaxConsent, TaxCorrection, TaxDetails, TaxError, TaxEvent,
    TaxFact, TaxFigures, TaxForm, TaxFormRow, TaxInstruction, TaxMethod, TaxPayee, TaxTally, TaxTotals, TaxTraits,
    TaxpayerYear, may_be_the_processors, start_of,
};

/// What a payee is called where references are kept.
fn name_of(payee: &TaxPayee) -> String {
    match payee {
        TaxPayee::Account(account) => format!("account/{account}"),
        TaxPayee::External(reference) => format!("external/{reference}"),
    }
}

impl Transaction<'_> {
    pub(super) fn execute_tax(&mut self, on: Option<AccountId>, command: &TaxCommand) -> Result<Answer, Error> {
        command.check()?;
        Self::platform_only(on)?;
        let form = match command {
            TaxCommand::Consent { payee, paperless } => {
                return self.set_tax_consent(payee, *paperless).map(Answer::TaxConsent);
            }
            TaxCommand::Correct { form, correction } => self.correct_tax_form(*form, correction)?,
            TaxCommand::Create(new) => self.create_tax_form(new)?,
            TaxCommand::DeliverAgain { form, by } => {
                let (next, asked) = self.take::<TaxForm>(*form)?.deliver_again(*by, self.now)?;
                self.put_tax_form(next, [asked])
            }
            TaxCommand::Describe { form, details, overwrite } => self.describe_tax_form(*form, details, *overwrite)?,
            TaxCommand::Export { form } => {
                let form = self.take_for_filing(*form)?;
                let (next, asked) = form.export(self.is_paperless(form.payee())?, self.now)?;
                self.put_tax_form(next, asked)
            }
            TaxCommand::File { form, with } => {
                let form = self.take_for_filing(*form)?;
                let (next, asked) = form.file(*with, self.is_paperless(form.payee())?, self.now)?;
                self.put_tax_form(next, asked)
            }
            TaxCommand::Override { form, with, file } => {
                let next = self.take::<TaxForm>(*form)?.overridden(*with, *file)?;
                let next = self.assess_tax_form(next)?;
                self.put_tax_form(next, [])
            }
            TaxCommand::Refresh { form, figures } => {
                let known = self.take::<TaxForm>(*form)?;
                let next = known.refreshed(*figures)?;
                self.sum_up(&next, known.figures().amounts())?
            }
            TaxCommand::Replace { form, figures, details } => {
                let known = self.take::<TaxForm>(*form)?;
                let id = TaxFormId::of(self.new_family(None)?, 0);
                let [was, next] = known.replaced(id, (*figures, details.as_ref()), self.now)?;
                self.put_tax_form(was, []);
                if let Some(details) = details {
                    self.remember_personal(id, details.values().clone());
                }
                self.put_assessed(next)?
            }
            TaxCommand::Split { form, on, before, after, details } => {
                self.split_tax_form(*form, *on, [*before, *after], details)?
            }
        };
        Ok(Answer::TaxForm(form))
    }

    /// Writes a form as it is from now on, and asks the world for what it needs.
    fn put_tax_form(&mut self, form: TaxForm, asked: impl IntoIterator<Item = TaxInstruction>) -> TaxFormId {
        let id = form.id();
        self.put(form);
        self.event(TaxEvent::Updated, id, None);
        for instruction in asked {
            self.instruct(Instruction::Tax(instruction));
        }
        id
    }

    fn put_assessed(&mut self, form: TaxForm) -> Result<TaxFormId, Error> {
        let form = self.assess_tax_form(form)?;
        Ok(self.put_tax_form(form, []))
    }

    /// The form as the rules of now have it, with all that it is summed with.
    fn assess_tax_form(&mut self, form: TaxForm) -> Result<TaxForm, Error> {
        let amounts = match form.taxpayer() {
            Some(taxpayer) => *self.get::<TaxpayerYear>(taxpayer)?.amounts(),
            None => *form.figures().amounts(),
        };
        Ok(form.assessed(self.rulebook, &amounts, self.now))
    }

    fn tax_form_name(&self, new: &NewTaxForm) -> Digest {
        self.reference_of("tax-form", &format!("{}/{}/{}", new.form, new.tax_year, name_of(&new.payee))).name
    }

    /// Under what the year of a taxpayer is kept.
    fn taxpayer_name(&self, new: &NewTaxForm, taxpayer: &str) -> Digest {
        let currency = new.figures.currency();
        self.reference_of("taxpayer-year", &format!("{}/{}/{currency}/{taxpayer}", new.form, new.tax_year)).name
    }

    /// Under what the form at a place of a taxpayer's year is kept.
    fn place_name(&self, taxpayer: TaxpayerYearId, place: u16) -> Digest {
        self.reference_of("taxpayer-form", &format!("{taxpayer}/{place}")).name
    }

    fn create_tax_form(&mut self, new: &NewTaxForm) -> Result<TaxFormId, Error> {
        let name = self.tax_form_name(new);
        let taxpayer = new.taxpayer.as_deref().map(|taxpayer| self.taxpayer_name(new, taxpayer));
        self.want(&[Some(name), taxpayer].into_iter().flatten().map(Key::Reference).collect::<Vec<_>>())?;
        self.may_issue(new)?;
        let (form, currency) = (new.form, new.figures.currency());
        let reports = self.rulebook.platform_tax_rule(form).and_then(|rule| rule.currency());
        if reports.is_some_and(|reports| reports != currency) {
            return Err(TaxError::WrongCurrency { form, currency }.into());
        }
        if let Some(ObjectId::TaxForm(known)) = self.reference(name)? {
            return Err(TaxError::FormExists(known).into());
        }
        let family = self.new_family(None)?;
        let id = TaxFormId::of(family, 0);
        let taxpayer = taxpayer.map(|taxpayer| self.join_taxpayer(taxpayer, id)).transpose()?.flatten();
        let form = TaxForm::new(id, new, taxpayer, self.now);
        self.put_reference(name, Some(id.into()))?;
        self.remember_personal(id, new.details.values().clone());
        self.sum_up(&form, &TaxAmounts::default())
    }

    /// That the form is the platform's to make.
    // RULE: the processor makes the 1099-K of accounts that pay it themselves; where the platform pays, it is the platform's; where the
    // settings leave it open, it depends on who has borne the fees (docs.stripe.com/connect/tax-reporting, 2024).
    fn may_issue(&mut self, new: &NewTaxForm) -> Result<(), Error> {
        let TaxPayee::Account(id) = new.payee else { return Ok(()) };
        if id == self.platform {
            return Err(TaxError::PayeeInvalid.into());
        }
        let account = self.get::<Account>(id)?;
        if !may_be_the_processors(new.form) {
            return Ok(());
        }
        match (account.controller().map(|controller| controller.fees), new.platform_paid_fees) {
            (None | Some(FeePayer::Account), _) | (Some(FeePayer::Application), Some(false)) => {
                Err(TaxError::IssuedByProcessor(id).into())
            }
            (Some(FeePayer::Application), None) => Err(TaxError::IssuerUnsaid(id).into()),
            (Some(FeePayer::Application), Some(true))
            | (Some(FeePayer::ApplicationCustom | FeePayer::ApplicationExpress), _) => Ok(()),
        }
    }

    /// Makes a form one of a taxpayer's year, as long as there is room.
    fn join_taxpayer(&mut self, name: Digest, form: TaxFormId) -> Result<Option<(TaxpayerYearId, u16)>, Error> {
        let year = if let Some(ObjectId::TaxpayerYear(known)) = self.reference(name)? {
            self.take::<TaxpayerYear>(known)?
        } else {
            let id = TaxpayerYearId::of(form.family(), 1);
            self.put_reference(name, Some(id.into()))?;
            TaxpayerYear::new(id)
        };
        let Some((place, next)) = year.with_another() else { return Ok(None) };
        let id = next.id();
        self.put(next);
        self.put_reference(self.place_name(id, place), Some(form.into()))?;
        Ok(Some((id, place)))
    }

    /// Writes a form with new figures, and looks again at those that it is summed with; `before` is what it came to until now.
    fn sum_up(&mut self, form: &TaxForm, before: &TaxAmounts) -> Result<TaxFormId, Error> {
        let now = form.figures().amounts();
        let taxpayer = form.taxpayer().filter(|_| now != before);
        let Some(taxpayer) = taxpayer else { return self.put_assessed(form.clone()) };
        let year = self.take::<TaxpayerYear>(taxpayer)?.exchanged(before, now)?;
        let places: Vec<Digest> = (0..year.forms()).map(|place| self.place_name(taxpayer, place)).collect();
        self.put(year);
        self.want(&places.iter().copied().map(Key::Reference).collect::<Vec<_>>())?;
        let mut others = Vec::new();
        for place in places {
            if let Some(ObjectId::TaxForm(other)) = self.reference(place)?
                && other != form.id()
            {
                others.push(other);
            }
        }
        self.want(&others.iter().map(|other| Key::Family(other.family())).collect::<Vec<_>>())?;
        let id = self.put_assessed(form.clone())?;
        for other in others {
            let known = self.take::<TaxForm>(other)?;
            let next = self.assess_tax_form(known.clone())?;
            if next != known {
                self.put_tax_form(next, []);
            }
        }
        Ok(id)
    }

    // RULE: what is known of payees changes forms until 15 February (docs.stripe.com/connect/tax-reporting, 2024), that day included, which
    // is a reading. What the platform puts in its place does so at any time, or a form could never be finished.
    fn describe_tax_form(&mut self, id: TaxFormId, details: &TaxDetails, overwrite: bool) -> Result<TaxFormId, Error> {
        let form = self.take::<TaxForm>(id)?;
        let next = form.described(details, overwrite, self.now)?;
        let cycle = self.rulebook.tax_cycle(form.form_type(), form.tax_year());
        let closed = cycle.and_then(|cycle| cycle.identity_until?.succ_opt());
        if let Some(closed) =
            closed.map(Timestamp::start_of).transpose()?.filter(|closed| !overwrite && self.now >= *closed)
        {
            return Err(TaxError::IdentityClosed(closed).into());
        }
        self.remember_personal(id, details.values().clone());
        self.put_assessed(next)
    }

    /// A form that is to be filed, once its time has come.
    // RULE: forms are filed from 10 January on (docs.stripe.com/connect/tax-reporting, 2024); that they cannot be before the year is over
    // is our own.
    fn take_for_filing(&mut self, id: TaxFormId) -> Result<TaxForm, Error> {
        let form = self.take::<TaxForm>(id)?;
        let from = self.rulebook.tax_cycle(form.form_type(), form.tax_year()).and_then(|cycle| cycle.file_from);
        self.in_season(&form, from)?;
        Ok(form)
    }

    fn in_season(&self, form: &TaxForm, from: Option<NaiveDate>) -> Result<(), Error> {
        let over = start_of(i32::from(form.tax_year()).saturating_add(1))?;
        let from = from.map(Timestamp::start_of).transpose()?.map_or(over, |from| from.max(over));
        if self.now < from { Err(TaxError::NotYet(from).into()) } else { Ok(()) }
    }

    fn correct_tax_form(&mut self, id: TaxFormId, correction: &TaxCorrection) -> Result<TaxFormId, Error> {
        let form = self.take::<TaxForm>(id)?;
        let family = self.new_family(None)?;
        let first = TaxFormId::of(family, 0);
        match correction {
            TaxCorrection::Totals(figures) => {
                let [was, corrected] = form.with_totals(first, *figures, self.now)?;
                self.put_tax_form(was, []);
                self.put_assessed(corrected)
            }
            TaxCorrection::Payee(details) => {
                let right = TaxFormId::of(family, 1);
                let [was, off, on] = form.with_payee([first, right], details, self.now)?;
                self.put_tax_form(was, []);
                self.put_assessed(off)?;
                self.remember_personal(right, details.values().clone());
                self.put_assessed(on)?;
                Ok(first)
            }
        }
    }

    // RULE: from 4 January on (docs.stripe.com/connect/split-tax-forms, 2024).
    fn split_tax_form(
        &mut self,
        id: TaxFormId,
        on: Timestamp,
        parts: [TaxFigures; 2],
        details: &TaxDetails,
    ) -> Result<TaxFormId, Error> {
        let form = self.take::<TaxForm>(id)?;
        let other = TaxFormId::of(self.new_family(None)?, 0);
        let [first, second] = form.split((other, on), parts, details, self.now)?;
        let from = self.rulebook.tax_cycle(form.form_type(), form.tax_year()).and_then(|cycle| cycle.split_from);
        self.in_season(&form, from)?;
        self.remember_personal(other, details.values().clone());
        self.sum_up(&first, form.figures().amounts())?;
        self.put_assessed(second)
    }

    fn consent_name(&self, payee: &TaxPayee) -> Digest {
        self.reference_of("tax-consent", &name_of(payee)).name
    }

    fn is_paperless(&mut self, payee: &TaxPayee) -> Result<bool, Error> {
        let Some(ObjectId::TaxConsent(id)) = self.reference(self.consent_name(payee))? else { return Ok(false) };
        Ok(self.get::<TaxConsent>(id)?.is_paperless())
    }

    fn set_tax_consent(&mut self, payee: &TaxPayee, paperless: bool) -> Result<TaxConsentId, Error> {
        if let TaxPayee::Account(account) = payee {
            self.connected(*account)?;
        }
        let name = self.consent_name(payee);
        let id = if let Some(ObjectId::TaxConsent(id)) = self.reference(name)? {
            self.get::<TaxConsent>(id)?;
            id
        } else {
            let id = TaxConsentId::of(self.new_family(None)?, 0);
            self.put_reference(name, Some(id.into()))?;
            id
        };
        self.put(TaxConsent::new(id, payee.clone(), paperless, self.now));
        Ok(id)
    }

    /// Takes up what authorities and carriers tell of a form.
    pub(super) fn tax_news(&mut self, report: Told<'_>, fact: &TaxFact) -> Result<FactOutcome, Error> {
        let form = self.take::<TaxForm>(fact.form())?;
        // What another form has taken the place of cannot have been taken after all: then there would be two.
        if let TaxFact::Accepted { with, .. } = fact
            && form.replaced_by().is_some()
            && form.filing_status(*with) == Some(FilingStatus::Rejected)
        {
            return Ok(self.contradicts(report, AnomalyReason::Superseded));
        }
        match form.told(fact, report.at) {
            Ok(Some(next)) => {
                self.put_tax_form(next, []);
                Ok(FactOutcome::Applied)
            }
            Ok(None) => Ok(FactOutcome::Stale),
            Err(_) => Ok(self.contradicts(report, AnomalyReason::NotAsked)),
        }
    }
}

/// Tax forms.
impl Platform {
    /// What an account was paid in a year, in one currency, by the day on which it became available. Other currencies are converted at
    /// the rates that are given by currency and day; what has none is left out, and [named](TaxTotals::missing).
    ///
    /// It reads the account's whole history. A host that keeps that in a store of its own adds its lines up with [`TaxTally`].
    ///
    /// ```
    /// use fundroute::prelude::*;
    /// use fundroute::simulator::World;
    /// use fundroute::tools::tax::TaxMethod;
    ///
    /// let (mut platform, mut world) =
    ///     (Platform::new(NewPlatform::in_country(US), Rulebook::standard(), utc(2026, 12, 30))?, World::new());
    /// let jo = world.onboard(&mut platform, NewAccount::express(US))?;
    /// platform.payments().create("order", NewPayment::card(usd(100_00)).destination(jo))?;
    /// world.advance(&mut platform, days(5))?;
    ///
    /// // Paid on 30 December, and available in January.
    /// let totals = |year| platform.tax_totals(jo, TaxMethod::PaymentsIncludingFees, year, USD, |_, _| None);
    /// assert_eq!((totals(2026)?.gross, totals(2027)?.gross), (0, 100_00));
    /// # Ok::<(), Error>(())
    /// ```
    ///
    /// # Errors
    /// [`Error::NotFound`], [`TaxError::YearInvalid`], amounts that do not fit; on a partial platform [`Error::HistoryNotKept`].
    pub fn tax_totals(
        &self,
        account: AccountId,
        method: TaxMethod,
        year: u16,
        currency: Currency,
        rate: impl Fn(Currency, NaiveDate) -> Option<ExchangeRate>,
    ) -> Result<TaxTotals, Error> {
        let tally = TaxTally::of_year(method, year)?;
        Ok(self.tallied(account, tally)?.totals(currency, rate)?)
    }

    /// The same of a part of a year: for a form that is split.
    ///
    /// # Errors
    /// As [`tax_totals`](Self::tax_totals).
    pub fn tax_totals_within(
        &self,
        account: AccountId,
        method: TaxMethod,
        period: Range<Timestamp>,
        currency: Currency,
        rate: impl Fn(Currency, NaiveDate) -> Option<ExchangeRate>,
    ) -> Result<TaxTotals, Error> {
        Ok(self.tallied(account, TaxTally::of(method, period))?.totals(currency, rate)?)
    }

    fn tallied(&self, account: AccountId, mut tally: TaxTally) -> Result<TaxTally, Error> {
        self.account(account)?;
        self.history_is_kept()?;
        for currency in Currency::all().filter(|currency| self.state.holdings.get(account, *currency).is_some()) {
            for booked in self.state.latest(account, currency) {
                for line in booked.lines().filter(|line| line.owner() == account && line.currency() == currency) {
                    tally.add(line, self.tax_traits(line));
                }
            }
        }
        Ok(tally)
    }

    /// What the ledger does not say of a line, and a [`TaxTally`] has to be told. What it goes back to has to be loaded.
    pub fn tax_traits(&self, line: &Line) -> TaxTraits {
        let charge_of = |payment: PaymentId| self.charge_of(payment).ok();
        let charge = if let ObjectId::Charge(charge) = line.source() {
            self.charge(charge).ok()
        } else if let ObjectId::Transfer(transfer) = line.source() {
            let transfer = self.transfer(transfer).ok();
            transfer.and_then(|transfer| charge_of(PaymentId::of(transfer.source()?.family(), 0)))
        } else {
            None
        };
        let payout = if let ObjectId::Payout(payout) = line.source() { self.payout(payout).ok() } else { None };
        TaxTraits {
            card_present: charge.is_some_and(|charge| charge.method().is_in_person()),
            bank_debit: payout.is_some_and(|payout| payout.is_debit() && payout.original_payout().is_none()),
        }
    }

    /// The forms as rows of a file, with what is kept of their payees, tax numbers and all: [`csv`](crate::tools::csv()) prints them. A
    /// partial platform keeps no data about persons: there a host puts [rows](TaxFormRow::new) together itself.
    ///
    /// # Errors
    /// [`Error::NotFound`]; on a partial platform [`Error::NotLoaded`].
    pub fn tax_form_rows(&self, forms: &[TaxFormId]) -> Result<Vec<TaxFormRow>, Error> {
        let row = |id: &TaxFormId| {
            let form = self.tax_form(*id)?;
            Ok(TaxFormRow::new(form, self.information(form.details_of())))
        };
        forms.iter().map(row).collect()
    }

    /// Every tax form of a year, by id. It goes through everything there is: a host that has many keeps a list of its own.
    pub fn tax_forms_of_year(&self, year: u16) -> impl Iterator<Item = &TaxForm> {
        self.records().filter_map(TaxForm::of).filter(move |form| form.tax_year() == year)
    }
}
