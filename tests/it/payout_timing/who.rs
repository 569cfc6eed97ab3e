//! Who may set what of when an account is paid out: the table of docs.stripe.com/connect/manage-payout-schedule (2024), row by row, and the
//! platform's lock.

use chrono::Weekday;
use fundroute::accounts::{
    AccountError, Action, Actor, Controller, Dashboard, Denial, FeePayer, LossBearer, RequirementCollector, Scope,
};
use fundroute::calendar::Recurrence;
use fundroute::ids::AccountId;
use fundroute::journal::Changes;
use fundroute::payouts::{PayoutError, PayoutSchedule, SetDelayDays, SetPayoutSchedule};
use fundroute::prelude::*;
use fundroute::rulebook::{AccountKind, Capability, CrossBorderEra};

use crate::shop::{Shop, rules};

/// What came of asking: nothing was in the way, who decides, or what the country says.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Came {
    Done,
    Denied(Denial),
    Refused(PayoutError),
}
use Came::{Denied, Done, Refused};

fn ask(shop: &mut Shop, actor: Actor, account: AccountId, command: Command) -> Came {
    let request = Request::new(shop.key(), command);
    let request = if actor == Actor::Platform { request } else { request.by(actor, account) };
    let before = shop.platform.snapshot();
    let came = match shop.platform.handle(request) {
        Ok(_) => Some(Done),
        Err(Error::Account(AccountError::NotPermitted { denial, .. })) => Some(Denied(denial)),
        Err(Error::Payout(error)) => Some(Refused(error)),
        Err(_) => None,
    };
    if came == Some(Done) {
        return Done;
    }
    assert_eq!(shop.platform.snapshot(), before);
    came.unwrap()
}

fn schedule(account: AccountId, schedule: PayoutSchedule) -> Command {
    Command::SetPayoutSchedule(SetPayoutSchedule { account, schedule })
}

fn delay(account: AccountId, days: u16) -> Command {
    Command::SetDelayDays(SetDelayDays { account, delay: Some(days) })
}

fn weekly() -> PayoutSchedule {
    PayoutSchedule::Automatic(Recurrence::weekly([Weekday::Fri]).unwrap())
}

fn monthly() -> PayoutSchedule {
    PayoutSchedule::Automatic(Recurrence::monthly([31]).unwrap())
}

const DAILY: PayoutSchedule = PayoutSchedule::Automatic(Recurrence::Daily);

#[test]
fn where_the_platform_bears_the_losses_it_sets_both() {
    let mut shop = Shop::open();
    let jo = shop.seller(NewAccount::custom(US).request(Capability::Transfers));
    for wanted in [PayoutSchedule::Manual, DAILY, weekly(), monthly()] {
        assert_eq!(ask(&mut shop, Actor::Platform, jo, schedule(jo, wanted)), Done);
        assert_eq!(shop.platform.balance_settings(jo).unwrap().schedule(), wanted);
    }
    let range = |delay| Refused(PayoutError::DelayOutOfRange { account: jo, delay, minimum: 2, maximum: 31 });
    for (days, came) in [(1, range(1)), (2, Done), (31, Done), (32, range(32))] {
        assert_eq!(ask(&mut shop, Actor::Platform, jo, delay(jo, days)), came, "{days}");
    }
    assert_eq!(ask(&mut shop, Actor::Holder, jo, delay(jo, 7)), Denied(Denial::ProcessorOnly));
}

#[test]
fn where_the_processor_bears_them_the_holder_sets_the_schedule_and_nobody_the_delay() {
    let mut shop = Shop::open();
    let al = shop.seller(NewAccount::standard(US));
    let mo = shop.seller(NewAccount::standard(US).platform_controls());
    assert_eq!(ask(&mut shop, Actor::Platform, al, schedule(al, weekly())), Denied(Denial::NeedsPlatformControls));
    assert_eq!(ask(&mut shop, Actor::Holder, al, schedule(al, weekly())), Done);
    assert_eq!(ask(&mut shop, Actor::Platform, mo, schedule(mo, weekly())), Done);
    assert_eq!(ask(&mut shop, Actor::Holder, mo, schedule(mo, DAILY)), Done);
    for account in [al, mo] {
        assert_eq!(ask(&mut shop, Actor::Platform, account, delay(account, 7)), Denied(Denial::LossesNotYours));
        assert_eq!(ask(&mut shop, Actor::Holder, account, delay(account, 7)), Denied(Denial::ProcessorOnly));
    }
}

