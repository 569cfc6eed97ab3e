use std::collections::BTreeMap;

use iso_country::Country;
use serde::{Deserialize, Serialize};

use crate::calendar::Timestamp;
use crate::ids::{AccountId, ObjectId};
use crate::ledger::{BalanceTransaction, FeeKind, LineKind};
use crate::money::{Currency, wide};
use crate::rulebook::PaymentMethod;
use crate::wire::wire;

wire! {
    /// What money is to the platform whose balance it moves.
    EarningsPart:
    "earned" Earned "What the platform has earned, less what it has given back of it.",
    "paid" Paid "What the platform has paid: fees, disputes, and the debts of its accounts. Below zero, but for what came back.",
    "moved" Moved "What is neither: money on its way to banks and from them, set aside, or owed to a tax office.",
}

wire! {
    /// The headings of a platform's earnings.
    ///
    /// What is left to the platform of destination charges and of separate charges is what payments bring less what is transferred of
    /// them.
    EarningsHeading:
    "account_debit" AccountDebit "What the platform has taken from accounts by debiting them.",
    "commission" Commission "Commissions on payments, without the tax on them.",
    "payment" Payment "Payments booked on the platform, less what went back to payers.",
    "payout_price" PayoutPrice "What accounts have paid the platform for payouts within minutes.",
    "transfer" Transfer "What was passed on to accounts, less what was taken back.",
    "adjustment" Adjustment "What a provider that is mirrored has put right, either way.",
    "connect_fee" ConnectFee "The processor's monthly bill for accounts and their payouts.",
    "debt_covered" DebtCovered "What accounts have owed for too long.",
    "dispute" Dispute "Payments on the platform that were taken for disputes, less what came back.",
    "dispute_fee" DisputeFee "What the processor takes for disputes.",
    "payout_fee" PayoutFee "What the processor takes for the platform's own payouts within minutes.",
    "processing_fee" ProcessingFee "What the processor takes for payments, for those that failed, and for debits of accounts.",
    "commission_tax" CommissionTax "Tax on commissions, which the platform owes to its tax office.",
    "payout" Payout "The platform's own payouts, less what came back.",
    "reserve" Reserve "What reserves hold back of the platform's money.",
    "set_aside" SetAside "What is set aside against the debts of accounts.",
    "top_up" TopUp "What was pulled from the platform's own bank.",
    "written_off" WrittenOff "What the processor has absorbed of the platform's own debt.",
}

impl EarningsHeading {
    /// What money under this heading is to the platform.
    pub const fn part(self) -> EarningsPart {
        match self {
            Self::AccountDebit | Self::Commission | Self::Payment | Self::PayoutPrice | Self::Transfer => {
                EarningsPart::Earned
            }
            Self::Adjustment
            | Self::ConnectFee
            | Self::DebtCovered
            | Self::Dispute
            | Self::DisputeFee
            | Self::PayoutFee
            | Self::ProcessingFee => EarningsPart::Paid,
            Self::CommissionTax | Self::Payout | Self::Reserve | Self::SetAside | Self::TopUp | Self::WrittenOff => {
                EarningsPart::Moved
            }
        }
    }

    /// The heading of a line's amount before fees; `of_payout` where it is about a commission on a payout.
    const fn of_amount(kind: LineKind, source: ObjectId, of_payout: bool) -> Self {
        match kind {
            LineKind::ApplicationFee | LineKind::ApplicationFeeRefund if of_payout => Self::PayoutPrice,
            LineKind::ApplicationFee | LineKind::ApplicationFeeRefund => Self::Commission,
            LineKind::Payment | LineKind::PaymentRefund
                if matches!(source, ObjectId::Transfer(_) | ObjectId::TransferReversal(_)) =>
            {
                Self::AccountDebit
            }
            LineKind::Adjustment => Self::Adjustment,
            LineKind::Charge
            | LineKind::PartialCaptureReversal
            | LineKind::Payment
            | LineKind::PaymentFailureRefund
            | LineKind::PaymentRefund
            | LineKind::PaymentReversal
            | LineKind::PaymentSubmitted
            | LineKind::Refund
            | LineKind::RefundFailure => Self::Payment,
            LineKind::Transfer | LineKind::TransferRefund => Self::Transfer,
            LineKind::ProcessorFee if matches!(source, ObjectId::ConnectFees(_)) => Self::ConnectFee,
            LineKind::ProcessorFee if matches!(source, ObjectId::Dispute(_)) => Self::DisputeFee,
            LineKind::ProcessorFee => Self::ProcessingFee,
            LineKind::ConnectCollectionTransfer | LineKind::PaymentCollected => Self::DebtCovered,
            LineKind::Dispute | LineKind::DisputeReversal => Self::Dispute,
            LineKind::CommissionTax => Self::CommissionTax,
            LineKind::Advance
            | LineKind::AdvanceFunding
            | LineKind::Payout
            | LineKind::PayoutCancel
            | LineKind::PayoutFailure
            | LineKind::PayoutMinimumBalanceHold
            | LineKind::PayoutMinimumBalanceRelease => Self::Payout,
            LineKind::ReserveHold | LineKind::ReserveRelease | LineKind::ReservedFunds => Self::Reserve,
            LineKind::ReserveTransaction => Self::SetAside,
            LineKind::TopUp | LineKind::TopUpReversal => Self::TopUp,
            LineKind::WriteOff => Self::WrittenOff,
        }
    }

