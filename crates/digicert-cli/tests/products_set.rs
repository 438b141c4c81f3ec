//! `digicert products set`.

use std::fs;
use std::path::PathBuf;
use std::time::Duration;

use digicert_sandbox::{Fault, LoggedRequest, Operation, When};
use serde_json::Value;

use crate::eventually::{LIMIT, eventually};
use crate::in_between::{InBetween, hold_put, wait_for};
use crate::on_sandbox::OnSandbox;
use crate::products_diff::{DANGEROUS, HARMLESS, SAME, settled, started};
use crate::program::Run;
use crate::terminal::AtTerminal;

const WORDS: [&str; 3] = [
    "--allow-disable",
    "--allow-currency-change",
    "--allow-price-jump",
];

/// `digicert products set` with these arguments more.
fn set(test: &OnSandbox, id: &str, file: &str, more: &[&str]) -> Run {
    test.folder.write("acme.yaml", file);
    test.run(&[&["products", "set", id, "-f", "acme.yaml"], more].concat())
}

/// The products as the service has them.
pub(crate) fn live(test: &OnSandbox, id: &str) -> Value {
    let products = test.block_on(test.client().list_subaccount_products(id.parse().unwrap()));
    serde_json::to_value(products.unwrap()).unwrap()
}

pub(crate) fn former_states(test: &OnSandbox) -> Vec<PathBuf> {
    let folder = test
        .folder
        .path()
        .join("home/.local/state/digicert/former-states");
    let entries = fs::read_dir(folder).into_iter().flatten();
    entries.map(|entry| entry.unwrap().path()).collect()
}

/// Action, subaccount and outcome of every entry of the ledger.
fn ledger(test: &OnSandbox) -> Vec<(String, i64, Option<String>)> {
    let path = test
        .folder
        .path()
        .join("home/.local/state/digicert/ledger.sqlite");
    if !path.exists() {
        return Vec::new();
    }
    let ledger = rusqlite::Connection::open(path).unwrap();
    ledger.busy_timeout(LIMIT).unwrap();
    // The program may be about to make it.
    let Ok(mut select) =
        ledger.prepare("SELECT action, subaccount_id, outcome FROM history ORDER BY id")
    else {
        return Vec::new();
    };
    let rows = select
        .query_map([], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))
        .unwrap();
    rows.map(Result::unwrap).collect()
}

fn entries(id: &str, outcomes: &[&str]) -> Vec<(String, i64, Option<String>)> {
    let entry = |outcome: &&str| {
        (
            "set-products".to_owned(),
            id.parse().unwrap(),
            Some((*outcome).to_owned()),
        )
    };
    outcomes.iter().map(entry).collect()
}

#[test]
fn what_was_shown_is_set_and_the_former_state_is_kept() {
    let (test, id) = started();
    let before = live(&test, &id);
    let set_run = set(&test, &id, HARMLESS, &["--yes"]);
    assert_eq!((set_run.code, set_run.stderr.as_str()), (0, ""));
    let [kept] = former_states(&test).try_into().unwrap();
    let output = set_run
        .stdout
        .replace(kept.file_name().unwrap().to_str().unwrap(), "FORMER.json");
    insta::assert_snapshot!("set", settled(&test, &id, &output));
    assert_ne!(live(&test, &id), before);
    test.folder.write("again.json", HARMLESS);
    assert_eq!(
        test.run(&["products", "diff", &id, "-f", "again.json"])
            .code,
        0
    );

    // The command that was shown, as a shell would run it.
    let command = set_run.stdout.lines().last().unwrap().trim();
    let words: Vec<&str> = command.split(' ').skip(1).collect();
    assert!(words.contains(&"--allow-disable"), "{command}");
    let restored = test.run(&[&words[..], &["--yes"]].concat());
    assert_eq!(restored.code, 0, "{restored:?}");
    test.folder.write("before.json", before.to_string());
    let diff = test.run(&["products", "diff", &id, "-f", kept.to_str().unwrap()]);
    assert_eq!(diff.code, 0, "{diff:?}");
    assert_eq!(live(&test, &id)["products"].as_array().unwrap().len(), 3);
    assert_eq!(ledger(&test), entries(&id, &["done", "done"]));
}

