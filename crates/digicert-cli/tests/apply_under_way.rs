//! While `digicert apply` is at work: what asks it to stop, and another one beside it.

use std::process::{Child, Command, Stdio};
use std::sync::mpsc::Sender;

use digicert_sandbox::{Fault, Operation};
use rustix::process::{Pid, Signal, kill_process};
use serde_json::Value;

use crate::apply::{OTHER, count};
use crate::eventually::says;
use crate::in_between::{InBetween, hold_put, wait_for};
use crate::on_sandbox::OnSandbox;
use crate::plan::with_subaccounts;
use crate::program::{Run, run};

/// Three subaccounts to change, a plan, and an apply whose first request is carried out and whose
/// answer waits.
struct UnderWay {
    on: OnSandbox,
    service: InBetween,
    child: Child,
    let_go: Sender<()>,
}

impl UnderWay {
    fn begin() -> Self {
        Self::of(apply)
    }

    fn of(apply: fn(&OnSandbox, &InBetween) -> Command) -> Self {
        let (on, ids) = with_subaccounts(3);
        for id in &ids {
            on.set_products(*id, OTHER);
        }
        let (play, is_there, let_go) = hold_put();
        let service = InBetween::before(on.sandbox.origin(), play);
        let make = ["plan", "prices", "--out", "plan.json"];
        assert_eq!(run(&mut program(&on, &service, &make)).code, 1);
        on.sandbox.clear_requests();
        let child = apply(&on, &service).spawn().unwrap();
        wait_for(&is_there);
        Self {
            on,
            service,
            child,
            let_go,
        }
    }

    fn signal(&self, signal: Signal) {
        kill_process(Pid::from_child(&self.child), signal).unwrap();
    }

    /// Waits until it has said something on standard error.
    fn says(&mut self, part: &str) {
        says(self.child.stderr.as_mut().unwrap(), part);
    }

    /// Waits for the end, and no answer arrives before.
    fn end_without_an_answer(self) -> (OnSandbox, Run) {
        let run = Run::of(self.child.wait_with_output().unwrap());
        drop(self.let_go);
        (self.on, run)
    }

    /// Lets the answer arrive, and the program come to its end.
    fn end(self) -> (OnSandbox, InBetween, Run) {
        self.let_go.send(()).unwrap();
        let run = Run::of(self.child.wait_with_output().unwrap());
        (self.on, self.service, run)
    }
}

fn program(on: &OnSandbox, service: &InBetween, arguments: &[&str]) -> Command {
    let mut program = on.program(arguments);
    program.env("DIGICERT_ORIGIN", service.origin());
    program
}

fn apply(on: &OnSandbox, service: &InBetween) -> Command {
    let arguments = ["apply", "plan.json", "--yes", "--format", "json"];
    program(on, service, &arguments)
}

fn apply_for_people(on: &OnSandbox, service: &InBetween) -> Command {
    program(on, service, &["apply", "plan.json", "--yes"])
}

/// As `nohup` starts it.
#[cfg(target_os = "linux")]
fn apply_without_hangup(on: &OnSandbox, service: &InBetween) -> Command {
    let apply = apply(on, service);
    let mut shell = Command::new("sh");
    shell
        .args(["-c", "trap '' HUP; exec \"$0\" \"$@\""])
        .arg(apply.get_program())
        .args(apply.get_args())
        .current_dir(on.folder.path())
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    for (name, value) in apply.get_envs() {
        match value {
            Some(value) => shell.env(name, value),
            None => shell.env_remove(name),
        };
    }
    shell
}

fn results(run: &Run) -> Vec<Value> {
    let json = run.json();
    let items = json["items"].as_array().unwrap().iter();
    items.map(|item| item["result"].clone()).collect()
}

#[test]
fn what_asks_it_to_stop_lets_it_finish_what_is_under_way_and_the_rest_follows_later() {
    for (signal, why) in [
        (Signal::INT, "it was stopped with Ctrl-C"),
        (Signal::TERM, "it was asked to end"),
        (Signal::HUP, "its terminal was closed"),
    ] {
        let mut apply_under_way = UnderWay::begin();
        apply_under_way.signal(signal);
        apply_under_way.says("stopping once the outcome of what is under way is known");
        let (on, service, stopped) = apply_under_way.end();
        assert_eq!(stopped.code, 1, "{stopped:?}");
        assert_eq!(results(&stopped), ["done", "left", "left"]);
        assert_eq!(stopped.json()["stopped"], why);
        let said = stopped.json()["message"].to_string();
        assert!(
            said.contains("The same command again does the rest"),
            "{said}"
        );
        let again = run(&mut apply(&on, &service));
        assert_eq!(results(&again), ["done-before", "done", "done"]);
        assert_eq!(count(&on, Operation::SetSubaccountProducts), 3);
    }
}

