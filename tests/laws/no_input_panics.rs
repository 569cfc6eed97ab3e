//! Any bytes, any command, any order: an answer or a typed error.

use fundroute::journal::{Changes, Report, Snapshot};
use fundroute::prelude::*;
use proptest::prelude::*;
use proptest::sample::Index;
use serde::de::DeserializeOwned;

use crate::rules::Rules;
use crate::stage::{Act, Stage};
use crate::story::{Story, story};

const PLAIN: Rules = Rules { boleto_refundable: true, ..Rules::PLAIN };

/// Everything that can be asked of a platform.
fn look_at_everything(platform: &Platform) {
    for (account, currency) in platform.balances() {
        let _ = platform.balance(account, currency).map(|balance| balance.total());
        let _ = platform.explain(account, currency);
        let _ = platform.statement(account).map(|statement| statement.to_string());
        let _ = platform.next_payout(account, currency);
    }
    for record in platform.records() {
        let _ = (record.deadline(), record.is_outstanding(), platform.family(record.id()).count());
    }
    let _ = (platform.audit(), platform.trial_balances(), platform.instructions(), platform.entries().count());
    let _ = (platform.next_deadline(), platform.remembered_requests());
}

/// Feeds a platform whatever can be read.
fn feed(platform: &mut Platform, request: Option<Request>, report: Option<Report>, changes: Option<Changes>) {
    if let Some(request) = request {
        let _ = platform.decide(&request).map_err(|error| (error.to_string(), error.kind(), error.code()));
        let _ = platform.handle(request);
    }
    if let Some(report) = report {
        let _ = platform.decide_fact(&report).map_err(|error| (error.to_string(), error.kind(), error.code()));
        let _ = platform.record(&report);
    }
    if let Some(changes) = changes {
        let _ = (changes.balances(), changes.deadlines().count(), changes.is_empty(), changes.without_personal());
        let _ = platform.apply(&changes);
    }
}

fn read<T: DeserializeOwned>(bytes: &[u8], as_json: bool) -> Option<T> {
    if as_json { serde_json::from_slice(bytes).ok() } else { postcard::from_bytes(bytes).ok() }
}

/// Some of a list, bit by bit damaged: `(where, what)`.
fn damaged(mut bytes: Vec<u8>, damage: &[(Index, u8)]) -> Vec<u8> {
    for (place, what) in damage {
        if bytes.is_empty() {
            break;
        }
        let place = place.index(bytes.len());
        match what % 4 {
            0 => bytes[place] = bytes[place].wrapping_add(what / 4 + 1),
            1 => bytes[place] ^= 1 << (what / 4 % 8),
            2 => drop(bytes.remove(place)),
            _ => bytes.insert(place, *what),
        }
    }
    bytes
}

fn encoded<T: serde::Serialize>(value: &T, as_json: bool) -> Vec<u8> {
    if as_json { serde_json::to_vec(value).unwrap() } else { postcard::to_stdvec(value).unwrap() }
}

/// Digits in a text changed, so that it can still be read.
fn redigited(bytes: Vec<u8>, damage: &[(Index, u8)]) -> Vec<u8> {
    let mut bytes = bytes;
    let digits: Vec<usize> = (0..bytes.len()).filter(|place| bytes[*place].is_ascii_digit()).collect();
    for (place, what) in damage.iter().filter(|_| !digits.is_empty()) {
        bytes[digits[place.index(digits.len())]] = b'0' + what % 10;
    }
    bytes
}

fn damage() -> impl Strategy<Value = Vec<(Index, u8)>> {
    proptest::collection::vec(any::<(Index, u8)>(), 1..4)
}

/// A platform with some history.
fn lived() -> &'static Stage {
    use proptest::strategy::ValueTree;
    use std::sync::LazyLock;

    static LIVED: LazyLock<Stage> = LazyLock::new(|| {
        let mut runner = proptest::test_runner::TestRunner::deterministic();
        let steps = story(250..251).new_tree(&mut runner).unwrap().current().steps;
        Stage::played(&Story { rules: PLAIN, steps })
    });
    &LIVED
}