#[test]
fn i8_each_danger_needs_its_word_and_yes_is_none() {
    let (test, id) = started();
    let before = live(&test, &id);
    let mut said = Vec::new();
    for missing in 0..WORDS.len() {
        let mut arguments = vec!["--yes"];
        arguments.extend(
            WORDS
                .iter()
                .enumerate()
                .filter(|(index, _)| *index != missing)
                .map(|(_, word)| *word),
        );
        let refused = set(&test, &id, DANGEROUS, &arguments);
        assert_eq!(refused.code, 5, "{refused:?}");
        said.push(refused.stderr);
    }
    let refused = set(&test, &id, DANGEROUS, &["--yes"]);
    assert_eq!(refused.code, 5);
    said.push(refused.stderr);
    insta::assert_snapshot!("set_needs_words", said.concat());
    assert_eq!(live(&test, &id), before);
    assert_eq!((ledger(&test), former_states(&test)), (vec![], vec![]));
}

#[test]
fn i8_with_all_words_it_is_set() {
    let (test, id) = started();
    let run = set(&test, &id, DANGEROUS, &[&WORDS[..], &["--yes"]].concat());
    assert_eq!(run.code, 0, "{run:?}");
    assert!(run.stdout.contains("but no balance"), "{run:?}");
    assert_eq!(live(&test, &id)["currency"], "EUR");
}

#[test]
fn i8_an_empty_list_needs_its_word() {
    let (test, id) = started();
    let refused = set(&test, &id, "products: []", &["--yes"]);
    assert_eq!(refused.code, 5);
    assert!(refused.stderr.contains("--allow-disable"), "{refused:?}");
    let allowed = set(&test, &id, "products: []", &["--yes", "--allow-disable"]);
    assert_eq!(allowed.code, 0, "{allowed:?}");
    assert!(
        allowed.stdout.contains("every product is disabled"),
        "{allowed:?}"
    );
    assert!(
        live(&test, &id)["products"]
            .as_array()
            .is_none_or(Vec::is_empty)
    );
}

#[test]
fn without_a_terminal_and_without_yes_nothing_is_changed() {
    let (test, id) = started();
    let before = live(&test, &id);
    let refused = set(&test, &id, HARMLESS, &[]);
    assert_eq!(refused.code, 5);
    insta::assert_snapshot!("set_without_a_terminal", refused.stderr);
    assert_eq!(live(&test, &id), before);
}

#[test]
fn nothing_to_change_is_0_and_leaves_no_trace() {
    let (test, id) = started();
    let run = set(&test, &id, SAME, &[]);
    assert_eq!((run.code, run.stderr.as_str()), (0, ""));
    assert!(run.stdout.contains("No changes"), "{run:?}");
    assert_eq!((ledger(&test), former_states(&test)), (vec![], vec![]));
}

#[test]
fn errors_in_the_file_are_5_and_nothing_is_sent() {
    let (test, id) = started();
    let before = live(&test, &id);
    let twice =
        r#"{"products": [{"product_name_id": "ssl_plus"}, {"product_name_id": "ssl_plus"}]}"#;
    let refused = set(
        &test,
        &id,
        twice,
        &["--yes", "--allow-disable", "--allow-price-jump"],
    );
    assert_eq!(refused.code, 5, "{refused:?}");
    assert!(refused.stdout.contains("product-repeated"), "{refused:?}");
    insta::assert_snapshot!("set_errors_in_the_file", refused.stderr);
    assert_eq!(live(&test, &id), before);
}

#[test]
fn a_file_is_never_overwritten_with_the_former_state() {
    let (test, id) = started();
    let before = live(&test, &id);
    let precious = test.folder.write("precious.json", "mine");
    let refused = set(
        &test,
        &id,
        HARMLESS,
        &["--yes", "--former-state", "precious.json"],
    );
    assert_eq!(refused.code, 2, "{refused:?}");
    insta::assert_snapshot!(
        "set_former_state_exists",
        settled(&test, &id, &refused.stderr)
    );
    assert_eq!(fs::read_to_string(precious).unwrap(), "mine");
    assert_eq!((live(&test, &id), ledger(&test)), (before, vec![]));
    let run = set(
        &test,
        &id,
        HARMLESS,
        &["--yes", "--former-state", "a new 'one'.json"],
    );
    assert_eq!(run.code, 0);
    assert!(run.stdout.contains(r"/a new '\''one'\''.json'"), "{run:?}");
}

