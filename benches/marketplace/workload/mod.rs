//! Four trading days of a marketplace, and the two nights after them, as a list of operations.
//!
//! One platform takes charges on behalf of many accounts, refunds some of them, is asked some things
//! twice and some things it must refuse, and pays every account out each night. The list depends on
//! three numbers alone: it is drawn from one pseudo-random stream with integer arithmetic, so every
//! machine draws the same one. Each operation carries the answer it must get.
//!
//! What is drawn, for `N` charges:
//!
//! - charges: `N`, a quarter each day, in the currency of the account; accounts by Zipf's law, amounts
//!   around 50.00, an application fee of a tenth;
//! - refunds: of one charge in twenty, half of them in full, up to `N / 2` charges later;
//! - refunds refused: after one full refund in ten, a unit more is asked back;
//! - repeats: one charge in a hundred is sent again as it was, one in a thousand with another amount;
//! - payouts refused: after one charge in a thousand, some account asks for more than it has;
//! - nights: one after each day, and two more.
//!
//! One charge in two hundred is set aside to be disputed. Disputes are not part of the list yet, but
//! their draws are taken from the stream, so that adding them will leave every other operation alone.
#![expect(
    clippy::arithmetic_side_effects,
    clippy::as_conversions,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::integer_division,
    reason = "a generator of bounded test data: a wrong step should stop the benchmark"
)]

mod names;
mod random;

use std::collections::BTreeMap;

pub(crate) use names::{
    account_id, account_key, charge_id, charge_key, digits, request_key, scramble, success_id, success_key,
};
use random::{Amounts, Stream, Zipf};

/// The currencies; operations and totals name them by position.
pub(crate) const CURRENCIES: [&str; 3] = ["usd", "eur", "gbp"];
/// Days on which charges are made.
pub(crate) const TRADING_DAYS: u32 = 4;
/// Nights, the first of them between day 0 and day 1.
pub(crate) const NIGHTS: u32 = 6;
/// Midnights between a charge and the availability of its money.
pub(crate) const SETTLEMENT_DAYS: u32 = 1;
/// The least an account is paid out at night, in minor units.
pub(crate) const MIN_PAYOUT: i64 = 100;

/// What a workload depends on.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Params {
    /// Charges, a multiple of the number of trading days.
    pub(crate) charges: u32,
    /// Connected accounts.
    pub(crate) accounts: u32,
    /// Where the random stream starts.
    pub(crate) seed: u64,
}

/// One thing the platform is asked, or a night that falls.
///
/// Accounts, charges and requests are numbered from zero; [`account_id`], [`charge_key`] and their
/// siblings give the names by which the outside knows them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Op {
    /// A charge for an account, of which the platform keeps the fee. It succeeds.
    Charge { request: u32, charge: u32, account: u32, amount: i64, fee: i64 },
    /// A refund, with reversal of the transfer and refund of the application fee.
    Refund { request: u32, charge: u32, amount: i64 },
    /// A manual payout of one unit more than the account has available (than nothing, when it is below
    /// zero). The balance is asked first.
    PayoutTooLarge { request: u32, account: u32 },
    /// Midnight after a day: the bank confirms the payouts of the night before, the money that is due
    /// becomes available, and every account with enough of it is paid out in full.
    Night { day: u32 },
}

/// The answer to an operation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Outcome {
    /// Done.
    Accepted,
    /// The request was known: its first answer again, and nothing moves.
    Replayed,
    /// The request was known, with other parameters.
    Conflict,
    /// Not done, and nothing moves.
    Refused(Reason),
}

/// Why something was refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Reason {
    /// Unknown names, wrong currency, amounts out of bounds, wrong state.
    Invalid,
    /// A refund of more than remains of the charge.
    ExceedsRemaining,
    /// More than is available.
    InsufficientFunds,
}

/// An operation and the answer it must get.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Step {
    pub(crate) op: Op,
    pub(crate) expected: Outcome,
}

/// A list of operations, in the order in which they happen.
pub(crate) struct Workload {
    pub(crate) params: Params,
    pub(crate) steps: Vec<Step>,
}

/// How many operations of each sort a workload holds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Counts {
    pub(crate) charges: u32,
    pub(crate) replayed: u32,
    pub(crate) conflicts: u32,
    pub(crate) refunds: u32,
    pub(crate) refused_refunds: u32,
    pub(crate) refused_payouts: u32,
    /// Refunds refused because the platform could not pay them.
    pub(crate) unfunded_refunds: u32,
}

impl Workload {
    /// Counts the operations by what is asked and what is answered.
    pub(crate) fn counts(&self) -> Counts {
        let mut counts = Counts::default();
        for step in &self.steps {
            let counter = match (step.op, step.expected) {
                (Op::Charge { .. }, Outcome::Accepted) => &mut counts.charges,
                (Op::Charge { .. }, Outcome::Replayed) => &mut counts.replayed,
                (Op::Charge { .. }, Outcome::Conflict) => &mut counts.conflicts,
                (Op::Refund { .. }, Outcome::Accepted) => &mut counts.refunds,
                (Op::Refund { .. }, Outcome::Refused(Reason::InsufficientFunds)) => &mut counts.unfunded_refunds,
                (Op::Refund { .. }, Outcome::Refused(_)) => &mut counts.refused_refunds,
                (Op::PayoutTooLarge { .. }, Outcome::Refused(_)) => &mut counts.refused_payouts,
                (Op::Night { .. }, Outcome::Accepted) => continue,
                unplanned => unreachable_answer(unplanned),
            };
            *counter += 1;
        }
        counts
    }
}

#[expect(clippy::panic, reason = "the benchmark itself is wrong")]
fn unreachable_answer(step: (Op, Outcome)) -> ! {
    panic!("no such operation is ever planned: {step:?}")
}

