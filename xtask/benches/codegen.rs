//! How long generation takes: both documents, from text to formatted Rust.

#![allow(clippy::expect_used, reason = "a test may panic")]

use std::path::Path;

use criterion::{Criterion, criterion_group, criterion_main};
use xtask::codegen;

fn generation(criterion: &mut Criterion) {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"))
        .parent()
        .expect("a parent");
    criterion.bench_function("read and lint", |bencher| {
        bencher.iter(|| {
            let documents = codegen::read(root).expect("sound documents");
            assert!(codegen::findings(&documents).is_empty());
        });
    });
    let documents = codegen::read(root).expect("sound documents");
    criterion.bench_function("generate, without formatting", |bencher| {
        bencher.iter(|| codegen::draft(root, &documents).expect("generated").len());
    });
    criterion.bench_function("generate and format", |bencher| {
        bencher.iter(|| codegen::render(root, &documents).expect("rendered").len());
    });
}

criterion_group!(benches, generation);
criterion_main!(benches);
