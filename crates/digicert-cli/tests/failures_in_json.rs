//! `--format json`: however a command ends, standard output is one object. Ends that need a service
//! that misbehaves are with the command that they are about.

use digicert_sandbox::{Fault, Operation, Reset, When};
use serde_json::Value;

use crate::create::{MANAGED, with_document};
use crate::on_sandbox::OnSandbox;
use crate::plan::{BOOK, with_subaccounts};
use crate::program::{Folder, Run, run};

/// The object of a command that failed.
#[track_caller]
fn failed(run: &Run, code: i32, result: &str) -> Value {
    let json = run.json();
    assert_eq!(run.code, code, "{run:?}");
    assert_eq!(json["format_version"], 1, "{run:?}");
    assert_eq!(json["result"], result, "{run:?}");
    assert_eq!(json["exit_code"], code, "{run:?}");
    let message = json["message"].as_str().unwrap();
    assert!(!message.contains("--help"), "{run:?}");
    assert!(
        !message.is_empty() && run.stderr.contains(message),
        "{run:?}"
    );
    json
}

fn in_json(command: &str) -> Vec<&str> {
    command.split(' ').chain(["--format", "json"]).collect()
}

/// Every command that talks to the service, with what it needs.
const COMMANDS: [&str; 9] = [
    "account show",
    "subaccount list",
    "subaccount show 1",
    "subaccount create -f acme.yaml --key-out new.key --yes",
    "products show 1",
    "products diff 1 -f products.json",
    "products set 1 -f products.json --yes",
    "plan prices.yaml",
    "apply prices.yaml --yes",
];

fn folder() -> Folder {
    Folder::with(&[
        ("acme.yaml", MANAGED),
        ("products.json", crate::program::GOOD),
        (
            "prices.yaml",
            &format!("{BOOK}subaccounts: [{{id: 1, price_book: partners}}]\n"),
        ),
    ])
}

#[test]
fn a_service_that_cannot_be_reached_is_2() {
    let folder = folder();
    for command in COMMANDS.iter().chain(&["billing link --yes"]) {
        let run = run(folder
            .program(&in_json(command))
            .env("DIGICERT_ORIGIN", "http://127.0.0.1:1")
            .env("DIGICERT_API_KEY", "not-a-real-key")
            .env("DIGICERT_PARTNER_API_KEY", "not-a-real-partner-key"));
        failed(&run, 2, "unusable");
    }
}

#[test]
fn a_key_that_the_service_refuses_is_3() {
    let test = OnSandbox::new();
    for name in ["acme.yaml", "products.json", "prices.yaml"] {
        let content = std::fs::read(folder().path().join(name)).unwrap();
        test.folder.write(name, content);
    }
    for command in COMMANDS.iter().chain(&["billing link --yes"]) {
        let run = run(test
            .program(&in_json(command))
            .env("DIGICERT_API_KEY", "not-a-real-key"));
        failed(&run, 3, "refused");
    }
}

#[test]
fn a_key_that_is_missing_is_2() {
    let folder = folder();
    for command in COMMANDS.iter().chain(&["billing link --yes"]) {
        failed(&folder.run(&in_json(command)), 2, "unusable");
    }
}

#[test]
fn wrong_usage_is_2_for_every_command() {
    for command in [
        "products set",
        "products set one",
        "plan",
        "apply . --allow-everything",
        "billing link --api-key x",
        "billing unlink",
        "history --subaccount none",
        "history settle",
        "doctor --region mars",
        "rules --what",
        "explain",
        "validate",
    ] {
        failed(&Folder::new().run(&in_json(command)), 2, "unusable");
    }
}

#[test]
fn a_file_that_cannot_be_used_is_2() {
    let folder = folder();
    folder.write("config.toml", "default_profile = [");
    folder.write(
        "ledger",
        "this is no database, and too long to be an empty one",
    );
    for command in [
        "products set 1 -f missing.json",
        "products diff 1 -f missing.json",
        "subaccount create -f missing.json",
        "subaccount create -f acme.yaml",
        "plan missing",
        "apply missing",
        "account show --config config.toml",
        "history --ledger ledger",
        "explain no-such-rule",
    ] {
        failed(&folder.run(&in_json(command)), 2, "unusable");
    }
}

#[test]
fn errors_in_a_file_are_5_with_the_findings() {
    let test = with_document(&MANAGED.replace("country: US", "country: ''"));
    test.folder.write("products.json", r#"{"products": 1}"#);
    for command in [
        "subaccount create -f acme.yaml --key-out new.key --yes",
        "products set 1 -f products.json --yes",
    ] {
        let json = failed(&test.run(&in_json(command)), 5, "errors-in-file");
        assert_eq!(json["findings"][0]["severity"], "error", "{json}");
        assert!(json["findings"][0]["line"].is_u64(), "{json}");
    }
}

#[test]
fn faults_in_manifests_are_2_each_with_its_place() {
    let folder = Folder::with(&[("prices.yaml", "format_version: 1\nsubaccount: []\n")]);
    for command in ["plan prices.yaml", "apply prices.yaml"] {
        let json = failed(&folder.run(&in_json(command)), 2, "faults");
        let fault = &json["faults"][0];
        assert_eq!(fault["path"], "prices.yaml", "{json}");
        assert_eq!(fault["line"], 2, "{json}");
        assert!(fault["message"].as_str().unwrap().contains("subaccount"));
        assert_eq!(json["faults_not_shown"], 0);
    }
}

#[test]
fn i8_an_apply_that_is_stopped_beforehand_says_what_it_lacks() {
    let (test, ids) = with_subaccounts(1);
    test.set_products(ids[0], crate::apply::OTHER);
    let apply = "apply prices --yes";
    let json = failed(&test.run(&in_json("apply prices")), 5, "not-confirmed");
    assert_eq!(json["origin"], test.sandbox.origin());
    assert!(json["plan_sha256"].is_string(), "{json}");

    let json = test.run(&in_json(&format!("{apply} --max-subaccounts 0")));
    let json = failed(&json, 5, "plan-refused");
    let refusal = json["refusals"][0].as_str().unwrap();
    assert!(refusal.contains("--max-subaccounts"), "{json}");

    let more = r#"{"currency": "USD", "products": [
        {"product_name_id": "ssl_wildcard", "prices": [{"lifetime": 1, "cost": 700}]},
        {"product_name_id": "ssl_plus", "prices": [{"lifetime": 1, "cost": 218}]}]}"#;
    test.set_products(ids[0], more);
    let json = failed(&test.run(&in_json(apply)), 5, "needs-words");
    assert_eq!(
        json["missing_words"],
        serde_json::json!(["--allow-disable"])
    );
    assert_eq!(json["words"], json["missing_words"]);
    assert_eq!(test.run(&["history"]).stdout, "No entries.\n");
}

