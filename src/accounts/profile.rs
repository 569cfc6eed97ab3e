use serde::{Deserialize, Serialize};

use super::{Branding, CapabilityDisabledReason, CapabilityStatus, Due, Given, Grants, Inquiry, Oversight};
use crate::calendar::Timestamp;
use crate::ids::{AccountId, ConnectionId, PersonId, ProfileId};
use crate::rulebook::{BusinessType, Capability, CompanyStructure};

/// What is known of one capability beside its status.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CapabilityRequest {
    pub(super) capability: Capability,
    pub(super) requested_at: Option<Timestamp>,
    pub(super) reviewed: Option<(Timestamp, CapabilityStatus)>,
    pub(super) stopped_for: Option<CapabilityDisabledReason>,
}

impl CapabilityRequest {
    /// Which capability.
    pub const fn capability(&self) -> Capability {
        self.capability
    }

    /// Whether it is asked for at this moment, and since when.
    pub const fn requested_at(&self) -> Option<Timestamp> {
        self.requested_at
    }

    /// What the world last said about it, and when.
    pub const fn reviewed(&self) -> Option<(Timestamp, CapabilityStatus)> {
        self.reviewed
    }

    /// Why the world took it away, where it has and said so.
    pub const fn stopped_for(&self) -> Option<CapabilityDisabledReason> {
        self.stopped_for
    }
}

/// An account that is another sort of business, or has another representative, than it was vetted for: what worked goes on for a
/// while as if nothing new were asked for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Transition {
    /// How long.
    pub until: Timestamp,
    /// The sort of business that it was, if that was changed.
    pub was: Option<BusinessType>,
    /// Whether the representative was changed.
    pub representative: bool,
    /// Whether somebody else owns it, or another share.
    pub owners: bool,
    /// The capabilities that nothing stood in the way of.
    pub kept: Vec<Capability>,
    /// Whether nothing stood in the way of payouts.
    pub payouts: bool,
}

/// What is changed of an account that its requirements hang on.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Turn {
    /// It becomes another sort of business; whether it had not given yet what the present one asks for.
    Business { to: BusinessType, unmet: bool },
    /// Somebody represents it no longer.
    StandsDown(PersonId),
    /// Somebody represents it from now on.
    StandsUp,
    /// It is owned otherwise.
    Owners,
}

/// What an account has given about itself, and what it is asked for: the part of it that is not needed to move money.
///
/// The values that were given are data about persons and kept apart: [`Platform::information`](crate::Platform::information).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Profile {
    id: ProfileId,
    business_type: Option<BusinessType>,
    structure: Option<CompanyStructure>,
    grants: Grants,
    connection: Option<ConnectionId>,
    is_vetted_by_host: bool,
    capabilities: Vec<CapabilityRequest>,
    given: Given,
    transition: Option<Transition>,
    /// The sorts of business that it was before everything was given, and until when that could wait.
    left: Vec<(BusinessType, Timestamp)>,
    /// Who was its representative last, and until when it could be without another one.
    stood_down: Option<(PersonId, Timestamp)>,
    due: Vec<Due>,
    future: Vec<Due>,
    oversight: Oversight,
    inquiries: Vec<Inquiry>,
    branding: Option<Box<Branding>>,
}

impl Profile {
    pub(crate) fn new(id: ProfileId, is_vetted_by_host: bool) -> Self {
        Self {
            id,
            business_type: None,
            structure: None,
            grants: Grants::default(),
            connection: None,
            is_vetted_by_host,
            capabilities: Vec::new(),
            given: Given::default(),
            transition: None,
            left: Vec::new(),
            stood_down: None,
            due: Vec::new(),
            future: Vec::new(),
            oversight: Oversight::default(),
            inquiries: Vec::new(),
            branding: None,
        }
    }

    /// Its id; the account is the one of the same family.
    pub const fn id(&self) -> ProfileId {
        self.id
    }

    /// Whose profile it is.
    pub const fn account(&self) -> AccountId {
        AccountId::of(self.id.family(), 0)
    }

    /// What sort of business it is, if that was told.
    pub const fn business_type(&self) -> Option<BusinessType> {
        self.business_type
    }

