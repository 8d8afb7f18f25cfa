import type { Random } from './random.ts';

/** The seven texts of a property. */
export interface PropertyTexts {
  name: string;
  address: string;
  city: string;
  state: string;
  zip: string;
  company_id: string;
  company_name: string;
}

const firstWords = [
  'Willow', 'Cedar', 'Maple', 'Harbor', 'Summit', 'Lakeside', 'Sunset', 'Magnolia', 'Copper', 'Stone', 'Silver', 'Canyon', 'Prairie', 'Juniper',
  'Bayview', 'Aspen', 'Laurel', 'Heritage', 'Liberty', 'Crescent', 'Orchard', 'Granite', 'Meadow', 'Riverside', 'Palmetto', 'Union', 'Mission',
  'Chapel', 'Foxglove', 'Cypress', 'Highland', 'Monroe', 'Bristol', 'Sierra', 'Ashford', 'Wellington', 'Dogwood', 'Hawthorne', 'Skyline', 'Echo',
] as const;

const secondWords = [
  'Creek', 'Park', 'Ridge', 'Point', 'Grove', 'Landing', 'Hills', 'Square', 'Crossing', 'Gardens', 'Commons', 'Heights', 'Station', 'Run', 'Terrace',
  'Bend', 'Place', 'Springs', 'Court', 'Bluffs', 'Trace', 'Village', 'Row', 'Field',
] as const;

const kinds = ['Apartments', 'Residences', 'Lofts', 'Flats', 'Townhomes', 'Living'] as const;
const streetNames = [
  'Kennedy', 'Main', 'Oak', 'Washington', 'Jefferson', 'Lincoln', 'Franklin', 'Church', 'Walnut', 'Chestnut', 'Elm', 'Jackson', 'Madison', 'Spruce',
  'Delmar', 'Peachtree', 'Colfax', 'Broad', 'Market', 'Sheridan', 'Valencia', 'Alameda', 'Lamar', 'Bellaire', 'Camelback', 'Ponce de Leon',
] as const;

/** Street types and the short forms that the records in Salesforce have. */
const streetTypes = [
  ['Street', 'St'], ['Avenue', 'Ave'], ['Boulevard', 'Blvd'], ['Drive', 'Dr'], ['Road', 'Rd'], ['Lane', 'Ln'], ['Parkway', 'Pkwy'], ['Court', 'Ct'],
] as const;

const cities = [
  ['Phoenix', 'AZ', '850'], ['Tucson', 'AZ', '857'], ['Los Angeles', 'CA', '900'], ['San Diego', 'CA', '921'], ['Sacramento', 'CA', '958'],
  ['Oakland', 'CA', '946'], ['Denver', 'CO', '802'], ['Aurora', 'CO', '800'], ['Miami', 'FL', '331'], ['Orlando', 'FL', '328'], ['Tampa', 'FL', '336'],
  ['Jacksonville', 'FL', '322'], ['Atlanta', 'GA', '303'], ['Savannah', 'GA', '314'], ['Chicago', 'IL', '606'], ['Indianapolis', 'IN', '462'],
  ['Louisville', 'KY', '402'], ['New Orleans', 'LA', '701'], ['Boston', 'MA', '021'], ['Baltimore', 'MD', '212'], ['Detroit', 'MI', '482'],
  ['Minneapolis', 'MN', '554'], ['Kansas City', 'MO', '641'], ['Charlotte', 'NC', '282'], ['Raleigh', 'NC', '276'], ['Omaha', 'NE', '681'],
  ['Newark', 'NJ', '071'], ['Albuquerque', 'NM', '871'], ['Las Vegas', 'NV', '891'], ['Brooklyn', 'NY', '112'], ['Columbus', 'OH', '432'],
  ['Cincinnati', 'OH', '452'], ['Tulsa', 'OK', '741'], ['Portland', 'OR', '972'], ['Philadelphia', 'PA', '191'], ['Pittsburgh', 'PA', '152'],
  ['Charleston', 'SC', '294'], ['Nashville', 'TN', '372'], ['Memphis', 'TN', '381'], ['Austin', 'TX', '787'], ['Dallas', 'TX', '752'],
  ['Houston', 'TX', '770'], ['San Antonio', 'TX', '782'], ['Salt Lake City', 'UT', '841'], ['Richmond', 'VA', '232'], ['Seattle', 'WA', '981'],
] as const;

const companyEndings = ['Property Management', 'Residential', 'Living', 'Communities', 'Real Estate Group', 'Apartment Homes', 'Partners', 'Capital'] as const;
const legalForms = [' LLC', ', Inc.', ' LP', ''] as const;
const companies = 250;

/** Invents the texts of one property. */
export function inventTexts(random: Random): PropertyTexts {
  const [city, state, zipStart] = random.pick(cities);
  const company = random.integer(companies);
  return {
    name: `${random.pick(firstWords)} ${random.pick(secondWords)} ${random.pick(kinds)}`,
    address: `${100 + random.integer(9_800)} ${random.pick(streetNames)} ${random.pick(streetTypes)[0]}`,
    city,
    state,
    zip: zipStart + String(random.integer(100)).padStart(2, '0'),
    company_id: `CMP-${1_000 + company * 17}`,
    company_name: companyName(company),
  };
}

/** The address as Salesforce has it: the same place, with its street type in the short form. */
export function shortAddress(address: string): string {
  for (const [long, short] of streetTypes) if (address.endsWith(` ${long}`)) return address.slice(0, -long.length) + short;
  return `${address} Unit 1`;
}

function companyName(company: number): string {
  const first = firstWords[(company * 7) % firstWords.length];
  const second = secondWords[(company * 5) % secondWords.length];
  const ending = companyEndings[company % companyEndings.length];
  return `${first} ${second} ${ending}${legalForms[Math.floor(company / 3) % legalForms.length]}`;
}
