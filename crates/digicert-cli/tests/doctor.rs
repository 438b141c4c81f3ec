//! `digicert doctor`.

use std::io::{Read as _, Write as _};
use std::net::{TcpListener, ToSocketAddrs as _};
use std::thread;

use serde_json::Value;

use crate::closed_port::ClosedPort;
use crate::on_sandbox::OnSandbox;
use crate::program::{Folder, Run, run};
use crate::skipped::skipped;

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

/// How many requests came with a key.
fn keys_sent(test: &OnSandbox) -> usize {
    let requests = test.sandbox.requests();
    let with_key = requests
        .iter()
        .filter(|request| request.header("x-dc-devkey").is_some());
    with_key.count()
}

#[test]
fn all_is_well() {
    let test = OnSandbox::new();
    test.subaccount("Example Company");
    let run = test.run(&["doctor"]);
    assert_eq!((run.code, run.stderr.as_str()), (0, ""), "{run:?}");
    let port = test.sandbox.local_addr().port().to_string();
    let folder = test.folder.path().to_str().unwrap();
    let settled = crate::on_sandbox::settled(&run.stdout)
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
    assert!(keys_sent(&test) > 0);
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
    let port = ClosedPort::new();
    let test = OnSandbox::new();
    let run = test.run(&["doctor", "--format", "json", "--origin", &port.origin]);
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
    let name = "no-such-host.invalid";
    if (name, 443).to_socket_addrs().is_ok() {
        return skipped("this machine has an address for every name");
    }
    let test = OnSandbox::new();
    let origin = &format!("https://{name}");
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
    let origin = ["--origin", test.sandbox.origin()];
    let doctor = || {
        let arguments = [&["doctor", "--format", "json"], &origin[..]].concat();
        run(&mut test.without_keys(&arguments))
    };
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

#[cfg(unix)]
#[test]
fn a_ledger_that_others_can_read_or_replace_is_a_warning() {
    use std::fs::{Permissions, set_permissions};
    use std::os::unix::fs::PermissionsExt as _;

    let test = OnSandbox::new();
    assert_eq!(test.run(&["billing", "link", "--yes"]).code, 0);
    let folder = test.folder.path().join("home/.local/state/digicert");
    let ledger = folder.join("ledger.sqlite");
    for (file, around, expected) in [
        (0o600, 0o700, "ok: "),
        (0o666, 0o700, "warning: others can write "),
        (0o644, 0o700, "warning: others can read "),
        (0o600, 0o777, "warning: everybody can write to "),
        (0o600, 0o1777, "warning: everybody can write to "),
    ] {
        set_permissions(&ledger, Permissions::from_mode(file)).unwrap();
        set_permissions(&folder, Permissions::from_mode(around)).unwrap();
        let run = json(&test);
        let found = line(&run, "ledger");
        assert!(found.starts_with(expected), "{found}");
        assert_eq!(found.contains("`chmod "), expected != "ok: ", "{found}");
        assert_eq!(run.code, i32::from(expected != "ok: "), "{run:?}");
    }
}

#[test]
fn a_ledger_that_is_none_is_2() {
    let test = OnSandbox::new();
    test.folder.write("notes", "# my notes");
    let run = test.run(&["doctor", "--format", "json", "--ledger", "notes"]);
    assert_eq!(run.code, 2);
    assert!(line(&run, "ledger").contains("is damaged"), "{run:?}");
}

/// What the ledger is found to be, in a folder where it is named `ledger`.
fn ledger_found(test: &OnSandbox) -> (i32, String) {
    let run = test.run(&["doctor", "--format", "json", "--ledger", "ledger"]);
    (run.code, line(&run, "ledger"))
}

#[test]
fn a_ledger_that_no_command_can_use_is_2_and_stays_as_it_is() {
    let test = OnSandbox::new();
    let ledger = test.folder.write("ledger", "");
    let history = ["history", "--ledger", "ledger"];
    assert_eq!(test.run(&history).code, 0);
    let mut newer = std::fs::read(&ledger).unwrap();
    // Where the file format of SQLite has the version of what is in it.
    newer[60..64].copy_from_slice(&99_u32.to_be_bytes());
    let mut foreign = newer.clone();
    foreign[68..72].fill(7);
    for (content, why) in [
        (newer, "update the program, or name another ledger"),
        (foreign, "is a database, but not a ledger"),
        (b"garbage\n".to_vec(), "restore it from a backup"),
    ] {
        std::fs::write(&ledger, &content).unwrap();
        let (code, found) = ledger_found(&test);
        assert_eq!(code, 2, "{found}");
        assert!(found.starts_with("failed: "), "{found}");
        assert!(found.contains(why), "{found}");
        assert_eq!(test.run(&history).code, 2, "{found}");
        assert_eq!(std::fs::read(&ledger).unwrap(), content);
    }
}

#[test]
fn an_empty_ledger_is_ok_and_stays_empty() {
    let test = OnSandbox::new();
    let ledger = test.folder.write("ledger", "");
    crate::on_sandbox::for_the_owner_alone(&ledger);
    assert_eq!(ledger_found(&test).0, 0);
    assert_eq!(std::fs::metadata(&ledger).unwrap().len(), 0);
}

#[cfg(unix)]
#[test]
fn a_ledger_that_keeps_nothing_is_2_for_doctor_and_for_commands() {
    use rustix::fs::{CWD, FileType, Mode, mknodat};

    for is_pipe in [true, false] {
        let test = OnSandbox::new();
        let ledger = test.folder.path().join("ledger");
        if is_pipe {
            mknodat(CWD, &ledger, FileType::Fifo, Mode::RWXU, 0).unwrap();
        } else {
            std::fs::create_dir(&ledger).unwrap();
        }
        let (code, found) = ledger_found(&test);
        assert_eq!(code, 2, "{found}");
        assert!(found.contains("name a file with --ledger"), "{found}");
        let link = ["billing", "link", "--yes", "--ledger", "ledger"];
        let run = test.run(&link);
        assert_eq!(run.code, 2, "{run:?}");
        assert!(run.stderr.contains("in which nothing is kept"), "{run:?}");
    }
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
    assert_eq!((run.code, run.stderr.as_str()), (2, ""), "{run:?}");
    let lines: Vec<_> = run.stdout.lines().collect();
    assert_eq!(lines[0], "Service: not known");
    let is_said = [
        "failed   configuration",
        ":1:2:",
        "did you mean `profiles`?",
        "`--config`",
    ];
    assert!(
        is_said.iter().all(|part| lines[1].contains(part)),
        "{run:?}"
    );
}

#[test]
fn i4_with_a_broken_config_file_the_rest_is_checked_and_no_key_is_sent() {
    let test = OnSandbox::new();
    let config = "home/.config/digicert/config.toml";
    test.folder
        .write(config, "[profiles.default]\norigin = 7\n");
    // The file may have said that the service is elsewhere, unless the environment comes first.
    let mut command = test.program(&["doctor", "--format", "json"]);
    for says_where in [true, false] {
        if !says_where {
            command.env_remove("DIGICERT_ORIGIN");
        }
        test.sandbox.clear_requests();
        let run = run(&mut command);
        assert_eq!((run.code, run.stderr.as_str()), (2, ""), "{run:?}");
        let found = line(&run, "configuration");
        assert!(
            found.starts_with("failed: the configuration ") && found.contains("config.toml:2:10: "),
            "{found}"
        );
        assert!(found.ends_with("; put it right, or name another file with `--config`"));
        assert!(line(&run, "key").starts_with("ok: "), "{run:?}");
        assert!(line(&run, "ledger").starts_with("ok: "), "{run:?}");
        let (answered, origin) = if says_where {
            ("ok: ", test.sandbox.origin().into())
        } else {
            ("skipped: where the service is", Value::Null)
        };
        assert!(line(&run, "HTTP").starts_with(answered), "{run:?}");
        assert_eq!(run.json()["origin"], origin);
        assert!(line(&run, "key accepted").starts_with("skipped: no key is sent"));
        assert_eq!(keys_sent(&test), 0);
    }
}

#[test]
fn an_address_that_no_key_would_be_sent_to_is_2() {
    let test = OnSandbox::new();
    for (origin, why) in [
        (
            "ftp://host.example",
            "`ftp` is not a scheme we speak; use https",
        ),
        (
            "http://host.example",
            "plain HTTP would show the key to everyone",
        ),
        ("host.example", "the origin cannot be used"),
    ] {
        let mut command = test.program(&["doctor", "--format", "json"]);
        let run = run(command.env("DIGICERT_ORIGIN", origin));
        assert_eq!(run.code, 2, "{run:?}");
        let found = line(&run, "address");
        assert!(
            found.starts_with("failed: ")
                && found.contains(why)
                && found.contains("DIGICERT_ORIGIN"),
            "{found}"
        );
        assert!(line(&run, "ledger").starts_with("ok: "), "{run:?}");
    }
}

#[test]
fn an_origin_that_is_empty_is_not_set() {
    let test = OnSandbox::new();
    let config = format!("[profiles.default]\norigin = '{}'\n", test.sandbox.origin());
    test.folder
        .write("home/.config/digicert/config.toml", config);
    let mut command = test.program(&["doctor", "--format", "json"]);
    let run = run(command.env("DIGICERT_ORIGIN", ""));
    assert_eq!(run.code, 0, "{run:?}");
    assert_eq!(run.json()["origin"], test.sandbox.origin());
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
        line(&run, "TLS").starts_with(
            "failed: no secure connection comes about: what answers there does not speak TLS; check the port"
        ),
        "{run:?}"
    );
}

