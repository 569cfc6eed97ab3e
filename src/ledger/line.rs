use std::fmt;

use serde::de::Error as _;
use serde::ser::SerializeSeq;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use smallvec::SmallVec;

use super::{LedgerAccount, LedgerError};
use crate::calendar::Timestamp;
use crate::ids::{AccountId, ObjectId};
use crate::money::Currency;
use crate::wire::wire;

/// What a balance transaction is: the field's own types, as far as this crate causes them.
// RULE: names and meanings as in docs.stripe.com/reports/balance-transaction-types (2024).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LineKind {
    /// Something that the processor has put right by itself (`adjustment` on the field's wire).
    Adjustment,
    /// Money lent against what is still pending, so that it can be paid out within minutes; a debit where it is given back.
    Advance,
    /// What an advance took of the money of a pending day; a credit where it is given back.
    AdvanceFunding,
    /// A commission received by the platform.
    ApplicationFee,
    /// A commission given back: taken from the platform, credited to the account that had paid it.
    ApplicationFeeRefund,
    /// A card payment received.
    Charge,
    /// Tax on a commission: taken from the account that pays the commission, received by the platform; the other way round where the
    /// commission goes back. Also the tax that a provider has told of, on what the processor takes.
    CommissionTax,
    /// What the platform has paid because one of its accounts owed it for too long.
    ConnectCollectionTransfer,
    /// Money taken for a dispute (`adjustment` on the field's wire).
    Dispute,
    /// Money that was taken for a dispute and came back (`adjustment` on the field's wire).
    DisputeReversal,
    /// What was authorized of a card payment and not captured.
    PartialCaptureReversal,
    /// A payment by any other method, or the arrival of a transfer: at a connected account, or at the platform that debits one.
    Payment,
    /// What the platform has paid for an account that owed it for too long, as the account sees it (`payment` on the field's wire). It is
    /// nothing that a payer gave.
    // What the field shows there is not published: that it looks like an incoming transfer is our reading.
    PaymentCollected,
    /// A debit on its way that failed: the whole of its pending `payment`, taken off again.
    PaymentFailureRefund,
    /// A payment by another method given back, or a transfer taken back as the one who had received it sees it. A credit where such a
    /// refund did not reach the payer.
    PaymentRefund,
    /// A payment that the payer's bank pulled back after it had succeeded. A credit where a dispute took the same money.
    PaymentReversal,
    /// A debit on its way, before the payer's bank has answered (`payment` on the field's wire). It is taken off where the payer has
    /// something to do first, and where the bank has paid: then a [`Payment`](Self::Payment) takes its place.
    PaymentSubmitted,
    /// Money sent to a bank.
    Payout,
    /// A payout called off before it left.
    PayoutCancel,
    /// A payout that the bank sent back.
    PayoutFailure,
    /// What an automatic payout leaves behind, taken out before it.
    PayoutMinimumBalanceHold,
    /// What an automatic payout has left behind, put back after it.
    PayoutMinimumBalanceRelease,
    /// What the processor takes by itself: for a payment of a connected account whose fees the platform bears, for a debit that failed,
    /// or for a dispute.
    ProcessorFee,
    /// A card payment given back.
    Refund,
    /// What was given back to a card and came back from there.
    RefundFailure,
    /// Money held back by a reserve.
    ReserveHold,
    /// Money that a reserve had held back, let go.
    ReserveRelease,
    /// Money that the processor keeps in a reserve of its own; a credit where it lets it go.
    ReservedFunds,
    /// Funds of the platform set aside because one of its accounts owes more than before; a credit where it owes less.
    ReserveTransaction,
    /// Money that the platform has pulled from its own bank account.
    TopUp,
    /// A top-up that the bank has pulled back.
    TopUpReversal,
    /// Money sent to a connected account, or by one that is debited.
    Transfer,
    /// A transfer taken back, as the one who had sent it sees it.
    TransferRefund,
    /// What the processor has absorbed of an account's debt (`adjustment` on the field's wire).
    WriteOff,
}

