use serde::{Deserialize, Serialize};

use super::location::check_text;
use super::{SavedCard, TerminalError};
use crate::calendar::Timestamp;
use crate::ids::{ChargeId, PaymentId, ReaderId, RefundId};
use crate::money::Money;
use crate::payments::{Capture, ChargeFailure, NewRefund, PaymentCard};
use crate::rulebook::PaymentMethod;
use crate::wire::wire;

/// The most lines that are shown; the field publishes no limit of its own.
const MOST_LINES: usize = 50;

/// What a buyer is about to pay for, to be shown on a reader.
///
/// ```
/// use fundroute::money::usd;
/// use fundroute::terminal::Cart;
///
/// let cart = Cart::of(usd(12_80)).line("Honey, 500 g", usd(6_40), 2);
/// assert_eq!(cart.lines.len(), 1);
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cart {
    /// What is bought.
    pub lines: Vec<CartLine>,
    /// The tax in the total, if it is shown.
    pub tax: Option<Money>,
    /// What is to be paid in all. It is shown as it is, whatever the lines add up to.
    pub total: Money,
}

/// One line of a cart.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CartLine {
    /// What it is.
    pub description: String,
    /// What one of it costs.
    pub amount: Money,
    /// How many.
    pub quantity: u32,
}

impl Cart {
    /// A cart without lines yet.
    pub const fn of(total: Money) -> Self {
        Self { lines: Vec::new(), tax: None, total }
    }

    /// The same cart with one more line.
    #[must_use]
    pub fn line(mut self, description: impl Into<String>, amount: Money, quantity: u32) -> Self {
        self.lines.push(CartLine { description: description.into(), amount, quantity });
        self
    }

    /// The same cart, showing the tax in it.
    #[must_use]
    pub const fn tax(mut self, tax: Money) -> Self {
        self.tax = Some(tax);
        self
    }

    fn check(&self) -> Result<(), TerminalError> {
        let amounts = self.lines.iter().map(|line| line.amount).chain(self.tax);
        let one_currency = amounts.into_iter().all(|amount| amount.currency() == self.total.currency());
        if self.lines.is_empty() || self.lines.len() > MOST_LINES || !one_currency {
            return Err(TerminalError::CartInvalid { most: MOST_LINES });
        }
        self.lines.iter().try_for_each(|line| check_text("description", &line.description))
    }
}

/// What a reader is wanted to do.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub enum ReaderTask {
    /// Ask the payer something; the host calls the form by this name, and reads the answers itself.
    CollectInputs(String),
    /// Have a card presented for a payment, and let somebody look at it before it is charged.
    CollectPaymentMethod(PaymentId),
    /// Charge the card that was presented.
    ConfirmPaymentIntent(PaymentId),
    /// Print what the host calls by this name.
    PrintContent(String),
    /// Have a card presented, and charge it.
    ProcessPaymentIntent(PaymentId),
    /// Have a card presented, and save it for later without charging it; the host calls its setup by this name, and keeps it.
    ProcessSetupIntent(String),
    /// Have the card presented that paid, and give money back to it.
    RefundPayment(NewRefund),
    /// Show what is about to be paid.
    SetReaderDisplay(Cart),
}

impl ReaderTask {
    /// The payment that it is about.
    pub(crate) const fn payment(&self) -> Option<PaymentId> {
        match self {
            Self::CollectPaymentMethod(payment)
            | Self::ConfirmPaymentIntent(payment)
            | Self::ProcessPaymentIntent(payment) => Some(*payment),
            Self::RefundPayment(refund) => Some(refund.payment),
            Self::CollectInputs(_)
            | Self::PrintContent(_)
            | Self::ProcessSetupIntent(_)
            | Self::SetReaderDisplay(_) => None,
        }
    }

    /// That what is to be shown, asked or printed can be.
    pub(crate) fn check(&self) -> Result<(), TerminalError> {
        match self {
            Self::CollectInputs(name) => check_text("inputs", name),
            Self::PrintContent(name) => check_text("content", name),
            Self::ProcessSetupIntent(name) => check_text("setup_intent", name),
            Self::SetReaderDisplay(cart) => cart.check(),
            Self::CollectPaymentMethod(_)
            | Self::ConfirmPaymentIntent(_)
            | Self::ProcessPaymentIntent(_)
            | Self::RefundPayment(_) => Ok(()),
        }
    }
}

