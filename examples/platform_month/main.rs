//! A month of a marketplace, and the pack that its platform's people get at the end of it: `cargo run --example platform_month`; with
//! `-- --out DIR` the rows of each report are written there too, as comma-separated values.

mod month;
mod pack;

use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use crate::month::{Month, Told};
use crate::pack::Pack;

/// Where the files go, if anywhere.
fn directory() -> Told<Option<PathBuf>> {
    let mut words = std::env::args_os().skip(1);
    match (words.next(), words.next(), words.next()) {
        (None, ..) => Ok(None),
        (Some(flag), Some(directory), None) if flag == "--out" => Ok(Some(directory.into())),
        _ => Err("usage: platform_month [--out DIR]".into()),
    }
}

fn write(pack: &Pack, directory: &Path) -> Told {
    std::fs::create_dir_all(directory)?;
    for (name, rows) in &pack.files {
        std::fs::write(directory.join(name), rows)?;
    }
    Ok(())
}

fn run() -> Told {
    let directory = directory()?;
    let pack = Pack::of(&Month::play()?)?;
    io::stdout().write_all(pack.text.as_bytes())?;
    directory.map_or(Ok(()), |directory| write(&pack, &directory))
}

fn main() -> ExitCode {
    match run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(problem) => {
            drop(writeln!(io::stderr(), "{problem}"));
            ExitCode::FAILURE
        }
    }
}
