//! What money that crosses a border costs, and how much longer it takes.

use chrono::TimeDelta;
use iso_country::Country;

use super::lane::AtHome;
use super::{Corridor, CrossBorderEra, Rulebook, ScheduleRule, ServiceAgreement};
use crate::money::{Currency, Rate};

/// What follows from the way that an account's money has come.
impl Rulebook {
    /// How much later than it leaves the platform a transfer is available to an account: what the way between the two says, or what the
    /// host said of accounts under the recipient agreement.
    ///
    /// ```
    /// use fundroute::calendar::hours;
    /// use fundroute::rulebook::{Country, CrossBorderEra, Rulebook, ServiceAgreement};
    ///
    /// let book = Rulebook::standard().with_cross_border_era(CrossBorderEra::Recipient);
    /// assert_eq!(book.transfer_delay(Country::US, Country::KE, ServiceAgreement::Recipient), hours(24));
    /// let book = Rulebook::standard();
    /// assert_eq!(book.transfer_delay(Country::US, Country::DE, ServiceAgreement::Full), hours(0));
    /// ```
    // RULE: to accounts under the recipient agreement transfers become available 24 hours later than normal
    // (docs.stripe.com/connect/cross-border-payouts and /connect/service-agreement-types, 2024). Of what crosses a border under the full
    // agreement no page says so.
    #[must_use]
    pub fn transfer_delay(&self, platform: Country, account: Country, agreement: ServiceAgreement) -> TimeDelta {
        match (agreement, self.0.recipient_delay) {
            (ServiceAgreement::Recipient, Some(delay)) => delay,
            (ServiceAgreement::Recipient, None) | (ServiceAgreement::Full, _) => {
                let known = |known: &AtHome| known.delay;
                self.of_way((platform, account, agreement), TimeDelta::zero(), known, Corridor::delay)
            }
        }
    }

    /// The book with another time by which transfers reach accounts under the recipient agreement later, whatever the way. Less than
    /// nothing counts as nothing.
    #[must_use]
    pub fn with_recipient_delay(mut self, delay: TimeDelta) -> Self {
        self.book_mut().recipient_delay = Some(delay.max(TimeDelta::zero()));
        self
    }

    /// What the processor takes from a platform of each payout of an account, because the money crosses a border. Nothing where it does
    /// not, and where none may go.
    ///
    /// ```
    /// use fundroute::money::Rate;
    /// use fundroute::rulebook::{Country, Rulebook, ServiceAgreement};
    ///
    /// let book = Rulebook::standard();
    /// let fee = |from, to| book.cross_border_fee(from, to, ServiceAgreement::Full);
    /// assert_eq!(fee(Country::US, Country::DE).to_string(), "0.25 %");
    /// assert_eq!((fee(Country::GB, Country::DE), fee(Country::FR, Country::DE)), (Rate::ZERO, Rate::ZERO));
    /// ```
    // RULE: 0.25 % of each payout, waived between the United Kingdom and the EEA and within it
    // (docs.stripe.com/connect/cross-border-payouts, 2024 and 2025).
    #[must_use]
    pub fn cross_border_fee(&self, platform: Country, account: Country, agreement: ServiceAgreement) -> Rate {
        self.of_way((platform, account, agreement), Rate::ZERO, |known| known.fee, Corridor::fee)
    }

    /// The only currency in which banks in the account's country are paid, where money comes to them from that platform.
    ///
    /// ```
    /// use fundroute::money::Currency;
    /// use fundroute::rulebook::{Country, CrossBorderEra, Rulebook, ServiceAgreement};
    ///
    /// let book = Rulebook::standard().with_cross_border_era(CrossBorderEra::Recipient);
    /// let only = book.only_currency(Country::US, Country::CH, ServiceAgreement::Recipient);
    /// assert_eq!(only, Some(Currency::EUR));
    /// ```
    #[must_use]
    pub fn only_currency(&self, platform: Country, account: Country, agreement: ServiceAgreement) -> Option<Currency> {
        let known = self.lane(platform, account, agreement).corridor();
        known.filter(|_| platform != account).and_then(Corridor::only_currency)
    }

    /// Which payout schedules an account may have that a platform in that country pays: what its country says, unless its money comes from
    /// abroad under the recipient agreement.
    ///
    /// ```
    /// use fundroute::rulebook::{Country, Rulebook, ServiceAgreement};
    ///
    /// let book = Rulebook::standard();
    /// let rule = |agreement| book.schedule_rule_of(Country::US, Country::IN, agreement);
    /// assert!(rule(ServiceAgreement::Full).is_forced_daily() && !rule(ServiceAgreement::Recipient).is_forced_daily());
    /// ```
    // RULE: what a country prescribes may not hold for recipients from abroad (docs.stripe.com/connect/manage-payout-schedule, 2024). That
    // nothing of it does is our reading.
    #[must_use]
    pub fn schedule_rule_of(&self, platform: Country, account: Country, agreement: ServiceAgreement) -> &ScheduleRule {
        match agreement {
            ServiceAgreement::Recipient if platform != account => &ScheduleRule::FREE,
            ServiceAgreement::Recipient | ServiceAgreement::Full => self.schedule_rule(account),
        }
    }

    /// Whether payouts within minutes can reach accounts in another region than the platform's, as far as it is a matter of the years.
    // RULE: not until 2024 (docs.stripe.com/connect/cross-border-payouts and /connect/instant-payouts, 2024).
    pub(crate) fn instant_across_borders(&self) -> bool {
        match self.cross_border_era() {
            CrossBorderEra::SelfServe => self.cross_region_instant(),
            CrossBorderEra::Recipient => false,
        }
    }

    /// Something that the way between two countries says, looked up once where they are one; `none` where the way is closed.
    fn of_way<T>(
        &self,
        (platform, account, agreement): (Country, Country, ServiceAgreement),
        none: T,
        at_home: impl Fn(&AtHome) -> T,
        across: impl Fn(&Corridor) -> T,
    ) -> T {
        if platform == account {
            return self.0.flows_at_home.get(&(account, agreement)).map_or(none, at_home);
        }
        self.lane(platform, account, agreement).corridor().map_or(none, across)
    }
}