/// Whoever has a dashboard chooses, until the platform locks it, and again once it unlocks it.
#[test]
fn a_dashboard_is_enough_unless_the_platform_locks_the_schedule() {
    let mut shop = Shop::open();
    let rows = [(Controller::of(AccountKind::Express), true), (Controller::of(AccountKind::Custom), false)];
    for (controller, has_dashboard) in rows {
        let open = if has_dashboard { Done } else { Denied(Denial::PlatformOnly) };
        let locked = if has_dashboard { Denied(Denial::ScheduleLocked) } else { Denied(Denial::PlatformOnly) };
        let jo = shop.seller(NewAccount::controlled(controller, US).request(Capability::Transfers));
        assert_eq!(ask(&mut shop, Actor::Holder, jo, schedule(jo, weekly())), open);
        let lock = |shop: &mut Shop, locked| -> Changes {
            let key = shop.key();
            shop.platform.payouts().lock_schedule(&key, jo, locked).unwrap().changes
        };
        let news = |changes: Changes| changes.events.iter().map(|event| event.kind.name()).collect::<Vec<_>>();
        assert_eq!(news(lock(&mut shop, true)), ["balance_settings.updated"]);
        assert_eq!(news(lock(&mut shop, true)), Vec::<&str>::new());
        assert_eq!(ask(&mut shop, Actor::Holder, jo, schedule(jo, DAILY)), locked);
        // The platform goes on as before.
        assert_eq!(ask(&mut shop, Actor::Platform, jo, schedule(jo, monthly())), Done);
        lock(&mut shop, false);
        assert_eq!(ask(&mut shop, Actor::Holder, jo, schedule(jo, DAILY)), open);
    }
    shop.sound();
}

/// The schedule alone: what stays behind, when days begin, debits and payouts themselves are the platform's, and so is the lock.
#[test]
fn a_light_dashboard_sets_nothing_else() {
    let mut shop = Shop::open();
    let (jo, al) = (shop.banked(NewAccount::express(US)), shop.seller(NewAccount::standard(US)));
    let minimum = fundroute::payouts::SetMinimumBalance { account: jo, minimum: usd(5_00) };
    let minimum = Command::Timing(fundroute::payouts::TimingCommand::SetMinimumBalance(minimum));
    let debits = fundroute::payouts::SetDebitNegativeBalances { account: jo, debit: false };
    let lock = |account, locked| {
        let lock = fundroute::payouts::LockPayoutSchedule { account, locked };
        Command::Timing(fundroute::payouts::TimingCommand::LockSchedule(lock))
    };
    let payout = Command::CreatePayout(fundroute::payouts::NewPayout::of(usd(1_00)));
    for command in [minimum, Command::SetDebitNegativeBalances(debits), payout, lock(jo, false)] {
        assert_eq!(ask(&mut shop, Actor::Holder, jo, command), Denied(Denial::PlatformOnly));
    }
    let extension = Actor::Extension(Scope::ReadWrite);
    for command in [schedule(jo, DAILY), lock(jo, true)] {
        assert_eq!(ask(&mut shop, extension, jo, command), Denied(Denial::PlatformOnly));
    }
    assert_eq!(ask(&mut shop, Actor::Platform, al, lock(al, true)), Denied(Denial::LossesNotYours));
    let own = shop.house;
    let key = shop.key();
    let refused = shop.platform.payouts().lock_schedule(&key, own, true).unwrap_err();
    assert_eq!(refused, AccountError::IsPlatform(own).into());
}

