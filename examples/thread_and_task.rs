//! One lock for a task and a thread, which wait in the same queue, whatever the executor.
//!
//! ```text
//! cargo run --example thread_and_task
//! ```

use std::thread;

use wakeful::{Mutex, yield_now};

const ROUNDS: usize = 1000;
static LOG: Mutex<Vec<&str>> = Mutex::new(Vec::new());

fn main() {
    let thread = thread::spawn(|| {
        for _ in 0..ROUNDS {
            LOG.blocking_lock().push("thread");
        }
    });
    pollster::block_on(async {
        for _ in 0..ROUNDS {
            let mut log = LOG.lock().await;
            log.push("task begins");
            yield_now().await; // the thread waits
            log.push("task ends");
        }
    });
    thread.join().unwrap();

    let log = LOG.blocking_lock();
    assert_eq!(log.len(), 3 * ROUNDS);
    for pair in log.windows(2) {
        assert_eq!(pair[0] == "task begins", pair[1] == "task ends");
    }
    println!("{} entries, none between a begin and its end", log.len());
}
