//! What changes between what was shown and the write, however long the program has to wait in
//! between: other products, and another payer.

use std::process::Child;
use std::sync::mpsc::channel;

use digicert_sandbox::Operation;
use rusqlite::Connection;
use rustix::process::{Pid, Signal, kill_process};

use crate::apply::{OTHER, count, planned, results};
use crate::eventually::eventually;
use crate::in_between::{InBetween, Play};
use crate::on_sandbox::OnSandbox;
use crate::plan::with_subaccounts;
use crate::products_diff::{HARMLESS, started};
use crate::products_set::{former_states, live};
use crate::program::{Run, run};
use crate::terminal::AtTerminal;

const APPLY: [&str; 5] = ["apply", "plan.json", "--yes", "--format", "json"];

/// A program that has looked, and waits for the ledger, because another one writes to it.
struct Waiting {
    child: Child,
    ledger: Connection,
}

impl Waiting {
    fn begin(on: &OnSandbox, arguments: &[&str]) -> Self {
        let before = former_states(on).len();
        let path = on
            .folder
            .path()
            .join("home/.local/state/digicert/ledger.sqlite");
        let ledger = Connection::open(path).unwrap();
        ledger.execute_batch("BEGIN IMMEDIATE").unwrap();
        let mut child = on.program(arguments).spawn().unwrap();
        // The former state is kept before the entry is begun.
        eventually("the former state is kept", || {
            assert!(child.try_wait().unwrap().is_none(), "it ended by itself");
            former_states(on).len() > before
        });
        on.sandbox.clear_requests();
        Self { child, ledger }
    }

    fn end(self) -> Run {
        self.ledger.execute_batch("ROLLBACK").unwrap();
        Run::of(self.child.wait_with_output().unwrap())
    }
}

/// A subaccount with a file that sets something else, and a ledger that is there.
fn to_set() -> (OnSandbox, String) {
    let (on, id) = started();
    on.folder.write("first.json", HARMLESS);
    assert_eq!(
        on.run(&["products", "set", &id, "-f", "first.json", "--yes"])
            .code,
        0
    );
    on.folder.write("next.json", HARMLESS.replace("230", "231"));
    (on, id)
}

/// The same as a plan.
fn to_apply() -> (OnSandbox, i64) {
    let (on, ids) = with_subaccounts(1);
    on.folder.write("first.json", OTHER.replace("200", "201"));
    let id = ids[0].to_string();
    assert_eq!(
        on.run(&["products", "set", &id, "-f", "first.json", "--yes"])
            .code,
        0
    );
    on.set_products(ids[0], OTHER);
    planned(&on);
    (on, ids[0])
}

#[test]
fn i8_what_somebody_enables_while_it_waits_for_the_ledger_is_not_switched_off() {
    let (on, id) = to_set();
    let waiting = Waiting::begin(&on, &["products", "set", &id, "-f", "next.json", "--yes"]);
    on.set_products(
        id.parse().unwrap(),
        &HARMLESS.replace("ssl_ev_plus", "ssl_securesite"),
    );
    let theirs = live(&on, &id);
    let run = waiting.end();
    assert_eq!((run.code, live(&on, &id)), (5, theirs), "{run:?}");
    assert_eq!(count(&on, Operation::SetSubaccountProducts), 1, "theirs");
    let history = on.run(&["history", "--format", "json"]).json();
    assert_eq!(history["entries"][1]["state"], "not-done", "{history}");
}

#[test]
fn i8_nor_by_apply() {
    let (on, id) = to_apply();
    let waiting = Waiting::begin(&on, &APPLY);
    on.set_products(id, HARMLESS);
    let theirs = live(&on, &id.to_string());
    let run = waiting.end();
    assert_eq!((results(&run), run.code), (vec!["stale".to_owned()], 5));
    assert_eq!(live(&on, &id.to_string()), theirs);
}

