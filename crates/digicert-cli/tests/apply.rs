//! `digicert apply`: it does what the plan shows, once, and says what happened, on a sandbox.

use std::fs;
use std::sync::mpsc::channel;
use std::time::Duration;

use digicert_client::types::certcentral::SubaccountType;
use digicert_sandbox::{Fault, LoggedRequest, Operation, Reset, Sandbox, Status, When};
use serde_json::Value;
use sha2::{Digest as _, Sha256};

use crate::in_between::{InBetween, Play};
use crate::on_sandbox::{OnSandbox, request, settled};
use crate::plan::{BOOK, CREATE, LIVE, subaccount, subaccounts, with_subaccounts};
use crate::program::Run;

/// Other prices than those of the book.
pub(crate) const OTHER: &str = r#"{"currency": "USD", "products": [
    {"product_name_id": "ssl_plus", "prices": [{"lifetime": 1, "cost": 200}]},
    {"product_name_id": "code_signing", "prices": [{"lifetime": 1, "cost": 474}]}]}"#;

/// A product more than the book has.
const MORE: &str = r#"{"currency": "USD", "products": [
    {"product_name_id": "ssl_plus", "prices": [{"lifetime": 1, "cost": 218}]},
    {"product_name_id": "ssl_wildcard", "prices": [{"lifetime": 1, "cost": 700}]},
    {"product_name_id": "code_signing", "prices": [{"lifetime": 1, "cost": 474}]}]}"#;

pub(crate) fn planned(on: &OnSandbox) {
    let run = on.run(&["plan", "prices", "--out", "plan.json"]);
    assert_eq!(run.code, 1, "{run:?}");
    on.sandbox.clear_requests();
}

fn apply(on: &OnSandbox, options: &[&str]) -> Run {
    on.run(&[&["apply", "plan.json", "--yes"], options].concat())
}

fn cost(on: &OnSandbox, id: i64, product: &str) -> Option<String> {
    let client = on.client();
    let live = on.block_on(client.list_subaccount_products(id)).unwrap();
    let mut products = live.products.iter().flatten();
    let product = products.find(|found| found.product_name_id.as_deref() == Some(product))?;
    Some(product.prices.as_ref()?.first()?.cost?.to_string())
}

/// How many requests of an operation the sandbox has got.
pub(crate) fn count(on: &OnSandbox, operation: Operation) -> usize {
    let requests = on.sandbox.requests();
    requests
        .iter()
        .filter(|request| request.operation() == Some(operation))
        .count()
}

/// The results of the items of a report in JSON.
pub(crate) fn results(run: &Run) -> Vec<String> {
    let json = run.json();
    let items = json["items"].as_array().unwrap().iter();
    items
        .map(|item| item["result"].as_str().unwrap().to_owned())
        .collect()
}

#[test]
fn what_was_planned_is_done_and_not_done_again() {
    let (on, ids) = with_subaccounts(3);
    on.set_products(ids[0], OTHER);
    on.set_products(ids[2], OTHER);
    planned(&on);
    let run = apply(&on, &[]);
    assert_eq!((run.code, run.stderr.as_str()), (0, ""));
    let folder = on.folder.path().to_str().unwrap();
    insta::assert_snapshot!(settled(&run.stdout.replace(folder, "FOLDER")));
    for id in &ids {
        assert_eq!(cost(&on, *id, "ssl_plus").as_deref(), Some("218"));
    }
    assert_eq!(count(&on, Operation::SetSubaccountProducts), 2);

    on.sandbox.clear_requests();
    let again = apply(&on, &["--format", "json"]);
    assert_eq!(again.code, 0, "{again:?}");
    assert_eq!(results(&again), ["done-before", "done-before"]);
    assert_eq!(count(&on, Operation::SetSubaccountProducts), 0);
}

#[test]
fn i8_what_somebody_has_undone_is_not_taken_for_done() {
    let (on, ids) = with_subaccounts(2);
    on.set_products(ids[0], OTHER);
    on.set_products(ids[1], OTHER);
    planned(&on);
    assert_eq!(results(&apply(&on, &["--format", "json"])), ["done"; 2]);
    // One is as the plan has seen it again, the other is something else.
    on.set_products(ids[0], OTHER);
    on.set_products(ids[1], MORE);
    let again = apply(&on, &["--format", "json"]);
    assert_eq!(results(&again), ["done", "stale"], "{again:?}");
    assert_eq!(again.code, 5);
    assert_eq!(cost(&on, ids[0], "ssl_plus").as_deref(), Some("218"));
    assert_eq!(cost(&on, ids[1], "ssl_wildcard").as_deref(), Some("700"));
}

#[test]
fn a_creation_whose_id_nobody_knows_is_unknown_and_is_settled_by_saying_so() {
    let on = with_creation();
    let nameless = |answer: &str| answer.replace("\"id\":", "\"no\":");
    let service = InBetween::before(on.sandbox.origin(), Play::Replace(nameless));
    let run = |arguments: &[&str]| {
        let mut program = on.program(arguments);
        crate::program::run(program.env("DIGICERT_ORIGIN", service.origin()))
    };
    assert_eq!(run(&["plan", "prices", "--out", "plan.json"]).code, 1);
    // Nor does the new key say whose it is.
    let denied = Fault::status(403).error("access_denied", "not yet");
    let denied = denied.on(Operation::GetAccount).nth(2);
    on.sandbox.faults().add(denied).unwrap();
    let applied = run(&["apply", "plan.json", "--yes", "--format", "json"]);
    assert_eq!(results(&applied)[0], "unknown", "{applied:?}");
    assert_eq!(applied.code, 4);
    let message = applied.json()["items"][0]["message"].to_string();
    assert!(message.contains("digicert history settle 1"), "{message}");
    assert_eq!(count(&on, Operation::CreateSubaccount), 1);
    // It does by now.
    let again = run(&["apply", "plan.json", "--yes", "--format", "json"]);
    assert_eq!(again.code, 0, "{again:?}");
    assert_eq!(results(&again), ["done", "done"]);
    let key_in = again.json()["items"][0]["key_in"].to_string();
    assert!(key_in.contains("new.key"), "{key_in}");
    assert_eq!(count(&on, Operation::CreateSubaccount), 1);
}

#[test]
fn i3_a_key_that_was_lost_is_said_to_be_lost_every_time_until_it_is_there() {
    let on = with_creation();
    let nowhere = |answer: &str| answer.replace("\"api_key\"", "\"secret\" ");
    let service = InBetween::before(on.sandbox.origin(), Play::Replace(nowhere));
    let run = |arguments: &[&str]| {
        let mut program = on.program(arguments);
        crate::program::run(program.env("DIGICERT_ORIGIN", service.origin()))
    };
    assert_eq!(run(&["plan", "prices", "--out", "plan.json"]).code, 1);
    let apply = ["apply", "plan.json", "--yes", "--format", "json"];
    for _ in 0..2 {
        let applied = run(&apply);
        let (results, json) = (results(&applied), applied.json());
        assert_eq!(
            (applied.code, &results[..]),
            (4, &["unknown".to_owned(), "left".into()][..])
        );
        let [creation, link] = [0, 1].map(|item| json["items"][item].clone());
        assert!(creation["key_in"].is_null(), "{creation}");
        let message = creation["message"].to_string();
        assert!(
            message.contains("no key was found in the answer"),
            "{message}"
        );
        let message = link["message"].to_string();
        assert!(
            message.contains("is created, but its key is not in"),
            "{message}"
        );
        let message = json["message"].to_string();
        assert!(!message.contains("The same command again"), "{message}");
    }
    assert_eq!(count(&on, Operation::CreateSubaccount), 1);

    // Somebody finds it in the answer, and puts it where it was to go.
    let rescued = "home/.local/state/digicert/rescued/digicert-subaccount-1122334.answer";
    let answer = fs::read_to_string(on.folder.path().join(rescued)).unwrap();
    let (_, key) = answer.split_once("\"secret\" :\"").unwrap();
    let file = on
        .folder
        .write("prices/new.key", key.split('"').next().unwrap());
    crate::on_sandbox::for_the_owner_alone(&file);
    let found = run(&apply);
    assert_eq!(
        (found.code, &results(&found)[..]),
        (0, &["done-before".to_owned(), "done".into()][..])
    );
    assert!(!found.json()["items"][0]["key_in"].is_null(), "{found:?}");
}

