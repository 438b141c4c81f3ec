//! The custodian's own side: what runs in the child.

use std::ffi::OsString;
use std::io::{self, Write as _};

use digicert_client::{Error, ErrorKind, RetryPolicy, certcentral};
use digicert_types::CertCentralApiKey;
use digicert_types::certcentral::{Account, CreatedSubaccount, SubaccountType};
use zeroize::Zeroizing;

use super::asker::Asker;
use super::job::{CreationEnd, FailedLook, Job, KeyDestination, LastLook, NotSent, Report, WhyNot};
use super::key_fate::{KEY_OUT, KeyFate};
use super::key_place::OpenPlace;
use super::rescue::rescue;
use crate::asynchronous;
use crate::existing_subaccount::siblings_but;
use crate::failure::{Failure, with_cause};
use crate::ledger::{
    Action, Detail, Ending, EndingKind, EntryId, Exclusive, Filter, KnownFrom, Ledger, Lock,
    NewEntry,
};
use crate::outcome::Outcome;
use crate::service::{self, core_dump};
use crate::subaccount_name::Identity;

/// The only argument of a custodian. The command line knows no such command: nobody but the program
/// is to find it in a list, a completion or a manual.
pub(super) const ARGUMENT: &str = "custodian";

/// Whether these are the arguments of a custodian.
pub(crate) fn is_asked_for(arguments: impl IntoIterator<Item = OsString>) -> bool {
    arguments.into_iter().skip(1).eq([ARGUMENT])
}

/// Creates a subaccount and keeps its key; the job comes over the pipe.
pub(crate) fn run() -> Result<Outcome, Failure> {
    detach();
    core_dump::forbid();
    let (job, asker) = read_job()?;
    asynchronous::run(async {
        let _ignored = ignore_signals()?;
        match work(&job, &asker).await {
            Ok(end) => report(&Report::Ended(end)),
            Err(not_sent) => report(&Report::NotSent(not_sent)),
        }
        Ok(Outcome::Done)
    })
}

/// Leaves the session of the terminal: neither its keys nor its end reach this process. Nor can a
/// program that is started from here ask at the terminal, which would stop it for good.
#[cfg(unix)]
fn detach() {
    // Fails for the leader of a group only, who is nobody's child.
    let _ = rustix::process::setsid();
}

/// Elsewhere it was started so.
#[cfg(not(unix))]
fn detach() {}

/// What asks a process to end is ignored while there is something to be lost.
#[cfg(unix)]
fn ignore_signals() -> Result<impl Sized, Failure> {
    use tokio::signal::unix::{SignalKind, signal};

    let kinds = [
        SignalKind::interrupt(),
        SignalKind::terminate(),
        SignalKind::hangup(),
        SignalKind::quit(),
    ];
    let ignored: io::Result<Vec<_>> = kinds.into_iter().map(signal).collect();
    ignored.map_err(|error| Failure::new(format!("cannot ignore signals: {error}")))
}

/// Elsewhere it has no console that could ask it.
#[cfg(not(unix))]
#[expect(clippy::unnecessary_wraps, reason = "elsewhere it may fail")]
fn ignore_signals() -> Result<impl Sized, Failure> {
    Ok(())
}

/// A job that is not there to its last byte is none: whoever wrote it died.
fn read_job() -> Result<(Job, Asker), Failure> {
    // What serde says could quote the text, and with it a key.
    let read = Asker::listen().ok().and_then(|(text, asker)| {
        let job = serde_json::from_slice(&text).ok()?;
        Some((job, asker))
    });
    read.ok_or_else(|| {
        Failure::new(
            "no job came; this command is for the program's own use, try `digicert subaccount create`",
        )
    })
}

/// With nobody left to read it, the ledger has it.
fn report(report: &Report) {
    if let Ok(line) = serde_json::to_string(report) {
        let mut out = io::stdout().lock();
        let _ = writeln!(out, "{line}").and_then(|()| out.flush());
    }
}

#[expect(clippy::needless_pass_by_value, reason = "for `map_err`")]
fn unusable(message: impl ToString) -> NotSent {
    NotSent::because(WhyNot::Unusable, message.to_string())
}

impl NotSent {
    fn because(why: WhyNot, message: impl Into<String>) -> Self {
        Self {
            message: message.into(),
            why,
            answer: None,
        }
    }

    /// How it stands in the ledger.
    fn ending(&self) -> Ending {
        let kind = match self.why {
            WhyNot::Exists(_) | WhyNot::Untold => EndingKind::NotDone,
            _ => EndingKind::NotSent,
        };
        Ending::new(kind).because(self.message.as_str())
    }
}

