//! No money moves that a gate forbids, with funds and without.

use fundroute::accounts::{AccountError, InquiryState, PayoutsAction, RejectReason, Review};
use fundroute::journal::{Answer, FactOutcome};
use fundroute::money::{Currency, usd};
use fundroute::payments::{ChargeSucceeded, ConfirmPayment, NewPayment};
use fundroute::payouts::{NewPayout, PayoutError, PayoutTrigger};
use fundroute::platform::{Command, Error, Platform, Request};
use fundroute::prelude::PaymentMethod;
use fundroute::routing::NewTransfer;
use fundroute::rulebook::Impact;

use crate::shop::{Shop, asked, cleared, close, opened, pause_payments, pause_payouts, reject, turned_away, unreject};

/// Everything that can stop an account.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Stop {
    Payments,
    Payouts,
    Rejected,
    RejectedButPaid,
    RejectedByProcessor,
    UnderReview,
    Listed,
    /// Something that is not given in time, with what it stops.
    Asked(Impact),
    Closed,
}

impl Stop {
    pub(crate) const ALL: [Self; 11] = [
        Self::Payments,
        Self::Payouts,
        Self::Rejected,
        Self::RejectedButPaid,
        Self::RejectedByProcessor,
        Self::UnderReview,
        Self::Listed,
        Self::Asked(Impact::Both),
        Self::Asked(Impact::Charges),
        Self::Asked(Impact::Payouts),
        Self::Closed,
    ];

    fn stops_payments(self) -> bool {
        !matches!(self, Self::Payouts | Self::Asked(Impact::Payouts))
    }

    pub(crate) fn stops_payouts(self) -> bool {
        !matches!(self, Self::Payments | Self::RejectedButPaid)
    }

    pub(crate) fn set(self, shop: &mut Shop) {
        let jo = shop.jo;
        let answer = match self {
            Self::Payments => shop.ask(pause_payments(jo, true)),
            Self::Payouts => shop.ask(pause_payouts(jo, true)),
            Self::Rejected => shop.ask(reject(jo, PayoutsAction::Pause)),
            Self::RejectedButPaid => shop.ask(reject(jo, PayoutsAction::None)),
            Self::Closed => shop.ask(close(jo)),
            Self::RejectedByProcessor => {
                shop.tell(turned_away(jo, RejectReason::Other));
                return;
            }
            Self::UnderReview => {
                shop.tell(opened(jo, Review::UnderReview));
                return;
            }
            Self::Listed => {
                shop.tell(opened(jo, Review::Listed));
                return;
            }
            Self::Asked(impact) => {
                shop.tell(asked(jo, impact, InquiryState::Open));
                return;
            }
        };
        assert_eq!(answer.unwrap(), Answer::Account(jo));
    }

    /// Takes it away again, where that can be.
    pub(crate) fn lift(self, shop: &mut Shop) -> bool {
        let jo = shop.jo;
        match self {
            Self::Payments => shop.ask(pause_payments(jo, false)).is_ok(),
            Self::Payouts => shop.ask(pause_payouts(jo, false)).is_ok(),
            Self::Rejected | Self::RejectedButPaid => shop.ask(unreject(jo)).is_ok(),
            Self::Closed => false,
            Self::Asked(impact) => {
                let later = shop.platform.now().checked_add(fundroute::calendar::hours(1)).unwrap();
                shop.world.advance_to(&mut shop.platform, later).unwrap();
                shop.tell(asked(jo, impact, InquiryState::Closed)) == FactOutcome::Applied
            }
            Self::UnderReview | Self::Listed | Self::RejectedByProcessor => {
                let later = shop.platform.now().checked_add(fundroute::calendar::hours(1)).unwrap();
                shop.world.advance_to(&mut shop.platform, later).unwrap();
                shop.tell(cleared(jo)) == FactOutcome::Applied
            }
        }
    }
}

fn in_hand(platform: &Platform, shop: &Shop) -> (i128, i128, i128) {
    let balance = platform.balance(shop.jo, Currency::USD).unwrap();
    (balance.pending, balance.available, balance.in_transit)
}

/// What is refused, and with what.
fn refused(shop: &mut Shop, on: bool, command: Command) -> Option<Error> {
    let before = shop.platform.snapshot();
    let answer = if on { shop.ask_as(shop.jo, command) } else { shop.ask(command) };
    let error = answer.err()?;
    assert_eq!(shop.platform.snapshot(), before, "a refusal leaves no trace");
    Some(error)
}

