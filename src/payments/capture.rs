use serde::{Deserialize, Serialize};

use super::{ChargeFailure, Named};
use crate::calendar::Timestamp;
use crate::ids::PaymentId;
use crate::money::Money;
use crate::rulebook::{CardBrand, CardFunding, Country, Trade};

/// When the money of a payment is taken: with its authorization, or later, by [`CapturePayment`].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Capture {
    /// At once (`capture_method: automatic`).
    #[default]
    Automatic,
    /// When somebody asks for it (`capture_method: manual`).
    Manual(ManualCapture),
}

/// How a payment is to be authorized that is captured later: what the payer's bank is asked for beyond the amount.
///
/// ```
/// use fundroute::payments::ManualCapture;
/// use fundroute::rulebook::Trade;
///
/// // A dinner: the tip comes on top of what was authorized.
/// let dinner = ManualCapture::new().overcapture(Trade::Restaurant);
/// // An order that leaves in several parcels:
/// let parcels = ManualCapture::new().multicapture();
/// assert!(parcels.multicapture && dinner.overcapture == Some(Trade::Restaurant));
/// ```
// RULE: each is asked for "if available" (docs.stripe.com/payments/multicapture, /payments/overcapture,
// /payments/extended-authorization and /terminal/features/incremental-authorizations, 2024).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ManualCapture {
    /// May be captured in several parts, where the network allows it.
    pub multicapture: bool,
    /// May be captured for more than was authorized, as far as the network lets this trade.
    pub overcapture: Option<Trade>,
    /// May be raised before it is captured, where the bank allows it.
    pub incremental: bool,
    /// May be captured later than usual, where the network allows it.
    pub extended: bool,
    /// The payer is not there: the business begins it alone.
    pub off_session: bool,
}

impl ManualCapture {
    /// One capture of at most what was authorized, in the usual time, with the payer there.
    pub const fn new() -> Self {
        Self { multicapture: false, overcapture: None, incremental: false, extended: false, off_session: false }
    }

    /// May be captured in several parts.
    #[must_use]
    pub const fn multicapture(mut self) -> Self {
        self.multicapture = true;
        self
    }

    /// May be captured for more than was authorized.
    #[must_use]
    pub const fn overcapture(mut self, trade: Trade) -> Self {
        self.overcapture = Some(trade);
        self
    }

    /// May be raised before it is captured.
    #[must_use]
    pub const fn incremental(mut self) -> Self {
        self.incremental = true;
        self
    }

    /// May be captured later than usual.
    #[must_use]
    pub const fn extended(mut self) -> Self {
        self.extended = true;
        self
    }

    /// The business begins it without the payer.
    #[must_use]
    pub const fn off_session(mut self) -> Self {
        self.off_session = true;
        self
    }
}

/// A command: take the money of a payment that was authorized, all of it or a part. A payment is captured up to 50 times.
///
/// ```
/// use fundroute::ids::PaymentId;
/// use fundroute::money::usd;
/// use fundroute::payments::CapturePayment;
///
/// let order = PaymentId::from_host([2; 14]);
/// let all = CapturePayment::of(order);
/// let first_parcel = CapturePayment::of(order).amount(usd(7_00)).more_to_come().application_fee(usd(1_00));
/// assert!(all.is_final && !first_parcel.is_final);
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CapturePayment {
    /// The payment.
    pub payment: PaymentId,
    /// How much; all that was authorized and not captured yet if not given. The rest is released with the last capture.
    pub amount: Option<Money>,
    /// Whether it is the last capture (`final_capture`).
    pub is_final: bool,
    /// The platform's commission on all that has been captured by then, in place of the one named before.
    pub application_fee: Option<Money>,
    /// What the recipient of a destination charge gets of all that has been captured by then, in place of the amount named before.
    pub transfer_amount: Option<Money>,
}

impl CapturePayment {
    /// Takes all that is left, once and for all.
    pub const fn of(payment: PaymentId) -> Self {
        Self { payment, amount: None, is_final: true, application_fee: None, transfer_amount: None }
    }

    /// Takes only this much; with overcapture it may be more than was authorized.
    #[must_use]
    pub const fn amount(mut self, amount: Money) -> Self {
        self.amount = Some(amount);
        self
    }

    /// Keeps the rest authorized, for further captures.
    #[must_use]
    pub const fn more_to_come(mut self) -> Self {
        self.is_final = false;
        self
    }

    /// Keeps this much for the platform, of everything captured by then.
    #[must_use]
    pub const fn application_fee(mut self, fee: Money) -> Self {
        self.application_fee = Some(fee);
        self
    }

    /// Transfers this much, of everything captured by then.
    #[must_use]
    pub const fn transfer_amount(mut self, amount: Money) -> Self {
        self.transfer_amount = Some(amount);
        self
    }
}

