//! What anybody may ask about accounts, in whatever form.

use std::collections::BTreeMap;

use fundroute::accounts::{
    AccountNumber, Actor, Authorize, CloseAccount, ExchangeCode, Information, Landing, Metadata, NewAccountLink,
    NewAccountSession, NewDestination, NewExternalAccount, NewPerson, OutsideAccount, PayoutsAction, Placement,
    RejectAccount, RejectReason, Relationship, RequestCapability, Routing, Scope, SetPause, UnrejectAccount,
    UpdateExternalAccount,
};
use fundroute::calendar::{Recurrence, StartOfDay};
use fundroute::ids::{
    AccountId, ApplicationId, ChargeId, DisputeId, ExternalAccountId, PaymentId, PayoutId, PersonId, RefundId,
    ReserveHoldId, ReservePlanId, TopUpId, TransferId,
};
use fundroute::journal::Record;
use fundroute::money::{Currency, Money, Rate};
use fundroute::payments::{CancelRefund, NewPayment, NewRefund, SubmitEvidence};
use fundroute::payouts::{
    CancelPayout, CancelTopUp, DisableReservePlan, LockPayoutSchedule, NewPayout, NewReserveHold, NewReservePlan,
    NewReserveRelease, NewTopUp, PayoutSchedule, ResendPayout, ReserveCommand, ReversePayout, SetDebitNegativeBalances,
    SetDelayDays, SetInstantPrice, SetMinimumBalance, SetPayoutSchedule, SetSettlementCurrency, SetStartOfDay,
    TimingCommand, UpdateTopUp,
};
use fundroute::prelude::*;
use fundroute::routing::{Fee, NewTransfer, NewTransferReturn, SetExchangeRate};
use fundroute::rulebook::{
    AccountKind, BusinessType, Capability, Country, DocumentFile, FilePurpose, FileType, PersonRole, Subject,
};
use fundroute::tools::Attribution;
use fundroute::tools::risk::{
    AssignReview, CloseReview, Condition, Figure, NewRiskRule, OpenReview, ReviewOf, RiskCommand, RiskOutcome,
    UpdateRiskRule, Verdict,
};

use super::Draw;

const JUNK: [&str; 10] = [
    "",
    " ",
    "true",
    "000000000",
    "1901-01-01",
    "2010-02-29",
    "\u{0}\u{202e}ü漢字🦀",
    "9999-12-31",
    "-1",
    "file_identity_document_success",
];

const OF_PERSONS: [&str; 16] = [
    "first_name",
    "last_name",
    "dob",
    "ssn_last_4",
    "id_number",
    "address.line1",
    "address.city",
    "address.postal_code",
    "address.country",
    "email",
    "phone",
    "verification.document",
    "verification.additional_document",
    "relationship.title",
    "relationship.percent_ownership",
    "nationality",
];

const OF_ACCOUNTS: [&str; 8] = [
    "business_type",
    "business_profile.mcc",
    "business_profile.url",
    "business_profile.product_description",
    "tos_acceptance.date",
    "tos_acceptance.ip",
    "documents.bank_account_ownership_verification",
    "relationship.owner",
];

const OF_COMPANIES: [&str; 8] = [
    "company.name",
    "company.tax_id",
    "company.structure",
    "company.address.line1",
    "company.address.city",
    "company.owners_provided",
    "company.phone",
    "company.verification.document",
];

const ROLES: [PersonRole; 5] = [
    PersonRole::Representative,
    PersonRole::Owner,
    PersonRole::Executive,
    PersonRole::Director,
    PersonRole::LegalGuardian,
];

const CAPABILITIES: [Capability; 5] = [
    Capability::CardPayments,
    Capability::Transfers,
    Capability::LinkPayments,
    Capability::LegacyPayments,
    Capability::UsBankAccountAchPayments,
];

fn found<T>(platform: &Platform, pick: impl Fn(&Record) -> Option<T>) -> Vec<T> {
    platform.records().filter_map(pick).collect()
}

pub(super) fn accounts(platform: &Platform) -> Vec<AccountId> {
    found(platform, |record| if let Record::Account(known) = record { Some(known.id()) } else { None })
}

pub(super) fn persons(platform: &Platform) -> Vec<PersonId> {
    found(platform, |record| if let Record::Person(known) = record { Some(known.id()) } else { None })
}