#[test]
fn what_was_created_is_never_said_to_be_refused_or_not_sent_because_of_its_products() {
    let refused: Fault<Status> = Fault::status(404).error("not_found", "not yet");
    for (is_refused, is_advised) in [(true, false), (false, true)] {
        let on = with_creation();
        planned(&on);
        let former_states = "home/.local/state/digicert/former-states";
        if is_refused {
            let refused = refused.clone().on(Operation::GetSubaccount).nth(1);
            on.sandbox.faults().add(refused).unwrap();
        } else {
            // A file where the folder would have to be.
            on.folder.write(former_states, "");
        }
        let run = apply(&on, &["--format", "json"]);
        assert_eq!(
            (run.code, &results(&run)[..]),
            (1, &["partly-done".to_owned(), "done".into()][..]),
            "{run:?}"
        );
        let json = run.json();
        let item = &json["items"][0];
        assert!(!item["key_in"].is_null(), "{item}");
        let message = item["message"].to_string();
        assert!(
            message.contains("it was created, but its products are not set: "),
            "{message}"
        );
        let hint = "Once that is put right, the same command does the rest";
        assert_eq!(
            json["message"].to_string().contains(hint),
            is_advised,
            "{json}"
        );
        if is_advised {
            fs::remove_file(on.folder.path().join(former_states)).unwrap();
        }
        assert_eq!(apply(&on, &[]).code, 0);
        assert_eq!(count(&on, Operation::CreateSubaccount), 1);
    }
}

#[test]
fn a_creation_has_the_entry_of_its_products_too() {
    let on = with_creation();
    planned(&on);
    let json = apply(&on, &["--format", "json"]).json();
    let item = &json["items"][0];
    assert_eq!(
        (&item["entry"], &item["products_entry"]),
        (&1.into(), &2.into())
    );
}

#[test]
fn i8_a_currency_that_the_plan_does_not_show_needs_a_new_plan_once_the_subaccount_is_there() {
    let on = with_creation();
    on.folder
        .write("prices/books.yaml", BOOK.replace("USD", "EUR"));
    planned(&on);
    let refuse: Fault<Status> = Fault::status(400).error("invalid_value", "not now");
    on.sandbox
        .faults()
        .add(refuse.on(Operation::SetSubaccountProducts).nth(1))
        .unwrap();
    let run = apply(&on, &["--format", "json"]);
    assert_eq!(results(&run)[0], "partly-done", "{run:?}");
    let id = run.json()["items"][0]["subaccount_id"].as_i64().unwrap();
    let again = apply(&on, &["--format", "json"]);
    assert_eq!((results(&again)[0].as_str(), again.code), ("stale", 5));
    assert!(
        again.stdout.contains("--allow-currency-change"),
        "{again:?}"
    );
    assert_eq!(cost(&on, id, "ssl_plus"), None);
    let plan = on.run(&["plan", "prices", "--out", "plan.json"]);
    assert_eq!(plan.code, 1, "{plan:?}");
    let run = apply(&on, &["--allow-currency-change", "--format", "json"]);
    assert_eq!(results(&run)[0], "done", "{run:?}");
}

#[test]
fn options_that_would_not_hold_are_refused() {
    let (on, ids) = with_subaccounts(1);
    on.set_products(ids[0], OTHER);
    planned(&on);
    let run = apply(&on, &["--max-disabled", "0"]);
    assert_eq!(run.code, 2, "{run:?}");
    assert!(run.stderr.contains("thresholds of its own"), "{run:?}");
    let run = on.run(&["apply", "prices", "--manifests", "prices", "--yes"]);
    assert_eq!(run.code, 2, "{run:?}");
    assert!(run.stderr.contains("--manifests"), "{run:?}");
    assert_eq!(count(&on, Operation::SetSubaccountProducts), 0);
}

#[test]
fn the_same_command_is_advised_only_if_it_does_something() {
    const HINT: &str = "The same command again does the rest";
    let (on, ids) = with_subaccounts(1);
    on.set_products(ids[0], OTHER);
    on.folder
        .write("prices/subaccounts.yaml", subaccounts(&[ids[0], 99]));
    assert_eq!(on.run(&["plan", "prices", "--out", "plan.json"]).code, 3);
    on.set_products(ids[0], MORE);
    let run = apply(&on, &[]);
    assert!(run.stdout.contains("1 refused as stale"), "{run:?}");
    assert!(run.stdout.contains("not planned"), "{run:?}");
    assert!(!run.stdout.contains(HINT), "{run:?}");

    let on = with_creation();
    planned(&on);
    let cut: Fault<Reset> = Fault::reset(When::After);
    on.sandbox
        .faults()
        .add(cut.on(Operation::CreateSubaccount))
        .unwrap();
    // Of the creation nobody knows what became of it, and the link waits for it.
    let run = apply(&on, &[]);
    assert!(run.stdout.contains("1 left to do"), "{run:?}");
    assert!(!run.stdout.contains(HINT), "{run:?}");
    let again = apply(&on, &[]);
    assert!(again.stdout.contains("1 left to do"), "{again:?}");
}

#[test]
fn the_same_command_is_advised_for_later_if_something_has_to_be_put_right_before() {
    const HINT: &str = "The same command again does the rest";
    const LATER: &str = "Once that is put right, the same command does the rest";
    let on = with_creation();
    planned(&on);
    let key = fs::read(on.folder.path().join("partner.key")).unwrap();
    fs::remove_file(on.folder.path().join("partner.key")).unwrap();
    let run = apply(&on, &["--format", "json"]);
    assert_eq!(results(&run), ["done", "not-sent"], "{run:?}");
    let said = run.json()["message"].to_string();
    assert!(said.contains(LATER) && !said.contains(HINT), "{said}");
    let partner = on.folder.write("partner.key", key);
    crate::on_sandbox::for_the_owner_alone(&partner);
    let run = apply(&on, &["--format", "json"]);
    assert_eq!(results(&run), ["done-before", "done"], "{run:?}");
}

#[test]
fn where_the_reason_to_stop_remains_the_same_command_is_not_advised_at_once() {
    const HINT: &str = "The same command again does the rest";
    let denied = |operation| {
        Fault::status(403)
            .error("access_denied", "the key was revoked")
            .on(operation)
    };
    let pause = Fault::status(429).retry_after(7200);
    let (first, account) = (Operation::ListSubaccountProducts, Operation::GetAccount);
    for (faults, why, says) in [
        (
            vec![denied(first).nth(1), denied(account).nth(2)],
            "the key does not work any more.",
            "Once that is put right, the same command does the rest, and nothing twice.",
        ),
        (
            vec![pause.on(first)],
            "the service wants no more requests before ",
            "; the same command after that does the rest.",
        ),
    ] {
        let (on, ids) = with_subaccounts(2);
        for id in &ids {
            on.set_products(*id, OTHER);
        }
        planned(&on);
        for fault in faults {
            on.sandbox.faults().add(fault).unwrap();
        }
        let run = apply(&on, &["--format", "json"]);
        assert_eq!(results(&run), ["refused", "left"], "{run:?}");
        let json = run.json();
        let said = json["message"].as_str().unwrap();
        assert!(
            said.contains(&format!("It was not finished: {why}")),
            "{said}"
        );
        assert!(said.ends_with(says) && !said.contains(HINT), "{said}");
    }
}

#[test]
fn that_the_account_cannot_be_read_is_not_said_to_be_the_key() {
    let (on, ids) = with_subaccounts(2);
    for id in &ids {
        on.set_products(*id, OTHER);
    }
    let denied = Fault::status(403).error("access_denied", "not this one");
    let denied = denied.on(Operation::ListSubaccountProducts).nth(1);
    let down = || Fault::status(500).on(Operation::GetAccount).nth(2).times(4);
    on.sandbox.faults().add(denied.clone()).unwrap();
    let fault = on.sandbox.faults().add(down()).unwrap();
    let run = on.run(&["plan", "prices"]);
    assert_eq!(run.code, 3, "{run:?}");
    assert!(run.stdout.contains("1 subaccount to change"), "{run:?}");
    on.sandbox.faults().remove(fault);

    planned(&on);
    on.sandbox.faults().clear();
    on.sandbox.faults().add(denied).unwrap();
    on.sandbox.faults().add(down()).unwrap();
    let run = apply(&on, &["--format", "json"]);
    assert_eq!(results(&run), ["refused", "done"], "{run:?}");
    assert_eq!(run.json()["stopped"], Value::Null);
}

