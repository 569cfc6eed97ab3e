//! What can be changed of a top-up afterwards, and that nothing of it is converted.

use fundroute::accounts::{AccountError, Metadata, MetadataError};
use fundroute::money::Currency;
use fundroute::payouts::{TopUpError, UpdateTopUp};
use fundroute::routing::SetExchangeRate;

use super::*;

fn update(shop: &mut Shop, update: UpdateTopUp) -> Result<Decided<TopUpId>, Error> {
    let key = shop.key();
    shop.platform.top_ups().update(&key, update)
}

/// A top-up with words and notes.
fn noted(shop: &mut Shop) -> TopUpId {
    let notes = Metadata::new().set("ledger", "4711").set("opened_by", "import");
    let new = NewTopUp::of(usd(500_00)).statement_descriptor("Bonuses 11").group("bonuses").description("November");
    top_up(shop, new.metadata(notes)).unwrap()
}

/// In whatever state it is: the words change, and nothing else does.
#[test]
fn words_and_notes_can_be_changed_in_every_state() {
    type Story = fn(&mut Shop, TopUpId);
    let stories: [(TopUpStatus, Story); 5] = [
        (TopUpStatus::Pending, |_, _| ()),
        (TopUpStatus::Succeeded, |shop, id| drop(succeeded(shop, id))),
        (TopUpStatus::Failed, |shop, id| {
            let (key, now) = (shop.key(), shop.platform.now());
            shop.platform.top_ups().record_failed(&key, now, id, "insufficient_funds").unwrap();
        }),
        (TopUpStatus::Canceled, |shop, id| {
            let key = shop.key();
            shop.platform.top_ups().cancel(&key, id).unwrap();
        }),
        (TopUpStatus::Reversed, |shop, id| {
            succeeded(shop, id);
            reversed(shop, id);
        }),
    ];
    for (expected, story) in stories {
        let mut shop = banked();
        let id = noted(&mut shop);
        story(&mut shop, id);
        let (before, money) = (shop.platform.top_up(id).unwrap().clone(), shop.platform.balance(shop.house, USD));
        let notes = Metadata::new().set("ledger", "").set("run", "9");
        let decided = update(&mut shop, UpdateTopUp::of(id).description("Bonuses").metadata(notes)).unwrap();
        let after = shop.platform.top_up(id).unwrap();
        assert_eq!((after.status(), after.description()), (expected, Some("Bonuses")));
        let notes: Vec<_> = after.metadata().iter().collect();
        assert_eq!(notes, [("opened_by", "import"), ("run", "9")]);
        let rest = |top_up: &fundroute::payouts::TopUp| {
            let words = (top_up.statement_descriptor().map(str::to_owned), top_up.transfer_group().map(str::to_owned));
            (top_up.amount(), top_up.source(), top_up.created(), top_up.state().clone(), words)
        };
        assert_eq!(rest(after), rest(&before));
        assert_eq!(shop.platform.balance(shop.house, USD), money);
        // The field has no event for it.
        let changes = &decided.changes;
        assert!(changes.events.is_empty() && changes.entries.is_empty() && changes.instructions.is_empty());
        shop.sound();
    }
}

#[test]
fn what_an_update_does_not_name_stays() {
    let mut shop = banked();
    let id = noted(&mut shop);
    let before = shop.platform.top_up(id).unwrap().clone();
    update(&mut shop, UpdateTopUp::of(id)).unwrap();
    assert_eq!(shop.platform.top_up(id).unwrap(), &before);
    update(&mut shop, UpdateTopUp::of(id).description("")).unwrap();
    assert_eq!(shop.platform.top_up(id).unwrap().description(), None);
    update(&mut shop, UpdateTopUp::of(id).metadata(Metadata::new().set("run", "9"))).unwrap();
    let known = shop.platform.top_up(id).unwrap();
    assert_eq!((known.description(), known.metadata().get("run")), (None, Some("9")));
}

