//! The events from which a floor can be rebuilt, and their compact bytes.

use super::ident::Text;

/// What happened. Accounts and charges are named by their place in the floor's tables.
#[derive(Clone, Copy)]
pub(super) enum Event<I> {
    /// A charge asked for and made in one step.
    Charged {
        asked: Asked<I>,
        processor_fee: i64,
    },
    /// A charge asked for, its end not known yet.
    Created(Asked<I>),
    /// A created charge has succeeded.
    Succeeded {
        fact: I,
        charge: u32,
        processor_fee: i64,
    },
    Refunded {
        request: Text,
        charge: u32,
        amount: i64,
        fee_refund: i64,
    },
    PayoutRequested {
        request: Text,
        payout: I,
        account: u32,
        amount: i64,
    },
    PaidOut {
        payout: I,
        account: u32,
        amount: i64,
    },
    Night {
        day: u32,
    },
}

/// The parameters of a charge.
#[derive(Clone, Copy)]
pub(super) struct Asked<I> {
    pub(super) request: Text,
    pub(super) charge: I,
    pub(super) account: u32,
    pub(super) amount: i64,
    pub(super) fee: i64,
}

/// A name that can be written among the bytes of an event.
pub(crate) trait Bytes {
    /// Appends it.
    fn write(&self, out: &mut Vec<u8>);
    /// Takes one off the front.
    fn read(reader: &mut Reader<'_>) -> Self;
}

/// Bytes yet to be read.
pub(crate) struct Reader<'a> {
    rest: &'a [u8],
}

impl<'a> Reader<'a> {
    pub(super) fn new(bytes: &'a [u8]) -> Self {
        Self { rest: bytes }
    }

    pub(super) fn byte(&mut self) -> u8 {
        self.take(1)[0]
    }

    pub(super) fn take(&mut self, count: usize) -> &'a [u8] {
        let (taken, rest) = self.rest.split_at(count);
        self.rest = rest;
        taken
    }

    fn number(&mut self) -> u64 {
        let mut value = 0;
        for shift in (0..).step_by(7) {
            let byte = self.byte();
            value |= u64::from(byte & 0x7F) << shift;
            if byte < 0x80 {
                break;
            }
        }
        value
    }

    fn place(&mut self) -> u32 {
        self.number() as u32
    }

    fn money(&mut self) -> i64 {
        self.number() as i64
    }
}

/// Seven bits a byte, the lowest first; amounts in events are never negative.
fn number(out: &mut Vec<u8>, mut value: u64) {
    while value >= 0x80 {
        out.push(value as u8 | 0x80);
        value >>= 7;
    }
    out.push(value as u8);
}

fn place(out: &mut Vec<u8>, place: u32) {
    number(out, u64::from(place));
}

fn money(out: &mut Vec<u8>, amount: i64) {
    number(out, amount as u64);
}

impl<I: Bytes> Asked<I> {
    fn write(&self, out: &mut Vec<u8>) {
        self.request.write(out);
        self.charge.write(out);
        place(out, self.account);
        money(out, self.amount);
        money(out, self.fee);
    }

    fn read(reader: &mut Reader<'_>) -> Self {
        Self {
            request: Text::read(reader),
            charge: I::read(reader),
            account: reader.place(),
            amount: reader.money(),
            fee: reader.money(),
        }
    }
}

impl<I: Bytes> Event<I> {
    #[inline]
    pub(super) fn write(&self, out: &mut Vec<u8>) {
        match self {
            Self::Charged { asked, processor_fee } => {
                out.push(0);
                asked.write(out);
                money(out, *processor_fee);
            }
            Self::Created(asked) => {
                out.push(1);
                asked.write(out);
            }
            Self::Succeeded { fact, charge, processor_fee } => {
                out.push(2);
                fact.write(out);
                place(out, *charge);
                money(out, *processor_fee);
            }
            Self::Refunded { request, charge, amount, fee_refund } => {
                out.push(3);
                request.write(out);
                place(out, *charge);
                money(out, *amount);
                money(out, *fee_refund);
            }
            Self::PayoutRequested { request, payout, account, amount } => {
                out.push(4);
                request.write(out);
                payout.write(out);
                place(out, *account);
                money(out, *amount);
            }
            Self::PaidOut { payout, account, amount } => {
                out.push(5);
                payout.write(out);
                place(out, *account);
                money(out, *amount);
            }
            Self::Night { day } => {
                out.push(6);
                place(out, *day);
            }
        }
    }

    /// The next event, if any is left.
    #[expect(clippy::panic, reason = "the benchmark itself is wrong")]
    pub(super) fn read(reader: &mut Reader<'_>) -> Option<Self> {
        if reader.rest.is_empty() {
            return None;
        }
        Some(match reader.byte() {
            0 => Self::Charged { asked: Asked::read(reader), processor_fee: reader.money() },
            1 => Self::Created(Asked::read(reader)),
            2 => Self::Succeeded { fact: I::read(reader), charge: reader.place(), processor_fee: reader.money() },
            3 => Self::Refunded {
                request: Text::read(reader),
                charge: reader.place(),
                amount: reader.money(),
                fee_refund: reader.money(),
            },
            4 => Self::PayoutRequested {
                request: Text::read(reader),
                payout: I::read(reader),
                account: reader.place(),
                amount: reader.money(),
            },
            5 => Self::PaidOut { payout: I::read(reader), account: reader.place(), amount: reader.money() },
            6 => Self::Night { day: reader.place() },
            tag => panic!("no event has the tag {tag}"),
        })
    }
}
