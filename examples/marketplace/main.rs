//! A marketplace from its first sale to its last payout: `cargo run --example marketplace -- --help`.

mod args;
mod figures;
mod market;
mod orders;
mod report;
mod run;
mod schedule;
mod table;

use std::io::{self, Write};
use std::process::ExitCode;

use fundroute::rulebook::PaymentMethod;

use args::{Args, HELP};
use figures::Figures;
use orders::Files;
use run::Run;

fn main() -> ExitCode {
    let args = match Args::parse(std::env::args_os().skip(1)) {
        Ok(args) => args,
        Err(problem) => {
            complain(format_args!("{problem}\nsee `cargo run --example marketplace -- --help`"));
            return ExitCode::from(2);
        }
    };
    if args.help {
        return print(HELP);
    }
    match answer(&args) {
        Ok((text, true)) => print(&text),
        Ok((text, false)) => {
            print(&text);
            ExitCode::FAILURE
        }
        Err(problem) => {
            complain(format_args!("{problem}"));
            ExitCode::FAILURE
        }
    }
}

/// What to print, and whether the books balance.
fn answer(args: &Args) -> Result<(String, bool), Box<dyn std::error::Error>> {
    let files = args.orders.as_deref().map_or_else(|| Ok(Files::sample()), Files::of_folder)?;
    let orders = orders::read(&files)?;
    let run = run::run(orders, run::rulebook(), |made, of| complain(format_args!("{made} of {of} orders")))?;
    let figures = Figures::of(&run)?;
    if args.json || !report::tells_all(&run) {
        tell_unusual(&run);
    }
    let text = if args.json {
        let mut text = serde_json::to_string_pretty(&figures)?;
        text.push('\n');
        text
    } else {
        report::story(&run)?
    };
    Ok((text, figures.books_balance))
}

/// What people should know, and the output itself does not tell.
fn tell_unusual(run: &Run) {
    for row in &run.skipped {
        complain(format_args!("left out: {row}"));
    }
    for row in &run.notes {
        complain(format_args!("note: {row}"));
    }
    let refunded = run.sales.iter().filter(|(_, sale)| sale.refunded).filter_map(|(place, _)| run.orders.get(*place));
    match refunded.filter(|order| order.method == PaymentMethod::Boleto).count() {
        0 => {}
        boletos => complain(format_args!("note: {}", report::paid_back(boletos))),
    }
}

/// Prints to stdout; a reader that has left is no fault.
fn print(text: &str) -> ExitCode {
    match io::stdout().write_all(text.as_bytes()) {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => ExitCode::FAILURE,
        _ => ExitCode::SUCCESS,
    }
}

/// Prints to stderr; there is nobody else to tell if that fails.
fn complain(what: std::fmt::Arguments<'_>) {
    let _told = writeln!(io::stderr(), "{what}");
}
