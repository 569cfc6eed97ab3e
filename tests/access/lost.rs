//! What is refused for an account that is disconnected, and what is not.

use super::*;

/// A standard seller with money, a person, a bank account, a payout under way and a payment that failed; then disconnected.
struct Lost {
    platform: Platform,
    world: World,
    jo: AccountId,
    commands: Vec<(Option<AccountId>, Command)>,
    payout: fundroute::ids::PayoutId,
}

fn lost() -> Lost {
    let mut platform = registered();
    let mut world = World::new();
    let jo = world.onboard(&mut platform, NewAccount::standard(US).platform_controls()).unwrap();
    let key = Command::SetPayoutSchedule(SetPayoutSchedule { account: jo, schedule: PayoutSchedule::Manual });
    platform.handle(Request::new("manual", key.clone())).unwrap();
    let direct =
        platform.acting_as(jo).unwrap().payments().create("direct", NewPayment::card(usd(100_00))).unwrap().answer;
    platform.payments().create("own", NewPayment::card(usd(100_00))).unwrap();
    let shared = NewPayment::card(usd(50_00)).destination(jo);
    let shared = platform.payments().create("shared", shared).unwrap().answer;
    let refused = NewPayment::card(usd(10_00)).token(fundroute::simulator::DECLINED);
    let failed = platform.acting_as(jo).unwrap().payments().create("failed", refused.clone()).unwrap().answer;
    let failed_shared = platform.payments().create("failed-2", refused.destination(jo)).unwrap().answer;
    world.settle(&mut platform).unwrap();
    platform.advance_to(platform.now().checked_add(days(5)).unwrap()).unwrap();
    let transfer = platform.transfers().create("t", NewTransfer::to(jo, usd(5_00))).unwrap().answer;
    let payout = platform.acting_as(jo).unwrap().payouts().create("p", usd(10_00)).unwrap().answer;
    let person = NewPerson::new(jo, Relationship::of([PersonRole::Owner]));
    let bank = platform.account(jo).unwrap().bank_for(USD).unwrap();
    let people = platform
        .family(jo)
        .find_map(|record| if let Record::Person(person) = record { Some(person.id()) } else { None });
    let session = NewAccountSession::of(jo).show(Component::Payments);
    let claimed = platform.accounts().create_session("s", session.clone()).unwrap().answer;
    platform.acting_as(jo).unwrap().payments().create("late", NewPayment::card(usd(20_00))).unwrap();
    platform.payments().create("late-2", NewPayment::card(usd(30_00)).destination(jo)).unwrap();
    platform.connections().deauthorize("end", jo).unwrap();
    let mut commands = vec![
        (None, Command::AddExternalAccount(NewExternalAccount::bank(jo, US, USD, "000123456789"))),
        (Some(jo), Command::CancelPayment(CancelPayment::of(failed))),
        (Some(jo), Command::CancelPayout(CancelPayout { payout })),
        (None, Command::ClaimAccountSession(claimed)),
        (Some(jo), Command::ConfirmPayment(ConfirmPayment::by(PaymentMethod::Card, failed))),
        (None, Command::ConfirmPayment(ConfirmPayment::by(PaymentMethod::Card, failed_shared))),
        (None, Command::CreateAccountLink(onboarding(jo))),
        (None, Command::CreateAccountSession(session)),
        (None, Command::CreateLoginLink(jo)),
        (Some(jo), Command::CreatePayment(NewPayment::card(usd(10_00)))),
        (None, Command::CreatePayment(NewPayment::card(usd(10_00)).destination(jo))),
        (Some(jo), Command::CreatePayout(NewPayout::of(usd(10_00)))),
        (None, Command::CreatePerson(person)),
        (Some(jo), Command::CreateRefund(NewRefund::of(direct))),
        (None, Command::CreateRefund(NewRefund::of(shared).reverse_transfer())),
        (None, Command::CreateTransfer(NewTransfer::to(jo, usd(1_00)))),
        (None, Command::Deauthorize(jo)),
        (None, Command::ProvideInformation(Information::about(jo))),
        (None, Command::ProvideInformation(Information::about(jo).set("business_profile.url", "https://jo.example"))),
        (
            None,
            Command::RequestCapability(RequestCapability {
                account: jo,
                capability: Capability::UsBankAccountAchPayments,
                requested: true,
            }),
        ),
        (None, Command::CloseAccount(CloseAccount { account: jo })),
        (None, Command::DeleteExternalAccount(bank)),
        (None, Command::UpdateExternalAccount(UpdateExternalAccount::new(bank))),
        (None, Command::RejectAccount(RejectAccount::new(jo, RejectReason::Credit))),
        (None, Command::UnrejectAccount(UnrejectAccount { account: jo })),
        (None, Command::SetPause(SetPause::payments(jo, true))),
        (None, Command::SetDelayDays(SetDelayDays { account: jo, delay: Some(9) })),
        (None, Command::ReverseTransfer(NewTransferReversal::of(transfer))),
        (None, key),
    ];
    commands.extend(people.map(|person| (None, Command::DeletePerson(person))));
    Lost { platform, world, jo, commands, payout }
}

#[test]
fn nothing_is_done_for_an_account_that_is_disconnected() {
    let Lost { mut platform, mut world, jo, commands, payout } = lost();
    let expected = Error::from(AccountError::NotConnected(jo, Access::Disconnected));
    let before = platform.snapshot();
    for (on, command) in commands {
        let about = format!("{command:?}");
        for on in [on, Some(jo)] {
            let request = Request::new("after", command.clone());
            let request = if let Some(on) = on { request.acting_as(on) } else { request };
            assert_eq!(platform.handle(request).unwrap_err(), expected, "{about}");
        }
    }
    assert_eq!(platform.snapshot(), before);
    // What is under way comes to its end, what the seller holds is paid out, and what is known is still there to see.
    let paid = fundroute::journal::Fact::PayoutPaid(PayoutPaid { payout });
    let report = fundroute::journal::Report::new("paid", platform.now(), paid);
    platform.record(&report).unwrap();
    let before = platform.balance(jo, USD).unwrap();
    world.settle(&mut platform).unwrap();
    // 20.00 less 0.88 on its own, and all of the 30.00.
    assert_eq!(platform.balance(jo, USD).unwrap().pending - before.pending, 19_12 + 30_00);
    assert!(platform.account(jo).unwrap().payouts_enabled());
    assert!(!platform.account(jo).unwrap().charges_enabled());
    assert!(platform.readiness(jo).is_ok());
    // What the platform gives back alone goes on, and what is known of persons can be forgotten.
    let profile = platform.account(jo).unwrap().profile();
    platform.accounts().erase("forget", profile).unwrap();
}