/// The currency of an account, as a position in [`CURRENCIES`].
pub(crate) fn currency_of(account: u32) -> usize {
    match account % 10 {
        0..=6 => 0,
        7 | 8 => 1,
        _ => 2,
    }
}

/// A tenth of the amount, to the nearest unit, a half upwards.
pub(crate) fn application_fee(amount: i64) -> i64 {
    (amount + 5) / 10
}

/// What the processor keeps: 2.9 %, to the nearest unit, a half upwards, and 30 units.
pub(crate) fn processor_fee(amount: i64) -> i64 {
    (amount * 29 + 500) / 1000 + 30
}

/// Draws the workload.
///
/// # Panics
///
/// When the charges do not divide into equal days or are too few to spread over them, or when the
/// scattering of ranks would hit only some accounts.
pub(crate) fn generate(params: Params) -> Workload {
    let charges = params.charges;
    assert!(charges >= 1000 && charges.is_multiple_of(TRADING_DAYS));
    assert!(!params.accounts.is_multiple_of(random::STRIDE));
    let per_day = charges / TRADING_DAYS;
    let mut writer = Writer {
        charges,
        stream: Stream::new(params.seed),
        zipf: Zipf::new(params.accounts),
        amounts: Amounts::new(),
        agenda: BTreeMap::new(),
        planned: 0,
        requests: 0,
        steps: Vec::new(),
    };
    for charge in 0..charges {
        writer.follow_ups(charge);
        if charge > 0 && charge % per_day == 0 {
            writer.night(charge / per_day - 1);
        }
        writer.charge(charge);
    }
    writer.follow_ups(charges);
    for day in TRADING_DAYS - 1..NIGHTS {
        writer.night(day);
    }
    Workload { params, steps: writer.steps }
}

/// What is still to come of a charge.
#[derive(Clone, Copy)]
enum FollowUp {
    Refund { charge: u32, amount: i64, asks_more: bool },
    RefundTooMuch { charge: u32 },
    Dispute,
    Again(Step),
}

struct Writer {
    charges: u32,
    stream: Stream,
    zipf: Zipf,
    amounts: Amounts,
    /// By the charge they come just before, then in the order in which they were planned.
    agenda: BTreeMap<(u32, u32), FollowUp>,
    planned: u32,
    requests: u32,
    steps: Vec<Step>,
}

impl Writer {
    fn push(&mut self, op: Op, expected: Outcome) {
        self.steps.push(Step { op, expected });
    }

    fn request(&mut self) -> u32 {
        self.requests += 1;
        self.requests - 1
    }

    fn one_in(&mut self, bound: u64) -> bool {
        self.stream.below(bound) == 0
    }

    /// A place 1 to `spread` charges later, the end of the last day at the latest.
    fn later(&mut self, now: u32, spread: u32) -> u32 {
        let delay = 1 + self.stream.below(u64::from(spread));
        (u64::from(now) + delay).min(u64::from(self.charges)) as u32
    }

    fn plan(&mut self, before: u32, follow_up: FollowUp) {
        self.agenda.insert((before, self.planned), follow_up);
        self.planned += 1;
    }

    fn night(&mut self, day: u32) {
        self.push(Op::Night { day }, Outcome::Accepted);
    }

    fn follow_ups(&mut self, now: u32) {
        while let Some(next) = self.agenda.first_entry() {
            if next.key().0 > now {
                break;
            }
            match next.remove() {
                FollowUp::Refund { charge, amount, asks_more } => {
                    self.refund(charge, amount, Outcome::Accepted);
                    if asks_more {
                        let then = self.later(now, 1000);
                        self.plan(then, FollowUp::RefundTooMuch { charge });
                    }
                }
                FollowUp::RefundTooMuch { charge } => {
                    self.refund(charge, 1, Outcome::Refused(Reason::ExceedsRemaining));
                }
                // When it closes, and how.
                FollowUp::Dispute => self.stream.discard(2),
                FollowUp::Again(step) => self.steps.push(step),
            }
        }
    }

    fn refund(&mut self, charge: u32, amount: i64, expected: Outcome) {
        let request = self.request();
        self.push(Op::Refund { request, charge, amount }, expected);
    }

    /// A charge, what will become of it, and perhaps a payout too large.
    fn charge(&mut self, charge: u32) {
        let account = self.zipf.draw(&mut self.stream);
        let amount = self.amounts.draw(&mut self.stream);
        let fee = application_fee(amount);
        let request = self.request();
        let asked = |amount| Op::Charge { request, charge, account, amount, fee };
        self.push(asked(amount), Outcome::Accepted);

        let fate = self.stream.below(1000);
        if fate < 50 {
            let in_full = self.one_in(2);
            let part = 1 + self.stream.below(amount as u64 - 1) as i64;
            let follow_up = FollowUp::Refund {
                charge,
                amount: if in_full { amount } else { part },
                asks_more: in_full && self.one_in(10),
            };
            let then = self.later(charge, self.charges / 2);
            self.plan(then, follow_up);
        } else if fate < 55 {
            let then = self.later(charge, self.charges / 2);
            self.plan(then, FollowUp::Dispute);
        }

        let repeat = self.stream.below(1000);
        if repeat < 11 {
            let then = self.later(charge, 1000);
            let (amount, expected) =
                if repeat < 10 { (amount, Outcome::Replayed) } else { (amount + 1, Outcome::Conflict) };
            let op = asked(amount);
            self.plan(then, FollowUp::Again(Step { op, expected }));
        }

        if self.one_in(1000) {
            let account = self.zipf.draw(&mut self.stream);
            let request = self.request();
            self.push(Op::PayoutTooLarge { request, account }, Outcome::Refused(Reason::InsufficientFunds));
        }
    }
}
