//! All that a person who answers an account's holder has to know.

use super::{Error, Platform};
use crate::accounts::{Account, DisabledReason, Readiness, RejectedBy, RequirementCollector, RequirementPath};
use crate::calendar::Timestamp;
use crate::ids::{AccountId, ObjectId, PaymentId, PayoutId, ReservePlanId};
use crate::journal::{Concern, HOLDS_LOOKED_UP, Known, Record};
use crate::ledger::Explanation;
use crate::money::{Currency, Money};
use crate::payments::{Charge, ChargeState, PaymentStatus, Refund, RefundState};
use crate::payouts::{Debt, Payout, PayoutState, PayoutStatus, TopUp, TopUpState};
use crate::rulebook::{FailureOf, TurnOf};
use crate::tools::{
    AccountSummary, BalanceSummary, Blocker, Failure, HeldBack, HeldBy, OpenDispute, PayoutUnderWay, Warning,
};

/// Reading. Nothing here changes anything.
impl Platform {
    /// All that a person who answers an account's holder has to know: what the account can do and what stands in its way, its balances and
    /// what made them so, what is paid out next and what is on its way, what has failed and what to do about it, open disputes and fraud
    /// warnings, and what was done for a reason. It prints as a page, and everything in it can be looked up further.
    ///
    /// It reads what belongs to the account, and not the rest. Transfers either happen or are refused, so none has failed.
    ///
    /// ```
    /// use fundroute::prelude::*;
    /// use fundroute::simulator::World;
    ///
    /// let (mut platform, mut world) =
    ///     (Platform::new(NewPlatform::in_country(US), Rulebook::standard(), utc(2026, 11, 2))?, World::new());
    /// let jo = world.onboard(&mut platform, NewAccount::express(US))?;
    /// platform.payments().create("order", NewPayment::card(usd(100_00)).destination(jo))?;
    /// world.settle(&mut platform)?;
    ///
    /// let summary = platform.account_summary(jo)?;
    /// assert_eq!((summary.balances[0].balance.pending, summary.next_payouts.len()), (100_00, 1));
    /// assert!(summary.blockers.is_empty() && summary.failures.is_empty());
    /// assert!(summary.to_string().contains("takes payments: yes, is paid out: yes"));
    /// # Ok::<(), Error>(())
    /// ```
    ///
    /// # Errors
    /// [`Error::NotFound`]; on a partial platform [`Error::HistoryNotKept`].
    pub fn account_summary(&self, account: AccountId) -> Result<AccountSummary, Error> {
        let known = self.account(account)?;
        self.history_is_kept()?;
        let readiness = self.readiness(account)?;
        let mut debts = self.who_owes(account)?;
        let held = self.held_currencies(account);
        let balances = held.into_iter().map(|currency| self.balance_summary_of(account, currency, &mut debts));
        Ok(AccountSummary {
            account,
            at: self.now(),
            blockers: blockers(known, &readiness),
            readiness,
            balances: balances.collect::<Result<_, _>>()?,
            next_payouts: self.upcoming(account)?,
            under_way: self.payouts_under_way(account),
            failures: self.failures(account),
            disputes: self.disputes_open_of(account),
            warnings: self.warnings(account)?,
            done: self.actions(self.latest(account, Concern::Done)).cloned().collect(),
        })
    }

    fn held_currencies(&self, account: AccountId) -> Vec<Currency> {
        Currency::all().filter(|currency| self.state.holdings.get(account, *currency).is_some()).collect()
    }

    /// The last objects of which this has to be known, the latest first.
    fn latest(&self, account: AccountId, concern: Concern) -> Vec<ObjectId> {
        self.state.concerns(account, concern).take(AccountSummary::LATEST).collect()
    }

    fn balance_summary_of(
        &self,
        account: AccountId,
        currency: Currency,
        debts: &mut Vec<Debt>,
    ) -> Result<BalanceSummary, Error> {
        let balance = self.balance(account, currency)?;
        let debt = debts.iter().position(|debt| debt.currency == currency).map(|place| debts.swap_remove(place));
        let entries = self.state.latest(account, currency).take(AccountSummary::LATEST);
        let latest: Vec<Explanation> =
            entries.flat_map(|booked| self.steps(booked, account, currency).into_iter().rev()).collect();
        Ok(BalanceSummary {
            balance,
            becomes_available: self.pending(account, currency),
            held_back: self.held_back(account, currency, balance.risk_reserved),
            debt,
            next_run: self.next_payout(account, currency),
            suspended: self.payout_suspension(account, currency)?,
            latest,
        })
    }

