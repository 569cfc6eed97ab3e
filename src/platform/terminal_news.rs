//! What the world tells about readers, and what became of what they did.

use super::payments::News;
use super::transaction::Seen;
use super::{Error, Transaction};
use crate::calendar::Timestamp;
use crate::ids::{AccountId, ObjectId, PaymentId, ReaderActionId, ReaderId, RefundId};
use crate::journal::{AnomalyReason, Domain, FactOutcome, Instruction, Key, Origin, Told};
use crate::payments::{Charge, ChargeFailed, PaymentIntent, Refund};
use crate::terminal::{
    ActionEnd, Numbered, PastAction, Reader, ReaderAction, ReaderActionKind, ReaderActionStatus, ReaderActionUpdated,
    ReaderCardSaved, ReaderSeen, TerminalEvent, TerminalFact,
};

/// How much of what a reader says for people is kept.
const LONGEST_MESSAGE: usize = 255;

/// Under which id one of a reader's actions is kept once the reader does something else.
// INVARIANT: it follows from the reader and the number alone, which is all that the world names an action by.
pub(super) fn past_action_id(platform: AccountId, reader: &Reader, number: u32) -> ReaderActionId {
    let mut key = [0; 20];
    let (first, second) = key.split_at_mut(16);
    first.copy_from_slice(&reader.id().uuid().into_bytes());
    second.copy_from_slice(&number.to_be_bytes());
    ReaderActionId::of(Origin::new(Domain::ReaderAction, platform, None, &key).family(reader.created()), 0)
}

/// One of a reader's actions that something was told of, wherever it is kept.
struct Deed<'a> {
    reader: Seen<'a, Reader>,
    /// Its row, where the reader does something else by now.
    past: Option<ReaderActionId>,
    action: ReaderAction,
}

impl Deed<'_> {
    /// What shows it: the reader, or the row that is kept of it.
    fn shown_by(&self) -> ObjectId {
        self.past.map_or_else(|| self.reader.id().into(), ObjectId::from)
    }
}

/// What an action is that something was told of.
enum Asked<'a> {
    /// It is known.
    Known(Deed<'a>),
    /// It was only shown, and nothing of it is kept.
    Shown,
    /// Nobody asked the reader for it.
    Never,
}

impl News {
    /// The same, forgetting that a card was held ready that its network captured with that: money that was taken is booked, whichever
    /// of the two is told first.
    // RULE: networks that authorize and capture in one message always capture at once (docs.stripe.com/terminal/features/refunds, 2025).
    pub(super) fn taken_at_once(self) -> Self {
        match self.charge.not_held() {
            Some(charge) => Self { payment: self.payment.not_held(), charge },
            None => self,
        }
    }
}

impl<'a> Transaction<'a> {
    /// The action of a reader that has a number.
    fn deed(&mut self, id: ReaderId, number: u32) -> Result<Asked<'a>, Error> {
        let reader = self.get::<Reader>(id)?;
        let (past, action) = match reader.numbered(number) {
            Numbered::Never => return Ok(Asked::Never),
            Numbered::Last(action) => (None, action.clone()),
            Numbered::Past => {
                let id = past_action_id(self.platform, &reader, number);
                let Some(past) = self.find::<PastAction>(id)? else { return Ok(Asked::Shown) };
                (Some(id), past.action().clone())
            }
        };
        Ok(Asked::Known(Deed { reader, past, action }))
    }

    /// Writes what an action has become where it is kept, and what follows for the reader.
    fn keep_action(&mut self, deed: Deed<'a>, next: ReaderAction) {
        if let Some(id) = deed.past {
            self.put(PastAction::new(id, deed.reader.id(), next.clone()));
        }
        let reader = deed.reader.told_of(next);
        if reader != *deed.reader {
            self.put(reader);
        }
    }
}

