//! The text of an answer, written by hand: a third of the work that `serde_json` has with it.
//!
//! The derived `Serialize` stays what describes the answer; a test compares the two.

use std::ops::Range;
use std::ptr;

use lastmile_model::address::NormalAddress;
use lastmile_model::address::normal::OneLine;

use super::{AddressParts, LookupAnswer, LookupFinding, UnparsedText};
use crate::json_object::{Field, JsonObject, field, push_spelled, push_value};
use crate::shown::{Mbps, Shown};

/// Room made for the text before it is written, in bytes: an answer with a few findings.
const BYTES_EXPECTED: usize = 2048;

impl LookupAnswer<'_> {
    /// The answer as JSON.
    #[must_use]
    pub fn to_json(&self) -> Vec<u8> {
        let Self {
            type_name,
            address,
            matched,
            building_key,
            corrections,
            alternatives,
            unknown_because,
            outcome,
            findings,
            findings_cut,
        } = self;
        let mut out = Vec::with_capacity(BYTES_EXPECTED);
        let mut object = JsonObject::begin(&mut out);
        object.text(field!("@type"), type_name);
        object.written(field!("address"), |out| address.write(out));
        object.value(field!("match"), matched);
        object.optional_spelled(field!("building_key"), shown(building_key));
        if !corrections.is_empty() {
            object.array(field!("corrections"), corrections, |name, out| {
                push_value(out, name);
            });
        }
        if !alternatives.is_empty() {
            object.array(
                field!("alternatives"),
                alternatives,
                |Shown(building), out| {
                    push_spelled(out, building);
                },
            );
        }
        object.optional_value(field!("unknown_because"), unknown_because.as_ref());
        object.word(field!("outcome"), outcome);
        let mut last = PlaceLine::default();
        object.array(field!("findings"), findings, |finding, out| {
            finding.write(&mut last, out)
        });
        if *findings_cut {
            object.value(field!("findings_cut"), findings_cut);
        }
        object.end();
        out
    }
}

impl AddressParts<'_> {
    fn write(&self, out: &mut Vec<u8>) {
        let Self {
            kind,
            number,
            predirectional,
            street,
            suffix,
            postdirectional,
            unit_type,
            unit,
            city,
            state,
            zip,
            zip4,
            unparsed,
        } = self;
        let mut object = JsonObject::begin(out);
        object.value(field!("kind"), kind);
        object.optional_text(field!("number"), *number);
        object.optional_text(field!("predirectional"), *predirectional);
        object.optional_text(field!("street"), *street);
        object.optional_text(field!("suffix"), *suffix);
        object.optional_text(field!("postdirectional"), *postdirectional);
        object.optional_text(field!("unit_type"), *unit_type);
        object.optional_text(field!("unit"), *unit);
        object.optional_text(field!("city"), *city);
        object.optional_text(field!("state"), *state);
        object.optional_text(field!("zip"), *zip);
        object.optional_text(field!("zip4"), *zip4);
        if !unparsed.is_empty() {
            object.array(field!("unparsed"), unparsed, UnparsedText::write);
        }
        object.end();
    }
}

impl UnparsedText<'_> {
    fn write(&self, out: &mut Vec<u8>) {
        let Self { text, reason } = self;
        let mut object = JsonObject::begin(out);
        object.text(field!("text"), text);
        object.text(field!("reason"), reason);
        object.end();
    }
}

/// The place that was written last. The claims of a building mostly share theirs, and then its line is copied.
#[derive(Default)]
struct PlaceLine<'a> {
    place: Option<&'a NormalAddress>,
    written_at: Range<usize>,
}

impl<'a> PlaceLine<'a> {
    fn write(&mut self, place: &'a NormalAddress, out: &mut Vec<u8>) {
        if self.place.is_some_and(|last| ptr::eq(last, place)) {
            out.extend_from_within(self.written_at.clone());
            return;
        }
        let start = out.len();
        push_spelled(out, &OneLine(place));
        self.place = Some(place);
        self.written_at = start..out.len();
    }
}

