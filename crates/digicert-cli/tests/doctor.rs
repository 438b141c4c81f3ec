//! `digicert doctor`.

use std::io::{Read as _, Write as _};
use std::net::TcpListener;
use std::thread;

use serde_json::Value;

use crate::on_sandbox::OnSandbox;
use crate::program::{Folder, Run, run};

const PROXIES: [&str; 4] = ["HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy"];

fn lines(run: &Run, check: &str) -> Vec<String> {
    let json = run.json();
    let checks = json["checks"].as_array().unwrap().iter();
    let found = checks.filter(|found| found["check"] == check);
    let line = |found: &Value| {
        let text = |field: &str| found[field].as_str().unwrap_or_default().to_owned();
        format!(
            "{}: {}; {}",
            text("status"),
            text("message"),
            text("remedy")
        )
    };
    found.map(line).collect()
}

/// The one line about a check.
fn line(run: &Run, check: &str) -> String {
    let lines = lines(run, check);
    assert_eq!(lines.len(), 1, "{check}: {run:?}");
    lines[0].clone()
}

fn json(test: &OnSandbox) -> Run {
    test.run(&["doctor", "--format", "json"])
}

#[test]
fn all_is_well() {
    let test = OnSandbox::new();
    test.subaccount("Example Company");
    let run = test.run(&["doctor"]);
    assert_eq!((run.code, run.stderr.as_str()), (0, ""), "{run:?}");
    let port = test.sandbox.local_addr().port().to_string();
    let folder = test.folder.path().to_str().unwrap();
    let settled = test
        .settled(&run.stdout)
        .replace(&port, "PORT")
        .replace(folder, "FOLDER");
    insta::assert_snapshot!("doctor", settled);
    assert!(
        !test.folder.path().join("home").exists(),
        "it makes no ledger"
    );
}

#[test]
fn as_json() {
    let test = OnSandbox::new();
    let json = json(&test).json();
    assert_eq!(json["format_version"], 1);
    assert_eq!(json["origin"], test.sandbox.origin());
    assert_eq!(json["summary"]["failed"], 0);
    let count = |field: &str| json["summary"][field].as_u64().unwrap();
    let all = count("ok") + count("skipped") + count("warnings");
    assert_eq!(all, json["checks"].as_array().unwrap().len() as u64);
}

#[test]
fn a_key_that_is_not_accepted_is_2() {
    let test = OnSandbox::new();
    let mut command = test.program(&["doctor", "--format", "json"]);
    let run = run(command.env("DIGICERT_API_KEY", "wrong"));
    assert_eq!(run.code, 2);
    let line = line(&run, "key accepted");
    assert!(
        line.starts_with("failed: get_account was refused"),
        "{line}"
    );
    assert!(lines(&run, "subaccounts").is_empty(), "{run:?}");
}

#[test]
fn without_a_key_the_way_is_checked_all_the_same() {
    let test = OnSandbox::new();
    let run = run(&mut test.without_keys(&["doctor", "--format", "json"]));
    assert_eq!(run.code, 2);
    assert!(
        line(&run, "key").starts_with("failed: there is no CertCentral API key"),
        "{run:?}"
    );
    assert!(line(&run, "HTTP").starts_with("ok: "), "{run:?}");
    assert!(
        line(&run, "key accepted").starts_with("skipped: there is no key"),
        "{run:?}"
    );
    assert!(
        line(&run, "partner key").starts_with("skipped: there is none"),
        "{run:?}"
    );
}

#[test]
fn a_service_that_is_not_there_is_2() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let origin = format!("http://{}", listener.local_addr().unwrap());
    drop(listener);
    let test = OnSandbox::new();
    let run = test.run(&["doctor", "--format", "json", "--origin", &origin]);
    assert_eq!(run.code, 2);
    assert!(
        line(&run, "connection").starts_with("failed: no connection comes about"),
        "{run:?}"
    );
    assert!(line(&run, "key accepted").starts_with("skipped: the service was not reached"));
    assert!(lines(&run, "HTTP").is_empty());
}

#[test]
fn a_name_without_an_address_is_2() {
    let test = OnSandbox::new();
    let origin = "https://no-such-host.invalid";
    let mut command = test.program(&["doctor", "--format", "json", "--origin", origin]);
    for variable in PROXIES {
        command.env_remove(variable);
    }
    let found = run(&mut command);
    assert_eq!(found.code, 2);
    assert!(line(&found, "name").starts_with("failed: no-such-host.invalid has no address"));
    let proxied = run(command.env("HTTPS_PROXY", "http://user:canary@127.0.0.1:1"));
    assert!(line(&proxied, "name").starts_with("skipped: a proxy leads there (HTTPS_PROXY)"));
    assert!(!format!("{proxied:?}").contains("canary"), "{proxied:?}");
}