    /// How the company is organized, if that was told.
    pub const fn structure(&self) -> Option<CompanyStructure> {
        self.structure
    }

    /// What decides about permissions beside the controller.
    pub const fn grants(&self) -> Grants {
        self.grants
    }

    /// How its holder has last let the application in; nothing where the application created the account itself.
    pub const fn connection(&self) -> Option<ConnectionId> {
        self.connection
    }

    /// What was changed last of what it is, and how long it has to give what that brings with it.
    pub const fn transition(&self) -> Option<&Transition> {
        self.transition.as_ref()
    }

    /// Who was its representative before the present one.
    pub(crate) fn stood_down(&self) -> Option<PersonId> {
        self.stood_down.map(|(person, _)| person)
    }

    /// The capabilities that it ever asked for.
    pub fn capabilities(&self) -> &[CapabilityRequest] {
        &self.capabilities
    }

    /// Whether the host says what the account may do, and nothing is asked for here.
    pub const fn is_vetted_by_host(&self) -> bool {
        self.is_vetted_by_host
    }

    /// Whether the world still has to say something about a capability.
    pub fn awaits_review(&self) -> bool {
        let open = |known: &CapabilityRequest| known.requested_at.is_some() && known.reviewed.is_none();
        self.is_vetted_by_host && self.capabilities.iter().any(open)
    }

    /// Whether the world still has to answer anything about the account itself.
    pub fn awaits_answer(&self) -> bool {
        self.awaits_review() || self.given.awaits_answer()
    }

    /// What was given about the account and its company, and what came of checking it.
    pub const fn given(&self) -> &Given {
        &self.given
    }

    /// What the account and its company are asked for; each person knows the rest.
    pub fn due(&self) -> &[Due] {
        &self.due
    }

    /// What they will be asked for, from a date on that rules name.
    pub fn future(&self) -> &[Due] {
        &self.future
    }

    /// What the processor said about the account.
    pub const fn oversight(&self) -> Oversight {
        self.oversight
    }

    /// What the processor wants, or wanted, to know about the business, in the order of their names.
    pub fn inquiries(&self) -> &[Inquiry] {
        &self.inquiries
    }

    /// How the platform shows itself; nothing for connected accounts.
    pub fn branding(&self) -> Option<&Branding> {
        self.branding.as_deref()
    }

