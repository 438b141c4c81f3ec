//! What Ctrl-C, the request to end and the end of the terminal do to one change: `apply_under_way` is
//! about many.

use std::process::Child;
use std::sync::mpsc::{Receiver, Sender};
use std::time::Duration;

use digicert_sandbox::{Fault, Operation};
use rustix::process::{Pid, Signal, kill_process};

use crate::apply::{count, with_creation};
use crate::create::{CREATE, MANAGED, with_document};
use crate::eventually::{eventually, says};
use crate::in_between::{InBetween, Play, hold, hold_put, wait_for};
use crate::on_sandbox::OnSandbox;
use crate::products_diff::{HARMLESS, LIVE, started};
use crate::program::{Run, run};
use crate::terminal::AtTerminal;

const SIGNALS: [Signal; 3] = [Signal::INT, Signal::TERM, Signal::HUP];
const LINK: [&str; 3] = ["billing", "link", "--yes"];

/// A program whose request was carried out and whose answer waits.
pub(crate) struct UnderWay {
    pub(crate) on: OnSandbox,
    /// Where the program takes the service to be.
    pub(crate) service: InBetween,
    pub(crate) child: Child,
    let_go: Sender<()>,
}

impl UnderWay {
    pub(crate) fn begin(on: OnSandbox, arguments: &[&str]) -> Self {
        let held = match arguments {
            ["subaccount" | "apply", ..] => hold(),
            _ => hold_put(),
        };
        let service = InBetween::before(on.sandbox.origin(), Play::Pass);
        Self::past(service, on, arguments, held)
    }

    /// The same with somebody in between who is there already, and holds one answer.
    pub(crate) fn past(
        service: InBetween,
        on: OnSandbox,
        arguments: &[&str],
        (play, is_there, let_go): (Play, Receiver<()>, Sender<()>),
    ) -> Self {
        service.play(play);
        let mut program = on.program(arguments);
        let child = program.env("DIGICERT_ORIGIN", service.origin()).spawn();
        wait_for(&is_there);
        Self {
            on,
            service,
            child: child.unwrap(),
            let_go,
        }
    }

    pub(crate) fn setting(more: &[&str]) -> Self {
        let (on, id) = started();
        on.folder.write("acme.yaml", HARMLESS);
        let arguments = ["products", "set", &id, "-f", "acme.yaml", "--yes"];
        Self::begin(on, &[&arguments, more].concat())
    }

    pub(crate) fn linking(more: &[&str]) -> Self {
        Self::begin(OnSandbox::new(), &[&LINK, more].concat())
    }

    /// Sends the signal, and waits until the program has said so on standard error.
    fn signal(&mut self, signal: Signal, said: &str) {
        kill(&self.child, signal);
        says(self.child.stderr.as_mut().unwrap(), said);
    }

    /// Another program beside it, which takes the service to be at the same place.
    pub(crate) fn beside(&self, arguments: &[&str]) -> Run {
        let mut program = self.on.program(arguments);
        run(program.env("DIGICERT_ORIGIN", self.service.origin()))
    }

    /// Lets the answer arrive, and the program come to its end.
    pub(crate) fn end(self) -> (OnSandbox, Run) {
        self.let_go.send(()).unwrap();
        (self.on, Run::of(self.child.wait_with_output().unwrap()))
    }

    /// A second Ctrl-C; no answer arrives.
    fn insist(mut self) -> (OnSandbox, Run) {
        kill(&self.child, Signal::INT);
        self.child.wait().unwrap();
        // A custodian has the same standard error, and ends with the answer.
        drop(self.let_go);
        let run = Run::of(self.child.wait_with_output().unwrap());
        (self.on, run)
    }
}

fn kill(child: &Child, signal: Signal) {
    kill_process(Pid::from_child(child), signal).unwrap();
}

/// How the only entry of the ledger stands.
fn state(on: &OnSandbox) -> String {
    let history = on.run(&["history", "--format", "json"]).json();
    let entries = history["entries"].as_array().unwrap();
    assert_eq!(entries.len(), 1, "{history}");
    entries[0]["state"].as_str().unwrap().to_owned()
}

#[test]
fn what_asks_to_stop_waits_for_the_outcome_of_a_change() {
    for begin in [UnderWay::setting, UnderWay::linking] {
        for signal in SIGNALS {
            let mut under_way = begin(&["--format", "json"]);
            under_way.signal(signal, "stopping once the outcome");
            let (on, run) = under_way.end();
            assert_eq!(run.code, 0, "{run:?}");
            let result = &run.json()["result"];
            assert!(result == "set" || result == "linked", "{result}");
            assert_eq!(state(&on), "done");
        }
    }
}

