//! The registry of ids: one newtype for each kind of object, shown with the field's prefixes.
//!
//! An id is 16 bytes: the moment its family was born in milliseconds (so ids sort by time), 58 bits of a
//! digest of the request that caused it (so two workers agree on it, and never collide, without sharing a
//! counter), and an ordinal of 16 bits. Everything born of one object shares its first 14 bytes, the
//! *family*, and differs in the ordinal: the charge, the transfer and the fee of a payment lie side by side. What
//! only the world brings forth, a dispute or a fraud warning, is a family of its own, made of the world's reference.
//! The bytes are a valid UUID of version 8.
//!
//! ```
//! use fundroute::ids::{AccountId, PaymentId};
//!
//! let id = PaymentId::from_host([7; 14]);
//! assert_eq!(id.to_string(), "pi_07070707070787078707070707070000");
//! assert_eq!("pi_07070707070787078707070707070000".parse(), Ok(id));
//! assert!("acct_07070707070787078707070707070000".parse::<PaymentId>().is_err());
//! assert!(AccountId::from_host([0; 14]) < AccountId::from_host([1; 14]));
//! ```

use std::cmp::Ordering;
use std::fmt;
use std::hash::{Hash, Hasher};
use std::str::FromStr;

use serde::de::{Error as _, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use uuid::Uuid;

/// What all members of a family share: an id without its ordinal.
///
/// A store that keeps the members of a family side by side loads a payment with its charge, transfers, fees
/// and refunds, or an account with its bank accounts and settings, in one read.
// INVARIANT: the last two bytes, where members have their ordinal, are zero, and the bits that mark the version are set.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Family(Uuid);

impl Hash for Family {
    fn hash<H: Hasher>(&self, state: &mut H) {
        state.write_u128(self.0.as_u128());
    }
}

impl Family {
    /// The family that 14 bytes of a host's choosing name; the bits that mark the version are overwritten.
    pub const fn from_host(mut bytes: [u8; 14]) -> Self {
        bytes[6] = (bytes[6] & 0x0f) | 0x80;
        bytes[8] = (bytes[8] & 0x3f) | 0x80;
        let [b0, b1, b2, b3, b4, b5, b6, b7, b8, b9, b10, b11, b12, b13] = bytes;
        Self(Uuid::from_bytes([b0, b1, b2, b3, b4, b5, b6, b7, b8, b9, b10, b11, b12, b13, 0, 0]))
    }

    /// The family born at `millis` (milliseconds since 1970) of the request with this digest.
    pub(crate) fn born(millis: u64, digest: [u8; 8]) -> Self {
        let [_, _, t0, t1, t2, t3, t4, t5] = millis.to_be_bytes();
        let [d0, d1, d2, d3, d4, d5, d6, d7] = digest;
        Self::from_host([t0, t1, t2, t3, t4, t5, d0, d1, d2, d3, d4, d5, d6, d7])
    }

    /// The 14 bytes.
    pub const fn bytes(self) -> [u8; 14] {
        let [b0, b1, b2, b3, b4, b5, b6, b7, b8, b9, b10, b11, b12, b13, _, _] = self.0.into_bytes();
        [b0, b1, b2, b3, b4, b5, b6, b7, b8, b9, b10, b11, b12, b13]
    }

    #[expect(clippy::as_conversions, reason = "a `const fn` can widen in no other way")]
    const fn member(self, ordinal: u16) -> Uuid {
        Uuid::from_u128(self.0.as_u128() | ordinal as u128)
    }
}

/// The id that any 16 bytes stand for: those that mark the version are overwritten.
const fn checked(id: Uuid) -> Uuid {
    let [b0, b1, b2, b3, b4, b5, b6, b7, b8, b9, b10, b11, b12, b13, o0, o1] = id.into_bytes();
    Family::from_host([b0, b1, b2, b3, b4, b5, b6, b7, b8, b9, b10, b11, b12, b13]).member(u16::from_be_bytes([o0, o1]))
}

impl fmt::Display for Family {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for byte in self.bytes() {
            write!(f, "{byte:02x}")?;
        }
        Ok(())
    }
}

impl fmt::Debug for Family {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Family({self})")
    }
}

impl Serialize for Family {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if serializer.is_human_readable() {
            serializer.collect_str(self)
        } else {
            serializer.serialize_bytes(&self.bytes())
        }
    }
}

impl<'de> Deserialize<'de> for Family {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        if deserializer.is_human_readable() {
            let text = String::deserialize(deserializer)?;
            let padded = format!("{text}0000");
            let id = Uuid::try_parse(&padded).map_err(serde::de::Error::custom)?;
            Ok(Self(checked(id)))
        } else {
            read_bytes(deserializer).map(Self::from_host)
        }
    }
}

