//! The data list (公共信用信息数据清单): which facts may stand on a credit file, and in which form.
//!
//! Serves 鲁信用办〔2019〕8号 art. 五 and 山东省社会信用条例 art. 10: item, nature, subject code, data standard,
//! disclosure, validity, providing units. What no item names is not stored.

pub mod codes;
pub mod draft;
pub mod edition;
pub mod fold;
pub mod item;
pub mod mapping;

pub use item::{Disclosure, Field, FieldType, Item, Nature, Role, Version};
