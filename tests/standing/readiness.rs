//! "Onboarded" means one thing: whatever stands in an account's way, what it can do and why not is pinned.

use std::fmt::Write;

use fundroute::accounts::{
    CapabilityDisabledReason, CapabilityReviewed, CapabilityStatus, DisabledReason, Information, InquiryChanged,
    InquiryState, NewAccount, PayoutsAction, Phase, Readiness, RejectReason, Review,
};
use fundroute::calendar::days;
use fundroute::journal::{Fact, FactOutcome};
use fundroute::platform::{NewPlatform, Platform};
use fundroute::prelude::US;
use fundroute::rulebook::{BusinessType, Capability, Impact, Rulebook, Vetting, VettingPolicy};
use fundroute::simulator::World;

use crate::golden;
use crate::shop::{Shop, close, noon, opened, pause_payments, pause_payouts, reject, turned_away};

fn readiness(shop: &Shop) -> Readiness {
    shop.platform.readiness(shop.jo).unwrap()
}

/// A seller who has given everything, and all of it was found true.
fn clear() -> Shop {
    let shop = Shop::open();
    assert_eq!((readiness(&shop).phase, readiness(&shop).disabled_reason), (Phase::Ready, None));
    shop
}

/// A seller who has given nothing but a bank account.
fn past_due() -> Shop {
    let mut platform = Platform::new(NewPlatform::in_country(US), Rulebook::standard(), noon()).unwrap();
    let mut world = World::new();
    let jo = platform.accounts().create("jo", NewAccount::express(US)).unwrap().answer;
    let currency = fundroute::money::Currency::USD;
    world.add_bank(&mut platform, jo, US, currency, "000123456789").unwrap();
    let shop = Shop { platform, world, jo, ..Shop::open() };
    assert_eq!(readiness(&shop).disabled_reason, Some(DisabledReason::RequirementsPastDue));
    shop
}

/// A seller who changed a verified name, which nobody has checked for longer than the field is patient.
fn pending() -> Shop {
    let mut shop = clear();
    let told = Information::about(shop.jo).set("individual.first_name", "Joanna");
    shop.platform.holder_of(shop.jo).unwrap().accounts().provide("name", told).unwrap();
    let later = shop.platform.now().checked_add(days(40)).unwrap();
    shop.platform.advance_to(later).unwrap();
    assert_eq!(readiness(&shop).disabled_reason, Some(DisabledReason::RequirementsPendingVerification));
    shop
}

/// The same shop, whose seller is no longer connected; what follows is found out with the next report about the seller.
fn disconnect(shop: &mut Shop) {
    let mut kept = serde_json::to_value(shop.platform.snapshot()).unwrap();
    let id = serde_json::to_value(shop.jo).unwrap();
    let mut changed = 0;
    for row in kept.pointer_mut("/records").unwrap().as_array_mut().unwrap() {
        let account = row.as_array_mut().unwrap().iter_mut().find_map(|part| part.get_mut("Account"));
        if let Some(account) = account.filter(|account| account.get("id") == Some(&id)) {
            *account.pointer_mut("/standing/access").unwrap() = "disconnected".into();
            changed += 1;
        }
    }
    assert_eq!(changed, 1);
    let kept = serde_json::from_value(kept).unwrap();
    shop.platform = Platform::restore(Rulebook::standard(), kept, shop.platform.now());
    let (account, status) = (shop.jo, CapabilityStatus::Active);
    let fact = CapabilityReviewed { account, capability: Capability::Transfers, status };
    assert_eq!(shop.tell(Fact::CapabilityReviewed(fact)), FactOutcome::Applied);
}

const REJECTIONS: [&str; 5] = ["-", "platform", "platform, paid", "processor", "both"];

fn turn_away(shop: &mut Shop, how: &str) {
    let jo = shop.jo;
    match how {
        "platform" | "both" => drop(shop.ask(reject(jo, PayoutsAction::Pause)).unwrap()),
        "platform, paid" => drop(shop.ask(reject(jo, PayoutsAction::None)).unwrap()),
        _ => {}
    }
    if matches!(how, "processor" | "both") {
        shop.tell(turned_away(jo, RejectReason::IncompleteVerification));
    }
}

