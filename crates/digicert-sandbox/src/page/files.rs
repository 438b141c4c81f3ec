//! The files that are served as they are, from inside the program.

use axum::http::HeaderValue;
use axum::http::header::{
    CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE, REFERRER_POLICY, X_CONTENT_TYPE_OPTIONS,
};
use axum::response::{IntoResponse, Response};

/// A file with its place below the origin.
#[derive(Debug)]
pub(super) struct File {
    pub(super) path: &'static str,
    content_type: &'static str,
    text: &'static str,
}

const CSS: &str = "text/css; charset=utf-8";
const HTML: &str = "text/html; charset=utf-8";
const JAVASCRIPT: &str = "text/javascript; charset=utf-8";
const JSON: &str = "application/json";
const SVG: &str = "image/svg+xml";
const YAML: &str = "application/yaml";

/// What the page may do: run its own scripts, talk to this sandbox, and nothing else. Even a fault
/// in its scripts cannot make text into elements.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; \
    connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; \
    require-trusted-types-for 'script'; trusted-types 'none'";

macro_rules! page_file {
    ($file:literal, $content_type:expr) => {
        File {
            path: concat!("/_sandbox/page/", $file),
            content_type: $content_type,
            text: include_str!($file),
        }
    };
}

/// All of them.
pub(super) const FILES: &[File] = &[
    File {
        path: "/",
        content_type: HTML,
        text: include_str!("index.html"),
    },
    page_file!("page.css", CSS),
    page_file!("icon.svg", SVG),
    page_file!("clock.js", JAVASCRIPT),
    page_file!("control.js", JAVASCRIPT),
    page_file!("dom.js", JAVASCRIPT),
    page_file!("faults.js", JAVASCRIPT),
    page_file!("json_text.js", JAVASCRIPT),
    page_file!("keys.js", JAVASCRIPT),
    page_file!("markdown.js", JAVASCRIPT),
    page_file!("overview.js", JAVASCRIPT),
    page_file!("page.js", JAVASCRIPT),
    page_file!("reference.js", JAVASCRIPT),
    page_file!("requests.js", JAVASCRIPT),
    page_file!("schema.js", JAVASCRIPT),
    page_file!("try_it.js", JAVASCRIPT),
    // As they are written by hand, for generators; a copy of `openapi/`.
    File {
        path: "/openapi/certcentral.yaml",
        content_type: YAML,
        text: include_str!("../generated/openapi/certcentral.yaml"),
    },
    File {
        path: "/openapi/partner-subscriptions.yaml",
        content_type: YAML,
        text: include_str!("../generated/openapi/partner-subscriptions.yaml"),
    },
    // The same with this sandbox as the only server.
    File {
        path: "/openapi/certcentral.json",
        content_type: JSON,
        text: include_str!("../generated/openapi/certcentral.json"),
    },
    File {
        path: "/openapi/partner-subscriptions.json",
        content_type: JSON,
        text: include_str!("../generated/openapi/partner-subscriptions.json"),
    },
];

impl File {
    pub(super) fn response(&self) -> Response {
        // Another build may listen on the same address a moment later.
        let headers = [
            (CONTENT_TYPE, HeaderValue::from_static(self.content_type)),
            (CACHE_CONTROL, HeaderValue::from_static("no-cache")),
            (X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff")),
            (CONTENT_SECURITY_POLICY, HeaderValue::from_static(POLICY)),
            (REFERRER_POLICY, HeaderValue::from_static("no-referrer")),
        ];
        (headers, self.text).into_response()
    }
}
