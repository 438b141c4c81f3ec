//! What can go wrong between the client and the service, as scripts, and what a call makes of it.

#![allow(dead_code, reason = "not every test file uses all of it")]

use std::sync::Arc;
use std::time::{Duration, SystemTime};

use digicert_client::{Error, ErrorKind, RetryPolicy};
use tokio::sync::Semaphore;
use tokio::task::JoinSet;

use crate::operations::{
    ANSWERED_KEY, CERTCENTRAL_KEY, Clients, Operation, PARTNER_KEY, Setup, holds_a_key, printed,
    quick,
};
use crate::raw_server::scripted::{ClosedPort, ScriptedServer, Step, answer, write};

/// How long a call waits in a cell whose fault is that nothing comes. Not shorter, so that also a
/// busy machine sends the request in that time.
const SHORT: Duration = Duration::from_secs(3);
/// How long a call waits in every other cell: long enough never to matter.
const LONG: Duration = Duration::from_secs(60);
/// Cells that run at once.
const AT_ONCE: usize = 64;

type Plays = Arc<dyn Fn(Operation) -> Option<Vec<Step>> + Send + Sync>;

/// One row of the matrix.
#[derive(Clone)]
pub(crate) struct Fault {
    pub(crate) group: &'static str,
    pub(crate) name: String,
    /// What tells it from the other rows of this name; rows that turn out equal are shown as one.
    pub(crate) variant: String,
    timeout: Duration,
    /// The script for an operation; nothing if nobody listens.
    plays: Plays,
}

/// What came of one operation under one fault.
#[derive(Clone, Debug)]
pub(crate) struct Cell {
    pub(crate) operation: Operation,
    /// Requests of which at least a byte arrived.
    pub(crate) wire: usize,
    pub(crate) outcome: Outcome,
    /// Whether anything printable of the result or the error holds a key.
    pub(crate) shows_a_key: bool,
}

#[derive(Clone, Debug)]
pub(crate) enum Outcome {
    Ok,
    Failed(Failed),
}

#[derive(Clone, Debug)]
pub(crate) struct Failed {
    pub(crate) kind: ErrorKind,
    pub(crate) status: Option<u16>,
    pub(crate) errors: usize,
    pub(crate) attempts: usize,
    pub(crate) was_sent: bool,
    pub(crate) may_have_been_applied: bool,
    /// Whether the ID and the key of a new subaccount were recovered.
    pub(crate) recovered: [bool; 2],
}

impl Failed {
    fn of(error: &Error) -> Self {
        let found = error.recovered();
        let id = found.as_ref().and_then(|found| found.id);
        let key = found.and_then(|found| found.api_key);
        let key = key.filter(|key| key.expose_secret() == ANSWERED_KEY);
        Self {
            kind: error.kind(),
            status: error.status(),
            errors: error.errors().len(),
            attempts: error.attempts().try_into().expect("few"),
            was_sent: error.was_sent(),
            may_have_been_applied: error.may_have_been_applied(),
            recovered: [id.is_some(), key.is_some()],
        }
    }
}

/// Runs every operation against every fault; the cells of a fault are in the order of
/// [`Operation::ALL`]. With `verbose` reqwest is asked to log every byte.
pub(crate) async fn run(faults: &[Fault], verbose: bool) -> Vec<Vec<Cell>> {
    let mut running = JoinSet::new();
    // Where time runs out, nothing else may take it, so everything is prepared before and the other
    // cells come later.
    let mut prepared = Vec::new();
    for (place, fault, operation) in places_of(faults, SHORT) {
        prepared.push((place, Prepared::new(fault, operation, verbose).await));
    }
    for (place, prepared) in prepared {
        running.spawn(async move { (place, prepared.cell().await) });
    }
    let mut cells = running.join_all().await;

    let room = Arc::new(Semaphore::new(AT_ONCE));
    let mut running = JoinSet::new();
    // The last ones first: they wait for what `Retry-After` says.
    for (place, fault, operation) in places_of(faults, LONG).rev() {
        let (room, fault) = (Arc::clone(&room), fault.clone());
        running.spawn(async move {
            let _permit = room.acquire_owned().await.expect("never closed");
            let prepared = Prepared::new(&fault, operation, verbose).await;
            (place, prepared.cell().await)
        });
    }
    cells.extend(running.join_all().await);
    cells.sort_by_key(|(place, _)| *place);
    let cells: Vec<_> = cells.into_iter().map(|(_, cell)| cell).collect();
    cells
        .chunks(Operation::ALL.len())
        .map(<[Cell]>::to_vec)
        .collect()
}

