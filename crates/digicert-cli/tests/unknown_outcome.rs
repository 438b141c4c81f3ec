//! Creations that are interrupted, or whose answer does not arrive: what is known is said, what
//! may have been created is named, and nothing is created twice.

use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::Child;
use std::sync::mpsc::channel;

use digicert_sandbox::{Fault, Operation};

use crate::create::{CREATE, MANAGED, with_document};
use crate::in_between::{InBetween, Play, hold, wait_for};
use crate::on_sandbox::OnSandbox;
use crate::program::{Run, run};

#[test]
fn i1_an_answer_that_does_not_arrive_is_4_and_the_next_run_creates_no_second_one() {
    let test = with_document(MANAGED);
    let service = InBetween::before(test.sandbox.origin(), Play::CutAnswer);
    let run = test.create_past(&service, &[]);
    assert_eq!(run.code, 4, "{run:?}");
    insta::assert_snapshot!("answer_lost", told(&test, &service, &run));
    assert!(
        !test.key_file_path().exists(),
        "an empty file looks like a key"
    );

    let again = test.create_past(&service, &[]);
    assert_eq!(again.code, 4, "{again:?}");
    insta::assert_snapshot!("answer_lost_again", told(&test, &service, &again));
    // Not even on purpose, before it is settled.
    assert_eq!(test.create_past(&service, &["--another"]).code, 4);
    assert_eq!(test.count(), 1);

    let json = test.create_past(&service, &["--format", "json"]).json();
    assert_eq!(json["result"], "unknown");
    assert_eq!(json["known"]["request"], "sent");
    assert_eq!(json["known"]["answer"], "none");
    assert_eq!(json["key"]["state"], "missing");
    assert_eq!(json["candidates"][0]["account_id"], 1_122_334);
}

#[test]
fn i1_a_request_that_did_not_arrive_is_4_too_because_nobody_can_tell() {
    let test = with_document(MANAGED);
    let service = InBetween::before(test.sandbox.origin(), Play::CutRequest);
    let run = test.create_past(&service, &[]);
    assert_eq!((run.code, test.count()), (4, 0), "{run:?}");
    assert!(
        run.stdout
            .contains("lists no subaccount that it could have made"),
        "{run:?}"
    );
    assert_eq!(test.create_past(&service, &[]).code, 4);
    assert_eq!(test.count(), 0);
}

#[test]
fn i1_what_may_have_been_created_is_found_on_short_pages_under_the_other_name_of_the_list() {
    let test = with_document(&format!("child_name: Second\n{MANAGED}"));
    test.subaccount("Example Company, LLC");
    let service = InBetween::before(test.sandbox.origin(), Play::CutAnswer);
    assert_eq!(test.create_past(&service, &[]).code, 4);
    test.subaccount("Example Company, LLC");
    // The ledger knows the service by its address.
    service.play(Play::ListOtherwise);
    let json = test.create_past(&service, &["--format", "json"]).json();
    let candidates = json["candidates"].as_array().unwrap();
    let ids: Vec<_> = candidates.iter().map(|one| &one["account_id"]).collect();
    assert_eq!(ids, [1_122_335], "{json}");
}

#[test]
fn i3_a_key_of_another_creation_in_the_same_place_settles_nothing() {
    let others = MANAGED.replace("Example Company, LLC", "Another Company, LLC");
    let siblings = format!("child_name: Second\n{MANAGED}");
    for (second, is_known_here) in [(siblings, true), (others, false)] {
        let test = with_document(MANAGED);
        let service = InBetween::before(test.sandbox.origin(), Play::CutRequest);
        assert_eq!(test.create_past(&service, &[]).code, 4);
        // Another document, the same place for its key; perhaps on another machine.
        test.folder.write("acme.yaml", &second);
        let ledger = if is_known_here {
            vec![]
        } else {
            vec!["--ledger", "other"]
        };
        let run = test.create_past(&service, &ledger);
        assert_eq!(run.code, 0, "{run:?}");

        test.folder.write("acme.yaml", MANAGED);
        let again = test.create_past(&service, &[]);
        assert_eq!(again.code, 4, "{again:?}");
        assert!(again.stdout.contains("No answer says"), "{again:?}");
        assert_eq!(test.count(), 1);
    }
}

