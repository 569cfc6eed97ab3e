use smallvec::SmallVec;

use super::concerns::Concern;
use crate::calendar::Timestamp;
use crate::ids::{Family, ObjectId};
use crate::journal::index::Index;
use crate::journal::table::Table;
use crate::journal::{Deadline, Record, Stored};

const NOWHERE: u32 = u32::MAX;

/// The rows of a family's members, by ordinal.
pub(crate) type Members = SmallVec<[u32; 4]>;

/// All objects, found by family and ordinal: one look-up for everything that grew from one request.
#[derive(Clone, Debug, Default)]
pub(crate) struct Records {
    families: Index<Family, Members>,
    rows: Table<Row>,
}

#[derive(Clone, Debug)]
struct Row {
    version: u32,
    record: Record,
}

/// What matters of an object that was replaced.
#[derive(Clone, Copy, Default)]
pub(super) struct Before {
    pub(super) deadline: Option<Deadline>,
    pub(super) is_outstanding: bool,
    pub(super) concern: Option<(Concern, Timestamp)>,
}

impl Records {
    /// The rows of a family, for whoever reads several of its members.
    pub(crate) fn members(&self, family: Family) -> Option<&Members> {
        self.families.get(&family)
    }

    /// The object of this ordinal among the members of a family.
    pub(crate) fn member(&self, members: &Members, ordinal: u16) -> Option<(&Record, u32)> {
        let row = self.rows.get(*members.get(usize::from(ordinal))?)?;
        Some((&row.record, row.version))
    }

    /// The object of this id and its version.
    pub(crate) fn get(&self, id: ObjectId) -> Option<(&Record, u32)> {
        // The same family and ordinal under another prefix name nothing.
        self.at(id).filter(|(record, _)| record.id() == id)
    }

    /// Whatever object has the family and ordinal of this id.
    pub(crate) fn at(&self, id: ObjectId) -> Option<(&Record, u32)> {
        self.member(self.members(id.family())?, id.ordinal())
    }

    pub(crate) fn find<R: Stored>(&self, id: R::Id) -> Option<(&R, u32)> {
        let (record, version) = self.at(id.into())?;
        Some((R::of(record)?, version))
    }

    pub(crate) fn has_family(&self, family: Family) -> bool {
        self.members(family).is_some()
    }

    /// The members of a family, oldest first.
    pub(crate) fn family(&self, family: Family) -> impl Iterator<Item = (&Record, u32)> {
        let members = self.members(family).into_iter().flatten();
        members.filter_map(|row| self.rows.get(*row)).map(|row| (&row.record, row.version))
    }

    /// Keeps objects under versions, with one look-up for those of one family that come together; tells of each what matters of
    /// the one that was kept before it.
    pub(super) fn put<'a>(
        &mut self,
        objects: impl IntoIterator<Item = (&'a Record, u32)>,
        mut told: impl FnMut(ObjectId, &Record, Before),
    ) {
        let mut last: Option<(Family, &mut Members)> = None;
        for (record, version) in objects {
            let id = record.id();
            let family = id.family();
            let members = match last.take() {
                Some((known, members)) if known == family => Some(members),
                Some(_) | None => self.families.value(family),
            };
            last = members.map(|members| {
                told(id, record, keep(&mut self.rows, members, id.ordinal(), record, version));
                (family, members)
            });
        }
    }

    /// Every object in the order in which it came to be.
    pub(crate) fn iter(&self) -> impl Iterator<Item = (&Record, u32)> {
        self.rows.iter().map(|row| (&row.record, row.version))
    }
}

fn keep(rows: &mut Table<Row>, members: &mut Members, ordinal: u16, record: &Record, version: u32) -> Before {
    let ordinal = usize::from(ordinal);
    if let Some(row) = members.get(ordinal).and_then(|row| rows.get_mut(*row)) {
        let before = Before {
            deadline: row.record.deadline(),
            is_outstanding: row.record.is_outstanding(),
            concern: row.record.concern(),
        };
        row.version = version;
        row.record.renew(record);
        return before;
    }
    let row = rows.push(Row { version, record: record.clone() });
    if members.len() == ordinal {
        members.push(row);
    } else {
        if members.len() < ordinal {
            members.resize(ordinal.saturating_add(1), NOWHERE);
        }
        if let Some(member) = members.get_mut(ordinal) {
            *member = row;
        }
    }
    Before::default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::journal::RecordWrite;

    #[test]
    fn what_is_copied_most_takes_two_cache_lines() {
        assert!(size_of::<Row>() <= 128, "{}", size_of::<Row>());
        assert!(size_of::<RecordWrite>() <= 128, "{}", size_of::<RecordWrite>());
    }
}
