//! The subaccounts that are there: what of their products would change.

use std::sync::Arc;

use super::judge::refused_by_rules;
use super::{Judge, Listener, Work, not_written};
use crate::failure::Failure;
use crate::manifest::Subaccount;
use crate::pace::Pace;
use crate::plan::reading::{Changed, Look, Reading, ToRead};
use crate::plan::{PlannedChange, Spot, WholeChange, request_sha256, words};
use crate::price_change::{fingerprint, render};

impl Work<'_> {
    pub(super) async fn read(
        &mut self,
        wanted: Vec<ToRead>,
        judge: &mut Judge<'_>,
        listener: &mut dyn Listener,
        pace: &mut Pace,
    ) -> Result<(), Failure> {
        let making = self.making;
        pace.begin(wanted.len());
        let mut reading = Reading::new(
            making.client.clone(),
            making.reads.clone(),
            Arc::clone(&making.manifest),
            wanted.into_iter(),
            making.at_once,
        );
        while let Some((wanted, looked)) = reading.next().await {
            pace.paused(making.reads.waited());
            let Some(subaccount) = making.manifest.subaccounts.get(wanted.number) else {
                continue;
            };
            match looked {
                Ok(Look::Unchanged) => {
                    self.failures_in_a_row = 0;
                    self.tail.summary.unchanged += 1;
                    pace.advance(1);
                }
                Ok(Look::OnlyIgnored) => {
                    self.failures_in_a_row = 0;
                    self.tail.summary.unchanged += 1;
                    let name = format!("subaccount {}", wanted.id);
                    self.tail
                        .findings
                        .extend(judge.self_billed(subaccount, &name));
                    pace.advance(1);
                }
                Ok(Look::Changed(changed)) => {
                    self.failures_in_a_row = 0;
                    pace.advance(2);
                    pace.hide();
                    self.change(wanted.id, subaccount, &changed, judge, listener)?;
                }
                Err(failure) => {
                    pace.hide();
                    let name = format!("subaccount {}", wanted.id);
                    self.failed(subaccount, &name, failure).await?;
                    pace.advance(1);
                }
            }
        }
        Ok(())
    }

    fn change(
        &mut self,
        id: i64,
        subaccount: &Subaccount,
        changed: &Changed,
        judge: &mut Judge<'_>,
        listener: &mut dyn Listener,
    ) -> Result<(), Failure> {
        let Some(wanted) = subaccount.wanted() else {
            return Ok(());
        };
        let change = &changed.change;
        let findings = judge.change(subaccount, changed);
        let planned = PlannedChange {
            subaccount_id: id,
            organization_name: changed.organization_name.clone(),
            child_name: changed.child_name.clone(),
            at: Spot::of(&self.making.manifest, subaccount.at),
            price_book: subaccount
                .price_book
                .as_ref()
                .map_or_else(String::new, |book| book.name.clone()),
            live_fingerprint: fingerprint(&changed.live),
            request_sha256: request_sha256(&*wanted),
            self_billed: change.self_billed,
            summary: render::sentence(change),
            words: words(change),
        };
        let name = planned.subaccount();
        let refusals = self.making.thresholds.of_subaccount(&name, change);
        self.tail.refusals.extend(refusals);
        self.too_far.add(&self.making.thresholds, &name, change);
        self.tail.refusals.extend(refused_by_rules(&findings));
        self.tail.summary.add(change);
        let whole = WholeChange {
            planned: &planned,
            change,
            findings: &findings,
        };
        listener.change(&whole).map_err(not_written)?;
        self.changes.push(planned);
        Ok(())
    }
}
