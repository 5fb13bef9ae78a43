//! What people ask: home, search, an organisation's page, its records. Every answer is made for one view: who reads,
//! and one civil day that does not change while the answer is made.

pub mod area;
pub mod batch;
mod batch_note;
pub(crate) mod batch_records;
mod bracket;
pub mod content;
pub mod data_list;
pub mod evaluation;
pub mod home;
pub mod list;
pub mod list_definition;
pub mod measure;
pub mod model;
mod name;
pub mod organisation;
pub mod page;
pub mod proof;
pub mod quality;
pub mod record;
pub mod search;
pub mod told;
pub mod unit;

pub use area::{AreaDetail, AreaName, AreaView};
pub use batch::{BatchDetail, BatchView, NameConflictView, RejectView};
pub use batch_note::{NoteView, NotedRecord};
pub use content::Content;
pub use data_list::{DataListView, ItemView};
pub use evaluation::EvaluationView;
pub use home::{Home, ItemCount};
pub use list::{ListEntry, ListRequest, ListedItem};
pub use measure::{BehaviourView, MeasureListView, MeasurePage, MemorandumView};
pub use model::{GradeView, ModelView, VersionView, WeightView};
pub use organisation::{OrganisationSummary, OrganisationView};
pub use page::Page;
pub use proof::Proof;
pub use quality::{Declared, DueDecisions, DueRecord, DueView, QualityView, UnitQuality};
pub use record::{Detail, FieldView, MarkView, RecordView, WithheldView};
pub use search::{Facets, SearchRequest};
pub use told::Law;
pub use unit::{UnitDetail, UnitStateView, UnitView};
