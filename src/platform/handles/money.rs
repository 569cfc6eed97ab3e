use super::{Payments, Payouts, Refunds, Transfers, pick};
use crate::calendar::Timestamp;
use crate::ids::{
    AccountId, ApplicationFeeId, ApplicationFeeRefundId, ChargeId, PaymentId, PayoutId, RefundId, TransferId,
    TransferReversalId,
};
use crate::journal::{Fact, FactOutcome};
use crate::money::Money;
use crate::payments::{
    ActionCompleted, ActionRequired, AuthorizationIncremented, CancelPayment, CancelRefund, CancellationReason,
    CaptureFailed, CapturePayment, CardRefund, ChargeAuthorized, ChargeCaptured, ChargeFailed, ChargeFailure,
    ChargeReversed, ChargeSubmitted, ChargeSucceeded, ConfirmPayment, IncrementAuthorization, IncrementDeclined, Named,
    NewPayment, NewRefund, RefundCanceled, RefundFailed, RefundFailure, RefundSucceeded, RefundTraced, RefundUnderWay,
    UpdatePayment,
};
use crate::payouts::{
    CancelPayout, NewPayout, PayoutCanceled, PayoutFailed, PayoutPaid, PayoutSchedule, PayoutSubmitted, ReversePayout,
    SetDelayDays, SetPayoutSchedule,
};
use crate::platform::{Command, Decided, Error};
use crate::routing::{NewApplicationFeeRefund, NewTransfer, NewTransferReturn, NewTransferReversal};

