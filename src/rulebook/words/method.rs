//! The ways to pay.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use super::UnknownWord;

/// Gives every way to pay to a macro: its word, its name as a field, its variant, and what it is. They are by name.
macro_rules! each_method {
    ($then:ident) => {
        $then! {
            "acss_debit" acss_debit AcssDebit "a pre-authorized debit of a bank account in Canada",
            "affirm" affirm Affirm "instalments that Affirm collects, in Canada and the United States",
            "afterpay_clearpay" afterpay_clearpay AfterpayClearpay "instalments that Afterpay collects, or Clearpay, as it is called in Britain",
            "au_becs_debit" au_becs_debit AuBecsDebit "a debit of an Australian bank account over BECS",
            "bacs_debit" bacs_debit BacsDebit "a debit of a British bank account over Bacs",
            "boleto" boleto Boleto "a slip that the payer settles at a bank or a shop in Brazil",
            "card" card Card "a credit or debit card, also one that lies in a wallet on a phone",
            "card_present" card_present CardPresent "a credit or debit card that the payer presents to a reader",
            "cashapp" cashapp Cashapp "Cash App Pay, a wallet in the United States",
            "ideal" ideal Ideal "iDEAL, a transfer that the payer makes at a Dutch bank",
            "interac_present" interac_present InteracPresent "a debit card of the Interac network, in Canada, that the payer presents to a reader",
            "klarna" klarna Klarna "instalments, or a later date, that Klarna collects",
            "nz_bank_account" nz_bank_account NzBankAccount "a debit of a bank account in New Zealand over BECS",
            "paypal" paypal Paypal "PayPal, a wallet",
            "pix" pix Pix "Pix, a transfer that the payer makes at a Brazilian bank",
            "sepa_debit" sepa_debit SepaDebit "a debit of a euro bank account within SEPA",
            "us_bank_account" us_bank_account UsBankAccount "a debit of a US bank account over ACH",
        }
    };
}

macro_rules! declare {
    ($($wire:literal $field:ident $variant:ident $what:literal,)+) => {
        words! {
            /// A way to pay. What holds for one is [a rule](crate::rulebook::Rulebook::payment_method).
            PaymentMethod, "a payment method":
            $($wire $variant $what,)+
        }
    };
}

each_method!(declare);

pub(in crate::rulebook) use each_method;

impl PaymentMethod {
    /// Whether it is a card, which the network and the bank of its holder answer for.
    #[must_use]
    pub const fn is_card(self) -> bool {
        match self {
            Self::Card | Self::CardPresent | Self::InteracPresent => true,
            Self::AcssDebit
            | Self::Affirm
            | Self::AfterpayClearpay
            | Self::AuBecsDebit
            | Self::BacsDebit
            | Self::Boleto
            | Self::Cashapp
            | Self::Ideal
            | Self::Klarna
            | Self::NzBankAccount
            | Self::Paypal
            | Self::Pix
            | Self::SepaDebit
            | Self::UsBankAccount => false,
        }
    }
}

impl PaymentMethod {
    /// Whether the payer is there, with a card, and a reader takes it.
    #[must_use]
    pub const fn is_in_person(self) -> bool {
        matches!(self, Self::CardPresent | Self::InteracPresent)
    }
}

words! {
    /// What a rule about a way to pay may leave open, for the host to answer.
    MethodTerm, "a term of a payment method":
    "capability" Capability "what the account of the business has to be able to do",
    "countries" Countries "where the business may be",
    "currencies" Currencies "what can be paid in",
    "delay" Delay "how long the money stays pending",
    "disputes" Disputes "whether a payer can contest it, and what can be done against that",
    "refunds" Refunds "whether it can be given back",
}
