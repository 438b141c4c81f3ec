//! What every operation does under every fault, as a table: `snapshots/fault_matrix__fault_matrix.snap`.
//!
//! The table is read by people; what must never happen is asserted beside it, over all cells.

#![allow(clippy::expect_used, reason = "a test may panic")]

mod faults;
mod operations;
mod raw_server;

use std::fmt::Write as _;

use digicert_client::ErrorKind;
use faults::{Cell, Failed, Fault, Outcome};
use operations::Operation;
use raw_server::scripted::{ScriptedServer, answer};

const HEAD: &str = "\
# What a call does when things go wrong

Every operation against a server that misbehaves in the same way on every request. The client
makes at most 3 attempts, about 1 ms apart. `3× Refused 503, 2 errors` reads: the server saw 3
requests; the call ended with an error of the kind `Refused`, with the status 503 and with two
errors of the service in it.

- *maybe applied*: `may_have_been_applied()` is true; otherwise it is false.
- *id*, *key*: `recovered()` has the ID, the one-time key of the new subaccount.
- *tries*: `attempts()`, where it is not the number of requests that were seen.
- *keys shown*: whether a key that was sent or received is in anything that can be printed of the
  result or the error.
";

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn fault_matrix() {
    let elsewhere = ScriptedServer::start(answer(raw_server::json("200 OK", "{}"))).await;
    // Another name and another port, so by every rule another host.
    let other_host = format!("http://localhost:{}", elsewhere.address.port());
    let faults = faults::all(&other_host);
    let rows = faults::run(&faults, false).await;

    assert_eq!(
        elsewhere.finish().await,
        0,
        "I4: no redirect is followed, and no other host sees anything"
    );
    let broken: Vec<_> = faults
        .iter()
        .zip(&rows)
        .flat_map(|(fault, cells)| cells.iter().flat_map(move |cell| broken(fault, cell)))
        .collect();
    assert!(broken.is_empty(), "{}", broken.join("\n"));
    insta::assert_snapshot!(table(&faults, &rows));
}

/// What must hold in every cell, whatever the table says, and does not.
fn broken(fault: &Fault, cell: &Cell) -> Vec<String> {
    let mut rules = vec![("I2: no key is shown", !cell.shows_a_key)];
    match &cell.outcome {
        Outcome::Ok => rules.extend([
            ("a result needs an answer", cell.wire >= 1),
            (
                "I1: a creation is sent once",
                cell.wire == 1 || !cell.operation.is_create(),
            ),
        ]),
        Outcome::Failed(failed) => rules.extend(rules_of_failures(cell, failed)),
    }
    rules
        .into_iter()
        .filter(|(_, holds)| !holds)
        .map(|(rule, _)| {
            let (
                operation,
                Fault {
                    group,
                    name,
                    variant,
                    ..
                },
            ) = (cell.operation.id(), fault);
            format!("{rule}: {operation}, {group} / {name} / {variant}: {cell:?}")
        })
        .collect()
}

fn rules_of_failures(cell: &Cell, failed: &Failed) -> Vec<(&'static str, bool)> {
    let is_create = cell.operation.is_create();
    let is_write = cell.operation.is_write();
    let success = failed.status.map(|status| (200..300).contains(&status));
    let unclear = matches!(
        failed.kind,
        ErrorKind::OutcomeUnknown | ErrorKind::Unreadable
    );
    let kind_fits = match failed.kind {
        ErrorKind::NotSent => (cell.wire, failed.status) == (0, None),
        ErrorKind::Refused => success == Some(false),
        ErrorKind::NoAnswer => !is_write && failed.status.is_none(),
        ErrorKind::OutcomeUnknown => is_write && success != Some(true),
        ErrorKind::Unreadable => success == Some(true) || is_create && failed.recovered[1],
        _ => false,
    };
    vec![
        (
            "I1: a creation is sent once, unless it was not looked at",
            !is_create || cell.wire <= 1 || failed.status == Some(429),
        ),
        ("attempts are bounded", failed.attempts <= 3),
        (
            "every attempt that was seen is counted",
            cell.wire == failed.attempts || cell.wire == 0,
        ),
        (
            "`was_sent` is what was seen",
            failed.was_sent == (cell.wire > 0),
        ),
        ("the kind fits", kind_fits),
        (
            "only what is unclear may have been applied, and only writes",
            failed.may_have_been_applied == (unclear && is_write),
        ),
        (
            "only a creation that may have been carried out gives something back",
            unclear && is_create || failed.recovered == [false; 2],
        ),
    ]
}

