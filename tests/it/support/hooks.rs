//! A waker whose every operation is foreign code.

use std::mem::ManuallyDrop;
use std::sync::Arc;
use std::task::{RawWaker, RawWakerVTable, Waker};

type Hook = Option<Box<dyn Fn() + Send + Sync>>;

/// What happens when the waker is cloned, woken and dropped.
#[derive(Default)]
pub(crate) struct Hooks {
    clone: Hook,
    wake: Hook,
    drop: Hook,
}

impl Hooks {
    pub(crate) fn on_clone(mut self, hook: impl Fn() + Send + Sync + 'static) -> Self {
        self.clone = Some(Box::new(hook));
        self
    }

    pub(crate) fn on_wake(mut self, hook: impl Fn() + Send + Sync + 'static) -> Self {
        self.wake = Some(Box::new(hook));
        self
    }

    pub(crate) fn on_drop(mut self, hook: impl Fn() + Send + Sync + 'static) -> Self {
        self.drop = Some(Box::new(hook));
        self
    }

    pub(crate) fn waker(self) -> Waker {
        self.with(&VTABLE)
    }

    pub(crate) fn waker_unlike_its_clones(self) -> Waker {
        self.with(&FIRST)
    }

    fn with(self, vtable: &'static RawWakerVTable) -> Waker {
        let data = Arc::into_raw(Arc::new(self));
        // SAFETY: the vtable's functions take the data for what it is, a counted reference.
        unsafe { Waker::new(data.cast(), vtable) }
    }
}

/// For wakers that look different from their clones.
static FIRST: RawWakerVTable = RawWakerVTable::new(clone, wake, wake_by_ref, drop_waker);
static VTABLE: RawWakerVTable = RawWakerVTable::new(clone, wake, wake_by_ref, drop_waker);

fn run(hook: &Hook) {
    if let Some(hook) = hook {
        hook();
    }
}

/// The hooks behind the data; the count stays as it is.
///
/// # Safety
///
/// `data` is that of a waker that was not dropped.
unsafe fn borrowed(data: *const ()) -> ManuallyDrop<Arc<Hooks>> {
    // SAFETY: the caller's, and the reference that this would count is never dropped.
    ManuallyDrop::new(unsafe { Arc::from_raw(data.cast()) })
}

unsafe fn clone(data: *const ()) -> RawWaker {
    // SAFETY: the waker that is being cloned is alive.
    let hooks = unsafe { borrowed(data) };
    run(&hooks.clone);
    let cloned = Arc::into_raw(Arc::clone(&hooks));
    RawWaker::new(cloned.cast(), &VTABLE)
}

unsafe fn wake(data: *const ()) {
    // SAFETY: waking takes the waker, and its reference with it.
    let hooks: Arc<Hooks> = unsafe { Arc::from_raw(data.cast()) };
    run(&hooks.wake);
}

unsafe fn wake_by_ref(data: *const ()) {
    // SAFETY: the waker is alive.
    let hooks = unsafe { borrowed(data) };
    run(&hooks.wake);
}

unsafe fn drop_waker(data: *const ()) {
    // SAFETY: dropping takes the waker, and its reference with it.
    let hooks: Arc<Hooks> = unsafe { Arc::from_raw(data.cast()) };
    run(&hooks.drop);
}
