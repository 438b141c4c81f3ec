//! The account and the service that manifests or a profile are meant for: with the key of another
//! account nothing is planned, and nothing is changed.

use digicert_client::types::certcentral::SubaccountType;
use digicert_sandbox::Operation;

use crate::apply::count;
use crate::create::{CREATE as CREATE_COMMAND, MANAGED};
use crate::on_sandbox::{OnSandbox, for_the_owner_alone, request};
use crate::plan::{BOOK, CREATE, LIVE, subaccounts};
use crate::program::{GOOD, Run, run};

const PARENT: i64 = 1_122_331;

/// A sandbox, one subaccount of it, and the key of another one, which is left in the environment.
struct Test {
    on: OnSandbox,
    id: i64,
    other: i64,
    other_key: String,
}

impl Test {
    fn new() -> Self {
        let on = OnSandbox::new();
        let id = on.subaccount("Example Company");
        on.set_products(id, LIVE);
        let managed = request("Other Company", SubaccountType::Managed);
        let other = on
            .block_on(on.client().create_subaccount(&managed))
            .unwrap();
        let other_key = other.api_key.unwrap().expose_secret().to_owned();
        on.sandbox.clear_requests();
        Self {
            on,
            id,
            other: other.id.unwrap(),
            other_key,
        }
    }

    /// With the key of the other account.
    fn with_other_key(&self, arguments: &[&str]) -> Run {
        let mut program = self.on.program(arguments);
        run(program.env("DIGICERT_API_KEY", &self.other_key))
    }

    /// A profile for the parent account, chosen by its name.
    fn configure(&self) {
        let config = format!(
            "default_profile = 'production'\n[profiles.production]\naccount_id = {PARENT}\n"
        );
        let path = "home/.config/digicert/config.toml";
        self.on.folder.write(path, config);
    }

    fn writes(&self) -> usize {
        let requests = self.on.sandbox.requests();
        let writes = requests.iter().filter(|request| request.method() != "GET");
        writes.count()
    }
}

fn new_subaccount() -> String {
    format!("subaccounts:\n  - create:\n{CREATE}    key_out: new.key\n    price_book: partners\n")
}

#[test]
fn i8_manifests_of_one_account_are_not_planned_for_another() {
    let test = Test::new();
    let folder = &test.on.folder;
    folder.write("prices/books.yaml", BOOK);
    let manifest = format!(
        "format_version: 1\naccount_id: {PARENT}\n{}",
        new_subaccount()
    );
    folder.write("prices/new.yaml", manifest);
    let other = test.other;
    let why = format!(
        "error: nothing was changed: prices/new.yaml:2:13: the manifests are for account {PARENT}, and \
         the key belongs to account {other} (Other Company); use the key of account {PARENT}, or \
         correct `account_id`, which says which one is meant\n"
    );
    for arguments in [
        &["plan", "prices", "--out", "plan.json"][..],
        &["apply", "prices", "--yes"],
    ] {
        let run = test.with_other_key(arguments);
        assert_eq!((run.code, &*run.stdout, &run.stderr), (5, "", &why));
    }
    assert!(!folder.path().join("plan.json").exists());
    let run = test.with_other_key(&["apply", "prices", "--yes", "--format", "json"]);
    assert_eq!(run.json()["result"], "another-account", "{run:?}");
    assert_eq!(test.writes(), 0);
    // The key of the account itself.
    let run = test.on.run(&["apply", "prices", "--yes"]);
    assert_eq!(run.code, 0, "{run:?}");
    assert_eq!(count(&test.on, Operation::CreateSubaccount), 1);
}

#[test]
fn i8_manifests_of_one_service_are_not_planned_at_another() {
    let test = Test::new();
    let folder = &test.on.folder;
    let origin = test.on.sandbox.origin();
    folder.write("prices/books.yaml", BOOK);
    let with = |line: &str| {
        let manifest = format!("format_version: 1\n{line}\n{}", new_subaccount());
        folder.write("prices/new.yaml", manifest);
    };
    for (line, meant) in [
        ("region: eu", "https://certcentral.digicert.eu"),
        (
            "origin: https://sandbox.example/",
            "https://sandbox.example",
        ),
    ] {
        with(line);
        for command in [&["plan", "prices"][..], &["apply", "prices", "--yes"]] {
            let run = test.on.run(command);
            assert_eq!(run.code, 5, "{run:?}");
            let why = format!("the manifests are for {meant}, and this is {origin};");
            assert!(run.stderr.contains(&why), "{run:?}");
        }
        assert_eq!(test.on.sandbox.requests().len(), 0, "no key was sent");
    }
    with(&format!("origin: {origin}/services/v2"));
    assert_eq!(test.on.run(&["plan", "prices"]).code, 1);
}