impl Payments<'_> {
    /// Starts to collect a payment; the world is instructed to take the money. A payment in person waits for a
    /// [reader](super::Readers::process_payment_intent) instead.
    ///
    /// # Errors
    /// [`PaymentError`](crate::payments::PaymentError), [`AccountError`](crate::accounts::AccountError), and
    /// [`Error::Rulebook`] where the price or the timing is not known.
    pub fn create(&mut self, key: &str, payment: NewPayment) -> Result<Decided<PaymentId>, Error> {
        self.0.run(key, Command::CreatePayment(payment), pick!(Payment))
    }

    /// Collects a payment that was only planned, tries one again whose last attempt failed, or goes on with one whose payer has done what
    /// was theirs.
    ///
    /// # Errors
    /// As [`create`](Self::create), and [`PaymentError`](crate::payments::PaymentError) in any other state.
    pub fn confirm(&mut self, key: &str, attempt: ConfirmPayment) -> Result<Decided<PaymentId>, Error> {
        self.0.run(key, Command::ConfirmPayment(attempt), pick!(Payment))
    }

    /// Changes a payment that is not being collected: how it will be paid, how much, who gets a part. It waits to be confirmed then,
    /// if it is known how it will be paid.
    ///
    /// # Errors
    /// [`Error::NotFound`], [`PaymentError`](crate::payments::PaymentError), [`AccountError`](crate::accounts::AccountError),
    /// [`RulebookError`](crate::rulebook::RulebookError).
    pub fn update(&mut self, key: &str, change: UpdatePayment) -> Result<Decided<PaymentId>, Error> {
        self.0.run(key, Command::UpdatePayment(change), pick!(Payment))
    }

    /// Takes the money of a payment that was authorized; the world is instructed to. Until it answers, no other
    /// capture, no raise and no cancellation can be asked for; what was captured before can be refunded.
    ///
    /// # Errors
    /// [`Error::NotFound`], [`PaymentError`](crate::payments::PaymentError), [`AccountError`](crate::accounts::AccountError),
    /// [`RulebookError`](crate::rulebook::RulebookError).
    pub fn capture(&mut self, key: &str, capture: CapturePayment) -> Result<Decided<PaymentId>, Error> {
        self.0.run(key, Command::CapturePayment(capture), pick!(Payment))
    }

    /// Has more of a payment authorized; the world is instructed to.
    ///
    /// # Errors
    /// [`Error::NotFound`], [`PaymentError`](crate::payments::PaymentError), [`AccountError`](crate::accounts::AccountError),
    /// [`RulebookError`](crate::rulebook::RulebookError).
    pub fn increment_authorization(
        &mut self,
        key: &str,
        increment: IncrementAuthorization,
    ) -> Result<Decided<PaymentId>, Error> {
        self.0.run(key, Command::IncrementAuthorization(increment), pick!(Payment))
    }

    /// Gives up on a payment that has brought no money. What was authorized and not captured is let go; a payment that was captured in
    /// part has succeeded with that.
    ///
    /// # Errors
    /// [`PaymentError`](crate::payments::PaymentError) where the money was taken or may be on its way.
    pub fn cancel(&mut self, key: &str, payment: PaymentId) -> Result<Decided<PaymentId>, Error> {
        self.0.run(key, Command::CancelPayment(CancelPayment::of(payment)), pick!(Payment))
    }

    /// The same, saying why.
    ///
    /// # Errors
    /// As [`cancel`](Self::cancel).
    pub fn cancel_because(
        &mut self,
        key: &str,
        payment: PaymentId,
        reason: CancellationReason,
    ) -> Result<Decided<PaymentId>, Error> {
        self.0.run(key, Command::CancelPayment(CancelPayment::of(payment).because(reason)), pick!(Payment))
    }

    /// Records that the world has taken a charge up, and under which reference.
    ///
    /// # Errors
    /// [`Error::NotFound`], [`Error::FactAheadOfClock`].
    pub fn record_submitted(
        &mut self,
        id: &str,
        at: Timestamp,
        charge: ChargeId,
        reference: &str,
    ) -> Result<Decided<FactOutcome>, Error> {
        self.0.record(id, at, Fact::ChargeSubmitted(ChargeSubmitted { charge, reference: reference.to_owned() }))
    }

    /// Records that the payer has to do something before an attempt can go on.
    ///
    /// # Errors
    /// [`Error::NotFound`], [`Error::FactAheadOfClock`].
    pub fn record_action_required(
        &mut self,
        id: &str,
        at: Timestamp,
        required: ActionRequired,
    ) -> Result<Decided<FactOutcome>, Error> {
        self.0.record(id, at, Fact::ActionRequired(required))
    }

    /// Records that the payer has done what was theirs.
    ///
    /// # Errors
    /// [`Error::NotFound`], [`Error::FactAheadOfClock`].
    pub fn record_action_completed(
        &mut self,
        id: &str,
        at: Timestamp,
        charge: impl Into<Named>,
    ) -> Result<Decided<FactOutcome>, Error> {
        self.0.record(id, at, Fact::ActionCompleted(ActionCompleted { charge: charge.into() }))
    }

    /// Records that the payer's bank holds the amount of a charge ready.
    ///
    /// # Errors
    /// [`Error::NotFound`], [`Error::FactAheadOfClock`].
    pub fn record_authorized(
        &mut self,
        id: &str,
        at: Timestamp,
        authorized: ChargeAuthorized,
    ) -> Result<Decided<FactOutcome>, Error> {
        self.0.record(id, at, Fact::ChargeAuthorized(authorized))
    }

    /// Records that money of an authorized charge was taken: it is booked, with what goes with it.
    ///
    /// # Errors
    /// [`Error::NotFound`], [`Error::FactAheadOfClock`].
    pub fn record_captured(
        &mut self,
        id: &str,
        at: Timestamp,
        captured: ChargeCaptured,
    ) -> Result<Decided<FactOutcome>, Error> {
        self.0.record(id, at, Fact::ChargeCaptured(captured))
    }

    /// Records that a capture took nothing.
    ///
    /// # Errors
    /// [`Error::NotFound`], [`Error::FactAheadOfClock`].
    pub fn record_capture_failed(
        &mut self,
        id: &str,
        at: Timestamp,
        failed: CaptureFailed,
    ) -> Result<Decided<FactOutcome>, Error> {
        self.0.record(id, at, Fact::CaptureFailed(failed))
    }

    /// Records that more of a charge is held ready.
    ///
    /// # Errors
    /// [`Error::NotFound`], [`Error::FactAheadOfClock`].
    pub fn record_incremented(
        &mut self,
        id: &str,
        at: Timestamp,
        incremented: AuthorizationIncremented,
    ) -> Result<Decided<FactOutcome>, Error> {
        self.0.record(id, at, Fact::AuthorizationIncremented(incremented))
    }

    /// Records that no more of a charge is held ready than before.
    ///
    /// # Errors
    /// [`Error::NotFound`], [`Error::FactAheadOfClock`].
    pub fn record_increment_declined(
        &mut self,
        id: &str,
        at: Timestamp,
        declined: IncrementDeclined,
    ) -> Result<Decided<FactOutcome>, Error> {
        self.0.record(id, at, Fact::IncrementDeclined(declined))
    }

    /// Records that the money of a charge was taken at once: it is booked, with the transfer and the commission that go with it.
    ///
    /// # Errors
    /// [`Error::NotFound`], [`Error::FactAheadOfClock`].
    pub fn record_succeeded(
        &mut self,
        id: &str,
        at: Timestamp,
        charge: impl Into<Named>,
        amount: Money,
    ) -> Result<Decided<FactOutcome>, Error> {
        self.0.record(id, at, Fact::ChargeSucceeded(ChargeSucceeded::of(charge, amount)))
    }

    /// Records that an attempt to collect a payment failed.
    ///
    /// # Errors
    /// [`Error::NotFound`], [`Error::FactAheadOfClock`].
    pub fn record_failed(
        &mut self,
        id: &str,
        at: Timestamp,
        charge: impl Into<Named>,
        failure: ChargeFailure,
    ) -> Result<Decided<FactOutcome>, Error> {
        self.0.record(id, at, Fact::ChargeFailed(ChargeFailed { charge: charge.into(), failure }))
    }

    /// Records that the payer's bank has pulled a debit back, or a part of it, after it had succeeded and without a dispute: the account
    /// that it was booked on loses the amount, and it can be given back and passed on no more.
    ///
    /// # Errors
    /// [`Error::NotFound`], [`Error::FactAheadOfClock`].
    pub fn record_reversed(
        &mut self,
        id: &str,
        at: Timestamp,
        reversed: ChargeReversed,
    ) -> Result<Decided<FactOutcome>, Error> {
        self.0.record(id, at, Fact::ChargeReversed(reversed))
    }
}