impl Transaction<'_> {
    pub(super) fn reader_news(&mut self, told: Told<'_>, fact: &TerminalFact) -> Result<FactOutcome, Error> {
        match fact {
            TerminalFact::ActionCanceled(fact) => {
                self.action_ended(told, (fact.reader, fact.action), &ActionEnd::Canceled)
            }
            TerminalFact::ActionFailed(fact) => {
                let message =
                    fact.message.as_deref().map(|text| text.chars().take(LONGEST_MESSAGE).collect::<String>());
                let end = ActionEnd::Failed(fact.failure, message.map(Into::into));
                self.action_ended(told, (fact.reader, fact.action), &end)
            }
            TerminalFact::ActionSucceeded(fact) => {
                self.action_ended(told, (fact.reader, fact.action), &ActionEnd::Succeeded)
            }
            TerminalFact::ActionUpdated(fact) => self.card_presented(told, fact),
            TerminalFact::CardSaved(fact) => self.card_saved(told, fact),
            TerminalFact::Seen(fact) => self.reader_seen(told.at, fact),
        }
    }

    fn reader_seen(&mut self, at: Timestamp, fact: &ReaderSeen) -> Result<FactOutcome, Error> {
        let next = self.get::<Reader>(fact.reader)?.seen(at, fact.status);
        let Some(next) = next else { return Ok(FactOutcome::Stale) };
        self.put(next);
        Ok(FactOutcome::Applied)
    }

    /// Takes up how an action ended. The reader lets go of the payment; what was attempted or to be given back has come to nothing where
    /// that is said, and where nothing is said the world is asked what became of it.
    // INVARIANT: what follows for the attempt and the refund follows from each report by itself, and not from which of contradicting ones
    // holds for the action, nor from what the reader was asked for since. So the order of delivery is no matter, and money that moved
    // all the same is booked when that is told.
    fn action_ended(
        &mut self,
        told: Told<'_>,
        (id, number): (ReaderId, u32),
        end: &ActionEnd,
    ) -> Result<FactOutcome, Error> {
        let deed = match self.deed(id, number)? {
            Asked::Never => return Ok(self.odd(told, AnomalyReason::NotAsked)),
            Asked::Shown => return Ok(FactOutcome::Stale),
            Asked::Known(deed) => deed,
        };
        let (kind, next) = (deed.action.kind().clone(), deed.action.ended(told.at, end));
        if let Some(payment) = kind.payment() {
            self.want(&[Key::Family(payment.family())])?;
        }
        let mut is_news = next.is_some();
        // What a reader did before, it has let go of since.
        let is_last = deed.past.is_none();
        if let Some(next) = next {
            self.tell_of_action(&deed, &next);
            self.keep_action(deed, next);
        }
        let was_there = match kind.payment().filter(|_| is_last) {
            Some(payment) => self.hand_back(payment, id)?,
            None => false,
        };
        is_news |= was_there;
        if let Some(failure) = end.failure() {
            if let Some(charge) = kind.charge() {
                let failed = ChargeFailed { charge: charge.into(), failure };
                is_news |= self.charge_failed(told.at, charge, &failed)? == FactOutcome::Applied;
            }
            if let Some(refund) = kind.refund() {
                is_news |= self.let_go_of_refund(told.at, refund)?;
            }
        }
        if was_there {
            self.ask_what_became(&kind)?;
        }
        Ok(if is_news { FactOutcome::Applied } else { FactOutcome::Stale })
    }

    /// Asks the world what became of an attempt or a refund whose reader has let go of it, unless that is known.
    fn ask_what_became(&mut self, kind: &ReaderActionKind) -> Result<(), Error> {
        let mut ask = None;
        if let Some(charge) = kind.charge() {
            let News { payment, charge } = self.news(charge)?;
            let is_open = charge.awaits_answer() && charge.asked().is_none();
            ask = is_open.then(|| charge.to_ask(&payment));
        } else if let Some(refund) = kind.refund() {
            let refund = self.get::<Refund>(refund)?;
            ask = refund.is_outstanding().then(|| refund.to_ask());
        }
        if let Some(ask) = ask {
            self.instruct(Instruction::Payment(ask));
        }
        Ok(())
    }

    fn card_presented(&mut self, told: Told<'_>, fact: &ReaderActionUpdated) -> Result<FactOutcome, Error> {
        let deed = match self.deed(fact.reader, fact.action)? {
            Asked::Never => return Ok(self.odd(told, AnomalyReason::NotAsked)),
            Asked::Shown => return Ok(FactOutcome::Stale),
            Asked::Known(deed) => deed,
        };
        let Some(next) = deed.action.presented(told.at, fact.card) else { return Ok(FactOutcome::Stale) };
        self.event(TerminalEvent::ActionUpdated, deed.shown_by(), Some(deed.reader.owner()));
        self.keep_action(deed, next);
        Ok(FactOutcome::Applied)
    }

    /// Takes up that a card was saved, with which the action has succeeded.
    fn card_saved(&mut self, told: Told<'_>, fact: &ReaderCardSaved) -> Result<FactOutcome, Error> {
        let known = if let Asked::Known(deed) = self.deed(fact.reader, fact.action)? { Some(deed) } else { None };
        let Some(deed) = known.filter(|deed| deed.action.kind().setup_intent().is_some()) else {
            return Ok(self.odd(told, AnomalyReason::NotAsked));
        };
        if fact.saved.check().is_err() {
            return Ok(self.odd(told, AnomalyReason::TokenInvalid));
        }
        let ended = deed.action.ended(told.at, &ActionEnd::Succeeded);
        let saved = ended.as_ref().unwrap_or(&deed.action).saved_as(told.at, &fact.saved);
        let is_known = deed.action.status() == ReaderActionStatus::Succeeded && saved.is_some();
        let Some(next) = saved.or(ended) else { return Ok(FactOutcome::Stale) };
        if is_known {
            self.event(TerminalEvent::ActionUpdated, deed.shown_by(), Some(deed.reader.owner()));
        }
        self.tell_of_action(&deed, &next);
        self.keep_action(deed, next);
        Ok(FactOutcome::Applied)
    }

    fn tell_of_action(&mut self, deed: &Deed<'_>, after: &ReaderAction) {
        if deed.action.status() == after.status() || !after.kind().is_told() {
            return;
        }
        let event = match after.status() {
            ReaderActionStatus::Succeeded => TerminalEvent::ActionSucceeded,
            ReaderActionStatus::Failed => TerminalEvent::ActionFailed,
            ReaderActionStatus::InProgress | ReaderActionStatus::Canceled => return,
        };
        self.event(event, deed.shown_by(), Some(deed.reader.owner()));
    }

    /// A reader does not have a payment any more; tells whether it had.
    fn hand_back(&mut self, payment: PaymentId, reader: ReaderId) -> Result<bool, Error> {
        let next = self.get::<PaymentIntent>(payment)?.leave(reader);
        let had = next.is_some();
        if let Some(next) = next {
            self.put(next);
        }
        Ok(had)
    }

    /// A reader has not given a refund, as far as it knows; tells whether that is news.
    fn let_go_of_refund(&mut self, at: Timestamp, id: RefundId) -> Result<bool, Error> {
        let refund = self.take::<Refund>(id)?;
        let Some(next) = refund.let_go(at) else { return Ok(false) };
        self.refund_becomes(&refund, next)?;
        Ok(true)
    }

    /// Books a refund of which the world tells that it was given at a reader, whatever the reader said and whatever the balance covers.
    // INVARIANT: nothing of it was booked before, so it is booked once.
    pub(super) fn book_given(&mut self, refund: &Refund) -> Result<Result<Refund, AnomalyReason>, Error> {
        let payment = self.take::<PaymentIntent>(PaymentId::of(refund.id().family(), 0))?;
        let charge = self.take::<Charge>(refund.charge())?;
        self.want_parties(&payment, &charge)?;
        // One that the reader has let go does not count as given back any more.
        let charge = charge.knows_of(refund.id());
        let charge = if refund.is_over() {
            match charge.given_after_all(refund.amount().minor()) {
                Some(charge) => charge,
                None => return Ok(Err(AnomalyReason::RefundCanceled)),
            }
        } else {
            charge
        };
        match self.draft_given(payment, charge, (refund.id(), refund.amount(), refund.takes())) {
            Ok(draft) => Ok(Ok(self.book_refund(refund.clone(), draft)?)),
            Err(error) if error.is_about_loading() => Err(error),
            Err(_) => Ok(Err(AnomalyReason::OutOfRange)),
        }
    }
}
