//! The plans of fees and of shares that stories sell with, and what they come to, worked out by hand: in integers, from their terms.

use fundroute::ids::AccountId;
use fundroute::money::{Currency, Rate, Rounding};
use fundroute::prelude::*;
use fundroute::routing::{CommissionTax, Excess, Fee, FeePlan, SpareUnits, SplitPlan, Tier, Tiering, When};

use crate::ways::rounded;

/// Parts of a whole, in hundredths of a percent.
const WHOLE: i128 = 10_000;

/// A rate for all of it; or two, the other from so much on, of all of it or of what is above.
#[derive(Clone, Copy, Debug)]
enum Charges {
    Percent(u32),
    Whole(u32, i64, u32),
    Slices(u32, i64, u32),
}

/// One fee: a share, a fixed part, and its bounds.
#[derive(Clone, Copy, Debug)]
struct Price {
    charges: Charges,
    fixed: i64,
    least: i64,
    most: Option<i64>,
}

/// Whether a tax is included, how high it is, and how it is rounded.
type Tax = (bool, u32, Rounding);

#[derive(Clone, Copy, Debug)]
struct Terms {
    price: Price,
    /// A second price, where the lesser counts.
    or_less: Option<Price>,
    /// Cards have a percentage of their own.
    of_cards: Option<u32>,
    tax: Option<Tax>,
    excess: Excess,
}

const fn percent(charges: Charges) -> Price {
    Price { charges, fixed: 0, least: 0, most: None }
}

const fn terms(price: Price, tax: Option<Tax>, excess: Excess) -> Terms {
    Terms { price, or_less: None, of_cards: None, tax, excess }
}

/// From a plain share to more than there is. The third, the fourth and the eighth take less of more than of less.
const FEES: [Terms; 10] = [
    terms(percent(Charges::Percent(1_000)), None, Excess::Refuse),
    terms(
        Price { charges: Charges::Percent(730), fixed: 30, least: 1_00, most: None },
        Some((false, 1_900, Rounding::NearestTiesAway)),
        Excess::Cap,
    ),
    terms(percent(Charges::Whole(2_000, 60_00, 333)), Some((true, 2_000, Rounding::NearestTiesAway)), Excess::Refuse),
    terms(
        Price { charges: Charges::Whole(1_500, 40_00, 50), fixed: 7, least: 0, most: Some(9_00) },
        Some((false, 770, Rounding::AwayFromZero)),
        Excess::Cap,
    ),
    terms(
        Price { charges: Charges::Slices(1_333, 25_00, 77), fixed: 0, least: 3, most: None },
        Some((true, 1_900, Rounding::TowardZero)),
        Excess::Cap,
    ),
    terms(
        Price { charges: Charges::Percent(0), fixed: 50_00, least: 0, most: None },
        Some((false, 2_100, Rounding::NearestTiesAway)),
        Excess::Owe,
    ),
    terms(percent(Charges::Percent(0)), Some((false, 1_900, Rounding::NearestTiesAway)), Excess::Refuse),
    Terms {
        price: percent(Charges::Whole(2_500, 30_00, 0)),
        or_less: Some(Price { charges: Charges::Percent(500), fixed: 4_00, least: 0, most: None }),
        of_cards: None,
        tax: Some((false, 1_900, Rounding::NearestTiesEven)),
        excess: Excess::Refuse,
    },
    Terms {
        price: Price { charges: Charges::Slices(250, 100_00, 1_000), fixed: 25, least: 0, most: None },
        or_less: None,
        of_cards: Some(1_250),
        tax: None,
        excess: Excess::Refuse,
    },
    terms(percent(Charges::Percent(10_000)), Some((true, 700, Rounding::NearestTiesAway)), Excess::Refuse),
];

fn rate(hundredths: u32) -> Rate {
    Rate::from_basis_points(hundredths)
}

impl Price {
    fn fee(self, currency: Currency) -> Fee {
        let money = |minor| Money::new(minor, currency);
        let tiers = |low, from, high| vec![Tier::new(money(0), rate(low)), Tier::new(money(from), rate(high))];
        let fee = match self.charges {
            Charges::Percent(share) => Fee::percent(rate(share)),
            Charges::Whole(low, from, high) => Fee::tiers(Tiering::Whole, tiers(low, from, high)),
            Charges::Slices(low, from, high) => Fee::tiers(Tiering::Slices, tiers(low, from, high)),
        };
        let fee = fee.plus(money(self.fixed)).at_least(money(self.least));
        self.most.map_or(fee.clone(), |most| fee.at_most(money(most)))
    }

    fn of(self, amount: i128) -> i128 {
        let share = match self.charges {
            Charges::Percent(share) => amount * i128::from(share),
            Charges::Whole(low, from, high) => amount * i128::from(if amount >= i128::from(from) { high } else { low }),
            Charges::Slices(low, from, high) => {
                let below = amount.min(from.into());
                below * i128::from(low) + (amount - below) * i128::from(high)
            }
        };
        let fee = rounded(share, WHOLE) + i128::from(self.fixed);
        self.most.map_or(fee, |most| fee.min(most.into())).max(self.least.into())
    }
}

