//! Rules of the house that no lint knows, checked on the sources themselves.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

/// Folders and files of `src`, each of which uses only what stands above it.
const ORDER: [&str; 16] = [
    "wire",
    "money",
    "ids",
    "calendar",
    "rulebook",
    "ledger",
    "accounts",
    "routing",
    "payments",
    "terminal",
    "payouts",
    "mirror",
    "tools",
    "journal",
    "platform",
    "simulator",
];

const MOST_LINES_OF_A_FILE: usize = 600;
const MOST_LINES_OF_A_FUNCTION: usize = 70;

/// Where a rule that is not our own may come from, as comments name it.
const SOURCES: [&str; 11] = [
    "docs.stripe.com",
    "support.stripe.com",
    "stripe.com/",
    "recorded",
    "API reference",
    "Unicode CLDR",
    "ISO 4217",
    "ecb.europa.eu",
    "gov.uk",
    "richmondfed.org",
    "our own",
];

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

/// Every Rust file below a folder, by its path from the project, in order, with its text.
fn files(folder: &str) -> Vec<(String, String)> {
    fn walk(at: &Path, found: &mut Vec<PathBuf>) {
        let Ok(entries) = std::fs::read_dir(at) else { return };
        for path in entries.map(|entry| entry.unwrap().path()) {
            if path.is_dir() {
                walk(&path, found);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                found.push(path);
            }
        }
    }
    let mut found = Vec::new();
    walk(&root().join(folder), &mut found);
    found.sort();
    let named = found.into_iter().map(|path| {
        let name = path.strip_prefix(root()).unwrap().to_string_lossy().replace('\\', "/");
        (name, std::fs::read_to_string(&path).unwrap())
    });
    named.collect()
}

/// The code without what is only said: comments, texts and characters become blanks, lines stay lines.
fn bare(text: &str) -> String {
    let characters: Vec<char> = text.chars().collect();
    let at = |place: usize| characters.get(place).copied().unwrap_or('\0');
    let mut code = String::with_capacity(text.len());
    let mut place = 0;
    while place < characters.len() {
        let end = match (at(place), at(place + 1)) {
            ('/', '/') => (place..).find(|end| matches!(at(*end), '\n' | '\0')).unwrap(),
            ('/', '*') => {
                (place + 2..).find(|end| at(*end) == '\0' || (at(*end), at(*end + 1)) == ('*', '/')).unwrap() + 2
            }
            ('"', _) => after_text(&at, place + 1),
            ('r', '"' | '#') if !is_word(at(place.wrapping_sub(1))) => after_raw_text(&at, place + 1),
            ('\'', '\\') => (place + 3..).find(|end| matches!(at(*end), '\'' | '\0')).unwrap() + 1,
            ('\'', _) if at(place + 2) == '\'' => place + 3,
            _ => place,
        };
        if end == place {
            code.push(at(place));
            place += 1;
        }
        while place < end.min(characters.len()) {
            code.push(if at(place) == '\n' { '\n' } else { ' ' });
            place += 1;
        }
    }
    code
}

fn is_word(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}

fn after_text(at: &impl Fn(usize) -> char, mut place: usize) -> usize {
    while !matches!(at(place), '"' | '\0') {
        place += if at(place) == '\\' { 2 } else { 1 };
    }
    place + 1
}

/// The end of a raw text whose hashes begin at `start`; `start` less one where it is a raw name and no text.
fn after_raw_text(at: &impl Fn(usize) -> char, start: usize) -> usize {
    let hashes = (start..).take_while(|place| at(*place) == '#').count();
    if at(start + hashes) != '"' {
        return start - 1;
    }
    let closes = |place: usize| at(place) == '"' && (1..=hashes).all(|hash| at(place + hash) == '#');
    (start + hashes + 1..).find(|place| at(*place) == '\0' || closes(*place)).unwrap() + hashes + 1
}

/// The names that follow a path: one, or each first name of a group such as `{a::b, c::{d, e}}`.
fn heads(rest: &str) -> Vec<String> {
    let word = |text: &str| text.trim_start().chars().take_while(|c| is_word(*c)).collect::<String>();
    let rest = rest.trim_start();
    let Some(group) = rest.strip_prefix('{') else { return vec![word(rest)] };
    let (mut depth, mut names) = (0_u32, vec![word(group)]);
    for (place, c) in group.char_indices() {
        match c {
            '{' => depth += 1,
            '}' if depth == 0 => break,
            '}' => depth -= 1,
            ',' if depth == 0 => names.push(word(group.get(place + 1..).unwrap_or_default())),
            _ => {}
        }
    }
    names.retain(|name| !name.is_empty());
    names
}