#[test]
fn a_link_that_is_stopped_while_it_waits_for_the_ledger_is_not_sent() {
    let on = OnSandbox::new();
    let link = ["billing", "link", "--yes", "--format", "json"];
    assert_eq!(on.run(&link).code, 0);
    on.sandbox.clear_requests();
    let folder = on.folder.path().join("home/.local/state/digicert");
    let ledger = Connection::open(folder.join("ledger.sqlite")).unwrap();
    ledger.execute_batch("BEGIN IMMEDIATE").unwrap();
    let mut child = on.program(&link).spawn().unwrap();
    eventually("the link is taken", || {
        assert!(child.try_wait().unwrap().is_none(), "it ended by itself");
        let mut files = std::fs::read_dir(&folder).unwrap();
        files.any(|file| {
            file.unwrap()
                .file_name()
                .to_string_lossy()
                .starts_with("linking-")
        })
    });
    let pid = i32::try_from(child.id()).unwrap();
    kill_process(Pid::from_raw(pid).unwrap(), Signal::INT).unwrap();
    ledger.execute_batch("ROLLBACK").unwrap();
    let run = Run::of(child.wait_with_output().unwrap());
    assert_eq!(
        (run.code, &run.json()["result"]),
        (5, &"stopped".into()),
        "{run:?}"
    );
    assert_eq!(count(&on, Operation::LinkBillingAccount), 0);
}

#[test]
fn stopped_while_it_waits_for_the_ledger_it_changes_nothing() {
    let (on, id) = to_set();
    let set = [
        "products",
        "set",
        &id,
        "-f",
        "next.json",
        "--yes",
        "--format",
        "json",
    ];
    let waiting = Waiting::begin(&on, &set);
    kill_process(Pid::from_child(&waiting.child), Signal::INT).unwrap();
    let run = waiting.end();
    assert_eq!(
        (run.code, &run.json()["result"]),
        (5, &"stopped".into()),
        "{run:?}"
    );
    assert_eq!(count(&on, Operation::SetSubaccountProducts), 0);

    let (on, _) = to_apply();
    let waiting = Waiting::begin(&on, &APPLY);
    kill_process(Pid::from_child(&waiting.child), Signal::INT).unwrap();
    let run = waiting.end();
    assert_eq!((results(&run), run.code), (vec!["left".to_owned()], 1));
    assert_eq!(count(&on, Operation::SetSubaccountProducts), 0);
}

#[test]
fn i8_a_plan_is_stale_once_somebody_else_pays() {
    for (shown, then, message) in [
        (
            Play::PaidOtherwise,
            Play::Pass,
            "paid for itself when that was shown",
        ),
        (Play::Pass, Play::PaidOtherwise, "pays for itself by now"),
    ] {
        let (on, ids) = with_subaccounts(1);
        // A product more, which every payer gets.
        on.set_products(
            ids[0],
            r#"{"currency": "USD", "products": [
            {"product_name_id": "ssl_plus", "prices": [{"lifetime": 1, "cost": 400}]}]}"#,
        );
        let service = InBetween::before(on.sandbox.origin(), shown);
        let digicert = |arguments: &[&str]| {
            let mut program = on.program(arguments);
            run(program.env("DIGICERT_ORIGIN", service.origin()))
        };
        let plan = digicert(&["plan", "prices", "--out", "plan.json"]);
        assert_eq!(plan.code, 1, "{plan:?}");
        service.play(then);
        on.sandbox.clear_requests();
        let run = digicert(&APPLY);
        assert_eq!((results(&run), run.code), (vec!["stale".to_owned()], 5));
        let told = run.json()["items"][0]["message"].to_string();
        assert!(told.contains(message), "{told}");
        assert_eq!(count(&on, Operation::SetSubaccountProducts), 0);
    }
}

