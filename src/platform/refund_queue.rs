//! Refunds that wait for money.

use super::{Error, Transaction};
use crate::ids::{AccountId, PaymentId};
use crate::journal::{Key, QueueRead, QueueWrite};
use crate::ledger::LedgerAccount;
use crate::money::Currency;
use crate::payments::{Charge, PaymentEvent, PaymentIntent, Refund, RefundFailure, RefundQueue};

/// How many refunds are booked in one go when money has come: the others follow a microsecond later.
const AT_ONCE: usize = 16;

/// What a queue needs that is to be looked at whatever is available.
const NOTHING: i64 = i64::MIN;

/// What became of a refund whose turn it was.
enum Turn {
    /// It was booked, or has failed.
    Over,
    /// It needs so much, and there is less.
    Short(i64),
}

impl Transaction<'_> {
    /// The queue of refunds that wait for a balance.
    pub(super) fn queue(&self, account: AccountId, currency: Currency) -> Result<RefundQueue, Error> {
        let mut drafted = self.changes.queues.iter().map(|write| write.queue);
        let ours = drafted.find(|queue| queue.account == account && queue.currency == currency);
        if let Some(queue) = ours {
            return Ok(queue);
        }
        let holding = self.holding(account, currency)?;
        Ok(holding.map_or(RefundQueue::empty(account, currency), |holding| holding.queue(account, currency)))
    }

    /// Makes the decision stand only as long as nothing has come into the queue for a balance.
    pub(super) fn rely_on_empty_queue(&mut self, account: AccountId, currency: Currency) -> Result<(), Error> {
        let version = self.holding(account, currency)?.map_or(0, |holding| holding.queue.version);
        self.changes.queue_reads.push(QueueRead { account, currency, version });
        Ok(())
    }

    fn put_queue(&mut self, queue: RefundQueue) -> Result<(), Error> {
        let ours =
            |write: &&mut QueueWrite| write.queue.account == queue.account && write.queue.currency == queue.currency;
        if let Some(write) = self.changes.queues.iter_mut().find(ours) {
            write.queue = queue;
            return Ok(());
        }
        let read_at = self.holding(queue.account, queue.currency)?.map_or(0, |holding| holding.queue.version);
        self.changes.queues.push(QueueWrite { read_at, queue });
        Ok(())
    }

    /// Whether a refund that needs so much of a balance has to wait: because there is less, or because others wait already.
    // RULE: pending refunds are processed in the order in which they were made (docs.stripe.com/refunds, 2024).
    pub(super) fn has_to_wait(&mut self, owner: AccountId, currency: Currency, needed: i128) -> Result<bool, Error> {
        if self.queue(owner, currency)?.first.is_some() {
            return Ok(true);
        }
        if self.shortfall(owner, currency, needed)?.is_none() {
            self.rely_on_empty_queue(owner, currency)?;
            return Ok(false);
        }
        // Money that comes at the same time must not go unseen.
        self.guard(LedgerAccount::Available { owner }, currency, i128::MIN, needed.saturating_sub(1));
        Ok(true)
    }

    /// Puts a refund at the end of the queue for a balance.
    pub(super) fn wait_for_funds(
        &mut self,
        (owner, currency): (AccountId, Currency),
        refund: Refund,
        needed: i128,
    ) -> Result<(), Error> {
        let queue = self.queue(owner, currency)?;
        let next = match queue.last {
            Some(last) if queue.first.is_some() => {
                self.want(&[Key::Family(last.family())])?;
                let last = self.get::<Refund>(last)?.followed_by(refund.id());
                self.put(last);
                RefundQueue { last: Some(refund.id()), ..queue }
            }
            Some(_) | None => {
                let (first, needs) = (Some(refund.id()), Some(i64::try_from(needed).unwrap_or(i64::MAX)));
                RefundQueue { first, last: first, needs, ..queue }
            }
        };
        self.put(refund);
        self.put_queue(next)
    }

    /// Has the queue looked at, if it is the first one's place that became free.
    pub(super) fn leave_queue(&mut self, owner: AccountId, refund: &Refund) -> Result<(), Error> {
        let currency = self.get::<Charge>(refund.charge())?.settlement_currency();
        let queue = self.queue(owner, currency)?;
        if queue.first != Some(refund.id()) {
            return Ok(());
        }
        self.put_queue(RefundQueue { needs: Some(NOTHING), ..queue })
    }

    /// Has the queue for a balance looked at, if there is one: the first refund in it may need less than it did.
    pub(super) fn look_at_queue(&mut self, owner: AccountId, currency: Currency) -> Result<(), Error> {
        let queue = self.queue(owner, currency)?;
        if queue.first.is_none() {
            return Ok(());
        }
        self.put_queue(RefundQueue { needs: Some(NOTHING), ..queue })
    }

    /// Books the refunds that a balance covers now, in their order; the first one that it does not cover holds up those behind it.
    pub(super) fn fund_refunds(&mut self, owner: AccountId, currency: Currency) -> Result<(), Error> {
        self.want(&[Key::Balance(owner, currency), Key::Family(owner.family())])?;
        let funded_at = self.holding(owner, currency)?.and_then(|holding| holding.queue.funded_at);
        if funded_at != Some(self.now) {
            return Ok(());
        }
        let mut queue = self.queue(owner, currency)?;
        queue.needs = None;
        let mut turns = 0;
        while let Some(id) = queue.first {
            if turns == AT_ONCE {
                queue.needs = Some(NOTHING);
                break;
            }
            self.want(&[Key::Family(id.family())])?;
            let refund = self.take::<Refund>(id)?;
            if refund.is_waiting()
                && let Turn::Short(needed) = self.take_turn((owner, currency), &refund)?
            {
                queue.needs = Some(needed);
                break;
            }
            turns = turns.saturating_add(1);
            queue.first = refund.next_waiting();
            let done = self.take::<Refund>(id)?;
            if done.next_waiting().is_some() {
                self.put(done.alone());
            }
        }
        if queue.first.is_none() {
            queue.last = None;
        }
        self.put_queue(queue)
    }

    /// It is a refund's turn: it is booked, unless the balance does not cover it. The shares that it takes back are cut now.
    // What cannot be carried out for another reason fails, and does not hold up the others. That is our own choice: no page says what
    // becomes of a refund whose other party cannot bear its share any more.
    fn take_turn(&mut self, (owner, currency): (AccountId, Currency), refund: &Refund) -> Result<Turn, Error> {
        let payment = self.take::<PaymentIntent>(PaymentId::of(refund.id().family(), 0))?;
        let charge = self.take::<Charge>(refund.charge())?;
        self.want_parties(&payment, &charge)?;
        let drafted = self.draft_refund(payment, charge, (refund.id(), refund.amount(), refund.takes()));
        let looked = drafted.and_then(|draft| Ok((self.refund_needs(&draft)?, draft)));
        let (needed, draft) = match looked {
            Ok(looked) => looked,
            Err(error) if error.is_about_loading() => return Err(error),
            Err(error) => {
                let is_short = error.kind() == super::ErrorKind::Insufficient;
                let reason = if is_short { RefundFailure::InsufficientFunds } else { RefundFailure::Declined };
                self.fail_refund(refund, self.now, reason)?;
                return Ok(Turn::Over);
            }
        };
        if let Some(needed) = needed
            && self.shortfall(owner, currency, needed)?.is_some()
        {
            return Ok(Turn::Short(i64::try_from(needed).unwrap_or(i64::MAX)));
        }
        let booked = self.book_refund(refund.clone(), draft)?;
        self.event(PaymentEvent::RefundUpdated, booked.id(), Some(owner));
        self.event(PaymentEvent::ChargeRefundUpdated, booked.id(), Some(owner));
        Ok(Turn::Over)
    }
}
