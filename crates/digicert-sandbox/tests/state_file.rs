//! The state file: what is in it after the program ended in whatever way, and files that cannot be
//! used.

use std::collections::{BTreeMap, HashSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::sync::Arc;
use std::time::Duration;

use digicert_sandbox::{ParentSettings, Sandbox, StateDocument};
use serde_json::{Value, json};
use tempfile::TempDir;
use tokio::io::{AsyncBufReadExt, AsyncReadExt, BufReader};
use tokio::process::{Child, Command};
use tokio::sync::Notify;
use tokio::time::timeout;

use crate::client::{Client, http, products_of};
use crate::samples;

const KEY: &str = "made-up-certcentral-key";

fn folder() -> (TempDir, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("state.db");
    (folder, path)
}

async fn start(path: &Path) -> (Sandbox, Client) {
    let builder = Sandbox::builder().certcentral_key(KEY).state_file(path);
    let sandbox = builder.start().await.unwrap();
    let client = Client::new(&sandbox);
    (sandbox, client)
}

#[tokio::test]
async fn everything_comes_back_after_a_stop() {
    let (_folder, path) = folder();
    let (sandbox, client) = start(&path).await;
    let created = client.create(&samples::managed_request()).await;
    let id = client.create(&samples::bill_to_parent_request()).await["id"]
        .as_i64()
        .unwrap();
    client.set_products(id, &samples::products_request()).await;
    assert_eq!(client.link().await.status, 204);
    sandbox.add_partner_subaccount("One").unwrap();
    sandbox.set_balance(id, "454.55".parse().unwrap()).unwrap();
    let before = sandbox.state();
    sandbox.stop().await;

    let (sandbox, client) = start(&path).await;
    assert_eq!(sandbox.state(), before);
    let managed = client.with_key(created["api_key"].as_str().unwrap());
    assert_eq!(managed.get("/account").await.ok()["id"], created["id"]);
    let next = client.create(&samples::create_request()).await;
    assert_eq!(next["id"], id + 1);
    // A load and a reset are changes as well.
    sandbox.load(&before).unwrap();
    sandbox.stop().await;
    let (sandbox, _client) = start(&path).await;
    assert_eq!(sandbox.state(), before);
    sandbox.reset().unwrap();
    let empty = sandbox.state();
    sandbox.stop().await;
    assert_eq!(start(&path).await.0.state(), empty);
}

#[tokio::test]
async fn settings_of_the_parent_stay_until_others_are_given() {
    let (_folder, path) = folder();
    let with = |settings: ParentSettings| Sandbox::builder().state_file(&path).parent(settings);
    let currency = |sandbox: &Sandbox| {
        let state: Value = serde_json::from_str(&sandbox.state().to_json()).unwrap();
        let parent = &state["parent"];
        (
            parent["currency"].clone(),
            parent["max_multi_year_plan_length"].clone(),
        )
    };
    let first = ParentSettings::default()
        .currency("EUR")
        .max_multi_year_plan_length(3);
    with(first).start().await.unwrap().stop().await;
    let sandbox = with(ParentSettings::default()).start().await.unwrap();
    assert_eq!(currency(&sandbox), (json!("EUR"), json!(3)));
    sandbox.stop().await;
    let other = ParentSettings::default().currency("AUD");
    with(other).start().await.unwrap().stop().await;
    let sandbox = with(ParentSettings::default()).start().await.unwrap();
    assert_eq!(currency(&sandbox), (json!("AUD"), json!(3)));
}

#[cfg(unix)]
#[tokio::test]
async fn i2_the_state_file_is_for_its_owner_only_and_has_no_given_key() {
    use std::os::unix::fs::PermissionsExt as _;
    let (folder, path) = folder();
    let (sandbox, client) = start(&path).await;
    client.create(&samples::managed_request()).await;
    for entry in fs::read_dir(folder.path()).unwrap() {
        let file = entry.unwrap();
        let mode = file.metadata().unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600, "{file:?}");
        let content = fs::read(file.path()).unwrap();
        for key in [KEY, sandbox.partner_key().expose_secret()] {
            let key = key.as_bytes();
            assert!(
                !content.windows(key.len()).any(|part| part == key),
                "{file:?}"
            );
        }
    }
}

