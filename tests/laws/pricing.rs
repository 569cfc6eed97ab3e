//! Schemes of prices decide what they say, whoever follows them and whenever they change; and what is quoted is what is booked.

use std::collections::BTreeMap;

use fundroute::accounts::{CapabilityReviewed, CapabilityStatus, Controller, Dashboard, FeePayer, LossBearer, Priced};
use fundroute::ids::{AccountId, PaymentId, PricingRulesId, PricingSchemeId};
use fundroute::journal::{Answer, Changes, Fact, FactOutcome, Record, Report};
use fundroute::ledger::{Line, LineKind};
use fundroute::money::{Currency, Money};
use fundroute::payments::{
    Capture, CapturePayment, Charge, ChargeAuthorized, ChargeCaptured, ChargeSucceeded, ConfirmPayment, Flow,
    PaymentCard, PaymentError,
};
use fundroute::platform::{Error, NewQuote, Platform};
use fundroute::prelude::*;
use fundroute::routing::{
    AssignPricing, CommissionTax, Excess, Fee, FeePlan, NewPricingScheme, PricingCommand, PricingStatus,
    UpdatePricingScheme, When,
};
use fundroute::rulebook::{AccountKind, Capability, CardBrand};
use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::TestRunner;

use crate::partial_equals_whole::{work, worker};
use crate::stage::{Act, Came, Stage};
use crate::store::Store;
use crate::story::{Story, opening, story};

const PLANS: u8 = 3;

/// What the platform wants of prices between two steps of a story.
#[derive(Clone, Copy, Debug)]
enum Wish {
    Create { plan: u8 },
    Replace { which: u8, plan: u8 },
    Switch { which: u8, on: bool },
    Assign { who: Option<u8>, which: Option<u8> },
}

fn wish() -> impl Strategy<Value = Wish> {
    let who = || proptest::option::weighted(0.4, any::<u8>());
    prop_oneof![
        3 => (0..PLANS).prop_map(|plan| Wish::Create { plan }),
        2 => (any::<u8>(), 0..PLANS).prop_map(|(which, plan)| Wish::Replace { which, plan }),
        1 => (any::<u8>(), any::<bool>()).prop_map(|(which, on)| Wish::Switch { which, on }),
        4 => (who(), proptest::option::weighted(0.9, any::<u8>())).prop_map(|(who, which)| Wish::Assign { who, which }),
    ]
}

/// A wish before each step, now and then; mostly there is a scheme for all from the beginning.
fn wishes() -> impl Strategy<Value = Vec<Option<Wish>>> {
    let some = proptest::collection::vec(proptest::option::weighted(0.2, wish()), 140);
    (some, 0..2 * PLANS).prop_map(|(mut wishes, plan)| {
        if plan < PLANS {
            wishes[0] = Some(Wish::Create { plan });
            wishes[1] = Some(Wish::Assign { who: None, which: Some(0) });
        }
        wishes
    })
}

/// Most payments of the stories name what the platform gets; two in three of these leave it to a scheme instead, and are made on an account
/// whose processing the platform pays, if they are on any.
fn left_open(stage: &Stage, act: Act) -> Act {
    let Act::Ask(mut request) = act else { return act };
    if let Command::CreatePayment(new) = &mut request.command
        && new.amount.minor() % 3 != 0
        && (new.destination.is_some() || request.account.is_some())
    {
        (new.application_fee, new.transfer_amount) = (None, None);
        let is_ours = |account: &AccountId| {
            let account = stage.platform.account(*account).unwrap();
            account.charges_enabled()
                && account.controller().is_some_and(|controller| controller.fees == FeePayer::Application)
        };
        if let (Some(account), Some(ours)) = (&mut request.account, stage.accounts().into_iter().find(is_ours)) {
            *account = ours;
        }
    }
    Act::Ask(request)
}

fn percent(text: &str) -> Fee {
    Fee::percent(text.parse().unwrap())
}

fn plan(which: u8) -> FeePlan {
    let usd_only = || When::always().currency(USD);
    match which {
        0 => FeePlan::builder(Excess::Cap)
            .in_order()
            .rule(When::always().brand(CardBrand::Visa), percent("3 %"))
            .rule(usd_only().from(usd(100_00)), percent("2 %").plus(usd(30)))
            .rule(When::always(), percent("5 %")),
        1 => FeePlan::builder(Excess::Cap)
            .rule(When::always(), percent("4 %"))
            .rule(usd_only(), percent("10 %").plus(usd(50)).at_least(usd(1_00)))
            .tax(CommissionTax::on_top("19 %".parse().unwrap())),
        _ => FeePlan::builder(Excess::Refuse)
            .in_order()
            .rule(usd_only().below(usd(20_00)), Fee::fixed(usd(20_00)))
            .rule(When::always(), percent("1 %").marked_up("50 %".parse().unwrap())),
    }
    .build()
    .unwrap()
}