    /// What holds money of a balance back. What no hold of the platform's comes to is the processor's.
    fn held_back(&self, account: AccountId, currency: Currency, reserved: i128) -> Vec<HeldBack> {
        if reserved == 0 {
            return Vec::new();
        }
        let plan = |record: &Record| if let Record::ReservePlan(plan) = record { Some(plan.id()) } else { None };
        let plans = self.family(account).filter_map(plan).filter_map(|plan| self.held_by_plan(plan, currency));
        let mut held: Vec<HeldBack> = plans.collect();
        for id in self.state.concerns(account, Concern::Held) {
            if let Some((Record::ReserveHold(hold), _)) = self.state.records.get(id)
                && hold.amount_releasable().currency() == currency
            {
                let amount = i128::from(hold.amount_releasable().minor());
                held.push(HeldBack { by: HeldBy::Hold(hold.id()), amount, until: Some(hold.scheduled_release()) });
            }
        }
        // INVARIANT: sums of i64 in i128: saturation is never reached.
        let left = held.iter().fold(reserved, |left, held| left.saturating_sub(held.amount));
        if left != 0 {
            held.push(HeldBack { by: HeldBy::Processor, amount: left, until: None });
        }
        held
    }

    fn held_by_plan(&self, plan: ReservePlanId, currency: Currency) -> Option<HeldBack> {
        let mut held = HeldBack { by: HeldBy::Plan(plan), amount: 0, until: None };
        let mut after = None;
        while let Known::Here(ids) = self.state.held_by(plan, after) {
            for hold in ids.iter().filter_map(|id| self.reserve_hold(*id).ok()) {
                let left = hold.amount_releasable();
                if left.currency() == currency {
                    held.amount = held.amount.saturating_add(left.minor().into());
                    held.until = [held.until, Some(hold.scheduled_release())].into_iter().flatten().min();
                }
            }
            after = ids.last().copied();
            if ids.len() < HOLDS_LOOKED_UP {
                break;
            }
        }
        (held.amount != 0).then_some(held)
    }

    fn payouts_under_way(&self, account: AccountId) -> Vec<PayoutUnderWay> {
        let Known::Here(ids) = self.state.under_way(account) else { return Vec::new() };
        let payouts = ids.into_iter().filter_map(|id| self.payout(id).ok());
        let told = payouts.map(|payout| PayoutUnderWay {
            payout: payout.id(),
            amount: payout.amount(),
            status: payout.status(),
            arrival_date: payout.arrival_date(),
            is_overdue: payout.is_overdue(),
            is_held: payout.is_held(),
        });
        told.collect()
    }

    fn disputes_open_of(&self, account: AccountId) -> Vec<OpenDispute> {
        let ids = self.state.concerns(account, Concern::Open);
        let records = ids.filter_map(|id| self.state.records.get(id));
        let told = records.filter_map(|(record, _)| {
            let Record::Dispute(dispute) = record else { return None };
            Some(OpenDispute {
                dispute: dispute.id(),
                charge: dispute.charge(),
                amount: dispute.amount(),
                reason: dispute.reason(),
                status: dispute.status(),
                respond_by: dispute.respond_by(),
            })
        });
        let mut disputes: Vec<OpenDispute> = told.collect();
        disputes.sort_by_key(|dispute| (dispute.respond_by.is_none(), dispute.respond_by, dispute.dispute));
        disputes
    }

    fn warnings(&self, account: AccountId) -> Result<Vec<Warning>, Error> {
        let mut told = Vec::new();
        for id in self.latest(account, Concern::Warned) {
            if let Some((Record::EarlyFraudWarning(warning), _)) = self.state.records.get(id)
                && self.is_actionable(warning.id())?
            {
                let (warning, charge, fraud_type) = (warning.id(), warning.charge(), warning.fraud_type());
                told.push(Warning { warning, charge, fraud_type, at: self.early_fraud_warning(warning)?.created() });
            }
        }
        Ok(told)
    }

    fn failures(&self, account: AccountId) -> Vec<Failure> {
        let records = self.latest(account, Concern::Failed).into_iter().filter_map(|id| self.state.records.get(id));
        records.filter_map(|(record, _)| self.failure(record)).collect()
    }

    /// What has failed with an object, and what can be done about it.
    fn failure(&self, record: &Record) -> Option<Failure> {
        let told = if let Record::Charge(charge) = record {
            self.failed_charge(charge)?
        } else if let Record::Payout(payout) = record {
            self.failed_payout(payout)?
        } else if let Record::Refund(refund) = record {
            failed_refund(refund)?
        } else if let Record::TopUp(top_up) = record {
            failed_top_up(top_up)?
        } else {
            return None;
        };
        let code = told.code.as_deref();
        let advice = code.and_then(|code| self.rulebook().failure_advice(told.of, code));
        let bank = code.filter(|_| matches!(told.of, FailureOf::Debit | FailureOf::Payout));
        let by_bank = bank.and_then(|code| self.rulebook().payout_failure(code)).map(|rule| rule.meaning());
        let meaning = advice.and_then(|advice| advice.meaning()).or(by_bank).map(str::to_owned);
        let who = advice.map(|advice| advice.who());
        let what_to_do = advice.map(|advice| advice.what_to_do().to_owned());
        Some(Failure { meaning, who, what_to_do, ..told })
    }

