//! From where to where a platform's money may go, and how.

use std::fmt;
use std::str::FromStr;

use chrono::TimeDelta;
use iso_country::Country;
use serde::{Deserialize, Serialize};

use super::words::read_and_print;
use super::{
    Availability, CountryRule, Region, Rulebook, RulebookError, ServiceAgreement, Source, Table, UnknownWord, table,
};
use crate::calendar::hours;
use crate::money::{Currency, Rate};

/// By the rules of which years money crosses borders.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CrossBorderEra {
    /// From 2025 on: between a few regions, to accounts under the full agreement.
    #[default]
    SelfServe,
    /// From 2019 to 2024: from platforms in the United States to accounts under the recipient agreement.
    Recipient,
}

impl CrossBorderEra {
    /// Every era, the newest first.
    pub const ALL: [Self; 2] = [Self::SelfServe, Self::Recipient];

    /// The word on the wire.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::SelfServe => "self_serve",
            Self::Recipient => "recipient",
        }
    }
}

read_and_print!(CrossBorderEra, "a cross-border era");

/// A way on which a payer's money comes to a connected account.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FundsFlow {
    /// The platform charges, and the charge goes on to the account.
    Destination,
    /// The same, with the account as the business that settles the charge.
    DestinationOnBehalfOf,
    /// The account charges.
    Direct,
    /// The platform charges and transfers separately.
    Separate,
    /// The same, with an account as the business that settles the charge.
    SeparateOnBehalfOf,
    /// The platform pays money of its own in, and transfers it.
    TopUp,
}

impl FundsFlow {
    /// Every flow, by name.
    pub const ALL: [Self; 6] = [
        Self::Destination,
        Self::DestinationOnBehalfOf,
        Self::Direct,
        Self::Separate,
        Self::SeparateOnBehalfOf,
        Self::TopUp,
    ];

    /// The word on the wire.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Destination => "destination",
            Self::DestinationOnBehalfOf => "destination_on_behalf_of",
            Self::Direct => "direct",
            Self::Separate => "separate",
            Self::SeparateOnBehalfOf => "separate_on_behalf_of",
            Self::TopUp => "top_up",
        }
    }

    /// Whether the account itself is the business that settles the charge, which takes the full agreement.
    #[must_use]
    pub const fn settles_with_the_account(self) -> bool {
        match self {
            Self::DestinationOnBehalfOf | Self::Direct | Self::SeparateOnBehalfOf => true,
            Self::Destination | Self::Separate | Self::TopUp => false,
        }
    }
}

read_and_print!(FundsFlow, "a flow of funds");

/// What holds for accounts in the platform's own country: the ways on which money may come to them, as one small number, and what of
/// their corridor every transfer and payout asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct AtHome {
    flows: Flows,
    pub(super) fee: Rate,
    pub(super) delay: TimeDelta,
}

impl AtHome {
    fn of(lane: Lane<'_>) -> Self {
        let known = lane.corridor();
        Self {
            flows: Flows::of(lane),
            fee: known.map_or(Rate::ZERO, Corridor::fee),
            delay: known.map_or(TimeDelta::zero(), Corridor::delay),
        }
    }
}

/// The ways on which money may come to an account, as one small number.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Flows(u8);

impl Flows {
    fn of(lane: Lane<'_>) -> Self {
        let open = lane.corridor().map_or(&[][..], Corridor::flows);
        Self(open.iter().fold(0, |flows, flow| flows | Self::bit(*flow)))
    }

    const fn contains(self, flow: FundsFlow) -> bool {
        self.0 & Self::bit(flow) != 0
    }

    const fn bit(flow: FundsFlow) -> u8 {
        match flow {
            FundsFlow::Destination => 1,
            FundsFlow::DestinationOnBehalfOf => 2,
            FundsFlow::Direct => 4,
            FundsFlow::Separate => 8,
            FundsFlow::SeparateOnBehalfOf => 16,
            FundsFlow::TopUp => 32,
        }
    }
}

/// What holds where money may go.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Corridor {
    fee: Rate,
    delay: TimeDelta,
    flows: Box<[FundsFlow]>,
    only_currency: Option<Currency>,
    availability: Availability,
    source: Source,
}

