//! Bank accounts and cards: every state under every action and report.

use fundroute::accounts::{
    AccountTokenChanged, ExternalAccountChecked, Metadata, NewExternalAccount, Ownership, TokenStatus,
    UpdateExternalAccount,
};
use fundroute::calendar::Recurrence;
use fundroute::ids::{AccountId, ExternalAccountId, PayoutId};
use fundroute::journal::{Answer, Fact};
use fundroute::money::{Currency, usd};
use fundroute::payouts::{NewPayout, PayoutFailed, PayoutPaid, PayoutSchedule, SetPayoutSchedule};
use fundroute::platform::{Command, Error, Platform};
use fundroute::rulebook::{Country, RequirementErrorCode};

use crate::grid::{Did, Machine, did, told};
use crate::scene::{Scene, advance, ask, before, tell};

#[derive(Clone, Copy)]
struct Bank {
    account: AccountId,
    bank: ExternalAccountId,
    under_way: PayoutId,
}

fn state(platform: &Platform, ids: Bank) -> String {
    platform.external_account(ids.bank).unwrap().state().as_str().to_owned()
}

fn another(account: AccountId) -> NewExternalAccount {
    NewExternalAccount::bank(account, Country::US, usd(0).currency(), "000123456789").routing("110000000")
}

fn checked(external_account: ExternalAccountId, is_good: bool) -> Fact {
    let failed = Ownership::Failed(RequirementErrorCode::VerificationFailedNameMatch);
    let outcome = if is_good { Ownership::Verified } else { failed };
    Fact::ExternalAccountChecked(ExternalAccountChecked { external_account, outcome })
}

fn token(external_account: ExternalAccountId, status: TokenStatus) -> Fact {
    Fact::AccountTokenChanged(AccountTokenChanged { external_account, status })
}

fn comes_back(payout: PayoutId, code: &str) -> Fact {
    Fact::PayoutFailed(PayoutFailed { payout, failure_code: code.to_owned() })
}

/// Pays the seller out every day for a week, after something else was asked for.
fn daily(platform: &mut Platform, account: AccountId, first: Option<Command>) -> Result<Did, Error> {
    let currency = usd(0).currency();
    let schedule = PayoutSchedule::Automatic(Recurrence::Daily);
    ask(platform, "x", None, Command::SetPayoutSchedule(SetPayoutSchedule { account, schedule }))?;
    if let Some(first) = first
        && let Err(error) = ask(platform, "y", None, first)
    {
        return Ok(Did::Said(format!("second refused: {:?}", error.kind())));
    }
    let old = platform.balance(account, currency)?.available;
    advance(platform, 7)?;
    let paid = old - platform.balance(account, currency)?.available;
    Ok(Did::Said(format!("pays {paid} of {old}")))
}

/// A seller's only bank account, with a payout of 50.00 under way to it and 50.00 more that could be paid, after it was told
/// some facts six hours ago.
fn told_of(facts: impl Fn(Bank) -> Vec<Fact>) -> (Platform, Bank) {
    let mut scene = Scene::us();
    let first = scene.payout();
    let account = scene.express;
    let second = Command::CreatePayout(NewPayout::of(usd(50_00)));
    let Answer::Payout(under_way) = scene.ask(Some(account), second) else {
        panic!("a payout is answered with its id")
    };
    let ids = Bank { account, bank: scene.platform.payout(first).unwrap().destination(), under_way };
    let at = before(&scene.platform, 6);
    for (number, fact) in facts(ids).into_iter().enumerate() {
        tell(&mut scene.platform, &format!("before-{number}"), at, fact).unwrap();
    }
    (scene.platform, ids)
}

fn replaced((mut platform, ids): (Platform, Bank), deletes: bool) -> (Platform, Bank) {
    let new = another(ids.account);
    let new = if deletes { new.replacing_default() } else { new.default_for_currency() };
    ask(&mut platform, "replace", None, Command::AddExternalAccount(new)).unwrap();
    (platform, ids)
}

#[test]
fn external_account() {
    let about = "A seller's bank account with a payout of 50.00 under way to it, and 50.00 more to pay. It is the default of its\n\
                 currency, unless it was replaced. Reports of six hours ago made it what it is.";
    let mut machine = Machine::new("external_account", about, state);
    machine.row("new", told_of(|_| Vec::new()));
    machine.row("new, beside the default", replaced(told_of(|_| Vec::new()), false));
    let errored = || told_of(|ids| vec![comes_back(ids.under_way, "account_closed")]);
    machine.row("errored", errored());
    machine.row("errored, beside the default", replaced(errored(), false));
    machine.row("verification_failed", told_of(|ids| vec![checked(ids.bank, false)]));
    let off = |ids: Bank| token(ids.bank, TokenStatus::Deactivated);
    machine.row("tokenized_account_number_deactivated", told_of(move |ids| vec![off(ids)]));
    machine.row(
        "verification_failed, all at once",
        told_of(move |ids| vec![comes_back(ids.under_way, "account_closed"), checked(ids.bank, false), off(ids)]),
    );
    machine.row("deleted", replaced(told_of(|_| Vec::new()), true));
    commands(&mut machine);
    reports(&mut machine);
    machine.check();
}