/// `ssl_plus` in the price book without prices: DigiCert's hold, which nobody here knows.
fn with_prices_left_to_digicert() -> (OnSandbox, i64) {
    let (on, ids) = with_subaccounts(1);
    let open = BOOK.replacen("\n        prices: [{lifetime: 1, cost: 218}]", "", 1);
    on.folder.write("prices/books.yaml", open);
    planned(&on);
    (on, ids[0])
}

#[test]
fn i8_a_lost_request_is_not_done_because_its_prices_are_left_to_digicert() {
    let (on, id) = with_prices_left_to_digicert();
    let lost: Fault<Reset> = Fault::reset(When::Before);
    let lost = on
        .sandbox
        .faults()
        .add(lost.on(Operation::SetSubaccountProducts))
        .unwrap();
    let run = apply(&on, &["--allow-price-jump", "--format", "json"]);
    assert_eq!(results(&run), ["unknown"], "{run:?}");
    assert_eq!(run.code, 4);
    assert_eq!(cost(&on, id, "ssl_plus").as_deref(), Some("218"));

    // Nor is it once the request has an entry in the ledger.
    on.sandbox.faults().remove(lost);
    let run = apply(&on, &["--allow-price-jump", "--format", "json"]);
    assert_eq!((results(&run), run.code), (vec!["done".to_owned()], 0));
    assert_ne!(cost(&on, id, "ssl_plus").as_deref(), Some("218"));
    let run = apply(&on, &["--allow-price-jump", "--format", "json"]);
    assert_eq!(
        (results(&run), run.code),
        (vec!["done-before".to_owned()], 0)
    );
}

#[test]
fn i8_products_that_were_taken_away_after_the_creation_are_given_again() {
    let on = with_creation();
    planned(&on);
    let run = apply(&on, &["--format", "json"]);
    let id = run.json()["items"][0]["subaccount_id"].as_i64().unwrap();
    on.set_products(id, r#"{"products": []}"#);
    let again = apply(&on, &["--format", "json"]);
    assert_eq!((results(&again)[0].as_str(), again.code), ("done", 0));
    assert_eq!(cost(&on, id, "code_signing").as_deref(), Some("474"));
}

#[test]
fn each_change_is_in_the_ledger_and_its_former_state_restores() {
    let (on, ids) = with_subaccounts(1);
    on.set_products(ids[0], OTHER);
    planned(&on);
    let run = apply(&on, &["--format", "json"]);
    let item = &run.json()["items"][0];
    assert_eq!(item["result"], "done");
    let history = on.run(&["history", "--format", "json"]).json();
    let text = history.to_string();
    assert!(
        text.contains("set-products") && text.contains("done"),
        "{text}"
    );
    let former = item["former_state"].as_str().unwrap();
    let id = ids[0].to_string();
    let restored = on.run(&["products", "set", &id, "-f", former, "--yes"]);
    assert_eq!(restored.code, 0, "{restored:?}");
    assert_eq!(cost(&on, ids[0], "ssl_plus").as_deref(), Some("200"));
}

#[test]
fn the_report_and_the_history_say_how_to_go_back() {
    let (on, ids) = with_subaccounts(2);
    on.set_products(ids[0], MORE);
    planned(&on);
    let run = apply(&on, &["--allow-disable"]);
    assert_eq!(run.code, 0, "{run:?}");
    let id = ids[0].to_string();
    let start = format!("    digicert products set {id} -f ");
    let commands = |text: &str| {
        let mut lines = text.lines().filter(|line| line.starts_with(&start));
        (
            lines.next().map(|line| line.trim().to_owned()),
            lines.count(),
        )
    };
    let (Some(restore), 0) = commands(&run.stdout) else {
        panic!("{run:?}")
    };
    let history = on.run(&["history", "--subaccount", &id]);
    for part in [
        "It was carried out.",
        "  - ssl_wildcard: not in the file, will be disabled",
        "\nThe former state is restored by\n",
    ] {
        assert!(history.stdout.contains(part), "{part}: {history:?}");
    }
    let (way_back, more) = commands(&history.stdout);
    assert!(way_back.is_some() && more == 0, "{history:?}");
    let json = on
        .run(&["history", "--subaccount", &id, "--format", "json"])
        .json();
    let entry = &json["entries"][0];
    assert!(entry["restore"].is_string(), "{entry}");
    assert_eq!(
        entry["change"]["products"][2]["product_name_id"], "ssl_wildcard",
        "{entry}"
    );

    let mut words: Vec<_> = restore.split(' ').skip(1).collect();
    words.push("--yes");
    // That of one subaccount is not set for another one.
    let other = ids[1].to_string();
    let mut mistaken: Vec<_> = words.clone();
    mistaken[2] = &other;
    let refused = on.run(&mistaken);
    assert_eq!(refused.code, 5, "{refused:?}");
    let whose = format!("is the former state of subaccount {id} (Example 0) at ");
    assert!(refused.stderr.contains(&whose), "{refused:?}");
    let restored = on.run(&words);
    assert_eq!(
        (restored.code, restored.stderr.as_str()),
        (0, ""),
        "{restore}"
    );
    assert_eq!(cost(&on, ids[0], "ssl_wildcard").as_deref(), Some("700"));
}

#[test]
fn no_way_back_is_advised_that_the_rules_would_refuse() {
    let twice = r#"{"products": [{"product_name_id": "ssl_plus", "prices": [
        {"lifetime": 1, "cost": 200}, {"lifetime": 1, "cost": 300}]}]}"#;
    let negative = r#"{"balance_negative_limit": -5, "products": [
        {"product_name_id": "ssl_plus", "prices": [{"lifetime": 1, "cost": 200}]}]}"#;
    for former in [twice, negative] {
        let (on, ids) = with_subaccounts(1);
        on.set_products(ids[0], former);
        planned(&on);
        let run = apply(&on, &["--format", "json"]);
        let item = &run.json()["items"][0];
        assert_eq!(item["result"], "done", "{run:?}");
        assert_eq!(item["restore"], Value::Null, "{item}");
        let file = item["former_state"].as_str().unwrap();
        let id = ids[0].to_string();
        let refused = on.run(&["products", "set", &id, "-f", file, "--yes"]);
        assert_eq!(refused.code, 5, "{refused:?}");
        assert!(refused.stderr.contains("1 error"), "{refused:?}");

        on.set_products(ids[0], former);
        let run = apply(&on, &[]);
        assert_eq!(run.code, 0, "{run:?}");
        assert!(!run.stdout.contains("restored by"), "{run:?}");
    }
}

#[test]
fn i8_what_is_dangerous_needs_its_word_and_yes_is_none() {
    let (on, ids) = with_subaccounts(2);
    on.set_products(ids[0], MORE);
    on.set_products(ids[1], OTHER);
    planned(&on);
    let run = apply(&on, &[]);
    assert_eq!(run.code, 5);
    assert!(
        run.stderr
            .contains("nothing was changed: this needs --allow-disable"),
        "{run:?}"
    );
    assert_eq!(count(&on, Operation::SetSubaccountProducts), 0);
    let run = apply(&on, &["--allow-disable"]);
    assert_eq!(run.code, 0, "{run:?}");
    assert_eq!(cost(&on, ids[0], "ssl_wildcard"), None);
}

#[test]
fn i8_a_stale_subaccount_is_refused_and_the_others_go_on() {
    let (on, ids) = with_subaccounts(3);
    for id in &ids {
        on.set_products(*id, OTHER);
    }
    planned(&on);
    on.set_products(ids[1], MORE);
    on.sandbox.clear_requests();
    let run = apply(&on, &["--format", "json"]);
    assert_eq!(run.code, 5, "{run:?}");
    assert_eq!(results(&run), ["done", "stale", "done"]);
    assert_eq!(cost(&on, ids[1], "ssl_wildcard").as_deref(), Some("700"));
    assert_eq!(count(&on, Operation::SetSubaccountProducts), 2);
    // Somebody else has set what is wanted: that is as good.
    on.set_products(ids[1], LIVE);
    let run = apply(&on, &["--format", "json"]);
    assert_eq!(results(&run), ["done-before"; 3]);
    assert_eq!(run.code, 0);
}

