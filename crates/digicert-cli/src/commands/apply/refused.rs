//! Why a plan is refused as a whole, before anything is changed.

use serde::Serialize;

use crate::failure::Failure;
use crate::manifest::Manifest;
use crate::plan::Plan;
use crate::service::Service;

/// Refuses a plan that was made for something else.
pub(super) fn another(plan: &Plan, manifest: &Manifest, service: &Service) -> Result<(), Failure> {
    let head = &plan.head;
    if head.origin != service.origin() {
        return stale(&format!(
            "the plan was made for {}, and this is {}",
            head.origin,
            service.origin()
        ));
    }
    if head.manifests.sha256 != manifest.digest {
        return stale(
            "the manifests were changed since the plan was made; make it anew with `digicert plan`",
        );
    }
    Ok(())
}

/// Refuses a plan that was made with the key of another account.
pub(super) fn another_account(plan: &Plan, id: Option<i64>) -> Result<(), Failure> {
    if id == plan.head.account_id {
        return Ok(());
    }
    let shown = |id: Option<i64>| id.map_or("unknown".to_owned(), |id| id.to_string());
    stale(&format!(
        "the plan was made for account {}, and the key belongs to account {}",
        shown(plan.head.account_id),
        shown(id)
    ))
}

fn stale(why: &str) -> Result<(), Failure> {
    let message = format!("nothing was changed: {why}");
    Err(Failure::unsafe_to_go_on(message).with_result("stale"))
}

/// Refuses a plan that thresholds or rules refuse.
pub(super) fn by_itself(refusals: &[String]) -> Result<(), Failure> {
    if refusals.is_empty() {
        return Ok(());
    }
    // The plan itself has just said why.
    let message = "nothing was changed: the plan is refused; what for is said above and, with `--format json`, in \
                   `refusals`";
    Err(Failure::unsafe_to_go_on(message)
        .with_result("plan-refused")
        .with_details(&Refused { refusals }))
}

/// What programs are told of a plan that is refused.
#[derive(Serialize)]
struct Refused<'a> {
    refusals: &'a [String],
}
