//! The smallest input that fails, found from one that does.

use super::seen::Seen;

/// Its story, as `check` tells it.
pub(crate) fn smallest(
    mut bytes: Vec<u8>,
    check: impl Fn(&[u8]) -> Result<Seen, String>,
) -> String {
    let fails = |bytes: &[u8]| check(bytes).is_err();
    let mut len = bytes.len();
    while len > 0 {
        let mut at = 0;
        let mut smaller = false;
        while at + len <= bytes.len() {
            let without = [&bytes[..at], &bytes[at + len..]].concat();
            // A byte that must stay may still be one of a smaller task or a plainer kind.
            let plainer = |to: u8| [&bytes[..at], &[to], &bytes[at + 1..]].concat();
            let simple = [bytes[at] & 15, 4, 0].map(plainer);
            let others = simple
                .into_iter()
                .filter(|other| len == 1 && *other < bytes);
            match std::iter::once(without)
                .chain(others)
                .find(|other| fails(other))
            {
                Some(other) => (bytes, smaller) = (other, true),
                None => at += 1,
            }
        }
        // After the last pass that changed something, one more at length one.
        len = if smaller { len } else { len / 2 };
    }
    check(&bytes)
        .err()
        .unwrap_or_else(|| "it does not fail any more".into())
}
