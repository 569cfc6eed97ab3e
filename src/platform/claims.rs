//! Claims on money of which a part is held back: refunds, disputes, transfers that are taken back, and debits that banks pull back. Each
//! counts as what the account is debited for it, in its own currency.

use super::{Error, Transaction};
use crate::calendar::Timestamp;
use crate::ids::{ChargeId, ObjectId, ReserveHoldId, ReserveReleaseId};
use crate::journal::Key;
use crate::ledger::{EntryKind, Line, Lines, Posting, Postings};
use crate::payments::Charge;
use crate::payouts::{Claim, HeldOf, ReleaseReason, ReserveHold, ReserveLine, ReserveRelease};
use crate::routing::Transfer;

/// A claim on a charge or a transfer of which something was held back.
pub(super) struct ClaimOn {
    pub(super) hold: ReserveHoldId,
    pub(super) claim: Claim,
    /// Where the claim takes its money.
    pub(super) date: Timestamp,
    /// Whether more of the charge can be captured.
    pub(super) is_open: bool,
}

/// What a claim does to what is held back, before anything is written.
pub(super) struct Claimed {
    hold: ReserveHold,
    claim: Claim,
    date: Timestamp,
    /// What is let go, in minor units.
    amount: i64,
    release: Option<ReserveReleaseId>,
    /// The release of another claim that was told at the same moment, and which is taken for this one's.
    other: Option<ReserveReleaseId>,
}

impl Claimed {
    /// Whether money is let go, so that there is a release to be numbered.
    pub(super) const fn lets_go(&self) -> bool {
        self.amount > 0
    }

    pub(super) const fn numbered(mut self, release: Option<ReserveReleaseId>) -> Self {
        self.release = release;
        self
    }

    /// What is let go, where the claim takes its money.
    pub(super) fn line(&self, now: Timestamp) -> Option<Line> {
        let source = self.release.map_or_else(|| ObjectId::from(self.hold.id()), Into::into);
        let line = || ReserveLine::Released.of(&self.hold, source, self.amount, (self.date, now));
        self.lets_go().then(line)
    }

    pub(super) fn posting(&self) -> Option<Posting> {
        self.lets_go().then(|| Transaction::reserve(&self.hold, self.amount.saturating_neg()))
    }
}

