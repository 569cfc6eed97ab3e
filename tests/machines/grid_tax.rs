//! Tax forms: with authorities, and on their way to payees.

use chrono::TimeDelta;
use fundroute::calendar::utc;
use fundroute::ids::{TaxConsentId, TaxFormId};
use fundroute::journal::{Answer, Changes, Fact, Record, Report};
use fundroute::money::usd;
use fundroute::platform::{Command, Platform, Request};
use fundroute::rulebook::{TaxFormType, UsState};
use fundroute::tools::tax::{
    NewTaxForm, TaxCommand, TaxCorrection, TaxDeliveryMethod, TaxDetails, TaxFact, TaxFigures, TaxLevel, TaxPayee,
};

use crate::grid::{Did, Machine, did, told};
use crate::scene::{Scene, advance, ask, before, noon, tell};
use crate::shapes::check;

pub(crate) fn command(command: TaxCommand) -> Command {
    Command::Tax(Box::new(command))
}

fn payee() -> TaxPayee {
    TaxPayee::External("worker-17".into())
}

pub(crate) fn details() -> TaxDetails {
    TaxDetails::new().name("Jo Doe").tin("000-12-3456").address("1 Main St", "Little Rock", UsState::Ar, "72201")
}

/// 3,000.00 on a 1099-K of 2023: too little for the federal authority, and enough for Arkansas.
fn low() -> TaxFigures {
    TaxFigures::of(usd(3_000_00), 210)
}

/// More than 20,000.00 in more than 200 payments.
pub(crate) fn high() -> TaxFigures {
    TaxFigures::of(usd(21_000_00), 210).card_not_present(20_000_00)
}

pub(crate) fn new(figures: TaxFigures) -> NewTaxForm {
    NewTaxForm::of(TaxFormType::Us1099K, 2023, payee(), figures)
}

pub(crate) fn accepted(form: TaxFormId) -> Fact {
    Fact::Tax(TaxFact::Accepted { form, with: TaxLevel::Country })
}

fn rejected(form: TaxFormId) -> Fact {
    Fact::Tax(TaxFact::Rejected { form, with: TaxLevel::Country, reason: "no such payee".to_owned() })
}

fn rejected_otherwise(form: TaxFormId) -> Fact {
    Fact::Tax(TaxFact::Rejected { form, with: TaxLevel::Country, reason: "a schema error".to_owned() })
}

fn filed(form: TaxFormId) -> Fact {
    Fact::Tax(TaxFact::Filed { form, with: TaxLevel::Country })
}

pub(crate) fn delivered(form: TaxFormId) -> Fact {
    Fact::Tax(TaxFact::Delivered { form })
}

fn under_way(form: TaxFormId) -> Fact {
    Fact::Tax(TaxFact::DeliveryUnderWay { form })
}

fn undelivered(form: TaxFormId) -> Fact {
    Fact::Tax(TaxFact::DeliveryFailed { form, reason: "nobody lives there".to_owned() })
}

fn checked(form: TaxFormId) -> Fact {
    Fact::Tax(TaxFact::TinChecked { form, matches: false })
}

pub(crate) const fn file(form: TaxFormId) -> TaxCommand {
    TaxCommand::File { form, with: TaxLevel::Country }
}

const fn export(form: TaxFormId) -> TaxCommand {
    TaxCommand::Export { form }
}

const fn file_in_state(form: TaxFormId) -> TaxCommand {
    TaxCommand::File { form, with: TaxLevel::State }
}

const fn again(form: TaxFormId) -> TaxCommand {
    TaxCommand::DeliverAgain { form, by: TaxDeliveryMethod::Post }
}

pub(crate) const fn other_totals(form: TaxFormId) -> TaxCommand {
    let correction = TaxCorrection::Totals(TaxFigures::of(usd(100_00), 1));
    TaxCommand::Correct { form, correction }
}

fn other_payee(form: TaxFormId) -> TaxCommand {
    TaxCommand::Correct { form, correction: TaxCorrection::Payee(details()) }
}

pub(crate) const fn replace(form: TaxFormId) -> TaxCommand {
    TaxCommand::Replace { form, figures: None, details: None }
}

fn overridden(form: TaxFormId) -> TaxCommand {
    TaxCommand::Override { form, with: TaxLevel::Country, file: Some(true) }
}

fn dropped(form: TaxFormId) -> TaxCommand {
    TaxCommand::Override { form, with: TaxLevel::Country, file: Some(false) }
}

fn state(platform: &Platform, form: TaxFormId) -> String {
    let form = platform.tax_form(form).unwrap();
    let followed = match (form.corrected_by(), form.replaced_by()) {
        (None, None) => "",
        (Some(_), _) => " corrected",
        (None, Some(_)) => " replaced",
    };
    format!("{}{followed}", form.country().status())
}

fn delivery(platform: &Platform, form: TaxFormId) -> String {
    platform.tax_form(form).unwrap().delivery().status().to_string()
}

#[derive(Clone, Copy)]
enum Step {
    Do(fn(TaxFormId) -> TaxCommand),
    Told(fn(TaxFormId) -> Fact),
}

