//! A platform that only mirrors a provider, told of its objects under foreign references and in disorder, has its balances.

mod provider;

use std::collections::BTreeMap;

use fundroute::ids::AccountId;
use fundroute::journal::{Changes, Fact, FactOutcome, Instruction, ParkedState, Record, Report};
use fundroute::money::Currency;
use fundroute::platform::Identity;
use fundroute::prelude::*;
use fundroute::simulator::bank_account;
use proptest::prelude::*;
use provider::{Deed, Provider, book, introduction, sellers};

use crate::partial_equals_whole::work;
use crate::stage::Act;
use crate::store::{Store, Worker};

fn deed() -> impl Strategy<Value = Deed> {
    let part = prop_oneof![1..100_i64, Just(100_i64)];
    let pick = 0..1_000_usize;
    prop_oneof![
        6 => (0..3_usize, 0..5_u8, 100..50_000_i64, 1..2_000_i64, any::<bool>())
            .prop_map(|(seller, way, amount, fee, by_card)| Deed::Sale { seller, way, amount, fee, by_card }),
        4 => (pick.clone(), part.clone(), any::<bool>(), any::<bool>())
            .prop_map(|(pick, part, reverse, fee)| Deed::Refund { pick, part, reverse, fee }),
        2 => pick.clone().prop_map(|pick| Deed::RefundFails { pick }),
        3 => (0..3_usize, part.clone(), proptest::option::of(pick.clone()))
            .prop_map(|(seller, part, tied)| Deed::Transfer { seller, part, tied }),
        3 => (pick.clone(), part.clone()).prop_map(|(pick, part)| Deed::Reverse { pick, part }),
        1 => (pick.clone(), part.clone()).prop_map(|(pick, part)| Deed::FeeBack { pick, part }),
        2 => (0..4_usize, part).prop_map(|(who, part)| Deed::Payout { who, part }),
        2 => (pick, 0..3_u8).prop_map(|(pick, fate)| Deed::PayoutNews { pick, fate }),
        3 => (1..100_i64).prop_map(|hours| Deed::Wait { hours }),
    ]
}

/// A story in chapters; what happened in one is told at its end.
fn chapters() -> impl Strategy<Value = Vec<Vec<Deed>>> {
    proptest::collection::vec(proptest::collection::vec(deed(), 1..12), 1..8)
}

/// A platform that only mirrors, with everything that changed it.
struct Follower {
    platform: Platform,
    journal: Vec<Changes>,
}

impl Follower {
    fn open() -> Self {
        let new = NewPlatform::in_country(US).named("follower").mirroring();
        let founding = Platform::founding(&new, &book(), utc(2026, 11, 2).at(9, 0)).unwrap();
        let platform = Platform::replay(book(), [founding.clone()]).unwrap();
        let mut follower = Self { platform, journal: vec![founding] };
        let [jo, bo, mo] = sellers();
        let banks = [jo.id, bo.id, mo.id, None].map(|id| id.unwrap_or(follower.platform.id()));
        for (place, account) in [jo, bo, mo].into_iter().enumerate() {
            let created = follower.platform.accounts().create(&format!("account-{place}"), account).unwrap();
            follower.journal.push(created.changes);
        }
        for (place, id) in banks.into_iter().enumerate() {
            let bank = bank_account(follower.platform.rulebook(), id, US, USD);
            let added = follower.platform.accounts().add_external_account(&format!("bank-{place}"), bank).unwrap();
            follower.journal.push(added.changes);
        }
        follower
    }

    fn hear(&mut self, report: &Report) -> FactOutcome {
        let decided = self.platform.record(report).unwrap();
        self.journal.push(decided.changes);
        decided.answer
    }

    fn wait(&mut self, until: Timestamp) {
        self.journal.extend(self.platform.advance_to(until).unwrap());
    }
}

type Row = (i128, i128, i128, i128, i128, i128, Vec<(Timestamp, i128)>);

