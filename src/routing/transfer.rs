use std::num::NonZeroU16;

use serde::{Deserialize, Serialize};

use super::{Conversion, Converted, Dates, RoutingError};
use crate::calendar::Timestamp;
use crate::ids::{AccountId, ChargeId, PaymentId, RefundId, ReserveHoldId, TransferId, TransferReversalId};
use crate::money::{Currency, Money, MoneyError};

/// A command: move money from the platform to a connected account, or back from one.
///
/// ```
/// use fundroute::ids::{AccountId, PaymentId};
/// use fundroute::money::usd;
/// use fundroute::routing::NewTransfer;
///
/// let (jo, sale) = (AccountId::from_host([1; 14]), PaymentId::from_host([2; 14]));
/// // From the sale's own money, which need not have settled yet:
/// let tied = NewTransfer::to(jo, usd(70_00)).from_payment(sale);
/// // From what the platform has available:
/// let free = NewTransfer::to(jo, usd(5_00)).group("order-1");
/// assert!(tied.source.is_some() && free.source.is_none());
/// ```
///
/// Made for a connected account, with the platform as its destination, it is an account debit: the platform takes money out of what
/// the account has available, where it bears the account's losses. It is in the account's default currency, whatever the platform's is:
/// where the platform cannot hold it, it is converted on its way ([`Transfer::amount_received`]).
///
/// ```
/// use fundroute::payouts::PayoutSchedule;
/// use fundroute::prelude::*;
/// use fundroute::simulator::World;
///
/// let (mut platform, mut world) =
///     (Platform::new(NewPlatform::in_country(US), Rulebook::standard(), utc(2026, 11, 2))?, World::new());
/// let jo = world.onboard(&mut platform, NewAccount::express(US))?;
/// platform.payouts().set_schedule("by hand", jo, PayoutSchedule::Manual)?;
/// platform.payments().create("sale", NewPayment::card(usd(100_00)).destination(jo))?;
/// world.advance(&mut platform, days(7))?;
///
/// let house = platform.id();
/// let debit = platform.acting_as(jo)?.transfers().create("rent", NewTransfer::to(house, usd(33_00)))?.answer;
/// assert_eq!(platform.transfer(debit)?.debited(), Some(jo));
/// assert_eq!(platform.balance(jo, USD)?.available, 67_00);
/// # Ok::<(), Error>(())
/// ```
// RULE: one of the field's two shapes of the same debit is a transfer on the account to the platform; the other, a charge with the
// account as its source, left newer pages (docs.stripe.com/connect/account-debits, 2024 and 2026).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct NewTransfer {
    /// Who gets the money: a connected account; the platform itself where one is debited.
    pub destination: AccountId,
    /// How much, in minor units of its currency.
    pub amount: Money,
    /// The payment whose money it is (`source_transaction`).
    pub source: Option<PaymentId>,
    /// A name that ties payments and transfers together.
    pub transfer_group: Option<String>,
}

impl NewTransfer {
    /// A transfer out of the platform's available funds.
    pub const fn to(destination: AccountId, amount: Money) -> Self {
        Self { destination, amount, source: None, transfer_group: None }
    }

    /// The same transfer out of the money of one payment: it waits for that money to settle, and is bounded by it.
    #[must_use]
    pub const fn from_payment(mut self, payment: PaymentId) -> Self {
        self.source = Some(payment);
        self
    }

    /// The same transfer, named as part of a group.
    #[must_use]
    pub fn group(mut self, name: impl Into<String>) -> Self {
        self.transfer_group = Some(name.into());
        self
    }
}

/// Money moved from the platform to a connected account, or, where it is a debit, from one to the platform.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Transfer {
    id: TransferId,
    /// Nothing for the platform.
    from: Option<AccountId>,
    destination: AccountId,
    amount: i64,
    currency: Currency,
    reversed: i64,
    created: Timestamp,
    sent_on: Timestamp,
    available_on: Timestamp,
    source: Option<u16>,
    born: u16,
    rare: Option<Box<Rare>>,
}

/// What few transfers have.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
struct Rare {
    hold: Option<NonZeroU16>,
    transfer_group: Option<Box<str>>,
    /// As it arrived, where that is another currency.
    received: Option<Converted>,
}

impl Transfer {
    pub(crate) fn new(
        id: TransferId,
        destination: AccountId,
        amount: Money,
        source: Option<ChargeId>,
        created: Timestamp,
        dates: Dates,
    ) -> Self {
        Self {
            id,
            from: None,
            destination,
            amount: amount.minor(),
            currency: amount.currency(),
            reversed: 0,
            created,
            sent_on: dates.sent,
            available_on: dates.received,
            source: source.map(ChargeId::ordinal),
            born: 1,
            rare: None,
        }
    }