impl LineKind {
    /// The name on the wire, such as `payout_failure`.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Adjustment | Self::Dispute | Self::DisputeReversal | Self::WriteOff => "adjustment",
            Self::Advance => "advance",
            Self::AdvanceFunding => "advance_funding",
            Self::ApplicationFee => "application_fee",
            Self::ApplicationFeeRefund => "application_fee_refund",
            Self::Charge => "charge",
            Self::CommissionTax => "tax_fee",
            Self::ConnectCollectionTransfer => "connect_collection_transfer",
            Self::PartialCaptureReversal | Self::Refund => "refund",
            Self::Payment | Self::PaymentCollected | Self::PaymentSubmitted => "payment",
            Self::PaymentFailureRefund => "payment_failure_refund",
            Self::PaymentRefund => "payment_refund",
            Self::PaymentReversal => "payment_reversal",
            Self::Payout => "payout",
            Self::PayoutCancel => "payout_cancel",
            Self::PayoutFailure => "payout_failure",
            Self::PayoutMinimumBalanceHold => "payout_minimum_balance_hold",
            Self::PayoutMinimumBalanceRelease => "payout_minimum_balance_release",
            Self::ProcessorFee => "stripe_fee",
            Self::RefundFailure => "refund_failure",
            Self::ReserveHold => "reserve_hold",
            Self::ReserveRelease => "reserve_release",
            Self::ReserveTransaction => "reserve_transaction",
            Self::ReservedFunds => "reserved_funds",
            Self::TopUp => "topup",
            Self::TopUpReversal => "topup_reversal",
            Self::Transfer => "transfer",
            Self::TransferRefund => "transfer_refund",
        }
    }

    /// The heading under which the field's finance reports count it.
    ///
    /// A commission given back counts as a fee on the account that receives it, and lowers the earnings of the
    /// platform that pays it; `amount` is the line's amount, whose sign tells which of the two it is.
    // RULE: docs.stripe.com/reports/reporting-categories (2024).
    pub const fn reporting_category(self, amount: i64) -> ReportingCategory {
        match self {
            Self::Advance => ReportingCategory::Advance,
            Self::AdvanceFunding => ReportingCategory::AdvanceFunding,
            Self::ApplicationFee => ReportingCategory::PlatformEarning,
            Self::ApplicationFeeRefund if amount > 0 => ReportingCategory::Fee,
            Self::ProcessorFee => ReportingCategory::Fee,
            Self::ApplicationFeeRefund => ReportingCategory::PlatformEarningRefund,
            Self::Charge | Self::Payment | Self::PaymentCollected | Self::PaymentSubmitted => ReportingCategory::Charge,
            Self::CommissionTax => ReportingCategory::Tax,
            Self::ConnectCollectionTransfer => ReportingCategory::ConnectCollectionTransfer,
            Self::PaymentFailureRefund => ReportingCategory::ChargeFailure,
            Self::Dispute => ReportingCategory::Dispute,
            Self::DisputeReversal => ReportingCategory::DisputeReversal,
            Self::PartialCaptureReversal => ReportingCategory::PartialCaptureReversal,
            Self::PaymentRefund | Self::Refund => ReportingCategory::Refund,
            Self::PaymentReversal | Self::PayoutMinimumBalanceHold | Self::PayoutMinimumBalanceRelease => {
                ReportingCategory::Unlisted
            }
            Self::RefundFailure => ReportingCategory::RefundFailure,
            Self::ReserveTransaction => ReportingCategory::ConnectReservedFunds,
            Self::Payout => ReportingCategory::Payout,
            Self::PayoutCancel | Self::PayoutFailure => ReportingCategory::PayoutReversal,
            Self::ReserveHold => ReportingCategory::ReserveHold,
            Self::ReserveRelease => ReportingCategory::ReserveRelease,
            Self::ReservedFunds => ReportingCategory::RiskReservedFunds,
            Self::TopUp => ReportingCategory::TopUp,
            Self::TopUpReversal => ReportingCategory::TopUpReversal,
            Self::Transfer => ReportingCategory::Transfer,
            Self::TransferRefund => ReportingCategory::TransferReversal,
            Self::Adjustment | Self::WriteOff => ReportingCategory::OtherAdjustment,
        }
    }
}

impl fmt::Display for LineKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

