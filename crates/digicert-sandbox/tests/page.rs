//! The page at `/` as far as it can be seen without a browser. `cargo xtask browser` looks at it
//! with one.

use std::collections::BTreeSet;

use digicert_sandbox::Sandbox;
use serde_json::{Value, json};

use crate::client::{Client, http};
use crate::samples;

async fn get(sandbox: &Sandbox, path: &str) -> reqwest::Response {
    let url = format!("{}{path}", sandbox.origin());
    http().get(url).send().await.unwrap()
}

async fn get_json(sandbox: &Sandbox, path: &str) -> Value {
    get(sandbox, path).await.json().await.unwrap()
}

#[tokio::test]
async fn all_files_of_the_page_are_served_and_nothing_is_from_elsewhere() {
    let sandbox = Sandbox::start().await.unwrap();
    let (mut todo, mut seen) = (vec!["/".to_owned()], BTreeSet::new());
    while let Some(path) = todo.pop() {
        let answer = get(&sandbox, &path).await;
        assert_eq!(answer.status(), 200, "{path}");
        let text = answer.text().await.unwrap();
        for address in text.split('"').skip(1).step_by(2) {
            let file = address.strip_prefix("./").unwrap_or(address);
            let file = file.strip_prefix("/_sandbox/page/").unwrap_or(file);
            let is_file = [".js", ".css", ".svg"]
                .iter()
                .any(|end| file.ends_with(end));
            if is_file && !file.contains('/') && seen.insert(file.to_owned()) {
                todo.push(format!("/_sandbox/page/{file}"));
            }
            let is_elsewhere = address.starts_with("http") && !address.contains("www.w3.org");
            assert!(!is_elsewhere, "{path} names {address}");
        }
    }
    assert!(seen.len() >= 15, "{seen:?}");
}

#[tokio::test]
async fn the_page_may_run_its_own_scripts_and_nothing_else() {
    let sandbox = Sandbox::start().await.unwrap();
    let answer = get(&sandbox, "/").await;
    let policy = answer.headers()["content-security-policy"]
        .to_str()
        .unwrap()
        .to_owned();
    let directives: Vec<_> = policy.split("; ").collect();
    for directive in [
        "default-src 'none'",
        "script-src 'self'",
        "connect-src 'self'",
        "frame-ancestors 'none'",
        "require-trusted-types-for 'script'",
    ] {
        assert!(directives.contains(&directive), "{policy}");
    }
    assert!(!policy.contains("unsafe"), "{policy}");
    let text = answer.text().await.unwrap();
    // The policy would refuse them.
    for inline in [" onclick", " style=", "<style", "<script>"] {
        assert!(!text.contains(inline), "{inline}");
    }
}

#[tokio::test]
async fn the_overview_has_a_part_of_the_subaccounts_the_newest_first() {
    let sandbox = Sandbox::start().await.unwrap();
    let client = Client::new(&sandbox);
    for number in 0..12 {
        let mut request = samples::create_request();
        request["organization"]["name"] = json!(format!("Company {number}"));
        if number == 3 {
            request["child_name"] = json!("Nordwind");
        }
        client.create(&request).await;
    }
    let names = |overview: &Value| -> Vec<String> {
        let subaccounts = overview["subaccounts"].as_array().unwrap();
        let names = subaccounts
            .iter()
            .map(|one| &one["details"]["organization_name"]);
        names
            .map(|name| name.as_str().unwrap().to_owned())
            .collect()
    };
    let overview = get_json(&sandbox, "/_sandbox/overview?limit=2").await;
    assert_eq!(names(&overview), ["Company 11", "Company 10"]);
    assert_eq!(
        (&overview["total"], &overview["found"]),
        (&json!(12), &json!(12))
    );
    assert_eq!(overview["latest_request"], 12);
    let overview = get_json(&sandbox, "/_sandbox/overview?limit=2&offset=11").await;
    assert_eq!(names(&overview), ["Company 0"]);
    let overview = get_json(&sandbox, "/_sandbox/overview").await;
    assert_eq!(names(&overview).len(), 10);
    for (search, found) in [
        (
            "company%201",
            &["Company 11", "Company 10", "Company 1"][..],
        ),
        ("NORDWIND", &["Company 3"]),
        ("1122336", &["Company 2"]),
        ("112233", &[]),
    ] {
        let overview = get_json(&sandbox, &format!("/_sandbox/overview?search={search}")).await;
        assert_eq!(names(&overview), found, "{search}");
        assert_eq!(overview["total"], 12);
    }
    let refused = get(&sandbox, "/_sandbox/overview?offset=-1").await;
    assert_eq!(refused.status(), 400);
}

#[tokio::test]
async fn the_overview_has_the_links_without_keys() {
    let sandbox = Sandbox::start().await.unwrap();
    let added = sandbox.add_partner_subaccount("Branch").unwrap();
    assert_eq!(Client::new(&sandbox).link().await.status, 204);
    let overview = get(&sandbox, "/_sandbox/overview")
        .await
        .text()
        .await
        .unwrap();
    assert!(!overview.contains(added.key.expose_secret()), "i2");
    let overview: Value = serde_json::from_str(&overview).unwrap();
    let payer = sandbox.billing_account_id();
    assert!(payer.is_some());
    assert_eq!(
        overview["links"][1],
        json!({"id": added.id, "name": "Branch", "active": true, "linked_to": null, "paid_by": payer})
    );
    assert_eq!(overview["links"][0]["linked_to"], json!(payer));
}

#[tokio::test]
async fn only_keys_that_were_made_up_are_offered() {
    let sandbox = Sandbox::start().await.unwrap();
    let offered = get_json(&sandbox, "/_sandbox/keys").await;
    let made_up = sandbox.certcentral_key().expose_secret();
    assert_eq!(offered["certcentral_key"], made_up);
    assert_eq!(
        offered["partner_key"],
        sandbox.partner_key().expose_secret()
    );

    let builder = Sandbox::builder()
        .certcentral_key("given")
        .partner_key("given-too");
    let sandbox = builder.start().await.unwrap();
    let offered = get_json(&sandbox, "/_sandbox/keys").await;
    let nothing = json!({"certcentral_key": null, "partner_key": null});
    assert_eq!(offered, nothing, "i2");

    // Where others can ask, not even those.
    let sandbox = Sandbox::builder()
        .listen(([0, 0, 0, 0], 0))
        .start()
        .await
        .unwrap();
    assert_eq!(get_json(&sandbox, "/_sandbox/keys").await, nothing);
}
