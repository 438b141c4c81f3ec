//! What has happened keeps its exit code, and is said, when standard output takes nothing any more.

use std::fs::{File, Permissions};
use std::os::unix::fs::PermissionsExt as _;
use std::process::Stdio;

use crate::apply::OTHER;
use crate::create::{CREATE, MANAGED, with_document};
use crate::in_between::{InBetween, Play, hold, wait_for};
use crate::on_sandbox::OnSandbox;
use crate::plan::with_subaccounts;
use crate::program::{GOOD, Run};
use crate::unknown_outcome::child_of;

/// As JSON, because nothing of that is written before something has happened.
fn run_on_full_disk(test: &OnSandbox, origin: &str, arguments: &[&str]) -> Run {
    let full = File::options().write(true).open("/dev/full").unwrap();
    let mut command = test.program(&[arguments, &["--format", "json"]].concat());
    let command = command.env("DIGICERT_ORIGIN", origin).stdout(full);
    let output = command.stderr(Stdio::piped()).output().unwrap();
    Run {
        code: output.status.code().unwrap(),
        stdout: String::new(),
        stderr: String::from_utf8(output.stderr).unwrap(),
    }
}

#[track_caller]
fn says(run: &Run, code: i32, sentence: &str) {
    assert_eq!(run.code, code, "{run:?}");
    for part in ["cannot write to standard output", sentence] {
        assert!(run.stderr.contains(part), "{part}: {run:?}");
    }
}

