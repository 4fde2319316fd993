//! A deal: who is asked about what, and what the lists of those are who are not asked by API.

use std::fmt::Write as _;
use std::fs;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};

use serde_json::json;

use super::sellers::SECRET;
use crate::city;
use crate::failure::Failure;

/// Terms of every deal, in months.
pub(crate) const TERMS: [u16; 3] = [12, 36, 60];
/// Calls that a carrier may be asked at once.
pub(crate) const CALLS_AT_ONCE: u32 = 20;
/// What a provider puts on top of what it buys.
const MARGIN_PERCENT: f64 = 10.0;

/// The size of a deal.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Deal {
    /// Locations, each a building of the city.
    pub(crate) locations: u32,
    /// Providers that are asked. They are answered from their lists.
    pub(crate) providers: u32,
    /// Whether each provider serves every second location only, and buys the others.
    pub(crate) buys: bool,
    /// Suppliers that are answered from their lists, which have every location.
    pub(crate) suppliers_on_platform: u32,
    /// Suppliers that are asked by API.
    pub(crate) suppliers_by_api: u32,
}

impl Deal {
    /// Cells of the quote.
    pub(crate) fn cells(self) -> u32 {
        self.locations * self.providers * terms()
    }

    /// Locations, of all providers, for which a line is bought.
    pub(crate) const fn bought(self) -> u32 {
        if self.buys {
            self.locations * self.providers / 2
        } else {
            0
        }
    }

    /// Suppliers of each provider that buys.
    pub(crate) const fn suppliers(self) -> u32 {
        self.suppliers_on_platform + self.suppliers_by_api
    }

    /// Quotes as the field counts them: every provider's, and those of its suppliers behind it.
    pub(crate) fn quotes(self) -> u32 {
        self.cells() + self.bought() * self.suppliers() * terms()
    }

    /// Calls about one location each, if every provider asked every supplier by itself.
    pub(crate) const fn calls_unshared(self) -> u32 {
        self.locations * self.providers + self.bought() * self.suppliers()
    }

    /// Those of them that go out by API.
    pub(crate) const fn calls_unshared_by_api(self) -> u32 {
        self.bought() * self.suppliers_by_api
    }

    /// Different questions to suppliers that are asked by API.
    pub(crate) const fn questions_by_api(self) -> u32 {
        if self.buys {
            self.locations * self.suppliers_by_api
        } else {
            0
        }
    }

    fn provider(number: u32) -> String {
        format!("Provider {number:02}")
    }

    fn supplier(number: u32) -> String {
        format!("Supplier {number:02}")
    }

    fn supplier_by_api(number: u32) -> String {
        format!("Carrier {number:02}")
    }

    /// A fresh data folder with the lists.
    pub(crate) fn data(self, name: &str) -> Result<PathBuf, Failure> {
        let folder = city::fresh_folder(name)?;
        for number in 1..=self.providers {
            let rows = if self.buys {
                Rows::EverySecond(number as usize % 2)
            } else {
                Rows::All
            };
            self.import(&folder, &Self::provider(number), rows)?;
        }
        for number in 1..=self.suppliers_on_platform {
            self.import(&folder, &Self::supplier(number), Rows::All)?;
        }
        Ok(folder)
    }

    fn import(self, folder: &Path, provider: &str, rows: Rows) -> Result<(), Failure> {
        let list = folder.join("list.csv");
        city::write_list(&city::of(self.locations), provider, &list)?;
        if let Rows::EverySecond(odd) = rows {
            let whole = fs::read_to_string(&list).map_err(Failure::system("reading a list"))?;
            let written = fs::write(&list, every_second(&whole, odd));
            written.map_err(Failure::system("writing a list"))?;
        }
        city::import(folder, provider, &list).map(|_| ())
    }

    /// The providers file, where the carriers are behind this address.
    pub(crate) fn write_settings(
        self,
        data: &Path,
        address: SocketAddr,
    ) -> Result<PathBuf, Failure> {
        let (path, secret) = (data.join("providers.toml"), data.join("secret"));
        fs::write(&secret, SECRET).map_err(Failure::system("writing a secret"))?;
        let written = fs::write(&path, self.settings(address, &secret));
        written.map_err(Failure::system("writing a providers file"))?;
        Ok(path)
    }