#[test]
fn i8_prices_that_were_ignored_are_not_taken_for_done_once_they_count() {
    let (on, ids) = with_subaccounts(1);
    on.set_products(
        ids[0],
        r#"{"currency": "USD", "products": [
        {"product_name_id": "ssl_plus", "prices": [{"lifetime": 1, "cost": 400}]}]}"#,
    );
    let service = InBetween::before(on.sandbox.origin(), Play::PaidOtherwise);
    let digicert = |arguments: &[&str]| {
        let mut program = on.program(arguments);
        run(program.env("DIGICERT_ORIGIN", service.origin()))
    };
    assert_eq!(digicert(&["plan", "prices", "--out", "plan.json"]).code, 1);
    // Somebody enables what was missing; the price is what it was.
    on.set_products(
        ids[0],
        r#"{"currency": "USD", "products": [
        {"product_name_id": "ssl_plus", "prices": [{"lifetime": 1, "cost": 400}]},
        {"product_name_id": "code_signing", "prices": [{"lifetime": 1, "cost": 474}]}]}"#,
    );
    assert_eq!(results(&digicert(&APPLY)), ["done-before"]);
    service.play(Play::Pass);
    let run = digicert(&APPLY);
    assert_eq!((results(&run), run.code), (vec!["stale".to_owned()], 5));
}

#[test]
fn i8_somebody_else_pays_while_it_asks() {
    let (on, id) = started();
    on.folder.write("acme.json", HARMLESS);
    let service = InBetween::before(on.sandbox.origin(), Play::Pass);
    let mut program = on.program(&["products", "set", &id, "-f", "acme.json"]);
    program.env("DIGICERT_ORIGIN", service.origin());
    let mut program = AtTerminal::start(program);
    program.wait_for_question();
    service.play(Play::PaidOtherwise);
    on.sandbox.clear_requests();
    program.answer("y");
    let run = program.end();
    assert_eq!(run.code, 5, "{run:?}");
    assert!(
        run.stderr.contains("the subaccount pays for itself by now"),
        "{run:?}"
    );
    assert!(!run.stdout.contains("Somebody else has changed"), "{run:?}");
    assert_eq!(count(&on, Operation::SetSubaccountProducts), 0);
}

#[test]
fn i8_a_plan_that_is_replaced_after_it_was_read_is_not_applied() {
    let (on, ids) = with_subaccounts(2);
    let (there, is_there) = channel();
    let (let_go, may_go) = channel();
    let service = InBetween::before(on.sandbox.origin(), Play::Pass);
    let digicert = |arguments: &[&str]| {
        let mut program = on.program(arguments);
        program.env("DIGICERT_ORIGIN", service.origin());
        program
    };
    for (changed, plan) in [(&ids[..], "plan.json"), (&ids[1..], "other.json")] {
        on.set_products(ids[0], crate::plan::LIVE);
        for id in changed {
            on.set_products(*id, OTHER);
        }
        let planned = run(&mut digicert(&["plan", "prices", "--out", plan]));
        assert_eq!(planned.code, 1, "{planned:?}");
    }
    on.set_products(ids[0], OTHER);
    on.sandbox.clear_requests();
    // It has read the plan, and asks whose the key is before it shows it.
    service.play(Play::HoldAccount(there, may_go));
    let child = digicert(&APPLY).spawn().unwrap();
    is_there.recv().unwrap();
    let file = |name| on.folder.path().join(name);
    std::fs::rename(file("other.json"), file("plan.json")).unwrap();
    let_go.send(()).unwrap();
    let stopped = Run::of(child.wait_with_output().unwrap());
    assert_eq!(
        (stopped.code, &stopped.json()["result"]),
        (5, &"stale".into()),
        "{stopped:?}"
    );
    assert!(stopped.stdout.contains("was changed after it was made"));
    assert_eq!(count(&on, Operation::SetSubaccountProducts), 0);
    // The other one is as good as any, once it is there from the beginning.
    assert_eq!(results(&run(&mut digicert(&APPLY))), ["done"]);
}
