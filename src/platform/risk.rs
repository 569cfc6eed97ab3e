//! Rules over accounts, what follows when one holds, and reviews.

use super::figures::risk_rules_id;
use super::{Error, Transaction};
use crate::accounts::{Account, Action, SetPause};
use crate::ids::{AccountId, ObjectId, PaymentId, ReviewId, RiskDayId, RiskRuleId};
use crate::journal::{Answer, Digest, Key};
use crate::money::Currency;
use crate::payments::PaymentIntent;
use crate::payouts::{DisableReservePlan, NewReservePlan, Payout, ReserveError, ReservePlan, ReservePlanState};
use crate::tools::risk::{
    AssignReview, CloseReview, ClosedReason, Finding, Measure, NewRiskRule, OpenReview, OpenedReason, Review, ReviewOf,
    RiskCommand, RiskDay, RiskError, RiskEvent, RiskOutcome, RiskRule, RiskRules, UpdateRiskRule, Verdict,
};

impl Transaction<'_> {
    pub(super) fn execute_risk(&mut self, on: Option<AccountId>, command: &RiskCommand) -> Result<Answer, Error> {
        match command {
            RiskCommand::CreateRule(command) => self.create_risk_rule(on, command).map(Answer::RiskRule),
            RiskCommand::UpdateRule(command) => self.update_risk_rule(on, command).map(Answer::RiskRule),
            RiskCommand::RemoveRule(rule) => self.remove_risk_rule(on, *rule).map(Answer::RiskRule),
            RiskCommand::Assess(account) => self.assess_risk(on, *account).map(Answer::Account),
            RiskCommand::OpenReview(command) => self.open_review(on, *command).map(Answer::Review),
            RiskCommand::AssignReview(command) => self.assign_review(on, command).map(Answer::Review),
            RiskCommand::CloseReview(command) => self.close_review(on, *command).map(Answer::Review),
        }
    }

    /// The platform's rules; with the first of them, or the first review, it begins to count.
    fn begun_rules(&mut self) -> Result<RiskRules, Error> {
        let id = risk_rules_id(self.platform);
        if let Some(rules) = self.find::<RiskRules>(id)? {
            return Ok(rules.into_owned());
        }
        let platform = self.get::<Account>(self.platform)?;
        self.put(platform.with_risk_counted());
        let rules = RiskRules::new(id.family(), self.now);
        self.put(rules.clone());
        Ok(rules)
    }

    fn create_risk_rule(&mut self, on: Option<AccountId>, command: &NewRiskRule) -> Result<RiskRuleId, Error> {
        command.check(self.now, self.rulebook.reserve_limit())?;
        Self::platform_only(on)?;
        let (rules, rule) = self.begun_rules()?.with_new(command, self.now)?;
        let id = rule.id();
        self.put(rules);
        self.put(rule);
        Ok(id)
    }

    /// A rule of the platform's.
    fn risk_rule(&mut self, id: RiskRuleId) -> Result<RiskRule, Error> {
        Ok(self.get::<RiskRule>(id)?.into_owned())
    }

    fn update_risk_rule(&mut self, on: Option<AccountId>, command: &UpdateRiskRule) -> Result<RiskRuleId, Error> {
        if *command == UpdateRiskRule::of(command.rule) {
            return Err(RiskError::NothingToChange.into());
        }
        let rule = self.risk_rule(command.rule)?;
        Self::platform_only(on)?;
        let next = rule.updated(command, self.now, self.rulebook.reserve_limit())?;
        self.put(next);
        if command.place.is_some() {
            let rules = self.begun_rules()?.placed(command.rule.ordinal(), command.place);
            self.put(rules);
        }
        Ok(command.rule)
    }

    fn remove_risk_rule(&mut self, on: Option<AccountId>, id: RiskRuleId) -> Result<RiskRuleId, Error> {
        let rule = self.risk_rule(id)?;
        Self::platform_only(on)?;
        self.put(rule.remove(self.now)?);
        let rules = self.begun_rules()?.without(id.ordinal());
        self.put(rules);
        Ok(id)
    }
}