/// Row and column, fault and operation of the cells with this time-out.
fn places_of(
    faults: &[Fault],
    timeout: Duration,
) -> impl DoubleEndedIterator<Item = ((usize, usize), &Fault, Operation)> {
    let rows = faults.iter().enumerate();
    rows.filter(move |(_, fault)| fault.timeout == timeout)
        .flat_map(|(row, fault)| {
            let columns = Operation::ALL.into_iter().enumerate();
            columns.map(move |(column, operation)| ((row, column), fault, operation))
        })
}

/// A cell whose client and server are ready.
struct Prepared {
    operation: Operation,
    clients: Clients,
    server: Server,
}

enum Server {
    Listens(ScriptedServer),
    Closed(ClosedPort),
}

impl Prepared {
    async fn new(fault: &Fault, operation: Operation, verbose: bool) -> Self {
        let server = match (fault.plays)(operation) {
            Some(script) => Server::Listens(ScriptedServer::start(script).await),
            None => Server::Closed(ClosedPort::new()),
        };
        let origin = match &server {
            Server::Listens(server) => &server.origin,
            Server::Closed(port) => &port.origin,
        };
        let setup = Setup::new(origin).retry(policy()).timeout(fault.timeout);
        let setup = if verbose { setup.verbose() } else { setup };
        // With OpenSSL this reads a file of certificates, which would hold up other cells.
        let clients = tokio::task::spawn_blocking(move || setup.clients_for(operation));
        Self {
            operation,
            clients: clients.await.expect("no panic"),
            server,
        }
    }

    async fn cell(self) -> Cell {
        let result = self.operation.call(&self.clients).await;
        drop(self.clients);
        let wire = match self.server {
            Server::Listens(server) => server.finish().await,
            Server::Closed(_) => 0,
        };
        let (outcome, shown) = match &result {
            Ok(shown) => (Outcome::Ok, shown.clone()),
            Err(error) => (Outcome::Failed(Failed::of(error)), printed(error)),
        };
        Cell {
            operation: self.operation,
            wire,
            outcome,
            shows_a_key: holds_a_key(&shown),
        }
    }
}

/// The policy of every cell; the matrix says so in its head.
pub(crate) fn policy() -> RetryPolicy {
    quick()
}

/// Every fault. `elsewhere` is where redirects point to.
pub(crate) fn all(elsewhere: &str) -> Vec<Fault> {
    let mut faults = Vec::new();
    connection(&mut faults);
    breaks(&mut faults);
    stalls(&mut faults);
    slow(&mut faults);
    lengths(&mut faults);
    redirects(&mut faults, elsewhere);
    refusals(&mut faults);
    large(&mut faults);
    unusual(&mut faults);
    too_many(&mut faults);
    faults
}

/// Adds rows to one group.
struct Group<'a> {
    faults: &'a mut Vec<Fault>,
    name: &'static str,
    timeout: Duration,
}

impl Group<'_> {
    fn add(
        &mut self,
        name: impl Into<String>,
        plays: impl Fn(Operation) -> Vec<Step> + Send + Sync + 'static,
    ) {
        self.add_variant(name, "", plays);
    }

    fn add_variant(
        &mut self,
        name: impl Into<String>,
        variant: impl Into<String>,
        plays: impl Fn(Operation) -> Vec<Step> + Send + Sync + 'static,
    ) {
        self.faults.push(Fault {
            group: self.name,
            name: name.into(),
            variant: variant.into(),
            timeout: self.timeout,
            plays: Arc::new(move |operation| Some(plays(operation))),
        });
    }
}

fn group<'a>(faults: &'a mut Vec<Fault>, name: &'static str, timeout: Duration) -> Group<'a> {
    Group {
        faults,
        name,
        timeout,
    }
}

