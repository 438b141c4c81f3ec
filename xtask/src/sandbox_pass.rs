//! The table for `digicert-sandbox`: which products support which additional cost, from the same
//! list that `validate_pass` reads. The two crates do not know each other.

use anyhow::Result;
use proc_macro2::Literal;
use quote::quote;
use syn::{File, parse_quote};

use crate::validate_pass::rows;

/// The products with their additional costs, sorted.
pub fn cost_parameters(csv: &str) -> Result<File> {
    let mut rows = rows(csv)?;
    rows.sort_unstable();
    let count = Literal::usize_unsuffixed(rows.len());
    let products = rows
        .iter()
        .map(|(name, fqdn, wildcard)| quote!((#name, #fqdn, #wildcard)));
    Ok(parse_quote! {
        //! Which products support which additional cost (set products page).

        /// Each product, and whether it supports `additional_fqdn_cost` and
        /// `additional_wildcard_cost`; sorted.
        pub(crate) static COST_PARAMETERS: [(&str, bool, bool); #count] = [#(#products),*];
    })
}