    fn settings(self, address: SocketAddr, secret: &Path) -> String {
        let mut text = "[contact]\nname = \"Bench\"\nemail = \"bench@example.com\"\n\
                        phone = \"+1 603 555 0100\"\n"
            .to_owned();
        for number in 1..=self.suppliers_by_api {
            let name = Self::supplier_by_api(number);
            // One request for each location: an address is sent in full, and a price that binds nobody needs
            // no qualification before it.
            let written = write!(
                text,
                "\n[[provider]]\nname = \"{name}\"\nkind = \"sonata\"\n\
                 base_url = \"http://{address}/p{number}\"\n\
                 token_url = \"http://{address}/p{number}/oauth2/token\"\n\
                 client_id = \"lastmile\"\nclient_secret = {{ file = {secret:?} }}\n\
                 concurrent = {CALLS_AT_ONCE}\nvalidate_addresses = false\n\
                 [provider.products.basic_internet_access]\noffering = \"BIA\"\n"
            );
            written.expect("a text takes every line");
        }
        if self.buys {
            let on_platform = (1..=self.suppliers_on_platform).map(Self::supplier);
            let by_api = (1..=self.suppliers_by_api).map(Self::supplier_by_api);
            let suppliers: Vec<_> = on_platform.chain(by_api).collect();
            for number in 1..=self.providers {
                let name = Self::provider(number);
                let written = write!(
                    text,
                    "\n[off_net.\"{name}\"]\nsuppliers = {suppliers:?}\nmargin_percent = {MARGIN_PERCENT:.1}\n"
                );
                written.expect("a text takes every line");
            }
        }
        text
    }

    /// The request.
    pub(crate) fn request(self) -> String {
        let city = city::of(self.locations);
        let locations: Vec<_> = city
            .buildings()
            .map(|building| json!({ "address": building.one_line() }))
            .collect();
        let providers: Vec<_> = (1..=self.providers).map(Self::provider).collect();
        json!({
            "location": locations,
            "service": [{"product": "basic_internet_access", "downMbps": 10, "upMbps": 1}],
            "term": TERMS,
            "provider": providers,
            "firmness": "budgetary",
        })
        .to_string()
    }
}

/// How many terms there are.
pub(crate) fn terms() -> u32 {
    u32::try_from(TERMS.len()).unwrap_or(u32::MAX)
}

/// Which rows of a list a provider has.
#[derive(Clone, Copy, Debug)]
enum Rows {
    All,
    /// The odd ones (1) or the even ones (0), counted from 0.
    EverySecond(usize),
}

/// The header, and the odd rows or the even ones.
fn every_second(list: &str, odd: usize) -> String {
    let mut lines = list.lines();
    let header = lines.next().into_iter();
    let rows = lines.enumerate();
    let own = rows.filter(|(row, _)| row % 2 == odd);
    let mut text: Vec<_> = header.chain(own.map(|(_, line)| line)).collect();
    text.push("");
    text.join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    /// One request of an ordinary day, as a quoting platform counts it.
    const ORDINARY: Deal = Deal {
        locations: 100,
        providers: 20,
        buys: true,
        suppliers_on_platform: 10,
        suppliers_by_api: 15,
    };

    #[test]
    fn an_ordinary_deal_is_81_000_quotes() {
        assert_eq!(ORDINARY.cells(), 6_000);
        assert_eq!(ORDINARY.quotes(), 81_000);
        assert_eq!(ORDINARY.calls_unshared(), 27_000);
        assert_eq!(ORDINARY.calls_unshared_by_api(), 15_000);
        assert_eq!(ORDINARY.questions_by_api(), 1_500);
    }

    #[test]
    fn two_providers_have_all_rows_between_them() {
        let list = "head\na\nb\nc\n";
        assert_eq!(every_second(list, 1), "head\nb\n");
        assert_eq!(every_second(list, 0), "head\na\nc\n");
    }
}