/// Why a sandbox does not start with that file, which is untouched by the attempt.
async fn refused(path: &Path) -> String {
    let before = fs::read(path).ok();
    let builder = Sandbox::builder().certcentral_key(KEY).state_file(path);
    let error = builder.start().await.unwrap_err();
    assert_eq!(fs::read(path).ok(), before, "the file was changed");
    let message = error.to_string();
    assert!(message.contains(path.file_name().unwrap().to_str().unwrap()));
    assert!(!format!("{message} {error:?}").contains("sandbox-subaccount-"));
    message
}

/// All files in the folder of a state file.
fn files(path: &Path) -> BTreeMap<PathBuf, Vec<u8>> {
    let entries = fs::read_dir(path.parent().unwrap()).unwrap();
    let paths = entries.map(|entry| entry.unwrap().path());
    paths
        .map(|path| (path.clone(), fs::read(path).unwrap()))
        .collect()
}

// What a killed program has left beside the file is a part of it.
#[tokio::test]
async fn a_refused_file_of_a_killed_program_stays_as_well() {
    let (_folder, path) = folder();
    let program = Program::start(Program::executable(), &path).await;
    let request = http()
        .post(format!("{}/account", program.base))
        .header("X-DC-DEVKEY", KEY)
        .body(samples::managed_request().to_string());
    let created: Value = request.send().await.unwrap().json().await.unwrap();
    program.kill().await;
    let left = files(&path);
    assert_eq!(left.len(), 2, "{:?}", left.keys());

    let key = created["api_key"].as_str().unwrap();
    let builder = Sandbox::builder().certcentral_key(key).state_file(&path);
    let error = builder.start().await.unwrap_err().to_string();
    assert!(error.contains("start it with another key"), "{error}");
    assert!(!error.contains(key), "{error}");
    assert!(files(&path) == left, "a file was changed");
    let (_sandbox, client) = start(&path).await;
    client.with_key(key).get("/account").await.ok();
}

/// A sound file with a managed subaccount in it.
async fn sound(path: &Path) {
    let (sandbox, client) = start(path).await;
    client.create(&samples::managed_request()).await;
    client.create(&samples::create_request()).await;
    sandbox.stop().await;
}

/// Changes a sound file by SQL.
fn change(path: &Path, sql: &str) {
    let connection = rusqlite::Connection::open(path).unwrap();
    connection.execute_batch(sql).unwrap();
    connection.close().unwrap();
}

#[tokio::test]
async fn a_file_of_somebody_else_is_refused_and_stays() {
    let (folder, path) = folder();
    for content in ["#!/bin/sh\n", "x", "SQLite format 3\0 and not quite"] {
        fs::write(&path, content).unwrap();
        let message = refused(&path).await;
        assert!(message.contains("no state file"), "{message}");
    }
    fs::remove_file(&path).unwrap();
    change(&path, "CREATE TABLE photos (id); PRAGMA user_version = 1;");
    let message = refused(&path).await;
    assert!(message.contains("no state file"), "{message}");

    let message = refused(folder.path()).await;
    assert!(message.contains("choose a file"), "{message}");
    let nowhere = folder.path().join("no").join("such");
    let message = refused(&nowhere).await;
    assert!(message.contains("choose a file"), "{message}");
}

#[tokio::test]
async fn a_file_of_another_version_is_refused_and_stays() {
    let (_folder, path) = folder();
    sound(&path).await;
    change(&path, "PRAGMA user_version = 2;");
    let message = refused(&path).await;
    assert!(message.contains("version 2"), "{message}");
    assert!(message.contains("newer one"), "{message}");
}

#[tokio::test]
async fn i10_a_damaged_file_is_refused_and_stays() {
    for sql in [
        "UPDATE subaccounts SET json = substr(json, 2)",
        "UPDATE subaccounts SET json = json_set(json, '$.user_id', 7)",
        "UPDATE subaccounts SET json = json_set(json, '$.balance', 'sandbox-subaccount-x')",
        "UPDATE parent_account SET json = '{}'",
        "DELETE FROM partner_accounts",
        "DROP TABLE partner_accounts",
    ] {
        let (_folder, path) = folder();
        sound(&path).await;
        change(&path, sql);
        let message = refused(&path).await;
        assert!(message.contains("state file"), "{sql}: {message}");
    }
    let (_folder, path) = folder();
    sound(&path).await;
    let mut bytes = fs::read(&path).unwrap();
    let cut = bytes.len() / 2;
    for byte in &mut bytes[4096..cut] {
        *byte ^= 0x5a;
    }
    fs::write(&path, &bytes).unwrap();
    let message = refused(&path).await;
    assert!(message.contains("damaged"), "{message}");
    fs::write(&path, &bytes[..cut]).unwrap();
    let message = refused(&path).await;
    assert!(message.contains("damaged"), "{message}");
}

