//! An answer as rows: what the table of `check` and the output of `check --batch` are made of.
//!
//! The answer comes from the store, or as JSON from a server that has the store open; both give the
//! same rows.

use lastmile_api::names;
use lastmile_model::availability::sentence::{MatchSentence, unknown_sentence};
use lastmile_model::availability::{
    Answer, Basis, Finding, PlaceAnswer, PlaceMatch, UnknownPlace, sentence,
};
use lastmile_model::claim::Kbps;
use serde_json::Value;

/// The answer for one place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct PlaceRows {
    /// `exact`, `corrected`, `alternative`, `none`.
    pub(crate) matched: String,
    /// The same for people, with the corrections.
    pub(crate) matched_sentence: String,
    /// The building, where it is known.
    pub(crate) building_key: Option<String>,
    /// Outcome of the place as a whole.
    pub(crate) outcome: String,
    /// Why the place as a whole has that outcome, where no claim says it.
    pub(crate) reason: String,
    /// One per claim, best first.
    pub(crate) claims: Vec<ClaimRow>,
}

/// One claim on the place; what the list does not say is empty.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct ClaimRow {
    pub(crate) provider: String,
    pub(crate) outcome: String,
    pub(crate) confidence: String,
    pub(crate) reason: String,
    pub(crate) technology: String,
    pub(crate) product: String,
    pub(crate) down_mbps: String,
    pub(crate) up_mbps: String,
    pub(crate) mrc: String,
    pub(crate) currency: String,
    pub(crate) source: String,
    pub(crate) as_of: String,
}

impl PlaceRows {
    /// From an answer of the store.
    pub(crate) fn of(answer: &PlaceAnswer) -> Self {
        let outcome = answer.outcome().as_str().to_owned();
        match answer {
            PlaceAnswer::Answered(answer) => Self::of_answer(answer, outcome),
            PlaceAnswer::Failed(failure) => Self {
                matched: "none".to_owned(),
                matched_sentence: "none".to_owned(),
                building_key: None,
                outcome,
                reason: format!("{}: ask again", failure.as_str()),
                claims: Vec::new(),
            },
        }
    }

    fn of_answer(answer: &Answer, outcome: String) -> Self {
        let Answer {
            matched,
            findings,
            findings_cut: _,
        } = answer;
        let building_key = match matched {
            PlaceMatch::Exact(building) | PlaceMatch::Corrected { building, .. } => {
                Some(building.to_string())
            }
            PlaceMatch::Alternatives(_) | PlaceMatch::None(_) => None,
        };
        Self {
            matched: matched.as_str().to_owned(),
            matched_sentence: MatchSentence(matched).to_string(),
            building_key,
            outcome,
            reason: place_reason(matched),
            claims: findings.iter().map(ClaimRow::of).collect(),
        }
    }

    /// From an answer of the API.
    pub(crate) fn of_json(answer: &Value) -> Self {
        let matched = text(&answer["match"]);
        Self {
            matched_sentence: json_match_sentence(&matched, &answer["corrections"]),
            building_key: answer["building_key"].as_str().map(str::to_owned),
            outcome: text(&answer["outcome"]),
            reason: json_place_reason(answer),
            claims: array(&answer["findings"])
                .iter()
                .map(ClaimRow::of_json)
                .collect(),
            matched,
        }
    }
}

impl ClaimRow {
    fn of(finding: &Finding) -> Self {
        let Finding {
            basis,
            outcome,
            confidence,
            reason: _,
            unit_fit: _,
            stale: _,
            source,
        } = finding;
        let (product, price) = match basis {
            Basis::Claim(claim) => (claim.product.clone(), claim.price),
            Basis::Hint(_) => (None, None),
        };
        Self {
            provider: basis.provider().to_string(),
            outcome: outcome.as_str().to_owned(),
            confidence: confidence.as_str().to_owned(),
            reason: sentence(finding).to_string(),
            technology: basis.technology().as_str().to_owned(),
            product: product.unwrap_or_default().into(),
            down_mbps: basis.down().map(mbps).unwrap_or_default(),
            up_mbps: basis.up().map(mbps).unwrap_or_default(),
            mrc: price
                .map(|price| price.mrc.decimal().to_string())
                .unwrap_or_default(),
            currency: price
                .map(|price| price.mrc.currency.code().to_owned())
                .unwrap_or_default(),
            source: source.list.to_string(),
            as_of: source.as_of.to_string(),
        }
    }

