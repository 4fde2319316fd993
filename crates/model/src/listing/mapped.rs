//! Any other list, read by a column map.

use std::collections::BTreeMap;

use super::figures;
use super::header::{Cells, Header};
use super::name;
use super::place::{self, PlaceCells, filled};
use super::row::{Notes, RejectReason, RowReading, Warning};
use super::speed_cell;
use crate::Text;
use crate::address::Parts;
use crate::claim::{Claim, Kbps, ListPrice, Standing, Technology};
use crate::identity::ProviderName;
use crate::money::Currency;

/// How the columns of a list are read.
#[derive(Clone, Debug, PartialEq)]
pub struct ColumnMap {
    /// Rows before the first data row.
    pub header_rows: usize,
    /// Which of them names the columns, from 1.
    pub names_row: usize,
    /// What stands between two cells.
    pub delimiter: u8,
    /// Where each field is found.
    pub fields: BTreeMap<Field, FieldSource>,
    /// Unit of bandwidths that are bare figures.
    pub bandwidth_unit: BandwidthUnit,
    /// Columns that stand for one speed each.
    pub speeds: Vec<SpeedColumn>,
    /// What the words of the standing column mean; compared without regard to case.
    pub standing_words: Vec<(String, Standing)>,
    /// What the words of the technology column mean; compared without regard to case.
    pub technology_words: Vec<(String, Technology)>,
    /// Currency of prices.
    pub currency: Currency,
}

/// Something that a claim needs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Field {
    /// The whole address, or its delivery line (`303 E 26th St Apt 4`).
    Address,
    /// House number.
    Number,
    /// Directional before the name.
    Predirectional,
    /// Street: its name, or all of it.
    Street,
    /// Suffix.
    Suffix,
    /// Directional after the name.
    Postdirectional,
    /// Unit, with its designator or without.
    Unit,
    /// City.
    City,
    /// State.
    State,
    /// ZIP, ZIP+4.
    Zip,
    /// The four digits after the ZIP.
    Zip4,
    /// Degrees.
    Latitude,
    /// Degrees.
    Longitude,
    /// Whose claim it is, where the list names several providers.
    Provider,
    /// The carrier whose line is resold.
    UnderlyingProvider,
    /// Product or package.
    Product,
    /// Technology, in the words of the list.
    Technology,
    /// Whether it can be sold, in the words of the list.
    Standing,
    /// Smallest bandwidth.
    Smallest,
    /// Highest download bandwidth.
    Down,
    /// Highest upload bandwidth.
    Up,
    /// Monthly recurring charge, or `ICB`.
    Mrc,
    /// The provider's own id of the building.
    BuildingId,
}

impl Field {
    /// The name in a column map: `address`, `building_id`, ….
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Address => "address",
            Self::Number => "number",
            Self::Predirectional => "predirectional",
            Self::Street => "street",
            Self::Suffix => "suffix",
            Self::Postdirectional => "postdirectional",
            Self::Unit => "unit",
            Self::City => "city",
            Self::State => "state",
            Self::Zip => "zip",
            Self::Zip4 => "zip4",
            Self::Latitude => "latitude",
            Self::Longitude => "longitude",
            Self::Provider => "provider",
            Self::UnderlyingProvider => "underlying_provider",
            Self::Product => "product",
            Self::Technology => "technology",
            Self::Standing => "standing",
            Self::Smallest => "smallest",
            Self::Down => "down",
            Self::Up => "up",
            Self::Mrc => "mrc",
            Self::BuildingId => "building_id",
        }
    }
}

/// Where a field is found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FieldSource {
    /// In this column.
    Column(String),
    /// The same for every row.
    Fixed(String),
}

/// A column that stands for one speed and holds Y, N or ICB.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SpeedColumn {
    /// Its name.
    pub column: String,
    /// Product; the column's name where nothing is said.
    pub product: Option<Text>,
    /// Smallest bandwidth.
    pub smallest: Option<Kbps>,
    /// Highest download bandwidth.
    pub down: Kbps,
    /// Highest upload bandwidth.
    pub up: Kbps,
}

/// Unit of a bandwidth that is written as a bare figure.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum BandwidthUnit {
    /// 1,000 bit/s.
    Kbps,
    /// 1,000,000 bit/s.
    #[default]
    Mbps,
    /// 1,000,000,000 bit/s.
    Gbps,
}