impl<'a> LookupFinding<'a> {
    fn write(&self, last: &mut PlaceLine<'a>, out: &mut Vec<u8>) {
        let Self {
            provider,
            outcome,
            confidence,
            reason: Shown(reason),
            technology,
            product,
            smallest_mbps,
            down_mbps,
            up_mbps,
            mrc,
            currency,
            place,
            unit_fit,
            provider_building_id,
            underlying_provider,
            neighbour,
            distance_m,
            houses,
            h3_cell,
            stale,
            source: Shown(source),
            import,
            as_of: Shown(as_of),
        } = self;
        let mut object = JsonObject::begin(out);
        object.text(field!("provider"), provider);
        object.word(field!("outcome"), outcome);
        object.word(field!("confidence"), confidence);
        object.spelled(field!("reason"), reason);
        object.word(field!("technology"), technology);
        object.optional_text(field!("product"), *product);
        push_mbps(&mut object, field!("smallest_mbps"), *smallest_mbps);
        push_mbps(&mut object, field!("down_mbps"), *down_mbps);
        push_mbps(&mut object, field!("up_mbps"), *up_mbps);
        object.optional_spelled(field!("mrc"), shown(mrc));
        object.optional_text(field!("currency"), *currency);
        if let Some(Shown(OneLine(place))) = place {
            object.written(field!("place"), |out| last.write(place, out));
        }
        object.word(field!("unit_fit"), unit_fit);
        object.optional_text(field!("provider_building_id"), *provider_building_id);
        object.optional_text(field!("underlying_provider"), *underlying_provider);
        object.optional_spelled(field!("neighbour"), shown(neighbour));
        object.optional_value(field!("distance_m"), distance_m.as_ref());
        object.optional_value(field!("houses"), houses.as_ref());
        object.optional_text(field!("h3_cell"), h3_cell.as_deref());
        object.value(field!("stale"), stale);
        object.spelled(field!("source"), source);
        object.value(field!("import"), import);
        object.spelled(field!("as_of"), as_of);
        object.end();
    }
}

/// Most bandwidths are whole, and need no way through `serde_json`.
fn push_mbps(object: &mut JsonObject<'_>, name: Field, mbps: Option<Mbps>) {
    let Some(mbps) = mbps else {
        return;
    };
    match mbps.whole() {
        Some(whole) => object.whole(name, whole),
        None => object.value(name, &mbps),
    }
}