pub(super) fn banks(platform: &Platform) -> Vec<ExternalAccountId> {
    found(platform, |record| if let Record::ExternalAccount(known) = record { Some(known.id()) } else { None })
}

pub(super) fn charges(platform: &Platform) -> Vec<(ChargeId, Money, PaymentId)> {
    found(platform, |record| {
        let Record::Charge(known) = record else { return None };
        Some((known.id(), known.amount(), known.payment()))
    })
}

pub(super) fn disputes(platform: &Platform) -> Vec<DisputeId> {
    found(platform, |record| if let Record::Dispute(known) = record { Some(known.id()) } else { None })
}

pub(super) fn payouts(platform: &Platform) -> Vec<PayoutId> {
    found(platform, |record| if let Record::Payout(known) = record { Some(known.id()) } else { None })
}

pub(super) fn top_ups(platform: &Platform) -> Vec<TopUpId> {
    found(platform, |record| if let Record::TopUp(known) = record { Some(known.id()) } else { None })
}

pub(super) fn refunds(platform: &Platform) -> Vec<RefundId> {
    found(platform, |record| if let Record::Refund(known) = record { Some(known.id()) } else { None })
}

fn transfers(platform: &Platform) -> Vec<TransferId> {
    found(platform, |record| if let Record::Transfer(known) = record { Some(known.id()) } else { None })
}

fn codes(platform: &Platform) -> Vec<String> {
    found(platform, |record| if let Record::Connection(known) = record { Some(known.code()) } else { None })
}

fn junk(draw: &mut Draw) -> String {
    match draw.below(12) {
        0 => "ß".repeat(draw.below(5_000)),
        1 => (0..draw.below(40))
            .map(|_| u32::try_from(draw.next() % 0x11_0000).ok().and_then(char::from_u32).unwrap_or('x'))
            .collect(),
        other => JUNK[other - 2].to_owned(),
    }
}

fn fields(draw: &mut Draw, platform: &Platform, country: Country, of_person: bool) -> BTreeMap<Box<str>, String> {
    let mut fields = BTreeMap::new();
    for _ in 0..1 + draw.below(3) {
        let (subject, path) = match if of_person { 0 } else { draw.below(3) } {
            0 => (Subject::Person, draw.one_of(&OF_PERSONS).unwrap()),
            1 => (Subject::Account, draw.one_of(&OF_ACCOUNTS).unwrap()),
            _ => (Subject::Company, draw.one_of(&OF_COMPANIES).unwrap()),
        };
        let value = match (draw.below(16), path, platform.rulebook().field(subject, path)) {
            (0, _, _) | (_, _, None) => junk(draw),
            (_, "business_type", _) => draw.one_of(&["individual", "company", "non_profit"]).unwrap().to_owned(),
            (_, "company.structure", _) => draw.one_of(&["private_company", "public_company"]).unwrap().to_owned(),
            (_, _, Some(rule)) => rule.test_value(country).to_owned(),
        };
        let prefix = if !of_person && subject == Subject::Person { "individual." } else { "" };
        let name = if draw.below(60) == 0 { junk(draw) } else { format!("{prefix}{path}") };
        fields.insert(name.into(), value);
    }
    fields
}

fn relationship(draw: &mut Draw) -> Relationship {
    let roles: Vec<PersonRole> = (0..draw.below(3)).map(|_| draw.one_of(&ROLES).unwrap()).collect();
    let relationship = Relationship::of(roles);
    if draw.toss() { relationship.owning(draw.one_of(&[0, 25, 50, 100, 101, 65_535]).unwrap()) } else { relationship }
}

