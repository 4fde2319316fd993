//! Column maps as people write them, in TOML.

use std::collections::BTreeMap;

use lastmile_model::Text;
use lastmile_model::claim::{Kbps, Standing, Technology};
use lastmile_model::listing::figures;
use lastmile_model::listing::mapped::{BandwidthUnit, ColumnMap, Field, FieldSource, SpeedColumn};
use lastmile_model::money::Currency;
use serde::Deserialize;
use thiserror::Error;

/// A column map and the text it was read from.
#[derive(Clone, Debug, PartialEq)]
pub struct Mapping {
    /// The TOML text.
    pub text: String,
    /// What it says.
    pub map: ColumnMap,
}

/// A text is not a column map.
#[derive(Debug, Error)]
pub enum BadMapping {
    /// It is not TOML, or has a key that column maps do not have.
    #[error("the column map is not valid{}: {message}", .line.map(|line| format!(" in line {line}")).unwrap_or_default())]
    Toml {
        /// Line, from 1.
        line: Option<usize>,
        /// What is wrong with it.
        message: String,
    },
    /// The names are in a row that is no header row.
    #[error(
        "header.names_row is {names_row}, but there are {rows} header rows (rows count from 1)"
    )]
    NamesRow {
        /// As written.
        names_row: usize,
        /// As written.
        rows: usize,
    },
    /// A separator is not one ASCII character.
    #[error("header.delimiter must be one ASCII character")]
    Delimiter,
    /// A field is given both a column and a fixed value.
    #[error("field {field} is in [columns] and in [fixed]; it can be in one of them")]
    Twice {
        /// Which.
        field: &'static str,
    },
    /// No column says where a building is.
    #[error("[columns] needs address, or number and street")]
    NoAddress,
    /// A bandwidth cannot be read.
    #[error("{text:?} is not a bandwidth; write for example \"10 Gbps\"")]
    Bandwidth {
        /// As written.
        text: String,
    },
    /// A speed column says no bandwidth.
    #[error("[[speeds]] column {column:?}: its name says no bandwidth; write down = \"10 Gbps\"")]
    NoBandwidth {
        /// As written.
        column: String,
    },
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct MapToml {
    #[serde(default)]
    header: HeaderToml,
    columns: BTreeMap<FieldName, String>,
    #[serde(default)]
    fixed: BTreeMap<FieldName, String>,
    #[serde(default)]
    units: UnitsToml,
    #[serde(default)]
    speeds: Vec<SpeedToml>,
    #[serde(default)]
    words: WordsToml,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, default)]
struct HeaderToml {
    rows: usize,
    names_row: Option<usize>,
    delimiter: String,
}