/// A command: have a higher amount authorized for a payment that has not been captured, up to 10 times.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct IncrementAuthorization {
    /// The payment.
    pub payment: PaymentId,
    /// The new total.
    pub amount: Money,
    /// The platform's commission, in place of the one named before.
    pub application_fee: Option<Money>,
    /// What the recipient of a destination charge gets, in place of the amount named before.
    pub transfer_amount: Option<Money>,
}

impl IncrementAuthorization {
    /// Has this total authorized.
    pub const fn to(payment: PaymentId, amount: Money) -> Self {
        Self { payment, amount, application_fee: None, transfer_amount: None }
    }

    /// Keeps this much for the platform.
    #[must_use]
    pub const fn application_fee(mut self, fee: Money) -> Self {
        self.application_fee = Some(fee);
        self
    }

    /// Transfers this much.
    #[must_use]
    pub const fn transfer_amount(mut self, amount: Money) -> Self {
        self.transfer_amount = Some(amount);
        self
    }
}

/// A card, as far as the world tells with which one was paid.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct PaymentCard {
    /// Its network.
    pub brand: CardBrand,
    /// Whose money it spends.
    pub funding: Option<CardFunding>,
    /// Where it was issued.
    pub country: Option<Country>,
}

impl PaymentCard {
    /// A card of which nothing but the network is known.
    pub const fn of(brand: CardBrand) -> Self {
        Self { brand, funding: None, country: None }
    }
}

/// A fact: the payer's bank holds the amount of a charge ready; no money has moved. What it does not tell, the rulebook says.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChargeAuthorized {
    /// The charge.
    pub charge: Named,
    /// How much: the amount that was asked for, or the fact is an anomaly.
    pub amount: Money,
    /// With which card.
    pub card: Option<PaymentCard>,
    /// Until when it can be captured (`capture_before`).
    pub capture_before: Option<Timestamp>,
    /// How much of it can be captured (`maximum_amount_capturable`), in minor units.
    pub most_capturable: Option<i64>,
    /// Whether it can be captured in several parts.
    pub multicapture: Option<bool>,
    /// Whether it can be raised.
    pub incremental: Option<bool>,
    /// Whether it was granted for longer than usual.
    pub extended: Option<bool>,
}

impl ChargeAuthorized {
    /// An authorization of which nothing is told but the amount.
    pub fn of(charge: impl Into<Named>, amount: Money) -> Self {
        Self {
            charge: charge.into(),
            amount,
            card: None,
            capture_before: None,
            most_capturable: None,
            multicapture: None,
            incremental: None,
            extended: None,
        }
    }

    /// The same, made with this card.
    #[must_use]
    pub const fn card(mut self, card: PaymentCard) -> Self {
        self.card = Some(card);
        self
    }

    /// The same, to be captured before that.
    #[must_use]
    pub const fn capture_before(mut self, when: Timestamp) -> Self {
        self.capture_before = Some(when);
        self
    }

    /// The same, of which so many minor units can be captured.
    #[must_use]
    pub const fn most_capturable(mut self, minor: i64) -> Self {
        self.most_capturable = Some(minor);
        self
    }
}

/// A fact: money of an authorized charge was taken. It waits until the authorization, and the captures before it, are known.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChargeCaptured {
    /// The charge.
    pub charge: Named,
    /// Which of its captures: 1 for the first, as the instruction numbers them.
    pub capture: u8,
    /// How much this capture took. More than could be captured is an anomaly and is not booked; nothing is right for a last capture only.
    pub amount: Money,
    /// Whether it was the last one, and the rest is released.
    pub is_final: bool,
}

impl ChargeCaptured {
    /// The one capture of a charge that is captured once.
    pub fn of(charge: impl Into<Named>, amount: Money) -> Self {
        Self { charge: charge.into(), capture: 1, amount, is_final: true }
    }
}

/// A fact: money of an authorized charge was not taken; the authorization still stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CaptureFailed {
    /// The charge.
    pub charge: Named,
    /// Which of its captures.
    pub capture: u8,
    /// Why.
    pub failure: ChargeFailure,
}

/// A fact: an authorization was raised.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AuthorizationIncremented {
    /// The charge.
    pub charge: Named,
    /// Which attempt, as the instruction numbers them.
    pub attempt: u8,
    /// The new total: the one that was asked for, or the fact is an anomaly.
    pub amount: Money,
}

/// A fact: an authorization was not raised; it stands as it was.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct IncrementDeclined {
    /// The charge.
    pub charge: Named,
    /// Which attempt.
    pub attempt: u8,
    /// Why.
    pub failure: ChargeFailure,
}
