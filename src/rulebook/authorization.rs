//! Until when an authorization can be captured, and how much of it.

use chrono::TimeDelta;
use iso_country::Country;
use serde::Deserialize;

use super::{CardBrand, CardFunding, PaymentMethod, Region, Rulebook, RulebookError, Source, Table, Trade, table};
use crate::calendar::Timestamp;
use crate::money::{Currency, Money, Rate, Rounding};

/// What an authorization is for, as far as its window depends on it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AuthorizationUse {
    /// How it is paid.
    pub method: PaymentMethod,
    /// The network of the card, where one is known.
    pub brand: CardBrand,
    /// Whether the business began it without the payer being there.
    pub off_session: bool,
    /// Whether it was granted for longer than usual.
    pub extended: bool,
    /// Where the business is that settles the payment.
    pub country: Country,
    /// What is paid in.
    pub currency: Currency,
}

pub(super) type WindowKey = (PaymentMethod, Option<CardBrand>, Option<bool>, bool, Option<(Country, Currency)>);

/// For how long authorizations of some sort can be captured.
///
/// ```
/// use chrono::TimeDelta;
/// use fundroute::money::Currency;
/// use fundroute::rulebook::{AuthorizationUse, AuthorizationWindow, CardBrand, Country, PaymentMethod, Rulebook};
///
/// let by_visa = AuthorizationUse {
///     method: PaymentMethod::Card,
///     brand: CardBrand::Visa,
///     off_session: false,
///     extended: false,
///     country: Country::US,
///     currency: Currency::USD,
/// };
/// let book = Rulebook::standard();
/// assert_eq!(book.authorization_window(&by_visa), Some(TimeDelta::days(7)));
/// let later = AuthorizationUse { off_session: true, ..by_visa };
/// assert_eq!(book.authorization_window(&later), Some(TimeDelta::hours(4 * 24 + 18)));
///
/// // A host whose acquirer holds on for ten days:
/// let ours = AuthorizationWindow::new(PaymentMethod::Card, 10, 0).brand(CardBrand::Visa);
/// let book = book.with_authorization_window(ours);
/// assert_eq!(book.authorization_window(&by_visa), Some(TimeDelta::days(10)));
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AuthorizationWindow {
    method: PaymentMethod,
    brand: Option<CardBrand>,
    off_session: Option<bool>,
    extended: bool,
    place: Option<(Country, Currency)>,
    days: u8,
    hours: u8,
    to_midnight: bool,
    source: Source,
}

impl AuthorizationWindow {
    /// A window of the host's own, for every authorization by that method that was not extended, unless a row for just its card
    /// brand, place or absent payer says otherwise.
    #[must_use]
    pub fn new(method: PaymentMethod, days: u8, hours: u8) -> Self {
        let source = Source::host();
        let (brand, off_session, place) = (None, None, None);
        Self { method, brand, off_session, extended: false, place, days, hours, to_midnight: false, source }
    }

    /// The same, for cards of one network only.
    #[must_use]
    pub const fn brand(mut self, brand: CardBrand) -> Self {
        self.brand = Some(brand);
        self
    }

    /// The same, only for authorizations that the business began alone, or only for those with the payer there.
    #[must_use]
    pub const fn off_session(mut self, off_session: bool) -> Self {
        self.off_session = Some(off_session);
        self
    }

    /// The same, only for authorizations that were extended.
    #[must_use]
    pub const fn extended(mut self) -> Self {
        self.extended = true;
        self
    }

    /// The same, only for businesses in one country and payments in one currency.
    #[must_use]
    pub const fn within(mut self, country: Country, currency: Currency) -> Self {
        self.place = Some((country, currency));
        self
    }

    /// The same, until the end of the last day, by UTC.
    #[must_use]
    pub const fn to_midnight(mut self) -> Self {
        self.to_midnight = true;
        self
    }

    /// How long it is; one that lasts until midnight is longer by what is left of the last day.
    #[must_use]
    pub fn length(&self) -> TimeDelta {
        TimeDelta::hours(i64::from(self.days).saturating_mul(24).saturating_add(i64::from(self.hours)))
    }