#[test]
fn a_plan_for_something_else_is_refused() {
    let (on, ids) = with_subaccounts(1);
    on.set_products(ids[0], OTHER);
    planned(&on);
    let refused = |run: Run, why: &str| {
        assert_eq!(run.code, 5, "{run:?}");
        assert!(run.stderr.contains(why), "{run:?}");
    };
    let manifest = on.folder.path().join("prices/subaccounts.yaml");
    let text = fs::read_to_string(&manifest).unwrap();
    fs::write(&manifest, format!("# A remark\n{text}")).unwrap();
    refused(
        apply(&on, &[]),
        "the manifests were changed since the plan was made",
    );
    fs::write(&manifest, text).unwrap();

    let elsewhere = OnSandbox::new();
    let mut program = on.program(&["apply", "plan.json", "--yes"]);
    program.env("DIGICERT_ORIGIN", elsewhere.sandbox.origin());
    refused(
        crate::program::run(&mut program),
        "the plan was made for http://127.0.0.1:",
    );

    let plan = on.folder.path().join("plan.json");
    let text = fs::read_to_string(&plan).unwrap();
    fs::write(&plan, text.replace("1122331", "1122332")).unwrap();
    let edited = apply(&on, &["--format", "json"]);
    assert_eq!(edited.json()["result"], "stale");
    refused(edited, "was changed after it was made");
    assert_eq!(count(&on, Operation::SetSubaccountProducts), 0);
}

#[test]
fn a_refused_plan_is_not_applied() {
    let (on, ids) = with_subaccounts(1);
    on.set_products(ids[0], OTHER);
    let run = on.run(&[
        "plan",
        "prices",
        "--out",
        "plan.json",
        "--max-subaccounts",
        "0",
    ]);
    assert_eq!(run.code, 5);
    on.sandbox.clear_requests();
    let run = apply(&on, &[]);
    assert_eq!(run.code, 5);
    insta::assert_snapshot!(run.stderr);
    assert_eq!(count(&on, Operation::SetSubaccountProducts), 0);
}

#[test]
fn manifests_are_planned_shown_and_asked_about_first() {
    let (on, ids) = with_subaccounts(1);
    on.set_products(ids[0], OTHER);
    let run = on.run(&["apply", "prices"]);
    assert_eq!(run.code, 5);
    assert!(run.stdout.contains("~ ssl_plus: repriced"), "{run:?}");
    assert!(
        run.stderr.contains("there is no terminal to ask at"),
        "{run:?}"
    );
    assert_eq!(cost(&on, ids[0], "ssl_plus").as_deref(), Some("200"));
    let run = on.run(&["apply", "prices", "--yes"]);
    assert_eq!(run.code, 0, "{run:?}");
    assert_eq!(cost(&on, ids[0], "ssl_plus").as_deref(), Some("218"));
    let run = on.run(&["apply", "prices", "--yes"]);
    assert_eq!(run.code, 0);
    let nothing = "\n\nPlan: nothing to do, 1 unchanged.\nThere is nothing to do.\n";
    assert!(run.stdout.ends_with(nothing), "{run:?}");
}

/// A subaccount to create with its key, products of a price book, and a billing link.
pub(crate) fn with_creation() -> OnSandbox {
    let on = OnSandbox::new();
    on.folder.write("prices/books.yaml", BOOK);
    let creation = format!(
        "format_version: 1\nsubaccounts:\n  - create:\n{CREATE}    key_out: new.key\n    \
         price_book: partners\nbilling_links:\n  \
         - partner_api_key_file: ../partner.key\n    api_key_file: new.key\n"
    );
    on.folder.write("prices/new.yaml", creation);
    let partner = on.folder.write("partner.key", on.partner_key());
    crate::on_sandbox::for_the_owner_alone(&partner);
    on
}

#[test]
fn a_creation_is_followed_by_its_products_and_its_link() {
    let on = with_creation();
    planned(&on);
    let run = apply(&on, &["--format", "json"]);
    assert_eq!(run.code, 0, "{run:?}");
    let json = run.json();
    assert_eq!(results(&run), ["done", "done"]);
    let id = json["items"][0]["subaccount_id"].as_i64().unwrap();
    assert_eq!(cost(&on, id, "code_signing").as_deref(), Some("474"));
    let key = fs::read_to_string(on.folder.path().join("prices/new.key")).unwrap();
    assert!(!run.stdout.contains(&key) && !run.stderr.contains(&key));
    assert_eq!(on.sandbox.billing_account_id(), Some(id));
    assert_eq!(count(&on, Operation::CreateSubaccount), 1);

    // The same plan once more, and a new one.
    let again = apply(&on, &["--format", "json"]);
    assert_eq!(again.code, 0, "{again:?}");
    assert_eq!(count(&on, Operation::CreateSubaccount), 1);
    assert_eq!(count(&on, Operation::LinkBillingAccount), 1);
    let plan = on.run(&["plan", "prices"]);
    assert_eq!(plan.code, 0, "{plan:?}");
    assert!(
        plan.stdout.ends_with("Plan: nothing to do, 1 unchanged.\n"),
        "{plan:?}"
    );
}

/// A billing link between two key files, and the key of another account than the one in them.
fn with_link() -> (OnSandbox, i64, String) {
    let on = OnSandbox::new();
    let managed = request("Other Payer", SubaccountType::Managed);
    let other = on.block_on(on.client().create_subaccount(&managed));
    let other = other.unwrap();
    for (name, key) in [
        ("partner.key", on.partner_key()),
        ("payer.key", on.certcentral_key()),
    ] {
        crate::on_sandbox::for_the_owner_alone(&on.folder.write(name, key));
    }
    on.folder.write(
        "prices/links.yaml",
        "format_version: 1\nbilling_links:\n  \
         - {partner_api_key_file: ../partner.key, api_key_file: ../payer.key}\n",
    );
    let key = other.api_key.unwrap().expose_secret().to_owned();
    (on, other.id.unwrap(), key)
}

#[test]
fn i8_a_link_is_known_by_the_account_that_pays_and_not_by_its_files() {
    let (on, other, other_key) = with_link();
    let plan = on.run(&["plan", "prices", "--out", "plan.json"]);
    assert!(plan.stdout.contains("; account 1122331"), "{plan:?}");
    let run = apply(&on, &["--format", "json"]);
    assert_eq!((results(&run), run.code), (vec!["done".to_owned()], 0));
    let message = run.json()["items"][0]["message"].to_string();
    assert!(message.contains("account 1122331"), "{message}");
    assert_eq!(on.sandbox.billing_account_id(), Some(1_122_331));
    let plan = on.run(&["plan", "prices"]);
    assert_eq!(plan.code, 0, "{plan:?}");
    assert!(plan.stdout.contains("linked before (entry 1)"), "{plan:?}");
    assert_eq!(results(&apply(&on, &["--format", "json"])), ["done-before"]);
    assert_eq!(count(&on, Operation::LinkBillingAccount), 1);

    // Another key in the same file.
    on.folder.write("payer.key", &other_key);
    let stale = apply(&on, &["--format", "json"]);
    assert_eq!((results(&stale), stale.code), (vec!["stale".to_owned()], 5));
    planned(&on);
    assert_eq!(results(&apply(&on, &["--format", "json"])), ["done"]);
    assert_eq!(on.sandbox.billing_account_id(), Some(other));
    let history = on.run(&["history", "--format", "json"]).json();
    let accounts = [0, 1].map(|entry| &history["entries"][entry]["detail"]["paying_account"]);
    assert_eq!(
        accounts.map(Value::as_i64).iter().flatten().sum::<i64>(),
        1_122_331 + other
    );

    // The first one again: what was linked from it is no longer in force.
    on.folder.write("payer.key", on.certcentral_key());
    planned(&on);
    assert_eq!(results(&apply(&on, &["--format", "json"])), ["done"]);
    assert_eq!(on.sandbox.billing_account_id(), Some(1_122_331));
}

