//! What the world may tell about accounts, with or without a reason.

use fundroute::accounts::{
    AccountTokenChanged, CapabilityDisabledReason, CapabilityReviewed, CapabilityStatus, CapabilityStopped,
    CheckOutcome, ConnectionRevoked, ExternalAccountChecked, InformationChecked, InquiryChanged, InquiryState,
    Ownership, RejectReason, RejectedByProcessor, Review, ReviewClosed, ReviewOpened, ReviewOutcome, TokenStatus,
};
use fundroute::ids::AccountId;
use fundroute::journal::{Fact, Report};
use fundroute::mirror::{
    PayoutFate, ProviderCharge, ProviderFact, ProviderPayout, ProviderPayoutNews, ProviderRefund, ProviderRefundFailed,
    ProviderTransfer,
};
use fundroute::payments::{
    ChargeReversed, ChargeSucceeded, DisputeCase, DisputeChange, DisputeChanged, DisputeOpened, DisputeReason,
    FraudType, FraudWarned, Named, RefundFailure,
};
use fundroute::payouts::{DebtWrittenOff, PayoutCanceled, PayoutFailed, PayoutPaid, PayoutSubmitted, SpeedReviewed};
use fundroute::prelude::*;
use fundroute::rulebook::{Capability, Check, Impact, RequirementErrorCode, SettlementSpeed};

use super::{Draw, asks};
use crate::stage::{about_refund, about_top_up, about_trace};

/// A fact of the last seconds.
pub(super) fn report(draw: &mut Draw, platform: &Platform) -> Option<Report> {
    let fact = fact(draw, platform)?;
    let ago = i64::try_from(draw.below(3)).unwrap() * 1_000_000;
    let at = Timestamp::from_micros(platform.now().micros() - ago).unwrap();
    Some(Report::new(format!("fact-{}", draw.next()), at, fact))
}

fn fact(draw: &mut Draw, platform: &Platform) -> Option<Fact> {
    let account = draw.one_of(&asks::accounts(platform))?;
    Some(match draw.below(34) {
        31..=33 => Fact::Provider(Box::new(provider(draw, platform, account))),
        30 => Fact::SpeedReviewed(speed(draw, account)),
        28 => Fact::InquiryChanged(inquiry(draw, platform, account)?),
        29 => Fact::CapabilityStopped(idle(account)),
        25 | 26 => {
            let id = draw.one_of(&asks::top_ups(platform))?;
            Fact::TopUp(about_top_up(id, id.into(), u8::try_from(draw.below(10)).unwrap()))
        }
        27 => {
            let amount = Money::new(i64::try_from(draw.below(5_000)).unwrap(), USD);
            Fact::DebtWrittenOff(DebtWrittenOff { account, amount })
        }
        0..=4 => Fact::InformationChecked(checked(draw, platform)?),
        5 => {
            let failed = Ownership::Failed(RequirementErrorCode::VerificationFailedOther);
            let outcome = if draw.toss() { Ownership::Verified } else { failed };
            let external_account = draw.one_of(&asks::banks(platform))?;
            Fact::ExternalAccountChecked(ExternalAccountChecked { external_account, outcome })
        }
        6 => {
            let status = if draw.toss() { TokenStatus::Active } else { TokenStatus::Deactivated };
            let external_account = draw.one_of(&asks::banks(platform))?;
            Fact::AccountTokenChanged(AccountTokenChanged { external_account, status })
        }
        7 => Fact::ConnectionRevoked(ConnectionRevoked { account }),
        8 => {
            let review = if draw.toss() { Review::Listed } else { Review::UnderReview };
            Fact::ReviewOpened(ReviewOpened { account, review })
        }
        9 => {
            let rejected = ReviewOutcome::Rejected(RejectReason::Other);
            let outcome = if draw.toss() { ReviewOutcome::Cleared } else { rejected };
            Fact::ReviewClosed(ReviewClosed { account, outcome })
        }
        10 => Fact::RejectedByProcessor(RejectedByProcessor { account, reason: RejectReason::Listed }),
        11 => {
            let asked = platform.account(account).unwrap().capabilities().iter().map(|state| state.capability());
            let capability = draw.one_of(&asked.collect::<Vec<Capability>>())?;
            let all = [CapabilityStatus::Active, CapabilityStatus::Inactive, CapabilityStatus::Pending];
            let status = draw.one_of(&all)?;
            Fact::CapabilityReviewed(CapabilityReviewed { account, capability, status })
        }
        12 | 13 => {
            let (charge, amount, _) = draw.one_of(&asks::charges(platform))?;
            Fact::ChargeSucceeded(ChargeSucceeded::of(charge, amount))
        }
        16..=18 => about_refund(draw.one_of(&asks::refunds(platform))?, u8::try_from(draw.below(9)).unwrap()),
        19..=22 => return dispute(draw, platform),
        // Of one charge always the same is told.
        23 | 24 => {
            let (charge, amount, _) = draw.one_of(&asks::charges(platform))?;
            Fact::ChargeReversed(ChargeReversed::of(charge, amount))
        }
        14 => {
            let payout = draw.one_of(&asks::payouts(platform))?;
            Fact::PayoutFailed(PayoutFailed { payout, failure_code: "account_closed".to_owned() })
        }
        _ => of_payout(draw, platform)?,
    })
}