/// A column map together with where its columns are in one file.
#[derive(Clone, Debug, PartialEq)]
pub struct Mapped {
    map: ColumnMap,
    fields: BTreeMap<Field, Source>,
    speeds: Vec<(usize, SpeedColumn)>,
}

/// Where a field is in one file.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Source {
    Column(usize, String),
    Fixed(String),
}

impl Mapped {
    /// Finds the columns of the map, or says which are missing.
    pub(super) fn new(header: &Header, map: &ColumnMap) -> Result<Self, Vec<String>> {
        let mut missing = Vec::new();
        let mut need = |name: &String| {
            header.find(&[name]).unwrap_or_else(|| {
                missing.push(name.clone());
                0
            })
        };
        let fields = map
            .fields
            .iter()
            .map(|(field, source)| match source {
                FieldSource::Column(name) => (*field, Source::Column(need(name), name.clone())),
                FieldSource::Fixed(value) => (*field, Source::Fixed(value.clone())),
            })
            .collect();
        let speeds = map
            .speeds
            .iter()
            .map(|speed| (need(&speed.column), speed.clone()))
            .collect();
        if missing.is_empty() {
            Ok(Self {
                map: map.clone(),
                fields,
                speeds,
            })
        } else {
            Err(missing)
        }
    }

    /// Reads one row.
    pub(super) fn read<C: Cells + ?Sized>(
        &self,
        cells: &C,
        owner: &ProviderName,
        notes: &mut Notes,
    ) -> RowReading {
        match self.claims(cells, owner, notes) {
            Ok(claims) => RowReading::Claims(claims),
            Err(reason) => RowReading::Rejected(reason),
        }
    }

    fn claims<C: Cells + ?Sized>(
        &self,
        cells: &C,
        owner: &ProviderName,
        notes: &mut Notes,
    ) -> Result<Vec<Claim>, RejectReason> {
        let (building, place) = self.place(cells, notes)?;
        let (price, price_is_icb) = self.price(cells, notes);
        let standing = self.standing(cells)?;
        let whole = Claim {
            provider: self
                .name(cells, Field::Provider, notes)?
                .unwrap_or_else(|| owner.clone()),
            building,
            place,
            technology: self.technology(cells)?,
            product: filled(self.cell(cells, Field::Product)),
            smallest: self.bandwidth(cells, Field::Smallest)?,
            down: self.bandwidth(cells, Field::Down)?,
            up: self.bandwidth(cells, Field::Up)?,
            standing: priced(standing.unwrap_or(Standing::Offered), price_is_icb),
            price,
            coordinates: place::coordinates(
                self.cell(cells, Field::Latitude),
                self.cell(cells, Field::Longitude),
                notes,
            ),
            provider_building_id: filled(self.cell(cells, Field::BuildingId)),
            underlying_provider: self.name(cells, Field::UnderlyingProvider, notes)?,
        };
        if self.speeds.is_empty() {
            return Ok(vec![whole]);
        }
        self.per_speed(cells, &whole, notes)
    }

    /// A claim for each speed column that says something. A building that must not be sold at all, or
    /// needs construction, stays so whatever its speed columns say.
    fn per_speed<C: Cells + ?Sized>(
        &self,
        cells: &C,
        whole: &Claim,
        notes: &mut Notes,
    ) -> Result<Vec<Claim>, RejectReason> {
        let mut claims = Vec::with_capacity(self.speeds.len());
        for (column, speed) in &self.speeds {
            let Some(said) = speed_cell::standing(cells.cell(*column), &speed.column, notes) else {
                continue;
            };
            claims.push(Claim {
                product: Some(
                    speed
                        .product
                        .clone()
                        .unwrap_or_else(|| speed.column.as_str().into()),
                ),
                smallest: speed.smallest,
                down: Some(speed.down),
                up: Some(speed.up),
                standing: match (whole.standing, said) {
                    (Standing::Offered, said) => said,
                    (whole, Standing::NotOffered) if whole != Standing::Restricted => {
                        Standing::NotOffered
                    }
                    (whole, _) => whole,
                },
                ..whole.clone()
            });
        }
        if claims.is_empty() {
            Err(RejectReason::NothingSaid)
        } else {
            Ok(claims)
        }
    }

