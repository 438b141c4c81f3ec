//! I2: a key that is easily found again, given to every command in every way, is found nowhere:
//! not in what is printed, not in a file, not in the list of processes.
//!
//! A command that is new gets a line in the table; a test says so when it has none.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::LazyLock;

use digicert_sandbox::Sandbox;

use crate::in_between::{InBetween, Play};
use crate::on_sandbox::{OnSandbox, for_the_owner_alone};
use crate::plan::{BOOK, CREATE};
use crate::program::{Run, run};

/// What both keys begin with. No other test has it among the arguments of a process, nor another run of
/// the tests, nor who looks for it.
static MARK: LazyLock<String> = LazyLock::new(|| format!("kanarienvogel-{}", std::process::id()));
static CERTCENTRAL: LazyLock<String> = LazyLock::new(|| format!("{}-certcentral", *MARK));
static PARTNER: LazyLock<String> = LazyLock::new(|| format!("{}-partner", *MARK));

/// Whether a command talks to the service, and so takes keys by options.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Talks {
    Always,
    /// It takes the options, and may do without the service.
    Perhaps,
    Never,
}

/// Every command, with arguments that make it do something. `ID` is a subaccount.
const COMMANDS: &[(&str, Talks, &[&str])] = &[
    ("account show", Talks::Always, &[]),
    ("subaccount list", Talks::Always, &[]),
    ("subaccount show", Talks::Always, &["ID"]),
    (
        "subaccount create",
        Talks::Always,
        &["-f", "create.yaml", "--key-out", "new.key", "--yes"],
    ),
    ("products show", Talks::Always, &["ID"]),
    (
        "products diff",
        Talks::Always,
        &["ID", "-f", "products.json"],
    ),
    (
        "products set",
        Talks::Always,
        &["ID", "-f", "products.json", "--yes"],
    ),
    ("plan", Talks::Always, &["prices", "--out", "plan.json"]),
    ("apply", Talks::Always, &["prices", "--yes"]),
    ("billing link", Talks::Always, &["--yes"]),
    ("history", Talks::Perhaps, &["--unfinished"]),
    (
        "history settle",
        Talks::Perhaps,
        &["1", "--created", "ID", "--unchecked"],
    ),
    ("doctor", Talks::Always, &[]),
    ("validate", Talks::Never, &["products.json"]),
    ("rules", Talks::Never, &[]),
    ("explain", Talks::Never, &["DC103"]),
    ("schema", Talks::Never, &["create-subaccount"]),
    ("completions", Talks::Never, &["bash"]),
    ("man", Talks::Never, &[]),
];

/// Where the program gets the keys from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Source {
    Environment,
    File,
    Profile,
    StandardInput,
}

const SOURCES: [Source; 4] = [
    Source::Environment,
    Source::File,
    Source::Profile,
    Source::StandardInput,
];

/// Key files are meant from the folder of the config file.
const CONFIG: &str = "[profiles.canary]
api_key_file = '../../../a.key'
partner_api_key_file = '../../../partner.key'
";

const AS_JSON: [(Source, bool); 1] = [(Source::Environment, true)];

const PRODUCTS: &str = r#"{"currency": "USD", "products": [{"product_name_id": "ssl_plus",
  "prices": [{"lifetime": 1, "cost": 218}]}]}"#;

/// A folder with what the commands of the table need.
fn prepare(test: &OnSandbox) -> i64 {
    let id = test.subaccount("Example Company");
    test.folder.write("products.json", PRODUCTS);
    test.folder
        .write("home/.config/digicert/config.toml", CONFIG);
    test.folder.write("create.yaml", unindented(CREATE));
    test.folder.write("prices/books.yaml", BOOK);
    let subaccounts =
        format!("format_version: 1\nsubaccounts:\n  - {{id: {id}, price_book: partners}}\n");
    test.folder.write("prices/subaccounts.yaml", subaccounts);
    for (name, key) in [("a.key", &CERTCENTRAL), ("partner.key", &PARTNER)] {
        for_the_owner_alone(&test.folder.write(name, key.as_bytes()));
    }
    id
}

