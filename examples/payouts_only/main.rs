//! A platform that takes no payments: it tops up and pays people at home and abroad, and one of its top-ups is pulled back on the way:
//! `cargo run --example payouts_only`.

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