#[test]
fn what_is_unknown_is_settled_by_saying_so() {
    let test = with_document(MANAGED);
    let service = InBetween::before(test.sandbox.origin(), Play::CutAnswer);
    assert_eq!(test.create_past(&service, &[]).code, 4);

    let unfinished = test
        .program_past(&service, &["history", "--unfinished"])
        .output()
        .unwrap();
    let unfinished = String::from_utf8(unfinished.stdout).unwrap();
    let unfinished = unfinished.replace(service.origin(), "ORIGIN");
    insta::assert_snapshot!("history_unfinished", test.told(&unfinished));

    let settled = test.run(&["history", "settle", "1", "--created", "1122334"]);
    assert!(
        settled
            .stdout
            .contains("Entry 1 is settled: it created the subaccount 1122334.\n"),
        "{settled:?}"
    );
    // It is the address of another service, as far as anybody can tell.
    assert!(
        settled
            .stdout
            .contains("That was not checked: it is an entry of "),
        "{settled:?}"
    );
    let again = test.create_past(&service, &[]);
    assert_eq!((again.code, test.count()), (5, 1), "{again:?}");
    assert_eq!(
        test.run(&["history", "--unfinished"]).stdout,
        "Nothing is unfinished.\n"
    );

    // What somebody said can be corrected.
    assert_eq!(
        test.run(&["history", "settle", "1", "--not-created"]).code,
        0
    );
    // Yet there is one of that name, whatever somebody said.
    assert_eq!(test.create_past(&service, &[]).code, 5);
    assert_eq!(test.create_past(&service, &["--another"]).code, 0);
    assert_eq!(test.count(), 2);
}

#[test]
fn i3_a_key_in_an_answer_that_cannot_be_read_is_kept() {
    let test = with_document(MANAGED);
    let cut = |answer: &str| answer.replace("\"organization\":{", "\"organization\":[");
    let service = InBetween::before(test.sandbox.origin(), Play::Replace(cut));
    let run = test.create_past(&service, &[]);
    assert_eq!(run.code, 0, "{run:?}");
    let key = fs::read_to_string(test.key_file_path()).unwrap();
    assert_eq!(test.owner(&key), Some(1_122_334));
}

#[test]
fn i3_a_key_without_an_id_is_asked_whose_it_is() {
    let test = with_document(MANAGED);
    let renamed = |answer: &str| answer.replace("{\"id\":1122334", "{\"no\":1122334");
    let service = InBetween::before(test.sandbox.origin(), Play::Replace(renamed));
    let run = test.create_past(&service, &["--format", "json"]);
    assert_eq!(
        (run.code, &run.json()["subaccount_id"]),
        (0, &1_122_334.into()),
        "{run:?}"
    );
}

/// A creation whose answer names no ID, and whose key does not say whose it is for a while.
fn without_an_id(denied: &[u32]) -> (OnSandbox, InBetween) {
    let test = with_document(MANAGED);
    for nth in denied {
        let fault = Fault::status(403).error("access_denied", "not yet");
        let fault = fault.on(Operation::GetAccount).nth((*nth).into());
        test.sandbox.faults().add(fault).unwrap();
    }
    let renamed = |answer: &str| answer.replace("{\"id\":1122334", "{\"no\":1122334");
    let service = InBetween::before(test.sandbox.origin(), Play::Replace(renamed));
    let run = test.create_past(&service, &[]);
    assert_eq!(run.code, 4, "{run:?}");
    (test, service)
}

