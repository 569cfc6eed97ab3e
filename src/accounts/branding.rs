use serde::{Deserialize, Serialize};

use super::AccountError;
use crate::rulebook::{can_be_seen, turns_text};

/// How the platform shows itself on the pages that its accounts' holders see.
///
/// ```
/// use fundroute::accounts::Branding;
///
/// let ours = Branding::new().display_name("Rocket Rides").icon("file_rocket").primary_color("#0055aa");
/// assert!(ours.check().is_ok());
/// assert!(ours.primary_color("blue").check().is_err());
/// ```
// RULE: the names of docs.stripe.com/api/accounts/object#account_object-settings-branding (2026); the display name is that of
// `settings.dashboard`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Branding {
    /// The name that holders know the platform by.
    pub display_name: Option<Box<str>>,
    /// The token of a square picture.
    pub icon: Option<Box<str>>,
    /// The token of a picture that takes the icon's and the name's place.
    pub logo: Option<Box<str>>,
    /// The colour of what is most seen, such as `#0055aa`.
    pub primary_color: Option<Box<str>>,
    /// The colour beside it.
    pub secondary_color: Option<Box<str>>,
}

impl Branding {
    /// Nothing of its own.
    pub const fn new() -> Self {
        Self { display_name: None, icon: None, logo: None, primary_color: None, secondary_color: None }
    }

    /// The same with this name.
    #[must_use]
    pub fn display_name(mut self, name: &str) -> Self {
        self.display_name = Some(name.into());
        self
    }

    /// The same with this icon.
    #[must_use]
    pub fn icon(mut self, file: &str) -> Self {
        self.icon = Some(file.into());
        self
    }

    /// The same with this logo.
    #[must_use]
    pub fn logo(mut self, file: &str) -> Self {
        self.logo = Some(file.into());
        self
    }

    /// The same with this colour.
    #[must_use]
    pub fn primary_color(mut self, color: &str) -> Self {
        self.primary_color = Some(color.into());
        self
    }

    /// The same with this second colour.
    #[must_use]
    pub fn secondary_color(mut self, color: &str) -> Self {
        self.secondary_color = Some(color.into());
        self
    }

    /// That every part is written as it should be.
    ///
    /// # Errors
    /// [`AccountError::BrandingInvalid`] with the name of the first part that is not.
    // RULE: colours are written `#` and six hexadecimal digits, pictures are tokens of uploaded files
    // (docs.stripe.com/api/accounts/object, 2026); the length of the name is this crate's choice.
    pub fn check(&self) -> Result<(), AccountError> {
        let fits = |value: &Option<Box<str>>, is_valid: fn(&str) -> bool| value.as_deref().is_none_or(is_valid);
        let parts = [
            ("display_name", fits(&self.display_name, is_name)),
            ("icon", fits(&self.icon, is_file)),
            ("logo", fits(&self.logo, is_file)),
            ("primary_color", fits(&self.primary_color, is_color)),
            ("secondary_color", fits(&self.secondary_color, is_color)),
        ];
        let wrong = parts.into_iter().find(|(_, fits)| !fits);
        wrong.map_or(Ok(()), |(name, _)| Err(AccountError::BrandingInvalid(name)))
    }
}

fn is_name(text: &str) -> bool {
    let is_odd = |c: char| c.is_control() || turns_text(c);
    can_be_seen(text) && text.chars().count() <= 100 && !text.chars().any(is_odd)
}

fn is_file(text: &str) -> bool {
    let is_word = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-');
    text.len() <= 200 && text.strip_prefix("file_").is_some_and(|name| !name.is_empty() && name.chars().all(is_word))
}

fn is_color(text: &str) -> bool {
    text.strip_prefix('#')
        .is_some_and(|digits| digits.len() == 6 && digits.bytes().all(|byte| byte.is_ascii_hexdigit()))
}

/// A command: let the platform show itself like this from now on. What is not named is taken away.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct UpdatePlatform {
    /// All of its branding.
    pub branding: Branding,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_part_is_checked_by_its_own_rule() {
        let all = Branding::new()
            .display_name("Rocket Rides")
            .icon("file_rocket")
            .logo("file_1Abc_9")
            .primary_color("#00aaFF")
            .secondary_color("#000000");
        assert_eq!(all.check(), Ok(()));
        assert_eq!(Branding::new().check(), Ok(()));
        assert_eq!(Branding::new().display_name(&"é".repeat(100)).check(), Ok(()));
        let long = "x".repeat(101);
        for name in ["", "  ", "a\nb", &long] {
            assert_eq!(all.clone().display_name(name).check(), Err(AccountError::BrandingInvalid("display_name")));
        }
        for file in ["", "file_", "rocket", "file_a b", "file_é"] {
            assert_eq!(all.clone().icon(file).check(), Err(AccountError::BrandingInvalid("icon")));
            assert_eq!(all.clone().logo(file).check(), Err(AccountError::BrandingInvalid("logo")));
        }
        for color in ["", "#", "00aaff", "#00aaf", "#00aafff", "#00aafg", "#é0aaf"] {
            assert_eq!(all.clone().primary_color(color).check(), Err(AccountError::BrandingInvalid("primary_color")));
            let second = all.clone().secondary_color(color);
            assert_eq!(second.check(), Err(AccountError::BrandingInvalid("secondary_color")));
        }
    }
}
