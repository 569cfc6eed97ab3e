//! What is told of payouts within minutes is what is done: exactly so much can be paid out, and what is lent comes from where it belongs.

use std::collections::BTreeMap;

use fundroute::accounts::{Action, Actor};
use fundroute::ids::{AccountId, ObjectId, PayoutId};
use fundroute::journal::Changes;
use fundroute::ledger::LineKind;
use fundroute::money::{Currency, Rate};
use fundroute::payouts::{InstantBarrier, NewPayout, PayoutStatus, SetInstantPrice};
use fundroute::prelude::*;
use fundroute::routing::{Fee, Tier, Tiering};
use fundroute::rulebook::{Capability, Rulebook};
use fundroute::simulator::World;
use proptest::prelude::*;

use crate::money_is_conserved::play;
use crate::stage::Stage;
use crate::story::story;

/// What was lent to each payout, and given back of it.
#[derive(Default)]
struct Lent(BTreeMap<PayoutId, (i64, i64)>);

impl Lent {
    /// Invariant 25: what is lent is taken of pending days, to the cent, whether it is lent or given back; and no more is given back than
    /// was lent, nor than came back.
    fn see(&mut self, platform: &Platform, changes: &Changes) {
        for entry in &changes.entries {
            let of = |kind: LineKind| {
                let lines = entry.lines().iter().filter(move |line| line.kind() == kind);
                lines.map(|line| line.net()).sum::<i128>()
            };
            let (advance, funding) = (of(LineKind::Advance), of(LineKind::AdvanceFunding));
            assert_eq!(advance + funding, 0, "{entry:?}");
            if advance == 0 {
                continue;
            }
            let ObjectId::Payout(id) = entry.cause() else { panic!("{entry:?} lends to no payout") };
            let payout = platform.payout(id).unwrap();
            let lent: i64 = payout.advances().map(|(_, amount)| amount.minor()).sum();
            let (out, back) = self.0.entry(id).or_default();
            if advance > 0 {
                assert_eq!((*out, advance), (0, lent.into()), "{payout:?}");
                *out = lent;
            } else {
                *back += i64::try_from(-advance).unwrap();
                let came =
                    payout.amount().minor() + if is_canceled(payout.status()) { payout.fee().minor() } else { 0 };
                assert_eq!(*back, lent.min(came), "{payout:?}");
            }
            let all = payout.amount().minor() + payout.fee().minor() + payout.application_fee_amount().minor();
            assert!(*out <= all && *back <= *out, "{payout:?}");
        }
    }
}

fn is_canceled(status: PayoutStatus) -> bool {
    status == PayoutStatus::Canceled
}

/// Whoever asks for what they are told gets it, and for a cent more does not.
fn the_largest_payout_is_the_largest(stage: &Stage) {
    let platform = &stage.platform;
    for (account, currency) in platform.balances() {
        let told = platform.instant_balance(account, currency).unwrap();
        for net in &told.net_available {
            let ask = |minor: i64| {
                let payout = NewPayout::of(Money::new(minor, currency)).instant().to(net.destination);
                let request = Request::new("law", Command::CreatePayout(payout));
                platform.decide(&if account == platform.id() { request } else { request.acting_as(account) })
            };
            let most = net.amount.minor();
            let all = told.instant_available;
            assert!(i128::from(most) <= all.max(0), "{told:?}");
            let is_ours = platform.permits(account, Actor::Platform, Action::CreateInstantPayout).is_ok();
            if most > 0 && is_ours {
                let asked = ask(most);
                assert!(asked.is_ok(), "{told:?}: {asked:?}");
            }
            let more = most + platform.rulebook().payout_limits(country(stage, account), currency).multiple();
            assert!(ask(more).is_err(), "{told:?}");
        }
    }
}

fn country(stage: &Stage, account: AccountId) -> Country {
    stage.platform.account(account).unwrap().country()
}

proptest! {
    #![proptest_config(crate::cases(32))]

    #[test]
    fn the_laws_hold_of_payouts_within_minutes(story in story(40..120)) {
        let mut lent = Lent::default();
        let mut seen = 0;
        play(&story, |stage, model| {
            for changes in &stage.journal[seen..] {
                lent.see(&stage.platform, changes);
            }
            seen = stage.journal.len();
            the_largest_payout_is_the_largest(stage);
            for (account, currency) in stage.platform.balances() {
                let told = stage.platform.instant_balance(account, currency).unwrap();
                let all = match told.barrier {
                    None => model.instantly_available(account, currency),
                    Some(_) => 0,
                };
                assert_eq!(told.instant_available, all, "{told:?}");
            }
        });
    }

    /// Of any price, also one that falls where a tier begins, the largest payout is found without trying each.
    #[test]
    fn the_largest_payout_is_exact_for_any_price(
        have in 1..=300_00_i64,
        percents in proptest::collection::vec(0..=40_u32, 1..4),
        fixed in 0..=3_00_i64,
        bounds in (0..=2_00_i64, 0..=20_00_i64),
        is_whole in any::<bool>(),
    ) {
        let tiers = percents.iter().enumerate().map(|(place, percent)| {
            let from = i64::try_from(place).unwrap() * 70_00;
            Tier::new(usd(from), Rate::from_basis_points(percent * 100))
        });
        let tiering = if is_whole { Tiering::Whole } else { Tiering::Slices };
        let price = Fee::tiers(tiering, tiers.collect()).plus(usd(fixed)).at_least(usd(bounds.0.min(bounds.1)));
        let price = price.at_most(usd(bounds.1.max(bounds.0)));
        let (platform, jo) = with_pending(have, Some(price.clone()));
        let told = platform.instant_balance(jo, USD).unwrap();
        let fits = |minor: i64| minor + price.of(usd(minor)).unwrap().minor() <= have;
        let most = (50..=have).rev().find(|minor| fits(*minor)).unwrap_or(0);
        prop_assert_eq!((told.instant_available, told.net_available[0].amount), (have.into(), usd(most)));
    }
}

/// A seller to whom a card payment of so much is on its way.
fn with_pending(minor: i64, price: Option<Fee>) -> (Platform, AccountId) {
    let mut platform = Platform::new(NewPlatform::in_country(US), Rulebook::standard(), utc(2026, 11, 2)).unwrap();
    let mut world = World::new();
    let new = NewAccount::custom(US).request(Capability::CardPayments).request(Capability::Transfers);
    let jo = world.onboard(&mut platform, new).unwrap();
    let sale = NewPayment::card(usd(minor.max(50))).destination(jo).transfer_amount(usd(minor));
    platform.payments().create("sale", sale).unwrap();
    world.settle(&mut platform).unwrap();
    let command = SetInstantPrice { currency: USD, price };
    platform.handle(Request::new("price", Command::SetInstantPrice(command))).unwrap();
    (platform, jo)
}

#[test]
fn no_price_leaves_everything() {
    let (platform, jo) = with_pending(80_00, None);
    let told = platform.instant_balance(jo, USD).unwrap();
    assert_eq!((told.instant_available, told.net_available[0].amount), (80_00, usd(80_00)));
    assert_eq!(platform.instant_balance(jo, Currency::EUR).unwrap().barrier, Some(InstantBarrier::Currency));
}
