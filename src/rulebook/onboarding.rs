//! Where accounts of which kind may be opened, in each era.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use super::words::read_and_print;
use super::{AccountKind, Country, Rulebook, RulebookError, UnknownWord};

/// By the rules of which years accounts are opened.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OnboardingEra {
    /// Every kind of account in every country of the book.
    #[default]
    Current,
    /// Custom accounts for the platforms of some countries, Express accounts in some countries, Standard accounts anywhere.
    TwentyTens,
}

impl OnboardingEra {
    /// Every era, the newest first.
    pub const ALL: [Self; 2] = [Self::Current, Self::TwentyTens];

    /// The word on the wire.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Current => "current",
            Self::TwentyTens => "twenty_tens",
        }
    }
}

read_and_print!(OnboardingEra, "an onboarding era");

/// Who may have accounts where.
impl Rulebook {
    /// By the rules of which years accounts are opened. The current ones in the standard book.
    #[must_use]
    pub fn onboarding_era(&self) -> OnboardingEra {
        self.0.onboarding_era
    }

    /// The book in which accounts are opened by the rules of other years.
    #[must_use]
    pub fn with_onboarding_era(mut self, era: OnboardingEra) -> Self {
        self.book_mut().onboarding_era = era;
        self
    }

    /// Whether a platform in one country may open an account of a kind in another.
    ///
    /// Countries in preview count as open: [`CountryRule::availability`](super::CountryRule::availability) tells them apart.
    ///
    /// ```
    /// use fundroute::rulebook::{AccountKind, Country, OnboardingEra, Rulebook, RulebookError};
    ///
    /// let book = Rulebook::standard();
    /// book.may_onboard(Country::SG, Country::KE, AccountKind::Custom)?;
    ///
    /// let then = book.with_onboarding_era(OnboardingEra::TwentyTens);
    /// let error = then.may_onboard(Country::SG, Country::KE, AccountKind::Custom).unwrap_err();
    /// assert_eq!(error.to_string(), "`custom` accounts are not open to `SG` in the era `twenty_tens`");
    /// then.may_onboard(Country::SG, Country::US, AccountKind::Express)?;
    /// # Ok::<(), RulebookError>(())
    /// ```
    ///
    /// # Errors
    ///
    /// [`RulebookError::UnknownCountry`] where accounts cannot be, [`RulebookError::NotOnboarded`] with the country that stands
    /// in the way.
    // RULE: today 122 countries, 19 of them in preview; in the 2010s Custom accounts for platforms in 22 countries and Express
    // accounts in the United States (docs.stripe.com/connect/accounts, 2017 and 2026).
    pub fn may_onboard(&self, platform: Country, account: Country, kind: AccountKind) -> Result<(), RulebookError> {
        let (platform, account) = (self.country(platform)?, self.country(account)?);
        let era = self.onboarding_era();
        let (open, country) = match era {
            OnboardingEra::Current => return Ok(()),
            OnboardingEra::TwentyTens => match kind {
                AccountKind::Custom => (platform.custom_platform_2010s(), platform.country()),
                AccountKind::Express => (account.express_2017(), account.country()),
                AccountKind::Standard => return Ok(()),
            },
        };
        if open { Ok(()) } else { Err(RulebookError::NotOnboarded { country, kind, era }) }
    }
}
