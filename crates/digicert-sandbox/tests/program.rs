//! The program `digicert-sandbox`: arguments, output, ready file, signals, exit codes.

use std::net::TcpListener;
use std::path::Path;
use std::process::{Output, Stdio};
use std::time::Duration;

use serde_json::Value;
use tokio::io::{AsyncBufReadExt, BufReader};
use tokio::process::{Child, Command};

/// The program without the keys that the environment of a developer may hold.
fn program() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_digicert-sandbox"));
    command
        .env_remove("DIGICERT_API_KEY")
        .env_remove("DIGICERT_PARTNER_API_KEY")
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .kill_on_drop(true);
    command
}

/// A program that listens, and what it has printed.
struct Running {
    child: Child,
    printed: String,
}

/// Starts it, and reads up to the request to try, which it prints last.
async fn start(command: &mut Command) -> Running {
    let mut child = command.spawn().unwrap();
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
    let mut printed = String::new();
    while let Some(line) = lines.next_line().await.unwrap() {
        printed += &line;
        printed.push('\n');
        if line.trim_start().starts_with("curl ") {
            break;
        }
    }
    Running { child, printed }
}

impl Running {
    fn line(&self, beginning: &str) -> &str {
        let mut lines = self.printed.lines().map(str::trim);
        let line = lines.find_map(|line| line.strip_prefix(beginning));
        line.unwrap_or_else(|| panic!("no {beginning} in {}", self.printed))
            .trim()
    }

    #[cfg(unix)]
    async fn stop(self, signal: &str) -> Output {
        let kill = format!("kill -{signal} {}", self.child.id().unwrap());
        let killed = Command::new("sh")
            .args(["-c", &kill])
            .status()
            .await
            .unwrap();
        assert!(killed.success());
        self.child.wait_with_output().await.unwrap()
    }
}

async fn status(url: &str, key: &str) -> u16 {
    let client = crate::client::http();
    let request = client
        .get(format!("{url}/account"))
        .header("X-DC-DEVKEY", key);
    request.send().await.unwrap().status().as_u16()
}

fn read_json(path: &Path) -> Value {
    serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap()
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).unwrap()
}

#[tokio::test]
async fn it_prints_where_it_listens_and_the_keys_it_made_up() {
    let running = start(program().args(["--listen", ":0"])).await;
    let origin = running.line("digicert-sandbox listens on");
    assert!(origin.starts_with("http://127.0.0.1:"), "{origin}");
    let url = running.line("CertCentral");
    assert_eq!(url, format!("{origin}/services/v2"));
    let partner_url = running.line("Partner Subscriptions");
    assert_eq!(partner_url, format!("{origin}/partner-subscription/api/v1"));
    let key = running.line("X-DC-DEVKEY");
    assert!(key.starts_with("sandbox-certcentral-"), "{key}");
    assert!(
        running
            .line("X-PARTNER-APIKEY")
            .starts_with("sandbox-partner-")
    );
    assert_eq!(running.line("Page to look at"), format!("{origin}/"));
    let control = running.line("Control path");
    assert!(
        control.starts_with(&format!("{origin}/_sandbox/ ")),
        "{control}"
    );
    assert_eq!(
        running.line("curl"),
        format!("-H 'X-DC-DEVKEY: {key}' {url}/account")
    );
    assert_eq!(status(url, key).await, 200);
}