/// A command: have a reader do something.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct StartReaderAction {
    /// The reader.
    pub reader: ReaderId,
    /// What it is to do.
    pub task: ReaderTask,
}

/// A command: have a reader stop what it does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CancelReaderAction {
    /// The reader.
    pub reader: ReaderId,
}

/// What a reader does, with what the device needs to know for it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum ReaderActionKind {
    /// `collect_inputs`
    CollectInputs {
        /// The host's name for the form.
        inputs: Box<str>,
    },
    /// `collect_payment_method`
    CollectPaymentMethod {
        /// The payment.
        payment: PaymentId,
        /// What it is to bring.
        amount: Money,
    },
    /// `confirm_payment_intent`
    ConfirmPaymentIntent {
        /// The attempt.
        charge: ChargeId,
        /// How much.
        amount: Money,
        /// How.
        method: PaymentMethod,
        /// Whether the money is taken at once, or held ready, and how.
        capture: Capture,
    },
    /// `print_content`
    PrintContent {
        /// The host's name for what is printed.
        content: Box<str>,
    },
    /// `process_payment_intent`
    ProcessPaymentIntent {
        /// The attempt.
        charge: ChargeId,
        /// How much.
        amount: Money,
        /// How.
        method: PaymentMethod,
        /// Whether the money is taken at once, or held ready, and how.
        capture: Capture,
    },
    /// `process_setup_intent`
    ProcessSetupIntent {
        /// The host's name for its setup.
        setup_intent: Box<str>,
    },
    /// `refund_payment`
    RefundPayment {
        /// The refund.
        refund: RefundId,
        /// The charge that it gives back.
        charge: ChargeId,
        /// How much.
        amount: Money,
    },
    /// `set_reader_display`
    SetReaderDisplay {
        /// What is shown.
        cart: Cart,
    },
}

impl ReaderActionKind {
    /// The kind's name on the wire.
    // RULE: docs.stripe.com/api/terminal/readers/object (2026).
    pub const fn as_str(&self) -> &'static str {
        match self {
            Self::CollectInputs { .. } => "collect_inputs",
            Self::CollectPaymentMethod { .. } => "collect_payment_method",
            Self::ConfirmPaymentIntent { .. } => "confirm_payment_intent",
            Self::PrintContent { .. } => "print_content",
            Self::ProcessPaymentIntent { .. } => "process_payment_intent",
            Self::ProcessSetupIntent { .. } => "process_setup_intent",
            Self::RefundPayment { .. } => "refund_payment",
            Self::SetReaderDisplay { .. } => "set_reader_display",
        }
    }

    /// The payment that it is about.
    pub const fn payment(&self) -> Option<PaymentId> {
        match self {
            Self::CollectPaymentMethod { payment, .. } => Some(*payment),
            Self::ConfirmPaymentIntent { charge, .. }
            | Self::ProcessPaymentIntent { charge, .. }
            | Self::RefundPayment { charge, .. } => Some(PaymentId::of(charge.family(), 0)),
            Self::CollectInputs { .. }
            | Self::PrintContent { .. }
            | Self::ProcessSetupIntent { .. }
            | Self::SetReaderDisplay { .. } => None,
        }
    }

    /// The attempt that it makes.
    pub const fn charge(&self) -> Option<ChargeId> {
        match self {
            Self::ConfirmPaymentIntent { charge, .. } | Self::ProcessPaymentIntent { charge, .. } => Some(*charge),
            Self::CollectInputs { .. }
            | Self::CollectPaymentMethod { .. }
            | Self::PrintContent { .. }
            | Self::ProcessSetupIntent { .. }
            | Self::RefundPayment { .. }
            | Self::SetReaderDisplay { .. } => None,
        }
    }

    /// The refund that it gives.
    pub const fn refund(&self) -> Option<RefundId> {
        match self {
            Self::RefundPayment { refund, .. } => Some(*refund),
            Self::CollectInputs { .. }
            | Self::CollectPaymentMethod { .. }
            | Self::ConfirmPaymentIntent { .. }
            | Self::PrintContent { .. }
            | Self::ProcessPaymentIntent { .. }
            | Self::ProcessSetupIntent { .. }
            | Self::SetReaderDisplay { .. } => None,
        }
    }

    /// The host's name for the setup for which it saves a card.
    pub const fn setup_intent(&self) -> Option<&str> {
        match self {
            Self::ProcessSetupIntent { setup_intent } => Some(setup_intent),
            Self::CollectInputs { .. }
            | Self::CollectPaymentMethod { .. }
            | Self::ConfirmPaymentIntent { .. }
            | Self::PrintContent { .. }
            | Self::ProcessPaymentIntent { .. }
            | Self::RefundPayment { .. }
            | Self::SetReaderDisplay { .. } => None,
        }
    }

    /// Whether a card is presented for it, or one that was.
    pub(crate) const fn is_about_a_card(&self) -> bool {
        self.payment().is_some() || self.setup_intent().is_some()
    }

    /// Whether anybody is told what came of it, and it is kept once the reader does something else.
    // RULE: events are sent for what is done with payments (docs.stripe.com/terminal/payments/collect-card-payment, 2025); that what is
    // only shown needs none is our own reading.
    pub(crate) const fn is_told(&self) -> bool {
        !matches!(self, Self::SetReaderDisplay { .. })
    }
}

