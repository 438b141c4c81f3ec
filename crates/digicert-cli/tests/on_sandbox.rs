//! Running the program against a sandbox of its own.

use std::path::PathBuf;
use std::process::Command;
use std::time::{Duration, SystemTime};

use digicert_client::certcentral;
use digicert_client::types::certcentral::{
    CreateSubaccountRequest, NewOrganization, NewUser, SetSubaccountProductsRequest, SubaccountType,
};
use digicert_client::{RateLimits, partner};
use digicert_sandbox::{Clock, Sandbox, SandboxBuilder};
use tokio::runtime::Runtime;

use crate::program::{Folder, Run, run};

/// A sandbox, and a folder with an own home in which the program runs.
pub(crate) struct OnSandbox {
    // Dropped before the runtime that it runs on.
    pub(crate) sandbox: Sandbox,
    pub(crate) folder: Folder,
    runtime: Runtime,
}

impl OnSandbox {
    pub(crate) fn new() -> Self {
        Self::with(Sandbox::builder())
    }

    /// At a time that stands still, for output that is compared as a whole.
    pub(crate) fn frozen() -> Self {
        let time = SystemTime::UNIX_EPOCH + Duration::from_secs(1_767_323_045);
        Self::with(Sandbox::builder().clock(Clock::frozen_at(time)))
    }

    pub(crate) fn with(builder: SandboxBuilder) -> Self {
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(1)
            .enable_all()
            .build()
            .unwrap();
        let sandbox = runtime.block_on(builder.start()).unwrap();
        Self {
            sandbox,
            folder: Folder::new(),
            runtime,
        }
    }

    /// The program with address and keys of the sandbox in its environment.
    pub(crate) fn program(&self, arguments: &[&str]) -> Command {
        let mut command = self.without_keys(arguments);
        command
            .env("DIGICERT_API_KEY", self.certcentral_key())
            .env("DIGICERT_PARTNER_API_KEY", self.partner_key());
        command
    }

    /// The program with the address of the sandbox alone.
    pub(crate) fn without_keys(&self, arguments: &[&str]) -> Command {
        let mut command = self.folder.program(arguments);
        command.env("DIGICERT_ORIGIN", self.sandbox.origin());
        command
    }

    pub(crate) fn run(&self, arguments: &[&str]) -> Run {
        run(&mut self.program(arguments))
    }

    /// A text without the number that differs from run to run, however the address is written.
    pub(crate) fn without_port(&self, text: &str) -> String {
        let origin = self.sandbox.origin().to_string();
        let port = origin.rsplit(':').next().unwrap();
        text.replace(port, "PORT")
    }

    pub(crate) fn certcentral_key(&self) -> &str {
        self.sandbox.certcentral_key().expose_secret()
    }

    pub(crate) fn partner_key(&self) -> &str {
        self.sandbox.partner_key().expose_secret()
    }

    /// A file with the CertCentral key that its owner alone can read.
    pub(crate) fn key_file(&self, name: &str) -> PathBuf {
        let path = self.folder.write(name, self.certcentral_key());
        for_the_owner_alone(&path);
        path
    }

    /// A client for what a test has to prepare or to look at.
    pub(crate) fn client(&self) -> certcentral::Client {
        certcentral::Client::builder(self.sandbox.certcentral_key())
            .origin(self.sandbox.origin())
            .rate_limits(RateLimits::none())
            .build()
            .unwrap()
    }

    /// The same for the Partner Subscriptions API.
    #[allow(dead_code, reason = "for the tests of commands to come")]
    pub(crate) fn partner_client(&self) -> partner::Client {
        partner::Client::builder(self.sandbox.partner_key())
            .origin(self.sandbox.origin())
            .rate_limits(RateLimits::none())
            .build()
            .unwrap()
    }

    pub(crate) fn block_on<F: Future>(&self, future: F) -> F::Output {
        self.runtime.block_on(future)
    }

    /// Creates a subaccount; gives its ID.
    pub(crate) fn subaccount(&self, organization: &str) -> i64 {
        let request = request(organization, SubaccountType::Retail);
        let created = self.block_on(self.client().create_subaccount(&request));
        created.unwrap().id.unwrap()
    }

    /// Sets the products of a subaccount, given as JSON.
    pub(crate) fn set_products(&self, id: i64, json: &str) {
        let request: SetSubaccountProductsRequest = serde_json::from_str(json).unwrap();
        let set = self.client();
        self.block_on(set.set_subaccount_products(id, &request))
            .unwrap();
    }
}

/// A text in which the address of the sandbox, or of somebody in between, which differs from run to run,
/// is a word.
pub(crate) fn settled(text: &str) -> String {
    let mut settled = String::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once("http://127.0.0.1:") {
        settled.extend([before, "ORIGIN"]);
        rest = after.trim_start_matches(|character: char| character.is_ascii_digit());
    }
    settled + rest
}

/// A subaccount of an organization in Toledo.
pub(crate) fn request(organization: &str, kind: SubaccountType) -> CreateSubaccountRequest {
    let user = NewUser::builder()
        .first_name("Rita")
        .last_name("Example")
        .email("rita@example.com")
        .build();
    let organization = NewOrganization::builder()
        .name(organization)
        .address("1 Example Street")
        .zip("43604")
        .city("Toledo")
        .state("OH")
        .country("us")
        .build();
    CreateSubaccountRequest::builder()
        .account_type(kind)
        .allowed_grandchildren(Vec::new())
        // Otherwise its currency and its prices would be ignored.
        .bill_parent(true)
        .user(user)
        .organization(organization)
        .build()
}

#[cfg(unix)]
pub(crate) fn for_the_owner_alone(path: &std::path::Path) {
    use std::os::unix::fs::PermissionsExt as _;

    std::fs::set_permissions(path, std::fs::Permissions::from_mode(0o600)).unwrap();
}

#[cfg(not(unix))]
pub(crate) fn for_the_owner_alone(_: &std::path::Path) {}