impl Transaction<'_> {
    /// What a claim does to what is held back; nothing where it leaves that as it is.
    pub(super) fn look_at_claim(&mut self, on: &ClaimOn) -> Result<Option<Claimed>, Error> {
        let ClaimOn { claim, date, is_open, .. } = *on;
        let hold = self.get::<ReserveHold>(on.hold)?;
        let claimed = |hold, amount, other| Some(Claimed { hold, claim, date, amount, release: None, other });
        if is_open {
            return Ok(claimed(hold.claimed(claim), 0, None));
        }
        if let Some((next, amount)) = hold.consume(claim, self.now) {
            return Ok(claimed(next, amount, None));
        }
        Ok(hold.consumed_rather(claim, self.now).and_then(|(next, other)| claimed(next, 0, other)))
    }

    /// Writes what a claim did to what is held back.
    pub(super) fn put_claimed(&mut self, claimed: Claimed) -> Result<(), Error> {
        let Claimed { mut hold, claim, amount, release, other, .. } = claimed;
        if let Some(id) = release {
            hold = hold.consumed_with(id);
            let (reason, by) = (ReleaseReason::HoldReversed, Some(claim.by));
            self.put(ReserveRelease::new(id, &hold, amount, reason, by, self.now));
        }
        if let Some(id) = other {
            let release = self.get::<ReserveRelease>(id)?.claimed_by(claim.by);
            self.put(release);
        }
        if amount > 0 {
            self.tell_release(&hold, release);
        }
        self.put(hold);
        Ok(())
    }

    /// Takes up a claim: what it lets go is added to its lines. Tells how much that is, in minor units; nothing where the claim leaves
    /// everything as it is.
    pub(super) fn claim(
        &mut self,
        on: &ClaimOn,
        lines: &mut Lines,
        postings: &mut Postings,
    ) -> Result<Option<i64>, Error> {
        let Some(mut claimed) = self.look_at_claim(on)? else { return Ok(None) };
        if claimed.lets_go() {
            let (_, release) = self.bear_release(claimed.hold.clone())?;
            claimed = claimed.numbered(release);
        }
        lines.extend(claimed.line(self.now));
        postings.extend(claimed.posting());
        let amount = claimed.amount;
        self.put_claimed(claimed)?;
        Ok(Some(amount))
    }

    /// Takes up a claim by itself, beside what it takes. Tells whether it changes anything.
    fn claim_apart(&mut self, on: &ClaimOn) -> Result<bool, Error> {
        let (mut lines, mut postings) = (Lines::new(), Postings::new());
        let claimed = self.claim(on, &mut lines, &mut postings)?;
        if !lines.is_empty() {
            self.post(EntryKind::ReserveRelease, on.hold, &lines, &postings)?;
        }
        Ok(claimed.is_some())
    }

    /// Takes up that so much of a charge that is booked on an account was claimed back.
    pub(super) fn claim_charge(&mut self, charge: &Charge, claim: Claim) -> Result<bool, Error> {
        // What is held back of a destination charge is its recipient's, and what is claimed of it the platform's.
        let Some(hold) = charge.hold().filter(|_| charge.transfer().is_none()) else { return Ok(false) };
        let date = charge.first_date().unwrap_or(self.now);
        self.claim_apart(&ClaimOn { hold, claim, date, is_open: charge.is_capturable() })
    }

    /// Takes up that so much of a transfer is taken back: adds what that lets go to its lines, and tells how much that is, in the
    /// currency in which it is taken.
    pub(super) fn claim_transfer(
        &mut self,
        transfer: &Transfer,
        claim: Claim,
        lines: &mut Lines,
        postings: &mut Postings,
    ) -> Result<i64, Error> {
        let Some(hold) = transfer.hold() else { return Ok(0) };
        let is_open = match transfer.source() {
            Some(charge) => self.get::<Charge>(charge)?.is_capturable(),
            None => false,
        };
        let on = ClaimOn { hold, claim, date: transfer.available_on(), is_open };
        Ok(self.claim(&on, lines, postings)?.unwrap_or(0))
    }

    /// No more of a charge can be captured: the largest claim on it that was told before is looked at now.
    pub(super) fn look_at_claims(&mut self, charge: ChargeId) -> Result<(), Error> {
        let charge = self.get::<Charge>(charge)?;
        if charge.is_capturable() {
            return Ok(());
        }
        let mut holds: Vec<ReserveHoldId> = charge.hold().into_iter().collect();
        for (_, transfer) in charge.split_transfers() {
            holds.extend(self.find::<Transfer>(transfer)?.and_then(|transfer| transfer.hold()));
        }
        holds.into_iter().try_for_each(|hold| self.look_at_claims_on(hold, &charge))
    }

    fn look_at_claims_on(&mut self, id: ReserveHoldId, charge: &Charge) -> Result<(), Error> {
        let hold = self.get::<ReserveHold>(id)?;
        let (account, currency) = (hold.account(), hold.amount().currency());
        self.want(&[Key::Family(account.family()), Key::Balance(account, currency)])?;
        if let Some((hold, claim)) = hold.unclaimed() {
            let date = match hold.held_of() {
                Some(HeldOf::Transfer(transfer)) => self.get::<Transfer>(transfer)?.available_on(),
                Some(HeldOf::Charge(_)) | None => charge.first_date().unwrap_or(self.now),
            };
            self.put(hold);
            self.claim_apart(&ClaimOn { hold: id, claim, date, is_open: false })?;
        }
        // What is held back may cover a refund now that waits.
        self.look_at_queue(account, currency)
    }
}
