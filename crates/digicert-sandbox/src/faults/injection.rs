//! Bringing an effect about: by what is answered, when, and what becomes of the connection.

use axum::body::{Body, Bytes};
use axum::extract::Request;
use axum::http::header::{CONTENT_LENGTH, CONTENT_TYPE, RETRY_AFTER};
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use http_body_util::BodyExt;
use memchr::memchr2;
use tokio::time::sleep;

use super::effect::{self, Delay, Effect, Reset, Status, When};
use crate::answer;
use crate::disconnect::Disconnect;
use crate::request_body;

const UNKNOWN_FIELD: &str = r#""unknown_to_all_documentation":{"a":[1,"b",null,{}]}"#;

const HTML: HeaderValue = HeaderValue::from_static("text/html; charset=utf-8");

/// Has a call carried out, or not, in the way of an effect.
pub(crate) async fn inject(effect: Effect, request: Request, next: Next) -> Response {
    match effect {
        Effect::Status(status) => {
            carry_out_or_not(status.when, request, next).await;
            answer(&status)
        }
        Effect::Delay(delay) => late(&delay, request, next).await,
        Effect::Reset(Reset { when }) => {
            carry_out_or_not(when, request, next).await;
            Disconnect::Reset.into_response()
        }
        Effect::CutBody(_) => cut(next.run(request).await).await,
        Effect::UnknownFields(_) => with_unknown_fields(next.run(request).await).await,
    }
}

/// If the call is not carried out, it is read nevertheless: a client that could not send its
/// request would know that nothing has happened.
async fn carry_out_or_not(when: When, request: Request, next: Next) {
    match when {
        When::Before => request_body::discard(request.into_body()).await,
        When::After => drop(next.run(request).await),
    }
}

async fn late(delay: &Delay, request: Request, next: Next) -> Response {
    if delay.when == When::Before {
        sleep(delay.duration()).await;
    }
    let answer = next.run(request).await;
    if delay.when == When::After {
        sleep(delay.duration()).await;
    }
    answer
}

fn answer(fault: &Status) -> Response {
    let status = StatusCode::from_u16(fault.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let has_no_body = matches!(status, StatusCode::NO_CONTENT | StatusCode::NOT_MODIFIED);
    let mut answer = match fault.body {
        effect::Body::Empty => status.into_response(),
        _ if has_no_body => status.into_response(),
        effect::Body::Html => (status, [(CONTENT_TYPE, HTML)], page(status)).into_response(),
        effect::Body::Json => json(status, fault),
    };
    if let Some(seconds) = fault.retry_after {
        answer.headers_mut().insert(RETRY_AFTER, seconds.into());
    }
    answer
}

fn reason(status: StatusCode) -> &'static str {
    status.canonical_reason().unwrap_or("Unknown Status")
}

/// What gateways between a client and a service answer.
fn page(status: StatusCode) -> String {
    let (code, reason) = (status.as_u16(), reason(status));
    format!(
        "<html>\r\n<head><title>{code} {reason}</title></head>\r\n<body>\r\n\
         <center><h1>{code} {reason}</h1></center>\r\n<hr><center>sandbox</center>\r\n\
         </body>\r\n</html>\r\n"
    )
}

/// An error as the service writes it. A success has nothing of what its operation answers.
fn json(status: StatusCode, fault: &Status) -> Response {
    if status.is_success() && fault.code.is_none() && fault.message.is_none() {
        return answer::json(status, &serde_json::Map::new());
    }
    let reason = reason(status);
    let code = fault.code.clone();
    let code = code.unwrap_or_else(|| reason.to_lowercase().replace([' ', '-'], "_"));
    let message = fault.message.clone();
    let message = message.unwrap_or_else(|| format!("{reason}. The sandbox was told to say so."));
    answer::refusal(status, &code, &message).into_response()
}

async fn bytes(body: Body) -> Bytes {
    // The bodies of operations are in memory as one piece and cannot fail.
    body.collect().await.unwrap_or_default().to_bytes()
}

async fn cut(answer: Response) -> Response {
    let (mut head, body) = answer.into_parts();
    let body = bytes(body).await;
    if body.is_empty() {
        return Disconnect::Close.into_response();
    }
    let announced = body.len() as u64;
    head.extensions.insert(Disconnect::AfterBody { announced });
    Response::from_parts(head, Body::from(body.slice(..body.len() / 2)))
}

async fn with_unknown_fields(answer: Response) -> Response {
    if !is_json(answer.headers()) {
        return answer;
    }
    let (mut head, body) = answer.into_parts();
    head.headers.remove(CONTENT_LENGTH);
    let body = add_fields(&bytes(body).await);
    Response::from_parts(head, Body::from(body))
}

fn is_json(headers: &HeaderMap) -> bool {
    let content_type = headers.get(CONTENT_TYPE).map(HeaderValue::as_bytes);
    content_type.is_some_and(|value| value.starts_with(b"application/json"))
}

/// Adds a field to each object of a JSON text. Everything else stays as it is written, numbers
/// above all.
fn add_fields(json: &[u8]) -> Vec<u8> {
    let mut changed = Vec::with_capacity(json.len() * 2);
    let mut rest = json;
    let mut is_in_string = false;
    while let Some(found) = next_of_interest(rest, is_in_string) {
        let (before, after) = rest.split_at(found + 1);
        changed.extend_from_slice(before);
        rest = after;
        match before.last() {
            Some(b'"') => is_in_string = !is_in_string,
            Some(b'\\') => {
                let escaped = rest.split_off(..1.min(rest.len())).unwrap_or_default();
                changed.extend_from_slice(escaped);
            }
            _ => {
                changed.extend_from_slice(UNKNOWN_FIELD.as_bytes());
                if rest.trim_ascii_start().first() != Some(&b'}') {
                    changed.push(b',');
                }
            }
        }
    }
    changed.extend_from_slice(rest);
    changed
}

fn next_of_interest(rest: &[u8], is_in_string: bool) -> Option<usize> {
    if is_in_string {
        memchr2(b'"', b'\\', rest)
    } else {
        memchr2(b'"', b'{', rest)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_object_gets_a_field_and_nothing_else_changes() {
        let json = br#"{"a":{},"b":[{"c":412.10},"{\"d\\"],"e\"{":{ } }"#;
        let changed = add_fields(json);
        let mut value: serde_json::Value = serde_json::from_slice(&changed).unwrap();
        for pointer in ["", "/a", "/b/0", "/e\"{"] {
            let object = value.pointer_mut(pointer).unwrap().as_object_mut().unwrap();
            assert!(
                object.remove("unknown_to_all_documentation").is_some(),
                "{pointer}"
            );
        }
        assert_eq!(
            value,
            serde_json::from_slice::<serde_json::Value>(json).unwrap()
        );
        assert!(String::from_utf8(changed).unwrap().contains("412.10"));
    }
}