#[test]
fn a_creation_without_an_id_is_open_until_its_key_says_whose_it_is() {
    // The first reads the account of the parent.
    let (test, service) = without_an_id(&[2, 3]);
    let unfinished = ["history", "--unfinished", "--format", "json"];
    let unfinished = run(&mut test.program_past(&service, &unfinished)).json();
    let entry = &unfinished["entries"][0];
    assert_eq!(
        (&entry["entry"], &entry["known"]["answer"]),
        (&1.into(), &"came".into())
    );
    let again = test.create_past(&service, &[]);
    assert_eq!(again.code, 5, "{again:?}");
    assert!(
        again.stdout.contains("It created the subaccount 1122334.")
            && again.stdout.contains("Its key: "),
        "{again:?}"
    );
    let unfinished = test.run(&["history", "--unfinished"]);
    assert_eq!(unfinished.stdout, "Nothing is unfinished.\n");
}

#[test]
fn a_creation_without_an_id_is_settled_by_saying_so_and_its_key_stays_known() {
    let (test, service) = without_an_id(&[2]);
    let settle = |words: &[&str]| test.run(&[&["history", "settle", "1"], words].concat());
    assert_eq!(settle(&["--not-created"]).code, 5);
    assert_eq!(settle(&["--created", "1122334"]).code, 0);
    let json = test.create_past(&service, &["--format", "json"]).json();
    assert_eq!(
        (&json["subaccount_id"], &json["key"]["state"]),
        (&1_122_334.into(), &"kept".into())
    );
}

#[test]
fn i3_an_answer_without_a_readable_key_is_kept_as_a_whole() {
    let test = with_document(MANAGED);
    let cut = |answer: &str| {
        let end = answer.find("\"api_key\":\"").unwrap() + 20;
        answer.get(..end).unwrap().to_owned()
    };
    let service = InBetween::before(test.sandbox.origin(), Play::Replace(cut));
    let run = test.create_past(&service, &[]);
    assert_eq!(run.code, 4, "{run:?}");
    let rescued = test
        .folder
        .path()
        .join("home/.local/state/digicert/rescued/digicert-subaccount-1122334.answer");
    assert!(
        run.stderr.contains(&rescued.display().to_string()),
        "{run:?}"
    );
    assert!(
        fs::read_to_string(&rescued)
            .unwrap()
            .contains("\"api_key\":\"")
    );
    // Whoever missed it is told again.
    let again = test.create_past(&service, &[]);
    let rescued = rescued.display().to_string();
    assert_eq!(again.code, 5, "{again:?}");
    assert!(
        again.stdout.contains("but no key was found in the answer")
            && again.stdout.contains(&rescued)
            && again
                .stdout
                .contains("https://www.digicert.com/contact-us/"),
        "{again:?}"
    );
    let json = test.create_past(&service, &["--format", "json"]).json();
    let message = json["message"].as_str().unwrap();
    assert!(
        message.contains("it created the subaccount 1122334, but no key was found")
            && message.contains(&rescued),
        "{message}"
    );
    let key = &json["key"];
    assert_eq!(
        (&key["state"], &key["answer"]),
        (&"missing".into(), &rescued.into())
    );
}

#[test]
fn i1_a_creation_is_sent_once_also_if_somebody_says_that_it_was_too_much() {
    let test = with_document(MANAGED);
    // A gateway that says so after the service has done it.
    let busy = |_: &str| "HTTP/1.1 429 Too Many Requests\r\ncontent-length: 2\r\n\r\n{}".to_owned();
    let service = InBetween::before(test.sandbox.origin(), Play::Replace(busy));
    let run = test.create_past(&service, &[]);
    assert_eq!((run.code, test.count()), (3, 1), "{run:?}");
    // What there is of that name, the service lists.
    let again = test.create_past(&service, &[]);
    assert_eq!((again.code, test.count()), (5, 1), "{again:?}");
}