#[test]
fn at_a_terminal_it_asks_and_no_is_no() {
    let (test, id) = started();
    let before = live(&test, &id);
    test.folder.write("acme.json", HARMLESS);
    let mut program = AtTerminal::start(test.program(&["products", "set", &id, "-f", "acme.json"]));
    program.wait_for_question();
    program.answer("no");
    let refused = program.end();
    insta::assert_snapshot!("set_answered_no", settled(&test, &id, &refused.stderr));
    assert_eq!(refused.code, 5);
    assert_eq!((live(&test, &id), ledger(&test)), (before, vec![]));

    let mut program = AtTerminal::start(test.program(&["products", "set", &id, "-f", "acme.json"]));
    program.wait_for_question();
    program.answer("y");
    let run = program.end();
    assert_eq!(run.code, 0, "{run:?}");
    assert_eq!(live(&test, &id)["products"].as_array().unwrap().len(), 4);
}

#[test]
fn i8_what_changes_while_it_asks_stops_it() {
    let (test, id) = started();
    test.folder.write("acme.json", HARMLESS);
    let mut program = AtTerminal::start(test.program(&["products", "set", &id, "-f", "acme.json"]));
    program.wait_for_question();
    // A second editor: one product more, which the file would disable without having shown it.
    test.set_products(
        id.parse().unwrap(),
        &HARMLESS.replace("ssl_ev_plus", "ssl_securesite"),
    );
    let theirs = live(&test, &id);
    program.answer("yes");
    let refused = program.end();
    assert_eq!(refused.code, 5, "{refused:?}");
    let told = refused
        .stdout
        .split("\n\n")
        .skip(2)
        .collect::<Vec<_>>()
        .join("\n\n");
    insta::assert_snapshot!(
        "set_stale",
        settled(&test, &id, &format!("{told}---\n{}", refused.stderr))
    );
    assert_eq!(live(&test, &id), theirs);
    assert_eq!(ledger(&test), entries(&id, &["not-done"]));
}

/// The program, with a fault that befalls every `PUT`.
fn with(fault: impl Into<Fault>, more: &[&str]) -> (OnSandbox, String, Run) {
    let (test, id) = started();
    let fault = fault.into().on(Operation::SetSubaccountProducts);
    test.sandbox.faults().add(fault).unwrap();
    test.sandbox.clear_requests();
    let run = set(&test, &id, HARMLESS, &[&["--yes"], more].concat());
    (test, id, run)
}

#[test]
fn carried_out_without_an_answer_is_found_out_by_reading_back() {
    let (test, id, run) = with(Fault::reset(When::After), &[]);
    assert_eq!(run.code, 0, "{run:?}");
    assert!(
        run.stdout
            .contains("No answer came, but the service reports what was asked for."),
        "{run:?}"
    );
    assert_eq!(live(&test, &id)["products"].as_array().unwrap().len(), 4);
    assert_eq!(ledger(&test), entries(&id, &["done"]));
}

#[test]
fn lost_on_the_way_is_4_with_what_is_known_and_what_to_do() {
    let (test, id, run) = with(Fault::reset(When::Before), &[]);
    assert_eq!(run.code, 4, "{run:?}");
    for part in [
        "so far the service reports the former state",
        "digicert products diff",
        "former-states",
    ] {
        assert!(run.stderr.contains(part), "{part}: {run:?}");
    }
    assert_eq!(live(&test, &id)["products"].as_array().unwrap().len(), 3);
    assert_eq!(ledger(&test), entries(&id, &["unknown"]));
}