wire! {
    /// The headings of the field's finance reports.
    // RULE: docs.stripe.com/reports/reporting-categories (2024).
    ReportingCategory:
    "advance" Advance "Money lent against what is pending, for payouts within minutes.",
    "advance_funding" AdvanceFunding "What such advances took of what is pending.",
    "charge" Charge "Payments received.",
    "charge_failure" ChargeFailure "Debits on their way that failed.",
    "connect_collection_transfer" ConnectCollectionTransfer "What the platform has paid for accounts that owed it for too long.",
    "connect_reserved_funds" ConnectReservedFunds "Funds of the platform set aside against the debts of its accounts.",
    "dispute" Dispute "Money taken for disputes.",
    "dispute_reversal" DisputeReversal "Money that was taken for disputes and came back.",
    "fee" Fee "Fees paid or given back.",
    "other_adjustment" OtherAdjustment "Debts that the processor has absorbed, and what else it has put right.",
    "partial_capture_reversal" PartialCaptureReversal "What was authorized and not captured.",
    "payout" Payout "Money sent to a bank.",
    "payout_reversal" PayoutReversal "Payouts that came back or were called off.",
    "platform_earning" PlatformEarning "Commissions received by the platform.",
    "platform_earning_refund" PlatformEarningRefund "Commissions given back by the platform.",
    "refund" Refund "Payments given back.",
    "refund_failure" RefundFailure "Refunds that came back.",
    "reserve_hold" ReserveHold "Money held back by reserves.",
    "reserve_release" ReserveRelease "Money that reserves had held back, let go.",
    "risk_reserved_funds" RiskReservedFunds "Money that the processor keeps in reserves of its own, or lets go.",
    "tax" Tax "Tax on commissions.",
    "topup" TopUp "Money pulled from the platform's own bank account.",
    "topup_reversal" TopUpReversal "Top-ups that the bank has pulled back.",
    "transfer" Transfer "Money sent to connected accounts.",
    "transfer_reversal" TransferReversal "Money taken back from connected accounts.",
    "unlisted" Unlisted "What the field's pages list under no heading: payments that payers' banks pulled back, and what automatic payouts leave behind.",
}

/// Who takes a fee out of a line's amount.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FeeKind {
    /// The platform's commission.
    ApplicationFee,
    /// The processor's price for the payment, or for a payout within minutes (`stripe_fee` on the field's wire).
    ProcessorFee,
}

/// One fee taken out of a line's amount, in minor units of the line's currency.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct FeeDetail {
    /// Who takes it.
    pub kind: FeeKind,
    /// How much; positive when charged.
    pub amount: i64,
}

/// The fees taken out of one line, by kind.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Fees {
    processor: i64,
    application: i64,
}

impl Fees {
    fn details(self) -> impl Iterator<Item = FeeDetail> {
        let processor = FeeDetail { kind: FeeKind::ProcessorFee, amount: self.processor };
        let application = FeeDetail { kind: FeeKind::ApplicationFee, amount: self.application };
        [processor, application].into_iter().filter(|fee| fee.amount != 0)
    }

    const fn of(&mut self, kind: FeeKind) -> &mut i64 {
        match kind {
            FeeKind::ApplicationFee => &mut self.application,
            FeeKind::ProcessorFee => &mut self.processor,
        }
    }

    fn sum(self) -> i128 {
        i128::from(self.processor).saturating_add(i128::from(self.application))
    }
}

// Stored as a list, which can grow by a kind without old journals losing their meaning.
impl Serialize for Fees {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut list = serializer.serialize_seq(Some(self.details().count()))?;
        for detail in self.details() {
            list.serialize_element(&detail)?;
        }
        list.end()
    }
}

impl<'de> Deserialize<'de> for Fees {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let mut fees = Self::default();
        for FeeDetail { kind, amount } in SmallVec::<[FeeDetail; 2]>::deserialize(deserializer)? {
            let fee = fees.of(kind);
            *fee = fee.checked_add(amount).ok_or_else(|| D::Error::custom("a fee is out of range"))?;
        }
        Ok(fees)
    }
}

/// Which bucket of its owner a line's net goes to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Bucket {
    /// Pending until the line's `available_on`.
    Pending,
    /// On its way: pending without a date, and not certain.
    Submitted,
    /// Available at once.
    Available,
}

/// One balance transaction: what happened to one owner's balance, before and after fees.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Line {
    owner: AccountId,
    kind: LineKind,
    currency: Currency,
    amount: i64,
    fees: Fees,
    bucket: Bucket,
    available_on: Timestamp,
    source: ObjectId,
}

impl Line {
    /// A line for `owner` caused by `source`; a credit where `amount` is positive.
    pub(crate) fn new(
        owner: AccountId,
        kind: LineKind,
        source: impl Into<ObjectId>,
        currency: Currency,
        amount: i64,
    ) -> Self {
        Self {
            owner,
            kind,
            currency,
            amount,
            fees: Fees::default(),
            bucket: Bucket::Available,
            available_on: Timestamp::MIN,
            source: source.into(),
        }
    }

    /// The same line with a fee taken out of it; a fee of zero leaves no trace.
    #[must_use]
    pub(crate) fn less(mut self, kind: FeeKind, amount: i64) -> Self {
        *self.fees.of(kind) = amount;
        self
    }

