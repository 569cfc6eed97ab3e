//! Pseudo-random draws in integer arithmetic.

use super::names::scramble;

/// Ranks are scattered over account numbers by steps of this prime.
pub(super) const STRIDE: u32 = 7919;

const GOLDEN: u64 = 0x9E37_79B9_7F4A_7C15;
const LEAST_AMOUNT: i64 = 500;
const GREATEST_AMOUNT: i64 = 50_000;
const MEDIAN_AMOUNT: u128 = 5_000;
/// 0.9 (the spread of the amounts' logarithms) over ln 2, times 2^20.
const SPREAD_Q20: i128 = 1_361_498;
const ONE_Q62: u128 = 1 << 62;

/// The splitmix64 generator.
pub(super) struct Stream {
    state: u64,
}

impl Stream {
    pub(super) fn new(seed: u64) -> Self {
        Self { state: seed }
    }

    pub(super) fn word(&mut self) -> u64 {
        self.state = self.state.wrapping_add(GOLDEN);
        scramble(self.state)
    }

    /// A number under the bound: the word as a binary fraction, times the bound.
    pub(super) fn below(&mut self, bound: u64) -> u64 {
        ((u128::from(self.word()) * u128::from(bound)) >> 64) as u64
    }

    pub(super) fn discard(&mut self, words: u32) {
        for _ in 0..words {
            self.word();
        }
    }
}

/// Accounts by Zipf's law with exponent 1: the account of rank `k` weighs 1/k, in parts of 2^40.
pub(super) struct Zipf {
    up_to: Vec<u64>,
}

impl Zipf {
    pub(super) fn new(accounts: u32) -> Self {
        let mut total = 0;
        let weigh = |rank| {
            total += (1 << 40) / u64::from(rank);
            total
        };
        Self { up_to: (1..=accounts).map(weigh).collect() }
    }

    pub(super) fn draw(&self, stream: &mut Stream) -> u32 {
        let accounts = self.up_to.len();
        let point = stream.below(self.up_to[accounts - 1]);
        let rank = self.up_to.partition_point(|&sum| sum <= point);
        ((rank * STRIDE as usize + 17) % accounts) as u32
    }
}

/// Amounts whose logarithms are nearly normal.
pub(super) struct Amounts {
    /// The square root of two, its square root, and so on, times 2^62.
    roots: [u128; 24],
}

impl Amounts {
    pub(super) fn new() -> Self {
        let mut root = 2 * ONE_Q62;
        let next = |_| {
            root = (root << 62).isqrt();
            root
        };
        Self { roots: std::array::from_fn(next) }
    }

    /// Draws until an amount is neither too small nor too large.
    pub(super) fn draw(&self, stream: &mut Stream) -> i64 {
        loop {
            let amount = self.scaled(normal_q32(stream));
            if (LEAST_AMOUNT..=GREATEST_AMOUNT).contains(&amount) {
                return amount;
            }
        }
    }

    /// The median amount times two to the power of `deviate * spread`, rounded down.
    fn scaled(&self, deviate: i64) -> i64 {
        let exponent = ((i128::from(deviate) * SPREAD_Q20) >> 20) as i64;
        let (whole, fraction) = (exponent >> 32, exponent as u32);
        let power = self
            .roots
            .iter()
            .zip((0..32).rev())
            .filter(|&(_, bit)| (fraction >> bit) & 1 == 1)
            .fold(ONE_Q62, |power, (root, _)| (power * root) >> 62);
        ((MEDIAN_AMOUNT * power) >> (62 - whole)) as i64
    }
}

/// The sum of twelve uniform draws from 0 to 1, less its mean of six: variance one. In parts of 2^32.
fn normal_q32(stream: &mut Stream) -> i64 {
    let halves = |word: u64| (word >> 32) as i64 + (word & 0xFFFF_FFFF) as i64;
    let sum: i64 = (0..6).map(|_| halves(stream.word())).sum();
    sum - (6 << 32)
}
