use serde::{Deserialize, Serialize};

use super::location::check_text;
use super::{ReaderAction, ReaderActionKind, ReaderInstruction, TerminalError};
use crate::calendar::Timestamp;
use crate::ids::{AccountId, LocationId, PaymentId, ReaderId};
use crate::money::Money;
use crate::wire::wire;

wire! {
    /// What device a reader is.
    // RULE: docs.stripe.com/api/terminal/readers/object (2026).
    #[non_exhaustive]
    DeviceType:
    "bbpos_chipper2x" BbposChipper2x "A small reader beside a telephone.",
    "bbpos_wisepad3" BbposWisepad3 "A small reader beside a telephone.",
    "bbpos_wisepos_e" BbposWiseposE "A reader that works alone.",
    "mobile_phone_reader" MobilePhoneReader "A telephone that cards are held against.",
    "simulated_stripe_s700" SimulatedStripeS700 "One that works alone, in test mode.",
    "simulated_stripe_s710" SimulatedStripeS710 "One that works alone, in test mode.",
    "simulated_verifone_m425" SimulatedVerifoneM425 "One that works alone, in test mode.",
    "simulated_verifone_p630" SimulatedVerifoneP630 "One that works alone, in test mode.",
    "simulated_verifone_ux700" SimulatedVerifoneUx700 "One that works alone, in test mode.",
    "simulated_verifone_v660p" SimulatedVerifoneV660p "One that works alone, in test mode.",
    "simulated_wisepos_e" SimulatedWiseposE "One that works alone, in test mode.",
    "stripe_m2" StripeM2 "A small reader beside a telephone.",
    "stripe_s700" StripeS700 "A reader that works alone.",
    "stripe_s710" StripeS710 "A reader that works alone.",
    "verifone_P400" VerifoneP400 "A reader that works alone.",
    "verifone_m425" VerifoneM425 "A reader that works alone.",
    "verifone_p630" VerifoneP630 "A reader that works alone.",
    "verifone_ux700" VerifoneUx700 "A reader that works alone.",
    "verifone_v660p" VerifoneV660p "A reader that works alone.",

    /// Whether a reader can be reached.
    // RULE: docs.stripe.com/api/terminal/readers/object (2026). It counts as offline once nothing was heard of it for two minutes
    // (docs.stripe.com/terminal/payments/collect-card-payment, 2025), which is the world's to notice.
    ReaderStatus:
    "offline" Offline "It cannot.",
    "online" Online "It can.",
}

impl DeviceType {
    /// Whether it is none, but plays one in test mode.
    pub fn is_simulated(self) -> bool {
        self.as_str().starts_with("simulated_")
    }

    /// Whether it works alone, and is asked over the network. The others have no status, and do what a program beside them says: a host
    /// has that program carry instructions out.
    // RULE: mobile readers have no status (docs.stripe.com/api/terminal/readers/object, 2026).
    pub const fn works_alone(self) -> bool {
        !matches!(self, Self::BbposChipper2x | Self::BbposWisepad3 | Self::MobilePhoneReader | Self::StripeM2)
    }
}

/// A command: register a reader at a place. Made for an account, it is the account's.
///
/// ```
/// use fundroute::ids::LocationId;
/// use fundroute::terminal::{DeviceType, NewReader};
///
/// let stall = LocationId::from_host([4; 14]);
/// let reader = NewReader::new(stall, DeviceType::StripeS700).label("till 1").serial_number("STRM26138003393");
/// assert_eq!(reader.label.as_deref(), Some("till 1"));
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct NewReader {
    /// Where it stands.
    pub location: LocationId,
    /// What device it is.
    pub device_type: DeviceType,
    /// What people call it.
    pub label: Option<String>,
    /// The number that its maker gave it.
    pub serial_number: Option<String>,
}

impl NewReader {
    /// A device at a place.
    pub const fn new(location: LocationId, device_type: DeviceType) -> Self {
        Self { location, device_type, label: None, serial_number: None }
    }

    /// The same, called like this.
    #[must_use]
    pub fn label(mut self, label: impl Into<String>) -> Self {
        self.label = Some(label.into());
        self
    }

    /// The same, with the number that its maker gave it.
    #[must_use]
    pub fn serial_number(mut self, number: impl Into<String>) -> Self {
        self.serial_number = Some(number.into());
        self
    }