/// A request about an account: mostly by who may make it, now and then by anybody, in anybody's name.
pub(super) fn request(draw: &mut Draw, platform: &Platform) -> Option<Request> {
    let all = accounts(platform);
    let account = draw.one_of(&all)?;
    let (command, by) = match draw.below(8) {
        0..=2 => (Some(Command::ProvideInformation(told(draw, platform, account)?)), None),
        3 => (about_persons_and_banks(draw, platform, account), None),
        4 => (about_standing(draw, platform, account), Some((Actor::Platform, None))),
        5 => (about_payouts(draw, platform, account), Some((Actor::Platform, Some(account)))),
        _ => (about_money(draw, platform, account), Some((Actor::Platform, None))),
    };
    let either = if draw.toss() { (Actor::Platform, None) } else { (Actor::Holder, Some(account)) };
    let (actor, acting) = match draw.below(12) {
        0 => (Actor::Holder, Some(account)),
        1 => (Actor::Extension(Scope::ReadWrite), Some(account)),
        2 => (Actor::Platform, draw.one_of(&all)),
        _ => by.unwrap_or(either),
    };
    let extension = draw.toss().then(|| ApplicationId::from_host([u8::from(draw.toss()); 14]));
    // Now and then a key comes a second time.
    let key = format!("key-{}", draw.next() % 2_000);
    let reason = if draw.next().is_multiple_of(8) { "\n" } else { "the holder asked for it" };
    let attribution = draw.toss().then(|| Attribution::staff("s-17", reason));
    Some(Request { key, account: acting, actor, extension, attribution, command: command? })
}

fn told(draw: &mut Draw, platform: &Platform, account: AccountId) -> Option<Information> {
    if draw.below(3) > 0 {
        let country = platform.account(account).unwrap().country();
        let told = Information { fields: fields(draw, platform, country, false), ..Information::about(account) };
        return Some(behind_a_token(draw, "ct", told));
    }
    let person = draw.one_of(&persons(platform))?;
    let country = platform.account(platform.person(person).unwrap().account()).unwrap().country();
    let relationship = if draw.toss() { Some(relationship(draw)) } else { None };
    let fields = fields(draw, platform, country, true);
    let told = Information { fields, relationship, ..Information::about_person(person) };
    Some(behind_a_token(draw, "cpt", told))
}

/// Now and then some of it behind a token, which may have been used, or with a file that nobody has seen like that.
fn behind_a_token(draw: &mut Draw, kind: &str, told: Information) -> Information {
    let token = format!("{kind}_{}", draw.below(40)).parse().unwrap();
    let names = ["individual.dob", "company.name", "first_name", "tos_acceptance.ip", "business_type", "shoes"];
    let file = DocumentFile::new(FilePurpose::IdentityDocument, FileType::Pdf, draw.next() % 20_000_000);
    match draw.below(8) {
        0 => told.sealed(token, names.into_iter().take(draw.below(7))),
        1 => told.sealed(token, [names[draw.below(4)]]),
        2 => told.attach("documents.company_license", "file_1", file),
        _ => told,
    }
}

fn about_persons_and_banks(draw: &mut Draw, platform: &Platform, account: AccountId) -> Option<Command> {
    let known = platform.account(account).unwrap();
    let (country, currency) = (known.country(), known.default_currency());
    Some(match draw.below(8) {
        0 | 1 => {
            let new = NewPerson::new(account, relationship(draw));
            Command::CreatePerson(NewPerson { fields: fields(draw, platform, country, true), ..new })
        }
        2 => Command::DeletePerson(draw.one_of(&persons(platform))?),
        3 | 4 => {
            let mut bank = if draw.toss() {
                fundroute::simulator::bank_account(platform.rulebook(), account, country, currency)
            } else {
                let last4 = draw.one_of(&["6789", "", "ß🦀xx"]).unwrap();
                NewExternalAccount::bank_token(account, country, currency, junk(draw), last4)
            };
            if draw.below(6) == 0 {
                let (routing, number) = (Some(Routing(junk(draw))), AccountNumber::Full(junk(draw)));
                bank.kind = NewDestination::Bank { routing, number, account_type: None };
            }
            bank.placement = draw.one_of(&[Placement::Beside, Placement::Default, Placement::Replacing]).unwrap();
            Command::AddExternalAccount(bank)
        }
        5 => {
            let update = UpdateExternalAccount::new(draw.one_of(&banks(platform))?);
            let holder_name = if draw.toss() { Some(junk(draw)) } else { None };
            let default_for_currency = draw.toss();
            Command::UpdateExternalAccount(UpdateExternalAccount { holder_name, default_for_currency, ..update })
        }
        6 => Command::DeleteExternalAccount(draw.one_of(&banks(platform))?),
        _ => Command::Erase(match draw.below(3) {
            0 => draw.one_of(&persons(platform))?.into(),
            1 => draw.one_of(&banks(platform))?.into(),
            _ => known.profile().into(),
        }),
    })
}

