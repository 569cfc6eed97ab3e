//! The platform from end to end, as stories: who is paid, by which methods, how money is shared, given back and paid out.

mod accounts;
mod charges;
mod further_methods;
mod methods;
mod payouts;
mod refund_states;
mod refunds;
mod windows;
