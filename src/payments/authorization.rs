use serde::{Deserialize, Serialize};

use super::{Flow, PaymentCard};
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
        /// Who gets a part, if it comes to pass.
        flow: Flow,
    },
    /// To hold more ready.
    Increment {
        /// Which try it is: 1 for the first.
        attempt: u8,
        /// The new total, in minor units.
        amount: i64,
        /// Who gets a part, if it comes to pass.
        flow: Flow,
    },
}

/// What is known of a charge's authorization: until when and how it can be captured, and what was tried. All amounts in minor units.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Authorization {
    at: Timestamp,
    amount: i64,
    taken: i64,
    /// When the money of the first capture becomes available.
    first_date: Option<Timestamp>,
    capture_before: Timestamp,
    most: i64,
    multicapture: bool,
    incremental: bool,
    card: Option<PaymentCard>,
    is_open: bool,
    asked: Option<Asked>,
    captured: Numbers,
    /// How many of them took money.
    parts: u8,
    failed: Numbers,
    /// Who would have got a part of the capture that failed last, should it have taken money after all.
    failed_flow: Option<(u8, Flow)>,
    increments: u8,
    names_shares: bool,
}

/// What a new authorization is made of.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Granted {
    pub(crate) at: Timestamp,
    pub(crate) amount: i64,
    pub(crate) capture_before: Timestamp,
    pub(crate) most: i64,
    pub(crate) multicapture: bool,
    pub(crate) incremental: bool,
    pub(crate) card: Option<PaymentCard>,
}

impl Authorization {
    pub(crate) const fn new(granted: Granted) -> Self {
        let Granted { at, amount, capture_before, most, multicapture, incremental, card } = granted;
        Self {
            at,
            amount,
            taken: 0,
            first_date: None,
            capture_before,
            most,
            multicapture,
            incremental,
            card,
            is_open: true,
            asked: None,
            captured: Numbers(0),
            parts: 0,
            failed: Numbers(0),
            failed_flow: None,
            increments: 0,
            names_shares: false,
        }
    }

    /// When it was given.
    pub const fn at(&self) -> Timestamp {
        self.at
    }

    /// How much is held ready in all, captured or not.
    pub const fn amount(&self) -> i64 {
        self.amount
    }

    /// How much of it was captured.
    pub const fn taken(&self) -> i64 {
        self.taken
    }

    /// How much of it can still be captured, without taking more than was authorized.
    pub(crate) fn left(&self) -> i64 {
        self.amount.saturating_sub(self.taken).max(0)
    }

    /// Until when it can be captured.
    pub const fn capture_before(&self) -> Timestamp {
        self.capture_before
    }

    /// How much can be captured in all.
    pub const fn most_capturable(&self) -> i64 {
        self.most
    }

    /// Whether it can be captured in several parts.
    pub const fn is_multicapture(&self) -> bool {
        self.multicapture
    }

    /// Whether it can be raised.
    pub const fn is_incremental(&self) -> bool {
        self.incremental
    }

    /// The card, as far as the world told.
    pub const fn card(&self) -> Option<&PaymentCard> {
        self.card.as_ref()
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
    pub const fn captures(&self) -> u8 {
        self.parts
    }

    /// How often it was raised, or tried to be.
    pub const fn increments(&self) -> u8 {
        self.increments
    }

    /// Whether captures have to name the parts of others, because the first one that took money did.
    pub(crate) const fn must_name_shares(&self) -> bool {
        self.parts > 0 && self.names_shares
    }

    /// The number of the next capture.
    pub(crate) fn next_capture(&self) -> u8 {
        self.captured.last().max(self.failed.last()).saturating_add(1)
    }

    /// Whether it is known what came of a capture.
    pub(crate) fn is_known(&self, capture: u8) -> bool {
        capture == 0 || self.captured.has(capture) || self.failed.has(capture)
    }

    /// Whether a capture can take money: the authorization is open, or it seemed to fail before that was closed.
    pub(crate) fn takes(&self, capture: u8) -> bool {
        self.is_open || self.failed.has(capture)
    }

    /// Whether a capture took money.
    pub(crate) fn has_captured(&self, capture: u8) -> bool {
        self.captured.has(capture)
    }

    const fn is_asked(&self, number: u8) -> bool {
        matches!(self.asked, Some(Asked::Capture { capture, .. }) if capture == number)
    }

    /// With the world asked something. Whether a capture names the parts of others is settled by the first one that takes money.
    pub(crate) const fn ask(mut self, asked: Asked, names_shares: bool) -> Self {
        if let (Asked::Capture { .. }, 0) = (asked, self.parts) {
            self.names_shares = names_shares;
        }
        self.asked = Some(asked);
        self
    }

    /// Who gets a part of a capture that was asked for.
    pub(crate) fn flow_of(&self, number: u8) -> Option<Flow> {
        match self.asked {
            Some(Asked::Capture { capture, flow, .. }) if capture == number => Some(flow),
            Some(Asked::Capture { .. } | Asked::Increment { .. }) | None => {
                self.failed_flow.filter(|(capture, _)| *capture == number).map(|(_, flow)| flow)
            }
        }
    }

    /// When the money of the first capture becomes, or became, available.
    pub(crate) const fn first_date(&self) -> Option<Timestamp> {
        self.first_date
    }

    /// After a capture took money, `total` in all, which becomes available on that date.
    // INVARIANT: what is asked is asked until the answer to just that comes.
    pub(crate) fn take(mut self, capture: u8, (total, date): (i64, Timestamp), is_final: bool) -> Self {
        self.parts = self.parts.saturating_add(u8::from(total > self.taken));
        self.taken = total;
        self.first_date = self.first_date.or(Some(date));
        if self.is_asked(capture) {
            self.asked = None;
        }
        self.captured = self.captured.with(capture);
        self.failed = self.failed.without(capture);
        self.failed_flow = self.failed_flow.filter(|(failed, _)| *failed != capture);
        self.is_open = self.is_open && !is_final;
        if is_final { self.close() } else { self }
    }

    /// After a capture took nothing; nothing where it is known that it did, or did not.
    pub(crate) fn fail(mut self, capture: u8) -> Option<Self> {
        if self.is_known(capture) {
            return None;
        }
        if self.is_asked(capture) {
            self.failed_flow = self.flow_of(capture).map(|flow| (capture, flow));
            self.asked = None;
        }
        self.failed = self.failed.with(capture);
        Some(self)
    }

    /// After an attempt to raise it, which came to `amount` minor units in all; nothing where no such attempt is under way.
    pub(crate) const fn increment(mut self, attempt: u8, amount: i64) -> Option<Self> {
        match self.asked {
            Some(Asked::Increment { attempt: asked, .. }) if asked == attempt => {
                self.asked = None;
                self.increments = attempt;
                self.amount = amount;
                if self.most < amount {
                    self.most = amount;
                }
                Some(self)
            }
            Some(Asked::Increment { .. } | Asked::Capture { .. }) | None => None,
        }
    }

    /// After it was let go, or captured for the last time.
    pub(crate) const fn close(mut self) -> Self {
        self.is_open = false;
        self.asked = None;
        self
    }
}
