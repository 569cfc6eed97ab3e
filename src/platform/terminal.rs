//! Places, readers, and what readers are asked to do.

use super::payments::needs;
use super::refunds::Refundable;
use super::terminal_news::past_action_id;
use super::transaction::Seen;
use super::{Error, Transaction};
use crate::accounts::Account;
use crate::ids::{AccountId, ConnectionTokenId, LocationId, PaymentId, ReaderId, RefundId};
use crate::journal::{Answer, Instruction, Key};
use crate::money::Money;
use crate::payments::{Flow, NewRefund, PaymentError, PaymentEvent, PaymentIntent, PaymentState, Refund};
use crate::rulebook::{Capability, MethodTerm, PaymentMethod};
use crate::terminal::{
    CancelReaderAction, ConnectionToken, Location, NewConnectionToken, NewLocation, NewReader, PastAction, Reader,
    ReaderActionKind, ReaderTask, StartReaderAction, TerminalCommand, TerminalError, UpdateLocation, UpdateReader,
};

impl<'a> Transaction<'a> {
    pub(super) fn execute_terminal(
        &mut self,
        on: Option<AccountId>,
        command: &TerminalCommand,
    ) -> Result<Answer, Error> {
        match command {
            TerminalCommand::CancelReaderAction(command) => self.cancel_reader_action(on, *command).map(Answer::Reader),
            TerminalCommand::CreateConnectionToken(command) => {
                self.create_connection_token(on, *command).map(Answer::ConnectionToken)
            }
            TerminalCommand::CreateLocation(command) => self.create_location(on, command).map(Answer::Location),
            TerminalCommand::DeleteLocation(location) => self.delete_location(on, *location).map(Answer::Location),
            TerminalCommand::DeleteReader(reader) => self.delete_reader(on, *reader).map(Answer::Reader),
            TerminalCommand::RegisterReader(command) => self.register_reader(on, command).map(Answer::Reader),
            TerminalCommand::StartReaderAction(command) => self.start_reader_action(on, command).map(Answer::Reader),
            TerminalCommand::UpdateLocation(command) => self.update_location(on, command).map(Answer::Location),
            TerminalCommand::UpdateReader(command) => self.update_reader(on, command).map(Answer::Reader),
        }
    }

