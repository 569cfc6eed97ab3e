//! What each reason of a bank does to the bank account or card, and when what came back is sent again.

use fundroute::accounts::{Card, ExternalAccountState, NewExternalAccount, UpdateExternalAccount};
use fundroute::ids::AccountId;
use fundroute::payouts::{PayoutSchedule, PayoutStatus, ReversePayout};
use fundroute::prelude::*;
use fundroute::rulebook::{CardBrand, DestinationKind};
use fundroute::simulator::NEVER_ANSWERS;

use crate::shop::{Shop, events};

/// What is told of a destination, and whether it is used again before somebody has updated it.
type Row = (&'static str, &'static [DestinationKind], bool);

const BANK: &[DestinationKind] = &[DestinationKind::Bank];
const CARD: &[DestinationKind] = &[DestinationKind::Card];
const BOTH: &[DestinationKind] = &[DestinationKind::Bank, DestinationKind::Card];
const BALANCE: &[DestinationKind] = &[DestinationKind::Balance];

/// docs.stripe.com/api/payouts/failures (2023), and a plugin's mapping of 2026 for the cards: all reasons there are names for.
const CODES: [Row; 27] = [
    ("account_closed", BANK, false),
    ("account_frozen", BANK, false),
    ("bank_account_restricted", BANK, false),
    ("bank_ownership_changed", BANK, false),
    ("could_not_process", BOTH, false),
    ("debit_not_authorized", BANK, false),
    ("declined", BOTH, false),
    ("exceeds_amount_limit", CARD, true),
    ("exceeds_count_limit", CARD, true),
    ("expired_card", CARD, false),
    ("incorrect_account_holder_address", BANK, false),
    ("incorrect_account_holder_details", BANK, false),
    ("incorrect_account_holder_name", BANK, false),
    ("incorrect_account_holder_tax_id", BANK, false),
    ("incorrect_account_type", BANK, false),
    ("insufficient_funds", BALANCE, true),
    ("invalid_account_number", BANK, false),
    ("invalid_account_number_length", BANK, false),
    ("invalid_card", CARD, false),
    ("invalid_currency", BANK, false),
    ("invalid_issuer", CARD, false),
    ("invalid_transaction", CARD, false),
    ("issuer_unavailable", CARD, true),
    ("lost_or_stolen_card", CARD, false),
    ("no_account", BANK, false),
    ("refer_to_card_issuer", CARD, false),
    ("unsupported_card", CARD, false),
];

/// A seller who was paid 50.00 by the schedule on Wednesday, to a bank account or a card of which nothing is heard.
fn paid_to(is_card: bool) -> (Shop, AccountId) {
    let mut shop = Shop::open();
    let jo = shop.banked_at(NewAccount::express(US), NEVER_ANSWERS);
    if is_card {
        let card = Card::debit(CardBrand::Visa, 12, 2030);
        let card = NewExternalAccount::card(jo, US, USD, NEVER_ANSWERS, "5556", card).default_for_currency();
        shop.platform.accounts().add_external_account("card", card).unwrap();
    }
    shop.sell(NewPayment::card(usd(50_00)).destination(jo));
    shop.until(utc(2026, 11, 4).at(12, 0));
    assert_eq!(shop.payout_list(jo), ["5000 pending 2026-11-04 2026-11-04"]);
    (shop, jo)
}

