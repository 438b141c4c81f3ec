//! The files that are served as they are, from inside the program.

use axum::http::HeaderValue;
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE, X_CONTENT_TYPE_OPTIONS};
use axum::response::{IntoResponse, Response};

/// A file with its place below the origin.
#[derive(Debug)]
pub(super) struct File {
    pub(super) path: &'static str,
    content_type: &'static str,
    text: &'static str,
}

const JSON: &str = "application/json";
const YAML: &str = "application/yaml";

/// All of them.
pub(super) const FILES: &[File] = &[
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
        ];
        (headers, self.text).into_response()
    }
}
