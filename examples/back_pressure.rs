//! A fast producer and a slow consumer: the bound of the channel makes the producer wait.
//!
//! ```text
//! cargo run --example back_pressure
//! ```

use std::cell::Cell;

use wakeful::{queue, yield_now};

const BOUND: usize = 4;
const ITEMS: usize = 1000;

#[tokio::main(flavor = "current_thread")]
async fn main() {
    let (sender, receiver) = queue::bounded(BOUND);
    let sent = Cell::new(0);

    let producer = async {
        let sender = sender; // dropped at the end, which closes the channel
        for item in 0..ITEMS {
            sender.send(item).await.unwrap(); // waits while four are queued
            sent.set(item + 1);
        }
    };
    let consumer = async {
        let (mut received, mut most_ahead) = (0, 0);
        while let Some(item) = receiver.recv().await {
            assert_eq!(item, received);
            received += 1;
            most_ahead = most_ahead.max(sent.get() - received);
            yield_now().await; // takes its time
        }
        (received, most_ahead)
    };

    let ((), (received, most_ahead)) = futures::join!(producer, consumer);
    println!("{received} items, the producer at most {most_ahead} ahead");
    assert!(received == ITEMS && most_ahead <= BOUND);
}