/// Every row of the table, and a code that nobody has named yet: the money comes back at once; either nothing more is sent there before it was
/// updated, and the run after that pays again, or the next payout date does so by itself (docs.stripe.com/payouts, 2026).
#[test]
fn what_every_failure_code_does_to_the_destination() {
    let book = Rulebook::standard();
    for (code, kinds, is_used_again) in CODES.into_iter().chain([("the_dog_ate_it", BOTH, false)]) {
        if code != "the_dog_ate_it" {
            let rule = book.payout_failure(code).unwrap();
            assert_eq!((rule.applies_to(), rule.breaks_destination()), (kinds, !is_used_again), "{code}");
        }
        for is_card in [false, true] {
            let (mut shop, jo) = paid_to(is_card);
            let payout = shop.payouts(jo)[0].id();
            let to = shop.platform.payout(payout).unwrap().destination();
            assert_eq!(
                shop.platform.external_account(to).unwrap().destination_kind() == DestinationKind::Card,
                is_card
            );
            let now = shop.platform.now();
            let changes = shop.platform.payouts().record_failed("news", now, payout, code).unwrap().changes;
            assert!(events(&changes).contains(&"payout.failed"), "{code}");
            assert_eq!((shop.available(jo), shop.in_transit(jo)), (50_00, 0), "{code}");
            let state = shop.platform.external_account(to).unwrap().state();
            let thursday = utc(2026, 11, 5);
            if is_used_again {
                assert_eq!(
                    (state, shop.platform.next_payout(jo, USD)),
                    (ExternalAccountState::New, Some(thursday)),
                    "{code}"
                );
            } else {
                assert_eq!(
                    (state, shop.platform.next_payout(jo, USD)),
                    (ExternalAccountState::Errored, None),
                    "{code}"
                );
                shop.wait(9);
                assert_eq!(shop.payouts(jo).len(), 1, "{code}: nothing is sent there");
                // An update counts, also of nothing.
                let update = UpdateExternalAccount::new(to);
                shop.platform.accounts().update_external_account("again", update).unwrap();
                assert_eq!(shop.platform.next_payout(jo, USD), Some(utc(2026, 11, 16)), "{code}: a Friday noon");
            }
            let next = shop.platform.next_payout(jo, USD).unwrap();
            shop.until(next);
            let again = &shop.payouts(jo)[1];
            assert_eq!((again.amount(), again.destination(), again.created()), (usd(50_00), to, next), "{code}");
            assert_eq!(shop.platform.payout(payout).unwrap().status(), PayoutStatus::Failed);
            shop.sound();
        }
    }
    assert_eq!(CODES.len(), book.payout_failures().count());
}

/// The same codes where a reversal fails: a bank account that cannot be debited is not used for anything, and nothing is tried again
/// (docs.stripe.com/connect/payout-reversals, 2024).
#[test]
fn what_every_failure_code_does_to_the_bank_of_a_reversal() {
    for (code, _, is_used_again) in CODES {
        let (mut shop, jo) = paid_to(false);
        let payout = shop.payouts(jo)[0].id();
        let now = shop.platform.now();
        shop.platform.payouts().record_paid("paid", now, payout).unwrap();
        let reverse = Request::new("back", Command::ReversePayout(ReversePayout { payout })).acting_as(jo);
        shop.platform.handle(reverse).unwrap();
        let reversal = shop.platform.payout(payout).unwrap().reversed_by().unwrap();
        shop.platform.payouts().record_failed("news", now, reversal, code).unwrap();
        let bank = shop.platform.external_account(shop.platform.payout(payout).unwrap().destination()).unwrap();
        assert_eq!((bank.is_usable(), bank.failed_debits()), (is_used_again, 0), "{code}");
        assert_eq!((shop.available(jo), shop.in_transit(jo)), (0, 0), "{code}");
        shop.wait(30);
        assert_eq!(shop.payouts(jo).len(), 2, "{code}");
        shop.sound();
    }
}

/// A payout that was asked for by hand and came back is not sent again by itself: its money waits to be asked for, or for the schedule.
#[test]
fn what_was_asked_for_by_hand_waits_to_be_asked_for_again() {
    let (mut shop, jo) = paid_to(true);
    let first = shop.payouts(jo)[0].id();
    let now = shop.platform.now();
    shop.platform.payouts().set_schedule("by hand", jo, PayoutSchedule::Manual).unwrap();
    shop.platform.payouts().record_failed("news", now, first, "issuer_unavailable").unwrap();
    assert_eq!(shop.platform.next_payout(jo, USD), None);
    let second = shop.pay_out(jo, usd(50_00)).unwrap();
    shop.platform.payouts().record_failed("more news", now, second, "issuer_unavailable").unwrap();
    shop.wait(30);
    assert_eq!((shop.payouts(jo).len(), shop.available(jo)), (2, 50_00));
    shop.sound();
}
