//! How sums are stored: `i128` is text where a format is read by people, because many readers of JSON cannot hold it.

use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::Currency;

/// A sum of minor units.
#[derive(Clone, Copy)]
pub(crate) struct Wide(pub(crate) i128);

impl Serialize for Wide {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if serializer.is_human_readable() { serializer.collect_str(&self.0) } else { self.0.serialize(serializer) }
    }
}

impl<'de> Deserialize<'de> for Wide {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        if deserializer.is_human_readable() {
            String::deserialize(deserializer)?.parse().map(Self).map_err(D::Error::custom)
        } else {
            i128::deserialize(deserializer).map(Self)
        }
    }
}

/// A sum in major units, without its currency; exact, however large.
pub(crate) fn major(minor: i128, currency: Currency) -> String {
    let places = usize::try_from(currency.exponent()).unwrap_or(0);
    let digits = format!("{:0>1$}", minor.unsigned_abs(), places.saturating_add(1));
    let (whole, decimals) = digits.split_at(digits.len().saturating_sub(places));
    let sign = if minor < 0 { "-" } else { "" };
    if decimals.is_empty() { format!("{sign}{whole}") } else { format!("{sign}{whole}.{decimals}") }
}

/// For a field that is a sum: `#[serde(with = "wide")]`.
pub(crate) fn serialize<S: Serializer>(sum: &i128, serializer: S) -> Result<S::Ok, S::Error> {
    Wide(*sum).serialize(serializer)
}

pub(crate) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<i128, D::Error> {
    Wide::deserialize(deserializer).map(|wide| wide.0)
}

/// For a field that lists sums by key: `#[serde(with = "wide::by")]`.
pub(crate) mod by {
    use serde::{Deserialize, Deserializer, Serialize, Serializer};

    use super::Wide;

    pub(crate) fn serialize<K: Serialize, S: Serializer>(sums: &[(K, i128)], serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(sums.iter().map(|(key, sum)| (key, Wide(*sum))))
    }

    pub(crate) fn deserialize<'de, K: Deserialize<'de>, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<Vec<(K, i128)>, D::Error> {
        let sums = Vec::<(K, Wide)>::deserialize(deserializer)?;
        Ok(sums.into_iter().map(|(key, wide)| (key, wide.0)).collect())
    }
}

#[cfg(test)]
mod tests {
    use crate::money::Currency;

    #[derive(Debug, PartialEq, serde::Serialize, serde::Deserialize)]
    struct Sums {
        #[serde(with = "super")]
        one: i128,
        #[serde(with = "super::by")]
        many: Vec<(u8, i128)>,
    }

    #[test]
    fn sums_are_told_in_major_units_to_the_last_digit() {
        let told = |minor, currency| super::major(minor, currency);
        assert_eq!(
            [told(-5, Currency::USD), told(100, Currency::USD), told(0, Currency::USD)],
            ["-0.05", "1.00", "0.00"]
        );
        assert_eq!([told(-5, Currency::JPY), told(5_124, Currency::KWD)], ["-5", "5.124"]);
        assert_eq!(told(i128::MIN, Currency::USD), "-1701411834604692317316873037158841057.28");
    }

    #[test]
    fn sums_survive_text_values_and_bytes() {
        let sums = Sums { one: i128::MIN, many: vec![(1, i128::MAX), (2, 1 << 100)] };
        let value = serde_json::to_value(&sums).unwrap();
        assert_eq!(value["one"], "-170141183460469231731687303715884105728");
        assert_eq!(serde_json::from_value::<Sums>(value).unwrap(), sums);
        let bytes = postcard::to_stdvec(&sums).unwrap();
        assert_eq!(postcard::from_bytes::<Sums>(&bytes).unwrap(), sums);
        assert!(serde_json::from_str::<Sums>(r#"{"one":"12x","many":[]}"#).is_err());
    }
}