/// What a provider tells: always the same of one object.
fn provider(draw: &mut Draw, platform: &Platform, account: AccountId) -> ProviderFact {
    let number = draw.below(6);
    let (us, on, minor) = (platform.id(), utc(2026, 11, 9), 5_00 + 7_00 * i64::try_from(number).unwrap());
    let (reference, charge) = (format!("p{number}"), Named::Reference(format!("p{number}")));
    let amount = usd(minor - 3_00);
    match draw.below(8) {
        0 | 1 => ProviderCharge::new(reference, us, usd(minor), on).fee(30).into(),
        2 => ProviderRefund { reference, charge, amount, fee_returned: 0, available_on: on }.into(),
        3 => ProviderRefund { reference: format!("{reference}b"), charge, amount, fee_returned: 0, available_on: on }
            .into(),
        4 => ProviderRefundFailed { refund: reference, reason: RefundFailure::ExpiredOrCanceledCard }.into(),
        5 => ProviderTransfer {
            reference: format!("{account}/{number}"),
            destination: account.into(),
            charge: Some(charge),
            amount,
            sent_on: on,
            received_on: on,
        }
        .into(),
        6 => ProviderPayout {
            reference,
            account: us.into(),
            amount,
            arrival_date: on,
            automatic: true,
            destination: None,
        }
        .into(),
        _ => {
            let failed = PayoutFate::Failed { failure_code: "could_not_process".to_owned() };
            let fate = draw.one_of(&[PayoutFate::Paid, PayoutFate::Canceled, failed]).unwrap();
            ProviderPayoutNews { payout: reference, fate }.into()
        }
    }
}

fn of_payout(draw: &mut Draw, platform: &Platform) -> Option<Fact> {
    let payout = draw.one_of(&asks::payouts(platform))?;
    Some(match draw.below(6) {
        0 => about_trace(payout, u8::try_from(draw.below(4)).unwrap()),
        5 => Fact::PayoutCanceled(PayoutCanceled { payout }),
        1 | 2 => Fact::PayoutPaid(PayoutPaid { payout }),
        _ => Fact::PayoutSubmitted(PayoutSubmitted { payout }),
    })
}

fn idle(account: AccountId) -> CapabilityStopped {
    let (capability, reason) = (Capability::CardPayments, CapabilityDisabledReason::PausedInactivity);
    CapabilityStopped { account, capability, reason }
}

fn speed(draw: &mut Draw, account: AccountId) -> SpeedReviewed {
    SpeedReviewed { account, speed: if draw.toss() { SettlementSpeed::Established } else { SettlementSpeed::Initial } }
}

fn inquiry(draw: &mut Draw, platform: &Platform, account: AccountId) -> Option<InquiryChanged> {
    let state = draw.one_of(&[InquiryState::Open, InquiryState::Answered, InquiryState::Closed])?;
    let (impact, name) = (draw.one_of(&Impact::ALL)?, format!("interv_{}.url.form", draw.below(3)));
    let deadline = if draw.toss() { platform.now().plus_days(2).ok() } else { None };
    Some(InquiryChanged { account, inquiry: name.parse().unwrap(), state, impact, deadline })
}

/// What the world tells of a charge that somebody contests: always the same of one dispute, of which nothing contradicts the rest.
fn dispute(draw: &mut Draw, platform: &Platform) -> Option<Fact> {
    let (charge, amount, _) = draw.one_of(&asks::charges(platform))?;
    let number = draw.below(DisputeCase::ALL.len());
    let reference = format!("dispute-{number}-{charge}");
    let respond_by = platform.now().midnight().plus_days(7).unwrap();
    let changes = [
        DisputeChange::FundsWithdrawn,
        DisputeChange::FundsWithdrawn,
        DisputeChange::Escalated { respond_by: Some(respond_by) },
        DisputeChange::FundsReinstated,
        DisputeChange::Lost,
        DisputeChange::Won,
        DisputeChange::Appealed { respond_by },
        DisputeChange::Prevented,
    ];
    Some(match draw.below(8) {
        0..=2 => Fact::DisputeOpened(DisputeOpened {
            charge: charge.into(),
            reference,
            amount,
            reason: DisputeReason::General,
            case: DisputeCase::ALL[number],
            network: None,
            respond_by: platform.charge(charge).ok()?.created().plus_days(9).ok(),
            settled: None,
        }),
        3 => {
            let (reference, fraud_type) = (format!("warning-{charge}"), FraudType::Misc);
            Fact::FraudWarned(FraudWarned { charge: charge.into(), reference, fraud_type })
        }
        _ => {
            let dispute = match draw.one_of(&asks::disputes(platform)) {
                Some(known) if draw.toss() => known.into(),
                _ => reference.as_str().into(),
            };
            Fact::DisputeChanged(DisputeChanged { dispute, change: draw.one_of(&changes)? })
        }
    })
}

fn checked(draw: &mut Draw, platform: &Platform) -> Option<InformationChecked> {
    let person = if draw.toss() { draw.one_of(&asks::persons(platform)) } else { None };
    let (account, given) = match person {
        Some(person) => {
            let known = platform.person(person).unwrap();
            (known.account(), known.given())
        }
        None => {
            let account = draw.one_of(&asks::accounts(platform))?;
            (account, platform.profile(platform.account(account).unwrap().profile()).unwrap().given())
        }
    };
    let started: Vec<(Check, u32)> = given.checks().map(|(check, state)| (check, state.revision)).collect();
    let (check, revision) = draw.one_of(&started)?;
    let named = given.fields().map(|(field, _)| Box::from(field)).take(draw.below(2)).collect();
    let failed = CheckOutcome::Failed { code: RequirementErrorCode::VerificationFailedOther, fields: named };
    let outcome = if draw.toss() { CheckOutcome::Verified } else { failed };
    Some(InformationChecked { account, person, check, revision, outcome })
}