#[test]
fn i8_one_partner_key_in_two_files_is_linked_to_nobody() {
    let (on, _, other_key) = with_link();
    for (name, key) in [("copy.key", on.partner_key()), ("other.key", &other_key)] {
        crate::on_sandbox::for_the_owner_alone(&on.folder.write(name, key));
    }
    on.folder.write(
        "prices/more.yaml",
        "format_version: 1\nbilling_links:\n  \
         - {partner_api_key_file: ../copy.key, api_key_file: ../other.key}\n",
    );
    planned(&on);
    let run = apply(&on, &["--format", "json"]);
    assert_eq!((results(&run), run.code), (vec!["stale".to_owned(); 2], 5));
    let message = run.json()["items"][0]["message"].to_string();
    assert!(message.contains("copy.key") && message.contains("partner.key"));
    assert_eq!(count(&on, Operation::LinkBillingAccount), 0);
}

#[test]
fn i8_a_link_whose_payer_the_plan_does_not_show_is_not_made() {
    let (on, ..) = with_link();
    let payer = on.folder.path().join("payer.key");
    fs::remove_file(&payer).unwrap();
    let plan = on.run(&["plan", "prices", "--out", "plan.json"]);
    assert_eq!(plan.code, 2, "{plan:?}");
    let key = on.folder.write("payer.key", on.certcentral_key());
    crate::on_sandbox::for_the_owner_alone(&key);
    let run = apply(&on, &["--format", "json"]);
    assert_eq!((results(&run), run.code), (vec!["not-sent".to_owned()], 2));
    assert_eq!(count(&on, Operation::LinkBillingAccount), 0);

    // A key that the service does not know pays for nobody.
    on.folder
        .write("payer.key", "ABCDEFGHIJ_of_nobody_1234567890");
    let plan = on.run(&["plan", "prices", "--out", "plan.json"]);
    assert_eq!(plan.code, 3, "{plan:?}");
    assert!(
        plan.stdout
            .contains("the account that would pay cannot be read"),
        "{plan:?}"
    );
    assert_eq!(results(&apply(&on, &["--format", "json"])), ["refused"]);
    assert_eq!(count(&on, Operation::LinkBillingAccount), 0);
}

#[test]
fn i8_a_link_that_follows_a_creation_takes_no_other_key() {
    let on = with_creation();
    planned(&on);
    // On the machine that applies it, the file of the key is there already, with another key.
    let managed = request("Other Payer", SubaccountType::Managed);
    let other = on.block_on(on.client().create_subaccount(&managed));
    let other = other.unwrap().api_key.unwrap();
    let key = on.folder.write("prices/new.key", other.expose_secret());
    crate::on_sandbox::for_the_owner_alone(&key);
    on.sandbox.clear_requests();
    let run = apply(&on, &["--format", "json"]);
    assert_eq!(results(&run), ["not-sent", "left"], "{run:?}");

    // It is put away and comes back once the subaccount has been created.
    fs::remove_file(&key).unwrap();
    let refuse: Fault<Status> = Fault::status(400).error("invalid_value", "not now");
    let refuse = refuse.on(Operation::LinkBillingAccount);
    on.sandbox.faults().add(refuse).unwrap();
    let run = apply(&on, &["--format", "json"]);
    assert_eq!(results(&run), ["done", "refused"], "{run:?}");
    on.sandbox.faults().clear();
    on.sandbox.clear_requests();
    fs::write(&key, other.expose_secret()).unwrap();
    let run = apply(&on, &["--format", "json"]);
    assert_eq!(results(&run), ["done-before", "stale"], "{run:?}");
    assert_eq!(count(&on, Operation::LinkBillingAccount), 0);
}

#[test]
fn i6_creations_of_an_apply_keep_the_limits_together() {
    // Each creation is sent by a process of its own; with what is read in between, so many are
    // more than a window of 5 seconds holds.
    const CREATIONS: usize = 25;
    let on = OnSandbox::with(Sandbox::builder().rate_limit(true));
    on.folder.write("prices/books.yaml", BOOK);
    let creations = (0..CREATIONS).map(|number| {
        let create = CREATE.replace("New Example", &format!("Example {number}"));
        format!("  - create:\n{create}    key_out: {number}.key\n    price_book: partners\n")
    });
    let creations: String = creations.collect();
    let manifest = format!("format_version: 1\nsubaccounts:\n{creations}");
    on.folder.write("prices/new.yaml", manifest);
    let made = on.run(&[
        "plan",
        "prices",
        "--out",
        "plan.json",
        "--max-creations",
        "25",
    ]);
    assert_eq!(made.code, 1, "{made:?}");
    on.sandbox.clear_requests();
    // What was asked for the plan counts no longer.
    on.sandbox.clock().advance(Duration::from_secs(200));
    let run = apply(&on, &["--format", "json"]);
    assert_eq!(run.code, 0, "{run:?}");
    assert_eq!(count(&on, Operation::CreateSubaccount), CREATIONS);
    let requests = on.sandbox.requests();
    assert!(requests.iter().count() > 100, "the limits are reached");
    let refused = requests
        .iter()
        .filter(|request| request.status() == Some(429));
    assert_eq!(refused.count(), 0, "the service had to say no");
}

#[test]
fn i8_with_full_limits_it_waits_before_a_look_and_not_between_it_and_the_write() {
    let (on, ids) = with_subaccounts(1);
    on.set_products(ids[0], OTHER);
    let creation = format!(
        "format_version: 1\nsubaccounts:\n  - create:\n{CREATE}    key_out: new.key\n    \
         price_book: partners\n"
    );
    on.folder.write("prices/new.yaml", creation);
    planned(&on);
    // Of the creation, the look would be the last one that they let through.
    let limits = "[profiles.default.rate_limits]\nwindows = [{requests = 4, seconds = 3}]\n";
    on.folder.write("limits.toml", limits);
    let run = apply(&on, &["--config", "limits.toml", "--format", "json"]);
    assert_eq!(results(&run), ["done"; 2], "{run:?}");
    let requests = on.sandbox.requests();
    let requests: Vec<_> = requests.iter().collect();
    let mut writes = 0;
    // Four before the write, the last of them the look: there is room for both once the first is old
    // enough.
    for window in requests.windows(5) {
        if window[4].operation() == Some(Operation::SetSubaccountProducts) {
            writes += 1;
            let look = window[3];
            assert_eq!(look.operation(), Some(Operation::ListSubaccountProducts));
            let waited = look.at().duration_since(window[0].at()).unwrap();
            assert!(waited >= Duration::from_secs(3), "{waited:?}");
        }
    }
    assert_eq!(writes, 2);
}

#[test]
fn i1_with_full_limits_it_waits_before_it_looks_for_a_subaccount_and_not_before_it_creates_one() {
    let on = OnSandbox::new();
    let creation =
        format!("format_version: 1\nsubaccounts:\n  - create:\n{CREATE}    key_out: new.key\n");
    on.folder.write("prices/new.yaml", creation);
    planned(&on);
    // The last look would be the last one that they let through.
    let limits = "[profiles.default.rate_limits]\nwindows = [{requests = 2, seconds = 3}]\n";
    on.folder.write("limits.toml", limits);
    let run = apply(&on, &["--config", "limits.toml", "--format", "json"]);
    assert_eq!(results(&run), ["done"], "{run:?}");
    let requests = on.sandbox.requests();
    requests.assert_operations(&[
        Operation::GetAccount,
        Operation::ListSubaccounts,
        Operation::ListSubaccounts,
        Operation::CreateSubaccount,
    ]);
    let at: Vec<_> = requests.iter().map(LoggedRequest::at).collect();
    let waited = at[2].duration_since(at[1]).unwrap();
    assert!(waited >= Duration::from_secs(3), "{waited:?}");
    let waited = at[3].duration_since(at[2]).unwrap();
    assert!(waited < Duration::from_secs(3), "{waited:?}");
}