#[test]
fn i3_a_key_in_another_spelling_is_kept_and_an_answer_without_one_too() {
    let rescued = "home/.local/state/digicert/rescued/digicert-subaccount-1122334.answer";
    let spelled: fn(&str) -> String = |answer| answer.replace("\"api_key\"", "\"apikey\" ");
    let unknown = |answer: &str| answer.replace("\"api_key\"", "\"secret\" ");
    for (play, code, file) in [(spelled, 0, "acme.key"), (unknown, 4, rescued)] {
        let test = with_document(MANAGED);
        let service = InBetween::before(test.sandbox.origin(), Play::Replace(play));
        let run = test.create_past(&service, &[]);
        assert_eq!(run.code, code, "{run:?}");
        let kept = fs::read_to_string(test.folder.path().join(file)).unwrap();
        let key = match kept.split_once("\"secret\" :\"") {
            Some((_, rest)) => rest.split('"').next().unwrap(),
            None => &kept,
        };
        assert_eq!(test.owner(key), Some(1_122_334), "{file}");
    }
}

#[test]
fn a_page_that_calls_itself_an_answer_is_no_proof() {
    let test = with_document(MANAGED);
    let page = |_: &str| "HTTP/1.1 200 OK\r\ncontent-length: 14\r\n\r\n<p>Log in</p>\n".to_owned();
    let service = InBetween::before(test.sandbox.origin(), Play::Replace(page));
    let run = test.create_past(&service, &[]);
    assert_eq!(run.code, 4, "{run:?}");
    assert!(run.stdout.contains("1122334  managed"), "{run:?}");
    // What came is kept, and named until somebody has said what it was, and after that as well.
    let file = "home/.local/state/digicert/rescued/digicert-entry-1.answer";
    let file = test.folder.path().join(file).display().to_string();
    let settle = ["history", "settle", "1", "--created", "1122334"];
    for (is_settled, code) in [(false, 4), (true, 5)] {
        if is_settled {
            assert_eq!(test.run(&settle).code, 0);
        }
        let again = test.create_past(&service, &[]);
        assert_eq!(again.code, code, "{again:?}");
        assert!(again.stdout.contains(&file), "{again:?}");
        let json = test.create_past(&service, &["--format", "json"]).json();
        assert_eq!(
            (&json["key"]["state"], &json["key"]["answer"]),
            (&"missing".into(), &file.as_str().into())
        );
    }
    let unfinished = test.run(&["history", "--subaccount", "1122334", "--format", "json"]);
    assert_eq!(
        unfinished.json()["entries"][0]["ended"]["known_from"],
        "user"
    );
}

#[test]
fn i3_when_the_folder_of_the_key_goes_away_the_key_is_rescued() {
    let test = with_document(MANAGED);
    fs::create_dir(test.folder.path().join("keys")).unwrap();
    let (play, answered, let_go) = hold();
    let service = InBetween::before(test.sandbox.origin(), play);
    let arguments = [
        "subaccount",
        "create",
        "-f",
        "acme.yaml",
        "--key-out",
        "keys/acme.key",
        "--yes",
    ];
    let child = test.program_past(&service, &arguments).spawn().unwrap();
    wait_for(&answered);
    fs::remove_dir_all(test.folder.path().join("keys")).unwrap();
    let_go.send(()).unwrap();
    let run = ended(child);
    assert_eq!(run.code, 4, "{run:?}");
    let rescued = test
        .folder
        .path()
        .join("home/.local/state/digicert/rescued/digicert-subaccount-1122334.key");
    assert!(
        run.stderr.contains(&rescued.display().to_string()),
        "{run:?}"
    );
    assert_eq!(
        test.owner(&fs::read_to_string(rescued).unwrap()),
        Some(1_122_334)
    );
    // The ledger knows where it is.
    let again = test.create_past(&service, &[]);
    assert!(
        again
            .stdout
            .contains("rescued/digicert-subaccount-1122334.key"),
        "{again:?}"
    );
    let key = &test.create_past(&service, &["--format", "json"]).json()["key"];
    assert_eq!(key["state"], "rescued");
}

