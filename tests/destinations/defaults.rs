//! The law of defaults, tried on arbitrary sequences, and that a worker who knows a part decides the same.

use fundroute::accounts::{NewExternalAccount, Ownership, TokenStatus, UpdateExternalAccount};
use fundroute::ids::{AccountId, ExternalAccountId, ObjectId, PayoutId};
use fundroute::journal::Fact;
use fundroute::money::Currency;
use fundroute::platform::Identity;
use fundroute::prelude::*;
use fundroute::rulebook::{Capability, RequirementErrorCode};
use fundroute::simulator::World;
use proptest::prelude::*;

use crate::comes_back;

/// Something that is done to the bank accounts of an account, or to one of them.
#[derive(Clone, Debug)]
enum Step {
    Add { currency: usize, placement: u8 },
    Update { pick: usize, is_default: bool },
    Delete { pick: usize },
    Check { pick: usize, is_good: bool, ago: i64 },
    Token { pick: usize, is_good: bool, ago: i64 },
    Pay { currency: usize },
    Fail { pick: usize },
}

fn step() -> impl Strategy<Value = Step> {
    let pick = 0..12_usize;
    prop_oneof![
        4 => (0..3_usize, 0..3_u8).prop_map(|(currency, placement)| Step::Add { currency, placement }),
        3 => (pick.clone(), any::<bool>()).prop_map(|(pick, is_default)| Step::Update { pick, is_default }),
        4 => pick.clone().prop_map(|pick| Step::Delete { pick }),
        1 => (pick.clone(), any::<bool>(), 0..5_i64).prop_map(|(pick, is_good, ago)| Step::Check { pick, is_good, ago }),
        1 => (pick.clone(), any::<bool>(), 0..5_i64).prop_map(|(pick, is_good, ago)| Step::Token { pick, is_good, ago }),
        2 => (0..3_usize).prop_map(|currency| Step::Pay { currency }),
        2 => pick.prop_map(|pick| Step::Fail { pick }),
    ]
}

const COINS: [Currency; 3] = [Currency::USD, Currency::EUR, Currency::GBP];

/// What a worker decides that knows only what it asks for.
fn decide_in_part<T>(platform: &Platform, decide: impl Fn(&Platform) -> Result<T, Error>) -> Result<T, Error> {
    let who = Identity { platform: platform.id(), livemode: false };
    let mut part = Platform::partial(who, platform.rulebook().clone(), platform.now());
    for _ in 0..9 {
        match decide(&part) {
            Err(Error::NotLoaded(keys)) => part.load(keys.into_iter().map(|key| platform.look_up(key))),
            decided => return decided,
        }
    }
    panic!("a worker that asks for ever")
}

fn request(platform: &Platform, key: &str, jo: AccountId, step: &Step) -> Option<Request> {
    let ids: Vec<ExternalAccountId> = platform
        .family(jo)
        .filter_map(|record| if let ObjectId::ExternalAccount(id) = record.id() { Some(id) } else { None })
        .collect();
    let one = |pick: usize| (!ids.is_empty()).then(|| ids[pick % ids.len()]);
    let command = match *step {
        Step::Add { currency, placement } => {
            let new = NewExternalAccount::bank(jo, US, COINS[currency], "000123456789");
            Command::AddExternalAccount(match placement {
                0 => new,
                1 => new.default_for_currency(),
                _ => new.replacing_default(),
            })
        }
        Step::Update { pick, is_default } => {
            let update = UpdateExternalAccount::new(one(pick)?);
            Command::UpdateExternalAccount(if is_default { update.default_for_currency() } else { update })
        }
        Step::Delete { pick } => Command::DeleteExternalAccount(one(pick)?),
        Step::Pay { currency } => {
            let amount = Money::new(1_00, COINS[currency]);
            let pay = Command::CreatePayout(fundroute::payouts::NewPayout::of(amount));
            return Some(Request::new(key, pay).acting_as(jo));
        }
        Step::Check { .. } | Step::Token { .. } | Step::Fail { .. } => return None,
    };
    Some(Request::new(key, command))
}

