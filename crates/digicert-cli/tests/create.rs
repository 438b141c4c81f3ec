//! `digicert subaccount create`: what it shows, what it refuses, and where the key goes.

use std::fs;
use std::path::PathBuf;
use std::process::Command;

use digicert_client::certcentral;
use digicert_client::types::CertCentralApiKey;
use digicert_client::types::certcentral::{ListSubaccountsQuery, SubaccountType};
use digicert_sandbox::Operation;

use crate::in_between::{InBetween, Play};
use crate::on_sandbox::OnSandbox;
use crate::program::{Run, run};

pub(crate) const MANAGED: &str = r#"account_type: managed
allowed_grandchildren: [retail]
bill_parent: true
user:
  first_name: John
  last_name: Smith
  email: john.smith@example.com
organization:
  name: Example Company, LLC
  address: 123 Fake Street
  zip: "93090"
  city: Toledo
  state: Ohio
  country: US
"#;

pub(crate) fn retail() -> String {
    MANAGED.replace("managed", "retail")
}

/// A sandbox, and a folder with the document `acme.yaml`.
pub(crate) fn with_document(document: &str) -> OnSandbox {
    let test = OnSandbox::new();
    test.folder.write("acme.yaml", document);
    test
}

pub(crate) const CREATE: [&str; 7] = [
    "subaccount",
    "create",
    "-f",
    "acme.yaml",
    "--key-out",
    "acme.key",
    "--yes",
];

impl OnSandbox {
    pub(crate) fn create(&self, arguments: &[&str]) -> Run {
        self.run(&[&CREATE[..], arguments].concat())
    }

    /// The same, past somebody who stands in between.
    pub(crate) fn create_past(&self, in_between: &InBetween, arguments: &[&str]) -> Run {
        run(&mut self.program_past(in_between, &[&CREATE[..], arguments].concat()))
    }

    pub(crate) fn program_past(&self, in_between: &InBetween, arguments: &[&str]) -> Command {
        let mut command = self.program(arguments);
        command.env("DIGICERT_ORIGIN", in_between.origin());
        command
    }

    pub(crate) fn key_file_path(&self) -> PathBuf {
        self.folder.path().join("acme.key")
    }

    /// How many subaccounts there are.
    pub(crate) fn count(&self) -> usize {
        let list = self.client();
        let list = self.block_on(list.list_subaccounts(&ListSubaccountsQuery::default()));
        list.unwrap().subaccounts.unwrap().len()
    }

    /// The account that a key belongs to.
    pub(crate) fn owner(&self, key: &str) -> Option<i64> {
        let client = certcentral::Client::builder(&CertCentralApiKey::new(key));
        let client = client.origin(self.sandbox.origin()).build().ok()?;
        self.block_on(client.get_account()).ok()?.id
    }

    /// The text without what differs from run to run.
    pub(crate) fn told(&self, text: &str) -> String {
        let folder = fs::canonicalize(self.folder.path()).unwrap();
        let mut told = crate::on_sandbox::settled(text);
        for folder in [folder.as_path(), self.folder.path()] {
            told = told.replace(&folder.display().to_string(), "FOLDER");
        }
        let words = told.split_inclusive([' ', '\n', '"']).map(|word| {
            let bare = word.trim_end_matches([' ', '\n', '"', '.', ',']);
            let is_time = bare.len() == "2026-01-31T23:59:59.999Z".len() && bare.ends_with('Z');
            match (is_time, bare.contains('@') && !bare.contains("example.com")) {
                (true, _) => word.replace(bare, "TIME"),
                (_, true) => word.replace(bare, "WHO"),
                _ => word.to_owned(),
            }
        });
        without_times(&words.collect::<String>())
    }
}