    /// Until when what was authorized then can be captured; nothing beyond what times can be.
    // RULE: Klarna's ends at midnight of the 28th day (docs.stripe.com/payments/place-a-hold-on-a-payment-method, 2026); that the end of
    // that day is meant, by UTC, is our reading: what ends too early is lost, what ends too late the world refuses.
    #[must_use]
    pub fn ends(&self, authorized_at: Timestamp) -> Option<Timestamp> {
        let end = authorized_at.checked_add(self.length()).ok()?;
        if self.to_midnight { end.midnight().plus_days(1).ok() } else { Some(end) }
    }

    /// Where the rule comes from.
    #[must_use]
    pub const fn source(&self) -> &Source {
        &self.source
    }

    const fn key(&self) -> WindowKey {
        (self.method, self.brand, self.off_session, self.extended, self.place)
    }

    fn fits(&self, what: &AuthorizationUse) -> bool {
        self.method == what.method
            && self.extended == what.extended
            && self.brand.is_none_or(|brand| brand == what.brand)
            && self.off_session.is_none_or(|off_session| off_session == what.off_session)
            && self.place.is_none_or(|place| place == (what.country, what.currency))
    }

    const fn precision(&self) -> (bool, bool, bool) {
        (self.place.is_some(), self.brand.is_some(), self.off_session.is_some())
    }
}

/// What a capture of more than was authorized is for, as far as its limit depends on it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OvercaptureUse {
    /// The network of the card.
    pub brand: CardBrand,
    /// Whose money the card spends, where that is known.
    pub funding: Option<CardFunding>,
    /// Where the card is from, where that is known.
    pub card_country: Option<Country>,
    /// What the business sells.
    pub trade: Trade,
    /// Where the business is that settles the payment.
    pub country: Country,
}

pub(super) type OvercaptureKey = (CardBrand, Option<Trade>, Option<CardFunding>, Option<Country>);

/// By how much a network lets captures of some sort exceed what was authorized.
///
/// ```
/// use fundroute::money::usd;
/// use fundroute::rulebook::{CardBrand, Country, OvercaptureUse, Rulebook, Trade};
///
/// let book = Rulebook::standard();
/// let dinner = OvercaptureUse {
///     brand: CardBrand::Visa,
///     funding: None,
///     card_country: None,
///     trade: Trade::Restaurant,
///     country: Country::US,
/// };
/// assert_eq!(book.most_capturable(&dinner, usd(10_00)), usd(12_00));
/// // The least for rented cars is more than the percentage of a small amount.
/// let car = OvercaptureUse { trade: Trade::CarRental, ..dinner };
/// assert_eq!(book.most_capturable(&car, usd(100_00)), usd(175_00));
/// // No network says anything about goods by Mastercard.
/// let goods = OvercaptureUse { brand: CardBrand::Mastercard, trade: Trade::Retail, ..dinner };
/// assert_eq!(book.most_capturable(&goods, usd(10_00)), usd(10_00));
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OvercaptureLimit {
    key: OvercaptureKey,
    percent: Rate,
    least: Option<Money>,
    except_within: Option<Region>,
    source: Source,
}

impl OvercaptureLimit {
    /// A limit of the host's own, for cards of one network.
    ///
    /// # Errors
    ///
    /// [`RulebookError::Invalid`] for a percentage below zero.
    pub fn new(brand: CardBrand, percent: Rate) -> Result<Self, RulebookError> {
        let key = (brand, None, None, None);
        let limit = Self { key, percent, least: None, except_within: None, source: Source::host() };
        match limit.problem() {
            Some(reason) => Err(RulebookError::Invalid { table: Table::OvercaptureLimits, reason }),
            None => Ok(limit),
        }
    }

    /// The same, for one trade only.
    #[must_use]
    pub const fn trade(mut self, trade: Trade) -> Self {
        self.key.1 = Some(trade);
        self
    }

    /// The same, for one kind of cards only.
    #[must_use]
    pub const fn funding(mut self, funding: CardFunding) -> Self {
        self.key.2 = Some(funding);
        self
    }

    /// The same, for businesses in one country only.
    #[must_use]
    pub const fn country(mut self, country: Country) -> Self {
        self.key.3 = Some(country);
        self
    }

