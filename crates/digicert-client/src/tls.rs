//! TLS: rustls with the platform's trust store, or the platform's own library. Which one is a
//! feature of the crate, so that a program links only one.

use reqwest::ClientBuilder;

use crate::error::Error;

/// TLS as the clients of this crate speak it, for a request that is to meet what they would meet: a
/// program may have other libraries for TLS linked, and `reqwest` might choose one of them.
///
/// # Errors
///
/// TLS cannot be set up: the trust store of the machine is unusable, or the crate was built without TLS.
pub fn with_tls(builder: ClientBuilder) -> Result<ClientBuilder, Error> {
    configure(builder, true)
}

/// Prepares TLS. A client that never speaks it (`needed` is false) does not read the trust store.
#[cfg(feature = "rustls")]
pub(crate) fn configure(builder: ClientBuilder, needed: bool) -> Result<ClientBuilder, Error> {
    use std::sync::Arc;

    use rustls::{ClientConfig, RootCertStore};
    use rustls_platform_verifier::BuilderVerifierExt as _;

    let unusable = |error: rustls::Error| {
        Error::not_sent("TLS cannot be set up; look at the trust store of this machine")
            .with_source(error)
    };
    // Named here, because a library must not choose the provider of the whole process.
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(unusable)?;
    let config = if needed {
        config.with_platform_verifier().map_err(unusable)?
    } else {
        config.with_root_certificates(RootCertStore::empty())
    };
    Ok(builder.tls_backend_preconfigured(config.with_no_client_auth()))
}

/// Prepares TLS.
#[cfg(all(feature = "native-tls", not(feature = "rustls")))]
#[allow(clippy::unnecessary_wraps, reason = "one signature for every feature")]
pub(crate) fn configure(builder: ClientBuilder, _needed: bool) -> Result<ClientBuilder, Error> {
    Ok(builder.tls_backend_native())
}

/// Refuses TLS.
#[cfg(not(any(feature = "native-tls", feature = "rustls")))]
pub(crate) fn configure(builder: ClientBuilder, needed: bool) -> Result<ClientBuilder, Error> {
    if needed {
        return Err(Error::not_sent(
            "digicert-client was built without TLS; turn on its feature `rustls` or `native-tls`",
        ));
    }
    Ok(builder)
}
