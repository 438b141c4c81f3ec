//! The program's side: starting a custodian, handing it the job, waiting for its report.

use std::io;
use std::mem;
use std::process::Stdio;
use std::time::Duration;

use digicert_client::certcentral::Client;
use serde::Serialize;
use tokio::io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader, Lines};
use tokio::process::{Child, ChildStdin, ChildStdout, Command};
use zeroize::Zeroizing;

use super::asker::LEAVE;
use super::job::{CreationEnd, Job, NotSent, Report, WhyNot};
use super::work::ARGUMENT;
use crate::advised_command;
use crate::existing_subaccount::{EXISTS, UNTOLD};
use crate::failure::Failure;
use crate::ledger::{Entry, EntryId, Filter, Ledger, LedgerError, TAKEN};
use crate::outcome::Outcome;
use crate::pace;
use crate::stop::Stop;

/// Variables that the custodian has no need of: it gets its key over the pipe.
const KEY_VARIABLES: [&str; 2] = ["DIGICERT_API_KEY", "DIGICERT_PARTNER_API_KEY"];

const WAITING: &str = "waiting for the answer to the request that is under way, so that its outcome \
    is known; Ctrl-C now leaves it to a process in the background";

const WAITING_AND_STAYING: &str = "waiting for the answer to the request that is under way, so that \
    its outcome is known and its key is kept";

const STAYING: &str = "staying until the answer is there: where this program is the first process or \
    a child of it, as in a container, its end would end the process that keeps the key";

/// How long a custodian that has no leave is given to say that it has stopped.
const MOMENT: Duration = Duration::from_secs(1);

/// Has a subaccount created. A failure says that nothing was sent, or that its end is not known.
///
/// The custodian is another process, whose requests count like ours all the same (I6): its last look
/// and the creation are let through together before it begins.
pub(crate) async fn commission(
    job: &Job,
    client: &Client,
    stop: &Stop,
) -> Result<CreationEnd, Failure> {
    let reserved = stop.unless_asked(client.reserve(job.requests())).await;
    let reserved = reserved.ok_or_else(|| stop.nothing_was_changed())?;
    let end = have_created(job, stop).await;
    let sent = end.as_ref().map_or(job.requests(), |end| end.requests);
    let client = client.clone();
    // Nobody waits for what is counted afterwards, and what comes next comes after it.
    tokio::spawn(async move {
        drop(reserved);
        for _ in 0..sent {
            drop(client.turn().await);
        }
    });
    end
}

async fn have_created(job: &Job, stop: &Stop) -> Result<CreationEnd, Failure> {
    let text = serde_json::to_vec(job).map(Zeroizing::new);
    let text = text.map_err(|error| {
        Failure::new(format!(
            "the job cannot be handed over: {error}; nothing was sent"
        ))
    })?;
    let cannot_start = |error| {
        Failure::new(format!(
            "cannot start a second process: {error}; nothing was sent"
        ))
    };
    let (child, mut input, mut lines) = start().map_err(cannot_start)?;
    // If it has died already, the end of its output says so.
    let _ = input.write_all(&text).await;
    let _ = input.write_all(b"\n").await;
    // Without leave it sends nothing, however long it waits for the ledger.
    let begun = match stop.unless_asked(next(&mut lines)).await {
        Some(Some(Report::Begun(entry))) if stop.asked_by().is_none() => entry,
        None | Some(Some(Report::Begun(_))) => {
            drop(input);
            // It takes away what it has made.
            let _ = tokio::time::timeout(MOMENT, next(&mut lines)).await;
            return Err(stop.nothing_was_changed());
        }
        Some(Some(Report::NotSent(why))) => return Err(why.into_failure(stop)),
        Some(Some(Report::Ended(end))) => return Ok(end),
        Some(Some(Report::Sending) | None) => return what_the_ledger_says(job),
    };
    let _ = input.write_all(LEAVE).await;
    let Some(looked) = stop.unless_asked(next(&mut lines)).await else {
        // It gives up the look, or has sent already.
        drop(input);
        return the_end(job, stop, begun, lines, child).await;
    };
    let end = match looked {
        Some(Report::Sending) => the_end(job, stop, begun, lines, child).await,
        looked => ended(job, stop, looked),
    };
    drop(input);
    end
}

/// Waits for what becomes of the request.
async fn the_end(
    job: &Job,
    stop: &Stop,
    begun: EntryId,
    mut lines: Lines<BufReader<ChildStdout>>,
    _child: Child,
) -> Result<CreationEnd, Failure> {
    let waiting = if custodian_ends_with_us() {
        WAITING_AND_STAYING
    } else {
        WAITING
    };
    let mut is_told = false;
    // One that gives up says so at once.
    let first = match stop.asked_by() {
        Some(_) => tokio::time::timeout(MOMENT, next(&mut lines)).await.ok(),
        None => None,
    };
    let mut report = match first {
        Some(report) => report,
        None => Some(Report::Sending),
    };
    while let Some(Report::Sending | Report::Begun(_)) = report {
        // What asks this process to stop does not reach the custodian.
        report = match stop.outcome_saying(waiting, next(&mut lines)).await {
            Some(report) => report,
            None if custodian_ends_with_us() => {
                if !mem::replace(&mut is_told, true) {
                    pace::say(STAYING);
                }
                next(&mut lines).await
            }
            None => return Err(left_alone(begun)),
        };
    }
    ended(job, stop, report)
}

