//! How fast a body is checked, beside what else one could do with the same bytes, in one run.

#![allow(clippy::expect_used, reason = "a benchmark may panic")]
#![allow(dead_code, reason = "the plain structs are read, not used")]

mod body;

use std::hint::black_box;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use digicert_types::certcentral::SetSubaccountProductsRequest;
use digicert_validate::{Context, Format, Kind, Validator, validate};
use serde::Deserialize;
use serde_json::{Value, json};

/// The body as somebody would write it down who wants it read and nothing else.
#[derive(Deserialize)]
struct PlainBody {
    currency: Option<String>,
    pricing_method: Option<String>,
    balance_negative_limit: Option<i64>,
    products: Vec<PlainProduct>,
}

#[derive(Deserialize)]
struct PlainProduct {
    product_name_id: Option<String>,
    product_name: Option<String>,
    #[serde(default)]
    prices: Vec<PlainPrice>,
}

#[derive(Deserialize)]
struct PlainPrice {
    lifetime: i64,
    cost: f64,
    additional_fqdn_cost: Option<f64>,
    additional_wildcard_cost: Option<f64>,
}

/// What a JSON Schema can say of the body.
fn schema() -> Value {
    let amount = json!({"type": "number", "minimum": 0, "maximum": 99_999_999.99});
    let price = json!({
        "type": "object",
        "required": ["lifetime", "cost"],
        "properties": {
            "lifetime": {"type": "integer", "minimum": 1},
            "cost": amount, "additional_fqdn_cost": amount, "additional_wildcard_cost": amount,
        },
        "additionalProperties": false,
    });
    let product = json!({
        "type": "object",
        "properties": {
            "product_name_id": {"type": "string"},
            "product_name": {"type": "string"},
            "prices": {"type": "array", "items": price},
        },
        "additionalProperties": false,
    });
    json!({
        "type": "object",
        "required": ["products"],
        "properties": {
            "currency": {"type": "string"},
            "pricing_method": {"type": "string"},
            "balance_negative_limit": {"type": ["integer", "string"]},
            "products": {"type": "array", "items": product},
        },
        "additionalProperties": false,
    })
}

fn speed(criterion: &mut Criterion) {
    let body = body::body();
    let bytes = body.as_bytes();
    let context = Context::default();
    let validator = Validator::new();
    let mut group = criterion.benchmark_group("65 products, 3 terms each");
    group.throughput(Throughput::Bytes(bytes.len() as u64));

    group.bench_function("serde_json into plain structs", |bencher| {
        bencher.iter(|| serde_json::from_slice::<PlainBody>(black_box(bytes)).expect("it reads"));
    });
    group.bench_function("digicert-validate, bytes to findings", |bencher| {
        bencher.iter(|| {
            let kind = Some(Kind::SetProducts);
            let checked = validator.check(black_box(bytes), Format::Json, kind, &context);
            assert!(checked.report.is_empty(), "{}", checked.report);
        });
    });
    let schema = jsonschema::validator_for(&schema()).expect("a schema");
    group.bench_function("serde_json::Value and jsonschema", |bencher| {
        bencher.iter(|| {
            let value: Value = serde_json::from_slice(black_box(bytes)).expect("it reads");
            assert!(schema.is_valid(&value));
        });
    });
    let request: SetSubaccountProductsRequest = serde_json::from_slice(bytes).expect("it reads");
    group.bench_function("the rules on a typed request", |bencher| {
        bencher.iter(|| assert!(validate(black_box(&request), &context).is_empty()));
    });
    group.finish();
}

criterion_group!(benches, speed);
criterion_main!(benches);
