//! Asks which auto traits a type has.

use std::cell::Cell;
use std::rc::Rc;

/// Neither `Send` nor `Sync`.
pub(crate) type Neither = Rc<()>;
pub(crate) type SendOnly = Cell<u8>;
/// `Sync`, and not `Send`.
pub(crate) type SyncOnly = std::sync::MutexGuard<'static, u8>;
pub(crate) type Both = u8;

/// Whether a type implements a trait: an inherent constant, where its bound holds, goes before the
/// one of a trait that everything implements.
macro_rules! implements {
    ($type:ty: $trait:path) => {{
        #[allow(dead_code, reason = "unused where the bound holds")]
        trait Otherwise {
            const YES: bool = false;
        }
        impl<T: ?Sized> Otherwise for T {}
        struct Asked<T: ?Sized>(std::marker::PhantomData<T>);
        #[allow(dead_code, reason = "unused where it does not")]
        impl<T: ?Sized + $trait> Asked<T> {
            const YES: bool = true;
        }
        <Asked<$type>>::YES
    }};
}

pub(crate) use implements;
