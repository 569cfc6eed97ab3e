use serde::{Deserialize, Serialize};

use super::Scope;

/// Which page the holder of an account sees first who follows a link to connect it (`stripe_landing`).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Landing {
    /// The one for holders who have an account: they say who they are.
    Login,
    /// The one for holders who have none yet: they make one.
    Register,
}

impl Landing {
    /// The page where the link names none.
    // RULE: `login` for the scope `read_only`, `register` for `read_write` (docs.stripe.com/connect/oauth-reference, 2024).
    pub(crate) const fn usual(scope: Scope) -> Self {
        match scope {
            Scope::ReadOnly => Self::Login,
            Scope::ReadWrite => Self::Register,
        }
    }
}