// Not every byte of a database means something, so a file may also still be sound.
#[tokio::test]
async fn i10_a_flipped_byte_anywhere_is_refused_or_does_no_harm() {
    let (_folder, path) = folder();
    sound(&path).await;
    let bytes = fs::read(&path).unwrap();
    let mut refusals = 0;
    for place in (0..bytes.len()).step_by(bytes.len() / 150) {
        let mut damaged = bytes.clone();
        damaged[place] ^= 0xff;
        fs::write(&path, &damaged).unwrap();
        let builder = Sandbox::builder().certcentral_key(KEY).state_file(&path);
        match builder.start().await {
            Ok(sandbox) => {
                let client = Client::new(&sandbox);
                client.create(&samples::create_request()).await;
                sandbox.stop().await;
            }
            Err(error) => {
                assert!(error.to_string().contains("state.db"), "{place}: {error}");
                assert!(fs::read(&path).unwrap() == damaged, "{place} was changed");
                refusals += 1;
            }
        }
        let _ = fs::remove_file(path.with_extension("db-wal"));
    }
    assert!(refusals > 5, "{refusals}");
}

#[tokio::test]
async fn a_file_in_use_by_another_sandbox_is_refused() {
    let (_folder, path) = folder();
    let (sandbox, client) = start(&path).await;
    client.create(&samples::create_request()).await;
    let message = refused(&path).await;
    assert!(message.contains("in use by another sandbox"), "{message}");
    client.create(&samples::create_request()).await;
    sandbox.stop().await;
    let list = start(&path).await.1.get("/account/subaccount").await.ok();
    assert_eq!(list["page"]["total"], 2);
}

#[tokio::test]
async fn an_empty_file_becomes_a_state_file() {
    let (_folder, path) = folder();
    fs::write(&path, "").unwrap();
    sound(&path).await;
    let (_sandbox, client) = start(&path).await;
    let list = client.get("/account/subaccount").await.ok();
    assert_eq!(list["page"]["total"], 2);
}

/// The program with a state file, listening on a free port.
struct Program {
    child: Child,
    base: String,
}

impl Program {
    async fn start(mut command: Command, path: &Path) -> Self {
        command
            .args(["--listen", ":0", "--certcentral-key", KEY, "--state"])
            .arg(path)
            .env_remove("DIGICERT_PARTNER_API_KEY")
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .kill_on_drop(true);
        let mut child = command.spawn().unwrap();
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
        while let Some(line) = lines.next_line().await.unwrap() {
            if let Some(base) = line.trim().strip_prefix("CertCentral ") {
                let base = base.trim().to_owned();
                tokio::spawn(async move { while let Ok(Some(_)) = lines.next_line().await {} });
                return Self { child, base };
            }
        }
        let mut message = String::new();
        let mut stderr = child.stderr.take().unwrap();
        stderr.read_to_string(&mut message).await.unwrap();
        panic!("it does not start: {message}");
    }

    fn executable() -> Command {
        Command::new(env!("CARGO_BIN_EXE_digicert-sandbox"))
    }

    /// `kill -9`.
    async fn kill(mut self) {
        self.child.kill().await.unwrap();
    }
}

/// What a client knows for certain.
#[derive(Default)]
struct Answered {
    created: HashSet<i64>,
    /// The subaccount whose products were set, and to what price.
    priced: Vec<(i64, u64)>,
}