#[tokio::test]
async fn the_ready_file_says_where_and_with_which_keys() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("ready.json");
    let running = start(
        program()
            .args(["--listen", "127.0.0.1:0", "--ready-file"])
            .arg(&path),
    )
    .await;
    let ready = read_json(&path);
    let names = ready.as_object().unwrap().keys().map(String::as_str);
    let mut names: Vec<_> = names.collect();
    // serde_json keeps the order of the file if another crate of the workspace wants it to.
    names.sort_unstable();
    let expected = [
        "certcentral_key",
        "certcentral_url",
        "origin",
        "partner_key",
        "partner_url",
    ];
    assert_eq!(names, expected);
    assert_eq!(ready["origin"], running.line("digicert-sandbox listens on"));
    assert_eq!(ready["certcentral_url"], running.line("CertCentral"));
    assert_eq!(ready["partner_url"], running.line("Partner Subscriptions"));
    assert_eq!(ready["certcentral_key"], running.line("X-DC-DEVKEY"));
    assert_eq!(ready["partner_key"], running.line("X-PARTNER-APIKEY"));
    let (url, key) = (&ready["certcentral_url"], &ready["certcentral_key"]);
    assert_eq!(
        status(url.as_str().unwrap(), key.as_str().unwrap()).await,
        200
    );
    let files = std::fs::read_dir(folder.path()).unwrap().count();
    assert_eq!(files, 1, "no temporary file is left");
}

#[cfg(unix)]
#[tokio::test]
async fn i2_the_ready_file_is_for_its_owner_only() {
    use std::os::unix::fs::PermissionsExt;

    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("ready.json");
    let left_over = r#"{"origin": "", "certcentral_url": "", "partner_url": ""}"#;
    std::fs::write(&path, left_over).unwrap();
    let _running = start(
        program()
            .args(["--listen", ":0", "--ready-file"])
            .arg(&path),
    )
    .await;
    let mode = std::fs::metadata(&path).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
    assert!(read_json(&path)["origin"].is_string());
}

#[tokio::test]
async fn i2_keys_that_are_given_work_and_are_not_printed() {
    let arguments = [
        "--certcentral-key",
        "given-key-1",
        "--partner-key",
        "given-key-2",
    ];
    let mut by_argument = program();
    by_argument.args(["--listen", ":0"]).args(arguments);
    let mut by_environment = program();
    by_environment
        .args(["--listen", ":0"])
        .env("DIGICERT_API_KEY", "given-key-1")
        .env("DIGICERT_PARTNER_API_KEY", "given-key-2");
    for mut command in [by_argument, by_environment] {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("ready.json");
        let mut running = start(command.arg("--ready-file").arg(&path)).await;
        assert_eq!(
            status(running.line("CertCentral"), "given-key-1").await,
            200
        );
        assert_eq!(read_json(&path)["partner_key"], "given-key-2");
        running.child.start_kill().unwrap();
        let output = running.child.wait_with_output().await.unwrap();
        let printed = running.printed + &text(&output.stdout) + &text(&output.stderr);
        assert!(!printed.contains("given-key"), "{printed}");
        assert!(printed.contains("<your key>"), "{printed}");
    }
}

#[tokio::test]
async fn i2_help_and_usage_errors_show_no_key() {
    for arguments in [
        ["--help", "--listen=:0"],
        ["--listen", "nonsense"],
        ["--nonsense", "x"],
    ] {
        let output = program()
            .args(arguments)
            .env("DIGICERT_API_KEY", "given-key-1")
            .env("DIGICERT_PARTNER_API_KEY", "given-key-2")
            .output();
        let output = output.await.unwrap();
        let printed = text(&output.stdout) + &text(&output.stderr);
        assert!(!printed.contains("given-key"), "{printed}");
    }
}

#[tokio::test]
async fn an_empty_variable_is_no_key() {
    let mut command = program();
    command.args(["--listen", ":0"]).env("DIGICERT_API_KEY", "");
    let running = start(&mut command).await;
    assert!(
        running
            .line("X-DC-DEVKEY")
            .starts_with("sandbox-certcentral-")
    );
}

#[tokio::test]
async fn faults_are_switched_on_in_order_and_printed() {
    let faults = [
        "--fault",
        "get_account:status=503,times=1",
        "--fault",
        r#"{"effect":{"kind":"status","status":502,"body":"html"}}"#,
    ];
    let running = start(program().args(["--listen", ":0"]).args(faults)).await;
    let (url, key) = (running.line("CertCentral"), running.line("X-DC-DEVKEY"));
    assert_eq!(running.line("Fault 1"), "get_account:status=503,times=1");
    assert_eq!(running.line("Fault 2"), "*:status=502,body=html");
    assert_eq!(status(url, key).await, 503);
    assert_eq!(status(url, key).await, 502);
}