    /// Where the rule comes from.
    #[must_use]
    pub const fn source(&self) -> &Source {
        &self.source
    }

    fn problem(&self) -> Option<&'static str> {
        if self.percent < Rate::ZERO {
            return Some("a limit is never below what was authorized");
        }
        self.least.is_some_and(|least| !least.is_positive()).then_some("the least must be above zero")
    }

    fn fits(&self, what: &OvercaptureUse) -> bool {
        let (brand, trade, funding, country) = self.key;
        brand == what.brand
            && trade.is_none_or(|trade| trade == what.trade)
            && funding.is_none_or(|funding| what.funding == Some(funding))
            && country.is_none_or(|country| country == what.country)
    }

    const fn precision(&self) -> (bool, bool, bool) {
        (self.key.1.is_some(), self.key.2.is_some(), self.key.3.is_some())
    }
}

/// Authorizations.
impl Rulebook {
    /// For how long an authorization can be captured where the world does not tell. `None` where the method cannot be captured
    /// separately, or the rule is not known.
    #[must_use]
    pub fn authorization_window(&self, what: &AuthorizationUse) -> Option<TimeDelta> {
        self.window(what).map(AuthorizationWindow::length)
    }

    /// Until when what was authorized then can be captured where the world does not tell.
    ///
    /// ```
    /// use fundroute::calendar::utc;
    /// use fundroute::money::Currency;
    /// use fundroute::rulebook::{AuthorizationUse, CardBrand, Country, PaymentMethod, Rulebook};
    ///
    /// let by_klarna = AuthorizationUse {
    ///     method: PaymentMethod::Klarna,
    ///     brand: CardBrand::Unknown,
    ///     off_session: false,
    ///     extended: false,
    ///     country: Country::US,
    ///     currency: Currency::USD,
    /// };
    /// let book = Rulebook::standard();
    /// assert_eq!(book.capture_before(&by_klarna, utc(2026, 11, 2).at(15, 30)), Some(utc(2026, 12, 1)));
    /// ```
    #[must_use]
    pub fn capture_before(&self, what: &AuthorizationUse, authorized_at: Timestamp) -> Option<Timestamp> {
        self.window(what)?.ends(authorized_at)
    }

    fn window(&self, what: &AuthorizationUse) -> Option<&AuthorizationWindow> {
        let fitting = self.0.authorization_windows.values().filter(|window| window.fits(what));
        fitting.max_by_key(|window| window.precision())
    }

    /// The book with another window, in place of the one for the same sort of authorizations.
    #[must_use]
    pub fn with_authorization_window(mut self, window: AuthorizationWindow) -> Self {
        self.book_mut().authorization_windows.insert(window.key(), window);
        self
    }

    /// How much of an authorized amount can be captured at most where the world does not tell: what was authorized, unless a network
    /// lets such businesses take more.
    #[must_use]
    pub fn most_capturable(&self, what: &OvercaptureUse, authorized: Money) -> Money {
        let fitting = self.0.overcapture_limits.values().filter(|limit| limit.fits(what));
        let Some(limit) = fitting.max_by_key(|limit| limit.precision()) else { return authorized };
        let region = |country| self.country(country).ok().map(super::CountryRule::region);
        // Where the card is from has to be known to know that the exception does not hold.
        let is_within = |except| {
            region(what.country) == Some(except)
                && what.card_country.is_none_or(|country| region(country) == Some(except))
        };
        if limit.except_within.is_some_and(is_within) {
            return authorized;
        }
        // ROUNDING: down, for nobody may take a minor unit more than the network allows; no page names a rounding.
        let more = limit.percent.of(authorized, Rounding::TowardZero).ok();
        let least = limit.least.filter(|least| least.currency() == authorized.currency());
        let more = more.into_iter().chain(least).max_by_key(|more| more.minor());
        more.and_then(|more| authorized.checked_add(more).ok()).unwrap_or(authorized)
    }

    /// The book with another limit, in place of the one for the same sort of captures.
    #[must_use]
    pub fn with_overcapture_limit(mut self, limit: OvercaptureLimit) -> Self {
        self.book_mut().overcapture_limits.insert(limit.key, limit);
        self
    }

