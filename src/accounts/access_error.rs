use super::{Component, Feature};
use crate::ids::{AccountId, AccountLinkId, AccountSessionId, LoginLinkId};

/// Why a command about a link or a session was refused.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum AccessError {
    /// The text is no address that a browser can be sent to.
    #[error("`{0}` is not an address that begins with http:// or https://")]
    UrlInvalid(String),
    /// In live mode every address is encrypted.
    #[error("`{0}` begins with http://, which is for test mode only")]
    UrlNotEncrypted(String),
    /// The account was turned away.
    #[error("account `{0}` was turned away")]
    Rejected(AccountId),
    /// Nobody is on the page of the link: it was not visited, or the visitor has left.
    #[error("nobody is on the page of `{0}`")]
    NobodyOnPage(AccountLinkId),
    /// A session shows at least one component.
    #[error("a session shows at least one component")]
    NoComponents,
    /// The component has no such feature.
    #[error("`{component}` has no feature `{feature}`")]
    FeatureUnknown {
        /// The component.
        component: Component,
        /// What it has not.
        feature: Feature,
    },
    /// The feature has only one value where the platform does not collect the account's requirements.
    #[error(
        "`{feature}` of `{component}` can only be {only} where the platform does not collect the account's requirements"
    )]
    FeatureFixed {
        /// The component.
        component: Component,
        /// The feature.
        feature: Feature,
        /// The one value.
        only: bool,
    },
    /// A session can be claimed once.
    #[error("session `{0}` was claimed before")]
    SessionClaimed(AccountSessionId),
    /// The time of the session is over.
    #[error("session `{0}` has expired")]
    SessionExpired(AccountSessionId),
    /// A login link leads to a dashboard that is only there once the holder has given what was due.
    #[error("the holder of account `{0}` has not submitted the details")]
    DetailsNotSubmitted(AccountId),
    /// A login link can be used once.
    #[error("login link `{0}` was used before")]
    LoginLinkUsed(LoginLinkId),
}

impl AccessError {
    /// Whether it is the state of things, or who asks, that stands in the way.
    pub(crate) const fn is_refusal(&self) -> bool {
        matches!(
            self,
            Self::Rejected(_)
                | Self::NobodyOnPage(_)
                | Self::SessionClaimed(_)
                | Self::SessionExpired(_)
                | Self::DetailsNotSubmitted(_)
                | Self::LoginLinkUsed(_)
        )
    }
}
