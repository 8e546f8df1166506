use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering::SeqCst};
use wakeful::Queue;
use wakeful::queue;

fn rt() -> tokio::runtime::Runtime {
    tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .build()
        .unwrap()
}

fn all_arrive(capacity: usize, senders: usize, receivers: usize, each: usize) {
    let (tx, rx) = queue::bounded::<usize>(capacity);
    let sum = Arc::new(AtomicUsize::new(0));
    let count = Arc::new(AtomicUsize::new(0));
    rt().block_on(async move {
        let mut tasks = Vec::new();
        for s in 0..senders {
            let tx = tx.clone();
            tasks.push(tokio::spawn(async move {
                for i in 0..each {
                    tx.send(s * each + i).await.unwrap();
                }
            }));
        }
        drop(tx);
        for _ in 0..receivers {
            let rx = rx.clone();
            let (sum, count) = (sum.clone(), count.clone());
            tasks.push(tokio::spawn(async move {
                while let Some(i) = rx.recv().await {
                    sum.fetch_add(i, SeqCst);
                    count.fetch_add(1, SeqCst);
                }
            }));
        }
        drop(rx);
        for t in tasks {
            t.await.unwrap();
        }
        let n = senders * each;
        assert_eq!(count.load(SeqCst), n);
        assert_eq!(sum.load(SeqCst), n * (n - 1) / 2);
    });
}

#[test]
fn storm() {
    for capacity in [0, 1, 2, 16, 128, usize::MAX] {
        for (s, r) in [(1, 1), (4, 1), (4, 4), (1, 4), (64, 1)] {
            all_arrive(capacity, s, r, 2000);
        }
    }
}

#[test]
fn threads() {
    let queue = Arc::new(Queue::bounded(1));
    std::thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| {
                for i in 0..1000 {
                    queue.blocking_push(i).unwrap()
                }
            });
        }
        for _ in 0..4 {
            scope.spawn(|| {
                for _ in 0..1000 {
                    queue.blocking_pop().unwrap();
                }
            });
        }
    });
    assert!(queue.is_empty());
}