    fn place<C: Cells + ?Sized>(
        &self,
        cells: &C,
        notes: &mut Notes,
    ) -> Result<place::Place, RejectReason> {
        let part = |field: Field| filled(self.cell(cells, field));
        let column = if self.fields.contains_key(&Field::Address) {
            Field::Address
        } else {
            Field::Street
        };
        place::place(
            PlaceCells {
                line: self.cell(cells, Field::Address),
                parts: Parts {
                    number: part(Field::Number),
                    predirectional: part(Field::Predirectional),
                    street: part(Field::Street),
                    suffix: part(Field::Suffix),
                    postdirectional: part(Field::Postdirectional),
                    unit_type: None,
                    unit: part(Field::Unit),
                    city: part(Field::City),
                    state: part(Field::State),
                    zip: part(Field::Zip),
                    zip4: part(Field::Zip4),
                },
                column: self.column(column),
            },
            notes,
        )
    }

    fn cell<'c, C: Cells + ?Sized>(&'c self, cells: &'c C, field: Field) -> &'c str {
        match self.fields.get(&field) {
            Some(Source::Column(column, _)) => cells.cell(*column),
            Some(Source::Fixed(value)) => value,
            None => "",
        }
    }

    /// The column that a field is read from, for messages.
    fn column(&self, field: Field) -> &str {
        match self.fields.get(&field) {
            Some(Source::Column(_, name)) => name,
            Some(Source::Fixed(_)) | None => "",
        }
    }

    fn name<C: Cells + ?Sized>(
        &self,
        cells: &C,
        field: Field,
        notes: &mut Notes,
    ) -> Result<Option<ProviderName>, RejectReason> {
        let given = self.cell(cells, field);
        if given.is_empty() {
            return Ok(None);
        }
        name::provider(given, self.column(field), notes).map(Some)
    }

    fn bandwidth<C: Cells + ?Sized>(
        &self,
        cells: &C,
        field: Field,
    ) -> Result<Option<Kbps>, RejectReason> {
        let given = self.cell(cells, field);
        if given.is_empty() {
            return Ok(None);
        }
        figures::bandwidth(given, self.map.bandwidth_unit)
            .map(Some)
            .ok_or_else(|| RejectReason::BadBandwidth {
                column: self.column(field).to_owned(),
                given: given.to_owned(),
            })
    }

    fn technology<C: Cells + ?Sized>(&self, cells: &C) -> Result<Technology, RejectReason> {
        let given = self.cell(cells, Field::Technology);
        if given.is_empty() {
            return Ok(Technology::Other);
        }
        word_of(&self.map.technology_words, given)
            .or_else(|| figures::technology(given))
            .ok_or_else(|| RejectReason::BadTechnology {
                column: self.column(Field::Technology).to_owned(),
                given: given.to_owned(),
            })
    }

    fn standing<C: Cells + ?Sized>(&self, cells: &C) -> Result<Option<Standing>, RejectReason> {
        let given = self.cell(cells, Field::Standing);
        if given.is_empty() {
            return Ok(None);
        }
        word_of(&self.map.standing_words, given)
            .or_else(|| speed_cell::standing(given, "", &mut Notes::default()))
            .map(Some)
            .ok_or_else(|| RejectReason::BadStanding {
                column: self.column(Field::Standing).to_owned(),
                given: given.to_owned(),
            })
    }

    /// The price, or whether a person makes it.
    fn price<C: Cells + ?Sized>(&self, cells: &C, notes: &mut Notes) -> (Option<ListPrice>, bool) {
        let given = self.cell(cells, Field::Mrc);
        if given.eq_ignore_ascii_case("ICB") {
            return (None, true);
        }
        let mrc = figures::price(given, self.map.currency);
        if mrc.is_none() && !given.is_empty() {
            notes.warnings.push(Warning::PriceDropped {
                column: self.column(Field::Mrc).to_owned(),
                given: given.to_owned(),
            });
        }
        (mrc.map(|mrc| ListPrice { mrc }), false)
    }
}

/// What can be sold, but only at a price that a person makes, is an individual case.
const fn priced(standing: Standing, price_is_icb: bool) -> Standing {
    match (standing, price_is_icb) {
        (Standing::Offered, true) => Standing::IndividualCase,
        (standing, _) => standing,
    }
}

fn word_of<T: Copy>(words: &[(String, T)], given: &str) -> Option<T> {
    words
        .iter()
        .find(|(word, _)| word.eq_ignore_ascii_case(given))
        .map(|(_, meaning)| *meaning)
}
