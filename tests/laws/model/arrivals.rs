//! On which day payouts are expected at the bank, counted on the wall calendar.

use chrono::Datelike;

use super::*;
use crate::rules::Hours;

impl Model {
    /// A run of the schedule reaches the bank on its day, or on the next one on which banks are open.
    pub(super) fn expected_of_run(&mut self, id: PayoutId) {
        let currency = self.wires[&id].currency;
        self.expect(id, rules::after(0, currency, self.now));
    }

    /// What somebody asks for reaches the bank on the same day if it is early enough, there is no more than a million of it and no more than
    /// ten others; or else a day or two later. Within minutes it is there at once.
    pub(super) fn expected_by_hand(&mut self, id: PayoutId, method: PayoutMethod) {
        let Wire { account, reaches: (amount, currency), .. } = self.wires[&id];
        if method == PayoutMethod::Instant {
            self.expected.insert(id, (self.now, rules::day(self.now)));
            return;
        }
        let Some(Hours { zone, until, otherwise }) = rules::same_day(self.holders[&account].country, currency) else {
            return self.expect(id, rules::after(1, currency, self.now));
        };
        let (today, minutes) = local(zone, self.now);
        let is_open = rules::after(0, currency, rules::midnight(today)) == rules::midnight(today);
        let others = self.same_days.entry((account, currency, today)).or_default();
        if is_open && minutes < until && amount <= 1_000_000_00 && *others < 10 {
            *others += 1;
            return self.expect(id, rules::midnight(today));
        }
        // The first open day counts as one.
        let more = if is_open { otherwise } else { otherwise - 1 };
        self.expect(id, rules::after(more, currency, rules::midnight(today)));
    }

    /// A bank takes days to pay what it is asked for.
    pub(super) fn expected_of_debit(&mut self, id: PayoutId) {
        let currency = self.wires[&id].currency;
        self.expect(id, rules::after(rules::debit_takes(currency), currency, self.now));
    }

    fn expect(&mut self, id: PayoutId, day: Timestamp) {
        self.expected.insert(id, (day.max(self.now), rules::day(day)));
    }

    /// When a payout is expected, as is told of it, and whether nothing was heard of it until that day was over.
    pub(crate) fn arrival(&self, id: PayoutId) -> (Timestamp, bool) {
        let (told, day) = self.expected[&id];
        let is_over = self.now >= rules::midnight(day + 1);
        (told, is_over && matches!(self.wires[&id].how, Fate::UnderWay))
    }
}

/// The day and the minutes past midnight that the clocks of a place show, which is so many minutes ahead of Greenwich in winter.
fn local(zone: i64, at: Timestamp) -> (i64, i64) {
    let minutes = at.micros().div_euclid(60_000_000) + zone + if is_summer(zone, at) { 60 } else { 0 };
    (minutes.div_euclid(24 * 60), minutes.rem_euclid(24 * 60))
}

/// Whether clocks are an hour ahead: in Europe from the last Sunday of March to that of October, at one o'clock in Greenwich; in New York from
/// the second Sunday of March to the first of November, at two by the clock.
fn is_summer(zone: i64, at: Timestamp) -> bool {
    let year = at.date().year();
    let sunday = |month: u32, from: u32| {
        let first = rules::day(utc(year, month, from));
        rules::midnight(first + (6 - rules::weekday(first)))
    };
    let (begins, ends) = if zone < 0 {
        (sunday(3, 8).at(7, 0), sunday(11, 1).at(6, 0))
    } else {
        (sunday(3, 25).at(1, 0), sunday(10, 25).at(1, 0))
    };
    begins <= at && at < ends
}
