//! What a plan is made from: manifests, clients, thresholds.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use digicert_client::RateLimits;
use digicert_client::certcentral::Client;

use crate::failure::Failure;
use crate::manifest::Manifest;
use crate::meant_account::MeantAccount;
use crate::patient_reads::PatientReads;
use crate::plan::{
    AT_ONCE_WITHOUT_LIMITS, CreationsInLedger, CreationsMade, LinksInLedger, Making,
    ThresholdOptions,
};
use crate::service::Service;

/// What a plan is made from.
pub(crate) fn making(
    manifest: Manifest,
    path: &Path,
    thresholds: &ThresholdOptions,
    service: &Service,
    limits: &RateLimits,
) -> Result<Making, Failure> {
    // One more than may be under way: the next one waits for its turn while an answer is read.
    let at_once = limits
        .at_once
        .map_or(AT_ONCE_WITHOUT_LIMITS, |count| count + 1);
    let meant_accounts = meant_accounts(&manifest, service);
    let payers = payers(&manifest, service);
    Ok(Making {
        manifest: Arc::new(manifest),
        client: service.certcentral()?,
        reads: PatientReads::default(),
        origin: service.origin(),
        profile: service.profile_name().map(str::to_owned),
        path: path.to_owned(),
        thresholds: thresholds.over(service.plan_thresholds()),
        at_once,
        payers,
        links_in_ledger: LinksInLedger::default(),
        creations_in_ledger: CreationsInLedger::default(),
        creations_made: CreationsMade::default(),
        meant_accounts,
    })
}

/// What the manifests and the profile say, each for itself.
pub(crate) fn meant_accounts(manifest: &Manifest, service: &Service) -> Vec<MeantAccount> {
    let said = [manifest.meant_account(), service.meant_account()];
    said.into_iter().flatten().collect()
}

/// Clients for the keys of billing links. The key of a creation is not there before it.
fn payers(manifest: &Manifest, service: &Service) -> HashMap<PathBuf, Result<Client, Failure>> {
    let mut payers = HashMap::new();
    for link in &manifest.billing_links {
        let path = &link.api_key_file;
        if path.exists() && !payers.contains_key(path) {
            let key = service.certcentral_key_in(path);
            let client = key.and_then(|key| service.certcentral_with(&key));
            payers.insert(path.clone(), client);
        }
    }
    payers
}
