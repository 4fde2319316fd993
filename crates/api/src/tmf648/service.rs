//! What is to be delivered: asked for, and shown.

use lastmile_model::carrier::Service;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;

use crate::document::{AttributeError, Problem};
use crate::names::{Product, Technology};
use crate::shown::Mbps;
use crate::tmf645::criteria::{mbps, text};
use crate::tmf645::service::{Characteristic, DOWN_MBPS, UP_MBPS};

/// Name of the characteristic with the product.
pub const PRODUCT: &str = "product";
/// Name of the characteristic that says how the service must reach the building.
pub const ACCESS_TECHNOLOGY: &str = "accessTechnology";

/// Extension: a service as it is asked for.
#[derive(Clone, Debug, PartialEq, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct AskedService {
    /// Which product.
    pub product: Product,
    /// Towards the customer, Mbit/s.
    #[schema(value_type = f64, example = 100)]
    pub down_mbps: Value,
    /// From the customer, Mbit/s.
    #[schema(value_type = f64, example = 100)]
    pub up_mbps: Value,
    /// How it must reach the building, if that matters.
    pub access_technology: Option<Technology>,
}

/// Extension: a service as it is shown.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct QuotedService {
    /// Which product.
    pub product: Product,
    /// Towards the customer, Mbit/s.
    #[schema(value_type = f64)]
    pub down_mbps: Mbps,
    /// From the customer, Mbit/s.
    #[schema(value_type = f64)]
    pub up_mbps: Mbps,
    /// How it must reach the building.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub access_technology: Option<Technology>,
}

impl AskedService {
    /// What is asked for. `path` is where it stands in the body.
    ///
    /// # Errors
    /// [`AttributeError`] for a bandwidth that is none.
    pub fn read(&self, path: &str) -> Result<Service, AttributeError> {
        let Self {
            product,
            down_mbps,
            up_mbps,
            access_technology,
        } = self;
        Ok(Service {
            product: (*product).into(),
            down: mbps(down_mbps, &format!("{path}.{DOWN_MBPS}"))?,
            up: mbps(up_mbps, &format!("{path}.{UP_MBPS}"))?,
            access: access_technology.map(Into::into),
        })
    }
}

impl QuotedService {
    /// The document of a service.
    #[must_use]
    pub fn of(service: &Service) -> Self {
        let Service {
            product,
            down,
            up,
            access,
        } = service;
        Self {
            product: (*product).into(),
            down_mbps: Mbps(*down),
            up_mbps: Mbps(*up),
            access_technology: access.map(Into::into),
        }
    }
}

/// The service that an item's characteristics ask for; `None` where there are none.
pub(super) fn of_characteristics(
    characteristics: &[Characteristic],
    path: &str,
) -> Result<Option<Service>, AttributeError> {
    if characteristics.is_empty() {
        return Ok(None);
    }
    let (mut product, mut down, mut up, mut access) = (None, None, None, None);
    for (position, characteristic) in characteristics.iter().enumerate() {
        let path = format!("{path}[{position}]");
        let Characteristic {
            name,
            value_type: _,
            value,
            type_name: _,
        } = characteristic;
        let at = format!("{path}.value");
        match name.as_str() {
            PRODUCT => product = Some(named::<Product>(value, &at, PRODUCTS)?),
            DOWN_MBPS => down = Some(mbps(value, &at)?),
            UP_MBPS => up = Some(mbps(value, &at)?),
            ACCESS_TECHNOLOGY => access = Some(named::<Technology>(value, &at, TECHNOLOGIES)?),
            _ => {
                let problem = Problem::NotOneOf {
                    given: name.clone(),
                    allowed: "product, downMbps, upMbps, accessTechnology",
                };
                return Err(AttributeError::at(format!("{path}.name"), problem));
            }
        }
    }
    let missing = || {
        let hint = "the characteristics product, downMbps and upMbps";
        AttributeError::at(path, Problem::Missing { hint })
    };
    Ok(Some(Service {
        product: product.ok_or_else(missing)?.into(),
        down: down.ok_or_else(missing)?,
        up: up.ok_or_else(missing)?,
        access: access.map(Into::into),
    }))
}

const PRODUCTS: &str = "access_e_line, basic_internet_access, advanced_internet_access";
const TECHNOLOGIES: &str = "copper, cable, fiber, ethernet, unlicensed_fixed_wireless, licensed_fixed_wireless, licensed_by_rule_fixed_wireless, not_fiber, other";

fn named<T: for<'a> Deserialize<'a>>(
    value: &Value,
    path: &str,
    allowed: &'static str,
) -> Result<T, AttributeError> {
    T::deserialize(value).map_err(|_| {
        let given = text(value);
        AttributeError::at(path, Problem::NotOneOf { given, allowed })
    })
}