impl Corridor {
    /// What the platform pays of each payout for crossing the border.
    #[must_use]
    pub const fn fee(&self) -> Rate {
        self.fee
    }

    /// How much later than the platform's money leaves what is transferred is available to the account.
    #[must_use]
    pub const fn delay(&self) -> TimeDelta {
        self.delay
    }

    /// The ways on which money may come to the account.
    #[must_use]
    pub fn flows(&self) -> &[FundsFlow] {
        &self.flows
    }

    /// The only currency in which banks there are paid from abroad, if it is but one.
    #[must_use]
    pub const fn only_currency(&self) -> Option<Currency> {
        self.only_currency
    }

    /// Whether it is open to every platform. One in preview may be paused.
    #[must_use]
    pub const fn availability(&self) -> Availability {
        self.availability
    }

    /// Where the rule comes from.
    #[must_use]
    pub const fn source(&self) -> &Source {
        &self.source
    }
}

/// Whether and how a platform's money may come to an account, by [`Rulebook::lane`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lane<'b> {
    /// Platform and account are in one region: every type of charge, but for what the corridor says.
    SameRegion(&'b Corridor),
    /// The account is in another region, under the full agreement.
    CrossBorder(&'b Corridor),
    /// The account only receives transfers.
    Recipient(&'b Corridor),
    /// No money of the platform may come to it.
    Closed(LaneClosed),
}

impl<'b> Lane<'b> {
    /// What holds for the lane, if it is open.
    #[must_use]
    pub const fn corridor(self) -> Option<&'b Corridor> {
        match self {
            Self::SameRegion(corridor) | Self::CrossBorder(corridor) | Self::Recipient(corridor) => Some(corridor),
            Self::Closed(_) => None,
        }
    }

    /// Whether money may come this way.
    #[must_use]
    pub fn allows(self, flow: FundsFlow) -> bool {
        self.corridor().is_some_and(|corridor| corridor.flows.contains(&flow))
    }
}

/// Why no money may go from a platform to an account.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum LaneClosed {
    /// Money does cross this border, or accounts there are paid, under the other agreement.
    #[error("money does not go from `{platform}` to `{account}` under this service agreement")]
    Agreement {
        /// Where the platform is.
        platform: Country,
        /// Where the account is.
        account: Country,
    },
    /// Accounts in that country cannot have that agreement. A platform takes payments, and needs the full one itself.
    #[error("accounts in `{country}` cannot have the service agreement `{agreement}`")]
    AgreementNotOffered {
        /// The country of the account, or of the platform.
        country: Country,
        /// The agreement.
        agreement: ServiceAgreement,
    },
    /// No page says whether money may go there.
    #[error("it is not known whether money may go from `{platform}` to `{account}`")]
    NotKnown {
        /// Where the platform is.
        platform: Country,
        /// Where the account is.
        account: Country,
    },
    /// The two are in different regions.
    #[error("`{platform}` and `{account}` are in different regions, between which no money goes")]
    OtherRegion {
        /// Where the platform is.
        platform: Country,
        /// Where the account is.
        account: Country,
    },
    /// The rulebook does not have this country.
    #[error("the rulebook has no country `{0:?}`")]
    UnknownCountry(Country),
}

/// By how many hours transfers to accounts under the recipient agreement are later, where a row says nothing else.
// RULE: docs.stripe.com/connect/service-agreement-types (2024).
const RECIPIENT_DELAY: u16 = 24;

/// What a row is about.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Way {
    era: CrossBorderEra,
    agreement: ServiceAgreement,
    account: Place,
    platform: Place,
}

/// Some countries.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Place {
    /// That one.
    Country(Country),
    /// The one that the platform is in.
    Same,
    /// Those of a region.
    Region(Region),
    /// Those whose accounts were paid from abroad under the recipient agreement.
    Recipients,
    /// All of them.
    Anywhere,
}

/// What a row says about a [`Way`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Ruling {
    SameRegion(Corridor),
    CrossBorder(Corridor),
    Recipient(Corridor),
    Closed(Closing, Source),
}

