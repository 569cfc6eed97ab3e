//! Reports reconcile: what there was and what came and went come to what there is, for every owner and period.

use std::collections::{BTreeMap, BTreeSet};

use chrono::TimeDelta;
use fundroute::ids::{AccountId, ObjectId};
use fundroute::ledger::BalanceReport;
use fundroute::money::Currency;
use fundroute::payouts::PayoutTrigger;
use fundroute::prelude::*;
use fundroute::tools::{ItemizedRow, SummaryRow};
use proptest::prelude::*;
use proptest::sample::Index;

use crate::stage::Stage;
use crate::story::story;

/// The platform before everything that happened at a moment or later: the sum of the journal up to there.
fn then(stage: &Stage, at: Timestamp) -> Option<Platform> {
    let before = stage.journal.iter().take_while(|changes| changes.at < at).cloned();
    Platform::replay(stage.rules.book(), before).ok()
}

/// The rows of a summary add up, and those of a list to the same.
fn adds_up(stage: &Stage, report: &BalanceReport) {
    let period = report.from..report.until;
    let rows = stage.platform.balance_summary(report.owner, period.clone()).unwrap();
    let lines = stage.platform.itemized(report.owner, period).unwrap();
    for of in &report.currencies {
        let rows: Vec<&SummaryRow> = rows.iter().filter(|row| row.currency == of.currency()).collect();
        let (last, before) = rows.split_last().unwrap();
        assert_eq!(before.iter().map(|row| row.net).sum::<i128>(), last.net);
        assert_eq!((before[0].net, last.net), (of.opening.held(), of.closing.held()));
        for row in &before[1..] {
            let of_heading = |line: &&ItemizedRow| line.currency == row.currency && Some(line.category) == row.category;
            let lines: Vec<&ItemizedRow> = lines.iter().filter(of_heading).collect();
            assert_eq!(u64::try_from(lines.len()).unwrap(), row.count);
            let sum = |amount: fn(&ItemizedRow) -> i128| lines.iter().map(|line| amount(line)).sum::<i128>();
            let sums = (sum(|line| line.gross), sum(|line| line.fee), sum(|line| line.net));
            assert_eq!(sums, (row.gross, row.fee, row.net));
        }
    }
}

fn reconciles(report: &BalanceReport) {
    for of in &report.currencies {
        let nets: i128 = of.lines.iter().map(|line| line.net).sum();
        assert_eq!(of.opening.held() + nets, of.closing.held(), "{report:?}");
        let activity = of.activity();
        assert_eq!(activity.iter().map(|sum| sum.net).sum::<i128>(), nets);
        assert!(activity.iter().all(|sum| sum.amount - sum.fee == sum.net));
        assert_eq!(activity.iter().map(|sum| sum.count).sum::<u64>(), u64::try_from(of.lines.len()).unwrap());
        assert!(of.lines.iter().all(|line| (report.from..report.until).contains(&line.created)));
    }
}

proptest! {
    #![proptest_config(crate::cases(48))]

    #[test]
    fn every_report_reconciles_and_begins_where_the_one_before_ended(
        story in story(40..120),
        cuts in proptest::collection::vec(any::<Index>(), 1..4),
    ) {
        let stage = Stage::played(&story);
        let moments: Vec<Timestamp> = stage.journal.iter().map(|changes| changes.at).collect();
        let end = stage.platform.now().plus_days(1).unwrap();
        let mut bounds: Vec<Timestamp> = cuts.iter().map(|cut| *cut.get(&moments)).collect();
        bounds.extend([utc(2000, 1, 1), end]);
        bounds.sort_unstable();
        let before: Vec<Option<Platform>> = bounds.iter().map(|at| then(&stage, *at)).collect();
        let owners: BTreeSet<AccountId> = stage.platform.balances().into_iter().map(|(owner, _)| owner).collect();
        for owner in owners {
            let reports: Vec<BalanceReport> = bounds
                .windows(2)
                .map(|period| stage.platform.balance_report(owner, period[0]..period[1]).unwrap())
                .collect();
            reports.iter().for_each(reconciles);
            reports.iter().for_each(|report| adds_up(&stage, report));
            for (pair, known) in reports.windows(2).zip(&before[1..]) {
                for (first, second) in pair[0].currencies.iter().zip(&pair[1].currencies) {
                    prop_assert_eq!(first.closing, second.opening);
                    let known = known.as_ref().and_then(|then| then.balance(owner, second.currency()).ok());
                    prop_assert_eq!(known.unwrap_or(first.closing), second.opening);
                }
            }
            for of in &reports[0].currencies {
                prop_assert_eq!(of.opening.total(), 0);
            }
            for of in &reports[reports.len() - 1].currencies {
                prop_assert_eq!(of.closing, stage.platform.balance(owner, of.currency()).unwrap());
            }
        }
    }
}

proptest! {
    #![proptest_config(crate::cases(48))]

    /// What an automatic payout settled and what was left before it come to what it sent and what it left, and no line is in two.
    #[test]
    fn every_automatic_payout_is_made_of_its_lines(story in story(60..160)) {
        let stage = Stage::played(&story);
        let platform = &stage.platform;
        let mut left: BTreeMap<(AccountId, Currency), (i128, usize)> = BTreeMap::new();
        let mut payouts = stage.ids(|id| if let ObjectId::Payout(id) = id { Some(id) } else { None });
        payouts.sort_by_key(|id| platform.payout(*id).unwrap().created());
        for id in payouts {
            let payout = platform.payout(id).unwrap();
            if !matches!(payout.trigger(), PayoutTrigger::Automatic(_)) {
                continue;
            }
            let of = platform.payout_contents(id).unwrap();
            let day = payout.created()..payout.created().checked_add(TimeDelta::microseconds(1)).unwrap();
            prop_assert!(platform.payout_reconciliation(payout.account(), day).unwrap().contains(&of));
            let nets: i128 = of.lines.iter().map(|line| line.net).sum();
            prop_assert_eq!(of.opening + nets, i128::from(of.amount.minor()) + of.closing, "{:?}", of);
            let (before, lines) = left.entry((payout.account(), of.amount.currency())).or_default();
            prop_assert_eq!(*before, of.opening);
            (*before, *lines) = (of.closing, *lines + of.lines.len() + 1);
        }
        for ((account, currency), (_, lines)) in left {
            let all = platform.statement(account).unwrap().lines;
            prop_assert!(lines <= all.iter().filter(|line| line.currency == currency).count());
        }
    }
}