/// Creates subaccounts and sets their products until the program is gone.
async fn write_until_it_dies(
    http: &reqwest::Client,
    base: &str,
    answered: &mut Answered,
    first: &Notify,
) {
    let send = |request: reqwest::RequestBuilder, body: Value| async move {
        let request = request.header("X-DC-DEVKEY", KEY);
        let request = request.header("Content-Type", "application/json");
        let answer = request.body(body.to_string()).send().await.ok()?;
        let status = answer.status().as_u16();
        Some((status, answer.bytes().await.ok()?))
    };
    for price in 1.. {
        let create = http.post(format!("{base}/account"));
        let Some((status, body)) = send(create, samples::bill_to_parent_request()).await else {
            return;
        };
        assert_eq!(status, 201);
        let created: Value = serde_json::from_slice(&body).unwrap();
        let id = created["id"].as_i64().unwrap();
        assert!(answered.created.insert(id), "an ID was given out twice");
        let set = http.put(format!("{base}{}", products_of(id)));
        let Some((status, _)) = send(set, products_at(price)).await else {
            return;
        };
        assert_eq!(status, 204);
        answered.priced.push((id, price));
        first.notify_one();
    }
}

fn products_at(price: u64) -> Value {
    let product =
        |id: &str| json!({"product_name_id": id, "prices": [{"lifetime": 1, "cost": price}]});
    json!({"products": [product("ssl_plus"), product("code_signing")]})
}

#[tokio::test]
async fn i3_after_kill_9_every_answered_write_is_there_and_none_is_half_done() {
    let (_folder, path) = folder();
    let http = http();
    let mut answered = Answered::default();
    for round in 0..25_u64 {
        let program = Program::start(Program::executable(), &path).await;
        let base = program.base.clone();
        check(&http, &base, &answered).await;
        let delay = Duration::from_micros(500 + round * 7919 % 40_000);
        let (two, mut one) = (http.clone(), Answered::default());
        let (first, other_base) = (Arc::new(Notify::new()), base.clone());
        let other_first = Arc::clone(&first);
        let other = tokio::spawn(async move {
            let mut answered = Answered::default();
            write_until_it_dies(&two, &other_base, &mut answered, &other_first).await;
            answered
        });
        let writes = write_until_it_dies(&http, &base, &mut one, &first);
        let ((), ()) = tokio::join!(writes, async {
            // Every fifth is hit before it has answered anything, perhaps.
            if round % 5 > 0 {
                first.notified().await;
            }
            tokio::time::sleep(delay).await;
            program.kill().await;
        });
        for more in [one, other.await.unwrap()] {
            answered.created.extend(more.created);
            answered.priced.extend(more.priced);
        }
    }
    assert!(!answered.priced.is_empty(), "nothing was ever answered");
    let program = Program::start(Program::executable(), &path).await;
    check(&http, &program.base, &answered).await;
    program.kill().await;
}

/// Looks for all that was answered, and that what was not is whole or absent.
async fn check(http: &reqwest::Client, base: &str, answered: &Answered) {
    let get = |path: String| async move {
        let request = http.get(format!("{base}{path}")).header("X-DC-DEVKEY", KEY);
        let answer: Value = request.send().await.unwrap().json().await.unwrap();
        answer
    };
    let list = get("/account/subaccount".to_owned()).await;
    let found: HashSet<_> = list["subaccounts"].as_array().unwrap().iter().collect();
    let found: HashSet<_> = found
        .iter()
        .map(|one| one["account_id"].as_i64().unwrap())
        .collect();
    assert!(answered.created.is_subset(&found));
    for id in &found {
        let details = get(format!("/account/subaccount/{id}")).await;
        assert_eq!(details["organization"]["name"], "Example Company, LLC");
        assert_eq!(details["bill_parent"], true);
        let products = get(products_of(*id)).await;
        let products = products["products"].as_array().unwrap();
        assert!([0, 2].contains(&products.len()), "half of the products");
        if let [one, other] = products.as_slice() {
            assert_eq!(one["prices"], other["prices"]);
        }
    }
    for (id, price) in &answered.priced {
        let products = get(products_of(*id)).await;
        assert_eq!(products["products"][0]["prices"][0]["cost"], *price);
    }
}

