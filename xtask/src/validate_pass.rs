//! Tables for `digicert-validate`: the shapes of the requests, from the documents, and the
//! products with their additional costs, from `data/cost-parameters.csv`.

use anyhow::{Context as _, Result, bail, ensure};
use proc_macro2::{Literal, TokenStream};
use quote::{format_ident, quote};
use serde_json::Value;
use syn::{File, parse_quote};

use crate::lower::Lowered;
use crate::spec::{operations, schema_name};

/// Where the products are.
pub const CSV: &str = "crates/digicert-validate/data/cost-parameters.csv";

/// The shapes of every request that has a body.
pub fn shapes(documents: &[Lowered]) -> Result<File> {
    let mut made = Vec::new();
    let mut items = Vec::new();
    for document in documents {
        for operation in operations(&document.source) {
            let schema = &operation.value["requestBody"]["content"]["application/json"]["schema"];
            if let Some(name) = schema["$ref"].as_str().and_then(schema_name) {
                object(&document.source, name, &mut made, &mut items)?;
            }
        }
    }
    Ok(parse_quote! {
        //! The shapes of the requests.

        use crate::document::shape::{Field, Kind, Object};

        #(#items)*
    })
}

fn object(
    document: &Value,
    name: &str,
    made: &mut Vec<String>,
    items: &mut Vec<TokenStream>,
) -> Result<()> {
    if made.iter().any(|known| known == name) {
        return Ok(());
    }
    made.push(name.to_owned());
    let schema = &document["components"]["schemas"][name];
    let required = schema["required"].as_array();
    let properties = schema["properties"].as_object().into_iter().flatten();
    let fields = properties
        .map(|(field, property)| {
            let required = required.is_some_and(|list| list.iter().any(|name| name == field));
            let kind =
                kind(document, property, made, items).with_context(|| format!("{name}.{field}"))?;
            Ok(quote!(Field { name: #field, required: #required, kind: #kind }))
        })
        .collect::<Result<Vec<_>>>()?;
    let constant = constant(name);
    let doc = format!(" `{name}`.");
    items.push(quote! {
        #[doc = #doc]
        pub(crate) static #constant: Object = Object { name: #name, fields: &[#(#fields),*] };
    });
    Ok(())
}

fn constant(name: &str) -> syn::Ident {
    let mut text = String::new();
    for c in name.chars() {
        if c.is_ascii_uppercase() && !text.is_empty() {
            text.push('_');
        }
        text.push(c.to_ascii_uppercase());
    }
    format_ident!("{text}")
}

fn kind(
    document: &Value,
    property: &Value,
    made: &mut Vec<String>,
    items: &mut Vec<TokenStream>,
) -> Result<TokenStream> {
    let target = property["$ref"]
        .as_str()
        .or_else(|| property["allOf"][0]["$ref"].as_str());
    let name = target.and_then(schema_name);
    let schema = name.map_or(property, |name| &document["components"]["schemas"][name]);
    Ok(match (name, schema["type"].as_str()) {
        (Some("Amount"), _) => quote!(Kind::Money),
        (Some("QuotableInteger"), _) => quote!(Kind::QuotableInteger),
        (Some(name), Some("object")) => {
            object(document, name, made, items)?;
            let constant = constant(name);
            quote!(Kind::Object(&#constant))
        }
        (_, Some("string")) if schema.get("enum").is_some() => {
            let values = schema["enum"]
                .as_array()
                .into_iter()
                .flatten()
                .filter_map(Value::as_str);
            quote!(Kind::OneOf(&[#(#values),*]))
        }
        (_, Some("string")) => quote!(Kind::Text),
        (_, Some("integer")) => quote!(Kind::Integer),
        (_, Some("boolean")) => quote!(Kind::Flag),
        (_, Some("array")) => {
            let item = kind(document, &schema["items"], made, items)?;
            quote!(Kind::List(&#item))
        }
        _ => bail!("digicert-validate has no kind for this schema; add one to document/shape.rs"),
    })
}

/// The table of products, with a hash that finds each at once.
pub fn products(csv: &str) -> Result<File> {
    let rows = rows(csv)?;
    let names: Vec<_> = rows.iter().map(|(name, ..)| *name).collect();
    let (seed, slots) = perfect_hash(&names)?;
    let seed = Literal::u32_unsuffixed(seed);
    let slots = slots.iter().map(|slot| Literal::u8_unsuffixed(*slot));
    let products = rows.iter().map(|(name, fqdn, wildcard)| {
        quote!(Product { name_id: #name, fqdn: #fqdn, wildcard: #wildcard })
    });
    Ok(parse_quote! {
        //! The products of DigiCert's table of additional costs (set products page).

        use crate::products::Product;

        /// The products, in the order of the table.
        pub(crate) static PRODUCTS: &[Product] = &[#(#products),*];

        /// Where the hash begins, so that no two products share a slot.
        pub(crate) const SEED: u32 = #seed;

        /// The position of the product in each slot; 255 in an empty one.
        pub(crate) static SLOTS: [u8; SLOT_COUNT] = [#(#slots),*];

        const SLOT_COUNT: usize = 512;
    })
}

/// Each product, and whether it supports the cost of further names and of further wildcards.
pub fn rows(csv: &str) -> Result<Vec<(&str, bool, bool)>> {
    let mut lines = csv.lines().enumerate();
    let head = "product_name_id,additional_fqdn_cost,additional_wildcard_cost";
    ensure!(
        lines.next().is_some_and(|(_, line)| line == head),
        "{CSV}:1: expected `{head}`"
    );
    let mut found: Vec<(&str, bool, bool)> = Vec::new();
    for (index, line) in lines {
        let at = format!("{CSV}:{}", index + 1);
        let [name, fqdn, wildcard] = line.split(',').collect::<Vec<_>>()[..] else {
            bail!("{at}: expected three values, found `{line}`");
        };
        let known = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_';
        ensure!(
            !name.is_empty() && name.chars().all(known),
            "{at}: `{name}` is not a product identifier"
        );
        ensure!(
            found.iter().all(|(other, ..)| *other != name),
            "{at}: `{name}` stands here for the second time"
        );
        let flag = |text: &str| match text {
            "yes" => Ok(true),
            "no" => Ok(false),
            _ => bail!("{at}: expected yes or no, found `{text}`"),
        };
        found.push((name, flag(fqdn)?, flag(wildcard)?));
    }
    Ok(found)
}

/// Tries seeds until no two names share a slot; with 65 names in 512 slots a few hundred do.
fn perfect_hash(names: &[&str]) -> Result<(u32, Vec<u8>)> {
    ensure!(
        names.len() < 255,
        "{CSV}: more products than the table has room for; widen the slots"
    );
    'seeds: for seed in 1..10_000_000_u32 {
        let mut slots = vec![255_u8; 512];
        for (position, name) in names.iter().enumerate() {
            let slot = &mut slots[hash(seed, name) as usize % 512];
            if *slot != 255 {
                continue 'seeds;
            }
            *slot = u8::try_from(position)?;
        }
        return Ok((seed, slots));
    }
    bail!("no seed keeps the products apart; widen the slots")
}

/// The hash of `digicert-validate/src/products.rs`.
fn hash(seed: u32, name: &str) -> u32 {
    name.bytes().fold(seed, |hash, byte| {
        (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slip_in_the_table_is_named_with_its_line() {
        let head = "product_name_id,additional_fqdn_cost,additional_wildcard_cost\n";
        for (rows, message) in [
            ("ssl_plus,no\n", ":2: expected three values"),
            ("ssl_plus,no,No\n", ":2: expected yes or no, found `No`"),
            ("SSL,no,no\n", ":2: `SSL` is not a product identifier"),
            (
                "a,no,no\na,no,no\n",
                ":3: `a` stands here for the second time",
            ),
        ] {
            let Err(error) = products(&format!("{head}{rows}")) else {
                panic!("{rows} was taken")
            };
            assert!(error.to_string().contains(message), "{rows} gave {error}");
        }
        assert!(products("x\n").is_err());
    }
}