/// The names at the top of the crate that a file's code uses, with their lines.
fn uses(file: &str, code: &str) -> Vec<(usize, String)> {
    let inner = file.trim_start_matches("src/").trim_end_matches(".rs").trim_end_matches("/mod");
    let to_root = "super::".repeat(inner.split('/').count());
    let mut found = Vec::new();
    for path in ["crate::", to_root.as_str()] {
        for (place, _) in code.match_indices(path) {
            let before = code.get(..place).unwrap_or_default();
            // A longer path of the same beginning is another one, and `$crate` is a macro's own.
            if before.ends_with(|c: char| is_word(c) || c == ':') {
                continue;
            }
            let line = before.lines().count().max(1);
            let rest = code.get(place + path.len()..).unwrap_or_default();
            // Inside a module of the same file a way up ends lower: only names of the top of the crate count then.
            let known = |name: &String| path == "crate::" || ORDER.contains(&name.as_str());
            found.extend(heads(rest).into_iter().filter(known).map(|name| (line, name)));
        }
    }
    found
}

/// What a file uses that does not stand above it.
fn out_of_order(file: &str, text: &str) -> Vec<String> {
    let place = |name: &str| {
        // What the crate shows at its top comes from the facade.
        let name = if matches!(name, "Platform" | "Decided" | "Error" | "ErrorKind") { "platform" } else { name };
        ORDER.iter().position(|known| *known == name)
    };
    let own = file.trim_start_matches("src/").split(['/', '.']).next().unwrap_or_default();
    if matches!(own, "lib" | "manual" | "prelude") {
        return Vec::new();
    }
    let Some(mine) = place(own) else { return vec![format!("{file}: `{own}` has no place in the order")] };
    let mut found = Vec::new();
    for (line, name) in uses(file, &bare(text)) {
        match place(&name) {
            Some(theirs) if theirs <= mine => {}
            Some(_) => found.push(format!("{file}:{line}: `{own}` uses `{name}`, which stands below it")),
            None if name == "self" => {}
            None => found.push(format!("{file}:{line}: `{name}` has no place in the order")),
        }
    }
    found
}

/// The functions of a file, with the line they begin on and the number of lines they take.
fn functions(text: &str) -> Vec<(String, usize, usize)> {
    let code = bare(text);
    let mut found = Vec::new();
    for (place, _) in code.match_indices("fn ") {
        let (before, rest) = code.split_at(place);
        if before.ends_with(is_word) {
            continue;
        }
        let name: String = rest.chars().skip(3).take_while(|c| is_word(*c)).collect();
        let (mut braces, mut brackets) = (0_i32, 0_i32);
        let body = rest.char_indices().find(|(_, c)| {
            match c {
                '(' | '[' => brackets += 1,
                ')' | ']' => brackets -= 1,
                '{' => braces += 1,
                '}' => braces -= 1,
                _ => {}
            }
            (*c == ';' && braces == 0 && brackets == 0) || (*c == '}' && braces == 0)
        });
        let Some((end, '}')) = body else { continue };
        if name.is_empty() {
            continue;
        }
        let lines = rest.get(..end).unwrap_or_default().matches('\n').count() + 1;
        found.push((name, before.matches('\n').count() + 1, lines));
    }
    found
}

/// The rules of a file whose source is not named, by their first line.
fn unsourced(file: &str, text: &str) -> Vec<String> {
    let lines: Vec<&str> = text.lines().collect();
    let mut found = Vec::new();
    for (number, line) in lines.iter().enumerate().filter(|(_, line)| line.contains("// RULE:")) {
        let said = lines.iter().skip(number).take(4).copied().collect::<Vec<_>>().join("\n");
        if !SOURCES.iter().any(|source| said.contains(source)) {
            found.push(format!("{file}: {}", line.trim()));
        }
    }
    found
}

fn none(found: &[String], rule: &str) {
    assert!(found.is_empty(), "{rule}\n  {}", found.join("\n  "));
}

#[test]
fn a_folder_uses_only_what_stands_above_it() {
    let found: Vec<String> = files("src").iter().flat_map(|(file, text)| out_of_order(file, text)).collect();
    none(&found, "a folder uses only what stands above it:");
}