    /// The heading of a fee that was taken out of an amount.
    const fn of_fee(self, kind: FeeKind) -> Self {
        match (kind, self) {
            (FeeKind::ApplicationFee, _) => Self::Commission,
            (FeeKind::ProcessorFee, Self::Dispute | Self::DisputeFee) => Self::DisputeFee,
            (FeeKind::ProcessorFee, Self::Payout) => Self::PayoutFee,
            (FeeKind::ProcessorFee, Self::ConnectFee) => Self::ConnectFee,
            (
                FeeKind::ProcessorFee,
                Self::AccountDebit
                | Self::Adjustment
                | Self::Commission
                | Self::Payment
                | Self::PayoutPrice
                | Self::Transfer
                | Self::DebtCovered
                | Self::PayoutFee
                | Self::ProcessingFee
                | Self::CommissionTax
                | Self::Reserve
                | Self::SetAside
                | Self::TopUp
                | Self::WrittenOff,
            ) => Self::ProcessingFee,
        }
    }
}

/// Whom and what a balance transaction is about.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Concerns {
    pub(crate) method: Option<PaymentMethod>,
    pub(crate) account: Option<(AccountId, Country)>,
    /// Whether it is about a commission on a payout.
    pub(crate) of_payout: bool,
}

/// What one heading came to, for one way to pay and one account.
///
/// On the wire its columns are `part`, `heading`, `currency`, `method`, `country`, `account`, `count` and `amount` (in major units). Where
/// money has no such thing, the column says `none`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(into = "EarningsColumns")]
pub struct EarningsRow {
    /// The currency of the amount.
    pub currency: Currency,
    /// The heading.
    pub heading: EarningsHeading,
    /// How the payment was made; nothing where it is about no payment.
    pub method: Option<PaymentMethod>,
    /// Where the account is; nothing where it is about none.
    pub country: Option<Country>,
    /// Of which account; nothing where it is about none, or about several.
    pub account: Option<AccountId>,
    /// How many amounts.
    pub count: u64,
    /// What they come to, in minor units; below zero where money has left the platform.
    pub amount: i128,
}

#[derive(Serialize)]
struct EarningsColumns {
    part: EarningsPart,
    heading: EarningsHeading,
    currency: Currency,
    method: String,
    country: String,
    account: String,
    count: u64,
    amount: String,
}

impl From<EarningsRow> for EarningsColumns {
    fn from(row: EarningsRow) -> Self {
        fn named<T: ToString>(value: Option<T>) -> String {
            value.map_or_else(|| "none".to_owned(), |value| value.to_string())
        }
        Self {
            part: row.heading.part(),
            heading: row.heading,
            currency: row.currency,
            method: named(row.method),
            country: named(row.country),
            account: named(row.account),
            count: row.count,
            amount: wide::major(row.amount, row.currency),
        }
    }
}

/// What rows come to, in minor units of one currency.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct EarningsTotal {
    /// The currency.
    pub currency: Currency,
    /// What was earned.
    #[serde(with = "wide")]
    pub earned: i128,
    /// What was paid; below zero.
    #[serde(with = "wide")]
    pub paid: i128,
    /// What was neither.
    #[serde(with = "wide")]
    pub moved: i128,
}

impl EarningsTotal {
    const fn nothing(currency: Currency) -> Self {
        Self { currency, earned: 0, paid: 0, moved: 0 }
    }

