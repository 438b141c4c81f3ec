//! I9: what is checked in is what `cargo xtask codegen` writes, and every kind of drift is found.

#![allow(clippy::expect_used, reason = "a test may panic")]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use tempfile::TempDir;
use xtask::{codegen, tree};

fn repository() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .parent()
        .expect("a parent")
        .to_owned()
}

/// A copy of everything that codegen reads or writes.
fn copy() -> TempDir {
    let copy = tempfile::tempdir().expect("a folder");
    let inputs = [
        "openapi",
        "crates/digicert-validate/data",
        xtask::rules_pass::RULES,
    ];
    for folder in codegen::FOLDERS.iter().chain(&inputs) {
        copy_folder(&repository().join(folder), &copy.path().join(folder));
    }
    let catalogue = "crates/digicert-validate/RULES.md";
    fs::copy(repository().join(catalogue), copy.path().join(catalogue)).expect("copied");
    copy
}

fn copy_folder(from: &Path, to: &Path) {
    fs::create_dir_all(to).expect("created");
    for entry in fs::read_dir(from).expect("readable") {
        let entry = entry.expect("readable");
        let target = to.join(entry.file_name());
        if entry.path().is_dir() {
            copy_folder(&entry.path(), &target);
        } else {
            fs::copy(entry.path(), target).expect("copied");
        }
    }
}

fn xtask(root: &Path, arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_xtask"));
    command
        .args(arguments)
        .arg("--root")
        .arg(root)
        .output()
        .expect("it runs")
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

fn edit(path: &Path, from: &str, to: &str) {
    let before = fs::read_to_string(path).expect("readable");
    assert!(
        before.contains(from),
        "{} does not hold {from:?}",
        path.display()
    );
    fs::write(path, before.replacen(from, to, 1)).expect("written");
}

#[test]
fn i9_what_is_checked_in_is_what_codegen_writes() {
    let root = repository();
    let documents = codegen::read(&root).expect("sound documents");
    let outputs = codegen::render(&root, &documents).expect("rendered");
    let drifts = tree::compare(&root, &outputs, &codegen::FOLDERS).expect("compared");
    let diffs: String = drifts.iter().map(tree::Drift::diff).collect();
    assert!(
        drifts.is_empty(),
        "run `cargo xtask codegen` and commit the result:\n{diffs}"
    );
}

#[test]
fn i9_generation_is_deterministic_and_check_passes_on_what_it_wrote() {
    let copy = copy();
    for folder in codegen::FOLDERS {
        let folder = copy.path().join(folder);
        // One folder is inside of another.
        if folder.exists() {
            fs::remove_dir_all(folder).expect("removed");
        }
    }
    let written = xtask(copy.path(), &["codegen"]);
    assert_eq!(written.status.code(), Some(0), "{}", text(&written.stderr));
    assert_eq!(
        xtask(copy.path(), &["codegen", "--check"]).status.code(),
        Some(0)
    );
    let again = xtask(copy.path(), &["codegen"]);
    assert!(
        text(&again.stdout).contains(" files, 0 changed"),
        "{}",
        text(&again.stdout)
    );
}

#[test]
fn i9_check_finds_a_changed_a_missing_and_a_left_over_file_and_writes_nothing() {
    let copy = copy();
    let types = copy.path().join(codegen::FOLDERS[1]);
    edit(
        &types.join("certcentral.rs"),
        "pub account_type",
        "pub accoumt_type",
    );
    fs::remove_file(types.join("partner.rs")).expect("removed");
    fs::write(types.join("old.rs"), "// of yesterday\n").expect("written");

    let checked = xtask(copy.path(), &["codegen", "--check"]);
    let said = text(&checked.stdout);
    assert_eq!(checked.status.code(), Some(1), "{said}");
    assert!(said.contains("-    pub accoumt_type"), "{said}");
    assert!(said.contains("+    pub account_type"), "{said}");
    assert!(
        said.contains("--- /dev/null\n+++ b/crates/digicert-types/src/generated/partner.rs"),
        "{said}"
    );
    assert!(said.contains("-// of yesterday"), "{said}");
    assert!(said.contains("`cargo xtask codegen`"), "{said}");
    assert!(
        types.join("old.rs").exists() && !types.join("partner.rs").exists(),
        "check wrote something"
    );

    assert_eq!(xtask(copy.path(), &["codegen"]).status.code(), Some(0));
    assert_eq!(
        xtask(copy.path(), &["codegen", "--check"]).status.code(),
        Some(0)
    );
    assert!(
        !types.join("old.rs").exists(),
        "what is left over is removed"
    );
}

#[test]
fn a_new_optional_property_is_drift_and_after_codegen_a_field_with_a_builder() {
    let copy = copy();
    let property = "        child_name:\n          type: string\n";
    let new =
        "        nickname:\n          type: string\n          description: What friends say.\n";
    edit(
        &copy.path().join("openapi/certcentral.yaml"),
        property,
        &format!("{new}{property}"),
    );
    assert_eq!(
        xtask(copy.path(), &["codegen", "--check"]).status.code(),
        Some(1)
    );
    assert_eq!(xtask(copy.path(), &["codegen"]).status.code(), Some(0));
    let types = fs::read_to_string(copy.path().join(codegen::FOLDERS[1]).join("certcentral.rs"))
        .expect("readable");
    let (_, after) = types
        .split_once("pub nickname: ::std::option::Option<::std::string::String>")
        .expect("the field");
    assert!(
        after.contains("pub child_name"),
        "the order of the document is kept"
    );
    let (before, _) = types.split_once("pub nickname").expect("the field");
    let (_, head) = before
        .rsplit_once("/// A subaccount to create")
        .expect("its struct");
    assert!(head.contains("derive(::bon::Builder)"), "{head}");
}

#[test]
fn a_document_that_cannot_be_read_is_named_with_its_line_and_nothing_is_written() {
    for (from, to, message) in [
        ("paths:\n", "paths: [\n", "openapi/certcentral.yaml:"),
        (
            "maxLength: 64",
            "maxLength: \"64\"",
            "expected a whole number from 0, found the text `64`",
        ),
        (
            "operationId: get_account",
            "operationid: get_account",
            "`operationid` does not belong in an operation; expected one of: operationId",
        ),
        (
            "#/components/schemas/NewUser",
            "#/components/schemas/Newuser",
            "leads nowhere",
        ),
    ] {
        let copy = copy();
        edit(&copy.path().join("openapi/certcentral.yaml"), from, to);
        // Drift that a half-done run would repair.
        let partner = copy.path().join(codegen::FOLDERS[1]).join("partner.rs");
        fs::remove_file(&partner).expect("removed");
        for arguments in [&["codegen"][..], &["codegen", "--check"], &["lint"]] {
            let run = xtask(copy.path(), arguments);
            let said = text(&run.stderr);
            assert_eq!(run.status.code(), Some(2), "{arguments:?} said {said}");
            assert!(said.contains(message), "{arguments:?} said {said}");
            assert!(said.starts_with("openapi/certcentral.yaml:"), "{said}");
            assert!(!partner.exists(), "nothing is written half");
        }
    }
}

#[test]
fn a_missing_document_is_named() {
    let copy = copy();
    fs::remove_file(copy.path().join("openapi/certcentral.yaml")).expect("removed");
    let run = xtask(copy.path(), &["codegen", "--check"]);
    assert_eq!(run.status.code(), Some(2));
    assert!(
        text(&run.stderr).starts_with("openapi/certcentral.yaml:1:1: cannot be read"),
        "{}",
        text(&run.stderr)
    );
}
