use serde::{Deserialize, Serialize};

use super::TerminalError;
use crate::calendar::Timestamp;
use crate::ids::{AccountId, LocationId};
use crate::rulebook::{Country, Rulebook};

/// The longest name or line of an address that is taken; the field publishes no limit of its own.
const LONGEST: usize = 255;

/// That a text says something, and no more than a name or a line does.
pub(super) fn check_text(what: &'static str, text: &str) -> Result<(), TerminalError> {
    // A character takes at least one byte, so only long texts have to be counted.
    let characters = if text.len() > LONGEST { text.chars().count() } else { text.len() };
    if text.trim().is_empty() || characters > LONGEST {
        return Err(TerminalError::TextInvalid { what, characters });
    }
    Ok(())
}

/// Where a place is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Address {
    /// Street and number.
    pub line1: String,
    /// What else the street needs.
    pub line2: Option<String>,
    /// City; not every country has it.
    pub city: Option<String>,
    /// State or province, where the country has them.
    pub state: Option<String>,
    /// Postal code.
    pub postal_code: String,
    /// Country.
    pub country: Country,
}

impl Address {
    /// An address of which a country needs no more than this.
    pub fn new(country: Country, line1: impl Into<String>, postal_code: impl Into<String>) -> Self {
        let (line1, postal_code) = (line1.into(), postal_code.into());
        Self { line1, line2: None, city: None, state: None, postal_code, country }
    }

    /// The same, in that city.
    #[must_use]
    pub fn city(mut self, city: impl Into<String>) -> Self {
        self.city = Some(city.into());
        self
    }

    /// The same, in that state or province.
    #[must_use]
    pub fn state(mut self, state: impl Into<String>) -> Self {
        self.state = Some(state.into());
        self
    }

    /// The same, with a second line.
    #[must_use]
    pub fn line2(mut self, line2: impl Into<String>) -> Self {
        self.line2 = Some(line2.into());
        self
    }

    // RULE: what an address needs differs by country (docs.stripe.com/terminal/fleet/locations, 2025).
    pub(crate) fn check(&self, book: &Rulebook) -> Result<(), TerminalError> {
        let Self { line1, line2, city, state, postal_code, country } = self;
        let given = [("line1", Some(line1)), ("line2", line2.as_ref()), ("city", city.as_ref())];
        let more = [("state", state.as_ref()), ("postal_code", Some(postal_code))];
        for (what, text) in given.into_iter().chain(more) {
            if let Some(text) = text {
                check_text(what, text)?;
            }
        }
        let rule = book.terminal_country(*country).ok_or(TerminalError::CountryUnsupported(*country))?;
        if rule.needs_city() && city.is_none() {
            return Err(TerminalError::AddressIncomplete { country: *country, missing: "city" });
        }
        if rule.needs_state() && state.is_none() {
            return Err(TerminalError::AddressIncomplete { country: *country, missing: "state" });
        }
        Ok(())
    }
}

/// A command: name a place where readers take payments. Made for an account, it is the account's.
///
/// ```
/// use fundroute::rulebook::Country;
/// use fundroute::terminal::{Address, NewLocation};
///
/// let stall = Address::new(Country::US, "1 Market Street", "94105").city("San Francisco").state("CA");
/// let stall = NewLocation::new("Jo's stall", stall);
/// assert_eq!(stall.address.country, Country::US);
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct NewLocation {
    /// What people call it.
    pub display_name: String,
    /// Where it is.
    pub address: Address,
}

impl NewLocation {
    /// A place of that name.
    pub fn new(display_name: impl Into<String>, address: Address) -> Self {
        Self { display_name: display_name.into(), address }
    }
}

/// A command: change what is known of a place. What is not named stays.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct UpdateLocation {
    /// The place.
    pub location: LocationId,
    /// What people call it from now on.
    pub display_name: Option<String>,
    /// Where it is from now on, in the same country.
    pub address: Option<Address>,
}

impl UpdateLocation {
    /// Changes nothing yet.
    pub const fn new(location: LocationId) -> Self {
        Self { location, display_name: None, address: None }
    }

    /// Calls it by another name.
    #[must_use]
    pub fn display_name(mut self, name: impl Into<String>) -> Self {
        self.display_name = Some(name.into());
        self
    }

    /// Gives it another address in the same country.
    #[must_use]
    pub fn address(mut self, address: Address) -> Self {
        self.address = Some(address);
        self
    }
}

/// A place where readers take payments. It groups them, and says by which country's rules they do.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Location {
    id: LocationId,
    owner: AccountId,
    display_name: Box<str>,
    address: Address,
    created: Timestamp,
    deleted_at: Option<Timestamp>,
}

impl Location {
    pub(crate) fn new(
        (id, owner): (LocationId, AccountId),
        command: &NewLocation,
        book: &Rulebook,
        created: Timestamp,
    ) -> Result<Self, TerminalError> {
        check_text("display_name", &command.display_name)?;
        command.address.check(book)?;
        let (display_name, address) = (command.display_name.as_str().into(), command.address.clone());
        Ok(Self { id, owner, display_name, address, created, deleted_at: None })
    }

    /// Its id.
    pub const fn id(&self) -> LocationId {
        self.id
    }

    /// The account whose it is: the platform's own, or a connected one.
    pub const fn owner(&self) -> AccountId {
        self.owner
    }

    /// What people call it.
    pub fn display_name(&self) -> &str {
        &self.display_name
    }

    /// Where it is.
    pub const fn address(&self) -> &Address {
        &self.address
    }

    /// When it was created.
    pub const fn created(&self) -> Timestamp {
        self.created
    }

    /// When it was deleted, if it was. Readers that are there take no more payments.
    pub const fn deleted_at(&self) -> Option<Timestamp> {
        self.deleted_at
    }

    // RULE: the country stays; a place in another one is another location (docs.stripe.com/api/terminal/locations/update, 2025).
    pub(crate) fn updated(&self, command: &UpdateLocation, book: &Rulebook) -> Result<Self, TerminalError> {
        if self.deleted_at.is_some() {
            return Err(TerminalError::LocationDeleted(self.id));
        }
        let mut next = self.clone();
        if let Some(name) = &command.display_name {
            check_text("display_name", name)?;
            next.display_name = name.as_str().into();
        }
        if let Some(address) = &command.address {
            address.check(book)?;
            if address.country != self.address.country {
                return Err(TerminalError::CountryFixed { location: self.id, country: self.address.country });
            }
            next.address = address.clone();
        }
        Ok(next)
    }

    pub(crate) fn deleted(&self, at: Timestamp) -> Result<Self, TerminalError> {
        match self.deleted_at {
            Some(_) => Err(TerminalError::LocationDeleted(self.id)),
            None => Ok(Self { deleted_at: Some(at), ..self.clone() }),
        }
    }
}
