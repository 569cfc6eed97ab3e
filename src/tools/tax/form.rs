use std::fmt;

use serde::{Deserialize, Serialize};

use super::filing::{Impossible, Told};
use super::{
    DeliveryStatus, FilingStatus, TaxBasis, TaxDelivery, TaxDeliveryMethod, TaxError, TaxFact, TaxFigures, TaxFiling,
    TaxInstruction, TaxLevel,
};
use crate::calendar::Timestamp;
use crate::ids::{AccountId, TaxFormId, TaxpayerYearId};
use crate::rulebook::{TaxFormType, UsState};
use crate::wire::wire;

/// Who is paid: what a form is about.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum TaxPayee {
    /// A connected account.
    Account(AccountId),
    /// Somebody who was paid elsewhere, by the host's own reference.
    External(Box<str>),
}

impl From<AccountId> for TaxPayee {
    fn from(account: AccountId) -> Self {
        Self::Account(account)
    }
}

impl fmt::Display for TaxPayee {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Account(account) => fmt::Display::fmt(account, f),
            Self::External(reference) => f.write_str(reference),
        }
    }
}

/// Which part of the year a form is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum TaxPart {
    /// All of it.
    Whole,
    /// What lies before a day on which the payee became somebody else.
    Before(Timestamp),
    /// What lies behind it.
    From(Timestamp),
}

wire! {
    /// What a form is to the others of its payee and year.
    TaxFormRole:
    "original" Original "The first of its year, or of a part of it.",
    "corrected_totals" CorrectedTotals "A corrected form with other totals.",
    "corrected_payee" CorrectedPayee "A corrected form that takes the totals off a payee: all of its amounts are zero.",
    "reissued" Reissued "The form of the right payee: uncorrected, with the totals of the one that was corrected.",

    /// What is known of a payee's tax number.
    // RULE: docs.stripe.com/connect/tax-reporting (2024).
    TinStatus:
    "provided" Provided "It was given.",
    "overwritten" Overwritten "The platform has put another one in its place.",
    "verified" Verified "It belongs to the name.",
    "mismatch" Mismatch "It does not.",

    /// What a form waits for.
    TaxAttention:
    "address_missing" AddressMissing "Where the payee lives.",
    "name_missing" NameMissing "What the payee is called.",
    "tin_missing" TinMissing "The payee's tax number.",
    "rate_missing" RateMissing "An exchange rate.",
    "limit_unknown" LimitUnknown "Whether the form has to be filed: the rules do not tell, so the platform has to.",

    /// What somebody wanted to do with a form.
    TaxAction:
    "changed" Change "Give it other figures, or other data of its payee, or let limits have no say.",
    "delivered" Deliver "Bring it to its payee again.",
    "exported" Export "Take its filing over.",
    "filed" File "File it.",
}

/// A status that stopped a command: of a form's filing, or of its delivery.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum TaxFormStatus {
    /// Of its filing with an authority.
    Filing(TaxLevel, FilingStatus),
    /// Of its delivery.
    Delivery(DeliveryStatus),
}

impl fmt::Display for TaxFormStatus {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Filing(level, status) => write!(f, "{status} with the {level}"),
            Self::Delivery(status) => write!(f, "{status} to its payee"),
        }
    }
}

/// Which data of its payee a form has. The data are kept apart from the journal.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Known {
    pub(super) name: bool,
    pub(super) address: bool,
    pub(super) state: Option<UsState>,
    /// What is known of the number, and since when.
    pub(super) tin: Option<(TinStatus, Timestamp)>,
}

impl Known {
    const fn is_complete(&self) -> bool {
        self.name && self.address && self.tin.is_some()
    }
}

/// How far a form has got with one authority, as the field's object lists it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TaxFilingStatus {
    /// With which authority.
    pub level: TaxLevel,
    /// With which state, if it is one.
    pub state: Option<UsState>,
    /// How far.
    pub value: FilingStatus,
    /// Since when.
    pub effective_at: Timestamp,
}

