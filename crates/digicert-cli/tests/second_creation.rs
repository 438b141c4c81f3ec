//! Nobody creates a second subaccount because the first one is listed, named or written otherwise than
//! it was asked for.

use digicert_sandbox::Operation;
use serde_json::{Value, json};

use crate::apply::results;
use crate::create::{retail, with_document};
use crate::in_between::{InBetween, Play};
use crate::on_sandbox::OnSandbox;
use crate::program::{Run, run};

const ACME: &str = "Example Company, LLC";

/// Creates once more, with a ledger that knows of nothing, past somebody in between.
fn again(on: &OnSandbox, service: &InBetween, arguments: &[&str]) -> Run {
    const CREATE: [&str; 5] = ["subaccount", "create", "-f", "acme.yaml", "--yes"];
    const MORE: [&str; 4] = ["--format", "json", "--ledger", "new/ledger"];
    let _ = std::fs::remove_dir_all(on.folder.path().join("new"));
    run(&mut on.program_past(service, &[&CREATE[..], &MORE[..], arguments].concat()))
}

#[track_caller]
fn is_refused(on: &OnSandbox, run: &Run, message: &str) {
    assert_eq!((run.code, on.count()), (5, 1), "{run:?}");
    assert!(run.stderr.contains(message), "{run:?}");
}

/// A sandbox that has one of the organization, with nothing but its name.
fn with_one() -> (OnSandbox, InBetween) {
    let on = with_document(&retail());
    on.subaccount(ACME);
    let service = InBetween::before(on.sandbox.origin(), Play::Pass);
    (on, service)
}

#[test]
fn i1_blanks_around_a_name_make_no_second_subaccount() {
    let (on, service) = with_one();
    for name in [
        "'Example Company, LLC '",
        "' example company, llc'",
        "\"Example Company, LLC\\u00a0\"",
    ] {
        on.folder.write("acme.yaml", retail().replace(ACME, name));
        let run = again(&on, &service, &[]);
        is_refused(
            &on,
            &run,
            "has a subaccount of this organization and child_name already (1122334",
        );
    }
}

/// The service gives what was created without a name that of its organization.
fn named_by_organization(body: &str) -> String {
    named(body, ACME)
}

fn named_west(body: &str) -> String {
    named(body, "West")
}

fn named(body: &str, child_name: &str) -> String {
    let mut details: Value = serde_json::from_str(body).unwrap();
    details["child_name"] = child_name.into();
    details.to_string()
}

fn manifests(on: &OnSandbox, more: &[Value]) {
    let create: Value = serde_json::to_value(crate::on_sandbox::request(
        ACME,
        digicert_client::types::certcentral::SubaccountType::Retail,
    ))
    .unwrap();
    let mut subaccounts = vec![json!({ "create": create })];
    for one in more {
        let mut one = one.clone();
        if let Some(names) = one.get("create").cloned() {
            let mut merged = create.clone();
            for (name, value) in names.as_object().unwrap() {
                merged[name] = value.clone();
            }
            one = json!({ "create": merged });
        }
        subaccounts.push(one);
    }
    let book = json!({"products": [{"product_name_id": "ssl_plus"}]});
    let manifest = json!({"format_version": 1, "price_books": {"all": book},
                          "subaccounts": subaccounts});
    on.folder.write("prices/acme.json", manifest.to_string());
}

fn summary(on: &OnSandbox, service: &InBetween) -> (Value, Value, Value) {
    let plan = [
        "plan",
        "prices",
        "--format",
        "json",
        "--ledger",
        "new/ledger",
    ];
    let plan = run(&mut on.program_past(service, &plan));
    let json = plan.json();
    assert!(json["summary"]["complete"] == true, "{plan:?}");
    let summary = &json["summary"];
    let messages = json["failures"].clone();
    (
        summary["created"].clone(),
        summary["clashes"].clone(),
        messages,
    )
}