/// `2026-01-31 23:59:59` becomes a word.
fn without_times(text: &str) -> String {
    const LIKE: &str = "dddd-dd-dd dd:dd:dd";
    let is_time = |candidate: &str| {
        candidate
            .chars()
            .zip(LIKE.chars())
            .all(|(is, like)| match like {
                'd' => is.is_ascii_digit(),
                other => is == other,
            })
    };
    let mut text = text.to_owned();
    while let Some(at) =
        (0..text.len()).find(|at| text.get(*at..at + LIKE.len()).is_some_and(is_time))
    {
        text.replace_range(at..at + LIKE.len(), "TIME");
    }
    text
}

#[test]
fn create_a_managed_subaccount() {
    let test = with_document(MANAGED);
    let run = test.create(&[]);
    insta::assert_snapshot!("create_managed", test.told(&run.stdout));
    assert_eq!((run.code, run.stderr.as_str()), (0, ""));
    let key = fs::read_to_string(test.key_file_path()).unwrap();
    assert_eq!(test.owner(&key), Some(1_122_334));
    assert!(!run.stdout.contains(&key));
}

#[cfg(unix)]
#[test]
fn i3_the_file_of_a_key_is_for_its_owner_alone() {
    use std::os::unix::fs::PermissionsExt as _;

    let test = with_document(MANAGED);
    assert_eq!(test.create(&[]).code, 0);
    let mode = fs::metadata(test.key_file_path())
        .unwrap()
        .permissions()
        .mode();
    assert_eq!(mode & 0o777, 0o600);
}

#[test]
fn create_as_json_says_where_the_key_is_and_never_the_key() {
    let test = with_document(MANAGED);
    let run = test.create(&["--format", "json"]);
    let json = run.json();
    assert_eq!(json["format_version"], 1);
    assert_eq!(json["result"], "created");
    assert_eq!(json["entry"], 1);
    assert_eq!(json["origin"], test.sandbox.origin());
    assert_eq!(json["parent_account_id"], 1_122_331);
    assert_eq!(json["subaccount_id"], 1_122_334);
    assert_eq!(json["account_type"], "managed");
    assert_eq!(json["organization_name"], "Example Company, LLC");
    assert_eq!(json["key"]["state"], "kept");
    let path = json["key"]["place"].as_str().unwrap();
    let key = fs::read_to_string(path).unwrap();
    assert!(!run.stdout.contains(&key) && !run.stderr.contains(&key));
    // What would be shown to people does not get between.
    assert!(run.stderr.contains("To be created:"), "{run:?}");
}

#[test]
fn a_subaccount_that_gets_no_key_needs_no_place_for_one() {
    let test = with_document(&retail());
    let run = test.run(&["subaccount", "create", "-f", "acme.yaml", "--yes"]);
    assert_eq!((run.code, run.stderr.as_str()), (0, ""), "{run:?}");
    assert!(
        run.stdout.ends_with(
            "Created the retail subaccount 1122334 of Example Company, LLC (entry 1).\n"
        ),
        "{run:?}"
    );
}

/// Runs that are to fail before anything is sent.
#[track_caller]
fn refused(test: &OnSandbox, arguments: &[&str], code: i32, message: &str) {
    let run = test.run(&[&["subaccount", "create"], arguments].concat());
    assert_eq!(run.code, code, "{run:?}");
    assert!(run.stderr.contains(message), "{run:?}");
    assert_eq!(test.count(), 0, "{arguments:?}");
}