#[test]
fn i3_an_empty_file_of_somebody_else_in_the_place_of_the_key_is_left_alone() {
    // With a key, and without one.
    let (there, answered) = channel();
    let (let_go, may_go) = channel();
    let cut = (Play::HoldAndCut(there, may_go), answered, let_go);
    for (play, answered, let_go) in [hold(), cut] {
        let test = with_document(MANAGED);
        let service = InBetween::before(test.sandbox.origin(), play);
        let child = test.program_past(&service, &CREATE).spawn().unwrap();
        wait_for(&answered);
        fs::rename(test.key_file_path(), test.folder.path().join("moved.key")).unwrap();
        fs::write(test.key_file_path(), "").unwrap();
        let_go.send(()).unwrap();
        let run = ended(child);
        assert_eq!(run.code, 4, "{run:?}");
        assert!(test.key_file_path().exists(), "{run:?}");
    }
}

#[test]
fn i3_when_every_place_for_the_key_fails_that_is_said() {
    let test = with_document(MANAGED);
    fs::create_dir(test.folder.path().join("keys")).unwrap();
    // A file where a folder would have to be.
    let no_folder = test.folder.write("ledger/rescued", "").join("below");
    let (play, answered, let_go) = hold();
    let service = InBetween::before(test.sandbox.origin(), play);
    let arguments = [
        "subaccount",
        "create",
        "-f",
        "acme.yaml",
        "--key-out",
        "keys/acme.key",
        "--yes",
        "--ledger",
        "ledger/it",
    ];
    let mut command = test.program_past(&service, &arguments);
    let child = command
        .env("HOME", &no_folder)
        .env("TMPDIR", &no_folder)
        .spawn()
        .unwrap();
    wait_for(&answered);
    fs::remove_dir_all(test.folder.path().join("keys")).unwrap();
    let_go.send(()).unwrap();
    let run = ended(child);
    assert_eq!(run.code, 4, "{run:?}");
    assert!(
        run.stdout
            .contains("Created the managed subaccount 1122334"),
        "{run:?}"
    );
    assert!(
        run.stderr.contains("its key is lost: ")
            && run.stderr.contains("https://www.digicert.com/contact-us/"),
        "{run:?}"
    );
    let json = test
        .run(&["history", "--ledger", "ledger/it", "--format", "json"])
        .json();
    assert_eq!(json["entries"][0]["ended"]["detail"]["key"], "lost");
    let again = test.create_past(&service, &["--ledger", "ledger/it"]);
    assert!(again.stdout.contains("but its key is lost: "), "{again:?}");
}

#[test]
fn two_runs_at_once_create_one_subaccount() {
    let test = with_document(MANAGED);
    let (play, answered, let_go) = hold();
    let service = InBetween::before(test.sandbox.origin(), play);
    let first = test.program_past(&service, &CREATE).spawn().unwrap();
    wait_for(&answered);
    let second = [
        "subaccount",
        "create",
        "-f",
        "acme.yaml",
        "--key-out",
        "b.key",
        "--yes",
    ];
    let second = test.program_past(&service, &second).spawn().unwrap();
    let_go.send(()).unwrap();
    let (first, second) = (ended(first), ended(second));
    assert_eq!(
        (first.code, second.code, test.count()),
        (0, 5, 1),
        "{second:?}"
    );
    assert!(!test.folder.path().join("b.key").exists());
}

/// The lock of the creation that is under way.
fn lock_of(ledger: &Path) -> PathBuf {
    let files = fs::read_dir(ledger.parent().unwrap()).unwrap();
    let mut files = files.map(|file| file.unwrap().path());
    let lock = files.find(|file| file.extension().is_some_and(|name| name == "lock"));
    lock.unwrap()
}

