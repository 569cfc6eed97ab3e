use smallvec::SmallVec;

use crate::ids::{Family, ObjectId};
use crate::journal::index::Index;
use crate::journal::table::Table;
use crate::journal::{Record, Stored};

const NOWHERE: u32 = u32::MAX;

/// All objects, found by family and ordinal: one look-up for everything that grew from one request.
#[derive(Clone, Debug, Default)]
pub(crate) struct Records {
    families: Index<Family, SmallVec<[u32; 4]>>,
    rows: Table<Row>,
}

#[derive(Clone, Debug)]
struct Row {
    version: u32,
    record: Record,
}

impl Records {
    fn row(&self, id: ObjectId) -> Option<u32> {
        let members = self.families.get(&id.family())?;
        members.get(usize::from(id.ordinal())).copied().filter(|row| *row != NOWHERE)
    }

    /// The object of this id and its version.
    pub(crate) fn get(&self, id: ObjectId) -> Option<(&Record, u32)> {
        // The same family and ordinal under another prefix name nothing.
        self.at(id).filter(|(record, _)| record.id() == id)
    }

    /// Whatever object has the family and ordinal of this id.
    pub(crate) fn at(&self, id: ObjectId) -> Option<(&Record, u32)> {
        let row = self.rows.get(self.row(id)?)?;
        Some((&row.record, row.version))
    }

    pub(crate) fn find<R: Stored>(&self, id: R::Id) -> Option<(&R, u32)> {
        let (record, version) = self.get(id.into())?;
        Some((R::of(record)?, version))
    }

    pub(crate) fn has_family(&self, family: Family) -> bool {
        self.families.contains(&family)
    }

    /// The members of a family, oldest first.
    pub(crate) fn family(&self, family: Family) -> impl Iterator<Item = (&Record, u32)> {
        let members = self.families.get(&family).into_iter().flatten();
        members.filter_map(|row| self.rows.get(*row)).map(|row| (&row.record, row.version))
    }

    /// Keeps an object under a version; what was kept before it is returned.
    pub(crate) fn put(&mut self, id: ObjectId, record: Record, version: u32) -> Option<Record> {
        let (family, place) = (id.family(), usize::from(id.ordinal()));
        let Some(members) = self.families.get_mut(&family) else {
            let mut members = SmallVec::new();
            keep(&mut members, place, self.rows.push(Row { version, record }));
            self.families.insert(family, members);
            return None;
        };
        if let Some(row) = members.get(place).and_then(|row| self.rows.get_mut(*row)) {
            row.version = version;
            return Some(std::mem::replace(&mut row.record, record));
        }
        keep(members, place, self.rows.push(Row { version, record }));
        None
    }

    /// Every object in the order in which it came to be.
    pub(crate) fn iter(&self) -> impl Iterator<Item = (&Record, u32)> {
        self.rows.iter().map(|row| (&row.record, row.version))
    }
}

fn keep(members: &mut SmallVec<[u32; 4]>, place: usize, row: u32) {
    if members.len() <= place {
        members.resize(place.saturating_add(1), NOWHERE);
    }
    if let Some(member) = members.get_mut(place) {
        *member = row;
    }
}