/// Reads bytes that were written as bytes: formats copy them in one go.
pub(crate) fn read_bytes<'de, const N: usize, D: Deserializer<'de>>(deserializer: D) -> Result<[u8; N], D::Error> {
    struct Bytes<const N: usize>;

    impl<'de, const N: usize> Visitor<'de> for Bytes<N> {
        type Value = [u8; N];

        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            write!(f, "{N} bytes")
        }

        fn visit_bytes<E: serde::de::Error>(self, bytes: &[u8]) -> Result<[u8; N], E> {
            bytes.try_into().map_err(|_| E::invalid_length(bytes.len(), &self))
        }

        fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<[u8; N], A::Error> {
            let mut bytes = [0; N];
            for (place, byte) in bytes.iter_mut().enumerate() {
                *byte = list.next_element()?.ok_or_else(|| A::Error::invalid_length(place, &self))?;
            }
            Ok(bytes)
        }
    }

    deserializer.deserialize_bytes(Bytes)
}

/// The text is not an id of the kind that was asked for.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{text}` is not an id that starts with `{prefix}` and has 32 hexadecimal digits")]
pub struct IdError {
    text: String,
    prefix: &'static str,
}

macro_rules! registry {
    ($($(#[$doc:meta])* $kind:ident($name:ident) = $prefix:literal, $code:literal;)*) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq)]
        pub struct $name(Uuid);

        // As numbers, whose order is that of the bytes: two words are compared faster than sixteen bytes.
        impl Ord for $name {
            fn cmp(&self, other: &Self) -> Ordering {
                self.0.as_u128().cmp(&other.0.as_u128())
            }
        }

        impl PartialOrd for $name {
            fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
                Some(self.cmp(other))
            }
        }

        impl Hash for $name {
            fn hash<H: Hasher>(&self, state: &mut H) {
                state.write_u128(self.0.as_u128());
            }
        }

        impl $name {
            /// The prefix that its text form starts with.
            pub const PREFIX: &'static str = $prefix;

            /// An id of the host's own choosing for an object that it creates: the first of its family.
            pub const fn from_host(bytes: [u8; 14]) -> Self {
                Self(Family::from_host(bytes).member(0))
            }

            /// The member of `family` with this ordinal.
            pub(crate) const fn of(family: Family, ordinal: u16) -> Self {
                Self(family.member(ordinal))
            }

            /// What this object shares with everything born of the same request.
            pub const fn family(self) -> Family {
                Family(Uuid::from_u128(self.0.as_u128() & !0xffff))
            }

            /// Its place in the family; the object that the family grew from has 0.
            pub const fn ordinal(self) -> u16 {
                let [.., o0, o1] = self.0.into_bytes();
                u16::from_be_bytes([o0, o1])
            }

            /// The id as a UUID, for hosts' databases.
            pub const fn uuid(self) -> Uuid {
                self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, concat!($prefix, "{}"), self.0.simple())
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                fmt::Display::fmt(self, f)
            }
        }

        impl FromStr for $name {
            type Err = IdError;

            fn from_str(text: &str) -> Result<Self, IdError> {
                text.strip_prefix($prefix)
                    .filter(|digits| digits.len() == 32)
                    .and_then(|digits| Uuid::try_parse(digits).ok())
                    .map(|id| Self(checked(id)))
                    .ok_or_else(|| IdError { text: text.to_owned(), prefix: $prefix })
            }
        }

        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                if serializer.is_human_readable() {
                    serializer.collect_str(self)
                } else {
                    serializer.serialize_bytes(self.0.as_bytes())
                }
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                if deserializer.is_human_readable() {
                    String::deserialize(deserializer)?.parse().map_err(serde::de::Error::custom)
                } else {
                    Ok(Self(checked(Uuid::from_bytes(read_bytes(deserializer)?))))
                }
            }
        }
    )*

    /// The id of an object of any kind: what an entry, an event or an anomaly is about.
    ///
    /// ```
    /// use fundroute::ids::{ObjectId, PaymentId};
    ///
    /// let sale = PaymentId::from_host([7; 14]);
    /// let object = ObjectId::from(sale);
    /// assert_eq!(object.to_string(), sale.to_string());
    /// assert_eq!(object.to_string().parse(), Ok(object));
    /// ```
    #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
    pub enum ObjectId {
        $($(#[$doc])* $kind($name),)*
    }

    impl ObjectId {
        /// What the object shares with everything born of the same request.
        pub const fn family(self) -> Family {
            match self { $(Self::$kind(id) => id.family(),)* }
        }

        /// Its place in the family.
        pub const fn ordinal(self) -> u16 {
            match self { $(Self::$kind(id) => id.ordinal(),)* }
        }

        /// The number of its kind, which never changes, and its bytes.
        fn code_and_bytes(self) -> (u8, [u8; 16]) {
            match self { $(Self::$kind(id) => ($code, id.0.into_bytes()),)* }
        }
    }

    impl fmt::Display for ObjectId {
        fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            match self { $(Self::$kind(id) => fmt::Display::fmt(id, f),)* }
        }
    }

    impl fmt::Debug for ObjectId {
        fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            fmt::Display::fmt(self, f)
        }
    }

    impl FromStr for ObjectId {
        type Err = IdError;

        fn from_str(text: &str) -> Result<Self, IdError> {
            $(if text.starts_with($prefix) { return text.parse().map(Self::$kind); })*
            Err(IdError { text: text.to_owned(), prefix: "a known prefix" })
        }
    }

    $(impl From<$name> for ObjectId {
        fn from(id: $name) -> Self {
            Self::$kind(id)
        }
    })*

    impl Serialize for ObjectId {
        fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
            if serializer.is_human_readable() {
                serializer.collect_str(self)
            } else {
                {
                let (code, bytes) = self.code_and_bytes();
                let mut all = [code; 17];
                if let Some((_, id)) = all.split_first_mut() {
                    id.copy_from_slice(&bytes);
                }
                serializer.serialize_bytes(&all)
            }
            }
        }
    }

    impl<'de> Deserialize<'de> for ObjectId {
        fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
            if deserializer.is_human_readable() {
                return String::deserialize(deserializer)?.parse().map_err(serde::de::Error::custom);
            }
            let [code, b0, b1, b2, b3, b4, b5, b6, b7, b8, b9, b10, b11, b12, b13, b14, b15] = read_bytes(deserializer)?;
            let bytes = [b0, b1, b2, b3, b4, b5, b6, b7, b8, b9, b10, b11, b12, b13, b14, b15];
            let id = checked(Uuid::from_bytes(bytes));
            match code {
                $($code => Ok(Self::$kind($name(id))),)*
                _ => Err(serde::de::Error::custom("no kind of object has this number")),
            }
        }
    }

    #[cfg(test)]
    mod tests {
        use super::*;

        #[test]
        fn every_kind_round_trips_as_text_json_and_bytes() {
            let family = Family::born(1_793_577_600_000, [0xff; 8]);
            $({
                let id = $name::of(family, 513);
                assert_eq!(id.to_string().parse::<$name>(), Ok(id));
                let json = serde_json::to_string(&id).unwrap();
                assert_eq!(serde_json::from_str::<$name>(&json).unwrap(), id);
                let bytes = postcard::to_stdvec(&id).unwrap();
                assert_eq!(bytes.len(), 17, "the length, and sixteen bytes");
                assert_eq!(postcard::from_bytes::<$name>(&bytes).unwrap(), id);
                assert_eq!((id.family(), id.ordinal()), (family, 513));
                let object = ObjectId::from(id);
                assert_eq!(object.to_string().parse(), Ok(object));
                let json = serde_json::to_string(&object).unwrap();
                assert_eq!(serde_json::from_str::<ObjectId>(&json).unwrap(), object);
                let bytes = postcard::to_stdvec(&object).unwrap();
                assert_eq!(postcard::from_bytes::<ObjectId>(&bytes).unwrap(), object);
            })*
        }

        #[test]
        fn prefixes_and_numbers_are_distinct() {
            let mut codes: Vec<u8> = vec![$($code),*];
            codes.sort_unstable();
            codes.dedup();
            let mut prefixes = vec![$($prefix),*];
            assert_eq!(codes.len(), prefixes.len());
            let count = prefixes.len();
            prefixes.sort_unstable();
            prefixes.dedup();
            assert_eq!(prefixes.len(), count);
        }

        #[test]
        fn ids_sort_by_the_time_their_family_was_born() {
            let early = PaymentId::of(Family::born(1, [0xff; 8]), 9);
            let late = PaymentId::of(Family::born(2, [0; 8]), 0);
            assert!(early < late);
        }

        #[test]
        fn damaged_text_is_refused() {
            let good = PaymentId::from_host([1; 14]).to_string();
            for bad in ["", "pi_", good.get(..30).unwrap(), "pi_zz010101010181018101010101010000", "pi_０"] {
                assert!(bad.parse::<PaymentId>().is_err(), "{bad}");
            }
            assert!(good.replace("pi_", "pi_{").parse::<PaymentId>().is_err());
        }
    }
    };
}