#[test]
fn in_json_a_document_that_another_run_has_in_hand_is_one_object() {
    let test = with_document(MANAGED);
    let (play, answered, let_go) = hold();
    let service = InBetween::before(test.sandbox.origin(), play);
    let ledger = test.folder.path().join("ledger");
    let create = [&CREATE[..], &["--ledger", "ledger", "--format", "json"]].concat();
    let first = test.program_past(&service, &create).spawn().unwrap();
    wait_for(&answered);
    let lock = lock_of(&ledger);
    let_go.send(()).unwrap();
    assert_eq!(ended(first).code, 0);
    // The other run has taken it, and begun nothing yet.
    let lock = fs::File::create(lock).unwrap();
    fs4::FileExt::lock(&lock).unwrap();
    let arguments = [&create[..], &["--another"]].concat();
    let run = run(test
        .program(&arguments)
        .env("DIGICERT_ORIGIN", service.origin()));
    assert_eq!((run.code, test.count()), (5, 1), "{run:?}");
    assert_eq!(run.json()["result"], "taken");
}

#[test]
fn i1_a_ledger_that_breaks_on_the_way_is_4_with_the_whole_report() {
    let test = with_document(MANAGED);
    let (there, answered) = channel();
    let (let_go, may_go) = channel();
    let service = InBetween::before(test.sandbox.origin(), Play::HoldAndCut(there, may_go));
    let arguments = [&CREATE[..], &["--ledger", "ledger", "--format", "json"]].concat();
    let child = test.program_past(&service, &arguments).spawn().unwrap();
    wait_for(&answered);
    let path = test.folder.path().join("ledger");
    let mut ledger = fs::File::options().write(true).open(path).unwrap();
    ledger.write_all(&[b'x'; 4096]).unwrap();
    let_go.send(()).unwrap();
    let run = ended(child);
    assert_eq!(run.code, 4, "{run:?}");
    assert_eq!(run.json()["result"], "unknown");
    assert!(
        run.stderr
            .contains("the ending could not be written to the ledger"),
        "{run:?}"
    );
}

fn ended(child: Child) -> Run {
    let output = child.wait_with_output().unwrap();
    Run {
        code: output.status.code().unwrap_or(-1),
        stdout: String::from_utf8(output.stdout).unwrap(),
        stderr: String::from_utf8(output.stderr).unwrap(),
    }
}

fn told(test: &OnSandbox, service: &InBetween, run: &Run) -> String {
    let both = format!("{}--- standard error\n{}", run.stdout, run.stderr);
    test.told(&both.replace(service.origin(), "ORIGIN"))
}

/// The process that a program has started.
#[cfg(target_os = "linux")]
pub(crate) fn child_of(child: &Child) -> u32 {
    let id = child.id();
    let path = format!("/proc/{id}/task/{id}/children");
    let children = fs::read_to_string(path).unwrap();
    children.split_whitespace().next().unwrap().parse().unwrap()
}

/// Killing with signals.
#[cfg(unix)]
mod killed {
    use std::io::ErrorKind;

    use super::*;
    use crate::eventually::{eventually, next_line, says};
    #[cfg(target_os = "linux")]
    use crate::skipped::skipped;

    fn kill(signal: &str, id: u32) {
        let killed = std::process::Command::new("kill")
            .args([signal, &id.to_string()])
            .status();
        assert!(killed.unwrap().success());
    }

