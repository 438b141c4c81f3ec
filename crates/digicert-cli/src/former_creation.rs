//! An earlier creation from the same document: whether it is still going on, whether its request
//! was sent, whether an answer came, and which subaccounts it may have made.
//!
//! Nothing here creates anything, and what cannot be told is said to be unknown (I1).

use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use digicert_client::certcentral;
use digicert_types::CertCentralApiKey;
use digicert_types::certcentral::{
    Account, CreateSubaccountRequest, SubaccountDetails, SubaccountSummary, SubaccountType,
};
use serde::Serialize;
use zeroize::Zeroizing;

use crate::advised_command;
use crate::custodian::{ANSWER_IN, KEY_IN, KEY_OUT, KeyFate, account_of};
use crate::existing_subaccount::of_organization;
use crate::failure::Failure;
use crate::ledger::{
    Action, Ending, EndingKind, Entry, EntryId, Exclusive, Filter, KnownFrom, Ledger, LedgerError,
    UNDER_WAY, wait_for,
};
use crate::subaccount_name::is_same;
use crate::table::{Column, Table};

/// How long a custodian that is still at work is waited for: longer than it may take for the request,
/// for a program that puts the key away, and for asking the key whose it is.
const OTHER_RUN_ENDS_WITHIN: Duration = Duration::from_secs(600);

/// A key has a few dozen characters.
const LONGEST_KEY: u64 = 8 * 1024;

/// The entries of creations from this document for an account, the oldest first. One that was refused or not sent
/// is no obstacle to another.
pub(crate) fn of_document(
    ledger: &Ledger,
    origin: &str,
    account_id: Option<i64>,
    fingerprint: &str,
) -> Result<Vec<Entry>, Failure> {
    let entries = ledger.entries(&Filter {
        action: Some(Action::CreateSubaccount),
        origin: Some(origin.to_owned()),
        account_id,
        fingerprint: Some(fingerprint.to_owned()),
        ..Filter::default()
    })?;
    Ok(entries)
}

/// The creation from this document that this run has begun, as far as the ledger can be read.
pub(crate) fn of_this_run(ledger: &Ledger, fingerprint: &str) -> Option<Entry> {
    let entries = ledger.entries(&Filter {
        fingerprint: Some(fingerprint.to_owned()),
        ..Filter::default()
    });
    let mut entries = entries.ok()?.into_iter();
    entries.rfind(|entry| entry.run == ledger.run())
}

/// What is known of a creation that has no ending, or an unknown one.
#[derive(Debug, Serialize)]
pub(crate) struct Facts {
    pub(crate) entry: EntryId,
    /// A custodian has it in hand right now.
    pub(crate) is_under_way: bool,
    pub(crate) request: RequestSent,
    pub(crate) answer: Answer,
    /// The file that the key was to go to.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) key_file: Option<KeyFile>,
    /// The file with what came as an answer, in which no key was found.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) answer_file: Option<String>,
}

/// Whether the request was sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum RequestSent {
    /// It was, at least in part.
    Sent,
    /// It was about to be.
    Unknown,
}

/// Whether an answer came.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Answer {
    /// Its key is there.
    Came,
    /// None, or none that says whether the subaccount exists.
    None,
    /// It may have come, and was lost with the process that waited for it.
    Unknown,
}

#[derive(Debug, Serialize)]
pub(crate) struct KeyFile {
    pub(crate) path: PathBuf,
    pub(crate) state: KeyFileState,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum KeyFileState {
    /// Something was written to it.
    Filled,
    Empty,
    /// It is not there, or cannot be looked at.
    Missing,
}

impl Facts {
    /// What this machine knows, without asking the service.
    pub(crate) fn of(ledger: &Ledger, entry: &Entry) -> Self {
        let is_under_way = ledger.is_under_way(entry).unwrap_or_default();
        let key_file = entry.detail.text(KEY_OUT).map(|path| KeyFile {
            path: path.into(),
            state: state(Path::new(path)),
        });
        let was_ended = entry.ended.is_some();
        let has_come = entry.ending() == Some(EndingKind::Done);
        // Without an answer its file was taken away: what is there now is another creation's.
        let is_filled = !was_ended
            && key_file
                .as_ref()
                .is_some_and(|file| file.state == KeyFileState::Filled);
        Self {
            entry: entry.id,
            is_under_way,
            request: if was_ended || is_filled {
                RequestSent::Sent
            } else {
                RequestSent::Unknown
            },
            answer: match (is_filled || has_come, was_ended) {
                (true, _) => Answer::Came,
                (false, true) => Answer::None,
                (false, false) => Answer::Unknown,
            },
            key_file,
            answer_file: answer_file(entry),
        }
    }

