//! What is asked for: category, providers and characteristics into [`Criteria`].

use lastmile_model::availability::Criteria;
use lastmile_model::availability::criteria::Category as ModelCategory;
use lastmile_model::claim::{Kbps, Technology as ModelTechnology};
use lastmile_model::identity::ProviderName;
use serde::Deserialize;
use serde_json::Value;

use super::service::{
    AskedItem, Characteristic, DOWN_MBPS, ROLE_PROVIDER, RelatedParty, SMALLEST_MBPS, Service,
    ServiceCategoryRef, TECHNOLOGY, UP_MBPS,
};
use crate::document::{AttributeError, Problem};
use crate::names::{Category, Technology};

/// Highest bandwidth that can be asked for, in Mbit/s.
const MBPS_MAX: f64 = 1e9;

/// Reads what an item asks for. `path` is where the item stands in the body.
///
/// # Errors
/// [`AttributeError`] for a characteristic, technology, category or provider that nothing can be compared
/// with, and for a category that excludes every asked technology.
pub fn read(item: &AskedItem, path: &str) -> Result<Criteria, AttributeError> {
    let AskedItem {
        id: _,
        category,
        service,
    } = item;
    let mut criteria = Criteria::default();
    if let Some(service) = service {
        let Service {
            name: _,
            service_characteristic,
            place: _,
            related_party,
            type_name: _,
        } = service;
        for (position, characteristic) in service_characteristic.iter().flatten().enumerate() {
            let path = format!("{path}.service.serviceCharacteristic[{position}]");
            read_characteristic(characteristic, &path, &mut criteria)?;
        }
        for (position, party) in related_party.iter().flatten().enumerate() {
            let path = format!("{path}.service.relatedParty[{position}]");
            criteria.providers.extend(provider(party, &path)?);
        }
    }
    if let Some(category) = category {
        narrow(&mut criteria.technologies, category, path)?;
    }
    Ok(criteria)
}

fn read_characteristic(
    characteristic: &Characteristic,
    path: &str,
    criteria: &mut Criteria,
) -> Result<(), AttributeError> {
    let Characteristic {
        name,
        value_type: _,
        value,
        type_name: _,
    } = characteristic;
    match name.as_str() {
        TECHNOLOGY => technologies(value, path, &mut criteria.technologies)?,
        DOWN_MBPS => criteria.min_down = Some(mbps(value, &format!("{path}.value"))?),
        UP_MBPS => criteria.min_up = Some(mbps(value, &format!("{path}.value"))?),
        SMALLEST_MBPS => {}
        _ => {
            let given = name.clone();
            let allowed = "technology, downMbps, upMbps";
            return Err(AttributeError::at(
                format!("{path}.name"),
                Problem::NotOneOf { given, allowed },
            ));
        }
    }
    Ok(())
}

fn technologies(
    value: &Value,
    path: &str,
    into: &mut Vec<ModelTechnology>,
) -> Result<(), AttributeError> {
    let one = std::slice::from_ref(value);
    for name in value.as_array().map_or(one, Vec::as_slice) {
        let technology = Technology::deserialize(name).map_err(|_| {
            let allowed = "copper, cable, fiber, ethernet, unlicensed_fixed_wireless, \
                           licensed_fixed_wireless, licensed_by_rule_fixed_wireless, not_fiber, other";
            AttributeError::at(format!("{path}.value"), Problem::NotOneOf { given: text(name), allowed })
        })?;
        into.push(technology.into());
    }
    Ok(())
}

/// A number, or a text that is one.
pub(crate) fn mbps(value: &Value, path: &str) -> Result<Kbps, AttributeError> {
    let number = value
        .as_f64()
        .or_else(|| value.as_str()?.trim().parse().ok());
    match number {
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "between 0 and 1e12 by the guard"
        )]
        Some(number) if (0.0..=MBPS_MAX).contains(&number) => {
            Ok(Kbps((number * 1000.0).round() as u64))
        }
        _ => Err(AttributeError::at(
            path,
            Problem::NotA {
                given: text(value),
                expected: "a bandwidth in Mbit/s, 0 to 1000000000",
            },
        )),
    }
}

pub(crate) fn text(value: &Value) -> String {
    value
        .as_str()
        .map_or_else(|| value.to_string(), str::to_owned)
}

