//! The design and the map, as pages.

#[doc = include_str!("../docs/DESIGN.md")]
pub mod design {}

#[doc = include_str!("../docs/ARCHITECTURE.md")]
pub mod architecture {}
