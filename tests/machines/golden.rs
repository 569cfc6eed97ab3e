//! Expectations that are kept as text files.

use std::path::PathBuf;

fn path(name: &str) -> PathBuf {
    [env!("CARGO_MANIFEST_DIR"), "tests", "snapshots", name].iter().collect()
}

/// What was expected and what came, one below the other, from the first line on in which they differ.
pub(crate) fn difference(name: &str, expected: &str, actual: &str) -> Option<String> {
    if expected == actual {
        return None;
    }
    let same = expected.lines().zip(actual.lines()).take_while(|(old, new)| old == new).count();
    let line = same + 1;
    Some(format!(
        "tests/snapshots/{name} differs from line {line} on.\n\n\
         === expected ===\n{expected}\n=== actual ===\n{actual}\n\
         If the change is intended: BLESS=1 cargo test --test machines\n"
    ))
}

/// Compares a text with the committed one, or commits it where the run is to bless.
pub(crate) fn check(name: &str, actual: &str) {
    let path = path(name);
    if std::env::var_os("BLESS").is_some() {
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        return std::fs::write(&path, actual).unwrap();
    }
    let expected = std::fs::read_to_string(&path).unwrap_or_default().replace("\r\n", "\n");
    if let Some(difference) = difference(name, &expected, actual) {
        panic!("{difference}");
    }
}

#[test]
fn a_difference_shows_both_and_how_to_bless() {
    assert_eq!(difference("x.txt", "a\nb\n", "a\nb\n"), None);
    let shown = difference("x.txt", "a\nb\n", "a\nc\n").unwrap();
    for part in ["x.txt", "line 2", "a\nb\n", "a\nc\n", "BLESS=1"] {
        assert!(shown.contains(part), "{part}");
    }
}
