use std::collections::BTreeMap;

use smallvec::SmallVec;

use crate::ids::{Family, ObjectId};
use crate::journal::index::Index;
use crate::journal::{Digest, PersonalData, PersonalWrite};

/// What each request said about whom, by the digest of its key.
type Said = BTreeMap<Digest, SmallVec<[(ObjectId, Digest); 1]>>;

/// Data about persons, which can be forgotten while everything else stays.
#[derive(Clone, Debug, Default)]
pub(crate) struct Personal {
    data: Index<ObjectId, PersonalData>,
    said: Index<Family, Said>,
}

impl Personal {
    pub(crate) fn get(&self, of: ObjectId) -> Option<&PersonalData> {
        self.data.get(&of)
    }

    /// Whom of a family a request was about, with the digest of what it said, as far as that is still kept.
    pub(crate) fn said(&self, family: Family, request: Digest) -> &[(ObjectId, Digest)] {
        self.said.get(&family).and_then(|said| said.get(&request)).map_or(&[], SmallVec::as_slice)
    }

    pub(crate) fn remember(&mut self, write: &PersonalWrite) {
        match &write.data {
            PersonalData::Bank(_) | PersonalData::Values(_) => self.keep(write.of, &write.data),
            PersonalData::Said { request, values } => {
                let Some(said) = self.said.value(write.of.family()) else { return };
                let about = said.entry(*request).or_default();
                about.retain(|(of, _)| *of != write.of);
                about.push((write.of, *values));
            }
            PersonalData::Erased => {
                self.data.remove(&write.of);
                let Some(said) = self.said.value(write.of.family()) else { return };
                said.retain(|_, about| {
                    about.retain(|(of, _)| *of != write.of);
                    !about.is_empty()
                });
            }
        }
    }

    /// Forgets whatever a request said about members of a family.
    pub(super) fn forget_said(&mut self, family: Family, request: Digest) {
        if self.said(family, request).is_empty() {
            return;
        }
        if let Some(said) = self.said.value(family) {
            said.remove(&request);
        }
    }

    fn keep(&mut self, of: ObjectId, data: &PersonalData) {
        match (self.data.claim(of, data.clone()), data) {
            (Some(PersonalData::Bank(known)), PersonalData::Bank(later)) => known.update(later),
            (Some(PersonalData::Values(known)), PersonalData::Values(later)) => {
                known.0.extend(later.0.iter().map(|(field, value)| (field.clone(), value.clone())));
            }
            (Some(known), _) => *known = data.clone(),
            (None, _) => {}
        }
    }

    /// What a request said about members of a family, as it was written.
    pub(crate) fn of_request(&self, family: Family, request: Digest) -> Vec<PersonalWrite> {
        let about = self.said(family, request).iter();
        about
            .map(|(of, values)| PersonalWrite { of: *of, data: PersonalData::Said { request, values: *values } })
            .collect()
    }

    /// Everything that is kept, by object.
    pub(crate) fn sorted(&self) -> Vec<PersonalWrite> {
        let data = self.data.sorted().into_iter().map(|(of, data)| PersonalWrite { of: *of, data: data.clone() });
        let said = self.said.sorted().into_iter().flat_map(|(family, said)| {
            said.keys().flat_map(|request| self.of_request(*family, *request)).collect::<Vec<_>>()
        });
        data.chain(said).collect()
    }
}
