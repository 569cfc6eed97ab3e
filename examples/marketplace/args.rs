//! The command line.

use std::ffi::OsString;
use std::path::PathBuf;

/// What `--help` says.
pub(crate) const HELP: &str = "\
Runs a marketplace: sells orders, splits the money among sellers, refunds what is canceled, pays everyone out,
and proves that the books balance.

usage: cargo run --example marketplace -- [--orders DIR] [--json]

  --orders DIR  run the orders of a folder, in the published layout of the Olist data set: orders.csv,
                order_items.csv and order_payments.csv (which may be missing); without it, a built-in sample
  --json        print one JSON object instead of the story, with all amounts in minor units
  --help        print this
";

/// What is asked for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Args {
    /// The folder to read.
    pub(crate) orders: Option<PathBuf>,
    /// Whether to print JSON.
    pub(crate) json: bool,
    /// Whether to print the help only.
    pub(crate) help: bool,
}

impl Args {
    /// Reads the arguments after the program's name.
    ///
    /// # Errors
    /// A sentence about the first one that makes no sense.
    pub(crate) fn parse(given: impl IntoIterator<Item = OsString>) -> Result<Self, String> {
        let mut given = given.into_iter();
        let mut args = Self::default();
        while let Some(argument) = given.next() {
            let text = argument.to_string_lossy();
            match text.as_ref() {
                "--help" | "-h" => args.help = true,
                "--json" => args.json = true,
                "--orders" => {
                    let folder =
                        given.next().filter(|folder| !folder.is_empty() && !folder.to_string_lossy().starts_with("--"));
                    let folder = folder.ok_or_else(|| "`--orders` needs a folder".to_owned())?;
                    if args.orders.replace(folder.into()).is_some() {
                        return Err("`--orders` is given twice".to_owned());
                    }
                }
                _ => return Err(format!("unknown argument `{text}`")),
            }
        }
        Ok(args)
    }
}