#[test]
fn what_is_wrong_with_the_place_of_the_key_is_said_before_anything_is_sent() {
    let test = with_document(MANAGED);
    test.folder.write("taken", "a key");
    let acme = |more: &[&'static str]| [&["-f", "acme.yaml", "--yes"], more].concat();
    refused(
        &test,
        &acme(&[]),
        2,
        "say where it is to go, with `--key-out PATH`",
    );
    refused(
        &test,
        &acme(&["--key-out", "taken"]),
        2,
        "is never overwritten",
    );
    refused(
        &test,
        &acme(&["--key-out", "none/acme.key"]),
        2,
        "does not exist; make it",
    );
    refused(
        &test,
        &acme(&["--key-command", "./none"]),
        2,
        "cannot start ./none",
    );
    // Elsewhere it stands for standard input and output.
    refused(
        &test,
        &acme(&["--key-out", "-"]),
        2,
        "say `--key-out ./-`, and to hand the key to a program `--key-command PROGRAM`",
    );
    assert!(!test.folder.path().join("-").exists());
    let both = ["--key-out", "a", "--key-command", "b"];
    refused(&test, &acme(&both), 2, "cannot be used with");
    assert_eq!(
        fs::read_to_string(test.folder.path().join("taken")).unwrap(),
        "a key"
    );
    let history = test.run(&["history"]);
    assert_eq!(history.stdout, "No entries.\n");
}

#[test]
fn a_place_for_a_key_that_never_comes_is_refused() {
    let test = with_document(&retail());
    let arguments = ["-f", "acme.yaml", "--yes", "--key-out", "acme.key"];
    refused(&test, &arguments, 2, "the type retail gets no key");
}

#[test]
fn i8_without_a_terminal_and_without_yes_nothing_is_created() {
    let test = with_document(MANAGED);
    let arguments = ["-f", "acme.yaml", "--key-out", "acme.key"];
    refused(&test, &arguments, 5, "`--yes` goes on without the question");
    assert!(!test.key_file_path().exists());
}

#[test]
fn errors_in_the_document_are_shown_with_their_places_and_nothing_is_sent() {
    let test = with_document(&MANAGED.replace("email: john.smith@example.com", "email: ''"));
    // Not even a key is needed to be told.
    let run = run(&mut test.without_keys(&CREATE));
    assert_eq!(run.code, 5, "{run:?}");
    assert!(run.stderr.contains("--> acme.yaml:7:10"), "{run:?}");
    assert!(
        run.stderr
            .ends_with("error: acme.yaml has 1 error; nothing was sent\n"),
        "{run:?}"
    );
    let run = test.run(&[
        "subaccount",
        "create",
        "-f",
        "none.yaml",
        "--key-out",
        "k",
        "--yes",
    ]);
    assert_eq!(run.code, 2, "{run:?}");
}

#[test]
fn the_same_document_is_not_used_twice_unless_somebody_says_so() {
    let test = with_document(MANAGED);
    assert_eq!(test.create(&[]).code, 0);
    // However it is written.
    test.folder.write(
        "acme.yaml",
        MANAGED.replace("\"93090\"", "'93090'") + "# the same\n",
    );
    let again = test.create(&[]);
    assert_eq!(again.code, 5, "{again:?}");
    insta::assert_snapshot!("create_twice", test.told(&again.stdout));
    assert!(
        again.stderr.contains("`--another` creates one more"),
        "{again:?}"
    );
    assert_eq!(test.count(), 1);
    let json = test.create(&["--format", "json"]).json();
    assert_eq!(
        (&json["result"], &json["subaccount_id"]),
        (&"created-before".into(), &1_122_334.into())
    );
    let place = test.key_file_path().display().to_string();
    assert_eq!(
        (&json["key"]["state"], &json["key"]["place"]),
        (&"kept".into(), &place.into())
    );

    let another = [
        "subaccount",
        "create",
        "-f",
        "acme.yaml",
        "--key-out",
        "b.key",
        "--yes",
        "--another",
    ];
    assert_eq!(test.run(&another).code, 0);
    assert_eq!(test.count(), 2);
}

#[test]
fn what_exists_already_of_the_same_organization_is_shown_before_the_question() {
    let test = with_document(&retail());
    test.subaccount("Example Company, LLC");
    test.subaccount("Another Company, LLC");
    let run = test.run(&["subaccount", "create", "-f", "acme.yaml"]);
    insta::assert_snapshot!("create_alike", test.told(&run.stdout));
    assert_eq!(run.code, 5, "{run:?}");
}

#[test]
fn i1_a_ledger_that_is_gone_makes_no_second_subaccount_of_one_name() {
    let test = with_document(&format!("child_name: Second\n{}", retail()));
    test.subaccount("Example Company, LLC");
    let create = ["subaccount", "create", "-f", "acme.yaml", "--yes"];
    assert_eq!(test.run(&create).code, 0);
    test.subaccount("Example Company, LLC");
    // However the service lists it, and however it is written now.
    let service = InBetween::before(test.sandbox.origin(), Play::ListOtherwise);
    for name in ["Second", "second"] {
        let document = format!("child_name: {name}\n{}", retail());
        test.folder.write("acme.yaml", document);
        let arguments = [&create[..], &["--ledger", "new", "--format", "json"]].concat();
        let again = run(&mut test.program_past(&service, &arguments));
        assert_eq!((again.code, test.count()), (5, 3), "{again:?}");
        assert!(
            again
                .stderr
                .contains("child_name already (1122335, of the type retail)")
                && again.stderr.contains("`--another` creates one more"),
            "{again:?}"
        );
        let json = again.json();
        assert_eq!(
            (&json["result"], &json["subaccount_ids"][0]),
            (&"exists".into(), &1_122_335.into())
        );
    }
    let another = [&create[..], &["--ledger", "new", "--another"]].concat();
    assert_eq!(test.run(&another).code, 0);
    // Another name is another subaccount.
    test.folder
        .write("acme.yaml", format!("child_name: Third\n{}", retail()));
    assert_eq!(test.run(&create).code, 0);
    assert_eq!(test.count(), 5);
}

#[test]
fn in_json_a_creation_that_does_not_begin_is_one_object() {
    let test = with_document(MANAGED);
    test.folder.write("taken.key", "a key");
    let create = [
        "subaccount",
        "create",
        "-f",
        "acme.yaml",
        "--format",
        "json",
    ];
    for (arguments, code, result) in [
        (&["--key-out", "acme.key"][..], 5, "not-confirmed"),
        (&["--key-out", "taken.key", "--yes"][..], 2, "not-begun"),
    ] {
        let run = test.run(&[&create[..], arguments].concat());
        let json = run.json();
        assert_eq!(
            (run.code, &json["result"]),
            (code, &result.into()),
            "{run:?}"
        );
        assert_eq!(json["format_version"], 1);
        assert_eq!(json["organization_name"], "Example Company, LLC");
        let message = json["message"].as_str().unwrap();
        assert!(run.stderr.ends_with(&format!("error: {message}\n")));
    }
}

#[test]
fn a_refusal_leaves_nothing_behind_and_can_be_repeated() {
    let settings = digicert_sandbox::ParentSettings::default().subaccounts_enabled(false);
    let test = OnSandbox::with(digicert_sandbox::Sandbox::builder().parent(settings));
    test.folder.write("acme.yaml", MANAGED);
    for _ in 0..2 {
        let run = test.create(&[]);
        assert_eq!(run.code, 3, "{run:?}");
        for part in [
            "access_denied|missing_permission",
            "; nothing was created\n",
        ] {
            assert!(run.stderr.contains(part), "{run:?}");
        }
        assert!(!test.key_file_path().exists());
    }
    let history = test.run(&["history"]);
    assert_eq!(history.stdout.matches("refused").count(), 2, "{history:?}");
}

#[test]
fn a_service_that_cannot_be_reached_is_2() {
    let test = with_document(MANAGED);
    let mut command = test.program(&CREATE);
    let run = run(command.env("DIGICERT_ORIGIN", "http://127.0.0.1:1"));
    assert_eq!(run.code, 2, "{run:?}");
}

#[cfg(unix)]
mod key_command {
    use std::os::unix::fs::PermissionsExt as _;

    use super::*;
    use crate::eventually::eventually;
    use crate::in_between::{hold, wait_for};

    const CREATE_TO_STORE: [&str; 7] = [
        "subaccount",
        "create",
        "-f",
        "acme.yaml",
        "--key-command",
        "./store",
        "--yes",
    ];

    fn with_command(script: &str) -> OnSandbox {
        let test = with_document(MANAGED);
        let path = test.folder.write("store", format!("#!/bin/sh\n{script}\n"));
        fs::set_permissions(path, fs::Permissions::from_mode(0o700)).unwrap();
        test
    }

    #[test]
    fn a_program_gets_the_key_on_standard_input_and_no_key_otherwise() {
        let test = with_command("cat > stored; env > environment; cat stored");
        let run = test.run(&CREATE_TO_STORE);
        assert_eq!((run.code, run.stderr.as_str()), (0, ""), "{run:?}");
        assert!(run.stdout.contains("Its key: given to ./store."), "{run:?}");
        let read = |name| fs::read_to_string(test.folder.path().join(name)).unwrap();
        assert_eq!(test.owner(&read("stored")), Some(1_122_334));
        assert!(
            !run.stdout.contains(&read("stored")),
            "what it says is not passed on"
        );
        for key in [test.certcentral_key(), test.partner_key(), &read("stored")] {
            assert!(!read("environment").contains(key));
        }
    }

    #[test]
    fn i3_when_a_program_fails_the_key_is_rescued() {
        // It reads the key, or ends without that, or has closed its input when the key comes, or says that
        // all is well and has read nothing, or not all.
        for (begin, end) in [
            ("true", "cat > /dev/null; exit 3"),
            ("true", "exit 3"),
            ("exec 0<&-", "true"),
            ("true", "exit 0"),
            ("true", "head -c 5 > /dev/null"),
        ] {
            let script = format!("{begin}; : > ready; until [ -e go ]; do sleep 0.01; done; {end}");
            let test = with_command(&script);
            let (play, answered, let_go) = hold();
            let service = InBetween::before(test.sandbox.origin(), play);
            let program = test.program_past(&service, &CREATE_TO_STORE).spawn();
            wait_for(&answered);
            let ready = test.folder.path().join("ready");
            eventually("the program waits for the key", || ready.exists());
            test.folder.write("go", "");
            let_go.send(()).unwrap();
            let run = Run::of(program.unwrap().wait_with_output().unwrap());
            assert_eq!(run.code, 4, "{script}: {run:?}");
            assert!(run.stderr.contains("move it to a safe place"), "{run:?}");
            let path = test
                .folder
                .path()
                .join("home/.local/state/digicert/rescued/digicert-subaccount-1122334.key");
            assert!(run.stderr.contains(&path.display().to_string()), "{run:?}");
            let mode = fs::metadata(&path).unwrap().permissions().mode();
            assert_eq!(mode & 0o777, 0o600);
            assert_eq!(
                test.owner(&fs::read_to_string(&path).unwrap()),
                Some(1_122_334)
            );
            is_told_until_it_is_moved(&test, &path);
        }
    }

    /// A rescued key is in view of who looks for what is left to do.
    #[track_caller]
    fn is_told_until_it_is_moved(test: &OnSandbox, path: &std::path::Path) {
        let shown = path.display().to_string();
        let unfinished = ["history", "--unfinished"];
        let told = test.run(&unfinished);
        let line = format!(
            "\nIts key: {shown}, which is not where it was to go; move it to a safe place.\n"
        );
        assert!(told.stdout.contains(&line), "{told:?}");
        let json = test.run(&[&unfinished[..], &["--format", "json"]].concat());
        assert_eq!(
            json.json()["entries"][0]["ended"]["detail"]["key_in"],
            *shown
        );
        let doctor = test.run(&["doctor"]);
        assert_eq!(doctor.code, 1, "{doctor:?}");
        let line = format!("rescued key    {shown} holds the key of the creation of entry 1 (");
        assert!(doctor.stdout.contains(&line), "{doctor:?}");
        fs::rename(path, test.folder.path().join("safe.key")).unwrap();
        assert_eq!(test.run(&unfinished).stdout, "Nothing is unfinished.\n");
        let doctor = test.run(&["doctor"]);
        assert_eq!(doctor.code, 0, "{doctor:?}");
    }

    #[test]
    fn a_program_that_is_not_needed_gets_no_empty_key() {
        let test = with_command("cat > stored && mv stored kept");
        test.folder.write("acme.yaml", MANAGED);
        let service = InBetween::before(
            test.sandbox.origin(),
            Play::Replace(|_| "HTTP/1.1 400 Bad Request\r\ncontent-length: 2\r\n\r\n{}".to_owned()),
        );
        let run = run(&mut test.program_past(&service, &CREATE_TO_STORE));
        assert_eq!(run.code, 3, "{run:?}");
        assert!(!test.folder.path().join("kept").exists());
    }
}

#[test]
fn i1_an_organization_whose_name_is_too_long_for_an_address_is_looked_up_all_the_same() {
    let name = "Ä".repeat(20_000);
    let test = with_document(&retail().replace("Example Company, LLC", &name));
    // Another one, whose name begins like it.
    test.subaccount(&format!("{name}B"));
    let create = ["subaccount", "create", "-f", "acme.yaml", "--yes"];
    let run = test.run(&create);
    assert_eq!((run.code, &run.stderr[..]), (0, ""));
    assert_eq!(test.run(&create).code, 5);
    let all = ListSubaccountsQuery::default();
    let all = test.block_on(test.client().list_subaccounts(&all)).unwrap();
    assert_eq!(all.subaccounts.unwrap().len(), 2);
}

/// Three subaccounts of one organization, of which the oldest has the name of the document.
fn with_three_of_the_organization() -> OnSandbox {
    let document = MANAGED.replace("bill_parent", "child_name: one\nbill_parent");
    let test = with_document(&document);
    for name in ["one", "two", "three"] {
        let mut request =
            crate::on_sandbox::request("Example Company, LLC", SubaccountType::Managed);
        request.child_name = Some(name.to_owned());
        test.block_on(test.client().create_subaccount(&request))
            .unwrap();
    }
    test.sandbox.clear_requests();
    test
}

#[test]
fn i1_a_list_that_does_not_come_to_its_end_is_not_taken_for_all_there_is() {
    let test = with_three_of_the_organization();
    let service = InBetween::before(test.sandbox.origin(), Play::ListStuck);
    let run = test.create_past(&service, &[]);
    assert_eq!(run.code, 5, "{run:?}");
    assert!(run.stderr.contains("than it lists"), "{run:?}");
    let created = test.sandbox.requests().of(Operation::CreateSubaccount);
    assert_eq!(created.len(), 0);
}

#[cfg(unix)]
#[test]
fn i1_what_somebody_creates_while_the_question_stands_is_seen() {
    let test = with_document(MANAGED);
    let create = &CREATE[..CREATE.len() - 1];
    let mut asked = crate::terminal::AtTerminal::start(test.program(create));
    asked.wait_for_question();
    test.folder.write(
        "other.yaml",
        format!("{MANAGED}max_allowed_multi_year_plan_length: 1\n"),
    );
    let other = [
        "subaccount",
        "create",
        "-f",
        "other.yaml",
        "--key-out",
        "other.key",
        "--yes",
    ];
    assert_eq!(test.run(&other).code, 0);
    asked.answer("y");
    let run = asked.end();
    assert_eq!(run.code, 5, "{run:?}");
    assert!(
        run.stderr.contains("has a subaccount of this organization"),
        "{run:?}"
    );
    let created = test.sandbox.requests().of(Operation::CreateSubaccount);
    created.assert_one();
}
