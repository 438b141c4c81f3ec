// What exists now: the parent account, a page of its subaccounts, and their products and prices.

import { coalesced, control } from "./control.js";
import { byId, element, fill } from "./dom.js";

const view = { offset: 0, limit: 10, search: "" };
let known = new Set();

/** Reads it anew, at most a few times a second. */
export const refreshOverview = coalesced(read, 120);

export function startOverview() {
  const form = byId("search");
  form.addEventListener("submit", (event) => event.preventDefault());
  form.addEventListener("input", () => {
    Object.assign(view, { offset: 0, search: form.search.value, limit: Number(form.limit.value) });
    refreshOverview();
  });
  byId("newer").addEventListener("click", () => turn(-view.limit));
  byId("older").addEventListener("click", () => turn(view.limit));
}

function turn(by) {
  view.offset = Math.max(0, view.offset + by);
  refreshOverview();
}

async function read() {
  const overview = await control("GET", `overview?${new URLSearchParams(view)}`);
  if (!overview) return;
  if (overview.offset > 0 && overview.subaccounts.length === 0) {
    view.offset = Math.max(0, (Math.ceil(overview.found / view.limit) - 1) * view.limit);
    refreshOverview();
    return;
  }
  showParent(overview);
  showCount(overview);
  showLinks(overview.links);
  showSubaccounts(overview.subaccounts);
  showMatrix(overview.subaccounts);
}

function showParent({ account }) {
  const facts = [
    ["Parent account", `${account.primary_organization_name ?? ""} (${account.id})`],
    ["Type", account.cert_central_type],
    ["Pricing model", account.pricing_model],
  ];
  const shown = facts.filter(([, value]) => value !== undefined);
  fill(byId("parent"), shown.map(([name, value]) => element("div", {}, element("dt", {}, name), element("dd", {}, value))));
}

function showLinks(links) {
  const rows = links.map(({ id, name, active, linked_to: linked, paid_by: payer }) =>
    element(
      "tr",
      {},
      element("th", { scope: "row", class: "mono" }, id),
      element("td", { class: "name" }, name, !active && element("div", { class: "muted" }, "its key is switched off")),
      element("td", {}, linked ?? "none"),
      element("td", {}, payer === null ? "nobody" : `account ${payer}`, linked === null && payer !== null && element("div", { class: "muted" }, "by the link of its parent")),
    ),
  );
  fill(byId("links").tBodies[0], rows);
}

function showCount({ total, found, offset, subaccounts }) {
  let text = "";
  if (found > 0) text = `${offset + 1} to ${offset + subaccounts.length} of ${found}`;
  if (found !== total) text += ` found among ${total}`;
  byId("subaccounts-count").textContent = text.trim();
  byId("newer").disabled = offset === 0;
  byId("older").disabled = offset + subaccounts.length >= found;
}

function showSubaccounts(subaccounts) {
  const body = byId("subaccounts-table").tBodies[0];
  if (subaccounts.length === 0) {
    const text = view.search
      ? "None with that name or account ID."
      : "None yet. Create one with a client, or below, in the API reference.";
    fill(body, element("tr", {}, element("td", { colspan: 8, class: "empty" }, text)));
  } else {
    fill(body, subaccounts.map(row));
  }
  known = new Set(subaccounts.map(({ details }) => details.account_id));
}

function row({ details, balance, products }) {
  const isFresh = known.size > 0 && !known.has(details.account_id);
  const who = details.bill_parent ? "parent" : "itself";
  const [date, time] = details.date_created.split(" ");
  const enforced = details.enforce_bill_parent ? ", its own bill their parent" : "";
  return element(
    "tr",
    { class: isFresh && "fresh" },
    element("th", { scope: "row", class: "mono" }, details.account_id),
    element("td", { class: "name" }, details.organization_name, child(details)),
    element("td", {}, details.account_type),
    element("td", {}, who + enforced),
    element("td", {}, `${products.pricing_method}, ${products.currency}`),
    element("td", { class: "number" }, balance === null ? "" : money(balance), limit(products)),
    element("td", { class: "number" }, products.products.length),
    element("td", {}, date, element("div", { class: "muted" }, time)),
  );
}

