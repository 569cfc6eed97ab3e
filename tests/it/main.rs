//! Stories: what the platform does, told from the outside, with the figures that the field publishes.
#![expect(clippy::unwrap_used, reason = "a story that cannot go on has failed; its helpers may say so too")]
#![expect(clippy::arithmetic_side_effects, reason = "the amounts of a story are small")]

mod attempts;
mod dates;
mod debits;
mod debts;
mod disputes;
mod earnings;
mod examples;
mod explain;
mod facts;
mod field_bugs;
mod interleaved;
mod mirror;
mod misuse;
mod on_behalf_of;
mod onboarding;
mod payout_arrivals;
mod payout_edges;
mod payout_failures;
mod payout_reversals;
mod payout_timing;
mod payout_traces;
mod payout_words;
mod payouts_called_off;
mod plans;
mod recipients;
mod refusals;
mod regions;
mod reports;
mod reversals;
mod shop;
mod slice;
mod submissions;
mod support;
mod top_ups;