#[test]
fn what_stops_an_account_stops_every_movement_that_it_forbids() {
    for stop in Stop::ALL {
        for funded in [false, true] {
            let mut shop = Shop::open();
            if funded {
                shop.by_hand();
                shop.fund_seller();
            } else {
                shop.fund();
            }
            // An attempt of before, that fails and may be tried again.
            let key = shop.key();
            let sale = NewPayment::card(usd(10_00)).destination(shop.jo).token(fundroute::simulator::DECLINED);
            let sale = shop.platform.payments().create(&key, sale).unwrap().answer;
            shop.world.settle(&mut shop.platform).unwrap();
            stop.set(&mut shop);
            let (jo, before) = (shop.jo, in_hand(&shop.platform, &shop));
            let again = ConfirmPayment::by(PaymentMethod::Card, sale);
            let movements = [
                (true, Command::CreatePayment(NewPayment::card(usd(10_00)))),
                (false, Command::CreatePayment(NewPayment::card(usd(10_00)).destination(jo))),
                (false, Command::CreatePayment(NewPayment::card(usd(10_00)).destination(jo).on_behalf_of(jo))),
                (false, Command::CreateTransfer(NewTransfer::to(jo, usd(10_00)))),
                (false, Command::ConfirmPayment(again)),
            ];
            for (on, command) in movements {
                let named = format!("{stop:?}, {funded}: {command:?}");
                let error = refused(&mut shop.clone(), on, command);
                match error {
                    Some(Error::Account(AccountError::NotConnected(account, _))) if stop == Stop::Closed => {
                        assert_eq!(account, jo, "{named}");
                    }
                    Some(Error::Account(AccountError::CapabilityNotActive { account, .. })) => {
                        assert!(account == jo && stop.stops_payments() && stop != Stop::Closed, "{named}");
                    }
                    None => assert!(!stop.stops_payments(), "{named} went through"),
                    Some(other) => panic!("{named}: {other:?}"),
                }
            }
            let error = refused(&mut shop.clone(), true, Command::CreatePayout(NewPayout::of(usd(10_00))));
            match error {
                Some(Error::Account(AccountError::NotConnected(..))) => assert_eq!(stop, Stop::Closed),
                Some(Error::Payout(PayoutError::PayoutsNotEnabled(_))) => assert!(stop.stops_payouts(), "{stop:?}"),
                Some(Error::Payout(PayoutError::InsufficientFunds { .. })) => {
                    assert!(!stop.stops_payouts() && !funded, "{stop:?}");
                }
                None => assert!(!stop.stops_payouts() && funded, "{stop:?} let a payout through"),
                Some(other) => panic!("{stop:?}: {other:?}"),
            }
            assert_eq!(in_hand(&shop.platform, &shop), before, "{stop:?}");
            assert_eq!(shop.platform.audit(), []);
        }
    }
}

#[test]
fn automatic_payouts_are_put_off_and_resume_at_the_next_run() {
    for stop in Stop::ALL {
        let mut shop = Shop::open();
        shop.fund_seller();
        let jo = shop.jo;
        let run = shop.platform.next_payout(jo, Currency::USD).unwrap();
        stop.set(&mut shop);
        let next = shop.platform.next_payout(jo, Currency::USD);
        assert_eq!(next, (!stop.stops_payouts()).then_some(run), "{stop:?}");
        shop.world.advance_to(&mut shop.platform, run.checked_add(fundroute::calendar::hours(1)).unwrap()).unwrap();
        let left = if stop.stops_payouts() { 200_00 } else { 0 };
        assert_eq!(shop.platform.balance(jo, Currency::USD).unwrap().available, left, "{stop:?}");
        if !stop.lift(&mut shop) {
            assert_eq!(stop, Stop::Closed);
            shop.wait(10);
            assert_eq!(shop.platform.balance(jo, Currency::USD).unwrap().available, left);
            continue;
        }
        assert!(shop.platform.account(jo).unwrap().payouts_enabled(), "{stop:?}");
        let again = shop.platform.next_payout(jo, Currency::USD);
        assert_eq!(again.is_some(), stop.stops_payouts(), "{stop:?}");
        assert!(again.is_none_or(|again| again > run), "{stop:?}");
        shop.wait(5);
        assert_eq!(shop.platform.balance(jo, Currency::USD).unwrap().available, 0, "{stop:?}");
        let payouts = shop.platform.records().filter_map(|record| {
            if let fundroute::journal::Record::Payout(payout) = record { Some(payout.clone()) } else { None }
        });
        let payouts = payouts.filter(|payout| payout.account() == jo);
        let payouts: Vec<_> = payouts.collect();
        assert_eq!(payouts.len(), 1, "{stop:?}");
        assert_eq!(payouts[0].amount(), usd(200_00));
        let PayoutTrigger::Automatic(window) = payouts[0].trigger() else { panic!("by hand") };
        assert_eq!((window.from, window.through), (None, again.unwrap_or(run)), "{stop:?}");
    }
}