    /// A place of the account acted for.
    fn own_location(&mut self, on: Option<AccountId>, id: LocationId) -> Result<Seen<'a, Location>, Error> {
        let location = self.get::<Location>(id)?;
        if location.owner() == on.unwrap_or(self.platform) {
            Ok(location)
        } else {
            Err(TerminalError::LocationNotOnAccount(id).into())
        }
    }

    /// A reader of the account acted for.
    fn own_reader(&mut self, on: Option<AccountId>, id: ReaderId) -> Result<Seen<'a, Reader>, Error> {
        let reader = self.get::<Reader>(id)?;
        if reader.owner() == on.unwrap_or(self.platform) {
            Ok(reader)
        } else {
            Err(TerminalError::ReaderNotOnAccount(id).into())
        }
    }

    fn create_location(&mut self, on: Option<AccountId>, command: &NewLocation) -> Result<LocationId, Error> {
        let id = LocationId::of(self.new_family(None)?, 0);
        let owner = on.unwrap_or(self.platform);
        self.put(Location::new((id, owner), command, self.rulebook, self.now)?);
        Ok(id)
    }

    fn update_location(&mut self, on: Option<AccountId>, command: &UpdateLocation) -> Result<LocationId, Error> {
        let next = self.own_location(on, command.location)?.updated(command, self.rulebook)?;
        self.put(next);
        Ok(command.location)
    }

    fn delete_location(&mut self, on: Option<AccountId>, id: LocationId) -> Result<LocationId, Error> {
        let next = self.own_location(on, id)?.deleted(self.now)?;
        self.put(next);
        Ok(id)
    }

    fn create_connection_token(
        &mut self,
        on: Option<AccountId>,
        command: NewConnectionToken,
    ) -> Result<ConnectionTokenId, Error> {
        if let Some(location) = command.location
            && self.own_location(on, location)?.deleted_at().is_some()
        {
            return Err(TerminalError::LocationDeleted(location).into());
        }
        let id = ConnectionTokenId::of(self.new_family(None)?, 0);
        self.put(ConnectionToken::new(id, on.unwrap_or(self.platform), command, self.now));
        Ok(id)
    }

    fn register_reader(&mut self, on: Option<AccountId>, command: &NewReader) -> Result<ReaderId, Error> {
        command.check(self.livemode)?;
        let location = self.own_location(on, command.location)?;
        if location.deleted_at().is_some() {
            return Err(TerminalError::InvalidLocationForActivation(command.location).into());
        }
        let id = ReaderId::of(self.new_family(None)?, 0);
        self.put(Reader::new((id, location.owner()), command, self.now));
        Ok(id)
    }

    fn update_reader(&mut self, on: Option<AccountId>, command: &UpdateReader) -> Result<ReaderId, Error> {
        let next = self.own_reader(on, command.reader)?.relabeled(&command.label)?;
        self.put(next);
        Ok(command.reader)
    }

    fn delete_reader(&mut self, on: Option<AccountId>, id: ReaderId) -> Result<ReaderId, Error> {
        let next = self.own_reader(on, id)?.deleted(self.now)?;
        self.put(next);
        Ok(id)
    }

    fn cancel_reader_action(&mut self, on: Option<AccountId>, command: CancelReaderAction) -> Result<ReaderId, Error> {
        let next = self.own_reader(on, command.reader)?.cancel()?;
        self.ask_reader(next);
        Ok(command.reader)
    }

    fn ask_reader(&mut self, reader: Reader) {
        if let Some(instruction) = reader.asked() {
            self.instruct(Instruction::Reader(instruction));
        }
        self.put(reader);
    }

    fn start_reader_action(&mut self, on: Option<AccountId>, command: &StartReaderAction) -> Result<ReaderId, Error> {
        command.task.check()?;
        let reader = self.own_reader(on, command.reader)?;
        self.want(&[Key::Family(reader.location().family())])?;
        if let Some(payment) = command.task.payment() {
            self.check_same_owner(&reader, payment)?;
        }
        reader.check_free()?;
        let kind = match &command.task {
            ReaderTask::CollectInputs(inputs) => ReaderActionKind::CollectInputs { inputs: inputs.as_str().into() },
            ReaderTask::CollectPaymentMethod(payment) => self.collect(&reader, *payment)?,
            ReaderTask::ConfirmPaymentIntent(payment) => {
                // What the payer held the card for is what is charged.
                let amount = self.get::<PaymentIntent>(*payment)?.amount();
                if reader.collected() != Some((*payment, amount)) {
                    return Err(TerminalError::NotCollected { reader: reader.id(), payment: *payment }.into());
                }
                let (charge, amount, method, capture) = self.attempt_at(&reader, *payment)?;
                ReaderActionKind::ConfirmPaymentIntent { charge, amount, method, capture }
            }
            ReaderTask::PrintContent(content) => ReaderActionKind::PrintContent { content: content.as_str().into() },
            ReaderTask::ProcessPaymentIntent(payment) => {
                let (charge, amount, method, capture) = self.attempt_at(&reader, *payment)?;
                ReaderActionKind::ProcessPaymentIntent { charge, amount, method, capture }
            }
            ReaderTask::ProcessSetupIntent(setup_intent) => self.save_at(&reader, setup_intent)?,
            ReaderTask::RefundPayment(refund) => self.refund_at(on, &reader, refund)?,
            ReaderTask::SetReaderDisplay(cart) => ReaderActionKind::SetReaderDisplay { cart: cart.clone() },
        };
        if let Some(before) = reader.to_keep() {
            let id = past_action_id(self.platform, &reader, before.number());
            self.put(PastAction::new(id, reader.id(), before.clone()));
        }
        self.ask_reader(reader.start(kind, self.now));
        Ok(command.reader)
    }

    /// That reader and payment belong to the same account.
    // RULE: of direct charges location, reader, token and payment all belong to the account, of destination charges all to the platform
    // (docs.stripe.com/terminal/features/connect, 2024). That separate charges, which that copy of the page does not describe, are like
    // destination charges is our reading; later copies agree (docs.stripe.com/terminal/features/connect, 2025).
    fn check_same_owner(&mut self, reader: &Reader, id: PaymentId) -> Result<(), Error> {
        let payment = self.get::<PaymentIntent>(id)?;
        let owner = match payment.flow() {
            Flow::Direct { account, .. } => *account,
            Flow::Destination { .. } | Flow::Separate => self.platform,
        };
        if owner == reader.owner() {
            Ok(())
        } else {
            Err(TerminalError::OtherOwner { reader: reader.id(), payment: id }.into())
        }
    }

    /// That a reader stands where it can take payments of a business.
    // RULE: the account that the money is for and the reader's location are in one country
    // (docs.stripe.com/terminal/payments/regional, 2025).
    fn check_place(&mut self, reader: &Reader, merchant: &Account) -> Result<(), Error> {
        let (location, country) = (self.get::<Location>(reader.location())?, merchant.country());
        if location.deleted_at().is_none() && location.address().country == country {
            return Ok(());
        }
        Err(TerminalError::InvalidLocation { reader: reader.id(), location: reader.location(), country }.into())
    }

    /// What holds for payments in person beyond what holds for all.
    pub(super) fn check_in_person(
        &self,
        (method, amount): (PaymentMethod, Money),
        (owner, merchant): (&Account, &Account),
        recipient: Option<&Account>,
    ) -> Result<(), Error> {
        if !method.is_in_person() {
            return Ok(());
        }
        let (country, currency) = (merchant.country(), amount.currency());
        // RULE: in the currency of the country only (docs.stripe.com/terminal/payments/regional, 2025).
        if self.rulebook.country(country)?.default_currency() != currency {
            return Err(PaymentError::MethodUnavailable { method, country, currency }.into());
        }
        let Some(recipient) = recipient else { return Ok(()) };
        // RULE: a payment for an account in another country is on its behalf; the account can take cards itself
        // (docs.stripe.com/terminal/features/connect, 2024).
        if recipient.country() != owner.country() && merchant.id() != recipient.id() {
            return Err(PaymentError::OnBehalfOfNeeded(recipient.id()).into());
        }
        Ok(needs(recipient, Capability::CardPayments)?)
    }
}

