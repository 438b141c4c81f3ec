//! A service that asks for a pause: `Retry-After` on the way through many subaccounts.

use std::os::unix::process::ExitStatusExt as _;
use std::process::{Child, Output};
use std::time::Duration;

use digicert_sandbox::{Fault, LoggedRequest, Operation};
use rustix::process::{Pid, Signal, kill_process};

use crate::apply::{OTHER, count, planned, results, with_creation};
use crate::eventually::says;
use crate::on_sandbox::OnSandbox;
use crate::plan::with_subaccounts;
use crate::program::Run;

const APPLY: [&str; 5] = ["apply", "plan.json", "--yes", "--format", "json"];
const PUT: Operation = Operation::SetSubaccountProducts;

/// Three subaccounts to change, and a plan.
fn to_change() -> OnSandbox {
    let (on, ids) = with_subaccounts(3);
    for id in &ids {
        on.set_products(*id, OTHER);
    }
    planned(&on);
    on.sandbox.clear_requests();
    on
}

#[test]
fn a_pause_of_hours_stops_an_apply_and_it_says_when_to_go_on() {
    for (operation, status, result, code) in [
        (PUT, 429, "refused", 3),
        (PUT, 503, "unknown", 4),
        (Operation::ListSubaccountProducts, 429, "refused", 3),
    ] {
        let on = to_change();
        let busy = Fault::status(status).retry_after(7200).on(operation);
        let busy = on.sandbox.faults().add(busy.nth(1)).unwrap();
        let run = on.run(&APPLY);
        let json = run.json();
        assert_eq!(
            (run.code, &json["result"]),
            (code, &"stopped".into()),
            "{run:?}"
        );
        assert_eq!(results(&run), [result, "left", "left"]);
        let why = json["stopped"].as_str().unwrap();
        assert!(
            why.starts_with("the service wants no more requests before "),
            "{why}"
        );
        assert!(
            why.contains(" UTC on ")
                && why.ends_with("; the same command after that does the rest"),
            "{why}"
        );
        assert_eq!(count(&on, operation), 1);
        on.sandbox.faults().remove(busy);
        assert_eq!(results(&on.run(&APPLY)), ["done"; 3]);
    }
}

#[test]
fn a_pause_without_end_stops_it_too() {
    let on = to_change();
    let busy = Fault::status(429).retry_after(u64::MAX).on(PUT);
    on.sandbox.faults().add(busy).unwrap();
    let run = on.run(&["apply", "plan.json", "--yes"]);
    assert_eq!(run.code, 3, "{run:?}");
    let said = "It was not finished: the service asks to wait more than a day; the same command after \
                that does the rest.";
    assert!(run.stdout.contains(said), "{run:?}");
    assert_eq!(count(&on, PUT), 1);
}

#[test]
fn a_pause_of_minutes_is_shown_and_can_be_stopped() {
    for (operation, result, what) in [
        (
            PUT,
            "refused",
            "waiting 300 s before another try for subaccount",
        ),
        (
            Operation::ListSubaccountProducts,
            "left",
            "waiting 300 s before it is read again",
        ),
    ] {
        let on = to_change();
        let busy = Fault::status(429).retry_after(300).on(operation).nth(1);
        on.sandbox.faults().add(busy).unwrap();
        let mut child = on.program(&APPLY).spawn().unwrap();
        says(child.stderr.as_mut().unwrap(), what);
        interrupt(&child);
        let run = Run::of(child.wait_with_output().unwrap());
        assert_eq!(results(&run), [result, "left", "left"]);
        assert_eq!(run.json()["stopped"], "it was stopped with Ctrl-C");
        assert_eq!(count(&on, operation), 1);
    }
}

/// A 503 says nothing to the limiter of the client, so that nothing else makes it wait. The third is the
/// last attempt.
fn busy_and_then_for(on: &OnSandbox, seconds: u64) {
    let busy = || Fault::status(503).on(PUT);
    on.sandbox.faults().add(busy().times(2)).unwrap();
    let long = busy().retry_after(seconds).nth(3);
    on.sandbox.faults().add(long).unwrap();
}

