//! What happened to balances over time.

use std::ops::Range;

use super::{Error, Platform};
use crate::calendar::Timestamp;
use crate::ids::AccountId;
use crate::ledger::{BalanceReport, BalanceTransaction, Reporter};
use crate::money::Currency;

impl Platform {
    /// What happened to an account's balances from one moment up to another, and what they were at both.
    ///
    /// What has not happened yet is not in it, so a period that is not over ends with what there is now. One that ends before it begins is
    /// empty. It reads the account's whole history.
    ///
    /// ```
    /// use fundroute::ledger::ReportingCategory;
    /// use fundroute::prelude::*;
    /// use fundroute::simulator::World;
    ///
    /// let (mut platform, mut world) =
    ///     (Platform::new(NewPlatform::in_country(US), Rulebook::standard(), utc(2026, 11, 2))?, World::new());
    /// let jo = world.onboard(&mut platform, NewAccount::express(US))?;
    /// for order in ["monday", "tuesday"] {
    ///     let sale = NewPayment::card(usd(100_00)).destination(jo).application_fee(usd(10_00));
    ///     platform.payments().create(order, sale)?;
    ///     world.advance(&mut platform, days(1))?;
    /// }
    /// let tuesday = platform.balance_report(jo, utc(2026, 11, 3)..utc(2026, 11, 4))?;
    /// let dollars = tuesday.currency(USD).unwrap();
    /// assert_eq!((dollars.opening.held(), dollars.lines.len(), dollars.closing.held()), (90_00, 1, 180_00));
    /// let sales = dollars.activity().remove(0);
    /// assert_eq!((sales.category, sales.amount, sales.fee), (ReportingCategory::Charge, 100_00, 10_00));
    /// # Ok::<(), Error>(())
    /// ```
    ///
    /// # Errors
    /// [`Error::NotFound`]; on a partial platform [`Error::HistoryNotKept`].
    pub fn balance_report(&self, account: AccountId, period: Range<Timestamp>) -> Result<BalanceReport, Error> {
        self.account(account)?;
        self.history_is_kept()?;
        let (from, until) = (period.start, period.end.max(period.start));
        let mut currencies = Vec::new();
        for currency in Currency::all().filter(|currency| self.state.holdings.get(account, *currency).is_some()) {
            let mut reporter = Reporter::new(currency, from);
            // INVARIANT: entries are booked at the clock's time, which never goes back.
            for booked in self.state.history(account, currency).into_iter().take_while(|booked| booked.at() < until) {
                let at = booked.at();
                for (bucket, _, amount) in booked.movements().filter(|(_, in_currency, _)| *in_currency == currency) {
                    if bucket.owner() == Some(account) {
                        reporter.balances(at).for_each(|balance| balance.add(bucket, amount));
                    }
                }
                for line in booked.lines().filter(|line| line.owner() == account && line.currency() == currency) {
                    reporter.line(BalanceTransaction::of(line, at, self.rate_of(line)));
                }
            }
            currencies.push(reporter.done());
        }
        Ok(BalanceReport { owner: account, from, until, currencies })
    }
}