    pub(crate) fn check(&self, livemode: bool) -> Result<(), TerminalError> {
        let texts = [("label", self.label.as_ref()), ("serial_number", self.serial_number.as_ref())];
        for (what, text) in texts {
            if let Some(text) = text {
                check_text(what, text)?;
            }
        }
        // RULE: simulated readers are for test mode (docs.stripe.com/terminal/references/testing, 2025).
        if livemode && self.device_type.is_simulated() {
            return Err(TerminalError::SimulatedInLiveMode(self.device_type));
        }
        Ok(())
    }
}

/// A command: call a reader by another name.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct UpdateReader {
    /// The reader.
    pub reader: ReaderId,
    /// What people call it from now on.
    pub label: String,
}

/// Which of a reader's actions has a number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Numbered<'a> {
    /// What it does, or did last.
    Last(&'a ReaderAction),
    /// What it did before; it is kept as a row of its own, unless it was only shown.
    Past,
    /// None: nobody asked the reader for that.
    Never,
}

/// A device that takes cards, and what it does or did last.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reader {
    id: ReaderId,
    owner: AccountId,
    location: LocationId,
    device_type: DeviceType,
    label: Option<Box<str>>,
    serial_number: Option<Box<str>>,
    created: Timestamp,
    deleted_at: Option<Timestamp>,
    /// When it was last heard whether it can be reached.
    seen: Option<(Timestamp, ReaderStatus)>,
    /// The number of the last action for which a card is presented.
    last_with_card: u32,
    action: Option<ReaderAction>,
    /// The payment whose card it holds ready to be charged.
    collected: Option<(PaymentId, Money)>,
}

impl Reader {
    pub(crate) fn new((id, owner): (ReaderId, AccountId), command: &NewReader, created: Timestamp) -> Self {
        Self {
            id,
            owner,
            location: command.location,
            device_type: command.device_type,
            label: command.label.as_deref().map(Into::into),
            serial_number: command.serial_number.as_deref().map(Into::into),
            created,
            deleted_at: None,
            seen: None,
            last_with_card: 0,
            action: None,
            collected: None,
        }
    }

    /// Its id.
    pub const fn id(&self) -> ReaderId {
        self.id
    }

    /// The account whose it is: the platform's own, or a connected one.
    pub const fn owner(&self) -> AccountId {
        self.owner
    }

    /// Where it stands.
    pub const fn location(&self) -> LocationId {
        self.location
    }

    /// What device it is.
    pub const fn device_type(&self) -> DeviceType {
        self.device_type
    }

    /// What people call it.
    pub fn label(&self) -> Option<&str> {
        self.label.as_deref()
    }

    /// The number that its maker gave it.
    pub fn serial_number(&self) -> Option<&str> {
        self.serial_number.as_deref()
    }

    /// When it was registered.
    pub const fn created(&self) -> Timestamp {
        self.created
    }

    /// When it was deleted, if it was.
    pub const fn deleted_at(&self) -> Option<Timestamp> {
        self.deleted_at
    }

    /// Whether it can be reached, as far as the world told; nothing for devices that have no status.
    pub fn status(&self) -> Option<ReaderStatus> {
        self.seen.map(|(_, status)| status).filter(|_| self.device_type.works_alone())
    }

    /// What it does, or did last.
    pub const fn action(&self) -> Option<&ReaderAction> {
        self.action.as_ref()
    }

    /// The payment whose card it holds ready to be charged, and the amount that the payer was shown.
    pub const fn collected(&self) -> Option<(PaymentId, Money)> {
        self.collected
    }

    /// Whether it does something and has not told what came of it.
    pub fn is_busy(&self) -> bool {
        self.action.as_ref().is_some_and(ReaderAction::is_in_progress)
    }

    /// What the host was asked to have it do, and it has not told what came of.
    pub(crate) fn asked(&self) -> Option<ReaderInstruction> {
        let action = self.action.as_ref().filter(|action| action.is_in_progress())?;
        let (reader, number) = (self.id, action.number());
        Some(match action.state() {
            super::ReaderActionState::InProgress { cancel_asked: true } => {
                ReaderInstruction::CancelAction { reader, action: number }
            }
            super::ReaderActionState::InProgress { cancel_asked: false }
            | super::ReaderActionState::Succeeded { .. }
            | super::ReaderActionState::Failed { .. }
            | super::ReaderActionState::Canceled { .. } => {
                ReaderInstruction::Act { reader, action: number, what: action.kind().clone() }
            }
        })
    }