/// A form in the season of 2023, and what happened to it, each step half a day after the one before.
fn form(new: NewTaxForm, steps: &[Step]) -> (Platform, TaxFormId) {
    let mut scene = Scene::us();
    let Answer::TaxForm(form) = scene.ask(None, command(TaxCommand::Create(new))) else { panic!("no form") };
    for step in steps {
        let later = scene.platform.now().checked_add(TimeDelta::hours(12)).unwrap();
        scene.platform.advance_to(later).unwrap();
        match step {
            Step::Do(wish) => drop(scene.ask(None, command(wish(form)))),
            Step::Told(fact) => {
                let (key, at) = (scene.key(), before(&scene.platform, 6));
                tell(&mut scene.platform, &key, at, fact(form)).unwrap();
            }
        }
    }
    (scene.platform, form)
}

type Wish = fn(TaxFormId) -> TaxCommand;
type Tell = fn(TaxFormId) -> Fact;

fn wishes(machine: &mut Machine<TaxFormId>, wishes: &[(&'static str, Wish)]) {
    for (name, wish) in wishes {
        let wish = *wish;
        machine.column(name, move |platform, form| did(ask(platform, "x", None, command(wish(form)))));
    }
}

fn reports(machine: &mut Machine<TaxFormId>, facts: &[(&'static str, i64, Tell)]) {
    for (name, hours, fact) in facts {
        let (hours, fact) = (*hours, *fact);
        machine.column(name, move |platform, form| {
            let at = before(platform, hours);
            told(tell(platform, "x", at, fact(form)))
        });
    }
}

#[test]
fn filings() {
    use Step::{Do, Told};

    let about = "A 1099-K of 2023 of somebody in Arkansas, and how far it has got with the federal authority.";
    let mut machine = Machine::new("tax_filing", about, state);
    let full = |figures| new(figures).details(details());
    machine.row("will_not_file, the state wants it", form(full(low()), &[]));
    machine.row("will_not_file, the platform says so", form(full(high()), &[Do(dropped)]));
    machine.row("needs_attention, nothing is known of the payee", form(new(high()), &[]));
    machine.row("ready, above the limit", form(full(high()), &[]));
    machine.row("ready, the platform says so", form(full(low()), &[Do(overridden)]));
    machine.row("filing", form(full(high()), &[Do(file)]));
    machine.row("filed", form(full(high()), &[Do(file), Told(filed)]));
    machine.row("accepted, without being told that it was sent", form(full(high()), &[Do(file), Told(accepted)]));
    let taken = [Do(file), Told(filed), Told(accepted)];
    machine.row("accepted, sent before", form(full(high()), &taken));
    machine.row("accepted, rejected before", form(full(high()), &[Do(file), Told(rejected), Told(accepted)]));
    machine.row("rejected", form(full(high()), &[Do(file), Told(filed), Told(rejected)]));
    machine.row("rejected replaced", form(full(high()), &[Do(file), Told(rejected), Do(replace)]));
    machine.row("accepted corrected, in its totals", form(full(high()), &[&taken[..], &[Do(other_totals)]].concat()));
    machine.row("accepted corrected, in its payee", form(full(high()), &[&taken[..], &[Do(other_payee)]].concat()));
    let withheld = low().withheld(0, 100_00);
    machine.row("will_not_file, exported to the state", form(full(withheld), &[Do(export)]));
    wishes(
        &mut machine,
        &[
            ("file", file),
            ("file with the state", file_in_state),
            ("export to the state", export),
            ("refresh to little", |form| TaxCommand::Refresh { form, figures: TaxFigures::of(usd(10_00), 1) }),
            ("refresh to much", |form| TaxCommand::Refresh { form, figures: high() }),
            ("describe", |form| TaxCommand::Describe { form, details: details(), overwrite: false }),
            ("overwrite", |form| TaxCommand::Describe { form, details: details(), overwrite: true }),
            ("say yes", overridden),
            ("say no", dropped),
            ("let limits say", |form| TaxCommand::Override { form, with: TaxLevel::Country, file: None }),
            ("correct the totals", other_totals),
            ("correct the payee", other_payee),
            ("replace", replace),
            ("split", |form| TaxCommand::Split {
                form,
                on: utc(2023, 7, 1),
                before: TaxFigures::of(usd(1_000_00), 10),
                after: TaxFigures::of(usd(20_000_00), 200).card_not_present(20_000_00),
                details: details(),
            }),
        ],
    );
    machine.column("file for an account", |platform, form| {
        let account = platform.tax_form(form).map(|_| platform.records().find_map(somebody).unwrap())?;
        did(ask(platform, "x", Some(account), command(file(form))))
    });
    reports(
        &mut machine,
        &[
            ("filed, of before", 9, filed),
            ("filed, of now", 0, filed),
            ("accepted, of before", 9, accepted),
            ("accepted, of now", 0, accepted),
            ("rejected, of before", 9, rejected),
            ("rejected, of then, other reason", 6, rejected_otherwise),
            ("rejected, of now", 0, rejected),
            ("a number that does not match", 0, checked),
        ],
    );
    machine.column("a year passes", |platform, _| advance(platform, 365).map(|()| Did::Done));
    machine.check();
}

fn somebody(record: &Record) -> Option<fundroute::ids::AccountId> {
    if let Record::Account(account) = record { Some(account.id()).filter(|_| !account.is_platform()) } else { None }
}

#[test]
fn deliveries() {
    use Step::{Do, Told};

    let about = "The payee's copy of a form that is filed.";
    let mut machine = Machine::new("tax_delivery", about, delivery);
    let full = || new(high()).details(details());
    machine.row(
        "will_not_deliver",
        form(
            full(),
            &[Do(dropped), Do(|form| TaxCommand::Override { form, with: TaxLevel::State, file: Some(false) })],
        ),
    );
    machine.row("needs_attention", form(new(high()), &[]));
    machine.row("ready", form(full(), &[]));
    machine.row("scheduled", form(full(), &[Do(file)]));
    machine.row("scheduled, again", form(full(), &[Do(file), Told(undelivered), Do(again)]));
    machine.row("delivering", form(full(), &[Do(file), Told(under_way)]));
    machine.row("delivered", form(full(), &[Do(file), Told(under_way), Told(delivered)]));
    machine.row("failed", form(full(), &[Do(file), Told(undelivered)]));
    machine.row("failed, on its way", form(full(), &[Do(file), Told(under_way), Told(undelivered)]));
    wishes(&mut machine, &[("deliver again", again), ("file with the state", file_in_state), ("file", file)]);
    reports(
        &mut machine,
        &[
            ("under way, of before", 9, under_way),
            ("under way, of now", 0, under_way),
            ("delivered, of before", 9, delivered),
            ("delivered, of now", 0, delivered),
            ("failed, of before", 9, undelivered),
            ("failed, of now", 0, undelivered),
        ],
    );
    machine.check();
}

/// Each with what it is called.
type Named<T> = Vec<(String, T)>;

/// Everything that can be asked about a form, in an order in which it can.
fn asked(form: TaxFormId) -> Vec<(&'static str, TaxCommand)> {
    vec![
        ("Consent", TaxCommand::Consent { payee: payee(), paperless: true }),
        ("Describe", TaxCommand::Describe { form, details: details(), overwrite: true }),
        ("Override", overridden(form)),
        ("Refresh", TaxCommand::Refresh { form, figures: high().by_month([1_750_00; 12]) }),
        ("File", file(form)),
        ("Correct totals", other_totals(form)),
    ]
}

fn written() -> (Named<Record>, Named<Changes>) {
    let (mut records, mut changes): (Named<Record>, Named<Changes>) = (Vec::new(), Vec::new());
    let mut scene = Scene::us();
    let mut note = |name: &str, done: Changes| {
        for write in &done.records {
            records.push((format!("{name}, {}", write.record.id()), write.record.clone()));
        }
        changes.push((name.to_owned(), done));
    };
    let create = TaxCommand::Create(new(low()).taxpayer("jo"));
    let made = scene.platform.handle(Request::new("Create", command(create))).unwrap();
    let Answer::TaxForm(form) = made.answer else { panic!("a form is answered with its id") };
    note("Create", made.changes);
    for (name, wish) in asked(form) {
        if name == "Correct totals" {
            for (name, fact) in [("Filed", filed(form)), ("Rejected", rejected(form)), ("Accepted", accepted(form))] {
                let told = scene.platform.record(&Report::new(name, scene.platform.now(), fact)).unwrap();
                note(name, told.changes);
            }
        }
        note(name, scene.platform.handle(Request::new(name, command(wish))).unwrap().changes);
    }
    (records, changes)
}

#[test]
fn how_tax_forms_are_written_down() {
    let (records, changes) = written();
    check("tax_records", &records);
    check("tax_changes", &changes);
    let id = TaxFormId::from_host([3; 14]);
    let split =
        TaxCommand::Split { form: id, on: utc(2023, 7, 1), before: low(), after: high(), details: TaxDetails::new() };
    let more = [
        ("Create", TaxCommand::Create(new(high()).taxpayer("jo").details(details()).platform_paid_fees(true))),
        ("Correct payee", other_payee(id)),
        ("Deliver again", again(id)),
        ("Export", export(id)),
        ("Replace", replace(id)),
        ("Split", split),
    ];
    let all = asked(id).into_iter().chain(more);
    let requests = all.map(|(name, wish)| (name.to_owned(), Request::new("key-1", command(wish))));
    check("tax_requests", &requests.collect::<Vec<_>>());
    let facts = [
        ("Filed", filed(id)),
        ("Accepted", accepted(id)),
        ("Rejected", rejected(id)),
        ("Under way", under_way(id)),
        ("Delivered", delivered(id)),
        ("Undelivered", undelivered(id)),
        ("Checked", checked(id)),
    ];
    check("tax_reports", &facts.map(|(name, fact)| (name.to_owned(), Report::new("evt_1", noon(), fact))));
    assert_eq!(TaxConsentId::PREFIX, "tcons_");
}