#[test]
fn i3_a_creation_is_0_or_4_on_a_full_disk_and_its_key_is_named() {
    let test = with_document(MANAGED);
    let run = run_on_full_disk(&test, test.sandbox.origin(), &CREATE);
    says(&run, 0, "Created the managed subaccount 1122334");
    assert!(run.stderr.contains("acme.key"), "{run:?}");
    let again = run_on_full_disk(&test, test.sandbox.origin(), &CREATE);
    says(&again, 5, r#""subaccount_id": 1122334"#);

    let test = with_document(MANAGED);
    let mut create = CREATE;
    create[4] = "--key-command";
    create[5] = "./store";
    let store = test
        .folder
        .write("store", "#!/bin/sh\ncat > /dev/null; exit 3\n");
    std::fs::set_permissions(&store, Permissions::from_mode(0o700)).unwrap();
    let run = run_on_full_disk(&test, test.sandbox.origin(), &create);
    says(&run, 4, "rescued/digicert-subaccount-1122334.key");
}

#[test]
fn i1_an_unknown_outcome_is_4_on_a_full_disk() {
    let test = with_document(MANAGED);
    let service = InBetween::before(test.sandbox.origin(), Play::CutAnswer);
    for _ in 0..2 {
        let run = run_on_full_disk(&test, service.origin(), &CREATE);
        says(&run, 4, "history settle 1 --created 1122334");
    }
}

#[test]
fn prices_that_are_set_and_a_link_that_is_made_are_0_on_a_full_disk() {
    let test = OnSandbox::new();
    let id = test.subaccount("Example Company").to_string();
    test.folder.write("products.json", GOOD);
    let set = ["products", "set", &id, "-f", "products.json", "--yes"];
    let run = run_on_full_disk(&test, test.sandbox.origin(), &set);
    says(&run, 0, "The former state is restored by");

    let run = run_on_full_disk(&test, test.sandbox.origin(), &["billing", "link", "--yes"]);
    says(&run, 0, "Linked (entry 2).");
}

#[test]
fn what_is_settled_is_0_on_a_full_disk() {
    let test = with_document(MANAGED);
    let service = InBetween::before(test.sandbox.origin(), Play::CutAnswer);
    assert_eq!(test.create_past(&service, &[]).code, 4);
    let full = File::options().write(true).open("/dev/full").unwrap();
    let mut command = test.program(&["history", "settle", "1", "--not-created"]);
    let output = command.stdout(full).stderr(Stdio::piped()).output();
    let output = output.unwrap();
    let run = Run {
        code: output.status.code().unwrap(),
        stdout: String::new(),
        stderr: String::from_utf8(output.stderr).unwrap(),
    };
    says(&run, 0, "Entry 1 is settled: it was not carried out.");
}

#[test]
fn what_was_applied_is_0_on_a_full_disk() {
    let (test, ids) = with_subaccounts(2);
    test.set_products(ids[0], OTHER);
    let run = run_on_full_disk(&test, test.sandbox.origin(), &["apply", "prices", "--yes"]);
    says(&run, 0, "Applied: 1 done.");
}

/// A disk of its own that is filled to the last page: where the system lets anybody mount one.
mod really_full {
    use std::fs;
    use std::io::Write as _;
    use std::process::Command;

    use super::*;
    use crate::eventually::next_line;
    use crate::program::Folder;
    use crate::skipped::skipped;

    const FILL: &str = "dd if=/dev/zero of=disk/fill bs=4k 2> filled";

    /// Runs a script beside `disk/`, which only it sees, with the program and its arguments as `"$@"`.
    fn beside_a_disk(test: &OnSandbox, origin: &str, script: &str, arguments: &[&str]) -> Command {
        let program = test.program(arguments);
        let script = format!("mount -t tmpfs -o size=1m tmpfs disk && mkdir disk/home && {script}");
        let mut command = Command::new("unshare");
        command.args(["-rm", "sh", "-c", &script, "sh"]);
        command.arg(program.get_program()).args(program.get_args());
        command.current_dir(test.folder.path()).env_clear();
        let variables = program.get_envs();
        command.envs(variables.filter_map(|(name, value)| Some((name, value?))));
        command.env("PATH", std::env::var_os("PATH").unwrap_or_default());
        command.env("DIGICERT_ORIGIN", origin);
        command.stdin(Stdio::piped()).stdout(Stdio::piped());
        command
    }

    fn may_mount(folder: &Folder) -> bool {
        fs::create_dir(folder.path().join("disk")).unwrap();
        let mounted = Command::new("unshare")
            .args(["-rm", "mount", "-t", "tmpfs", "tmpfs", "disk"])
            .current_dir(folder.path())
            .output();
        mounted.is_ok_and(|mounted| mounted.status.success())
    }

    fn text(test: &OnSandbox, name: &str) -> String {
        fs::read_to_string(test.folder.path().join(name)).unwrap_or_default()
    }

    fn create(ledger: &'static str) -> Vec<&'static str> {
        let mut create = CREATE;
        create[5] = "disk/acme.key";
        [&create[..], &["--ledger", ledger, "--format", "json"]].concat()
    }

    #[test]
    fn i3_a_disk_without_room_for_the_key_is_found_before_anything_is_sent() {
        let test = with_document(MANAGED);
        if !may_mount(&test.folder) {
            return skipped("this machine lets nobody mount a disk of their own");
        }
        let script = format!("{FILL}; \"$@\" > out 2> err; echo $?");
        let mut command = beside_a_disk(&test, test.sandbox.origin(), &script, &create("ledger"));
        let output = command.output().unwrap();
        assert_eq!(output.stdout, b"2\n", "{}", text(&test, "err"));
        let said = text(&test, "err");
        assert!(
            said.contains("cannot create ") && said.contains("name another file (--key-out"),
            "{said}"
        );
        assert_eq!(test.count(), 0);
    }

    #[test]
    fn i3_a_disk_that_is_full_when_the_key_comes_has_room_for_it() {
        let test = with_document(MANAGED);
        if !may_mount(&test.folder) {
            return skipped("this machine lets nobody mount a disk of their own");
        }
        let (play, answered, let_go) = hold();
        let service = InBetween::before(test.sandbox.origin(), play);
        // Every place for a key is on it, and the ledger.
        let script = format!(
            "export HOME=$PWD/disk/home TMPDIR=$PWD/disk; \"$@\" > out 2> err & read go; {FILL}; \
             echo full; wait $!; echo $?; cat disk/acme.key > found; rm disk/fill; \
             \"$@\" > again 2>> err; echo $?"
        );
        let arguments = create("disk/ledger");
        let mut command = beside_a_disk(&test, service.origin(), &script, &arguments);
        let mut child = command.spawn().unwrap();
        wait_for(&answered);
        writeln!(child.stdin.as_ref().unwrap(), "go").unwrap();
        assert_eq!(next_line(child.stdout.as_mut().unwrap()), "full");
        let_go.send(()).unwrap();
        let output = child.wait_with_output().unwrap();
        let said = text(&test, "err");
        assert_eq!(output.stdout, b"0\n5\n", "{said}");
        assert!(
            said.contains("the ending could not be written to the ledger"),
            "{said}"
        );
        assert_eq!(test.owner(&text(&test, "found")), Some(1_122_334));
        // The key says whose it is, once there is room to write it down.
        let again = text(&test, "again");
        assert!(again.contains("\"created-before\""), "{again}");
        assert_eq!(test.count(), 1);
    }
}

/// The same for a limit on the size of files, which the system enforces with a signal.
#[test]
fn i3_a_file_that_may_not_grow_ends_nobody_who_keeps_a_key() {
    use rustix::process::{Pid, Resource, Rlimit, prlimit};

    let test = with_document(MANAGED);
    let (play, answered, let_go) = hold();
    let service = InBetween::before(test.sandbox.origin(), play);
    let child = test.program_past(&service, &CREATE).spawn().unwrap();
    wait_for(&answered);
    // Enough for the key, and too little for the ledger.
    let limit = Rlimit {
        current: Some(4096),
        maximum: Some(4096),
    };
    for process in [child.id(), child_of(&child)] {
        let process = Pid::from_raw(i32::try_from(process).unwrap());
        prlimit(process, Resource::Fsize, limit).unwrap();
    }
    let_go.send(()).unwrap();
    let run = Run::of(child.wait_with_output().unwrap());
    assert_eq!(run.code, 0, "{run:?}");
    let ended = "the ending could not be written to the ledger";
    assert!(run.stderr.contains(ended), "{run:?}");
    let key = std::fs::read_to_string(test.key_file_path()).unwrap();
    assert_eq!(test.owner(&key), Some(1_122_334));
    let again = test.create_past(&service, &[]);
    assert_eq!((again.code, test.count()), (5, 1), "{again:?}");
}
