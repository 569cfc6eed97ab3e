use serde::{Deserialize, Serialize};

use super::{ChargeAuthorized, Flow, PaymentCard};
use crate::calendar::Timestamp;

/// How often the captures of one charge can be tried.
// RULE: up to fifty captures (docs.stripe.com/payments/multicapture, 2024); that failed tries count is this crate's choice.
pub(crate) const MOST_CAPTURES: u8 = 50;

/// How often one authorization can be raised, or tried to be.
// RULE: ten attempts, declined ones among them (docs.stripe.com/terminal/features/incremental-authorizations, 2024).
pub(crate) const MOST_INCREMENTS: u8 = 10;

/// Some of the numbers from 1 to 63.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
struct Numbers(u64);

impl Numbers {
    fn bit(number: u8) -> u64 {
        1_u64.checked_shl(number.into()).unwrap_or(0)
    }

    fn has(self, number: u8) -> bool {
        self.0 & Self::bit(number) != 0
    }

    fn with(self, number: u8) -> Self {
        Self(self.0 | Self::bit(number))
    }

    fn without(self, number: u8) -> Self {
        Self(self.0 & !Self::bit(number))
    }

    /// The highest of them, or nothing.
    fn last(self) -> u8 {
        let last = 63_u32.saturating_sub(self.0.leading_zeros());
        u8::try_from(last).unwrap_or(u8::MAX)
    }
}

/// What the world has been asked about an authorization, and has not answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Asked {
    /// To take money.
    Capture {
        /// Which try it is: 1 for the first.
        capture: u8,
        /// How much, in minor units.
        amount: i64,
        /// Whether the rest is to be released.
        is_final: bool,
    },
    /// To hold more ready.
    Increment(Raise),
}

/// An attempt to have more held ready.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Raise {
    /// Which try it is: 1 for the first.
    pub attempt: u8,
    /// The new total, in minor units.
    pub amount: i64,
    /// Who gets a part, if it comes to pass.
    pub flow: Flow,
    /// Whether that was said with it, which goes before the payment's plan.
    pub names_shares: bool,
}

/// What one capture took, in minor units.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Part {
    capture: u8,
    amount: i64,
}

/// What the world told of an authorization, once or several times.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Telling {
    pub(crate) at: Timestamp,
    pub(crate) amount: i64,
    pub(crate) card: Option<PaymentCard>,
    pub(crate) capture_before: Option<Timestamp>,
    pub(crate) most_capturable: Option<i64>,
    pub(crate) multicapture: Option<bool>,
    pub(crate) incremental: Option<bool>,
    pub(crate) extended: Option<bool>,
}

impl Telling {
    pub(crate) const fn of(at: Timestamp, fact: &ChargeAuthorized) -> Self {
        Self {
            at,
            amount: fact.amount.minor(),
            card: fact.card,
            capture_before: fact.capture_before,
            most_capturable: fact.most_capturable,
            multicapture: fact.multicapture,
            incremental: fact.incremental,
            extended: fact.extended,
        }
    }

    /// Both tellings in one: what only one of them says, and of what both say that which allows less.
    // INVARIANT: it does not matter which of them came first.
    pub(crate) fn and(self, other: &Self) -> Self {
        fn least<T: Ord>(one: Option<T>, other: Option<T>) -> Option<T> {
            one.into_iter().chain(other).min()
        }
        Self {
            at: self.at.min(other.at),
            amount: self.amount,
            card: least(self.card, other.card),
            capture_before: least(self.capture_before, other.capture_before),
            most_capturable: least(self.most_capturable, other.most_capturable),
            multicapture: least(self.multicapture, other.multicapture),
            incremental: least(self.incremental, other.incremental),
            extended: least(self.extended, other.extended),
        }
    }
}

