use std::fmt;
use std::hash::{Hash, Hasher};

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::calendar::Timestamp;
use crate::ids::{AccountId, Family, read_bytes};

/// Sixteen bytes that stand for a request key or an outside reference, or for the content of a request.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Digest([u8; 16]);

impl Hash for Digest {
    fn hash<H: Hasher>(&self, state: &mut H) {
        state.write_u128(u128::from_ne_bytes(self.0));
    }
}

impl Digest {
    /// What a content is recognized by. It need not be strong: whoever could forge it chose the key himself.
    pub(crate) fn of_content(bytes: &[u8]) -> Self {
        Self(xxhash_rust::xxh3::xxh3_128(bytes).to_be_bytes())
    }

    /// What personal values are recognized by, for whoever knows the key that they were sent under.
    pub(crate) fn of_values(key: &str, bytes: &[u8]) -> Self {
        let hash = blake3::keyed_hash(blake3::hash(key.as_bytes()).as_bytes(), bytes);
        Self(hash.as_bytes().first_chunk().copied().unwrap_or_default())
    }

    fn first_half(hash: &[u8]) -> Self {
        Self(hash.first_chunk().copied().unwrap_or_default())
    }
}

impl fmt::Display for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for byte in self.0 {
            write!(f, "{byte:02x}")?;
        }
        Ok(())
    }
}

impl fmt::Debug for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Digest({self})")
    }
}

impl Serialize for Digest {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if serializer.is_human_readable() { serializer.collect_str(self) } else { serializer.serialize_bytes(&self.0) }
    }
}

impl<'de> Deserialize<'de> for Digest {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        if deserializer.is_human_readable() {
            let text = String::deserialize(deserializer)?;
            let id = uuid::Uuid::try_parse(&text).map_err(serde::de::Error::custom)?;
            Ok(Self(id.into_bytes()))
        } else {
            read_bytes(deserializer).map(Self)
        }
    }
}

/// The digest of two byte strings, one after the other.
fn digest(head: &[u8; 34], key: &[u8]) -> blake3::Hash {
    let mut short = [0; 128];
    let length = head.len().saturating_add(key.len());
    match short.get_mut(..length).and_then(|room| room.split_at_mut_checked(head.len())) {
        Some((first, second)) => {
            first.copy_from_slice(head);
            second.copy_from_slice(key);
            blake3::hash(short.get(..length).unwrap_or_default())
        }
        None => blake3::hash(&[head, key].concat()),
    }
}

/// What a digest is the name of, so that names of different kinds never meet.
#[derive(Clone, Copy)]
pub(crate) enum Domain {
    Command,
    Fact,
    Deadline,
    Reference,
    Holder,
    Extension,
    ReaderAction,
    NamedExtension,
    QuotedRate,
    InstantTerms,
    ConnectFees,
    SupportAction,
}

/// The one strong digest that a transaction takes: it names the request, and the family of what it creates.
#[derive(Clone, Copy)]
pub(crate) struct Origin {
    pub(crate) name: Digest,
    seed: [u8; 8],
}

impl Origin {
    /// The origin of `key`, in the name space of one platform and, for a command, of the account acted for.
    pub(crate) fn new(domain: Domain, platform: AccountId, account: Option<AccountId>, key: &[u8]) -> Self {
        let mark: u8 = match domain {
            Domain::Command => 1,
            Domain::Fact => 2,
            Domain::Deadline => 3,
            Domain::Reference => 4,
            Domain::Holder => 5,
            Domain::Extension => 6,
            Domain::ReaderAction => 7,
            Domain::NamedExtension => 8,
            Domain::QuotedRate => 9,
            Domain::InstantTerms => 10,
            Domain::ConnectFees => 14,
            Domain::SupportAction => 30,
        };
        let mut head = [0; 34];
        let (kind, owners) = head.split_at_mut(2);
        let (first, second) = owners.split_at_mut(16);
        kind.copy_from_slice(&[mark, u8::from(account.is_some())]);
        first.copy_from_slice(&platform.uuid().into_bytes());
        second.copy_from_slice(&account.map_or([0; 16], |account| account.uuid().into_bytes()));
        let hash = digest(&head, key);
        let (name, rest) = hash.as_bytes().split_at_checked(16).unwrap_or_default();
        Self { name: Digest::first_half(name), seed: rest.first_chunk().copied().unwrap_or_default() }
    }

    /// The family of what this origin creates at `now`.
    pub(crate) fn family(&self, now: Timestamp) -> Family {
        Family::born(now.millis(), self.seed)
    }
}
