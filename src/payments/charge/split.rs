//! Charges that a plan shares out.

use serde::{Deserialize, Serialize};

use super::{Charge, ChargeState};
use crate::ids::{AccountId, PricingRulesId, TransferId};
use crate::money::{Money, MoneyError};
use crate::payments::{PaymentAction, PaymentError};
use crate::routing::{Allotment, Commission, Conversion, PlanError};

/// What the plan of a payment has come to, by what was captured of its charge so far: who gets what, and what of it went back with refunds.
/// Amounts in the currency in which the charge is booked.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChargeSplit {
    /// Everybody but the platform, and how what they get is converted for them.
    recipients: Vec<(AccountId, Option<Conversion>)>,
    /// The ordinal of the first one's transfer, which the others' follow; zero before any money was taken.
    first: u16,
    parts: Option<Allotment>,
    /// What of each part is to have gone back with refunds.
    returned: Option<Allotment>,
    /// The refunds that took their shares back, in minor units of the payment's currency.
    asked: i64,
}

impl ChargeSplit {
    pub(crate) const fn among(recipients: Vec<(AccountId, Option<Conversion>)>) -> Self {
        Self { recipients, first: 0, parts: None, returned: None, asked: 0 }
    }

    /// Everybody but the platform who may get a part, and how it is converted for them.
    pub(crate) fn recipients(&self) -> &[(AccountId, Option<Conversion>)] {
        &self.recipients
    }

    /// Who gets what, in the order of the plan, part by part: what stays with the platform, too. Nothing before any money was taken.
    ///
    /// A part of an account that was closed by then stays with the platform.
    pub const fn parts(&self) -> Option<&Allotment> {
        self.parts.as_ref()
    }

    /// What of the parts has gone back with refunds that took them back.
    pub const fn returned(&self) -> Option<&Allotment> {
        self.returned.as_ref()
    }

    pub(crate) fn part_of(&self, account: AccountId) -> i64 {
        self.parts.as_ref().map_or(0, |parts| parts.of(account))
    }

    pub(crate) fn returned_by(&self, account: AccountId) -> i64 {
        self.returned.as_ref().map_or(0, |returned| returned.of(account))
    }

    /// Whether its transfers have their numbers.
    pub(crate) const fn is_numbered(&self) -> bool {
        self.first != 0
    }

    pub(crate) const fn numbered(mut self, first: u16) -> Self {
        self.first = first;
        self
    }

    /// The same after more was taken: these are the parts of all of it.
    pub(crate) fn grown(mut self, parts: Allotment) -> Self {
        let parts = match &self.parts {
            Some(before) => parts.onto(before),
            None => parts,
        };
        self.returned.get_or_insert_with(|| parts.nothing_yet());
        self.parts = Some(parts);
        self
    }
}

impl Charge {
    /// What the plan of its payment says of who gets what; nothing where that has no plan for it.
    pub fn split(&self) -> Option<&ChargeSplit> {
        self.rare.as_deref()?.split.as_deref()
    }

    pub(crate) fn with_split(self, split: ChargeSplit) -> Self {
        self.with_rare(|rare| rare.split = Some(Box::new(split)))
    }

    /// What the platform has taken of all that was captured so far by the plan of its payment, or by a [scheme](Self::pricing): fee, tax,
    /// what is owed besides, and the rule that decided. Nothing where it has neither.
    pub fn commission(&self) -> Option<&Commission> {
        self.rare.as_deref()?.commission.as_deref()
    }

    /// The rules of the scheme by which the platform's commission is found: those in force when the attempt began. Nothing where no scheme
    /// was, or where the payment names something of its own.
    pub fn pricing(&self) -> Option<PricingRulesId> {
        self.rare.as_deref()?.pricing
    }

    pub(crate) fn with_pricing(self, rules: Option<PricingRulesId>) -> Self {
        if rules == self.pricing() { self } else { self.with_rare(|rare| rare.pricing = rules) }
    }

