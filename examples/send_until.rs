//! Giving up on a send after a while, and getting the item back: it was not received and never will be, so it
//! can be sent elsewhere without arriving twice.
//!
//! ```text
//! cargo run --example send_until
//! ```

use std::time::Duration;

use tokio::time::sleep;
use wakeful::queue::{self, SendUntilError};

#[tokio::main(flavor = "current_thread")]
async fn main() {
    let (primary, primary_inbox) = queue::bounded(2);
    let (spare, spare_inbox) = queue::unbounded();

    for order in 1..=5 {
        // Any future will do: a timer of any runtime, a shutdown, a cancellation token.
        let patience = sleep(Duration::from_millis(5));
        match primary.send_until(order, patience).await {
            Ok(()) => {}
            Err(SendUntilError::Interrupted(order)) => spare.send(order).unwrap(),
            Err(SendUntilError::Closed(order)) => panic!("nobody is left to take order {order}"),
        }
    }

    let (taken, diverted) = (primary_inbox.drain(), spare_inbox.drain());
    println!("the primary has {taken:?}, the spare {diverted:?}");
    assert_eq!(taken, [1, 2]);
    assert_eq!(diverted, [3, 4, 5]);
}
