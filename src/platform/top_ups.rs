//! Money that the platform pulls from its own bank account.

use super::{Error, Transaction};
use crate::accounts::{Account, ExternalAccount, ExternalAccountKind};
use crate::ids::{AccountId, ExternalAccountId, ObjectId, TopUpId};
use crate::journal::{AnomalyReason, Digest, FactOutcome, Instruction, Key, Told};
use crate::ledger::{EntryKind, LedgerAccount};
use crate::money::Currency;
use crate::payouts::{
    CancelTopUp, NamedTopUp, NewTopUp, TopUp, TopUpError, TopUpEvent, TopUpFact, TopUpFailed, TopUpInstruction,
    TopUpLine, TopUpReversed, TopUpSubmitted, TopUpSucceeded, UpdateTopUp,
};

impl Transaction<'_> {
    // RULE: platforms of a few countries, from a verified bank account of their own (docs.stripe.com/connect/top-ups, 2025). Whose a
    // bank account is nobody is asked to find out here: only a check that failed stops it, as it stops payouts.
    pub(super) fn create_top_up(&mut self, on: Option<AccountId>, command: &NewTopUp) -> Result<TopUpId, Error> {
        command.check()?;
        Self::platform_only(on)?;
        let (amount, currency) = (command.amount, command.amount.currency());
        let house = self.get::<Account>(self.platform)?;
        self.holds(&house, currency)?;
        let country = house.country();
        let terms = self.rulebook.top_up_terms(country, currency);
        let terms = terms.ok_or(TopUpError::NotOpen { country, currency })?;
        let source = self.source_of(&house, command.source, currency)?;
        if let Some(maximum) = terms.max().filter(|most| amount.minor() > most.minor()) {
            return Err(TopUpError::AmountTooLarge { amount, maximum }.into());
        }
        let calendar = self.rulebook.calendar(country);
        let expected = terms.delay().map(|delay| delay.available_on(self.now, calendar)).transpose()?;
        let id = TopUpId::of(self.new_family(None)?, 0);
        let top_up = TopUp::new(id, command, source, self.now, expected);
        self.event(TopUpEvent::Created, id, None);
        self.instruct(Instruction::TopUp(top_up.to_debit()));
        self.put(top_up);
        Ok(id)
    }

    /// The bank account of the platform's own that money is pulled from.
    fn source_of(
        &mut self,
        house: &Account,
        chosen: Option<ExternalAccountId>,
        currency: Currency,
    ) -> Result<ExternalAccountId, Error> {
        let no_bank_account = TopUpError::NoBankAccount(currency);
        let source = match chosen {
            Some(chosen) if chosen.family() != house.id().family() => return Err(Error::NotFound(chosen.into())),
            Some(chosen) => chosen,
            None => house.bank_for(currency).ok_or_else(|| no_bank_account.clone())?,
        };
        let known = self.get::<ExternalAccount>(source)?;
        if known.deleted_at().is_some() {
            return Err(Error::NotFound(source.into()));
        }
        if known.currency() != currency {
            return Err(no_bank_account.into());
        }
        match known.kind() {
            ExternalAccountKind::BankAccount { .. } => {}
            ExternalAccountKind::Card(_) => return Err(TopUpError::NotABankAccount(source).into()),
        }
        if known.is_usable() { Ok(source) } else { Err(TopUpError::BankAccountErrored(source).into()) }
    }

    pub(super) fn cancel_top_up(&mut self, on: Option<AccountId>, command: CancelTopUp) -> Result<TopUpId, Error> {
        let id = command.top_up;
        let top_up = self.get::<TopUp>(id)?;
        Self::platform_only(on)?;
        let next = top_up.cancel(self.now)?;
        self.put(next);
        self.event(TopUpEvent::Canceled, id, None);
        self.instruct(Instruction::TopUp(TopUpInstruction::Cancel { top_up: id }));
        Ok(id)
    }

    // No event: the field has none for it.
    pub(super) fn update_top_up(&mut self, on: Option<AccountId>, command: &UpdateTopUp) -> Result<TopUpId, Error> {
        command.check()?;
        let top_up = self.get::<TopUp>(command.top_up)?;
        Self::platform_only(on)?;
        let next = top_up.updated(command)?;
        self.put(next);
        Ok(command.top_up)
    }

    /// Takes up what a bank tells of a top-up. What names it by a reference that is not known yet waits.
    pub(super) fn top_up_news(&mut self, report: Told<'_>, fact: &TopUpFact) -> Result<FactOutcome, Error> {
        let named = match fact {
            TopUpFact::Submitted(fact) => return self.top_up_submitted(report, fact),
            TopUpFact::Failed(TopUpFailed { top_up, .. })
            | TopUpFact::Reversed(TopUpReversed { top_up })
            | TopUpFact::Succeeded(TopUpSucceeded { top_up }) => top_up,
        };
        let id = match self.named_top_up(named)? {
            Ok(id) => id,
            Err(reference) => return self.park(report, reference),
        };
        self.want(&[Key::Family(id.family()), Key::Reference(self.success_of_top_up(id))])?;
        match fact {
            TopUpFact::Failed(fact) => self.top_up_failed(report, id, &fact.failure_code),
            TopUpFact::Reversed(_) => self.top_up_reversed(report, id),
            TopUpFact::Submitted(_) | TopUpFact::Succeeded(_) => self.top_up_succeeded(report, id),
        }
    }

    /// The digest under which an outside reference to a top-up is kept.
    pub(super) fn top_up_reference(&self, reference: &str) -> Digest {
        self.reference_of("top-up", reference).name
    }

    /// The digest under which facts wait for a top-up's success.
    fn success_of_top_up(&self, id: TopUpId) -> Digest {
        self.reference_of("success", &id.to_string()).name
    }

    /// Everything that a fact about a top-up names.
    pub(super) fn keys_of_top_up(&self, fact: &TopUpFact) -> [Option<Key>; 2] {
        let named = match fact {
            TopUpFact::Submitted(fact) => {
                let reference = Key::Reference(self.top_up_reference(&fact.reference));
                return [Some(Key::Family(fact.top_up.family())), Some(reference)];
            }
            TopUpFact::Failed(TopUpFailed { top_up, .. })
            | TopUpFact::Reversed(TopUpReversed { top_up })
            | TopUpFact::Succeeded(TopUpSucceeded { top_up }) => top_up,
        };
        match named {
            NamedTopUp::Id(id) => [Some(Key::Family(id.family())), Some(Key::Reference(self.success_of_top_up(*id)))],
            NamedTopUp::Reference(reference) => [Some(Key::Reference(self.top_up_reference(reference))), None],
        }
    }

    /// The top-up that a fact names, or the reference that is not known yet.
    fn named_top_up(&self, named: &NamedTopUp) -> Result<Result<TopUpId, Digest>, Error> {
        match named {
            NamedTopUp::Id(id) => Ok(Ok(*id)),
            NamedTopUp::Reference(text) => {
                let reference = self.top_up_reference(text);
                let known = self.reference(reference)?;
                Ok(if let Some(ObjectId::TopUp(id)) = known { Ok(id) } else { Err(reference) })
            }
        }
    }

    /// The bank was asked, under a reference: what was told under it before is taken up now.
    fn top_up_submitted(&mut self, report: Told<'_>, fact: &TopUpSubmitted) -> Result<FactOutcome, Error> {
        self.get::<TopUp>(fact.top_up)?;
        let reference = self.top_up_reference(&fact.reference);
        match self.reference(reference)? {
            Some(known) if known == fact.top_up.into() => return Ok(FactOutcome::Stale),
            Some(_) => return Ok(self.contradicts(report, AnomalyReason::ReferenceTaken)),
            None => self.put_reference(reference, Some(fact.top_up.into()))?,
        }
        self.take_up(reference)?;
        Ok(FactOutcome::Applied)
    }

    fn top_up_succeeded(&mut self, report: Told<'_>, id: TopUpId) -> Result<FactOutcome, Error> {
        let top_up = self.get::<TopUp>(id)?;
        let (next, is_new) = match top_up.succeed(report.at) {
            Ok(Some(next)) => next,
            Ok(None) => return Ok(FactOutcome::Stale),
            // As of a payout that was called off and arrived: nobody is there to say what the money is for.
            Err(_) => return Ok(self.contradicts(report, AnomalyReason::TopUpCanceled)),
        };
        if is_new {
            self.book_top_up(EntryKind::TopUp, TopUpLine::Succeeded, &next)?;
            self.event(TopUpEvent::Succeeded, id, None);
        }
        self.put(next);
        if is_new {
            self.take_up(self.success_of_top_up(id))?;
        }
        Ok(FactOutcome::Applied)
    }

    fn top_up_failed(&mut self, report: Told<'_>, id: TopUpId, failure_code: &str) -> Result<FactOutcome, Error> {
        let top_up = self.get::<TopUp>(id)?;
        let Some((next, is_new)) = top_up.fail(report.at, failure_code) else { return Ok(FactOutcome::Stale) };
        self.put(next);
        if is_new {
            self.event(TopUpEvent::Failed, id, None);
        }
        Ok(FactOutcome::Applied)
    }

    fn top_up_reversed(&mut self, report: Told<'_>, id: TopUpId) -> Result<FactOutcome, Error> {
        let top_up = self.get::<TopUp>(id)?;
        if top_up.may_succeed() {
            return self.park(report, self.success_of_top_up(id));
        }
        let (next, is_new) = match top_up.reverse(report.at) {
            Ok(Some(next)) => next,
            Ok(None) => return Ok(FactOutcome::Stale),
            Err(_) => return Ok(self.contradicts(report, AnomalyReason::TopUpCanceled)),
        };
        if is_new {
            self.book_top_up(EntryKind::TopUpReversal, TopUpLine::Reversed, &next)?;
            self.event(TopUpEvent::Reversed, id, None);
        }
        self.put(next);
        Ok(FactOutcome::Applied)
    }

    /// Brings the money of a top-up from the bank to the platform's balance, or takes it back there, whatever that leaves.
    fn book_top_up(&mut self, kind: EntryKind, line: TopUpLine, top_up: &TopUp) -> Result<(), Error> {
        let currency = top_up.amount().currency();
        self.want(&[Key::Family(self.platform.family()), Key::Balance(self.platform, currency)])?;
        let bank = Self::posting(LedgerAccount::Banks, line.amount(top_up).saturating_neg(), currency);
        self.post(kind, top_up.id(), &[line.of(top_up, self.platform, self.now)], &[bank])
    }
}
