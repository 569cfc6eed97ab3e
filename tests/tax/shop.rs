//! A platform with a seller, and short words for forms.

use fundroute::ids::{AccountId, TaxFormId};
use fundroute::prelude::*;
use fundroute::rulebook::{TaxFormType, UsState, Vetting};
use fundroute::simulator::World;
use fundroute::tools::tax::{NewTaxForm, TaxDetails, TaxFact, TaxFigures, TaxForm, TaxLevel, TaxPayee};

#[derive(Clone)]
pub(crate) struct Shop {
    pub(crate) platform: Platform,
    pub(crate) world: World,
    pub(crate) jo: AccountId,
    asked: u32,
}

pub(crate) fn full() -> TaxDetails {
    TaxDetails::new().name("Jo Doe").tin("000-12-3456").address("1 Main St", "Austin", UsState::Tx, "78701")
}

pub(crate) fn in_state(state: UsState) -> TaxDetails {
    TaxDetails::new().name("Jo Doe").tin("000-12-3456").address("1 Main St", "Springfield", state, "00000")
}

/// So many dollars in so many payments.
pub(crate) fn figures(dollars: i64, transactions: u32) -> TaxFigures {
    TaxFigures::of(usd(dollars * 100), transactions)
}

pub(crate) fn worker(number: u32) -> TaxPayee {
    TaxPayee::External(format!("worker-{number}").into())
}

impl Shop {
    pub(crate) fn open(day: Timestamp) -> Self {
        Self::open_by(day, Rulebook::standard().with_vetting(Vetting::ByHost))
    }

    pub(crate) fn open_by(day: Timestamp, rules: Rulebook) -> Self {
        let mut platform = Platform::new(NewPlatform::in_country(US), rules, day).unwrap();
        let mut world = World::new();
        let jo = world.onboard(&mut platform, NewAccount::express(US)).unwrap();
        Self { platform, world, jo, asked: 0 }
    }

    pub(crate) fn key(&mut self) -> String {
        self.asked += 1;
        format!("request-{}", self.asked)
    }

    pub(crate) fn advance(&mut self, number: i64) {
        self.world.advance(&mut self.platform, days(number)).unwrap();
    }

    /// A form of a worker whose tax year is over.
    pub(crate) fn of_2024(&mut self, number: u32, figures: TaxFigures) -> TaxFormId {
        self.create(NewTaxForm::of(TaxFormType::Us1099K, 2024, worker(number), figures).details(full()))
    }

    pub(crate) fn create(&mut self, new: NewTaxForm) -> TaxFormId {
        let key = self.key();
        self.platform.tax_forms().create(&key, new).unwrap().answer
    }

    pub(crate) fn form(&self, id: TaxFormId) -> &TaxForm {
        self.platform.tax_form(id).unwrap()
    }

    /// How far a form has got with the country and with the state.
    pub(crate) fn filed(&self, id: TaxFormId) -> Vec<&'static str> {
        self.form(id).filing_statuses().iter().map(|filing| filing.value.as_str()).collect()
    }

    pub(crate) fn file(&mut self, form: TaxFormId) {
        let key = self.key();
        self.platform.tax_forms().file(&key, form, TaxLevel::Country).unwrap();
    }

    pub(crate) fn tell(&mut self, fact: TaxFact) {
        let (key, now) = (self.key(), self.platform.now());
        self.platform.tax_forms().record(&key, now, fact).unwrap();
    }

    pub(crate) fn accept(&mut self, form: TaxFormId) {
        self.tell(TaxFact::Accepted { form, with: TaxLevel::Country });
    }

    pub(crate) fn reject(&mut self, form: TaxFormId) {
        self.tell(TaxFact::Rejected { form, with: TaxLevel::Country, reason: "no".to_owned() });
    }
}
