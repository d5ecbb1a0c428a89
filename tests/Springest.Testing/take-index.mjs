// Has Azurite find what it is asked for as fast as the real service does. It asks its database for the account first, which is that of
// all rows, and compares each table's name with the one that it looks for. It also parses the templates of all addresses for each request.
import { createRequire } from "node:module";

const require = createRequire(process.argv[1]);
for (const service of ["blob", "queue", "table"]) {
  const utilities = require(`./${service}/generated/utils/utils.js`);
  const { isURITemplateMatch } = utilities;
  const known = new Map();
  utilities.isURITemplateMatch = (url, template) => {
    const key = `${template} ${url}`;
    let matches = known.get(key);
    if (matches === undefined) {
      // Addresses of rows are ever new.
      if (known.size >= 10_000) known.clear();
      known.set(key, matches = isURITemplateMatch(url, template));
    }

    return matches;
  };
}

const Loki = require("lokijs");
const { addCollection, removeCollection } = Loki.prototype;
const { find } = Loki.Resultset.prototype;

// Database -> its collections by name; the names of tables are the same in whatever case.
const catalogues = new WeakMap();
const owners = new WeakMap();

function catalogueOf(database) {
  let catalogue = catalogues.get(database);
  // A database that is loaded from a file has collections that were never added.
  if (catalogue?.size !== database.collections.length) {
    catalogue = new Map(database.collections.map(each => [each.name.toLowerCase(), each]));
    catalogues.set(database, catalogue);
    database.collections.forEach(each => owners.set(each, database));
  }

  return catalogue;
}

Loki.prototype.getCollection = function (name) {
  return catalogueOf(this).get(name.toLowerCase()) ?? null;
};

Loki.prototype.addCollection = function (name, options) {
  const catalogue = catalogueOf(this);
  const added = addCollection.call(this, name, options);
  catalogue.set(name.toLowerCase(), added);
  owners.set(added, this);
  return added;
};

Loki.prototype.removeCollection = function (name) {
  const catalogue = catalogueOf(this);
  removeCollection.call(this, name);
  catalogue.delete(name.toLowerCase());
};

const indexed = ["RowKey", "table", "blobName", "name", "containerName"];

Loki.Resultset.prototype.find = function (query, firstOnly) {
  const pattern = query?.table?.$regex;
  if (Array.isArray(pattern)) {
    // "^NAME$" or "\bNAME\b", in whatever case: the collection of its rows tells how it was written.
    const prefix = `${query.account}$`;
    const wanted = prefix + pattern[0].replace(/^(\^|\\b)|(\$|\\b)$/g, "");
    const rows = catalogueOf(owners.get(this.collection)).get(wanted.toLowerCase());
    query = { ...query, table: (rows?.name ?? wanted).slice(prefix.length) };
  }

  const name = indexed.find(name => typeof query?.[name] === "string");
  return find.call(this, name ? { [name]: query[name], ...query } : query, firstOnly);
};