    /// The capabilities that are asked for at this moment.
    pub fn requested(&self) -> impl Iterator<Item = Capability> + Clone + '_ {
        self.capabilities.iter().filter(|known| known.requested_at.is_some()).map(CapabilityRequest::capability)
    }

    pub(crate) fn reviewed(&self, capability: Capability) -> Option<CapabilityStatus> {
        let known = self.capabilities.iter().find(|known| known.capability == capability)?;
        known.reviewed.map(|(_, status)| status)
    }

    /// The profile with a capability asked for since `at`, or given up.
    pub(crate) fn with_request(&self, capability: Capability, requested_at: Option<Timestamp>) -> Self {
        let mut next = self.clone();
        match next.capabilities.iter_mut().find(|known| known.capability == capability) {
            Some(known) if known.requested_at.is_some() && requested_at.is_some() => {}
            // Whoever is asked about it looks anew; what the world took away without being asked stays away.
            Some(known) if requested_at.is_some() => {
                let reviewed = known.reviewed.filter(|_| !self.is_vetted_by_host);
                let stopped_for = known.stopped_for.filter(|_| !self.is_vetted_by_host);
                *known = CapabilityRequest { capability, requested_at, reviewed, stopped_for };
            }
            Some(known) => known.requested_at = None,
            None => {
                let new = CapabilityRequest { capability, requested_at, reviewed: None, stopped_for: None };
                next.capabilities.push(new);
            }
        }
        next.capabilities.sort_unstable_by_key(|known| known.capability);
        next
    }

    /// The profile after a report about a capability; nothing if it was never asked for, or a later report is known.
    // INVARIANT: of two reports at one moment the greater status wins, and the one that says why, so that the order of delivery is no
    // matter.
    pub(crate) fn after_review(
        &self,
        capability: Capability,
        (status, reason): (CapabilityStatus, Option<CapabilityDisabledReason>),
        at: Timestamp,
    ) -> Option<Self> {
        let mut next = self.clone();
        let known = next.capabilities.iter_mut().find(|known| known.capability == capability)?;
        if (known.reviewed, known.stopped_for) >= (Some((at, status)), reason) {
            return None;
        }
        (known.reviewed, known.stopped_for) = (Some((at, status)), reason);
        Some(next)
    }

    pub(crate) fn has_asked_for(&self, capability: Capability) -> bool {
        self.capabilities.iter().any(|known| known.capability == capability)
    }

    pub(crate) fn with_given(&self, given: Given) -> Self {
        Self { given, ..self.clone() }
    }

    pub(crate) fn with_business_type(&self, business_type: BusinessType) -> Self {
        Self { business_type: Some(business_type), ..self.clone() }
    }

    pub(crate) fn with_structure(&self, structure: CompanyStructure) -> Self {
        Self { structure: Some(structure), ..self.clone() }
    }

    pub(crate) fn with_connection(&self, connection: ConnectionId) -> Self {
        Self { connection: Some(connection), ..self.clone() }
    }

    pub(crate) fn with_grants(&self, grants: Grants) -> Self {
        Self { grants, ..self.clone() }
    }

    /// The same on its way to something else; `fresh` is the grace that a change has of its own.
    // RULE: another business type or another representative gives a grace period, which further changes do not extend
    // (docs.stripe.com/connect/update-verified-information, 2024).
    // INVARIANT: there and back again gives no time twice: what was left before it was complete resumes where it stopped.
    pub(crate) fn turning(&self, turn: Turn, fresh: Transition, now: Timestamp) -> Self {
        let mut next = self.clone();
        let under_way = next.transition.take().filter(|known| known.until > now);
        let until = match (turn, &under_way) {
            (Turn::Business { to, unmet }, _) => {
                if let Some(from) = self.business_type {
                    next.left.retain(|(known, _)| *known != from);
                    let stopped = under_way.as_ref().filter(|known| unmet && known.was.is_some());
                    next.left.extend(stopped.map(|known| (from, known.until)));
                }
                let resumed = next.left.iter().find(|(known, _)| *known == to).map(|(_, until)| *until);
                resumed.or(under_way.as_ref().map(|known| known.until)).unwrap_or(fresh.until)
            }
            (Turn::StandsDown(person), _) => {
                let resumed = self.stood_down.filter(|(known, _)| *known == person).map(|(_, until)| until);
                let until = resumed.or(under_way.as_ref().map(|known| known.until)).unwrap_or(fresh.until);
                next.stood_down = Some((person, until));
                until
            }
            (Turn::StandsUp | Turn::Owners, known) => known.as_ref().map_or(fresh.until, |known| known.until),
        };
        let known = under_way.unwrap_or(Transition { was: None, representative: false, owners: false, ..fresh });
        let representative = known.representative || matches!(turn, Turn::StandsDown(_) | Turn::StandsUp);
        let owners = known.owners || matches!(turn, Turn::Owners);
        let was = match turn {
            Turn::Business { .. } => known.was.or(self.business_type),
            Turn::StandsDown(_) | Turn::StandsUp | Turn::Owners => known.was,
        };
        let is_back = matches!(turn, Turn::Business { to, .. } if was == Some(to));
        let was = was.filter(|_| !is_back);
        let is_needed = until > now && (was.is_some() || representative || owners);
        next.transition = is_needed.then_some(Transition { until, was, representative, owners, ..known });
        next
    }

    pub(crate) fn assessed(&self, due: Vec<Due>, future: Vec<Due>) -> Self {
        Self { due, future, ..self.clone() }
    }

    pub(crate) fn with_oversight(&self, oversight: Oversight) -> Self {
        Self { oversight, ..self.clone() }
    }

    pub(crate) fn with_inquiries(&self, inquiries: Vec<Inquiry>) -> Self {
        Self { inquiries, ..self.clone() }
    }

    pub(crate) fn with_branding(&self, branding: &Branding) -> Self {
        let branding = (*branding != Branding::new()).then(|| Box::new(branding.clone()));
        Self { branding, ..self.clone() }
    }
}