/// To the nearest unit, ties up.
fn share(amount: i64, thousandths: i64) -> i64 {
    (amount * thousandths + 500) / 1_000
}

/// What such a plan takes of so much, tax and all, worked out by hand.
fn taken(which: u8, amount: Money, brand: Option<CardBrand>) -> i64 {
    let (minor, is_usd) = (amount.minor(), amount.currency() == USD);
    let gross = match which {
        0 if brand == Some(CardBrand::Visa) => share(minor, 30),
        0 if is_usd && minor >= 100_00 => share(minor, 20) + 30,
        0 => share(minor, 50),
        1 => {
            let fee = if is_usd { (share(minor, 100) + 50).max(1_00) } else { share(minor, 40) };
            fee + share(fee, 190)
        }
        _ if is_usd && minor < 20_00 => 20_00,
        _ => share(minor, 15),
    };
    gross.min(minor)
}

/// What was wished for by now, told by nothing but the wishes.
#[derive(Default)]
struct Known {
    schemes: Vec<(PricingSchemeId, bool)>,
    /// Of which plan the rules are, by their id.
    plans: BTreeMap<PricingRulesId, u8>,
    in_force: BTreeMap<PricingSchemeId, PricingRulesId>,
    assigned: BTreeMap<Option<AccountId>, PricingSchemeId>,
}

impl Known {
    fn pick(&self, which: u8) -> Option<usize> {
        usize::from(which).checked_rem(self.schemes.len())
    }

    fn command(&self, stage: &Stage, wish: Wish) -> Option<PricingCommand> {
        let scheme = |which| self.pick(which).map(|place| self.schemes[place].0);
        Some(match wish {
            Wish::Create { plan: which } => {
                PricingCommand::Create(NewPricingScheme::of_payments(format!("plan {which}"), plan(which)))
            }
            Wish::Replace { which, plan: next } => {
                PricingCommand::Update(UpdatePricingScheme::of(scheme(which)?).plan(plan(next)))
            }
            Wish::Switch { which, on } => {
                let status = if on { PricingStatus::Enabled } else { PricingStatus::Disabled };
                PricingCommand::Update(UpdatePricingScheme::of(scheme(which)?).status(status))
            }
            Wish::Assign { who, which } => {
                let accounts: Vec<AccountId> =
                    stage.accounts().into_iter().filter(|account| *account != stage.platform.id()).collect();
                let account = who.and_then(|who| accounts.get(usize::from(who).checked_rem(accounts.len())?)).copied();
                let scheme = which.and_then(scheme);
                PricingCommand::Assign(AssignPricing { account, priced: Priced::Payments, scheme })
            }
        })
    }

    fn learn(&mut self, platform: &Platform, wish: Wish, (command, answer): (&PricingCommand, Answer)) {
        if let Answer::PricingScheme(id) = answer {
            let rules = platform.pricing_scheme(id).unwrap().rules();
            self.in_force.insert(id, rules);
            match wish {
                Wish::Create { plan } => {
                    self.schemes.push((id, true));
                    self.plans.insert(rules, plan);
                }
                Wish::Replace { plan, .. } => {
                    assert_eq!(self.plans.insert(rules, plan), None, "rules are never the same again");
                }
                Wish::Switch { on, .. } => {
                    let known = self.schemes.iter_mut().find(|(known, _)| *known == id).unwrap();
                    known.1 = on;
                }
                Wish::Assign { .. } => panic!("{answer:?}"),
            }
        }
        if let PricingCommand::Assign(assign) = command {
            match assign.scheme {
                Some(scheme) => self.assigned.insert(assign.account, scheme),
                None => self.assigned.remove(&assign.account),
            };
        }
    }

    /// The rules that a seller's sales follow.
    fn rules(&self, seller: AccountId) -> Option<PricingRulesId> {
        let scheme = self.assigned.get(&Some(seller)).or_else(|| self.assigned.get(&None))?;
        let (_, is_on) = self.schemes.iter().find(|(known, _)| known == scheme).unwrap();
        is_on.then(|| self.in_force[scheme])
    }

