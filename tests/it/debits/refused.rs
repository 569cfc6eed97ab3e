//! What no debit does, and that a refusal leaves no trace.

use super::*;

/// A name, for whom something is asked, by whom, what, and with which error and code it is refused.
type Row = (&'static str, Option<AccountId>, Actor, Command, Error, Option<&'static str>);

fn refuse(shop: &mut Shop, rows: Vec<Row>) {
    let (before, due) = (shop.platform.snapshot(), shop.platform.next_deadline());
    for (name, account, actor, command, error, code) in rows {
        let request =
            Request { key: "refused".to_owned(), account, actor, extension: None, attribution: None, command };
        assert_eq!(shop.platform.decide(&request).map(|decided| decided.answer), Err(error.clone()), "{name}");
        assert_eq!(shop.platform.handle(request).map(|decided| decided.answer), Err(error.clone()), "{name}");
        assert_eq!(error.code(), code, "{name}");
        assert_eq!((shop.platform.snapshot(), shop.platform.next_deadline()), (before.clone(), due), "{name}");
    }
    shop.sound();
}

#[test]
fn debits_of_a_wrong_amount_are_refused() {
    let (mut shop, jo) = funded();
    shop.sell(NewPayment::card(usd(500_00)).destination(jo));
    assert_eq!(shop.pending(jo), 500_00);
    let paid = shop.sell(NewPayment::card(usd(10_00)));
    let house = shop.house;
    let maximum = usd(100_000_00);
    let mut rows = Vec::new();
    let mut row = |name, amount, error: RoutingError, code| {
        let command = Command::CreateTransfer(NewTransfer::to(house, amount));
        rows.push((name, Some(jo), Actor::Platform, command, Error::from(error), code));
    };
    for amount in [usd(0), usd(-1), usd(i64::MIN)] {
        let code = Some("parameter_invalid_integer");
        row("not positive", amount, RoutingError::AmountNotPositive(amount), code);
    }
    for asked in [usd(100_000_01), usd(i64::MAX)] {
        row(
            "more than one debit takes",
            asked,
            RoutingError::DebitTooLarge { asked, maximum },
            Some("amount_too_large"),
        );
    }
    for minor in [100_01, 600_00, 100_000_00] {
        let (currency, available, needed) = (USD, 100_00, i128::from(minor));
        let error = RoutingError::InsufficientFunds { account: jo, currency, available, needed };
        row("more than is available", usd(minor), error, Some("balance_insufficient"));
    }
    row("in euro", eur(1_00), RoutingError::WrongCurrency { given: EUR, needed: USD }, None);
    let tied = Command::CreateTransfer(NewTransfer::to(house, usd(1_00)).from_payment(paid));
    let error = RoutingError::DebitWithSource(paid).into();
    rows.push(("out of a payment", Some(jo), Actor::Platform, tied, error, None));
    refuse(&mut shop, rows);
}

#[test]
fn debits_by_somebody_else_or_of_somebody_else_are_refused() {
    let (mut shop, jo) = funded();
    let al = shop.seller(NewAccount::standard(US));
    let nobody = AccountId::from_host(crate::shop::NOBODY);
    let (house, platform) = (shop.house, Actor::Platform);
    let one = debit(&shop, usd(1_00));
    let only = Some("platform_account_required");
    let missing = Some("resource_missing");
    let mine = || Error::NotForAccounts(jo);
    let (action, denial) = (Action::Debit, Denial::LossesNotYours);
    let losses = Error::from(AccountError::NotPermitted { account: al, action, denial });
    let to_al = Command::CreateTransfer(NewTransfer::to(al, usd(1_00)));
    let itself = Error::from(AccountError::IsPlatform(house));
    refuse(
        &mut shop,
        vec![
            ("by the holder", Some(jo), Actor::Holder, one.clone(), mine(), only),
            ("by an extension", Some(jo), Actor::Extension(Scope::ReadWrite), one.clone(), mine(), only),
            ("by one that reads", Some(jo), Actor::Extension(Scope::ReadOnly), one.clone(), mine(), only),
            ("of a standard account", Some(al), platform, one.clone(), losses, Some("not_allowed_on_standard_account")),
            ("of nobody", Some(nobody), platform, one.clone(), Error::NotFound(nobody.into()), missing),
            ("of the platform", Some(house), platform, one.clone(), itself, Some("account_invalid")),
            ("acting for none", None, platform, one, RoutingError::ToPlatform(house).into(), missing),
            ("for another account", Some(jo), platform, to_al, mine(), only),
        ],
    );
}