    /// The same transfer, made on a connected account.
    pub(crate) const fn taken_from(mut self, account: AccountId) -> Self {
        self.from = Some(account);
        self
    }

    /// The same transfer, converted for its recipient.
    pub(crate) fn converted(mut self, by: Option<Conversion>) -> Result<Self, MoneyError> {
        if let Some(by) = by {
            self.rare.get_or_insert_default().received = Some(Converted::new(by, self.amount())?);
        }
        Ok(self)
    }

    pub(crate) fn in_group(mut self, name: Option<&str>) -> Self {
        if let Some(name) = name {
            self.rare.get_or_insert_default().transfer_group = Some(name.into());
        }
        self
    }

    /// Its id.
    pub const fn id(&self) -> TransferId {
        self.id
    }

    /// The connected account that the money was taken from, where it is an account debit. Any other transfer is from the platform.
    pub const fn debited(&self) -> Option<AccountId> {
        self.from
    }

    /// Who got the money: a connected account; the platform itself, where it is an account debit.
    pub const fn destination(&self) -> AccountId {
        self.destination
    }

    /// The connected account of the two.
    pub(crate) fn connected(&self) -> AccountId {
        self.from.unwrap_or(self.destination)
    }

    /// How much was sent.
    pub const fn amount(&self) -> Money {
        Money::new(self.amount, self.currency)
    }

    /// What arrived, in the recipient's currency: the amount, unless it was converted.
    pub fn amount_received(&self) -> Money {
        self.received().map_or(self.amount(), Converted::amount)
    }

    /// Into which currency it was converted for its recipient, and at which rate; nothing where the recipient can hold what was sent.
    pub fn conversion(&self) -> Option<Conversion> {
        self.received().map(Converted::by)
    }

    fn received(&self) -> Option<&Converted> {
        self.rare.as_deref()?.received.as_ref()
    }

    /// How much of it was taken back.
    pub const fn amount_reversed(&self) -> Money {
        Money::new(self.reversed, self.currency)
    }

    /// Whether all of it was taken back.
    pub const fn is_reversed(&self) -> bool {
        self.reversed == self.amount
    }

    /// When it was made.
    pub const fn created(&self) -> Timestamp {
        self.created
    }

    /// When the recipient can use the money; of a payment captured in parts, what was sent with the first of them.
    pub const fn available_on(&self) -> Timestamp {
        self.available_on
    }

    /// When the money leaves what its sender can use: with the charge that it is tied to, and otherwise at once.
    pub const fn sent_on(&self) -> Timestamp {
        self.sent_on
    }

    /// On which dates money goes its way back, so that it is taken from where it has come to.
    pub(crate) const fn dates(&self) -> Dates {
        Dates { sent: self.sent_on, received: self.available_on }
    }

    /// The dates of another part of it, or of something that goes its way, which its sender has on that date.
    pub(crate) fn dates_from(&self, sent: Timestamp) -> Dates {
        let received = sent.checked_add(self.available_on.since(self.sent_on)).unwrap_or(Timestamp::MAX);
        Dates { sent, received }
    }

    /// The charge whose money it is, if it is tied to one.
    pub fn source(&self) -> Option<ChargeId> {
        self.source.map(|ordinal| ChargeId::of(self.id.family(), ordinal))
    }

    /// The name of its group, as given or as its payment's id makes it.
    // RULE: a transfer tied to a payment that names no group gets `group_` and the payment's id
    // (docs.stripe.com/connect/separate-charges-and-transfers, 2024).
    pub fn transfer_group(&self) -> Option<String> {
        let given = self.rare.as_deref().and_then(|rare| rare.transfer_group.as_deref()).map(str::to_owned);
        given.or_else(|| self.source.map(|_| format!("group_{}", PaymentId::of(self.id.family(), 0))))
    }

    /// What a reserve holds back of it on the account that got it; nothing where no plan was in force.
    pub fn hold(&self) -> Option<ReserveHoldId> {
        let ordinal = self.rare.as_deref().and_then(|rare| rare.hold)?;
        Some(ReserveHoldId::of(self.id.family(), ordinal.get()))
    }

    pub(crate) fn with_hold(mut self, hold: ReserveHoldId) -> Self {
        self.rare.get_or_insert_default().hold = NonZeroU16::new(hold.ordinal());
        self
    }

    /// What can still be taken back, in minor units.
    // INVARIANT: reversed never exceeds amount; `reverse` keeps it.
    pub(crate) const fn left(&self) -> i64 {
        self.amount.saturating_sub(self.reversed)
    }

    /// The transfer after `amount` more minor units were sent with it.
    // INVARIANT: its date stays. What was sent first may be paid out by now, so that nothing sent later makes it pending again.
    pub(crate) fn grow(mut self, amount: i64) -> Option<Self> {
        self.amount = self.amount.checked_add(amount)?;
        let by = self.conversion();
        self.converted(by).ok()
    }

