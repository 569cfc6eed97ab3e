//! What the crate costs, as ratios to a hand-written program that does the same and nothing else.
//!
//! ```text
//! cargo bench --bench marketplace                       # 10,000 and 100,000 charges
//! cargo bench --bench marketplace -- 1000000            # a million
//! cargo bench --bench marketplace -- --accounts 1000 100000
//! cargo bench --bench marketplace -- --once plain 100000   # one bare run, for an instruction counter
//! ```
//!
//! Both play the same marketplace (see `workload`) in the same process, turn by turn, and must end with equal balances,
//! account by account. The times of a run mean nothing elsewhere; the ratios do.
#![expect(
    clippy::arithmetic_side_effects,
    clippy::as_conversions,
    clippy::disallowed_methods,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::integer_division,
    clippy::wildcard_enum_match_arm,
    reason = "a benchmark measures time, and stops at the first thing that is wrong"
)]

mod driver;
mod floor;
mod workload;

use std::alloc::System;
use std::time::Instant;

use driver::{Dropped, Encoded, Kept, Script, Shop};
use floor::{Floor, Owner, Text, ask_the_floor};
use fundroute::Platform;
use fundroute::journal::Snapshot;
use stats_alloc::{INSTRUMENTED_SYSTEM, Region, StatsAlloc};
use workload::{CURRENCIES, Params, Workload, generate};

#[global_allocator]
static ALLOCATOR: &StatsAlloc<System> = &INSTRUMENTED_SYSTEM;

/// Runs per measurement: enough for a median, few enough for a million charges.
const RUNS: usize = 5;
/// How many charges a test plays: enough for every kind of step.
const CHARGES_OF_A_TEST: u32 = 1_000;
const ACCOUNTS_OF_A_TEST: u32 = 200;

struct Arguments {
    accounts: u32,
    charges: Vec<u32>,
    once: Option<String>,
    runs: usize,
}

fn arguments() -> Arguments {
    let mut parsed = Arguments { accounts: 10_000, charges: Vec::new(), once: None, runs: 1 };
    let mut words = std::env::args().skip(1);
    while let Some(word) = words.next() {
        match word.as_str() {
            "--accounts" => parsed.accounts = words.next().and_then(|number| number.parse().ok()).expect("a number"),
            "--once" => parsed.once = words.next(),
            // A bench; `cargo test` leaves it out, and gets the comparison of balances and no figure that means anything.
            "--bench" => parsed.runs = RUNS,
            number => parsed.charges.push(number.parse().expect("a number of charges")),
        }
    }
    if parsed.charges.is_empty() && parsed.runs == RUNS {
        parsed.charges = vec![10_000, 100_000];
    } else if parsed.charges.is_empty() {
        (parsed.charges, parsed.accounts) = (vec![CHARGES_OF_A_TEST], ACCOUNTS_OF_A_TEST);
    }
    parsed
}

/// Nanoseconds of each measurement, in the order of the runs.
#[derive(Default)]
struct Times(Vec<u128>);

impl Times {
    fn time<T>(&mut self, run: impl FnOnce() -> T) -> T {
        let start = Instant::now();
        let result = run();
        self.0.push(start.elapsed().as_nanos());
        result
    }

    fn median(&self) -> u128 {
        let mut sorted = self.0.clone();
        sorted.sort_unstable();
        sorted[sorted.len() / 2]
    }

    /// The median of the ratios run by run, which holds when the machine's speed drifts; in hundredths.
    fn over(&self, other: &Self) -> u128 {
        let mut ratios: Vec<u128> =
            self.0.iter().zip(&other.0).map(|(ours, theirs)| ours * 100 / theirs.max(&1)).collect();
        ratios.sort_unstable();
        ratios[ratios.len() / 2]
    }
}

fn hundredths(ratio: u128) -> String {
    format!("{}.{:02}", ratio / 100, ratio % 100)
}

fn main() {
    let arguments = arguments();
    for &charges in &arguments.charges {
        let mut workload = generate(Params { charges, accounts: arguments.accounts, seed: 1 });
        let corrected = ask_the_floor(&mut workload);
        match arguments.once.as_deref() {
            Some(how) => once(how, &workload),
            None => {
                println!(
                    "\n{charges} charges, {} accounts, {corrected} answers corrected by the floor",
                    arguments.accounts
                );
                compare(&workload, arguments.runs);
                describe(&workload);
            }
        }
    }
}

/// One bare run; `none` sets up and does nothing, so that its instructions can be taken off.
fn once(how: &str, workload: &Workload) {
    let script = Script::of(workload);
    let mut shop = Shop::open(workload);
    match how {
        "none" => {}
        "plain" => shop.run(&script, &mut Dropped),
        "encoded" => shop.run(&script, &mut Encoded::default()),
        other => println!("`{other}` is none of none, plain, encoded"),
    }
    std::mem::forget(shop);
}