    fn failed_charge(&self, charge: &Charge) -> Option<Failure> {
        let (at, code, amount) = match (charge.state(), charge.reversal()) {
            (ChargeState::Failed { at, failure }, _) => {
                (*at, Some(failure.decline_code().unwrap_or(failure.code())), charge.amount())
            }
            (_, Some(reversal)) => {
                let amount = Money::new(reversal.amount(), charge.amount().currency());
                (reversal.at(), reversal.failure().map(|failure| failure.as_str()), amount)
            }
            (
                ChargeState::Pending { .. }
                | ChargeState::Authorized
                | ChargeState::Released { .. }
                | ChargeState::Succeeded(_),
                None,
            ) => return None,
        };
        let payment = self.payment(PaymentId::of(charge.id().family(), 0)).ok();
        let is_collected = payment.is_some_and(|payment| {
            payment.status() == PaymentStatus::Succeeded && payment.latest_charge() != Some(charge.id())
        });
        Some(Failure { is_made_good: is_collected, ..failed(FailureOf::Payment, charge.id().into(), at, amount, code) })
    }

    fn failed_payout(&self, payout: &Payout) -> Option<Failure> {
        let PayoutState::Failed { failed_at, failure_code } = payout.state() else { return None };
        let of = if payout.is_debit() { FailureOf::Debit } else { FailureOf::Payout };
        let told = failed(of, payout.id().into(), *failed_at, payout.amount(), Some(failure_code));
        Some(Failure { is_made_good: self.has_arrived_since(payout), ..told })
    }

    /// Whether a payout was sent again, and has arrived so.
    fn has_arrived_since(&self, payout: &Payout) -> bool {
        let next = |id: PayoutId| self.payout(id).ok();
        // INVARIANT: each is younger than the one before it, so the chain ends.
        let tries =
            std::iter::successors(payout.resent_as().and_then(next), |payout| payout.resent_as().and_then(next));
        tries.into_iter().any(|payout| payout.status() == PayoutStatus::Paid)
    }
}

fn failed(of: FailureOf, object: ObjectId, at: Timestamp, amount: Money, code: Option<&str>) -> Failure {
    let code = code.map(str::to_owned);
    Failure { of, object, at, amount, code, meaning: None, who: None, what_to_do: None, is_made_good: false }
}

fn failed_refund(refund: &Refund) -> Option<Failure> {
    let RefundState::Failed { at, reason } = refund.state() else { return None };
    Some(failed(FailureOf::Refund, refund.id().into(), *at, refund.amount(), Some(reason.as_str())))
}

fn failed_top_up(top_up: &TopUp) -> Option<Failure> {
    let (at, code) = match top_up.state() {
        TopUpState::Failed { failed_at, failure_code } => (*failed_at, Some(&**failure_code)),
        TopUpState::Reversed { reversed_at, .. } => (*reversed_at, None),
        TopUpState::Pending | TopUpState::Succeeded { .. } | TopUpState::Canceled { .. } => return None,
    };
    Some(failed(FailureOf::Debit, top_up.id().into(), at, top_up.amount(), code))
}

/// What stands in the way of what an account asked for, and whose turn it is.
fn blockers(account: &Account, readiness: &Readiness) -> Vec<Blocker> {
    let is_ours = |collector| collector == RequirementCollector::Application;
    let gives = match account.controller() {
        Some(controller) if is_ours(controller.requirements) => TurnOf::Platform,
        Some(_) => TurnOf::Holder,
        None => TurnOf::Platform,
    };
    let reason = readiness.disabled_reason.map(|reason| {
        let who = match reason {
            DisabledReason::Rejected(RejectedBy::Platform, _)
            | DisabledReason::PlatformPaused
            | DisabledReason::ActionRequiredRequestedCapabilities => TurnOf::Platform,
            DisabledReason::Rejected(RejectedBy::Processor, _)
            | DisabledReason::Listed
            | DisabledReason::UnderReview
            | DisabledReason::RequirementsPendingVerification
            | DisabledReason::Other => TurnOf::Processor,
            DisabledReason::RequirementsPastDue => gives,
        };
        Blocker { what: reason.as_str().to_owned(), who }
    });
    let path = |who| move |path: &RequirementPath| Blocker { what: path.as_str().to_owned(), who };
    let asked = readiness.blocked_by.iter().map(path(gives));
    let checked = readiness.waiting_for.iter().map(path(TurnOf::Processor));
    reason.into_iter().chain(asked).chain(checked).collect()
}