impl Refunds<'_> {
    /// Gives a payer money back; the world is instructed to send it. Where the balance of the account that was charged does not cover
    /// it, the refund waits, in the order in which refunds were asked for, until it does.
    ///
    /// ```
    /// use fundroute::payments::{PendingReason, RefundStatus};
    /// use fundroute::prelude::*;
    /// use fundroute::simulator::World;
    ///
    /// let (mut platform, mut world) =
    ///     (Platform::new(NewPlatform::in_country(US), Rulebook::standard(), utc(2026, 11, 2))?, World::new());
    /// let jo = world.onboard(&mut platform, NewAccount::express(US))?;
    /// let sale = platform.payments().create("sale", NewPayment::card(usd(100_00)).destination(jo))?.answer;
    /// world.advance(&mut platform, days(7))?;
    ///
    /// // All of it was passed on, and the platform wants to bear the refund itself.
    /// let back = platform.refunds().create("back", NewRefund::of(sale).keep_transfer())?.answer;
    /// assert_eq!(platform.refund(back)?.pending_reason(), Some(PendingReason::InsufficientFunds));
    ///
    /// platform.payments().create("another sale", NewPayment::card(usd(120_00)))?;
    /// world.advance(&mut platform, days(7))?;
    /// assert_eq!(platform.refund(back)?.status(), RefundStatus::Succeeded);
    /// # Ok::<(), Error>(())
    /// ```
    ///
    /// # Errors
    /// [`PaymentError`](crate::payments::PaymentError), among them
    /// [`InsufficientFunds`](crate::payments::PaymentError::InsufficientFunds) where a recipient's share is to be pulled back and the
    /// recipient has too little.
    pub fn create(&mut self, key: &str, refund: NewRefund) -> Result<Decided<RefundId>, Error> {
        self.0.run(key, Command::CreateRefund(refund), pick!(Refund))
    }

    /// Calls a refund off for which the payer has not yet said where the money goes: the balance gets it back.
    ///
    /// # Errors
    /// [`PaymentError::RefundNotCancelable`](crate::payments::PaymentError::RefundNotCancelable) in any other state.
    pub fn cancel(&mut self, key: &str, refund: RefundId) -> Result<Decided<RefundId>, Error> {
        self.0.run(key, Command::CancelRefund(CancelRefund { refund }), pick!(Refund))
    }

    /// Records that the world works on a refund: the payer has said where the money goes, or a card's bank takes its time.
    ///
    /// # Errors
    /// [`Error::NotFound`], [`Error::FactAheadOfClock`].
    pub fn record_under_way(
        &mut self,
        id: &str,
        at: Timestamp,
        refund: RefundId,
    ) -> Result<Decided<FactOutcome>, Error> {
        self.0.record(id, at, Fact::RefundUnderWay(RefundUnderWay { refund }))
    }

    /// Records how a refund to a card shows on the payer's statement; [`Refund::shows_as`](crate::payments::Refund::shows_as) tells it.
    ///
    /// # Errors
    /// [`Error::NotFound`], [`Error::FactAheadOfClock`].
    pub fn record_traced(
        &mut self,
        id: &str,
        at: Timestamp,
        refund: RefundId,
        shows_as: CardRefund,
    ) -> Result<Decided<FactOutcome>, Error> {
        self.0.record(id, at, Fact::RefundTraced(RefundTraced { refund, shows_as }))
    }

    /// Records that a refund did not reach the payer, or came back: the balance that it was taken from gets it back, and the charge can
    /// be refunded again.
    ///
    /// # Errors
    /// [`Error::NotFound`], [`Error::FactAheadOfClock`].
    pub fn record_failed(
        &mut self,
        id: &str,
        at: Timestamp,
        refund: RefundId,
        reason: RefundFailure,
    ) -> Result<Decided<FactOutcome>, Error> {
        self.0.record(id, at, Fact::RefundFailed(RefundFailed { refund, reason }))
    }

    /// Records that a refund was called off outside, with the same consequences.
    ///
    /// # Errors
    /// [`Error::NotFound`], [`Error::FactAheadOfClock`].
    pub fn record_canceled(
        &mut self,
        id: &str,
        at: Timestamp,
        refund: RefundId,
    ) -> Result<Decided<FactOutcome>, Error> {
        self.0.record(id, at, Fact::RefundCanceled(RefundCanceled { refund }))
    }

    /// Records that a refund reached the payer.
    ///
    /// # Errors
    /// [`Error::NotFound`], [`Error::FactAheadOfClock`].
    pub fn record_succeeded(
        &mut self,
        id: &str,
        at: Timestamp,
        refund: RefundId,
    ) -> Result<Decided<FactOutcome>, Error> {
        self.0.record(id, at, Fact::RefundSucceeded(RefundSucceeded { refund }))
    }
}

