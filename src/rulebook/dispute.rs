//! What disputes cost, who pays for them, and how long an inquiry stays open.

use std::fmt;
use std::str::FromStr;

use chrono::NaiveDate;
use iso_country::Country;
use serde::{Deserialize, Serialize};

use super::words::read_and_print;
use super::{CardBrand, Rulebook, RulebookError, Source, Table, UnknownWord, table};
use crate::calendar::Timestamp;
use crate::money::{Currency, Money};

/// What the processor takes a fee for, about a dispute.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DisputeFeeKind {
    /// That there is one.
    Received,
    /// That it was countered with evidence.
    Countered,
    /// The ruling of a network about its rules.
    Compliance,
}

impl DisputeFeeKind {
    /// Every kind, in the order in which they are taken.
    pub const ALL: [Self; 3] = [Self::Received, Self::Countered, Self::Compliance];

    /// The word in tables.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Received => "received",
            Self::Countered => "countered",
            Self::Compliance => "compliance",
        }
    }
}

read_and_print!(DisputeFeeKind, "a kind of dispute fee");

/// Who pays the fees for disputes of direct charges. Those of all other charges the platform pays.
// RULE: the pages disagree. Where the processor bears the losses the account pays; where the platform does, the newest page says the
// platform (docs.stripe.com/connect/disputes, 2026), except for accounts of the older kinds, which pay themselves
// (docs.stripe.com/connect/direct-charges-fee-payer-behavior, 2026).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DisputeFeePayer {
    /// Whoever bears the account's losses; an account of an older kind itself.
    #[default]
    ByLiability,
    /// Whoever pays the account's fees: the platform where its fees are the application's, otherwise the account
    /// (docs.stripe.com/connect/disputes, 2025).
    ByFeePayer,
    /// The account, whatever it is.
    Account,
    /// The platform, whatever the account is.
    Platform,
}

impl DisputeFeePayer {
    /// Every policy, the default first.
    pub const ALL: [Self; 4] = [Self::ByLiability, Self::ByFeePayer, Self::Account, Self::Platform];

    /// The word in settings.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::ByLiability => "by_liability",
            Self::ByFeePayer => "by_fee_payer",
            Self::Account => "account",
            Self::Platform => "platform",
        }
    }
}

read_and_print!(DisputeFeePayer, "a payer of dispute fees");

/// What holds for all disputes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DisputePolicy {
    /// Who pays the fees for disputes of direct charges.
    pub fee_payer: DisputeFeePayer,
    /// After how many days an inquiry that did not become a chargeback is closed.
    // RULE: 120 days (docs.stripe.com/disputes/how-disputes-work, 2026).
    pub inquiry_days: u16,
}

impl DisputePolicy {
    pub(super) const STANDARD: Self = Self { fee_payer: DisputeFeePayer::ByLiability, inquiry_days: 120 };
}

/// What the processor takes for a dispute, from one day until another.
///
/// ```
/// use fundroute::calendar::utc;
/// use fundroute::money::{Currency, Money, usd};
/// use fundroute::rulebook::{Country, DisputeFee, DisputeFeeKind, Rulebook};
///
/// let book = Rulebook::standard();
/// let fee = |book: &Rulebook, country, on| {
///     book.dispute_fee(DisputeFeeKind::Received, country, None, on).map(|fee| (fee.amount(), fee.is_returned()))
/// };
/// assert_eq!(fee(&book, Country::US, utc(2026, 11, 2)), Some((usd(15_00), false)));
/// assert_eq!(fee(&book, Country::US, utc(2023, 10, 2)), Some((usd(15_00), true)));
///
/// // How much it is elsewhere is not known: a host puts in what it pays.
/// assert_eq!(fee(&book, Country::CA, utc(2026, 11, 2)), None);
/// let cad = Money::new(15_00, Currency::CAD);
/// let book = book.with_dispute_fee(DisputeFee::new(DisputeFeeKind::Received, cad).in_country(Country::CA))?;
/// assert_eq!(fee(&book, Country::CA, utc(2026, 11, 2)), Some((cad, false)));
/// # Ok::<(), fundroute::rulebook::RulebookError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DisputeFee {
    kind: DisputeFeeKind,
    country: Option<Country>,
    network: Option<CardBrand>,
    amount: Money,
    returned: bool,
    from: Option<NaiveDate>,
    until: Option<NaiveDate>,
    source: Source,
}

/// Far above every fee, and far below what an amount can be.
const MOST: i64 = 1_000_000_000_000_000;

/// What a row is about; of several that fit, the closest holds, and of those the latest.
pub(super) type FeeKey = (DisputeFeeKind, Option<CardBrand>, Option<Country>, Option<NaiveDate>);

impl DisputeFee {
    /// A fee of the host's own: everywhere, on every network, at any time, and kept on a win.
    #[must_use]
    pub fn new(kind: DisputeFeeKind, amount: Money) -> Self {
        let source = Source::host();
        Self { kind, country: None, network: None, amount, returned: false, from: None, until: None, source }
    }

    /// The same fee, for charges that are booked on accounts in a country.
    #[must_use]
    pub const fn in_country(mut self, country: Country) -> Self {
        self.country = Some(country);
        self
    }

    /// The same fee, for disputes on a card network.
    #[must_use]
    pub const fn on_network(mut self, network: CardBrand) -> Self {
        self.network = Some(network);
        self
    }

    /// The same fee, given back when the dispute is won in full.
    #[must_use]
    pub const fn returned_on_win(mut self) -> Self {
        self.returned = true;
        self
    }

    /// The same fee, from a day on.
    #[must_use]
    pub const fn from(mut self, day: NaiveDate) -> Self {
        self.from = Some(day);
        self
    }