#[test]
fn a_second_ctrl_c_is_4_and_says_what_may_have_happened() {
    for (begin, verb) in [
        (UnderWay::setting as fn(&[&str]) -> UnderWay, "set"),
        (UnderWay::linking, "linked"),
    ] {
        let mut under_way = begin(&["--format", "json"]);
        under_way.signal(Signal::INT, "Ctrl-C now ends at once");
        let (on, run) = under_way.insist();
        let json = run.json();
        assert_eq!(run.code, 4, "{run:?}");
        assert_eq!(
            (&json["result"], &json["entry"]),
            (&"unknown".into(), &1.into())
        );
        let message = json["message"].as_str().unwrap();
        for part in [format!("it may have been {verb}"), "entry 1".to_owned()] {
            assert!(message.contains(&part), "{part}: {message}");
        }
        assert_eq!(state(&on), "unknown");
    }
}

#[test]
fn only_ctrl_c_ends_the_wait_when_it_comes_twice() {
    let mut under_way = UnderWay::setting(&[]);
    under_way.signal(Signal::HUP, "stopping once the outcome");
    for signal in [Signal::HUP, Signal::TERM] {
        kill(&under_way.child, signal);
    }
    let (on, run) = under_way.end();
    assert_eq!((run.code, state(&on).as_str()), (0, "done"), "{run:?}");
}

#[test]
fn what_asks_to_stop_waits_for_the_custodian_and_ctrl_c_leaves_it_alone() {
    for signal in SIGNALS {
        let arguments = [&CREATE[..], &["--format", "json"]].concat();
        let mut under_way = UnderWay::begin(with_document(MANAGED), &arguments);
        under_way.signal(signal, "waiting for the answer to the request");
        let (on, run) = under_way.end();
        assert_eq!(run.code, 0, "{run:?}");
        assert_eq!(run.json()["key"]["state"], "kept");
        assert_eq!(state(&on), "done");
    }
}

#[test]
fn a_creation_of_a_plan_that_is_left_alone_has_its_entry_in_the_report() {
    let apply = ["apply", "prices", "--yes", "--format", "json"];
    let mut under_way = UnderWay::begin(with_creation(), &apply);
    under_way.signal(
        Signal::INT,
        "Ctrl-C now leaves it to a process in the background",
    );
    let (_, run) = under_way.insist();
    let json = run.json();
    assert_eq!(
        (run.code, &json["result"]),
        (4, &"stopped".into()),
        "{run:?}"
    );
    let item = &json["items"][0];
    assert_eq!(
        (&item["result"], &item["entry"]),
        (&"unknown".into(), &1.into())
    );
    let said = "the request is still under way (entry 1)";
    assert!(item["message"].as_str().unwrap().contains(said), "{item}");
}

/// The program, which waits for an answer to a read.
fn reading(on: &OnSandbox, operation: Operation, arguments: &[&str]) -> Child {
    let late = Fault::delay(Duration::from_secs(600));
    on.sandbox.faults().add(late.on(operation)).unwrap();
    let mut child = on.program(arguments).spawn().unwrap();
    eventually("the read is there", || {
        assert!(child.try_wait().unwrap().is_none(), "it ended by itself");
        on.sandbox.faults().list()[0].fired > 0
    });
    child
}

#[test]
fn before_anything_is_sent_it_ends_at_once_and_nothing_was_changed() {
    let set = ["products", "set", "1122334", "-f", "acme.yaml", "--yes"];
    let apply = ["apply", "acme.yaml", "--yes"];
    for (arguments, operation) in [
        (&set[..], Operation::ListSubaccountProducts),
        (&LINK, Operation::GetAccount),
        (&CREATE, Operation::GetAccount),
        (&apply, Operation::GetAccount),
    ] {
        for (signal, why) in [
            (Signal::INT, "it was stopped with Ctrl-C"),
            (Signal::TERM, "it was asked to end"),
            (Signal::HUP, "its terminal was closed"),
        ] {
            let (on, id) = started();
            assert_eq!(id, set[2]);
            on.folder.write(
                "acme.yaml",
                match arguments[0] {
                    "products" => HARMLESS,
                    "apply" => "format_version: 1\nsubaccounts: []\n",
                    _ => MANAGED,
                },
            );
            on.sandbox.clear_requests();
            let arguments = [arguments, &["--format", "json"]].concat();
            let child = reading(&on, operation, &arguments);
            kill(&child, signal);
            let run = Run::of(child.wait_with_output().unwrap());
            let json = run.json();
            assert_eq!(
                (run.code, &json["result"]),
                (5, &"stopped".into()),
                "{run:?}"
            );
            assert_eq!(json["message"], format!("nothing was changed: {why}"));
            let requests = on.sandbox.requests();
            assert!(requests.iter().all(|request| request.method() == "GET"));
            assert_eq!(on.run(&["history"]).stdout, "No entries.\n");
        }
    }
}

