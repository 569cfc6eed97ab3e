//! One cart, three sellers in two countries, a courier and a charity; a line is returned, and the rest is disputed:
//! `cargo run --example split_order`.

mod order;

use std::io::{self, Write};
use std::process::ExitCode;

fn main() -> ExitCode {
    let text = match order::tell() {
        Ok(text) => text,
        Err(problem) => {
            drop(writeln!(io::stderr(), "{problem}"));
            return ExitCode::FAILURE;
        }
    };
    match io::stdout().write_all(text.as_bytes()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(_) => ExitCode::FAILURE,
    }
}