#[test]
fn two_accounts_in_one_set_are_a_fault() {
    let test = Test::new();
    let folder = &test.on.folder;
    folder.write(
        "prices/a.yaml",
        "format_version: 1\naccount_id: 1\nregion: eu\n",
    );
    folder.write(
        "prices/b.yaml",
        "format_version: 1\naccount_id: 1\nregion: eu\n",
    );
    assert_eq!(
        test.on.run(&["plan", "prices"]).code,
        5,
        "the same is no fault"
    );
    folder.write("prices/c.yaml", "format_version: 1\norigin: nowhere\n");
    folder.write("prices/d.yaml", "format_version: 1\naccount_id: '1'\n");
    folder.write(
        "prices/e.yaml",
        "format_version: 1\nregion: us\naccount_id: 2\n",
    );
    let run = test.on.run(&["plan", "prices"]);
    assert_eq!(run.code, 2, "{run:?}");
    for fault in [
        "prices/c.yaml:2:9: `origin` is no URL; write it like https://host.example",
        "prices/d.yaml:2:13: `account_id` is the account ID of the account whose subaccounts these are: a whole \
         number such as 1122334",
        "prices/e.yaml:2:9: the manifests are for https://certcentral.digicert.eu in prices/a.yaml:3:9: files \
         that are planned together are for one account at one service",
        "prices/e.yaml:3:13: the manifests are for account 1 in prices/a.yaml:2:13",
    ] {
        assert!(run.stderr.contains(fault), "{fault}: {run:?}");
    }
}

/// Whatever changes something, and nothing that only reads.
#[test]
fn i8_a_profile_of_one_account_changes_no_other() {
    let test = Test::new();
    let folder = &test.on.folder;
    folder.write("prices/books.yaml", BOOK);
    folder.write("prices/subaccounts.yaml", subaccounts(&[test.id]));
    folder.write("products.json", GOOD);
    folder.write("acme.yaml", MANAGED);
    let id = test.id.to_string();
    let set = [
        "products",
        "set",
        &id,
        "-f",
        "products.json",
        "--yes",
        "--allow-disable",
    ];
    let link = ["billing", "link", "--yes"];
    let commands = [
        &["plan", "prices"][..],
        &["apply", "prices", "--yes"],
        &CREATE_COMMAND,
        &set,
        &link,
    ];
    test.configure();
    let why = format!(
        "nothing was changed: the profile `production` is for account {PARENT}, and the key belongs to \
         account {} (Other Company); use the key of account {PARENT}",
        test.other
    );
    for arguments in commands {
        let run = test.with_other_key(arguments);
        assert_eq!((run.code, &*run.stdout), (5, ""), "{run:?}");
        assert!(run.stderr.contains(&why), "{arguments:?}: {run:?}");
    }
    assert_eq!(test.writes(), 0);
    assert!(!folder.path().join("acme.key").exists());
    let read = test.with_other_key(&["account", "show"]);
    assert_eq!((read.code, &*read.stderr), (0, ""));
    for arguments in commands {
        let run = test.on.run(arguments);
        assert_eq!(run.code, 0, "{arguments:?}: {run:?}");
    }
}

#[test]
fn i8_a_plan_is_not_applied_with_a_profile_of_another_account() {
    let test = Test::new();
    test.on.folder.write("prices/books.yaml", BOOK);
    let new = format!("format_version: 1\n{}", new_subaccount());
    test.on.folder.write("prices/new.yaml", new);
    let planned = test.with_other_key(&["plan", "prices", "--out", "plan.json"]);
    assert_eq!(planned.code, 1, "{planned:?}");
    test.configure();
    let run = test.with_other_key(&["apply", "plan.json", "--yes"]);
    assert_eq!(run.code, 5, "{run:?}");
    assert!(
        run.stderr
            .contains("the profile `production` is for account")
    );
    assert_eq!(test.writes(), 0);
}