wire! {
    /// The names of an action's states.
    // RULE: docs.stripe.com/api/terminal/readers/object (2026). The field shows no action where one was canceled; that state has a name
    // of our own.
    ReaderActionStatus:
    "in_progress" InProgress "The reader has not told what came of it.",
    "succeeded" Succeeded "Done.",
    "failed" Failed "Not done.",
    "canceled" Canceled "Called off.",
}

/// How far an action has got.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum ReaderActionState {
    /// The reader has not told what came of it.
    InProgress {
        /// Whether it was asked to stop, and may have.
        cancel_asked: bool,
    },
    /// Done.
    Succeeded {
        /// When.
        at: Timestamp,
    },
    /// Not done.
    Failed {
        /// When.
        at: Timestamp,
        /// Why.
        failure: ChargeFailure,
        /// What the reader says about it.
        message: Option<Box<str>>,
    },
    /// Called off.
    Canceled {
        /// When.
        at: Timestamp,
    },
}

/// How an action ended, as the world tells.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum ActionEnd {
    Succeeded,
    Failed(ChargeFailure, Option<Box<str>>),
    Canceled,
}

impl ActionEnd {
    /// Why nothing came of the attempt that the action was to make; nothing where that is not said.
    pub(crate) const fn failure(&self) -> Option<ChargeFailure> {
        match self {
            Self::Failed(ChargeFailure::Reader(reader), _) if reader.leaves_open() => None,
            Self::Failed(failure, _) => Some(*failure),
            Self::Canceled => Some(ChargeFailure::Reader(crate::payments::ReaderFailure::ActionCanceled)),
            Self::Succeeded => None,
        }
    }
}

/// What a reader does, or did last.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReaderAction {
    number: u32,
    kind: ReaderActionKind,
    asked_at: Timestamp,
    presented: Option<(Timestamp, PaymentCard)>,
    state: ReaderActionState,
    /// What a card was saved as, and when.
    saved: Option<Box<(Timestamp, SavedCard)>>,
}

impl ReaderAction {
    pub(super) const fn new(number: u32, kind: ReaderActionKind, asked_at: Timestamp) -> Self {
        let state = ReaderActionState::InProgress { cancel_asked: false };
        Self { number, kind, asked_at, presented: None, state, saved: None }
    }

    /// Which of the reader's actions it is: 1 for the first.
    pub const fn number(&self) -> u32 {
        self.number
    }

    /// What the reader does.
    pub const fn kind(&self) -> &ReaderActionKind {
        &self.kind
    }

    /// When it was asked to.
    pub const fn asked_at(&self) -> Timestamp {
        self.asked_at
    }

    /// The card that was presented for it, if the world told.
    pub fn card(&self) -> Option<&PaymentCard> {
        self.presented.as_ref().map(|(_, card)| card)
    }

    /// The card that it has saved for later, as far as the world told.
    pub fn saved_card(&self) -> Option<&SavedCard> {
        self.saved.as_deref().map(|(_, card)| card)
    }

    /// How far it has got.
    pub const fn state(&self) -> &ReaderActionState {
        &self.state
    }

