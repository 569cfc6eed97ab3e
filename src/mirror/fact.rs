use serde::{Deserialize, Serialize};

use crate::calendar::Timestamp;
use crate::ids::{AccountId, ExternalAccountId};
use crate::money::Money;
use crate::payments::{Named, RefundFailure};
use crate::rulebook::PaymentMethod;

/// A fact names an account by its id, or by the reference under which the provider knows it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum NamedAccount {
    /// By its id here.
    Id(AccountId),
    /// By the provider's reference, as told by [`ProviderAccount`]. A fact whose reference is not known yet is parked.
    Reference(String),
}

impl From<AccountId> for NamedAccount {
    fn from(id: AccountId) -> Self {
        Self::Id(id)
    }
}

impl From<&str> for NamedAccount {
    fn from(reference: &str) -> Self {
        Self::Reference(reference.to_owned())
    }
}

/// Something that the provider made, or did, by itself. The figures are the provider's: none is worked out here.
///
/// Each object has a reference of the provider's own, unique among objects of its kind. Told again it changes nothing; told otherwise
/// under the same reference it is an [anomaly](crate::journal::AnomalyReason::ReferenceTaken).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub enum ProviderFact {
    /// The provider knows an account by a reference.
    Account(ProviderAccount),
    /// A commission was collected.
    ApplicationFee(ProviderFee),
    /// A commission was given back, wholly or in part.
    ApplicationFeeRefund(ProviderFeeRefund),
    /// A payment was received.
    Charge(ProviderCharge),
    /// A balance changed, and no object that is known here made it.
    Line(ProviderLine),
    /// Money was sent to a bank.
    Payout(ProviderPayout),
    /// What became of a payout.
    PayoutNews(ProviderPayoutNews),
    /// Money was given back to a payer.
    Refund(ProviderRefund),
    /// A refund came to nothing, and its money came back.
    RefundFailed(ProviderRefundFailed),
    /// Money was sent to a connected account.
    Transfer(ProviderTransfer),
    /// A transfer was taken back, wholly or in part.
    TransferReversal(ProviderReversal),
}

impl ProviderFact {
    /// Under which kind of references the object is kept that it is about. Charges share theirs with [`Named`].
    pub(crate) const fn kind(&self) -> &'static str {
        match self {
            Self::Account(_) => "provider_account",
            Self::ApplicationFee(_) => "provider_fee",
            Self::ApplicationFeeRefund(_) => "provider_fee_refund",
            Self::Charge(_) => "charge",
            Self::Line(_) => "provider_line",
            Self::Payout(_) | Self::PayoutNews(_) => "provider_payout",
            Self::Refund(_) | Self::RefundFailed(_) => "provider_refund",
            Self::Transfer(_) => "provider_transfer",
            Self::TransferReversal(_) => "provider_reversal",
        }
    }

    /// The provider's reference of that object.
    pub fn reference(&self) -> &str {
        match self {
            Self::Account(fact) => &fact.reference,
            Self::ApplicationFee(fact) => &fact.reference,
            Self::ApplicationFeeRefund(fact) => &fact.reference,
            Self::Charge(fact) => &fact.reference,
            Self::Line(fact) => &fact.reference,
            Self::Payout(fact) => &fact.reference,
            Self::PayoutNews(fact) => &fact.payout,
            Self::Refund(fact) => &fact.reference,
            Self::RefundFailed(fact) => &fact.refund,
            Self::Transfer(fact) => &fact.reference,
            Self::TransferReversal(fact) => &fact.reference,
        }
    }
}

macro_rules! told {
    ($($kind:ident($fact:ident);)*) => {$(
        impl From<$fact> for ProviderFact {
            fn from(fact: $fact) -> Self {
                Self::$kind(fact)
            }
        }
    )*};
}

told! {
    Account(ProviderAccount);
    ApplicationFee(ProviderFee);
    ApplicationFeeRefund(ProviderFeeRefund);
    Charge(ProviderCharge);
    Line(ProviderLine);
    Payout(ProviderPayout);
    PayoutNews(ProviderPayoutNews);
    Refund(ProviderRefund);
    RefundFailed(ProviderRefundFailed);
    Transfer(ProviderTransfer);
    TransferReversal(ProviderReversal);
}

/// A fact: the provider knows an account by a reference, under which facts may name it from then on.
///
/// Best told before anything else of the account: all that has waited for it is taken up in one transaction.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProviderAccount {
    /// The account: a connected one, or the platform's own.
    pub account: AccountId,
    /// The provider's id for it (`acct_…`).
    pub reference: String,
}

/// A fact: a payment was received. What is told is its balance transaction.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProviderCharge {
    /// The provider's id for it (`ch_…`, `py_…`).
    pub reference: String,
    /// On whose balance it is booked.
    pub account: NamedAccount,
    /// For whom it is, where it is a destination charge. The transfer is a fact of its own.
    pub destination: Option<NamedAccount>,
    /// How it was paid.
    pub method: PaymentMethod,
    /// How much came in, before fees; positive, in the currency in which it is booked.
    pub amount: Money,
    /// What the processor took out of that line, in minor units; never negative. A commission is a fact of its own.
    pub fee: i64,
    /// When the money becomes available, or became.
    pub available_on: Timestamp,
}

