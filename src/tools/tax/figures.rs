use serde::{Deserialize, Serialize};

use super::TaxError;
use crate::money::Currency;
use crate::rulebook::{TaxFormType, TaxIncome};

/// What limits are held against, in minor units.
// INVARIANT: of figures that were checked nothing is negative.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct TaxAmounts {
    /// The amount of each kind of income, in the order of [`TaxIncome::ALL`].
    by_income: [i64; TaxIncome::ALL.len()],
    transactions: u32,
}

const fn place(income: TaxIncome) -> usize {
    match income {
        TaxIncome::Payments => 0,
        TaxIncome::Royalties => 1,
        TaxIncome::DividendsInLieu => 2,
        TaxIncome::FishingProceeds => 3,
        TaxIncome::GoldenParachute => 4,
    }
}

impl TaxAmounts {
    /// The amount of a kind of income, in minor units.
    pub fn of(&self, income: TaxIncome) -> i64 {
        self.by_income.get(place(income)).copied().unwrap_or(0)
    }

    /// How many payments.
    pub const fn transactions(&self) -> u32 {
        self.transactions
    }

    /// All kinds of income together, in minor units.
    pub(super) fn total(&self) -> i64 {
        self.by_income.iter().fold(0_i64, |sum, amount| sum.saturating_add(*amount))
    }

    fn set(&mut self, income: TaxIncome, amount: i64) {
        if let Some(known) = self.by_income.get_mut(place(income)) {
            *known = amount;
        }
    }

    /// The same without some, which were among them, and with others.
    pub(crate) fn exchanged(&self, without: &Self, with: &Self) -> Result<Self, TaxError> {
        let mut next = *self;
        for income in TaxIncome::ALL {
            let amount = self.of(income).checked_sub(without.of(income));
            let amount = amount.and_then(|amount| amount.checked_add(with.of(income)));
            next.set(income, amount.ok_or(TaxError::FiguresTooLarge)?);
        }
        let count = self.transactions.checked_sub(without.transactions);
        let count = count.and_then(|count| count.checked_add(with.transactions));
        next.transactions = count.ok_or(TaxError::FiguresTooLarge)?;
        Ok(next)
    }
}

/// What a form reports of a year. Amounts are in minor units of one currency: US dollars on forms of the United States.
///
/// ```
/// use fundroute::money::usd;
/// use fundroute::rulebook::TaxIncome;
/// use fundroute::tools::tax::TaxFigures;
///
/// let figures = TaxFigures::of(usd(21_000_00), 240).card_not_present(20_000_00);
/// assert_eq!((figures.gross(), figures.transactions()), (21_000_00, 240));
/// let royalties = TaxFigures::of(usd(0), 0).with(TaxIncome::Royalties, 12_50);
/// assert_eq!(royalties.amounts().of(TaxIncome::Royalties), 12_50);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TaxFigures {
    currency: Currency,
    amounts: TaxAmounts,
    card_not_present: i64,
    months: Option<[i64; 12]>,
    federal_withheld: i64,
    state_withheld: i64,
    goods_only: bool,
    unconverted: bool,
}

impl TaxFigures {
    /// So much, in so many payments.
    pub const fn of(gross: crate::money::Money, transactions: u32) -> Self {
        let [_, others @ ..] = [0; TaxIncome::ALL.len()];
        let [royalties, dividends, fishing, parachute] = others;
        let by_income = [gross.minor(), royalties, dividends, fishing, parachute];
        Self {
            currency: gross.currency(),
            amounts: TaxAmounts { by_income, transactions },
            card_not_present: 0,
            months: None,
            federal_withheld: 0,
            state_withheld: 0,
            goods_only: false,
            unconverted: false,
        }
    }

    /// Nothing, in a currency.
    pub const fn zero(currency: Currency) -> Self {
        Self::of(crate::money::Money::zero(currency), 0)
    }

    /// The same, of which so much was paid without the card being there (box 1b of a 1099-K).
    #[must_use]
    pub const fn card_not_present(mut self, minor: i64) -> Self {
        self.card_not_present = minor;
        self
    }

    /// The same, by month from January to December (boxes 5a to 5l of a 1099-K).
    #[must_use]
    pub const fn by_month(mut self, months: [i64; 12]) -> Self {
        self.months = Some(months);
        self
    }

