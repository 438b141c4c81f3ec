//! `kill -9` at moments drawn from a seed, with the sandbox keeping count: no second subaccount, no
//! key lost, and a ledger that says what it knows.
//!
//! A few dozen runs here; `cargo xtask kill` does a thousand. What is asserted holds at every
//! moment, so a run that fails is a fault, and its seed brings it back.

#![expect(clippy::print_stdout, reason = "the seed, and what was hit")]

use std::fs;
use std::os::unix::process::CommandExt as _;
use std::path::PathBuf;
use std::process::{Child, Command};
use std::thread::sleep;
use std::time::{Duration, Instant};

use digicert_client::types::certcentral::ListSubaccountsQuery;
use rustix::process::{Pid, Signal, kill_process, kill_process_group};
use serde_json::Value;

use crate::create::MANAGED;
use crate::eventually::eventually;
use crate::on_sandbox::OnSandbox;
use crate::program::{Run, run};

/// How many runs a series has.
pub(crate) fn runs() -> usize {
    let runs = std::env::var("DIGICERT_KILLS").ok();
    runs.map_or(12, |runs| runs.parse().unwrap())
}

/// The moments to kill at.
pub(crate) fn moments() -> fastrand::Rng {
    let seed = std::env::var("DIGICERT_KILL_SEED").ok();
    let seed = seed.map_or_else(|| fastrand::u64(..), |seed| seed.parse().unwrap());
    println!("DIGICERT_KILL_SEED={seed}");
    fastrand::Rng::with_seed(seed)
}

/// Who is killed.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Victim {
    Program,
    /// The program and all that belongs to its job in the shell.
    Group,
    Custodian,
}

#[test]
fn i1_i3_a_program_that_is_killed_creates_one_subaccount_and_keeps_its_key() {
    series(Victim::Program);
}

#[test]
fn i1_i3_a_job_that_is_killed_creates_one_subaccount_and_keeps_its_key() {
    series(Victim::Group);
}

#[test]
fn i1_a_custodian_that_is_killed_leaves_a_ledger_that_says_what_is_known() {
    series(Victim::Custodian);
}

fn series(victim: Victim) {
    let test = OnSandbox::new();
    let mut moments = moments();
    // The least of a few: one may have been slow by chance, and the kills would come too late.
    let usual = (runs() + 1..=runs() + 3).map(|number| Attempt::new(&test, number).usual());
    let usual = usual.min().unwrap();
    let mut tally = Tally::default();
    for number in 1..=runs() {
        let attempt = Attempt::new(&test, number);
        let delay = usual.mul_f64(1.1 * moments.f64());
        attempt.killed(victim, delay, &mut tally);
    }
    println!("{victim:?}, a usual run takes {usual:?}: {tally:?}");
    assert_hit(tally.in_between());
}

/// A long series that kills before or after everything, and hardly ever in between, shows nothing.
#[track_caller]
pub(crate) fn assert_hit(in_between: usize) {
    let runs = runs();
    if runs >= 100 {
        assert!(
            in_between >= runs / 20,
            "only {in_between} of {runs} runs were killed between their beginning and their end"
        );
    }
}

/// What the moments of a series have hit.
#[derive(Debug, Default)]
struct Tally {
    nothing_sent: usize,
    /// Its entry was written, and nothing was sent.
    given_up: usize,
    created_all_the_same: usize,
    finished_before: usize,
    found_by_its_key: usize,
    left_unknown: usize,
}

impl Tally {
    /// How many were killed after the entry was written, and before the end was told.
    fn in_between(&self) -> usize {
        self.given_up + self.created_all_the_same + self.found_by_its_key + self.left_unknown
    }
}

/// One document, and all that happens to it.
struct Attempt<'a> {
    test: &'a OnSandbox,
    organization: String,
    document: String,
    key: PathBuf,
    /// Some attempts share one, and not so many that reading it takes longer than they do.
    ledger: String,
}

impl<'a> Attempt<'a> {
    fn new(test: &'a OnSandbox, number: usize) -> Self {
        let organization = format!("Organization {number}");
        let document = format!("{number}.yaml");
        test.folder.write(
            &document,
            MANAGED.replace("Example Company, LLC", &organization),
        );
        let key = test.folder.path().join(format!("{number}.key"));
        Self {
            test,
            organization,
            document,
            key,
            ledger: format!("ledger-{}", number / 25),
        }
    }

    fn command(&self) -> Command {
        let key = self.key.to_str().unwrap();
        let mut command = self.test.program(&[
            "subaccount",
            "create",
            "-f",
            &self.document,
            "--key-out",
            key,
            "--yes",
            "--format",
            "json",
        ]);
        command
            .env("DIGICERT_LEDGER", &self.ledger)
            .process_group(0);
        command
    }

    /// How long a run takes that nobody disturbs.
    fn usual(&self) -> Duration {
        let begun = Instant::now();
        assert_eq!(run(&mut self.command()).code, 0);
        begun.elapsed()
    }