impl ProviderCharge {
    /// A card payment, booked on an account, of which the processor took nothing.
    pub fn new(
        reference: impl Into<String>,
        account: impl Into<NamedAccount>,
        amount: Money,
        available_on: Timestamp,
    ) -> Self {
        let (reference, account) = (reference.into(), account.into());
        Self { reference, account, destination: None, method: PaymentMethod::Card, amount, fee: 0, available_on }
    }

    /// The same payment, paid like this.
    #[must_use]
    pub const fn by(mut self, method: PaymentMethod) -> Self {
        self.method = method;
        self
    }

    /// The same payment, of which the processor took so many minor units.
    #[must_use]
    pub const fn fee(mut self, fee: i64) -> Self {
        self.fee = fee;
        self
    }

    /// The same payment, for an account that gets a transfer of it.
    #[must_use]
    pub fn destination(mut self, account: impl Into<NamedAccount>) -> Self {
        self.destination = Some(account.into());
        self
    }
}

/// A fact: money was sent to a connected account.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProviderTransfer {
    /// The provider's id for it (`tr_…`).
    pub reference: String,
    /// Who got it.
    pub destination: NamedAccount,
    /// The charge whose money it is (`source_transaction`), if it is tied to one.
    pub charge: Option<Named>,
    /// How much; positive.
    pub amount: Money,
    /// When the money leaves what the platform can use.
    pub sent_on: Timestamp,
    /// When the recipient can use it.
    pub received_on: Timestamp,
}

/// A fact: a transfer was taken back, wholly or in part.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProviderReversal {
    /// The provider's id for it (`trr_…`).
    pub reference: String,
    /// The provider's id for the transfer.
    pub transfer: String,
    /// How much; positive.
    pub amount: Money,
    /// When the money leaves what the recipient can use.
    pub taken_on: Timestamp,
    /// When the platform can use it again.
    pub returned_on: Timestamp,
}

/// A fact: the platform has collected a commission on a charge.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProviderFee {
    /// The provider's id for it (`fee_…`).
    pub reference: String,
    /// The charge.
    pub charge: Named,
    /// Who paid it: the account of a direct charge, the recipient of a destination charge.
    pub account: NamedAccount,
    /// How much; positive.
    pub amount: Money,
    /// When the money leaves what the account can use.
    pub paid_on: Timestamp,
    /// When the platform can use it.
    pub received_on: Timestamp,
}

/// A fact: a commission was given back, wholly or in part.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProviderFeeRefund {
    /// The provider's id for it (`fr_…`).
    pub reference: String,
    /// The provider's id for the commission.
    pub fee: String,
    /// How much; positive.
    pub amount: Money,
    /// When the money leaves what the platform can use.
    pub given_on: Timestamp,
    /// When the account can use it again.
    pub returned_on: Timestamp,
}

/// A fact: money was given back to a payer. What else goes back with it, a transfer or a commission, is a fact of its own.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProviderRefund {
    /// The provider's id for it (`re_…`).
    pub reference: String,
    /// The charge.
    pub charge: Named,
    /// How much; positive.
    pub amount: Money,
    /// What the processor gave back of its fee in the same line, in minor units; never negative.
    pub fee_returned: i64,
    /// On which date the money leaves the balance: that of the charge while it is pending.
    pub available_on: Timestamp,
}

/// A fact: a refund came to nothing. Its money is back on the balance that it was taken from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProviderRefundFailed {
    /// The provider's id for the refund.
    pub refund: String,
    /// Why.
    pub reason: RefundFailure,
}

/// A fact: money left a balance for a bank, by the schedule or because somebody asked the provider for it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProviderPayout {
    /// The provider's id for it (`po_…`).
    pub reference: String,
    /// Whose balance it left.
    pub account: NamedAccount,
    /// How much; positive. What it cost is a [line](ProviderLine) of its own.
    pub amount: Money,
    /// The day on which it is expected at the bank.
    pub arrival_date: Timestamp,
    /// Whether the schedule made it.
    pub automatic: bool,
    /// The bank account, where it is not the one that the account has for the currency.
    pub destination: Option<ExternalAccountId>,
}

/// A fact: what became of a payout that the provider has made.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProviderPayoutNews {
    /// The provider's id for the payout.
    pub payout: String,
    /// What became of it.
    pub fate: PayoutFate,
}

/// What became of a payout. Of several the later one in this list holds, in whatever order they are told.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum PayoutFate {
    /// It arrived.
    Paid,
    /// It was called off, and its money is back on the balance.
    Canceled,
    /// It was refused or sent back, and its money is back on the balance.
    Failed {
        /// Why: one of the field's failure codes.
        failure_code: String,
    },
}

/// What a bare balance line is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum ProviderLineKind {
    /// Something that the processor put right (`adjustment`).
    Adjustment,
    /// What the processor takes by itself, or gives back (`stripe_fee`).
    Fee,
    /// Tax on what the processor takes (`tax_fee`).
    Tax,
    /// Money that the platform has pulled from its own bank account (`topup`).
    TopUp,
}

/// A fact: a balance changed by a balance transaction that no object here stands for.
///
/// What is set aside for the debts of accounts (`reserve_transaction`) follows from the balances and is not to be told.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProviderLine {
    /// The provider's id for it (`txn_…`).
    pub reference: String,
    /// Whose balance.
    pub account: NamedAccount,
    /// What it is about.
    pub kind: ProviderLineKind,
    /// By how much, after fees: negative for a debit, and not zero.
    pub amount: Money,
    /// When the money is available, or was.
    pub available_on: Timestamp,
}