    /// The rules that a new payment follows, as the documentation says which do.
    fn rules_of(&self, platform: &Platform, on: Option<AccountId>, new: &NewPayment) -> Option<PricingRulesId> {
        let seller = on.or(new.destination)?;
        let in_parts = matches!(new.capture, Capture::Manual(how) if how.multicapture);
        let account = platform.account(seller).unwrap();
        let pays_itself = on.is_some() && account.controller().unwrap().fees != FeePayer::Application;
        // Sellers in Brazil pay commissions to platforms in Brazil only.
        let from_abroad = on.is_some() && account.country() == BR;
        let says_itself = new.application_fee.is_some() || new.transfer_amount.is_some() || new.plan.is_some();
        if in_parts || pays_itself || from_abroad || says_itself { None } else { self.rules(seller) }
    }

    /// That every commission found by a scheme is what its plan takes.
    fn check(&self, platform: &Platform) {
        let charge = |record: &Record| if let Record::Charge(charge) = record { Some(charge.clone()) } else { None };
        for charge in platform.records().filter_map(charge) {
            let fee = charge.application_fee().map_or(0, |fee| platform.application_fee(fee).unwrap().amount().minor());
            let Some(rules) = charge.pricing() else { continue };
            let is_taken = charge.captured().is_some();
            let Some(told) = charge.commission().filter(|_| is_taken) else {
                // The recipient was closed before the money came.
                assert_eq!(fee, 0, "{charge:?}");
                continue;
            };
            let brand = charge.card().map(|card| card.brand);
            let expected = taken(self.plans[&rules], charge.amount_captured(), brand);
            assert_eq!((told.collected().minor(), fee), (expected, expected), "{charge:?}");
        }
    }
}

fn ask(key: usize, command: PricingCommand) -> Act {
    Act::Ask(Request::new(format!("wish {key}"), Command::Pricing(command)))
}

/// An account whose processing the platform pays, which can take cards.
fn ours() -> Vec<Act> {
    let (fees, losses) = (FeePayer::Application, LossBearer::Processor);
    let of_standard = Controller::of(AccountKind::Standard);
    let controller = Controller { fees, losses, dashboard: Dashboard::None, ..of_standard };
    let account = AccountId::from_host([77; 14]);
    let new = NewAccount::controlled(controller, US).request(Capability::CardPayments);
    let new = new.request(Capability::Transfers).with_id(account);
    let ask = Act::Ask(Request::new("ours", Command::CreateAccount(new)));
    let reviewed = [Capability::CardPayments, Capability::Transfers].map(|capability| {
        let reviewed = CapabilityReviewed { account, capability, status: CapabilityStatus::Active };
        Act::Tell(Report::new(format!("ours: {capability}"), utc(2026, 11, 2), Fact::CapabilityReviewed(reviewed)))
    });
    std::iter::once(ask).chain(reviewed).collect()
}

/// Plays a story with wishes in between; `act` is shown everything before it happens.
fn play(
    story: &Story,
    wishes: &[Option<Wish>],
    mut each: impl FnMut(&Stage, &Known, &Act),
    mut done: impl FnMut(&Stage, &Act, &Result<Came, Error>),
) -> (Stage, Known) {
    let (mut stage, mut known) = (Stage::new(story.rules), Known::default());
    for (number, step) in story.steps.iter().enumerate() {
        for act in if number == opening().len() { ours() } else { Vec::new() } {
            let came = stage.play(&act);
            assert!(came.is_ok(), "{came:?}");
            done(&stage, &act, &came);
        }
        let wish = wishes.get(number).copied().flatten();
        if let Some((wish, command)) = wish.and_then(|wish| Some((wish, known.command(&stage, wish)?))) {
            let act = ask(number, command.clone());
            let came = stage.play(&act);
            if let Ok(Came::Answer(answer, ..)) = &came {
                known.learn(&stage.platform, wish, (&command, *answer));
            }
            done(&stage, &act, &came);
        }
        let act = stage.act(step);
        let act = left_open(&stage, act);
        each(&stage, &known, &act);
        let came = stage.play(&act);
        check_followed(&stage, &known, &act, &came);
        done(&stage, &act, &came);
    }
    (stage, known)
}

/// That the first attempt at a payment follows the scheme that it should.
fn check_followed(stage: &Stage, known: &Known, act: &Act, came: &Result<Came, Error>) {
    let (Act::Ask(request), Ok(Came::Answer(Answer::Payment(id), outcome, _))) = (act, came) else { return };
    let Command::CreatePayment(new) = &request.command else { return };
    let Ok(charge) = stage.platform.charge_of(*id) else { return };
    if *outcome == fundroute::journal::Outcome::Applied {
        assert_eq!(charge.pricing(), known.rules_of(&stage.platform, request.account, new), "{new:?}");
    }
}