    fn killed(&self, victim: Victim, delay: Duration, tally: &mut Tally) {
        let child = self.command().spawn().unwrap();
        kill(victim, &child, delay);
        let first = child.wait_with_output().unwrap();
        let said = String::from_utf8(first.stdout).unwrap();
        if victim == Victim::Custodian {
            return self.look_after_the_custodian(first.status.code().unwrap(), tally);
        }
        let was_there_before = self.ids().len();
        let again = self.again();
        let ids = self.ids();
        assert_eq!(ids.len(), 1, "{again:?}");
        self.key_belongs_to(ids[0]);
        self.ledger_says("done", Some(ids[0]));
        match (again.code, said.is_empty()) {
            (0, _) => {
                assert_eq!(was_there_before, 0, "{again:?}");
                match self.all_entries().len() {
                    1 => tally.nothing_sent += 1,
                    _ => tally.given_up += 1,
                }
            }
            (5, true) => tally.created_all_the_same += 1,
            (5, false) => tally.finished_before += 1,
            _ => panic!("{again:?}"),
        }
    }

    fn look_after_the_custodian(&self, code: i32, tally: &mut Tally) {
        let ids = self.ids();
        let is_kept = fs::read(&self.key).is_ok_and(|key| !key.is_empty());
        match (code, &ids[..]) {
            (0, [id]) => {
                self.key_belongs_to(*id);
                self.ledger_says("done", Some(*id));
                tally.finished_before += 1;
            }
            (2, []) => {
                assert_eq!(self.entries(), Vec::<Value>::new());
                tally.nothing_sent += 1;
                // Killed after it had made the file, and before it wrote the entry.
                let _ = fs::remove_file(&self.key);
                assert_eq!(self.again().code, 0);
                assert_eq!(self.ids().len(), 1);
            }
            (4, [id]) if is_kept => {
                let again = self.again();
                assert_eq!((again.code, self.ids().len()), (5, 1), "{again:?}");
                self.key_belongs_to(*id);
                self.ledger_says("done", Some(*id));
                tally.found_by_its_key += 1;
            }
            (4, [] | [_]) => {
                self.ledger_says("interrupted", None);
                let again = self.again();
                assert_eq!((again.code, self.ids().len()), (4, ids.len()), "{again:?}");
                let json = again.json();
                assert_eq!(json["known"]["request"], "unknown");
                let named = json["candidates"].as_array().unwrap().iter();
                let named: Vec<_> = named
                    .map(|one| one["account_id"].as_i64().unwrap())
                    .collect();
                assert_eq!(named, ids);
                tally.left_unknown += 1;
            }
            _ => panic!("exit code {code}, and {ids:?} are there"),
        }
    }

    /// The same command once more, after whoever is still at work.
    fn again(&self) -> Run {
        loop {
            let again = run(&mut self.command());
            // Two custodians may meet: then the one without the lock has sent nothing, or the service
            // has it before the ledger was looked at again.
            let has_met = again.code == 5 && again.json()["result"] != "created-before";
            if !has_met {
                return again;
            }
        }
    }

    /// The subaccounts of this organization.
    fn ids(&self) -> Vec<i64> {
        let query = ListSubaccountsQuery::builder()
            .filters_search(self.organization.clone())
            .build();
        let client = self.test.client();
        let list = self.test.block_on(client.list_subaccounts(&query)).unwrap();
        list.subaccounts
            .unwrap()
            .iter()
            .map(|one| one.account_id.unwrap())
            .collect()
    }

    #[track_caller]
    fn key_belongs_to(&self, id: i64) {
        let key = fs::read_to_string(&self.key).unwrap();
        assert_eq!(self.test.owner(&key), Some(id));
    }

    fn entries(&self) -> Vec<Value> {
        let entries = self.all_entries().into_iter();
        // A program that is killed before the last look gives no leave to send.
        let own = entries.filter(|entry| entry["state"] != "not-sent");
        own.collect()
    }

    /// All entries of this organization.
    fn all_entries(&self) -> Vec<Value> {
        let history = ["history", "--format", "json", "--ledger", &self.ledger];
        let history = self.test.run(&history).json();
        let entries = history["entries"].as_array().unwrap().iter();
        let own = entries.filter(|entry| {
            entry["summary"]
                .as_str()
                .unwrap()
                .ends_with(&format!(" {}", self.organization))
        });
        own.cloned().collect()
    }

    /// There is one entry of what may have been sent, and this is how it stands.
    #[track_caller]
    fn ledger_says(&self, state: &str, id: Option<i64>) {
        let entries = self.entries();
        assert_eq!(entries.len(), 1, "{entries:?}");
        assert_eq!(entries[0]["state"], state, "{entries:?}");
        assert_eq!(entries[0]["subaccount_id"].as_i64(), id, "{entries:?}");
    }
}

/// Kills after some time, for the custodian counted from its beginning. Who has ended by then is
/// not killed.
fn kill(victim: Victim, child: &Child, delay: Duration) {
    let process = match victim {
        Victim::Custodian => custodian_of(child),
        _ => Some(Pid::from_child(child)),
    };
    sleep(delay);
    let _ = match (victim, process) {
        (Victim::Group, Some(group)) => kill_process_group(group, Signal::KILL),
        (_, Some(process)) => kill_process(process, Signal::KILL),
        (_, None) => Ok(()),
    };
}

/// Waits until there is one, or there will be none.
fn custodian_of(child: &Child) -> Option<Pid> {
    let id = child.id();
    let mut custodian = None;
    eventually("the program has a custodian, or has ended", || {
        let stat = fs::read_to_string(format!("/proc/{id}/stat")).unwrap();
        let children = fs::read_to_string(format!("/proc/{id}/task/{id}/children"));
        let children = children.unwrap_or_default();
        let first = children.split_whitespace().next();
        custodian = first.map(|first| first.parse().unwrap());
        custodian.is_some() || stat.contains(") Z ")
    });
    custodian.and_then(Pid::from_raw)
}