    fn state(test: &OnSandbox) -> String {
        let json = test.run(&["history", "--format", "json"]).json();
        json["entries"][0]["state"]
            .as_str()
            .unwrap_or_default()
            .to_owned()
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn i3_the_key_of_a_program_that_is_killed_is_kept_all_the_same() {
        let test = with_document(MANAGED);
        let (play, answered, let_go) = hold();
        let service = InBetween::before(test.sandbox.origin(), play);
        let mut child = test.program_past(&service, &CREATE).spawn().unwrap();
        wait_for(&answered);
        let custodian = child_of(&child);
        // What ends a program politely ends it not either.
        for signal in ["-INT", "-TERM", "-HUP"] {
            kill(signal, custodian);
        }
        child.kill().unwrap();
        child.wait().unwrap();
        assert_eq!(state(&test), "under-way");
        assert_eq!(
            test.run(&["history", "settle", "1", "--not-created"]).code,
            5
        );
        let_go.send(()).unwrap();
        eventually("the custodian finishes", || state(&test) == "done");
        let key = fs::read_to_string(test.key_file_path()).unwrap();
        assert_eq!((test.owner(&key), test.count()), (Some(1_122_334), 1));
    }

    #[test]
    fn ctrl_c_waits_for_the_request_under_way_and_a_second_one_leaves_it_to_the_custodian() {
        let test = with_document(MANAGED);
        let (play, answered, let_go) = hold();
        let service = InBetween::before(test.sandbox.origin(), play);
        let mut child = test.program_past(&service, &CREATE).spawn().unwrap();
        wait_for(&answered);
        let mut said = child.stderr.take().unwrap();
        kill("-INT", child.id());
        let line = next_line(&mut said);
        assert!(
            line.starts_with("waiting for the answer to the request that is under way"),
            "{line}"
        );
        kill("-INT", child.id());
        let line = next_line(&mut said);
        assert!(
            line.starts_with("error: the request is still under way (entry 1)"),
            "{line}"
        );
        assert_eq!(child.wait().unwrap().code(), Some(4));
        let_go.send(()).unwrap();
        eventually("the custodian finishes", || state(&test) == "done");
        let key = fs::read_to_string(test.key_file_path()).unwrap();
        assert_eq!(test.owner(&key), Some(1_122_334));
    }

    /// Where the system lets anybody have processes of their own.
    #[cfg(target_os = "linux")]
    #[test]
    fn i3_the_first_process_of_a_container_stays_until_the_key_is_kept() {
        const APART: [&str; 5] = [
            "--user",
            "--map-root-user",
            "--pid",
            "--kill-child",
            "--fork",
        ];
        let unshare = || std::process::Command::new("unshare");
        let may = unshare().args(APART).arg("true").output();
        if !may.is_ok_and(|may| may.status.success()) {
            return skipped("this machine lets nobody have processes of their own");
        }
        let test = with_document(MANAGED);
        let (play, answered, let_go) = hold();
        let service = InBetween::before(test.sandbox.origin(), play);
        let program = test.program_past(&service, &CREATE);
        let mut apart = unshare();
        apart
            .args(APART)
            .arg(program.get_program())
            .args(program.get_args());
        apart.current_dir(test.folder.path());
        apart.envs(
            program
                .get_envs()
                .filter_map(|(name, value)| Some((name, value?))),
        );
        apart
            .stdout(std::process::Stdio::piped())
            .stderr(std::process::Stdio::piped());
        let mut child = apart.spawn().unwrap();
        wait_for(&answered);
        let first = child_of(&child);
        let mut said = child.stderr.take().unwrap();
        for words in [
            "waiting for the answer",
            "staying until the answer is there",
        ] {
            kill("-INT", first);
            let line = next_line(&mut said);
            assert!(line.starts_with(words), "{line}");
        }
        let_go.send(()).unwrap();
        assert_eq!(ended(child).code, 0);
        let key = fs::read_to_string(test.key_file_path()).unwrap();
        assert_eq!(test.owner(&key), Some(1_122_334));
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn i2_no_key_is_in_the_arguments_or_the_environment_of_the_custodian() {
        let test = with_document(MANAGED);
        let (play, answered, let_go) = hold();
        let service = InBetween::before(test.sandbox.origin(), play);
        let child = test.program_past(&service, &CREATE).spawn().unwrap();
        wait_for(&answered);
        let custodian = child_of(&child);
        for file in ["cmdline", "environ"] {
            let bytes = match fs::read(format!("/proc/{custodian}/{file}")) {
                // Not even its owner may look into a process that is closed to crash reports.
                Err(error) if error.kind() == ErrorKind::PermissionDenied => continue,
                bytes => bytes.unwrap(),
            };
            let shown = String::from_utf8_lossy(&bytes);
            assert!(!shown.is_empty());
            for key in [test.certcentral_key(), test.partner_key()] {
                assert!(!shown.contains(key), "{file}");
            }
        }
        let_go.send(()).unwrap();
        assert_eq!(ended(child).code, 0);
    }

    #[test]
    fn in_json_what_is_left_to_the_custodian_is_one_object() {
        let test = with_document(MANAGED);
        let (play, answered, let_go) = hold();
        let service = InBetween::before(test.sandbox.origin(), play);
        let arguments = [&CREATE[..], &["--format", "json"]].concat();
        let mut child = test.program_past(&service, &arguments).spawn().unwrap();
        wait_for(&answered);
        let mut said = child.stderr.take().unwrap();
        kill("-INT", child.id());
        says(&mut said, "waiting for the answer");
        kill("-INT", child.id());
        let run = ended(child);
        let json = run.json();
        assert_eq!(
            (run.code, &json["result"], &json["entry"]),
            (4, &"under-way".into(), &1.into()),
            "{run:?}"
        );
        let_go.send(()).unwrap();
        eventually("the custodian finishes", || state(&test) == "done");
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn i1_a_custodian_that_is_gone_together_with_the_ledger_is_4() {
        for is_ledger_there in [true, false] {
            let test = with_document(MANAGED);
            let (play, answered, _let_go) = hold();
            let service = InBetween::before(test.sandbox.origin(), play);
            let arguments = [&CREATE[..], &["--ledger", "ledger", "--format", "json"]].concat();
            let child = test.program_past(&service, &arguments).spawn().unwrap();
            wait_for(&answered);
            if !is_ledger_there {
                let path = test.folder.path().join("ledger");
                fs::remove_file(&path).unwrap();
                fs::create_dir(&path).unwrap();
            }
            kill("-KILL", child_of(&child));
            let run = ended(child);
            assert_eq!(
                (run.code, &run.json()["result"]),
                (4, &"unknown".into()),
                "{run:?}"
            );
        }
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn i1_when_the_custodian_is_killed_what_is_known_is_said() {
        let test = with_document(MANAGED);
        let (play, answered, _let_go) = hold();
        let service = InBetween::before(test.sandbox.origin(), play);
        let child = test.program_past(&service, &CREATE).spawn().unwrap();
        wait_for(&answered);
        kill("-KILL", child_of(&child));
        let run = ended(child);
        assert_eq!(run.code, 4, "{run:?}");
        insta::assert_snapshot!("custodian_killed", told(&test, &service, &run));
        assert_eq!(state(&test), "interrupted");

        let again = test.create_past(&service, &[]);
        assert_eq!((again.code, test.count()), (4, 1), "{again:?}");
        insta::assert_snapshot!("custodian_killed_again", told(&test, &service, &again));

        // The file that waited for the key makes way once it is settled.
        let settled = test.run(&["history", "settle", "1", "--not-created"]);
        assert!(
            settled
                .stdout
                .contains("acme.key, which was waiting for the key"),
            "{settled:?}"
        );
        assert_eq!(test.create_past(&service, &["--another"]).code, 0);
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn i3_a_key_that_was_kept_before_the_custodian_was_killed_says_whose_it_is() {
        let test = with_document(MANAGED);
        let (play, answered, _let_go) = hold();
        let service = InBetween::before(test.sandbox.origin(), play);
        let child = test.program_past(&service, &CREATE).spawn().unwrap();
        wait_for(&answered);
        kill("-KILL", child_of(&child));
        assert_eq!(ended(child).code, 4);
        // As if it had come one step further: another key stands for the one that is lost.
        let kind = digicert_client::types::certcentral::SubaccountType::Managed;
        let request = crate::on_sandbox::request("Example Company, LLC", kind);
        let created = test
            .block_on(test.client().create_subaccount(&request))
            .unwrap();
        let (id, key) = (created.id.unwrap(), created.api_key.unwrap());
        fs::write(test.key_file_path(), key.expose_secret()).unwrap();

        let again = test.create_past(&service, &[]);
        assert_eq!(again.code, 5, "{again:?}");
        assert!(
            again
                .stdout
                .contains(&format!("It created the subaccount {id}.")),
            "{again:?}"
        );
        assert_eq!(state(&test), "done");
    }
}
