//! What was promised of the sandbox in numbers: how fast the program starts, how many requests it
//! answers, how much memory it takes, empty and full.
//!
//! `cargo bench -p digicert-sandbox --bench numbers` starts the program that was built with it, on
//! loopback, prints what `BENCHMARKS.md` records, and fails if a promise is not met. Requests are sent
//! by `wrk`, a package of Debian. Memory and processor time are those that Linux counts. Without `--bench`, as under
//! `cargo test --all-targets`, everything is done once and nothing measured.

#![allow(clippy::expect_used, reason = "a benchmark may panic")]
#![allow(clippy::print_stdout, reason = "it prints what it measured")]

#[path = "../../../digicert-validate/benches/body/mod.rs"]
mod body;
mod connection;
mod load;
mod program;
#[path = "../../../digicert-validate/benches/promise/mod.rs"]
mod promise;

use std::process::ExitCode;
use std::time::{Duration, Instant};

use promise::Promises;

use connection::Connection;
use program::Program;

/// The request of the set products sample.
const FIVE_PRODUCTS: &str = include_str!("products.json");

/// Billed to its parent, since prices of any other are ignored.
const CREATE: &str = r#"{"account_type":"retail","allowed_grandchildren":["retail"],"bill_parent":true,
"user":{"first_name":"John","last_name":"Smith","email":"john.smith@example.com"},
"organization":{"name":"Example Company, LLC","address":"123 Fake Street","zip":"93090",
"city":"Toledo","state":"Ohio","country":"US"}}"#;

/// The account ID of the first subaccount that a sandbox creates.
const FIRST: u32 = 1_122_334;

/// How often something is done whose median counts.
const RUNS: usize = 51;

const MANY: u32 = 10_000;

fn main() -> ExitCode {
    let mut promises = Promises::default();
    if !std::env::args().any(|argument| argument == "--bench") {
        starting(1, &mut promises);
        full(10, 1, &mut promises);
        // In a development build, of little.
        return ExitCode::SUCCESS;
    }
    println!("| what | promised | measured | |\n|---|---|---|---|");
    starting(RUNS, &mut promises);
    answering(&mut promises);
    full(MANY, RUNS, &mut promises);
    promises.end()
}

fn starting(runs: usize, promises: &mut Promises) {
    let mut resident = 0;
    let took = median(runs, || {
        let begun = Instant::now();
        let program = Program::start();
        let took = begun.elapsed();
        resident = program.resident();
        took
    });
    let is_met = promises.check("listening in 20 ms", took < Duration::from_millis(20));
    println!("| the program listens, from its start | 20 ms | {took:.1?} | {is_met} |");
    let resident = megabytes(resident);
    let is_met = promises.check("10 MB resident", resident <= 10.0);
    println!("| resident memory then | 10 MB | {resident:.1} MB | {is_met} |");
}

fn answering(promises: &mut Promises) {
    for (name, promised, products) in [
        ("the five products of the sample", "20,000", FIVE_PRODUCTS),
        ("all 65 products, three terms each", "", &body::body()),
    ] {
        let program = Program::start();
        let mut connection = program.connect();
        connection.send("POST", "/account", CREATE);
        let path = products_of(FIRST);
        connection.send("PUT", &path, products);
        let size = connection.send("GET", &path, "").len();
        let Some(load) = load::run(&program, &path) else {
            println!("| {name} ({size} bytes) | {promised} | needs `wrk`: {HINT} | |");
            continue;
        };
        let rate = load.per_second;
        let is_met = match promised {
            "" => "",
            _ => promises.check("20,000 requests per second", rate >= 20_000.0),
        };
        println!(
            "| {name} ({size} bytes), requests per second | {promised} | {rate:.0} | {is_met} |"
        );
        println!(
            "| processor time of the sandbox for one of them | | {:.1?} | |",
            load.processor_time
        );
    }
}

const HINT: &str = "apt-get install wrk";

/// Many subaccounts with all products.
fn full(subaccounts: u32, runs: usize, promises: &mut Promises) {
    let program = Program::start();
    let mut connection = program.connect();
    let products = body::body();
    for id in (FIRST..).take(usize::try_from(subaccounts).expect("it fits")) {
        connection.send("POST", "/account", CREATE);
        connection.send("PUT", &products_of(id), &products);
    }
    let resident = megabytes(program.resident());
    println!(
        "| resident memory with {subaccounts} subaccounts of all 65 products | 300 MB | {resident:.1} \
         MB | {} |",
        promises.check("300 MB when full", resident < 300.0)
    );
    for (name, query) in [
        ("a page of the list, 1000 subaccounts", ""),
        ("the last page", "?offset=9000"),
        ("a page that is searched for", "?filters[search]=%25example"),
        (
            "a page in another order",
            "?sort=organization_name,-account_id",
        ),
    ] {
        let took = median(runs, || time_of_page(&mut connection, query));
        let is_met = promises.check(format!("5 ms for {name}"), took < Duration::from_millis(5));
        println!("| {name} | 5 ms | {took:.1?} | {is_met} |");
    }
}

fn time_of_page(connection: &mut Connection, query: &str) -> Duration {
    let path = format!("/account/subaccount{query}");
    let begun = Instant::now();
    let page = connection.send("GET", &path, "");
    let took = begun.elapsed();
    assert!(page.contains("\"account_id\""), "{page}");
    took
}

fn products_of(id: u32) -> String {
    format!("/account/subaccount/{id}/products")
}

fn median(runs: usize, mut run: impl FnMut() -> Duration) -> Duration {
    let mut took: Vec<_> = (0..runs).map(|_| run()).collect();
    took.sort();
    took[runs / 2]
}

fn megabytes(kilobytes: u32) -> f64 {
    f64::from(kilobytes) * 1024.0 / 1e6
}
