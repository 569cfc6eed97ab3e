//! What a planned payment would come to, found by carrying it out and forgetting it.

use serde::Serialize;

use super::{Command, Error, Platform, Transaction};
use crate::accounts::Account;
use crate::calendar::Timestamp;
use crate::ids::{AccountId, ChargeId, PaymentId, PricingRulesId};
use crate::journal::{Anomaly, AnomalyReason, Answer, Changes, Domain, Fact, FactOutcome, Origin, Report};
use crate::ledger::{FeeKind, Line, LineKind};
use crate::money::{Currency, Money};
use crate::payments::{
    CapturePayment, Charge, ChargeAuthorized, ChargeCaptured, ChargeSucceeded, ConfirmPayment, NewPayment, PaymentCard,
    PaymentError, PaymentIntent,
};
use crate::routing::{ApplicationFee, Commission};
use crate::rulebook::PaymentMethod;

/// A planned payment, of which it is asked what it would come to: see [`Platform::quote`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewQuote {
    /// The payment as it would be created.
    pub payment: NewPayment,
    /// The account on which it would be: a direct charge.
    pub account: Option<AccountId>,
    /// How it would be paid, where the payment leaves that open.
    pub method: Option<PaymentMethod>,
    /// With which card, where prices depend on it.
    pub card: Option<PaymentCard>,
}

impl NewQuote {
    /// A payment that the platform would create for itself.
    pub const fn of(payment: NewPayment) -> Self {
        Self { payment, account: None, method: None, card: None }
    }

    /// The same as a direct charge on this account.
    #[must_use]
    pub const fn on(mut self, account: AccountId) -> Self {
        self.account = Some(account);
        self
    }

    /// The same, paid like this, where the payment leaves it open.
    #[must_use]
    pub const fn paid_by(mut self, method: PaymentMethod) -> Self {
        self.method = Some(method);
        self
    }

    /// The same, with this card.
    #[must_use]
    pub const fn card(mut self, card: PaymentCard) -> Self {
        self.card = Some(card);
        self
    }
}

/// What one owner gets of a planned payment in one currency, in minor units.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct QuotedParty {
    /// Who.
    pub owner: AccountId,
    /// In which currency.
    pub currency: Currency,
    /// What is left after everything; below zero for whoever only pays.
    #[serde(with = "crate::money::wide")]
    pub net: i128,
    /// What the processor takes of it.
    #[serde(with = "crate::money::wide")]
    pub processor_fee: i128,
    /// What the platform takes of it, without tax.
    #[serde(with = "crate::money::wide")]
    pub application_fee: i128,
    /// When the last of it becomes available.
    pub available_on: Timestamp,
}

/// What a planned payment would come to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct PaymentQuote {
    /// What the payer would pay.
    pub amount: Money,
    /// How.
    pub method: PaymentMethod,
    /// Who would get and pay what, by owner and currency.
    pub parties: Vec<QuotedParty>,
    /// The platform's commission, with the tax on it, in the currency of the payment.
    pub application_fee: Option<Money>,
    /// What the payment's plan, or a scheme, would come to, and which rule decides; nothing where neither does.
    pub commission: Option<Commission>,
    /// The rules of the scheme that decides; nothing where none does.
    pub pricing: Option<PricingRulesId>,
    /// What would be booked, line by line.
    pub lines: Vec<Line>,
    /// Why the money could not be booked once it is there, and a person would have to look at it.
    pub anomaly: Option<AnomalyReason>,
}

impl PaymentQuote {
    /// What one owner would get in one currency, if anything.
    pub fn party(&self, owner: AccountId, currency: Currency) -> Option<&QuotedParty> {
        self.parties.iter().find(|party| (party.owner, party.currency) == (owner, currency))
    }
}

impl Platform {
    /// What a planned payment would come to if it were created now, its payer did what is theirs, and all of it were taken: who would get
    /// and pay what, and which rule says so. A payment that would be refused is refused here for the same reason.
    ///
    /// It is carried out as it would be, command by command and fact by fact, and forgotten. Nothing changes, and no request key is used.
    ///
    /// ```
    /// use fundroute::platform::NewQuote;
    /// use fundroute::prelude::*;
    /// use fundroute::simulator::World;
    ///
    /// let mut platform = Platform::new(NewPlatform::in_country(US), Rulebook::standard(), utc(2026, 11, 2))?;
    /// let mut world = World::new();
    /// let jo = world.onboard(&mut platform, NewAccount::express(US))?;
    /// let order = NewPayment::card(usd(10_00)).destination(jo).application_fee(usd(1_23));
    /// let quote = platform.quote(&NewQuote::of(order.clone()))?;
    /// let net = |owner| quote.party(owner, USD).unwrap().net;
    /// assert_eq!((net(jo), net(platform.id())), (8_77, 64));
    ///
    /// // It is what is then booked.
    /// platform.payments().create("order", order)?;
    /// world.settle(&mut platform)?;
    /// assert_eq!(platform.balance(jo, USD)?.pending, 8_77);
    ///
    /// let small = NewPayment::card(usd(10)).destination(jo);
    /// assert_eq!(platform.quote(&NewQuote::of(small)).unwrap_err().code(), Some("amount_too_small"));
    /// # Ok::<(), fundroute::Error>(())
    /// ```
    ///
    /// # Errors
    /// Whatever [`NewPayment`] would be refused for, or its confirmation or capture; [`PaymentError::MethodMissing`] where it is not known how
    /// it would be paid; on a partial platform [`Error::NotLoaded`].
    pub fn quote(&self, quote: &NewQuote) -> Result<PaymentQuote, Error> {
        let mut changes = Changes::new(self.now());
        // The names of what it creates are forgotten with it.
        let origin = Origin::new(Domain::Command, self.id(), quote.account, &[]);
        let mut transaction = self.transaction(Some(origin), self.now(), &mut changes);
        let told = transaction.play_out(quote)?;
        let lines: Vec<Line> = changes.entries.iter().flat_map(|entry| entry.lines().to_vec()).collect();
        Ok(PaymentQuote { parties: parties(&lines), lines, ..told })
    }
}

