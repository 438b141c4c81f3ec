//! What the custodian says of a creation, as a part of the report: whether there is a subaccount, and
//! where its key is.

use super::creation::{Created, how_to_settle};
use super::item_result::ItemResult;
use super::report::Happened;
use crate::custodian::{CreationEnd, KeyFate};
use crate::ledger::EndingKind;
use crate::requested_wait::NotBefore;

/// The subaccount; else what became of the creation.
pub(super) fn created(end: CreationEnd, is_managed: bool) -> Result<Created, Box<Happened>> {
    let result = match end.kind {
        EndingKind::Done => ItemResult::Done,
        EndingKind::Refused => ItemResult::Refused,
        EndingKind::NotSent | EndingKind::NotDone => ItemResult::NotSent,
        EndingKind::Unknown => ItemResult::Unknown,
    };
    let mut happened = Happened::new(result).entry(end.entry);
    happened.message = end.message;
    happened.not_before = end.retry_after.and_then(NotBefore::after);
    happened.subaccount_id = end.subaccount_id;
    let is_created = end.kind == EndingKind::Done;
    if let Some(doubt) = doubt_of_key(&mut happened, end.key, is_created, is_managed) {
        let why = happened.message.take().filter(|_| !is_created);
        happened.result = ItemResult::Unknown;
        happened.message = Some(why.map_or_else(|| doubt.clone(), |why| format!("{why}; {doubt}")));
    }
    match happened.subaccount_id {
        Some(id) if is_created => {
            return Ok(Created {
                id,
                is_new: true,
                happened,
            });
        }
        None if happened.result == ItemResult::Done => {
            happened.result = ItemResult::Unknown;
            happened.message = Some(format!(
                "it was created, but nobody knows its ID, so it has no products yet; {}",
                how_to_settle(end.entry)
            ));
        }
        _ if happened.result == ItemResult::Unknown => {
            let said = happened.message.take().unwrap_or_default();
            let way_on = how_to_settle(end.entry);
            happened.message = Some(format!("{said}; {way_on}"));
        }
        _ => {}
    }
    Err(Box::new(happened))
}

/// Says where the key is, or gives what is wrong with it.
pub(super) fn doubt_of_key(
    happened: &mut Happened,
    key: KeyFate,
    is_created: bool,
    is_managed: bool,
) -> Option<String> {
    match key {
        KeyFate::Kept { place } => {
            happened.key_in = Some(place);
            None
        }
        KeyFate::Rescued { place, why } => {
            happened.key_in = Some(place);
            Some(format!(
                "the key could not be put where it was to go: {why}"
            ))
        }
        KeyFate::Missing { answer: Some(path) } if !is_created => {
            Some(format!("what came is in {path}, and may have a key in it"))
        }
        // Without an answer there is neither a key nor a subaccount to speak of.
        _ if !is_created => None,
        KeyFate::Lost { why } => Some(format!(
            "it was created, but its key is lost ({why}); only DigiCert's support can provide \
             another one"
        )),
        KeyFate::Missing { answer: Some(path) } => Some(format!(
            "it was created, but no key was found in the answer; the answer is in {path}"
        )),
        KeyFate::Missing { answer: None } => {
            Some("it was created, but where its key is, nobody wrote down".to_owned())
        }
        KeyFate::None => is_managed.then(|| "it was created, but no key came".to_owned()),
    }
}