    /// The same fee, until before a day.
    #[must_use]
    pub const fn until(mut self, day: NaiveDate) -> Self {
        self.until = Some(day);
        self
    }

    /// What it is taken for.
    #[must_use]
    pub const fn kind(&self) -> DisputeFeeKind {
        self.kind
    }

    /// How much is taken.
    #[must_use]
    pub const fn amount(&self) -> Money {
        self.amount
    }

    /// Whether it is given back when the dispute is won in full on a day on which this row holds.
    #[must_use]
    pub const fn is_returned(&self) -> bool {
        self.returned
    }

    /// Where the rule comes from.
    #[must_use]
    pub const fn source(&self) -> &Source {
        &self.source
    }

    const fn key(&self) -> FeeKey {
        (self.kind, self.network, self.country, self.from)
    }

    fn problem(&self) -> Option<&'static str> {
        if self.amount.is_negative() {
            return Some("a fee is never negative");
        }
        if self.amount.minor() > MOST {
            return Some("no fee is that high");
        }
        let empty = self.from.zip(self.until).is_some_and(|(from, until)| until <= from);
        empty.then_some("a row must hold for a day at least")
    }

    fn holds(&self, kind: DisputeFeeKind, country: Country, network: Option<CardBrand>, day: NaiveDate) -> bool {
        self.kind == kind
            && self.country.is_none_or(|known| known == country)
            && self.network.is_none_or(|known| Some(known) == network)
            && self.from.is_none_or(|from| day >= from)
            && self.until.is_none_or(|until| day < until)
    }
}

/// Disputes.
impl Rulebook {
    /// What the processor takes for a dispute of a charge that is booked on an account in a country, on a card network or none, at
    /// a time. `None` where that is not known, which is not the same as nothing.
    #[must_use]
    pub fn dispute_fee(
        &self,
        kind: DisputeFeeKind,
        country: Country,
        network: Option<CardBrand>,
        at: Timestamp,
    ) -> Option<&DisputeFee> {
        let day = at.date();
        let fits = self.0.dispute_fees.values().filter(|fee| fee.holds(kind, country, network, day));
        fits.max_by_key(|fee| (fee.network.is_some(), fee.country.is_some(), fee.from))
    }

    /// Every dispute fee that is known.
    pub fn dispute_fees(&self) -> impl Iterator<Item = &DisputeFee> {
        self.0.dispute_fees.values()
    }

    /// What holds for all disputes.
    ///
    /// ```
    /// use fundroute::rulebook::{DisputeFeePayer, DisputePolicy, Rulebook};
    ///
    /// let book = Rulebook::standard();
    /// assert_eq!(book.dispute_policy().inquiry_days, 120);
    /// let ours = DisputePolicy { fee_payer: "platform".parse()?, ..book.dispute_policy() };
    /// assert_eq!(book.with_dispute_policy(ours).dispute_policy().fee_payer, DisputeFeePayer::Platform);
    /// # Ok::<(), fundroute::rulebook::UnknownWord>(())
    /// ```
    #[must_use]
    pub fn dispute_policy(&self) -> DisputePolicy {
        self.0.dispute_policy
    }

    /// The book with another policy for disputes; those that were opened keep the one they were opened under.
    #[must_use]
    pub fn with_dispute_policy(mut self, policy: DisputePolicy) -> Self {
        self.book_mut().dispute_policy = policy;
        self
    }

    /// The book with another dispute fee, in place of the one for the same kind, network, country and first day.
    ///
    /// # Errors
    ///
    /// [`RulebookError::UnknownCountry`] where accounts cannot be, [`RulebookError::Invalid`] if the fee contradicts itself.
    pub fn with_dispute_fee(mut self, fee: DisputeFee) -> Result<Self, RulebookError> {
        fee.country.map(|country| self.country(country).map(drop)).transpose()?;
        if let Some(reason) = fee.problem() {
            return Err(RulebookError::Invalid { table: Table::DisputeFees, reason });
        }
        self.book_mut().dispute_fees.insert(fee.key(), fee);
        Ok(self)
    }

    pub(super) fn read_dispute_fees(&mut self, csv: &str) -> Result<(), RulebookError> {
        let check = |row: Row| {
            let fee = row.check()?;
            fee.country.map_or(Ok(()), |country| self.knows(country, |country| *country).map(drop))?;
            Ok((fee.key(), fee))
        };
        let fees = table::read(Table::DisputeFees, csv, check)?;
        self.book_mut().dispute_fees.extend(fees);
        Ok(())
    }
}

/// A row of `dispute_fees.csv`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Row {
    #[serde(deserialize_with = "table::parsed")]
    kind: DisputeFeeKind,
    country: Option<String>,
    network: Option<CardBrand>,
    #[serde(deserialize_with = "table::parsed")]
    currency: Currency,
    amount: i64,
    #[serde(deserialize_with = "table::yes_or_no")]
    returned: bool,
    from: Option<NaiveDate>,
    until: Option<NaiveDate>,
    source: String,
    year: Option<u16>,
    note: Option<String>,
}

impl Row {
    fn check(self) -> Result<DisputeFee, String> {
        let country = self.country.filter(|code| !code.is_empty());
        let fee = DisputeFee {
            kind: self.kind,
            country: country.map(|code| table::country_from(&code)).transpose()?,
            network: self.network,
            amount: Money::new(self.amount, self.currency),
            returned: self.returned,
            from: self.from,
            until: self.until,
            source: Source::new(self.source, self.year, self.note),
        };
        fee.problem().map_or(Ok(fee), |problem| Err(problem.to_owned()))
    }
}