/// Why a row closes a way.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Closing {
    Agreement,
    NotKnown,
    OtherRegion,
}

/// From where to where money may go.
impl Rulebook {
    /// By the rules of which years money crosses borders. Those from 2025 on in the standard book.
    #[must_use]
    pub fn cross_border_era(&self) -> CrossBorderEra {
        self.0.cross_border_era
    }

    /// The book in which money crosses borders by the rules of other years.
    #[must_use]
    pub fn with_cross_border_era(mut self, era: CrossBorderEra) -> Self {
        self.book_mut().cross_border_era = era;
        self.find_flows_at_home();
        self
    }

    /// Whether accounts under the recipient agreement are still paid from abroad as they were until 2024. Not in the standard book.
    #[must_use]
    pub fn recipient_corridors(&self) -> bool {
        self.0.recipient_corridors
    }

    /// The book in which accounts under the recipient agreement are still paid from abroad as they were until 2024, beside what
    /// is open by the rules of its era.
    #[must_use]
    pub fn with_recipient_corridors(mut self, open: bool) -> Self {
        self.book_mut().recipient_corridors = open;
        self.find_flows_at_home();
        self
    }

    /// Whether and how the money of a platform may come to an account, by their countries and the account's agreement.
    ///
    /// ```
    /// use fundroute::rulebook::{Country, CrossBorderEra, FundsFlow, Lane, Rulebook, ServiceAgreement};
    ///
    /// let book = Rulebook::standard();
    /// let lane = book.lane(Country::US, Country::DE, ServiceAgreement::Full);
    /// assert!(matches!(lane, Lane::CrossBorder(corridor) if corridor.fee().to_string() == "0.25 %"));
    /// assert!(lane.allows(FundsFlow::Separate) && !lane.allows(FundsFlow::Direct));
    /// assert!(matches!(book.lane(Country::FR, Country::DE, ServiceAgreement::Full), Lane::SameRegion(_)));
    ///
    /// // Kenya was paid under the recipient agreement, and a host may keep to that:
    /// let kenya = |book: &Rulebook| book.lane(Country::US, Country::KE, ServiceAgreement::Recipient).corridor().is_some();
    /// assert!(!kenya(&book));
    /// assert!(kenya(&book.clone().with_recipient_corridors(true)));
    /// assert!(kenya(&book.with_cross_border_era(CrossBorderEra::Recipient)));
    /// ```
    // RULE: within a region all charges; across, from 2025 on between the US, the UK, the EEA, Canada and Switzerland under the
    // full agreement, before that from the US under the recipient one (docs.stripe.com/connect/cross-border-payouts, 2024 to 2026).
    #[must_use]
    pub fn lane(&self, platform: Country, account: Country, agreement: ServiceAgreement) -> Lane<'_> {
        // A platform takes payments itself, which only the full agreement allows (our own reading of what platforms are).
        for (country, agreement) in [(platform, ServiceAgreement::Full), (account, agreement)] {
            match self.0.countries.get(&country) {
                None => return Lane::Closed(LaneClosed::UnknownCountry(country)),
                Some(rule) if !rule.offers(agreement) => {
                    return Lane::Closed(LaneClosed::AgreementNotOffered { country, agreement });
                }
                Some(_) => {}
            }
        }
        match self.ruling(platform, account, agreement) {
            Some(Ruling::SameRegion(corridor)) => Lane::SameRegion(corridor),
            Some(Ruling::CrossBorder(corridor)) => Lane::CrossBorder(corridor),
            Some(Ruling::Recipient(corridor)) => Lane::Recipient(corridor),
            Some(Ruling::Closed(Closing::Agreement, _)) => Lane::Closed(LaneClosed::Agreement { platform, account }),
            Some(Ruling::Closed(Closing::OtherRegion, _)) => {
                Lane::Closed(LaneClosed::OtherRegion { platform, account })
            }
            Some(Ruling::Closed(Closing::NotKnown, _)) | None => {
                Lane::Closed(LaneClosed::NotKnown { platform, account })
            }
        }
    }

    /// Whether money may come to an account in this way: what [`lane`](Self::lane) allows, looked up once where platform and account
    /// are in one country.
    ///
    /// ```
    /// use fundroute::rulebook::{Country, FundsFlow, Rulebook, ServiceAgreement};
    ///
    /// let book = Rulebook::standard();
    /// let to = |country| book.lane_allows(Country::US, country, ServiceAgreement::Full, FundsFlow::Destination);
    /// assert!(to(Country::US) && to(Country::DE) && !to(Country::BR));
    /// ```
    #[must_use]
    pub fn lane_allows(
        &self,
        platform: Country,
        account: Country,
        agreement: ServiceAgreement,
        flow: FundsFlow,
    ) -> bool {
        if platform == account {
            return self.0.flows_at_home.get(&(account, agreement)).is_some_and(|known| known.flows.contains(flow));
        }
        self.lane(platform, account, agreement).allows(flow)
    }

    /// Finds out again how money may come to accounts in the platform's own country.
    // INVARIANT: whatever changes countries, lanes or eras calls this, so that it says what `lane` says.
    pub(super) fn find_flows_at_home(&mut self) {
        let at_home = |country| ServiceAgreement::ALL.map(|agreement| (country, agreement));
        let keys = self.countries().map(CountryRule::country).flat_map(at_home);
        let known = keys.map(|key| (key, AtHome::of(self.lane(key.0, key.0, key.1)))).collect();
        self.book_mut().flows_at_home = known;
    }

    /// Where the row comes from by which [`lane`](Self::lane) opens or closes the way between two countries, if there is one.
    #[must_use]
    pub fn lane_source(&self, platform: Country, account: Country, agreement: ServiceAgreement) -> Option<&Source> {
        self.ruling(platform, account, agreement).map(|ruling| match ruling {
            Ruling::SameRegion(corridor) | Ruling::CrossBorder(corridor) | Ruling::Recipient(corridor) => {
                corridor.source()
            }
            Ruling::Closed(_, source) => source,
        })
    }

    /// What the row of the era says, or that of the older one if the host kept it for recipients.
    fn ruling(&self, platform: Country, account: Country, agreement: ServiceAgreement) -> Option<&Ruling> {
        let ruling = self.ruling_of(self.0.cross_border_era, platform, account, agreement);
        let closed = matches!(ruling, None | Some(Ruling::Closed(..)));
        if closed && self.0.recipient_corridors && agreement == ServiceAgreement::Recipient {
            let older = self.ruling_of(CrossBorderEra::Recipient, platform, account, agreement);
            return older.or(ruling);
        }
        ruling
    }

    /// What the most precise row of an era says.
    fn ruling_of(
        &self,
        era: CrossBorderEra,
        platform: Country,
        account: Country,
        agreement: ServiceAgreement,
    ) -> Option<&Ruling> {
        let to = self.places(account, Some(platform));
        let from = self.places(platform, None);
        let pairs =
            to.into_iter().flatten().flat_map(|account| from.into_iter().flatten().map(move |from| (account, from)));
        pairs
            .map(|(account, platform)| Way { era, agreement, account, platform })
            .find_map(|way| self.0.lanes.get(&way))
    }

    /// The places that a country is in, the most precise first.
    fn places(&self, country: Country, platform: Option<Country>) -> [Option<Place>; 5] {
        let rule = self.0.countries.get(&country);
        let recipient = rule.and_then(|rule| rule.cross_border_recipient()) == Some(true);
        [
            Some(Place::Country(country)),
            (platform == Some(country)).then_some(Place::Same),
            rule.map(|rule| Place::Region(rule.region())),
            recipient.then_some(Place::Recipients),
            Some(Place::Anywhere),
        ]
    }

    pub(super) fn read_lanes(&mut self, csv: &str) -> Result<(), RulebookError> {
        let check = |row: Row| {
            let row = row.check()?;
            for place in [row.0.account, row.0.platform] {
                if let Place::Country(country) = place {
                    self.country(country).map_err(|error| error.to_string())?;
                }
            }
            Ok(row)
        };
        let lanes = table::read(Table::CrossBorder, csv, check)?;
        self.book_mut().lanes.extend(lanes);
        self.find_flows_at_home();
        Ok(())
    }
}