/// Where platform and account are in two regions, in one that is not on the list, or the platform cannot hold the money.
#[test]
fn debits_in_other_regions_are_refused() {
    use fundroute::money::Currency;

    let open = |from, to: NewAccount| {
        let mut shop = Shop::open_by(from, rules());
        let jo = shop.seller(to);
        (shop, jo)
    };
    for (platform, account, currency) in
        [(US, DE, EUR), (US, Country::CA, Currency::CAD), (BR, BR, BRL), (Country::SG, Country::SG, Currency::SGD)]
    {
        let (mut shop, jo) = open(platform, NewAccount::express(account));
        let command = debit(&shop, Money::new(1_00, currency));
        let error = Error::from(RoutingError::DebitNotOpen { platform, account });
        assert_eq!(error.kind(), fundroute::ErrorKind::Refused);
        let code = Some("transfers_not_allowed");
        refuse(&mut shop, vec![("region", Some(jo), Actor::Platform, command, error, code)]);
    }
    let (mut shop, jo) = open(DE, NewAccount::express(GB));
    // Pounds become euros there, at a rate that somebody has to have set.
    let error = Error::from(RoutingError::NoExchangeRate { from: GBP, to: EUR });
    let command = debit(&shop, gbp(1_00));
    refuse(&mut shop, vec![("pounds in Germany", Some(jo), Actor::Platform, command, error, None)]);
    // A currency that the account may hold, and that is not its own.
    let (mut shop, jo) = open(GB, NewAccount::express(GB));
    let error = Error::from(RoutingError::WrongCurrency { given: EUR, needed: GBP });
    let command = debit(&shop, eur(1_00));
    refuse(&mut shop, vec![("euro of a British account", Some(jo), Actor::Platform, command, error, None)]);
}

#[test]
fn closed_accounts_are_not_debited_and_get_nothing_back() {
    let (mut shop, jo) = funded();
    let id = debited(&mut shop, jo, usd(33_00)).unwrap();
    shop.platform.accounts().close("close", jo).unwrap();
    let access = shop.platform.account(jo).unwrap().standing().access;
    let error = || Error::from(AccountError::NotConnected(jo, access));
    let (one, back) = (debit(&shop, usd(1_00)), Command::ReverseTransfer(NewTransferReversal::of(id)));
    let code = Some("account_invalid");
    let rows = [("debit", one), ("reversal", back)];
    let rows = rows.map(|(name, command)| (name, Some(jo), Actor::Platform, command, error(), code));
    refuse(&mut shop, rows.into());
}

#[test]
fn reversals_of_debits_are_refused() {
    let (mut shop, jo) = funded();
    let al = shop.seller(NewAccount::express(US));
    let id = debited(&mut shop, jo, usd(33_00)).unwrap();
    let other = shop.transfer(NewTransfer::to(al, usd(1_00))).unwrap();
    let rest = i64::try_from(shop.available(shop.house)).unwrap();
    shop.transfer(NewTransfer::to(al, usd(rest - 10_00))).unwrap();
    let back = |amount| Command::ReverseTransfer(NewTransferReversal::of(id).amount(amount));
    let all = Command::ReverseTransfer(NewTransferReversal::of(id));
    let elsewhere = || Error::from(RoutingError::NotOnAccount(id));
    let too_large = RoutingError::ReversalTooLarge { transfer: id, asked: usd(33_01), left: usd(33_00) };
    let short = RoutingError::InsufficientFunds { account: shop.house, currency: USD, available: 10_00, needed: 33_00 };
    let theirs = Command::ReverseTransfer(NewTransferReversal::of(other));
    let (missing, only) = (Some("resource_missing"), Some("platform_account_required"));
    let euro = RoutingError::WrongCurrency { given: EUR, needed: USD };
    let zero = RoutingError::AmountNotPositive(usd(0));
    let (me, mine) = (Actor::Platform, Some(jo));
    refuse(
        &mut shop,
        vec![
            ("for the platform", None, me, all.clone(), elsewhere(), missing),
            ("for another account", Some(al), me, all.clone(), elsewhere(), missing),
            ("by the holder", mine, Actor::Holder, all.clone(), Error::NotForAccounts(jo), only),
            ("a transfer as a debit", Some(al), me, theirs, Error::NotForAccounts(al), only),
            ("none of it", mine, me, back(usd(0)), zero.into(), Some("parameter_invalid_integer")),
            ("in euro", mine, me, back(eur(1)), euro.into(), None),
            ("too much", mine, me, back(usd(33_01)), too_large.into(), None),
            ("more than the platform has", mine, me, all, short.into(), Some("balance_insufficient")),
        ],
    );
    ask(&mut shop, jo, back(usd(10_00))).unwrap();
    assert_eq!((shop.available(jo), shop.available(shop.house)), (77_00, 0));
}

/// An account that already owes is not led further down.
#[test]
fn an_account_in_debt_is_not_debited() {
    let (mut shop, jo) = funded();
    shop.sell(NewPayment::card(usd(50_00)));
    shop.wait(7);
    let sent = shop.transfer(NewTransfer::to(jo, usd(20_00))).unwrap();
    debited(&mut shop, jo, usd(120_00)).unwrap();
    shop.reverse(NewTransferReversal::of(sent)).unwrap();
    assert_eq!(shop.available(jo), -20_00);
    let error = RoutingError::InsufficientFunds { account: jo, currency: USD, available: -20_00, needed: 1 };
    let command = debit(&shop, usd(1));
    let code = Some("balance_insufficient");
    refuse(&mut shop, vec![("in debt", Some(jo), Actor::Platform, command, error.into(), code)]);
}
