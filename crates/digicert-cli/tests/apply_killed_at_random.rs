//! `kill -9` of `digicert apply` at moments drawn from a seed, with the sandbox keeping count: no
//! product disabled that was not shown, no second subaccount, no key lost; and the same command
//! again does the rest, and nothing twice.
//!
//! A few dozen runs here; `cargo xtask kill` does a thousand.

#![expect(clippy::print_stdout, reason = "what was hit")]

use std::fs;
use std::os::unix::process::CommandExt as _;
use std::path::PathBuf;
use std::process::Command;
use std::thread::sleep;
use std::time::{Duration, Instant};

use digicert_client::types::certcentral::SetSubaccountProductsRequest;
use digicert_sandbox::Operation;
use rustix::process::{Pid, Signal, kill_process, kill_process_group};

use crate::apply::OTHER;
use crate::killed_at_random::{assert_hit, moments, runs};
use crate::on_sandbox::{OnSandbox, for_the_owner_alone};
use crate::plan::{BOOK, CREATE, LIVE, subaccount, subaccounts};
use crate::program::run;

/// Two products more than the book has: both are shown as disabled.
const MORE: &str = r#"{"currency": "USD", "products": [
    {"product_name_id": "ssl_plus", "prices": [{"lifetime": 1, "cost": 218}]},
    {"product_name_id": "ssl_basic"}, {"product_name_id": "ssl_wildcard"},
    {"product_name_id": "code_signing", "prices": [{"lifetime": 1, "cost": 474}]}]}"#;

#[test]
fn i1_i3_i8_an_apply_that_is_killed_is_finished_by_the_next_one() {
    series(false);
}

#[test]
fn i1_i3_i8_a_job_of_apply_that_is_killed_is_finished_by_the_next_one() {
    series(true);
}

fn series(whole_job: bool) {
    let series = Series::new();
    let mut moments = moments();
    // The shortest of some: what else runs on the machine makes them longer.
    let undisturbed = (0..3).map(|number| series.attempt(runs() + 1 + number).undisturbed());
    let usual = undisturbed.min().unwrap();
    let (mut untouched, mut finished) = (0, 0);
    for number in 1..=runs() {
        let attempt = series.attempt(number);
        let delay = usual.mul_f64(1.1 * moments.f64());
        let writes = attempt.killed(whole_job, delay);
        untouched += usize::from(writes == 0);
        finished += usize::from(writes == Attempt::WRITES);
    }
    println!(
        "whole job: {whole_job}, a usual run takes {usual:?}: {untouched} of {} were killed before \
         the first write, {finished} after the last",
        runs()
    );
    assert_hit(runs() - untouched - finished);
}

/// Some subaccounts that every attempt changes anew, and one that no plan speaks of.
struct Series {
    test: OnSandbox,
    ids: [i64; 3],
    bystander: i64,
}

impl Series {
    fn new() -> Self {
        let test = OnSandbox::new();
        let ids = [1, 2, 3].map(|number| subaccount(&test, &format!("Example {number}")));
        let bystander = subaccount(&test, "Bystander");
        test.set_products(bystander, MORE);
        let partner = test.folder.write("partner.key", test.partner_key());
        for_the_owner_alone(&partner);
        Self {
            test,
            ids,
            bystander,
        }
    }

    /// Brings the subaccounts back to what the manifests differ from, and makes a plan.
    fn attempt(&self, number: usize) -> Attempt<'_> {
        let [first, second, third] = self.ids;
        self.test.set_products(first, OTHER);
        self.test.set_products(second, MORE);
        self.test.set_products(third, r#"{"products": []}"#);
        let folder = format!("prices-{number}");
        let organization = format!("Organization {number}");
        let creation = CREATE.replace("New Example", &organization);
        let write = |name: &str, text: &str| {
            self.test
                .folder
                .write(&format!("{folder}/{name}.yaml"), text);
        };
        write("books", BOOK);
        write("subaccounts", &subaccounts(&self.ids));
        write(
            "new",
            &format!(
                "format_version: 1\nsubaccounts:\n  - create:\n{creation}    key_out: new.key\n    \
                 price_book: partners\nbilling_links:\n  - api_key_file: new.key\n    \
                 partner_api_key_file: ../partner.key\n"
            ),
        );
        let plan = format!("plan-{number}.json");
        let planned = self.test.run(&["plan", &folder, "--out", &plan]);
        assert_eq!(planned.code, 1, "{planned:?}");
        self.test.sandbox.clear_requests();
        Attempt {
            series: self,
            key: self.test.folder.path().join(&folder).join("new.key"),
            organization,
            plan,
        }
    }
}

