use serde::{Deserialize, Serialize};

use super::{Anomaly, Deadline, DeadlineKind, ParkedFact};
use crate::accounts::{Account, ExternalAccount};
use crate::ids::{
    AccountId, AnomalyId, ApplicationFeeId, ApplicationFeeRefundId, BalanceSettingsId, ChargeId, ExternalAccountId,
    ObjectId, ParkedFactId, PaymentId, PayoutId, RefundId, TransferId, TransferReversalId,
};
use crate::payments::{Charge, ChargeState, PaymentIntent, Refund};
use crate::payouts::{BalanceSettings, Payout};
use crate::routing::{ApplicationFee, ApplicationFeeRefund, Transfer, TransferReversal};

/// A kind of object that is kept under its id.
pub(crate) trait Stored: Clone {
    type Id: Copy + Into<ObjectId>;

    fn id(&self) -> Self::Id;
    fn into_record(self) -> Record;
    fn of(record: &Record) -> Option<&Self>;
}

macro_rules! records {
    ($($(#[$doc:meta])* $kind:ident($type:ident, $id:ident);)*) => {
        /// The whole of one object, as it is kept.
        #[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
        #[non_exhaustive]
        pub enum Record {
            $($(#[$doc])* $kind($type),)*
        }

        impl Record {
            /// The object's id.
            pub fn id(&self) -> ObjectId {
                match self { $(Self::$kind(object) => Stored::id(object).into(),)* }
            }
        }

        $(impl Stored for $type {
            type Id = $id;

            fn id(&self) -> $id {
                self.id()
            }

            fn into_record(self) -> Record {
                Record::$kind(self)
            }

            fn of(record: &Record) -> Option<&Self> {
                if let Record::$kind(object) = record { Some(object) } else { None }
            }
        })*
    };
}

records! {
    /// A connected account, or the platform's own.
    Account(Account, AccountId);
    /// Something that no rule could take up.
    Anomaly(Anomaly, AnomalyId);
    /// A commission.
    ApplicationFee(ApplicationFee, ApplicationFeeId);
    /// A commission given back.
    ApplicationFeeRefund(ApplicationFeeRefund, ApplicationFeeRefundId);
    /// How and when an account is paid out.
    BalanceSettings(BalanceSettings, BalanceSettingsId);
    /// One attempt to take money from a payer.
    Charge(Charge, ChargeId);
    /// A bank account.
    ExternalAccount(ExternalAccount, ExternalAccountId);
    /// A fact that waits for what it names.
    ParkedFact(ParkedFact, ParkedFactId);
    /// What a buyer owes.
    Payment(PaymentIntent, PaymentId);
    /// Money sent to a bank.
    Payout(Payout, PayoutId);
    /// Money given back to a payer.
    Refund(Refund, RefundId);
    /// Money moved to a connected account.
    Transfer(Transfer, TransferId);
    /// A transfer taken back.
    TransferReversal(TransferReversal, TransferReversalId);
}

impl Anomaly {
    fn id(&self) -> AnomalyId {
        self.id
    }
}

impl ParkedFact {
    fn id(&self) -> ParkedFactId {
        self.id
    }
}

impl Record {
    /// What can happen to the object by itself, whether or not it will.
    pub const fn deadline_kind(&self) -> Option<DeadlineKind> {
        match self {
            Self::Payment(payment) => Some(DeadlineKind::ExpireVoucher(payment.id())),
            Self::ParkedFact(parked) => Some(DeadlineKind::GiveUp(parked.id)),
            Self::Account(_)
            | Self::Anomaly(_)
            | Self::ApplicationFee(_)
            | Self::ApplicationFeeRefund(_)
            | Self::BalanceSettings(_)
            | Self::Charge(_)
            | Self::ExternalAccount(_)
            | Self::Payout(_)
            | Self::Refund(_)
            | Self::Transfer(_)
            | Self::TransferReversal(_) => None,
        }
    }

    /// When something will happen to the object by itself, and what.
    pub fn deadline(&self) -> Option<Deadline> {
        let due = match self {
            Self::Payment(payment) => payment.due(),
            Self::ParkedFact(parked) => parked.due(),
            Self::Account(_)
            | Self::Anomaly(_)
            | Self::ApplicationFee(_)
            | Self::ApplicationFeeRefund(_)
            | Self::BalanceSettings(_)
            | Self::Charge(_)
            | Self::ExternalAccount(_)
            | Self::Payout(_)
            | Self::Refund(_)
            | Self::Transfer(_)
            | Self::TransferReversal(_) => None,
        };
        Some(Deadline { due: due?, what: self.deadline_kind()? })
    }

    /// Whether the world has been asked something about the object and has not answered.
    pub fn is_outstanding(&self) -> bool {
        match self {
            Self::Account(account) => account.is_under_review(),
            Self::Charge(charge) => matches!(charge.state(), ChargeState::Pending),
            Self::Payout(payout) => payout.is_under_way(),
            Self::Refund(refund) => refund.confirmed_at().is_none(),
            Self::Anomaly(_)
            | Self::ApplicationFee(_)
            | Self::ApplicationFeeRefund(_)
            | Self::BalanceSettings(_)
            | Self::ExternalAccount(_)
            | Self::ParkedFact(_)
            | Self::Payment(_)
            | Self::Transfer(_)
            | Self::TransferReversal(_) => false,
        }
    }
}