#[test]
fn the_commands_that_are_advised_can_be_typed_in() {
    let (test, id) = started();
    let lost = Fault::reset(When::Before).on(Operation::SetSubaccountProducts);
    test.sandbox.faults().add(lost).unwrap();
    test.folder.write("it's new/acme prices.json", HARMLESS);
    let file = "it's new/acme prices.json";
    let run = test.run(&["products", "set", &id, "-f", file, "--yes"]);
    assert_eq!(run.code, 4, "{run:?}");
    let quoted =
        format!(r"`digicert products diff {id} -f 'it'\''s new/acme prices.json' --origin ");
    assert!(run.stderr.contains(&quoted), "{run:?}");
}

#[test]
fn i8_lost_on_the_way_is_4_even_if_only_prices_are_left_to_digicert() {
    let (test, id) = started();
    let live = "{\"currency\": \"USD\", \"products\": [{\"product_name_id\": \"ssl_plus\", \
                \"prices\": [{\"lifetime\": 1, \"cost\": 412}]}]}";
    test.set_products(id.parse().unwrap(), live);
    let lost = Fault::reset(When::Before).on(Operation::SetSubaccountProducts);
    test.sandbox.faults().add(lost).unwrap();
    let open = "products: [{product_name_id: ssl_plus}]";
    let run = set(&test, &id, open, &["--yes", "--allow-price-jump"]);
    assert_eq!(run.code, 4, "{run:?}");
    assert!(run.stderr.contains("the former state"), "{run:?}");
    assert_eq!(ledger(&test), entries(&id, &["unknown"]));
}

/// The program, and somebody who sets other products once its first `PUT` has failed.
fn with_an_editor_after(fault: impl Into<Fault>) -> (OnSandbox, String, Value, Run) {
    let (test, id) = started();
    let fault = fault.into().on(Operation::SetSubaccountProducts);
    test.sandbox.faults().add(fault.nth(1)).unwrap();
    test.sandbox.clear_requests();
    test.folder.write("acme.json", HARMLESS);
    // It knows of the failure only when they have set theirs.
    let (play, has_failed, let_go) = hold_put();
    let service = InBetween::before(test.sandbox.origin(), play);
    let arguments = ["products", "set", &id, "-f", "acme.json", "--yes"];
    let child = test.program_past(&service, &arguments).spawn().unwrap();
    wait_for(&has_failed);
    let puts = || test.sandbox.requests().of(Operation::SetSubaccountProducts);
    let theirs = HARMLESS.replace("ssl_ev_plus", "ssl_securesite");
    test.set_products(id.parse().unwrap(), &theirs);
    let theirs = live(&test, &id);
    let_go.send(()).unwrap();
    let run = Run::of(child.wait_with_output().unwrap());
    assert_eq!(
        puts().iter().count(),
        2,
        "one of the program, one of theirs"
    );
    (test, id, theirs, run)
}

#[test]
fn i8_what_somebody_enables_between_two_attempts_is_not_switched_off() {
    let too_much = Fault::status(429).error("request_limit_exceeded", "Too much.");
    let (test, id, theirs, run) = with_an_editor_after(too_much);
    assert_eq!((run.code, live(&test, &id)), (5, theirs), "{run:?}");
    assert!(run.stderr.contains("it was not sent again"), "{run:?}");
    assert_eq!(ledger(&test), entries(&id, &["not-done"]));
}

#[test]
fn i8_nor_after_an_attempt_whose_outcome_nobody_knows() {
    let (test, id, theirs, run) = with_an_editor_after(Fault::status(503));
    assert_eq!((run.code, live(&test, &id)), (4, theirs), "{run:?}");
    assert_eq!(ledger(&test), entries(&id, &["unknown"]));
}

