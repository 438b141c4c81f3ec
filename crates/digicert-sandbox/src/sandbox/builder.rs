//! What a sandbox is to be like, and starting it.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
#[cfg(feature = "persistence")]
use std::path::PathBuf;
use std::time::Duration;

use digicert_types::{CertCentralApiKey, PartnerApiKey};
use tokio::net::TcpListener;
use tokio::sync::watch;

use super::Sandbox;
use super::parent_keys::ParentKeys;
use crate::app::App;
use crate::clock::Clock;
use crate::faults::{Fault, Faults};
use crate::limits::Limits;
#[cfg(feature = "persistence")]
use crate::persistence::kept_in;
use crate::request_log::{LogRedactor, RequestLog};
use crate::router::{CERTCENTRAL, PARTNER, router};
use crate::server::Server;
use crate::start_error::StartError;
use crate::state::{ParentSettings, SharedState, State, StateDocument};

const PATIENCE: Duration = Duration::from_secs(30);

const LOOPBACK: SocketAddr = SocketAddr::new(IpAddr::V4(Ipv4Addr::LOCALHOST), 0);

/// What a sandbox is to be like. Made by [`Sandbox::builder`].
#[derive(Debug, Default)]
#[must_use = "a sandbox starts with `start`"]
pub struct SandboxBuilder {
    listen: Option<SocketAddr>,
    certcentral_key: Option<CertCentralApiKey>,
    partner_key: Option<PartnerApiKey>,
    parent: ParentSettings,
    clock: Clock,
    faults: Vec<Fault>,
    request_timeout: Option<Duration>,
    rate_limit: bool,
    state: Option<StateDocument>,
    #[cfg(feature = "persistence")]
    state_file: Option<PathBuf>,
}

impl SandboxBuilder {
    /// The address to listen on. Port 0 picks a free one. By default it is port 0 of
    /// `127.0.0.1`.
    ///
    /// On an address other than loopback everybody who reaches it can talk to the sandbox, over
    /// plain HTTP.
    pub fn listen(mut self, address: impl Into<SocketAddr>) -> Self {
        self.listen = Some(address.into());
        self
    }

    /// The CertCentral key of the parent account. By default one is made up.
    pub fn certcentral_key(mut self, key: impl Into<CertCentralApiKey>) -> Self {
        self.certcentral_key = Some(key.into());
        self
    }

    /// The key of the Partner Subscriptions account. By default one is made up.
    pub fn partner_key(mut self, key: impl Into<PartnerApiKey>) -> Self {
        self.partner_key = Some(key.into());
        self
    }

    /// How the parent account is set up.
    pub fn parent(mut self, settings: ParentSettings) -> Self {
        self.parent = settings;
        self
    }

    /// The time that it goes by. By default that is the time of the system.
    pub fn clock(mut self, clock: Clock) -> Self {
        self.clock = clock;
        self
    }

    /// A fault that is switched on from the start. More can be given; of several that would befall
    /// a call, the first does.
    pub fn fault(mut self, fault: impl Into<Fault>) -> Self {
        self.faults.push(fault.into());
        self
    }

    /// Whether the request limits of the CertCentral API hold: for each key 100 requests in 5
    /// seconds and 1000 in 3 minutes, by the [clock](Self::clock) of the sandbox. By default there
    /// are none.
    pub fn rate_limit(mut self, on: bool) -> Self {
        self.rate_limit = on;
        self
    }

    /// What it remembers from the start.
    pub fn state(mut self, document: StateDocument) -> Self {
        self.state = Some(document);
        self
    }

    /// The file to keep the state in. It is made if there is none; if there is one, its content is
    /// what the sandbox remembers from the start, rather than a [`state`](Self::state).
    ///
    /// Every change is on the disk before it is answered. A change that cannot be kept is not made,
    /// and answered with 500.
    #[cfg(feature = "persistence")]
    pub fn state_file(mut self, path: impl Into<PathBuf>) -> Self {
        self.state_file = Some(path.into());
        self
    }

    /// How long a request may take to arrive, and how long a client may not take its answer, until
    /// the connection is ended. By default that is 30 seconds.
    pub fn request_timeout(mut self, timeout: Duration) -> Self {
        self.request_timeout = Some(timeout);
        self
    }

    /// Starts it. When this returns, it listens.
    pub async fn start(mut self) -> Result<Sandbox, StartError> {
        let keys = ParentKeys::of(self.certcentral_key.take(), self.partner_key.take())?;
        let faults = switched_on(std::mem::take(&mut self.faults))?;
        let (listener, address) = bind(self.listen.unwrap_or(LOOPBACK)).await?;
        let origin = origin(address);
        let patience = self.request_timeout.unwrap_or(PATIENCE);
        let (stop, stopped) = watch::channel(());
        let app = App {
            clock: self.clock.clone(),
            offered_keys: keys.offered_at(address),
            log: RequestLog::new(LogRedactor::new(
                keys.certcentral.clone(),
                keys.partner.clone(),
            )),
            faults,
            limits: if self.rate_limit {
                Limits::on()
            } else {
                Limits::default()
            },
            stopped,
            state: self.first_state(&keys)?,
        };
        Ok(Sandbox {
            address,
            certcentral_url: format!("{origin}{CERTCENTRAL}"),
            partner_url: format!("{origin}{PARTNER}"),
            origin,
            certcentral_key: keys.certcentral,
            partner_key: keys.partner,
            server: Server::start(listener, router(app.clone()), patience, stop),
            app,
        })
    }

    /// The state to begin with: what the file holds, or else the document that was given, or none.
    fn first_state(self, keys: &ParentKeys) -> Result<SharedState, StartError> {
        let state = |document| {
            State::new(
                document,
                self.parent,
                keys.certcentral.clone(),
                keys.partner.clone(),
                self.clock,
            )
        };
        #[cfg(feature = "persistence")]
        if let Some(path) = self.state_file {
            let kept = kept_in(&path, |kept| state(kept.or(self.state)));
            return kept.map_err(StartError::state_file);
        }
        let state = state(self.state).map_err(StartError::state)?;
        Ok(SharedState::new(state, None))
    }
}

fn switched_on(given: Vec<Fault>) -> Result<Faults, StartError> {
    let faults = Faults::default();
    for fault in given {
        faults.add(fault).map_err(StartError::fault)?;
    }
    Ok(faults)
}

async fn bind(address: SocketAddr) -> Result<(TcpListener, SocketAddr), StartError> {
    let bound = async {
        let listener = TcpListener::bind(address).await?;
        let address = listener.local_addr()?;
        Ok((listener, address))
    };
    bound
        .await
        .map_err(|error| StartError::listen(address, error))
}

/// An address that stands for all addresses can be listened on, but not everywhere be called.
fn origin(address: SocketAddr) -> String {
    let ip = match address.ip() {
        IpAddr::V4(Ipv4Addr::UNSPECIFIED) => Ipv4Addr::LOCALHOST.into(),
        IpAddr::V6(Ipv6Addr::UNSPECIFIED) => Ipv6Addr::LOCALHOST.into(),
        ip => ip,
    };
    format!("http://{}", SocketAddr::new(ip, address.port()))
}
