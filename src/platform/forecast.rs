//! What the clock will do with an account's money, told beforehand.

use std::collections::VecDeque;

use super::{Error, Identity, Platform};
use crate::accounts::{Account, ExternalAccount};
use crate::calendar::Timestamp;
use crate::ids::AccountId;
use crate::journal::{Changes, Deadline, DeadlineKind, HOLDS_LOOKED_UP, Key, Known, Record};
use crate::ledger::LedgerAccount;
use crate::money::Currency;
use crate::payouts::{Payout, Suspension};

/// Looking ahead. Nothing here changes anything.
impl Platform {
    /// The automatic payouts that will leave an account's balances if nothing happens from now on but the passing of time: each as
    /// [`advance_to`](Self::advance_to) would make it, with its id, soonest first.
    ///
    /// It is the clock itself that tells: what the account has, is owed and waits for is looked up, and what is due is decided, one by one,
    /// on that copy, until nothing more can become a payout. So it counts everything that the clock does for the account: money that becomes
    /// available, reserves that let go, refunds that wait for money, minimum balances and debts. It does not count what nobody has told: a
    /// payout may come back, a debit on its way may arrive, and a dispute may be decided. Nor does it count money that is held back
    /// [by itself](crate::payouts::NewReserveHold), to which no key of the account leads; nor, for the platform, what it has set aside for
    /// other accounts and what they owe meanwhile; on a partial platform, its month's bill is that of the accounts whose counts are loaded.
    ///
    /// A manual schedule pays out nothing by itself.
    ///
    /// ```
    /// use fundroute::prelude::*;
    /// use fundroute::simulator::World;
    ///
    /// let mut world = World::new();
    /// let mut platform = Platform::new(NewPlatform::in_country(US), Rulebook::standard(), utc(2026, 11, 2))?;
    /// let jo = world.onboard(&mut platform, NewAccount::express(US))?;
    /// platform.payments().create("sale", NewPayment::card(usd(100_00)).destination(jo))?;
    /// world.settle(&mut platform)?;
    ///
    /// let payouts = platform.upcoming(jo)?;
    /// assert_eq!(payouts.len(), 1);
    /// assert_eq!((payouts[0].amount(), payouts[0].created()), (usd(100_00), utc(2026, 11, 4)));
    ///
    /// platform.advance_to(utc(2026, 11, 4))?;
    /// assert_eq!(platform.payout(payouts[0].id())?, &payouts[0]);
    /// # Ok::<(), Error>(())
    /// ```
    ///
    /// What rules over accounts will find is not foreseen.
    ///
    /// # Errors
    /// [`Error::NotFound`]; on a partial platform [`Error::NotLoaded`].
    pub fn upcoming(&self, account: AccountId) -> Result<Vec<Payout>, Error> {
        let mut ahead = Ahead::of(self, account)?;
        let mut payouts = Vec::new();
        while let Some(changes) = ahead.step()? {
            let new = changes.records.iter().filter(|write| write.read_at == 0);
            let payout = |record: &Record| {
                if let Record::Payout(payout) = record { Some(payout.as_ref().clone()) } else { None }
            };
            let sent = new.filter_map(|write| payout(&write.record));
            payouts.extend(sent.filter(|payout| payout.account() == account));
        }
        Ok(payouts)
    }

    /// Until when the oldest of what an account has available in a currency must be paid out, whatever its schedule; nothing where it has
    /// nothing. What is paid out, refunded or taken back is counted as the oldest first. The crate warns, and the host sees to it.
    ///
    /// # Errors
    /// [`Error::NotFound`]; on a partial platform [`Error::HistoryNotKept`].
    // RULE: see `Rulebook::must_pay_out_by`. That the oldest goes first is our own reading.
    pub fn must_pay_out_by(&self, account: AccountId, currency: Currency) -> Result<Option<Timestamp>, Error> {
        let country = self.account(account)?.country();
        self.history_is_kept()?;
        let bucket = LedgerAccount::Available { owner: account };
        let mut there: VecDeque<(Timestamp, i128)> = VecDeque::new();
        let mut owed = 0_i128;
        for booked in self.state.history(account, currency) {
            let lines = booked.lines().filter(|line| line.account() == bucket && line.currency() == currency);
            let postings = booked.postings().filter(|posting| posting.account == bucket);
            let moved = postings.filter(|posting| posting.amount.currency() == currency);
            let moved = moved.map(|posting| i128::from(posting.amount.minor()));
            // INVARIANT: sums of i64 in i128: saturation is never reached.
            let sum = lines.map(|line| line.net()).chain(moved).fold(0_i128, i128::saturating_add);
            owed = owed.saturating_sub(sum.min(0));
            if sum > 0 {
                there.push_back((booked.at(), sum));
            }
            while owed > 0
                && let Some((_, oldest)) = there.front_mut()
            {
                let taken = owed.min(*oldest);
                owed = owed.saturating_sub(taken);
                *oldest = oldest.saturating_sub(taken);
                if *oldest == 0 {
                    there.pop_front();
                }
            }
        }
        let oldest = there.front().map(|(since, _)| self.rulebook.must_pay_out_by(country, *since));
        Ok(oldest.map(|until| until.unwrap_or(Timestamp::MAX)))
    }

