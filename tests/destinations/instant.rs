//! Payouts that arrive within minutes: who may have them, within which bounds, and what they cost.

use fundroute::accounts::{Action, Controller, ExternalAccountKind};
use fundroute::journal::Instruction;
use fundroute::ledger::{FeeKind, LineKind};
use fundroute::payments::NewPayment;
use fundroute::payouts::{InstantBarrier, NewPayout, PayoutInstruction};
use fundroute::routing::NewTransfer;
use fundroute::rulebook::AccountKind;

use super::*;

struct Scene {
    platform: Platform,
    world: World,
    jo: AccountId,
    asked: u32,
}

/// A seller of that kind, with 1,000.00 available that wait to be sent by hand, on a platform with more.
fn with_money(new: NewAccount) -> Scene {
    let mut platform = platform_in(US);
    let mut world = World::new();
    let jo = world.onboard(&mut platform, new).unwrap();
    let owner = platform.id();
    for account in [owner, jo] {
        let manual = Command::SetPayoutSchedule(SetPayoutSchedule { account, schedule: PayoutSchedule::Manual });
        let by = if account == owner { Actor::Platform } else { manager(&platform, jo) };
        let request = Request::new(format!("manual-{account}"), manual);
        let request = if account == owner { request } else { request.by(by, account) };
        platform.handle(request).unwrap();
    }
    platform.payments().create("own", NewPayment::card(usd(3_000_00))).unwrap();
    world.advance(&mut platform, days(4)).unwrap();
    platform.transfers().create("share", NewTransfer::to(jo, usd(1_000_00))).unwrap();
    Scene { platform, world, jo, asked: 0 }
}

/// Who looks after an account's payouts.
fn manager(platform: &Platform, account: AccountId) -> Actor {
    match platform.permits(account, Actor::Platform, Action::CreatePayout) {
        Ok(()) => Actor::Platform,
        Err(_) => Actor::Holder,
    }
}

fn custom() -> NewAccount {
    NewAccount::custom(US).request(Capability::CardPayments).request(Capability::Transfers)
}

impl Scene {
    fn try_by(&mut self, actor: Actor, payout: NewPayout) -> Result<PayoutId, Error> {
        let before = self.platform.snapshot();
        self.asked += 1;
        let key = format!("now-{}", self.asked);
        let request = Request::new(key, Command::CreatePayout(payout)).by(actor, self.jo);
        match self.platform.handle(request) {
            Ok(decided) => {
                let Answer::Payout(id) = decided.answer else { panic!("{:?}", decided.answer) };
                Ok(id)
            }
            Err(error) => {
                assert_eq!(self.platform.snapshot(), before, "a refusal leaves no trace");
                Err(error)
            }
        }
    }

    fn send(&mut self, payout: NewPayout) -> Result<PayoutId, Error> {
        self.try_by(Actor::Platform, payout)
    }

    fn available(&self, account: AccountId) -> i128 {
        self.platform.balance(account, USD).unwrap().available
    }
}

fn barrier(account: AccountId, why: InstantBarrier) -> Error {
    PayoutError::InstantNotOpen { account, why }.into()
}

#[test]
fn it_arrives_at_once_and_the_platform_is_billed_apart() {
    let mut scene = with_money(custom());
    let (jo, now) = (scene.jo, scene.platform.now());
    let payout = scene.send(NewPayout::of(usd(400_00)).instant()).unwrap();
    let known = scene.platform.payout(payout).unwrap();
    assert_eq!((known.method(), known.arrival_date()), (PayoutMethod::Instant, now));
    assert_eq!(scene.available(jo), 600_00, "no fee on the account");
    let sent = scene.platform.instructions();
    let [Instruction::Payout(PayoutInstruction::Send { method: PayoutMethod::Instant, .. })] = sent[..] else {
        panic!("{sent:?}")
    };
    scene.world.settle(&mut scene.platform).unwrap();
    assert_eq!(scene.platform.payout(payout).unwrap().status().to_string(), "paid");
    let rule = scene.platform.rulebook().instant_destinations(US, USD).unwrap();
    let rounding = fundroute::money::Rounding::NearestTiesAway;
    assert_eq!(rule.connect_fee().of(usd(400_00), rounding), Ok(usd(4_00)), "what the platform is billed");
}

