use serde::{Deserialize, Serialize};

use crate::accounts::{FeeBearer, FeePayer, ProcessorFee};
use crate::routing::ChargeType;
use crate::rulebook::Capability;

/// One of the two who stand behind a payment.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Party {
    /// The connected account: the one that charges, gets the transfer, or is charged on behalf of.
    Account,
    /// The platform.
    Platform,
}

/// Who is who in a payment.
///
/// ```
/// use fundroute::accounts::FeePayer;
/// use fundroute::payments::{Parties, Party};
/// use fundroute::routing::ChargeType;
///
/// let booking = Parties::of(ChargeType::Destination, true);
/// // The seller is who the payer did business with, and the platform owes the money back.
/// assert_eq!((booking.settlement_merchant, booking.refunds), (Party::Account, Party::Platform));
/// assert_eq!(booking.processor_fees(FeePayer::Account), Party::Platform);
/// ```
// RULE: docs.stripe.com/connect/charges (2024 and 2026), /connect/destination-charges (2026), /connect/separate-charges-and-transfers
// (2024), /connect/currencies (2024).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Parties {
    charge_type: ChargeType,
    /// On whose balance the charge is booked, and for whom its requests are made.
    pub booked_on: Party,
    /// Whose business it is in the eyes of networks and tax offices: its country's methods, currencies, prices and delays hold, and its
    /// name is on the payer's statement.
    pub settlement_merchant: Party,
    /// Who gives the money back.
    pub refunds: Party,
    /// Who is debited for the amount of a dispute.
    pub disputes: Party,
}

impl Parties {
    /// The parties of a payment of that type, made on behalf of an account or not. What is made on an account directly is always that
    /// account's business.
    pub const fn of(charge_type: ChargeType, on_behalf_of: bool) -> Self {
        let booked_on = match charge_type {
            ChargeType::Direct => Party::Account,
            ChargeType::Destination | ChargeType::Separate => Party::Platform,
        };
        let settlement_merchant = if on_behalf_of { Party::Account } else { booked_on };
        Self { charge_type, booked_on, settlement_merchant, refunds: booked_on, disputes: booked_on }
    }

    /// Whose name, address and phone number the payer's statement shows.
    pub const fn statement_descriptor(&self) -> Party {
        self.settlement_merchant
    }

    /// Whose country says what the processor takes.
    pub const fn fee_schedule(&self) -> Party {
        self.settlement_merchant
    }

    /// Whose country says which currencies can be paid in.
    pub const fn presentment_currencies(&self) -> Party {
        self.settlement_merchant
    }

    /// Whose default currency the charge is booked in.
    pub const fn settlement_currency(&self) -> Party {
        self.settlement_merchant
    }

    /// Whose delay the money waits for.
    pub const fn delay(&self) -> Party {
        self.settlement_merchant
    }

    /// Whose capability to take payments by the method is needed; the platform has every one.
    pub const fn method_capability(&self) -> Party {
        self.settlement_merchant
    }

    /// What the account has to be able to do besides.
    pub const fn account_capability(&self) -> Option<Capability> {
        match self.charge_type {
            ChargeType::Destination => Some(Capability::Transfers),
            ChargeType::Direct | ChargeType::Separate => None,
        }
    }

    /// Who pays the processor for the payment, by the controller of the account.
    pub const fn processor_fees(&self, payer: FeePayer) -> Party {
        self.bears(ProcessorFee::PaymentProcessing, payer)
    }

    /// Who pays the processor for something about the payment, by the controller of the account.
    pub const fn bears(&self, fee: ProcessorFee, payer: FeePayer) -> Party {
        match (self.booked_on, payer.bearer(fee)) {
            (Party::Account, Some(FeeBearer::Account)) => Party::Account,
            (Party::Account, Some(FeeBearer::Platform) | None) | (Party::Platform, _) => Party::Platform,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The published table, column by column.
    #[test]
    fn every_cell_of_the_table_of_parties() {
        use Party::{Account, Platform};
        let columns = [
            (ChargeType::Direct, false, [Account; 9]),
            (ChargeType::Destination, false, [Platform; 9]),
            (
                ChargeType::Destination,
                true,
                [Platform, Account, Account, Account, Account, Account, Account, Platform, Platform],
            ),
            (ChargeType::Separate, false, [Platform; 9]),
            (
                ChargeType::Separate,
                true,
                [Platform, Account, Account, Account, Account, Account, Account, Platform, Platform],
            ),
        ];
        for (charge_type, on_behalf_of, expected) in columns {
            let parties = Parties::of(charge_type, on_behalf_of);
            let cells = [
                parties.booked_on,
                parties.settlement_merchant,
                parties.statement_descriptor(),
                parties.fee_schedule(),
                parties.presentment_currencies(),
                parties.settlement_currency(),
                parties.delay(),
                parties.refunds,
                parties.disputes,
            ];
            assert_eq!(cells, expected, "{charge_type:?}, {on_behalf_of}");
            assert_eq!(parties.method_capability(), parties.settlement_merchant);
            for payer in
                [FeePayer::Account, FeePayer::Application, FeePayer::ApplicationCustom, FeePayer::ApplicationExpress]
            {
                let pays_itself = charge_type == ChargeType::Direct && payer != FeePayer::Application;
                assert_eq!(parties.processor_fees(payer), if pays_itself { Account } else { Platform }, "{payer:?}");
            }
            let needed = (charge_type == ChargeType::Destination).then_some(Capability::Transfers);
            assert_eq!(parties.account_capability(), needed);
        }
        // Nobody charges directly on behalf of somebody else; it would change nothing.
        assert_eq!(Parties::of(ChargeType::Direct, true), Parties::of(ChargeType::Direct, false));
    }
}