    pub(super) fn read_authorization_windows(&mut self, csv: &str) -> Result<(), RulebookError> {
        let windows = table::read(Table::AuthorizationWindows, csv, WindowRow::check)?;
        self.book_mut().authorization_windows.extend(windows);
        Ok(())
    }

    pub(super) fn read_overcapture_limits(&mut self, csv: &str) -> Result<(), RulebookError> {
        let limits = table::read(Table::OvercaptureLimits, csv, OvercaptureRow::check)?;
        self.book_mut().overcapture_limits.extend(limits);
        Ok(())
    }
}

/// A word, or `*` for any.
fn any_or<T: std::str::FromStr<Err: std::fmt::Display>>(text: &str) -> Result<Option<T>, String> {
    if text == "*" { Ok(None) } else { text.parse().map(Some).map_err(|error: T::Err| error.to_string()) }
}

fn any_or_country(text: &str) -> Result<Option<Country>, String> {
    if text == "*" { Ok(None) } else { table::country_from(text).map(Some) }
}

/// A row of `authorization_windows.csv`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct WindowRow {
    #[serde(deserialize_with = "table::parsed")]
    method: PaymentMethod,
    brand: String,
    off_session: String,
    #[serde(deserialize_with = "table::yes_or_no")]
    extended: bool,
    country: String,
    currency: String,
    days: u8,
    hours: String,
    source: String,
    year: Option<u16>,
    note: Option<String>,
}

impl WindowRow {
    fn check(self) -> Result<(WindowKey, AuthorizationWindow), String> {
        let off_session = match self.off_session.as_str() {
            "*" => None,
            "yes" => Some(true),
            "no" => Some(false),
            other => return Err(format!("`{other}` is neither `yes`, `no` nor `*`")),
        };
        let place = match (any_or_country(&self.country)?, any_or::<Currency>(&self.currency)?) {
            (None, None) => None,
            (Some(country), Some(currency)) => Some((country, currency)),
            (None, Some(_)) | (Some(_), None) => return Err("a place is a country and a currency".to_owned()),
        };
        let (hours, to_midnight) = match self.hours.as_str() {
            "midnight" => (0, true),
            hours => {
                (hours.parse().map_err(|_| format!("`{hours}` is neither a number of hours nor midnight"))?, false)
            }
        };
        let window = AuthorizationWindow {
            method: self.method,
            brand: any_or(&self.brand)?,
            off_session,
            extended: self.extended,
            place,
            days: self.days,
            hours,
            to_midnight,
            source: Source::new(self.source, self.year, self.note),
        };
        Ok((window.key(), window))
    }
}

/// A row of `overcapture_limits.csv`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct OvercaptureRow {
    #[serde(deserialize_with = "table::parsed")]
    brand: CardBrand,
    trade: String,
    funding: String,
    country: String,
    #[serde(deserialize_with = "table::parsed")]
    percent: Rate,
    least: Option<i64>,
    currency: Option<String>,
    except_within: Option<String>,
    source: String,
    year: Option<u16>,
    note: Option<String>,
}

impl OvercaptureRow {
    fn check(self) -> Result<(OvercaptureKey, OvercaptureLimit), String> {
        let currency = self.currency.map(|code| code.parse::<Currency>().map_err(|error| error.to_string()));
        let least = match (self.least, currency.transpose()?) {
            (None, None) => None,
            (Some(least), Some(currency)) => Some(Money::new(least, currency)),
            (None, Some(_)) | (Some(_), None) => return Err("the least is an amount and a currency".to_owned()),
        };
        let except = self.except_within.map(|name| name.parse::<Region>().map_err(|error| error.to_string()));
        let limit = OvercaptureLimit {
            key: (self.brand, any_or(&self.trade)?, any_or(&self.funding)?, any_or_country(&self.country)?),
            percent: self.percent,
            least,
            except_within: except.transpose()?,
            source: Source::new(self.source, self.year, self.note),
        };
        match limit.problem() {
            Some(problem) => Err(problem.to_owned()),
            None => Ok((limit.key, limit)),
        }
    }
}
