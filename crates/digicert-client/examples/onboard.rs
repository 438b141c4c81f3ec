//! The main job from beginning to end, against a sandbox inside this program: check the
//! documents, create a managed subaccount, keep its key, set products and prices, link the
//! billing account. The bodies are the samples of DigiCert's documentation.
//!
//! Run it with `cargo run --example onboard`. Nothing leaves this machine.

#![allow(clippy::print_stdout, reason = "an example that tells a story")]

use std::error::Error;
use std::fs::{self, File, OpenOptions};
use std::io::Write as _;
use std::path::{Path, PathBuf};

use digicert_client::types::certcentral::{
    CreateSubaccountRequest, CreatedSubaccount, SetSubaccountProductsRequest, SubaccountType,
};
use digicert_client::types::{CertCentralApiKey, examples};
use digicert_client::{certcentral, partner};
use digicert_sandbox::Sandbox;
use digicert_validate::{Context, Request, validate};
use serde::Serialize;
use serde::de::DeserializeOwned;

type Outcome<T = ()> = Result<T, Box<dyn Error>>;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Outcome {
    let sandbox = Sandbox::start().await?;
    println!(
        "A sandbox listens at {}. Nothing leaves this machine.",
        sandbox.origin()
    );
    let account = certcentral::Client::builder(sandbox.certcentral_key())
        .origin(sandbox.origin())
        .build()?;
    let billing = partner::Client::builder(sandbox.partner_key())
        .origin(sandbox.origin())
        .build()?;

    chapter("1. Check the documents before anything is sent");
    let mut creation: CreateSubaccountRequest = sample("create_subaccount")?;
    creation.account_type = SubaccountType::Managed;
    // Otherwise its currency and its prices would be ignored.
    creation.bill_parent = Some(true);
    check("the subaccount", &creation)?;
    let products: SetSubaccountProductsRequest = sample("set_subaccount_products")?;
    check("the products", &products)?;

    chapter("2. Create the subaccount, once, and keep its key");
    let (mut vault, vault_path) = open_vault()?;
    sent("POST /account", &creation)?;
    let created = account.create_subaccount(&creation).await?;
    keep_key(&mut vault, &created)?;
    came_back(&created)?;
    println!(
        "  The key is in {} and nowhere else; the service will not show it again.",
        vault_path.display()
    );
    let id = created.id.ok_or("the answer names no id")?;

    chapter("3. Set its products and prices");
    sent(&format!("PUT /account/subaccount/{id}/products"), &products)?;
    account.set_subaccount_products(id, &products).await?;
    println!("  204: the list now is what was sent. A product that is not in it is switched off.");
    let now = account.list_subaccount_products(id).await?;
    for product in now.products.iter().flatten() {
        let prices: Vec<_> = product
            .prices
            .iter()
            .flatten()
            .map(price_in_words)
            .collect();
        let name = product.product_name_id.as_deref().unwrap_or("?");
        println!(
            "  {name:<20} {}",
            if prices.is_empty() {
                "default prices".into()
            } else {
                prices.join(", ")
            }
        );
    }
    println!(
        "  Reading back shows 0 where a product has no such cost: it is not the body to send again."
    );

    chapter("4. Link the billing account");
    println!(
        "  PUT /finance/account-link: no body; two keys in two headers decide who pays for whom."
    );
    println!("  Their types differ, so swapping them does not compile.");
    billing
        .link_billing_account(sandbox.certcentral_key())
        .await?;
    println!("  204: linked. The answer does not say which account; keep a record.");

    chapter("5. What the new subaccount sees with its own key");
    let key = CertCentralApiKey::new(fs::read_to_string(&vault_path)?.trim());
    let own = certcentral::Client::builder(&key)
        .origin(sandbox.origin())
        .build()?;
    println!(
        "  GET /account answers for account {}",
        own.get_account().await?.id.unwrap_or_default()
    );
    fs::remove_file(vault_path)?;
    Ok(())
}

fn chapter(title: &str) {
    println!("\n{title}");
}

fn sample<T: DeserializeOwned>(operation: &str) -> Outcome<T> {
    let sample = examples::find(operation, "request", "sample").ok_or("the sample is gone")?;
    Ok(serde_json::from_str(sample.json)?)
}

fn check<R: Request>(what: &str, request: &R) -> Outcome {
    let report = validate(request, &Context::default()).into_result()?;
    println!(
        "  {what}: nothing that would be refused, {} to look at",
        report.findings().len()
    );
    for finding in report.findings() {
        println!("  {finding}");
    }
    Ok(())
}

/// The place for the key is opened before the request goes out: a full disk must not cost a key.
fn open_vault() -> Outcome<(File, PathBuf)> {
    let path = std::env::temp_dir().join(format!("onboard-{}.key", std::process::id()));
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    Ok((options.open(Path::new(&path))?, path))
}

fn keep_key(vault: &mut File, created: &CreatedSubaccount) -> Outcome {
    let key = created
        .api_key
        .as_ref()
        .ok_or("a managed subaccount came without its key")?;
    vault.write_all(key.expose_secret().as_bytes())?;
    Ok(vault.sync_all()?)
}

fn sent(call: &str, body: &impl Serialize) -> Outcome {
    println!(
        "  {call}, {} bytes of JSON",
        serde_json::to_string(body)?.len()
    );
    Ok(())
}

fn came_back(created: &CreatedSubaccount) -> Outcome {
    let organization = created
        .organization
        .as_ref()
        .ok_or("the answer has no organization")?;
    println!(
        "  201: subaccount {}, organization {} ({}), country `{}` although `US` was sent",
        created.id.unwrap_or_default(),
        organization.id.unwrap_or_default(),
        organization.name.as_deref().unwrap_or("?"),
        organization.country.as_deref().unwrap_or("?"),
    );
    Ok(())
}

fn price_in_words(price: &digicert_client::types::certcentral::SubaccountPrice) -> String {
    let years = price.lifetime.unwrap_or_default();
    let cost = price.cost.map(|cost| cost.to_string()).unwrap_or_default();
    format!("{years} y: {cost}")
}
