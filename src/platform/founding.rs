use crate::accounts::Branding;
use crate::rulebook::Country;

/// The platform to be founded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewPlatform {
    /// The country of its business.
    pub country: Country,
    /// A name that tells it from the host's other platforms; its id is made of it.
    pub name: String,
    /// Whether it moves real money.
    pub livemode: bool,
    /// Whether it has connected reserves, so that it may debit accounts below zero for whose losses it answers.
    // RULE: platforms of after 2017-01-31 have them (docs.stripe.com/connect/account-debits, 2024).
    pub has_connect_reserves: bool,
    /// Whether it only [mirrors](crate::mirror) what a provider does, and makes nothing by itself.
    pub mirrors: bool,
    /// How it shows itself to the holders of its accounts.
    pub branding: Branding,
}

impl NewPlatform {
    /// A platform in test mode.
    pub fn in_country(country: Country) -> Self {
        let name = "platform".to_owned();
        Self { country, name, livemode: false, has_connect_reserves: true, mirrors: false, branding: Branding::new() }
    }

    /// The same platform, showing itself like this.
    ///
    /// ```
    /// use fundroute::accounts::Branding;
    /// use fundroute::prelude::*;
    ///
    /// let ours = Branding::new().display_name("Rocket Rides").primary_color("#0055aa");
    /// let new = NewPlatform::in_country(US).branded(ours.clone());
    /// let mut platform = Platform::new(new, Rulebook::standard(), utc(2026, 11, 2))?;
    /// assert_eq!(platform.branding()?, ours);
    ///
    /// platform.accounts().update_platform("logo", ours.clone().logo("file_rocket"))?;
    /// assert_eq!(platform.branding()?, ours.logo("file_rocket"));
    /// # Ok::<(), fundroute::Error>(())
    /// ```
    #[must_use]
    pub fn branded(mut self, branding: Branding) -> Self {
        self.branding = branding;
        self
    }

    /// The same platform under another name.
    #[must_use]
    pub fn named(mut self, name: impl Into<String>) -> Self {
        self.name = name.into();
        self
    }

    /// The same platform, which may not debit accounts below zero.
    #[must_use]
    pub const fn without_connect_reserves(mut self) -> Self {
        self.has_connect_reserves = false;
        self
    }

    /// The same platform, which makes nothing by itself and only follows what a provider [tells](crate::mirror) it.
    #[must_use]
    pub const fn mirroring(mut self) -> Self {
        self.mirrors = true;
        self
    }

    /// The same platform, moving real money.
    #[must_use]
    pub const fn live(mut self) -> Self {
        self.livemode = true;
        self
    }
}
