//! From progenitor's client to ours.
//!
//! What is kept is what progenitor knows best: method, path, query, body of each operation. What
//! is replaced is how a request is sent and an answer read, because progenitor-client drops the
//! status and the bytes of an error that does not parse, prints the bytes of an answer that does
//! not, and decides by itself when to send again. That is the hand-written runtime's business.

use anyhow::{Context as _, Result, bail, ensure};
use proc_macro2::{Ident, Literal, TokenStream};
use quote::{format_ident, quote};
use serde_json::Value;
use syn::visit_mut::{self, VisitMut};
use syn::{
    Block, Expr, File, FnArg, GenericArgument, ImplItemFn, Item, Lifetime, LitStr, PathArguments,
    Stmt, Type, parse_quote,
};

use crate::docs_pass;
use crate::lower::{Lowered, answer_schema};
use crate::spec::operations;

/// Turns progenitor's tokens into the two files that are checked in: the operations, and the
/// same operations for callers without async.
pub fn apply(tokens: TokenStream, document: &Lowered) -> Result<[File; 2]> {
    let generated: File = syn::parse2(tokens).context("progenitor's output is not Rust")?;
    let mut methods = methods(generated);
    let found = operations(&document.value);
    ensure!(
        methods.len() == found.len(),
        "progenitor made {} methods of the {} operations in {}",
        methods.len(),
        found.len(),
        document.name
    );
    for method in &mut methods {
        let id = method.sig.ident.to_string();
        let operation = found.iter().find(|operation| operation.id() == id);
        let operation = operation.with_context(|| format!("no operation is called `{id}`"))?;
        let empty = answer_schema(&document.value, operation.value).is_none();
        send_through_runtime(method, empty).with_context(|| format!("the method `{id}`"))?;
        for key in &document.second_keys {
            Rename {
                from: &key.argument,
                to: &key.scheme,
            }
            .visit_impl_item_fn_mut(method);
        }
    }
    let mut files = [file(document, &methods)?, blocking_file(document, &methods)];
    files.iter_mut().for_each(docs_pass::apply);
    Ok(files)
}

