//! What kinds of cards there are, and what they are used for.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use super::UnknownWord;

words! {
    /// The network of a card.
    CardBrand, "a card brand":
    "amex" AmericanExpress "American Express",
    "cartes_bancaires" CartesBancaires "Cartes Bancaires, in France",
    "diners" DinersClub "Diners Club",
    "discover" Discover "Discover",
    "eftpos_au" Eftpos "eftpos, in Australia",
    "interac" Interac "Interac, in Canada",
    "jcb" Jcb "JCB",
    "mastercard" Mastercard "Mastercard",
    "unionpay" UnionPay "UnionPay",
    "unknown" Unknown "any other, or one that nobody told",
    "visa" Visa "Visa",
}

words! {
    /// Whose money a card spends.
    CardFunding, "a kind of card":
    "credit" Credit "the issuer's, to be paid back",
    "debit" Debit "that of the holder's bank account",
    "prepaid" Prepaid "what was paid in before",
}

words! {
    /// The wallet that a card was used from. Such a payment is one by card, with the wallet named beside it.
    // RULE: docs.stripe.com/api/charges/object (2026).
    CardWallet, "a card wallet":
    "amex_express_checkout" AmexExpressCheckout "that of American Express, given up since",
    "apple_pay" ApplePay "Apple Pay",
    "google_pay" GooglePay "Google Pay",
    "link" Link "Link, the processor's own",
    "masterpass" Masterpass "that of Mastercard, given up since",
    "samsung_pay" SamsungPay "Samsung Pay",
    "visa_checkout" VisaCheckout "that of Visa, given up since",
}

words! {
    /// What a business sells, as far as networks let it capture more than was authorized.
    Trade, "a trade":
    "bar" Bar "drinks",
    "beauty" Beauty "hair and cosmetics",
    "car_rental" CarRental "cars for some days",
    "cruise" Cruise "voyages",
    "fast_food" FastFood "meals over the counter",
    "grocery" Grocery "food to take home",
    "lodging" Lodging "rooms",
    "other" Other "anything else",
    "restaurant" Restaurant "meals at a table",
    "retail" Retail "goods",
    "spa" Spa "baths and treatments",
    "taxi" Taxi "rides",
}

impl CardBrand {
    /// Whether the network lets an authorization be captured in several parts.
    // RULE: docs.stripe.com/payments/multicapture (2026); UnionPay and JCB only in some countries, which the world tells.
    pub(crate) const fn is_multicapture(self) -> bool {
        match self {
            Self::AmericanExpress
            | Self::CartesBancaires
            | Self::DinersClub
            | Self::Discover
            | Self::Mastercard
            | Self::Visa => true,
            Self::Eftpos | Self::Interac | Self::Jcb | Self::UnionPay | Self::Unknown => false,
        }
    }
}
