use super::Scope;
use crate::ids::AccountId;

/// Why a command about the connection of an account was refused.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ConnectionError {
    /// The platform has not said what application it is.
    #[error("the platform is not registered as an application")]
    NotRegistered,
    /// There is no such application here.
    #[error("the application is not known")]
    UnknownClient,
    /// An application stays what it was registered as.
    #[error("a platform cannot become an extension, nor an extension a platform")]
    KindFixed,
    /// An extension only works on accounts that their holders connect.
    #[error("an extension cannot create accounts")]
    ExtensionsConnect,
    /// Only a holder can let somebody in.
    #[error("only the holder can let the application in")]
    HolderOnly,
    /// The account is controlled by the platform, or closed: its holder cannot connect it.
    #[error("account `{0}` cannot be connected by its holder")]
    NotConnectable(AccountId),
    /// A parameter is missing or makes no sense.
    #[error("`{0}` is missing or makes no sense")]
    InvalidRequest(&'static str),
    /// The application cannot have that scope.
    #[error("the application cannot have the scope {0:?}")]
    InvalidScope(Scope),
    /// The address is none of those registered.
    #[error("`{0}` is none of the addresses registered")]
    InvalidRedirectUri(String),
    /// Only codes are answered.
    #[error("`{0}` is no type of response; `code` is")]
    UnsupportedResponseType(String),
    /// Only codes are exchanged.
    #[error("`{0}` is no type of grant; `authorization_code` is")]
    UnsupportedGrantType(String),
    /// The code is unknown, expired or used, or belongs to another application or mode.
    #[error("the code is unknown, expired or used")]
    InvalidGrant,
}

impl ConnectionError {
    /// Whether it is the state of things, or who asks, that stands in the way.
    pub(crate) const fn is_refusal(&self) -> bool {
        matches!(
            self,
            Self::KindFixed | Self::ExtensionsConnect | Self::HolderOnly | Self::NotConnectable(_) | Self::InvalidGrant
        )
    }

    /// The error of OAuth.
    // RULE: docs.stripe.com/connect/oauth-reference (2024).
    pub const fn code(&self) -> Option<&'static str> {
        Some(match self {
            Self::NotRegistered | Self::UnknownClient => "invalid_client",
            Self::InvalidRequest(_) => "invalid_request",
            Self::InvalidScope(_) => "invalid_scope",
            Self::InvalidRedirectUri(_) => "invalid_redirect_uri",
            Self::UnsupportedResponseType(_) => "unsupported_response_type",
            Self::UnsupportedGrantType(_) => "unsupported_grant_type",
            Self::InvalidGrant => "invalid_grant",
            Self::KindFixed | Self::ExtensionsConnect | Self::HolderOnly | Self::NotConnectable(_) => return None,
        })
    }
}
