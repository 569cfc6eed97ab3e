//! What the processor takes from the platform for the payouts of its accounts: counted with each, billed by the month.

use std::collections::BTreeSet;

use smallvec::SmallVec;

use super::transaction::Seen;
use super::{Error, Platform, Transaction};
use crate::accounts::{Account, FeePayer};
use crate::calendar::Timestamp;
use crate::ids::{AccountId, ConnectFeesId, Family, ObjectId};
use crate::journal::{AnomalyReason, Deadline, DeadlineKind, Domain, Key, Known, Origin};
use crate::ledger::{EntryKind, LedgerError};
use crate::money::{Currency, Money, Rounding};
use crate::payouts::{ConnectFee, ConnectFees, Month, Payout, bill_line};
use crate::rulebook::{ConnectItem, ConnectPrice, InstantRule};
use crate::tools::BillRow;

/// Under which family the fees of an account are kept, by month and currency.
// INVARIANT: it follows from the three alone. No two accounts share one, so that whoever pays one out disturbs nobody who pays another.
fn fees_family(platform: AccountId, account: AccountId, currency: Currency, month: Month) -> Family {
    let origin = Origin::new(Domain::ConnectFees, platform, Some(account), currency.to_string().as_bytes());
    origin.family(month.begins)
}

/// What has become of a payout, as far as it matters for what it costs.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum PayoutNews {
    /// It was made.
    Made,
    /// It was called off.
    CalledOff,
    /// It came back.
    Failed,
}