#[test]
fn countries_force_and_forbid_intervals() {
    use Country::{IN, JP, TH};

    let forbidden = |country| Refused(PayoutError::ScheduleNotAllowed(country));
    let wanted = [PayoutSchedule::Manual, DAILY, weekly(), monthly()];
    let rows = [
        (BR, DAILY, [false, true, false, false]),
        (IN, DAILY, [false, true, false, false]),
        (JP, PayoutSchedule::Manual, [true, false, true, true]),
        (TH, DAILY, [true; 4]),
        (DE, DAILY, [true; 4]),
    ];
    for (country, default, open) in rows {
        let mut shop = Shop::open();
        let jo = shop.seller(NewAccount::express(country));
        assert_eq!(shop.platform.balance_settings(jo).unwrap().schedule(), default, "{country}");
        for (wanted, open) in wanted.into_iter().zip(open) {
            for actor in [Actor::Platform, Actor::Holder] {
                let came = ask(&mut shop, actor, jo, schedule(jo, wanted));
                assert_eq!(came, if open { Done } else { forbidden(country) }, "{country} {wanted:?}");
            }
        }
        let is_fixed = matches!(country, BR | IN);
        let payout = Command::CreatePayout(fundroute::payouts::NewPayout::of(Money::new(
            1_00,
            shop.platform.account(jo).unwrap().default_currency(),
        )));
        let request = Request::new(shop.key(), payout).acting_as(jo);
        let refused = shop.platform.handle(request).unwrap_err() == PayoutError::ManualNotAllowed(country).into();
        assert_eq!(refused, is_fixed, "{country}");
        let came = ask(&mut shop, Actor::Platform, jo, delay(jo, 31));
        assert_eq!(came, if is_fixed { Refused(PayoutError::DelayFixed(country)) } else { Done }, "{country}");
        let key = shop.key();
        let currency = shop.platform.account(jo).unwrap().default_currency();
        let kept = shop.platform.payouts().set_minimum_balance(&key, jo, Money::new(1, currency));
        assert_eq!(kept.is_err(), matches!(country, BR | IN | TH), "{country}");
    }
}

/// What a country prescribes is for those who are paid there by its own rules, and not for recipients from abroad.
#[test]
fn recipients_from_abroad_are_not_bound_by_their_countries_intervals() {
    let book = rules().with_cross_border_era(CrossBorderEra::Recipient);
    let mut shop = Shop::open_by(US, book);
    let payee = NewAccount::custom(Country::IN).request(Capability::Transfers).recipient();
    let asha = shop.seller(payee);
    for wanted in [PayoutSchedule::Manual, weekly(), DAILY] {
        assert_eq!(ask(&mut shop, Actor::Platform, asha, schedule(asha, wanted)), Done);
    }
    let key = shop.key();
    let minimum = Money::new(5_00, fundroute::money::Currency::INR);
    shop.platform.payouts().set_minimum_balance(&key, asha, minimum).unwrap();
}

/// Also those that no platform can have yet.
#[test]
fn every_combination_of_controllers_has_one_answer() {
    let mut seen = 0;
    for losses in [LossBearer::Application, LossBearer::Processor] {
        for dashboard in [Dashboard::Full, Dashboard::Express, Dashboard::None] {
            for schedule_locked in [false, true] {
                let controller = Controller {
                    losses,
                    dashboard,
                    fees: FeePayer::Application,
                    requirements: RequirementCollector::Processor,
                };
                let grants = fundroute::accounts::Grants { schedule_locked, ..Default::default() };
                let may = controller.permits(Actor::Holder, Action::SetPayoutSchedule, grants);
                let expected = match (losses, dashboard, schedule_locked) {
                    (LossBearer::Processor, _, _) | (_, Dashboard::Full | Dashboard::Express, false) => Ok(()),
                    (_, Dashboard::None, _) => Err(Denial::PlatformOnly),
                    (_, Dashboard::Full | Dashboard::Express, true) => Err(Denial::ScheduleLocked),
                };
                assert_eq!(may, expected, "{controller:?} {schedule_locked}");
                let is_ours = losses == LossBearer::Application;
                let locks = controller.permits(Actor::Platform, Action::LockPayoutSchedule, grants);
                assert_eq!(locks, if is_ours { Ok(()) } else { Err(Denial::LossesNotYours) });
                seen += 1;
            }
        }
    }
    assert_eq!(seen, 12);
}