#[test]
fn an_account_id_of_a_profile_is_a_number() {
    let test = Test::new();
    for wrong in ["'1'", "0", "-1", "1.5"] {
        let config = format!("[profiles.default]\naccount_id = {wrong}\n");
        let path = "home/.config/digicert/config.toml";
        test.on.folder.write(path, config);
        let run = test.on.run(&["account", "show"]);
        assert_eq!(run.code, 2, "{wrong}: {run:?}");
        assert!(
            run.stderr.contains("config.toml:2:14: "),
            "{wrong}: {run:?}"
        );
    }
}

#[test]
fn doctor_says_whether_the_key_is_of_the_account_that_is_meant() {
    let test = Test::new();
    test.configure();
    let run = test.on.run(&["doctor"]);
    assert_eq!(run.code, 0, "{run:?}");
    let agrees = format!(" the profile `production` is for account {PARENT}, and so is the key\n");
    assert!(run.stdout.contains(&agrees), "{run:?}");
    let run = test.with_other_key(&["doctor"]);
    assert_eq!(run.code, 2, "{run:?}");
    let line = run.stdout.lines().find(|line| line.starts_with("failed"));
    assert!(line.unwrap().contains("account"), "{run:?}");
    assert!(run.stdout.contains("use the key of account"), "{run:?}");
}

/// A key or an address that is left over: the ledger knows the customers, and where they are.
#[test]
fn creations_that_were_made_elsewhere_are_to_be_looked_at_twice() {
    let (on, other) = (OnSandbox::new(), OnSandbox::new());
    on.folder.write("prices/books.yaml", BOOK);
    let names = ["A", "B", "C", "D"];
    let create = CREATE.replace("managed", "retail");
    let manifest = |names: &[&str]| {
        let each = names.iter().map(|name| {
            let create = create.replace("New Example", name);
            format!("  - create:\n{create}    price_book: partners\n")
        });
        format!(
            "format_version: 1\nsubaccounts:\n{}",
            each.collect::<String>()
        )
    };
    on.folder.write("prices/new.yaml", manifest(&names[..2]));
    let run = on.run(&["apply", "prices", "--yes"]);
    assert_eq!(run.code, 0, "{run:?}");
    let key = on.folder.write("other.key", other.certcentral_key());
    for_the_owner_alone(&key);
    let elsewhere = |format: &str| {
        let origin = other.sandbox.origin();
        let options = [
            "--origin",
            origin,
            "--api-key-file",
            "other.key",
            "--format",
            format,
        ];
        on.run(&[&["plan", "prices"][..], &options].concat())
    };
    on.folder.write("prices/new.yaml", manifest(&names));
    let origin = on.sandbox.origin();
    let caution = format!(
        "2 of 4 subaccounts to create were created before, for account {PARENT} at {origin}; make sure"
    );
    let human = elsewhere("human");
    assert_eq!(human.code, 1, "{human:?}");
    assert!(
        human
            .stdout
            .contains(&format!("\nLook at twice\n  {caution}")),
        "{human:?}"
    );
    let markdown = elsewhere("markdown").stdout;
    let section = markdown.split("#### Look at twice\n").nth(1).unwrap();
    assert!(
        section.contains("2 of 4 subaccounts to create were created before"),
        "{markdown}"
    );
    let json = elsewhere("json").json();
    assert_eq!(
        json["made_elsewhere"],
        serde_json::json!({"creations": 2, "of": 4, "origin": origin, "account_id": PARENT})
    );
    // Where they were made they are there, and what is new was made nowhere.
    let here = on.run(&["plan", "prices", "--format", "json"]).json();
    assert_eq!(here["made_elsewhere"], serde_json::Value::Null);
    assert_eq!(here["creations"].as_array().unwrap().len(), 2);
    // Of fewer than half of them nothing is said.
    on.folder
        .write("prices/new.yaml", manifest(&["A", "E", "F"]));
    let json = elsewhere("json").json();
    assert_eq!(json["made_elsewhere"], serde_json::Value::Null);
    assert_eq!(json["creations"].as_array().unwrap().len(), 3);
}