fn about_standing(draw: &mut Draw, platform: &Platform, account: AccountId) -> Option<Command> {
    let switch = [None, Some(true), Some(false)];
    Some(match draw.below(18) {
        14..18 => Command::Risk(about_risk(draw, platform, account)?),
        0 | 1 => {
            let (capability, requested) = (draw.one_of(&CAPABILITIES).unwrap(), draw.below(3) != 0);
            Command::RequestCapability(RequestCapability { account, capability, requested })
        }
        2 => {
            let payouts = draw.one_of(&[PayoutsAction::Pause, PayoutsAction::None]).unwrap();
            Command::RejectAccount(RejectAccount { account, reason: RejectReason::Credit, payouts })
        }
        3 => Command::UnrejectAccount(UnrejectAccount { account }),
        4 | 5 => {
            let (payments, payouts) = (draw.one_of(&switch).unwrap(), draw.one_of(&switch).unwrap());
            Command::SetPause(SetPause { account, payments, payouts })
        }
        6 if draw.below(6) == 0 => Command::CloseAccount(CloseAccount { account }),
        6 | 7 => Command::ReassessAccount(account),
        8 => {
            let (refresh, back) = ("https://a.example/x", "https://a.example/y");
            Command::CreateAccountLink(NewAccountLink::onboarding(account, refresh, back))
        }
        9 => Command::CreateAccountSession(NewAccountSession::of(account)),
        10 => Command::Deauthorize(account),
        11 => Command::Authorize(wish(draw, account)),
        12 => {
            let code = if draw.below(5) == 0 { junk(draw) } else { draw.one_of(&codes(platform))? };
            Command::ExchangeCode(ExchangeCode::of(code))
        }
        _ if accounts(platform).len() < 7 => Command::CreateAccount(opening(draw)),
        _ => return None,
    })
}

/// Rules of every sort, most of them about everybody, and whatever can be done to reviews.
fn about_risk(draw: &mut Draw, platform: &Platform, account: AccountId) -> Option<RiskCommand> {
    let days = [0, 1, 7, 120, 121, u16::MAX];
    let days = draw.one_of(&days).unwrap();
    let figures = [
        Condition::below(Figure::AccountAge, 90),
        Condition::at_least(Figure::Payments { days }, draw.one_of(&[0, 1, u32::MAX]).unwrap()),
        Condition::at_least_amount(Figure::Volume { days }, usd(draw.one_of(&[i64::MIN, 0, 1, i64::MAX]).unwrap())),
        Condition::at_least_amount(Figure::NegativeExposure, usd(1)),
        Condition::at_least(Figure::PayoutSpeed, 1).in_currency(EUR),
        Condition::at_least(Figure::AccountAge, 1_000),
    ];
    let percent = Rate::from_basis_points(draw.one_of(&[0, 1, 100_00, u32::MAX]).unwrap());
    let outcomes = [
        RiskOutcome::Allow,
        RiskOutcome::Review,
        RiskOutcome::HoldPayouts,
        RiskOutcome::Pause,
        RiskOutcome::SetReserve { percent, days },
    ];
    let condition = draw.one_of(&figures).unwrap();
    let outcome = draw.one_of(&outcomes).unwrap();
    let reviews: Vec<_> = platform
        .records()
        .filter_map(|record| if let Record::Review(review) = record { Some(review.id()) } else { None })
        .collect();
    let rules: Vec<_> = platform.risk_rules().unwrap().iter().map(|rule| rule.id()).collect();
    Some(match draw.below(9) {
        0 | 1 => RiskCommand::CreateRule(NewRiskRule {
            place: Some(days),
            ..NewRiskRule::new(junk(draw), condition, outcome)
        }),
        2 => RiskCommand::UpdateRule(UpdateRiskRule::of(draw.one_of(&rules)?).condition(condition).at_place(days)),
        3 if draw.toss() => RiskCommand::RemoveRule(draw.one_of(&rules)?),
        3 | 4 => RiskCommand::Assess(account),
        5 => RiskCommand::OpenReview(OpenReview { of: ReviewOf::Account(account) }),
        6 => RiskCommand::AssignReview(AssignReview { review: draw.one_of(&reviews)?, to: Some(junk(draw)) }),
        _ => {
            let verdict = if draw.toss() { Verdict::Approve } else { Verdict::Uphold };
            RiskCommand::CloseReview(CloseReview { review: draw.one_of(&reviews)?, verdict })
        }
    })
}