/// A fee plan of the list, for a currency.
pub(crate) fn fee_plan(number: u8, currency: Currency) -> FeePlan {
    let terms = FEES[usize::from(number) % FEES.len()];
    let fee = terms.price.fee(currency);
    let fee = terms.or_less.map_or(fee.clone(), |other| fee.or_less(other.fee(currency)));
    let mut plan = FeePlan::builder(terms.excess).rule(When::always().currency(currency), fee).only_in([currency]);
    if let Some(share) = terms.of_cards {
        plan = plan.rule(When::always().method(PaymentMethod::Card), Fee::percent(rate(share)));
    }
    if let Some((is_included, share, rounding)) = terms.tax {
        let tax = if is_included { CommissionTax::included(rate(share)) } else { CommissionTax::on_top(rate(share)) };
        plan = plan.tax(tax.rounded(rounding));
    }
    plan.build().unwrap()
}

/// `over` parts of `under`, as a tax is rounded.
fn cut(over: i128, under: i128, rounding: Rounding) -> i128 {
    let (down, rest) = (over / under, over % under);
    let up = match rounding {
        Rounding::TowardZero => false,
        Rounding::AwayFromZero => rest > 0,
        Rounding::NearestTiesEven => 2 * rest > under || (2 * rest == under && down % 2 == 1),
        _ => 2 * rest >= under,
    };
    down + i128::from(up)
}

/// What is taken of so much that has come, and what of that is tax.
pub(crate) fn commission(plan: &FeePlan, method: PaymentMethod, amount: Money) -> (i128, i128) {
    let all = u8::try_from(FEES.len()).unwrap();
    let number = (0..all).find(|number| fee_plan(*number, amount.currency()) == *plan).expect("a plan of no story");
    let (terms, amount) = (FEES[usize::from(number)], i128::from(amount.minor()));
    let of_cards = terms.of_cards.filter(|_| method == PaymentMethod::Card);
    let fee = match of_cards {
        Some(share) => percent(Charges::Percent(share)).of(amount),
        None => terms.or_less.iter().map(|other| other.of(amount)).fold(terms.price.of(amount), i128::min),
    };
    let within = |(_, share, rounding): Tax| cut(amount * i128::from(share), WHOLE + i128::from(share), rounding);
    let (gross, tax) = match terms.tax {
        None => (fee, 0),
        Some((true, share, rounding)) => (fee, cut(fee * i128::from(share), WHOLE + i128::from(share), rounding)),
        Some((false, share, rounding)) => {
            let tax = cut(fee * i128::from(share), WHOLE, rounding);
            (fee + tax, tax)
        }
    };
    match terms.excess {
        _ if gross <= amount => (gross, tax),
        Excess::Owe => (amount, rounded(tax * amount, gross)),
        Excess::Cap | Excess::Refuse => (amount, terms.tax.map_or(0, within)),
    }
}

/// Who gets a part: one of the parties of the payment, or all of another recipe.
#[derive(Clone, Copy, Debug)]
enum To {
    Party(usize),
    Among(&'static Recipe),
}

#[derive(Clone, Copy, Debug)]
enum Get {
    Amount(i64),
    Share(u32),
    Rest,
}

/// How a payment is shared out.
#[derive(Debug)]
struct Recipe {
    excess: Excess,
    spare: SpareUnits,
    parts: &'static [(To, Get)],
}

const PAIR: Recipe = Recipe {
    excess: Excess::Cap,
    spare: SpareUnits::First,
    parts: &[(To::Party(1), Get::Amount(4_00)), (To::Party(2), Get::Share(3_333)), (To::Party(0), Get::Rest)],
};

const RECIPES: [Recipe; 6] = [
    Recipe {
        excess: Excess::Refuse,
        spare: SpareUnits::Largest,
        parts: &[(To::Party(0), Get::Share(1_250)), (To::Party(1), Get::Share(4_444)), (To::Party(2), Get::Rest)],
    },
    Recipe {
        excess: Excess::Cap,
        spare: SpareUnits::Last,
        parts: &[
            (To::Party(0), Get::Amount(12_34)),
            (To::Party(1), Get::Share(2_005)),
            (To::Party(0), Get::Share(995)),
            (To::Party(2), Get::Rest),
        ],
    },
    Recipe {
        excess: Excess::Owe,
        spare: SpareUnits::Rest,
        parts: &[(To::Party(0), Get::Amount(9_99)), (To::Party(1), Get::Share(9_000)), (To::Party(2), Get::Rest)],
    },
    Recipe {
        excess: Excess::Refuse,
        spare: SpareUnits::First,
        parts: &[
            (To::Party(0), Get::Share(3_333)),
            (To::Party(1), Get::Share(3_333)),
            (To::Party(2), Get::Share(3_334)),
        ],
    },
    Recipe {
        excess: Excess::Cap,
        spare: SpareUnits::Largest,
        parts: &[(To::Party(0), Get::Share(1_500)), (To::Among(&PAIR), Get::Share(7_001)), (To::Party(3), Get::Rest)],
    },
    Recipe {
        excess: Excess::Owe,
        spare: SpareUnits::Last,
        parts: &[(To::Party(0), Get::Amount(1)), (To::Party(1), Get::Amount(2_50)), (To::Among(&PAIR), Get::Rest)],
    },
];

impl Recipe {
    fn build(&self, parties: &[AccountId], currency: Currency) -> SplitPlan {
        let mut plan = SplitPlan::builder(self.excess).spare(self.spare);
        for (to, get) in self.parts {
            plan = match (to, get) {
                (To::Party(number), get) => {
                    let account = parties[number % parties.len()];
                    match get {
                        Get::Amount(minor) => plan.amount(account, Money::new(*minor, currency)),
                        Get::Share(share) => plan.share(account, rate(*share)),
                        Get::Rest => plan.rest(account),
                    }
                }
                (To::Among(other), get) => {
                    let other = other.build(parties, currency);
                    match get {
                        Get::Amount(minor) => plan.amount_among(Money::new(*minor, currency), other),
                        Get::Share(share) => plan.share_among(rate(*share), other),
                        Get::Rest => plan.rest_among(other),
                    }
                }
            };
        }
        plan.build().unwrap()
    }

