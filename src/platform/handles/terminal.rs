use super::{ActingAs, ConnectionTokens, Locations, Readers, pick};
use crate::calendar::Timestamp;
use crate::ids::{ConnectionTokenId, LocationId, PaymentId, ReaderId};
use crate::journal::{Fact, FactOutcome};
use crate::payments::{ChargeFailure, NewRefund, PaymentCard};
use crate::platform::{Command, Decided, Error, Platform};
use crate::terminal::{
    CancelReaderAction, Cart, NewConnectionToken, NewLocation, NewReader, ReaderActionCanceled, ReaderActionFailed,
    ReaderActionSucceeded, ReaderActionUpdated, ReaderCardSaved, ReaderSeen, ReaderStatus, ReaderTask, SavedCard,
    StartReaderAction, TerminalCommand, TerminalFact, UpdateLocation, UpdateReader,
};

impl Platform {
    /// Lets programs at tills connect to the platform's own readers.
    pub const fn connection_tokens(&mut self) -> ConnectionTokens<'_> {
        ConnectionTokens(self.caller())
    }

    /// Names places of the platform's own, where readers take destination charges and separate ones.
    pub const fn locations(&mut self) -> Locations<'_> {
        Locations(self.caller())
    }

    /// Has the platform's own readers take payments, and records what the world tells of all readers.
    pub const fn readers(&mut self) -> Readers<'_> {
        Readers(self.caller())
    }
}

impl ActingAs<'_> {
    /// Lets programs at tills connect to the account's readers.
    pub const fn connection_tokens(&mut self) -> ConnectionTokens<'_> {
        ConnectionTokens(self.caller())
    }

    /// Names places of the account, where readers take direct charges.
    pub const fn locations(&mut self) -> Locations<'_> {
        Locations(self.caller())
    }

    /// Has the account's readers take direct charges.
    pub const fn readers(&mut self) -> Readers<'_> {
        Readers(self.caller())
    }
}

impl ConnectionTokens<'_> {
    /// Hands a token out.
    ///
    /// # Errors
    /// [`TerminalError`](crate::terminal::TerminalError) where the place it is for was deleted or is another account's.
    pub fn create(&mut self, key: &str, token: NewConnectionToken) -> Result<Decided<ConnectionTokenId>, Error> {
        let command = Command::Terminal(TerminalCommand::CreateConnectionToken(token));
        self.0.run(key, command, pick!(ConnectionToken))
    }
}

impl Locations<'_> {
    fn run(&mut self, key: &str, command: TerminalCommand) -> Result<Decided<LocationId>, Error> {
        self.0.run(key, Command::Terminal(command), pick!(Location))
    }

    /// Names a place where readers take payments.
    ///
    /// # Errors
    /// [`TerminalError`](crate::terminal::TerminalError) for a country without readers, or an address that lacks something there.
    pub fn create(&mut self, key: &str, location: NewLocation) -> Result<Decided<LocationId>, Error> {
        self.run(key, TerminalCommand::CreateLocation(location))
    }

    /// Changes what a place is called, or its address within the country.
    ///
    /// # Errors
    /// As [`create`](Self::create), and [`TerminalError`](crate::terminal::TerminalError) for another country.
    pub fn update(&mut self, key: &str, update: UpdateLocation) -> Result<Decided<LocationId>, Error> {
        self.run(key, TerminalCommand::UpdateLocation(update))
    }

    /// Removes a place. Readers that stand there take no more payments.
    ///
    /// # Errors
    /// [`TerminalError`](crate::terminal::TerminalError) where it was removed before or is another account's.
    pub fn delete(&mut self, key: &str, location: LocationId) -> Result<Decided<LocationId>, Error> {
        self.run(key, TerminalCommand::DeleteLocation(location))
    }
}

/// Registering.
impl Readers<'_> {
    fn run(&mut self, key: &str, command: TerminalCommand) -> Result<Decided<ReaderId>, Error> {
        self.0.run(key, Command::Terminal(command), pick!(Reader))
    }

    /// Registers a reader at a place of the same owner.
    ///
    /// # Errors
    /// [`TerminalError`](crate::terminal::TerminalError) where the place was deleted or is another account's, and for a simulated
    /// reader in live mode.
    pub fn register(&mut self, key: &str, reader: NewReader) -> Result<Decided<ReaderId>, Error> {
        self.run(key, TerminalCommand::RegisterReader(reader))
    }

    /// Calls a reader by another name. To move it to another place it is deleted and registered there.
    ///
    /// # Errors
    /// [`TerminalError`](crate::terminal::TerminalError).
    pub fn update(&mut self, key: &str, reader: ReaderId, label: &str) -> Result<Decided<ReaderId>, Error> {
        self.run(key, TerminalCommand::UpdateReader(UpdateReader { reader, label: label.to_owned() }))
    }

    /// Removes a reader that has nothing to do.
    ///
    /// # Errors
    /// [`TerminalError`](crate::terminal::TerminalError).
    pub fn delete(&mut self, key: &str, reader: ReaderId) -> Result<Decided<ReaderId>, Error> {
        self.run(key, TerminalCommand::DeleteReader(reader))
    }
}

