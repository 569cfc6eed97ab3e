//! Whether forms have to be filed, and where.

use super::form::Known;
use super::{
    FilingStatus, NewTaxForm, TaxAmounts, TaxBasis, TaxDelivery, TaxDetails, TaxError, TaxFigures, TaxFiling, TaxForm,
    TaxFormRole, TaxLevel, TaxPart, TinStatus,
};
use crate::calendar::Timestamp;
use crate::ids::{TaxFormId, TaxpayerYearId};
use crate::rulebook::{Rulebook, StateDuty, StateLimit, TaxFormType, TaxIncome, TaxLimit, UsState};

impl Known {
    /// What is told anew, and has to be all that filing a form needs.
    fn complete(details: &TaxDetails, now: Timestamp) -> Result<Self, TaxError> {
        let needed = [TaxDetails::NAME, TaxDetails::TIN, TaxDetails::LINE1];
        match needed.into_iter().find(|field| !details.has(field)) {
            Some(missing) => Err(TaxError::DetailInvalid(missing.to_owned())),
            None => Ok(Self::default().with(details, TinStatus::Provided, now)),
        }
    }

    /// The same after more was told. Who moves abroad lives in no state.
    fn with(mut self, details: &TaxDetails, given: TinStatus, now: Timestamp) -> Self {
        self.name |= details.has(TaxDetails::NAME);
        if details.has(TaxDetails::LINE1) {
            (self.address, self.state) = (true, details.state());
        }
        if details.has(TaxDetails::TIN) {
            self.tin = Some((given, now));
        }
        self
    }
}

/// Whether amounts ask for a form by the limits of the federal authority, or of the authority of another country.
fn of_country(book: &Rulebook, form: &TaxForm, amounts: &TaxAmounts) -> TaxBasis {
    if let Some(rule) = book.platform_tax_rule(form.form) {
        // RULE: who sells goods alone, fewer than 30 times a year and for no more than 2,000 EUR, is left out
        // (docs.stripe.com/connect/platform-tax-reporting, 2025; the figures are general knowledge that a third party agrees on).
        return match rule.goods() {
            None => TaxBasis::Unknown,
            Some((sales, amount))
                if form.figures.is_goods_only() && amounts.transactions() < sales && amounts.total() <= amount =>
            {
                TaxBasis::SmallSeller { sales, amount }
            }
            Some(_) => TaxBasis::Everybody,
        };
    }
    let (mut below, mut is_unknown) = (None, false);
    for income in TaxIncome::ALL {
        let amount = amounts.of(income);
        // What nothing was paid of asks for nothing. Of a 1099-MISC alone there are other kinds.
        if amount == 0 && income != TaxIncome::Payments {
            continue;
        }
        match book.federal_tax_limit(form.form, income, form.tax_year) {
            Some(limit) if limit.is_reached(amount, amounts.transactions()) => return TaxBasis::Reached(limit),
            Some(limit) => below = below.or(Some(limit)),
            None => is_unknown = true,
        }
    }
    match below {
        Some(limit) if !is_unknown => TaxBasis::Below(limit),
        Some(_) | None => TaxBasis::Unknown,
    }
}

fn by_limit(limit: TaxLimit, amounts: &TaxAmounts) -> TaxBasis {
    if limit.is_reached(amounts.total(), amounts.transactions()) {
        TaxBasis::Reached(limit)
    } else {
        TaxBasis::Below(limit)
    }
}

/// Whether amounts ask for a form by what the payee's state wants.
fn of_state(book: &Rulebook, form: &TaxForm, state: UsState, amounts: &TaxAmounts) -> TaxBasis {
    let Some(rule) = book.state_tax_rule(state, form.form, form.tax_year) else { return TaxBasis::Unknown };
    match rule.duty() {
        StateDuty::No => return TaxBasis::NotRequired,
        StateDuty::IfWithheld if form.figures.state_withheld() == 0 => return TaxBasis::NotWithheld,
        StateDuty::IfWithheld | StateDuty::Required => {}
    }
    match rule.limit() {
        StateLimit::AsFederal => of_country(book, form, amounts),
        StateLimit::Own(limit) => by_limit(limit, amounts),
    }
}

impl TaxForm {
    /// A form of which nobody has looked yet whether it has to be filed.
    pub(crate) fn new(
        id: TaxFormId,
        command: &NewTaxForm,
        taxpayer: Option<(TaxpayerYearId, u16)>,
        now: Timestamp,
    ) -> Self {
        Self {
            id,
            form: command.form,
            tax_year: command.tax_year,
            payee: command.payee.clone(),
            part: TaxPart::Whole,
            role: TaxFormRole::Original,
            figures: command.figures,
            known: Known::default().with(&command.details, TinStatus::Provided, now),
            details_of: id,
            taxpayer,
            corrects: None,
            corrected_by: None,
            reissued_as: None,
            replaces: None,
            replaced_by: None,
            country: TaxFiling::new(TaxBasis::Unknown, false, now),
            state: None,
            delivery: TaxDelivery::WillNotDeliver,
            is_out: false,
            created: now,
        }
    }