#[test]
fn an_attempt_that_fails_is_followed_by_a_look_and_another_attempt() {
    let (test, id) = started();
    let fault = Fault::status(503).on(Operation::SetSubaccountProducts);
    test.sandbox.faults().add(fault.nth(1)).unwrap();
    test.sandbox.clear_requests();
    let run = set(&test, &id, HARMLESS, &["--yes"]);
    assert_eq!((run.code, run.stderr.as_str()), (0, ""), "{run:?}");
    test.sandbox.requests().assert_operations(&[
        Operation::GetSubaccount,
        Operation::ListSubaccountProducts,
        Operation::GetSubaccount,
        Operation::ListSubaccountProducts,
        Operation::SetSubaccountProducts,
        Operation::GetSubaccount,
        Operation::ListSubaccountProducts,
        Operation::SetSubaccountProducts,
        Operation::ListSubaccountProducts,
    ]);
    assert_eq!(ledger(&test), entries(&id, &["done"]));
}

#[test]
fn i8_with_full_limits_it_waits_before_the_look_and_not_after_it() {
    let (test, id) = started();
    // The last look would use them up.
    let limits = "[profiles.default.rate_limits]\nwindows = [{requests = 4, seconds = 3}]\n";
    test.folder.write("limits.toml", limits);
    test.sandbox.clear_requests();
    let run = set(&test, &id, HARMLESS, &["--yes", "--config", "limits.toml"]);
    assert_eq!((run.code, run.stderr.as_str()), (0, ""), "{run:?}");
    let requests = test.sandbox.requests();
    let at: Vec<_> = requests.iter().map(LoggedRequest::at).collect();
    let between = |first: usize, second: usize| at[second].duration_since(at[first]).unwrap();
    let [details, look] = [0, 3];
    assert!(between(details, look) >= Duration::from_secs(3), "{at:?}");
}

/// The program, with a `PUT` that fails first and asks to wait so long.
fn with_a_wait(status: u16, seconds: u64) -> (OnSandbox, String, Run) {
    let (test, id) = started();
    let fault = Fault::status(status).retry_after(seconds);
    let fault = fault.on(Operation::SetSubaccountProducts).nth(1);
    test.sandbox.faults().add(fault).unwrap();
    test.sandbox.clear_requests();
    let run = set(&test, &id, HARMLESS, &["--yes"]);
    (test, id, run)
}

#[test]
fn it_waits_as_long_as_the_service_asks_and_says_so() {
    let (test, id, run) = with_a_wait(503, 6);
    assert_eq!(run.code, 0, "{run:?}");
    let told = format!("waiting 6 s before another try for subaccount {id}, as the service asks\n");
    assert_eq!(run.stderr, told);
    let requests = test.sandbox.requests();
    let at: Vec<_> = requests.iter().skip(4).map(LoggedRequest::at).collect();
    let waited = at[1].duration_since(at[0]).unwrap();
    assert!(waited >= Duration::from_secs(6), "{waited:?}");
}

#[test]
fn what_the_service_asks_for_too_long_is_not_waited_for() {
    for (status, code, entry) in [(429, 3, "refused"), (503, 4, "unknown")] {
        let (test, id, run) = with_a_wait(status, u64::MAX);
        assert_eq!(run.code, code, "{run:?}");
        for part in [
            "the service asks to wait more than a day",
            "more than a minute is not waited, so it was not sent again",
        ] {
            assert!(run.stderr.contains(part), "{part}: {run:?}");
        }
        let puts = test.sandbox.requests().of(Operation::SetSubaccountProducts);
        puts.assert_one();
        assert_eq!(ledger(&test), entries(&id, &[entry]));
    }
}

#[test]
fn what_the_service_did_not_take_is_1_and_named() {
    let (test, id, run) = with(Fault::status(204), &[]);
    assert_eq!(run.code, 1, "{run:?}");
    assert!(run.stderr.contains("reports something else"), "{run:?}");
    let told = run.stdout.split("Still to change:").nth(1).unwrap();
    assert!(told.contains("is restored by"), "{told}");
    assert!(
        told.contains("+ ssl_ev_plus: enabled") && told.contains("218 → 230"),
        "{told}"
    );
    assert_eq!(ledger(&test), entries(&id, &["done"]));
}

