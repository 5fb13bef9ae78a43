//! The departments of the province.

use credence_domain::access::Role;
use credence_domain::directory::AreaPatch;
use credence_domain::subject::uscc::check_symbol;
use credence_store::unit::Unit;
use jiff::civil::Date;

/// A department with what it is known by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Department {
    /// Its place in the list: makes its code.
    pub number: usize,
    /// Name.
    pub name: &'static str,
    /// Short form in document numbers.
    pub short: &'static str,
    /// `province`, `city` or `county`.
    pub level: &'static str,
    /// Area.
    pub area: &'static str,
    /// Chooses the rule pack.
    pub regulator: &'static str,
    /// Sector.
    pub sector: &'static str,
    /// Has a standing declaration of secrecy review.
    pub declared: bool,
}

const fn department(
    number: usize,
    name: &'static str,
    short: &'static str,
    level: &'static str,
    area: &'static str,
    regulator: &'static str,
    sector: &'static str,
) -> Department {
    Department { number, name, short, level, area, regulator, sector, declared: true }
}

const DEPARTMENTS: [Department; 31] = [
    department(1, "示范省社会信用中心", "示信", "province", "示范省", "other", "信用"),
    department(2, "示范省市场监督管理局", "示市监", "province", "示范省", "market", "市场监管"),
    department(3, "云海市市场监督管理局", "云市监", "city", "云海市", "market", "市场监管"),
    department(4, "青禾市市场监督管理局", "青市监", "city", "青禾市", "market", "市场监管"),
    department(5, "云海市生态环境局", "云环", "city", "云海市", "other", "生态环境"),
    department(6, "青禾市应急管理局", "青应急", "city", "青禾市", "other", "安全生产"),
    department(7, "石泉县综合行政执法局", "石综执", "county", "石泉县", "other", "城市管理"),
    department(8, "示范省住房和城乡建设厅", "示建", "province", "示范省", "other", "住房建设"),
    department(9, "云海市行政审批服务局", "云审", "city", "云海市", "other", "行政审批"),
    department(10, "云海市中级人民法院", "示01", "city", "云海市", "court", "司法"),
    department(11, "示范省税务局", "示税", "province", "示范省", "tax", "税务"),
    department(12, "青禾市交通运输局", "青交", "city", "青禾市", "other", "交通运输"),
    Department {
        declared: false, ..department(13, "石泉县水利局", "石水", "county", "石泉县", "other", "水利")
    },
    department(14, "青禾市行政审批服务局", "青审", "city", "青禾市", "other", "行政审批"),
    department(15, "石泉县行政审批服务局", "石审", "county", "石泉县", "other", "行政审批"),
    department(16, "青禾市生态环境局", "青环", "city", "青禾市", "other", "生态环境"),
    department(17, "云海市应急管理局", "云应急", "city", "云海市", "other", "安全生产"),
    department(18, "青禾市中级人民法院", "示02", "city", "青禾市", "court", "司法"),
    department(19, "石泉县人民法院", "示0221", "county", "石泉县", "court", "司法"),
    department(20, "示范省人力资源和社会保障厅", "示人社", "province", "示范省", "other", "社会保障"),
    department(21, "示范省财政厅", "示财", "province", "示范省", "other", "财政"),
    department(22, "示范海关", "示关", "province", "示范省", "customs", "海关"),
    department(23, "示范省药品监督管理局", "示药监", "province", "示范省", "drug", "药品"),
    department(24, "示范金融监督管理局", "示金监", "province", "示范省", "finance", "金融"),
    department(25, "云海市公共资源交易监督管理局", "云资", "city", "云海市", "other", "公共资源"),
    department(26, "示范省自然资源厅", "示自然", "province", "示范省", "other", "自然资源"),
    department(27, "石泉县农业农村局", "石农", "county", "石泉县", "other", "农业农村"),
    department(28, "示范省科学技术厅", "示科", "province", "示范省", "other", "科技"),
    department(29, "云海市社会信用中心", "云信", "city", "云海市", "other", "信用"),
    department(30, "青禾市社会信用中心", "青信", "city", "青禾市", "other", "信用"),
    department(31, "石泉县社会信用中心", "石信", "county", "石泉县", "other", "信用"),
];

/// Codes, names, levels and parents of the areas, in the unused region: two cities, and a county below the second.
const AREAS: [(&str, &str, &str, &str); 4] = [
    ("379900", "示范省", "province", ""),
    ("379910", "云海市", "city", "379900"),
    ("379920", "青禾市", "city", "379900"),
    ("379921", "石泉县", "county", "379920"),
];

