import { type Mappings, mappingsSchema } from '../../src/domain/mapping.ts';
import { callEsm } from './client.ts';
import { nameKey, noticeKeyOf, noticeNames } from './notice-names.ts';
import { type EsmContext, type Site, siteNumbers, sites } from './settings.ts';
import { parseAnswer } from './wire.ts';
import {
  bundlePolicies,
  type CategoryNode,
  categoryLevel,
  couriers,
  dispatchPolicies,
  noticeCodes,
  noticeGroups,
  sellerAddresses,
  shippingPlaces,
} from './wire-listings.ts';

/**
 * What the account's own look-ups give for our words. Nothing is guessed: a word with no match, or with two, is left out,
 * and a product that needs it is blocked with a sentence that says which entry is missing.
 */
export async function mappingDefaults(
  context: EsmContext,
  words: { productGroups: string[]; noticeTypes: string[] },
): Promise<Mappings> {
  const categories: Mappings['categories'] = {};
  for (const site of context.account.settings.sites) {
    for (const [group, code] of await findCategories(context, site, words.productGroups)) {
      categories[group] = { ...categories[group], [site]: code };
    }
  }
  const notices = await findNotices(context, words.noticeTypes);
  const shipping = await findShipping(context);
  return mappingsSchema.parse({ categories, notices, shipping });
}

/**
 * Leaf categories whose name is the product group, level by level and no deeper than needed: the whole tree is thousands
 * of calls. The level in which the last word is found is read to its end, so that a second category of the same name
 * beside it is seen, and the word left out.
 */
async function findCategories(context: EsmContext, site: Site, groups: string[]): Promise<Map<string, string>> {
  const found = new Map<string, Set<string>>(groups.map((group) => [group, new Set()]));
  let level: (CategoryNode | null)[] = [null];
  while (level.length > 0 && [...found.values()].some((codes) => codes.size === 0)) {
    const below: CategoryNode[] = [];
    for (const parent of level) {
      const known = parent?.subcats ?? [];
      const children = known.length > 0 ? known : await subcategories(context, site, parent);
      for (const child of children) {
        if (child.isleaf) found.get(child.catname)?.add(child.catcode);
        else below.push(child);
      }
    }
    level = below;
  }
  const certain = new Map<string, string>();
  for (const [group, codes] of found) {
    const [code] = codes;
    if (code !== undefined && codes.size === 1) certain.set(group, code);
  }
  return certain;
}

async function subcategories(context: EsmContext, site: Site, parent: CategoryNode | null): Promise<CategoryNode[]> {
  const rest = parent ? `/${encodeURIComponent(parent.catcode)}` : '';
  return parseAnswer(categoryLevel, await lookUp(context, `/item/v1/categories/site-cats${rest}`, site)).subcats ?? [];
}

async function findNotices(context: EsmContext, types: string[]): Promise<Mappings['notices']> {
  const notices: Mappings['notices'] = {};
  const { groups } = parseAnswer(noticeGroups, await lookUp(context, '/item/v1/official-notice/groups'));
  for (const type of types) {
    const names = noticeNames[type];
    const keys = new Set(names?.groups.map(nameKey));
    const matches = groups.filter((group) => keys.has(nameKey(group.officialnoticename)));
    const [match] = matches;
    if (!names || !match || matches.length > 1) continue;
    const path = `/item/v1/official-notice/groups/${encodeURIComponent(match.officialnoticeno)}/codes`;
    const { codes } = parseAnswer(noticeCodes, await lookUp(context, path));
    const items: Record<string, string> = {};
    const isComplete = codes.every((code) => {
      const key = noticeKeyOf(names.items, code.officialnoticeitemelementname);
      if (key) items[code.officialnoticeitemelementcode] = key;
      return key !== null || code.isrequired === false;
    });
    // A group with a required item that nobody filled is refused whole by the channel (notes §4.3).
    if (isComplete && codes.length > 0) notices[type] = { group: match.officialnoticeno, items };
  }
  return notices;
}

async function findShipping(context: EsmContext): Promise<Mappings['shipping']> {
  const shipping: Mappings['shipping'] = {};
  const placeList = await lookUp(context, '/item/v1/shipping/places', undefined, { pageSize: 500, pageIndex: 1 });
  const place = onlyOne(parseAnswer(shippingPlaces, placeList).shippingplaces);
  if (place) {
    shipping.placeNo = Number(place.placeno);
    const path = `/item/v1/shipping/places/${encodeURIComponent(place.placeno)}/policies`;
    const policy = onlyOne(parseAnswer(bundlePolicies, await lookUp(context, path)).policies);
    if (policy) shipping.deliveryTmplId = Number(policy.policyno);
  }
  const addressList = await lookUp(context, '/item/v1/sellers/addresses');
  const address = onlyOne(parseAnswer(sellerAddresses, addressList).selleraddressbooklist);
  if (address) shipping.addrNo = Number(address.addrno);
  const dispatch: Record<string, number> = {};
  for (const site of sites.filter((name) => context.account.settings.sites.includes(name))) {
    const list = await lookUp(context, '/item/v1/shipping/dispatch-policies', site, { siteType: siteNumbers[site] });
    const policy = onlyOne(parseAnswer(dispatchPolicies, list).dispatchpolicies);
    if (policy) dispatch[site] = Number(policy.dispatchpolicyno);
  }
  if (Object.keys(dispatch).length > 0) shipping.dispatchPolicyNo = dispatch;
  const courierList = await lookUp(context, '/item/v1/shipping/delivery-company');
  const courier = parseAnswer(couriers, courierList).deliverycompanies.find(
    (company) => nameKey(company.deliverycompname) === nameKey('CJ대한통운'),
  );
  if (courier) shipping.companyNo = Number(courier.deliverycompcode);
  return shipping;
}

/** The only entry, or the only one that is marked as default; null when a person has to choose. */
function onlyOne<Entry extends Record<string, unknown>>(entries: readonly Entry[]): Entry | null {
  const marked = entries.filter((entry) =>
    Object.entries(entry).some(
      ([key, value]) => key.includes('default') && [true, 1, 'Y', 'y'].includes(value as never),
    ),
  );
  const choice = entries.length === 1 ? entries : marked;
  return choice.length === 1 ? (choice[0] ?? null) : null;
}

function lookUp(context: EsmContext, path: string, site?: Site, query?: Record<string, number>): Promise<unknown> {
  return callEsm(context, {
    method: 'GET',
    path,
    results: 'item',
    limit: 'lookups',
    safe: true,
    ...(site && { site }),
    ...(query && { query }),
  });
}

/** The cheapest call that needs a working key, an allowed caller address and permission for the item family. */
export async function checkAccount(context: EsmContext): Promise<void> {
  const answer = await lookUp(context, '/item/v1/shipping/places', undefined, { pageSize: 500, pageIndex: 1 });
  parseAnswer(shippingPlaces, answer);
}
