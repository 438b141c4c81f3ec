//! What changes between what was shown and a creation, however long the program has to wait in between:
//! another subaccount of the same names, and the will to have one.

use std::process::Child;
use std::thread;

use digicert_client::types::certcentral::SubaccountType;
use digicert_sandbox::Operation;
use rusqlite::Connection;
use rustix::process::{Pid, Signal, kill_process};

use crate::apply::results;
use crate::create::{CREATE, MANAGED, retail, with_document};
use crate::eventually::eventually;
use crate::in_between::{InBetween, Play, hold, wait_for};
use crate::on_sandbox::{OnSandbox, request};
use crate::program::{Run, run};

const MANIFEST: &str = "format_version: 1\nsubaccounts:\n  - key_out: ../acme.key\n    create:\n";
const APPLY: [&str; 5] = ["apply", "prices", "--yes", "--format", "json"];

fn creations(on: &OnSandbox) -> usize {
    on.sandbox.requests().of(Operation::CreateSubaccount).len()
}

/// A document, the same in manifests, and a ledger that is there.
fn with_ledger() -> OnSandbox {
    let on = with_document(MANAGED);
    let indented = format!("      {}", MANAGED.trim_end().replace('\n', "\n      "));
    on.folder
        .write("prices/acme.yaml", format!("{MANIFEST}{indented}"));
    assert_eq!(on.run(&["history"]).code, 0);
    on.folder.write(
        "other.yaml",
        retail().replace("Example Company, LLC", "Another"),
    );
    assert_eq!(
        on.run(&["subaccount", "create", "-f", "other.yaml", "--yes"])
            .code,
        0
    );
    on.sandbox.clear_requests();
    on
}

/// A program that has looked, and whose process that sends waits for the ledger.
struct Waiting {
    child: Child,
    ledger: Connection,
}

impl Waiting {
    fn begin(on: &OnSandbox, arguments: &[&str]) -> Self {
        let path = on
            .folder
            .path()
            .join("home/.local/state/digicert/ledger.sqlite");
        let ledger = Connection::open(path).unwrap();
        ledger.execute_batch("BEGIN IMMEDIATE").unwrap();
        let mut child = on.program(arguments).spawn().unwrap();
        // The place of the key is opened before the entry is begun.
        eventually("the place of the key is there", || {
            assert!(child.try_wait().unwrap().is_none(), "it ended by itself");
            on.key_file_path().exists()
        });
        Self { child, ledger }
    }

    fn end(self) -> Run {
        self.ledger.execute_batch("ROLLBACK").unwrap();
        Run::of(self.child.wait_with_output().unwrap())
    }
}

#[test]
fn i1_what_somebody_creates_while_it_waits_for_the_ledger_is_seen() {
    for arguments in [&[&CREATE[..], &["--format", "json"]].concat()[..], &APPLY] {
        let on = with_ledger();
        let waiting = Waiting::begin(&on, arguments);
        let theirs = request("Example Company, LLC", SubaccountType::Managed);
        let theirs = on.block_on(on.client().create_subaccount(&theirs)).unwrap();
        let theirs = theirs.id.unwrap();
        let run = waiting.end();
        assert_eq!((run.code, creations(&on)), (5, 1), "only theirs: {run:?}");
        assert!(
            run.stderr.contains(&theirs.to_string()) || run.stdout.contains(&theirs.to_string())
        );
        assert!(!on.key_file_path().exists());
        let history = on.run(&["history", "--format", "json"]).json();
        assert_eq!(history["entries"][1]["state"], "not-done", "{history}");
        if arguments == APPLY {
            assert_eq!(results(&run), ["stale"]);
        } else {
            let json = run.json();
            assert_eq!(
                (&json["result"], &json["subaccount_ids"][0]),
                (&"exists".into(), &theirs.into())
            );
        }
    }
}

#[test]
fn stopped_while_it_waits_for_the_ledger_it_creates_nothing() {
    for arguments in [&[&CREATE[..], &["--format", "json"]].concat()[..], &APPLY] {
        let on = with_ledger();
        let mut waiting = Waiting::begin(&on, arguments);
        kill_process(Pid::from_child(&waiting.child), Signal::INT).unwrap();
        // It does not wait for the ledger itself.
        if arguments != APPLY {
            waiting.child.wait().unwrap();
        }
        let run = waiting.end();
        assert!(!run.stderr.contains("waiting for the answer"), "{run:?}");
        if arguments == APPLY {
            assert_eq!(
                (run.code, results(&run)),
                (1, vec!["left".to_owned()]),
                "{run:?}"
            );
        } else {
            assert_eq!(
                (run.code, &run.json()["result"]),
                (5, &"stopped".into()),
                "{run:?}"
            );
        }
        // The process that sends takes away what it has made.
        while on.key_file_path().exists() {
            thread::yield_now();
        }
        assert_eq!(creations(&on), 0, "{run:?}");
        // Nothing stands in the way of another run.
        assert_eq!(on.create(&[]).code, 0);
    }
}

#[test]
fn i1_of_two_at_once_for_one_subaccount_only_one_creates() {
    let on = with_document(&retail());
    on.folder
        .write("other.yaml", retail().replace("John", "Joan"));
    let (play, is_there, let_go) = hold();
    let service = InBetween::before(on.sandbox.origin(), play);
    let create = |file| {
        [
            "subaccount",
            "create",
            "-f",
            file,
            "--yes",
            "--format",
            "json",
        ]
    };
    // The list does not have it yet, as far as anybody can tell.
    let first = on
        .program_past(&service, &create("acme.yaml"))
        .spawn()
        .unwrap();
    wait_for(&is_there);
    service.play(Play::Lists(empty));
    let second = run(&mut on.program_past(&service, &create("other.yaml")));
    assert_eq!(
        (second.code, &second.json()["result"]),
        (5, &"taken".into()),
        "{second:?}"
    );
    assert!(
        second
            .stderr
            .contains("of this organization and child_name"),
        "{second:?}"
    );
    let_go.send(()).unwrap();
    let first = Run::of(first.wait_with_output().unwrap());
    assert_eq!((first.code, creations(&on)), (0, 1), "{first:?}");
    // Another one of the organization is none of their business.
    service.play(Play::Pass);
    on.folder
        .write("other.yaml", format!("child_name: West\n{}", retail()));
    assert_eq!(
        run(&mut on.program_past(&service, &create("other.yaml"))).code,
        0
    );
}

fn empty(_: &str) -> String {
    r#"{"subaccounts": []}"#.to_owned()
}

#[test]
fn i6_the_last_look_and_the_creation_follow_each_other() {
    let on = with_document(&format!("child_name: New\n{}", retail()));
    for name in ["one", "two", "three"] {
        let mut request = request("Example Company, LLC", SubaccountType::Retail);
        request.child_name = Some(name.to_owned());
        on.block_on(on.client().create_subaccount(&request))
            .unwrap();
    }
    on.sandbox.clear_requests();
    let create = ["subaccount", "create", "-f", "acme.yaml", "--yes"];
    assert_eq!(on.run(&create).code, 0);
    let requests = on.sandbox.requests();
    let operations: Vec<_> = requests
        .iter()
        .filter_map(digicert_sandbox::LoggedRequest::operation)
        .collect();
    let last = operations.len() - 1;
    assert_eq!(
        operations[last - 2..],
        [
            Operation::ListSubaccounts,
            Operation::ListSubaccounts,
            Operation::CreateSubaccount
        ],
        "those that were looked at are not looked at again: {operations:?}"
    );
}
