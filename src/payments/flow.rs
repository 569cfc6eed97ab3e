use serde::{Deserialize, Serialize};

use super::PaymentError;
use crate::ids::AccountId;
use crate::money::Money;
use crate::routing::{ChargeType, Share};

/// Whose payment it is and who gets a part, as settled when it was created, or by a capture since.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Flow {
    /// Booked on the account, less a commission (0 for none).
    Direct {
        /// The account.
        account: AccountId,
        /// The commission, in minor units.
        application_fee: i64,
    },
    /// Booked on the platform, with a transfer to one account.
    Destination {
        /// The recipient.
        account: AccountId,
        /// Its part.
        share: Share,
    },
    /// Booked on the platform.
    Separate,
}

impl Flow {
    /// The charge type.
    pub const fn charge_type(&self) -> ChargeType {
        match self {
            Self::Direct { .. } => ChargeType::Direct,
            Self::Destination { .. } => ChargeType::Destination,
            Self::Separate => ChargeType::Separate,
        }
    }

    /// The same, with other parts for others; `None` leaves a part as it is.
    // RULE: an instrument can be given another figure when capturing, not exchanged for the other one
    // (docs.stripe.com/connect/destination-charges, 2026: a commission and a transfer amount exclude each other).
    pub(crate) fn with_shares(
        self,
        whole: Money,
        (fee, transfer): (Option<Money>, Option<Money>),
    ) -> Result<Self, PaymentError> {
        let parts = Parts::check(whole, fee, transfer)?;
        match (self, parts.fee, parts.transfer) {
            (_, None, None) => Ok(self),
            (_, Some(_), Some(_))
            | (Self::Destination { share: Share::TransferAmount(_), .. }, Some(_), None)
            | (Self::Destination { share: Share::ApplicationFee(_), .. }, None, Some(_)) => {
                Err(PaymentError::FeeAndTransferAmount)
            }
            (Self::Direct { account, .. }, Some(application_fee), None) => {
                Ok(Self::Direct { account, application_fee })
            }
            (Self::Destination { account, share: Share::ApplicationFee(_) | Share::Whole }, Some(fee), None) => {
                let share = if fee == 0 { Share::Whole } else { Share::ApplicationFee(fee) };
                Ok(Self::Destination { account, share })
            }
            (Self::Destination { account, share: Share::TransferAmount(_) | Share::Whole }, None, Some(amount)) => {
                Ok(Self::Destination { account, share: Share::TransferAmount(amount) })
            }
            (Self::Direct { .. } | Self::Separate, None, Some(_)) | (Self::Separate, Some(_), None) => {
                Err(PaymentError::NobodyToShareWith)
            }
        }
    }

    /// That the parts of others can be taken out of the whole.
    pub(crate) fn fits(&self, whole: Money) -> Result<(), PaymentError> {
        let money = |minor| Money::new(minor, whole.currency());
        let (fee, transfer) = match *self {
            Self::Direct { application_fee, .. }
            | Self::Destination { share: Share::ApplicationFee(application_fee), .. } => {
                (Some(money(application_fee)), None)
            }
            Self::Destination { share: Share::TransferAmount(amount), .. } => (None, Some(money(amount))),
            Self::Destination { share: Share::Whole, .. } | Self::Separate => (None, None),
        };
        Parts::check(whole, fee, transfer).map(drop)
    }

    /// The account whose sale it is, in the eyes of a plan or a scheme.
    pub(crate) const fn seller(&self) -> Option<AccountId> {
        match self {
            Self::Direct { account, .. } | Self::Destination { account, .. } => Some(*account),
            Self::Separate => None,
        }
    }

    /// Whether it says by itself what the platform keeps, or what it sends.
    pub(crate) const fn names_shares(&self) -> bool {
        match self {
            Self::Direct { application_fee, .. } => *application_fee > 0,
            Self::Destination { share: Share::ApplicationFee(_) | Share::TransferAmount(_), .. } => true,
            Self::Destination { share: Share::Whole, .. } | Self::Separate => false,
        }
    }

    /// The same with this commission, in minor units.
    pub(crate) const fn with_commission(self, application_fee: i64) -> Self {
        match self {
            Self::Direct { account, .. } => Self::Direct { account, application_fee },
            Self::Destination { account, .. } => {
                Self::Destination { account, share: Share::ApplicationFee(application_fee) }
            }
            Self::Separate => self,
        }
    }

    /// What is transferred of `captured` minor units.
    pub const fn transferred(&self, captured: i64) -> i64 {
        match self {
            Self::Destination { share, .. } => share.transferred(captured),
            Self::Direct { .. } | Self::Separate => 0,
        }
    }

    /// The commission on `captured` minor units.
    pub fn application_fee(&self, captured: i64) -> i64 {
        match self {
            Self::Direct { application_fee, .. } => captured.min(*application_fee),
            Self::Destination { share, .. } => share.application_fee(captured),
            Self::Separate => 0,
        }
    }
}

/// The parts of others that a command names, in minor units of the payment's currency.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Parts {
    pub(crate) fee: Option<i64>,
    pub(crate) transfer: Option<i64>,
}

impl Parts {
    /// The parts, if they can be taken out of the whole.
    pub(crate) fn check(whole: Money, fee: Option<Money>, transfer: Option<Money>) -> Result<Self, PaymentError> {
        let in_currency = |part: Money| {
            let (given, needed) = (part.currency(), whole.currency());
            if given == needed { Ok(part.minor()) } else { Err(PaymentError::WrongCurrency { given, needed }) }
        };
        let parts = Self { fee: fee.map(in_currency).transpose()?, transfer: transfer.map(in_currency).transpose()? };
        // RULE: the commission may be all of the payment, not more; 0 means none (docs.stripe.com/connect/direct-charges,
        // 2026, caps it at the captured amount; recorded exchanges accept 0).
        if let Some(fee) = fee.filter(|fee| fee.is_negative() || fee.minor() > whole.minor()) {
            return Err(PaymentError::FeeExceedsAmount { fee, amount: whole });
        }
        if let Some(transfer) = transfer.filter(|part| !part.is_positive() || part.minor() > whole.minor()) {
            return Err(PaymentError::TransferExceedsAmount { transfer, amount: whole });
        }
        Ok(parts)
    }
}
