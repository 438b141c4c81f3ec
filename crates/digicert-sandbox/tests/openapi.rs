//! The OpenAPI documents that the sandbox serves.

use digicert_sandbox::Sandbox;
use serde_json::{Value, json};

use crate::client::http;

/// Name, path of the API below the origin, and text of each.
const DOCUMENTS: [(&str, &str, &str); 2] = [
    (
        "certcentral",
        "/services/v2",
        include_str!("../src/generated/openapi/certcentral.yaml"),
    ),
    (
        "partner-subscriptions",
        "/partner-subscription/api/v1",
        include_str!("../src/generated/openapi/partner-subscriptions.yaml"),
    ),
];

#[tokio::test]
async fn the_yaml_is_served_as_it_was_written_below_a_header() {
    let sandbox = Sandbox::start().await.unwrap();
    for (name, _, text) in DOCUMENTS {
        let url = format!("{}/openapi/{name}.yaml", sandbox.origin());
        let answer = http().get(url).send().await.unwrap();
        assert_eq!(answer.status(), 200);
        assert_eq!(answer.headers()["content-type"], "application/yaml");
        let served = answer.text().await.unwrap();
        assert_eq!(served, text);
        let header = served.lines().next().unwrap();
        assert!(header.contains("cargo xtask codegen"), "{header}");
        assert!(served.contains("\nopenapi: 3.0.3\n"), "{header}");
    }
}

/// A generator that is given the address of the JSON makes a client that talks to the sandbox:
/// OpenAPI resolves a server without a host against the address of the document.
#[tokio::test]
async fn the_json_names_this_sandbox_as_the_only_server() {
    let sandbox = Sandbox::start().await.unwrap();
    for (name, base, _) in DOCUMENTS {
        let url = format!("{}/openapi/{name}.json", sandbox.origin());
        let answer = http().get(url).send().await.unwrap();
        assert_eq!(answer.headers()["content-type"], "application/json");
        let document: Value = answer.json().await.unwrap();
        assert_eq!(document["openapi"], "3.0.3");
        assert_eq!(
            document["servers"],
            json!([{"url": base, "description": "This sandbox."}])
        );
        assert!(
            [sandbox.certcentral_url(), sandbox.partner_url()]
                .contains(&&*format!("{}{base}", sandbox.origin()))
        );
    }
}