#[test]
fn bug_18_onboarded_means_five_things_every_combination_has_one_answer() {
    let head =
        ["access", "rejected by", "review", "paused", "requirements", "phase", "charges", "payouts", "disabled_reason"];
    let mut text = String::from("What an account can do, by everything that can stand in its way.\n\n");
    let widths = [12, 14, 12, 8, 12, 11, 7, 7, 0];
    let mut line = |cells: [&str; 9]| {
        let padded = cells.iter().zip(widths).map(|(cell, width)| format!("{cell:<width$}"));
        writeln!(text, "{}", padded.collect::<Vec<_>>().join(" | ")).unwrap();
    };
    line(head);
    let bases = [("clear", clear()), ("past due", past_due()), ("pending", pending())];
    for access in ["connected", "disconnected", "closed"] {
        for rejected in REJECTIONS {
            for review in [None, Some(Review::UnderReview), Some(Review::Listed)] {
                for (paused, payments, payouts) in
                    [("-", false, false), ("payments", true, false), ("payouts", false, true), ("both", true, true)]
                {
                    for (requirements, base) in &bases {
                        let mut shop = base.clone();
                        let jo = shop.jo;
                        turn_away(&mut shop, rejected);
                        if let Some(review) = review {
                            shop.tell(opened(jo, review));
                        }
                        shop.ask(pause_payments(jo, payments)).unwrap();
                        shop.ask(pause_payouts(jo, payouts)).unwrap();
                        match access {
                            "closed" => drop(shop.ask(close(jo)).unwrap()),
                            "disconnected" => disconnect(&mut shop),
                            _ => {}
                        }
                        let ready = readiness(&shop);
                        let word = |on: bool| if on { "yes" } else { "no" };
                        line([
                            access,
                            rejected,
                            review
                                .map_or("-", |review| if review == Review::Listed { "listed" } else { "under review" }),
                            paused,
                            requirements,
                            &format!("{:?}", ready.phase),
                            word(ready.charges_enabled),
                            word(ready.payouts_enabled),
                            ready.disabled_reason.map_or("-", DisabledReason::as_str),
                        ]);
                    }
                }
            }
        }
    }
    golden::check("readiness.txt", &text);
}

/// How something that the processor wants to know stands: its state, and whether there is still time.
const ITEMS: [(&str, Option<(InquiryState, bool)>); 5] = [
    ("-", None),
    ("due", Some((InquiryState::Open, true))),
    ("past due", Some((InquiryState::Open, false))),
    ("checked", Some((InquiryState::Answered, true))),
    ("late check", Some((InquiryState::Answered, false))),
];

/// Accounts that gave everything, by what they ask for.
fn asking() -> Vec<(&'static str, Shop)> {
    let (cards, transfers, ach) =
        (Capability::CardPayments, Capability::Transfers, Capability::UsBankAccountAchPayments);
    let of = |book: Rulebook, asked: &[Capability]| {
        let new = NewAccount::custom(US).business_type(BusinessType::Individual);
        let new = asked.iter().fold(new, |new, capability| new.request(*capability));
        Shop::of(NewPlatform::in_country(US), book, new)
    };
    let standard = |asked: &[Capability]| of(Rulebook::standard(), asked);
    let mut nothing = standard(&[transfers]);
    nothing.platform.accounts().unrequest("none", nothing.jo, transfers).unwrap();
    let mut one_off = standard(&[cards, transfers, ach]);
    let (account, status) = (one_off.jo, CapabilityStatus::Inactive);
    one_off.tell(Fact::CapabilityReviewed(CapabilityReviewed { account, capability: ach, status }));
    let by_host = Rulebook::standard().with_vetting(Vetting::ByHost);
    let mut waiting = of(by_host.clone(), &[cards, transfers]);
    waiting.platform.accounts().request("more", waiting.jo, ach).unwrap();
    vec![
        ("nothing", nothing),
        ("transfers", standard(&[transfers])),
        ("cards", standard(&[cards, transfers])),
        ("cards, ach off", one_off),
        ("by host", of(by_host, &[cards, transfers])),
        ("by host, waits", waiting),
    ]
}

/// In good standing what an account can do follows from what it asks for, and from what stops its charges and its payouts.
#[test]
fn bug_18_what_is_asked_of_an_account_has_one_answer_too() {
    let mut text =
        String::from("What an account in good standing can do, by what it asks for and what is asked of it.\n\n");
    let head = ["asks for", "of charges", "of payouts", "phase", "charges", "payouts", "disabled_reason"];
    let widths = [14, 10, 10, 10, 7, 7, 0];
    let mut line = |cells: [&str; 7]| {
        let padded = cells.iter().zip(widths).map(|(cell, width)| format!("{cell:<width$}"));
        writeln!(text, "{}", padded.collect::<Vec<_>>().join(" | ").trim_end()).unwrap();
    };
    line(head);
    for (asks, base) in asking() {
        for (of_charges, charges) in ITEMS {
            for (of_payouts, payouts) in ITEMS {
                let mut shop = base.clone();
                let (account, now) = (shop.jo, shop.platform.now());
                for (impact, item) in [(Impact::Charges, charges), (Impact::Payouts, payouts)] {
                    let Some((state, in_time)) = item else { continue };
                    let inquiry = format!("interv_1.{impact}.form").parse().unwrap();
                    let deadline = if in_time { now.checked_add(days(3)).ok() } else { None };
                    shop.tell(Fact::InquiryChanged(InquiryChanged { account, inquiry, state, impact, deadline }));
                }
                let ready = readiness(&shop);
                let word = |on: bool| if on { "yes" } else { "no" };
                let reason = ready.disabled_reason.map_or("-", DisabledReason::as_str);
                let phase = format!("{:?}", ready.phase);
                let (charges, payouts) = (word(ready.charges_enabled), word(ready.payouts_enabled));
                line([asks, of_charges, of_payouts, &phase, charges, payouts, reason]);
            }
        }
    }
    golden::check("readiness_asked.txt", &text);
}