/// What is known of a charge's authorization: until when and how it can be captured, and what was tried. All amounts in minor units.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Authorization {
    told: Telling,
    granted: Granted,
    amount: i64,
    /// When the money of the first capture becomes available.
    first_date: Option<Timestamp>,
    is_open: bool,
    asked: Option<Asked>,
    /// By their numbers.
    captured: Vec<Part>,
    failed: Numbers,
    /// Who gets a part of what is captured, as the host said last.
    named: Option<Flow>,
    increments: u8,
    /// The attempt to raise it that was declined, as long as nothing was asked for since.
    declined: Option<Raise>,
    names_shares: bool,
    /// Whether the last capture that was asked for named parts, which go before the payment's plan.
    is_explicit: bool,
}

/// What an authorization allows, amounts in minor units.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Granted {
    pub(crate) capture_before: Timestamp,
    pub(crate) most: i64,
    pub(crate) multicapture: bool,
    pub(crate) incremental: bool,
}

impl Authorization {
    pub(crate) const fn new(told: Telling, granted: Granted) -> Self {
        Self {
            told,
            granted,
            amount: told.amount,
            first_date: None,
            is_open: true,
            asked: None,
            captured: Vec::new(),
            failed: Numbers(0),
            named: None,
            increments: 0,
            declined: None,
            names_shares: false,
            is_explicit: false,
        }
    }

    /// What was told of it.
    pub(crate) const fn told(&self) -> &Telling {
        &self.told
    }

    /// The same after more was told of it.
    pub(crate) const fn retold(mut self, told: Telling, granted: Granted) -> Self {
        (self.told, self.granted) = (told, granted);
        self
    }

    /// When it was given.
    pub const fn at(&self) -> Timestamp {
        self.told.at
    }

    /// How much is held ready in all, captured or not.
    pub const fn amount(&self) -> i64 {
        self.amount
    }

    /// How much of it was captured.
    // INVARIANT: what it took is below what it may, so that the sum is in range.
    pub fn taken(&self) -> i64 {
        self.captured.iter().fold(0, |taken, part| taken.saturating_add(part.amount))
    }

    /// How much of it can still be captured, without taking more than was authorized.
    pub(crate) fn left(&self) -> i64 {
        self.amount.saturating_sub(self.taken()).max(0)
    }

    /// Until when it can be captured.
    pub const fn capture_before(&self) -> Timestamp {
        self.granted.capture_before
    }

    /// How much can be captured in all.
    pub fn most_capturable(&self) -> i64 {
        self.granted.most.max(self.amount)
    }

    /// Whether it can be captured in several parts.
    pub const fn is_multicapture(&self) -> bool {
        self.granted.multicapture
    }

    /// Whether it can be raised.
    pub const fn is_incremental(&self) -> bool {
        self.granted.incremental
    }

    /// The card, as far as the world told.
    pub const fn card(&self) -> Option<&PaymentCard> {
        self.told.card.as_ref()
    }

    /// Whether more can be captured: it was neither captured for the last time nor released.
    pub const fn is_open(&self) -> bool {
        self.is_open
    }

    /// What the world was asked about it and has not answered.
    pub const fn asked(&self) -> Option<&Asked> {
        self.asked.as_ref()
    }

    /// How many captures took money.
    pub fn captures(&self) -> usize {
        self.captured.iter().filter(|part| part.amount > 0).count()
    }

    /// How often it was raised, or tried to be.
    pub const fn increments(&self) -> u8 {
        self.increments
    }

    /// Whether captures have to name the parts of others, because the first one that took money did.
    pub(crate) fn must_name_shares(&self) -> bool {
        self.captures() > 0 && self.names_shares
    }

    /// The number of the next capture.
    pub(crate) fn next_capture(&self) -> u8 {
        let last = self.captured.last().map_or(0, |part| part.capture);
        last.max(self.failed.last()).saturating_add(1)
    }

    /// Whether it is known what came of a capture.
    pub(crate) fn is_known(&self, capture: u8) -> bool {
        capture == 0 || self.captured_by(capture).is_some() || self.failed.has(capture)
    }

    /// Whether a capture can take money. The last one ends what can be asked for: one that was asked for before, or seemed to fail, may
    /// have taken money all the same.
    pub(crate) fn takes(&self, capture: u8) -> bool {
        self.is_open || self.is_asked(capture) || self.failed.has(capture)
    }

