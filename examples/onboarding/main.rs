//! Three sellers until they can be paid, each failing once and recovering:
//! `cargo run --example onboarding`.

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
