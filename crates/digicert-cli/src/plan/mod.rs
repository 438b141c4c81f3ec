//! The plan: what would be changed so that the service has what manifests say. Made by reading, kept
//! as a file, shown to people; applying it is in `apply/`.

mod addressee;
mod billing_link;
mod changes_in_file;
mod claims;
mod contents;
mod drift;
mod existing;
mod file;
mod key_files;
mod key_in_doubt;
mod links_in_ledger;
mod made_elsewhere;
mod making;
mod not_ready;
mod part_file;
mod places;
mod reading;
pub(crate) mod render;
mod request;
mod significant;
mod thresholds;
mod too_far;
mod under_way;

pub(crate) use addressee::Addressee;
pub(crate) use billing_link::{LinkedBefore, PaidBefore, Payer};
pub(crate) use changes_in_file::tell_changes;
pub(crate) use claims::{Claims, indistinct};
pub(crate) use contents::{
    Head, Manifests, PlannedChange, PlannedCreation, PlannedFailure, PlannedLink, Spot, Summary,
    Tail, WholeChange,
};
pub(crate) use drift::Drift;
pub(crate) use existing::Existing;
pub(crate) use file::{Plan, PlanWriter, read};
pub(crate) use key_in_doubt::{CreationsInLedger, KeyInDoubt};
pub(crate) use links_in_ledger::{LinksInLedger, PartnerKeyFrom, link_fingerprint};
pub(crate) use made_elsewhere::{CreationsMade, MadeElsewhere};
pub(crate) use making::{FAILURES_IN_A_ROW, Listener, Made, Making, is_refused, refusal};
pub(crate) use not_ready::{NotReady, not_ready};
pub(crate) use part_file::PartFile;
pub(crate) use places::Places;
pub(crate) use reading::AT_ONCE_WITHOUT_LIMITS;
use request::sha256;
pub(crate) use request::{request_sha256, words};
pub(crate) use thresholds::{ThresholdOptions, Thresholds};
use too_far::TooFar;
pub(crate) use under_way::UnderWay;