fn opening(draw: &mut Draw) -> NewAccount {
    let custom = |country| NewAccount::custom(country).request(Capability::CardPayments).request(Capability::Transfers);
    let payee = NewAccount::custom(US).request(Capability::Transfers).recipient();
    let home = NewAccount::at_home(draw.one_of(&AccountKind::ALL).unwrap());
    let old = NewAccount::custom(Country::CA).request(Capability::LegacyPayments);
    let kinds =
        [NewAccount::express(US), NewAccount::standard(US), custom(US), custom(DE), custom(BR), payee, home, old];
    let new = draw.one_of(&kinds).unwrap();
    match draw.below(3) {
        0 => new.business_type(BusinessType::Company),
        1 => new.business_type(BusinessType::Individual),
        _ => new,
    }
}

fn wish(draw: &mut Draw, account: AccountId) -> Authorize {
    let name = JUNK[draw.below(JUNK.len())];
    let wish = wish_for(draw, account);
    let wish = if draw.toss() { wish.always_prompt().landing(Landing::Login) } else { wish };
    let wish = if draw.below(9) == 0 { wish.client_id(ApplicationId::from_host([1; 14])) } else { wish };
    wish.fill_in("individual.first_name", name).fill_in(name, "x")
}

fn wish_for(draw: &mut Draw, account: AccountId) -> Authorize {
    match draw.below(3) {
        0 => Authorize::account(account),
        1 => Authorize::new_account(US),
        _ => Authorize::outside(OutsideAccount {
            id: if draw.toss() { account } else { AccountId::from_host([u8::try_from(draw.below(3)).unwrap(); 14]) },
            country: US,
            is_controlled: draw.toss(),
            capabilities: vec![Capability::Transfers, Capability::CardPayments],
        }),
    }
}

fn about_money(draw: &mut Draw, platform: &Platform, account: AccountId) -> Option<Command> {
    // What is not in its own currency is converted, once there is a rate.
    let currency = if draw.below(4) == 0 { EUR } else { platform.account(account).unwrap().default_currency() };
    let money = |minor| Money::new(minor, currency);
    Some(match draw.below(17) {
        15 | 16 => {
            let mid = draw.one_of(&["0.9", "1.1", "1.0837125"]).unwrap().parse().unwrap();
            Command::SetExchangeRate(SetExchangeRate::new(EUR, USD, mid))
        }
        12 | 13 => {
            let evidence = SubmitEvidence::new(draw.one_of(&disputes(platform))?, "note");
            Command::SubmitEvidence(if draw.toss() { evidence.acknowledging_the_fee() } else { evidence })
        }
        14 => Command::AcceptDispute(draw.one_of(&disputes(platform))?),
        0..=3 => {
            let amount = money(draw.one_of(&[50_00, 900_00, 20_000_00]).unwrap());
            Command::CreatePayment(NewPayment::card(amount).destination(account))
        }
        4 => Command::CreatePayment(NewPayment::card(money(900_00))),
        5 => Command::CreatePayment(NewPayment::by(PaymentMethod::UsBankAccount, money(900_00))),
        6 => Command::CreateRefund(NewRefund::of(draw.one_of(&charges(platform))?.2).reverse_transfer()),
        7 | 8 => {
            let (_, amount, sale) = draw.one_of(&charges(platform))?;
            let refund = NewRefund::of(sale).amount(Money::new(20_00, amount.currency()));
            Command::CreateRefund(if draw.toss() { refund.keep_transfer() } else { refund })
        }
        9 => Command::CancelRefund(CancelRefund { refund: draw.one_of(&refunds(platform))? }),
        10 => Command::ReturnTransfer(NewTransferReturn::of(draw.one_of(&transfers(platform))?).amount(money(7_00))),
        _ => Command::CreateTransfer(NewTransfer::to(account, money(10_00))),
    })
}