/// Every balance by owner, currency, bucket and date; the platform's own under nobody's name.
fn balances(platform: &Platform) -> BTreeMap<(Option<AccountId>, Currency), Row> {
    let rows = platform.snapshot().balances.into_iter().map(|row| {
        let owner = Some(row.account).filter(|account| *account != platform.id());
        let buckets = (row.available, row.connect_reserved, row.risk_reserved, row.in_transit, row.submitted);
        let (available, reserved, held, in_transit, submitted) = buckets;
        ((owner, row.currency), (available, reserved, held, in_transit, submitted, row.volume, row.pending))
    });
    rows.filter(|(_, row)| *row != (0, 0, 0, 0, 0, 0, Vec::new())).collect()
}

/// In the order of the draws, some of them twice, under ids of their own.
fn disorder(reports: Vec<Report>, draws: &mut impl Iterator<Item = u64>) -> Vec<Report> {
    let mut drawn: Vec<(u64, Report)> = Vec::new();
    for report in reports {
        let draw = draws.next().unwrap();
        if draw.is_multiple_of(4) {
            let again = Report { id: format!("{}-again", report.id), ..report.clone() };
            drawn.push((draws.next().unwrap(), again));
        }
        drawn.push((draw, report));
    }
    drawn.sort_by_key(|(draw, _)| *draw);
    drawn.into_iter().map(|(_, report)| report).collect()
}

/// Plays a story at a provider and lets a follower hear of it; looks at both after each chapter. Tells what the follower heard, and how
/// long its journal was then.
fn follow(story: &[Vec<Deed>], draws: &[u64]) -> (Provider, Follower, Vec<(Act, usize)>) {
    let (mut provider, mut follower) = (Provider::open(), Follower::open());
    let mut draws = draws.iter().copied().cycle();
    let (mut acts, mut is_introduced) = (Vec::new(), false);
    for chapter in story {
        for deed in chapter {
            provider.act(deed);
        }
        let now = provider.platform.now();
        follower.wait(now);
        acts.push((Act::Wait(now), follower.journal.len()));
        let mut reports = provider.tell(follower.platform.id());
        if !is_introduced {
            reports.push(Report::new("introduction", now, Fact::Provider(Box::new(introduction()))));
            is_introduced = true;
        }
        for report in disorder(reports, &mut draws) {
            follower.hear(&report);
            acts.push((Act::Tell(report), follower.journal.len()));
        }
        assert_eq!(balances(&follower.platform), balances(&provider.platform));
    }
    (provider, follower, acts)
}

proptest! {
    #![proptest_config(crate::cases(96))]

    #[test]
    fn a_mirror_has_the_balances_of_its_provider(story in chapters(), draws in proptest::collection::vec(any::<u64>(), 40..200)) {
        let (provider, follower, _) = follow(&story, &draws);
        let follower = &follower.platform;
        prop_assert_eq!(follower.trial_balances(), provider.platform.trial_balances());
        prop_assert_eq!(follower.audit(), vec![]);
        for record in follower.records() {
            if let Record::Anomaly(anomaly) = record {
                prop_assert!(false, "{anomaly:?}");
            }
            if let Record::ParkedFact(parked) = record {
                prop_assert_eq!(parked.state, ParkedState::TakenUp, "{:?}", parked);
            }
        }
        // Nobody is asked for anything that the provider does.
        prop_assert!(follower.instructions().iter().all(|asked| matches!(asked, Instruction::Account(_))));
    }

    #[test]
    fn a_worker_with_a_store_mirrors_alike(story in chapters(), draws in proptest::collection::vec(any::<u64>(), 40..200)) {
        let (_, follower, acts) = follow(&story, &draws);
        let replayed = Platform::replay(book(), follower.journal.clone()).unwrap();
        prop_assert_eq!(replayed.snapshot(), follower.platform.snapshot());
        let start = Follower::open();
        let mut store = Store::of(&start.journal);
        let who = Identity { platform: start.platform.id(), livemode: false };
        let mut worker = Worker { who, rulebook: book(), now: start.platform.now() };
        let mut done = start.journal.len();
        for (act, until) in &acts {
            let changes = work(&mut store, &mut worker, act).unwrap();
            prop_assert_eq!(&changes, &follower.journal[done..*until], "{:?}", act);
            done = *until;
        }
        prop_assert_eq!(done, follower.journal.len());
    }
}
