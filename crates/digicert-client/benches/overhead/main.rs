//! What a call through the client costs, beside the same call written by hand on `reqwest`.
//!
//! `cargo bench -p digicert-client --bench overhead` starts a small server as a process of its
//! own, measures, prints what `BENCHMARKS.md` records, and fails if a promise is not met. Instructions
//! are counted by `valgrind`.
//! Without `--bench`, as under `cargo test --all-targets`, every call is made and nothing measured.
//!
//! What is compared is in `calls.rs`.

#![allow(clippy::expect_used, reason = "a benchmark may panic")]
#![allow(clippy::print_stdout, reason = "it prints what it measured")]

mod callgrind;
mod calls;
#[path = "../../../digicert-validate/benches/promise/mod.rs"]
mod promise;
mod server;

use std::process::{Command, ExitCode};
use std::time::Instant;

use promise::Promises;

use calls::{Call, Caller, Way};
use server::Server;
use tokio::runtime::{Builder, Runtime};
use tokio::task::JoinSet;

/// What one call costs is the average over so many, after as many to warm up.
const CALLS: u32 = 1000;
/// A burst is so many calls, by so many clones.
const BURST: u32 = 10_000;
const CLONES: u32 = 64;
/// If memory is flat after a burst, it is after so many calls.
const LONG: u32 = 100_000;
/// Bursts of each way; they take turns, and the median counts.
const BURSTS: usize = 9;

fn main() -> ExitCode {
    let arguments: Vec<_> = std::env::args().skip(1).collect();
    let arguments: Vec<_> = arguments.iter().map(String::as_str).collect();
    match arguments[..] {
        ["serve"] => server::serve(),
        ["calls", way, call, count, origin] => {
            let (way, call) = (Way::named(way), Call::named(call));
            let count = count.parse().expect("a number");
            // Counting would cost instructions; what is left of that is in both ways.
            allocation_counter::opt_out(|| {
                let caller = Caller::new(way, origin);
                one_thread().block_on(repeat(&caller, call, count));
            });
        }
        ["memory", way, origin] => return memory(&Caller::new(Way::named(way), origin)),
        _ => {
            let server = Server::start();
            if arguments.contains(&"--bench") {
                return measure(&server.origin);
            }
            try_out(&server.origin);
        }
    }
    ExitCode::SUCCESS
}

fn measure(origin: &str) -> ExitCode {
    let mut promises = Promises::default();
    instructions(origin, &mut promises);
    allocations(origin, &mut promises);
    throughput(origin, &mut promises);
    println!("\n## Memory of a process that does nothing else, in KiB of RSS\n");
    println!("| PUTs through {CLONES} clones | after {CALLS} | after {BURST} | after {LONG} | |");
    println!("|---|---|---|---|---|");
    for way in Way::ALL {
        let status = itself().args(["memory", way.name(), origin]).status();
        let is_flat = status.expect("it starts").success();
        promises.check(format!("flat memory, {}", way.title()), is_flat);
    }
    println!();
    promises.end()
}

fn try_out(origin: &str) {
    for way in Way::ALL {
        let caller = Caller::new(way, origin);
        for call in Call::ALL {
            one_thread().block_on(repeat(&caller, call, 2));
        }
    }
}

fn instructions(origin: &str, promises: &mut Promises) {
    println!("\n## Instructions of a call\n");
    match callgrind::version() {
        Some(version) => println!("{version}\n"),
        None => return println!("Not measured: there is no `valgrind`; install it to count them."),
    }
    let allowed = |more: f64, by_hand: f64| more <= by_hand * 0.05;
    compare("at most 5 % more", allowed, promises, |way, call| {
        let count = |calls: u32| {
            let calls = calls.to_string();
            callgrind::count(&["calls", way.name(), call.name(), &calls, origin])
        };
        count(2 * CALLS) - count(CALLS)
    });
}

fn allocations(origin: &str, promises: &mut Promises) {
    println!("\n## Allocations of a call\n");
    // What is done once for all of the calls is no allocation of a call.
    let allowed = |more: f64, _| more.round() <= 5.0;
    compare("at most 5 more", allowed, promises, |way, call| {
        let caller = Caller::new(way, origin);
        let runtime = one_thread();
        runtime.block_on(repeat(&caller, call, CALLS));
        let counted = allocation_counter::measure(|| {
            runtime.block_on(repeat(&caller, call, CALLS));
        });
        counted.count_total
    });
}