#[test]
fn a_use_of_something_below_is_found_however_it_is_written() {
    let planted = [
        "use crate::payouts::Payout;",
        "use crate::{money::Money, payouts::{Payout, Plan}};",
        "fn pay(payout: &crate::payouts::Payout) {}",
        "use crate::{\n    money,\n    payouts,\n};",
        "use super::super::payouts::Payout;",
        "use crate::Platform;",
    ];
    for code in planted {
        let found = out_of_order("src/payments/charge.rs", code);
        assert_eq!(found.len(), 1, "{code}: {found:?}");
    }
    let fine = [
        "use crate::{money::Money, ids::{AccountId, PayoutId}};",
        "//! [`Platform`](crate::Platform)\n/// crate::payouts\n/* crate::payouts */",
        "const TEXT: &str = \"crate::payouts \\\" crate::payouts\";",
        "const TEXT: &str = r#\"crate::payouts \" crate::payouts\"#;",
        "fn quote<'a>(c: char) -> bool { c == '\"' || c == '\\'' } // crate::payouts",
        "use super::charge::Charge;",
        "use crate::payments::Charge;",
    ];
    for code in fine {
        assert_eq!(out_of_order("src/payments/charge.rs", code), [""; 0], "{code}");
    }
    assert_eq!(out_of_order("src/payments/mod.rs", "use super::payouts::Payout;").len(), 1);
    assert_eq!(out_of_order("src/ids.rs", "use crate::calendar::Timestamp;").len(), 1);
    assert_eq!(out_of_order("src/lib.rs", "pub use crate::platform::Platform;"), [""; 0]);
    assert_eq!(out_of_order("src/helpers/mod.rs", "").len(), 1);
}

#[test]
fn files_and_functions_stay_short() {
    let mut found = Vec::new();
    for (file, text) in ["src", "tests", "examples", "benches"].into_iter().flat_map(files) {
        let lines = text.lines().count();
        if lines > MOST_LINES_OF_A_FILE {
            found.push(format!("{file} has {lines} lines, more than {MOST_LINES_OF_A_FILE}"));
        }
        for (name, line, lines) in functions(&text) {
            if lines > MOST_LINES_OF_A_FUNCTION {
                found.push(format!("{file}:{line}: `{name}` has {lines} lines, more than {MOST_LINES_OF_A_FUNCTION}"));
            }
        }
    }
    none(&found, "files and functions stay short:");
}

#[test]
fn functions_are_measured_from_name_to_closing_brace() {
    let text = "impl X {\n    fn one(&self) -> u8 {\n        let brace = '{';\n        1\n    }\n\n\
                    fn none(&self);\n\
                fn two(array: [u8; 2]) { let text = \"}\"; }\n}\nfn three(\n    f: fn(u8) -> u8,\n) {\n}\n";
    let found = functions(text);
    let expected = [("one", 2, 4), ("two", 8, 1), ("three", 10, 4)];
    assert_eq!(found, expected.map(|(name, line, lines)| (name.to_owned(), line, lines)));
    let long = format!("fn long() {{\n{}}}\n", "    step();\n".repeat(MOST_LINES_OF_A_FUNCTION));
    assert!(functions(&long).iter().all(|(_, _, lines)| *lines > MOST_LINES_OF_A_FUNCTION));
}

/// Where balance transactions may be made.
fn makes_lines(file: &str) -> bool {
    file.ends_with("/posting.rs") || file.starts_with("src/ledger/") || file == "src/platform/deadlines.rs"
}

#[test]
fn balance_transactions_are_made_in_one_place_a_folder() {
    let files = files("src");
    let makers: BTreeSet<&str> =
        files.iter().filter(|(_, text)| bare(text).contains("Line::new(")).map(|(file, _)| file.as_str()).collect();
    assert!(makers.contains("src/payments/posting.rs"), "the check finds what it looks for: {makers:?}");
    let found: Vec<String> = makers.iter().filter(|file| !makes_lines(file)).map(|file| (*file).to_owned()).collect();
    none(&found, "balance transactions are made in posting.rs only:");
}

#[test]
fn every_rule_names_its_source() {
    let found: Vec<String> = files("src").iter().flat_map(|(file, text)| unsourced(file, text)).collect();
    none(&found, "a rule says where it comes from:");
}

#[test]
fn a_rule_without_source_is_found() {
    let text = "// RULE: one (docs.stripe.com/x, 2024).\nfn a() {}\n// RULE: two\n// goes on (recorded exchanges).\n";
    assert_eq!(unsourced("x.rs", text), [""; 0]);
    assert_eq!(unsourced("x.rs", "    // RULE: because.\n\n\n\n// recorded\n"), ["x.rs: // RULE: because."]);
}