impl Transaction<'_> {
    /// What a payout of an account costs the platform, part by part.
    // RULE: of each payout a share and a fixed amount, of each month in which there was one a fixed amount (stripe.com/connect/pricing by
    // way of third parties, 2026); of those within minutes a share (docs.stripe.com/connect/instant-payouts, 2024 and 2026); of those that
    // cross a border a share, by the way between the two (docs.stripe.com/connect/cross-border-payouts, 2024 and 2025). Where the account
    // pays the processor itself no Connect fee is charged to anyone (docs.stripe.com/connect/direct-charges-fee-payer-behavior, 2026). That
    // payouts within minutes and across borders pay for being payouts as well, and that one across a border counts whatever its money came
    // from, is our reading.
    // ROUNDING: of each payout by itself, to the nearest minor unit, ties up, as all fees
    // (support.stripe.com/questions/rounding-rules-for-stripe-fees).
    pub(super) fn connect_fees_of(&mut self, payout: &Payout) -> Result<SmallVec<[ConnectFee; 1]>, Error> {
        let (id, amount) = (payout.account(), payout.amount());
        let account = self.get::<Account>(id)?;
        let is_ours = account.is_connected() && account.extension().is_none() && amount.is_positive();
        let Some(controller) = account.controller().filter(|_| is_ours) else { return Ok(SmallVec::new()) };
        match controller.fees {
            FeePayer::Account => return Ok(SmallVec::new()),
            FeePayer::Application | FeePayer::ApplicationCustom | FeePayer::ApplicationExpress => {}
        }
        let (home, book) = (self.home()?, self.rulebook);
        let mut fees = SmallVec::new();
        let mut add = |item, amount: Money| {
            if amount.is_positive() {
                fees.push(ConnectFee { item, amount });
            }
        };
        let crossing = book.cross_border_fee(home, account.country(), account.agreement());
        add(ConnectItem::CrossBorderPayout, crossing.of(amount, Rounding::NearestTiesAway)?);
        if !book.bills_connect_prices() {
            return Ok(fees);
        }
        if let Some(price) = book.connect_price(home, ConnectItem::ActiveAccount) {
            add(ConnectItem::ActiveAccount, price.fixed());
        }
        let instant = book.instant_destinations(account.country(), amount.currency());
        if let Some(rate) = instant.map(InstantRule::connect_fee).filter(|_| payout.instant().is_some()) {
            add(ConnectItem::InstantPayout, rate.of(amount, Rounding::NearestTiesAway)?);
        }
        if let Some(price) = book.connect_price(home, ConnectItem::Payout) {
            for part in parts(price, amount)? {
                add(ConnectItem::Payout, part);
            }
        }
        Ok(fees)
    }

    /// Counts a payout into the months of its account, or out of them.
    // RULE: Connect fees are billed by the month (docs.stripe.com/connect/pricing by way of stripe.com/pricing, 2026), and an account is active
    // in a month with at least one successful payout (docs.stripe.com/connect/accounts, 2024). That a payout counts when it is made, that
    // one which is called off costs nothing, and that one which comes back costs what every payout does, is our reading.
    pub(super) fn count_fees(&mut self, payout: &Payout, news: PayoutNews) -> Result<(), Error> {
        // Beyond the end of the calendar nothing is billed.
        let Some(month) = Month::of(self.now).filter(|_| payout.connect_fees().next().is_some()) else { return Ok(()) };
        let made_in = Month::of(payout.created()).unwrap_or(month);
        let account = payout.account();
        let family = |(month, currency)| Key::Family(fees_family(self.platform, account, currency, month));
        let currencies = || payout.connect_fees().map(|(_, fee)| fee.currency());
        let keys = currencies().flat_map(|currency| [(month, currency), (made_in, currency)]).map(family);
        self.want(&keys.collect::<SmallVec<[Key; 4]>>())?;
        for (item, fee) in payout.connect_fees() {
            let (currency, minor) = (fee.currency(), fee.minor());
            match (item, news) {
                (_, PayoutNews::Made) => {
                    let fees = self.fees_in(month, account, item, currency)?;
                    self.put(fees.with_payout(minor));
                }
                (ConnectItem::ActiveAccount, PayoutNews::CalledOff | PayoutNews::Failed) => {
                    let (fees, back) = self.fees_in(made_in, account, item, currency)?.less_active();
                    self.put(fees);
                    if back != 0 {
                        let fees = self.fees_in(month, account, item, currency)?;
                        self.put(fees.with_back(back));
                    }
                }
                (
                    ConnectItem::CrossBorderPayout | ConnectItem::InstantPayout | ConnectItem::Payout,
                    PayoutNews::CalledOff,
                ) => {
                    let fees = self.fees_in(month, account, item, currency)?;
                    self.put(fees.without_payout(minor));
                }
                (
                    ConnectItem::CrossBorderPayout | ConnectItem::InstantPayout | ConnectItem::Payout,
                    PayoutNews::Failed,
                ) => {}
            }
        }
        Ok(())
    }

    /// What was counted so far.
    fn fees_in(
        &mut self,
        month: Month,
        account: AccountId,
        item: ConnectItem,
        currency: Currency,
    ) -> Result<ConnectFees, Error> {
        let family = fees_family(self.platform, account, currency, month);
        let known = self.find::<ConnectFees>(ConnectFees::place(family, item))?;
        Ok(known.map_or_else(|| ConnectFees::new(family, account, item, currency, month), Seen::into_owned))
    }

    /// The month is over: what was counted is taken from the platform.
    // RULE: a `stripe_fee` on the platform (docs.stripe.com/reports/balance-transaction-types, 2024), in a currency that it holds: a fee in
    // another one is converted in the middle of the market (docs.stripe.com/currencies/conversions, 2024). That it is taken in its own
    // currency where no rate was set is our own choice: the clock can ask for none.
    pub(super) fn bill_connect_fees(&mut self, deadline: Deadline, id: ConnectFeesId) -> Result<(), Error> {
        self.want(&[Key::Family(id.family()), Key::Family(self.platform.family())])?;
        let Some(known) = self.find::<ConnectFees>(id)? else { return Ok(()) };
        if known.due() != Some(self.now) {
            return Ok(());
        }
        let platform = self.get::<Account>(self.platform)?;
        let to = self.settles(&platform, known.currency());
        let fees = i64::try_from(known.fees()).map_err(|_| LedgerError::Overflow.into());
        let billed = fees.and_then(|fees| self.in_the_middle(Money::new(fees, known.currency()), to));
        let billed = match billed {
            Ok(billed) => billed,
            Err(Error::NotLoaded(keys)) => return Err(Error::NotLoaded(keys)),
            Err(_) => return self.cannot_happen(deadline, AnomalyReason::OutOfRange),
        };
        self.want(&[Key::Balance(self.platform, billed.currency())])?;
        self.put(known.bill(billed));
        if billed.is_zero() {
            return Ok(());
        }
        let line = bill_line(self.platform, id, billed, self.now);
        let posting = Self::fee_of(billed.minor(), billed.currency());
        self.post(EntryKind::ConnectFees, id, &[line], posting.as_slice())
    }
}

/// What a payout costs by its price: in one amount where the share and the fixed part are of one currency.
fn parts(price: &ConnectPrice, payout: Money) -> Result<SmallVec<[Money; 2]>, Error> {
    let (share, fixed) = (price.share_of(payout)?, price.fixed());
    if share.currency() != fixed.currency() {
        return Ok(SmallVec::from_buf([share, fixed]));
    }
    // INVARIANT: a payout is never refused for what it costs somebody else, so a sum beyond every amount is the largest one.
    let sum = share.minor().saturating_add(fixed.minor());
    Ok(SmallVec::from_elem(Money::new(sum, share.currency()), 1))
}

