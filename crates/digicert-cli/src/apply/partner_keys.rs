//! The partner keys of all billing links of the manifests, each read once, before the first link is
//! made. A partner account has one billing account, so of two links the later one would win; and
//! that two files hold the same key, no path tells.

use std::collections::BTreeMap;
use std::path::Path;

use digicert_types::PartnerApiKey;

use crate::failure::Failure;
use crate::manifest::{BillingLink, Manifest};
use crate::service::Service;

/// By the files they are in.
#[derive(Default)]
pub(super) struct PartnerKeys<'m>(BTreeMap<&'m Path, Result<PartnerApiKey, Failure>>);

impl<'m> PartnerKeys<'m> {
    pub(super) fn read(manifest: &'m Manifest, service: &Service) -> Self {
        let paths = manifest.billing_links.iter();
        let paths = paths.map(|link| link.partner_api_key_file.as_path());
        Self(
            paths
                .map(|path| (path, service.partner_key_in(path)))
                .collect(),
        )
    }

    /// The key of a link, if no other link has it.
    pub(super) fn of(&self, link: &BillingLink) -> Result<&PartnerApiKey, Failure> {
        let path = link.partner_api_key_file.as_path();
        let Some(read) = self.0.get(path) else {
            return Err(Failure::new("it is not in the manifests any more"));
        };
        let key = read.as_ref().map_err(Clone::clone)?;
        let mut others = self.0.iter().filter(|(other, _)| **other != path);
        let same = others.find(|(_, other)| other.as_ref().is_ok_and(|other| other == key));
        match same {
            None => Ok(key),
            Some((other, _)) => Err(Failure::unsafe_to_go_on(format!(
                "the same partner key is in {} and in {}: of two links of one partner account the \
                 later one would win; remove one of them from the manifests",
                path.display(),
                other.display()
            ))),
        }
    }
}