/// The lines added up by owner and currency.
fn parties(lines: &[Line]) -> Vec<QuotedParty> {
    let mut parties: Vec<QuotedParty> = Vec::new();
    for line in lines {
        let (owner, currency, available_on) = (line.owner(), line.currency(), line.available_on());
        let place = parties.iter().position(|party| (party.owner, party.currency) == (owner, currency));
        let new = QuotedParty { owner, currency, net: 0, processor_fee: 0, application_fee: 0, available_on };
        let mut party = place.map_or(new, |place| parties.swap_remove(place));
        // INVARIANT: sums of i64 in i128: saturation is never reached.
        party.net = party.net.saturating_add(line.net());
        for fee in line.fees() {
            let sum = match fee.kind {
                FeeKind::ProcessorFee => &mut party.processor_fee,
                FeeKind::ApplicationFee => &mut party.application_fee,
            };
            *sum = sum.saturating_add(fee.amount.into());
        }
        if line.kind() == LineKind::ProcessorFee {
            party.processor_fee = party.processor_fee.saturating_sub(line.net());
        }
        party.available_on = party.available_on.max(available_on);
        parties.push(party);
    }
    parties.sort_unstable_by_key(|party| (party.owner, party.currency));
    parties
}

impl Transaction<'_> {
    /// Creates a payment and lets the world take all of its money; tells what that has come to, but for what was booked.
    fn play_out(&mut self, quote: &NewQuote) -> Result<PaymentQuote, Error> {
        let on = quote.account;
        let command = Command::CreatePayment(quote.payment.clone());
        self.want_named(on, &command)?;
        let Answer::Payment(id) = self.execute(on, &command)? else {
            return Err(PaymentError::MethodMissing.into());
        };
        let charge = self.attempt_of(quote, id)?;
        let amount = self.get::<Charge>(charge)?.amount();
        let is_captured_later = self.get::<PaymentIntent>(id)?.captured_later().is_some();
        let anomaly = if is_captured_later {
            let mut held = ChargeAuthorized::of(charge, amount);
            held.card = quote.card;
            match self.taken_up("held", Fact::ChargeAuthorized(held))? {
                None => {
                    self.execute(on, &Command::CapturePayment(CapturePayment::of(id)))?;
                    self.taken_up("captured", Fact::ChargeCaptured(ChargeCaptured::of(charge, amount)))?
                }
                odd => odd,
            }
        } else {
            let mut taken = ChargeSucceeded::of(charge, amount);
            taken.card = quote.card;
            self.taken_up("taken", Fact::ChargeSucceeded(taken))?
        };
        self.confirm()?;
        let charge = self.get::<Charge>(charge)?;
        let fee = charge.application_fee();
        let (method, commission, pricing) = (charge.method(), charge.commission().copied(), charge.pricing());
        let application_fee = fee.map(|fee| Ok::<_, Error>(self.get::<ApplicationFee>(fee)?.amount())).transpose()?;
        let (parties, lines) = (Vec::new(), Vec::new());
        Ok(PaymentQuote { amount, method, parties, application_fee, commission, pricing, lines, anomaly })
    }

    /// The attempt to collect a payment that has just been created; one begins where none has.
    fn attempt_of(&mut self, quote: &NewQuote, id: PaymentId) -> Result<ChargeId, Error> {
        let payment = self.take::<PaymentIntent>(id)?;
        if let Some(charge) = payment.latest_charge() {
            return Ok(charge);
        }
        let method = payment.method().or(quote.method).ok_or(PaymentError::MethodMissing)?;
        if method.is_in_person() {
            let owner = self.get::<Account>(quote.account.unwrap_or(self.platform))?;
            let other = self.merchant(payment.on_behalf_of(), *payment.flow(), &owner)?;
            let merchant = other.as_deref().unwrap_or(&owner);
            self.check_attempt(merchant, method, payment.amount())?;
            self.can_capture_later(payment.capture(), method)?;
            let recipient = self.recipient_of(&payment)?;
            self.check_in_person((method, payment.amount()), (&owner, merchant), recipient.as_deref())?;
            self.submit(payment, method, owner.id(), merchant)?;
        } else {
            self.execute(quote.account, &Command::ConfirmPayment(ConfirmPayment::by(method, id)))?;
        }
        Ok(self.get::<PaymentIntent>(id)?.attempt()?)
    }

    /// Takes a fact up that the world would tell; tells why it cannot be.
    fn taken_up(&mut self, name: &str, fact: Fact) -> Result<Option<AnomalyReason>, Error> {
        let report = Report::new(name, self.now, fact);
        match self.learn(report.told())? {
            FactOutcome::Anomaly(id) => Ok(Some(self.get::<Anomaly>(id)?.reason)),
            FactOutcome::Applied | FactOutcome::Parked(_) | FactOutcome::Stale => Ok(None),
        }
    }
}
