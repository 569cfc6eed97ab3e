//! What payees were paid in a year, and what becomes of the forms.

use fundroute::ids::TaxFormId;
use fundroute::rulebook::{TaxFormType, TaxIncome, UsState};
use fundroute::tools::tax::{
    NewTaxForm, TaxCommand, TaxCorrection, TaxDeliveryMethod, TaxDetails, TaxFact, TaxFigures, TaxForm, TaxLevel,
    TaxMethod, TaxPayee,
};

use super::*;

/// What is known of somebody: all that a form needs, or less.
fn somebody(roll: u8) -> TaxDetails {
    let state = UsState::ALL[usize::from(roll) % UsState::ALL.len()];
    let full = TaxDetails::new().name("Jo Doe").tin("000-12-3456").address("1 Main St", "Springfield", state, "00000");
    match roll % 8 {
        0 => TaxDetails::new().name("Jo"),
        1 => TaxDetails::new().tin(format!("000-00-{roll:04}")),
        2 => TaxDetails::new().address_abroad("Hauptstr. 1", "Berlin", "10115", "DE"),
        3 => TaxDetails::new(),
        _ => full,
    }
}

const FIRST_YEAR: u16 = 2022;

impl Stage {
    /// Something about tax forms; mostly such that it can be done.
    pub(super) fn tax(&self, step: &Step) -> (Command, Option<AccountId>) {
        let Step::Tax { form, who, what, roll, amount, on } = step else { panic!("{step:?} is about no tax form") };
        let id = self.a_tax_form(*form);
        let known = self.platform.tax_form(id).ok();
        let form_type = known.map_or(TaxFormType::Us1099K, TaxForm::form_type);
        let figures = self.figures(form_type, *amount, *roll);
        let with = if roll % 3 == 0 { TaxLevel::State } else { TaxLevel::Country };
        let payee = self.payee(*who, *roll);
        let form = id;
        let command = match what % 16 {
            0..=4 => TaxCommand::Create(self.new_form(*who, *roll, *amount)),
            5 => TaxCommand::Refresh { form, figures },
            6 => TaxCommand::Describe { form, details: somebody(*roll), overwrite: roll % 5 == 0 },
            7 => TaxCommand::Override {
                form,
                with,
                file: [None, Some(false), Some(true), Some(true)][usize::from(roll % 4)],
            },
            8..=10 => TaxCommand::File { form, with },
            11 => TaxCommand::Export { form },
            12 => {
                let correction = match roll % 2 {
                    0 => TaxCorrection::Totals(figures),
                    _ => TaxCorrection::Payee(somebody(*roll)),
                };
                TaxCommand::Correct { form, correction }
            }
            13 => {
                let details = (roll % 3 == 1).then(|| somebody(*roll));
                TaxCommand::Replace { form, figures: (roll % 3 == 2).then_some(figures), details }
            }
            14 if roll % 2 == 0 => TaxCommand::DeliverAgain { form, by: TaxDeliveryMethod::Post },
            14 => TaxCommand::Consent { payee, paperless: roll % 4 == 1 },
            _ => {
                let year = known.map_or(FIRST_YEAR, TaxForm::tax_year);
                let day = utc(year.into(), u32::from(roll % 12) + 1, 1);
                let whole = known.map_or(figures, |form| *form.figures());
                let part = whole.gross() / 3;
                let halves = [part, whole.gross() - part].map(|gross| Money::new(gross, whole.currency()));
                let count = [0, whole.transactions()];
                let [before, after] = [0, 1].map(|half| TaxFigures::of(halves[half], count[half]));
                TaxCommand::Split { form, on: day, before, after, details: somebody(*roll) }
            }
        };
        let on = if let On::Right = on { None } else { self.on(*on, None) };
        (Command::Tax(Box::new(command)), on)
    }

    fn payee(&self, who: Pick, roll: u8) -> TaxPayee {
        match roll % 3 {
            0 => TaxPayee::External(format!("worker {}", roll % 4).into()),
            _ => TaxPayee::Account(self.account(who)),
        }
    }

    fn figures(&self, form: TaxFormType, amount: i64, roll: u8) -> TaxFigures {
        let currency = if form.is_us() { USD } else { EUR };
        let figures = TaxFigures::of(Money::new(amount, currency), u32::from(roll));
        let figures = if form == TaxFormType::Us1099Misc { figures.with(TaxIncome::Royalties, 9_00) } else { figures };
        match roll % 7 {
            0 => figures.withheld(0, amount / 10),
            1 => figures.unconverted(),
            2 => figures.goods_only(),
            _ => figures,
        }
    }

    fn new_form(&self, who: Pick, roll: u8, amount: i64) -> NewTaxForm {
        let form = TaxFormType::ALL[usize::from(roll / 3) % 4];
        let year = FIRST_YEAR + u16::from(roll % 6);
        let payee = self.payee(who, roll);
        // What an account was paid is what the ledger tells, now and then.
        let told = match &payee {
            TaxPayee::Account(account) if roll.is_multiple_of(2) && form.is_us() => {
                let totals =
                    self.platform.tax_totals(*account, TaxMethod::PaymentsIncludingFees, year, USD, |_, _| None);
                totals.ok().and_then(|totals| totals.figures().ok())
            }
            _ => None,
        };
        let new = NewTaxForm::of(form, year, payee, told.unwrap_or(self.figures(form, amount, roll)));
        let new = new.details(somebody(roll.wrapping_add(4))).platform_paid_fees(!roll.is_multiple_of(5));
        if roll.is_multiple_of(4) { new.taxpayer(format!("taxpayer {}", roll % 3)) } else { new }
    }

    fn a_tax_form(&self, pick: Pick) -> TaxFormId {
        let known = self.ids(|id| if let ObjectId::TaxForm(id) = id { Some(id) } else { None });
        pick.of(&known).unwrap_or(TaxFormId::from_host(NOBODY))
    }

    pub(super) fn about_tax(&self, step: &Step) -> Option<(Fact, i64)> {
        let Step::AboutTax { form, what, ago } = step else { return None };
        Some((about_tax(self.a_tax_form(*form), *what), *ago))
    }
}

/// What authorities and carriers may say of a form.
fn about_tax(form: TaxFormId, what: u8) -> Fact {
    let with = if what.is_multiple_of(3) { TaxLevel::State } else { TaxLevel::Country };
    let reason = format!("reason {}", what % 2);
    Fact::Tax(match what / 3 % 9 {
        0 | 1 => TaxFact::Accepted { form, with },
        2 => TaxFact::Filed { form, with },
        3 | 4 => TaxFact::Rejected { form, with, reason },
        5 => TaxFact::DeliveryUnderWay { form },
        6 => TaxFact::Delivered { form },
        7 => TaxFact::DeliveryFailed { form, reason },
        _ => TaxFact::TinChecked { form, matches: what.is_multiple_of(2) },
    })
}