#[test]
fn a_refusal_is_3_and_nothing_was_changed() {
    let (test, id, run) = with(
        Fault::status(403).error("access_denied|missing_permission", "No way."),
        &["--format", "json"],
    );
    assert_eq!(run.code, 3, "{run:?}");
    assert!(run.stderr.contains("nothing was changed"), "{run:?}");
    let json = run.json();
    assert_eq!(json["result"], "refused");
    assert!(
        json["message"]
            .as_str()
            .unwrap()
            .contains("missing_permission"),
        "{json}"
    );
    assert_eq!(ledger(&test), entries(&id, &["refused"]));
}

#[test]
fn no_command_is_advised_that_would_be_refused() {
    let twice = r#"{"products": [{"product_name_id": "ssl_plus", "prices": [
        {"lifetime": 1, "cost": 200}, {"lifetime": 1, "cost": 300}]}]}"#;
    let negative = r#"{"balance_negative_limit": -5, "products": [
        {"product_name_id": "ssl_plus", "prices": [{"lifetime": 1, "cost": 218}]}]}"#;
    for (state, code) in [(twice, "DC214"), (negative, "DC208")] {
        let (test, id) = started();
        test.set_products(id.parse().unwrap(), state);
        let file = r#"{"balance_negative_limit": 5, "products": [
            {"product_name_id": "ssl_plus", "prices": [{"lifetime": 1, "cost": 210}]}]}"#;
        test.folder.write("acme.json", file);
        let program = test.program(&["products", "set", &id, "-f", "acme.json"]);
        let mut program = AtTerminal::start(program);
        program.wait_for_question();
        program.answer("y");
        let run = program.end();
        assert_eq!(run.code, 0, "{run:?}");
        // Before the question and after the setting.
        assert_eq!(run.stdout.matches(code).count(), 2, "{run:?}");
        assert!(!run.stdout.contains("is restored by"), "{run:?}");

        test.set_products(id.parse().unwrap(), state);
        let run = set(&test, &id, file, &["--yes", "--format", "json"]);
        assert_eq!((run.code, &run.json()["restore"]), (0, &Value::Null));
        assert!(run.json()["former_state"].is_string());
        let history = test.run(&["history", "--subaccount", &id]).stdout;
        assert!(!history.contains("is restored by"), "{history}");
        assert!(history.contains("The former state is in "), "{history}");
    }
}

#[test]
fn in_json_every_ending_is_one_object() {
    let (test, id) = started();
    for (text, more, outcome, code) in [
        (SAME, &["--yes"][..], "unchanged", 0),
        (DANGEROUS, &["--yes"], "needs-words", 5),
        (HARMLESS, &[], "not-confirmed", 5),
        ("products: 1", &["--yes"], "errors-in-file", 5),
        (HARMLESS, &["--yes"], "set", 0),
    ] {
        let run = set(&test, &id, text, &[more, &["--format", "json"]].concat());
        let json = run.json();
        assert_eq!(
            (json["result"].as_str().unwrap(), run.code),
            (outcome, code),
            "{run:?}"
        );
        assert_eq!(json["format_version"], 1);
        assert_eq!(json["former_state"].is_string(), outcome == "set");
        assert_eq!(json["restore"].is_string(), outcome == "set");
    }
}

#[test]
fn a_setting_is_two_looks_one_write_and_a_look() {
    let (test, id) = started();
    test.sandbox.clear_requests();
    assert_eq!(set(&test, &id, HARMLESS, &["--yes"]).code, 0);
    test.sandbox.requests().assert_operations(&[
        Operation::GetSubaccount,
        Operation::ListSubaccountProducts,
        Operation::GetSubaccount,
        Operation::ListSubaccountProducts,
        Operation::SetSubaccountProducts,
        Operation::ListSubaccountProducts,
    ]);
}

#[test]
fn what_was_taken_and_cannot_be_read_back_is_1_and_done_in_the_ledger() {
    let (test, id) = started();
    let broken = Fault::status(500).on(Operation::ListSubaccountProducts);
    test.sandbox.faults().add(broken.nth(3).times(9)).unwrap();
    let run = set(&test, &id, HARMLESS, &["--yes", "--format", "json"]);
    assert_eq!(run.code, 1, "{run:?}");
    let told = "the service took the request, but what it has now cannot be read back";
    assert!(run.stderr.contains(told), "{run:?}");
    let json = run.json();
    assert_eq!(
        (&json["result"], &json["exit_code"], &json["entry"]),
        (&"set-not-read-back".into(), &1.into(), &1.into())
    );
    assert!(json["message"].as_str().unwrap().contains(told), "{json}");
    assert!(json["former_state"].is_string(), "{json}");
    assert_eq!(ledger(&test), entries(&id, &["done"]));
    test.sandbox.faults().clear();
    assert_eq!(live(&test, &id)["products"].as_array().unwrap().len(), 4);
}