#[test]
fn words_and_notes_that_are_too_long_are_refused_without_a_trace() {
    let mut shop = banked();
    let id = noted(&mut shop);
    let many = |first: u32, count: u32| {
        (first..first + count).fold(Metadata::new(), |notes, key| notes.set(key.to_string(), "x"))
    };
    update(&mut shop, UpdateTopUp::of(id).metadata(many(0, 40))).unwrap();
    let before = shop.platform.snapshot();
    for (asked, error) in [
        (UpdateTopUp::of(id).description("ä".repeat(5_001)), TopUpError::DescriptionTooLong(5_001)),
        (UpdateTopUp::of(id).metadata(Metadata::new().set("k".repeat(41), "v")), MetadataError::Key.into()),
        (UpdateTopUp::of(id).metadata(Metadata::new().set("k", "v".repeat(501))), MetadataError::Value.into()),
        (UpdateTopUp::of(id).metadata(many(0, 51)), MetadataError::TooMany.into()),
        // Few by themselves, and too many with those that are there.
        (UpdateTopUp::of(id).metadata(many(40, 9)), MetadataError::TooMany.into()),
    ] {
        let error = Error::from(error);
        assert_eq!((error.kind(), error.code()), (fundroute::ErrorKind::Invalid, None));
        assert_eq!(update(&mut shop, asked).map(drop), Err(error));
        assert_eq!(shop.platform.snapshot(), before);
    }
    update(&mut shop, UpdateTopUp::of(id).metadata(many(40, 8))).unwrap();
    let new = NewTopUp::of(usd(1_00)).metadata(many(0, 51));
    assert_eq!(top_up(&mut shop, new), Err(TopUpError::from(MetadataError::TooMany).into()));
}

#[test]
fn only_the_platform_changes_its_own_top_ups_and_once() {
    let mut shop = banked();
    let (id, jo) = (noted(&mut shop), shop.seller(NewAccount::express(US)));
    let command = Command::UpdateTopUp(UpdateTopUp::of(id).description("Bonuses"));
    let before = shop.platform.snapshot();
    let refused = shop.platform.handle(Request::new("words", command.clone()).acting_as(jo));
    assert_eq!(refused.map(drop), Err(Error::NotForAccounts(jo)));
    let nobody = TopUpId::from_host([9; 14]);
    assert_eq!(update(&mut shop, UpdateTopUp::of(nobody)).map(drop), Err(Error::NotFound(nobody.into())));
    assert_eq!(shop.platform.snapshot(), before);
    let first = shop.platform.handle(Request::new("words", command.clone())).unwrap();
    let again = shop.platform.handle(Request::new("words", command)).unwrap();
    assert_eq!((first.outcome, again.outcome), (Outcome::Applied, Outcome::Replayed));
}

/// What the platform cannot have a balance in it cannot pull in, at whatever rate; what it can it gets as it is.
#[test]
fn nothing_of_a_top_up_is_converted() {
    let book = rules().with_unbanked_settlement(false).with_settlement_currencies(US, &[USD, EUR]).unwrap();
    let book = book.with_top_up_terms(TopUpTerms::new(US, EUR)).unwrap();
    let mut shop = Shop::open_by(US, book);
    for (from, to) in [(EUR, USD), (GBP, USD)] {
        let key = shop.key();
        let rate = SetExchangeRate::new(from, to, "1.25".parse().unwrap());
        shop.platform.exchange_rates().set(&key, rate).unwrap();
    }
    let (house, country) = (shop.house, US);
    let gbp = AccountError::CurrencyNotHeld { account: house, country, currency: GBP };
    assert_eq!(top_up(&mut shop, NewTopUp::of(Money::new(5_00, GBP))), Err(gbp.into()));
    // Of euros it needs a bank account: with it they stay euros, and without it none come.
    assert_eq!(top_up(&mut shop, NewTopUp::of(eur(5_00))), Err(TopUpError::NoBankAccount(EUR).into()));
    let bank = fundroute::simulator::bank_account(shop.platform.rulebook(), house, US, EUR);
    let key = shop.key();
    shop.platform.accounts().add_external_account(&key, bank).unwrap();
    let id = top_up(&mut shop, NewTopUp::of(eur(5_00))).unwrap();
    succeeded(&mut shop, id);
    let held = |currency: Currency| shop.platform.balance(house, currency).unwrap().total();
    assert_eq!((held(EUR), held(USD)), (5_00, 0));
    assert_eq!(shop.platform.outside(LedgerAccount::Exchange, EUR), 0);
    shop.sound();
}