/// Having them do something. Until the world tells what came of it the reader takes nothing else, and no other reader takes the payment.
impl Readers<'_> {
    /// Has a reader do something.
    ///
    /// # Errors
    /// [`TerminalError`](crate::terminal::TerminalError), and for payments and refunds what
    /// [`Payments::create`](super::Payments::create) and [`Refunds::create`](super::Refunds::create) tell.
    pub fn start(&mut self, key: &str, reader: ReaderId, task: ReaderTask) -> Result<Decided<ReaderId>, Error> {
        self.run(key, TerminalCommand::StartReaderAction(StartReaderAction { reader, task }))
    }

    /// Has a card presented for a payment, and charged: the payment's attempt is made now.
    ///
    /// # Errors
    /// As [`start`](Self::start).
    pub fn process_payment_intent(
        &mut self,
        key: &str,
        reader: ReaderId,
        payment: PaymentId,
    ) -> Result<Decided<ReaderId>, Error> {
        self.start(key, reader, ReaderTask::ProcessPaymentIntent(payment))
    }

    /// Has a card presented for a payment, and not charged yet.
    ///
    /// # Errors
    /// As [`start`](Self::start).
    pub fn collect_payment_method(
        &mut self,
        key: &str,
        reader: ReaderId,
        payment: PaymentId,
    ) -> Result<Decided<ReaderId>, Error> {
        self.start(key, reader, ReaderTask::CollectPaymentMethod(payment))
    }

    /// Has a card presented, and saved for later without charging it. The host keeps its setup itself, names it here, and learns with
    /// [`record_card_saved`](Self::record_card_saved) under which token the card can be charged online.
    ///
    /// # Errors
    /// As [`start`](Self::start).
    ///
    /// ```
    /// use fundroute::payments::PaymentCard;
    /// use fundroute::prelude::*;
    /// use fundroute::rulebook::CardBrand;
    /// use fundroute::terminal::{Address, DeviceType, NewLocation, NewReader, SavedCard};
    ///
    /// let now = utc(2026, 11, 2);
    /// let mut platform = Platform::new(NewPlatform::in_country(US), Rulebook::standard(), now)?;
    /// let market = Address::new(US, "1 Market Street", "94105").city("San Francisco").state("CA");
    /// let market = platform.locations().create("market", NewLocation::new("Market", market))?.answer;
    /// let reader = NewReader::new(market, DeviceType::SimulatedStripeS700);
    /// let reader = platform.readers().register("reader", reader)?.answer;
    ///
    /// platform.readers().process_setup_intent("season", reader, "season-ticket-7")?;
    /// let saved = SavedCard::under("pm_generated_7").card(PaymentCard::of(CardBrand::Visa));
    /// platform.readers().record_card_saved("evt_1", now, (reader, 1), saved)?;
    /// let action = platform.reader_action(reader, 1)?;
    /// assert_eq!(action.kind().setup_intent(), Some("season-ticket-7"));
    /// let token = action.saved_card().map(|card| card.token.clone()).unwrap_or_default();
    /// // Later, without the payer: a payment online by the saved card.
    /// platform.payments().create("november", NewPayment::card(usd(10_00)).token(token))?;
    /// assert_eq!(platform.entry_count(), 0, "nothing was charged at the reader");
    /// # Ok::<(), Error>(())
    /// ```
    pub fn process_setup_intent(
        &mut self,
        key: &str,
        reader: ReaderId,
        setup_intent: &str,
    ) -> Result<Decided<ReaderId>, Error> {
        self.start(key, reader, ReaderTask::ProcessSetupIntent(setup_intent.to_owned()))
    }

    /// Has the card charged that was presented before: the payment's attempt is made now.
    ///
    /// # Errors
    /// As [`start`](Self::start).
    pub fn confirm_payment_intent(
        &mut self,
        key: &str,
        reader: ReaderId,
        payment: PaymentId,
    ) -> Result<Decided<ReaderId>, Error> {
        self.start(key, reader, ReaderTask::ConfirmPaymentIntent(payment))
    }

    /// Has the card presented again that paid, and money given back to it. Nothing is booked before the world tells that it was.
    ///
    /// # Errors
    /// As [`start`](Self::start).
    pub fn refund_payment(
        &mut self,
        key: &str,
        reader: ReaderId,
        refund: NewRefund,
    ) -> Result<Decided<ReaderId>, Error> {
        self.start(key, reader, ReaderTask::RefundPayment(refund))
    }

    /// Shows what is about to be paid.
    ///
    /// # Errors
    /// As [`start`](Self::start).
    pub fn set_reader_display(&mut self, key: &str, reader: ReaderId, cart: Cart) -> Result<Decided<ReaderId>, Error> {
        self.start(key, reader, ReaderTask::SetReaderDisplay(cart))
    }

    /// Asks a reader to stop. It has stopped once the world tells; until then it may still do what it was to do.
    ///
    /// # Errors
    /// [`TerminalError`](crate::terminal::TerminalError) where it does nothing, or a card was presented that may be charged.
    pub fn cancel_action(&mut self, key: &str, reader: ReaderId) -> Result<Decided<ReaderId>, Error> {
        self.run(key, TerminalCommand::CancelReaderAction(CancelReaderAction { reader }))
    }
}