/// Times the floor and the crate in turn.
fn compare(workload: &Workload, runs: usize) {
    let (script, texts) = (Script::of(workload), floor::Script::<Text>::of(workload));
    let charges = u128::from(workload.params.charges);
    let [mut one_step, mut two_steps, mut plain, mut encoded] = [const { Times(Vec::new()) }; 4];
    for run in 0..=runs {
        let mut yardstick = Floor::<Text, false, true>::new(workload.params.accounts);
        one_step.time(|| yardstick.run(&texts));
        let mut apart = Floor::<Text, true, true>::new(workload.params.accounts);
        two_steps.time(|| apart.run(&texts));
        let mut shop = Shop::open(workload);
        plain.time(|| shop.run(&script, &mut Dropped));
        if run == 0 {
            shop.assert_equal(&yardstick);
            shop.assert_equal(&apart);
            let rebuilt = Floor::replay(workload.params.accounts, yardstick.journal());
            assert!(yardstick.is_equal(&rebuilt), "the floor's own journal rebuilds it");
            for (place, currency) in CURRENCIES.iter().enumerate() {
                let rows: i64 = yardstick.statement(Owner::Platform(place)).map(|(_, amount)| amount).sum();
                assert_eq!(rows, yardstick.holding(Owner::Platform(place)).available, "the floor's rows in {currency}");
                assert_eq!(yardstick.imbalance(place), 0);
            }
            println!("  {:?}\n  {:?}", workload.counts(), yardstick.totals());
            assert!(shop.platform.audit().is_empty());
        }
        drop((yardstick, apart, shop));
        let mut shop = Shop::open(workload);
        encoded.time(|| shop.run(&script, &mut Encoded::default()));
    }
    for times in [&mut one_step, &mut two_steps, &mut plain, &mut encoded] {
        times.0.remove(0);
    }
    let row = |name: &str, times: &Times| {
        println!(
            "  {name:<34} {:>8} ns a charge   {:>6}x the floor   {:>6}x the floor in two steps",
            times.median() / charges,
            hundredths(times.over(&one_step)),
            hundredths(times.over(&two_steps)),
        );
    };
    row("floor, text ids, journal", &one_step);
    row("floor, a charge in two steps", &two_steps);
    row("fundroute, journal not encoded", &plain);
    row("fundroute, journal encoded", &encoded);
}

/// Everything else that is worth a row.
fn describe(workload: &Workload) {
    let (script, charges) = (Script::of(workload), u64::from(workload.params.charges));
    let mut shop = Shop::open(workload);
    let region = Region::new(ALLOCATOR);
    let mut execution = Times::default();
    execution.time(|| shop.run(&script, &mut Dropped));
    let change = region.change();
    let live = change.bytes_allocated.saturating_sub(change.bytes_deallocated) as u64;
    println!("  live heap, history kept            {:>8} bytes a charge", live / charges);
    println!(
        "  allocations                        {:>8} a thousand charges",
        change.allocations as u64 * 1000 / charges
    );

    let mut journal = Encoded::default();
    let mut again = Shop::open(workload);
    again.run(&script, &mut journal);
    println!(
        "  journal, compact encoding          {:>8} bytes a charge, {} changes",
        journal.bytes / charges,
        journal.count
    );
    drop(again);

    let mut query = Times::default();
    let asked = 200_000;
    let sum = query.time(|| shop.query(asked));
    println!("  balance query                      {:>8} ns (sum {sum})", query.median() / asked as u128);

    let mut taken = Times::default();
    let bytes = taken.time(|| postcard::to_stdvec(&shop.platform.snapshot()).expect("a snapshot"));
    let mut restored = Times::default();
    let copy = restored.time(|| {
        let snapshot: Snapshot = postcard::from_bytes(&bytes).expect("the same snapshot");
        Platform::restore(shop.rulebook(), snapshot, shop.platform.now())
    });
    let against = |times: &Times| hundredths(times.over(&execution));
    println!(
        "  snapshot to bytes                  {:>8} ms, {}x the execution",
        taken.median() / 1_000_000,
        against(&taken)
    );
    println!(
        "  restore from bytes                 {:>8} ms, {}x the execution",
        restored.median() / 1_000_000,
        against(&restored)
    );
    drop((bytes, copy));

    let mut kept = Kept::default();
    let mut second = Shop::open(workload);
    let opening = second.platform.snapshot();
    let start = second.platform.now();
    second.run(&script, &mut kept);
    let mut platform = Platform::restore(second.rulebook(), opening, start);
    let mut replay = Times::default();
    replay.time(|| kept.0.iter().for_each(|changes| platform.apply(changes).expect("its own journal")));
    assert_eq!(platform.snapshot(), second.platform.snapshot());
    println!(
        "  replay of the journal              {:>8} ms, {}x the execution",
        replay.median() / 1_000_000,
        against(&replay)
    );
    drop((kept, platform, second));

    let mut third = Shop::open(workload);
    println!("  worst single transaction           {:>8} us", third.worst(&script) / 1000);
}