fn provider(party: &RelatedParty, path: &str) -> Result<Option<ProviderName>, AttributeError> {
    let RelatedParty {
        id,
        name,
        role,
        referred_type: _,
        type_name: _,
    } = party;
    let is_provider = role
        .as_deref()
        .is_some_and(|role| role.eq_ignore_ascii_case(ROLE_PROVIDER));
    if !is_provider {
        return Ok(None);
    }
    let Some(given) = name.as_ref().or(id.as_ref()) else {
        let hint = "the provider's name, as id or name";
        return Err(AttributeError::at(path, Problem::Missing { hint }));
    };
    ProviderName::new(given).map(Some).map_err(|_| {
        let given = given.clone();
        AttributeError::at(
            path,
            Problem::NotA {
                given,
                expected: "the name of a provider",
            },
        )
    })
}

fn narrow(
    technologies: &mut Vec<ModelTechnology>,
    category: &ServiceCategoryRef,
    path: &str,
) -> Result<(), AttributeError> {
    let ServiceCategoryRef { id, name } = category;
    let path = format!("{path}.category");
    let Some(given) = id.as_ref().or(name.as_ref()) else {
        let hint = "id: wired, fiber or fixed_wireless";
        return Err(AttributeError::at(path, Problem::Missing { hint }));
    };
    let Ok(category) = Category::deserialize(&Value::from(given.as_str())) else {
        let given = given.clone();
        let allowed = "wired, fiber, fixed_wireless";
        return Err(AttributeError::at(
            path,
            Problem::NotOneOf { given, allowed },
        ));
    };
    let group = ModelCategory::from(category).technologies();
    if technologies.is_empty() {
        technologies.extend_from_slice(group);
        return Ok(());
    }
    technologies.retain(|technology| group.contains(technology));
    if technologies.is_empty() {
        let other = "the characteristic technology";
        return Err(AttributeError::at(path, Problem::Contradiction { other }));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn read_json(item: Value) -> Result<Criteria, AttributeError> {
        read(&serde_json::from_value(item).unwrap(), "searchCriteria")
    }

    #[test]
    fn every_criterion_is_read() {
        let criteria = read_json(json!({
            "category": {"id": "wired"},
            "service": {
                "serviceCharacteristic": [
                    {"name": "technology", "value": ["fiber", "unlicensed_fixed_wireless"]},
                    {"name": "downMbps", "value": 0.768},
                    {"name": "upMbps", "value": "50"}
                ],
                "relatedParty": [
                    {"role": "provider", "name": "CenturyLink"},
                    {"role": "customer", "name": "somebody else"}
                ]
            }
        }));
        let expected = Criteria {
            providers: vec![ProviderName::new("CenturyLink").unwrap()],
            technologies: vec![ModelTechnology::Fiber],
            min_down: Some(Kbps(768)),
            min_up: Some(Kbps(50_000)),
        };
        assert_eq!(criteria, Ok(expected));
        assert!(read_json(json!({})).unwrap().is_any());
    }

    #[test]
    fn a_demand_that_cannot_be_compared_is_refused_with_its_path() {
        let characteristic = |name: &str, value: Value| json!({"service": {"serviceCharacteristic": [{"name": name, "value": value}]}});
        let at = "searchCriteria.service.serviceCharacteristic[0]";
        for (item, path) in [
            (characteristic("latencyMs", json!(5)), format!("{at}.name")),
            (
                characteristic("technology", json!("Fiber ")),
                format!("{at}.value"),
            ),
            (characteristic("downMbps", json!(-1)), format!("{at}.value")),
            (
                characteristic("upMbps", json!("fast")),
                format!("{at}.value"),
            ),
            (
                json!({"category": {"id": "broadband"}}),
                "searchCriteria.category".to_owned(),
            ),
            (
                json!({"category": {}}),
                "searchCriteria.category".to_owned(),
            ),
            (
                json!({"service": {"relatedParty": [{"role": "Provider"}]}}),
                "searchCriteria.service.relatedParty[0]".to_owned(),
            ),
        ] {
            assert_eq!(read_json(item).unwrap_err().path, path);
        }
    }

    #[test]
    fn a_category_that_excludes_the_technology_is_refused() {
        let refused = read_json(json!({
            "category": {"id": "fixed_wireless"},
            "service": {"serviceCharacteristic": [{"name": "technology", "value": "fiber"}]}
        }));
        let other = "the characteristic technology";
        assert_eq!(
            refused.unwrap_err().problem,
            Problem::Contradiction { other }
        );
    }
}