#[test]
fn i1_a_creation_of_unknown_outcome_is_not_repeated() {
    let on = with_creation();
    planned(&on);
    let cut: Fault<Reset> = Fault::reset(When::After);
    on.sandbox
        .faults()
        .add(cut.on(Operation::CreateSubaccount))
        .unwrap();
    let run = apply(&on, &["--format", "json"]);
    assert_eq!(run.code, 4, "{run:?}");
    assert_eq!(results(&run), ["unknown", "left"]);
    // No answer says that it was created, so nobody shall believe it and settle it so.
    let said = run.json()["items"][0]["message"]
        .as_str()
        .unwrap()
        .to_owned();
    assert!(
        said.contains("may or may not have been carried out"),
        "{said}"
    );
    assert!(said.contains("history settle 1"), "{said}");
    let again = apply(&on, &["--format", "json"]);
    assert_eq!(again.code, 4, "{again:?}");
    assert_eq!(count(&on, Operation::CreateSubaccount), 1);
}

#[test]
fn i3_a_plan_with_nothing_to_do_does_not_forget_a_key_that_was_lost() {
    let on = with_creation();
    on.folder.write(
        "prices/new.yaml",
        format!(
            "format_version: 1\nsubaccounts:\n  - create:\n{CREATE}    key_out: new.key\n    \
             price_book: partners\n"
        ),
    );
    let cut: Fault<Reset> = Fault::reset(When::After);
    on.sandbox
        .faults()
        .add(cut.on(Operation::CreateSubaccount).nth(1))
        .unwrap();
    assert_eq!(on.run(&["apply", "prices", "--yes"]).code, 4);
    // It is there, by its organization; of its key nobody has heard.
    for arguments in [
        &["plan", "prices"][..],
        &["plan", "prices", "--format", "markdown"],
    ] {
        let plan = on.run(arguments);
        assert!(plan.stdout.contains("Keys in doubt"), "{plan:?}");
        assert!(plan.stdout.contains("entry 1"), "{plan:?}");
        assert!(plan.stdout.contains("history settle 1"), "{plan:?}");
    }
    let plan = on.run(&["plan", "prices", "--format", "json"]).json();
    let doubt = &plan["keys_in_doubt"][0];
    assert_eq!(doubt["is_open"], true);
    assert_eq!(on.run(&["plan", "prices"]).code, 1);
    // However often it is applied, a script hears of it.
    for _ in 0..2 {
        let applied = on.run(&["apply", "prices", "--yes", "--format", "json"]);
        let json = applied.json();
        assert_eq!(
            (applied.code, &json["result"], &json["exit_code"]),
            (4, &"key-in-doubt".into(), &4.into()),
            "{applied:?}"
        );
        assert_eq!(&json["keys_in_doubt"][0], doubt);
    }
    let applied = on.run(&["apply", "prices", "--yes"]);
    let is_told = applied
        .stdout
        .contains("The key of 1 subaccount is in doubt.");
    assert!(applied.code == 4 && is_told, "{applied:?}");
    assert_eq!(count(&on, Operation::CreateSubaccount), 1);

    // Who settles it knows the subaccount, and has not put the key where it was to go.
    let id = doubt["subaccount_id"].to_string();
    let settled = on.run(&["history", "settle", "1", "--created", &id]);
    assert_eq!(settled.code, 0, "{settled:?}");
    let plan = on.run(&["plan", "prices"]);
    assert!(plan.stdout.contains("Keys in doubt"), "{plan:?}");
    assert!(
        plan.stdout.contains("no key is in prices/new.key") && plan.stdout.contains("(entry 1)"),
        "{plan:?}"
    );
    let json = on.run(&["plan", "prices", "--format", "json"]).json();
    let doubt = &json["keys_in_doubt"][0];
    assert_eq!(
        (&doubt["is_open"], &doubt["missing"]),
        (&false.into(), &"prices/new.key".into())
    );
    on.folder
        .write("prices/new.key", "the key, found after all");
    let plan = on.run(&["plan", "prices"]);
    assert!(!plan.stdout.contains("Keys in doubt"), "{plan:?}");
    let applied = on.run(&["apply", "prices", "--yes", "--format", "json"]);
    assert_eq!(applied.code, 0, "{applied:?}");
}

#[test]
fn i3_a_key_that_was_rescued_is_not_called_unseen_once_its_creation_is_settled() {
    let on = with_creation();
    let creation = format!(
        "format_version: 1\nsubaccounts:\n  - create:\n{CREATE}    key_out: ../keys/new.key\n    \
         price_book: partners\n"
    );
    on.folder.write("prices/new.yaml", creation);
    let keys = on.folder.path().join("keys");
    fs::create_dir(&keys).unwrap();
    let (there, is_there) = channel();
    let (let_go, may_go) = channel();
    let nameless = |answer: &str| answer.replace("\"id\":", "\"no\":");
    let held = Play::HoldAndReplace(there, may_go, nameless);
    let service = InBetween::before(on.sandbox.origin(), held);
    let digicert = |arguments: &[&str]| {
        let mut program = on.program(arguments);
        program.env("DIGICERT_ORIGIN", service.origin());
        program
    };
    let run = |arguments: &[&str]| crate::program::run(&mut digicert(arguments));
    // Nor does the new key say whose it is.
    let denied = Fault::status(403).error("access_denied", "not yet");
    let denied = denied.on(Operation::GetAccount).nth(2);
    on.sandbox.faults().add(denied).unwrap();
    let apply = digicert(&["apply", "prices", "--yes"]).spawn().unwrap();
    is_there.recv().unwrap();
    fs::remove_dir_all(&keys).unwrap();
    let_go.send(()).unwrap();
    let applied = Run::of(apply.wait_with_output().unwrap());
    assert_eq!(applied.code, 4, "{applied:?}");
    assert!(applied.stdout.contains("rescued/"), "{applied:?}");
    let plan = run(&["plan", "prices"]);
    assert!(plan.stdout.contains("Keys in doubt"), "{plan:?}");

    let settled = run(&["history", "settle", "1", "--created", "1122334"]);
    assert_eq!(settled.code, 0, "{settled:?}");
    let plan = run(&["plan", "prices"]);
    assert!(!plan.stdout.contains("Keys in doubt"), "{plan:?}");
    let entry = &run(&["history", "--format", "json"]).json()["entries"][0];
    assert_eq!(entry["ended"]["detail"]["key"], "rescued", "{entry}");
}

#[test]
fn one_failure_does_not_stop_the_others() {
    let (on, ids) = with_subaccounts(3);
    for id in &ids {
        on.set_products(*id, OTHER);
    }
    planned(&on);
    let refuse: Fault<Status> = Fault::status(400).error("invalid_value", "no such product");
    on.sandbox
        .faults()
        .add(refuse.on(Operation::SetSubaccountProducts).nth(2))
        .unwrap();
    let run = apply(&on, &["--format", "json"]);
    assert_eq!(run.code, 3, "{run:?}");
    assert_eq!(results(&run), ["done", "refused", "done"]);
    let run = apply(&on, &["--format", "json"]);
    assert_eq!(results(&run), ["done-before", "done", "done-before"]);
    assert_eq!(run.code, 0);
}

#[test]
fn an_answer_that_was_lost_is_looked_up() {
    let (on, ids) = with_subaccounts(1);
    on.set_products(ids[0], OTHER);
    planned(&on);
    let cut: Fault<Reset> = Fault::reset(When::After);
    on.sandbox
        .faults()
        .add(cut.on(Operation::SetSubaccountProducts))
        .unwrap();
    let run = apply(&on, &["--format", "json"]);
    assert_eq!(run.code, 0, "{run:?}");
    assert_eq!(results(&run), ["done"]);
}

#[test]
fn a_key_that_stops_working_stops_everything() {
    let (on, ids) = with_subaccounts(3);
    for id in &ids {
        on.set_products(*id, OTHER);
    }
    planned(&on);
    let denied = || Fault::status(403).error("access_denied", "the key was revoked");
    for (operation, first) in [
        (Operation::ListSubaccountProducts, 1),
        (Operation::GetAccount, 2),
    ] {
        on.sandbox
            .faults()
            .add(denied().on(operation).nth(first))
            .unwrap();
    }
    let run = apply(&on, &["--format", "json"]);
    assert_eq!(run.code, 3, "{run:?}");
    assert_eq!(results(&run), ["refused", "left", "left"]);
    assert_eq!(run.json()["stopped"], "the key does not work any more");
}

