//! A file that another command takes: what it is and which one that is, instead of a list of fields
//! that are unknown.

use crate::create::{CREATE, MANAGED};
use crate::on_sandbox::OnSandbox;
use crate::plan::{BOOK, LIVE, with_subaccounts};
use crate::program::run;

/// Files of every kind, with a plan for a service that nobody asks again.
fn with_files() -> (OnSandbox, String) {
    let (on, ids) = with_subaccounts(1);
    on.folder.write("acme.yaml", MANAGED);
    on.folder.write("products.json", LIVE);
    on.folder.write("books.yaml", BOOK);
    let plan = on.run(&["plan", "prices", "--out", "plan.json"]);
    assert_eq!(plan.code, 0, "{plan:?}");
    on.sandbox.clear_requests();
    (on, ids[0].to_string())
}

#[test]
fn what_is_no_body_of_a_request_is_told_with_the_command_that_takes_it() {
    let (on, id) = with_files();
    let set = ["products", "set", &id, "--yes"];
    let diff = ["products", "diff", &id];
    let create = &CREATE[..2];
    for (arguments, file, is, takes) in [
        (
            &set[..],
            "prices/subaccounts.yaml",
            "is a manifest",
            "plan prices/subaccounts.yaml",
        ),
        (
            &diff,
            "books.yaml",
            "is a manifest with price books",
            "plan FOLDER",
        ),
        (&diff, "plan.json", "is a plan", "apply plan.json"),
        (
            &set,
            "acme.yaml",
            "creates a subaccount",
            "subaccount create -f acme.yaml",
        ),
        (
            create,
            "products.json",
            "sets products",
            "products diff ID -f products.json",
        ),
        (
            create,
            "prices/subaccounts.yaml",
            "is a manifest",
            "plan prices/subaccounts.yaml",
        ),
        (create, "plan.json", "is a plan", "apply plan.json"),
    ] {
        let run = on.run(&[arguments, &["-f", file, "--format", "json"]].concat());
        let json = run.json();
        assert_eq!(
            (run.code, &json["result"]),
            (2, &"another-document".into()),
            "{run:?}"
        );
        let message = json["message"].as_str().unwrap();
        assert!(message.starts_with(&format!("{file} {is} ")), "{message}");
        assert!(message.contains(&format!("`digicert {takes}")), "{message}");
        assert!(!run.stderr.contains("unknown"), "{run:?}");
    }
    assert!(on.sandbox.requests().is_empty());
}

#[test]
fn on_standard_input_too() {
    let (on, id) = with_files();
    let mut diff = on.program(&["products", "diff", &id, "-f", "-"]);
    let run = crate::program::run_with_input(&mut diff, BOOK);
    assert_eq!(run.code, 2, "{run:?}");
    let said = "error: standard input is a manifest with price books ";
    assert!(run.stderr.starts_with(said), "{run:?}");
}

#[test]
fn the_body_of_a_request_among_manifests_is_told_with_the_command_that_takes_it() {
    let (on, _) = with_files();
    for (file, takes) in [
        ("acme.yaml", "`digicert subaccount create -f`"),
        ("products.json", "`digicert products diff ID -f`"),
    ] {
        for command in ["plan", "apply"] {
            let run = run(&mut on.program(&[command, file]));
            assert_eq!(run.code, 2, "{run:?}");
            assert!(run.stderr.contains(takes), "{run:?}");
            assert!(!run.stderr.contains("unknown"), "{run:?}");
        }
    }
}
