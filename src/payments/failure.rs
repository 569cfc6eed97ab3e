use serde::{Deserialize, Serialize};

use crate::wire::wire;

wire! {
    /// Why a card was declined.
    // RULE: docs.stripe.com/declines/codes (2026).
    #[non_exhaustive]
    DeclineCode:
    "authentication_required" AuthenticationRequired "The payer has to show who they are.",
    "call_issuer" CallIssuer "The bank says no more; the payer can ask it.",
    "card_not_supported" CardNotSupported "The card is not for such purchases.",
    "card_velocity_exceeded" CardVelocityExceeded "The card was used too often, or for too much.",
    "currency_not_supported" CurrencyNotSupported "The card does not pay in that currency.",
    "do_not_honor" DoNotHonor "The bank says no more.",
    "duplicate_transaction" DuplicateTransaction "The same amount was taken just before.",
    "expired_card" ExpiredCard "The card is too old.",
    "fraudulent" Fraudulent "It is suspected that it is not the payer's.",
    "generic_decline" GenericDecline "The bank says no more.",
    "incorrect_cvc" IncorrectCvc "The security code is wrong.",
    "incorrect_number" IncorrectNumber "The number is wrong.",
    "incorrect_pin" IncorrectPin "The secret number is wrong.",
    "incorrect_zip" IncorrectZip "The postal code is wrong.",
    "insufficient_funds" InsufficientFunds "There is too little on it.",
    "invalid_amount" InvalidAmount "The amount is not one that the card pays.",
    "lost_card" LostCard "The card was lost.",
    "offline_pin_required" OfflinePinRequired "The card wants its secret number.",
    "online_or_offline_pin_required" OnlineOrOfflinePinRequired "The card wants its secret number.",
    "pickup_card" PickupCard "The card is to be taken away.",
    "pin_try_exceeded" PinTryExceeded "The secret number was wrong too often.",
    "processing_error" ProcessingError "Something went wrong on the way.",
    "restricted_card" RestrictedCard "The card may have been lost or stolen.",
    "stolen_card" StolenCard "The card was stolen.",
    "transaction_not_allowed" TransactionNotAllowed "The bank does not allow it.",
    "try_again_later" TryAgainLater "The bank says no more; later it may say yes.",
    "withdrawal_count_limit_exceeded" WithdrawalCountLimitExceeded "The card was used too often.",

    /// Why a bank account was not debited.
    // RULE: docs.stripe.com/payments/sepa-debit (2024), and docs.stripe.com/testing (2026) for debits in the United States.
    #[non_exhaustive]
    DebitFailure:
    "account_closed" AccountClosed "The account is closed.",
    "authorization_revoked" AuthorizationRevoked "The payer has taken the permission back.",
    "bank_account_restricted" BankAccountRestricted "The account cannot be debited.",
    "branch_does_not_exist" BranchDoesNotExist "There is no such branch.",
    "debit_authorization_not_match" DebitAuthorizationNotMatch "The permission is for something else.",
    "debit_disputed" DebitDisputed "The payer has it taken back.",
    "debit_not_authorized" DebitNotAuthorized "The payer did not allow it.",
    "generic_could_not_process" GenericCouldNotProcess "The bank says no more.",
    "incorrect_account_holder_name" IncorrectAccountHolderName "The account is somebody else's.",
    "insufficient_funds" InsufficientFunds "There is too little on it.",
    "invalid_account_number" InvalidAccountNumber "There is no such account.",
    "recipient_deceased" RecipientDeceased "Its holder has died.",
    "refer_to_customer" ReferToCustomer "The bank says no more; the payer can ask it.",

    /// Why a reader did not do what it was asked to.
    // RULE: docs.stripe.com/terminal/payments/collect-card-payment (2025) and docs.stripe.com/error-codes (2024); `action_canceled` and
    // `unknown` are words of our own.
    #[non_exhaustive]
    ReaderFailure:
    "action_canceled" ActionCanceled "The business has called it off.",
    "connection_error" ConnectionError "The reader lost its connection. The card may have been charged all the same.",
    "customer_canceled" CustomerCanceled "The payer has called it off.",
    "terminal_location_country_unsupported" CountryUnsupported "No reader takes payments in the country that it is in.",
    "terminal_reader_busy" Busy "The reader was doing something else.",
    "terminal_reader_hardware_fault" HardwareFault "Something in the reader is broken.",
    "terminal_reader_invalid_location_for_payment" InvalidLocation "The reader is not where it could take the payment.",
    "terminal_reader_offline" Offline "The reader could not be reached.",
    "terminal_reader_timeout" Timeout "The reader has not answered in time. It may have done what it was asked to all the same.",
    "unknown" Unknown "Anything else.",
}

impl ReaderFailure {
    /// Whether money may have moved all the same. What became of the attempt is not known then, until the world tells.
    // RULE: after a connection error the payment may have been processed, and is to be looked up; a timeout may be a false negative
    // (docs.stripe.com/terminal/payments/collect-card-payment, 2025).
    pub const fn leaves_open(self) -> bool {
        matches!(self, Self::ConnectionError | Self::Timeout)
    }
}

