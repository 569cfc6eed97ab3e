//! What a provider made by itself, and tells of.

use super::{Command, Error, Transaction, fingerprint};
use crate::accounts::{Access, Account, ExternalAccount, Role};
use crate::ids::{AccountId, ExternalAccountId, ObjectId, ParkedFactId, ProviderTransactionId};
use crate::journal::{AnomalyReason, Digest, FactOutcome, Key, Known, ParkedFact, ParkedState, Stored, Told};
use crate::ledger::EntryKind;
use crate::mirror::{NamedAccount, ProviderAccount, ProviderFact, ProviderLine, ProviderTransaction};
use crate::money::{Currency, Money};
use crate::payments::{Charge, Named};

/// More than any movement brings: what one transaction sums up of it stays within what an amount can be.
const MOST_TOLD: i64 = 1_000_000_000_000_000;

/// Why an object that a provider tells of is not booked.
pub(super) enum Halt {
    /// It waits for what this stands for.
    Waits(Digest),
    /// It cannot be booked.
    Odd(AnomalyReason),
    /// The call fails.
    Error(Error),
}

/// What a fact names besides its own reference.
#[derive(Clone, Copy, Default)]
struct Names<'a> {
    accounts: [Option<&'a NamedAccount>; 2],
    charge: Option<&'a Named>,
    bank: Option<ExternalAccountId>,
}

impl<'a> Names<'a> {
    fn of(fact: &'a ProviderFact) -> Self {
        let one = |account: &'a NamedAccount| Self { accounts: [Some(account), None], ..Self::default() };
        match fact {
            ProviderFact::ApplicationFee(fact) => Self { charge: Some(&fact.charge), ..one(&fact.account) },
            ProviderFact::Charge(fact) => {
                Self { accounts: [Some(&fact.account), fact.destination.as_ref()], ..Self::default() }
            }
            ProviderFact::Line(fact) => one(&fact.account),
            ProviderFact::Payout(fact) => Self { bank: fact.destination, ..one(&fact.account) },
            ProviderFact::Refund(fact) => Self { charge: Some(&fact.charge), ..Self::default() },
            ProviderFact::Transfer(fact) => Self { charge: fact.charge.as_ref(), ..one(&fact.destination) },
            ProviderFact::Account(_)
            | ProviderFact::ApplicationFeeRefund(_)
            | ProviderFact::PayoutNews(_)
            | ProviderFact::RefundFailed(_)
            | ProviderFact::TransferReversal(_) => Self::default(),
        }
    }
}

impl<E: Into<Error>> From<E> for Halt {
    fn from(error: E) -> Self {
        Self::Error(error.into())
    }
}