fn blocking_file(document: &Lowered, methods: &[ImplItemFn]) -> File {
    let module = format_ident!("{}", document.module);
    let title = document.value["info"]["title"].as_str().unwrap_or_default();
    let docs = inner_docs(&format!(
        "The operations of the {title}, for callers without async."
    ));
    let methods = methods.iter().map(|method| {
        let mut method = method.clone();
        method.sig.asyncness = None;
        let name = &method.sig.ident;
        let arguments = method.sig.inputs.iter().filter_map(|input| match input {
            FnArg::Typed(input) => Some(&input.pat),
            FnArg::Receiver(_) => None,
        });
        method.block = parse_quote!({ self.waiter.wait(self.client.#name(#(#arguments),*)) });
        method
    });
    parse_quote! {
        #(#docs)*

        use crate::blocking::#module::Client;
        use crate::error::Error;

        impl Client { #(#methods)* }
    }
}

fn inner_docs(text: &str) -> Vec<TokenStream> {
    let docs = docs_pass::attributes_of(text);
    let lines = docs.iter().filter_map(|attribute| match &attribute.meta {
        syn::Meta::NameValue(meta) => Some(&meta.value),
        _ => None,
    });
    lines.map(|text| quote!(#![doc = #text])).collect()
}

fn methods(file: File) -> Vec<ImplItemFn> {
    let impls = file.items.into_iter().filter_map(|item| match item {
        Item::Impl(item) if item.trait_.is_none() => Some(item.items),
        _ => None,
    });
    let functions = impls.flatten().filter_map(|item| match item {
        syn::ImplItem::Fn(function) if function.sig.asyncness.is_some() => Some(function),
        _ => None,
    });
    functions.collect()
}

fn send_through_runtime(method: &mut ImplItemFn, empty: bool) -> Result<()> {
    let operation = format_ident!("{}", method.sig.ident.to_string().to_uppercase());
    let send = if empty {
        format_ident!("send_for_nothing")
    } else {
        format_ident!("send_for_json")
    };
    let mut request = Request::default();
    for statement in std::mem::take(&mut method.block.stmts) {
        request.take(statement)?;
    }
    let (url, chain, keys) = (request.url, request.chain, request.keys);
    let url = url.context("it has no `let url`")?;
    let chain = chain.context("it has no `let request`")?;
    let mut block: Block = parse_quote!({
        #url
        let request = #chain #(.header(#keys))*;
        self.runtime.#send(&operations::#operation, request).await
    });
    ToRuntime.visit_block_mut(&mut block);
    method.block = block;
    shorten_signature(method)
}

/// The statements of a progenitor method that say what is sent.
#[derive(Default)]
struct Request {
    url: Option<Stmt>,
    chain: Option<Expr>,
    keys: Vec<TokenStream>,
}

impl Request {
    fn take(&mut self, statement: Stmt) -> Result<()> {
        let text = quote!(#statement).to_string();
        if text.starts_with("let url =") {
            self.url = Some(statement);
        } else if text.starts_with("header_map . append (\"") {
            self.keys.push(key_argument(&statement)?);
        } else if text.contains("let mut request =") {
            self.chain = Some(chain(statement)?);
        }
        Ok(())
    }
}

/// `header_map.append("X-DC-DEVKEY", x_dc_devkey.to_string().try_into()?)` would need a key that
/// prints itself; the key gives its header value instead, marked sensitive.
fn key_argument(statement: &Stmt) -> Result<TokenStream> {
    let Stmt::Expr(Expr::MethodCall(append), _) = statement else {
        bail!("a header is appended in a way this pass does not know");
    };
    let name = append.args.first().context("a header has no name")?;
    let value = append.args.last().context("a header has no value")?;
    let text = quote!(#value).to_string();
    let variable = text.split(' ').next().unwrap_or_default();
    let variable = format_ident!("{variable}");
    Ok(quote!(#name, crate::key::header_value(#variable.expose_secret())?))
}

/// The builder chain of `let mut request = ….headers(header_map).build()?;` without its end.
fn chain(statement: Stmt) -> Result<Expr> {
    let Stmt::Local(local) = statement else {
        bail!("`request` is not bound by let")
    };
    let Some(init) = local.init else {
        bail!("`request` has no value")
    };
    let Expr::Try(build) = *init.expr else {
        bail!("`request` does not end with `?`")
    };
    let mut chain = *build.expr;
    for expected in ["build", "headers"] {
        let Expr::MethodCall(call) = chain else {
            bail!("`request` does not end with `.{expected}()`")
        };
        ensure!(
            call.method == expected,
            "`request` ends with `.{}()`, not `.{expected}()`",
            call.method
        );
        chain = *call.receiver;
    }
    Ok(chain)
}

/// `Result<ResponseValue<T>, Error<E>>` becomes `Result<T, Error>`, and lifetimes are elided.
fn shorten_signature(method: &mut ImplItemFn) -> Result<()> {
    let syn::ReturnType::Type(_, result) = &method.sig.output else {
        bail!("it returns nothing")
    };
    let value = argument(result)
        .and_then(argument)
        .context("it does not return Result<ResponseValue<T>, _>")?;
    method.sig.output = parse_quote!(-> Result<#value, Error>);
    method.sig.generics = syn::Generics::default();
    for input in &mut method.sig.inputs {
        ToRuntime.visit_fn_arg_mut(input);
        if let FnArg::Receiver(_) = input {
            *input = parse_quote!(&self);
        }
    }
    Ok(())
}

fn argument(ty: &Type) -> Option<&Type> {
    let Type::Path(path) = ty else { return None };
    let PathArguments::AngleBracketed(arguments) = &path.path.segments.last()?.arguments else {
        return None;
    };
    match arguments.args.first()? {
        GenericArgument::Type(ty) => Some(ty),
        _ => None,
    }
}

/// Fields of progenitor's client are fields of the runtime here; lifetimes are elided.
struct ToRuntime;

impl VisitMut for ToRuntime {
    fn visit_expr_mut(&mut self, expr: &mut Expr) {
        visit_mut::visit_expr_mut(self, expr);
        if let Expr::Field(field) = expr {
            match quote!(#field).to_string().as_str() {
                "self . client" => *expr = parse_quote!(self.runtime.http),
                "self . baseurl" => *expr = parse_quote!(self.runtime.base_url),
                _ => {}
            }
        }
    }

    fn visit_macro_mut(&mut self, mac: &mut syn::Macro) {
        let text = mac
            .tokens
            .to_string()
            .replace("self . baseurl", "self . runtime . base_url");
        if let Ok(tokens) = text.parse() {
            mac.tokens = tokens;
        }
    }

    fn visit_type_reference_mut(&mut self, reference: &mut syn::TypeReference) {
        reference.lifetime = None::<Lifetime>;
        visit_mut::visit_type_reference_mut(self, reference);
    }
}

/// An argument that progenitor names after a header is named after the key it carries.
struct Rename<'a> {
    from: &'a str,
    to: &'a str,
}

impl VisitMut for Rename<'_> {
    fn visit_ident_mut(&mut self, ident: &mut Ident) {
        if ident == self.from {
            *ident = Ident::new(self.to, ident.span());
        }
    }

    fn visit_lit_str_mut(&mut self, text: &mut LitStr) {
        if text.value().contains(self.from) {
            *text = LitStr::new(&text.value().replace(self.from, self.to), text.span());
        }
    }
}

fn file(document: &Lowered, methods: &[ImplItemFn]) -> Result<File> {
    let module = format_ident!("{}", document.module);
    let title = document.value["info"]["title"].as_str().unwrap_or_default();
    let docs = inner_docs(&format!("The operations of the {title}."));
    let servers = document.value["servers"]
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(|server| server["url"].as_str());
    let key_header = key_header(&document.value)?;
    let operations = operation_constants(document)?;
    let encode_path = quote!(#(#methods)*)
        .to_string()
        .contains("encode_path")
        .then(|| {
            quote!(
                use progenitor_client::encode_path;
            )
        });
    Ok(parse_quote! {
        #(#docs)*

        #encode_path
        use crate::#module::Client;
        use crate::error::Error;

        /// The addresses that the service answers at, the first one by default.
        pub(crate) const SERVERS: &[&str] = &[#(#servers),*];

        /// The header that carries the key of a client.
        pub(crate) const KEY_HEADER: &str = #key_header;

        /// What the runtime has to know of each operation.
        pub(crate) mod operations {
            use crate::operation::Operation;
            #(#operations)*
        }

        impl Client { #(#methods)* }
    })
}

fn key_header(document: &Value) -> Result<String> {
    let operation = operations(document)
        .into_iter()
        .next()
        .context("the document has no operation")?;
    let security = operation
        .value
        .get("security")
        .unwrap_or(&document["security"]);
    let (scheme, _) = security[0]
        .as_object()
        .and_then(|map| map.iter().next())
        .context("the first operation names no key")?;
    let name = document["components"]["securitySchemes"][scheme]["name"]
        .as_str()
        .context("the key has no header")?;
    Ok(name.to_ascii_lowercase())
}

fn operation_constants(document: &Lowered) -> Result<Vec<TokenStream>> {
    let constants = operations(&document.value).into_iter().map(|operation| {
        let name = format_ident!("{}", operation.id().to_uppercase());
        let id = operation.id();
        let method = operation.method.to_uppercase();
        let path = operation.path;
        let success = operation.value["responses"].as_object().into_iter().flatten().find_map(|(status, _)| status.parse::<u16>().ok());
        let success = success.with_context(|| format!("`{id}` documents no status of success"))?;
        let success = Literal::u16_unsuffixed(success);
        Ok(quote! { pub(crate) const #name: Operation = Operation::new(#id, #method, #path, #success); })
    });
    constants.collect()
}
