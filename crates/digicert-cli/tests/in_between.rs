//! A stranger between the program and a sandbox, who plays with the answer to a creation: real
//! sockets, and the sandbox has carried out what it says.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex};
use std::thread;

use crate::eventually::LIMIT;

/// What becomes of the first `POST /account`; the next ones pass. [`ListOtherwise`] and [`Lists`] are
/// about lists, [`PaidOtherwise`] and [`Subaccounts`] about single subaccounts, [`ReadProducts`] about
/// their products.
///
/// [`ListOtherwise`]: Play::ListOtherwise
/// [`Lists`]: Play::Lists
/// [`PaidOtherwise`]: Play::PaidOtherwise
/// [`ReadProducts`]: Play::ReadProducts
/// [`Subaccounts`]: Play::Subaccounts
pub(crate) enum Play {
    /// It arrives.
    Pass,
    /// The request never reaches the service.
    CutRequest,
    /// The request is carried out, and the connection ends without an answer.
    CutAnswer,
    /// Another answer arrives, made of the status line and body of the real one.
    Replace(fn(&str) -> String),
    /// The answer waits until the test lets it through; the test is told when it is there.
    Hold(Sender<()>, Receiver<()>),
    /// The same with the first answer to a `PUT`, which sets products or links.
    HoldPut(Sender<()>, Receiver<()>),
    /// The same with the first answer to a read of the own account.
    HoldAccount(Sender<()>, Receiver<()>),
    /// As `Hold`, but the answer is lost then.
    HoldAndCut(Sender<()>, Receiver<()>),
    /// The same with the next list of subaccounts.
    HoldList(Sender<()>, Receiver<()>),
    /// As `Hold`, but another answer arrives then.
    HoldAndReplace(Sender<()>, Receiver<()>, fn(&str) -> String),
    /// Every list comes as the service may send it as well: one subaccount a page however many are
    /// asked for, under the other name of the array, without the number of all.
    ListOtherwise,
    /// Every list is one of a service that gives one subaccount a page and knows no `offset`.
    ListStuck,
    /// Whenever the account of a key is read, it is billed to the next one of these; to the last one for
    /// ever.
    BilledTo(Vec<i64>),
    /// Every subaccount that is read alone has another payer than it has.
    PaidOtherwise,
    /// Every answer about products is another one, made of the body of the real one.
    ReadProducts(fn(&str) -> String),
    /// Every list arrives with another body, made of the real one; with one subaccount a page.
    Lists(fn(&str) -> String),
    /// The same with every subaccount that is read alone.
    Subaccounts(fn(&str) -> String),
    /// Every answer to a read arrives with another body.
    Reads(fn(&str) -> String),
}

/// Listens on a port of its own until the test ends.
pub(crate) struct InBetween {
    origin: String,
    play: Arc<Mutex<Play>>,
}

impl InBetween {
    pub(crate) fn before(service: &str, play: Play) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let origin = format!("http://{}", listener.local_addr().unwrap());
        let service = service.trim_start_matches("http://").to_owned();
        let shared = Arc::new(Mutex::new(play));
        let play = Arc::clone(&shared);
        thread::spawn(move || {
            for client in listener.incoming().flatten() {
                let (service, play) = (service.clone(), Arc::clone(&shared));
                // A client that goes away is part of the game.
                thread::spawn(move || drop(pass_on(client, &service, &play)));
            }
        });
        Self { origin, play }
    }

    /// From now on something else happens.
    pub(crate) fn play(&self, play: Play) {
        *self.play.lock().unwrap() = play;
    }

    pub(crate) fn origin(&self) -> &str {
        &self.origin
    }
}

/// Two ends to hold an answer with: the test waits on the first and lets go with the second.
pub(crate) fn hold() -> (Play, Receiver<()>, Sender<()>) {
    let (there, is_there) = channel();
    let (let_go, may_go) = channel();
    (Play::Hold(there, may_go), is_there, let_go)
}

/// The same for an answer to a `PUT`.
pub(crate) fn hold_put() -> (Play, Receiver<()>, Sender<()>) {
    let (there, is_there) = channel();
    let (let_go, may_go) = channel();
    (Play::HoldPut(there, may_go), is_there, let_go)
}

