//! How money becomes other money, by hand: in integers, each conversion rounded by itself, ties away from zero.

use fundroute::money::Currency;

/// The rates of a story have at most so many decimals.
pub(crate) const HUNDRED_THOUSANDTHS: u32 = 5;

/// What one unit becomes, as a fraction.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Becomes {
    pub(crate) coin: Currency,
    pub(crate) over: i128,
    pub(crate) under: i128,
}

impl Becomes {
    /// At so many hundred-thousandths, of which so many hundredths are left to whom it is converted for.
    pub(crate) const fn at(parts: i128, keeps: i128, coin: Currency) -> Self {
        Self { coin, over: parts * keeps, under: 100_000 * 100 }
    }
}

/// Into which currency, at what; nothing where it stays what it is.
pub(crate) type Way = Option<Becomes>;

/// Half away from zero.
pub(crate) fn rounded(over: i128, under: i128) -> i128 {
    let half = (over.abs() * 2 + under) / (under * 2);
    if over < 0 { -half } else { half }
}

pub(crate) fn through(way: Way, amount: i128) -> i128 {
    way.map_or(amount, |way| rounded(amount * way.over, way.under))
}

/// The part between two totals.
pub(crate) fn between(way: Way, before: i128, after: i128) -> i128 {
    through(way, after) - through(way, before)
}

pub(crate) fn both(first: Way, next: Way) -> Way {
    match (first, next) {
        (Some(first), Some(next)) => {
            Some(Becomes { coin: next.coin, over: first.over * next.over, under: first.under * next.under })
        }
        (first, next) => first.or(next),
    }
}

/// What it is in the end.
pub(crate) fn coin_of(way: Way, own: Currency) -> Currency {
    way.map_or(own, |way| way.coin)
}
