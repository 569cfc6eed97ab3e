//! What holds of every dispute, at every step of every story: what it takes and brings back, which edges it has, what is told of it.

use std::collections::BTreeMap;

use fundroute::ids::{AccountId, DisputeId, ObjectId};
use fundroute::journal::{Changes, EventKind, Fact, Record, Report};
use fundroute::ledger::{Entry, EntryKind, LedgerAccount, LineKind};
use fundroute::money::Currency;
use fundroute::payments::{
    Dispute, DisputeCase, DisputeChange, DisputeChanged, DisputeEvent, DisputeOpened, DisputeReason, DisputeState,
    DisputeStatus, SubmitEvidence,
};
use fundroute::prelude::*;
use fundroute::rulebook::{CardBrand, DisputeFeeKind};
use proptest::prelude::*;

use crate::facts_converge::plain;
use crate::stage::{Act, Stage};
use crate::story::story;

/// What the lines of a dispute add up to: the money, and the fees, from wherever they were taken.
fn lines_of(entries: &[Entry], id: DisputeId) -> (i128, i128) {
    let (mut money, mut fees) = (0, 0);
    for line in entries.iter().flat_map(Entry::lines).filter(|line| line.source() == ObjectId::Dispute(id)) {
        match line.kind() {
            LineKind::Dispute | LineKind::DisputeReversal => {
                money += i128::from(line.amount());
                fees += line.fee();
            }
            LineKind::ProcessorFee => fees -= i128::from(line.amount()),
            // What the platform sets aside because of it is the platform's, and no part of it.
            LineKind::ReserveTransaction => {}
            other => panic!("a dispute has no line of kind {other}"),
        }
    }
    (money, fees)
}

/// At most one withdrawal is open; after a win the lines sum to the fees that are kept, after a loss to the amount and those; an inquiry
/// has no line.
fn check_sums(entries: &[Entry], dispute: &Dispute) {
    let (money, fees) = lines_of(entries, dispute.id());
    // What is told in one currency may be booked in another.
    let booked = |told: Money| dispute.conversion().map_or(told, |by| by.of(told).unwrap());
    let booked = |told| i128::from(booked(told).minor());
    assert!((-booked(dispute.amount())..=0).contains(&money), "{dispute:?} has {money}");
    let kept: i128 = DisputeFeeKind::ALL.iter().map(|kind| i128::from(dispute.fee(*kind).minor())).sum();
    assert_eq!((money, fees), (-booked(dispute.withdrawn()), kept), "{dispute:?}");
    match dispute.state() {
        DisputeState::WarningNeedsResponse(_)
        | DisputeState::WarningUnderReview(_)
        | DisputeState::WarningClosed(_) => {
            assert_eq!((money, fees), (0, 0), "{dispute:?}");
        }
        DisputeState::Won(_) => assert_eq!(money, 0, "{dispute:?}"),
        _ => {}
    }
}

/// That no transfer of the platform and no payout leaves an owner with less than nothing, and every movement of a dispute is told once.
fn check_changes(platform: AccountId, before: &BTreeMap<(AccountId, Currency), i128>, changes: &Changes) {
    let mut available = before.clone();
    for entry in &changes.entries {
        let was = available.clone();
        for (account, currency, amount) in entry.movements() {
            let LedgerAccount::Available { owner } = account else { continue };
            *available.entry((owner, currency)).or_default() += amount;
        }
        if matches!(entry.kind(), EntryKind::Transfer | EntryKind::Payout) {
            for (account, currency, amount) in entry.movements() {
                if let (LedgerAccount::Available { owner }, ..0) = (account, amount) {
                    // What is taken from an account may be more than it has.
                    let is_debit = entry.kind() == EntryKind::Transfer && owner != platform;
                    // What was below zero before stays as it is where a payout is lent all of its money by pending days.
                    let least = was.get(&(owner, currency)).map_or(0, |was| (*was).min(0));
                    assert!(is_debit || available[&(owner, currency)] >= least, "{entry:?} leaves less than nothing");
                }
            }
        }
    }
    let told = |event| changes.events.iter().filter(|known| known.kind == EventKind::Dispute(event)).count();
    let booked = |kind| changes.entries.iter().filter(|entry| entry.kind() == kind).count();
    assert_eq!(told(DisputeEvent::FundsWithdrawn), booked(EntryKind::Dispute));
    assert_eq!(told(DisputeEvent::FundsReinstated), booked(EntryKind::DisputeReversal));
}