const COLUMNS: [&str; 5] = [
    "fault",
    "4 GETs",
    "2 PUTs",
    "create_subaccount",
    "keys shown",
];

fn table(faults: &[Fault], rows: &[Vec<Cell>]) -> String {
    let mut groups: Vec<(&str, Vec<[String; 5]>)> = Vec::new();
    let mut last_name = "";
    for (fault, cells) in faults.iter().zip(rows) {
        if groups.last().is_none_or(|(name, _)| *name != fault.group) {
            groups.push((fault.group, Vec::new()));
            last_name = "";
        }
        let (_, lines) = groups.last_mut().expect("just made");
        add(lines, fault, cells, fault.name == last_name);
        last_name = &fault.name;
    }
    let mut text = HEAD.to_owned();
    for (group, lines) in groups {
        let _ = write!(text, "\n## {group}\n\n{}", aligned(&lines));
    }
    text
}

/// Adds a row, or its name to a row of the same fault that is equal.
fn add(lines: &mut Vec<[String; 5]>, fault: &Fault, cells: &[Cell], same_name: bool) {
    let shown = [
        together(&cells[..4]),
        together(&cells[4..6]),
        together(&cells[6..]),
        if cells.iter().any(|cell| cell.shows_a_key) {
            "YES"
        } else {
            "none"
        }
        .to_owned(),
    ];
    let of_this_name = lines
        .iter_mut()
        .rev()
        .filter(|line| same_name && line[0].starts_with(&*fault.name));
    for line in of_this_name {
        if line[1..] == shown {
            let _ = write!(line[0], ", {}", fault.variant);
            return;
        }
    }
    let name = match &*fault.variant {
        "" => fault.name.clone(),
        variant => format!("{}: {variant}", fault.name),
    };
    let [gets, puts, create, keys] = shown;
    lines.push([name, gets, puts, create, keys]);
}

/// Several operations in one column; those that differ are named.
fn together(cells: &[Cell]) -> String {
    let mut texts: Vec<(String, Vec<&str>)> = Vec::new();
    for cell in cells {
        let text = text(cell);
        match texts.iter_mut().find(|(known, _)| *known == text) {
            Some((_, operations)) => operations.push(cell.operation.id()),
            None => texts.push((text, vec![cell.operation.id()])),
        }
    }
    if let [(text, _)] = &texts[..] {
        return text.clone();
    }
    let named: Vec<_> = texts
        .iter()
        .map(|(text, operations)| format!("{}: {text}", operations.join(", ")))
        .collect();
    named.join("; ")
}

fn text(cell: &Cell) -> String {
    let mut text = format!("{}× ", cell.wire);
    let Outcome::Failed(failed) = &cell.outcome else {
        return text + "ok";
    };
    let _ = write!(text, "{:?}", failed.kind);
    if let Some(status) = failed.status {
        let _ = write!(text, " {status}");
    }
    match failed.errors {
        0 => {}
        1 => text += ", 1 error",
        several => {
            let _ = write!(text, ", {several} errors");
        }
    }
    if failed.attempts != cell.wire {
        let _ = write!(text, ", {} tries", failed.attempts);
    }
    for (is_so, words) in [
        (failed.may_have_been_applied, ", maybe applied"),
        (failed.recovered[0], ", id"),
        (failed.recovered[1], ", key"),
    ] {
        if is_so {
            text += words;
        }
    }
    text
}

fn aligned(lines: &[[String; 5]]) -> String {
    let head = COLUMNS.map(str::to_owned);
    let width = |column: usize| {
        let cells = std::iter::once(&head).chain(lines);
        cells
            .map(|line| line[column].chars().count())
            .max()
            .unwrap_or(0)
    };
    let widths: Vec<_> = (0..COLUMNS.len()).map(width).collect();
    let mut text = String::new();
    let mut line = |cells: &[String; 5]| {
        for (cell, width) in cells.iter().zip(&widths) {
            let _ = write!(text, "| {cell:width$} ");
        }
        text += "|\n";
    };
    line(&head);
    line(&std::array::from_fn(|column| "-".repeat(widths[column])));
    lines.iter().for_each(line);
    text
}

/// The operations are columns by their place.
#[test]
fn the_operations_are_in_the_order_of_the_columns() {
    let kinds = Operation::ALL.map(|operation| (operation.is_write(), operation.is_create()));
    assert_eq!(kinds[..4], [(false, false); 4]);
    assert_eq!(kinds[4..6], [(true, false); 2]);
    assert_eq!(kinds[6], (true, true));
}
