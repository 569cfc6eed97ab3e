//! A month of charges, of when they are available and of what is paid out, for sellers in four countries side by side:
//! `cargo run --example payout_calendar`.

mod story;

use std::io::{self, Write};
use std::process::ExitCode;

fn main() -> ExitCode {
    let text = match story::tell() {
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