impl Transaction<'_> {
    /// Whether the platform only mirrors what its provider does.
    // INVARIANT: that never changes, so no decision depends on the version in which it was read.
    pub(super) fn only_mirrors(&mut self) -> Result<bool, Error> {
        match self.known_account(self.platform) {
            Known::Here(account) => Ok(matches!(account.role(), Role::Platform { mirrors: true, .. })),
            Known::Absent => Err(Error::NotFound(self.platform.into())),
            Known::NotLoaded(key) => Err(Error::NotLoaded(vec![key])),
        }
    }

    /// That a command does not move money which is the provider's to move.
    pub(super) fn is_ours_to_do(&mut self, command: &Command) -> Result<(), Error> {
        if command.moves_money() && self.only_mirrors()? { Err(Error::OnlyMirrors) } else { Ok(()) }
    }

    /// The keys of what a provider's fact names.
    pub(super) fn keys_of_provider(&self, fact: &ProviderFact) -> impl Iterator<Item = Key> + use<> {
        let Names { accounts, charge, bank } = Names::of(fact);
        let account = |account: &NamedAccount| match account {
            NamedAccount::Id(id) => Key::Family(id.family()),
            NamedAccount::Reference(reference) => Key::Reference(self.reference_of("provider_account", reference).name),
        };
        let charge = charge.map(|charge| match charge {
            Named::Id(id) => Key::Family(id.family()),
            Named::Reference(reference) => Key::Reference(self.charge_reference(reference)),
        });
        let own = Key::Reference(self.reference_of(fact.kind(), fact.reference()).name);
        let [first, second] = accounts.map(|named| named.map(account));
        let content = self.content_of(fact).ok().map(Key::Reference);
        let bank = bank.map(|bank| Key::Family(bank.family()));
        [Some(own), first, second, charge, bank, content].into_iter().flatten()
    }

    /// That everything is there which a fact names by its id.
    // INVARIANT: it is looked up before a fact is parked, so that none that waits ever stops the one that it waits for.
    fn are_known(&mut self, fact: &ProviderFact) -> Result<(), Error> {
        let Names { accounts, charge, bank } = Names::of(fact);
        for account in accounts.into_iter().flatten() {
            if let NamedAccount::Id(id) = account {
                self.get::<Account>(*id)?;
            }
        }
        if let Some(Named::Id(id)) = charge {
            self.get::<Charge>(*id)?;
        }
        if let Some(bank) = bank {
            self.get::<ExternalAccount>(bank)?;
        }
        Ok(())
    }

    /// Under what it is kept that an object was told of in these words.
    fn content_of(&self, fact: &ProviderFact) -> Result<Digest, Error> {
        let content = fingerprint(fact)?;
        Ok(self.reference_of("told", &format!("{}/{}/{content}", fact.kind(), fact.reference())).name)
    }

    pub(super) fn provider_told(&mut self, report: Told<'_>, fact: &ProviderFact) -> Result<FactOutcome, Error> {
        match fact {
            ProviderFact::PayoutNews(news) => return self.provider_payout_news(report, news),
            ProviderFact::RefundFailed(failed) => return self.provider_refund_failed(report, failed),
            ProviderFact::Account(_)
            | ProviderFact::ApplicationFee(_)
            | ProviderFact::ApplicationFeeRefund(_)
            | ProviderFact::Charge(_)
            | ProviderFact::Line(_)
            | ProviderFact::Payout(_)
            | ProviderFact::Refund(_)
            | ProviderFact::Transfer(_)
            | ProviderFact::TransferReversal(_) => {}
        }
        self.are_known(fact)?;
        let (name, content) = (self.reference_of(fact.kind(), fact.reference()).name, self.content_of(fact)?);
        self.want(&[Key::Reference(name), Key::Reference(content)])?;
        if self.reference(content)?.is_some() {
            return Ok(FactOutcome::Stale);
        }
        if self.reference(name)?.is_some() {
            return Ok(self.odd(report, AnomalyReason::ReferenceTaken));
        }
        match self.provider_made(report, fact) {
            Ok(object) => {
                self.put_reference(content, Some(object))?;
                self.put_reference(name, Some(object))?;
                self.take_up(name)?;
                Ok(FactOutcome::Applied)
            }
            Err(Halt::Waits(reference)) => self.park(report, reference),
            Err(Halt::Odd(reason)) => Ok(self.odd(report, reason)),
            Err(Halt::Error(error)) => Err(error),
        }
    }

    fn provider_made(&mut self, report: Told<'_>, fact: &ProviderFact) -> Result<ObjectId, Halt> {
        match fact {
            ProviderFact::Account(fact) => self.provider_account(fact),
            ProviderFact::ApplicationFee(fact) => self.provider_fee(report, fact),
            ProviderFact::ApplicationFeeRefund(fact) => self.provider_fee_refund(report, fact),
            ProviderFact::Charge(fact) => self.provider_charge(report, fact),
            ProviderFact::Line(fact) => self.provider_line(report, fact),
            ProviderFact::Payout(fact) => self.provider_payout(report, fact),
            ProviderFact::Refund(fact) => self.provider_refund(report, fact),
            ProviderFact::Transfer(fact) => self.provider_transfer(report, fact),
            ProviderFact::TransferReversal(fact) => self.provider_reversal(report, fact),
            // News of an object makes none.
            ProviderFact::PayoutNews(_) | ProviderFact::RefundFailed(_) => Err(Halt::Odd(AnomalyReason::NotAsked)),
        }
    }

    fn provider_account(&mut self, fact: &ProviderAccount) -> Result<ObjectId, Halt> {
        self.get::<Account>(fact.account)?;
        Ok(fact.account.into())
    }

    /// The object that the provider knows by a reference, or that it is not known yet.
    pub(super) fn named_by_provider(&self, kind: &str, reference: &str) -> Result<ObjectId, Halt> {
        let name = self.reference_of(kind, reference).name;
        self.reference(name)?.ok_or(Halt::Waits(name))
    }

    /// The account that a fact names, or that it is not known yet.
    pub(super) fn account_named(&self, account: &NamedAccount) -> Result<AccountId, Halt> {
        match account {
            NamedAccount::Id(id) => Ok(*id),
            NamedAccount::Reference(reference) => {
                let known = self.named_by_provider("provider_account", reference)?;
                // INVARIANT: references of this kind stand for accounts.
                if let ObjectId::Account(id) = known { Ok(id) } else { Err(Halt::Odd(AnomalyReason::ReferenceTaken)) }
            }
        }
    }

    /// That money can come to an account: it is there, and was not closed.
    // INVARIANT: no money is sent to an account that nothing ever leaves again.
    pub(super) fn can_receive(&mut self, account: AccountId) -> Result<(), Halt> {
        let access = self.get::<Account>(account)?.standing().access;
        if access == Access::Closed { Err(Halt::Odd(AnomalyReason::AccountClosed)) } else { Ok(()) }
    }

    /// Asks at once for the accounts and balances that a fact moves.
    pub(super) fn want_moved(&self, accounts: &[AccountId], currency: Currency) -> Result<(), Error> {
        let keys = accounts.iter().chain(std::iter::once(&self.platform));
        let keys = keys.flat_map(|account| [Key::Family(account.family()), Key::Balance(*account, currency)]);
        self.want(&keys.collect::<Vec<Key>>())
    }

    fn provider_line(&mut self, report: Told<'_>, fact: &ProviderLine) -> Result<ObjectId, Halt> {
        let ProviderLine { amount, available_on, kind, .. } = *fact;
        let account = self.account_named(&fact.account)?;
        self.want_moved(&[account], amount.currency())?;
        in_range(amount.minor().saturating_abs(), 0)?;
        if amount.minor() > 0 {
            self.can_receive(account)?;
        }
        let family = self.reference_of("provider_line", &fact.reference).family(report.at);
        let id = ProviderTransactionId::of(family, 0);
        let told = ProviderTransaction { id, account, kind, amount, created: report.at, available_on };
        let (line, other) = told.line(self.now);
        let other = Self::posting(other, amount.minor().saturating_neg(), amount.currency());
        self.post(EntryKind::Provider, id, &[line], &[other])?;
        self.put(told);
        Ok(id.into())
    }

    /// Whether a fact waits for a reference.
    pub(super) fn is_awaited(&mut self, reference: Digest) -> Result<bool, Error> {
        let drafted = self.changes.records.iter().filter_map(|write| ParkedFact::of(&write.record));
        let mut ids: Vec<ParkedFactId> = drafted.map(|parked| parked.id).collect();
        ids.extend_from_slice(self.state.parked(reference));
        self.want(&ids.iter().map(|id| Key::Family(id.family())).collect::<Vec<Key>>())?;
        for id in ids {
            let parked = self.get::<ParkedFact>(id)?;
            if parked.reference == reference && parked.due().is_some() {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// Takes up one fact that has waited.
    pub(super) fn take_up_one(&mut self, id: ParkedFactId) -> Result<(), Error> {
        self.want(&[Key::Family(id.family())])?;
        let parked = self.take::<ParkedFact>(id)?;
        let ParkedState::Waiting { .. } = parked.state else { return Ok(()) };
        match self.learn(parked.told())? {
            FactOutcome::Parked(_) => {}
            FactOutcome::Applied | FactOutcome::Stale | FactOutcome::Anomaly(_) => {
                self.put(ParkedFact { state: ParkedState::TakenUp, ..parked });
            }
        }
        Ok(())
    }
}

/// That so many minor units, and what is taken out of them, are amounts that can be booked.
pub(super) const fn in_range(amount: i64, fee: i64) -> Result<(), Halt> {
    if amount <= 0 || fee < 0 {
        Err(Halt::Odd(AnomalyReason::AmountDiffers))
    } else if amount > MOST_TOLD || fee > MOST_TOLD {
        Err(Halt::Odd(AnomalyReason::OutOfRange))
    } else {
        Ok(())
    }
}

/// That an amount is of a currency, and no more than that.
pub(super) fn part_of(amount: Money, whole: Money) -> Result<(), Halt> {
    in_range(amount.minor(), 0)?;
    let is_part = amount.currency() == whole.currency() && amount.minor() <= whole.minor();
    if is_part { Ok(()) } else { Err(Halt::Odd(AnomalyReason::AmountDiffers)) }
}
