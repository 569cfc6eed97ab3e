use crate::calendar::Timestamp;
use crate::ids::ObjectId;
use crate::journal::table::Table;
use crate::ledger::{Entry, EntryKind, LedgerAccount, Line, Posting};
use crate::money::Currency;

/// Everything that was ever booked, oldest first, with a thread through each holding's part of it.
#[derive(Clone, Debug, Default)]
pub(crate) struct Book {
    heads: Table<Head>,
    lines: Table<Line>,
    postings: Table<Posting>,
    nodes: Table<Node>,
}

#[derive(Clone, Copy, Debug)]
struct Head {
    kind: EntryKind,
    cause: ObjectId,
    at: Timestamp,
    first_line: u32,
    first_posting: u32,
    lines: u32,
    postings: u32,
}

#[derive(Clone, Copy, Debug)]
struct Node {
    entry: u32,
    before: u32,
}

/// One entry as it stands in the book.
#[derive(Clone, Copy)]
pub(crate) struct Booked<'a> {
    book: &'a Book,
    head: &'a Head,
}

impl<'a> Booked<'a> {
    pub(crate) const fn kind(self) -> EntryKind {
        self.head.kind
    }

    pub(crate) const fn cause(self) -> ObjectId {
        self.head.cause
    }

    pub(crate) const fn at(self) -> Timestamp {
        self.head.at
    }

    /// Its place in the book: what was booked later is behind it.
    // INVARIANT: no entry is without a movement.
    pub(crate) const fn place(self) -> (u32, u32) {
        (self.head.first_line, self.head.first_posting)
    }

    pub(crate) fn lines(self) -> impl Iterator<Item = &'a Line> {
        self.book.lines.range(self.head.first_line, self.head.lines)
    }

    pub(crate) fn postings(self) -> impl Iterator<Item = &'a Posting> {
        self.book.postings.range(self.head.first_posting, self.head.postings)
    }

    /// Every movement in it, lines by their net.
    pub(crate) fn movements(self) -> impl Iterator<Item = (LedgerAccount, Currency, i128)> + 'a {
        let lines = self.lines().map(|line| (line.account(), line.currency(), line.net()));
        let postings = self.postings();
        lines.chain(
            postings.map(|posting| (posting.account, posting.amount.currency(), i128::from(posting.amount.minor()))),
        )
    }

    /// The entry by itself.
    pub(crate) fn to_entry(self) -> Option<Entry> {
        Entry::balanced(self.kind(), self.cause(), self.at(), self.lines().copied(), self.postings().copied()).ok()
    }
}

impl Book {
    /// Writes an entry down and tells its number.
    pub(super) fn add(&mut self, entry: &Entry) -> u32 {
        let first_line = self.lines.extend(entry.lines());
        let first_posting = self.postings.extend(entry.postings());
        self.heads.push(Head {
            kind: entry.kind(),
            cause: entry.cause(),
            at: entry.at(),
            first_line,
            first_posting,
            lines: self.lines.len().saturating_sub(first_line),
            postings: self.postings.len().saturating_sub(first_posting),
        })
    }

    /// Ties an entry to the thread of a holding whose newest node is `before`; tells the new node.
    pub(super) fn tie(&mut self, entry: u32, before: u32) -> u32 {
        self.nodes.push(Node { entry, before })
    }

    /// Whether a node stands for this entry.
    pub(super) fn is_tied(&self, node: u32, entry: u32) -> bool {
        self.nodes.get(node).is_some_and(|node| node.entry == entry)
    }

    /// Every entry, oldest first.
    pub(crate) fn iter(&self) -> impl Iterator<Item = Booked<'_>> {
        self.heads.iter().map(|head| Booked { book: self, head })
    }

    /// The entries that concern the holding whose newest node this is, oldest first.
    pub(crate) fn thread(&self, newest: u32) -> Vec<Booked<'_>> {
        let mut entries: Vec<_> = self.back(newest).collect();
        entries.reverse();
        entries
    }

    /// The same entries, newest first, one by one.
    pub(crate) fn back(&self, newest: u32) -> impl Iterator<Item = Booked<'_>> {
        let before = |node: &Node| self.nodes.get(node.before).copied();
        let nodes = std::iter::successors(self.nodes.get(newest).copied(), before);
        nodes.filter_map(|node| self.heads.get(node.entry)).map(|head| Booked { book: self, head })
    }

    pub(crate) const fn len(&self) -> u32 {
        self.heads.len()
    }
}