/// 1.5 percent in the United States, since 2026: 400.00 cost 6.00.
#[test]
fn an_account_with_fees_of_its_own_pays_for_it() {
    let mut scene = with_money(NewAccount::standard(US));
    let jo = scene.jo;
    let payout = scene.try_by(Actor::Holder, NewPayout::of(usd(400_00)).instant()).unwrap();
    assert_eq!(scene.available(jo), 594_00);
    let statement = scene.platform.statement(jo).unwrap();
    let line = statement.lines.last().unwrap();
    let fees: Vec<(FeeKind, i64)> = line.fee_details.iter().map(|fee| (fee.kind, fee.amount)).collect();
    assert_eq!((line.kind, line.amount, line.net), (LineKind::Payout, -400_00, -406_00));
    assert_eq!(fees, [(FeeKind::ProcessorFee, 6_00)]);
    // What fails comes back; whether its fee does is not published, and it does not.
    let at = scene.platform.now();
    let failed = Fact::PayoutFailed(PayoutFailed { payout, failure_code: "could_not_process".to_owned() });
    tell(&mut scene.platform, "failed", at, failed);
    assert_eq!(scene.available(jo), 994_00);
    assert_eq!(scene.platform.statement(jo).unwrap().paid_out(USD), 0, "a fee is not paid out");
    assert_eq!(scene.platform.audit(), []);
}

#[test]
fn the_fee_has_to_be_there_too() {
    let mut scene = with_money(NewAccount::standard(US));
    let account = scene.jo;
    let all = NewPayout::of(usd(1_000_00)).instant();
    let needed = usd(1_015_00);
    let error = scene.try_by(Actor::Holder, all).unwrap_err();
    assert_eq!(error, PayoutError::InsufficientFunds { account, available: 1_000_00, needed }.into());
    scene.try_by(Actor::Holder, NewPayout::of(usd(985_22)).instant()).unwrap();
    assert_eq!(scene.available(account), 0, "985.22 and 14.78");
}

/// Whether it is the platform or the account that asks is a matter of who bears the losses.
#[test]
fn who_may_ask_for_it() {
    let instant = || NewPayout::of(usd(1_00)).instant();
    let mut standard = with_money(NewAccount::standard(US).platform_controls());
    standard.send(NewPayout::of(usd(1_00))).unwrap();
    let denied = |account, denial| {
        Error::from(AccountError::NotPermitted { account, action: Action::CreateInstantPayout, denial })
    };
    let account = standard.jo;
    assert_eq!(standard.send(instant()).unwrap_err(), denied(account, Denial::LossesNotYours));
    standard.platform.acting_as(account).unwrap();
    for new in [custom(), NewAccount::express(US)] {
        let mut scene = with_money(new);
        assert_eq!(scene.try_by(Actor::Holder, instant()).unwrap_err(), denied(scene.jo, Denial::PlatformOnly));
        scene.send(instant()).unwrap();
    }
}

#[test]
fn it_has_bounds_of_its_own() {
    let mut scene = with_money(custom());
    let mut ask = |minor: i64| scene.send(NewPayout::of(usd(minor)).instant()).map(drop);
    assert_eq!(ask(49), Err(PayoutError::AmountTooSmall { amount: usd(49), minimum: usd(50) }.into()));
    let too_much = usd(9_999_01);
    assert_eq!(ask(9_999_01), Err(PayoutError::AmountTooLarge { amount: too_much, maximum: usd(9_999_00) }.into()));
    for minor in [0, -1, i64::MIN] {
        assert_eq!(ask(minor), Err(PayoutError::AmountNotPositive(usd(minor)).into()));
    }
    assert!(ask(i64::MAX).is_err());
    assert_eq!(ask(50), Ok(()));
}

#[test]
fn it_goes_to_the_card_of_choice_if_that_takes_it() {
    let mut scene = with_money(custom());
    let jo = scene.jo;
    let card = Card::debit(CardBrand::Visa, 11, 2030);
    let card = add(&mut scene.platform, "card", NewExternalAccount::card(jo, US, USD, "tok_1", "4242", card));
    let payout = scene.send(NewPayout::of(usd(10_00)).instant().to(card)).unwrap();
    let known = scene.platform.payout(payout).unwrap();
    let chosen = scene.platform.external_account(known.destination()).unwrap();
    assert!(matches!(chosen.kind(), ExternalAccountKind::Card(_)));

    let elsewhere = ExternalAccountId::from_host([9; 14]);
    assert!(matches!(scene.send(NewPayout::of(usd(1_00)).to(elsewhere)), Err(Error::NotFound(_))));
    scene.platform.accounts().delete_external_account("gone", card).unwrap();
    assert_eq!(scene.send(NewPayout::of(usd(1_00)).to(card)).unwrap_err(), Error::NotFound(card.into()));
}

