//! Those who hear of a plan while it is made: one after the other, and who writes the plan itself.

use std::io::{self, Write};

use crate::plan::{Addressee, Head, Listener, NotReady, PlanWriter, Tail, WholeChange};

/// Several who hear of a plan.
#[derive(Default)]
pub(super) struct Listeners(pub(super) Vec<Box<dyn Listener>>);

impl Listeners {
    /// Ends a plan that cannot be made to its end, so that what was begun is one that can be read,
    /// and that nobody applies. It is for the last one, who prints; a file is removed.
    pub(super) fn end_refused(&mut self, why: &str) {
        if let Some(printing) = self.0.last_mut() {
            let mut tail = Tail::default();
            tail.refusals
                .push(format!("the plan could not be made to its end: {why}"));
            // The failure itself is said on standard error.
            let _ = printing.end(&tail, &[]);
        }
    }
}

impl Listener for Listeners {
    fn begin(&mut self, head: &Head, addressee: &Addressee) -> io::Result<()> {
        self.0
            .iter_mut()
            .try_for_each(|listener| listener.begin(head, addressee))
    }

    fn change(&mut self, change: &WholeChange<'_>) -> io::Result<()> {
        self.0
            .iter_mut()
            .try_for_each(|listener| listener.change(change))
    }

    fn end(&mut self, tail: &Tail, not_ready: &[NotReady]) -> io::Result<()> {
        self.0
            .iter_mut()
            .try_for_each(|listener| listener.end(tail, not_ready))
    }
}

/// Writes the plan itself.
pub(super) struct Writing<W>(State<W>);

enum State<W> {
    Waiting(W),
    Begun(PlanWriter<W>),
    Over,
}

impl<W: Write> Writing<W> {
    pub(super) fn new(out: W) -> Self {
        Self(State::Waiting(out))
    }
}

impl<W: Write> Listener for Writing<W> {
    fn begin(&mut self, head: &Head, _: &Addressee) -> io::Result<()> {
        if let State::Waiting(out) = std::mem::replace(&mut self.0, State::Over) {
            self.0 = State::Begun(PlanWriter::begin(out, head)?);
        }
        Ok(())
    }

    fn change(&mut self, change: &WholeChange<'_>) -> io::Result<()> {
        match &mut self.0 {
            State::Begun(writer) => writer.change(change),
            State::Waiting(_) | State::Over => Ok(()),
        }
    }

    /// What this machine does not have is no part of the plan.
    fn end(&mut self, tail: &Tail, _: &[NotReady]) -> io::Result<()> {
        match std::mem::replace(&mut self.0, State::Over) {
            State::Begun(writer) => writer.finish(tail).map(drop),
            State::Waiting(_) | State::Over => Ok(()),
        }
    }
}