    /// Why an account's schedule makes no payouts in a currency for now; nothing where it does, or would. The schedule itself stays, and goes
    /// on once the reason is gone.
    ///
    /// # Errors
    /// [`Error::NotFound`]; on a partial platform [`Error::NotLoaded`].
    pub fn payout_suspension(&self, account: AccountId, currency: Currency) -> Result<Option<Suspension>, Error> {
        let owner = self.account(account)?;
        let Some(bank) = owner.bank_for(currency) else { return Ok(Some(Suspension::NoBankAccount)) };
        if !self.look::<ExternalAccount>(bank)?.is_usable() {
            return Ok(Some(Suspension::BankAccountErrored(bank)));
        }
        if !owner.payouts_enabled() {
            return Ok(Some(Suspension::PayoutsNotEnabled));
        }
        let refunds_wait = match self.state.holding(account, currency) {
            Known::Here(holding) => holding.queue.first.is_some(),
            Known::Absent => false,
            Known::NotLoaded(key) => return Err(Error::NotLoaded(vec![key])),
        };
        Ok(refunds_wait.then_some(Suspension::RefundsWait))
    }
}

/// A copy of what an account's payouts depend on, and its future.
struct Ahead<'a> {
    known: &'a Platform,
    part: Platform,
    account: AccountId,
}

impl<'a> Ahead<'a> {
    fn of(known: &'a Platform, id: AccountId) -> Result<Self, Error> {
        let identity = Identity { platform: known.id(), livemode: known.livemode() };
        let part = Platform::partial(identity, known.rulebook.clone(), known.now());
        let mut ahead = Self { known, part, account: id };
        let account: &Account = known.account(id)?;
        let balances = account.bank_currencies().map(|currency| Key::Balance(id, currency));
        let mut keys: Vec<Key> = balances.collect();
        keys.extend([Key::Family(id.family()), Key::Family(known.id().family()), Key::Payouts(id)]);
        // The platform is billed for the month.
        if account.is_platform() {
            keys.extend(known.bills_ahead().map(|fees| Key::Family(fees.family())));
        }
        ahead.load(&keys)?;
        // What waits for its own time is found by who it belongs to.
        let mut others: Vec<Key> = Vec::new();
        for currency in account.bank_currencies() {
            let first = known.state.holdings.get(id, currency).and_then(|holding| holding.queue.first);
            others.extend(first.map(|refund| Key::Family(refund.family())));
        }
        others.extend(known.look_up(Key::Payouts(id)).payouts.iter().map(|payout| Key::Family(payout.family())));
        ahead.load(&others)?;
        ahead.load_holds()?;
        Ok(ahead)
    }

    /// Everything that the account's plans hold back.
    fn load_holds(&mut self) -> Result<(), Error> {
        let known = self.known;
        let plan = |record: &Record| if let Record::ReservePlan(plan) = record { Some(plan.id()) } else { None };
        for plan in known.family(self.account).filter_map(plan) {
            let mut after = None;
            loop {
                let key = Key::Holds(plan, after);
                self.load(&[key])?;
                let holds = known.look_up(key).holds;
                let families: Vec<Key> = holds.iter().map(|hold| Key::Family(hold.family())).collect();
                self.load(&families)?;
                after = holds.last().copied();
                if holds.len() < HOLDS_LOOKED_UP {
                    break;
                }
            }
        }
        Ok(())
    }

    /// Copies what is known under keys.
    fn load(&mut self, keys: &[Key]) -> Result<(), Error> {
        let missing: Vec<Key> = keys.iter().copied().filter(|key| !self.known.is_loaded(*key)).collect();
        if !missing.is_empty() {
            return Err(Error::NotLoaded(missing));
        }
        let new: Vec<Key> = keys.iter().copied().filter(|key| !self.part.is_loaded(*key)).collect();
        self.part.load(new.into_iter().map(|key| self.known.look_up(key)));
        Ok(())
    }

    /// What happens next, if anything can still become a payout of the account.
    fn step(&mut self) -> Result<Option<Changes>, Error> {
        loop {
            let Some(deadline) = self.part.state.next_deadline() else { return Ok(None) };
            if !self.matters(deadline) && !self.part.deadlines().any(|deadline| self.matters(*deadline)) {
                return Ok(None);
            }
            match self.part.decide_due_now(deadline) {
                Ok(changes) => {
                    self.part.fold(&changes);
                    if self.part.state.next_deadline() == Some(deadline) {
                        self.part.state.drop_deadline(deadline);
                    }
                    return Ok(Some(changes));
                }
                Err(Error::NotLoaded(keys)) => self.load(&keys)?,
                Err(error) => return Err(error),
            }
        }
    }

    /// Whether something that is due may bring the account money, or pay it out.
    fn matters(&self, deadline: Deadline) -> bool {
        match deadline.what {
            DeadlineKind::Settle(account, _)
            | DeadlineKind::PayOut(account, _)
            | DeadlineKind::DebitBank(account, _)
            | DeadlineKind::FundRefunds(account, _) => account == self.account,
            DeadlineKind::BillConnectFees(_)
            | DeadlineKind::GiveUpRefund(_)
            | DeadlineKind::CancelHeld(_)
            | DeadlineKind::PayoutArrival(_)
            | DeadlineKind::EndReservePlan(_)
            | DeadlineKind::ReleaseHold(_) => true,
            DeadlineKind::AssessRisk(_)
            | DeadlineKind::ExpirePayment(_)
            | DeadlineKind::GiveUp(_)
            | DeadlineKind::Reassess(_)
            | DeadlineKind::CrossVolume(..)
            | DeadlineKind::CloseDispute(_)
            | DeadlineKind::FreeCover(_)
            | DeadlineKind::EndTrace(_)
            | DeadlineKind::Collect(..) => false,
        }
    }
}
