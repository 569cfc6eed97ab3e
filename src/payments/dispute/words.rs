use serde::{Deserialize, Serialize};

use crate::wire::wire;

wire! {
    /// Why a payer, or their bank, wants the money back.
    // RULE: API reference, docs.stripe.com/api/disputes/object (2026).
    #[non_exhaustive]
    DisputeReason:
    "bank_cannot_process" BankCannotProcess "The bank cannot process the payment.",
    "check_returned" CheckReturned "A check came back.",
    "credit_not_processed" CreditNotProcessed "A refund that was promised never came.",
    "customer_initiated" CustomerInitiated "The payer wants it back; more is not known.",
    "debit_not_authorized" DebitNotAuthorized "The payer did not allow the debit.",
    "duplicate" Duplicate "It was paid twice.",
    "fraudulent" Fraudulent "It was not the payer who paid.",
    "general" General "Any other reason.",
    "incorrect_account_details" IncorrectAccountDetails "The account is not the payer's.",
    "insufficient_funds" InsufficientFunds "There was too little on the account.",
    "noncompliant" Noncompliant "A rule of the network was broken.",
    "product_not_received" ProductNotReceived "What was paid for never came.",
    "product_unacceptable" ProductUnacceptable "What was paid for is not what was promised.",
    "subscription_canceled" SubscriptionCanceled "It was paid after the subscription had ended.",
    "unrecognized" Unrecognized "The payer does not know what it is for.",

    /// What sort of case a dispute is.
    // RULE: API reference, docs.stripe.com/api/disputes/object (2026).
    DisputeCase:
    "block" Block "A programme of the network stopped it before it was filed.",
    "chargeback" Chargeback "The payer's bank takes the money back.",
    "compliance" Compliance "A member of the network says that its rules were broken.",
    "inquiry" Inquiry "The payer's bank asks first; no money moves.",
    "resolution" Resolution "A programme of the network settled it before it was filed.",

    /// The states of a dispute, as on the field's wire.
    // RULE: API reference, docs.stripe.com/api/disputes/object (2026); the two of appeals since docs.stripe.com/changelog,
    // 2026-10-28, `prevented` since 2025-09-30.
    DisputeStatus:
    "warning_needs_response" WarningNeedsResponse "An inquiry waits for evidence.",
    "warning_under_review" WarningUnderReview "An inquiry was answered.",
    "warning_closed" WarningClosed "An inquiry that came to nothing.",
    "needs_response" NeedsResponse "A chargeback waits for evidence.",
    "under_review" UnderReview "A chargeback was countered, and the bank decides.",
    "appeal_needs_response" AppealNeedsResponse "The ruling was appealed, and evidence is waited for.",
    "appeal_under_review" AppealUnderReview "The appeal was countered, and the network decides.",
    "won" Won "The money is the seller's.",
    "lost" Lost "The money is the payer's.",
    "prevented" Prevented "It was settled for the payer before it was filed.",

    /// How an answer was handed in.
    // RULE: API reference, docs.stripe.com/api/disputes/object (2026).
    SubmissionMethod:
    "manual" Manual "By hand.",
    "not_submitted" NotSubmitted "Not at all.",
    "smart_disputes" SmartDisputes "By the processor's own service, which gathers the evidence.",

    /// What the payer's bank takes a payment for, in an early warning.
    // RULE: API reference, docs.stripe.com/api/radar/early_fraud_warnings/object (2026).
    #[non_exhaustive]
    FraudType:
    "card_never_received" CardNeverReceived "A card that its holder never got.",
    "fraudulent_card_application" FraudulentCardApplication "A card that somebody else had asked for.",
    "made_with_counterfeit_card" MadeWithCounterfeitCard "A copied card.",
    "made_with_lost_card" MadeWithLostCard "A lost card.",
    "made_with_stolen_card" MadeWithStolenCard "A stolen card.",
    "misc" Misc "Any other fraud.",
    "unauthorized_use_of_card" UnauthorizedUseOfCard "A card that somebody else used.",
}
