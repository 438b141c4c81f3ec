//! Pipes, sockets and devices among the files: they are named and not waited for. What a shell passes
//! as a file, and standard input, are read.

use std::os::unix::net::UnixListener;
use std::process::Command;
use std::time::{Duration, Instant};

use crate::on_sandbox::OnSandbox;
use crate::plan::{BOOK, subaccounts};
use crate::program::{Folder, GOOD, Run, WITH_ERROR, program};

/// Ends it if it hangs.
fn run(command: &mut Command) -> Run {
    const LONG: Duration = Duration::from_secs(60);
    let begun = Instant::now();
    let mut child = command.spawn().unwrap();
    while child.try_wait().unwrap().is_none() {
        if begun.elapsed() > LONG {
            child.kill().unwrap();
            panic!("it hangs");
        }
        std::thread::sleep(Duration::from_millis(10));
    }
    Run::of(child.wait_with_output().unwrap())
}

fn fifo(folder: &Folder, name: &str) {
    let made = Command::new("mkfifo")
        .arg(folder.path().join(name))
        .status();
    assert!(made.unwrap().success());
}

#[test]
fn validate_names_what_is_no_file_and_checks_the_rest() {
    let folder = Folder::with(&[("in/z.yaml", WITH_ERROR)]);
    fifo(&folder, "in/a.yaml");
    let _socket = UnixListener::bind(folder.path().join("in/b.json")).unwrap();
    std::os::unix::fs::symlink("/dev/zero", folder.path().join("in/c.yml")).unwrap();
    let ended = run(&mut folder.program(&["validate", "in", "--format", "json"]));
    assert_eq!(ended.code, 2, "{ended:?}");
    assert_eq!(ended.rules(), ["products-empty"]);
    for line in [
        "error: in/a.yaml is a pipe, not a file, so it is not read; take it out of the files\n",
        "error: in/b.json is a socket, not a file",
        "error: in/c.yml is a device, not a file",
    ] {
        assert!(ended.stderr.contains(line), "{ended:?}");
    }
    // As a shell passes them for `in/*`.
    let ended = run(&mut folder.program(&["validate", "in/a.yaml", "in/z.yaml"]));
    assert_eq!(ended.code, 2, "{ended:?}");
    assert!(ended.stderr.contains("in/a.yaml is a pipe"), "{ended:?}");
    assert!(ended.stdout.contains("products-empty"), "{ended:?}");
}

#[test]
fn plan_and_apply_name_what_is_no_file() {
    let on = OnSandbox::new();
    on.folder.write("prices/books.yaml", BOOK);
    on.folder.write("prices/customers.yaml", subaccounts(&[1]));
    fifo(&on.folder, "prices/a.yaml");
    for arguments in [
        &["plan", "prices"][..],
        &["apply", "prices", "--yes"],
        &["apply", "prices/a.yaml", "--yes"],
    ] {
        let ended = run(&mut on.program(arguments));
        assert_eq!(ended.code, 2, "{ended:?}");
        let why = "error: prices/a.yaml is a pipe, not a file, so it is not read";
        assert!(ended.stderr.starts_with(why), "{ended:?}");
    }
}

#[test]
fn what_is_passed_as_a_file_is_read() {
    let folder = Folder::with(&[("good.json", GOOD), ("wrong.json", WITH_ERROR)]);
    let bash = |script: &str| {
        let mut bash = Command::new("bash");
        let digicert = program().get_program().to_owned();
        bash.args(["-c", script, "bash"])
            .arg(digicert)
            .current_dir(folder.path())
            .stdout(std::process::Stdio::piped())
            .stderr(std::process::Stdio::piped());
        run(&mut bash)
    };
    for (script, code) in [
        ("\"$1\" validate <(cat good.json)", 0),
        ("\"$1\" validate good.json <(cat wrong.json)", 1),
        ("cat wrong.json | \"$1\" validate /dev/stdin", 1),
        ("cat wrong.json | \"$1\" validate -", 1),
        ("\"$1\" validate /dev/stdin < good.json", 0),
    ] {
        let ended = bash(script);
        assert_eq!(
            (ended.code, ended.stderr.as_str()),
            (code, ""),
            "{script}: {ended:?}"
        );
    }
}