#[test]
fn i8_a_look_that_fails_before_the_write_stops_it() {
    let (test, id) = started();
    let broken = Fault::status(500).on(Operation::ListSubaccountProducts);
    test.sandbox.faults().add(broken.nth(2).times(9)).unwrap();
    test.sandbox.clear_requests();
    let run = set(&test, &id, HARMLESS, &["--yes"]);
    assert_eq!(run.code, 3, "{run:?}");
    assert!(run.stderr.contains("nothing was changed"), "{run:?}");
    test.sandbox
        .requests()
        .of(Operation::SetSubaccountProducts)
        .assert_none();
    assert_eq!(ledger(&test), entries(&id, &["not-sent"]));
}

/// What somebody finds who looks after a crash: an entry without an end, and the former state.
#[test]
fn killed_while_it_waits_for_the_answer_the_ledger_and_the_former_state_are_there() {
    let (test, id) = started();
    let late = Fault::delay(Duration::from_secs(600)).on(Operation::SetSubaccountProducts);
    test.sandbox.faults().add(late).unwrap();
    test.folder.write("acme.json", HARMLESS);
    let mut program = test.program(&["products", "set", &id, "-f", "acme.json", "--yes"]);
    let mut child = program.spawn().unwrap();
    // It is on the disk before the request goes out, so it comes in any case.
    eventually("the entry is in the ledger", || {
        assert!(child.try_wait().unwrap().is_none(), "it ended by itself");
        !ledger(&test).is_empty()
    });
    child.kill().unwrap();
    child.wait().unwrap();
    let entry = ("set-products".to_owned(), id.parse().unwrap(), None);
    assert_eq!(ledger(&test), [entry]);
    let [kept] = former_states(&test).try_into().unwrap();
    let former: Value = serde_json::from_slice(&fs::read(kept).unwrap()).unwrap();
    assert_eq!(former["products"].as_array().unwrap().len(), 3);
}

#[test]
fn i2_the_key_is_in_nothing_that_is_said_or_kept() {
    let (test, id) = started();
    let key = test.certcentral_key().to_owned();
    let run = set(&test, &id, HARMLESS, &["--yes"]);
    assert!(!run.stdout.contains(&key) && !run.stderr.contains(&key));
    let state = test.folder.path().join("home/.local/state/digicert");
    let files: Vec<_> = former_states(&test)
        .into_iter()
        .chain([state.join("ledger.sqlite")])
        .collect();
    assert_eq!(files.len(), 2);
    for file in files {
        let bytes = fs::read(&file).unwrap();
        let found = bytes
            .windows(key.len())
            .any(|window| window == key.as_bytes());
        assert!(!found, "{}", file.display());
    }
}

#[test]
fn what_was_carried_out_although_somebody_says_that_it_was_refused_is_seen() {
    for (when, code) in [(When::After, 0), (When::Before, 3)] {
        let (test, id) = started();
        test.folder.write("new.json", HARMLESS);
        let fault = Fault::status(404)
            .when(when)
            .on(Operation::SetSubaccountProducts);
        test.sandbox.faults().add(fault).unwrap();
        let run = test.run(&["products", "set", &id, "-f", "new.json", "--yes"]);
        assert_eq!(run.code, code, "{run:?}");
        let is_seen = run
            .stdout
            .contains("but the service reports what was asked for");
        assert_eq!(is_seen, code == 0, "{run:?}");
        let history = test.run(&["history", "--format", "json"]).json();
        let state = if code == 0 { "done" } else { "refused" };
        assert_eq!(history["entries"][0]["state"], state, "{history}");
    }
}