proptest! {
    #![proptest_config(crate::cases(256))]

    #[test]
    fn arbitrary_bytes_are_read_or_refused(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
        let mut platform = lived().platform.clone();
        for as_json in [false, true] {
            feed(&mut platform, read(&bytes, as_json), read(&bytes, as_json), read(&bytes, as_json));
            let _ = read::<Snapshot>(&bytes, as_json);
        }
    }

    #[test]
    fn damaged_requests_and_facts_are_answered(which in any::<Index>(), damage in damage(), json in any::<bool>()) {
        let stage = lived();
        let mut platform = stage.platform.clone();
        let (request, report) = (&stage.asked[which.index(stage.asked.len())], &stage.told[which.index(stage.told.len())]);
        let (request, report) = (encoded(request, json), encoded(report, json));
        for damaged in [damaged, redigited] {
            let (request, report) = (damaged(request.clone(), &damage), damaged(report.clone(), &damage));
            feed(&mut platform, read(&request, json), read(&report, json), None);
        }
        prop_assert_eq!(platform.audit(), []);
    }

    #[test]
    fn damaged_and_foreign_changes_do_no_more_than_damage(
        which in any::<Index>(),
        damage in damage(),
        json in any::<bool>(),
        place in any::<Index>(),
        steps in proptest::collection::vec(crate::story::step(), 1..30),
    ) {
        let stage = lived();
        let cut = 1 + place.index(stage.journal.len());
        let mut here = Stage::new(PLAIN);
        here.platform = Platform::replay(PLAIN.book(), stage.journal[..cut].to_vec()).unwrap();
        let changes = encoded(&stage.journal[which.index(stage.journal.len())], json);
        for damaged in [damaged, redigited] {
            let changes: Option<Changes> = read(&damaged(changes.clone(), &damage), json);
            // Changes that name no version and no range can always be applied.
            let blunt = changes.clone().map(|changes| Changes { reads: Vec::new(), guards: Vec::new(), ..changes });
            feed(&mut here.platform, None, None, changes);
            feed(&mut here.platform, None, None, blunt);
        }
        look_at_everything(&here.platform);
        for step in &steps {
            let act = here.act(step);
            let _refused = here.play(&act);
        }
        look_at_everything(&here.platform);
        let _ = Platform::restore(PLAIN.book(), here.platform.snapshot(), here.platform.now());
    }

    /// A story that begins in the last days of the calendar, and one that goes on to them.
    #[test]
    fn the_end_of_time_is_a_typed_error(story in story(30..90), days_left in 0..45_i64) {
        let start = Timestamp::MAX.plus_days(-days_left).unwrap();
        let mut stage = Stage::at(story.rules, start);
        for step in &story.steps {
            let act = stage.act(step);
            let _refused = stage.play(&act);
        }
        prop_assert!(stage.platform.advance_to(Timestamp::MAX).is_ok());
        look_at_everything(&stage.platform);
        prop_assert_eq!(stage.platform.audit(), []);

        let mut stage = Stage::played(&story);
        let fired = stage.platform.advance_to(Timestamp::MAX);
        prop_assert!(fired.is_ok());
        prop_assert_eq!(stage.platform.next_deadline(), None);
        look_at_everything(&stage.platform);
        for step in &story.steps {
            let act = stage.act(step);
            let _refused = stage.play(&act);
        }
        prop_assert_eq!(stage.platform.audit(), []);
    }
}

/// A request without, and one with too much of a key.
#[test]
fn keys_are_counted_in_characters() {
    let mut stage = Stage::new(PLAIN);
    let ask = |stage: &mut Stage, key: String| {
        let request = Request::new(key, Command::CreatePayment(NewPayment::card(usd(10_00))));
        stage.play(&Act::Ask(request)).is_ok()
    };
    assert!(!ask(&mut stage, String::new()));
    assert!(ask(&mut stage, "ä".repeat(255)));
    assert!(!ask(&mut stage, "ä".repeat(256)));
    assert!(!ask(&mut stage, "x".repeat(1_000_000)));
    assert!(ask(&mut stage, "\0".to_owned()));
}