/// What is reported of a payee for a year, and how far that has got with the authorities and with the payee.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TaxForm {
    pub(super) id: TaxFormId,
    pub(super) form: TaxFormType,
    pub(super) tax_year: u16,
    pub(super) payee: TaxPayee,
    pub(super) part: TaxPart,
    pub(super) role: TaxFormRole,
    pub(super) figures: TaxFigures,
    pub(super) known: Known,
    /// Whose data of the payee it shows: its own, or those of the form that it follows.
    pub(super) details_of: TaxFormId,
    /// With whom it is summed: the year of a taxpayer, and its place there.
    pub(super) taxpayer: Option<(TaxpayerYearId, u16)>,
    pub(super) corrects: Option<TaxFormId>,
    pub(super) corrected_by: Option<TaxFormId>,
    pub(super) reissued_as: Option<TaxFormId>,
    pub(super) replaces: Option<TaxFormId>,
    pub(super) replaced_by: Option<TaxFormId>,
    pub(super) country: TaxFiling,
    pub(super) state: Option<TaxFiling>,
    pub(super) delivery: TaxDelivery,
    /// Whether its payee was sent the form whose place it takes, and so gets no other one.
    pub(super) is_out: bool,
    pub(super) created: Timestamp,
}

impl TaxForm {
    /// Its id.
    pub const fn id(&self) -> TaxFormId {
        self.id
    }

    /// Its type, which never changes.
    // RULE: the type of a form cannot be corrected (docs.stripe.com/connect/correct-tax-forms, 2024).
    pub const fn form_type(&self) -> TaxFormType {
        self.form
    }

    /// The year that it reports.
    pub const fn tax_year(&self) -> u16 {
        self.tax_year
    }

    /// Whom it is about.
    pub const fn payee(&self) -> &TaxPayee {
        &self.payee
    }

    /// Which part of the year it reports.
    pub const fn part(&self) -> TaxPart {
        self.part
    }

    /// What it is to the others of its payee and year.
    pub const fn role(&self) -> TaxFormRole {
        self.role
    }

    /// What it reports.
    pub const fn figures(&self) -> &TaxFigures {
        &self.figures
    }

    /// The form whose data of the payee it shows: itself, or one that it follows.
    pub const fn details_of(&self) -> TaxFormId {
        self.details_of
    }

    /// What is known of the payee's tax number, if it was given.
    pub fn tin_status(&self) -> Option<TinStatus> {
        self.known.tin.map(|(status, _)| status)
    }

    /// The year of the taxpayer with whose other forms it is summed for limits, if with any.
    pub fn taxpayer(&self) -> Option<TaxpayerYearId> {
        self.taxpayer.map(|(taxpayer, _)| taxpayer)
    }

    /// The form that it corrects; of one that was reissued, the one that had the wrong payee.
    pub const fn corrects(&self) -> Option<TaxFormId> {
        self.corrects
    }

    /// The form that corrects it.
    pub const fn corrected_by(&self) -> Option<TaxFormId> {
        self.corrected_by
    }

    /// The form that puts its totals on the right payee, after the payee was corrected.
    pub const fn reissued_as(&self) -> Option<TaxFormId> {
        self.reissued_as
    }

    /// The form that was rejected and whose place it takes.
    pub const fn replaces(&self) -> Option<TaxFormId> {
        self.replaces
    }

    /// The form that takes its place after it was rejected.
    pub const fn replaced_by(&self) -> Option<TaxFormId> {
        self.replaced_by
    }

    /// How far it has got with the authority of the country.
    pub const fn country(&self) -> &TaxFiling {
        &self.country
    }

    /// How far it has got with the payee's state, and which that is; nothing where it goes to none.
    pub fn state(&self) -> Option<(UsState, &TaxFiling)> {
        self.known.state.zip(self.state.as_ref())
    }

    /// The state of the United States that the payee lives in, if one was given.
    pub const fn lives_in(&self) -> Option<UsState> {
        self.known.state
    }

    /// How far it has got on its way to its payee.
    pub const fn delivery(&self) -> &TaxDelivery {
        &self.delivery
    }

    /// When it was made.
    pub const fn created(&self) -> Timestamp {
        self.created
    }

    /// How far it has got with each authority.
    pub fn filing_statuses(&self) -> Vec<TaxFilingStatus> {
        let of = |level, state, filing: &TaxFiling| TaxFilingStatus {
            level,
            state,
            value: filing.status(),
            effective_at: filing.effective_at(),
        };
        let state = self.state().map(|(state, filing)| of(TaxLevel::State, Some(state), filing));
        std::iter::once(of(TaxLevel::Country, None, &self.country)).chain(state).collect()
    }