impl FromStr for Place {
    type Err = String;

    /// Reads `US`, `same`, `eea`, `recipients` or `*`.
    fn from_str(text: &str) -> Result<Self, String> {
        match text {
            "same" => Ok(Self::Same),
            "recipients" => Ok(Self::Recipients),
            "*" => Ok(Self::Anywhere),
            _ => match text.parse() {
                Ok(region) => Ok(Self::Region(region)),
                Err(_) => table::country_from(text).map(Self::Country),
            },
        }
    }
}

/// What a row of `cross_border.csv` does.
#[derive(Clone, Copy, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Kind {
    SameRegion,
    CrossBorder,
    Recipient,
    Closed,
}

/// A row of `cross_border.csv`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Row {
    #[serde(deserialize_with = "table::parsed")]
    era: CrossBorderEra,
    #[serde(deserialize_with = "table::parsed")]
    platform: Place,
    #[serde(deserialize_with = "table::parsed")]
    account: Place,
    #[serde(deserialize_with = "table::parsed")]
    agreement: ServiceAgreement,
    lane: Kind,
    fee: Option<String>,
    delay_hours: Option<u16>,
    flows: Option<String>,
    only_currency: Option<String>,
    availability: Option<Availability>,
    closed: Option<Closing>,
    source: String,
    year: Option<u16>,
    note: Option<String>,
}