proptest! {
    #![proptest_config(crate::cases(48))]

    /// Whoever follows which scheme, and whenever it changes: commissions are what the rules of the attempt take, a worker with a store
    /// decides the same, and the journal replayed is the same.
    #[test]
    fn the_laws_hold_with_schemes_of_prices(story in story(40..140), wishes in wishes()) {
        let mut workers: Option<(Store, crate::store::Worker)> = None;
        let (stage, known) = play(
            &story,
            &wishes,
            |stage, known, _| known.check(&stage.platform),
            |stage, act, came| {
                let (store, worker) = workers.get_or_insert_with(|| {
                    let start = Stage::new(story.rules);
                    (Store::of(&start.journal), worker(&start))
                });
                let whole = came.as_ref().map(|came| came.changes().cloned().collect::<Vec<Changes>>());
                let part = work(store, worker, act);
                assert_eq!(part.as_ref(), whole.as_ref().map_err(|error| *error), "{act:?}");
                assert!(stage.platform.trial_balances().iter().all(|sheet| sheet.balances()));
            },
        );
        known.check(&stage.platform);
        prop_assert_eq!(stage.platform.audit(), []);
        let again = Platform::replay(story.rules.book(), stage.journal.clone()).unwrap();
        prop_assert_eq!(again.snapshot(), stage.platform.snapshot());
        let bytes = postcard::to_stdvec(&stage.platform.snapshot()).unwrap();
        let read = Platform::restore(story.rules.book(), postcard::from_bytes(&bytes).unwrap(), stage.platform.now());
        prop_assert_eq!(read.snapshot(), stage.platform.snapshot());
    }

    /// Every payment of every story is quoted before: what is then booked is that, to the line, and what is refused is refused for the
    /// same reason.
    #[test]
    fn what_is_quoted_is_what_is_booked(story in story(40..100), wishes in wishes()) {
        play(&story, &wishes, |stage, _, act| { check_quote(stage, act); }, |_, _, _| ());
    }
}

/// What the stories have to come to for the laws to say something.
#[test]
fn stories_come_to_prices_of_every_sort() {
    let mut runner = TestRunner::deterministic();
    let mut reached: BTreeMap<&str, u32> = BTreeMap::new();
    for _ in 0..100 {
        let story = story(60..140).new_tree(&mut runner).unwrap().current();
        let wishes = wishes().new_tree(&mut runner).unwrap().current();
        let (stage, known) = play(
            &story,
            &wishes,
            |stage, _, act| {
                if let Some(what) = check_quote(stage, act) {
                    *reached.entry(what).or_default() += 1;
                }
            },
            |_, _, _| (),
        );
        for record in stage.platform.records() {
            let Record::Charge(charge) = record else { continue };
            let Some(plan) = charge.pricing().map(|rules| known.plans[&rules]) else { continue };
            let is_direct = matches!(stage.platform.payment(charge.payment()).unwrap().flow(), Flow::Direct { .. });
            if charge.commission().is_some() {
                *reached.entry(["plan 0", "plan 1", "plan 2"][usize::from(plan)]).or_default() += 1;
                *reached.entry(if is_direct { "direct" } else { "destination" }).or_default() += 1;
            }
            if charge.captured().is_some_and(|captured| captured.refunded() > 0) {
                *reached.entry("given back").or_default() += 1;
            }
        }
    }
    let wanted = [
        "priced, captured later",
        "priced, converted",
        "priced",
        "captured later",
        "converted",
        "quoted",
        "refused",
        "refused by a scheme",
        "plan 0",
        "plan 1",
        "plan 2",
        "direct",
        "destination",
        "given back",
    ];
    for what in wanted {
        assert!(reached.get(what).is_some_and(|times| *times > 1), "{what}: {reached:?}");
    }
}

/// A line without the names of what it is about, which a quote does not know.
type Told = (AccountId, LineKind, Currency, i64, i128, Timestamp);

fn told<'a>(lines: impl IntoIterator<Item = &'a Line>) -> Vec<Told> {
    let line =
        |line: &Line| (line.owner(), line.kind(), line.currency(), line.amount(), line.net(), line.available_on());
    lines.into_iter().map(line).collect()
}