/// A place in the exchange, and what was played until there.
type Place = (&'static str, fn(Operation) -> Vec<Step>);

fn places() -> [Place; 6] {
    [
        ("before the request is read", |_| vec![]),
        ("inside the request", |_| vec![Step::ReadSome(20)]),
        ("before the status line", |_| vec![Step::Read]),
        ("inside the status line", |operation| {
            until(operation, |head, _| head[..11].to_owned())
        }),
        ("inside the headers", |operation| {
            until(operation, |head, _| head[..head.len() - 9].to_owned())
        }),
        ("inside the body", |operation| {
            // For a creation: inside its key.
            until(operation, |head, body| {
                format!("{head}{}", &body[..body.len() - 5])
            })
        }),
    ]
}

/// Reads the request and answers with a part of a success.
fn until(operation: Operation, part: fn(&str, &str) -> String) -> Vec<Step> {
    let body = operation.body();
    answer(part(&head(operation, body.len()), &body))
}

fn head(operation: Operation, length: usize) -> String {
    let status = operation.status_with_body();
    format!(
        "HTTP/1.1 {status}\r\ncontent-type: application/json\r\ncontent-length: {length}\r\n\r\n"
    )
}

fn then(mut script: Vec<Step>, last: Step) -> Vec<Step> {
    script.push(last);
    script
}

fn connection(faults: &mut Vec<Fault>) {
    faults.push(Fault {
        group: "No connection",
        name: "connection refused".to_owned(),
        variant: String::new(),
        timeout: LONG,
        plays: Arc::new(|_| None),
    });
}

fn breaks(faults: &mut Vec<Fault>) {
    let mut group = group(faults, "The connection breaks", LONG);
    for (place, script) in places() {
        group.add_variant(place, "reset", move |operation| {
            then(script(operation), Step::Reset)
        });
        // Before the request has been read there is no orderly end: the kernel makes it a reset.
        if !place.ends_with("request") && !place.ends_with("is read") {
            group.add_variant(place, "closed", move |operation| {
                then(script(operation), Step::Close)
            });
        }
    }
}

fn stalls(faults: &mut Vec<Fault>) {
    let mut group = group(faults, "Nothing more comes, until the time is up", SHORT);
    for (place, script) in places() {
        group.add(place, move |operation| then(script(operation), Step::Stall));
    }
}

fn slow(faults: &mut Vec<Fault>) {
    let mut group = group(faults, "Slow and chatty, but right", LONG);
    group.add("100 Continue before the answer", |operation| {
        answer(format!(
            "HTTP/1.1 100 Continue\r\n\r\n{}",
            operation.success()
        ))
    });
    group.add("100 and 103 before the answer", |operation| {
        answer(format!(
            "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nlink: </x>\r\n\r\n{}",
            operation.success()
        ))
    });
    group.add("byte by byte, 2 ms apart", |operation| {
        let bytes = operation.success().into_bytes().into();
        vec![Step::Read, Step::Drip(bytes, Duration::from_millis(2))]
    });
}

fn lengths(faults: &mut Vec<Fault>) {
    let mut group = group(faults, "The body is cut or its length is wrong", LONG);
    let name = "200/201, cut in the middle";
    group.add_variant(name, "by Content-Length", |operation| {
        then(until(operation, cut), Step::Close)
    });
    group.add_variant(name, "no Content-Length, closed", |operation| {
        until_the_end(operation, &cut("", &operation.body()), Step::Close)
    });
    group.add_variant(name, "no Content-Length, reset", |operation| {
        until_the_end(operation, &cut("", &operation.body()), Step::Reset)
    });
    group.add_variant(name, "chunked", |operation| {
        let status = operation.status_with_body();
        let body = operation.body();
        let part = cut("", &body);
        let (length, whole) = (part.len(), body.len());
        let chunk =
            format!("HTTP/1.1 {status}\r\ntransfer-encoding: chunked\r\n\r\n{whole:x}\r\n{part}");
        assert!(length < whole, "it is cut");
        then(answer(chunk), Step::Close)
    });
    group.add("200/201, cut before its last brace", |operation| {
        let all_but_one = |head: &str, body: &str| format!("{head}{}", &body[..body.len() - 1]);
        then(until(operation, all_but_one), Step::Close)
    });
    group.add("200/201, whole, no Content-Length", |operation| {
        until_the_end(operation, &operation.body(), Step::Close)
    });
    group.add(
        "200/201, Content-Length too long, then closed",
        |operation| {
            let body = operation.body();
            let head = head(operation, body.len() + 10);
            then(answer(format!("{head}{body}")), Step::Close)
        },
    );
    group.add("200/201, Content-Length too short", |operation| {
        let body = operation.body();
        answer(format!("{}{body}", head(operation, body.len() - 5)))
    });
    group.add("200/201, Content-Length is no number", |operation| {
        let status = operation.status_with_body();
        let body = operation.body();
        answer(format!(
            "HTTP/1.1 {status}\r\ncontent-length: many\r\n\r\n{body}"
        ))
    });
    group.add("400, cut inside a key that it repeats", |_| {
        let body = format!("X-DC-DEVKEY: {CERTCENTRAL_KEY}");
        let part = &body[..body.len() - 9];
        let length = body.len();
        let bytes = format!("HTTP/1.1 400 Bad Request\r\ncontent-length: {length}\r\n\r\n{part}");
        then(answer(bytes), Step::Close)
    });
}

/// The first half of a body.
fn cut(head: &str, body: &str) -> String {
    format!("{head}{}", &body[..body.len() / 2])
}

/// A body that ends where the connection does.
fn until_the_end(operation: Operation, body: &str, end: Step) -> Vec<Step> {
    let status = operation.status_with_body();
    then(answer(format!("HTTP/1.1 {status}\r\n\r\n{body}")), end)
}

fn redirects(faults: &mut Vec<Fault>, elsewhere: &str) {
    let mut group = group(faults, "A redirect to another host", LONG);
    for status in [
        "301 Moved Permanently",
        "302 Found",
        "303 See Other",
        "307 Temporary Redirect",
        "308 Permanent Redirect",
    ] {
        let location = format!("{elsewhere}/services/v2/account");
        group.add(status, move |_| {
            answer(format!(
                "HTTP/1.1 {status}\r\nlocation: {location}\r\ncontent-length: 0\r\n\r\n"
            ))
        });
    }
}

fn refusals(faults: &mut Vec<Fault>) {
    let mut group = group(faults, "4xx and 5xx", LONG);
    for status in [
        "400 Bad Request",
        "403 Forbidden",
        "404 Not Found",
        "408 Request Timeout",
        "409 Conflict",
        "500 Internal Server Error",
        "502 Bad Gateway",
        "503 Service Unavailable",
        "504 Gateway Timeout",
    ] {
        for (variant, headers, body) in ERROR_BODIES {
            group.add_variant(status, variant, move |operation| {
                let body = body(&Sent::by(operation));
                let length = body.len();
                let head =
                    format!("HTTP/1.1 {status}\r\n{headers}content-length: {length}\r\n\r\n");
                answer([head.as_bytes(), &body].concat())
            });
        }
    }
}

/// What a server can repeat of a request, and a key of its own.
struct Sent {
    headers: String,
    message: String,
    field: String,
}

impl Sent {
    fn by(operation: Operation) -> Self {
        let mut keys = vec![("X-DC-DEVKEY", CERTCENTRAL_KEY)];
        if operation == Operation::LinkBillingAccount {
            keys.push(("X-PARTNER-APIKEY", PARTNER_KEY));
        }
        let headers: Vec<_> = keys
            .iter()
            .map(|(name, key)| format!("{name}: {key}"))
            .collect();
        Self {
            headers: headers.join("\n"),
            message: headers.join(" and "),
            field: format!(r#""api_key":"{ANSWERED_KEY}""#),
        }
    }

    /// An entry of `errors` with the keys in plain text.
    fn error(&self) -> String {
        format!(
            r#"{{"code":"bad_thing|detail","message":"wrong: {}"}}"#,
            self.message
        )
    }

    /// One with the keys as escapes, and in JSON that is text.
    fn odd_error(&self) -> String {
        let escaped = self.message.replace("y-", "y\\u002d");
        let field = self.field.replace('"', "\\\"");
        format!(r#"{{"code":"odd","message":"{escaped}, answer was {{{field}}}"}}"#)
    }
}

type ErrorBody = (&'static str, &'static str, fn(&Sent) -> Vec<u8>);

const JSON: &str = "content-type: application/json\r\n";

/// Bodies of an error, with their headers and with every key in them that there is.
const ERROR_BODIES: [ErrorBody; 10] = [
    ("one error", JSON, |sent| {
        format!(r#"{{"errors":[{}],{}}}"#, sent.error(), sent.field).into()
    }),
    ("two errors", JSON, |sent| {
        format!(r#"{{"errors":[{},{}]}}"#, sent.error(), sent.odd_error()).into()
    }),
    ("no errors", JSON, |_| {
        format!(r#"{{"errors":[],"api_key":["{ANSWERED_KEY}"]}}"#).into()
    }),
    ("`errors` is an object", JSON, |sent| {
        format!(r#"{{{},"errors":{}}}"#, sent.field, sent.odd_error()).into()
    }),
    ("HTML", "content-type: text/html\r\n", |sent| {
        let Sent { headers, field, .. } = sent;
        let escaped = field.replace('"', "&quot;");
        format!("<pre>\n{headers}\n{{{field}}}\n{{{escaped}}}\napi_key={ANSWERED_KEY}</pre>").into()
    }),
    ("empty", "", |_| Vec::new()),
    ("not UTF-8", JSON, |sent| {
        let Sent { headers, field, .. } = sent;
        [
            b"\xff\xfe{",
            field.as_bytes(),
            b"}\xff",
            headers.as_bytes(),
            b"\xc3",
        ]
        .concat()
    }),
    ("another spelling", JSON, |_| {
        format!(r#"{{"id":7,"apiKey":"{ANSWERED_KEY}","API-Key":"{ANSWERED_KEY}"}}"#).into()
    }),
    ("a message with a key", JSON, |_| {
        let message = format!("created, API key: {ANSWERED_KEY}");
        format!(r#"{{"errors":[{{"code":"odd","message":"{message}"}}]}}"#).into()
    }),
    ("gzip", "content-encoding: gzip\r\n", |sent| {
        gzip(format!(r#"{{"errors":[{}],{}}}"#, sent.error(), sent.field).as_bytes())
    }),
];

/// A gzip file with its content in the clear, so that a key in it could be seen.
pub(crate) fn gzip(content: &[u8]) -> Vec<u8> {
    let length = u16::try_from(content.len()).expect("a short text");
    let checksum = !content.iter().fold(!0_u32, |sum, byte| {
        (0..8).fold(sum ^ u32::from(*byte), |sum, _| {
            (sum >> 1) ^ (0xEDB8_8320 & (sum & 1).wrapping_neg())
        })
    });
    [
        b"\x1f\x8b\x08\0\0\0\0\0\0\xff\x01",
        &length.to_le_bytes()[..],
        &(!length).to_le_bytes(),
        content,
        &checksum.to_le_bytes(),
        &u32::from(length).to_le_bytes(),
    ]
    .concat()
}

fn large(faults: &mut Vec<Fault>) {
    const MEGABYTES: usize = 10 * 1024 * 1024;
    let padding: Arc<str> = "x".repeat(MEGABYTES).into();
    let mut group = group(faults, "10 MB of body", LONG);
    let success = Arc::clone(&padding);
    group.add("as a success", move |operation| {
        let body = operation.body();
        let body = format!(r#"{{"padding":"{success}",{}"#, &body[1..]);
        answer(format!("{}{body}", head(operation, body.len())))
    });
    for status in ["400 Bad Request", "500 Internal Server Error"] {
        let padding = Arc::clone(&padding);
        group.add(status, move |operation| {
            let Sent {
                headers, message, ..
            } = Sent::by(operation);
            let body = format!("{headers}{padding}{message}");
            let length = body.len();
            answer(format!(
                "HTTP/1.1 {status}\r\ncontent-length: {length}\r\n\r\n{body}"
            ))
        });
    }
}

fn unusual(faults: &mut Vec<Fault>) {
    let mut group = group(faults, "A success that is not as documented", LONG);
    for status in ["200 OK", "201 Created", "202 Accepted"] {
        group.add(format!("{status} with a body"), move |operation| {
            answer(crate::raw_server::json(status, &operation.body()))
        });
    }
    group.add("204 with a body", |operation| {
        answer(crate::raw_server::json("204 No Content", &operation.body()))
    });
    group.add("204 without a body", |_| {
        answer("HTTP/1.1 204 No Content\r\n\r\n")
    });
    group.add("200/201, empty body", |operation| {
        answer(head(operation, 0))
    });
    group.add("200/201, HTML", |operation| {
        let body = format!("<html><p title=\"it's 5\" wide>{}</html>", operation.body());
        answer(format!("{}{body}", head(operation, body.len())))
    });
    group.add("200/201, gzip, stored not compressed", |operation| {
        let body = gzip(operation.body().as_bytes());
        let status = operation.status_with_body();
        let length = body.len();
        let head = format!(
            "HTTP/1.1 {status}\r\ncontent-encoding: gzip\r\ncontent-length: {length}\r\n\r\n"
        );
        answer([head.as_bytes(), &body].concat())
    });
    for (name, looks) in [
        ("200/201, not UTF-8 where nobody looks", false),
        ("200/201, not UTF-8 in a field", true),
    ] {
        group.add(name, move |operation| {
            let field = if looks { text_field(operation) } else { "new" };
            let field = format!("{{\"{field}\":\"");
            let body = operation.body();
            let body = [field.as_bytes(), b"\xff\",", &body.as_bytes()[1..]].concat();
            answer([head(operation, body.len()).as_bytes(), &body].concat())
        });
    }
    group.add(
        "unknown fields and enum values, numbers in quotes",
        |operation| {
            let body = unknown(operation);
            answer(format!("{}{body}", head(operation, body.len())))
        },
    );
    group.add("a field of another type", |operation| {
        let body = other_type(operation);
        answer(format!("{}{body}", head(operation, body.len())))
    });
    group.add("every header twice", |operation| {
        let body = operation.body();
        let head = head(operation, body.len());
        let (status, headers) = head.split_once("\r\n").expect("a status line");
        let headers = headers.trim_end();
        answer(format!("{status}\r\n{headers}\r\n{headers}\r\n\r\n{body}"))
    });
    group.add("two Content-Lengths that differ", |operation| {
        let body = operation.body();
        let head = head(operation, body.len());
        answer(head.replacen("\r\n", "\r\ncontent-length: 7\r\n", 1) + &body)
    });
    group.add("not HTTP", |_| {
        then(
            vec![Step::Read, write("SSH-2.0-OpenSSH_9.6\r\n\r\n")],
            Step::Close,
        )
    });
    group.add("1 MB of headers", |operation| {
        let head = head(operation, 0);
        let many = "x-padding: 0123456789012345678901234567890123456789\r\n".repeat(20_000);
        answer(head.trim_end().to_owned() + "\r\n" + &many + "\r\n")
    });
}

/// A success with what the documentation does not know.
fn unknown(operation: Operation) -> String {
    match operation {
        Operation::GetAccount => r#"{"id":"1122331","pricing_model":"barter","new":{"a":[1]}}"#,
        Operation::ListSubaccounts => {
            r#"{"subaccounts":[{"id":"1","account_type":"galactic","new":1}],"new":[]}"#
        }
        Operation::GetSubaccount => {
            r#"{"account_id":"1","account_type":"galactic","organization":null,"new":1}"#
        }
        Operation::ListSubaccountProducts => {
            r#"{"currency":"XTS","pricing_method":"barter","products":[{"product_name_id":"new","prices":[{"lifetime":"9","cost":"218.50","new":1}]}]}"#
        }
        Operation::SetSubaccountProducts | Operation::LinkBillingAccount => r#"{"new":1}"#,
        Operation::CreateSubaccount => {
            return format!(
                r#"{{"id":"1","account_type":"galactic","api_key":"{ANSWERED_KEY}","new":1}}"#
            );
        }
    }
    .to_owned()
}

/// A field of an answer that is text.
fn text_field(operation: Operation) -> &'static str {
    match operation {
        Operation::GetAccount => "rep_name",
        Operation::ListSubaccounts => "subaccounts",
        Operation::GetSubaccount => "organization_name",
        Operation::ListSubaccountProducts => "pricing_method",
        _ => "child_name",
    }
}

/// A success with a field that cannot be read, and a key in it.
fn other_type(operation: Operation) -> String {
    let field = text_field(operation);
    format!(r#"{{"id":1122334,"{field}":[[{{"x":"{ANSWERED_KEY}"}}]],"api_key":"{ANSWERED_KEY}"}}"#)
}

fn too_many(faults: &mut Vec<Fault>) {
    let mut group = group(faults, "429, by its `Retry-After`", LONG);
    let date = |seconds| httpdate::fmt_http_date(SystemTime::now() + Duration::from_secs(seconds));
    let (soon, late) = (date(3), date(100 * 365 * 24 * 60 * 60));
    for (name, value) in [
        ("none", None),
        ("0", Some("0")),
        ("1", Some("1")),
        ("a date in some seconds", Some(&*soon)),
        ("a date in the past", Some("Sun, 06 Nov 1994 08:49:37 GMT")),
        ("a date in 100 years", Some(&*late)),
        (
            "a date with the wrong weekday",
            Some("Mon, 06 Nov 1994 08:49:37 GMT"),
        ),
        ("negative", Some("-7")),
        ("words", Some("soon")),
        ("3601", Some("3601")),
        (
            "99999999999999999999999999",
            Some("99999999999999999999999999"),
        ),
    ] {
        let header = value.map_or(String::new(), |value| format!("retry-after: {value}\r\n"));
        group.add(name, move |_| {
            let body = format!(
                r#"{{"errors":[{{"code":"request_limit_exceeded","message":"{CERTCENTRAL_KEY}"}}]}}"#
            );
            let length = body.len();
            answer(format!(
                "HTTP/1.1 429 Too Many Requests\r\n{header}content-length: {length}\r\n\r\n{body}"
            ))
        });
    }
}
