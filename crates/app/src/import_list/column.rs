//! Which column of a list says what. Official lists name them differently; what is not known here is named, not guessed.

use super::read::ListRow;
use credence_domain::catalog::fold::fold;

/// What a column says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Says {
    /// A running number: nothing.
    Number,
    /// Class of the directory.
    Class,
    /// 信息性质.
    Nature,
    /// The item.
    Item,
    /// Its code.
    ItemCode,
    /// A field of the item.
    Field,
    /// Its code.
    FieldCode,
    /// Type of its values.
    Type,
    /// Their longest length.
    Length,
    /// Whether it must be there.
    Required,
    /// 披露方式.
    Disclosure,
    /// Update cycle.
    Cycle,
    /// Validity.
    Validity,
    /// Units that provide it.
    Units,
    /// The law.
    Basis,
}

const NAMES: [(Says, &[&str]); 15] = [
    (Says::Number, &["序号", "编号", "行号"]),
    (Says::Class, &["信息类别", "类别", "一级目录", "信息分类", "信用信息类别"]),
    (Says::Nature, &["信息性质", "性质", "信用信息性质"]),
    (
        Says::Item,
        &[
            "信息事项",
            "事项名称",
            "指标名称",
            "信息事项/指标名称",
            "信用信息名称",
            "信息名称",
            "目录名称",
            "公共信用信息事项",
            "事项",
        ],
    ),
    (Says::ItemCode, &["事项代码", "信息事项代码", "目录代码", "指标代码"]),
    (Says::Field, &["字段", "字段名称", "数据项", "数据项名称", "信息项", "信息项名称", "指标项"]),
    (Says::FieldCode, &["字段代码", "字段英文名", "数据项代码", "英文名称", "字段标识"]),
    (Says::Type, &["类型", "数据类型", "字段类型", "数据格式"]),
    (Says::Length, &["长度", "字段长度", "数据长度"]),
    (Says::Required, &["必填", "是否必填", "约束", "是否必须"]),
    (Says::Disclosure, &["披露方式", "公开属性", "披露方式/公开属性", "共享属性", "公开方式", "公示属性", "公开类型"]),
    (Says::Cycle, &["更新周期", "更新频率", "归集频率", "报送周期", "归集周期"]),
    (Says::Validity, &["有效期限", "有效期", "公示期限", "公示期"]),
    (Says::Units, &["提供单位", "责任单位", "信息来源", "来源单位", "数据来源单位", "信息提供单位", "归集单位"]),
    (Says::Basis, &["依据", "法律依据", "政策依据", "法规依据", "归集依据", "法律法规依据", "设定依据"]),
];

/// The columns of a list.
#[derive(Debug)]
pub(super) struct Columns {
    says: Vec<Option<Says>>,
    headers: Vec<String>,
    /// Headers of the others.
    pub(super) unknown: Vec<String>,
}

impl Columns {
    /// The header among the first rows: it names the item and something else.
    pub(super) fn find(rows: &[ListRow]) -> Option<(usize, Self)> {
        rows.iter().take(10).enumerate().find_map(|(at, row)| {
            let columns = Self::of(&row.cells);
            let known = columns.says.iter().flatten().count();
            (known >= 2 && columns.has(Says::Item)).then_some((at, columns))
        })
    }

    fn of(header: &[String]) -> Self {
        let mut taken: Vec<Says> = Vec::new();
        let mut says = Vec::with_capacity(header.len());
        let mut unknown = Vec::new();
        for name in header {
            let folded = fold(name);
            let known = NAMES.iter().find(|(_, names)| names.iter().any(|known| fold(known) == folded));
            match known.map(|(says, _)| *says).filter(|says| !taken.contains(says)) {
                Some(found) => {
                    taken.push(found);
                    says.push(Some(found));
                }
                None => {
                    says.push(None);
                    if !name.is_empty() {
                        unknown.push(name.clone());
                    }
                }
            }
        }
        Self { says, headers: header.to_vec(), unknown }
    }

    pub(super) fn has(&self, says: Says) -> bool {
        self.says.contains(&Some(says))
    }

    /// The cell that says this; empty where there is none.
    pub(super) fn cell<'r>(&self, row: &'r ListRow, says: Says) -> &'r str {
        let at = self.says.iter().position(|known| *known == Some(says));
        at.and_then(|at| row.cells.get(at)).map_or("", String::as_str)
    }

    /// How the column is headed.
    pub(super) fn header(&self, says: Says) -> String {
        let at = self.says.iter().position(|known| *known == Some(says));
        at.and_then(|at| self.headers.get(at)).cloned().unwrap_or_default()
    }

    /// Header and cell of every column that is not understood, where a row fills it.
    pub(super) fn others<'r>(&'r self, row: &'r ListRow) -> impl Iterator<Item = (&'r str, &'r str)> {
        let cells = self.says.iter().zip(&self.headers).zip(&row.cells);
        cells
            .filter(|((says, header), cell)| says.is_none() && !header.is_empty() && !cell.is_empty())
            .map(|((_, header), cell)| (header.as_str(), cell.as_str()))
    }
}
