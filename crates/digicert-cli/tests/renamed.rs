//! Customers whose names were changed in a manifest or at the service, and those whose creation is not
//! over: none of them is created again because nobody looked.

use digicert_client::types::certcentral::SubaccountType;
use digicert_sandbox::{Fault, Operation, Reset, StateDocument, When};
use serde_json::Value;

use crate::apply::count;
use crate::in_between::{InBetween, hold, wait_for};
use crate::on_sandbox::{OnSandbox, request};
use crate::plan::{BOOK, CREATE, subaccounts};
use crate::program::{Run, run};

/// The creation of a subaccount without a key, and of this name within its organization.
fn manifest(child_name: &str) -> String {
    let create = CREATE.replace("managed", "retail");
    format!(
        "format_version: 1\nsubaccounts:\n  - create:\n{create}      child_name: {child_name}\n    \
         price_book: partners\n"
    )
}

fn with_manifest(child_name: &str) -> OnSandbox {
    let on = OnSandbox::new();
    on.folder.write("prices/books.yaml", BOOK);
    on.folder.write("prices/new.yaml", manifest(child_name));
    on
}

fn plan(on: &OnSandbox, format: &str) -> Run {
    on.run(&["plan", "prices", "--format", format])
}

/// Its customer was created by it, and has another name at the service by now.
fn renamed_at_the_service() -> OnSandbox {
    let on = with_manifest("c20");
    let run = on.run(&["apply", "prices", "--yes"]);
    assert_eq!(run.code, 0, "{run:?}");
    let state = on.sandbox.state().to_json();
    let renamed = state.replace("New Example", "Newer Example");
    assert_ne!(renamed, state);
    let renamed = StateDocument::from_json(renamed.as_bytes()).unwrap();
    on.sandbox.load(&renamed).unwrap();
    on
}

#[test]
fn what_an_organization_has_already_stands_with_the_creation_of_another_one() {
    let on = with_manifest("c20x");
    for (child, kind) in [
        ("c20", SubaccountType::Retail),
        ("m", SubaccountType::Managed),
    ] {
        let mut request = request("New Example", kind);
        request.child_name = Some(child.to_owned());
        let client = on.client();
        on.block_on(client.create_subaccount(&request)).unwrap();
    }
    let warning = "the organization has subaccounts of this type already: 1122334 (c20, created ";
    let remedy = "; if one of them is meant, write its `id` in place of `create`";
    let human = plan(&on, "human");
    assert_eq!(human.code, 1, "{human:?}");
    let line = human.stdout.lines().find(|line| line.contains(warning));
    let line = line.unwrap();
    assert!(
        line.starts_with("  warning: ") && line.ends_with(remedy),
        "{line}"
    );
    let markdown = plan(&on, "markdown").stdout;
    let twice = markdown.split("#### Look at twice\n").nth(1);
    assert!(
        twice.unwrap().contains("1122334 (c20, created"),
        "{markdown}"
    );
    let json = plan(&on, "json").json();
    let existing = json["creations"][0]["existing"].as_array().unwrap();
    assert_eq!(existing.len(), 1, "one of another type is no candidate");
    assert_eq!(existing[0]["subaccount_id"], 1_122_334);
    assert_eq!(existing[0]["child_name"], "c20");
    // Of an organization that has none, nothing is said.
    let created = manifest("c20x").replace("New Example", "Another Example");
    on.folder.write("prices/new.yaml", created);
    let json = plan(&on, "json").json();
    assert_eq!(json["creations"][0]["existing"], Value::Null);
}

#[test]
fn i1_a_customer_that_was_renamed_at_the_service_is_not_planned_once_more() {
    let on = renamed_at_the_service();
    let run = plan(&on, "human");
    assert_eq!(run.code, 2, "{run:?}");
    let why = "it was created before, as subaccount 1122334 (entry 1), which is called Newer Example (c20) \
               by now; if that one is meant, write `id: 1122334` in place of `create`";
    assert!(run.stdout.contains(why), "{run:?}");
    assert!(run.stdout.contains("1 that clashes"), "{run:?}");
    assert!(!run.stdout.contains("Create New Example"), "{run:?}");
    let json = plan(&on, "json").json();
    assert_eq!(json["creations"].as_array().unwrap().len(), 0, "{json}");
    assert_eq!(json["failures"][0]["is_clash"], true, "{json}");
    on.sandbox.clear_requests();
    assert_eq!(on.run(&["apply", "prices", "--yes"]).code, 2);
    assert_eq!(count(&on, Operation::CreateSubaccount), 0);
    // The remedy works: its prices are looked after again.
    on.folder
        .write("prices/new.yaml", subaccounts(&[1_122_334]));
    on.folder
        .write("prices/books.yaml", BOOK.replace("218", "219"));
    let run = on.run(&["apply", "prices", "--yes"]);
    assert_eq!(run.code, 0, "{run:?}");
    assert_eq!(count(&on, Operation::SetSubaccountProducts), 1);
}

