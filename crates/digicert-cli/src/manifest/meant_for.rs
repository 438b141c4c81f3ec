//! Which account and which service manifests are meant for, if they say so: to those of another one
//! every subaccount would be missing, and be created.

use super::fault::Located;
use super::object::Reader;
use super::{Location, Manifest};
use crate::failure::Failure;
use crate::meant_account::MeantAccount;
use crate::service;
use crate::yaml_tree::{Field, Value};

/// What the files say, each with its place.
#[derive(Debug, Default)]
pub(super) struct MeantFor {
    pub(super) accounts: Vec<(i64, Location)>,
    /// By a region or an address, as `Service::origin` has it.
    pub(super) origins: Vec<(String, Location)>,
}

impl Reader<'_> {
    pub(super) fn meant_account(&mut self, field: &Field) -> Option<(i64, Location)> {
        let id = self.account_id(field, "of the account whose subaccounts these are")?;
        Some((id, self.location(field.node.place)))
    }

    pub(super) fn meant_origin(&mut self, field: &Field) -> Option<(String, Location)> {
        let text = self.text(field)?;
        let Some(origin) = service::origin_of(text) else {
            let message = "`origin` is no URL; write it like https://host.example";
            self.fault(field.node.place, message);
            return None;
        };
        Some((origin, self.location(field.node.place)))
    }

    pub(super) fn meant_region(&mut self, field: &Field) -> Option<(String, Location)> {
        let region = match &field.node.value {
            Value::Text(text) => service::region_of(text),
            _ => None,
        };
        let Some(region) = region else {
            self.fault(field.node.place, "a region is `us` or `eu`");
            return None;
        };
        Some((
            service::origin_of_region(region),
            self.location(field.node.place),
        ))
    }
}

/// One account and one service for all files: who else would decide which of two is meant?
pub(super) fn report_others<T: PartialEq>(
    said: &[(T, Location)],
    show: impl Fn(&T, Location) -> String,
    faults: &mut Vec<Located>,
) {
    let mut said = said.iter();
    let Some((first, first_at)) = said.next() else {
        return;
    };
    for (_, at) in said.filter(|(other, _)| other != first) {
        let message = format!(
            "the manifests are for {}: files that are planned together are for one account at one \
             service",
            show(first, *first_at)
        );
        faults.push(Located::new(*at, message));
    }
}

impl Manifest {
    /// The account whose subaccounts these are, if the files say so.
    pub(crate) fn meant_account(&self) -> Option<MeantAccount> {
        let (id, at) = self.meant_for.accounts.first()?;
        let said_by = format!("{}: the manifests are", self.show(*at));
        Some(MeantAccount::new(*id, said_by))
    }

    /// Refuses another service than the one they are for.
    pub(crate) fn check_origin(&self, origin: &str) -> Result<(), Failure> {
        let Some((meant, at)) = self.meant_for.origins.first() else {
            return Ok(());
        };
        if meant == origin {
            return Ok(());
        }
        let message = format!(
            "nothing was changed: {}: the manifests are for {meant}, and this is {origin}; \
             `--profile`, `--region` or `--origin` says which service is meant",
            self.show(*at)
        );
        Err(Failure::unsafe_to_go_on(message).with_result("another-service"))
    }
}
