use crate::money::Currency;

/// Why an entry could not be built.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum LedgerError {
    /// The lines and postings of one currency do not sum to zero.
    #[error("an entry is off balance by `{off_by}` minor units of {currency}")]
    Unbalanced {
        /// The currency that does not sum to zero.
        currency: Currency,
        /// By how many minor units.
        off_by: i128,
    },
    /// An amount less its fees does not fit.
    #[error("a line's amount less its fees is out of range")]
    Overflow,
}
