use crate::ids::{LocationId, PaymentId, ReaderId};
use crate::payments::PaymentStatus;
use crate::rulebook::{Country, PaymentMethod};

use super::DeviceType;

/// Why a command about a place, a reader or what a reader does was refused.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum TerminalError {
    /// The address lacks something that the country needs.
    #[error("an address in `{country}` needs `{missing}`")]
    AddressIncomplete {
        /// The country.
        country: Country,
        /// What is missing.
        missing: &'static str,
    },
    /// Only the address within the country can change.
    #[error("location `{location}` is in `{country}` and stays there")]
    CountryFixed {
        /// The place.
        location: LocationId,
        /// Its country.
        country: Country,
    },
    /// No reader takes payments in that country.
    #[error("no reader takes payments in `{0}`")]
    CountryUnsupported(Country),
    /// What is to be shown has too many lines, or amounts of several currencies.
    #[error("a cart has 1 to `{most}` lines in one currency")]
    CartInvalid {
        /// The most lines there can be.
        most: usize,
    },
    /// The reader is not where it could take the payment: the place was deleted, or is in another country than the business.
    #[error("reader `{reader}` at `{location}` is not where it can take payments of a business in `{country}`")]
    InvalidLocation {
        /// The reader.
        reader: ReaderId,
        /// Where it is.
        location: LocationId,
        /// Where the business is.
        country: Country,
    },
    /// No reader can be registered there, because the place was deleted.
    #[error("no reader can be registered at `{0}`, which was deleted")]
    InvalidLocationForActivation(LocationId),
    /// The place was deleted.
    #[error("location `{0}` was deleted")]
    LocationDeleted(LocationId),
    /// The place belongs to another account than the one acted for.
    #[error("location `{0}` does not belong to the account that was acted for")]
    LocationNotOnAccount(LocationId),
    /// The reader has not collected a card for that payment, or for another amount.
    #[error("reader `{reader}` has collected no card for payment `{payment}`")]
    NotCollected {
        /// The reader.
        reader: ReaderId,
        /// The payment.
        payment: PaymentId,
    },
    /// The payment is of a method that no reader takes.
    #[error("payment `{payment}` by {method} is not taken by readers")]
    NotInPerson {
        /// The payment.
        payment: PaymentId,
        /// Its method.
        method: PaymentMethod,
    },
    /// Reader and payment belong to different accounts.
    #[error("reader `{reader}` and payment `{payment}` do not belong to the same account")]
    OtherOwner {
        /// The reader.
        reader: ReaderId,
        /// The payment.
        payment: PaymentId,
    },
    /// The payment does not wait for a reader.
    #[error("payment `{payment}` is {status} and does not wait for a reader")]
    PaymentNotReady {
        /// The payment.
        payment: PaymentId,
        /// Its state.
        status: PaymentStatus,
    },
    /// The reader does something else, and has not told what came of it.
    #[error("reader `{0}` is busy")]
    ReaderBusy(ReaderId),
    /// The reader was deleted.
    #[error("reader `{0}` was deleted")]
    ReaderDeleted(ReaderId),
    /// The reader does nothing that could be called off.
    #[error("reader `{0}` does nothing that could be canceled")]
    ReaderIdle(ReaderId),
    /// The reader belongs to another account than the one acted for.
    #[error("reader `{0}` does not belong to the account that was acted for")]
    ReaderNotOnAccount(ReaderId),
    /// The reader cannot be reached.
    #[error("reader `{0}` is offline")]
    ReaderOffline(ReaderId),
    /// The payment is given back online, as all but a few methods are.
    #[error("payments by {0} are refunded online")]
    RefundOnline(PaymentMethod),
    /// Simulated devices take no real money.
    #[error("a reader of type {0} is for test mode only")]
    SimulatedInLiveMode(DeviceType),
    /// A text says nothing, or too much.
    #[error("`{what}` has 1 to 255 characters, not `{characters}` or only blanks")]
    TextInvalid {
        /// Which text.
        what: &'static str,
        /// How many characters it has.
        characters: usize,
    },
}

impl TerminalError {
    /// Whether it is the state of things that stands in the way.
    pub const fn is_refusal(&self) -> bool {
        match self {
            Self::InvalidLocation { .. }
            | Self::InvalidLocationForActivation(_)
            | Self::LocationDeleted(_)
            | Self::NotCollected { .. }
            | Self::NotInPerson { .. }
            | Self::PaymentNotReady { .. }
            | Self::ReaderBusy(_)
            | Self::ReaderDeleted(_)
            | Self::ReaderIdle(_)
            | Self::ReaderOffline(_)
            | Self::RefundOnline(_) => true,
            Self::AddressIncomplete { .. }
            | Self::CountryFixed { .. }
            | Self::CountryUnsupported(_)
            | Self::CartInvalid { .. }
            | Self::LocationNotOnAccount(_)
            | Self::OtherOwner { .. }
            | Self::ReaderNotOnAccount(_)
            | Self::SimulatedInLiveMode(_)
            | Self::TextInvalid { .. } => false,
        }
    }

    /// The code that the field's API answers in this case, where it has one.
    // RULE: docs.stripe.com/error-codes (2024) and docs.stripe.com/terminal/payments/collect-card-payment (2025).
    pub const fn code(&self) -> Option<&'static str> {
        match self {
            Self::AddressIncomplete { .. } => Some("parameter_missing"),
            Self::CountryUnsupported(_) => Some("terminal_location_country_unsupported"),
            Self::InvalidLocation { .. } => Some("terminal_reader_invalid_location_for_payment"),
            Self::InvalidLocationForActivation(_) => Some("terminal_reader_invalid_location_for_activation"),
            Self::LocationDeleted(_)
            | Self::LocationNotOnAccount(_)
            | Self::OtherOwner { .. }
            | Self::ReaderDeleted(_)
            | Self::ReaderNotOnAccount(_) => Some("resource_missing"),
            Self::PaymentNotReady { .. } => Some("intent_invalid_state"),
            Self::ReaderBusy(_) => Some("terminal_reader_busy"),
            Self::ReaderOffline(_) => Some("terminal_reader_offline"),
            Self::CountryFixed { .. }
            | Self::CartInvalid { .. }
            | Self::NotCollected { .. }
            | Self::NotInPerson { .. }
            | Self::ReaderIdle(_)
            | Self::RefundOnline(_)
            | Self::SimulatedInLiveMode(_)
            | Self::TextInvalid { .. } => None,
        }
    }
}