#[test]
fn at_the_question_it_ends_at_once_and_nothing_was_changed() {
    let (on, id) = started();
    on.folder.write("acme.yaml", HARMLESS);
    let program = on.program(&["products", "set", &id, "-f", "acme.yaml"]);
    let mut terminal = AtTerminal::start(program);
    terminal.wait_for_question();
    terminal.signal(Signal::INT);
    let run = terminal.end();
    assert_eq!(run.code, 5, "{run:?}");
    let said = "[y/N] \nerror: nothing was changed: it was stopped with Ctrl-C\n";
    assert!(run.stderr.ends_with(said), "{run:?}");
}

#[test]
fn of_a_setting_that_was_killed_history_says_what_the_service_has_now() {
    let mut under_way = UnderWay::setting(&[]);
    under_way.child.kill().unwrap();
    under_way.child.wait().unwrap();
    let UnderWay { on, service, .. } = under_way;
    let unfinished = |more: &[&str]| {
        let mut history = on.program(&[&["history", "--unfinished"], more].concat());
        run(history.env("DIGICERT_ORIGIN", service.origin()))
    };
    let says = |live: &str, sentence: &str| {
        let entry = unfinished(&["--format", "json"]).json()["entries"][0].clone();
        assert_eq!(
            (&entry["state"], &entry["live"]),
            (&"interrupted".into(), &live.into())
        );
        let told = unfinished(&[]).stdout;
        assert!(told.contains(sentence), "{told}");
    };
    says(
        "as-asked",
        "The service reports what was asked for: it was carried out",
    );
    let only = r#"{"currency": "USD", "products": [{"product_name_id": "ssl_plus"}]}"#;
    for (products, live, sentence) in [
        (
            LIVE,
            "as-before",
            "So far the service reports what it had before: it was not",
        ),
        (
            only,
            "otherwise",
            "neither what was asked for nor what it had before",
        ),
    ] {
        on.set_products(1_122_334, products);
        says(live, sentence);
    }
    // Another service is not asked, and that is said.
    let elsewhere = on.run(&["history", "--unfinished"]);
    assert!(
        elsewhere
            .stdout
            .contains("It was not looked up: it is an entry of "),
        "{elsewhere:?}"
    );
}

#[test]
fn who_asks_a_link_to_stop_does_not_wait_for_another_attempt() {
    for (status, result, code) in [(429, "refused", 3), (503, "unknown", 4)] {
        for (signal, why) in [
            (Signal::INT, "it was stopped with Ctrl-C"),
            (Signal::TERM, "it was asked to end"),
        ] {
            let on = OnSandbox::new();
            let busy = Fault::status(status).retry_after(55);
            let busy = busy.on(Operation::LinkBillingAccount);
            on.sandbox.faults().add(busy).unwrap();
            let mut child = on
                .program(&[&LINK[..], &["--format", "json"]].concat())
                .spawn()
                .unwrap();
            let waits = "waiting 55 s before another try to link, as the service asks";
            says(child.stderr.as_mut().unwrap(), waits);
            kill(&child, signal);
            let run = Run::of(child.wait_with_output().unwrap());
            let json = run.json();
            assert_eq!(
                (run.code, &json["result"]),
                (code, &result.into()),
                "{run:?}"
            );
            let message = json["message"].as_str().unwrap();
            let said = format!("; it was not sent again, because {why}");
            assert!(message.contains(&said), "{message}");
            assert_eq!(count(&on, Operation::LinkBillingAccount), 1);
            assert_eq!(state(&on), result);
        }
    }
}

/// The answer to the first attempt is on its way when somebody wants it to stop.
#[test]
fn a_link_whose_attempt_fails_after_that_is_not_sent_again() {
    let on = OnSandbox::new();
    let busy = Fault::status(503).on(Operation::LinkBillingAccount);
    on.sandbox.faults().add(busy).unwrap();
    let mut under_way = UnderWay::begin(on, &[&LINK[..], &["--format", "json"]].concat());
    under_way.signal(Signal::INT, "stopping once the outcome");
    let (on, run) = under_way.end();
    assert_eq!(
        (run.code, &run.json()["result"]),
        (4, &"unknown".into()),
        "{run:?}"
    );
    let message = run.json()["message"].to_string();
    let said = "; it was not sent again, because it was stopped with Ctrl-C";
    assert!(message.contains(said), "{message}");
    assert_eq!(count(&on, Operation::LinkBillingAccount), 1);
    assert_eq!(state(&on), "unknown");
}
