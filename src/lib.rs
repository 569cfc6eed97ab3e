#![doc = include_str!("../README.md")]

pub mod money;
pub mod ids;
