//! Brackets in broken JSON: which of them belong together, and where to read on.

use super::{Inside, Reader};

/// How many more lists and objects are closed than opened.
#[derive(Clone, Copy, Default)]
pub(super) struct Closed {
    lists: isize,
    objects: isize,
}

impl Closed {
    fn minus(self, other: Self) -> Self {
        Self {
            lists: self.lists - other.lists,
            objects: self.objects - other.objects,
        }
    }
}

/// What to do at a closing bracket of the wrong kind.
pub(super) enum WrongBracket {
    /// It is one too many.
    Skip,
    /// The right one is missing before it.
    Close,
}

impl Reader<'_, '_, '_> {
    pub(super) fn wrong_bracket(&mut self) -> WrongBracket {
        let at = self.scanner.at();
        let inside = self.inside();
        if self.bracket_reported != Some(at) {
            let closing = char::from(inside.closing());
            self.fault(
                self.here(),
                format!("expected `,` or `{closing}`, found {}", self.found()),
                format!("write `{closing}` before it, or remove it"),
            );
            self.bracket_reported = Some(at);
        }
        let (found, other) = match self.scanner.peek() {
            Some(b'}') => (Inside::Object, Inside::List),
            _ => (Inside::List, Inside::Object),
        };
        let rest = self.closed_in_rest();
        let too_many = self.surplus(found, rest) > 0;
        // Where one kind is too many and the other too few, one was written for the other.
        let instead = too_many && inside == other && self.surplus(other, rest) < 0;
        if too_many {
            self.scanner.skip(1);
        }
        if too_many && !instead {
            WrongBracket::Skip
        } else {
            WrongBracket::Close
        }
    }

    /// How many more of a kind are closed in the rest of the file than are open.
    fn surplus(&self, inside: Inside, rest: Closed) -> isize {
        let closed = match inside {
            Inside::List => rest.lists,
            Inside::Object => rest.objects,
        };
        let open = self.open.iter().filter(|open| open.inside == inside);
        closed - open.map(|_| 1).sum::<isize>()
    }

    fn closed_in_rest(&mut self) -> Closed {
        let at = self.scanner.at();
        let rest = match self.closed_from {
            Some((from, closed)) => closed.minus(self.closed_between(from, at)),
            None => self.closed_between(at, self.text.len()),
        };
        self.closed_from = Some((at, rest));
        rest
    }

    /// How many more lists and objects are closed than opened there.
    fn closed_between(&self, from: usize, to: usize) -> Closed {
        let mut closed = Closed::default();
        let mut scanner = self.scanner.clone();
        scanner.go_to(from);
        while scanner.at() < to {
            match scanner.peek() {
                Some(b'"') => {
                    scanner.string();
                    continue;
                }
                Some(b'{') => closed.objects -= 1,
                Some(b'}') => closed.objects += 1,
                Some(b'[') => closed.lists -= 1,
                Some(b']') => closed.lists += 1,
                _ => {}
            }
            scanner.skip(1);
        }
        closed
    }

    /// Skips to the next comma or closing bracket of the list or object that is being read.
    pub(super) fn skip_to_delimiter(&mut self) {
        let mut depth = 0usize;
        loop {
            match self.scanner.peek() {
                None => return,
                Some(b',' | b'}' | b']') if depth == 0 => return,
                Some(b'"') => {
                    self.scanner.string();
                    continue;
                }
                Some(b'{' | b'[') => depth += 1,
                Some(b'}' | b']') => depth -= 1,
                Some(_) => {}
            }
            self.scanner.skip(1);
        }
    }

    /// Skips the rest of a list or an object.
    pub(super) fn skip_to_closing(&mut self) {
        loop {
            self.skip_to_delimiter();
            let at_comma = self.scanner.eat(b',');
            if !at_comma {
                let more = usize::from(self.scanner.peek().is_some());
                self.scanner.skip(more);
                return;
            }
        }
    }
}
