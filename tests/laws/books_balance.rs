//! In every currency, every entry and the whole ledger sum to zero, at every step.

use std::collections::BTreeMap;

use fundroute::journal::Changes;
use fundroute::ledger::{Entry, LedgerAccount};
use fundroute::money::Currency;
use proptest::prelude::*;

use crate::stage::Stage;
use crate::story::{COINS, story};

type Sums = BTreeMap<(LedgerAccount, Currency), i128>;

/// Adds an entry up from its parts, and checks that it is balanced.
fn add(sums: &mut Sums, entry: &Entry) {
    let mut by_currency: BTreeMap<Currency, i128> = BTreeMap::new();
    let lines = entry.lines().iter().map(|line| {
        let fees: i128 = line.fees().map(|fee| i128::from(fee.amount)).sum();
        (line.account(), line.currency(), i128::from(line.amount()) - fees)
    });
    let postings = entry
        .postings()
        .iter()
        .map(|posting| (posting.account, posting.amount.currency(), posting.amount.minor().into()));
    for (account, currency, amount) in lines.chain(postings) {
        *by_currency.entry(currency).or_default() += amount;
        *sums.entry((account, currency)).or_default() += amount;
    }
    assert!(by_currency.values().all(|sum| *sum == 0), "{entry:?} is off balance");
    assert!(!by_currency.is_empty(), "{entry:?} moves nothing");
}

fn check(stage: &Stage, sums: &Sums) {
    let mut totals: BTreeMap<Currency, i128> = BTreeMap::new();
    for ((_, currency), sum) in sums {
        *totals.entry(*currency).or_default() += sum;
    }
    assert!(totals.values().all(|sum| *sum == 0), "{totals:?}");
    for (account, currency) in stage.platform.balances() {
        let held = stage.platform.balance(account, currency).unwrap();
        let of = |bucket| sums.get(&(bucket, currency)).copied().unwrap_or(0);
        assert_eq!(held.available, of(LedgerAccount::Available { owner: account }));
        assert_eq!(held.in_transit, of(LedgerAccount::InTransit { owner: account }));
        let pending =
            |bucket: LedgerAccount| matches!(bucket, LedgerAccount::Pending { owner, .. } if owner == account);
        let booked = sums.iter().filter(|((bucket, coin), sum)| pending(*bucket) && *coin == currency && **sum != 0);
        let booked: Vec<_> = booked.map(|((bucket, _), sum)| (*bucket, *sum)).collect();
        let kept = stage.platform.pending(account, currency).into_iter();
        let kept: Vec<_> = kept.map(|(on, sum)| (LedgerAccount::Pending { owner: account, on }, sum)).collect();
        assert_eq!(kept, booked);
        assert_eq!(held.submitted, of(LedgerAccount::Submitted { owner: account }));
        assert_eq!(held.pending, booked.iter().map(|(_, sum)| sum).sum::<i128>() + held.submitted);
    }
    for account in [LedgerAccount::Payers, LedgerAccount::Banks, LedgerAccount::Disputes, LedgerAccount::Fees] {
        for currency in COINS {
            let booked = sums.get(&(account, currency)).copied().unwrap_or(0);
            assert_eq!(stage.platform.outside(account, currency), booked, "{account:?} in {currency}");
        }
    }
}

proptest! {
    #![proptest_config(crate::cases(40))]

    #[test]
    fn every_entry_and_the_whole_ledger_sum_to_zero_at_every_step(story in story(30..70)) {
        let mut stage = Stage::new(story.rules);
        let mut sums = Sums::new();
        for step in &story.steps {
            let act = stage.act(step);
            let Ok(came) = stage.play(&act) else { continue };
            for entry in came.changes().flat_map(|changes: &Changes| &changes.entries) {
                add(&mut sums, entry);
            }
            check(&stage, &sums);
        }
        prop_assert_eq!(stage.platform.audit(), []);
        let mut again = Sums::new();
        for entry in stage.platform.entries() {
            add(&mut again, &entry);
        }
        prop_assert_eq!(sums, again);
        prop_assert!(stage.platform.trial_balances().iter().all(fundroute::journal::TrialBalance::balances));
    }
}

/// Every amount in a number of stored entries, changed by one: none of them can be read any more.
#[test]
fn an_entry_that_is_off_balance_cannot_even_be_read() {
    use proptest::strategy::ValueTree;
    use serde_json::Value;

    /// Everything in which one amount is other than in `value`.
    fn off_by_one(value: &Value) -> Vec<Value> {
        let entries: Vec<(String, Vec<Value>)> = match value {
            Value::Object(fields) => fields
                .iter()
                .map(|(name, field)| {
                    let one_more = |amount: i64| Value::from(amount + 1);
                    let here = field.as_i64().filter(|_| ["amount", "minor"].contains(&name.as_str())).map(one_more);
                    (name.clone(), here.into_iter().chain(off_by_one(field)).collect())
                })
                .collect(),
            Value::Array(items) => {
                items.iter().map(off_by_one).enumerate().map(|(at, all)| (at.to_string(), all)).collect()
            }
            _ => return Vec::new(),
        };
        let put = |name: &str, changed: Value| {
            let mut whole = value.clone();
            match &mut whole {
                Value::Array(items) => items[name.parse::<usize>().unwrap()] = changed,
                whole => whole[name] = changed,
            }
            whole
        };
        entries.iter().flat_map(|(name, all)| all.iter().map(|changed| put(name, changed.clone()))).collect()
    }

    let mut runner = proptest::test_runner::TestRunner::deterministic();
    let story = story(300..301).new_tree(&mut runner).unwrap().current();
    let mut changed = 0;
    for entry in Stage::played(&story).platform.entries() {
        let sound = serde_json::to_value(&entry).unwrap();
        assert_eq!(serde_json::from_value::<Entry>(sound.clone()).unwrap(), entry);
        for off in off_by_one(&sound) {
            changed += 1;
            assert!(serde_json::from_value::<Entry>(off.clone()).is_err(), "{off}");
        }
    }
    assert!(changed > 50, "{changed}");
}
