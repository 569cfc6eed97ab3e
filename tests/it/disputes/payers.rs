//! Who is debited: each cell of the table of charge types and liabilities, and the host's override.

use fundroute::accounts::{Controller, Dashboard, FeePayer, LossBearer, RequirementCollector};
use fundroute::ids::AccountId;
use fundroute::prelude::*;
use fundroute::rulebook::{AccountKind, Capability, DisputeFeePayer, DisputePolicy};

use super::Contested;
use crate::shop::{Shop, rules};

/// What the seller and the platform lose to a dispute of 10.00.
fn lost(
    policy: DisputeFeePayer,
    account: NewAccount,
    sell: fn(&mut Shop, AccountId) -> fundroute::ids::PaymentId,
) -> (i128, i128) {
    let rules = rules().with_dispute_policy(DisputePolicy { fee_payer: policy, ..rules().dispute_policy() });
    let mut shop = Shop::open_by(US, rules);
    let jo = shop.seller(account);
    let sale = sell(&mut shop, jo);
    let before = [jo, shop.house].map(|account| shop.pending(account));
    shop.chargeback(sale, "du_1", usd(10_00));
    let after = [jo, shop.house].map(|account| shop.pending(account));
    shop.sound();
    let [jo, house] = [before[0] - after[0], before[1] - after[1]];
    (jo, house)
}

fn direct(shop: &mut Shop, jo: AccountId) -> fundroute::ids::PaymentId {
    shop.sell_as(jo, NewPayment::card(usd(10_00)).application_fee(usd(1_00)))
}

fn destination(shop: &mut Shop, jo: AccountId) -> fundroute::ids::PaymentId {
    shop.sell(NewPayment::card(usd(10_00)).destination(jo).application_fee(usd(1_00)))
}

fn separate(shop: &mut Shop, jo: AccountId) -> fundroute::ids::PaymentId {
    let sale = shop.sell(NewPayment::card(usd(10_00)));
    shop.transfer(NewTransfer::to(jo, usd(9_00)).from_payment(sale)).unwrap();
    sale
}

/// An account with this dashboard whose fees and losses these bear.
fn account(dashboard: Dashboard, fees: FeePayer, losses: LossBearer) -> NewAccount {
    let requirements = match (dashboard, losses) {
        (Dashboard::None, LossBearer::Application) => RequirementCollector::Application,
        _ => RequirementCollector::Processor,
    };
    let controller = Controller { fees, losses, requirements, dashboard };
    NewAccount::controlled(controller, US).request(Capability::CardPayments).request(Capability::Transfers)
}

/// docs.stripe.com/connect/disputes (2026 and 2025) and /connect/direct-charges-fee-payer-behavior (2026).
#[test]
fn direct_charges_by_liability() {
    let (all, money, fee) = ((25_00, 0), (10_00, 15_00), DisputeFeePayer::ByLiability);
    let cells = [
        // The processor bears the losses: the account pays both.
        (NewAccount::standard(US), all),
        (account(Dashboard::None, FeePayer::Account, LossBearer::Processor), all),
        (account(Dashboard::None, FeePayer::Application, LossBearer::Processor), all),
        // The platform does: the fee is the platform's.
        (account(Dashboard::Express, FeePayer::Application, LossBearer::Application), money),
        (account(Dashboard::None, FeePayer::Application, LossBearer::Application), money),
        // Accounts of the older kinds pay both.
        (account(Dashboard::Express, FeePayer::ApplicationExpress, LossBearer::Application), all),
        (account(Dashboard::None, FeePayer::ApplicationCustom, LossBearer::Application), all),
    ];
    for (account, expected) in cells {
        let controller = account.controller;
        assert_eq!(lost(fee, account, direct), expected, "{controller:?}");
    }
    assert_eq!(Controller::of(AccountKind::Standard).losses, LossBearer::Processor);
}

#[test]
fn direct_charges_by_the_hosts_own_policy() {
    let (all, money) = ((25_00, 0), (10_00, 15_00));
    let priced = || account(Dashboard::None, FeePayer::Application, LossBearer::Processor);
    let cells = [
        (DisputeFeePayer::ByFeePayer, priced(), money),
        (DisputeFeePayer::ByFeePayer, NewAccount::standard(US), all),
        (
            DisputeFeePayer::ByFeePayer,
            account(Dashboard::Express, FeePayer::Application, LossBearer::Application),
            money,
        ),
        (DisputeFeePayer::Account, account(Dashboard::Express, FeePayer::Application, LossBearer::Application), all),
        (DisputeFeePayer::Account, priced(), all),
        (DisputeFeePayer::Platform, NewAccount::standard(US), money),
        (DisputeFeePayer::Platform, priced(), money),
    ];
    for (policy, account, expected) in cells {
        let controller = account.controller;
        assert_eq!(lost(policy, account, direct), expected, "{policy} {controller:?}");
    }
}

#[test]
fn charges_on_the_platform_are_the_platforms_whoever_sells() {
    for policy in DisputeFeePayer::ALL {
        for sell in [destination, separate] {
            for account in [NewAccount::express(US), NewAccount::standard(US)] {
                assert_eq!(lost(policy, account, sell), (0, 25_00), "{policy}");
            }
        }
    }
}

/// The commission and the transfer stay as they are; the platform recovers its loss by taking the transfer back.
#[test]
fn the_platform_recovers_by_reversing_the_transfer() {
    let mut shop = Shop::open();
    let jo = shop.seller(NewAccount::express(US));
    let sale = destination(&mut shop, jo);
    shop.chargeback(sale, "du_1", usd(10_00));
    assert_eq!((shop.pending(jo), shop.pending(shop.house)), (9_00, 41 - 25_00));
    let transfer = shop.transfer_of(sale);
    shop.reverse(fundroute::routing::NewTransferReversal::of(transfer)).unwrap();
    assert_eq!((shop.pending(jo), shop.pending(shop.house)), (-1_00, 10_41 - 25_00));
    shop.sound();
}
