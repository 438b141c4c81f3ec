//! Every exit code of `digicert validate`.

use crate::program::{Folder, GOOD, WITH_ERROR, WITH_NOTE, WITH_WARNING};

#[test]
fn nothing_wrong_is_0() {
    let folder = Folder::with(&[("good.json", GOOD)]);
    let run = folder.validate(&["good.json"]);
    assert_eq!(run.code, 0, "{run:?}");
    assert_eq!(run.stdout, "0 errors, 0 warnings, 0 notes in 1 file\n");
    assert_eq!(run.stderr, "");
}

#[test]
fn an_error_is_1() {
    let folder = Folder::with(&[("good.json", GOOD), ("bad.json", WITH_ERROR)]);
    assert_eq!(folder.validate(&["good.json", "bad.json"]).code, 1);
    assert_eq!(folder.validate(&["bad.json", "good.json"]).code, 1);
}

#[test]
fn a_warning_is_0_unless_warnings_are_denied() {
    let folder = Folder::with(&[("warning.json", WITH_WARNING)]);
    let run = folder.validate(&["warning.json"]);
    assert_eq!(run.code, 0, "{run:?}");
    assert!(
        run.stdout
            .ends_with("0 errors, 1 warning, 0 notes in 1 file\n"),
        "{run:?}"
    );
    assert_eq!(
        folder
            .validate(&["--deny", "warnings", "warning.json"])
            .code,
        1
    );
}

#[test]
fn a_note_is_always_0() {
    let folder = Folder::with(&[("note.json", WITH_NOTE)]);
    let run = folder.validate(&["--deny", "warnings", "note.json"]);
    assert_eq!(run.code, 0, "{run:?}");
    assert!(
        run.stdout
            .ends_with("0 errors, 0 warnings, 1 note in 1 file\n"),
        "{run:?}"
    );
}

#[test]
fn an_unreadable_file_is_2_and_the_others_are_checked() {
    let folder = Folder::with(&[("bad.json", WITH_ERROR), ("good.json", GOOD)]);
    let run = folder.validate(&["bad.json", "missing.json", "good.json"]);
    assert_eq!(run.code, 2, "{run:?}");
    assert!(
        run.stderr.starts_with("error: cannot read missing.json: "),
        "{run:?}"
    );
    assert!(
        run.stdout.contains("error[DC201 products-empty]"),
        "{run:?}"
    );
    assert!(
        run.stdout
            .ends_with("1 error, 0 warnings, 0 notes in 2 files\n"),
        "{run:?}"
    );
}

#[test]
fn a_folder_without_documents_is_2_and_the_others_are_checked() {
    let folder = Folder::with(&[("empty/readme.txt", "none"), ("bad.json", WITH_ERROR)]);
    let run = folder.validate(&["--format", "json", "empty", "bad.json"]);
    assert_eq!(run.code, 2, "{run:?}");
    assert_eq!(
        run.stderr,
        "error: nothing to check: there is no .json, .yaml or .yml file in empty\n"
    );
    assert_eq!(run.paths(), ["bad.json"]);
}

#[test]
fn wrong_usage_is_2() {
    let folder = Folder::with(&[("good.json", GOOD)]);
    for arguments in [
        &["validate"][..],
        &["validate", "--format", "xml", "good.json"],
        &["validate", "--kind", "account", "good.json"],
        &["validate", "--deny", "notes", "good.json"],
        &["validate", "--color", "sometimes", "good.json"],
        &["validate", "--raise", "price-jump", "good.json"],
        &["validate", "--raise", "price-jump=fatal", "good.json"],
        &["validate", "--off", "no-such-rule", "good.json"],
        &["validate", "--raise", "no-such-rule=error", "good.json"],
        &["validate", "-", "-"],
        &["explain"],
        &["explain", "no-such-rule"],
        &["schema", "account"],
        &["account"],
        &[],
    ] {
        let run = folder.run(arguments);
        assert_eq!(run.code, 2, "{arguments:?} gave {run:?}");
        assert_eq!(run.stdout, "", "{arguments:?}");
        assert!(!run.stderr.is_empty(), "{arguments:?}");
    }
}

#[cfg(target_os = "linux")]
#[test]
fn output_that_cannot_be_written_is_2() {
    let folder = Folder::with(&[("bad.json", WITH_ERROR)]);
    let full = std::fs::File::create("/dev/full").unwrap();
    let run = crate::program::run(folder.program(&["validate", "bad.json"]).stdout(full));
    assert_eq!(run.code, 2, "{run:?}");
    assert!(
        run.stderr
            .starts_with("error: cannot write to standard output: "),
        "{run:?}"
    );
}