/// Prints what `CALLS` calls cost as a table: per call, and beside the call by hand.
fn compare(
    allowed: &str,
    is_allowed: impl Fn(f64, f64) -> bool,
    promises: &mut Promises,
    cost: impl Fn(Way, Call) -> u64,
) {
    println!("| call ({allowed}) | way | per call | more than by hand | | |");
    println!("|---|---|---|---|---|---|");
    for call in Call::ALL {
        let by_hand = per_call(cost(Way::ByHand, call));
        println!(
            "| {} | {} | {by_hand:.1} | | | |",
            call.title(),
            Way::ByHand.title()
        );
        for way in [Way::Logged, Way::Unlimited] {
            let client = per_call(cost(way, call));
            let more = client - by_hand;
            let what = format!("{allowed}, {}, {}", call.title(), way.title());
            println!(
                "| {} | {} | {client:.1} | {more:+.1} | {:+.2} % | {} |",
                call.title(),
                way.title(),
                more / by_hand * 100.0,
                promises.check(what, is_allowed(more, by_hand))
            );
        }
    }
}

fn per_call(cost: u64) -> f64 {
    f64::from(u32::try_from(cost).expect("four thousand million are enough")) / f64::from(CALLS)
}

fn throughput(origin: &str, promises: &mut Promises) {
    println!("\n## Throughput of {BURST} PUTs through {CLONES} clones\n");
    let runtime = two_threads();
    let callers = Way::ALL.map(|way| Caller::new(way, origin));
    let mut rates = Way::ALL.map(|_| Vec::new());
    for round in 0..=BURSTS {
        for (caller, rates) in callers.iter().zip(&mut rates) {
            let begun = Instant::now();
            runtime.block_on(burst(caller, BURST));
            let rate = f64::from(BURST) / begun.elapsed().as_secs_f64();
            // The first round opens the connections.
            if round > 0 {
                rates.push(rate);
            }
        }
    }
    println!(
        "| way | requests per second, median of {BURSTS} | lowest to highest | of by hand (at least \
         90 %) | |"
    );
    println!("|---|---|---|---|---|");
    let median = |rates: &[f64]| rates[rates.len() / 2];
    for rates in &mut rates {
        rates.sort_by(f64::total_cmp);
    }
    for (way, own) in Way::ALL.into_iter().zip(&rates) {
        let share = median(own) / median(&rates[0]) * 100.0;
        let what = format!("90 % of the throughput by hand, {}", way.title());
        println!(
            "| {} | {:.0} | {:.0} to {:.0} | {share:.1} % | {} |",
            way.title(),
            median(own),
            own[0],
            own[own.len() - 1],
            promises.check(what, share >= 90.0)
        );
    }
}

/// Fails if memory grows with the number of calls, by more than a tenth and what the windows have
/// to remember.
fn memory(caller: &Caller) -> ExitCode {
    let runtime = two_threads();
    print!("| {} ", caller.way.title());
    let mut made = 0;
    let [_, burst, long] = [CALLS, BURST, LONG].map(|calls| {
        runtime.block_on(burst(caller, calls - made));
        made = calls;
        let resident = resident();
        print!("| {resident} ");
        resident
    });
    let remembered = match caller.way {
        // 16 bytes each, in a list that doubles.
        Way::Logged => 2 * 16 * LONG / 1024,
        Way::ByHand | Way::Unlimited => 0,
    };
    let mut promises = Promises::default();
    let is_flat = long <= burst + burst / 10 + remembered;
    println!("| {} |", promises.check("flat memory", is_flat));
    if is_flat {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    }
}

/// The memory of this process that is in use, in KiB, as Linux counts it; 0 elsewhere.
fn resident() -> u32 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    line.and_then(|line| line.trim().trim_end_matches(" kB").parse().ok())
        .unwrap_or(0)
}

/// One call after the other.
async fn repeat(caller: &Caller, call: Call, count: u32) {
    for _ in 0..count {
        caller.call(call).await;
    }
}

/// PUTs by as many clones as there are, each as fast as it can.
async fn burst(caller: &Caller, count: u32) {
    let mut tasks = JoinSet::new();
    for clone in 0..CLONES {
        let caller = caller.clone();
        let share = count / CLONES + u32::from(clone < count % CLONES);
        tasks.spawn(async move { repeat(&caller, Call::Put, share).await });
    }
    while let Some(task) = tasks.join_next().await {
        task.expect("every call succeeds");
    }
}

fn one_thread() -> Runtime {
    Builder::new_current_thread()
        .enable_all()
        .build()
        .expect("a runtime")
}

fn two_threads() -> Runtime {
    Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .expect("a runtime")
}

/// This program, to be started once more.
fn itself() -> Command {
    Command::new(std::env::current_exe().expect("it runs from a file"))
}