/// As a document of its own, what the table of manifests has indented.
fn unindented(yaml: &str) -> String {
    let lines = yaml
        .lines()
        .map(|line| line.strip_prefix("      ").unwrap_or(line));
    lines.collect::<Vec<_>>().join("\n")
}

/// A command of the table, with its keys from there.
fn command(
    test: &OnSandbox,
    id: i64,
    source: Source,
    json: bool,
    (name, arguments): (&str, &[&str]),
) -> Command {
    let id = id.to_string();
    let arguments = arguments
        .iter()
        .map(|argument| if *argument == "ID" { &id } else { *argument });
    let mut all: Vec<_> = name.split(' ').chain(arguments).collect();
    if json {
        all.extend(["--format", "json"]);
    }
    match source {
        Source::Environment => {}
        Source::File => all.extend([
            "--api-key-file",
            "a.key",
            "--partner-api-key-file",
            "partner.key",
        ]),
        Source::Profile => all.extend(["--profile", "canary"]),
        Source::StandardInput => all.extend(["--api-key-file", "-"]),
    }
    let mut command = test.without_keys(&all);
    // What one switches on to find out why something goes wrong.
    command
        .env("RUST_BACKTRACE", "full")
        .env("RUST_LOG", "trace");
    match source {
        Source::Environment => {
            command.env("DIGICERT_API_KEY", &*CERTCENTRAL);
            command.env("DIGICERT_PARTNER_API_KEY", &*PARTNER);
        }
        Source::File | Source::Profile => {}
        Source::StandardInput => {
            command.env("DIGICERT_PARTNER_API_KEY", &*PARTNER);
            command.stdin(Stdio::piped());
        }
    }
    command
}

fn run_with_input(command: &mut Command, source: Source) -> Run {
    if source != Source::StandardInput {
        return run(command);
    }
    crate::program::run_with_input(command, CERTCENTRAL.as_bytes())
}

/// Runs every command with keys from everywhere, and looks at all that is left.
fn run_all(sandbox: impl Fn() -> OnSandbox, check: impl Fn(&str, Talks, &Run)) {
    for &(name, talks, arguments) in COMMANDS {
        for (source, json) in SOURCES
            .map(|source| (source, false))
            .into_iter()
            .chain(AS_JSON)
        {
            if talks == Talks::Never && (json || source != Source::Environment) {
                continue;
            }
            let test = sandbox();
            let id = prepare(&test);
            let mut command = command(&test, id, source, json, (name, arguments));
            let service = name.starts_with("history").then(|| open_entry(&test));
            if let Some(service) = &service {
                command.env("DIGICERT_ORIGIN", service.origin());
            }
            let run = run_with_input(&mut command, source);
            if service.is_some() {
                assert_eq!(run.code, 0, "{name} from {source:?}: {run:?}");
                let is_shown = ["Example", "Entry 1 is settled", "\"known_from\": \"user\""];
                let is_shown = is_shown.iter().any(|text| run.stdout.contains(text));
                assert!(is_shown, "{name} has no entry: {run:?}");
            }
            check(name, talks, &run);
            let printed = format!("{run:?}");
            assert!(
                !printed.contains(MARK.as_str()),
                "{name} from {source:?}: {printed}"
            );
            let folder = test.folder.path();
            no_file_has_it(folder, &MARK, &["a.key", "partner.key"]);
            // A key that the service has made is no less secret.
            if let Ok(new_key) = fs::read_to_string(folder.join("new.key")) {
                let new_key = new_key.trim();
                assert!(!printed.contains(new_key), "{name} printed the new key");
                no_file_has_it(folder, new_key, &["new.key"]);
            }
        }
    }
}