async fn work(job: &Job, asker: &Asker) -> Result<CreationEnd, NotSent> {
    if job.program != env!("CARGO_PKG_VERSION") {
        return Err(unusable(
            "the program was replaced while it ran; run it once more",
        ));
    }
    // First, because it makes the folder that the lock is in.
    let ledger = Ledger::open(&job.ledger)
        .map_err(unusable)?
        .in_run(job.run.clone());
    let _document = lock(job, Exclusive::Creating(&job.fingerprint)).await?;
    let names = Identity::of(&job.request);
    let _names = lock(job, Exclusive::Naming(&job.origin, job.account_id, &names)).await?;
    refuse_what_is_newer(job, &ledger)?;
    let client = service::certcentral_at(&job.origin, &job.api_key).map_err(unusable)?;
    // Somebody on the way may say 429 after the service has done it (I1).
    let client = client.with_retry(RetryPolicy::off());
    let place = OpenPlace::open(&job.key_place).map_err(unusable)?;
    let entry = match ledger.begin(&entry(job)) {
        Ok(entry) => entry,
        Err(error) => {
            place.abandon().await;
            return Err(unusable(error));
        }
    };
    report(&Report::Begun(entry));
    let looks = match last_look(job, &client, asker).await {
        Ok(looks) => looks,
        Err(mut not_sent) => {
            place.abandon().await;
            if let Err(error) = ledger.end(entry, &not_sent.ending()) {
                let message = not_sent.message;
                not_sent.message =
                    format!("{message}; the end of entry {entry} is not in the ledger: {error}");
            }
            return Err(not_sent);
        }
    };
    report(&Report::Sending);
    let answer = client.create_subaccount(&job.request).await;
    let mut end = end(job, entry, answer, place).await;
    end.requests = looks + 1;
    let ending = Ending::new(end.kind)
        .known_from(KnownFrom::Answer)
        .subaccount(end.subaccount_id)
        .saying(end.message.clone())
        .detail(end.key.detail());
    end.ledger_trouble = ledger
        .end(entry, &ending)
        .err()
        .map(|error| error.to_string());
    Ok(end)
}

async fn lock(job: &Job, once: Exclusive<'_>) -> Result<Lock, NotSent> {
    match Lock::try_take(&job.ledger, once).await {
        Ok(Some(lock)) => Ok(lock),
        Ok(None) => Err(NotSent::because(
            WhyNot::Taken,
            format!("another run is {once}"),
        )),
        Err(error) => Err(unusable(error)),
    }
}

/// Looks whether there is one by now, unless it is not wanted any more. Nothing comes between its last
/// answer and the request. Gives how many requests it took.
async fn last_look(
    job: &Job,
    client: &certcentral::Client,
    asker: &Asker,
) -> Result<usize, NotSent> {
    let stopped = || NotSent::because(WhyNot::Stopped, "it was stopped before it was sent");
    if !asker.gives_leave().await {
        return Err(stopped());
    }
    let look = async {
        match &job.last_look {
            Some(last_look) => look(job, last_look, client).await,
            None => Ok(0),
        }
    };
    let looked = tokio::select! {
        biased;
        () = asker.is_gone() => Err(stopped()),
        looked = look => looked,
    };
    if asker.wants_it() {
        looked
    } else {
        Err(stopped())
    }
}

async fn look(
    job: &Job,
    last_look: &LastLook,
    client: &certcentral::Client,
) -> Result<usize, NotSent> {
    let most = last_look.requests();
    let found = siblings_but(client, &job.request, &last_look.seen, most).await;
    let found = match found {
        Ok(Ok(found)) => found,
        Ok(Err(untold)) => return Err(NotSent::because(WhyNot::Untold, untold.to_string())),
        Err(error) => return Err(look_failed(error)),
    };
    let indistinct = if last_look.is_nameless_allowed {
        &[][..]
    } else {
        found.indistinct()
    };
    let there: Vec<_> = found.of_name.iter().chain(indistinct).collect();
    if there.is_empty() {
        return Ok(found.requests);
    }
    let named: Vec<_> = there.iter().map(ToString::to_string).collect();
    Err(NotSent::because(
        WhyNot::Exists(there.iter().map(|one| one.id).collect()),
        format!(
            "the service has one by now that it may be ({})",
            named.join("; ")
        ),
    ))
}

fn look_failed(error: Error) -> NotSent {
    let answer = FailedLook {
        retry_after: error.retry_after(),
        is_access_denied: error.is_access_denied(),
    };
    let failure = Failure::from(error);
    let why = match failure.outcome() {
        Outcome::Refused => WhyNot::Refused,
        _ => WhyNot::Unusable,
    };
    NotSent {
        answer: Some(answer),
        ..NotSent::because(why, failure.to_string())
    }
}

/// The user has seen what the ledger said before the question. It must still be so.
fn refuse_what_is_newer(job: &Job, ledger: &Ledger) -> Result<(), NotSent> {
    let same = Filter {
        action: Some(Action::CreateSubaccount),
        origin: Some(job.origin.clone()),
        account_id: job.account_id,
        fingerprint: Some(job.fingerprint.clone()),
        ..Filter::default()
    };
    let entries = ledger.entries(&same).map_err(unusable)?;
    match entries.last().map(|entry| entry.id) {
        Some(newest) if Some(newest) > job.newest_known => Err(NotSent::because(
            WhyNot::Taken,
            format!(
                "another run has begun to create a subaccount from this document (entry {newest})"
            ),
        )),
        _ => Ok(()),
    }
}

