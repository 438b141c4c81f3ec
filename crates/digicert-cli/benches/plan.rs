//! How fast `digicert plan` looks at ten thousand subaccounts that have what they shall have, and
//! how much memory it takes: the built program against a sandbox in this process. The same for
//! planning and applying as many that have something else.
//!
//! `cargo bench -p digicert-cli --bench plan` without limits, then the size of the program and the
//! time of `digicert --help`; `cargo bench -p digicert-cli --bench plan -- apply` with a change of every
//! subaccount; `cargo bench -p digicert-cli --bench plan -- limits` with the documented limits, which
//! takes four minutes. It fails if a promise is not met. Linux for the memory.

#![allow(clippy::expect_used, reason = "a benchmark may panic")]
#![allow(clippy::print_stdout, reason = "a benchmark prints its results")]

#[path = "../../digicert-validate/benches/body/mod.rs"]
mod body;
#[path = "../../digicert-validate/benches/promise/mod.rs"]
mod promise;

use std::fmt::Write as _;
use std::fs;
use std::path::Path;
use std::process::{Command, ExitCode, Stdio};
use std::time::{Duration, Instant};

use promise::Promises;

use digicert_client::RateLimits;
use digicert_client::certcentral::Client;
use digicert_client::types::certcentral::{
    CreateSubaccountRequest, NewOrganization, NewUser, SetSubaccountProductsRequest, SubaccountType,
};
use digicert_sandbox::Sandbox;
use serde_json::{Value, json};
use tokio::runtime::{Builder, Runtime};

const SUBACCOUNTS: usize = 10_000;
/// With the key's own account before them, 1,902 requests: a window of 1,000 is used up, and most of
/// a second one.
const UNDER_LIMITS: usize = 1_901;

fn main() -> ExitCode {
    let mut promises = Promises::default();
    let runtime = Builder::new_multi_thread()
        .worker_threads(1)
        .enable_all()
        .build();
    let runtime = runtime.expect("a runtime");
    // `cargo bench` has an option of its own for the program.
    let mode = std::env::args()
        .skip(1)
        .find(|argument| !argument.starts_with('-'));
    match mode.as_deref() {
        Some("limits") => under_limits(&runtime, &mut promises),
        Some("apply") => changed(&runtime),
        _ => {
            unchanged(&runtime, &mut promises);
            program(&mut promises);
        }
    }
    promises.end()
}

fn unchanged(runtime: &Runtime, promises: &mut Promises) {
    for products in [8, usize::MAX] {
        let setting = Setting::new(runtime, SUBACCOUNTS, products);
        for run in ["first", "second", "third"] {
            let (took, peak) = setting.plan("off = true");
            let rate =
                f64::from(u32::try_from(SUBACCOUNTS).unwrap_or(u32::MAX)) / took.as_secs_f64();
            println!(
                "{run}: {SUBACCOUNTS} subaccounts with {} products each: {took:.2?}, {rate:.0} a \
                 second (1,500: {}), peak {peak} kB (100 MB: {})",
                setting.products,
                promises.check("1,500 subaccounts a second", rate >= 1_500.0),
                promises.check("100 MB", is_small(peak)),
            );
        }
    }
}

fn program(promises: &mut Promises) {
    let program = fs::metadata(env!("CARGO_BIN_EXE_digicert")).expect("it is built");
    let bytes = program.len();
    let is_met = promises.check("a program of 15 MB", bytes < 15_000_000);
    println!("the program: {bytes} bytes (15 MB: {is_met})");
    let help = help();
    let is_met = promises.check("--help in 10 ms", help < Duration::from_millis(10));
    println!("digicert --help: {help:.1?}, median of 51 (10 ms: {is_met})");
}

/// Under 100 MB.
fn is_small(peak: u64) -> bool {
    peak * 1024 < 100_000_000
}

/// Every subaccount has another price than it shall have.
fn changed(runtime: &Runtime) {
    for products in [8, usize::MAX] {
        let setting = Setting::new(runtime, SUBACCOUNTS, products);
        setting.reprice();
        let plan = setting.folder.path().join("plan.json");
        let plan = plan.to_str().expect("UTF-8");
        let all = SUBACCOUNTS.to_string();
        let make = ["--max-subaccounts", &all, "--out", plan];
        for (what, command, options, code) in [
            ("plan", "plan", &make[..], 1),
            ("apply", "apply", &["--yes"], 0),
            ("apply once more", "apply", &["--yes"], 0),
        ] {
            let path = match command {
                "plan" => setting.folder.path().join("prices"),
                _ => plan.into(),
            };
            let mut program = setting.program(command, &path, "off = true");
            let (took, peak) = run(program.args(options), code);
            println!(
                "{what}: {SUBACCOUNTS} subaccounts to change, {} products each: {took:.2?}, peak \
                 {peak} kB",
                setting.products
            );
        }
    }
}

/// What the limits permit is counted from the first request to the last one.
fn under_limits(runtime: &Runtime, promises: &mut Promises) {
    let requests = UNDER_LIMITS + 1;
    let full = (requests - 1) / 1000;
    let bursts = (requests - 1 - full * 1000) / 100;
    let seconds = u32::try_from(full * 180 + bursts * 5).unwrap_or(u32::MAX);
    let permitted = Duration::from_secs(seconds.into());
    println!("{requests} requests are permitted in {permitted:?}");
    let setting = Setting::new(runtime, UNDER_LIMITS, 8);
    let (took, peak) = setting.plan("");
    let share = 100.0 * permitted.as_secs_f64() / took.as_secs_f64();
    println!(
        "they took {took:.2?}: {share:.1} % of the permitted rate (99 %: {}), peak {peak} kB (100 MB: {})",
        promises.check("99 % of the permitted rate", share >= 99.0),
        promises.check("100 MB", is_small(peak)),
    );
}

