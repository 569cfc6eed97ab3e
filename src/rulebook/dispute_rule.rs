//! What a dispute comes to, by how the payment was made.

use std::fmt;
use std::str::FromStr;

use chrono::{Days, Months, NaiveDate};
use serde::{Deserialize, Serialize};

use super::UnknownWord;
use super::words::read_and_print;

/// What can be done against a dispute.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DisputeProcess {
    /// It is answered with evidence until a date that the world tells, and may begin as an inquiry.
    Evidence,
    /// Nothing: the payer's bank has given the money back. There is no inquiry, no evidence and no appeal.
    Final,
}

impl DisputeProcess {
    /// Both, by name.
    pub const ALL: [Self; 2] = [Self::Evidence, Self::Final];

    /// The word in tables.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Evidence => "evidence",
            Self::Final => "final",
        }
    }
}

read_and_print!(DisputeProcess, "a way to deal with disputes");

/// For how long a payer can dispute a payment.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum DisputeWindow {
    /// So many days.
    Days(u16),
    /// So many months.
    Months(u16),
    /// So many weeks.
    Weeks(u16),
}

impl DisputeWindow {
    /// The last day on which a payment of that day can be disputed; nothing beyond what dates can be.
    #[must_use]
    pub fn last_day(self, paid_on: NaiveDate) -> Option<NaiveDate> {
        match self {
            Self::Days(days) => paid_on.checked_add_days(Days::new(days.into())),
            Self::Months(months) => paid_on.checked_add_months(Months::new(months.into())),
            Self::Weeks(weeks) => paid_on.checked_add_days(Days::new(u64::from(weeks).saturating_mul(7))),
        }
    }
}

impl FromStr for DisputeWindow {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let refused = || format!("`{text}` is not a number of days, weeks or months");
        let (number, unit) = text.split_once(' ').ok_or_else(refused)?;
        let number = number.parse().map_err(|_| refused())?;
        match unit {
            "days" => Ok(Self::Days(number)),
            "weeks" => Ok(Self::Weeks(number)),
            "months" => Ok(Self::Months(number)),
            _ => Err(refused()),
        }
    }
}

/// What a dispute of a payment comes to, by how it was paid.
///
/// ```
/// use chrono::NaiveDate;
/// use fundroute::rulebook::{DisputeProcess, DisputeWindow, PaymentMethod, Rulebook};
///
/// let book = Rulebook::standard();
/// let debit = book.payment_method(PaymentMethod::SepaDebit).disputes();
/// assert_eq!(debit.process(), Some(DisputeProcess::Final));
/// assert_eq!((debit.window(), debit.unauthorized()), (Some(DisputeWindow::Weeks(8)), Some(DisputeWindow::Months(13))));
///
/// // Until when the money of a payment may be pulled back:
/// let day = NaiveDate::from_ymd_opt(2026, 11, 2).ok_or("no such day")?;
/// assert_eq!(debit.last_day(day), NaiveDate::from_ymd_opt(2027, 12, 2));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct DisputeRule {
    process: Option<DisputeProcess>,
    window: Option<DisputeWindow>,
    unauthorized: Option<DisputeWindow>,
}

impl DisputeRule {
    /// A rule of which nothing is known but what can be done.
    #[must_use]
    pub const fn new(process: DisputeProcess) -> Self {
        Self { process: Some(process), window: None, unauthorized: None }
    }

    /// The same, while payers have so long for it.
    #[must_use]
    pub const fn within(mut self, window: DisputeWindow) -> Self {
        self.window = Some(window);
        self
    }

    /// The same, while payers who say that they never agreed to the payment have so long.
    #[must_use]
    pub const fn unauthorized_within(mut self, window: DisputeWindow) -> Self {
        self.unauthorized = Some(window);
        self
    }

    pub(super) const fn read(
        process: Option<DisputeProcess>,
        (window, unauthorized): (Option<DisputeWindow>, Option<DisputeWindow>),
    ) -> Self {
        Self { process, window, unauthorized }
    }

    /// What can be done against one, where that is known. Where it is not, what the world tells of the dispute says it.
    #[must_use]
    pub const fn process(&self) -> Option<DisputeProcess> {
        self.process
    }

    /// Whether nothing can be done against one, which the world's word does not change.
    // RULE: disputes of SEPA debits are final, without an appeal (docs.stripe.com/payments/sepa-debit, 2024), and debits over ACH
    // cannot be contested either (support.stripe.com/questions/disputes-for-ach-payments, 2026).
    #[must_use]
    pub const fn is_final(&self) -> bool {
        matches!(self.process, Some(DisputeProcess::Final))
    }

    /// For how long payers can dispute such a payment for any reason, where that is known. It is told for planning: nothing is refused
    /// for having come later.
    // RULE: 120 days are typical of cards, 180 of local methods (docs.stripe.com/disputes/how-disputes-work, 2026); 8 weeks of SEPA debits,
    // without questions (docs.stripe.com/payments/sepa-debit, 2024).
    #[must_use]
    pub const fn window(&self) -> Option<DisputeWindow> {
        self.window
    }

    /// For how long payers can say that they never agreed to such a payment, where a time of its own is known.
    // RULE: 13 months of SEPA debits (docs.stripe.com/payments/sepa-debit, 2024); 60 days of debits over ACH, on a private account
    // (support.stripe.com/questions/disputes-for-ach-payments, 2026).
    #[must_use]
    pub const fn unauthorized(&self) -> Option<DisputeWindow> {
        self.unauthorized
    }

    /// The last day on which a payment of that day can be disputed for whatever reason, as far as is known.
    #[must_use]
    pub fn last_day(&self, paid_on: NaiveDate) -> Option<NaiveDate> {
        let windows = [self.window, self.unauthorized].into_iter().flatten();
        windows.filter_map(|window| window.last_day(paid_on)).max()
    }
}
