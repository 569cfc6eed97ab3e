//! What the platform sets aside is what its accounts owe, after every single change; what it covers has been owed for long enough, and
//! every debt is the sum of what is told to have caused it.

use std::collections::BTreeMap;

use fundroute::accounts::LossBearer;
use fundroute::ids::{AccountId, ObjectId, PayoutId};
use fundroute::journal::{Changes, Record};
use fundroute::ledger::{EntryKind, LedgerAccount, LineKind};
use fundroute::money::Currency;
use fundroute::payouts::PayoutTrigger;
use fundroute::payouts::debt::Liable;
use fundroute::platform::Platform;
use fundroute::prelude::*;
use proptest::prelude::*;

use crate::stage::Stage;
use crate::story::story;

/// Balances as the journal moves them.
#[derive(Default)]
struct Books {
    available: BTreeMap<(AccountId, Currency), i128>,
    reserved: BTreeMap<Currency, i128>,
    /// What stays set aside after banks have paid.
    covers: BTreeMap<PayoutId, (Currency, i128)>,
    /// How each balance stood at the end of each moment at which it moved.
    course: BTreeMap<(AccountId, Currency), Vec<(Timestamp, i128)>>,
}

fn is_borne(platform: &Platform, account: AccountId) -> bool {
    let controller = platform.account(account).unwrap().controller();
    controller.is_some_and(|controller| controller.losses == LossBearer::Application)
}

impl Books {
    fn follow(&mut self, platform: &Platform, changes: &Changes, wait: i64) {
        for (bucket, currency, amount) in changes.entries.iter().flat_map(|entry| entry.movements()) {
            match bucket {
                LedgerAccount::Available { owner } => *self.available.entry((owner, currency)).or_default() += amount,
                LedgerAccount::ConnectReserved { owner } => {
                    assert_eq!(owner, platform.id());
                    *self.reserved.entry(currency).or_default() += amount;
                }
                _ => {}
            }
        }
        self.cover(platform, changes);
        self.set_aside_once(platform, changes);
        for entry in changes.entries.iter().filter(|entry| entry.kind() == EntryKind::Collection) {
            let ObjectId::Account(account) = entry.cause() else { panic!("{entry:?}") };
            assert!(is_borne(platform, account), "{entry:?}");
            let line = entry.lines().iter().find(|line| line.kind() == LineKind::PaymentCollected).unwrap();
            let purse = (account, line.currency());
            assert_eq!(self.available[&purse], 0, "{entry:?}");
            let (last, before) = self.course[&purse].split_last().unwrap();
            assert_eq!(last.1, -i128::from(line.amount()), "{entry:?}");
            let start = entry.at().plus_days(-wait).unwrap();
            let since = before.iter().rev().find(|(_, stood)| *stood >= 0);
            let next = self.course[&purse].iter().find(|(at, _)| since.is_none_or(|(known, _)| at > known)).unwrap();
            assert!(next.0 <= start, "{entry:?} of a debt since {next:?}");
        }
        for (purse, stands) in &self.available {
            let course = self.course.entry(*purse).or_default();
            match course.last_mut() {
                Some((at, stood)) if *at == changes.at => *stood = *stands,
                Some((_, stood)) if *stood == *stands => {}
                _ => course.push((changes.at, *stands)),
            }
        }
    }

    /// Of what a bank has paid of a debt, as much of the platform's money stays set aside; and no longer than three bank days, nor after it
    /// was pulled back.
    fn cover(&mut self, platform: &Platform, changes: &Changes) {
        for write in &changes.records {
            let Record::Payout(payout) = &write.record else { continue };
            let (purse, id) = ((payout.account(), payout.amount().currency()), payout.id());
            let has_come = changes.entries.iter().any(|entry| entry.kind() == EntryKind::PayoutPaid);
            if payout.trigger() == PayoutTrigger::Debt && has_come {
                let paid = if is_borne(platform, purse.0) { -i128::from(payout.amount().minor()) } else { 0 };
                let known = payout.covered().map_or(0, |(cover, _)| i128::from(cover.minor()));
                assert_eq!(known, paid, "{payout:?}");
                let days = payout.covered().map_or(3, |(_, until)| until.since(changes.at).num_days());
                assert!((2..10).contains(&days), "{payout:?}");
                self.covers.insert(id, (purse.1, paid));
            } else if payout.covered().is_none() {
                self.covers.remove(&id);
            }
        }
    }

    /// Invariant 19, and that there is one line for all that a change does to an account's debt.
    fn set_aside_once(&self, platform: &Platform, changes: &Changes) {
        let mut owed: BTreeMap<Currency, i128> = BTreeMap::new();
        for ((account, currency), available) in &self.available {
            if is_borne(platform, *account) {
                *owed.entry(*currency).or_default() += (-available).max(0);
            }
        }
        for (currency, cover) in self.covers.values() {
            *owed.entry(*currency).or_default() += cover;
        }
        for (currency, reserved) in &self.reserved {
            assert_eq!(owed.get(currency).copied().unwrap_or(0), *reserved, "in {currency}, after {changes:?}");
        }
        for (currency, owed) in owed.iter().filter(|(_, owed)| **owed != 0) {
            assert_eq!(self.reserved.get(currency), Some(owed), "in {currency}, after {changes:?}");
        }
        let reserves = changes.entries.iter().filter(|entry| entry.kind() == EntryKind::ConnectReserve);
        let mut purses: Vec<_> = reserves.map(|entry| (entry.cause(), entry.lines()[0].currency())).collect();
        let all = purses.len();
        purses.sort_unstable();
        purses.dedup();
        assert_eq!(purses.len(), all, "{changes:?}");
    }
}

/// Every debt is what there was before and all that has moved since; and who answers for it follows from the account.
fn explained(platform: &Platform) {
    let mut owners: Vec<AccountId> = platform.balances().into_iter().map(|(owner, _)| owner).collect();
    owners.dedup();
    for owner in owners {
        let debts = platform.who_owes(owner).unwrap();
        let below = platform.balances().into_iter().filter(|(account, currency)| {
            *account == owner && platform.balance(owner, *currency).unwrap().available < 0
        });
        assert!(below.map(|(_, currency)| currency).eq(debts.iter().map(|debt| debt.currency)), "{debts:?}");
        for debt in debts {
            assert_eq!(debt.amount, -platform.balance(owner, debt.currency).unwrap().available);
            let moved: i128 = debt.because.iter().map(|step| step.available).sum();
            assert_eq!(debt.before + moved, -debt.amount, "{debt:?}");
            assert!(debt.before >= 0 && debt.because[0].at == debt.since, "{debt:?}");
            assert!(debt.because.iter().all(|step| !step.because.is_empty() && step.available != 0));
            let borne = is_borne(platform, owner);
            let last = if borne { Liable::Platform } else { Liable::Processor };
            assert_eq!((debt.liable[1], debt.collect_at.is_some()), (last, borne), "{debt:?}");
        }
    }
}

proptest! {
    #![proptest_config(crate::cases(64))]

    #[test]
    fn invariants_of_what_is_owed_hold_after_every_change(story in story(40..140)) {
        let mut stage = Stage::new(story.rules);
        let mut books = Books::default();
        for step in &story.steps {
            let act = stage.act(step);
            let Ok(came) = stage.play(&act) else { continue };
            for changes in came.changes() {
                books.follow(&stage.platform, changes, story.rules.collection_days());
            }
            explained(&stage.platform);
        }
        for ((account, currency), available) in books.available {
            prop_assert_eq!(stage.platform.balance(account, currency).unwrap().available, available);
        }
    }
}
