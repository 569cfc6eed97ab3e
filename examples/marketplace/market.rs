//! A platform in Brazil with the world around it, driven as a host does it: by the changes that every call yields.

use fundroute::Error;
use fundroute::accounts::{NewAccount, NewExternalAccount};
use fundroute::calendar::Timestamp;
use fundroute::ids::AccountId;
use fundroute::journal::Changes;
use fundroute::prelude::{BR, BRL, Decided, NewPlatform, Platform, Rulebook};
use fundroute::simulator::World;

/// The number of a bank account that takes every payout.
const BANK_NUMBER: &str = "000123456789";

/// How often a seller is asked for more at the most.
const MOST_ROUNDS: u32 = 4;

/// The platform and its world.
pub(crate) struct Market {
    /// The platform.
    pub(crate) platform: Platform,
    /// Cards, banks, reviews.
    pub(crate) world: World,
    /// How many changes were applied: what a host would have stored.
    pub(crate) changes: u64,
}

impl Market {
    /// Founds the platform.
    pub(crate) fn found(rulebook: Rulebook, at: Timestamp) -> Result<Self, Error> {
        let founding = Platform::founding(&NewPlatform::in_country(BR).named("marketplace"), &rulebook, at)?;
        let platform = Platform::replay(rulebook, [founding])?;
        Ok(Self { platform, world: World::new(), changes: 1 })
    }

    /// Connects a seller, who gives everything that the account is asked for, and a bank account.
    pub(crate) fn connect(&mut self, seller: &str) -> Result<AccountId, Error> {
        let created = self.platform.accounts().create(&format!("seller {seller}"), NewAccount::express(BR))?;
        let account = self.carry_out(created)?;
        // What is given can lead to more being asked, such as who an owner is.
        for _ in 0..MOST_ROUNDS {
            for request in self.world.answers(&self.platform, account)? {
                let given = self.platform.handle(request)?;
                self.carry_out(given)?;
            }
        }
        let bank = NewExternalAccount::bank(account, BR, BRL, BANK_NUMBER);
        let added = self.platform.accounts().add_external_account(&format!("bank of {seller}"), bank)?;
        self.carry_out(added)?;
        Ok(account)
    }

    /// Does what a decision asks of the world, and takes up what the world says to it at once.
    pub(crate) fn carry_out<T>(&mut self, decided: Decided<T>) -> Result<T, Error> {
        self.pass_on(decided.changes);
        self.listen()?;
        Ok(decided.answer)
    }

    fn pass_on(&mut self, changes: Changes) {
        self.changes = self.changes.saturating_add(u64::from(!changes.is_empty()));
        for instruction in &changes.instructions {
            self.world.answer(&self.platform, instruction);
        }
        self.platform.recycle(changes);
    }

    /// Takes up what the world has to tell by now.
    pub(crate) fn listen(&mut self) -> Result<(), Error> {
        while let Some(report) = self.world.tell(self.platform.now()) {
            let decided = self.platform.record(&report)?;
            self.pass_on(decided.changes);
        }
        Ok(())
    }

    /// Lets the time pass, for the platform and the world alike.
    pub(crate) fn advance_to(&mut self, until: Timestamp) -> Result<(), Error> {
        while let Some(at) = self.next().filter(|at| *at <= until) {
            self.pass_to(at.max(self.platform.now()))?;
            self.listen()?;
        }
        self.pass_to(until)
    }

    /// Lets the time pass until nothing is due.
    pub(crate) fn run_out(&mut self) -> Result<(), Error> {
        while let Some(at) = self.next() {
            self.advance_to(at.max(self.platform.now()))?;
        }
        Ok(())
    }

    fn next(&self) -> Option<Timestamp> {
        [self.platform.next_deadline(), self.world.next_answer()].into_iter().flatten().min()
    }

    fn pass_to(&mut self, at: Timestamp) -> Result<(), Error> {
        let (mut fired, mut asked) = (0_u64, Vec::new());
        self.platform.advance_with(at, |mut changes| {
            fired = fired.saturating_add(u64::from(!changes.is_empty()));
            asked.append(&mut changes.instructions);
            Some(changes)
        })?;
        self.changes = self.changes.saturating_add(fired);
        for instruction in &asked {
            self.world.answer(&self.platform, instruction);
        }
        Ok(())
    }
}