#[test]
fn who_asks_it_to_stop_does_not_wait_for_another_attempt() {
    for (status, result, code) in [(429, "refused", 3), (503, "unknown", 4)] {
        let (on, ids) = with_subaccounts(2);
        for id in &ids {
            on.set_products(*id, OTHER);
        }
        assert_eq!(on.run(&["plan", "prices", "--out", "plan.json"]).code, 1);
        on.sandbox.clear_requests();
        let late = Fault::status(status).retry_after(55);
        let late = late.on(Operation::SetSubaccountProducts).nth(1);
        on.sandbox.faults().add(late).unwrap();
        let arguments = ["apply", "plan.json", "--yes", "--format", "json"];
        let mut child = on.program(&arguments).spawn().unwrap();
        // As many seconds are left as are begun.
        says(
            child.stderr.as_mut().unwrap(),
            "waiting 55 s before another try",
        );
        kill_process(Pid::from_child(&child), Signal::INT).unwrap();
        let stopped = Run::of(child.wait_with_output().unwrap());
        assert_eq!(stopped.code, code, "{stopped:?}");
        assert_eq!(results(&stopped), [result, "left"]);
        assert_eq!(count(&on, Operation::SetSubaccountProducts), 1);
    }
}

#[test]
fn only_a_second_ctrl_c_ends_it_at_once() {
    let mut apply_under_way = UnderWay::begin();
    // As when a terminal is closed: the system, the shell, and whoever ends the session.
    apply_under_way.signal(Signal::HUP);
    apply_under_way.says("stopping once");
    for signal in [Signal::HUP, Signal::TERM] {
        apply_under_way.signal(signal);
    }
    let (_, _, stopped) = apply_under_way.end();
    assert_eq!(results(&stopped), ["done", "left", "left"]);

    let mut apply_under_way = UnderWay::begin();
    apply_under_way.signal(Signal::INT);
    apply_under_way.says("stopping once");
    apply_under_way.signal(Signal::INT);
    let (on, run) = apply_under_way.end_without_an_answer();
    let json = run.json();
    assert_eq!((run.code, &json["exit_code"]), (4, &4.into()), "{run:?}");
    assert_eq!(json["result"], "stopped");
    assert_eq!(results(&run), ["unknown", "left", "left"]);
    let item = &json["items"][0];
    assert_eq!(item["entry"], 1);
    assert!(
        item["message"]
            .as_str()
            .unwrap()
            .contains("it may have been set"),
        "{item}"
    );
    let entry = on.run(&["history", "--format", "json"]).json()["entries"][0].clone();
    assert_eq!(
        (&entry["entry"], &entry["state"]),
        (&1.into(), &"unknown".into())
    );
}

#[test]
fn for_people_a_second_ctrl_c_ends_with_the_report_too() {
    let mut apply_under_way = UnderWay::of(apply_for_people);
    apply_under_way.signal(Signal::INT);
    apply_under_way.says("stopping once");
    apply_under_way.signal(Signal::INT);
    let (_, run) = apply_under_way.end_without_an_answer();
    assert_eq!(run.code, 4, "{run:?}");
    for part in [
        "outcome unknown: Ctrl-C ended the wait for the answer, and it may have been set",
        "2 left to do",
        "It was not finished: it was stopped with Ctrl-C.",
    ] {
        assert!(run.stdout.contains(part), "{part}: {run:?}");
    }
}

#[cfg(target_os = "linux")]
#[test]
fn what_it_was_started_to_ignore_does_not_stop_it() {
    let under_way = UnderWay::of(apply_without_hangup);
    under_way.signal(Signal::HUP);
    let (_, _, run) = under_way.end();
    assert_eq!(results(&run), ["done"; 3]);
    assert!(!run.stderr.contains("stopping"), "{run:?}");
}

#[test]
fn a_second_apply_stops_before_it_does_anything() {
    let under_way = UnderWay::begin();
    for path in ["plan.json", "prices"] {
        let arguments = ["apply", path, "--yes", "--format", "json"];
        let second = run(&mut program(&under_way.on, &under_way.service, &arguments));
        assert_eq!(second.code, 5, "{second:?}");
        assert_eq!(second.json()["result"], "taken");
        let said = "nothing was changed: another `digicert apply` is at work";
        assert!(second.stderr.contains(said), "{second:?}");
    }
    let (on, service, first) = under_way.end();
    assert_eq!(results(&first), ["done"; 3]);
    assert_eq!(count(&on, Operation::SetSubaccountProducts), 3);
    assert_eq!(results(&run(&mut apply(&on, &service))), ["done-before"; 3]);
}

#[test]
fn another_name_of_the_same_ledger_is_no_other_ledger() {
    let under_way = UnderWay::begin();
    let ledger = under_way
        .on
        .folder
        .path()
        .join("home/.local/state/digicert/ledger.sqlite");
    assert!(ledger.exists());
    let link = under_way.on.folder.path().join("link.sqlite");
    std::os::unix::fs::symlink(&ledger, &link).unwrap();
    let arguments = [
        "apply",
        "plan.json",
        "--yes",
        "--ledger",
        "link.sqlite",
        "--format",
        "json",
    ];
    let second = run(&mut program(&under_way.on, &under_way.service, &arguments));
    assert_eq!(second.json()["result"], "taken", "{second:?}");
    let (.., first) = under_way.end();
    assert_eq!(results(&first), ["done"; 3]);
}

#[test]
fn an_apply_that_was_killed_keeps_nobody_from_going_on() {
    let under_way = UnderWay::begin();
    under_way.signal(Signal::KILL);
    let UnderWay {
        on,
        service,
        mut child,
        let_go: _let_go,
    } = under_way;
    child.wait().unwrap();
    let again = run(&mut apply(&on, &service));
    assert_eq!(results(&again), ["done-before", "done", "done"]);
    assert_eq!(count(&on, Operation::SetSubaccountProducts), 3);
}