/// A sandbox with subaccounts, and manifests that say the same.
struct Setting {
    sandbox: Sandbox,
    folder: tempfile::TempDir,
    products: usize,
}

impl Setting {
    fn new(runtime: &Runtime, subaccounts: usize, products: usize) -> Self {
        let mut book: Value = serde_json::from_str(&body::body()).expect("JSON");
        let list = book["products"].as_array_mut().expect("a list");
        list.truncate(products);
        let products = list.len();
        let request = serde_json::from_value(book.clone()).expect("a request");
        let sandbox = runtime.block_on(Sandbox::start()).expect("a sandbox");
        let ids = runtime.block_on(fill(&sandbox, subaccounts, &request));
        let folder = tempfile::tempdir().expect("a folder");
        let prices = folder.path().join("prices");
        fs::create_dir(&prices).expect("a folder");
        let books = json!({"format_version": 1, "price_books": {"all": book}});
        fs::write(prices.join("books.json"), books.to_string()).expect("a file");
        let mut text = "format_version: 1\nsubaccounts:\n".to_owned();
        for id in ids {
            writeln!(text, "  - {{id: {id}, price_book: all}}").expect("text");
        }
        fs::write(prices.join("subaccounts.yaml"), text).expect("a file");
        Self {
            sandbox,
            folder,
            products,
        }
    }

    /// How long a plan takes, and the most memory it held.
    fn plan(&self, limits: &str) -> (Duration, u64) {
        let prices = self.folder.path().join("prices");
        run(&mut self.program("plan", &prices, limits), 0)
    }

    /// Lets the price book say something else than the service has.
    fn reprice(&self) {
        let path = self.folder.path().join("prices/books.json");
        let text = fs::read_to_string(&path).expect("a file");
        let mut books: Value = serde_json::from_str(&text).expect("JSON");
        let cost = books.pointer_mut("/price_books/all/products/0/prices/0/cost");
        *cost.expect("a price") = json!(433);
        fs::write(path, books.to_string()).expect("a file");
    }

    fn program(&self, command: &str, path: &Path, limits: &str) -> Command {
        let config = self.folder.path().join("config.toml");
        let origin = self.sandbox.origin();
        let text = format!(
            "[profiles.bench]\norigin = '{origin}'\n[profiles.bench.rate_limits]\n{limits}\n"
        );
        fs::write(&config, text).expect("a file");
        let mut program = digicert();
        program
            .arg(command)
            .arg(path)
            .arg("--config")
            .arg(&config)
            .args(["--profile", "bench", "--ledger"])
            .arg(self.folder.path().join("ledger.sqlite"))
            .env(
                "DIGICERT_API_KEY",
                self.sandbox.certcentral_key().expose_secret(),
            );
        program
    }
}

async fn fill(
    sandbox: &Sandbox,
    subaccounts: usize,
    products: &SetSubaccountProductsRequest,
) -> Vec<i64> {
    let client = Client::builder(sandbox.certcentral_key())
        .origin(sandbox.origin())
        .rate_limits(RateLimits::none())
        .build()
        .expect("a client");
    let mut ids = Vec::with_capacity(subaccounts);
    for number in 0..subaccounts {
        let created = client.create_subaccount(&creation(number)).await;
        let id = created.expect("created").id.expect("an ID");
        client
            .set_subaccount_products(id, products)
            .await
            .expect("set");
        ids.push(id);
    }
    ids
}

fn creation(number: usize) -> CreateSubaccountRequest {
    let user = NewUser::builder()
        .first_name("Rita")
        .last_name("Example")
        .email("rita@example.com")
        .build();
    let organization = NewOrganization::builder()
        .name(format!("Example {number}"))
        .address("1 Example Street")
        .zip("43604")
        .city("Toledo")
        .state("OH")
        .country("us")
        .build();
    CreateSubaccountRequest::builder()
        .account_type(SubaccountType::Retail)
        .allowed_grandchildren(Vec::new())
        .bill_parent(true)
        .user(user)
        .organization(organization)
        .build()
}

fn digicert() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_digicert"));
    command.stdout(Stdio::null()).stderr(Stdio::null());
    command
}

/// How long one run takes, and the most memory it held, as the kernel last said.
fn run(command: &mut Command, code: i32) -> (Duration, u64) {
    let begun = Instant::now();
    let mut child = command.spawn().expect("it runs");
    let status = format!("/proc/{}/status", child.id());
    let mut peak = 0;
    loop {
        peak = peak.max(high_water(Path::new(&status)));
        if let Some(status) = child.try_wait().expect("it runs") {
            assert_eq!(status.code(), Some(code), "{command:?}");
            return (begun.elapsed(), peak);
        }
        std::thread::sleep(Duration::from_millis(5));
    }
}

fn high_water(status: &Path) -> u64 {
    let text = fs::read_to_string(status).unwrap_or_default();
    let line = text.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    line.and_then(|line| line.split_whitespace().next()?.parse().ok())
        .unwrap_or(0)
}

fn help() -> Duration {
    let mut runs: Vec<_> = (0..51)
        .map(|_| {
            let begun = Instant::now();
            digicert().arg("--help").status().expect("it runs");
            begun.elapsed()
        })
        .collect();
    runs.sort();
    runs[25]
}