/// A ledger with a creation whose outcome is unknown, at the service that is given back.
fn open_entry(test: &OnSandbox) -> InBetween {
    let service = InBetween::before(test.sandbox.origin(), Play::CutRequest);
    let arguments = ["subaccount", "create", "-f", "create.yaml", "--yes"];
    let arguments = [&arguments[..], &["--key-out", "lost.key"]].concat();
    let created = run(&mut test.program_past(&service, &arguments));
    assert_eq!(created.code, 4, "{created:?}");
    service
}

fn no_file_has_it(folder: &Path, key: &str, except: &[&str]) {
    for file in files(folder) {
        let name = file.file_name().unwrap().to_str().unwrap();
        let content = fs::read(&file).unwrap();
        let found = content
            .windows(key.len())
            .any(|window| window == key.as_bytes());
        assert!(
            !found || except.contains(&name),
            "{} has a key in it",
            file.display()
        );
    }
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path());
    let found = entries.map(|path| {
        if path.is_dir() {
            files(&path)
        } else {
            vec![path]
        }
    });
    found.flatten().collect()
}

#[test]
fn i2_a_canary_key_is_found_nowhere_when_commands_succeed() {
    let sandbox = || {
        OnSandbox::with(
            Sandbox::builder()
                .certcentral_key(CERTCENTRAL.as_str())
                .partner_key(PARTNER.as_str()),
        )
    };
    run_all(sandbox, |name, talks, run| {
        let expected = run.code == 0 || run.code == 1 && talks == Talks::Always;
        assert!(expected, "{name}: {run:?}");
    });
}

#[test]
fn i2_a_canary_key_is_found_nowhere_when_the_service_refuses_it() {
    run_all(OnSandbox::new, |name, talks, run| {
        let expected = match talks {
            Talks::Always => matches!(run.code, 2..=5),
            Talks::Perhaps | Talks::Never => run.code == 0,
        };
        assert!(expected, "{name}: {run:?}");
    });
}

#[test]
fn i2_every_command_is_in_the_table_of_canaries() {
    let test = OnSandbox::new();
    let written = test.run(&["man", "--out", "pages"]);
    assert_eq!(written.code, 0, "{written:?}");
    let pages: BTreeSet<_> = files(&test.folder.path().join("pages"))
        .iter()
        .map(|page| page.file_stem().unwrap().to_str().unwrap().to_owned())
        .collect();
    let table: BTreeSet<_> = COMMANDS
        .iter()
        .map(|(name, ..)| format!("digicert-{}", name.replace(' ', "-")))
        .collect();
    for page in &pages {
        let has_commands = pages
            .iter()
            .any(|other| other.starts_with(&format!("{page}-")));
        let is_there = table.contains(page) || has_commands;
        assert!(
            is_there,
            "{page} is a command without a line in `COMMANDS` of tests/canary.rs"
        );
    }
}

/// What the keys that the sandbox makes begin with.
const NEW_KEY: &str = "sandbox-subaccount-";

/// A manifest with a creation, which follows.
const NEW: &str = "format_version: 1\nsubaccounts:\n  - key_out: ../new.key\n    create:\n";

/// An answer of this status, with the ID and the key of the real one for `ID` and `KEY`.
fn odd(answer: &str, status: &str, body: &str) -> String {
    let of = |name: &str| {
        let (_, rest) = answer.split_once(name).unwrap();
        let end = rest.find([',', '"', '}']).unwrap();
        rest[..end].to_owned()
    };
    let body = body.replace("ID", &of("{\"id\":"));
    let body = body.replace("KEY", &of("\"api_key\":\""));
    let length = body.len();
    format!("HTTP/1.1 {status}\r\ncontent-length: {length}\r\n\r\n{body}")
}

type Spoil = fn(&str) -> String;