    /// The same, with so much of another kind of income, in the place of what it had of it.
    #[must_use]
    pub fn with(mut self, income: TaxIncome, minor: i64) -> Self {
        self.amounts.set(income, minor);
        self
    }

    /// The same, with what was withheld for the federal authority and for the state.
    #[must_use]
    pub const fn withheld(mut self, federal: i64, state: i64) -> Self {
        (self.federal_withheld, self.state_withheld) = (federal, state);
        self
    }

    /// The same, of somebody who sells goods and nothing else.
    #[must_use]
    pub const fn goods_only(mut self) -> Self {
        self.goods_only = true;
        self
    }

    /// The same, with something missing in it for which no exchange rate was known.
    #[must_use]
    pub const fn unconverted(mut self) -> Self {
        self.unconverted = true;
        self
    }

    /// The currency.
    pub const fn currency(&self) -> Currency {
        self.currency
    }

    /// The amount of everything that has no box of its own, before fees or after them as the method has it.
    pub fn gross(&self) -> i64 {
        self.amounts.of(TaxIncome::Payments)
    }

    /// What limits are held against.
    pub const fn amounts(&self) -> &TaxAmounts {
        &self.amounts
    }

    /// How many payments.
    pub const fn transactions(&self) -> u32 {
        self.amounts.transactions
    }

    /// How much was paid without the card being there.
    pub const fn without_card(&self) -> i64 {
        self.card_not_present
    }

    /// The amount by month, where that was told.
    pub const fn months(&self) -> Option<&[i64; 12]> {
        self.months.as_ref()
    }

    /// What was withheld for the federal authority.
    pub const fn federal_withheld(&self) -> i64 {
        self.federal_withheld
    }

    /// What was withheld for the state.
    pub const fn state_withheld(&self) -> i64 {
        self.state_withheld
    }

    /// Whether it is of somebody who sells goods and nothing else.
    pub const fn is_goods_only(&self) -> bool {
        self.goods_only
    }

    /// Whether something is missing in it for which no exchange rate was known.
    pub const fn is_unconverted(&self) -> bool {
        self.unconverted
    }

    /// Whether two parts come to it, in everything that is summed.
    pub(super) fn sums_to(&self, parts: [&Self; 2]) -> bool {
        let none = TaxAmounts::default();
        let sum = parts.iter().try_fold(none, |sum, part| sum.exchanged(&none, &part.amounts).ok());
        let [one, other] = parts;
        let both = |amount: fn(&Self) -> i64| amount(one).checked_add(amount(other)) == Some(amount(self));
        sum == Some(self.amounts)
            && both(|part| part.card_not_present)
            && both(|part| part.federal_withheld)
            && both(|part| part.state_withheld)
    }

    /// That they make sense on a form of this type.
    ///
    /// # Errors
    /// [`TaxError::FiguresInvalid`], [`TaxError::FiguresTooLarge`], [`TaxError::WrongCurrency`].
    pub fn check(&self, form: TaxFormType) -> Result<(), TaxError> {
        let invalid = |what| Err(TaxError::FiguresInvalid(what));
        if form.is_us() && self.currency != Currency::USD {
            return Err(TaxError::WrongCurrency { form, currency: self.currency });
        }
        let others = [self.card_not_present, self.federal_withheld, self.state_withheld];
        if self.amounts.by_income.iter().chain(&others).any(|amount| *amount < 0) {
            return invalid("an amount is negative");
        }
        let all = self.amounts.by_income.iter().try_fold(0_i64, |sum, amount| sum.checked_add(*amount));
        let Some(all) = all else { return Err(TaxError::FiguresTooLarge) };
        let has_boxes = self.amounts.by_income.iter().skip(1).any(|amount| *amount != 0);
        if has_boxes && form != TaxFormType::Us1099Misc {
            return invalid("only a 1099-MISC has income with boxes of its own");
        }
        if self.card_not_present > self.gross() {
            return invalid("more was paid without a card than in all");
        }
        if let Some(months) = &self.months {
            let sum = months.iter().fold(0_i128, |sum, month| sum.saturating_add(i128::from(*month)));
            if sum != i128::from(self.gross()) {
                return invalid("the months do not come to the whole");
            }
        }
        let withheld = self.federal_withheld.checked_add(self.state_withheld);
        if withheld.is_none_or(|withheld| withheld > all) {
            return invalid("more was withheld than there was");
        }
        Ok(())
    }
}