    /// The transfer with `amount` minor units less.
    pub(crate) fn reverse(&self, amount: i64) -> Result<Self, RoutingError> {
        if amount > self.left() {
            return Err(RoutingError::ReversalTooLarge {
                transfer: self.id,
                asked: Money::new(amount, self.currency),
                left: Money::new(self.left(), self.currency),
            });
        }
        let reversed = self.reversed.saturating_add(amount);
        Ok(Self { reversed, ..self.clone() })
    }

    /// The transfer after it gave birth to another object of its own family, and that object's ordinal. Only a
    /// transfer that is tied to no payment heads a family.
    pub(crate) fn bear(&self) -> Option<(Self, u16)> {
        let ordinal = self.born;
        Some((Self { born: ordinal.checked_add(1)?, ..self.clone() }, ordinal))
    }
}

/// A command: take a transfer back, wholly or in part. A debit is taken back for the account that it was made on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct NewTransferReversal {
    /// The transfer.
    pub transfer: TransferId,
    /// How much; everything that is left if not given.
    pub amount: Option<Money>,
}

impl NewTransferReversal {
    /// Takes back everything that is left of a transfer.
    pub const fn of(transfer: TransferId) -> Self {
        Self { transfer, amount: None }
    }

    /// Takes back only this much.
    #[must_use]
    pub const fn amount(mut self, amount: Money) -> Self {
        self.amount = Some(amount);
        self
    }
}

/// A command: send money that a transfer has brought back to the platform, as its recipient. That is what a refund in the dashboard of
/// the recipient comes to: the platform gets the money, and the buyer is still owed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct NewTransferReturn {
    /// The transfer.
    pub transfer: TransferId,
    /// How much; everything that is left if not given.
    pub amount: Option<Money>,
}

impl NewTransferReturn {
    /// Sends back everything that is left of a transfer.
    pub const fn of(transfer: TransferId) -> Self {
        Self { transfer, amount: None }
    }

    /// Sends back only this much.
    #[must_use]
    pub const fn amount(mut self, amount: Money) -> Self {
        self.amount = Some(amount);
        self
    }
}

/// A transfer taken back, wholly or in part.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TransferReversal {
    id: TransferReversalId,
    transfer: u16,
    amount: i64,
    currency: Currency,
    created: Timestamp,
    refund: Option<u16>,
    by_recipient: bool,
    /// What its recipient gave for it, where that is another currency.
    taken: Option<Box<Converted>>,
}

impl TransferReversal {
    pub(crate) fn new(
        id: TransferReversalId,
        transfer: TransferId,
        amount: Money,
        refund: Option<RefundId>,
        created: Timestamp,
    ) -> Self {
        Self {
            id,
            transfer: transfer.ordinal(),
            amount: amount.minor(),
            currency: amount.currency(),
            created,
            refund: refund.map(RefundId::ordinal),
            by_recipient: false,
            taken: None,
        }
    }

    /// The same reversal, of a transfer that was converted: this is what its recipient gave.
    pub(crate) fn converted(mut self, taken: Option<Converted>) -> Self {
        self.taken = taken.map(Box::new);
        self
    }

    /// The same reversal, made by the one who had received the transfer.
    pub(crate) const fn by_recipient(mut self) -> Self {
        self.by_recipient = true;
        self
    }

    /// Its id.
    pub const fn id(&self) -> TransferReversalId {
        self.id
    }

    /// The transfer that it takes back.
    pub const fn transfer(&self) -> TransferId {
        TransferId::of(self.id.family(), self.transfer)
    }

    /// How much came back to the one who had sent it, in the transfer's currency.
    pub const fn amount(&self) -> Money {
        Money::new(self.amount, self.currency)
    }

    /// What the one who had received it gave for that: the amount, unless the transfer was converted. Where it was, what was given may
    /// be more or less than what had arrived, because each way has the rate of its day.
    pub fn amount_taken(&self) -> Money {
        self.taken.as_deref().map_or(self.amount(), Converted::amount)
    }

    /// At which rate the amount was converted into what was taken; nothing where it was not.
    pub fn conversion(&self) -> Option<Conversion> {
        self.taken.as_deref().map(Converted::by)
    }

    /// When.
    pub const fn created(&self) -> Timestamp {
        self.created
    }

    /// Whether the one who had received the transfer sent the money back by itself: the buyer has got nothing by it.
    pub const fn is_by_recipient(&self) -> bool {
        self.by_recipient
    }

    /// The refund that it is part of, if any.
    pub fn refund(&self) -> Option<RefundId> {
        self.refund.map(|ordinal| RefundId::of(self.id.family(), ordinal))
    }
}