#[test]
fn a_key_that_stops_working_at_the_write_or_after_it_stops_everything_too() {
    for (operation, first, result) in [
        (Operation::SetSubaccountProducts, 1, "refused"),
        (Operation::ListSubaccountProducts, 3, "not-read-back"),
    ] {
        for is_revoked in [true, false] {
            let (on, ids) = with_subaccounts(2);
            for id in &ids {
                on.set_products(*id, OTHER);
            }
            planned(&on);
            let denied = || Fault::status(403).error("access_denied", "not this");
            let fault = denied().on(operation).nth(first);
            on.sandbox.faults().add(fault).unwrap();
            if is_revoked {
                let revoked = denied().on(Operation::GetAccount).nth(2);
                on.sandbox.faults().add(revoked).unwrap();
            }
            let run = apply(&on, &["--format", "json"]);
            let (next, stopped) = if is_revoked {
                ("left", "the key does not work any more".into())
            } else {
                ("done", Value::Null)
            };
            assert_eq!(results(&run), [result, next], "{run:?}");
            assert_eq!(run.json()["stopped"], stopped);
        }
    }
}

#[test]
fn what_was_taken_and_cannot_be_read_back_is_done_and_the_next_run_compares_it() {
    let (on, ids) = with_subaccounts(1);
    on.set_products(ids[0], OTHER);
    planned(&on);
    let broken = Fault::status(500).on(Operation::ListSubaccountProducts);
    let broken = on.sandbox.faults().add(broken.nth(3).times(9)).unwrap();
    let run = apply(&on, &["--format", "json"]);
    let summary = &run.json()["summary"];
    assert_eq!((results(&run)[0].as_str(), run.code), ("not-read-back", 1));
    assert_eq!(summary["not-read-back"], 1);
    let history = on.run(&["history", "--format", "json"]).json();
    assert_eq!(history["entries"][0]["state"], "done", "{history}");
    on.sandbox.faults().remove(broken);
    let again = apply(&on, &["--format", "json"]);
    assert_eq!(
        (results(&again)[0].as_str(), again.code),
        ("done-before", 0)
    );
    assert_eq!(count(&on, Operation::SetSubaccountProducts), 1);
}

#[test]
fn twenty_failures_in_a_row_stop_everything() {
    let (on, ids) = with_subaccounts(25);
    for id in &ids {
        on.set_products(*id, OTHER);
    }
    planned(&on);
    let refuse: Fault<Status> = Fault::status(400).error("invalid_value", "no");
    on.sandbox
        .faults()
        .add(refuse.on(Operation::SetSubaccountProducts))
        .unwrap();
    let run = apply(&on, &["--format", "json"]);
    assert_eq!(run.code, 3, "{run:?}");
    let results = results(&run);
    assert!(
        results[..20].iter().all(|result| result == "refused"),
        "{results:?}"
    );
    assert!(
        results[20..].iter().all(|result| result == "left"),
        "{results:?}"
    );
    assert_eq!(run.json()["stopped"], "20 in a row have failed");
}

#[test]
fn manifests_may_have_been_moved() {
    let (on, ids) = with_subaccounts(1);
    on.set_products(ids[0], OTHER);
    planned(&on);
    fs::rename(
        on.folder.path().join("prices"),
        on.folder.path().join("moved"),
    )
    .unwrap();
    let run = apply(&on, &[]);
    assert_eq!(run.code, 2);
    assert!(
        run.stderr.contains("the plan names this path, as it was where the plan was made; say with `--manifests PATH`"),
        "{run:?}"
    );
    let run = apply(&on, &["--manifests", "moved", "--format", "json"]);
    assert_eq!(results(&run), ["done"], "{run:?}");
}

/// What `plan` exits with, and what `apply` of its file and `apply` of the manifests report.
fn plan_and_both_applies(on: &OnSandbox) -> (i32, [Run; 2]) {
    let plan = on.run(&["plan", "prices", "--out", "plan.json"]);
    let of_plan = apply(on, &["--format", "json"]);
    let of_manifests = on.run(&["apply", "prices", "--yes", "--format", "json"]);
    (plan.code, [of_plan, of_manifests])
}

#[test]
fn what_could_not_be_read_for_the_plan_ends_apply_as_it_ends_plan() {
    let (on, ids) = with_subaccounts(2);
    let read = Operation::ListSubaccountProducts;
    let faults: [(Fault, i32, &str); 2] = [
        (Fault::reset(When::Before).on(read).into(), 2, "not-sent"),
        (Fault::status(403).on(read).into(), 3, "refused"),
    ];
    for (fault, code, result) in faults {
        on.set_products(ids[0], OTHER);
        on.set_products(ids[1], LIVE);
        let fault = on.sandbox.faults().add(fault).unwrap();
        let (planned, runs) = plan_and_both_applies(&on);
        on.sandbox.faults().remove(fault);
        assert_eq!(planned, code);
        for run in runs {
            assert_eq!(run.code, code, "{run:?}");
            assert_eq!(run.json()["exit_code"], code);
            assert_eq!(results(&run), [result, result]);
            let message = run.json()["items"][0]["message"].to_string();
            assert!(message.contains("not planned: "), "{message}");
        }
    }
}

#[test]
fn what_could_not_be_planned_is_in_the_report() {
    let (on, ids) = with_subaccounts(1);
    on.set_products(ids[0], OTHER);
    on.folder
        .write("prices/subaccounts.yaml", subaccounts(&[ids[0], 99]));
    let (planned, [of_plan, of_manifests]) = plan_and_both_applies(&on);
    assert_eq!(planned, 3);
    assert_eq!(results(&of_plan), ["done", "refused"]);
    assert_eq!(of_plan.code, 3);
    assert_eq!(results(&of_manifests), ["refused"]);
    assert_eq!(of_manifests.code, 3);
}

#[test]
fn a_clash_ends_apply_as_it_ends_plan() {
    let (on, ids) = with_subaccounts(1);
    let twice = [&on, &on].map(|on| subaccount(on, "New Example"));
    assert_ne!(twice[0], twice[1]);
    on.set_products(ids[0], OTHER);
    let create = CREATE.replace("managed", "retail");
    on.folder.write(
        "prices/subaccounts.yaml",
        format!("{}  - create:\n{create}", subaccounts(&ids)),
    );
    let (planned, [of_plan, of_manifests]) = plan_and_both_applies(&on);
    assert_eq!(planned, 2);
    assert_eq!(results(&of_plan), ["done", "not-sent"]);
    assert_eq!(of_plan.code, 2);
    assert_eq!(results(&of_manifests), ["not-sent"]);
    assert_eq!(of_manifests.code, 2);
}

#[test]
fn what_is_left_out_of_a_plan_that_does_nothing_is_reported_without_a_question() {
    let (on, ids) = with_subaccounts(1);
    on.folder
        .write("prices/subaccounts.yaml", subaccounts(&[ids[0], 99]));
    let run = on.run(&["apply", "prices", "--format", "json"]);
    assert_eq!((results(&run), run.code), (vec!["refused".to_owned()], 3));
}

#[test]
fn what_could_not_be_sent_is_2() {
    let (on, ids) = with_subaccounts(1);
    on.set_products(ids[0], OTHER);
    planned(&on);
    let cut: Fault<Reset> = Fault::reset(When::Before);
    on.sandbox
        .faults()
        .add(cut.on(Operation::ListSubaccountProducts))
        .unwrap();
    let run = apply(&on, &["--format", "json"]);
    assert_eq!((results(&run), run.code), (vec!["not-sent".to_owned()], 2));
    on.folder.write(
        "plan.json",
        "{\"format_version\": 2, \"plan_sha256\": \"00\"}",
    );
    let run = apply(&on, &[]);
    assert_eq!(run.code, 2, "{run:?}");
    assert!(run.stderr.contains("cannot be used"), "{run:?}");
}