    pub(crate) fn with_commission(self, commission: Option<Commission>) -> Self {
        if commission.as_ref() == self.commission() {
            return self;
        }
        self.with_rare(|rare| rare.commission = commission.map(Box::new))
    }

    /// The transfers that its plan makes out of it, each by its recipient. One exists as soon as there is something to send.
    pub fn split_transfers(&self) -> impl Iterator<Item = (AccountId, TransferId)> + '_ {
        let split = self.split().filter(|split| split.is_numbered());
        let (first, recipients) = split.map_or((0, [].as_slice()), |split| (split.first, split.recipients()));
        let ids = (first..=u16::MAX).map(|ordinal| TransferId::of(self.id.family(), ordinal));
        recipients.iter().map(|(account, _)| *account).zip(ids)
    }

    /// Whether somebody else's share was sent out of it, by a transfer of its own or by the plan of its payment.
    pub(crate) fn has_shares(&self) -> bool {
        self.transfer().is_some() || self.split().is_some()
    }

    /// The charge after a refund of so many minor units asked for the shares of everybody; and how much more of each account's transfer is
    /// to go back. Together they are what goes back of the charge, less the platform's own part.
    // ROUNDING: the running total of what goes back, in the currency in which the charge is booked, cut by the plan's own shares.
    pub(crate) fn pull_back_shares(&self, amount: i64) -> Result<(Self, Vec<(AccountId, i64)>), PaymentError> {
        let refused = self.refuse(PaymentAction::Refund);
        let Some((split, parts, returned)) =
            self.split().and_then(|split| Some((split, split.parts()?, split.returned()?)))
        else {
            return Ok((self.clone(), Vec::new()));
        };
        let asked = split.asked.checked_add(amount).ok_or(refused)?;
        let due = self.settled(asked).and_then(|target| target.checked_sub(returned.whole()));
        let due = due.map_err(PlanError::from)?;
        let next = ChargeSplit { asked, ..split.clone() };
        // What refunds that came to nothing had taken back counts for those to come.
        if !due.is_positive() {
            return Ok((self.clone().with_split(next), Vec::new()));
        }
        let more = parts.give_back(returned, due)?;
        let each = split.recipients.iter().map(|(account, _)| (*account, more.of(*account))).collect();
        let returned = Some(returned.and(&more).map_err(PlanError::from)?);
        Ok((self.clone().with_split(ChargeSplit { returned, ..next }), each))
    }

    /// The charge after a refund of so many minor units that had asked for the shares came to nothing. What it had pulled back stays so.
    pub(crate) fn shares_not_asked(self, amount: i64) -> Self {
        match self.split().cloned() {
            Some(split) => {
                let asked = split.asked.saturating_sub(amount);
                self.with_split(ChargeSplit { asked, ..split })
            }
            None => self,
        }
    }

    /// The charge after so much of what was transferred out of it came back with a refund.
    pub(crate) fn transferred_back(self, amount: i64) -> Self {
        let ChargeState::Succeeded(mut captured) = self.state else { return self };
        captured.transferred = captured.transferred.saturating_sub(amount);
        Self { state: ChargeState::Succeeded(captured), ..self }
    }

    /// What its plan makes of all that was taken of it, in the currency in which it is booked.
    pub(crate) fn parts_of(&self, allotted: &Allotment) -> Result<Allotment, MoneyError> {
        allotted.booked(|minor| self.settled(minor))
    }

    /// That so much of it can be converted for everybody who may get a part.
    pub(crate) fn check_split(&self, amount: Money) -> Result<(), MoneyError> {
        let settled = self.settled(amount.minor())?;
        let recipients = self.split().map_or([].as_slice(), ChargeSplit::recipients);
        recipients.iter().try_for_each(|(_, by)| Conversion::through(*by, settled).map(drop))
    }
}