    /// The same line with funds that become available on `date`: pending while that is after `now`.
    // RULE: what derives from a charge that is still pending takes the charge's own date and nets inside the
    // pending money; afterwards it is available at the second of its creation (docs.stripe.com/refunds 2024, and
    // recorded exchanges of 2023-2025, which agree without exception).
    #[must_use]
    pub(crate) fn available(mut self, date: Timestamp, now: Timestamp) -> Self {
        (self.bucket, self.available_on) = if date > now { (Bucket::Pending, date) } else { (Bucket::Available, now) };
        self
    }

    /// The same line, on its way or not any more; `date` is the earliest on which it could become available.
    #[must_use]
    pub(crate) fn submitted(mut self, date: Timestamp) -> Self {
        (self.bucket, self.available_on) = (Bucket::Submitted, date);
        self
    }

    /// The same line, taken from or added to the available funds now, and shown with the date on which the
    /// money reaches the bank.
    // RULE: a payout's line carries its arrival date (recorded exchanges, 2023-2025).
    #[must_use]
    pub(crate) fn arriving(mut self, date: Timestamp) -> Self {
        (self.bucket, self.available_on) = (Bucket::Available, date);
        self
    }

    /// Whose balance it changes.
    pub const fn owner(&self) -> AccountId {
        self.owner
    }

    /// What it is.
    pub const fn kind(&self) -> LineKind {
        self.kind
    }

    /// The currency of its amounts.
    pub const fn currency(&self) -> Currency {
        self.currency
    }

    /// The gross amount in minor units, before fees; positive for a credit.
    pub const fn amount(&self) -> i64 {
        self.amount
    }

    /// The fees taken out of the amount.
    pub fn fees(&self) -> impl Iterator<Item = FeeDetail> {
        self.fees.details()
    }

    /// The bucket that the net goes to.
    pub const fn bucket(&self) -> Bucket {
        self.bucket
    }

    /// When the net becomes, or became, available; of a debit on its way, when it could at the earliest.
    pub const fn available_on(&self) -> Timestamp {
        self.available_on
    }

    /// The object that caused it.
    pub const fn source(&self) -> ObjectId {
        self.source
    }

    /// The sum of the fees, in minor units.
    pub fn fee(&self) -> i128 {
        self.fees.sum()
    }

    /// The amount less the fees: what the balance changes by.
    pub fn net(&self) -> i128 {
        i128::from(self.amount).saturating_sub(self.fee())
    }

    /// The ledger account that the net goes to.
    pub const fn account(&self) -> LedgerAccount {
        match self.bucket {
            Bucket::Pending => LedgerAccount::Pending { owner: self.owner, on: self.available_on },
            Bucket::Submitted => LedgerAccount::Submitted { owner: self.owner },
            Bucket::Available => LedgerAccount::Available { owner: self.owner },
        }
    }

    /// What its owner received in a payment by it, in minor units before fees; nothing where it is about something else.
    pub(crate) const fn received(&self) -> Option<i64> {
        match self.kind {
            LineKind::Charge | LineKind::PartialCaptureReversal | LineKind::Payment => Some(self.amount),
            LineKind::Adjustment
            | LineKind::Advance
            | LineKind::AdvanceFunding
            | LineKind::ApplicationFee
            | LineKind::ApplicationFeeRefund
            | LineKind::CommissionTax
            | LineKind::ConnectCollectionTransfer
            | LineKind::Dispute
            | LineKind::DisputeReversal
            | LineKind::PaymentCollected
            | LineKind::PaymentFailureRefund
            | LineKind::PaymentRefund
            | LineKind::PaymentReversal
            | LineKind::PaymentSubmitted
            | LineKind::Payout
            | LineKind::PayoutCancel
            | LineKind::PayoutFailure
            | LineKind::PayoutMinimumBalanceHold
            | LineKind::PayoutMinimumBalanceRelease
            | LineKind::ProcessorFee
            | LineKind::Refund
            | LineKind::RefundFailure
            | LineKind::ReserveHold
            | LineKind::ReserveRelease
            | LineKind::ReserveTransaction
            | LineKind::ReservedFunds
            | LineKind::TopUp
            | LineKind::TopUpReversal
            | LineKind::Transfer
            | LineKind::TransferRefund
            | LineKind::WriteOff => None,
        }
    }

    /// The net, if it fits.
    pub(super) fn checked_net(&self) -> Result<i64, LedgerError> {
        i64::try_from(self.net()).map_err(|_| LedgerError::Overflow)
    }
}