registry! {
    /// A connected account, or the platform itself.
    Account(AccountId) = "acct_", 1;
    /// A page that was handed out to an account's holder.
    AccountLink(AccountLinkId) = "alink_", 16;
    /// A part of an account, shown inside the platform's own pages.
    AccountSession(AccountSessionId) = "asess_", 17;
    /// Something the world reported that no rule could take up.
    Anomaly(AnomalyId) = "anom_", 2;
    /// What the platform is to those who connect their own accounts to it: the field's client id.
    Application(ApplicationId) = "ca_", 18;
    /// The platform's commission on a payment.
    ApplicationFee(ApplicationFeeId) = "fee_", 3;
    /// A commission given back, wholly or in part.
    ApplicationFeeRefund(ApplicationFeeRefundId) = "fr_", 4;
    /// How and when an account is paid out.
    BalanceSettings(BalanceSettingsId) = "bset_", 5;
    /// One attempt to take money from a payer.
    Charge(ChargeId) = "ch_", 6;
    /// What the processor takes from the platform for the payouts of one account in one month.
    ConnectFees(ConnectFeesId) = "cfees_", 36;
    /// What lets a program connect to readers.
    ConnectionToken(ConnectionTokenId) = "tmct_", 23;
    /// That a holder has let the platform in, or was asked to.
    Connection(ConnectionId) = "conn_", 19;
    /// A payer's, or their bank's, claim to get the money of a charge back.
    Dispute(DisputeId) = "dp_", 21;
    /// A warning that a payment was fraud.
    EarlyFraudWarning(EarlyFraudWarningId) = "issfr_", 22;
    /// A bank account that payouts go to.
    ExternalAccount(ExternalAccountId) = "ba_", 7;
    /// What a platform asks for payouts within minutes in one currency, and how much was asked for today.
    InstantTerms(InstantTermsId) = "ipt_", 32;
    /// A place where readers take payments.
    Location(LocationId) = "tml_", 24;
    /// A way into the light dashboard.
    LoginLink(LoginLinkId) = "llink_", 20;
    /// A fact that waits for the one it builds on.
    ParkedFact(ParkedFactId) = "park_", 8;
    /// What a buyer owes and how far its collection has got.
    Payment(PaymentId) = "pi_", 9;
    /// Money sent to a bank.
    Payout(PayoutId) = "po_", 10;
    /// Somebody behind an account.
    Person(PersonId) = "person_", 14;
    /// What an account has given about itself, and what it is asked for.
    Profile(ProfileId) = "prof_", 15;
    /// The rules of a scheme of prices between two of its changes.
    PricingRules(PricingRulesId) = "prules_", 41;
    /// What a platform takes of what its accounts do.
    PricingScheme(PricingSchemeId) = "pscheme_", 40;
    /// A balance transaction of the provider's that no other object stands for.
    ProviderTransaction(ProviderTransactionId) = "txn_", 54;
    /// At which rate money of one currency becomes money of another.
    QuotedRate(QuotedRateId) = "fxr_", 28;
    /// A device that takes cards.
    Reader(ReaderId) = "tmr_", 25;
    /// What a reader did before what it does now.
    ReaderAction(ReaderActionId) = "tmra_", 26;
    /// Money given back to a payer.
    Refund(RefundId) = "re_", 11;
    /// Money of an account that is held back.
    ReserveHold(ReserveHoldId) = "reshold_", 29;
    /// That a part of what an account is paid is held back.
    ReservePlan(ReservePlanId) = "resplan_", 30;
    /// Money that was held back and is let go.
    ReserveRelease(ReserveReleaseId) = "resrel_", 31;
    /// What the processor keeps of an account's money in a reserve of its own.
    ReservedFunds(ReservedFundsId) = "resfund_", 33;
    /// A command that somebody gave a reason for.
    SupportAction(SupportActionId) = "sact_", 50;
    /// Whether a payee wants tax forms electronically.
    TaxConsent(TaxConsentId) = "tcons_", 51;
    /// What is reported of a payee for a year.
    TaxForm(TaxFormId) = "tform_", 53;
    /// All tax forms of one type and year that share a taxpayer.
    TaxpayerYear(TaxpayerYearId) = "tpyr_", 52;
    /// Something for a person to look at.
    Review(ReviewId) = "prv_", 60;
    /// What was counted of an account on one day.
    RiskDay(RiskDayId) = "rday_", 61;
    /// A rule over accounts.
    RiskRule(RiskRuleId) = "rrule_", 62;
    /// All rules over accounts, in their order.
    RiskRules(RiskRulesId) = "rrules_", 63;
    /// Money pulled from the platform's own bank account.
    TopUp(TopUpId) = "tu_", 27;
    /// Money moved from the platform to a connected account.
    Transfer(TransferId) = "tr_", 12;
    /// A transfer taken back, wholly or in part.
    TransferReversal(TransferReversalId) = "trr_", 13;
}
