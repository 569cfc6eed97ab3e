//! What the platform has earned and paid.

use std::ops::Range;

use super::{Error, Platform};
use crate::calendar::Timestamp;
use crate::ids::{AccountId, ApplicationFeeId, ChargeId, ObjectId, TransferId};
use crate::journal::Booked;
use crate::ledger::{BalanceTransaction, without_replaced};
use crate::money::Currency;
use crate::payouts::ConnectFees;
use crate::routing::Transfer;
use crate::rulebook::PaymentMethod;
use crate::tools::{Concerns, Earner, Earnings};

impl Platform {
    /// What the platform has earned and paid from one moment up to another, by currency, heading, way to pay, and account: what is left to
    /// it of payments, commissions, prices of payouts, debits of accounts; fees, disputes, and debts that it has covered. What else moved
    /// its balances is told beside it, so that all of it comes to what they have changed by.
    ///
    /// It reads the platform's history back to the beginning of the period.
    ///
    /// ```
    /// use fundroute::prelude::*;
    /// use fundroute::simulator::World;
    /// use fundroute::tools::{EarningsHeading, csv};
    ///
    /// let (mut platform, mut world) =
    ///     (Platform::new(NewPlatform::in_country(US), Rulebook::standard(), utc(2026, 11, 2))?, World::new());
    /// let jo = world.onboard(&mut platform, NewAccount::express(US))?;
    /// let sale = NewPayment::card(usd(10_00)).destination(jo).application_fee(usd(1_23));
    /// platform.payments().create("order-1", sale)?;
    /// world.settle(&mut platform)?;
    ///
    /// let november = platform.earnings(utc(2026, 11, 1)..utc(2026, 12, 1))?;
    /// let headings: Vec<_> = november.by_heading().iter().map(|(heading, _, sum)| (*heading, *sum)).collect();
    /// assert_eq!(headings, [
    ///     (EarningsHeading::Commission, 1_23),
    ///     (EarningsHeading::Payment, 10_00),
    ///     (EarningsHeading::Transfer, -10_00),
    ///     (EarningsHeading::ProcessingFee, -59),
    /// ]);
    /// assert_eq!(november.totals()[0].left(), 64);
    /// assert_eq!(csv(november.rows.clone()).unwrap().lines().nth(1), Some(&*format!("earned,commission,usd,card,US,{jo},1,1.23")));
    /// # Ok::<(), Error>(())
    /// ```
    ///
    /// # Errors
    /// On a partial platform [`Error::HistoryNotKept`].
    pub fn earnings(&self, period: Range<Timestamp>) -> Result<Earnings, Error> {
        self.history_is_kept()?;
        let (from, until, own) = (period.start, period.end.max(period.start), self.id());
        let mut earner = Earner::default();
        for currency in Currency::all() {
            // INVARIANT: entries are booked at the clock's time, which never goes back.
            let back = self.state.latest(own, currency).skip_while(|booked| booked.at() >= until);
            let mut entries: Vec<Booked<'_>> = back.take_while(|booked| booked.at() >= from).collect();
            entries.reverse();
            let ours = entries.iter().flat_map(|booked| booked.lines().map(|line| (booked.at(), line)));
            let ours = ours.filter(|(_, line)| line.owner() == own && line.currency() == currency);
            let mut lines = ours.map(|(at, line)| BalanceTransaction::of(line, at, None)).collect();
            without_replaced(&mut lines);
            for line in &lines {
                earner.line(line, self.concerns(line.source).unwrap_or_default());
            }
        }
        Ok(earner.done(from, until))
    }

