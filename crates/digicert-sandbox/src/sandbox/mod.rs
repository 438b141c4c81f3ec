//! A running sandbox: where it listens, its keys, what can be done to it, stopping. How it starts is in
//! `builder`.

mod builder;
mod parent_keys;

use std::fmt;
use std::net::SocketAddr;

use digicert_types::{Amount, CertCentralApiKey, PartnerApiKey};

use crate::app::App;
use crate::clock::Clock;
use crate::faults::Faults;
use crate::request_log::Requests;
use crate::server::Server;
use crate::start_error::StartError;
use crate::state::{PartnerSubaccount, StateDocument, StateError};

pub use builder::SandboxBuilder;

/// A running sandbox. It stops when it is dropped, or, with waiting until it has, by
/// [`stop`](Self::stop).
///
/// Each one has its own state and its own port, so any number can run at once. All that is
/// needed is a Tokio runtime of either kind with I/O and time enabled, as `#[tokio::test]` has.
pub struct Sandbox {
    address: SocketAddr,
    origin: String,
    certcentral_url: String,
    partner_url: String,
    certcentral_key: CertCentralApiKey,
    partner_key: PartnerApiKey,
    app: App,
    server: Server,
}

impl Sandbox {
    /// Starts a sandbox on a free port of the loopback interface, with keys that are made up.
    pub async fn start() -> Result<Self, StartError> {
        Self::builder().start().await
    }

    /// A sandbox that differs from that.
    pub fn builder() -> SandboxBuilder {
        SandboxBuilder::default()
    }

    /// Scheme, host and port, such as `http://127.0.0.1:8700`. Below it are the paths of the
    /// real service.
    ///
    /// A sandbox that listens on all addresses gives the one of the loopback interface.
    #[must_use]
    pub fn origin(&self) -> &str {
        &self.origin
    }

    /// The base URL of the CertCentral API: the origin and `/services/v2`.
    #[must_use]
    pub fn certcentral_url(&self) -> &str {
        &self.certcentral_url
    }

    /// The base URL of the Partner Subscriptions API: the origin and
    /// `/partner-subscription/api/v1`.
    #[must_use]
    pub fn partner_url(&self) -> &str {
        &self.partner_url
    }

    /// The CertCentral key of the parent account, for the header `X-DC-DEVKEY`.
    #[must_use]
    pub fn certcentral_key(&self) -> &CertCentralApiKey {
        &self.certcentral_key
    }

    /// The key of the Partner Subscriptions account, for the header `X-PARTNER-APIKEY`.
    #[must_use]
    pub fn partner_key(&self) -> &PartnerApiKey {
        &self.partner_key
    }

    /// The address that it listens on.
    #[must_use]
    pub fn local_addr(&self) -> SocketAddr {
        self.address
    }

    /// The ID of the CertCentral account that is linked to the Partner Subscriptions account,
    /// which no call of the API tells.
    #[must_use]
    pub fn billing_account_id(&self) -> Option<i64> {
        self.app.state.read().billing_account_id()
    }

    /// The ID of the CertCentral account that pays for an account of the Partner Subscriptions
    /// API: the one that it is linked to, or else the one that its parent is linked to.
    #[must_use]
    pub fn billing_account_id_of(&self, partner_account_id: i64) -> Option<i64> {
        let state = self.app.state.read();
        state.billing_account_id_of(partner_account_id)
    }

    /// Adds a subaccount to the Partner Subscriptions account, with a key that is made up. It has
    /// no billing account of its own yet.
    pub fn add_partner_subaccount(
        &self,
        name: impl Into<String>,
    ) -> Result<PartnerSubaccount, StateError> {
        let name = name.into();
        self.app
            .state
            .change_blocking(|state| state.new_partner_subaccount(name))
    }

    /// Makes the key of a subaccount of the Partner Subscriptions account inactive, or active
    /// again. An inactive key is answered with 403.
    pub fn set_partner_key_active(
        &self,
        partner_account_id: i64,
        active: bool,
    ) -> Result<(), StateError> {
        self.app.state.change_blocking(|state| {
            let change = state.with_active_partner_key(partner_account_id, active)?;
            Ok((change, ()))
        })
    }

    /// The balance of a subaccount, which none of the seven calls tells. `None` if there is no
    /// such subaccount.
    #[must_use]
    pub fn balance(&self, subaccount_id: i64) -> Option<Amount> {
        self.app.state.read().balance(subaccount_id)
    }

    /// Gives a subaccount a balance, in its currency.
    pub fn set_balance(&self, subaccount_id: i64, balance: Amount) -> Result<(), StateError> {
        self.app
            .state
            .change_blocking(|state| Ok((state.with_balance(subaccount_id, balance)?, ())))
    }

    /// Forgets all subaccounts and links. The settings of the parent account stay as they are.
    pub fn reset(&self) -> Result<(), StateError> {
        self.app
            .state
            .change_blocking(|state| Ok((state.reset(), ())))
    }

    /// How often its state was changed. It stays the same when a request is refused.
    #[must_use]
    pub fn revision(&self) -> u64 {
        *self.app.state.revision().borrow()
    }

    /// All that it remembers, as it is now.
    #[must_use]
    pub fn state(&self) -> StateDocument {
        self.app.state.read().document()
    }

    /// Replaces all that it remembers. The keys of the two parent accounts stay as they are. A
    /// document that cannot be loaded changes nothing.
    pub fn load(&self, document: &StateDocument) -> Result<(), StateError> {
        self.app
            .state
            .change_blocking(|state| Ok((state.loaded(document.clone())?, ())))
    }

    /// The time that it goes by, to set it or to let time pass.
    #[must_use]
    pub fn clock(&self) -> &Clock {
        &self.app.clock
    }

    /// The requests to the API that it was sent so far, to look at and to assert on.
    #[must_use]
    pub fn requests(&self) -> Requests {
        self.app.log.since(0)
    }

    /// Forgets the requests that it was sent so far.
    pub fn clear_requests(&self) {
        self.app.log.clear();
    }

    /// The faults that are switched on, to switch more on or off.
    #[must_use]
    pub fn faults(&self) -> &Faults {
        &self.app.faults
    }

    /// Stops it: requests that have begun get their answer, if they end within a second. When
    /// this returns, the port is free.
    pub async fn stop(self) {
        self.server.stop().await;
    }
}

impl fmt::Debug for Sandbox {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Sandbox")
            .field("origin", &self.origin)
            .finish_non_exhaustive()
    }
}