/// Waits until the answer that is held is there.
#[track_caller]
pub(crate) fn wait_for(is_there: &Receiver<()>) {
    let waited = is_there.recv_timeout(LIMIT);
    assert!(
        waited.is_ok(),
        "waited in vain for the request whose answer is held"
    );
}

/// One request on one connection.
fn pass_on(mut client: TcpStream, service: &str, play: &Mutex<Play>) -> std::io::Result<()> {
    let mut request = message(&client)?;
    let body_of = body_of(&request, &play.lock().unwrap());
    let is_list = request.starts_with(b"GET /services/v2/account/subaccount?")
        && matches!(*play.lock().unwrap(), Play::ListOtherwise | Play::Lists(_));
    let is_stuck = matches!(*play.lock().unwrap(), Play::ListStuck);
    if is_list || is_stuck {
        let mut text = String::from_utf8_lossy(&request).replace("limit=1000", "limit=1");
        if is_stuck {
            text = text.replace("offset=", "no_offset=");
        }
        request = text.into_bytes();
    }
    let is_paid_otherwise = matches!(*play.lock().unwrap(), Play::PaidOtherwise);
    let read_products = match *play.lock().unwrap() {
        Play::ReadProducts(read) if is_about_products(&request) => Some(read),
        _ => None,
    };
    let billed_to = billed_to(&request, &mut play.lock().unwrap());
    let play = take(&request, &mut play.lock().unwrap());
    if matches!(play, Play::CutRequest) {
        return client.shutdown(Shutdown::Both);
    }
    let mut server = TcpStream::connect(service)?;
    server.write_all(&request)?;
    let answer = message(&server)?;
    let answer = match play {
        Play::CutAnswer => return client.shutdown(Shutdown::Both),
        Play::Replace(replace) => replace(&String::from_utf8_lossy(&answer)).into_bytes(),
        Play::Hold(there, may_go)
        | Play::HoldPut(there, may_go)
        | Play::HoldList(there, may_go)
        | Play::HoldAccount(there, may_go) => {
            let _ = there.send(());
            // A test that is over lets everything go.
            let _ = may_go.recv();
            answer
        }
        Play::HoldAndCut(there, may_go) => {
            let _ = there.send(());
            let _ = may_go.recv();
            return client.shutdown(Shutdown::Both);
        }
        Play::HoldAndReplace(there, may_go, replace) => {
            let _ = there.send(());
            let _ = may_go.recv();
            replace(&String::from_utf8_lossy(&answer)).into_bytes()
        }
        _ => match body_of {
            Some(body_of) => {
                let answer = String::from_utf8_lossy(&answer);
                let (head, body) = answer.split_once("\r\n\r\n").unwrap();
                with_body(head, &body_of(body))
            }
            None if is_list => listed_otherwise(&answer),
            None => answer,
        },
    };
    let answer = if is_paid_otherwise {
        paid_otherwise(&answer)
    } else {
        answer
    };
    let answer = match billed_to {
        Some(id) => with_billing_account(&answer, id),
        None => answer,
    };
    let answer = match read_products {
        Some(read) => with_other_body(&answer, read),
        None => answer,
    };
    client.write_all(&answer)?;
    client.shutdown(Shutdown::Write)
}

/// What another body is made by, if that is the game.
fn body_of(request: &[u8], play: &Play) -> Option<fn(&str) -> String> {
    const ALONE: &[u8] = b"GET /services/v2/account/subaccount/";
    let is_alone =
        request.starts_with(ALONE) && !request.windows(9).any(|part| part == b"/products");
    match play {
        Play::Lists(body_of) if request.starts_with(b"GET /services/v2/account/subaccount?") => {
            Some(*body_of)
        }
        Play::Subaccounts(body_of) if is_alone => Some(*body_of),
        Play::Reads(body_of) if request.starts_with(b"GET ") => Some(*body_of),
        _ => None,
    }
}

