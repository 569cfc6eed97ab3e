//! What is told to sellers is what the ledger has: a timeline comes to the balances, and a story is all that its object caused.

use std::collections::BTreeSet;

use fundroute::accounts::Account;
use fundroute::ids::{AccountId, DisputeId, ObjectId, PaymentId};
use fundroute::journal::{Changes, Record};
use fundroute::payments::{Charge, ChargeState, DisputeStatus, Flow, RefundStatus};
use fundroute::payouts::{PayoutStatus, TopUpStatus};
use fundroute::platform::Platform;
use fundroute::rulebook::TurnOf;
use fundroute::tools::{AccountSummary, Happening};
use proptest::prelude::*;

use crate::stage::Stage;
use crate::story::story;

proptest! {
    #![proptest_config(crate::cases(32))]

    #[test]
    fn a_timeline_comes_to_the_balances(story in story(40..120)) {
        let stage = Stage::played(&story);
        let owners: BTreeSet<AccountId> = stage.platform.balances().into_iter().map(|(owner, _)| owner).collect();
        for owner in owners {
            let timeline = stage.platform.timeline(owner).unwrap();
            prop_assert!(timeline.is_sorted_by_key(|happening| happening.at));
            let moved = || timeline.iter().flat_map(|happening| &happening.moved);
            prop_assert!(moved().all(|moved| moved.owner == owner));
            for (_, currency) in stage.platform.balances().into_iter().filter(|(of, _)| *of == owner) {
                let held = stage.platform.balance(owner, currency).unwrap();
                let of = || moved().filter(|moved| moved.currency == currency);
                let sums = [
                    of().map(|moved| moved.pending).sum::<i128>(),
                    of().map(|moved| moved.available).sum(),
                    of().map(|moved| moved.in_transit).sum(),
                    of().map(|moved| moved.reserved).sum(),
                ];
                prop_assert_eq!(
                    sums,
                    [held.pending, held.available, held.in_transit, held.connect_reserved + held.risk_reserved]
                );
                let steps = stage.platform.explain(owner, currency).unwrap();
                let lines = steps.into_iter().filter_map(|step| step.transaction).count();
                prop_assert_eq!(of().flat_map(|moved| &moved.transactions).count(), lines);
            }
        }
    }

    #[test]
    fn a_story_is_all_that_its_object_caused(story in story(40..80)) {
        let stage = Stage::played(&story);
        let house = stage.platform.timeline(stage.platform.id()).unwrap();
        let roots: BTreeSet<ObjectId> = house.iter().filter_map(|happening| happening.because.last().copied()).collect();
        for root in roots.into_iter().take(12) {
            let told = stage.platform.story(root).unwrap();
            let goes_back = |happening: &&Happening| happening.because.contains(&root);
            // Of the platform's part, nothing is left out, and nothing is told twice.
            let part = told.happenings.iter().filter(|of| of.moved.iter().any(|moved| moved.owner == stage.platform.id()));
            let part: Vec<_> = part.map(|of| (of.at, of.entry, of.because.clone())).collect();
            for happening in house.iter().filter(goes_back) {
                let ours = (happening.at, happening.entry, happening.because.clone());
                let times = |of: &[_]| of.iter().filter(|of| **of == ours).count();
                let all: Vec<_> = house.iter().map(|of| (of.at, of.entry, of.because.clone())).collect();
                prop_assert_eq!(times(&part), times(&all), "{:?}", ours);
            }
            for payout in told.settled_by {
                let lines = stage.platform.payout_contents(payout).unwrap().lines;
                let sources: BTreeSet<ObjectId> =
                    told.happenings.iter().flat_map(|of| &of.moved).flat_map(|of| &of.transactions).map(|of| of.source).collect();
                prop_assert!(lines.iter().any(|line| sources.contains(&line.source)));
            }
        }
    }
}

/// Whose affair a charge is, as its payment says.
fn concerns(platform: &Platform, charge: &Charge, account: AccountId) -> bool {
    let payment = platform.payment(PaymentId::from_host(charge.id().family().bytes())).unwrap();
    let other = match payment.flow() {
        Flow::Direct { account, .. } | Flow::Destination { account, .. } => Some(*account),
        Flow::Separate => payment.on_behalf_of(),
    };
    charge.owner() == account || other == Some(account)
}

/// What of an account has failed, found by looking at everything.
fn all_failures(platform: &Platform, account: AccountId) -> BTreeSet<ObjectId> {
    let is_failed = |record: &&Record| match record {
        Record::Charge(charge) => {
            let is_failed = matches!(charge.state(), ChargeState::Failed { .. }) || charge.reversal().is_some();
            is_failed && concerns(platform, charge, account)
        }
        Record::Payout(payout) => payout.status() == PayoutStatus::Failed && payout.account() == account,
        Record::Refund(refund) => {
            let charge = platform.charge(refund.charge()).unwrap();
            refund.status() == RefundStatus::Failed && concerns(platform, charge, account)
        }
        Record::TopUp(top_up) => {
            let is_failed = matches!(top_up.status(), TopUpStatus::Failed | TopUpStatus::Reversed);
            is_failed && platform.external_account(top_up.source()).unwrap().account() == account
        }
        _ => false,
    };
    platform.records().filter(is_failed).map(Record::id).collect()
}

