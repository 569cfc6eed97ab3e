//! Who holds what of a payment of 100.00 of each charge type, after everything that can happen to it:
//! `cargo run --example refunds_and_disputes`.

mod table;

use std::io::{self, Write};
use std::process::ExitCode;

fn main() -> ExitCode {
    let text = match table::tell() {
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