/// Answers every request with this, until the test ends.
fn answering(answer: &'static str) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let origin = format!("http://{}", listener.local_addr().unwrap());
    thread::spawn(move || {
        for stream in listener.incoming() {
            let mut stream = stream.unwrap();
            let mut request = [0; 4096];
            // A connection that is only tried sends nothing.
            if stream.read(&mut request).is_ok_and(|length| length > 0) {
                let _ = stream.write_all(answer.as_bytes());
            }
        }
    });
    origin
}

#[test]
fn a_clock_that_is_off_is_a_warning() {
    let origin = answering(
        "HTTP/1.1 403 Forbidden\r\nDate: Thu, 01 Jan 2015 00:00:00 GMT\r\nContent-Length: 0\r\nConnection: close\r\n\r\n",
    );
    let test = OnSandbox::new();
    let run = test.run(&["doctor", "--format", "json", "--origin", &origin]);
    let line = line(&run, "clock");
    assert!(line.starts_with("warning: this machine is "), "{line}");
    assert!(line.contains(" s ahead of the service; set it"), "{line}");
}

#[test]
fn somebody_else_than_the_service_gets_no_key() {
    let origin =
        answering("HTTP/1.1 200 OK\r\nContent-Length: 7\r\nConnection: close\r\n\r\nwelcome");
    let test = OnSandbox::new();
    let run = test.run(&["doctor", "--format", "json", "--origin", &origin]);
    assert_eq!(run.code, 2);
    assert!(
        line(&run, "HTTP").contains("this is hardly DigiCert"),
        "{run:?}"
    );
    assert!(line(&run, "clock").starts_with("skipped: "), "{run:?}");
    assert!(
        line(&run, "key accepted").starts_with("skipped: "),
        "{run:?}"
    );
}

#[cfg(unix)]
#[test]
fn files_that_others_can_read_or_write_are_a_warning() {
    use std::fs::{Permissions, set_permissions};
    use std::os::unix::fs::PermissionsExt as _;

    let test = OnSandbox::new();
    let key = test.key_file("home/.config/digicert/key");
    let config = test.folder.write(
        "home/.config/digicert/config.toml",
        "[profiles.default]\napi_key_file = 'key'\n",
    );
    let doctor = || run(&mut test.without_keys(&["doctor", "--format", "json"]));
    set_permissions(&config, Permissions::from_mode(0o644)).unwrap();
    let run = doctor();
    assert_eq!(run.code, 0, "{run:?}");
    assert!(line(&run, "configuration").starts_with("ok: the profile `default` of "));
    set_permissions(&config, Permissions::from_mode(0o666)).unwrap();
    set_permissions(&key, Permissions::from_mode(0o640)).unwrap();
    let run = doctor();
    assert_eq!((run.code, run.stderr.as_str()), (1, ""), "{run:?}");
    assert!(
        line(&run, "configuration").contains("change where your keys are sent"),
        "{run:?}"
    );
    assert!(
        line(&run, "key").contains("which others can read (mode 0640)"),
        "{run:?}"
    );
}

#[test]
fn a_ledger_that_cannot_be_written_is_2() {
    let test = OnSandbox::new();
    let file = test.folder.write("file", "");
    let mut command = test.program(&["doctor", "--format", "json"]);
    let run = run(command.env("XDG_STATE_HOME", file));
    assert_eq!(run.code, 2);
    assert!(line(&run, "ledger").starts_with("failed: "), "{run:?}");
}

#[test]
fn a_configuration_that_cannot_be_read_is_2() {
    let folder = Folder::with(&[("home/.config/digicert/config.toml", "[profile.x]")]);
    let run = folder.run(&["doctor"]);
    assert_eq!((run.code, run.stdout.as_str()), (2, ""));
    assert!(run.stderr.contains("did you mean `profiles`?"), "{run:?}");
}

#[test]
fn a_connection_that_is_not_secure_is_2() {
    let origin = answering("HTTP/1.1 400 Bad Request\r\n\r\n").replace("http:", "https:");
    let test = OnSandbox::new();
    let mut command = test.program(&["doctor", "--format", "json", "--origin", &origin]);
    for variable in PROXIES {
        command.env_remove(variable);
    }
    let run = run(&mut command);
    assert_eq!(run.code, 2);
    assert!(line(&run, "connection").starts_with("ok: "), "{run:?}");
    assert!(
        line(&run, "TLS").starts_with("failed: no secure connection comes about"),
        "{run:?}"
    );
}
