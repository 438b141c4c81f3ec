//! Applying a plan: exactly what it shows, one subaccount after the other, each entered in the ledger
//! before and after. What is done already is not done again, one failure does not stop the others,
//! and everything that happened is in the report.
//!
//! What a plan says is in `plan/`; how one subaccount is changed, in `price_setting/`; how one is
//! created, in `custodian/`.

mod before;
mod change;
mod creation;
mod custodian_report;
mod first_products;
mod goes_on;
mod item_result;
mod link;
mod partner_keys;
mod report;

use digicert_client::Error;
use digicert_client::certcentral::Client;

use crate::failure::Failure;
use crate::ledger::Ledger;
use crate::manifest::Manifest;
use crate::pace::Pace;
use crate::patient_reads::PatientReads;
use crate::plan::{FAILURES_IN_A_ROW, Places, Plan, is_refused};
use crate::requested_wait::{self, NotBefore};
use crate::service::Service;
use crate::stop::Stop;

use before::{Before, EarlierEntry};
use goes_on::GoesOn;
use link::Links;
use report::Happened;
pub(crate) use report::{Item, Report, Stopped};

/// A plan that was shown, allowed and confirmed, with all that applying it needs.
pub(crate) struct Applying<'a> {
    pub(crate) plan: &'a Plan,
    pub(crate) manifest: &'a Manifest,
    pub(crate) service: &'a Service,
    pub(crate) client: Client,
    pub(crate) ledger: &'a Ledger,
    pub(crate) stop: Stop,
    pub(crate) reads: PatientReads,
}

impl Applying<'_> {
    /// Does everything that is left to do. `told` hears of each item when it has ended.
    pub(crate) async fn run(
        &self,
        pace: &mut Pace,
        told: &mut dyn FnMut(&Item),
    ) -> Result<Report, Failure> {
        let before = Before::of(self.ledger, self.plan)?;
        let places = Places::of(self.manifest);
        let (changes, tail) = (&self.plan.changes, &self.plan.tail);
        pace.begin(changes.len() + tail.creations.len() + tail.billing_links.len());
        let mut progress = ApplyProgress {
            applying: self,
            report: Report::of(self.plan),
            failures_in_a_row: 0,
            not_before: None,
            pace,
            told,
        };
        for planned in changes {
            let subaccount = places.subaccount(&planned.at);
            let work = Box::pin(self.change(planned, subaccount, &before));
            progress.part(Item::of_change(planned), 5, work).await;
        }
        for planned in &tail.creations {
            let subaccount = places.subaccount(&planned.at);
            let work = Box::pin(self.create(planned, subaccount, &before));
            progress.part(Item::of_creation(planned), 8, work).await;
        }
        let links = Links::of(self);
        for planned in &tail.billing_links {
            let created = progress.report.created_for(planned);
            let work = Box::pin(links.make(planned, places.billing_link(&planned.at), created));
            progress.part(Item::of_link(planned), 1, work).await;
        }
        for failure in &tail.failures {
            progress.report.add(Item::of_failure(failure));
        }
        progress.pace.hide();
        Ok(progress.report)
    }

    /// Reads with patience; `None` if somebody wants it to stop.
    async fn read<T, R: Future<Output = Result<T, Error>>>(
        &self,
        read: impl Fn() -> R,
    ) -> Option<R::Output> {
        let read = Box::pin(self.reads.read(read));
        self.stop.unless_asked(read).await
    }
}

/// How far it has come, and why it goes no further.
struct ApplyProgress<'a, 'b> {
    applying: &'a Applying<'a>,
    report: Report,
    failures_in_a_row: usize,
    /// Until when the service wants no more requests.
    not_before: Option<NotBefore>,
    pace: &'b mut Pace,
    told: &'b mut dyn FnMut(&Item),
}

impl ApplyProgress<'_, '_> {
    /// Does one part, unless it goes no further.
    async fn part(&mut self, item: Item, requests: usize, work: impl Future<Output = Happened>) {
        self.wait_for_the_service().await;
        if self.is_stopped() {
            self.report.add(item);
        } else {
            let happened = work.await;
            self.ended(item, happened, requests).await;
        }
    }

    fn is_stopped(&mut self) -> bool {
        if self.report.stopped.is_none() {
            let asked = self.applying.stop.asked_by();
            self.report.stopped = asked.map(|asked| Stopped::new(asked.as_str()));
        }
        self.report.stopped.is_some()
    }

    async fn wait_for_the_service(&mut self) {
        let rest = self.not_before.take().map(NotBefore::rest);
        if let Some(rest) = rest.filter(|_| !self.is_stopped()) {
            self.pace.hide();
            let wait = requested_wait::wait(rest, "before anything else is sent");
            self.applying.stop.unless_asked(wait).await;
            self.pace.paused(rest);
        }
    }

    async fn ended(&mut self, mut item: Item, happened: Happened, requests: usize) {
        item.happened(happened);
        if item.result.is_failure() {
            self.failures_in_a_row += 1;
        } else {
            self.failures_in_a_row = 0;
        }
        let Applying { client, stop, .. } = self.applying;
        if item.is_access_denied && stop.unless_asked(is_refused(client)).await == Some(true) {
            let stopped = Stopped::new("the key does not work any more");
            self.report.stopped = Some(stopped.until(GoesOn::OncePutRight));
        } else if self.failures_in_a_row >= FAILURES_IN_A_ROW {
            let why = format!("{FAILURES_IN_A_ROW} in a row have failed");
            self.report.stopped = Some(Stopped::new(why));
        } else if let Some(end) = item.not_before {
            let is_too_long = end.rest() > requested_wait::OF_LONG_WORK;
            // It says itself when to go on.
            let why = || Stopped::new(end.too_long("does the rest")).until(GoesOn::Otherwise);
            self.report.stopped = is_too_long.then(why);
            self.not_before = Some(end);
        }
        self.pace.paused(self.applying.reads.waited());
        self.pace.hide();
        (self.told)(&item);
        self.pace.advance(requests);
        self.report.add(item);
    }
}