    /// What it waits for, as far as it waits for anything.
    pub fn attention(&self) -> Vec<TaxAttention> {
        let filings = || std::iter::once(&self.country).chain(&self.state);
        let waits = || filings().filter(|filing| filing.status() == FilingStatus::NeedsAttention);
        if waits().next().is_none() {
            return Vec::new();
        }
        let missing = [
            (!self.known.address, TaxAttention::AddressMissing),
            (!self.known.name, TaxAttention::NameMissing),
            (self.known.tin.is_none(), TaxAttention::TinMissing),
            (self.figures.is_unconverted(), TaxAttention::RateMissing),
            (waits().any(|filing| filing.basis() == TaxBasis::Unknown), TaxAttention::LimitUnknown),
        ];
        missing.into_iter().filter_map(|(is_missing, what)| is_missing.then_some(what)).collect()
    }

    /// Whether somebody was asked to file or to bring it and has not said what became of it.
    pub fn awaits_answer(&self) -> bool {
        self.filings().any(|(_, filing)| filing.awaits_answer()) || self.delivery.under_way().is_some()
    }

    /// What somebody was asked to do and has not answered.
    pub(crate) fn asked(&self) -> impl Iterator<Item = TaxInstruction> {
        let form = self.id;
        let waits = self.filings().filter(|(_, filing)| filing.awaits_answer());
        let file = waits.map(move |(level, _)| TaxInstruction::File { form, with: level });
        file.chain(self.delivery.under_way().map(|by| TaxInstruction::Deliver { form, by }))
    }

    pub(super) fn filings(&self) -> impl Iterator<Item = (TaxLevel, &TaxFiling)> {
        std::iter::once((TaxLevel::Country, &self.country))
            .chain(self.state.as_ref().map(|state| (TaxLevel::State, state)))
    }

    /// The filing with an authority.
    pub(super) fn filing(&self, level: TaxLevel) -> Result<&TaxFiling, TaxError> {
        match level {
            TaxLevel::Country => Ok(&self.country),
            TaxLevel::State => self.state.as_ref().ok_or(TaxError::NoState(self.id)),
        }
    }

    /// How far it has got with an authority; nothing where it does not go there.
    pub fn filing_status(&self, level: TaxLevel) -> Option<FilingStatus> {
        self.filing(level).ok().map(TaxFiling::status)
    }

    pub(super) fn with_filing(&self, level: TaxLevel, filing: TaxFiling) -> Self {
        let mut next = self.clone();
        match level {
            TaxLevel::Country => next.country = filing,
            TaxLevel::State => next.state = Some(filing),
        }
        next
    }

    pub(super) fn refuse(&self, level: TaxLevel, status: FilingStatus, action: TaxAction) -> TaxError {
        TaxError::IllegalTransition { form: self.id, status: TaxFormStatus::Filing(level, status), action }
    }

    /// Whether everything is known that filing it needs.
    pub(super) const fn is_complete(&self) -> bool {
        self.known.is_complete() && !self.figures.is_unconverted()
    }

    /// The form that has followed it, if one has.
    pub(super) const fn followed_by(&self) -> Option<TaxFormId> {
        match self.corrected_by {
            Some(by) => Some(by),
            None => self.replaced_by,
        }
    }

    /// That nothing has followed it.
    pub(super) fn is_latest(&self) -> Result<(), TaxError> {
        match self.followed_by() {
            Some(by) => Err(TaxError::Followed { form: self.id, by }),
            None => Ok(()),
        }
    }

    /// That nobody was asked to file it yet, so that it can be changed.
    pub(super) fn is_open(&self) -> Result<(), TaxError> {
        self.is_latest()?;
        match self.filings().find(|(_, filing)| !filing.is_open()) {
            Some((level, filing)) => Err(self.refuse(level, filing.status(), TaxAction::Change)),
            None => Ok(()),
        }
    }

    /// The form once somebody is asked to file it, and what is asked. With the first filing it goes out to its payee.
    // RULE: a form is delivered once, with its first filing; electronically only with the payee's consent
    // (docs.stripe.com/connect/deliver-tax-forms, 2024). The forms of a year that was split go by post
    // (docs.stripe.com/connect/split-tax-forms, 2024).
    pub(crate) fn file(
        &self,
        level: TaxLevel,
        has_consent: bool,
        now: Timestamp,
    ) -> Result<(Self, Vec<TaxInstruction>), TaxError> {
        self.is_latest()?;
        let filing = self.filing(level)?;
        if level == TaxLevel::State && self.figures.state_withheld() > 0 {
            return Err(TaxError::ExportInstead(self.id));
        }
        let next = filing.file(now).ok_or_else(|| self.refuse(level, filing.status(), TaxAction::File))?;
        let mut next = self.with_filing(level, next);
        let mut asked = vec![TaxInstruction::File { form: self.id, with: level }];
        asked.extend(next.send_out(has_consent, now));
        Ok((next, asked))
    }