/// Looking at accounts.
impl Transaction<'_> {
    fn assess_risk(&mut self, on: Option<AccountId>, id: AccountId) -> Result<AccountId, Error> {
        self.connected(id)?;
        Self::platform_only(on)?;
        self.hold_against_rules(id)?;
        Ok(id)
    }

    /// The day is over on which something of an account was counted.
    pub(super) fn assess_day(&mut self, id: RiskDayId) -> Result<(), Error> {
        let Some(day) = self.find::<RiskDay>(id)?.map(super::transaction::Seen::into_owned) else { return Ok(()) };
        if day.due() != Some(self.now) {
            return Ok(());
        }
        self.put(day.looked_at());
        self.hold_against_rules(day.account())
    }

    /// Holds an account against each rule in its turn.
    // INVARIANT: nothing but what has to be loaded stops it: a deadline asks for it.
    fn hold_against_rules(&mut self, id: AccountId) -> Result<(), Error> {
        let Some(rules) = self.find::<RiskRules>(risk_rules_id(self.platform))?.map(|rules| rules.into_owned()) else {
            return Ok(());
        };
        for rule in rules.rules() {
            let rule = self.risk_rule(rule)?;
            if !rule.is_enabled() {
                continue;
            }
            let account = self.get::<Account>(id)?;
            let condition = *rule.condition();
            let (currency, value) = self.figure_of(&account, &condition)?;
            let Some(value) = value.filter(|value| condition.holds(*value)) else { continue };
            let outcome = rule.outcome();
            if outcome == RiskOutcome::Allow {
                return Ok(());
            }
            let case = self.case_of(rule.id(), id);
            if self.is_quiet(case)? {
                continue;
            }
            let measure = self.take_measure(id, outcome, condition.named_currency())?;
            let finding = Finding { rule: rule.id(), condition, currency, value, outcome, measure };
            let review = self.new_review((ReviewOf::Account(id), id), OpenedReason::Rule(finding))?;
            self.put_reference(case, Some(review.into()))?;
        }
        Ok(())
    }

    /// The name under which the latest review is found that a rule has opened of an account.
    fn case_of(&self, rule: RiskRuleId, account: AccountId) -> Digest {
        self.reference_of("risk case", &format!("{rule} {account}")).name
    }

    /// Whether a rule has nothing more to say of an account for now.
    fn is_quiet(&mut self, case: Digest) -> Result<bool, Error> {
        self.want(&[Key::Reference(case)])?;
        let Some(ObjectId::Review(review)) = self.reference(case)? else { return Ok(false) };
        let review = self.get::<Review>(review)?;
        Ok(review.quiet_until().is_none_or(|until| self.now < until))
    }

    /// Does what has to follow, as the platform would by hand.
    fn take_measure(
        &mut self,
        id: AccountId,
        outcome: RiskOutcome,
        currency: Option<Currency>,
    ) -> Result<Measure, Error> {
        match outcome {
            RiskOutcome::Allow | RiskOutcome::Review => Ok(Measure::None),
            RiskOutcome::HoldPayouts => self.pause_for_risk(id, false),
            RiskOutcome::Pause => self.pause_for_risk(id, true),
            RiskOutcome::SetReserve { percent, days } => {
                let plan = NewReservePlan { currency, ..NewReservePlan::rolling(id, percent, days) };
                // INVARIANT: a plan that is refused has written nothing.
                match self.create_reserve_plan(None, &plan) {
                    Ok(plan) => Ok(Measure::Reserved(plan)),
                    Err(Error::Reserve(ReserveError::PlanInForce(_))) => Ok(Measure::InForce),
                    Err(error) if error.is_about_loading() => Err(error),
                    Err(_) => Ok(Measure::Impossible),
                }
            }
        }
    }

    /// Whether the platform may do that to an account.
    fn may(&mut self, account: &Account, action: Action) -> Result<bool, Error> {
        match self.permit(account, action) {
            Ok(()) => Ok(true),
            Err(error) if error.is_about_loading() => Err(error),
            Err(_) => Ok(false),
        }
    }

    fn pause_for_risk(&mut self, id: AccountId, stops_payments: bool) -> Result<Measure, Error> {
        let account = self.connected(id)?;
        if !self.may(&account, Action::Pause)? {
            return Ok(Measure::Impossible);
        }
        let standing = account.standing();
        let payments = stops_payments && !standing.payments_paused;
        let payouts = !standing.payouts_paused;
        if !payments && !payouts {
            return Ok(Measure::InForce);
        }
        self.stand(&account, standing.pause(payments.then_some(true), payouts.then_some(true)))?;
        Ok(Measure::Paused { payments, payouts })
    }
}

