//! Many files: in order, completely, and without complaint when nobody reads on.

use std::fmt::Write as _;
use std::io::Read as _;

use crate::program::{Folder, GOOD};

/// A document with one error in a line of its own choice, and of a size that varies.
fn document(number: usize) -> String {
    let mut text = "\n".repeat(number % 7);
    text += r#"{"products": [{"product_name_id": "ssl_plus", "prices": ["#;
    for lifetime in 1..=number % 50 + 1 {
        let _ = write!(
            text,
            r#"{{"lifetime": {lifetime}, "cost": {}}},"#,
            lifetime * 100
        );
    }
    text + r#"{"lifetime": 0, "cost": 1}]}]}"#
}

fn folder(count: usize) -> Folder {
    let folder = Folder::new();
    for number in 0..count {
        folder.write(&format!("in/{number:04}.json"), document(number));
    }
    folder
}

#[test]
fn findings_come_in_the_order_of_the_files() {
    let folder = folder(1000);
    let run = folder.validate(&["--format", "json", "in"]);
    let json = run.json();
    let files = json["files"].as_array().unwrap();
    assert_eq!(files.len(), 1000);
    for (number, file) in files.iter().enumerate() {
        assert!(
            file["path"]
                .as_str()
                .unwrap()
                .ends_with(&format!("{number:04}.json")),
            "{file}"
        );
        let codes = file["findings"].as_array().unwrap().iter();
        let out_of_range = codes.filter(|finding| finding["code"] == "DC215");
        let lines: Vec<_> = out_of_range
            .map(|finding| finding["line"].clone())
            .collect();
        assert_eq!(lines, [number % 7 + 1], "{file}");
    }
    assert_eq!(run.code, 1);
}

#[test]
fn arguments_keep_their_order() {
    let folder = folder(100);
    let paths: Vec<_> = (0..100)
        .rev()
        .map(|number| format!("in/{number:04}.json"))
        .collect();
    let arguments: Vec<_> = paths.iter().map(String::as_str).collect();
    let run = folder.validate(&[&["--format", "json"], &arguments[..]].concat());
    assert_eq!(run.paths(), paths);
}

#[test]
fn every_run_writes_the_same() {
    let folder = folder(200);
    for format in ["human", "json", "sarif", "github"] {
        let first = folder.validate(&["--format", format, "in"]);
        let second = folder.validate(&["--format", format, "in"]);
        assert_eq!(first.stdout, second.stdout, "{format}");
    }
}

#[test]
fn a_reader_that_goes_away_is_no_failure() {
    let folder = folder(1000);
    let mut child = folder
        .program(&["validate", "--format", "human", "in"])
        .spawn()
        .unwrap();
    let mut stdout = child.stdout.take().unwrap();
    let mut beginning = [0; 6];
    stdout.read_exact(&mut beginning).unwrap();
    assert_eq!(&beginning, b"error[");
    drop(stdout);
    let output = child.wait_with_output().unwrap();
    assert_eq!(String::from_utf8(output.stderr).unwrap(), "");
    // The answer is the same as if everything had been read.
    assert_eq!(output.status.code(), Some(1));
}

#[test]
fn good_files_are_counted_and_nothing_more() {
    let folder = Folder::new();
    for number in 0..500 {
        folder.write(&format!("in/{number}.json"), GOOD);
    }
    let run = folder.validate(&["in"]);
    assert_eq!(run.stdout, "0 errors, 0 warnings, 0 notes in 500 files\n");
    assert_eq!((run.code, run.stderr.as_str()), (0, ""));
}
