//! Former states say whose they are: the file of one subaccount is not set for another one, nor at another
//! service, and files of earlier versions are restored as ever.

use std::fs;
use std::path::PathBuf;

use serde_json::Value;

use crate::on_sandbox::OnSandbox;
use crate::plan::{LIVE, subaccount};
use crate::products_diff::{HARMLESS, started};
use crate::program::Run;

/// A subaccount that was set, and the file with its former state.
fn kept() -> (OnSandbox, String, PathBuf) {
    let (on, id) = started();
    on.folder.write("acme.json", HARMLESS);
    let arguments = ["--yes", "--former-state", "before.json"];
    let run = on.run(&[&["products", "set", &id, "-f", "acme.json"], &arguments[..]].concat());
    assert_eq!(run.code, 0, "{run:?}");
    let path = on.folder.path().join("before.json");
    (on, id, path)
}

fn set(on: &OnSandbox, id: &str, file: &str) -> Run {
    let words = ["--allow-disable", "--allow-price-jump", "--yes"];
    on.run(&[&["products", "set", id, "-f", file], &words[..]].concat())
}

fn live(on: &OnSandbox, id: &str) -> Value {
    let run = on.run(&["products", "show", id, "--format", "json"]);
    run.json()["products"].clone()
}

#[test]
fn the_file_says_whose_it_is_and_what_it_says_is_neither_sent_nor_found_fault_with() {
    let (on, id, path) = kept();
    let file: Value = serde_json::from_slice(&fs::read(&path).unwrap()).unwrap();
    let of = &file["former_state_of"];
    assert_eq!(of["format_version"], 1);
    assert_eq!(of["origin"], on.sandbox.origin());
    assert_eq!(of["subaccount_id"].to_string(), id);
    assert_eq!(of["subaccount_name"], "Example \u{1b}[2J Company");
    // The clock of the sandbox says nothing about this.
    assert_eq!(
        of["kept_at"].as_str().unwrap().len(),
        "2026-01-02T03:04:05Z".len()
    );

    let run = on.folder.validate(&["before.json", "--deny", "warnings"]);
    assert_eq!(
        (run.code, run.stdout.contains("former_state_of")),
        (0, false),
        "{run:?}"
    );
    let run = set(&on, &id, "before.json");
    assert_eq!((run.code, run.stderr.as_str()), (0, ""), "{run:?}");
    assert!(!run.stdout.contains("former_state_of"), "{run:?}");
    let sent = on.run(&["history", "--format", "json"]).json().to_string();
    assert!(
        sent.contains("set-products") && !sent.contains("former_state_of"),
        "{sent}"
    );
    assert_eq!(live(&on, &id).as_array().unwrap().len(), 3);
}

#[test]
fn i8_of_another_subaccount_it_is_refused_and_the_way_to_restore_it_is_named() {
    let (on, id, _) = kept();
    let other = subaccount(&on, "Other Example");
    on.set_products(other, LIVE);
    let other = other.to_string();
    let before = live(&on, &other);
    let run = set(&on, &other, "before.json");
    assert_eq!(run.code, 5, "{run:?}");
    for part in [
        "error: nothing was changed: before.json is the former state of subaccount ",
        &format!("`digicert products set {id} -f before.json --origin http"),
        "remove `former_state_of` from a copy of the file",
        "Example \\u{1b}[2J Company",
    ] {
        assert!(run.stderr.contains(part), "{part}: {run:?}");
    }
    assert_eq!(live(&on, &other), before);
    let json = on.run(&[
        "products",
        "set",
        &other,
        "-f",
        "before.json",
        "--yes",
        "--format",
        "json",
    ]);
    assert_eq!(json.json()["result"], "former-state-of-another");
    assert_eq!(
        json.json()["former_state_of"]["subaccount_id"].to_string(),
        id
    );

    // Without the member it is a list of products like every other.
    let mut copy: Value =
        serde_json::from_slice(&fs::read(on.folder.path().join("before.json")).unwrap()).unwrap();
    copy.as_object_mut().unwrap().remove("former_state_of");
    on.folder.write("copy.json", copy.to_string());
    let run = set(&on, &other, "copy.json");
    assert_eq!((run.code, run.stderr.as_str()), (0, ""), "{run:?}");
}