#[test]
fn i1_a_customer_that_the_service_does_not_have_any_more_is_not_planned_once_more() {
    let on = with_manifest("c20");
    assert_eq!(on.run(&["apply", "prices", "--yes"]).code, 0);
    on.sandbox.reset().unwrap();
    let run = plan(&on, "human");
    assert_eq!(run.code, 2, "{run:?}");
    let why = "it was created before, as subaccount 1122334 (entry 1), which the service does not have any more";
    assert!(run.stdout.contains(why), "{run:?}");
    // Another ledger knows of nothing.
    let run = on.run(&["plan", "prices", "--ledger", "other"]);
    assert_eq!(run.code, 1, "{run:?}");
}

#[test]
fn a_subaccount_without_a_key_has_none_in_doubt() {
    let on = with_manifest("c20");
    let cut: Fault<Reset> = Fault::reset(When::After);
    let cut = cut.on(Operation::CreateSubaccount).nth(1);
    on.sandbox.faults().add(cut).unwrap();
    assert_eq!(on.run(&["apply", "prices", "--yes"]).code, 4);
    let json = plan(&on, "json").json();
    assert_eq!(json["summary"]["changed"], 1, "{json}");
    assert_eq!(json["keys_in_doubt"], Value::Null);
    assert_eq!(json["under_way"], Value::Null);
}

#[cfg(unix)]
#[test]
fn a_creation_under_way_is_said_to_be_and_nobody_is_told_to_settle_it() {
    for kind in ["retail", "managed"] {
        let on = with_manifest("c20");
        let key = if kind == "managed" {
            "    key_out: new.key\n"
        } else {
            ""
        };
        let manifest = manifest("c20").replace("retail", kind) + key;
        on.folder.write("prices/new.yaml", manifest);
        let (play, is_there, let_go) = hold();
        let service = InBetween::before(on.sandbox.origin(), play);
        let apply = on
            .program_past(&service, &["apply", "prices", "--yes"])
            .spawn();
        wait_for(&is_there);
        let beside = |format: &str| {
            let arguments = ["plan", "prices", "--format", format];
            run(&mut on.program_past(&service, &arguments))
        };
        let human = beside("human").stdout;
        let line = "\nUnder way\n  prices/new.yaml:3: New Example (c20) is there as subaccount 1122334, and its \
                    creation is still under way (entry 1)";
        assert!(human.contains(line), "{human}");
        assert!(!human.contains("Keys in doubt"), "{human}");
        assert!(!human.contains("settle"), "{human}");
        assert!(beside("markdown").stdout.contains("#### Under way\n"));
        assert_eq!(beside("json").json()["under_way"][0]["entry"], 1);
        let_go.send(()).unwrap();
        let ended = Run::of(apply.unwrap().wait_with_output().unwrap());
        assert_eq!(ended.code, 0, "{ended:?}");
        assert_eq!(beside("json").json()["under_way"], Value::Null);
    }
}

/// Two subaccounts of one organization are told apart by nothing else.
#[test]
fn a_change_names_the_subaccount_within_its_organization() {
    let on = with_manifest("north");
    assert_eq!(on.run(&["apply", "prices", "--yes"]).code, 0);
    on.folder
        .write("prices/books.yaml", BOOK.replace("218", "219"));
    let title = "Subaccount 1122334, New Example (north)";
    let human = plan(&on, "human").stdout;
    assert!(
        human.contains(&format!("\n{title}, price book partners")),
        "{human}"
    );
    let markdown = plan(&on, "markdown").stdout;
    assert!(
        markdown.contains(&format!("<summary>{title}: ")),
        "{markdown}"
    );
    let json = plan(&on, "json").json();
    assert_eq!(json["changes"][0]["child_name"], "north");
    let run = on.run(&["apply", "prices", "--yes"]);
    assert!(
        run.stdout
            .contains("ubaccount 1122334, New Example (north)"),
        "{run:?}"
    );
}