    /// Where its key is, if there is one; `None` while it may still come.
    pub(crate) fn key(&self, entry: &Entry) -> Option<KeyFate> {
        match (&self.key_file, self.answer) {
            _ if self.is_under_way => None,
            _ if entry.ended.is_some() => Some(key(entry)),
            (Some(file), Answer::Came) => Some(KeyFate::Kept {
                place: file.path.display().to_string(),
            }),
            _ => Some(key(entry)),
        }
    }

    /// The same in words, a sentence a line.
    pub(crate) fn sentences(&self, entry: &Entry) -> Vec<String> {
        if self.is_under_way {
            return vec![UNDER_WAY.to_owned()];
        }
        if entry.is_nameless() {
            return nameless(entry);
        }
        let message = entry
            .ended
            .as_ref()
            .and_then(|ended| ended.message.as_deref());
        let mut sentences = vec![match (self.request, message) {
            (RequestSent::Sent, Some(message)) => {
                format!("The request was sent, and its outcome is unknown: {message}.")
            }
            (RequestSent::Sent, None) => "The request was sent.".to_owned(),
            (RequestSent::Unknown, _) => {
                "It was interrupted. Whether the request was sent is not known: it was about to be."
                    .to_owned()
            }
        }];
        sentences.push(match (self.answer, &self.key_file) {
            (Answer::Came, Some(file)) => {
                format!("An answer arrived: its key is in {}.", file.path.display())
            }
            (Answer::None, _) => "No answer says whether the subaccount was created.".to_owned(),
            (_, Some(file)) if file.state == KeyFileState::Empty => format!(
                "Whether an answer arrived is not known; no key was put into {}.",
                file.path.display()
            ),
            _ => "Whether an answer arrived is not known; none was written down.".to_owned(),
        });
        if let Some(path) = &self.answer_file {
            sentences.push(format!("What came is in {path}: look there first."));
        }
        if is_managed(entry) && self.answer != Answer::Came {
            let sentence = "If the subaccount exists, its key is not known here, and only \
                            DigiCert's support can provide another one: \
                            https://www.digicert.com/contact-us/";
            sentences.push(sentence.to_owned());
        }
        sentences
    }
}

/// What is known of a creation that made nobody knows which subaccount.
fn nameless(entry: &Entry) -> Vec<String> {
    let created = "It created a subaccount, and no answer says which one.".to_owned();
    let key = match key(entry) {
        KeyFate::Kept { place } | KeyFate::Rescued { place, .. } => format!("Its key: {place}."),
        _ => "Where its key is, nobody wrote down.".to_owned(),
    };
    vec![created, key]
}

fn state(path: &Path) -> KeyFileState {
    match fs::metadata(path) {
        Ok(file) if file.is_file() && file.len() > 0 => KeyFileState::Filled,
        Ok(file) if file.is_file() => KeyFileState::Empty,
        _ => KeyFileState::Missing,
    }
}

/// Waits while a custodian has the creation in hand, and gives the entry as it is then.
pub(crate) async fn after_the_custodian(ledger: &Ledger, entry: Entry) -> Result<Entry, Failure> {
    if entry.ended.is_some() {
        return Ok(entry);
    }
    let fingerprint = entry.fingerprint.as_deref().unwrap_or_default();
    // If it takes too long, the facts say that it is under way.
    wait_for(
        ledger.path(),
        Exclusive::Creating(fingerprint),
        OTHER_RUN_ENDS_WITHIN,
    )
    .await?;
    let now = ledger.entry(entry.id)?;
    Ok(now.unwrap_or(entry))
}

/// Asks the key that was kept whose it is. If it says so, the creation is settled, or its key is not
/// missing any more. The file may have been moved away since, and hold the key of another creation:
/// a subaccount that another entry made, or of another organization, settles nothing.
pub(crate) async fn settle_by_its_key(
    ledger: &Ledger,
    entry: &Entry,
) -> Result<Option<i64>, Failure> {
    let written = entry.ended.as_ref().map(|ended| &ended.detail);
    let was_kept = written.and_then(|detail| detail.text(KEY_IN));
    let Some(path) = was_kept.or(entry.detail.text(KEY_OUT)) else {
        return Ok(None);
    };
    let Some(key) = key_in(Path::new(path)) else {
        return Ok(None);
    };
    let Some(account) = account_of(&entry.origin, &key).await else {
        return Ok(None);
    };
    let Some(id) = account.id.filter(|_| may_be_made_by(entry, &account)) else {
        return Ok(None);
    };
    let is_another = entry.subaccount_id.is_some_and(|known| known != id);
    if is_another || made_by_others(ledger, entry)?.contains(&id) {
        return Ok(None);
    }
    let detail = match written.filter(|_| was_kept.is_some()) {
        Some(detail) => detail.clone(),
        None => KeyFate::Kept {
            place: path.to_owned(),
        }
        .detail(),
    };
    let ending = Ending::done()
        .known_from(KnownFrom::Lookup)
        .subaccount(Some(id))
        .because("found by its key")
        .detail(detail);
    ledger.end(entry.id, &ending)?;
    Ok(Some(id))
}

/// Only a managed subaccount gets a key, and it is of the organization that was asked for.
fn may_be_made_by(entry: &Entry, account: &Account) -> bool {
    let Some(request) = request(entry) else {
        return false;
    };
    let organization = account.primary_organization_name.as_deref();
    account.id != entry.account_id
        && request.account_type == SubaccountType::Managed
        && organization.is_none_or(|name| is_same(name, &request.organization.name))
}

fn key_in(path: &Path) -> Option<CertCentralApiKey> {
    let length = fs::metadata(path).ok().filter(fs::Metadata::is_file)?.len();
    if !(1..=LONGEST_KEY).contains(&length) {
        return None;
    }
    let text = Zeroizing::new(fs::read_to_string(path).ok()?);
    Some(text.trim().into())
}

/// The subaccounts that the creation may have made: of the same organization and type, not older
/// than it, and not known to have been made by another one.
pub(crate) async fn candidates(
    client: &certcentral::Client,
    ledger: &Ledger,
    entry: &Entry,
) -> Result<Vec<SubaccountSummary>, Failure> {
    let Some(request) = request(entry) else {
        return Ok(Vec::new());
    };
    let mut found = of_organization(client, &request.organization.name).await??;
    keep_type(&mut found, &request);
    let others = made_by_others(ledger, entry)?;
    found.retain(|subaccount| {
        let day = subaccount.date_created.as_deref().and_then(day);
        day.is_none_or(|day| day >= entry.month_before.as_str())
            && subaccount.account_id.is_none_or(|id| !others.contains(&id))
    });
    Ok(found)
}

/// Leaves those of the type that a request asks for.
pub(crate) fn keep_type(found: &mut Vec<SubaccountSummary>, request: &CreateSubaccountRequest) {
    let wanted = request.account_type.to_string();
    found.retain(|subaccount| {
        let kind = subaccount.account_type.as_ref().map(ToString::to_string);
        kind.is_none_or(|kind| is_same(&kind, &wanted))
    });
}

/// Why the creation cannot have made this subaccount, as the service describes it. What is not
/// known speaks against nothing.
pub(crate) fn speaks_against(
    ledger: &Ledger,
    entry: &Entry,
    found: &SubaccountDetails,
) -> Result<Option<String>, Failure> {
    let differs = |name: Option<&str>, asked: &str| name.is_some_and(|name| !is_same(name, asked));
    let kind = found.account_type.as_ref().map(ToString::to_string);
    let organization = found.organization_name.as_deref();
    let child = found.child_name.as_deref();
    if let Some(request) = request(entry) {
        let asked = &request.organization.name;
        if differs(organization, asked) {
            let organization = organization.unwrap_or_default();
            return Ok(Some(format!(
                "it is of {organization}, and {asked} was asked for"
            )));
        }
        let asked = request.account_type.to_string();
        if differs(kind.as_deref(), &asked) {
            let kind = kind.unwrap_or_default();
            return Ok(Some(format!(
                "its type is {kind}, and {asked} was asked for"
            )));
        }
        let asked = request.child_name.as_deref().unwrap_or_default();
        if !asked.is_empty() && differs(child, asked) {
            let child = child.unwrap_or_default();
            return Ok(Some(format!(
                "its name is {child}, and {asked} was asked for"
            )));
        }
    }
    let created = found.date_created.as_deref();
    if let Some(day) = created.and_then(day)
        && day < entry.month_before.as_str()
    {
        return Ok(Some(format!(
            "it was created on {day}, long before this entry"
        )));
    }
    let others = made_by_others(ledger, entry)?;
    let is_others = found.account_id.is_some_and(|id| others.contains(&id));
    Ok(is_others.then(|| "another entry of this ledger created it".to_owned()))
}

/// The day of a time as the service writes it, `2018-11-29 01:48:04`; none if it is written
/// otherwise, because what cannot be compared says nothing about its age.
fn day(time: &str) -> Option<&str> {
    const LIKE: &[u8] = b"dddd-dd-dd";
    let (day, rest) = time.split_at_checked(LIKE.len())?;
    let is_day = day.bytes().zip(LIKE).all(|(is, like)| match like {
        b'd' => is.is_ascii_digit(),
        _ => is == *like,
    });
    let is_time = rest.is_empty() || rest.starts_with([' ', 'T']);
    (is_day && is_time).then_some(day)
}

/// The subaccounts that may be the one, for people.
pub(crate) fn listed(candidates: &[SubaccountSummary], color: bool) -> String {
    if candidates.is_empty() {
        return "The service lists no subaccount that it could have made. \
                One may still appear there.\n"
            .to_owned();
    }
    let table = table(candidates, color);
    format!("The service lists what it may have made:\n\n{table}")
}

/// The command that says which subaccount it was: the only one that it can have been, if there is one.
pub(crate) fn settled_as_created(
    entry: EntryId,
    candidates: Option<&[SubaccountSummary]>,
) -> String {
    let id = match candidates {
        Some([only]) => only.account_id.map(|id| id.to_string()),
        _ => None,
    };
    let id = id.as_deref().unwrap_or("ID");
    advised_command::on_ledger(&format!("history settle {entry} --created {id}"))
}

/// Subaccounts as a table.
pub(crate) fn table(subaccounts: &[SubaccountSummary], color: bool) -> String {
    const COLUMNS: [Column; 4] = [
        Column::Right("ID"),
        Column::Left("TYPE"),
        Column::Left("ORGANIZATION"),
        Column::Left("CREATED"),
    ];
    let mut table = Table::new(&COLUMNS);
    for subaccount in subaccounts {
        let kind = subaccount.account_type.as_ref().map(ToString::to_string);
        table.row([
            subaccount
                .account_id
                .map(|id| id.to_string())
                .unwrap_or_default(),
            kind.unwrap_or_default(),
            subaccount.organization_name.clone().unwrap_or_default(),
            subaccount.date_created.clone().unwrap_or_default(),
        ]);
    }
    table.text(color)
}

/// The body of the request, as the ledger has it.
pub(crate) fn request(entry: &Entry) -> Option<CreateSubaccountRequest> {
    serde_json::from_str(entry.request.as_deref()?).ok()
}

fn made_by_others(ledger: &Ledger, entry: &Entry) -> Result<Vec<i64>, Failure> {
    let creations = ledger.entries(&Filter {
        action: Some(Action::CreateSubaccount),
        origin: Some(entry.origin.clone()),
        ..Filter::default()
    })?;
    let others = creations
        .into_iter()
        .filter(|other| other.id != entry.id && other.ending() == Some(EndingKind::Done));
    Ok(others.filter_map(|other| other.subaccount_id).collect())
}

/// Where the key of a creation is, as far as the ledger has it. A managed subaccount has one: if
/// nobody wrote down where, it is missing.
pub(crate) fn key(entry: &Entry) -> KeyFate {
    let written = entry.ended.as_ref().map(|ended| KeyFate::of(&ended.detail));
    match written {
        Some(KeyFate::None) | None if is_managed(entry) => KeyFate::Missing {
            answer: answer_file(entry),
        },
        written => written.unwrap_or(KeyFate::None),
    }
}

/// A file that a key was rescued to, or an answer that may hold one, and that nobody has moved away.
#[derive(Debug)]
pub(crate) struct LeftBehind {
    pub(crate) entry: Entry,
    pub(crate) path: PathBuf,
    pub(crate) is_key: bool,
}

/// All of them, the oldest first. What is open is none of them: its key is not all that is open.
pub(crate) fn left_behind(ledger: &Ledger) -> Result<Vec<LeftBehind>, LedgerError> {
    let mut found = Vec::new();
    let creations = Filter {
        action: Some(Action::CreateSubaccount),
        ..Filter::default()
    };
    ledger.each(&creations, |entry| {
        if entry.is_unfinished() || entry.ending() != Some(EndingKind::Done) {
            return;
        }
        let (path, is_key) = match key(&entry) {
            KeyFate::Rescued { place, .. } => (place, true),
            KeyFate::Missing {
                answer: Some(answer),
            } => (answer, false),
            _ => return,
        };
        let path = PathBuf::from(path);
        if path.is_file() {
            found.push(LeftBehind {
                entry,
                path,
                is_key,
            });
        }
    })?;
    Ok(found)
}

fn is_managed(entry: &Entry) -> bool {
    request(entry).is_some_and(|request| request.account_type == SubaccountType::Managed)
}

fn answer_file(entry: &Entry) -> Option<String> {
    let detail = &entry.ended.as_ref()?.detail;
    detail.text(ANSWER_IN).map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::day;

    #[test]
    fn only_a_day_that_can_be_compared_says_how_old_something_is() {
        for (time, expected) in [
            ("2018-11-29 01:48:04", Some("2018-11-29")),
            ("2018-11-29T01:48:04+00:00", Some("2018-11-29")),
            ("2018-11-29", Some("2018-11-29")),
            ("29-11-2018 01:48:04", None),
            ("11/29/2018", None),
            ("29 Nov 2018", None),
            ("1543456084", None),
            ("2018-11-291", None),
            ("zwölf Uhr", None),
            ("", None),
        ] {
            assert_eq!(day(time), expected, "{time}");
        }
    }
}
