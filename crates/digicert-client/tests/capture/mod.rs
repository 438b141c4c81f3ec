//! Keeps every span and event of every crate, with all their fields.

#![allow(dead_code, reason = "not every test file uses all of it")]

use std::fmt::Write as _;
use std::sync::{Arc, Mutex};

use tokio::sync::watch;
use tracing::field::{Field, Visit};
use tracing::span::{Attributes, Id, Record};
use tracing::{Event, Level, Subscriber};
use tracing_subscriber::layer::{Context, Layer, SubscriberExt as _};
use tracing_subscriber::registry::LookupSpan;
use tracing_subscriber::{Registry, filter::LevelFilter};

/// A span or an event.
#[derive(Clone, Debug)]
pub(crate) struct Entry {
    pub(crate) is_span: bool,
    pub(crate) target: String,
    pub(crate) name: String,
    pub(crate) fields: Vec<(String, String)>,
    /// Of an event: the number of the span around it.
    pub(crate) within: Option<usize>,
}

impl Entry {
    /// The last value of a field.
    pub(crate) fn field(&self, name: &str) -> Option<&str> {
        let mut fields = self.fields.iter().rev();
        fields
            .find(|(known, _)| known == name)
            .map(|(_, value)| &**value)
    }

    pub(crate) fn message(&self) -> &str {
        self.field("message").unwrap_or_default()
    }
}

#[derive(Clone)]
pub(crate) struct Capture {
    entries: Arc<Mutex<Vec<Entry>>>,
    changed: Arc<watch::Sender<usize>>,
}

/// The number of a span among the entries.
struct Number(usize);

impl Capture {
    pub(crate) fn new() -> Self {
        Self {
            entries: Arc::default(),
            changed: Arc::new(watch::Sender::new(0)),
        }
    }

    /// What is to be made the subscriber of a thread or of the process.
    pub(crate) fn subscriber(&self, level: Level) -> impl Subscriber + Send + Sync + use<> {
        Registry::default()
            .with(LevelFilter::from_level(level))
            .with(self.clone())
    }

    pub(crate) fn entries(&self) -> Vec<Entry> {
        self.entries.lock().expect("not poisoned").clone()
    }

    /// What the client itself shows.
    pub(crate) fn own(&self) -> Vec<Entry> {
        let mut entries = self.entries();
        entries.retain(|entry| entry.target.starts_with("digicert_client"));
        entries
    }

    pub(crate) fn spans(&self) -> Vec<Entry> {
        let mut entries = self.own();
        entries.retain(|entry| entry.is_span);
        entries
    }

    pub(crate) fn events(&self) -> Vec<Entry> {
        let mut entries = self.own();
        entries.retain(|entry| !entry.is_span);
        entries
    }

    /// All of it as one text.
    pub(crate) fn text(&self) -> String {
        let mut text = String::new();
        for entry in self.entries.lock().expect("not poisoned").iter() {
            let _ = write!(text, "{} {}", entry.target, entry.name);
            for (name, value) in &entry.fields {
                let _ = write!(text, " {name}={value}");
            }
            text.push('\n');
        }
        text
    }

    /// Adds what did not come through `tracing`.
    pub(crate) fn push(&self, target: &str, message: String) {
        self.add(Entry {
            is_span: false,
            target: target.to_owned(),
            name: String::new(),
            fields: vec![("message".to_owned(), message)],
            within: None,
        });
    }

    /// Returns once an event of the client with this message has been seen.
    pub(crate) async fn seen(&self, message: &str) {
        let mut changed = self.changed.subscribe();
        while !self.events().iter().any(|event| event.message() == message) {
            changed.changed().await.expect("the capture lives");
        }
    }

    fn add(&self, entry: Entry) -> usize {
        let mut entries = self.entries.lock().expect("not poisoned");
        entries.push(entry);
        let count = entries.len();
        drop(entries);
        self.changed.send_replace(count);
        count - 1
    }
}

impl<S: Subscriber + for<'a> LookupSpan<'a>> Layer<S> for Capture {
    fn on_new_span(&self, attributes: &Attributes<'_>, id: &Id, context: Context<'_, S>) {
        let mut fields = Fields::default();
        attributes.record(&mut fields);
        let metadata = attributes.metadata();
        let number = self.add(Entry {
            is_span: true,
            target: metadata.target().to_owned(),
            name: metadata.name().to_owned(),
            fields: fields.0,
            within: None,
        });
        let span = context.span(id).expect("a span that begins");
        span.extensions_mut().insert(Number(number));
    }

    fn on_record(&self, id: &Id, values: &Record<'_>, context: Context<'_, S>) {
        let mut fields = Fields::default();
        values.record(&mut fields);
        let span = context.span(id).expect("a span that lives");
        if let Some(Number(number)) = span.extensions().get() {
            self.entries.lock().expect("not poisoned")[*number]
                .fields
                .extend(fields.0);
        }
    }

    fn on_event(&self, event: &Event<'_>, context: Context<'_, S>) {
        let mut fields = Fields::default();
        event.record(&mut fields);
        let span = context.event_span(event);
        let within = span.and_then(|span| span.extensions().get().map(|Number(number)| *number));
        let metadata = event.metadata();
        self.add(Entry {
            is_span: false,
            target: metadata.target().to_owned(),
            name: metadata.name().to_owned(),
            fields: fields.0,
            within,
        });
    }
}

#[derive(Default)]
struct Fields(Vec<(String, String)>);

impl Visit for Fields {
    fn record_str(&mut self, field: &Field, value: &str) {
        self.0.push((field.name().to_owned(), value.to_owned()));
    }

    fn record_error(&mut self, field: &Field, value: &(dyn std::error::Error + 'static)) {
        let causes = std::iter::successors(Some(value), |cause| cause.source());
        let text = causes.fold(String::new(), |text, cause| {
            format!("{text}{cause} {cause:?} ")
        });
        self.0.push((field.name().to_owned(), text));
    }

    fn record_debug(&mut self, field: &Field, value: &dyn std::fmt::Debug) {
        self.0.push((field.name().to_owned(), format!("{value:?}")));
    }
}