/// Reviews.
impl Transaction<'_> {
    /// Opens a review; those of one transaction share a family.
    fn new_review(&mut self, of: (ReviewOf, AccountId), reason: OpenedReason) -> Result<ReviewId, Error> {
        let family = self.new_family(None)?;
        let opened = self.members(family).iter().filter(|id| matches!(id, ObjectId::Review(_))).count();
        let id = ReviewId::of(family, u16::try_from(opened).unwrap_or(u16::MAX));
        self.put(Review::new(id, of, reason, self.now));
        self.event(RiskEvent::ReviewOpened, id, None);
        Ok(id)
    }

    /// The name under which the latest review is found that somebody wanted of an object.
    fn review_of(&self, of: ReviewOf) -> Digest {
        self.reference_of("review", &ObjectId::from(of).to_string()).name
    }

    fn open_review(&mut self, on: Option<AccountId>, command: OpenReview) -> Result<ReviewId, Error> {
        let account = match command.of {
            ReviewOf::Account(id) => self.connected(id)?.id(),
            ReviewOf::Payment(id) => self.get::<PaymentIntent>(id)?.seller().unwrap_or(self.platform),
            ReviewOf::Payout(id) => self.get::<Payout>(id)?.account(),
        };
        Self::platform_only(on)?;
        let name = self.review_of(command.of);
        self.want(&[Key::Reference(name)])?;
        if let Some(ObjectId::Review(known)) = self.reference(name)?
            && self.get::<Review>(known)?.is_open()
        {
            return Err(RiskError::ReviewOpen(known).into());
        }
        self.begun_rules()?;
        let id = self.new_review((command.of, account), OpenedReason::Manual)?;
        self.put_reference(name, Some(id.into()))?;
        Ok(id)
    }

    fn assign_review(&mut self, on: Option<AccountId>, command: &AssignReview) -> Result<ReviewId, Error> {
        command.check()?;
        let review = self.get::<Review>(command.review)?;
        Self::platform_only(on)?;
        let next = review.assign(command.to.as_deref())?;
        self.put(next);
        Ok(command.review)
    }

    fn close_review(&mut self, on: Option<AccountId>, command: CloseReview) -> Result<ReviewId, Error> {
        let review = self.get::<Review>(command.review)?.into_owned();
        Self::platform_only(on)?;
        let next = review.close(command.verdict, self.now)?;
        if let (Verdict::Approve, Some(finding)) = (command.verdict, review.finding()) {
            self.undo(review.account(), finding.measure)?;
        }
        self.put(next);
        self.event(RiskEvent::ReviewClosed, command.review, None);
        Ok(command.review)
    }

    /// Undoes what a rule has done, as far as it still stands and the platform still may: an account that has left it is no hindrance.
    fn undo(&mut self, id: AccountId, measure: Measure) -> Result<(), Error> {
        match measure {
            Measure::None | Measure::InForce | Measure::Impossible => Ok(()),
            Measure::Paused { payments, payouts } => {
                let account = self.connected(id)?;
                if !self.may(&account, Action::Pause)? {
                    return Ok(());
                }
                let (payments, payouts) = (payments.then_some(false), payouts.then_some(false));
                self.set_pause(None, &SetPause { account: id, payments, payouts }).map(drop)
            }
            Measure::Reserved(plan) => {
                let (account, known) = (self.connected(id)?, self.get::<ReservePlan>(plan)?);
                let is_active = matches!(known.state(), ReservePlanState::Active);
                if !is_active || !self.may(&account, Action::Reserve)? {
                    return Ok(());
                }
                self.disable_reserve_plan(None, DisableReservePlan { plan }).map(drop)
            }
        }
    }

    /// A payment came back to its payer, or was disputed: nobody has to look at it any more.
    pub(super) fn end_review(&mut self, payment: PaymentId, reason: ClosedReason) -> Result<(), Error> {
        if self.counts_since()?.is_none() {
            return Ok(());
        }
        let name = self.review_of(ReviewOf::Payment(payment));
        self.want(&[Key::Reference(name)])?;
        let Some(ObjectId::Review(id)) = self.reference(name)? else { return Ok(()) };
        let review = self.get::<Review>(id)?;
        let Some(next) = review.end(reason, self.now) else { return Ok(()) };
        if review.is_open() {
            self.event(RiskEvent::ReviewClosed, id, None);
        }
        self.put(next);
        Ok(())
    }
}
