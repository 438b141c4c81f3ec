//! What is left out of a plan, and what ends the making of it.

use digicert_client::certcentral::Client;

use super::Work;
use crate::failure::Failure;
use crate::manifest::Subaccount;
use crate::outcome::Outcome;
use crate::plan::{PlannedFailure, Spot};

/// So many failures in a row have one cause, which more requests do not remove.
pub(crate) const FAILURES_IN_A_ROW: usize = 20;

impl Work<'_> {
    /// A read that failed: the others go on, unless it is the key or all of them fail.
    pub(super) async fn failed(
        &mut self,
        subaccount: &Subaccount,
        name: &str,
        failure: Failure,
    ) -> Result<(), Failure> {
        self.failures_in_a_row += 1;
        if failure.is_access_denied() && is_refused(&self.making.client).await {
            return Err(Failure::ending(
                failure.outcome(),
                format!("the key does not work any more: {failure}"),
            ));
        }
        refuse_pause(&failure)?;
        if self.failures_in_a_row >= FAILURES_IN_A_ROW {
            return Err(Failure::ending(
                failure.outcome(),
                format!(
                    "{FAILURES_IN_A_ROW} subaccounts in a row cannot be read; the last: {failure}"
                ),
            ));
        }
        let at = self.spot(subaccount);
        self.leave_out(PlannedFailure {
            subaccount: name.to_owned(),
            is_link: false,
            is_clash: false,
            is_refused: failure.outcome() == Outcome::Refused,
            is_untold: failure.outcome() == Outcome::Unsafe,
            at,
            message: failure.to_string(),
        });
        Ok(())
    }

    /// It can be read, but not told which subaccount is meant.
    pub(super) fn clash(&mut self, subaccount: &Subaccount, name: &str, message: String) {
        let at = self.spot(subaccount);
        self.leave_out(PlannedFailure {
            subaccount: name.to_owned(),
            is_link: false,
            is_clash: true,
            is_refused: false,
            is_untold: false,
            at,
            message,
        });
    }

    fn spot(&self, subaccount: &Subaccount) -> Spot {
        Spot::of(&self.making.manifest, subaccount.at)
    }

    pub(super) fn leave_out(&mut self, failure: PlannedFailure) {
        self.outcome = self.outcome.max(failure.outcome());
        self.tail.summary.failed += 1;
        self.tail.summary.clashes += usize::from(failure.is_clash);
        self.tail.failures.push(failure);
    }
}

/// Nothing is left out because the service wants no more requests now, also after all the patience:
/// the rest would be left out as well.
pub(super) fn refuse_pause(failure: &Failure) -> Result<(), Failure> {
    match failure.not_before() {
        Some(end) if !end.rest().is_zero() => {
            let why = end.too_long("makes the plan");
            let message = format!("{why}; the last answer: {failure}");
            Err(Failure::ending(failure.outcome(), message))
        }
        _ => Ok(()),
    }
}

/// Whether the service refuses the key of a client altogether. That it cannot be asked says nothing
/// of the key.
pub(crate) async fn is_refused(client: &Client) -> bool {
    let account = client.get_account().await;
    account.is_err_and(|error| error.is_access_denied())
}
