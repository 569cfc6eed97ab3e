use crate::calendar::Timestamp;
use crate::ids::{AccountId, TaxFormId};
use crate::money::Currency;
use crate::rulebook::TaxFormType;

use super::{TaxAction, TaxFormStatus};

/// Why a command about tax forms was refused.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum TaxError {
    /// The processor makes this form itself: the account pays its fees.
    #[error("account `{0}` pays the processor itself, which makes its 1099-K")]
    IssuedByProcessor(AccountId),
    /// It has to be said who has borne the processor's fees.
    #[error("whether the platform has borne the processor's fees of account `{0}` has to be said")]
    IssuerUnsaid(AccountId),
    /// There is a form of that type for the payee and the year.
    #[error("tax form `{0}` is of the same type, year and payee")]
    FormExists(TaxFormId),
    /// The year is not one that forms can be for.
    #[error("`{0}` is not a tax year that forms can be made for")]
    YearInvalid(u16),
    /// The payee is the platform itself, or nobody.
    #[error("that is nobody whom the platform pays")]
    PayeeInvalid,
    /// The figures contradict themselves.
    #[error("the figures cannot be: {0}")]
    FiguresInvalid(&'static str),
    /// The figures do not fit.
    #[error("the figures are too large")]
    FiguresTooLarge,
    /// The form is in another currency.
    #[error("form {form} does not report {currency}")]
    WrongCurrency {
        /// The type of the form.
        form: TaxFormType,
        /// The currency of the figures.
        currency: Currency,
    },
    /// What stands for the taxpayer is missing, too long, or looks like the number itself, which is not to be in a journal.
    #[error("a taxpayer is named by 1 to 64 characters of the host's choosing that are not the number itself")]
    TaxpayerInvalid,
    /// Something that is said of the payee is missing, empty, too long, or not what a form shows.
    #[error("`{0}` is missing, empty, too long, or nothing that a tax form shows")]
    DetailInvalid(String),
    /// Nothing would change.
    #[error("that changes nothing")]
    NothingToChange,
    /// The form goes to no state.
    #[error("tax form `{0}` goes to no state")]
    NoState(TaxFormId),
    /// A form cannot be filed, or split, so early.
    #[error("that can be done from `{0}` on")]
    NotYet(Timestamp),
    /// What is known of payees changes forms no longer; the platform can say so all the same.
    #[error("what is known of payees has changed these forms until `{0}`")]
    IdentityClosed(Timestamp),
    /// Tax was withheld for the state, so the platform files there itself.
    #[error("tax form `{0}` is exported for the state, for which tax was withheld")]
    ExportInstead(TaxFormId),
    /// No tax was withheld for the state, so nothing is exported for it.
    #[error("tax form `{0}` is filed with the state, for which nothing was withheld")]
    FileInstead(TaxFormId),
    /// Only what was accepted is corrected.
    #[error("tax form `{0}` was not accepted, or is still being filed")]
    NotAccepted(TaxFormId),
    /// Only what was rejected is replaced.
    #[error("tax form `{0}` was not rejected")]
    NotRejected(TaxFormId),
    /// Another form has taken its place.
    #[error("tax form `{form}` was followed by `{by}`")]
    Followed {
        /// The form.
        form: TaxFormId,
        /// What followed it.
        by: TaxFormId,
    },
    /// What a corrected form says follows from the correction.
    #[error("tax form `{0}` is a correction, and says what it corrects")]
    Fixed(TaxFormId),
    /// A form that is split has to be of a whole year, and the parts have to come to it.
    #[error("tax form `{0}` cannot be split like that")]
    SplitInvalid(TaxFormId),
    /// The form is not in a state for that.
    #[error("tax form `{form}` is {status} and cannot be {action}")]
    IllegalTransition {
        /// The form.
        form: TaxFormId,
        /// Its state, with the authority that it is about.
        status: TaxFormStatus,
        /// What was wanted.
        action: TaxAction,
    },
}

impl TaxError {
    /// Whether what is asked is not possible as things stand, rather than a call to be corrected.
    pub(crate) const fn is_refusal(&self) -> bool {
        match self {
            Self::IssuedByProcessor(_)
            | Self::FormExists(_)
            | Self::NoState(_)
            | Self::NotYet(_)
            | Self::IdentityClosed(_)
            | Self::ExportInstead(_)
            | Self::FileInstead(_)
            | Self::NotAccepted(_)
            | Self::NotRejected(_)
            | Self::Followed { .. }
            | Self::Fixed(_)
            | Self::IllegalTransition { .. } => true,
            Self::IssuerUnsaid(_)
            | Self::YearInvalid(_)
            | Self::PayeeInvalid
            | Self::FiguresInvalid(_)
            | Self::FiguresTooLarge
            | Self::WrongCurrency { .. }
            | Self::TaxpayerInvalid
            | Self::DetailInvalid(_)
            | Self::NothingToChange
            | Self::SplitInvalid(_) => false,
        }
    }
}