#[test]
fn i2_no_key_is_in_plan_report_or_ledger() {
    let on = with_creation();
    let other = subaccount(&on, "Other");
    on.folder
        .write("prices/subaccounts.yaml", subaccounts(&[other]));
    planned(&on);
    let run = apply(&on, &[]);
    assert_eq!(run.code, 0, "{run:?}");
    let mut key_files = Vec::new();
    let mut folders = vec![on.folder.path().to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else {
                key_files.push(path);
            }
        }
    }
    let created = fs::read_to_string(on.folder.path().join("prices/new.key")).unwrap();
    for key in [on.certcentral_key(), on.partner_key(), &created] {
        let holding: Vec<_> = key_files
            .iter()
            .filter(|path| {
                let bytes = fs::read(path).unwrap();
                bytes
                    .windows(key.len())
                    .any(|window| window == key.as_bytes())
            })
            .filter(|path| path.extension().is_none_or(|extension| extension != "key"))
            .collect();
        assert!(holding.is_empty(), "a key is in {holding:?}");
        assert!(!run.stdout.contains(key) && !run.stderr.contains(key));
    }
}

#[test]
fn what_may_have_been_done_is_4_whatever_else_was_stopped_before() {
    let (on, ids) = with_subaccounts(2);
    for id in &ids {
        on.set_products(*id, OTHER);
    }
    planned(&on);
    on.set_products(ids[1], MORE);
    let lost: Fault<Reset> = Fault::reset(When::Before);
    on.sandbox
        .faults()
        .add(lost.on(Operation::SetSubaccountProducts))
        .unwrap();
    let run = apply(&on, &["--format", "json"]);
    assert_eq!(results(&run), ["unknown", "stale"], "{run:?}");
    assert_eq!((run.code, &run.json()["result"]), (4, &"unknown".into()));
}

#[cfg(target_os = "linux")]
#[test]
fn a_plan_that_has_no_identity_is_not_applied() {
    use std::os::unix::ffi::OsStrExt as _;

    let (on, ids) = with_subaccounts(1);
    on.set_products(ids[0], OTHER);
    let folder = std::ffi::OsStr::from_bytes(b"prices-\xff");
    fs::rename(
        on.folder.path().join("prices"),
        on.folder.path().join(folder),
    )
    .unwrap();
    on.sandbox.clear_requests();
    let mut apply = on.program(&["apply", "--yes"]);
    let run = crate::program::run(apply.arg(folder));
    assert_eq!(run.code, 2, "{run:?}");
    assert!(run.stderr.contains("a name in UTF-8"), "{run:?}");
    assert_eq!(count(&on, Operation::SetSubaccountProducts), 0);
}

/// A creation that does not say who pays, of a book with one price.
fn creation_without_payer(on: &OnSandbox) {
    let creation = CREATE.replace("      bill_parent: true\n", "");
    let creation = creation.replace("managed", "retail");
    on.folder.write(
        "prices/new.yaml",
        format!(
            "format_version: 1\nprice_books:\n  partners:\n    products: \
             [{{product_name_id: ssl_plus, prices: [{{lifetime: 1, cost: 0.01}}]}}]\n\
             subaccounts:\n  - create:\n{creation}    price_book: partners\n"
        ),
    );
}

#[test]
fn i8_prices_that_are_ignored_by_the_plan_are_not_sent_once_they_count() {
    let on = OnSandbox::new();
    creation_without_payer(&on);
    let service = InBetween::before(on.sandbox.origin(), Play::Pass);
    let digicert = |arguments: &[&str]| {
        let mut program = on.program(arguments);
        crate::program::run(program.env("DIGICERT_ORIGIN", service.origin()))
    };
    let plan = digicert(&["plan", "prices", "--out", "plan.json"]);
    assert!(plan.stdout.contains("1 year  cost  0.01"), "{plan:?}");
    assert!(plan.stdout.contains("ignored"), "{plan:?}");
    // The service has another default than it documents.
    service.play(Play::PaidOtherwise);
    let run = digicert(&["apply", "plan.json", "--yes", "--format", "json"]);
    assert_eq!(
        (results(&run), run.code),
        (vec!["partly-done".to_owned()], 1)
    );
    let message = run.json()["items"][0]["message"].to_string();
    assert!(message.contains("but they count"), "{message}");
    assert_eq!(count(&on, Operation::SetSubaccountProducts), 0);
    // As it was shown, it goes on.
    service.play(Play::Pass);
    let run = digicert(&["apply", "plan.json", "--yes"]);
    assert_eq!(
        (run.code, count(&on, Operation::SetSubaccountProducts)),
        (0, 1),
        "{run:?}"
    );
}

#[test]
fn i8_what_was_refused_is_not_taken_for_done() {
    let (on, ids) = with_subaccounts(1);
    on.folder.write(
        "prices/books.yaml",
        "format_version: 1\nprice_books:\n  partners:\n    products: [{product_name_id: ssl_plus}]\n",
    );
    let at = |cost: i64| {
        let price = format!(r#""prices": [{{"lifetime": 1, "cost": {cost}}}]"#);
        on.set_products(
            ids[0],
            &format!(r#"{{"products": [{{"product_name_id": "ssl_plus", {price}}}]}}"#),
        );
    };
    at(100);
    planned(&on);
    let refused = Fault::status(400).on(Operation::SetSubaccountProducts);
    on.sandbox.faults().add(refused).unwrap();
    let options = ["--allow-price-jump", "--format", "json"];
    assert_eq!(results(&apply(&on, &options)), ["refused"]);
    on.sandbox.faults().clear();
    // A price where the book leaves it to DigiCert is no proof that it was set.
    at(120);
    let run = apply(&on, &options);
    assert_eq!((results(&run), run.code), (vec!["stale".to_owned()], 5));
    at(100);
    assert_eq!(results(&apply(&on, &options)), ["done"]);
}

#[test]
fn i8_from_the_retail_price_and_to_0_a_plan_needs_the_word() {
    let (on, ids) = with_subaccounts(1);
    on.folder
        .write("prices/books.yaml", BOOK.replace("cost: 474", "cost: 0"));
    for live in [
        r#"{"currency": "USD", "products": [{"product_name_id": "ssl_plus"}, {"product_name_id": "code_signing"}]}"#,
        r#"{"currency": "USD", "products": [{"product_name_id": "ssl_plus", "prices": [{"lifetime": 1, "cost": 218}]}]}"#,
    ] {
        on.set_products(ids[0], live);
        planned(&on);
        let run = apply(&on, &["--format", "json"]);
        let json = run.json();
        assert_eq!((run.code, &json["result"]), (5, &"needs-words".into()));
        assert_eq!(json["missing_words"][0], "--allow-price-jump", "{json}");
        assert_eq!(count(&on, Operation::SetSubaccountProducts), 0);
        let allowed = ["--allow-price-jump", "--format", "json"];
        assert_eq!(results(&apply(&on, &allowed)), ["done"]);
    }
}

/// The plan without a word, as a program that needs none for it writes it.
fn without_word(plan: &str, word: &str) -> String {
    let of_change = plan.replace(&format!("[\"{word}\"]"), "[]");
    let fewer = of_change.replace(&format!("\"{word}\"\n"), "\n");
    assert!(plan != of_change && of_change != fewer, "{plan}");
    let (content, _) = fewer.rsplit_once(",\n  \"plan_sha256\"").unwrap();
    let mut is_text = false;
    let mut said = content.to_owned();
    said.retain(|character| {
        is_text ^= character == '"';
        is_text || !character.is_ascii_whitespace()
    });
    let digest = Sha256::digest(said);
    let digits: Vec<_> = digest.iter().map(|byte| format!("{byte:02x}")).collect();
    let digits = digits.concat();
    format!("{content},\n  \"plan_sha256\": \"{digits}\"\n}}\n")
}

#[test]
fn i8_a_plan_of_a_program_that_needs_fewer_words_is_stale() {
    let (on, ids) = with_subaccounts(1);
    on.set_products(
        ids[0],
        r#"{"currency": "USD", "products": [{"product_name_id": "ssl_plus"}]}"#,
    );
    planned(&on);
    let plan = fs::read_to_string(on.folder.path().join("plan.json")).unwrap();
    on.folder
        .write("plan.json", without_word(&plan, "--allow-price-jump"));
    let run = apply(&on, &["--format", "json"]);
    assert_eq!((results(&run), run.code), (vec!["stale".to_owned()], 5));
    let message = run.json()["items"][0]["message"].to_string();
    assert!(message.contains("it needs --allow-price-jump"), "{message}");
    assert_eq!(count(&on, Operation::SetSubaccountProducts), 0);
}