/// What the world tells.
impl Readers<'_> {
    fn tell(&mut self, id: &str, at: Timestamp, fact: TerminalFact) -> Result<Decided<FactOutcome>, Error> {
        self.0.record(id, at, Fact::Terminal(fact))
    }

    /// Records that a reader has done what it was to do. What became of money is recorded of the charge or the refund.
    ///
    /// # Errors
    /// [`Error::NotFound`], [`Error::FactAheadOfClock`].
    pub fn record_action_succeeded(
        &mut self,
        id: &str,
        at: Timestamp,
        (reader, action): (ReaderId, u32),
    ) -> Result<Decided<FactOutcome>, Error> {
        self.tell(id, at, TerminalFact::ActionSucceeded(ReaderActionSucceeded { reader, action }))
    }

    /// Records that a reader has not done what it was to do. The attempt has come to nothing with that, unless the failure leaves it
    /// open.
    ///
    /// # Errors
    /// [`Error::NotFound`], [`Error::FactAheadOfClock`].
    pub fn record_action_failed(
        &mut self,
        id: &str,
        at: Timestamp,
        (reader, action): (ReaderId, u32),
        failure: impl Into<ChargeFailure>,
    ) -> Result<Decided<FactOutcome>, Error> {
        let failed = ReaderActionFailed { reader, action, failure: failure.into(), message: None };
        self.tell(id, at, TerminalFact::ActionFailed(failed))
    }

    /// Records that a reader has stopped without having done what it was to do.
    ///
    /// # Errors
    /// [`Error::NotFound`], [`Error::FactAheadOfClock`].
    pub fn record_action_canceled(
        &mut self,
        id: &str,
        at: Timestamp,
        (reader, action): (ReaderId, u32),
    ) -> Result<Decided<FactOutcome>, Error> {
        self.tell(id, at, TerminalFact::ActionCanceled(ReaderActionCanceled { reader, action }))
    }

    /// Records that a card was presented to a reader.
    ///
    /// # Errors
    /// [`Error::NotFound`], [`Error::FactAheadOfClock`].
    pub fn record_action_updated(
        &mut self,
        id: &str,
        at: Timestamp,
        (reader, action): (ReaderId, u32),
        card: PaymentCard,
    ) -> Result<Decided<FactOutcome>, Error> {
        self.tell(id, at, TerminalFact::ActionUpdated(ReaderActionUpdated { reader, action, card }))
    }

    /// Records that a reader has saved a card for later, and under which token it can be charged online.
    ///
    /// # Errors
    /// [`Error::NotFound`], [`Error::FactAheadOfClock`].
    pub fn record_card_saved(
        &mut self,
        id: &str,
        at: Timestamp,
        (reader, action): (ReaderId, u32),
        saved: SavedCard,
    ) -> Result<Decided<FactOutcome>, Error> {
        self.tell(id, at, TerminalFact::CardSaved(ReaderCardSaved { reader, action, saved }))
    }

    /// Records that a reader came online, or went offline.
    ///
    /// # Errors
    /// [`Error::NotFound`], [`Error::FactAheadOfClock`].
    pub fn record_seen(
        &mut self,
        id: &str,
        at: Timestamp,
        reader: ReaderId,
        status: ReaderStatus,
    ) -> Result<Decided<FactOutcome>, Error> {
        self.tell(id, at, TerminalFact::Seen(ReaderSeen { reader, status }))
    }
}