/// What happens to this request; what happens once is over then.
fn take(request: &[u8], play: &mut Play) -> Play {
    let is_the_one = match play {
        Play::ListOtherwise
        | Play::ListStuck
        | Play::BilledTo(_)
        | Play::PaidOtherwise
        | Play::ReadProducts(_)
        | Play::Lists(_)
        | Play::Subaccounts(_)
        | Play::Reads(_) => false,
        Play::HoldPut(..) => request.starts_with(b"PUT "),
        Play::HoldList(..) => request.starts_with(b"GET /services/v2/account/subaccount?"),
        Play::HoldAccount(..) => request.starts_with(b"GET /services/v2/account "),
        _ => request.starts_with(b"POST /services/v2/account "),
    };
    if is_the_one {
        std::mem::replace(play, Play::Pass)
    } else {
        Play::Pass
    }
}

/// The answer with its array under the other name.
fn listed_otherwise(answer: &[u8]) -> Vec<u8> {
    let answer = String::from_utf8_lossy(answer);
    assert!(answer.contains("\"subaccounts\":["), "{answer}");
    let (head, body) = answer.split_once("\r\n\r\n").unwrap();
    let body = body
        .replace("\"subaccounts\":[", "\"child_accounts\":[")
        .replace("\"total\":", "\"all\":");
    with_body(head, &body)
}

/// Who is billed by the answer to this request, if that is played with.
fn billed_to(request: &[u8], play: &mut Play) -> Option<i64> {
    let Play::BilledTo(ids) = play else {
        return None;
    };
    if !request.starts_with(b"GET /services/v2/account ") {
        return None;
    }
    Some(if ids.len() > 1 { ids.remove(0) } else { ids[0] })
}

fn with_billing_account(answer: &[u8], id: i64) -> Vec<u8> {
    let answer = String::from_utf8_lossy(answer);
    let (head, body) = answer.split_once("\r\n\r\n").unwrap();
    let mut account: serde_json::Value = serde_json::from_str(body).unwrap();
    account["billing_account_id"] = id.into();
    account["billing_account_name"] = format!("Payer {id}").into();
    with_body(head, &account.to_string())
}

/// The answer with the other payer.
fn paid_otherwise(answer: &[u8]) -> Vec<u8> {
    let answer = String::from_utf8_lossy(answer);
    let (parent, own) = ("\"bill_parent\":true", "\"bill_parent\":false");
    let (head, body) = answer.split_once("\r\n\r\n").unwrap();
    let body = if body.contains(own) {
        body.replace(own, parent)
    } else {
        body.replace(parent, own)
    };
    with_body(head, &body)
}

fn is_about_products(request: &[u8]) -> bool {
    let request = String::from_utf8_lossy(request);
    let line = request.lines().next().unwrap_or_default();
    line.starts_with("GET ") && line.contains("/products ")
}

fn with_other_body(answer: &[u8], other: fn(&str) -> String) -> Vec<u8> {
    let answer = String::from_utf8_lossy(answer);
    let (head, body) = answer.split_once("\r\n\r\n").unwrap();
    with_body(head, &other(body))
}

fn with_body(head: &str, body: &str) -> Vec<u8> {
    let lines = head
        .lines()
        .filter(|line| !line.to_ascii_lowercase().starts_with("content-length:"));
    let head: Vec<_> = lines.collect();
    let head = head.join("\r\n");
    format!("{head}\r\ncontent-length: {}\r\n\r\n{body}", body.len()).into_bytes()
}

/// Head and body, with the header that makes this exchange the last of its connection.
fn message(stream: &TcpStream) -> std::io::Result<Vec<u8>> {
    let mut reader = BufReader::new(stream);
    let mut head = String::new();
    let mut length = 0;
    loop {
        let mut line = String::new();
        reader.read_line(&mut line)?;
        if line.trim().is_empty() {
            break;
        }
        let lower = line.to_ascii_lowercase();
        if let Some(value) = lower.strip_prefix("content-length:") {
            length = value.trim().parse().unwrap_or(0);
        }
        if !lower.starts_with("connection:") {
            head += &line;
        }
    }
    let mut body = vec![0; length];
    reader.read_exact(&mut body)?;
    let mut message = format!("{head}connection: close\r\n\r\n").into_bytes();
    message.extend(body);
    Ok(message)
}