#[test]
fn i1_one_that_is_named_like_its_organization_has_no_name() {
    let (on, service) = with_one();
    service.play(Play::Subaccounts(named_by_organization));
    let run = again(&on, &service, &[]);
    is_refused(
        &on,
        &run,
        "child_name already (1122334, of the type retail)",
    );
    manifests(&on, &[]);
    assert_eq!(summary(&on, &service), (0.into(), 0.into(), json!([])));
}

#[test]
fn i1_what_a_creation_without_a_name_cannot_be_told_from_is_taken_for_it() {
    let (on, service) = with_one();
    service.play(Play::Subaccounts(named_west));
    let refused = again(&on, &service, &[]);
    is_refused(&on, &refused, "has no child_name to be told from them by");
    assert!(
        refused.stderr.ends_with("or say `--allow-nameless`\n"),
        "{refused:?}"
    );
    let json = refused.json();
    assert_eq!(
        (&json["result"], &json["subaccount_ids"]),
        (&"exists".into(), &json!([1_122_334]))
    );
    manifests(&on, &[]);
    let (created, clashes, failures) = summary(&on, &service);
    assert_eq!((created, clashes), (0.into(), 1.into()));
    assert!(
        failures
            .to_string()
            .contains("write its `id` instead of `create`"),
        "{failures}"
    );
    // Whoever looks after it says that it is another one.
    for claim in [
        json!({"id": 1_122_334, "price_book": "all"}),
        json!({"create": {"child_name": "west"}}),
    ] {
        manifests(&on, &[claim]);
        assert_eq!(summary(&on, &service), (1.into(), 0.into(), json!([])));
    }
    // Those that have names of their own are nobody's business.
    for (name, code) in [("North", 0), ("West", 5)] {
        on.folder
            .write("acme.yaml", format!("child_name: {name}\n{}", retail()));
        let run = again(&on, &service, &[]);
        assert_eq!(run.code, code, "{run:?}");
    }
    on.folder.write("acme.yaml", retail());
    let allowed = again(&on, &service, &["--allow-nameless"]);
    assert_eq!((allowed.code, on.count()), (0, 3), "{allowed:?}");
}

#[test]
fn i1_a_subaccount_that_the_ledger_knows_as_another_one_is_no_obstacle() {
    let on = with_document(&format!("child_name: West\n{}", retail()));
    let service = InBetween::before(on.sandbox.origin(), Play::Pass);
    let create = ["subaccount", "create", "-f", "acme.yaml", "--yes"];
    assert_eq!(run(&mut on.program_past(&service, &create)).code, 0);
    // Its name is not what was asked for.
    service.play(Play::Subaccounts(named_east));
    manifests(&on, &[]);
    let plan = ["plan", "prices", "--format", "json"];
    let json = run(&mut on.program_past(&service, &plan)).json();
    assert_eq!(json["summary"]["created"], 1, "{json}");
    assert_eq!(summary(&on, &service).1, 1, "another ledger does not know");
    let applied = ["apply", "prices", "--yes"];
    let applied = run(&mut on.program_past(&service, &applied));
    assert_eq!((applied.code, on.count()), (0, 2), "{applied:?}");
}

fn named_east(body: &str) -> String {
    named(body, "East")
}

fn without_its_elements(body: &str) -> String {
    let mut list: Value = serde_json::from_str(body).unwrap();
    list["subaccounts"] = json!([]);
    list.to_string()
}

fn with_the_number_of_the_page(body: &str) -> String {
    let mut list: Value = serde_json::from_str(body).unwrap();
    let length = list["subaccounts"].as_array().unwrap().len();
    list["page"]["total"] = length.into();
    list.to_string()
}

