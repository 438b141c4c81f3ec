//! What has happened keeps its exit code, and is said, when standard output takes nothing any more.

use std::fs::{File, Permissions};
use std::os::unix::fs::PermissionsExt as _;
use std::process::Stdio;

use crate::apply::OTHER;
use crate::create::{CREATE, MANAGED, with_document};
use crate::in_between::{InBetween, Play};
use crate::on_sandbox::OnSandbox;
use crate::plan::with_subaccounts;
use crate::program::{GOOD, Run};

/// As JSON, because nothing of that is written before something has happened.
fn run_on_full_disk(test: &OnSandbox, origin: &str, arguments: &[&str]) -> Run {
    let full = File::options().write(true).open("/dev/full").unwrap();
    let mut command = test.program(&[arguments, &["--format", "json"]].concat());
    let command = command.env("DIGICERT_ORIGIN", origin).stdout(full);
    let output = command.stderr(Stdio::piped()).output().unwrap();
    Run {
        code: output.status.code().unwrap(),
        stdout: String::new(),
        stderr: String::from_utf8(output.stderr).unwrap(),
    }
}

#[track_caller]
fn says(run: &Run, code: i32, sentence: &str) {
    assert_eq!(run.code, code, "{run:?}");
    for part in ["cannot write to standard output", sentence] {
        assert!(run.stderr.contains(part), "{part}: {run:?}");
    }
}

#[test]
fn i3_a_creation_is_0_or_4_on_a_full_disk_and_its_key_is_named() {
    let test = with_document(MANAGED);
    let run = run_on_full_disk(&test, test.sandbox.origin(), &CREATE);
    says(&run, 0, "Created the managed subaccount 1122334");
    assert!(run.stderr.contains("acme.key"), "{run:?}");
    let again = run_on_full_disk(&test, test.sandbox.origin(), &CREATE);
    says(&again, 5, r#""subaccount_id": 1122334"#);

    let test = with_document(MANAGED);
    let mut create = CREATE;
    create[4] = "--key-command";
    create[5] = "./store";
    let store = test
        .folder
        .write("store", "#!/bin/sh\ncat > /dev/null; exit 3\n");
    std::fs::set_permissions(&store, Permissions::from_mode(0o700)).unwrap();
    let run = run_on_full_disk(&test, test.sandbox.origin(), &create);
    says(&run, 4, "rescued/digicert-subaccount-1122334.key");
}

#[test]
fn i1_an_unknown_outcome_is_4_on_a_full_disk() {
    let test = with_document(MANAGED);
    let service = InBetween::before(test.sandbox.origin(), Play::CutAnswer);
    for _ in 0..2 {
        let run = run_on_full_disk(&test, service.origin(), &CREATE);
        says(&run, 4, "history settle 1 --created 1122334");
    }
}

#[test]
fn prices_that_are_set_and_a_link_that_is_made_are_0_on_a_full_disk() {
    let test = OnSandbox::new();
    let id = test.subaccount("Example Company").to_string();
    test.folder.write("products.json", GOOD);
    let set = ["products", "set", &id, "-f", "products.json", "--yes"];
    let run = run_on_full_disk(&test, test.sandbox.origin(), &set);
    says(&run, 0, "The former state is restored by");

    let run = run_on_full_disk(&test, test.sandbox.origin(), &["billing", "link", "--yes"]);
    says(&run, 0, "Linked (entry 2).");
}

#[test]
fn what_is_settled_is_0_on_a_full_disk() {
    let test = with_document(MANAGED);
    let service = InBetween::before(test.sandbox.origin(), Play::CutAnswer);
    assert_eq!(test.create_past(&service, &[]).code, 4);
    let full = File::options().write(true).open("/dev/full").unwrap();
    let mut command = test.program(&["history", "settle", "1", "--not-created"]);
    let output = command.stdout(full).stderr(Stdio::piped()).output();
    let output = output.unwrap();
    let run = Run {
        code: output.status.code().unwrap(),
        stdout: String::new(),
        stderr: String::from_utf8(output.stderr).unwrap(),
    };
    says(&run, 0, "Entry 1 is settled: it was not carried out.");
}

#[test]
fn what_was_applied_is_0_on_a_full_disk() {
    let (test, ids) = with_subaccounts(2);
    test.set_products(ids[0], OTHER);
    let run = run_on_full_disk(&test, test.sandbox.origin(), &["apply", "prices", "--yes"]);
    says(&run, 0, "Applied: 1 done.");
}
