//! The program's side: starting a custodian, handing it the job, waiting for its report.

use std::io;
use std::mem;
use std::process::Stdio;

use tokio::io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader, Lines};
use tokio::process::{Child, ChildStdout, Command};
use zeroize::Zeroizing;

use super::job::{End, Job, NotBegun, Report};
use super::work::ARGUMENT;
use crate::advised_command;
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

/// Has a subaccount created. A failure says that nothing was sent, or that its end is not known.
pub(crate) async fn commission(job: &Job, stop: &Stop) -> Result<End, Failure> {
    let text = serde_json::to_vec(job).map(Zeroizing::new);
    let text = text.map_err(|error| {
        Failure::new(format!(
            "the job cannot be handed over: {error}; nothing was sent"
        ))
    })?;
    let (mut child, mut lines) = start().map_err(|error| {
        Failure::new(format!(
            "cannot start a second process: {error}; nothing was sent"
        ))
    })?;
    if let Some(mut input) = child.stdin.take() {
        // If it has died already, the end of its output says so.
        let _ = input.write_all(&text).await;
        let _ = input.shutdown().await;
    }
    let waiting = if custodian_ends_with_us() {
        WAITING_AND_STAYING
    } else {
        WAITING
    };
    let (mut begun, mut is_told) = (None, false);
    loop {
        // What asks this process to stop does not reach the custodian.
        let report = match stop.outcome_saying(waiting, next(&mut lines)).await {
            Some(report) => report,
            None if custodian_ends_with_us() => {
                if !mem::replace(&mut is_told, true) {
                    pace::say(STAYING);
                }
                next(&mut lines).await
            }
            None => return Err(left_alone(begun)),
        };
        match report {
            Some(Report::Begun(entry)) => begun = Some(entry),
            Some(Report::Ended(end)) => return Ok(end),
            Some(Report::NotBegun(why)) => return Err(nothing_sent(&why)),
            None => return what_the_ledger_says(job),
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

fn start() -> io::Result<(Child, Lines<BufReader<ChildStdout>>)> {
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
    let output = child.stdout.take().ok_or(io::ErrorKind::BrokenPipe)?;
    Ok((child, BufReader::new(output).lines()))
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

fn left_alone(begun: Option<EntryId>) -> Failure {
    let entry = begun.map_or_else(String::new, |entry| format!(" (entry {entry})"));
    let unfinished = advised_command::on_ledger("history --unfinished");
    Failure::ending(
        Outcome::Unknown,
        format!(
            "the request is still under way{entry}, and a process in the background keeps its key, \
             unless something ends that as well, such as the end of a container; `{unfinished}` says \
             how it stands"
        ),
    )
}

fn nothing_sent(why: &NotBegun) -> Failure {
    let message = format!("{}; nothing was sent", why.message);
    if why.is_taken {
        Failure::unsafe_to_go_on(message).with_result(TAKEN)
    } else {
        Failure::new(message)
    }
}

/// The custodian is gone without a word.
fn what_the_ledger_says(job: &Job) -> Result<End, Failure> {
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
    match entry.map(|entry| (entry, End::of(entry))) {
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