/// What a reader needs to know of an attempt.
type Attempted = (crate::ids::ChargeId, Money, PaymentMethod, crate::payments::Capture);

/// What readers do with payments.
impl Transaction<'_> {
    /// A payment that waits for a reader, where this one can take it; and the business that it is.
    fn presentable(
        &mut self,
        reader: &Reader,
        id: PaymentId,
    ) -> Result<(PaymentIntent, PaymentMethod, Account), Error> {
        let payment = self.take::<PaymentIntent>(id)?;
        let (method, status) = (payment.method().ok_or(PaymentError::MethodMissing)?, payment.status());
        if let Some(reader) = payment.reader() {
            return Err(PaymentError::AtReader { payment: id, reader }.into());
        }
        if !method.is_in_person() {
            return Err(TerminalError::NotInPerson { payment: id, method }.into());
        }
        // RULE: docs.stripe.com/terminal/payments/collect-card-payment (2025).
        let PaymentState::RequiresPaymentMethod { .. } = payment.state() else {
            return Err(TerminalError::PaymentNotReady { payment: id, status }.into());
        };
        let owner = self.get::<Account>(reader.owner())?;
        self.want_volume(&owner)?;
        let other = self.merchant(payment.on_behalf_of(), *payment.flow(), &owner)?;
        let merchant = other.as_deref().unwrap_or(&owner);
        self.check_place(reader, merchant)?;
        self.check_attempt(merchant, method, payment.amount())?;
        self.can_capture_later(payment.capture(), method)?;
        self.check_recipient(&payment, &owner)?;
        let recipient = self.recipient_of(&payment)?;
        self.check_in_person((method, payment.amount()), (&owner, merchant), recipient.as_deref())?;
        let merchant = merchant.clone();
        Ok((payment, method, merchant))
    }

    /// Has a card presented for a payment, without charging it.
    fn collect(&mut self, reader: &Reader, id: PaymentId) -> Result<ReaderActionKind, Error> {
        let (payment, ..) = self.presentable(reader, id)?;
        let (amount, itself) = (payment.amount(), id.ordinal());
        self.put(payment.hand_to(reader.id(), itself)?);
        Ok(ReaderActionKind::CollectPaymentMethod { payment: id, amount })
    }

    /// Starts an attempt to collect a payment at a reader.
    fn attempt_at(&mut self, reader: &Reader, id: PaymentId) -> Result<Attempted, Error> {
        let (payment, method, merchant) = self.presentable(reader, id)?;
        let payment = payment.attempt_at(reader.id())?;
        let charge = self.new_attempt(&payment, method, reader.owner(), &merchant)?;
        let attempted = (charge.id(), payment.amount(), method, payment.capture());
        self.put(payment);
        self.put(charge);
        Ok(attempted)
    }

    /// Has a card presented and saved for later. Nothing is charged: the setup's own record is the host's.
    // RULE: the reader stands in the country of the business (docs.stripe.com/terminal/payments/regional, 2025). That whoever saves a card
    // has to be able to take cards, as whoever charges one, is our own reading.
    fn save_at(&mut self, reader: &Reader, setup_intent: &str) -> Result<ReaderActionKind, Error> {
        let owner = self.get::<Account>(reader.owner())?;
        self.want_volume(&owner)?;
        self.check_place(reader, &owner)?;
        let (method, country) = (PaymentMethod::CardPresent, owner.country());
        let rule = self.rulebook.payment_method(method);
        rule.check_known(MethodTerm::Countries)?;
        if !rule.is_open_to(country) {
            let currency = self.rulebook.country(country)?.default_currency();
            return Err(PaymentError::MethodUnavailable { method, country, currency }.into());
        }
        needs(&owner, rule.needed_capability()?)?;
        Ok(ReaderActionKind::ProcessSetupIntent { setup_intent: setup_intent.into() })
    }

    /// Has a reader give money back. It is booked once it was given; until then it counts as given back.
    // RULE: refunds at a reader are for Interac only, and say who bears them like any other (docs.stripe.com/terminal/features/refunds,
    // 2025; docs.stripe.com/api/terminal/readers/refund_payment, 2025). That one which the balance does not cover is refused, and does not
    // wait, is our own reading: the payer stands there with the card.
    fn refund_at(
        &mut self,
        on: Option<AccountId>,
        reader: &Reader,
        command: &NewRefund,
    ) -> Result<ReaderActionKind, Error> {
        if let Some(reader) = self.get::<PaymentIntent>(command.payment)?.reader() {
            return Err(PaymentError::AtReader { payment: command.payment, reader }.into());
        }
        let Refundable { mut payment, charge, amount, takes } = self.check_refund(on, command)?;
        if let Some(refund) = charge.refund_at_reader() {
            return Err(PaymentError::RefundUnknown { payment: payment.id(), refund }.into());
        }
        let (account, method) = (charge.owner(), charge.method());
        if !self.rulebook.payment_method(method).is_refunded_in_person() {
            return Err(TerminalError::RefundOnline(method).into());
        }
        let merchant = self.get::<Account>(self.merchant_of(&payment, account))?;
        self.check_place(reader, &merchant)?;
        let id = RefundId::of(payment.id().family(), payment.bear()?);
        let next = charge.refund(amount.minor())?;
        let draft = self.draft_refund(payment.clone(), next.clone(), (id, amount, takes))?;
        let currency = next.settlement_currency();
        if let Some(needed) = self.refund_needs(&draft)?
            && let Some(available) = self.shortfall(account, currency, needed)?
        {
            return Err(PaymentError::InsufficientFunds { account, currency, available, needed }.into());
        }
        let refund = Refund::asked((id, charge.id()), amount, command, takes, (self.now, self.now)).at_reader();
        self.event(PaymentEvent::RefundCreated, id, Some(account));
        self.put(payment.hand_to(reader.id(), id.ordinal())?);
        self.put(next.with_refund_at_reader(id));
        self.put(refund);
        Ok(ReaderActionKind::RefundPayment { refund: id, charge: charge.id(), amount })
    }
}
