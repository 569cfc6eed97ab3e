use serde::{Deserialize, Serialize};

use super::FeePayer;
use crate::wire::wire;

wire! {
    /// What the processor takes money for, as far as it depends on the account who pays.
    ProcessorFee:
    "payment_processing" PaymentProcessing "Taking a payment.",
    "interchange_plus" InterchangePlus "The network's own fees, where they are passed on.",
    "dispute" Dispute "A dispute.",
    "failed_local_payment" FailedLocalPayment "A payment by a local method that failed.",
    "currency_conversion" CurrencyConversion "Converting a payment's currency.",
    "instant_payout" InstantPayout "A payout within minutes.",
    "premium_payout" PremiumPayout "A payout with more to it than the usual.",
    "billing" Billing "Invoices and subscriptions.",
    "tax" Tax "Working out taxes.",
    "card_updater" CardUpdater "Keeping card numbers up to date.",
    "adaptive_acceptance" AdaptiveAcceptance "Asking a bank again in another way.",
    "checkout_add_ons" CheckoutAddOns "What is added to the payment page.",
    "instant_bank_verification" InstantBankVerification "Finding out at once whose a bank account is.",
    "faster_payout" FasterPayout "Funds that settle sooner.",
    "terminal_add_ons" TerminalAddOns "What is added to card readers.",
    "radar" Radar "Looking for fraud.",
    "three_d_secure" ThreeDSecure "Having the payer's bank ask who they are.",
}

/// Who pays the processor.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FeeBearer {
    /// The connected account, out of what it receives.
    Account,
    /// The platform.
    Platform,
}

impl FeePayer {
    /// Who pays for this where an account charges directly; nothing where it varies and the page does not say how. What the platform
    /// charges itself, it always pays for.
    ///
    /// ```
    /// use fundroute::accounts::{FeeBearer, FeePayer, ProcessorFee};
    ///
    /// let express = FeePayer::ApplicationExpress;
    /// assert_eq!(express.bearer(ProcessorFee::PaymentProcessing), Some(FeeBearer::Account));
    /// assert_eq!(express.bearer(ProcessorFee::InstantPayout), Some(FeeBearer::Platform));
    /// assert_eq!(express.bearer(ProcessorFee::Radar), None);
    /// ```
    // RULE: docs.stripe.com/connect/direct-charges-fee-payer-behavior (2026).
    pub const fn bearer(self, fee: ProcessorFee) -> Option<FeeBearer> {
        match (self, fee) {
            (Self::Account, _) => Some(FeeBearer::Account),
            (Self::Application, _) => Some(FeeBearer::Platform),
            (
                Self::ApplicationCustom | Self::ApplicationExpress,
                ProcessorFee::PaymentProcessing
                | ProcessorFee::Dispute
                | ProcessorFee::FailedLocalPayment
                | ProcessorFee::CurrencyConversion
                | ProcessorFee::FasterPayout
                | ProcessorFee::TerminalAddOns,
            ) => Some(FeeBearer::Account),
            (
                Self::ApplicationCustom | Self::ApplicationExpress,
                ProcessorFee::InterchangePlus
                | ProcessorFee::InstantPayout
                | ProcessorFee::PremiumPayout
                | ProcessorFee::Billing
                | ProcessorFee::Tax
                | ProcessorFee::CardUpdater
                | ProcessorFee::AdaptiveAcceptance
                | ProcessorFee::CheckoutAddOns
                | ProcessorFee::InstantBankVerification,
            ) => Some(FeeBearer::Platform),
            (Self::ApplicationCustom | Self::ApplicationExpress, ProcessorFee::Radar | ProcessorFee::ThreeDSecure) => {
                None
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The published table, line by line: who pays with each of the four settings.
    #[test]
    fn every_line_of_the_fee_payer_table() {
        use FeeBearer::{Account, Platform};
        let apiece = [
            (&["payment_processing", "dispute", "failed_local_payment", "currency_conversion"][..], Some(Account)),
            (&["faster_payout", "terminal_add_ons"][..], Some(Account)),
            (&["interchange_plus", "instant_payout", "premium_payout", "billing", "tax"][..], Some(Platform)),
            (&["card_updater", "adaptive_acceptance", "checkout_add_ons"][..], Some(Platform)),
            (&["instant_bank_verification"][..], Some(Platform)),
            (&["radar", "three_d_secure"][..], None),
        ];
        let mut seen = 0;
        for (names, legacy) in apiece {
            for fee in ProcessorFee::ALL.iter().filter(|fee| names.contains(&fee.as_str())) {
                assert_eq!(FeePayer::Account.bearer(*fee), Some(Account), "{fee}");
                assert_eq!(FeePayer::Application.bearer(*fee), Some(Platform), "{fee}");
                assert_eq!(FeePayer::ApplicationCustom.bearer(*fee), legacy, "{fee}");
                assert_eq!(FeePayer::ApplicationExpress.bearer(*fee), legacy, "{fee}");
                seen += 1;
            }
        }
        assert_eq!(seen, ProcessorFee::ALL.len());
    }
}
