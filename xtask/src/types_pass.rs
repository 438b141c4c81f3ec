//! From typify's types to ours: one named step a difference, each with its reason.
//!
//! Works on syntax. What typify can be told through the document is `lower.rs`.

use std::collections::BTreeMap;

use anyhow::{Context as _, Result};
use proc_macro2::TokenStream;
use quote::{format_ident, quote};
use syn::{Fields, File, Item, ItemStruct, Type, parse_quote};

use crate::docs_pass;
use crate::lower::{Lowered, OpenEnum, pascal_case};
use crate::spec::schemas;

/// Turns typify's tokens into the file that is checked in.
pub fn apply(tokens: TokenStream, document: &Lowered) -> Result<File> {
    let mut file: File = syn::parse2(tokens).context("typify's output is not Rust")?;
    let order = order(document);
    for item in &mut file.items {
        match item {
            Item::Struct(item) => rewrite_struct(item, document),
            Item::Enum(item) => {
                // A user of a JSON Schema sees the closed values there.
                item.attrs.push(schemars());
                for variant in &mut item.variants {
                    let doc = format!(
                        "The value `{}`.",
                        wire_name(&variant.attrs).unwrap_or_default()
                    );
                    variant.attrs.splice(0..0, docs_pass::attributes_of(&doc));
                }
            }
            _ => {}
        }
    }
    file.items
        .extend(document.open_enums.iter().flat_map(open_enum));
    file.items.sort_by_key(|item| place(item, &order));
    docs_pass::apply(&mut file);
    Ok(file)
}