impl Row {
    fn check(self) -> Result<(Way, Ruling), String> {
        if matches!(self.platform, Place::Same | Place::Recipients) {
            return Err("a platform is in a country, a region or anywhere".to_owned());
        }
        let way = Way { era: self.era, agreement: self.agreement, account: self.account, platform: self.platform };
        let ruling = match self.lane {
            Kind::SameRegion => Ruling::SameRegion(self.corridor()?),
            Kind::CrossBorder => Ruling::CrossBorder(self.corridor()?),
            Kind::Recipient => Ruling::Recipient(self.corridor()?),
            Kind::Closed if self.fee.is_some() || self.flows.is_some() || self.delay_hours.is_some() => {
                return Err("a closed lane has neither fee nor flows nor delay".to_owned());
            }
            Kind::Closed => {
                let reason = self.closed.ok_or("a closed lane needs its reason")?;
                Ruling::Closed(reason, Source::new(self.source, self.year, self.note))
            }
        };
        Ok((way, ruling))
    }

    fn corridor(self) -> Result<Corridor, String> {
        if self.closed.is_some() {
            return Err("an open lane has no reason to be closed".to_owned());
        }
        let fee = self.fee.ok_or("an open lane needs its fee")?;
        let flows: Box<[FundsFlow]> = match self.flows.as_deref() {
            Some("*") => Box::new(FundsFlow::ALL),
            flows => table::list(flows.unwrap_or_default(), |flow| {
                flow.parse().map_err(|error: UnknownWord| error.to_string())
            })?,
        };
        if flows.is_empty() {
            return Err("an open lane needs its flows; `*` is all".to_owned());
        }
        // RULE: no charge settles with an account under the recipient agreement (docs.stripe.com/connect/service-agreement-types,
        // 2024).
        let only_transfers = self.agreement == ServiceAgreement::Recipient;
        if only_transfers && flows.iter().any(|flow| flow.settles_with_the_account()) {
            return Err("under the recipient agreement no charge settles with the account".to_owned());
        }
        let currency = self.only_currency.map(|code| code.parse::<Currency>().map_err(|error| error.to_string()));
        let fee = fee.parse::<Rate>().map_err(|error| error.to_string())?;
        if fee.trillionths() >= Rate::WHOLE.trillionths() {
            return Err("crossing a border costs less than what crosses it".to_owned());
        }
        Ok(Corridor {
            fee,
            delay: hours(self.delay_hours.unwrap_or(if only_transfers { RECIPIENT_DELAY } else { 0 }).into()),
            flows,
            only_currency: currency.transpose()?,
            availability: self.availability.unwrap_or(Availability::Ga),
            source: Source::new(self.source, self.year, self.note),
        })
    }
}