    /// The form after it was looked at by the rules of now; `amounts` are those of all forms that it is summed with.
    // INVARIANT: what somebody was asked to file, or the platform has said, stays as it is.
    pub(crate) fn assessed(&self, book: &Rulebook, amounts: &TaxAmounts, now: Timestamp) -> Self {
        let is_complete = self.is_complete();
        // What is missing might be what reaches the limit.
        let certain = |basis| match basis {
            TaxBasis::Below(_) | TaxBasis::SmallSeller { .. } if self.figures.is_unconverted() => TaxBasis::Unknown,
            TaxBasis::Below(_)
            | TaxBasis::SmallSeller { .. }
            | TaxBasis::Unknown
            | TaxBasis::NotRequired
            | TaxBasis::NotWithheld
            | TaxBasis::Reached(_)
            | TaxBasis::Everybody
            | TaxBasis::Overridden { .. }
            | TaxBasis::Follows
            | TaxBasis::FollowsNothing => basis,
        };
        let of = |filing: &TaxFiling, decide: &dyn Fn() -> TaxBasis| {
            let basis = if filing.basis().is_fixed() { filing.basis() } else { certain(decide()) };
            filing.assessed(basis, is_complete, now)
        };
        let mut next = self.clone();
        next.country = of(&self.country, &|| of_country(book, self, amounts));
        let lives_in = self.known.state.filter(|_| self.form.is_us());
        next.state = lives_in.map(|state| {
            let decide = || of_state(book, self, state, amounts);
            match &self.state {
                Some(filing) => of(filing, &decide),
                None => TaxFiling::new(certain(decide()), is_complete, now),
            }
        });
        next.reconsider_delivery(book);
        next
    }

    /// Whether the payee gets it, as long as nobody was asked to bring it.
    // RULE: sellers in Australia get no copy (docs.stripe.com/connect/platform-tax-reporting, 2025).
    fn reconsider_delivery(&mut self, book: &Rulebook) {
        let is_filed = self.filings().any(|(_, filing)| filing.status() != FilingStatus::WillNotFile);
        let has_copy = book.platform_tax_rule(self.form).is_none_or(|rule| rule.seller_copy());
        self.delivery = self.delivery.assessed(is_filed && has_copy && !self.is_out, self.is_complete());
    }

    /// That these figures can stand on it, in the currency that it has.
    fn takes(&self, figures: &TaxFigures) -> Result<(), TaxError> {
        figures.check(self.form)?;
        let (form, currency) = (self.form, figures.currency());
        if currency == self.figures.currency() { Ok(()) } else { Err(TaxError::WrongCurrency { form, currency }) }
    }

    /// The same of figures that nobody can change any more.
    fn takes_at_last(&self, figures: &TaxFigures) -> Result<(), TaxError> {
        self.takes(figures)?;
        if figures.is_unconverted() { Err(TaxError::FiguresInvalid("an exchange rate is missing")) } else { Ok(()) }
    }

    /// The form with the figures of today, to be assessed.
    // RULE: what will not be filed may have to be, once totals rise (docs.stripe.com/connect/file-tax-forms, 2024).
    pub(crate) fn refreshed(&self, figures: TaxFigures) -> Result<Self, TaxError> {
        self.takes(&figures)?;
        self.is_open()?;
        match self.role {
            TaxFormRole::Original => Ok(Self { figures, ..self.clone() }),
            TaxFormRole::CorrectedTotals | TaxFormRole::CorrectedPayee | TaxFormRole::Reissued => {
                Err(TaxError::Fixed(self.id))
            }
        }
    }

    /// The form with more known of its payee, to be assessed.
    pub(crate) fn described(&self, details: &TaxDetails, overwrite: bool, now: Timestamp) -> Result<Self, TaxError> {
        if details.is_empty() {
            return Err(TaxError::NothingToChange);
        }
        self.is_open()?;
        match self.role {
            TaxFormRole::Original | TaxFormRole::Reissued => {}
            TaxFormRole::CorrectedTotals | TaxFormRole::CorrectedPayee => return Err(TaxError::Fixed(self.id)),
        }
        let given = if overwrite { TinStatus::Overwritten } else { TinStatus::Provided };
        let known = self.known.with(details, given, now);
        // Another state has its own rules, and what was said of the first says nothing of it.
        let state = self.state.clone().filter(|_| known.state == self.known.state);
        Ok(Self { known, state, ..self.clone() })
    }