/// One plan, and all that happens to it.
struct Attempt<'a> {
    series: &'a Series,
    organization: String,
    plan: String,
    key: PathBuf,
}

impl Attempt<'_> {
    /// Three changes, a creation and its products.
    const WRITES: usize = 5;

    fn apply(&self) -> Command {
        let options = ["--yes", "--allow-disable", "--format", "json"];
        let arguments = [&["apply", &self.plan], &options[..]].concat();
        let mut command = self.series.test.program(&arguments);
        command.process_group(0);
        command
    }

    /// How long it takes when nobody disturbs it.
    fn undisturbed(&self) -> Duration {
        let begun = Instant::now();
        assert_eq!(run(&mut self.apply()).code, 0);
        begun.elapsed()
    }

    /// Kills it, lets it be finished, and looks at everything. Gives how many writes there were
    /// before it was killed.
    fn killed(&self, whole_job: bool, delay: Duration) -> usize {
        let child = self.apply().spawn().unwrap();
        sleep(delay);
        let victim = Pid::from_child(&child);
        // Who has ended by then is not killed.
        let _ = if whole_job {
            kill_process_group(victim, Signal::KILL)
        } else {
            kill_process(victim, Signal::KILL)
        };
        child.wait_with_output().unwrap();
        let writes = self.writes(Operation::SetSubaccountProducts)
            + self.writes(Operation::CreateSubaccount);
        self.shows_only_what_was_planned();
        let again = run(&mut self.apply());
        assert_eq!(again.code, 0, "{again:?}");
        self.is_complete();
        writes
    }

    fn writes(&self, operation: Operation) -> usize {
        let requests = self.series.test.sandbox.requests();
        let requests = requests.iter();
        requests
            .filter(|request| request.operation() == Some(operation))
            .count()
    }

    /// Every body that was sent is the one of the book, and only where it was planned.
    #[track_caller]
    fn shows_only_what_was_planned(&self) {
        let requests = self.series.test.sandbox.requests();
        let book: SetSubaccountProductsRequest =
            serde_json::from_str(&LIVE.replace("\"218.00\"", "218")).unwrap();
        for request in requests.iter() {
            if request.operation() != Some(Operation::SetSubaccountProducts) {
                continue;
            }
            let sent: SetSubaccountProductsRequest =
                serde_json::from_str(request.request_body()).unwrap();
            assert_eq!(sent, book, "{request}");
            let bystander = format!("/{}/", self.series.bystander);
            assert!(!request.path().contains(&bystander), "{request}");
        }
    }

    #[track_caller]
    fn is_complete(&self) {
        let Series {
            test,
            ids,
            bystander,
        } = self.series;
        self.shows_only_what_was_planned();
        assert_eq!(self.writes(Operation::CreateSubaccount), 1);
        assert_eq!(
            self.writes(Operation::SetSubaccountProducts),
            4,
            "done twice"
        );
        let key = fs::read_to_string(&self.key).unwrap();
        let created = test.owner(&key).unwrap();
        let client = test.client();
        for id in ids.iter().chain([&created]) {
            let live = test.block_on(client.list_subaccount_products(*id)).unwrap();
            let mut names: Vec<_> = live
                .products
                .iter()
                .flatten()
                .map(|one| one.product_name_id.clone())
                .collect();
            names.sort();
            let book = ["code_signing", "ssl_plus"].map(|name| Some(name.to_owned()));
            assert_eq!(names, book, "subaccount {id}");
        }
        let live = test
            .block_on(client.list_subaccount_products(*bystander))
            .unwrap();
        assert_eq!(live.products.unwrap().len(), 4);
        let details = test.block_on(client.get_subaccount(created)).unwrap();
        assert_eq!(details.organization_name.as_ref(), Some(&self.organization));
        assert_eq!(test.sandbox.billing_account_id(), Some(created));
        let open = test
            .run(&["history", "--unfinished", "--format", "json"])
            .json();
        assert_eq!(open["entries"], serde_json::json!([]));
    }
}