/// What the last report says.
fn ended(job: &Job, stop: &Stop, report: Option<Report>) -> Result<CreationEnd, Failure> {
    match report {
        Some(Report::Ended(end)) => Ok(end),
        Some(Report::NotSent(why)) => Err(why.into_failure(stop)),
        _ => what_the_ledger_says(job),
    }
}

/// Those that the service has already, as others script against.
#[derive(Debug, Serialize)]
struct Existing {
    subaccount_ids: Vec<i64>,
}

impl NotSent {
    fn into_failure(self, stop: &Stop) -> Failure {
        let message = format!("{}; nothing was sent", self.message);
        let failure = match self.why {
            WhyNot::Stopped if stop.asked_by().is_some() => stop.nothing_was_changed(),
            WhyNot::Stopped | WhyNot::Unusable => Failure::new(message),
            WhyNot::Refused => Failure::ending(Outcome::Refused, message),
            WhyNot::Taken => Failure::unsafe_to_go_on(message).with_result(TAKEN),
            WhyNot::Untold => Failure::unsafe_to_go_on(message).with_result(UNTOLD),
            WhyNot::Exists(subaccount_ids) => Failure::unsafe_to_go_on(message)
                .with_result(EXISTS)
                .with_details(&Existing { subaccount_ids }),
        };
        match self.answer {
            Some(look) => failure.of_service(look.retry_after, look.is_access_denied),
            None => failure,
        }
    }
}

/// Whether the end of this program would end the custodian, and a key that is on its way with it. So
/// it is with everything in a container whose first process is gone, and the first process ends with
/// its child if it is there for that alone, as with `docker run --init`. As a unit, systemd starts this
/// program as a child of the first process too, and ends what it leaves behind.
#[cfg(unix)]
fn custodian_ends_with_us() -> bool {
    const FIRST: u32 = 1;
    std::process::id() == FIRST || std::os::unix::process::parent_id() == FIRST
}

/// Elsewhere nothing ends with its parent.
#[cfg(not(unix))]
fn custodian_ends_with_us() -> bool {
    false
}

fn start() -> io::Result<(Child, ChildStdin, Lines<BufReader<ChildStdout>>)> {
    let mut command = Command::new(std::env::current_exe()?);
    for name in KEY_VARIABLES {
        command.env_remove(name);
    }
    apart_from_the_console(&mut command);
    let mut child = command
        .arg(ARGUMENT)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()?;
    let input = child.stdin.take().ok_or(io::ErrorKind::BrokenPipe)?;
    let output = child.stdout.take().ok_or(io::ErrorKind::BrokenPipe)?;
    Ok((child, input, BufReader::new(output).lines()))
}

/// On Windows, Ctrl-C and the end of a console reach every process that is attached to it; elsewhere
/// the custodian leaves the terminal by itself.
#[cfg(windows)]
fn apart_from_the_console(command: &mut Command) {
    const CREATE_NEW_PROCESS_GROUP: u32 = 0x0000_0200;
    const CREATE_NO_WINDOW: u32 = 0x0800_0000;
    command.creation_flags(CREATE_NEW_PROCESS_GROUP | CREATE_NO_WINDOW);
}

#[cfg(not(windows))]
fn apart_from_the_console(_: &mut Command) {}

/// The next report; none if the custodian is gone.
async fn next(lines: &mut Lines<BufReader<ChildStdout>>) -> Option<Report> {
    let line = lines.next_line().await.ok().flatten()?;
    serde_json::from_str(&line).ok()
}

fn left_alone(begun: EntryId) -> Failure {
    let unfinished = advised_command::on_ledger("history --unfinished");
    Failure::ending(
        Outcome::Unknown,
        format!(
            "the request is still under way (entry {begun}), and a process in the background keeps its key, \
             unless something ends that as well, such as the end of a container; `{unfinished}` says \
             how it stands"
        ),
    )
}

/// The custodian is gone without a word.
fn what_the_ledger_says(job: &Job) -> Result<CreationEnd, Failure> {
    let entries = entries(job).map_err(|error| {
        Failure::ending(
            Outcome::Unknown,
            format!(
                "the process that was to send the request is gone, and whether it did cannot be \
                 seen: {error}; run the same command again once the ledger can be read"
            ),
        )
    })?;
    let entry = entries.iter().rfind(|entry| entry.run == job.run);
    match entry.map(|entry| (entry, CreationEnd::of(entry))) {
        None => Err(Failure::new(
            "the process that was to send the request ended before it did; nothing was sent",
        )),
        Some((_, Some(end))) => Ok(end),
        Some((entry, None)) => Err(Failure::ending(
            Outcome::Unknown,
            format!(
                "the process that sent the request was killed before it wrote down an answer \
                 (entry {}); run the same command again: it looks for the subaccount and creates \
                 no second one",
                entry.id
            ),
        )),
    }
}

fn entries(job: &Job) -> Result<Vec<Entry>, LedgerError> {
    Ledger::open(&job.ledger)?.entries(&Filter {
        fingerprint: Some(job.fingerprint.clone()),
        ..Filter::default()
    })
}