    /// The shares of an amount, and the rest: each cut, and what is spare then one each.
    fn shares(&self, whole: i128) -> Vec<i128> {
        let share = |(_, get): &(To, Get)| if let Get::Share(share) = get { Some(i128::from(*share)) } else { None };
        let mut weights: Vec<i128> = self.parts.iter().filter_map(share).collect();
        weights.push(WHOLE - weights.iter().sum::<i128>());
        let mut cuts: Vec<i128> = weights.iter().map(|weight| whole * weight / WHOLE).collect();
        let remainder = |place: usize| whole * weights[place] % WHOLE;
        let spare = whole - cuts.iter().sum::<i128>();
        let mut order: Vec<usize> = (0..weights.len()).filter(|place| remainder(*place) > 0).collect();
        match self.spare {
            SpareUnits::First => {}
            SpareUnits::Last => order.reverse(),
            SpareUnits::Largest => order.sort_by_key(|place| -remainder(*place)),
            SpareUnits::Rest => {
                *cuts.last_mut().unwrap() += spare;
                return cuts;
            }
        }
        order.into_iter().take(usize::try_from(spare).unwrap()).for_each(|place| cuts[place] += 1);
        cuts
    }

    /// Who gets what, part by part; nothing where somebody would owe, or the recipe refuses. `capped` it gives as much as there is.
    fn cut(&self, whole: i128, capped: bool, parties: &[AccountId]) -> Option<Vec<(AccountId, i128)>> {
        let mut shares = self.shares(whole).into_iter();
        let mut amounts: Vec<i128> = self
            .parts
            .iter()
            .map(|(_, get)| match get {
                Get::Amount(minor) => i128::from(*minor),
                Get::Share(_) => shares.next().unwrap(),
                Get::Rest => 0,
            })
            .collect();
        let mut rest = whole - amounts.iter().sum::<i128>();
        if rest < 0 {
            if !capped && self.excess != Excess::Cap {
                return None;
            }
            let mut left = whole;
            for is_amount in [true, false] {
                for (amount, (_, get)) in amounts.iter_mut().zip(self.parts) {
                    if matches!(get, Get::Amount(_)) == is_amount {
                        *amount = left.min(*amount);
                        left -= *amount;
                    }
                }
            }
            rest = 0;
        }
        let mut all = Vec::new();
        for ((to, get), amount) in self.parts.iter().zip(amounts) {
            let amount = if let Get::Rest = get { rest } else { amount };
            match to {
                To::Party(number) => all.push((parties[number % parties.len()], amount)),
                To::Among(other) => all.extend(other.cut(amount, capped, parties)?),
            }
        }
        Some(all)
    }
}

/// A plan of shares of the list, among these parties, no one of them twice.
pub(crate) fn split_plan(number: u8, parties: &[AccountId], currency: Currency) -> SplitPlan {
    RECIPES[usize::from(number) % RECIPES.len()].build(parties, currency)
}

/// Who gets what of so much that has come, part by part.
pub(crate) fn shares(plan: &SplitPlan, amount: Money) -> Vec<(AccountId, i128)> {
    let parties = plan.accounts();
    let is_it = |recipe: &&Recipe| recipe.build(&parties, amount.currency()) == *plan;
    let recipe = RECIPES.iter().find(is_it).expect("a plan of no story");
    let whole = i128::from(amount.minor());
    recipe.cut(whole, false, &parties).or_else(|| recipe.cut(whole, true, &parties)).unwrap()
}