fn about_payouts(draw: &mut Draw, platform: &Platform, account: AccountId) -> Option<Command> {
    let currency = platform.account(account).unwrap().default_currency();
    Some(match draw.below(12) {
        8 => {
            let price = draw.one_of(&[None, Some(Fee::percent(Rate::from_basis_points(2_00)))]).unwrap();
            Command::SetInstantPrice(SetInstantPrice { currency, price })
        }
        9 => Command::Timing(about_timing(draw, currency, account)),
        10 => Command::SetDebitNegativeBalances(SetDebitNegativeBalances { account, debit: draw.toss() }),
        6 => {
            let quarter = Rate::from_basis_points(25_00);
            Command::Reserve(ReserveCommand::CreatePlan(NewReservePlan::rolling(account, quarter, 10)))
        }
        7 => Command::Reserve(about_reserves(draw, platform, Money::new(5_00, currency), account)?),
        4 => Command::CreateTopUp(NewTopUp::of(Money::new(10_00, currency))),
        5 if draw.toss() => {
            let notes = Metadata::new().set("step", if draw.toss() { "" } else { "9" });
            Command::UpdateTopUp(UpdateTopUp::of(draw.one_of(&top_ups(platform))?).metadata(notes))
        }
        5 => Command::CancelTopUp(CancelTopUp { top_up: draw.one_of(&top_ups(platform))? }),
        0 => {
            let payout = NewPayout::of(Money::new(10_00, currency));
            Command::CreatePayout(if draw.toss() { payout.instant() } else { payout })
        }
        1 if draw.toss() => Command::ResendPayout(ResendPayout::of(draw.one_of(&payouts(platform))?)),
        1 if draw.toss() => Command::ReversePayout(ReversePayout { payout: draw.one_of(&payouts(platform))? }),
        1 => Command::CancelPayout(CancelPayout { payout: draw.one_of(&payouts(platform))? }),
        2 => {
            let daily = PayoutSchedule::Automatic(Recurrence::Daily);
            let schedule = draw.one_of(&[PayoutSchedule::Manual, daily]).unwrap();
            Command::SetPayoutSchedule(SetPayoutSchedule { account, schedule })
        }
        _ => {
            let delay = draw.one_of(&[None, Some(3), Some(10)]).unwrap();
            Command::SetDelayDays(SetDelayDays { account, delay })
        }
    })
}

fn about_timing(draw: &mut Draw, currency: Currency, account: AccountId) -> TimingCommand {
    if draw.toss() {
        let (yes, is_lock) = (draw.toss(), draw.toss());
        return if is_lock {
            TimingCommand::LockSchedule(LockPayoutSchedule { account, locked: yes })
        } else {
            TimingCommand::SettleIn(SetSettlementCurrency { account, currency, settles: yes })
        };
    }
    if draw.toss() {
        let minor = draw.one_of(&[0, -1, 3_00, 20_00]).unwrap();
        return TimingCommand::SetMinimumBalance(SetMinimumBalance { account, minimum: Money::new(minor, currency) });
    }
    let start = draw.one_of(&[(0, 0), (480, 0), (480, 6), (-300, 0)]).unwrap();
    TimingCommand::SetStartOfDay(SetStartOfDay { account, start: StartOfDay::new(start.0, start.1, 30).unwrap() })
}

fn about_reserves(draw: &mut Draw, platform: &Platform, amount: Money, account: AccountId) -> Option<ReserveCommand> {
    let holds: Vec<_> = platform.records().filter_map(ids_of_holds).collect();
    let plans: Vec<_> = platform.records().filter_map(ids_of_plans).collect();
    Some(match draw.below(3) {
        0 => ReserveCommand::Hold(NewReserveHold::of(account, amount)),
        1 => ReserveCommand::Release(NewReserveRelease::of(draw.one_of(&holds)?)),
        _ => ReserveCommand::DisablePlan(DisableReservePlan { plan: draw.one_of(&plans)? }),
    })
}

fn ids_of_holds(record: &Record) -> Option<ReserveHoldId> {
    if let Record::ReserveHold(hold) = record { Some(hold.id()) } else { None }
}

fn ids_of_plans(record: &Record) -> Option<ReservePlanId> {
    if let Record::ReservePlan(plan) = record { Some(plan.id()) } else { None }
}
