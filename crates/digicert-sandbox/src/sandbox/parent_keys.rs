//! The two keys of the parent account: given, or made up.

use std::net::SocketAddr;

use digicert_types::{CertCentralApiKey, PartnerApiKey};

use crate::keys::made_up;
use crate::page::OfferedKeys;
use crate::start_error::StartError;

/// The two keys of the parent account.
pub(super) struct ParentKeys {
    pub(super) certcentral: CertCentralApiKey,
    pub(super) partner: PartnerApiKey,
    is_certcentral_made_up: bool,
    is_partner_made_up: bool,
}

impl ParentKeys {
    /// Those that are given; the others are made up.
    pub(super) fn of(
        certcentral: Option<CertCentralApiKey>,
        partner: Option<PartnerApiKey>,
    ) -> Result<Self, StartError> {
        let keys = Self {
            is_certcentral_made_up: certcentral.is_none(),
            is_partner_made_up: partner.is_none(),
            certcentral: match certcentral {
                Some(key) => key,
                None => made_up("certcentral").map_err(StartError::random)?.into(),
            },
            partner: match partner {
                Some(key) => key,
                None => made_up("partner").map_err(StartError::random)?.into(),
            },
        };
        check_key("CertCentral", keys.certcentral.expose_secret())?;
        check_key("partner", keys.partner.expose_secret())?;
        Ok(keys)
    }

    /// What the page may show: only what was made up.
    pub(super) fn offered_at(&self, address: SocketAddr) -> OfferedKeys {
        OfferedKeys::new(
            address,
            self.is_certcentral_made_up
                .then(|| self.certcentral.clone()),
            self.is_partner_made_up.then(|| self.partner.clone()),
        )
    }
}

/// A key that no header can hold would only ever be refused, so it is refused here.
fn check_key(kind: &'static str, key: &str) -> Result<(), StartError> {
    if !key.is_empty() && key.bytes().all(|byte| byte.is_ascii_graphic()) {
        Ok(())
    } else {
        Err(StartError::unusable_key(kind))
    }
}