/// That the events of disputes name the connected account whose charge it is, and only that.
fn check_accounts(stage: &Stage, changes: &Changes) {
    for event in &changes.events {
        let charge = match event.object {
            ObjectId::Dispute(id) => stage.platform.dispute(id).unwrap().charge(),
            ObjectId::EarlyFraudWarning(id) => stage.platform.early_fraud_warning(id).unwrap().charge(),
            _ => continue,
        };
        let owner = stage.platform.charge(charge).unwrap().owner();
        assert_eq!(event.account, Some(owner).filter(|owner| *owner != stage.platform.id()), "{event:?}");
    }
}

proptest! {
    #![proptest_config(crate::cases(64))]

    #[test]
    fn every_dispute_takes_and_brings_back_what_its_state_says(story in story(40..120)) {
        let mut stage = Stage::new(story.rules);
        for step in &story.steps {
            let act = stage.act(step);
            let platform = &stage.platform;
            let available = |purse: (AccountId, Currency)| platform.balance(purse.0, purse.1).unwrap().available;
            let mut before: BTreeMap<_, _> =
                platform.balances().into_iter().map(|purse| (purse, available(purse))).collect();
            let Ok(came) = stage.play(&act) else { continue };
            for changes in came.changes() {
                check_changes(stage.platform.id(), &before, changes);
                check_accounts(&stage, changes);
                for (account, currency, amount) in changes.entries.iter().flat_map(Entry::movements) {
                    if let LedgerAccount::Available { owner } = account {
                        *before.entry((owner, currency)).or_default() += amount;
                    }
                }
            }
        }
        let entries: Vec<Entry> = stage.platform.entries().collect();
        for record in stage.platform.records() {
            if let Record::Dispute(dispute) = record {
                check_sums(&entries, dispute);
            }
        }
    }

    /// Told in its true order, a dispute has the edges that are documented and no others: what is over stays so, but for a late win and
    /// for an appeal.
    #[test]
    fn what_is_over_stays_over_but_for_what_is_documented(
        case in 0..5_usize,
        turns in proptest::collection::vec((0..12_u8, 1..200_i64), 1..14),
    ) {
        let (mut stage, dispute) = opened(DisputeCase::ALL[case]);
        let turns = no_more_than_twice(turns);
        let gives_back = turns.iter().any(|(turn, _)| matches!(turn, 4 | 8));
        for (number, (turn, hours)) in turns.into_iter().enumerate() {
            let was = stage.platform.dispute(dispute).unwrap().status();
            let waited = stage.platform.now().checked_add(chrono::TimeDelta::hours(hours)).unwrap();
            stage.play(&Act::Wait(waited)).unwrap();
            let lapsed = stage.platform.dispute(dispute).unwrap().status();
            prop_assert!(was == lapsed || is_lapse(was, lapsed), "{} became {} by itself", was, lapsed);
            let _refused = stage.play(&act(&stage, dispute, turn, number));
            let is = stage.platform.dispute(dispute).unwrap().status();
            prop_assert!(lapsed == is || is_edge(lapsed, is), "{} became {} by turn {}", lapsed, is, turn);
            prop_assert_eq!(stage.platform.audit(), []);
        }
        // What was lost is gone in full, unless some of it was given back.
        let dispute = stage.platform.dispute(dispute).unwrap();
        if let (DisputeState::Lost(_) | DisputeState::Prevented(_), true) = (dispute.state(), dispute.was_withdrawn()) {
            prop_assert!(gives_back || dispute.withdrawn() == usd(20_00), "{:?}", dispute);
        }
    }
}

