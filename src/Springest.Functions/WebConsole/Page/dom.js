// Builds elements, and brings what is shown up to date without replacing it: what somebody reads, marks or types stays.

const handlers = ['onclick', 'onsubmit', 'onchange', 'oninput', 'ondragover', 'ondragleave', 'ondrop'];

// Texts of the app come in as text nodes: none is ever read as markup.
export function el(name, attributes, ...children) {
  const made = name === 'svg' || name === 'path'
    ? document.createElementNS('http://www.w3.org/2000/svg', name)
    : document.createElement(name);
  for (const [key, value] of Object.entries(attributes ?? {})) {
    if (value === null || value === undefined || value === false)
      continue;
    if (handlers.includes(key))
      made[key] = value;
    else
      made.setAttribute(key, value === true ? '' : value);
  }
  made.append(...children.flat(9).filter(child => child !== null && child !== undefined && child !== false && child !== ''));
  return made;
}

export function show(place, ...children) {
  patch(place, children.flat(9).filter(child => child !== null && child !== undefined && child !== false));
}

function patch(place, wanted) {
  wanted = wanted.map(each => each instanceof Node ? each : document.createTextNode(`${each}`));
  const keyed = new Map([...place.children].filter(child => child.dataset?.key).map(child => [child.dataset.key, child]));
  let at = place.firstChild;
  for (const next of wanted) {
    const key = next.dataset?.key;
    const old = key ? keyed.get(key) : at && !at.dataset?.key && alike(at, next) ? at : null;
    if (!old) {
      place.insertBefore(next, at);
      continue;
    }
    if (old !== at)
      place.insertBefore(old, at);
    else
      at = at.nextSibling;
    update(old, next);
  }
  while (at) {
    const next = at.nextSibling;
    at.remove();
    at = next;
  }
}

const alike = (one, other) => one.nodeType === other.nodeType && one.nodeName === other.nodeName && one.id === other.id;

function update(old, next) {
  if (old.nodeType === Node.TEXT_NODE) {
    if (old.data !== next.data)
      old.data = next.data;
    return;
  }
  for (const { name, value } of [...next.attributes])
    if (name !== 'style' && old.getAttribute(name) !== value && !(name === 'value' && old === document.activeElement))
      old.setAttribute(name, value);
  for (const { name } of [...old.attributes])
    // A panel that somebody opened stays open.
    if (!next.hasAttribute(name) && !(name === 'open' && old.nodeName === 'DETAILS') && name !== 'style')
      old.removeAttribute(name);
  for (const handler of handlers)
    old[handler] = next[handler];
  // As an attribute the page's own policy forbids it.
  if (next.style?.width && old.style.width !== next.style.width)
    old.style.width = next.style.width;
  if (!old.hasAttribute('data-own'))
    patch(old, [...next.childNodes]);
}

export const $ = id => document.getElementById(id);

// One that is not wide enough is shown line by line, with the name of each column.
export function table(caption, columns, rows) {
  return el('div', { class: 'scroll' }, el('table', { class: 'stack' },
    el('caption', null, caption),
    el('thead', null, el('tr', null, columns.map(column => el('th', { scope: 'col', class: column.n ? 'n' : null }, column.name)))),
    el('tbody', null, rows.map(row => el('tr', { 'data-key': row.key }, row.cells.map((cell, i) => el(
      i ? 'td' : 'th',
      i ? { class: columns[i].n ? 'n' : null, 'data-label': columns[i].bare ? '' : columns[i].name } : { scope: 'row' },
      cell)))))));
}

export function line(part, whole, label) {
  const share = whole ? Math.min(100, Math.round(100 * part / whole)) : 0;
  const fill = el('i');
  fill.style.width = `${share}%`;
  return el('div', { class: 'line', role: 'progressbar', 'aria-label': label, 'aria-valuemin': 0, 'aria-valuemax': 100, 'aria-valuenow': share }, fill);
}

/** Has the browser save something as a file. */
export function save(content, name) {
  const address = URL.createObjectURL(content);
  el('a', { href: address, download: name }).click();
  URL.revokeObjectURL(address);
}