fn commands(machine: &mut Machine<Bank>) {
    machine.column("empty update", |platform, ids| {
        did(ask(platform, "x", None, Command::UpdateExternalAccount(UpdateExternalAccount::new(ids.bank))))
    });
    machine.column("metadata", |platform, ids| {
        let update = UpdateExternalAccount::new(ids.bank).metadata(Metadata::new().set("a", "b"));
        did(ask(platform, "x", None, Command::UpdateExternalAccount(update)))
    });
    machine.column("a card's expiry", |platform, ids| {
        let update = UpdateExternalAccount::new(ids.bank).expires(1, 2030);
        did(ask(platform, "x", None, Command::UpdateExternalAccount(update)))
    });
    machine.column("make it the default", |platform, ids| {
        let update = UpdateExternalAccount::new(ids.bank).default_for_currency();
        did(ask(platform, "x", None, Command::UpdateExternalAccount(update)))
    });
    machine.column("delete", |platform, ids| did(ask(platform, "x", None, Command::DeleteExternalAccount(ids.bank))));
    machine.column("add another, delete", |platform, ids| {
        let new = another(ids.account).default_for_currency();
        ask(platform, "x", None, Command::AddExternalAccount(new))?;
        Ok(match ask(platform, "y", None, Command::DeleteExternalAccount(ids.bank)) {
            Ok(_) => Did::Done,
            Err(error) => Did::Said(format!("second refused: {:?}", error.kind())),
        })
    });
    machine.column("replace", |platform, ids| {
        did(ask(platform, "x", None, Command::AddExternalAccount(another(ids.account).replacing_default())))
    });
    machine.column("pay out by hand", |platform, ids| {
        did(ask(platform, "x", Some(ids.account), Command::CreatePayout(NewPayout::of(usd(1_00)))))
    });
    machine.column("daily, for a week", |platform, ids| daily(platform, ids.account, None));
    machine.column("daily, updated, for a week", |platform, ids| {
        daily(platform, ids.account, Some(Command::UpdateExternalAccount(UpdateExternalAccount::new(ids.bank))))
    });
    machine.column("daily, another, for a week", |platform, ids| {
        let new = another(ids.account).default_for_currency();
        daily(platform, ids.account, Some(Command::AddExternalAccount(new)))
    });
    machine.column("add one without number", |platform, ids| {
        let new = NewExternalAccount::bank(ids.account, Country::US, usd(0).currency(), "").routing("110000000");
        did(ask(platform, "x", None, Command::AddExternalAccount(new)))
    });
    machine.column("add one in a foreign currency", |platform, ids| {
        let new = NewExternalAccount::bank(ids.account, Country::DE, Currency::EUR, "DE89");
        did(ask(platform, "x", None, Command::AddExternalAccount(new)))
    });
}

fn reports(machine: &mut Machine<Bank>) {
    for (name, code) in [
        ("payout comes back", "account_closed"),
        ("for want of funds", "insufficient_funds"),
        ("for a reason of tomorrow", "a_code_of_tomorrow"),
    ] {
        machine.column(name, move |platform, ids: Bank| {
            let at = platform.now();
            told(tell(platform, "x", at, comes_back(ids.under_way, code)))
        });
    }
    machine.column("payout arrives", |platform, ids| {
        let at = platform.now();
        told(tell(platform, "x", at, Fact::PayoutPaid(PayoutPaid { payout: ids.under_way })))
    });
    for (name, is_good, hours) in [
        ("failed, of before", false, 9),
        ("failed, of then", false, 6),
        ("failed, of now", false, 0),
        ("verified, of before", true, 9),
        ("verified, of then", true, 6),
        ("verified, of now", true, 0),
    ] {
        machine.column(name, move |platform, ids| {
            let at = before(platform, hours);
            told(tell(platform, "x", at, checked(ids.bank, is_good)))
        });
    }
    for (name, status, hours) in [
        ("token off, of before", TokenStatus::Deactivated, 9),
        ("token off, of then", TokenStatus::Deactivated, 6),
        ("token off, of now", TokenStatus::Deactivated, 0),
        ("token on, of before", TokenStatus::Active, 9),
        ("token on, of then", TokenStatus::Active, 6),
        ("token on, of now", TokenStatus::Active, 0),
    ] {
        machine.column(name, move |platform, ids| {
            let at = before(platform, hours);
            told(tell(platform, "x", at, token(ids.bank, status)))
        });
    }
}