#[test]
fn a_plan_that_does_not_hold_any_more_is_5() {
    let (test, ids) = with_subaccounts(1);
    test.set_products(ids[0], crate::apply::OTHER);
    assert_eq!(test.run(&["plan", "prices", "--out", "plan.json"]).code, 1);
    test.folder
        .write("prices/books.yaml", format!("{BOOK}# changed\n"));
    failed(&test.run(&in_json("apply plan.json --yes")), 5, "stale");
}

#[test]
fn a_plan_that_cannot_be_made_to_its_end_is_one_object_that_nobody_applies() {
    let (test, ids) = with_subaccounts(3);
    test.set_products(ids[0], crate::apply::OTHER);
    // The first one is read and shown, and then the key stops working.
    let denied = || Fault::status(403).error("access_denied", "the key was revoked");
    test.sandbox
        .faults()
        .add(
            denied()
                .on(Operation::ListSubaccountProducts)
                .nth(2)
                .times(9),
        )
        .unwrap();
    test.sandbox
        .faults()
        .add(denied().on(Operation::GetAccount).nth(2).times(9))
        .unwrap();
    let run = test.run(&in_json("plan prices"));
    assert_eq!(run.code, 3, "{run:?}");
    let json = run.json();
    assert_eq!(json["summary"]["complete"], false, "{json}");
    assert_eq!(json["changes"].as_array().unwrap().len(), 1, "{json}");
    let refusal = json["refusals"][0].as_str().unwrap();
    assert!(refusal.contains("could not be made to its end"), "{json}");

    test.folder.write("plan.json", &run.stdout);
    test.sandbox.faults().clear();
    let run = test.run(&in_json("apply plan.json --yes"));
    failed(&run, 5, "plan-refused");
}

#[test]
fn a_list_that_breaks_off_is_one_object_that_says_so() {
    let (test, _) = with_subaccounts(3);
    let denied = Fault::status(403).error("access_denied", "the key was revoked");
    let denied = denied.on(Operation::ListSubaccounts).nth(2);
    test.sandbox.faults().add(denied).unwrap();
    let run = test.run(&in_json("subaccount list --page-size 1"));
    let json = failed(&run, 3, "refused");
    assert_eq!(json["subaccounts"].as_array().unwrap().len(), 1, "{json}");
    assert_eq!(json["count"], 1);
}

#[test]
fn a_link_that_is_stopped_or_fails_says_what_was_to_be_linked() {
    let test = OnSandbox::new();
    let json = failed(&test.run(&in_json("billing link")), 5, "not-confirmed");
    assert_eq!(json["certcentral_account"]["id"], 1_122_331);
    assert_eq!(json["entry"], Value::Null);

    let link = in_json("billing link --yes");
    let same = run(test
        .program(&link)
        .env("DIGICERT_PARTNER_API_KEY", test.certcentral_key()));
    let json = failed(&same, 5, "keys-wrong");
    assert_eq!(json["findings"][0]["rule"], "keys-identical");

    let refused = run(test
        .program(&link)
        .env("DIGICERT_PARTNER_API_KEY", "another-key"));
    assert_eq!(failed(&refused, 3, "refused")["entry"], 1);

    let cut: Fault<Reset> = Fault::reset(When::After);
    test.sandbox
        .faults()
        .add(cut.on(Operation::LinkBillingAccount))
        .unwrap();
    let unknown = test.run(&link);
    assert_eq!(failed(&unknown, 4, "unknown")["entry"], 2);
}

#[test]
fn the_report_of_apply_says_how_it_ended() {
    let (test, ids) = with_subaccounts(2);
    for id in &ids {
        test.set_products(*id, crate::apply::OTHER);
    }
    let apply = in_json("apply prices --yes");
    let refuse = || Fault::status(400).error("invalid_value", "not now");
    test.sandbox
        .faults()
        .add(refuse().on(Operation::SetSubaccountProducts).nth(1))
        .unwrap();
    let report = |code: i32, result: &str, message: &str| {
        let run = test.run(&apply);
        let json = run.json();
        assert_eq!(json["result"], result, "{run:?}");
        assert_eq!((run.code, &json["exit_code"]), (code, &code.into()));
        assert!(json["message"].as_str().unwrap().starts_with(message));
    };
    report(3, "refused", "Applied: 1 done, 1 refused by the service.");
    report(0, "applied", "Applied: 1 done.");
    report(0, "applied", "There is nothing to do.");
}