/// No page says whether the charges of an account are on that only receives transfers: a host decides.
#[test]
fn whether_transfers_count_as_charges_is_the_hosts_to_say() {
    let payee = || NewAccount::express(US).recipient().business_type(BusinessType::Individual);
    for counts in [false, true] {
        let policy = VettingPolicy { transfers_enable_charges: counts, ..Rulebook::standard().vetting_policy() };
        let book = Rulebook::standard().with_vetting_policy(policy);
        let mut shop = Shop::of(NewPlatform::in_country(US), book, payee());
        let ready = readiness(&shop);
        assert_eq!((ready.phase, ready.charges_enabled, ready.payouts_enabled), (Phase::Ready, counts, true));
        shop.ask(pause_payments(shop.jo, true)).unwrap();
        assert!(!readiness(&shop).charges_enabled);
    }
}

/// Why the seller's card payments are off, in the words that the field has for capabilities.
fn why_no_cards(shop: &Shop) -> (Option<&'static str>, Option<CapabilityStatus>) {
    let report = shop.platform.capability(shop.jo, Capability::CardPayments).unwrap();
    let word = report.disabled_reason.map(CapabilityDisabledReason::as_str);
    let json = serde_json::to_value(report.disabled_reason).unwrap();
    assert_eq!(json.as_str(), word, "it is stored as it is said");
    (word, report.status)
}

#[test]
fn a_capability_says_why_it_cannot_be_used() {
    const OFF: Option<CapabilityStatus> = Some(CapabilityStatus::Inactive);
    assert_eq!(why_no_cards(&clear()), (None, Some(CapabilityStatus::Active)));
    assert_eq!(why_no_cards(&past_due()), (Some("requirements.fields_needed"), OFF));
    assert_eq!(why_no_cards(&pending()), (Some("pending.review"), Some(CapabilityStatus::Pending)));
    let said = |mut shop: Shop, change: &dyn Fn(&mut Shop)| {
        change(&mut shop);
        why_no_cards(&shop)
    };
    for base in [clear(), past_due(), pending()] {
        let said = |change: &dyn Fn(&mut Shop)| said(base.clone(), change);
        let paused = |shop: &mut Shop| assert!(shop.ask(pause_payments(shop.jo, true)).is_ok());
        assert_eq!(said(&paused), (Some("platform_paused"), OFF));
        for review in [Review::UnderReview, Review::Listed] {
            let opened = |shop: &mut Shop| assert_eq!(shop.tell(opened(shop.jo, review)), FactOutcome::Applied);
            assert_eq!(said(&opened), (Some("pending.review"), OFF));
        }
        assert_eq!(said(&|shop| turn_away(shop, "platform")), (Some("platform_disabled"), OFF));
        assert_eq!(said(&|shop| turn_away(shop, "processor")), (Some("rejected.other"), OFF));
        assert_eq!(said(&|shop| turn_away(shop, "both")), (Some("rejected.other"), OFF));
        assert_eq!(said(&disconnect), (Some("other"), OFF));
        assert_eq!(said(&|shop| assert!(shop.ask(close(shop.jo)).is_ok())), (Some("other"), OFF));
    }
    // What stops payouts alone stops no capability.
    let paused = |shop: &mut Shop| assert!(shop.ask(pause_payouts(shop.jo, true)).is_ok());
    assert_eq!(said(clear(), &paused).0, None);
    let refused = |status| {
        move |shop: &mut Shop| {
            let fact = CapabilityReviewed { account: shop.jo, capability: Capability::CardPayments, status };
            shop.tell(Fact::CapabilityReviewed(fact));
        }
    };
    assert_eq!(said(clear(), &refused(CapabilityStatus::Inactive)), (Some("other"), OFF));
    let waiting = (Some("pending.review"), Some(CapabilityStatus::Pending));
    assert_eq!(said(clear(), &refused(CapabilityStatus::Pending)), waiting);
    let unasked = clear().platform.capability(clear().jo, Capability::UsBankAccountAchPayments).unwrap();
    assert_eq!((unasked.status, unasked.disabled_reason), (None, None));
}