fn shown<T>(value: &Option<Shown<T>>) -> Option<&T> {
    value.as_ref().map(|Shown(value)| value)
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use jiff::civil::Date;
    use lastmile_model::Text;
    use lastmile_model::address::{
        Address, BuildingKey, NormalAddress, Parts, Unparsed, UnparsedReason, matching,
    };
    use lastmile_model::availability::assess::{assess, assess_hint};
    use lastmile_model::availability::{Answer, Finding, Place, PlaceMatch, Reason, Source};
    use lastmile_model::claim::{AreaHint, Claim, Kbps, ListPrice, Standing, Technology};
    use lastmile_model::geography::Cell;
    use lastmile_model::identity::{ImportNumber, ListId, ListName, ProviderName};
    use lastmile_model::money::{Currency, Money};
    use proptest::option::of as maybe;
    use proptest::prelude::*;

    use super::*;

    /// Texts in which what JSON escapes, or might, is frequent.
    fn text() -> impl Strategy<Value = String> {
        let character = prop_oneof![
            4 => prop::char::range('A', 'Z'),
            2 => prop::sample::select(vec!['"', '\\', '/', '\0', '\n', '\t', '\u{1F}', '\u{7F}', ' ']),
            1 => any::<char>(),
        ];
        prop::collection::vec(character, 0..20).prop_map(String::from_iter)
    }

    fn short() -> impl Strategy<Value = Text> {
        text().prop_map(Text::from)
    }

    fn building() -> impl Strategy<Value = BuildingKey> {
        let keys = ["82001:E-26TH-ST:303", "WY.CHEYENNE:O~C3~9CLK-RD:12-34"];
        prop::sample::select(keys.map(|key| key.parse().expect("a key")).to_vec())
    }

    fn address() -> impl Strategy<Value = Address> {
        let parts = prop::array::uniform11(maybe(short())).prop_map(|texts| {
            let [
                number,
                predirectional,
                street,
                suffix,
                postdirectional,
                unit_type,
                unit,
                city,
                state,
                zip,
                zip4,
            ] = texts;
            Parts {
                number,
                predirectional,
                street,
                suffix,
                postdirectional,
                unit_type,
                unit,
                city,
                state,
                zip,
                zip4,
            }
        });
        let reason = UnparsedReason::NotUnderstood;
        let unparsed = text().prop_map(move |text| Unparsed { text, reason });
        (parts, prop::collection::vec(unparsed, 0..3)).prop_map(|(parts, unparsed)| Address {
            unparsed,
            ..Address::from_parts(&parts)
        })
    }

    fn source() -> impl Strategy<Value = Source> {
        let name = prop::sample::select(vec!["Anchor", "O'Brien & Søn"]);
        (name, any::<u32>(), -4000..9999_i16, 1..=12_i8, 1..=28_i8).prop_map(
            |(name, import, year, month, day)| Source {
                list: ListId {
                    provider: ProviderName::new(name).expect("a name"),
                    name: ListName::new("main").expect("a name"),
                },
                import: ImportNumber(import),
                as_of: Date::new(year, month, day).expect("a day"),
            },
        )
    }

    fn claim() -> impl Strategy<Value = Claim> {
        let speeds = prop::array::uniform3(maybe(any::<u64>().prop_map(Kbps)));
        let texts = prop::array::uniform5(maybe(short()));
        let standing = prop::sample::select(vec![
            Standing::Offered,
            Standing::NotOffered,
            Standing::IndividualCase,
            Standing::NearNet,
            Standing::Restricted,
        ]);
        let technology = prop::sample::select(Technology::ALL.to_vec());
        let price = maybe(any::<i64>());
        (building(), speeds, texts, standing, technology, price).prop_map(
            |(building, [smallest, down, up], texts, standing, technology, minor)| {
                let [product, provider_building_id, unit, city, zip] = texts;
                let currency = Currency::Usd;
                Claim {
                    provider: ProviderName::new("Anchor").expect("a name"),
                    place: Arc::new(NormalAddress {
                        number: Some(building.number.clone()),
                        unit,
                        city,
                        zip,
                        ..NormalAddress::default()
                    }),
                    building: building.into(),
                    technology,
                    product,
                    smallest,
                    down,
                    up,
                    standing,
                    price: minor.map(|minor| ListPrice {
                        mrc: Money { minor, currency },
                    }),
                    coordinates: None,
                    provider_building_id,
                    underlying_provider: None,
                }
            },
        )
    }

    fn finding() -> impl Strategy<Value = Finding> {
        let today = Date::constant(2026, 3, 3);
        let near = maybe((maybe(any::<u32>()), maybe(any::<u32>()), building()));
        let of_claim = (claim(), source(), maybe(text()), near).prop_map(
            move |(claim, source, unit, near)| {
                let mut finding = assess(claim, source, unit.as_deref(), today);
                if let Some((distance_m, houses, neighbour)) = near {
                    finding.reason = Reason::NearNet {
                        distance_m,
                        houses,
                        neighbour: neighbour.into(),
                    };
                }
                finding
            },
        );
        let of_hint = (any::<u64>(), source()).prop_map(move |(cell, source)| {
            let hint = AreaHint {
                provider: source.list.provider.clone(),
                cell: Cell(cell),
                technology: Technology::Fiber,
                down: None,
                up: Some(Kbps(cell)),
            };
            assess_hint(hint, source, today)
        });
        prop_oneof![3 => of_claim, 1 => of_hint]
    }

    fn place_match() -> impl Strategy<Value = PlaceMatch> {
        use lastmile_model::availability::UnknownPlace;
        let corrections = vec![matching::Correction::Suffix, matching::Correction::Area];
        prop_oneof![
            building().prop_map(PlaceMatch::Exact),
            building().prop_map(move |building| PlaceMatch::Corrected {
                building,
                corrections: corrections.clone(),
            }),
            prop::collection::vec(building(), 1..3).prop_map(PlaceMatch::Alternatives),
            Just(PlaceMatch::None(UnknownPlace::StreetUnknown)),
        ]
    }

    /// Beyond 2^53 a number with a fraction is written as `serde_json` rounds it.
    #[test]
    fn every_bandwidth_is_what_serde_writes() {
        for kbps in [0, 768, 1_500, 100_000, 10_163_322_579_572_763, u64::MAX] {
            let mbps = Mbps(Kbps(kbps));
            let mut out = Vec::new();
            let mut object = JsonObject::begin(&mut out);
            push_mbps(&mut object, field!("down_mbps"), Some(mbps));
            object.end();
            let written = String::from_utf8(out).expect("JSON is text");
            assert_eq!(written, serde_json::json!({"down_mbps": mbps}).to_string());
        }
    }

    proptest! {
        #[test]
        fn the_text_is_what_serde_writes(
            address in address(),
            matched in place_match(),
            findings in prop::collection::vec(finding(), 0..4),
            findings_cut: bool,
        ) {
            let place = Place { address, coordinates: None };
            let answer = Answer { matched, findings, findings_cut };
            let document = LookupAnswer::of(&place, &answer);
            let written = String::from_utf8(document.to_json()).expect("JSON is text");
            prop_assert_eq!(written, serde_json::to_string(&document).expect("JSON"));
        }
    }
}