    /// What a capture took, if it did.
    pub(crate) fn captured_by(&self, capture: u8) -> Option<i64> {
        self.captured.iter().find(|part| part.capture == capture).map(|part| part.amount)
    }

    const fn is_asked(&self, number: u8) -> bool {
        matches!(self.asked, Some(Asked::Capture { capture, .. }) if capture == number)
    }

    /// Whether the answer to an attempt to raise it has not come.
    pub(crate) const fn is_being_raised(&self) -> bool {
        matches!(self.asked, Some(Asked::Increment(_)))
    }

    /// With the world asked for a capture. Whether captures name the parts of others is settled by the first one that takes money.
    pub(crate) fn ask_capture(mut self, asked: Asked, flow: Flow, names_shares: bool) -> Self {
        if self.captures() == 0 {
            self.names_shares = names_shares;
        }
        self.is_explicit = names_shares;
        (self.named, self.asked, self.declined) = (Some(flow), Some(asked), None);
        self
    }

    /// With the world asked to hold more ready.
    pub(crate) const fn ask_raise(mut self, raise: Raise) -> Self {
        (self.asked, self.declined) = (Some(Asked::Increment(raise)), None);
        self
    }

    /// Who gets a part of what is captured, if captures said so.
    // INVARIANT: parts are totals over all captures, and what the host said last counts, for a capture that seemed to fail before it
    // too. So it does not matter in which order captures are told.
    pub(crate) const fn named(&self) -> Option<Flow> {
        self.named
    }

    /// Whether the host named the parts of others with the last capture that it asked for.
    pub(crate) const fn is_explicit(&self) -> bool {
        self.is_explicit
    }

    /// When the money of the first capture becomes, or became, available.
    pub(crate) const fn first_date(&self) -> Option<Timestamp> {
        self.first_date
    }

    /// After a capture took so many minor units, which become available on that date.
    // INVARIANT: what is asked is asked until the answer to just that comes.
    pub(crate) fn take(mut self, capture: u8, (amount, date): (i64, Timestamp), is_final: bool) -> Self {
        self.first_date = self.first_date.or(Some(date));
        if self.is_asked(capture) {
            self.asked = None;
        }
        let place = self.captured.partition_point(|part| part.capture < capture);
        self.captured.insert(place, Part { capture, amount });
        self.failed = self.failed.without(capture);
        self.is_open = self.is_open && !is_final;
        self
    }

    /// After a capture took nothing; nothing where it is known that it did, or did not.
    pub(crate) fn fail(mut self, capture: u8) -> Option<Self> {
        if self.is_known(capture) {
            return None;
        }
        if self.is_asked(capture) {
            self.asked = None;
        }
        self.failed = self.failed.with(capture);
        Some(self)
    }

    /// The attempt to raise it that an answer is about, `granted` or not: the one that is asked for, or one that seemed to be declined
    /// as long as nothing was asked for since.
    pub(crate) fn raise_of(&self, attempt: u8, granted: bool) -> Option<Raise> {
        let asked = match self.asked {
            Some(Asked::Increment(raise)) => Some(raise),
            Some(Asked::Capture { .. }) | None => None,
        };
        let declined = self.declined.filter(|_| granted && self.is_open);
        asked.into_iter().chain(declined).find(|raise| raise.attempt == attempt)
    }

    /// After an attempt to raise it was granted, or not.
    pub(crate) fn raised(mut self, raise: Raise, granted: bool) -> Self {
        if self.asked == Some(Asked::Increment(raise)) {
            self.asked = None;
        }
        self.increments = self.increments.max(raise.attempt);
        if granted {
            (self.amount, self.named, self.declined) = (raise.amount, None, None);
            self.is_explicit = false;
        } else {
            self.declined = Some(raise);
        }
        self
    }

    /// After it was let go.
    pub(crate) const fn close(mut self) -> Self {
        self.is_open = false;
        self.asked = None;
        self
    }
}