const fn to_bill(what: DeadlineKind) -> Option<ConnectFeesId> {
    if let DeadlineKind::BillConnectFees(fees) = what { Some(fees) } else { None }
}

const fn billed_for(cause: ObjectId) -> Option<ConnectFeesId> {
    if let ObjectId::ConnectFees(fees) = cause { Some(fees) } else { None }
}

impl Platform {
    /// What will be billed at the end of the month, as far as it is loaded.
    pub(super) fn bills_ahead(&self) -> impl Iterator<Item = ConnectFeesId> + '_ {
        let until = Month::of(self.now()).map_or(Timestamp::MAX, |month| month.ends);
        self.state.deadlines().take_while(move |deadline| deadline.due <= until).filter_map(|due| to_bill(due.what))
    }

    /// What an account's payouts have cost the platform so far in the month of a moment, or in all of it where it is over: one item of the
    /// bill, in one currency. Nothing where there was none.
    ///
    /// # Errors
    /// On a partial platform [`Error::NotLoaded`].
    pub fn connect_fees(
        &self,
        account: AccountId,
        item: ConnectItem,
        currency: Currency,
        at: Timestamp,
    ) -> Result<Option<&ConnectFees>, Error> {
        let Some(month) = Month::of(at) else { return Ok(None) };
        let family = fees_family(self.id(), account, currency, month);
        match self.state.record::<ConnectFees>(ConnectFees::place(family, item)) {
            Known::Here((fees, _)) => Ok(Some(fees)),
            Known::Absent => Ok(None),
            Known::NotLoaded(key) => Err(Error::NotLoaded(vec![key])),
        }
    }

    /// The platform's bill for the month of a moment, by account, item and currency: what was taken for it, or, while the month lasts, what
    /// was counted so far. The lines of a bill that came to nothing are not in it.
    ///
    /// It reads what is ahead, or the platform's history back to the day of the bill.
    ///
    /// ```
    /// use fundroute::prelude::*;
    /// use fundroute::rulebook::ConnectItem;
    /// use fundroute::simulator::World;
    ///
    /// let book = Rulebook::standard().with_connect_prices(true);
    /// let (mut platform, mut world) =
    ///     (Platform::new(NewPlatform::in_country(US), book, utc(2026, 11, 2))?, World::new());
    /// let jo = world.onboard(&mut platform, NewAccount::express(US))?;
    /// let sale = NewPayment::card(usd(100_00)).destination(jo).application_fee(usd(10_00));
    /// platform.payments().create("order-1", sale)?;
    /// world.advance_to(&mut platform, utc(2026, 12, 1))?;
    /// let bill = platform.monthly_bill(utc(2026, 11, 2))?;
    /// let lines: Vec<_> = bill.iter().map(|row| (row.item, row.payouts, row.fees, row.billed)).collect();
    /// // 90.00 were paid out: 0.25 % of it and 0.25, and 2.00 because there was a payout at all.
    /// assert_eq!(lines, [
    ///     (ConnectItem::ActiveAccount, 1, 2_00, Some(usd(2_00))),
    ///     (ConnectItem::Payout, 1, 48, Some(usd(48))),
    /// ]);
    /// # Ok::<(), Error>(())
    /// ```
    ///
    /// # Errors
    /// On a partial platform [`Error::HistoryNotKept`].
    pub fn monthly_bill(&self, at: Timestamp) -> Result<Vec<BillRow>, Error> {
        self.history_is_kept()?;
        let Some(month) = Month::of(at) else { return Ok(Vec::new()) };
        let ahead = self.state.deadlines().skip_while(|deadline| deadline.due < month.ends);
        let ahead = ahead.take_while(|deadline| deadline.due == month.ends);
        let mut ids: BTreeSet<ConnectFeesId> = ahead.filter_map(|deadline| to_bill(deadline.what)).collect();
        for currency in Currency::all() {
            let back = self.state.latest(self.id(), currency).take_while(|booked| booked.at() >= month.ends);
            ids.extend(back.filter(|booked| booked.at() == month.ends).filter_map(|booked| billed_for(booked.cause())));
        }
        let mut rows: Vec<BillRow> = Vec::new();
        for id in ids {
            let Known::Here((fees, _)) = self.state.record::<ConnectFees>(id) else { continue };
            if fees.fees() != 0 {
                rows.push(BillRow::of(fees, self.account(fees.account())?.country()));
            }
        }
        rows.sort_by_key(|row| (row.account, row.item, row.currency));
        Ok(rows)
    }
}