/// Checks the quote of a payment that is about to be created; tells what it was.
fn check_quote(stage: &Stage, act: &Act) -> Option<&'static str> {
    let Act::Ask(request) = act else { return None };
    let Command::CreatePayment(new) = &request.command else { return None };
    let card = PaymentCard::of(if new.amount.minor() % 2 == 0 { CardBrand::Visa } else { CardBrand::Discover });
    let mut quote = NewQuote::of(new.clone()).paid_by(PaymentMethod::Card).card(card);
    quote.account = request.account;
    let before = stage.platform.snapshot();
    let quoted = stage.platform.quote(&quote);
    assert_eq!(stage.platform.snapshot(), before);
    // A worker that looks everything up tells the same.
    if new.amount.minor() % 4 == 0 {
        let part = worker(stage).decide(&Store::of(&stage.journal), |part| part.quote(&quote)).decided;
        assert_eq!(part, quoted, "{quote:?}");
    }
    let request = Request { key: "as quoted".to_owned(), ..request.clone() };
    let mut real = stage.platform.clone();
    let booked = book(&mut real, &request, card);
    match (quoted, booked) {
        (Ok(quoted), Ok((id, lines))) if quoted.anomaly.is_none() => {
            let charge: &Charge = real.charge_of(id).unwrap();
            assert_eq!(told(&quoted.lines), told(&lines), "{quote:?}");
            assert_eq!((quoted.commission, quoted.pricing), (charge.commission().copied(), charge.pricing()));
            let fee = charge.application_fee().map(|fee| real.application_fee(fee).unwrap().amount());
            assert_eq!((quoted.application_fee, quoted.amount), (fee, charge.amount()));
            let nets: i128 = quoted.parties.iter().map(|party| party.net).sum();
            assert_eq!(nets, lines.iter().map(Line::net).sum::<i128>());
            if let Flow::Separate = real.payment(id).unwrap().flow() {
                assert_eq!(quoted.commission, None);
            }
            Some(match (quoted.pricing, charge.authorization(), charge.conversion()) {
                (Some(_), Some(_), _) => "priced, captured later",
                (Some(_), None, Some(_)) => "priced, converted",
                (Some(_), None, None) => "priced",
                (None, Some(_), _) => "captured later",
                (None, None, Some(_)) => "converted",
                (None, None, None) => "quoted",
            })
        }
        (Ok(quoted), Ok((_, lines))) => {
            assert!(lines.is_empty(), "{quoted:?}");
            Some("odd")
        }
        (Err(quoted), Err(refused)) => {
            assert_eq!(quoted, refused, "{quote:?}");
            let by_plan = matches!(refused, Error::Payment(PaymentError::Plan(_)));
            Some(if by_plan { "refused by a scheme" } else { "refused" })
        }
        (quoted, booked) => panic!("{quote:?}: {quoted:?}, but {booked:?}"),
    }
}

/// Creates a payment for good, and lets the world take all of it; tells what was booked.
fn book(platform: &mut Platform, request: &Request, card: PaymentCard) -> Result<(PaymentId, Vec<Line>), Error> {
    let mut changes: Vec<Changes> = Vec::new();
    let decided = platform.handle(request.clone())?;
    let Answer::Payment(id) = decided.answer else { panic!("{decided:?}") };
    changes.push(decided.changes);
    let ask = |platform: &mut Platform, key: &str, command| {
        platform.handle(Request { key: key.to_owned(), command, ..request.clone() }).map(|decided| decided.changes)
    };
    let (method, is_open) = (platform.payment(id)?.method(), platform.payment(id)?.latest_charge().is_none());
    if is_open {
        let method = method.unwrap_or(PaymentMethod::Card);
        changes.push(ask(platform, "go on", Command::ConfirmPayment(ConfirmPayment::by(method, id)))?);
    }
    let (charge, amount) = (platform.charge_of(id)?.id(), platform.charge_of(id)?.amount());
    let tell = |platform: &mut Platform, name: &str, fact| {
        let decided = platform.record(&Report::new(name, platform.now(), fact)).unwrap();
        (decided.changes, matches!(decided.answer, FactOutcome::Anomaly(_)))
    };
    let taken = if let Capture::Manual(_) = platform.payment(id)?.capture() {
        let mut held = ChargeAuthorized::of(charge, amount);
        held.card = Some(card);
        let (news, is_odd) = tell(platform, "held", Fact::ChargeAuthorized(held));
        changes.push(news);
        if is_odd {
            return Ok((id, Vec::new()));
        }
        changes.push(ask(platform, "capture", Command::CapturePayment(CapturePayment::of(id)))?);
        Fact::ChargeCaptured(ChargeCaptured::of(charge, amount))
    } else {
        Fact::ChargeSucceeded(ChargeSucceeded::of(charge, amount).card(card))
    };
    changes.push(tell(platform, "taken", taken).0);
    let lines = changes.iter().flat_map(|changes| &changes.entries).flat_map(|entry| entry.lines().to_vec());
    Ok((id, lines.collect()))
}
