//! A subaccount to create: its document, and where its key goes.

use std::path::{Path, PathBuf};

use digicert_types::certcentral::{CreateSubaccountRequest, SubaccountType};

use super::Location;
use super::object::{Object, Reader};
use crate::subaccount_name::Identity;
use crate::yaml_tree::Field;

/// A subaccount to create.
#[derive(Debug)]
pub(crate) struct Creation {
    pub(crate) request: CreateSubaccountRequest,
    /// The file for the key of a managed subaccount, which is shown once.
    pub(crate) key_out: Option<PathBuf>,
    /// Where `key_out` stands.
    pub(super) key_at: Option<Location>,
}

impl Creation {
    /// What tells it from others: the organization, and the name among those of one organization.
    pub(crate) fn name(&self) -> String {
        let organization = &self.request.organization.name;
        match &self.request.child_name {
            Some(child) => format!("{organization} ({child})"),
            None => organization.clone(),
        }
    }

    /// The same, for comparing.
    pub(crate) fn identity(&self) -> Identity {
        Identity::of(&self.request)
    }
}

impl Reader<'_> {
    /// `folder` is that of the file, which paths are relative to.
    pub(super) fn creation(
        &mut self,
        create: &Field,
        object: &Object<'_>,
        folder: &Path,
    ) -> Option<Creation> {
        let key = object.get("key_out");
        let key_out = key
            .and_then(|field| self.text(field))
            .map(|path| folder.join(path));
        let request: CreateSubaccountRequest = self.document(&create.node)?;
        let is_managed = request.account_type == SubaccountType::Managed;
        match key {
            None if is_managed => self.fault(
                create.place,
                "a managed subaccount gets a key that is shown once; name a file for it in `key_out`",
            ),
            Some(key) if !is_managed => self.fault(
                key.place,
                format!(
                    "only a managed subaccount gets a key, and this one is `{}`; leave `key_out` out",
                    request.account_type
                ),
            ),
            _ => {}
        }
        Some(Creation {
            request,
            key_out,
            key_at: key.map(|field| self.location(field.node.place)),
        })
    }
}