#[cfg(unix)]
#[tokio::test]
async fn a_write_that_fails_is_answered_with_500_and_changes_nothing() {
    let (_folder, path) = folder();
    // No file may grow beyond 200 blocks of 512 bytes, as on a full disk.
    let mut limited = Command::new("sh");
    limited.args(["-c", "trap '' XFSZ; ulimit -f 200; exec \"$0\" \"$@\""]);
    limited.arg(env!("CARGO_BIN_EXE_digicert-sandbox"));
    let program = Program::start(limited, &path).await;
    let http = http();
    let mut created = 0;
    let refusal = loop {
        let request = http
            .post(format!("{}/account", program.base))
            .header("X-DC-DEVKEY", KEY)
            .header("Content-Type", "application/json")
            .body(samples::managed_request().to_string());
        let answer = request.send().await.unwrap();
        if answer.status() != 201 {
            break (answer.status().as_u16(), answer.text().await.unwrap());
        }
        created += 1;
        assert!(created < 10_000, "the disk never was full");
    };
    assert_eq!(refusal.0, 500, "{}", refusal.1);
    assert!(refusal.1.contains("Nothing was changed"), "{}", refusal.1);
    let total = async |base: &str| {
        let request = http.get(format!("{base}/account/subaccount?limit=0"));
        let request = request.header("X-DC-DEVKEY", KEY);
        let list: Value = request.send().await.unwrap().json().await.unwrap();
        list["page"]["total"].as_i64().unwrap()
    };
    assert_eq!(total(&program.base).await, created, "in memory");
    program.kill().await;
    let program = Program::start(Program::executable(), &path).await;
    assert_eq!(total(&program.base).await, created, "in the file");
    program.kill().await;
}

/// What the program prints when it cannot use a state file.
async fn exits_with_2(path: &Path) -> String {
    let mut command = Program::executable();
    command.args(["--listen", ":0", "--state"]).arg(path);
    let output = timeout(Duration::from_secs(60), command.kill_on_drop(true).output());
    let output = output.await.unwrap().unwrap();
    assert_eq!(output.status.code(), Some(2));
    let message = String::from_utf8(output.stderr).unwrap();
    assert!(message.starts_with("error: "), "{message}");
    message
}

#[tokio::test]
async fn the_program_names_an_unusable_file_and_exits_with_2() {
    let (_folder, path) = folder();
    fs::write(&path, "not a database").unwrap();
    let message = exits_with_2(&path).await;
    assert!(message.contains("state.db is no state file"), "{message}");
    assert_eq!(fs::read(&path).unwrap(), b"not a database");

    fs::remove_file(&path).unwrap();
    let program = Program::start(Program::executable(), &path).await;
    let message = exits_with_2(&path).await;
    assert!(message.contains("in use by another sandbox"), "{message}");
    program.kill().await;
    // What was killed does not use it any more.
    Program::start(Program::executable(), &path)
        .await
        .kill()
        .await;
}

#[cfg(unix)]
#[tokio::test]
async fn neither_a_pipe_nor_a_link_is_replaced() {
    use std::os::unix::fs::{FileTypeExt as _, symlink};

    let (folder, path) = folder();
    let made = std::process::Command::new("mkfifo").arg(&path).status();
    assert!(made.unwrap().success());
    let message = exits_with_2(&path).await;
    assert!(message.contains("state.db is no state file"), "{message}");
    assert!(fs::metadata(&path).unwrap().file_type().is_fifo());

    let link = folder.path().join("link");
    let empty = folder.path().join("empty");
    fs::write(&empty, "").unwrap();
    symlink("empty", &link).unwrap();
    let (sandbox, _client) = start(&link).await;
    sandbox.stop().await;
    assert!(link.is_symlink());
    assert!(fs::read(&empty).unwrap().starts_with(b"SQLite format 3"));
}

// A row holds what the document holds, so that other programs can read the file.
#[tokio::test]
async fn rows_are_the_documents_json() {
    let (_folder, path) = folder();
    let (sandbox, client) = start(&path).await;
    client.create(&samples::managed_request()).await;
    let document: Value = serde_json::from_str(&sandbox.state().to_json()).unwrap();
    sandbox.stop().await;
    let connection = rusqlite::Connection::open(&path).unwrap();
    for (table, pointer) in [
        ("parent_account", "/parent"),
        ("subaccounts", "/subaccounts/0"),
        ("partner_accounts", "/partner_accounts/0"),
    ] {
        let query = format!("SELECT json FROM {table}");
        let json: String = connection.query_row(&query, [], |row| row.get(0)).unwrap();
        let row: Value = serde_json::from_str(&json).unwrap();
        assert_eq!(Some(&row), document.pointer(pointer), "{table}");
    }
    let again = StateDocument::from_json(document.to_string().as_bytes());
    assert!(again.is_ok());
}