    /// The form once the platform has taken its filing with the state over.
    // RULE: where tax was withheld for a state, the platform files there itself (docs.stripe.com/connect/file-tax-forms, 2024).
    pub(crate) fn export(&self, has_consent: bool, now: Timestamp) -> Result<(Self, Vec<TaxInstruction>), TaxError> {
        self.is_latest()?;
        let filing = self.filing(TaxLevel::State)?;
        if self.figures.state_withheld() == 0 {
            return Err(TaxError::FileInstead(self.id));
        }
        let refused = || self.refuse(TaxLevel::State, filing.status(), TaxAction::Export);
        let mut next = self.with_filing(TaxLevel::State, filing.export(now).ok_or_else(refused)?);
        let asked = next.send_out(has_consent, now).into_iter().collect();
        Ok((next, asked))
    }

    fn send_out(&mut self, has_consent: bool, now: Timestamp) -> Option<TaxInstruction> {
        if self.delivery != TaxDelivery::Ready {
            return None;
        }
        let by = match self.part {
            TaxPart::Whole if has_consent => TaxDeliveryMethod::Electronic,
            TaxPart::Whole | TaxPart::Before(_) | TaxPart::From(_) => TaxDeliveryMethod::Post,
        };
        self.delivery = self.delivery.schedule(by, now)?;
        Some(TaxInstruction::Deliver { form: self.id, by })
    }

    /// The form once somebody is asked to bring it again, after it did not arrive.
    pub(crate) fn deliver_again(
        &self,
        by: TaxDeliveryMethod,
        now: Timestamp,
    ) -> Result<(Self, TaxInstruction), TaxError> {
        let status = self.delivery.status();
        let again = self.delivery.schedule(by, now).filter(|_| status == DeliveryStatus::Failed);
        let refused = || TaxError::IllegalTransition {
            form: self.id,
            status: TaxFormStatus::Delivery(status),
            action: TaxAction::Deliver,
        };
        let delivery = again.ok_or_else(refused)?;
        Ok((Self { delivery, ..self.clone() }, TaxInstruction::Deliver { form: self.id, by }))
    }

    /// The form after what somebody told of it.
    pub(crate) fn told(&self, fact: &TaxFact, at: Timestamp) -> Told<Self> {
        let filed = |level: TaxLevel, next: &dyn Fn(&TaxFiling) -> Told<TaxFiling>| {
            let filing = self.filing(level).map_err(|_| Impossible)?;
            Ok(next(filing)?.map(|next| self.with_filing(level, next)))
        };
        let delivered = |next: Told<TaxDelivery>| Ok(next?.map(|delivery| Self { delivery, ..self.clone() }));
        match fact {
            TaxFact::Filed { with, .. } => filed(*with, &|filing| filing.sent(at)),
            TaxFact::Accepted { with, .. } => filed(*with, &|filing| filing.accept(at)),
            TaxFact::Rejected { with, reason, .. } => filed(*with, &|filing| filing.reject(at, reason)),
            TaxFact::DeliveryUnderWay { .. } => delivered(self.delivery.send(at)),
            TaxFact::Delivered { .. } => delivered(self.delivery.arrive(at)),
            TaxFact::DeliveryFailed { reason, .. } => delivered(self.delivery.fail(at, reason)),
            TaxFact::TinChecked { matches, .. } => self.tin_checked(*matches, at),
        }
    }

    /// The form after somebody has looked whose number it has. The latest look counts, and of two at once the one that found a mismatch.
    fn tin_checked(&self, matches: bool, at: Timestamp) -> Told<Self> {
        let Some((known, since)) = self.known.tin else { return Err(Impossible) };
        let status = if matches { TinStatus::Verified } else { TinStatus::Mismatch };
        if (at, status) <= (since, known) {
            return Ok(None);
        }
        let mut next = self.clone();
        next.known.tin = Some((status, at));
        Ok(Some(next))
    }
}