/// What a summary says against what everything else says.
pub(crate) fn check_summary(platform: &Platform, account: &Account) {
    let id = account.id();
    let told = platform.account_summary(id).unwrap();
    for balance in &told.balances {
        let currency = balance.balance.currency;
        assert_eq!(balance.balance, platform.balance(id, currency).unwrap());
        let held: i128 = balance.held_back.iter().map(|held| held.amount).sum();
        assert_eq!(held, balance.balance.risk_reserved);
        assert!(balance.held_back.iter().all(|held| held.amount > 0), "{:?}", balance.held_back);
        let dated: i128 = balance.becomes_available.iter().map(|(_, sum)| sum).sum();
        assert_eq!(dated + balance.balance.submitted, balance.balance.pending);
        assert_eq!(
            balance.debt.as_ref().map(|debt| debt.amount),
            Some(-balance.balance.available).filter(|owed| *owed > 0)
        );
        assert_eq!(balance.next_run, platform.next_payout(id, currency));
        let steps = platform.explain(id, currency).unwrap();
        assert!(steps.into_iter().rev().zip(&balance.latest).all(|(step, told)| step == *told));
    }
    let known: Vec<_> = platform.balances().into_iter().filter(|(owner, _)| *owner == id).collect();
    assert_eq!(told.balances.len(), known.len());
    let moving = told.under_way.iter().map(|payout| i128::from(payout.amount.minor())).sum::<i128>();
    assert_eq!(moving, told.balances.iter().map(|balance| balance.balance.in_transit).sum::<i128>());

    let failed = all_failures(platform, id);
    assert_eq!(told.failures.len(), failed.len().min(AccountSummary::LATEST), "{:?} of {failed:?}", told.failures);
    assert!(told.failures.iter().all(|failure| failed.contains(&failure.object)));
    assert!(told.failures.is_sorted_by_key(|failure| std::cmp::Reverse(failure.at)));
    let disputes = platform.records().filter_map(|record| match record {
        Record::Dispute(dispute) => Some(dispute),
        _ => None,
    });
    let open = disputes.filter(|dispute| {
        let is_over = matches!(
            dispute.status(),
            DisputeStatus::Won | DisputeStatus::Lost | DisputeStatus::WarningClosed | DisputeStatus::Prevented
        );
        !is_over && concerns(platform, platform.charge(dispute.charge()).unwrap(), id)
    });
    let open: BTreeSet<DisputeId> = open.map(|dispute| dispute.id()).collect();
    assert_eq!(told.disputes.iter().map(|dispute| dispute.dispute).collect::<BTreeSet<_>>(), open);
    assert_eq!(told.disputes.len(), open.len());
    assert!(told.warnings.iter().all(|warning| platform.is_actionable(warning.warning).unwrap()));

    assert_eq!(told.next_payouts, platform.upcoming(id).unwrap());
    let readiness = platform.readiness(id).unwrap();
    let reasons = usize::from(readiness.disabled_reason.is_some());
    assert_eq!(told.blockers.len(), reasons + readiness.blocked_by.len() + readiness.waiting_for.len());
    let waits = told.blockers.iter().skip(reasons + readiness.blocked_by.len());
    assert!(waits.into_iter().all(|blocker| blocker.who == TurnOf::Processor));
    assert_eq!(told.readiness, readiness);
    let page = told.to_string();
    assert!(page.lines().count() < 40 + 12 * (told.balances.len() * 4 + 8), "{page}");
    serde_json::to_string(&told).unwrap();
}

proptest! {
    #![proptest_config(crate::cases(32))]

    #[test]
    fn a_summary_says_what_everything_else_says(story in story(40..120)) {
        let stage = Stage::played(&story);
        let accounts = stage.platform.records().filter_map(|record| match record {
            Record::Account(account) => Some(account),
            _ => None,
        });
        let restored = Platform::restore(story.rules.book(), stage.platform.snapshot(), stage.platform.now());
        for account in accounts {
            check_summary(&stage.platform, account);
            prop_assert_eq!(restored.account_summary(account.id()), stage.platform.account_summary(account.id()));
        }
    }

    /// What was done for a reason is found by what it was done to, by nothing else, and after a replay and a restoration just as well.
    #[test]
    fn who_was_behind_what_was_done_stays_known(story in story(40..100)) {
        let stage = Stage::played(&story);
        let platform = &stage.platform;
        let journal: Vec<Changes> =
            stage.journal.iter().map(|changes| serde_json::from_str(&serde_json::to_string(changes).unwrap()).unwrap()).collect();
        let done = |record: &Record| if let Record::SupportAction(done) = record { Some((**done).clone()) } else { None };
        let written: Vec<_> = journal.iter().flat_map(|changes| &changes.records).filter_map(|write| done(&write.record)).collect();
        let asked = stage.asked.iter().filter(|request| request.attribution.is_some()).count();
        prop_assert!(written.len() <= asked);
        let replayed = Platform::replay(story.rules.book(), journal).unwrap();
        let restored = Platform::restore(story.rules.book(), platform.snapshot(), platform.now());
        for action in &written {
            prop_assert_eq!((action.by().to_string(), action.reason()), ("staff s-17".to_owned(), "the holder asked for it"));
            let known = platform.support_actions(action.object()).unwrap();
            prop_assert!(known.contains(&action));
            prop_assert_eq!(&replayed.support_actions(action.object()).unwrap(), &known);
            prop_assert_eq!(&restored.support_actions(action.object()).unwrap(), &known);
            prop_assert!(platform.story(action.object()).unwrap().done.contains(action));
        }
        prop_assert_eq!(platform.records().filter_map(done).count(), written.len());
    }
}