impl Default for HeaderToml {
    fn default() -> Self {
        Self {
            rows: 1,
            names_row: None,
            delimiter: ",".to_owned(),
        }
    }
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct UnitsToml {
    bandwidth: UnitName,
    currency: CurrencyName,
}

#[derive(Clone, Copy, Default, Deserialize)]
enum UnitName {
    #[serde(alias = "kbps")]
    Kbps,
    #[default]
    #[serde(alias = "mbps")]
    Mbps,
    #[serde(alias = "gbps")]
    Gbps,
}

#[derive(Clone, Copy, Default, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
enum CurrencyName {
    #[default]
    Usd,
    Cad,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct SpeedToml {
    column: String,
    product: Option<String>,
    smallest: Option<String>,
    down: Option<String>,
    up: Option<String>,
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct WordsToml {
    standing: BTreeMap<String, StandingName>,
    technology: BTreeMap<String, TechnologyName>,
}

#[derive(Clone, Copy, Deserialize)]
#[serde(rename_all = "snake_case")]
enum StandingName {
    Offered,
    NotOffered,
    IndividualCase,
    NearNet,
    Restricted,
}

#[derive(Clone, Copy, Deserialize)]
#[serde(rename_all = "snake_case")]
enum TechnologyName {
    Copper,
    Cable,
    Fiber,
    Ethernet,
    UnlicensedFixedWireless,
    LicensedFixedWireless,
    LicensedByRuleFixedWireless,
    NotFiber,
    Other,
}

#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "snake_case")]
enum FieldName {
    Address,
    Number,
    Predirectional,
    Street,
    Suffix,
    Postdirectional,
    Unit,
    City,
    State,
    Zip,
    Zip4,
    Latitude,
    Longitude,
    Provider,
    UnderlyingProvider,
    Product,
    Technology,
    Standing,
    Smallest,
    Down,
    Up,
    Mrc,
    BuildingId,
}

impl Mapping {
    /// Reads a column map.
    ///
    /// # Errors
    /// [`BadMapping`], which says what to change.
    pub fn parse(text: &str) -> Result<Self, BadMapping> {
        let MapToml {
            header,
            columns,
            fixed,
            units,
            speeds,
            words,
        } = toml::from_str(text).map_err(|error| not_toml(text, &error))?;
        let names_row = header.names_row.unwrap_or(header.rows);
        if names_row == 0 || names_row > header.rows {
            return Err(BadMapping::NamesRow {
                names_row,
                rows: header.rows,
            });
        }
        let &[delimiter] = header.delimiter.as_bytes() else {
            return Err(BadMapping::Delimiter);
        };
        let WordsToml {
            standing,
            technology,
        } = words;
        let map = ColumnMap {
            header_rows: header.rows,
            names_row,
            delimiter,
            fields: fields(columns, fixed)?,
            bandwidth_unit: match units.bandwidth {
                UnitName::Kbps => BandwidthUnit::Kbps,
                UnitName::Mbps => BandwidthUnit::Mbps,
                UnitName::Gbps => BandwidthUnit::Gbps,
            },
            speeds: speeds
                .into_iter()
                .map(speed_column)
                .collect::<Result<_, _>>()?,
            standing_words: standing
                .into_iter()
                .map(|(word, name)| (word, standing_of(name)))
                .collect(),
            technology_words: technology
                .into_iter()
                .map(|(word, name)| (word, technology_of(name)))
                .collect(),
            currency: match units.currency {
                CurrencyName::Usd => Currency::Usd,
                CurrencyName::Cad => Currency::Cad,
            },
        };
        Ok(Self {
            text: text.to_owned(),
            map,
        })
    }
}

fn not_toml(text: &str, error: &toml::de::Error) -> BadMapping {
    let before = error.span().and_then(|span| text.get(..span.start));
    BadMapping::Toml {
        line: before.map(|before| before.matches('\n').count() + 1),
        message: error.message().to_owned(),
    }
}

fn fields(
    columns: BTreeMap<FieldName, String>,
    fixed: BTreeMap<FieldName, String>,
) -> Result<BTreeMap<Field, FieldSource>, BadMapping> {
    let column = |name: FieldName| columns.contains_key(&name);
    let apart = column(FieldName::Number) && column(FieldName::Street);
    if !column(FieldName::Address) && !apart {
        return Err(BadMapping::NoAddress);
    }
    let mut fields = BTreeMap::new();
    for (name, column) in columns {
        fields.insert(field_of(name), FieldSource::Column(column));
    }
    for (name, value) in fixed {
        let field = field_of(name);
        if fields.insert(field, FieldSource::Fixed(value)).is_some() {
            return Err(BadMapping::Twice {
                field: field.as_str(),
            });
        }
    }
    Ok(fields)
}

fn speed_column(speed: SpeedToml) -> Result<SpeedColumn, BadMapping> {
    let SpeedToml {
        column,
        product,
        smallest,
        down,
        up,
    } = speed;
    let named = figures::bandwidth_of_name(&column);
    let read = |text: Option<String>| -> Result<Option<Kbps>, BadMapping> {
        match text {
            None => Ok(None),
            Some(text) => figures::bandwidth(&text, BandwidthUnit::Mbps)
                .map(Some)
                .ok_or(BadMapping::Bandwidth { text }),
        }
    };
    let smallest = read(smallest)?.or_else(|| named.and_then(|(smallest, _)| smallest));
    let Some(down) = read(down)?.or_else(|| named.map(|(_, largest)| largest)) else {
        return Err(BadMapping::NoBandwidth { column });
    };
    Ok(SpeedColumn {
        product: product.map(Text::from),
        smallest,
        down,
        up: read(up)?.unwrap_or(down),
        column,
    })
}

const fn standing_of(name: StandingName) -> Standing {
    match name {
        StandingName::Offered => Standing::Offered,
        StandingName::NotOffered => Standing::NotOffered,
        StandingName::IndividualCase => Standing::IndividualCase,
        StandingName::NearNet => Standing::NearNet,
        StandingName::Restricted => Standing::Restricted,
    }
}

const fn technology_of(name: TechnologyName) -> Technology {
    match name {
        TechnologyName::Copper => Technology::Copper,
        TechnologyName::Cable => Technology::Cable,
        TechnologyName::Fiber => Technology::Fiber,
        TechnologyName::Ethernet => Technology::Ethernet,
        TechnologyName::UnlicensedFixedWireless => Technology::UnlicensedFixedWireless,
        TechnologyName::LicensedFixedWireless => Technology::LicensedFixedWireless,
        TechnologyName::LicensedByRuleFixedWireless => Technology::LicensedByRuleFixedWireless,
        TechnologyName::NotFiber => Technology::NotFiber,
        TechnologyName::Other => Technology::Other,
    }
}

const fn field_of(name: FieldName) -> Field {
    match name {
        FieldName::Address => Field::Address,
        FieldName::Number => Field::Number,
        FieldName::Predirectional => Field::Predirectional,
        FieldName::Street => Field::Street,
        FieldName::Suffix => Field::Suffix,
        FieldName::Postdirectional => Field::Postdirectional,
        FieldName::Unit => Field::Unit,
        FieldName::City => Field::City,
        FieldName::State => Field::State,
        FieldName::Zip => Field::Zip,
        FieldName::Zip4 => Field::Zip4,
        FieldName::Latitude => Field::Latitude,
        FieldName::Longitude => Field::Longitude,
        FieldName::Provider => Field::Provider,
        FieldName::UnderlyingProvider => Field::UnderlyingProvider,
        FieldName::Product => Field::Product,
        FieldName::Technology => Field::Technology,
        FieldName::Standing => Field::Standing,
        FieldName::Smallest => Field::Smallest,
        FieldName::Down => Field::Down,
        FieldName::Up => Field::Up,
        FieldName::Mrc => Field::Mrc,
        FieldName::BuildingId => Field::BuildingId,
    }
}