#[cfg(unix)]
#[tokio::test]
async fn signals_stop_it_cleanly() {
    for signal in ["INT", "TERM"] {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("ready.json");
        let running = start(
            program()
                .args(["--listen", ":0", "--ready-file"])
                .arg(&path),
        )
        .await;
        let output = running.stop(signal).await;
        assert_eq!(output.status.code(), Some(0), "{signal}");
        assert_eq!(text(&output.stderr), "");
        assert!(!path.exists(), "the ready file is removed");
    }
}

#[cfg(unix)]
#[tokio::test]
async fn a_ready_file_of_somebody_else_stays() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("ready.json");
    let running = start(
        program()
            .args(["--listen", ":0", "--ready-file"])
            .arg(&path),
    )
    .await;
    std::fs::write(&path, "of somebody else").unwrap();
    assert_eq!(running.stop("TERM").await.status.code(), Some(0));
    assert_eq!(std::fs::read_to_string(&path).unwrap(), "of somebody else");
}

#[cfg(unix)]
#[tokio::test]
async fn a_ready_file_replaces_no_link() {
    let folder = tempfile::tempdir().unwrap();
    let (link, target) = (folder.path().join("link"), folder.path().join("ready.json"));
    std::fs::write(&target, "").unwrap();
    std::os::unix::fs::symlink("ready.json", &link).unwrap();
    let mut command = program();
    command.args(["--listen", ":0", "--ready-file"]).arg(&link);
    let running = start(&mut command).await;
    assert!(link.is_symlink());
    assert_eq!(
        read_json(&target)["origin"],
        running.line("digicert-sandbox listens on")
    );
    assert_eq!(running.stop("TERM").await.status.code(), Some(0));
    assert!(link.is_symlink() && !target.exists());
}

#[cfg(unix)]
#[tokio::test]
async fn a_ready_file_replaces_nothing_but_a_file() {
    use std::os::unix::fs::FileTypeExt as _;

    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("socket");
    let _listener = std::os::unix::net::UnixListener::bind(&path).unwrap();
    let mut command = program();
    command.args(["--listen", ":0", "--ready-file"]).arg(&path);
    let output = tokio::time::timeout(Duration::from_secs(60), command.output());
    let output = output.await.unwrap().unwrap();
    assert_eq!(output.status.code(), Some(2));
    let message = text(&output.stderr);
    assert!(
        message.contains("it is a pipe, a device or a folder"),
        "{message}"
    );
    assert!(std::fs::metadata(&path).unwrap().file_type().is_socket());
}

#[tokio::test]
async fn a_ready_file_replaces_its_like_and_no_other_file() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("file");
    let mut command = program();
    command.args(["--listen", ":0", "--ready-file"]).arg(&path);
    for there in ["a-key-that-is-shown-once", "{\"origin\": \"x\"}"] {
        std::fs::write(&path, there).unwrap();
        let output = tokio::time::timeout(Duration::from_secs(60), command.output());
        let output = output.await.unwrap().unwrap();
        assert_eq!(output.status.code(), Some(2));
        let message = text(&output.stderr);
        assert!(
            message.contains("there is another file of this name"),
            "{message}"
        );
        assert_eq!(std::fs::read_to_string(&path).unwrap(), there);
    }
    std::fs::remove_file(&path).unwrap();
    let killed = start(&mut command).await;
    killed.stop("KILL").await;
    let left = read_json(&path);
    let running = start(&mut command).await;
    assert_ne!(read_json(&path)["certcentral_key"], left["certcentral_key"]);
    running.stop("TERM").await;
}