    /// The name of its state.
    pub const fn status(&self) -> ReaderActionStatus {
        match self.state {
            ReaderActionState::InProgress { .. } => ReaderActionStatus::InProgress,
            ReaderActionState::Succeeded { .. } => ReaderActionStatus::Succeeded,
            ReaderActionState::Failed { .. } => ReaderActionStatus::Failed,
            ReaderActionState::Canceled { .. } => ReaderActionStatus::Canceled,
        }
    }

    /// Whether the reader has not told what came of it.
    pub const fn is_in_progress(&self) -> bool {
        matches!(self.state, ReaderActionState::InProgress { .. })
    }

    /// Why it failed, in the field's words.
    pub const fn failure_code(&self) -> Option<&'static str> {
        match &self.state {
            ReaderActionState::Failed { failure, .. } => Some(failure.code()),
            ReaderActionState::InProgress { .. }
            | ReaderActionState::Succeeded { .. }
            | ReaderActionState::Canceled { .. } => None,
        }
    }

    /// What the reader said about its failure, for people.
    pub fn failure_message(&self) -> Option<&str> {
        said(&self.state).2
    }

    /// The action with the reader asked to stop; nothing where there is nothing to stop, or a card was presented and may be charged.
    // RULE: an action is not called off in the middle of an authorization (docs.stripe.com/terminal/payments/collect-card-payment, 2025).
    // That the bank is asked about a card that is saved as well, is our own reading.
    pub(super) fn cancel(&self) -> Option<Self> {
        let kind = &self.kind;
        let asks_the_bank = kind.charge().is_some() || kind.refund().is_some() || kind.setup_intent().is_some();
        if !self.is_in_progress() || (asks_the_bank && self.presented.is_some()) {
            return None;
        }
        Some(Self { state: ReaderActionState::InProgress { cancel_asked: true }, ..self.clone() })
    }

    /// The action after a card was presented; nothing where that is known.
    // INVARIANT: of several reports the earliest is kept, so that the order of delivery is no matter.
    pub(crate) fn presented(&self, at: Timestamp, card: PaymentCard) -> Option<Self> {
        let told = (at.max(self.asked_at), card);
        let is_news = self.presented.is_none_or(|known| told < known);
        is_news.then(|| Self { presented: Some(told), ..self.clone() })
    }

    /// The action after it was told as what it has saved a card; nothing where that is known.
    // INVARIANT: of several reports the earliest is kept, so that the order of delivery is no matter.
    pub(crate) fn saved_as(&self, at: Timestamp, card: &SavedCard) -> Option<Self> {
        let told = (at.max(self.asked_at), card.clone());
        let is_news = self.saved.as_deref().is_none_or(|known| told < *known);
        is_news.then(|| Self { saved: Some(Box::new(told)), ..self.clone() })
    }

    /// The action after it was told how it ended; nothing where that changes nothing.
    // INVARIANT: of contradicting reports success holds over failure, and both over that it was called off; of several of one kind the
    // earliest. So the order of delivery is no matter.
    pub(crate) fn ended(&self, at: Timestamp, end: &ActionEnd) -> Option<Self> {
        let at = at.max(self.asked_at);
        let next = match end {
            ActionEnd::Succeeded => ReaderActionState::Succeeded { at },
            ActionEnd::Failed(failure, message) => {
                ReaderActionState::Failed { at, failure: *failure, message: message.clone() }
            }
            ActionEnd::Canceled => ReaderActionState::Canceled { at },
        };
        let (is_above, is_equal) = (rank(&next) > rank(&self.state), rank(&next) == rank(&self.state));
        let is_news = is_above || (is_equal && said(&next) < said(&self.state));
        is_news.then(|| Self { state: next, ..self.clone() })
    }
}

/// Which of contradicting reports holds.
const fn rank(state: &ReaderActionState) -> u8 {
    match state {
        ReaderActionState::InProgress { .. } => 0,
        ReaderActionState::Canceled { .. } => 1,
        ReaderActionState::Failed { .. } => 2,
        ReaderActionState::Succeeded { .. } => 3,
    }
}

/// What was reported, the earliest first.
fn said(state: &ReaderActionState) -> (Option<Timestamp>, Option<ChargeFailure>, Option<&str>) {
    match state {
        ReaderActionState::InProgress { .. } => (None, None, None),
        ReaderActionState::Succeeded { at } | ReaderActionState::Canceled { at } => (Some(*at), None, None),
        ReaderActionState::Failed { at, failure, message } => (Some(*at), Some(*failure), message.as_deref()),
    }
}