#[test]
fn a_stop_that_is_lifted_before_the_run_costs_nothing() {
    let mut shop = Shop::open();
    shop.fund_seller();
    let (jo, run) = (shop.jo, shop.platform.next_payout(shop.jo, Currency::USD));
    shop.ask(pause_payouts(jo, true)).unwrap();
    shop.ask(pause_payouts(jo, true)).unwrap();
    shop.ask(pause_payouts(jo, false)).unwrap();
    assert_eq!(shop.platform.next_payout(jo, Currency::USD), run);
    assert!(run.is_some());
}

#[test]
fn money_that_becomes_available_while_payouts_are_stopped_waits() {
    let mut shop = Shop::open();
    let jo = shop.jo;
    let key = shop.key();
    shop.platform.acting_as(jo).unwrap().payments().create(&key, NewPayment::card(usd(100_00))).unwrap();
    shop.world.settle(&mut shop.platform).unwrap();
    shop.ask(pause_payouts(jo, true)).unwrap();
    shop.wait(7);
    let balance = shop.platform.balance(jo, Currency::USD).unwrap();
    assert_eq!((balance.pending, balance.available, balance.in_transit), (0, 96_80, 0));
    shop.ask(pause_payouts(jo, false)).unwrap();
    shop.wait(4);
    assert_eq!(shop.platform.balance(jo, Currency::USD).unwrap().available, 0);
}

#[test]
fn a_payment_that_was_under_way_when_its_account_was_stopped_is_booked() {
    for stop in Stop::ALL {
        let mut shop = Shop::open();
        let (jo, key) = (shop.jo, shop.key());
        let sale = NewPayment::card(usd(100_00));
        let sale = shop.platform.acting_as(jo).unwrap().payments().create(&key, sale).unwrap().answer;
        stop.set(&mut shop);
        let charge = shop.platform.payment(sale).unwrap().latest_charge().unwrap();
        let fact = fundroute::journal::Fact::ChargeSucceeded(ChargeSucceeded::of(charge, usd(100_00)));
        assert_eq!(shop.tell(fact), FactOutcome::Applied, "{stop:?}");
        assert_eq!(shop.platform.balance(jo, Currency::USD).unwrap().pending, 96_80, "{stop:?}");
    }
}

#[test]
fn a_partial_platform_decides_the_same() {
    for stop in Stop::ALL {
        let mut shop = Shop::open();
        shop.fund_seller();
        let jo = shop.jo;
        if stop != Stop::Payments {
            shop.ask(pause_payments(jo, true)).unwrap();
        }
        let commands = [
            reject(jo, PayoutsAction::Pause),
            unreject(jo),
            pause_payouts(jo, true),
            close(jo),
            Command::SetDelayDays(fundroute::payouts::SetDelayDays { account: jo, delay: Some(9) }),
            Command::UpdatePlatform(fundroute::accounts::UpdatePlatform {
                branding: fundroute::accounts::Branding::new().display_name("Rocket"),
            }),
        ];
        stop.set(&mut shop);
        for command in commands {
            let request = Request::new("x", command);
            let whole = &shop.platform;
            let identity = fundroute::platform::Identity { platform: whole.id(), livemode: whole.livemode() };
            let mut part = Platform::partial(identity, whole.rulebook().clone(), whole.now());
            let mut rounds = 0;
            let decided = loop {
                match part.decide(&request) {
                    Err(Error::NotLoaded(keys)) if rounds < 4 => {
                        part.load(keys.into_iter().map(|key| whole.look_up(key)));
                        rounds += 1;
                    }
                    decided => break decided,
                }
            };
            assert_eq!(decided, whole.decide(&request), "{stop:?}: {request:?}");
        }
    }
}