fn entry(job: &Job) -> NewEntry {
    let mut entry = NewEntry::new(Action::CreateSubaccount, &job.origin, &job.summary);
    entry.account_id = job.account_id;
    entry.request = serde_json::to_string(&job.request).ok();
    entry.fingerprint = Some(job.fingerprint.clone());
    entry.part_of.clone_from(&job.part_of);
    entry.detail = match &job.key_place {
        KeyDestination::None => Detail::default(),
        KeyDestination::File(path) => Detail::default().with(KEY_OUT, path.display().to_string()),
        KeyDestination::Command(program) => {
            Detail::default().with("key_command", program.display().to_string())
        }
    };
    entry
}

/// Keeps what came, and says how it ended.
async fn end(
    job: &Job,
    entry: EntryId,
    answer: Result<CreatedSubaccount, Error>,
    place: OpenPlace,
) -> CreationEnd {
    let mut end = CreationEnd {
        entry,
        kind: EndingKind::Done,
        subaccount_id: None,
        message: None,
        key: KeyFate::None,
        ledger_trouble: None,
        retry_after: None,
        requests: 0,
    };
    let mut is_sure = true;
    let (key, body) = match answer {
        Ok(created) => {
            if created.id.is_none() {
                end.kind = EndingKind::Unknown;
                end.message = Some("the answer names no ID".to_owned());
            }
            end.subaccount_id = created.id;
            (created.api_key, Vec::new())
        }
        Err(error) => {
            end.kind = kind(&error);
            end.retry_after = error.retry_after();
            end.message = Some(with_cause(&error));
            is_sure = error.status().is_some_and(|status| status / 100 == 2);
            let found = error.recovered();
            end.subaccount_id = found.as_ref().and_then(|found| found.id);
            (found.and_then(|found| found.api_key), error.body().to_vec())
        }
    };
    let body = Zeroizing::new(body);
    let key = key.filter(|key| !key.is_empty());
    if let (Some(key), Some(message)) = (&key, &mut end.message) {
        // The client has taken it out. What is written into the ledger stays there.
        *message = message.replace(key.expose_secret(), "[redacted]");
    }
    end.key = if let Some(key) = &key {
        keep(job, &end, key, place).await
    } else {
        place.abandon().await;
        missing(job, &end, &body)
    };
    if let (Some(key), None) = (&key, end.subaccount_id) {
        // The key knows whose it is.
        let account = account_of(&job.origin, key).await;
        end.subaccount_id = account.and_then(|account| account.id);
    }
    // Without either, what called itself an answer may not be from the service at all. And in a page
    // that reports an error, there may be a key of somebody else.
    let is_from_service = end.subaccount_id.is_some() || is_sure && key.is_some();
    if end.kind == EndingKind::Unknown && is_from_service {
        end.kind = EndingKind::Done;
    }
    end
}

fn kind(error: &Error) -> EndingKind {
    match error.kind() {
        ErrorKind::NotSent => EndingKind::NotSent,
        ErrorKind::Refused => EndingKind::Refused,
        _ => EndingKind::Unknown,
    }
}

async fn keep(job: &Job, end: &CreationEnd, key: &CertCentralApiKey, place: OpenPlace) -> KeyFate {
    let why = match place.keep(key).await {
        Ok(place) => return KeyFate::Kept { place },
        Err(why) => why,
    };
    let secret = key.expose_secret().as_bytes();
    match rescue(&job.ledger, &name(end, "key"), secret) {
        Ok(path) => KeyFate::Rescued {
            place: path.display().to_string(),
            why,
        },
        Err(also) => KeyFate::Lost {
            why: format!("{why}; {also}"),
        },
    }
}

/// A managed subaccount without a key. Whatever bytes came may have part of it.
fn missing(job: &Job, end: &CreationEnd, body: &[u8]) -> KeyFate {
    let was_created = matches!(end.kind, EndingKind::Done | EndingKind::Unknown);
    if !was_created || job.request.account_type != SubaccountType::Managed {
        return KeyFate::None;
    }
    let answer = (!body.is_empty()).then(|| rescue(&job.ledger, &name(end, "answer"), body));
    KeyFate::Missing {
        answer: answer
            .and_then(Result::ok)
            .map(|path| path.display().to_string()),
    }
}

fn name(end: &CreationEnd, what: &str) -> String {
    match end.subaccount_id {
        Some(id) => format!("digicert-subaccount-{id}.{what}"),
        None => format!("digicert-entry-{}.{what}", end.entry),
    }
}

/// The account that a key belongs to, as the service says.
pub(crate) async fn account_of(origin: &str, key: &CertCentralApiKey) -> Option<Account> {
    let client: certcentral::Client = service::certcentral_at(origin, key).ok()?;
    client.get_account().await.ok()
}