    /// The form that is filed, or is not, because the platform says so; or by the limits again. To be assessed.
    pub(crate) fn overridden(&self, level: TaxLevel, file: Option<bool>) -> Result<Self, TaxError> {
        self.is_latest()?;
        let filing = self.filing(level)?;
        if !filing.is_open() {
            return Err(self.refuse(level, filing.status(), super::TaxAction::Change));
        }
        match filing.basis() {
            TaxBasis::Follows | TaxBasis::FollowsNothing => return Err(TaxError::Fixed(self.id)),
            TaxBasis::Unknown
            | TaxBasis::NotRequired
            | TaxBasis::NotWithheld
            | TaxBasis::Below(_)
            | TaxBasis::Reached(_)
            | TaxBasis::SmallSeller { .. }
            | TaxBasis::Everybody
            | TaxBasis::Overridden { .. } => {}
        }
        let basis = file.map_or(TaxBasis::Unknown, |file| TaxBasis::Overridden { file });
        Ok(self.with_filing(level, filing.based_on(basis)))
    }

    /// A form of the same payee, type and year that follows this one.
    fn follower(&self, id: TaxFormId, role: TaxFormRole, now: Timestamp) -> Self {
        // What was filed is filed again, whatever the limits say. Where nothing was filed, limits have their say on the new figures; but
        // where no totals are, none are taken off.
        let follows = |filing: &TaxFiling| {
            let basis = match (filing.is_open(), role) {
                (false, _) => TaxBasis::Follows,
                (true, TaxFormRole::CorrectedPayee) => TaxBasis::FollowsNothing,
                (true, TaxFormRole::Original | TaxFormRole::CorrectedTotals | TaxFormRole::Reissued) => filing.basis(),
            };
            TaxFiling::new(basis, self.is_complete(), now)
        };
        Self {
            id,
            role,
            taxpayer: None,
            corrects: Some(self.id),
            corrected_by: None,
            reissued_as: None,
            replaces: None,
            replaced_by: None,
            country: follows(&self.country),
            state: self.state.as_ref().map(follows),
            delivery: TaxDelivery::WillNotDeliver,
            is_out: false,
            created: now,
            ..self.clone()
        }
    }

    /// That it was accepted, by every authority that it went to.
    // RULE: only what was accepted is corrected (docs.stripe.com/connect/correct-tax-forms, 2024).
    fn is_accepted(&self) -> Result<(), TaxError> {
        self.is_latest()?;
        let has = |status| self.filings().any(|(_, filing)| filing.status() == status);
        let is_open = self.filings().any(|(_, filing)| filing.awaits_answer());
        if is_open || has(FilingStatus::Rejected) || !has(FilingStatus::Accepted) {
            return Err(TaxError::NotAccepted(self.id));
        }
        match self.role {
            // Its totals are off already.
            TaxFormRole::CorrectedPayee => Err(TaxError::Fixed(self.id)),
            TaxFormRole::Original | TaxFormRole::CorrectedTotals | TaxFormRole::Reissued => Ok(()),
        }
    }

    /// The form once its totals were corrected, and the corrected form, to be assessed.
    // RULE: totals are corrected with one corrected form (docs.stripe.com/connect/correct-tax-forms, 2024).
    pub(crate) fn with_totals(
        &self,
        id: TaxFormId,
        figures: TaxFigures,
        now: Timestamp,
    ) -> Result<[Self; 2], TaxError> {
        self.takes_at_last(&figures)?;
        self.is_accepted()?;
        if figures == self.figures {
            return Err(TaxError::NothingToChange);
        }
        let corrected = Self { figures, ..self.follower(id, TaxFormRole::CorrectedTotals, now) };
        Ok([Self { corrected_by: Some(id), ..self.clone() }, corrected])
    }

    /// The form once its payee was corrected, the corrected form that takes its totals off, and the new one of the right payee; both to be
    /// assessed.
    // RULE: a payee is corrected with a corrected form of zero and a new one that is not corrected
    // (docs.stripe.com/connect/correct-tax-forms, 2024).
    pub(crate) fn with_payee(
        &self,
        [zero, right]: [TaxFormId; 2],
        details: &TaxDetails,
        now: Timestamp,
    ) -> Result<[Self; 3], TaxError> {
        self.is_accepted()?;
        if details.is_empty() {
            return Err(TaxError::NothingToChange);
        }
        let figures = TaxFigures::zero(self.figures.currency());
        let off = Self { figures, ..self.follower(zero, TaxFormRole::CorrectedPayee, now) };
        let known = Known::default().with(details, TinStatus::Provided, now);
        let mut on = Self { details_of: right, known, ..self.follower(right, TaxFormRole::Reissued, now) };
        on.state = on.state.filter(|_| known.state == self.known.state);
        let was = Self { corrected_by: Some(zero), reissued_as: Some(right), ..self.clone() };
        Ok([was, off, on])
    }

