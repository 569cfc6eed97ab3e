//! How long something that an account is asked for can wait.

use chrono::TimeDelta;

use super::Urgency;
use super::assessor::{Assessor, Wanted};
use super::field_state::{Doubt, Field};
use crate::calendar::{Timestamp, days};
use crate::ids::PersonId;
use crate::rulebook::{DayUnit, RequirementRule, Since};

impl Assessor<'_> {
    /// How urgent it is to meet a rule, and by when.
    // RULE: an amount or a time, whichever comes first; neither is at once (github.com/stripe/ai, required-verification
    // guide, 2026; docs.stripe.com/connect/required-verification-information, 2024).
    // How long before, and at which part of the amount, something is asked for is not published: the rulebook says so.
    pub(super) fn urgency(
        &mut self,
        rule: &RequirementRule,
        starts: Option<Timestamp>,
        unverified: Timestamp,
    ) -> Wanted {
        let limit = rule.limit();
        if limit.is_immediate() {
            return (Urgency::Past, None);
        }
        let policy = self.book.vetting_policy();
        let mut urgency = Urgency::Eventually;
        let mut deadline = None;
        if let Some((after, since)) = limit.time
            && let Some(base) = self.base(since, unverified)
        {
            let base = starts.map_or(base, |starts| starts.max(base));
            let due = self.after_days(base, after, limit.unit);
            let notice = earlier(due, i64::from(policy.notice_days));
            urgency = urgency.max(self.reached(notice, due));
            deadline = Some(due).filter(|due| *due > self.dossier.now);
        }
        let ours = self.dossier.account.default_currency();
        if let Some(amount) = limit.amount.filter(|amount| amount.currency() == ours) {
            let notice = i128::from(amount.minor()).saturating_mul(i128::from(policy.notice_percent)).div_euclid(100);
            let notice = i64::try_from(notice).unwrap_or(i64::MAX);
            urgency = urgency.max(self.received(notice.min(amount.minor()), amount.minor()));
        }
        (urgency, deadline)
    }

    /// From when a number of days counts.
    fn base(&mut self, since: Since, unverified: Timestamp) -> Option<Timestamp> {
        match since {
            Since::Created => Some(self.dossier.account.created()),
            Since::FirstCharge => {
                if self.dossier.first_received.is_none() {
                    self.watch_for(1);
                }
                self.dossier.first_received
            }
            Since::Unverified => Some(unverified),
        }
    }

    /// Since when something is there and not verified: whoever or whatever it is about.
    pub(super) fn unverified_since(&self, field: &Field<'_>, person: Option<PersonId>) -> Timestamp {
        match field {
            Field::Pending(doubt) | Field::Failed { doubt, .. } => doubt.since,
            Field::Missing | Field::Unchecked | Field::Outdated { .. } | Field::Fine => {
                let person = self.dossier.persons.iter().find(|known| Some(known.id()) == person);
                person.map_or(self.dossier.account.created(), |known| known.created())
            }
        }
    }

    /// The moment at which so many days are over. Of days on which banks are open the last one is over at its end.
    fn after_days(&self, from: Timestamp, count: u16, unit: DayUnit) -> Timestamp {
        match unit {
            DayUnit::Days => later(from, i64::from(count)),
            DayUnit::BusinessDays => {
                let calendar = self.book.calendar(self.dossier.account.country());
                let last = calendar.add_business_days(from.date(), u32::from(count));
                let last = last.and_then(Timestamp::start_of);
                last.map_or(Timestamp::MAX, |last| later(last, 1))
            }
        }
    }

    /// What is past due, if there is time for it after all.
    pub(super) fn put_off(&mut self, (urgency, deadline): Wanted, until: Option<Timestamp>) -> Wanted {
        match until.filter(|until| urgency == Urgency::Past && *until > self.dossier.now) {
            Some(until) => (self.reached(self.dossier.now, until), Some(until)),
            None => (urgency, deadline),
        }
    }

    pub(super) fn reached(&mut self, notice: Timestamp, due: Timestamp) -> Urgency {
        let now = self.dossier.now;
        if due <= now {
            return Urgency::Past;
        }
        self.look_again(Some(if notice <= now { due } else { notice }));
        if notice <= now { Urgency::Currently } else { Urgency::Eventually }
    }

    fn received(&mut self, notice: i64, due: i64) -> Urgency {
        let volume = self.dossier.volume;
        if i128::from(due) <= volume {
            return Urgency::Past;
        }
        let is_near = i128::from(notice) <= volume;
        self.watch_for(if is_near { due } else { notice });
        if is_near { Urgency::Currently } else { Urgency::Eventually }
    }

    /// Whether the time is over for something that is being checked: that of its rule, or that after its first failure.
    pub(super) fn has_run_out(&mut self, urgency: Urgency, doubt: &Doubt) -> bool {
        let now = self.dossier.now;
        if let Some(until) = self.expiry(doubt) {
            self.look_again(Some(until).filter(|until| *until > now));
            return until <= now;
        }
        let grace_until = doubt.grace_until;
        let last = doubt.failed_at.map(|since| later(since, i64::from(self.book.vetting_policy().grace_days)));
        self.look_again(grace_until.filter(|until| *until > now));
        self.look_again(last.filter(|until| *until > now));
        let is_late = urgency == Urgency::Past || last.is_some_and(|last| last <= now);
        is_late && grace_until.is_none_or(|until| until <= now)
    }

    /// What failed is asked for again at once; where no time is set, there is the grace period for it.
    pub(super) fn after_failure(&mut self, (urgency, deadline): Wanted, doubt: &Doubt) -> Wanted {
        let now = self.dossier.now;
        if let Some(until) = self.expiry(doubt) {
            let notice = earlier(until, i64::from(self.book.vetting_policy().notice_days));
            return (self.reached(notice, until), Some(until).filter(|until| *until > now));
        }
        let at = doubt.failed_at.unwrap_or(doubt.since);
        if urgency == Urgency::Past {
            return (urgency, None);
        }
        let grace = later(at, i64::from(self.book.vetting_policy().grace_days));
        let deadline = deadline.map_or(grace, |deadline| deadline.min(grace));
        (Urgency::Currently.max(self.reached(at.min(now), deadline)), Some(deadline))
    }

    /// Until when something can wait that has expired, where its country says so.
    // RULE: in the United Arab Emirates 28 days, of which it is currently due in the last two weeks
    // (docs.stripe.com/connect/required-verification-information, 2024).
    fn expiry(&self, doubt: &Doubt) -> Option<Timestamp> {
        let count = self.book.requirement_set(self.dossier.account.country()).expired_days()?;
        let expired = doubt.failed_at.filter(|_| doubt.has_expired)?;
        Some(later(expired, i64::from(count)))
    }

    pub(super) fn look_again(&mut self, at: Option<Timestamp>) {
        self.next = [self.next, at].into_iter().flatten().min();
    }

    fn watch_for(&mut self, volume: i64) {
        self.watch = Some(self.watch.map_or(volume, |known| known.min(volume)));
    }
}

fn later(from: Timestamp, count: i64) -> Timestamp {
    from.checked_add(days(count)).unwrap_or(Timestamp::MAX)
}

fn earlier(from: Timestamp, count: i64) -> Timestamp {
    let back = days(count).checked_mul(-1).unwrap_or(TimeDelta::zero());
    from.checked_add(back).unwrap_or(Timestamp::MIN)
}