fn report(platform: &Platform, id: &str, jo: AccountId, step: &Step) -> Option<fundroute::journal::Report> {
    let ids: Vec<_> = platform.external_accounts(jo).unwrap().iter().map(|known| known.id()).collect();
    let one = |pick: usize| (!ids.is_empty()).then(|| ids[pick % ids.len()]);
    let (fact, ago) = match *step {
        Step::Check { pick, is_good, ago } => {
            let failed = Ownership::Failed(RequirementErrorCode::VerificationFailedOther);
            let outcome = if is_good { Ownership::Verified } else { failed };
            let external_account = one(pick)?;
            (
                Fact::ExternalAccountChecked(fundroute::accounts::ExternalAccountChecked { external_account, outcome }),
                ago,
            )
        }
        Step::Token { pick, is_good, ago } => {
            let status = if is_good { TokenStatus::Active } else { TokenStatus::Deactivated };
            let external_account = one(pick)?;
            (Fact::AccountTokenChanged(fundroute::accounts::AccountTokenChanged { external_account, status }), ago)
        }
        Step::Fail { pick } => {
            let payouts: Vec<PayoutId> = platform
                .records()
                .filter_map(|record| if let ObjectId::Payout(id) = record.id() { Some(id) } else { None })
                .collect();
            (comes_back(*payouts.get(pick % payouts.len().max(1))?), 0)
        }
        Step::Add { .. } | Step::Update { .. } | Step::Delete { .. } | Step::Pay { .. } => return None,
    };
    Some(fundroute::journal::Report::new(id, platform.now().checked_add(hours(-ago)).unwrap(), fact))
}

/// There is a default of a currency exactly if there is anything of that currency, and it is one that is there.
fn check_defaults(platform: &Platform, jo: AccountId) {
    let owner = platform.account(jo).unwrap();
    let known = platform.external_accounts(jo).unwrap();
    let mut currencies: Vec<Currency> = owner.bank_currencies().collect();
    let count = currencies.len();
    currencies.dedup();
    assert_eq!(currencies.len(), count, "two defaults of one currency");
    for currency in COINS {
        let of_it: Vec<_> = known.iter().filter(|known| known.currency() == currency).map(|known| known.id()).collect();
        match owner.bank_for(currency) {
            Some(default) => assert!(of_it.contains(&default), "{default} dangles"),
            None => assert!(of_it.is_empty(), "nothing is the default of {currency}"),
        }
        if let Some(at) = platform.next_payout(jo, currency) {
            let default = owner.bank_for(currency).unwrap();
            assert!(platform.external_account(default).unwrap().is_usable(), "a payout at {at} to nowhere");
        }
    }
}

fn funded() -> (Platform, AccountId) {
    let book = Rulebook::standard().with_settlement_currencies(US, &COINS).unwrap();
    let mut platform = Platform::new(NewPlatform::in_country(US), book, utc(2026, 11, 2)).unwrap();
    let mut world = World::new();
    let new = NewAccount::custom(US).request(Capability::CardPayments).request(Capability::Transfers);
    let jo = world.onboard(&mut platform, new).unwrap();
    platform.payments().create("sale", NewPayment::card(usd(1_000_00))).unwrap();
    world.advance(&mut platform, days(4)).unwrap();
    platform.transfers().create("move", NewTransfer::to(jo, usd(500_00))).unwrap();
    (platform, jo)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn the_default_never_dangles_and_a_worker_decides_the_same(steps in proptest::collection::vec(step(), 1..40)) {
        let (mut platform, jo) = funded();
        for (number, step) in steps.iter().enumerate() {
            let key = format!("step-{number}");
            if let Some(request) = request(&platform, &key, jo, step) {
                let decided = platform.decide(&request);
                prop_assert_eq!(&decided, &decide_in_part(&platform, |part| part.decide(&request)));
                if let Ok(decided) = decided {
                    platform.apply(&decided.changes).unwrap();
                }
            } else if let Some(report) = report(&platform, &key, jo, step) {
                let decided = platform.decide_fact(&report);
                prop_assert_eq!(&decided, &decide_in_part(&platform, |part| part.decide_fact(&report)));
                platform.apply(&decided.unwrap().changes).unwrap();
            }
            check_defaults(&platform, jo);
            prop_assert_eq!(platform.audit(), []);
        }
    }
}