#[test]
fn i1_a_list_that_is_shorter_than_it_says_is_not_all_there_is() {
    let (on, service) = with_one();
    service.play(Play::Lists(without_its_elements));
    let run = again(&on, &service, &[]);
    is_refused(&on, &run, "than it lists");
    let created = on.sandbox.requests().of(Operation::CreateSubaccount);
    assert_eq!(created.len(), 1, "that of the test");
    manifests(&on, &[]);
    assert_eq!(summary(&on, &service).1, 1, "a clash");
    let list = run_list(&on, &service);
    assert_eq!(list.code, 2, "{list:?}");
    assert!(
        list.stderr
            .contains("says that it has more subaccounts than it lists"),
        "{list:?}"
    );
}

fn under_another_name(body: &str) -> String {
    body.replace("\"subaccounts\":", "\"accounts\":")
        .replace("\"total\":1", "\"total\":0")
}

#[test]
fn i1_an_answer_without_a_list_is_not_an_empty_list() {
    let (on, service) = with_one();
    for body_of in [
        under_another_name,
        (|_| "{}".to_owned()) as fn(&str) -> String,
    ] {
        service.play(Play::Lists(body_of));
        let run = again(&on, &service, &[]);
        is_refused(&on, &run, "has no list of subaccounts in it");
        assert!(
            run.stderr
                .ends_with("`--another` creates it all the same\n"),
            "{run:?}"
        );
        manifests(&on, &[]);
        assert_eq!(summary(&on, &service).1, 1, "a clash");
        assert_eq!(run_list(&on, &service).code, 2);
    }
    let another = again(&on, &service, &["--another"]);
    assert_eq!((another.code, on.count()), (0, 2), "{another:?}");
}

fn run_list(on: &OnSandbox, service: &InBetween) -> Run {
    run(&mut on.program_past(service, &["subaccount", "list"]))
}

#[test]
fn i1_a_number_of_all_that_is_that_of_a_page_ends_no_list() {
    let on = with_document(&format!("child_name: two\n{}", retail()));
    for name in ["one", "two", "three"] {
        let mut request = crate::on_sandbox::request(
            ACME,
            digicert_client::types::certcentral::SubaccountType::Retail,
        );
        request.child_name = Some(name.to_owned());
        on.block_on(on.client().create_subaccount(&request))
            .unwrap();
    }
    let service = InBetween::before(
        on.sandbox.origin(),
        Play::Lists(with_the_number_of_the_page),
    );
    let run = again(&on, &service, &[]);
    assert_eq!((run.code, on.count()), (5, 3), "{run:?}");
    assert!(
        run.stderr.contains("child_name already (1122335"),
        "{run:?}"
    );
}

/// The account of the key is another one, and everything else the same.
fn of_another_account(body: &str) -> String {
    body.replace("\"id\":1122331,", "\"id\":1122999,")
}

#[test]
fn what_the_ledger_has_of_another_account_is_not_taken_for_the_own() {
    let on = with_document(&retail());
    let service = InBetween::before(on.sandbox.origin(), Play::Pass);
    let digicert = |arguments: &[&str]| run(&mut on.program_past(&service, arguments));
    manifests(&on, &[]);
    let apply = ["apply", "prices", "--yes", "--format", "json"];
    assert_eq!(results(&digicert(&apply)), ["done"]);
    assert_eq!(on.count(), 1);
    // Another profile: the service at the same address, without what the first account has.
    on.sandbox.reset().unwrap();
    service.play(Play::Reads(of_another_account));
    assert_eq!(results(&digicert(&apply)), ["done"]);
    assert_eq!(on.count(), 1);
    let create = ["subaccount", "create", "-f", "acme.yaml", "--yes"];
    on.sandbox.reset().unwrap();
    assert_eq!(digicert(&create).code, 0);
    on.sandbox.reset().unwrap();
    let again = digicert(&create);
    assert!(
        again.code == 5 && again.stderr.contains("has been used already"),
        "{again:?}"
    );
    service.play(Play::Pass);
    assert_eq!(digicert(&create).code, 0);
    assert_eq!(on.count(), 1);
}
