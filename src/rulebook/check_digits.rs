//! Digits that guard a number against mistyping.

use serde::Deserialize;

/// How the digits of a number hang together.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum CheckDigits {
    /// Of Australian businesses: eleven digits, weighted, modulo 89.
    Abn,
    /// Of Australian companies: eight digits and the one that completes them.
    Acn,
    /// Of Brazilian companies: twelve characters and two digits.
    Cnpj,
    /// Of people in Brazil: nine digits and two more.
    Cpf,
    /// Every second digit doubled, modulo 10.
    Luhn,
}

impl CheckDigits {
    /// Whether they do hang together.
    pub(super) fn holds(self, number: &str) -> bool {
        let Some(values) = values(number) else { return false };
        match self {
            Self::Abn => abn(&values),
            Self::Acn => acn(&values),
            Self::Cnpj => brazilian(&values, 12, &[6, 5, 4, 3, 2, 9, 8, 7, 6, 5, 4, 3, 2]),
            Self::Cpf => brazilian(&values, 9, &[11, 10, 9, 8, 7, 6, 5, 4, 3, 2]),
            Self::Luhn => luhn(&values),
        }
    }
}

/// What each character counts: digits themselves, letters on from seventeen, as Brazil does.
fn values(number: &str) -> Option<Vec<u32>> {
    let value =
        |c: char| c.is_ascii_alphanumeric().then(|| u32::from(c.to_ascii_uppercase()).checked_sub(48)).flatten();
    number.chars().map(value).collect()
}

fn weighted(values: &[u32], weights: &[u32]) -> u32 {
    values.iter().zip(weights).map(|(value, weight)| value.saturating_mul(*weight)).sum()
}

fn modulo(sum: u32, by: u32) -> u32 {
    sum.checked_rem(by).unwrap_or_default()
}

fn abn(values: &[u32]) -> bool {
    let mut values = values.to_vec();
    let Some(first) = values.first_mut() else { return false };
    let Some(less) = first.checked_sub(1) else { return false };
    *first = less;
    modulo(weighted(&values, &[10, 1, 3, 5, 7, 9, 11, 13, 15, 17, 19]), 89) == 0
}

fn acn(values: &[u32]) -> bool {
    let sum = weighted(values, &[8, 7, 6, 5, 4, 3, 2, 1]);
    values.get(8).is_some_and(|last| modulo(sum.saturating_add(*last), 10) == 0)
}

fn luhn(values: &[u32]) -> bool {
    let sum: u32 = values
        .iter()
        .rev()
        .enumerate()
        .map(|(place, value)| match (is_doubled(place), value.saturating_mul(2)) {
            (false, _) => *value,
            (true, twice) if twice > 9 => twice.saturating_sub(9),
            (true, twice) => twice,
        })
        .sum();
    modulo(sum, 10) == 0
}

/// Whether the digit at a place counts twice: the second from the end, the fourth, and so on.
const fn is_doubled(place: usize) -> bool {
    place & 1 == 1
}

/// The two digits behind `length` characters, each the weighted sum of all before it. One digit all through is no number.
fn brazilian(values: &[u32], length: usize, weights: &[u32]) -> bool {
    let Some(all_but_first) = weights.get(1..) else { return false };
    let digit = |count: usize, weights: &[u32]| {
        let sum = weighted(values.get(..count).unwrap_or_default(), weights);
        let rest = 11_u32.saturating_sub(modulo(sum, 11));
        if rest >= 10 { 0 } else { rest }
    };
    let second = length.saturating_add(1);
    values.get(length) == Some(&digit(length, all_but_first))
        && values.get(second) == Some(&digit(second, weights))
        && values.iter().any(|value| Some(value) != values.first())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_that_are_known_to_be_right() {
        let table = [
            (CheckDigits::Abn, "51824753556", "51824753557"),
            (CheckDigits::Acn, "004085616", "004085617"),
            (CheckDigits::Cnpj, "11222333000181", "11222333000182"),
            (CheckDigits::Cnpj, "12ABC34501DE35", "12ABC34501DE36"),
            (CheckDigits::Cpf, "52998224725", "52998224735"),
            (CheckDigits::Luhn, "046454286", "046454287"),
            (CheckDigits::Luhn, "732829320", "732829321"),
        ];
        for (digits, right, wrong) in table {
            assert!(digits.holds(right), "{digits:?}: {right}");
            assert!(!digits.holds(wrong), "{digits:?}: {wrong}");
        }
    }

    #[test]
    fn nothing_and_the_same_digit_throughout_are_refused() {
        for digits in [CheckDigits::Abn, CheckDigits::Acn, CheckDigits::Cnpj, CheckDigits::Cpf] {
            assert!(!digits.holds(""), "{digits:?}");
        }
        assert!(!CheckDigits::Cpf.holds("11111111111") && !CheckDigits::Cnpj.holds("00000000000000"));
        assert!(!CheckDigits::Luhn.holds("é") && !CheckDigits::Luhn.holds("1-8"));
    }
}
