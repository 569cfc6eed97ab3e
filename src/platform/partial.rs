use super::Platform;
use crate::calendar::Timestamp;
use crate::ids::AccountId;
use crate::journal::{Key, Loaded, State};
use crate::rulebook::Rulebook;

/// Which platform a partial one is a part of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Identity {
    /// The platform's own account.
    pub platform: AccountId,
    /// Whether it moves real money.
    pub livemode: bool,
}

impl Platform {
    /// A platform that knows only what it is given, for workers that share a store.
    ///
    /// It decides as the whole platform would. Where it needs something that it was not given, the call answers
    /// [`Error::NotLoaded`](super::Error::NotLoaded) before anything is decided: look the keys up, [`load`](Self::load) what was found, also that nothing
    /// was, and call again. Where something should have happened before, it answers
    /// [`Error::Overdue`](super::Error::Overdue): decide that first.
    ///
    /// ```
    /// use fundroute::journal::Loaded;
    /// use fundroute::platform::Identity;
    /// use fundroute::payments::NewPayment;
    /// use fundroute::prelude::*;
    ///
    /// // The store of this example is a whole platform.
    /// let store = Platform::new(NewPlatform::in_country(US), Rulebook::standard(), utc(2026, 11, 2))?;
    ///
    /// let who = Identity { platform: store.id(), livemode: false };
    /// let mut worker = Platform::partial(who, Rulebook::standard(), store.now());
    /// let request = Request::new("order-1", Command::CreatePayment(NewPayment::card(usd(20_00))));
    /// let decided = loop {
    ///     match worker.decide(&request) {
    ///         Err(Error::NotLoaded(keys)) => worker.load(keys.into_iter().map(|key| store.look_up(key))),
    ///         decided => break decided?,
    ///     }
    /// };
    /// assert_eq!(decided, store.decide(&request)?);
    /// # Ok::<(), Error>(())
    /// ```
    pub fn partial(identity: Identity, rulebook: Rulebook, now: Timestamp) -> Self {
        let Identity { platform: id, livemode } = identity;
        Self { id, livemode, rulebook, now, state: State::partial(), spare: Vec::new() }
    }

    /// Gives a partial platform what a store found under keys that it asked for.
    pub fn load(&mut self, found: impl IntoIterator<Item = Loaded>) {
        for loaded in found {
            self.state.load(loaded);
        }
    }

    /// What a store that holds exactly this platform would find under a key.
    pub fn look_up(&self, key: Key) -> Loaded {
        self.state.look_up(key)
    }
}