impl Transfers<'_> {
    /// Moves money from the platform to a connected account; acting as an account and to the platform, it debits that account.
    ///
    /// # Errors
    /// [`RoutingError`](crate::routing::RoutingError), [`AccountError`](crate::accounts::AccountError), among them
    /// [`LaneClosed`](crate::accounts::AccountError::LaneClosed) where the platform's money may not come to such an account.
    /// Of debits also [`NotPermitted`](crate::accounts::AccountError::NotPermitted) where the platform does not bear the account's
    /// losses, and [`DebitNotOpen`](crate::routing::RoutingError::DebitNotOpen).
    pub fn create(&mut self, key: &str, transfer: NewTransfer) -> Result<Decided<TransferId>, Error> {
        self.0.run(key, Command::CreateTransfer(transfer), pick!(Transfer))
    }

    /// Sends money that a transfer has brought back to the platform, acting as its recipient: what a refund on the recipient's own side
    /// comes to. An event about the payment says that its payer is still owed.
    ///
    /// # Errors
    /// [`RoutingError`](crate::routing::RoutingError), [`AccountError`](crate::accounts::AccountError).
    pub fn send_back(&mut self, key: &str, back: NewTransferReturn) -> Result<Decided<TransferReversalId>, Error> {
        self.0.run(key, Command::ReturnTransfer(back), pick!(TransferReversal))
    }

    /// Takes a transfer back. A debit is taken back acting as the account that it was made on; what the processor took for it stays
    /// with the processor.
    ///
    /// # Errors
    /// [`RoutingError`](crate::routing::RoutingError), [`AccountError`](crate::accounts::AccountError).
    pub fn reverse(&mut self, key: &str, transfer: TransferId) -> Result<Decided<TransferReversalId>, Error> {
        self.reverse_part(key, NewTransferReversal::of(transfer))
    }

    /// Takes part of a transfer back.
    ///
    /// # Errors
    /// [`RoutingError`](crate::routing::RoutingError).
    pub fn reverse_part(
        &mut self,
        key: &str,
        reversal: NewTransferReversal,
    ) -> Result<Decided<TransferReversalId>, Error> {
        self.0.run(key, Command::ReverseTransfer(reversal), pick!(TransferReversal))
    }

    /// Gives all that is left of a commission back to the account that had paid it.
    ///
    /// # Errors
    /// [`RoutingError`](crate::routing::RoutingError).
    pub fn refund_fee(&mut self, key: &str, fee: ApplicationFeeId) -> Result<Decided<ApplicationFeeRefundId>, Error> {
        self.refund_fee_part(key, NewApplicationFeeRefund::of(fee))
    }

    /// Gives part of a commission back to the account that had paid it.
    ///
    /// # Errors
    /// [`RoutingError`](crate::routing::RoutingError).
    pub fn refund_fee_part(
        &mut self,
        key: &str,
        refund: NewApplicationFeeRefund,
    ) -> Result<Decided<ApplicationFeeRefundId>, Error> {
        self.0.run(key, Command::RefundApplicationFee(refund), pick!(ApplicationFeeRefund))
    }
}