    // INVARIANT: sums of i64 in i128: saturation is never reached.
    const fn add(&mut self, row: &EarningsRow) {
        let sum = match row.heading.part() {
            EarningsPart::Earned => &mut self.earned,
            EarningsPart::Paid => &mut self.paid,
            EarningsPart::Moved => &mut self.moved,
        };
        *sum = sum.saturating_add(row.amount);
    }

    /// What is left of what was earned after what was paid.
    pub const fn left(&self) -> i128 {
        self.earned.saturating_add(self.paid)
    }

    /// By how much all of it changes what is [held](crate::ledger::Balance::held) for the platform.
    pub const fn change(&self) -> i128 {
        self.left().saturating_add(self.moved)
    }
}

/// What a platform has earned and paid in a period, and what else came and went on its balances: by currency, heading, way to pay, and
/// account.
///
/// In each currency it comes to what the platform's balance has changed by, and so do the sums of each grouping. One currency is never set
/// off against another.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Earnings {
    /// When the period begins.
    pub from: Timestamp,
    /// When it is over; what was booked at this moment belongs to the next one.
    pub until: Timestamp,
    /// By currency, heading, method and account.
    pub rows: Vec<EarningsRow>,
}

impl Earnings {
    /// What all of it comes to, by currency.
    pub fn totals(&self) -> Vec<EarningsTotal> {
        self.grouped(|_| ()).into_iter().map(|((), total)| total).collect()
    }

    /// By way to pay; nothing for what is about no payment.
    pub fn by_method(&self) -> Vec<(Option<PaymentMethod>, EarningsTotal)> {
        self.grouped(|row| row.method)
    }

    /// By the country of the account; nothing for what is about none.
    pub fn by_country(&self) -> Vec<(Option<Country>, EarningsTotal)> {
        self.grouped(|row| row.country)
    }

    /// By account; nothing for what is about none, or about several.
    pub fn by_account(&self) -> Vec<(Option<AccountId>, EarningsTotal)> {
        self.grouped(|row| row.account)
    }

    /// What each heading came to, by currency.
    pub fn by_heading(&self) -> Vec<(EarningsHeading, Currency, i128)> {
        let sums = self.grouped(|row| row.heading);
        sums.into_iter().map(|(heading, total)| (heading, total.currency, total.change())).collect()
    }

    fn grouped<K: Ord + Copy>(&self, key: impl Fn(&EarningsRow) -> K) -> Vec<(K, EarningsTotal)> {
        let mut sums: BTreeMap<(Currency, K), EarningsTotal> = BTreeMap::new();
        for row in &self.rows {
            sums.entry((row.currency, key(row))).or_insert(EarningsTotal::nothing(row.currency)).add(row);
        }
        sums.into_iter().map(|((_, key), total)| (key, total)).collect()
    }
}

type RowKey = (Currency, EarningsHeading, Option<PaymentMethod>, Option<(AccountId, Country)>);

/// Earnings in the making.
#[derive(Default)]
pub(crate) struct Earner {
    sums: BTreeMap<RowKey, (u64, i128)>,
}

impl Earner {
    pub(crate) fn line(&mut self, line: &BalanceTransaction, concerns: Concerns) {
        let heading = EarningsHeading::of_amount(line.kind, line.source, concerns.of_payout);
        self.add(line.currency, heading, concerns, line.amount.into());
        for fee in &line.fee_details {
            self.add(line.currency, heading.of_fee(fee.kind), concerns, i128::from(fee.amount).saturating_neg());
        }
    }

    // INVARIANT: sums of i64 in i128: saturation is never reached.
    fn add(&mut self, currency: Currency, heading: EarningsHeading, concerns: Concerns, amount: i128) {
        if amount == 0 {
            return;
        }
        let (method, account) = match heading.part() {
            EarningsPart::Earned | EarningsPart::Paid => (concerns.method, concerns.account),
            EarningsPart::Moved => (None, None),
        };
        let (count, sum) = self.sums.entry((currency, heading, method, account)).or_default();
        (*count, *sum) = (count.saturating_add(1), sum.saturating_add(amount));
    }

    pub(crate) fn done(self, from: Timestamp, until: Timestamp) -> Earnings {
        let row = |((currency, heading, method, of), (count, amount)): (RowKey, (u64, i128))| {
            let (account, country) = of.unzip();
            EarningsRow { currency, heading, method, country, account, count, amount }
        };
        Earnings { from, until, rows: self.sums.into_iter().map(row).collect() }
    }
}