/// The service over TLS, as `localhost` with a certificate that is made up on the spot.
mod over_tls {
    use std::io::{Read, Write};
    use std::net::TcpStream;
    use std::sync::Arc;
    use std::sync::mpsc::{Receiver, Sender, channel};

    use rcgen::{CertificateParams, KeyPair};
    use rustls::pki_types::PrivateKeyDer;
    use rustls::{ServerConfig, ServerConnection, StreamOwned};

    use super::*;

    /// What stands in front of the sandbox.
    struct Tls {
        origin: String,
        #[cfg_attr(not(target_os = "linux"), expect(dead_code, reason = "for one test"))]
        certificate: String,
        /// Each request that arrived within TLS.
        received: Receiver<String>,
    }

    fn before(service: &str) -> Tls {
        let made = CertificateParams::new(["localhost".to_owned()]).unwrap();
        before_as(&made, service)
    }

    #[cfg(target_os = "linux")]
    fn before_with_authority(service: &str) -> Tls {
        let mut made = CertificateParams::new(["localhost".to_owned()]).unwrap();
        made.is_ca = rcgen::IsCa::Ca(rcgen::BasicConstraints::Unconstrained);
        before_as(&made, service)
    }

    fn before_as(certificate: &CertificateParams, service: &str) -> Tls {
        let signing_key = KeyPair::generate().unwrap();
        let certificate = certificate.self_signed(&signing_key).unwrap();
        let key = PrivateKeyDer::try_from(signing_key.serialize_der()).unwrap();
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let config = ServerConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_no_client_auth()
            .with_single_cert(vec![certificate.der().clone()], key)
            .unwrap();
        let config = Arc::new(config);
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        let service = service.trim_start_matches("http://").to_owned();
        let (sender, received) = channel();
        thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let connection = ServerConnection::new(Arc::clone(&config)).unwrap();
                // Who goes away before or within the handshake has sent nothing.
                let _ = pass_on(StreamOwned::new(connection, stream), &service, &sender);
            }
        });
        Tls {
            origin: format!("https://localhost:{port}"),
            certificate: certificate.pem(),
            received,
        }
    }

    /// One request without a body.
    fn pass_on(
        mut client: StreamOwned<ServerConnection, TcpStream>,
        service: &str,
        sender: &Sender<String>,
    ) -> std::io::Result<()> {
        let mut request = Vec::new();
        let mut buffer = [0; 4096];
        while !request.ends_with(b"\r\n\r\n") {
            let length = client.read(&mut buffer)?;
            if length == 0 {
                return Ok(());
            }
            request.extend_from_slice(&buffer[..length]);
        }
        let request = String::from_utf8_lossy(&request).into_owned();
        let mut server = TcpStream::connect(service)?;
        let closing = request.replacen("\r\n", "\r\nconnection: close\r\n", 1);
        let _ = sender.send(request);
        server.write_all(closing.as_bytes())?;
        let mut answer = Vec::new();
        server.read_to_end(&mut answer)?;
        client.write_all(&answer)?;
        client.conn.send_close_notify();
        client.flush()
    }

    fn doctor(test: &OnSandbox, tls: &Tls) -> std::process::Command {
        let mut command = test.program(&["doctor", "--format", "json", "--origin", &tls.origin]);
        for variable in PROXIES {
            command.env_remove(variable);
        }
        command
    }

    #[test]
    fn i4_a_certificate_that_is_not_trusted_is_said_with_the_remedy_and_gets_no_key() {
        let test = OnSandbox::new();
        let tls = before(test.sandbox.origin());
        let run = run(&mut doctor(&test, &tls));
        assert_eq!(run.code, 2, "{run:?}");
        assert!(line(&run, "connection").starts_with("ok: "), "{run:?}");
        let found = line(&run, "TLS");
        assert!(
            found.starts_with("failed: no secure connection comes about: ")
                && found.contains("certificate")
                && found.contains("check the clock, the trust store, and whether"),
            "{found}"
        );
        assert!(lines(&run, "HTTP").is_empty(), "{run:?}");
        let found = line(&run, "key accepted");
        assert!(found.starts_with("skipped: the service was not reached"));
        let received: Vec<_> = tls.received.try_iter().collect();
        assert_eq!(received, [""; 0]);
    }

    /// The certificate of an authority in the trust store, which other libraries take from a server, too.
    #[cfg(target_os = "linux")]
    #[test]
    fn doctor_trusts_what_the_commands_trust_and_both_say_plainly_why_not() {
        let test = OnSandbox::new();
        let tls = before_with_authority(test.sandbox.origin());
        let store = test.folder.write("store.pem", &tls.certificate);
        let diagnosis = run(doctor(&test, &tls).env("SSL_CERT_FILE", &store));
        let found = line(&diagnosis, "TLS");
        let why = "the certificate is that of an authority, made to sign others";
        assert!(
            found.starts_with("failed: ") && found.contains(why),
            "{found}"
        );
        let mut command = test.program(&["account", "show", "--origin", &tls.origin]);
        for variable in PROXIES {
            command.env_remove(variable);
        }
        let run = run(command.env("SSL_CERT_FILE", &store));
        assert_eq!(run.code, 2, "{run:?}");
        let doctor = format!("; `digicert doctor --origin {}` looks", tls.origin);
        assert!(
            run.stderr.contains(why) && run.stderr.contains(&doctor),
            "{run:?}"
        );
    }

    /// Elsewhere the trust store is not a file that one can name.
    #[cfg(target_os = "linux")]
    #[test]
    fn with_a_trusted_certificate_all_is_well() {
        let test = OnSandbox::new();
        let tls = before(test.sandbox.origin());
        let store = test.folder.write("store.pem", &tls.certificate);
        let run = run(doctor(&test, &tls).env("SSL_CERT_FILE", store));
        assert_eq!(run.code, 0, "{run:?}");
        assert_eq!(line(&run, "TLS"), "ok: the certificate is trusted; ");
        assert!(line(&run, "key accepted").starts_with("ok: "), "{run:?}");
        // The first request has no key, whoever answers.
        let received: Vec<_> = tls.received.try_iter().collect();
        let has_key: Vec<_> = received
            .iter()
            .map(|request| request.contains(test.certcentral_key()))
            .collect();
        assert_eq!(has_key, [false, true, true]);
    }
}