function limit({ balance_negative_limit: most }) {
  return most !== undefined && element("div", { class: "muted" }, `down to -${most}`);
}

function child({ child_name: name }) {
  return name && element("div", { class: "muted" }, name);
}

// The matrix: a row a product, a group of columns a subaccount, a column a term.

function showMatrix(subaccounts) {
  const priced = subaccounts.filter(({ products }) => products.products.length > 0);
  const matrix = byId("matrix");
  const legend = byId("matrix-legend");
  if (priced.length === 0) {
    fill(matrix, element("tbody", {}, element("tr", {}, element("td", { class: "empty" }, "No product is enabled."))));
    legend.textContent = "";
    return;
  }
  const columns = priced.map(column);
  const names = new Map();
  for (const { products } of columns) {
    for (const product of products.values()) names.set(product.product_name_id, product.product_name);
  }
  const ids = [...names.keys()].sort();
  fill(matrix, head(columns), element("tbody", {}, ids.map((id) => productRow(id, names.get(id), columns))));
  const top = matrix.tHead.rows[0].offsetHeight;
  matrix.style.setProperty("--head", `${top}px`);
  const bare = subaccounts.length - priced.length;
  const without = bare > 0 ? ` ${bare} of the subaccounts above have no products.` : "";
  legend.textContent = `A dot means enabled at the default price, a dash means not enabled.${without}`;
}

function column({ details, products }) {
  const terms = new Set(products.products.flatMap(({ prices }) => (prices ?? []).map(({ lifetime }) => lifetime)));
  const sorted = [...terms].sort((one, other) => one - other);
  return {
    details,
    currency: products.currency,
    terms: sorted.length > 0 ? sorted : [undefined],
    products: new Map(products.products.map((product) => [product.product_name_id, product])),
  };
}

function head(columns) {
  const corner = element("th", { scope: "col", rowspan: 2, class: "corner" }, "Product");
  const groups = columns.map(({ details, currency, terms }) =>
    element(
      "th",
      { scope: "colgroup", colspan: terms.length, class: "group" },
      element("span", { class: "group-name", title: details.organization_name }, details.child_name || details.organization_name),
      `${details.account_id}, ${currency}`,
    ),
  );
  const terms = columns.flatMap((one) =>
    one.terms.map((term, index) =>
      element("th", { scope: "col", class: index === 0 ? "number group" : "number" }, term === undefined ? "any term" : years(term)),
    ),
  );
  return element("thead", {}, element("tr", {}, corner, groups), element("tr", {}, terms));
}

function years(term) {
  return term === 1 ? "1 year" : `${term} years`;
}

function productRow(id, name, columns) {
  const title = element("th", { scope: "row" }, name, name !== id && element("div", { class: "muted mono" }, id));
  return element("tr", {}, title, columns.flatMap((one) => cells(one, one.products.get(id))));
}

function cells({ terms }, product) {
  return terms.map((term, index) => {
    const edge = index === 0 ? " group" : "";
    if (!product) return element("td", { class: `off${edge}` }, mark("–", "not enabled"));
    const prices = product.prices ?? [];
    if (prices.length === 0) return element("td", { class: `off${edge}` }, mark("•", "enabled at the default price"));
    const price = prices.find(({ lifetime }) => lifetime === term);
    if (!price) return element("td", { class: `off${edge}` }, mark("", "no price for this term"));
    return element(
      "td",
      { class: `number${edge}` },
      money(price.cost),
      extra(price.additional_fqdn_cost, "a name"),
      extra(price.additional_wildcard_cost, "a wildcard"),
    );
  });
}

function mark(sign, meaning) {
  return [element("span", { "aria-hidden": "true" }, sign), element("span", { class: "hidden" }, meaning)];
}

function extra(cost, of) {
  return cost ? element("small", {}, `+${money(cost)} ${of}`) : undefined;
}

/** Cents have two digits; what has more is shown as it is. */
function money(amount) {
  const text = String(amount);
  return /\.\d$/.test(text) ? `${text}0` : text;
}
