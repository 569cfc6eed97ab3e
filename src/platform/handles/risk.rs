use super::{Risk, pick};
use crate::ids::{AccountId, ReviewId, RiskRuleId};
use crate::platform::{Command, Decided, Error};
use crate::tools::risk::{
    AssignReview, CloseReview, NewRiskRule, OpenReview, ReviewOf, RiskCommand, UpdateRiskRule, Verdict,
};

impl Risk<'_> {
    /// Makes a rule: see [`NewRiskRule`]. With the first one the platform begins to count.
    ///
    /// # Errors
    /// [`RiskError`](crate::tools::risk::RiskError): a name that is missing or too long, a window of no days or too many, a threshold that
    /// the figure cannot be held against or that says nothing, a reserve that makes no sense, or more rules than there can be.
    pub fn create_rule(&mut self, key: &str, rule: NewRiskRule) -> Result<Decided<RiskRuleId>, Error> {
        self.0.run(key, Command::Risk(RiskCommand::CreateRule(rule)), pick!(RiskRule))
    }

    /// Changes a rule from the next look on.
    ///
    /// # Errors
    /// [`Error::NotFound`], and [`RiskError`](crate::tools::risk::RiskError) as of [`create_rule`](Self::create_rule), also where nothing
    /// changes or the rule was removed.
    pub fn update_rule(&mut self, key: &str, update: UpdateRiskRule) -> Result<Decided<RiskRuleId>, Error> {
        self.0.run(key, Command::Risk(RiskCommand::UpdateRule(update)), pick!(RiskRule))
    }

    /// Looks at a rule no longer. The reviews that it has opened stay, with what it has done.
    ///
    /// # Errors
    /// [`Error::NotFound`], and [`RiskError::RuleRemoved`](crate::tools::risk::RiskError::RuleRemoved).
    pub fn remove_rule(&mut self, key: &str, rule: RiskRuleId) -> Result<Decided<RiskRuleId>, Error> {
        self.0.run(key, Command::Risk(RiskCommand::RemoveRule(rule)), pick!(RiskRule))
    }

    /// Holds a connected account against the rules now. What they find are the events `review.opened` of the changes, and the reviews in
    /// them.
    ///
    /// # Errors
    /// [`Error::NotFound`], and [`AccountError::IsPlatform`](crate::accounts::AccountError::IsPlatform).
    pub fn assess(&mut self, key: &str, account: AccountId) -> Result<Decided<AccountId>, Error> {
        self.0.run(key, Command::Risk(RiskCommand::Assess(account)), pick!(Account))
    }

    /// Has a person look at an account, a payment or a payout. That of a payment is closed by itself once the payment is given back in
    /// full, or disputed.
    ///
    /// ```
    /// use fundroute::prelude::*;
    /// use fundroute::simulator::World;
    /// use fundroute::tools::risk::{ClosedReason, ReviewOf};
    ///
    /// let mut platform = Platform::new(NewPlatform::in_country(US), Rulebook::standard(), utc(2026, 11, 2))?;
    /// let mut world = World::new();
    /// let sale = platform.payments().create("order", NewPayment::card(usd(100_00)))?.answer;
    /// world.settle(&mut platform)?;
    /// let review = platform.risk().open_review("odd", ReviewOf::Payment(sale))?.answer;
    /// platform.risk().assign("ana", review, Some("ana"))?;
    ///
    /// platform.refunds().create("back", NewRefund::of(sale))?;
    /// assert_eq!(platform.review(review)?.closed().unwrap().1, ClosedReason::Refunded);
    /// # Ok::<(), Error>(())
    /// ```
    ///
    /// # Errors
    /// [`Error::NotFound`], and [`RiskError::ReviewOpen`](crate::tools::risk::RiskError::ReviewOpen) where somebody wanted one that is still
    /// open.
    pub fn open_review(&mut self, key: &str, of: ReviewOf) -> Result<Decided<ReviewId>, Error> {
        self.0.run(key, Command::Risk(RiskCommand::OpenReview(OpenReview { of })), pick!(Review))
    }

    /// Says who looks at a review, by a name of the host's own, or that nobody does.
    ///
    /// # Errors
    /// [`Error::NotFound`], and [`RiskError`](crate::tools::risk::RiskError): a name that is empty or too long, a review that is closed.
    pub fn assign(&mut self, key: &str, review: ReviewId, to: Option<&str>) -> Result<Decided<ReviewId>, Error> {
        let assign = AssignReview { review, to: to.map(str::to_owned) };
        self.0.run(key, Command::Risk(RiskCommand::AssignReview(assign)), pick!(Review))
    }

    /// Closes a review. Where it is approved, what its rule has done is undone, as far as it still stands; where it is upheld, it stays.
    ///
    /// # Errors
    /// [`Error::NotFound`], and [`RiskError::IllegalTransition`](crate::tools::risk::RiskError::IllegalTransition) for one that is closed.
    pub fn close(&mut self, key: &str, review: ReviewId, verdict: Verdict) -> Result<Decided<ReviewId>, Error> {
        self.0.run(key, Command::Risk(RiskCommand::CloseReview(CloseReview { review, verdict })), pick!(Review))
    }
}