/// How somebody on the way may spoil the answer to a creation, and whether its key is recognised.
const ODD_ANSWERS: [(Spoil, bool); 10] = [
    (
        |real| odd(real, "409 Conflict", r#"{"id":ID,"api_key":"KEY"}"#),
        true,
    ),
    (
        |real| odd(real, "409 Conflict", r#"{"id":ID,"apiKey":"KEY"}"#),
        true,
    ),
    (
        |real| odd(real, "500 X", r#"{"id":ID,"apiKey":"KEY"}"#),
        true,
    ),
    (
        |real| odd(real, "502 Bad Gateway", r#"{"id":ID,"API-Key":"KEY"}"#),
        true,
    ),
    (
        |real| {
            odd(
                real,
                "500 X",
                r#"{"errors":[{"code":"x","message":"{\"apiKey\":\"KEY\"}"}]}"#,
            )
        },
        true,
    ),
    (
        |real| {
            odd(
                real,
                "500 X",
                r#"{"errors":[{"code":"x","message":"API key: KEY"}]}"#,
            )
        },
        false,
    ),
    (
        |real| {
            odd(
                real,
                "400 X",
                r#"{"errors":[{"code":"x","message":"API key: KEY"}]}"#,
            )
        },
        false,
    ),
    (
        |real| odd(real, "500 X", r#"{"id":ID,"secret":"KEY"}"#),
        false,
    ),
    (|real| odd(real, "500 X", "<p>API key: KEY</p>"), false),
    (
        |real| odd(real, "403 Forbidden", "<td>API key</td><td>KEY</td>"),
        false,
    ),
];

#[test]
fn i2_i3_a_new_key_in_an_odd_answer_is_kept_and_found_nowhere_else() {
    let create = ["subaccount", "create", "-f", "create.yaml", "--yes"];
    let create = [&create[..], &["--key-out", "new.key"]].concat();
    let apply = vec!["apply", "new", "--yes"];
    for (number, (play, is_recognised)) in ODD_ANSWERS.into_iter().enumerate() {
        for (arguments, format) in [
            (&create, "human"),
            (&create, "json"),
            (&apply, "human"),
            (&apply, "json"),
        ] {
            let what = format!("{arguments:?}, {format}, answer {number}");
            let test = OnSandbox::new();
            test.folder.write("create.yaml", unindented(CREATE));
            test.folder
                .write("new/subaccounts.yaml", format!("{NEW}{CREATE}"));
            let service = InBetween::before(test.sandbox.origin(), Play::Replace(play));
            let mut command =
                test.program_past(&service, &[&arguments[..], &["--format", format]].concat());
            let run = run(command.env("RUST_LOG", "trace"));
            assert_eq!(
                run.code,
                if is_recognised { 0 } else { 4 },
                "{what}: {run:?}"
            );
            let history = test.run(&["history", "--format", "json"]);
            let again = crate::program::run(&mut test.program_past(&service, arguments));
            for run in [&run, &history, &again] {
                assert!(!format!("{run:?}").contains(NEW_KEY), "{what}: {run:?}");
            }
            let rescued = "home/.local/state/digicert/rescued/digicert-entry-1.answer";
            let place = if is_recognised { "new.key" } else { rescued };
            let place = test.folder.path().join(place);
            let kept = fs::read_to_string(&place).unwrap();
            assert!(kept.contains(NEW_KEY), "{what}: {kept}");
            no_file_has_it(
                test.folder.path(),
                NEW_KEY,
                &["new.key", "digicert-entry-1.answer"],
            );
            #[cfg(unix)]
            {
                use std::os::unix::fs::PermissionsExt as _;
                let mode = fs::metadata(&place).unwrap().permissions().mode();
                assert_eq!(mode & 0o777, 0o600, "{what}");
            }
            let named = format!("{run:?}").contains(place.file_name().unwrap().to_str().unwrap());
            assert!(named, "{what} does not say where it is: {run:?}");
        }
    }
}

/// While a command runs: what is in the list of processes, and how much a crash could write.
#[cfg(target_os = "linux")]
mod running {
    use std::io::{Read as _, Write as _};
    use std::net::{TcpListener, TcpStream};
    use std::os::unix::fs::MetadataExt as _;
    use std::sync::mpsc::{Receiver, Sender, channel};
    use std::thread;

    use super::*;
    use crate::eventually::eventually;
    use crate::program::program;

    /// What was seen when a request arrived, before it was answered.
    #[derive(Debug, Default)]
    struct Seen {
        has_key: bool,
        in_arguments: Vec<String>,
    }

    /// A service that looks around before it refuses.
    fn looking_around() -> (String, Receiver<Seen>) {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let origin = format!("http://{}", listener.local_addr().unwrap());
        let (sender, receiver) = channel();
        thread::spawn(move || {
            for stream in listener.incoming() {
                answer(stream.unwrap(), &sender);
            }
        });
        (origin, receiver)
    }

    fn answer(mut stream: TcpStream, sender: &Sender<Seen>) {
        let mut request = vec![0; 65536];
        let length = stream.read(&mut request).unwrap_or_default();
        let request = String::from_utf8_lossy(&request[..length]).into_owned();
        let seen = Seen {
            has_key: request.contains(MARK.as_str()),
            in_arguments: processes_with_it(),
        };
        // The test may be over already.
        let _ = sender.send(seen);
        let answer = "HTTP/1.1 403 Forbidden\r\nContent-Length: 2\r\nConnection: close\r\n\r\n{}";
        let _ = stream.write_all(answer.as_bytes());
    }

    fn processes_with_it() -> Vec<String> {
        let processes = fs::read_dir("/proc").unwrap().filter_map(Result::ok);
        let arguments =
            processes.filter_map(|process| fs::read(process.path().join("cmdline")).ok());
        let arguments = arguments.map(|bytes| String::from_utf8_lossy(&bytes).replace('\0', " "));
        arguments
            .filter(|arguments| arguments.contains(MARK.as_str()))
            .collect()
    }

    #[test]
    fn i2_a_canary_key_is_not_in_the_list_of_processes() {
        let test = OnSandbox::new();
        let id = prepare(&test);
        for &(name, talks, arguments) in COMMANDS {
            for source in SOURCES.into_iter().filter(|_| talks == Talks::Always) {
                let (origin, seen) = looking_around();
                let mut command = command(&test, id, source, false, (name, arguments));
                let run = run_with_input(command.env("DIGICERT_ORIGIN", origin), source);
                let seen: Vec<_> = seen.try_iter().collect();
                assert!(
                    seen.iter().any(|seen| seen.has_key),
                    "{name} from {source:?} sent no key: {run:?}"
                );
                for seen in seen {
                    assert_eq!(seen.in_arguments, [""; 0], "{name} from {source:?}");
                }
            }
        }
    }

    #[test]
    fn i2_a_crash_leaves_no_memory_behind() {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let origin = format!("http://{}", listener.local_addr().unwrap());
        let digicert = program().get_program().to_owned();
        // As large as is allowed, which is nothing on some machines.
        let mut command = Command::new("sh");
        command
            .args(["-c", "ulimit -S -c $(ulimit -H -c); exec \"$0\" \"$@\""])
            .arg(digicert)
            .args(["account", "show", "--origin", &origin]);
        let mut child = command
            .env("DIGICERT_API_KEY", &*CERTCENTRAL)
            .spawn()
            .unwrap();
        // It has the key now, and waits for an answer.
        listener.set_nonblocking(true).unwrap();
        let mut connection = None;
        eventually("it connects", || {
            connection = listener.accept().ok();
            connection.is_some()
        });
        let limits = fs::read_to_string(format!("/proc/{}/limits", child.id())).unwrap();
        // The system gives what shows the memory of a process to its owner, or to root if it is
        // closed.
        let environment = fs::metadata(format!("/proc/{}/environ", child.id())).unwrap();
        assert_eq!(environment.uid(), 0);
        child.kill().unwrap();
        child.wait().unwrap();
        drop(connection);
        let core = limits
            .lines()
            .find(|line| line.starts_with("Max core file size"))
            .unwrap();
        assert_eq!(core.split_whitespace().nth(4), Some("0"), "{core}");
    }
}