impl Payouts<'_> {
    /// Sends available money to the bank.
    ///
    /// # Errors
    /// [`PayoutError`](crate::payouts::PayoutError).
    pub fn create(&mut self, key: &str, amount: Money) -> Result<Decided<PayoutId>, Error> {
        self.request(key, NewPayout::of(amount))
    }

    /// Sends available money to the card or bank account that payouts go to, within minutes, if it takes that.
    ///
    /// What is not available is lent by the days on which pending money becomes available, as far as they are near:
    /// [`Platform::instant_balance`](crate::Platform::instant_balance) tells how much that is.
    ///
    /// Where the processor collects its fees from the account itself, and for the platform's own money, the fee comes on top; the
    /// others' platform is billed apart, and no balance shows it. So does [the platform's price](Self::set_instant_price).
    ///
    /// ```
    /// use fundroute::payments::NewPayment;
    /// use fundroute::payouts::PayoutSchedule;
    /// use fundroute::prelude::*;
    /// use fundroute::simulator::World;
    ///
    /// let mut world = World::new();
    /// let mut platform = Platform::new(NewPlatform::in_country(US), Rulebook::standard(), utc(2026, 11, 2))?;
    /// let jo = world.onboard(&mut platform, NewAccount::express(US))?;
    /// platform.express(jo)?.set_schedule("by-hand", PayoutSchedule::Manual)?;
    /// platform.payments().create("sale", NewPayment::card(usd(200_00)).destination(jo))?;
    /// world.advance(&mut platform, days(2))?;
    ///
    /// let payout = platform.express(jo)?.payouts().create_instant("now", usd(50_00))?.answer;
    /// world.settle(&mut platform)?;
    /// assert_eq!(platform.payout(payout)?.status().to_string(), "paid");
    /// # Ok::<(), Error>(())
    /// ```
    ///
    /// # Errors
    /// [`PayoutError`](crate::payouts::PayoutError), and [`AccountError`](crate::accounts::AccountError) where the platform does not bear
    /// the account's losses.
    pub fn create_instant(&mut self, key: &str, amount: Money) -> Result<Decided<PayoutId>, Error> {
        self.request(key, NewPayout::of(amount).instant())
    }

    /// Sends available money to a bank account or card of choice.
    ///
    /// # Errors
    /// As [`create`](Self::create) and [`create_instant`](Self::create_instant).
    pub fn request(&mut self, key: &str, payout: NewPayout) -> Result<Decided<PayoutId>, Error> {
        self.0.run(key, Command::CreatePayout(payout), pick!(Payout))
    }

    /// Calls off a payout that was asked for by hand and has not left yet.
    ///
    /// # Errors
    /// [`PayoutError`](crate::payouts::PayoutError).
    pub fn cancel(&mut self, key: &str, payout: PayoutId) -> Result<Decided<PayoutId>, Error> {
        self.0.run(key, Command::CancelPayout(CancelPayout { payout }), pick!(Payout))
    }

    /// Takes a whole payout back, by a debit of the bank account that it went to. The answer is the payout below zero that does so.
    ///
    /// ```
    /// use fundroute::prelude::*;
    /// use fundroute::simulator::World;
    ///
    /// let mut world = World::new();
    /// let mut platform = Platform::new(NewPlatform::in_country(US), Rulebook::standard(), utc(2026, 11, 2))?;
    /// let jo = world.onboard(&mut platform, NewAccount::express(US))?;
    /// platform.payments().create("sale", NewPayment::card(usd(50_00)).destination(jo))?;
    /// world.advance(&mut platform, days(3))?; // jo is paid out
    ///
    /// let sent = platform.records().find_map(|record| match record {
    ///     fundroute::journal::Record::Payout(payout) => Some(payout.id()),
    ///     _ => None,
    /// });
    /// let back = platform.express(jo)?.payouts().reverse("back", sent.unwrap())?.answer;
    /// assert_eq!(platform.payout(back)?.amount(), usd(-50_00));
    /// assert_eq!(platform.payout(back)?.original_payout(), sent);
    /// world.advance(&mut platform, days(7))?; // four bank days later, and one on which banks are closed
    /// assert_eq!(platform.payout(back)?.status().to_string(), "paid");
    /// # Ok::<(), Error>(())
    /// ```
    ///
    /// # Errors
    /// [`PayoutError`](crate::payouts::PayoutError), and [`AccountError`](crate::accounts::AccountError) where the platform does not bear
    /// the account's losses.
    pub fn reverse(&mut self, key: &str, payout: PayoutId) -> Result<Decided<PayoutId>, Error> {
        self.0.run(key, Command::ReversePayout(ReversePayout { payout }), pick!(Payout))
    }

    /// Changes when an account is paid out.
    ///
    /// # Errors
    /// [`PayoutError`](crate::payouts::PayoutError) where the account's kind or country does not allow it.
    pub fn set_schedule(
        &mut self,
        key: &str,
        account: AccountId,
        schedule: PayoutSchedule,
    ) -> Result<Decided<AccountId>, Error> {
        self.0.run(key, Command::SetPayoutSchedule(SetPayoutSchedule { account, schedule }), pick!(Account))
    }

    /// Lets the payments of an account wait for so many days before they can be paid out; nothing for as few as can be. It
    /// concerns the payments that begin from now on.
    ///
    /// # Errors
    /// [`AccountError`](crate::accounts::AccountError) where the platform does not bear the account's losses, and
    /// [`PayoutError::DelayOutOfRange`](crate::payouts::PayoutError::DelayOutOfRange).
    pub fn set_delay_days(
        &mut self,
        key: &str,
        account: AccountId,
        delay: Option<u16>,
    ) -> Result<Decided<AccountId>, Error> {
        self.0.run(key, Command::SetDelayDays(SetDelayDays { account, delay }), pick!(Account))
    }

    /// Records that a payout was handed to the bank.
    ///
    /// # Errors
    /// [`Error::NotFound`], [`Error::FactAheadOfClock`].
    pub fn record_submitted(
        &mut self,
        id: &str,
        at: Timestamp,
        payout: PayoutId,
    ) -> Result<Decided<FactOutcome>, Error> {
        self.0.record(id, at, Fact::PayoutSubmitted(PayoutSubmitted { payout }))
    }

    /// Records that a payout arrived.
    ///
    /// # Errors
    /// [`Error::NotFound`], [`Error::FactAheadOfClock`].
    pub fn record_paid(&mut self, id: &str, at: Timestamp, payout: PayoutId) -> Result<Decided<FactOutcome>, Error> {
        self.0.record(id, at, Fact::PayoutPaid(PayoutPaid { payout }))
    }

    /// Records that the processor called a payout off by itself.
    ///
    /// # Errors
    /// [`Error::NotFound`], [`Error::FactAheadOfClock`].
    pub fn record_canceled(
        &mut self,
        id: &str,
        at: Timestamp,
        payout: PayoutId,
    ) -> Result<Decided<FactOutcome>, Error> {
        self.0.record(id, at, Fact::PayoutCanceled(PayoutCanceled { payout }))
    }

    /// Records that a bank refused a payout, or sent it back.
    ///
    /// # Errors
    /// [`Error::NotFound`], [`Error::FactAheadOfClock`].
    pub fn record_failed(
        &mut self,
        id: &str,
        at: Timestamp,
        payout: PayoutId,
        failure_code: &str,
    ) -> Result<Decided<FactOutcome>, Error> {
        self.0.record(id, at, Fact::PayoutFailed(PayoutFailed { payout, failure_code: failure_code.to_owned() }))
    }
}
