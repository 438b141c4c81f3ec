//! A billing link: the files of the two keys it takes. The keys themselves never stand in a
//! manifest.

use std::path::{Path, PathBuf};

use super::Location;
use super::object::Reader;
use crate::yaml_tree::Node;

const FIELDS: [&str; 2] = ["partner_api_key_file", "api_key_file"];

/// A billing account to link to a Partner Subscriptions account.
#[derive(Debug)]
pub(crate) struct BillingLink {
    pub(crate) at: Location,
    /// The file of the key that says which partner account gets the link.
    pub(crate) partner_api_key_file: PathBuf,
    /// The file of the key that says which billing account is linked. It may be the `key_out` of a
    /// creation: then the link follows it.
    pub(crate) api_key_file: PathBuf,
}

impl Reader<'_> {
    pub(super) fn billing_link(&mut self, node: &Node, folder: &Path) -> Option<BillingLink> {
        let object = self.object(node, "a billing link", &FIELDS)?;
        let [partner, certcentral] = FIELDS.map(|name| {
            let Some(field) = object.get(name) else {
                self.fault(object.place, format!("a billing link needs `{name}`"));
                return None;
            };
            self.text(field).map(|path| folder.join(path))
        });
        if partner.is_some() && partner == certcentral {
            self.fault(
                object.place,
                "a billing link takes two keys, and both of these name the same file; `api_key_file` is \
                 the CertCentral key, `partner_api_key_file` the Partner Subscriptions key",
            );
            return None;
        }
        Some(BillingLink {
            at: self.location(node.place),
            partner_api_key_file: partner?,
            api_key_file: certcentral?,
        })
    }
}
