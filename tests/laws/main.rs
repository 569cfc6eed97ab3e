//! The nine laws, each tried on arbitrary sequences of commands, facts and time.
//!
//! [`story`] makes the sequences up, [`stage`] plays them, [`model`] computes every amount a second time, with [`ways`] of its own
//! to convert it and [`terms`] to share it out, and [`store`] is a database made of nothing but the changes that it was given.

#![expect(clippy::arithmetic_side_effects, reason = "a test may fail loudly")]
#![expect(clippy::expect_used, reason = "a test may fail loudly")]
#![expect(clippy::indexing_slicing, reason = "a test may fail loudly")]
#![expect(clippy::panic, reason = "a test may fail loudly")]
#![expect(clippy::unwrap_used, reason = "a test may fail loudly")]
#![expect(clippy::integer_division, reason = "the model's arithmetic is of its own, and says where it rounds")]
#![expect(clippy::wildcard_enum_match_arm, reason = "a test looks at the cases that it is about")]

mod model;
mod rules;
mod stage;
mod store;
mod story;
mod terms;
mod ways;

mod a_refusal_leaves_no_trace;
mod at_once;
mod books_balance;
mod debts;
mod disputes;
mod earnings;
mod everything;
mod exchange;
mod facts_converge;
mod in_person;
mod instant;
mod invariants;
mod mirror;
mod money_is_conserved;
mod no_input_panics;
mod nobody_is_paid_twice_or_short;
mod onboarding;
mod once_is_once;
mod partial_equals_whole;
mod plans;
mod pricing;
mod reconciliation;
mod refunds_converge;
mod refunds_keep_their_invariants;
mod replay_is_identity;
mod reports;
mod reserves;
mod risk;
mod schedules;
mod support;
mod tax;
mod time_steps_do_not_matter;

use std::hash::{DefaultHasher, Hash, Hasher};

use proptest::test_runner::{Config, RngSeed};

/// How many stories a law is tried on, unless `PROPTEST_CASES` says otherwise. A story that fails is to become a test of its
/// own, so none is kept in a file. With `PROPTEST_RNG_SEED` the stories are always the same, and other ones for each law; `.ci/run` names
/// seeds on which laws have failed.
fn cases(number: u32) -> Config {
    let asked = std::env::var("PROPTEST_CASES").ok().and_then(|cases| cases.parse().ok());
    let common = Config::default();
    let rng_seed = match common.rng_seed {
        RngSeed::Fixed(seed) => {
            let mut hasher = DefaultHasher::new();
            (seed, std::thread::current().name()).hash(&mut hasher);
            RngSeed::Fixed(hasher.finish())
        }
        RngSeed::Random => RngSeed::Random,
    };
    Config { cases: asked.unwrap_or(number), failure_persistence: None, max_shrink_iters: 3_000, rng_seed, ..common }
}
