use chrono::Weekday;
use fundroute::accounts::{AccountError, Action, Denial, NewAccount};
use fundroute::calendar::Recurrence;
use fundroute::ids::{AccountId, PayoutId};
use fundroute::payouts::{
    CancelPayout, NewPayout, PayoutAction, PayoutError, PayoutSchedule, PayoutStatus, SetPayoutSchedule,
};
use fundroute::prelude::*;
use fundroute::simulator::NEVER_ANSWERS;

use super::Table;
use crate::shop::{NOBODY, Shop};

fn pay(amount: Money) -> Command {
    Command::CreatePayout(NewPayout::of(amount))
}

const NOT_ALLOWED: Option<&str> = Some("payouts_not_allowed");

#[test]
fn payouts_by_hand_are_refused() {
    let mut shop = Shop::open();
    let jo = shop.banked(NewAccount::express(US));
    let (bare, hans) = (shop.seller(NewAccount::express(US)), shop.banked(NewAccount::express(DE)));
    let (al, ana) = (shop.banked(NewAccount::standard(US)), shop.banked(NewAccount::express(BR)));
    // Nobody reviews it: the world is not asked again.
    let idle = shop.platform.accounts().create("idle", NewAccount::express(US)).unwrap().answer;
    shop.new_bank(idle, "000123456789");
    let mut table = Table::default();
    for amount in [usd(0), usd(-1)] {
        let error = PayoutError::AmountNotPositive(amount);
        table.for_account("not positive", jo, pay(amount), error, Some("parameter_invalid_integer"));
    }
    let error = PayoutError::AmountTooSmall { amount: eur(99), minimum: eur(1_00) };
    table.for_account("below the minimum", hans, pay(eur(99)), error, Some("amount_too_small"));
    let error = PayoutError::InsufficientFunds { account: jo, available: 0, needed: usd(1_00) };
    table.for_account("more than is there", jo, pay(usd(1_00)), error, Some("balance_insufficient"));
    let error = |account, currency| PayoutError::NoBankAccount { account, currency };
    table.for_account("no bank account", bare, pay(usd(1_00)), error(bare, USD), NOT_ALLOWED);
    table.for_account("none in that currency", jo, pay(eur(1_00)), error(jo, EUR), NOT_ALLOWED);
    table.row("the platform has none", pay(usd(1_00)), error(shop.house, USD), NOT_ALLOWED);
    let error = PayoutError::PayoutsNotEnabled(idle);
    table.for_account("under review", idle, pay(usd(1_00)), error, NOT_ALLOWED);
    // docs.stripe.com/connect/platform-controls-for-stripe-dashboard-accounts (2024): the holder decides.
    let code = Some("not_allowed_on_standard_account");
    let denied = |account, action| {
        let denial = Denial::NeedsPlatformControls;
        AccountError::NotPermitted { account, action, denial }
    };
    table.for_account("a standard account", al, pay(usd(1_00)), denied(al, Action::CreatePayout), code);
    // docs.stripe.com/payouts (2026): accounts in Brazil are paid out by themselves only.
    table.for_account("in Brazil", ana, pay(brl(1_00)), PayoutError::ManualNotAllowed(BR), NOT_ALLOWED);
    table.check(&mut shop);
}

#[test]
fn cancellations_of_payouts_are_refused() {
    let mut shop = Shop::open();
    let jo = shop.banked(NewAccount::express(US));
    let bo = shop.banked_at(NewAccount::express(US), NEVER_ANSWERS);
    for seller in [jo, bo] {
        shop.sell(NewPayment::card(usd(10_00)).destination(seller));
    }
    shop.wait(2);
    let automatic = shop.payouts(bo).pop().unwrap().id();
    shop.platform.payouts().set_schedule("by hand", jo, PayoutSchedule::Manual).unwrap();
    shop.sell(NewPayment::card(usd(10_00)).destination(jo));
    shop.wait(2);
    let (paid, canceled) = (shop.pay_out(jo, usd(2_00)).unwrap(), shop.pay_out(jo, usd(2_00)).unwrap());
    shop.platform.acting_as(jo).unwrap().payouts().cancel("no", canceled).unwrap();
    shop.wait(4);
    let pending = shop.pay_out(jo, usd(2_00)).unwrap();
    let cancel = |payout| Command::CancelPayout(CancelPayout { payout });
    let illegal = |payout, status| PayoutError::IllegalTransition { payout, status, action: PayoutAction::Cancel };
    let mut table = Table::default();
    let error = PayoutError::AutomaticNotCancelable(automatic);
    table.for_account("made by the schedule", bo, cancel(automatic), error, None);
    table.for_account("paid", jo, cancel(paid), illegal(paid, PayoutStatus::Paid), None);
    table.for_account("canceled", jo, cancel(canceled), illegal(canceled, PayoutStatus::Canceled), None);
    let missing = Some("resource_missing");
    table.for_account("somebody else's", bo, cancel(pending), PayoutError::NotOnAccount(pending), missing);
    table.row("not the platform's", cancel(pending), PayoutError::NotOnAccount(pending), missing);
    let nobody = PayoutId::from_host(NOBODY);
    table.row("unknown", cancel(nobody), Error::NotFound(nobody.into()), missing);
    table.check(&mut shop);
}

#[test]
fn schedules_are_refused() {
    let mut shop = Shop::open();
    let (jo, al) = (shop.seller(NewAccount::express(US)), shop.seller(NewAccount::standard(US)));
    let (ana, yuki) = (shop.seller(NewAccount::express(BR)), shop.seller(NewAccount::express(Country::JP)));
    let set = |account, schedule| Command::SetPayoutSchedule(SetPayoutSchedule { account, schedule });
    let daily = PayoutSchedule::Automatic(Recurrence::Daily);
    let weekly = PayoutSchedule::Automatic(Recurrence::weekly([Weekday::Fri]).unwrap());
    let mut table = Table::default();
    // docs.stripe.com/payouts (2026): Brazil and India daily only, no daily payouts in Japan.
    for schedule in [weekly, PayoutSchedule::Manual] {
        table.row("not daily in Brazil", set(ana, schedule), PayoutError::ScheduleNotAllowed(BR), None);
    }
    let error = PayoutError::ScheduleNotAllowed(Country::JP);
    table.row("daily in Japan", set(yuki, daily), error, None);
    let code = Some("not_allowed_on_standard_account");
    let (account, action, denial) = (al, Action::SetPayoutSchedule, Denial::NeedsPlatformControls);
    let error = AccountError::NotPermitted { account, action, denial };
    table.row("of a standard account", set(al, weekly), error, code);
    let nobody = AccountId::from_host(NOBODY);
    let error = Error::NotFound(nobody.into());
    table.row("of an unknown account", set(nobody, weekly), error, Some("resource_missing"));
    let error = Error::NotForAccounts(jo);
    let code = Some("platform_account_required");
    table.for_account("of somebody else", jo, set(yuki, weekly), error, code);
    table.check(&mut shop);
    assert!(Recurrence::weekly([]).is_err() && Recurrence::monthly([0]).is_err() && Recurrence::monthly([32]).is_err());
}
