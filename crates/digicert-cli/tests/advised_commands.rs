//! Commands that the program advises do to the same service and the same ledger what they say,
//! typed in as they stand.

use std::process::Command;

use crate::create::{CREATE, MANAGED};
use crate::in_between::{InBetween, Play};
use crate::on_sandbox::OnSandbox;
use crate::program::{GOOD, Run, run};

/// Types it into a shell whose own variables name another service.
fn typed(test: &OnSandbox, other: &OnSandbox, command: &str) -> Run {
    let program = env!("CARGO_BIN_EXE_digicert");
    let mut shell = Command::new("sh");
    shell
        .args(["-c", &command.replacen("digicert", program, 1)])
        .current_dir(test.folder.path())
        .env_clear()
        .env("HOME", test.folder.path().join("home"))
        .env("DIGICERT_API_KEY", test.certcentral_key())
        .env("DIGICERT_ORIGIN", other.sandbox.origin());
    run(&mut shell)
}

/// Runs it with the address as an option, and another one in the environment.
fn at_option(test: &OnSandbox, other: &OnSandbox, arguments: &[&str]) -> Run {
    let origin = [
        "--origin",
        test.sandbox.origin(),
        "--ledger",
        "trial ledger",
    ];
    let mut command = test.program(&[arguments, &origin].concat());
    run(command.env("DIGICERT_ORIGIN", other.sandbox.origin()))
}

#[test]
fn i8_the_former_state_is_restored_where_it_was_changed() {
    let (test, other) = (OnSandbox::new(), OnSandbox::new());
    let id = test.subaccount("Example Company").to_string();
    test.folder.write("products.json", GOOD);
    let set = ["products", "set", &id, "-f", "products.json", "--yes"];
    let json = at_option(&test, &other, &[&set[..], &["--format", "json"]].concat()).json();
    assert_eq!(json["result"], "set", "{json}");
    other.sandbox.clear_requests();

    let restore = json["restore"].as_str().unwrap();
    let restored = typed(&test, &other, &format!("{restore} --yes"));
    assert_eq!(restored.code, 0, "{restore}: {restored:?}");
    assert_eq!(other.sandbox.requests().len(), 0);
    let live = test.block_on(test.client().list_subaccount_products(id.parse().unwrap()));
    assert!(live.unwrap().products.unwrap().is_empty());
    let ledger = test.run(&["history", "--ledger", "trial ledger", "--format", "json"]);
    assert_eq!(ledger.json()["entries"].as_array().unwrap().len(), 2);
}

#[test]
fn i1_an_entry_is_settled_in_the_ledger_that_has_it() {
    let (test, other) = (OnSandbox::new(), OnSandbox::new());
    test.folder.write("acme.yaml", MANAGED);
    let service = InBetween::before(test.sandbox.origin(), Play::CutAnswer);
    let more = ["--origin", service.origin(), "--ledger", "trial ledger"];
    let run = run(test
        .program(&[&CREATE[..], &more].concat())
        .env("DIGICERT_ORIGIN", other.sandbox.origin()));
    assert_eq!(run.code, 4, "{run:?}");
    let settle = run
        .stderr
        .split('`')
        .find(|part| part.contains("--created"));
    let settle = settle
        .unwrap()
        .replace(service.origin(), test.sandbox.origin());
    let settled = typed(&test, &other, &settle);
    assert_eq!(settled.code, 0, "{settle}: {settled:?}");
    let ledger = test.run(&["history", "--ledger", "trial ledger", "--format", "json"]);
    assert_eq!(ledger.json()["entries"][0]["state"], "done");
}