/// The areas as they are entered, each behind the one above it.
#[must_use]
pub fn areas() -> Vec<(&'static str, AreaPatch)> {
    let text = |text: &str| Some(text.to_owned());
    let patch = |name, level, parent| AreaPatch {
        name: text(name),
        level: text(level),
        parent: text(parent),
        ..AreaPatch::default()
    };
    AREAS.iter().map(|(code, name, level, parent)| (*code, patch(name, level, parent))).collect()
}

/// The area above, by name.
fn above(area: &str) -> Option<&'static str> {
    let (_, _, _, parent) = AREAS.iter().find(|(_, name, ..)| *name == area)?;
    AREAS.iter().find(|(code, ..)| code == parent).map(|(_, name, ..)| *name)
}

/// The departments.
#[must_use]
pub fn departments() -> &'static [Department] {
    &DEPARTMENTS
}

/// The department with a number; the first where there is none.
#[must_use]
pub fn numbered(number: usize) -> &'static Department {
    let [first, ..] = &DEPARTMENTS;
    DEPARTMENTS.iter().find(|department| department.number == number).unwrap_or(first)
}

/// Who decides on a sector's matters in an area: its own department, else the province's, else whoever has the sector.
#[must_use]
pub fn competent(sector: &str, area: &str) -> &'static Department {
    let of = |area: Option<&str>| {
        DEPARTMENTS.iter().find(|one| one.sector == sector && area.is_none_or(|area| one.area == area))
    };
    of(Some(area)).or_else(|| of(Some("示范省"))).or_else(|| of(None)).unwrap_or(numbered(1))
}

/// Code of the association of credit services in the synthetic province: a partner.
#[must_use]
pub fn association() -> String {
    let body = "51379900910099901";
    let check = check_symbol(body.as_bytes()).map_or('0', char::from);
    format!("{body}{check}")
}

/// The unit in which somebody of a role works in the demonstration; empty for roles without one.
#[must_use]
pub fn unit_of_role(role: Role) -> String {
    let number = match role {
        Role::Public | Role::Organisation | Role::Key => return String::new(),
        Role::Partner => return association(),
        Role::Clerk | Role::Approver | Role::Inspector | Role::ListDecider => 3,
        Role::Window => 9,
        Role::Reviewer | Role::Office | Role::Auditor => 1,
        Role::SystemAdmin | Role::SecurityAdmin | Role::AuditAdmin => 1,
    };
    numbered(number).uscc()
}

impl Department {
    /// Its unified social credit code, in the unused region.
    #[must_use]
    pub fn uscc(&self) -> String {
        let body = format!("11379900{:07}{:02}", 9_100_000 + self.number * 13, self.number);
        let check = check_symbol(body.as_bytes()).map_or('0', char::from);
        format!("{body}{check}")
    }

    /// The unit above it: of its own sector one level up, else the credit centre there.
    fn parent(&self) -> Option<&'static Department> {
        let there = match above(self.area) {
            Some(area) => area,
            None if self.number == 1 => return None,
            None => self.area,
        };
        let of = |sector: &str| {
            DEPARTMENTS.iter().find(|one| one.area == there && one.sector == sector && one.number != self.number)
        };
        let own = if there == self.area { None } else { of(self.sector) };
        own.or_else(|| of("信用"))
    }

    /// Its entry in the directory.
    #[must_use]
    pub fn unit(&self) -> Unit {
        let parent = self.parent().map(Department::uscc).unwrap_or_default();
        Unit {
            uscc: self.uscc(),
            name: self.name.to_owned(),
            level: self.level.to_owned(),
            area: self.area.to_owned(),
            parent,
            sector: self.sector.to_owned(),
            regulator: self.regulator.to_owned(),
            secrecy_officer: if self.declared { "保密审查员（示例）".to_owned() } else { String::new() },
            secrecy_on: self.declared.then_some(Date::constant(2023, 1, 3)),
            ..Unit::default()
        }
    }
}

/// The directory of the province, each unit behind the one above it.
#[must_use]
pub fn units() -> Vec<Unit> {
    let association = Unit {
        uscc: association(),
        name: "示范省信用服务行业协会".to_owned(),
        level: "province".to_owned(),
        area: "示范省".to_owned(),
        sector: "信用服务".to_owned(),
        regulator: "other".to_owned(),
        ..Unit::default()
    };
    let mut units: Vec<Unit> = DEPARTMENTS.iter().map(Department::unit).chain([association]).collect();
    units.sort_by_key(|unit| match unit.level.as_str() {
        "province" => usize::from(!unit.parent.is_empty()),
        "city" => 2,
        _ => 3,
    });
    units
}