    fn is_there(&self) -> Result<(), TerminalError> {
        if self.deleted_at.is_some() { Err(TerminalError::ReaderDeleted(self.id)) } else { Ok(()) }
    }

    /// That it can be asked to do something now.
    // RULE: one thing at a time, and nothing while it is offline (docs.stripe.com/terminal/payments/collect-card-payment, 2025). The
    // page lets a payment for which no card was presented be replaced by another; here it has to be called off first, which is our own
    // choice: nobody here can know what was presented meanwhile.
    pub(crate) fn check_free(&self) -> Result<(), TerminalError> {
        self.is_there()?;
        if self.is_busy() {
            return Err(TerminalError::ReaderBusy(self.id));
        }
        match self.status() {
            Some(ReaderStatus::Offline) => Err(TerminalError::ReaderOffline(self.id)),
            Some(ReaderStatus::Online) | None => Ok(()),
        }
    }

    /// The reader with something to do. A card that it held ready is forgotten where it is to take or charge one.
    pub(crate) fn start(&self, kind: ReaderActionKind, at: Timestamp) -> Self {
        let number = self.action.as_ref().map_or(0, ReaderAction::number).saturating_add(1);
        let (last_with_card, collected) =
            if kind.is_about_a_card() { (number, None) } else { (self.last_with_card, self.collected) };
        Self { last_with_card, action: Some(ReaderAction::new(number, kind, at)), collected, ..self.clone() }
    }

    /// The reader asked to stop.
    pub(crate) fn cancel(&self) -> Result<Self, TerminalError> {
        self.is_there()?;
        if !self.is_busy() {
            return Err(TerminalError::ReaderIdle(self.id));
        }
        match self.action.as_ref().and_then(ReaderAction::cancel) {
            Some(action) => Ok(Self { action: Some(action), ..self.clone() }),
            None => Err(TerminalError::ReaderBusy(self.id)),
        }
    }

    /// Which of its actions has that number.
    pub(crate) fn numbered(&self, number: u32) -> Numbered<'_> {
        match &self.action {
            Some(action) if action.number() == number => Numbered::Last(action),
            Some(action) if (1..action.number()).contains(&number) => Numbered::Past,
            Some(_) | None => Numbered::Never,
        }
    }

    /// What it did last, to be kept once it does something else. What was only shown is forgotten: nothing follows from it.
    pub(crate) fn to_keep(&self) -> Option<&ReaderAction> {
        self.action.as_ref().filter(|action| action.kind().is_told())
    }

    /// The reader after more was told of one of its actions; the action itself is kept here only where it is the last one.
    // INVARIANT: a card that was read stays ready for as long as no other one was asked for, whenever it is told that it was read.
    pub(crate) fn told_of(&self, action: ReaderAction) -> Self {
        let mut next = self.clone();
        let was_read = action.status() == super::ReaderActionStatus::Succeeded;
        if let ReaderActionKind::CollectPaymentMethod { payment, amount } = *action.kind()
            && was_read
            && action.number() == self.last_with_card
        {
            next.collected = Some((payment, amount));
        }
        if let Numbered::Last(_) = self.numbered(action.number()) {
            next.action = Some(action);
        }
        next
    }

    /// The reader after it was told whether it can be reached; nothing where that is known, or something newer.
    // INVARIANT: the latest report holds, so that the order of delivery is no matter.
    pub(crate) fn seen(&self, at: Timestamp, status: ReaderStatus) -> Option<Self> {
        let told = Some((at, status));
        (self.seen < told).then(|| Self { seen: told, ..self.clone() })
    }

    pub(crate) fn relabeled(&self, label: &str) -> Result<Self, TerminalError> {
        check_text("label", label)?;
        self.is_there()?;
        Ok(Self { label: Some(label.into()), ..self.clone() })
    }

    // What a deleted reader was about to do nobody would hear of.
    pub(crate) fn deleted(&self, at: Timestamp) -> Result<Self, TerminalError> {
        self.is_there()?;
        if self.is_busy() {
            return Err(TerminalError::ReaderBusy(self.id));
        }
        Ok(Self { deleted_at: Some(at), ..self.clone() })
    }
}