    fn of_json(finding: &Value) -> Self {
        let field = |name: &str| text(&finding[name]);
        Self {
            provider: field("provider"),
            outcome: field("outcome"),
            confidence: field("confidence"),
            reason: field("reason"),
            technology: field("technology"),
            product: field("product"),
            down_mbps: field("down_mbps"),
            up_mbps: field("up_mbps"),
            mrc: field("mrc"),
            currency: field("currency"),
            source: field("source"),
            as_of: field("as_of"),
        }
    }
}

/// Megabits a second: whole where it is whole, else with the decimals that it has.
fn mbps(Kbps(kbps): Kbps) -> String {
    let (whole, rest) = (kbps / 1000, kbps % 1000);
    if rest == 0 {
        return whole.to_string();
    }
    format!("{whole}.{rest:03}")
        .trim_end_matches('0')
        .to_owned()
}

/// Why a place without claims has none.
fn place_reason(matched: &PlaceMatch) -> String {
    match matched {
        PlaceMatch::Exact(_) | PlaceMatch::Corrected { .. } => NO_PROVIDER.to_owned(),
        PlaceMatch::Alternatives(buildings) => {
            alternatives_reason(buildings.iter().map(ToString::to_string))
        }
        PlaceMatch::None(unknown) => unknown_sentence(*unknown).to_owned(),
    }
}

const NO_PROVIDER: &str = "the building is known, and no provider's current list serves it";

fn alternatives_reason(keys: impl Iterator<Item = String>) -> String {
    format!(
        "not known; did you mean {}",
        keys.collect::<Vec<_>>().join(" or ")
    )
}

const UNKNOWN_PLACES: [UnknownPlace; 3] = [
    UnknownPlace::NotABuilding,
    UnknownPlace::StreetUnknown,
    UnknownPlace::NumberUnknown,
];

fn json_place_reason(answer: &Value) -> String {
    let alternatives = array(&answer["alternatives"]);
    let unknown = answer["unknown_because"].as_str();
    if !alternatives.is_empty() {
        return alternatives_reason(alternatives.iter().map(text));
    }
    let known = UNKNOWN_PLACES.into_iter().find(|known| {
        serde_json::to_value(names::UnknownPlace::from(*known))
            .ok()
            .as_ref()
            == Some(&answer["unknown_because"])
    });
    match (known, unknown) {
        (Some(known), _) => unknown_sentence(known).to_owned(),
        (None, Some(newer)) => newer.to_owned(),
        (None, None) => NO_PROVIDER.to_owned(),
    }
}

fn json_match_sentence(matched: &str, corrections: &Value) -> String {
    let corrections: Vec<String> = array(corrections).iter().map(text).collect();
    if corrections.is_empty() {
        return matched.to_owned();
    }
    format!("{matched} ({})", corrections.join(", "))
}

fn array(value: &Value) -> &[Value] {
    value.as_array().map_or(&[], Vec::as_slice)
}

/// A JSON text or number as it stands; anything else is empty.
fn text(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Number(number) => number.to_string(),
        Value::Null | Value::Bool(_) | Value::Array(_) | Value::Object(_) => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bandwidths_are_written_as_the_api_writes_them() {
        let written = [100_000, 750, 1_500, 512, 0].map(|kbps| mbps(Kbps(kbps)));
        assert_eq!(written, ["100", "0.75", "1.5", "0.512", "0"]);
    }

    #[test]
    fn an_answer_of_the_api_gives_rows() {
        let answer = serde_json::json!({
            "match": "corrected",
            "corrections": ["spelling"],
            "building_key": "82001:E-26TH-ST:303",
            "outcome": "served",
            "findings": [{"provider": "A", "outcome": "served", "down_mbps": 0.75, "mrc": "50.00"}],
        });
        let rows = PlaceRows::of_json(&answer);
        assert_eq!(rows.matched, "corrected");
        assert_eq!(rows.matched_sentence, "corrected (spelling)");
        assert_eq!(rows.claims[0].down_mbps, "0.75");
        assert_eq!(rows.claims[0].mrc, "50.00");
        assert_eq!(rows.claims[0].up_mbps, "");
    }

    #[test]
    fn a_place_that_is_not_known_says_why() {
        let alternatives =
            serde_json::json!({"match": "alternative", "alternatives": ["K1", "K2"]});
        assert_eq!(
            PlaceRows::of_json(&alternatives).reason,
            "not known; did you mean K1 or K2"
        );
        let unknown = serde_json::json!({"match": "none", "unknown_because": "street_unknown"});
        assert_eq!(
            PlaceRows::of_json(&unknown).reason,
            "no list has this street there"
        );
    }
}