#[test]
fn what_is_in_the_way() {
    // Banks of connected accounts in Australia take none; accounts in Brazil have none.
    for (country, why) in [(Country::AU, InstantBarrier::Destination), (BR, InstantBarrier::Currency)] {
        let mut platform = platform_in(country);
        let mut world = World::new();
        let new = NewAccount::custom(country).request(Capability::CardPayments).request(Capability::Transfers);
        let jo = world.onboard(&mut platform, new).unwrap();
        let currency = platform.account(jo).unwrap().default_currency();
        let amount = fundroute::money::Money::new(50_00, currency);
        let error = platform.custom(jo).unwrap().payouts().create_instant("now", amount).unwrap_err();
        let is_manual_closed = matches!(error, Error::Payout(PayoutError::ManualNotAllowed(_)));
        assert!(error == barrier(jo, why) || is_manual_closed, "{country}: {error:?}");
    }
    // Under the recipient agreement there is none.
    let mut platform = platform_in(US);
    let new = NewAccount::custom(US).recipient().request(Capability::Transfers);
    let jo = World::new().onboard(&mut platform, new).unwrap();
    let error = platform.custom(jo).unwrap().payouts().create_instant("now", usd(50_00)).unwrap_err();
    assert_eq!((error.code(), error), (Some("instant_payouts_unsupported"), barrier(jo, InstantBarrier::Agreement)));
}

/// A platform in the United States and an account in Great Britain: since 2026, not before; within the euro area always.
#[test]
fn regions_matter_where_the_rules_say_so() {
    let ask = |home: Country, country: Country, open: bool| {
        let book = Rulebook::standard().with_cross_region_instant(open);
        let mut platform = Platform::new(NewPlatform::in_country(home), book, utc(2026, 11, 2)).unwrap();
        let new = NewAccount::custom(country).request(Capability::CardPayments).request(Capability::Transfers);
        let jo = World::new().onboard(&mut platform, new).unwrap();
        let currency = platform.account(jo).unwrap().default_currency();
        let amount = fundroute::money::Money::new(50_00, currency);
        let error = platform.custom(jo).unwrap().payouts().create_instant("now", amount).unwrap_err();
        error == barrier(jo, InstantBarrier::Region)
    };
    assert!(ask(US, GB, false) && !ask(US, GB, true));
    assert!(!ask(DE, Country::FR, false));
    assert!(ask(BR, US, true), "Brazil has none itself");
}

/// The platform's own money.
#[test]
fn the_platform_pays_for_its_own() {
    let mut scene = with_money(custom());
    let own = scene.platform.id();
    let (currency, number) = (USD, "000123456789");
    scene.world.add_bank(&mut scene.platform, own, US, currency, number).unwrap();
    let before = scene.available(own);
    scene.platform.payouts().create_instant("now", usd(100_00)).unwrap();
    assert_eq!(before - scene.available(own), 101_50);
}

#[test]
fn of_the_presets_only_standard_pays_the_processor_itself() {
    for (kind, pays) in [(AccountKind::Standard, true), (AccountKind::Express, false), (AccountKind::Custom, false)] {
        let fees = Controller::of(kind).fees;
        assert_eq!(fees == fundroute::accounts::FeePayer::Account, pays);
    }
}

/// What was called off was never sent: all of it comes back.
#[test]
fn the_fee_comes_back_with_a_payout_that_was_called_off() {
    let mut scene = with_money(NewAccount::standard(US));
    let jo = scene.jo;
    let payout = scene.try_by(Actor::Holder, NewPayout::of(usd(400_00)).instant()).unwrap();
    assert_eq!(scene.platform.payout(payout).unwrap().fee(), usd(6_00));
    let cancel = Command::CancelPayout(fundroute::payouts::CancelPayout { payout });
    scene.platform.handle(Request::new("not", cancel).by(Actor::Holder, jo)).unwrap();
    assert_eq!(scene.available(jo), 1_000_00);
    let statement = scene.platform.statement(jo).unwrap();
    let line = statement.lines.last().unwrap();
    assert_eq!((line.kind, line.amount, line.fee, line.net), (LineKind::PayoutCancel, 400_00, -6_00, 406_00));
    assert_eq!((statement.paid_out(USD), scene.platform.audit().len()), (0, 0));
}
