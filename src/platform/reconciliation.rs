//! Reports as rows, and a provider's report held against the ledger.

use std::ops::Range;

use super::facts::origin_of_reference;
use super::{Error, Platform};
use crate::calendar::Timestamp;
use crate::ids::{AccountId, ObjectId};
use crate::journal::Known;
use crate::tools::{ItemizedRow, ProviderRow, Reconciler, Reconciliation, SummaryRow};

/// How many days around a period the ledger is looked at for what a report dates into it: longer than any two calendars lie apart, and
/// than a batch waits for the night.
const MARGIN: i64 = 2;

/// What the outside world has references of its own for.
const KINDS_OF_REFERENCES: [&str; 3] = ["charge", "dispute", "top-up"];

impl Platform {
    /// What an account's balances were, what came and went under each heading, and what they are, as rows of a report.
    ///
    /// ```
    /// use fundroute::prelude::*;
    /// use fundroute::simulator::World;
    /// use fundroute::tools::csv;
    ///
    /// let (mut platform, mut world) =
    ///     (Platform::new(NewPlatform::in_country(US), Rulebook::standard(), utc(2026, 11, 2))?, World::new());
    /// let jo = world.onboard(&mut platform, NewAccount::express(US))?;
    /// let sale = NewPayment::card(usd(100_00)).destination(jo).application_fee(usd(10_00));
    /// platform.payments().create("order", sale)?;
    /// world.advance(&mut platform, days(1))?;
    /// let november = platform.balance_summary(jo, utc(2026, 11, 1)..utc(2026, 12, 1))?;
    /// assert_eq!(
    ///     csv(november).unwrap(),
    ///     "category,count,gross,fee,net,currency\n\
    ///      starting_balance,0,0.00,0.00,0.00,usd\n\
    ///      charge,1,100.00,10.00,90.00,usd\n\
    ///      ending_balance,0,90.00,0.00,90.00,usd\n"
    /// );
    /// # Ok::<(), Error>(())
    /// ```
    ///
    /// # Errors
    /// As [`balance_report`](Self::balance_report).
    pub fn balance_summary(&self, account: AccountId, period: Range<Timestamp>) -> Result<Vec<SummaryRow>, Error> {
        self.balance_report(account, period).map(|report| SummaryRow::of(&report))
    }

    /// An account's balance transactions of a period one by one, as rows of a report, currency by currency and the oldest first.
    ///
    /// # Errors
    /// As [`balance_report`](Self::balance_report).
    pub fn itemized(&self, account: AccountId, period: Range<Timestamp>) -> Result<Vec<ItemizedRow>, Error> {
        let report = self.balance_report(account, period)?;
        Ok(report.currencies.iter().flat_map(|of| &of.lines).map(ItemizedRow::from).collect())
    }

    /// Holds a provider's report of an account's balance changes in a period against the ledger.
    ///
    /// A row belongs to the balance transaction of the same object, heading, currency, amounts and days; where there is none, to the one
    /// that agrees in most. The object is named by an id of the ledger's, or by the reference under which the provider knows a charge, a
    /// dispute or a top-up. A reference that the ledger does not know says nothing, and all else has to agree. Records of two days before
    /// and after the period count as well, where a row belongs to them.
    ///
    /// ```
    /// use fundroute::prelude::*;
    /// use fundroute::simulator::World;
    /// use fundroute::tools::{Aspect, Difference, ProviderRow, csv};
    ///
    /// let (mut platform, mut world) =
    ///     (Platform::new(NewPlatform::in_country(US), Rulebook::standard(), utc(2026, 11, 2))?, World::new());
    /// let jo = world.onboard(&mut platform, NewAccount::express(US))?;
    /// for order in ["a chair", "a lamp"] {
    ///     platform.payments().create(order, NewPayment::card(usd(100_00)).destination(jo))?;
    /// }
    /// world.advance(&mut platform, days(1))?;
    /// let november = utc(2026, 11, 1)..utc(2026, 12, 1);
    /// let ours = csv(platform.itemized(jo, november.clone())?).unwrap();
    ///
    /// let theirs = ProviderRow::read_csv(&ours).unwrap();
    /// assert!(platform.reconcile(jo, november.clone(), theirs.clone())?.is_clean());
    ///
    /// let mut wrong = theirs;
    /// wrong[0].net -= 30;
    /// wrong.pop();
    /// let found = platform.reconcile(jo, november, wrong)?;
    /// let [Difference::Differs { aspects, .. }, Difference::Missing { line, .. }] = &found.differences[..] else { panic!() };
    /// assert_eq!((&aspects[..], line.net), (&[Aspect::Amount][..], 100_00));
    /// # Ok::<(), Error>(())
    /// ```
    ///
    /// # Errors
    /// As [`balance_report`](Self::balance_report); what is wrong with the report is in the answer.
    // RULE: a report of balance changes lists each balance transaction with its source (docs.stripe.com/reports/report-types/balance, 2024).
    pub fn reconcile(
        &self,
        account: AccountId,
        period: Range<Timestamp>,
        report: Vec<ProviderRow>,
    ) -> Result<Reconciliation, Error> {
        let period = period.start..period.end.max(period.start);
        let around = |at: Timestamp, days, end| at.plus_days(days).unwrap_or(end);
        let before = around(period.start, -MARGIN, Timestamp::MIN)..period.start;
        let after = period.end..around(period.end, MARGIN, Timestamp::MAX);
        // What is of the period comes before what lies around it.
        let mut lines = self.itemized(account, period.clone())?;
        lines.extend(self.itemized(account, before)?);
        lines.extend(self.itemized(account, after)?);
        let rows = report.into_iter().map(|row| {
            let source = self.known_as(&row.source);
            (row, source)
        });
        Ok(Reconciler::new(lines, rows.collect()).done(account, &period))
    }

    /// What the ledger knows under an id of its own, or under a reference of the outside world.
    fn known_as(&self, source: &str) -> Option<ObjectId> {
        if let Ok(id) = source.parse() {
            return Some(id).filter(|id| self.state.records.get(*id).is_some());
        }
        KINDS_OF_REFERENCES.into_iter().find_map(|kind| {
            let name = origin_of_reference(self.id(), kind, source).name;
            if let Known::Here((_, object)) = self.state.reference(name) { object } else { None }
        })
    }
}