#[test]
fn diff_says_that_set_refuses_it_even_if_nothing_differs() {
    let (on, id, _) = kept();
    let diff = |id: &str, more: &[&str]| {
        on.run(&[&["products", "diff", id, "-f", "before.json"], more].concat())
    };
    let own = diff(&id, &[]);
    assert!(!own.stdout.contains("refuses it"), "{own:?}");
    let other = subaccount(&on, "Other Example");
    on.set_products(other, crate::products_diff::LIVE);
    let other = other.to_string();
    let run = diff(&other, &[]);
    assert_eq!((run.code, run.stderr.as_str()), (1, ""), "{run:?}");
    assert!(run.stdout.contains("No changes"), "{run:?}");
    let (_, refused) = run
        .stdout
        .split_once("`digicert products set` refuses it:")
        .unwrap();
    assert!(
        refused.contains("is the former state of subaccount"),
        "{run:?}"
    );
    let json = diff(&other, &["--format", "json"]).json();
    assert_eq!(
        (&json["result"], &json["exit_code"]),
        (&"former-state-of-another".into(), &1.into())
    );
    assert_eq!(json["refusals"].as_array().unwrap().len(), 1, "{json}");
}

#[test]
fn i8_at_another_service_it_is_refused() {
    let (here, id, path) = kept();
    let (there, same) = started();
    assert_eq!(id, same, "both count from the same number");
    there.folder.write("before.json", fs::read(path).unwrap());
    let before = live(&there, &same);
    let run = set(&there, &same, "before.json");
    assert_eq!(run.code, 5, "{run:?}");
    let whose = format!(") at {}, kept on ", here.sandbox.origin());
    assert!(run.stderr.contains(&whose), "{run:?}");
    assert!(
        run.stderr.contains("; it is restored at that service; "),
        "{run:?}"
    );
    assert_eq!(live(&there, &same), before);
}

#[test]
fn a_file_of_an_earlier_version_restores_and_the_ledger_says_whose_it_is() {
    let (on, id, path) = kept();
    let mut old: Value = serde_json::from_slice(&fs::read(&path).unwrap()).unwrap();
    old.as_object_mut().unwrap().remove("former_state_of");
    fs::write(&path, old.to_string()).unwrap();
    let other = subaccount(&on, "Other Example").to_string();
    let whose = format!("before.json is the former state of subaccount {id} at ");
    let run = on.run(&["products", "diff", &other, "-f", "before.json"]);
    assert_eq!(run.code, 1, "{run:?}");
    assert!(
        run.stderr.starts_with(&format!("warning: {whose}")),
        "{run:?}"
    );
    let arguments = [
        "products",
        "diff",
        &other,
        "-f",
        "before.json",
        "--format",
        "json",
    ];
    let json = on.run(&arguments).json();
    assert!(
        json["warnings"][0].as_str().unwrap().starts_with(&whose),
        "{json}"
    );
    assert_eq!(json["result"], "different");
    let run = set(&on, &other, "before.json");
    assert_eq!(run.code, 0, "{run:?}");
    assert!(
        run.stderr.starts_with(&format!("warning: {whose}")),
        "{run:?}"
    );
    let run = set(&on, &id, "before.json");
    assert_eq!((run.code, run.stderr.as_str()), (0, ""), "{run:?}");
}

#[test]
fn one_whose_owner_cannot_be_told_is_neither_compared_nor_set() {
    let (on, id) = started();
    let later = HARMLESS.replacen('{', r#"{"former_state_of": {"format_version": 2},"#, 1);
    on.folder.write("later.json", later);
    for run in [
        set(&on, &id, "later.json"),
        on.run(&["products", "diff", &id, "-f", "later.json"]),
    ] {
        assert_eq!(run.code, 2, "{run:?}");
        for part in [
            "has format_version 2, and this program reads 1",
            "from a copy",
        ] {
            assert!(run.stderr.contains(part), "{part}: {run:?}");
        }
    }
}

#[test]
fn in_yaml_it_says_the_same() {
    let (on, id) = started();
    let yaml = format!(
        "former_state_of: {{format_version: 1, origin: '{}', subaccount_id: 1}}\nproducts: []\n",
        on.sandbox.origin()
    );
    on.folder.write("before.yaml", yaml);
    let run = set(&on, &id, "before.yaml");
    assert_eq!(run.code, 5, "{run:?}");
    assert!(
        run.stderr
            .contains("is the former state of subaccount 1 at "),
        "{run:?}"
    );
}