impl DeclineCode {
    /// Whether it is the code of the error as well.
    const fn is_error_code(self) -> bool {
        matches!(
            self,
            Self::AuthenticationRequired
                | Self::ExpiredCard
                | Self::IncorrectCvc
                | Self::IncorrectNumber
                | Self::IncorrectZip
                | Self::ProcessingError
        )
    }
}

/// Why an attempt to collect a payment failed.
///
/// ```
/// use fundroute::payments::{ChargeFailure, DebitFailure, DeclineCode};
///
/// let poor = ChargeFailure::from(DeclineCode::InsufficientFunds);
/// assert_eq!((poor.code(), poor.decline_code()), ("card_declined", Some("insufficient_funds")));
/// let old = ChargeFailure::from(DeclineCode::ExpiredCard);
/// assert_eq!((old.code(), old.decline_code()), ("expired_card", Some("expired_card")));
/// let closed = ChargeFailure::from(DebitFailure::AccountClosed);
/// assert_eq!((closed.code(), closed.decline_code()), ("account_closed", None));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum ChargeFailure {
    /// A card was declined.
    Card(DeclineCode),
    /// A bank account was not debited.
    Debit(DebitFailure),
    /// The voucher was not paid in time.
    PaymentExpired,
    /// The payment was called off before it was paid.
    PaymentCanceled,
    /// A reader did not take it.
    Reader(ReaderFailure),
}

impl ChargeFailure {
    /// Whether it was decided here, and not told by the world.
    pub(crate) const fn is_ours(self) -> bool {
        match self {
            Self::PaymentCanceled | Self::PaymentExpired => true,
            Self::Card(_) | Self::Debit(_) | Self::Reader(_) => false,
        }
    }

    /// The code that the field's API answers.
    // RULE: some declines have a code of their own, all others are `card_declined` (docs.stripe.com/error-codes, 2024).
    pub const fn code(self) -> &'static str {
        match self {
            Self::Card(code) if code.is_error_code() => code.as_str(),
            Self::Card(_) => "card_declined",
            Self::Debit(code) => code.as_str(),
            Self::PaymentExpired => "payment_expired",
            Self::PaymentCanceled => "payment_canceled",
            Self::Reader(code) => code.as_str(),
        }
    }

    /// What the card's bank said, if it was a card.
    pub const fn decline_code(self) -> Option<&'static str> {
        match self {
            Self::Card(code) => Some(code.as_str()),
            Self::Debit(_) | Self::PaymentExpired | Self::PaymentCanceled | Self::Reader(_) => None,
        }
    }
}

impl From<ReaderFailure> for ChargeFailure {
    fn from(code: ReaderFailure) -> Self {
        Self::Reader(code)
    }
}

impl From<DeclineCode> for ChargeFailure {
    fn from(code: DeclineCode) -> Self {
        Self::Card(code)
    }
}

impl From<DebitFailure> for ChargeFailure {
    fn from(code: DebitFailure) -> Self {
        Self::Debit(code)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The documented words are there, each once, and read as they are written.
    #[test]
    fn every_code_is_the_word_on_the_wire() {
        assert_eq!((DeclineCode::ALL.len(), DebitFailure::ALL.len()), (27, 13));
        assert!(DeclineCode::ALL.is_sorted_by_key(|code| code.as_str()));
        assert!(DebitFailure::ALL.is_sorted_by_key(|code| code.as_str()));
        for code in DeclineCode::ALL {
            let text = serde_json::to_string(code).unwrap();
            assert_eq!(text, format!("\"{code}\""));
            assert_eq!(serde_json::from_str::<DeclineCode>(&text).unwrap(), *code);
            assert_eq!(ChargeFailure::from(*code).decline_code(), Some(code.as_str()));
        }
        assert!(ReaderFailure::ALL.is_sorted_by_key(|code| code.as_str()));
        for code in ReaderFailure::ALL {
            let failure = ChargeFailure::from(*code);
            assert_eq!((failure.code(), failure.decline_code()), (code.as_str(), None));
        }
        for code in DebitFailure::ALL {
            assert_eq!(
                (ChargeFailure::from(*code).code(), ChargeFailure::from(*code).decline_code()),
                (code.as_str(), None)
            );
        }
    }

    #[test]
    fn six_declines_have_an_error_code_of_their_own() {
        let own = DeclineCode::ALL.iter().filter(|code| ChargeFailure::from(**code).code() != "card_declined");
        let own: Vec<&str> = own.map(|code| code.as_str()).collect();
        let expected = [
            "authentication_required",
            "expired_card",
            "incorrect_cvc",
            "incorrect_number",
            "incorrect_zip",
            "processing_error",
        ];
        assert_eq!(own, expected);
    }
}