/// What is told, each thing no more than twice: of what is told to have happened more often the first and the last time count, and a third
/// telling takes back what has followed from the second.
fn no_more_than_twice(turns: Vec<(u8, i64)>) -> Vec<(u8, i64)> {
    let mut told = [0; 12];
    let mut kept = turns;
    kept.retain(|(turn, _)| {
        let times = &mut told[usize::from((*turn).min(10))];
        *times += 1;
        *times <= 2
    });
    kept
}

/// A charge of 20.00 and a dispute of it, which can be answered for twelve days.
fn opened(case: DisputeCase) -> (Stage, DisputeId) {
    let mut stage = plain();
    let sale = stage.platform.payments().create("sale", NewPayment::card(usd(20_00))).unwrap().answer;
    let (charge, now) = (stage.platform.charge_of(sale).unwrap().id(), stage.platform.now());
    stage.platform.payments().record_succeeded("paid", now, charge, usd(20_00)).unwrap();
    let fact = DisputeOpened {
        charge: charge.into(),
        reference: "du_1".to_owned(),
        amount: usd(20_00),
        reason: DisputeReason::Duplicate,
        case,
        network: Some(CardBrand::Mastercard),
        respond_by: Some(now.plus_days(12).unwrap()),
        settled: None,
    };
    stage.platform.disputes().record_opened("opened", now, fact).unwrap();
    let dispute = stage.platform.disputes_of(sale).unwrap()[0].id();
    (stage, dispute)
}

fn act(stage: &Stage, dispute: DisputeId, turn: u8, number: usize) -> Act {
    let now = stage.platform.now();
    let respond_by = now.plus_days(9).unwrap();
    let change = match turn {
        0 => {
            let evidence = SubmitEvidence::new(dispute, "note").acknowledging_the_fee();
            return Act::Ask(Request::new(format!("key-{number}"), Command::SubmitEvidence(evidence)));
        }
        1 => return Act::Ask(Request::new(format!("key-{number}"), Command::AcceptDispute(dispute))),
        2 => DisputeChange::Escalated { respond_by: Some(respond_by) },
        3 => DisputeChange::FundsWithdrawn,
        4 => DisputeChange::FundsReinstated,
        5 => DisputeChange::InquiryClosed,
        6 => DisputeChange::Prevented,
        7 => DisputeChange::Lost,
        8 => DisputeChange::PartlyWon { amount: usd(5_00) },
        9 => DisputeChange::Appealed { respond_by },
        _ => DisputeChange::Won,
    };
    let fact = Fact::DisputeChanged(DisputeChanged { dispute: dispute.into(), change });
    Act::Tell(Report::new(format!("fact-{number}"), now, fact))
}

fn is_lapse(was: DisputeStatus, is: DisputeStatus) -> bool {
    use DisputeStatus::{
        AppealNeedsResponse, Lost, NeedsResponse, WarningClosed, WarningNeedsResponse, WarningUnderReview,
    };

    matches!(
        (was, is),
        (WarningNeedsResponse | WarningUnderReview, WarningClosed) | (NeedsResponse | AppealNeedsResponse, Lost)
    )
}

fn is_edge(was: DisputeStatus, is: DisputeStatus) -> bool {
    use DisputeStatus::{
        AppealNeedsResponse, AppealUnderReview, Lost, NeedsResponse, Prevented, UnderReview, WarningClosed,
        WarningNeedsResponse, WarningUnderReview, Won,
    };

    matches!(
        (was, is),
        (WarningNeedsResponse, WarningUnderReview | WarningClosed | NeedsResponse | Prevented)
            | (WarningUnderReview, WarningClosed | NeedsResponse | Prevented)
            | (NeedsResponse, UnderReview | Lost | Won | Prevented | AppealNeedsResponse)
            | (UnderReview, Lost | Won | Prevented | AppealNeedsResponse)
            | (AppealNeedsResponse, AppealUnderReview | Lost | Won)
            | (AppealUnderReview, Lost | Won)
            | (Won, AppealNeedsResponse)
            | (Lost, Won | AppealNeedsResponse)
    )
}