    /// What the object behind a balance transaction of the platform's is about; nothing where it is about no account and no payment.
    fn concerns(&self, source: ObjectId) -> Option<Concerns> {
        match source {
            ObjectId::Account(account) => Some(self.account_concerns(account)),
            ObjectId::ApplicationFee(fee) => self.fee_concerns(fee),
            ObjectId::ApplicationFeeRefund(refund) => {
                self.fee_concerns(self.application_fee_refund(refund).ok()?.fee())
            }
            ObjectId::Charge(charge) => self.charge_concerns(charge),
            ObjectId::ConnectFees(fees) => Some(self.account_concerns(self.look::<ConnectFees>(fees).ok()?.account())),
            ObjectId::Dispute(dispute) => self.charge_concerns(self.dispute(dispute).ok()?.charge()),
            ObjectId::Refund(refund) => self.charge_concerns(self.refund(refund).ok()?.charge()),
            ObjectId::Transfer(transfer) => self.transfer_concerns(transfer),
            ObjectId::TransferReversal(reversal) => {
                self.transfer_concerns(self.transfer_reversal(reversal).ok()?.transfer())
            }
            ObjectId::AccountLink(_)
            | ObjectId::AccountSession(_)
            | ObjectId::Anomaly(_)
            | ObjectId::Application(_)
            | ObjectId::BalanceSettings(_)
            | ObjectId::Connection(_)
            | ObjectId::ConnectionToken(_)
            | ObjectId::EarlyFraudWarning(_)
            | ObjectId::ExternalAccount(_)
            | ObjectId::InstantTerms(_)
            | ObjectId::Location(_)
            | ObjectId::LoginLink(_)
            | ObjectId::ParkedFact(_)
            | ObjectId::Payment(_)
            | ObjectId::Payout(_)
            | ObjectId::Person(_)
            | ObjectId::PricingRules(_)
            | ObjectId::PricingScheme(_)
            | ObjectId::Profile(_)
            | ObjectId::ProviderTransaction(_)
            | ObjectId::QuotedRate(_)
            | ObjectId::Reader(_)
            | ObjectId::ReaderAction(_)
            | ObjectId::ReserveHold(_)
            | ObjectId::ReservePlan(_)
            | ObjectId::ReserveRelease(_)
            | ObjectId::ReservedFunds(_)
            | ObjectId::Review(_)
            | ObjectId::RiskDay(_)
            | ObjectId::RiskRule(_)
            | ObjectId::RiskRules(_)
            | ObjectId::SupportAction(_)
            | ObjectId::TaxConsent(_)
            | ObjectId::TaxForm(_)
            | ObjectId::TaxpayerYear(_)
            | ObjectId::TopUp(_) => None,
        }
    }

    /// An account other than the platform's own.
    fn account_concerns(&self, account: AccountId) -> Concerns {
        let known = self.account(account).ok().filter(|_| account != self.id());
        Concerns { account: known.map(|known| (account, known.country())), ..Concerns::default() }
    }

    /// A payment is about the account that it is booked on, or the one that gets it; of several accounts about none of them.
    fn charge_concerns(&self, charge: ChargeId) -> Option<Concerns> {
        let charge = self.charge(charge).ok()?;
        let recipient = charge.transfer().and_then(|transfer| self.transfer(transfer).ok());
        let account = recipient.map_or(charge.owner(), Transfer::destination);
        Some(Concerns { method: Some(charge.method()), ..self.account_concerns(account) })
    }

    fn fee_concerns(&self, fee: ApplicationFeeId) -> Option<Concerns> {
        let fee = self.application_fee(fee).ok()?;
        let (method, of_payout) = (self.method_of(fee.charge()), fee.charge().is_none());
        Some(Concerns { method, of_payout, ..self.account_concerns(fee.account()) })
    }

    fn transfer_concerns(&self, transfer: TransferId) -> Option<Concerns> {
        let transfer = self.transfer(transfer).ok()?;
        let method = self.method_of(transfer.source());
        Some(Concerns { method, ..self.account_concerns(transfer.connected()) })
    }

    fn method_of(&self, charge: Option<ChargeId>) -> Option<PaymentMethod> {
        Some(self.charge(charge?).ok()?.method())
    }
}