    /// The form once another one has taken its place after it was rejected, and that one, to be assessed. What was taken of it elsewhere
    /// stands.
    // RULE: a form that was rejected is replaced (docs.stripe.com/connect/file-tax-forms, 2024).
    pub(crate) fn replaced(
        &self,
        id: TaxFormId,
        (figures, details): (Option<TaxFigures>, Option<&TaxDetails>),
        now: Timestamp,
    ) -> Result<[Self; 2], TaxError> {
        if let Some(figures) = figures {
            self.takes_at_last(&figures)?;
        }
        self.is_latest()?;
        if self.filings().any(|(_, filing)| filing.awaits_answer()) {
            return Err(TaxError::NotAccepted(self.id));
        }
        if self.filings().all(|(_, filing)| filing.status() != FilingStatus::Rejected) {
            return Err(TaxError::NotRejected(self.id));
        }
        let is_said = (figures.is_some(), details.is_some());
        match (self.role, is_said) {
            // A correction is about one of both, and stays so.
            (TaxFormRole::CorrectedTotals, (_, true)) | (TaxFormRole::CorrectedPayee, (true, _) | (_, true)) => {
                return Err(TaxError::Fixed(self.id));
            }
            (TaxFormRole::Reissued, (true, _)) => return Err(TaxError::Fixed(self.id)),
            (
                TaxFormRole::Original
                | TaxFormRole::CorrectedTotals
                | TaxFormRole::CorrectedPayee
                | TaxFormRole::Reissued,
                _,
            ) => {}
        }
        let again = |filing: &TaxFiling| match filing.status() {
            FilingStatus::Rejected => TaxFiling::new(TaxBasis::Follows, true, now),
            FilingStatus::WillNotFile
            | FilingStatus::NeedsAttention
            | FilingStatus::Ready
            | FilingStatus::Filing
            | FilingStatus::Filed
            | FilingStatus::Accepted
            | FilingStatus::Exported => filing.clone(),
        };
        let known = match details {
            None => self.known,
            Some(details) => Known::complete(details, now)?,
        };
        let state = self.state.as_ref().filter(|_| known.state == self.known.state);
        let next = Self {
            known,
            figures: figures.unwrap_or(self.figures),
            details_of: details.map_or(self.details_of, |_| id),
            corrects: self.corrects,
            replaces: Some(self.id),
            country: again(&self.country),
            state: state.map(again),
            is_out: self.is_out || !self.delivery.is_open(),
            ..self.follower(id, self.role, now)
        };
        Ok([Self { replaced_by: Some(id), ..self.clone() }, next])
    }

    /// The form once it is about the time before a day only, and another one about the time from it on; both to be assessed.
    // RULE: a payee that becomes another legal entity in the course of a year has two forms by date
    // (docs.stripe.com/connect/split-tax-forms, 2024).
    pub(crate) fn split(
        &self,
        (id, on): (TaxFormId, Timestamp),
        parts: [TaxFigures; 2],
        details: &TaxDetails,
        now: Timestamp,
    ) -> Result<[Self; 2], TaxError> {
        let [before, after] = parts;
        self.takes(&before)?;
        self.takes(&after)?;
        self.is_open()?;
        let comes_to_it = self.figures.sums_to([&before, &after]);
        let is_original = self.role == TaxFormRole::Original && self.part == TaxPart::Whole;
        if !is_original || !comes_to_it || on.midnight() != on || year_of(on) != Some(self.tax_year) {
            return Err(TaxError::SplitInvalid(self.id));
        }
        let first = Self { part: TaxPart::Before(on), figures: before, ..self.clone() };
        let second = Self {
            id,
            part: TaxPart::From(on),
            figures: after,
            known: Known::default().with(details, TinStatus::Provided, now),
            details_of: id,
            taxpayer: None,
            country: TaxFiling::new(TaxBasis::Unknown, false, now),
            state: None,
            created: now,
            ..self.clone()
        };
        Ok([first, second])
    }
}

/// The year of a moment, in UTC.
fn year_of(at: Timestamp) -> Option<u16> {
    use chrono::Datelike;
    u16::try_from(at.date().year()).ok()
}

/// Whether forms of a type are made by the processor itself where the account pays it.
// RULE: docs.stripe.com/connect/tax-reporting (2024).
pub(crate) const fn may_be_the_processors(form: TaxFormType) -> bool {
    matches!(form, TaxFormType::Us1099K)
}
