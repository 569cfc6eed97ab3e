//! What banks show beside payouts.

use fundroute::ids::AccountId;
use fundroute::journal::Instruction;
use fundroute::payouts::{
    NewPayout, PayoutError, PayoutInstruction, PayoutSchedule, ReversePayout, SetStatementDescriptor, TimingCommand,
    ach_entry_description,
};
use fundroute::prelude::*;

use crate::shop::{Shop, events, rules};

/// A seller with 200.00 to be paid by hand.
fn seller(shop: &mut Shop) -> AccountId {
    let jo = shop.banked(NewAccount::express(US));
    let key = shop.key();
    shop.platform.payouts().set_schedule(&key, jo, PayoutSchedule::Manual).unwrap();
    shop.sell(NewPayment::card(usd(200_00)).destination(jo));
    shop.wait(3);
    assert_eq!(shop.available(jo), 200_00);
    jo
}

fn says(shop: &mut Shop, account: AccountId, words: Option<&str>) {
    let key = shop.key();
    shop.platform.payouts().set_statement_descriptor(&key, account, words).unwrap();
}

/// Asks for a payout of 10.00, and tells what the bank is to show.
fn shown(shop: &mut Shop, jo: AccountId, words: Option<&str>) -> String {
    let key = shop.key();
    let new = words.map_or(NewPayout::of(usd(10_00)), |words| NewPayout::of(usd(10_00)).statement_descriptor(words));
    let asked = Request::new(key, Command::CreatePayout(new)).acting_as(jo);
    let changes = shop.platform.handle(asked).unwrap().changes;
    let payout = shop.payouts(jo).pop().unwrap();
    assert_eq!(words_in(&changes.instructions), [payout.statement_descriptor()]);
    payout.statement_descriptor().to_owned()
}

/// What banks are told to show.
fn words_in(instructions: &[Instruction]) -> Vec<&str> {
    let words = instructions.iter().filter_map(|instruction| {
        let (Instruction::Payout(PayoutInstruction::Send { statement_descriptor, .. })
        | Instruction::Payout(PayoutInstruction::Debit { statement_descriptor, .. })) = instruction
        else {
            return None;
        };
        Some(&**statement_descriptor)
    });
    words.collect()
}

/// docs.stripe.com/payouts/statement-descriptors (2026): the payout's words before the account's, those before the platform's, and the
/// processor's name last.
#[test]
fn example_p2_the_words_of_a_payout_go_before_all_others() {
    let mut shop = Shop::open();
    let (jo, house) = (seller(&mut shop), shop.house);
    assert_eq!(shown(&mut shop, jo, None), "STRIPE");
    says(&mut shop, house, Some("Rocket Rides"));
    assert_eq!(shown(&mut shop, jo, None), "Rocket Rides");
    says(&mut shop, jo, Some("Jo's fares"));
    assert_eq!(shown(&mut shop, jo, None), "Jo's fares");
    assert_eq!(shown(&mut shop, jo, Some("Week 45 of Rocket Ride")), "Week 45 of Rocket Ride");
    assert_eq!(ach_entry_description("Week 45 of Rocket Ride"), "Week 45 of");
    says(&mut shop, jo, None);
    assert_eq!(shown(&mut shop, jo, None), "Rocket Rides");
    says(&mut shop, house, None);
    assert_eq!(shown(&mut shop, jo, None), "STRIPE");
    let mut shop = Shop::open_by(US, rules().with_processor_name("Acquirer & Sons of Zürich"));
    let jo = seller(&mut shop);
    assert_eq!(shown(&mut shop, jo, None), "Acquirer & Sons of Zri");
}

/// What a bank was told to show does not change with the settings; automatic payouts and debits have the account's words, and what takes a
/// payout back has those of the payout.
#[test]
fn every_payout_has_words_and_keeps_them() {
    let mut shop = Shop::open();
    let jo = seller(&mut shop);
    says(&mut shop, jo, Some("Jo's fares"));
    let payout = shop.pay_out(jo, usd(50_00)).unwrap();
    says(&mut shop, jo, Some("Jo's trips"));
    let restored = Platform::restore(rules(), shop.platform.snapshot(), shop.platform.now());
    let told = restored.instructions();
    assert_eq!(words_in(&told), ["Jo's fares"]);
    shop.wait(1);
    let reverse = Request::new("back", Command::ReversePayout(ReversePayout { payout })).acting_as(jo);
    let back = shop.platform.handle(reverse).unwrap().changes;
    assert_eq!(words_in(&back.instructions), ["Jo's fares"]);
    let key = shop.key();
    let daily = PayoutSchedule::Automatic(fundroute::calendar::Recurrence::Daily);
    shop.platform.payouts().set_schedule(&key, jo, daily).unwrap();
    shop.wait(3);
    let mut paid = shop.payouts(jo).into_iter().filter(|payout| !payout.is_debit());
    assert_eq!(paid.next_back().unwrap().statement_descriptor(), "Jo's trips");
}

/// Too long, without a letter, or with what a bank cannot show: nothing happens, and the error says which text it was.
#[test]
fn words_that_no_bank_can_show_are_refused() {
    let mut shop = Shop::open();
    let jo = seller(&mut shop);
    let before = shop.platform.snapshot();
    let longer = "x".repeat(23);
    for text in ["", "2026-11", "Fahrgeld für Jo", "two\nlines", &longer] {
        let refused = Error::from(PayoutError::DescriptorInvalid(text.to_owned()));
        let new = Command::CreatePayout(NewPayout::of(usd(10_00)).statement_descriptor(text));
        assert_eq!(shop.platform.handle(Request::new("x", new).acting_as(jo)).unwrap_err(), refused);
        let set = SetStatementDescriptor { account: jo, descriptor: Some(text.to_owned()) };
        let set = Command::Timing(TimingCommand::SetStatementDescriptor(set));
        assert_eq!(shop.platform.handle(Request::new("x", set)).unwrap_err(), refused);
    }
    assert_eq!(shop.platform.snapshot(), before);
}

/// The settings tell of a change, and of nothing else; whose payouts the platform does not schedule, whose words it does not choose.
#[test]
fn the_words_are_part_of_the_balance_settings() {
    let mut shop = Shop::open();
    let (jo, al) = (seller(&mut shop), shop.banked(NewAccount::standard(US)));
    let set = |account, descriptor: Option<&str>| {
        let set = SetStatementDescriptor { account, descriptor: descriptor.map(str::to_owned) };
        Command::Timing(TimingCommand::SetStatementDescriptor(set))
    };
    let first = shop.platform.handle(Request::new("one", set(jo, Some("Jo's fares")))).unwrap();
    assert_eq!(events(&first.changes), ["balance_settings.updated"]);
    let again = shop.platform.handle(Request::new("two", set(jo, Some("Jo's fares")))).unwrap();
    assert!(events(&again.changes).is_empty());
    assert_eq!(shop.platform.balance_settings(jo).unwrap().statement_descriptor(), Some("Jo's fares"));
    assert!(shop.platform.handle(Request::new("three", set(al, Some("Al's fares")))).is_err());
}
