//! `digicert plan` tells what a subaccount that is there has otherwise than the `create` that it came
//! from, and makes neither a change nor a failure of it.

use digicert_client::types::certcentral::SubaccountType;
use digicert_sandbox::Operation;
use serde_json::json;

use crate::apply::count;
use crate::on_sandbox::{OnSandbox, request, settled};
use crate::plan::{BOOK, CREATE, LIVE};

/// Its subaccount is there and has what the book says; its `create` is this one.
fn created_as(create: &str) -> (OnSandbox, i64) {
    let on = OnSandbox::new();
    let managed = request("New Example", SubaccountType::Managed);
    let created = on.client();
    let created = on.block_on(created.create_subaccount(&managed)).unwrap();
    let id = created.id.unwrap();
    on.set_products(id, LIVE);
    on.folder.write("prices/books.yaml", BOOK);
    let manifest = format!(
        "format_version: 1\nsubaccounts:\n  - create:\n{create}    key_out: new.key\n    \
         price_book: partners\n"
    );
    on.folder.write("prices/new.yaml", manifest);
    (on, id)
}

/// Everything that can be told apart is another one in the file.
fn edited() -> String {
    CREATE
        .replace("bill_parent: true", "bill_parent: false")
        .replace("email: rita@", "job_title: Boss, email: other@")
        .replace("1 Example Street", "2 Other | Road")
        .replace("Toledo, state: OH", "Lehi, state: UT")
        + "      enforce_bill_parent: true\n"
}

#[test]
fn a_field_of_a_creation_that_was_edited_later_is_told_with_both_values() {
    let (on, _) = created_as(&edited());
    let run = on.run(&["plan", "prices"]);
    assert_eq!((run.code, run.stderr.as_str()), (0, ""), "{run:?}");
    insta::assert_snapshot!("drift_for_people", settled(&run.stdout));
    let run = on.run(&["plan", "prices", "--format", "markdown"]);
    assert_eq!((run.code, run.stderr.as_str()), (0, ""), "{run:?}");
    insta::assert_snapshot!("drift_for_a_pull_request", on.without_port(&run.stdout));
}

#[test]
fn programs_get_it_with_its_place_and_it_counts_as_nothing() {
    let (on, id) = created_as(&edited());
    let run = on.run(&["plan", "prices", "--format", "json", "--out", "plan.json"]);
    assert_eq!(run.code, 0, "{run:?}");
    let plan = run.json();
    let drift = plan["drift"].as_array().unwrap();
    let payer = json!({
        "at": {"path": "prices/new.yaml", "line": 5, "column": 20},
        "name": "New Example", "subaccount_id": id, "field": "bill_parent",
        "severity": "warning", "live": true, "in_file": false,
        "matters": "it decides who pays, and whether currency and prices hold",
        "help": "digicert cannot change it: change it in CertCentral, or in the file"});
    assert_eq!(drift[0], payer);
    let address = drift
        .iter()
        .find(|one| one["field"] == "organization.address");
    assert_eq!(address.unwrap()["live"], "1 Example Street");
    let email = drift
        .iter()
        .find(|one| one["field"] == "user.email")
        .unwrap();
    assert!(
        email.get("live").is_none() && email.get("in_file").is_none(),
        "{email}"
    );
    let summary = &plan["summary"];
    for count in ["changed", "created", "failed", "clashes"] {
        assert_eq!(summary[count], 0, "{summary}");
    }
    assert_eq!(
        (&summary["unchanged"], &plan["refusals"]),
        (&json!(1), &json!([]))
    );
    // The plan can be read back, and there is nothing to do.
    let run = on.run(&["apply", "plan.json", "--yes"]);
    assert_eq!(run.code, 0, "{run:?}");
    assert_eq!(count(&on, Operation::CreateSubaccount), 1);
}

#[test]
fn nothing_about_the_administrator_is_shown() {
    let (on, _) = created_as(&edited());
    for format in ["human", "markdown", "json"] {
        let run = on.run(&["plan", "prices", "--format", format]);
        assert!(
            run.stdout.replace("&#46;", ".").contains("user.email"),
            "{run:?}"
        );
        for person in ["rita@", "other@"] {
            assert!(!run.stdout.contains(person), "{run:?}");
        }
    }
}

#[test]
fn it_takes_no_request_that_a_plan_without_it_does_not_make() {
    let requests = [CREATE.to_owned(), edited()].map(|create| {
        let (on, _) = created_as(&create);
        let run = on.run(&["plan", "prices"]);
        assert_eq!(run.code, 0, "{run:?}");
        assert_eq!(
            run.stdout.contains("Otherwise than in `create`"),
            create != CREATE
        );
        let operations = [
            Operation::GetAccount,
            Operation::ListSubaccounts,
            Operation::GetSubaccount,
            Operation::ListSubaccountProducts,
        ];
        operations.map(|operation| count(&on, operation))
    });
    // A list of an organization is over when a page is empty.
    assert_eq!(requests, [[1, 2, 1, 1]; 2]);
}

#[test]
fn apply_shows_it_as_well_and_sets_the_prices_all_the_same() {
    let (on, id) = created_as(&CREATE.replace("43604", "84043"));
    on.set_products(id, &LIVE.replace("218.00", "200.00"));
    let run = on.run(&["apply", "prices", "--yes"]);
    assert_eq!(run.code, 0, "{run:?}");
    let told = "organization.zip is \"43604\", and \"84043\" in the file";
    assert!(run.stdout.contains(told), "{run:?}");
    assert_eq!(on.run(&["plan", "prices"]).code, 0);
}