fn rewrite_struct(item: &mut ItemStruct, document: &Lowered) {
    let name = item.ident.to_string();
    keep_document_order(item, document);
    tell_absent_lists_from_empty_ones(item);
    if document.answers.contains(&name) {
        read_leniently(item);
    }
    // A field more must not break a caller.
    item.attrs.push(parse_quote!(#[non_exhaustive]));
    item.attrs.push(schemars());
    add_builder(item);
}

fn schemars() -> syn::Attribute {
    parse_quote!(#[cfg_attr(feature = "schemars", derive(::schemars::JsonSchema))])
}

/// typify sorts fields by name; people read them in the order of the documentation.
fn keep_document_order(item: &mut ItemStruct, document: &Lowered) {
    let schema = &document.value["components"]["schemas"][item.ident.to_string()];
    let Some(properties) = schema["properties"].as_object() else {
        return;
    };
    let Fields::Named(fields) = &mut item.fields else {
        return;
    };
    let mut named: Vec<_> = std::mem::take(&mut fields.named).into_iter().collect();
    named.sort_by_key(|field| {
        let name = field
            .ident
            .as_ref()
            .map(ToString::to_string)
            .unwrap_or_default();
        let name = wire_name(&field.attrs).unwrap_or(name);
        properties.keys().position(|property| *property == name)
    });
    fields.named = named.into_iter().collect();
}

/// typify reads a list that was left out as an empty one. In a request they are not the same, and an
/// answer without its list does not say that there is nothing.
fn tell_absent_lists_from_empty_ones(item: &mut ItemStruct) {
    for field in &mut item.fields {
        let optional_list =
            |attribute: &syn::Attribute| quote!(#attribute).to_string().contains("Vec::is_empty");
        if field.attrs.iter().any(optional_list) {
            field.attrs.retain(|attribute| !optional_list(attribute));
            field.attrs.push(
                parse_quote!(#[serde(skip_serializing_if = "::std::option::Option::is_none")]),
            );
            let list = &field.ty;
            field.ty = parse_quote!(::std::option::Option<#list>);
        }
    }
}

/// I7: numbers in quotes, nulls and lone objects must not make an answer unreadable.
fn read_leniently(item: &mut ItemStruct) {
    for field in &mut item.fields {
        if let Some(reader) = lenient_reader(&field.ty) {
            field
                .attrs
                .push(parse_quote!(#[serde(default, deserialize_with = #reader)]));
            // serde refuses `default` twice on one field.
            for attribute in field.attrs.iter_mut().rev().skip(1) {
                drop_serde_default(attribute);
            }
        }
    }
}

fn lenient_reader(ty: &Type) -> Option<&'static str> {
    let text = quote!(#ty).to_string().replace(' ', "");
    match text.as_str() {
        "::std::option::Option<i64>" => Some("crate::lenient::optional_integer"),
        "::std::option::Option<bool>" => Some("crate::lenient::optional_bool"),
        "::std::option::Option<::std::string::String>" => Some("crate::lenient::optional_text"),
        list if list.starts_with("::std::option::Option<::std::vec::Vec<") => {
            Some("crate::lenient::optional_list")
        }
        _ => None,
    }
}

fn drop_serde_default(attribute: &mut syn::Attribute) {
    let text = quote!(#attribute).to_string();
    if text.starts_with("# [serde (default , ") {
        let rest: TokenStream = text
            .trim_start_matches("# [serde (default , ")
            .trim_end_matches(")]")
            .parse()
            .unwrap_or_default();
        *attribute = parse_quote!(#[serde(#rest)]);
    }
}

/// A missing required field must not compile; typify's own builder fails when it runs.
fn add_builder(item: &mut ItemStruct) {
    item.attrs
        .push(parse_quote!(#[cfg_attr(feature = "builder", derive(::bon::Builder))]));
    item.attrs
        .push(parse_quote!(#[cfg_attr(feature = "builder", builder(on(_, into)))]));
}

fn wire_name(attributes: &[syn::Attribute]) -> Option<String> {
    attributes.iter().find_map(|attribute| {
        let text = quote!(#attribute).to_string();
        let (_, rest) = text.split_once("rename = \"")?;
        rest.split_once('"').map(|(name, _)| name.to_owned())
    })
}

/// typify closes enums; here is the enum, and a macro of `digicert-types` gives it its behaviour.
fn open_enum(open_enum: &OpenEnum) -> [Item; 2] {
    let name = format_ident!("{}", open_enum.name);
    let docs = docs_pass::attributes_of(&open_enum.description);
    let known: Vec<_> = open_enum
        .known
        .iter()
        .map(|value| (format_ident!("{}", pascal_case(value)), value))
        .collect();
    let variants = known.iter().map(|(variant, value)| {
        let doc = format!(" The value `{value}`.");
        quote!(#[doc = #doc] #variant,)
    });
    let values = known
        .iter()
        .map(|(variant, value)| quote!((#variant, #value)));
    let case = if open_enum.any_case {
        quote!(any_case)
    } else {
        quote!(exact_case)
    };
    let item = parse_quote! {
        #(#docs)*
        #[derive(Clone, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
        #[non_exhaustive]
        pub enum #name {
            #(#variants)*
            /// A value that this version does not know, kept as it was read.
            Unknown(crate::UnknownValue),
        }
    };
    [
        item,
        parse_quote! { crate::open_enum::open_enum!(#name, #case, [#(#values),*]); },
    ]
}

/// typify sorts types by name; the file follows the document.
fn order(document: &Lowered) -> BTreeMap<String, usize> {
    schemas(&document.value)
        .enumerate()
        .map(|(index, (name, _))| (name.clone(), index))
        .collect()
}

fn place(item: &Item, order: &BTreeMap<String, usize>) -> usize {
    let name = match item {
        Item::Struct(item) => item.ident.to_string(),
        Item::Enum(item) => item.ident.to_string(),
        Item::Impl(item) => {
            let ty = &item.self_ty;
            quote!(#ty).to_string()
        }
        Item::Macro(item) => macro_enum_name(&item.mac.tokens),
        _ => String::new(),
    };
    order.get(&name).copied().unwrap_or(usize::MAX)
}

fn macro_enum_name(tokens: &TokenStream) -> String {
    tokens
        .clone()
        .into_iter()
        .next()
        .map(|name| name.to_string())
        .unwrap_or_default()
}