#[tokio::test]
async fn a_port_in_use_is_named_and_the_exit_code_is_2() {
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap().to_string();
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("ready.json");
    std::fs::write(&path, "of the one that runs").unwrap();
    let output = program()
        .args(["--listen", &address, "--ready-file"])
        .arg(&path)
        .output();
    let output = output.await.unwrap();
    assert_eq!(output.status.code(), Some(2));
    assert_eq!(text(&output.stdout), "");
    let message = text(&output.stderr);
    assert!(message.starts_with("error: cannot listen on "), "{message}");
    assert!(
        message.contains(&address) && message.contains("another port"),
        "{message}"
    );
    assert_eq!(
        std::fs::read_to_string(&path).unwrap(),
        "of the one that runs"
    );
}

#[tokio::test]
async fn wrong_arguments_are_named_and_the_exit_code_is_2() {
    let missing_folder = "/nowhere/at/all/ready.json";
    for (arguments, expected) in [
        (["--listen", "8700"], "such as 127.0.0.1:8700"),
        (["--listen", "here:8700"], "such as 127.0.0.1:8700"),
        (["--listen=:0", "--nonsense"], "--nonsense"),
        (
            ["--fault", "status=503"],
            "such as create_subaccount:status=503",
        ),
        (["--fault", "create:reset=after"], "set_subaccount_products"),
        (["--fault", "*:explode"], "cut_body and unknown_fields"),
        (["--fault", "*:status=503,nth=0"], "nth counts from 1"),
        (
            ["--listen=:0", "--certcentral-key=two words"],
            "the CertCentral key",
        ),
        (
            ["--listen=:0", "--partner-key=schlüssel"],
            "the partner key",
        ),
        (
            ["--listen=:0", &format!("--ready-file={missing_folder}")],
            missing_folder,
        ),
    ] {
        let output = program().args(arguments).output().await.unwrap();
        assert_eq!(output.status.code(), Some(2), "{arguments:?}");
        let message = text(&output.stderr);
        assert!(message.contains(expected), "{message}");
        assert!(
            !message.contains("two words") && !message.contains("schlüssel"),
            "{message}"
        );
    }
}

#[cfg(unix)]
#[tokio::test]
async fn listening_to_others_is_said_loudly() {
    let running = start(program().args(["--listen", "0.0.0.0:0"])).await;
    assert!(
        running
            .line("digicert-sandbox listens on")
            .starts_with("http://127.0.0.1:")
    );
    let output = running.stop("TERM").await;
    let warning = text(&output.stderr);
    assert!(warning.contains("WARNING: 0.0.0.0:"), "{warning}");
    assert!(warning.contains("not a loopback address"), "{warning}");
}

#[cfg(unix)]
#[tokio::test]
async fn the_parent_account_and_the_limits_are_set_by_flags() {
    let mut command = program();
    command.args([
        "--listen",
        ":0",
        "--certcentral-key",
        "made-up",
        "--rate-limit",
    ]);
    command.args(["--contract", "flat-fee", "--currency", "EUR"]);
    command.args(["--subaccounts", "off", "--max-plan-years", "3"]);
    let running = start(&mut command).await;
    let base = running.line("CertCentral").to_owned();
    let http = crate::client::http();
    let get = || {
        http.get(format!("{base}/account"))
            .header("X-DC-DEVKEY", "made-up")
    };
    let account: Value = get().send().await.unwrap().json().await.unwrap();
    assert_eq!(account["pricing_model"], "flatfee");
    let create = http
        .post(format!("{base}/account"))
        .header("X-DC-DEVKEY", "made-up");
    let body = crate::samples::create_request().to_string();
    assert_eq!(create.body(body).send().await.unwrap().status(), 403);
    // After 100 within 5 seconds, or on a very busy machine after 1000 within 5 minutes.
    let mut taken = 2;
    while get().send().await.unwrap().status() == 200 {
        taken += 1;
        assert!(taken <= 1000, "there is no limit");
    }
    assert!(taken >= 100, "{taken}");
    running.stop("TERM").await;

    for wrong in [
        ["--contract", "free"],
        ["--max-plan-years", "7"],
        ["--subaccounts", "maybe"],
    ] {
        let output = program().args(wrong).output().await.unwrap();
        assert_eq!(output.status.code(), Some(2), "{wrong:?}");
    }
}