#[test]
fn what_follows_waits_as_long_as_the_service_asked_for() {
    let on = to_change();
    busy_and_then_for(&on, 6);
    let run = on.run(&APPLY);
    assert_eq!(results(&run), ["unknown", "done", "done"]);
    let requests = on.sandbox.requests();
    let at = |index: usize| {
        requests
            .iter()
            .filter(|request| is_put(request))
            .nth(index)
            .unwrap()
            .at()
    };
    let waited = at(3).duration_since(at(2)).unwrap();
    assert!(waited >= Duration::from_secs(6), "{waited:?}");
}

#[test]
fn a_pause_of_minutes_before_what_follows_is_shown_and_can_be_stopped() {
    let on = to_change();
    busy_and_then_for(&on, 300);
    let mut child = on.program(&APPLY).spawn().unwrap();
    let what = " s before anything else is sent, as the service asks";
    says(child.stderr.as_mut().unwrap(), what);
    interrupt(&child);
    let run = Run::of(child.wait_with_output().unwrap());
    assert_eq!(results(&run), ["unknown", "left", "left"]);
    assert_eq!(count(&on, PUT), 3);
}

fn interrupt(child: &Child) {
    kill_process(Pid::from_child(child), Signal::INT).unwrap();
}

fn is_put(request: &LoggedRequest) -> bool {
    request.operation() == Some(PUT)
}

#[test]
fn a_plan_is_not_made_in_a_pause_of_hours() {
    let on = to_change();
    let busy = Fault::status(429).retry_after(7200);
    on.sandbox
        .faults()
        .add(busy.on(Operation::ListSubaccountProducts))
        .unwrap();
    let run = on.run(&["plan", "prices"]);
    assert_eq!(run.code, 3, "{run:?}");
    let said = "error: the service wants no more requests before ";
    assert!(run.stderr.starts_with(said), "{run:?}");
}

/// The program, until it has said that it waits; then Ctrl-C. Gives what else it said.
fn stopped_while_it_waits(on: &OnSandbox, arguments: &[&str]) -> (Output, String) {
    let mut child = on.program(arguments).spawn().unwrap();
    let waits = "waiting 300 s before it is read again, as the service asks";
    says(child.stderr.as_mut().unwrap(), waits);
    interrupt(&child);
    let ended = child.wait_with_output().unwrap();
    let rest = String::from_utf8(ended.stderr.clone()).unwrap();
    (ended, rest)
}

#[test]
fn a_plan_waits_for_minutes_too_and_all_its_reads_together() {
    let plan = ["plan", "prices"];
    let apply = ["apply", "prices", "--yes"];
    for (prepared, operation, arguments) in [
        (
            to_change as fn() -> OnSandbox,
            Operation::ListSubaccountProducts,
            &plan[..],
        ),
        (to_change, Operation::ListSubaccountProducts, &apply),
        (to_change, Operation::GetAccount, &plan),
        (to_change, Operation::GetAccount, &APPLY),
        (with_creation, Operation::ListSubaccounts, &plan),
    ] {
        let on = prepared();
        let busy = Fault::status(429).retry_after(300).on(operation);
        on.sandbox.faults().add(busy).unwrap();
        let (ended, rest) = stopped_while_it_waits(&on, arguments);
        if arguments == plan {
            assert_eq!(ended.status.signal(), Some(2), "{ended:?}");
        } else {
            assert_eq!(ended.status.code(), Some(5), "{ended:?}");
        }
        assert!(!rest.contains("waiting"), "said once for all: {rest}");
        let sent = count(&on, operation);
        assert!((1..=3).contains(&sent), "each read once: {sent}");
    }
}

#[test]
fn a_plan_leaves_out_nothing_that_the_service_wants_to_be_asked_later() {
    let on = to_change();
    // More than the client puts up with by itself: three subaccounts, four attempts each.
    let busy = Fault::status(503).retry_after(1).times(12);
    on.sandbox
        .faults()
        .add(busy.on(Operation::ListSubaccountProducts))
        .unwrap();
    let run = on.run(&["plan", "prices", "--format", "json"]);
    assert_eq!(run.code, 1, "{run:?}");
    let summary = &run.json()["summary"];
    assert_eq!(
        (&summary["failed"], &summary["changed"]),
        (&0.into(), &3.into())
    );
}
